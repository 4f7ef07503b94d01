package compliance_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
)

func TestDoSendsWhatIsAllowedAndHoldsWhatIsNot(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		why     string
		message compliance.Message
		rule    policy.ID // "" for allowed
	}{
		{"an offer to somebody who agreed", offer(asha), ""},
		{"an offer to somebody who did not", offer(ben), "optin-required"},
		{"a reply to somebody who never wrote", reply(asha, "Thanks!"), "template-only-initiation"},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := newShop(t, nil)
			if c.rule == "" {
				tr := &compliancetest.Transport{}
				r, err := s.Do(ctx, c.message, tr.Deliver)
				require.NoError(t, err)
				require.NoError(t, r.Unsettled)
				require.Equal(t, compliance.Allow, r.Decision.Verdict)
				require.Equal(t, "wamid.test1", r.Ack.Message)
				require.Equal(t, 1, tr.Count())
				return
			}
			_, err := s.Do(ctx, c.message, compliancetest.Forbidden(t).Deliver)
			require.ErrorIs(t, err, compliance.ErrDenied)
			var refused *compliance.Refusal
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.rule, refused.Decisions[0].Violations[0].Rule)
			require.NotContains(t, err.Error(), "447700900", "an error names no person")
		})
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	_, err := compliance.New(compliance.Config{Stores: compliance.Stores{Consent: optin.NewMemory()}})
	require.ErrorContains(t, err, "Business.Name, Stores.Windows, Stores.Links, Stores.Templates, Stores.Account, Stores.Pace, Stores.Journal")
	b := business()
	b.Country = "Britain"
	_, err = compliance.New(compliance.Config{Business: b, Stores: compliance.MemoryStores()})
	require.ErrorContains(t, err, "country is no ISO 3166")
}

func TestDoAllSendsAllOrNone(t *testing.T) {
	s := newShop(t, nil)
	rs, err := s.DoAll(context.Background(), []compliance.Message{offer(asha), offer(ben)}, compliancetest.Forbidden(t).Deliver)
	require.ErrorIs(t, err, compliance.ErrDenied)
	require.Len(t, rs, 2)
	require.Equal(t, compliance.Allow, rs[0].Decision.Verdict, "the first alone was fine")
	require.Equal(t, compliance.Deny, rs[1].Decision.Verdict)

	stopped, err := s.Ledger().Revoke(context.Background(), optin.Revoke{Party: asha, At: noon, Channel: optin.Email})
	require.NoError(t, err)
	require.Empty(t, stopped.InFlight, "a flight that never took off is left")
}

func TestClientErrorsComeThrough(t *testing.T) {
	s := newShop(t, nil)
	mine := errors.New("connection reset")
	_, err := s.Do(context.Background(), offer(asha), (&compliancetest.Transport{Err: mine}).Deliver)
	var failed *compliance.DeliveryError
	require.ErrorAs(t, err, &failed)
	require.ErrorIs(t, err, mine)

	send := compliance.Wrap(s.Sender, func(m compliance.Message) ([]compliance.Message, error) { return []compliance.Message{m}, nil },
		func(context.Context, compliance.Message) (string, error) { return "partial", mine }, nil)
	res, err := send(context.Background(), offer(asha))
	require.Equal(t, mine, err, "Wrap returns the client's own error untouched")
	require.Equal(t, "partial", res, "and its own result")

	unread := compliance.Wrap(s.Sender, func(int) ([]compliance.Message, error) { return nil, errors.New("no such field") },
		func(context.Context, int) (string, error) { t.Error("sent what nobody could describe"); return "", nil }, nil)
	_, err = unread(context.Background(), 1)
	require.ErrorIs(t, err, compliance.ErrUndecided)
}

func TestPanicInDeliverIsSettledAndGoesOn(t *testing.T) {
	s := newShop(t, nil)
	require.PanicsWithValue(t, "client", func() {
		_, _ = s.Do(context.Background(), offer(asha), func(context.Context) (compliance.Ack, error) { panic("client") })
	})
	stopped, err := s.Ledger().Revoke(context.Background(), optin.Revoke{Party: asha, At: noon, Channel: optin.Email})
	require.NoError(t, err)
	require.Empty(t, stopped.InFlight, "the flight was left")
	var kinds []string
	for l, err := range s.stores.Journal.Links(context.Background()) {
		require.NoError(t, err)
		kinds = append(kinds, l.Kind)
	}
	require.Equal(t, []string{"decision", "outcome"}, kinds)
}

type failingJournal struct {
	journal.Journal
	from int // fails from this append on
	n    int
}

func (j *failingJournal) Append(ctx context.Context, es ...journal.Entry) error {
	j.n++
	if j.n > j.from {
		return errors.New("disk full")
	}
	return j.Journal.Append(ctx, es...)
}

