package category

import (
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/waguard/waguard/internal/concept"
	"github.com/waguard/waguard/internal/text"
)

// The model sees a draft as features, each with a bucket. The first buckets are
// the dense ones, given out by name; the others are hashed.
const (
	modelBits = 18
	buckets   = 1 << modelBits
	dense     = 1024

	signAt       = 256 // a sign anywhere
	signButtonAt = 384 // a sign on a button
	signHeadAt   = 512 // a sign in the header or the first words of the body
	crossAt      = 640 // promotion count × utility count
	signTailAt   = 768 // a sign in the last of several sentences
)

// Structure the model sees.
const (
	fBias = iota
	fNoPlaceholder
	fOnePlaceholder
	fFewPlaceholders
	fManyPlaceholders
	fMostlyPlaceholder
	fShort
	fMiddling
	fLong
	fPercent
	fPercentDiscount
	fMoney
	fShout
	fExclaim
	fExclaimTwice
	fEmoji
	fManyEmoji
	fPromoCode
	fLongNumber
	fLink
	fImage
	fVideo
	fDocument
	fLocation
	fHeaderText
	fFooter
	fQuickReply
	fQuickReplies
	fURLButton
	fURLButtonVariable
	fPhoneButton
	fCopyCode
	fFlow
	fNoButton
	fPromoName
	fPlainName
	fCodeName
	fQuestion
	fNothing // neither a sign of promotion nor one of utility
	fPromoInButton
	fCodeShort // a word for a code, one or two placeholders, few words
	fCodeSignIn
	fCodeButHeld // a code that opens a locker or a shop's door
	fEnterValue  // a placeholder or number beside a word for entering it
	fEnterIdentity
	fCodeIdentity
	fCodeDoor
	fCodePromo
	fCodeMoney
	fIdentityOnly // speaks of signing in, but holds nothing to enter
	fCodeOnly     // speaks of a code, but holds none
	fNoValue      // neither a placeholder nor a number in the header or the body
	fValueFirst
	fValueLast
	fValueThenCode // begins with a placeholder and speaks of entering or proving
	fOneSentence
	fTwoSentences
	fManySentences
	fTailQuestion // the last of several sentences asks
	fTailExclaim
	fTailPercent
	fTailMoney
	fTailHolder
	fTailPlain // neither a placeholder nor a number in it
	fURLButtons
	fStructures
)

// groups part features by how their sum is scaled: dense ones count in full,
// the others by the square root of how many there are, so that length alone
// moves nothing.
const (
	groupDense = iota
	groupWords
	groupLetters
	groupConcepts
	groupPairs // of concepts
	groups
)

var groupScale = [groups]float64{1, .7, .7, 1.4, 1}

// A spot is one feature where it was seen: token is a place in tokens, -1 for
// the structure.
type spot struct {
	bucket uint32
	group  uint8
	token  int32
}

type token struct {
	hash       uint32
	start, end int32 // of the folded text
	part       int16
	kind       text.Kind
}

// kindPlaceholder marks a {{1}}, read as one token.
const kindPlaceholder text.Kind = 100

// A seen is a sign found: the folded bytes, the sign and the part.
type seen struct {
	sign       int16
	part       int16
	start, end int32
}

type scratch struct {
	buffer  text.Buffer
	memo    concept.Memo
	hits    []text.Hit
	excuses []text.Hit // those of harmless phrases
	tokens  []token
	spots   []spot
	seen    []seen
	count   [groups]int
	weight  [groups]float64
	signed  [128]bool // signs found
	promo   int       // different signs of promotion
	useful  int       // different signs of utility
	holders int
	tailAt  int32 // where the last sentence of the body begins, 0 if there is only one
	stops   int   // sentences of the body but the last
	percent int16 // the part with the first percentage, where there is one
	clipped bool
	ideas   []idea
	leans   []float64 // of each token
}

// Parts of the text in the buffer.
const (
	partHeader = iota
	partBody
	partFooter
	partButtons // the first of them
)

