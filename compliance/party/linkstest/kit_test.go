package linkstest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/party/linkstest"
)

func TestMemory(t *testing.T) {
	linkstest.Run(t, func(*testing.T) party.Links { return party.NewMemory() })
}

// A flawed store is a Memory with some of its methods replaced.
type flawed struct {
	*party.Memory
	join  func(context.Context, ...party.Join) error
	move  func(context.Context, ...party.Move) error
	known func(context.Context, []party.Handle) (party.Known, error)

	forget func(context.Context, []party.Handle) error
	bonds  func(context.Context, []party.Handle) ([]party.Bond, error)
}

func (f *flawed) Bonds(ctx context.Context, hs []party.Handle) ([]party.Bond, error) {
	if f.bonds != nil {
		return f.bonds(ctx, hs)
	}
	return f.Memory.Bonds(ctx, hs)
}

func (f *flawed) Forget(ctx context.Context, hs []party.Handle) error {
	if f.forget != nil {
		return f.forget(ctx, hs)
	}
	return f.Memory.Forget(ctx, hs)
}

func (f *flawed) Join(ctx context.Context, js ...party.Join) error {
	if f.join != nil {
		return f.join(ctx, js...)
	}
	return f.Memory.Join(ctx, js...)
}

func (f *flawed) Move(ctx context.Context, ms ...party.Move) error {
	if f.move != nil {
		return f.move(ctx, ms...)
	}
	return f.Memory.Move(ctx, ms...)
}

func (f *flawed) Known(ctx context.Context, hs []party.Handle) (party.Known, error) {
	if f.known != nil {
		return f.known(ctx, hs)
	}
	return f.Memory.Known(ctx, hs)
}

// A flaw breaks one duty; it may break others besides.
type flaw struct {
	duty int
	why  string
	make func(m *party.Memory) *flawed
}

