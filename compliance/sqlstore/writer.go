package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"time"
)

// maxGroup bounds how many calls share one commit, and with it how much is done
// over when one of them fails.
const maxGroup = 1024

// The writer owns one connection. Callers queue jobs; a goroutine that lives as
// long as there are any takes them in order.
type writer struct {
	db    *sql.DB
	w     wording
	scope string

	mu      sync.Mutex
	waiting []*job
	running bool
	idle    *sync.Cond // running became false
	closed  bool

	// Belong to the goroutine that runs jobs, and to an Atomic it let in.
	conn *sql.Conn
	tx   *session
	wait time.Duration // how long a turn is waited for, where the engine does not do it
}

// A job is one call that writes.
type job struct {
	// run writes in a transaction. It may run twice, the first time for
	// nothing, so what it returns to its caller it sets anew each time. It may
	// run when the caller's context has ended and the caller gone on, so what it
	// reads is not the caller's.
	run func(*session) error
	// together, instead of run, is a call that neighbours of its kind can be
	// written with in the same statements.
	together together

	err  error
	done chan struct{} // closed when err is final

	// alone asks for the writer itself: it is closed when the turn has come,
	// and the caller closes done when it is over.
	alone chan struct{}
}

// together is a call that can be written in one go with others of its kind.
type together interface {
	// runAll does for all what run would do for each in turn. all holds calls
	// of the receiver's type, the receiver first.
	runAll(s *session, all []together) error
}

func newWriter(db *sql.DB, w wording, scope string) *writer {
	wr := &writer{db: db, w: w, scope: scope}
	wr.idle = sync.NewCond(&wr.mu)
	return wr
}

// submit queues a job.
func (w *writer) submit(j *job) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return ErrClosed
	}
	w.waiting = append(w.waiting, j)
	if !w.running {
		w.running = true
		go w.loop()
	}
	return nil
}

