package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

type contentOut struct {
	ID       string    `json:"id"`
	Findings []finding `json:"findings"`
}

type finding struct {
	Rule       policy.ID         `json:"rule"`
	Kind       string            `json:"kind"`
	Severity   policy.Severity   `json:"severity"`
	Confidence policy.Confidence `json:"confidence,omitzero"` // of what words mean; a condition of an exception is no guess
	Span       policy.Span       `json:"span"`
	Why        string            `json:"why"`
	Fix        string            `json:"fix,omitempty"`
}

func runContent(_ context.Context, e *env, args []string) int {
	f := e.flags("content")
	asJSON := f.Bool("json", false, "write JSON Lines")
	country := f.String("country", "", "where the reader is, ISO 3166 `code`")
	licences := f.String("licence", "", "`verticals` licensed in that country, separated by commas")
	adults := f.Bool("adults", false, "readers are attested to be of age")
	permitted := f.String("permission", "", "`verticals` Meta gave its permission for in that country, separated by commas")
	if code, done := parse(f, args); done {
		return code
	}
	place := strings.ToUpper(*country)
	switch region, err := language.ParseRegion(place); {
	case place == "" && *licences+*permitted != "":
		return e.fail("-licence and -permission are held in one country: name it with -country")
	case place != "" && (err != nil || !region.IsCountry() || region.Canonicalize().String() != place):
		return e.fail("-country: %q is no ISO 3166 code of two letters", *country)
	}
	s, err := wordsSender(place, *licences, *permitted, *adults)
	if err != nil {
		return e.fail("%v", err)
	}
	code := clean
	enc := e.encoder()
	err = e.inputs(f.Args(), func(_ string, r io.Reader) error {
		return eachLine(r, func(n int, line []byte, err error) {
			var t text
			if err == nil {
				t, err = readText(line, *asJSON)
			}
			if err == nil && len(*t.Text) >= content.DefaultLimit { // nobody would read it, and what is not read is not clean
				err = fmt.Errorf("text: %d bytes or more", content.DefaultLimit)
			}
			if err != nil {
				e.unread(*asJSON, enc, n, t.ID, err)
				code = failed
				return
			}
			lang, _ := language.Parse(t.Lang) // a tag nobody knows helps no more than none
			out := contentOut{ID: t.ID, Findings: []finding{}}
			for _, v := range s.Read(compliance.Words{Texts: []compliance.Text{{Place: "text", Words: *t.Text}}, Locale: lang, Place: place}) {
				if v.Span == (policy.Span{}) && place == "" {
					continue // a condition of an exception nobody asked for
				}
				out.Findings = append(out.Findings, finding{v.Rule, v.Kind, v.Severity, v.Confidence, v.Span, v.Why, v.Fix})
				if v.Severity == policy.Block && code == clean {
					code = blocking
				}
			}
			if *asJSON {
				_ = enc.Encode(out)
				return
			}
			e.printContent(n, *t.Text, out)
		})
	})
	if err != nil {
		return e.fail("%v", err)
	}
	return code
}

// wordsSender is a Sender that knows what the flags tell about the business.
func wordsSender(country, licences, permitted string, adults bool) (*compliance.Sender, error) {
	b := compliance.Business{Name: "wacheck content", Surface: compliance.Platform}
	for _, v := range strings.FieldsFunc(licences, comma) {
		b.Licences = append(b.Licences, compliance.Licence{Vertical: v, Place: country})
	}
	for _, v := range strings.FieldsFunc(permitted, comma) {
		b.Permissions = append(b.Permissions, compliance.Permission{By: "meta", Vertical: v, Place: country})
	}
	if adults {
		b.Attests = map[policy.ID]bool{"regulated-age-18": true}
	}
	ready, err := prepared()
	if err != nil {
		return nil, err
	}
	return compliance.New(compliance.Config{Business: b, Stores: compliance.MemoryStores()}, compliance.WithPrepared(ready), compliance.WithClock(time.Now))
}

func comma(r rune) bool { return r == ',' || r == ' ' }

func (e *env) printContent(n int, words string, out contentOut) {
	if len(out.Findings) == 0 {
		fmt.Fprintf(e.out, "%d: %s\n", n, e.paint(green, "nothing found"))
		return
	}
	for _, f := range out.Findings {
		kind := ""
		if f.Kind != "" {
			kind = " (" + f.Kind + ")"
		}
		sure := ""
		if f.Confidence != policy.Unrated {
			sure = ", " + f.Confidence.String()
		}
		fmt.Fprintf(e.out, "%d: %s %s%s%s\n", n, e.severity(f.Severity), f.Rule, kind, sure)
		e.underline(words, f.Span.Start, f.Span.End)
		fmt.Fprintf(e.out, "   %s\n", f.Why)
		if f.Severity == policy.Block && f.Fix != "" {
			fmt.Fprintf(e.out, "   fix: %s\n", f.Fix)
		}
	}
}
