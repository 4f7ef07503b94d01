package main

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/waguard/waguard/compliance/content"
)

// TestFitLayer: what a text holds tells where its sums say nothing, two things together more than
// either, and sums that say something are heard.
func TestFitLayer(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	act, route := []uint16{1, 2, 3, 4, 5, 6}, []uint16{11, 12, 13, 14, 15, 16} // so many that some are always seen
	var texts []looked
	for range 4000 {
		var bag []uint16
		a, r := rnd.IntN(2) == 1, rnd.IntN(2) == 1
		if a {
			bag = append(bag, act...)
		}
		if r {
			bag = append(bag, route...)
		}
		bag = append(bag, uint16(20+rnd.IntN(30)))
		x := content.AskSums(0, -20, 0, false, 1)
		texts = append(texts, looked{bags: [2][]uint16{bag, bag}, sums: [2][content.LayerSums]float64{x, x}, yes: a && r, weight: 1})
	}
	m := fitTwins(texts, [content.LayerSums]float64{5})
	score := func(bag ...uint16) float64 { return m.score(bag, content.AskSums(0, -20, 0, false, 1)) }
	for _, v := range []struct {
		bag  []uint16
		asks bool
	}{{slices.Concat(act, route), true}, {nil, false}, {act, false}, {route, false}} {
		if got := score(v.bag...); got > 0 != v.asks {
			t.Errorf("%v comes to %.2f, asks: %v", v.bag, got, v.asks)
		}
	}
	if low, high := m.score(nil, content.AskSums(-4, -20, 0, false, 1)), m.score(nil, content.AskSums(4, -20, 0, false, 1)); low >= high {
		t.Errorf("sums of -4 come to %.2f, of 4 to %.2f", low, high)
	}
}
