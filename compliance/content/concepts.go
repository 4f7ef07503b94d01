package content

import (
	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/concept"
	"github.com/waguard/waguard/internal/text"
)

const (
	seedConcept     = 0x68E31DA4
	seedConceptPair = 0xB5297A4D

	conceptGap   = 8 // tokens between two concepts of a pair, at most
	conceptsBack = 3 // concepts that one makes a pair with
)

// concepts notes what words of all languages have in common, one by one and in pairs, so
// that what texts of one language teach holds for the others. Footers are left out.
func (f *featureScratch) concepts(t *concept.Table, b *text.Buffer, texts []Text, lang language.Base) {
	ts := b.Tokens()
	var last [conceptsBack]struct {
		concept concept.Concept
		at      int
	}
	part := 0
	t.Each(b, lang, func(c concept.Concept, i int) {
		for int(ts[i].Start) > b.PartEnd(part) {
			part++
			clear(last[:])
		}
		if footer(texts, part) {
			return
		}
		f.spots = append(f.spots, spot{key(mix(seedConcept, uint32(c))), int32(i)})
		for _, l := range last {
			if l.concept != 0 && l.concept != c && i-l.at <= conceptGap {
				f.spots = append(f.spots, spot{key(mix(mix(seedConceptPair, uint32(min(l.concept, c))), uint32(max(l.concept, c)))), int32(i)})
			}
		}
		copy(last[1:], last[:])
		last[0].concept, last[0].at = c, i
	})
}
