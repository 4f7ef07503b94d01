package optin

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// A Draft is an opt-in or an opt-out as a form, a row or a note has it: text.
// [Draft.Grant], [Draft.Request] and [Draft.Revoke] read it and tell everything
// that is wrong with it at once, in the names the caller has for its fields.
// Texts are trimmed; an empty one is not known.
type Draft struct {
	ID      string // of the form or row; without it, one is made from the contents
	Phone   string
	WaID    string // a phone as webhooks name it: digits and no plus
	User    string
	Parent  string
	Agreed  string // a column or box that says yes or no: a draft that says no is no opt-in
	Stopped string // the same of a stop, or when it was: a draft that says one is no opt-in
	At      string
	Channel string // of an opt-out
	Ref     string // of an opt-out: what caused it

	Purposes string // marketing, utility, …, with commas, semicolons, bars or spaces between

	Source       string
	Wording      string
	Version      string
	Locale       string
	BusinessName string
	Given        string
	Act          string
	Surface      string
	Proof        string
	Country      string
	AgeOK        string // yes or no
	Expires      string
	Actor        string
}

// The fields of a Draft, by the names that problems and [Notation] have for
// them.
var draftFields = [...]struct {
	name string
	of   func(*Draft) *string
}{
	{"id", func(d *Draft) *string { return &d.ID }},
	{"phone", func(d *Draft) *string { return &d.Phone }},
	{"wa_id", func(d *Draft) *string { return &d.WaID }},
	{"user", func(d *Draft) *string { return &d.User }},
	{"parent", func(d *Draft) *string { return &d.Parent }},
	{"agreed", func(d *Draft) *string { return &d.Agreed }},
	{"stopped", func(d *Draft) *string { return &d.Stopped }},
	{"at", func(d *Draft) *string { return &d.At }},
	{"channel", func(d *Draft) *string { return &d.Channel }},
	{"ref", func(d *Draft) *string { return &d.Ref }},
	{"purposes", func(d *Draft) *string { return &d.Purposes }},
	{"source", func(d *Draft) *string { return &d.Source }},
	{"wording", func(d *Draft) *string { return &d.Wording }},
	{"version", func(d *Draft) *string { return &d.Version }},
	{"locale", func(d *Draft) *string { return &d.Locale }},
	{"business_name", func(d *Draft) *string { return &d.BusinessName }},
	{"given", func(d *Draft) *string { return &d.Given }},
	{"act", func(d *Draft) *string { return &d.Act }},
	{"surface", func(d *Draft) *string { return &d.Surface }},
	{"proof", func(d *Draft) *string { return &d.Proof }},
	{"country", func(d *Draft) *string { return &d.Country }},
	{"age_ok", func(d *Draft) *string { return &d.AgeOK }},
	{"expires", func(d *Draft) *string { return &d.Expires }},
	{"actor", func(d *Draft) *string { return &d.Actor }},
}

// DraftFields are the names of a Draft's fields, as [Draft.Set] and
// [ImportOptions].Map take them.
func DraftFields() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, f := range draftFields {
			if !yield(f.name) {
				return
			}
		}
	}
}

// field returns a field by its name, or nil.
func (d *Draft) field(name string) *string {
	for _, f := range draftFields {
		if f.name == name {
			return f.of(d)
		}
	}
	return nil
}

// Notation is how the caller writes what a Draft holds. The zero Notation
// takes phones with their plus and times by RFC 3339.
type Notation struct {
	// Names are the caller's names of fields, by ours: "phone": "Mobile no.".
	Names map[string]string

	// BareDigits takes phones that are written without their plus, in full
	// international digits. It is for lists of which that is known: a national
	// number without its plus looks the same and would be somebody else.
	BareDigits bool

	// Layouts are tried after RFC 3339, in order: layouts as of package time,
	// or "unix" and "unixms". A day without a time counts from its beginning
	// for an opt-in and to its end for an opt-out.
	Layouts  []string
	Location *time.Location // of times without a zone; nil: UTC

	// Sources are the caller's words for sources, in lower case; "*" is for
	// every other word, and the word then goes to the surface, if that is
	// empty.
	Sources map[string]Source
}

func (n *Notation) name(field string) string {
	if s, ok := n.Names[field]; ok {
		return s
	}
	return field
}

// Grant reads the draft as an opt-in received at an instant. Errors are of type
// *[RecordError].
func (d *Draft) Grant(n Notation, received time.Time) (Grant, error) {
	r := draftReader{d: d, n: &n, received: received}
	g := r.grant()
	return g, r.err()
}

// Request reads the draft as an opt-in that waits for its confirmation.
func (d *Draft) Request(n Notation, received, until time.Time) (Request, error) {
	r := draftReader{d: d, n: &n, received: received}
	g := r.grant()
	r.ps.until(until, g.At)
	return Request{g, until}, r.err()
}

