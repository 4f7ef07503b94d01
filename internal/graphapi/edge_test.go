package graphapi

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNew(t *testing.T) {
	const base = "https://graph.facebook.com/v25.0"
	for _, c := range []struct {
		why                  string
		client               *http.Client
		base, account, token string
	}{
		{"no client", nil, base, "1", "t"},
		{"no address", http.DefaultClient, "graph.facebook.com", "1", "t"},
		{"no account", http.DefaultClient, base, "", "t"},
		{"an account that leads elsewhere", http.DefaultClient, base, "1/../2", "t"},
		{"no token", http.DefaultClient, base, "1", ""},
	} {
		_, err := New(c.client, c.base, c.account, "edge", c.token)
		require.Error(t, err, c.why)
	}
	_, err := New(http.DefaultClient, base, "1", "edge", "t")
	require.NoError(t, err)
}

func TestAsking(t *testing.T) {
	var got *http.Request
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got, body = r, string(b)
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "answer")
	}))
	defer server.Close()
	e, err := New(server.Client(), server.URL+"/v25.0/", "1", "message_samples", "secret")
	require.NoError(t, err)

	status, answer, err := e.Post(t.Context(), []byte(`{}`), time.Minute, 6)
	require.NoError(t, err)
	require.Equal(t, http.StatusTeapot, status, "what a status means is for the caller to say")
	require.Equal(t, "answer", string(answer), "six bytes are not more than six")
	require.Equal(t, "/v25.0/1/message_samples", got.URL.Path)
	require.Equal(t, "Bearer secret", got.Header.Get("Authorization"))
	require.Equal(t, "application/json", got.Header.Get("Content-Type"))
	require.Equal(t, "{}", body)

	_, _, err = e.Get(t.Context(), url.Values{"limit": {"200"}}, time.Minute, 5)
	require.ErrorIs(t, err, ErrSize)
	require.Equal(t, "limit=200", got.URL.RawQuery)
	require.Empty(t, got.Header.Get("Content-Type"))

	over, cancel := context.WithCancel(t.Context())
	cancel()
	status, _, err = e.Get(over, nil, time.Minute, 5)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, status)
	require.False(t, strings.Contains(err.Error(), server.URL), "an error holds no address: %v", err)
}
