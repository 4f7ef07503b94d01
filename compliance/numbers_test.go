package compliance_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
)

func TestTheGraphAPITellsHowNumbersStand(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, nil)
	tell := func(after time.Duration, answer string) error {
		return s.Inbox().Numbers(ctx, "A1", noon.Add(after-5*time.Hour), []byte(answer))
	}
	noted := func() int {
		news, err := s.stores.Account.News(ctx, line)
		require.NoError(t, err)
		return len(news)
	}
	require.NoError(t, tell(0, `{"data":[{"id":"N1","quality_rating":"GREEN","status":"CONNECTED","whatsapp_business_manager_messaging_limit":"TIER_2K","health_status":{"can_send_message":"AVAILABLE","entities":[]}},
		{"id":"N2","quality_rating":"NA","status":"PENDING","whatsapp_business_manager_messaging_limit":"TIER_2K"}],"paging":{}}`))
	a, err := s.Account(ctx, party.Line{Number: "N1"})
	require.NoError(t, err)
	r, _ := a.Quality("N1")
	require.Equal(t, "GREEN", r.Grade)
	tier, _ := a.Limit()
	require.Equal(t, 2000, tier.People)
	require.Equal(t, []compliance.Bar{{Track: compliance.TrackConnection, State: "cut-off", Type: "PENDING", Number: "N2", News: a.Bars[0].News}}, a.Bars)
	require.Equal(t, policy.Clear, statusOf(s.Explain(ctx, offer(asha)), "account-not-restricted"), "another number's")
	before := noted()
	require.NoError(t, tell(time.Hour, `{"data":[{"id":"N1","quality_rating":"GREEN","status":"CONNECTED","whatsapp_business_manager_messaging_limit":"TIER_2K"},{"id":"N2","quality_rating":"NA","status":"PENDING"}]}`))
	require.Equal(t, before, noted(), "what was known already is not noted again")

	require.NoError(t, tell(2*time.Hour, `{"id":"N1","quality_rating":"RED","status":"CONNECTED","health_status":{"can_send_message":"BLOCKED"}}`))
	a, err = s.Account(ctx, line)
	require.NoError(t, err)
	r, _ = a.Quality("N1")
	require.Equal(t, "RED", r.Grade)
	require.Equal(t, policy.Blocked, statusOf(s.Explain(ctx, offer(asha)), "account-not-restricted"))
	require.NoError(t, tell(3*time.Hour, `{"id":"N1","quality_rating":"YELLOW","health_status":{"can_send_message":"AVAILABLE"},"whatsapp_business_manager_messaging_limit":"TIER_UNLIMITED"}`))
	require.Equal(t, policy.Clear, statusOf(s.Explain(ctx, offer(asha)), "account-not-restricted"))
	a, err = s.Account(ctx, line)
	require.NoError(t, err)
	tier, _ = a.Limit()
	require.True(t, tier.Unlimited())

	before = noted()
	for why, answer := range map[string]string{"no JSON": `{"data":`, "no id": `{"data":[{"quality_rating":"RED"}]}`, "no tier": `{"id":"N1","whatsapp_business_manager_messaging_limit":"lots"}`,
		"a number for a word": `{"data":[{"id":1}]}`} {
		require.Error(t, tell(4*time.Hour, answer), why)
	}
	require.Equal(t, before, noted(), "and nothing of those is taken")
}

func TestParseTier(t *testing.T) {
	for word, want := range map[string]int{"TIER_50": 50, "TIER_250": 250, "TIER_1K": 1000, "tier_2k": 2000, "TIER_10K": 10_000, "TIER_100K": 100_000, "TIER_UNLIMITED": -1} {
		got, ok := compliance.ParseTier(word)
		require.True(t, ok, word)
		require.Equal(t, want, got, word)
	}
	for _, word := range []string{"", "2000", "TIER_", "TIER_K", "TIER_-1", "TIER_0", "TIER_2KK", "TIER_2KM"} {
		_, ok := compliance.ParseTier(word)
		require.False(t, ok, word)
	}
}

