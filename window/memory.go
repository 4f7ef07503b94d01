package window

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// Lookback is how long before the youngest one stores keep marks of kinds that
// are counted: requests for permission are counted over seven days, the free
// entry point looks at most 96 hours back, and the platform repeats webhooks for
// up to seven days.
const Lookback = 7 * 24 * time.Hour

// ErrClosed is what a store answers after Close.
var ErrClosed = errors.New("window: store is closed")

// Memory is a Store in this process, for tests, dry runs and single short-lived
// processes: what it holds is gone with it. Per conversation it keeps the marks
// that [Kind.Keep] names, so it grows with the number of conversations and not
// with their length. It is safe for concurrent use.
type Memory struct {
	mu            sync.RWMutex
	closed        bool
	conversations map[conversation][]*Mark // each by (At, ID)
}

// conversation is what marks are found by: a line, and a handle or a group.
type conversation struct {
	number, scheme, value string
	group                 bool
}

var (
	_ Store           = (*Memory)(nil)
	_ party.Forgetter = (*Memory)(nil)
)

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{conversations: map[conversation][]*Mark{}}
}

// Note keeps marks, all or none of them.
func (m *Memory) Note(ctx context.Context, marks ...Mark) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	normal := make([]Mark, len(marks))
	for i := range marks {
		var err error
		if normal[i], err = marks[i].Normal(); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	for i := range normal {
		k := &normal[i]
		number := k.Place.Line.Number
		if k.Place.Group != "" {
			m.keep(conversation{number: number, value: k.Place.Group, group: true}, k)
			continue
		}
		for _, h := range k.Place.Handles {
			m.keep(conversation{number: number, scheme: h.Scheme, value: h.Value}, k)
		}
	}
	return nil
}

func (m *Memory) keep(c conversation, k *Mark) {
	kept := m.conversations[c]
	for _, old := range kept {
		if old.ID == k.ID {
			return
		}
	}
	at, _ := slices.BinarySearchFunc(kept, k, byTime)
	kept = slices.Insert(kept, at, k)
	m.conversations[c] = slices.DeleteFunc(kept, outlived(kept, k.Kind))
}

// outlived tells which marks of a kind can no longer matter, of a list by time.
func outlived(kept []*Mark, k Kind) func(*Mark) bool {
	keep := k.Keep()
	var youngest, last *Mark // of the kind, and the Last of them that stays whatever its age
	n := 0
	for _, m := range slices.Backward(kept) {
		if m.Kind != k {
			continue
		}
		if n++; n == 1 {
			youngest = m
		}
		if n == keep.Last {
			last = m
			break
		}
	}
	if last == nil {
		return func(*Mark) bool { return false }
	}
	since := youngest.At.Add(-keep.For)
	return func(m *Mark) bool {
		return m.Kind == k && byTime(m, last) < 0 && (keep.For == 0 || m.At.Before(since))
	}
}

// Marks returns what is kept of a conversation, under all handles of the
// place, by (At, ID).
func (m *Memory) Marks(ctx context.Context, p Place) ([]Mark, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := p.Check(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.closed {
		return nil, ErrClosed
	}
	if p.Group != "" {
		return values(m.conversations[conversation{number: p.Line.Number, value: p.Group, group: true}]), nil
	}
	var found []*Mark
	for i, h := range p.Handles {
		kept := m.conversations[conversation{number: p.Line.Number, scheme: h.Scheme, value: h.Value}]
		if i == 0 {
			found = kept
			continue
		}
		found = merge(found, kept)
	}
	return values(found), nil
}

// Forget implements [party.Forgetter]. It looks at every conversation.
func (m *Memory) Forget(ctx context.Context, handles []party.Handle) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	for c, kept := range m.conversations {
		if c.group {
			continue
		}
		kept = slices.DeleteFunc(kept, func(k *Mark) bool {
			return slices.ContainsFunc(k.Place.Handles, func(h party.Handle) bool { return slices.Contains(handles, h) })
		})
		if m.conversations[c] = kept; len(kept) == 0 {
			delete(m.conversations, c)
		}
	}
	return nil
}

// merge unites two lists, each mark once by its id.
func merge(a, b []*Mark) []*Mark {
	if len(a) == 0 {
		return b
	}
	out := slices.Clone(a)
	for _, k := range b {
		if !slices.ContainsFunc(a, func(old *Mark) bool { return old == k || old.ID == k.ID }) {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, byTime)
	return out
}

func byTime(a, b *Mark) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// values copies the marks out, so that a caller cannot change what is kept.
func values(ms []*Mark) []Mark {
	if len(ms) == 0 {
		return nil
	}
	n := 0
	for _, m := range ms {
		n += len(m.Place.Handles)
	}
	out, handles := make([]Mark, len(ms)), make([]party.Handle, 0, n)
	for i, m := range ms {
		out[i] = *m
		from := len(handles)
		handles = append(handles, m.Place.Handles...)
		out[i].Place.Handles = handles[from:len(handles):len(handles)]
	}
	return out
}

// Close drops everything; every later call fails with [ErrClosed].
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed, m.conversations = true, nil
	return nil
}
