package optin

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/internal/concept"
	"github.com/waguard/waguard/internal/text"
)

// Why an Intent came out as it did.
const (
	whyNothing     = "nothing about stopping messages"
	whyAlone       = "a stop word on its own"
	whyAloneReason = "a stop word with a reason for it"
	whyAloneOther  = "a stop word beside words about something else"
	whyAloneAsked  = "a stop word put as a question"
	whyCut         = "asks to be unsubscribed"
	whyCutOther    = "asks to end a subscription that may be something other than messages"
	whyCutAsked    = "asks how or whether to unsubscribe"
	whyVerb        = "asks to stop the messages"
	whyVerbVague   = "asks to stop without saying what"
	whyNegSend     = "asks not to be sent or written anything"
	whyNegVague    = "asks not to be sent something that is not named"
	whyNotWanted   = "does not want the messages"
	whyRemove      = "asks to be taken off the list"
	whySure        = "a phrase that asks for no more messages"
	whyLikely      = "a phrase that is probably a stop"
	whyThreat      = "threatens what follows the next message"
	whyRefused     = "names it and says no"
	whyWhen        = "asks for no messages at certain times only"
	whyCall        = "asks for no more calls"
	whyAskPhrase   = "may be a stop, and may be something else"
	whyKeep        = "asks not to be stopped"
	whyStart       = "a start word on its own"
	whyRestart     = "asks for messages again"
	whyModel       = "the sentence is like those of people who meant it"
	whyDoubt       = "the words speak of stopping, the sentence is like those about something else"
	whyButtonMixed = "the button's payload and title say different things"
)

// An item is a word or phrase of one language found in the text. roles 0 means
// a word the language does not list.
type item struct {
	roles  role
	lo, hi int32 // tokens, half-open
	sep    uint8
	asked  bool
	count  uint8 // how many words an unlisted run of single-character tokens makes
}

// A scan is the working memory of one Read.
type scan struct {
	buf          text.Buffer
	words        []byte
	toks         []token
	items        []item
	score        [maxLangs]int
	hinted       int
	spots        [intentGroups][]uint32
	memo         concept.Memo
	latin, short [64]byte
}

// A finding is what one clause says.
type finding struct {
	level  IntentLevel
	scope  IntentScope
	why    string
	lo, hi int // items
	topic  int // item, or -1
}

// scan parts a text into words, finds what each can stand for, and returns the
// likeliest language, or -1.
func (l *lexicon) scan(s *scan, msg, hint string) int {
	s.buf.Reset()
	s.buf.Add(msg)
	s.words, s.toks = l.fold.split(s.words[:0], s.toks[:0], s.buf.Bytes())
	l.joinSpaced(s)
	s.score = [maxLangs]int{}
	score := &s.score
	short := len(s.toks) <= 14
	for i := range s.toks {
		l.recognise(s, &s.toks[i], short)
		var langs uint32
		for _, id := range s.toks[i].ids[:s.toks[i].n] {
			langs |= l.entLangs[id]
		}
		w := 1
		switch n := bits.OnesCount32(langs); {
		case n == 1:
			w = 4
		case n <= 3:
			w = 2
		}
		for m := langs; m != 0; m &= m - 1 {
			score[bits.TrailingZeros32(m)] += w
		}
	}
	s.hinted = -1
	if hint != "" {
		base := hint
		if i := strings.IndexAny(base, "-_"); i >= 0 {
			base = base[:i]
		}
		for i, code := range l.langs {
			if strings.EqualFold(code, base) {
				s.hinted = i
				score[i] += 2 + score[i]/3
			}
		}
	}
	return l.likeliest(s)
}

// likeliest is the language with the best score, or -1 when no word is listed. Of several
// it is the one hinted at, else English: the words that all languages share are English.
func (l *lexicon) likeliest(s *scan) int {
	best := -1
	for i := range l.langs {
		if n := s.score[i]; n > 0 && (best < 0 || n > s.score[best] || n == s.score[best] && (i == s.hinted || i == l.english && best != s.hinted)) {
			best = i
		}
	}
	return best
}

// head is the part of a message that is read.
func head(msg string) string {
	if len(msg) <= MaxIntentBytes {
		return msg
	}
	n := MaxIntentBytes
	for n > MaxIntentBytes-utf8.UTFMax && !utf8.RuneStart(msg[n]) {
		n--
	}
	return msg[:n]
}

func (l *lexicon) read(s *scan, m *intentModel, msg, hint string) Intent {
	msg = head(msg)
	first := l.scan(s, msg, hint)
	in := l.readWords(s, first, msg)
	if m == nil || first < 0 || len(s.toks) == 0 || len(s.toks) > longestWeighed {
		return in
	}
	l.look(s, first)
	return l.weigh(s, m.opinion(s), in)
}

