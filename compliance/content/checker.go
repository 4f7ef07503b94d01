package content

import (
	"fmt"
	"iter"
	"slices"
	"sync"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/concept"
	"github.com/waguard/waguard/internal/text"
)

// A Checker finds what the words of a message contain. It never changes and is
// safe for concurrent use.
type Checker struct {
	lex       *lexicon
	rules     []textRule
	detectors []detector
	ids       []policy.ID
	asking    bool // its rule is in the book
	max       int
	scratch   sync.Pool

	wanting wanting

	given   []byte         // the model, until it is read
	reading chan modelRead // and while it is
	model   *model
	table   *concept.Table
	classOf []int16 // by text rule; -1 is none of the model's
	conduct []bool  // by text rule

	ruleHash []uint32 // by text rule: of its id; 0 is none of the model's

	// Detectors by what they read, for digits alone and for digits with letters, each by
	// length; and those that can come to something without a label.
	digits                   [longest + 1][]int16
	mixed                    [longest + 1][]shape
	bare                     []bool
	digitsBare               [longest + 1][]int16
	mixedBare                [longest + 1][]shape
	mixedFrom, mixedBareFrom int   // where these lists begin
	wide                     int   // the most digits of any
	strip                    int16 // the detector of machine-readable strips, or -1
	track                    int16 // and of magnetic stripes
}

type textRule struct {
	id      policy.ID
	kind    string
	conduct bool
}

// An Option changes what has a sound default.
type Option func(*Checker)

// DefaultLimit is how much text one message may hold, in bytes.
const DefaultLimit = 1 << 20

// WithLimit sets how many bytes of text one message may hold; the default is
// [DefaultLimit]. Beyond it nothing is read and every rule is reported as
// failed, because text nobody read is not clean.
func WithLimit(bytes int) Option { return func(c *Checker) { c.max = bytes } }

// WithModel has a checker weigh with a model of [AppendModel]'s making in place of
// the built-in one. Rules it does not know are decided by their phrases alone.
func WithModel(b []byte) Option { return func(c *Checker) { c.given = slices.Clone(b) } }

// An ExampleError says which example of a rule does not hold. It names the
// place and never the words.
type ExampleError struct {
	Rule  policy.ID
	Side  string // "match" or "clear"
	N     int    // its place in the list, from 0
	Lang  string
	Found bool // what came out
}

func (e *ExampleError) Error() string {
	what := "is not found"
	if e.Found {
		what = "is found"
	}
	return fmt.Sprintf("content: rule %s: examples.%s[%d] (%s) %s", e.Rule, e.Side, e.N, e.Lang, what)
}

// Compile makes a Checker of the rules of a book that are decided by words
// (check "text") or by identifiers (check "identifier"). One Checker serves every
// edition: what is in force is for the book to say.
//
// Each rule's own examples are run against that rule's phrases, without the
// model; those of the built-in book were run when its words were stored. The first
// that does not hold is an [*ExampleError], and there is no Checker. An identifier rule
// for which this package has no detector is an error, too.
func Compile(book *policy.Book, opts ...Option) (*Checker, error) {
	c, proved, err := compile(book, opts)
	if err != nil {
		return nil, err
	}
	if !proved {
		for _, r := range book.All() {
			if errs := c.prove(r); len(errs) > 0 {
				return nil, errs[0]
			}
		}
	}
	if err := c.learn(); err != nil {
		return nil, err
	}
	return c, nil
}

// compile is Compile but for the examples, which may have been proved when the
// words were compiled, and the model.
func compile(book *policy.Book, opts []Option) (c *Checker, proved bool, err error) {
	c = &Checker{max: DefaultLimit, given: builtinModel}
	c.scratch.New = func() any { return new(scratch) }
	for _, o := range opts {
		o(c)
	}
	if c.max <= 0 || c.max > text.Max/4 {
		return nil, false, fmt.Errorf("content: a limit of %d bytes, want 1 to %d", c.max, text.Max/4)
	}
	c.reading = make(chan modelRead, 1)
	go func(b []byte, read chan<- modelRead) { // as long as the words take
		m, err := readModel(b)
		read <- modelRead{m, err}
	}(c.given, c.reading)
	c.given = nil
	all := detectors()
	for _, r := range book.All() {
		switch r.Check {
		case policy.Lexical:
			c.rules = append(c.rules, textRule{r.ID, r.Text.Kind, r.Text.Conduct})
			c.ids = append(c.ids, r.ID)
		case policy.Identifier:
			if r.ID != askRule && !slices.ContainsFunc(all, func(d detector) bool { return d.rule == r.ID }) {
				return nil, false, fmt.Errorf("content: rule %s: no detector reports it", r.ID)
			}
			c.ids = append(c.ids, r.ID)
		}
	}
	src := sourceOf(book, all)
	if w, ok, err := src.stored(); err != nil {
		return nil, false, err
	} else if ok {
		c.lex, c.wanting.lex, proved = w.rules, w.wants, src.longest < c.max
	} else if w, err = compileWords(book, all); err != nil {
		return nil, false, err
	} else {
		c.lex, c.wanting.lex = w.rules, w.wants
	}
	for _, r := range c.rules {
		i, _ := book.Index(r.id)
		c.wanting.from = append(c.wanting.from, !r.conduct && book.Rule(i).Area == "goods")
	}
	c.asking = slices.Contains(c.ids, askRule)
	for _, d := range all {
		d.on = slices.Contains(c.ids, d.rule)
		c.detectors = append(c.detectors, d)
	}
	c.shapes()
	return c, proved, nil
}

// A modelRead is what became of reading a model.
type modelRead struct {
	model *model
	err   error
}

