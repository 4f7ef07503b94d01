package webhook_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/webhook"
)

func sign(secret, body []byte) string {
	h := hmac.New(sha256.New, secret)
	h.Write(body)
	return "sha256=" + hex.EncodeToString(h.Sum(nil))
}

func TestVerify(t *testing.T) {
	secret, body := []byte("made-up-app-secret"), []byte(`{"entry":[]}`)
	good := sign(secret, body)
	require.NoError(t, webhook.Verify(secret, body, good))
	require.NoError(t, webhook.Verify(secret, body, "sha256="+strings.ToUpper(good[7:])), "hex is read in either case")
	for _, c := range []struct {
		why          string
		secret, body []byte
		header       string
		err          error
	}{
		{"no header", secret, body, "", webhook.ErrUnsigned},
		{"another secret", []byte("other"), body, good, webhook.ErrSignature},
		{"one byte more", secret, append(bytes.Clone(body), ' '), good, webhook.ErrSignature},
		{"the older header's digest", secret, body, "sha1=" + good[7:], webhook.ErrSignature},
		{"no prefix", secret, body, good[7:], webhook.ErrSignature},
		{"half a signature", secret, body, good[:40], webhook.ErrSignature},
		{"no hex", secret, body, "sha256=" + strings.Repeat("z", 64), webhook.ErrSignature},
		{"without a secret anybody could sign", nil, body, sign(nil, body), webhook.ErrNoSecret},
	} {
		require.ErrorIs(t, webhook.Verify(c.secret, c.body, c.header), c.err, c.why)
	}
	c := webhook.CloudAPI{Secret: []byte("new"), Secrets: [][]byte{[]byte("old"), nil}}
	require.NoError(t, c.Verify(body, sign([]byte("new"), body)), "while the secret changes both fit")
	require.NoError(t, c.Verify(body, sign([]byte("old"), body)))
	require.ErrorIs(t, c.Verify(body, sign(nil, body)), webhook.ErrSignature, "an empty one never does")
}

// inbox is a Receiver that keeps what it is given, or fails.
type inbox struct {
	events []compliance.Event
	err    error
}

func (in *inbox) Receive(_ context.Context, events ...compliance.Event) (compliance.Learned, error) {
	if in.err != nil {
		return compliance.Learned{}, in.err
	}
	in.events = append(in.events, events...)
	return compliance.Learned{Applied: len(events)}, nil
}

func TestHandler(t *testing.T) {
	api := webhook.CloudAPI{Secret: []byte("made-up-app-secret"), VerifyToken: "made-up-token", MaxBytes: 4096}
	body := sample(t, "in_text_stop.json")
	request := func(method, target string, body []byte, signature string) *http.Request {
		r := httptest.NewRequest(method, target, bytes.NewReader(body))
		if signature != "" {
			r.Header.Set(webhook.SignatureHeader, signature)
		}
		return r
	}
	post := func(body []byte, signature string) *http.Request {
		return request(http.MethodPost, "/whatsapp", body, signature)
	}
	handshake := func(query string) *http.Request {
		return request(http.MethodGet, "/whatsapp?"+query, nil, "")
	}
	large := []byte(strings.Repeat(" ", 5000))
	for _, c := range []struct {
		why     string
		r       *http.Request
		fails   error
		status  int
		answer  string
		applied int
		err     error
	}{
		{"the handshake echoes the challenge", handshake("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=made-up-token"), nil, 200, "1158201444", 0, nil},
		{"a wrong token", handshake("hub.mode=subscribe&hub.challenge=1&hub.verify_token=other"), nil, 403, "", 0, webhook.ErrHandshake},
		{"no token", handshake("hub.mode=subscribe&hub.challenge=1"), nil, 403, "", 0, webhook.ErrHandshake},
		{"another mode", handshake("hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=made-up-token"), nil, 403, "", 0, webhook.ErrHandshake},
		{"a signed webhook is applied, and next answers", post(body, sign(api.Secret, body)), nil, 200, "next", 1, nil},
		{"an unsigned one is not", post(body, ""), nil, 401, "", 0, webhook.ErrUnsigned},
		{"nor one signed by somebody else", post(body, sign([]byte("other"), body)), nil, 401, "", 0, webhook.ErrSignature},
		{"a body that is no webhook", post([]byte(`[]`), sign(api.Secret, []byte(`[]`))), nil, 400, "", 0, webhook.ErrEnvelope},
		{"a body that is too large is not read to its end", post(large, sign(api.Secret, large)), nil, 413, "", 0, webhook.ErrTooLarge},
		{"a store that fails: Meta shall send it again, and next does not hear of it", post(body, sign(api.Secret, body)), errors.New("disk full"), 500, "", 0, nil},
		{"any other method", request(http.MethodPut, "/whatsapp", body, sign(api.Secret, body)), nil, 405, "", 0, webhook.ErrMethod},
	} {
		t.Run(c.why, func(t *testing.T) {
			in := &inbox{err: c.fails}
			called := false
			next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				called = true
				raw, err := io.ReadAll(r.Body)
				require.NoError(t, err)
				require.Equal(t, body, raw, "next gets the body as it came")
				l, ok := webhook.LearnedFrom(r.Context())
				require.True(t, ok)
				require.Equal(t, 1, l.Applied)
				_, _ = io.WriteString(w, "next")
			})
			var told error
			status := 0
			w := httptest.NewRecorder()
			webhook.Handler(in, api, next, webhook.WithClock(func() time.Time { return received }),
				webhook.OnRefused(func(_ *http.Request, s int, err error) { status, told = s, err })).ServeHTTP(w, c.r)
			require.Equal(t, c.status, w.Code)
			require.Len(t, in.events, c.applied)
			require.Equal(t, c.answer == "next", called)
			if c.status == 200 {
				require.Equal(t, c.answer, w.Body.String())
				require.NoError(t, told)
				return
			}
			require.Equal(t, c.status, status, "the hook hears of every refusal")
			require.Error(t, told)
			if c.err != nil {
				require.ErrorIs(t, told, c.err)
			}
			require.NotContains(t, w.Body.String(), "disk", "what failed is nobody's business outside")
		})
	}
}