func TestWhatCannotBeRecordedDoesNotLeave(t *testing.T) {
	full := func(from int) func(*compliance.Stores) {
		return func(s *compliance.Stores) { s.Journal = &failingJournal{Journal: s.Journal, from: from} }
	}
	s := newShop(t, full(0))
	_, err := s.Do(context.Background(), offer(asha), compliancetest.Forbidden(t).Deliver)
	require.ErrorIs(t, err, compliance.ErrUndecided, "an Allow that cannot be recorded is Undecided")
	_, err = s.Do(context.Background(), offer(ben), compliancetest.Forbidden(t).Deliver)
	require.ErrorIs(t, err, compliance.ErrDenied, "a Deny stays Deny")

	s = newShop(t, full(1))
	r, err := s.Do(context.Background(), offer(asha), (&compliancetest.Transport{}).Deliver)
	require.NoError(t, err, "it left: an error would make apps send twice")
	require.Error(t, r.Unsettled)
}

func TestObserveDeliversAndSaysSo(t *testing.T) {
	s := newShop(t, nil, compliance.Observe())
	tr := &compliancetest.Transport{}
	r, err := s.Do(context.Background(), offer(ben), tr.Deliver)
	require.NoError(t, err)
	require.Equal(t, 1, tr.Count())
	require.Equal(t, compliance.Deny, r.Decision.Verdict)
	require.False(t, r.Decision.Enforced)
}

func TestSettlingOutlivesTheCaller(t *testing.T) {
	s := newShop(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	r, err := s.Do(ctx, offer(asha), func(context.Context) (compliance.Ack, error) {
		cancel()
		return compliance.Ack{Message: "wamid.x"}, nil
	})
	require.NoError(t, err)
	require.NoError(t, r.Unsettled)
}

// A stop and sends race. Whatever the order, no delivery starts after Revoke
// has returned, unless the stop's receipt names it.
func TestNothingStartsAfterAStopThatItsReceiptDoesNotName(t *testing.T) {
	for round := range 50 {
		s := newShop(t, nil)
		var mu sync.Mutex
		acknowledged := false
		late := map[string]bool{}
		var wg sync.WaitGroup
		for g := range 4 {
			wg.Go(func() {
				for range 10 {
					_, _ = s.Do(context.Background(), notice(asha), func(ctx context.Context) (compliance.Ack, error) {
						ticket, ok := compliance.TicketFrom(ctx)
						if !ok {
							t.Error("no ticket in the context of a delivery")
						}
						mu.Lock()
						defer mu.Unlock()
						if acknowledged {
							late[ticket.Decisions[0]] = true
						}
						return compliance.Ack{Message: fmt.Sprint("wamid.", round, ".", g)}, nil
					})
				}
			})
		}
		stopped, err := s.Ledger().Revoke(context.Background(), optin.Revoke{Party: asha, At: noon, Channel: optin.Email})
		mu.Lock()
		acknowledged = true
		mu.Unlock()
		require.NoError(t, err)
		wg.Wait()
		named := map[string]bool{}
		for _, f := range stopped.InFlight {
			named[f.ID] = true
		}
		for id := range late {
			require.True(t, named[id], "a delivery started after the stop and is not in its receipt")
		}
	}
}

func TestWaiverIsVisibleAndEnds(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	book, err = book.Waive(policy.Waiver{Rule: "service-window-24h", Reason: "trial", Owner: "ops", Until: noon.Add(48 * time.Hour)})
	require.NoError(t, err)
	stores := compliance.MemoryStores()
	clock := compliancetest.NewClock(noon)
	s, err := compliance.New(compliance.Config{Business: business(), Stores: stores, Rules: book}, compliance.WithClock(clock.Now))
	require.NoError(t, err)
	_, err = s.Inbox().Receive(context.Background(), compliance.Wrote{ID: "w1", Line: line, From: asha, At: noon, Type: "text", Text: "hello"})
	require.NoError(t, err)
	clock.Advance(30 * time.Hour)
	d := s.Check(context.Background(), reply(asha, "hello"))
	require.Equal(t, compliance.Allow, d.Verdict)
	require.Equal(t, []policy.ID{"service-window-24h"}, d.Waived)
	clock.Advance(30 * time.Hour)
	require.Equal(t, compliance.Deny, s.Check(context.Background(), reply(asha, "hello")).Verdict, "a waiver ends by itself")
}

func TestUndeclaredListsWhatIsOpen(t *testing.T) {
	s := newShop(t, nil)
	open := s.Undeclared()
	require.Contains(t, open, policy.ID("docs-followed"))
	require.NotContains(t, open, policy.ID("news-page-registered"), "speaks only to a news business")
	b := business()
	b.Attests = map[policy.ID]bool{"docs-followed": true}
	told, err := s.WithBusiness(b)
	require.NoError(t, err)
	require.NotContains(t, told.Undeclared(), policy.ID("docs-followed"))
}

func TestEveryDecisionReachesTheHook(t *testing.T) {
	var seen []compliance.Verdict
	s := newShop(t, nil, compliance.OnDecision(func(_ context.Context, d *compliance.Decision) { seen = append(seen, d.Verdict) }))
	_, _ = s.Do(context.Background(), offer(asha), (&compliancetest.Transport{}).Deliver)
	_, _ = s.Do(context.Background(), offer(ben), (&compliancetest.Transport{}).Deliver)
	s.Check(context.Background(), offer(ben))
	require.Equal(t, []compliance.Verdict{compliance.Allow, compliance.Deny}, seen, "a dry run is no decision")
}
