package webhook

import (
	"fmt"
	"strconv"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/outcome"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
)

var sender = names{phone: "from", user: "from_user_id", parent: []string{"from_parent_user_id"}}

// conversation reads what customers write and what became of what we wrote.
// path leads from the change to the lists.
func (p *parser) conversation(value jsondoc.Value, path string, deeper ...string) {
	p.number(value)
	v := value
	for _, key := range deeper {
		v, path = v.Get(key), path+"."+key
	}
	if v.Kind() != jsondoc.Object {
		p.unreadable(value, deeper[0], errMissing)
		return
	}
	if p.faulty(v, "messages", "statuses", "contacts", "message_echoes") {
		return
	}
	p.contacts(v)
	before := len(p.events)
	p.items(v.Get("messages"), path+".messages", p.message)
	p.items(v.Get("message_echoes"), path+".message_echoes", p.echo)
	p.items(v.Get("statuses"), path+".statuses", p.status)
	for _, e := range v.Get("errors").Elements() {
		p.lineError(e)
	}
	if len(p.events) == before {
		p.nothing(value, "", p.field, "holds no message and no status")
	}
}

// lineError reads an error of the app or the number that is about no message. One
// that bars the account is news of it, whichever way it is told.
func (p *parser) lineError(e jsondoc.Value) {
	why := "an error of the app or the number, about no message"
	if code, ok := e.Get("code").Int(); ok && code >= 0 && code < 1<<31 {
		o, _ := outcome.Builtin().Code(int(code))
		if o.Effect == outcome.AccountBarred && p.line.Number != "" {
			n := p.news(e, compliance.NumberBarred, "")
			n.Type = strconv.FormatInt(code, 10)
			p.emit(n)
			return
		}
		why += ": " + strconv.FormatInt(code, 10)
	}
	p.nothing(e, "", p.field, why)
}

// message reads one thing a customer did.
func (p *parser) message(m jsondoc.Value) {
	id, ok := p.key(m)
	if !ok {
		return
	}
	at, ok := p.time(m)
	if !ok {
		return
	}
	typ := m.Get("type").String()
	if typ == "" {
		p.unreadable(m, "type", errMissing)
		return
	}
	if typ == "system" {
		p.system(m, id)
		return
	}
	who, ok := p.person(m, sender)
	if !ok {
		return
	}
	e := compliance.Wrote{ID: id, Line: p.line, From: who, At: at, Type: typ, Standby: p.standby,
		Group: word(m.Get("group_id")), Reply: word(m.At("context", "id")),
		Ad: m.At("referral", "source_type").String() == "ad"}
	if e.Group == "" && !m.Get("group_id").None() {
		// without its group it would count as written to the business alone
		p.unreadable(m, "group_id", errID)
		return
	}
	switch typ {
	case "interactive":
		p.answer(m.Get("interactive"), e)
		return
	case "contacts":
		e.Links = shared(m.Get("contacts"))
	case "reaction":
		e.Reply = word(m.At("reaction", "message_id"))
	case "edit":
		// the words are new, and a stop in them is a stop
		inner := m.At("edit", "message")
		e.Text, e.Payload = words(inner, inner.Get("type").String())
		e.Reply = word(inner.At("context", "id"))
	case "text", "image", "video", "audio", "document", "sticker", "location", "button", "order",
		"revoke", "unsupported", "unknown", "request_welcome":
		e.Text, e.Payload = words(m, typ)
	default:
		p.nothing(m, id, typ, "a message type this version does not know, so it opens nothing")
		return
	}
	p.emit(e)
}

// words are what a customer said: the text, the caption, the label of the
// button. Names of places, files and people are not what they said.
func words(m jsondoc.Value, typ string) (text, payload string) {
	switch typ {
	case "text":
		text = m.At("text", "body").String()
	case "image", "video", "document":
		text = m.At(typ, "caption").String()
	case "button":
		text, payload = m.At(typ, "text").String(), m.At(typ, "payload").String()
	case "order":
		text = m.At(typ, "text").String()
	}
	return text, payload
}

