package content

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/text"
)

// A claim is one reading of a stretch of text as an identifier. Several may
// lay claim to the same digits; settle decides between them.
type claim struct {
	detector   int16
	from, to   int32 // folded bytes
	first, end int32 // tokens
	at, size   int32 // its values in numberScratch.digits
	words      words
	score      float64
	odds       float64
	scheme     string
	whole      bool // nothing of a longer row of digits was left out
	note       bool
	link       bool
	spoken     bool
	pending    bool // its detector wants to see what stands beside it
	letters    bool // not digits alone
}

// maxClaims bounds what hostile text can make of it.
const maxClaims = 4096

// maxOfOneClass is how many numbers of a class are told: those of any message that people
// send, so that masking what was found leaves none.
const maxOfOneClass = 256

func (ns *numberScratch) id(cl *claim) []byte { return ns.digits[cl.at : cl.at+cl.size] }

// settle decides between claims and reports those that hold.
func (c *Checker) settle(s *scratch, rep *Report) {
	ns := &s.numbers
	kept := ns.claims[:0]
	ns.routes = ns.routes[:0]
	for i := range ns.claims {
		if cl := &ns.claims[i]; !cl.pending && len(ns.routes) < 64 {
			if k := c.detectors[cl.detector].class; k == routing || k == card {
				ns.routes = append(ns.routes, *cl)
			}
		}
	}
	for i := range ns.claims {
		cl := &ns.claims[i]
		if cl.pending {
			if !c.detectors[cl.detector].pair(c, s, cl) {
				continue
			}
			cl.score = max(cl.score, cl.score-cl.words.label+labelBefore)
		}
		if cl.note || cl.score >= warnAt {
			kept = append(kept, *cl)
		}
	}
	ns.claims = kept
	if len(kept) == 0 {
		return
	}
	slices.SortFunc(kept, func(a, b claim) int {
		rank := func(x *claim) int {
			switch {
			case x.words.label >= labelBefore:
				return 0
			case x.words.label > 0:
				return 1
			case !x.note:
				return 2
			}
			return 3
		}
		whole := 0
		if a.detector == b.detector && a.whole != b.whole {
			if whole = 1; a.whole {
				whole = -1
			}
		}
		return cmp.Or(cmp.Compare(rank(&a), rank(&b)), whole, cmp.Compare(a.odds, b.odds), cmp.Compare(b.score, a.score),
			cmp.Compare(b.to-b.from, a.to-a.from), cmp.Compare(a.from, b.from), cmp.Compare(a.detector, b.detector))
	})
	if len(kept) > 1 {
		taken := slices.Grow(ns.taken[:0], len(s.buf.Tokens()))[:len(s.buf.Tokens())]
		clear(taken)
		ns.taken = taken
		free := kept[:0]
		for _, cl := range kept {
			if slices.Contains(taken[cl.first:cl.end], true) {
				continue
			}
			for i := cl.first; i < cl.end; i++ {
				taken[i] = true
			}
			free = append(free, cl)
		}
		kept = free
		slices.SortFunc(kept, func(a, b claim) int { return cmp.Compare(a.from, b.from) })
	}
	var reported [nClasses]int
	for i := range kept {
		cl := &kept[i]
		d := &c.detectors[cl.detector]
		if d.how&silent != 0 {
			continue
		}
		if reported[d.class]++; reported[d.class] > maxOfOneClass {
			continue
		}
		sev := policy.Severity(0)
		sure := Likely
		if cl.score < blockAt {
			sure = Possible
		} else if cl.words.label >= labelBefore && d.checked {
			sure = Certain
		}
		switch {
		case cl.note || cl.link:
			sev = policy.Note
		case cl.score < blockAt:
			sev = policy.Warn
		case d.class == cardAuth || d.class == healthID:
			sev = policy.Block // the rule itself warns
		}
		f := Finding{Rule: d.rule, Kind: d.kind, Severity: sev, Why: whyNumber(d, cl), Confidence: sure}
		for from, to := int(cl.from), int(cl.to); from < to; { // in each text it stands in: whoever masks it masks all of it
			end := s.buf.PartEnd(s.buf.Part(from))
			f.Place, f.Span = s.place(from, min(end, to))
			if f.Span.Start < f.Span.End {
				rep.Findings = append(rep.Findings, f)
			}
			from = end + 1
		}
	}
}

