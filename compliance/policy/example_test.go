package policy_test

import (
	"errors"
	"fmt"
	"os"
	"testing/fstest"
	"time"

	"github.com/waguard/waguard/compliance/policy"
)

// The whole walk: the rules of this release, an app's own beside them, and
// what stands on a day.
func Example() {
	book, err := policy.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	own, err := policy.Load(os.DirFS("testdata/good"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range own {
		if r.ID == "acme/fireworks" {
			book, err = book.With(r)
		}
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	sheet := book.At(time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC))
	for _, id := range []policy.ID{"service-window-24h", "acme/fireworks", "contact-username-allowed", "law-uae-hours"} {
		i, _ := book.Index(id)
		fmt.Println(id, sheet.InForce(i))
	}
	// Output:
	// service-window-24h true
	// acme/fireworks true
	// contact-username-allowed false
	// law-uae-hours false
}

func ExampleLoad() {
	_, err := policy.Load(fstest.MapFS{"data/acme/no-sunday.json": {Data: []byte(`{
  "id": "acme/no-sunday", "area": "data", "phase": "send", "check": "gate",
  "title": "Not on Sundays", "why": "People rest.", "fix": "Send it on Monday.",
  "editions": [
    {"from": "2026-01-01", "severity": "blok"}
  ]
}`)}})
	fmt.Println(err)
	var loading *policy.LoadError
	if errors.As(err, &loading) {
		fmt.Println(len(loading.Problems), "problems, no rule loaded")
	}
	// Output:
	// policy: data/acme/no-sunday.json:5: editions[0].severity: unknown severity "blok" (note, warn or block)
	// policy: data/acme/no-sunday.json:5: editions[0].cites: an edition cites at least one source
	// 2 problems, no rule loaded
}

func ExampleNewBook() {
	rules, err := policy.Load(os.DirFS("testdata/good"))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = policy.NewBook(rules, rules[:1])
	fmt.Println(err)
	// Output:
	// policy: rule acme/fireworks: the id or an alias is taken by another rule: acme/fireworks
	// policy: rule acme/fireworks: the id or an alias is taken by another rule: acme/no-fireworks
}

func ExampleBuiltin() {
	book, err := policy.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	i, _ := book.Index("send-marketing-us") // an alias leads to its rule
	r := book.Rule(i)
	fmt.Println(r.ID, "·", r.Title)
	for _, e := range r.Editions {
		fmt.Println(e.From.Format(time.DateOnly), e.Severity, e.Cites[0].Source)
	}
	// Output:
	// us-marketing-undeliverable · Marketing templates are not delivered to numbers of the United States
	// 2025-04-01 warn Per-user marketing template message limits
}

func ExampleBook_At() {
	book, err := policy.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	i, _ := book.Index("optin-names-whatsapp")
	for _, day := range []policy.Day{policy.DayOf(2024, 11, 30), policy.DayOf(2024, 12, 1)} {
		sheet := book.At(day.Time)
		fmt.Println(day.Format(time.DateOnly), sheet.InForce(i))
	}
	// Output:
	// 2024-11-30 true
	// 2024-12-01 false
}

func ExampleBook_With() {
	book, err := policy.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	noSunday := policy.Rule{
		ID: "acme/no-sunday", Area: "permission", Phase: policy.Send, Check: policy.Gate,
		Title: "Not on Sundays", Why: "The shop is closed and nobody answers.", Fix: "Send it on Monday.",
		Editions: []policy.Edition{{
			From: policy.DayOf(2026, 1, 1), Severity: policy.Warn,
			Cites: []policy.Citation{{Source: "House rules"}},
		}},
	}
	next, err := book.With(noSunday)
	fmt.Println(next.Len()-book.Len(), err)
	noSunday.ID = "no-sunday"
	_, err = book.With(noSunday)
	fmt.Println(err)
	// Output:
	// 1 <nil>
	// policy: rule no-sunday: a rule of an app carries a prefix, like "acme/no-sunday"
}

func ExampleBook_Raise() {
	book, err := policy.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	strict, err := book.Raise("template-category-true", policy.Block)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range strict.Changes() {
		fmt.Println(c.Rule, c.Was, c.Now, c.Looser())
	}
	_, err = strict.Raise("optout-honored", policy.Warn)
	fmt.Println(err)
	// Output:
	// template-category-true [warn] block false
	// policy: rule optout-honored: may be neither waived nor lowered
}

func ExampleBook_Waive() {
	book, err := policy.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	end := time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)
	book, err = book.Waive(policy.Waiver{
		Rule: "privacy-policy-published", Reason: "the page moves with the new site", Owner: "data protection", Until: end,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	i, _ := book.Index("privacy-policy-published")
	_, before := book.At(end.Add(-time.Second)).Waived(i)
	_, after := book.At(end).Waived(i)
	fmt.Println(before, after)
	// Output: true false
}

func ExampleBook_EnableArea() {
	book, err := policy.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	withLaw, err := book.EnableArea("law")
	if err != nil {
		fmt.Println(err)
		return
	}
	i, _ := book.Index("law-uae-hours")
	at := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	fmt.Println(book.At(at).InForce(i), withLaw.At(at).InForce(i))
	// Output: false true
}

func ExampleBook_Digest() {
	one, err := policy.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	two, err := one.Raise("repeat-contact", policy.Block)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(one.Digest()), one.Digest() == two.Digest())
	// Output: 64 false
}

func ExampleParam() {
	book, err := policy.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	i, _ := book.Index("service-window-24h")
	sheet := book.At(time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC))
	window, ok, err := policy.Param[struct {
		Hours  int `json:"hours"`
		Margin int `json:"margin_seconds"`
	}](sheet.Edition(i), "window")
	fmt.Println(window.Hours, window.Margin, ok, err)
	// Output: 24 60 true <nil>
}

func ExampleSort() {
	found := []policy.Violation{
		{Rule: "optin-per-category", Severity: policy.Note, Where: "consent.purposes"},
		{Rule: "optout-honored", Severity: policy.Block, Where: "consent"},
		{Rule: "goods-alcohol", Severity: policy.Block, Where: "body"},
	}
	policy.Sort(found)
	for _, v := range found {
		fmt.Println(v.Severity, v.Rule)
	}
	// Output:
	// block goods-alcohol
	// block optout-honored
	// note optin-per-category
}

// An app that has somebody look at guesses, and mends the rest at once.
func ExampleConfidence() {
	for _, v := range []policy.Violation{
		{Rule: "goods-tobacco", Confidence: policy.Possible},
		{Rule: "data-full-card-number", Confidence: policy.Certain},
		{Rule: "service-window-24h"}, // known, and no guess
	} {
		fmt.Println(v.Rule, v.Confidence, v.Confidence == policy.Possible)
	}
	// Output:
	// goods-tobacco possible true
	// data-full-card-number certain false
	// service-window-24h unrated false
}
