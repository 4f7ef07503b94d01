package compliance_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
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
