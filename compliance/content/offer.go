package content

import (
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/text"
)

// What the policy bars is the exchange of goods: buying, selling, promoting.
// A word that names them is therefore weighed with the words around it. Each
// kind of evidence counts once.
var weight = [...]int{sell: 2, sells: 2, price: 2, stock: 2, deliver: 2, order: 1, unit: 1}

// What a term needs beside it.
const (
	needGoods   = 2 // one clear sign of an offer, or two faint ones
	needWeak    = 4 // two clear signs
	needExcused = 3 // more, when an excuse stands by it
	needSeveral = 2 // more again, when several do
	hiddenGives = 1 // a term that is written so as not to be found
)

// How far evidence and excuses carry, in tokens. Evidence in another text of
// the message (a header, a button) always counts: those texts are short and
// belong together.
const (
	reach        = 30
	aimReach     = 5 // of a rule of conduct: "you" far from an insult is not whom it is for
	excuseReach  = 10
	shortText    = 8 // an excuse in a text of so few tokens is its heading, and covers the message
	maxOfOneRule = 16
	manyCues     = 512 // beyond so many only those within reach are looked at, so that a long text costs no more than its length
)

func byEnd(q cue, end int32) int { return int(q.end - end) }

// A cue is evidence, or an excuse, at some tokens.
type cue struct {
	role       role
	rule       int16 // -1: all
	lang       language.Base
	first, end int32
	part       int32
	short      bool // its text is a short one
}

type term struct {
	meaning
	base language.Base
	hit  text.Hit
	part int32
}

type offerScratch struct {
	cues  []cue
	terms []term
	sizes []int32 // tokens of each part
	votes []int32 // hits of each language
	hint  language.Base
}

const cueRoles = 1<<covers | 1<<context | 1<<sells | 1<<sell | 1<<price | 1<<order | 1<<stock | 1<<deliver | 1<<unit | 1<<measure | 1<<currency | 1<<talk | 1<<topic | 1<<deny | 1<<everyday
const evidence = 1<<sells | 1<<sell | 1<<price | 1<<order | 1<<stock | 1<<deliver | 1<<unit
const termRoles = 1<<goods | 1<<weak | 1<<alone

