package wire_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
	"github.com/waguard/waguard/template"
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

// A whole call is read by the provider it goes to: method, path and headers say
// which body it has.
func ExampleProvider_Read() {
	u, _ := url.Parse("https://api.nexmo.com/v1/messages")
	ms, err := wire.Vonage().Read(wire.Request{Method: "POST", URL: u, Header: http.Header{"Content-Type": {"application/json"}},
		Body: []byte(`{"channel":"whatsapp","message_type":"text","to":"447700900123","from":"12025550199","text":"Your table is ready."}`)}, party.Line{})
	fmt.Println(ms[0].From.Number, ms[0].To.Phone, ms[0].Texts[0].Words, err)
	// Output: +12025550199 +447700900123 Your table is ready. <nil>
}

// Twilio names templates by ids of its own; the app says which they are.
func ExampleWithContents() {
	contents := map[string]wire.Content{"HX1": {Template: template.Ref{Name: "order_shipped", Language: "en"}}}
	ms, _ := wire.TwilioForm([]byte("To=whatsapp:%2B447700900123&From=whatsapp:%2B12025550199&ContentSid=HX1&ContentVariables=%7B%221%22:%22Asha%22%7D"),
		party.Line{}, wire.WithContents(func(id string) (wire.Content, bool) { c, ok := contents[id]; return c, ok }))
	fmt.Println(ms[0].Template.Name, ms[0].Template.Language, ms[0].Template.Parts[0].Values[0].Text)
	// Output: order_shipped en Asha
}

// A client whose types are the bodies of another provider is described by that
// provider's decoder.
func ExampleDescribeAs() {
	type Params struct{ To, From, Body *string }
	to, from, body := "whatsapp:+447700900123", "whatsapp:+12025550199", "Your table is ready."
	describe := wire.DescribeAs[*Params](wire.TwilioParams, party.Line{})
	ms, err := describe(&Params{To: &to, From: &from, Body: &body})
	fmt.Println(ms[0].To.Phone, ms[0].Texts[0].Place, err)
	// Output: +447700900123 Body <nil>
}

// One call of Infobip goes to several people, each a message of its own.
func ExampleInfobipBody() {
	ms, _ := wire.InfobipBody("template")([]byte(`{"messages":[
		{"from":"12025550199","to":"447700900123","content":{"templateName":"order_shipped","templateData":{},"language":"en"}},
		{"from":"12025550199","to":"447700900456","content":{"templateName":"order_shipped","templateData":{},"language":"en"}}]}`), party.Line{})
	for _, m := range ms {
		fmt.Println(m.To.Phone, m.Template.Name)
	}
	// Output:
	// +447700900123 order_shipped
	// +447700900456 order_shipped
}

func ExampleInfobipMessages() {
	ms, _ := wire.InfobipMessages([]byte(`{"messages":[{"channel":"WHATSAPP","sender":"12025550199",
		"destinations":[{"to":"447700900123"}],"content":{"body":{"type":"TEXT","text":"Your table is ready."}}}]}`), party.Line{})
	fmt.Println(ms[0].Type, ms[0].Texts[0].Place)
	// Output: text messages.0.content.body.text
}

func ExampleGupshupForm() {
	form := url.Values{"channel": {"whatsapp"}, "source": {"12025550199"}, "destination": {"447700900123"},
		"message": {`{"type":"text","text":"Your table is ready."}`}}
	ms, _ := wire.GupshupForm([]byte(form.Encode()), party.Line{})
	fmt.Println(ms[0].To.Phone, ms[0].Texts[0].Place)
	// Output: +447700900123 message.text
}

// An answer of another provider is read by that provider; what Meta calls by
// another code stands in both forms.
func ExampleAckAs() {
	a := wire.AckAs[string](wire.Twilio())(`{"code":63016,"message":"outside the window","status":400}`)
	fmt.Println(a.Provider, a.Codes)
	// Output: twilio [63016 131047]
}

// What is no WhatsApp message at all is told apart from what cannot be read.
func ExampleTwilioForm() {
	_, err := wire.TwilioForm([]byte("To=%2B447700900123&From=%2B12025550199&Body=Hello"), party.Line{})
	fmt.Println(errors.Is(err, wire.ErrChannel), err)
	// Output: true wire: line 1: To is for another channel than WhatsApp
}

// A provider that passes the Cloud API's bodies on is Meta's under another name
// and on other hosts.
func ExampleProvider() {
	p := wire.Meta()
	p.Name, p.Hosts = "acme", []string{"*.wa.example.com"}
	u, _ := url.Parse("https://eu.wa.example.com/v25.0/200300400500600/messages")
	ms, err := p.Read(wire.Request{Method: "POST", URL: u, Header: http.Header{"Content-Type": {"application/json"}},
		Body: []byte(`{"to":"+447700900123","type":"text","text":{"body":"Your table is ready."}}`)}, party.Line{})
	fmt.Println(p.Serves(u.Hostname()), ms[0].From.Number, err)
	// Output: true 200300400500600 <nil>
}
