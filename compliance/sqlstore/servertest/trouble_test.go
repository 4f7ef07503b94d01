//go:build unix

package servertest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/servertest"
	"github.com/waguard/waguard/compliance/sqlstore/sqlstoretest"
	"github.com/waguard/waguard/optin"
)

func TestTroubleOnPostgres(t *testing.T) { trouble(t, servertest.Postgres(t).Fresh) }

func TestTroubleOnMariaDB(t *testing.T) { trouble(t, servertest.MariaDB(t).Fresh) }

func trouble(t *testing.T, fresh func(t testing.TB) sqlstoretest.Place) {
	for _, c := range []struct {
		name string
		test func(*testing.T, sqlstoretest.Place)
	}{
		{"another process holds the lock", locked},
		{"connections break while nothing goes on", brokenIdle},
		{"the connection breaks inside an atomic", brokenInside},
		{"connections break under load", brokenUnderLoad},
		{"the pool is exhausted", exhausted},
		{"nobody listens", nobodyListens},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, fresh(t)) })
	}
}

var (
	day = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	who = []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}}
)

func stop(id string) optin.Event {
	return optin.Event{ID: id, Kind: optin.Revoked, Handles: who, At: day, Received: day, Channel: optin.Email}
}

func entry(id string) journal.Entry {
	return journal.Entry{ID: id, At: day, Kind: "decision", Body: []byte(`{}`)}
}

func open(t *testing.T, p sqlstoretest.Place) *sqlstore.DB {
	t.Helper()
	db, err := p.Open()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func kept(t *testing.T, db *sqlstore.DB) map[string]int {
	t.Helper()
	ids := map[string]int{}
	for l, err := range db.Stores().Journal.Links(context.Background()) {
		require.NoError(t, err)
		ids[l.ID]++
	}
	return ids
}

// cut breaks every connection to the database but its own.
func cut(t *testing.T, p sqlstoretest.Place) {
	t.Helper()
	pool := p.Pool(t)
	defer pool.Close()
	if p.Dialect == sqlstore.PostgreSQL {
		_, err := pool.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		require.NoError(t, err)
		return
	}
	rows, err := pool.Query("SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()")
	require.NoError(t, err)
	var ids []int64
	for rows.Next() {
		var id int64
		require.NoError(t, rows.Scan(&id))
		ids = append(ids, id)
	}
	require.NoError(t, rows.Err())
	for _, id := range ids {
		_, _ = pool.Exec(fmt.Sprintf("KILL %d", id)) // it may be gone by now
	}
}

func locked(t *testing.T, p sqlstoretest.Place) {
	a, b := open(t, p), open(t, p)
	require.NoError(t, a.Atomic(t.Context(), func(ctx context.Context) error {
		short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		require.ErrorIs(t, b.Stores().Journal.Append(short, entry("cancelled")), context.DeadlineExceeded, "a caller does not wait longer than its context")
		_, err := b.Stores().Consent.Events(t.Context(), who)
		require.NoError(t, err, "reading goes on")
		if testing.Short() {
			return nil
		}
		err = b.Stores().Journal.Append(t.Context(), entry("busy"))
		require.ErrorIs(t, err, sqlstore.ErrBusy)
		return a.Stores().Journal.Append(ctx, entry("first"))
	}))
	require.NoError(t, b.Stores().Journal.Append(t.Context(), entry("second")))
	require.Zero(t, kept(t, a)["busy"])
	require.Equal(t, 1, kept(t, a)["second"])
}

func brokenIdle(t *testing.T, p sqlstoretest.Place) {
	db := open(t, p)
	s := db.Stores()
	for i := range 3 {
		require.NoError(t, s.Journal.Append(t.Context(), entry(fmt.Sprint(i))))
		_, err := s.Consent.Events(t.Context(), who)
		require.NoError(t, err)
		cut(t, p)
	}
	_, err := s.Consent.Append(t.Context(), stop("e"))
	require.NoError(t, err)
	h, err := s.Consent.Events(t.Context(), who)
	require.NoError(t, err)
	require.Len(t, h.Events, 1)
	require.Len(t, kept(t, db), 3)
}

func brokenInside(t *testing.T, p sqlstoretest.Place) {
	db := open(t, p)
	s := db.Stores()
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		require.NoError(t, s.Journal.Append(ctx, entry("before")))
		cut(t, p)
		require.ErrorIs(t, s.Journal.Append(ctx, entry("after")), sqlstore.ErrLost)
		return nil
	})
	require.ErrorIs(t, err, sqlstore.ErrLost)
	err = db.Atomic(t.Context(), func(ctx context.Context) error {
		require.NoError(t, s.Journal.Append(ctx, entry("before")))
		cut(t, p)
		_, err := s.Consent.Events(ctx, who)
		require.ErrorIs(t, err, sqlstore.ErrLost, "never that nobody is on record")
		return nil
	})
	require.ErrorIs(t, err, sqlstore.ErrLost)
	require.NoError(t, s.Journal.Append(t.Context(), entry("next")))
	require.Equal(t, map[string]int{"next": 1}, kept(t, db))
}

