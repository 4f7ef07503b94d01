package sqlstoretest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/window"
)

// Stores checks what no kit of one store can: transactions over several stores,
// several openings of one database, and what becomes of the others when one
// fails. fresh makes a database for each check.
func Stores(t *testing.T, fresh func(t testing.TB) Place) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Place)
	}{
		{"atomic keeps all or nothing", atomicKeepsAllOrNothing},
		{"atomic within atomic is one", atomicWithinAtomic},
		{"a context is over with its atomic", contextIsOver},
		{"a failed write drops the whole atomic", failedWriteInAtomic},
		{"a failed read in an atomic loses nothing in silence", failedReadInAtomic},
		{"one failure in a group is nobody else's", oneFailureInAGroup},
		{"what a caller does after its context ended is not written", callerGoesOn},
		{"reopening finds everything", reopen},
		{"opened at once", openedAtOnce},
		{"two openings share a database", twoOpenings},
		{"scopes know nothing of each other", scopes},
		{"a newer database is left alone", newerIsLeftAlone},
		{"a damaged key is refused", damagedKey},
		{"the app's own database", appsOwn},
		{"writes do not wait for readers", writesDoNotWait},
		{"large batches", largeBatches},
		{"long bodies", longBodies},
		{"links forget", linksForget},
		{"one read knows as much as two", joined},
		{"one read knows as much as two, sealed", func(t *testing.T, p Place) { joined(t, p.Sealed(Key("2026-11"))) }},
		{"somebody of many handles", manyHandles},
		{"somebody of many handles, sealed", func(t *testing.T, p Place) { manyHandles(t, p.Sealed(Key("2026-11"))) }},
		{"a sender", senderOn},
		{"senders of two processes have one burst", oneBurst},
		{"what Meta decided", decidedOn},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, fresh(t)) })
	}
}

func events(t testing.TB, db *sqlstore.DB, h party.Handle) []string {
	t.Helper()
	hist, err := db.Stores().Consent.Events(context.Background(), []party.Handle{h})
	require.NoError(t, err)
	var ids []string
	for _, e := range hist.Events {
		ids = append(ids, e.ID)
	}
	return ids
}

func chain(ctx context.Context, t testing.TB, db *sqlstore.DB) []string {
	t.Helper()
	var ids []string
	for l, err := range db.Stores().Journal.Links(ctx) {
		require.NoError(t, err)
		ids = append(ids, l.ID)
	}
	return ids
}

func atomicKeepsAllOrNothing(t *testing.T, p Place) {
	db := p.open(t)
	s := db.Stores()
	write := func(ctx context.Context, id string) error {
		_, err := s.Consent.Append(ctx, stop(id, handle(1)))
		return errors.Join(err, s.Journal.Append(ctx, entry(id)))
	}
	no := errors.New("no")

	require.NoError(t, db.Atomic(t.Context(), func(ctx context.Context) error {
		require.NoError(t, write(ctx, "kept"))
		h, err := s.Consent.Events(ctx, []party.Handle{handle(1)})
		require.NoError(t, err)
		require.Len(t, h.Events, 1, "a read inside sees what was written inside")
		require.Empty(t, events(t, db, handle(1)), "a read outside does not, and does not wait")
		return nil
	}))
	require.ErrorIs(t, db.Atomic(t.Context(), func(ctx context.Context) error {
		require.NoError(t, write(ctx, "dropped"))
		return no
	}), no)
	require.PanicsWithValue(t, "ouch", func() {
		_ = db.Atomic(t.Context(), func(ctx context.Context) error {
			require.NoError(t, write(ctx, "dropped"))
			panic("ouch")
		})
	})
	cancelled, cancel := context.WithCancel(t.Context())
	require.ErrorIs(t, db.Atomic(cancelled, func(ctx context.Context) error {
		require.NoError(t, write(ctx, "dropped"))
		cancel()
		return nil
	}), context.Canceled, "a context that ends before the commit drops the whole")
	require.ErrorIs(t, db.Atomic(cancelled, func(context.Context) error { panic("not called") }), context.Canceled)

	require.Equal(t, []string{"kept"}, events(t, db, handle(1)))
	require.Equal(t, []string{"kept"}, chain(t.Context(), t, db))
	_, err := journal.Verify(s.Journal.Links(t.Context()))
	require.NoError(t, err)
}

