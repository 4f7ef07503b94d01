package optintest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

// optional are duties of interfaces a store need not have; for one that has not
// they are skipped.
var optional = []duty{
	{12, "listed", listed},
	{12, "while it changes", listedWhileItChanges},
	{12, "cancelled", listingCancelled},
	{13, "gone", erasedIsGone},
	{13, "ids are free", erasedIDsAreFree},
	{13, "others stay", othersStay},
	{14, "versions", eraseRaises},
	{14, "never again", versionsNeverComeBack},
	{15, "flights", eraseAndFlights},
	{16, "kept", suppressionsKept},
	{16, "younger", youngerSuppressionHolds},
	{16, "told", erasedIsTold},
	{17, "at once", eraseAtOnce},
	{17, "race with Enter", eraseRacesEnter},
	{17, "cancelled", eraseCancelled},
}

func eraser(s optin.Store) (optin.Eraser, error) {
	e, ok := s.(optin.Eraser)
	if !ok {
		return nil, fmt.Errorf("%w: it is no optin.Eraser", errNotAsked)
	}
	return e, nil
}

// list reads everything, by id.
func list(ctx context.Context, s optin.Store) ([]optin.Event, error) {
	l, ok := s.(optin.Lister)
	if !ok {
		return nil, fmt.Errorf("%w: it is no optin.Lister", errNotAsked)
	}
	var events []optin.Event
	for e, err := range l.All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("all: %w", err)
		}
		events = append(events, e)
	}
	slices.SortFunc(events, func(a, b optin.Event) int { return strings.Compare(a.ID, b.ID) })
	return events, nil
}

func wantListed(ctx context.Context, s optin.Store, events ...optin.Event) error {
	got, err := list(ctx, s)
	if err != nil {
		return err
	}
	if !slices.Equal(ids(got), ids(events)) {
		return fmt.Errorf("the list is %q, not %q", ids(got), ids(events))
	}
	for i := range events {
		if err := same(got[i], events[i]); err != nil {
			return fmt.Errorf("event %q was listed with %w", events[i].ID, err)
		}
	}
	return nil
}

func listed(ctx context.Context, s optin.Store) error {
	if err := wantListed(ctx, s); err != nil {
		return err
	}
	var events []optin.Event
	for i := range 1500 { // more than any page
		hs := []party.Handle{phone(i % 700)}
		if i%3 == 0 {
			hs = append(hs, user(fmt.Sprintf("US.u%d", i%50)))
		}
		events = append(events, stop(fmt.Sprintf("e%04d", i), time.Duration(i%7)*time.Second, hs...))
	}
	if err := put(ctx, s, events...); err != nil {
		return err
	}
	return wantListed(ctx, s, events...)
}

func listedWhileItChanges(ctx context.Context, s optin.Store) error {
	l, ok := s.(optin.Lister)
	if !ok {
		return fmt.Errorf("%w: it is no optin.Lister", errNotAsked)
	}
	if err := put(ctx, s, stop("a", 0, phone(1)), stop("b", 0, phone(2)), stop("c", 0, phone(3))); err != nil {
		return err
	}
	seen := map[string]int{}
	for e, err := range l.All(ctx) {
		if err != nil {
			return fmt.Errorf("all: %w", err)
		}
		seen[e.ID]++
		if len(seen) > 100 {
			break
		}
		// Calls from within the loop have to come through.
		if _, err := s.Append(ctx, stop("new for "+e.ID[:1], time.Hour, e.Handles[0])); err != nil {
			return fmt.Errorf("append from within the loop: %w", err)
		}
		if _, err := get(ctx, s, e.Handles...); err != nil {
			return err
		}
	}
	for _, id := range []string{"a", "b", "c"} {
		if seen[id] != 1 {
			return fmt.Errorf("an event that was there all the time was listed %d times", seen[id])
		}
	}
	for e, err := range l.All(ctx) { // and one may leave it
		if err != nil {
			return fmt.Errorf("all: %w", err)
		}
		_ = e
		break
	}
	return nil
}

func listingCancelled(ctx context.Context, s optin.Store) error {
	if err := put(ctx, s, stop("a", 0, phone(1))); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err := list(gone, s)
	if errors.Is(err, errNotAsked) {
		return err
	}
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("listing all with a cancelled context ended with %v, not its error", err)
	}
	return nil
}

