package main

import (
	"math"
	"slices"
)

func softmax(p []float64, z []float32) {
	top := slices.Max(z)
	total := 0.0
	for c := range z {
		p[c] = 0
		if d := z[c] - top; d > -20 {
			p[c] = exp(float64(d))
		}
		total += p[c]
	}
	for c := range p {
		p[c] /= total
	}
}

// terms are one over the factorials of 0 to 13.
var terms = func() (t [14]float64) {
	t[0] = 1
	for n := 1; n < len(t); n++ {
		t[n] = t[n-1] / float64(n)
	}
	return t
}()

// exp is e to the power of x for x up to 0. math.Exp is written in assembly on
// some machines, which need not agree in the last bit.
func exp(x float64) float64 {
	if x < -700 {
		return 0
	}
	k := math.Floor(float64(x*math.Log2E) + 0.5)
	r := x - float64(k*math.Ln2)
	y := terms[13]
	for n := 12; n >= 0; n-- {
		y = float64(y*r) + terms[n]
	}
	return y * math.Float64frombits(uint64(int64(k)+1023)<<52) // two to the power of k
}
