package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/waguard/waguard/compliance/content"
)

// How the gate is fitted, and how much it may cost.
const (
	gateEpochs = 6
	gateRate   = .2
	gateRidge  = 1e-5
	gateLoses  = .005 // of what the weighing finds without a term
)

// A gate is a logistic regression over words.
type gate struct {
	words []float64
	bias  float64
}

func fitGate(data []Sample) *gate {
	g := &gate{words: make([]float64, content.GateBuckets)}
	h := make([]float64, content.GateBuckets)
	hb := 0.0
	var order []*Sample
	for i := range data {
		if s := &data[i]; len(s.views[0].Gate) > 0 && s.Not == 0 {
			order = append(order, s)
		}
	}
	rnd := rand.New(rand.NewPCG(2, 9))
	for range gateEpochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, s := range order {
			words := s.views[0].Gate
			z := g.sum(words) + g.bias
			p := exp(-math.Abs(z))
			p = 1 / (1 + p)
			if z < 0 {
				p = 1 - p
			}
			if s.offers() {
				p--
			}
			hb += float64(p * p)
			g.bias -= float64(gateRate*p) / (math.Sqrt(hb) + 1e-3)
			e := float64(p * content.GateValue(len(words)))
			for _, k := range words {
				d := e + float64(gateRidge*g.words[k])
				h[k] += float64(d * d)
				g.words[k] -= float64(gateRate*d) / (math.Sqrt(h[k]) + 1e-3)
			}
		}
	}
	return g
}

// sum is what words come to, without the bias.
func (g *gate) sum(words []uint32) (z float64) {
	for _, k := range words {
		z += g.words[k]
	}
	return float64(z * content.GateValue(len(words)))
}

// gated counts what the gate lets go by: of the offers that are found, of harmless texts of
// the corpus, and of those from elsewhere.
func (vs verdicts) gated(th thresholds) (found, corpus, elsewhere share) {
	least := vs.gateLeast(th)
	for i := range vs {
		v := &vs[i]
		by := !v.term && v.gate < least
		switch s := v.sample; {
		case s.offers() && len(v.classes(th)) > 0:
			found.count(by)
		case s.offers():
		case s.From == "content":
			corpus.count(by)
		default:
			elsewhere.count(by)
		}
	}
	return found, corpus, elsewhere
}

// gateLeast is the sum below which a message is let go by: few enough of what is found
// without a term lie below it. The bias is the same for all texts and left out.
func (vs verdicts) gateLeast(th thresholds) float64 {
	var found []float64
	for i := range vs {
		if v := &vs[i]; v.sample.offers() && !v.term && v.sum >= th.find {
			found = append(found, v.gate)
		}
	}
	if len(found) == 0 {
		return math.Inf(-1)
	}
	slices.Sort(found)
	return found[int(gateLoses*float64(len(found)))]
}
