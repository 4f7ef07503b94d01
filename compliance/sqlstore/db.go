package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance"
)

// A DB is every store of one scope on one database. It is safe for concurrent
// use, also beside other processes on the same database.
type DB struct {
	sql    *sql.DB
	words  wording
	scope  string
	writer string
	owned  bool
	key    []byte
	seal   *sealer // nil: plain

	reads  *session
	writes *writer

	paceWrites atomic.Uint64 // so that some of them tidy up

	mu     sync.RWMutex
	closed bool
}

// An Option changes what Open does.
type Option func(*DB)

// WithScope sets whose stores these are, where one database serves several
// businesses. The default is the empty scope. Scopes know nothing of each other.
func WithScope(scope string) Option { return func(db *DB) { db.scope = scope } }

// WithWriter names the writer whose chain the journal goes on; the default is
// "main". Processes that write to the same database may share a name: the
// database puts their entries into one order.
func WithWriter(name string) Option { return func(db *DB) { db.writer = name } }

// Owned makes Close close the *sql.DB too.
func Owned() Option { return func(db *DB) { db.owned = true } }

// Open opens the stores in a database, and makes or brings up to date their
// tables. One connection of the pool is kept for writing until Close, so the
// pool has to allow two at least. The pool has to lead to one primary: what a
// replica answers may be older than a stop.
func Open(ctx context.Context, db *sql.DB, d Dialect, opts ...Option) (*DB, error) {
	words, err := d.wording()
	if err != nil {
		return nil, err
	}
	s := &DB{sql: db, words: words, writer: "main"}
	for _, o := range opts {
		o(s)
	}
	switch {
	case db == nil:
		return nil, errors.New("sqlstore: open: no database")
	case db.Stats().MaxOpenConnections == 1:
		return nil, errors.New("sqlstore: open: the pool allows one connection; one to write and one to read are needed")
	case s.writer == "" || !utf8.ValidString(s.writer) || !utf8.ValidString(s.scope):
		return nil, errors.New("sqlstore: open: the writer has no name, or a name is no UTF-8")
	case words.longest > 0 && (len(s.writer) > 255 || len(s.scope) > 255):
		return nil, errors.New("sqlstore: open: the name of the writer or the scope has more than 255 bytes")
	}
	if s.seal != nil {
		if err := s.seal.ready(s.scope); err != nil {
			return nil, err
		}
	}
	s.reads = newSession(words, db.PrepareContext)
	s.writes = newWriter(db, words, s.scope)
	if err := s.prepareSchema(ctx, d); err != nil {
		s.reads.close()
		return nil, s.fail(ctx, "open", err)
	}
	return s, nil
}

// prepareSchema runs what has not run of the migrations, and fetches the key.
func (db *DB) prepareSchema(ctx context.Context, d Dialect) error {
	migrations, err := d.migrations()
	if err != nil {
		return err
	}
	// Most opens find everything in place, and need not wait for a writer.
	if have, err := db.version(ctx, db.reads); err == nil && have == migrations[len(migrations)-1].version {
		var seal *SealError
		if found, err := db.readSecrets(ctx, db.reads); found || errors.As(err, &seal) {
			return err
		}
	}
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	s := newSession(db.words, conn.PrepareContext)
	defer s.close()
	return db.migrate(ctx, conn, s, migrations)
}

// migrate does what has to be done while no other process does it.
func (db *DB) migrate(ctx context.Context, conn *sql.Conn, s *session, migrations []migration) (err error) {
	tell := func(ctx context.Context, query string) error {
		if query == "" {
			return nil
		}
		_, err := conn.ExecContext(ctx, query)
		return err
	}
	if err := tell(ctx, db.words.schemaBegin); err != nil {
		return giveUp(conn, err)
	}
	if query := db.words.schemaLock; query != "" {
		var got sql.NullInt64
		if err := s.query(ctx, func(rows *sql.Rows) error { return rows.Scan(&got) }, query); err != nil {
			return giveUp(conn, err)
		}
		if got.Int64 != 1 {
			return &Error{Op: "open", Class: Busy, Err: errors.New("another process brings the tables up to date, or no database is chosen")}
		}
	}
	defer func() {
		plain, end := context.WithoutCancel(ctx), db.words.schemaEnd
		if err != nil {
			end = db.words.schemaUndo
		}
		if ended := tell(plain, end); ended != nil {
			err = giveUp(conn, errors.Join(err, ended))
		}
	}()
	return db.update(ctx, tell, s, migrations)
}