// TestHandshakeSample answers Meta's own handshake as it has to be answered.
func TestHandshakeSample(t *testing.T) {
	var s struct {
		Query  map[string]string `json:"query"`
		Answer struct {
			Status int    `json:"status"`
			Body   string `json:"body"`
		} `json:"answer"`
	}
	require.NoError(t, json.Unmarshal(sample(t, "in_verify_request.json"), &s))
	q := url.Values{}
	for k, v := range s.Query {
		q.Set(k, v)
	}
	w := httptest.NewRecorder()
	webhook.Handler(&inbox{}, webhook.CloudAPI{VerifyToken: s.Query["hub.verify_token"]}, nil).
		ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?"+q.Encode(), nil))
	require.Equal(t, s.Answer.Status, w.Code)
	require.Equal(t, s.Answer.Body, w.Body.String())
	require.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"), "a challenge is never run as a page")
}

func TestHandlerAlone(t *testing.T) {
	body := sample(t, "in_text.json")
	in := &inbox{}
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set(webhook.SignatureHeader, sign([]byte("s"), body))
	w := httptest.NewRecorder()
	webhook.Handler(in, webhook.CloudAPI{Secret: []byte("s")}, nil).ServeHTTP(w, r)
	require.Equal(t, 200, w.Code, "without next the answer is 200")
	require.Len(t, in.events, 1)

	w = httptest.NewRecorder()
	webhook.Handler(in, webhook.CloudAPI{}, nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?hub.mode=subscribe&hub.verify_token=&hub.challenge=1", nil))
	require.Equal(t, 403, w.Code, "without a token no handshake succeeds")
	w = httptest.NewRecorder()
	r = httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set(webhook.SignatureHeader, sign(nil, body))
	webhook.Handler(in, webhook.CloudAPI{}, nil).ServeHTTP(w, r)
	require.Equal(t, 401, w.Code, "and without a secret nobody is believed")
	require.Len(t, in.events, 1)
	_, ok := webhook.LearnedFrom(context.Background())
	require.False(t, ok)
}

// slow is an inbox that takes as long as it may, or panics.
type slow struct{ panics bool }

func (s slow) Receive(ctx context.Context, _ ...compliance.Event) (compliance.Learned, error) {
	if s.panics {
		panic("words nobody should read")
	}
	<-ctx.Done()
	return compliance.Learned{}, ctx.Err()
}

// TestHandlerThatCannotTakeIt: an inbox that hangs or panics is answered 500, so
// that the webhook comes again.
func TestHandlerThatCannotTakeIt(t *testing.T) {
	body := sample(t, "in_text_stop.json")
	for _, c := range []struct {
		in  slow
		err error
	}{{slow{}, context.DeadlineExceeded}, {slow{panics: true}, webhook.ErrPanicked}} {
		var told error
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set(webhook.SignatureHeader, sign([]byte("s"), body))
		w := httptest.NewRecorder()
		webhook.Handler(c.in, webhook.CloudAPI{Secret: []byte("s")}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("next is not called") }),
			webhook.WithTimeout(5*time.Millisecond), webhook.OnRefused(func(_ *http.Request, _ int, err error) { told = err })).ServeHTTP(w, r)
		require.Equal(t, 500, w.Code)
		require.ErrorIs(t, told, c.err)
		require.NotContains(t, told.Error()+w.Body.String(), "words")
	}
}
