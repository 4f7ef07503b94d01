package windowtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/window"
)

var (
	noon  = time.Date(2026, 11, 20, 12, 0, 0, 123456000, time.UTC)
	line  = party.Line{Account: "102290129340398", Number: "106540352242922"}
	phone = party.Handle{Scheme: party.Phone, Value: "+447700900123"}
	user  = party.Handle{Scheme: party.User, Value: "GB.13491208655302741918"}
	group = window.Place{Line: line, Group: "Y2FwaV9ncm91cDox"}
)

func person(hs ...party.Handle) window.Place { return window.Place{Line: line, Handles: hs} }

func mark(id string, k window.Kind, at time.Time, p window.Place) window.Mark {
	return window.Mark{ID: id, Kind: k, Place: p, At: at, Received: at.Add(time.Second)}
}

// read returns what a store holds of a place, in one order.
func read(ctx context.Context, s window.Store, p window.Place) ([]window.Mark, error) {
	ms, err := s.Marks(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	slices.SortFunc(ms, func(a, b window.Mark) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	return ms, nil
}

func ids(ms []window.Mark) []string {
	out := make([]string, len(ms))
	for i := range ms {
		out[i] = ms[i].ID
	}
	return out
}

// holds checks which marks, by id, a place has.
func holds(ctx context.Context, s window.Store, p window.Place, want ...string) error {
	ms, err := read(ctx, s, p)
	if err != nil {
		return err
	}
	got := ids(ms)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return fmt.Errorf("marks are %q, want %q", got, want)
	}
	return nil
}

func comesBackWhole(ctx context.Context, open func() window.Store) error {
	s := open()
	zone := time.FixedZone("+05:30", 19800)
	for i, m := range []window.Mark{
		mark("m1", window.Wrote, noon.In(zone).Add(789), person(phone, user)),
		mark("m2", window.CallsAllowedFor, noon.Add(time.Second), person(phone)),
		mark("m3", window.Closed, noon, group),
		{ID: "m4", Kind: window.Called, Place: person(user), At: noon.Add(time.Hour), Received: noon.Add(time.Minute)},
	} {
		if err := s.Note(ctx, m); err != nil {
			return fmt.Errorf("noting: %w", err)
		}
		want, err := m.Normal()
		if err != nil {
			return err
		}
		place := m.Place
		if len(place.Handles) > 1 {
			place.Handles = place.Handles[1:] // one of the handles is enough to find it
		}
		ms, err := read(ctx, s, place)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(ms, func(got window.Mark) bool { return got.ID == m.ID })
		if at < 0 {
			return fmt.Errorf("mark %d did not come back", i)
		}
		got := ms[at]
		if len(got.Place.Handles) == 0 {
			got.Place.Handles = nil
		}
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("mark %s came back changed: kind %d, at %s, received %s, want at %s, received %s (or its place differs)",
				m.ID, got.Kind, got.At, got.Received, want.At, want.Received)
		}
	}
	return nil
}

func keepsItsOwn(ctx context.Context, open func() window.Store) error {
	s := open()
	hs := []party.Handle{phone, user}
	if err := s.Note(ctx, mark("m1", window.Wrote, noon, person(hs...))); err != nil {
		return fmt.Errorf("noting: %w", err)
	}
	hs[0].Value = "+447700900999"
	ms, err := read(ctx, s, person(phone))
	if err != nil {
		return err
	}
	if len(ms) != 1 || len(ms[0].Place.Handles) != 2 {
		return fmt.Errorf("%d marks, want 1 with both its handles", len(ms))
	}
	ms[0].Kind, ms[0].Place.Handles[1].Value = window.Closed, "changed"
	again, err := read(ctx, s, person(phone))
	if err != nil {
		return err
	}
	if len(again) != 1 || again[0].Kind != window.Wrote || !slices.Equal(again[0].Place.Handles, []party.Handle{phone, user}) {
		return errors.New("a caller's change to a slice reached the store")
	}
	return nil
}

func notedOnce(ctx context.Context, open func() window.Store) error {
	s := open()
	m := mark("m1", window.Replied, noon, person(phone))
	later := m
	later.At, later.Received = noon.Add(time.Hour), noon.Add(time.Hour)
	if err := s.Note(ctx, m, m); err != nil {
		return fmt.Errorf("noting: %w", err)
	}
	if err := s.Note(ctx, later); err != nil {
		return fmt.Errorf("noting again: %w", err)
	}
	ms, err := read(ctx, s, person(phone))
	if err != nil {
		return err
	}
	if len(ms) != 1 || !ms[0].At.Equal(noon) {
		return fmt.Errorf("an id noted three times gives %d marks, and the first is to stay", len(ms))
	}
	return nil
}

