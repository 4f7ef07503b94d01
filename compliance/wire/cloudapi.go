package wire

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
	"github.com/waguard/waguard/template"
)

// CloudAPI reads the body of POST /{phone-number-id}/messages or
// /marketing_messages of Meta's Cloud API. It gives one Message.
//
// The error is an *[Error], and only for what is no body at all: larger than
// [MaxSize], no valid JSON or UTF-8, nested too deep, a key twice in one
// object. JSON that is no sound message (an unknown type, nobody to send to, a
// text that is a number) is no error here: it comes back as a Message with
// Malformed set ("text.body is missing"), so that it is judged, held as
// undecided and found in the journal like any other. Members Meta may add are
// passed over. Meta's length limits are left to Meta, whose refusal is the same
// before and after.
//
// A number in "to" without a plus is read as if it had one, which is how the
// digits of a webhook are meant; Meta prepends the business's own calling code
// instead where the number has none ("Phone numbers", 2026-05-21). Digits that
// are no full number with one are malformed.
func CloudAPI(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	m := compliance.Message{From: line}
	d := decoder{m: &m}
	d.message(root)
	return d.finish(opts), nil
}

// CloudAPICall reads the body of POST /{phone-number-id}/calls. Placing a call
// (action connect) is a Message of kind Call; answering, refusing and ending one
// is no message and passes. Errors and unsound bodies are as with [CloudAPI].
func CloudAPICall(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	m := compliance.Message{From: line, Type: "call"}
	d := decoder{m: &m}
	d.call(root)
	return d.finish(opts), nil
}

// A decoder fills one Message. The first fault stands; what was read before it
// and beside it is kept, for the journal.
type decoder struct {
	m     *compliance.Message
	fault *Error
	at    string // where in the provider's body all this stands: "custom.", "messages.1."
}

func (d *decoder) finish(opts []Option) []compliance.Message {
	if d.fault != nil {
		d.m.Malformed = d.fault.Cause()
	}
	for _, o := range opts {
		o(d.m)
	}
	return []compliance.Message{*d.m}
}

func (d *decoder) bad(field string, v jsondoc.Value, err error) {
	if d.fault == nil {
		d.fault = &Error{Field: strings.TrimSuffix(d.at+field, "."), Line: max(1, v.Line()), Err: err}
	}
}

// text reads a string that may be absent.
func (d *decoder) text(v jsondoc.Value, field string) string {
	s, ok := v.Text()
	if !ok && !v.None() {
		d.bad(field, v, fmt.Errorf("%w: want a string", ErrType))
	}
	return s
}

// need reads a string that must be there and not empty.
func (d *decoder) need(v jsondoc.Value, field string) string {
	s := d.text(v, field)
	if s == "" {
		d.bad(field, v, ErrMissing)
	}
	return s
}

// object reports whether v is an object, and that it has to be.
func (d *decoder) object(v jsondoc.Value, field string) bool {
	switch {
	case v.None():
		d.bad(field, v, ErrMissing)
	case v.Kind() != jsondoc.Object:
		d.bad(field, v, fmt.Errorf("%w: want an object", ErrType))
	default:
		return true
	}
	return false
}

// list reports whether v is an array with something in it, and that it has to be.
func (d *decoder) list(v jsondoc.Value, field string) bool {
	switch {
	case v.None(), v.Kind() == jsondoc.Array && v.Len() == 0:
		d.bad(field, v, ErrMissing)
	case v.Kind() != jsondoc.Array:
		d.bad(field, v, fmt.Errorf("%w: want an array", ErrType))
	default:
		return true
	}
	return false
}

// empty reports whether a member says nothing: clients whose types do not omit
// empty members send them as null or "".
func empty(v jsondoc.Value) bool {
	s, text := v.Text()
	return v.None() || text && s == ""
}

// unknown is a word of a closed set that is none of it.
func (d *decoder) unknown(field, word string, v jsondoc.Value) {
	if jsondoc.Plain(word) {
		field += ` "` + word + `"`
	}
	d.bad(field, v, ErrUnknown)
}

// add keeps a text, if there is one.
func (d *decoder) add(place, words string) {
	if words != "" {
		d.m.Texts = append(d.m.Texts, compliance.Text{Place: d.at + place, Words: words})
	}
}