const (
	seedWord   = 0x9E3779B1
	seedPair   = 0x85EBCA77
	seedGram   = 0xC2B2AE3D
	seedButton = 0x27D4EB2F
	seedLabel  = 0x165667B1
	seedURL    = 0xD3A2646C
	seedHolder = 0xFD7046C5
	seedTriple = 0xB55A4F09

	seedConcept       = 0x1B873593
	seedConceptButton = 0x3C6EF372
	seedConceptHead   = 0x510E527F
	seedConceptTail   = 0x9B05688C
	seedNeighbours    = 0xE6546B64
	seedNear          = 0xCC9E2D51
)

func hashBytes(seed uint32, b []byte) uint32 {
	h := seed ^ 2166136261
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

func mix(a, b uint32) uint32 {
	h := (a ^ (b*0x9E3779B1 + 0x7F4A7C15 + a<<6 + a>>2)) * 0x85EBCA6B
	return h ^ h>>13
}

func bucketOf(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x7FEB352D
	h ^= h >> 15
	return dense + uint32(uint64(h)*(buckets-dense)>>32)
}

func (s *scratch) dense(b int) {
	s.spots = append(s.spots, spot{uint32(b), groupDense, -1})
	s.count[groupDense]++
}

func (s *scratch) hashed(h uint32, group uint8, at int) {
	s.spots = append(s.spots, spot{bucketOf(h), group, int32(at)})
	s.count[group]++
}

// look reads a draft into features.
func (l *lexicon) look(s *scratch, d *Draft) {
	s.buffer.Reset()
	s.tokens, s.spots, s.seen = s.tokens[:0], s.spots[:0], s.seen[:0]
	s.count, s.signed = [groups]int{}, [128]bool{}
	s.promo, s.useful, s.holders, s.clipped = 0, 0, 0, false
	add := func(t string) {
		t, cut := clip(t, MaxText)
		s.clipped = s.clipped || cut
		s.buffer.Add(t)
	}
	add(d.Header)
	add(d.Body)
	add(d.Footer)
	buttons := d.Buttons
	if len(buttons) > MaxButtons {
		buttons, s.clipped = buttons[:MaxButtons], true
	}
	for i := range buttons {
		add(buttons[i].Text)
	}
	s.dense(fBias)
	s.cut()
	language := l.languageOf(d.Lang)
	l.find(s, language)
	s.words()
	l.meant(s, language)
	s.structure(d, buttons)
	s.weigh()
}

// cut makes tokens of the text: placeholders are one token whatever they hold.
func (s *scratch) cut() {
	out := s.buffer.Bytes()
	raw := s.buffer.Tokens()
	part, border := 0, s.buffer.PartEnd(0)
	holderEnd := int32(-1)
	for i := range raw {
		t := &raw[i]
		for int(t.Start) > border {
			part++
			border = s.buffer.PartEnd(part)
		}
		if t.Start < holderEnd {
			if t.Kind == text.Word { // the words of a named placeholder say much
				s.hashed(hashBytes(seedHolder, out[t.Start:t.End]), groupWords, len(s.tokens)-1)
			}
			continue
		}
		if open, end, ok := holder(out, int(t.Start), border); ok {
			holderEnd = int32(end)
			s.holders++
			s.tokens = append(s.tokens, token{seedHolder, int32(open), int32(end), int16(part), kindPlaceholder})
			if t.Kind == text.Word {
				s.hashed(hashBytes(seedHolder, out[t.Start:t.End]), groupWords, len(s.tokens)-1)
			}
			continue
		}
		h := uint32(0)
		switch t.Kind {
		case text.Number:
			h = mix(seedWord, uint32(min(t.End-t.Start, 7))) // how long, not which
		default:
			h = hashBytes(seedWord, out[t.Start:t.End])
		}
		s.tokens = append(s.tokens, token{h, t.Start, t.End, int16(part), t.Kind})
	}
}

// holder reports whether the token at i is the first of a placeholder, and
// where that begins and ends.
func holder(out []byte, i, border int) (open, end int, ok bool) {
	k := i
	for k > 0 && out[k-1] == ' ' && i-k < 3 {
		k--
	}
	if k < 2 || out[k-1] != '{' || out[k-2] != '{' {
		return 0, 0, false
	}
	for j := i; j+1 < border && j-i < 64; j++ {
		if out[j] == '}' && out[j+1] == '}' {
			return k - 2, j + 2, true
		}
	}
	return 0, 0, false
}

// find notes the signs, those of the draft's own language and of English, from
// which every language borrows.
func (l *lexicon) find(s *scratch, language uint8) {
	s.hits = l.phrases.Find(s.hits[:0], &s.buffer)
	s.excuses = s.excuses[:0]
	for _, h := range s.hits {
		if l.sign[h.Phrase] == harmlessSign && l.heard(h, language) {
			s.excuses = append(s.excuses, h)
		}
	}
	raw := s.buffer.Tokens()
	for _, h := range s.hits {
		sg := l.sign[h.Phrase]
		if sg == harmlessSign || !l.heard(h, language) || s.excused(h) {
			continue
		}
		start, end := raw[h.First].Start, raw[h.End-1].End
		s.seen = append(s.seen, seen{sg, int16(s.buffer.Part(int(start))), start, end})
	}
	bodyStart := int32(s.buffer.PartEnd(partHeader)) + 1
	s.sentences(int(bodyStart), s.buffer.PartEnd(partBody))
	var button, head, last [128]bool
	for _, x := range s.seen {
		s.signed[x.sign] = true
		if x.part >= partButtons {
			button[x.sign] = true
		}
		if x.part == partHeader || x.part == partBody && x.start < bodyStart+80 {
			head[x.sign] = true
		}
		if s.tailAt > 0 && x.part == partBody && x.start >= s.tailAt {
			last[x.sign] = true
		}
	}
	promoButton := false
	for i := range signs {
		if !s.signed[i] {
			continue
		}
		s.dense(signAt + i)
		if button[i] {
			s.dense(signButtonAt + i)
			promoButton = promoButton || signs[i].side == Marketing
		}
		if head[i] {
			s.dense(signHeadAt + i)
		}
		if last[i] {
			s.dense(signTailAt + i)
		}
		switch signs[i].side {
		case Marketing:
			s.promo++
		case Utility:
			s.useful++
		}
	}
	s.dense(crossAt + min(s.promo, 4)*5 + min(s.useful, 4))
	if s.promo == 0 && s.useful == 0 {
		s.dense(fNothing)
	}
	if promoButton {
		s.dense(fPromoInButton)
	}
}

// sentences finds where the last sentence of the body begins.
func (s *scratch) sentences(start, end int) {
	out := s.buffer.Bytes()[:end]
	stop := false
	s.tailAt, s.stops = 0, 0
	for i := start; i < end; {
		r, n := utf8.DecodeRune(out[i:])
		switch r {
		case '.', '!', '?', '\n':
			stop = i+1 < end && (out[i+1] == ' ' || out[i+1] == '\n') || r == '\n'
		case '。', '！', '？', '।', '؟':
			stop = true
		case ' ':
		default:
			if stop {
				s.tailAt, stop = int32(i), false
				s.stops++
			}
		}
		i += n
	}
}

func (l *lexicon) heard(h text.Hit, language uint8) bool {
	of := l.language[h.Phrase]
	return language == anyLanguage || of == language || of == l.english
}

func (s *scratch) excused(h text.Hit) bool {
	return slices.ContainsFunc(s.excuses, func(x text.Hit) bool { return x.First <= h.First && x.End >= h.End })
}

// words notes words, neighbours and runs of four letters. Words on buttons are
// others than those of the text.
func (s *scratch) words() {
	out := s.buffer.Bytes()
	var starts [66]int32
	label, labelPart := uint32(0), int16(-1)
	for i := range s.tokens {
		t := &s.tokens[i]
		h := t.hash
		if t.part >= partButtons {
			if t.part != labelPart {
				if labelPart >= 0 {
					s.hashed(label, groupWords, i-1)
				}
				label, labelPart = seedLabel, t.part
			}
			label = mix(label, h)
			s.hashed(mix(seedButton, h), groupWords, i)
		}
		s.hashed(h, groupWords, i)
		if i > 0 && s.tokens[i-1].part == t.part {
			s.hashed(mix(s.tokens[i-1].hash^seedPair, h), groupWords, i)
			if t.kind == text.Char && i > 1 && s.tokens[i-2].part == t.part {
				s.hashed(mix(mix(s.tokens[i-2].hash^seedTriple, s.tokens[i-1].hash), h), groupLetters, i)
			}
		}
		if t.kind != text.Word {
			continue
		}
		n := 0
		word := out[t.start:t.end]
		for k := 0; k < len(word) && n < len(starts)-1; {
			_, w := utf8.DecodeRune(word[k:])
			starts[n] = int32(k)
			n++
			k += w
		}
		starts[n] = int32(len(word))
		if n < 5 {
			continue
		}
		s.hashed(hashBytes(seedGram^1, word[:starts[4]]), groupLetters, i)
		for k := 0; k+4 <= n; k++ {
			s.hashed(hashBytes(seedGram, word[starts[k]:starts[k+4]]), groupLetters, i)
		}
	}
	if labelPart >= 0 {
		s.hashed(label, groupWords, len(s.tokens)-1)
	}
}

// structure notes what is not words.
func (s *scratch) structure(d *Draft, buttons []Button) {
	out := s.buffer.Bytes()
	bodyWords, bodyHolders, emoji, values := 0, 0, 0, 0
	percent, money, long := false, s.signed[signMoney], false
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.part == partBody {
			bodyWords++
			if t.kind == kindPlaceholder {
				bodyHolders++
			}
		}
		switch t.kind {
		case text.Symbol:
			switch r, _ := utf8.DecodeRune(out[t.start:]); {
			case unicode.Is(unicode.Sc, r):
				money = true
			case unicode.Is(unicode.So, r):
				emoji++
			}
		case text.Number, kindPlaceholder:
			if t.part <= partBody {
				values++
			}
			long = long || t.kind == text.Number && t.end-t.start >= 5
			if !percent && percentAt(out, int(t.start), int(t.end)) {
				percent, s.percent = true, t.part
			}
		}
	}
	switch {
	case bodyHolders == 0:
		s.dense(fNoPlaceholder)
	case bodyHolders == 1:
		s.dense(fOnePlaceholder)
	case bodyHolders <= 3:
		s.dense(fFewPlaceholders)
	default:
		s.dense(fManyPlaceholders)
	}
	if bodyHolders > 0 && bodyWords < 3*bodyHolders+2 {
		s.dense(fMostlyPlaceholder)
	}
	switch {
	case bodyWords < 10:
		s.dense(fShort)
	case bodyWords < 40:
		s.dense(fMiddling)
	default:
		s.dense(fLong)
	}
	code := s.signed[signCodeword] || s.signed[signCode]
	s.when(code && bodyHolders > 0 && bodyHolders <= 3 && bodyWords < 25 && s.promo == 0, fCodeShort)
	s.when(code && s.signed[signSignIn], fCodeSignIn)
	s.when(code && (s.signed[signPickup] || s.signed[signShipped]), fCodeButHeld)
	identity := s.signed[signIdentity] || s.signed[signSignIn]
	s.when(s.entered(), fEnterValue)
	s.when(s.signed[signEnter] && identity, fEnterIdentity)
	s.when(code && identity, fCodeIdentity)
	s.when(code && s.signed[signDoor], fCodeDoor)
	s.when(code && s.promo > 0, fCodePromo)
	s.when(code && (percent || money), fCodeMoney)
	s.when(identity && bodyHolders == 0 && !long, fIdentityOnly)
	s.when(code && values == 0, fCodeOnly)
	s.when(values == 0, fNoValue)
	s.ends()
	s.when(percent, fPercent)
	s.when(percent && s.signed[signDiscount], fPercentDiscount)
	s.when(money, fMoney)
	s.when(long, fLongNumber)
	s.when(emoji > 0, fEmoji)
	s.when(emoji > 2, fManyEmoji)
	var c charCount
	c.count(d.Header)
	c.count(d.Body)
	s.when(c.shouted > 0, fShout)
	s.when(c.exclaimed > 0, fExclaim)
	s.when(c.exclaimed > 1, fExclaimTwice)
	s.when(c.question, fQuestion)
	s.when(c.code, fPromoCode)
	s.when(c.link, fLink)
	switch {
	case same(d.HeaderFormat, "IMAGE") || same(d.HeaderFormat, "GIF"):
		s.dense(fImage)
	case same(d.HeaderFormat, "VIDEO"):
		s.dense(fVideo)
	case same(d.HeaderFormat, "DOCUMENT"):
		s.dense(fDocument)
	case same(d.HeaderFormat, "LOCATION"):
		s.dense(fLocation)
	case d.Header != "":
		s.dense(fHeaderText)
	}
	s.when(d.Footer != "", fFooter)
	s.when(len(buttons) == 0, fNoButton)
	replies, links := 0, 0
	for i := range buttons {
		switch b := &buttons[i]; {
		case same(b.Type, "QUICK_REPLY"):
			replies++
		case same(b.Type, "PHONE_NUMBER") || same(b.Type, "VOICE_CALL"):
			s.dense(fPhoneButton)
		case same(b.Type, "COPY_CODE"):
			s.dense(fCopyCode)
		case same(b.Type, "FLOW"):
			s.dense(fFlow)
		case same(b.Type, "URL") || b.URL != "":
			s.dense(fURLButton)
			s.path(b.URL)
			links++
		}
	}
	s.when(replies > 0, fQuickReply)
	s.when(replies > 1, fQuickReplies)
	s.when(links > 1, fURLButtons)
	s.name(d.Name)
}

