package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
)

// Class is what kind of trouble the database is in.
type Class uint8

const (
	Other      Class = iota // none of the below
	Busy                    // another process holds the write lock, or got in the way time and again; later it may work
	ReadOnly                // the database cannot be written: a standby, or a file without the right
	Full                    // the disk, the memory or the database is full
	Corrupt                 // the file is damaged, or no database at all
	Constraint              // a row that must not be there: somebody else writes to our tables
	Cancelled               // the context ended
	Closed                  // the store or the database was closed
	Lost                    // no connection to the server, or it broke: of a write, kept or not is not known
	Exhausted               // no connection is free: in the pool, or for the server
)

// Errors to ask for with errors.Is; each stands for the Class of its name. A
// cancelled call is its context's own error.
var (
	ErrBusy       = errors.New("sqlstore: busy: another process holds the write lock")
	ErrReadOnly   = errors.New("sqlstore: the database is read-only")
	ErrFull       = errors.New("sqlstore: the disk or database is full")
	ErrCorrupt    = errors.New("sqlstore: the file is damaged or no database")
	ErrConstraint = errors.New("sqlstore: a row stands in the way")
	ErrClosed     = errors.New("sqlstore: closed")
	ErrLost       = errors.New("sqlstore: no connection to the server, or it broke")
	ErrExhausted  = errors.New("sqlstore: no connection is free")

	errTooLong = errors.New("a key has more bytes than the database takes")

	// ErrNewer is returned by Open for a database that a later version of this
	// package made.
	ErrNewer = errors.New("sqlstore: the database was made by a newer version")

	// ErrTxOver is returned when the context of an Atomic is used after it.
	ErrTxOver = errors.New("sqlstore: the transaction of this context is over")
)

// An Error is a call that failed in the database. It never means "not found".
type Error struct {
	Op    string // what was being done: "consent: append"
	Class Class
	Err   error // the driver's own
}

func (e *Error) Error() string { return "sqlstore: " + e.Op + ": " + e.Err.Error() }

// Unwrap gives the driver's error, and the package's error for the Class.
func (e *Error) Unwrap() []error {
	var of error
	switch e.Class {
	case Busy:
		of = ErrBusy
	case ReadOnly:
		of = ErrReadOnly
	case Full:
		of = ErrFull
	case Corrupt:
		of = ErrCorrupt
	case Constraint:
		of = ErrConstraint
	case Closed:
		of = ErrClosed
	case Lost:
		of = ErrLost
	case Exhausted:
		of = ErrExhausted
	default:
		return []error{e.Err}
	}
	return []error{e.Err, of}
}

// fail wraps what went wrong in a call. Errors that already say what they are
// stay as they are.
func (db *DB) fail(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	var already *Error
	if errors.As(err, &already) || errors.Is(err, ErrTxOver) {
		return err
	}
	e := &Error{Op: op, Err: err}
	if cause := ctx.Err(); cause != nil {
		// Drivers report an interrupted statement in their own words.
		e.Class, e.Err = Cancelled, cause
		if db.saturated() {
			e.Class = Exhausted
		}
		return e
	}
	switch {
	case errors.Is(err, ErrLost):
		e.Class = Lost
	case errors.Is(err, ErrExhausted):
		e.Class = Exhausted
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Class = Cancelled
	case errors.Is(err, ErrClosed), errors.Is(err, sql.ErrConnDone), err.Error() == "sql: database is closed":
		e.Class = Closed
	default:
		e.Class, _ = db.words.classify(err)
	}
	return e
}

// saturated reports whether every connection of the pool is in use: what waits
// then waits for one.
func (db *DB) saturated() bool {
	st := db.sql.Stats()
	return st.MaxOpenConnections > 0 && st.InUse >= st.MaxOpenConnections
}

// lost reports whether an error tells that the connection is gone.
func (w wording) lost(err error) bool {
	class, _ := w.classify(err)
	return class == Lost || errors.Is(err, ErrLost) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
}

// cutOff tells errors that are no answer of a server: there was none.
func cutOff(err error) (Class, bool) {
	var network *net.OpError
	switch {
	case errors.As(err, &network), errors.Is(err, driver.ErrBadConn), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed):
		return Lost, true
	}
	// The drivers have no type for these, or none that can be named here.
	switch text := err.Error(); {
	case strings.HasSuffix(text, "invalid connection"), strings.HasSuffix(text, "conn closed"), strings.HasSuffix(text, "closed the connection unexpectedly"):
		return Lost, true
	}
	return Other, false
}
