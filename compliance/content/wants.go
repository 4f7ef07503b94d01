package content

import (
	"embed"
	"slices"

	"golang.org/x/text/language"
)

//go:embed wants/*.json
var wantFiles embed.FS

// A wantSet is how one language says that somebody would like to have a thing: do
// you sell, I need, how much is. Only [Checker.Wants] listens to it.
type wantSet struct {
	Lang string   `json:"lang"`
	Want []string `json:"want"`
}

// wanting is what Wants reads beside the words of the rules.
type wanting struct {
	lex  *lexicon
	from []bool // by text rule: it bars goods, and not conduct or a commerce feature
}

// Wants appends what goods of the rules a customer's words ask for. The words of
// the rules are those of [Checker.Check]; beside them stand how a customer asks (do
// you sell, I need, how much), and what is said when selling. No model weighs
// this: a question is short, and whoever reads the answer does no more than move a
// talk elsewhere. Text beyond the limit is not read.
func (c *Checker) Wants(words string, lang language.Tag, found []Finding) []Finding {
	if len(words) > c.max {
		return found
	}
	s := c.scratch.Get().(*scratch)
	defer c.keep(s, len(words))
	s.buf.Reset()
	s.buf.Add(words)
	s.hits = c.lex.phrases.Find(s.hits[:0], &s.buf)
	s.plain = 0
	var roles uint32
	for i := range s.hits {
		if !s.hits[i].Hidden {
			s.plain++
		}
		roles |= c.lex.roles(s.hits[i].Phrase)
	}
	if roles&termRoles == 0 {
		return found
	}
	texts := [1]Text{{Place: "text", Words: words}}
	s.texts = texts[:]
	var offered Report // what Check would say is of no matter here; its terms and cues are
	c.offers(s, lang, &offered)
	o := &s.offer
	if len(o.terms) == 0 {
		return found
	}
	first := c.asked(s)
	ts := s.buf.Tokens()
	from := len(found)
	for i := range o.terms {
		t := &o.terms[i]
		if !c.wanting.from[t.rule] || o.told(found[from:], c, s, t) {
			continue
		}
		w := o.weigh(t, false)
		w.found = w.found || t.role == weak && !w.excused && !w.covered && o.nextTo(t, first)
		if !w.found || w.seen == 0 {
			continue // named outright, and nobody asks for it
		}
		place, span := s.place(int(ts[t.hit.First].Start), int(ts[t.hit.End-1].End))
		found = append(found, Finding{Rule: c.rules[t.rule].id, Kind: c.rules[t.rule].kind, Place: place, Span: span, Why: explain(t, w.seen), Strict: t.value == strict, Confidence: Likely})
	}
	return found
}

// asked adds the words of wanting to the evidence, and returns where they begin.
func (c *Checker) asked(s *scratch) (first int) {
	o := &s.offer
	first = len(o.cues)
	s.hits = c.wanting.lex.phrases.Find(s.hits[:0], &s.buf)
	ts := s.buf.Tokens()
	for _, h := range s.hits {
		part := int32(s.buf.Part(int(ts[h.First].Start)))
		// a question is too short to tell its language by: asking counts beside
		// goods of any
		o.cues = append(o.cues, cue{sell, -1, anyLanguage, h.First, h.End, part, false})
	}
	if len(o.cues) > manyCues {
		slices.SortFunc(o.cues, func(a, b cue) int { return int(a.end - b.end) })
		first = 0
	}
	return first
}

// wantReach is how near to a word that may mean something else the asking has to
// stand: "I am looking for a pistol".
const wantReach = 2

func (o *offerScratch) nextTo(t *term, first int) bool {
	return slices.ContainsFunc(o.cues[first:], func(q cue) bool {
		return q.role == sell && o.speaks(&q, t) && max(q.first-t.hit.End, t.hit.First-q.end) <= wantReach
	})
}