func erasedIsGone(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	a, b := phone(1), user("US.x")
	one, both := grant("one", 0, a), grant("both", time.Second, a, b)
	if err := put(ctx, s, one, both); err != nil {
		return err
	}
	read, err := get(ctx, s, a)
	if err != nil {
		return err
	}
	done, err := x.Erase(ctx, optin.Erasure{Events: append(read.Events, stop("never there", 0, a)), Handles: []party.Handle{a}, At: start})
	if err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	if done.Events != 2 {
		return fmt.Errorf("two events went, and it says %d", done.Events)
	}
	for _, h := range []party.Handle{a, b} {
		if err := want(ctx, s, []party.Handle{h}); err != nil {
			return fmt.Errorf("after they were erased: %w", err)
		}
	}
	if err := wantListed(ctx, s); err != nil && !errors.Is(err, errNotAsked) {
		return err
	}
	// What was read before belongs to the reader.
	for i, e := range []optin.Event{one, both} {
		if err := same(read.Events[i], e); err != nil {
			return fmt.Errorf("an event that was read before changed: %w", err)
		}
	}
	if _, err := x.Erase(ctx, optin.Erasure{Events: read.Events, Handles: []party.Handle{a}, At: start}); err != nil {
		return fmt.Errorf("erase of what is gone: %w", err)
	}
	return nil
}

func erasedIDsAreFree(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	a := phone(1)
	for range 3 {
		e := grant("again", 0, a)
		if err := put(ctx, s, e); err != nil {
			return err
		}
		if err := want(ctx, s, []party.Handle{a}, e); err != nil {
			return err
		}
		if _, err := x.Erase(ctx, optin.Erasure{Events: []optin.Event{e}, Handles: []party.Handle{a}, At: start}); err != nil {
			return fmt.Errorf("erase: %w", err)
		}
	}
	return want(ctx, s, []party.Handle{a})
}

func othersStay(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	a, b := phone(1), phone(2)
	var stay []optin.Event
	for i := range 50 {
		e := grant(fmt.Sprintf("stays%02d", i), time.Duration(i)*time.Second, b)
		e.Evidence.Surface = fmt.Sprint("page ", i%10)
		stay = append(stay, e)
	}
	going := grant("goes", 0, a, b)
	going.Evidence.Surface = "page 3" // told by others too
	lone := grant("goes too", 0, a)
	lone.Evidence.Surface = "a page of its own"
	if err := put(ctx, s, append(slices.Clone(stay[:25]), going, lone)...); err != nil {
		return err
	}
	if err := put(ctx, s, stay[25:]...); err != nil {
		return err
	}
	if _, err := x.Erase(ctx, optin.Erasure{Events: []optin.Event{going, lone}, Handles: []party.Handle{a}, At: start}); err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	if err := want(ctx, s, []party.Handle{b}, stay...); err != nil {
		return err
	}
	after := grant("after", time.Hour, a)
	if err := put(ctx, s, after); err != nil {
		return err
	}
	if err := want(ctx, s, []party.Handle{a}, after); err != nil {
		return err
	}
	return want(ctx, s, []party.Handle{b}, stay...)
}

func eraseRaises(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	a, b, c := phone(1), user("US.x"), phone(3)
	e := grant("e", 0, a, b)
	if err := put(ctx, s, e); err != nil {
		return err
	}
	hs := []party.Handle{a, b, c}
	before := make([]uint64, len(hs))
	for i, h := range hs {
		if before[i], err = version(ctx, s, h); err != nil {
			return err
		}
	}
	if _, err := x.Erase(ctx, optin.Erasure{Events: []optin.Event{e}, Handles: []party.Handle{a, c}, At: start}); err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	sum := uint64(0)
	for i, h := range hs {
		v, err := version(ctx, s, h)
		if err != nil {
			return err
		}
		if v <= before[i] {
			return fmt.Errorf("an erasure did not raise the version of handle %d: %d, before %d", i+1, v, before[i])
		}
		sum += v
	}
	all, err := version(ctx, s, hs...)
	if err != nil {
		return err
	}
	if all != sum {
		return fmt.Errorf("the version of three handles is %d, and the sum of theirs %d", all, sum)
	}
	return nil
}

func versionsNeverComeBack(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	a, b := phone(1), phone(2)
	hs := []party.Handle{a, b}
	last, err := version(ctx, s, hs...)
	if err != nil {
		return err
	}
	// Entered on this, a flight would rest on nothing being known.
	old := flight("old", last, hs...)
	for round := range 4 {
		var events []optin.Event
		for i := range 3 {
			e := grant(fmt.Sprintf("e%d.%d", round, i), 0, hs[i%2])
			if err := put(ctx, s, e); err != nil {
				return err
			}
			events = append(events, e)
			v, err := version(ctx, s, hs...)
			if err != nil {
				return err
			}
			if v <= last {
				return fmt.Errorf("an event brought the version from %d to %d", last, v)
			}
			last = v
		}
		if _, err := x.Erase(ctx, optin.Erasure{Events: events, Handles: hs[:1+round%2], At: start}); err != nil {
			return fmt.Errorf("erase: %w", err)
		}
		v, err := version(ctx, s, hs...)
		if err != nil {
			return err
		}
		if v <= last {
			return fmt.Errorf("an erasure brought the version from %d to %d", last, v)
		}
		last = v
	}
	if err := s.Enter(ctx, old); !errors.Is(err, optin.ErrMoved) {
		return fmt.Errorf("a flight enters on the version of before an erasure: %v", err)
	}
	return nil
}

