package journal

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"unicode/utf8"
)

// ErrClosed is what a journal answers after Close.
var ErrClosed = errors.New("journal: it is closed")

// Memory is a Journal in this process: what it holds is gone with it. It is
// safe for concurrent use.
type Memory struct {
	writer string
	mu     sync.RWMutex
	closed bool
	links  []Link
}

// NewMemory makes an empty journal of one writer.
func NewMemory(writer string) *Memory { return &Memory{writer: writer} }

// Append adds entries, all or none of them.
func (m *Memory) Append(ctx context.Context, entries ...Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := checkWriter(m.writer); err != nil {
		return err
	}
	normal, err := normalize(entries)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	var last Link
	if n := len(m.links); n > 0 {
		last = m.links[n-1]
	}
	for _, e := range normal {
		last = last.Next(m.writer, e)
		m.links = append(m.links, last)
	}
	return nil
}

// Links ranges over what was appended before the range began.
func (m *Memory) Links(ctx context.Context) iter.Seq2[Link, error] {
	return func(yield func(Link, error) bool) {
		m.mu.RLock()
		links, closed := m.links, m.closed
		m.mu.RUnlock()
		if closed {
			yield(Link{}, ErrClosed)
			return
		}
		for _, l := range links {
			if err := ctx.Err(); err != nil {
				yield(Link{}, err)
				return
			}
			l.Body = slices.Clone(l.Body)
			if !yield(l, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Link{}, err)
		}
	}
}

// Close drops everything; every later call fails with [ErrClosed].
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed, m.links = true, nil
	return nil
}

func normalize(entries []Entry) ([]Entry, error) {
	normal := make([]Entry, len(entries))
	for i := range entries {
		var err error
		if normal[i], err = entries[i].Normal(); err != nil {
			return nil, err
		}
	}
	return normal, nil
}

func checkWriter(writer string) error {
	if writer == "" || len(writer) > MaxID || !utf8.ValidString(writer) {
		return errors.New("journal: the name of the writer is missing, too long or no UTF-8")
	}
	return nil
}
