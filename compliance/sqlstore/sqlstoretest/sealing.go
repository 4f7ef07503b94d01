package sqlstoretest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// Sealing checks what keys do and do not open, and that they can be changed
// while the stores are in use. fresh makes a database of its own.
func Sealing(t *testing.T, fresh func(t testing.TB) Place) {
	t.Run("keys", func(t *testing.T) { keys(t, fresh(t), fresh(t)) })
	t.Run("rows", func(t *testing.T) { rows(t, fresh(t)) })
	t.Run("reseal", func(t *testing.T) { reseal(t, fresh(t)) })
}

// somebody is whom everyTable is about.
var somebody = []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}, {Scheme: party.User, Value: "GB.13491208655302741918"}}

// everyTable writes to every table that has something to seal.
func everyTable(t testing.TB, db *sqlstore.DB) {
	t.Helper()
	ctx, s, line := context.Background(), db.Stores(), party.Line{Account: "A1", Number: "N1"}
	g := grant("form-8812", somebody[0])
	g.Handles, g.Actor = somebody, "desk four"
	_, err := s.Consent.Append(ctx, g)
	require.NoError(t, err)
	h, err := s.Consent.Events(ctx, somebody)
	require.NoError(t, err)
	require.NoError(t, s.Consent.Enter(ctx, optin.Flight{ID: "f", Handles: somebody, Version: h.Version, Entered: day, Expires: day.Add(time.Hour)}))
	_, err = s.Consent.(optin.Eraser).Erase(ctx, optin.Erasure{At: day, Keep: []optin.Suppression{{Digest: optin.Digest{1}, At: day, Switched: true, Actor: "desk four"}}})
	require.NoError(t, err)
	require.NoError(t, s.Windows.Note(ctx, window.Mark{ID: "w", Kind: window.Wrote, At: day, Received: day, Place: window.Place{Line: line, Handles: somebody}}))
	require.NoError(t, s.Links.Join(ctx, party.Join{ID: "j", Handles: somebody, At: day}))
	require.NoError(t, s.Links.Move(ctx, party.Move{ID: "m", From: somebody[0], To: party.Handle{Scheme: party.Phone, Value: "+447700900124"}, At: day.Add(-time.Hour)}))
	require.NoError(t, s.Account.Note(ctx, compliance.AccountNews{ID: "n", Line: line, Kind: compliance.NumberBarred, At: day}))
	_, err = s.Pace.Apply(ctx, pace.Who{Handles: somebody, Tally: "shop"}, day, &pace.Spend{Name: "wamid.f", Number: "N1", Marketing: true, People: 10})
	require.NoError(t, err)
	require.NoError(t, s.Templates.Apply(ctx, template.Change{ID: "c", At: day, Status: template.Paused, Ref: template.Ref{Account: "A1", Name: "coats", Language: "en"}}))
	require.NoError(t, s.Journal.Append(ctx, entry("d")))
}

// readsAll reads what everyTable wrote.
func readsAll(t testing.TB, db *sqlstore.DB) {
	t.Helper()
	ctx, s, line := context.Background(), db.Stores(), party.Line{Account: "A1", Number: "N1"}
	h, err := s.Consent.Events(ctx, somebody)
	require.NoError(t, err)
	require.Len(t, h.Events, 1)
	require.Equal(t, "desk four", h.Events[0].Actor)
	done, err := s.Consent.Append(ctx, optin.Event{ID: "form-8812", Kind: optin.Revoked, Handles: somebody[:1], At: day, Received: day})
	require.NoError(t, err)
	require.Zero(t, done.Added, "its id is known")
	require.Len(t, done.Flights, 1)
	for k, err := range s.Consent.(optin.Eraser).Suppressions(ctx) {
		require.NoError(t, err)
		require.Equal(t, optin.Suppression{Digest: optin.Digest{1}, At: day, Switched: true, Actor: "desk four"}, k)
	}
	marks, err := s.Windows.Marks(ctx, window.Place{Line: line, Handles: somebody[1:]})
	require.NoError(t, err)
	require.Len(t, marks, 1)
	require.Equal(t, somebody, marks[0].Place.Handles)
	known, err := s.Links.Known(ctx, somebody[1:])
	require.NoError(t, err)
	require.Equal(t, somebody, known.Handles)
	require.Len(t, known.Moves, 1)
	require.Equal(t, "+447700900124", known.Moves[0].To.Value)
	spent, err := s.Pace.Read(ctx, pace.Who{Handles: somebody, Tally: "shop"})
	require.NoError(t, err)
	require.Len(t, spent.Tab.Spent, 1)
	require.Equal(t, 1, spent.Tally.People(day))
	news, err := s.Account.News(ctx, line)
	require.NoError(t, err)
	require.Len(t, news, 1)
	require.NoError(t, s.Templates.Put(ctx, day.Add(-time.Hour), template.Definition{Ref: template.Ref{Account: "A1", Name: "coats", Language: "en"}}))
	def, ok, err := s.Templates.Find(ctx, template.Ref{Account: "A1", Name: "coats", Language: "en"})
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, template.Paused, def.Status)
	_, err = journal.Verify(s.Journal.Links(ctx))
	require.NoError(t, err)
}