func emptyIsEmpty(ctx context.Context, open func() window.Store) error {
	s := open()
	for _, p := range []window.Place{person(phone), group, person(phone, user)} {
		if err := holds(ctx, s, p); err != nil {
			return err
		}
	}
	if err := s.Note(ctx); err != nil {
		return fmt.Errorf("noting nothing: %w", err)
	}
	for why, p := range map[string]window.Place{
		"without a line":              {Handles: []party.Handle{phone}},
		"of nobody":                   {Line: line},
		"of a person and a group":     {Line: line, Handles: []party.Handle{phone}, Group: "g"},
		"with a handle that is empty": {Line: line, Handles: []party.Handle{{Scheme: party.Phone}}},
	} {
		if _, err := s.Marks(ctx, p); err == nil {
			return fmt.Errorf("a place %s reads as an empty list, want an error", why)
		}
	}
	return nil
}

func youngestStays(ctx context.Context, open func() window.Store) error {
	for _, k := range window.Kinds() {
		for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
			s := open()
			for _, h := range order {
				m := mark("m"+strconv.Itoa(h), k, noon.Add(time.Duration(h)*time.Hour), person(phone, user))
				if h == 2 {
					m.Place = person(phone)
				}
				if err := s.Note(ctx, m); err != nil {
					return fmt.Errorf("noting: %w", err)
				}
			}
			for h, want := range map[party.Handle]string{phone: "m2", user: "m1"} {
				ms, err := read(ctx, s, person(h))
				if err != nil {
					return err
				}
				if len(ms) == 0 || ms[len(ms)-1].ID != want {
					return fmt.Errorf("kind %d noted in order %v: youngest of %q is %q, want %s", k, order, ids(ms), h.Scheme, want)
				}
			}
		}
	}
	return nil
}

// countedStay: what is counted over days stays for as long as its Keep says.
func countedStay(ctx context.Context, open func() window.Store) error {
	for _, k := range window.Kinds() {
		days := int(k.Keep().For / (24 * time.Hour))
		s := open()
		var want []string
		for d := range days + 1 {
			id := "m" + strconv.Itoa(d)
			want = append(want, id)
			if err := s.Note(ctx, mark(id, k, noon.Add(time.Duration(d)*24*time.Hour), person(phone))); err != nil {
				return fmt.Errorf("noting: %w", err)
			}
		}
		if err := has(ctx, s, want...); err != nil {
			return fmt.Errorf("%s, with marks of %d days: %w", k, days, err)
		}
	}
	return nil
}

// lastStay: the youngest few stay whatever their age, as many as Keep says.
func lastStay(ctx context.Context, open func() window.Store) error {
	for _, k := range window.Kinds() {
		last := k.Keep().Last
		s := open()
		for i := range last + 2 { // the older two may go
			if err := s.Note(ctx, mark("m"+strconv.Itoa(i), k, noon.Add(time.Duration(i)*30*24*time.Hour), person(phone))); err != nil {
				return fmt.Errorf("noting: %w", err)
			}
		}
		var want []string
		for i := range last {
			want = append(want, "m"+strconv.Itoa(i+2))
		}
		if err := has(ctx, s, want...); err != nil {
			return fmt.Errorf("%s, with a mark a month: %w", k, err)
		}
	}
	return nil
}

// has checks that marks are among those under the phone.
func has(ctx context.Context, s window.Store, want ...string) error {
	ms, err := read(ctx, s, person(phone))
	if err != nil {
		return err
	}
	for _, id := range want {
		if !slices.Contains(ids(ms), id) {
			return fmt.Errorf("mark %s can still matter and is gone; there are %q", id, ids(ms))
		}
	}
	return nil
}

