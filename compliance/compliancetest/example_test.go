package compliancetest_test

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

// What a client wrote is held to what was described of it.
func ExampleDrift() {
	type Text struct {
		Body string `json:"body"`
	}
	type Message struct {
		To   string `json:"to"`
		Type string `json:"type"`
		Text *Text  `json:"text"`
	}
	line := party.Line{Number: "200300400500600"}
	m := &Message{To: "+447700900123", Type: "text", Text: &Text{Body: "Your table is ready."}}
	address, _ := url.Parse("https://graph.facebook.com/v25.0/200300400500600/messages")
	for _, body := range []string{
		`{"to":"+447700900123","type":"text","text":{"body":"Your table is ready."}}`,
		`{"to":"+447700900123","type":"text","text":{"body":"Your table is ready. Buy two, get one free!"}}`,
	} {
		written := wire.Request{Method: http.MethodPost, URL: address, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
		fmt.Println(compliancetest.Drift(wire.Describe[*Message](line), m, written, wire.Meta(), line) == nil)
	}
	// Output:
	// true
	// false
}
