package sqlstore

import (
	"context"
	"database/sql"
	"sync"
)

// A session runs statements, each prepared once: on the pool for reads, or on
// the writer's connection.
type session struct {
	prepare func(ctx context.Context, query string) (*sql.Stmt, error)
	rebind  func(string) string
	mu      sync.RWMutex
	stmts   map[string]*sql.Stmt
}

func newSession(rebind func(string) string, prepare func(context.Context, string) (*sql.Stmt, error)) *session {
	return &session{prepare: prepare, rebind: rebind, stmts: map[string]*sql.Stmt{}}
}

// maxStmts bounds the prepared statements of a session. Statements over several
// handles or rows differ by their number, so there are some dozens in practice.
const maxStmts = 512

func (s *session) stmt(ctx context.Context, query string) (st *sql.Stmt, done func(), err error) {
	s.mu.RLock()
	st = s.stmts[query]
	s.mu.RUnlock()
	if st != nil {
		return st, nil, nil
	}
	// Prepared without the caller's context: what it would cut short is kept
	// for others.
	if st, err = s.prepare(context.WithoutCancel(ctx), s.rebind(query)); err != nil {
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

// exec runs a statement and returns how many rows it changed.
func (s *session) exec(ctx context.Context, query string, args ...any) (int64, error) {
	st, done, err := s.stmt(ctx, query)
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
func (s *session) query(ctx context.Context, each func(*sql.Rows) error, query string, args ...any) error {
	st, done, err := s.stmt(ctx, query)
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