func eraseAndFlights(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	a, b := phone(1), phone(2)
	lost, open, other := flight("lost", 0, a), flight("open", 0, a, b), flight("other", 0, b)
	lost.Expires = start.Add(time.Minute)
	for _, f := range []optin.Flight{lost, open, other} {
		if err := s.Enter(ctx, f); err != nil {
			return fmt.Errorf("enter: %w", err)
		}
	}
	done, err := x.Erase(ctx, optin.Erasure{Handles: []party.Handle{a}, At: start.Add(time.Minute)})
	if err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	if err := sameFlights(done.Flights, open); err != nil {
		return err
	}
	// Asked as of long ago, the lost one would count as open.
	old := stop("e", -time.Hour, a, b)
	app, err := s.Append(ctx, old)
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if err := sameFlights(app.Flights, open, other); err != nil {
		return fmt.Errorf("after the erasure: %w", err)
	}
	return s.Leave(ctx, "lost")
}

func digest(n byte) (d optin.Digest) {
	d[0], d[31] = n, 0xff
	return d
}

func suppressionsKept(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	one := optin.Suppression{Digest: digest(1), At: start, Switched: true, Actor: "desk ‘4’"}
	two := optin.Suppression{Digest: digest(2), At: start.Add(time.Hour)}
	if _, err := x.Erase(ctx, optin.Erasure{At: start, Keep: []optin.Suppression{one, two}}); err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	for _, c := range []struct {
		ask  []optin.Digest
		want []optin.Suppression
	}{
		{nil, nil},
		{[]optin.Digest{digest(9)}, nil},
		{[]optin.Digest{one.Digest}, []optin.Suppression{one}},
		{[]optin.Digest{digest(9), two.Digest, one.Digest, one.Digest}, []optin.Suppression{one, two}},
	} {
		got, err := x.Suppressed(ctx, c.ask)
		if err != nil {
			return fmt.Errorf("suppressed: %w", err)
		}
		byDigest(got)
		got = slices.Compact(got)
		if !slices.EqualFunc(got, c.want, sameSuppression) {
			return fmt.Errorf("of %d digests %+v is kept, not %+v", len(c.ask), got, c.want)
		}
	}
	var all []optin.Suppression
	for k, err := range x.Suppressions(ctx) {
		if err != nil {
			return fmt.Errorf("suppressions: %w", err)
		}
		all = append(all, k)
	}
	byDigest(all)
	if !slices.EqualFunc(all, []optin.Suppression{one, two}, sameSuppression) {
		return fmt.Errorf("%+v is listed, not %+v", all, []optin.Suppression{one, two})
	}
	return nil
}

func byDigest(list []optin.Suppression) {
	slices.SortFunc(list, func(a, b optin.Suppression) int { return slices.Compare(a.Digest[:], b.Digest[:]) })
}

func sameSuppression(a, b optin.Suppression) bool {
	ok := sameTime("At", a.At, b.At) == nil
	a.At = b.At
	return ok && a == b
}

func youngerSuppressionHolds(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	k := func(minutes int, switched bool) optin.Suppression {
		return optin.Suppression{Digest: digest(1), At: start.Add(time.Duration(minutes) * time.Minute), Switched: switched}
	}
	for i, step := range []struct{ give, want optin.Suppression }{
		{k(5, true), k(5, true)},
		{k(3, false), k(5, true)},  // older
		{k(5, false), k(5, true)},  // as old: switched if either is
		{k(8, false), k(8, false)}, // younger
		{k(8, true), k(8, true)},
	} {
		if _, err := x.Erase(ctx, optin.Erasure{At: start, Keep: []optin.Suppression{step.give}}); err != nil {
			return fmt.Errorf("erase: %w", err)
		}
		got, err := x.Suppressed(ctx, []optin.Digest{digest(1)})
		if err != nil {
			return fmt.Errorf("suppressed: %w", err)
		}
		if len(got) != 1 || !sameSuppression(got[0], step.want) {
			return fmt.Errorf("after step %d %+v is kept, not %+v", i+1, got, step.want)
		}
	}
	return nil
}

