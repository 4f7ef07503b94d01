package text

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// An alias is another reading of the tokens [first, end): one symbol.
type alias struct{ first, end, sym int32 }

// A hiding is the memory a Buffer keeps for second readings.
type hiding struct {
	aliases []alias
	joined  []byte  // letters of a run put together
	starts  []int32 // where each token of the run begins in joined
	known   []known // of each token as it stands there
	begun   []int32 // tokens nobody asked about that may stand for a word, or begin one
	back    []alias // the tokens as they were read
	tried   int     // runs from tokens before this one have been looked into
}

// stretched reports whether some letter stands three times in a row, or what
// might be one: it looks at bytes, eight at a time.
func stretched(out []byte) bool {
	i := 0
	for ; i+10 <= len(out); i += 8 {
		a := binary.LittleEndian.Uint64(out[i:])
		b := binary.LittleEndian.Uint64(out[i+1:])
		c := binary.LittleEndian.Uint64(out[i+2:])
		if x := (a ^ b) | (b ^ c); (x-ones)&^x&highBits != 0 {
			// Digits and dots repeat in ordinary text; letters hardly do.
			for k := bits.TrailingZeros64((x-ones)&^x&highBits) / 8; k < 8; k++ {
				if out[i+k] == out[i+k+1] && out[i+k] == out[i+k+2] && ascii[out[i+k]] == letter {
					return true
				}
			}
		}
	}
	for ; i+2 < len(out); i++ {
		if out[i] == out[i+1] && out[i] == out[i+2] && ascii[out[i]] == letter {
			return true
		}
	}
	return false
}

// stretchedWide is stretched for letters of two bytes: Cyrillic, Arabic.
func stretchedWide(out []byte) bool {
	for i := 0; i+5 < len(out); i++ {
		if c := out[i+1]; c >= 0x80 && c < 0xC0 && c == out[i+3] && c == out[i+5] && out[i] == out[i+2] && out[i] == out[i+4] && out[i] >= 0xC0 {
			return true
		}
	}
	return false
}

// findHidden reads tokens that may hide a word a second way, and appends the
// hits that need such a reading. long tells that some word is drawn out.
func (p *Phrases) findHidden(hits []Hit, b *Buffer, long bool) []Hit {
	b.aliases, b.tried = b.aliases[:0], 0
	ts := b.tokens
	i := 0
	for _, odd := range b.odd {
		for end := int(odd); i < end && long; {
			i = p.disguised(b, i, long)
		}
		for i = max(i, int(odd)-1); i <= int(odd); {
			i = p.disguised(b, i, long)
		}
	}
	for long && i < len(ts) {
		i = p.disguised(b, i, long)
	}
	if len(b.begun) > 0 {
		p.guised(b)
	}
	if len(b.aliases) == 0 {
		return hits
	}
	// The automaton again, over the tokens with the second readings in place. It begins
	// where no phrase before the first of them can have begun earlier, and ends where none
	// behind the last goes on.
	from := int(b.aliases[0].first)
	for n := 1; n < MaxWords && from > 0 && b.known[from-1].sym > 0; n++ {
		from--
	}
	back := b.back[:0]
	part := b.Part(int(ts[from].Start))
	s, border := int32(0), b.PartEnd(part)
	next := 0
	for i := int32(from); int(i) < len(ts) && (next < len(b.aliases) || s != 0); {
		for int(ts[i].Start) > border {
			part++
			border = b.PartEnd(part)
			s = 0
		}
		r := alias{i, i + 1, 0}
		if next < len(b.aliases) && b.aliases[next].first == i {
			r = b.aliases[next]
			next++
		} else {
			r.sym = max(b.known[i].sym, 0)
		}
		i = r.end
		back = append(back, r)
		if r.sym == 0 {
			s = 0
			continue
		}
		s = p.step(s, r.sym)
		if next == 0 {
			continue
		}
		// A word of a hashtag has the token to itself only if it is the last.
		end := max(r.end, r.first+1)
		last := max(b.aliases[next-1].end, b.aliases[next-1].first+1)
		for h := s; h != 0; h = p.states[h].fail {
			for _, e := range p.endings(h) {
				first := back[len(back)-int(e.size())].first
				if last > first { // only what takes in a second reading is new
					hits = append(hits, Hit{Phrase: e.phrase(), First: first, End: end, Hidden: true})
				}
			}
		}
	}
	b.back = back
	return hits
}

