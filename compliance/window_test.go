package compliance_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/window"
)

// What Meta does not settle opens no window, and does for an app that found out.
// What it does settle no app can turn the other way without saying so.
func TestOpeners(t *testing.T) {
	open := func(s *shop) bool {
		d := s.Check(t.Context(), reply(asha, "Yes, in blue."))
		if d.Verdict == compliance.Deny {
			require.Equal(t, policy.ID("template-only-initiation"), d.Violations[0].Rule)
		}
		return d.Verdict == compliance.Allow
	}
	wrote := func(typ string) compliance.Wrote {
		return compliance.Wrote{ID: "w1", Line: line, From: asha, At: noon.Add(-time.Hour), Type: typ}
	}
	for _, typ := range []string{"text", "image", "video", "audio", "document", "sticker", "location", "contacts", "order", "button",
		"interactive/button_reply", "interactive/list_reply", "interactive/nfm_reply"} {
		s := newShop(t, nil)
		s.hears(t, wrote(typ))
		require.True(t, open(s), typ)
		s = newShop(t, nil, compliance.WithOpeners(map[string]bool{typ: false}))
		s.hears(t, wrote(typ))
		require.False(t, open(s), "%s, and the app says it opens nothing", typ)
	}
	for _, typ := range []string{"reaction", "unsupported", "unknown", "edit", "revoke", "interactive/call_permission_reply", "request_welcome", "system", "something of next year"} {
		s := newShop(t, nil)
		s.hears(t, wrote(typ))
		require.False(t, open(s), typ)
		s = newShop(t, nil, compliance.WithOpeners(map[string]bool{typ: true}))
		s.hears(t, wrote(typ))
		require.True(t, open(s), "%s, and the app says it opens", typ)
	}
	for why, c := range map[string]struct {
		event compliance.Event
		want  bool
	}{
		"they call":                                   {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), ByCustomer: true, State: "connect"}, true},
		"they call, told of before it connects":       {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), ByCustomer: true, State: "ringing"}, true},
		"they called, and only the end of it is told": {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), ByCustomer: true, State: "ended", Connected: true, Began: noon.Add(-2 * time.Hour)}, true},
		"nobody took it, and only that is told":       {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), ByCustomer: true, State: "ended"}, true},
		"a call of theirs of a day ago ended":         {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), ByCustomer: true, State: "ended", Connected: true, Began: noon.Add(-24*time.Hour + window.SafetyMargin + time.Minute)}, false},
		"they take our call":                          {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), State: "accepted"}, true},
		"our call that they took ended":               {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), State: "ended", Connected: true, Began: noon.Add(-2 * time.Hour)}, true},
		"our call that began a day ago ended":         {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), State: "ended", Connected: true, Began: noon.Add(-24 * time.Hour)}, false},
		"we call":                                     {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), State: "connect"}, false},
		"it rings":                                    {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), State: "ringing"}, false},
		"they reject it":                              {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), State: "rejected"}, false},
		"they miss it":                                {compliance.Called{ID: "c1", Line: line, With: asha, At: noon.Add(-time.Hour), State: "ended"}, false},
		"we wrote from the phone":                     {compliance.Sent{ID: "s1", Line: line, To: asha, At: noon.Add(-time.Hour), Type: "text"}, false},
		"they read ours":                              {compliance.Reported{ID: "s1", Line: line, To: asha, At: noon.Add(-time.Hour), Status: "read"}, false},
		"they resume marketing":                       {compliance.Preferred{ID: "p1", Line: line, Who: asha, At: noon.Add(-time.Hour)}, false},
		"they wrote in a group":                       {compliance.Wrote{ID: "w1", Line: line, From: asha, Group: "g1", At: noon.Add(-time.Hour), Type: "text"}, false},
		"they wrote to another number":                {compliance.Wrote{ID: "w1", Line: party.Line{Account: "A1", Number: "N2"}, From: asha, At: noon.Add(-time.Hour), Type: "text"}, false},
		"they wrote a day ago":                        {compliance.Wrote{ID: "w1", Line: line, From: asha, At: noon.Add(-24*time.Hour + time.Minute + time.Second), Type: "text"}, true},
	} {
		s := newShop(t, nil)
		s.hears(t, c.event)
		d := s.Check(t.Context(), reply(asha, "Yes, in blue."))
		require.Equal(t, c.want, d.Verdict == compliance.Allow, why)
	}
}

// The platform's word that a message was free entry point tells of one.
func TestFreeEntryIsLearnedFromAStatus(t *testing.T) {
	s := newShop(t, nil)
	s.writes(t, "w1", asha, "is the coat back?")
	require.Equal(t, "charged (service)", s.Check(t.Context(), reply(asha, "Yes.")).Price.String())
	sent := compliance.Reported{ID: "m1", Line: line, To: asha, At: noon, Status: "sent", FreeEntry: true}
	s.hears(t, sent)
	require.Equal(t, "charged (service)", s.Check(t.Context(), reply(asha, "Yes.")).Price.String(), "until when it did not say")
	sent.Until = noon.Add(72 * time.Hour)
	s.hears(t, sent, sent)
	s.clock.Set(noon.Add(72*time.Hour - time.Second))
	require.Equal(t, compliance.Price{Charge: compliance.Unbilled, Rule: "free-entry-point", Since: "2025-07-01"}, s.Check(t.Context(), offer(asha)).Price)
	s.clock.Set(noon.Add(72 * time.Hour))
	require.Equal(t, "charged (template)", s.Check(t.Context(), offer(asha)).Price.String())
	require.Zero(t, s.Check(t.Context(), reply(asha, "Yes.")).Price, "what does not leave has no price")
}

// An app may keep away from the end of the window further than the library does.
func TestTheMarginIsTheApps(t *testing.T) {
	for margin, want := range map[time.Duration]compliance.Verdict{time.Minute: compliance.Allow, 2 * time.Hour: compliance.Deny} {
		s := newShop(t, nil, compliance.WithWindow(window.Margin(margin)))
		s.writes(t, "w1", asha, "Is the blue coat back?")
		s.clock.Advance(23 * time.Hour)
		require.Equal(t, want, s.Check(t.Context(), reply(asha, "Yes, in every size.")).Verdict, margin)
	}
}

// WhatsApp's own Stop counts for the whole business, and for its line alone where
// the app says so.
func TestHowFarWhatsAppsOwnStopReaches(t *testing.T) {
	for why, c := range map[string]struct {
		opts []compliance.Option
		want compliance.Verdict // of an offer from another line
	}{
		"the whole business":         {nil, compliance.Deny},
		"the line it was pressed on": {[]compliance.Option{compliance.WithStopPerLine()}, compliance.Allow},
	} {
		s := newShop(t, nil, c.opts...)
		s.hears(t, compliance.Preferred{ID: "p1", Line: line, Who: asha, At: noon, Stop: true})
		require.Equal(t, compliance.Deny, s.Check(t.Context(), offer(asha)).Verdict, "%s: from the line itself", why)
		other := offer(asha)
		other.From = party.Line{Account: "A1", Number: "N2"}
		require.Equal(t, c.want, s.Check(t.Context(), other).Verdict, why)
	}
}
