package templatetest

import (
	"context"
	"errors"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/template"
)

func TestMemory(t *testing.T) {
	Run(t, func(testing.TB) template.Catalog { return template.NewMemory() })
}

// A bad catalog is the good one with one habit. Functions that are nil are the
// good one's.
type bad struct {
	*template.Memory
	find  func(*template.Memory, context.Context, template.Ref) (template.Definition, bool, error)
	put   func(*template.Memory, context.Context, time.Time, []template.Definition) error
	apply func(*template.Memory, context.Context, []template.Change) error
}

func (b bad) Find(ctx context.Context, r template.Ref) (template.Definition, bool, error) {
	if b.find == nil {
		return b.Memory.Find(ctx, r)
	}
	return b.find(b.Memory, ctx, r)
}

func (b bad) Put(ctx context.Context, at time.Time, defs ...template.Definition) error {
	if b.put == nil {
		return b.Memory.Put(ctx, at, defs...)
	}
	return b.put(b.Memory, ctx, at, defs)
}

func (b bad) Apply(ctx context.Context, changes ...template.Change) error {
	if b.apply == nil {
		return b.Memory.Apply(ctx, changes...)
	}
	return b.apply(b.Memory, ctx, changes)
}

// shared keeps the caller's own definition and hands it out.
type shared struct {
	*template.Memory
	mu   sync.Mutex
	kept []template.Definition
}

func (s *shared) Put(ctx context.Context, at time.Time, defs ...template.Definition) error {
	s.mu.Lock()
	s.kept = defs
	s.mu.Unlock()
	return s.Memory.Put(ctx, at, defs...)
}

func (s *shared) Find(context.Context, template.Ref) (template.Definition, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[0], true, nil
}

// listed is a catalog that lists in a way of its own.
type listed struct {
	*template.Memory
	list func(m *template.Memory, ctx context.Context, account string, yield func(template.Definition, error) bool)
}

func (l listed) Definitions(ctx context.Context, account string) iter.Seq2[template.Definition, error] {
	return func(yield func(template.Definition, error) bool) { l.list(l.Memory, ctx, account, yield) }
}