// Revoke reads the draft as an opt-out. One without a time counts from when it
// was received, and each time it is received anew is a stop of its own.
func (d *Draft) Revoke(n Notation, received time.Time) (Revoke, error) {
	r := draftReader{d: d, n: &n, received: received}
	v := r.revoke()
	return v, r.err()
}

// A draftReader reads one draft.
type draftReader struct {
	d        *Draft
	n        *Notation
	received time.Time
	out      bool // an opt-out
	ps       problems
	warnings problems
	bad      [len(draftFields)]bool // fields of which something was said already
	room     []byte
}

func (r *draftReader) err() error { return r.ps.err(strings.TrimSpace(r.d.ID)) }

func indexOf(field string) int {
	for i := range draftFields {
		if draftFields[i].name == field {
			return i
		}
	}
	return -1
}

// wrong notes a problem, once for a field.
func (r *draftReader) wrong(field, msg string) {
	if i := indexOf(field); i >= 0 {
		if r.bad[i] {
			return
		}
		r.bad[i] = true
	}
	r.ps = append(r.ps, Problem{r.n.name(field), msg})
}

func (r *draftReader) warn(field, msg string) {
	r.warnings = append(r.warnings, Problem{r.n.name(field), msg})
}

// checked takes over what the ledger's own checks say, in the caller's names.
func (r *draftReader) checked(ps problems) {
	for _, p := range ps {
		field := p.Field
		if f, ok := strings.CutPrefix(field, "party."); ok {
			field = f
		} else if f, ok := strings.CutPrefix(field, "evidence."); ok {
			field = f
		} else if i := strings.IndexByte(field, '['); i > 0 {
			field = field[:i]
		} else if field == "party" {
			if r.bad[indexOf("phone")] || r.bad[indexOf("wa_id")] || r.bad[indexOf("user")] || r.bad[indexOf("parent")] {
				continue
			}
			field = "phone"
		}
		r.wrong(field, p.Msg)
	}
}

func (r *draftReader) grant() Grant {
	d := r.d
	g := Grant{ID: strings.TrimSpace(d.ID), Party: r.party(), Purposes: r.purposes(), Received: r.received, Actor: strings.TrimSpace(d.Actor)}
	g.At = r.time("at", d.At)
	if !r.bad[indexOf("at")] && g.At.After(r.received) && !r.received.IsZero() {
		r.wrong("at", "lies after the record was received")
	}
	g.Evidence = Evidence{
		Source: r.source(), Wording: strings.TrimSpace(d.Wording), Version: strings.TrimSpace(d.Version),
		Locale: strings.TrimSpace(d.Locale), BusinessName: strings.TrimSpace(d.BusinessName),
		Given: Given(word(d.Given)), Act: Act(word(d.Act)), Surface: strings.TrimSpace(d.Surface),
		Proof: strings.TrimSpace(d.Proof), Country: strings.ToUpper(strings.TrimSpace(d.Country)),
	}
	if g.Evidence.Source == OtherSource && g.Evidence.Surface == "" && !Source(word(d.Source)).known() {
		g.Evidence.Surface = strings.TrimSpace(d.Source)
	}
	if ok, said := r.yes("age_ok", d.AgeOK); said {
		g.Evidence.AgeOK = &ok
	}
	if t := r.time("expires", d.Expires); !t.IsZero() {
		g.Evidence.Expires = &t
	}
	if ok, said := r.yes("agreed", d.Agreed); said && !ok {
		r.wrong("agreed", "says no: this is no opt-in")
	}
	switch word(d.Stopped) {
	case "", "no", "n", "false", "f", "0", "off":
	default:
		r.wrong("stopped", "says that the person stopped: this is no opt-in")
	}
	if g.ID == "" {
		e := Event{Kind: Granted, Handles: g.Party.Handles(), At: g.At, Purposes: g.Purposes, Evidence: &g.Evidence}
		g.ID = "draft-" + r.contentID(&e, "")
	}
	var ps problems
	ps.grant(&g, g.At, r.received)
	r.checked(ps)
	for _, p := range g.Purposes {
		if classOf(p) < 0 {
			r.warn("purposes", "name a topic beside marketing, utility, authentication and calls")
			break
		}
	}
	if !g.Evidence.optIn() {
		r.warn("source", "with what the record says is no opt-in: kept, and counts for nothing")
	}
	return g
}

