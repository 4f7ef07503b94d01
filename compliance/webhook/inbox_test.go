package webhook_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/webhook"
)

func newInbox(t testing.TB) *compliance.Inbox {
	t.Helper()
	return newWorld(t).Inbox()
}

// TestInboxTakesEverySample: what the door lets in, the house can keep, also a
// second time. An event the inbox refused would come again for seven days.
func TestInboxTakesEverySample(t *testing.T) {
	in := newInbox(t)
	var c webhook.CloudAPI
	stops := map[string]bool{}
	for range 2 {
		for _, name := range inbound(t) {
			events, err := c.Parse(sample(t, name), received)
			require.NoError(t, err, name)
			l, err := in.ReceiveAt(context.Background(), received, events...)
			require.NoError(t, err, name)
			require.Empty(t, l.Unreadable, name)
			for range l.Stops {
				stops[name] = true
			}
		}
	}
	for _, name := range []string{"in_text_stop.json", "in_standby_message.json", "in_button.json", "in_user_preferences_stop.json", "in_user_preferences_stop_no_phone.json"} {
		require.True(t, stops[name], "%s is a stop", name)
	}
}

// FuzzInbox: whatever comes in, the inbox can apply what was made of it.
func FuzzInbox(f *testing.F) {
	for _, name := range inbound(f) {
		f.Add(sample(f, name))
	}
	var c webhook.CloudAPI
	in := newInbox(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		events, err := c.Parse(b, received)
		if err != nil {
			return
		}
		if _, err := in.ReceiveAt(context.Background(), received, events...); err != nil {
			t.Fatalf("%v: %#v", err, events)
		}
	})
}
