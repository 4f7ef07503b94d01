package wire

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
	"github.com/waguard/waguard/template"
)

// Gupshup is its WhatsApp API: POST /wa/api/v1/msg and /wa/api/v1/template/msg
// with a form that holds JSON, and the partner API of version 3, which takes the
// body of the Cloud API (Gupshup, API reference, read 2026-11).
func Gupshup() Provider {
	return Provider{Name: "gupshup", Hosts: []string{"api.gupshup.io", "partner.gupshup.io"}, Answer: answerGupshup, Refusal: refuseGupshup,
		Route: func(method, path string) (Route, bool) {
			for _, r := range [...]struct {
				method, path string
				route        Route
			}{
				{http.MethodPost, "/wa/api/v1/msg", Route{Name: "msg", Decode: GupshupForm, Type: typeForm}},
				{http.MethodPost, "/sm/api/v1/msg", Route{Name: "msg", Decode: GupshupForm, Type: typeForm}},
				{http.MethodPost, "/wa/api/v1/template/msg", Route{Name: "template/msg", Decode: GupshupTemplateForm, Type: typeForm}},
				{http.MethodPost, "/sm/api/v1/template/msg", Route{Name: "template/msg", Decode: GupshupTemplateForm, Type: typeForm}},
				{http.MethodPost, "/partner/app/*/v3/message", Route{Name: "v3/message", Decode: CloudAPI, Type: typeJSON}},
				{http.MethodPut, "/wa/app/*/msg/*/read", Route{Name: "read"}},
			} {
				if _, ok := segments(path, r.path); ok && method == r.method {
					return r.route, true
				}
			}
			return Route{}, false
		}}
}

// GupshupForm reads a session message of Gupshup: a form whose "message" is
// JSON. Faults are as with [CloudAPI].
func GupshupForm(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error) {
	m := compliance.Message{From: line, Kind: compliance.Freeform}
	d := decoder{m: &m}
	f, err := d.gupshup(body)
	if err != nil {
		return nil, err
	}
	root, ok, err := d.inner(f, "message")
	if err != nil {
		return nil, err
	}
	if ok {
		d.at = "message."
		d.gupshupMessage(root)
	}
	return d.finish(opts), nil
}

// GupshupTemplateForm reads a template message of Gupshup. Templates are named
// by ids of Gupshup's own: [WithContents] says which they are, with params
// counted from "1". The media of a header stands in "message".
func GupshupTemplateForm(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error) {
	m := compliance.Message{From: line, Kind: compliance.Template, Type: "template"}
	d := decoder{m: &m}
	f, err := d.gupshup(body)
	if err != nil {
		return nil, err
	}
	root, ok, err := d.inner(f, "template")
	if err != nil {
		return nil, err
	}
	if ok {
		d.at = "template."
		m.Template.Name = d.need(root.Get("id"), "id")
		d.params(root.Get("params"))
	}
	if f.get("message") != "" {
		d.at = ""
		head, ok, err := d.inner(f, "message")
		if err != nil {
			return nil, err
		}
		if ok {
			d.at = "message."
			d.gupshupHeader(head)
		}
	}
	return d.finish(opts), nil
}

// gupshup reads what both forms share.
func (d *decoder) gupshup(body []byte) (form, error) {
	f, err := parseForm(body)
	if err != nil {
		return f, err
	}
	var none jsondoc.Value
	if c := strings.TrimSpace(f.get("channel")); c != "" && !strings.EqualFold(c, "whatsapp") { // without one it is WhatsApp
		return f, &Error{Field: "channel", Line: 1, Err: ErrChannel}
	}
	if to := f.get("destination"); to != "" {
		d.m.To.Phone = d.digits(to, none, "destination")
	} else {
		d.bad("destination", none, ErrMissing)
	}
	if d.m.From.Number == "" && f.get("source") != "" {
		d.m.From.Number = "+" + strings.TrimPrefix(f.get("source"), "+")
	}
	return f, nil
}

// inner reads the JSON a form holds. What is no JSON is an error of the body.
func (d *decoder) inner(f form, name string) (v jsondoc.Value, ok bool, err error) {
	raw := f.get(name)
	if raw == "" {
		d.bad(name, v, ErrMissing)
		return v, false, nil
	}
	v, err = parse([]byte(raw))
	if err != nil {
		e := err.(*Error)
		e.Field = strings.TrimSuffix(name+"."+e.Field, ".")
		return v, false, e
	}
	return v, d.object(v, name), nil
}