func atomicWithinAtomic(t *testing.T, p Place) {
	db := p.open(t)
	s := db.Stores()
	no := errors.New("no")
	require.ErrorIs(t, db.Atomic(t.Context(), func(ctx context.Context) error {
		require.NoError(t, s.Atomic(ctx, func(ctx context.Context) error {
			return s.Journal.Append(ctx, entry("inner"))
		}))
		require.Len(t, chain(ctx, t, db), 1)
		return no
	}), no)
	require.Empty(t, chain(t.Context(), t, db), "the inner one is dropped with the outer")
}

func contextIsOver(t *testing.T, p Place) {
	db := p.open(t)
	s := db.Stores()
	var kept context.Context
	require.NoError(t, db.Atomic(t.Context(), func(ctx context.Context) error { kept = ctx; return nil }))
	require.ErrorIs(t, s.Journal.Append(kept, entry("late")), sqlstore.ErrTxOver)
	_, err := s.Consent.Events(kept, []party.Handle{handle(1)})
	require.ErrorIs(t, err, sqlstore.ErrTxOver)
	require.ErrorIs(t, db.Atomic(kept, func(context.Context) error { return nil }), sqlstore.ErrTxOver)
}

// poison makes every write of the event id "poison" fail half way.
func poison(t testing.TB, p Place) {
	t.Helper()
	for _, statement := range map[sqlstore.Dialect][]string{
		sqlstore.SQLite: {"CREATE TRIGGER poison BEFORE INSERT ON waguard_consent WHEN NEW.id = 'poison'" +
			" BEGIN SELECT RAISE(ABORT, 'poisoned'); END"},
		sqlstore.PostgreSQL: {"CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS" +
			" $$ BEGIN IF NEW.id = 'poison' THEN RAISE check_violation USING MESSAGE = 'poisoned'; END IF; RETURN NEW; END $$",
			"CREATE TRIGGER poison BEFORE INSERT ON waguard_consent FOR EACH ROW EXECUTE FUNCTION poison()"},
		sqlstore.MariaDB: {"CREATE TRIGGER poison BEFORE INSERT ON waguard_consent FOR EACH ROW" +
			" BEGIN IF NEW.id = 'poison' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'poisoned'; END IF; END"},
	}[p.Dialect] {
		_, err := p.Pool(t).Exec(statement)
		require.NoError(t, err)
	}
}

// A write that failed inside drops the whole, also when the function swallows
// the error: half of that write may be there.
func failedWriteInAtomic(t *testing.T, p Place) {
	db := p.open(t)
	poison(t, p)
	s := db.Stores()
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		require.NoError(t, s.Journal.Append(ctx, entry("before")))
		_, err := s.Consent.Append(ctx, stop("poison", handle(1)))
		require.ErrorIs(t, err, sqlstore.ErrConstraint)
		require.ErrorIs(t, s.Journal.Append(ctx, entry("after")), sqlstore.ErrConstraint)
		return nil
	})
	require.ErrorIs(t, err, sqlstore.ErrConstraint)
	require.Empty(t, chain(t.Context(), t, db))
	require.NoError(t, s.Journal.Append(t.Context(), entry("next")), "the writer goes on")
}

// PostgreSQL ends a transaction at the first statement that fails, and calls
// the COMMIT of it a success.
func failedReadInAtomic(t *testing.T, p Place) {
	db := p.open(t)
	s := db.Stores()
	_, err := p.Pool(t).Exec("ALTER TABLE waguard_account_news RENAME TO gone")
	require.NoError(t, err)
	err = db.Atomic(t.Context(), func(ctx context.Context) error {
		require.NoError(t, s.Journal.Append(ctx, entry("before")))
		_, err := s.Account.News(ctx, party.Line{Account: "A1"})
		require.Error(t, err)
		return nil
	})
	require.Equal(t, err == nil, len(chain(t.Context(), t, db)) == 1, "what was answered with %v", err)
}