// disguised looks for a hidden word at token i, notes its reading, and returns
// the token to go on from. long tells that some word is drawn out; words beyond ASCII may be
// in any case.
func (p *Phrases) disguised(b *Buffer, i int, long bool) int {
	t := b.tokens[i]
	if t.Kind > Number && b.indicator(i) == 0 {
		return i + 1
	}
	if t.Kind > Number {
		if end := b.flags(i); end > i {
			return end
		}
		return max(p.spaced(b, i), i+1)
	}
	if mayEscape(b.out, t) {
		if end := p.escaped(b, i); end > i {
			return end
		}
	}
	if end := p.leet(b, i); end > i {
		return end // the letters of one word belong together
	}
	if i >= b.tried {
		if end := p.spaced(b, i); end > i {
			return end
		}
	}
	if word := b.out[t.Start:t.End]; t.Kind == Word && mayDraw(word, long) {
		if sym := p.unstretched(b, word); sym != 0 {
			b.aliases = append(b.aliases, alias{int32(i), int32(i + 1), sym})
			return i + 1
		}
	}
	if t.Kind == Word && t.Start > 0 && b.out[t.Start-1] == '#' && b.known[i].sym <= 0 {
		p.hashtag(b, i)
	}
	return i + 1
}

// mayDraw reports whether a word may hold a letter three times in a row.
func mayDraw(word []byte, long bool) bool {
	for i, c := range word {
		if c >= utf8.RuneSelf || long && i > 1 && c == word[i-1] && c == word[i-2] {
			return true
		}
	}
	return false
}

// maxRun bounds how many tokens are joined to one word, so that a text of
// single letters costs no more than another.
const maxRun = 32

// spaced reads letters that are written apart (g l o c k, g.l.o.c.k, g🔥l🔥o🔥c🔥k, 🇬🇱🇴🇨🇰) and words
// broken by a mark (pis.tol, gl*ock, gl🔥ock). It cuts the run into words of the
// vocabulary, longest first. It returns i when there is no such run.
func (p *Phrases) spaced(b *Buffer, i int) int {
	ts := b.tokens
	if i+1 == len(ts) || !b.linked(i+1) {
		return i
	}
	joined, starts := b.joined[:0], b.starts[:0]
	j := i
	for j < len(ts) && j-i < maxRun && (j == i || b.linked(j)) {
		word := b.out[ts[j].Start:ts[j].End]
		starts = append(starts, int32(len(joined)))
		switch {
		case ts[j].Kind == Word:
			joined = append(joined, word...)
		case ts[j].Kind == Number && len(word) == 1 && j > i: // g l 0 c k
			joined = append(joined, leetLetters[0][word[0]])
		case ts[j].Kind == Symbol && indicator(word) != 0:
			joined = append(joined, indicator(word))
		case ts[j].Kind == Symbol && j > i: // a mark between letters
		default:
			starts = starts[:len(starts)-1]
		}
		if len(starts) == j-i {
			break
		}
		j++
	}
	b.joined, b.starts = joined, starts
	if j-i < 2 {
		return i
	}
	found := false
	for k := 0; k < j-i; {
		if t := &ts[i+k]; t.Kind == Symbol && indicator(b.out[t.Start:t.End]) == 0 {
			k++
			continue
		}
		n, sym := p.words.longest(joined[starts[k]:])
		end := k + 1
		for end < len(starts) && int(starts[end]) < int(starts[k])+n {
			end++
		}
		// Three letters at least, over two tokens at least, and whole tokens.
		whole := end == len(starts) && int(starts[k])+n == len(joined) || end < len(starts) && int(starts[end]) == int(starts[k])+n
		if sym != 0 && whole && end-k >= 2 && utf8.RuneCount(joined[starts[k]:int(starts[k])+n]) >= 3 {
			b.aliases = append(b.aliases, alias{int32(i + k), int32(i + end), sym})
			k, found = end, true
			continue
		}
		k++
	}
	if !found {
		b.tried = j
		if j-i == maxRun {
			b.tried = j - maxRun/2 // words that begin near the cut
		}
		return i
	}
	return j
}

