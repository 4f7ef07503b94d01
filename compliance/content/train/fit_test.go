package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestExp(t *testing.T) {
	for x := -699.0; x <= 0; x += 0.0137 {
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-13*want {
			t.Fatalf("exp(%v) = %v, want %v", x, got, want)
		}
	}
	if exp(-701) != 0 {
		t.Error("what is too small is nothing")
	}
}

func TestSoftmax(t *testing.T) {
	p := make([]float64, 4)
	softmax(p, []float32{1, 2, -40, 2})
	if total := p[0] + p[1] + p[2] + p[3]; math.Abs(total-1) > 1e-12 {
		t.Errorf("sums to %v", total)
	}
	if p[1] != p[3] || math.Abs(p[1]/p[0]-math.E) > 1e-6 || p[2] != 0 {
		t.Errorf("got %v", p)
	}
}

// TestThin: words are left out, signs never, and what is kept keeps its order.
func TestThin(t *testing.T) {
	v := view{words: 1000}
	for id := range int32(1010) {
		v.ids = append(v.ids, id)
	}
	v.Value = 1
	rnd := rand.New(rand.NewPCG(1, 2))
	var thinned view
	kept := 0
	for range 50 {
		got := v.thin(rnd, &thinned)
		if !slices.IsSorted(got.ids) || got.ids[got.words] != 1000 || len(got.ids) != got.words+10 {
			t.Fatalf("%d words of %d: %v", got.words, len(got.ids), got.ids)
		}
		kept += got.words
	}
	if share := float64(kept) / 50 / 1000; math.Abs(share-(1-float64(drop)/256)) > 0.02 {
		t.Errorf("keeps %v", share)
	}
	if math.Abs(thinned.Value-256/(256-float64(drop))) > 1e-12 {
		t.Errorf("each counts %v", thinned.Value)
	}
}