// TestBadCatalogs proves that each duty is noticed when it is not kept.
func TestBadCatalogs(t *testing.T) {
	type (
		mem     = *template.Memory
		ctxT    = context.Context
		defs    = []template.Definition
		changes = []template.Change
	)
	arrival := func(m mem, ctx ctxT, cs changes) error { // the order of arrival for the order of events
		for _, c := range cs {
			c.At = hour(10).Add(time.Duration(time.Now().UnixNano() % 1e15))
			if err := m.Apply(ctx, c); err != nil {
				return err
			}
		}
		return nil
	}
	each := func(edit func(*template.Change)) func(mem, ctxT, changes) error {
		return func(m mem, ctx ctxT, cs changes) error {
			cs = append(changes{}, cs...)
			for i := range cs {
				edit(&cs[i])
			}
			return m.Apply(ctx, cs...)
		}
	}
	cases := []struct {
		duty int
		why  string
		open func() template.Catalog
	}{
		{1, "drops members it does not know", func() template.Catalog {
			return bad{Memory: template.NewMemory(), put: func(m mem, ctx ctxT, at time.Time, ds defs) error {
				for i := range ds {
					ds[i].Extra = nil
				}
				return m.Put(ctx, at, ds...)
			}}
		}},
		{2, "answers not found with an error", func() template.Catalog {
			return bad{Memory: template.NewMemory(), find: func(m mem, ctx ctxT, r template.Ref) (template.Definition, bool, error) {
				d, ok, err := m.Find(ctx, r)
				if !ok && err == nil {
					err = errors.New("no rows")
				}
				return d, ok, err
			}}
		}},
		{3, "keeps what came last", func() template.Catalog {
			n := 0
			return bad{Memory: template.NewMemory(), put: func(m mem, ctx ctxT, _ time.Time, ds defs) error {
				n++
				return m.Put(ctx, hour(n), ds...)
			}}
		}},
		{4, "takes the order of arrival for the order of events", func() template.Catalog {
			return bad{Memory: template.NewMemory(), apply: arrival}
		}},
		{5, "believes a repeat", func() template.Catalog { return bad{Memory: template.NewMemory(), apply: arrival} }},
		{6, "knows ids only", func() template.Catalog {
			return bad{Memory: template.NewMemory(), apply: func(m mem, ctx ctxT, cs changes) error {
				for _, c := range cs {
					if c.Template == "" {
						continue
					}
					if err := m.Apply(ctx, c); err != nil {
						return err
					}
				}
				return nil
			}}
		}},
		{7, "drops news about templates it does not know", func() template.Catalog {
			return bad{Memory: template.NewMemory(), apply: func(m mem, ctx ctxT, cs changes) error {
				if _, ok, err := m.Find(ctx, ref); err != nil || !ok {
					return err
				}
				return m.Apply(ctx, cs...)
			}}
		}},
		{8, "takes the notice for the change", func() template.Catalog {
			return bad{Memory: template.NewMemory(), apply: each(func(c *template.Change) {
				if c.Next != category.Unknown {
					c.Category, c.Next, c.NextAt = c.Next, category.Unknown, time.Time{}
				}
			})}
		}},
		{8, "never takes an announcement back", func() template.Catalog {
			return bad{Memory: template.NewMemory(), find: func(m mem, ctx ctxT, r template.Ref) (template.Definition, bool, error) {
				d, ok, err := m.Find(ctx, r)
				d.Next, d.NextAt = category.Marketing, hour(20)
				return d, ok, err
			}}
		}},
		{9, "reads an empty status as deleted", func() template.Catalog {
			return bad{Memory: template.NewMemory(), apply: each(func(c *template.Change) {
				if c.Status == "" {
					c.Status = template.Deleted
				}
			})}
		}},
		{10, "goes by the name alone", func() template.Catalog {
			return bad{Memory: template.NewMemory(), apply: each(func(c *template.Change) { c.Template = "" })}
		}},
		{11, "falls back to the base language", func() template.Catalog {
			return bad{Memory: template.NewMemory(), find: func(m mem, ctx ctxT, r template.Ref) (template.Definition, bool, error) {
				if d, ok, err := m.Find(ctx, r); ok || err != nil {
					return d, ok, err
				}
				r.Language = "en_US"
				return m.Find(ctx, r)
			}}
		}},
		{12, "forgets the account", func() template.Catalog {
			return bad{Memory: template.NewMemory(), put: func(m mem, ctx ctxT, at time.Time, ds defs) error {
				for i := range ds {
					ds[i].Ref.Account = ""
				}
				return m.Put(ctx, at, ds...)
			}}
		}},
		{13, "keeps the half that was sound", func() template.Catalog {
			return bad{Memory: template.NewMemory(), put: func(m mem, ctx ctxT, at time.Time, ds defs) error {
				for _, d := range ds {
					if err := m.Put(ctx, at, d); err != nil {
						return err
					}
				}
				return nil
			}}
		}},
		{14, "does not look at the context", func() template.Catalog {
			return bad{Memory: template.NewMemory(), find: func(m mem, _ ctxT, r template.Ref) (template.Definition, bool, error) {
				return m.Find(context.Background(), r)
			}}
		}},
		{15, "keeps the caller's memory", func() template.Catalog { return &shared{Memory: template.NewMemory()} }},
		{16, "loses what is written at the same time", func() template.Catalog {
			n := 0
			var mu sync.Mutex
			return bad{Memory: template.NewMemory(), put: func(m mem, ctx ctxT, at time.Time, ds defs) error {
				mu.Lock()
				defer mu.Unlock()
				if n++; n == 17 {
					return nil
				}
				return m.Put(ctx, at, ds...)
			}}
		}},
	}
	cases = append(cases, []struct {
		duty int
		why  string
		open func() template.Catalog
	}{
		{17, "lists as it was put", func() template.Catalog {
			return listed{template.NewMemory(), func(m mem, ctx ctxT, account string, yield func(template.Definition, error) bool) {
				for d, err := range m.Definitions(ctx, account) {
					d.Status = template.Approved
					if !yield(d, err) {
						return
					}
				}
			}}
		}},
		{17, "lists every account's", func() template.Catalog {
			return listed{template.NewMemory(), func(m mem, ctx ctxT, _ string, yield func(template.Definition, error) bool) {
				m.Definitions(ctx, "")(yield)
			}}
		}},
		{17, "takes a breakdown for an empty catalog", func() template.Catalog {
			return listed{template.NewMemory(), func(m mem, ctx ctxT, account string, yield func(template.Definition, error) bool) {
				if ctx.Err() == nil {
					m.Definitions(ctx, account)(yield)
				}
			}}
		}},
		{18, "drops other words", func() template.Catalog {
			return bad{Memory: template.NewMemory(), apply: each(func(c *template.Change) { c.Words = nil })}
		}},
		{19, "drops the word beside a status", func() template.Catalog {
			return bad{Memory: template.NewMemory(), apply: each(func(c *template.Change) { c.Notice = "" })}
		}},
		{19, "drops the category before", func() template.Catalog {
			return bad{Memory: template.NewMemory(), apply: each(func(c *template.Change) { c.Was = category.Unknown })}
		}},
	}...)
	caught := map[int]bool{}
	for _, c := range cases {
		caught[c.duty] = true
		t.Run(c.why, func(t *testing.T) {
			d := duties[c.duty-1]
			require.Equal(t, c.duty, d.n, "duties stand in order")
			require.Error(t, d.check(t.Context(), c.open), "%s: not noticed", d.name())
		})
	}
	for _, d := range duties {
		require.True(t, caught[d.n], "no bad catalog for duty %s", d.name())
	}
}
