package compliancetest

import (
	"fmt"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/policy"
)

// outcome is what one case showed about the rule it is filed under.
type outcome struct {
	at     time.Time
	status policy.Status
}

func outcomeOf(id policy.ID, at time.Time, d *compliance.Decision) outcome {
	o := outcome{at: at}
	for _, s := range d.Statuses {
		if s.Rule == id {
			o.status = s.Status
		}
	}
	return o
}

// census lists what the cases do not show: a rule nobody breaks, a rule nobody
// is clear of, a date nobody stands on both sides of.
func (r *runner) census() (gaps []string) {
	for _, rule := range r.book.All() {
		if rule.Check == policy.None || rule.Phase != policy.Send || !strings.HasPrefix(string(rule.ID), r.prefix) {
			continue
		}
		seen := r.seen[rule.ID]
		broken, clear := false, false
		for _, o := range seen {
			broken = broken || o.status >= policy.Noted
			clear = clear || o.status == policy.Clear
		}
		if !broken {
			gaps = append(gaps, fmt.Sprintf("%s: no case breaks it", rule.ID))
		}
		if !clear {
			gaps = append(gaps, fmt.Sprintf("%s: no case is in scope and clear", rule.ID))
		}
		for _, day := range boundaries(rule) {
			before, after := false, false
			for _, o := range seen {
				before = before || o.at.Before(day)
				after = after || !o.at.Before(day)
			}
			if !before || !after {
				gaps = append(gaps, fmt.Sprintf("%s: no case on each side of %s", rule.ID, day.Format(time.DateOnly)))
			}
		}
	}
	return gaps
}

// boundaries are the days on which a rule changes, as far as they are exact.
func boundaries(rule *policy.Rule) (days []time.Time) {
	for i := range rule.Editions {
		e := &rule.Editions[i]
		if !e.From.IsZero() && !e.FromBy {
			days = append(days, e.From.Time)
		}
		if !e.Until.IsZero() && !e.UntilBy && (i+1 == len(rule.Editions) || !rule.Editions[i+1].From.Equal(e.Until.Time)) {
			days = append(days, e.Until.Time)
		}
	}
	return days
}
