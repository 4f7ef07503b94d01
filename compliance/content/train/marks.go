package main

import (
	"math"
	"sync"

	"github.com/waguard/waguard/compliance/content"
)

// How the weights of marks are fitted.
const (
	steps     = 10
	markRidge = 10 // L2 on weights of marks that are scaled to a spread of one
)

// weighMarks has each verdict's marks weighed with weights fitted to the other folds,
// and returns those fitted to all. Only texts of the corpus train: what is ordinary
// elsewhere is far from any line.
func (vs verdicts) weighMarks() []float64 {
	var jobs sync.WaitGroup
	for k := range folds {
		jobs.Go(func() {
			w := vs.fitMarks(func(s *Sample) bool { return s.Fold() != k })
			for i := range vs {
				if v := &vs[i]; v.seen && v.sample.Fold() == k {
					for n, x := range v.marks {
						v.sum += float64(float64(x) * w[n])
					}
				}
			}
		})
	}
	all := vs.fitMarks(func(*Sample) bool { return true })
	jobs.Wait()
	return all
}

// fitMarks is a logistic regression by Newton's steps.
func (vs verdicts) fitMarks(which func(*Sample) bool) []float64 {
	const n = content.MarkCount
	const last = n - 1 // always one, and free of the ridge
	var use []*verdict
	var mean, spread [n]float64
	for i := range vs {
		v := &vs[i]
		if !v.seen || v.sample.From != "content" || !which(v.sample) {
			continue
		}
		use = append(use, v)
		for k, x := range v.marks {
			mean[k] += float64(x)
			spread[k] += float64(float64(x) * float64(x))
		}
	}
	for k := range mean {
		mean[k] /= float64(len(use))
		spread[k] = math.Sqrt(max(spread[k]/float64(len(use))-float64(mean[k]*mean[k]), 0))
		if spread[k] < 1e-6 {
			spread[k] = 0 // it is the same everywhere, but for rounding
		}
	}
	mean[last], spread[last] = 0, 1
	row := func(x *[n]float64, v *verdict) {
		for k, m := range v.marks {
			x[k] = 0
			if spread[k] > 0 {
				x[k] = (float64(m) - mean[k]) / spread[k]
			}
		}
	}
	var w [n]float64
	const block = 4
	var x [block][n]float64
	for range steps {
		var g [n]float64
		h := make([][n]float64, n)
		for k := range w {
			h[k][k] = 1e-9
			if k != last {
				g[k] = float64(markRidge * w[k])
				h[k][k] = markRidge
			}
		}
		// The sums run over the texts in their order. Four texts at a time go into an entry of h,
		// which is read and written once for them.
		for i := 0; i < len(use); i += block {
			var c [block]float64
			for j := range x {
				if i+j >= len(use) {
					clear(x[j][:])
					continue
				}
				v := use[i+j]
				row(&x[j], v)
				z := 0.0
				for k := range w {
					z += float64(x[j][k] * w[k])
				}
				p := chance(z)
				d := p
				if v.sample.offers() {
					d--
				}
				c[j] = float64(p * (1 - p))
				for k := range g {
					g[k] += float64(d * x[j][k])
				}
			}
			for k := range h {
				c0, c1, c2, c3 := float64(c[0]*x[0][k]), float64(c[1]*x[1][k]), float64(c[2]*x[2][k]), float64(c[3]*x[3][k])
				for l := range k + 1 {
					sum := h[k][l]
					sum += float64(c0 * x[0][l])
					sum += float64(c1 * x[1][l])
					sum += float64(c2 * x[2][l])
					sum += float64(c3 * x[3][l])
					h[k][l] = sum
				}
			}
		}
		for k, s := range solve(h, g[:]) {
			w[k] -= s
		}
	}
	out := make([]float64, n)
	out[last] = w[last]
	for k := range last {
		if spread[k] > 0 {
			out[k] = w[k] / spread[k]
			out[last] -= float64(out[k] * mean[k])
		}
	}
	return out
}

// solve returns x with h x = g, h being symmetric, positive and given by its lower half.
func solve[row ~[content.MarkCount]float64](h []row, g []float64) []float64 {
	n := len(h)
	for j := range n {
		for i := j; i < n; i++ {
			sum := h[i][j]
			for k := range j {
				sum -= float64(h[i][k] * h[j][k])
			}
			if i == j {
				h[j][j] = math.Sqrt(max(sum, 1e-12))
			} else {
				h[i][j] = sum / h[j][j]
			}
		}
	}
	x := make([]float64, n)
	for i := range n {
		sum := g[i]
		for k := range i {
			sum -= float64(h[i][k] * x[k])
		}
		x[i] = sum / h[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		sum := x[i]
		for k := i + 1; k < n; k++ {
			sum -= float64(h[k][i] * x[k])
		}
		x[i] = sum / h[i][i]
	}
	return x
}
