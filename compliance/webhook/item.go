package webhook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
)

// A Fault is why an item could not be read. It names no value.
type Fault string

func (f Fault) Error() string { return "webhook: " + string(f) }

// Cause is the fault for the journal.
func (f Fault) Cause() string { return string(f) }

const (
	errMissing  = Fault("is missing")
	errShape    = Fault("has the wrong type")
	errUnknown  = Fault("is a word this version does not know")
	errTime     = Fault("is no time in seconds")
	errNobody   = Fault("names nobody")
	errNoNumber = Fault("does not say which phone number it is about")
	errID       = Fault("is no id")
	errHandle   = Fault("is no phone number or user id in the documented form")
	errDate     = Fault("is no date in the documented form")
)

// maxID bounds ids; the platform's have about sixty characters.
const maxID = 256

// word reads an id or a word of Meta's: short printable ASCII. Anything else
// gives "": no store should have to refuse a whole webhook over what it cannot
// keep (PostgreSQL takes no zero byte in a text).
func word(v jsondoc.Value) string {
	s := v.ID()
	if !printable(s) {
		return ""
	}
	return s
}

func printable(s string) bool {
	if len(s) > maxID {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// A spot is where in the body the parser stands. It becomes text only when
// something is wrong there.
type spot struct {
	entry, change int // -1: the body, the entry itself
	list          string
	item          int // -1: no list
}

func (s spot) String() string {
	var b strings.Builder
	if s.entry < 0 {
		return ""
	}
	b.WriteString("entry[" + strconv.Itoa(s.entry) + "]")
	if s.change >= 0 {
		b.WriteString(".changes[" + strconv.Itoa(s.change) + "]")
	}
	if s.list != "" {
		b.WriteString("." + s.list)
		if s.item >= 0 {
			b.WriteString("[" + strconv.Itoa(s.item) + "]")
		}
	}
	return b.String()
}

func join(path, step string) string {
	if path == "" || step == "" || step[0] == '[' {
		return path + step
	}
	return path + "." + step
}

// unreadable gives up on an item.
func (p *parser) unreadable(v jsondoc.Value, path string, err error) {
	where := join(p.place.String(), path)
	id := word(v.Get("id"))
	if id == "" {
		id = p.digest(v, where)
	}
	p.emit(compliance.Unreadable{ID: id, Where: where, Err: err})
}

func (p *parser) nothing(v jsondoc.Value, id, field, why string) {
	if id == "" {
		id = p.digest(v, "")
	}
	if !jsondoc.Plain(strings.ReplaceAll(field, "/", "_")) {
		field = "(unknown)"
	}
	p.emit(compliance.Nothing{ID: id, Field: field, Why: why})
}

// digest is the id of an item that has none: the same for every repeat of the
// item, another for any other. The time of the entry is part of it, since the
// same news may truly come again.
func (p *parser) digest(v jsondoc.Value, more string) string {
	return digest(v, p.account, p.line.Number, p.field, strconv.FormatInt(unix(p.told), 10), more)
}

// own is digest for items with a time of their own, which a repeat in another
// envelope keeps.
func (p *parser) own(v jsondoc.Value) string {
	return digest(v, p.account, p.line.Number, p.field)
}

func digest(v jsondoc.Value, with ...string) string {
	h := sha256.New()
	for _, s := range with {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	var b bytes.Buffer
	if json.Compact(&b, v.Raw()) == nil {
		h.Write(b.Bytes())
	}
	return "webhook:" + hex.EncodeToString(h.Sum(nil)[:16])
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// key reads the id an item has to have.
func (p *parser) key(v jsondoc.Value) (string, bool) {
	id := v.Get("id").String()
	switch {
	case id == "":
		p.unreadable(v, "id", errMissing)
	case !printable(id):
		p.unreadable(v, "id", errID)
	default:
		return id, true
	}
	return "", false
}

// time reads the time an item has to have.
func (p *parser) time(v jsondoc.Value) (time.Time, bool) {
	t, ok := instant(v.Get("timestamp"))
	if !ok {
		p.unreadable(v, "timestamp", errTime)
	}
	return t, ok
}

// names are the members by which an item names a person.
type names struct {
	phone  string
	user   string
	parent []string // in every spelling
}

// A contact is what a change says of a person, whichever items are theirs.
type contact struct{ wa, user, parent string }

// contacts takes up the contacts of a change, as far as they say one thing.
func (p *parser) contacts(v jsondoc.Value) {
	for _, c := range v.Get("contacts").Elements() {
		if c.Fault() != nil {
			continue
		}
		known := contact{c.Get("wa_id").ID(), c.Get("user_id").String(), c.Get("parent_user_id").String()}
		for _, key := range [...]string{known.wa, known.user} {
			if key == "" {
				continue
			}
			if p.people == nil {
				p.people = map[string]contact{}
			}
			if _, there := p.people[key]; !there {
				p.people[key] = known
			}
		}
	}
}

// person reads who an item is about: its own members, and what the contacts of
// the change add to them. A contact belongs to an item when they share the
// wa_id or the user id; their order says nothing. What cannot be read is told
// beside what can, so that a stop is kept under the handles that are known.
func (p *parser) person(v jsondoc.Value, n names) (party.Party, bool) {
	wa, user := v.Get(n.phone).ID(), v.Get(n.user).String()
	parent := ""
	for _, key := range n.parent {
		if s := v.Get(key).String(); s != "" {
			parent = s
		}
	}
	c, ok := p.people[user]
	if !ok || user == "" {
		c = p.people[wa]
	}
	wa, user, parent = or(wa, c.wa), or(user, c.user), or(parent, c.parent)
	if user == "" && len(wa) > 2 && wa[2] == '.' {
		wa, user = "", wa // a user id where the number used to be
	}
	who, bad := read(wa, user, parent)
	if who.IsZero() {
		if bad {
			p.unreadable(v, n.phone, errHandle)
		} else {
			p.unreadable(v, n.phone, errNobody)
		}
		return who, false
	}
	if bad {
		p.unreadable(v, n.phone, errHandle)
	}
	return who, true
}

// read takes what handles can be read; bad reports that some could not.
func read(wa, user, parent string) (who party.Party, bad bool) {
	var err error
	if wa != "" {
		who.Phone, err = party.ParseWaID(strings.TrimPrefix(wa, "+"))
		bad = bad || err != nil
	}
	if user != "" {
		who.User, err = party.ParseUser(user)
		bad = bad || err != nil
	}
	if parent != "" {
		who.Parent, err = party.ParseParent(parent)
		bad = bad || err != nil
	}
	return who, bad
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
