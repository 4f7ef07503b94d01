package main

import (
	"math"
	"math/rand/v2"
)

// A logistic is a logistic regression over buckets: does a text offer anything.
type logistic struct {
	weights []float64 // by bucket
	bias    float64
	value   func(n int) float64 // how much one bucket of n counts
}

// A logisticPlan is how one is fitted; found by cross-validation.
type logisticPlan struct {
	buckets int
	value   func(n int) float64
	epochs  int
	seed    uint64
	biased  bool
}

const (
	bucketRate  = .2
	bucketRidge = 1e-5 // L2, per text that holds the bucket
)

// An example is what a logistic regression learns from.
type example struct {
	buckets []uint32
	offers  bool
	weight  float64
}

// fit fits by AdaGrad. The bias learns from every text alike, whatever its length.
func (p logisticPlan) fit(examples []example) *logistic {
	l := &logistic{weights: make([]float64, p.buckets), value: p.value}
	h := make([]float64, p.buckets)
	hb := 0.0
	rnd := rand.New(rand.NewPCG(p.seed, p.seed+1))
	for range p.epochs {
		rnd.Shuffle(len(examples), func(i, j int) { examples[i], examples[j] = examples[j], examples[i] })
		for i := range examples {
			x := &examples[i]
			e := chance(l.sum(x.buckets) + l.bias)
			if x.offers {
				e--
			}
			e = float64(e * x.weight)
			if p.biased {
				hb += float64(e * e)
				l.bias -= float64(bucketRate*e) / (math.Sqrt(hb) + 1e-3)
			}
			e = float64(e * p.value(len(x.buckets)))
			for _, k := range x.buckets {
				d := e + float64(bucketRidge*l.weights[k])
				h[k] += float64(d * d)
				l.weights[k] -= float64(bucketRate*d) / (math.Sqrt(h[k]) + 1e-3)
			}
		}
	}
	return l
}

// sum is what buckets come to, without the bias, which is the same for all texts.
func (l *logistic) sum(buckets []uint32) (z float64) {
	for _, k := range buckets {
		z += l.weights[k]
	}
	return float64(z * l.value(len(buckets)))
}

// chance is 1 / (1 + e to the power of -z).
func chance(z float64) float64 {
	p := 1 / (1 + exp(-math.Abs(z)))
	if z < 0 {
		return 1 - p
	}
	return p
}
