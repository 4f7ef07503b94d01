package template

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// length checks a text's length in code points. Meta says characters and does
// not say which: a text that is too long only when counted in UTF-16 units, as
// many clients count, is a warning.
func (c *linting) length(r lintRule, s string, limit int, what string, at spot) bool {
	if len(s) <= limit {
		return false
	}
	n, units := 0, 0
	for _, r := range s {
		n++
		units++
		if r > 0xFFFF {
			units++
		}
	}
	switch {
	case n > limit:
		c.tell(r, at, policy.Span{}, fmt.Sprintf("%s has %d characters, and %d are allowed", what, n, limit))
	case units > limit:
		c.tell(r, at, policy.Span{}, fmt.Sprintf("%s has %d characters, but %d when counted as UTF-16 units, and %d are allowed", what, n, units, limit)).lower(LintWarning)
		return false
	default:
		return false
	}
	return true
}

func (c *linting) header(k *Component, at spot) {
	if c.auth {
		if is(k.Format, "LOCATION") {
			c.tell(locationHeaderCategory, at.at("format"), policy.Span{}, "the header is a location, and the template is AUTHENTICATION")
		} else {
			c.tell(authNoCustomText, at, policy.Span{}, "an authentication template has a header")
		}
		return
	}
	card := at.card >= 0
	switch f := k.Format; {
	case f == "":
		c.tell(headerFormatValid, at, policy.Span{}, "the header has no format")
	case is(f, "TEXT"):
		if card {
			c.tell(headerFormatValid, at.at("format"), policy.Span{}, "a card's header is a picture, a video or a product")
		} else if strings.TrimSpace(k.Text) == "" {
			c.tell(headerFormatValid, at, policy.Span{}, "the header's format is TEXT, and it has no text")
		}
	case is(f, "IMAGE"), is(f, "VIDEO"):
		c.handle(k, at)
	case is(f, "GIF"), is(f, "DOCUMENT"):
		if card {
			c.tell(headerFormatValid, at.at("format"), policy.Span{}, "a card's header is a picture, a video or a product")
		}
		c.handle(k, at)
		if is(f, "GIF") {
			c.tell(headerGifMarketingApi, at.at("format"), policy.Span{}, "the header is a GIF, which only the Marketing Messages API shows as one")
		}
	case is(f, "LOCATION"):
		if card {
			c.tell(headerFormatValid, at.at("format"), policy.Span{}, "a card's header is a picture, a video or a product")
		}
	case is(f, "PRODUCT"):
	default:
		c.tell(headerFormatValid, at.at("format"), policy.Span{}, "the header's format is none Meta lists")
	}
	if k.Text == "" {
		return
	}
	at = at.at("text")
	marks := c.placeholders(k.Text, at)
	c.style(marks, at)
	c.length(headerTextLength, k.Text, maxHeader, "the header", at)
	c.plain(masked(k.Text, marks), at)
	if len(marks) > 1 {
		c.tell(varHeaderMax, at, marks[1].span(), "the header has "+counted(len(marks), "placeholder")+", and one is allowed")
	}
	c.examples(k, "header_text", marks, at)
}

// plain checks that a header holds no formatting, line break or emoji.
func (c *linting) plain(s string, at spot) {
	for i := range len(s) {
		what := ""
		switch s[i] {
		case '\n', '\r':
			what = "a line break"
		case '*', '_', '~', '`':
			what = "a formatting mark"
		default:
			continue
		}
		c.tell(headerTextPlain, at, policy.Span{Start: i, End: i + 1}, "the header holds "+what)
		return
	}
	if span, ok := emoji(s); ok {
		c.tell(headerTextPlain, at, span, "the header holds an emoji")
	}
}

func (c *linting) body(k *Component, at spot) {
	s, card := k.Text, at.card >= 0
	if c.auth {
		if s != "" && !c.registered {
			c.tell(authNoCustomText, at.at("text"), policy.Span{}, "the body of an authentication template has a text of its own")
		}
		return
	}
	if strings.TrimSpace(s) == "" {
		if _, library := c.d.Extra["library_template_name"]; !card && !library {
			c.tell(tplBodyRequired, at, policy.Span{}, "the body has no text")
		}
		return
	}
	at = at.at("text")
	marks := c.placeholders(s, at)
	c.style(marks, at)
	c.edges(s, marks, at)
	c.bodyLength(s, at)
	if n := emojis(s); n > maxEmoji && !card {
		c.tell(bodyEmojiMax, at, policy.Span{}, fmt.Sprintf("the body has %d emoji, and providers report a limit of %d", n, maxEmoji))
	}
	c.spacing(s, at)
	if lines := 1 + strings.Count(strings.TrimSpace(s), "\n"); lines > maxLines && c.d.Category == category.Marketing && !card {
		c.tell(bodyFold, at, policy.Span{}, fmt.Sprintf("the body has %d lines, and is folded after about %d", lines, maxLines))
	}
	c.examples(k, "body_text", marks, at)
}

