package optin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// A Grant is one act by which a person opted in.
type Grant struct {
	ID       string // makes it idempotent: the same id again changes nothing
	Party    party.Party
	Purposes []Purpose // none: a general opt-in to messages, not to calls
	At       time.Time // when the person agreed; zero: when it was received
	Received time.Time // when we learned of it; zero: now
	Evidence Evidence  // Source is needed
	Line     party.Line
	Actor    string // who or what recorded it
}

// A Revoke is one act by which a person stopped. An ID that comes again with
// another time, further purposes or another line is another act.
type Revoke struct {
	ID       string // optional: without it, made from party, time, channel and purposes
	Party    party.Party
	Purposes []Purpose // none: everything
	At       time.Time // zero: when it was received
	Received time.Time // zero: now
	Channel  Channel   // empty: Other
	Line     party.Line
	Actor    string
	Ref      string // wamid or other key of what caused it
}

// Stopped is what a stop achieved.
type Stopped struct {
	Added    bool     // false: it was on record already
	InFlight []Flight // sends that were entered before it and are still under way
}

// A Ledger records what people agree to and stop, and says what holds. It
// gives a [Store] its meaning. It is safe for concurrent use.
type Ledger struct {
	store Store
	links party.Links
	now   func() time.Time
	actor string
	carry bool

	beside []beside // further stores that Erase reaches

	key       []byte
	authorise func(context.Context, Action) error
}

// A LedgerOption changes how a Ledger works.
type LedgerOption func(*Ledger)

// WithLinks lets the Ledger know a person under all their handles. What is
// read, and every stop that is written, is widened to them. Without links only
// the handles the caller names count.
func WithLinks(l party.Links) LedgerOption { return func(g *Ledger) { g.links = l } }

// WithNow gives the Ledger a clock for when something was received, if the
// caller does not say. Without it, a record without times is refused.
func WithNow(now func() time.Time) LedgerOption { return func(g *Ledger) { g.now = now } }

// WithActor names who recorded what comes without an Actor.
func WithActor(actor string) LedgerOption { return func(g *Ledger) { g.actor = actor } }

// CarryGrants lets agreements follow a person who changes their number. By
// default only stops do, and the person is asked again.
func CarryGrants() LedgerOption { return func(g *Ledger) { g.carry = true } }

// NewLedger returns a Ledger over a store.
func NewLedger(store Store, opts ...LedgerOption) *Ledger {
	l := &Ledger{store: store}
	for _, o := range opts {
		o(l)
	}
	return l
}

// Grant records an opt-in under the handles the caller names, and no others:
// an agreement is not widened to what links guess. A record whose source is no
// opt-in is kept as well, and reported by [Standing.Consent]. What is wrong
// with a record is told all at once, as a *[RecordError].
func (l *Ledger) Grant(ctx context.Context, g Grant) error {
	return l.agree(ctx, Granted, g, time.Time{})
}

// agree records a grant, or one that is requested.
func (l *Ledger) agree(ctx context.Context, kind Kind, g Grant, until time.Time) error {
	at, received := l.stamp(g.At, g.Received)
	var ps problems
	ps.grant(&g, at, received)
	if kind == Requested {
		ps.until(until, at)
	}
	if err := ps.err(g.ID); err != nil {
		return err
	}
	e := Event{ID: g.ID, Kind: kind, Handles: g.Party.Handles(), Purposes: g.Purposes, At: at, Received: received,
		Line: g.Line, Evidence: &g.Evidence, Actor: g.Actor, Until: until}
	if kind == Granted {
		if err := l.mayRegrant(ctx, &e); err != nil {
			return err
		}
	}
	_, err := l.commit(ctx, []Event{e})
	return err
}

// mayRegrant looks up whether an agreement lifts a stop, and asks whether that
// is allowed.
func (l *Ledger) mayRegrant(ctx context.Context, e *Event) error {
	if l.authorise == nil {
		return nil
	}
	h, err := l.history(ctx, e.Handles)
	if err != nil {
		return err
	}
	return l.mayGrant(ctx, e, h)
}

// Revoke records a stop under every handle of the person, known contact or
// not. When it returns without an error, no message to them can be entered any
// more on what was known before, and those entered before are in the answer.
// After an error the stop may be on record or not, in part of its handles: say
// it again, with the same ID or time.
func (l *Ledger) Revoke(ctx context.Context, r Revoke) (Stopped, error) {
	at, received := l.stamp(r.At, r.Received)
	if r.Channel == "" {
		r.Channel = Other
	}
	var ps problems
	ps.key("id", r.ID)
	ps.party(r.Party)
	ps.purposes(r.Purposes)
	ps.times(at, received)
	if !r.Channel.known() {
		ps.add("channel", "is unknown")
	}
	ps.line(r.Line)
	ps.key("actor", r.Actor)
	ps.key("ref", r.Ref)
	if err := ps.err(r.ID); err != nil {
		return Stopped{}, err
	}
	e := Event{ID: r.ID, Kind: Revoked, Handles: r.Party.Handles(), Purposes: r.Purposes, At: at, Received: received,
		Channel: r.Channel, Line: r.Line, Actor: r.Actor, Ref: r.Ref}
	if e.ID == "" {
		e.ID = idOf(&e)
	}
	done, err := l.commit(ctx, []Event{e})
	return Stopped{Added: done.Added > 0, InFlight: done.Flights}, err
}

