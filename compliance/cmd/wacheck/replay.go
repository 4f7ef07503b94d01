package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/replay"
)

// verdictOut is the contract's form of a verdict.
type verdictOut struct {
	ID       string             `json:"id"`
	At       time.Time          `json:"at"`
	Verdict  compliance.Verdict `json:"verdict"`
	Findings []verdictFinding   `json:"findings"`
	RetryAt  time.Time          `json:"retry_at,omitzero"`
}

type verdictFinding struct {
	Rule     policy.ID       `json:"rule"`
	Severity policy.Severity `json:"severity"`
	Status   string          `json:"status"` // broken or failed
	Where    string          `json:"where"`
	Why      string          `json:"why"`
	Fix      string          `json:"fix"`
	Prevents string          `json:"prevents,omitempty"`
}

func verdictOf(v *replay.Verdict) verdictOut {
	d := &v.Decision
	out := verdictOut{ID: v.ID, At: v.At, Verdict: d.Verdict, Findings: []verdictFinding{}, RetryAt: d.RetryAt}
	for _, f := range oncePerPlace(d.Violations) {
		status := "broken"
		if f.Failed {
			status = "failed"
		}
		out.Findings = append(out.Findings, verdictFinding{f.Rule, f.Severity, status, f.Where, f.Why, f.Fix, f.Prevents})
	}
	return out
}

// oncePerPlace are violations without those of a rule that was broken at that place before:
// a Decision tells every card number in a body, a verdict that there are some. They come the
// strictest first.
func oncePerPlace(vs []policy.Violation) []policy.Violation {
	type at struct {
		rule  policy.ID
		where string
	}
	told := map[at]bool{}
	return slices.DeleteFunc(slices.Clone(vs), func(v policy.Violation) bool {
		again := told[at{v.Rule, v.Where}]
		told[at{v.Rule, v.Where}] = true
		return again
	})
}

func runReplay(ctx context.Context, e *env, args []string) int {
	f := e.flags("replay")
	asJSON := f.Bool("json", false, "write JSON Lines")
	edition := f.String("edition", "", "judge by the rules in force on a `date` such as 2023-06-01")
	enable := f.String("enable", "", "switch on `rules` or an area that are off by default, such as law")
	if code, done := parse(f, args); done {
		return code
	}
	opts, err := enabled(*enable)
	if err != nil {
		return e.fail("%v", err)
	}
	if *edition != "" {
		t, err := time.Parse(time.DateOnly, *edition)
		if err != nil {
			return e.fail("-edition: %q is no date like 2023-06-01", *edition)
		}
		opts = append(opts, replay.WithEdition(t))
	}
	code := clean
	enc := e.encoder()
	err = e.inputs(f.Args(), func(_ string, r io.Reader) error {
		w, err := replay.NewWorld(opts...)
		if err != nil {
			return err
		}
		for ev, err := range replay.Read(r) {
			var v *replay.Verdict
			if err == nil {
				v, err = w.Apply(ctx, ev)
			}
			if err != nil {
				var line *replay.LineError
				if errors.As(err, &line) {
					err = line.Err
				}
				id := ev.ID
				if line != nil {
					id = line.ID
				}
				e.unread(*asJSON, enc, ev.Line, id, err)
				code = failed
				continue
			}
			if v == nil {
				continue
			}
			if !v.Decision.Verdict.Leaves() && code == clean {
				code = blocking
			}
			if *asJSON {
				_ = enc.Encode(verdictOf(v))
			} else {
				e.printVerdict(ev.Line, v)
			}
		}
		return nil
	})
	if err != nil {
		return e.fail("%v", err)
	}
	return code
}

func (e *env) printVerdict(n int, v *replay.Verdict) {
	id := v.ID
	if id == "" {
		id = fmt.Sprintf("line %d", n)
	}
	fmt.Fprintf(e.out, "%s  %s  %s", v.At.Format(time.RFC3339), id, e.verdict(v.Decision.Verdict))
	if !v.Decision.RetryAt.IsZero() {
		fmt.Fprintf(e.out, "  not before %s", v.Decision.RetryAt.Format(time.RFC3339))
	}
	fmt.Fprintln(e.out)
	for _, f := range oncePerPlace(v.Decision.Violations) {
		fmt.Fprintf(e.out, "    %s %s: %s\n", e.severity(f.Severity), f.Rule, f.Why)
		if f.Severity == policy.Block && f.Fix != "" {
			fmt.Fprintf(e.out, "      fix: %s\n", f.Fix)
		}
	}
}

// printPrice says what an allowed message is charged as, and how long it can wait.
func (e *env) printPrice(d *compliance.Decision) {
	if !d.Until.IsZero() {
		fmt.Fprintf(e.out, "    can wait %s, until %s\n", d.Until.Sub(d.At).Round(time.Second), d.Until.Format(time.RFC3339))
	}
	if d.Price.IsZero() {
		return
	}
	fmt.Fprintf(e.out, "    price: %s", d.Price)
	if d.Price.Since != "" {
		fmt.Fprintf(e.out, ", since %s", d.Price.Since)
	}
	if d.Price.Unconfirmed != "" {
		fmt.Fprintf(e.out, "; unconfirmed: %s", d.Price.Unconfirmed)
	}
	fmt.Fprintln(e.out)
}

func runCheck(ctx context.Context, e *env, args []string) int {
	f := e.flags("check")
	asJSON := f.Bool("json", false, "write JSON Lines")
	enable := f.String("enable", "", "switch on `rules` or an area that are off by default, such as law")
	if code, done := parse(f, args); done {
		return code
	}
	opts, err := enabled(*enable)
	if err != nil {
		return e.fail("%v", err)
	}
	code := clean
	enc := e.encoder()
	one := func(n int, raw []byte) {
		c, err := replay.ReadCase(raw)
		if err != nil {
			e.unread(*asJSON, enc, n, "", err)
			code = failed
			return
		}
		d, err := c.Run(ctx, opts...)
		if err != nil {
			e.unread(*asJSON, enc, n, c.Event.ID, err)
			code = failed
			return
		}
		if c.Event.ID != "" {
			d.ID = c.Event.ID
		}
		if !d.Verdict.Leaves() && code == clean {
			code = blocking
		}
		if *asJSON {
			_ = enc.Encode(d)
		} else {
			e.printVerdict(n, &replay.Verdict{ID: d.ID, At: d.At, Decision: d})
			e.printPrice(&d)
		}
		if c.Expect != nil {
			if err := c.Expect.Check(&d); err != nil {
				fmt.Fprintf(e.err, "wacheck: line %d: not as expected: %v\n", n, err)
				code = failed
			}
		}
	}
	cases := func(r io.Reader) error {
		whole, err := io.ReadAll(io.LimitReader(r, 64<<20))
		if err != nil {
			return err
		}
		// a file holds one case over several lines, or one case a line
		if json.Valid(whole) {
			one(1, whole)
			return nil
		}
		return eachLine(bytes.NewReader(whole), func(n int, line []byte, err error) {
			if err != nil {
				e.unread(*asJSON, enc, n, "", err)
				code = failed
				return
			}
			one(n, line)
		})
	}
	if err := e.inputs(f.Args(), func(_ string, r io.Reader) error { return cases(r) }); err != nil {
		return e.fail("%v", err)
	}
	return code
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxLine+1))
	if err == nil && len(b) > maxLine {
		err = fmt.Errorf("%s: longer than %d bytes", name, maxLine)
	}
	return b, err
}
