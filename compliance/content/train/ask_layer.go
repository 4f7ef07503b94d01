package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/waguard/waguard/compliance/content"
)

// How the second look at requests is fitted; found by cross-validation.
const (
	layerEpochs = 8
	layerRate   = .03
	layerDrop   = .5 // of what a message holds, each time it is looked at
	layerQuiet  = .2 // of the units
	layerFirst  = .02
)

// A looked is a text as the second look sees it.
type looked struct {
	bags   [2][]uint16
	sums   [2][content.AskDense]float64
	asks   bool
	weight float64
}

// looks are the texts with the sums of fits that have not seen them.
func looks(texts []*asking, fit func(*asking) *askFit) (all []looked) {
	for _, s := range texts {
		if len(s.views[0].Things) == 0 || s.views[0].Form {
			continue
		}
		m := fit(s)
		l := looked{asks: s.asks, weight: s.Weight}
		for n := range l.bags {
			if len(s.views[n].Things) == 0 {
				n = 0
			}
			l.bags[n], l.sums[n] = s.views[n].Bag, m.sums(&s.views[n])
		}
		all = append(all, l)
	}
	return all
}

// sums are what a layer sees of a message besides.
func (m *askFit) sums(c *content.AskClues) [content.AskDense]float64 {
	first, next := math.Inf(-1), math.Inf(-1)
	for i := range c.Things {
		if z := m.sum(&c.Things[i]); z > first {
			first, next = z, first
		} else if z > next {
			next = z
		}
	}
	return content.AskSums(first, next, m.grams.sum(c.Grams), slices.ContainsFunc(c.Things, said), len(c.Things))
}

// An askSight is a layer while it is fitted.
type askSight struct{ content.AskLayer }

func (m *askSight) units(bag []uint16, value float64, x *[content.AskDense]float64) (h [content.AskUnits]float64) {
	for _, b := range bag {
		row := m.In[int(b)*content.AskUnits:][:content.AskUnits]
		for u := range h {
			h[u] += row[u]
		}
	}
	for u := range h {
		h[u] = float64(h[u] * value)
		for k := range x {
			h[u] += float64(x[k] * m.Dense[k][u])
		}
	}
	return h
}

// look is what a text comes to as a whole.
func (m *askSight) look(s *asking, fit *askFit) float64 {
	v := &s.views[0]
	switch {
	case v.Form:
		return math.Inf(1)
	case len(v.Things) == 0:
		return math.Inf(-1)
	}
	return m.score(v.Bag, fit.sums(v))
}

// score is what the layer makes of what a message holds and of its sums.
func (m *askSight) score(bag []uint16, x [content.AskDense]float64) (z float64) {
	h := m.units(bag, content.AskBagValue(len(bag)), &x)
	for u := range h {
		z += float64(max(h[u], 0) * m.Out[u])
	}
	for k := range x {
		z += float64(x[k] * m.Plain[k])
	}
	return z
}

// fitLayer fits by AdaGrad, from the sums as they are.
func fitLayer(texts []looked) *askSight {
	m := &askSight{content.AskLayer{In: make([]float64, content.AskBagBuckets*content.AskUnits)}}
	var h struct {
		in    []float64
		dense [content.AskDense][content.AskUnits]float64
		out   [content.AskUnits]float64
		plain [content.AskDense]float64
	}
	h.in = make([]float64, len(m.In))
	rnd := rand.New(rand.NewPCG(9, 10))
	for i := range m.In {
		m.In[i] = layerFirst * rnd.NormFloat64()
	}
	for u := range m.Out {
		m.Out[u] = .2 * rnd.NormFloat64()
		for k := range m.Dense {
			m.Dense[k][u] = .2 * rnd.NormFloat64()
		}
	}
	m.Plain[0], m.Plain[2], m.Plain[content.AskDense-1] = 5, 5, -5
	order := slices.Clone(texts)
	rate := layerRate
	move := func(w, h *float64, g float64) {
		*h += float64(g * g)
		*w -= float64(rate*g) / (math.Sqrt(*h) + 1e-3)
	}
	var bag []uint16
	for epoch := range layerEpochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for i := range order {
			s := &order[i]
			view := epoch % 2
			if s.sums[view][content.AskDense-1] == 0 {
				view = 0
			}
			x := &s.sums[view]
			bag = bag[:0]
			for _, b := range s.bags[view] {
				if rnd.Float64() >= layerDrop {
					bag = append(bag, b)
				}
			}
			value := content.AskBagValue(len(bag))
			units := m.units(bag, value, x)
			z := 0.0
			for u := range units {
				if units[u] < 0 || rnd.Float64() < layerQuiet {
					units[u] = 0
				}
				units[u] = float64(units[u] / (1 - layerQuiet))
				z += float64(units[u] * m.Out[u])
			}
			for k := range x {
				z += float64(x[k] * m.Plain[k])
			}
			e := chance(z)
			if s.asks {
				e--
			}
			e = float64(e * s.weight)
			for u := range units {
				if units[u] == 0 {
					continue
				}
				g := float64(e * m.Out[u] / (1 - layerQuiet))
				move(&m.Out[u], &h.out[u], float64(e*units[u]))
				for k := range x {
					move(&m.Dense[k][u], &h.dense[k][u], float64(g*x[k]))
				}
				d := float64(g * value)
				for _, b := range bag {
					at := int(b)*content.AskUnits + u
					move(&m.In[at], &h.in[at], d)
				}
			}
			for k := range x {
				move(&m.Plain[k], &h.plain[k], float64(e*x[k]))
			}
		}
	}
	return m
}
