package pace

import "time"

// A State is what a store keeps that bears on one message: the tab of the person,
// and a tally of everybody where one was asked for.
type State struct {
	Tab   Tab
	Tally Tally
}

// Room says from when on there is room for a message, by what would use it up;
// zero times are now.
type Room struct{ Pair, Cap, Reach time.Time }

// Enough reports whether there is room now.
func (r Room) Enough() bool { return r == Room{} }

// An Act changes a State: one of *[Spend], [Settled], [Back], [Pushed] and
// [Refused]. A store applies it with [State.Apply] to what it has, and keeps the
// outcome, with nobody in between.
type Act interface {
	apply(s *State, at int64) (Room, bool)
}

// Apply does what an act says at an instant. It reports whether the state is
// another one now; where it is not, nothing was touched and nothing need be
// written.
func (s *State) Apply(at time.Time, a Act) (room Room, changed bool) {
	return a.apply(s, micro(at))
}

// A Spend is what one message uses up. Applied, it is spent as a whole, or, where
// there is no room for all of it, not at all.
type Spend struct {
	// Name tells the message from others. What has been spent under a name within
	// [NameLife] is not spent again.
	Name   string
	Number string // phone_number_id it goes out from

	Pair      Rate
	Marketing bool
	Caps      []Cap // of the person's marketing; looked at when Marketing is set
	People    int   // limit of people a day; 0: the person is not counted
	// Keep is how long the message is remembered at least: as long as it can be
	// under way, or as it can be repeated under its name.
	Keep time.Duration
	// Forced spends where there is no room, too: the message leaves all the same.
	Forced bool
}

// Room says when there is room for a message. It spends nothing.
func (s *State) Room(at time.Time, w *Spend) Room { return s.room(micro(at), w) }

func (s *State) room(at int64, w *Spend) (r Room) {
	if s.Tab.find(w.Name, at) >= 0 {
		return r // already spent
	}
	if !w.Pair.none() {
		if opens := w.Pair.opens(s.Tab.due(w.Number, w.Pair)); opens > at {
			r.Pair = instant(opens)
		}
	}
	if w.Marketing {
		for _, c := range w.Caps {
			if opens := s.Tab.capped(at, c); opens > at && opens > micro(r.Cap) {
				r.Cap = instant(opens)
			}
		}
	}
	if w.People > 0 && s.Tab.slot(s.Tally.Name) < firstSlot(at) {
		if opens := s.Tally.opens(at, w.People); opens > at {
			r.Reach = instant(opens)
		}
	}
	return r
}

// capped is when one more marketing message is within a cap: the oldest of the
// last so many has to be out of the period.
func (t *Tab) capped(at int64, c Cap) int64 {
	if c.Messages <= 0 || c.Period <= 0 {
		return 0
	}
	left := c.Messages
	for i := len(t.Spent) - 1; i >= 0; i-- {
		s := &t.Spent[i]
		if !s.Marketing {
			continue
		}
		if left--; left == 0 {
			return s.At + c.Period.Microseconds()
		}
	}
	return 0
}

func (w *Spend) apply(s *State, at int64) (Room, bool) {
	if i := s.Tab.find(w.Name, at); i >= 0 {
		s.Tab.Spent[i].Holds++
		return Room{}, true
	}
	room := s.room(at, w)
	if !room.Enough() && !w.Forced {
		return room, false
	}
	one := Spent{Name: w.Name, Number: w.Number, At: at, Marketing: w.Marketing, Holds: 1}
	if !w.Pair.none() {
		one.Pair = w.Pair.Interval.Microseconds()
	}
	keep := max(w.Keep, pairLife)
	if w.Marketing {
		for _, c := range w.Caps {
			keep = max(keep, c.Period)
		}
	}
	if w.People > 0 {
		one.Slot, one.Tally = slotOf(at), s.Tally.Name
		keep = max(keep, Day+slotLength)
		s.Tally.move(s.counted(at), max(one.Slot, s.Tab.slot(s.Tally.Name)), at)
	}
	one.Until = at + keep.Microseconds()
	s.Tab.trim(at)
	s.Tab.Spent = append(s.Tab.Spent, one)
	for i := len(s.Tab.Spent) - 1; i > 0 && s.Tab.Spent[i-1].At > at; i-- { // another process's clock is ahead
		s.Tab.Spent[i], s.Tab.Spent[i-1] = s.Tab.Spent[i-1], s.Tab.Spent[i]
	}
	return Room{}, true
}