func (d *decoder) message(root jsondoc.Value) {
	m := d.m
	if root.Kind() != jsondoc.Object {
		d.bad("", root, fmt.Errorf("%w: want an object", ErrType))
		return
	}
	d.product(root)
	m.Type = d.text(root.Get("type"), "type")
	if d.receipt(root) {
		return
	}
	m.Kind = compliance.Freeform
	if m.Type == "" {
		// Meta's default, for a body that has a text
		if root.Get("text").None() {
			d.bad("type", root, ErrMissing)
		}
		m.Type = "text"
	}
	if m.Type == "pin" {
		// only groups have pins, whatever recipient_type says
		m.Kind, m.Group = compliance.Pass, d.text(root.Get("to"), "to")
		d.object(root.Get("pin"), "pin")
		return
	}
	d.addressee(root)
	if reply := root.Get("context"); !reply.None() && d.object(reply, "context") {
		m.Reply = d.text(reply.Get("message_id"), "context.message_id")
	}
	d.payload(root)
	d.category(root)
}

func (d *decoder) product(root jsondoc.Value) {
	v := root.Get("messaging_product")
	if p := d.text(v, "messaging_product"); p != "" && p != "whatsapp" {
		d.unknown("messaging_product", p, v)
	}
}

// receipt recognises a read receipt, with or without a typing indicator. It
// has nobody to go to and no type; whatever has one is judged as a message.
func (d *decoder) receipt(root jsondoc.Value) bool {
	status := root.Get("status")
	if empty(status) || d.m.Type != "" {
		return false
	}
	d.m.Kind, d.m.Type = compliance.Pass, "status"
	if !root.Get("typing_indicator").None() {
		d.m.Type = "typing_indicator"
	}
	switch s := d.text(status, "status"); s {
	case "read":
		d.need(root.Get("message_id"), "message_id")
	default:
		d.unknown("status", s, status)
	}
	for _, key := range [...]string{"to", "recipient", "text", "template", "interactive"} {
		if v := root.Get(key); !empty(v) {
			d.bad(key, v, errors.New("stands beside status"))
		}
	}
	return true
}

func (d *decoder) addressee(root jsondoc.Value) {
	m := d.m
	to := d.text(root.Get("to"), "to")
	kind := root.Get("recipient_type")
	switch t := d.text(kind, "recipient_type"); t {
	case "group":
		if m.Group = to; to == "" {
			d.bad("to", root, ErrMissing)
		}
		if v := root.Get("recipient"); !empty(v) {
			d.bad("recipient", v, errors.New("stands beside a group"))
		}
		return
	case "", "individual":
	default:
		d.unknown("recipient_type", t, kind)
		return
	}
	if to != "" {
		m.To.Phone = d.phone(to, root.Get("to"), "to")
	}
	if v := root.Get("recipient"); !empty(v) {
		p := d.recipient(v)
		if to == "" {
			m.To = p
		} else {
			m.Also = p
		}
	}
	if m.To.IsZero() {
		d.bad("to", root, ErrMissing)
	}
}

func (d *decoder) phone(s string, v jsondoc.Value, field string) string {
	p, err := party.ParsePhone(s)
	if err != nil && !strings.Contains(s, "+") {
		if with, again := party.ParsePhone("+" + strings.TrimSpace(s)); again == nil {
			return with
		}
	}
	if err != nil {
		d.bad(field, v, fmt.Errorf("is no phone number: %s", reason(err)))
	}
	return p
}

// digits reads a number as providers other than Meta write it: a full number
// without a plus.
func (d *decoder) digits(s string, v jsondoc.Value, field string) string {
	return d.phone("+"+strings.TrimPrefix(strings.TrimSpace(s), "+"), v, field)
}

// recipient reads who is addressed by an id instead of a number.
func (d *decoder) recipient(v jsondoc.Value) (p party.Party) {
	s := d.need(v, "recipient")
	var err error
	switch {
	case s == "":
	case len(s) < 3 || s[2] != '.':
		p.Phone = d.phone(s, v, "recipient")
	case strings.HasPrefix(s[3:], "ENT."):
		p.Parent, err = party.ParseParent(s)
	default:
		p.User, err = party.ParseUser(s)
	}
	if err != nil {
		d.bad("recipient", v, fmt.Errorf("is no user id: %s", reason(err)))
	}
	return p
}

