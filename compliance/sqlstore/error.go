package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// Class is what kind of trouble the database is in.
type Class uint8

const (
	Other      Class = iota // none of the below
	Busy                    // another process holds the write lock; later it may work
	ReadOnly                // the database cannot be written
	Full                    // the disk or the database is full
	Corrupt                 // the file is damaged, or no database at all
	Constraint              // a row that must not be there: somebody else writes to our tables
	Cancelled               // the context ended
	Closed                  // the store or the database was closed
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
		return e
	}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Class = Cancelled
	case errors.Is(err, ErrClosed), errors.Is(err, sql.ErrConnDone), err.Error() == "sql: database is closed":
		e.Class = Closed
	case errors.Is(err, driver.ErrBadConn):
	default:
		e.Class, _ = db.words.classify(err)
	}
	return e
}
