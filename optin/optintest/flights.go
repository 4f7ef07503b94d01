package optintest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

func version(ctx context.Context, s optin.Store, hs ...party.Handle) (uint64, error) {
	h, err := get(ctx, s, hs...)
	return h.Version, err
}

func versionRaised(ctx context.Context, s optin.Store) error {
	a, b, c := phone(1), user("US.x"), phone(3)
	before := map[party.Handle]uint64{}
	look := func() (map[party.Handle]uint64, error) {
		now := map[party.Handle]uint64{}
		for _, h := range []party.Handle{a, b, c} {
			v, err := version(ctx, s, h)
			if err != nil {
				return nil, err
			}
			now[h] = v
		}
		return now, nil
	}
	for i, e := range []optin.Event{
		stop("e1", 0, a),
		grant("e2", 0, a, b),
		stop("e3", -time.Hour, b), // older than what is there
		{ID: "e4", Kind: optin.Ended, Handles: []party.Handle{a}, At: start, Received: start},
	} {
		if err := put(ctx, s, e); err != nil {
			return err
		}
		now, err := look()
		if err != nil {
			return err
		}
		for h, v := range now {
			if about := slices.Contains(e.Handles, h); about && v <= before[h] {
				return fmt.Errorf("event %d did not raise the version of %s: %d, before %d", i+1, h.Scheme, v, before[h])
			} else if !about && v != before[h] {
				return fmt.Errorf("event %d moved the version of somebody it does not name", i+1)
			}
		}
		before = now
	}
	return nil
}

func versionSum(ctx context.Context, s optin.Store) error {
	a, b := phone(1), user("US.x")
	if err := put(ctx, s, stop("e1", 0, a), stop("e2", 0, a, b), stop("e3", 0, b), stop("e4", 0, b)); err != nil {
		return err
	}
	va, err := version(ctx, s, a)
	if err != nil {
		return err
	}
	vb, err := version(ctx, s, b)
	if err != nil {
		return err
	}
	both, err := version(ctx, s, a, b, phone(7))
	if err != nil {
		return err
	}
	if both != va+vb {
		return fmt.Errorf("the version of two handles is %d, theirs alone %d and %d", both, va, vb)
	}
	return nil
}

// enter expects the flight to be let in, or to have moved.
func enter(ctx context.Context, s optin.Store, f optin.Flight, moved bool) error {
	err := s.Enter(ctx, f)
	switch {
	case moved && err == nil:
		return fmt.Errorf("flight %q entered on an old version", f.ID)
	case moved && !errors.Is(err, optin.ErrMoved):
		return fmt.Errorf("flight %q on an old version failed with %v, not with ErrMoved", f.ID, err)
	case !moved && err != nil:
		return fmt.Errorf("flight %q on the version just read: %w", f.ID, err)
	}
	return nil
}

func enterMoved(ctx context.Context, s optin.Store) error {
	a, b := phone(1), user("US.x")
	if err := enter(ctx, s, flight("nobody", 0, a, b), false); err != nil {
		return err
	}
	if err := put(ctx, s, stop("e1", 0, a)); err != nil {
		return err
	}
	if err := enter(ctx, s, flight("first", 0, a, b), true); err != nil {
		return fmt.Errorf("after the first event of somebody unknown: %w", err)
	}
	v, err := version(ctx, s, a, b)
	if err != nil {
		return err
	}
	if err := enter(ctx, s, flight("higher", v+1, a, b), true); err != nil {
		return err
	}
	if err := enter(ctx, s, flight("good", v, a, b), false); err != nil {
		return err
	}
	if err := put(ctx, s, stop("e2", 0, b)); err != nil {
		return err
	}
	if err := enter(ctx, s, flight("late", v, a, b), true); err != nil {
		return fmt.Errorf("after an event of one of two handles: %w", err)
	}
	if err := enter(ctx, s, flight("alone", v, a), false); err != nil {
		return err
	}
	// The refused ones must not be there.
	done, err := s.Append(ctx, stop("e3", 0, a, b))
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	return sameFlights(done.Flights, flight("alone", v, a), flight("good", v, a, b), flight("nobody", 0, a, b))
}

func enterAgain(ctx context.Context, s optin.Store) error {
	f := flight("f", 0, phone(1))
	for range 2 {
		if err := enter(ctx, s, f, false); err != nil {
			return err
		}
	}
	done, err := s.Append(ctx, stop("e", 0, phone(1)))
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if err := sameFlights(done.Flights, f); err != nil {
		return err
	}
	if err := s.Leave(ctx, "f"); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	if done, err = s.Append(ctx, stop("g", 0, phone(1))); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if err := sameFlights(done.Flights); err != nil {
		return fmt.Errorf("a flight entered twice has to be left once: %w", err)
	}
	return nil
}

