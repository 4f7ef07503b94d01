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
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
)

func delivered(context.Context) (compliance.Ack, error) { return compliance.Ack{}, nil }

// tab is what is kept of a person.
func (s *shop) tab(tb testing.TB, who party.Party) pace.Tab {
	tb.Helper()
	st, err := s.stores.Pace.Read(context.Background(), pace.Who{Handles: who.Handles()})
	require.NoError(tb, err)
	return st.Tab
}

func blocked(d compliance.Decision) (rules []policy.ID) {
	for _, v := range d.Violations {
		if v.Severity == policy.Block {
			rules = append(rules, v.Rule)
		}
	}
	return rules
}

func TestSendersAtOnceKeepToTheBurst(t *testing.T) {
	s := newShop(t, nil, compliance.WithLookupBudget(0))
	var mu sync.Mutex
	left := 0
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			for range 15 {
				_, err := s.Do(context.Background(), notice(asha), func(context.Context) (compliance.Ack, error) {
					mu.Lock()
					defer mu.Unlock()
					left++
					return compliance.Ack{}, nil
				})
				if err != nil && !errors.Is(err, compliance.ErrDenied) {
					t.Error(err) // one that found others quicker is judged again, and denied
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, 45, left)
	_, err := s.Do(t.Context(), notice(asha), compliancetest.Forbidden(t).Deliver)
	var refused *compliance.Refusal
	require.ErrorAs(t, err, &refused)
	require.Equal(t, noon.Add(6*time.Second), refused.Decisions[0].RetryAt)
	require.Equal(t, []policy.ID{"pair-rate"}, blocked(refused.Decisions[0]))
	s.clock.Advance(6 * time.Second)
	_, err = s.Do(t.Context(), notice(asha), delivered)
	require.NoError(t, err)
}

func TestCheckSpendsNothing(t *testing.T) {
	s := newShop(t, nil, compliance.WithLookupBudget(0))
	for range 100 {
		require.Equal(t, compliance.Allow, s.Check(t.Context(), notice(asha)).Verdict)
	}
	require.Empty(t, s.tab(t, asha).Spent)
}

func TestWhatDoesNotLeaveIsGivenBack(t *testing.T) {
	for _, c := range []struct {
		why     string
		change  func(*compliance.Stores)
		deliver func(context.Context) (compliance.Ack, error)
		kept    int
	}{
		{"delivered", nil, delivered, 1},
		{"the client failed, and the message may have gone", nil, func(context.Context) (compliance.Ack, error) {
			return compliance.Ack{}, errors.New("connection reset")
		}, 1},
		{"refused by the platform", nil, func(context.Context) (compliance.Ack, error) {
			return compliance.Ack{Codes: []int{132012}}, errors.New("400")
		}, 0},
		{"perhaps refused", nil, func(context.Context) (compliance.Ack, error) {
			return compliance.Ack{Codes: []int{131000}}, errors.New("500")
		}, 1},
		{"not recorded, so not sent", func(s *compliance.Stores) {
			s.Journal = badJournal{s.Journal, func(context.Context) error { return errors.New("it broke") }}
		}, delivered, 0},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := newShop(t, c.change, compliance.WithLookupBudget(0))
			_, _ = s.Do(t.Context(), offer(asha), c.deliver)
			require.Len(t, s.tab(t, asha).Spent, c.kept)
		})
	}
}

func TestTheClientsPanicIsSpent(t *testing.T) {
	s := newShop(t, nil, compliance.WithLookupBudget(0))
	require.PanicsWithValue(t, "ouch", func() {
		_, _ = s.Do(t.Context(), offer(asha), func(context.Context) (compliance.Ack, error) { panic("ouch") })
	})
	require.Len(t, s.tab(t, asha).Spent, 1)
}

