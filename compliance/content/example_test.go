package content_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

func Example() {
	book, err := policy.Builtin()
	if err != nil {
		panic(err)
	}
	checker, err := content.Compile(book)
	if err != nil {
		panic(err)
	}
	texts := []content.Text{
		{Place: "body", Words: "Hunting rifles are here. Paid with 4242 4242 4242 4242."},
		{Place: "button.0", Words: "Order now, $499"},
	}
	var rep content.Report
	checker.Check(texts, language.English, &rep)
	for _, f := range rep.Findings {
		fmt.Printf("%s %s [%d,%d)\n  %s\n", f.Rule, f.Place, f.Span.Start, f.Span.End, f.Why)
	}
	// Output:
	// goods-firearms body [0,14)
	//   The words name it, beside words of buying or selling, a price and a call to order or reply.
	// data-full-card-number body [35,54)
	//   16 digits with the issuer range, length and check digit of a payment card number (visa).
}

// An app adds its own words as a rule; what a language's offers look like comes
// with the package.
func ExampleCompile() {
	book, err := policy.NewBook([]policy.Rule{{
		ID: "acme/fireworks", Area: "goods", Phase: policy.Send, Check: policy.Lexical,
		Title: "No fireworks", Why: "Our shops may not.", Fix: "Leave them out.",
		Editions: []policy.Edition{{Severity: policy.Block, Cites: []policy.Citation{{Source: "house rules"}}}},
		Text:     &policy.Text{Languages: map[string]policy.Lexicon{"en": {Goods: []string{"firework*"}}}},
		Examples: &policy.Examples{
			Match: []policy.Example{{Lang: "en", Text: "Fireworks, 20% off", Why: "a discount"}},
			Clear: []policy.Example{{Lang: "en", Text: "Buy fireworks today!", Why: "a mistake"}},
		},
	}})
	if err != nil {
		panic(err)
	}
	_, err = content.Compile(book)
	var e *content.ExampleError
	fmt.Println(errors.As(err, &e), err)
	// Output:
	// true content: rule acme/fireworks: examples.clear[0] (en) is found
}

func ExampleChecker_Rules() {
	book, err := policy.Builtin()
	if err != nil {
		panic(err)
	}
	checker, err := content.Compile(book)
	if err != nil {
		panic(err)
	}
	for id := range checker.Rules() {
		if id == "goods-firearms" {
			fmt.Println(id)
		}
	}
	// Output: goods-firearms
}

// A customer asks for what the business may not sell by chat.
func ExampleChecker_Wants() {
	book, err := policy.Builtin()
	if err != nil {
		panic(err)
	}
	checker, err := content.Compile(book)
	if err != nil {
		panic(err)
	}
	for _, words := range []string{"Do you sell hunting rifles?", "Do you sell glue guns?"} {
		fmt.Println(words)
		for _, f := range checker.Wants(words, language.English, nil) {
			fmt.Println("  asks for", f.Kind, "by the words", words[f.Span.Start:f.Span.End])
		}
	}
	// Output:
	// Do you sell hunting rifles?
	//   asks for firearm by the words hunting rifles
	// Do you sell glue guns?
}

// Text beyond the limit is read by nobody, and every rule says so.
func ExampleWithLimit() {
	book, err := policy.Builtin()
	if err != nil {
		panic(err)
	}
	checker, err := content.Compile(book, content.WithLimit(4096))
	if err != nil {
		panic(err)
	}
	var rep content.Report
	checker.Check([]content.Text{{Place: "body", Words: strings.Repeat("Glock for sale. ", 300)}}, language.English, &rep)
	fmt.Println(len(rep.Findings), "found; no rule could be judged:", len(rep.Failed) == len(slices.Collect(checker.Rules())))
	// Output: 0 found; no rule could be judged: true
}

// What was found is masked before the text goes into a log or to a colleague.
func ExampleRedact() {
	book, err := policy.Builtin()
	if err != nil {
		panic(err)
	}
	checker, err := content.Compile(book)
	if err != nil {
		panic(err)
	}
	texts := []content.Text{{Place: "body", Words: "Paid with 4242 4242 4242 4242, thank you."}}
	var rep content.Report
	checker.Check(texts, language.English, &rep)
	for _, t := range content.Redact(texts, rep.Findings, '•') {
		fmt.Println(t.Words)
	}
	// Output: Paid with •••• •••• •••• ••••, thank you.
}

// An app excuses what its own trade says all day, and adds what the rule does not
// name, with examples both ways.
func ExampleCompile_extended() {
	book, err := policy.Builtin()
	if err != nil {
		panic(err)
	}
	book, err = book.Extend("goods-tobacco", map[string]policy.Lexicon{
		"en": {Goods: []string{"zigzag bundle*"}, Excuses: []string{"pipe smoker sofa"}},
	}, policy.Examples{
		Match: []policy.Example{{Lang: "en", Text: "Zigzag bundles, 20% off", Why: "what our market calls cigarettes"}},
		Clear: []policy.Example{{Lang: "en", Text: "Pipe smoker sofa, 20% off", Why: "a sofa of that name"}},
	})
	if err != nil {
		panic(err)
	}
	_, err = content.Compile(book)
	fmt.Println(err)
	// Output: <nil>
}
