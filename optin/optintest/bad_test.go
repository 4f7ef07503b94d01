package optintest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

// A bad store is a sound one with one thing spoilt on the way in or out.
type bad struct {
	*optin.Memory
	append func(ctx context.Context, m *optin.Memory, events []optin.Event) (optin.Appended, error)
	events func(ctx context.Context, m *optin.Memory, hs []party.Handle) (optin.History, error)
	enter  func(ctx context.Context, m *optin.Memory, f optin.Flight) error
	leave  func(ctx context.Context, m *optin.Memory, id string) error
	erase  func(ctx context.Context, m *optin.Memory, x optin.Erasure) (optin.Removed, error)
	all    func(ctx context.Context, m *optin.Memory) iter.Seq2[optin.Event, error]
}

func (b *bad) Append(ctx context.Context, events ...optin.Event) (optin.Appended, error) {
	if b.append != nil {
		return b.append(ctx, b.Memory, events)
	}
	return b.Memory.Append(ctx, events...)
}

func (b *bad) Events(ctx context.Context, hs []party.Handle) (optin.History, error) {
	if b.events != nil {
		return b.events(ctx, b.Memory, hs)
	}
	return b.Memory.Events(ctx, hs)
}

func (b *bad) Enter(ctx context.Context, f optin.Flight) error {
	if b.enter != nil {
		return b.enter(ctx, b.Memory, f)
	}
	return b.Memory.Enter(ctx, f)
}

func (b *bad) Leave(ctx context.Context, id string) error {
	if b.leave != nil {
		return b.leave(ctx, b.Memory, id)
	}
	return b.Memory.Leave(ctx, id)
}

func (b *bad) Erase(ctx context.Context, x optin.Erasure) (optin.Removed, error) {
	if b.erase != nil {
		return b.erase(ctx, b.Memory, x)
	}
	return b.Memory.Erase(ctx, x)
}

func (b *bad) All(ctx context.Context) iter.Seq2[optin.Event, error] {
	if b.all != nil {
		return b.all(ctx, b.Memory)
	}
	return b.Memory.All(ctx)
}

// eachErasure erases what change makes of it.
func eachErasure(change func(*optin.Erasure)) func() optin.Store {
	return func() optin.Store {
		return &bad{Memory: optin.NewMemory(), erase: func(ctx context.Context, m *optin.Memory, x optin.Erasure) (optin.Removed, error) {
			change(&x)
			return m.Erase(ctx, x)
		}}
	}
}

// eachIn appends what change makes of the events.
func eachIn(change func(optin.Event) optin.Event) func(context.Context, *optin.Memory, []optin.Event) (optin.Appended, error) {
	return func(ctx context.Context, m *optin.Memory, events []optin.Event) (optin.Appended, error) {
		events = slices.Clone(events)
		for i := range events {
			events[i] = change(events[i])
		}
		return m.Append(ctx, events...)
	}
}

// eachOut changes what is read.
func eachOut(change func(*optin.History)) func(context.Context, *optin.Memory, []party.Handle) (optin.History, error) {
	return func(ctx context.Context, m *optin.Memory, hs []party.Handle) (optin.History, error) {
		h, err := m.Events(ctx, hs)
		change(&h)
		return h, err
	}
}

func folded(hs []party.Handle) []party.Handle {
	hs = slices.Clone(hs)
	for i := range hs {
		hs[i].Value = strings.ToLower(hs[i].Value)
	}
	return hs
}

func noFlights(a optin.Appended, err error) (optin.Appended, error) {
	a.Flights = nil
	return a, err
}

var background = context.Background()

