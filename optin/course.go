package optin

import (
	"cmp"
	"slices"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// classes are the purposes every Standing has its answers ready for. The first
// is messages as a whole.
var classes = [...]Purpose{"", Marketing, Utility, Authentication, Calls}

const (
	classMessages  = 0
	classMarketing = 1
	classCalls     = 4
)

func classOf(p Purpose) int {
	switch p {
	case "":
		return classMessages
	case Marketing:
		return classMarketing
	case Utility:
		return 2
	case Authentication:
		return 3
	case Calls:
		return classCalls
	}
	return -1
}

// inForce orders events as they take effect: by time, and within one instant
// what allows before what stops, so that a stop wins a tie.
func inForce(a, b *Event) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(a.ID, b.ID))
}

// settled reports whether events are in force order already, each once.
func settled(events []Event) bool {
	for i := 1; i < len(events); i++ {
		if inForce(&events[i-1], &events[i]) >= 0 {
			return false
		}
	}
	return true
}

func rank(k Kind) int {
	switch k {
	case Requested:
		return 0
	case Granted, Confirmed, Restarted, PlatformResumed:
		return 1
	case Ended:
		return 2
	}
	return 3
}

// A course is how the events of one handle went for one purpose. Places are
// indices into the events plus one, so that zero is none.
//
// Stops lie in three layers. START undoes the two upper ones and leaves the
// base: it brings back what was there before the person's own stop, and what
// was stopped already by then stays stopped.
type course struct {
	base  int32 // stopped already before the full stop now in force, or erased
	named int32 // newest stop that names the purpose, after any full one
	full  int32 // newest stop of everything
	run   bool  // full stops since the last affirmative act are one stop, repeated

	grant  int32 // newest active grant that covers the purpose
	other  int32 // newest active grant for other purposes
	lapsed int32 // newest grant that would cover the purpose and has expired
}

// stop is the newest stop in force, in any layer.
func (c *course) stop() int32 { return max(c.base, c.named, c.full) }

// step applies event i, which is about the course's purpose if covers. A grant
// comes here only if it is an opt-in; active tells whether it has not expired.
func (c *course) step(events []Event, i int32, covers, active, calls bool) {
	e := &events[i-1]
	switch e.Kind {
	case Granted, Confirmed:
		switch {
		case !active:
			if covers {
				c.lapsed = i
			}
		case covers:
			c.base, c.named, c.full, c.run, c.grant = 0, 0, 0, false, i
		default:
			c.run = false
			if calls || !slices.Equal(e.Purposes, onlyCalls) {
				c.other = i
			}
		}
	case Ended:
		if c.other != 0 && !leaves(e, &events[c.other-1], calls) {
			c.other = 0
		}
		if covers {
			if c.grant != 0 && leaves(e, &events[c.grant-1], calls) {
				c.other = max(c.other, c.grant)
			}
			c.grant, c.lapsed = 0, 0
		}
	case Revoked:
		switch {
		case len(e.Purposes) == 0:
			if c.named != 0 {
				c.base = max(c.base, c.named)
			} else if !c.run {
				c.base = max(c.base, c.full)
			}
			c.named, c.full, c.run = 0, i, true
		case covers:
			c.named = i
		}
	case Restarted:
		if covers {
			c.named, c.full = 0, 0
		}
		c.run = false
	case Erased: // nothing is left to go back to, so only an agreement lifts it
		*c = course{base: i}
	}
}

var onlyCalls = []Purpose{Calls}

// leaves reports whether an Ended event leaves something of a grant: for
// messages a purpose that is not calls.
func leaves(end, grant *Event, calls bool) bool {
	if len(end.Purposes) == 0 {
		return false
	}
	for _, p := range grant.Purposes {
		if !end.covers(p) && (calls || p != Calls) {
			return true
		}
	}
	return len(grant.Purposes) == 0
}

// A strand is what one handle's events say.
type strand struct {
	courses   [len(classes)]course
	held      int32 // marketing is suppressed by this event
	platform  int32 // newest use of the platform's own switch
	noOptIn   int32 // newest grant that is no opt-in
	speaks    bool  // there was an opt-in or an end of one
	restarted bool  // the person's last own word was START
}

// classesOf is the set of classes an event is about, as bits.
func (e *Event) classesOf() (set uint8) {
	if len(e.Purposes) == 0 {
		set = 1<<len(classes) - 1
		if e.Kind.agrees() {
			set &^= 1 << classCalls
		}
		return set
	}
	for _, p := range e.Purposes {
		if k := classOf(p); k > 0 {
			set |= 1 << k
		}
	}
	return set
}

// follow walks events in the order they took effect, one strand for each
// handle. With a topic, the first course is the topic's and the others are not
// run.
func follow(strands []strand, events []Event, handles []party.Handle, at time.Time, topic Purpose) {
	for n := range events {
		e, i := &events[n], int32(n+1)
		optIn := e.optIn()
		active := optIn && (e.Evidence.Expires == nil || at.Before(*e.Evidence.Expires))
		set, count := uint8(0), len(classes)
		if topic == "" {
			set = e.classesOf()
		} else if count = 1; e.covers(topic) {
			set = 1
		}
		for k, h := range handles {
			if !slices.Contains(e.Handles, h) {
				continue
			}
			s := &strands[k]
			switch e.Kind {
			case Requested:
				continue
			case Granted, Confirmed:
				if !optIn {
					if e.Evidence != nil {
						s.noOptIn = i
					}
					continue
				}
				s.speaks = true
				if active {
					s.restarted = false
					if s.held != 0 && e.covers(Marketing) {
						s.held = 0
					}
				}
			case Ended:
				s.speaks = true
			case Erased:
				s.speaks, s.restarted = true, false
			case Revoked:
				s.restarted = false
			case Restarted:
				s.restarted = true
				if s.held != 0 && e.covers(Marketing) {
					s.held = 0
				}
			case Suppressed:
				s.held = i
				continue
			case PlatformStopped, PlatformResumed:
				s.platform = i
				continue
			}
			for c := range count {
				s.courses[c].step(events, i, set>>c&1 != 0, active, topic == "" && c == classCalls)
			}
		}
	}
}

// An answer is the strictest of the courses of several handles.
type answer struct {
	stop   int32 // newest stop in force under any handle
	level  Level
	grant  int32 // the grant the level rests on
	lapsed int32
	spoken bool
}

// merge takes one handle's course in: a stop anywhere is a stop, and of two
// agreements the lesser counts. A handle under which nobody ever agreed or was
// ended says nothing about agreement.
func (a *answer) merge(c *course, speaks bool, events []Event) {
	a.stop = max(a.stop, c.stop())
	if !speaks {
		return
	}
	level, grant := NoConsent, int32(0)
	switch {
	case c.grant != 0:
		level, grant = Named, c.grant
		if len(events[c.grant-1].Purposes) == 0 {
			level = General
		}
	case c.other != 0:
		level, grant = OtherPurposes, c.other
	}
	a.lapsed = max(a.lapsed, c.lapsed)
	switch {
	case !a.spoken || level < a.level:
		a.level, a.grant = level, grant
	case level == a.level:
		a.grant = max(a.grant, grant)
	}
	a.spoken = true
}
