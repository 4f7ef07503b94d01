package oracle_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/category/oracle"
)

// meta answers like the endpoint, and keeps what it was asked.
func meta(t testing.TB, status int, body string) (*httptest.Server, *http.Request, *string) {
	t.Helper()
	var asked http.Request
	var sent string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		asked, sent = *r, string(b)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return s, &asked, &sent
}

func ask(t testing.TB, s *httptest.Server, d category.Draft, opts ...oracle.Option) (category.Category, error) {
	t.Helper()
	o, err := oracle.New(s.Client(), s.URL+"/v25.0", "100200300400500", "a-token", opts...)
	require.NoError(t, err)
	return o.Ask(t.Context(), d)
}

var notice = category.Draft{Lang: "en", Header: "Order 4711", Body: "It has shipped.", Footer: "Example Shop"}

func TestAsk(t *testing.T) {
	s, asked, sent := meta(t, 200, `{"success":true,"category":"UTILITY"}`)
	c, err := ask(t, s, notice)
	require.NoError(t, err)
	require.Equal(t, category.Utility, c)
	require.Equal(t, "POST", asked.Method)
	require.Equal(t, "/v25.0/100200300400500/message_samples", asked.URL.Path)
	require.Equal(t, "Bearer a-token", asked.Header.Get("Authorization"))
	require.JSONEq(t, `{"messaging_product":"whatsapp","type":"text","text":{"body":"Order 4711\nIt has shipped.\nExample Shop"}}`, *sent)
}

func TestAskWithButtons(t *testing.T) {
	for why, c := range map[string]struct{ kind, want string }{
		"a link":  {"URL", `{"type":"cta_url","header":{"type":"text","text":"Order 4711"},"body":{"text":"It has shipped."},"footer":{"text":"Example Shop"},"action":{"name":"cta_url","parameters":{"display_text":"Track","url":"https://example.com/t"}}}`},
		"a reply": {"QUICK_REPLY", `{"type":"button","header":{"type":"text","text":"Order 4711"},"body":{"text":"It has shipped."},"footer":{"text":"Example Shop"},"action":{"buttons":[{"type":"reply","reply":{"id":"0","title":"Track"}}]}}`},
	} {
		s, _, sent := meta(t, 200, `{"success":true,"category":"utility"}`)
		d := notice
		d.Buttons = []category.Button{{Type: c.kind, Text: "Track", URL: "https://example.com/t"}}
		_, err := ask(t, s, d)
		require.NoError(t, err, why)
		var body struct{ Interactive json.RawMessage }
		require.NoError(t, json.Unmarshal([]byte(*sent), &body))
		require.JSONEq(t, c.want, string(body.Interactive), why)
	}
}

// No answer is no category, and the error names neither the text nor the token.
func TestNoAnswer(t *testing.T) {
	for why, c := range map[string]struct {
		status       int
		body, expect string
	}{
		"refused":             {400, `{"error":{"code":10,"message":"It has shipped."}}`, "oracle: not answered: HTTP 400, code 10"},
		"not admitted":        {200, `{"success":false}`, "oracle: not answered: HTTP 200"},
		"no category":         {200, `{"success":true}`, "oracle: not answered: HTTP 200: the answer names no category"},
		"a category of sends": {200, `{"success":true,"category":"SERVICE"}`, "oracle: not answered: HTTP 200: the answer names no category"},
		"no JSON":             {502, `<html>`, "oracle: not answered: HTTP 502: the answer is no JSON of the form that is known"},
		"endless":             {200, strings.Repeat(" ", 70_000) + `{"success":true,"category":"UTILITY"}`, "oracle: not answered: HTTP 200: the answer is too long"},
	} {
		s, _, _ := meta(t, c.status, c.body)
		got, err := ask(t, s, notice)
		require.EqualError(t, err, c.expect, why)
		require.Equal(t, category.Unknown, got, why)
		var typed *oracle.Error
		require.ErrorAs(t, err, &typed, why)
	}
}

func TestTooSlow(t *testing.T) {
	held := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-held }))
	defer s.Close()
	defer close(held)
	_, err := ask(t, s, notice, oracle.WithTimeout(time.Millisecond))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NotContains(t, err.Error(), s.URL)
	failing := oracle.WithEncoding(func(category.Draft) ([]byte, error) { return nil, io.ErrUnexpectedEOF })
	_, err = ask(t, s, notice, failing)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestNewSaysWhatIsMissing(t *testing.T) {
	for want, make := range map[string]func() (*oracle.Oracle, error){
		"no client": func() (*oracle.Oracle, error) { return oracle.New(nil, "https://graph.example", "1", "t") },
		"no URL":    func() (*oracle.Oracle, error) { return oracle.New(http.DefaultClient, "graph", "1", "t") },
		"no id": func() (*oracle.Oracle, error) {
			return oracle.New(http.DefaultClient, "https://graph.example", "1/2", "t")
		},
		"no token": func() (*oracle.Oracle, error) {
			return oracle.New(http.DefaultClient, "https://graph.example", "1", "")
		},
		"no time": func() (*oracle.Oracle, error) {
			return oracle.New(http.DefaultClient, "https://graph.example", "1", "t", oracle.WithTimeout(0))
		},
	} {
		o, err := make()
		require.ErrorContains(t, err, want)
		require.Nil(t, o)
	}
}

func ExampleOracle_Compare() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"success":true,"category":"MARKETING"}`)
	}))
	defer api.Close()
	o, err := oracle.New(api.Client(), api.URL, "100200300400500", "an access token")
	if err != nil {
		fmt.Println(err)
		return
	}
	reader, err := category.NewReader()
	if err != nil {
		fmt.Println(err)
		return
	}
	outcome, err := o.Compare(context.Background(), reader, category.Draft{Name: "winter_sale", Lang: "en", Body: "Our winter sale has begun: 30% off until Sunday."})
	var failed *oracle.Error
	if errors.As(err, &failed) {
		fmt.Println("no second opinion; the reading stands alone")
	}
	fmt.Println(outcome.Predicted, outcome.Decided)
	// Output: MARKETING MARKETING
}

func TestComparedAnswersAreKept(t *testing.T) {
	s, _, _ := meta(t, 200, `{"success":true,"category":"MARKETING"}`)
	keep, at := category.NewOutcomes(), time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	o, err := oracle.New(s.Client(), s.URL, "100200300400500", "a-token", oracle.WithOutcomes(keep, func() time.Time { return at }))
	require.NoError(t, err)
	r, err := category.NewReader()
	require.NoError(t, err)
	draft := notice
	draft.Name = "order_shipped"
	got, err := o.Compare(t.Context(), r, draft)
	require.NoError(t, err)
	require.Equal(t, category.Outcome{Account: "100200300400500", Template: "order_shipped", Lang: "en", Predicted: got.Predicted, Sure: got.Sure, Decided: category.Marketing, By: category.Sampled, At: at}, got)
	n := 0
	for kept, err := range keep.Outcomes(t.Context(), "") {
		require.NoError(t, err)
		require.Equal(t, got, kept)
		n++
	}
	require.Equal(t, 1, n)

	got, err = o.Compare(t.Context(), r, notice)
	require.ErrorIs(t, err, oracle.ErrKept, "a draft without a name")
	require.Equal(t, category.Marketing, got.Decided, "and the answer comes all the same")
	_, err = oracle.New(s.Client(), s.URL, "1", "t", oracle.WithOutcomes(keep, nil))
	require.Error(t, err)
}