var flaws = []flaw{
	{1, "handles in no order", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, known: func(ctx context.Context, hs []party.Handle) (party.Known, error) {
			k, err := m.Known(ctx, hs)
			slices.Reverse(k.Handles)
			return k, err
		}}
	}},
	{1, "times in the zone of the machine", func(m *party.Memory) *flawed {
		return eachMove(m, func(v *party.Move) { v.At = v.At.In(time.FixedZone("here", 3600)) })
	}},
	{1, "times to the second", func(m *party.Memory) *flawed {
		return eachMove(m, func(v *party.Move) { v.At = v.At.Truncate(time.Second) })
	}},
	{1, "ids cut short", func(m *party.Memory) *flawed {
		return eachMove(m, func(v *party.Move) { v.ID = v.ID[:min(len(v.ID), 255)] })
	}},
	{2, "every repeat is stored", func(m *party.Memory) *flawed {
		var n atomic.Int64
		return &flawed{Memory: m, join: func(ctx context.Context, js ...party.Join) error {
			js = slices.Clone(js)
			for i := range js {
				js[i].ID += fmt.Sprint("#", n.Add(1))
			}
			return m.Join(ctx, js...)
		}}
	}},
	{2, "a move with the id of a join is taken for a repeat", func(m *party.Memory) *flawed {
		var mu sync.Mutex
		ids := map[string]bool{}
		return &flawed{Memory: m,
			join: func(ctx context.Context, js ...party.Join) error {
				mu.Lock()
				defer mu.Unlock()
				for _, j := range js {
					ids[j.ID] = true
				}
				return m.Join(ctx, js...)
			},
			move: func(ctx context.Context, ms ...party.Move) error {
				mu.Lock()
				defer mu.Unlock()
				return m.Move(ctx, slices.DeleteFunc(slices.Clone(ms), func(v party.Move) bool { return ids[v.ID] })...)
			},
		}
	}},
	{3, "a stranger is an error", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, known: func(ctx context.Context, hs []party.Handle) (party.Known, error) {
			k, err := m.Known(ctx, hs)
			if err == nil && len(k.Handles) <= len(hs) {
				return party.Known{}, errors.New("not found")
			}
			return k, err
		}}
	}},
	{3, "a stranger is left out", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, known: func(ctx context.Context, hs []party.Handle) (party.Known, error) {
			k, err := m.Known(ctx, hs)
			if len(k.Handles) == len(hs) {
				k.Handles = nil
			}
			return k, err
		}}
	}},
	{4, "one join and no further", func(m *party.Memory) *flawed {
		var mu sync.Mutex
		var all []party.Join
		return &flawed{Memory: m,
			join: func(ctx context.Context, js ...party.Join) error {
				mu.Lock()
				defer mu.Unlock()
				all = append(all, js...)
				return m.Join(ctx, js...)
			},
			known: func(ctx context.Context, hs []party.Handle) (party.Known, error) {
				k, err := m.Known(ctx, hs)
				mu.Lock()
				defer mu.Unlock()
				k.Handles = slices.DeleteFunc(k.Handles, func(h party.Handle) bool {
					near := slices.Contains(hs, h)
					for _, j := range all {
						for _, asked := range hs {
							near = near || slices.Contains(j.Handles, h) && slices.Contains(j.Handles, asked)
						}
					}
					return !near
				})
				return k, err
			},
		}
	}},
	{4, "only the first handle is asked for", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, known: func(ctx context.Context, hs []party.Handle) (party.Known, error) {
			return m.Known(ctx, hs[:min(1, len(hs))])
		}}
	}},
	{5, "a move ends nothing", func(m *party.Memory) *flawed {
		moves := party.NewMemory()
		return &flawed{Memory: m, move: moves.Move, known: func(ctx context.Context, hs []party.Handle) (party.Known, error) {
			k, err := m.Known(ctx, hs)
			if err != nil {
				return k, err
			}
			mk, err := moves.Known(ctx, k.Handles)
			k.Moves = mk.Moves
			return k, err
		}}
	}},
	{5, "a join at the instant of the move holds", func(m *party.Memory) *flawed {
		return shiftMoves(m, -time.Microsecond)
	}},
	{5, "a move ends younger joins too", func(m *party.Memory) *flawed {
		return shiftMoves(m, 2*time.Minute)
	}},
	{5, "a move ends the whole join", func(m *party.Memory) *flawed {
		var mu sync.Mutex
		var all []party.Join
		return &flawed{Memory: m,
			join: func(ctx context.Context, js ...party.Join) error {
				mu.Lock()
				defer mu.Unlock()
				all = append(all, js...)
				return m.Join(ctx, js...)
			},
			move: func(ctx context.Context, ms ...party.Move) error {
				mu.Lock()
				defer mu.Unlock()
				for _, v := range ms {
					for _, j := range all {
						for i, h := range j.Handles {
							if j.At.After(v.At) || h == v.From || !slices.Contains(j.Handles, v.From) {
								continue
							}
							gone := party.Handle{Scheme: h.Scheme, Value: "gone"}
							cut := party.Move{ID: fmt.Sprint(v.ID, j.ID, i), From: h, To: gone, At: v.At}
							if err := m.Move(ctx, cut); err != nil {
								return err
							}
						}
					}
				}
				return m.Move(ctx, ms...)
			},
			known: func(ctx context.Context, hs []party.Handle) (party.Known, error) {
				k, err := m.Known(ctx, hs)
				k.Moves = slices.DeleteFunc(k.Moves, func(v party.Move) bool { return v.To.Value == "gone" })
				return k, err
			},
		}
	}},
	{5, "a move ends the joins of the new handle", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, move: func(ctx context.Context, ms ...party.Move) error {
			for _, v := range ms {
				away := party.Handle{Scheme: v.To.Scheme, Value: "nowhere"}
				if err := m.Move(ctx, v, party.Move{ID: v.ID + "'", From: v.To, To: away, At: v.At}); err != nil {
					return err
				}
			}
			return nil
		}}
	}},
	{6, "the two ends are one", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, move: func(ctx context.Context, ms ...party.Move) error {
			if err := m.Move(ctx, ms...); err != nil {
				return err
			}
			for _, v := range ms {
				j := party.Join{ID: "move " + v.ID, Handles: []party.Handle{v.From, v.To}, At: v.At.Add(time.Hour)}
				if err := m.Join(ctx, j); err != nil {
					return err
				}
			}
			return nil
		}}
	}},
	{6, "moves of the new handle are not told", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, known: func(ctx context.Context, hs []party.Handle) (party.Known, error) {
			k, err := m.Known(ctx, hs)
			k.Moves = slices.DeleteFunc(k.Moves, func(v party.Move) bool { return slices.Contains(k.Handles, v.To) })
			return k, err
		}}
	}},
	{7, "an old join that arrives late holds", func(m *party.Memory) *flawed {
		var mu sync.Mutex
		left := map[party.Handle]time.Time{}
		return &flawed{Memory: m,
			move: func(ctx context.Context, ms ...party.Move) error {
				mu.Lock()
				defer mu.Unlock()
				for _, v := range ms {
					left[v.From] = v.At
				}
				return m.Move(ctx, ms...)
			},
			join: func(ctx context.Context, js ...party.Join) error {
				mu.Lock()
				defer mu.Unlock()
				js = slices.Clone(js)
				for i := range js {
					for _, h := range js[i].Handles {
						if l := left[h]; !l.Before(js[i].At) && !js[i].At.IsZero() {
							js[i].At = l.Add(time.Second)
						}
					}
				}
				return m.Join(ctx, js...)
			},
		}
	}},
	{8, "case does not count", func(m *party.Memory) *flawed { return folding(m, strings.ToLower) }},
	{8, "spaces at the end do not count", func(m *party.Memory) *flawed {
		return folding(m, func(s string) string { return strings.TrimRight(s, " ") })
	}},
	{8, "accents are normalised", func(m *party.Memory) *flawed {
		return folding(m, func(s string) string { return strings.ReplaceAll(s, "e\u0301", "é") })
	}},
	{9, "one after the other up to the first that is refused", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, join: func(ctx context.Context, js ...party.Join) error {
			for _, j := range js {
				if err := m.Join(ctx, j); err != nil {
					return err
				}
			}
			return nil
		}}
	}},
	{9, "what is malformed is passed over in silence", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, move: func(ctx context.Context, ms ...party.Move) error {
			return m.Move(ctx, slices.DeleteFunc(slices.Clone(ms), func(v party.Move) bool { return v.Validate() != nil })...)
		}}
	}},
	{10, "cancellation is not looked at", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, known: func(ctx context.Context, hs []party.Handle) (party.Known, error) {
			return m.Known(context.WithoutCancel(ctx), hs)
		}}
	}},
	{10, "kept all the same", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, move: func(ctx context.Context, ms ...party.Move) error {
			return errors.Join(m.Move(context.WithoutCancel(ctx), ms...), ctx.Err())
		}}
	}},
	{11, "written later", func(m *party.Memory) *flawed {
		var mu sync.Mutex
		var later []party.Join
		return &flawed{Memory: m,
			join: func(ctx context.Context, js ...party.Join) error {
				mu.Lock()
				defer mu.Unlock()
				err := m.Join(ctx, later...)
				later = slices.Clone(js)
				return err
			},
		}
	}},
	{12, "Close is forgotten", func(m *party.Memory) *flawed { return &flawed{Memory: m} }},
	{13, "forgetting does nothing", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, forget: func(context.Context, []party.Handle) error { return nil }}
	}},
	{13, "whoever they were joined to is forgotten with them", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, forget: func(ctx context.Context, hs []party.Handle) error {
			k, err := m.Known(ctx, hs)
			if err != nil {
				return err
			}
			return m.Forget(ctx, k.Handles)
		}}
	}},
	{14, "the last join is told for the first", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, bonds: func(ctx context.Context, hs []party.Handle) ([]party.Bond, error) {
			all, err := m.Bonds(ctx, hs)
			for i := range all {
				all[i].First = all[i].Last
			}
			return all, err
		}}
	}},
	{14, "only what still holds is told", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, bonds: func(ctx context.Context, hs []party.Handle) ([]party.Bond, error) {
			all, err := m.Bonds(ctx, hs)
			return slices.DeleteFunc(all, func(b party.Bond) bool { return len(b.Left) > 0 }), err
		}}
	}},
	{5, "a handle that was left stays joined", func(m *party.Memory) *flawed {
		return &flawed{Memory: m, move: func(ctx context.Context, ms ...party.Move) error {
			return m.Move(ctx, slices.DeleteFunc(slices.Clone(ms), party.Move.Parts)...)
		}}
	}},
}