func keys(t *testing.T, p, plain Place) {
	a := p.Sealed(Key("a")).open(t)
	everyTable(t, a)
	readsAll(t, a)
	everyTable(t, plain.open(t))
	other := Key("a")
	other.Secret = Key("b").Secret
	for _, c := range []struct {
		why  string
		open Place
		is   error
		key  string
	}{
		{"a sealed database without keys", p, sqlstore.ErrSealed, ""},
		{"a plain database with keys", plain.Sealed(Key("a")), sqlstore.ErrPlain, ""},
		{"another key of the same id", p.Sealed(other), sqlstore.ErrWrongKey, "a"},
		{"another key of the same id, behind a new one", p.Sealed(Key("c"), other), sqlstore.ErrWrongKey, "a"},
		{"a key that was given up too soon", p.Sealed(Key("b")), sqlstore.ErrUnknownKey, "a"},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := c.open.Open()
			require.ErrorIs(t, err, c.is)
			var seal *sqlstore.SealError
			require.ErrorAs(t, err, &seal)
			require.Equal(t, c.key, seal.Key)
			require.NotContains(t, err.Error(), "447700900123")
		})
	}
	readsAll(t, p.Sealed(Key("b"), Key("a")).open(t))
}

// rows changes rows as somebody does who can write to the database and has no
// key.
func rows(t *testing.T, p Place) {
	db := p.Sealed(Key("a")).open(t)
	everyTable(t, db)
	file := p.Pool(t)
	for _, c := range []struct{ why, change, back string }{
		{"an event moved in time", "UPDATE waguard_consent SET at = at + 1 WHERE id <> ''", "UPDATE waguard_consent SET at = at - 1 WHERE id <> ''"},
		{"an event under another scheme", "UPDATE waguard_consent SET scheme = 'parent' WHERE scheme = 'phone' AND id <> ''", "UPDATE waguard_consent SET scheme = 'phone' WHERE scheme = 'parent'"},
		{"another key's name before it", "UPDATE waguard_consent SET body = CONCAT('$b', SUBSTR(body, 3)) WHERE id <> ''", "UPDATE waguard_consent SET body = CONCAT('$a', SUBSTR(body, 3)) WHERE id <> ''"},
		{"something before it", "UPDATE waguard_consent SET body = CONCAT('x', body) WHERE id <> ''", "UPDATE waguard_consent SET body = SUBSTR(body, 2) WHERE id <> ''"},
	} {
		t.Run(c.why, func(t *testing.T) {
			run := func(change string) {
				_, err := file.Exec(change)
				require.NoError(t, err)
			}
			run(c.change)
			var err error
			for _, e := range db.Stores().Consent.(optin.Lister).All(t.Context()) {
				err = errors.Join(err, e)
			}
			require.Error(t, err)
			require.True(t, errors.Is(err, sqlstore.ErrTampered) || errors.Is(err, sqlstore.ErrUnknownKey), "%v", err)
			require.NotContains(t, err.Error(), "447700900123")
			run(c.back)
			readsAll(t, db)
		})
	}
}

func reseal(t *testing.T, p Place) {
	ctx := t.Context()
	db := p.Sealed(Key("old")).open(t)
	everyTable(t, db)
	var list []optin.Event
	for i := range 700 {
		list = append(list, grant(fmt.Sprint("g", i), handle(1000+i)))
	}
	_, err := db.Stores().Consent.Append(ctx, list...)
	require.NoError(t, err)
	require.NoError(t, db.Close())

	pool := p.Pool(t)
	under := func(id string) (n int) {
		for _, c := range []string{"consent body", "flight body", "mark handles", "bond handle", "bond origin", "move body", "journal body", "suppressed actor",
			"account_news body", "template_news body", "pace body"} {
			table, column, _ := strings.Cut(c, " ")
			var one int
			require.NoError(t, pool.QueryRow("SELECT COUNT(*) FROM waguard_"+table+" WHERE "+column+" LIKE '$"+id+"$%'").Scan(&one))
			if id == "old" && n == 0 {
				require.NotZero(t, one, "%s: everyTable writes to it", table)
			}
			n += one
		}
		return n
	}
	before := under("old")
	require.Greater(t, before, 700+10)

	// Everybody learns the new key first, and goes on with the old one.
	require.NoError(t, p.Sealed(Key("old"), Key("new")).open(t).Close())
	require.Equal(t, before, under("old"))

	db = p.Sealed(Key("new"), Key("old")).open(t)
	slow := p.Sealed(Key("old"), Key("new")).open(t) // has not changed over yet
	enough := errors.New("enough")
	done, err := db.Reseal(ctx, func(r sqlstore.Resealed) error {
		if r.Values >= 300 {
			return enough
		}
		return nil
	})
	require.ErrorIs(t, err, enough)
	require.Less(t, done.Values, 600, "in batches")
	require.Empty(t, done.Dropped)
	require.Equal(t, done.Values, under("new"))
	require.NoError(t, db.Close())

	db = p.Sealed(Key("new"), Key("old")).open(t)
	readsAll(t, db) // half of it changed over
	meanwhile := false
	rest, err := db.Reseal(ctx, func(sqlstore.Resealed) error {
		if !meanwhile {
			meanwhile = true
			_, err := slow.Stores().Consent.Append(ctx, stop("meanwhile", party.Handle{Scheme: party.Phone, Value: "+1"}))
			require.NoError(t, err)
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, before+1, done.Values+rest.Values, "each once, and the one that came meanwhile")
	require.Equal(t, []string{"old"}, rest.Dropped)
	require.NoError(t, slow.Close())
	again, err := db.Reseal(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, sqlstore.Resealed{}, again)
	require.NoError(t, db.Close())

	db = p.Sealed(Key("new")).open(t)
	readsAll(t, db)
	for _, err := range db.Stores().Consent.(optin.Lister).All(ctx) {
		require.NoError(t, err)
	}
	added, err := db.Stores().Consent.Append(ctx, list[699])
	require.NoError(t, err)
	require.Zero(t, added.Added, "an id is known under a new key too")

	plain := p
	_, err = plain.Open()
	require.ErrorIs(t, err, sqlstore.ErrSealed)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = db.Reseal(cancelled, nil)
	require.ErrorIs(t, err, context.Canceled)
}
