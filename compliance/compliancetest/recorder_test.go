package compliancetest

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

// What each Recorder answers reads, by the provider's own reader, as a send
// that went well; another answer reads as what it is.
func TestRecorder(t *testing.T) {
	for _, p := range wire.Providers() {
		r := NewRecorder(t, p)
		res, err := http.Post(r.URL+"/x", "application/json", strings.NewReader(`{"to":"+447700900123"}`))
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		a := p.Answer(res.StatusCode, body)
		require.NotEmpty(t, a.Message, p.Name)
		require.Empty(t, a.Codes, p.Name)
		require.Len(t, r.Calls(), 1)
		require.Equal(t, `{"to":"+447700900123"}`, string(r.Calls()[0].Body))
	}
	r := NewRecorder(t, wire.Meta())
	r.Answer = func(n int, _ wire.Request) (int, string) {
		if n == 1 {
			return http.StatusServiceUnavailable, "{}"
		}
		return 0, ""
	}
	for _, want := range []int{http.StatusServiceUnavailable, http.StatusOK} {
		res, err := http.Get(r.URL)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, want, res.StatusCode)
	}
}

// A client that writes something else than it describes is noticed.
func TestDrift(t *testing.T) {
	line := party.Line{Number: "1"}
	written := func(body string) wire.Request {
		req, err := http.NewRequest(http.MethodPost, "https://graph.facebook.com/v25.0/1/messages", nil)
		require.NoError(t, err)
		return wire.Request{Method: req.Method, URL: req.URL, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
	}
	const body = `{"to":"+447700900123","type":"text","text":{"body":"Hello"}}`
	describe := wire.Describe[string](line)
	require.NoError(t, Drift(describe, body, written(body), wire.Meta(), line))
	for _, c := range []struct{ why, written, want string }{
		{"another recipient", strings.Replace(body, "123", "456", 1), "differ"},
		{"another text", strings.Replace(body, "Hello", "Buy now", 1), "differ"},
		{"no body", "", "what was written"},
	} {
		require.ErrorContains(t, Drift(describe, body, written(c.written), wire.Meta(), line), c.want, c.why)
	}
	require.ErrorContains(t, Drift(describe, "<html>", written(body), wire.Meta(), line), "describe")
}
