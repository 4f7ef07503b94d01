package compliance_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
)

func TestTheNewestQualityOfANumberCounts(t *testing.T) {
	of := func(id, number, grade string, after time.Duration) compliance.AccountNews {
		return compliance.AccountNews{ID: id, Line: party.Line{Account: "A1", Number: number}, Kind: compliance.Quality, Type: grade, At: noon.Add(after)}
	}
	news := []compliance.AccountNews{
		of("1", "N1", "GREEN", 0), of("2", "N1", "RED", 2*time.Hour), of("3", "N2", "YELLOW", time.Hour), of("4", "", "NA", 90*time.Minute),
	}
	for _, c := range []struct {
		why, number string
		at          time.Duration
		grade       string
		heard       bool
	}{
		{"nothing was heard yet", "N1", -time.Second, "", false},
		{"the first", "N1", 0, "GREEN", true},
		{"what is said of the account is said of each number, and NA is no grade", "N1", 100 * time.Minute, "UNKNOWN", true},
		{"the number's own is newer again", "N1", 2 * time.Hour, "RED", true},
		{"another number", "N2", 80 * time.Minute, "YELLOW", true},
		{"a number nobody spoke of has what was said of all", "N9", 3 * time.Hour, "UNKNOWN", true},
		{"and before that nothing", "N9", time.Hour, "", false},
	} {
		a := compliance.AccountAt(news, noon.Add(c.at))
		r, heard := a.Quality(c.number)
		require.Equal(t, c.heard, heard, c.why)
		require.Equal(t, c.grade, r.Grade, c.why)
	}
}

func TestALimitIsThePortfolios(t *testing.T) {
	ctx := context.Background()
	b := business()
	b.Numbers = []compliance.Number{
		{ID: "N1", Account: "A1"}, {ID: "N2", Account: "A2"}, {ID: "N3", Account: "A3", Portfolio: "other"}, {ID: "N4", Account: "A4"},
	}
	require.Equal(t, []string{"A2", "A1", "A4"}, b.Siblings("A2"))
	require.Equal(t, []string{"A3"}, b.Siblings("A3"))
	stores := compliance.MemoryStores()
	s, err := compliance.New(compliance.Config{Business: b, Stores: stores}, compliance.WithPrepared(ready()))
	require.NoError(t, err)
	for range 2 { // a webhook told twice
		_, err = s.Inbox().ReceiveAt(ctx, noon,
			compliance.AccountNews{ID: "1", Line: party.Line{Account: "A2"}, Kind: compliance.Limit, Count: 2000, At: noon},
			compliance.AccountNews{ID: "2", Line: party.Line{Account: "A1", Number: "N1"}, Kind: compliance.Disabled, Portfolio: true, At: noon})
		require.NoError(t, err)
	}
	for account, want := range map[string]bool{"A1": true, "A2": true, "A3": false, "A4": true} {
		news, err := stores.Account.News(ctx, party.Line{Account: account, Number: "N"})
		require.NoError(t, err)
		a := compliance.AccountAt(news, noon)
		tier, heard := a.Limit()
		require.Equal(t, want, heard, account)
		require.Equal(t, want, len(a.Bars) == 1, account)
		if want {
			require.Equal(t, 2000, tier.People)
			require.False(t, tier.Unlimited())
		}
	}
}

// What the platform says of verification counts before what the business says.
func TestVerificationIsHeardBeforeItIsDeclared(t *testing.T) {
	verified := func(word string) compliance.AccountNews {
		return compliance.AccountNews{ID: word, Line: party.Line{Account: "A1"}, Kind: compliance.Verification, Type: word, At: noon.Add(-time.Hour)}
	}
	declared := map[policy.ID]bool{"business-verified": true}
	for _, c := range []struct {
		why     string
		attests map[policy.ID]bool
		news    []compliance.AccountNews
		want    policy.Status
	}{
		{"nobody said anything", nil, nil, policy.Noted},
		{"declared", declared, nil, policy.Clear},
		{"declared not to be", map[policy.ID]bool{"business-verified": false}, nil, policy.Noted},
		{"the platform says so", nil, []compliance.AccountNews{verified("verified")}, policy.Clear},
		{"declared, and the platform says no", declared, []compliance.AccountNews{verified("NOT_VERIFIED")}, policy.Noted},
	} {
		b := business()
		b.Attests = c.attests
		stores := compliance.MemoryStores()
		s, err := compliance.New(compliance.Config{Business: b, Stores: stores}, compliance.WithPrepared(ready()), compliance.WithClock(func() time.Time { return noon }))
		require.NoError(t, err)
		for _, n := range c.news {
			_, err = s.Inbox().Receive(context.Background(), n)
			require.NoError(t, err)
		}
		got := statusOf(s.Explain(context.Background(), reply(asha, "Hello!")), "business-verified")
		require.Equal(t, c.want, got, c.why)
		require.Equal(t, c.attests == nil, slices.Contains(s.Undeclared(), "business-verified"), c.why)
	}
}

