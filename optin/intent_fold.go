package optin

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// How a folded character takes part in words.
const (
	runeGap    = iota // parts words: a space, a bracket, an emoji nobody listed
	runeDrop          // counts as not written: zero-width, accents, tatweel
	runeWord          // belongs to a word
	runeSingle        // is a word by itself: scripts that do not part words
	runeComma         // parts a sentence softly
	runeStop          // ends a sentence
	runeAsk           // ends a question
	runeTick          // apostrophe
)

// foldTable covers the characters below this one; what lies above is worked
// out when met.
const foldTableSize = 0x2000

type foldEntry struct {
	to   rune
	kind uint8
}

// A folder brings characters to the form the word lists are kept in.
type folder struct {
	table   [foldTableSize]foldEntry
	variant map[rune]rune // Han variants, listed with the words
	symbol  map[rune]bool // emoji that are words
}

func newFolder(variant map[rune]rune, symbol map[rune]bool) *folder {
	f := &folder{variant: variant, symbol: symbol}
	for r := range rune(foldTableSize) {
		to, kind := f.work(r)
		f.table[r] = foldEntry{to, kind}
	}
	return f
}

func (f *folder) rune(r rune) (rune, uint8) {
	if r < foldTableSize {
		e := &f.table[r]
		return e.to, e.kind
	}
	return f.work(r)
}

func (f *folder) work(r rune) (rune, uint8) {
	switch {
	case f.symbol[r]:
		return r, runeSingle
	case r >= 0xAC00 && r <= 0xD7A3:
		return r, runeWord
	case r >= 0x4E00 && r <= 0x9FFF:
		if v, ok := f.variant[r]; ok {
			return v, runeSingle
		}
		return r, runeSingle
	case r >= 0x200B && r <= 0x200F, r == 0x2060, r == 0xFEFF, r == 0xAD, r >= 0xFE00 && r <= 0xFE0F,
		r >= 0x1F3FB && r <= 0x1F3FF:
		return 0, runeDrop
	case r >= 0x300 && r <= 0x36F, r >= 0x610 && r <= 0x61A, r >= 0x64B && r <= 0x65F, r == 0x670, r == 0x640,
		r >= 0x6D6 && r <= 0x6ED, r == 0x93C, r == 0x9BC:
		return 0, runeDrop
	}
	switch r {
	case '\'', '’', '‘', 'ʼ', '`', '´':
		return r, runeTick
	case ',', ';', ':', '(', ')', '/', '|', '"', '“', '”', '„', '«', '»', '–', '—', '،', '؛', '\uFF0C', '、', '\uFF1A', '\uFF1B', '「', '」', '『', '』', '*', '~':
		return r, runeComma
	case '.', '!', '\n', '\r', '…', '。', '\uFF01', '\uFF0E', '।', '॥', '۔', '¡', '•':
		return r, runeStop
	case '?', '\uFF1F', '؟':
		return r, runeAsk
	case 'й', 'Й':
		return 'й', runeWord
	case 'ß':
		return 's', runeWord
	case 'ı', 'İ':
		return 'i', runeWord
	case 'đ', 'Đ', 'ð':
		return 'd', runeWord
	case 'ł', 'Ł':
		return 'l', runeWord
	case 'ø', 'Ø', 'œ', 'Œ':
		return 'o', runeWord
	case 'æ', 'Æ':
		return 'a', runeWord
	case 'ة', 'ہ', 'ھ', 'ۃ', 'ە':
		return 'ه', runeWord
	case 'ى', 'ی', 'ې', 'ئ', 'ے':
		return 'ي', runeWord
	case 'ؤ':
		return 'و', runeWord
	case 'ک':
		return 'ك', runeWord
	case 'ٱ':
		return 'ا', runeWord
	case 'ँ':
		return 'ं', runeWord
	case 'ঁ':
		return 0, runeDrop
	}
	if r >= 0x80 {
		var b [utf8.UTFMax]byte
		n := utf8.EncodeRune(b[:], r)
		if d := norm.NFKD.Properties(b[:n]).Decomposition(); len(d) > 0 {
			if first, _ := utf8.DecodeRune(d); first != r && first != ' ' {
				return f.work(first)
			}
		}
	}
	r = unicode.ToLower(r)
	switch {
	case r >= 0x0E00 && r <= 0x0EFF, r >= 0x1000 && r <= 0x109F, r >= 0x1780 && r <= 0x17FF:
		if unicode.In(r, unicode.L, unicode.M) {
			return r, runeSingle
		}
		return r, runeGap
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana), r == 'ー':
		return r, runeSingle
	case unicode.In(r, unicode.L, unicode.Nd, unicode.M):
		return r, runeWord
	}
	return r, runeGap
}

// Breaks before a token.
const (
	sepNone = iota
	sepComma
	sepStop
)

const maxStems = 6

// A token is one word of the folded text and where it was in the original.
type token struct {
	fs, fe int32 // in scan.folded
	os, oe int32 // in the original text
	sep    uint8 // the strongest break before it
	asked  bool  // a question mark follows it
	n      uint8
	ids    [maxStems + 1]int32 // entries of the word trie it can stand for, most exact first
}

