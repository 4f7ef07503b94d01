package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// A File is the journal of one writer in a JSON Lines file. It is safe for
// concurrent use within the process; a lock keeps other processes out.
type File struct {
	writer string
	path   string
	sync   bool
	lock   io.Closer

	mu      sync.Mutex
	waiting []*batch // not yet taken up by whoever is writing
	writing bool
	done    *sync.Cond // writing became false
	closed  bool

	// Belong to whoever is writing, and to readers under mu.
	f      disk
	last   Link
	size   int64
	broken error // a failed write could not be undone: nothing is appended until reopened
}

// disk is what a File needs of *os.File, so that tests can fill it up.
type disk interface {
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Close() error
}

// batch is one Append on its way to the disk.
type batch struct {
	entries []Entry
	err     error
	done    chan struct{} // closed when err is final
}

// An Option changes what OpenFile does.
type Option func(*options)

type options struct{ sync bool }

// NoSync leaves it to the operating system when appended links reach the disk.
// They outlive a crash of the process, not one of the machine.
func NoSync() Option { return func(o *options) { o.sync = false } }

// A Recovery is what OpenFile found.
type Recovery struct {
	Links     uint64 // sound links in the file
	TornBytes int64  // of a last line a crash left half written; now at the end of TornPath
	TornPath  string // empty when nothing was torn
}

// ErrLocked is returned by OpenFile while another File, of this or another
// process, has the file open.
var ErrLocked = errors.New("journal: the file is open for another writer")

// OpenFile opens the journal of a writer, or begins one. It reads and verifies
// the whole file; a link that does not fit, or another writer's, is a
// [*ChainError] and leaves the file as it is. A last line without its end is
// what a crash leaves of an Append that never returned: its bytes are added to
// a file named path + ".torn" and cut off here.
func OpenFile(path, writer string, opts ...Option) (*File, Recovery, error) {
	if err := checkWriter(writer); err != nil {
		return nil, Recovery{}, err
	}
	o := options{sync: true}
	for _, opt := range opts {
		opt(&o)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, Recovery{}, fmt.Errorf("journal: %w", err)
	}
	lock, err := lockFile(f)
	if err != nil {
		return nil, Recovery{}, errors.Join(err, f.Close())
	}
	j := &File{writer: writer, path: path, sync: o.sync, lock: lock, f: f}
	j.done = sync.NewCond(&j.mu)
	rec, err := j.recover(f)
	if err != nil {
		return nil, Recovery{}, errors.Join(err, lock.Close(), f.Close())
	}
	return j, rec, nil
}

// recover reads the file up to its last whole line and moves what follows.
func (j *File) recover(f *os.File) (Recovery, error) {
	info, err := f.Stat()
	if err != nil {
		return Recovery{}, fmt.Errorf("journal: %w", err)
	}
	if !info.Mode().IsRegular() {
		return Recovery{}, errors.New("journal: not a regular file")
	}
	whole, err := lastEnd(f, info.Size())
	if err != nil {
		return Recovery{}, err
	}
	v := verifier{heads: map[string]Link{}}
	line := 0
	for l, err := range Read(io.NewSectionReader(f, 0, whole)) {
		line++
		if err == nil {
			err = v.add(&l)
		}
		if err == nil && l.Writer != j.writer {
			err = &ChainError{Writer: l.Writer, Seq: l.Seq, Reason: "it is another writer's"}
		}
		var ce *ChainError
		if errors.As(err, &ce) {
			ce.Line = line
		}
		if err != nil {
			return Recovery{}, err
		}
	}
	j.last, j.size = v.heads[j.writer], whole
	if info.Size() == 0 {
		if err := syncDir(j.path); err != nil {
			return Recovery{}, err
		}
	}
	rec := Recovery{Links: v.sum.Links}
	if torn := info.Size() - whole; torn > 0 {
		rec.TornBytes, rec.TornPath = torn, j.path+".torn"
		if err := moveTail(f, whole, torn, rec.TornPath); err != nil {
			return Recovery{}, fmt.Errorf("journal: torn line: %w", err)
		}
	}
	return rec, nil
}

// lastEnd returns the size of the file up to its last whole line.
func lastEnd(f io.ReaderAt, size int64) (int64, error) {
	buf := make([]byte, 64<<10)
	for end := size; end > 0; {
		n := min(int64(len(buf)), end)
		if _, err := f.ReadAt(buf[:n], end-n); err != nil {
			return 0, fmt.Errorf("journal: %w", err)
		}
		for i := n - 1; i >= 0; i-- {
			if buf[i] == '\n' {
				return end - n + i + 1, nil
			}
		}
		end -= n
	}
	return 0, nil
}

