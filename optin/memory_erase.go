package optin

import (
	"context"
	"hash/maphash"
	"iter"
	"slices"
	"strings"

	"github.com/waguard/waguard/compliance/party"
)

var (
	_ Lister = (*Memory)(nil)
	_ Eraser = (*Memory)(nil)
)

// All implements [Lister]: person by person, in the order they became known.
func (m *Memory) All(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for i := uint32(1); ; i++ {
			events, more, err := m.firstUnder(ctx, i)
			if err != nil {
				yield(Event{}, err)
				return
			}
			if !more {
				return
			}
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

// firstUnder returns the events of which a person is the first handle.
func (m *Memory) firstUnder(ctx context.Context, i uint32) (events []Event, more bool, err error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := m.ready(ctx); err != nil {
		return nil, false, err
	}
	if i > m.people.len() {
		return nil, false, nil
	}
	for r := m.people.at(i).last; r != 0; r = m.log.before(r, i) {
		if m.log.firstOf(r) != i || m.dead[r] {
			continue
		}
		one := &struct {
			event Event
			room  room
		}{}
		m.log.read(r, m, &one.event, &one.room)
		events = append(events, one.event)
	}
	slices.Reverse(events)
	return events, true, nil
}

// Erase implements [Eraser]. The text of what goes is written over.
func (m *Memory) Erase(ctx context.Context, x Erasure) (Removed, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.ready(ctx); err != nil {
		return Removed{}, err
	}
	var done Removed
	var spans []stretch
	touched := map[party.Handle]bool{}
	for _, h := range x.Handles {
		touched[h] = true
	}
	for i := range x.Events {
		for _, h := range x.Events[i].Handles {
			touched[h] = true
		}
		r := m.event(x.Events[i].ID)
		if r == 0 {
			continue
		}
		var e Event
		var rm room
		end := m.log.read(r, m, &e, &rm)
		for _, h := range e.Handles {
			touched[h] = true
		}
		m.log.dropSetting(r)
		spans = append(spans, stretch{r, m.log.bodyAt(r), end})
		m.dead[r] = true
		done.Events++
	}
	for h := range touched {
		if r := m.raise(h); r != 0 {
			spans = append(spans, stretch{r, 0, m.log.handleEnd(r)})
		}
	}
	m.log.blank(spans)
	for _, s := range x.Keep {
		s.At = whole(s.At)
		s.Actor = strings.Clone(s.Actor)
		if o, here := m.kept[s.Digest]; here {
			s = s.Over(o)
		}
		m.kept[s.Digest] = s
	}
	found := map[string]*flight{}
	for _, h := range x.Handles {
		for b := m.under[h]; b != nil; b = b.next {
			found[b.of.ID] = b.of
		}
	}
	at := whole(x.At)
	for id, n := range found {
		if !n.Expires.After(at) {
			m.leave(n)
			delete(found, id)
		}
	}
	done.Flights = list(found)
	return done, nil
}

// event finds an event by its id, or 0.
func (m *Memory) event(id string) ref {
	for r := m.byID[maphash.String(m.seed, id)]; r != 0; {
		got, next := m.log.id(r)
		if got == id && !m.dead[r] {
			return r
		}
		r = next
	}
	return 0
}

// raise puts a handle's version up. A person of whom nothing is left is taken
// out, and the place of their name returned; the version stays under its hash.
func (m *Memory) raise(h party.Handle) ref {
	hash := maphash.Comparable(m.seed, h)
	i := m.among(m.byName[hash], h)
	if i == 0 {
		m.gone[hash]++
		return 0
	}
	p := m.people.at(i)
	p.version++
	for r := p.last; r != 0; r = m.log.before(r, i) {
		if !m.dead[r] {
			return 0
		}
	}
	m.gone[hash] = max(m.gone[hash], p.version)
	if first := m.byName[hash]; first != i {
		for q := m.people.at(first); ; q = m.people.at(q.next) {
			if q.next == i {
				q.next = p.next
				break
			}
		}
	} else if p.next != 0 {
		m.byName[hash] = p.next
	} else {
		delete(m.byName, hash)
	}
	name := p.name
	*p = person{}
	return name
}

// Suppressed implements [Eraser].
func (m *Memory) Suppressed(ctx context.Context, digests []Digest) ([]Suppression, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	var found []Suppression
	for _, d := range digests {
		if s, here := m.kept[d]; here {
			found = append(found, s)
		}
	}
	return found, nil
}

// Suppressions implements [Eraser].
func (m *Memory) Suppressions(ctx context.Context) iter.Seq2[Suppression, error] {
	return func(yield func(Suppression, error) bool) {
		m.mu.RLock()
		err := m.ready(ctx)
		all := make([]Suppression, 0, len(m.kept))
		for _, s := range m.kept {
			all = append(all, s)
		}
		m.mu.RUnlock()
		if err != nil {
			yield(Suppression{}, err)
			return
		}
		for _, s := range all {
			if !yield(s, nil) {
				return
			}
		}
	}
}

// A stretch is a part of a record, from an offset in it to another.
type stretch struct {
	of       ref
	from, to int
}

// blank writes zero bytes over stretches. Pages are written anew, for what was
// read from the old ones shares their memory.
func (l *eventLog) blank(spans []stretch) {
	slices.SortFunc(spans, func(a, b stretch) int { return int(a.of>>32) - int(b.of>>32) })
	for len(spans) > 0 {
		n := spans[0].of >> 32
		p := l.pages[n-1]
		b := []byte(p.text)
		for len(spans) > 0 && spans[0].of>>32 == n {
			s := spans[0]
			clear(b[int(uint32(s.of))+s.from : int(uint32(s.of))+s.to])
			spans = spans[1:]
		}
		size := p.b.Cap()
		p.b.Reset()
		p.b.Grow(size)
		p.b.Write(b)
		p.text = p.b.String()
	}
}

// bodyAt is where in an event's record its id begins: what stands before is
// the way to other records and names nobody.
func (l *eventLog) bodyAt(r ref) int {
	p := l.at(r)
	whole := len(p)
	for range p.uint() {
		p.uint()
		p.uint()
	}
	p.uint()
	return whole - len(p)
}

// firstOf returns the person of an event's first handle.
func (l *eventLog) firstOf(r ref) uint32 {
	p := l.at(r)
	if p.uint() == 0 {
		return 0
	}
	return uint32(p.uint())
}

// handleEnd returns the length of a handle's record.
func (l *eventLog) handleEnd(r ref) int {
	p := l.at(r)
	whole := len(p)
	if p.byte() == 0 {
		p.text()
	}
	p.text()
	return whole - len(p)
}

// dropSetting forgets a setting with the last event that has it.
func (l *eventLog) dropSetting(r ref) {
	p := l.at(r)
	p = p[l.bodyAt(r):]
	p.text()
	p.byte()
	p.time()
	p.time()
	i := p.uint()
	if i == 0 {
		return
	}
	k := &l.list[i-1]
	if k.uses--; k.uses > 0 {
		return
	}
	for s, n := range l.settings {
		if n == uint32(i) {
			delete(l.settings, s)
			break
		}
	}
	*k = kept{}
	l.free = append(l.free, uint32(i))
}
