package sqlstoretest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/optin"
)

var (
	shop = party.Line{Account: "A1", Number: "N1"}
	asha = party.Party{Phone: "+447700900123", User: "GB.13491208655302741918"}
)

// prepared is the rule book, made ready once.
var prepared = sync.OnceValues(func() (*compliance.Prepared, error) { return compliance.Prepare(nil) })

func sender(t testing.TB, db *sqlstore.DB) *compliance.Sender {
	t.Helper()
	ready, err := prepared()
	require.NoError(t, err)
	s, err := compliance.New(compliance.Config{Business: compliance.Business{Name: "Example Shop", Country: "GB"}, Stores: db.Stores()},
		compliance.WithClock(func() time.Time { return day }), compliance.WithPrepared(ready))
	require.NoError(t, err)
	return s
}

func reply(to party.Party) compliance.Message {
	return compliance.Message{Kind: compliance.Freeform, Type: "text", From: shop, To: to,
		Texts: []compliance.Text{{Place: "text.body", Words: "Yes, in every size."}}}
}

func wrote(id, words string, from party.Party, before time.Duration) compliance.Wrote {
	return compliance.Wrote{ID: id, Line: shop, From: from, At: day.Add(-before), Type: "text", Text: words}
}

// A stop outlives the process, and the person's own data.
func senderOn(t *testing.T, p Place) {
	ctx := t.Context()
	db, err := p.Open()
	require.NoError(t, err)
	s := sender(t, db)
	sent := 0
	deliver := func(context.Context) (compliance.Ack, error) {
		sent++
		return compliance.Ack{Message: fmt.Sprint("wamid.out", sent)}, nil
	}

	_, err = s.Do(ctx, reply(asha), deliver)
	require.ErrorIs(t, err, compliance.ErrDenied, "nobody wrote yet")
	_, err = s.Inbox().Receive(ctx, wrote("wamid.1", "Is the blue coat back?", asha, 20*time.Minute))
	require.NoError(t, err)
	r, err := s.Do(ctx, reply(asha), deliver)
	require.NoError(t, err)
	require.NoError(t, r.Unsettled)

	// A stop beside an event that names nobody counts all the same.
	nobody := compliance.Reported{ID: "wamid.out1", Line: shop, At: day, Status: "failed", Codes: []int{131050}}
	learned, err := s.Inbox().Receive(ctx, nobody, wrote("wamid.2", "STOP", asha, 10*time.Minute))
	require.NoError(t, err)
	require.Len(t, learned.Unreadable, 1)
	require.Len(t, learned.Stops, 1)
	require.NoError(t, db.Close())

	db = p.open(t)
	s = sender(t, db)
	proactive := compliance.Message{Kind: compliance.Direct, Category: category.Marketing, Type: "text", From: shop, To: asha,
		Texts: []compliance.Text{{Place: "text.body", Words: "All coats are 20% off."}}}
	_, err = s.Do(ctx, proactive, deliver)
	require.ErrorIs(t, err, compliance.ErrDenied, "the stop outlives the process")

	spent, err := db.Stores().Pace.Read(ctx, pace.Who{Handles: asha.Handles()})
	require.NoError(t, err)
	require.Len(t, spent.Tab.Spent, 1, "what was spent does as well")
	forgotten, err := s.Ledger().Erase(ctx, optin.Erase{Party: asha, At: day})
	require.NoError(t, err)
	require.NotZero(t, forgotten.Events)
	require.Empty(t, forgotten.Kept)
	spent, err = db.Stores().Pace.Read(ctx, pace.Who{Handles: asha.Handles()})
	require.NoError(t, err)
	require.Empty(t, spent.Tab, "what they were sent is forgotten too")
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

// Somebody whom links know under more handles than one statement takes is judged
// as anybody is, their stop is kept, and nobody else's waits for it.
func manyHandles(t *testing.T, p Place) {
	ctx, db := t.Context(), p.open(t)
	s, st := sender(t, db), db.Stores()
	const n = 300
	alias := func(i int) party.Party { return party.Party{User: fmt.Sprint("GB.", i)} }
	var joins []party.Join
	for i := range n {
		joins = append(joins, party.Join{ID: fmt.Sprint("j", i), Handles: append(alias(i).Handles(), asha.Handles()[0]), At: day.Add(-time.Hour)})
	}
	require.NoError(t, st.Links.Join(ctx, joins...))
	_, err := s.Inbox().Receive(ctx, wrote("wamid.1", "Is the blue coat back?", asha, 20*time.Minute))
	require.NoError(t, err)
	k, err := st.Links.Known(ctx, alias(0).Handles())
	require.NoError(t, err)
	require.Len(t, k.Handles, n+2)
	again, err := st.Links.Known(ctx, k.Handles)
	require.NoError(t, err)
	require.Equal(t, k, again)
	bonds, err := st.Links.(party.Historian).Bonds(ctx, k.Handles)
	require.NoError(t, err)
	require.Len(t, bonds, n+1)
	for _, b := range bonds {
		require.Len(t, b.Handles, 2, "each is told once, and whole")
	}

	ack := func(context.Context) (compliance.Ack, error) { return compliance.Ack{Message: "wamid.out"}, nil }
	r, err := s.Do(ctx, reply(alias(n-1)), ack)
	require.NoError(t, err)
	require.NoError(t, r.Unsettled)
	learned, err := s.Inbox().Receive(ctx,
		wrote("wamid.2", "STOP", party.Party{Phone: "+447700900456"}, 10*time.Minute),
		compliance.Reported{ID: "wamid.out", Line: shop, To: alias(n - 1), At: day, Status: "failed", Codes: []int{131000}},
		wrote("wamid.3", "STOP", asha, 10*time.Minute))
	require.NoError(t, err)
	require.Len(t, learned.Stops, 2)
	require.Empty(t, learned.Unreadable)
	_, err = s.Do(ctx, compliance.Message{Kind: compliance.Direct, Category: category.Marketing, Type: "text", From: shop, To: alias(7),
		Texts: []compliance.Text{{Place: "text.body", Words: "All coats are 20% off."}}}, ack)
	require.ErrorIs(t, err, compliance.ErrDenied)

	// An event that names them all is kept under each, and read once.
	done, err := st.Consent.Append(ctx, stop("all", k.Handles...))
	require.NoError(t, err)
	require.Equal(t, 1, done.Added)
	all, h, err := st.Consent.(optin.Joiner).Joined(ctx, st.Links, alias(0).Handles())
	require.NoError(t, err)
	require.Len(t, all, n+2)
	apart, err := st.Consent.Events(ctx, k.Handles)
	require.NoError(t, err)
	require.Equal(t, h, apart)
	_, _, err = st.Consent.(optin.Joiner).Joined(ctx, st.Links, k.Handles)
	require.ErrorIs(t, err, errors.ErrUnsupported, "so many are asked for step by step")
	flight := optin.Flight{ID: "f", Handles: k.Handles, Version: h.Version, Entered: day, Expires: day.Add(time.Hour)}
	require.NoError(t, st.Consent.Enter(ctx, flight))
	done, err = st.Consent.Append(ctx, stop("one", alias(n-1).Handles()...))
	require.NoError(t, err)
	require.Len(t, done.Flights, 1, "it is under way under the last of them too")
	flight.ID = "g"
	require.ErrorIs(t, st.Consent.Enter(ctx, flight), optin.ErrMoved)

	_, err = s.Inbox().Receive(ctx, compliance.Parted{ID: "desk", Handle: asha.Handles()[0], At: day})
	require.NoError(t, err)
	standing, err := s.Ledger().Standing(ctx, alias(7), day)
	require.NoError(t, err)
	_, stopped := standing.Stopped()
	require.True(t, stopped, "what was said of one of them stays with all that are left")
}

// Two processes that write to one person have one burst between them.
func oneBurst(t *testing.T, p Place) {
	ctx := t.Context()
	first, second := sender(t, p.open(t)), sender(t, p.open(t))
	_, err := first.Inbox().Receive(ctx, wrote("wamid.1", "Is the blue coat back?", asha, 20*time.Minute))
	require.NoError(t, err)
	var left atomic.Int64
	var wg sync.WaitGroup
	for i, s := range []*compliance.Sender{first, second, first, second} {
		wg.Go(func() {
			for range 15 {
				to := party.Party{Phone: asha.Phone}
				if i > 1 {
					to = party.Party{User: asha.User}
				}
				_, err := s.Do(ctx, reply(to), func(context.Context) (compliance.Ack, error) {
					left.Add(1)
					return compliance.Ack{}, nil
				})
				if err != nil && !errors.Is(err, compliance.ErrDenied) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 45, left.Load())
	d := second.Check(ctx, reply(asha))
	require.Equal(t, compliance.Deny, d.Verdict)
	require.Equal(t, day.Add(6*time.Second), d.RetryAt)
}
