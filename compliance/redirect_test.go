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

// What a customer asks for that must not be traded here is told to the app, once a
// kind of goods, and holds nothing.
func TestACustomerWhoAsksForBarredGoods(t *testing.T) {
	brazil, britain := party.Party{Phone: "+5511912345678"}, asha
	cellar := business()
	cellar.Verticals = []string{"alcohol"}
	cellar.Licences = []compliance.Licence{{Vertical: "alcohol", Place: "BR", From: policy.DayOf(2025, 1, 1), Until: policy.DayOf(2027, 12, 31)}}
	cellar.Attests = map[policy.ID]bool{"regulated-age-18": true}
	for _, c := range []struct {
		why, words string
		from       party.Party
		b          compliance.Business
		at         time.Time
		want       []policy.ID
	}{
		{"asked for", "Do you have any cigarettes? Marlboro cigarettes, two packs", britain, business(), noon, []policy.ID{"goods-tobacco"}},
		{"two kinds", "do you sell cigarettes, and how much is a bottle of whisky?", britain, business(), noon, []policy.ID{"goods-alcohol", "goods-tobacco"}},
		{"nothing of the kind", "Do you have this in blue?", britain, business(), noon, nil},
		{"a stop beside it", "Do you sell cigarettes? If not, STOP writing to me", britain, business(), noon, []policy.ID{"goods-tobacco"}},
		{"what the business may trade with them there", "how much is a bottle of whisky?", brazil, cellar, noon, nil},
		{"and what it may not, somewhere else", "how much is a bottle of whisky?", britain, cellar, noon, []policy.ID{"goods-alcohol"}},
		{"or after the licence ended", "how much is a bottle of whisky?", brazil, cellar, time.Date(2028, 2, 1, 0, 0, 0, 0, time.UTC), []policy.ID{"goods-alcohol"}},
		{"before anybody advised it", "do you sell cigarettes?", britain, business(), time.Date(2025, 12, 31, 23, 59, 59, 0, time.UTC), nil},
	} {
		stores := compliance.MemoryStores()
		s, err := compliance.New(compliance.Config{Business: c.b, Stores: stores}, compliance.WithPrepared(ready()))
		require.NoError(t, err)
		l, err := s.Inbox().ReceiveAt(context.Background(), c.at, compliance.Wrote{ID: "w1", Line: line, From: c.from, At: c.at, Type: "text", Text: c.words})
		require.NoError(t, err)
		var got []policy.ID
		for _, r := range l.Redirects {
			got = append(got, r.Rule)
			require.NotEmpty(t, r.Fix)
			require.Equal(t, "w1", r.Message)
			require.Less(t, r.Span.Start, r.Span.End)
		}
		require.ElementsMatch(t, c.want, got, c.why)
	}
}

// A customer asks for what must not be traded here.
func ExampleRedirect() {
	guard := exampleSender()
	learned, err := guard.Inbox().Receive(context.Background(), compliance.Wrote{ID: "wamid.1", Line: party.Line{Number: "1"},
		From: party.Party{Phone: "+447700900123"}, At: exampleTime(), Type: "text", Text: "Do you sell cigarettes?"})
	for _, r := range learned.Redirects {
		fmt.Println(r.Rule, r.Span, r.Fix)
	}
	fmt.Println(err)
	// Output:
	// goods-tobacco {12 22} Reply that you cannot deal with it here and name your phone line, site or shop. Keep price and availability out of the reply.
	// <nil>
}
