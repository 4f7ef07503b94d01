package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/optin"
)

// rowOut is a row of a list in JSON. Error repeats the problems in words, as
// every command tells of a line it could not take.
type rowOut struct {
	optin.ImportRow
	File  string `json:"file,omitempty"`
	Error string `json:"error,omitempty"`
}

func runImport(ctx context.Context, e *env, args []string) int {
	f := e.flags("import")
	asJSON := f.Bool("json", false, "write JSON Lines, one object a row")
	db := f.String("db", "", "the database `file`; made if it is not there")
	keys := f.String("keys", "", "the `file` with the keys of a sealed database, newest first: an id and 32 bytes in base64 a line")
	kind := f.String("kind", "optin", "what the list is of: optin or optout")
	dry := f.Bool("dry-run", false, "check and report, write nothing; a row repeated in another batch of 1,000 counts as accepted again")
	comma := f.String("comma", ",", "what stands between cells: one character, tab or auto")
	bare := f.Bool("bare-digits", false, "phones are whole international numbers without their plus")
	strict := f.Bool("strict", false, "refuse columns that are no field")
	skip := f.Int("skip", 0, "leave out the first `n` rows: those left out and the rows told by an import that ended early")
	actor := f.String("actor", "wacheck import", "who imports")
	var mapped, set pairs
	var dates words
	f.Var(&mapped, "map", "`column=field`: what a column is, an empty field leaves it out (repeatable); fields are\n"+strings.Join(slices.Collect(optin.DraftFields()), " "))
	f.Var(&set, "set", "`field=value` for rows that say nothing of it (repeatable)")
	f.Var(&dates, "date", "a `layout` of dates beside RFC 3339, as of Go: 02.01.2006, or unix, unixms (repeatable)")
	if code, done := parse(f, args); done {
		return code
	}
	o := optin.ImportOptions{DryRun: *dry, Strict: *strict, Skip: *skip, Map: map[string]string{},
		Notation: optin.Notation{BareDigits: *bare, Layouts: dates}}
	switch *kind {
	case "optin":
		o.Kind = optin.OptIns
	case "optout":
		o.Kind = optin.OptOuts
	default:
		return e.fail("-kind: %q is neither optin nor optout", *kind)
	}
	switch r, size := utf8.DecodeRuneInString(*comma); {
	case *comma == "auto":
		o.Comma = optin.DetectComma
	case *comma == "tab":
		o.Comma = '\t'
	case size > 0 && size == len(*comma) && r != utf8.RuneError:
		o.Comma = r
	default:
		return e.fail("-comma: %q is neither one character nor tab nor auto", *comma)
	}
	for _, p := range mapped {
		o.Map[p[0]] = p[1]
	}
	for _, p := range set {
		if err := o.Defaults.Set(p[0], p[1]); err != nil {
			return e.fail("-set: %v", err)
		}
	}
	l, closeDB, err := openLedger(*db, *keys, true, *actor)
	if err != nil {
		return e.fail("%v", err)
	}
	code := clean
	enc := e.encoder()
	live := e.progress()
	err = e.inputs(f.Args(), func(name string, r io.Reader) error {
		each := o
		each.Each = func(row optin.ImportRow) error {
			out := rowOut{ImportRow: row}
			if len(f.Args()) > 1 {
				out.File = name
			}
			if row.Result == optin.Refused {
				code = failed
				out.Error = fmt.Sprintf("line %d: %s", row.Line, sentence(row.Problems))
				if row.Through > 0 {
					out.Error = fmt.Sprintf("lines %d to %d: %s", row.Line, row.Through, sentence(row.Problems))
				}
			}
			if *asJSON {
				return enc.Encode(out)
			}
			if out.Error != "" {
				fmt.Fprintf(e.out, "%s: %s %s\n", name, e.paint(red, "refused"), out.Error)
			}
			return nil
		}
		each.Progress = func(r optin.ImportReport) { live("%s: %d rows, %d refused", name, r.Rows, r.Refused) }
		report, err := l.Import(ctx, r, each)
		live("")
		e.summary(name, report)
		return err
	})
	if closed := closeDB(); err == nil {
		err = closed
	}
	if err != nil {
		return e.fail("%v", err)
	}
	return code
}

// sentence tells problems in one line.
func sentence(ps []optin.Problem) string {
	parts := make([]string, len(ps))
	for i, p := range ps {
		parts[i] = strings.TrimSpace(p.Field + " " + p.Msg)
	}
	return strings.Join(parts, "; ")
}

// summary tells how an import went, beside the output.
func (e *env) summary(name string, r optin.ImportReport) {
	skipped, dry := "", ""
	if r.Skipped > 0 {
		skipped = fmt.Sprintf(" after %d left out", r.Skipped)
	}
	if r.DryRun {
		dry = " (dry run: nothing was written)"
	}
	fmt.Fprintf(e.err, "%s: %d rows%s: %d accepted, %d on record already, %d refused%s\n", name, r.Rows, skipped, r.Accepted, r.Duplicate, r.Refused, dry)
	if len(r.Ignored) > 0 {
		fmt.Fprintf(e.err, "  columns left out: %s\n", strings.Join(r.Ignored, ", "))
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(e.err, "  %s in %d rows: %s %s\n", e.paint(yellow, "warning"), w.Rows, w.Field, w.Msg)
	}
}

// progress writes one line over and over where somebody looks on; an empty
// format clears it.
func (e *env) progress() func(format string, a ...any) {
	f, ok := e.err.(*os.File)
	if !ok || !terminal(f) {
		return func(string, ...any) {}
	}
	return func(format string, a ...any) { fmt.Fprintf(f, "\r\x1b[K"+format, a...) }
}