// beside reports whether a claim of that kind stands within reach of another.
func (c *Checker) beside(s *scratch, cl *claim, kind string) bool {
	for i := range s.numbers.routes {
		o := &s.numbers.routes[i]
		if c.detectors[o.detector].kind == kind && (o.end <= cl.first && cl.from-o.to <= pairReach || cl.end <= o.first && o.from-cl.to <= pairReach) {
			return true
		}
	}
	return false
}

// A hint is a word that says what a message is about, where a label alone does not.
type hint uint8

const (
	hintBank    hint = iota // bank, transfer, names of banks
	hintUS                  // checking, savings, wire, direct deposit
	hintIN                  // NEFT, IFSC, names of Indian banks
	hintNG                  // names of Nigerian banks
	hintUtility             // electricity, subscription, loyalty: other accounts
	hintCard
	hintAmex
	hintAs // as, is your: between a number and the name behind it
	nHints = iota
)

var hintNames = [nHints]string{"bank", "bank_us", "bank_in", "bank_ng", "utility", "card", "amex", "as"}

// hintTokens is how far off a hint counts, within the sentence.
const hintTokens = 16

func (c *Checker) hinted(s *scratch, h hint, cl *claim) bool {
	if s.numbers.hints>>h&1 == 0 {
		return false
	}
	byEnd := func(h text.Hit, end int32) int { return int(h.End - end) }
	lo, _ := slices.BinarySearchFunc(s.hits[:s.plain], cl.first-hintTokens, byEnd)
	hi, _ := slices.BinarySearchFunc(s.hits[:s.plain], cl.end+hintTokens+text.MaxWords, byEnd)
	for _, p := range s.hits[lo:hi] {
		if c.lex.roles(p.Phrase)&(1<<hints) == 0 || p.First < cl.end && cl.first < p.End ||
			h == hintUtility && c.inLabel(s.hits[lo:hi], p) {
			continue
		}
		for _, m := range c.lex.meanings(p.Phrase) {
			if m.role == hints && m.value == uint8(h) &&
				(p.End <= cl.first && !parted(&s.buf, p.End, cl.first) || p.First >= cl.end && p.First-cl.end <= hintTokens && !parted(&s.buf, cl.end, p.First)) {
				return true
			}
		}
	}
	return false
}

// inLabel reports whether a word is a part of the name of some identifier: the 户号 of 账户号 speaks
// of no meter.
func (c *Checker) inLabel(hits []text.Hit, p text.Hit) bool {
	return slices.ContainsFunc(hits, func(q text.Hit) bool {
		return q.First <= p.First && p.End <= q.End && q.End-q.First > p.End-p.First && c.lex.roles(q.Phrase)&(1<<label) != 0
	})
}

// capitals reports whether the original of a folded range has no small letters.
func (s *scratch) capitals(from, to int) bool {
	part, start, end := s.buf.Origin(from, to)
	for i := start; i < end; i++ {
		if c := s.texts[part].Words[i]; 'a' <= c && c <= 'z' {
			return false
		}
	}
	return true
}

func whyNumber(d *detector, cl *claim) string {
	what := "digits"
	shape := ""
	if d.table {
		if cl.letters {
			what = "characters"
		}
		shape = fmt.Sprintf("%d %s in the form of %s", cl.size, what, d.name)
		if d.checked {
			shape = fmt.Sprintf("%d %s that fit the form and checks of %s", cl.size, what, d.name)
		}
	} else {
		shape = fmt.Sprintf("%d digits with the issuer range, length and check digit of %s (%s)", cl.size, d.name, cl.scheme)
	}
	w := cl.words
	switch {
	case cl.link:
		return shape + ", in a link that names it so."
	case cl.spoken:
		return shape + ", written out in words."
	case w.label >= labelBefore:
		return shape + ", and named so right before."
	case w.label > 0 && w.other < 0:
		return shape + "; words near it speak for it and against it."
	case w.label > 0:
		return shape + ", and words near it say so."
	case w.other < 0:
		return shape + ", though words near it name another number."
	case cl.pending:
		return shape + ", and what stands beside it makes it one."
	}
	return shape + "."
}
