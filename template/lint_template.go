package template

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// legacy are the categories from before the three of today.
var legacy = [...]string{"ACCOUNT_UPDATE", "ALERT_UPDATE", "APPOINTMENT_UPDATE", "AUTO_REPLY", "ISSUE_RESOLUTION", "PAYMENT_UPDATE",
	"PERSONAL_FINANCE_UPDATE", "RESERVATION_UPDATE", "SHIPPING_UPDATE", "TICKET_UPDATE", "TRANSPORTATION_UPDATE"}

// template checks the members that are no components.
func (c *linting) template() {
	d := c.d
	c.name(d.Ref.Name)
	c.language(d.Ref.Language)
	switch word := wordOf(d.Extra["category"]); {
	case d.Category == category.Marketing || d.Category == category.Utility || d.Category == category.Authentication:
	case isAny(word, legacy[:]):
		c.tell(tplCategoryLegacy, root.at("category"), policy.Span{}, "the category ended with version 14 of the Graph API")
	case word == "" && d.Category == category.Unknown:
		c.tell(tplCategoryValid, root.at("category"), policy.Span{}, "no category is given")
	default:
		c.tell(tplCategoryValid, root.at("category"), policy.Span{}, "the category is none of Meta's three")
	}
	if _, ok := d.Extra["allow_category_change"]; ok {
		p := c.tell(tplAllowCategoryChangeRemoved, root.at("allow_category_change"), policy.Span{}, "the member has done nothing since 9 April 2025")
		c.edit(p, Edit{Remove: true})
	}
	if d.Format != "" && !is(d.Format, "NAMED") && !is(d.Format, "POSITIONAL") {
		c.tell(tplParameterFormatValid, root.at("parameter_format"), policy.Span{}, "the style is neither NAMED nor POSITIONAL")
	}
	c.ttl()
}

func (c *linting) name(s string) {
	at := root.at("name")
	if s == "" {
		c.tell(tplNameLength, at, policy.Span{}, "no name is given")
		return
	}
	if n := utf8.RuneCountInString(s); n > maxName {
		c.tell(tplNameLength, at, policy.Span{}, fmt.Sprintf("the name has %d characters, and %d are allowed", n, maxName))
	}
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && notDigit(r) {
			c.tell(tplNameCharset, at, policy.Span{Start: i, End: min(i+utf8.RuneLen(r), len(s))}, "the name holds a character that is no lower-case letter, digit or underscore")
			break
		}
	}
	if until, ok := c.locked[s]; ok && !c.registered { // in another language it may be there still
		c.tell(tplNameLockedAfterDelete, at, policy.Span{}, "a template of this name was deleted, and the name rests until "+until.UTC().Format("2006-01-02"))
	}
}

// ttl checks message_send_ttl_seconds.
func (c *linting) ttl() {
	ttl, at := c.d.TTL, root.at("message_send_ttl_seconds")
	if raw, ok := c.d.Extra["message_send_ttl_seconds"]; ttl == 0 && (!ok || null(raw)) {
		return
	}
	low, high := 0, 0
	switch c.d.Category {
	case category.Authentication:
		low, high = 30, 900
	case category.Utility:
		low, high = 30, 43200
	case category.Marketing:
		low, high = 43200, 2592000
	default:
		return
	}
	if (ttl < low || ttl > high) && (ttl != -1 || c.d.Category == category.Marketing) {
		c.tell(ttlRange, at, policy.Span{}, fmt.Sprintf("%d seconds are outside of %d to %d, the range of %s", ttl, low, high, c.d.Category))
		return
	}
	if !c.auth {
		return
	}
	life, said := ownLife, "ends after ten minutes where nothing else is said"
	if k := c.d.component("FOOTER"); k != nil {
		if n, ok := whole(k.Extra["code_expiration_minutes"]); ok && n >= minLife && n <= maxLife {
			life, said = int(n), "ends earlier"
		}
	}
	if ttl > life*60 || ttl == -1 {
		c.tell(authTtlVsExpiry, at, policy.Span{}, "the message may be delivered after its code "+said)
	}
}

// wordOf is a JSON string's text, and "" for anything else.
func wordOf(raw json.RawMessage) string {
	var s string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

func isAny(word string, all []string) bool {
	for _, w := range all {
		if is(word, w) {
			return true
		}
	}
	return false
}

// components checks what stands at one level: of the template, or of a card.
func (c *linting) components(all []Component, in spot) {
	var seen [6]int
	kinds := [...]string{"HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER"}
	card := in.card >= 0
	for i := range all {
		k, at := &all[i], in.component(i)
		known := is(k.Type, "CALL_PERMISSION_REQUEST")
		for n, kind := range kinds {
			if is(k.Type, kind) {
				if known = true; seen[n] == 1 {
					c.tell(tplComponentDuplicate, at, policy.Span{}, "the template has a "+strings.ToLower(kind)+" component already")
				}
				seen[n]++
			}
		}
		if !known {
			c.tell(tplComponentUnknown, at.at("type"), policy.Span{}, "the component is of a type Meta's pages do not list")
			continue
		}
		switch {
		case is(k.Type, "HEADER"):
			c.header(k, at)
		case is(k.Type, "BODY"):
			c.body(k, at)
		case is(k.Type, "FOOTER"):
			c.footer(k, at)
		case is(k.Type, "BUTTONS"):
			c.buttons(k.Buttons, at)
		case is(k.Type, "CAROUSEL") && !card:
			c.carousel(k, at)
		case is(k.Type, "LIMITED_TIME_OFFER"):
			c.offerText(k, at)
		}
	}
	if _, library := c.d.Extra["library_template_name"]; seen[1] == 0 && !card && !library {
		c.tell(tplBodyRequired, root.at("components"), policy.Span{}, "the template has no body")
	}
}

// style remembers which style of placeholders a text uses, and where both met.
func (c *linting) style(marks []mark, at spot) {
	for _, m := range marks {
		was := c.numbered && c.named
		if m.number >= 0 {
			c.numbered = true
		} else {
			c.named = true
		}
		if now := c.numbered && c.named; now && !was {
			c.mixedAt, c.mixedSpan = at, m.span()
		}
	}
}

// styles compares the styles met with parameter_format.
func (c *linting) styles() {
	switch f := c.d.Format; {
	case c.numbered && c.named:
		c.tell(tplParameterFormatMixed, c.mixedAt, c.mixedSpan, "the template has numbered and named placeholders")
	case c.numbered && is(f, "NAMED"):
		c.tell(tplParameterFormatMixed, root.at("parameter_format"), policy.Span{}, "parameter_format is NAMED, and the placeholders are numbered")
	case c.named && is(f, "POSITIONAL"):
		c.tell(tplParameterFormatMixed, root.at("parameter_format"), policy.Span{}, "parameter_format is POSITIONAL, and the placeholders are named")
	case c.named && f == "":
		c.tell(tplParameterFormatMixed, root.at("parameter_format"), policy.Span{}, "the placeholders are named, and parameter_format, which is POSITIONAL when left out, does not say so").lower(LintWarning)
	}
}
