package optin

import (
	"context"
	"errors"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// ErrClosed is returned by a store after Close.
var ErrClosed = errors.New("optin: the store is closed")

// Memory is a [Store] in memory, for tests and for processes that can do
// without what they knew when they start again. Events are kept packed, some
// 200 bytes for a contact with one grant, so that millions fit; flights are
// kept until they are left.
type Memory struct {
	mu     sync.RWMutex
	closed bool
	seed   maphash.Seed
	log    eventLog

	people tray[person]
	byName map[uint64]uint32 // hash of a handle to the newest person of that hash
	byID   map[uint64]ref    // hash of an event id to the newest event of that hash

	dead map[ref]bool      // events that were erased; their places stay
	gone map[uint64]uint64 // versions of erased handles, by hash
	kept map[Digest]Suppression

	flights map[string]*flight
	under   map[party.Handle]*berth
	spare   *flight // left flights, to be used again
}

// A person is what is on record under one handle.
type person struct {
	name    ref // where the handle is written
	last    ref // newest event, as appended
	version uint64
	next    uint32 // another person of the same hash
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{
		seed: maphash.MakeSeed(), log: newLog(),
		byName: map[uint64]uint32{}, byID: map[uint64]ref{},
		dead: map[ref]bool{}, gone: map[uint64]uint64{}, kept: map[Digest]Suppression{},
		flights: map[string]*flight{}, under: map[party.Handle]*berth{},
	}
}

// Close gives the memory back. Every call after it fails with [ErrClosed].
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	m.closed = true
	m.log, m.people = eventLog{}, tray[person]{}
	m.dead, m.gone, m.kept = nil, nil, nil
	m.byName, m.byID, m.flights, m.under, m.spare = nil, nil, nil, nil, nil
	return nil
}

// ready says why a call cannot go on, if so. The lock is held.
func (m *Memory) ready(ctx context.Context) error {
	if m.closed {
		return ErrClosed
	}
	return ctx.Err()
}

// find returns the number of a handle's person, or 0.
func (m *Memory) find(h party.Handle) uint32 {
	return m.among(m.byName[maphash.Comparable(m.seed, h)], h)
}

func (m *Memory) among(i uint32, h party.Handle) uint32 {
	for i != 0 {
		p := m.people.at(i)
		if m.log.handle(p.name) == h {
			return i
		}
		i = p.next
	}
	return 0
}

func (m *Memory) findOrAdd(h party.Handle) uint32 {
	hash := maphash.Comparable(m.seed, h)
	first := m.byName[hash]
	if i := m.among(first, h); i != 0 {
		return i
	}
	i := m.people.add(person{name: m.log.addHandle(h), version: m.gone[hash], next: first})
	m.byName[hash] = i
	return i
}

func (m *Memory) version(handles []party.Handle) (v uint64) {
	for _, h := range handles {
		v += m.versionOf(h, m.find(h))
	}
	return v
}

// versionOf is the version of a handle, whose person is i if it has one.
func (m *Memory) versionOf(h party.Handle, i uint32) uint64 {
	switch {
	case i != 0:
		return m.people.at(i).version
	case len(m.gone) > 0:
		return m.gone[maphash.Comparable(m.seed, h)]
	}
	return 0
}

