// Package graphapi asks one edge of a WhatsApp business account at the Graph API.
// What is asked and what an answer means is for its callers to say.
package graphapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ErrSize is an answer longer than was to be read.
var ErrSize = errors.New("the answer is too long")

// An Edge is where to ask, and by whose client. It is safe for concurrent use.
type Edge struct {
	client *http.Client
	url    string
	token  string
}

// New makes the Edge of an account below base ("https://graph.facebook.com/v25.0"),
// with an access token of the app. Errors have no prefix.
func New(client *http.Client, base, account, edge, token string) (*Edge, error) {
	u, err := url.Parse(base)
	switch {
	case client == nil:
		return nil, errors.New("no client")
	case err != nil || u.Scheme == "" || u.Host == "":
		return nil, errors.New("the base is no URL")
	case account == "" || strings.ContainsAny(account, "/?#"):
		return nil, errors.New("the account is no id")
	case token == "":
		return nil, errors.New("no token")
	}
	return &Edge{client: client, url: strings.TrimSuffix(base, "/") + "/" + account + "/" + edge, token: token}, nil
}

// Get reads the edge with a query.
func (e *Edge) Get(ctx context.Context, query url.Values, within time.Duration, most int64) (status int, answer []byte, err error) {
	return e.ask(ctx, http.MethodGet, e.url+"?"+query.Encode(), nil, within, most)
}

// Post sends JSON to the edge.
func (e *Edge) Post(ctx context.Context, body []byte, within time.Duration, most int64) (status int, answer []byte, err error) {
	return e.ask(ctx, http.MethodPost, e.url, body, within, most)
}

// ask reads an answer of so many bytes at most, within a time. The status is 0
// where there was no answer. Errors hold neither the address nor the token.
func (e *Edge) ask(ctx context.Context, method, address string, body []byte, within time.Duration, most int64) (status int, answer []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var content io.Reader
	if body != nil {
		content = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return 0, nil, bare(err)
	}
	req.Header.Set("Authorization", "Bearer "+e.token)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := e.client.Do(req)
	if err != nil {
		return 0, nil, bare(err)
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, most+1))
	switch {
	case err != nil:
		return res.StatusCode, nil, err
	case int64(len(answer)) > most:
		return res.StatusCode, nil, ErrSize
	}
	return res.StatusCode, answer, nil
}

// bare takes the address off an error.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
