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
	epochs  = 30
	rate    = .1
	drop    = .6   // of the words of a text, each time it is looked at
	ridge   = 1e-4 // L2, per sample that holds the feature, and class that moves
	rarest  = 3    // texts a feature has to stand in
	lastest = .2   // weights below it are left out
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
	var thinned view
	for range epochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, it := range order {
			r.know(&it.s.views[it.v])
			v := it.s.views[it.v].thin(rnd, &thinned)
			r.sum(z, v)
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
			for _, k := range v.kinds() {
				for _, id := range k.ids {
					w, h := r.row(r.words, id), r.row(g, id)
					for _, c := range moved {
						d := float64(e[c]*k.value) + float64(ridge*w[c])
						h[c] += float64(d * d)
						w[c] -= float64(rate*d) / (math.Sqrt(h[c]) + 1e-3)
					}
				}
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
	type standing struct{ texts, last int } // in so many, and in which last
	features := map[uint32]standing{}
	for i := range data {
		for _, v := range data[i].views[:1] {
			for _, k := range v.Words {
				if f := features[k]; f.texts == 0 || f.last != i {
					features[k] = standing{f.texts + 1, i}
				}
			}
		}
	}
	for n := range 64 {
		features[uint32(n+1)] = standing{texts: rarest}
	}
	for k := range p {
		features[k] = standing{texts: rarest}
	}
	for k, f := range features {
		if f.texts >= rarest {
			r.keys = append(r.keys, k)
		}
	}
	slices.Sort(r.keys)
	for i, k := range r.keys {
		r.index[k] = int32(i)
	}
}

// know notes the numbers of a view's features, those of words first. Unknown ones are left
// out.
func (r *regression) know(v *view) {
	if v.ids != nil {
		return
	}
	v.ids = make([]int32, 0, len(v.Words)+bits.OnesCount64(v.Signs))
	for _, k := range v.Words {
		if id, ok := r.index[k]; ok {
			v.ids = append(v.ids, id)
		}
	}
	v.words = len(v.ids)
	for signs := v.Signs; signs != 0; signs &= signs - 1 {
		v.ids = append(v.ids, r.index[uint32(1+bits.TrailingZeros64(signs))])
	}
}

// thin makes a view without some of the words, drawn by chance, in which the others count for
// more. A text that trained is known by its own words; one that did not is to be known by what
// it has in common with others, and that learns only where those are missing.
func (v *view) thin(rnd *rand.Rand, thinned *view) *view {
	ids := thinned.ids[:0]
	*thinned = *v
	for _, id := range v.ids[:v.words] {
		if rnd.Float64() >= drop {
			ids = append(ids, id)
		}
	}
	thinned.words = len(ids)
	thinned.ids = append(ids, v.ids[v.words:]...)
	thinned.Value /= 1 - drop
	return thinned
}

// row are the numbers of a feature in a table that has one for each class.
func (r *regression) row(table []float64, id int32) []float64 {
	at := int(id) * r.classes
	return table[at : at+r.classes]
}

// kinds are the features that are known, those that count alike together.
func (v *view) kinds() [2]struct {
	ids   []int32
	value float64
} {
	return [2]struct {
		ids   []int32
		value float64
	}{{v.ids[:v.words], v.Value}, {v.ids[v.words:], content.SignValue}}
}

// sum puts into z what each class comes to.
func (r *regression) sum(z []float64, v *view) {
	// Feature by feature would be the same sum. Eight classes at a time stay out of memory
	// meanwhile, which takes half as long.
	c := 0
	for ; c+8 <= len(z); c += 8 {
		var z0, z1, z2, z3, z4, z5, z6, z7 float64
		for _, k := range v.kinds() {
			for _, id := range k.ids {
				w := (*[8]float64)(r.words[int(id)*r.classes+c:])
				z0 += float64(w[0] * k.value)
				z1 += float64(w[1] * k.value)
				z2 += float64(w[2] * k.value)
				z3 += float64(w[3] * k.value)
				z4 += float64(w[4] * k.value)
				z5 += float64(w[5] * k.value)
				z6 += float64(w[6] * k.value)
				z7 += float64(w[7] * k.value)
			}
		}
		*(*[8]float64)(z[c:]) = [8]float64{z0, z1, z2, z3, z4, z5, z6, z7}
	}
	for ; c < len(z); c++ {
		z[c] = 0
		for _, k := range v.kinds() {
			for _, id := range k.ids {
				z[c] += float64(r.words[int(id)*r.classes+c] * k.value)
			}
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
