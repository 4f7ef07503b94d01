package template

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
	words "github.com/waguard/waguard/internal/text"
)

//go:embed lint_words.json
var lintWords []byte

// A lexicon is the words the linter knows besides those of package category.
type lexicon struct {
	phrases *words.Phrases
	kinds   []saying // of each phrase

	tongues []string       // languages of the common words
	tongue  map[string]int // their places
	common  map[string]uint16
	longest int // bytes of the longest common word
}

// saying is what a phrase does.
type saying uint8

const (
	sayLeave  saying = iota // tells how to stop messages
	sayThreat               // with the law, or with shame
	sayScam
	sayAsk    // for something to be sent
	saySecret // a number or document nobody should send
	sayPart   // only a part of it, or not at all
)

func newLexicon() (*lexicon, error) {
	var lists struct {
		Leave, Threat, Scam []string
		Ask, Secret, Part   []string
		Common              map[string]string
	}
	d := json.NewDecoder(bytes.NewReader(lintWords))
	d.DisallowUnknownFields()
	if err := d.Decode(&lists); err != nil {
		return nil, fmt.Errorf("template: words of the linter: %w", err)
	}
	l := &lexicon{tongue: map[string]int{}, common: map[string]uint16{}}
	var all []string
	for kind, list := range [...][]string{sayLeave: lists.Leave, sayThreat: lists.Threat, sayScam: lists.Scam, sayAsk: lists.Ask, saySecret: lists.Secret, sayPart: lists.Part} {
		all = append(all, list...)
		l.kinds = append(l.kinds, slices.Repeat([]saying{saying(kind)}, len(list))...)
	}
	var err error
	if l.phrases, err = words.Compile(all); err != nil {
		return nil, fmt.Errorf("template: words of the linter: %w", err)
	}
	for i, t := range slices.Sorted(maps.Keys(lists.Common)) {
		l.tongues, l.tongue[t] = append(l.tongues, t), i
		for w := range strings.FieldsSeq(lists.Common[t]) {
			l.common[w] |= 1 << i
			l.longest = max(l.longest, len(w))
		}
	}
	return l, nil
}

// readings is the working memory of one look at a template's words.
type readings struct {
	words.Buffer
	hits   []words.Hit
	places []spot // of the buffer's parts
	words  []string
}

// texts calls do for every text a person reads.
func (c *linting) texts(do func(s string, at spot)) { eachText(c.d.Components, root, do) }

func eachText(all []Component, in spot, do func(s string, at spot)) {
	for i := range all {
		k, at := &all[i], in.component(i)
		if k.Text != "" {
			do(k.Text, at.at("text"))
		}
		if is(k.Type, "LIMITED_TIME_OFFER") {
			if s := offerText(k); s != "" {
				do(s, at.at("limited_time_offer.text"))
			}
		}
		for j := range k.Buttons {
			if s := k.Buttons[j].Text; s != "" {
				do(s, at.ofButton(j).at("text"))
			}
		}
		if in.card < 0 {
			for j := range k.Cards {
				eachText(k.Cards[j].Components, at.ofCard(j), do)
			}
		}
	}
}

// meaning checks what the words say: their language, what category they are
// of, and what Meta's policies bar.
func (c *linting) meaning() {
	if c.auth {
		return // Meta's words
	}
	c.matches()
	b := c.scratch.Get().(*readings)
	defer c.scratch.Put(b)
	b.Reset()
	b.places, b.words = b.places[:0], b.words[:0]
	c.texts(func(s string, at spot) {
		b.Add(s)
		b.places, b.words = append(b.places, at), append(b.words, s)
	})
	b.hits = c.words.phrases.Find(b.hits[:0], &b.Buffer)
	tokens := b.Tokens()
	var told [sayPart + 1]bool
	for i, h := range b.hits {
		part, start, end := b.Origin(int(tokens[h.First].Start), int(tokens[h.End-1].End))
		at, span := b.places[part], policy.Span{Start: start, End: end}
		kind := c.words.kinds[h.Phrase]
		if told[kind] {
			continue
		}
		switch kind {
		case sayThreat:
			c.tell(polThreat, at, span, "the words threaten the reader")
		case sayScam:
			c.tell(polScam, at, span, "the words are those of a common fraud")
		case saySecret:
			if !c.words.asked(b, i) {
				continue
			}
			c.tell(polSensitiveIdentifier, at, span, "the words ask for a number or document in full that must not be sent in a chat")
		}
		told[kind] = true
	}
	leave := told[sayLeave]
	if c.d.Category == category.Marketing && !leave {
		c.tell(catMarketingOptout, root.at("components"), policy.Span{}, "nothing tells how to stop these messages")
	}
	if c.content != nil {
		for i, s := range b.words {
			c.offers(s, b.places[i])
		}
	}
	c.categories()
}

