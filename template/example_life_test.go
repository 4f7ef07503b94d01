package template_test

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/waguard/waguard/template"
)

func exampleDefinition(s string) template.Definition {
	d, err := template.ParseDefinition([]byte(s))
	if err != nil {
		panic(err)
	}
	d.Ref.Account = "100200300400500"
	return d
}

const exampleShipped = `{"id":"1","name":"order_shipped","language":"en","status":"APPROVED","category":"UTILITY",
	"components":[{"type":"BODY","text":"Your order {{1}} has shipped and arrives on {{2}}.","example":{"body_text":[["A-17","5 May"]]}}]}`

// What is known of an account's templates tells what an edit would come to, and
// what is about to happen.
func ExampleShelf() {
	ctx, now := context.Background(), time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	catalog, acts := template.NewMemory(), template.NewActs()
	d := exampleDefinition(exampleShipped)
	if err := catalog.Put(ctx, now.AddDate(0, -11, -5), d); err != nil {
		panic(err)
	}
	if err := acts.Note(ctx, template.UsedOf(d.Ref, now.AddDate(0, -11, -3))); err != nil {
		panic(err)
	}
	shelf, err := template.NewShelf(ctx, d.Ref.Account, catalog, acts)
	if err != nil {
		panic(err)
	}
	for _, a := range shelf.Advice(now) {
		fmt.Println(a.Rule, a.Ref.Name, a.At.Format(time.DateOnly))
	}
	edited := exampleDefinition(`{"name":"order_shipped","language":"en","category":"MARKETING","components":[{"type":"BODY","text":"Your order {{1}} has shipped."}]}`)
	for _, p := range shelf.CheckEdit(&edited, now) {
		fmt.Println(p.Rule, p.Where, p.Prevents)
	}
	// Output:
	// life-archive-soon order_shipped 2026-12-17
	// life-edit-category-approved category 100
	// life-edit-partial components[0]
}

func ExampleShelf_CheckDelete() {
	german := exampleDefinition(exampleShipped)
	german.Ref.Language = "de"
	shelf := template.Shelf{Definitions: []template.Definition{exampleDefinition(exampleShipped), german}}
	for _, p := range shelf.CheckDelete("order_shipped", "") {
		fmt.Println(p.Why)
	}
	// Output: a deletion by name takes every language with it: en, de
}

// A free-form message may not leave, and an approved template says it.
func ExampleCandidates() {
	all := []template.Definition{exampleDefinition(exampleShipped)}
	for _, c := range template.Candidates(all, template.Wish{Language: "en", Words: "Your order A-17 has shipped and arrives on Monday."}, time.Now()) {
		fmt.Println(c.Ref.Name, c.Filled.Parts[0].Values[0].Text, c.Filled.Parts[0].Values[1].Text)
	}
	// Output: order_shipped A-17 Monday
}

func ExampleDifferences() {
	submitted, held := exampleDefinition(exampleShipped), exampleDefinition(exampleShipped)
	held.Components[0].Text = "Your order {{1}} has left and arrives on {{2}}."
	for _, d := range template.Differences(&submitted, &held) {
		fmt.Println(d.Where, d.Why)
	}
	// Output: components[0].text Meta has other words
}

// What no body says of a file the app may know.
func ExampleCheckMedia() {
	d := exampleDefinition(`{"name":"receipt","language":"en","components":[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Your receipt."}]}`)
	f, err := template.ParseFilled([]byte(`{"name":"receipt","language":{"code":"en"},"components":[{"type":"header","parameters":[{"type":"image","image":{"id":"77"}}]}]}`))
	if err != nil {
		panic(err)
	}
	for _, p := range template.CheckMedia(&d, &f, []template.Media{{ID: "77", Bytes: 6 << 20, Type: "image/jpeg"}}, false) {
		fmt.Println(p.Rule, p.Where)
	}
	// Output: header-media-size template.header
}

// A log shows what was sent, and nothing about whom.
func ExamplePreview() {
	d := exampleDefinition(exampleShipped)
	f, err := template.ParseFilled([]byte(`{"name":"order_shipped","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"text","text":"A-17"},{"type":"text","text":"Monday"}]}]}`))
	if err != nil {
		panic(err)
	}
	shown, err := template.Preview(&d, &f, template.Plain, true)
	fmt.Print(shown)
	fmt.Println(err)
	// Output:
	// Your order ••• has shipped and arrives on •••.
	// <nil>
}

func ExampleText_Runs() {
	t := template.Text{Words: "Hello *Asha*, see _below_."}
	for _, r := range t.Runs() {
		fmt.Printf("%q bold=%t italic=%t\n", r.Words, r.Bold, r.Italic)
	}
	// Output:
	// "Hello " bold=false italic=false
	// "Asha" bold=true italic=false
	// ", see " bold=false italic=false
	// "below" bold=false italic=true
	// "." bold=false italic=false
}

// The kinds of a library template's values are kept with its definition.
func ExampleDefinition_SetLibraryTypes() {
	d := exampleDefinition(exampleShipped)
	d.SetLibraryTypes("TEXT", "DATE")
	f := template.Filled{Name: "order_shipped", Language: "en", Parts: []template.Part{{Type: "body", Index: -1, Values: []template.Value{{Type: "text", Text: "A-17"}, {Type: "text", Text: "soon"}}}}}
	for _, p := range template.Check(&d, &f, time.Now()) {
		fmt.Println(p.Rule, p.Where)
	}
	raw, err := json.Marshal(d.Extra["body_param_types"])
	fmt.Println(string(raw), err)
	// Output:
	// send-library-param-type template.body.2
	// ["TEXT","DATE"] <nil>
}

// Values that a log may not hold are masked where they stand.
func ExampleMasked() {
	texts := []template.Text{{Place: "body", Words: "Hello Asha, your code is 4711.", Values: [][2]int{{6, 10}, {25, 29}}}}
	fmt.Println(template.Masked(texts)[0].Words)
	// Output: Hello •••, your code is •••.
}

// A pause for quality ends by itself, which a webhook's own word lets one tell.
func ExampleDefinition_Resumes() {
	d := exampleDefinition(exampleShipped)
	d = template.Fold(d, time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), []template.Change{
		{ID: "1", Ref: d.Ref, At: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), Status: template.Paused, Notice: "FIRST_PAUSE"}})
	at, ok := d.Resumes()
	fmt.Println(ok, at.Format(time.DateTime))
	// Output: true 2026-11-25 12:00:00
}

// An account's templates are taken up once, for as many wishes as come.
func ExampleIndex_Candidates() {
	index := template.NewIndex([]template.Definition{exampleDefinition(exampleShipped)})
	for _, words := range []string{"Your order A-17 has shipped and arrives on Monday.", "Your order has shipped."} {
		for _, c := range index.Candidates(template.Wish{Language: "en", Words: words}, time.Now()) {
			fmt.Println(c.Ref.Name, "says the very words:", c.Filled != nil)
		}
	}
	// Output:
	// order_shipped says the very words: true
	// order_shipped says the very words: false
}
