package main

import (
	"math"
	"math/rand/v2"

	"github.com/waguard/waguard/optin"
)

// How the regression is fitted; found by cross-validation.
const (
	epochs = 12
	rate   = 0.05
	ridge  = 5e-5 // L2, per sample that holds the feature
)

const folds = 5

// A sample is one text as the model sees it.
type sample struct {
	features []optin.IntentFeature
	class    optin.IntentClass
	weight   float64
}

type weights = [][optin.IntentClasses]float64

// Products that go on into a sum are converted explicitly, which forbids the
// compiler to fuse them: the same bytes on every machine.

// fit is multinomial logistic regression by AdaGrad.
func fit(data []sample) weights {
	w := make(weights, optin.IntentBuckets)
	g := make(weights, optin.IntentBuckets)
	order := make([]int, len(data))
	for i := range order {
		order[i] = i
	}
	rnd := rand.New(rand.NewPCG(7, 11))
	for range epochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			s := &data[i]
			p := softmax(sum(w, s.features))
			for c := range p {
				e := p[c]
				if c == int(s.class) {
					e--
				}
				e = float64(e * s.weight)
				for _, f := range s.features {
					d := float64(e*float64(f.Value)) + float64(ridge*w[f.Bucket][c])
					h := &g[f.Bucket][c]
					*h += float64(d * d)
					w[f.Bucket][c] -= float64(rate*d) / (math.Sqrt(*h) + 1e-3)
				}
			}
		}
	}
	return w
}

func sum(w weights, fs []optin.IntentFeature) (z [optin.IntentClasses]float64) {
	for _, f := range fs {
		v := float64(f.Value)
		for c := range z {
			z[c] += float64(w[f.Bucket][c] * v)
		}
	}
	return z
}

func softmax(z [optin.IntentClasses]float64) (p [optin.IntentClasses]float64) {
	top := z[0]
	for _, v := range z {
		top = max(top, v)
	}
	total := 0.0
	for c := range z {
		p[c] = exp(z[c] - top)
		total += p[c]
	}
	for c := range p {
		p[c] /= total
	}
	return p
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
