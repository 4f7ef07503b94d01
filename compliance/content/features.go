package content

import (
	"bytes"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/text"
)

// What the phrase rules saw of one rule: signs of a tie. The first tell how its
// best term stands: role, excuse and weight of the evidence.
const (
	tieExcused = 6  // weights 0 to 5 and more
	tieRole    = 12 // excused or not
)

const (
	tieTwo = 3*tieRole + iota // so many different terms
	tieThree
	tieHidden
	tieSells      // words of its trade, and no term
	tieSellsTwice // several
	tieCovered    // a term inside an excuse
	tieContext    // an excuse of its own, and no term
	tieFound      // the phrase rules take it for an offer
	tieForeign    // the term is of another language than the message
	tieNamed      // or of none: a maker, a sign
	tieLong       // a term of several words
	tieBeside     // the term is part of an everyday thing's name, or right beside it
	tieGuised     // and that is one named after barred things
	tieFree       // a term that no excuse, no everyday thing and no refusal speaks against
	tieOffered    // and evidence stands beside it
	tieTopics     // topics: 1 to 4 and more, with 0, 1, and 2 and more kinds of evidence
	tieSigns      = tieTopics + 12
)

// Signs of the message as a whole. They are features of the model, with keys from 1 up.
const (
	signSell = iota
	signPrice
	signOrder
	signStock
	signDeliver
	signUnit
	signTalk
	signKinds // so many kinds of evidence: none to 4 and more
	_
	_
	_
	_
	signPhone
	signPercent
	signAsks
	signShouts
	signLink
	signEmoji
	signManyEmoji
	signNumber
	signParts
	signTerm
	signFound
	signShort // fewer than 8, 16, 32, 64 tokens, or more
	_
	_
	_
	_
	signDeny // a word that refuses, forbids or warns; two or more; one close to a term
	signDenyTwice
	signDenyNear
	signThings // everyday things: one, two, more
	_
	_
	signThingOffered // what sells stands right beside one
	signBare         // a number that may be a price, with nothing that says so
	signBias
)

// A spot is one feature, where it was seen.
type spot struct {
	key   uint32
	token int32 // or nowhere
}

const nowhere = -1

// oftenEnough is how often a message may say the same.
const oftenEnough = 2

// note takes a feature down, unless the message has said it often enough.
func (f *featureScratch) note(x spot) {
	n := &f.noted[x.key&(uint32(len(f.noted))-1)]
	if *n < oftenEnough {
		*n++
		f.spots = append(f.spots, x)
	}
}

// A topicCount is how many different topics of a rule there are; the last ones tell.
type topicCount struct {
	n    int
	last [manyTopics]int32
}

const manyTopics = 4

// denyReach is how many tokens a refusal and what it refuses stand apart at most.
const denyReach = 6

// manyTerms is how many terms a refusal is held against at most.
const manyTerms = 64

func (f *featureScratch) topic(rule int, phrase int32) {
	t := &f.topics[rule]
	if t.n < manyTopics && !slices.Contains(t.last[:t.n], phrase) {
		t.last[t.n] = phrase
		t.n++
	}
}

type featureScratch struct {
	topics  []topicCount // by text rule
	spots   []spot
	noted   [1 << 12]uint8 // how often, by the last bits of a key
	spoken  []uint32       // hashes of the rules that the message speaks of
	things  []thing
	signs   uint64
	ties    []uint64 // by text rule
	touched uint32
	rows    []uint32  // where those that are not full begin
	full    []uint32  // and those that are
	margins []float32 // by class
	byRule  []float32 // by text rule
	marks   Marks
}

const (
	signValue = .5
	wordValue = 3.
	fewSpots  = 24
	fullSpots = 600 // beyond them more of the same adds no certainty
)

// value is how much one feature of words counts, so that length alone moves nothing.
func (f *featureScratch) value() float32 {
	if n := len(f.spots); n > fullSpots {
		return float32(wordValue * math.Sqrt(fullSpots) / float64(n))
	}
	return float32(wordValue / math.Sqrt(float64(max(len(f.spots), fewSpots))))
}

