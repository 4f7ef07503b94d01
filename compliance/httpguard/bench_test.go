package httpguard_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/wire"
)

// still is a RoundTripper that reads its request, answers and keeps nothing, so
// that what is left is the guard.
type still struct{ answer []byte }

func (s still) RoundTrip(req *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return nil, err
	}
	_ = req.Body.Close()
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(s.answer)), Request: req}, nil
}

// BenchmarkRoundTrip puts the guard beside the bare RoundTripper, in one run:
//
//	bare      what is below the guard
//	ticket    a send inside a deliver call: read, found covered, sent
//	digest    the same where the client drops the context
//	receipt   a read receipt
//	judged    a send the guard judges itself, the whole walk with its records
//	refused   one that does not leave
func BenchmarkRoundTrip(b *testing.B) {
	base := still{[]byte(`{"messages":[{"id":"wamid.out1"}]}`)}
	words := text(asha, "Yes, your order left our warehouse today.")
	run := func(b *testing.B, rt http.RoundTripper, ctx context.Context, body string, leaves bool, between ...func()) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, messages, nil)
		require.NoError(b, err)
		req.Header.Set("Content-Type", "application/json")
		raw := []byte(body)
		b.ReportAllocs()
		for b.Loop() {
			for _, f := range between {
				f()
			}
			req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
			res, err := rt.RoundTrip(req)
			if (err == nil) != leaves {
				b.Fatal(err)
			}
			if err == nil {
				_, _ = io.Copy(io.Discard, res.Body)
			}
		}
	}
	guard := func(b *testing.B, opts ...httpguard.Option) (*shop, *httpguard.Guard) {
		s := newShop(b, compliance.OnDecision(nil))
		return s, newGuard(b, s, base, opts...)
	}
	b.Run("bare", func(b *testing.B) { run(b, base, b.Context(), words, true) })
	b.Run("receipt", func(b *testing.B) {
		_, g := guard(b)
		run(b, g, b.Context(), `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.in1"}`, true)
	})
	b.Run("ticket", func(b *testing.B) {
		s, g := guard(b, httpguard.RequireTicket())
		ms, err := wire.CloudAPI([]byte(words), line)
		require.NoError(b, err)
		_, err = s.DoAll(b.Context(), ms, func(ctx context.Context) (compliance.Ack, error) {
			run(b, g, ctx, words, true)
			return compliance.Ack{}, nil
		})
		require.NoError(b, err)
	})
	b.Run("digest", func(b *testing.B) {
		s, g := guard(b, httpguard.RequireTicket())
		ms, err := wire.CloudAPI([]byte(words), line)
		require.NoError(b, err)
		_, err = s.DoAll(b.Context(), ms, func(context.Context) (compliance.Ack, error) {
			run(b, g, b.Context(), words, true)
			return compliance.Ack{}, nil
		})
		require.NoError(b, err)
	})
	b.Run("judged", func(b *testing.B) {
		s, g := guard(b)
		// a template, since every reply leaves a mark in the store and the store would be what is measured
		run(b, g, b.Context(), `{"messaging_product":"whatsapp","to":"`+asha.Phone+`","type":"template","template":{"name":"order_shipped","language":{"code":"en"},
			"components":[{"type":"body","parameters":[{"type":"text","text":"Asha"},{"type":"text","text":"#1"}]}]}}`, true,
			func() { s.clock.Advance(time.Minute) }) // past the pair rate
	})
	b.Run("refused", func(b *testing.B) {
		_, g := guard(b)
		run(b, g, b.Context(), text(ben, "Hello"), false)
	})
}
