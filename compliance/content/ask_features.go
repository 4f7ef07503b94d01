package content

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/concept"
	"github.com/waguard/waguard/internal/text"
)

// How far around a name the model looks, in tokens; twice as far where each character
// is one.
const (
	askReach = 10 // for words
	askFar   = 24 // for words of a request, within its clause
	askNear  = 3  // for words that are close by
	askNext  = 4  // for what stands beside a word of a request
	askMany  = 64 // words of a request on each side, in all their readings: more are nobody's message
)

// What a feature of a request is about. Those up to askSignBehind count for more: what words of
// a request say is known in every language, and other words have to outweigh it together.
const (
	askBias     uint32 = iota
	askThing           // what may be asked for
	askName            // in which words
	askForeign         // in another language than the message
	askVerdict         // what the phrases take it for
	askBeside          // a word of a request in the clause: on which side
	askCueAt           // how far
	askCueFor          // and what is named
	askCueSaid         // and what the phrases take it for
	askCuePair         // two of them
	askBetween         // the closest on both sides
	askAnywhere        // one anywhere in the message
	askSign            // a sign of how the name stands
	askSignSaid
	askSignBehind

	askWordAt // a word around it: on which side
	askWordAny
	askWordNear
	askHead // its beginning
	askPair
	askAround // the closest on both sides
	askConcept
	askConceptAny
	askConceptNear
	askConceptPair
	askConceptGap
	askConceptThing // and what is named
	askConceptCue   // beside a word of a request
)

const (
	seedAsk   = 0x3C6EF372
	askItself = 1 << 20 // stands for the name among concepts
)

// Signs of how a name stands.
const (
	signAskFirst  = iota // nothing before it
	signAskLast          // nothing behind it
	signAskLink          // an address in the message
	signAskWords         // words of the name: 1 to 4 and more
	signAskLength = 8    // words of the message, roughly
	signAskEnds   = 20   // a question mark behind so many words
	signAskDigits = 30   // a number behind so many
	signAskBehind = 40   // marks right behind it
	signAskBefore = 60   // and right before it
)

// Marks that may stand right behind a name or before it, those that mean the same together.
var askMarks = [...]string{"?؟", ":", ".。।", "!", ",،、", "\n", "(", "_", "{", "/", ";", "+", "-•*"}

// An askKeys gathers the features of what may be asked for.
type askKeys struct{ strong, weak []uint32 }

func (k *askKeys) add(about uint32, what ...uint32) {
	h := mix(seedAsk, about)
	for _, w := range what {
		h = mix(h, w)
	}
	if about <= askSignBehind {
		k.strong = append(k.strong, h)
	} else {
		k.weak = append(k.weak, h)
	}
}

// known notes what is the same for all that may be asked for in a message: what its words
// stand for, which of them are digits, and whether an address stands there.
func (c *Checker) known(s *scratch, lang language.Tag) {
	a, ts := &s.ask, s.buf.Tokens()
	hint, known := hintOf(lang)
	if a.hint = hint; !known {
		a.hint = c.guess(s, cueRoles|termRoles|askRoles)
	}
	a.concepts = slices.Grow(a.concepts[:0], len(ts))[:len(ts)]
	clear(a.concepts)
	c.table.Each(&s.buf, a.hint, &s.memos.concepts, func(w concept.Concept, i int) { a.concepts[i] = w })
	a.digits = a.digits[:0]
	for i := range s.hits {
		if c.lex.roles(s.hits[i].Phrase)>>digit&1 == 1 {
			a.digits = append(a.digits, s.hits[i].First)
		}
	}
	slices.Sort(a.digits)
	a.linked = bytes.Contains(s.buf.Bytes(), []byte("://"))
}

// sort tells words of a request apart; what is named is all one.
func (q *askCue) sort() uint32 {
	if q.named() {
		return uint32(q.role-send) << 5
	}
	return uint32(q.role-send)<<5 | uint32(q.value)
}