func erasedIsTold(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	told := func(hs ...party.Handle) (bool, error) {
		h, err := get(ctx, s, hs...)
		return h.Erased, err
	}
	e := grant("e", 0, phone(1))
	if err := put(ctx, s, e); err != nil {
		return err
	}
	// Where nothing is kept, nobody was erased: there is nothing to look up.
	if _, err := x.Erase(ctx, optin.Erasure{Events: []optin.Event{e}, At: start}); err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	if on, err := told(phone(1)); err != nil || on {
		return fmt.Errorf("with nothing kept, History.Erased is %v (%v)", on, err)
	}
	if _, err := x.Erase(ctx, optin.Erasure{At: start, Keep: []optin.Suppression{{Digest: digest(1), At: start}}}); err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	if err := put(ctx, s, grant("f", 0, phone(2))); err != nil {
		return err
	}
	for _, hs := range [][]party.Handle{{phone(1)}, {phone(2)}, {phone(3), user("US.x")}} {
		if on, err := told(hs...); err != nil || !on {
			return fmt.Errorf("somebody was erased, and History.Erased is %v (%v)", on, err)
		}
	}
	return nil
}

// eraseAtOnce: nobody sees a person half erased, nor erased and not suppressed.
func eraseAtOnce(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	const size = 20
	for round := range 10 {
		events, hs := batch(round, size)
		if err := put(ctx, s, events...); err != nil {
			return err
		}
		d := digest(byte(round + 1))
		var finished atomic.Bool
		err := together(2, func(i int) error {
			if i == 0 {
				defer finished.Store(true)
				_, err := x.Erase(ctx, optin.Erasure{Events: events, Handles: hs, At: start, Keep: []optin.Suppression{{Digest: d, At: start}}})
				return err
			}
			for last := false; !last; {
				last = finished.Load()
				h, err := get(ctx, s, hs...)
				if err != nil {
					return err
				}
				if n := len(h.Events); n != 0 && n != size {
					return fmt.Errorf("%d of %d events show while they are erased", n, size)
				}
				if len(h.Events) > 0 {
					continue
				}
				if kept, err := x.Suppressed(ctx, []optin.Digest{d}); err != nil || len(kept) != 1 || !h.Erased {
					return fmt.Errorf("the events are gone, %d suppressions are there, Erased is %v (%v)", len(kept), h.Erased, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// eraseRacesEnter: a flight that entered on what was there before is in the
// answer.
func eraseRacesEnter(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	for round := range 30 {
		h := phone(round)
		e := grant(fmt.Sprintf("e%d", round), 0, h)
		if err := put(ctx, s, e); err != nil {
			return err
		}
		v, err := version(ctx, s, h)
		if err != nil {
			return err
		}
		f := flight(fmt.Sprintf("f%d", round), v, h)
		var removed optin.Removed
		var entered error
		err = together(2, func(i int) (err error) {
			if i == 0 {
				removed, err = x.Erase(ctx, optin.Erasure{Events: []optin.Event{e}, Handles: []party.Handle{h}, At: start})
				return err
			}
			entered = s.Enter(ctx, f)
			return nil
		})
		if err != nil {
			return fmt.Errorf("erase: %w", err)
		}
		switch {
		case entered == nil && len(removed.Flights) != 1:
			return errors.New("a flight entered, and the erasure knows nothing of it")
		case entered != nil && !errors.Is(entered, optin.ErrMoved):
			return fmt.Errorf("enter: %w", entered)
		case entered != nil && len(removed.Flights) != 0:
			return errors.New("a flight was refused, and the erasure returns it")
		}
	}
	return nil
}

func eraseCancelled(ctx context.Context, s optin.Store) error {
	x, err := eraser(s)
	if err != nil {
		return err
	}
	e := grant("e", 0, phone(1))
	if err := put(ctx, s, e); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err = x.Erase(gone, optin.Erasure{Events: []optin.Event{e}, Handles: e.Handles, At: start, Keep: []optin.Suppression{{Digest: digest(1), At: start}}})
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("erasing with a cancelled context returned %v, not its error", err)
	}
	if _, err := x.Suppressed(gone, []optin.Digest{digest(1)}); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("suppressed with a cancelled context returned %v, not its error", err)
	}
	if err := want(ctx, s, e.Handles, e); err != nil {
		return fmt.Errorf("an Erase that was cancelled did something: %w", err)
	}
	kept, err := x.Suppressed(ctx, []optin.Digest{digest(1)})
	if err != nil {
		return err
	}
	if len(kept) != 0 {
		return errors.New("an Erase that was cancelled kept something")
	}
	return nil
}
