package wire

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
	"github.com/waguard/waguard/template"
)

// Vonage is the Messages API: POST /v1/messages, and PATCH of a message for
// read receipts (Vonage, Messages API reference, read 2026-11).
func Vonage() Provider {
	return Provider{Name: "vonage", Hosts: []string{"api.nexmo.com", "api-us.nexmo.com", "api-eu.nexmo.com", "api-ap.nexmo.com",
		"api-us.vonage.com", "api-eu.vonage.com", "api-ap.vonage.com", "messages-sandbox.nexmo.com"}, Answer: answerVonage, Refusal: refuseVonage,
		Route: func(method, path string) (Route, bool) {
			if _, ok := segments(path, "/v1/messages"); ok && method == http.MethodPost {
				return Route{Name: "messages", Decode: VonageBody, Type: typeJSON}, true
			}
			if _, ok := segments(path, "/v1/messages/*"); ok && method == http.MethodPatch {
				return Route{Name: "messages", Decode: vonageReceipt, Type: typeJSON}, true
			}
			return Route{}, false
		}}
}

// VonageBody reads the body of a Vonage message. "custom" holds an object of
// Meta's, read as [CloudAPI] reads it, a template among others. What "failover"
// holds is sent when the message before it cannot be, so every WhatsApp message
// in it is one of the call. A call without any is [ErrChannel].
func VonageBody(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	if root.Kind() != jsondoc.Object {
		d := decoder{m: &compliance.Message{From: line}}
		d.bad("", root, fmt.Errorf("%w: want an object", ErrType))
		return d.finish(opts), nil
	}
	var all []compliance.Message
	read := func(v jsondoc.Value, at string) {
		if c := v.Get("channel"); empty(c) || !elsewhere(c.String()) {
			d := decoder{m: &compliance.Message{From: line}, at: at}
			d.vonage(v)
			all = append(all, d.finish(opts)...)
		}
	}
	read(root, "")
	next := root.Get("failover")
	for i, v := range next.Elements() {
		at := "failover." + strconv.Itoa(i) + "."
		if more := v.Get("failover"); !more.None() {
			d := decoder{m: &compliance.Message{From: line}, at: at}
			d.bad("failover", more, errors.New("stands inside failover, where it may send what is not read"))
			return d.finish(opts), nil
		}
		read(v, at)
	}
	if !next.None() && next.Kind() != jsondoc.Array || next.Len() > maxMessages {
		d := decoder{m: &compliance.Message{From: line}}
		d.bad("failover", next, fmt.Errorf("%w: want an array", ErrType))
		return d.finish(opts), nil
	}
	if all == nil {
		return nil, &Error{Field: "channel", Line: 1, Err: ErrChannel}
	}
	return all, nil
}

// elsewhere reports whether a channel is one of Vonage's others.
func elsewhere(channel string) bool {
	switch channel {
	case "sms", "mms", "rcs", "messenger", "viber_service":
		return true
	}
	return false
}

func (d *decoder) vonage(root jsondoc.Value) {
	m := d.m
	if c := root.Get("channel"); d.need(c, "channel") != "whatsapp" {
		d.unknown("channel", c.String(), c)
	}
	if to := d.need(root.Get("to"), "to"); to != "" {
		m.To.Phone = d.digits(to, root.Get("to"), "to")
	}
	d.from(root.Get("from"), "from")
	m.Kind = compliance.Freeform
	if reply := root.Get("context"); !reply.None() && d.object(reply, "context") {
		m.Reply = d.text(reply.Get("message_uuid"), "context.message_uuid")
	}
	t := d.need(root.Get("message_type"), "message_type")
	v := root.Get(t)
	m.Type = t
	switch t {
	case "":
	case "text":
		d.add(t, d.need(v, t))
	case "image", "audio", "video", "file", "sticker":
		if d.object(v, t) {
			if empty(v.Get("url")) && empty(v.Get("id")) {
				d.bad(t+".url", v, ErrMissing)
			}
			d.leaves(v, t, vonageMedia)
		}
	case "reaction":
		if d.object(v, t) {
			d.text(v.Get("emoji"), "reaction.emoji")
		}
	case "template":
		m.Kind = compliance.Template
		if d.object(v, t) {
			d.vonageTemplate(v, d.text(root.At("whatsapp", "locale"), "whatsapp.locale"))
		}
	case "custom":
		if d.object(v, t) {
			d.custom(v)
		}
	default:
		d.unknown("message_type", t, root.Get("message_type"))
	}
}

