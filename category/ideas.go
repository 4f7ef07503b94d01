package category

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/concept"
	"github.com/waguard/waguard/internal/text"
)

// An idea is a concept, or a mark between concepts, where it stands in the text.
// Ideas are the same in every language, so what is learned from one serves all.
type idea struct {
	what  uint32 // a concept's number, or a mark
	start int32
	token int32
	part  int16
}

// Marks stand above all concepts. They are told only beside a concept: alone,
// the structure tells them.
const (
	markHolder = 1<<16 + iota
	markNumber
	markPercent
	markMoney
)

func (i *idea) mark() bool { return i.what >= markHolder }

// nearby is how many ideas further an idea still is seen together with another.
const nearby = 3

// meant notes the concepts of a text: alone, where they stand, and in pairs.
func (l *lexicon) meant(s *scratch, of uint8) {
	var base language.Base
	if of != anyLanguage {
		base = l.bases[of]
	}
	s.ideas = s.ideas[:0]
	raw, at := s.buffer.Tokens(), 0
	l.concepts.Each(&s.buffer, base, &s.memo, func(c concept.Concept, token int) {
		start := raw[token].Start
		at = s.marks(at, start)
		if at < len(s.tokens) && s.tokens[at].start == start { // else it is a word within a placeholder
			s.ideas = append(s.ideas, idea{uint32(c), start, int32(at), s.tokens[at].part})
		}
	})
	s.marks(at, int32(len(s.buffer.Bytes())))
	body := int32(s.buffer.PartEnd(partHeader)) + 1
	for i := range s.ideas {
		x := &s.ideas[i]
		if !x.mark() {
			s.idea(seedConcept, x)
			if x.part >= partButtons {
				s.idea(seedConceptButton, x)
			}
			if x.part == partHeader || x.part == partBody && x.start < body+80 {
				s.idea(seedConceptHead, x)
			}
			if s.tailAt > 0 && x.part == partBody && x.start >= s.tailAt {
				s.idea(seedConceptTail, x)
			}
		}
		for k := i - 1; k >= max(i-nearby, 0) && s.ideas[k].part == x.part; k-- {
			y := &s.ideas[k]
			if x.mark() && y.mark() {
				continue
			}
			if k == i-1 {
				s.hashed(mix(mix(seedNeighbours, y.what), x.what), groupPairs, int(x.token))
			}
			s.hashed(mix(mix(seedNear, min(x.what, y.what)), max(x.what, y.what)), groupPairs, int(x.token))
		}
	}
}

func (s *scratch) idea(seed uint32, x *idea) {
	s.hashed(mix(seed, x.what), groupConcepts, int(x.token))
}

// marks notes the marks among the tokens from number at on that begin before an
// offset, and returns the number of the first one that does not.
func (s *scratch) marks(at int, before int32) int {
	out := s.buffer.Bytes()
	for ; at < len(s.tokens) && s.tokens[at].start < before; at++ {
		t := &s.tokens[at]
		what := uint32(0)
		switch t.kind {
		case kindPlaceholder:
			what = markHolder
		case text.Number:
			if what = markNumber; percentAt(out, int(t.start), int(t.end)) {
				what = markPercent
			}
		case text.Symbol:
			if r, _ := utf8.DecodeRune(out[t.start:]); unicode.Is(unicode.Sc, r) {
				what = markMoney
			}
		}
		if what != 0 {
			s.ideas = append(s.ideas, idea{what, t.start, int32(at), t.part})
		}
	}
	return at
}
