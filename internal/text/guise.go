package text

import (
	"slices"
	"unicode/utf8"
)

// turned are letters that look like Latin ones set upside down: what they are where they
// stand in the place of the letter, and what they are when a whole word is turned and so runs
// backwards. Letters that are another one when turned are in it, too.
var turned = map[rune]byte{
	'ɐ': 'a', 'ɔ': 'c', 'ǝ': 'e', 'ɘ': 'e', 'ɟ': 'f', 'ƃ': 'g', 'ᵷ': 'g', 'ɥ': 'h', 'ᴉ': 'i', 'ɾ': 'j', 'ʞ': 'k', 'ꞁ': 'l', 'ɯ': 'm',
	'ɹ': 'r', 'ʇ': 't', 'ʌ': 'v', 'ʍ': 'w', 'ʎ': 'y',
}

// low are the letters below U+0600 by what they may stand for, nearly all there are.
var low = func() (t [0x600]struct {
	latin  byte
	turned bool
}) {
	for r, l := range latinOf {
		if int(r) < len(t) {
			t[r].latin = byte(l)
		}
	}
	for r, l := range turned {
		if int(r) < len(t) {
			t[r].latin, t[r].turned = l, true
		}
	}
	return t
}()

// standsFor is the Latin letter that a letter beyond ASCII may stand for, 0 if none, and whether it is that
// one turned.
func standsFor(r rune) (latin byte, isTurned bool) {
	switch {
	case int(r) < len(low):
		return low[r].latin, low[r].turned
	case r >= 0x13A0 && r < 0x1400 || r >= 0xA4D0 && r < 0xA500: // Cherokee and Lisu
		return byte(latinOf[r]), false
	case r >= 0x1D00 && r < 0x1D80 || r == 'ꞁ':
		l := turned[r]
		return l, l != 0
	}
	return 0, false
}

var turnedBack = func() (t [utf8.RuneSelf]byte) {
	for _, c := range "iloszx" {
		t[c] = byte(c)
	}
	for _, p := range []string{"bq", "dp", "nu"} {
		t[p[0]], t[p[1]] = p[1], p[0]
	}
	return t
}()

// Of what a word is read another way letter by letter.
const (
	fewGuised  = 4  // letters that it has at least: three are too soon a word
	manyGuised = 32 // and at most
)

