package webhook_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/waguard/waguard/compliance/webhook"
)

// BenchmarkHandler takes webhooks from the signature to the stores, in memory:
// full batches of messages of a thousand people, and statuses one by one. The
// people come again, the messages do not.
func BenchmarkHandler(b *testing.B) {
	secret := []byte("made-up-app-secret")
	message := func(n int) string {
		return fmt.Sprintf(`{"from":"4477009%05d","from_user_id":"GB.%d","id":"wamid.%d","timestamp":"%d","type":"text","text":{"body":"Do you open on Sunday?"}}`,
			n%1000, n%1000, n, at.Unix()+int64(n/1000))
	}
	status := func(n int) string {
		return fmt.Sprintf(`{"id":"wamid.%d","status":"delivered","timestamp":"%d","recipient_id":"4477009%05d"}`, n, at.Unix()+int64(n/1000), n%1000)
	}
	for _, c := range []struct {
		name, list string
		item       func(int) string
		each       int
	}{{"batch of 1000 messages", "messages", message, 1000}, {"one message", "messages", message, 1}, {"one status", "statuses", status, 1}} {
		b.Run(c.name, func(b *testing.B) {
			w := newWorld(b)
			w.now = received
			h := webhook.Handler(w.Inbox(), webhook.CloudAPI{Secret: secret}, nil)
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				items := make([]string, c.each)
				for i := range items {
					items[i] = c.item(n)
					n++
				}
				body := []byte(talk(`"` + c.list + `":[` + strings.Join(items, ",") + `]`))
				r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
				r.Header.Set(webhook.SignatureHeader, sign(secret, body))
				rec := httptest.NewRecorder()
				b.StartTimer()
				h.ServeHTTP(rec, r)
				if rec.Code != http.StatusOK {
					b.Fatal(rec.Code)
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
