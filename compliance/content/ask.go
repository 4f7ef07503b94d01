package content

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/concept"
	"github.com/waguard/waguard/internal/text"
)

// askRule is the rule against asking people for what must not stand in a chat.
const askRule policy.ID = "data-request-sensitive"

// Roles of the words a request is made of. They come after all the others, so
// that a role added there does not move them.
const (
	send     role = iota + 24 // transfers something: send, share, attach
	need                      // wants to know it: we need, what is your
	enter                     // types it somewhere; where, another word has to say
	reply                     // the answer is for the chat: reply with, enter below
	secret                    // what must not be asked for; meaning.value is its kind
	document                  // a paper that carries a secret; meaning.value is its kind
	askWord                   // anything else; meaning.value says what
	vague                     // may name a secret; meaning.value is its kind
)

// What a word beside a request says.
const (
	picture  uint8 = iota // a photo, copy or scan
	never                 // nobody asks for it: never, no need, scam
	not                   // denies the verb right behind it
	part                  // the last four digits
	inPerson              // bring, show
	secure                // in the app, on our website
	harmless              // holds a word of the other lists and takes its sense: gift card number
	chat                  // here, in this chat
	link                  // an address: the same in every language
	turn                  // but: another clause begins
	about                 // a question about it: where, lost, the same
)

// What a word that asks says besides; 0 is nothing.
const (
	it     uint8 = iota + 1 // of send: its object stands in the clause before
	plea                    // of need: asks only for what stands right before it
	follow                  // of need: asks only for what stands right behind it, in a question
)

const askRoles = 1<<send | 1<<need | 1<<enter | 1<<reply | 1<<secret | 1<<document | 1<<askWord | 1<<vague

// An askedKind is something that can be asked for.
type askedKind struct {
	kind  string
	name  string // in sentences
	whole bool   // no part of it may be asked for either
	login bool   // typed wherever people log in: asked for only beside a word for the chat
}

// askedKinds are the kinds a data file may name.
var askedKinds = [...]askedKind{
	{"card_pan", "a payment card number", false, false},
	{"card_cvv", "the security code of a card", true, false},
	{"card_pin", "a PIN", true, false},
	{"otp_code", "a one-time code", true, true},
	{"password", "a password", true, true},
	{"iban", "an IBAN", false, false},
	{"bank_account_generic", "a bank account number", false, false},
	{"passport_number", "a passport or its number", false, false},
	{"driver_license", "a driving licence or its number", false, false},
	{"person_id", "an identity number or a document that shows it", false, false},
	{"us_ssn", "a social security number", false, false},
	{"br_cpf", "a CPF number", false, false},
	{"in_aadhaar", "an Aadhaar number or card", false, false},
	{"in_pan", "an Indian tax number (PAN) or its card", false, false},
	{"id_nik", "an Indonesian identity number (NIK) or card", false, false},
	{"tr_tckn", "a Turkish identity number", false, false},
	{"ru_passport", "a Russian passport or its number", false, false},
	{"ru_snils", "a Russian insurance number (SNILS)", false, false},
	{"ru_inn", "a Russian tax number (INN)", false, false},
	{"cn_resident_id", "a Chinese identity number or card", false, false},
	{"document", "a paper that carries such a number", false, false},
}

// Where words of a request count, in tokens. Scripts that write no spaces have a
// token for each character.
const (
	askWindow     = 12
	askWindowChar = 25
	notWindow     = 3
	notWindowChar = 6
	pictureWindow = 8
	nearPerson    = 2
	chatWords     = 3 // "in this chat", and not "here"
)

// An askCue is a word of a request, in one of its readings.
type askCue struct {
	meaning
	first, end int32
}

type askScratch struct {
	cues []askCue
	keep []askCue

	hint     language.Base
	concepts []concept.Concept     // by token
	sorts    [askSorts / 64]uint64 // words of a request that stand anywhere
	digits   []int32               // tokens that are the word for a digit
	linked   bool                  // an address stands in the message
	keys     askKeys
	look     func(keys askKeys, said bool)

	first, next float32 // what the likeliest of all that is weighed comes to, and what the next
	things      int     // how many are
	phrased     bool    // the phrases take one of them for a request
	open        []openAsk
	vague       openAsk // the likeliest of what may mean something else
}