// entered reports a placeholder or a number close to a word for entering one.
func (s *scratch) entered() bool {
	const near = 24 // bytes
	for _, x := range s.seen {
		if x.sign != signEnter || x.part != partBody {
			continue
		}
		for i := range s.tokens {
			t := &s.tokens[i]
			if (t.kind == kindPlaceholder || t.kind == text.Number) && t.part == partBody && t.start < x.end+near && x.start < t.end+near {
				return true
			}
		}
	}
	return false
}

// ends notes a body that begins or ends with a placeholder.
func (s *scratch) ends() {
	first, last := -1, -1
	for i := range s.tokens {
		if s.tokens[i].part == partBody {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return
	}
	s.when(s.tokens[first].kind == kindPlaceholder, fValueFirst)
	s.when(s.tokens[last].kind == kindPlaceholder, fValueLast)
	s.when(s.tokens[first].kind == kindPlaceholder && (s.signed[signEnter] || s.signed[signIdentity] || s.signed[signCodeword]), fValueThenCode)
	switch s.stops {
	case 0:
		s.dense(fOneSentence)
		return
	case 1:
		s.dense(fTwoSentences)
	default:
		s.dense(fManySentences)
	}
	out := s.buffer.Bytes()
	percent, money, holder, number := false, false, false, false
	asked, called := false, false
	for i := range s.tokens[first : last+1] {
		t := &s.tokens[first+i]
		if t.start < s.tailAt {
			continue
		}
		holder = holder || t.kind == kindPlaceholder
		number = number || t.kind == text.Number
		percent = percent || (t.kind == kindPlaceholder || t.kind == text.Number) && percentAt(out, int(t.start), int(t.end))
		if t.kind == text.Symbol {
			r, _ := utf8.DecodeRune(out[t.start:])
			money = money || unicode.Is(unicode.Sc, r)
		}
	}
	s.when(percent, fTailPercent)
	s.when(money, fTailMoney)
	s.when(holder, fTailHolder)
	s.when(!holder && !number, fTailPlain)
	for _, c := range out[s.tailAt:s.buffer.PartEnd(partBody)] {
		switch c {
		case '?':
			s.when(!asked, fTailQuestion)
			asked = true
		case '!':
			s.when(!called, fTailExclaim)
			called = true
		}
	}
}

func (s *scratch) when(yes bool, b int) {
	if yes {
		s.dense(b)
	}
}

// percentAt reports a percent sign beside a number, before it in Turkish.
func percentAt(out []byte, start, end int) bool {
	for k := end; k < len(out) && k < end+3; k++ {
		if out[k] == '%' {
			return true
		}
		if out[k] == 0xD9 && k+1 < len(out) && out[k+1] == 0xAA { // the Arabic percent sign
			return true
		}
		if out[k] != ' ' && out[k] != 0xC2 && out[k] != 0xA0 {
			break
		}
	}
	return start > 0 && out[start-1] == '%'
}

// charCount is what folding would lose.
type charCount struct {
	shouted, exclaimed   int
	question, code, link bool
}

func (c *charCount) count(t string) {
	t, _ = clip(t, MaxText)
	letters, uppers, digits, tail := 0, 0, 0, 0
	flush := func() {
		if letters >= 4 && uppers == letters && digits == 0 {
			c.shouted++
		}
		// SAVE20: letters, then digits, all of it upper case.
		if uppers >= 3 && uppers == letters && digits > 0 && digits == tail && letters+digits >= 5 && letters+digits <= 12 {
			c.code = true
		}
		letters, uppers, digits, tail = 0, 0, 0, 0
	}
	for i, r := range t {
		switch {
		case r >= '0' && r <= '9':
			digits++
			tail++
			continue
		case r < utf8.RuneSelf && (r|0x20 >= 'a' && r|0x20 <= 'z') || r >= utf8.RuneSelf && unicode.IsLetter(r):
			letters++
			tail = 0
			if unicode.IsUpper(r) {
				uppers++
			}
			continue
		case r == '!' || r == '！':
			c.exclaimed++
		case r == '?' || r == '？' || r == '؟':
			c.question = true
		case r == ':' && i+3 <= len(t) && t[i:i+3] == "://":
			c.link = true
		}
		flush()
	}
	flush()
}

// path notes the words of an address, without its host.
func (s *scratch) path(url string) {
	url, _ = clip(url, 2048)
	host := 0
	for i := 0; i+3 <= len(url); i++ {
		if url[i:i+3] == "://" {
			host = i + 3
			break
		}
	}
	for host < len(url) && url[host] != '/' {
		host++
	}
	h, n := uint32(seedURL), 0
	for i := host; i <= len(url); i++ {
		c := byte(0)
		if i < len(url) {
			c = url[i]
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if 'a' <= c && c <= 'z' {
			h = (h ^ uint32(c)) * 16777619
			n++
			continue
		}
		if n > 1 {
			s.hashed(h, groupWords, -1)
		}
		h, n = seedURL, 0
		if c == '{' && i+1 < len(url) && url[i+1] == '{' {
			s.dense(fURLButtonVariable)
			break
		}
	}
}

// name notes what a template is called, by a few plain words only: anybody may
// call a promotion an update.
func (s *scratch) name(name string) {
	name, _ = clip(name, 512)
	start := 0
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i] != '_' && name[i] != '-' && name[i] != ' ' {
			continue
		}
		switch name[start:i] {
		case "promo", "promotion", "offer", "offers", "campaign", "sale", "newsletter", "winback", "cart", "discount", "marketing", "blackfriday":
			s.dense(fPromoName)
		case "otp", "auth", "verification", "passcode", "2fa":
			s.dense(fCodeName)
		case "order", "invoice", "receipt", "appointment", "shipping", "delivery", "refund", "payment", "ticket", "booking":
			s.dense(fPlainName)
		}
		start = i + 1
	}
}

// A Feature is one thing the model sees of a draft: a bucket and how much it
// counts.
type Feature struct {
	Bucket uint32
	Value  float32
}

// values turns spots into features.
func (s *scratch) values(dst []Feature) []Feature {
	for _, x := range s.spots {
		dst = append(dst, Feature{x.bucket, float32(s.weight[x.group])})
	}
	return dst
}

// weigh settles how much a feature of each group counts.
func (s *scratch) weigh() {
	s.weight = groupScale
	for g := groupDense + 1; g < groups; g++ {
		s.weight[g] /= math.Sqrt(float64(max(s.count[g], 1)))
	}
}
