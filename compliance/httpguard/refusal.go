package httpguard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/waguard/waguard/compliance"
)

// ErrNoTicket is why a send is refused that came from nowhere: not inside a
// deliver call of the Sender, while [RequireTicket] asks for one, or to
// somebody the call is not for, or after it was over.
var ErrNoTicket = errors.New("httpguard: not sent through the Sender")

// Codes of an answered refusal; see [AnswerRefusals]. They are no code of any
// provider.
const (
	CodeDenied    = 990001 // a rule is broken
	CodeUndecided = 990002 // something could not be found out, or the request not be read
	CodeNoTicket  = 990003
)

// A Refusal says why a request did not leave. It is compliance.ErrDenied when a
// rule was broken, and compliance.ErrUndecided otherwise; a judged one holds
// the *[compliance.Refusal] with its Decisions, one for each message of the call.
type Refusal struct {
	Provider string // "meta", "twilio"; empty: the host is none of a provider's
	Route    string // which endpoint: "messages", "interactive/buttons"
	Held     []int  // which messages of the call were held, from 0 in the order of its body
	Err      error
	Unread   error // why the request could not be read, usually a *wire.Error; nil: it was read
}

func (r *Refusal) Error() string {
	if r.Provider == "" {
		return fmt.Sprintf("httpguard: %v", r.Err)
	}
	return fmt.Sprintf("httpguard: %s %s: %v", r.Provider, r.Route, r.Err)
}

func (r *Refusal) Unwrap() []error {
	if r.Unread == nil {
		return []error{r.Err}
	}
	return []error{r.Err, r.Unread}
}

// Is matches compliance.ErrUndecided for what was not judged.
func (r *Refusal) Is(target error) bool {
	var judged *compliance.Refusal
	return target == compliance.ErrUndecided && !errors.As(r.Err, &judged)
}

// Decisions are those of the messages, none when nothing was judged.
func (r *Refusal) Decisions() []compliance.Decision {
	var judged *compliance.Refusal
	if errors.As(r.Err, &judged) {
		return judged.Decisions
	}
	return nil
}

// A ReadError is a body of the client that could not be read to its end. It
// holds the client's own error, which its text does not tell.
type ReadError struct{ Err error }

func (e *ReadError) Error() string { return "httpguard: the body could not be read" }
func (e *ReadError) Unwrap() error { return e.Err }

type refusalKey struct{}

// RefusalOf finds the refusal in an answer that [AnswerRefusals] made.
func RefusalOf(res *http.Response) (*Refusal, bool) {
	if res == nil || res.Request == nil {
		return nil, false
	}
	r, ok := res.Request.Context().Value(refusalKey{}).(*Refusal)
	return r, ok
}

// refuse makes the refusal of a call, as an error or as an answer.
func (g *Guard) refuse(req *http.Request, c call, which []int, id string, err, unread error) (*http.Response, error) {
	r := &Refusal{Held: which, Err: err, Unread: unread}
	if c.endpoint != nil {
		r.Provider, r.Route = c.endpoint.Provider.Name, "request"
		if c.route != nil {
			r.Route = c.route.Name
		}
	}
	if !g.answer || c.endpoint == nil {
		return nil, r
	}
	code := CodeUndecided
	switch {
	case errors.Is(err, compliance.ErrDenied):
		code = CodeDenied
	case errors.Is(err, ErrNoTicket):
		code = CodeNoTicket
	}
	body := c.endpoint.Provider.Refusal(code, id, err.Error())
	return &http.Response{
		Status: "403 Forbidden", StatusCode: http.StatusForbidden, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       req.WithContext(context.WithValue(req.Context(), refusalKey{}, r)),
	}, nil
}
