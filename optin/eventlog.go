package optin

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// A ref is the place of a record in an eventLog; zero is none.
type ref uint64

// An eventLog holds records packed one behind the other. What is written is
// never changed, so strings read from it share its memory and cost nothing.
type eventLog struct {
	pages    []*page
	settings map[setting]uint32 // what many events share, kept once
	list     []kept
	free     []uint32 // settings of which no event is left
	buf      []byte
}

// A setting is what is usually the same for many events: the form that was
// filled in, the line it was said on.
type setting struct {
	purposes                                                 string // packed
	channel                                                  Channel
	line                                                     party.Line
	actor                                                    string
	evidence                                                 bool
	source                                                   Source
	wording, version, locale, businessName, surface, country string
	given, act                                               string
}

// kept is a setting ready to be copied.
type kept struct {
	purposes []Purpose
	channel  Channel
	line     party.Line
	actor    string
	evidence *Evidence
	uses     uint32
}

// A page is a stretch of the log. Its builder never outgrows what it was given
// at first, so text stays valid while more is written behind it.
type page struct {
	b    strings.Builder
	text string
}

const (
	firstPage   = 4 << 10
	lastPage    = 1 << 20
	maxSettings = 1 << 16 // further ones are written out with each event
)

func newLog() eventLog { return eventLog{settings: map[setting]uint32{}} }

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

// putSetting writes the number of a setting kept once, or 0 and all of it.
func (l *eventLog) putSetting(e *Event) {
	s := setting{channel: e.Channel, line: e.Line, actor: e.Actor}
	var room [64]byte
	packedPurposes := room[:0]
	for _, p := range e.Purposes {
		packedPurposes = binary.AppendUvarint(packedPurposes, uint64(len(p)))
		packedPurposes = append(packedPurposes, p...)
	}
	s.purposes = string(packedPurposes)
	if ev := e.Evidence; ev != nil {
		s.evidence, s.source = true, ev.Source
		s.wording, s.version, s.locale, s.businessName, s.surface, s.country = ev.Wording, ev.Version, ev.Locale, ev.BusinessName, ev.Surface, ev.Country
		s.given, s.act = string(ev.Given), string(ev.Act)
	}
	i, here := l.settings[s]
	switch {
	case here:
		l.list[i-1].uses++
		l.putUint(uint64(i))
	case len(l.list) < maxSettings || len(l.free) > 0:
		s.own()
		if n := len(l.free); n > 0 {
			i, l.free = l.free[n-1], l.free[:n-1]
		} else {
			l.list = append(l.list, kept{})
			i = uint32(len(l.list))
		}
		l.list[i-1] = s.unpack()
		l.list[i-1].uses = 1
		l.settings[s] = i
		l.putUint(uint64(i))
	default:
		l.putUint(0)
		for _, t := range s.texts() {
			l.putText(*t)
		}
		if s.evidence {
			l.putByte(1)
		} else {
			l.putByte(0)
		}
	}
}

// setting reads what putSetting wrote.
func (p *packed) setting(l *eventLog) kept {
	if i := p.uint(); i != 0 {
		return l.list[i-1]
	}
	var s setting
	for _, t := range s.texts() {
		*t = p.text()
	}
	s.evidence = p.byte() == 1
	return s.unpack()
}

func (s *setting) texts() [14]*string {
	return [...]*string{&s.purposes, (*string)(&s.channel), &s.line.Account, &s.line.Number, &s.actor, (*string)(&s.source),
		&s.wording, &s.version, &s.locale, &s.businessName, &s.surface, &s.country, &s.given, &s.act}
}

// own copies the texts, so that none keeps a caller's memory alive.
func (s *setting) own() {
	for _, t := range s.texts() {
		*t = strings.Clone(*t)
	}
}

func (s *setting) unpack() kept {
	k := kept{channel: s.channel, line: s.line, actor: s.actor}
	for p := packed(s.purposes); len(p) > 0; {
		k.purposes = append(k.purposes, Purpose(p.text()))
	}
	if s.evidence {
		k.evidence = &Evidence{Source: s.source, Wording: s.wording, Version: s.version, Locale: s.locale,
			BusinessName: s.businessName, Surface: s.surface, Country: s.country, Given: Given(s.given), Act: Act(s.act)}
	}
	return k
}