func vonageMedia(key string) bool { return key == "url" || key == "id" || key == "type" }

// from is the sending number as a body names it, digits, when no line was told.
func (d *decoder) from(v jsondoc.Value, field string) {
	number := d.text(v, field)
	if d.m.From.Number == "" && number != "" {
		d.m.From.Number = "+" + strings.TrimPrefix(number, "+")
	}
}

// vonageTemplate: the values of the body, in order. The name may carry the
// namespace it had before 2025.
func (d *decoder) vonageTemplate(v jsondoc.Value, locale_ string) {
	name := d.need(v.Get("name"), "template.name")
	if _, after, ok := strings.Cut(name, ":"); ok {
		name = after
	}
	d.m.Template = template.Filled{Name: name, Language: template.Language(locale_)} // written either way, as Vonage's own
	d.m.Locale = locale(locale_)
	if locale_ == "" {
		d.bad("whatsapp.locale", v, ErrMissing)
	}
	params := v.Get("parameters")
	if params.None() {
		return
	}
	if params.Kind() != jsondoc.Array {
		d.bad("template.parameters", params, fmt.Errorf("%w: want an array", ErrType))
	}
	var values []template.Value
	for i, p := range params.Elements() {
		text := p.String()
		if p.Kind() == jsondoc.Object { // {"default":"Asha"} in older bodies
			text = p.Get("default").String()
		} else if p.Kind() != jsondoc.String {
			d.bad("template.parameters["+itoa(i)+"]", p, fmt.Errorf("%w: want a string", ErrType))
		}
		values = append(values, template.Value{Type: "text", Text: text})
	}
	d.m.Template.Parts = []template.Part{{Type: "body", Index: -1, Values: values}}
}

// custom is an object of Meta's without the envelope.
func (d *decoder) custom(v jsondoc.Value) {
	outer := d.at
	d.at += "custom."
	defer func() { d.at = outer }()
	for _, key := range [...]string{"to", "recipient", "recipient_type", "status"} {
		if x := v.Get(key); !empty(x) {
			d.bad(key, x, errors.New("stands inside custom, where it may name somebody else"))
		}
	}
	d.m.Type = d.need(v.Get("type"), "type")
	if d.m.Type == "" {
		return
	}
	d.payload(v)
	d.category(v)
}

// vonageReceipt reads the change of a message: being read is a receipt, and
// anything else is not known.
func vonageReceipt(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	m := compliance.Message{From: line, Kind: compliance.Pass, Type: "status"}
	d := decoder{m: &m}
	if s := d.need(root.Get("status"), "status"); s != "" && s != "read" {
		m.Kind = 0
		d.unknown("status", s, root.Get("status"))
	}
	return d.finish(opts), nil
}

func answerVonage(status int, body []byte) compliance.Ack {
	a := compliance.Ack{HTTP: status, Provider: "vonage"}
	root, err := parse(body)
	if err != nil {
		return a
	}
	a.Message = root.Get("message_uuid").String()
	// "https://developer.vonage.com/api-errors/messages#1120"
	if _, code, ok := strings.Cut(root.Get("type").String(), "#"); ok {
		if n, err := strconv.Atoi(code); err == nil {
			a.Codes = append(a.Codes, n)
		}
	}
	if a.Message == "" {
		said(&a, root.Get("title"), root.Get("detail"))
	}
	return a
}

func refuseVonage(code int, id, why string) []byte {
	return encode(map[string]any{"type": "about:blank#" + itoa(code), "title": "Not sent", "detail": why, "instance": id})
}