// What was acknowledged is there once, and what was not is there at most once.
func brokenUnderLoad(t *testing.T, p sqlstoretest.Place) {
	db := open(t, p)
	s := db.Stores()
	ctx, cancel := context.WithCancel(t.Context())
	var mu sync.Mutex
	told := map[string]error{}
	var wg sync.WaitGroup
	for w := range 6 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				id := fmt.Sprintf("%d-%d", w, i)
				err := s.Journal.Append(context.Background(), entry(id))
				mu.Lock()
				told[id] = err
				mu.Unlock()
			}
		})
	}
	for range 12 {
		time.Sleep(30 * time.Millisecond)
		cut(t, p)
	}
	cancel()
	wg.Wait()
	ids, good := kept(t, db), 0
	for id, err := range told {
		if err == nil {
			good++
			require.Equal(t, 1, ids[id], "%s was acknowledged", id)
			continue
		}
		require.ErrorIs(t, err, sqlstore.ErrLost)
		require.LessOrEqual(t, ids[id], 1, "%s was not", id)
	}
	require.NotZero(t, good)
	t.Logf("%d acknowledged, %d not", good, len(told)-good)
	_, err := journal.Verify(s.Journal.Links(t.Context()))
	require.NoError(t, err)
}

func exhausted(t *testing.T, p sqlstoretest.Place) {
	pool := p.Pool(t)
	pool.SetMaxOpenConns(2)
	db, err := sqlstore.Open(t.Context(), pool, p.Dialect)
	require.NoError(t, err)
	defer db.Close()
	_, err = db.Stores().Consent.Append(t.Context(), stop("e")) // takes one, and keeps it
	require.NoError(t, err)
	conn, err := pool.Conn(t.Context())
	require.NoError(t, err)
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = db.Stores().Consent.Events(short, who)
	require.ErrorIs(t, err, sqlstore.ErrExhausted)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = db.Stores().Consent.Append(t.Context(), stop("f"))
	require.NoError(t, err, "writing has its own")
	require.NoError(t, conn.Close())
	h, err := db.Stores().Consent.Events(t.Context(), who)
	require.NoError(t, err)
	require.Len(t, h.Events, 2)
}

func nobodyListens(t *testing.T, p sqlstoretest.Place) {
	for dialect, at := range map[sqlstore.Dialect][2]string{
		sqlstore.PostgreSQL: {"pgx", "postgres://waguard@127.0.0.1:1/waguard?sslmode=disable"},
		sqlstore.MariaDB:    {"mysql", "waguard@tcp(127.0.0.1:1)/waguard"},
	} {
		if dialect != p.Dialect {
			continue
		}
		pool, err := sql.Open(at[0], at[1])
		require.NoError(t, err)
		defer pool.Close()
		_, err = sqlstore.Open(t.Context(), pool, dialect)
		require.ErrorIs(t, err, sqlstore.ErrLost)
	}
}

// After a failover the old primary may still answer, but takes no writes.
func TestReadOnlyMariaDB(t *testing.T) {
	if os.Getenv("WAGUARD_MARIADB") != "" {
		t.Skip("it would make a server read-only that belongs to others")
	}
	p := servertest.MariaDB(t).Fresh(t)
	admin := p.Pool(t)
	var name string
	require.NoError(t, admin.QueryRow("SELECT DATABASE()").Scan(&name))
	tell := func(query string) {
		_, err := admin.Exec(query)
		require.NoError(t, err)
	}
	tell("CREATE USER app@localhost IDENTIFIED BY 'app'")
	tell("CREATE USER app@127.0.0.1 IDENTIFIED BY 'app'")
	tell("GRANT ALL ON " + name + ".* TO app@localhost, app@127.0.0.1")
	var port string
	require.NoError(t, admin.QueryRow("SELECT @@port").Scan(&port))
	pool, err := sql.Open("mysql", "app:app@tcp(127.0.0.1:"+port+")/"+name)
	require.NoError(t, err)
	defer pool.Close()
	db, err := sqlstore.Open(t.Context(), pool, sqlstore.MariaDB)
	require.NoError(t, err)
	defer db.Close()
	_, err = db.Stores().Consent.Append(t.Context(), stop("e"))
	require.NoError(t, err)
	tell("SET GLOBAL read_only = 1")
	_, err = db.Stores().Consent.Append(t.Context(), stop("f"))
	_, read := db.Stores().Consent.Events(t.Context(), who)
	tell("SET GLOBAL read_only = 0")
	require.ErrorIs(t, err, sqlstore.ErrReadOnly)
	require.NoError(t, read)
	_, err = db.Stores().Consent.Append(t.Context(), stop("f"))
	require.NoError(t, errors.Join(err))
}
