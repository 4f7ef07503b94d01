package journaltest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/journal/journaltest"
)

// bad is a sound journal with one thing bent.
type bad struct {
	*journal.Memory
	append func(m *journal.Memory, ctx context.Context, es []journal.Entry) error
	links  func(m *journal.Memory, ctx context.Context) iter.Seq2[journal.Link, error]
}

func (b *bad) Append(ctx context.Context, es ...journal.Entry) error {
	if b.append != nil {
		return b.append(b.Memory, ctx, es)
	}
	return b.Memory.Append(ctx, es...)
}

func (b *bad) Links(ctx context.Context) iter.Seq2[journal.Link, error] {
	if b.links != nil {
		return b.links(b.Memory, ctx)
	}
	return b.Memory.Links(ctx)
}

// collect reads everything at once, so that it can be bent.
func collect(m *journal.Memory, ctx context.Context) ([]journal.Link, error) {
	var ls []journal.Link
	for l, err := range m.Links(ctx) {
		if err != nil {
			return nil, err
		}
		ls = append(ls, l)
	}
	return ls, nil
}

func bent(change func([]journal.Link) []journal.Link) func(*journal.Memory, context.Context) iter.Seq2[journal.Link, error] {
	return func(m *journal.Memory, ctx context.Context) iter.Seq2[journal.Link, error] {
		return func(yield func(journal.Link, error) bool) {
			ls, err := collect(m, ctx)
			if err != nil {
				yield(journal.Link{}, err)
				return
			}
			for _, l := range change(ls) {
				if !yield(l, nil) {
					return
				}
			}
		}
	}
}

