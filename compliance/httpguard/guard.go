package httpguard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

// A Guard is an [http.RoundTripper] that lets a request through only when what
// it sends may leave. It is safe for concurrent use.
type Guard struct {
	sender    *compliance.Sender
	base      http.RoundTripper
	endpoints []Endpoint
	bases     []base
	passes    []pattern
	key       func(*http.Request) string
	ticket    bool
	answer    bool
	others    bool
}

// An Endpoint is where a provider's API is to be found.
type Endpoint struct {
	Provider wire.Provider
	// URL is the base of the API where it is not on the provider's own hosts: a
	// proxy, a test server. Empty: its own hosts.
	URL string
	// Line says which number a request sends from. Nil: the one that the path or
	// the body names, which 360dialog's do not.
	Line func(*http.Request) party.Line
	// Opts say of its messages what the bytes do not: contents, origin, locale.
	Opts []wire.Option
}

// From is an [Endpoint.Line] that always is the same.
func From(line party.Line) func(*http.Request) party.Line {
	return func(*http.Request) party.Line { return line }
}

// An Option changes what has a sound default.
type Option func(*Guard) error

// Over sets the RoundTripper that sends; the default is http.DefaultTransport.
func Over(rt http.RoundTripper) Option {
	return func(g *Guard) error {
		if rt == nil {
			return errors.New("httpguard: Over: no RoundTripper")
		}
		g.base = rt
		return nil
	}
}

// At adds endpoints, which come before the providers' own hosts.
func At(es ...Endpoint) Option {
	return func(g *Guard) error {
		for i, e := range es {
			if e.Provider.Route == nil || e.Provider.Answer == nil || e.Provider.Refusal == nil {
				return fmt.Errorf("httpguard: endpoint %d: provider %q is not complete", i, e.Provider.Name)
			}
			b, err := parseBase(e.URL)
			if err != nil {
				return fmt.Errorf("httpguard: endpoint %d: %w", i, err)
			}
			g.endpoints, g.bases = append(g.endpoints, e), append(g.bases, b)
		}
		return nil
	}
}

// RequireTicket refuses every send that is not inside a deliver call of the
// Sender ([compliance.Sender.Do], [compliance.Wrap]). A ticket holds while
// that call runs, for its recipients and the kind of message that was judged, and
// for no other number the Business lists than the one it was judged for. Without
// it the guard judges such a send itself, by its bytes.
func RequireTicket() Option { return func(g *Guard) error { g.ticket = true; return nil } }

// AnswerRefusals makes a refusal an answer of status 403 in the provider's own
// error shape instead of an error. Clients that try again do so on an error and
// not on this. [RefusalOf] finds the reasons.
func AnswerRefusals() Option { return func(g *Guard) error { g.answer = true; return nil } }

// PassOtherChannels lets messages of the same API for other channels through
// (an SMS of Twilio or Vonage), which nothing here has an opinion on.
func PassOtherChannels() Option { return func(g *Guard) error { g.others = true; return nil } }

// Keyed says how a request names its message, as [compliance.Message.Key]: a
// repeat of the same key is the same message. With several messages in one
// request each has the key with its number behind it.
func Keyed(key func(*http.Request) string) Option {
	return func(g *Guard) error { g.key = key; return nil }
}

// Pass lists what may go through unread besides sends and receipts, as
// "METHOD [host]/path": "GET /*/*/message_templates",
// "POST graph.facebook.com/*/*/media". A "*" is one segment of the path, or any
// method; "/**" at the end is everything below. What is a send of a provider is
// judged all the same, and an address that can be read in two ways (escapes,
// empty segments, dots) matches nothing.
func Pass(patterns ...string) Option {
	return func(g *Guard) error {
		for _, s := range patterns {
			p, err := parsePattern(s)
			if err != nil {
				return err
			}
			g.passes = append(g.passes, p)
		}
		return nil
	}
}

// New makes a Guard over a Sender. Without [At] it knows the public hosts of
// every provider of package wire.
func New(s *compliance.Sender, opts ...Option) (*Guard, error) {
	if s == nil {
		return nil, errors.New("httpguard: no Sender")
	}
	g := &Guard{sender: s, base: http.DefaultTransport}
	for _, o := range opts {
		if err := o(g); err != nil {
			return nil, err
		}
	}
	for _, p := range wire.Providers() {
		g.endpoints, g.bases = append(g.endpoints, Endpoint{Provider: p}), append(g.bases, base{})
	}
	return g, nil
}

// Client is an http.Client over the guard, for clients that take one.
func (g *Guard) Client() *http.Client { return &http.Client{Transport: g} }

// RoundTrip lets a request through, or refuses it. The request is not changed,
// and its body is closed whatever comes of it; what is sent are the bytes that
// were read, no more of them than [wire.MaxSize]. An error of the RoundTripper
// below comes back untouched, a refusal is a *[Refusal].
func (g *Guard) RoundTrip(req *http.Request) (*http.Response, error) {
	c := g.recognise(req)
	if c.route == nil {
		if c.passes {
			return g.base.RoundTrip(req)
		}
		return g.unread(req, c, req, &wire.Error{Field: "address", Line: 1, Err: wire.ErrEndpoint})
	}
	body, err := drain(req)
	if err != nil {
		return g.unread(req, c, nil, err)
	}
	out := renewed(req, body)
	opts := c.endpoint.Opts
	ms, err := c.route.Read(wire.Request{Method: req.Method, URL: req.URL, Header: req.Header, Body: body}, c.line, opts...)
	switch {
	case err != nil && errors.Is(err, wire.ErrChannel) && g.others:
		return g.base.RoundTrip(out)
	case err != nil:
		return g.unread(req, c, out, err)
	case !slices.ContainsFunc(ms, speaks):
		return g.base.RoundTrip(out)
	case g.sender.Ticketed(req.Context(), ms):
		return g.base.RoundTrip(out)
	case g.ticket:
		return g.refuse(req, c, held(len(ms)), "", ErrNoTicket, nil)
	}
	if g.key != nil {
		if key := g.key(req); key != "" {
			for i := range ms {
				ms[i].Key = key
				if len(ms) > 1 {
					ms[i].Key = fmt.Sprintf("%s/%d", key, i)
				}
			}
		}
	}
	return g.judge(req, c, out, ms, nil)
}

