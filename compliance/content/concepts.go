package content

import (
	"math/bits"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/concept"
	"github.com/waguard/waguard/internal/text"
)

const (
	seedConcept     = 0x68E31DA4
	seedConceptPair = 0xB5297A4D
	seedSpoken      = 0x1B873593 // of a rule that is spoken of
	seedNamed       = 0xCC9E2D51 // of a rule one of whose terms stands there
	seedRuleSign    = 0x52DCE729

	conceptGap   = 8 // tokens between two concepts of a pair, at most
	conceptsBack = 3 // concepts that one makes a pair with
	manySpoken   = 8
)

// speaks notes the rules that anything in the message speaks of. What stands beside them
// is a feature of its own with each: a grade, a dose or a licence means one thing beside a
// medicine and another beside a diamond. Rules that a term names come first, and a message
// that speaks of more than manySpoken speaks of none of the others in particular.
func (f *featureScratch) speaks(rules []uint32) {
	const terms = 1<<(3*tieRole) - 1
	f.spoken = f.spoken[:0]
	note := func(seed uint32, named bool) {
		for n, signs := range f.ties {
			if signs != 0 && rules[n] != 0 && (signs&terms != 0) == named && len(f.spoken) < manySpoken {
				f.spoken = append(f.spoken, mix(seed, rules[n]))
			}
		}
	}
	note(seedNamed, true)
	note(seedSpoken, false)
}

// crossSigns notes the signs of the message beside the rules it speaks of. They stand
// nowhere.
func (f *featureScratch) crossSigns(rules []uint32) {
	for n, ties := range f.ties {
		if ties == 0 || rules[n] == 0 {
			continue
		}
		for signs := f.signs; signs != 0; signs &= signs - 1 {
			f.note(spot{key(mix(mix(seedRuleSign, rules[n]), uint32(bits.TrailingZeros64(signs)))), nowhere})
		}
	}
}

// concepts notes what words of all languages have in common, one by one and in pairs, so
// that what texts of one language teach holds for the others. Footers are left out.
func (f *featureScratch) concepts(t *concept.Table, memo *concept.Memo, b *text.Buffer, texts []Text, lang language.Base) {
	ts := b.Tokens()
	var last [conceptsBack]struct {
		concept concept.Concept
		at      int
	}
	part := 0
	t.Each(b, lang, memo, func(c concept.Concept, i int) {
		for int(ts[i].Start) > b.PartEnd(part) {
			part++
			clear(last[:])
		}
		if footer(texts, part) {
			return
		}
		f.note(spot{key(mix(seedConcept, uint32(c))), int32(i)})
		for _, rule := range f.spoken {
			f.note(spot{key(mix(rule, uint32(c))), int32(i)})
		}
		for _, l := range last {
			if l.concept != 0 && l.concept != c && i-l.at <= conceptGap {
				f.note(spot{key(mix(mix(seedConceptPair, uint32(min(l.concept, c))), uint32(max(l.concept, c)))), int32(i)})
			}
		}
		copy(last[1:], last[:])
		last[0].concept, last[0].at = c, i
	})
}