func (c *linting) bodyLength(s string, at spot) {
	switch {
	case at.card >= 0:
		c.length(carouselCardBodyLength, s, maxCard, "the card's body", at)
	case c.d.component("LIMITED_TIME_OFFER") != nil:
		if c.length(ltoBodyLength, s, maxOffer, "the body beside an offer", at) {
			return
		}
		c.length(bodyLength550, s, maxShortBody, "the body", at)
	case hasButton(c.d.Components, "SPM"):
		c.length(bodyLengthMax, s, maxCard, "the body of a single-product template", at)
	case c.length(bodyLengthMax, s, maxBody, "the body", at):
	default:
		c.length(bodyLength550, s, maxShortBody, "the body", at)
	}
}

func hasButton(all []Component, kind string) bool {
	for i := range all {
		for j := range all[i].Buttons {
			if is(all[i].Buttons[j].Type, kind) {
				return true
			}
		}
	}
	return false
}

// spacing checks the blanks of a body.
func (c *linting) spacing(s string, at spot) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ', '\t':
			end := i + 1
			for end < len(s) && (s[end] == ' ' || s[end] == '\t') {
				end++
			}
			if end-i > 1 || s[i] == '\t' {
				p := c.tell(bodyDoubleSpace, at, policy.Span{Start: i, End: end}, "the body holds a run of spaces or a tab")
				c.edit(p, Edit{Span: policy.Span{Start: i, End: end}, New: " "})
			}
			i = end - 1
		case '\n':
			breaks, end := 0, i
			for j := i; j < len(s) && strings.IndexByte("\n\r \t", s[j]) >= 0; j++ {
				if s[j] == '\n' {
					breaks++
					end = j + 1
				}
			}
			if breaks > maxBreaks {
				span := policy.Span{Start: i, End: end}
				p := c.tell(bodyBlankLines, at, span, fmt.Sprintf("the body has %d line breaks in a row, and %d are the most", breaks, maxBreaks))
				c.edit(p, Edit{Span: span, New: "\n\n"})
			}
			i = end - 1
		}
	}
}

func (c *linting) footer(k *Component, at spot) {
	if raw, ok := k.Extra["code_expiration_minutes"]; ok && !null(raw) {
		if n, ok := whole(raw); !ok || n < minLife || n > maxLife {
			c.tell(authCodeExpirationRange, at.at("code_expiration_minutes"), policy.Span{}, fmt.Sprintf("the value is no whole number from %d to %d", minLife, maxLife))
		}
	}
	if c.auth {
		if k.Text != "" && !c.registered {
			c.tell(authNoCustomText, at.at("text"), policy.Span{}, "the footer of an authentication template has a text of its own")
		}
		return
	}
	if c.d.component("LIMITED_TIME_OFFER") != nil && at.card < 0 {
		c.tell(footerLtoForbidden, at, policy.Span{}, "a footer stands beside a limited-time offer")
	}
	at = at.at("text")
	marks := c.placeholders(k.Text, at)
	c.style(marks, at)
	c.length(footerLength, k.Text, maxFooter, "the footer", at)
	if len(marks) > 0 {
		c.tell(varFooterForbidden, at, marks[0].span(), "the footer holds a placeholder")
	}
}

// emojis counts pictures as people see them: what a joiner, a skin tone or a
// flag's second letter adds is no picture of its own. A plain character becomes one
// by the mark behind it.
func emojis(s string) int {
	n, joined, flag, plain := 0, false, false, false
	for i, r := range s {
		switch {
		case r == 0x200D: // joins the next picture to the last
			joined, plain = true, false
			continue
		case r == 0xFE0F, r == 0x20E3, r >= 0x1F3FB && r <= 0x1F3FF: // picture form, key cap, skin tone
			if plain {
				n++
			}
			plain = false
			continue
		case r >= 0xE0020 && r <= 0xE007F:
			continue
		case r >= 0x1F1E6 && r <= 0x1F1FF: // two letters make a flag
			if flag = !flag; flag {
				n++
			}
			joined, plain = false, false
			continue
		}
		flag = false
		yes := false
		if r != utf8.RuneError {
			_, yes = emoji(s[i : i+utf8.RuneLen(r)])
		}
		if yes && !joined {
			n++
		}
		joined, plain = false, !yes && !joined
	}
	return n
}
