package template

import (
	"encoding/json"
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/policy"
)

// libraryTypes are the kinds of the values of a template from Meta's library, in
// the order of its placeholders: body_param_types of the library's listing
// (template library, 2025-11-14), which whoever clones the template keeps with its
// definition. None: nobody kept them, and nothing is judged by them.
func (d *Definition) libraryTypes() []string {
	raw := d.Extra["body_param_types"]
	if len(raw) == 0 {
		return nil
	}
	var types []string
	if json.Unmarshal(raw, &types) != nil {
		return nil
	}
	return types
}

// SetLibraryTypes keeps the kinds of a library template's values with its
// definition, as the library lists them ("AMOUNT", "DATE"): for the catalog, not for
// the creation, which takes no such member. [Check] then holds values to them.
func (d *Definition) SetLibraryTypes(kinds ...string) {
	d.Extra = maps.Clone(d.Extra)
	if d.Extra == nil {
		d.Extra = map[string]json.RawMessage{}
	}
	raw, _ := json.Marshal(kinds) // of strings: never fails
	d.Extra["body_param_types"] = raw
}

// library checks values against the kinds the library declares. What a kind takes
// is printed in few words, so only what is none beyond doubt is told.
func (c *checker) library(d *Definition, parts []Part) {
	types := d.libraryTypes()
	p := partOf(parts, "body")
	body := find(d.Components, "BODY")
	if len(types) == 0 || p == nil || body == nil {
		return
	}
	_, named := demand(body.Text)
	n := 0
	seen := map[string]bool{}
	for x := (scanner{text: body.Text}); x.next(); {
		if seen[x.token] {
			continue
		}
		seen[x.token] = true
		kind := n
		if !named {
			kind = ordinal(x.token) - 1
		}
		n++
		i := pick(x.token, named, p.Values)
		if i < 0 || kind < 0 || kind >= len(types) || !is(p.Values[i].Type, "text") {
			continue
		}
		value := strings.TrimSpace(p.Values[i].Text)
		if value == "" || fits(strings.ToUpper(strings.ReplaceAll(types[kind], "_", " ")), value) {
			continue // a blank value is told as such
		}
		at := place{card: -1, part: "body"}.at(i + 1)
		c.broken(libraryType, at, policy.Span{}, "the library template takes "+article(types[kind])+" here, and the value is none")
	}
}

func article(kind string) string {
	kind = strings.ToLower(strings.ReplaceAll(kind, "_", " "))
	if kind != "" && strings.ContainsRune("aeiou", rune(kind[0])) {
		return "an " + kind
	}
	return "a " + kind
}

// fits reports whether a value may be of a kind. Kinds nobody here knows fit.
func fits(kind, s string) bool {
	switch kind {
	case "NUMBER":
		return only(s, func(rune) bool { return false })
	case "PHONE NUMBER":
		return hasDigit(s) && only(s, func(r rune) bool { return strings.ContainsRune(" -()+", r) })
	case "AMOUNT":
		return amount(s)
	case "EMAIL":
		at := strings.IndexByte(s, '@')
		domain := s[at+1:]
		return at > 0 && strings.Count(s, "@") == 1 && !strings.ContainsAny(s, " \t,;<>") &&
			strings.Contains(strings.Trim(domain, "."), ".") && domain[0] != '.' && domain[len(domain)-1] != '.'
	case "DATE":
		return hasDigit(s) && utf8.RuneCountInString(s) <= maxDate && !strings.Contains(s, "//") && !strings.ContainsAny(s, "@#$%&*=+!?<>{}[]\\|\"")
	case "ADDRESS":
		return strings.ContainsFunc(s, unicode.IsLetter) && !strings.ContainsAny(s, "@<>{}[]\\|")
	case "TEXT":
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	}
	return true
}

// maxDate is longer than a date with its weekday in any language the library has.
const maxDate = 48

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

// only reports whether a text is digits and what else it may hold.
func only(s string, also func(rune) bool) bool {
	for _, r := range s {
		if !unicode.IsDigit(r) && !also(r) {
			return false
		}
	}
	return true
}

// amount reports whether a text is a number with points and commas, before or after
// which a currency's sign or code may stand.
func amount(s string) bool {
	outer := func(r rune) bool {
		return unicode.Is(unicode.Sc, r) || unicode.IsLetter(r) || unicode.IsMark(r) || r == ' ' || r == '\u00a0' || r == '\u202f' || r == '.'
	}
	number := strings.TrimFunc(s, outer)
	sign := strings.TrimPrefix(number, "-")
	if n := len(s) - len(number); n > maxCurrency {
		return false
	}
	return hasDigit(sign) && only(sign, func(r rune) bool { return strings.ContainsRune(".,' \u00a0\u202f", r) })
}

// maxCurrency is the longest sign and code there may be around an amount, in bytes.
const maxCurrency = 12