func TestBadJournalsAreFoundOut(t *testing.T) {
	for _, c := range []struct {
		why  string
		duty int
		make func() *bad
	}{
		{"cuts times to the second", 1, func() *bad {
			return &bad{append: func(m *journal.Memory, ctx context.Context, es []journal.Entry) error {
				es = slices.Clone(es)
				for i := range es {
					es[i].At = es[i].At.Truncate(time.Second)
				}
				return m.Append(ctx, es...)
			}}
		}},
		{"reads bodies as numbers and maps", 1, func() *bad {
			return &bad{append: func(m *journal.Memory, ctx context.Context, es []journal.Entry) error {
				es = slices.Clone(es)
				for i := range es {
					var v any
					if json.Unmarshal(es[i].Body, &v) == nil {
						es[i].Body, _ = json.Marshal(v)
					}
				}
				return m.Append(ctx, es...)
			}}
		}},
		{"drops an id it knows", 1, func() *bad {
			var mu sync.Mutex
			seen := map[string]bool{}
			return &bad{append: func(m *journal.Memory, ctx context.Context, es []journal.Entry) error {
				mu.Lock()
				defer mu.Unlock()
				return m.Append(ctx, slices.DeleteFunc(slices.Clone(es), func(e journal.Entry) bool {
					known := seen[e.ID]
					seen[e.ID] = true
					return known && e.ID != ""
				})...)
			}}
		}},
		{"sorts by time", 2, func() *bad {
			return &bad{links: bent(func(ls []journal.Link) []journal.Link {
				slices.SortStableFunc(ls, func(a, b journal.Link) int { return a.At.Compare(b.At) })
				return ls
			})}
		}},
		{"counts from zero", 2, func() *bad {
			return &bad{links: bent(func(ls []journal.Link) []journal.Link {
				for i := range ls {
					ls[i].Seq--
				}
				return ls
			})}
		}},
		{"forgets the hash before", 3, func() *bad {
			return &bad{links: bent(func(ls []journal.Link) []journal.Link {
				for i := range ls {
					ls[i].Prev = ""
				}
				return ls
			})}
		}},
		{"hashes something else", 3, func() *bad {
			return &bad{links: bent(func(ls []journal.Link) []journal.Link {
				for i := range ls {
					ls[i].Hash = fmt.Sprintf("%064x", i)
				}
				return ls
			})}
		}},
		{"takes nothing for a breakdown", 4, func() *bad {
			return &bad{links: func(m *journal.Memory, ctx context.Context) iter.Seq2[journal.Link, error] {
				return func(yield func(journal.Link, error) bool) {
					if ls, _ := collect(m, ctx); len(ls) == 0 {
						yield(journal.Link{}, errors.New("not found"))
						return
					}
					m.Links(ctx)(yield)
				}
			}}
		}},
		{"keeps the entries before a bad one", 5, func() *bad {
			return &bad{append: func(m *journal.Memory, ctx context.Context, es []journal.Entry) error {
				for _, e := range es {
					if err := m.Append(ctx, e); err != nil {
						return err
					}
				}
				return ctx.Err()
			}}
		}},
		{"does not look at its context", 6, func() *bad {
			return &bad{append: func(m *journal.Memory, _ context.Context, es []journal.Entry) error {
				return m.Append(context.Background(), es...)
			}}
		}},
		{"lets another append come between", 7, func() *bad {
			return &bad{append: func(m *journal.Memory, ctx context.Context, es []journal.Entry) error {
				for _, e := range es {
					if _, err := e.Normal(); err != nil {
						return err
					}
				}
				for _, e := range es {
					if err := m.Append(ctx, e); err != nil {
						return err
					}
					time.Sleep(10 * time.Microsecond)
				}
				return ctx.Err()
			}}
		}},
		{"loses every hundredth append", 7, func() *bad {
			var mu sync.Mutex
			n := 0
			return &bad{append: func(m *journal.Memory, ctx context.Context, es []journal.Entry) error {
				mu.Lock()
				n++
				lost := n%100 == 0
				mu.Unlock()
				if lost {
					return nil
				}
				return m.Append(ctx, es...)
			}}
		}},
		{"gives its own bytes away", 8, func() *bad {
			var kept []journal.Link
			return &bad{links: bent(func(ls []journal.Link) []journal.Link {
				if len(kept) < len(ls) {
					kept = ls
				}
				return kept
			})}
		}},
		{"goes on where a reader stopped", 9, func() *bad {
			at := 0
			return &bad{links: bent(func(ls []journal.Link) []journal.Link {
				if len(ls) < 6 {
					return ls
				}
				at++
				return ls[at-1:]
			})}
		}},
		{"waits for its readers", 9, func() *bad {
			var mu sync.Mutex
			return &bad{
				append: func(m *journal.Memory, ctx context.Context, es []journal.Entry) error {
					if !mu.TryLock() {
						return context.DeadlineExceeded // instead of hanging until then
					}
					defer mu.Unlock()
					return m.Append(ctx, es...)
				},
				links: func(m *journal.Memory, ctx context.Context) iter.Seq2[journal.Link, error] {
					return func(yield func(journal.Link, error) bool) {
						mu.Lock()
						defer mu.Unlock()
						m.Links(ctx)(yield)
					}
				},
			}
		}},
		{"goes on after Close", 10, func() *bad {
			return &bad{append: func(m *journal.Memory, ctx context.Context, es []journal.Entry) error {
				err := m.Append(ctx, es...)
				if errors.Is(err, journal.ErrClosed) {
					return nil
				}
				return err
			}}
		}},
	} {
		t.Run(c.why, func(t *testing.T) {
			var broken []int
			for _, d := range journaltest.Duties() {
				err := d.Check(t.Context(), func() journal.Journal {
					b := c.make()
					b.Memory = journal.NewMemory("test")
					return b
				})
				if err != nil {
					broken = append(broken, d.Number)
				}
			}
			if !slices.Contains(broken, c.duty) {
				t.Errorf("a journal that %s breaks duties %v, and duty %d does not notice", c.why, broken, c.duty)
			}
		})
	}
}

// A journal that begins a new chain each time it is opened is found out, and
// so is one that forgets.
func TestJournalsThatDoNotLastAreFoundOut(t *testing.T) {
	err := journaltest.Durable(t.Context(), func() (journal.Journal, error) { return journal.NewMemory("test"), nil })
	if err == nil {
		t.Error("a journal in memory passes for a durable one")
	}
}