// linked reports whether token j may be the same word as the token before it:
// two single letters with at most three characters of one kind between them, or each on a
// line of its own, or parts with one mark and no space between them.
func (b *Buffer) linked(j int) bool {
	x, y := &b.tokens[j-1], &b.tokens[j]
	between := b.out[x.End:y.Start]
	if len(between) == 1 && between[0] > ' ' && between[0] < utf8.RuneSelf && between[0] != '\'' {
		return true
	}
	if x.Kind == Symbol || y.Kind == Symbol {
		if b.indicator(j-1) != 0 || b.indicator(j) != 0 {
			return len(between) <= 3 && b.indicator(j-1) != 0 && b.indicator(j) != 0 && b.oneLine(x, y)
		}
		return b.parted(j) || b.parted(j-1)
	}
	if len(between) > 3 || !oneRune(b.out[x.Start:x.End]) || !oneRune(b.out[y.Start:y.End]) {
		return false
	}
	return b.oneLine(x, y) || b.alone(x) && b.alone(y) && b.Part(int(x.Start)) == b.Part(int(y.Start))
}

// oneLine reports whether no line breaks between two tokens.
func (b *Buffer) oneLine(x, y *Token) bool { return bytes.IndexByte(b.out[x.End:y.Start], '\n') < 0 }

// alone reports whether a token is all that stands on its line.
func (b *Buffer) alone(t *Token) bool {
	from, to := int(t.Start), int(t.End)
	for from > 0 && b.out[from-1] == ' ' {
		from--
	}
	for to < len(b.out) && (b.out[to] == ' ' || b.out[to] == '\r') {
		to++
	}
	return (from == 0 || b.out[from-1] == '\n') && (to == len(b.out) || b.out[to] == '\n')
}

// parted reports whether token j is an emoji between letters: parts of a word that touch it, or
// letters by themselves, each a space away at most, of which the next stands behind an emoji, too.
func (b *Buffer) parted(j int) bool {
	if j < 1 || j+1 >= len(b.tokens) {
		return false
	}
	x, t, y := &b.tokens[j-1], &b.tokens[j], &b.tokens[j+1]
	if x.Kind != Word || y.Kind != Word || t.Kind != Symbol || b.out[t.Start] < utf8.RuneSelf || b.indicator(j) != 0 {
		return false
	}
	if x.End == t.Start && t.End == y.Start {
		return true
	}
	space := func(x, y *Token) bool { return x.End == y.Start || x.End+1 == y.Start && b.out[x.End] == ' ' }
	again := func(k int) bool { return k >= 0 && k < len(b.tokens) && b.tokens[k].Kind == Symbol }
	return space(x, t) && space(t, y) && oneRune(b.out[x.Start:x.End]) && oneRune(b.out[y.Start:y.End]) && (again(j-2) || again(j+2))
}

func oneRune(b []byte) bool {
	_, n := utf8.DecodeRune(b)
	return n == len(b)
}

