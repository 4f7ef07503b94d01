// Package categorytest checks that a category.Outcomes keeps its duties. A store
// of one's own is proved with one call:
//
//	func TestOutcomes(t *testing.T) {
//		categorytest.Run(t, func(t testing.TB) category.Outcomes { return open(t) })
//	}
//
// The duties and their numbers are those of the documentation of Outcomes.
package categorytest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/waguard/waguard/category"
)

// Run checks every duty, each as a subtest of its own and on stores open has just
// made, which must be empty.
func Run(t *testing.T, open func(t testing.TB) category.Outcomes) {
	t.Helper()
	for _, d := range duties {
		t.Run(fmt.Sprintf("%02d %s", d.n, d.what), func(t *testing.T) {
			if err := d.check(t.Context(), func() category.Outcomes { return open(t) }); err != nil {
				t.Error(err)
			}
		})
	}
}

type duty struct {
	n     int
	what  string
	check func(ctx context.Context, open func() category.Outcomes) error
}

var duties = []duty{
	{1, "an outcome comes back", whole},
	{2, "the youngest of one decider", youngest},
	{3, "nothing noted", none},
	{4, "accounts and order", accounts},
	{5, "all or nothing", atomic},
	{6, "a cancelled context", cancelled},
}

const account = "100200300400500"

func outcome(template string, h int) category.Outcome {
	return category.Outcome{Account: account, Template: template, Lang: "en_US", Declared: category.Utility, Predicted: category.Utility, Sure: true,
		Decided: category.Marketing, By: category.Recorded, At: time.Date(2026, 11, 20, h, 0, 0, 0, time.UTC)}
}

func list(ctx context.Context, s category.Outcomes, account string) (all []category.Outcome, err error) {
	for o, err := range s.Outcomes(ctx, account) {
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

func expect(ctx context.Context, s category.Outcomes, account string, want ...category.Outcome) error {
	all, err := list(ctx, s, account)
	if err != nil {
		return err
	}
	if diff := cmp.Diff(want, all); diff != "" {
		return fmt.Errorf("outcomes of account %q (-want +got):\n%s", account, diff)
	}
	return nil
}

func whole(ctx context.Context, open func() category.Outcomes) error {
	s := open()
	bare := category.Outcome{Template: "42", Decided: category.Authentication, By: category.Sampled, At: outcome("", 3).At.Add(time.Microsecond)}
	if err := s.Note(ctx, outcome("sale", 1), bare); err != nil {
		return err
	}
	return expect(ctx, s, "", bare, outcome("sale", 1))
}

func youngest(ctx context.Context, open func() category.Outcomes) error {
	for _, hours := range [][]int{{1, 2}, {2, 1}, {2, 1, 2}} {
		s := open()
		for _, h := range hours {
			if err := s.Note(ctx, outcome("sale", h)); err != nil {
				return err
			}
		}
		if err := expect(ctx, s, account, outcome("sale", 2)); err != nil {
			return fmt.Errorf("noted at the hours %v: %w", hours, err)
		}
	}
	return nil
}

func none(ctx context.Context, open func() category.Outcomes) error {
	return errors.Join(expect(ctx, open(), account), expect(ctx, open(), ""))
}

func accounts(ctx context.Context, open func() category.Outcomes) error {
	s := open()
	other, german, listed := outcome("sale", 1), outcome("sale", 1), outcome("sale", 1)
	other.Account, german.Lang, listed.By = "999888777666555", "de", category.Listed
	if err := s.Note(ctx, outcome("sale", 1), other, outcome("offer", 1), german, listed); err != nil {
		return err
	}
	mine := []category.Outcome{outcome("offer", 1), german, listed, outcome("sale", 1)}
	return errors.Join(expect(ctx, s, account, mine...), expect(ctx, s, "", append(mine, other)...), expect(ctx, s, "1"))
}

func atomic(ctx context.Context, open func() category.Outcomes) error {
	s := open()
	for what, edit := range map[string]func(*category.Outcome){
		"no template": func(o *category.Outcome) { o.Template = "" },
		"no decider":  func(o *category.Outcome) { o.By = "" },
		"no instant":  func(o *category.Outcome) { o.At = time.Time{} },
		"no decision": func(o *category.Outcome) { o.Decided = category.Unknown },
		"a category of messages and of no template": func(o *category.Outcome) { o.Decided = category.Service },
	} {
		bad := outcome("bad", 1)
		edit(&bad)
		if err := s.Note(ctx, outcome("good", 1), bad); !errors.Is(err, category.ErrIncomplete) {
			return fmt.Errorf("an outcome with %s: %v, want ErrIncomplete", what, err)
		}
	}
	return expect(ctx, s, account)
}

func cancelled(ctx context.Context, open func() category.Outcomes) error {
	s := open()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Note(gone, outcome("a", 1)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("calling Note under a cancelled context: %v", err)
	}
	if _, err := list(gone, s, account); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("calling Outcomes under a cancelled context: %v", err)
	}
	return expect(ctx, s, account)
}
