package sqlstore

import (
	"context"
	"errors"
	"sync"
)

// transaction is an Atomic under way; it travels in the context.
type transaction struct {
	mu     sync.Mutex
	s      *session
	over   bool
	broken error // a write failed half way, so nothing of the whole may stay
	aborts bool  // a read that failed ends it too
}

type transactionOf struct{ db *DB }

func (db *DB) in(ctx context.Context) *transaction {
	t, _ := ctx.Value(transactionOf{db}).(*transaction)
	return t
}

func (t *transaction) write(ctx context.Context, run func(*session) error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.over:
		return ErrTxOver
	case ctx.Err() != nil:
		return ctx.Err()
	case t.broken != nil:
		return t.broken
	}
	err := run(t.s)
	if err != nil {
		t.broken = err
	}
	return err
}

func (t *transaction) read(ctx context.Context, run func(context.Context, *session) error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return ErrTxOver
	}
	// The statement does not carry the caller's context: interrupting it could
	// end the transaction with it.
	err := run(context.WithoutCancel(ctx), t.s)
	if err != nil && t.aborts && t.broken == nil {
		t.broken = err
	}
	return err
}

// Atomic runs fn so that everything written through the stores with the
// context it is given is kept when fn returns nil, and dropped when it returns
// an error, panics, or its context ends first. Reads with that context see what
// was written. An Atomic within an Atomic is part of the outer one. The context
// is of no use to the stores after fn has returned ([ErrTxOver]).
//
// All other writers wait meanwhile: fn should be short and not wait for others.
// A write that failed inside fn drops the whole, whatever fn makes of the error.
func (db *DB) Atomic(ctx context.Context, fn func(context.Context) error) error {
	if t := db.in(ctx); t != nil {
		t.mu.Lock()
		over := t.over
		t.mu.Unlock()
		if over {
			return ErrTxOver
		}
		return fn(ctx)
	}
	if err := ctx.Err(); err != nil {
		return db.fail(ctx, "atomic", err)
	}
	j := &job{alone: make(chan struct{}), done: make(chan struct{})}
	if err := db.writes.submit(j); err != nil {
		return db.fail(ctx, "atomic", err)
	}
	select {
	case <-j.alone:
	case <-ctx.Done():
		if db.writes.withdraw(j) {
			return db.fail(ctx, "atomic", ctx.Err())
		}
		<-j.alone // the turn came at the same moment; it has to be given back
	}
	defer close(j.done)
	return db.alone(ctx, fn)
}

var errUnfinished = errors.New("the function did not return")

// alone runs fn while this caller has the writer.
func (db *DB) alone(ctx context.Context, fn func(context.Context) error) (err error) {
	w, plain := db.writes, context.WithoutCancel(ctx)
	if err := w.begin(plain); err != nil {
		return db.fail(ctx, "atomic: begin", err)
	}
	t := &transaction{s: w.tx, aborts: w.w.aborts}
	failed := errUnfinished // a panic, or a Goexit
	defer func() {
		t.mu.Lock()
		t.over = true
		broken := t.broken
		t.mu.Unlock()
		switch {
		case failed != nil:
			w.rollback(plain)
		case broken != nil:
			w.rollback(plain)
			err = db.fail(ctx, "atomic", broken)
		case ctx.Err() != nil:
			w.rollback(plain)
			err = db.fail(ctx, "atomic", ctx.Err())
		default:
			err = db.fail(plain, "atomic: commit", w.end(plain))
		}
	}()
	failed = fn(context.WithValue(ctx, transactionOf{db}, t))
	return failed
}