// split folds text and parts it into tokens, at most maxTokens.
func (f *folder) split(folded []byte, toks []token, text string) ([]byte, []token) {
	const maxTokens = 1024
	sep := uint8(sepStop)
	open := false // a word is being read
	tick := false // an apostrophe was just met inside a word
	for i := 0; i < len(text); {
		if len(toks) >= maxTokens {
			break
		}
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		to, kind := f.rune(r)
		if kind == runeWord && !open && (to == 'h' || to == 'w') {
			if skip := linkLen(text[i:]); skip > 0 {
				toks = append(toks, token{fs: int32(len(folded)), fe: int32(len(folded)), os: int32(i), oe: int32(i + skip), sep: sep})
				sep, i = sepNone, i+skip
				continue
			}
		}
		switch kind {
		case runeDrop:
		case runeWord:
			if !open || tick && !shortEnding(text[i:]) {
				toks = append(toks, token{fs: int32(len(folded)), os: int32(i), sep: sep})
				sep = sepNone
			}
			open, tick = true, false
			folded = utf8.AppendRune(folded, to)
			t := &toks[len(toks)-1]
			t.fe, t.oe = int32(len(folded)), int32(i+n)
		case runeSingle:
			start := int32(len(folded))
			folded = utf8.AppendRune(folded, to)
			toks = append(toks, token{fs: start, fe: int32(len(folded)), os: int32(i), oe: int32(i + n), sep: sep})
			sep, open, tick = sepNone, false, false
		case runeTick:
			tick = open
		case runeComma:
			open, sep = false, max(sep, sepComma)
		case runeStop:
			open, sep = false, sepStop
		case runeAsk:
			if open || len(toks) > 0 {
				toks[len(toks)-1].asked = true
			}
			open, sep = false, sepStop
		default:
			open = false
		}
		i += n
	}
	return folded, toks
}

// shortEnding reports whether what follows an apostrophe belongs to the word
// before it, as in don't and I'm, and not to the next, as in l'abonnement.
func shortEnding(rest string) bool {
	n := 0
	for n < len(rest) && n < 3 && (rest[n]|0x20) >= 'a' && (rest[n]|0x20) <= 'z' {
		n++
	}
	switch n {
	case 1:
		c := rest[0] | 0x20
		return (c == 't' || c == 's' || c == 'm' || c == 'd') && (len(rest) == 1 || rest[1] < utf8.RuneSelf)
	case 2:
		a, b := rest[0]|0x20, rest[1]|0x20
		return a == 'r' && b == 'e' || a == 'v' && b == 'e' || a == 'l' && b == 'l'
	}
	return false
}

// linkLen is the length of the web address text begins with, or 0. Words
// inside an address are nobody's words.
func linkLen(text string) int {
	if !hasFoldPrefix(text, "http://") && !hasFoldPrefix(text, "https://") && !hasFoldPrefix(text, "www.") {
		return 0
	}
	for i := 0; i < len(text); i++ {
		if text[i] <= ' ' {
			return i
		}
	}
	return len(text)
}

func hasFoldPrefix(s, p string) bool {
	if len(s) < len(p) {
		return false
	}
	for i := 0; i < len(p); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != p[i] {
			return false
		}
	}
	return true
}

// lookAlikes maps Cyrillic and Greek letters to the Latin ones they are
// written for.
var lookAlikes = func() (t [0x500]byte) {
	for i, r := range []rune("авекмнорстухѕіјһԁԛԝαβεικμνορτυχ") {
		if r < 0x500 {
			t[r] = "abekmhopctyxsijhdqwabeikmvoptux"[i]
		}
	}
	return t
}()

// variants writes other spellings of an unknown word to out and tries each:
// stretched letters pulled together, look-alike letters and digits written for
// letters replaced.
func variants(word, out []byte, try func([]byte) bool) bool {
	if len(word) > 48 {
		return false
	}
	plain := word
	var latin [64]byte
	if l := toLatin(latin[:0], word); l != nil {
		if try(l) {
			return true
		}
		plain = l
	}
	if longestRun(plain) < 2 {
		return false
	}
	for _, keep := range [...]int{2, 1} {
		if v := shorten(out[:0], plain, keep, 3); len(v) != len(plain) && try(v) {
			return true
		}
	}
	if v := shorten(out[:0], plain, 1, 2); len(v) >= 4 && try(v) {
		return true
	}
	return false
}

// toLatin returns word in Latin letters when look-alikes or digits stand for
// some of them, and nil when nothing would change or other letters remain.
func toLatin(out, word []byte) []byte {
	changed := false
	letters := false
	for i := 0; i < len(word); {
		r, n := utf8.DecodeRune(word[i:])
		i += n
		switch {
		case r >= 'a' && r <= 'z':
			letters = true
			out = append(out, byte(r))
		case r == '0':
			changed, out = true, append(out, 'o')
		case r == '1':
			changed, out = true, append(out, 'i')
		case r == '5':
			changed, out = true, append(out, 's')
		case r == '4':
			changed, out = true, append(out, 'a')
		case r < 0x500 && lookAlikes[r] != 0:
			changed, letters = true, true
			out = append(out, lookAlikes[r])
		default:
			return nil
		}
	}
	if !changed || !letters {
		return nil
	}
	return out
}

func longestRun(w []byte) int {
	best := 0
	var last rune = -1
	run := 0
	for i := 0; i < len(w); {
		r, n := utf8.DecodeRune(w[i:])
		i += n
		if r == last {
			run++
		} else {
			last, run = r, 1
		}
		best = max(best, run)
	}
	return best
}

// shorten keeps at most keep letters of each run of at least from.
func shorten(out, w []byte, keep, from int) []byte {
	for i := 0; i < len(w); {
		r, n := utf8.DecodeRune(w[i:])
		j, run := i, 0
		for j < len(w) {
			q, m := utf8.DecodeRune(w[j:])
			if q != r {
				break
			}
			j, run = j+m, run+1
		}
		k := run
		if run >= from {
			k = keep
		}
		out = append(out, w[i:i+k*n]...)
		i = j
	}
	return out
}
