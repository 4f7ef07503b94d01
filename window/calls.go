package window

import (
	"cmp"
	"slices"
	"time"
)

// Figures of Meta's page "Obtain user call permissions" (2026-06-26). All are
// per line and person.
const (
	// CallPermissionTemporary is how long a temporary permission to call lasts,
	// counted from the customer's approval.
	CallPermissionTemporary = 7 * 24 * time.Hour

	// CallPermissionRequestExpiry is how long after its delivery a request can
	// be answered. It is counted from the sending here, which is a little less.
	CallPermissionRequestExpiry = 7 * 24 * time.Hour

	// UnansweredCallsWarn is after how many calls in a row that the customer did
	// not take WhatsApp asks them whether to change the permission, and
	// UnansweredCallsRevoke after how many it takes the permission back.
	UnansweredCallsWarn   = 2
	UnansweredCallsRevoke = 4

	// CallRequestWeek is how far back requests are counted, and CallDay how far
	// back connected calls are.
	CallRequestWeek = 7 * 24 * time.Hour
	CallDay         = 24 * time.Hour
)

// maxUnanswered bounds CallRules.Unanswered: stores keep no more. Meta's own
// test accounts have 10.
const maxUnanswered = 10

const (
	// callTold is how far from the placing of a call the first webhook about it
	// may be, where the client told no id to know it by. It is this library's
	// choice: a call rings for a minute or so.
	callTold = 10 * time.Minute
	// callClock is how far a webhook may be before it, since clocks differ.
	callClock = time.Minute
)

// CallRules are the figures that Calls are worked out with. Under the zero
// CallRules a temporary permission has run out at once; [DefaultCallRules] are
// those of the platform.
type CallRules struct {
	Temporary  time.Duration // how long a temporary permission lasts
	Request    time.Duration // how long a request is open
	Unanswered int           // calls in a row not taken that end a permission; at most 10, zero for none
}

// DefaultCallRules are [CallPermissionTemporary], [CallPermissionRequestExpiry]
// and [UnansweredCallsRevoke].
func DefaultCallRules() CallRules {
	return CallRules{Temporary: CallPermissionTemporary, Request: CallPermissionRequestExpiry, Unanswered: UnansweredCallsRevoke}
}

// Calls is what holds at an instant about calling a person from a line: the
// permission, and how much of what the platform allows is used up. What ends
// without news, a permission or a request, is computed. The zero Calls is no
// permission and nothing used.
type Calls struct {
	State     CallState
	Allowed   bool // State allows a call
	Permanent bool // and for good
	// Since is when the customer, or WhatsApp for them, last said yes or no;
	// zero: never.
	Since time.Time
	// Until is the half-open end of what ends by itself: a temporary permission
	// (also after it ran out) or an open request. Zero: nothing does.
	Until time.Time

	// Unanswered is how many calls in a row the customer did not take, since the
	// last one they took and since their last yes. A call whose outcome was
	// never told is none of them.
	Unanswered int
	// Asked are the requests of the last seven days that count, youngest first:
	// a call that connected, whoever placed it, begins the count anew.
	Asked []time.Time
	// Connected are the calls of the business in the last 24 hours that
	// connected, youngest first. A call whose outcome was never told is one of
	// them: it may have.
	Connected []time.Time

	// AskAgain and CallAgain are until when the platform's own word bars a
	// request or a call: it answered that none is left. How long that holds it
	// tells only when it is asked; otherwise 24 hours from the answer are taken,
	// and for requests less where a call connected since. Zero: it said nothing
	// that still counts.
	AskAgain, CallAgain time.Time
}

