package optin

import (
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// Level is how far agreement goes for a purpose. Levels are ordered from the
// strictest; the zero Level is no agreement.
type Level uint8

const (
	NoConsent     Level = iota // nothing on record that counts
	OtherPurposes              // agreed, but not to this
	General                    // agreed to messages without naming a purpose
	Named                      // agreed to this purpose by name
)

var levels = [...]string{"none", "other-purposes", "general", "named"}

// String returns none, other-purposes, general or named.
func (l Level) String() string {
	if int(l) < len(levels) {
		return levels[l]
	}
	return "Level(?)"
}

// Consent is what somebody agreed to for one purpose. The zero Consent is no
// agreement.
type Consent struct {
	Level    Level
	Event    string // id of the grant the Level rests on
	At       time.Time
	Source   Source
	Purposes []Purpose // the grant names; none: general
	Evidence *Evidence // not to be changed

	NoOptIn Source    // with NoConsent: newest record whose source is no opt-in
	Expired time.Time // with NoConsent and OtherPurposes: when the newest fitting grant expired
}

// A Stop is a stop in force.
type Stop struct {
	Event      string // id
	At         time.Time
	Channel    Channel
	Purposes   []Purpose // none: everything
	OnWhatsApp bool      // said in a WhatsApp conversation, on Line
	Line       party.Line
	Ref        string // wamid or other key of what caused it
}

// PlatformScope says how far WhatsApp's own marketing switch reaches.
type PlatformScope uint8

const (
	WholeBusiness PlatformScope = iota // pressed on one line, it holds on all
	PerLine                            // it holds on the line it was pressed on
)

// A Standing is what a person agreed to and stopped, at one instant. It is
// made once, by [StandingAt] or [Ledger.Standing], and answers without
// allocating; its slices are not to be changed. The zero Standing is a person
// nothing is known of: no consent, and not stopped.
type Standing struct {
	Handles []party.Handle // looked up; for Enter
	Version uint64         // of their consent; for Enter

	of    *reading
	stops []*reading // of further addressees
}

// NoEntry is the Version of a Standing that leaves out a stop dated after its
// instant: such a Standing is of the past, and no flight can be entered on it.
const NoEntry = math.MaxUint64

// A reading is what the events of one person come to.
type reading struct {
	at       time.Time
	events   []Event // up to at, as they took effect
	handles  []party.Handle
	answers  [len(classes)]answer
	held     int32
	platform int32 // newest press of Stop that holds under some handle
	noOptIn  int32
	asks     bool
}

// StandingAt works out what the events come to at an instant. Events dated
// later are left out; when a stop is among them the Version is [NoEntry]. Order
// and repeats of events do not matter. The handles are those the question is
// about; with none, every handle the events name. The events are kept and must
// not be changed afterwards.
func StandingAt(h History, at time.Time, handles ...party.Handle) Standing {
	events := h.Events
	if !settled(events) {
		events = slices.Clone(events)
		slices.SortFunc(events, func(a, b Event) int { return inForce(&a, &b) })
		events = slices.CompactFunc(events, func(a, b Event) bool { return a.ID == b.ID })
	}
	s := Standing{Handles: handles, Version: h.Version}
	if len(handles) == 0 {
		s.Handles = named(events)
	}
	n := len(events)
	for n > 0 && events[n-1].At.After(at) {
		n--
	}
	for i := n; i < len(events); i++ {
		if events[i].Kind.stops() {
			s.Version = NoEntry
		}
	}
	if n > 0 {
		s.of = read(confirmed(events[:n:n]), s.Handles, at)
	}
	return s
}

// named lists the handles of events, in the order of schemes and values.
func named(events []Event) []party.Handle {
	var hs []party.Handle
	for i := range events {
		hs = append(hs, events[i].Handles...)
	}
	slices.SortFunc(hs, func(a, b party.Handle) int {
		if c := strings.Compare(a.Scheme, b.Scheme); c != 0 {
			return c
		}
		return strings.Compare(a.Value, b.Value)
	})
	return slices.Compact(hs)
}

func read(events []Event, handles []party.Handle, at time.Time) *reading {
	r := &reading{at: at, events: events, handles: handles}
	var room [3]strand
	strands := append(room[:0], make([]strand, len(handles))...)
	follow(strands, events, handles, at, "")
	restarted := false
	for i := range strands {
		s := &strands[i]
		for k := range s.courses {
			r.answers[k].merge(&s.courses[k], s.speaks, events)
		}
		r.held = max(r.held, s.held)
		r.noOptIn = max(r.noOptIn, s.noOptIn)
		if s.platform != 0 && events[s.platform-1].Kind == PlatformStopped {
			r.platform = max(r.platform, s.platform)
		}
		restarted = restarted || s.restarted
	}
	a := &r.answers[classMessages]
	// Somebody who was erased has nothing to go back to, and may be asked.
	r.asks = restarted && a.level == NoConsent && (a.stop == 0 || events[a.stop-1].Kind == Erased)
	return r
}

// answer is what holds for a purpose. Topics of an app's own are worked out
// when asked.
func (r *reading) answer(p Purpose) answer {
	if k := classOf(p); k >= 0 {
		return r.answers[k]
	}
	var a answer
	for i := range r.handles {
		var s [1]strand
		follow(s[:], r.events, r.handles[i:i+1], r.at, p)
		a.merge(&s[0].courses[0], s[0].speaks, r.events)
	}
	return a
}

func (r *reading) stop(i int32) Stop {
	e := &r.events[i-1]
	return Stop{Event: e.ID, At: e.At, Channel: e.Channel, Purposes: e.Purposes,
		OnWhatsApp: e.Channel == WhatsApp, Line: e.Line, Ref: e.Ref}
}

// Consent returns what the person agreed to for a purpose; the empty purpose
// asks for messages as a whole. Agreement is one thing and a stop another: ask
// [Standing.StoppedFor] too.
//
// A grant without purposes is a general opt-in to messages and says nothing
// about calls. A grant that names purposes covers those and no other. A grant
// that names only calls is none for messages. A grant that expired, or whose
// source is no opt-in, is none at all. Of several handles the one that allows
// least decides, among those under which the person ever agreed.
func (s Standing) Consent(p Purpose) Consent {
	if s.of == nil {
		return Consent{}
	}
	r, a := s.of, s.of.answer(p)
	c := Consent{Level: a.level}
	if a.grant != 0 {
		e := &r.events[a.grant-1]
		c.Event, c.At, c.Source, c.Purposes, c.Evidence = e.ID, e.At, e.Evidence.Source, e.Purposes, e.Evidence
	}
	if a.level <= OtherPurposes && a.lapsed != 0 {
		c.Expired = *r.events[a.lapsed-1].Evidence.Expires
	}
	if a.level == NoConsent && r.noOptIn != 0 {
		if ev := r.events[r.noOptIn-1].Evidence; ev != nil {
			c.NoOptIn = ev.noOptIn()
		}
	}
	return c
}

// Stopped returns the person's own stop of everything, while it is in force
// for messages as a whole. A later general grant or START lifts it; a later
// grant that names purposes lifts it for those alone, and it stays in force.
func (s Standing) Stopped() (Stop, bool) { return s.StoppedFor("") }

// StoppedFor returns the newest stop in force for a purpose: one that names
// it, or one of everything that no later grant has lifted for it.
func (s Standing) StoppedFor(p Purpose) (stop Stop, on bool) {
	if s.of != nil {
		if a := s.of.answer(p); a.stop != 0 {
			stop, on = s.of.stop(a.stop), true
		}
	}
	for _, r := range s.stops {
		if a := r.answer(p); a.stop != 0 {
			if o := r.stop(a.stop); !on || o.At.After(stop.At) {
				stop, on = o, true
			}
		}
	}
	return stop, on
}

// Suppressed reports whether marketing is held because the person wrote
// something that is likely a stop, and nobody has asked since. A grant or a
// restart that covers marketing resolves it.
func (s Standing) Suppressed() bool {
	_, held := s.SuppressedBy()
	return held
}

// SuppressedBy returns what marketing is held for.
func (s Standing) SuppressedBy() (stop Stop, held bool) {
	for r := range s.readings() {
		if r.held != 0 {
			if o := r.stop(r.held); !held || o.At.After(stop.At) {
				stop, held = o, true
			}
		}
	}
	return stop, held
}

// PlatformStop returns whether the person pressed Stop in WhatsApp's own
// marketing switch, when, and the key of what told us. It is a switch of its
// own: neither a grant nor START turns it, only Resume. It holds for the whole
// business, whatever the line; with [PerLine] only presses on this line count,
// and those of which no line is known.
func (s Standing) PlatformStop(l party.Line, scope ...PlatformScope) (at time.Time, ref string, on bool) {
	perLine := len(scope) > 0 && scope[0] == PerLine && l.Number != ""
	for r := range s.readings() {
		i := r.platform
		if perLine {
			i = r.platformOn(l)
		}
		if i != 0 {
			if e := &r.events[i-1]; !on || e.At.After(at) {
				at, ref, on = e.At, e.Ref, true
			}
		}
	}
	return at, ref, on
}

// platformOn is the newest press of Stop that holds on a line.
func (r *reading) platformOn(l party.Line) (stop int32) {
	for _, h := range r.handles {
		var last int32
		for n := range r.events {
			e := &r.events[n]
			if e.Kind != PlatformStopped && e.Kind != PlatformResumed || !slices.Contains(e.Handles, h) {
				continue
			}
			if e.Line.Number == "" || e.Line.Number == l.Number {
				last = int32(n + 1)
			}
		}
		if last != 0 && r.events[last-1].Kind == PlatformStopped {
			stop = max(stop, last)
		}
	}
	return stop
}

// Asks reports whether the person wrote START and there is nothing to go back
// to: they are to be asked for an opt-in.
func (s Standing) Asks() bool { return s.of != nil && s.of.asks }

// Known reports whether anything is on record up to the instant.
func (s Standing) Known() bool { return s.of != nil }

// WithStopsOf adds the stops of a second addressee of the same message:
// whoever of the two stopped, it is stopped. What was agreed stays that of s.
// Handles and Version become those of both.
func (s Standing) WithStopsOf(o Standing) Standing {
	if o.of != nil {
		s.stops = append(slices.Clip(s.stops), o.of)
	}
	s.stops = append(slices.Clip(s.stops), o.stops...)
	both := slices.Clone(s.Handles)
	shared := 0
	for _, h := range o.Handles {
		if slices.Contains(s.Handles, h) {
			shared++
		} else {
			both = append(both, h)
		}
	}
	switch {
	case s.Version == NoEntry || o.Version == NoEntry:
		s.Version = NoEntry
	case shared == len(o.Handles): // o is part of s
	case shared == len(s.Handles):
		s.Version = o.Version
	case shared == 0:
		s.Version += o.Version
	default: // no sum can be made of two that overlap
		s.Version = NoEntry
	}
	s.Handles = both
	return s
}

func (s *Standing) readings() iter.Seq[*reading] {
	return func(yield func(*reading) bool) {
		if s.of != nil && !yield(s.of) {
			return
		}
		for _, r := range s.stops {
			if !yield(r) {
				return
			}
		}
	}
}