// An openAsk is a name that is asked for if what it comes to is enough.
type openAsk struct {
	cue      askCue
	act      role
	pictured bool
	said     bool // the phrases take it for a request
	sum      float32
}

// asks looks for requests: a word that asks and a secret in one clause, and
// nothing there that says never, a part, in person or on a page of yours. What stands
// around a name is weighed besides, and has the last word; a name that may mean something
// else is weighed alone.
func (c *Checker) asks(s *scratch, lang language.Tag, rep *Report) {
	a := &s.ask
	found := len(rep.Findings)
	none := float32(math.Inf(-1))
	a.first, a.next, a.things, a.phrased, a.open, a.vague.sum = none, none, 0, false, a.open[:0], none
	if c.weighs(a) {
		c.known(s, lang)
	}
	a.cues = a.cues[:0]
	for _, h := range s.hits {
		if c.lex.roles(h.Phrase)&askRoles == 0 {
			continue
		}
		for _, m := range c.lex.meanings(h.Phrase) {
			if 1<<m.role&uint64(askRoles) != 0 {
				a.cues = append(a.cues, askCue{m, h.First, h.End})
			}
		}
	}
	slices.SortFunc(a.cues, func(x, y askCue) int {
		return cmp.Or(cmp.Compare(x.first, y.first), cmp.Compare(y.end, x.end), cmp.Compare(x.role, y.role), cmp.Compare(x.value, y.value), cmp.Compare(x.lang, y.lang))
	})
	// Of a phrase inside a longer one only the longer speaks: the PIN of "PIN
	// code and address" is none. One that asks hides no names: "what's your PIN"
	// asks for it; nor does a longer name in another language.
	a.keep = a.keep[:0]
	var widest, name askCue
	for _, q := range a.cues {
		over := &widest
		if q.named() {
			over = &name
		}
		if q.role == vague {
			harmless := over.role == askWord && over.value == harmless && over.first == q.first && over.end == q.end // the wifi password: whose, the rest tells
			if harmless || over.end < q.end || over.role != askWord && over.lang != q.lang {
				a.keep = append(a.keep, q)
			}
			continue
		}
		if (over.end > q.end || over.end == q.end && over.first < q.first) && (over != &name || name.role == askWord || name.lang == q.lang) {
			continue
		}
		if q.end > widest.end {
			widest = q
		}
		if (q.end > name.end || q.end == name.end && q.first == name.first && q.role == askWord) && q.role != send && q.role != need && q.role != enter && q.role != reply {
			name = q
		}
		if q.role == askWord && q.value == harmless {
			n := len(a.keep)
			for n > 0 && a.keep[n-1].first == q.first && a.keep[n-1].end == q.end {
				n--
			}
			same := slices.DeleteFunc(a.keep[n:], func(p askCue) bool { return p.lang == q.lang && p.role != askWord }) // "to the courier" is in person still
			a.keep = a.keep[:n+len(same)]
		}
		a.keep = append(a.keep, q)
	}
	clear(a.sorts[:])
	for i := range a.keep {
		n := a.keep[i].sort()
		a.sorts[n/64] |= 1 << (n % 64)
	}
	elsewhere := slices.ContainsFunc(a.keep, func(q askCue) bool {
		return q.role == askWord && (q.value == secure || q.value == link)
	})
	var seen uint32 // kinds reported: one finding each is enough
	for before, i := 0, 0; i < len(a.keep); {
		j := i + 1
		for j < len(a.keep) && !turnsAt(a.keep, j) && !clauseEnds(&s.buf, a.keep[j-1].first, a.keep[j].first) {
			j++
		}
		from := i
		if reachesBack(a.keep[i:j]) {
			from = before
		}
		c.clause(s, a.keep[from:j], elsewhere, &seen, rep)
		before, i = i, j
	}
	vague := c.close(s, &seen, rep)
	c.fields(s, a.keep, &seen, rep)
	if !vague || len(rep.Findings) > found {
		return
	}
	place, span := s.span(a.vague.cue)
	rep.Findings = append(rep.Findings, Finding{Rule: askRule, Kind: askedKinds[a.vague.cue.value].kind, Place: place, Span: span, Confidence: Possible,
		Why: fmt.Sprintf("These words can mean %s, and all that is said around them asks the reader for it.", askedKinds[a.vague.cue.value].name)})
}