// A guise is the symbol of what a word that nobody asked about may stand for by its letters
// alone: one of letters of another script that all pass for Latin ones, one with turned letters, one with
// every letter doubled. 0 is none. Words of a script whose letters pass are for [Buffer.disguises]
// to tell from those of its languages.
func (p *Phrases) guise(word []byte) int32 {
	if len(word) < fewGuised || len(word) > 4*manyGuised {
		return 0
	}
	if sym := p.undoubled(word); sym != 0 {
		return sym
	}
	var room [manyGuised]byte
	latin, turns, other := room[:0], false, false
	for i := 0; i < len(word); {
		r, n := rune(word[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(word[i:])
			l, isTurned := standsFor(r)
			if l == 0 {
				return 0
			}
			turns, other, r = turns || isTurned, other || !isTurned, rune(l)
		}
		if len(latin) == len(room) {
			return 0
		}
		latin = append(latin, byte(r))
		i += n
	}
	if len(latin) < fewGuised || !turns && !other {
		return 0
	}
	if turns && !other {
		if sym := p.backwards(word); sym != 0 {
			return sym
		}
	}
	return p.words.find(latin)
}

// backwards is the symbol of a word that is turned as a whole.
func (p *Phrases) backwards(word []byte) int32 {
	var room [manyGuised]byte
	at := len(room)
	for i := 0; i < len(word); {
		r, n := utf8.DecodeRune(word[i:])
		i += n
		c := turned[r]
		if r < utf8.RuneSelf {
			c = turnedBack[r]
		}
		if c == 0 {
			return 0
		}
		at--
		room[at] = c
	}
	return p.words.find(room[at:])
}

// undoubled is the symbol of a word in which every letter stands twice, or more often.
func (p *Phrases) undoubled(word []byte) int32 {
	if c := word[0]; c < utf8.RuneSelf && (word[1] != c || ascii[c] != letter) {
		return 0
	}
	_, n := utf8.DecodeRune(word)
	if len(word) < 6*n || string(word[:n]) != string(word[n:2*n]) {
		return 0
	}
	var room [manyGuised * utf8.UTFMax]byte
	once := room[:0]
	for i := 0; i < len(word); {
		r, n := utf8.DecodeRune(word[i:])
		run := 0
		for i < len(word) {
			if q, _ := utf8.DecodeRune(word[i:]); q != r {
				break
			}
			i += n
			run++
		}
		if run < 2 {
			return 0
		}
		for range run / 2 {
			once = utf8.AppendRune(once, r)
		}
	}
	return p.words.find(once)
}

// disguises reports whether words of look-alikes of other scripts are meant as Latin ones: no
// word of the text has a letter of those scripts that passes for none, and most words
// are of another script. Russian has both "рот" and the letters that tell it is Russian.
func (b *Buffer) disguises() bool {
	pass, others := 0, 0
	for i := range b.tokens {
		t := &b.tokens[i]
		if t.Kind != Word {
			if t.Kind == Char {
				others++
			}
			continue
		}
		alien := false
		for _, r := range string(b.out[t.Start:t.End]) {
			if r >= utf8.RuneSelf && classOf(r)&foreign != 0 {
				if _, ok := latinOf[r]; !ok {
					return false
				}
				alien = true
			}
		}
		if alien {
			pass++
		} else {
			others++
		}
	}
	return pass <= others
}

// guised adds the readings of words that nobody asked about by their letters alone, and of two in a row that
// make one (glo ck), to tokens that have no other second reading.
func (p *Phrases) guised(b *Buffer) {
	found := b.aliases
	n, next := len(found), 0
	judged, meant := false, false
	last := int32(0) // end of the reading before
	for _, i := range b.begun {
		for next < n && found[next].end <= i {
			next++
		}
		if i < last || next < n && found[next].first <= i {
			continue
		}
		r := alias{i, i + 1, -b.known[i].sym}
		if r.sym == 0 {
			if next < n && found[next].first == i+1 {
				continue
			}
			r.end, r.sym = i+2, p.halves(b, int(i))
		} else if b.alien(b.tokens[i]) {
			if !judged {
				judged, meant = true, b.disguises()
			}
			if !meant {
				continue
			}
		}
		if r.sym != 0 {
			b.aliases = append(b.aliases, r)
			last = r.end
		}
	}
	sortAliases(b.aliases, n)
}

// Of a word that a space parts, and neither half of which anybody asked about.
const (
	fewHalf   = 2 // letters of a half
	fewHalves = 5 // and of both
)

// begins is the cell at which a word ends that begins others; 0 if it begins none, or is too long.
func (p *Phrases) begins(word []byte) uint32 {
	if len(word) < fewHalf || len(word) > memoBytes {
		return 0 // what is remembered costs nothing again
	}
	cells, at := p.words.cells, uint32(0)
	for _, c := range word {
		next := cells[at].base + uint32(c)
		if cells[next].label() != c {
			return 0
		}
		at = next
	}
	return at
}

// goesOn reports whether the token behind i is one that nobody asked about, either, and begins as a word goes on
// that token i begins. Hardly any does.
func (p *Phrases) goesOn(b *Buffer, i int) bool {
	if i+1 == len(b.tokens) || b.known[i+1].sym > 0 {
		return false
	}
	cells, at, second := p.words.cells, b.known[i].to, b.out[b.tokens[i+1].Start:b.tokens[i+1].End]
	for _, c := range second[:min(len(second), 2*fewHalf)] {
		at = cells[at].base + uint32(c)
		if cells[at].label() != c {
			return false
		}
	}
	return true
}

// halves is the symbol of the word that token i and the next one make, a space between them.
func (p *Phrases) halves(b *Buffer, i int) int32 {
	x, y := &b.tokens[i], &b.tokens[i+1]
	if x.Kind != Word || y.Kind != Word || y.Start != x.End+1 || b.out[x.End] != ' ' {
		return 0
	}
	first, second := utf8.RuneCount(b.out[x.Start:x.End]), utf8.RuneCount(b.out[y.Start:y.End])
	if first < fewHalf || second < fewHalf || first+second < fewHalves {
		return 0
	}
	cells, at := p.words.cells, b.known[i].to
	for _, c := range b.out[y.Start:y.End] {
		at = cells[at].base + uint32(c)
		if cells[at].label() != c {
			return 0
		}
	}
	e := p.words.ends[cells[at].end()]
	if e.whole != 0 {
		return e.whole
	}
	return e.prefix
}

// alien reports whether a word begins with a letter that can pass for a Latin one.
func (b *Buffer) alien(t Token) bool {
	r, _ := utf8.DecodeRune(b.out[t.Start:])
	return classOf(r)&foreign != 0
}

// sortAliases puts those from n on, which are in order, among those before, which are, too.
func sortAliases(as []alias, n int) {
	if n > 0 && n < len(as) {
		slices.SortStableFunc(as, func(a, b alias) int { return int(a.first - b.first) })
	}
}