const (
	seedWord  = 0x9E3779B1
	seedPair  = 0x85EBCA77
	seedHead  = 0xC2B2AE3D
	seedTail  = 0x27D4EB2F
	seedGram  = 0x165667B1
	seedThing = 0xD3A2646C
)

func mix(a, b uint32) uint32 {
	h := (a ^ (b*0x9E3779B1 + 0x7F4A7C15 + a<<6 + a>>2)) * 0x85EBCA6B
	return h ^ h>>13
}

// key keeps clear of the keys of signs.
func key(h uint32) uint32 { return h | 1<<31 }

// words notes words, their beginnings and ends, and neighbours. A footer tells how to
// stop, and nothing of what is offered above it: only terms are looked for there.
func (f *featureScratch) words(b *text.Buffer, texts []Text) {
	ts, out := b.Tokens(), b.Bytes()
	f.spots = f.spots[:0]
	clear(f.noted[:])
	last, before := uint32(0), uint32(0)
	part, border := 0, b.PartEnd(0)
	below := footer(texts, 0)
	for i := range ts {
		t := &ts[i]
		for int(t.Start) > border {
			part++
			border = b.PartEnd(part)
			last, before = 0, 0
			below = footer(texts, part)
		}
		if below {
			continue
		}
		word := out[t.Start:t.End]
		h := uint32(seedWord)
		switch t.Kind {
		case text.Number:
			if len(word) > 3 {
				h = mix(h, uint32(min(len(word), 8))) // how long, not which
			} else {
				h = hashOf(h, word)
			}
		case text.Word:
			h = f.pieces(word, int32(i))
		default:
			h = hashOf(h, word)
		}
		if h == last {
			continue // said again and again, it says no more
		}
		f.note(spot{key(h), int32(i)})
		if last != 0 {
			f.note(spot{key(mix(last^seedPair, h)), int32(i)})
			if t.Kind == text.Char && before != 0 {
				f.note(spot{key(mix(mix(before^seedGram, last), h)), int32(i)})
			}
		}
		before, last = last, h
	}
}

// footer reports whether a part is the footer of a template.
func footer(texts []Text, part int) bool {
	return part < len(texts) && strings.HasSuffix(texts[part].Place, "footer")
}

