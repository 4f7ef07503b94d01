package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/waguard/waguard/category"
)

// A verdict is what a model that never saw a frame says of it.
type verdict struct {
	frame *Frame
	logit [3]float64
}

type verdicts []verdict

// crossValidate has each training frame judged by a model fitted to the other
// folds.
func crossValidate(r *category.Reader, training []Frame) verdicts {
	parts := make([]verdicts, folds)
	done := make(chan int)
	for k := range folds {
		go func() {
			var others []Frame
			for _, f := range training {
				if f.Fold() != k {
					others = append(others, f)
				}
			}
			w := fit(samples(r, others))
			for i := range training {
				if f := &training[i]; f.Fold() == k {
					parts[k] = append(parts[k], verdict{f, sum(w, r.Features(nil, f.Draft()))})
				}
			}
			done <- k
		}()
	}
	for range folds {
		<-done
	}
	var all verdicts
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func (v verdict) probabilities(temperature float64) [3]float64 {
	z := v.logit
	for c := range z {
		z[c] /= temperature
	}
	return softmax(z)
}

// temperature is what the logits are divided by so that the probabilities of
// unseen frames are as often right as they say: the likeliest one, on a grid.
func (vs verdicts) temperature() float64 {
	best, least := 1.0, math.Inf(1)
	for k := 5; k <= 120; k++ {
		t := float64(k) / 20
		// The product of the likelihoods, in place of the sum of logarithms,
		// rescaled so that it does not vanish.
		m, e := 1.0, 0
		for _, v := range vs {
			f, x := math.Frexp(float64(m * max(v.probabilities(t)[v.frame.Category-1], 1e-9)))
			m, e = f, e+x
		}
		if loss := -float64(e) - m; loss < least {
			best, least = t, loss
		}
	}
	return best
}

// floor is the reader's own utility floor.
const floor = 0.65

func (v verdict) category(temperature float64) category.Category {
	p := v.probabilities(temperature)
	best := 0
	for c := range p {
		if p[c] > p[best] {
			best = c
		}
	}
	if best == 1 && p[1] < floor {
		if best = 0; p[2] > p[0] {
			best = 2
		}
	}
	return category.Category(best + 1)
}

// report is a table by language of what cross-validation came to.
func (vs verdicts) report(temperature float64, training, held int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d training frames in %d folds, %d frames held back, temperature %.2f\n\n", training, folds, held, temperature)
	fmt.Fprintf(&b, "%-5s %6s %9s %17s %17s %17s\n", "", "frames", "accuracy", "utility precision", "marketing recall", "authentication F1")
	langs := map[string]bool{}
	for _, v := range vs {
		langs[v.frame.Lang] = true
	}
	var names []string
	for l := range langs {
		names = append(names, l)
	}
	slices.Sort(names)
	for _, l := range append(names, "all") {
		var m [4][4]int
		n, right := 0, 0
		for _, v := range vs {
			if l != "all" && v.frame.Lang != l {
				continue
			}
			c := v.category(temperature)
			m[v.frame.Category][c]++
			n++
			if c == v.frame.Category {
				right++
			}
		}
		fmt.Fprintf(&b, "%-5s %6d %9.3f %17.3f %17.3f %17.3f\n", l, n, ratio(right, n),
			ratio(m[2][2], m[1][2]+m[2][2]+m[3][2]), ratio(m[1][1], m[1][1]+m[1][2]+m[1][3]),
			ratio(2*m[3][3], 2*m[3][3]+m[1][3]+m[2][3]+m[3][1]+m[3][2]))
	}
	return b.String()
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// printWrong lists what was misjudged, the surest first.
func (vs verdicts) printWrong(temperature float64) {
	wrong := slices.DeleteFunc(slices.Clone(vs), func(v verdict) bool { return v.category(temperature) == v.frame.Category })
	slices.SortStableFunc(wrong, func(a, b verdict) int {
		return cmp.Compare(a.probabilities(temperature)[a.frame.Category-1], b.probabilities(temperature)[b.frame.Category-1])
	})
	for _, v := range wrong {
		p := v.probabilities(temperature)
		fmt.Printf("%-12s %.2f %.2f %.2f %s\n", v.frame.ID, p[0], p[1], p[2], v.frame.Body)
	}
}
