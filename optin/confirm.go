package optin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// A Request is an opt-in that counts once the person has confirmed it (double
// opt-in): by a link, a code, an answer. Until then it is no consent.
type Request struct {
	Grant
	Until time.Time // a confirmation at this instant or later is too late
}

// A Confirm is the act by which a person confirms a request.
type Confirm struct {
	ID       string // optional: without it, made from request, party and time
	Request  string // the ID of the request
	Party    party.Party
	At       time.Time // zero: when it was received
	Received time.Time // zero: now
	Line     party.Line
	Actor    string
}

// What a confirmation can meet. Nothing is recorded then.
var (
	ErrNoRequest = errors.New("optin: no such request is on record for this person")
	ErrLapsed    = errors.New("optin: the request has expired, or the person stopped since; ask again")
)

// Pending is a request that waits for its confirmation.
type Pending struct {
	Event     string // the request's id
	At, Until time.Time
	Purposes  []Purpose // none: general
	Evidence  *Evidence // not to be changed
}

// Request records an opt-in that waits for its confirmation. It is checked as
// [Ledger.Grant] checks a grant.
func (l *Ledger) Request(ctx context.Context, r Request) error {
	return l.agree(ctx, Requested, r.Grant, r.Until)
}

// Confirm records that the person confirmed a request. It counts from At, under
// the handles that the request and the confirmation both name. A request that
// is not there is [ErrNoRequest]; one that has expired, or that the person
// stopped since, is [ErrLapsed]. Confirming again is no error.
func (l *Ledger) Confirm(ctx context.Context, c Confirm) error {
	at, received := l.stamp(c.At, c.Received)
	var ps problems
	ps.key("id", c.ID)
	if c.Request == "" {
		ps.add("request", "is missing")
	}
	ps.key("request", c.Request)
	ps.party(c.Party)
	ps.times(at, received)
	ps.line(c.Line)
	ps.key("actor", c.Actor)
	if err := ps.err(c.ID); err != nil {
		return err
	}
	e := Event{ID: c.ID, Kind: Confirmed, Handles: c.Party.Handles(), At: at, Received: received, Line: c.Line, Actor: c.Actor, Ref: c.Request}
	if e.ID == "" {
		d := newDigest(e.Ref, whole(at).Format(time.RFC3339Nano))
		for _, h := range e.Handles {
			d.add(h.Scheme, h.Value)
		}
		e.ID = "confirm-" + d.String()
	}
	e.tidy()
	h, err := l.history(ctx, e.Handles)
	if err != nil {
		return err
	}
	asked := false
	for i := range h.Events {
		if o := &h.Events[i]; o.Kind == Requested && o.ID == c.Request {
			asked = true
		} else if o.ID == e.ID && o.Kind == Confirmed && o.Ref == e.Ref {
			return nil
		}
	}
	if !asked {
		return ErrNoRequest
	}
	// What the events would come to decides, so that no second rule can differ.
	s := StandingAt(History{Events: append(h.Events, e)}, e.At, e.Handles...)
	for i := range s.of.events {
		if o := &s.of.events[i]; o.ID == e.ID && o.Evidence == nil {
			return ErrLapsed
		}
	}
	if err := l.mayGrant(ctx, &e, h); err != nil {
		return err
	}
	_, err = l.commit(ctx, []Event{e})
	return err
}

// confirmed gives confirmations what their requests asked for. One that comes
// too late, of no request, or after a stop or an end of what was asked, is left
// with nothing, and counts for nothing. Events are in force order and are not
// changed.
func confirmed(events []Event) []Event {
	if !slices.ContainsFunc(events, func(e Event) bool { return e.Kind == Confirmed }) {
		return events
	}
	events = slices.Clone(events)
	for i := range events {
		c := &events[i]
		if c.Kind != Confirmed {
			continue
		}
		c.Purposes, c.Evidence = nil, nil
		j := slices.IndexFunc(events[:i], func(e Event) bool { return e.Kind == Requested && e.ID == c.Ref })
		if j < 0 || !c.At.Before(events[j].Until) {
			continue
		}
		var hs []party.Handle
		for _, h := range c.Handles {
			if slices.Contains(events[j].Handles, h) && !withdrawn(&events[j], h, events[j+1:i]) {
				hs = append(hs, h)
			}
		}
		if len(hs) > 0 {
			c.Handles, c.Purposes, c.Evidence = hs, events[j].Purposes, events[j].Evidence
		}
	}
	return events
}

// withdrawn reports whether something was said under a handle since a request
// that ends what it asks for.
func withdrawn(request *Event, h party.Handle, since []Event) bool {
	for i := range since {
		e := &since[i]
		if e.Kind != Revoked && e.Kind != Ended && e.Kind != Erased || !slices.Contains(e.Handles, h) {
			continue
		}
		if len(e.Purposes) == 0 || slices.ContainsFunc(e.Purposes, request.covers) {
			return true
		}
	}
	return false
}

// Pending returns the newest request for a purpose that waits for its
// confirmation: not confirmed, not expired, and with no stop said since. It is
// no consent.
func (s Standing) Pending(p Purpose) (open Pending, ok bool) {
	if s.of == nil {
		return Pending{}, false
	}
	r := s.of
	for i := len(r.events) - 1; i >= 0; i-- {
		e := &r.events[i]
		if e.Kind != Requested || !e.covers(p) || !r.at.Before(e.Until) {
			continue
		}
		for _, h := range r.handles {
			if slices.Contains(e.Handles, h) && !withdrawn(e, h, r.events[i+1:]) && !answered(e.ID, h, r.events[i+1:]) {
				return Pending{Event: e.ID, At: e.At, Until: e.Until, Purposes: e.Purposes, Evidence: e.Evidence}, true
			}
		}
	}
	return Pending{}, false
}

// answered reports whether a request was confirmed under a handle.
func answered(request string, h party.Handle, since []Event) bool {
	for i := range since {
		if e := &since[i]; e.Kind == Confirmed && e.Ref == request && e.Evidence != nil && slices.Contains(e.Handles, h) {
			return true
		}
	}
	return false
}

// history reads what is on record under handles, those of erased people
// included.
func (l *Ledger) history(ctx context.Context, hs []party.Handle) (History, error) {
	h, err := l.store.Events(ctx, hs)
	if err != nil {
		return History{}, fmt.Errorf("optin: looking up consent: %w", err)
	}
	if h.Erased {
		return l.withErased(ctx, h, hs)
	}
	return h, nil
}
