package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

type categoryIn struct {
	ID           string   `json:"id"`
	Lang         string   `json:"lang"`
	Name         string   `json:"name"`
	HeaderFormat string   `json:"header_format"`
	Header       string   `json:"header"`
	Body         *string  `json:"body"`
	Footer       string   `json:"footer"`
	Components   []string `json:"components"`
	Category     string   `json:"category"` // what the author declares
	Buttons      []struct {
		Type string `json:"type"`
		Text string `json:"text"`
		URL  string `json:"url"`
	} `json:"buttons"`
}

type categoryOut struct {
	ID          string               `json:"id"`
	Category    category.Category    `json:"category"`
	Probability category.Probability `json:"probability"`
	Sure        bool                 `json:"sure"`
	Reasons     []categoryReason     `json:"reasons"`
	Suggestion  string               `json:"suggestion,omitempty"`
}

type categoryReason struct {
	Cue   string            `json:"cue"`
	For   category.Category `json:"for"`
	Where string            `json:"where"`
	Span  policy.Span       `json:"span"`
}

func runCategory(ctx context.Context, e *env, args []string) int {
	f := e.flags("category")
	asJSON := f.Bool("json", false, "write JSON Lines")
	report := f.Bool("report", false, "compare what is predicted with the categories Meta lists, and print the confusion")
	file := f.String("db", "", "with -report: the ledger `file` whose outcomes to print, instead of listings")
	keys := f.String("keys", "", "with -db: `file` with the keys the ledger is sealed with")
	account := f.String("account", "", "with -db: the business account `id`; empty: all")
	if code, done := parse(f, args); done {
		return code
	}
	switch {
	case *file != "" && !*report:
		return e.fail("-db goes with -report")
	case *file != "" && f.NArg() > 0:
		return e.fail("-db and files exclude each other")
	case *file != "":
		return e.kept(ctx, *file, *keys, *account, *asJSON)
	}
	reader, err := category.NewReader()
	if err != nil {
		return e.fail("%v", err)
	}
	if *report {
		return e.confusion(reader, f.Args(), *asJSON)
	}
	code := clean
	enc := e.encoder()
	err = e.inputs(f.Args(), func(_ string, r io.Reader) error {
		return eachLine(r, func(n int, line []byte, err error) {
			var in categoryIn
			var declared category.Category
			if err == nil {
				in, declared, err = readDraft(line, *asJSON)
			}
			if err != nil {
				e.unread(*asJSON, enc, n, in.ID, err)
				code = failed
				return
			}
			d := in.draft()
			got := reader.Read(d)
			if disputed(declared, got) && code == clean {
				code = blocking
			}
			if *asJSON {
				out := categoryOut{in.ID, got.Category, got.Probability, got.Sure, []categoryReason{}, got.Suggestion}
				for _, r := range got.Reasons {
					out.Reasons = append(out.Reasons, categoryReason{r.Cue, r.For, r.Where, policy.Span{Start: r.Span[0], End: r.Span[1]}})
				}
				_ = enc.Encode(out)
				return
			}
			e.printCategory(n, &d, declared, got)
		})
	})
	if err != nil {
		return e.fail("%v", err)
	}
	return code
}

// disputed reports a declared category that the words surely do not bear.
func disputed(declared category.Category, got category.Reading) bool {
	return declared != category.Unknown && got.Sure && got.Category != declared
}

// readDraft reads one line. At a terminal a line that is no JSON object is the
// body itself; in JSON mode it is an error.
func readDraft(line []byte, asJSON bool) (in categoryIn, declared category.Category, err error) {
	if !utf8.Valid(line) {
		return in, 0, errors.New("not UTF-8")
	}
	if line[0] != '{' && !asJSON || strings.HasPrefix(string(line), "{{") {
		s := string(line)
		return categoryIn{Body: &s}, 0, nil
	}
	if err := json.Unmarshal(line, &in); err != nil {
		var typ *json.UnmarshalTypeError
		if errors.As(err, &typ) && typ.Field == "components" {
			return in, 0, errors.New("components: want Meta's names of further ones, CAROUSEL; what a template says goes into header, body, footer and buttons")
		}
		if errors.As(err, &typ) {
			return in, 0, fmt.Errorf("%s: a JSON %s does not belong here", typ.Field, typ.Value)
		}
		return in, 0, fmt.Errorf("not JSON: %w", err)
	}
	if in.Body == nil || strings.TrimSpace(*in.Body) == "" {
		return in, 0, errors.New("body: missing")
	}
	if in.Category != "" {
		c, ok := category.Parse(in.Category)
		if !ok || c == category.Service {
			return in, 0, errors.New("category: want MARKETING, UTILITY or AUTHENTICATION")
		}
		declared = c
	}
	return in, declared, nil
}

func (in *categoryIn) draft() category.Draft {
	d := category.Draft{Lang: in.Lang, Name: in.Name, HeaderFormat: in.HeaderFormat, Header: in.Header, Body: *in.Body, Footer: in.Footer, Components: in.Components}
	for _, b := range in.Buttons {
		d.Buttons = append(d.Buttons, category.Button(b))
	}
	return d
}

var categoryColours = map[category.Category]string{category.Marketing: yellow, category.Utility: green, category.Authentication: blue}

func (e *env) printCategory(n int, d *category.Draft, declared category.Category, got category.Reading) {
	sure := ""
	if !got.Sure {
		sure = e.paint(red, ", not sure: have a person look")
	}
	fmt.Fprintf(e.out, "%d: %s %.0f%%%s\n", n, e.paint(categoryColours[got.Category], got.Category.String()), 100*got.Probability.Of(got.Category), sure)
	if declared != category.Unknown && declared != got.Category {
		fmt.Fprintf(e.out, "   declared as %s\n", e.paint(red, declared.String()))
	}
	if e.colour {
		e.inColour(d, got.Reasons)
	}
	for _, r := range got.Reasons {
		fmt.Fprintf(e.out, "   %s: %s (%s)\n", e.paint(categoryColours[r.For], r.For.String()), r.Cue, r.Where)
		if !e.colour {
			e.underline(d.Text(r.Where), r.Span[0], r.Span[1])
		}
	}
	if got.Suggestion != "" {
		fmt.Fprintf(e.out, "   %s\n", got.Suggestion)
	}
}

// inColour prints each text that a reason rests on, once, with the words meant in
// the colour of the category they speak for. Of words that speak for two the first
// reason counts, which is the weightiest.
func (e *env) inColour(d *category.Draft, reasons []category.Reason) {
	var places []string
	for _, r := range reasons {
		if r.Span[1] > r.Span[0] && !slices.Contains(places, r.Where) {
			places = append(places, r.Where)
		}
	}
	for _, place := range places {
		text := d.Text(place)
		owner := make([]category.Category, len(text)) // of each byte
		for _, r := range slices.Backward(reasons) {
			if r.Where != place || r.Span[0] < 0 || r.Span[1] > len(text) {
				continue
			}
			for i := r.Span[0]; i < r.Span[1]; i++ {
				owner[i] = r.For
			}
		}
		fmt.Fprintf(e.out, "   %s: ", place)
		for from := 0; from < len(text); {
			to := from + 1
			for to < len(text) && owner[to] == owner[from] {
				to++
			}
			part := shown(text[from:to])
			if colour, ok := categoryColours[owner[from]]; ok {
				part = e.paint(colour, part)
			}
			fmt.Fprint(e.out, part)
			from = to
		}
		fmt.Fprintln(e.out)
	}
}