func TestSeveralMessagesSpendAllOrNothing(t *testing.T) {
	s := newShop(t, nil, compliance.WithLookupBudget(0))
	for range 43 {
		_, err := s.Do(t.Context(), notice(asha), delivered)
		require.NoError(t, err)
	}
	three := []compliance.Message{notice(asha), notice(asha), notice(asha)}
	rs, err := s.DoAll(t.Context(), three, compliancetest.Forbidden(t).Deliver)
	require.ErrorIs(t, err, compliance.ErrDenied)
	require.Equal(t, compliance.Allow, rs[1].Decision.Verdict, "two fit")
	require.Equal(t, []policy.ID{"pair-rate"}, blocked(rs[2].Decision), "the third is judged with the first two spent")
	require.Len(t, s.tab(t, asha).Spent, 43, "none left, so all is given back")
	_, err = s.DoAll(t.Context(), three[:2], delivered)
	require.NoError(t, err)
	require.Len(t, s.tab(t, asha).Spent, 45)
}

func TestAKeyIsChargedOnce(t *testing.T) {
	b := business()
	b.Pace.Caps = []compliance.MarketingCap{{Messages: 1, Hours: 24}}
	shop := newShop(t, nil, compliance.WithLookupBudget(0))
	s, err := shop.WithBusiness(b)
	require.NoError(t, err)
	m := offer(asha)
	m.Key = "campaign 7, customer 12"
	for range 3 {
		_, err := s.Do(t.Context(), m, delivered)
		require.NoError(t, err)
	}
	m.Key = "campaign 8, customer 12"
	d := s.Check(t.Context(), m)
	require.Equal(t, []policy.ID{"frequency-cap"}, blocked(d))
	require.Equal(t, noon.Add(24*time.Hour), d.RetryAt)
	tab := shop.tab(t, asha)
	require.Len(t, tab.Spent, 1)
	require.NotContains(t, tab.Spent[0].Name, "customer", "keys may name people, and are kept as prints")
}

// Of two flights under one key one is refused at once and the other arrives: the
// refusal gives back its own share, and not the other's as well.
func TestARefusedRepeatLeavesTheOtherCharged(t *testing.T) {
	refused := compliance.Ack{Codes: []int{132012}} // its values do not fit
	refusal := func(context.Context) (compliance.Ack, error) { return refused, errors.New("refused") }
	keyed := offer(asha)
	keyed.Key = "newsletter-7"
	for why, send := range map[string]func(s *shop){
		"while the other is under way": func(s *shop) {
			_, err := s.Do(t.Context(), keyed, func(ctx context.Context) (compliance.Ack, error) {
				_, err := s.Do(ctx, keyed, refusal)
				require.Error(t, err)
				return compliance.Ack{Message: "wamid.1"}, nil
			})
			require.NoError(t, err)
		},
		"after the other arrived, under a name nobody told": func(s *shop) {
			_, err := s.Do(t.Context(), keyed, delivered)
			require.NoError(t, err)
			_, err = s.Do(t.Context(), keyed, refusal)
			require.Error(t, err)
		},
	} {
		s := newShop(t, nil, compliance.WithLookupBudget(0))
		send(s)
		tab := s.tab(t, asha)
		require.Len(t, tab.Spent, 1, why)
		require.True(t, tab.Spent[0].Kept, why)
		require.Zero(t, tab.Spent[0].Holds, why)
	}
}

func TestARefusalToldLaterIsGivenBack(t *testing.T) {
	b := business()
	b.Pace.Caps = []compliance.MarketingCap{{Messages: 1, Hours: 24}}
	shop := newShop(t, nil, compliance.WithLookupBudget(0))
	s, err := shop.WithBusiness(b)
	require.NoError(t, err)
	_, err = s.Do(t.Context(), offer(asha), func(context.Context) (compliance.Ack, error) { return compliance.Ack{Message: "wamid.o1"}, nil })
	require.NoError(t, err)
	require.Equal(t, compliance.Deny, s.Check(t.Context(), offer(asha)).Verdict)
	report := compliance.Reported{ID: "wamid.o1", Line: line, To: asha, At: noon, Status: "failed", Codes: []int{131008}}
	for range 2 { // webhooks come twice
		_, err = s.Inbox().Receive(t.Context(), report)
		require.NoError(t, err)
	}
	require.Equal(t, compliance.Allow, s.Check(t.Context(), offer(asha)).Verdict)
	report.ID, report.Codes = "wamid.o2", []int{131049}
	_, err = s.Inbox().Receive(t.Context(), report)
	require.NoError(t, err)
	d := s.Check(t.Context(), offer(asha))
	require.Equal(t, []policy.ID{"marketing-cooldown"}, blocked(d))
	require.Equal(t, noon.Add(24*time.Hour), d.RetryAt)
}