// reason is why a handle was not read, without the package it comes from.
func reason(err error) string {
	var phone *party.PhoneError
	var user *party.UserError
	switch {
	case errors.As(err, &phone):
		return phone.Reason
	case errors.As(err, &user):
		return user.Reason
	}
	return "it cannot be read"
}

// payload reads the member the type names.
func (d *decoder) payload(root jsondoc.Value) {
	t := d.m.Type
	v := root.Get(t)
	switch t {
	case "text":
		if d.object(v, t) {
			d.add("text.body", d.need(v.Get("body"), "text.body"))
		}
	case "image", "video", "audio", "sticker", "document":
		d.media(v, t)
	case "location":
		if d.object(v, t) {
			d.add("location.name", d.text(v.Get("name"), "location.name"))
			d.add("location.address", d.text(v.Get("address"), "location.address"))
		}
	case "contacts":
		if d.list(v, t) {
			d.contacts(v)
		}
	case "reaction":
		if d.object(v, t) {
			d.need(v.Get("message_id"), "reaction.message_id")
			d.text(v.Get("emoji"), "reaction.emoji")
		}
	case "interactive":
		if d.object(v, t) {
			d.interactive(v)
		}
	case "template":
		d.m.Kind = compliance.Template
		if d.object(v, t) {
			d.template(v)
		}
	default:
		d.unknown("type", t, root.Get("type"))
	}
}

// media: of an attachment a person reads the caption and the file name; a media
// link is never shown.
func (d *decoder) media(v jsondoc.Value, t string) {
	if !d.object(v, t) {
		return
	}
	if d.text(v.Get("id"), t+".id") == "" && d.text(v.Get("link"), t+".link") == "" {
		d.bad(t+".link", v, ErrMissing)
	}
	d.add(t+".caption", d.text(v.Get("caption"), t+".caption"))
	d.add(t+".filename", d.text(v.Get("filename"), t+".filename"))
}

// category: beside an ordinary message it makes a Direct Send. "service" only
// says what is so anyway.
func (d *decoder) category(root jsondoc.Value) {
	v := root.Get("category")
	if empty(v) || d.m.Kind != compliance.Freeform {
		return
	}
	word := d.text(v, "category")
	c, ok := category.Parse(word)
	switch {
	case !ok:
		d.unknown("category", word, v)
	case c != category.Service:
		d.m.Kind, d.m.Category = compliance.Direct, c
		d.direct(root)
	}
}

func (d *decoder) template(v jsondoc.Value) {
	f, err := template.ParseFilled(v.Raw())
	if err != nil {
		e := &Error{Field: "template", Line: max(1, v.Line()), Err: ErrType}
		var in *template.Error
		if errors.As(err, &in) {
			e.Line += in.Line - 1
			e.Err = in.Err
			if in.Field != "" {
				e.Field += "." + in.Field
			}
		}
		if d.fault == nil {
			d.fault = e
		}
		// what it is called still tells the reader of the journal which it was
		d.m.Template = template.Filled{Name: v.Get("name").String(), Language: v.At("language", "code").String()}
		return
	}
	d.m.Template = f
	d.m.Locale = locale(f.Language)
	d.components(v.Get("components"), "template.components")
}

// locale is the language of a template as the content rules take it; a code
// nobody knows is no language.
func locale(code string) language.Tag {
	t, err := language.Parse(code)
	if err != nil {
		return language.Und
	}
	return t
}

func (d *decoder) call(root jsondoc.Value) {
	m := d.m
	if root.Kind() != jsondoc.Object {
		d.bad("", root, fmt.Errorf("%w: want an object", ErrType))
		return
	}
	d.product(root)
	v := root.Get("action")
	switch action := d.need(v, "action"); action {
	case "connect":
		m.Kind = compliance.Call
		d.addressee(root)
	case "pre_accept", "accept", "reject", "terminate":
		m.Kind, m.Type = compliance.Pass, "call/"+action
	default:
		m.Kind = compliance.Call
		d.unknown("action", action, v)
	}
}
