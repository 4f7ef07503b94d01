package optintest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

func comesBackWhole(ctx context.Context, s optin.Store) error {
	hs := []party.Handle{phone(1), user("US.Ab12"), {Scheme: party.Parent, Value: "ENT.9"}, phone(2)}
	full := grant("full", 0, hs...)
	bare := optin.Event{ID: "bare", Kind: optin.Restarted, Handles: hs[:1], At: start.Add(time.Second), Received: start.Add(time.Second)}
	no := false
	young := optin.Event{ID: "young", Kind: optin.Granted, Handles: hs[:1], At: start.Add(2 * time.Second), Received: start.Add(2 * time.Second),
		Evidence: &optin.Evidence{Source: optin.Paper, AgeOK: &no}}
	asked := grant("asked", 3*time.Second, hs[0])
	asked.Kind, asked.Until = optin.Requested, start.Add(48*time.Hour+time.Microsecond)
	if err := put(ctx, s, full, bare, young, asked); err != nil {
		return err
	}
	if err := want(ctx, s, hs[:1], full, bare, young, asked); err != nil {
		return err
	}
	for _, h := range hs[1:] {
		if err := want(ctx, s, []party.Handle{h}, full); err != nil {
			return err
		}
	}
	return nil
}

func timesInUTC(ctx context.Context, s optin.Store) error {
	east := time.FixedZone("+0530", 19800)
	e := grant("e", 0, phone(1))
	e.At = time.Date(2026, 5, 3, 10, 0, 0, 123456789, east)
	e.Received = time.Date(2000, 1, 1, 0, 0, 0, 1000, time.UTC)
	expires := time.Date(2199, 12, 31, 23, 59, 59, 999999000, east)
	e.Evidence.Expires = &expires
	if err := put(ctx, s, e); err != nil {
		return err
	}
	return want(ctx, s, e.Handles, e)
}

func nothingShared(ctx context.Context, s optin.Store) error {
	given, kept := grant("e", 0, phone(1)), grant("e", 0, phone(1))
	spoil := func(e *optin.Event) {
		e.Handles[0].Value = "spoilt"
		e.Purposes[0] = "spoilt"
		e.Evidence.Wording = "spoilt"
		*e.Evidence.AgeOK = false
		*e.Evidence.Expires = time.Time{}
	}
	if err := put(ctx, s, given); err != nil {
		return err
	}
	spoil(&given)
	if err := want(ctx, s, kept.Handles, kept); err != nil {
		return fmt.Errorf("after the caller changed what it had given: %w", err)
	}
	h, err := get(ctx, s, kept.Handles...)
	if err != nil {
		return err
	}
	spoil(&h.Events[0])
	if err := want(ctx, s, kept.Handles, kept); err != nil {
		return fmt.Errorf("after the caller changed what it had got: %w", err)
	}
	return nil
}

func storedOnce(ctx context.Context, s optin.Store) error {
	first := stop("e", 0, phone(1))
	second := grant("e", time.Hour, phone(1), phone(2))
	if err := put(ctx, s, first); err != nil {
		return err
	}
	done, err := s.Append(ctx, second)
	if err != nil {
		return fmt.Errorf("append of an id that is there: %w", err)
	}
	if done.Added != 0 {
		return fmt.Errorf("the same id again counts as %d added", done.Added)
	}
	if err := want(ctx, s, []party.Handle{phone(1)}, first); err != nil {
		return err
	}
	if err := want(ctx, s, []party.Handle{phone(2)}); err != nil {
		return fmt.Errorf("the second event of the same id left a trace: %w", err)
	}
	third := stop("f", time.Hour, phone(2))
	done, err = s.Append(ctx, second, third)
	if err != nil {
		return fmt.Errorf("append of an old id and a new one: %w", err)
	}
	if done.Added != 1 {
		return fmt.Errorf("an old id and a new one count as %d added, not 1", done.Added)
	}
	return want(ctx, s, []party.Handle{phone(1), phone(2)}, first, third)
}

func storedOnceInOneCall(ctx context.Context, s optin.Store) error {
	first, again := stop("e", 0, phone(1)), stop("e", time.Hour, phone(1))
	done, err := s.Append(ctx, first, again)
	if err != nil {
		return fmt.Errorf("append of one id twice in a call: %w", err)
	}
	if done.Added != 1 {
		return fmt.Errorf("one id twice in a call counts as %d added", done.Added)
	}
	return want(ctx, s, []party.Handle{phone(1)}, first)
}

// together runs n functions at once and returns the first error.
func together(n int, f func(i int) error) error {
	errs := make([]error, n)
	var gate, done sync.WaitGroup
	gate.Add(1)
	for i := range n {
		done.Go(func() {
			gate.Wait()
			errs[i] = f(i)
		})
	}
	gate.Done()
	done.Wait()
	return errors.Join(errs...)
}