// An operator looks at how an account stands, and the app tells what it asked the
// Graph API.
func ExampleSender_Account() {
	ctx := context.Background()
	guard := exampleSender()
	line := party.Line{Account: "1", Number: "2"}
	_, err := guard.Inbox().ReceiveAt(ctx, exampleTime(), compliance.AccountNews{ID: "webhook-1", Line: party.Line{Account: "1"}, Kind: compliance.Restricted,
		Type: "RESTRICTED_UTILITY_TEMPLATES", Cause: "UTILITY_TEMPLATE_ABUSE", At: exampleTime(), Until: exampleTime().AddDate(0, 0, 7)})
	if err != nil {
		panic(err)
	}
	if err := guard.Inbox().Numbers(ctx, "1", exampleTime(), []byte(`{"data":[{"id":"2","quality_rating":"YELLOW","whatsapp_business_manager_messaging_limit":"TIER_10K"}]}`)); err != nil {
		panic(err)
	}
	a, err := guard.Account(ctx, line)
	if err != nil {
		panic(err)
	}
	for _, s := range a.States {
		fmt.Println(s.Track, s.Name, "until", s.Until.Format(time.DateOnly))
	}
	quality, _ := a.Quality("2")
	limit, _ := a.Limit()
	fmt.Println(quality.Grade, limit.People)
	// Output:
	// utility suspended until 2026-12-02
	// YELLOW 10000
}

// Whatever an answer holds, it is taken whole or not at all, and what was taken is
// not news a second time.
func FuzzNumbers(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"N1","quality_rating":"GREEN","status":"CONNECTED","whatsapp_business_manager_messaging_limit":"TIER_2K"}]}`))
	f.Add([]byte(`{"id":"N1","quality_rating":"na","health_status":{"can_send_message":"LIMITED"}}`))
	f.Add([]byte(`{"data":[{"id":"N1"},{"id":"N1","quality_rating":"RED"}]}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		ctx := context.Background()
		stores := compliance.MemoryStores()
		s, err := compliance.New(compliance.Config{Business: business(), Stores: stores}, compliance.WithPrepared(ready()))
		require.NoError(t, err)
		noted := func() int {
			news, err := stores.Account.News(ctx, party.Line{Account: "A1", Number: "N1"})
			require.NoError(t, err)
			return len(news)
		}
		if s.Inbox().Numbers(ctx, "A1", noon, answer) != nil {
			require.Zero(t, noted())
		}
	})
}

// Whatever is told of a line by the number people know counts for the line the
// Business lists: nothing told that way is filed where nobody looks.
func TestNewsOfALineByItsNumber(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, nil)
	called := compliance.Message{Kind: compliance.Call, Type: "call", From: line, To: asha}
	byPhone := party.Line{Number: "+442079460000"}
	_, err := s.Inbox().Receive(ctx, compliance.CallPermission{Line: byPhone, With: asha, At: noon, Granted: true, Permanent: true})
	require.NoError(t, err)
	require.Equal(t, policy.Clear, statusOf(s.Explain(ctx, called), "call-permission-granted"))

	require.Equal(t, policy.Clear, statusOf(s.Explain(ctx, offer(asha)), "account-not-restricted"))
	_, err = s.Inbox().Receive(ctx, compliance.AccountNews{ID: "1", Line: byPhone, Kind: compliance.Health, Type: "BLOCKED", At: noon})
	require.NoError(t, err)
	require.Equal(t, policy.Blocked, statusOf(s.Explain(ctx, offer(asha)), "account-not-restricted"))
}

// A provider's name for a number is that number beside an account as well, which
// the content of a template may name: nothing known of it is passed by.
func TestALineWithItsAccountByItsPhone(t *testing.T) {
	s := newShop(t, nil)
	s.writes(t, "in-1", asha, "Hello?")
	m := reply(asha, "Hello, what can we do for you?")
	m.From = party.Line{Account: "A1", Number: "+442079460000"}
	require.Equal(t, compliance.Allow, s.Check(t.Context(), m).Verdict, "the window is the number's")

	_, err := s.Inbox().Receive(t.Context(), compliance.AccountNews{ID: "1", Line: line, Kind: compliance.Quality, Type: "RED", At: noon})
	require.NoError(t, err)
	promo := offer(asha)
	promo.From = m.From
	require.Equal(t, statusOf(s.Explain(t.Context(), offer(asha)), "quality-breaker"), statusOf(s.Explain(t.Context(), promo), "quality-breaker"))
	require.Equal(t, policy.Blocked, statusOf(s.Explain(t.Context(), promo), "quality-breaker"))
}

// News may come in any order: their own times decide what stands.
func ExampleAccountAt() {
	day := exampleTime()
	news := []compliance.AccountNews{
		{ID: "2", Line: party.Line{Account: "1"}, Kind: compliance.Reinstated, At: day.Add(2 * time.Hour)},
		{ID: "1", Line: party.Line{Account: "1"}, Kind: compliance.Disabled, At: day},
	}
	for _, at := range []time.Time{day.Add(time.Hour), day.Add(3 * time.Hour)} {
		a := compliance.AccountAt(news, at)
		for _, b := range a.Bars {
			fmt.Println(b.Track, b.State)
		}
		fmt.Println(len(a.Bars), "bars")
	}
	// Output:
	// account disabled
	// 1 bars
	// 0 bars
}
