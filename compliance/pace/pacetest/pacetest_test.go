package pacetest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/pace/pacetest"
	"github.com/waguard/waguard/compliance/party"
)

func TestMemory(t *testing.T) {
	pacetest.Run(t, func(testing.TB) pace.Store { return pace.NewMemory() })
}

// bad is a store in memory with its methods bent.
type bad struct {
	*pace.Memory
	read   func(m *pace.Memory, ctx context.Context, w pace.Who) (pace.State, error)
	apply  func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error)
	forget func(m *pace.Memory, ctx context.Context, hs []party.Handle) error
}

func (b bad) Read(ctx context.Context, w pace.Who) (pace.State, error) {
	if b.read != nil {
		return b.read(b.Memory, ctx, w)
	}
	return b.Memory.Read(ctx, w)
}

func (b bad) Apply(ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
	if b.apply != nil {
		return b.apply(b.Memory, ctx, w, at, a)
	}
	return b.Memory.Apply(ctx, w, at, a)
}

func (b bad) Forget(ctx context.Context, hs []party.Handle) error {
	if b.forget != nil {
		return b.forget(b.Memory, ctx, hs)
	}
	return b.Memory.Forget(ctx, hs)
}

func TestBadStoresAreFoundOut(t *testing.T) {
	// loose is a store that reads, works out and writes, with others in between.
	loose := func() bad {
		var mu sync.Mutex
		states := map[party.Handle]pace.State{}
		return bad{
			read: func(m *pace.Memory, ctx context.Context, w pace.Who) (pace.State, error) {
				if len(w.Handles) == 0 {
					return pace.State{}, pace.ErrNobody
				}
				mu.Lock()
				defer mu.Unlock()
				return states[pace.Under(w.Handles)], ctx.Err()
			},
			apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
				if len(w.Handles) == 0 {
					return pace.Room{}, pace.ErrNobody
				}
				h := pace.Under(w.Handles)
				mu.Lock()
				s := states[h]
				s.Tab = s.Tab.Clone()
				mu.Unlock()
				room, changed := s.Apply(at, a)
				time.Sleep(time.Millisecond)
				if changed {
					mu.Lock()
					states[h] = s
					mu.Unlock()
				}
				return room, ctx.Err()
			},
		}
	}
	first := func(w pace.Who) pace.Who { w.Handles = w.Handles[:min(1, len(w.Handles))]; return w }
	lower := func(w pace.Who) pace.Who {
		w.Handles = slices.Clone(w.Handles)
		for i := range w.Handles {
			w.Handles[i].Value = strings.ToLower(w.Handles[i].Value)
		}
		return w
	}
	for _, c := range []struct {
		why  string
		duty int
		bad  bad
	}{
		{"cuts times to the second", 1, bad{apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
			return m.Apply(ctx, w, at.Truncate(time.Second), a)
		}}},
		{"forgets what the platform calls a message", 1, bad{apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
			if s, ok := a.(pace.Settled); ok {
				s.Ref = ""
				a = s
			}
			return m.Apply(ctx, w, at, a)
		}}},
		{"forgets refusals", 1, bad{read: func(m *pace.Memory, ctx context.Context, w pace.Who) (pace.State, error) {
			s, err := m.Read(ctx, w)
			s.Tab.Refused = nil
			return s, err
		}}},
		{"takes nothing found for a breakdown", 2, bad{read: func(m *pace.Memory, ctx context.Context, w pace.Who) (pace.State, error) {
			s, err := m.Read(ctx, w)
			if err == nil && len(s.Tab.Spent) == 0 {
				err = errors.New("not found")
			}
			return s, err
		}}},
		{"looks at the first handle alone", 3, bad{
			read: func(m *pace.Memory, ctx context.Context, w pace.Who) (pace.State, error) {
				return m.Read(ctx, first(w))
			},
			apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
				return m.Apply(ctx, first(w), at, a)
			}}},
		{"looks under the least handle alone", 3, bad{
			apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
				if len(w.Handles) > 0 {
					w.Handles = []party.Handle{pace.Under(w.Handles)}
				}
				return m.Apply(ctx, w, at, a)
			}}},
		{"lets others in between", 4, loose()},
		{"keeps what found no room", 5, bad{apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
			if s, ok := a.(*pace.Spend); ok {
				st, err := m.Read(ctx, w)
				if err != nil {
					return pace.Room{}, err
				}
				room, forced := st.Room(at, s), *s
				forced.Forced = true
				_, err = m.Apply(ctx, w, at, &forced)
				return room, err
			}
			return m.Apply(ctx, w, at, a)
		}}},
		{"does not say when there is room", 5, bad{apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
			_, err := m.Apply(ctx, w, at, a)
			return pace.Room{}, err
		}}},
		{"keeps no tally", 6, bad{apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
			w.Tally = ""
			return m.Apply(ctx, w, at, a)
		}}},
		{"has one tally for all names", 6, bad{
			read: func(m *pace.Memory, ctx context.Context, w pace.Who) (pace.State, error) {
				w.Tally = "any"
				return m.Read(ctx, w)
			},
			apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
				w.Tally = "any"
				return m.Apply(ctx, w, at, a)
			}}},
		{"gives back on the tab and not in the tally", 6, bad{apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
			if _, ok := a.(pace.Back); ok {
				w.Tally = ""
			}
			return m.Apply(ctx, w, at, a)
		}}},
		{"folds case", 7, bad{
			read: func(m *pace.Memory, ctx context.Context, w pace.Who) (pace.State, error) {
				return m.Read(ctx, lower(w))
			},
			apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
				return m.Apply(ctx, lower(w), at, a)
			}}},
		{"does not look at its context", 8, bad{apply: func(m *pace.Memory, _ context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
			return m.Apply(context.Background(), w, at, a)
		}}},
		{"answers from what it read before", 9, func() bad {
			var mu sync.Mutex
			old := map[party.Handle]pace.State{}
			return bad{read: func(m *pace.Memory, ctx context.Context, w pace.Who) (pace.State, error) {
				s, err := m.Read(ctx, w)
				if err != nil {
					return s, err
				}
				mu.Lock()
				defer mu.Unlock()
				h := pace.Under(w.Handles)
				if before, ok := old[h]; ok && len(before.Tab.Spent) > 0 {
					return before, nil
				}
				old[h] = s
				return s, nil
			}}
		}()},
		{"keeps a day and no longer", 10, bad{read: func(m *pace.Memory, ctx context.Context, w pace.Who) (pace.State, error) {
			s, err := m.Read(ctx, w)
			if len(s.Tab.Spent) > 0 && s.Tab.Spent[0].Until-s.Tab.Spent[0].At > (7*24*time.Hour).Microseconds() {
				s.Tab.Spent = nil
			}
			return s, err
		}}},
		{"takes nobody for somebody", 11, bad{read: func(m *pace.Memory, ctx context.Context, w pace.Who) (pace.State, error) {
			if len(w.Handles) == 0 {
				return pace.State{}, nil
			}
			return m.Read(ctx, w)
		}}},
		{"hands out what it keeps", 12, func() bad {
			var mu sync.Mutex
			out := map[party.Handle]pace.State{}
			return bad{read: func(m *pace.Memory, ctx context.Context, w pace.Who) (pace.State, error) {
				s, err := m.Read(ctx, w)
				if err != nil {
					return s, err
				}
				mu.Lock()
				defer mu.Unlock()
				h := pace.Under(w.Handles)
				if before, ok := out[h]; ok && len(before.Tab.Spent) == len(s.Tab.Spent) {
					return before, nil
				}
				out[h] = s
				return s, nil
			}}
		}()},
		{"forgets nobody", 13, bad{forget: func(m *pace.Memory, ctx context.Context, hs []party.Handle) error { return ctx.Err() }}},
		{"forgets everybody", 13, bad{forget: func(m *pace.Memory, ctx context.Context, hs []party.Handle) error {
			return m.Forget(ctx, append(hs, party.Handle{Scheme: party.Phone, Value: "+447700900456"}))
		}}},
		{"goes on after Close", 14, bad{apply: func(m *pace.Memory, ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
			room, err := m.Apply(ctx, w, at, a)
			if errors.Is(err, pace.ErrClosed) {
				err = nil
			}
			return room, err
		}}},
	} {
		t.Run(c.why, func(t *testing.T) {
			var broken []int
			for _, d := range pacetest.Duties() {
				err := d.Check(t.Context(), func() pace.Store { b := c.bad; b.Memory = pace.NewMemory(); return b })
				if err != nil {
					broken = append(broken, d.Number)
				}
			}
			if !slices.Contains(broken, c.duty) {
				t.Errorf("a store that %s breaks duties %v, and duty %d does not notice", c.why, broken, c.duty)
			}
		})
	}
}
