package template

import (
	"fmt"
	"strings"
	"unicode"
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

// link finds an address: a scheme, a "www.", or a dot between a letter or digit of
// any script and at least two letters that end a word or begin a path. Codes have no
// dots.
func link(s string) (policy.Span, string) {
	const what = "an address"
	if i := strings.Index(s, "://"); i >= 0 {
		return policy.Span{Start: 0, End: len(s)}, what
	}
	for dot, r := range s {
		if r != '.' {
			continue
		}
		before := strings.TrimRightFunc(s[:dot], inWord)
		after := strings.TrimLeftFunc(s[dot+1:], unicode.IsLetter)
		top := s[dot+1 : len(s)-len(after)]
		if len(before) == dot || top == "" || utf8.RuneCountInString(top) < 2 && !strings.EqualFold(s[len(before):dot], "www") {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(after); after != "" && inWord(r) {
			continue
		}
		start := strings.TrimRightFunc(before, func(r rune) bool { return inWord(r) || r == '.' || r == '-' })
		return policy.Span{Start: len(start), End: len(s) - len(after)}, what
	}
	return policy.Span{}, ""
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) }

func letter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// pictures are the characters below U+10000 that are shown as pictures where nothing
// says otherwise: Emoji_Presentation of Unicode's emoji-data.txt. Check marks, stars
// and notes of the same blocks are plain characters unless U+FE0F follows.
var pictures = &unicode.RangeTable{R16: []unicode.Range16{
	{0x231A, 0x231B, 1}, {0x23E9, 0x23EC, 1}, {0x23F0, 0x23F0, 1}, {0x23F3, 0x23F3, 1}, {0x25FD, 0x25FE, 1}, {0x2614, 0x2615, 1},
	{0x2648, 0x2653, 1}, {0x267F, 0x267F, 1}, {0x2693, 0x2693, 1}, {0x26A1, 0x26A1, 1}, {0x26AA, 0x26AB, 1}, {0x26BD, 0x26BE, 1},
	{0x26C4, 0x26C5, 1}, {0x26CE, 0x26CE, 1}, {0x26D4, 0x26D4, 1}, {0x26EA, 0x26EA, 1}, {0x26F2, 0x26F3, 1}, {0x26F5, 0x26F5, 1},
	{0x26FA, 0x26FA, 1}, {0x26FD, 0x26FD, 1}, {0x2705, 0x2705, 1}, {0x270A, 0x270B, 1}, {0x2728, 0x2728, 1}, {0x274C, 0x274C, 1},
	{0x274E, 0x274E, 1}, {0x2753, 0x2755, 1}, {0x2757, 0x2757, 1}, {0x2795, 0x2797, 1}, {0x27B0, 0x27B0, 1}, {0x27BF, 0x27BF, 1},
	{0x2B1B, 0x2B1C, 1}, {0x2B50, 0x2B50, 1}, {0x2B55, 0x2B55, 1},
}}

// emoji finds the first character that is shown as a picture: those Unicode shows so,
// the blocks above that hold little else, and the marks that turn a plain character
// into one.
func emoji(s string) (policy.Span, bool) {
	for i, r := range s {
		switch {
		case r < 0x20E3:
			continue
		case unicode.Is(pictures, r),
			r >= 0x1F000 && r <= 0x1FAFF, // pictures, flags, playing cards
			r == 0xFE0F, r == 0x20E3,     // picture form, key cap
			r >= 0xE0020 && r <= 0xE007F: // tags of regional flags
			return policy.Span{Start: i, End: i + utf8.RuneLen(r)}, true
		}
	}
	return policy.Span{}, false
}
