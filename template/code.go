package template

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/policy"
)

// code checks that a one-time code stands in the body and, the same, in the
// button. A code missing from the body is a value missing from it.
func (c *checker) code(all []Component, parts []Part) {
	var code string
	body := partOf(parts, "body")
	if body != nil && len(body.Values) > 0 {
		code = body.Values[0].Text
	}
	buttons := find(all, "BUTTONS")
	if buttons == nil {
		return
	}
	for i := range buttons.Buttons {
		b := &buttons.Buttons[i]
		if !b.OTP() && !b.Dynamic() {
			continue
		}
		at := place{card: -1, part: "button"}.at(i)
		p := filledBy(parts, i)
		switch {
		case p == nil && c.misplaced(buttons.Buttons, parts, b), p != nil && !is(p.Sub, b.sub()):
			// send-button-index
		case p == nil || len(p.Values) == 0:
			c.broken(authDuplicated, at, policy.Span{}, "the code was not given to the button")
		case code == "":
			c.authValue(p.Values[0].Text, at)
		case is(p.Values[0].Type, "text") && p.Values[0].Text != code:
			c.broken(authDuplicated, at, policy.Span{}, "body and button were given different codes")
		}
	}
}

// authValue checks a value of an authentication template.
func (c *checker) authValue(s string, at place) {
	if n := utf8.RuneCountInString(s); n > maxCode {
		c.broken(authLength, at, policy.Span{}, fmt.Sprintf("the value has %d characters, and %d are allowed in an authentication template", n, maxCode))
	}
	if span, what := link(s); what != "" {
		c.broken(authContent, at, span, "the value holds "+what)
	} else if span, ok := emoji(s); ok {
		c.broken(authContent, at, span, "the value holds an emoji")
	}
}

// link finds an address: a scheme, a "www.", or a dot between a letter or digit
// and at least two letters that end a word or begin a path. Codes have no dots.
func link(s string) (policy.Span, string) {
	const what = "an address"
	if i := strings.Index(s, "://"); i >= 0 {
		return policy.Span{Start: 0, End: len(s)}, what
	}
	for i := 1; i+2 < len(s); i++ {
		if s[i] != '.' || !letterOrDigit(s[i-1]) {
			continue
		}
		end := i + 1
		for end < len(s) && letter(s[end]) {
			end++
		}
		if end-i > 2 && (end == len(s) || !letterOrDigit(s[end])) {
			start := i
			for start > 0 && (letterOrDigit(s[start-1]) || s[start-1] == '.' || s[start-1] == '-') {
				start--
			}
			return policy.Span{Start: start, End: end}, what
		}
	}
	return policy.Span{}, ""
}

func letter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// emoji finds the first character that is shown as a picture: the blocks of
// Unicode that hold nothing else, dingbats and the older symbols among them, and
// the marks that turn a plain character into one.
func emoji(s string) (policy.Span, bool) {
	for i, r := range s {
		switch {
		case r < 0x203C:
			continue
		case r >= 0x1F000 && r <= 0x1FAFF, // pictures, flags, playing cards
			r >= 0x2600 && r <= 0x27BF, // weather, signs, dingbats
			r >= 0x2B05 && r <= 0x2B55, // arrows, stars, circles
			r >= 0x231A && r <= 0x23FF, // watch, media keys
			r == 0x203C, r == 0x2049, r == 0x3030, r == 0x303D, r == 0x3297, r == 0x3299,
			r == 0xFE0F, r == 0x20E3, // picture form, key cap
			r >= 0xE0020 && r <= 0xE007F: // tags of regional flags
			return policy.Span{Start: i, End: i + utf8.RuneLen(r)}, true
		}
	}
	return policy.Span{}, false
}
