package optin

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// A ref is the place of a record in an eventLog; zero is none.
type ref uint64

// An eventLog holds records packed one behind the other. What is written is
// never changed, so strings read from it share its memory and cost nothing.
type eventLog struct {
	pages []*page
	words map[string]uint32 // texts that many events share, kept once
	list  []string
	buf   []byte
}

// A page is a stretch of the log. Its builder never outgrows what it was given
// at first, so text stays valid while more is written behind it.
type page struct {
	b    strings.Builder
	text string
}

const (
	firstPage = 4 << 10
	lastPage  = 1 << 20
	maxWords  = 1 << 16 // distinct shared texts; further ones are written out
)

func newLog() eventLog { return eventLog{words: map[string]uint32{}} }

// write adds the record in buf.
func (l *eventLog) write() ref {
	n := len(l.pages)
	if n == 0 || l.pages[n-1].b.Cap()-l.pages[n-1].b.Len() < len(l.buf) {
		size := firstPage << min(n, 8)
		p := &page{}
		p.b.Grow(max(min(size, lastPage), len(l.buf)))
		l.pages = append(l.pages, p)
		n++
	}
	p := l.pages[n-1]
	r := ref(n)<<32 | ref(p.b.Len())
	p.b.Write(l.buf)
	p.text = p.b.String()
	return r
}

func (l *eventLog) at(r ref) packed { return packed(l.pages[r>>32-1].text[uint32(r):]) }

// packed is what is still unread of a record.
type packed string

func (p *packed) byte() byte {
	b := (*p)[0]
	*p = (*p)[1:]
	return b
}

func (p *packed) uint() uint64 {
	var v uint64
	s := *p
	for i := 0; ; i++ {
		b := s[i]
		v |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			*p = s[i+1:]
			return v
		}
	}
}

func (p *packed) text() string {
	n := p.uint()
	s := string((*p)[:n])
	*p = (*p)[n:]
	return s
}

// word reads a shared text: the number of one kept once, or 0 and the text.
func (p *packed) word(l *eventLog) string {
	if i := p.uint(); i != 0 {
		return l.list[i-1]
	}
	return p.text()
}

func (p *packed) time() time.Time {
	v := p.uint()
	return time.UnixMicro(int64(v>>1) ^ -int64(v&1)).UTC()
}

func (l *eventLog) putByte(b byte)   { l.buf = append(l.buf, b) }
func (l *eventLog) putUint(v uint64) { l.buf = binary.AppendUvarint(l.buf, v) }
func (l *eventLog) putText(s string) {
	l.putUint(uint64(len(s)))
	l.buf = append(l.buf, s...)
}
func (l *eventLog) putTime(t time.Time) { l.buf = binary.AppendVarint(l.buf, whole(t).UnixMicro()) }

func (l *eventLog) putWord(s string) {
	i, here := l.words[s]
	switch {
	case here:
		l.putUint(uint64(i))
	case len(l.list) < maxWords:
		s = strings.Clone(s)
		l.list = append(l.list, s)
		l.words[s] = uint32(len(l.list))
		l.putUint(uint64(len(l.list)))
	default:
		l.putUint(0)
		l.putText(s)
	}
}

func (l *eventLog) addHandle(h party.Handle) ref {
	l.buf = l.buf[:0]
	l.putWord(h.Scheme)
	l.putText(h.Value)
	return l.write()
}

func (l *eventLog) handle(r ref) party.Handle {
	p := l.at(r)
	return party.Handle{Scheme: p.word(l), Value: p.text()}
}

// A link ties an event to a person and to the event before it under them.
type link struct {
	person uint32
	before ref
}

// addEvent writes an event: the way to others first, then its id, then the rest.
func (l *eventLog) addEvent(e *Event, sameHash ref, links []link) ref {
	l.buf = l.buf[:0]
	l.putUint(uint64(len(links)))
	for _, k := range links {
		l.putUint(uint64(k.person))
		l.putUint(uint64(k.before))
	}
	l.putUint(uint64(sameHash))
	l.putText(e.ID)
	l.putByte(byte(e.Kind))
	l.putUint(uint64(len(e.Purposes)))
	for _, p := range e.Purposes {
		l.putWord(string(p))
	}
	l.putTime(e.At)
	l.putTime(e.Received)
	l.putWord(string(e.Channel))
	l.putWord(e.Line.Account)
	l.putWord(e.Line.Number)
	l.putWord(e.Actor)
	l.putText(e.Ref)
	l.putEvidence(e.Evidence)
	return l.write()
}