// giveUp has a connection closed instead of used again: nobody knows in what
// transaction it is.
func giveUp(conn *sql.Conn, err error) error {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	return err
}

func (db *DB) update(ctx context.Context, tell func(context.Context, string) error, s *session, migrations []migration) error {
	if err := tell(ctx, db.words.schemaTable); err != nil {
		return err
	}
	have, err := db.version(ctx, s)
	if err != nil {
		return err
	}
	newest := migrations[len(migrations)-1].version
	if have > newest {
		return &Error{Op: "open", Err: fmt.Errorf("%w: version %d, and %d is the newest known here", ErrNewer, have, newest)}
	}
	for _, m := range migrations {
		if m.version <= have {
			continue
		}
		for _, statement := range m.statements {
			if err := tell(ctx, statement); err != nil {
				return &Error{Op: "migration " + m.name, Class: classOf(db.words, err), Err: err}
			}
		}
		if _, err := s.exec(ctx, "INSERT INTO waguard_schema (version, name) VALUES (?, ?)", m.version, m.name); err != nil {
			return err
		}
	}
	if found, err := db.readSecrets(ctx, s); found || err != nil {
		return err
	}
	return db.makeSecrets(ctx, s)
}

func classOf(w wording, err error) Class {
	c, _ := w.classify(err)
	return c
}

func (db *DB) version(ctx context.Context, s *session) (have int, err error) {
	err = s.query(ctx, func(rows *sql.Rows) error { return rows.Scan(&have) },
		"SELECT COALESCE(MAX(version), 0) FROM waguard_schema")
	return have, err
}

// Stores returns every store, the key, and Atomic, ready for compliance.Config.
func (db *DB) Stores() compliance.Stores {
	return compliance.Stores{
		Consent:   consent{db},
		Windows:   marks{db},
		Links:     links{db},
		Templates: templates{db},
		Account:   accountNews{db},
		Pace:      tabs{db},
		Journal:   chain{db},
		Acts:      acts{db},
		Outcomes:  outcomes{db},
		Atomic:    db.Atomic,
		Key:       append([]byte(nil), db.key...),
	}
}

// Close waits for writes under way. Every later call fails with [ErrClosed].
// The *sql.DB stays open unless it is [Owned].
func (db *DB) Close() error {
	db.mu.Lock()
	if db.closed {
		db.mu.Unlock()
		return nil
	}
	db.closed = true
	db.mu.Unlock()
	db.writes.close()
	db.reads.close()
	if db.owned {
		if err := db.sql.Close(); err != nil {
			return db.fail(context.Background(), "close", err)
		}
	}
	return nil
}

// write runs one call that writes: in the transaction of the context, or in
// one that others share.
func (db *DB) write(ctx context.Context, op string, run func(*session) error) error {
	if t := db.in(ctx); t != nil {
		return db.fail(ctx, op, t.write(ctx, run))
	}
	return db.fail(ctx, op, db.writes.do(ctx, &job{run: run}))
}

// writeTogether is write for a call that can be written with its neighbours.
func (db *DB) writeTogether(ctx context.Context, op string, call together) error {
	if t := db.in(ctx); t != nil {
		return db.fail(ctx, op, t.write(ctx, func(s *session) error { return call.runAll(s, []together{call}) }))
	}
	return db.fail(ctx, op, db.writes.do(ctx, &job{together: call}))
}

// read runs one call that reads.
func (db *DB) read(ctx context.Context, op string, run func(context.Context, *session) error) error {
	if err := ctx.Err(); err != nil {
		return db.fail(ctx, op, err)
	}
	if t := db.in(ctx); t != nil {
		return db.fail(ctx, op, t.read(ctx, run))
	}
	db.mu.RLock()
	closed := db.closed
	db.mu.RUnlock()
	if closed {
		return db.fail(ctx, op, ErrClosed)
	}
	return db.fail(ctx, op, run(ctx, db.reads))
}
