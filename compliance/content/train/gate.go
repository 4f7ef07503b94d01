package main

import (
	"math"
	"slices"

	"github.com/waguard/waguard/compliance/content"
)

// gateLoses is how much of what the weighing finds without a term the gate may cost.
const gateLoses = .005

// fitGate weighs the words of messages one by one.
func fitGate(data []Sample, which func(*Sample) bool) *logistic {
	var examples []example
	for i := range data {
		if s := &data[i]; len(s.views[0].Gate) > 0 && s.Not == 0 && which(s) {
			examples = append(examples, example{s.views[0].Gate, s.offers(), 1})
		}
	}
	return logisticPlan{buckets: content.GateBuckets, value: content.GateValue, epochs: 12, seed: 2, biased: true}.fit(examples)
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
// without a term lie below it.
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
