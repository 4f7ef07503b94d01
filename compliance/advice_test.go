package compliance_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/template"
)

func TestAdviceKnowsTheLadderOfMisuse(t *testing.T) {
	ctx := context.Background()
	account := party.Line{Account: "A1"}
	begin := noon.Add(-time.Hour)
	news := func(id string, k compliance.NewsKind, typ string, days int, until time.Time) compliance.Event {
		return compliance.AccountNews{ID: id, Line: account, Kind: k, Type: typ, At: begin.AddDate(0, 0, days), Until: until}
	}
	s := newShop(t, nil)
	_, err := s.Inbox().Receive(ctx, compliance.TemplateNews{Change: template.Change{ID: "q", Ref: template.Ref{Account: "A1", Name: "sale", Language: "en"}, At: begin, Quality: "RED"}})
	require.NoError(t, err)
	for _, c := range []struct {
		why   string
		event compliance.Event
		days  int // after which is asked
		says  string
		at    time.Time
	}{
		{"a warning", news("w", compliance.Warned, "UTILITY_TEMPLATE_ABUSE", 0, time.Time{}), 0, "without a day's notice", time.Time{}},
		{"a cap without an end lasts a week at least", news("c", compliance.Restricted, "RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING", 1, time.Time{}), 1, "131064", begin.AddDate(0, 0, 8)},
		{"seven days of marketing", news("r", compliance.Restricted, "RESTRICTED_UTILITY_TEMPLATES", 9, begin.AddDate(0, 0, 16)), 9, "are marketing now", begin.AddDate(0, 0, 16)},
		{"and when they are over", nil, 17, "has ended", time.Time{}},
		{"the second time", news("r2", compliance.Restricted, "RESTRICTED_UTILITY_TEMPLATES", 20, begin.AddDate(0, 0, 50)), 20, "second time", begin.AddDate(0, 0, 50)},
	} {
		s.clock.Set(noon.AddDate(0, 0, c.days))
		if c.event != nil {
			_, err := s.Inbox().Receive(ctx, c.event)
			require.NoError(t, err, c.why)
		}
		all, err := s.Advice(ctx, "A1")
		require.NoError(t, err, c.why)
		require.Len(t, all, 2, c.why)
		require.Equal(t, "account-not-restricted", string(all[0].Rule), c.why)
		require.Contains(t, all[0].Why, c.says, c.why)
		require.Equal(t, c.at, all[0].At, c.why)
		require.Equal(t, "life-quality-low", string(all[1].Rule), "and what there is about templates")
	}
	for name, do := range misbehave {
		if name == "panicking" {
			continue // the app's own store panics in the app's own call
		}
		short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		broken := newShop(t, func(s *compliance.Stores) { s.Account = badAccount{s.Account, do} })
		_, err := broken.Advice(short, "A1")
		require.Error(t, err, name)
		cancel()
	}
}
