// Package graph keeps a template.Catalog in step with the Graph API's listing of a
// business account's templates.
//
//	GET /<WABA id>/message_templates ──▶ page ──▶ page ──▶ … ──▶ the last
//	                                       │ Put     │ Put         │
//	                                       ▼         ▼             ▼
//	                                     Catalog, as of when the listing began
//	                                                               │
//	        what the catalog has and the listing has not ──▶ DELETED (only when all was read)
//
// The HTTP client is the app's own, and so are retries, proxies and limits on the
// rate. What webhooks told meanwhile is younger than the listing and counts on.
//
//	client, err := graph.New(http.DefaultClient, "https://graph.facebook.com/v25.0", account, token)
//	report, err := client.Sync(ctx, sender.Inbox().Catalog(), time.Now())
package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/waguard/waguard/internal/graphapi"
	"github.com/waguard/waguard/template"
)

// Bounds of a listing. An account holds 6,000 templates at most (template
// overview, 2026-05-05).
const (
	MaxPage      = 32 << 20 // bytes of one answer
	MaxTemplates = 20_000
	perPage      = 200
)

// fields are what is asked for: all that package template reads of a template, and
// the members that help a person.
const fields = "id,name,language,status,category,sub_category,previous_category,correct_category,rejected_reason," +
	"quality_score,parameter_format,message_send_ttl_seconds,last_updated_time,components"

// A Client lists the templates of one business account. It is safe for concurrent
// use.
type Client struct {
	edge    *graphapi.Edge
	account string
	timeout time.Duration
	fields  string
	per     int
}

// An Option changes how a Client asks.
type Option func(*Client)

// WithTimeout bounds the reading of one page; 30 seconds unless set.
func WithTimeout(d time.Duration) Option { return func(c *Client) { c.timeout = d } }

// WithFields asks for other members than the ones this library reads; empty asks
// for none in particular, and the API gives its own choice.
func WithFields(names string) Option { return func(c *Client) { c.fields = names } }

// WithPageSize asks for so many templates a page; 200 unless set.
func WithPageSize(n int) Option { return func(c *Client) { c.per = n } }

// New makes a Client that asks at base ("https://graph.facebook.com/v25.0") for a
// business account, with an access token of the app.
func New(client *http.Client, base, account, token string, opts ...Option) (*Client, error) {
	edge, err := graphapi.New(client, base, account, "message_templates", token)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	c := &Client{edge: edge, account: account, timeout: 30 * time.Second, fields: fields, per: perPage}
	for _, o := range opts {
		o(c)
	}
	if c.timeout <= 0 || c.per <= 0 {
		return nil, errors.New("graph: no time to ask in, or no templates a page")
	}
	return c, nil
}

// An Error is a page that was not read, or one template of it. It holds no word of
// a template, no address and no token, and of the API's own error the code alone.
type Error struct {
	Page   int // from 1
	Item   int // from 1, within the page; 0: the page as a whole
	Status int // of the HTTP answer; 0: there was none
	Code   int // Meta's error code; 0: none was read
	Err    error
}