// eachMove changes the moves that Known gives.
func eachMove(m *party.Memory, change func(*party.Move)) *flawed {
	return &flawed{Memory: m, known: func(ctx context.Context, hs []party.Handle) (party.Known, error) {
		k, err := m.Known(ctx, hs)
		for i := range k.Moves {
			change(&k.Moves[i])
		}
		return k, err
	}}
}

// shiftMoves makes moves count at another time than they are told.
func shiftMoves(m *party.Memory, by time.Duration) *flawed {
	f := eachMove(m, func(v *party.Move) { v.At = v.At.Add(-by) })
	f.move = func(ctx context.Context, ms ...party.Move) error {
		ms = slices.Clone(ms)
		for i := range ms {
			ms[i].At = ms[i].At.Add(by)
		}
		return m.Move(ctx, ms...)
	}
	return f
}

// folding compares handles by something less than their bytes.
func folding(m *party.Memory, fold func(string) string) *flawed {
	all := func(hs []party.Handle) []party.Handle {
		hs = slices.Clone(hs)
		for i := range hs {
			hs[i].Value = fold(hs[i].Value)
		}
		return hs
	}
	return &flawed{Memory: m,
		join: func(ctx context.Context, js ...party.Join) error {
			js = slices.Clone(js)
			for i := range js {
				js[i].Handles = all(js[i].Handles)
			}
			return m.Join(ctx, js...)
		},
		known: func(ctx context.Context, hs []party.Handle) (party.Known, error) { return m.Known(ctx, all(hs)) },
	}
}