// span is where a word of a request stands in the message.
func (s *scratch) span(q askCue) (string, policy.Span) {
	ts := s.buf.Tokens()
	return s.place(int(ts[q.first].Start), int(ts[q.end-1].End))
}

// turnsAt reports whether cues[k] is a "but": "mais" is one in French, and beside
// Portuguese words it is "more".
func turnsAt(cues []askCue, k int) bool {
	q := cues[k]
	return q.role == askWord && q.value == turn && (cues[k-1].lang == q.lang || k+1 < len(cues) && cues[k+1].lang == q.lang)
}

// reachesBack reports whether a clause asks for what the one before names: "Did
// you get the code? Send it over".
func reachesBack(cues []askCue) bool {
	back := false
	for _, q := range cues {
		switch {
		case q.role == secret || q.role == document:
			return false
		case q.role == send && q.value == it:
			back = true
		}
	}
	return back
}

// fields reports the blank fields of a form to be filled in and sent back: two
// at least, or one with a line to write on.
func (c *Checker) fields(s *scratch, cues []askCue, seen *uint32, rep *Report) {
	for _, q := range cues {
		if q.role != secret && q.role != document || *seen>>q.value&1 != 0 || !blankField(&s.buf, q) {
			continue
		}
		*seen |= 1 << q.value
		place, span := s.span(q)
		rep.Findings = append(rep.Findings, Finding{Rule: askRule, Kind: askedKinds[q.value].kind, Place: place, Span: span, Confidence: Likely,
			Why: fmt.Sprintf("A field of a form, left blank for the reader to fill in %s.", askedKinds[q.value].name)})
	}
}

// blankField reports whether a name is that of a field with nothing in it,
// among others.
func blankField(b *text.Buffer, q askCue) bool {
	out, ts := b.Bytes(), b.Tokens()
	at := int(ts[q.end-1].End)
	end := b.PartEnd(b.Part(at))
	start := 0
	if n := b.Part(at); n > 0 {
		start = b.PartEnd(n-1) + 1
	}
	if int(ts[q.first].Start) == start { // "Card number (16 digits)" and nothing else
		if hint := bytes.TrimSpace(out[at:end]); len(hint) > 2 && hint[0] == '(' && bytes.IndexByte(hint, ')') == len(hint)-1 && bytes.ContainsAny(hint, "0123456789") {
			return true
		}
	}
	blank, ruled := blankAfter(out[at:end])
	if !blank || ruled {
		return blank
	}
	fields := 0
	for k := start; k < end; k++ {
		if out[k] == ':' {
			if blank, _ := blankAfter(out[k:end]); blank {
				fields++
			}
		}
	}
	return fields >= 2
}

// blankAfter reports whether a colon follows and nothing in its line, nor a
// value on the next one; ruled is a line to write on.
func blankAfter(b []byte) (blank, ruled bool) {
	b = bytes.TrimLeft(b, " *")
	if bytes.HasPrefix(b, []byte("___")) {
		return true, true
	}
	if len(b) == 0 || b[0] != ':' {
		return false, false
	}
	b = bytes.TrimLeft(b[1:], " *")
	if bytes.HasPrefix(b, []byte("__")) || bytes.HasPrefix(b, []byte("....")) || bytes.HasPrefix(b, []byte("……")) {
		return true, true
	}
	if len(b) == 0 {
		return true, false
	}
	switch b[0] {
	case '\n', '/', '|', ',', ';':
		return !holdsValue(bytes.TrimLeft(b[1:], " *\n")), false
	default:
		return false, false
	}
}