const askSorts = 8 << 5

// named reports whether it names what may be asked for.
func (q *askCue) named() bool { return q.role == secret || q.role == document || q.role == vague }

// askFeatures are those of cues[i] within its clause, given what its phrases take it for.
func (c *Checker) askFeatures(s *scratch, cues []askCue, i int, act role, pictured bool) askKeys {
	a, b, q := &s.ask, &s.buf, cues[i]
	ts, out := b.Tokens(), b.Bytes()
	keys := askKeys{a.keys.strong[:0], a.keys.weak[:0]}
	half := int32(0) // of two characters a word is made
	if ts[q.first].Kind == text.Char {
		half = 1
	}
	thing := uint32(q.value)<<2 | uint32(q.role&3)
	verdict := uint32(act) << 1
	if pictured {
		verdict |= 1
	}
	keys.add(askBias)
	keys.add(askThing, thing)
	keys.add(askVerdict, verdict)
	keys.add(askVerdict, verdict, thing)
	keys.add(askName, hashOf(seedWord, out[ts[q.first].Start:ts[q.end-1].End]))
	switch base := c.lex.langs[q.lang]; {
	case a.hint == anyLanguage || base == anyLanguage:
		keys.add(askForeign, 0, thing&3)
	case base == a.hint:
	case base != english:
		keys.add(askForeign, 1, thing&3)
	default:
		keys.add(askForeign, 2, thing&3)
	}
	left := keys.cues(c, cues, i, thing, verdict, half)
	for n := range uint32(askSorts) {
		if a.sorts[n/64]>>(n%64)&1 != 0 {
			keys.add(askAnywhere, n)
		}
	}
	keys.signs(a, b, q, verdict, left, half)
	keys.words(a, b, q, half, thing)
	keys.beside(c, a, b, cues, i, half)
	a.keys = keys
	return keys
}

// cues adds the words of a request in the clause, and returns the closest before the name.
func (k *askKeys) cues(c *Checker, cues []askCue, i int, thing, verdict uint32, half int32) (left uint32) {
	q := cues[i]
	from, to := i, i+1
	for from > 0 && i-from < askMany && q.first-cues[from-1].first <= askFar<<half {
		from--
	}
	for to < len(cues) && to-i <= askMany && cues[to].first-q.end <= askFar<<half {
		to++
	}
	right := uint32(0)
	leftAt, rightAt := int32(-1), int32(text.Max)
	var pairs [8]uint32
	paired := 0
	for n := from; n < to; n++ {
		p := &cues[n]
		if n == i || p.named() && p.first < q.end && q.first < p.end {
			continue
		}
		side, gap := uint32(0), q.first-p.end
		if p.first >= q.end {
			side, gap = 1, p.first-q.end
		} else if gap < 0 {
			side, gap = 2, 0
		}
		sort, foreign := p.sort(), uint32(1)
		if c.lex.speaks(*p, q) {
			foreign = 0
		}
		k.add(askBeside, sort, side, foreign)
		k.add(askCueAt, sort, side, foreign, roughly(gap>>half))
		k.add(askCueFor, sort, side, thing)
		k.add(askCueSaid, sort, side, foreign, verdict)
		if foreign == 1 || p.role == vague {
			continue
		}
		what := sort<<2 | side
		for _, other := range pairs[:paired] {
			k.add(askCuePair, min(other, what), max(other, what))
		}
		if paired < len(pairs) {
			pairs[paired] = what
			paired++
		}
		switch {
		case side == 0 && p.end > leftAt:
			left, leftAt = sort, p.end
		case side == 1 && p.first < rightAt:
			right, rightAt = sort, p.first
		}
	}
	k.add(askBetween, left, right)
	k.add(askBetween, left, right, thing)
	return left
}