// longestWeighed is the longest message, in words, the model has an opinion on:
// it was trained on messages of one or two sentences.
const longestWeighed = 80

// readWords reads the text by words and grammar, in the likeliest language and,
// where that finds nothing, in up to two others nearly as likely.
func (l *lexicon) readWords(s *scan, first int, msg string) Intent {
	none := Intent{Level: IntentNone, Why: whyNothing}
	top := 0
	for try, best := 0, first; try < 3; try++ {
		if try > 0 {
			best = l.likeliest(s)
		}
		if best < 0 || try > 0 && s.score[best]*2 < top {
			break
		}
		if try == 0 {
			top = s.score[best]
		}
		s.score[best] = 0
		in, decided := l.readIn(s, best, msg)
		if in.Level > IntentNone || decided {
			return in
		}
	}
	return none
}

// How sure the model has to be, as probabilities, to move a reading. Found by
// cross-validation; see train.
const (
	sureNone     = 0.5  // a certain stop is asked about
	probablyNone = 0.15 // of none and ask together: a certain stop is likely at most
	doubtNone    = 0.3  // a likely stop is asked about
	doubtAsk     = 0.5  // a likely stop that may be about something else is asked about
	sureOther    = 0.5  // of none and ask together: a stop word with other words around it is likely at most
	probablyStop = 0.6  // nothing found, or a denied stop, is a likely stop
	maybeStop    = 0.35 // nothing found is asked about
	sureStop     = 0.8  // a start is asked about
	probablyNew  = 0.45 // nothing found is a start
	onlyOffers   = 0.8  // of a stop: one of everything is one of advertising, unless it says all or messages
)

// weigh sets what the words and the grammar found against the model's opinion.
// The model alone never makes a stop certain, never overrules a stop word on its own, and
// makes one with little around it ("I want to cancel") no less than likely.
// A start that no words made has no Lang; see [Intent].
func (l *lexicon) weigh(s *scan, p [IntentClasses]float64, in Intent) Intent {
	none, ask, stop := p[IntentClassNone], p[IntentClassAsk], p[IntentClassStop]+p[IntentClassMarketing]
	switch {
	case in.Why == whyAlone:
		if none+ask > sureOther && s.anyBut(isAlone) {
			in.Level, in.Why = IntentLikely, whyAloneOther
		}
	case in.Level == IntentCertain && none > sureNone,
		in.Level == IntentLikely && (none > doubtNone || ask > doubtAsk),
		in.Level == IntentStart && stop > sureStop:
		in.Level, in.Scope, in.Topic, in.Why = IntentAsk, "", "", whyDoubt
	case in.Level == IntentCertain || in.Level == IntentLikely:
		if none+ask > probablyNone {
			in.Level = IntentLikely
		}
		if in.Scope == ScopeAll && p[IntentClassMarketing] > onlyOffers*stop && (in.Level == IntentLikely || !s.any(isAll|isMsg)) {
			in.Scope = ScopeMarketing
		}
	case in.Level >= IntentLikely:
	case in.Why == whyKeep && stop <= probablyStop, in.Why == whyWhen, in.Why == whyCall:
	case stop > probablyStop:
		in = Intent{Level: IntentLikely, Scope: ScopeAll, Why: whyModel}
		if p[IntentClassMarketing] > p[IntentClassStop] {
			in.Scope = ScopeMarketing
		}
		in.Span[0], in.Span[1] = s.origin(0, int32(len(s.toks)))
	case p[IntentClassStart] > probablyNew:
		in = Intent{Level: IntentStart, Scope: ScopeAll, Why: whyModel}
		in.Span[0], in.Span[1] = s.origin(0, int32(len(s.toks)))
	case in.Level == IntentNone && stop+ask > maybeStop:
		in = Intent{Level: IntentAsk, Why: whyModel}
		in.Span[0], in.Span[1] = s.origin(0, int32(len(s.toks)))
	}
	return in
}

// any reports whether a word has one of the roles.
func (s *scan) any(roles role) bool {
	return slices.ContainsFunc(s.items, func(it item) bool { return it.roles&roles != 0 })
}

// anyBut reports whether a word has none of the roles.
func (s *scan) anyBut(roles role) bool {
	return slices.ContainsFunc(s.items, func(it item) bool { return it.roles&roles == 0 })
}

// longestSpaced bounds the word looked for among letters written apart, so that
// a long row of single letters costs no more than its length.
const longestSpaced = 16

// joinSpaced pulls letters written apart into the word they spell, when the
// word is listed: S T O P, s.t.o.p.
func (l *lexicon) joinSpaced(s *scan) {
	for i := 0; i+2 < len(s.toks); i++ {
		j := i
		for j < min(len(s.toks), i+longestSpaced) && s.oneLetter(j) {
			j++
		}
		for ; j-i >= 3; j-- {
			t := s.toks[i]
			t.fe, t.be, t.asked = s.toks[j-1].fe, s.toks[j-1].be, s.toks[j-1].asked
			if l.find(&t, s.words[t.fs:t.fe]) {
				s.toks[i] = t
				s.toks = append(s.toks[:i+1], s.toks[j:]...)
				break
			}
		}
	}
}