// holdsValue reports whether what is written below the name of a field is its value,
// as "Visa ending in 4242" and "{{1}}" are, and not the name of the next one.
func holdsValue(b []byte) bool {
	if n := bytes.IndexAny(b, ":\n"); n >= 0 {
		if b[n] == ':' {
			return false
		}
		b = b[:n]
	}
	return bytes.Contains(b, []byte("{{")) || bytes.ContainsFunc(b, func(ch rune) bool { return unicode.IsDigit(ch) || ch == '*' || ch == '•' })
}

// clauseSigns are what stands anywhere in a clause, as sets of languages.
type clauseSigns struct {
	never, part, secure, chat, about uint64
	denied                           uint64 // in person, or a "not" of any kind
	link                             bool
	chatted                          bool // in this chat, in so many words
	question                         bool // a question mark stands within a few words of its end
	elsewhere                        bool // anywhere in the message: a page of the business

	// A plain "not" whose own words a comma ends: "the payment did not go through,
	// send the card number". It denies only what stands before that comma.
	past      uint64
	pastUntil int32
}

// clause reports what one clause asks for.
func (c *Checker) clause(s *scratch, cues []askCue, elsewhere bool, seen *uint32, rep *Report) {
	signs := clauseSigns{elsewhere: elsewhere}
	asked, asks, follows := false, false, false
	for k, q := range cues {
		bit := uint64(1) << q.lang
		asks = asks || q.role >= send && q.role <= reply
		switch {
		case q.role == reply:
			signs.chat |= bit
		case q.role == secret || q.role == document || q.role == vague:
			asked = true
		case q.role == need && q.value == follow:
			follows = true
		case q.role != askWord:
		case q.value == chat:
			signs.chat |= bit
			signs.chatted = signs.chatted || q.end-q.first >= chatWords
		case q.value == link:
			signs.link = true
		case q.value == never:
			if at := c.comma(s, cues, k); at > 0 {
				signs.past |= bit
				signs.pastUntil = max(signs.pastUntil, at)
				continue
			}
			signs.never |= bit
		case q.value == part:
			signs.part |= bit
		case q.value == about:
			signs.about |= bit
		case q.value == secure:
			signs.secure |= bit
		case q.value == inPerson || q.value == not:
			signs.denied |= bit
		}
	}
	if !asked {
		return
	}
	signs.question = follows && questioned(&s.buf, cues[len(cues)-1].end)
	for from, to := 0, 0; from < len(cues); from = to {
		q := cues[from]
		for to = from + 1; to < len(cues) && sameName(cues[to], q); to++ {
		}
		if !q.named() || q.role != vague && *seen>>q.value&1 != 0 && s.ask.look == nil {
			continue
		}
		i, act, pictured, ok := c.said(s, cues, from, to, &signs, asks)
		if q.role == vague {
			c.weigh(s, cues, i, 0, false)
			continue
		}
		o := openAsk{cue: q, act: act, pictured: pictured, said: ok}
		if ok && signs.link && act != reply { // template review refuses these, the policy does not say
			if s.ask.look == nil {
				f := s.request(o, seen)
				f.Severity = policy.Warn
				f.Why += " It is to go by a link, not into the chat."
				rep.Findings = append(rep.Findings, f)
			}
			continue
		}
		switch sum, verdict := c.weigh(s, cues, i, act, pictured); {
		case verdict == open:
			o.sum = sum
			s.ask.open = append(s.ask.open, o)
		case verdict == yes:
			rep.Findings = append(rep.Findings, s.request(o, seen))
		}
	}
}

// request is the finding that a name is asked for; its kind has been seen then.
func (s *scratch) request(o openAsk, seen *uint32) Finding {
	*seen |= 1 << o.cue.value
	place, span := s.span(o.cue)
	f := Finding{Rule: askRule, Kind: askedKinds[o.cue.value].kind, Place: place, Span: span, Confidence: Likely}
	if f.Why = whyAsk(o.cue, o.act, o.pictured); !o.said {
		f.Confidence, f.Why = Possible, fmt.Sprintf("All that is said around it asks the reader for %s.", askedKinds[o.cue.value].name)
	}
	return f
}

