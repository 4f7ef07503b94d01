package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/window"
)

// openAt opens a file by its path, synced, and closes it with the test.
func openAt(t testing.TB, path string, opts ...sqlite.Option) *sqlstore.DB {
	t.Helper()
	db, err := sqlite.Open(path, opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// beside opens the file without the stores, as another process would.
func beside(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_busy_timeout=5000")
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return db
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

func links(t testing.TB, db *sqlstore.DB) []string {
	t.Helper()
	var ids []string
	for l, err := range db.Stores().Journal.Links(context.Background()) {
		require.NoError(t, err)
		ids = append(ids, l.ID)
	}
	return ids
}

func entry(id string) journal.Entry { e := decision; e.ID = id; return e }

func TestAtomicKeepsAllOrNothing(t *testing.T) {
	db := open(t)
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
	require.Equal(t, []string{"kept"}, links(t, db))
	_, err := journal.Verify(s.Journal.Links(t.Context()))
	require.NoError(t, err)
}

func TestAtomicWithinAtomicIsOne(t *testing.T) {
	db := open(t)
	s := db.Stores()
	no := errors.New("no")
	require.ErrorIs(t, db.Atomic(t.Context(), func(ctx context.Context) error {
		require.NoError(t, s.Atomic(ctx, func(ctx context.Context) error {
			return s.Journal.Append(ctx, entry("inner"))
		}))
		require.Equal(t, 1, count(ctx, t, s.Journal))
		return no
	}), no)
	require.Empty(t, links(t, db), "the inner one is dropped with the outer")
}

func count(ctx context.Context, t testing.TB, j journal.Journal) (n int) {
	t.Helper()
	for _, err := range j.Links(ctx) {
		require.NoError(t, err)
		n++
	}
	return n
}

func TestAContextIsOverWithItsAtomic(t *testing.T) {
	db := open(t)
	s := db.Stores()
	var kept context.Context
	require.NoError(t, db.Atomic(t.Context(), func(ctx context.Context) error { kept = ctx; return nil }))
	require.ErrorIs(t, s.Journal.Append(kept, entry("late")), sqlstore.ErrTxOver)
	_, err := s.Consent.Events(kept, []party.Handle{handle(1)})
	require.ErrorIs(t, err, sqlstore.ErrTxOver)
	require.ErrorIs(t, db.Atomic(kept, func(context.Context) error { return nil }), sqlstore.ErrTxOver)
}

// poison makes every write of the event id "poison" fail half way.
func poison(t testing.TB, path string) {
	t.Helper()
	_, err := beside(t, path).Exec("CREATE TRIGGER poison BEFORE INSERT ON waguard_consent WHEN NEW.id = 'poison'" +
		" BEGIN SELECT RAISE(ABORT, 'poisoned'); END")
	require.NoError(t, err)
}

// A write that failed inside drops the whole, also when the function swallows
// the error: half of that write may be there.
func TestAFailedWriteDropsTheWholeAtomic(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waguard.db")
	db := openAt(t, path)
	poison(t, path)
	s := db.Stores()
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		require.NoError(t, s.Journal.Append(ctx, entry("before")))
		_, err := s.Consent.Append(ctx, stop("poison", handle(1)))
		require.ErrorIs(t, err, sqlstore.ErrConstraint)
		require.ErrorIs(t, s.Journal.Append(ctx, entry("after")), sqlstore.ErrConstraint)
		return nil
	})
	require.ErrorIs(t, err, sqlstore.ErrConstraint)
	require.Empty(t, links(t, db))
	require.NoError(t, s.Journal.Append(t.Context(), entry("next")), "the writer goes on")
}

// Calls that share a commit do not share each other's failures.
func TestOneFailureInAGroupIsNobodyElses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waguard.db")
	db := openAt(t, path)
	poison(t, path)
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

func TestABusyDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waguard.db")
	db := openAt(t, path, sqlite.BusyTimeout(100*time.Millisecond))
	conn, err := beside(t, path).Conn(t.Context())
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)

	_, err = db.Stores().Consent.Append(t.Context(), stop("busy", handle(1)))
	require.ErrorIs(t, err, sqlstore.ErrBusy, "another process holds the lock for longer than the timeout")
	require.NotContains(t, err.Error(), handle(1).Value, "an error holds no number")

	patient := openAt(t, path)
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = patient.Stores().Consent.Append(short, stop("cancelled", handle(1)))
	require.ErrorIs(t, err, context.DeadlineExceeded, "a caller does not wait longer than its context")
	require.Empty(t, events(t, db, handle(1)), "reading goes on, and nothing was kept")

	_, err = conn.ExecContext(t.Context(), "ROLLBACK")
	require.NoError(t, err)
	_, err = db.Stores().Consent.Append(t.Context(), stop("free", handle(1)))
	require.NoError(t, err)
}

func TestReopenFindsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waguard.db")
	place := window.Place{Line: party.Line{Number: "1"}, Handles: []party.Handle{handle(1)}}
	db, err := sqlite.Open(path)
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

	db = openAt(t, path)
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
	require.Equal(t, []string{"d"}, links(t, db))
}

