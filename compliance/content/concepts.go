package content

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/text"
)

// Concepts are what the words of all languages have in common. A word that stands for
// one is a feature of the concept as well, and so are two in a row, so that what texts of
// one language teach holds for the others. A word may stand for several; the first are
// the likeliest.

// A Concept says that a word stands for a concept in some languages. It is for whoever
// trains a model.
type Concept struct {
	Word      string // a star at the end: and every word that begins so
	Number    uint16 // of the concept, from 1 up
	Languages uint16 // bit n is the n-th language of the model
}

// A conceptEntry is a Concept as a model holds it.
type conceptEntry struct {
	hash      uint32 // of the folded word
	concept   uint16
	languages uint16
}

const (
	seedWhole       = 0x2545F491
	seedStem        = 0x7FEB352D
	seedConcept     = 0x68E31DA4
	seedConceptPair = 0xB5297A4D

	leastStem    = 2 // letters of the shortest stem that is looked for
	longestTerm  = 4 // characters, in scripts without spaces
	conceptGap   = 8 // tokens between two concepts of a pair, at most
	conceptsBack = 3 // concepts that one makes a pair with
)

// entriesOf are the words as a model holds them, in order.
func entriesOf(words []Concept) (es []conceptEntry) {
	var b text.Buffer
	for _, w := range words {
		seed := uint32(seedWhole)
		if n := len(w.Word) - 1; n > 0 && w.Word[n] == '*' {
			seed, w.Word = seedStem, w.Word[:n]
		}
		b.Reset()
		b.Add(w.Word)
		out := b.Bytes()
		ts := b.Tokens()
		if len(ts) == 0 {
			continue
		}
		es = append(es, conceptEntry{hashOf(seed, out[ts[0].Start:ts[len(ts)-1].End]), w.Number, w.Languages})
	}
	slices.SortStableFunc(es, func(a, b conceptEntry) int { return cmp.Compare(a.hash, b.hash) })
	return es
}

// bit is that of a language; 0 is one that the model has no words of.
func (m *model) bit(lang language.Base) uint16 {
	for n, l := range m.languages {
		if l == lang {
			return 1 << n
		}
	}
	return 0
}

// lookUp is the concept that a hash stands for in one of the languages; 0 is none.
func (m *model) lookUp(hash uint32, languages uint16) uint16 {
	mask := uint32(len(m.conceptSlots) - 1)
	for i := hash * 0x9E3779B1 >> 7 & mask; ; i = (i + 1) & mask {
		at := m.conceptSlots[i]
		if at == 0 {
			return 0
		}
		if m.concepts[at-1].hash != hash {
			continue
		}
		for _, e := range m.concepts[at-1:] {
			if e.hash != hash {
				return 0
			}
			if e.languages&languages != 0 {
				return e.concept
			}
		}
		return 0
	}
}

// What Arabic writes as one word with the word behind it or before it, longest first.
var (
	conceptFronts = [...]string{"وال", "بال", "كال", "فال", "لل", "ال", "و", "ف", "ب", "ل", "ك", ""}
	conceptBacks  = [...]string{"", "كم", "ها", "هم", "نا", "ات", "ون", "ين", "ه", "ك", "ي"}
)

// leastLetters is how many bytes have to be left of an Arabic word: three letters.
const leastLetters = 6

// concept is what a word stands for: by the whole of it, by its longest known stem, or
// without what Arabic joins to it.
func (m *model) concept(word []byte, languages uint16) uint16 {
	c := m.plainConcept(word, languages)
	if c != 0 || word[0] < 0xD8 || word[0] > 0xDB {
		return c
	}
	for _, front := range conceptFronts {
		inner, ok := bytes.CutPrefix(word, []byte(front))
		if !ok {
			continue
		}
		for _, back := range conceptBacks {
			if rest, ok := bytes.CutSuffix(inner, []byte(back)); ok && len(rest) >= leastLetters && len(rest) < len(word) {
				if c := m.plainConcept(rest, languages); c != 0 {
					return c
				}
			}
		}
	}
	return 0
}

func (m *model) plainConcept(word []byte, languages uint16) uint16 {
	if c := m.lookUp(hashOf(seedWhole, word), languages); c != 0 {
		return c
	}
	var best uint16
	h, runes := uint32(seedStem), 0
	for i, b := range word {
		h = (h ^ uint32(b)) * 16777619
		if i+1 == len(word) || utf8.RuneStart(word[i+1]) {
			if runes++; runes >= leastStem {
				if c := m.lookUp(h, languages); c != 0 {
					best = c
				}
			}
		}
	}
	return best
}

// conceptsOf notes the concepts of a part's tokens, those of footers left out.
func (f *featureScratch) conceptsOf(m *model, b *text.Buffer, texts []Text, lang language.Base) {
	if len(m.conceptSlots) == 0 {
		return
	}
	languages := m.bit(lang)
	switch {
	case lang == anyLanguage:
		languages = ^uint16(0)
	case languages == 0:
		languages = m.bit(english)
	}
	ts, out := b.Tokens(), b.Bytes()
	var last [conceptsBack]struct {
		concept uint16
		at      int
	}
	part := 0
	for i := 0; i < len(ts); {
		t := &ts[i]
		if int(t.Start) > b.PartEnd(part) {
			for int(t.Start) > b.PartEnd(part) {
				part++
			}
			clear(last[:])
		}
		if footer(texts, part) {
			i++
			continue
		}
		c, n := uint16(0), 1
		switch t.Kind {
		case text.Word:
			c = m.concept(out[t.Start:t.End], languages)
		case text.Char:
			end := i + 1
			for end < len(ts) && end-i < longestTerm && ts[end].Kind == text.Char && ts[end].Start == ts[end-1].End {
				end++
			}
			for ; end > i; end-- {
				if c = m.lookUp(hashOf(seedWhole, out[t.Start:ts[end-1].End]), languages); c != 0 {
					n = end - i
					break
				}
			}
		}
		if c != 0 {
			f.spots = append(f.spots, spot{key(mix(seedConcept, uint32(c))), int32(i)})
			for _, l := range last {
				if l.concept != 0 && l.concept != c && i-l.at <= conceptGap {
					f.spots = append(f.spots, spot{key(mix(mix(seedConceptPair, uint32(min(l.concept, c))), uint32(max(l.concept, c)))), int32(i)})
				}
			}
			copy(last[1:], last[:])
			last[0].concept, last[0].at = c, i
		}
		i += n
	}
}
