package compliance_test

import (
	"context"
	"fmt"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/template"
)

// What Meta answers to a creation: the category may be another than was asked for,
// and is kept beside what the words look like.
func ExampleInbox_Submitted() {
	stores := compliance.MemoryStores()
	guard, err := compliance.New(compliance.Config{Business: compliance.Business{Name: "Example Shop", Country: "GB"}, Stores: stores},
		compliance.WithPrepared(ready()), compliance.WithClock(exampleTime))
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	d := template.NewBuilder(category.Utility, "back_in_stock", "en").Body("The tea you looked for, {{1}}, is on our shelves again.", "Darjeeling").Definition()
	d.Ref.Account = "100200300400500"
	held, err := guard.Inbox().Submitted(ctx, exampleTime(), d, []byte(`{"id":"77","status":"APPROVED","category":"MARKETING"}`))
	fmt.Println(held.Category, held.Status, err)
	for o, err := range stores.Outcomes.Outcomes(ctx, "") {
		fmt.Println(o.Template, "declared", o.Declared, "decided", o.Decided, "by", o.By, err)
	}
	all, err := guard.Advice(ctx, d.Ref.Account)
	fmt.Println(all[0].Rule, "until", all[0].At.Format(time.DateOnly), err)
	// Output:
	// MARKETING APPROVED <nil>
	// back_in_stock declared UTILITY decided MARKETING by create-response <nil>
	// life-category-pending until 2027-01-24 <nil>
}

// What the app does with its templates counts against quotas, and rests names.
func ExampleInbox_Did() {
	guard := exampleSender()
	ctx := context.Background()
	ref := template.Ref{Account: "100200300400500", Name: "order_shipped", Language: "en"}
	d := template.Definition{ID: "1", Ref: ref, Status: template.Approved, Category: category.Utility, Components: []template.Component{{Type: "BODY", Text: "Your order has shipped."}}}
	if err := guard.Inbox().Templates(ctx, exampleTime().Add(-time.Hour), d); err != nil {
		panic(err)
	}
	if err := guard.Inbox().Did(ctx, template.Act{ID: "edit-1", Kind: template.Edited, Ref: ref, At: exampleTime(), Definition: &d}); err != nil {
		panic(err)
	}
	shelf, err := guard.Shelf(ctx, ref.Account)
	if err != nil {
		panic(err)
	}
	left, next := shelf.Edits(ref, exampleTime())
	fmt.Println(left, next.Format(time.DateTime))
	// Output: 0 2026-11-26 09:00:00
}

// The Graph API knows the size of an uploaded file, and no body says it.
func ExampleWithMedia() {
	sizes := map[string]int64{"77": 6 << 20} // as GET /<media id> tells it
	guard := exampleSender(compliance.WithMedia(func(_ context.Context, m template.Media) (template.Media, error) {
		return template.Media{Bytes: sizes[m.ID], Type: "image/jpeg"}, nil
	}))
	d, err := template.ParseDefinition([]byte(`{"id":"1","name":"receipt","language":"en","status":"APPROVED","category":"UTILITY",
		"components":[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Your receipt for the order of Monday."}]}`))
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	if err := guard.Inbox().Templates(ctx, exampleTime(), d); err != nil {
		panic(err)
	}
	f, err := template.ParseFilled([]byte(`{"name":"receipt","language":{"code":"en"},"components":[{"type":"header","parameters":[{"type":"image","image":{"id":"77"}}]}]}`))
	if err != nil {
		panic(err)
	}
	who, _ := party.New("+447700900123", "", "")
	decision := guard.Check(ctx, compliance.Message{Kind: compliance.Template, Type: "template", From: party.Line{Number: "1"}, To: who, Template: f})
	for _, v := range decision.Violations {
		if v.Rule == "header-media-size" {
			fmt.Println(v.Rule, v.Where, v.Prevents)
		}
	}
	// Output: header-media-size template.header 131053
}

// A status that a message failed names no template: the app, which knows what it
// sent, lets the Inbox ask.
func ExampleWithSent() {
	line := party.Line{Account: "100200300400500", Number: "1"}
	shipped := compliance.Message{Kind: compliance.Template, Type: "template", From: line, Template: template.Filled{Name: "order_shipped", Language: "en"}}
	sent := map[string]compliance.Message{"wamid.1": shipped}
	guard := exampleSender(compliance.WithSent(func(_ context.Context, wamid string) (compliance.Message, bool, error) {
		m, ok := sent[wamid]
		return m, ok, nil
	}))
	ctx, who := context.Background(), party.Party{Phone: "+447700900123"}
	d := template.Definition{ID: "1", Ref: template.Ref{Account: line.Account, Name: "order_shipped", Language: "en"}, Status: template.Approved,
		Category: category.Utility, Components: []template.Component{{Type: "BODY", Text: "Your order has shipped."}}}
	if err := guard.Inbox().Templates(ctx, exampleTime().Add(-time.Hour), d); err != nil {
		panic(err)
	}
	_, err := guard.Inbox().Receive(ctx, compliance.Reported{ID: "wamid.1", Line: line, To: who, At: exampleTime(), Status: "failed", Codes: []int{132015}})
	if err != nil {
		panic(err)
	}
	shelf, err := guard.Shelf(ctx, line.Account)
	fmt.Println(shelf.Definitions[0].Status, err)
	// Output: PAUSED <nil>
}

// What a person should know about an account's templates, before it stops anything.
func ExampleSender_Advice() {
	guard := exampleSender()
	ctx, account := context.Background(), "100200300400500"
	_, err := guard.Inbox().Receive(ctx, compliance.AccountNews{ID: "1", Line: party.Line{Account: account}, Kind: compliance.Warned,
		Type: "UTILITY_TEMPLATE_ABUSE", At: exampleTime()})
	if err != nil {
		panic(err)
	}
	advice, err := guard.Advice(ctx, account)
	for _, a := range advice {
		fmt.Println(a.Rule, a.Severity, a.Fix)
	}
	fmt.Println(err)
	// Output:
	// account-not-restricted warn find the templates that promote (wacheck lint, cat-utility-promotional) and register them as marketing
	// <nil>
}
