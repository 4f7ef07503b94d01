package template

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/waguard/waguard/category"
)

// A Wish is what somebody wants to say by a template.
type Wish struct {
	Language string            // in either form; empty: not known
	Category category.Category // Unknown: utility or marketing
	Words    string            // of the body
}

// A Candidate is an approved template that could say it: in the same language, of
// the category wanted, and filled by texts alone.
type Candidate struct {
	Ref      Ref
	Category category.Category

	// Alike is how much of the template's own words stands in the words wanted, in
	// groups of three characters: 0 to 1.
	Alike float64

	// Filled is the template with values with which it says the very words, up to
	// white space; nil where it does not.
	Filled *Filled
}

// Candidates finds the templates that could say something at an instant, the
// likest first; see [Index.Candidates].
func Candidates(all []Definition, w Wish, at time.Time) []Candidate {
	return NewIndex(all).Candidates(w, at)
}

// An Index is templates ready for [Index.Candidates]: an account's can be 6,000. It
// holds on to the definitions, is immutable and safe for concurrent use.
type Index struct{ entries []indexed }

type indexed struct {
	d     *Definition
	body  string
	print fingerprint
}

// NewIndex takes up the approved templates that texts in their body alone can fill.
// A template whose words changed since it was read is none, nor one that takes a
// picture, a place, a product, a coupon, the end of an offer, cards, a one-time code
// or the end of an address: what would have to be given is not in the words.
func NewIndex(all []Definition) *Index {
	x := &Index{}
	for i := range all {
		d := &all[i]
		if d.Stale || CheckStatus(d) != nil {
			continue
		}
		if body, ok := fillable(d); ok {
			x.entries = append(x.entries, indexed{d, body, printOf(trigrams(fixed(body)))})
		}
	}
	return x
}

// Len is how many templates there are.
func (x *Index) Len() int { return len(x.entries) }

// maxCandidates is how many templates are looked at closely.
const maxCandidates = 64

// Candidates finds the templates that could say something at an instant, the
// likest first, 64 at most. Where the language is not known only those count that
// share half of their words, since words of another language share few.
func (x *Index) Candidates(w Wish, at time.Time) []Candidate {
	wanted := trigrams(w.Words)
	print := printOf(wanted)
	type near struct {
		*indexed
		alike float64 // at least
	}
	var all []near
	for i := range x.entries {
		e := &x.entries[i]
		if wants(w.Category, e.d.CategoryAt(at)) && sameLanguage(w.Language, e.d.Ref.Language) {
			all = append(all, near{e, print.holds(&e.print)})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(b.alike, a.alike) })
	var out []Candidate
	for _, e := range all[:min(len(all), maxCandidates)] {
		c := Candidate{Ref: e.d.Ref, Category: e.d.CategoryAt(at), Alike: share(wanted, trigrams(fixed(e.body)))}
		if values, same := unfill(e.body, w.Words); same {
			f := Filled{Name: e.d.Ref.Name, Language: e.d.Ref.Language}
			if len(values) > 0 {
				f.Parts = []Part{{Type: "body", Index: -1, Values: values}}
			}
			if len(Check(e.d, &f, at)) == 0 {
				c.Alike, c.Filled = 1, &f
			}
		}
		if w.Language != "" || c.Alike >= Alike {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Candidate) int {
		if (a.Filled != nil) != (b.Filled != nil) {
			if a.Filled != nil {
				return -1
			}
			return 1
		}
		exact := func(c *Candidate) int {
			if Language(w.Language) == c.Ref.Language {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Alike, a.Alike), cmp.Compare(exact(&a), exact(&b)), cmp.Compare(a.Ref.Name, b.Ref.Name), cmp.Compare(a.Ref.Language, b.Ref.Language))
	})
	return out
}

// A fingerprint stands for a set of trigrams: what it says is shared is at most
// more than is.
type fingerprint [32]uint64

func printOf(set map[[3]rune]bool) (f fingerprint) {
	for t := range set {
		h := (uint64(t[0])*0x9e3779b97f4a7c15 ^ uint64(t[1])*0xbf58476d1ce4e5b9 ^ uint64(t[2])*0x94d049bb133111eb)
		h = (h ^ h>>29) * 0xbf58476d1ce4e5b9
		h >>= 53 // 11 bits
		f[h/64] |= 1 << (h % 64)
	}
	return f
}

// holds is how much of another fingerprint stands in this one; all of an empty one,
// about which nothing is known.
func (f *fingerprint) holds(of *fingerprint) float64 {
	both, all := 0, 0
	for i := range f {
		both += bits.OnesCount64(f[i] & of[i])
		all += bits.OnesCount64(of[i])
	}
	if all == 0 {
		return 1
	}
	return float64(both) / float64(all)
}

// Alike is from how much on two texts are about the same thing; see
// [Candidate.Alike]. Texts of one language that are not share up to a third.
const Alike = 0.5