func (r *draftReader) revoke() Revoke {
	r.out = true
	d := r.d
	v := Revoke{ID: strings.TrimSpace(d.ID), Party: r.party(), Purposes: r.purposes(), Received: r.received,
		Channel: Channel(word(d.Channel)), Actor: strings.TrimSpace(d.Actor), Ref: strings.TrimSpace(d.Ref)}
	v.At = r.time("at", d.At)
	if v.Channel == "" {
		v.Channel = Other
	}
	if yes, said := r.yes("agreed", d.Agreed); said && yes {
		r.wrong("agreed", "says yes: this is no opt-out")
	}
	if yes, said := r.yes("stopped", d.Stopped); said && !yes {
		r.wrong("stopped", "says no: this is no opt-out")
	}
	if v.At.IsZero() && !r.bad[indexOf("at")] {
		r.warn("at", "is not known: the stop counts from when the row was first imported")
		v.At = r.received
	}
	if v.ID == "" {
		e := Event{Kind: Revoked, Handles: v.Party.Handles(), At: v.At, Purposes: v.Purposes, Channel: v.Channel}
		v.ID = "draft-" + r.contentID(&e, "")
	}
	var ps problems
	ps.key("id", v.ID)
	ps.party(v.Party)
	ps.purposes(v.Purposes)
	ps.times(v.At, v.Received)
	if !v.Channel.known() {
		ps.add("channel", "is unknown")
	}
	ps.key("actor", v.Actor)
	ps.key("ref", v.Ref)
	r.checked(ps)
	return v
}

func (r *draftReader) party() (p party.Party) {
	d := r.d
	read := func(field, s string, parse func(string) (string, error)) string {
		if s = strings.TrimSpace(s); s == "" {
			return ""
		}
		got, err := parse(s)
		if err != nil {
			r.wrong(field, reason(err))
		}
		return got
	}
	p.Phone = read("phone", d.Phone, func(s string) (string, error) {
		if r.n.BareDigits && s[0] >= '1' && s[0] <= '9' {
			s = "+" + s
		}
		return party.ParsePhone(s)
	})
	if id := read("wa_id", d.WaID, party.ParseWaID); p.Phone == "" {
		p.Phone = id
	} else if id != "" && id != p.Phone {
		r.wrong("wa_id", "is another number than the phone")
	}
	p.User = read("user", d.User, party.ParseUser)
	p.Parent = read("parent", d.Parent, party.ParseParent)
	return p
}

// reason is what a party error says, without what was read.
func reason(err error) string {
	var phone *party.PhoneError
	var user *party.UserError
	switch {
	case errors.As(err, &phone):
		return "is no phone number: " + phone.Reason
	case errors.As(err, &user):
		return "is no " + user.Scheme + ": " + user.Reason
	}
	return "cannot be read"
}

func (r *draftReader) purposes() (list []Purpose) {
	rest := r.d.Purposes
	for rest != "" {
		i := strings.IndexAny(rest, ",;| \t\n")
		one := rest
		if i >= 0 {
			one, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		switch one = strings.ToLower(one); one {
		case "":
		case "all", "general", "*":
			if len(list) == 0 && strings.Trim(rest, ",;| \t\n") == "" {
				return nil
			}
			r.wrong("purposes", "say all beside others")
		default:
			list = append(list, Purpose(one))
		}
		if len(list) > maxPurposes {
			break // the checks say so
		}
	}
	return list
}

// words people have for sources.
func sourceWord(s string) Source {
	switch s {
	case "website", "web", "form", "landing-page", "webform":
		return WebForm
	case "qr-code":
		return QR
	case "text", "text-message":
		return BySMS
	case "whatsapp", "wa", "chat":
		return Thread
	case "in-store", "store", "desk", "pos":
		return AtTheDesk
	case "app", "signup", "in-app":
		return InAppSignup
	case "phone", "call":
		return IVR
	case "purchased", "bought", "bought-list":
		return PurchasedList
	}
	return Source(s)
}

func (r *draftReader) source() Source {
	s := word(r.d.Source)
	if s == "" {
		return Import
	}
	if of, ok := r.n.Sources[strings.ToLower(strings.TrimSpace(r.d.Source))]; ok {
		return of
	}
	if of := sourceWord(s); of.known() {
		return of
	}
	if of, ok := r.n.Sources["*"]; ok {
		return of
	}
	r.wrong("source", "is none of web-form, checkbox, qr, sms, ivr, in-person, paper, whatsapp-thread, flow, in-app-signup, import, other, inbound-message, implied-purchase and purchased-list")
	return ""
}

// word is a text as our own words are written.
func word(s string) string {
	s = strings.TrimSpace(s)
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 'A' && c <= 'Z' || c == ' ' || c == '_' || c >= 0x80 {
			return strings.NewReplacer(" ", "-", "_", "-").Replace(strings.ToLower(s))
		}
	}
	return s
}

