package optin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// What keeps a Ledger from erasing, or from knowing those who were erased.
var (
	ErrNoEraser = errors.New("optin: the store cannot erase")
	ErrNoLister = errors.New("optin: the store cannot list what it holds")
	ErrNoKey    = errors.New("optin: a ledger without a key (WithKey) cannot know who was erased")
	ErrWrongKey = errors.New("optin: the ledger's key is not the one under which people were erased")
)

// A Lister is a [Store] that can list what it holds. Its duty:
//
//  12. All gives every event that was there when it began and is still there,
//     each once, in any order. What is added or erased meanwhile may come or
//     not. Other calls to the store are allowed from within the loop. A
//     breakdown is the last pair, with its error.
type Lister interface {
	All(ctx context.Context) iter.Seq2[Event, error]
}

// An Eraser is a [Store] that can forget. Its duties go on from those of
// [Store]:
//
//  13. After Erase nothing of the events it was given can be read, under any
//     handle, and their ids are free again. Ids that are not there are no
//     error. Other events stay as they are.
//  14. Erase raises the version of each handle of the events and of each of
//     Handles, events or not, and no version a handle ever had comes back. What
//     is kept for that does not hold the handle in the clear.
//  15. Of the flights under Handles those whose Expires is not after At are
//     forgotten, and the others are returned, by id.
//  16. Keep is there when the events are gone, by its digests. Of two
//     suppressions of one digest the one with the later At stays; of one
//     instant, Switched if either is. From then on History.Erased is true,
//     for whomever Events is asked.
//  17. One Erase is all or nothing, and one step as seen by Enter and Events.
type Eraser interface {
	Store
	Erase(ctx context.Context, e Erasure) (Removed, error)

	// Suppressed returns what is kept under the digests, in any order.
	Suppressed(ctx context.Context, digests []Digest) ([]Suppression, error)

	// Suppressions lists all that is kept, in any order.
	Suppressions(ctx context.Context) iter.Seq2[Suppression, error]
}

// An Erasure is what a store is to forget, and what to keep.
type Erasure struct {
	Events  []Event // as they were read
	Handles []party.Handle
	At      time.Time
	Keep    []Suppression
}

// Removed is what Erase did.
type Removed struct {
	Events  int
	Flights []Flight // still under way
}

// A Digest names a handle to those who have the key and the handle: HMAC-SHA256
// under the ledger's key.
type Digest [sha256.Size]byte

// String returns the digest in hex.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText writes the digest in hex.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 64 hex digits.
func (d *Digest) UnmarshalText(b []byte) error {
	if len(b) != 2*len(d) {
		return fmt.Errorf("optin: a digest is %d hex digits, not %d bytes", 2*len(d), len(b))
	}
	if _, err := hex.Decode(d[:], b); err != nil {
		return errors.New("optin: a digest holds something other than hex digits")
	}
	return nil
}

// A Suppression is what stays of somebody who was erased: enough to go on
// leaving them alone, and of use only to those who have their number again. It
// stops everything until an opt-in later than At.
type Suppression struct {
	Digest   Digest    `json:"digest"`
	At       time.Time `json:"at"`                 // when they were erased, UTC
	Switched bool      `json:"switched,omitempty"` // WhatsApp's own marketing switch stood at Stop
	Actor    string    `json:"actor,omitempty"`    // who erased them
}

// Over returns which of two suppressions of one digest holds.
func (s Suppression) Over(o Suppression) Suppression {
	switch s.At.Compare(o.At) {
	case -1:
		return o
	case 0:
		s.Switched = s.Switched || o.Switched
	}
	return s
}

// WithKey gives the Ledger the secret under which it knows people again who
// were erased. It has to be the same for as long as the store lives: a Ledger
// with another key, or none, answers with an error once somebody was erased,
// and never with "not stopped".
func WithKey(key []byte) LedgerOption {
	return func(g *Ledger) { g.key = slices.Clone(key) }
}

// digestOf names a handle under the ledger's key. The zero handle is the key's
// own mark, by which a wrong key is found out.
func (l *Ledger) digestOf(h party.Handle) (d Digest) {
	mac := hmac.New(sha256.New, l.key)
	fmt.Fprintf(mac, "optin suppression 1\n%d:%s%d:%s", len(h.Scheme), h.Scheme, len(h.Value), h.Value)
	mac.Sum(d[:0])
	return d
}

var keyMark party.Handle