// What an evidence record begins with.
const (
	hasEvidence = 1 << iota
	hasAge
	ageOK
	hasExpiry
)

func (l *eventLog) putEvidence(e *Evidence) {
	if e == nil {
		l.putByte(0)
		return
	}
	flags := byte(hasEvidence)
	if e.AgeOK != nil {
		flags |= hasAge
		if *e.AgeOK {
			flags |= ageOK
		}
	}
	if e.Expires != nil {
		flags |= hasExpiry
	}
	l.putByte(flags)
	for _, s := range [...]string{string(e.Source), e.Wording, e.Version, e.Locale, e.BusinessName, e.Surface, e.Country} {
		l.putWord(s)
	}
	l.putText(e.Proof)
	if e.Expires != nil {
		l.putTime(*e.Expires)
	}
}

// before returns the event before r under a person.
func (l *eventLog) before(r ref, who uint32) ref {
	p := l.at(r)
	for range p.uint() {
		i, b := uint32(p.uint()), ref(p.uint())
		if i == who {
			return b
		}
	}
	return 0
}

// id returns the id of an event and the next event of the same hash.
func (l *eventLog) id(r ref) (id string, next ref) {
	p := l.at(r)
	for range p.uint() {
		p.uint()
		p.uint()
	}
	next = ref(p.uint())
	return p.text(), next
}

// rooms give an event its small lists in one piece of memory.
type eventRoom struct {
	handles  [2]party.Handle
	purposes [4]Purpose
}

type evidenceRoom struct {
	e       Evidence
	ageOK   bool
	expires time.Time
}

// read unpacks an event into e, sharing nothing that a caller could change.
func (l *eventLog) read(r ref, m *Memory, e *Event) {
	p := l.at(r)
	room := &eventRoom{}
	e.Handles = room.handles[:0]
	for range p.uint() {
		i := uint32(p.uint())
		p.uint()
		e.Handles = append(e.Handles, l.handle(m.people.at(i).name))
	}
	p.uint()
	e.ID = p.text()
	e.Kind = Kind(p.byte())
	for n := p.uint(); n > 0; n-- {
		if e.Purposes == nil {
			e.Purposes = room.purposes[:0]
		}
		e.Purposes = append(e.Purposes, Purpose(p.word(l)))
	}
	e.At, e.Received = p.time(), p.time()
	e.Channel = Channel(p.word(l))
	e.Line.Account, e.Line.Number = p.word(l), p.word(l)
	e.Actor = p.word(l)
	e.Ref = p.text()
	flags := p.byte()
	if flags == 0 {
		return
	}
	ev := &evidenceRoom{}
	ev.e.Source = Source(p.word(l))
	for _, s := range [...]*string{&ev.e.Wording, &ev.e.Version, &ev.e.Locale, &ev.e.BusinessName, &ev.e.Surface, &ev.e.Country} {
		*s = p.word(l)
	}
	ev.e.Proof = p.text()
	if flags&hasAge != 0 {
		ev.ageOK = flags&ageOK != 0
		ev.e.AgeOK = &ev.ageOK
	}
	if flags&hasExpiry != 0 {
		ev.expires = p.time()
		ev.e.Expires = &ev.expires
	}
	e.Evidence = &ev.e
}

// A tray is a list that grows without moving what is in it. Numbers start at 1.
type tray[T any] struct{ parts [][]T }

const trayPart = 4096

func (t *tray[T]) at(i uint32) *T { return &t.parts[(i-1)/trayPart][(i-1)%trayPart] }

func (t *tray[T]) add(v T) uint32 {
	n := len(t.parts)
	if n == 0 || len(t.parts[n-1]) == trayPart {
		t.parts = append(t.parts, nil)
		n++
		if n > 1 {
			t.parts[n-1] = make([]T, 0, trayPart)
		}
	}
	t.parts[n-1] = append(t.parts[n-1], v)
	return uint32((n-1)*trayPart + len(t.parts[n-1]))
}
