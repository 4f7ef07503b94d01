package optin

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/shape"
)

// Limits on what is recorded, in bytes unless it says otherwise.
const (
	maxText     = 4 << 10 // of one evidence field
	maxKey      = 512     // of an id, actor or ref
	maxHandle   = 256
	maxHandles  = 1024 // number of handles of one event
	maxPurpose  = 64
	maxPurposes = 64 // number of purposes of one event
)

// A RecordError lists everything that is wrong with one record. Nothing of it,
// nor of what was to be recorded with it, was stored. It names fields, never
// what was in them.
type RecordError struct {
	ID       string // of the record, if it has one
	Problems []Problem
}

// A Problem is one thing wrong with a record.
type Problem struct {
	Field string `json:"field,omitempty"` // "party.phone", "evidence.wording"
	Msg   string `json:"msg"`
}

func (e *RecordError) Error() string {
	var b strings.Builder
	b.WriteString("optin: record")
	if e.ID != "" && utf8.ValidString(e.ID) && len(e.ID) <= maxKey {
		fmt.Fprintf(&b, " %q", e.ID)
	}
	for i, p := range e.Problems {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString("; ")
		}
		b.WriteString(p.Field + " " + p.Msg)
	}
	return b.String()
}

// problems collects what is wrong.
type problems []Problem

func (ps *problems) add(field, format string, args ...any) {
	*ps = append(*ps, Problem{field, fmt.Sprintf(format, args...)})
}

func (ps problems) err(id string) error {
	if len(ps) == 0 {
		return nil
	}
	return &RecordError{ID: id, Problems: ps}
}

func (ps *problems) text(field, s string, limit int) {
	if len(s) > limit {
		ps.add(field, "is longer than %d bytes", limit)
	} else if !utf8.ValidString(s) {
		ps.add(field, "is not valid UTF-8")
	}
}

// key checks a short text that others use to find a thing by.
func (ps *problems) key(field, s string) {
	ps.text(field, s, maxKey)
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		ps.add(field, "holds control characters")
	}
}

func (ps *problems) handle(field string, h party.Handle) {
	if msg := wrong(h); msg != "" {
		ps.add(field, "%s", msg)
	}
}

