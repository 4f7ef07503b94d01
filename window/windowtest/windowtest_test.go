package windowtest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/window"
	"github.com/waguard/waguard/window/windowtest"
)

// log is a sound store that drops nothing; the bad ones below spoil one thing.
type log struct {
	mu     sync.Mutex
	closed bool
	marks  []window.Mark
}

func (l *log) Note(ctx context.Context, marks ...window.Mark) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return window.ErrClosed
	}
	normal := make([]window.Mark, 0, len(marks))
	for _, m := range marks {
		n, err := m.Normal()
		if err != nil {
			return err
		}
		normal = append(normal, n)
	}
	for _, m := range normal {
		if !slices.ContainsFunc(l.marks, func(old window.Mark) bool { return old.ID == m.ID }) {
			l.marks = append(l.marks, m)
		}
	}
	return nil
}

func (l *log) Marks(ctx context.Context, p window.Place) ([]window.Mark, error) {
	if err := errors.Join(ctx.Err(), p.Check()); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, window.ErrClosed
	}
	var out []window.Mark
	for _, m := range l.marks {
		if m.Place.Line.Number != p.Line.Number || m.Place.Group != p.Group {
			continue
		}
		if p.Group != "" || slices.ContainsFunc(m.Place.Handles, func(h party.Handle) bool { return slices.Contains(p.Handles, h) }) {
			m.Place.Handles = slices.Clone(m.Place.Handles)
			out = append(out, m)
		}
	}
	return out, nil
}

func (l *log) Forget(ctx context.Context, hs []party.Handle) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.marks = slices.DeleteFunc(l.marks, func(m window.Mark) bool {
		return slices.ContainsFunc(m.Place.Handles, func(h party.Handle) bool { return slices.Contains(hs, h) })
	})
	return nil
}

func (l *log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	return nil
}

// bad is a log with its Note and Marks bent.
type bad struct {
	*log
	note  func(l *log, ctx context.Context, marks []window.Mark) error
	marks func(l *log, ctx context.Context, p window.Place) ([]window.Mark, error)

	forget func(l *log, ctx context.Context, hs []party.Handle) error
}

func (b bad) Forget(ctx context.Context, hs []party.Handle) error {
	if b.forget != nil {
		return b.forget(b.log, ctx, hs)
	}
	return b.log.Forget(ctx, hs)
}

func (b bad) Note(ctx context.Context, marks ...window.Mark) error {
	if b.note != nil {
		return b.note(b.log, ctx, marks)
	}
	return b.log.Note(ctx, marks...)
}

func (b bad) Marks(ctx context.Context, p window.Place) ([]window.Mark, error) {
	if b.marks != nil {
		return b.marks(b.log, ctx, p)
	}
	return b.log.Marks(ctx, p)
}

func TestASoundStorePasses(t *testing.T) {
	windowtest.Run(t, func(testing.TB) window.Store { return &log{} })
}

