package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/window"
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

// A stop outlives the process, and the person's own data.
func TestASenderOnAFile(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "waguard.db")
	db, err := sqlite.Open(path)
	require.NoError(t, err)
	s := sender(t, db)
	sent := 0
	deliver := func(context.Context) (compliance.Ack, error) {
		sent++
		return compliance.Ack{Message: fmt.Sprint("wamid.out", sent)}, nil
	}

	_, err = s.Do(ctx, reply("Yes, in every size."), deliver)
	require.ErrorIs(t, err, compliance.ErrDenied, "nobody wrote yet")
	_, err = s.Inbox().Receive(ctx, wrote("wamid.1", "Is the blue coat back?", 20*time.Minute))
	require.NoError(t, err)
	r, err := s.Do(ctx, reply("Yes, in every size."), deliver)
	require.NoError(t, err)
	require.NoError(t, r.Unsettled)

	// A stop beside an event that names nobody counts all the same.
	nobody := compliance.Reported{ID: "wamid.out1", Line: shop, At: day, Status: "failed", Codes: []int{131050}}
	learned, err := s.Inbox().Receive(ctx, nobody, wrote("wamid.2", "STOP", 10*time.Minute))
	require.NoError(t, err)
	require.Len(t, learned.Unreadable, 1)
	require.Len(t, learned.Stops, 1)
	require.NoError(t, db.Close())

	db = openAt(t, path)
	s = sender(t, db)
	proactive := compliance.Message{Kind: compliance.Direct, Category: 1, Type: "text", From: shop, To: asha,
		Texts: []compliance.Text{{Place: "text.body", Words: "All coats are 20% off."}}}
	_, err = s.Do(ctx, proactive, deliver)
	require.ErrorIs(t, err, compliance.ErrDenied, "the stop outlives the process")

	forgotten, err := s.Ledger().Erase(ctx, optin.Erase{Party: asha, At: day})
	require.NoError(t, err)
	require.NotZero(t, forgotten.Events)
	require.Empty(t, forgotten.Kept)
	open, err := db.Stores().Windows.Marks(ctx, window.Place{Line: shop, Handles: asha.Handles()})
	require.NoError(t, err)
	require.Empty(t, open, "the conversation is forgotten with the person")
	standing, err := s.Ledger().Standing(ctx, asha, day)
	require.NoError(t, err)
	_, stopped := standing.StoppedFor(optin.Marketing)
	require.True(t, stopped, "nor does forgetting somebody lift it")
	_, err = s.Do(ctx, proactive, deliver)
	require.ErrorIs(t, err, compliance.ErrDenied)
	require.Equal(t, 1, sent)

	sum, err := journal.Verify(db.Stores().Journal.Links(ctx))
	require.NoError(t, err)
	require.Greater(t, sum.Links, uint64(5))
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
