package content

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/text"
)

// A role is what a phrase says about the words around it.
type role uint8

const (
	goods   role = iota + 1 // names the thing
	weak                    // names it, or something else
	alone                   // offers it, with nothing else needed
	covers                  // an excuse that holds a term inside it
	context                 // an excuse that stands by a term
	sells                   // an offer in the words of one trade

	// The cues every rule shares; evidence is counted by these kinds.
	sell
	price
	order
	stock
	deliver
	unit
	currency // price, beside a number
	talk
	measure // unit, beside a number

	// What stands by numbers.
	label // names an identifier; meaning.rule is the detector
	other // names another number
	digit // meaning.value 0 to 9
	times // meaning.value 2 or 3

	hints // meaning.value is a hint

	topic // said around the thing
	deny  // refuses, forbids or warns

	everyday // names a harmless thing; meaning.value is its kind, or guise
)

// A meaning is one reading of a phrase. A phrase can have several: in two
// languages, or for two rules.
type meaning struct {
	role  role
	rule  int16 // number of the text rule, or of the detector for a label
	lang  int16 // number of the language
	value uint8
}

// A lexicon is every phrase any rule listens to, in one automaton.
type lexicon struct {
	phrases *text.Phrases
	of      []int32         // by phrase: its sense
	senses  []sense         // those there are: most phrases of one list share theirs
	said    []meaning       // the meanings of all senses, one run a sense
	fillers map[string]bool // words that say nothing about a number: is, no., your
	tags    []string        // of languages, by number
	langs   []language.Base

	askAfter, askAnyone uint64 // sets of languages; see askSet
}

// A sense is what a phrase means.
type sense struct {
	roles    uint32 // a bit for each role
	from, to int32  // its run of meanings
}

// roles are those of a phrase, a bit for each.
func (l *lexicon) roles(phrase int32) uint32 { return l.senses[l.of[phrase]].roles }

// meanings are the readings of a phrase.
func (l *lexicon) meanings(phrase int32) []meaning {
	n := &l.senses[l.of[phrase]]
	return l.said[n.from:n.to]
}

// mean adds a sense. An excuse that covers a term is a context too.
func (l *lexicon) mean(ms []meaning) {
	n := sense{from: int32(len(l.said))}
	for _, m := range ms {
		n.roles |= 1 << m.role
		if m.role == covers {
			n.roles |= 1 << context
		}
	}
	l.said = append(l.said, ms...)
	n.to = int32(len(l.said))
	l.senses = append(l.senses, n)
}

// speak numbers a language.
func (l *lexicon) speak(tag string) error {
	t, err := language.Parse(tag)
	if err != nil {
		return err
	}
	base, _ := t.Base()
	if t.IsRoot() {
		base = language.Base{}
	}
	l.tags, l.langs = append(l.tags, tag), append(l.langs, base)
	return nil
}

// A builder makes a lexicon of lists of phrases.
type builder struct {
	lexicon
	index    map[string]int32
	list     []string    // the phrases as they are written
	meanings [][]meaning // by phrase
	buf      text.Buffer
}

func newBuilder() *builder {
	return &builder{index: map[string]int32{}, lexicon: lexicon{fillers: map[string]bool{}}}
}

func (b *builder) lang(tag string) (int16, error) {
	if n := slices.Index(b.tags, tag); n >= 0 {
		return int16(n), nil
	}
	if err := b.speak(tag); err != nil {
		return 0, err
	}
	return int16(len(b.langs) - 1), nil
}

// add gives the phrases a meaning. Phrases that fold to the same are one.
func (b *builder) add(tag string, m meaning, phrases ...string) error {
	n, err := b.lang(tag)
	if err != nil {
		return err
	}
	m.lang = n
	for k, p := range phrases {
		key := b.key(p)
		i, ok := b.index[string(key)]
		if !ok {
			if err := text.PhraseIn(&b.buf); err != nil {
				return fmt.Errorf("phrase %d, counted from 0, %.40q: %w", k, p, err)
			}
			i = int32(len(b.list))
			b.index[string(key)] = i
			b.list = append(b.list, p)
			b.meanings = append(b.meanings, nil)
		}
		if !slices.Contains(b.meanings[i], m) {
			b.meanings[i] = append(b.meanings[i], m)
		}
	}
	return nil
}