// Calls that share a commit do not share each other's failures.
func oneFailureInAGroup(t *testing.T, p Place) {
	db := p.open(t)
	poison(t, p)
	s := db.Stores()

	inside, release := make(chan struct{}), make(chan struct{})
	held := make(chan error)
	go func() {
		held <- db.Atomic(t.Context(), func(context.Context) error { close(inside); <-release; return nil })
	}()
	<-inside // everything below waits, and then goes as one group
	var wg sync.WaitGroup
	errs := make([]error, 40)
	for i := range errs {
		wg.Go(func() {
			id := fmt.Sprint("e", i)
			if i == 20 {
				id = "poison"
			}
			done, err := s.Consent.Append(t.Context(), stop(id, handle(i%4)))
			if err == nil && done.Added != 1 {
				err = fmt.Errorf("%d added", done.Added)
			}
			errs[i] = err
		})
	}
	time.Sleep(50 * time.Millisecond)
	close(release)
	wg.Wait()
	require.NoError(t, <-held)
	n := 0
	for i, err := range errs {
		if i == 20 {
			require.ErrorIs(t, err, sqlstore.ErrConstraint)
			continue
		}
		require.NoError(t, err)
		n++
	}
	all := 0
	for i := range 4 {
		h, err := s.Consent.Events(t.Context(), []party.Handle{handle(i)})
		require.NoError(t, err)
		require.Equal(t, uint64(len(h.Events)), h.Version, "what was done over was done once")
		all += len(h.Events)
	}
	require.Equal(t, n, all)
}

// A write that is under way when its caller's context ends is kept as it was
// asked for, whatever the caller uses its memory for next.
func callerGoesOn(t *testing.T, p Place) {
	db, other := p.open(t), p.open(t)
	s := db.Stores()
	_, err := s.Consent.Append(t.Context(), stop("e1", handle(1)), stop("e2", handle(2)))
	require.NoError(t, err)
	line, next := party.Line{Account: "A1", Number: "N1"}, party.Line{Account: "A2", Number: "N2"}
	news := []compliance.AccountNews{{ID: "n1", Line: line, Kind: compliance.Restricted, Type: "T1", At: day, Received: day}}
	joins := []party.Join{{ID: "j1", Handles: []party.Handle{handle(2), handle(1)}, At: day}}
	moves := []party.Move{{ID: "m1", From: handle(3), To: handle(4), At: day}}
	gone := optin.Erasure{Events: []optin.Event{stop("e1", handle(1))}, Handles: []party.Handle{handle(1)}, At: day,
		Keep: []optin.Suppression{{Digest: optin.Digest{1}, At: day}}}
	who := pace.Who{Handles: []party.Handle{handle(1)}}
	spend := pace.Spend{Name: "s1", Number: "N1", Marketing: true}
	for _, c := range []struct {
		why   string
		write func(ctx context.Context) error
		next  func()
	}{
		{"news keep the account their body names",
			func(ctx context.Context) error { return s.Account.Note(ctx, news...) },
			func() { news[0].ID, news[0].Line = "n2", next }},
		{"a join keeps its handles",
			func(ctx context.Context) error { return s.Links.Join(ctx, joins...) },
			func() { joins[0].ID, joins[0].Handles[0] = "j2", handle(5) }},
		{"a move keeps its ends",
			func(ctx context.Context) error { return s.Links.Move(ctx, moves...) },
			func() { moves[0].ID, moves[0].To = "m2", handle(5) }},
		{"the events of the erased go, and nobody else's",
			func(ctx context.Context) error { _, err := s.Consent.(optin.Eraser).Erase(ctx, gone); return err },
			func() {
				gone.Events[0].ID, gone.Events[0].Handles[0], gone.Handles[0] = "e2", handle(2), handle(2)
				gone.Keep[0].Digest = optin.Digest{2}
			}},
		{"a message is spent under its own name",
			func(ctx context.Context) error { _, err := s.Pace.Apply(ctx, who, day, &spend); return err },
			func() { spend.Name, who.Handles[0] = "s2", handle(2) }},
	} {
		t.Run(c.why, func(t *testing.T) {
			require.NoError(t, other.Atomic(t.Context(), func(context.Context) error { // keeps the write from its end
				ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
				defer cancel()
				require.ErrorIs(t, c.write(ctx), context.DeadlineExceeded)
				c.next()
				return nil
			}))
			require.NoError(t, s.Journal.Append(t.Context(), entry(c.why)), "comes after it")
		})
	}
	told, err := s.Account.News(t.Context(), line)
	require.NoError(t, err)
	require.Equal(t, []compliance.AccountNews{{ID: "n1", Line: line, Kind: compliance.Restricted, Type: "T1", At: day, Received: day}}, told)
	bonds, err := s.Links.(party.Historian).Bonds(t.Context(), []party.Handle{handle(1)})
	require.NoError(t, err)
	require.Equal(t, []party.Bond{{ID: "j1", Handles: []party.Handle{handle(1), handle(2)}, First: day, Last: day}}, bonds)
	k, err := s.Links.Known(t.Context(), []party.Handle{handle(4)})
	require.NoError(t, err)
	require.Equal(t, []party.Move{{ID: "m1", From: handle(3), To: handle(4), At: day}}, k.Moves)
	require.Empty(t, events(t, db, handle(1)))
	require.Equal(t, []string{"e2"}, events(t, db, handle(2)))
	kept, err := s.Consent.(optin.Eraser).Suppressed(t.Context(), []optin.Digest{{1}, {2}})
	require.NoError(t, err)
	require.Equal(t, []optin.Suppression{{Digest: optin.Digest{1}, At: day}}, kept)
	state, err := s.Pace.Read(t.Context(), pace.Who{Handles: []party.Handle{handle(1)}})
	require.NoError(t, err)
	require.Len(t, state.Tab.Spent, 1)
	require.Equal(t, "s1", state.Tab.Spent[0].Name)
}

