package categorytest

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
)

func TestMemory(t *testing.T) {
	Run(t, func(testing.TB) category.Outcomes { return category.NewOutcomes() })
}

// bad does one thing in a way of its own.
type bad struct {
	*category.OutcomesMemory
	note func(m *category.OutcomesMemory, ctx context.Context, all []category.Outcome) error
	list func(m *category.OutcomesMemory, ctx context.Context, account string) iter.Seq2[category.Outcome, error]
}

func (b bad) Note(ctx context.Context, all ...category.Outcome) error {
	if b.note == nil {
		return b.OutcomesMemory.Note(ctx, all...)
	}
	return b.note(b.OutcomesMemory, ctx, all)
}

func (b bad) Outcomes(ctx context.Context, account string) iter.Seq2[category.Outcome, error] {
	if b.list == nil {
		return b.OutcomesMemory.Outcomes(ctx, account)
	}
	return b.list(b.OutcomesMemory, ctx, account)
}

// TestBadStores proves that each duty is noticed when it is not kept.
func TestBadStores(t *testing.T) {
	type mem = *category.OutcomesMemory
	each := func(edit func(*category.Outcome)) func(mem, context.Context, []category.Outcome) error {
		return func(m mem, ctx context.Context, all []category.Outcome) error {
			all = append([]category.Outcome{}, all...)
			for i := range all {
				edit(&all[i])
			}
			return m.Note(ctx, all...)
		}
	}
	n := 0
	for _, c := range []struct {
		duty int
		why  string
		bad  bad
	}{
		{1, "forgets what was declared", bad{note: each(func(o *category.Outcome) { o.Declared = category.Unknown })}},
		{2, "keeps repeats", bad{note: each(func(o *category.Outcome) { n++; o.Lang += string(rune('a' + n%26)) })}},
		{3, "has no list of nothing", bad{list: func(mem, context.Context, string) iter.Seq2[category.Outcome, error] {
			return func(yield func(category.Outcome, error) bool) { yield(category.Outcome{}, category.ErrIncomplete) }
		}}},
		{4, "lists every account's", bad{list: func(m mem, ctx context.Context, _ string) iter.Seq2[category.Outcome, error] {
			return m.Outcomes(ctx, "")
		}}},
		{5, "keeps the sound half", bad{note: func(m mem, ctx context.Context, all []category.Outcome) error {
			for _, o := range all {
				if err := m.Note(ctx, o); err != nil {
					return err
				}
			}
			return nil
		}}},
		{6, "does not look at the context", bad{list: func(m mem, _ context.Context, account string) iter.Seq2[category.Outcome, error] {
			return m.Outcomes(context.Background(), account)
		}}},
	} {
		t.Run(c.why, func(t *testing.T) {
			d := duties[c.duty-1]
			require.Equal(t, c.duty, d.n)
			require.Error(t, d.check(t.Context(), func() category.Outcomes { c.bad.OutcomesMemory = category.NewOutcomes(); return c.bad }))
		})
	}
}