// enterRace: whatever the interleaving, a flight that got in on the old
// version is in the answer to the Append that ended it.
func enterRace(ctx context.Context, s optin.Store) error {
	for round := range 30 {
		a, b := phone(2*round), phone(2*round+1)
		v, err := version(ctx, s, a, b)
		if err != nil {
			return err
		}
		var mu sync.Mutex
		in := map[string]bool{}
		var done optin.Appended
		err = together(9, func(i int) error {
			if i == 4 {
				var err error
				done, err = s.Append(ctx, stop(fmt.Sprintf("e%d", round), 0, b))
				return err
			}
			for k := range 4 {
				id := fmt.Sprintf("f%d.%d.%d", round, i, k)
				switch err := s.Enter(ctx, flight(id, v, a, b)); {
				case err == nil:
					mu.Lock()
					in[id] = true
					mu.Unlock()
				case !errors.Is(err, optin.ErrMoved):
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, f := range done.Flights {
			if !in[f.ID] {
				return fmt.Errorf("flight %q was refused and is under way", f.ID)
			}
			delete(in, f.ID)
		}
		if len(in) > 0 {
			return fmt.Errorf("%d flights got in on the old version and the Append was not told of them", len(in))
		}
		if err := enter(ctx, s, flight(fmt.Sprintf("g%d", round), v, a, b), true); err != nil {
			return fmt.Errorf("after the Append returned: %w", err)
		}
	}
	return nil
}

func flightsOpen(ctx context.Context, s optin.Store) error {
	a, b, c := phone(1), user("US.x"), phone(3)
	fa, fb, both, other := flight("m", 0, a), flight("Z", 0, b), flight("a", 0, a, b), flight("c", 0, c)
	for _, f := range []optin.Flight{fa, fb, both, other} {
		if err := enter(ctx, s, f, false); err != nil {
			return err
		}
	}
	e := stop("e", 0, a)
	for _, again := range []string{"", " already stored"} {
		done, err := s.Append(ctx, e)
		if err != nil {
			return fmt.Errorf("append: %w", err)
		}
		if err := sameFlights(done.Flights, both, fa); err != nil {
			return fmt.Errorf("for an event%s: %w", again, err)
		}
	}
	v, err := version(ctx, s, a)
	if err != nil {
		return err
	}
	seen := flight("seen", v, a)
	if err := enter(ctx, s, seen, false); err != nil {
		return err
	}
	done, err := s.Append(ctx, stop("e2", 0, a, b), stop("e3", 0, b))
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if err := sameFlights(done.Flights, fb, both, fa, seen); err != nil {
		return fmt.Errorf("for two events under two handles: %w", err)
	}
	return nil
}

func flightsExpired(ctx context.Context, s optin.Store) error {
	h := phone(1)
	ends := flight("ends", 0, h)
	ends.Expires = start.Add(time.Minute)
	runs := flight("runs", 0, h)
	runs.Expires = ends.Expires.Add(time.Microsecond)
	for _, f := range []optin.Flight{ends, runs} {
		if err := enter(ctx, s, f, false); err != nil {
			return err
		}
	}
	before := stop("before", 0, h)
	before.Received = ends.Expires.Add(-time.Microsecond)
	done, err := s.Append(ctx, before)
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if err := sameFlights(done.Flights, ends, runs); err != nil {
		return fmt.Errorf("a microsecond before the expiry: %w", err)
	}
	at, older := stop("at", 0, h), stop("older", 0, h)
	at.Received, older.Received = ends.Expires, start
	for _, events := range [][]optin.Event{{at, older}, {older, at}} {
		done, err = s.Append(ctx, events...)
		if err != nil {
			return fmt.Errorf("append: %w", err)
		}
		if err := sameFlights(done.Flights, runs); err != nil {
			return fmt.Errorf("at the instant of expiry, by the youngest Received: %w", err)
		}
	}
	return nil
}

func flightsLeft(ctx context.Context, s optin.Store) error {
	a, b := phone(1), user("US.x")
	for _, id := range []string{"f1", "f2", "f3"} {
		if err := enter(ctx, s, flight(id, 0, a, b), false); err != nil {
			return err
		}
	}
	if err := s.Leave(ctx, "f2"); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	for i, h := range []party.Handle{a, b} {
		done, err := s.Append(ctx, stop(fmt.Sprintf("e%d", i), 0, h))
		if err != nil {
			return fmt.Errorf("append: %w", err)
		}
		if err := sameFlights(done.Flights, flight("f1", 0, a, b), flight("f3", 0, a, b)); err != nil {
			return fmt.Errorf("after one of three left: %w", err)
		}
	}
	return nil
}

func leaveUnknown(ctx context.Context, s optin.Store) error {
	if err := s.Leave(ctx, "never entered"); err != nil {
		return fmt.Errorf("leave of an unknown flight: %w", err)
	}
	if err := enter(ctx, s, flight("f", 0, phone(1)), false); err != nil {
		return err
	}
	for range 2 {
		if err := s.Leave(ctx, "f"); err != nil {
			return fmt.Errorf("leave, and Leave again: %w", err)
		}
	}
	return nil
}
