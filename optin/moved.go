package optin

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// maxReach bounds how many handles something said is widened to. People go by a
// few; a store that keeps an event whole under each of its handles pays with the
// square.
const maxReach = 100

// reach returns the handles something said at an instant counts under: all
// that links know, and for what was said before a person moved on, those they
// moved to. Of somebody whom links know under more than maxReach handles, what
// was said stands under those it was said under: it is neither lost nor written
// a thousand times, and under any other handle it is found all the same, because
// reading is widened without a bound.
func (l *Ledger) reach(ctx context.Context, hs []party.Handle, at time.Time) ([]party.Handle, error) {
	hs = slices.Clone(hs)
	if l.links == nil {
		return hs, nil
	}
	for {
		before := len(hs)
		known, err := l.links.Known(ctx, hs)
		if err != nil {
			return nil, fmt.Errorf("optin: looking up links: %w", err)
		}
		add := func(h party.Handle) {
			if !slices.Contains(hs, h) {
				hs = append(hs, h)
			}
		}
		if len(known.Handles) <= maxReach {
			for _, h := range known.Handles {
				add(h)
			}
		}
		for _, m := range known.Moves {
			if !m.Parts() && !at.After(m.At) && slices.Contains(hs, m.From) {
				add(m.To)
			}
		}
		if len(hs) == before {
			return hs, nil
		}
	}
}

// Moved records that a person went from one number or id to another. The
// stops that stand under the old handle at that instant are written under the
// new one, with the time they were said; agreements to the old handle end, and
// with [CarryGrants] those that were active go along.
//
// With links, Moved records the move there too, and callers should leave that
// to it: the move cuts the old handle's links, and what was said under them has
// to be read before. A stop that is being written at the same time, or arrives
// late and is dated before the move, reaches the new handle as well.
//
// A move without a new end ([party.Move.Parts]) says that the person left the
// handle for nobody knows what: a number that went to somebody else, or two
// people who were taken for one. What stands under the person's other handles
// stays, and the stops that stood under any of them stand under each of them and
// under the handle.
//
// Repeats of a move are harmless; after an error, say it again.
func (l *Ledger) Moved(ctx context.Context, m party.Move) error {
	var ps problems
	if m.ID == "" {
		ps.add("id", "is missing")
	}
	ps.key("id", m.ID)
	ps.handle("from", m.From)
	switch {
	case m.Parts():
	case m.From.Scheme != m.To.Scheme:
		ps.handle("to", m.To)
		ps.add("to", "is of another scheme than from")
	default:
		ps.handle("to", m.To)
		if m.From == m.To {
			ps.add("to", "is the same as from")
		}
	}
	at, received := l.stamp(m.At, time.Time{})
	if received.IsZero() {
		received = at
	}
	ps.times(at, received)
	if err := ps.err(m.ID); err != nil {
		return err
	}
	m.At = at

	// The move cuts the old handle's links. What was said under any of them is
	// read before, or it could not be found any more.
	old := []party.Handle{m.From}
	if l.links != nil {
		known, err := l.links.Known(ctx, old)
		if err != nil {
			return fmt.Errorf("optin: looking up links: %w", err)
		}
		old = unique(append(old, known.Handles...))
		if err := l.follow(ctx, m, received, old); err != nil {
			return err
		}
		if err := l.links.Move(ctx, m); err != nil {
			return fmt.Errorf("optin: recording the move: %w", err)
		}
	}
	// From here on a stop that is being written finds the move by itself. One
	// written before it could is found now.
	return l.follow(ctx, m, received, old)
}

// follow writes what goes along with a move.
func (l *Ledger) follow(ctx context.Context, m party.Move, received time.Time, old []party.Handle) error {
	h, err := l.history(ctx, old)
	if err != nil {
		return err
	}
	to, grants := []party.Handle{m.To}, l.carry
	if m.Parts() {
		to, grants = without(old, []party.Handle{m.From}), false
	}
	events := carried(h, m.At, old, grants)
	events = slices.DeleteFunc(events, func(e Event) bool { return len(without(to, e.Handles)) == 0 })
	for i := range events {
		e := &events[i]
		if e.Ref == "" {
			e.Ref = e.ID
		}
		e.ID = "moved-" + newDigest(m.ID, e.ID, m.To.Scheme, m.To.Value).String()
		e.Handles = to
		e.Received = received
	}
	events = append(events, Event{
		ID: "ended-" + newDigest(m.ID, m.From.Scheme, m.From.Value).String(), Kind: Ended,
		Handles: []party.Handle{m.From}, At: m.At, Received: received, Ref: m.ID,
	})
	_, err = l.commit(ctx, events)
	return err
}

// carried returns the stops that stand at an instant under any of the handles,
// and with grants the agreements that are active. A stop of everything of
// which only calls are left is narrowed to calls.
func carried(h History, at time.Time, handles []party.Handle, grants bool) []Event {
	s := StandingAt(h, at, handles...)
	if s.of == nil {
		return nil
	}
	events := s.of.events
	const whole, calls = 1, 2 // how much of an event goes along
	part := make([]uint8, len(events)+1)
	keep := func(c *course, bits uint8) {
		part[c.base], part[c.named], part[c.full] = part[c.base]|bits, part[c.named]|bits, part[c.full]|bits
		if grants {
			part[c.grant] |= whole
		}
	}
	strands := make([]strand, len(handles))
	follow(strands, events, handles, at, "")
	for i := range strands {
		s := &strands[i]
		part[s.held] |= whole
		if s.platform != 0 && events[s.platform-1].Kind == PlatformStopped {
			part[s.platform] |= whole
		}
		for k := range s.courses {
			bits := uint8(whole)
			if k == classCalls {
				bits = calls
			}
			keep(&s.courses[k], bits)
		}
	}
	for _, topic := range topics(events) {
		clear(strands)
		follow(strands, events, handles, at, topic)
		for i := range strands {
			keep(&strands[i].courses[0], whole)
		}
	}
	var out []Event
	for i, p := range part {
		if i == 0 || p == 0 {
			continue
		}
		e := events[i-1]
		if e.Kind == Confirmed { // its request stays behind
			e.Kind, e.Until = Granted, time.Time{}
		}
		if e.Kind == Revoked && p == calls && len(e.Purposes) == 0 {
			e.Purposes = []Purpose{Calls}
		}
		out = append(out, e)
	}
	return out
}

// topics lists the purposes of an app's own that events name.
func topics(events []Event) (list []Purpose) {
	for i := range events {
		for _, p := range events[i].Purposes {
			if classOf(p) < 0 && !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	return list
}
