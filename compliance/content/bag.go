package content

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/waguard/waguard/internal/text"
)

// A bag is what a message holds, for a [Layer] to look at: what its tokens stand for, and
// what stands for something right before it.
type bag struct {
	held    []held
	here    []uint32 // what one token stands for, and the one before it
	before  []uint32
	buckets []uint16
}

// A held is a token and a hash of something it stands for.
type held struct {
	at int32
	of uint32
}

// Seeds of what a bag holds.
const (
	seedBagConcept = 0xA54FF53A + iota
	seedBagCue
	seedBagNumber
	seedBagMark
	seedBagPair
)

// put notes that tokens stand for something.
func (g *bag) put(first, end int32, of uint32) {
	for at := first; at < min(end, bagTokens); at++ {
		g.held = append(g.held, held{at, of})
	}
}

func bagBucket(h uint32) uint16 { return uint16(h * 0x85EBCA77 >> (32 - bagBits)) }

// bagOf is what a message holds, as buckets, each once.
func (c *Checker) bagOf(s *scratch) []uint16 {
	a, g := &s.ask, &s.bag
	g.held = g.held[:0]
	for i, w := range a.concepts[:min(len(a.concepts), bagTokens)] {
		if w != 0 {
			g.put(int32(i), int32(i)+1, mix(seedBagConcept, uint32(w)))
		}
	}
	for i := range a.keep {
		q := &a.keep[i]
		h := mix(mix(seedBagCue, q.sort()), uint32(q.value))
		if base := c.lex.langs[q.lang]; base != a.hint && base != anyLanguage {
			h = mix(h, 1)
		}
		g.put(q.first, q.end, h)
	}
	return g.of(&s.buf)
}

// of are the buckets of what is held, of numbers and of marks, and of all that follow each other.
func (g *bag) of(b *text.Buffer) []uint16 {
	ts, out := b.Tokens(), b.Bytes()
	slices.SortFunc(g.held, func(x, y held) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.of, y.of)) })
	g.held = slices.Compact(g.held)
	buckets, here, before := g.buckets[:0], g.here[:0], g.before[:0]
	k := 0
	for i := range min(len(ts), bagTokens) {
		here = here[:0]
		for ; k < len(g.held) && g.held[k].at == int32(i); k++ {
			here = append(here, g.held[k].of)
		}
		if t := &ts[i]; t.Kind == text.Number {
			here = append(here, mix(seedBagNumber, uint32(min(t.End-t.Start, 6)))) // how long, not which
		}
		from := 0
		if i > 0 {
			from = int(ts[i-1].End)
		}
		here = marksIn(here, out[from:ts[i].Start], 0)
		if i == len(ts)-1 {
			here = marksIn(here, out[ts[i].End:], uint32(len(askMarks)))
		}
		for _, h := range here {
			buckets = append(buckets, bagBucket(h))
			for _, b := range before {
				buckets = append(buckets, bagBucket(mix(mix(seedBagPair, b), h)))
			}
		}
		if len(here) > 0 {
			here, before = before, here
		}
	}
	slices.Sort(buckets)
	g.buckets, g.here, g.before = slices.Compact(buckets), here, before
	return g.buckets
}

// marksIn adds the marks between two tokens.
func marksIn(here []uint32, gap []byte, at uint32) []uint32 {
	if len(gap) == 1 && gap[0] == ' ' { // as most are
		return here
	}
	for n, set := range askMarks {
		if bytes.ContainsAny(gap, set) {
			here = append(here, mix(seedBagMark, at+uint32(n)))
		}
	}
	return here
}
