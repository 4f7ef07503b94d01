package template_test

import (
	"fmt"
	"slices"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/template"
)

// draft is a template somebody is about to submit.
const draft = `{"name":"order_shipped","language":"en-US","category":"UTILITY","components":[
  {"type":"BODY","text":"{{1}}, your order  has shipped and will be delivered on {{2}}.","example":{"body_text":[["Asha"]]}}]}`

func ExampleLinter_LintJSON() {
	l, err := template.NewLinter()
	if err != nil {
		panic(err)
	}
	_, problems, err := l.LintJSON([]byte(draft))
	if err != nil {
		panic(err)
	}
	for _, p := range problems {
		fmt.Printf("%s %s at %s %v: %s (prevents %s)\n", p.Severity, p.Rule, p.Where, p.Span, p.Why, p.Prevents)
	}
	// Output:
	// error tpl-language-supported at language {0 0}: the code is written in another way than Meta writes it (prevents 100, 132001)
	// error var-example-missing at components[0].example.body_text {0 0}: the text has 2 placeholders, and the example one value (prevents 100/rejection)
	// error var-leading at components[0].text {0 5}: the body begins with a placeholder (prevents 2388299)
	// error var-trailing at components[0].text {56 61}: nothing but punctuation stands after the last placeholder (prevents 2388299)
	// warning body-double-space at components[0].text {17 19}: the body holds a run of spaces or a tab (prevents 2388072)
}

func ExampleLinter_Fix() {
	l, err := template.NewLinter()
	if err != nil {
		panic(err)
	}
	d, err := template.ParseDraft([]byte(draft))
	if err != nil {
		panic(err)
	}
	mended, left := l.Fix(&d)
	fmt.Println(mended.Ref.Language, mended.Components[0].Text)
	fmt.Println(len(left), "left for a person")
	// Output:
	// en_US {{1}}, your order has shipped and will be delivered on {{2}}.
	// 3 left for a person
}

func ExampleLinter_LintAll() {
	l, err := template.NewLinter()
	if err != nil {
		panic(err)
	}
	body := "Your order {{1}} has shipped and will be delivered tomorrow."
	one := template.NewBuilder(category.Utility, "order_shipped", "en").Body(body, "1234").Definition()
	two := template.NewBuilder(category.Utility, "order_sent", "en").Body(body, "1234").Definition()
	for i, problems := range l.LintAll([]template.Definition{one, two}) {
		for _, p := range problems {
			fmt.Println(i, p.Rule, p.Where)
		}
	}
	// Output: 1 body-duplicate components[0].text
}

func ExampleLint() {
	d := template.NewBuilder(category.Utility, "order_shipped", "en").
		Body("Your order {{1}} has shipped and will be delivered tomorrow.", "1234").
		QuickReply("Where is my order right now").Definition()
	problems, err := template.Lint(&d)
	if err != nil {
		panic(err)
	}
	for _, p := range problems {
		fmt.Println(p.Rule, p.Where, p.Why)
	}
	// Output: btn-label-length components[1].buttons[0].text the label has 27 characters, and 25 are allowed
}

func ExampleNewBuilder() {
	l, err := template.NewLinter()
	if err != nil {
		panic(err)
	}
	d, err := template.NewBuilder(category.Utility, "order_shipped", "en").
		Body("Your order {{order_id}} has shipped and will be delivered tomorrow.", "1234").
		URL("Track order", "https://shop.example.com/orders/{{1}}", "1234").
		Build(l)
	if err != nil {
		panic(err)
	}
	b, err := d.MarshalJSON()
	fmt.Println(string(b), err)

	_, err = template.NewBuilder(category.Utility, "order_shipped", "en").Body("Your order has shipped on {{1}}", "5 May").Build(l)
	fmt.Println(err)
	// Output:
	// {"name":"order_shipped","language":"en","category":"UTILITY","parameter_format":"NAMED","components":[{"type":"BODY","text":"Your order {{order_id}} has shipped and will be delivered tomorrow.","example":{"body_text_named_params":[{"param_name":"order_id","example":"1234"}]}},{"type":"BUTTONS","buttons":[{"type":"URL","text":"Track order","url":"https://shop.example.com/orders/{{1}}","example":["1234"]}]}]} <nil>
	// template: components[0].text: the body ends with a placeholder (var-trailing)
}

func ExampleLintRules() {
	n := 0
	for r := range template.LintRules() {
		if n++; r.ID == "footer-length" {
			fmt.Println(r.ID, r.Severity, r.Prevents, "|", r.Title)
		}
	}
	fmt.Println(n, "rules")
	// Output:
	// footer-length error 2388040 | The footer has at most 60 characters
	// 100 rules
}

func ExampleLanguages() {
	codes := slices.Collect(template.Languages())
	fmt.Println(len(codes), slices.Contains(codes, "pt_BR"), slices.Contains(codes, "pt"))
	// Output: 111 true false
}
