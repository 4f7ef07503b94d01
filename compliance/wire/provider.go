package wire

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
)

// A Provider is what is known of one provider's API: which calls send, how
// their bodies and answers read, and what a refusal of it looks like. The ones
// there are come from [Meta], [Dialog360], [Twilio], [Infobip], [Gupshup] and
// [Vonage]; an app makes one of its own for a provider that is none of them. A
// Provider is not changed after it was made and is safe for concurrent use.
type Provider struct {
	Name string // "meta", "twilio": as in compliance.Ack.Provider, where Meta's is empty

	// Hosts are those of the public API. "*.example.com" is every host below
	// example.com.
	Hosts []string

	// Route says what a call is, by its method and its path below the base of
	// the API ("/v25.0/200300400500600/messages"). Without ok the call is none
	// that is known, and nothing may be concluded about it.
	Route func(method, path string) (r Route, ok bool)

	// Answer reads the answer to a send. What cannot be read teaches nothing.
	Answer func(status int, body []byte) compliance.Ack

	// Refusal writes a refusal in the shape of the provider's own errors, as
	// JSON: a number, the id of the decision, and why.
	Refusal func(code int, id, why string) []byte
}

// A Route is one endpoint that sends, or that takes receipts.
type Route struct {
	Name   string   // as reports show it: "messages", "interactive/buttons"
	Decode Decoder  // nil: a receipt, whatever its body says
	Number string   // the business number, when the path names it
	Type   string   // the media type of its bodies
	Query  []string // parameters of the query that change nothing about the message
	Opts   []Option // what the path says of the message
}

// A Request is a call of a client, as it is about to leave.
type Request struct {
	Method string
	URL    *url.URL // of which Read takes path and query
	Header http.Header
	Body   []byte
}

// Read says what a call would send. The line is the one it leaves from; where
// it has no Number, the one that path or body name counts. A receipt gives one
// Message of kind Pass.
//
// A call that is no send of this provider is an [*Error] that is [ErrEndpoint];
// one for another channel (an SMS) is [ErrChannel]. So that what is read is what
// the provider will read, a body of another media type, one that is compressed,
// a header that names another method, and a query with parameters of its own
// ([ErrHeader], [ErrQuery]) are errors too.
func (p Provider) Read(r Request, line party.Line, opts ...Option) ([]compliance.Message, error) {
	path, ok := Path(r.URL)
	if !ok {
		return nil, &Error{Field: "path", Line: 1, Err: ErrEndpoint}
	}
	route, ok := p.Route(r.Method, path)
	if !ok {
		return nil, &Error{Field: "path", Line: 1, Err: ErrEndpoint}
	}
	return route.Read(r, line, opts...)
}

// Read is [Provider.Read] for a call whose route is known already.
func (route Route) Read(r Request, line party.Line, opts ...Option) ([]compliance.Message, error) {
	for _, h := range [...]string{"X-Http-Method-Override", "X-Http-Method", "X-Method-Override"} {
		if r.Header.Get(h) != "" {
			return nil, &Error{Field: "header", Line: 1, Err: ErrHeader}
		}
	}
	if err := route.query(r.URL); err != nil {
		return nil, err
	}
	if line.Number == "" {
		line.Number = route.Number
	}
	if route.Decode == nil {
		return []compliance.Message{{Kind: compliance.Pass, Type: route.Name, From: line}}, nil
	}
	if len(r.Body) > MaxSize {
		return nil, &Error{Line: 1, Err: ErrSize}
	}
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, &Error{Field: "header", Line: 1, Err: ErrHeader}
	}
	types := r.Header.Values("Content-Type")
	if len(types) != 1 {
		return nil, &Error{Field: "header", Line: 1, Err: ErrHeader}
	}
	if t, param, err := mime.ParseMediaType(types[0]); err != nil || t != route.Type || !utf8Charset(param["charset"]) {
		return nil, &Error{Field: "header", Line: 1, Err: ErrHeader}
	}
	return route.Decode(r.Body, line, append(append([]Option(nil), route.Opts...), opts...)...)
}

func utf8Charset(s string) bool { return s == "" || strings.EqualFold(s, "utf-8") }

func (route Route) query(u *url.URL) error {
	if u.RawQuery == "" {
		return nil
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return &Error{Field: "query", Line: 1, Err: ErrQuery}
	}
next:
	for name := range q {
		for _, k := range route.Query {
			if k == name {
				continue next
			}
		}
		return &Error{Field: "query", Line: 1, Err: ErrQuery}
	}
	return nil
}

// Path is the path of an address when it can be read in one way only: absolute,
// no escapes, no empty segments, no dots to walk with. A slash at the end is
// left out.
func Path(u *url.URL) (path string, ok bool) {
	path = u.EscapedPath()
	if u.Opaque != "" || len(path) > 2048 {
		return "", false
	}
	if path == "" {
		path = "/"
	}
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	if path[0] != '/' || strings.ContainsAny(path, "%\\;") || strings.Contains(path, "//") {
		return "", false
	}
	for s := range strings.SplitSeq(path, "/") {
		if s == "." || s == ".." {
			return "", false
		}
	}
	return path, true
}

// Serves reports whether a host is one of the provider's own.
func (p Provider) Serves(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, h := range p.Hosts {
		if below, any := strings.CutPrefix(h, "*"); any && strings.HasSuffix(host, below) && len(host) > len(below) || h == host {
			return true
		}
	}
	return false
}

// Providers are all there are here, Meta first.
func Providers() []Provider {
	return []Provider{Meta(), Dialog360(), Twilio(), Infobip(), Gupshup(), Vonage()}
}

// segments splits a path and matches it against a pattern of as many segments,
// in which "*" is any one. Letters are compared in either case, as some servers
// do, so that no spelling of a send is taken for something else.
func segments(path, pattern string) (parts []string, ok bool) {
	parts = strings.Split(path, "/")
	want := strings.Split(pattern, "/")
	if len(parts) != len(want) {
		return nil, false
	}
	for i, w := range want {
		if w != "*" && !strings.EqualFold(w, parts[i]) {
			return nil, false
		}
	}
	return parts, true
}

const (
	typeJSON = "application/json"
	typeForm = "application/x-www-form-urlencoded"
)

// errTooMany says that a body holds more messages than one call can have.
var errTooMany = errors.New("has too many entries")

// maxMessages bounds the messages of one call. Infobip takes 1,000 destinations.
const maxMessages = 1000
