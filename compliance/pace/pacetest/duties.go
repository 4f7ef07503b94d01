package pacetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"
	"time"

	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
)

var (
	noon  = time.Date(2026, 11, 20, 12, 0, 0, 123456000, time.UTC)
	phone = party.Handle{Scheme: party.Phone, Value: "+447700900123"}
	user  = party.Handle{Scheme: party.User, Value: "GB.13491208655302741918"}
	other = party.Handle{Scheme: party.Phone, Value: "+447700900456"}
	pair  = pace.Rate{Interval: 6 * time.Second, Burst: 5}
)

const number = "106540352242922"

func who(hs ...party.Handle) pace.Who { return pace.Who{Handles: hs} }
func all(hs ...party.Handle) pace.Who { return pace.Who{Handles: hs, Tally: "shop"} }

func message(name string) *pace.Spend { return &pace.Spend{Name: name, Number: number, Pair: pair} }

// spend applies one and reports whether there was room.
func spend(ctx context.Context, s pace.Store, w pace.Who, at time.Time, m *pace.Spend) (bool, error) {
	room, err := s.Apply(ctx, w, at, m)
	if err != nil {
		return false, fmt.Errorf("spending: %w", err)
	}
	return room.Enough(), nil
}

func comesBack(ctx context.Context, open func() pace.Store) error {
	s := open()
	want := pace.State{Tally: pace.Tally{Name: "shop"}}
	apply := func(at time.Time, a pace.Act) error {
		want.Apply(at, a)
		_, err := s.Apply(ctx, all(phone), at, a)
		return err
	}
	err := errors.Join(
		apply(noon.In(time.FixedZone("+05:30", 19800)).Add(789), &pace.Spend{Name: "m1", Number: number, Pair: pair, Marketing: true, People: 10, Keep: time.Hour,
			Caps: []pace.Cap{{Messages: 3, Period: 48 * time.Hour}}}),
		apply(noon.Add(time.Second), pace.Settled{Name: "m1", Ref: "w1 \" \\ <é>"}),
		apply(noon.Add(2*time.Second), message("m2")),
		apply(noon.Add(3*time.Second), pace.Pushed{ID: "p1", Number: number}),
		apply(noon.Add(4*time.Second), pace.Refused{ID: "r1", Keep: 31 * 24 * time.Hour}),
		apply(noon.Add(6*time.Minute), message("m3")),
	)
	if err != nil {
		return fmt.Errorf("applying: %w", err)
	}
	got, err := s.Read(ctx, all(phone))
	if err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	return same(got, want)
}

func same(got, want pace.State) error {
	norm := func(s pace.State) pace.State { // nil or empty is all the same
		if len(s.Tab.Owed) == 0 {
			s.Tab.Owed = nil
		}
		if len(s.Tab.Pushed) == 0 {
			s.Tab.Pushed = nil
		}
		if len(s.Tab.Refused) == 0 {
			s.Tab.Refused = nil
		}
		if len(s.Tab.Spent) == 0 {
			s.Tab.Spent = nil
		}
		return s
	}
	if got, want = norm(got), norm(want); !reflect.DeepEqual(got, want) {
		return fmt.Errorf("the state is another one than was applied: %d messages, %d and %d notes, a tally of %d slots; want %d, %d and %d, %d (or they differ in what they say)",
			len(got.Tab.Spent), len(got.Tab.Pushed), len(got.Tab.Refused), len(got.Tally.Counts),
			len(want.Tab.Spent), len(want.Tab.Pushed), len(want.Tab.Refused), len(want.Tally.Counts))
	}
	return nil
}

func nobodyKnown(ctx context.Context, open func() pace.Store) error {
	s := open()
	got, err := s.Read(ctx, all(phone, user))
	if err != nil {
		return fmt.Errorf("reading somebody nobody knows: %w", err)
	}
	if err := same(got, pace.State{Tally: pace.Tally{Name: "shop"}}); err != nil {
		return err
	}
	for _, a := range []pace.Act{pace.Settled{Name: "m1"}, pace.Back{Name: "m1"}, pace.Back{Ref: "w1", Failed: true}} {
		if _, err := s.Apply(ctx, all(phone), noon, a); err != nil {
			return fmt.Errorf("%T of what nobody spent: %w", a, err)
		}
	}
	return nil
}

