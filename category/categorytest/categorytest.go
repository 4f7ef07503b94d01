// Package categorytest checks that a category.Outcomes keeps its duties. A store
// of one's own is proved with one call:
//
//	func TestOutcomes(t *testing.T) {
//		categorytest.Run(t, func(t testing.TB) category.Outcomes { return open(t) })
//	}
//
// The duties and their numbers are those of the documentation of Outcomes.
package categorytest

import (
	"testing"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/internal/notestest"
)

// Run checks every duty, each as a subtest of its own and on stores open has just
// made, which must be empty.
func Run(t *testing.T, open func(t testing.TB) category.Outcomes) {
	t.Helper()
	kit().Run(t, func(t testing.TB) notestest.Store[category.Outcome] { return store(open(t)) })
}

func store(s category.Outcomes) notestest.Store[category.Outcome] {
	return notestest.Store[category.Outcome]{Note: s.Note, List: s.Outcomes}
}

const account = "100200300400500"

func outcome(template string, hour int) category.Outcome {
	return category.Outcome{Account: account, Template: template, Lang: "en_US", Declared: category.Utility, Predicted: category.Utility, Sure: true,
		Decided: category.Marketing, By: category.Recorded, At: time.Date(2026, 11, 20, hour, 0, 0, 0, time.UTC)}
}

func kit() notestest.Kit[category.Outcome] {
	with := func(edit func(*category.Outcome)) category.Outcome {
		o := outcome("sale", 1)
		edit(&o)
		return o
	}
	bare := category.Outcome{Template: "42", Decided: category.Authentication, By: category.Sampled, At: outcome("", 3).At.Add(time.Microsecond)}
	other := with(func(o *category.Outcome) { o.Account = "999888777666555" })
	german := with(func(o *category.Outcome) { o.Lang = "de" })
	listed := with(func(o *category.Outcome) { o.By = category.Listed })
	mine := []category.Outcome{outcome("offer", 1), german, listed, outcome("sale", 1)}
	return notestest.Kit[category.Outcome]{
		Account: account,
		Whole:   []category.Outcome{bare, outcome("sale", 1)},
		Older:   outcome("sale", 1), Younger: outcome("sale", 2),
		Spread: []category.Outcome{outcome("sale", 1), other, outcome("offer", 1), german, listed},
		Listed: map[string][]category.Outcome{account: mine, other.Account: {other}, "1": nil, "": append(mine[:4:4], other)},
		Lacking: map[string]category.Outcome{
			"no template": with(func(o *category.Outcome) { o.Template = "" }),
			"no decider":  with(func(o *category.Outcome) { o.By = "" }),
			"no instant":  with(func(o *category.Outcome) { o.At = time.Time{} }),
			"no decision": with(func(o *category.Outcome) { o.Decided = category.Unknown }),
			"a category of messages and of no template": with(func(o *category.Outcome) { o.Decided = category.Service }),
		},
		Incomplete: category.ErrIncomplete,
	}
}
