package main

import (
	"math"
	"math/rand/v2"

	"github.com/waguard/waguard/category"
)

// How the regression is fitted; found by cross-validation.
const (
	epochs = 8
	early  = 2 // epochs whose weights are not in the mean
	rate   = 0.05
	ridge  = 2e-5 // L2, per sample that holds the feature
	folds  = 5
)

// Products that go on into a sum are converted explicitly, which forbids the
// compiler to fuse them: the same bytes on every machine.

// fit is multinomial logistic regression by AdaGrad. The weights are the mean of
// those after each later epoch, which lean less towards the samples seen last.
func fit(data []sample) [][3]float64 {
	w := make([][3]float64, category.Buckets)
	g := make([][3]float64, category.Buckets)
	order := make([]int, len(data))
	for i := range order {
		order[i] = i
	}
	rnd := rand.New(rand.NewPCG(7, 11))
	mean := make([][3]float64, category.Buckets)
	for epoch := range epochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			s := &data[i]
			p := softmax(sum(w, s.features))
			for c := range p {
				e := p[c]
				if c == s.class {
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
		if epoch < early {
			continue
		}
		for i := range w {
			for c := range w[i] {
				mean[i][c] += float64(w[i][c] / (epochs - early))
			}
		}
	}
	return mean
}

func sum(w [][3]float64, fs []category.Feature) (z [3]float64) {
	for _, f := range fs {
		v := float64(f.Value)
		for c := range z {
			z[c] += float64(w[f.Bucket][c] * v)
		}
	}
	return z
}

func softmax(z [3]float64) (p [3]float64) {
	top := max(z[0], z[1], z[2])
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