// offers judges every term in the message, and returns where what it found begins in rep.
// What else it saw is left in s for the model.
func (c *Checker) offers(s *scratch, lang language.Tag, rep *Report) (from int) {
	o, f := &s.offer, &s.features
	f.signs = 0
	f.ties = append(f.ties[:0], make([]uint64, len(c.rules))...)
	f.topics = append(f.topics[:0], make([]topicCount, len(c.rules))...)
	f.things = f.things[:0]
	o.cues, o.terms = o.cues[:0], o.terms[:0]
	ts := s.buf.Tokens()
	hint, known := hintOf(lang)
	if o.hint = hint; !known {
		o.hint = c.guess(s, cueRoles|termRoles)
	}
	o.sizes = append(o.sizes[:0], make([]int32, s.buf.Parts())...)
	for part, i := 0, 0; i < len(ts); i++ {
		for int(ts[i].Start) > s.buf.PartEnd(part) {
			part++
		}
		o.sizes[part]++
	}
	for _, h := range s.hits {
		roles := c.lex.roles(h.Phrase)
		if roles&(cueRoles|termRoles) == 0 {
			continue
		}
		part := int32(s.buf.Part(int(ts[h.First].Start)))
		ms := c.lex.meanings(h.Phrase)
		own, other := false, false // a term in the language of the message, or something else there
		if roles&termRoles != 0 {
			for _, m := range ms {
				if c.lex.langs[m.lang] == o.hint {
					own = own || 1<<m.role&termRoles != 0
					other = other || 1<<m.role&(termRoles|1<<topic) == 0
				}
			}
		}
		for _, m := range ms {
			base := c.lex.langs[m.lang]
			q := cue{m.role, m.rule, base, h.First, h.End, part, len(o.sizes) > 1 && o.sizes[part] <= shortText}
			switch {
			case 1<<m.role&termRoles != 0:
				if base != o.hint && base != anyLanguage && (own || other && base != english) {
					continue // the word is known in the language of the message: Turkish çita is a cheetah, Spanish cita a date
				}
				if m.role == weak && o.hint != anyLanguage && base != o.hint && base != anyLanguage && base != english {
					continue // German "Los" is no lottery ticket in Spanish
				}
				if m.role == goods && known && base != hint && base != anyLanguage && base != english {
					m.role = weak
				}
				o.terms = append(o.terms, term{m, base, h, part})
			case m.role == topic:
				if base == o.hint || o.hint == anyLanguage || base == anyLanguage {
					f.topic(int(m.rule), h.Phrase)
				}
			case m.role == everyday:
				if base == o.hint || o.hint == anyLanguage || base == english {
					f.thing(thing{h.First, h.End, m.value})
				}
			case m.role == currency || m.role == measure:
				if number(ts, int(h.First)-1) || number(ts, int(h.End)) {
					if q.role = price; m.role == measure {
						q.role = unit
					}
					o.cues = append(o.cues, q)
				}
			case 1<<m.role&cueRoles != 0:
				o.cues = append(o.cues, q)
			}
		}
	}
	o.longest()
	o.terms = slices.DeleteFunc(o.terms, func(t term) bool { // a lager in German "auf Lager"
		return len(o.cues) <= manyCues && slices.ContainsFunc(o.cues, func(q cue) bool {
			return q.rule < 0 && 1<<q.role&evidence != 0 && q.first <= t.hit.First && t.hit.End <= q.end && t.hit.End-t.hit.First < q.end-q.first
		})
	})
	f.ownWords(o.terms)
	if len(o.cues) > manyCues { // the hidden ones came last
		slices.SortFunc(o.cues, func(a, b cue) int { return int(a.end - b.end) })
	}
	// The longest term first, the strongest reading of it first.
	slices.SortFunc(o.terms, func(a, b term) int {
		if a.rule != b.rule {
			return int(a.rule) - int(b.rule)
		}
		if d := (b.hit.End - b.hit.First) - (a.hit.End - a.hit.First); d != 0 {
			return int(d)
		}
		if a.hit.First != b.hit.First {
			return int(a.hit.First - b.hit.First)
		}
		return strength(b.role) - strength(a.role)
	})
	from = len(rep.Findings)
	first := 0 // term of its rule
	for i := range o.terms {
		t := &o.terms[i]
		if t.rule != o.terms[first].rule {
			first = i
		}
		if o.told(rep.Findings[from:], c, s, t) {
			continue
		}
		conduct := c.rules[t.rule].conduct
		w := o.weigh(t, conduct)
		f.ties[t.rule] = f.tie(f.ties[t.rule], o, t, &w, apart(&o.terms[first].hit, &t.hit))
		if w.found {
			why := explain(t, w.seen)
			if conduct {
				why = explainConduct(t)
			}
			place, span := s.place(int(ts[t.hit.First].Start), int(ts[t.hit.End-1].End))
			rep.Findings = append(rep.Findings, Finding{Rule: c.rules[t.rule].id, Kind: c.rules[t.rule].kind, Place: place, Span: span, Why: why, Strict: t.value == strict, Confidence: Likely})
		}
	}
	return from
}

// longest drops evidence that is part of a refusal ("we do not sell" sells nothing), and
// refusals and talk that are part of evidence ("almost sold out", "book now").
func (o *offerScratch) longest() {
	if len(o.cues) > manyCues {
		return
	}
	all := uint32(0)
	for i := range o.cues {
		all |= 1 << o.cues[i].role
	}
	kept := o.cues[:0]
	for i := range o.cues {
		q := o.cues[i]
		others := uint32(0)
		switch {
		case q.role == deny || q.role == talk:
			others = evidence
		case 1<<q.role&evidence != 0:
			others = 1 << deny
		}
		holds := func(w cue) bool {
			return 1<<w.role&others != 0 && w.first <= q.first && q.end <= w.end && q.end-q.first < w.end-w.first
		}
		if others&all == 0 || !slices.ContainsFunc(kept, holds) && !slices.ContainsFunc(o.cues[i+1:], holds) {
			kept = append(kept, q)
		}
	}
	o.cues = kept
}