// TestCrash kills a process in the middle of its writes, several times over one
// file. Everything it was told had been kept is there, nothing is there by half,
// and the chain of the journal holds.
func TestCrash(t *testing.T) {
	const variable = "WAGUARD_TEST_CRASH"
	if path := os.Getenv(variable); path != "" {
		crashing(path)
		return
	}
	path := filepath.Join(t.TempDir(), "waguard.db")
	told := map[string]bool{}
	for round := range 3 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestCrash$")
		cmd.Env = append(os.Environ(), variable+"="+path)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for n := 0; n < 150+50*round && lines.Scan(); n++ {
			told[lines.Text()] = true
		}
		require.NoError(t, cmd.Process.Kill())
		for lines.Scan() { // what it still said before it died
			told[lines.Text()] = true
		}
		_ = cmd.Wait()
	}
	require.Greater(t, len(told), 400)
	db := openAt(t, path)
	s := db.Stores()
	kept := map[string]bool{}
	for l, err := range s.Journal.Links(t.Context()) {
		require.NoError(t, err)
		kept[l.ID] = true
	}
	_, err := journal.Verify(s.Journal.Links(t.Context()))
	require.NoError(t, err)
	byEvent := map[string]int{}
	for w := range 8 {
		for _, h := range []party.Handle{handle(w), {Scheme: party.User, Value: fmt.Sprint("GB.", w)}} {
			hist, err := s.Consent.Events(t.Context(), []party.Handle{h})
			require.NoError(t, err)
			require.Equal(t, uint64(len(hist.Events)), hist.Version)
			for _, e := range hist.Events {
				byEvent[e.ID]++
			}
		}
	}
	for id := range told {
		require.True(t, kept[id], "%s was confirmed and is gone", id)
	}
	require.Len(t, byEvent, len(kept), "each transaction wrote one of both")
	for id, n := range byEvent {
		require.Equal(t, 2, n, "%s is under one of its two handles only", id)
		require.True(t, kept[id], "%s is in the ledger and not in the journal", id)
	}
}

// crashing writes until it is killed, and says what was confirmed. Lines are
// short enough to be written whole.
func crashing(path string) {
	db, err := sqlite.Open(path)
	if err != nil {
		panic(err)
	}
	s := db.Stores()
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), w, i)
				e := stop(id, handle(w))
				e.Handles = append(e.Handles, party.Handle{Scheme: party.User, Value: fmt.Sprint("GB.", w)})
				err := db.Atomic(context.Background(), func(ctx context.Context) error {
					if err := s.Journal.Append(ctx, entry(id)); err != nil {
						return err
					}
					_, err := s.Consent.Append(ctx, e)
					return err
				})
				if err != nil {
					panic(err)
				}
				if _, err := os.Stdout.WriteString(id + "\n"); err != nil {
					return // nobody listens any more
				}
			}
		})
	}
	wg.Wait()
}

// Two openings of one file are what two processes are.
func TestTwoProcessesShareAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waguard.db")
	dbs := []*sqlstore.DB{openAt(t, path), openAt(t, path)}
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

	// Order of a stop and a send across processes: a version read here does
	// not let a flight in after a stop there.
	h, err := dbs[0].Stores().Consent.Events(t.Context(), []party.Handle{handle(1)})
	require.NoError(t, err)
	_, err = dbs[1].Stores().Consent.Append(t.Context(), stop("last", handle(1)))
	require.NoError(t, err)
	err = dbs[0].Stores().Consent.Enter(t.Context(), optin.Flight{ID: "f", Handles: []party.Handle{handle(1)}, Version: h.Version, Entered: day, Expires: day.Add(time.Hour)})
	require.ErrorIs(t, err, optin.ErrMoved)
}

func TestScopesKnowNothingOfEachOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waguard.db")
	a := openAt(t, path, sqlite.With(sqlstore.WithScope("a"), sqlstore.WithWriter("host-1")))
	b := openAt(t, path, sqlite.With(sqlstore.WithScope("b"), sqlstore.WithWriter("host-1")))
	require.NotEqual(t, a.Stores().Key, b.Stores().Key)
	for _, db := range []*sqlstore.DB{a, b} {
		s := db.Stores()
		done, err := s.Consent.Append(t.Context(), stop("same id", handle(1)))
		require.NoError(t, err)
		require.Equal(t, 1, done.Added, "an id is taken in its own scope only")
		require.NoError(t, s.Journal.Append(t.Context(), entry("d")))
		require.Equal(t, []string{"same id"}, events(t, db, handle(1)))
		require.Equal(t, []string{"d"}, links(t, db))
	}
	require.NoError(t, a.Stores().Links.Join(t.Context(), party.Join{ID: "j", Handles: []party.Handle{handle(1), handle(2)}, At: day}))
	k, err := b.Stores().Links.Known(t.Context(), []party.Handle{handle(1)})
	require.NoError(t, err)
	require.Len(t, k.Handles, 1)
}