// leetLetters are the digits and marks that are drawn like letters. 1, ! and |
// can be i or l, so there are two readings. A bracket is one only where [opens] says so.
var leetLetters = func() (t [2][128]byte) {
	for k, l := range [2]byte{'i', 'l'} {
		for i := range t[k] {
			if ascii[i] == letter {
				t[k][i] = byte(i)
			}
		}
		set := map[byte]byte{'0': 'o', '1': l, '2': 'z', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g', '@': 'a', '$': 's', '!': l, '|': l, '+': 't', '(': 'c'}
		for c, r := range set {
			t[k][c] = r
		}
	}
	return t
}()

// drawnLike are those that are no letters themselves.
var drawnLike = func() (t [256]bool) {
	for c, l := range leetLetters[0] {
		t[c] = l != 0 && l != byte(c)
	}
	return t
}()

// leetCyrillic is the same for words of Cyrillic letters.
var leetCyrillic = [2][128]rune{
	{'0': 'о', '3': 'з', '4': 'ч', '6': 'б', '1': 'и', '@': 'а', '$': 'с', '!': 'и'},
	{'0': 'о', '3': 'е', '4': 'а', '6': 'б', '1': 'л', '@': 'а', '$': 'с', '!': 'л'},
}

// leet reads words with digits and marks in place of letters (gl0ck, p1st@l).
// Two or more digits at the end are a number (gl0ck19).
func (p *Phrases) leet(b *Buffer, i int) int {
	out := b.out
	t := &b.tokens[i]
	start, end := int(t.Start), int(t.End)
	if t.Kind == Word && (end == len(out) || !drawnLike[out[end]]) && (start == 0 || !drawnLike[out[start-1]]) {
		return i // neither a mark nor a digit touches it
	}
	first := start // marks in front may be letters, too, where the word begins with them
	for first > 0 && (out[first-1] == '@' || out[first-1] == '$' || out[first-1] == '!') {
		first--
	}
	if first < start && (first == 0 || out[first-1] <= ' ') {
		if end := p.leetFrom(b, i, first); end > i {
			return end
		}
	}
	if start > 0 && (out[start-1] == '@' || out[start-1] == '$') {
		start--
	}
	return p.leetFrom(b, i, start)
}

// leetFrom reads a word of which token i is the first, but for marks.
func (p *Phrases) leetFrom(b *Buffer, i, start int) int {
	out := b.out
	if start > 0 && (ascii[out[start-1]] == letter || ascii[out[start-1]] == digit) {
		return i // in the middle of a word
	}
	end, letters, others := start, 0, 0
	cyrillic := false
	for end < len(out) && end-start < 2*maxRun {
		if c := out[end]; c >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(out[end:])
			if classOf(r) != letter|foreign {
				break
			}
			cyrillic = true
			letters++
			end += n
			continue
		}
		if leetLetters[0][out[end]] == 0 || out[end] == '(' && (cyrillic || opens(out, end)) {
			break
		}
		if ascii[out[end]] == letter {
			letters++
		} else {
			others++
		}
		end++
	}
	tail := end
	for tail > start && ascii[out[tail-1]] == digit {
		tail--
	}
	if end-tail >= 2 {
		others -= end - tail
		end = tail
	}
	// A mark at the end is a letter where the word holds others and one is made of it.
	for letters > 0 && others > 0 && end-start >= 3 {
		c := out[end-1]
		ends := c == '!' || c == '|' || c == '+'
		if !ends || others > 1 {
			if j := p.drawn(b, i, start, end, cyrillic); j > i {
				return j
			}
		}
		if !ends {
			break
		}
		end--
		others--
	}
	return i
}

// bracketed is how many bytes behind a bracket the one that closes it is looked for.
const bracketed = 64

// opens reports whether a bracket opens something, and is no letter c inside of a word.
func opens(out []byte, i int) bool {
	if i == 0 || i+1 >= len(out) || out[i-1] <= ' ' || out[i+1] >= utf8.RuneSelf || out[i+1] == '(' || leetLetters[0][out[i+1]] == 0 {
		return true
	}
	return bytes.IndexByte(out[i:min(len(out), i+bracketed)], ')') >= 0
}

// drawn reads what stands from start to end, of which token i is the first, with marks and
// digits as letters, and returns the token behind it; i where that is no word.
func (p *Phrases) drawn(b *Buffer, i, start, end int, cyrillic bool) int {
	ts, out := b.tokens, b.out
	j := i
	for j < len(ts) && int(ts[j].Start) < end {
		j++
	}
	if j > i && int(ts[j-1].End) > end {
		return i
	}
	for k := range leetLetters {
		joined := b.joined[:0]
		for _, c := range out[start:end] {
			switch r := leetCyrillic[k][c&127]; {
			case c >= utf8.RuneSelf:
				joined = append(joined, c)
			case cyrillic && r != 0:
				joined = utf8.AppendRune(joined, r)
			default:
				joined = append(joined, leetLetters[k][c])
			}
		}
		b.joined = joined
		if sym := p.words.find(joined); sym != 0 {
			b.aliases = append(b.aliases, alias{int32(i), int32(j), sym})
			return j
		}
	}
	return i
}

// unstretched is the symbol of a word with letters drawn out (gloooock): runs of
// three and more are read as one letter, and as two.
func (p *Phrases) unstretched(b *Buffer, word []byte) int32 {
	for keep := 1; keep <= 2; keep++ {
		joined := b.joined[:0]
		long := false
		for i := 0; i < len(word); {
			r, n := utf8.DecodeRune(word[i:])
			j := i + n
			run := 1
			for j < len(word) {
				q, m := utf8.DecodeRune(word[j:])
				if q != r {
					break
				}
				j += m
				run++
			}
			if run >= 3 {
				long = true
				run = keep
			}
			for range run {
				joined = utf8.AppendRune(joined, r)
			}
			i = j
		}
		b.joined = joined
		if !long {
			return 0
		}
		if sym := p.words.find(joined); sym != 0 {
			return sym
		}
	}
	return 0
}
