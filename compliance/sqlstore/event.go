package sqlstore

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

// decodeEvent reads the body of an event. Nearly all are the plain JSON that
// encode writes, and those are read by hand, at a tenth of the cost; whatever is
// not recognised goes to encoding/json, so both give the same Event.
func decodeEvent(body string, e *optin.Event) error {
	p := newPlainJSON(body)
	p.event(e)
	if !p.odd && p.rest == "" {
		return nil
	}
	*e = optin.Event{}
	return json.Unmarshal([]byte(body), e)
}

// plainJSON reads JSON without white space whose strings hold no escapes. It
// takes strings as parts of the text, and turns odd at anything else.
type plainJSON struct {
	rest string
	odd  bool
}

// Text that is no UTF-8 is odd from the start: encoding/json mends it.
func newPlainJSON(text string) plainJSON {
	return plainJSON{rest: text, odd: !utf8.ValidString(text)}
}

func (p *plainJSON) next(prefix string) bool {
	if strings.HasPrefix(p.rest, prefix) {
		p.rest = p.rest[len(prefix):]
		return true
	}
	return false
}

func (p *plainJSON) want(prefix string) {
	if !p.next(prefix) {
		p.odd = true
	}
}

func (p *plainJSON) text() string {
	p.want(`"`)
	for i := 0; i < len(p.rest); i++ {
		switch c := p.rest[i]; {
		case c == '"':
			s := p.rest[:i]
			p.rest = p.rest[i+1:]
			return s
		case c == '\\' || c < ' ':
			p.odd = true
			return ""
		}
	}
	p.odd = true
	return ""
}

func (p *plainJSON) time() time.Time {
	t, err := time.Parse(time.RFC3339Nano, p.text())
	if err != nil || t.Location() != time.UTC {
		p.odd = true
	}
	return t
}

// members calls each with the names of an object, until it is odd.
func (p *plainJSON) members(each func(name string)) {
	p.want("{")
	if p.next("}") {
		return
	}
	for !p.odd {
		name := p.text()
		p.want(":")
		each(name)
		if p.next("}") {
			return
		}
		p.want(",")
	}
}

// elements calls each for the elements of an array that is not empty.
func (p *plainJSON) elements(each func()) {
	p.want("[")
	for !p.odd {
		each()
		if p.next("]") {
			return
		}
		p.want(",")
	}
}

func (p *plainJSON) event(e *optin.Event) {
	p.members(func(name string) {
		switch name {
		case "id":
			e.ID = p.text()
		case "kind":
			if e.Kind.UnmarshalText([]byte(p.text())) != nil {
				p.odd = true
			}
		case "handles":
			e.Handles = make([]party.Handle, 0, 2)
			p.elements(func() { e.Handles = append(e.Handles, p.handle()) })
		case "purposes":
			e.Purposes = make([]optin.Purpose, 0, 2)
			p.elements(func() { e.Purposes = append(e.Purposes, optin.Purpose(p.text())) })
		case "at":
			e.At = p.time()
		case "received":
			e.Received = p.time()
		case "channel":
			e.Channel = optin.Channel(p.text())
		case "line":
			p.line(&e.Line)
		case "evidence":
			e.Evidence = &optin.Evidence{}
			p.evidence(e.Evidence)
		case "actor":
			e.Actor = p.text()
		case "ref":
			e.Ref = p.text()
		case "until":
			e.Until = p.time()
		default:
			p.odd = true
		}
	})
}

func (p *plainJSON) handle() (h party.Handle) {
	p.members(func(name string) {
		switch name {
		case "scheme":
			h.Scheme = p.text()
		case "value":
			h.Value = p.text()
		default:
			p.odd = true
		}
	})
	return h
}

func (p *plainJSON) line(l *party.Line) {
	p.members(func(name string) {
		switch name {
		case "account":
			l.Account = p.text()
		case "number":
			l.Number = p.text()
		default:
			p.odd = true
		}
	})
}

func (p *plainJSON) evidence(e *optin.Evidence) {
	p.members(func(name string) {
		switch name {
		case "source":
			e.Source = optin.Source(p.text())
		case "wording":
			e.Wording = p.text()
		case "version":
			e.Version = p.text()
		case "locale":
			e.Locale = p.text()
		case "business_name":
			e.BusinessName = p.text()
		case "surface":
			e.Surface = p.text()
		case "proof":
			e.Proof = p.text()
		case "country":
			e.Country = p.text()
		case "age_ok":
			yes := p.next("true")
			if !yes {
				p.want("false")
			}
			e.AgeOK = &yes
		case "given":
			e.Given = optin.Given(p.text())
		case "act":
			e.Act = optin.Act(p.text())
		case "expires":
			t := p.time()
			e.Expires = &t
		default:
			p.odd = true
		}
	})
}