// withdraw takes a job back that has not been begun.
func (w *writer) withdraw(j *job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, other := range w.waiting {
		if other == j {
			w.waiting = append(w.waiting[:i], w.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// do runs one call that writes, together with what others want at the time.
func (w *writer) do(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.done = make(chan struct{})
	if err := w.submit(j); err != nil {
		return err
	}
	if ctx.Done() == nil {
		<-j.done
		return j.err
	}
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
		w.withdraw(j)
		return ctx.Err()
	}
}

// loop takes what waits until nothing does.
func (w *writer) loop() {
	for {
		w.mu.Lock()
		if len(w.waiting) == 0 {
			w.running = false
			w.idle.Broadcast()
			w.mu.Unlock()
			return
		}
		n := 0
		for n < len(w.waiting) && n < maxGroup && w.waiting[n].alone == nil {
			n++
		}
		if n == 0 {
			j := w.waiting[0]
			w.waiting = w.waiting[1:]
			w.mu.Unlock()
			close(j.alone)
			<-j.done
			continue
		}
		group := w.waiting[:n:n]
		w.waiting = w.waiting[n:]
		w.mu.Unlock()

		err := w.commit(group)
		if err != nil && len(group) > 1 && !errors.Is(err, errAll) {
			for _, j := range group {
				j.err = w.commit([]*job{j})
				close(j.done)
			}
			continue
		}
		for _, j := range group {
			j.err = err
			close(j.done)
		}
	}
}

// errAll marks what all calls of a group have to be told: that no transaction
// could be begun (trying again for each alone would only wait again), or that
// nobody knows what became of it (and trying again could write it twice).
var errAll = errors.New("all")

type allError struct{ error }

func (e allError) Unwrap() error       { return e.error }
func (e allError) Is(other error) bool { return other == errAll }

// How often a group is done over that did not get through because of others,
// and how long to wait before, growing each time.
const (
	maxRetries = 4
	retryPause = 5 * time.Millisecond
)

// commit runs jobs in one transaction. The statements do not carry anybody's
// context: one caller's end is not the others'. What the database gave up
// because another transaction was in the way, or because the connection went
// before the end, is done over.
func (w *writer) commit(group []*job) error {
	for try := 0; ; try++ {
		err := w.commitOnce(group)
		if err == nil || try == maxRetries || errors.Is(err, errAll) {
			return err
		}
		if !w.w.conflict(err) && (!w.w.lost(err) || errors.Is(err, ErrLost)) { // ErrLost: that took long enough
			return err
		}
		time.Sleep(retryPause<<try + rand.N(retryPause))
	}
}

func (w *writer) commitOnce(group []*job) error {
	ctx := context.Background()
	if err := w.begin(ctx); err != nil {
		return allError{err}
	}
	for len(group) > 0 {
		rest, err := runFirst(w.tx, group)
		if err != nil {
			w.rollback(ctx)
			w.leave(err)
			return err
		}
		group = rest
	}
	return w.end(ctx)
}

// runFirst runs the first job, with all that can be written together with it,
// and returns the others. Callers that wait at the same time have no order among
// them.
func runFirst(s *session, group []*job) (rest []*job, err error) {
	if group[0].together == nil {
		return group[1:], group[0].run(s)
	}
	kind := reflect.TypeOf(group[0].together)
	var all []together
	for _, j := range group {
		if reflect.TypeOf(j.together) == kind {
			all = append(all, j.together)
		} else {
			rest = append(rest, j)
		}
	}
	return rest, all[0].runAll(s, all)
}

// patience is how long a writer waits for a connection, and for the answer to a
// statement. It is longer than a statement waits for a lock.
const patience = 20 * time.Second

// begin opens a transaction, on a new connection if there is none or the old
// one broke, and keeps other writers of the scope out.
func (w *writer) begin(ctx context.Context) error {
	for try := 0; ; try++ {
		err := w.connect(ctx)
		if err == nil {
			if err = w.open(ctx); err == nil {
				return nil
			}
			if w.w.server { // it may have begun
				w.rollback(ctx)
			}
		}
		w.leave(err)
		if try == maxRetries || errors.Is(err, ErrLost) || !w.w.lost(err) && !w.w.conflict(err) {
			return err
		}
		if try > 0 {
			time.Sleep(retryPause<<try + rand.N(retryPause))
		}
	}
}

// leave drops the connection after an error that tells it is of no use. A
// server that became read-only is one: the next may be the one that took over.
func (w *writer) leave(err error) {
	if class, _ := w.w.classify(err); w.w.lost(err) || class == ReadOnly && w.w.server {
		w.drop()
	}
}

// connect takes a connection out of the pool for good, where there is none.
func (w *writer) connect(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	within, settle := bound(ctx, patience)
	conn, err := w.db.Conn(within)
	if err != nil && errors.Is(err, context.DeadlineExceeded) {
		if st := w.db.Stats(); st.MaxOpenConnections > 0 && st.InUse >= st.MaxOpenConnections {
			err = fmt.Errorf("%w: none within %v", ErrExhausted, patience)
		}
	}
	if err != nil {
		return settle(err)
	}
	_ = settle(nil)
	w.conn = conn
	w.tx = newSession(w.w, conn.PrepareContext)
	if w.w.server {
		w.tx.patience = patience
	}
	for _, told := range w.w.setup {
		if err := w.tell(ctx, told); err != nil {
			w.drop()
			return err
		}
	}
	if w.w.queue {
		if err := w.ownWait(ctx); err != nil {
			w.drop()
			return err
		}
	}
	return nil
}

// ownWait takes over from SQLite how the write lock is waited for. SQLite asks
// every 100 ms once it has waited a while, and where other processes write one
// transaction after the other it never finds the moment between two of them: a
// stop would fail because of the sends it is to end. Outside WAL mode a
// statement in the middle of a transaction may have to wait as well, so there
// its own way stays.
func (w *writer) ownWait(ctx context.Context) error {
	var mode string
	var ms int64
	if err := w.conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if err := w.conn.QueryRowContext(ctx, "PRAGMA busy_timeout").Scan(&ms); err != nil {
		return err
	}
	w.wait = 0
	if mode != "wal" || ms == 0 {
		return nil
	}
	w.wait = time.Duration(ms) * time.Millisecond
	_, err := w.conn.ExecContext(ctx, "PRAGMA busy_timeout = 0")
	return err
}

// turn runs a statement until no other process is in its way, as long as the
// busy timeout allows.
func (w *writer) turn(ctx context.Context, query string) error {
	for end := time.Now().Add(w.wait); ; {
		_, err := w.tx.exec(ctx, query)
		if class, _ := w.w.classify(err); err == nil || class != Busy || time.Now().After(end) {
			return err
		}
		time.Sleep(turnPause/2 + rand.N(turnPause))
	}
}

// turnPause is about how long a commit to a disk takes: the lock is seldom held
// for less.
const turnPause = time.Millisecond

func (w *writer) open(ctx context.Context) error {
	if told := w.w.begin(w.scope); told != "" {
		if err := w.tell(ctx, told); err != nil {
			return err
		}
	}
	if w.w.lock == "" {
		return nil
	}
	locked := false
	err := w.tx.query(ctx, func(*sql.Rows) error { locked = true; return nil }, w.w.lock, w.scope)
	if err == nil && !locked {
		err = errNoKey
	}
	return err
}

var errNoKey = errors.New("the key of the database is gone")

// tell runs a statement that has no arguments. A server takes it as a text, in
// one go; an engine in this process is told the same few again and again.
func (w *writer) tell(ctx context.Context, query string) error {
	if !w.w.server {
		return w.turn(ctx, query)
	}
	within, settle := bound(ctx, patience)
	_, err := w.conn.ExecContext(within, query)
	return settle(err)
}

// end commits, or gives the transaction up.
func (w *writer) end(ctx context.Context) error {
	err := w.tell(ctx, "COMMIT")
	if err == nil {
		return nil
	}
	w.rollback(ctx)
	w.leave(err)
	if w.w.lost(err) {
		return allError{err} // it may have been kept
	}
	return err
}

// rollback ends a transaction. Where the database ended it already (a full
// disk does), there is nothing left to do; a connection that cannot roll back
// for another reason is not used again.
func (w *writer) rollback(ctx context.Context) {
	if w.conn == nil {
		return
	}
	if err := w.tell(ctx, "ROLLBACK"); err != nil {
		w.drop()
	}
}

// drop gives the connection up and has the pool close it, so that no half-open
// transaction finds its way to another user of the pool.
func (w *writer) drop() {
	if w.conn == nil {
		return
	}
	w.tx.close()
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = w.conn.Close()
	w.conn, w.tx = nil, nil
}

// close waits for what is under way and lets go of the connection. What waits
// is still done; what comes later fails.
func (w *writer) close() {
	w.mu.Lock()
	w.closed = true
	for w.running {
		w.idle.Wait()
	}
	w.mu.Unlock()
	if w.conn == nil {
		return
	}
	if len(w.w.setup) > 0 { // others would find it other than they expect
		w.drop()
		return
	}
	w.tx.close()
	_ = w.conn.Close()
	w.conn, w.tx = nil, nil
}