// counted is the slot the tally still has the person in.
func (s *State) counted(at int64) int64 {
	if slot := s.Tab.slot(s.Tally.Name); slot >= firstSlot(at) {
		return slot
	}
	return 0
}

// Settled says that a message was handed to the platform, which calls it Ref;
// empty where that was not told.
type Settled struct{ Name, Ref string }

func (a Settled) apply(s *State, at int64) (Room, bool) {
	i := s.Tab.find(a.Name, at)
	if i < 0 {
		return Room{}, false
	}
	one := &s.Tab.Spent[i]
	one.Holds, one.Kept = max(0, one.Holds-1), true
	if a.Ref != "" {
		one.Ref = a.Ref
	}
	return Room{}, true
}

// Back gives back what a message spent that did not leave after all, or, with
// Failed, one that the platform says it did not deliver. Of a name that several
// flights spent under, the last to give back does. It is found by what the platform
// calls it, or by its name.
type Back struct {
	Name, Ref string
	Failed    bool
}

// of returns where the message is that is given back, or -1: by what the platform
// calls it before its name, which an older one may have too.
func (t *Tab) of(a Back) int {
	i := -1
	for k := range t.Spent {
		switch one := &t.Spent[k]; {
		case a.Ref != "" && one.Ref == a.Ref:
			return k
		case a.Name != "" && one.Name == a.Name:
			i = k
		}
	}
	return i
}

func (a Back) apply(s *State, at int64) (Room, bool) {
	i := s.Tab.of(a)
	if i < 0 {
		return Room{}, false
	}
	one := &s.Tab.Spent[i]
	told := a.Failed && (one.Ref == "" || one.Ref == a.Ref)
	switch {
	case told && one.Kept && one.Holds > 0: // repeats are under way
		one.Kept = false
		return Room{}, true
	case one.Holds > 1, !told && one.Kept && one.Holds > 0:
		one.Holds--
		return Room{}, true
	case !told && one.Kept:
		return Room{}, false
	}
	before := s.counted(at)
	s.Tab.Spent = append(s.Tab.Spent[:i], s.Tab.Spent[i+1:]...)
	s.Tally.move(before, s.counted(at), at)
	s.Tab.trim(at)
	return Room{}, true
}

// Pushed says that the platform answered that a number wrote to the person too
// fast (131056). Repeats of an id change nothing.
type Pushed struct{ ID, Number string }

func (a Pushed) apply(s *State, at int64) (Room, bool) {
	return s.noted(&s.Tab.Pushed, Note{ID: a.ID, Number: a.Number, At: at}, usualPush)
}

// Refused says that the platform held a marketing message to the person back
// (131049). Repeats of an id change nothing.
type Refused struct {
	ID string
	// Keep is how long it is remembered at least: as long as it can hold a message
	// back, or make the wait after another refusal longer. It is never less than
	// two weeks.
	Keep time.Duration
}

func (a Refused) apply(s *State, at int64) (Room, bool) {
	return s.noted(&s.Tab.Refused, Note{ID: a.ID, At: at, Until: at + max(a.Keep, refusedLife).Microseconds()}, usualRest)
}

func (s *State) noted(list *[]Note, n Note, usual Backoff) (Room, bool) {
	if hasNote(*list, n.ID) {
		return Room{}, false
	}
	s.Tab.trim(n.At)
	*list = noted(*list, n, usual)
	return Room{}, true
}