// Record stores events that were composed elsewhere, all or none. Those that
// are no grant and no end of one are widened to every handle of the person:
// what is said in a conversation is said by the person, whatever name the
// platform gave them in it. A stop is told from another of the same ID as a
// [Revoke] is. What is wrong with an event is a *[RecordError].
func (l *Ledger) Record(ctx context.Context, events ...Event) (Appended, error) {
	events = slices.Clone(events)
	for i := range events {
		e := &events[i]
		e.At, e.Received = l.stamp(e.At, e.Received)
		if err := e.check(); err != nil {
			return Appended{}, err
		}
		if e.Kind == Granted || e.Kind == Confirmed {
			if err := l.mayRegrant(ctx, e); err != nil {
				return Appended{}, err
			}
		}
	}
	return l.commit(ctx, events)
}

// Standing says what holds for a person at an instant, under every handle
// known for them. An error means it could not be found out, never that there
// is nothing.
func (l *Ledger) Standing(ctx context.Context, who party.Party, at time.Time) (Standing, error) {
	var ps problems
	if ps.party(who); len(ps) > 0 {
		return Standing{}, ps.err("")
	}
	handles, h, err := l.everywhere(ctx, who.Append(make([]party.Handle, 0, 4)))
	if err != nil {
		return Standing{}, err
	}
	return StandingAt(h, at, handles...), nil
}

// everywhere adds the handles that links know, and finds what is on record
// under all of them: in one step, where the store keeps the links too.
func (l *Ledger) everywhere(ctx context.Context, handles []party.Handle) ([]party.Handle, History, error) {
	if j, ok := l.store.(Joiner); ok && l.links != nil {
		all, h, err := j.Joined(ctx, l.links, handles)
		switch {
		case err == nil && h.Erased:
			h, err = l.withErased(ctx, h, all)
			return all, h, err
		case err == nil:
			return all, h, nil
		case !errors.Is(err, errors.ErrUnsupported):
			return nil, History{}, fmt.Errorf("optin: looking up consent: %w", err)
		}
	}
	if l.links != nil {
		known, err := l.links.Known(ctx, handles)
		if err != nil {
			return nil, History{}, fmt.Errorf("optin: looking up links: %w", err)
		}
		for _, h := range known.Handles {
			if !slices.Contains(handles, h) {
				handles = append(handles, h)
			}
		}
	}
	h, err := l.history(ctx, handles)
	return handles, h, err
}

// Enter notes a message that is about to leave. It fails with [ErrMoved] when
// the person's consent is no longer what the Standing it rests on has seen:
// look up again and judge again.
func (l *Ledger) Enter(ctx context.Context, f Flight) error {
	var ps problems
	if f.ID == "" {
		ps.add("id", "is missing")
	}
	ps.key("id", f.ID)
	if len(f.Handles) == 0 {
		ps.add("handles", "name nobody")
	}
	if f.Entered.IsZero() {
		ps.add("entered", "is missing")
	} else if !f.Expires.After(f.Entered) {
		ps.add("expires", "is not after entered")
	}
	if err := ps.err(f.ID); err != nil {
		return err
	}
	if f.Version == NoEntry {
		return ErrMoved
	}
	return l.store.Enter(ctx, f)
}

// Leave notes that the outcome of a message is known. A flight that is not
// there is no error.
func (l *Ledger) Leave(ctx context.Context, id string) error { return l.store.Leave(ctx, id) }

// stamp fills in times the caller left out.
func (l *Ledger) stamp(at, received time.Time) (time.Time, time.Time) {
	if received.IsZero() && l.now != nil {
		received = l.now()
	}
	if at.IsZero() {
		at = received
	}
	return at, received
}

// errUnsettled means that what is known of a person kept changing while a stop
// was being written.
var errUnsettled = errors.New("optin: the person's handles kept changing while a stop was recorded")

// commit stores checked events. A stop is then looked for again under every
// handle of the person: one that was linked, or moved to, while it was being
// written is added, and an id that turned out to be taken by another event does
// not lose it.
func (l *Ledger) commit(ctx context.Context, events []Event) (Appended, error) {
	given := make([][]party.Handle, len(events))
	for i := range events {
		e := &events[i]
		e.Actor = l.actorOf(ctx, e.Actor)
		e.tidy()
		given[i] = e.Handles
		if widens(e.Kind) {
			hs, err := l.reach(ctx, e.Handles, e.At)
			if err != nil {
				return Appended{}, err
			}
			e.Handles = hs
		}
	}
	done, err := l.store.Append(ctx, events...)
	if err != nil {
		return Appended{}, fmt.Errorf("optin: recording: %w", err)
	}
	fresh := done.Added == len(events)
	for i := range events {
		e := &events[i]
		if !widens(e.Kind) && !fresh {
			if err := l.confirm(ctx, e); err != nil {
				return done, err
			}
		}
		if widens(e.Kind) && (l.links != nil || !fresh) {
			if err := l.complete(ctx, e, given[i], fresh, &done); err != nil {
				return done, err
			}
		}
	}
	return done, nil
}