func (d *decoder) gupshupMessage(v jsondoc.Value) {
	t := d.need(v.Get("type"), "type")
	d.m.Type = t
	if reply := v.At("context", "msgId"); !empty(reply) {
		d.m.Reply = d.text(reply, "context.msgId")
	}
	needs := ""
	switch t {
	case "":
		return
	case "text":
		needs = "text"
	case "image":
		if empty(v.Get("originalUrl")) {
			needs = "url"
		}
	case "audio", "video", "sticker", "file":
		needs = "url"
	case "location", "contact":
	case "reaction":
		needs = "msgId"
	case "quick_reply":
		d.m.Type = "interactive/button"
		if d.object(v.Get("content"), "content") {
			d.list(v.Get("options"), "options")
		}
	case "list":
		d.m.Type, needs = "interactive/list", "body"
		d.list(v.Get("items"), "items")
	case "cta_url":
		d.m.Type, needs = "interactive/cta_url", "url"
	default:
		d.unknown("type", t, v.Get("type"))
	}
	if needs != "" {
		d.need(v.Get(needs), needs)
	}
	for key, x := range v.Members() {
		if key == "url" && t == "cta_url" {
			d.add(key, x.String()) // the one address a person sees
		} else if !gupshupSilent(key) {
			d.leaves(x, jsondoc.Name(key), gupshupSilent)
		}
	}
}

// gupshupSilent names the members nobody is shown.
func gupshupSilent(key string) bool {
	switch key {
	case "type", "url", "originalUrl", "previewUrl", "previewURL", "msgid", "msgId", "id", "postbackText", "encode",
		"latitude", "longitude", "emoji", "phones", "emails", "ims", "birthday", "context":
		return true
	}
	return false
}

// params are the values of a template, in order.
func (d *decoder) params(v jsondoc.Value) {
	if v.None() {
		return
	}
	if v.Kind() != jsondoc.Array {
		d.bad("params", v, fmt.Errorf("%w: want an array", ErrType))
		return
	}
	var values []template.Value
	for i, p := range v.Elements() {
		values = append(values, template.Value{Type: "text", Name: strconv.Itoa(i + 1), Text: d.text(p, "params["+strconv.Itoa(i)+"]")})
	}
	d.m.Template.Parts = append(d.m.Template.Parts, template.Part{Type: "body", Index: -1, Values: values})
}

func (d *decoder) gupshupHeader(v jsondoc.Value) {
	t := d.need(v.Get("type"), "type")
	switch t {
	case "":
	case "image", "video", "document", "location":
		x := v.Get(t)
		if !d.object(x, t) {
			return
		}
		val := template.Value{Type: t, Link: x.Get("link").String(), Raw: append([]byte(nil), x.Raw()...)}
		for _, key := range [...]string{"filename", "name", "address"} {
			if s := d.text(x.Get(key), t+"."+key); s != "" {
				val.Text = strings.TrimPrefix(val.Text+"\n"+s, "\n")
			}
		}
		d.m.Template.Parts = append(d.m.Template.Parts, template.Part{Type: "header", Index: -1, Values: []template.Value{val}})
	default:
		d.unknown("type", t, v.Get("type"))
	}
}

func answerGupshup(status int, body []byte) compliance.Ack {
	a := compliance.Ack{HTTP: status, Provider: "gupshup"}
	root, err := parse(body)
	if err != nil {
		return a
	}
	if a.Message = root.Get("messageId").String(); a.Message == "" {
		if meta, err := Response(body); err == nil { // version 3 answers as Meta does
			meta.HTTP, meta.Provider = a.HTTP, a.Provider
			a = meta
		}
	}
	for _, v := range [...]jsondoc.Value{root.Get("code"), root.At("message", "code")} {
		if code, ok := v.Int(); ok && code != 0 {
			a.Codes = append(a.Codes, int(code))
		}
	}
	if root.Get("status").String() == "error" {
		said(&a, root.Get("message"), root.At("message", "reason"))
	}
	return a
}

func refuseGupshup(code int, id, why string) []byte {
	return encode(map[string]any{"status": "error", "message": why, "code": code, "decision": id})
}
