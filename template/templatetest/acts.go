package templatetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/waguard/waguard/template"
)

// RunActs checks every duty of a template.Acts, each as a subtest of its own.
// Acts open has just made are empty.
func RunActs(t *testing.T, open func(t testing.TB) template.Acts) {
	t.Helper()
	for _, d := range actDuties {
		t.Run(fmt.Sprintf("%02d %s", d.n, d.what), func(t *testing.T) {
			if err := d.check(t.Context(), func() template.Acts { return open(t) }); err != nil {
				t.Error(err)
			}
		})
	}
}

type actDuty struct {
	n     int
	what  string
	check func(ctx context.Context, open func() template.Acts) error
}

var actDuties = []actDuty{
	{1, "an act comes back whole", actWhole},
	{2, "the youngest of one id", actYoungest},
	{3, "nobody did anything", actNone},
	{4, "accounts and order", actAccounts},
	{5, "all or nothing", actAtomic},
	{6, "a cancelled context", actCancelled},
}

func act(id string, h int) template.Act {
	return template.Act{ID: id, Kind: template.Edited, Ref: ref, At: hour(h), Status: template.Approved}
}

func acts(ctx context.Context, s template.Acts, account string) (all []template.Act, err error) {
	for a, err := range s.Acts(ctx, account) {
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func actIDs(ctx context.Context, s template.Acts, account string, want ...string) error {
	all, err := acts(ctx, s, account)
	if err != nil {
		return err
	}
	var ids []string
	for _, a := range all {
		ids = append(ids, a.ID)
	}
	if diff := cmp.Diff(want, ids); diff != "" {
		return fmt.Errorf("acts of account %q (-want +got):\n%s", account, diff)
	}
	return nil
}

func actWhole(ctx context.Context, open func() template.Acts) error {
	s, want := open(), act("a", 1)
	d := definition()
	want.Kind, want.Definition = template.Submitted, &d
	plain := act("b", 2)
	if err := s.Note(ctx, want, plain); err != nil {
		return err
	}
	all, err := acts(ctx, s, account)
	if err != nil {
		return err
	}
	if diff := cmp.Diff([]template.Act{want, plain}, all); diff != "" {
		return fmt.Errorf("came back other than noted (-noted +listed):\n%s", diff)
	}
	return nil
}

func actYoungest(ctx context.Context, open func() template.Acts) error {
	for _, hours := range [][]int{{1, 2}, {2, 1}, {2, 1, 2}} {
		s := open()
		for _, h := range hours {
			if err := s.Note(ctx, act("a", h)); err != nil {
				return err
			}
		}
		all, err := acts(ctx, s, account)
		if err != nil {
			return err
		}
		if len(all) != 1 || !all[0].At.Equal(hour(2)) {
			return fmt.Errorf("noted at the hours %v under one id: %d acts listed, and not the one of hour 2 alone", hours, len(all))
		}
	}
	return nil
}

func actNone(ctx context.Context, open func() template.Acts) error {
	return first(
		func() error { return actIDs(ctx, open(), account) },
		func() error { return actIDs(ctx, open(), "") },
	)
}

func actAccounts(ctx context.Context, open func() template.Acts) error {
	s := open()
	other, loose := act("other", 1), act("loose", 2)
	other.Ref.Account, loose.Ref.Account = "999888777666555", ""
	if err := s.Note(ctx, act("z", 3), act("b", 4), act("a", 4), other, loose); err != nil {
		return err
	}
	return first(
		func() error { return actIDs(ctx, s, account, "loose", "z", "a", "b") },
		func() error { return actIDs(ctx, s, other.Ref.Account, "other", "loose") },
		func() error { return actIDs(ctx, s, "", "other", "loose", "z", "a", "b") },
	)
}

func actAtomic(ctx context.Context, open func() template.Acts) error {
	s := open()
	for what, edit := range map[string]func(*template.Act){
		"no id":       func(a *template.Act) { a.ID = "" },
		"no kind":     func(a *template.Act) { a.Kind = "" },
		"no instant":  func(a *template.Act) { a.At = time.Time{} },
		"no name":     func(a *template.Act) { a.Ref.Name = "" },
		"no language": func(a *template.Act) { a.Ref.Language = "" },
	} {
		bad := act("bad", 1)
		edit(&bad)
		if err := s.Note(ctx, act("good", 1), bad); !errors.Is(err, template.ErrIncomplete) {
			return fmt.Errorf("an act with %s: %v, want ErrIncomplete", what, err)
		}
	}
	return actIDs(ctx, s, account)
}

func actCancelled(ctx context.Context, open func() template.Acts) error {
	s := open()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Note(gone, act("a", 1)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("calling Note under a cancelled context: %v", err)
	}
	if _, err := acts(gone, s, account); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("calling Acts under a cancelled context: %v", err)
	}
	return actIDs(ctx, s, account)
}