func apart(a, b *text.Hit) bool { return a.End <= b.First || b.End <= a.First }

var (
	english, _  = language.English.Base()
	anyLanguage language.Base // of words that belong to no language: makers, models, signs
)

// guess is the language most of the words found are of, of those with some roles, when nobody
// said which it is.
func (c *Checker) guess(s *scratch, roles uint64) language.Base {
	o := &s.offer
	o.votes = append(o.votes[:0], make([]int32, len(c.lex.langs))...)
	for _, h := range s.hits {
		for _, m := range c.lex.meanings(h.Phrase) {
			if 1<<m.role&roles != 0 {
				o.votes[m.lang] += h.End - h.First // longer phrases tell more
			}
		}
	}
	best := anyLanguage
	most := int32(0)
	for n, v := range o.votes {
		if v > most && c.lex.langs[n] != anyLanguage {
			best, most = c.lex.langs[n], v
		}
	}
	return best
}

// speaks reports whether a cue of one language counts for a term of another:
// people mix English into everything, and a word of no language stands in any.
func (o *offerScratch) speaks(q *cue, t *term) bool {
	return q.lang == t.base || q.lang == o.hint || q.lang == english || q.lang == anyLanguage || t.base == anyLanguage && o.hint == anyLanguage
}

func hintOf(lang language.Tag) (language.Base, bool) {
	base, sure := lang.Base()
	return base, !lang.IsRoot() && sure >= language.High
}

func strength(r role) int { return [...]int{weak: 0, goods: 1, alone: 2}[r] }

func number(ts []text.Token, i int) bool { return i >= 0 && i < len(ts) && ts[i].Kind == text.Number }

// told reports whether these words have been reported for the rule, or the rule
// has been reported often enough.
func (o *offerScratch) told(found []Finding, c *Checker, s *scratch, t *term) bool {
	ts := s.buf.Tokens()
	place, span := s.place(int(ts[t.hit.First].Start), int(ts[t.hit.End-1].End))
	n := 0
	for _, f := range found {
		if f.Rule != c.rules[t.rule].id {
			continue
		}
		n++
		if f.Place == place && f.Span.Start < span.End && span.Start < f.Span.End {
			return true
		}
	}
	return n >= maxOfOneRule
}

// A weighing is how a term stands.
type weighing struct {
	seen             uint32 // kinds of evidence
	got              int    // what they come to
	excused, covered bool
	found            bool // it is offered
}