// sameState notes the same marks in random orders and compares what a State
// made of the store says, and Calls and Reach, with those made of all marks.
func sameState(ctx context.Context, open func() window.Store) error {
	r := rand.New(rand.NewPCG(7, 11))
	for range 20 {
		all := make([]window.Mark, 12)
		for i := range all {
			k := window.Kinds()[r.IntN(len(window.Kinds()))]
			all[i] = mark("kind"+strconv.Itoa(int(k))+":"+strconv.Itoa(i), k, noon.Add(time.Duration(r.IntN(9*24*60))*time.Minute), person(phone))
		}
		at := noon.Add(9*24*time.Hour + time.Duration(r.IntN(24*60))*time.Minute)
		want, wantCalls, wantReach := window.StateAt(all, at, window.DefaultRules()), window.CallsAt(all, at, window.DefaultCallRules()), window.ReachAt(all, at)
		shuffled := slices.Clone(all)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		s := open()
		for _, m := range shuffled {
			if err := s.Note(ctx, m); err != nil {
				return fmt.Errorf("noting: %w", err)
			}
		}
		ms, err := s.Marks(ctx, person(phone))
		if err != nil {
			return fmt.Errorf("reading: %w", err)
		}
		if got := window.StateAt(ms, at, window.DefaultRules()); got != want {
			return fmt.Errorf("noted in order %q the state is %+v, want %+v", ids(shuffled), got, want)
		}
		if got := window.CallsAt(ms, at, window.DefaultCallRules()); !reflect.DeepEqual(got, wantCalls) {
			return fmt.Errorf("noted in order %q the calls are %+v, want %+v", ids(shuffled), got, wantCalls)
		}
		if got := window.ReachAt(ms, at); got != wantReach {
			return fmt.Errorf("noted in order %q the reach is %+v, want %+v", ids(shuffled), got, wantReach)
		}
	}
	return nil
}

func byteForByte(ctx context.Context, open func() window.Store) error {
	s := open()
	name := func(number, scheme, value string) window.Place {
		return window.Place{Line: party.Line{Number: number}, Handles: []party.Handle{{Scheme: scheme, Value: value}}}
	}
	places := []window.Place{
		name("1", "user", "GB.abc"),
		name("1", "user", "gb.abc"),
		name("1", "user", "GB.abc "),
		name("1", "user", "GB.äbc"),
		name("1", "user", "GB.a\u0308bc"),
		name("1", "phone", "GB.abc"),
		name("01", "user", "GB.abc"),
		{Line: party.Line{Number: "1"}, Group: "GB.abc"},
		{Line: party.Line{Number: "1"}, Group: "GB.ABC"},
	}
	for i, p := range places {
		if err := s.Note(ctx, mark("m"+strconv.Itoa(i), window.Wrote, noon, p)); err != nil {
			return fmt.Errorf("noting: %w", err)
		}
	}
	for i, p := range places {
		if err := holds(ctx, s, p, "m"+strconv.Itoa(i)); err != nil {
			return fmt.Errorf("place %d: %w", i, err)
		}
	}
	return nil
}

func accountIsNoKey(ctx context.Context, open func() window.Store) error {
	s := open()
	with, without := person(phone), person(phone)
	without.Line.Account = ""
	if err := s.Note(ctx, mark("m1", window.Wrote, noon, with), mark("m2", window.Called, noon, without)); err != nil {
		return fmt.Errorf("noting: %w", err)
	}
	for _, p := range []window.Place{with, without} {
		if err := holds(ctx, s, p, "m1", "m2"); err != nil {
			return err
		}
	}
	return nil
}

func handlesUnite(ctx context.Context, open func() window.Store) error {
	s := open()
	other := party.Handle{Scheme: party.Phone, Value: "+447700900456"}
	err := s.Note(ctx,
		mark("phone", window.Wrote, noon, person(phone)),
		mark("user", window.Called, noon.Add(time.Minute), person(user)),
		mark("both", window.Replied, noon.Add(time.Hour), person(phone, user)),
		mark("other", window.Wrote, noon, person(other)),
		mark("group", window.Wrote, noon, group))
	if err != nil {
		return fmt.Errorf("noting: %w", err)
	}
	many := []party.Handle{phone}
	for i := range 300 {
		many = append(many, party.Handle{Scheme: party.User, Value: "GB." + strconv.Itoa(i)})
	}
	many = append(many, user)
	for _, c := range []struct {
		place window.Place
		want  []string
	}{
		{person(many...), []string{"phone", "user", "both"}}, // links bound no person
		{person(phone), []string{"phone", "both"}},
		{person(user), []string{"user", "both"}},
		{person(phone, user), []string{"phone", "user", "both"}},
		{person(user, phone, user), []string{"phone", "user", "both"}},
		{person(other), []string{"other"}},
		{group, []string{"group"}},
	} {
		if err := holds(ctx, s, c.place, c.want...); err != nil {
			return err
		}
	}
	return nil
}

