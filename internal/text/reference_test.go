package text

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

var write = flag.Bool("write", false, "write table.go anew from x/text")

// byHand is what x/text does not say: letters without a decomposition that
// people type in place of a plain one, and digits that are only pictures of
// digits.
var byHand = func() map[rune]string {
	m := map[rune]string{
		'ı': "i", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ŧ': "t", 'æ': "ae", 'œ': "oe",
		'ƒ': "f", 'ɡ': "g", 'ɑ': "a", 'ɩ': "i", 'ɪ': "i", 'ʏ': "y", 'ʀ': "r", 'ɴ': "n", 'ʟ': "l", 'ʜ': "h", 'ɢ': "g", 'ʙ': "b",
		'ᴀ': "a", 'ᴄ': "c", 'ᴅ': "d", 'ᴇ': "e", 'ꜰ': "f", 'ᴊ': "j", 'ᴋ': "k", 'ᴍ': "m", 'ᴏ': "o", 'ᴘ': "p",
		'ǫ': "q", 'ꜱ': "s", 'ᴛ': "t", 'ᴜ': "u", 'ᴠ': "v", 'ᴡ': "w", 'ᴢ': "z",
		// Arabic spellings that vary by country and keyboard.
		'ى': "ي", 'ة': "ه", 'ک': "ك", 'ی': "ي", 'ٱ': "ا",
		// Hindi writes the nasal either way.
		'ँ': "ं",
		// Spaces, lines, dashes and quotes that no normal form joins.
		0x1680: " ", 0x85: "\n", 0x2028: "\n", 0x2029: "\n",
		'‘': "'", '’': "'", '‛': "'", 'ʼ': "'", '′': "'", '“': `"`, '”': `"`, '„': `"`, '‟': `"`, '″': `"`,
		'⁄': "/", '∕': "/", '٪': "%",
	}
	for _, d := range "‐‑‒–—―−⁃﹘﹣" {
		m[d] = "-"
	}
	for i := range rune(10) {
		digit := string('0' + i)
		for _, zero := range []rune{'❶' - 1, '➀' - 1, '➊' - 1, '⓵' - 1} {
			if i > 0 {
				m[zero+i] = digit
			}
		}
	}
	m['⓿'], m['❿'], m['➉'], m['➓'], m['⓾'], m['🄋'], m['🄌'] = "0", "10", "10", "10", "10", "0", "0"
	for i := range rune(10) {
		m['⓫'+i] = fmt.Sprint(11 + i)
	}
	for i := range rune(26) { // white letters in black circles and squares
		m[0x1F150+i], m[0x1F170+i] = string('a'+i), string('a'+i)
	}
	return m
}()

var ignored = &unicode.RangeTable{
	R16: []unicode.Range16{{0x034F, 0x034F, 1}, {0x0640, 0x0640, 1}, {0x115F, 0x1160, 1}, {0x17B4, 0x17B5, 1}, {0x180B, 0x180F, 1},
		{0x2060, 0x206F, 1}, {0x3164, 0x3164, 1}, {0xFE00, 0xFE0F, 1}, {0xFFA0, 0xFFA0, 1}},
	R32: []unicode.Range32{{0xE0000, 0xE01EF, 1}},
}

func dropped(r rune) bool { return unicode.In(r, ignored, unicode.Cf) }

// accent reports a mark that is no letter of its own: everything on Latin,
// Greek and Cyrillic letters, vowel marks of Arabic and Hebrew, the dot that
// Devanagari and its kin put under borrowed letters. Vowel signs stay, and so
// do the voicing marks of kana.
func accent(r rune) bool {
	if !unicode.In(r, unicode.Mn, unicode.Me) || r == 0x3099 || r == 0x309A {
		return false
	}
	switch r {
	case 0x093C, 0x09BC, 0x0A3C, 0x0ABC, 0x0B3C, 0x0C3C, 0x0CBC:
		return true
	}
	return unicode.In(r, unicode.Inherited, unicode.Common, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew, unicode.Syriac)
}

// reference is what a code point folds to on its own, worked out from x/text.
func reference(r rune) string {
	if r >= 0xAC00 && r <= 0xD7A3 {
		return string(r) // whole syllables; taking them apart would triple Korean text
	}
	fold := cases.Fold()
	s := string(r)
	for round := 0; ; round++ {
		if round == 8 {
			panic(fmt.Sprintf("%U does not settle: %q", r, s))
		}
		var b strings.Builder
		for _, r := range s {
			if w, ok := byHand[r]; ok {
				b.WriteString(w)
				continue
			}
			for _, r := range unenclosed(norm.NFKD.String(string(r))) {
				switch w, ok := byHand[r]; {
				case dropped(r) || accent(r):
				case ok:
					b.WriteString(w)
				case unicode.Is(unicode.Nd, r):
					b.WriteByte(decimal(r))
				case unicode.Is(unicode.Cherokee, r):
					b.WriteRune(unicode.ToUpper(r)) // the one script that folds to upper case; x/text swaps the cases
				default:
					b.WriteString(fold.String(string(r)))
				}
			}
		}
		if b.String() == s {
			return s
		}
		s = b.String()
	}
}

