package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/policy"
)

type ruleOut struct {
	ID       policy.ID         `json:"id"`
	Area     string            `json:"area"`
	Phase    policy.Phase      `json:"phase"`
	Title    string            `json:"title"`
	Severity policy.Severity   `json:"severity"`
	From     policy.Day        `json:"from"`
	Until    policy.Day        `json:"until"`
	Check    policy.Check      `json:"check"`
	Cites    []policy.Citation `json:"cites"`
	Aliases  []policy.ID       `json:"aliases"`
}

func runRules(_ context.Context, e *env, args []string) int {
	f := e.flags("rules")
	asJSON := f.Bool("json", false, "write JSON Lines")
	at := f.String("at", "", "rules in force on a `date` such as 2023-06-01")
	undeclared := f.String("undeclared", "", "list what the business in a `file` has left undeclared")
	if code, done := parse(f, args); done {
		return code
	}
	book, err := policy.Builtin()
	if err != nil {
		return e.fail("%v", err)
	}
	when := time.Now().UTC()
	if *at != "" {
		if when, err = time.Parse(time.DateOnly, *at); err != nil {
			return e.fail("-at: %q is no date like 2023-06-01", *at)
		}
	}
	sheet := book.At(when)
	if *undeclared != "" {
		return e.undeclared(book, when, *undeclared, *asJSON)
	}
	if f.NArg() > 0 {
		return e.explain(book, sheet, f.Args(), *asJSON)
	}
	enc := e.encoder()
	built, none, listed := 0, 0, 0
	for i, r := range book.All() {
		edition := sheet.Edition(i)
		if *at != "" && edition == nil {
			continue
		}
		if edition == nil {
			edition = nearest(r, when)
		}
		listed++
		if r.Check == policy.None {
			none++
		} else {
			built++
		}
		out := outOf(r, edition)
		if *asJSON {
			_ = enc.Encode(out)
			continue
		}
		until := ""
		if !out.Until.IsZero() {
			until = " until " + out.Until.Format(time.DateOnly)
		}
		mark := ""
		if r.Check == policy.None {
			mark = "  (check not built)"
		}
		fmt.Fprintf(e.out, "%-8s %-32s %s%s%s\n", e.severity(out.Severity), r.ID, r.Title, until, mark)
	}
	if !*asJSON {
		fmt.Fprintf(e.out, "\n%d rules, %d built, %d with no check built\n", listed, built, none)
	}
	return clean
}

func outOf(r *policy.Rule, ed *policy.Edition) ruleOut {
	out := ruleOut{ID: r.ID, Area: r.Area, Phase: r.Phase, Title: r.Title, Check: r.Check, Aliases: r.Aliases,
		Severity: ed.Severity, From: ed.From, Until: ed.Until, Cites: ed.Cites}
	if out.Aliases == nil {
		out.Aliases = []policy.ID{}
	}
	return out
}

// nearest is the edition to show for a rule that is not in force: the last one
// that began, or the first that will.
func nearest(r *policy.Rule, t time.Time) *policy.Edition {
	ed := &r.Editions[0]
	for i := range r.Editions {
		if !t.Before(r.Editions[i].From.Time) {
			ed = &r.Editions[i]
		}
	}
	return ed
}

// longParam is the length from which a parameter is a list of words, and not for
// a terminal.
const longParam = 400

func (e *env) explain(book *policy.Book, sheet policy.Sheet, ids []string, asJSON bool) int {
	enc := e.encoder()
	code := clean
	for _, id := range ids {
		i, ok := book.Index(policy.ID(id))
		if !ok {
			code = e.fail("no rule %q (wacheck rules lists them)", id)
			continue
		}
		r := book.Rule(i)
		if asJSON {
			_ = enc.Encode(r)
			continue
		}
		fmt.Fprintf(e.out, "%s\n  %s\n\n  why    %s\n  fix    %s\n  area   %s, phase %s, check %s\n", e.paint(blue, string(r.ID)), r.Title, r.Why, r.Fix, r.Area, r.Phase, r.Check)
		if r.Prevents != "" {
			fmt.Fprintf(e.out, "  else   %s\n", r.Prevents)
		}
		if len(r.Aliases) > 0 {
			fmt.Fprintf(e.out, "  also   %s\n", join(r.Aliases))
		}
		if r.Off {
			fmt.Fprintf(e.out, "  off until an app enables it\n")
		}
		for k := range r.Editions {
			ed := &r.Editions[k]
			now := ""
			if sheet.Edition(i) != nil && sheet.Edition(i).From.Equal(ed.From.Time) {
				now = "  <- in force"
			}
			fmt.Fprintf(e.out, "\n  %s  %s – %s%s\n", e.severity(ed.Severity), date(ed.From, ed.FromBy, "≤"), date(ed.Until, ed.UntilBy, "~"), now)
			for _, c := range ed.Cites {
				fmt.Fprintf(e.out, "      %s %s %s (read %s)\n", c.Source, c.Section, c.URL, date(c.Read, false, ""))
			}
			for name, raw := range ed.Params {
				if len(raw) > longParam {
					raw = fmt.Appendf(nil, "%d bytes (wacheck rules -json %s shows them)", len(raw), r.ID)
				}
				fmt.Fprintf(e.out, "      %s = %s\n", name, raw)
			}
			if ed.Note != "" {
				fmt.Fprintf(e.out, "      note: %s\n", ed.Note)
			}
		}
		if r.Examples != nil {
			fmt.Fprintf(e.out, "\n  examples it matches\n")
			for _, x := range r.Examples.Match {
				fmt.Fprintf(e.out, "    [%s] %s  (%s)\n", x.Lang, x.Text, x.Why)
			}
			fmt.Fprintf(e.out, "  and does not\n")
			for _, x := range r.Examples.Clear {
				fmt.Fprintf(e.out, "    [%s] %s  (%s)\n", x.Lang, x.Text, x.Why)
			}
		}
		fmt.Fprintln(e.out)
	}
	return code
}

func (e *env) undeclared(book *policy.Book, when time.Time, file string, asJSON bool) int {
	raw, err := readFile(file)
	if err != nil {
		return e.fail("%v", err)
	}
	b, err := compliance.ParseBusiness(raw)
	if err != nil {
		return e.fail("%s: %v", file, err)
	}
	if b.Name == "" {
		b.Name = file
	}
	s, err := compliance.New(compliance.Config{Business: b, Stores: compliance.MemoryStores(), Rules: book}, compliance.WithClock(func() time.Time { return when }))
	if err != nil {
		return e.fail("%v", err)
	}
	enc := e.encoder()
	for _, id := range s.Undeclared() {
		i, _ := book.Index(id)
		if asJSON {
			_ = enc.Encode(map[string]any{"id": id, "title": book.Rule(i).Title})
		} else {
			fmt.Fprintf(e.out, "%-32s %s\n", id, book.Rule(i).Title)
		}
	}
	return clean
}

func date(d policy.Day, rough bool, mark string) string {
	switch {
	case d.IsZero():
		return "open"
	case rough:
		return mark + d.Format(time.DateOnly)
	}
	return d.Format(time.DateOnly)
}

func join(ids []policy.ID) string {
	var s []string
	for _, id := range ids {
		s = append(s, string(id))
	}
	return strings.Join(s, ", ")
}
