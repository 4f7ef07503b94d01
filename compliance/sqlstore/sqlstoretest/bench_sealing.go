package sqlstoretest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/optin"
)

// benchSealing does the same work on a plain and on a sealed database. Ids and
// people come in no order, as in an imported list: hashes are in none either,
// and what is measured is sealing and not what order saves.
func benchSealing(b *testing.B, fresh func(t testing.TB) Place) {
	ctx := context.Background()
	for _, kind := range []struct {
		name string
		keys []sqlstore.Option
	}{
		{"plain", nil},
		{"sealed", []sqlstore.Option{sqlstore.Sealed(Key("2026-11"))}},
	} {
		db := fresh(b).open(b, kind.keys...)
		s := db.Stores().Consent
		for from := 0; from < people; from += 1000 {
			var events []optin.Event
			for i := from; i < from+1000; i++ {
				events = append(events, grant(scattered("g", i), handle(i)))
			}
			_, err := s.Append(ctx, events...)
			require.NoError(b, err)
		}
		b.Run("read/"+kind.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				h, err := s.Events(ctx, []party.Handle{handle(i * 7919 % people)})
				if err != nil || len(h.Events) != 1 {
					b.Fatal(len(h.Events), err)
				}
				i++
			}
		})
		n := 0
		b.Run("append/"+kind.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n++
				if done, err := s.Append(ctx, stop(scattered("s", n), handle(n*7919%people))); err != nil || done.Added != 1 {
					b.Fatal(done, err)
				}
			}
		})
		b.Run("batch of 1000/"+kind.name, func(b *testing.B) {
			b.ReportAllocs()
			events := make([]optin.Event, 1000)
			first := n
			for b.Loop() {
				for i := range events {
					n++
					events[i] = grant(scattered("b", n), handle(n*7919%people))
				}
				if done, err := s.Append(ctx, events...); err != nil || done.Added != len(events) {
					b.Fatal(done.Added, err)
				}
			}
			b.ReportMetric(float64(n-first)/b.Elapsed().Seconds(), "rows/s")
		})

		to, who := sender(b, db), party.Party{Phone: "+447700900777"}
		_, err := to.Inbox().Receive(ctx, wrote("wamid.in", "Is the blue coat back?", who, 20*time.Minute))
		require.NoError(b, err)
		m := reply(who)
		b.Run("check/"+kind.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if d := to.Check(ctx, m); d.Verdict != compliance.Allow {
					b.Fatal(d)
				}
			}
		})
	}
}

// scattered is an id that stands far from that of the next number.
func scattered(kind string, n int) string {
	return fmt.Sprintf("%s-%016x", kind, uint64(n)*0x9e3779b97f4a7c15)
}
