package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
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

func entry(id string) journal.Entry { e := decision; e.ID = id; return e }

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
