package text

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// A Token is a word, a number, a character of a script that writes no spaces,
// or a symbol: a byte range of the folded text.
//
// Words and numbers end where the other begins, so that "ak47", "AK-47" and
// "ak 47" are the same two tokens. Punctuation and spaces are no tokens.
type Token struct {
	Start, End int32
	Kind       Kind
}

// Kind is the sort of a token.
type Kind uint8

const (
	Word   Kind = iota + 1 // letters with their marks
	Number                 // decimal digits, ASCII after folding
	Char                   // one character of Han, kana, Thai and the like
	Symbol                 // a currency sign, a per cent sign, an emoji
)

// Tokens is the folded text cut into tokens. It is worked out once after the
// last Add.
func (b *Buffer) Tokens() []Token {
	if b.read {
		return b.tokens
	}
	b.read = true
	out, ts, odd := b.out, b.tokens[:0], b.odd[:0]
	last := -2 // end of the token before
	lastOne, lastWord := false, false
	for i := 0; i < len(out); {
		c, n := ascii[out[i]], 1
		if c == wide {
			c, n = classAt(out, i)
		}
		if c == gap || c == mark { // a mark without a letter is nothing
			i += n
			continue
		}
		start, kind, one := i, Symbol, false
		switch c {
		case letter:
			kind = Word
			if i = lettersEnd(out, start+n); i < len(out) && out[i] >= utf8.RuneSelf {
				i = wordEnd(out, i)
			}
			one = i == start+n
		case digit:
			kind = Number
			for i++; i < len(out) && ascii[out[i]] == digit; i++ {
			}
		case single:
			kind = Char
			i = marksEnd(out, i+n)
		default:
			if lastWord && out[i] == '$' && i == last+1 && out[last] == '!' {
				odd = append(odd, int32(len(ts))) // wh!$ky
			}
			i = marksEnd(out, i+n)
			if len(ts) > 0 && start-last <= 3 && parts(out, ts[len(ts)-1], start, i) {
				odd = append(odd, int32(len(ts))) // g🔥l, gl%6fck
			}
		}
		// What might be a word in disguise: letters beside digits, parts of a
		// word with one mark between them, single letters in a row.
		if kind < Char && start > 0 {
			before := out[start-1]
			apart := before == ' ' // as most are
			if (one || kind == Number && i == start+1) && lastOne || !apart && (start == last || kind == Word && start == last+1 && lastWord && before > ' ' || touches(out, start, start-last)) {
				odd = append(odd, int32(len(ts)))
			}
		}
		if kind == Word && i < len(out) && out[i] == '@' {
			odd = append(odd, int32(len(ts))) // vodk@
		}
		last, lastOne, lastWord = i, one, kind == Word
		ts = append(ts, Token{int32(start), int32(i), kind})
	}
	b.tokens, b.odd = ts, odd
	return ts
}

// touches reports whether the mark in front of a word or number, with so much between it and the token
// before, may be part of a word in disguise: @ssault, 6|0(k, &#103;lock, and the beginning of a hashtag. It is
// kept out of the loop, which is faster for it.
//
//go:noinline
func touches(out []byte, start, gap int) bool {
	switch out[start-1] {
	case '@':
		return true
	case '#':
		return ascii[out[start]] != digit || start > 1 && out[start-2] == '&'
	case '|', '(', ';':
		return gap == 1
	}
	return false
}

// parts reports whether the symbol from start to end may part a word that began with the token before
// it: it touches letters on both sides, or letters by themselves stand there, or it is a letter that flags are made of,
// like that token.
func parts(out []byte, before Token, start, end int) bool {
	word := out[before.Start:before.End]
	if indicator(out[start:end]) != 0 {
		return indicator(word) != 0
	}
	gap := start - int(before.End)
	if before.Kind != Word || gap > 1 {
		return false
	}
	next := byte(' ')
	if end < len(out) {
		next = out[end]
	}
	switch {
	case gap == 1:
		return next == ' ' && oneRune(word)
	case out[start] == '$': // bu$, and no US$ 50
		return ascii[next] != digit && (next != ' ' || end+1 >= len(out) || ascii[out[end+1]] != digit)
	}
	return ascii[next] == letter || ascii[next] == wide || ascii[next] == digit && out[start] == '%'
}

// lettersEnd is the end of the ASCII letters at i, looked for eight at a time:
// most words end within the first eight, and no branch has to be guessed.
func lettersEnd(out []byte, i int) int {
	for i+8 <= len(out) {
		w := binary.LittleEndian.Uint64(out[i:])
		low := w &^ highBits
		letters := (low + (0x80-'a')*ones) &^ (low + (0x7F-'z')*ones) &^ w & highBits
		if letters != highBits {
			return i + bits.TrailingZeros64(letters^highBits)/8
		}
		i += 8
	}
	for i < len(out) && ascii[out[i]] == letter {
		i++
	}
	return i
}

// wordEnd is the end of the word that goes on at i.
func wordEnd(out []byte, i int) int {
	for i < len(out) {
		c := ascii[out[i]]
		if c == letter {
			i++
			continue
		}
		if c != wide {
			break
		}
		c, n := classAt(out, i)
		if c != letter && c != mark {
			break
		}
		i += n
	}
	return i
}

func marksEnd(out []byte, i int) int {
	for i < len(out) && out[i] >= utf8.RuneSelf {
		c, n := classAt(out, i)
		if c != mark {
			break
		}
		i += n
	}
	return i
}