// key is a phrase folded, with single spaces. It is good until the next.
func (b *builder) key(phrase string) []byte {
	b.buf.Reset()
	b.buf.Add(phrase)
	folded := b.buf.Bytes()
	for i, c := range folded {
		if c >= utf8.RuneSelf || c < ' ' || c == ' ' && (i == 0 || i == len(folded)-1 || folded[i+1] == ' ') {
			return bytes.Join(bytes.Fields(folded), []byte(" "))
		}
	}
	return folded
}

// fronts are what Arabic writes as one word with the word behind it: article,
// conjunction, prepositions.
var fronts = [...]string{"ال", "و", "وال", "ب", "بال", "ل", "لل"}

// forms are the further forms of a folded word. A word that is listed with its
// article is meant with it.
func forms(word string) []string {
	if word[0] < 0xD8 || word[0] > 0xDB || utf8.RuneCountInString(word) < 3 || strings.HasPrefix(word, fronts[0]) {
		return nil
	}
	out := make([]string, len(fronts))
	for i, f := range fronts {
		out[i] = f + word
	}
	return out
}

// slang marks words for money that are other words, too: in French "la carte" stands before a card's number.
const slang = 1

// strict marks goods that are barred in a plain message, too.
const strict = 1

// textRule adds the words of one rule.
func (b *builder) textRule(n int16, r *policy.Rule) error {
	for _, tag := range slices.Sorted(maps.Keys(r.Text.Languages)) {
		lex := r.Text.Languages[tag]
		for _, l := range []struct {
			name    string
			role    role
			value   uint8
			phrases []string
		}{
			{"goods", goods, 0, lex.Goods}, {"weak", weak, 0, lex.Weak}, {"alone", alone, 0, lex.Alone}, {"sells", sells, 0, lex.Sells},
			{"strict", goods, strict, lex.Strict}, {"excuses", context, 0, lex.Excuses},
		} {
			if err := b.add(tag, meaning{role: l.role, rule: n, value: l.value}, l.phrases...); err != nil {
				return fmt.Errorf("content: rule %s: text.languages.%s.%s: %w", r.ID, tag, l.name, err)
			}
		}
	}
	return nil
}

func (b *builder) cues(sets []cueSet) error {
	for _, c := range sets {
		for _, l := range []struct {
			role    role
			value   uint8
			phrases []string
		}{
			{sell, 0, c.Sell}, {price, 0, c.Price}, {order, 0, c.Order}, {stock, 0, c.Stock}, {deliver, 0, c.Deliver}, {unit, 0, c.Unit},
			{measure, 0, c.Measure}, {currency, 0, c.Currency}, {currency, slang, c.Money}, {talk, 0, c.Talk}, {deny, 0, c.Deny},
		} {
			if err := b.add(c.Lang, meaning{role: l.role, rule: -1, value: l.value}, l.phrases...); err != nil {
				return fmt.Errorf("content: cues/%s.json: %w", c.Lang, err)
			}
		}
	}
	return nil
}

// topics adds those of the rules in the book.
func (b *builder) topics(sets []topicSet, rules []*policy.Rule) error {
	for _, t := range sets {
		for n, r := range rules {
			if err := b.add(t.Lang, meaning{role: topic, rule: int16(n)}, t.Topics[string(r.ID)]...); err != nil {
				return fmt.Errorf("content: topics/%s.json: %s: %w", t.Lang, r.ID, err)
			}
		}
	}
	return nil
}

func (b *builder) wants(sets []wantSet) error {
	for _, w := range sets {
		if err := b.add(w.Lang, meaning{role: sell, rule: -1}, w.Want...); err != nil {
			return fmt.Errorf("content: wants/%s.json: %w", w.Lang, err)
		}
	}
	return nil
}

