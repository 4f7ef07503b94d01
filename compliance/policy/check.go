package policy

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Areas are the folders rules are filed under.
func Areas() []string {
	return []string{"permission", "identity", "data", "goods", "regulated", "law", "template", "platform"}
}

var (
	idForm    = regexp.MustCompile(`^([a-z][a-z0-9]*(-[a-z0-9]+)*/)?[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	wordForm  = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	inputForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`)
)

// maxID keeps an id short enough for a log line and a database column.
const maxID = 64

// check tells what is wrong with the shape of one rule, field by field.
func check(r *Rule, report func(field, msg string)) {
	checkID(r.ID, "id", report)
	if !slices.Contains(Areas(), r.Area) {
		report("area", oneOf("area", r.Area, Areas()...))
	}
	if phases := []Phase{Send, Create, Lifecycle, Inbound}; !slices.Contains(phases, r.Phase) {
		report("phase", oneOf("phase", r.Phase, phases...))
	}
	if checks := []Check{None, Declared, Vertical, Lexical, Identifier, Gate}; !slices.Contains(checks, r.Check) {
		report("check", oneOf("check", r.Check, checks...))
	}
	needText("title", r.Title, report)
	if strings.ContainsAny(r.Title, "\n\r") {
		report("title", "is one line")
	}
	needText("why", r.Why, report)
	needText("fix", r.Fix, report)
	for i, in := range r.Inputs {
		if !inputForm.MatchString(in) {
			report(fmt.Sprintf("inputs[%d]", i), fmt.Sprintf("%q is no input like tmpl.category", in))
		}
	}
	for i, a := range r.Aliases {
		field := fmt.Sprintf("aliases[%d]", i)
		checkID(a, field, report)
		if a == r.ID || slices.Contains(r.Aliases[:i], a) {
			report(field, fmt.Sprintf("%q stands there twice", a))
		}
	}
	for i, v := range r.Verticals {
		if !wordForm.MatchString(v) {
			report(fmt.Sprintf("verticals[%d]", i), fmt.Sprintf("%q is no vertical like ai-provider", v))
		}
	}
	if r.Check == Vertical && len(r.Verticals) == 0 {
		report("verticals", `a rule of check "vertical" names the verticals that break it`)
	}
	checkEditions(r.Editions, report)
	checkText(r, report)
}

func checkID(id ID, field string, report func(field, msg string)) {
	switch {
	case id == "":
		report(field, "missing")
	case len(id) > maxID:
		report(field, fmt.Sprintf("longer than %d bytes", maxID))
	case !idForm.MatchString(string(id)):
		report(field, fmt.Sprintf("%q is not lower-case words joined by hyphens, with at most a prefix and a slash before them", id))
	}
}

