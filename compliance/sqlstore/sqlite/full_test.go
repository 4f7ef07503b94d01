package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/optin"
)

// storesOn opens the stores on a pool of the app's own, to which a pragma or a
// mode was told.
func storesOn(t testing.TB, path, query string, opts ...sqlstore.Option) *sqlstore.DB {
	t.Helper()
	pool, err := sql.Open("sqlite", "file:"+path+"?_busy_timeout=5000&"+query)
	require.NoError(t, err)
	db, err := sqlstore.Open(t.Context(), pool, sqlstore.SQLite, append(opts, sqlstore.Owned())...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// eachStores is eachKind for stores on a pool of the app's own.
func eachStores(t *testing.T, run func(t *testing.T, opts []sqlstore.Option)) {
	t.Run("plain", func(t *testing.T) { run(t, nil) })
	t.Run("sealed", func(t *testing.T) { run(t, []sqlstore.Option{sqlstore.Sealed(key("a"))}) })
}

// welcome lets a customer write, to whom a message may go then.
func welcome(t testing.TB, db *sqlstore.DB) {
	t.Helper()
	_, err := sender(t, db).Inbox().Receive(t.Context(), wrote("wamid.1", "Is the blue coat back?", 20*time.Minute))
	require.NoError(t, err)
	require.Equal(t, compliance.Allow, sender(t, db).Check(t.Context(), reply("Yes.")).Verdict)
}

// refuses checks what a database that takes no more does to everybody: each
// write is an error of the kind, nothing of it is there, what was there is read
// as before, and no message goes.
func refuses(t *testing.T, db *sqlstore.DB, is error) {
	t.Helper()
	ctx, st, s := t.Context(), db.Stores(), sender(t, db)
	before := all(t, st.Consent)
	sum, err := journal.Verify(st.Journal.Links(ctx))
	require.NoError(t, err)
	fails := func(what string, err error) {
		t.Helper()
		require.ErrorIs(t, err, is, what)
		var e *sqlstore.Error
		require.ErrorAs(t, err, &e, what)
		require.NotEmpty(t, e.Op, what)
		require.NotContains(t, err.Error(), "4477009", "an error names nobody")
	}

	var list []optin.Event
	var rows strings.Builder
	rows.WriteString("phone,opt_in_date,opt_in_source\n")
	for i := range 2000 {
		list = append(list, grant(fmt.Sprint("late", i), handle(i)))
		fmt.Fprintf(&rows, "+4477009%05d,2026-05-03T10:00:00Z,web-form\n", i)
	}
	_, err = st.Consent.Append(ctx, list...)
	fails("a batch", err)
	fails("an Atomic", db.Atomic(ctx, func(ctx context.Context) error {
		for i := range 40 {
			if err := st.Journal.Append(ctx, entry(fmt.Sprint("late", i))); err != nil {
				return err
			}
		}
		_, err := st.Consent.Append(ctx, list...)
		return err
	}))
	report, imported := s.Ledger().Import(ctx, strings.NewReader(rows.String()), optin.ImportOptions{Kind: optin.OptIns, Batch: 2000})
	fails("an import", imported)
	require.Equal(t, before, all(t, st.Consent), "nothing of the three is on record")
	same, err := journal.Verify(st.Journal.Links(ctx))
	require.NoError(t, err)
	require.Equal(t, sum, same)
	var at *optin.ImportError
	require.ErrorAs(t, imported, &at)
	require.Zero(t, report.Accepted, "nothing is told to be recorded that is not")
	// What little a stop needs may still fit in somewhere. It is acknowledged
	// when it is on record, and only then.
	small := func(what string, who party.Party, err error) {
		t.Helper()
		standing, unread := s.Ledger().Standing(ctx, who, day)
		require.NoError(t, unread)
		_, stopped := standing.StoppedFor(optin.Marketing)
		require.Equal(t, err == nil, stopped, what)
		if err != nil {
			fails(what, err)
		}
	}
	who := party.Party{Phone: "+447700900777", User: "GB.77777777"}
	_, err = s.Ledger().Revoke(ctx, optin.Revoke{Party: who, Channel: optin.Email, At: day})
	small("a stop", who, err)
	w := wrote("wamid.late", "STOP", time.Minute)
	w.From = party.Party{Phone: "+447700900778"}
	_, err = s.Inbox().Receive(ctx, w)
	small("a webhook", w.From, err)
	before = all(t, st.Consent)

	r, err := s.Do(ctx, reply("Yes, in every size."), func(context.Context) (compliance.Ack, error) {
		t.Error("a message left that nobody could write down")
		return compliance.Ack{}, nil
	})
	require.ErrorIs(t, err, compliance.ErrUndecided)
	require.Equal(t, compliance.Undecided, r.Decision.Verdict)

	require.Equal(t, before, all(t, st.Consent), "nothing of it is on record")
	after, err := journal.Verify(st.Journal.Links(ctx))
	require.NoError(t, err)
	require.GreaterOrEqual(t, after.Links, sum.Links)
	h, err := st.Consent.Events(ctx, []party.Handle{handle(99_999)})
	require.NoError(t, err, "who is not on record can still be told from what is not known")
	require.Empty(t, h.Events)
}

// stuff fills a database until not even a line goes in.
func stuff(t testing.TB, db *sqlstore.DB, is error) {
	t.Helper()
	ctx, st := t.Context(), db.Stores()
	fill := func(write func(i int) error) {
		t.Helper()
		for i := range 100_000 {
			if err := write(i); err != nil {
				require.ErrorIs(t, err, is)
				return
			}
		}
		t.Fatal("it takes everything")
	}
	fill(func(i int) error { _, err := st.Consent.Append(ctx, grant(fmt.Sprint("e", i), handle(i))); return err })
	fill(func(i int) error { _, err := st.Consent.Append(ctx, stop(fmt.Sprint("s", i), handle(i))); return err })
	fill(func(i int) error {
		return st.Consent.Enter(ctx, optin.Flight{ID: fmt.Sprint("f", i), Handles: []party.Handle{{Scheme: "x", Value: fmt.Sprint(i)}}, Entered: day, Expires: day.Add(time.Hour)})
	})
	fill(func(i int) error { return st.Journal.Append(ctx, entry(fmt.Sprint("j", i))) })
}

// A database that may grow no more (PRAGMA max_page_count, or a quota).
func TestAFullDatabase(t *testing.T) {
	eachStores(t, func(t *testing.T, opts []sqlstore.Option) {
		path := filepath.Join(t.TempDir(), "waguard.db")
		first := storesOn(t, path, "_pragma=journal_mode(WAL)", opts...)
		welcome(t, first)
		require.NoError(t, first.Close())
		db := storesOn(t, path, "_pragma=max_page_count(120)", opts...)
		stuff(t, db, sqlstore.ErrFull)
		refuses(t, db, sqlstore.ErrFull)
		require.NoError(t, db.Close())

		// With room again the same ids go in, once.
		db = storesOn(t, path, "", opts...)
		welcome(t, db)
		n := len(all(t, db.Stores().Consent))
		done, err := db.Stores().Consent.Append(t.Context(), grant("e0", handle(0)), grant("late1", handle(1)))
		require.NoError(t, err)
		require.Equal(t, 1, done.Added)
		require.Len(t, all(t, db.Stores().Consent), n+1)
	})
}

// A file that can only be read (a mode, a file system, a standby's copy).
func TestAReadOnlyFile(t *testing.T) {
	eachStores(t, func(t *testing.T, opts []sqlstore.Option) {
		path := filepath.Join(t.TempDir(), "waguard.db")
		db := storesOn(t, path, "_pragma=journal_mode(WAL)", opts...)
		welcome(t, db)
		_, err := db.Stores().Consent.Append(t.Context(), grant("e", handle(3)))
		require.NoError(t, err)
		ro := storesOn(t, path, "mode=ro", opts...)
		refuses(t, ro, sqlstore.ErrReadOnly)
		_, err = sender(t, ro).Ledger().Erase(t.Context(), optin.Erase{Party: party.Party{Phone: handle(3).Value}, At: day})
		require.ErrorIs(t, err, sqlstore.ErrReadOnly)
		require.Contains(t, all(t, db.Stores().Consent), "e")
		welcome(t, db)
	})
}
