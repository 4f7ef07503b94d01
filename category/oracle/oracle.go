// Package oracle asks Meta itself what category a text has, as a second opinion
// beside [category.Reader].
//
//	Draft ──▶ POST /<WABA id>/message_samples ──▶ {"success":true,"category":"UTILITY"} ──▶ Category
//	                     │
//	                     └─ refused, unreachable, too slow, unreadable ──▶ *Error, and no category
//
// The endpoint belongs to Direct Send. It is a beta for accounts Meta has
// admitted, and takes a text or an interactive message (facts as read on
// 2026-11-21). An answer is advice like any prediction: what Meta decides of the
// template later may differ. An error is no answer, and nothing is to be
// concluded from it: not that a text is utility, and not that it may leave.
package oracle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/internal/graphapi"
)

// An Oracle asks for one business account. It is safe for concurrent use.
type Oracle struct {
	edge    *graphapi.Edge
	timeout time.Duration
	encode  func(category.Draft) ([]byte, error)
	account string
	keep    category.Outcomes
	now     func() time.Time
}

// An Option changes how an Oracle asks.
type Option func(*Oracle)

// WithTimeout bounds one question; 5 seconds unless set.
func WithTimeout(d time.Duration) Option { return func(o *Oracle) { o.timeout = d } }

// WithEncoding replaces the body that is sent. Meta's pages name the two kinds of
// samples and not every member of them, so the form is open to correction.
func WithEncoding(encode func(category.Draft) ([]byte, error)) Option {
	return func(o *Oracle) { o.encode = encode }
}

// WithOutcomes keeps every answer [Oracle.Compare] gets beside the reading, as of
// the instant of the clock given.
func WithOutcomes(keep category.Outcomes, now func() time.Time) Option {
	return func(o *Oracle) { o.keep, o.now = keep, now }
}

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 64 << 10

// New makes an Oracle that asks at base ("https://graph.facebook.com/v25.0") for
// a WhatsApp business account, with an access token of the app. The client is the
// app's own.
func New(client *http.Client, base, account, token string, opts ...Option) (*Oracle, error) {
	edge, err := graphapi.New(client, base, account, "message_samples", token)
	if err != nil {
		return nil, fmt.Errorf("oracle: %w", err)
	}
	o := &Oracle{edge: edge, timeout: 5 * time.Second, encode: sample, account: account}
	for _, opt := range opts {
		opt(o)
	}
	if o.timeout <= 0 || o.encode == nil {
		return nil, errors.New("oracle: no time to ask in, or no encoding")
	}
	if o.keep != nil && o.now == nil {
		return nil, errors.New("oracle: outcomes are kept, and there is no clock")
	}
	return o, nil
}

// An Error is a question that was not answered. It holds no word of the text and
// of Meta's answer the code alone.
type Error struct {
	Status int // of the HTTP answer; 0: there was none
	Code   int // Meta's error code; 0: none was read
	Err    error
}

func (e *Error) Error() string {
	s := "oracle: not answered"
	if e.Status != 0 {
		s += fmt.Sprintf(": HTTP %d", e.Status)
	}
	if e.Code != 0 {
		s += fmt.Sprintf(", code %d", e.Code)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// ErrNoCategory is an answer that names none of the three categories.
var ErrNoCategory = errors.New("the answer names no category")

// Ask returns the category Meta's predictor gives a draft. Errors are of type
// *[Error], and come with Unknown.
func (o *Oracle) Ask(ctx context.Context, d category.Draft) (category.Category, error) {
	body, err := o.encode(d)
	if err != nil {
		return category.Unknown, &Error{Err: err}
	}
	status, raw, err := o.edge.Post(ctx, body, o.timeout, maxAnswer)
	if err != nil {
		return category.Unknown, &Error{Status: status, Err: err}
	}
	var answer struct {
		Success  bool   `json:"success"`
		Category string `json:"category"`
		Error    struct {
			Code int `json:"code"`
		} `json:"error"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return category.Unknown, &Error{Status: status, Err: errors.New("the answer is no JSON of the form that is known")}
	}
	if status != http.StatusOK || !answer.Success {
		return category.Unknown, &Error{Status: status, Code: answer.Error.Code}
	}
	c, ok := category.Parse(answer.Category)
	if !ok || c == category.Service {
		return category.Unknown, &Error{Status: status, Err: ErrNoCategory}
	}
	return c, nil
}

// ErrKept is an answer that came and could not be kept; see [WithOutcomes].
var ErrKept = errors.New("oracle: the answer was not kept")

// Compare asks, and puts the answer beside a reading of the same draft. An error
// that is ErrKept comes with the answer, every other one without.
func (o *Oracle) Compare(ctx context.Context, r *category.Reader, d category.Draft) (category.Outcome, error) {
	got := r.Read(d)
	decided, err := o.Ask(ctx, d)
	out := got.Outcome(d.Name, d.Lang, decided, category.Sampled, time.Time{})
	out.Account = o.account
	if err != nil || o.keep == nil {
		return out, err
	}
	out.At = o.now()
	if err := o.keep.Note(ctx, out); err != nil {
		return out, fmt.Errorf("%w: %w", ErrKept, err)
	}
	return out, nil
}

// sample is a text message, or an interactive one where the draft has reply
// buttons or one link.
func sample(d category.Draft) ([]byte, error) {
	type object = map[string]any
	text := func(s string) object { return object{"text": s} }
	var replies []object
	var link object
	for i, b := range d.Buttons {
		switch {
		case strings.EqualFold(b.Type, "QUICK_REPLY"):
			replies = append(replies, object{"type": "reply", "reply": object{"id": fmt.Sprint(i), "title": b.Text}})
		case strings.EqualFold(b.Type, "URL") && link == nil:
			link = object{"name": "cta_url", "parameters": object{"display_text": b.Text, "url": b.URL}}
		}
	}
	out := object{"messaging_product": "whatsapp"}
	if link == nil && len(replies) == 0 {
		words := []string{}
		for _, s := range []string{d.Header, d.Body, d.Footer} {
			if s != "" {
				words = append(words, s)
			}
		}
		out["type"], out["text"] = "text", object{"body": strings.Join(words, "\n")}
		return json.Marshal(out)
	}
	inner := object{"body": text(d.Body)}
	if d.Header != "" {
		inner["header"] = object{"type": "text", "text": d.Header}
	}
	if d.Footer != "" {
		inner["footer"] = text(d.Footer)
	}
	if link != nil {
		inner["type"], inner["action"] = "cta_url", link
	} else {
		inner["type"], inner["action"] = "button", object{"buttons": replies}
	}
	out["type"], out["interactive"] = "interactive", inner
	return json.Marshal(out)
}