// close looks at the message as a whole, if anything in it may be asked for, reports what is,
// and tells whether what may mean something else is.
func (c *Checker) close(s *scratch, seen *uint32, rep *Report) (vague bool) {
	a := &s.ask
	if a.look != nil || len(a.open) == 0 && a.vague.sum < askHopeless {
		return false
	}
	m := &c.model.asks
	grams := s.gramSum(m.grams, m.gramScale, &s.memos.askGrams)
	sums := AskSums(float64(a.first), float64(a.next), float64(grams), a.phrased, a.things)
	least := m.least - m.layer.look(c.bagOf(s), sums) + a.first // so much has one thing to come to
	for _, o := range a.open {
		if o.sum >= least && *seen>>o.cue.value&1 == 0 {
			rep.Findings = append(rep.Findings, s.request(o, seen))
		}
	}
	return a.vague.sum >= least
}

// sameName reports whether two words of a request are one and the same name, in two languages
// at most.
func sameName(p, q askCue) bool {
	return p.first == q.first && p.end == q.end && p.role == q.role && p.value == q.value
}

// said reports by which word the phrases take a name to be asked for, given its readings, and
// in which: one that is asked for, else that of the message's language, else an English one.
func (c *Checker) said(s *scratch, cues []askCue, from, to int, signs *clauseSigns, asks bool) (i int, act role, pictured, ok bool) {
	best := -1
	for k := from; k < to; k++ {
		if cues[from].role != vague {
			if asks {
				act, pictured, ok = c.act(s, cues, k, signs)
			}
			if !ok {
				act, pictured, ok = c.verbless(s, cues, k, signs)
			}
			if ok {
				return k, act, pictured, true
			}
		}
		near := 0
		switch base := c.lex.langs[cues[k].lang]; {
		case base == s.ask.hint && base != anyLanguage:
			near = 2
		case base == english || base == anyLanguage:
			near = 1
		}
		if near > best {
			best, i = near, k
		}
	}
	return i, 0, false, false
}

// weighs reports whether requests are weighed.
func (c *Checker) weighs(a *askScratch) bool {
	return a.look != nil || c.model != nil && len(c.model.asks.weights) > 0
}

// A verdict is what a name by itself comes to.
type verdict uint8

const (
	no verdict = iota
	yes
	open // the message as a whole has to tell
)

// askHopeless is what a name comes to that no message as a whole makes a request of.
const askHopeless = -8

// weigh tells whether cues[i] is asked for, given by which word the phrases take it to be.
func (c *Checker) weigh(s *scratch, cues []askCue, i int, act role, pictured bool) (sum float32, v verdict) {
	a := &s.ask
	byPhrase := no
	if act != 0 {
		byPhrase = yes
	}
	if !c.weighs(a) {
		return 0, byPhrase
	}
	keys := c.askFeatures(s, cues, i, act, pictured)
	if a.look != nil {
		a.look(keys, act != 0)
		return 0, no
	}
	sum = c.model.asks.sum(keys)
	a.first, a.next = max(a.first, sum), max(a.next, min(a.first, sum))
	a.things++
	a.phrased = a.phrased || act != 0
	switch {
	case s.valued(cues[i].end):
		return sum, byPhrase
	case sum < askHopeless:
		return sum, no
	case cues[i].role == vague && sum > a.vague.sum:
		a.vague = openAsk{cue: cues[i], sum: sum}
	}
	return sum, open
}

// valued reports whether a whole number stands right behind a name, in digits or in words: it is
// told then, and not asked for.
func (s *scratch) valued(end int32) bool {
	ts, digits := s.buf.Tokens(), int32(0)
	for n := end; int(n) < len(ts) && n < end+valueReach; n++ {
		if ts[n].Kind == text.Number {
			digits += ts[n].End - ts[n].Start
		}
	}
	from, _ := slices.BinarySearch(s.ask.digits, end)
	for _, at := range s.ask.digits[from:] {
		if at >= end+valueReach {
			break
		}
		digits++
	}
	return digits >= leastValue
}

const (
	valueReach = 6
	leastValue = 4
)

