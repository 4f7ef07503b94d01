package retryable_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/wire"
	"github.com/waguard/waguard/examples/clients/retryable"
	"github.com/waguard/waguard/examples/clients/shop"
)

func open(t *testing.T) *shop.Shop {
	t.Helper()
	s, err := shop.Open()
	require.NoError(t, err)
	return s
}

// flaky answers twice that it is busy, and then that it took the message.
func flaky(t *testing.T) *compliancetest.Recorder {
	r := compliancetest.NewRecorder(t, wire.Meta())
	r.Answer = func(n int, _ wire.Request) (int, string) {
		if n <= 2 {
			return http.StatusServiceUnavailable, `{"error":{"message":"busy","code":2}}`
		}
		return 0, ""
	}
	return r
}

// asked counts how often a RoundTripper is asked.
type asked struct {
	http.RoundTripper
	n int
}

func (a *asked) RoundTrip(req *http.Request) (*http.Response, error) {
	a.n++
	return a.RoundTripper.RoundTrip(req)
}

func TestSameBytes(t *testing.T) {
	hello := retryable.Text{To: shop.Asha, Body: "Yes, it left today."}
	plain := flaky(t)
	_, err := retryable.New(plain.URL, shop.Line.Number, http.DefaultTransport).Send(t.Context(), hello)
	require.NoError(t, err)
	require.Len(t, plain.Calls(), 3)
	s, r := open(t), flaky(t)
	g, err := retryable.Guard(s.Sender, r.URL, http.DefaultTransport, httpguard.RequireTicket())
	require.NoError(t, err)
	answer, err := retryable.Wrap(s.Sender, retryable.New(r.URL, shop.Line.Number, g), shop.Line)(t.Context(), hello)
	require.NoError(t, err)
	require.Contains(t, string(answer), "wamid.out3")
	require.Len(t, r.Calls(), 3)
	for i, got := range r.Calls() {
		require.Equal(t, string(plain.Calls()[i].Body), string(got.Body))
		require.Equal(t, plain.Calls()[i].Header, got.Header)
		require.NoError(t, compliancetest.Drift(wire.Describe[retryable.Text](shop.Line), hello, got, wire.Meta(), shop.Line))
	}
	require.Len(t, s.Decisions(), 1, "three tries of the client are one message: one ticket, one Decision, one charge")
}

// TestWithoutATicketEachTryIsJudged: a guard alone sees three requests.
func TestWithoutATicketEachTryIsJudged(t *testing.T) {
	s, r := open(t), flaky(t)
	g, err := retryable.Guard(s.Sender, r.URL, http.DefaultTransport)
	require.NoError(t, err)
	_, err = retryable.New(r.URL, shop.Line.Number, g).Send(t.Context(), retryable.Text{To: shop.Asha, Body: "Hello"})
	require.NoError(t, err)
	require.Len(t, r.Calls(), 3)
	require.Len(t, s.Decisions(), 3)
}

// TestARefusalIsAskedForOnce: as an answer the client takes it for what it is;
// as an error it takes it for trouble with the network, and asks again.
func TestARefusalIsAskedForOnce(t *testing.T) {
	for _, c := range []struct {
		why  string
		text retryable.Text
		rule string
	}{
		{"no window is open", retryable.Text{To: shop.Stranger, Body: "Hello"}, "template-only-initiation"},
		{"words that never leave", retryable.Text{To: shop.Asha, Body: "We charged 4111 1111 1111 1111."}, "data-full-card-number"},
	} {
		s, r := open(t), compliancetest.NewRecorder(t, wire.Meta())
		g, err := retryable.Guard(s.Sender, r.URL, http.DefaultTransport)
		require.NoError(t, err)
		once := &asked{RoundTripper: g}
		_, err = retryable.New(r.URL, shop.Line.Number, once).Send(t.Context(), c.text)
		require.ErrorIs(t, err, compliance.ErrDenied, "%s: the reasons come out of the answer", c.why)
		require.ErrorContains(t, err, c.rule, c.why)
		require.Equal(t, 1, once.n, c.why)
		require.Len(t, s.Decisions(), 1, c.why)
		require.Empty(t, r.Calls(), c.why)
	}

	s, r := open(t), compliancetest.NewRecorder(t, wire.Meta())
	g, err := httpguard.New(s.Sender, httpguard.At(httpguard.Endpoint{Provider: wire.Meta(), URL: r.URL}))
	require.NoError(t, err)
	again := &asked{RoundTripper: g}
	_, err = retryable.New(r.URL, shop.Line.Number, again).Send(t.Context(), retryable.Text{To: shop.Stranger, Body: "Hello"})
	require.ErrorContains(t, err, "template-only-initiation")
	require.Equal(t, 4, again.n, "which is what AnswerRefusals is for")
	require.Empty(t, r.Calls())
}

// TestARefusalOfWrapNeverReachesTheClient at all.
func TestARefusalOfWrap(t *testing.T) {
	s, r := open(t), compliancetest.NewRecorder(t, wire.Meta())
	rt := &asked{RoundTripper: http.DefaultTransport}
	_, err := retryable.Wrap(s.Sender, retryable.New(r.URL, shop.Line.Number, rt), shop.Line)(t.Context(), retryable.Text{To: shop.Stranger, Body: "Hello"})
	require.ErrorIs(t, err, compliance.ErrDenied)
	require.Zero(t, rt.n)
}

// TestTheProvidersOwnRefusal comes through as it is.
func TestTheProvidersOwnRefusal(t *testing.T) {
	s, r := open(t), compliancetest.NewRecorder(t, wire.Meta())
	r.Answer = func(int, wire.Request) (int, string) {
		return http.StatusBadRequest, `{"error":{"message":"(#131047) Re-engagement message","code":131047}}`
	}
	g, err := retryable.Guard(s.Sender, r.URL, http.DefaultTransport)
	require.NoError(t, err)
	c := retryable.New(r.URL, shop.Line.Number, g)
	_, err = c.Send(t.Context(), retryable.Text{To: shop.Asha, Body: "Hello"})
	var refused *retryable.APIError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 131047, refused.Code)
	_, err = c.Send(t.Context(), retryable.Text{To: shop.Asha, Body: "Hello again"})
	require.ErrorIs(t, err, compliance.ErrDenied, "it taught that the window is closed")
	require.Len(t, r.Calls(), 1)
}