func oneTab(ctx context.Context, open func() pace.Store) error {
	s := open()
	for i, w := range []pace.Who{who(phone, user), who(user, phone), who(phone, user), who(user, phone, user), who(phone, phone, user)} {
		if ok, err := spend(ctx, s, w, noon, message(fmt.Sprint(i))); err != nil || !ok {
			return fmt.Errorf("message %d of a burst of 5 found no room (%v)", i+1, err)
		}
	}
	for _, w := range []pace.Who{who(phone, user), who(user, phone)} {
		if ok, err := spend(ctx, s, w, noon, message("6")); err != nil || ok {
			return fmt.Errorf("a sixth message went through under another order of the handles (%v)", err)
		}
	}
	return nil
}

func poured(ctx context.Context, open func() pace.Store) error {
	s := open()
	for i, w := range []pace.Who{who(user), who(phone), who(user), who(phone)} {
		if ok, err := spend(ctx, s, w, noon, message(fmt.Sprint(i))); err != nil || !ok {
			return fmt.Errorf("message %d found no room (%v)", i+1, err)
		}
	}
	if st, err := s.Read(ctx, who(phone, user)); err != nil || len(st.Tab.Spent) != 4 {
		return fmt.Errorf("a reader under both handles sees %d messages, want 4 (%v)", len(st.Tab.Spent), err)
	}
	if ok, err := spend(ctx, s, who(phone, user), noon, message("5th")); err != nil || !ok {
		return fmt.Errorf("the fifth message found no room (%v)", err)
	}
	if ok, err := spend(ctx, s, who(phone, user), noon, message("6th")); err != nil || ok {
		return fmt.Errorf("what was spent under one of the handles was not counted (%v)", err)
	}
	st, err := s.Read(ctx, who(user, phone))
	if err != nil || len(st.Tab.Spent) != 5 {
		return fmt.Errorf("%d messages after pouring, want 5 (%v)", len(st.Tab.Spent), err)
	}
	if _, err := s.Apply(ctx, who(user, phone), noon, pace.Back{Name: "0"}); err != nil {
		return err
	}
	if ok, err := spend(ctx, s, who(phone, user), noon, message("again")); err != nil || !ok {
		return fmt.Errorf("what was spent under a former handle is not given back (%v)", err)
	}
	return nil
}

