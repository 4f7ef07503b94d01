package optin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A Period is how long evidence is kept. An empty Source or Purpose stands for
// every one; of several that fit a record the longest holds, and a record that
// none fits is kept.
type Period struct {
	Source  Source
	Purpose Purpose // of a record that names it; a general one names none
	Keep    time.Duration
}

// Purge says which evidence is to go.
type Purge struct {
	Periods []Period
	At      time.Time // zero: now
	InForce bool      // agreements that are still in force go too; the person has to be asked again then
	DryRun  bool
	Actor   string
	Each    func(Expired) error // told what goes, or would; an error ends the purge
}

// Expired is one record past its period.
type Expired struct {
	Event   string
	Kind    Kind
	At      time.Time
	Source  Source
	Past    time.Time // when its period ended
	Gone    bool      // false: kept, as Kept says, or only a dry run
	Kept    string
	Subject string // digest of the first handle, if the ledger has a key
}

// Purged sums a purge up.
type Purged struct {
	Examined int // agreements and requests on record
	Past     int // past their period
	Gone     int // removed, or would be in a dry run
	InForce  int // kept because they are in force
	Guards   int // kept because more would be allowed without them
	DryRun   bool
}

// purgeAtOnce is how many records go in one step.
const purgeAtOnce = 200

// Purge removes records of agreements, and of requests for them, whose period
// is past. Stops are never removed, nor is a record that holds the person's
// standing back: after a purge nothing is allowed that was not before. With
// DryRun it tells what would go. The store has to be a [Lister] and an [Eraser].
func (l *Ledger) Purge(ctx context.Context, p Purge) (Purged, error) {
	done := Purged{DryRun: p.DryRun}
	at, _ := l.stamp(p.At, time.Time{})
	var ps problems
	ps.times(at, at)
	for i, period := range p.Periods {
		field := fmt.Sprintf("periods[%d]", i)
		if period.Keep <= 0 {
			ps.add(field+".keep", "is not a length of time")
		}
		if period.Source != "" && !period.Source.known() {
			ps.add(field+".source", "is unknown")
		}
	}
	if err := ps.err(""); err != nil {
		return done, err
	}
	store, ok := l.store.(Eraser)
	if !ok {
		return done, ErrNoEraser
	}
	if err := l.may(ctx, Action{Do: DoPurge, Actor: l.actorOf(ctx, p.Actor)}); err != nil {
		return done, err
	}
	var batch []Event
	flush := func() error {
		if len(batch) == 0 || p.DryRun {
			return nil
		}
		x := Erasure{Events: batch, At: time.Time{}}
		if _, err := store.Erase(ctx, x); err != nil {
			return fmt.Errorf("optin: purging: %w", err)
		}
		batch = batch[:0]
		return nil
	}
	for e, err := range l.all(ctx) {
		if err != nil {
			return done, err
		}
		if !e.Kind.agrees() {
			continue
		}
		done.Examined++
		past, ok := p.past(&e)
		if !ok || past.After(at) {
			continue
		}
		done.Past++
		x := Expired{Event: e.ID, Kind: e.Kind, At: e.At, Past: past}
		if e.Evidence != nil {
			x.Source = e.Evidence.Source
		}
		if len(l.key) > 0 {
			x.Subject = l.digestOf(e.Handles[0]).String()
		}
		why, err := l.holds(ctx, &e, batch, at, p.InForce)
		switch {
		case err != nil:
			return done, err
		case errors.Is(why, errInForce):
			done.InForce++
			x.Kept = why.Error()
		case why != nil:
			done.Guards++
			x.Kept = why.Error()
		default:
			done.Gone++
			x.Gone = !p.DryRun
			batch = append(batch, e)
		}
		if p.Each != nil {
			if err := p.Each(x); err != nil {
				return done, err
			}
		}
		if len(batch) >= purgeAtOnce {
			if err := flush(); err != nil {
				return done, err
			}
			if p.DryRun {
				batch = batch[:0]
			}
		}
	}
	return done, flush()
}

// past returns when the period of a record ends. It runs from when the record
// was made or, where that is later, from when it expired or its request did.
func (p *Purge) past(e *Event) (time.Time, bool) {
	keep, fits := time.Duration(0), false
	for _, period := range p.Periods {
		if period.Source != "" && (e.Evidence == nil || e.Evidence.Source != period.Source) {
			continue
		}
		if period.Purpose != "" && !slices.Contains(e.Purposes, period.Purpose) {
			continue
		}
		keep, fits = max(keep, period.Keep), true
	}
	from := e.At
	if e.Until.After(from) {
		from = e.Until
	}
	if e.Evidence != nil && e.Evidence.Expires != nil && e.Evidence.Expires.After(from) {
		from = *e.Evidence.Expires
	}
	return from.Add(keep), fits
}

var (
	errInForce = errors.New("it is in force")
	errGuards  = errors.New("more would be allowed without it")
)

// holds says why a record cannot go yet, if so: with it go those of the batch
// that are of the same person.
func (l *Ledger) holds(ctx context.Context, e *Event, batch []Event, at time.Time, evenInForce bool) (why, err error) {
	hs, err := l.reach(ctx, e.Handles, at)
	if err != nil {
		return nil, err
	}
	h, err := l.history(ctx, hs)
	if err != nil {
		return nil, err
	}
	left := slices.DeleteFunc(slices.Clone(h.Events), func(o Event) bool {
		return slices.ContainsFunc(batch, func(b Event) bool { return b.ID == o.ID })
	})
	fewer := slices.DeleteFunc(slices.Clone(left), func(o Event) bool { return o.ID == e.ID })
	// Any of the handles may be asked about alone.
	for i := -1; i < len(hs); i++ {
		of := hs
		if i >= 0 {
			of = hs[i : i+1]
		}
		before, after := StandingAt(History{Events: left}, at, of...), StandingAt(History{Events: fewer}, at, of...)
		for _, p := range append(classes[:], topics(left)...) {
			was, is := before.Consent(p), after.Consent(p)
			_, wasStopped := before.StoppedFor(p)
			_, isStopped := after.StoppedFor(p)
			if is.Level > was.Level || wasStopped && !isStopped {
				return errGuards, nil
			}
			if !evenInForce && (was.Event == e.ID || wasStopped != isStopped || is.Level != was.Level) {
				return errInForce, nil
			}
			if open, waits := before.Pending(p); waits && open.Event == e.ID && !evenInForce {
				return errInForce, nil
			}
		}
		if before.Suppressed() && !after.Suppressed() || before.Asks() != after.Asks() && !evenInForce {
			return errGuards, nil
		}
		if !evenInForce && !before.Suppressed() && after.Suppressed() {
			return errInForce, nil
		}
	}
	return nil, nil
}