// wrong says what is wrong with a handle, if anything.
func wrong(h party.Handle) string {
	switch {
	case h.Scheme == party.Phone:
		if !e164(h.Value) {
			return "is not a phone number in E.164 form with its plus"
		}
	case h.Scheme != party.User && h.Scheme != party.Parent:
		return "has an unknown scheme"
	case h.Value == "":
		return "is empty"
	case len(h.Value) > maxHandle:
		return fmt.Sprintf("is longer than %d bytes", maxHandle)
	case !utf8.ValidString(h.Value):
		return "is not valid UTF-8"
	case strings.ContainsFunc(h.Value, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return "holds spaces or control characters"
	}
	return ""
}

// e164 reports whether s is a plus and 7 to 15 digits that begin with no zero
// (ITU-T E.164).
func e164(s string) bool {
	if len(s) < 8 || len(s) > 16 || s[0] != '+' || s[1] == '0' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func (ps *problems) party(p party.Party) {
	if p.IsZero() {
		ps.add("party", "names nobody")
	}
	var room [3]party.Handle
	for _, h := range p.Append(room[:0]) {
		if msg := wrong(h); msg != "" {
			ps.add("party."+h.Scheme, "%s", msg)
		}
	}
}

func (ps *problems) purposes(list []Purpose) {
	if len(list) > maxPurposes {
		ps.add("purposes", "are more than %d", maxPurposes)
		return
	}
	for i, p := range list {
		bad := p == "" || len(p) > maxPurpose
		for _, c := range []byte(p) {
			bad = bad || !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.')
		}
		if bad {
			ps.add(fmt.Sprintf("purposes[%d]", i), "is not 1 to %d of a-z, 0-9, hyphen, underscore and dot", maxPurpose)
		}
	}
}

func (ps *problems) line(l party.Line) {
	ps.key("line.account", l.Account)
	ps.key("line.number", l.Number)
}

// grant checks what a Grant says, with its times filled in.
func (ps *problems) grant(g *Grant, at, received time.Time) {
	if g.ID == "" {
		ps.add("id", "is missing")
	}
	ps.key("id", g.ID)
	ps.party(g.Party)
	ps.purposes(g.Purposes)
	ps.times(at, received)
	ps.evidence(&g.Evidence, at)
	ps.line(g.Line)
	ps.key("actor", g.Actor)
}

// until checks how long a request waits.
func (ps *problems) until(until, at time.Time) {
	if until.IsZero() {
		ps.add("until", "is missing")
	} else if !until.After(at) {
		ps.add("until", "is not after the request")
	} else if until.UTC().Year() > lastYear {
		ps.add("until", "lies after the year %d", lastYear)
	}
}

// shapes checks what has a form of its own. It is made when first used, for
// that takes longer than a check.
var shapes = sync.OnceValue(shape.New)

// form is what of evidence has a form of its own.
type form struct {
	Locale  string `json:"locale" validate:"omitempty,bcp47_language_tag"`
	Country string `json:"country" validate:"omitempty,iso3166_1_alpha2"`
}

func (ps *problems) evidence(e *Evidence, at time.Time) {
	if !e.Source.known() {
		ps.add("evidence.source", "is unknown")
	}
	for _, f := range []struct{ name, text string }{
		{"evidence.wording", e.Wording}, {"evidence.version", e.Version}, {"evidence.locale", e.Locale},
		{"evidence.business_name", e.BusinessName}, {"evidence.surface", e.Surface}, {"evidence.proof", e.Proof},
	} {
		ps.text(f.name, f.text, maxText)
	}
	if !e.Given.known() {
		ps.add("evidence.given", "is unknown")
	}
	if !e.Act.known() {
		ps.add("evidence.act", "is unknown")
	}
	if e.Locale != "" || e.Country != "" {
		for _, p := range shapes().Check(&form{strings.ReplaceAll(e.Locale, "_", "-"), e.Country}) {
			ps.add("evidence."+p.Field, "%s", p.Msg)
		}
	}
	if e.Expires != nil && !e.Expires.After(at) {
		ps.add("evidence.expires", "is not after the grant")
	}
}

// check finds everything that is wrong with an event.
func (e *Event) check() error {
	var ps problems
	if e.ID == "" {
		ps.add("id", "is missing")
	}
	ps.key("id", e.ID)
	if !e.Kind.known() {
		ps.add("kind", "is unknown")
	}
	switch {
	case len(e.Handles) == 0:
		ps.add("handles", "name nobody")
	case len(e.Handles) > maxHandles:
		ps.add("handles", "are more than %d", maxHandles)
	default:
		for i, h := range e.Handles {
			ps.handle(fmt.Sprintf("handles[%d]", i), h)
		}
	}
	ps.purposes(e.Purposes)
	ps.times(e.At, e.Received)
	if e.Channel != "" && !e.Channel.known() {
		ps.add("channel", "is unknown")
	}
	ps.line(e.Line)
	switch {
	case e.Kind == Erased:
		ps.add("kind", "is not for recording: see Ledger.Erase")
	case (e.Kind == Granted || e.Kind == Requested) && e.Evidence == nil:
		ps.add("evidence", "is missing")
	case e.Kind == Confirmed && (e.Evidence != nil || len(e.Purposes) > 0):
		ps.add("evidence", "of a confirmation, and its purposes, are those of its request")
	case e.Evidence != nil:
		ps.evidence(e.Evidence, e.At)
	}
	if e.Kind == Requested {
		ps.until(e.Until, e.At)
	} else if !e.Until.IsZero() {
		ps.add("until", "is for requests alone")
	}
	if e.Kind == Confirmed && e.Ref == "" {
		ps.add("ref", "is missing: the id of the request")
	}
	ps.key("actor", e.Actor)
	ps.key("ref", e.Ref)
	return ps.err(e.ID)
}

// Times outside these years are mistakes, such as milliseconds taken for
// seconds.
const firstYear, lastYear = 2000, 9999

func (ps *problems) times(at, received time.Time) {
	for _, t := range []struct {
		field string
		at    time.Time
	}{{"at", at}, {"received", received}} {
		if t.at.IsZero() {
			ps.add(t.field, "is missing")
		} else if y := t.at.UTC().Year(); y < firstYear || y > lastYear {
			ps.add(t.field, "lies outside the years %d to %d", firstYear, lastYear)
		}
	}
}

// tidy brings an event to the one form in which it is kept: times in UTC to
// the microsecond, none later than it was received, purposes and handles once
// each, nothing shared with the caller.
func (e *Event) tidy() {
	e.At, e.Received = e.At.UTC().Truncate(time.Microsecond), e.Received.UTC().Truncate(time.Microsecond)
	if e.At.After(e.Received) {
		e.At = e.Received
	}
	if !e.Until.IsZero() {
		e.Until = whole(e.Until)
	}
	e.Purposes = unique(e.Purposes)
	e.Handles = unique(e.Handles)
	if e.Evidence != nil {
		ev := *e.Evidence
		if ev.AgeOK != nil {
			ok := *ev.AgeOK
			ev.AgeOK = &ok
		}
		if ev.Expires != nil {
			t := ev.Expires.UTC().Truncate(time.Microsecond)
			ev.Expires = &t
		}
		e.Evidence = &ev
	}
}

// unique copies a list without repeats, in order; empty is nil.
func unique[T comparable](list []T) []T {
	var out []T
	for _, v := range list {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
