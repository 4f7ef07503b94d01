package window

import (
	"slices"
	"strconv"
	"time"
)

// A State is what holds for one conversation at one instant. Times are zero
// where there is nothing to tell. The zero State is a window that never opened.
type State struct {
	// Open: a free-form message may be sent now. Inside the margin it is false.
	Open bool
	// Margin: the window itself is still open, and only the margin refuses.
	Margin bool
	// Ever: there was an opening at or before the instant, however long ago.
	Ever bool

	By       Kind      // what opened the window last
	OpenedAt time.Time // when
	// ClosesAt is the half-open end: 24 hours after OpenedAt, or the earlier
	// instant at which the platform answered that no window was open.
	ClosesAt time.Time
	// SafeUntil is ClosesAt less the margin: from then on sends are refused.
	SafeUntil time.Time

	// Reply is the newest opening that is itself no stop, and ReplyOpen
	// whether a window counted from it alone would be Open. After a stop only
	// a Reply later than the stop allows free-form messages again.
	Reply     time.Time
	ReplyOpen bool

	// Replied is when the business last sent something, window or not.
	Replied time.Time

	// FreeUntil is the half-open end of the free entry point: the customer
	// wrote through an ad or page button and the business replied in time.
	// Zero when none is in force. It is about the price alone; what may be
	// sent is decided by Open. Unless FreeTold it is a hint: the platform also
	// wants the customer to have used its Android or iOS app, which no webhook
	// tells.
	FreeUntil time.Time
	// FreeTold: the platform itself priced a message so, and told the end.
	FreeTold bool
	// FreeReplyBy is the half-open end of the time in which the first reply to a
	// customer who came through an ad is free and begins the free entry point.
	// Zero when nobody waits for one. It is the same hint.
	FreeReplyBy time.Time
}

// opens reports whether a mark of this kind opens the window.
func (k Kind) opens() bool { return k >= Wrote && k <= Ad }

// StateAt works out what holds at an instant from the marks of one
// conversation, in any order. Marks later than the instant have not happened
// yet and do not count. The result does not depend on the order of the marks
// or on repeats among them.
func StateAt(marks []Mark, at time.Time, r Rules) State {
	marks = Left(marks, at)
	var opened, reply, replied, refused time.Time
	var by Kind
	ads := false
	for i := range marks {
		m := &marks[i]
		when := m.happened()
		if when.After(at) {
			continue
		}
		switch {
		case m.Kind == Closed:
			if when.After(refused) {
				refused = when
			}
			continue
		case !m.Kind.opens():
			ads = ads || m.Kind == Free
			if m.Kind == Replied && when.After(replied) {
				replied = when
			}
			continue
		case m.Kind == Ad:
			ads = true
		}
		if by == 0 || when.After(opened) || when.Equal(opened) && tells(m.Kind, by) {
			opened, by = when, m.Kind
		}
		if m.Kind != Stopped && when.After(reply) {
			reply = when
		}
	}
	s := State{}
	if !replied.IsZero() {
		s.Replied = replied.UTC()
	}
	if ads {
		s.free(marks, at)
	}
	if by == 0 {
		return s
	}
	s.Ever, s.By, s.OpenedAt = true, by, opened.UTC()
	s.ClosesAt, s.SafeUntil = r.end(s.OpenedAt, refused)
	s.Open = at.Before(s.SafeUntil)
	s.Margin = !s.Open && at.Before(s.ClosesAt)
	if !reply.IsZero() {
		s.Reply = reply.UTC()
		_, safe := r.end(s.Reply, refused)
		s.ReplyOpen = at.Before(safe)
	}
	return s
}

// Left leaves out what the business sent that did not arrive, as far as is known
// at an instant. What stands behind the first colon of the ID of an Unsent, and of a
// Replied, names the message. One that a device refused and another took arrived.
func Left(marks []Mark, at time.Time) []Mark {
	var gone map[string]bool
	for i := range marks {
		if m := &marks[i]; m.Kind == Unsent {
			if gone == nil {
				gone = map[string]bool{}
			}
			gone[m.about()] = true
		}
	}
	if gone == nil {
		return marks
	}
	for i := range marks {
		if m := &marks[i]; m.Kind == Reached && !m.happened().After(at) {
			delete(gone, m.about())
		}
	}
	return slices.DeleteFunc(slices.Clone(marks), func(m Mark) bool { return m.Kind == Replied && gone[m.about()] })
}