// CallsAt works out what holds at an instant from the marks of one
// conversation, in any order and with repeats. Of what the customer said about
// calls the youngest counts, and a no counts before a yes of the same instant.
func CallsAt(marks []Mark, at time.Time, r CallRules) Calls {
	var c Calls
	about := false
	for i := range marks {
		about = about || marks[i].Kind.calls() && !marks[i].happened().After(at)
	}
	if !about {
		return c
	}
	h := hear(marks, at)
	c.walk(h.steps, at, r)
	for _, asked := range h.asked {
		if asked.After(at.Add(-CallRequestWeek)) && asked.After(h.talked) {
			c.Asked = append(c.Asked, asked.UTC())
		}
	}
	for _, call := range h.connected {
		if call.After(at.Add(-CallDay)) {
			c.Connected = append(c.Connected, call.UTC())
		}
	}
	youngestFirst := func(a, b time.Time) int { return b.Compare(a) }
	slices.SortFunc(c.Asked, youngestFirst)
	slices.SortFunc(c.Connected, youngestFirst)
	for _, end := range []time.Time{h.requests.until(CallDay, h.talked), h.week.until(CallRequestWeek, h.talked)} {
		if at.Before(end) && end.After(c.AskAgain) {
			c.AskAgain = end.UTC()
		}
	}
	if end := h.calls.until(CallDay, time.Time{}); at.Before(end) {
		c.CallAgain = end.UTC()
	}
	return c
}

// calls reports whether a mark of this kind says something about calls.
func (k Kind) calls() bool {
	return k == Answered || k >= CallsAllowed && k <= CallsRefused || k >= CallsWithdrawn && k <= CallsSpent
}

// step is one event on the way through the table of states.
type step struct {
	at   time.Time
	kind Kind
}

// heard is what marks say about calls, sorted out.
type heard struct {
	steps                 []step      // words, requests, calls taken and not, by time
	asked                 []time.Time // requests
	connected             []time.Time // calls of the business that connected, or may have
	talked                time.Time   // the youngest call that connected, whoever placed it
	requests, week, calls spent
}

// spent is the platform's word that as much was used as may be: from when it
// counts, and when it was said.
type spent struct{ at, said time.Time }

func (s *spent) hear(m *Mark) {
	if when := m.happened(); s.at.IsZero() || when.After(s.at) {
		*s = spent{when, m.Received}
	}
}

// until is the end of it: zero where nothing was said, or where a call connected
// since it was.
func (s *spent) until(long time.Duration, talked time.Time) time.Time {
	if s.at.IsZero() || talked.After(s.said) {
		return time.Time{}
	}
	return s.at.Add(long)
}

// aCall is what is known of one call of the business, at the earliest time it
// was told.
type aCall struct{ placed, rang, answered, missed time.Time }

func hear(marks []Mark, at time.Time) heard {
	var h heard
	undone := map[string]bool{}
	calls := map[string]*aCall{}
	asked := map[string]time.Time{}
	for i := range marks {
		if m := &marks[i]; m.Kind == CallUndone && !m.happened().After(at) {
			undone[m.about()] = true
		}
	}
	for i := range marks {
		m := &marks[i]
		when := m.happened()
		if when.After(at) || !m.Kind.calls() {
			continue
		}
		call := func() *aCall {
			c := calls[m.about()]
			if c == nil {
				c = &aCall{}
				calls[m.about()] = c
			}
			return c
		}
		switch m.Kind {
		case CallsAllowed, CallsAllowedFor, CallsRefused, CallsWithdrawn:
			h.steps = append(h.steps, step{when, m.Kind})
		case CallsAsked:
			if name := m.about(); !undone[name] {
				t := asked[name]
				earliest(&t, when)
				asked[name] = t
			}
		case CallPlaced:
			if !undone[m.about()] {
				earliest(&call().placed, when)
			}
		case CallRang:
			earliest(&call().rang, when)
		case Answered:
			earliest(&call().answered, when)
		case CallMissed:
			earliest(&call().missed, when)
		case CallTaken:
			latest(&h.talked, when)
		case RequestsSpent:
			h.requests.hear(m)
		case WeekSpent:
			h.week.hear(m)
		case CallsSpent:
			h.calls.hear(m)
		}
	}
	for _, t := range asked {
		h.asked = append(h.asked, t)
		h.steps = append(h.steps, step{t, CallsAsked})
	}
	told := toldTwice(calls)
	for name, c := range calls {
		switch {
		case !c.answered.IsZero():
			h.connected = append(h.connected, c.answered)
			h.steps = append(h.steps, step{c.answered, Answered})
			latest(&h.talked, c.answered)
		case !c.missed.IsZero():
			h.steps = append(h.steps, step{c.missed, CallMissed})
		case !told[name]:
			h.connected = append(h.connected, c.first())
		}
	}
	slices.SortFunc(h.steps, func(a, b step) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.kind.rank(), b.kind.rank())) })
	return h
}

