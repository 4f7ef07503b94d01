package wire

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
)

// Describe makes what [compliance.Wrap] needs to understand a client's own
// message type: any type whose JSON is the body of the Cloud API. The JSON
// itself ([]byte, json.RawMessage, string) is taken as it is.
func Describe[Req any](line party.Line, opts ...Option) func(Req) ([]compliance.Message, error) {
	return DescribeAs[Req](CloudAPI, line, opts...)
}

// DescribeAs is [Describe] for a client whose types are the bodies of another
// provider: its JSON is read by that provider's [Decoder].
func DescribeAs[Req any](decode Decoder, line party.Line, opts ...Option) func(Req) ([]compliance.Message, error) {
	return func(req Req) ([]compliance.Message, error) {
		body, err := bytesOf(req)
		if err != nil {
			return nil, err
		}
		return decode(body, line, opts...)
	}
}

// bytesOf is the JSON of a value. What the encoder has to say may quote the
// value, so only its type is told.
func bytesOf(v any) ([]byte, error) {
	switch v := v.(type) {
	case []byte:
		return v, nil
	case json.RawMessage:
		return v, nil
	case string:
		return []byte(v), nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, &Error{Line: 1, Err: fmt.Errorf("cannot be written as JSON (%T)", v)}
	}
	return b, nil
}

// Ack reads the answer to a send out of a client's own response type, by its
// JSON, or out of the raw body. An answer that cannot be read is the zero Ack:
// the message left all the same.
func Ack[Res any](res Res) compliance.Ack {
	body, err := bytesOf(any(res))
	if err != nil {
		return compliance.Ack{}
	}
	a, err := Response(body)
	if err != nil {
		return compliance.Ack{}
	}
	return a
}

// AckAs is [Ack] for a client of another provider.
func AckAs[Res any](p Provider) func(Res) compliance.Ack {
	return func(res Res) compliance.Ack {
		body, err := bytesOf(any(res))
		if err != nil {
			return compliance.Ack{}
		}
		return p.Answer(0, body)
	}
}

// Response reads what the Cloud API answered to a send: the wamid (of a call the
// wacid), the handle the platform knows the recipient by, the status of a
// template, or the codes of a refusal. An answer to a read receipt
// ({"success":true}) is the zero Ack.
// With several recipients in one answer no handle is told, since it could be
// anybody's. Errors are of type *[Error].
func Response(body []byte) (compliance.Ack, error) {
	var a compliance.Ack
	root, err := parse(body)
	if err != nil {
		return a, err
	}
	if root.None() {
		return a, nil // a client's nil response
	}
	if root.Kind() != jsondoc.Object {
		return a, &Error{Line: 1, Err: fmt.Errorf("%w: want an object", ErrType)}
	}
	for i, m := range root.Get("messages").Elements() {
		id := m.Get("id").String()
		if i == 0 {
			a.Message, a.Status = id, m.Get("message_status").String()
		} else if id != "" {
			a.Others = append(a.Others, id)
		}
	}
	for _, c := range root.Get("calls").Elements() {
		if id := c.Get("id").String(); a.Message == "" {
			a.Message = id
		}
	}
	if contacts := root.Get("contacts"); contacts.Len() == 1 {
		for _, c := range contacts.Elements() {
			a.WaID, a.User = c.Get("wa_id").String(), c.Get("user_id").String()
		}
	}
	refused := func(e jsondoc.Value) {
		code, ok := e.Get("code").Int()
		if !ok {
			return
		}
		a.Codes = append(a.Codes, int(code))
		said(&a, e.Get("message"), e.At("error_data", "details"))
	}
	refused(root.Get("error"))
	for _, e := range root.Get("errors").Elements() {
		refused(e)
	}
	return a, nil
}

// said keeps a provider's words about a refusal.
func said(a *compliance.Ack, words ...jsondoc.Value) {
	for _, v := range words {
		if s := v.String(); s != "" && len(a.Details)+len(s) < maxDetails {
			a.Details = strings.TrimSpace(a.Details + "\n" + s)
		}
	}
}

// maxDetails bounds what is kept of the platform's words about a refusal.
const maxDetails = 4 << 10
