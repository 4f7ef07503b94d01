package template_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/template"
)

// registered is a template as the Graph API returns it.
const registered = `{"id":"550011223344","name":"order_shipped","language":"en","status":"APPROVED","category":"UTILITY",
 "components":[
  {"type":"BODY","text":"Hi {{1}}, order {{2}} is on its way.","example":{"body_text":[["Asha","1234"]]}},
  {"type":"BUTTONS","buttons":[{"type":"URL","text":"Track","url":"https://shop.example.com/t/{{1}}"}]}]}`

// body is the template object of a send body.
const body = `{"name":"order_shipped","language":{"code":"en"},"components":[
  {"type":"body","parameters":[{"type":"text","text":"Asha"},{"type":"text","text":"1234"}]},
  {"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"1234"}]}]}`

func ExampleParseDefinition() {
	d, err := template.ParseDefinition([]byte(registered))
	if err != nil {
		panic(err)
	}
	fmt.Println(d.Ref.Name, d.Status, d.Category, len(d.Components))

	_, err = template.ParseDefinition([]byte(`{"components":[{"type":"BODY","text":7}]}`))
	fmt.Println(err)
	// Output:
	// order_shipped APPROVED UTILITY 2
	// template: line 1: components[0].text has the wrong type: want a string
}

func ExampleDefinition_MarshalJSON() {
	d, err := template.ParseDefinition([]byte(`{"language":"en-US","name":"hello","category":"utility","new_member":[1]}`))
	if err != nil {
		panic(err)
	}
	b, err := d.MarshalJSON()
	fmt.Println(string(b), err)
	// Output: {"name":"hello","language":"en_US","category":"UTILITY","new_member":[1]} <nil>
}

func ExampleParseFilled() {
	f, err := template.ParseFilled([]byte(body))
	fmt.Println(f.Name, f.Language, f.Parts[0].Values[0].Text, f.Parts[1].Index, err)
	// Output: order_shipped en Asha 0 <nil>
}

func ExampleRender() {
	d, _ := template.ParseDefinition([]byte(registered))
	f, _ := template.ParseFilled([]byte(body))
	texts, err := template.Render(&d, &f)
	if err != nil {
		panic(err)
	}
	for _, t := range texts {
		fmt.Println(t.Place, "|", t.Words, "|", t.Values)
	}
	// Output:
	// body | Hi Asha, order 1234 is on its way. | [[3 7] [15 19]]
	// button.0 | Track | []
	// button.0.url | https://shop.example.com/t/1234 | [[27 31]]
}

func ExampleCheck() {
	d, _ := template.ParseDefinition([]byte(registered))
	f, _ := template.ParseFilled([]byte(body))
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	fmt.Println(template.Check(&d, &f, at))

	f.Parts[0].Values[1].Text = "1234\nand more"
	f.Parts[1].Index = 1
	for _, p := range template.Check(&d, &f, at) {
		fmt.Println(p.Rule, p.Where, p.Why)
	}
	// Output:
	// []
	// send-param-whitespace template.body.2 the value holds a line break
	// send-button-index template.button.1 the template has one button, and none at this index
}

func ExampleCheckStatus() {
	p := template.CheckStatus(&template.Definition{Status: template.Paused})
	fmt.Println(p.Rule)
	fmt.Println(p.Why)
	// Output:
	// template-approved
	// the template is not approved: Meta paused it for low quality or for pacing
}

func ExampleCheckLifecycle() {
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	d := template.Definition{Category: category.Utility, Next: category.Marketing, NextAt: at.Add(24 * time.Hour)}
	for _, p := range template.CheckLifecycle(&d, at) {
		fmt.Println(p.Rule, p.Why)
	}
	// Output: life-category-pending Meta announced that the category changes from UTILITY to MARKETING at 2026-11-26T12:00:00Z
}

func ExampleRules() {
	ids := slices.Collect(template.Rules())
	fmt.Println(len(ids), ids[0])
	// Output: 28 send-param-count
}

func ExampleNeedsCallPermission() {
	d, _ := template.ParseDefinition([]byte(`{"components":[{"type":"call_permission_request"}]}`))
	fmt.Println(template.NeedsCallPermission(&d))
	// Output: true
}

func ExampleDefinition_Commerce() {
	d, _ := template.ParseDefinition([]byte(`{"components":[{"type":"BUTTONS","buttons":[{"type":"CATALOG"}]}]}`))
	fmt.Println(d.Commerce())
	// Output: true
}

func ExampleDefinition_CategoryAt() {
	noon := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	d := template.Definition{Category: category.Utility, Next: category.Marketing, NextAt: noon}
	fmt.Println(d.CategoryAt(noon.Add(-time.Second)), d.CategoryAt(noon))
	// Output: UTILITY MARKETING
}

func ExampleLanguage() {
	fmt.Println(template.Language("en-US"))
	// Output: en_US
}

func ExampleNewMemory() {
	ctx := context.Background()
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	catalog := template.NewMemory()

	// A webhook may come before the template was ever read.
	err := catalog.Apply(ctx, template.Change{ID: "e1", Template: "550011223344", At: at, Status: template.Paused})
	if err != nil {
		panic(err)
	}
	d, _ := template.ParseDefinition([]byte(registered))
	d.Ref.Account = "100200300400500"
	if err := catalog.Put(ctx, at.Add(-time.Hour), d); err != nil {
		panic(err)
	}

	found, ok, err := catalog.Find(ctx, template.Ref{Account: "100200300400500", Name: "order_shipped", Language: "en"})
	fmt.Println(found.Status, ok, err)
	// Output: PAUSED true <nil>
}

func ExampleMemory_Definitions() {
	ctx := context.Background()
	catalog := template.NewMemory()
	d, _ := template.ParseDefinition([]byte(registered))
	if err := catalog.Put(ctx, time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), d); err != nil {
		panic(err)
	}
	for d, err := range catalog.Definitions(ctx, "") {
		fmt.Println(d.Ref.Name, d.Ref.Language, err)
	}
	// Output: order_shipped en <nil>
}

func ExampleFold() {
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	d := template.Definition{ID: "7", Status: template.Approved, Category: category.Utility}
	now := template.Fold(d, at, []template.Change{
		{ID: "e2", Template: "7", At: at.Add(2 * time.Hour), Status: template.Approved},
		{ID: "e1", Template: "7", At: at.Add(1 * time.Hour), Status: template.Paused},
	})
	fmt.Println(now.Status)
	// Output: APPROVED
}

func ExampleButton_OTP() {
	read := template.Button{Type: "URL", URL: "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"}
	fmt.Println(read.OTP(), read.Dynamic())
	// Output: true true
}

func ExampleChange_Concerns() {
	d := template.Definition{ID: "7", Ref: template.Ref{Name: "hello", Language: "en_US"}}
	byName := template.Change{Ref: template.Ref{Name: "hello", Language: "en-US"}}
	byID := template.Change{Template: "8", Ref: byName.Ref} // the one that had the name before
	fmt.Println(byName.Concerns(&d), byID.Concerns(&d))
	// Output: true false
}
