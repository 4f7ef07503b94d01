package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync/atomic"
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

// Each benchmark named "driver" does the same work with the driver's own
// prepared statements, on a table of the same shape, without the stores: what
// the stores cost is the ratio of two lines of one run.

func handle(n int) party.Handle {
	return party.Handle{Scheme: party.Phone, Value: fmt.Sprintf("+4477009%05d", n)}
}

func grant(id string, h party.Handle) optin.Event {
	return optin.Event{ID: id, Kind: optin.Granted, Handles: []party.Handle{h}, Purposes: []optin.Purpose{optin.Marketing},
		At: day, Received: day, Channel: optin.Web,
		Evidence: &optin.Evidence{Source: optin.WebForm, Wording: "Send me news on WhatsApp", BusinessName: "Example Ltd", Locale: "en"}}
}

func stop(id string, h party.Handle) optin.Event {
	return optin.Event{ID: id, Kind: optin.Revoked, Handles: []party.Handle{h}, At: day, Received: day, Channel: optin.WhatsApp}
}

// durable opens a file as the app does: synced.
func durable(b *testing.B) *sqlstore.DB {
	b.Helper()
	db, err := sqlite.Open(filepath.Join(b.TempDir(), "waguard.db"))
	require.NoError(b, err)
	b.Cleanup(func() { db.Close() })
	return db
}

// bare is a table like that of consent, without anything around it.
func bare(b *testing.B) *sql.DB {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+
		"?_busy_timeout=5000&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	require.NoError(b, err)
	b.Cleanup(func() { db.Close() })
	_, err = db.Exec("CREATE TABLE t (scope TEXT NOT NULL, scheme TEXT NOT NULL, value TEXT NOT NULL, at INTEGER NOT NULL," +
		" id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (scope, scheme, value, at, id)) WITHOUT ROWID")
	require.NoError(b, err)
	return db
}

const people = 20_000

func BenchmarkPointRead(b *testing.B) {
	ctx := context.Background()
	b.Run("driver", func(b *testing.B) {
		db := bare(b)
		tx, err := db.Begin()
		require.NoError(b, err)
		body, err := json.Marshal(grant("g", handle(0)))
		require.NoError(b, err)
		for i := range people {
			h := handle(i)
			_, err := tx.Exec("INSERT INTO t VALUES ('', ?, ?, ?, ?, ?)", h.Scheme, h.Value, day.UnixMicro(), fmt.Sprint("g", i), string(body))
			require.NoError(b, err)
		}
		require.NoError(b, tx.Commit())
		st, err := db.Prepare("SELECT at, id, body FROM t WHERE scope = ? AND scheme = ? AND value = ? ORDER BY at, id")
		require.NoError(b, err)
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			h := handle(i * 7919 % people)
			rows, err := st.QueryContext(ctx, "", h.Scheme, h.Value)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for rows.Next() {
				var at int64
				var id, body string
				if err := rows.Scan(&at, &id, &body); err != nil {
					b.Fatal(err)
				}
				n++
			}
			if err := rows.Close(); err != nil || n != 1 {
				b.Fatal(n, err)
			}
			i++
		}
	})
	db := durable(b)
	s := db.Stores()
	for from := 0; from < people; from += 1000 {
		var events []optin.Event
		var list []window.Mark
		for i := from; i < from+1000; i++ {
			events = append(events, grant(fmt.Sprint("g", i), handle(i)))
			list = append(list, window.Mark{ID: fmt.Sprint("w", i), Kind: window.Wrote, At: day, Received: day,
				Place: window.Place{Line: party.Line{Number: "1"}, Handles: []party.Handle{handle(i)}}})
		}
		_, err := s.Consent.Append(ctx, events...)
		require.NoError(b, err)
		require.NoError(b, s.Windows.Note(ctx, list...))
	}
	b.Run("consent", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			h, err := s.Consent.Events(ctx, []party.Handle{handle(i * 7919 % people)})
			if err != nil || len(h.Events) != 1 {
				b.Fatal(len(h.Events), err)
			}
			i++
		}
	})
	b.Run("window", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			ms, err := s.Windows.Marks(ctx, window.Place{Line: party.Line{Number: "1"}, Handles: []party.Handle{handle(i * 7919 % people)}})
			if err != nil || len(ms) != 1 {
				b.Fatal(len(ms), err)
			}
			i++
		}
	})
	b.Run("links", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			k, err := s.Links.Known(ctx, []party.Handle{handle(i * 7919 % people)})
			if err != nil || len(k.Handles) != 1 {
				b.Fatal(len(k.Handles), err)
			}
			i++
		}
	})
}

