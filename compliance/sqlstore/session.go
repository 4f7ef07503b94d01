package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"sync"
	"time"
)

// A session runs statements, each prepared once: on the pool for reads, or on
// the writer's connection.
type session struct {
	prepare  func(ctx context.Context, query string) (*sql.Stmt, error)
	rebind   func(string) string
	longest  int           // bytes of a key; 0: any number
	patience time.Duration // how long a statement may take; 0: its context says

	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

// A long is a text that is no key: a body, which may have any length.
type long string

func (l long) Value() (driver.Value, error) { return string(l), nil }

func newSession(w wording, prepare func(context.Context, string) (*sql.Stmt, error)) *session {
	return &session{prepare: prepare, rebind: w.rebind, longest: w.longest, stmts: map[string]*sql.Stmt{}}
}

// maxStmts bounds the prepared statements of a session. Statements over several
// handles or rows differ by their number, so there can be some hundreds where
// many callers write.
const maxStmts = 1024

func (s *session) stmt(ctx context.Context, query string, args []any) (st *sql.Stmt, done func(), err error) {
	if s.longest > 0 {
		for _, a := range args {
			if text, ok := a.(string); ok && len(text) > s.longest {
				return nil, nil, errTooLong
			}
		}
	}
	s.mu.RLock()
	st = s.stmts[query]
	s.mu.RUnlock()
	if st != nil {
		return st, nil, nil
	}
	if st, err = s.prepare(ctx, s.rebind(query)); err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if already := s.stmts[query]; already != nil {
		_ = st.Close()
		return already, nil, nil
	}
	if len(s.stmts) >= maxStmts {
		return st, func() { _ = st.Close() }, nil
	}
	s.stmts[query] = st
	return st, nil, nil
}

// bound limits how long a statement may take. A server that gives no answer
// has to be given up at some time, and the connection with it.
func (s *session) bound(ctx context.Context) (context.Context, func(error) error) {
	return bound(ctx, s.patience)
}

func bound(ctx context.Context, patience time.Duration) (context.Context, func(error) error) {
	if patience == 0 {
		return ctx, func(err error) error { return err }
	}
	within, cancel := context.WithTimeout(ctx, patience)
	return within, func(err error) error {
		if err != nil && ctx.Err() == nil && within.Err() != nil {
			err = fmt.Errorf("%w: no answer within %v: %v", ErrLost, patience, err)
		}
		cancel()
		return err
	}
}

// exec runs a statement and returns how many rows it changed.
func (s *session) exec(ctx context.Context, query string, args ...any) (n int64, err error) {
	ctx, settle := s.bound(ctx)
	defer func() { err = settle(err) }()
	st, done, err := s.stmt(ctx, query, args)
	if err != nil {
		return 0, err
	}
	if done != nil {
		defer done()
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// query runs a statement and hands over its rows one by one. It returns when
// all are read, so no cursor stays open behind a caller.
func (s *session) query(ctx context.Context, each func(*sql.Rows) error, query string, args ...any) (err error) {
	ctx, settle := s.bound(ctx)
	defer func() { err = settle(err) }()
	st, done, err := s.stmt(ctx, query, args)
	if err != nil {
		return err
	}
	if done != nil {
		defer done()
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return rows.Close()
}

func (s *session) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for q, st := range s.stmts {
		_ = st.Close()
		delete(s.stmts, q)
	}
}
