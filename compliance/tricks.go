package compliance

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/policy"
)

// A Trick is something in the words that shows a reader other than what is there.
type Trick struct {
	Kind  string
	Place string
	Span  policy.Span
}

// Kinds of tricks. None of them has a use in an honest message.
const (
	trickLabel   = "label-names-another-site" // a button says one site and opens another
	trickAddress = "address-hides-its-site"   // https://bank.example@elsewhere.example
	trickScripts = "address-mixes-scripts"    // a letter of another alphabet that looks alike
	trickTurn    = "text-runs-backwards"      // characters that turn the order of what is read
	trickUnseen  = "word-holds-unseen"        // characters nobody sees, inside a word
)

var trickWhy = map[string]string{
	trickLabel:   "The button's label names one site and its address opens another.",
	trickAddress: "What stands before the @ of this address looks like its site and is not.",
	trickScripts: "The site in this address mixes letters of alphabets that look alike.",
	trickTurn:    "Characters in this text make it read in another order than it is written.",
	trickUnseen:  "A word in this text holds characters that nobody sees.",
}

// tricks appends what it finds in the texts of a message. A text without any of the
// few bytes a trick needs costs a scan for them.
func tricks(texts []Text, found []Trick) []Trick {
	for i := range texts {
		t := &texts[i]
		found = unseen(t, found)
		for at := 0; ; {
			k := strings.Index(t.Words[at:], "://")
			if k < 0 {
				break
			}
			at += k + len("://")
			found = address(t, at, found)
		}
		if parent, ok := strings.CutSuffix(t.Place, "url"); ok && i > 0 && strings.HasPrefix(texts[i-1].Place+".", parent) {
			if span, other := namesAnother(texts[i-1].Words, t.Words); other {
				found = append(found, Trick{trickLabel, texts[i-1].Place, span})
			}
		}
	}
	return found
}

func unseen(t *Text, found []Trick) []Trick {
	turned, hidden := false, false
	for at := 0; at < len(t.Words); at++ {
		// the characters looked for begin with one of two bytes
		k := strings.IndexByte(t.Words[at:], 0xE2)
		if other := strings.IndexByte(t.Words[at:], 0xEF); other >= 0 && (k < 0 || other < k) {
			k = other
		}
		if k < 0 {
			break
		}
		at += k
		r, size := utf8.DecodeRuneInString(t.Words[at:])
		span := policy.Span{Start: at, End: at + size}
		switch r {
		case '\u202D', '\u202E':
			if !turned {
				turned = true
				found = append(found, Trick{trickTurn, t.Place, span})
			}
		case '\u200B', '\u2060', '\uFEFF':
			before, _ := utf8.DecodeLastRuneInString(t.Words[:span.Start])
			next, _ := utf8.DecodeRuneInString(t.Words[span.End:])
			if !hidden && spaced(before) && spaced(next) {
				hidden = true
				found = append(found, Trick{trickUnseen, t.Place, span})
			}
		}
	}
	return found
}

// spaced reports whether a letter is of a script that puts spaces between words:
// where none are put, characters nobody sees say where a line may break.
func spaced(r rune) bool { return unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek) }

// address looks at the site of an address that begins at a byte.
func address(t *Text, at int, found []Trick) []Trick {
	rest := t.Words[at:]
	if end := strings.IndexAny(rest, "/?#\\ \n\t\"'<>"); end >= 0 {
		rest = rest[:end]
	}
	if user, _, ok := strings.Cut(rest, "@"); ok {
		found = append(found, Trick{trickAddress, t.Place, policy.Span{Start: at, End: at + len(user) + 1}})
		return found
	}
	if ascii(rest) {
		return found
	}
	for label := range strings.SplitSeq(rest, ".") {
		latin, other := false, false
		for _, r := range label {
			latin = latin || unicode.Is(unicode.Latin, r)
			other = other || unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee)
		}
		if latin && other {
			return append(found, Trick{trickScripts, t.Place, policy.Span{Start: at, End: at + len(rest)}})
		}
	}
	return found
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// namesAnother reports whether a label names a site that is neither the one its
// address opens, nor one above or below it.
func namesAnother(label, url string) (policy.Span, bool) {
	_, host, ok := strings.Cut(url, "://")
	if !ok {
		return policy.Span{}, false
	}
	if end := strings.IndexAny(host, "/?#:\\"); end >= 0 {
		host = host[:end]
	}
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	for at := 0; at < len(label); {
		end := len(label)
		if n := strings.IndexFunc(label[at:], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("()<>[],;:!?\"'", r) }); n >= 0 {
			end = at + n
		}
		word := strings.Trim(label[at:end], ".")
		if site(word) {
			named := strings.TrimPrefix(strings.ToLower(word), "www.")
			if slash := strings.IndexByte(named, '/'); slash >= 0 {
				named = named[:slash]
			}
			if named != host && !strings.HasSuffix(host, "."+named) && !strings.HasSuffix(named, "."+host) {
				start := at + strings.Index(label[at:end], word)
				return policy.Span{Start: start, End: start + len(word)}, true
			}
		}
		_, size := utf8.DecodeRuneInString(label[end:])
		at = end + max(size, 1)
	}
	return policy.Span{}, false
}

// site reports whether a word is written like the name of a site: shop.example,
// with two letters or more at the end and nothing else a name has not.
func site(word string) bool {
	word, _, _ = strings.Cut(word, "/")
	dot := strings.LastIndexByte(word, '.')
	if dot < 1 {
		return false
	}
	end := word[dot+1:]
	if len(end) < 2 || len(end) > 24 || strings.ContainsRune(word, '@') {
		return false
	}
	for _, r := range end {
		if r < 'a' || r > 'z' { // as sites are written; "St.Gallen" is none
			return false
		}
	}
	return word[dot-1] != '.'
}