func needText(field, s string, report func(field, msg string)) {
	if blank(s) {
		report(field, "missing")
	}
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func oneOf[T ~string](what string, got T, known ...T) string {
	if got == "" {
		return "missing"
	}
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	last := len(words) - 1
	return fmt.Sprintf("unknown %s %q (%s or %s)", what, got, strings.Join(words[:last], ", "), words[last])
}

func checkEditions(es []Edition, report func(field, msg string)) {
	if len(es) == 0 {
		report("editions", "a rule has at least one edition")
	}
	for i, e := range es {
		at := func(field string) string { return fmt.Sprintf("editions[%d].%s", i, field) }
		if !e.Until.IsZero() && !e.From.Before(e.Until.Time) {
			report(at("until"), "is not after from")
		}
		if e.FromBy && e.From.IsZero() {
			report(at("from_by"), "there is no from it could speak of")
		}
		if e.UntilBy && e.Until.IsZero() {
			report(at("until_by"), "there is no until it could speak of")
		}
		if i > 0 {
			switch before := es[i-1]; {
			case before.Until.IsZero():
				report(at("from"), "the edition before it is still open")
			case e.From.Before(before.Until.Time):
				report(at("from"), "overlaps the edition before it, or is out of order")
			}
		}
		if e.Severity == 0 {
			report(at("severity"), "missing")
		} else if e.Severity > Block {
			report(at("severity"), fmt.Sprintf("unknown severity %d", e.Severity))
		}
		if len(e.Cites) == 0 {
			report(at("cites"), "an edition cites at least one source")
		}
		for k, c := range e.Cites {
			field := fmt.Sprintf("editions[%d].cites[%d]", i, k)
			needText(field+".source", c.Source, report)
			if c.URL == "" {
				continue
			}
			if u, err := url.Parse(c.URL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
				report(field+".url", "is no web address")
			}
		}
	}
}

func checkText(r *Rule, report func(field, msg string)) {
	if r.Check != Lexical && r.Check != "" && r.Text != nil {
		report("text", fmt.Sprintf(`only a rule of check "text" has words; this one is %q`, r.Check))
		return
	}
	if r.Examples != nil {
		checkExamples("match", r.Examples.Match, report)
		checkExamples("clear", r.Examples.Clear, report)
	}
	if r.Check != Lexical {
		return
	}
	if r.Text == nil || len(r.Text.Languages) == 0 {
		report("text", `a rule of check "text" lists words for at least one language`)
		return
	}
	if r.Examples == nil {
		report("examples", `a rule of check "text" proves itself with examples`)
	}
	seen := map[string]termPlace{}
	for _, tag := range slices.Sorted(maps.Keys(r.Text.Languages)) {
		lex, field := r.Text.Languages[tag], "text.languages."+tag
		checkTag(tag, field, report)
		if r.Text.Conduct && len(lex.Weak) > 0 {
			report(field+".weak", "a rule of conduct has no offers that could make up for a weak word")
		}
		checkLexicon(lex, field, seen, report)
		if r.Examples == nil {
			continue
		}
		if !covers(r.Examples.Match, tag) {
			report("examples.match", fmt.Sprintf("none in %s, which has words", tag))
		}
		if !covers(r.Examples.Clear, tag) {
			report("examples.clear", fmt.Sprintf("none in %s, which has words", tag))
		}
	}
}

func checkTag(tag, field string, report func(field, msg string)) {
	t, err := language.Parse(tag)
	if err != nil {
		report(field, fmt.Sprintf("%q is no language tag like pt-BR", tag))
	} else if t.String() != tag {
		report(field, fmt.Sprintf("write the tag as %s", t))
	}
}

func checkExamples(side string, es []Example, report func(field, msg string)) {
	var sound []string // tags that are
	for i, e := range es {
		at := func(field string) string { return fmt.Sprintf("examples.%s[%d].%s", side, i, field) }
		if e.Lang == "" {
			report(at("lang"), "missing")
		} else if !slices.Contains(sound, e.Lang) {
			ok := true
			checkTag(e.Lang, "", func(_, msg string) {
				ok = false
				report(at("lang"), msg)
			})
			if ok {
				sound = append(sound, e.Lang)
			}
		}
		if blank(e.Text) {
			report(at("text"), "missing")
		}
		if blank(e.Why) {
			report(at("why"), "missing")
		}
	}
}

// covers reports whether an example is in the language, or in a closer variety
// of it.
func covers(es []Example, tag string) bool {
	return slices.ContainsFunc(es, func(e Example) bool {
		rest, ok := strings.CutPrefix(e.Lang, tag)
		return ok && (rest == "" || rest[0] == '-')
	})
}

// A termPlace says where a term stands: most are sound, and need no words for it.
type termPlace struct{ list, at int32 }

// checkLexicon uses the map for what it has seen.
func checkLexicon(lex Lexicon, field string, seen map[string]termPlace, report func(field, msg string)) {
	lists := []struct {
		name  string
		terms []string
	}{{"goods", lex.Goods}, {"weak", lex.Weak}, {"sells", lex.Sells}, {"excuses", lex.Excuses}, {"alone", lex.Alone}, {"strict", lex.Strict}}
	say := func(p termPlace) string { return fmt.Sprintf("%s[%d]", lists[p.list].name, p.at) }
	clear(seen)
	for k, l := range lists {
		for i, term := range l.terms {
			here := termPlace{int32(k), int32(i)}
			key := term
			if !folded(term) {
				key = strings.Join(strings.Fields(cases.Fold().String(norm.NFKC.String(term))), " ")
			}
			if !strings.ContainsFunc(key, visible) {
				report(field+"."+say(here), "the term is blank")
			} else if before, ok := seen[key]; ok {
				report(field+"."+say(here), fmt.Sprintf("%q stands already at %s", term, say(before)))
			} else {
				seen[key] = here
			}
		}
	}
	if len(lex.Goods)+len(lex.Weak)+len(lex.Alone)+len(lex.Strict) == 0 {
		report(field, "no word that could match: goods, weak and alone are all empty")
	}
}

// folded reports whether a term folds to itself at first sight: small letters and
// what else has no other form, with single spaces between them.
func folded(term string) bool {
	last := ' '
	for _, r := range term {
		if r == ' ' && last == ' ' || !settled(r) {
			return false
		}
		last = r
	}
	return last != ' '
}

// settled reports whether a character folds to itself wherever it stands among others
// of its sort. It knows those that words are mostly made of.
func settled(r rune) bool {
	switch {
	case r < 0x80:
		return r >= ' ' && r < 0x7F && (r < 'A' || r > 'Z')
	case r < 0x100:
		return r >= 'à'
	case r < 0x400:
		return r == 'ı' || r == 'ğ' || r == 'ş' || r == 'œ'
	case r < 0x600:
		return r >= 'а' && r <= 'џ'
	case r < 0x900:
		return r >= 'ء' && r <= 'غ' || r >= 'ف' && r <= 'ي'
	case r < 0x1000:
		return r >= 0x904 && r <= 0x94D && r != 0x93C // without the dot below, which some letters hold
	}
	return r >= 0x4E00 && r <= 0x9FA5
}

// visible reports whether a rune can carry meaning in a term: spaces,
// punctuation and format characters are gone once text is folded to tokens.
func visible(r rune) bool {
	return unicode.In(r, unicode.L, unicode.N, unicode.S)
}
