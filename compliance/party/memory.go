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
// often that set is seen, and the ids it has taken. People are worked out when
// something about them is written, so that asking is a look-up. Safe for
// concurrent use; the zero Memory is not usable, call [NewMemory].
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
	person *Known // shared by all handles of a person, never changed
}

// A bond is all joins of one set of handles. The youngest of them decides: what
// takes a handle out of it takes it out of the others too.
type bond struct {
	nodes []*node
	at    int64
	id    string // of the first join of it
	first int64
}

var (
	_ Links     = (*Memory)(nil)
	_ Forgetter = (*Memory)(nil)
	_ Historian = (*Memory)(nil)
)

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
	if len(nodes) < 2 {
		return
	}
	slices.SortFunc(nodes, func(a, b *node) int { return compareHandles(a.handle, b.handle) })
	at := j.At.UnixMicro()
	i := slices.IndexFunc(nodes[0].bonds, func(b *bond) bool { return slices.Equal(b.nodes, nodes) })
	if i < 0 {
		b := &bond{nodes, at, strings.Clone(j.ID), at}
		for _, n := range nodes {
			n.bonds = append(n.bonds, b)
		}
	} else if b := nodes[0].bonds[i]; b.began(j.ID, at) || at <= b.at || !slices.ContainsFunc(nodes, func(n *node) bool { return !b.has(n) }) {
		b.at = max(b.at, at)
		return // nobody comes back into it, so nothing follows from it
	} else {
		b.at = at
	}
	settle(nodes...)
}

// began takes an older join for the first. It is never the youngest, and reports
// whether it was older.
func (b *bond) began(id string, at int64) bool {
	if at >= b.first {
		return false
	}
	b.id, b.first = strings.Clone(id), at
	return true
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
		from := m.node(v.From)
		kept := &Move{ID: strings.Clone(v.ID), From: from.handle, At: time.UnixMicro(v.At.UnixMicro()).UTC()}
		touched := found(from)
		from.left = max(from.left, kept.At.UnixMicro())
		from.moves = append(from.moves, kept)
		if v.To != (Handle{}) {
			to := m.node(v.To)
			kept.To = to.handle
			to.moves = append(to.moves, kept)
			touched = append(touched, to)
		}
		settle(touched...)
	}
	return nil
}

// Forget implements [Forgetter].
func (m *Memory) Forget(ctx context.Context, hs []Handle) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, h := range hs {
		n := m.nodes[h]
		if n == nil {
			continue
		}
		var near []*node // who is left without it
		for _, b := range n.bonds {
			for _, o := range b.nodes {
				if o != n {
					o.bonds = slices.DeleteFunc(o.bonds, func(x *bond) bool { return x == b })
					near = append(near, o)
				}
			}
		}
		for _, v := range n.moves {
			o := m.nodes[v.From]
			if o == n {
				o = m.nodes[v.To]
			}
			if o == nil {
				continue // the move led nowhere
			}
			o.moves = slices.DeleteFunc(o.moves, func(x *Move) bool { return x == v })
			o.left = math.MinInt64
			for _, x := range o.moves {
				if x.From == o.handle {
					o.left = max(o.left, x.At.UnixMicro())
				}
			}
			near = append(near, o)
		}
		delete(m.nodes, h)
		settle(near...)
	}
	return nil
}

// node returns the node of a handle, made if need be. Its strings are copied:
// they often are parts of a whole webhook body, which must not stay alive.
func (m *Memory) node(h Handle) *node {
	n := m.nodes[h]
	if n == nil {
		n = &node{handle: Handle{strings.Clone(h.Scheme), strings.Clone(h.Value)}, left: math.MinInt64}
		n.person = &Known{Handles: []Handle{n.handle}}
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
	m.mu.RLock()
	defer m.mu.RUnlock()
	var first *Known
	if n := m.nodes[hs[0]]; n != nil {
		first = n.person
	}
	for _, h := range hs[1:] {
		if n := m.nodes[h]; n == nil || n.person != first {
			return m.several(hs), nil
		}
	}
	if first == nil {
		return Known{Handles: []Handle{hs[0]}}, nil
	}
	return Known{Handles: slices.Clone(first.Handles), Moves: slices.Clone(first.Moves)}, nil
}

// several is Known of handles that are not all known to be one person.
func (m *Memory) several(hs []Handle) Known {
	var k Known
	for _, h := range hs {
		if n := m.nodes[h]; n != nil {
			k.Handles = append(k.Handles, n.person.Handles...)
			k.Moves = append(k.Moves, n.person.Moves...)
		} else {
			k.Handles = append(k.Handles, h)
		}
	}
	k.tidy()
	return k
}

// tidy puts handles and moves in order, each of them once.
func (k *Known) tidy() {
	slices.SortFunc(k.Handles, compareHandles)
	k.Handles = slices.Compact(k.Handles)
	slices.SortFunc(k.Moves, func(a, b Move) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	k.Moves = slices.CompactFunc(k.Moves, func(a, b Move) bool { return a.ID == b.ID })
}

// Bonds implements [Historian].
func (m *Memory) Bonds(ctx context.Context, hs []Handle) ([]Bond, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	seen := map[*bond]bool{}
	var all []Bond
	for _, h := range hs {
		n := m.nodes[h]
		if n == nil {
			continue
		}
		for _, b := range n.bonds {
			if seen[b] {
				continue
			}
			seen[b] = true
			told := Bond{ID: b.id, First: time.UnixMicro(b.first).UTC(), Last: time.UnixMicro(b.at).UTC()}
			for _, o := range b.nodes {
				told.Handles = append(told.Handles, o.handle)
				if !b.has(o) {
					told.Left = append(told.Left, o.handle)
				}
			}
			all = append(all, told)
		}
	}
	SortBonds(all)
	return all, nil
}

// settle works out the people that some nodes belong to.
func settle(nodes ...*node) {
	done := map[*node]bool{}
	for _, n := range nodes {
		if done[n] {
			continue
		}
		all := found(n)
		k := &Known{Handles: make([]Handle, 0, len(all))}
		for _, n := range all {
			k.Handles = append(k.Handles, n.handle)
			for _, v := range n.moves {
				k.Moves = append(k.Moves, *v)
			}
		}
		k.tidy()
		for _, n := range all {
			n.person, done[n] = k, true
		}
	}
}

// found returns the nodes of one person: those that can be reached over bonds
// that still have both ends of every step.
func found(n *node) []*node {
	all, seen := []*node{n}, map[*node]bool{n: true}
	for i := 0; i < len(all); i++ {
		for _, b := range all[i].bonds {
			if !b.has(all[i]) {
				continue
			}
			for _, n := range b.nodes {
				if b.has(n) && !seen[n] {
					all, seen[n] = append(all, n), true
				}
			}
		}
	}
	return all
}

// has reports whether one of its handles still is of a bond: nobody moved away
// from it since. At the same instant the move wins: a person who just changed
// number is better asked twice than mistaken for the next owner.
func (b *bond) has(n *node) bool { return n.left < b.at }

func compareHandles(a, b Handle) int {
	return cmp.Or(strings.Compare(a.Scheme, b.Scheme), strings.Compare(a.Value, b.Value))
}
