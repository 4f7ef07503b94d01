package content

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/internal/text"
)

// Limits of what is tried around one number.
const (
	lettersBefore = 2 // groups of letters in front of the first digits: RSS MRA 85T10
	lettersWide   = 6 // letters in one of them
)

// strands looks for identifiers with letters in them. Every one holds digits, so
// it begins at the numbers, and takes in the words beside them that could belong.
func (c *Checker) strands(s *scratch) {
	ns := &s.numbers
	ts, out := s.buf.Tokens(), s.buf.Bytes()
	for n := range ns.groups {
		if ns.groups[n].spoken {
			continue
		}
		i := int(ns.groups[n].first)
		first := i
		for first > 0 && joins(ts, out, first) {
			first--
			if ts[first].Kind == text.Number {
				break
			}
		}
		if first < i && ts[first].Kind == text.Number {
			continue // not the first digits of their word
		}
		// The chunks around it: words of letters and digits without a gap.
		ns.chunks = ns.chunks[:0]
		ns.marks = ns.marks[:0]
		start := first
		for range lettersBefore {
			if start == 0 || ts[start-1].Kind != text.Word || !near(out, int(ts[start-1].End), int(ts[start].Start)) || !letters(out, ts[start-1]) ||
				joins(ts, out, start-1) {
				break
			}
			start--
		}
		anchor := int32(first)
		at, words := 0, 0 // words without a digit, in a row
		ahead := 0        // of at, what stands before the anchor and need not belong: sul conto IT60 ...
		for k := start; k < len(ts) && at-ahead <= longest; {
			end := k + 1
			for end < len(ts) && joins(ts, out, end) {
				end++
			}
			g := group{from: ts[k].Start, to: ts[end-1].End, first: int32(k), end: int32(end)}
			if int(g.to-g.from) > longest || ts[k].Kind != text.Number && ts[k].Kind != text.Word {
				break
			}
			marks, plain := lettersIn(out[g.from:g.to])
			if !plain || int32(k) > anchor && end-k == 1 && ts[k].Kind == text.Word && int(g.to-g.from) > lettersWide ||
				k > start && !near(out, int(ns.chunks[len(ns.chunks)-1].to), int(g.from)) {
				break
			}
			if words++; end-k > 1 || ts[k].Kind == text.Number {
				words = 0
			}
			if words > 1 && int32(k) > anchor {
				break // prose
			}
			g.n = g.to - g.from
			at += int(g.n)
			if g.first < anchor {
				ahead = at
			}
			ns.chunks, ns.marks = append(ns.chunks, g), append(ns.marks, marks)
			k = end
		}
		if at >= c.least(ns.named) {
			c.windows(s, anchor)
		}
	}
}

// least is the length of the shortest identifier with letters that is looked for, where
// labels stand in the message and where none does.
func (c *Checker) least(named bool) int {
	if named {
		return c.mixedFrom
	}
	return c.mixedBareFrom
}

// windows tries every row of chunks that takes in the one that begins at token anchor.
func (c *Checker) windows(s *scratch, anchor int32) {
	ns := &s.numbers
	out := s.buf.Bytes()
	for from := range ns.chunks {
		if ns.chunks[from].first > anchor {
			return
		}
		size := 0
		var letters uint64
		for to := from; to < len(ns.chunks); to++ {
			g := &ns.chunks[to]
			if size+int(g.n) > longest {
				break
			}
			letters |= ns.marks[to] << size
			size += int(g.n)
			if letters == 0 || g.first < anchor {
				continue
			}
			mark, kept := -1, false
			list := c.mixed[size]
			if !ns.named {
				list = c.mixedBare[size]
			}
			for _, sh := range list {
				if letters&sh.digit != 0 || ^letters&sh.letter != 0 || !c.worth(s, sh.detector) {
					continue
				}
				if mark < 0 {
					mark = len(ns.digits)
					for k := from; k <= to; k++ {
						w := &ns.chunks[k]
						w.at = int32(len(ns.digits))
						for _, ch := range out[w.from:w.to] {
							if ch <= '9' {
								ns.digits = append(ns.digits, ch-'0')
							} else {
								ns.digits = append(ns.digits, ch-'a'+10)
							}
						}
					}
				}
				n := len(ns.claims)
				c.candidate(s, sh.detector, ns.chunks[from:to+1], s.widths(ns.chunks[from:to+1]), true)
				if len(ns.claims) > n {
					cl := &ns.claims[n]
					cl.letters = true
					if int(cl.to) < len(out) && out[cl.to] == ')' && bytes.IndexByte(out[cl.from:cl.to], '(') >= 0 {
						cl.to++
					}
					kept = true
				}
			}
			if mark >= 0 && !kept {
				ns.digits = ns.digits[:mark]
			}
		}
	}
}

