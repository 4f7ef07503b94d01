package wire

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/waguard/waguard/compliance"
)

// Meta is the Cloud API: POST /{version}/{phone-number-id}/messages,
// /marketing_messages and /calls (Meta, Cloud API reference, 2026-07). The
// parameters a body has may also stand in the query there, so a query may hold
// nothing but the token and what shapes the answer.
func Meta() Provider {
	return Provider{Name: "meta", Hosts: []string{"graph.facebook.com"}, Answer: answerMeta, Refusal: refuseMeta,
		Route: func(method, path string) (Route, bool) {
			if method != http.MethodPost {
				return Route{}, false
			}
			parts := strings.Split(path, "/")[1:]
			if len(parts) == 3 && version(parts[0]) {
				parts = parts[1:]
			}
			if len(parts) != 2 || parts[0] == "" {
				return Route{}, false
			}
			return cloud(parts[1], parts[0])
		}}
}

// cloud are the three endpoints of a number.
func cloud(name, number string) (Route, bool) {
	r := Route{Name: strings.ToLower(name), Number: number, Type: typeJSON,
		Query: []string{"access_token", "appsecret_proof", "appsecret_time", "fields", "locale", "pretty", "debug"}}
	switch r.Name {
	case "messages":
		r.Decode = CloudAPI
	case "marketing_messages":
		r.Decode, r.Opts = CloudAPI, []Option{WithEndpoint("marketing_messages")}
	case "calls":
		r.Decode = CloudAPICall
	default:
		return Route{}, false
	}
	return r, true
}

// version reports whether a segment is one of an API version: v25.0.
func version(s string) bool {
	digits, ok := strings.CutPrefix(strings.ToLower(s), "v")
	return ok && digits != "" && strings.Trim(digits, "0123456789.") == ""
}

// Dialog360 is 360dialog: POST /messages with the body and the answer of the
// Cloud API. The number is that of the API key, which the body does not name,
// so the line has to be told. Whether there is an endpoint for marketing is not
// documented; a call to one is read as Meta's would be.
func Dialog360() Provider {
	p := Meta()
	p.Name, p.Hosts = "360dialog", []string{"waba-v2.360dialog.io", "waba-sandbox.360dialog.io"}
	p.Answer = func(status int, body []byte) compliance.Ack {
		a := answerMeta(status, body)
		a.Provider = "360dialog"
		return a
	}
	p.Route = func(method, path string) (Route, bool) {
		parts := strings.Split(path, "/")[1:]
		if len(parts) == 2 && strings.EqualFold(parts[0], "v1") {
			parts = parts[1:]
		}
		if method != http.MethodPost || len(parts) != 1 {
			return Route{}, false
		}
		r, ok := cloud(parts[0], "")
		r.Query = nil
		return r, ok
	}
	return p
}

func answerMeta(status int, body []byte) compliance.Ack {
	a, _ := Response(body)
	a.HTTP = status
	return a
}

func refuseMeta(code int, id, why string) []byte {
	return encode(map[string]any{"error": map[string]any{
		"message": "(#" + itoa(code) + ") " + why, "type": "OAuthException", "code": code, "fbtrace_id": id,
		"error_data": map[string]any{"messaging_product": "whatsapp", "details": why}}})
}

// encode writes what holds strings and numbers only, and so cannot fail.
func encode(v any) []byte {
	b, _ := json.Marshal(v)
	return b
}