func (b *builder) labels(sets []labelSet, ds []detector) error {
	for _, l := range sets {
		fail := func(format string, args ...any) error {
			return fmt.Errorf("content: labels/%s.json: %s", l.Lang, fmt.Sprintf(format, args...))
		}
		for _, kind := range slices.Sorted(maps.Keys(l.Kinds)) {
			if err := b.label(l.Lang, kind, ds, 0, l.Kinds[kind]); err != nil {
				return fail("%v", err)
			}
		}
		for _, kind := range slices.Sorted(maps.Keys(l.Capitals)) {
			if err := b.label(l.Lang, kind, ds, capital, l.Capitals[kind]); err != nil {
				return fail("%v", err)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(l.Hints)) {
			h := slices.Index(hintNames[:], name)
			if h < 0 {
				return fail("no hint is named %q", name)
			}
			if err := b.add(l.Lang, meaning{role: hints, rule: -1, value: uint8(h)}, l.Hints[name]...); err != nil {
				return fail("%v", err)
			}
		}
		for _, w := range l.Fillers {
			b.fillers[text.Fold(w)] = true
		}
		if len(l.Digits) != 0 && len(l.Digits) != 10 {
			return fail("digits are %d lists, want one each for 0 to 9", len(l.Digits))
		}
		if err := b.add(l.Lang, meaning{role: other, rule: -1}, l.Others...); err != nil {
			return fail("%v", err)
		}
		for v, words := range l.Digits {
			if err := b.add(l.Lang, meaning{role: digit, rule: -1, value: uint8(v)}, words...); err != nil {
				return fail("%v", err)
			}
		}
		if err := b.add(l.Lang, meaning{role: times, rule: -1, value: 2}, l.Double...); err != nil {
			return fail("%v", err)
		}
		if err := b.add(l.Lang, meaning{role: times, rule: -1, value: 3}, l.Triple...); err != nil {
			return fail("%v", err)
		}
	}
	return nil
}

// capital marks a label that counts in capitals only.
const capital = 1

// label adds words for a kind, or for a family of kinds, to every detector that
// listens to it.
func (b *builder) label(lang, kind string, ds []detector, value uint8, words []string) error {
	known := false
	for n := range ds {
		if ds[n].kind != kind && !slices.Contains(ds[n].labels, kind) {
			continue
		}
		known = true
		if err := b.add(lang, meaning{role: label, rule: int16(n), value: value}, words...); err != nil {
			return err
		}
	}
	if !known {
		return fmt.Errorf("no detector of kind %q", kind)
	}
	return nil
}

func (b *builder) compile() (*lexicon, error) {
	p, err := text.CompileForms(b.list, forms)
	if err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	b.phrases = p
	b.cover()
	numbers := map[string]int32{} // of senses, by their meanings
	var key []byte
	for _, ms := range b.meanings {
		key = key[:0]
		for _, m := range ms {
			key = append(key, byte(m.role), byte(m.rule), byte(m.rule>>8), byte(m.lang), byte(m.lang>>8), m.value)
		}
		n, ok := numbers[string(key)]
		if !ok {
			n = int32(len(b.senses))
			numbers[string(key)] = n
			b.mean(ms)
		}
		b.of = append(b.of, n)
	}
	l := b.lexicon
	return &l, nil // without the lists
}

// cover tells the excuses that hold a term of their rule from those that stand by
// one: "glue gun" covers the gun in it, "museum" does not.
func (b *builder) cover() {
	var buf text.Buffer
	var hits []text.Hit
	for i, ms := range b.meanings {
		if !slices.ContainsFunc(ms, func(m meaning) bool { return m.role == context }) {
			continue
		}
		buf.Reset()
		buf.Add(b.list[i])
		hits = b.phrases.Find(hits[:0], &buf)
		for k := range ms {
			if ms[k].role == context && slices.ContainsFunc(hits, func(h text.Hit) bool { return b.names(h.Phrase, ms[k]) }) {
				ms[k].role = covers
			}
		}
	}
}

// names reports whether a phrase is a term of the rule and language of a meaning.
func (b *builder) names(phrase int32, of meaning) bool {
	return slices.ContainsFunc(b.meanings[phrase], func(m meaning) bool {
		return (m.role == goods || m.role == weak) && m.rule == of.rule && m.lang == of.lang
	})
}
