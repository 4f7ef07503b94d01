package httpguard

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

// A call is a request as far as its address tells.
type call struct {
	endpoint *Endpoint   // nil: no provider's
	route    *wire.Route // nil: no send and no receipt
	line     party.Line
	passes   bool // may go through unread
}

// recognise says what a request is, without reading its body.
func (g *Guard) recognise(req *http.Request) (c call) {
	u := req.URL
	if u == nil || req.Host != "" && !strings.EqualFold(host(req.Host, u.Scheme), host(u.Host, u.Scheme)) {
		return c // sent to one host and meant for another
	}
	path, ok := wire.Path(u)
	if !ok {
		return c
	}
	for i := range g.endpoints {
		e, b := &g.endpoints[i], g.bases[i]
		below, ok := path, true
		if b.host != "" {
			below, ok = b.below(u, path)
		} else {
			ok = e.Provider.Serves(u.Hostname())
		}
		if !ok {
			continue
		}
		if r, ok := e.Provider.Route(req.Method, below); ok {
			c.endpoint, c.route = e, &r
			if e.Line != nil {
				c.line = e.Line(req)
			}
			return c
		}
		if c.endpoint == nil {
			c.endpoint = e // whose errors a refusal looks like
		}
	}
	c.passes = g.listed(req, path)
	return c
}

// listed reports whether a request may pass unread. Where a header or a
// parameter can name another method, the method that was written says nothing; nor
// does one in small letters, which is no send here and may be one to a server.
func (g *Guard) listed(req *http.Request, path string) bool {
	if req.Method != strings.ToUpper(req.Method) {
		return false
	}
	for _, h := range [...]string{"X-Http-Method-Override", "X-Http-Method", "X-Method-Override"} {
		if req.Header.Get(h) != "" {
			return false
		}
	}
	for i := range g.passes {
		if g.passes[i].matches(req, path) {
			return !namesMethod(req.URL)
		}
	}
	return false
}

// namesMethod: the Graph API takes "method" from the query.
func namesMethod(u *url.URL) bool {
	if u.RawQuery == "" {
		return false
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return true
	}
	for k := range q {
		if strings.EqualFold(k, "method") {
			return true
		}
	}
	return false
}

// A base is where an API begins.
type base struct {
	host string // with port; empty: the provider's own hosts
	path string // without a slash at the end
}

func parseBase(s string) (b base, err error) {
	if s == "" {
		return b, nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.User != nil {
		return b, errors.New("its URL is not the base of an API")
	}
	path, ok := wire.Path(u)
	if !ok {
		return b, errors.New("its URL has a path that can be read in two ways")
	}
	return base{host: host(u.Host, u.Scheme), path: strings.TrimSuffix(path, "/")}, nil
}

// below is the part of a path that follows the base.
func (b base) below(u *url.URL, path string) (string, bool) {
	if host(u.Host, u.Scheme) != b.host {
		return "", false
	}
	rest, ok := strings.CutPrefix(path, b.path)
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	if rest == "" {
		rest = "/"
	}
	return rest, true
}

// host is a host with its port, in lower case.
func host(h, scheme string) string {
	h = strings.ToLower(h)
	u := url.URL{Host: h}
	if u.Port() != "" {
		return h
	}
	if scheme == "http" {
		return strings.TrimSuffix(h, ":") + ":80"
	}
	return strings.TrimSuffix(h, ":") + ":443"
}

// A pattern is one entry of [Pass].
type pattern struct {
	method string // "*": any
	host   string // "": any; "*.example.com": every host below
	path   []string
	rest   bool // everything below path
}

func parsePattern(s string) (p pattern, err error) {
	method, where, ok := strings.Cut(s, " ")
	i := strings.IndexByte(where, '/')
	if !ok || i < 0 || method == "" || method != strings.ToUpper(method) {
		return p, fmt.Errorf("httpguard: pass: %q is not \"METHOD [host]/path\"", s)
	}
	p.method, p.host = method, strings.ToLower(where[:i])
	path := where[i:]
	if strings.Contains(p.host, "*") && (strings.LastIndexByte(p.host, '*') > 0 || !strings.HasPrefix(p.host, "*.")) {
		return p, fmt.Errorf("httpguard: pass: %q: a star in a host stands at its beginning", s)
	}
	if below, all := strings.CutSuffix(path, "/**"); all {
		path, p.rest = below, true
	}
	if path != "" && path != "/" {
		plain := strings.ReplaceAll(path, "*", "x")
		if u := (&url.URL{Path: plain}); strings.Contains(path, "**") || u.EscapedPath() != plain {
			return p, fmt.Errorf("httpguard: pass: %q has a path that nothing can match", s)
		}
		p.path = strings.Split(strings.TrimSuffix(path, "/"), "/")[1:]
	}
	return p, nil
}

func (p *pattern) matches(req *http.Request, path string) bool {
	if p.method != "*" && p.method != req.Method {
		return false
	}
	if p.host != "" {
		h := strings.ToLower(req.URL.Hostname())
		below, any := strings.CutPrefix(p.host, "*")
		if any && !(strings.HasSuffix(h, below) && len(h) > len(below)) || !any && h != p.host {
			return false
		}
	}
	var parts []string
	if path != "/" {
		parts = strings.Split(path, "/")[1:]
	}
	if len(parts) < len(p.path) || len(parts) > len(p.path) && !p.rest {
		return false
	}
	for i, w := range p.path {
		if w != "*" && w != parts[i] {
			return false
		}
	}
	return true
}
