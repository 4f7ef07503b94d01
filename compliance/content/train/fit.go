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
	drop    = 154  // in 256 of the words of a text, each time it is looked at
	ridge   = 1e-4 // L2, per sample that holds the feature, and class that moves
	rarest  = 3    // texts a feature has to stand in
	lastest = .2   // weights below it are left out
	still   = 2e-3 // classes that a text is wrong about by less are left as they are

	longestRest = 3 // epochs that a view is passed by for
)

// Products that go on into a sum are converted explicitly, which forbids the
// compiler to fuse them: the same bytes on every machine.

// A regression is multinomial: class 0 is none, the others are rules. Words and
// signs of the message have a weight for each class; signs of a rule's phrases have
// one for all rules.
type regression struct {
	*vocabulary
	classes int
	words   []float32 // by feature, then class
	ties    [content.TieSigns]float64
	conduct []bool // by rule
}

// A visit is a view that trains. What a view says is known once it moves nothing: then it is
// passed by the next time, and each further time it moves nothing for longer.
type visit struct {
	s          *Sample
	v          *view
	calm, rest uint8
}

// fit fits by AdaGrad, from the weights of the prior on, to the samples that are for it.
func fit(data []Sample, which func(*Sample) bool, vocab *vocabulary, p prior, conduct []bool) *regression {
	r := &regression{vocabulary: vocab, classes: len(conduct) + 1, conduct: conduct}
	r.words = make([]float32, len(r.keys)*r.classes)
	for k, weights := range p {
		for c, w := range weights {
			r.row(r.words, r.index[k])[c] = float32(w)
		}
	}
	g := make([]float32, len(r.words))
	var gt [content.TieSigns]float64
	var order []visit
	for i := range data {
		s := &data[i]
		for v := range s.views {
			if s.views[v].Signs != 0 && which(s) && s.trains(v) {
				order = append(order, visit{s: s, v: &s.views[v]})
			}
		}
	}
	rnd := rand.New(rand.NewPCG(7, 11))
	z, e := make([]float32, r.classes), make([]float64, r.classes)
	moved := make([]int, 0, r.classes)
	var thinned view
	for range epochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for i := range order {
			it := &order[i]
			if it.rest > 0 {
				it.rest--
				continue
			}
			v := it.v.thin(rnd, &thinned)
			r.sum(z, v)
			softmax(e, z)
			for _, c := range it.s.Want {
				e[c] -= 1 / float64(len(it.s.Want))
			}
			if len(it.s.Want) == 0 {
				e[0]--
			}
			weight := it.s.Weight / float64(len(it.s.views))
			moved = moved[:0]
			for c := range e {
				if e[c] = float64(e[c] * weight); math.Abs(e[c]) >= still {
					moved = append(moved, c)
				}
			}
			if len(moved) == 0 {
				it.calm = min(it.calm+1, longestRest)
				it.rest = it.calm
				continue
			}
			it.calm = 0
			for k, id := range v.ids {
				value := v.Value
				if k >= v.words {
					value = content.SignValue
				}
				w, h := r.row(r.words, id), r.row(g, id)
				for _, c := range moved {
					d := float32(e[c]*value) + float32(ridge*w[c])
					h[c] += float32(d * d)
					w[c] -= float32(rate*d) / (float32(math.Sqrt(float64(h[c]))) + 1e-3)
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

// thin makes a view without some of the words, drawn by chance, in which the others count for
// more. A text that trained is known by its own words; one that did not is to be known by what
// it has in common with others, and that learns only where those are missing.
func (v *view) thin(rnd *rand.Rand, thinned *view) *view {
	thinned.Ties, thinned.Value = v.Ties, v.Value/(1-float64(drop)/256)
	thinned.ids = append(thinned.ids[:0], v.ids...) // as long as it may become
	n, draws := 0, uint64(0)
	for k, id := range v.ids[:v.words] {
		if k%8 == 0 {
			draws = rnd.Uint64()
		}
		thinned.ids[n] = id
		n += int((drop - 1 - draws&0xFF) >> 63) // one where the draw is not below drop; no branch could be foretold
		draws >>= 8
	}
	thinned.words = n
	thinned.ids = append(thinned.ids[:n], v.ids[v.words:]...)
	return thinned
}

// row are the numbers of a feature in a table that has one for each class.
func (r *regression) row(table []float32, id int32) []float32 {
	at := int(id) * r.classes
	return table[at : at+r.classes]
}

// sum puts into z what each class comes to.
func (r *regression) sum(z []float32, v *view) {
	// Feature by feature would be the same sum. Some classes at a time stay out of memory
	// meanwhile, which takes half as long.
	words, signs, value := v.ids[:v.words], v.ids[v.words:], float32(v.Value)
	c := 0
	for ; c+8 <= len(z); c += 8 {
		var z0, z1, z2, z3, z4, z5, z6, z7 float32
		for _, id := range words {
			w := (*[8]float32)(r.words[int(id)*r.classes+c:])
			z0 += w[0]
			z1 += w[1]
			z2 += w[2]
			z3 += w[3]
			z4 += w[4]
			z5 += w[5]
			z6 += w[6]
			z7 += w[7]
		}
		z := (*[8]float32)(z[c:])
		*z = [8]float32{float32(z0 * value), float32(z1 * value), float32(z2 * value), float32(z3 * value), float32(z4 * value), float32(z5 * value), float32(z6 * value), float32(z7 * value)}
		for _, id := range signs {
			w := (*[8]float32)(r.words[int(id)*r.classes+c:])
			for i := range z {
				z[i] += float32(w[i] * content.SignValue)
			}
		}
	}
	for ; c < len(z); c++ {
		z[c] = 0
		for _, id := range words {
			z[c] += r.words[int(id)*r.classes+c]
		}
		z[c] = float32(z[c] * value)
		for _, id := range signs {
			z[c] += float32(r.words[int(id)*r.classes+c] * content.SignValue)
		}
	}
	for n, signs := range v.Ties {
		for ; signs != 0; signs &= signs - 1 {
			z[n+1] += float32(r.ties[bits.TrailingZeros64(signs)])
		}
	}
}

// settle brings each feature's weights down to as few as it takes: classes are only
// compared, so that what all but a few have in common says nothing, and weights that are
// next to nothing are left out.
func (r *regression) settle() {
	sorted := make([]float32, r.classes)
	for i := range r.keys {
		row := r.row(r.words, int32(i))
		copy(sorted, row)
		slices.Sort(sorted)
		middle := sorted[r.classes/2]
		for c := range row {
			if row[c] -= middle; row[c] > -lastest && row[c] < lastest {
				row[c] = 0
			}
		}
	}
}

// publish puts together what AppendModel writes down.
func (r *regression) publish(rules []policy.ID, grams []float64, marks []float64, th thresholds) *content.Weights {
	w := &content.Weights{Rules: rules, Ties: r.ties[:], Words: map[uint32][]float64{}, Grams: grams, Marks: marks, Find: th.find, Sure: th.sure}
	for i, k := range r.keys {
		row := make([]float64, r.classes)
		for c, x := range r.row(r.words, int32(i)) {
			row[c] = float64(x)
		}
		w.Words[k] = row
	}
	return w
}