// joins reports whether a token goes on right where the one before it ends.
func joins(ts []text.Token, out []byte, i int) bool {
	return i > 0 && ts[i-1].End == ts[i].Start && ts[i].Kind <= text.Number && ts[i-1].Kind <= text.Number && out[ts[i].Start] < 0x80 && out[ts[i].Start-1] < 0x80
}

// lettersIn tells where a chunk holds letters, a bit a byte, and whether all of it is ASCII.
func lettersIn(b []byte) (marks uint64, plain bool) {
	for k, c := range b {
		if c >= 0x80 {
			return 0, false
		}
		if c > '9' {
			marks |= 1 << k
		}
	}
	return marks, true
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

func letters(out []byte, t text.Token) bool {
	switch string(out[t.Start:t.End]) {
	case "no", "nr", "num": // of "no. 123456"
		return false
	}
	return int(t.End-t.Start) <= lettersWide && ascii(out[t.Start:t.End])
}

// near reports whether one identifier may run over the gap: one separator, or a
// space and a bracket.
func near(out []byte, from, to int) bool {
	b := out[from:to]
	switch len(b) {
	case 0:
		return true
	case 1:
		switch b[0] {
		case ' ', '-', '.', '/', '_', '(', '\n':
			return true
		}
	case 2:
		return string(b) == " ("
	}
	return false
}

// series reports whether two groups are the series and the number of a Russian
// passport, "4508 № 123456".
func series(s *scratch, a, b *group) bool {
	if a.n != 4 && a.n != 2 || b.n != 6 || b.first != a.end+1 || a.tainted || b.tainted {
		return false
	}
	t := s.buf.Tokens()[a.end]
	switch string(s.buf.Bytes()[t.Start:t.End]) {
	case "no", "n", "номер":
		return true
	}
	return false
}

// sound tells whether a candidate of the tables holds up: what its tier asks for,
// and nothing that makes it a part of something else.
func (c *Checker) sound(s *scratch, d *detector, cl *claim, r *reading, w *words, grouped bool) bool {
	from, to := int(cl.from), int(cl.to)
	out := s.buf.Bytes()
	named := w.label >= labelBefore
	if d.how&touching != 0 {
		room := int32(0)
		if !digits(out[from:to]) && d.how&upper != 0 {
			room = 1
		}
		if named = named && w.gap <= room; !named && !cl.pending {
			return false
		}
		if !named {
			w.label = 0
		}
	}
	if d.class != cardAuth && cut(out, from, to) {
		return false
	}
	if d.how&touching != 0 && (d.class == personID || d.class == healthID) && !grouped && !cl.spoken && !(w.gap == 0 && evenly(s, cl)) {
		return false
	}
	if d.how&touching != 0 && from > 0 && out[from-1] >= 'a' && out[from-1] <= 'z' && !numero(s.buf.Tokens(), out, int(cl.first)) {
		return false // CC51627357 is an order more often than a cédula
	}
	if !named && (joined(out, from, to) || d.how&upper != 0 && !s.capitals(from, to)) || masked(out, from, to) {
		return false
	}
	if cl.pending {
		return w.other > otherBefore || named
	}
	if w.label > 0 {
		cl.note = r.tier == tierR
		return !cl.note || w.other > otherBefore
	}
	if d.how&needed != 0 {
		return false
	}
	switch r.tier {
	case tierA:
		return grouped || whole(out[from:to]) || d.odds <= 1e-4 // (709) 243-64-30 is a phone
	case tierF:
		return grouped
	}
	// Without a label there is a note at most, and only where nothing speaks against it.
	cl.note = d.how&noted != 0 && r.first && w.other == 0 && cl.whole && !c.spokenFor(s, cl.first)
	return cl.note
}

// The shortest digits alone that may be grouped freely, and the shortest first group of them: a phone
// is shorter, or begins with a code of its country or trunk.
const (
	freeDigits = 12
	freeFirst  = 4
)

// evenly reports whether one and the same mark parts all groups of what is no phone and no date, and
// holds no small letters: people group the number of a paper as they please.
func evenly(s *scratch, cl *claim) bool {
	out := s.buf.Bytes()[cl.from:cl.to]
	if cl.size < 8 || !s.capitals(int(cl.from), int(cl.to)) { // "passeport et 400 000"
		return false
	}
	mark, first, lettered := byte(0), 0, false
	for i, c := range out {
		switch {
		case c >= '0' && c <= '9':
		case c >= 'a' && c <= 'z':
			lettered = true
		case mark == 0 && (c == ' ' || c == '-' || c == '/'):
			mark, first = c, i
		case c != mark || out[i-1] == mark:
			return false
		}
	}
	if lettered {
		return first > 1 || out[0] <= '9' // not "patente B 02 1234 5678"
	}
	return cl.size >= freeDigits && first >= freeFirst && out[0] != '0'
}

// whole reports whether there is no separator among letters and digits.
func whole(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// joined reports whether a longer code runs on over a mark, as in REF-AB123456C
// or 12345678/A.
func joined(out []byte, from, to int) bool {
	word := func(i int) bool {
		return i >= 0 && i < len(out) && (out[i] >= 0x80 || out[i] >= '0' && out[i] <= '9' || out[i] >= 'a' && out[i] <= 'z')
	}
	mark := func(i int) bool { return i >= 0 && i < len(out) && bytes.IndexByte([]byte("-/_.=&#@+"), out[i]) >= 0 }
	return mark(from-1) && (word(from-2) || out[from-1] == '#' || out[from-1] == '@') || mark(to) && word(to+1)
}

// cut reports whether digits go on behind a hyphen or a stop: 29295633 is no part of
// 29295633-9.
func cut(out []byte, from, to int) bool {
	digit := func(i int) bool { return i >= 0 && i < len(out) && out[i] >= '0' && out[i] <= '9' }
	mark := func(i int) bool { return i >= 0 && i < len(out) && (out[i] == '-' || out[i] == '.') }
	return mark(from-1) && digit(from-2) || mark(to) && digit(to+1)
}

// spokenFor reports whether the label of some identifier stands before a token.
func (c *Checker) spokenFor(s *scratch, first int32) bool {
	for _, h := range s.around(first, first) {
		if h.End <= first && first-h.End <= directTokens && c.lex.roles(h.Phrase)&(1<<label) != 0 {
			return true
		}
	}
	return false
}

// masks are what is written for characters left out.
const masks = "*x•●∙·○#_…▪■▢░✱✕█⬛?"

// masked reports whether part of the number is hidden, right before it or right
// behind it. One star or underscore on its own is how chats mark bold and italics.
func masked(out []byte, from, to int) bool {
	n := 0
	for i := from; i > 0; {
		r, size := utf8.DecodeLastRune(out[:i])
		if r == ' ' || r == '-' || r == '.' || r == '/' {
			if n > 0 || from-i > 1 {
				break
			}
			i -= size
			continue
		}
		if !isMask(r) {
			if r >= 'a' && r <= 'z' && n > 0 { // the x of a word
				n = 0
			}
			break
		}
		if n++; n > 1 || r == '…' {
			return true
		}
		i -= size
	}
	if bytes.HasSuffix(out[:from], []byte("...")) {
		return true
	}
	n = 0
	for i := to; i < len(out); {
		r, size := utf8.DecodeRune(out[i:])
		if r == ' ' || r == '-' || r == '.' || r == '/' {
			if n > 0 || i-to > 0 {
				break
			}
			i += size
			continue
		}
		if !isMask(r) || r == '?' {
			if r >= 'a' && r <= 'z' && n > 0 {
				n = 0
			}
			break
		}
		if n++; n > 1 {
			return true
		}
		i += size
	}
	return false
}

func isMask(r rune) bool { return strings.ContainsRune(masks, r) }
