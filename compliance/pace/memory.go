package pace

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// ErrClosed is what a store answers after Close.
var ErrClosed = errors.New("pace: store is closed")

// Memory is a Store in this process: what it holds is gone with it. It is safe for
// concurrent use. Tabs of which nothing counts any more are dropped as others are
// written, so it grows with the people written to of late, and with those to whom
// the platform held marketing back within the last weeks ([Tab.Ends]).
type Memory struct {
	mu     sync.Mutex
	closed bool
	tabs   map[party.Handle]*Tab
	tally  map[string]Tally
	desk   State // where acts are worked out
	writes int   // since the last sweep
	swept  int   // what it left
}

var _ Store = (*Memory)(nil)

// NewMemory makes an empty store.
func NewMemory() *Memory { return &Memory{tabs: map[party.Handle]*Tab{}, tally: map[string]Tally{}} }

func (m *Memory) ready(ctx context.Context, w Who) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(w.Handles) == 0 {
		return ErrNobody
	}
	if m.closed {
		return ErrClosed
	}
	return nil
}

// Read implements [Store].
func (m *Memory) Read(ctx context.Context, w Who) (s State, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx, w); err != nil {
		return s, err
	}
	for i, h := range w.Handles {
		t := m.tabs[h]
		if t == nil || slices.Contains(w.Handles[:i], h) {
			continue
		}
		if s.Tab.empty() {
			s.Tab = t.Clone()
		} else {
			s.Tab.Pour(*t)
		}
	}
	if w.Tally != "" {
		t := m.tally[w.Tally]
		s.Tally = Tally{w.Tally, t.First, slices.Clone(t.Counts)}
	}
	return s, nil
}

// Apply implements [Store].
func (m *Memory) Apply(ctx context.Context, w Who, at time.Time, a Act) (Room, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx, w); err != nil {
		return Room{}, err
	}
	under := w.Handles[0]
	if len(w.Handles) > 1 {
		under = Under(w.Handles)
	}
	tab := m.tabs[under]
	for _, h := range w.Handles {
		if h == under {
			continue
		}
		if other := m.tabs[h]; other != nil {
			if tab == nil {
				tab = &Tab{}
			}
			tab.Pour(*other)
			m.tabs[under] = tab
			delete(m.tabs, h)
		}
	}
	s := &m.desk
	*s = State{}
	if tab != nil {
		s.Tab = *tab
	}
	if w.Tally != "" {
		s.Tally = m.tally[w.Tally]
		s.Tally.Name = w.Tally
	}
	room, changed := s.Apply(at, a)
	if !changed {
		return room, nil
	}
	if tab == nil {
		tab = new(Tab)
		m.tabs[under] = tab
	}
	*tab = s.Tab
	if w.Tally != "" {
		m.tally[w.Tally] = s.Tally
	}
	if m.writes++; m.writes > 1024+m.swept {
		m.sweep(at)
	}
	return room, nil
}

// Len is how many tabs there are.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.tabs)
}

// sweep drops tabs that are over. It looks at them all, and so comes once in as
// many writes as it left the last time.
func (m *Memory) sweep(at time.Time) {
	m.writes = 0
	for h, t := range m.tabs {
		if !t.Ends().After(at) {
			delete(m.tabs, h)
		}
	}
	m.swept = len(m.tabs)
}

// Forget implements [party.Forgetter].
func (m *Memory) Forget(ctx context.Context, handles []party.Handle) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.closed {
		return ErrClosed
	}
	for _, h := range handles {
		delete(m.tabs, h)
	}
	return nil
}

// Close drops everything; every later call fails with [ErrClosed].
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed, m.tabs, m.tally = true, nil, nil
	return nil
}