func (r *draftReader) yes(field, s string) (yes, said bool) {
	switch word(s) {
	case "":
		return false, false
	case "yes", "y", "true", "t", "1", "on", "x", "opted-in", "opt-in", "in", "subscribed", "granted":
		return true, true
	case "no", "n", "false", "f", "0", "off", "opted-out", "opt-out", "out", "unsubscribed", "revoked":
		return false, true
	}
	r.wrong(field, "is neither yes nor no")
	return false, false
}

// time reads a time; zero when there is none.
func (r *draftReader) time(field, s string) time.Time {
	if s = strings.TrimSpace(s); s == "" {
		return time.Time{}
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t
	}
	for _, layout := range r.n.Layouts {
		switch layout {
		case "unix", "unixms":
			n, err := strconv.ParseInt(s, 10, 64)
			if err != nil || n <= 0 || n > 1<<52 {
				continue
			}
			if layout == "unix" {
				return time.Unix(n, 0)
			}
			return time.UnixMilli(n)
		}
		where := r.n.Location
		if where == nil {
			where = time.UTC
		}
		t, err := time.ParseInLocation(layout, s, where)
		if err != nil {
			continue
		}
		if r.out && !hours(layout) {
			t = t.AddDate(0, 0, 1).Add(-time.Microsecond)
		}
		return t
	}
	if len(r.n.Layouts) == 0 {
		r.wrong(field, "is no time by RFC 3339 such as 2026-05-03T10:00:00Z, and no other layout is set")
	} else {
		r.wrong(field, "is no time by RFC 3339 or by the layouts that are set")
	}
	return time.Time{}
}

// hours reports whether a layout says what hour it is.
func hours(layout string) bool {
	var t time.Time
	return t.Format(layout) != t.Add(13*time.Hour).Format(layout)
}

// contentID makes an id of what an event says. With an id of its own it is of
// that, the person and the time, so that an act of which the record was mended
// later stays one act.
func (r *draftReader) contentID(e *Event, own string) string {
	b := r.room[:0]
	put := func(s string) {
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(b, ':')
		b = append(b, s...)
	}
	put(e.Kind.String())
	for _, h := range e.Handles {
		put(h.Scheme)
		put(h.Value)
	}
	if !e.At.IsZero() {
		b = whole(e.At).AppendFormat(b, time.RFC3339Nano)
	}
	if own != "" {
		put("own")
		put(own)
	} else {
		put("contents")
		for _, p := range e.Purposes {
			put(string(p))
		}
		put(string(e.Channel))
		if ev := e.Evidence; ev != nil {
			for _, s := range [...]string{string(ev.Source), ev.Wording, ev.Version, ev.Locale, ev.BusinessName, string(ev.Given), string(ev.Act), ev.Surface, ev.Proof, ev.Country} {
				put(s)
			}
			if ev.AgeOK != nil {
				b = strconv.AppendBool(b, *ev.AgeOK)
			}
			if ev.Expires != nil {
				b = whole(*ev.Expires).AppendFormat(b, time.RFC3339Nano)
			}
		}
	}
	r.room = b
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// A Gap is something an audit of an opt-in would ask for and not find.
type Gap struct {
	Field string
	Must  bool // the policy, or the law it names, demands it; else it is good practice
	Msg   string
}

// Gaps lists what is missing of a complete opt-in record. What WhatsApp demands
// is the number given by the person, and the business's name and the statement
// shown (Business Messaging Policy, section 1; Meta, "Get opt-in for WhatsApp").
// An affirmative act, and being able to prove it, come from data protection law
// (Regulation (EU) 2016/679, article 7).
func (e *Evidence) Gaps() []Gap {
	var gaps []Gap
	miss := func(missing, must bool, field, msg string) {
		if missing {
			gaps = append(gaps, Gap{field, must, msg})
		}
	}
	miss(e.Given == "", true, "given", "how the person gave their number is not recorded")
	miss(e.Act == "", true, "act", "what the person did to agree is not recorded")
	miss(e.BusinessName == "", true, "business_name", "the name shown to the person is not recorded")
	miss(e.Wording == "" && e.Version == "", true, "wording", "neither the wording nor its version is recorded")
	miss(e.Locale == "", false, "locale", "the language of the wording is not recorded")
	miss(e.Surface == "", false, "surface", "the page, form or desk is not recorded")
	miss(e.Proof == "", false, "proof", "where the proof lies is not recorded")
	return gaps
}

// Set fills in a field by its name: "business_name", "locale".
func (d *Draft) Set(field, value string) error {
	f := d.field(field)
	if f == nil {
		return errors.New("optin: draft: " + strconv.Quote(clip(field)) + " is no field")
	}
	*f = value
	return nil
}
