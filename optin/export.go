package optin

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// A Dossier is everything a ledger holds about one person: what to hand out
// when they ask.
type Dossier struct {
	At           time.Time      `json:"at"`
	Handles      []party.Handle `json:"handles"`         // under which they are known
	Moves        []party.Move   `json:"moves,omitempty"` // changes of number or id
	Joins        []party.Bond   `json:"joins,omitempty"` // which handles were seen on one person, where links can tell
	Events       []Event        `json:"events"`
	Suppressions []Suppression  `json:"suppressions,omitempty"` // if they were erased once
	Standing     string         `json:"standing"`               // in words
}

// Export collects everything about a person, under every handle links know.
func (l *Ledger) Export(ctx context.Context, who party.Party, at time.Time) (Dossier, error) {
	var ps problems
	if ps.party(who); len(ps) > 0 {
		return Dossier{}, ps.err("")
	}
	if err := l.may(ctx, Action{Do: DoExport, Actor: l.actorOf(ctx, ""), Party: who}); err != nil {
		return Dossier{}, err
	}
	hs, err := l.reach(ctx, who.Handles(), at)
	if err != nil {
		return Dossier{}, err
	}
	d := Dossier{At: at.UTC(), Handles: hs, Events: []Event{}}
	if l.links != nil {
		known, err := l.links.Known(ctx, hs)
		if err != nil {
			return Dossier{}, fmt.Errorf("optin: looking up links: %w", err)
		}
		d.Moves = known.Moves
		if teller, ok := l.links.(party.Historian); ok {
			if d.Joins, err = teller.Bonds(ctx, hs); err != nil {
				return Dossier{}, fmt.Errorf("optin: looking up links: %w", err)
			}
		}
	}
	h, err := l.store.Events(ctx, hs)
	if err != nil {
		return Dossier{}, fmt.Errorf("optin: looking up consent: %w", err)
	}
	d.Events = append(d.Events, h.Events...)
	if h.Erased {
		kept, err := l.suppressed(ctx, hs)
		if err != nil {
			return Dossier{}, err
		}
		for _, s := range kept {
			if !s.At.IsZero() {
				d.Suppressions = append(d.Suppressions, s)
			}
		}
		if h, err = l.withErased(ctx, h, hs); err != nil {
			return Dossier{}, err
		}
	}
	earlier, err := l.earlier(ctx, hs)
	if err != nil {
		return Dossier{}, err
	}
	for _, e := range earlier {
		if !slices.ContainsFunc(d.Events, func(o Event) bool { return o.ID == e.ID }) {
			d.Events = append(d.Events, e)
		}
	}
	slices.SortFunc(d.Events, byTime)
	d.Standing = StandingAt(h, at, hs...).Explain()
	return d, nil
}

// A Blocked is one entry of the suppression list: a stop in force, or somebody
// who was erased and is known by digest alone.
type Blocked struct {
	Handles  []party.Handle `json:"handles,omitempty"`
	Kind     Kind           `json:"kind"`               // Revoked, PlatformStopped, Suppressed or Erased
	Purposes []Purpose      `json:"purposes,omitempty"` // none: everything
	At       time.Time      `json:"at"`
	Channel  Channel        `json:"channel,omitempty"`
	Event    string         `json:"event,omitempty"`
	Digest   *Digest        `json:"digest,omitempty"`
}

// Blocked lists the stops in force at an instant: people's own stops, those of
// WhatsApp's marketing switch, marketing that is held until somebody has asked,
// and those who were erased. The store has to be a [Lister]. One look-up for
// each stop on record; nothing is collected, however long the list.
func (l *Ledger) Blocked(ctx context.Context, at time.Time) iter.Seq2[Blocked, error] {
	return func(yield func(Blocked, error) bool) {
		if err := l.may(ctx, Action{Do: DoExport, Actor: l.actorOf(ctx, "")}); err != nil {
			yield(Blocked{}, err)
			return
		}
		for e, err := range l.all(ctx) {
			if err != nil {
				yield(Blocked{}, err)
				return
			}
			if e.Kind != Revoked && e.Kind != PlatformStopped && e.Kind != Suppressed || e.At.After(at) {
				continue
			}
			h, err := l.history(ctx, e.Handles)
			if err != nil {
				yield(Blocked{}, err)
				return
			}
			if !inForceAt(h, &e, at) {
				continue
			}
			b := Blocked{Handles: e.Handles, Kind: e.Kind, Purposes: e.Purposes, At: e.At, Channel: e.Channel, Event: e.ID}
			if e.Kind != Revoked {
				b.Purposes = []Purpose{Marketing}
			}
			if !yield(b, nil) {
				return
			}
		}
		for s, err := range l.Suppressions(ctx) {
			if err != nil {
				yield(Blocked{}, err)
				return
			}
			if !s.At.After(at) && !yield(Blocked{Kind: Erased, At: s.At, Digest: &s.Digest}, nil) {
				return
			}
		}
	}
}