// How a number is connected, and its health, weigh on that number alone.
func TestConnectionAndHealthAreOfOneNumber(t *testing.T) {
	at := func(id, number string, kind compliance.NewsKind, word string, after time.Duration) compliance.AccountNews {
		return compliance.AccountNews{ID: id, Line: party.Line{Account: "A1", Number: number}, Kind: kind, Type: word, At: noon.Add(after - 10*time.Hour)}
	}
	for _, c := range []struct {
		why  string
		news []compliance.AccountNews
		want policy.Status
	}{
		{"connected", []compliance.AccountNews{at("1", "N1", compliance.Connection, "CONNECTED", 0)}, policy.Clear},
		{"a number that is cut off sends nothing", []compliance.AccountNews{at("1", "N1", compliance.Connection, "DISCONNECTED", 0)}, policy.Blocked},
		{"another number's", []compliance.AccountNews{at("1", "N2", compliance.Connection, "DISCONNECTED", 0)}, policy.Clear},
		{"and back", []compliance.AccountNews{at("2", "N1", compliance.Connection, "CONNECTED", time.Hour), at("1", "N1", compliance.Connection, "DISCONNECTED", 0)}, policy.Clear},
		{"a reinstatement of the account connects no number", []compliance.AccountNews{at("1", "N1", compliance.Connection, "DISCONNECTED", 0), at("2", "", compliance.Reinstated, "", time.Hour)}, policy.Blocked},
		{"limited health is told", []compliance.AccountNews{at("1", "N1", compliance.Health, "LIMITED", 0)}, policy.Warned},
		{"a word nobody here knows is no leave", []compliance.AccountNews{at("1", "N1", compliance.Health, "AILING", 0)}, policy.Blocked},
		{"available again", []compliance.AccountNews{at("1", "N1", compliance.Health, "BLOCKED", 0), at("2", "N1", compliance.Health, "AVAILABLE", time.Hour)}, policy.Clear},
	} {
		s := newShop(t, nil)
		for _, n := range c.news {
			_, err := s.Inbox().Receive(context.Background(), n)
			require.NoError(t, err)
		}
		require.Equal(t, c.want, statusOf(s.Explain(context.Background(), offer(asha)), "account-not-restricted"), c.why)
	}
}

func statusOf(d compliance.Decision, id policy.ID) policy.Status {
	for _, s := range d.Statuses {
		if s.Rule == id {
			return s.Status
		}
	}
	return 0
}

// BenchmarkAccountAt works out what stands from the news of an account that has
// been through much.
func BenchmarkAccountAt(b *testing.B) {
	var news []compliance.AccountNews
	add := func(kind compliance.NewsKind, typ string, until time.Duration) {
		n := compliance.AccountNews{ID: typ, Line: party.Line{Account: "A1"}, Kind: kind, Type: typ, At: noon.Add(time.Duration(len(news)) * time.Hour)}
		if until > 0 {
			n.Until = n.At.Add(until)
		}
		news = append(news, n)
	}
	add(compliance.Reviewed, "APPROVED", 0)
	add(compliance.Limit, "", 0)
	add(compliance.Quality, "GREEN", 0)
	add(compliance.Warned, "UTILITY_TEMPLATE_ABUSE", 0)
	add(compliance.Restricted, "RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING", 7*24*time.Hour)
	add(compliance.NumberBarred, "131064", 0)
	add(compliance.Restricted, "RESTRICTED_UTILITY_TEMPLATES", 7*24*time.Hour)
	add(compliance.Restricted, "RESTRICTED_BIZ_INITIATED_MESSAGING", 72*time.Hour)
	add(compliance.Quality, "RED", 0)
	for _, n := range []int{1, 3, len(news)} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if a := compliance.AccountAt(news[:n], noon.Add(50*time.Hour)); !a.Known {
					b.Fatal("nothing known")
				}
			}
		})
	}
}