// learn gives the checker its model.
func (c *Checker) learn() (err error) {
	read := <-c.reading
	if c.reading = nil; read.err != nil {
		return read.err
	}
	c.model = read.model
	if len(c.model.gate) > 0 {
		c.lex.phrases.Weigh(c.model.gateWeight)
	}
	if c.table, err = concept.Builtin(); err != nil {
		return fmt.Errorf("content: %w", err)
	}
	for _, r := range c.rules {
		c.classOf = append(c.classOf, int16(slices.Index(c.model.classes, r.id)))
		c.conduct = append(c.conduct, r.conduct)
		hash := uint32(0)
		if c.classOf[len(c.classOf)-1] >= 0 {
			hash = hashOf(seedNamed, []byte(r.id))
		}
		c.ruleHash = append(c.ruleHash, hash)
	}
	return nil
}

// prove runs a rule's own examples and tells those that do not hold.
func (c *Checker) prove(r *policy.Rule) (errs []error) {
	if r.Examples == nil || !slices.Contains(c.ids, r.ID) {
		return nil
	}
	var rep Report
	for _, side := range []struct {
		name string
		want bool
		list []policy.Example
	}{{"match", true, r.Examples.Match}, {"clear", false, r.Examples.Clear}} {
		for n, e := range side.list {
			tag, err := language.Parse(e.Lang)
			if err != nil {
				errs = append(errs, fmt.Errorf("content: rule %s: examples.%s[%d]: %w", r.ID, side.name, n, err))
				continue
			}
			rep.Findings, rep.Failed = rep.Findings[:0], rep.Failed[:0]
			c.Check([]Text{{Place: "body", Words: e.Text}}, tag, &rep)
			if len(rep.Failed) > 0 {
				errs = append(errs, fmt.Errorf("content: rule %s: examples.%s[%d] is longer than the limit", r.ID, side.name, n))
				continue
			}
			if found := slices.ContainsFunc(rep.Findings, func(f Finding) bool { return f.Rule == r.ID }); found != side.want {
				errs = append(errs, &ExampleError{r.ID, side.name, n, e.Lang, found})
			}
		}
	}
	return errs
}

// Rules are the ids the Checker answers for, in the order of the book.
func (c *Checker) Rules() iter.Seq[policy.ID] { return slices.Values(c.ids) }

// scratch is the memory one Check works in.
type scratch struct {
	buf   text.Buffer
	hits  []text.Hit
	plain int // so many of hits are not hidden, and come first
	texts []Text

	offer    offerScratch
	features featureScratch
	grams    gramRoom
	numbers  numberScratch
	ask      askScratch
	bag      bag

	// What words come to, from one message to the next.
	memos struct {
		grams    text.Memo[gramTotal]
		askGrams text.Memo[gramTotal]
		concepts concept.Memo
	}
}

// Check appends to rep what the texts of one message contain. The texts are
// read together: an offer in a button counts for what the body names, and a
// number may run from one text into the next; there is then a finding in each. A
// finding lies in the text where its words stand, in bytes of the original.
//
// lang is the language the message is said to be in, und when nobody knows.
// Every language is looked for all the same; words that only another language
// takes for goods then need a stronger offer beside them.
//
// A text without a term costs no allocation once rep and the Checker have been used, unless it is
// longer than any message: the memory for more than 128 KiB is not kept.
func (c *Checker) Check(texts []Text, lang language.Tag, rep *Report) { c.check(texts, lang, rep, nil) }

func (c *Checker) check(texts []Text, lang language.Tag, rep *Report, look func(*scratch)) {
	size := 0
	for i := range texts {
		size += len(texts[i].Words) + 1
		if size > c.max {
			rep.Failed = append(rep.Failed, c.ids...)
			return
		}
	}
	s := c.scratch.Get().(*scratch)
	s.buf.Reset()
	for i := range texts {
		s.buf.Add(texts[i].Words)
	}
	s.texts = texts
	s.hits = c.lex.phrases.Find(s.hits[:0], &s.buf)
	var roles uint32
	digits := 0
	s.plain = 0
	for i := range s.hits {
		if !s.hits[i].Hidden {
			s.plain++
		}
		r := c.lex.roles(s.hits[i].Phrase)
		roles |= r
		digits += int(r >> digit & 1)
	}
	if len(c.rules) > 0 && (roles&termRoles != 0 || c.model != nil && c.model.passes(&s.buf, texts)) {
		from := c.offers(s, lang, rep)
		if c.model != nil {
			c.judge(s, rep, from)
		}
		if look != nil {
			look(s)
		}
	}
	if c.asking && roles&(1<<secret|1<<document|1<<vague) != 0 {
		c.asks(s, lang, rep)
	}
	ts := s.buf.Tokens()
	for i := range ts {
		if ts[i].Kind == text.Number {
			digits += int(ts[i].End - ts[i].Start)
		}
	}
	if digits >= minDigits || digits > 0 && roles>>label&1 == 1 { // a passport can be L7XKCNZLN
		c.numbers(s, roles, rep)
	}
	c.keep(s, size)
}

// keep keeps the memory that texts of so many bytes have been read in for the next.
func (c *Checker) keep(s *scratch, size int) {
	s.texts = nil
	s.buf.Reset() // let go of the words
	if size <= keptSize {
		c.scratch.Put(s)
	}
}

// keptSize is how many bytes of text the memory that is kept has been used for at most. All
// of it grows with the text: tokens, hits, evidence, numbers. It is thirty times what
// a message holds (4,096 characters), and one longer than that is no reason to hold its memory.
const keptSize = 1 << 17

// place is where folded bytes stand in the message.
func (s *scratch) place(from, to int) (string, policy.Span) {
	part, start, end := s.buf.Origin(from, to)
	return s.texts[part].Place, policy.Span{Start: start, End: end}
}
