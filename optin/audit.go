package optin

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// A Change is one entry of an audit: what was done, by whom, and what held for
// the person before and after.
type Change struct {
	Reason
	Handles  []party.Handle `json:"handles"`
	Received time.Time      `json:"received"`
	Before   string         `json:"before"` // in words: "agreed: marketing; stopped: utility"
	After    string         `json:"after"`
}

// Audit tells, event by event and in the order they took effect, who did what
// to a person's consent, and what that changed.
func (l *Ledger) Audit(ctx context.Context, who party.Party, at time.Time) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		s, err := l.Standing(ctx, who, at)
		if err != nil {
			yield(Change{}, err)
			return
		}
		if s.of == nil {
			return
		}
		for i := range s.of.events {
			if !yield(changeAt(s.of.events, i, s.Handles), nil) {
				return
			}
		}
	}
}

// AuditAll is the audit of everybody on record, person by person, as the store
// lists them: the store has to be a [Lister]. An event counts under the handles
// it names.
func (l *Ledger) AuditAll(ctx context.Context) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		for e, err := range l.all(ctx) {
			if err != nil {
				yield(Change{}, err)
				return
			}
			h, err := l.history(ctx, e.Handles)
			if err != nil {
				yield(Change{}, err)
				return
			}
			s := StandingAt(h, e.At, e.Handles...)
			i := -1
			if s.of != nil {
				i = slices.IndexFunc(s.of.events, func(o Event) bool { return o.ID == e.ID })
			}
			if i < 0 {
				continue // erased since it was listed
			}
			if !yield(changeAt(s.of.events, i, e.Handles), nil) {
				return
			}
		}
	}
}

// changeAt tells the i-th of events in force order.
func changeAt(events []Event, i int, hs []party.Handle) Change {
	e := &events[i]
	return Change{Reason: reasonOf(e), Handles: e.Handles, Received: e.Received,
		Before: summary(StandingAt(History{Events: events[:i]}, e.At, hs...)),
		After:  summary(StandingAt(History{Events: events[:i+1]}, e.At, hs...))}
}

// summary tells in a few words what holds.
func summary(s Standing) string {
	if s.of == nil {
		return "nothing"
	}
	var parts []string
	for _, p := range append(classes[:], topics(s.of.events)...) {
		c := s.Consent(p)
		if p == "" && c.Level == General {
			parts = append(parts, "messages in general")
		} else if c.Level == Named {
			parts = append(parts, string(p))
		}
	}
	var stopped []string
	if _, on := s.Stopped(); on {
		stopped = []string{"messages"}
	}
	for _, p := range append(classes[1:], topics(s.of.events)...) {
		if _, on := s.StoppedFor(p); on {
			stopped = append(stopped, string(p))
		}
	}
	var b strings.Builder
	write := func(label string, list []string) {
		if len(list) == 0 {
			return
		}
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		b.WriteString(label)
		b.WriteString(strings.Join(list, ", "))
	}
	write("agreed: ", parts)
	write("stopped: ", stopped)
	if s.Suppressed() {
		write("", []string{"marketing held"})
	}
	if _, _, on := s.PlatformStop(party.Line{}); on {
		write("", []string{"WhatsApp's own switch at stop"})
	}
	if open, ok := s.Pending(""); ok || len(open.Purposes) > 0 {
		write("", []string{"waiting for a confirmation"})
	}
	if b.Len() == 0 {
		return "nothing"
	}
	return b.String()
}