func BenchmarkDurableAppend(b *testing.B) {
	ctx := context.Background()
	b.Run("driver", func(b *testing.B) {
		db := bare(b)
		st, err := db.Prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)")
		require.NoError(b, err)
		body, err := json.Marshal(stop("s", handle(0)))
		require.NoError(b, err)
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			h := handle(i % people)
			if _, err := st.ExecContext(ctx, "", h.Scheme, h.Value, day.UnixMicro(), fmt.Sprint("s", i), string(body)); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("consent", func(b *testing.B) {
		s := durable(b).Stores().Consent
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			if done, err := s.Append(ctx, stop(fmt.Sprint("s", i), handle(i%people))); err != nil || done.Added != 1 {
				b.Fatal(done, err)
			}
			i++
		}
	})
	b.Run("journal", func(b *testing.B) {
		s := durable(b).Stores().Journal
		b.ReportAllocs()
		for b.Loop() {
			if err := s.Append(ctx, decision); err != nil {
				b.Fatal(err)
			}
		}
	})
}

var (
	day      = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	decision = journal.Entry{ID: "d-1", At: day, Kind: "decision", Digest: "5f2c", Body: json.RawMessage(`{"verdict":"allow"}`)}
)

// BenchmarkBatchAppend appends 1,000 events a transaction, as an import does.
func BenchmarkBatchAppend(b *testing.B) {
	const size = 1000
	ctx := context.Background()
	b.Run("driver", func(b *testing.B) {
		db := bare(b)
		st, err := db.Prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)")
		require.NoError(b, err)
		body, err := json.Marshal(grant("s", handle(0)))
		require.NoError(b, err)
		i := 0
		for b.Loop() {
			tx, err := db.Begin()
			if err != nil {
				b.Fatal(err)
			}
			in := tx.Stmt(st)
			for range size {
				h := handle(i % people)
				if _, err := in.ExecContext(ctx, "", h.Scheme, h.Value, day.UnixMicro(), fmt.Sprint("s", i), string(body)); err != nil {
					b.Fatal(err)
				}
				i++
			}
			if err := tx.Commit(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("consent", func(b *testing.B) {
		s := durable(b).Stores().Consent
		events := make([]optin.Event, size)
		i := 0
		for b.Loop() {
			for k := range events {
				events[k] = grant(fmt.Sprint("s", i), handle(i%people))
				i++
			}
			if done, err := s.Append(ctx, events...); err != nil || done.Added != size {
				b.Fatal(done.Added, err)
			}
		}
		b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkConcurrentAppend is 64 callers, each waiting for its own commit.
func BenchmarkConcurrentAppend(b *testing.B) {
	ctx := context.Background()
	parallel := func(b *testing.B, one func(i int) error) {
		var next atomic.Int64
		b.SetParallelism(32) // times GOMAXPROCS
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := one(int(next.Add(1))); err != nil {
					b.Error(err)
					return
				}
			}
		})
		b.ReportMetric(float64(next.Load())/b.Elapsed().Seconds(), "rows/s")
	}
	b.Run("driver", func(b *testing.B) {
		db := bare(b)
		db.SetMaxOpenConns(1) // its callers would only wait for each other's locks
		st, err := db.Prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)")
		require.NoError(b, err)
		body, err := json.Marshal(stop("s", handle(0)))
		require.NoError(b, err)
		parallel(b, func(i int) error {
			h := handle(i % people)
			_, err := st.ExecContext(ctx, "", h.Scheme, h.Value, day.UnixMicro(), fmt.Sprint("s", i), string(body))
			return err
		})
	})
	b.Run("consent", func(b *testing.B) {
		s := durable(b).Stores().Consent
		parallel(b, func(i int) error {
			_, err := s.Append(ctx, stop(fmt.Sprint("s", i), handle(i%people)))
			return err
		})
	})
	b.Run("journal", func(b *testing.B) {
		s := durable(b).Stores().Journal
		parallel(b, func(int) error { return s.Append(ctx, decision) })
	})
	b.Run("enter and leave", func(b *testing.B) {
		s := durable(b).Stores().Consent
		parallel(b, func(i int) error {
			id := fmt.Sprint("f", i)
			if err := s.Enter(ctx, optin.Flight{ID: id, Handles: []party.Handle{handle(i % people)}, Entered: day, Expires: day.Add(time.Minute)}); err != nil {
				return err
			}
			return s.Leave(ctx, id)
		})
	})
}