// tells reports which of two openings of the same instant is reported as the
// one that opened: a stop before all, then the more telling kind.
func tells(a, b Kind) bool {
	if a == Stopped || b == Stopped {
		return a == Stopped && b != Stopped
	}
	return a > b
}

// end returns when a window ends that opened at an instant, and from when on
// sends are refused. A refusal of the platform at or after the opening ends it.
func (r Rules) end(opened, refused time.Time) (closes, safe time.Time) {
	closes = opened.Add(max(r.Length, 0))
	safe = closes.Add(-max(r.Margin, 0))
	if !refused.IsZero() && !refused.Before(opened) && refused.Before(closes) {
		closes = refused.UTC()
		if closes.Before(safe) {
			safe = closes
		}
	}
	if safe.Before(opened) {
		safe = opened
	}
	return closes, safe
}

// free works out the free entry point at an instant. For every ad the first
// reply after it decides, and the platform's own word counts beside that.
func (s *State) free(marks []Mark, at time.Time) {
	var told, worked time.Time // ends
	for i := range marks {
		m := &marks[i]
		when := m.happened()
		switch {
		case when.After(at):
		case m.Kind == Free:
			latest(&told, when.Add(FreeEntryPointWindow))
		case m.Kind == Ad:
			by := when.Add(FreeEntryPointReplyDeadline)
			switch first := firstReply(marks, when, at); {
			case first.IsZero() && at.Before(by) && by.After(s.FreeReplyBy):
				s.FreeReplyBy = by.UTC()
			case !first.IsZero() && first.Before(by):
				latest(&worked, first.Add(FreeEntryPointWindow))
			}
		}
	}
	// the platform counts from its own clock: its word stands for ours, unless
	// ours is of a later reply
	switch s.FreeTold = at.Before(told) && worked.Sub(told) < time.Hour; {
	case s.FreeTold:
		s.FreeUntil = told.UTC()
	case at.Before(worked):
		s.FreeUntil = worked.UTC()
	}
}

// firstReply is when the business first sent something from an instant on, up to
// another.
func firstReply(marks []Mark, from, to time.Time) (first time.Time) {
	for i := range marks {
		if marks[i].Kind != Replied {
			continue
		}
		if r := marks[i].happened(); !r.Before(from) && !r.After(to) && (first.IsZero() || r.Before(first)) {
			first = r
		}
	}
	return first
}

// Words says in a few words how the window stands at an instant, for people: how
// long it is still open, or since when it is closed.
func (s State) Words(at time.Time) string {
	switch left := s.SafeUntil.Sub(at); {
	case !s.Ever || at.Before(s.OpenedAt):
		return "never opened"
	case left > 0:
		return "closes in " + about(left)
	case at.Before(s.ClosesAt):
		return "closes within the safety margin"
	default:
		return "closed " + about(at.Sub(s.ClosesAt)) + " ago"
	}
}

// about writes a length of time to the minute, or in days from two days on.
func about(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	case d < 48*time.Hour:
		h, m := int(d/time.Hour), int(d%time.Hour/time.Minute)
		if m == 0 {
			return strconv.Itoa(h) + " h"
		}
		return strconv.Itoa(h) + " h " + strconv.Itoa(m) + " min"
	}
	return strconv.Itoa(int(d/(24*time.Hour))) + " days"
}

// An Outlook is what a State turns into if the customer stays silent. When a
// closed window opens again is not in it, because nobody can know: only the
// customer opens one, by writing or calling.
type Outlook struct {
	Open bool          // a free-form message could still be sent then
	For  time.Duration // how long, from then on, until sends are refused; zero when not Open
	Free time.Duration // how long messages are still free of charge
}

// Predict says what becomes of the window by a later instant if nothing more
// happens in the conversation.
func (s State) Predict(at time.Time) Outlook {
	var o Outlook
	if s.Ever && !at.Before(s.OpenedAt) && at.Before(s.SafeUntil) {
		o.Open, o.For = true, s.SafeUntil.Sub(at)
	}
	if at.Before(s.FreeUntil) {
		o.Free = s.FreeUntil.Sub(at)
	}
	return o
}