// What the platform once held back is remembered as long as it can matter, and
// nobody is kept from marketing for ever by it.
func TestHowLongARefusalIsRemembered(t *testing.T) {
	for _, c := range []struct {
		why  string
		to   party.Party
		days int
	}{
		{"the longest wait, and the week after it", asha, 14},
		{"a number of the United States, where waiting is of no use", party.Party{Phone: "+12025550123"}, 90},
		{"somebody of whom no country is known", party.Party{User: "ZZ.1"}, 90},
	} {
		s := newShop(t, nil)
		_, err := s.Inbox().Receive(t.Context(), compliance.Reported{ID: "wamid.o1", Line: line, To: c.to, At: noon, Status: "failed", Codes: []int{131049}})
		require.NoError(t, err)
		tab := s.tab(t, c.to)
		require.Len(t, tab.Refused, 1, c.why)
		require.Equal(t, noon.AddDate(0, 0, c.days), tab.Ends(), c.why)
	}
}

func TestWhatAWaiverLetsPassIsSpent(t *testing.T) {
	waived, err := book().Waive(policy.Waiver{Rule: "pair-rate", Reason: "the provider queues", Owner: "ops", Until: noon.AddDate(0, 0, 1)})
	require.NoError(t, err)
	prepared, err := compliance.Prepare(waived)
	require.NoError(t, err)
	s := newShop(t, nil, compliance.WithLookupBudget(0), compliance.WithPrepared(prepared))
	for i := range 50 {
		_, err := s.Do(t.Context(), notice(asha), delivered)
		require.NoError(t, err, i)
	}
	require.Len(t, s.tab(t, asha).Spent, 50)
}

func TestObserveSpendsWhatLeaves(t *testing.T) {
	s := newShop(t, nil, compliance.Observe(), compliance.WithLookupBudget(0))
	var last compliance.Receipt
	for range 47 {
		var err error
		last, err = s.Do(t.Context(), notice(asha), delivered)
		require.NoError(t, err)
	}
	require.Equal(t, []policy.ID{"pair-rate"}, blocked(last.Decision))
	require.Equal(t, noon.Add(12*time.Second), last.Decision.RetryAt)
}

func TestErasingReachesTabs(t *testing.T) {
	s := newShop(t, nil, compliance.WithLookupBudget(0))
	_, err := s.Do(t.Context(), offer(asha), delivered)
	require.NoError(t, err)
	require.NotEmpty(t, s.tab(t, asha).Spent)
	done, err := s.Ledger().Erase(t.Context(), optin.Erase{Party: asha})
	require.NoError(t, err)
	require.NotContains(t, done.Kept, "pace")
	require.Empty(t, s.tab(t, asha))
}

func TestAStopInBetweenGivesBack(t *testing.T) {
	s := newShop(t, nil, compliance.WithLookupBudget(0))
	jobs := 0
	s2 := newShop(t, func(st *compliance.Stores) { st.Journal = stopsAtRecord{st.Journal, &jobs} }, compliance.WithLookupBudget(0))
	_, err := s2.Do(t.Context(), notice(asha), compliancetest.Forbidden(t).Deliver)
	require.ErrorIs(t, err, compliance.ErrUndecided)
	require.Equal(t, 1, jobs)
	require.Empty(t, s2.tab(t, asha).Spent)
	require.Empty(t, s.tab(t, asha).Spent)
}

// stopsAtRecord fails the first record, as a journal does whose disk is full.
type stopsAtRecord struct {
	journal.Journal
	n *int
}

func (j stopsAtRecord) Append(ctx context.Context, es ...journal.Entry) error {
	if *j.n++; *j.n == 1 {
		return errors.New("full")
	}
	return j.Journal.Append(ctx, es...)
}