// act is the closest word that asks for the secret cues[i].
func (c *Checker) act(s *scratch, cues []askCue, i int, signs *clauseSigns) (act role, pictured, ok bool) {
	q := cues[i]
	window, notNear := int32(askWindow), int32(notWindow)
	ts := s.buf.Tokens()
	if ts[q.first].Kind == text.Char {
		window, notNear = askWindowChar, notWindowChar
	}
	best, bestSend := window+1, window+1
	person := best
	actSend := role(0) // the closest that has a thing sent
	pictures := uint64(0)
	look := func(k int) bool { // whether to look further in that direction
		p := cues[k]
		d := q.first - p.end
		behind := p.first >= q.end
		if behind {
			d = p.first - q.end
		}
		if d > window {
			return false
		}
		if d < 0 && p.role == askWord {
			return true
		}
		d = max(d, 0)
		if p.role == askWord {
			switch {
			case p.value == picture && d <= pictureWindow:
				pictures |= 1 << p.lang
			case p.value == inPerson && c.lex.speaks(p, q):
				person = min(person, d)
			}
			return true
		}
		sends := p.role == send || p.role == reply
		if p.role < send || p.role > reply || d >= best && !(sends && d < bestSend) {
			return true
		}
		own := uint64(1) << p.lang
		reads := readings(cues, k)
		switch {
		case p.role == need && p.value == plea && (!behind || d > 0):
		case p.role == need && p.value == follow && (behind || d > 0 || !signs.question):
		case behind && c.lex.askAfter&own == 0 && p.value == 0:
		case p.first == q.first && p.end == q.end && ts[q.first].Kind != text.Char && !ends(&s.buf, q.end, askWindow): // "em que conta" asks, "o que conta" does not
		case !c.lex.speaks(p, q):
		case signs.never&reads != 0 || signs.past&reads != 0 && min(p.first, q.first) < signs.pastUntil:
		case signs.part&reads != 0 && !askedKinds[q.value].whole:
		case p.role == enter && signs.chat&reads == 0 && (signs.elsewhere || askedKinds[q.value].login):
		case p.role != reply && signs.secure&reads != 0 && signs.chat&reads == 0:
		case p.role != reply && signs.link && q.role == secret:
		case denied(&s.buf, cues, p, reads, notNear):
		default:
			if d < best {
				best, act = d, p.role
			}
			if sends && d < bestSend {
				bestSend, actSend = d, p.role
			}
		}
		return true
	}
	for k := i - 1; k >= 0 && look(k); k-- {
	}
	for k := i + 1; k < len(cues) && look(k); k++ {
	}
	// A paper is asked for when it is to be sent, or when a picture of it is.
	if q.role == document && (pictures == 0 || bestSend <= window) {
		best, act = bestSend, actSend
	}
	if best > window || person < best && (act != reply || person <= nearPerson) || given(&s.buf, c.lex.fillers, q, act) {
		return 0, false, false
	}
	// "Card" by itself is the thing and no number, and nobody sends that by chat.
	thing := askedKinds[q.value].kind == "card_pan" && (q.end-q.first == 1 || act == reply || ts[q.first].Kind == text.Char)
	if q.role == document && pictures == 0 && thing {
		return 0, false, false
	}
	return act, pictures != 0, true
}

// speaks reports whether a word of a request can be about a name: it is of the same
// language, or the name is English, whose names stand in the sentences of all others.
func (l *lexicon) speaks(word, name askCue) bool {
	return word.lang == name.lang || l.askAnyone>>name.lang&1 == 1
}

// given reports whether a code stands right behind its name, as it does where one
// is sent: "enter the security code 4821", "your login code is {{1}}".
func given(b *text.Buffer, fillers map[string]bool, q askCue, act role) bool {
	if q.role != secret || !askedKinds[q.value].whole {
		return false
	}
	out, ts := b.Bytes(), b.Tokens()
	for i := q.end; i < int32(len(ts)) && i <= q.end+notWindow; i++ {
		if bytes.Contains(out[ts[i-1].End:ts[i].Start], []byte("{{")) || ts[i].Kind == text.Number && ts[i].End-ts[i].Start >= 3 {
			return true
		}
		if act != enter && !fillers[string(out[ts[i].Start:ts[i].End])] {
			return false
		}
	}
	return false
}

