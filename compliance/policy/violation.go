package policy

import (
	"cmp"
	"slices"
)

// Sort orders violations for people: the strictest first, then by rule, place
// and position in the text. Equal ones keep their order.
func Sort(vs []Violation) {
	slices.SortStableFunc(vs, func(a, b Violation) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Where, b.Where),
			cmp.Compare(a.Span.Start, b.Span.Start),
			cmp.Compare(a.Span.End, b.Span.End),
			cmp.Compare(a.Kind, b.Kind),
		)
	})
}
