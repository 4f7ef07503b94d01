package policy

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What the policy, the law profiles and the platform demand, rule by rule: the
// id, how heavily it weighs today, from when and until when. A day that is the
// edge of what is known carries "≤". A rule that changes here changes what
// messages are held, so it is written down twice, on purpose.
var demands = []struct {
	area, id    string
	severity    Severity
	from, until string
}{
	{"permission", "contact-source-own", Block, "≤2022-10-25", ""},
	{"permission", "contact-username-allowed", Note, "2026-09-23", ""},
	{"permission", "optin-required", Block, "≤2020-07-28", ""},
	{"permission", "optin-inbound-is-not-optin", Block, "≤2021-01-01", ""},
	{"permission", "optin-names-business", Block, "≤2022-10-25", ""},
	{"permission", "optin-names-whatsapp", Block, "≤2022-10-25", "≤2024-12-01"},
	{"permission", "optin-states-communication", Block, "2024-11-01", ""},
	{"permission", "optin-lawful", Warn, "≤2022-10-25", ""},
	{"permission", "optin-category-scope", Warn, "≤2021-10-08", ""},
	{"permission", "optin-per-category", Note, "≤2021-10-08", ""},
	{"permission", "optin-evidence-held", Warn, "2018-05-25", ""},
	{"permission", "optin-implicit-basis", Warn, "", ""},
	{"permission", "call-optin-required", Block, "≤2025-12-01", ""},
	{"permission", "call-optin-separate", Note, "≤2025-12-01", ""},
	{"permission", "call-permission-granted", Block, "≤2025-01-01", ""},
	{"permission", "optout-honored", Block, "≤2020-12-01", ""},
	{"permission", "optout-category-honored", Block, "≤2021-09-20", ""},
	{"permission", "optout-contact-removed", Warn, "≤2020-12-01", ""},
	{"permission", "optout-text-recognised", Warn, "≤2024-11-01", ""},
	{"permission", "optout-instructions", Note, "≤2021-10-08", ""},
	{"permission", "user-stopped-marketing", Block, "2024-11-22", ""},
	{"permission", "user-resume-not-reoptin", Block, "2024-11-22", ""},
	{"permission", "template-only-initiation", Block, "≤2020-07-28", ""},
	{"permission", "template-approved", Block, "≤2020-07-28", ""},
	{"permission", "template-designated-purpose", Warn, "≤2023-01-01", ""},
	{"permission", "template-category-true", Warn, "2023-04-01", ""},
	{"permission", "service-window-24h", Block, "≤2020-07-28", ""},
	{"permission", "automation-escalation-path", Warn, "≤2022-10-25", ""},
	{"permission", "no-deception-spam", Warn, "≤2020-12-01", ""},
	{"permission", "repeat-contact", Warn, "2024-02-16", ""},
	{"permission", "us-marketing-undeliverable", Warn, "2025-04-01", ""},
	{"permission", "promo-ban-2020", Block, "≤2020-12-01", "2021-09-15"},
	{"identity", "profile-support-contact", Warn, "≤2022-10-25", ""},
	{"identity", "profile-accurate", Note, "≤2022-10-25", ""},
	{"identity", "no-impersonation", Block, "≤2022-10-25", ""},
	{"identity", "privacy-policy-published", Warn, "≤2023-01-01", ""},
	{"identity", "data-consents-secured", Warn, "≤2023-01-01", ""},
	{"identity", "docs-followed", Note, "≤2022-10-25", ""},
	{"identity", "business-verified", Note, "", ""},
	{"identity", "no-unofficial-client", Block, "2024-02-16", ""},
	{"identity", "account-not-restricted", Block, "2021-11-01", ""},
	{"identity", "no-new-account-after-termination", Block, "≤2024-02-16", ""},
	{"identity", "gov-via-solution-provider", Warn, "≤2025-12-01", ""},
	{"identity", "political-use-prohibited", Block, "≤2025-12-01", ""},
	{"identity", "security-forces-prohibited", Block, "≤2025-12-01", ""},
	{"identity", "political-services-prohibited", Block, "≤2025-12-01", ""},
	{"identity", "gov-programme-2021", Note, "2021-01-15", "≤2025-12-01"},
	{"identity", "news-page-registered", Warn, "≤2023-01-01", ""},
	{"identity", "ai-provider-primary", Warn, "2026-01-15", ""},
	{"identity", "ai-no-training-on-platform-data", Warn, "2025-10-28", ""},
	{"identity", "platform-data-no-profiling", Warn, "≤2025-10-28", ""},
	{"law", "law-us-quiet-hours", Warn, "", ""},
	{"law", "law-us-revoke-10bd", Warn, "2025-04-11", ""},
	{"law", "law-us-confirm-once", Warn, "2025-04-11", ""},
	{"law", "law-us-revoke-all", Note, "2027-01-31", ""},
	{"law", "law-uae-hours", Warn, "2024-08-27", ""},
	{"law", "law-uae-dncr", Warn, "2024-08-27", ""},
	{"law", "law-gdpr-demonstrate", Warn, "2018-05-25", ""},
	{"law", "law-gdpr-withdraw-easy", Note, "2018-05-25", ""},
	{"law", "law-gdpr-erase-keep-suppression", Warn, "2018-05-25", ""},
	{"law", "law-lgpd-purpose", Warn, "2020-09-18", ""},
	{"law", "law-india-dpdp-notice", Note, "2027-05-13", ""},
	{"platform", "pair-rate", Block, "≤2025-12-01", ""},
	{"platform", "marketing-cooldown", Block, "≤2024-11-22", ""},
	{"platform", "portfolio-limit", Block, "2025-10-07", ""},
	{"platform", "frequency-cap", Block, "", ""},
	{"platform", "quiet-hours", Block, "", ""},
	{"platform", "quality-breaker", Block, "", ""},
	{"platform", "call-request-limit", Block, "≤2025-01-01", ""},
	{"platform", "call-connected-limit", Block, "≤2025-01-01", ""},
	{"platform", "call-country-barred", Block, "≤2025-01-01", ""},
	{"platform", "endpoint-mismatch", Block, "≤2025-12-01", ""},
	{"platform", "direct-send-type", Block, "2026-07-31", ""},
	{"platform", "identifier-not-accepted", Block, "2026-07-01", ""},
	{"platform", "recipient-unreachable", Block, "≤2025-12-01", ""},
	{"platform", "message-malformed", Block, "", ""},
}