// widens reports whether an event counts under every handle of the person.
func widens(k Kind) bool { return !k.agrees() && k != Ended }

// confirm makes sure that a grant, or an end of grants, whose id was on record
// already is that one, and not somebody else's.
func (l *Ledger) confirm(ctx context.Context, e *Event) error {
	h, err := l.store.Events(ctx, e.Handles)
	if err != nil {
		return fmt.Errorf("optin: recording: %w", err)
	}
	for i := range h.Events {
		if h.Events[i].ID == e.ID && h.Events[i].Kind == e.Kind {
			return nil
		}
	}
	return &RecordError{ID: e.ID, Problems: []Problem{{"id", "is that of another event already"}}}
}

// complete makes sure that an event stands under every handle of the person.
func (l *Ledger) complete(ctx context.Context, e *Event, given []party.Handle, fresh bool, done *Appended) error {
	written := e.Handles
	for range 8 {
		hs, err := l.reach(ctx, given, e.At)
		if err != nil {
			return err
		}
		if fresh && len(without(hs, written)) == 0 {
			return nil
		}
		h, err := l.store.Events(ctx, hs)
		if err != nil {
			return fmt.Errorf("optin: recording: %w", err)
		}
		var under []party.Handle
		for i := range h.Events {
			if o := &h.Events[i]; o.tells(e) && (o.ID == e.ID || o.ID == twinID(e, o.Handles)) {
				under = append(under, o.Handles...)
			}
		}
		missing := without(hs, under)
		if len(missing) == 0 {
			return nil
		}
		twin := *e
		twin.Handles, twin.ID = missing, twinID(e, missing)
		more, err := l.store.Append(ctx, twin)
		if err != nil {
			return fmt.Errorf("optin: recording: %w", err)
		}
		done.Added += more.Added
		done.Flights = union(done.Flights, more.Flights)
		fresh, written = false, nil
	}
	return errUnsettled
}

// tells reports whether an event on record says what one of the same id does. A
// stop of another time, of further purposes or of another line is one of its
// own: a grant may lie between the two. START and Resume lift a stop, so they
// count once, whatever time a repeat gives.
func (o *Event) tells(e *Event) bool {
	if o.Kind != e.Kind || !e.Kind.stops() {
		return o.Kind == e.Kind
	}
	return o.At.Equal(e.At) && (o.Line.Number == "" || o.Line.Number == e.Line.Number) &&
		(len(o.Purposes) == 0 || len(e.Purposes) > 0 && len(without(e.Purposes, o.Purposes)) == 0)
}

// union adds the flights of more that are not in flights, by id.
func union(flights, more []Flight) []Flight {
	for _, f := range more {
		if !slices.ContainsFunc(flights, func(o Flight) bool { return o.ID == f.ID }) {
			flights = append(flights, f)
		}
	}
	slices.SortFunc(flights, func(a, b Flight) int { return strings.Compare(a.ID, b.ID) })
	return flights
}

func without[T comparable](list, minus []T) []T {
	var out []T
	for _, v := range list {
		if !slices.Contains(minus, v) {
			out = append(out, v)
		}
	}
	return out
}

// idOf makes an id for a stop from who, when, where and what.
func idOf(e *Event) string {
	d := newDigest(whole(e.At).Format(time.RFC3339Nano), string(e.Channel))
	for _, h := range e.Handles {
		d.add(h.Scheme, h.Value)
	}
	d.addPurposes(e.Purposes)
	return "revoke-" + d.String()
}

// twinID is the id of an event under handles that the event of its own id does
// not tell it of.
func twinID(e *Event, hs []party.Handle) string {
	d := newDigest(e.ID, e.Kind.String())
	for _, h := range hs {
		d.add(h.Scheme, h.Value)
	}
	if e.Kind.stops() {
		d.add("stop", whole(e.At).Format(time.RFC3339Nano), e.Line.Number)
		d.addPurposes(e.Purposes)
	}
	return "twin-" + d.String()
}

// A digest makes short ids of texts. Each text goes in with its length, so
// that no two lists look alike.
type digest struct{ h hash.Hash }

func newDigest(texts ...string) digest {
	d := digest{sha256.New()}
	d.add(texts...)
	return d
}

func (d digest) add(texts ...string) {
	for _, t := range texts {
		io.WriteString(d.h, strconv.Itoa(len(t))+":"+t)
	}
}

// addPurposes takes purposes in, whatever their order and repeats.
func (d digest) addPurposes(purposes []Purpose) {
	purposes = unique(purposes)
	slices.Sort(purposes)
	for _, p := range purposes {
		d.add("purpose", string(p))
	}
}

// String is the first half of the SHA-256, in hex.
func (d digest) String() string { return hex.EncodeToString(d.h.Sum(nil)[:16]) }