func TestOpenRefusesClearly(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	newer := filepath.Join(dir, "newer.db")
	require.NoError(t, openAt(t, newer).Close())
	_, err := beside(t, newer).Exec("INSERT INTO waguard_schema (version, name) VALUES (9999, 'of tomorrow')")
	require.NoError(t, err)
	rows := func() (n int) {
		require.NoError(t, beside(t, newer).QueryRow("SELECT COUNT(*) FROM waguard_schema").Scan(&n))
		return n
	}
	before := rows()
	key := filepath.Join(dir, "key.db")
	require.NoError(t, openAt(t, key).Close())
	_, err = beside(t, key).Exec("UPDATE waguard_secret SET value = x'0102'")
	require.NoError(t, err)

	for _, c := range []struct {
		why, path string
		is        error
		says      string
		opts      []sqlite.Option
	}{
		{why: "no path", says: "no path"},
		{why: "a database in memory", path: ":memory:", says: "MemoryStores"},
		{why: "a directory that is not there", path: filepath.Join(dir, "no", "where.db"), says: "no such file"},
		{why: "a directory", path: dir, says: "open"},
		{why: "no database", path: file("garbage.db", strings.Repeat("this is no database. ", 500)), is: sqlstore.ErrCorrupt, says: "not a database"},
		{why: "a newer version", path: newer, is: sqlstore.ErrNewer, says: "version 9999"},
		{why: "a damaged key", path: key, says: "key of the database is damaged"},
		{why: "no reader", path: filepath.Join(dir, "a.db"), says: "read", opts: []sqlite.Option{sqlite.Readers(0)}},
		{why: "no writer's name", path: filepath.Join(dir, "a.db"), says: "no name", opts: []sqlite.Option{sqlite.With(sqlstore.WithWriter(""))}},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := sqlite.Open(c.path, c.opts...)
			require.ErrorContains(t, err, c.says)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
		})
	}
	require.Equal(t, before, rows(), "a newer database is left alone")
}

func TestAReadOnlyDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waguard.db")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	pool, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	require.NoError(t, err)
	defer pool.Close()
	_, err = sqlstore.Open(t.Context(), pool, sqlstore.SQLite)
	require.ErrorIs(t, err, sqlstore.ErrReadOnly)
	require.ErrorContains(t, err, "sqlstore: open: ")

	// With its tables in place it can be read, and writes say what is wrong.
	full := filepath.Join(t.TempDir(), "full.db")
	db := openAt(t, full)
	_, err = db.Stores().Consent.Append(t.Context(), stop("e", handle(1)))
	require.NoError(t, err)
	pool, err = sql.Open("sqlite", "file:"+full+"?mode=ro")
	require.NoError(t, err)
	defer pool.Close()
	ro, err := sqlstore.Open(t.Context(), pool, sqlstore.SQLite)
	require.NoError(t, err)
	defer ro.Close()
	require.Equal(t, []string{"e"}, events(t, ro, handle(1)))
	_, err = ro.Stores().Consent.Append(t.Context(), stop("f", handle(1)))
	require.ErrorIs(t, err, sqlstore.ErrReadOnly)
}

func TestAPoolOfOneIsRefused(t *testing.T) {
	pool := beside(t, filepath.Join(t.TempDir(), "a.db"))
	pool.SetMaxOpenConns(1)
	_, err := sqlstore.Open(t.Context(), pool, sqlstore.SQLite)
	require.ErrorContains(t, err, "one connection")
	_, err = sqlstore.Open(t.Context(), nil, sqlstore.SQLite)
	require.ErrorContains(t, err, "no database")
	_, err = sqlstore.Open(t.Context(), pool, sqlstore.Dialect("oracle"))
	require.ErrorContains(t, err, "dialect")
}

// The app's own handle is left open, and its other tables alone.
func TestTheAppsOwnDatabase(t *testing.T) {
	pool := beside(t, filepath.Join(t.TempDir(), "app.db"))
	_, err := pool.Exec("CREATE TABLE orders (id INTEGER PRIMARY KEY)")
	require.NoError(t, err)
	db, err := sqlstore.Open(t.Context(), pool, sqlstore.SQLite)
	require.NoError(t, err)
	_, err = db.Stores().Consent.Append(t.Context(), stop("e", handle(1)))
	require.NoError(t, err)
	require.NoError(t, db.Close())
	_, err = pool.Exec("INSERT INTO orders VALUES (1)")
	require.NoError(t, err)
}

func TestANewFileIsItsOwnersOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "waguard.db")
	openAt(t, path)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "%s can be read by others", suffix)
	}
}

// Odd characters in a path are part of the name, not of the connection string.
func TestPathsAreTakenAsTheyAre(t *testing.T) {
	for _, name := range []string{"with space.db", "100%.db", "a?mode=ro&b.db", "ünïcödé#1.db"} {
		path := filepath.Join(t.TempDir(), name)
		openAt(t, path)
		_, err := os.Stat(path)
		require.NoError(t, err)
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.NotZero(t, info.Size(), "%s is where the tables are", name)
	}
}

// What one caller waits for does not depend on how long another one reads.
func TestWritesDoNotWaitForReaders(t *testing.T) {
	db := open(t)
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

func TestLargeBatches(t *testing.T) {
	db := open(t)
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