func noMoreThanRoom(ctx context.Context, open func() pace.Store) error {
	s := open()
	var mu sync.Mutex
	through, errs := 0, []error(nil)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 5 {
				w := who(phone, user)
				if i%2 == 1 {
					w = who(user, phone)
				}
				ok, err := spend(ctx, s, w, noon, message(fmt.Sprintf("%d/%d", g, i)))
				mu.Lock()
				if ok {
					through++
				}
				errs = append(errs, err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if through != 5 {
		return fmt.Errorf("%d of 20 messages went through at once, want the burst of 5", through)
	}
	return nil
}

func spendAndGiveBack(ctx context.Context, open func() pace.Store) error {
	s := open()
	var mu sync.Mutex
	left, errs := 0, []error(nil)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 6 {
				name := fmt.Sprintf("%d/%d", g, i)
				ok, err := spend(ctx, s, who(phone), noon, message(name))
				if ok && i%2 == 0 {
					_, err = s.Apply(ctx, who(phone), noon, pace.Back{Name: name})
					ok = false
				}
				mu.Lock()
				if ok {
					left++
				}
				errs = append(errs, err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	st, err := s.Read(ctx, who(phone))
	if err != nil {
		return err
	}
	if left > 5 || len(st.Tab.Spent) != left {
		return fmt.Errorf("%d messages left and %d are on the tab, with a burst of 5", left, len(st.Tab.Spent))
	}
	return nil
}

func notKept(ctx context.Context, open func() pace.Store) error {
	s := open()
	day := &pace.Spend{Number: number, Marketing: true, Caps: []pace.Cap{{Messages: 1, Period: 24 * time.Hour}}}
	day.Name = "m1"
	if _, err := s.Apply(ctx, who(phone), noon, day); err != nil {
		return err
	}
	day.Name = "m2"
	room, err := s.Apply(ctx, who(phone), noon.Add(time.Hour), day)
	if err != nil {
		return err
	}
	if want := noon.Add(24 * time.Hour); !room.Cap.Equal(want) {
		return fmt.Errorf("there is room at %v, want %v", room.Cap, want)
	}
	st, err := s.Read(ctx, who(phone))
	if err != nil || len(st.Tab.Spent) != 1 {
		return fmt.Errorf("%d messages are on the tab, want the one that found room (%v)", len(st.Tab.Spent), err)
	}
	return nil
}

func reach(name string) *pace.Spend { return &pace.Spend{Name: name, Number: number, People: 2} }

func oneTally(ctx context.Context, open func() pace.Store) error {
	s := open()
	for i, h := range []party.Handle{phone, other, phone} {
		if ok, err := spend(ctx, s, all(h), noon, reach(fmt.Sprint(i))); err != nil || !ok {
			return fmt.Errorf("person %d found no room among two (%v)", i+1, err)
		}
	}
	if ok, err := spend(ctx, s, all(user), noon, reach("third")); err != nil || ok {
		return fmt.Errorf("a third person found room among two (%v)", err)
	}
	st, err := s.Read(ctx, all(user))
	if err != nil || st.Tally.People(noon) != 2 {
		return fmt.Errorf("%d people are counted, want 2 (%v)", st.Tally.People(noon), err)
	}
	elsewhere := pace.Who{Handles: []party.Handle{phone}, Tally: "other"}
	if ok, err := spend(ctx, s, elsewhere, noon, reach("elsewhere")); err != nil || !ok {
		return fmt.Errorf("another tally has no room (%v)", err)
	}
	if st, err = s.Read(ctx, elsewhere); err != nil || st.Tally.People(noon) != 1 {
		return fmt.Errorf("%d people are counted in another tally, want 1 (%v)", st.Tally.People(noon), err)
	}
	return nil
}

func tallyWithTab(ctx context.Context, open func() pace.Store) error {
	s := open()
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			m := reach("m")
			m.People = 100
			h := party.Handle{Scheme: party.Phone, Value: fmt.Sprintf("+44770090010%d", i)}
			if _, errs[i] = s.Apply(ctx, all(h), noon, m); errs[i] == nil && i%2 == 0 {
				_, errs[i] = s.Apply(ctx, all(h), noon, pace.Back{Name: "m"})
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	st, err := s.Read(ctx, all(phone))
	if err != nil || st.Tally.People(noon) != 4 {
		return fmt.Errorf("%d people are counted, want the 4 whose message left (%v)", st.Tally.People(noon), err)
	}
	return nil
}

func byteForByte(ctx context.Context, open func() pace.Store) error {
	s := open()
	upper := party.Handle{Scheme: party.User, Value: "GB.ABC"}
	if _, err := s.Apply(ctx, who(upper), noon, message("m1")); err != nil {
		return err
	}
	for _, h := range []party.Handle{{Scheme: party.User, Value: "GB.abc"}, {Scheme: party.User, Value: "GB.ABC "}, {Scheme: party.Parent, Value: "GB.ABC"}, {Scheme: party.User, Value: "GB.ÄBC"}} {
		if st, err := s.Read(ctx, who(h)); err != nil || len(st.Tab.Spent) != 0 {
			return fmt.Errorf("%s %q has the tab of another (%v)", h.Scheme, h.Value, err)
		}
	}
	return nil
}

func cancelled(ctx context.Context, open func() pace.Store) error {
	s := open()
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Apply(over, who(phone), noon, message("m1")); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("applying with a cancelled context gave %v", err)
	}
	if _, err := s.Read(over, who(phone)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("reading with a cancelled context gave %v", err)
	}
	if st, err := s.Read(ctx, who(phone)); err != nil || len(st.Tab.Spent) != 0 {
		return fmt.Errorf("a cancelled call was kept (%v)", err)
	}
	return nil
}

func seen(ctx context.Context, open func() pace.Store) error {
	s := open()
	for i := range 5 {
		if _, err := s.Apply(ctx, who(phone), noon, message(fmt.Sprint(i))); err != nil {
			return err
		}
		if st, err := s.Read(ctx, who(phone)); err != nil || len(st.Tab.Spent) != i+1 {
			return fmt.Errorf("%d messages are seen after %d were kept (%v)", len(st.Tab.Spent), i+1, err)
		}
	}
	return nil
}

func staysWhileItCounts(ctx context.Context, open func() pace.Store) error {
	s := open()
	month := &pace.Spend{Name: "m1", Number: number, Marketing: true, Caps: []pace.Cap{{Messages: 1, Period: 30 * 24 * time.Hour}}}
	if _, err := s.Apply(ctx, who(phone), noon, month); err != nil {
		return err
	}
	if _, err := s.Apply(ctx, who(user), noon, pace.Refused{ID: "r1", Keep: 30 * 24 * time.Hour}); err != nil {
		return err
	}
	later := noon.Add(29 * 24 * time.Hour)
	for i := range 300 { // so that a store that tidies up does
		h := party.Handle{Scheme: party.Phone, Value: fmt.Sprintf("+4478009%05d", i)}
		if _, err := s.Apply(ctx, who(h), later, message("m")); err != nil {
			return err
		}
	}
	if st, err := s.Read(ctx, who(phone)); err != nil || len(st.Tab.Spent) != 1 {
		return fmt.Errorf("a message that still counts is gone (%v)", err)
	}
	if st, err := s.Read(ctx, who(user)); err != nil || len(st.Tab.Refused) != 1 {
		return fmt.Errorf("a refusal that still counts is gone (%v)", err)
	}
	return nil
}

func noHandles(ctx context.Context, open func() pace.Store) error {
	s := open()
	if _, err := s.Read(ctx, pace.Who{Tally: "shop"}); !errors.Is(err, pace.ErrNobody) {
		return fmt.Errorf("reading nobody gave %v", err)
	}
	if _, err := s.Apply(ctx, pace.Who{}, noon, message("m1")); !errors.Is(err, pace.ErrNobody) {
		return fmt.Errorf("applying to nobody gave %v", err)
	}
	return nil
}

func callersOwn(ctx context.Context, open func() pace.Store) error {
	s := open()
	handles := []party.Handle{phone, user}
	if _, err := s.Apply(ctx, all(handles...), noon, reach("m1")); err != nil {
		return err
	}
	handles[0], handles[1] = other, other
	st, err := s.Read(ctx, all(phone, user))
	if err != nil || len(st.Tab.Spent) != 1 || len(st.Tally.Counts) == 0 {
		return fmt.Errorf("%d messages, want 1 (%v)", len(st.Tab.Spent), err)
	}
	st.Tab.Spent[0].Name, st.Tally.Counts[0] = "changed", 99
	again, err := s.Read(ctx, all(phone, user))
	if err != nil || len(again.Tab.Spent) != 1 || again.Tab.Spent[0].Name != "m1" || again.Tally.Counts[0] == 99 {
		return fmt.Errorf("a caller's change reached the store (%v)", err)
	}
	return nil
}

func forgotten(ctx context.Context, open func() pace.Store) error {
	s := open()
	for _, h := range []party.Handle{phone, user, other} {
		if _, err := s.Apply(ctx, who(h), noon, message("of "+h.Scheme)); err != nil {
			return err
		}
	}
	if err := s.Forget(ctx, []party.Handle{phone, user, {Scheme: party.Phone, Value: "+447700900999"}}); err != nil {
		return fmt.Errorf("forgetting: %w", err)
	}
	if st, err := s.Read(ctx, who(phone, user)); err != nil || len(st.Tab.Spent) != 0 {
		return fmt.Errorf("%d messages of somebody forgotten (%v)", len(st.Tab.Spent), err)
	}
	if st, err := s.Read(ctx, who(other)); err != nil || len(st.Tab.Spent) != 1 {
		return fmt.Errorf("%d messages of somebody who was not forgotten, want 1 (%v)", len(st.Tab.Spent), err)
	}
	return nil
}

func closed(ctx context.Context, open func() pace.Store) error {
	s := open()
	c, ok := s.(io.Closer)
	if !ok {
		return nil
	}
	if err := c.Close(); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	if _, err := s.Read(ctx, who(phone)); err == nil {
		return errors.New("a closed store reads")
	}
	if _, err := s.Apply(ctx, who(phone), noon, message("m1")); err == nil {
		return errors.New("a closed store applies")
	}
	if err := s.Forget(ctx, []party.Handle{phone}); err == nil {
		return errors.New("a closed store forgets")
	}
	return nil
}
