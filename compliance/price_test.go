package compliance

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// The matrix of Meta's "Pricing" (2026-09-10) and what was before it.
func TestPrice(t *testing.T) {
	to := party.Party{Phone: "+447700900123"}
	free := &Message{Kind: Freeform, To: to}
	tpl := func(k category.Category) *Message {
		return &Message{Kind: Template, To: to, Category: k} // the category goes into the catalog below
	}
	direct := func(k category.Category) *Message { return &Message{Kind: Direct, To: to, Category: k} }
	utility, marketing, code := tpl(category.Utility), tpl(category.Marketing), tpl(category.Authentication)
	at := func(day string) time.Time { return on(day).Add(12 * time.Hour) }
	now, summer, spring, autumn := at("2026-11-20"), at("2026-07-01"), at("2025-05-01"), at("2024-09-01")
	closed := func(time.Time) window.State { return window.State{} }
	open := func(time.Time) window.State { return window.State{Open: true} }
	margin := func(time.Time) window.State { return window.State{Margin: true} }
	entry := func(now time.Time) window.State { return window.State{FreeUntil: now.Add(time.Hour)} }
	told := func(now time.Time) window.State { return window.State{FreeUntil: now.Add(time.Hour), FreeTold: true} }
	over := func(now time.Time) window.State { return window.State{FreeUntil: now} }
	waits := func(now time.Time) window.State {
		return window.State{Open: true, FreeReplyBy: now.Add(time.Hour)}
	}
	for _, c := range []struct {
		why    string
		m      *Message
		window func(time.Time) window.State
		now    time.Time
		want   string
		since  string
		open   string // what is left open
	}{
		{"a reply in an open window, since October 2026", free, open, now, "charged (service)", "2026-10-01", openService},
		{"on its first day", free, open, on("2026-10-01"), "charged (service)", "2026-10-01", openService},
		{"on the day before", free, open, on("2026-10-01").Add(-time.Second), "free (service)", "2024-11-01", ""},
		{"in the margin the window is open", free, margin, summer, "free (service)", "2024-11-01", ""},
		{"a service conversation", free, open, spring, "free (service)", "2024-11-01", ""},
		{"before those were free without limit", free, open, autumn, "per-conversation (conversation)", "", ""},
		{"a reply after the window goes nowhere", free, closed, now, "", "", ""},
		{"a utility template in an open window", utility, open, now, "charged (utility-in-window)", "2026-10-01", ""},
		{"which was free", utility, open, on("2026-09-30").Add(24*time.Hour - 1), "free (utility-in-window)", "2025-07-01", ""},
		{"since charges per conversation ended", utility, open, on("2025-07-01"), "free (utility-in-window)", "2025-07-01", ""},
		{"and was not before", utility, open, on("2025-07-01").Add(-1), "per-conversation (conversation)", "", ""},
		{"a utility template outside", utility, closed, summer, "charged (template)", "2025-07-01", ""},
		{"a marketing template in an open window", marketing, open, summer, "charged (template)", "2025-07-01", ""},
		{"a code", code, open, now, "charged (template)", "2025-07-01", ""},
		{"a template of old", marketing, closed, spring, "per-conversation (conversation)", "", ""},
		{"Direct Send is priced as utility", direct(category.Utility), closed, now, "charged (direct-send)", "2025-07-01", ""},
		{"also in an open window", direct(category.Utility), open, now, "charged (utility-in-window)", "2026-10-01", ""},
		{"or as a code", direct(category.Authentication), open, now, "charged (direct-send)", "2025-07-01", ""},
		{"in the free entry point a reply is free", free, entry, now, "free (free-entry-point)", "2025-07-01", openFreeEntry},
		{"and marketing too", marketing, entry, now, "free (free-entry-point)", "2025-07-01", openFreeEntry},
		{"and nothing is left open where the platform said so", marketing, told, now, "free (free-entry-point)", "2025-07-01", ""},
		{"its last instant is over", marketing, over, now, "charged (template)", "2025-07-01", ""},
		{"the reply that begins it is free", free, waits, now, "free (free-entry-point)", "2025-07-01", openFreeEntry},
		{"what it meant for conversations is not told", marketing, entry, spring, "", "", ""},
		{"a category nobody knows", tpl(category.Unknown), open, now, "", "", ""},
		{"a group", &Message{Kind: Freeform, Group: "g"}, open, now, "", "", ""},
		{"a call", &Message{Kind: Call, To: to}, open, now, "", "", ""},
	} {
		k := &Case{Now: c.now, Message: c.m, Window: Known(c.window(c.now)), Template: Known(template.Definition{Category: c.m.Category})}
		got := priceOf(k)
		require.Equal(t, c.want, got.String(), c.why)
		require.Equal(t, c.since, got.Since, c.why)
		require.Equal(t, c.open, got.Unconfirmed, c.why)
		if c.want == "" {
			require.Zero(t, got, c.why)
		}
		for why, unknown := range map[string]Fact[window.State]{"unknown": {}, "absent": Absent[window.State]()} {
			k.Window = unknown
			require.Zero(t, priceOf(k), "%s, with a window that is %s", c.why, why)
		}
	}
}

// The table in the package documentation is the one that runs.
func TestDocumentationDrawsThePrices(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(doc), "//	from        message                    window  price\n")
	require.True(t, found, "the documentation draws no prices")
	drawn, _, _ := strings.Cut(rest, "package compliance\n")
	var want strings.Builder
	for i, row := range prices {
		day, in, price := "", "any", row.price.String()
		if !row.from.IsZero() {
			day = row.from.Format(time.DateOnly)
		}
		if row.inWindow {
			in = "open"
		}
		if row.price.Unconfirmed != "" {
			price += ", UNCONFIRMED"
		}
		class := [...]string{"free-form", "utility", "marketing, authentication"}[row.class]
		fmt.Fprintf(&want, "//	%-10s  %-25s  %-6s  %s\n", day, class, in, price)
		require.True(t, i == 0 || !row.from.After(prices[i-1].from), "row %d: the youngest come first", i)
	}
	require.Equal(t, want.String(), drawn)
}

func TestChargeWords(t *testing.T) {
	for c := range Charge(len(charges)) {
		b, err := c.MarshalText()
		require.NoError(t, err)
		var back Charge
		require.NoError(t, back.UnmarshalText(b))
		require.Equal(t, c, back)
	}
	c := Billed
	require.Error(t, c.UnmarshalText([]byte("cheap")))
	require.Equal(t, ChargeUnknown, c)
	require.Equal(t, "Charge(9)", Charge(9).String())
}
