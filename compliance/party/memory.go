package party

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"time"
)

// Memory is [Links] in memory: for tests, and for programs that learn the
// links afresh on every start. It keeps one bond per set of handles, however
// often that set is seen, and the ids it has taken. Safe for concurrent use;
// the zero Memory is not usable, call [NewMemory].
type Memory struct {
	mu    sync.RWMutex
	nodes map[Handle]*node
	joins map[string]struct{}
	moves map[string]struct{}
}

// A node is one handle and what touches it.
type node struct {
	handle Handle
	left   int64 // when somebody last moved away from it, Unix microseconds
	bonds  []*bond
	moves  []*Move
}

// A bond is all joins of one set of handles. The youngest of them decides: it
// holds at least as long as any other.
type bond struct {
	nodes []*node
	at    int64
}

var _ Links = (*Memory)(nil)

// NewMemory returns an empty Memory.
func NewMemory() *Memory {
	return &Memory{
		nodes: map[Handle]*node{},
		joins: map[string]struct{}{},
		moves: map[string]struct{}{},
	}
}

// Join implements [Links].
func (m *Memory) Join(ctx context.Context, joins ...Join) error {
	for _, j := range joins {
		if err := j.Validate(); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, j := range joins {
		if _, seen := m.joins[j.ID]; seen {
			continue
		}
		m.joins[strings.Clone(j.ID)] = struct{}{}
		m.bind(j)
	}
	return nil
}

func (m *Memory) bind(j Join) {
	var nodes []*node
	for _, h := range j.Handles {
		if n := m.node(h); !slices.Contains(nodes, n) {
			nodes = append(nodes, n)
		}
	}
	slices.SortFunc(nodes, func(a, b *node) int { return compareHandles(a.handle, b.handle) })
	at := j.At.UnixMicro()
	for _, b := range nodes[0].bonds {
		if slices.Equal(b.nodes, nodes) {
			b.at = max(b.at, at)
			return
		}
	}
	b := &bond{nodes, at}
	for _, n := range nodes {
		n.bonds = append(n.bonds, b)
	}
}

// Move implements [Links].
func (m *Memory) Move(ctx context.Context, moves ...Move) error {
	for _, v := range moves {
		if err := v.Validate(); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, v := range moves {
		if _, seen := m.moves[v.ID]; seen {
			continue
		}
		m.moves[strings.Clone(v.ID)] = struct{}{}
		from, to := m.node(v.From), m.node(v.To)
		kept := &Move{ID: strings.Clone(v.ID), From: from.handle, To: to.handle, At: time.UnixMicro(v.At.UnixMicro()).UTC()}
		from.left = max(from.left, kept.At.UnixMicro())
		from.moves = append(from.moves, kept)
		to.moves = append(to.moves, kept)
	}
	return nil
}

// node returns the node of a handle, made if need be. Its strings are copied:
// they often are parts of a whole webhook body, which must not stay alive.
func (m *Memory) node(h Handle) *node {
	n := m.nodes[h]
	if n == nil {
		n = &node{handle: Handle{strings.Clone(h.Scheme), strings.Clone(h.Value)}, left: math.MinInt64}
		m.nodes[n.handle] = n
	}
	return n
}

// Known implements [Links].
func (m *Memory) Known(ctx context.Context, hs []Handle) (Known, error) {
	if err := ctx.Err(); err != nil {
		return Known{}, err
	}
	if len(hs) == 0 {
		return Known{}, nil
	}
	var k Known
	var few [8]*node // most people have two or three handles
	found := few[:0]

	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, h := range hs {
		if n := m.nodes[h]; n == nil {
			k.Handles = append(slices.Grow(k.Handles, len(hs)), h)
		} else if !slices.Contains(found, n) {
			found = append(found, n)
		}
	}
	for i := 0; i < len(found); i++ {
		for _, b := range found[i].bonds {
			if !b.holds() {
				continue
			}
			for _, n := range b.nodes {
				if !slices.Contains(found, n) {
					found = append(found, n)
				}
			}
		}
	}
	k.Handles = slices.Grow(k.Handles, len(found))
	for i, n := range found {
		k.Handles = append(k.Handles, n.handle)
		for _, v := range n.moves {
			other := v.To
			if other == n.handle {
				other = v.From
			}
			if !slices.Contains(found[:i], m.nodes[other]) { // a move between two of them comes once
				k.Moves = append(k.Moves, *v)
			}
		}
	}
	slices.SortFunc(k.Handles, compareHandles)
	k.Handles = slices.Compact(k.Handles)
	slices.SortFunc(k.Moves, func(a, b Move) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	return k, nil
}

// holds reports whether nobody left one of the handles since they were last
// seen together. At the same instant the move wins: a person who just changed
// number is better asked twice than mistaken for the next owner.
func (b *bond) holds() bool {
	for _, n := range b.nodes {
		if n.left >= b.at {
			return false
		}
	}
	return true
}

func compareHandles(a, b Handle) int {
	return cmp.Or(strings.Compare(a.Scheme, b.Scheme), strings.Compare(a.Value, b.Value))
}