// weigh decides whether the term is offered, or aimed at somebody where that is
// what the rule is about, and says by what.
func (o *offerScratch) weigh(t *term, conduct bool) (w weighing) {
	need, far := needs(t.role), int32(reach)
	if conduct {
		far = aimReach
	}
	lo, hi := 0, len(o.cues)
	if hi > manyCues {
		// They come in the order of their ends.
		lo, _ = slices.BinarySearchFunc(o.cues, t.hit.First-reach, byEnd)
		hi, _ = slices.BinarySearchFunc(o.cues, t.hit.End+reach+text.MaxWords, byEnd)
	}
	var excuses [8][2]int32 // where they stand
	n, last, several := 0, int32(-1), false
	for i := lo; i < hi; i++ {
		q := &o.cues[i]
		if q.rule >= 0 && q.rule != t.rule || !o.speaks(q, t) || conduct && q.rule < 0 {
			continue
		}
		overlaps := q.first < t.hit.End && t.hit.First < q.end
		distance := max(q.first-t.hit.End, t.hit.First-q.end)
		switch q.role {
		case covers:
			w.covered = w.covered || overlaps
		case deny:
			// What is refused right before its name is not offered.
			if !conduct && q.part == t.part && q.first < t.hit.First && q.end >= t.hit.First && q.end <= t.hit.End {
				w.covered = true
			}
		case context, talk:
			if q.role == talk && t.hit.First <= q.first && q.end <= t.hit.End {
				continue // a word of the term itself: the replica in "replica watches"
			}
			if overlaps && q.first <= t.hit.First && t.hit.End <= q.end && q.role == context {
				w.covered = true
			}
			if q.part == t.part && distance <= excuseReach || q.part != t.part && q.short {
				if w.excused && q.first != last {
					several = true
				}
				w.excused, last = true, q.first
				if n < len(excuses) && q.role == context {
					excuses[n] = [2]int32{q.first, q.end}
					n++
				}
			}
		}
	}
	excuse := func(q *cue) bool { // what excuses a term does not also offer it: "ready to collect" of a prescription
		return slices.ContainsFunc(excuses[:n], func(e [2]int32) bool { return e[0] <= q.first && q.end <= e[1] })
	}
	for i := lo; i < hi; i++ {
		q := &o.cues[i]
		if 1<<q.role&evidence == 0 || q.rule >= 0 && q.rule != t.rule || !o.speaks(q, t) || conduct && q.rule < 0 {
			continue // of conduct nothing is for sale
		}
		overlaps := q.first < t.hit.End && t.hit.First < q.end
		distance := max(q.first-t.hit.End, t.hit.First-q.end)
		if !overlaps && (q.part != t.part && !conduct || q.part == t.part && distance <= far) && !excuse(q) {
			w.seen |= 1 << q.role
		}
	}
	for r, v := range weight {
		if w.seen&(1<<r) != 0 {
			w.got += v
		}
	}
	if w.seen&(1<<sell|1<<sells) == 1<<sell|1<<sells {
		w.got -= weight[sells] // one kind, in two lists
	}
	if t.hit.Hidden {
		w.got += hiddenGives
	}
	if w.excused {
		need += needExcused
	}
	if several {
		need += needSeveral
	}
	w.found = w.got >= need && !w.covered && !(w.excused && t.role == weak)
	return w
}

func explainConduct(t *term) string {
	why := "The words name it, and whom or what it is aimed at"
	if t.role == alone {
		why = "The words do it outright"
	}
	if t.hit.Hidden {
		why += ", written so as not to be found"
	}
	return why + "."
}

func needs(r role) int { return [...]int{weak: needWeak, goods: needGoods, alone: 0}[r] }

// explain names the evidence, not the words.
func explain(t *term, seen uint32) string {
	var b strings.Builder
	switch t.role {
	case alone:
		b.WriteString("The words offer it outright")
	case goods:
		b.WriteString("The words name it")
	default:
		b.WriteString("The words can name it")
	}
	if t.hit.Hidden {
		b.WriteString(", written so as not to be found")
	}
	b.WriteString(beside(seen))
	b.WriteString(".")
	return b.String()
}

// beside lists kinds of evidence as the end of a sentence.
func beside(seen uint32) string {
	var kinds []string
	if seen&(1<<sell|1<<sells) != 0 {
		kinds = append(kinds, "words of buying or selling")
	}
	for _, k := range []struct {
		role role
		name string
	}{{price, "a price"}, {stock, "word of stock"}, {deliver, "word of delivery"}, {order, "a call to order or reply"}, {unit, "a quantity"}} {
		if seen&(1<<k.role) != 0 {
			kinds = append(kinds, k.name)
		}
	}
	switch n := len(kinds); {
	case n == 1:
		return ", beside " + kinds[0]
	case n > 1:
		return ", beside " + strings.Join(kinds[:n-1], ", ") + " and " + kinds[n-1]
	}
	return ""
}