// TestKitCatches gives the kit a store for every duty that keeps all but that
// one. A kit nobody has seen fail proves nothing.
func TestKitCatches(t *testing.T) {
	for _, c := range []struct {
		duty  int
		check string
		why   string
		open  func() optin.Store
	}{
		{1, "whole", "forgets the evidence", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: eachIn(func(e optin.Event) optin.Event { e.Evidence = nil; return e })}
		}},
		{1, "whole", "knows an event under its first handle only", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: eachIn(func(e optin.Event) optin.Event { e.Handles = e.Handles[:1]; return e })}
		}},
		{1, "times", "drops what is below a second", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: eachIn(func(e optin.Event) optin.Event { e.At = e.At.Truncate(time.Second); return e })}
		}},
		{1, "times", "answers in local time", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), events: eachOut(func(h *optin.History) {
				for i := range h.Events {
					h.Events[i].Received = h.Events[i].Received.In(time.FixedZone("", 3600))
				}
			})}
		}},
		{1, "unshared", "hands out what it keeps", func() optin.Store {
			kept := map[string]optin.History{}
			return &bad{Memory: optin.NewMemory(), events: func(ctx context.Context, m *optin.Memory, hs []party.Handle) (optin.History, error) {
				key := fmt.Sprint(hs)
				if _, here := kept[key]; !here {
					kept[key], _ = m.Events(ctx, hs)
				}
				return kept[key], nil
			}}
		}},
		{2, "once", "doubles ids", func() optin.Store {
			n := 0
			return &bad{Memory: optin.NewMemory(), append: eachIn(func(e optin.Event) optin.Event { n++; e.ID += fmt.Sprint(n); return e })}
		}},
		{2, "once in one call", "writes whatever stands in one call", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: func(ctx context.Context, m *optin.Memory, events []optin.Event) (optin.Appended, error) {
				a, err := m.Append(ctx, events...)
				a.Added = len(events)
				return a, err
			}}
		}},
		{2, "once in a race", "looks first and writes then", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: func(ctx context.Context, m *optin.Memory, events []optin.Event) (optin.Appended, error) {
				h, err := m.Events(ctx, events[0].Handles)
				if err != nil {
					return optin.Appended{}, err
				}
				for i := range h.Events {
					if h.Events[i].ID == events[0].ID {
						return optin.Appended{}, nil
					}
				}
				time.Sleep(time.Millisecond)
				a, err := m.Append(ctx, events...)
				a.Added = len(events)
				return a, err
			}}
		}},
		{3, "nobody", "takes nobody for an error", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), events: func(ctx context.Context, m *optin.Memory, hs []party.Handle) (optin.History, error) {
				h, err := m.Events(ctx, hs)
				if err == nil && len(h.Events) == 0 {
					err = errors.New("not found")
				}
				return h, err
			}}
		}},
		{3, "breakdown", "answers empty when it cannot read", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), events: func(ctx context.Context, m *optin.Memory, hs []party.Handle) (optin.History, error) {
				h, err := m.Events(ctx, hs)
				if err != nil {
					return optin.History{}, nil
				}
				return h, nil
			}}
		}},
		{4, "order", "returns the newest first", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), events: eachOut(func(h *optin.History) { slices.Reverse(h.Events) })}
		}},
		{4, "order", "returns an event once for every handle", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), events: func(ctx context.Context, m *optin.Memory, hs []party.Handle) (all optin.History, err error) {
				for i := range hs {
					h, err := m.Events(ctx, hs[i:i+1])
					if err != nil {
						return all, err
					}
					all.Events, all.Version = append(all.Events, h.Events...), all.Version+h.Version
				}
				slices.SortStableFunc(all.Events, func(a, b optin.Event) int { return a.At.Compare(b.At) })
				return all, nil
			}}
		}},
		{4, "all", "forgets revokes that a grant of the same instant follows", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), events: eachOut(func(h *optin.History) {
				h.Events = slices.CompactFunc(h.Events, func(a, b optin.Event) bool {
					return a.Kind == optin.Revoked && b.Kind == optin.Granted && a.At.Equal(b.At)
				})
			})}
		}},
		{4, "all in a race", "drops what it cannot write at once", func() optin.Store {
			var busy sync.Mutex
			return &bad{Memory: optin.NewMemory(), append: func(ctx context.Context, m *optin.Memory, events []optin.Event) (optin.Appended, error) {
				if !busy.TryLock() {
					return optin.Appended{}, nil
				}
				defer busy.Unlock()
				time.Sleep(100 * time.Microsecond)
				return m.Append(ctx, events...)
			}}
		}},
		{5, "bytes", "folds case", func() optin.Store {
			return &bad{
				Memory: optin.NewMemory(),
				append: eachIn(func(e optin.Event) optin.Event { e.Handles = folded(e.Handles); return e }),
				events: func(ctx context.Context, m *optin.Memory, hs []party.Handle) (optin.History, error) {
					return m.Events(ctx, folded(hs))
				},
			}
		}},
		{6, "cancelled", "goes on when it is told to stop", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: func(_ context.Context, m *optin.Memory, events []optin.Event) (optin.Appended, error) {
				return m.Append(background, events...)
			}}
		}},
		{6, "all or nothing", "writes one event after the other", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: func(ctx context.Context, m *optin.Memory, events []optin.Event) (all optin.Appended, err error) {
				for i := range events {
					a, err := m.Append(ctx, events[i])
					if err != nil {
						return all, err
					}
					all.Added += a.Added
					runtime.Gosched()
				}
				return all, nil
			}}
		}},
		{6, "interrupted", "stops in the middle when it is cancelled", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: func(ctx context.Context, m *optin.Memory, events []optin.Event) (all optin.Appended, err error) {
				for i := range events {
					a, err := m.Append(ctx, events[i])
					if err != nil {
						return all, err
					}
					all.Added += a.Added
					time.Sleep(20 * time.Microsecond)
				}
				return all, nil
			}}
		}},
		{7, "closed", "comes back empty after Close", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), events: func(ctx context.Context, m *optin.Memory, hs []party.Handle) (optin.History, error) {
				h, err := m.Events(ctx, hs)
				if errors.Is(err, optin.ErrClosed) {
					err = nil
				}
				return h, err
			}}
		}},
		{8, "raised", "raises nothing for late events", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), events: eachOut(func(h *optin.History) {
				h.Version = 0
				if n := len(h.Events); n > 0 {
					h.Version = uint64(h.Events[n-1].At.UnixMicro())
				}
			})}
		}},
		{8, "sum", "returns the highest version", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), events: func(ctx context.Context, m *optin.Memory, hs []party.Handle) (optin.History, error) {
				h, err := m.Events(ctx, hs)
				h.Version = 0
				for i := range hs {
					one, _ := m.Events(ctx, hs[i:i+1])
					h.Version = max(h.Version, one.Version)
				}
				return h, err
			}}
		}},
		{9, "moved", "lets everybody in", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), enter: func(ctx context.Context, m *optin.Memory, f optin.Flight) error {
				h, err := m.Events(ctx, f.Handles)
				if err != nil {
					return err
				}
				f.Version = h.Version
				return m.Enter(ctx, f)
			}}
		}},
		{9, "again", "refuses to enter a flight again", func() optin.Store {
			seen := map[string]bool{}
			return &bad{Memory: optin.NewMemory(), enter: func(ctx context.Context, m *optin.Memory, f optin.Flight) error {
				if seen[f.ID] {
					return errors.New("duplicate key")
				}
				seen[f.ID] = true
				return m.Enter(ctx, f)
			}}
		}},
		{9, "race", "checks first and enters then", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), enter: func(ctx context.Context, m *optin.Memory, f optin.Flight) error {
				h, err := m.Events(ctx, f.Handles)
				if err != nil {
					return err
				}
				if h.Version != f.Version {
					return optin.ErrMoved
				}
				time.Sleep(time.Millisecond)
				for {
					f.Version = h.Version
					if err := m.Enter(ctx, f); !errors.Is(err, optin.ErrMoved) {
						return err
					}
					h, _ = m.Events(ctx, f.Handles)
				}
			}}
		}},
		{9, "race", "asks for the flights before it writes", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: func(ctx context.Context, m *optin.Memory, events []optin.Event) (optin.Appended, error) {
				if _, err := m.Append(ctx, stop(events[0].ID+"?", 0, phone(999))); err != nil {
					return optin.Appended{}, err
				}
				time.Sleep(100 * time.Microsecond)
				return noFlights(m.Append(ctx, events...))
			}}
		}},
		{10, "open", "returns no flights", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: func(ctx context.Context, m *optin.Memory, events []optin.Event) (optin.Appended, error) {
				return noFlights(m.Append(ctx, events...))
			}}
		}},
		{10, "open", "returns no flights when the stop is repeated", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: func(ctx context.Context, m *optin.Memory, events []optin.Event) (optin.Appended, error) {
				a, err := m.Append(ctx, events...)
				if a.Added == 0 {
					a.Flights = nil
				}
				return a, err
			}}
		}},
		{10, "expired", "keeps lost flights for ever", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), append: eachIn(func(e optin.Event) optin.Event { e.Received = start; return e })}
		}},
		{10, "left", "lets nobody leave", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), leave: func(context.Context, *optin.Memory, string) error { return nil }}
		}},
		{11, "unknown", "makes a fuss about a flight it does not know", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), leave: func(ctx context.Context, m *optin.Memory, id string) error {
				if id == "never entered" {
					return errors.New("no such flight")
				}
				return m.Leave(ctx, id)
			}}
		}},
		{12, "listed", "lists the first page", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), all: func(ctx context.Context, m *optin.Memory) iter.Seq2[optin.Event, error] {
				return func(yield func(optin.Event, error) bool) {
					n := 0
					for e, err := range m.All(ctx) {
						if n++; n > 1000 || !yield(e, err) {
							return
						}
					}
				}
			}}
		}},
		{12, "listed", "lists an event under each of its handles", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), all: func(ctx context.Context, m *optin.Memory) iter.Seq2[optin.Event, error] {
				return func(yield func(optin.Event, error) bool) {
					for e, err := range m.All(ctx) {
						for range e.Handles {
							if !yield(e, err) {
								return
							}
						}
					}
				}
			}}
		}},
		{12, "while it changes", "lists what comes in meanwhile, for ever", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), all: func(ctx context.Context, m *optin.Memory) iter.Seq2[optin.Event, error] {
				return func(yield func(optin.Event, error) bool) {
					for range 3 {
						for e, err := range m.All(ctx) {
							if !yield(e, err) {
								return
							}
						}
					}
				}
			}}
		}},
		{12, "cancelled", "ends quietly when it is told to stop", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), all: func(ctx context.Context, m *optin.Memory) iter.Seq2[optin.Event, error] {
				return func(yield func(optin.Event, error) bool) {
					for e, err := range m.All(ctx) {
						if err != nil || !yield(e, nil) {
							return
						}
					}
				}
			}}
		}},
		{13, "gone", "erases one event and no more", eachErasure(func(x *optin.Erasure) { x.Events = x.Events[:min(len(x.Events), 1)] })},
		{13, "ids are free", "knows the ids of the erased", func() optin.Store {
			gone := map[string]bool{}
			return &bad{
				Memory: optin.NewMemory(),
				erase: func(ctx context.Context, m *optin.Memory, x optin.Erasure) (optin.Removed, error) {
					for i := range x.Events {
						gone[x.Events[i].ID] = true
					}
					return m.Erase(ctx, x)
				},
				append: func(ctx context.Context, m *optin.Memory, events []optin.Event) (optin.Appended, error) {
					return m.Append(ctx, slices.DeleteFunc(slices.Clone(events), func(e optin.Event) bool { return gone[e.ID] })...)
				},
			}
		}},
		{13, "others stay", "erases whatever is under the handles of what goes", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), erase: func(ctx context.Context, m *optin.Memory, x optin.Erasure) (optin.Removed, error) {
				for i := range x.Events {
					h, err := m.Events(ctx, x.Events[i].Handles)
					if err != nil {
						return optin.Removed{}, err
					}
					x.Events = append(x.Events, h.Events...)
				}
				return m.Erase(ctx, x)
			}}
		}},
		{14, "versions", "raises the versions of events alone", eachErasure(func(x *optin.Erasure) { x.Handles = nil })},
		{14, "never again", "counts the events that are there", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), events: eachOut(func(h *optin.History) { h.Version = uint64(len(h.Events)) })}
		}},
		{15, "flights", "keeps lost flights", eachErasure(func(x *optin.Erasure) { x.At = time.Time{} })},
		{15, "flights", "returns no flights", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), erase: func(ctx context.Context, m *optin.Memory, x optin.Erasure) (optin.Removed, error) {
				r, err := m.Erase(ctx, x)
				r.Flights = nil
				return r, err
			}}
		}},
		{16, "kept", "forgets who did it", eachErasure(func(x *optin.Erasure) {
			x.Keep = slices.Clone(x.Keep)
			for i := range x.Keep {
				x.Keep[i].Actor = ""
			}
		})},
		{16, "younger", "keeps the first", func() optin.Store {
			seen := map[optin.Digest]bool{}
			return eachErasure(func(x *optin.Erasure) {
				x.Keep = slices.DeleteFunc(slices.Clone(x.Keep), func(k optin.Suppression) bool { was := seen[k.Digest]; seen[k.Digest] = true; return was })
			})()
		}},
		{16, "told", "does not tell that anybody was erased", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), events: eachOut(func(h *optin.History) { h.Erased = false })}
		}},
		{17, "at once", "removes first and keeps then", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), erase: func(ctx context.Context, m *optin.Memory, x optin.Erasure) (optin.Removed, error) {
				keep := x.Keep
				x.Keep = nil
				r, err := m.Erase(ctx, x)
				if err != nil {
					return r, err
				}
				time.Sleep(time.Millisecond)
				_, err = m.Erase(ctx, optin.Erasure{At: x.At, Keep: keep})
				return r, err
			}}
		}},
		{17, "race with Enter", "asks for the flights before it erases", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), erase: func(ctx context.Context, m *optin.Memory, x optin.Erasure) (optin.Removed, error) {
				time.Sleep(100 * time.Microsecond)
				r, err := m.Erase(ctx, x)
				r.Flights = nil
				return r, err
			}}
		}},
		{17, "cancelled", "goes on when it is told to stop", func() optin.Store {
			return &bad{Memory: optin.NewMemory(), erase: func(_ context.Context, m *optin.Memory, x optin.Erasure) (optin.Removed, error) {
				return m.Erase(background, x)
			}}
		}},
	} {
		t.Run(fmt.Sprintf("%d %s", c.duty, c.why), func(t *testing.T) {
			duties := slices.Concat(duties, optional)
			i := slices.IndexFunc(duties, func(d duty) bool { return d.number == c.duty && d.name == c.check })
			if i < 0 {
				t.Fatalf("no duty %d %q", c.duty, c.check)
			}
			// A race may be lost by luck in one run, hardly in ten.
			for range 10 {
				err := duties[i].check(t.Context(), c.open())
				if err != nil && !errors.Is(err, errNotAsked) {
					t.Log(err)
					return
				}
			}
			t.Errorf("a store that %s passed", c.why)
		})
	}
}

// The kit has a check for every number of the Store's documentation.
func TestEveryNumberIsChecked(t *testing.T) {
	seen := map[int]bool{}
	for _, d := range slices.Concat(duties, optional) {
		seen[d.number] = true
	}
	for n := 1; n <= 17; n++ {
		if !seen[n] {
			t.Errorf("duty %d is not checked", n)
		}
	}
}