// closing gives a store a Close; honest says whether it does anything.
type closing struct {
	party.Links
	honest bool
	closed atomic.Bool
}

func (c *closing) Close() error {
	c.closed.Store(c.honest)
	return nil
}

var errClosed = errors.New("closed")

func (c *closing) Join(ctx context.Context, js ...party.Join) error {
	if c.closed.Load() {
		return errClosed
	}
	return c.Links.Join(ctx, js...)
}

func (c *closing) Move(ctx context.Context, ms ...party.Move) error {
	if c.closed.Load() {
		return errClosed
	}
	return c.Links.Move(ctx, ms...)
}

func (c *closing) Known(ctx context.Context, hs []party.Handle) (party.Known, error) {
	if c.closed.Load() {
		return party.Known{}, errClosed
	}
	return c.Links.Known(ctx, hs)
}

// The kit is only worth something if it notices. Every duty has at least one
// store that breaks it, and the duty has to say so.
func TestEveryDutyNotices(t *testing.T) {
	duties := linkstest.Duties()
	tried := map[int]bool{}
	for _, f := range flaws {
		t.Run(fmt.Sprintf("%d %s", f.duty, f.why), func(t *testing.T) {
			d := duties[f.duty-1]
			require.Equal(t, f.duty, d.Number)
			tried[f.duty] = true
			err := d.Check(t.Context(), func() party.Links {
				var s party.Links = f.make(party.NewMemory())
				if f.duty == 12 {
					s = &closing{Links: s}
				}
				return s
			})
			require.Error(t, err)
			require.NotErrorIs(t, err, linkstest.ErrNotApplicable)
		})
	}
	for _, d := range duties {
		require.True(t, tried[d.Number], "no bad store tries duty %d", d.Number)
	}
}

func TestAnHonestStoreThatCloses(t *testing.T) {
	linkstest.Run(t, func(*testing.T) party.Links {
		return &closing{Links: party.NewMemory(), honest: true}
	})
}

func TestAStoreWithoutCloseIsNotBlamed(t *testing.T) {
	d := linkstest.Duties()[11]
	err := d.Check(t.Context(), func() party.Links { return party.NewMemory() })
	require.ErrorIs(t, err, linkstest.ErrNotApplicable)
}