// questioned reports whether a question mark stands within a few words of a token.
func questioned(b *text.Buffer, end int32) bool {
	out, ts := b.Bytes(), b.Tokens()
	from, to := int(ts[end-1].End), len(out)
	if n := int(end) + notWindow; n < len(ts) {
		to = int(ts[n].Start)
	}
	return bytes.ContainsAny(out[from:to], "?؟")
}

// verbless reports whether cues[i] is asked for with no word that asks: "CVV?", "I'll
// charge it now, card number and expiry?", "and the photo of your ID?", "the passport
// details can be left in this chat".
func (c *Checker) verbless(s *scratch, cues []askCue, i int, signs *clauseSigns) (act role, pictured, ok bool) {
	q := cues[i]
	if signs.never|signs.past|signs.part|signs.secure|signs.about != 0 || signs.link || signs.elsewhere {
		return 0, false, false
	}
	out, ts := s.buf.Bytes(), s.buf.Tokens()
	k := &askedKinds[q.value]
	reach := bareWords
	if k.whole {
		reach = 0 // "and then the security code?"
	}
	if q.role == secret && !k.login && (ends(&s.buf, q.end, reach) || signs.chatted && !k.whole) {
		// Whatever else it says, a question that ends in the name of such a number asks
		// for it; so does what says that it is for this chat, and holds no number.
		for n := q.end; int(n) < len(ts) && n <= q.end+askWindow; n++ {
			if ts[n].Kind == text.Number && ts[n].End-ts[n].Start > 2 {
				return 0, false, false
			}
		}
		return need, false, signs.denied == 0 || signs.denied>>q.lang&1 == 0 && c.lex.askAnyone>>q.lang&1 == 0
	}
	behind := bareWords
	if k.whole || k.login { // "password forgotten?" asks for none
		behind = 0
	}
	if !ends(&s.buf, q.end, behind) {
		return 0, false, false
	}
	first := q.first
	for k := i - 1; k >= 0; k-- { // what belongs to the name stands before it
		p := cues[k]
		switch {
		case !c.lex.speaks(p, q) || p.end > first:
		case p.role == askWord && p.value == inPerson || p.role >= send && p.role <= reply && p.value != follow:
			return 0, false, false
		case first-p.end > 2:
		case p.role == askWord && p.value == picture:
			pictured, first = true, p.first
		case p.role == secret || p.role == document || p.value == follow:
			first = p.first
		}
	}
	if q.role == document && !pictured {
		return 0, false, false
	}
	for n := 0; first > 0 && n <= bareWords; n, first = n+1, first-1 {
		if bytes.ContainsAny(out[ts[first-1].End:ts[first].Start], ",.!?;\n،؟。") {
			return need, pictured, true
		}
		if !c.lex.fillers[string(out[ts[first-1].Start:ts[first-1].End])] {
			return 0, false, false
		}
	}
	return need, pictured, first == 0
}

// bareWords are how many words may stand around a name in a question without a verb.
const bareWords = 2

// ends reports whether a question mark follows a token, within some words.
func ends(b *text.Buffer, end int32, words int) bool {
	out, ts := b.Bytes(), b.Tokens()
	for i := end; i <= end+int32(words); i++ {
		to := len(out)
		if int(i) < len(ts) {
			to = int(ts[i].Start)
		}
		gap := out[ts[i-1].End:to]
		if bytes.ContainsAny(gap, "?؟") {
			return true
		}
		if int(i) >= len(ts) || bytes.ContainsAny(gap, "!\n") || bytes.Contains(gap, []byte(". ")) || bytes.Contains(gap, []byte("。")) {
			break
		}
	}
	return false
}

// readings are the languages in which the word cues[k] asks: "share" is English
// and Indonesian, and a "never" of either language denies it.
func readings(cues []askCue, k int) (langs uint64) {
	for _, q := range sameWords(cues, k) {
		langs |= 1 << q.lang
	}
	return langs
}

// sameWords are the readings of the words of cues[k], itself among them.
func sameWords(cues []askCue, k int) []askCue {
	same := func(i int) bool { return cues[i].first == cues[k].first && cues[i].end == cues[k].end }
	from, to := k, k+1
	for from > 0 && same(from-1) {
		from--
	}
	for to < len(cues) && same(to) {
		to++
	}
	return cues[from:to]
}

