package httpguard_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/wire"
)

// sender is a Sender that knows nobody.
func sender() *compliance.Sender {
	s, err := compliance.New(compliance.Config{Stores: compliance.MemoryStores(), Business: compliance.Business{Name: "Example Shop"}},
		compliance.WithPrepared(ready()))
	if err != nil {
		panic(err)
	}
	return s
}

// A client that takes an http.Client is guarded by giving it one.
func ExampleNew() {
	guard, err := httpguard.New(sender())
	if err != nil {
		fmt.Println(err)
		return
	}
	client := &http.Client{Transport: guard}
	_, err = client.Post("https://graph.facebook.com/v25.0/200300400500600/messages", "application/json",
		strings.NewReader(`{"messaging_product":"whatsapp","to":"+447700900123","type":"text","text":{"body":"Hello"}}`))
	var refused *httpguard.Refusal
	if errors.As(err, &refused) {
		for _, v := range refused.Decisions()[0].Violations {
			if v.Severity == policy.Block {
				fmt.Println(refused.Provider, refused.Route, v.Rule)
			}
		}
	}
	// Output: meta messages template-only-initiation
}

// Under a client that tries again, a refusal is an answer in the provider's own
// shape.
func ExampleAnswerRefusals() {
	guard, _ := httpguard.New(sender(), httpguard.AnswerRefusals())
	res, err := guard.Client().Post("https://api.nexmo.com/v1/messages", "application/json",
		strings.NewReader(`{"channel":"whatsapp","message_type":"text","to":"447700900123","from":"12025550199","text":"Hello"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	refused, ok := httpguard.RefusalOf(res)
	fmt.Println(res.StatusCode, ok, refused.Provider)
	// Output: 403 true vonage
}

// With RequireTicket nothing leaves that did not come through Do or Wrap.
func ExampleRequireTicket() {
	guard, _ := httpguard.New(sender(), httpguard.RequireTicket())
	_, err := guard.Client().Post("https://graph.facebook.com/v25.0/200300400500600/messages", "application/json",
		strings.NewReader(`{"to":"+447700900123","type":"text","text":{"body":"Hello"}}`))
	fmt.Println(errors.Is(err, httpguard.ErrNoTicket))
	// Output: true
}

// What is no send goes through only when it is listed; an API on another host
// is an endpoint.
func ExamplePass() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "{}") }))
	defer api.Close()
	line := party.Line{Account: "100200300400500", Number: "200300400500600"}
	guard, _ := httpguard.New(sender(), httpguard.Pass("GET /*/*/message_templates"),
		httpguard.At(httpguard.Endpoint{Provider: wire.Meta(), URL: api.URL, Line: httpguard.From(line)}))
	for _, path := range []string{"/v25.0/100/message_templates", "/v25.0/100/phone_numbers"} {
		res, err := guard.Client().Get(api.URL + path)
		if err == nil {
			_ = res.Body.Close()
		}
		fmt.Println(path, err == nil, errors.Is(err, compliance.ErrUndecided))
	}
	// Output:
	// /v25.0/100/message_templates true false
	// /v25.0/100/phone_numbers false true
}

// A ticket ends with its deliver call, whoever keeps the context.
func ExampleGuard_RoundTrip() {
	s := sender()
	guard, _ := httpguard.New(s, httpguard.RequireTicket())
	var kept context.Context
	read := compliance.Message{Kind: compliance.Pass, Type: "status"}
	_, err := s.Do(context.Background(), read, func(ctx context.Context) (compliance.Ack, error) { kept = ctx; return compliance.Ack{}, nil })
	fmt.Println(err)
	req, _ := http.NewRequestWithContext(kept, http.MethodPost, "https://graph.facebook.com/v25.0/1/messages", strings.NewReader(`{"to":"+447700900123","type":"text","text":{"body":"Hello"}}`))
	req.Header.Set("Content-Type", "application/json")
	_, err = guard.RoundTrip(req)
	fmt.Println(errors.Is(err, httpguard.ErrNoTicket))
	// Output:
	// <nil>
	// true
}