// answer reads what a customer did with an interactive message.
func (p *parser) answer(v jsondoc.Value, e compliance.Wrote) {
	typ := v.Get("type").String()
	if !jsondoc.Plain(typ) {
		p.emit(compliance.Unreadable{ID: e.ID, Where: join(p.place.String(), "interactive.type"), Err: errMissing})
		return
	}
	e.Type = "interactive/" + typ
	switch typ {
	case "button_reply", "list_reply":
		e.Text, e.Payload = v.At(typ, "title").String(), v.At(typ, "id").String()
	case "call_permission_reply":
		if p.permission(v.Get(typ), e) {
			// what the customer pressed is also kept as something they wrote:
			// whether it opens the window is for the inbox to say, and it says no
			p.emit(e)
		}
		return
	}
	p.emit(e)
}

// permission reads the answer to a request for permission to call. It reports
// whether the customer gave it themselves.
func (p *parser) permission(v jsondoc.Value, e compliance.Wrote) bool {
	fail := func(path string, err error) bool {
		p.emit(compliance.Unreadable{ID: e.ID, Where: join(p.place.String(), "interactive.call_permission_reply."+path), Err: err})
		return false
	}
	a := compliance.CallAnswer{ID: e.ID, Line: e.Line, From: e.From, At: e.At, Request: e.Reply,
		Permanent: v.Get("is_permanent").True(), Automatic: v.Get("response_source").String() == "automatic"}
	switch v.Get("response").String() {
	case "accept":
		a.Granted = true
	case "reject":
		a.Permanent = false
	default:
		return fail("response", errUnknown)
	}
	if until := v.Get("expiration_timestamp"); a.Granted && !until.None() {
		t, ok := instant(until)
		if !ok {
			return fail("expiration_timestamp", errTime)
		}
		a.Until = t
	}
	p.emit(a)
	return !a.Automatic
}

// shared reads the number a person gave when they were asked for it. Any other
// card is somebody else's. A card with several numbers does not say which one
// is theirs on WhatsApp.
func shared(cards jsondoc.Value) []party.Party {
	var all []party.Party
	for _, c := range cards.Elements() {
		if c.Get("origin").String() != "contact_request" {
			continue
		}
		for _, ph := range c.Get("phones").Elements() {
			if who, bad := read(ph.Get("wa_id").ID(), "", ""); !bad && !who.IsZero() {
				all = append(all, who)
			}
		}
	}
	if len(all) != 1 {
		return nil
	}
	return all
}

// system reads what the platform says of a person. It is not written by them.
func (p *parser) system(m jsondoc.Value, id string) {
	at, ok := p.time(m)
	if !ok {
		return
	}
	s := m.Get("system")
	switch typ := s.Get("type").String(); typ {
	case "user_changed_number", "user_changed_user_id", "customer_changed_number":
		from, ok := p.person(m, sender)
		if !ok {
			return
		}
		to, bad := read(or(s.Get("wa_id").ID(), s.Get("new_wa_id").ID()), s.Get("user_id").String(), s.Get("parent_user_id").String())
		switch {
		case bad:
			p.unreadable(m, "system", errHandle)
		case (from.Phone == "" || to.Phone == "" || from.Phone == to.Phone) &&
			(from.User == "" || to.User == "" || from.User == to.User):
			p.unreadable(m, "system", Fault("does not name an old and a new handle"))
		default:
			p.emit(compliance.Moved{ID: id, Line: p.line, From: from, To: to, At: at})
		}
	default:
		p.nothing(m, id, "system", "a notice that moves nobody")
	}
}

// idUpdates reads the field user_id_update. Meta withdrew it (2026-08-11);
// where it still comes, it says who has a new id.
func (p *parser) idUpdates(value jsondoc.Value) {
	p.number(value)
	p.contacts(value)
	if value.Get(p.field).None() {
		p.nothing(value, "", p.field, "names nobody")
		return
	}
	p.items(value.Get(p.field), "value."+p.field, func(u jsondoc.Value) {
		at, ok := p.time(u)
		if !ok {
			return
		}
		from, bad := read(u.Get("wa_id").ID(), u.At("user_id", "previous").String(), u.At("parent_user_id", "previous").String())
		to, worse := read("", u.At("user_id", "current").String(), u.At("parent_user_id", "current").String())
		if bad || worse || from.User == "" || to.User == "" || from.User == to.User {
			p.unreadable(u, "user_id", errHandle)
			return
		}
		p.emit(compliance.Moved{ID: p.own(u), Line: p.line, From: from, To: to, At: at})
	})
}