// rank orders what happened at one instant: a request before its answer, a yes
// before a no, and a call that was not taken last.
func (k Kind) rank() int {
	if k == CallsAsked {
		return -1
	}
	return int(k)
}

func earliest(t *time.Time, when time.Time) {
	if t.IsZero() || when.Before(*t) {
		*t = when
	}
}

func latest(t *time.Time, when time.Time) {
	if when.After(*t) {
		*t = when
	}
}

// first is when a call is first known of.
func (c *aCall) first() (t time.Time) {
	for _, when := range []time.Time{c.placed, c.rang, c.answered, c.missed} {
		if !when.IsZero() {
			earliest(&t, when)
		}
	}
	return t
}

// toldTwice finds calls that were placed under a name of our own, because the
// client told no id, and that the platform told of under its own: each call it
// told of stands for the one placed nearest before it. The names of the former
// are returned.
func toldTwice(calls map[string]*aCall) map[string]bool {
	type named struct {
		name string
		at   time.Time
	}
	var placed, told []named
	for name, c := range calls {
		switch {
		case c.placed.IsZero():
			told = append(told, named{name, c.first()})
		case c.rang.IsZero() && c.answered.IsZero() && c.missed.IsZero():
			placed = append(placed, named{name, c.placed})
		}
	}
	if len(placed) == 0 || len(told) == 0 {
		return nil
	}
	byTime := func(a, b named) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.name, b.name)) }
	slices.SortFunc(placed, byTime)
	slices.SortFunc(told, byTime)
	same := map[string]bool{}
	for _, t := range told {
		for _, p := range slices.Backward(placed) {
			if since := t.at.Sub(p.at); !same[p.name] && since >= -callClock && since <= callTold {
				same[p.name] = true
				break
			}
		}
	}
	return same
}

// walk goes through the table of states, event by event, with what ends by
// itself in between.
func (c *Calls) walk(steps []step, at time.Time, r CallRules) {
	var until time.Time // of State
	var before Calls    // the last request
	on := func(e CallEvent, when time.Time) {
		to, moves := c.State.On(e)
		if !moves {
			return
		}
		was := *c
		until, c.Until = time.Time{}, time.Time{}
		switch to {
		case CallsTemporary:
			until = when.Add(r.Temporary)
			c.Until = until
		case CallsRequested:
			if was.State != CallsRequested {
				before = was
			}
			until = when.Add(r.Request)
			c.Until = until
		case CallsAsBefore:
			to, c.Until = before.State, before.Until
		case CallsLapsed:
			c.Until = when
		}
		c.State = to
	}
	// the row of calls not taken begins after the last one taken, which also
	// shows that the permission still held, and after the last yes
	var row time.Time
	for _, s := range steps {
		if s.kind == Answered || s.kind == CallsAllowed || s.kind == CallsAllowedFor {
			latest(&row, s.at)
		}
	}
	pass := func(now time.Time) {
		if !until.IsZero() && !now.Before(until) {
			on(CallEventTimeUp, until)
		}
	}
	for _, s := range steps {
		pass(s.at)
		switch s.kind {
		case CallsAsked:
			on(CallEventAsked, s.at)
		case CallsAllowed:
			on(CallEventAllowed, s.at)
			c.Since = s.at
		case CallsAllowedFor:
			on(CallEventAllowedFor, s.at)
			c.Since = s.at
		case CallsRefused:
			on(CallEventDeclined, s.at)
			c.Since = s.at
		case CallsWithdrawn:
			on(CallEventWithdrawn, s.at)
			c.Since = s.at
		case CallMissed:
			if s.at.Before(row) {
				continue
			}
			if c.Unanswered++; r.Unanswered > 0 && c.Unanswered >= r.Unanswered {
				if c.State.Allowed() {
					c.Since = s.at
				}
				on(CallEventUnanswered, s.at)
			}
		}
	}
	pass(at)
	c.Since, c.Until = utc(c.Since), utc(c.Until)
	c.Allowed, c.Permanent = c.State.Allowed(), c.State == CallsPermanent
}

// utc leaves no time zone at a time that is none.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}
