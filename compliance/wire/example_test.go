package wire_test

import (
	"fmt"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

func ExampleCloudAPI() {
	line := party.Line{Account: "100200300400500", Number: "200300400500600"}
	ms, err := wire.CloudAPI([]byte(`{"messaging_product":"whatsapp","to":"+447700900123","type":"interactive",
		"interactive":{"type":"button","body":{"text":"Is tomorrow OK?"},
		"action":{"buttons":[{"type":"reply","reply":{"id":"y","title":"Yes"}}]}}}`), line)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ms[0].Type)
	for _, t := range ms[0].Texts {
		fmt.Println(t.Place)
	}
	// Output:
	// interactive/button
	// interactive.body
	// interactive.action.buttons.0.title
}

func ExampleCloudAPI_malformed() {
	ms, err := wire.CloudAPI([]byte(`{"to":"+447700900123","type":"text","text":{}}`), party.Line{Number: "200300400500600"})
	fmt.Println(err, "/", ms[0].Malformed)
	_, err = wire.CloudAPI([]byte("{\n\"to\":"), party.Line{})
	fmt.Println(err)
	// Output:
	// <nil> / text.body is missing
	// wire: line 2: the body is no valid JSON
}

func ExampleCloudAPICall() {
	ms, _ := wire.CloudAPICall([]byte(`{"to":"+447700900123","action":"connect"}`), party.Line{Number: "200300400500600"})
	fmt.Println(ms[0].Type, ms[0].To.Phone)
	// Output: call +447700900123
}

// A client's own types are described by their JSON.
func ExampleDescribe() {
	type Text struct {
		Body string `json:"body"`
	}
	type Message struct {
		To   string `json:"to"`
		Type string `json:"type"`
		Text *Text  `json:"text,omitempty"`
	}
	describe := wire.Describe[*Message](party.Line{Number: "200300400500600"})
	ms, err := describe(&Message{To: "+447700900123", Type: "text", Text: &Text{Body: "Your table is ready."}})
	fmt.Println(len(ms), ms[0].Texts[0].Place, err)
	// Output: 1 text.body <nil>
}

func ExampleAck() {
	a := wire.Ack(`{"contacts":[{"input":"+447700900123","wa_id":"447700900123"}],"messages":[{"id":"wamid.A1"}]}`)
	fmt.Println(a.Message, a.WaID)
	// Output: wamid.A1 447700900123
}

func ExampleResponse() {
	a, err := wire.Response([]byte(`{"error":{"message":"(#131047) Re-engagement message","code":131047}}`))
	fmt.Println(a.Codes, err)
	// Output: [131047] <nil>
}
