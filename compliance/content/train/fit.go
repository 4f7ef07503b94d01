package main

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// How the regression is fitted; found by cross-validation.
const (
	epochs  = 12
	rate    = .1
	ridge   = 1e-4 // L2, per sample that holds the feature, and class that moves
	rarest  = 3    // texts a feature has to stand in
	lastest = .12  // weights below it are left out
	still   = 2e-3 // classes that a text is wrong about by less are left as they are
)

// Products that go on into a sum are converted explicitly, which forbids the
// compiler to fuse them: the same bytes on every machine.

// A regression is multinomial: class 0 is none, the others are rules. Words and
// signs of the message have a weight for each class; signs of a rule's phrases have
// one for all rules.
type regression struct {
	classes int
	index   map[uint32]int32 // of features
	keys    []uint32
	words   []float64 // by feature, then class
	ties    [content.TieSigns]float64
	conduct []bool // by rule
}

// fit fits by AdaGrad, from the weights of the prior on.
func fit(data []Sample, p prior, conduct []bool) *regression {
	classes := len(conduct) + 1
	r := &regression{classes: classes, index: map[uint32]int32{}, conduct: conduct}
	r.number(data, p)
	r.words = make([]float64, len(r.keys)*classes)
	for k, weights := range p {
		for c, w := range weights {
			r.words[int(r.index[k])*classes+c] = w
		}
	}
	g := make([]float64, len(r.words))
	var gt [content.TieSigns]float64
	type item struct {
		s *Sample
		v int
	}
	var order []item
	for i := range data {
		s := &data[i]
		for v := range s.views {
			if s.views[v].Signs != 0 && s.trains(v) {
				order = append(order, item{s, v})
			}
		}
	}
	rnd := rand.New(rand.NewPCG(7, 11))
	z, e := make([]float64, classes), make([]float64, classes)
	moved := make([]int, 0, classes)
	for range epochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, it := range order {
			v := &it.s.views[it.v]
			ids := r.known(v)
			r.sum(z, v, ids)
			softmax(e, z)
			for _, c := range it.s.Want {
				e[c] -= 1 / float64(len(it.s.Want))
			}
			if len(it.s.Want) == 0 {
				e[0]--
			}
			weight := it.s.Weight / float64(len(it.s.views))
			for c := range e {
				e[c] *= weight
			}
			moved = moved[:0]
			for c, d := range e {
				if math.Abs(d) >= still {
					moved = append(moved, c)
				}
			}
			step := func(id int32, value float64) {
				at := int(id) * classes
				for _, c := range moved {
					w, h := &r.words[at+c], &g[at+c]
					d := float64(e[c]*value) + float64(ridge**w)
					*h += float64(d * d)
					*w -= float64(rate*d) / (math.Sqrt(*h) + 1e-3)
				}
			}
			for n, id := range ids {
				step(id, v.valueOf(n))
			}
			for n, signs := range v.Ties {
				for ; signs != 0; signs &= signs - 1 {
					k := bits.TrailingZeros64(signs)
					d := e[n+1] + float64(ridge*r.ties[k])
					gt[k] += float64(d * d)
					r.ties[k] -= float64(rate*d) / (math.Sqrt(gt[k]) + 1e-3)
				}
			}
		}
	}
	r.settle()
	return r
}

// trains reports whether a view says anything sure. A text of which only one rule
// is known not to be broken counts as breaking none unless another rule's phrases
// find something.
func (s *Sample) trains(v int) bool {
	if s.Not == 0 {
		return true
	}
	for n, signs := range s.views[v].Ties {
		if n+1 != s.Not && signs&(1<<content.TieFound) != 0 {
			return false
		}
	}
	return true
}

// number gives out the features that stand in enough texts, or in the prior.
func (r *regression) number(data []Sample, p prior) {
	texts := map[uint32]int{}
	for i := range data {
		seen := map[uint32]bool{}
		for _, v := range data[i].views[:1] {
			for _, k := range v.Words {
				if !seen[k] {
					seen[k] = true
					texts[k]++
				}
			}
		}
	}
	for n := range 64 {
		texts[uint32(n+1)] = rarest
	}
	for k := range p {
		texts[k] = rarest
	}
	for k, n := range texts {
		if n >= rarest {
			r.keys = append(r.keys, k)
		}
	}
	slices.Sort(r.keys)
	for i, k := range r.keys {
		r.index[k] = int32(i)
	}
}

// known are the numbers of a view's features, those of words first; -1 is an
// unknown one.
func (r *regression) known(v *view) []int32 {
	v.ids = v.ids[:0]
	for _, k := range v.Words {
		id, ok := r.index[k]
		if !ok {
			id = -1
		}
		v.ids = append(v.ids, id)
	}
	words := 0
	for _, id := range v.ids {
		if id >= 0 {
			v.ids[words] = id
			words++
		}
	}
	v.words = words
	v.ids = v.ids[:words]
	for signs := v.Signs; signs != 0; signs &= signs - 1 {
		v.ids = append(v.ids, r.index[uint32(1+bits.TrailingZeros64(signs))])
	}
	return v.ids
}

// valueOf is how much the n-th of the features known gave counts.
func (v *view) valueOf(n int) float64 {
	if n < v.words {
		return v.Value
	}
	return content.SignValue
}

// sum puts into z what each class comes to.
func (r *regression) sum(z []float64, v *view, ids []int32) {
	clear(z)
	for n, id := range ids {
		value, at := v.valueOf(n), int(id)*r.classes
		for c := range z {
			z[c] += float64(r.words[at+c] * value)
		}
	}
	for n, signs := range v.Ties {
		for ; signs != 0; signs &= signs - 1 {
			z[n+1] += r.ties[bits.TrailingZeros64(signs)]
		}
	}
}

// settle brings each feature's weights down to as few as it takes: classes are only
// compared, so that what all but a few have in common says nothing, and weights that are
// next to nothing are left out.
func (r *regression) settle() {
	sorted := make([]float64, r.classes)
	for i := range r.keys {
		row := r.words[i*r.classes : (i+1)*r.classes]
		copy(sorted, row)
		slices.Sort(sorted)
		middle := sorted[r.classes/2]
		for c := range row {
			if row[c] -= middle; math.Abs(row[c]) < lastest {
				row[c] = 0
			}
		}
	}
}

// publish puts together what AppendModel writes down.
func (r *regression) publish(rules []policy.ID, grams []float64, marks []float64, th thresholds) *content.Weights {
	w := &content.Weights{Rules: rules, Ties: r.ties[:], Words: map[uint32][]float64{}, Grams: grams, Marks: marks, Find: th.find, Sure: th.sure}
	for i, k := range r.keys {
		w.Words[k] = r.words[i*r.classes : (i+1)*r.classes]
	}
	return w
}

func softmax(p, z []float64) {
	top := slices.Max(z)
	total := 0.0
	for c := range z {
		p[c] = exp(z[c] - top)
		total += p[c]
	}
	for c := range p {
		p[c] /= total
	}
}

// exp is e to the power of x for x up to 0. math.Exp is written in assembly on
// some machines, which need not agree in the last bit.
func exp(x float64) float64 {
	if x < -700 {
		return 0
	}
	k := math.Floor(float64(x*math.Log2E) + 0.5)
	r := x - float64(k*math.Ln2)
	y := 1.0
	for n := 13; n >= 1; n-- {
		y = 1 + float64(float64(y*r)/float64(n))
	}
	return math.Ldexp(y, int(k))
}