func TestTheAppSaysWhereSomebodyIs(t *testing.T) {
	b := business()
	h := pace.Hours{From: 8 * 60, Until: 21 * 60}
	b.Pace.Hours = &h
	s, err := newShop(t, nil, compliance.WithLookupBudget(0)).WithBusiness(b)
	require.NoError(t, err)
	m := offer(asha)
	for _, c := range []struct {
		zone    string
		verdict compliance.Verdict
		retry   time.Time
	}{
		{"", compliance.Allow, time.Time{}},                               // noon in London
		{"Pacific/Auckland", compliance.Deny, noon.Add(7 * time.Hour)},    // one in the morning
		{"America/Los_Angeles", compliance.Deny, noon.Add(4 * time.Hour)}, // four in the morning
		{"Middle-earth/The_Shire", compliance.Undecided, time.Time{}},     // nobody knows
		{"Local", compliance.Undecided, time.Time{}},                      // the machine's own is nobody's
	} {
		m.Zone = c.zone
		d := s.Check(t.Context(), m)
		require.Equal(t, c.verdict, d.Verdict, c.zone)
		require.Equal(t, c.retry, d.RetryAt, c.zone)
	}
}

func TestAMeasureIsChecked(t *testing.T) {
	for _, bad := range []string{
		`{"pace":{"caps":[{"messages":0,"hours":24}]}}`,
		`{"pace":{"caps":[{"messages":1,"hours":0}]}}`,
		`{"pace":{"caps":[{"messages":1,"hours":9000}]}}`,
		`{"pace":{"hours":{"from":"08:00","until":"08:00"}}}`,
		`{"pace":{"hours":{"from":"8","until":"21:00"}}}`,
		`{"pace":{"quiet":true}}`,
	} {
		_, err := compliance.ParseBusiness([]byte(bad))
		require.Error(t, err, bad)
	}
	b, err := compliance.ParseBusiness([]byte(`{"pace":{"caps":[{"messages":1,"hours":24},{"messages":4,"hours":720}],"hours":{"from":"20:00","until":"02:00"}}}`))
	require.NoError(t, err)
	require.Len(t, b.Pace.Caps, 2)
	require.Equal(t, "20:00", b.Pace.Hours.From.String())
}

func ExampleBusinessBuilder_AtMost() {
	b, err := compliance.NewBusiness("Example Shop").AtMost(1, 24).AtMost(4, 720).Awake("09:00", "20:00").Build()
	fmt.Println(len(b.Pace.Caps), b.Pace.Hours.From, err)
	_, err = compliance.NewBusiness("Example Shop").Awake("9", "20:00").Build()
	fmt.Println(err)
	// Output:
	// 2 09:00 <nil>
	// compliance: business: pace.hours.from is no time of day like "08:00"
}

func ExampleMeasure() {
	m := compliance.Measure{
		Caps:  []compliance.MarketingCap{{Messages: 1, Hours: 24}, {Messages: 4, Hours: 720}},
		Hours: &pace.Hours{From: 9 * 60, Until: 20 * 60},
	}
	b := compliance.Business{Name: "Example Shop", Pace: m}
	fmt.Println(b.Validate(), b.Pace.Hours.From, b.Pace.Hours.Until)
	// Output: <nil> 09:00 20:00
}

// lost keeps a spend and says that it did not, as a connection does that breaks in
// the middle.
type lost struct{ pace.Store }

func (l lost) Apply(ctx context.Context, w pace.Who, at time.Time, a pace.Act) (pace.Room, error) {
	room, err := l.Store.Apply(ctx, w, at, a)
	if _, spends := a.(*pace.Spend); spends {
		err = errors.New("the connection broke")
	}
	return room, err
}

func TestASpendThatMayHaveBeenKeptIsGivenBack(t *testing.T) {
	s := newShop(t, func(st *compliance.Stores) { st.Pace = lost{st.Pace} }, compliance.WithLookupBudget(0))
	_, err := s.Do(t.Context(), notice(asha), compliancetest.Forbidden(t).Deliver)
	require.ErrorIs(t, err, compliance.ErrUndecided)
	require.Empty(t, s.tab(t, asha).Spent)
}
