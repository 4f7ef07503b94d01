package sqlstoretest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/window"
)

// A Row is one row of the table that benchmarks of the bare driver use.
type Row struct {
	Scope, Scheme, Value string
	At                   int64
	ID, Body             string
}

// A Bulk loads rows into table t in the fastest way the driver has, all or
// none.
type Bulk func(ctx context.Context, pool *sql.DB, rows []Row) error

// Prepared is the Bulk of a driver that has no other: a prepared statement in a
// transaction.
func Prepared(ctx context.Context, pool *sql.DB, rows []Row) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	st, err := tx.PrepareContext(ctx, "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := st.ExecContext(ctx, r.Scope, r.Scheme, r.Value, r.At, r.ID, r.Body); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Bench measures the stores beside the bare driver. Each benchmark named
// "driver" does the same work with the driver's own prepared statements, on a
// table of the same shape, without the stores: what the stores cost is the ratio
// of two lines of one run.
func Bench(b *testing.B, fresh func(t testing.TB) Place, bulk Bulk) {
	b.Run("read", func(b *testing.B) { benchRead(b, fresh) })
	b.Run("append", func(b *testing.B) { benchAppend(b, fresh) })
	b.Run("batch", func(b *testing.B) { benchBatch(b, fresh) })
	b.Run("concurrent", func(b *testing.B) { benchConcurrent(b, fresh) })
	b.Run("import", func(b *testing.B) { benchImport(b, fresh, bulk) })
	b.Run("sender", func(b *testing.B) { benchSender(b, fresh(b)) })
	b.Run("sealing", func(b *testing.B) { benchSealing(b, fresh) })
}

// bare is a table like that of consent, without anything around it.
func bare(b *testing.B, p Place) *sql.DB {
	b.Helper()
	text, number, end := "TEXT NOT NULL", "INTEGER NOT NULL", " WITHOUT ROWID"
	switch p.Dialect {
	case sqlstore.PostgreSQL:
		text, number, end = `TEXT COLLATE "C" NOT NULL`, "BIGINT NOT NULL", ""
	case sqlstore.MariaDB:
		text, number, end = "VARBINARY(512) NOT NULL", "BIGINT NOT NULL", " ENGINE = InnoDB ROW_FORMAT = DYNAMIC"
	}
	pool := p.Pool(b)
	body := text
	if p.Dialect == sqlstore.MariaDB {
		body = "LONGBLOB NOT NULL"
	}
	if p.Dialect == sqlstore.SQLite { // as the stores have it
		_, err := pool.Exec("PRAGMA journal_mode = WAL")
		require.NoError(b, err)
	}
	_, err := pool.Exec("CREATE TABLE t (scope " + text + ", scheme " + text + ", value " + text + ", at " + number + ", id " + text +
		", body " + body + ", PRIMARY KEY (scope, scheme, value, at, id))" + end)
	require.NoError(b, err)
	return pool
}

// words numbers placeholders where the dialect wants it.
func (p Place) words(query string) string {
	if p.Dialect != sqlstore.PostgreSQL {
		return query
	}
	parts := strings.Split(query, "?")
	for i := range parts[:len(parts)-1] {
		parts[i] += "$" + strconv.Itoa(i+1)
	}
	return strings.Join(parts, "")
}

func bodyOf(b *testing.B, e optin.Event) string {
	b.Helper()
	body, err := json.Marshal(e)
	require.NoError(b, err)
	return string(body)
}

const people = 20_000

func benchRead(b *testing.B, fresh func(t testing.TB) Place) {
	ctx := context.Background()
	b.Run("driver", func(b *testing.B) {
		p := fresh(b)
		pool := bare(b, p)
		tx, err := pool.Begin()
		require.NoError(b, err)
		body := bodyOf(b, grant("g", handle(0)))
		insert, err := tx.Prepare(p.words("INSERT INTO t VALUES ('', ?, ?, ?, ?, ?)"))
		require.NoError(b, err)
		for i := range people {
			h := handle(i)
			_, err := insert.Exec(h.Scheme, h.Value, day.UnixMicro(), fmt.Sprint("g", i), body)
			require.NoError(b, err)
		}
		require.NoError(b, tx.Commit())
		st, err := pool.Prepare(p.words("SELECT at, id, body FROM t WHERE scope = ? AND scheme = ? AND value = ? ORDER BY at, id"))
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
	p := fresh(b)
	s := p.open(b).Stores()
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
		require.NoError(b, s.Atomic(ctx, func(ctx context.Context) error {
			for i := from; i < from+1000; i++ {
				if _, err := s.Pace.Apply(ctx, pace.Who{Handles: []party.Handle{handle(i)}}, day, spend("f")); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	each := func(name string, one func(hs []party.Handle) (int, error)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if n, err := one([]party.Handle{handle(i * 7919 % people)}); err != nil || n != 1 {
					b.Fatal(n, err)
				}
				i++
			}
		})
	}
	each("consent", func(hs []party.Handle) (int, error) {
		h, err := s.Consent.Events(ctx, hs)
		return len(h.Events), err
	})
	each("window", func(hs []party.Handle) (int, error) {
		ms, err := s.Windows.Marks(ctx, window.Place{Line: party.Line{Number: "1"}, Handles: hs})
		return len(ms), err
	})
	each("pace", func(hs []party.Handle) (int, error) {
		st, err := s.Pace.Read(ctx, pace.Who{Handles: hs})
		return len(st.Tab.Spent), err
	})
	each("links", func(hs []party.Handle) (int, error) {
		k, err := s.Links.Known(ctx, hs)
		return len(k.Handles), err
	})
	for n := 1; n <= 3; n++ {
		b.Run("linked/handles="+strconv.Itoa(n), func(b *testing.B) { benchLinked(b, p, s, n) })
	}
}

// benchLinked looks from one handle of a person to the window, over links to n
// handles in all; the person wrote under the last of them.
func benchLinked(b *testing.B, p Place, s compliance.Stores, n int) {
	const persons = 2_000
	ctx := context.Background()
	line := party.Line{Number: "linked-" + strconv.Itoa(n)}
	of := func(i int) []party.Handle {
		id := strconv.Itoa(n) + strconv.Itoa(1_000_000+i)
		return []party.Handle{{Scheme: party.Phone, Value: "+4479" + id}, {Scheme: party.User, Value: "GB.1" + id}, {Scheme: party.User, Value: "GB.2" + id}}[:n]
	}
	var list []window.Mark
	for i := range persons {
		hs := of(i)
		if n > 1 {
			require.NoError(b, s.Links.Join(ctx, party.Join{ID: "j" + hs[0].Value, Handles: hs, At: day}))
		}
		list = append(list, window.Mark{ID: "w" + hs[0].Value, Kind: window.Wrote, At: day, Received: day, Place: window.Place{Line: line, Handles: hs[n-1:]}})
	}
	require.NoError(b, s.Windows.Note(ctx, list...))
	switch p.Dialect { // as servers do by themselves after a while
	case sqlstore.PostgreSQL:
		_, err := p.Pool(b).Exec("ANALYZE")
		require.NoError(b, err)
	case sqlstore.MariaDB:
		_, err := p.Pool(b).Exec("ANALYZE TABLE waguard_bond, waguard_move, waguard_mark")
		require.NoError(b, err)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		known, err := s.Links.Known(ctx, of(i * 7919 % persons)[:1])
		if err != nil {
			b.Fatal(err)
		}
		ms, err := s.Windows.Marks(ctx, window.Place{Line: line, Handles: known.Handles})
		if err != nil || len(ms) != 1 {
			b.Fatal(len(ms), err)
		}
		i++
	}
}

// spend is what a reply uses up.
func spend(name string) *pace.Spend {
	return &pace.Spend{Name: name, Number: "1", Pair: pace.Rate{Interval: 6 * time.Second, Burst: 45, Retry: 4}}
}

const insertRow = "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)"

func benchAppend(b *testing.B, fresh func(t testing.TB) Place) {
	ctx := context.Background()
	b.Run("driver", func(b *testing.B) {
		p := fresh(b)
		st, err := bare(b, p).Prepare(p.words(insertRow))
		require.NoError(b, err)
		body := bodyOf(b, stop("s", handle(0)))
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			h := handle(i % people)
			if _, err := st.ExecContext(ctx, "", h.Scheme, h.Value, day.UnixMicro(), fmt.Sprint("s", i), body); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("consent", func(b *testing.B) {
		s := fresh(b).open(b).Stores().Consent
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			if done, err := s.Append(ctx, stop(fmt.Sprint("s", i), handle(i%people))); err != nil || done.Added != 1 {
				b.Fatal(done, err)
			}
			i++
		}
	})
	b.Run("pace", func(b *testing.B) {
		s := fresh(b).open(b).Stores().Pace
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			room, err := s.Apply(ctx, pace.Who{Handles: []party.Handle{handle(i % people)}}, day.Add(time.Duration(i/people)*6*time.Second), spend(fmt.Sprint("f", i)))
			if err != nil || !room.Enough() {
				b.Fatal(room, err)
			}
			i++
		}
	})
	b.Run("journal", func(b *testing.B) {
		s := fresh(b).open(b).Stores().Journal
		b.ReportAllocs()
		for b.Loop() {
			if err := s.Append(ctx, entry("d-1")); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// benchBatch appends 1,000 events a transaction.
func benchBatch(b *testing.B, fresh func(t testing.TB) Place) {
	const size = 1000
	ctx := context.Background()
	b.Run("driver", func(b *testing.B) {
		p := fresh(b)
		pool := bare(b, p)
		st, err := pool.Prepare(p.words(insertRow))
		require.NoError(b, err)
		body := bodyOf(b, grant("s", handle(0)))
		i := 0
		for b.Loop() {
			tx, err := pool.Begin()
			if err != nil {
				b.Fatal(err)
			}
			in := tx.Stmt(st)
			for range size {
				h := handle(i % people)
				if _, err := in.ExecContext(ctx, "", h.Scheme, h.Value, day.UnixMicro(), fmt.Sprint("s", i), body); err != nil {
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
		s := fresh(b).open(b).Stores().Consent
		i := 0
		for b.Loop() {
			if done, err := s.Append(ctx, grants(i, size)...); err != nil || done.Added != size {
				b.Fatal(done.Added, err)
			}
			i += size
		}
		b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "rows/s")
	})
}

func grants(from, n int) []optin.Event {
	events := make([]optin.Event, n)
	for k := range events {
		events[k] = grant(fmt.Sprint("s", from+k), handle((from+k)%people))
	}
	return events
}

// benchConcurrent is 64 callers, each waiting for its own commit.
func benchConcurrent(b *testing.B, fresh func(t testing.TB) Place) {
	ctx := context.Background()
	parallel := func(b *testing.B, one func(i int) error) {
		var next atomic.Int64
		b.SetParallelism(32) // times GOMAXPROCS
		b.ReportAllocs()
		b.ResetTimer()
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
		p := fresh(b)
		pool := bare(b, p)
		pool.SetMaxIdleConns(64)
		if p.Dialect == sqlstore.SQLite {
			pool.SetMaxOpenConns(1) // its callers would only wait for each other's locks
		}
		st, err := pool.Prepare(p.words(insertRow))
		require.NoError(b, err)
		body := bodyOf(b, stop("s", handle(0)))
		parallel(b, func(i int) error {
			h := handle(i % people)
			_, err := st.ExecContext(ctx, "", h.Scheme, h.Value, day.UnixMicro(), fmt.Sprint("s", i), body)
			return err
		})
	})
	b.Run("consent", func(b *testing.B) {
		s := fresh(b).open(b).Stores().Consent
		parallel(b, func(i int) error {
			_, err := s.Append(ctx, stop(fmt.Sprint("s", i), handle(i%people)))
			return err
		})
	})
	b.Run("pace", func(b *testing.B) {
		s := fresh(b).open(b).Stores().Pace
		parallel(b, func(i int) error {
			_, err := s.Apply(ctx, pace.Who{Handles: []party.Handle{handle(i % people)}}, day.Add(time.Duration(i/people)*6*time.Second), spend(fmt.Sprint("f", i)))
			return err
		})
	})
	b.Run("journal", func(b *testing.B) {
		s := fresh(b).open(b).Stores().Journal
		parallel(b, func(int) error { return s.Append(ctx, entry("d-1")) })
	})
	b.Run("enter and leave", func(b *testing.B) {
		s := fresh(b).open(b).Stores().Consent
		parallel(b, func(i int) error {
			id := fmt.Sprint("f", i)
			if err := s.Enter(ctx, optin.Flight{ID: id, Handles: []party.Handle{handle(i % people)}, Entered: day, Expires: day.Add(time.Minute)}); err != nil {
				return err
			}
			return s.Leave(ctx, id)
		})
	})
}

// benchImport loads 10,000 rows at a time: a million with -benchtime=100x.
func benchImport(b *testing.B, fresh func(t testing.TB) Place, bulk Bulk) {
	const size = 10_000
	ctx := context.Background()
	contact := func(i int) party.Handle {
		return party.Handle{Scheme: party.Phone, Value: fmt.Sprintf("+4477%08d", i)}
	}
	b.Run("driver", func(b *testing.B) {
		pool := bare(b, fresh(b))
		i := 0
		for b.Loop() {
			rows := make([]Row, size)
			for k := range rows {
				h, e := contact(i), grant(fmt.Sprint("s", i), contact(i))
				rows[k] = Row{Scheme: h.Scheme, Value: h.Value, At: day.UnixMicro(), ID: e.ID, Body: bodyOf(b, e)}
				i++
			}
			if err := bulk(ctx, pool, rows); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("consent", func(b *testing.B) {
		s := fresh(b).open(b).Stores().Consent
		i := 0
		for b.Loop() {
			for range 10 {
				events := grants(i, size/10)
				for k := range events {
					events[k].Handles[0] = contact(i)
					i++
				}
				if _, err := s.Append(ctx, events...); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "rows/s")
	})
}

// benchSender is one reply inside the window, from look-up to settled: what is
// read of consent, links, window, account and pace, and its durable writes one
// after another (that the business replied, flight, pace, decision, outcome, the
// flight's end).
func benchSender(b *testing.B, p Place) {
	s := sender(b, p.open(b))
	ctx := context.Background()
	// Many customers: replies of seven days are read with each, and one who got
	// thousands is nobody.
	const customers = 500
	messages := make([]compliance.Message, customers)
	for i := range messages {
		messages[i] = reply(party.Party{Phone: handle(i).Value})
		_, err := s.Inbox().Receive(ctx, wrote(fmt.Sprint("wamid.in", i), "Is the blue coat back?", messages[i].To, 20*time.Minute))
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