// speaks reports whether a message is more than a receipt.
func speaks(m compliance.Message) bool { return m.Kind != compliance.Pass || m.Malformed != "" }

// unread holds a request that nobody could judge. The Sender judges it as a
// message that is none, so that it is found in the journal; in observe mode it
// leaves. Without out there are no bytes that could.
func (g *Guard) unread(req *http.Request, c call, out *http.Request, err error) (*http.Response, error) {
	why := "the body cannot be read"
	var e *wire.Error
	if errors.As(err, &e) {
		why = e.Cause()
	}
	if g.ticket {
		shut(req.Body)
		return g.refuse(req, c, held(1), "", ErrNoTicket, err)
	}
	if out == nil {
		return g.refuse(req, c, held(1), "", errUnread, err)
	}
	return g.judge(req, c, out, []compliance.Message{{From: c.line, Malformed: why}}, err)
}

// errUnread is the refusal of a request of which there are no bytes.
var errUnread = errors.New("httpguard: not sent, since it cannot be read")

// errAnswered marks a delivery that the provider refused, for the journal; the
// client gets the answer itself.
var errAnswered = errors.New("httpguard: refused by the provider")

// judge asks the Sender, and sends inside its deliver call.
func (g *Guard) judge(req *http.Request, c call, out *http.Request, ms []compliance.Message, unread error) (*http.Response, error) {
	var res *http.Response
	handed := false // from then on the body is the RoundTripper's, which may read it after it answered
	defer func() {
		if !handed {
			shut(out.Body)
		}
	}()
	_, err := g.sender.DoAll(req.Context(), ms, func(ctx context.Context) (compliance.Ack, error) {
		var err error
		handed = true
		if res, err = g.base.RoundTrip(out.WithContext(ctx)); err != nil {
			return compliance.Ack{}, err
		}
		if c.endpoint == nil {
			return compliance.Ack{HTTP: res.StatusCode}, nil
		}
		ack := c.endpoint.Provider.Answer(res.StatusCode, peek(res))
		if res.StatusCode >= 300 {
			return ack, errAnswered
		}
		return ack, nil
	})
	var failed *compliance.DeliveryError
	switch {
	case res != nil:
		return res, nil
	case errors.As(err, &failed):
		return nil, failed.Err
	}
	var refused *compliance.Refusal
	if !errors.As(err, &refused) {
		return g.refuse(req, c, held(len(ms)), "", err, unread)
	}
	var which []int
	id := ""
	for i := range refused.Decisions {
		if d := &refused.Decisions[i]; !d.Verdict.Leaves() {
			if which = append(which, i); id == "" {
				id = d.ID
			}
		}
	}
	return g.refuse(req, c, which, id, err, unread)
}

// held are the numbers of all messages of a call.
func held(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// drain reads a body and closes it. A body that grows is read to one byte more
// than may be sent, and a client that hangs up ends the reading.
func drain(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	defer shut(req.Body)
	if req.ContentLength > wire.MaxSize {
		return nil, &wire.Error{Line: 1, Err: wire.ErrSize}
	}
	stop := context.AfterFunc(req.Context(), func() { shut(req.Body) })
	defer stop()
	var buf bytes.Buffer
	if n := req.ContentLength; n > 0 {
		buf.Grow(int(n) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(io.LimitReader(req.Body, wire.MaxSize+1))
	switch {
	case err != nil:
		return nil, &ReadError{err}
	case buf.Len() > wire.MaxSize:
		return nil, &wire.Error{Line: 1, Err: wire.ErrSize}
	case req.ContentLength > 0 && int64(buf.Len()) != req.ContentLength:
		return nil, &wire.Error{Line: 1, Err: errLength}
	}
	return buf.Bytes(), nil
}

var errLength = errors.New("is not as long as its Content-Length")

func shut(body io.Closer) {
	if body != nil {
		_ = body.Close()
	}
}

// renewed is the request with the bytes that were read, for the RoundTripper
// below: the same headers, the same length told.
func renewed(req *http.Request, body []byte) *http.Request {
	out := new(http.Request)
	*out = *req
	if req.Body == nil || req.Body == http.NoBody {
		return out
	}
	out.Body = io.NopCloser(bytes.NewReader(body))
	if req.GetBody != nil {
		out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	}
	return out
}

// peek reads what the provider answered and leaves the answer as it was.
func peek(res *http.Response) []byte {
	if res.Body == nil {
		return nil
	}
	var buf bytes.Buffer
	_, err := buf.ReadFrom(io.LimitReader(res.Body, wire.MaxSize))
	rest := io.Reader(res.Body)
	if err != nil {
		rest = broken{err}
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(buf.Bytes()), rest), res.Body}
	return buf.Bytes()
}

// broken is what is left of an answer that broke off.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }
