// Package retryable is a client of the Cloud API made for one app, over
// github.com/hashicorp/go-retryablehttp, which tries again by itself. The guard
// stands below the trying again.
package retryable

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

// A Client sends messages of the Cloud API.
type Client struct {
	base   string
	number string
	http   *retryablehttp.Client
}

// New makes a Client that sends through a RoundTripper, up to four times.
func New(base, number string, rt http.RoundTripper) *Client {
	hc := retryablehttp.NewClient()
	hc.HTTPClient = &http.Client{Transport: rt}
	hc.RetryMax, hc.RetryWaitMin, hc.RetryWaitMax, hc.Logger = 3, time.Millisecond, time.Millisecond, nil
	return &Client{base: base, number: number, http: hc}
}

// A Text is an ordinary message.
type Text struct {
	To   string
	Body string
}

// MarshalJSON writes the body of the Cloud API.
func (t Text) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"messaging_product": "whatsapp", "to": t.To, "type": "text", "text": map[string]string{"body": t.Body}})
}

// An APIError is a refusal of the platform, or of a guard in its shape.
type APIError struct {
	Status  int
	Code    int
	Message string
}

func (e *APIError) Error() string {
	return fmt.Sprintf("retryable: status %d, code %d", e.Status, e.Code)
}

// Send sends a Text and returns the answer as it came.
func (c *Client) Send(ctx context.Context, t Text) (answer json.RawMessage, err error) {
	body, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, c.base+"/v25.0/"+c.number+"/messages", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if answer, err = io.ReadAll(io.LimitReader(res.Body, 1<<20)); err != nil {
		return nil, err
	}
	if res.StatusCode >= http.StatusBadRequest {
		if refused, ok := httpguard.RefusalOf(res); ok {
			return answer, refused // with its Decisions
		}
		var e struct {
			Error struct {
				Code    int    `json:"code"`
				Message string `json:"message"`
			} `json:"error"`
		}
		if err := json.Unmarshal(answer, &e); err != nil {
			return answer, fmt.Errorf("retryable: status %d without a readable answer", res.StatusCode)
		}
		return answer, &APIError{res.StatusCode, e.Error.Code, e.Error.Message}
	}
	return answer, nil
}

// Wrap guards Send.
func Wrap(s *compliance.Sender, c *Client, line party.Line) func(context.Context, Text) (json.RawMessage, error) {
	return compliance.Wrap(s, wire.Describe[Text](line), c.Send, wire.Ack[json.RawMessage])
}

// Guard is the RoundTripper to make a Client with. It answers its refusals, so
// that nothing asks for them twice.
func Guard(s *compliance.Sender, base string, over http.RoundTripper, opts ...httpguard.Option) (*httpguard.Guard, error) {
	return httpguard.New(s, append([]httpguard.Option{httpguard.Over(over), httpguard.AnswerRefusals(),
		httpguard.At(httpguard.Endpoint{Provider: wire.Meta(), URL: base})}, opts...)...)
}