// Append implements [Store].
func (m *Memory) Append(ctx context.Context, events ...Event) (Appended, error) {
	for i := range events {
		if events[i].ID == "" || len(events[i].Handles) == 0 {
			return Appended{}, errors.New("optin: an event needs an id and a handle")
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx); err != nil {
		return Appended{}, err
	}
	var done Appended
	for i := range events {
		if m.add(&events[i]) {
			done.Added++
		}
	}
	done.Flights = m.open(events)
	return done, nil
}

// add writes an event unless its id is there.
func (m *Memory) add(e *Event) bool {
	hash := maphash.String(m.seed, e.ID)
	first := m.byID[hash]
	for r := first; r != 0; {
		id, next := m.log.id(r)
		if id == e.ID && !m.dead[r] {
			return false
		}
		r = next
	}
	var few [4]link
	links := few[:0]
	for _, h := range e.Handles {
		i := m.findOrAdd(h)
		links = append(links, link{i, m.people.at(i).last})
	}
	r := m.log.addEvent(e, first, links)
	for _, l := range links {
		p := m.people.at(l.person)
		p.last = r
		p.version++
	}
	m.byID[hash] = r
	return true
}

// Events implements [Store].
func (m *Memory) Events(ctx context.Context, handles []party.Handle) (History, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := m.ready(ctx); err != nil {
		return History{}, err
	}
	h := History{Erased: len(m.kept) > 0}
	var few [16]ref
	refs := few[:0]
	for _, name := range handles {
		i := m.find(name)
		h.Version += m.versionOf(name, i)
		if i == 0 {
			continue
		}
		for r := m.people.at(i).last; r != 0; r = m.log.before(r, i) {
			if len(m.dead) == 0 || !m.dead[r] {
				refs = append(refs, r)
			}
		}
	}
	if len(refs) == 0 {
		return h, nil
	}
	slices.Sort(refs)
	refs = slices.Compact(refs)
	if len(refs) == 1 { // most people: one piece of memory for all of it
		one := &struct {
			event [1]Event
			room  room
		}{}
		m.log.read(refs[0], m, &one.event[0], &one.room)
		h.Events = one.event[:]
		return h, nil
	}
	h.Events = make([]Event, len(refs))
	rooms := make([]room, len(refs))
	for n, r := range refs {
		m.log.read(r, m, &h.Events[n], &rooms[n])
	}
	for n := 1; n < len(refs); n++ {
		if byTime(h.Events[n-1], h.Events[n]) > 0 {
			slices.SortFunc(h.Events, byTime)
			break
		}
	}
	return h, nil
}

// byTime is the order in which a Store returns events.
func byTime(a, b Event) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// A flight is one Flight and its places in the lists of its handles.
type flight struct {
	Flight
	berths []berth
	next   *flight // in the list of spares
}

// A berth is a flight's place under one handle.
type berth struct {
	of         *flight
	prev, next *berth
}

// Enter implements [Store].
func (m *Memory) Enter(ctx context.Context, f Flight) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx); err != nil {
		return err
	}
	if m.version(f.Handles) != f.Version {
		return ErrMoved
	}
	if _, here := m.flights[f.ID]; here {
		return nil
	}
	n := m.spare
	if n == nil {
		n = &flight{}
	} else {
		m.spare = n.next
	}
	handles := append(n.Handles[:0], f.Handles...)
	n.Flight, n.next = f, nil
	n.Handles, n.Entered, n.Expires = handles, whole(f.Entered), whole(f.Expires)
	if cap(n.berths) < len(handles) {
		n.berths = make([]berth, len(handles))
	}
	n.berths = n.berths[:len(handles)]
	for i, h := range handles {
		b := &n.berths[i]
		*b = berth{of: n, next: m.under[h]}
		if b.next != nil {
			b.next.prev = b
		}
		m.under[h] = b
	}
	m.flights[f.ID] = n
	return nil
}

// Leave implements [Store].
func (m *Memory) Leave(ctx context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx); err != nil {
		return err
	}
	n := m.flights[id]
	if n != nil {
		m.leave(n)
	}
	return nil
}

// leave takes a flight out of its lists.
func (m *Memory) leave(n *flight) {
	delete(m.flights, n.ID)
	for i := range n.berths {
		b := &n.berths[i]
		if b.next != nil {
			b.next.prev = b.prev
		}
		switch {
		case b.prev != nil:
			b.prev.next = b.next
		case b.next != nil:
			m.under[n.Handles[i]] = b.next
		default:
			delete(m.under, n.Handles[i])
		}
	}
	n.Flight = Flight{Handles: n.Handles} // its room is used again
	clear(n.Handles)
	n.next = m.spare
	m.spare = n
}

// open lists the flights under way for the people of events, by id.
func (m *Memory) open(events []Event) []Flight {
	if len(m.flights) == 0 {
		return nil
	}
	var youngest time.Time
	for i := range events {
		if r := whole(events[i].Received); r.After(youngest) {
			youngest = r
		}
	}
	found := map[string]*flight{}
	for i := range events {
		for _, h := range events[i].Handles {
			for b := m.under[h]; b != nil; b = b.next {
				if b.of.Expires.After(youngest) {
					found[b.of.ID] = b.of
				}
			}
		}
	}
	return list(found)
}

// list copies flights, by id.
func list(found map[string]*flight) []Flight {
	if len(found) == 0 {
		return nil
	}
	list := make([]Flight, 0, len(found))
	for _, n := range found {
		f := n.Flight
		f.Handles = slices.Clone(f.Handles)
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b Flight) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// whole is a time as stores keep it.
func whole(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