// inForceAt reports whether a stop is the one in force under some handle, for
// some purpose it is about.
func inForceAt(h History, e *Event, at time.Time) bool {
	for _, name := range e.Handles {
		s := StandingAt(h, at, name)
		if s.of == nil {
			continue // erased since it was listed
		}
		switch e.Kind {
		case PlatformStopped:
			if i := s.of.platform; i != 0 && s.of.events[i-1].ID == e.ID {
				return true
			}
		case Suppressed:
			if stop, held := s.SuppressedBy(); held && stop.Event == e.ID {
				return true
			}
		default:
			of := e.Purposes
			if len(of) == 0 {
				of = append(classes[:], topics(s.of.events)...)
			}
			for _, p := range of {
				if stop, on := s.StoppedFor(p); on && stop.Event == e.ID {
					return true
				}
			}
		}
	}
	return false
}

// all lists the store's events.
func (l *Ledger) all(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		store, ok := l.store.(Lister)
		if !ok {
			yield(Event{}, ErrNoLister)
			return
		}
		for e, err := range store.All(ctx) {
			if err != nil {
				yield(Event{}, fmt.Errorf("optin: listing: %w", err))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// blockedColumns are the columns of a suppression list in CSV.
var blockedColumns = []string{"phone", "user", "parent", "purposes", "opted_out_at", "channel", "kind", "event", "digest"}

// WriteBlocked writes the suppression list, as CSV with a header or as JSON
// Lines, and returns how many entries it has. An entry of several phones, user
// or parent ids takes a row for each. Rows of people's own stops read back with
// [Ledger.Import] as opt-outs; leave out the others first, for the platform's
// switch is no word of the person and a digest names nobody.
func (l *Ledger) WriteBlocked(ctx context.Context, w io.Writer, f ImportFormat, at time.Time) (n int, err error) {
	var put func(b *Blocked) error
	flush := func() error { return nil }
	switch f {
	case JSONLines:
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		put = func(b *Blocked) error { return enc.Encode(b) }
	case CSV:
		out := csv.NewWriter(w)
		put = func(b *Blocked) error {
			who := partyOf(b.Handles)
			digest := ""
			if b.Digest != nil {
				digest = b.Digest.String()
			}
			purposes := make([]string, len(b.Purposes))
			for i, p := range b.Purposes {
				purposes[i] = string(p)
			}
			return out.Write([]string{who.Phone, who.User, who.Parent, strings.Join(purposes, ";"),
				b.At.UTC().Format(time.RFC3339Nano), string(b.Channel), b.Kind.String(), b.Event, digest})
		}
		flush = func() error { out.Flush(); return out.Error() }
		if err := out.Write(blockedColumns); err != nil {
			return 0, fmt.Errorf("optin: writing: %w", err)
		}
	default:
		return 0, fmt.Errorf("optin: writing: format %d is neither CSV nor JSON Lines", f)
	}
	for b, err := range l.Blocked(ctx, at) {
		if err != nil {
			return n, err
		}
		for _, who := range parties(b.Handles) {
			b.Handles = who.Handles()
			if err := put(&b); err != nil {
				return n, fmt.Errorf("optin: writing: %w", err)
			}
		}
		n++
	}
	if err := flush(); err != nil {
		return n, fmt.Errorf("optin: writing: %w", err)
	}
	return n, nil
}

// parties deals handles out, for a party has one of each scheme.
func parties(hs []party.Handle) []party.Party {
	list := []party.Party{partyOf(hs)}
	if rest := without(hs, list[0].Handles()); len(rest) > 0 && len(rest) < len(hs) {
		list = append(list, parties(rest)...)
	}
	return list
}
