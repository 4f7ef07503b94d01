package compliance_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/webhook"
	"github.com/waguard/waguard/compliance/wire"
	"github.com/waguard/waguard/optin"
)

// exampleTime makes the examples' output the same on every day.
func exampleTime() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }

func exampleSender(opts ...compliance.Option) *compliance.Sender {
	s, err := compliance.New(compliance.Config{
		Business: compliance.Business{Name: "Example Shop", Country: "GB"},
		Stores:   compliance.MemoryStores(),
	}, append([]compliance.Option{compliance.WithClock(exampleTime)}, opts...)...)
	if err != nil {
		panic(err)
	}
	return s
}

// A client's send function keeps its signature and sends only what may leave.
func ExampleWrap() {
	guard := exampleSender()
	line := party.Line{Number: "200300400500600"}

	// any client whose request marshals to a Cloud API body
	client := func(_ context.Context, body map[string]any) ([]byte, error) {
		return []byte(`{"messaging_product":"whatsapp","messages":[{"id":"wamid.1"}]}`), nil
	}
	send := compliance.Wrap(guard, wire.Describe[map[string]any](line), client, wire.Ack[[]byte])

	_, err := send(context.Background(), map[string]any{"messaging_product": "whatsapp", "to": "+447700900123",
		"type": "text", "text": map[string]any{"body": "Are you still interested?"}})
	var refused *compliance.Refusal
	if errors.As(err, &refused) {
		fmt.Println(refused.Decisions[0].Verdict, refused.Decisions[0].Violations[0].Rule)
	}
	// Output: deny template-only-initiation
}

// Do takes a closure, and so fits every client there is.
func ExampleSender_Do() {
	guard := exampleSender()
	ctx := context.Background()
	who, _ := party.New("+447700900123", "", "")
	line := party.Line{Number: "200300400500600"}

	_, err := guard.Inbox().Receive(ctx, compliance.Wrote{ID: "wamid.in1", Line: line, From: who, At: exampleTime(), Type: "text", Text: "Is the blue coat back?"})
	if err != nil {
		panic(err)
	}
	m := compliance.Message{Kind: compliance.Freeform, Type: "text", From: line, To: who,
		Texts: []compliance.Text{{Place: "text.body", Words: "Yes, in every size."}}}
	receipt, err := guard.Do(ctx, m, func(context.Context) (compliance.Ack, error) {
		return compliance.Ack{Message: "wamid.out1"}, nil // the client sends here
	})
	fmt.Println(receipt.Decision.Verdict, receipt.Ack.Message, err)
	// Output: allow wamid.out1 <nil>
}

// Several messages of one call leave together or not at all.
func ExampleSender_DoAll() {
	guard := exampleSender()
	ben, _ := party.New("+447700900456", "", "")
	m := compliance.Message{Kind: compliance.Freeform, Type: "text", From: party.Line{Number: "1"}, To: ben}
	_, err := guard.DoAll(context.Background(), []compliance.Message{m, m}, func(context.Context) (compliance.Ack, error) {
		panic("never reached")
	})
	fmt.Println(errors.Is(err, compliance.ErrDenied))
	// Output: true
}

// Check asks without sending; nothing is entered or recorded.
func ExampleSender_Check() {
	guard := exampleSender()
	ben, _ := party.New("+447700900456", "", "")
	d := guard.Check(context.Background(), compliance.Message{Kind: compliance.Direct, Category: 2, Type: "text", From: party.Line{Number: "1"}, To: ben,
		Texts: []compliance.Text{{Place: "text.body", Words: "Your order 8812 is on its way."}}})
	for _, v := range d.Violations {
		if v.Severity == policy.Block {
			fmt.Println(v.Rule)
		}
	}
	// Output: optin-required
}

// An allowed message tells what it is charged as, and until when it may wait.
func ExamplePrice() {
	guard := exampleSender()
	ctx := context.Background()
	line := party.Line{Number: "1"}
	ben, _ := party.New("+447700900456", "", "")
	_, err := guard.Inbox().Receive(ctx, compliance.Wrote{ID: "wamid.in1", Line: line, From: ben, At: exampleTime().Add(-23 * time.Hour), Type: "text", Text: "Where is my order?"})
	if err != nil {
		panic(err)
	}
	d := guard.Check(ctx, compliance.Message{Kind: compliance.Freeform, Type: "text", From: line, To: ben,
		Texts: []compliance.Text{{Place: "text.body", Words: "It left our warehouse today."}}})
	fmt.Println(d.Verdict, "for", d.Until.Sub(d.At))
	fmt.Println(d.Price, "since", d.Price.Since)
	// Output:
	// allow for 59m0s
	// charged (service) since 2026-10-01
}