// moveTail puts the end of a file aside, and cuts it off only once the copy is
// on disk.
func moveTail(f *os.File, from, n int64, to string) error {
	aside, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(aside, io.NewSectionReader(f, from, n))
	if err = errors.Join(err, aside.Sync(), aside.Close()); err != nil {
		return err
	}
	return errors.Join(syncDir(to), f.Truncate(from), f.Sync())
}

// syncDir makes the name of a new file durable.
func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil // names are kept by the file system's own journal
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// Append adds entries, all or none of them, and returns when they are synced
// to disk. Appends that come at the same time share one write and one sync. An
// error means that nothing was added; after a full disk the journal goes on
// where it was. A context that ends while the entries are already being written
// is no error.
func (j *File) Append(ctx context.Context, entries ...Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	normal, err := normalize(entries)
	if err != nil {
		return err
	}
	b := &batch{entries: normal, done: make(chan struct{})}
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return ErrClosed
	}
	if len(normal) == 0 {
		j.mu.Unlock()
		return nil
	}
	j.waiting = append(j.waiting, b)
	if !j.writing {
		j.writing = true
		go j.writeAll()
	}
	j.mu.Unlock()
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
	}
	j.mu.Lock()
	for i, w := range j.waiting {
		if w == b { // not taken up yet, so it can still be withdrawn
			j.waiting = append(j.waiting[:i], j.waiting[i+1:]...)
			j.mu.Unlock()
			return ctx.Err()
		}
	}
	j.mu.Unlock()
	<-b.done
	return b.err
}

// writeAll writes what waits until nothing does. What comes while one write is
// under way goes together into the next.
func (j *File) writeAll() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for len(j.waiting) > 0 {
		batches := j.waiting
		j.waiting = nil
		last, size, broken := j.last, j.size, j.broken
		j.mu.Unlock()
		buf, last, err := j.encode(batches, last)
		if err == nil {
			err = broken
		}
		if err == nil {
			err, broken = j.write(buf, size)
		}
		j.mu.Lock()
		j.broken = broken
		if err == nil {
			j.last, j.size = last, size+int64(len(buf))
		}
		for _, b := range batches {
			b.err = err
			close(b.done)
		}
	}
	j.writing = false
	j.done.Broadcast()
}

func (j *File) encode(batches []*batch, last Link) ([]byte, Link, error) {
	var buf []byte
	for _, b := range batches {
		for _, e := range b.entries {
			last = last.Next(j.writer, e)
			var err error
			if buf, err = appendLine(buf, last); err != nil {
				return nil, last, err
			}
		}
	}
	last.Body = nil
	return buf, last, nil
}

// write puts whole lines at the end. When that fails it takes back what got
// through; when it cannot, the file is broken, because readers and the next
// Append could no longer agree where it ends.
func (j *File) write(buf []byte, size int64) (err, broken error) {
	if _, err = j.f.WriteAt(buf, size); err == nil && j.sync {
		if err = j.f.Sync(); err != nil {
			// After a failed sync nobody knows what is on disk.
			broken = fmt.Errorf("journal: an earlier sync failed, the file has to be opened again: %w", err)
		}
	}
	if err == nil {
		return nil, nil
	}
	if undo := j.f.Truncate(size); undo != nil {
		broken = fmt.Errorf("journal: an earlier write could not be undone, the file has to be opened again: %w", undo)
	}
	return fmt.Errorf("journal: append: %w", err), broken
}

// Links ranges over what was appended before the range began, read strictly
// from the file.
func (j *File) Links(ctx context.Context) iter.Seq2[Link, error] {
	return func(yield func(Link, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(Link{}, err)
			return
		}
		j.mu.Lock()
		size, closed := j.size, j.closed
		j.mu.Unlock()
		if closed {
			yield(Link{}, ErrClosed)
			return
		}
		f, err := os.Open(j.path)
		if err != nil {
			yield(Link{}, fmt.Errorf("journal: %w", err))
			return
		}
		defer f.Close()
		for l, err := range Read(io.NewSectionReader(f, 0, size)) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Link{}, err)
				return
			}
			if !yield(l, nil) {
				return
			}
		}
	}
}

// Head is the last link appended, to be kept elsewhere and handed to [Verify]
// later. It is zero before the first.
func (j *File) Head() Head {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.last.Seq == 0 {
		return Head{}
	}
	return Head{j.writer, j.last.Seq, j.last.Hash}
}

// Close waits for appends under way, and lets go of the file. Every later call
// fails with [ErrClosed].
func (j *File) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return nil
	}
	j.closed = true
	for j.writing {
		j.done.Wait()
	}
	if err := errors.Join(j.lock.Close(), j.f.Close()); err != nil {
		return fmt.Errorf("journal: close: %w", err)
	}
	return nil
}