func (s *scan) oneLetter(i int) bool {
	w := s.words[s.toks[i].fs:s.toks[i].fe]
	_, n := utf8.DecodeRune(w)
	return n == len(w) && n > 0 && (w[0] >= 'a' && w[0] <= 'z' || w[0] >= 0xCE && w[0] <= 0xD4)
}

// recognise finds what a token can stand for, trying other spellings when it
// is not listed as written.
func (l *lexicon) recognise(s *scan, t *token, short bool) {
	w := s.words[t.fs:t.fe]
	if len(w) == 0 || l.find(t, w) {
		return
	}
	stems := *t
	if l.variant(s, t, w) {
		return
	}
	*t = stems
	if t.n == 0 && short {
		l.findNear(t, w)
	}
}

// gather fills s.items with the longest phrases of one language.
func (l *lexicon) gather(s *scan, lang int) {
	s.items = s.items[:0]
	bit := uint32(1) << lang
	for i := 0; i < len(s.toks); {
		t := &s.toks[i]
		var roles role
		end := 0
		for _, id := range t.ids[:t.n] {
			if n := l.root[id]; n != 0 && l.nodes[n].langs&bit != 0 {
				l.longest(s, n, i+1, uint8(lang), bit, &end, &roles)
			}
		}
		it := item{roles: roles, lo: int32(i), hi: int32(end), sep: t.sep, count: 1}
		if end == 0 {
			it.hi = int32(s.unlisted(i))
		}
		it.asked = s.toks[it.hi-1].asked
		i = int(it.hi)
		s.items = append(s.items, it)
	}
}

// unlisted is where an unlisted word that begins at token i ends. Thai, Lao,
// Khmer and Burmese do not part words and take several letters to make one:
// their letters are counted as one word until a listed one may begin.
func (s *scan) unlisted(i int) int {
	const longest = 6
	j := i + 1
	for southEast(s.words[s.toks[i].fs:]) && j < len(s.toks) && j < i+longest && s.toks[j].sep == sepNone && s.toks[j].n == 0 {
		j++
	}
	return j
}

func southEast(w []byte) bool {
	r, _ := utf8.DecodeRune(w)
	return r >= 0x0E00 && r <= 0x0EFF || r >= 0x1000 && r <= 0x109F || r >= 0x1780 && r <= 0x17FF
}

func (l *lexicon) longest(s *scan, node int32, at int, lang uint8, bit uint32, end *int, roles *role) {
	n := &l.nodes[node]
	for i := range n.pay {
		if n.pay[i].lang == lang && at > *end {
			*end, *roles = at, n.pay[i].roles
		}
	}
	if !n.more || at >= len(s.toks) || s.toks[at].sep == sepStop {
		return
	}
	t := &s.toks[at]
	for _, id := range t.ids[:t.n] {
		if to, ok := l.next[uint64(uint32(node))<<32|uint64(uint32(id))]; ok && l.nodes[to].langs&bit != 0 {
			l.longest(s, to, at+1, lang, bit, end, roles)
		}
	}
}

// readIn reads the text as one language. decided says that a none is meant:
// the text speaks of stopping and denies it.
func (l *lexicon) readIn(s *scan, lang int, msg string) (Intent, bool) {
	l.gather(s, lang)
	items := s.items
	g := grammar{items: items, negAfter: l.negAfter[lang]}
	best := g.message()
	in := Intent{Level: best.level, Scope: best.scope, Why: best.why}
	if best.level == IntentNone || best.level == 0 {
		in.Level, in.Scope = IntentNone, ""
		if in.Why == "" {
			in.Why = whyNothing
		}
		return in, best.why == whyKeep
	}
	in.Lang = l.langs[lang]
	if in.Level == IntentAsk || in.Level == IntentStart {
		in.Scope = ""
	}
	if in.Level == IntentStart {
		in.Scope = ScopeAll
	}
	in.Span[0], in.Span[1] = s.origin(items[best.lo].lo, items[best.hi-1].hi)
	if in.Scope == ScopeTopic && best.topic >= 0 {
		from, to := s.origin(items[best.topic].lo, items[best.topic].hi)
		in.Topic = msg[from:to]
	}
	return in, true
}

// origin is where the tokens lo to hi stand in the message.
func (s *scan) origin(lo, hi int32) (from, to int) {
	_, from, to = s.buf.Origin(int(s.toks[lo].bs), int(s.toks[hi-1].be))
	return from, to
}
