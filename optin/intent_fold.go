package optin

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// How a folded character takes part in words.
const (
	runeGap    = iota // parts words: a space, an emoji nobody listed
	runeWord          // belongs to a word
	runeSingle        // is a word by itself: scripts that do not part words
	runeComma         // parts a sentence softly
	runeStop          // ends a sentence
	runeAsk           // ends a question
	runeTick          // apostrophe
)

// foldTableSize is the first character the folder's table does not cover.
const foldTableSize = 0x2000

type foldEntry struct {
	to   rune
	kind uint8
}

// A folder parts folded text into words. The folding itself is internal/text's;
// what is added here joins letters that customers write for one another and
// that matching goods or card numbers must keep apart.
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
	}
	switch r {
	case '\'', '’', '‘', 'ʼ', '`', '´':
		return r, runeTick
	case ',', ';', ':', '(', ')', '/', '|', '"', '“', '”', '„', '«', '»', '–', '—', '،', '؛', '、', '「', '」', '『', '』', '*', '~':
		return r, runeComma
	case '.', '!', '\n', '\r', '…', '。', '।', '॥', '۔', '¡', '•':
		return r, runeStop
	case '?', '؟':
		return r, runeAsk
	case 'ة', 'ہ', 'ھ', 'ۃ', 'ە':
		return 'ه', runeWord
	case 'ى', 'ی', 'ې', 'ے':
		return 'ي', runeWord
	case 'ک':
		return 'ك', runeWord
	}
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

// A token is one word of the folded text.
type token struct {
	fs, fe int32 // in the words as split wrote them, one behind the other
	bs, be int32 // in the buffer's bytes, from which the original place is found
	sep    uint8 // the strongest break before it
	asked  bool  // a question mark follows it
	n      uint8
	ids    [maxStems + 1]int32 // entries of the word trie it can stand for, most exact first
}

// split parts folded text into tokens, at most maxTokens, and writes their
// words to words, one behind the other.
func (f *folder) split(words []byte, toks []token, folded []byte) ([]byte, []token) {
	const maxTokens = 1024
	sep := uint8(sepStop)
	open := false // a word is being read
	tick := false // an apostrophe was just met inside a word
	for i := 0; i < len(folded) && len(toks) < maxTokens; {
		r, n := rune(folded[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(folded[i:])
		}
		to, kind := f.rune(r)
		if kind == runeWord && !open && (to == 'h' || to == 'w') {
			if skip := linkLen(folded[i:]); skip > 0 {
				at := int32(len(words))
				toks = append(toks, token{fs: at, fe: at, bs: int32(i), be: int32(i + skip), sep: sep})
				sep, i = sepNone, i+skip
				continue
			}
		}
		switch kind {
		case runeWord:
			if !open || tick && !shortEnding(folded[i:]) {
				toks = append(toks, token{fs: int32(len(words)), bs: int32(i), sep: sep})
				sep = sepNone
			}
			open, tick = true, false
			words = utf8.AppendRune(words, to)
			t := &toks[len(toks)-1]
			t.fe, t.be = int32(len(words)), int32(i+n)
		case runeSingle:
			start := int32(len(words))
			words = utf8.AppendRune(words, to)
			toks = append(toks, token{fs: start, fe: int32(len(words)), bs: int32(i), be: int32(i + n), sep: sep})
			sep, open, tick = sepNone, false, false
		case runeTick:
			tick = open
		case runeComma:
			open, sep = false, max(sep, sepComma)
		case runeStop:
			open, sep = false, sepStop
		case runeAsk:
			if len(toks) > 0 {
				toks[len(toks)-1].asked = true
			}
			open, sep = false, sepStop
		default:
			open = false
		}
		i += n
	}
	return words, toks
}

// shortEnding reports whether what follows an apostrophe belongs to the word
// before it, as in don't and I'm, and not to the next, as in l'abonnement.
func shortEnding(rest []byte) bool {
	n := 0
	for n < len(rest) && n < 3 && rest[n] >= 'a' && rest[n] <= 'z' {
		n++
	}
	switch n {
	case 1:
		c := rest[0]
		return (c == 't' || c == 's' || c == 'm' || c == 'd') && (len(rest) == 1 || rest[1] < utf8.RuneSelf)
	case 2:
		switch string(rest[:2]) {
		case "re", "ve", "ll":
			return true
		}
	}
	return false
}

// linkLen is the length of the web address text begins with, or 0. Words
// inside an address are nobody's words.
func linkLen(text []byte) int {
	if !bytes.HasPrefix(text, []byte("http://")) && !bytes.HasPrefix(text, []byte("https://")) && !bytes.HasPrefix(text, []byte("www.")) {
		return 0
	}
	if i := bytes.IndexFunc(text, func(r rune) bool { return r <= ' ' }); i >= 0 {
		return i
	}
	return len(text)
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

// variant looks an unknown word up in other spellings: look-alike letters and
// digits written for letters replaced, stretched letters pulled together. All
// letters of a word may be look-alikes, which folding leaves as they are.
func (l *lexicon) variant(s *scan, t *token, word []byte) bool {
	if len(word) > len(s.latin) {
		return false
	}
	if latin := toLatin(s.latin[:0], word); latin != nil {
		if l.find(t, latin) {
			return true
		}
		word = latin
	}
	if longestRun(word) < 2 {
		return false
	}
	for _, keep := range [...]int{2, 1} {
		if v := shorten(s.short[:0], word, keep, 3); len(v) != len(word) && l.find(t, v) {
			return true
		}
	}
	v := shorten(s.short[:0], word, 1, 2)
	return len(v) >= 4 && l.find(t, v)
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