func storedOnceInRace(ctx context.Context, s optin.Store) error {
	for round := range 20 {
		id, h := fmt.Sprintf("e%d", round), phone(round)
		var added atomic.Int64
		err := together(8, func(i int) error {
			done, err := s.Append(ctx, stop(id, time.Duration(i)*time.Second, h))
			added.Add(int64(done.Added))
			return err
		})
		if err != nil {
			return fmt.Errorf("append: %w", err)
		}
		if n := added.Load(); n != 1 {
			return fmt.Errorf("of 8 callers with the same id, %d were told that theirs was added", n)
		}
		hist, err := get(ctx, s, h)
		if err != nil {
			return err
		}
		if len(hist.Events) != 1 {
			return fmt.Errorf("an id that 8 callers stored at once is there %d times", len(hist.Events))
		}
	}
	return nil
}

func nobodyIsEmpty(ctx context.Context, s optin.Store) error {
	for _, hs := range [][]party.Handle{{phone(1)}, {phone(1), user("US.x")}} {
		h, err := s.Events(ctx, hs)
		if err != nil {
			return fmt.Errorf("somebody who is not on record is an error: %w", err)
		}
		if len(h.Events) != 0 {
			return fmt.Errorf("an empty store returned %d events", len(h.Events))
		}
	}
	if err := put(ctx, s, stop("e", 0, phone(1))); err != nil {
		return err
	}
	if err := want(ctx, s, []party.Handle{phone(2)}); err != nil {
		return err
	}
	return want(ctx, s, []party.Handle{phone(1), phone(2)}, stop("e", 0, phone(1)))
}

func breakdownIsError(ctx context.Context, s optin.Store) error {
	if err := put(ctx, s, stop("e", 0, phone(1))); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if h, err := s.Events(gone, []party.Handle{phone(1)}); err == nil {
		return fmt.Errorf("events could not be read and returned %d events without an error", len(h.Events))
	}
	return nil
}

func inOrder(ctx context.Context, s optin.Store) error {
	a, b := phone(1), user("US.x")
	e := map[string]optin.Event{
		"1":  stop("1", 2*time.Second, a),
		"2":  stop("2", time.Second, a, b),
		"3":  stop("3", time.Second+time.Microsecond, b),
		"B":  stop("B", time.Minute, a),
		"a":  stop("a", time.Minute, b),
		"10": stop("10", time.Minute, a, b),
		"é":  stop("é", time.Minute, a),
	}
	for _, id := range []string{"B", "1", "é", "3", "a", "2", "10"} {
		if err := put(ctx, s, e[id]); err != nil {
			return err
		}
	}
	return want(ctx, s, []party.Handle{a, b}, e["2"], e["3"], e["1"], e["10"], e["B"], e["a"], e["é"])
}

func allThere(ctx context.Context, s optin.Store) error {
	h := phone(1)
	var events []optin.Event
	for i := range 200 {
		e := stop(fmt.Sprintf("e%03d", i), time.Duration(i/3)*time.Microsecond, h) // many alike but for their id
		if i%2 == 0 {
			e = grant(e.ID, time.Duration(i/3)*time.Microsecond, h)
		}
		events = append(events, e)
	}
	if err := put(ctx, s, events[100:]...); err != nil {
		return err
	}
	if err := put(ctx, s, events[:100]...); err != nil {
		return err
	}
	return want(ctx, s, []party.Handle{h}, events...)
}