func TestDemandsAreInTheBook(t *testing.T) {
	b, err := Builtin()
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, d := range demands {
		require.False(t, seen[d.id], "%s stands twice in the table", d.id)
		seen[d.id] = true
		i, ok := b.Index(ID(d.id))
		require.True(t, ok, "%s is missing", d.id)
		r := b.Rule(i)
		require.Equal(t, ID(d.id), r.ID, "%s is an alias, not a rule", d.id)
		require.Equal(t, d.area, r.Area, d.id)
		require.Equal(t, d.area == "law", r.Off, "%s: the law profiles, and they alone, are off", d.id)
		first, last := r.Editions[0], r.Editions[len(r.Editions)-1]
		require.Equal(t, d.from, edge(first.From, first.FromBy), d.id)
		require.Equal(t, d.until, edge(last.Until, last.UntilBy), d.id)
		for _, e := range r.Editions {
			require.Equal(t, d.severity, e.Severity, d.id)
		}
	}
	for _, r := range b.All() {
		if areas := []string{"permission", "identity", "law", "platform"}; slices.Contains(areas, r.Area) {
			require.True(t, seen[string(r.ID)], "%s is in the book and not in the table", r.ID)
		}
	}
}

// edge writes a day the way the table does.
func edge(d Day, by bool) string {
	switch {
	case d.IsZero():
		return ""
	case by:
		return "≤" + d.Format(time.DateOnly)
	}
	return d.Format(time.DateOnly)
}

func TestUnwaivableRules(t *testing.T) {
	b, err := Builtin()
	require.NoError(t, err)
	for _, r := range b.All() {
		want := strings.HasPrefix(string(r.ID), "optout-") || r.ID == "call-permission-granted" || r.ID == "licence-is-no-defence"
		require.Equal(t, want, r.Unwaivable, r.ID)
	}
}