func hashOf(h uint32, b []byte) uint32 {
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

// PieceRunes is how many letters make the beginning or the end of a longer word.
const PieceRunes = pieceRunes

const pieceRunes = 5

// pieces notes the first and the last letters of a longer word, which languages
// that inflect and compound leave alike, and returns the hash of all of it.
func (f *featureScratch) pieces(word []byte, at int32) uint32 {
	h := uint32(seedWord)
	if len(word) <= pieceRunes {
		return hashOf(h, word)
	}
	runes := 0
	head := uint32(0)
	for _, c := range word {
		if utf8.RuneStart(c) {
			if runes == pieceRunes {
				head = h
			}
			runes++
		}
		h = (h ^ uint32(c)) * 16777619
	}
	if runes <= pieceRunes {
		return h
	}
	f.note(spot{key(head ^ seedHead), at})
	if runes > pieceRunes+1 {
		i := len(word)
		for range pieceRunes {
			for i--; !utf8.RuneStart(word[i]); i-- {
			}
		}
		f.note(spot{key(hashOf(seedTail, word[i:])), at})
	}
	return h
}

// whole notes the signs of the message as a whole that are not phrases.
func (f *featureScratch) whole(b *text.Buffer) {
	ts, out := b.Tokens(), b.Bytes()
	emoji := 0
	for i := range ts {
		switch t := &ts[i]; t.Kind {
		case text.Number:
			f.signs |= 1 << signNumber
			if t.End-t.Start >= 7 {
				f.signs |= 1 << signPhone
			}
			if bare(ts, i, out) {
				f.signs |= 1 << signBare
			}
		case text.Symbol:
			if r, _ := utf8.DecodeRune(out[t.Start:]); r == '%' {
				f.signs |= 1 << signPercent
			} else if unicode.Is(unicode.So, r) {
				emoji++
			}
		}
	}
	set := func(yes bool, sign int) {
		if yes {
			f.signs |= 1 << sign
		}
	}
	set(emoji > 0, signEmoji)
	set(emoji > 2, signManyEmoji)
	set(bytes.IndexByte(out, '?') >= 0, signAsks)
	set(bytes.IndexByte(out, '!') >= 0, signShouts)
	set(bytes.Contains(out, []byte("://")) || bytes.Contains(out, []byte("www.")), signLink)
	set(b.Parts() > 1, signParts)
	n := 0
	for limit := 8; n < 4 && len(ts) >= limit; limit *= 2 {
		n++
	}
	f.signs |= 1<<(signShort+n) | 1<<signBias
}

// bare reports whether a number ends what is said, as a price does that stands there without
// its currency: "brown, 90", "the pair 45!". A date may stand there as well; what it is worth
// is for the model to weigh.
func bare(ts []text.Token, i int, out []byte) bool {
	t := &ts[i]
	size := int(t.End - t.Start)
	if i > 0 && ts[i-1].Kind == text.Number && t.Start-ts[i-1].End == 1 {
		if out[ts[i-1].End] == ':' {
			return false // 18:30
		}
		size += 2 // 34,90
	}
	if size < 2 || size > 6 {
		return false
	}
	rest := out[t.End:]
	if len(rest) == 0 {
		return true
	}
	switch rest[0] {
	case ',', '.', ';', '!', '?', ')', '\n':
		return len(rest) == 1 || rest[1] == ' ' || rest[1] == '\n'
	}
	return i+1 < len(ts) && ts[i+1].Kind == text.Symbol && rest[0] == ' '
}

// Clues are what the model sees of a message. It is for whoever trains one.
type Clues struct {
	Words []uint32 // features of words, as often as they stand there
	Value float64  // how much each counts
	Signs uint64   // of the message: bit n is the feature n+1, and counts [SignValue]
	Size  int      // in words
	Ties  []uint64 // of each text rule, in the order of the book: a bit for each sign
	Grams []uint32 // their buckets, as often as they stand there
	Gate  []uint32 // the buckets of its words at the gate
	Term  bool     // a term stands in it, and it passes the gate in any case
}

// SignValue is how much a sign of a message counts.
const SignValue = signValue

// The number of signs of a tie, and the one that matters most.
const (
	TieSigns = tieSigns
	TieFound = tieFound // the phrases take it for an offer
)

// Clues are what the model would see of the texts.
func (c *Checker) Clues(texts []Text, lang language.Tag) Clues {
	var rep Report
	var clues Clues
	c.check(texts, lang, &rep, func(s *scratch) {
		f := &s.features
		for _, x := range f.spots {
			clues.Words = append(clues.Words, x.key)
		}
		clues.Value, clues.Signs = float64(f.value()), f.signs
		clues.Size = wordsOf(&s.buf)
		clues.Ties = append(clues.Ties, f.ties...)
		clues.Term = len(s.offer.terms) > 0
		for _, t := range s.buf.Tokens() {
			clues.Gate = append(clues.Gate, gateBucket(s.buf.Bytes()[t.Start:t.End]))
		}
		eachGramWord(&s.buf, s.texts, func(word []byte) {
			gramsOf(word, &s.grams, func(buckets []uint32) { clues.Grams = append(clues.Grams, buckets...) })
		})
	})
	return clues
}

// tie adds to the signs of a rule what one more of its terms tells. The stand is
// that of the term that stands best; more tells that the term is another than the
// first, and not a part of it.
func (f *featureScratch) tie(signs uint64, o *offerScratch, t *term, w *weighing, more bool) uint64 {
	if w.covered {
		return signs | 1<<tieCovered
	}
	const stands = 1<<(3*tieRole) - 1
	had := signs & stands
	switch {
	case had == 0 || !more:
	case signs&(1<<tieTwo) != 0:
		signs |= 1 << tieThree
	default:
		signs |= 1 << tieTwo
	}
	at := strength(t.role)*tieRole + min(max(w.got, 0), tieExcused-1)
	if w.excused {
		at += tieExcused
	}
	if had == 0 || signs&(1<<tieFound) == 0 && (w.found || bits.TrailingZeros64(had) < at) {
		signs = signs&^stands | 1<<at
	}
	set := func(yes bool, sign int) {
		if yes {
			signs |= 1 << sign
		}
	}
	set(t.hit.Hidden, tieHidden)
	set(w.found, tieFound)
	set(t.base == anyLanguage, tieNamed)
	set(t.base != anyLanguage && t.base != o.hint && t.base != english, tieForeign)
	set(t.hit.End-t.hit.First > 1, tieLong)
	beside, guised := f.leans(t.hit.First, t.hit.End)
	set(beside, tieBeside)
	set(guised, tieGuised)
	return signs
}

// cues notes the evidence that every rule shares, and that of rules without a term.
func (f *featureScratch) cues(o *offerScratch) {
	const terms = 1<<(3*tieRole) - 1
	for i := range o.cues {
		q := &o.cues[i]
		if q.lang != o.hint && q.lang != english && q.lang != anyLanguage && o.hint != anyLanguage {
			continue
		}
		switch {
		case q.rule < 0 && q.role >= sell && q.role <= unit:
			f.signs |= 1 << (signSell + int(q.role-sell))
		case q.role == deny:
			if f.signs&(1<<signDeny) != 0 {
				f.signs |= 1 << signDenyTwice
			}
			f.signs |= 1 << signDeny
			for k := range o.terms[:min(len(o.terms), manyTerms)] {
				if t := &o.terms[k]; max(q.first-t.hit.End, t.hit.First-q.end) <= denyReach {
					f.signs |= 1 << signDenyNear
				}
			}
		case q.rule < 0 && q.role == talk:
			f.signs |= 1 << signTalk
		case q.rule < 0:
		case q.role == sells && f.ties[q.rule]&terms == 0:
			if f.ties[q.rule]&(1<<tieSells) != 0 {
				f.ties[q.rule] |= 1 << tieSellsTwice
			}
			f.ties[q.rule] |= 1 << tieSells
		case q.role == context && f.ties[q.rule]&terms == 0:
			f.ties[q.rule] |= 1 << tieContext
		}
	}
	f.everyday(o)
	kinds := bits.OnesCount64(f.signs & (1<<signTalk - 1))
	f.signs |= 1 << (signKinds + min(kinds, 4))
	for n := range f.topics {
		if t := f.topics[n].n; t > 0 {
			f.ties[n] |= 1 << (tieTopics + 3*(t-1) + min(kinds, 2))
		}
	}
	for n, signs := range f.ties {
		if signs&terms != 0 {
			f.signs |= 1 << signTerm
		}
		f.ties[n] |= freed(signs, f.signs)
		if signs&(1<<tieFound) != 0 {
			f.signs |= 1 << signFound
		}
	}
}

// freed are the signs of a term that nothing speaks against.
func freed(signs, message uint64) uint64 {
	const standing = (1<<tieExcused - 1) << tieRole * (1 + 1<<tieRole) // goods or alone, not excused
	const offered = standing &^ (3 << tieRole * (1 + 1<<tieRole))      // beside evidence that makes an offer
	switch {
	case signs&standing == 0 || signs&(1<<tieBeside) != 0 || message&Excusing != 0:
		return 0
	case signs&offered == 0:
		return 1 << tieFree
	}
	return 1<<tieFree | 1<<tieOffered
}

// WordFeatures are the features of words that a phrase has, those that only the
// whole of it has last. It is for whoever trains a model.
func WordFeatures(phrase string) []uint32 {
	var b text.Buffer
	var f featureScratch
	b.Add(phrase)
	f.words(&b, nil)
	keys := make([]uint32, len(f.spots))
	for i, x := range f.spots {
		keys[i] = x.key
	}
	return keys
}
