package wire_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

const samples = "../../testdata/wire"

var line = party.Line{Account: "100200300400500", Number: "200300400500600"}

// expectation is the hand-written part of a golden case, which nothing rewrites.
type expectation struct {
	Why    string   `json:"why"`
	Expect []string `json:"expect"`
}

func expectations(t *testing.T) map[string]expectation {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(samples, "expect.json"))
	require.NoError(t, err)
	var all map[string]expectation
	require.NoError(t, json.Unmarshal(b, &all))
	return all
}

// TestBodies reads every sample body: the kind against the hand-written
// expectation, the whole Message against its golden file. The golden files are
// written again with WAGUARD_GOLDEN=1.
func TestBodies(t *testing.T) {
	each(t, "out_", func(t *testing.T, name string, body []byte) (string, any) {
		decode := wire.CloudAPI
		if strings.HasPrefix(name, "out_call_") {
			decode = wire.CloudAPICall
		}
		ms, err := decode(body, line)
		require.NoError(t, err)
		require.Len(t, ms, 1)
		require.Empty(t, ms[0].Malformed)
		return kindOf(ms[0]), ms[0]
	})
}

// TestAnswers reads every sample answer.
func TestAnswers(t *testing.T) {
	each(t, "resp_", func(t *testing.T, name string, body []byte) (string, any) {
		a, err := wire.Response(body)
		require.NoError(t, err)
		var s []string
		if a.Message != "" {
			s = append(s, "wamid")
		}
		if a.WaID != "" {
			s = append(s, "wa_id")
		}
		if a.User != "" {
			s = append(s, "user")
		}
		if a.Status != "" {
			s = append(s, a.Status)
		}
		for _, c := range a.Codes {
			s = append(s, "code "+strconv.Itoa(c))
		}
		if s == nil {
			s = append(s, "nothing")
		}
		return strings.Join(s, " "), a
	})
}

func each(t *testing.T, prefix string, read func(*testing.T, string, []byte) (string, any)) {
	want := expectations(t)
	files, err := filepath.Glob(filepath.Join(samples, prefix+"*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	seen := 0
	for _, f := range files {
		name := filepath.Base(f)
		t.Run(name, func(t *testing.T) {
			w, ok := want[name]
			require.True(t, ok, "a sample without an expectation")
			require.NotEmpty(t, w.Why)
			body, err := os.ReadFile(f)
			require.NoError(t, err)
			got, whole := read(t, name, body)
			require.Equal(t, w.Expect, []string{got}, w.Why)
			golden(t, name, whole)
		})
		seen++
	}
	for name := range want {
		if strings.HasPrefix(name, prefix) {
			seen--
		}
	}
	require.Zero(t, seen, "an expectation without a sample")
}

func kindOf(m compliance.Message) string {
	s := [...]string{"", "Freeform", "Template", "Direct", "Call", "Pass"}[m.Kind] + " " + m.Type
	if m.Category != 0 {
		s += " " + m.Category.String()
	}
	if m.Commerce {
		s += " commerce"
	}
	if m.CallRequest {
		s += " callrequest"
	}
	return s
}

func golden(t *testing.T, name string, v any) {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	var tree any
	require.NoError(t, json.Unmarshal(raw, &tree))
	got, err := json.MarshalIndent(prune(tree), "", "  ")
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

// prune drops what is zero, so that a new field of Message changes no golden.
func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			switch y := prune(x).(type) {
			case nil:
				delete(v, k)
			case string:
				if y == "" || y == "und" || y == "0001-01-01T00:00:00Z" {
					delete(v, k)
				}
			case float64:
				if y == 0 && k != "Index" {
					delete(v, k)
				}
			case bool:
				if !y {
					delete(v, k)
				}
			case map[string]any:
				if len(y) == 0 {
					delete(v, k)
				}
			}
		}
	case []any:
		for i := range v {
			v[i] = prune(v[i])
		}
	}
	return v
}
