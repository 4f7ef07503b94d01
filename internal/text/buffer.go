package text

import (
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

// A Buffer holds folded text and the way back to the original. Add folds one
// piece of text behind those already there; pieces are parted by a line break,
// so that nothing runs from one into the next.
//
// A Buffer is meant to be kept and used again: after the first few texts it
// allocates nothing. The zero Buffer is ready. It is not safe for concurrent
// use, and what its methods return is good until the next Add or Reset.
type Buffer struct {
	out     []byte
	anchors []anchor
	parts   []part
	tokens  []Token
	read    bool    // tokens are those of out
	odd     []int32 // tokens that may go with the one before in another reading
	spare   []byte
	turned  []anchor
	hiding
}

// An anchor says that from the folded byte out on, originals stand at in and
// run on in step, until the next anchor.
type anchor struct{ out, in int32 }

type part struct {
	out    int32 // where the part begins in the folded text
	anchor int32 // its first anchor
	src    string
}

// Max is the number of bytes a Buffer takes in all, original text and folded
// text each.
const Max = 1 << 30

// Reset empties the buffer and keeps its memory.
func (b *Buffer) Reset() {
	clear(b.parts) // let go of the caller's strings
	b.out, b.anchors, b.parts = b.out[:0], b.anchors[:0], b.parts[:0]
	b.tokens, b.odd, b.read = b.tokens[:0], b.odd[:0], false
}

// Add folds s behind what is there. It panics beyond [Max] bytes; callers bound
// their input long before that.
func (b *Buffer) Add(s string) {
	if len(s) > Max-len(b.out) {
		panic("text: more than 1 GiB in one buffer")
	}
	if len(b.parts) > 0 {
		b.out = append(b.out, '\n')
	}
	b.parts = append(b.parts, part{out: int32(len(b.out)), anchor: int32(len(b.anchors)), src: s})
	b.anchors = append(b.anchors, anchor{int32(len(b.out)), 0})
	b.read = false
	if b.fold(s) {
		b.unmask()
	}
	b.out = slices.Grow(b.out, memoBytes) // so that the last words can be remembered, too
}

// Bytes is the folded text: UTF-8 that folds to itself.
func (b *Buffer) Bytes() []byte { return b.out }

// Parts is the number of texts added.
func (b *Buffer) Parts() int { return len(b.parts) }

// Part tells which text the folded byte at i came from, counted from 0. A break
// between two parts counts to the one before it.
func (b *Buffer) Part(i int) int {
	if len(b.parts) < 2 {
		return 0
	}
	k, found := slices.BinarySearchFunc(b.parts, int32(i), func(p part, i int32) int { return int(p.out - i) })
	if !found {
		k--
	}
	return max(k, 0)
}

// PartEnd is the folded offset at which part k ends.
func (b *Buffer) PartEnd(k int) int {
	if k+1 < len(b.parts) {
		return int(b.parts[k+1].out) - 1
	}
	return len(b.out)
}

// Origin is the place of the folded bytes [from, to) in the text they came
// from: the number of the part and a byte range of it that begins and ends on
// rune boundaries. A range that runs over several parts is cut at the end of
// its first. Accents that were dropped stay with the letter before them.
func (b *Buffer) Origin(from, to int) (part, start, end int) {
	if len(b.parts) == 0 {
		return 0, 0, 0
	}
	from = b.runeStart(min(max(from, 0), len(b.out)))
	part = b.Part(from)
	to = min(max(to, from), b.PartEnd(part))
	src := b.parts[part].src
	start = b.in(part, from)
	if to <= from {
		return part, start, start
	}
	end = b.in(part, b.runeStart(to-1))
	_, n := utf8.DecodeRuneInString(src[end:])
	for end += n; end < len(src) && src[end] >= utf8.RuneSelf; end += n {
		var r rune
		r, n = utf8.DecodeRuneInString(src[end:])
		if e := entryOf(r); e&drop == 0 || class(e>>classShift)&classMask != mark || invisible(r) {
			break
		}
	}
	return part, start, end
}

// invisible reports characters that are dropped and no part of the letter before
// them: the invisible ones, from U+200B on.
func invisible(r rune) bool { return r >= 0x200B && r <= 0x206F || r == 0xFEFF || r == utf8.RuneError }

// runeStart backs up to the beginning of a folded character.
func (b *Buffer) runeStart(i int) int {
	for i > 0 && i < len(b.out) && !utf8.RuneStart(b.out[i]) {
		i--
	}
	return i
}

// in is the original offset of the folded character at i, within its part.
func (b *Buffer) in(part, i int) int {
	if i >= b.PartEnd(part) {
		return len(b.parts[part].src)
	}
	as := b.anchors[b.parts[part].anchor:]
	if part+1 < len(b.parts) {
		as = b.anchors[b.parts[part].anchor:b.parts[part+1].anchor]
	}
	k, found := slices.BinarySearchFunc(as, int32(i), func(a anchor, i int32) int { return int(a.out - i) })
	if !found {
		k--
	}
	return int(as[k].in) + i - int(as[k].out)
}

const (
	highBits = 0x8080808080808080
	ones     = 0x0101010101010101
)

// fold appends the folded form of s. It reports whether a Latin letter stands
// beside a Cyrillic or Greek one, which unmask then looks into.
func (b *Buffer) fold(s string) (mixed bool) {
	base := len(b.out)
	out := slices.Grow(b.out, len(s)+16)
	out = out[:cap(out)]
	k, i := base, 0
	delta := -base // in - out of the last anchor
	alien := false
	for i < len(s) {
		if k+80 > len(out) { // the longest spelling is far shorter
			out = slices.Grow(out[:k], len(s)-i+128)
			out = out[:cap(out)]
		}
		if i-k != delta {
			delta = i - k
			b.anchors = append(b.anchors, anchor{int32(k), int32(i)})
		}
		c := s[i]
		if c < utf8.RuneSelf {
			if alien && k > base && out[k-1] >= utf8.RuneSelf && ascii[c] == letter {
				mixed = true
			}
			if i+8 <= len(s) && s[i+7] < utf8.RuneSelf && s[i+1] < utf8.RuneSelf {
				n := i
				for i+8 <= len(s) && k+8 <= len(out) {
					w := load8(s, i)
					if w&highBits != 0 {
						break
					}
					// Bytes are compared to A and Z eight at a time: a carry
					// into the top bit of each tells.
					upper := ((w + (0x80-'A')*ones) ^ (w + (0x7F-'Z')*ones)) & highBits
					binary.LittleEndian.PutUint64(out[k:], w|upper>>2)
					i += 8
					k += 8
				}
				if i > n {
					continue
				}
			}
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			out[k] = c
			i++
			k++
			continue
		}
		r, n := rune(0), 0
		switch {
		case c >= 0xC2 && c < 0xE0 && i+1 < len(s) && follows(s[i+1]):
			r, n = two(c, s[i+1]), 2
		case c&0xF0 == 0xE0 && i+2 < len(s) && follows(s[i+1]) && follows(s[i+2]):
			r, n = three(c, s[i+1], s[i+2]), 3
		}
		if r < 0x80 || n == 3 && (r < 0x800 || r >= 0xD800 && r < 0xE000) { // long, or not sound
			if r, n = utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && n == 1 {
				i++
				continue
			}
		}
		e := entryOf(r)
		if e&(drop|swap|spell) == 0 || e&swap != 0 {
			if class(e>>classShift)&foreign != 0 {
				alien = true
				if k > base && ascii[out[k-1]] == letter || i+n < len(s) && ascii[s[i+n]] == letter {
					mixed = true
				}
			}
			if e&swap != 0 {
				r = rune(e & valueMask)
			}
			switch {
			case r < utf8.RuneSelf:
				mixed = mixed || alien && ascii[r] == letter && k > base && out[k-1] >= utf8.RuneSelf
				out[k] = byte(r)
				k++
			case r < 0x800:
				out[k], out[k+1] = 0xC0|byte(r>>6), 0x80|byte(r)&0x3F
				k += 2
			case r < 0x10000:
				out[k], out[k+1], out[k+2] = 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F
				k += 3
			default:
				k += utf8.EncodeRune(out[k:], r)
			}
			i += n
			continue
		}
		mixed = mixed || alien // a letter may follow that nobody compares with the one before
		if e&drop == 0 {
			for _, r := range spelled[e&valueMask] {
				if i-k != delta {
					delta = i - k
					b.anchors = append(b.anchors, anchor{int32(k), int32(i)})
				}
				k += utf8.EncodeRune(out[k:], r)
				alien = alien || classOf(r)&foreign != 0
			}
			mixed = mixed || alien
		}
		i += n
	}
	b.out = out[:k]
	return mixed
}

func load8(s string, i int) uint64 {
	_ = s[i+7]
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
		uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
}

// Fold is the folded form of s.
func Fold(s string) string {
	var b Buffer
	b.Add(s)
	return string(b.out)
}
