package main

import "github.com/waguard/waguard/compliance/content"

// fitGrams weighs letters in a row, however a message is framed.
func fitGrams(data []Sample, which func(*Sample) bool) *logistic {
	var examples []example
	for i := range data {
		s := &data[i]
		for v := range s.views {
			if grams := s.views[v].Grams; len(grams) > 0 && s.Not == 0 && which(s) {
				examples = append(examples, example{grams, s.offers(), s.Weight})
			}
		}
	}
	return logisticPlan{buckets: content.GramBuckets, value: content.GramValue, epochs: 8, seed: 5}.fit(examples)
}
