package sqlite_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
)

var (
	shop = party.Line{Account: "A1", Number: "N1"}
	asha = party.Party{Phone: "+447700900123", User: "GB.13491208655302741918"}
)

// prepared is the rule book, made ready once.
var prepared = sync.OnceValues(func() (*compliance.Prepared, error) { return compliance.Prepare(nil) })

func sender(t testing.TB, db *sqlstore.DB) *compliance.Sender {
	t.Helper()
	p, err := prepared()
	require.NoError(t, err)
	s, err := compliance.New(compliance.Config{Business: compliance.Business{Name: "Example Shop", Country: "GB"}, Stores: db.Stores()},
		compliance.WithClock(func() time.Time { return day }), compliance.WithPrepared(p))
	require.NoError(t, err)
	return s
}

func reply(words string) compliance.Message {
	return compliance.Message{Kind: compliance.Freeform, Type: "text", From: shop, To: asha, Texts: []compliance.Text{{Place: "text.body", Words: words}}}
}

func wrote(id, words string, before time.Duration) compliance.Wrote {
	return compliance.Wrote{ID: id, Line: shop, From: asha, At: day.Add(-before), Type: "text", Text: words}
}

// BenchmarkSender is one reply inside the window, from look-up to settled: what
// is read of consent, links, window and account, and three durable writes
// (flight, decision, and outcome with the mark).
func BenchmarkSender(b *testing.B) {
	s := sender(b, durable(b))
	ctx := context.Background()
	// Many customers: replies of seven days are read with each, and one who got
	// thousands is nobody.
	const customers = 500
	messages := make([]compliance.Message, customers)
	for i := range messages {
		messages[i] = reply("Yes, in every size.")
		messages[i].To = party.Party{Phone: handle(i).Value}
		w := wrote(fmt.Sprint("wamid.in", i), "Is the blue coat back?", 20*time.Minute)
		w.From = messages[i].To
		_, err := s.Inbox().Receive(ctx, w)
		require.NoError(b, err)
	}
	b.Run("check", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			i++
			if d := s.Check(ctx, messages[i%customers]); d.Verdict != compliance.Allow {
				b.Fatal(d)
			}
		}
	})
	b.Run("do", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			i++
			_, err := s.Do(ctx, messages[i%customers], func(context.Context) (compliance.Ack, error) {
				return compliance.Ack{Message: fmt.Sprint("wamid.", i)}, nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