func (e *Error) Error() string {
	s := "graph: page " + strconv.Itoa(e.Page)
	if e.Item > 0 {
		s += ", template " + strconv.Itoa(e.Item)
	}
	if e.Status != 0 && e.Status != http.StatusOK {
		s += fmt.Sprintf(": HTTP %d", e.Status)
	}
	if e.Code != 0 {
		s += fmt.Sprintf(": code %d", e.Code)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// What can be wrong with a listing; see [Error].
var (
	ErrSize = fmt.Errorf("is larger than %d bytes, or the listing than %d templates", MaxPage, MaxTemplates)
	ErrForm = errors.New("is no listing of the form that is known")
	ErrLoop = errors.New("leads back to itself")
)

// staleCursor is the API's answer to a cursor it knows no more (changelog of
// 2025-10-08): the listing is begun again without one.
const staleCursor = 131059

// Definitions lists the templates of the account, page by page. A template that
// cannot be read is an *[Error] with its page and place, and the listing goes on;
// after any other error it ends. One listing holds one page in memory.
func (c *Client) Definitions(ctx context.Context) iter.Seq2[template.Definition, error] {
	return func(yield func(template.Definition, error) bool) {
		for p, err := range c.pages(ctx) {
			if err != nil {
				yield(template.Definition{}, err)
				return
			}
			for i := range p.defs {
				if !yield(p.defs[i], nil) {
					return
				}
			}
			for _, err := range p.bad {
				if !yield(template.Definition{}, err) {
					return
				}
			}
		}
	}
}

// page is what one answer holds.
type page struct {
	defs []template.Definition
	bad  []*Error
	next string // cursor; empty: this is the last
}

// pages walks the listing. It follows cursors on its own address and never an
// address in an answer: the token goes nowhere else.
func (c *Client) pages(ctx context.Context) iter.Seq2[page, error] {
	return func(yield func(page, error) bool) {
		cursor, total, restarted := "", 0, false
		seen := map[string]bool{}
		for n := 1; ; n++ {
			p, err := c.page(ctx, n, cursor)
			var failed *Error
			if errors.As(err, &failed) && failed.Code == staleCursor && cursor != "" && !restarted {
				// what was listed already is listed again, which changes nothing
				cursor, total, restarted, n = "", 0, true, 0
				clear(seen)
				continue
			}
			if err != nil {
				yield(page{}, err)
				return
			}
			if total += len(p.defs) + len(p.bad); total > MaxTemplates {
				yield(page{}, &Error{Page: n, Err: ErrSize})
				return
			}
			if !yield(p, nil) || p.next == "" {
				return
			}
			if cursor = p.next; seen[cursor] {
				yield(page{}, &Error{Page: n, Err: ErrLoop})
				return
			}
			seen[cursor] = true
		}
	}
}

func (c *Client) page(ctx context.Context, n int, cursor string) (p page, err error) {
	query := url.Values{"limit": {strconv.Itoa(c.per)}}
	if c.fields != "" {
		query.Set("fields", c.fields)
	}
	if cursor != "" {
		query.Set("after", cursor)
	}
	status, raw, err := c.edge.Get(ctx, query, c.timeout, MaxPage)
	if errors.Is(err, graphapi.ErrSize) {
		err = ErrSize
	}
	if err != nil {
		return p, &Error{Page: n, Status: status, Err: err}
	}
	return c.read(n, status, raw)
}

// read reads one answer.
func (c *Client) read(n, status int, raw []byte) (p page, err error) {
	var answer struct {
		Data   *[]json.RawMessage `json:"data"`
		Paging struct {
			Cursors struct {
				After string `json:"after"`
			} `json:"cursors"`
			Next string `json:"next"`
		} `json:"paging"`
		Error *struct {
			Code int `json:"code"`
		} `json:"error"`
	}
	broken := json.Unmarshal(raw, &answer)
	switch {
	case status != http.StatusOK || answer.Error != nil:
		e := &Error{Page: n, Status: status, Err: errors.New("was refused")}
		if answer.Error != nil {
			e.Code = answer.Error.Code
		}
		return p, e
	case broken != nil || answer.Data == nil:
		return p, &Error{Page: n, Status: status, Err: ErrForm}
	case answer.Paging.Next != "":
		p.next = answer.Paging.Cursors.After
		if p.next == "" {
			return p, &Error{Page: n, Status: status, Err: fmt.Errorf("%w: it goes on, and gives no cursor", ErrForm)}
		}
	}
	for i, item := range *answer.Data {
		d, err := template.ParseDefinition(item)
		if err == nil && (d.Ref.Name == "" || d.Ref.Language == "") {
			err = template.ErrIncomplete
		}
		if err != nil {
			p.bad = append(p.bad, &Error{Page: n, Item: i + 1, Status: status, Err: err})
			continue
		}
		d.Ref.Account = c.account
		p.defs = append(p.defs, d)
	}
	return p, nil
}

// A Report says what a Sync did.
type Report struct {
	Pages  int
	Put    int            // definitions the catalog was given
	Gone   []template.Ref // the catalog had them, and the listing has not: DELETED now
	Failed []*Error       // templates that could not be read; the catalog keeps what it had of them
}

// Sync brings a catalog in step with the listing, which counts as of the instant
// given: that at which the listing begins. Templates the catalog has of the
// account and the listing has not are then told as deleted, except archived ones,
// of which no page says whether they are listed, and those put since. That is
// left out where a template could not be read: which it is is not known then.
//
// Pages are put as they come. When Sync fails, the report says what was put by
// then, nothing is told as deleted, and doing it again is harmless.
func (c *Client) Sync(ctx context.Context, catalog template.Catalog, at time.Time) (r Report, err error) {
	type name struct{ name, language string }
	listed := map[name]bool{}
	for p, err := range c.pages(ctx) {
		if err != nil {
			return r, err
		}
		r.Pages++
		r.Failed = append(r.Failed, p.bad...)
		if len(p.defs) == 0 {
			continue
		}
		if err := catalog.Put(ctx, at, p.defs...); err != nil {
			return r, fmt.Errorf("graph: page %d: %w", r.Pages, err)
		}
		r.Put += len(p.defs)
		for i := range p.defs {
			listed[name{p.defs[i].Ref.Name, p.defs[i].Ref.Language}] = true
		}
	}
	if len(r.Failed) > 0 {
		return r, nil
	}
	var gone []template.Change
	for d, err := range catalog.Definitions(ctx, c.account) {
		if err != nil {
			return r, fmt.Errorf("graph: the catalog: %w", err)
		}
		if listed[name{d.Ref.Name, d.Ref.Language}] || d.Ref.Account != c.account || !d.AsOf.Before(at) || d.Since.After(at) ||
			d.Status == template.Deleted || d.Status == template.Archived {
			continue
		}
		gone = append(gone, template.Change{ID: "gone:" + at.UTC().Format(time.RFC3339Nano) + ":" + d.Ref.Name + ":" + d.Ref.Language,
			Ref: d.Ref, Template: d.ID, At: at, Status: template.Deleted})
	}
	if len(gone) == 0 {
		return r, nil
	}
	if err := catalog.Apply(ctx, gone...); err != nil {
		return r, fmt.Errorf("graph: what is gone: %w", err)
	}
	for i := range gone {
		r.Gone = append(r.Gone, gone[i].Ref)
	}
	return r, nil
}
