package content

import (
	"math/bits"
	"slices"

	"github.com/waguard/waguard/internal/text"
)

// MeantWords is how many words a message has to have to mean an offer that no
// phrase makes: a name alone is none, nor is a name with a long number.
const MeantWords = 5

// wordsOf counts tokens; numbers in a row are one.
func wordsOf(ts []text.Token) (n int) {
	for i := range ts {
		if ts[i].Kind != text.Number || i == 0 || ts[i-1].Kind != text.Number {
			n++
		}
	}
	return n
}

// ClearTies are the signs of an offer that phrases make clear: a term that is no
// weak one and has no excuse, beside several kinds of evidence.
const ClearTies = 7<<(tieRole+3) | 0xf<<(2*tieRole+2)

// ClearGives is by how much more the rest has to speak against a clear offer than
// against another to have it dropped.
const ClearGives = 4

const maxMargin = 1 << 20

// judge weighs the message by the model: findings of the phrase rules from the
// given one on that the model takes for no offer are dropped, and a rule that the
// whole of the message speaks for is found without a phrase.
func (c *Checker) judge(s *scratch, rep *Report, from int) {
	f := &s.features
	f.words(&s.buf)
	f.cues(&s.offer)
	f.whole(&s.buf)
	c.model.margins(s)
	best, most := -1, c.model.find
	if wordsOf(s.buf.Tokens()) < MeantWords {
		most = maxMargin
	}
	for n, class := range c.classOf {
		if class < 0 {
			continue
		}
		m := f.margins[class]
		for signs := f.ties[n]; signs != 0; signs &= signs - 1 {
			m += c.model.ties[bits.TrailingZeros64(signs)]
		}
		f.margins[class] = m
		if m >= most {
			best, most = n, m
		}
	}
	if len(rep.Findings) > from {
		kept := slices.DeleteFunc(rep.Findings[from:], func(d Finding) bool {
			n := slices.IndexFunc(c.rules, func(r textRule) bool { return r.id == d.Rule })
			if n < 0 || c.classOf[n] < 0 {
				return false
			}
			least := c.model.veto
			if f.ties[n]&ClearTies != 0 {
				least -= ClearGives
			}
			return f.margins[c.classOf[n]] < least
		})
		rep.Findings = rep.Findings[:from+len(kept)]
		for i := range kept {
			if class := slices.Index(c.model.classes, kept[i].Rule); class > 0 && f.margins[class] >= c.model.sure {
				kept[i].Confidence = Certain
			}
		}
	}
	if best < 0 || len(rep.Findings) > from {
		return // what phrases name is surer than what the rest may mean besides
	}
	first, end := c.stretch(s, best)
	ts := s.buf.Tokens()
	place, span := s.place(int(ts[first].Start), int(ts[end-1].End))
	rep.Findings = append(rep.Findings, Finding{Rule: c.rules[best].id, Kind: c.rules[best].kind, Place: place, Span: span, Why: c.meant(s, best), Confidence: Possible})
	if most >= c.model.sure {
		rep.Findings[len(rep.Findings)-1].Confidence = Likely
	}
}

// stretch are the tokens that speak for a rule the most: those between which
// what speaks for it outweighs what does not by as much as possible.
func (c *Checker) stretch(s *scratch, rule int) (first, end int) {
	f, ts := &s.features, s.buf.Tokens()
	class := uint8(c.classOf[rule])
	speaks := make([]float32, len(ts))
	unit := f.value() * c.model.scale
	for _, x := range f.spots {
		for _, w := range c.model.row(x.key) {
			switch w.class {
			case class:
				speaks[x.token] += float32(w.value) * unit
			case 0:
				speaks[x.token] -= float32(w.value) * unit
			}
		}
	}
	const term = 1 // what a term of the rule adds to each of its tokens
	for i := range s.offer.terms {
		if t := &s.offer.terms[i]; int(t.rule) == rule {
			for k := t.hit.First; k < t.hit.End; k++ {
				speaks[k] += term
			}
		}
	}
	const dull = .15 // what a token has to speak to be taken in
	part, border := 0, s.buf.PartEnd(0)
	most, sum := float32(-1), float32(0)
	from := 0
	for i := range ts {
		for int(ts[i].Start) > border {
			part++
			border = s.buf.PartEnd(part)
			sum = 0
		}
		if sum <= 0 {
			sum, from = 0, i
		}
		if sum += speaks[i] - dull; sum > most {
			most, first, end = sum, from, i+1
		}
	}
	return first, max(end, first+1)
}

// meant says by which kinds of evidence a rule was found without a phrase of its own.
func (c *Checker) meant(s *scratch, rule int) string {
	f := &s.features
	why := "No phrase names it, but the words together mean it"
	if f.ties[rule]&(1<<(3*tieRole)-1) != 0 {
		why = "The words can name it, and the message as a whole means it"
	}
	var seen uint32
	for r := sell; r <= unit; r++ {
		if f.signs&(1<<(signSell+int(r-sell))) != 0 {
			seen |= 1 << r
		}
	}
	if f.ties[rule]&(1<<tieSells|1<<tieSellsTwice) != 0 {
		seen |= 1 << sells
	}
	return why + beside(seen) + "."
}