func wants(wish, have category.Category) bool {
	if wish == category.Unknown {
		return have == category.Utility || have == category.Marketing
	}
	return wish == have
}

// sameLanguage reports whether a template in one language reads well to those
// who are written to in another: the same, or one of another country. Chinese is
// written otherwise in other countries.
func sameLanguage(wish, have string) bool {
	wish, have = Language(wish), Language(have)
	if wish == "" || strings.EqualFold(wish, have) {
		return true
	}
	if !strings.EqualFold(base(wish), base(have)) {
		return false
	}
	return !strings.EqualFold(base(wish), "zh") || !strings.Contains(wish, "_") || !strings.Contains(have, "_")
}

// fillable is the body of a template that texts in its body alone can fill.
func fillable(d *Definition) (string, bool) {
	body := ""
	for i := range d.Components {
		k := &d.Components[i]
		switch strings.ToUpper(k.Type) {
		case "BODY":
			body = k.Text
		case "HEADER":
			if n, _ := demand(k.Text); n > 0 || k.Format != "" && !is(k.Format, "TEXT") {
				return "", false
			}
		case "FOOTER":
		case "BUTTONS":
			for j := range k.Buttons {
				switch b := &k.Buttons[j]; strings.ToUpper(b.Type) {
				case "QUICK_REPLY", "PHONE_NUMBER", "REQUEST_CONTACT_INFO", "VOICE_CALL", "FLOW", "CATALOG":
				case "URL":
					if b.Dynamic() || b.OTP() {
						return "", false
					}
				default:
					return "", false
				}
			}
		default:
			return "", false
		}
	}
	return body, body != ""
}

// fixed is a text without its placeholders.
func fixed(text string) string {
	var b strings.Builder
	from := 0
	for x := (scanner{text: text}); x.next(); {
		b.WriteString(text[from:x.start])
		b.WriteByte(0) // nothing goes over it
		from = x.end
	}
	b.WriteString(text[from:])
	return b.String()
}

// trigrams are the groups of three characters of a text, in lower case and
// without marks of writing: they serve every script. A zero byte parts a text.
func trigrams(s string) map[[3]rune]bool {
	out := map[[3]rune]bool{}
	var last [3]rune
	n := 0
	push := func(r rune) {
		if r == ' ' && last[2] == ' ' {
			return
		}
		last = [3]rune{last[1], last[2], r}
		if n++; n > 2 {
			out[last] = true
		}
	}
	for _, r := range s {
		if r == 0 {
			last, n = [3]rune{}, 0
			continue
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			push(unicode.ToLower(r))
		} else {
			push(' ')
		}
		if len(out) == maxTrigrams {
			break
		}
	}
	return out
}

// maxTrigrams bounds what is compared of one text.
const maxTrigrams = 4096

// share is how much of a set stands in another one.
func share(in, of map[[3]rune]bool) float64 {
	if len(of) == 0 {
		return 0
	}
	n := 0
	for t := range of {
		if in[t] {
			n++
		}
	}
	return float64(n) / float64(len(of))
}

// unfill finds the values with which a text says some words, up to white space: each
// placeholder takes what stands before the next fixed part.
func unfill(text, words string) ([]Value, bool) {
	text, words = oneLine(text), oneLine(words)
	_, named := demand(text)
	var values []Value
	given := map[string]string{}
	from, rest := 0, words
	token := "" // of the placeholder that takes what comes
	take := func(part string, last bool) bool {
		switch {
		case token == "":
			if !strings.HasPrefix(rest, part) {
				return false
			}
			rest = rest[len(part):]
			return true
		case last && part == "":
			given[token], rest = rest, ""
			return true
		case part == "":
			return false // two placeholders touch: what is whose is not known
		}
		i := strings.Index(rest, part)
		if last {
			i = len(rest) - len(part)
			if i < 0 || rest[i:] != part {
				return false
			}
		}
		if i <= 0 {
			return false
		}
		value := rest[:i]
		if was, twice := given[token]; twice && was != value {
			return false
		}
		given[token], rest = value, rest[i+len(part):]
		return true
	}
	for x := (scanner{text: text}); x.next(); {
		if !take(text[from:x.start], false) {
			return nil, false
		}
		token, from = x.token, x.end
	}
	if !take(text[from:], true) || rest != "" {
		return nil, false
	}
	seen := map[string]bool{}
	for x := (scanner{text: text}); x.next(); {
		if seen[x.token] {
			continue
		}
		seen[x.token] = true
		v := Value{Type: "text", Text: given[x.token]}
		if named {
			v.Name = x.token
			values = append(values, v)
			continue
		}
		n := ordinal(x.token)
		for len(values) < n {
			values = append(values, Value{Type: "text"})
		}
		values[n-1] = v
	}
	return values, true
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
