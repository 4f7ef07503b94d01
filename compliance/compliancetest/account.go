package compliancetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
)

// AccountStore checks a compliance.AccountStore against the duties in that
// interface's comment. open makes an empty store for each.
func AccountStore(t *testing.T, open func(t *testing.T) compliance.AccountStore) {
	t.Helper()
	for _, d := range accountDuties {
		t.Run(fmt.Sprintf("duty %d: %s", d.number, d.name), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			if err := d.check(ctx, open(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

type accountDuty struct {
	number int
	name   string
	check  func(context.Context, compliance.AccountStore) error
}

var accountDuties = []accountDuty{
	{1, "comes back whole", accountWhole},
	{2, "once per id", accountOnce},
	{3, "nothing known is empty", accountEmpty},
	{4, "news of a line", accountLine},
	{5, "in order", accountOrder},
	{6, "cancelled is an error", accountCancelled},
	{7, "closed fails", accountClosed},
	{8, "many callers at once", accountMany},
	{9, "nameless news are refused", accountNameless},
}

var accountDay = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

func accountNews(id, account, number string, at time.Time) compliance.AccountNews {
	return compliance.AccountNews{ID: id, Line: party.Line{Account: account, Number: number}, Kind: compliance.Restricted, Type: "RESTRICTED_BIZ_INITIATED_MESSAGING",
		Cause: "SCAM", At: at, Received: at.Add(time.Second), Until: at.Add(72 * time.Hour), Count: -1, Portfolio: true}
}

func accountIDs(ctx context.Context, s compliance.AccountStore, l party.Line, want ...string) error {
	news, err := s.News(ctx, l)
	if err != nil {
		return err
	}
	var got []string
	for _, n := range news {
		got = append(got, n.ID)
	}
	if d := cmp.Diff(want, got); d != "" {
		return fmt.Errorf("news of %+v (-want +got):\n%s", l, d)
	}
	return nil
}

func accountWhole(ctx context.Context, s compliance.AccountStore) error {
	n := accountNews("a", "A1", "N1", accountDay.In(time.FixedZone("", 3600)))
	if err := s.Note(ctx, n); err != nil {
		return err
	}
	got, err := s.News(ctx, party.Line{Account: "A1", Number: "N2"})
	if err != nil {
		return err
	}
	n.At, n.Received, n.Until = n.At.UTC(), n.Received.UTC(), n.Until.UTC()
	if d := cmp.Diff([]compliance.AccountNews{n}, got); d != "" {
		return fmt.Errorf("(-want +got):\n%s", d)
	}
	for _, g := range got {
		if g.At.Location() != time.UTC {
			return errors.New("times come back in UTC")
		}
	}
	return nil
}

func accountOnce(ctx context.Context, s compliance.AccountStore) error {
	for range 3 {
		if err := s.Note(ctx, accountNews("a", "A1", "", accountDay), accountNews("a", "A1", "", accountDay)); err != nil {
			return err
		}
	}
	return accountIDs(ctx, s, party.Line{Account: "A1"}, "a")
}

func accountEmpty(ctx context.Context, s compliance.AccountStore) error {
	return accountIDs(ctx, s, party.Line{Account: "A1", Number: "N1"})
}

func accountLine(ctx context.Context, s compliance.AccountStore) error {
	err := s.Note(ctx,
		accountNews("1", "A1", "", accountDay), accountNews("2", "A1", "N1", accountDay),
		accountNews("3", "A2", "", accountDay), accountNews("4", "", "N1", accountDay), accountNews("5", "", "N9", accountDay))
	if err != nil {
		return err
	}
	return errors.Join(
		accountIDs(ctx, s, party.Line{Account: "A1", Number: "N1"}, "1", "2", "4"),
		accountIDs(ctx, s, party.Line{Account: "A1", Number: "N2"}, "1", "2"),
		accountIDs(ctx, s, party.Line{Account: "a1", Number: "N2"}),
		accountIDs(ctx, s, party.Line{Number: "N9"}, "1", "2", "3", "5"),
	)
}

func accountOrder(ctx context.Context, s compliance.AccountStore) error {
	err := s.Note(ctx, accountNews("c", "A1", "", accountDay), accountNews("b", "A1", "", accountDay.Add(time.Hour)), accountNews("a", "A1", "", accountDay))
	if err != nil {
		return err
	}
	return accountIDs(ctx, s, party.Line{Account: "A1"}, "a", "c", "b")
}

func accountCancelled(ctx context.Context, s compliance.AccountStore) error {
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Note(over, accountNews("a", "A1", "", accountDay)); err == nil {
		return errors.New("a cancelled Note succeeded")
	}
	if _, err := s.News(over, party.Line{Account: "A1"}); err == nil {
		return errors.New("a cancelled News succeeded")
	}
	return accountIDs(ctx, s, party.Line{Account: "A1"})
}

func accountClosed(ctx context.Context, s compliance.AccountStore) error {
	c, ok := s.(interface{ Close() error })
	if !ok {
		return nil // nothing to close
	}
	if err := c.Close(); err != nil {
		return err
	}
	if err := s.Note(ctx, accountNews("a", "A1", "", accountDay)); err == nil {
		return errors.New("a Note after Close succeeded")
	}
	if _, err := s.News(ctx, party.Line{Account: "A1"}); err == nil {
		return errors.New("a News after Close came back")
	}
	return nil
}

// accountMany has callers note the same news and news of their own side by side,
// and asks after each.
func accountMany(ctx context.Context, s compliance.AccountStore) error {
	const callers, each = 8, 8
	errs := make([]error, callers)
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range each {
				own := accountNews(fmt.Sprintf("own %d %d", c, i), "A1", "", accountDay)
				shared := accountNews(fmt.Sprint("shared ", i), "A1", "", accountDay)
				if errs[c] = s.Note(ctx, own, shared); errs[c] != nil {
					return
				}
				news, err := s.News(ctx, party.Line{Account: "A1"})
				if err != nil {
					errs[c] = err
					return
				}
				for _, n := range []compliance.AccountNews{own, shared} {
					if k := count(news, n.ID); k != 1 {
						errs[c] = fmt.Errorf("news %q is there %d times after its Note returned", n.ID, k)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func accountNameless(ctx context.Context, s compliance.AccountStore) error {
	for what, bad := range map[string]compliance.AccountNews{
		"without an id":      accountNews("", "A1", "", accountDay),
		"without an instant": accountNews("a", "A1", "", time.Time{}),
	} {
		if err := s.Note(ctx, accountNews("sound", "A1", "", accountDay), bad); err == nil {
			return fmt.Errorf("news %s were noted", what)
		}
	}
	return accountIDs(ctx, s, party.Line{Account: "A1"})
}

func count(news []compliance.AccountNews, id string) (n int) {
	for i := range news {
		if news[i].ID == id {
			n++
		}
	}
	return n
}
