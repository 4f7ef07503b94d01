package optin

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func unixMicro(n int64) time.Time { return time.UnixMicro(n).UTC() }

func TestEventJSON(t *testing.T) {
	e := ev(Granted, 1, under(tel, usr), purposes(Marketing), until(60), on("105"))
	b, err := json.Marshal(e)
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"granted-1","kind":"granted",
		"handles":[{"scheme":"phone","value":"+447700900123"},{"scheme":"user","value":"GB.Ab12"}],
		"purposes":["marketing"],"at":"2026-06-01T12:01:00Z","received":"2026-06-01T12:01:00Z","line":{"number":"105"},
		"evidence":{"source":"web-form","version":"v4","expires":"2026-06-01T13:00:00Z"}}`, string(b))
	var got Event
	require.NoError(t, json.Unmarshal(b, &got))
	require.Empty(t, cmp.Diff(e, got))

	_, err = json.Marshal(Event{ID: "e"})
	require.Error(t, err, "an event of no kind has no form")
	require.Error(t, json.Unmarshal([]byte(`{"id":"e","kind":"forgiven"}`), &got))
	require.Error(t, json.Unmarshal([]byte(`{"id":"e","kind":1}`), &got))
}

// FuzzEventJSON: an event that reads and checks is one the store keeps whole,
// that writes and reads back the same, and that a Standing can be made of.
func FuzzEventJSON(f *testing.F) {
	for _, kind := range []Kind{Granted, Revoked, Restarted, PlatformStopped, PlatformResumed, Suppressed, Ended, Requested, Confirmed} {
		e := ev(kind, 1, under(tel, usr), purposes(Marketing, "news"), by(Email), on("105"))
		switch kind {
		case Requested:
			e.Until = minute(60)
		case Confirmed:
			e.Ref, e.Purposes = "requested-1", nil
		}
		b, err := json.Marshal(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"id":"e","kind":"granted","handles":[{"scheme":"phone","value":"+447700900123"}],"at":"2026-01-01T00:00:00.123456789+05:30","received":"9999-12-31T23:59:59Z","evidence":{"source":"sms","age_ok":false,"expires":"2026-01-01T00:00:00Z"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var e Event
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if d.Decode(&e) != nil || e.check() != nil {
			return
		}
		e.tidy()
		out, err := json.Marshal(e)
		if err != nil {
			t.Fatalf("an event that checks does not write: %v", err)
		}
		var again Event
		if err := json.Unmarshal(out, &again); err != nil {
			t.Fatalf("what was written does not read: %v", err)
		}
		if diff := cmp.Diff(e, again); diff != "" {
			t.Errorf("JSON\n%s", diff)
		}
		m := NewMemory()
		if _, err := m.Append(context.Background(), e); err != nil {
			t.Fatal(err)
		}
		h, err := m.Events(context.Background(), e.Handles)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]Event{e}, h.Events); diff != "" {
			t.Errorf("Memory\n%s", diff)
		}
		s := StandingAt(h, e.At)
		if !s.Known() || s.Explain() == "" {
			t.Error("a Standing knows nothing of the event")
		}
	})
}
