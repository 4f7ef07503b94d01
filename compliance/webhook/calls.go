package webhook

import (
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/internal/jsondoc"
)

var callee = names{phone: "to", user: "to_user_id", parent: []string{"to_parent_user_id"}}

// calls reads the calls of a number: their beginning and end under calls, and
// what the customer did with one of ours under statuses.
func (p *parser) calls(value jsondoc.Value) {
	p.number(value)
	if p.faulty(value, "calls", "statuses", "contacts") {
		return
	}
	p.contacts(value)
	before := len(p.events)
	p.items(value.Get("calls"), "value.calls", p.call)
	p.items(value.Get("statuses"), "value.statuses", p.callStatus)
	for _, e := range value.Get("errors").Elements() {
		p.nothing(e, "", p.field, "an error of a call")
	}
	if len(p.events) == before {
		p.nothing(value, "", p.field, "holds no call")
	}
}

func (p *parser) call(c jsondoc.Value) {
	id, ok := p.key(c)
	if !ok {
		return
	}
	e := compliance.Called{ID: id, Line: p.line}
	event := c.Get("event").String()
	switch event {
	case "connect":
		e.State = "connect"
	case "call_created":
		e.State = "ringing"
	case "terminate":
		e.State = "ended"
	case "":
		p.unreadable(c, "event", errMissing)
		return
	default:
		p.nothing(c, id, p.field, "of a call, and neither its beginning nor its end")
		return
	}
	if e.At, ok = p.time(c); !ok {
		return
	}
	if e.State == "ended" {
		e.Connected, e.Began = talked(c, e.At)
	}
	who := callee
	switch c.Get("direction").String() {
	case "USER_INITIATED":
		e.ByCustomer, who = true, sender
	case "BUSINESS_INITIATED":
	default:
		p.unreadable(c, "direction", errUnknown)
		return
	}
	if e.With, ok = p.person(c, who); ok {
		p.emit(e)
	}
}

// talked reads whether a call that ended had been picked up, which shows in
// these members alone, and when.
func talked(c jsondoc.Value, ended time.Time) (yes bool, began time.Time) {
	seconds, _ := c.Get("duration").Int()
	began, ok := instant(c.Get("start_time"))
	switch {
	case ok:
	case seconds > 0 && seconds < maxCall:
		if end, ok := instant(c.Get("end_time")); ok {
			ended = end
		}
		began = ended.Add(-time.Duration(seconds) * time.Second)
	}
	return seconds > 0 || !c.Get("start_time").None(), began
}

// maxCall bounds the seconds of a call that a time is reckoned from; none lasts
// a month.
const maxCall = 31 * 24 * 60 * 60

func (p *parser) callStatus(s jsondoc.Value) {
	id, ok := p.key(s)
	if !ok {
		return
	}
	e := compliance.Called{ID: id, Line: p.line}
	switch s.Get("status").String() {
	case "RINGING":
		e.State = "ringing"
	case "ACCEPTED":
		e.State = "accepted"
	case "REJECTED":
		e.State = "rejected"
	default:
		p.nothing(s, id, p.field, "a call status this version does not know")
		return
	}
	if e.At, ok = p.time(s); !ok {
		return
	}
	if e.With, ok = p.person(s, recipient); ok {
		p.emit(e)
	}
}
