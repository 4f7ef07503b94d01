package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/policy"
)

const (
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	green  = "\x1b[32m"
	blue   = "\x1b[34m"
	plain  = "\x1b[0m"
)

// paint colours a word where the output is a terminal.
func (e *env) paint(colour, s string) string {
	if !e.colour {
		return s
	}
	return colour + s + plain
}

func (e *env) severity(s policy.Severity) string {
	return e.paint([...]string{plain, blue, yellow, red}[s], s.String())
}

func (e *env) verdict(v compliance.Verdict) string {
	return e.paint(map[compliance.Verdict]string{compliance.Allow: green, compliance.Passed: green, compliance.Deny: red, compliance.Undecided: yellow}[v], v.String())
}

// underline prints the part of a text around a span, with marks beneath it.
func (e *env) underline(text string, start, end int) {
	const around = 40
	if end <= start || end > len(text) {
		return
	}
	from, to := start, end
	for n := 0; from > 0 && n < around && text[from-1] != '\n'; n++ {
		_, w := utf8.DecodeLastRuneInString(text[:from])
		from -= w
	}
	for n := 0; to < len(text) && n < around && text[to] != '\n'; n++ {
		_, w := utf8.DecodeRuneInString(text[to:])
		to += w
	}
	clean := strings.NewReplacer("\t", " ", "\r", " ", "\n", " ")
	fmt.Fprintf(e.out, "   %s\n", shown(clean.Replace(text[from:to])))
	fmt.Fprintf(e.out, "   %s%s\n", strings.Repeat(" ", utf8.RuneCountInString(text[from:start])),
		e.paint(red, strings.Repeat("^", max(1, utf8.RuneCountInString(text[start:end])))))
}
