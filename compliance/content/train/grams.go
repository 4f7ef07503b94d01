package main

import (
	"math"
	"math/rand/v2"

	"github.com/waguard/waguard/compliance/content"
)

// How the weights of grams are fitted; found by cross-validation.
const (
	gramEpochs = 8
	gramRate   = .2
	gramRidge  = 1e-5
)

// gramWeights are those of each bucket.
type gramWeights []float64

// fitGrams is a logistic regression by AdaGrad: does a text offer anything.
func fitGrams(data []Sample) gramWeights {
	w, h := make(gramWeights, content.GramBuckets), make([]float64, content.GramBuckets)
	type item struct {
		s *Sample
		v int
	}
	var order []item
	for i := range data {
		s := &data[i]
		for v := range s.views {
			if len(s.views[v].Grams) > 0 && s.Not == 0 {
				order = append(order, item{s, v})
			}
		}
	}
	rnd := rand.New(rand.NewPCG(5, 3))
	for range gramEpochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, it := range order {
			grams := it.s.views[it.v].Grams
			z := w.sum(grams)
			p := exp(-math.Abs(z))
			p = 1 / (1 + p)
			if z < 0 {
				p = 1 - p
			}
			if it.s.offers() {
				p--
			}
			e := float64(p * it.s.Weight * content.GramValue(len(grams)))
			for _, k := range grams {
				d := e + float64(gramRidge*w[k])
				h[k] += float64(d * d)
				w[k] -= float64(gramRate*d) / (math.Sqrt(h[k]) + 1e-3)
			}
		}
	}
	return w
}

func (w gramWeights) sum(grams []uint32) (z float64) {
	for _, k := range grams {
		z += w[k]
	}
	return float64(z * content.GramValue(len(grams)))
}
