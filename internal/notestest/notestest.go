// Package notestest is the kit of stores that keep one kind of notes about
// templates by account: template.Acts and category.Outcomes. Their six duties are
// the same; what a note is, and what makes two of them the same one, a [Kit] says.
package notestest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A Store is a store under test, whatever its methods are called.
type Store[T any] struct {
	Note func(ctx context.Context, all ...T) error
	List func(ctx context.Context, account string) iter.Seq2[T, error]
}

// A Kit is the notes to try a store with.
type Kit[T any] struct {
	Account string // of the notes, where nothing else is said

	// Whole come back as they are, in this order: one with every member set, and
	// one with none that may be left away.
	Whole []T
	// Older and Younger are the same note at two instants.
	Older, Younger T
	// Spread are of several accounts, and Listed is what an account has of them,
	// in order; under the empty name stand those of all.
	Spread []T
	Listed map[string][]T
	// Lacking say too little to be kept, by what they lack, for which a store
	// fails with Incomplete.
	Lacking    map[string]T
	Incomplete error
}

// Run checks every duty, each as a subtest of its own and on stores open has just
// made, which must be empty.
func (k Kit[T]) Run(t *testing.T, open func(t testing.TB) Store[T]) {
	t.Helper()
	for _, d := range k.duties() {
		t.Run(fmt.Sprintf("%02d %s", d.n, d.what), func(t *testing.T) {
			if err := d.check(t.Context(), func() Store[T] { return open(t) }); err != nil {
				t.Error(err)
			}
		})
	}
}

type duty[T any] struct {
	n     int
	what  string
	check func(ctx context.Context, open func() Store[T]) error
}

func (k Kit[T]) duties() []duty[T] {
	return []duty[T]{
		{1, "a note comes back whole", k.whole},
		{2, "the youngest of the same", k.youngest},
		{3, "nothing noted", k.none},
		{4, "accounts and order", k.accounts},
		{5, "all or nothing", k.atomic},
		{6, "a cancelled context", k.cancelled},
	}
}

func (s Store[T]) all(ctx context.Context, account string) (all []T, err error) {
	for n, err := range s.List(ctx, account) {
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

func (s Store[T]) expect(ctx context.Context, account string, want ...T) error {
	all, err := s.all(ctx, account)
	if err != nil {
		return err
	}
	if diff := cmp.Diff(want, all); diff != "" {
		return fmt.Errorf("listed for account %q (-want +got):\n%s", account, diff)
	}
	return nil
}

func (k Kit[T]) whole(ctx context.Context, open func() Store[T]) error {
	s := open()
	if err := s.Note(ctx, k.Whole...); err != nil {
		return err
	}
	return s.expect(ctx, "", k.Whole...)
}

func (k Kit[T]) youngest(ctx context.Context, open func() Store[T]) error {
	for order, all := range map[string][]T{"in order": {k.Older, k.Younger}, "the other way round": {k.Younger, k.Older}, "with a repeat": {k.Younger, k.Older, k.Younger}} {
		s := open()
		for _, n := range all {
			if err := s.Note(ctx, n); err != nil {
				return err
			}
		}
		if err := s.expect(ctx, k.Account, k.Younger); err != nil {
			return fmt.Errorf("noted %s: %w", order, err)
		}
	}
	return nil
}

func (k Kit[T]) none(ctx context.Context, open func() Store[T]) error {
	return errors.Join(open().expect(ctx, k.Account), open().expect(ctx, ""))
}

func (k Kit[T]) accounts(ctx context.Context, open func() Store[T]) error {
	s := open()
	if err := s.Note(ctx, k.Spread...); err != nil {
		return err
	}
	for account, want := range k.Listed {
		if err := s.expect(ctx, account, want...); err != nil {
			return err
		}
	}
	return nil
}

func (k Kit[T]) atomic(ctx context.Context, open func() Store[T]) error {
	s := open()
	for what, bad := range k.Lacking {
		if err := s.Note(ctx, k.Older, bad); !errors.Is(err, k.Incomplete) {
			return fmt.Errorf("noting one with %s: %v, want %v", what, err, k.Incomplete)
		}
	}
	return s.expect(ctx, k.Account)
}

func (k Kit[T]) cancelled(ctx context.Context, open func() Store[T]) error {
	s := open()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Note(gone, k.Older); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("noting under a cancelled context: %v", err)
	}
	if _, err := s.all(gone, k.Account); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("listing under a cancelled context: %v", err)
	}
	return s.expect(ctx, k.Account)
}