func reopen(t *testing.T, p Place) {
	place := window.Place{Line: party.Line{Number: "1"}, Handles: []party.Handle{handle(1)}}
	db, err := p.Open()
	require.NoError(t, err)
	s := db.Stores()
	key := s.Key
	require.Len(t, key, 32)
	_, err = s.Consent.Append(t.Context(), stop("e", handle(1)))
	require.NoError(t, err)
	require.NoError(t, s.Consent.Enter(t.Context(), optin.Flight{ID: "f", Handles: place.Handles, Version: 1, Entered: day, Expires: day.Add(time.Hour)}))
	require.NoError(t, s.Windows.Note(t.Context(), window.Mark{ID: "w", Kind: window.Wrote, Place: place, At: day, Received: day}))
	require.NoError(t, s.Links.Join(t.Context(), party.Join{ID: "j", Handles: []party.Handle{handle(1), handle(2)}, At: day}))
	require.NoError(t, s.Journal.Append(t.Context(), entry("d")))
	require.NoError(t, db.Close())
	require.NoError(t, db.Close(), "closing twice is no error")
	_, err = s.Consent.Events(t.Context(), place.Handles)
	require.ErrorIs(t, err, sqlstore.ErrClosed)
	require.ErrorIs(t, db.Atomic(t.Context(), func(context.Context) error { return nil }), sqlstore.ErrClosed)

	db = p.open(t)
	s = db.Stores()
	require.Equal(t, key, s.Key, "the key is kept")
	require.Equal(t, []string{"e"}, events(t, db, handle(1)))
	done, err := s.Consent.Append(t.Context(), stop("e2", handle(1)))
	require.NoError(t, err)
	require.Len(t, done.Flights, 1, "a flight outlives the process")
	ms, err := s.Windows.Marks(t.Context(), place)
	require.NoError(t, err)
	require.Len(t, ms, 1)
	k, err := s.Links.Known(t.Context(), place.Handles)
	require.NoError(t, err)
	require.Len(t, k.Handles, 2)
	require.Equal(t, []string{"d"}, chain(t.Context(), t, db))
}

// Processes that start together make the tables once, and agree on the key.
func openedAtOnce(t *testing.T, p Place) {
	keys := make([]string, 6)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			db, err := p.Open()
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = string(db.Stores().Key)
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, k := range keys {
		require.Len(t, k, 32)
		require.Equal(t, keys[0], k)
	}
}