// maxDetails bounds what is kept of the platform's words about a failure.
const maxDetails = 1 << 10

var recipient = names{phone: "recipient_id", user: "recipient_user_id",
	parent: []string{"recipient_parent_user_id", "parent_recipient_user_id"}}

var participant = names{phone: "recipient_participant_id", user: "recipient_participant_user_id",
	parent: []string{"recipient_participant_parent_user_id"}}

// status reads what became of a message of ours.
func (p *parser) status(s jsondoc.Value) {
	id, ok := p.key(s)
	if !ok {
		return
	}
	at, ok := p.time(s)
	if !ok {
		return
	}
	e := compliance.Reported{ID: id, Line: p.line, At: at, Status: s.Get("status").String(), Template: word(s.Get("template_id"))}
	switch e.Status {
	case "sent", "delivered", "read", "played", "failed":
	case "":
		p.unreadable(s, "status", errMissing)
		return
	default:
		p.nothing(s, id, p.field, "a status this version does not know")
		return
	}
	for i, x := range s.Get("errors").Elements() {
		code, ok := x.Get("code").Int()
		if !ok {
			p.unreadable(s, fmt.Sprintf("errors[%d].code", i), errShape)
			continue
		}
		e.Codes = append(e.Codes, int(code))
		if said := x.At("error_data", "details").String(); e.Details == "" && len(said) <= maxDetails {
			e.Details = said
		}
	}
	if s.Get("recipient_type").String() == "group" {
		if e.Group = word(s.Get("recipient_id")); e.Group == "" {
			p.unreadable(s, "recipient_id", errMissing)
			return
		}
		// without a participant it is about the group as a whole
		if !s.Get(participant.phone).None() || !s.Get(participant.user).None() {
			if e.To, ok = p.person(s, participant); !ok {
				return
			}
		}
	} else if e.To, ok = p.person(s, recipient); !ok {
		return
	}
	e.FreeEntry = s.At("pricing", "type").String() == "free_entry_point"
	if until := s.At("conversation", "expiration_timestamp"); e.FreeEntry && !until.None() {
		e.Until, _ = instant(until) // the hour a price ends at, no permission
	}
	if e.Group != "" && e.To.IsZero() {
		for _, code := range e.Codes {
			if code == 131050 {
				p.unreadable(s, participant.phone, errNobody)
				return
			}
		}
	}
	p.emit(e)
}

// echoes reads what the business sent past this Sender.
func (p *parser) echoes(list jsondoc.Value, path string) {
	if list.None() {
		p.place.list, p.place.item = "value", -1
		p.unreadable(list, "message_echoes", errMissing)
		return
	}
	p.items(list, path, p.echo)
}

// echo: on the phone app it is a message with from and to, under standby the
// body another app sent.
func (p *parser) echo(m jsondoc.Value) {
	id, ok := p.key(m)
	if !ok {
		return
	}
	at, ok := p.time(m)
	if !ok {
		return
	}
	body := m
	if inner := m.Get("message"); inner.Kind() == jsondoc.Object {
		body = inner
	}
	if body.Get("recipient_type").String() == "group" || body.Get("group_id").String() != "" {
		p.nothing(m, id, p.field, "sent to a group, whose window only its members open")
		return
	}
	to, ok := p.person(body, names{phone: "to", user: or(present(body, "to_user_id"), "recipient"), parent: []string{"to_parent_user_id"}})
	if !ok {
		return
	}
	typ := word(body.Get("type"))
	if t := body.At("interactive", "type").String(); typ == "interactive" && jsondoc.Plain(t) {
		typ += "/" + t
	}
	p.emit(compliance.Sent{ID: id, Line: p.line, To: to, At: at, Type: typ})
}

// present is the key if v has such a member.
func present(v jsondoc.Value, key string) string {
	if v.Get(key).None() {
		return ""
	}
	return key
}