// signs adds how the name stands: what marks are around it, whether a value follows.
func (k *askKeys) signs(a *askScratch, b *text.Buffer, q askCue, verdict, left uint32, half int32) {
	ts, out := b.Tokens(), b.Bytes()
	sign := func(n uint32) {
		k.add(askSign, n)
		k.add(askSignSaid, n, verdict)
		k.add(askSignBehind, n, left)
	}
	marks := func(gap []byte, at uint32) {
		if len(gap) == 1 && gap[0] == ' ' {
			return // as most are
		}
		for n, set := range askMarks {
			if bytes.ContainsAny(gap, set) {
				sign(at + uint32(n))
			}
		}
	}
	sign(signAskWords + uint32(min(q.end-q.first, 4)))
	sign(signAskLength + roughly(int32(len(ts))>>half>>1))
	if a.linked {
		sign(signAskLink)
	}
	if q.first == 0 {
		sign(signAskFirst)
	} else {
		marks(out[ts[q.first-1].End:ts[q.first].Start], signAskBefore)
	}
	if int(q.end) == len(ts) {
		sign(signAskLast)
		marks(out[ts[q.end-1].End:], signAskBehind)
	} else {
		marks(out[ts[q.end-1].End:ts[q.end].Start], signAskBehind)
	}
	for n, words := range [...]int{0, 2, 5, 10} {
		if ends(b, q.end, words) {
			sign(signAskEnds + uint32(n))
			break
		}
	}
	for n := q.end; n < q.end+4 && int(n) < len(ts); n++ {
		if ts[n].Kind == text.Number {
			sign(signAskDigits + uint32(n-q.end))
			k.add(askSign, signAskDigits+4+uint32(min(ts[n].End-ts[n].Start, 5)))
			break
		}
	}
}

// words adds the words around the name and what they stand for.
func (k *askKeys) words(a *askScratch, b *text.Buffer, q askCue, half int32, thing uint32) {
	ts, out := b.Tokens(), b.Bytes()
	begin, end := bounds(b, ts[q.first].Start)
	hash := func(n int32) uint32 {
		if t := &ts[n]; t.Kind == text.Number {
			return mix(seedWord, uint32(min(t.End-t.Start, 8))) // how long, not which
		}
		return hashOf(seedWord, out[ts[n].Start:ts[n].End])
	}
	// word adds one word, whose neighbour towards the name is another, and returns its hash.
	word := func(n int32, side uint32, gap int32, inner uint32) uint32 {
		h, near := hash(n), gap < askNear<<half
		k.add(askWordAt, h, side)
		k.add(askWordAny, h)
		if near {
			k.add(askWordNear, h, side, uint32(gap>>half))
		}
		if t := &ts[n]; t.Kind == text.Word {
			if head := beginning(out[t.Start:t.End]); head != nil {
				k.add(askHead, hashOf(seedHead, head), side)
			}
		}
		if w := uint32(a.concepts[n]); w != 0 {
			k.add(askConcept, w, side)
			k.add(askConceptAny, w)
			k.add(askConceptThing, w, side, thing)
			if near {
				k.add(askConceptNear, w, side)
			}
		}
		if inner != 0 {
			k.add(askPair, h, inner, side)
		}
		return h
	}
	from, to := q.first, q.end
	before, behind := uint32(0), uint32(0)
	for h := uint32(0); from > 0 && q.first-from < askReach<<half && int(ts[from-1].Start) >= begin; {
		from--
		if h = word(from, 0, q.first-from-1, h); from == q.first-1 {
			before = h
		}
	}
	for h := uint32(0); int(to) < len(ts) && to-q.end < askReach<<half && int(ts[to].Start) < end; to++ {
		if h = word(to, 1, to-q.end, h); to == q.end {
			behind = h
		}
	}
	k.add(askAround, before, behind)
	var last [4]uint32
	for n := from; n < to; n++ {
		w := uint32(a.concepts[n])
		if n == q.first {
			w, n = askItself, q.end-1
		}
		if w == 0 {
			continue
		}
		for gap, l := range last {
			if l == 0 {
				break
			}
			if k.add(askConceptPair, l, w); l == askItself || w == askItself {
				k.add(askConceptGap, l, w, uint32(gap))
			}
		}
		copy(last[1:], last[:])
		last[0] = w
	}
}