// Two openings of one database are what two processes are.
func twoOpenings(t *testing.T, p Place) {
	dbs := []*sqlstore.DB{p.open(t), p.open(t)}
	require.Equal(t, dbs[0].Stores().Key, dbs[1].Stores().Key)
	const each = 30
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for w := range errs {
		s := dbs[w%2].Stores()
		wg.Go(func() {
			for i := range each {
				id := fmt.Sprintf("%d-%d", w, i)
				_, err := s.Consent.Append(t.Context(), stop(id, handle(1)), stop("shared", handle(1)))
				errs[w] = errors.Join(errs[w], err, s.Journal.Append(t.Context(), entry(id)))
			}
		})
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	for _, db := range dbs {
		require.Len(t, events(t, db, handle(1)), len(errs)*each+1, "each sees what both wrote")
	}
	sum, err := journal.Verify(dbs[0].Stores().Journal.Links(t.Context()))
	require.NoError(t, err, "one chain, although two wrote it")
	require.Equal(t, uint64(len(errs)*each), sum.Links)

	// A version read here does not let a flight in after a stop there.
	h, err := dbs[0].Stores().Consent.Events(t.Context(), []party.Handle{handle(1)})
	require.NoError(t, err)
	_, err = dbs[1].Stores().Consent.Append(t.Context(), stop("last", handle(1)))
	require.NoError(t, err)
	err = dbs[0].Stores().Consent.Enter(t.Context(), optin.Flight{ID: "f", Handles: []party.Handle{handle(1)}, Version: h.Version, Entered: day, Expires: day.Add(time.Hour)})
	require.ErrorIs(t, err, optin.ErrMoved)
}

func scopes(t *testing.T, p Place) {
	a := p.open(t, sqlstore.WithScope("a"), sqlstore.WithWriter("host-1"))
	b := p.open(t, sqlstore.WithScope("b"), sqlstore.WithWriter("host-1"))
	require.NotEqual(t, a.Stores().Key, b.Stores().Key)
	for _, db := range []*sqlstore.DB{a, b} {
		s := db.Stores()
		done, err := s.Consent.Append(t.Context(), stop("same id", handle(1)))
		require.NoError(t, err)
		require.Equal(t, 1, done.Added, "an id is taken in its own scope only")
		require.NoError(t, s.Journal.Append(t.Context(), entry("d")))
		require.Equal(t, []string{"same id"}, events(t, db, handle(1)))
		require.Equal(t, []string{"d"}, chain(t.Context(), t, db))
	}
	require.NoError(t, a.Stores().Links.Join(t.Context(), party.Join{ID: "j", Handles: []party.Handle{handle(1), handle(2)}, At: day}))
	k, err := b.Stores().Links.Known(t.Context(), []party.Handle{handle(1)})
	require.NoError(t, err)
	require.Len(t, k.Handles, 1)
	_, err = p.Open(sqlstore.WithScope("\xff"))
	require.ErrorContains(t, err, "UTF-8")
	_, err = p.Open(sqlstore.WithWriter(""))
	require.ErrorContains(t, err, "no name")
}

func newerIsLeftAlone(t *testing.T, p Place) {
	require.NoError(t, p.open(t).Close())
	pool := p.Pool(t)
	_, err := pool.Exec("INSERT INTO waguard_schema (version, name) VALUES (9999, 'of tomorrow')")
	require.NoError(t, err)
	_, err = p.Open()
	require.ErrorIs(t, err, sqlstore.ErrNewer)
	require.ErrorContains(t, err, "version 9999")
	_, err = p.Open(sqlstore.WithScope("another"))
	require.ErrorIs(t, err, sqlstore.ErrNewer)
	var n int
	require.NoError(t, pool.QueryRow("SELECT COUNT(*) FROM waguard_secret").Scan(&n))
	require.Equal(t, 1, n)
}

func damagedKey(t *testing.T, p Place) {
	db := p.open(t)
	pool := p.Pool(t)
	_, err := pool.Exec("UPDATE waguard_secret SET value = '12'")
	require.NoError(t, err)
	_, err = p.Open()
	require.ErrorContains(t, err, "key of the database is damaged")
	_, err = pool.Exec("DELETE FROM waguard_secret")
	require.NoError(t, err)
	// Where the key's row is what keeps writers apart, nothing is written without it.
	_, err = db.Stores().Consent.Append(t.Context(), stop("e", handle(1)))
	if p.Dialect == sqlstore.MariaDB {
		require.ErrorContains(t, err, "key of the database is gone")
	} else {
		require.NoError(t, err)
	}
}

// The app's own handle is left open, and its other tables alone.
func appsOwn(t *testing.T, p Place) {
	pool := p.Pool(t)
	_, err := pool.Exec("CREATE TABLE orders (id INTEGER PRIMARY KEY)")
	require.NoError(t, err)
	db, err := sqlstore.Open(t.Context(), pool, p.Dialect)
	require.NoError(t, err)
	_, err = db.Stores().Consent.Append(t.Context(), stop("e", handle(1)))
	require.NoError(t, err)
	require.NoError(t, db.Close())
	for i := range 8 { // on every connection that came back
		_, err = pool.Exec("INSERT INTO orders VALUES (" + fmt.Sprint(i) + ")")
		require.NoError(t, err)
	}
	var n int
	require.NoError(t, p.Pool(t).QueryRow("SELECT COUNT(*) FROM orders").Scan(&n))
	require.Equal(t, 8, n, "committed as the app expects")

	pool = p.Pool(t)
	pool.SetMaxOpenConns(1)
	_, err = sqlstore.Open(t.Context(), pool, p.Dialect)
	require.ErrorContains(t, err, "one connection")
	_, err = sqlstore.Open(t.Context(), nil, p.Dialect)
	require.ErrorContains(t, err, "no database")
	_, err = sqlstore.Open(t.Context(), pool, sqlstore.Dialect("oracle"))
	require.ErrorContains(t, err, "dialect")
}

// What one caller waits for does not depend on how long another one reads.
func writesDoNotWait(t *testing.T, p Place) {
	db := p.open(t)
	s := db.Stores()
	for i := range 1200 {
		require.NoError(t, s.Journal.Append(t.Context(), entry(fmt.Sprint(i))))
	}
	n := 0
	for _, err := range s.Journal.Links(t.Context()) {
		require.NoError(t, err)
		if n++; n == 600 {
			require.NoError(t, s.Journal.Append(t.Context(), entry("meanwhile")))
			require.NoError(t, db.Atomic(t.Context(), func(ctx context.Context) error { return s.Journal.Append(ctx, entry("and this")) }))
		}
	}
	require.Equal(t, 1202, n)
}

func largeBatches(t *testing.T, p Place) {
	db := p.open(t)
	s := db.Stores()
	var list []optin.Event
	for i := range 5000 {
		list = append(list, grant(fmt.Sprint("g", i%4900), handle(i%700)))
	}
	require.NoError(t, s.Consent.Enter(t.Context(), optin.Flight{ID: "f", Handles: []party.Handle{handle(650)}, Entered: day, Expires: day.Add(time.Hour)}))
	done, err := s.Consent.Append(t.Context(), list...)
	require.NoError(t, err)
	require.Equal(t, 4900, done.Added)
	require.Len(t, done.Flights, 1)
	h, err := s.Consent.Events(t.Context(), []party.Handle{handle(3)})
	require.NoError(t, err)
	require.Len(t, h.Events, 7)
	require.Equal(t, uint64(7), h.Version)
	var entries []journal.Entry
	for i := range 1111 {
		entries = append(entries, entry(fmt.Sprint(i)))
	}
	require.NoError(t, s.Journal.Append(t.Context(), entries...))
	sum, err := journal.Verify(s.Journal.Links(t.Context()))
	require.NoError(t, err)
	require.Equal(t, uint64(1111), sum.Links)
}

// What has no bound of its own comes back whole, and a key that the database
// could only cut is an error, also for a reader.
func longBodies(t *testing.T, p Place) {
	s := p.open(t).Stores()
	e := grant("g", handle(1))
	e.Evidence.Wording = strings.Repeat("señales 🙂 ", 10_000)
	_, err := s.Consent.Append(t.Context(), e)
	require.NoError(t, err)
	h, err := s.Consent.Events(t.Context(), e.Handles)
	require.NoError(t, err)
	require.Equal(t, []optin.Event{e}, h.Events)
	if p.Dialect == sqlstore.SQLite {
		return
	}
	long := party.Handle{Scheme: party.User, Value: "US." + strings.Repeat("x", 510)}
	_, err = s.Consent.Append(t.Context(), stop("too long", long))
	require.ErrorContains(t, err, "more bytes than the database takes")
	_, err = s.Consent.Events(t.Context(), []party.Handle{long})
	require.ErrorContains(t, err, "more bytes than the database takes")
	long.Value = long.Value[:512]
	_, err = s.Consent.Append(t.Context(), stop(strings.Repeat("i", 512), long))
	require.NoError(t, err)
}

func linksForget(t *testing.T, p Place) {
	ctx, s := t.Context(), p.open(t).Stores().Links
	a, b, c, d := handle(1), handle(2), handle(3), handle(4)
	u := party.Handle{Scheme: party.User, Value: "GB.1"}
	require.NoError(t, s.Join(ctx,
		party.Join{ID: "1", Handles: []party.Handle{a, u}, At: day},
		party.Join{ID: "2", Handles: []party.Handle{b, u}, At: day},
		party.Join{ID: "3", Handles: []party.Handle{c, d}, At: day}))
	require.NoError(t, s.Move(ctx,
		party.Move{ID: "m", From: c, To: b, At: day.Add(time.Hour)},
		party.Move{ID: "n", From: a, To: d, At: day.Add(-time.Hour)}))
	known := func(h party.Handle) party.Known {
		k, err := s.Known(ctx, []party.Handle{h})
		require.NoError(t, err)
		return k
	}
	require.Len(t, known(a).Handles, 3)
	require.Len(t, known(c).Handles, 1, "moved away")
	require.NoError(t, s.(party.Forgetter).Forget(ctx, []party.Handle{b}))
	require.Equal(t, party.Known{Handles: []party.Handle{b}}, known(b))
	require.Equal(t, []party.Handle{a, u}, known(u).Handles, "what does not name it stays")
	require.Equal(t, party.Known{Handles: []party.Handle{c, d}, Moves: known(d).Moves}, known(c), "who moved to it never did")
	require.Len(t, known(d).Moves, 1)
}

// joined holds what one statement finds against what the links and the ledger
// say one after the other.
func joined(t *testing.T, p Place) {
	ctx, db := t.Context(), p.open(t)
	s := db.Stores()
	const crowd = 30
	of := func(n int) party.Handle {
		if n%2 == 0 {
			return handle(n)
		}
		return party.Handle{Scheme: party.User, Value: fmt.Sprint("GB.", n)}
	}
	check := func() {
		for n := range crowd {
			for _, asked := range [][]party.Handle{{of(n)}, {of(n), of(n), of((n + 7) % crowd)}} {
				k, err := s.Links.Known(ctx, asked)
				require.NoError(t, err)
				want, err := s.Consent.Events(ctx, k.Handles)
				require.NoError(t, err)
				all, got, err := s.Consent.(optin.Joiner).Joined(ctx, s.Links, asked)
				require.NoError(t, err)
				require.ElementsMatch(t, k.Handles, all)
				require.Equal(t, of(n), all[0], "what was asked for comes first")
				require.Equal(t, want, got)
			}
		}
	}
	check()
	for i := range 40 {
		a, b := rand.IntN(crowd), rand.IntN(crowd)
		at := day.Add(time.Duration(i) * time.Minute)
		switch {
		case a == b:
		case i%5 == 4 && of(a).Scheme == of(b).Scheme:
			require.NoError(t, s.Links.Move(ctx, party.Move{ID: fmt.Sprint("m", i), From: of(a), To: of(b), At: at}))
		default:
			require.NoError(t, s.Links.Join(ctx, party.Join{ID: fmt.Sprint("j", i), Handles: []party.Handle{of(a), of(b)}, At: at}))
		}
		_, err := s.Consent.Append(ctx, stop(fmt.Sprint("e", i), of(a), of(b)))
		require.NoError(t, err)
	}
	check()
	h, err := s.Consent.Events(ctx, []party.Handle{of(1)})
	require.NoError(t, err)
	_, err = s.Consent.(optin.Eraser).Erase(ctx, optin.Erasure{Events: h.Events, Handles: []party.Handle{of(1)}, At: day, Keep: []optin.Suppression{{Digest: optin.Digest{1}, At: day}}})
	require.NoError(t, err)
	check()
	_, _, err = s.Consent.(optin.Joiner).Joined(ctx, party.NewMemory(), []party.Handle{of(1)})
	require.ErrorIs(t, err, errors.ErrUnsupported, "links of somebody else are not in these tables")
	_, _, err = s.Consent.(optin.Joiner).Joined(ctx, p.open(t).Stores().Links, []party.Handle{of(1)})
	require.ErrorIs(t, err, errors.ErrUnsupported)
}