// withErased adds what is kept of those who were erased, as events.
func (l *Ledger) withErased(ctx context.Context, h History, hs []party.Handle) (History, error) {
	kept, err := l.suppressed(ctx, hs)
	if err != nil {
		return History{}, err
	}
	for i, s := range kept {
		if s.At.IsZero() {
			continue
		}
		e := Event{ID: "erased:" + s.Digest.String(), Kind: Erased, Handles: []party.Handle{hs[i]}, At: s.At, Received: s.At, Actor: s.Actor}
		h.Events = append(h.Events, e)
		if s.Switched {
			e.ID, e.Kind = "switched:"+s.Digest.String(), PlatformStopped
			h.Events = append(h.Events, e)
		}
	}
	return h, nil
}

// suppressed returns what is kept of each handle; the zero Suppression is
// nothing.
func (l *Ledger) suppressed(ctx context.Context, hs []party.Handle) ([]Suppression, error) {
	store, ok := l.store.(Eraser)
	if !ok {
		return nil, ErrNoEraser
	}
	if len(l.key) == 0 {
		return nil, ErrNoKey
	}
	digests := make([]Digest, 0, len(hs)+1)
	for _, h := range hs {
		digests = append(digests, l.digestOf(h))
	}
	digests = append(digests, l.digestOf(keyMark))
	found, err := store.Suppressed(ctx, digests)
	if err != nil {
		return nil, fmt.Errorf("optin: looking up who was erased: %w", err)
	}
	kept := make([]Suppression, len(digests))
	for _, s := range found {
		for i, d := range digests { // a handle may be asked for twice
			if d == s.Digest {
				kept[i] = s.Over(kept[i])
			}
		}
	}
	if kept[len(hs)].At.IsZero() {
		return nil, ErrWrongKey
	}
	return kept[:len(hs)], nil
}

// An Erase asks for everything about a person to go.
type Erase struct {
	Party party.Party
	At    time.Time // zero: now
	Actor string
}

// Forgotten is what an erasure did.
type Forgotten struct {
	Events   int
	Handles  int      // under which the person is suppressed
	InFlight []Flight // sends that were entered before it and are still under way
	Kept     []string // stores that cannot forget and still hold the handles: "links", and those of [AlsoForget]
}

// AlsoForget has [Ledger.Erase] reach a further store that knows people by their
// handles, such as that of windows. What it is called is told in
// [Forgotten.Kept] if it is no [party.Forgetter].
func AlsoForget(name string, store any) LedgerOption {
	return func(g *Ledger) { g.beside = append(g.beside, beside{name, store}) }
}

type beside struct {
	name  string
	store any
}

// Erase removes everything the store holds about a person: events with their
// evidence under every handle links know, and what was said under numbers they
// had before. What stays is a [Suppression] of each handle. It stops everything,
// so that somebody who comes back with an old list stays blocked; an opt-in of
// the person after the erasure lifts it. A handle that now is somebody else's
// loses what the person said under it; a stop among that stays as a
// Suppression of its own time.
//
// As with [Ledger.Revoke], once Erase has returned no message is entered on
// what was known before. After an error, say it again.
func (l *Ledger) Erase(ctx context.Context, e Erase) (Forgotten, error) {
	at, _ := l.stamp(e.At, time.Time{})
	actor := l.actorOf(ctx, e.Actor)
	var ps problems
	ps.party(e.Party)
	ps.times(at, at)
	ps.key("actor", actor)
	if err := ps.err(""); err != nil {
		return Forgotten{}, err
	}
	store, ok := l.store.(Eraser)
	if !ok {
		return Forgotten{}, ErrNoEraser
	}
	if len(l.key) == 0 {
		return Forgotten{}, ErrNoKey
	}
	if err := l.may(ctx, Action{Do: DoErase, Actor: actor, Party: e.Party}); err != nil {
		return Forgotten{}, err
	}
	at = whole(at)
	var done Forgotten
	var suppressed []party.Handle
	for range 8 {
		hs, err := l.reach(ctx, e.Party.Handles(), at)
		if err != nil {
			return done, err
		}
		x, err := l.doomed(ctx, hs, at, actor)
		if err != nil {
			return done, err
		}
		if len(x.Events) == 0 && len(without(hs, suppressed)) == 0 {
			done.Handles = len(suppressed)
			return l.forgetBeside(ctx, done, suppressed)
		}
		removed, err := store.Erase(ctx, x)
		if err != nil {
			return done, fmt.Errorf("optin: erasing: %w", err)
		}
		done.Events += removed.Events
		done.InFlight = union(done.InFlight, removed.Flights)
		suppressed = unique(append(suppressed, hs...))
	}
	return done, errUnsettled
}