func TestBadStoresAreFoundOut(t *testing.T) {
	each := func(change func(*window.Mark)) func(*log, context.Context, []window.Mark) error {
		return func(l *log, ctx context.Context, marks []window.Mark) error {
			marks = slices.Clone(marks)
			for i := range marks {
				change(&marks[i])
			}
			return l.Note(ctx, marks...)
		}
	}
	changed := func(change func(ms []window.Mark) []window.Mark) func(*log, context.Context, window.Place) ([]window.Mark, error) {
		return func(l *log, ctx context.Context, p window.Place) ([]window.Mark, error) {
			ms, err := l.Marks(ctx, p)
			return change(ms), err
		}
	}
	for _, c := range []struct {
		why  string
		duty int
		bad  bad
	}{
		{"cuts times to the second", 1, bad{note: each(func(m *window.Mark) { m.At = m.At.Truncate(time.Second) })}},
		{"gives times in a zone of its own", 1, bad{marks: changed(func(ms []window.Mark) []window.Mark {
			for i := range ms {
				ms[i].At = ms[i].At.In(time.FixedZone("+01", 3600))
			}
			return ms
		})}},
		{"forgets the other handles", 1, bad{marks: changed(func(ms []window.Mark) []window.Mark {
			for i := range ms {
				ms[i].Place.Handles = ms[i].Place.Handles[:min(1, len(ms[i].Place.Handles))]
			}
			return ms
		})}},
		{"forgets the account of the line", 1, bad{note: each(func(m *window.Mark) { m.Place.Line.Account = "" })}},
		{"believes clocks that run ahead", 1, bad{note: each(func(m *window.Mark) {
			if m.At.After(m.Received) {
				m.Received = m.At
			}
		})}},
		{"takes a repeat for news", 2, bad{note: each(func() func(*window.Mark) {
			var mu sync.Mutex
			n := 0
			return func(m *window.Mark) {
				mu.Lock()
				defer mu.Unlock()
				if m.ID == "m1" {
					n++
					m.ID = strings.Repeat("m", n) + "1"
				}
			}
		}())}},
		{"lets a repeat overwrite", 2, bad{note: func(l *log, ctx context.Context, marks []window.Mark) error {
			l.mu.Lock()
			l.marks = slices.DeleteFunc(l.marks, func(old window.Mark) bool {
				return slices.ContainsFunc(marks, func(m window.Mark) bool { return m.ID == old.ID })
			})
			l.mu.Unlock()
			return l.Note(ctx, marks...)
		}}},
		{"takes nothing found for a breakdown", 3, bad{marks: func(l *log, ctx context.Context, p window.Place) ([]window.Mark, error) {
			ms, err := l.Marks(ctx, p)
			if err == nil && len(ms) == 0 {
				err = errors.New("not found")
			}
			return ms, err
		}}},
		{"reads no place as an empty list", 3, bad{marks: func(l *log, ctx context.Context, p window.Place) ([]window.Mark, error) {
			if p.Check() != nil {
				return nil, nil
			}
			return l.Marks(ctx, p)
		}}},
		{"keeps what came last instead of what is youngest", 4, bad{marks: changed(func(ms []window.Mark) []window.Mark {
			return slices.DeleteFunc(ms, func(m window.Mark) bool {
				last := m
				for _, o := range ms {
					if o.Kind == m.Kind && o.Kind != window.Replied && o.Kind != window.Ad {
						last = o
					}
				}
				return last.ID != m.ID
			})
		})}},
		{"keeps one reply only", 4, bad{marks: changed(func(ms []window.Mark) []window.Mark {
			return slices.DeleteFunc(ms, func(m window.Mark) bool {
				return slices.ContainsFunc(ms, func(o window.Mark) bool {
					return m.Kind == window.Replied && o.Kind == window.Replied && o.At.After(m.At)
				})
			})
		})}},
		{"keeps calls nobody took for a week only", 4, bad{marks: changed(func(ms []window.Mark) []window.Mark {
			return slices.DeleteFunc(ms, func(m window.Mark) bool {
				return slices.ContainsFunc(ms, func(o window.Mark) bool {
					return m.Kind == window.CallMissed && o.Kind == window.CallMissed && o.At.After(m.At.Add(window.Lookback))
				})
			})
		})}},
		{"folds case", 5, bad{note: each(func(m *window.Mark) {
			hs := slices.Clone(m.Place.Handles)
			for i := range hs {
				hs[i].Value = strings.ToLower(hs[i].Value)
			}
			m.Place.Handles = hs
		})}},
		{"takes a group for a person", 5, bad{marks: func(l *log, ctx context.Context, p window.Place) ([]window.Mark, error) {
			ms, err := l.Marks(ctx, p)
			l.mu.Lock()
			defer l.mu.Unlock()
			for _, m := range l.marks {
				if p.Group == "" && slices.Contains(p.Handles, party.Handle{Scheme: "user", Value: m.Place.Group}) && m.Place.Line.Number == p.Line.Number {
					ms = append(ms, m)
				}
			}
			return ms, err
		}}},
		{"finds marks by account too", 5, bad{marks: func(l *log, ctx context.Context, p window.Place) ([]window.Mark, error) {
			ms, err := l.Marks(ctx, p)
			return slices.DeleteFunc(ms, func(m window.Mark) bool { return m.Place.Line.Account != p.Line.Account }), err
		}}},
		{"looks at the first handle alone", 5, bad{marks: func(l *log, ctx context.Context, p window.Place) ([]window.Mark, error) {
			p.Handles = p.Handles[:min(1, len(p.Handles))]
			return l.Marks(ctx, p)
		}}},
		{"keeps the marks before a bad one", 6, bad{note: func(l *log, ctx context.Context, marks []window.Mark) error {
			for _, m := range marks {
				if err := l.Note(ctx, m); err != nil {
					return err
				}
			}
			return ctx.Err()
		}}},
		{"does not look at its context", 6, bad{note: func(l *log, _ context.Context, marks []window.Mark) error {
			return l.Note(context.Background(), marks...)
		}}},
		{"forgets what came at the same time", 6, bad{note: func(l *log, ctx context.Context, marks []window.Mark) error {
			l.mu.Lock()
			n := len(l.marks)
			l.mu.Unlock()
			if n > 20 {
				return nil
			}
			return l.Note(ctx, marks...)
		}}},
		{"goes on after Close", 7, bad{note: func(l *log, ctx context.Context, marks []window.Mark) error {
			err := l.Note(ctx, marks...)
			if errors.Is(err, window.ErrClosed) {
				return nil
			}
			return err
		}}},
		{"forgets a person under one name only", 8, bad{forget: func(l *log, ctx context.Context, hs []party.Handle) error {
			for i := range l.marks {
				m := &l.marks[i]
				m.Place.Handles = slices.DeleteFunc(slices.Clone(m.Place.Handles), func(h party.Handle) bool { return slices.Contains(hs, h) })
			}
			return ctx.Err()
		}}},
		{"forgets everybody", 8, bad{forget: func(l *log, ctx context.Context, hs []party.Handle) error {
			l.marks = nil
			return ctx.Err()
		}}},
	} {
		t.Run(c.why, func(t *testing.T) {
			var broken []int
			for _, d := range windowtest.Duties() {
				err := d.Check(t.Context(), func() window.Store { b := c.bad; b.log = &log{}; return b })
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
