package notestest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"
)

// Prove tries a Kit on stores that each break one duty, and fails where that is not
// noticed. The stores are spoilt ones of open, which keeps all duties; lose takes
// something off a note that has to come back, and other makes it another note,
// by a number.
func (k Kit[T]) Prove(t *testing.T, open func() Store[T], lose func(*T), other func(*T, int)) {
	t.Helper()
	edited := func(s Store[T], edit func(*T)) Store[T] {
		return Store[T]{List: s.List, Note: func(ctx context.Context, all ...T) error {
			all = slices.Clone(all)
			for i := range all {
				edit(&all[i])
			}
			return s.Note(ctx, all...)
		}}
	}
	listed := func(s Store[T], list func(ctx context.Context, account string) iter.Seq2[T, error]) Store[T] {
		return Store[T]{Note: s.Note, List: list}
	}
	times := 0
	for _, c := range []struct {
		duty  int
		why   string
		spoil func(s Store[T]) Store[T]
	}{
		{1, "loses a member", func(s Store[T]) Store[T] { return edited(s, lose) }},
		{2, "keeps repeats", func(s Store[T]) Store[T] { return edited(s, func(n *T) { times++; other(n, times) }) }},
		{3, "has no list of nothing", func(s Store[T]) Store[T] {
			return listed(s, func(context.Context, string) iter.Seq2[T, error] {
				return func(yield func(T, error) bool) {
					var none T
					yield(none, fmt.Errorf("nothing is there"))
				}
			})
		}},
		{4, "lists every account's", func(s Store[T]) Store[T] {
			return listed(s, func(ctx context.Context, _ string) iter.Seq2[T, error] { return s.List(ctx, "") })
		}},
		{5, "keeps the sound half", func(s Store[T]) Store[T] {
			return Store[T]{List: s.List, Note: func(ctx context.Context, all ...T) error {
				for _, n := range all {
					if err := s.Note(ctx, n); err != nil {
						return err
					}
				}
				return nil
			}}
		}},
		{6, "does not look at the context", func(s Store[T]) Store[T] {
			return listed(s, func(_ context.Context, account string) iter.Seq2[T, error] {
				return s.List(context.Background(), account)
			})
		}},
	} {
		t.Run(c.why, func(t *testing.T) {
			d := k.duties()[c.duty-1]
			if d.n != c.duty {
				t.Fatalf("duty %d stands in the place of %d", d.n, c.duty)
			}
			if d.check(t.Context(), func() Store[T] { return c.spoil(open()) }) == nil {
				t.Errorf("duty %d holds of a store that %s", c.duty, c.why)
			}
		})
	}
}