// A call needs the permission that the customer gives in WhatsApp. Do counts a
// call once it was placed, so that the next one is judged with it.
func ExampleSender_Do_call() {
	guard := exampleSender()
	ctx := context.Background()
	line := party.Line{Number: "1"}
	ben, _ := party.New("+447700900456", "", "")
	call := compliance.Message{Kind: compliance.Call, Type: "call", From: line, To: ben}
	place := func(context.Context) (compliance.Ack, error) { return compliance.Ack{Message: "wacid.1"}, nil }

	_, err := guard.Do(ctx, call, place)
	fmt.Println(errors.Is(err, compliance.ErrDenied))

	_, err = guard.Inbox().Receive(ctx, compliance.CallAnswer{ID: "wamid.in1", Line: line, From: ben, At: exampleTime(), Granted: true})
	if err != nil {
		panic(err)
	}
	r, err := guard.Do(ctx, call, place)
	fmt.Println(r.Decision.Verdict, "until", r.Decision.Until.Format(time.DateOnly), err)
	// Output:
	// true
	// allow until 2026-12-02 <nil>
}

// Explain also says what became of every rule.
func ExampleSender_Explain() {
	guard := exampleSender()
	d := guard.Explain(context.Background(), compliance.Message{})
	for _, s := range d.Statuses {
		if s.Status == policy.Failed {
			fmt.Println(s.Rule, s.Status)
		}
	}
	// Output: message-malformed failed
}

// The Inbox learns a stop from the customer's words, and says which sends were
// already under way.
func ExampleInbox_Receive() {
	guard := exampleSender()
	who, _ := party.New("+447700900123", "", "")
	learned, err := guard.Inbox().Receive(context.Background(),
		compliance.Wrote{ID: "wamid.in2", Line: party.Line{Number: "1"}, From: who, At: exampleTime(), Type: "text", Text: "STOP"})
	if err != nil {
		panic(err)
	}
	fmt.Println(len(learned.Stops), learned.Stops[0].Level, learned.Stops[0].Scope, len(learned.Flights))
	// Output: 1 certain all 0
}

// A stop made off WhatsApp goes into the ledger and counts the same.
func ExampleSender_Ledger() {
	guard := exampleSender()
	ctx := context.Background()
	who, _ := party.New("+447700900123", "", "")
	_, err := guard.Ledger().Revoke(ctx, optin.Revoke{Party: who, At: exampleTime(), Channel: optin.Email})
	if err != nil {
		panic(err)
	}
	standing, err := guard.Ledger().Standing(ctx, who, exampleTime())
	if err != nil {
		panic(err)
	}
	stop, stopped := standing.Stopped()
	fmt.Println(stopped, stop.Channel)
	// Output: true email
}

// Read looks at words alone, for an editor or a linter.
func ExampleSender_Read() {
	guard := exampleSender()
	for _, v := range guard.Read(compliance.Words{Texts: []compliance.Text{{Place: "draft", Words: "We charged your card 4111 1111 1111 1111 today."}}}) {
		fmt.Println(v.Rule, v.Kind, v.Where, v.Span)
	}
	// Output: data-full-card-number card_pan draft {21 40}
}

// What only a declaration can decide is left open until the business says so.
func ExampleSender_Undeclared() {
	guard := exampleSender()
	for _, id := range guard.Undeclared() {
		if id == "data-consents-secured" {
			fmt.Println(id)
		}
	}
	// Output: data-consents-secured
}

// The profile of a business is strict: all of its problems come at once.
func ExampleParseBusiness() {
	_, err := compliance.ParseBusiness([]byte(`{"name":"Example Shop","country":"Britain","escalation":["fax"]}`))
	fmt.Println(err)
	// Output: compliance: business: country is no ISO 3166 country code of two letters; escalation[0] must be one of human-agent phone email web store form
}

// A Business written down step by step: its mistakes come as one list too.
func ExampleNewBusiness() {
	book, err := policy.Builtin()
	if err != nil {
		panic(err)
	}
	_, err = compliance.NewBusiness("Example Cellar").Country("BR").
		Number("106540352242922", "+55 11 91234-5678", "102290129340398").
		Contacts(compliance.Contacts{Support: "help desk", Email: "help@cellar.example"}).
		Escalation(compliance.HumanAgent).
		Sells("alcohol").Licence("alcohol", "BR", "MAPA 7", "2025-01-01", "next year").
		Attest("docs-folowed").For(book).
		Build()
	fmt.Println(err)
	// Output: compliance: business: licences[0].until is no date like "2027-12-31"; attests.docs-folowed is no rule of this book
}

// A webhook in, what was learned out.
func Example_webhook() {
	guard := exampleSender()
	_ = webhook.Handler(guard.Inbox(), webhook.CloudAPI{Secret: []byte("app secret"), VerifyToken: "token"}, nil)
	// mux.Handle("/whatsapp", …)
}