// licensable are goods some businesses may offer in some countries, which a
// definition does not tell.
var licensable = [...]string{"goods-alcohol", "goods-gambling", "goods-drugs-otc"}

// offers tells what Meta's policies bar among what the content rules found. The
// conditions a regulated good fails are left to those rules: here the good counts.
func (c *linting) offers(s string, at spot) {
	for _, v := range c.content(s, c.d.Ref.Language) {
		rule := polCommerce
		switch family, _, _ := strings.Cut(string(v.Rule), "-"); {
		case v.Rule == "data-request-sensitive":
			if rule = polSensitiveIdentifier; toldAt(c.found, rule, at) {
				continue
			}
		case family == "goods" || family == "finance" || family == "business" || family == "org" || family == "use" || family == "commerce":
		default:
			continue
		}
		why := v.Why
		if why == "" {
			why = lintTable[rule].Why
		}
		p := c.tell(rule, at, v.Span, why)
		if v.Severity != policy.Block || isAny(string(v.Rule), licensable[:]) {
			p.lower(LintWarning)
		}
	}
}

func toldAt(all []LintProblem, rule lintRule, at spot) bool {
	return slices.ContainsFunc(all, func(p LintProblem) bool { return p.Rule == lintTable[rule].ID && p.Where == at.String() })
}

// nearTokens is how far apart, in tokens, a request and what it is for may
// stand; nearHits bounds the phrases looked at around one.
const (
	nearTokens = 8
	nearHits   = 32
)

// asked reports whether a sentence asks for the secret it names, in full.
func (l *lexicon) asked(b *readings, i int) bool {
	h := b.hits[i]
	ask := false
	for _, x := range b.hits[max(0, i-nearHits):min(len(b.hits), i+nearHits)] {
		kind := l.kinds[x.Phrase]
		if kind != sayAsk && kind != sayPart || !b.together(h, x) {
			continue
		}
		if kind == sayPart {
			return false
		}
		ask = ask || x.First-h.End <= nearTokens && h.First-x.End <= nearTokens
	}
	return ask
}

// together reports whether two hits stand in one sentence of one text.
func (b *readings) together(x, y words.Hit) bool {
	tokens := b.Tokens()
	px, sx, ex := b.Origin(int(tokens[x.First].Start), int(tokens[x.End-1].End))
	py, sy, ey := b.Origin(int(tokens[y.First].Start), int(tokens[y.End-1].End))
	if px != py {
		return false
	}
	from, to := min(ex, ey), max(sx, sy)
	if from >= to {
		return true // they touch
	}
	between := b.words[px][from:to]
	for i, r := range between {
		switch r {
		case '\n', '!', '?', '。', '！', '？', '؟', '।':
			return false
		case '.':
			if rest := between[i+1:]; rest == "" || rest[0] == ' ' {
				return false
			}
		}
	}
	return true
}

// twelve are the languages package category reads.
const twelve = " ar de en es fr hi id it pt ru tr zh "

// categories compares the declared category with what the words look like.
func (c *linting) categories() {
	d := c.d
	if d.Category != category.Utility && d.Category != category.Marketing {
		return
	}
	known := strings.Contains(twelve, " "+strings.ToLower(base(d.Ref.Language))+" ")
	if c.reader != nil && known {
		draft, body := c.d.Draft(), c.bodyAt()
		if body < 0 {
			return
		}
		if toldAt(c.found, tplLanguageMatchesText, root.component(body).at("text")) {
			draft.Lang = "" // the words are in another language than the template's
		}
		r := c.reader.Read(draft)
		c.judge(&r, body)
		return
	}
	if d.Category == category.Utility {
		c.screened()
	}
}

// screened tells single words of promotion.
func (c *linting) screened() {
	if c.screen == nil {
		return
	}
	c.texts(func(s string, at spot) {
		if span, yes := c.screen.Promotes(s); yes {
			c.tell(catUtilityPromotional, at, policy.Span{Start: span[0], End: span[1]}, "the words promote")
		}
	})
}

// bodyAt is the index of the body among the components, -1 where there is none.
func (c *linting) bodyAt() int {
	return slices.IndexFunc(c.d.Components, func(k Component) bool { return is(k.Type, "BODY") })
}

// place is where a reading's reason stands in the definition.
func (c *linting) place(where string) (spot, bool) {
	for i := range c.d.Components {
		k, at := &c.d.Components[i], root.component(i)
		switch {
		case where == "header" && is(k.Type, "HEADER"), where == "body" && is(k.Type, "BODY"), where == "footer" && is(k.Type, "FOOTER"):
			return at.at("text"), true
		case is(k.Type, "BUTTONS"):
			if j, _, ok := stepInto(where, "buttons"); ok && j < len(k.Buttons) {
				return at.ofButton(j).at("text"), true
			}
		}
	}
	return root, false
}