func allOrNothing(ctx context.Context, open func() window.Store) error {
	for why, bad := range map[string]window.Mark{
		"without an id":    mark("", window.Wrote, noon, person(phone)),
		"without a kind":   mark("bad", 0, noon, person(phone)),
		"without a time":   {ID: "bad", Kind: window.Wrote, Place: person(phone), Received: noon},
		"without a place":  mark("bad", window.Wrote, noon, window.Place{}),
		"of unknown kind":  mark("bad", 200, noon, person(phone)),
		"without a line":   mark("bad", window.Wrote, noon, window.Place{Handles: []party.Handle{phone}}),
		"without receipt":  {ID: "bad", Kind: window.Wrote, Place: person(phone), At: noon},
		"of both at once":  mark("bad", window.Wrote, noon, window.Place{Line: line, Handles: []party.Handle{phone}, Group: "g"}),
		"with empty value": mark("bad", window.Wrote, noon, person(party.Handle{Scheme: party.User})),
	} {
		s := open()
		if err := s.Note(ctx, mark("good", window.Wrote, noon, person(phone)), bad); err == nil {
			return fmt.Errorf("a mark %s was taken", why)
		}
		if err := holds(ctx, s, person(phone)); err != nil {
			return fmt.Errorf("beside a mark %s: %w", why, err)
		}
	}
	return nil
}

func cancelled(ctx context.Context, open func() window.Store) error {
	s := open()
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Note(over, mark("m1", window.Wrote, noon, person(phone))); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("noting with a cancelled context gives %v", err)
	}
	if _, err := s.Marks(over, person(phone)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("reading with a cancelled context gives %v", err)
	}
	return holds(ctx, s, person(phone))
}

func concurrent(ctx context.Context, open func() window.Store) error {
	s := open()
	const writers, each = 8, 16
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				id := fmt.Sprintf("w%d-%d", w, i)
				errs[w] = errors.Join(errs[w], s.Note(ctx, mark(id, window.Replied, noon.Add(time.Duration(i)*time.Second), person(phone, user))))
				_, err := s.Marks(ctx, person(user))
				errs[w] = errors.Join(errs[w], err)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	ms, err := read(ctx, s, person(user, phone))
	if err != nil {
		return err
	}
	if len(ms) != writers*each {
		return fmt.Errorf("%d marks after concurrent notes, want %d", len(ms), writers*each)
	}
	return nil
}

func closed(ctx context.Context, open func() window.Store) error {
	s := open()
	c, ok := s.(io.Closer)
	if !ok {
		return nil
	}
	if err := s.Note(ctx, mark("m1", window.Wrote, noon, person(phone))); err != nil {
		return fmt.Errorf("noting: %w", err)
	}
	if err := c.Close(); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	if err := s.Note(ctx, mark("m2", window.Wrote, noon, person(phone))); err == nil {
		return errors.New("noting succeeds after Close")
	}
	if _, err := s.Marks(ctx, person(phone)); err == nil {
		return errors.New("reading succeeds after Close")
	}
	return nil
}

func forgotten(ctx context.Context, open func() window.Store) error {
	s := open()
	f, ok := s.(party.Forgetter)
	if !ok {
		return nil
	}
	other := party.Handle{Scheme: party.Phone, Value: "+447700900199"}
	elsewhere := window.Place{Line: party.Line{Account: line.Account, Number: "106540352242923"}, Handles: []party.Handle{phone}}
	if err := s.Note(ctx,
		mark("both", window.Wrote, noon, person(phone, user)),
		mark("id alone", window.Called, noon, person(user)),
		mark("another line", window.Wrote, noon, elsewhere),
		mark("somebody else", window.Wrote, noon, person(other)),
		mark("a group", window.Wrote, noon, group)); err != nil {
		return fmt.Errorf("noting: %w", err)
	}
	stranger := party.Handle{Scheme: party.Phone, Value: "+447700900198"}
	if err := f.Forget(ctx, []party.Handle{phone, stranger}); err != nil {
		return fmt.Errorf("forgetting: %w", err)
	}
	for _, left := range []struct {
		p    window.Place
		want []string
	}{{person(phone), nil}, {elsewhere, nil}, {person(user), []string{"id alone"}}, {person(other), []string{"somebody else"}}, {group, []string{"a group"}}} {
		if err := holds(ctx, s, left.p, left.want...); err != nil {
			return fmt.Errorf("after forgetting: %w", err)
		}
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := f.Forget(gone, []party.Handle{other}); err == nil {
		return errors.New("forgetting succeeds under a cancelled context")
	}
	return holds(ctx, s, person(other), "somebody else")
}
