package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/waguard/waguard/compliance/content"
)

// How a second look is fitted; found by cross-validation.
const (
	layerEpochs = 8
	layerRate   = .03
	layerDrop   = .6 // of what a message holds, each time it is looked at
	layerQuiet  = .4 // of the units
	layerFirst  = .02
	layerStart  = .2
	layerUnits  = 16
	layerTwins  = 2 // fitted apart, each from another start
)

// A looked is a text as the second look sees it: with its language said, and not.
type looked struct {
	bags   [2][]uint16
	sums   [2][content.LayerSums]float64
	yes    bool
	weight float64
}

// A sight is a layer while it is fitted.
type sight struct{ content.Layer }

// units puts into h what reaches each of them.
func (m *sight) units(h []float64, bag []uint16, value float64, x *[content.LayerSums]float64) {
	clear(h)
	for _, b := range bag {
		for u, w := range m.In[int(b)*m.Units:][:m.Units] {
			h[u] += w
		}
	}
	for u := range h {
		h[u] = float64(h[u] * value)
		for k := range x {
			h[u] += float64(x[k] * m.Sums[k][u])
		}
	}
}

// score is what the layer makes of what a message holds and of its sums.
func (m *sight) score(bag []uint16, x [content.LayerSums]float64) (z float64) {
	h := make([]float64, m.Units)
	m.units(h, bag, content.BagValue(len(bag)), &x)
	for u := range h {
		z += float64(max(h[u], 0) * m.Out[u])
	}
	for k := range x {
		z += float64(x[k] * m.Plain[k])
	}
	return z
}

// fitTwins fits layers apart, and what they come to on average is one layer again: each sees
// other chances, and errs elsewhere.
func fitTwins(texts []looked, plain [content.LayerSums]float64) *sight {
	const units = layerUnits * layerTwins
	whole := &sight{content.Layer{Units: units, In: make([]float64, content.BagBuckets*units)}}
	for n := range layerTwins {
		m := fitLayer(texts, layerUnits, plain, uint64(n))
		for b := range content.BagBuckets {
			copy(whole.In[b*units+n*layerUnits:], m.In[b*layerUnits:][:layerUnits])
		}
		for _, w := range m.Out {
			whole.Out = append(whole.Out, w/layerTwins)
		}
		for k := range m.Sums {
			whole.Sums[k] = append(whole.Sums[k], m.Sums[k]...)
			whole.Plain[k] += float64(m.Plain[k] / layerTwins)
		}
	}
	return whole
}

// fitLayer fits by AdaGrad, from the sums of before on, so many of which plain counts.
func fitLayer(texts []looked, units int, plain [content.LayerSums]float64, seed uint64) *sight {
	m := &sight{content.Layer{Units: units, In: make([]float64, content.BagBuckets*units), Out: make([]float64, units), Plain: plain}}
	rnd := rand.New(rand.NewPCG(9+seed, 10))
	for i := range m.In {
		m.In[i] = layerFirst * rnd.NormFloat64()
	}
	for k := range m.Sums {
		m.Sums[k] = make([]float64, units)
	}
	for u := range m.Out {
		m.Out[u] = layerStart * rnd.NormFloat64()
		for k := range m.Sums {
			m.Sums[k][u] = layerStart * rnd.NormFloat64()
		}
	}
	var moved struct { // squares of what each weight was moved by
		in, out []float64
		sums    [content.LayerSums][]float64
		plain   [content.LayerSums]float64
	}
	moved.in, moved.out = make([]float64, len(m.In)), make([]float64, units)
	for k := range moved.sums {
		moved.sums[k] = make([]float64, units)
	}
	reach := make([]float64, units)
	order := slices.Clone(texts)
	move := func(w, h *float64, g float64) {
		*h += float64(g * g)
		*w -= float64(layerRate*g) / (math.Sqrt(*h) + 1e-3)
	}
	var bag []uint16
	for epoch := range layerEpochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for i := range order {
			s := &order[i]
			view := epoch % 2
			x := &s.sums[view]
			bag = bag[:0]
			for _, b := range s.bags[view] {
				if rnd.Float64() >= layerDrop {
					bag = append(bag, b)
				}
			}
			value := content.BagValue(len(s.bags[view])) / (1 - layerDrop)
			m.units(reach, bag, value, x)
			z := 0.0
			for u := range reach {
				if reach[u] < 0 || rnd.Float64() < layerQuiet {
					reach[u] = 0
				}
				reach[u] /= 1 - layerQuiet
				z += float64(reach[u] * m.Out[u])
			}
			for k := range x {
				z += float64(x[k] * m.Plain[k])
			}
			e := chance(z)
			if s.yes {
				e--
			}
			e = float64(e * s.weight)
			for u := range reach {
				if reach[u] == 0 {
					continue
				}
				g := float64(e*m.Out[u]) / (1 - layerQuiet)
				move(&m.Out[u], &moved.out[u], float64(e*reach[u]))
				for k := range x {
					move(&m.Sums[k][u], &moved.sums[k][u], float64(g*x[k]))
				}
				d := float64(g * value)
				for _, b := range bag {
					at := int(b)*units + u
					move(&m.In[at], &moved.in[at], d)
				}
			}
			for k := range x {
				move(&m.Plain[k], &moved.plain[k], float64(e*x[k]))
			}
		}
	}
	return m
}
