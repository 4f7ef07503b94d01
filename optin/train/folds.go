package main

import (
	"fmt"
	"strings"

	"github.com/waguard/waguard/optin"
)

// A reading is what was read in a text by a model fitted to the other folds.
type reading struct {
	text   *Text
	intent optin.Intent
}

type readings []reading

// crossValidate has each training text read with a model that never saw it. The
// words and the grammar have been tuned on it, so this flatters them.
func crossValidate(r *optin.IntentReader, training []Text) (readings, error) {
	var all readings
	for k := range folds {
		var others []Text
		for _, t := range training {
			if t.Fold() != k {
				others = append(others, t)
			}
		}
		b, err := optin.AppendIntentModel(nil, fit(samples(r, others)))
		if err != nil {
			return nil, err
		}
		fold, err := optin.NewReader(optin.IntentModel(b))
		if err != nil {
			return nil, err
		}
		for i := range training {
			if t := &training[i]; t.Fold() == k {
				all = append(all, reading{t, fold.Read(t.Text, t.Lang)})
			}
		}
	}
	return all, nil
}

func stop(l optin.IntentLevel) bool { return l == optin.IntentCertain || l == optin.IntentLikely }

// report is a table by batch of what cross-validation came to.
func (rs readings) report(training, held int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d training texts in %d folds, %d texts held back\n\n", training, folds, held)
	fmt.Fprintf(&b, "%-9s %6s %6s %9s %7s %11s %12s %16s %7s %12s %9s %8s\n", "batch", "texts", "stops", "precision", "recall", "clear→none", "none→certain", "none→certain/likely", "start", "other→start", "mkt scope", "all→mkt")
	for _, batch := range append(batches, templates, "all") {
		var texts, stops, found, clear, missed, none, sure, likely, starts, started, others, wrongly, scoped, scope, whole, narrowed int
		for _, r := range rs {
			if batch == "all" && r.text.batch == templates || batch != "all" && r.text.batch != batch {
				continue
			}
			texts++
			if r.text.Level == optin.IntentStart {
				starts++
				if r.intent.Level == optin.IntentStart {
					started++
				}
			} else {
				others++
				if r.intent.Level == optin.IntentStart {
					wrongly++
				}
			}
			if r.text.Level == optin.IntentCertain && r.text.Scope == optin.ScopeAll {
				whole++
				if r.intent.Level == optin.IntentCertain && r.intent.Scope != optin.ScopeAll {
					narrowed++
				}
			}
			if r.text.Scope == optin.ScopeMarketing && stop(r.intent.Level) {
				scoped++
				if r.intent.Scope == optin.ScopeMarketing {
					scope++
				}
			}
			switch l := r.intent.Level; {
			case stop(r.text.Level):
				stops++
				if stop(l) {
					found++
				}
				if r.text.Level == optin.IntentCertain {
					clear++
					if l == optin.IntentNone {
						missed++
					}
				}
			case r.text.Level == optin.IntentNone:
				none++
				if l == optin.IntentCertain {
					sure++
				}
				if stop(l) {
					likely++
				}
			}
		}
		name := batch
		if batch == "." {
			name = "first"
		}
		fmt.Fprintf(&b, "%-9s %6d %6d %9.3f %7.3f %11.3f %12.3f %16.3f    %7.3f %12.3f %9.3f %8.3f\n", name, texts, stops, ratio(found, found+likely), ratio(found, stops),
			ratio(missed, clear), ratio(sure, none), ratio(likely, none), ratio(started, starts), ratio(wrongly, others), ratio(scope, scoped), ratio(narrowed, whole))
	}
	return b.String()
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// printWrong lists what was read otherwise than labelled.
func (rs readings) printWrong(lang string) {
	for _, r := range rs {
		if r.text.Lang == lang && (stop(r.text.Level) != stop(r.intent.Level) || (r.text.Level == optin.IntentStart) != (r.intent.Level == optin.IntentStart)) {
			fmt.Printf("%s read %s (%s): %s\n", r.text.Level, r.intent.Level, r.intent.Why, r.text.Text)
		}
	}
}