// Two ids of one demand: the template guide's leads to the policy's.
func TestAliases(t *testing.T) {
	b, err := Builtin()
	require.NoError(t, err)
	for alias, id := range map[ID]ID{
		"send-template-approved":   "template-approved",
		"send-marketing-us":        "us-marketing-undeliverable",
		"send-value-promotional":   "template-designated-purpose",
		"send-direct-restricted":   "account-not-restricted",
		"send-utility-rate-capped": "account-not-restricted",
	} {
		i, ok := b.Index(alias)
		require.True(t, ok, alias)
		require.Equal(t, id, b.Rule(i).ID)
	}
}

// Each dated edge at which a demand changed, on both sides.
func TestEditionsThatChangeADemand(t *testing.T) {
	b, err := Builtin()
	require.NoError(t, err)
	for _, c := range []struct {
		id, why       string
		day           Day
		before, after string // parameter, or the state where there is none
		param         string
	}{
		{"contact-source-own", "a username counts since this edition", DayOf(2026, 9, 23), `["number"]`, `["number", "username"]`, "contact"},
		{"contact-username-allowed", "it did not count before", DayOf(2026, 9, 23), "not in force", "in force", ""},
		{"optin-names-whatsapp", "the careful edge of a month", DayOf(2024, 12, 1), "in force", "not in force", ""},
		{"promo-ban-2020", "offers became possible", DayOf(2021, 9, 15), "in force", "not in force", ""},
		{"us-marketing-undeliverable", "the pause begins", DayOf(2025, 4, 1), "not in force", "in force", ""},
		{"user-stopped-marketing", "user preferences roll out", DayOf(2024, 11, 22), "not in force", "in force", ""},
		{"call-permission-granted", "permanent permissions begin", DayOf(2025, 11, 3), "false", "true", "permanent"},
		{"call-connected-limit", "5 became 10", DayOf(2025, 10, 13), "5", "10", "per_24h"},
		{"call-connected-limit", "10 became 100", DayOf(2025, 12, 19), "10", "100", "per_24h"},
		{"call-country-barred", "Turkey leaves the list", DayOf(2026, 1, 1), `["US", "CA", "EG", "VN", "NG", "TR"]`, `["US", "CA", "EG", "VN", "NG"]`, "places"},
		{"ai-provider-primary", "the ban begins", DayOf(2026, 1, 15), "not in force", "in force", ""},
		{"ai-provider-primary", "the terms of September name Brazil alone", DayOf(2026, 9, 23), "", `["BR"]`, "carve_outs"},
		{"portfolio-limit", "per portfolio since this day", DayOf(2025, 10, 7), "not in force", "in force", ""},
		{"direct-send-type", "generally available", DayOf(2026, 7, 31), "not in force", "in force", ""},
	} {
		i, ok := b.Index(ID(c.id))
		require.True(t, ok, c.id)
		state := func(at time.Time) string {
			e := b.At(at).Edition(i)
			switch {
			case e == nil:
				return "not in force"
			case c.param == "":
				return "in force"
			}
			return string(e.Params[c.param])
		}
		if c.before != "" {
			require.Equal(t, c.before, state(c.day.Add(-1)), "%s: %s", c.id, c.why)
		}
		require.Equal(t, c.after, state(c.day.Time), "%s: %s", c.id, c.why)
	}
}

// What a reader of a finding needs is there: words that are not the title
// again, a source that can be opened, and the day it was read.
func TestDemandsAreExplained(t *testing.T) {
	b, err := Builtin()
	require.NoError(t, err)
	for _, d := range demands {
		i, _ := b.Index(ID(d.id))
		r := b.Rule(i)
		require.NotEqual(t, r.Title, r.Why, d.id)
		require.NotEqual(t, r.Why, r.Fix, d.id)
		require.NotEmpty(t, r.Inputs, d.id)
		if r.Check == Declared {
			require.True(t, strings.Contains(r.Fix, "attest") || r.Editions[0].Until != (Day{}), "%s: the fix says what to declare", d.id)
		}
		for _, e := range r.Editions {
			for _, c := range e.Cites {
				require.NotEmpty(t, c.URL, d.id)
				require.False(t, c.Read.IsZero(), d.id)
			}
			if e.FromBy || e.UntilBy {
				require.NotEmpty(t, e.Note, "%s: an edge that is not exact is explained", d.id)
			}
		}
	}
}
