package main

import (
	"context"
	"fmt"
	"io"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
)

type intentOut struct {
	ID    string            `json:"id"`
	Level optin.IntentLevel `json:"level"`
	Scope optin.IntentScope `json:"scope,omitempty"`
	Why   string            `json:"why"`
	Span  policy.Span       `json:"span"`
}

func runIntent(_ context.Context, e *env, args []string) int {
	f := e.flags("intent")
	asJSON := f.Bool("json", false, "write JSON Lines")
	if code, done := parse(f, args); done {
		return code
	}
	reader, err := optin.NewReader()
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
			if err != nil {
				e.unread(*asJSON, enc, n, t.ID, err)
				code = failed
				return
			}
			in := reader.Read(*t.Text, t.Lang)
			out := intentOut{t.ID, in.Level, in.Scope, in.Why, policy.Span{Start: in.Span[0], End: in.Span[1]}}
			if in.Level == optin.IntentNone || in.Level == optin.IntentAsk {
				out.Scope = ""
			}
			if *asJSON {
				_ = enc.Encode(out)
				return
			}
			colour := map[optin.IntentLevel]string{optin.IntentCertain: red, optin.IntentLikely: yellow, optin.IntentAsk: blue}[in.Level]
			if colour == "" {
				colour = green
			}
			fmt.Fprintf(e.out, "%d: %s", n, e.paint(colour, out.Level.String()))
			if out.Scope != "" {
				fmt.Fprintf(e.out, " (%s)", out.Scope)
			}
			fmt.Fprintf(e.out, " %s\n", out.Why)
			e.underline(*t.Text, in.Span[0], in.Span[1])
		})
	})
	if err != nil {
		return e.fail("%v", err)
	}
	return code
}
