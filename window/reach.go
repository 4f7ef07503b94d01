package window

import (
	"strings"
	"time"
)

// Reach is whether messages reach a person on a line, as far as the platform
// said so.
type Reach struct {
	Refused bool      // the last word is that nothing is delivered
	Blocked bool      // because the business itself has blocked them
	Since   time.Time // when it said so; zero: never
}

// ReachAt reads it out of the marks of a conversation. A refusal counts until
// the person writes or calls, or until a message is delivered to them after it;
// at the same instant the refusal counts. Of somebody who wrote or called in the
// [CustomerServiceWindow] before the instant it was about the message: they are
// there. That excuses no block, which can only be of somebody who wrote in that
// time. A message that one of their devices refused and another took was
// delivered, whichever came first: the ids of both marks end, after a word and a
// colon, with the id of the message.
func ReachAt(marks []Mark, at time.Time) Reach {
	b := refusal(marks, at, Blocked)
	if r := refusal(marks, at, Unreachable); !b.Refused && (r.Refused || r.Since.After(b.Since)) {
		return r
	}
	b.Blocked = b.Refused
	return b
}

// refusal reads what became of the last refusal of a kind.
func refusal(marks []Mark, at time.Time, kind Kind) Reach {
	var refused, sign *Mark
	for i := range marks {
		m := &marks[i]
		if m.happened().After(at) {
			continue
		}
		switch {
		case m.Kind == kind && later(m, refused):
			refused = m
		case (m.Kind == Reached || m.Kind.opens()) && later(m, sign):
			sign = m
		}
	}
	if refused == nil {
		return Reach{}
	}
	r := Reach{Refused: true, Since: refused.happened().UTC()}
	if sign != nil && sign.happened().After(refused.happened()) {
		r.Refused = false
	}
	for i := range marks {
		m := &marks[i]
		switch h := m.happened(); {
		case h.After(at):
		case m.Kind == Reached && sameMessage(m.ID, refused.ID), kind == Unreachable && m.Kind.opens() && at.Before(h.Add(CustomerServiceWindow)):
			r.Refused = false
		}
	}
	return r
}

func later(m, than *Mark) bool { return than == nil || m.happened().After(than.happened()) }

func sameMessage(a, b string) bool {
	_, a, _ = strings.Cut(a, ":")
	_, b, _ = strings.Cut(b, ":")
	return a != "" && a == b
}
