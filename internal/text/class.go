package text

import "unicode/utf8"

// A class says how a folded character takes part in words.
type class uint8

const (
	gap    class = iota // parts words: spaces, punctuation, controls
	letter              // belongs to a word
	mark                // goes on with whatever stands before it
	digit               // belongs to a number
	single              // a word by itself: scripts that write no spaces
	symbol              // a word by itself: currency signs, per cent, emoji
)

// foreign is a bit beside letter: Cyrillic, Greek, Armenian, Cherokee or Lisu, whose letters can
// pass for Latin ones.
const foreign class = 8

const (
	classShift = 24
	classMask  = 7
)

// What the table says of a code point, in the upper bits; the lower 21 bits
// are the code point it becomes, or its place in spelled.
const (
	drop  uint32 = 1 << 28
	swap  uint32 = 1 << 29
	spell uint32 = 1 << 30

	valueMask  = 1<<21 - 1
	blockSize  = 64
	tableRunes = 0x110000
)

func entryOf(r rune) uint32 {
	return entries[int(blockOf[uint32(r)/blockSize])*blockSize+int(uint32(r)%blockSize)]
}

func classOf(r rune) class { return class(entryOf(r)>>classShift) & 15 }

// classAt is the class of the folded character at b[i:], and its length. Folded text is sound
// UTF-8, so that the first byte tells all; those of one byte are in ascii.
func classAt(b []byte, i int) (class, int) {
	switch c := b[i]; {
	case c >= 0xC2 && c < 0xE0 && i+1 < len(b):
		return classOf(two(c, b[i+1])) & classMask, 2
	case c >= 0xE0 && c < 0xF0 && i+2 < len(b):
		return classOf(three(c, b[i+1], b[i+2])) & classMask, 3
	}
	r, n := utf8.DecodeRune(b[i:])
	return classOf(r) & classMask, n
}

// two and three are the characters that so many bytes spell.
func two(a, b byte) rune      { return rune(a&0x1F)<<6 | rune(b&0x3F) }
func three(a, b, c byte) rune { return rune(a&0x0F)<<12 | rune(b&0x3F)<<6 | rune(c&0x3F) }

// follows reports whether a byte goes on with a character.
func follows(b byte) bool { return b&0xC0 == 0x80 }

// ascii is the class of a byte below 0x80; other bytes are wide.
var ascii = func() (t [256]class) {
	for c := range t {
		switch {
		case c >= 0x80:
			t[c] = wide
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			t[c] = letter
		case '0' <= c && c <= '9':
			t[c] = digit
		case c == '$' || c == '%':
			t[c] = symbol
		}
	}
	return t
}()

// wide stands in ascii for bytes whose class needs the whole character.
const wide class = 255
