package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The quickstart is a test too: what it shows is what the library promises.
func TestQuickstart(t *testing.T) {
	var out bytes.Buffer
	start := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	require.NoError(t, run(t.Context(), &out, filepath.Join(t.TempDir(), "consent.db"), start))
	shown := out.String()
	for _, want := range []struct{ step, result, why string }{
		{"offer to somebody who agreed", "sent | wamid.out1", "a consented template leaves"},
		{"offer to somebody who did not", "held | optin-required", "no opt-in, no offer"},
		{"free-form message, no window open", "held | template-only-initiation", "nobody wrote yet"},
		{"reply inside the window", "sent | wamid.out2", "a reply needs no opt-in"},
		{"reply with a card number in it", "held | data-full-card-number", "a full card number never leaves"},
		{"reply after the window closed", "held | service-window-24h", "24 hours are over"},
		{"offer after the stop", "held | optout-honored", "a stop ends everything proactive"},
	} {
		line := lineWith(shown, want.step)
		require.Contains(t, line, want.result, "%s; shown:\n%s", want.why, shown)
	}
	require.Contains(t, shown, "2 messages reached the Cloud API.", "what is held is never handed to the client")
	require.Contains(t, shown, "Chain verified:", "the journal is whole")
	require.NotContains(t, shown, "4111", "no message text in what the library says")
}

func lineWith(text, part string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			return line
		}
	}
	return ""
}