// beside adds what the words next to each word of a request around the name stand for, in the
// part of the message that the name stands in.
func (k *askKeys) beside(c *Checker, a *askScratch, b *text.Buffer, cues []askCue, i int, half int32) {
	q, reach, next := cues[i], int32(askReach)<<half, int32(askNext)<<half
	ts := b.Tokens()
	begin, end := bounds(b, ts[q.first].Start)
	from, to := i, i+1
	for from > 0 && q.first-cues[from-1].first <= reach {
		from--
	}
	for to < len(cues) && cues[to].first-q.end <= reach {
		to++
	}
	for n := from; n < to; n++ {
		p := &cues[n]
		if p.named() || !c.lex.speaks(*p, q) {
			continue
		}
		for t := max(0, p.first-next); t < min(int32(len(ts)), p.end+next); t++ {
			switch w := uint32(a.concepts[t]); {
			case w == 0 || int(ts[t].Start) < begin || int(ts[t].Start) >= end:
			case t < p.first:
				k.add(askConceptCue, p.sort(), 0, w)
			case t >= p.end:
				k.add(askConceptCue, p.sort(), 1, w)
			}
		}
	}
}

// bounds are where the part of a message begins and ends in which a byte stands.
func bounds(b *text.Buffer, at int32) (begin, end int) {
	part := b.Part(int(at))
	if part > 0 {
		begin = b.PartEnd(part - 1)
	}
	return begin, b.PartEnd(part)
}

// beginning are the first letters of a longer word.
func beginning(word []byte) []byte {
	letters := 0
	for i, b := range word {
		if utf8.RuneStart(b) {
			if letters == pieceRunes {
				return word[:i]
			}
			letters++
		}
	}
	return nil
}

// roughly tells distances apart, long ones less than short ones.
func roughly(d int32) uint32 {
	for n, limit := range [...]int32{0, 1, 2, 3, 5, 8, 12, 20} {
		if d <= limit {
			return uint32(n)
		}
	}
	return 8
}

// An AskClue is what the model sees of one thing that may be asked for.
type AskClue struct {
	Strong, Weak []uint32 // keys of features; the former count AskStrong times
	Said         bool     // the phrases take it for a request
}

// AskClues are what the model sees of requests in a message. They are for whoever trains one.
type AskClues struct {
	Things []AskClue
	Grams  []uint32 // buckets of its letters in a row, as often as they stand there
	Bag    []uint16 // buckets of what it holds, for a [Layer]
	Form   bool     // it has blank fields, and is a request whatever is weighed
}

// AskClues are what the model would see of the texts.
func (c *Checker) AskClues(texts []Text, lang language.Tag) (clues AskClues) {
	s := c.scratch.Get().(*scratch)
	defer c.scratch.Put(s)
	s.buf.Reset()
	for i := range texts {
		s.buf.Add(texts[i].Words)
	}
	s.texts = texts
	s.hits = c.lex.phrases.Find(s.hits[:0], &s.buf)
	s.ask.look = func(keys askKeys, said bool) {
		clues.Things = append(clues.Things, AskClue{slices.Clone(keys.strong), slices.Clone(keys.weak), said})
	}
	var rep Report
	c.asks(s, lang, &rep)
	clues.Form = len(rep.Findings) > 0
	if len(clues.Things) > 0 {
		clues.Bag = slices.Clone(c.bagOf(s))
	}
	eachGramWord(&s.buf, s.texts, func(word []byte) {
		gramsOf(word, &s.grams, func(buckets []uint32) { clues.Grams = append(clues.Grams, buckets...) })
	})
	s.ask.look, s.texts = nil, nil
	s.buf.Reset()
	return clues
}