// schemes of handles, for which a byte is enough.
var schemes = [...]string{1: party.Phone, 2: party.User, 3: party.Parent}

func (l *eventLog) addHandle(h party.Handle) ref {
	l.buf = l.buf[:0]
	i := max(slices.Index(schemes[:], h.Scheme), 0)
	l.putByte(byte(i))
	if i == 0 {
		l.putText(h.Scheme)
	}
	l.putText(h.Value)
	return l.write()
}

func (l *eventLog) handle(r ref) party.Handle {
	p := l.at(r)
	if i := p.byte(); i != 0 {
		return party.Handle{Scheme: schemes[i], Value: p.text()}
	}
	return party.Handle{Scheme: p.text(), Value: p.text()}
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
	l.putTime(e.At)
	l.putTime(e.Received)
	l.putSetting(e)
	l.putText(e.Ref)
	if e.Until.IsZero() {
		l.putByte(0)
	} else {
		l.putByte(1)
		l.putTime(e.Until)
	}
	l.putProof(e.Evidence)
	return l.write()
}

// What the record of a person's own evidence begins with.
const (
	hasAge = 1 << iota
	ageOK
	hasExpiry
	hasProof
)

// putProof writes what of the evidence is the person's alone.
func (l *eventLog) putProof(e *Evidence) {
	if e == nil {
		return
	}
	flags := byte(0)
	if e.AgeOK != nil {
		flags |= hasAge
		if *e.AgeOK {
			flags |= ageOK
		}
	}
	if e.Expires != nil {
		flags |= hasExpiry
	}
	if e.Proof != "" {
		flags |= hasProof
	}
	l.putByte(flags)
	if e.Proof != "" {
		l.putText(e.Proof)
	}
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

// A room gives the small parts of an event one piece of memory.
type room struct {
	handles  [2]party.Handle
	purposes [3]Purpose
	evidence Evidence
	expires  time.Time
	ageOK    bool
}

// read unpacks an event into e and its room, sharing nothing that a caller
// could change, and returns the length of its record.
func (l *eventLog) read(r ref, m *Memory, e *Event, room *room) int {
	p := l.at(r)
	length := len(p)
	e.Handles = room.handles[:0]
	for range p.uint() {
		i := uint32(p.uint())
		p.uint()
		e.Handles = append(e.Handles, l.handle(m.people.at(i).name))
	}
	p.uint()
	e.ID = p.text()
	e.Kind = Kind(p.byte())
	e.At, e.Received = p.time(), p.time()
	k := p.setting(l)
	if len(k.purposes) > 0 {
		e.Purposes = append(room.purposes[:0], k.purposes...)
	}
	e.Channel, e.Line, e.Actor = k.channel, k.line, k.actor
	e.Ref = p.text()
	if p.byte() == 1 {
		e.Until = p.time()
	}
	if k.evidence == nil {
		return length - len(p)
	}
	room.evidence = *k.evidence
	e.Evidence = &room.evidence
	flags := p.byte()
	if flags&hasProof != 0 {
		e.Evidence.Proof = p.text()
	}
	if flags&hasAge != 0 {
		room.ageOK = flags&ageOK != 0
		e.Evidence.AgeOK = &room.ageOK
	}
	if flags&hasExpiry != 0 {
		room.expires = p.time()
		e.Evidence.Expires = &room.expires
	}
	return length - len(p)
}

// A tray is a list that grows without moving what is in it. Numbers start at 1.
type tray[T any] struct{ parts [][]T }

const trayPart = 4096

func (t *tray[T]) at(i uint32) *T { return &t.parts[(i-1)/trayPart][(i-1)%trayPart] }

func (t *tray[T]) len() uint32 {
	n := len(t.parts)
	if n == 0 {
		return 0
	}
	return uint32((n-1)*trayPart + len(t.parts[n-1]))
}

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
