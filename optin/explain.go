package optin

import (
	"iter"
	"strings"
	"time"
)

// A Reason is one event a Standing rests on, without its evidence.
type Reason struct {
	Event    string    `json:"event"` // id
	Kind     Kind      `json:"kind"`
	At       time.Time `json:"at"`
	Purposes []Purpose `json:"purposes,omitempty"`
	Channel  Channel   `json:"channel,omitempty"` // of a stop
	Source   Source    `json:"source,omitempty"`  // of a grant
	Version  string    `json:"version,omitempty"` // of the wording a grant agreed to
	Actor    string    `json:"actor,omitempty"`   // who or what recorded it
}

// Reasons lists the events up to the instant, as they took effect.
func (s Standing) Reasons() iter.Seq[Reason] {
	return func(yield func(Reason) bool) {
		for r := range s.readings() {
			for i := range r.events {
				if !yield(reasonOf(&r.events[i])) {
					return
				}
			}
		}
	}
}

func reasonOf(e *Event) Reason {
	why := Reason{Event: e.ID, Kind: e.Kind, At: e.At, Purposes: e.Purposes, Channel: e.Channel, Actor: e.Actor}
	if e.Evidence != nil {
		why.Source, why.Version = e.Evidence.Source, e.Evidence.Version
	}
	return why
}

var deeds = [...]string{
	Granted: "granted", Revoked: "stopped", Restarted: "restarted", PlatformStopped: "stopped in WhatsApp's own switch",
	PlatformResumed: "resumed in WhatsApp's own switch", Suppressed: "marketing suppressed", Ended: "ended",
	Requested: "asked to confirm", Confirmed: "confirmed", Erased: "erased",
}

// longVersion is the length from which a version is a text and not told.
const longVersion = 32

// String tells the reason in a few words:
// "granted 2026-05-03 for marketing by web-form v4".
func (r Reason) String() string {
	var b strings.Builder
	r.write(&b)
	return b.String()
}

func (r Reason) write(b *strings.Builder) {
	if !r.Kind.known() {
		b.WriteString(r.Kind.String())
	} else {
		b.WriteString(deeds[r.Kind])
	}
	b.WriteByte(' ')
	b.WriteString(r.At.UTC().Format(time.DateOnly))
	r.writeRest(b)
}

// writeRest tells for what and by what.
func (r Reason) writeRest(b *strings.Builder) {
	for i, p := range r.Purposes {
		if i == 0 {
			b.WriteString(" for ")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(string(p))
	}
	switch {
	case r.Source != "":
		b.WriteString(" by ")
		b.WriteString(string(r.Source))
		if r.Version != "" && len(r.Version) <= longVersion {
			b.WriteByte(' ')
			b.WriteString(r.Version)
		}
		if !r.Source.OptIn() {
			b.WriteString(", which is no opt-in")
		}
	case r.Channel != "":
		b.WriteString(" by ")
		b.WriteString(string(r.Channel))
	}
}

// Explain tells the whole chain in one line:
// "granted 2026-05-03 by web-form v4; stopped 2026-06-09 by email".
func (s Standing) Explain() string {
	var b strings.Builder
	for r := range s.Reasons() {
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		r.write(&b)
	}
	if b.Len() == 0 {
		return "nothing on record"
	}
	return b.String()
}