func allThereInRace(ctx context.Context, s optin.Store) error {
	a, b := phone(1), phone(2)
	err := together(8, func(i int) error {
		for k := range 10 {
			hs := []party.Handle{a, b}
			if i%2 == 0 {
				hs = []party.Handle{b, a} // the other way round: no deadlock
			}
			if _, err := s.Append(ctx, stop(fmt.Sprintf("e%d.%d", i, k), time.Second, hs...)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	h, err := get(ctx, s, a)
	if err != nil {
		return err
	}
	if len(h.Events) != 80 {
		return fmt.Errorf("of 80 events appended at once, %d are there", len(h.Events))
	}
	return nil
}

func byteForByte(ctx context.Context, s optin.Store) error {
	hs := []party.Handle{
		user("US.abc"), user("US.ABC"), user("US.abc "), user(" US.abc"), user("US.abç"), user("US.abc\u0327"),
		user("US.abc\x00"), user("US.ab"), user("US.ａｂｃ"), user("US.a%"), user("US.a_c"), user(`US.a\c`), user("US.a'c"),
		{Scheme: party.Parent, Value: "US.abc"}, {Scheme: "user U", Value: "S.abc"},
		phone(1), {Scheme: party.Phone, Value: phone(1).Value[1:]}, {Scheme: party.Phone, Value: phone(1).Value + "0"},
	}
	for i, h := range hs {
		if h.Value == "US.abc\x00" {
			continue // not every engine can hold a zero byte; asked about below all the same
		}
		if err := put(ctx, s, stop(fmt.Sprintf("e%02d", i), 0, h)); err != nil {
			return err
		}
	}
	for i, h := range hs {
		if h.Value == "US.abc\x00" {
			if got, err := s.Events(ctx, []party.Handle{h}); err == nil && len(got.Events) > 0 {
				return errors.New("a handle that ends in a zero byte is taken for one without")
			}
			continue
		}
		if err := want(ctx, s, []party.Handle{h}, stop(fmt.Sprintf("e%02d", i), 0, h)); err != nil {
			return err
		}
	}
	for _, id := range []string{"id", "ID", "id ", "íd"} {
		if err := put(ctx, s, stop(id, time.Hour, phone(9))); err != nil {
			return fmt.Errorf("ids compare byte for byte too: %w", err)
		}
	}
	return nil
}

func cancelled(ctx context.Context, s optin.Store) error {
	if err := s.Enter(ctx, flight("f", 0, phone(1))); err != nil {
		return fmt.Errorf("enter: %w", err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err := s.Append(gone, stop("e", 0, phone(1)))
	_, readErr := s.Events(gone, []party.Handle{phone(1)})
	for _, c := range []struct {
		name string
		err  error
	}{
		{"Append", err}, {"Events", readErr}, {"Enter", s.Enter(gone, flight("g", 0, phone(1)))}, {"Leave", s.Leave(gone, "f")},
	} {
		if !errors.Is(c.err, context.Canceled) {
			return fmt.Errorf("%s with a cancelled context returned %v, not its error", c.name, c.err)
		}
	}
	if err := want(ctx, s, []party.Handle{phone(1)}); err != nil {
		return fmt.Errorf("an Append that was cancelled left something behind: %w", err)
	}
	done, err := s.Append(ctx, stop("later", 0, phone(1)))
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if err := sameFlights(done.Flights, flight("f", 0, phone(1))); err != nil {
		return fmt.Errorf("an Enter or Leave that was cancelled did something: %w", err)
	}
	return nil
}

// batch is several events, each of another person, and all their handles.
func batch(round, n int) (events []optin.Event, hs []party.Handle) {
	for i := range n {
		h := phone(round*n + i)
		hs = append(hs, h)
		events = append(events, stop(fmt.Sprintf("e%d.%d", round, i), 0, h))
	}
	return events, hs
}

func allOrNothing(ctx context.Context, s optin.Store) error {
	const size = 40
	for round := range 10 {
		events, hs := batch(round, size)
		slices.Reverse(hs) // what is written last is read first
		var finished atomic.Bool
		err := together(2, func(i int) error {
			if i == 0 {
				defer finished.Store(true)
				return put(ctx, s, events...)
			}
			for last := false; !last; {
				last = finished.Load()
				h, err := get(ctx, s, hs...)
				if err != nil {
					return err
				}
				if n := len(h.Events); n != 0 && n != size {
					return fmt.Errorf("%d of %d events of one Append show", n, size)
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

func interrupted(ctx context.Context, s optin.Store) error {
	const size = 40
	for round := range 20 {
		events, hs := batch(round, size)
		short, cancel := context.WithCancel(ctx)
		var appendErr error
		together(2, func(i int) error {
			if i == 0 {
				_, appendErr = s.Append(short, events...)
				return nil
			}
			time.Sleep(time.Duration(round) * 50 * time.Microsecond)
			cancel()
			return nil
		})
		h, err := get(ctx, s, hs...)
		if err != nil {
			return err
		}
		switch n := len(h.Events); {
		case appendErr == nil && n != size:
			return fmt.Errorf("an Append returned no error, and %d of %d events are there", n, size)
		case n != 0 && n != size:
			return fmt.Errorf("an Append that was interrupted left %d of %d events", n, size)
		}
	}
	return nil
}

func closed(ctx context.Context, s optin.Store) error {
	if err := put(ctx, s, stop("e", 0, phone(1))); err != nil {
		return err
	}
	switch c := s.(type) {
	case interface{ Close() error }:
		if err := c.Close(); err != nil {
			return fmt.Errorf("close: %w", err)
		}
	case interface{ Close() }:
		c.Close()
	default:
		return fmt.Errorf("%w: it has no Close", errNotAsked)
	}
	if h, err := s.Events(ctx, []party.Handle{phone(1)}); err == nil {
		return fmt.Errorf("events after Close returned %d events and no error", len(h.Events))
	}
	if _, err := s.Append(ctx, stop("f", 0, phone(1))); err == nil {
		return errors.New("append after Close returned no error")
	}
	if err := s.Enter(ctx, flight("f", 1, phone(1))); err == nil || errors.Is(err, optin.ErrMoved) {
		return fmt.Errorf("enter after Close returned %v", err)
	}
	if err := s.Leave(ctx, "f"); err == nil {
		return errors.New("leave after Close returned no error")
	}
	return nil
}