// unenclosed takes the brackets from "(1)" and the stop from "1.", as single
// characters like ⑴ and ⒈ decompose.
func unenclosed(s string) string {
	rs := []rune(s)
	n := len(rs)
	if n > 2 && rs[0] == '(' && rs[n-1] == ')' {
		return string(rs[1 : n-1])
	}
	if n > 1 && (rs[n-1] == '.' || rs[n-1] == ',') && unicode.IsDigit(rs[0]) {
		return string(rs[:n-1])
	}
	return s
}

func decimal(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	panic("no decimal digit")
}

// noSpaces are the scripts that write words without spaces between them.
var noSpaces = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan}

func referenceClass(r rune) class {
	switch {
	case r == utf8Error:
		return gap
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc) || dropped(r):
		return mark
	case unicode.In(r, unicode.Nd):
		return digit
	case r == '々' || r == '〇' || r == 'ー' || unicode.IsLetter(r) && unicode.In(r, noSpaces...):
		return single
	case unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.No):
		if unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee, unicode.Lisu) {
			return letter | foreign
		}
		return letter
	case unicode.In(r, unicode.Sc) || r == '%':
		return symbol
	case r > 0x7F && unicode.In(r, unicode.So):
		return symbol
	}
	return gap
}

const utf8Error = '\uFFFD'

func referenceEntry(r rune, long *[]string) uint32 {
	to := reference(r)
	rs := []rune(to)
	switch {
	case to == string(r):
		return uint32(referenceClass(r)) << classShift
	case to == "":
		return uint32(referenceClass(r))<<classShift | drop
	case len(rs) == 1:
		return uint32(referenceClass(rs[0]))<<classShift | swap | uint32(rs[0])
	}
	i := slices.Index(*long, to)
	if i < 0 {
		i = len(*long)
		*long = append(*long, to)
	}
	return uint32(referenceClass(rs[0]))<<classShift | spell | uint32(i)
}

// TestFoldTable holds the table against x/text for every code point there is.
// With -write it writes the table instead, after a Unicode upgrade.
func TestFoldTable(t *testing.T) {
	if *write {
		writeTable(t)
		return
	}
	var b Buffer
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xD800 && r < 0xE000 {
			continue
		}
		want := reference(r)
		b.Reset()
		b.fold(string(r)) // without the look at mixed words, for ㎂ decomposes to one
		if got := string(b.Bytes()); got != want {
			t.Fatalf("%U folds to %q, x/text says %q; after a Unicode upgrade run: go generate ./internal/text", r, got, want)
		}
		if want == string(r) && classOf(r) != referenceClass(r) {
			t.Fatalf("%U has class %d, want %d", r, classOf(r), referenceClass(r))
		}
	}
}

func writeTable(t *testing.T) {
	var long []string
	var blocks [][]uint32
	index := make([]int, 0, tableRunes/blockSize)
	for lo := rune(0); lo < tableRunes; lo += blockSize {
		block := make([]uint32, blockSize)
		for i := range block {
			block[i] = referenceEntry(lo+rune(i), &long)
		}
		k := slices.IndexFunc(blocks, func(b []uint32) bool { return slices.Equal(b, block) })
		if k < 0 {
			k = len(blocks)
			blocks = append(blocks, block)
		}
		index = append(index, k)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "// Code generated by go test -run TestFoldTable -write; DO NOT EDIT.\n\npackage text\n\n")
	fmt.Fprintf(&out, "// Unicode %s, normal forms of %s.\n\nvar blockOf = [...]uint16{", unicode.Version, norm.Version)
	for i, k := range index {
		if i%24 == 0 {
			out.WriteString("\n")
		}
		fmt.Fprintf(&out, "%d,", k)
	}
	fmt.Fprintf(&out, "\n}\n\nvar entries = [...]uint32{")
	for _, b := range blocks {
		for i, e := range b {
			if i%16 == 0 {
				out.WriteString("\n")
			}
			fmt.Fprintf(&out, "%#x,", e)
		}
	}
	fmt.Fprintf(&out, "\n}\n\nvar spelled = [...]string{")
	for _, s := range long {
		fmt.Fprintf(&out, "\n%q,", s)
	}
	out.WriteString("\n}\n")
	src, err := format.Source(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("table.go", src, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d blocks, %d spelled", len(blocks), len(long))
}
