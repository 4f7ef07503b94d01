package templatetest

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/template"
)

func TestActsMemory(t *testing.T) {
	RunActs(t, func(testing.TB) template.Acts { return template.NewActs() })
}

// badActs does one thing in a way of its own.
type badActs struct {
	*template.ActsMemory
	note func(m *template.ActsMemory, ctx context.Context, acts []template.Act) error
	list func(m *template.ActsMemory, ctx context.Context, account string) iter.Seq2[template.Act, error]
}

func (b badActs) Note(ctx context.Context, acts ...template.Act) error {
	if b.note == nil {
		return b.ActsMemory.Note(ctx, acts...)
	}
	return b.note(b.ActsMemory, ctx, acts)
}

func (b badActs) Acts(ctx context.Context, account string) iter.Seq2[template.Act, error] {
	if b.list == nil {
		return b.ActsMemory.Acts(ctx, account)
	}
	return b.list(b.ActsMemory, ctx, account)
}

// TestBadActs proves that each duty is noticed when it is not kept.
func TestBadActs(t *testing.T) {
	type mem = *template.ActsMemory
	each := func(edit func(*template.Act)) func(mem, context.Context, []template.Act) error {
		return func(m mem, ctx context.Context, acts []template.Act) error {
			acts = append([]template.Act{}, acts...)
			for i := range acts {
				edit(&acts[i])
			}
			return m.Note(ctx, acts...)
		}
	}
	n := 0
	for _, c := range []struct {
		duty int
		why  string
		bad  badActs
	}{
		{1, "drops what was submitted", badActs{note: each(func(a *template.Act) { a.Definition = nil })}},
		{2, "keeps repeats", badActs{note: each(func(a *template.Act) { n++; a.ID += string(rune('a' + n%26)) })}},
		{3, "has no list of nothing", badActs{list: func(mem, context.Context, string) iter.Seq2[template.Act, error] {
			return func(yield func(template.Act, error) bool) { yield(template.Act{}, template.ErrIncomplete) }
		}}},
		{4, "lists every account's", badActs{list: func(m mem, ctx context.Context, _ string) iter.Seq2[template.Act, error] { return m.Acts(ctx, "") }}},
		{5, "keeps the sound half", badActs{note: func(m mem, ctx context.Context, acts []template.Act) error {
			for _, a := range acts {
				if err := m.Note(ctx, a); err != nil {
					return err
				}
			}
			return nil
		}}},
		{6, "does not look at the context", badActs{list: func(m mem, _ context.Context, account string) iter.Seq2[template.Act, error] {
			return m.Acts(context.Background(), account)
		}}},
	} {
		t.Run(c.why, func(t *testing.T) {
			d := actDuties[c.duty-1]
			require.Equal(t, c.duty, d.n)
			require.Error(t, d.check(t.Context(), func() template.Acts { c.bad.ActsMemory = template.NewActs(); return c.bad }))
		})
	}
}