// comma is the token behind the comma that ends what the plain "not" cues[k] denies,
// or 0 where there is none: no word of a request may stand before it.
func (c *Checker) comma(s *scratch, cues []askCue, k int) int32 {
	q := cues[k]
	if !slices.ContainsFunc(sameWords(cues, k), func(p askCue) bool { return p.lang == q.lang && p.role == askWord && p.value == not }) {
		return 0
	}
	out, ts := s.buf.Bytes(), s.buf.Tokens()
	for i := q.end; int(i) < len(ts) && i-q.end <= notWindowChar; i++ {
		if i == q.end || !bytes.ContainsAny(out[ts[i-1].End:ts[i].Start], ",:،、") {
			continue
		}
		for _, p := range cues[k:] {
			if p.first >= i {
				break
			}
			if p.first >= q.end && p.role >= send && p.role <= document {
				return 0
			}
		}
		return i
	}
	return 0
}

// denied reports whether a "not" of one of the languages stands right before an act.
func denied(b *text.Buffer, cues []askCue, act askCue, langs uint64, within int32) bool {
	out, ts := b.Bytes(), b.Tokens()
	k, _ := slices.BinarySearchFunc(cues, act.first-within-text.MaxWords, func(q askCue, at int32) int { return cmp.Compare(q.first, at) })
	for ; k < len(cues) && cues[k].first < act.first; k++ {
		q := cues[k]
		if q.role == askWord && q.value == not && langs>>q.lang&1 != 0 && q.end <= act.first && act.first-q.end < within &&
			!bytes.ContainsAny(out[ts[q.end-1].End:ts[act.first].Start], ",،") {
			return true
		}
	}
	return false
}

// clauseEnds reports whether a clause ends between two tokens. A colon ends
// none, nor does the line break behind it or before a bullet: lists of what is
// asked for are written that way.
func clauseEnds(b *text.Buffer, from, to int32) bool {
	out, ts := b.Bytes(), b.Tokens()
	for i := from + 1; i <= to; i++ {
		start, end := int(ts[i-1].End), int(ts[i].Start)
		if end-start == 1 && out[start] == ' ' {
			continue
		}
		if b.Part(int(ts[i-1].Start)) != b.Part(end) {
			return true
		}
		list, bullet := false, start
		for k := start; k < end; {
			ch, n := utf8.DecodeRune(out[k:end])
			switch ch {
			case '!', '?', ';', '…', '。', '；', '؟', '؛', '।':
				return true
			case ':':
				list = true
			case '\n':
				if list || bullet > k {
					break
				}
				n := bytes.IndexAny(out[k+1:end], "-*•·–—")
				if n < 0 {
					return true
				}
				bullet = k + 1 + n // for the line breaks before it too
			case '.':
				if k+1 < end && (out[k+1] == ' ' || out[k+1] == '\n' || out[k+1] == '.') && !(k == start && shortened(out[ts[i-1].Start:start], ts[i-1].Kind)) {
					return true
				}
			}
			k += n
		}
	}
	return false
}

// shortened reports whether a dot behind the token is that of an abbreviation
// or of a numbered line.
func shortened(token []byte, kind text.Kind) bool {
	switch string(token) {
	case "no", "nr", "nro", "num", "acct", "acc", "a", "c", "n", "s", "sig", "sra", "sr", "mr", "mrs", "ms", "dr", "bzw", "z", "b":
		return true
	}
	return kind == text.Number && len(token) <= 2
}

func whyAsk(q askCue, act role, pictured bool) string {
	how := map[role]string{
		send:  "to send",
		need:  "to tell",
		enter: "to type into the chat",
		reply: "to answer with",
	}[act]
	if pictured {
		return fmt.Sprintf("Asks the reader %s a picture or copy of %s.", how, askedKinds[q.value].name)
	}
	return fmt.Sprintf("Asks the reader %s %s; nothing in that clause says never, a part of it, in person, or on a page outside the chat.", how, askedKinds[q.value].name)
}