// forgetBeside has every other store forget the person. The links come last:
// until they have forgotten, the same call finds all handles again.
func (l *Ledger) forgetBeside(ctx context.Context, done Forgotten, hs []party.Handle) (Forgotten, error) {
	stores := l.beside
	if l.links != nil {
		stores = append(slices.Clone(stores), beside{"links", l.links})
	}
	for _, b := range stores {
		f, ok := b.store.(party.Forgetter)
		if !ok {
			done.Kept = append(done.Kept, b.name)
			continue
		}
		if err := f.Forget(ctx, hs); err != nil {
			return done, fmt.Errorf("optin: erasing %s: %w", b.name, err)
		}
	}
	return done, nil
}

// doomed works out what goes with a person of these handles, and what stays.
func (l *Ledger) doomed(ctx context.Context, hs []party.Handle, at time.Time, actor string) (Erasure, error) {
	x := Erasure{Handles: hs, At: at}
	h, err := l.store.Events(ctx, hs)
	if err != nil {
		return x, fmt.Errorf("optin: looking up consent: %w", err)
	}
	x.Events = h.Events
	if h.Erased { // by this key, or nobody could tell them apart any more
		if h, err = l.withErased(ctx, History{Events: slices.Clone(h.Events)}, hs); err != nil {
			return x, err
		}
	}
	late := at
	for i := range h.Events {
		if h.Events[i].At.After(late) {
			late = h.Events[i].At
		}
	}
	x.Keep = append(x.Keep, Suppression{Digest: l.digestOf(keyMark), At: at})
	for _, name := range hs {
		_, _, on := StandingAt(h, late, name).PlatformStop(party.Line{})
		x.Keep = append(x.Keep, Suppression{Digest: l.digestOf(name), At: at, Switched: on, Actor: actor})
	}
	earlier, err := l.earlier(ctx, hs)
	if err != nil {
		return x, err
	}
	for _, e := range earlier {
		if !slices.ContainsFunc(x.Events, func(o Event) bool { return o.ID == e.ID }) {
			x.Events = append(x.Events, e)
		}
	}
	// What others share with the person goes too, and is not forgotten where
	// it was a stop.
	for _, name := range without(named(x.Events), hs) {
		s := Suppression{Digest: l.digestOf(name), Actor: actor}
		for i := range x.Events {
			e := &x.Events[i]
			if e.Kind.stops() && slices.Contains(e.Handles, name) {
				if e.At.After(s.At) {
					s.At = e.At
				}
				s.Switched = s.Switched || e.Kind == PlatformStopped
			}
		}
		if !s.At.IsZero() {
			x.Keep = append(x.Keep, s)
		}
	}
	return x, nil
}

// earlier returns what a person said under handles they have moved away from,
// while they were theirs. That agreements to such a handle ended stays.
func (l *Ledger) earlier(ctx context.Context, hs []party.Handle) ([]Event, error) {
	if l.links == nil {
		return nil, nil
	}
	var events []Event
	todo := slices.Clone(hs)
	for n := 0; n < len(todo) && n < maxHandles; n++ {
		known, err := l.links.Known(ctx, todo[n:n+1])
		if err != nil {
			return nil, fmt.Errorf("optin: looking up links: %w", err)
		}
		for _, m := range known.Moves {
			if m.To != todo[n] || slices.Contains(hs, m.From) {
				continue
			}
			of, err := l.links.Known(ctx, []party.Handle{m.From})
			if err != nil {
				return nil, fmt.Errorf("optin: looking up links: %w", err)
			}
			var since time.Time // before it the handle was of somebody else again
			for _, o := range of.Moves {
				if o.From == m.From && o.At.Before(m.At) && o.At.After(since) {
					since = o.At
				}
			}
			h, err := l.store.Events(ctx, []party.Handle{m.From})
			if err != nil {
				return nil, fmt.Errorf("optin: looking up consent: %w", err)
			}
			for _, e := range h.Events {
				if e.Kind != Ended && e.At.After(since) && !e.At.After(m.At) {
					events = append(events, e)
				}
			}
			if !slices.Contains(todo, m.From) {
				todo = append(todo, m.From)
			}
		}
	}
	return events, nil
}

// Suppressions lists what is kept of those who were erased.
func (l *Ledger) Suppressions(ctx context.Context) iter.Seq2[Suppression, error] {
	return func(yield func(Suppression, error) bool) {
		store, ok := l.store.(Eraser)
		switch {
		case !ok:
			return // nobody was ever erased from it
		case len(l.key) == 0:
			yield(Suppression{}, ErrNoKey)
			return
		}
		mark := l.digestOf(keyMark)
		for s, err := range store.Suppressions(ctx) {
			if err != nil {
				yield(Suppression{}, fmt.Errorf("optin: listing who was erased: %w", err))
				return
			}
			if s.Digest != mark && !yield(s, nil) {
				return
			}
		}
	}
}
