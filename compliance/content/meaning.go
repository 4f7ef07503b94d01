package content

import (
	"bytes"
	"math/bits"
	"slices"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/text"
)

// MeantWords is how many words a message has to have to mean an offer that no
// phrase makes: a name alone is none, nor is a name with a long number.
const MeantWords = 5

// wordsOf counts tokens; numbers in a row are one, and so is a link.
func wordsOf(b *text.Buffer) (n int) {
	ts, out := b.Tokens(), b.Bytes()
	link := false
	for i := range ts {
		if i > 0 {
			between := out[ts[i-1].End:ts[i].Start]
			if len(between) == 1 && between[0] == ' ' { // as most are
				link = false
			} else {
				link = !bytes.ContainsAny(between, " \n") && (link || bytes.Contains(between, []byte("://")))
			}
		}
		if !link && (ts[i].Kind != text.Number || i == 0 || ts[i-1].Kind != text.Number) {
			n++
		}
	}
	return n
}

// ClearTies are the signs of an offer that phrases make clear, without an excuse: a
// term beside several kinds of evidence, or words that are an offer outright.
const ClearTies = 7<<(tieRole+3) | 0x3f<<(2*tieRole)

// Plain reports whether the signs of a rule are those of a clear offer that nobody makes by
// accident: its term is written so as not to be found, or the message is so short that little
// else can be meant.
func Plain(ties uint64, size int) bool {
	return ties&ClearTies != 0 && (ties&(1<<tieHidden) != 0 || ties&(1<<tieOffered) != 0 && size <= plainWords)
}

const plainWords = 10

// PlainGives is by how much less the marks have to come to where an offer is plain and
// nothing is refused or only talked of: only what speaks against it strongly drops it.
const PlainGives = 2.5

// Excusing are the signs of a message in which nothing is taken for clear.
const Excusing = 1<<signDeny | 1<<signTalk

// partsGive is the same again for a message of several parts: what stands in the
// others, the next card or the name of a button, speaks for nothing the offer's own
// words do not deny.
const partsGive = 2

// judge weighs the message by the model. Where it offers nothing, findings of the
// phrase rules from the given one on are dropped; where it does and no phrase named
// what, the rule that its words are most like is found.
func (c *Checker) judge(s *scratch, rep *Report, from int) {
	f := &s.features
	f.words(&s.buf, s.texts)
	f.cues(&s.offer)
	f.whole(&s.buf)
	f.speaks(c.ruleHash)
	f.thingKinds()
	f.concepts(c.table, &s.memos.concepts, &s.buf, s.texts, s.offer.hint)
	f.crossSigns(c.ruleHash)
	c.model.margins(s)
	f.byRule = f.byRule[:0]
	for n, class := range c.classOf {
		m := float32(leastMargin)
		if class >= 0 {
			m = f.margins[class]
			for signs := f.ties[n]; signs != 0; signs &= signs - 1 {
				m += c.model.ties[bits.TrailingZeros64(signs)]
			}
		}
		f.byRule = append(f.byRule, m)
	}
	size := wordsOf(&s.buf)
	first := f.marks.of(f.byRule, f.ties, c.conduct, f.signs, size, s.gramSum(c.model.grams, c.model.gramScale, &s.memos.grams))
	sum := f.marks.weigh(&c.model.marks)
	least := c.model.find
	if f.marks[markClear] != 0 && f.signs&Excusing == 0 {
		if slices.ContainsFunc(f.ties, func(ties uint64) bool { return Plain(ties, size) }) {
			least -= PlainGives
		}
		if s.buf.Parts() > 1 {
			least -= partsGive
		}
	}
	if sum < least {
		if len(rep.Findings) == from {
			return
		}
		kept := slices.DeleteFunc(rep.Findings[from:], func(d Finding) bool { return c.weighed(d.Rule) })
		rep.Findings = rep.Findings[:from+len(kept)]
		return
	}
	c.near(s, rep, from, first, size)
	for i := range rep.Findings[from:] {
		if d := &rep.Findings[from+i]; sum >= c.model.sure && c.weighed(d.Rule) {
			d.Confidence = Certain
		}
	}
	named := slices.ContainsFunc(rep.Findings[from:], func(d Finding) bool { return c.weighed(d.Rule) })
	if named || c.classOf[first] < 0 || size < MeantWords {
		return // what phrases name is surer than what the rest may mean besides
	}
	const terms = 1<<(3*tieRole) - 1
	if ties := f.ties[first]; ties&(1<<tieCovered) != 0 && ties&terms == 0 && sum < c.model.sure {
		return // an excuse has said of its only term that it is none
	}
	at, end := c.stretch(s, first)
	ts := s.buf.Tokens()
	place, span := s.place(int(ts[at].Start), int(ts[end-1].End))
	d := Finding{Rule: c.rules[first].id, Kind: c.rules[first].kind, Place: place, Span: span, Why: c.meant(s, first), Confidence: Possible}
	if sum >= c.model.sure {
		d.Confidence = Likely
	}
	rep.Findings = append(rep.Findings, d)
}

// NearFirst is by how much the words may be less like a rule that phrases found than
// like the rule they are most like. Beyond it a phrase stood for something else.
const NearFirst = 9

// near drops findings of rules that the words are far less like than the first. A
// message that is too short to mean what no phrase names keeps them.
func (c *Checker) near(s *scratch, rep *Report, from, first, size int) {
	f := &s.features
	far := func(d Finding) bool {
		n := c.number(d.Rule)
		return n >= 0 && c.classOf[n] >= 0 && f.byRule[n] < f.byRule[first]-NearFirst
	}
	if size < MeantWords && !slices.ContainsFunc(rep.Findings[from:], func(d Finding) bool { return !far(d) }) {
		return
	}
	kept := slices.DeleteFunc(rep.Findings[from:], far)
	rep.Findings = rep.Findings[:from+len(kept)]
}

// number is the place of a rule among the text rules; -1 is none of them.
func (c *Checker) number(id policy.ID) int {
	return slices.IndexFunc(c.rules, func(r textRule) bool { return r.id == id })
}

// weighed reports whether the model has learnt of a rule.
func (c *Checker) weighed(id policy.ID) bool {
	n := c.number(id)
	return n >= 0 && c.classOf[n] >= 0
}

// stretch are the tokens that speak for a rule the most: those between which
// what speaks for it outweighs what does not by as much as possible.
func (c *Checker) stretch(s *scratch, rule int) (first, end int) {
	f, ts := &s.features, s.buf.Tokens()
	class := uint8(c.classOf[rule])
	speaks := make([]float32, len(ts))
	unit := f.value() * c.model.scale
	for _, x := range f.spots {
		if x.token == nowhere {
			continue
		}
		speaks[x.token] -= float32(c.model.weight(x.key, 0)) * unit
		speaks[x.token] += float32(c.model.weight(x.key, class)) * unit
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
