package webhook_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/webhook"
)

const samples = "../../testdata/wire"

var received = time.Date(2026, 11, 20, 10, 1, 0, 0, time.UTC)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(samples, name))
	require.NoError(t, err)
	return b
}

func inbound(t testing.TB) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(samples, "in_*.json"))
	require.NoError(t, err)
	for _, f := range files {
		if name := filepath.Base(f); name != "in_verify_request.json" { // a handshake and no body
			names = append(names, name)
		}
	}
	require.NotEmpty(t, names)
	return names
}

// TestWebhooks reads every sample webhook: the events by kind against the
// hand-written expectation, the whole of them against the golden file, which is
// written again with WAGUARD_GOLDEN=1.
func TestWebhooks(t *testing.T) {
	var want map[string]struct {
		Why    string   `json:"why"`
		Expect []string `json:"expect"`
	}
	require.NoError(t, json.Unmarshal(sample(t, "expect.json"), &want))
	names := inbound(t)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			w, ok := want[name]
			require.True(t, ok, "a sample without an expectation")
			require.NotEmpty(t, w.Why)
			var c webhook.CloudAPI
			events, err := c.Parse(sample(t, name), received)
			require.NoError(t, err)
			var got []string
			for _, e := range events {
				got = append(got, kindOf(e))
			}
			require.Equal(t, w.Expect, got, w.Why)
			golden(t, name, events)
		})
	}
	n := 0
	for name := range want {
		if strings.HasPrefix(name, "in_") {
			n++
		}
	}
	require.Equal(t, len(names), n, "an expectation without a sample")
}

func kindOf(e compliance.Event) string {
	s := []string{strings.TrimPrefix(fmt.Sprintf("%T", e), "compliance.")}
	flag := func(yes bool, word string) {
		if yes {
			s = append(s, word)
		}
	}
	switch e := e.(type) {
	case compliance.Wrote:
		s = append(s, e.Type)
		flag(e.Standby, "standby")
	case compliance.Called:
		s = append(s, e.State)
		flag(e.Connected, "connected")
	case compliance.CallAnswer:
		flag(e.Granted, "granted")
		flag(!e.Granted, "refused")
	case compliance.Preferred:
		flag(e.Stop, "stop")
		flag(!e.Stop, "resume")
	case compliance.Reported:
		s = append(s, e.Status)
		for _, c := range e.Codes {
			s = append(s, fmt.Sprint(c))
		}
	case compliance.Sent:
		s = append(s, e.Type)
	case compliance.AccountNews:
		s = append(s, string(e.Kind))
	}
	return strings.Join(s, " ")
}

func golden(t *testing.T, name string, events []compliance.Event) {
	t.Helper()
	var all []any
	for _, e := range events {
		raw, err := json.Marshal(e)
		require.NoError(t, err)
		var tree map[string]any
		require.NoError(t, json.Unmarshal(raw, &tree))
		prune(tree)
		if u, ok := e.(compliance.Unreadable); ok {
			tree["Err"] = u.Err.Error()
		}
		tree["event"] = strings.TrimPrefix(fmt.Sprintf("%T", e), "compliance.")
		all = append(all, tree)
	}
	got, err := json.MarshalIndent(all, "", "  ")
	require.NoError(t, err)
	file := filepath.Join(samples, "golden", name)
	if os.Getenv("WAGUARD_GOLDEN") == "1" {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, append(got, '\n'), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "no golden file; see WAGUARD_GOLDEN")
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Error(diff)
	}
}

// prune drops what is zero, so that a new field of an event changes no golden.
func prune(v map[string]any) {
	for k, x := range v {
		switch x := x.(type) {
		case nil:
			delete(v, k)
		case string:
			if x == "" || x == "0001-01-01T00:00:00Z" {
				delete(v, k)
			}
		case float64:
			if x == 0 {
				delete(v, k)
			}
		case bool:
			if !x {
				delete(v, k)
			}
		case map[string]any:
			if prune(x); len(x) == 0 {
				delete(v, k)
			}
		}
	}
}

// TestRepeatsHaveTheSameIDs: Meta sends again, to be understood as the same.
func TestRepeatsHaveTheSameIDs(t *testing.T) {
	var c webhook.CloudAPI
	for _, name := range inbound(t) {
		body := sample(t, name)
		first, err := c.Parse(body, received)
		require.NoError(t, err)
		var tight []byte
		{
			var raw json.RawMessage
			require.NoError(t, json.Unmarshal(body, &raw))
			tight, err = json.Marshal(raw) // the same, in other white space
			require.NoError(t, err)
		}
		again, err := c.Parse(tight, received.Add(26*time.Hour))
		require.NoError(t, err)
		require.Len(t, again, len(first), name)
		ids := map[string]bool{}
		for i := range first {
			id := idOf(t, first[i])
			require.NotEmpty(t, id, name)
			require.Equal(t, id, idOf(t, again[i]), name)
			key := fmt.Sprintf("%T %s", first[i], id)
			require.False(t, ids[key], "two events of one webhook with one id: %s", name)
			ids[key] = true
		}
	}
}

func idOf(t *testing.T, e compliance.Event) string {
	switch e := e.(type) {
	case compliance.Wrote:
		return e.ID
	case compliance.Called:
		return e.ID
	case compliance.CallAnswer:
		return e.ID
	case compliance.Preferred:
		return e.ID
	case compliance.Reported:
		return e.ID
	case compliance.Sent:
		return e.ID
	case compliance.TemplateNews:
		return e.ID
	case compliance.AccountNews:
		return e.ID
	case compliance.Moved:
		return e.ID
	case compliance.Unreadable:
		return e.ID
	case compliance.Nothing:
		return e.ID
	}
	t.Fatalf("an event without an id: %T", e)
	return ""
}
