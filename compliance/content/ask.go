package content

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/policy"
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
)

const askRoles = 1<<send | 1<<need | 1<<enter | 1<<reply | 1<<secret | 1<<document | 1<<askWord

// An askedKind is something that can be asked for.
type askedKind struct {
	kind  string
	name  string // in sentences
	whole bool   // no part of it may be asked for either
}

// askedKinds are the kinds a data file may name.
var askedKinds = [...]askedKind{
	{"card_pan", "a payment card number", false},
	{"card_cvv", "the security code of a card", true},
	{"card_pin", "a PIN", true},
	{"otp_code", "a one-time code", true},
	{"password", "a password", true},
	{"iban", "an IBAN", false},
	{"bank_account_generic", "a bank account number", false},
	{"passport_number", "a passport or its number", false},
	{"driver_license", "a driving licence or its number", false},
	{"person_id", "an identity number or a document that shows it", false},
	{"us_ssn", "a social security number", false},
	{"br_cpf", "a CPF number", false},
	{"in_aadhaar", "an Aadhaar number or card", false},
	{"in_pan", "an Indian tax number (PAN) or its card", false},
	{"id_nik", "an Indonesian identity number (NIK) or card", false},
	{"tr_tckn", "a Turkish identity number", false},
	{"ru_passport", "a Russian passport or its number", false},
	{"ru_snils", "a Russian insurance number (SNILS)", false},
	{"ru_inn", "a Russian tax number (INN)", false},
	{"cn_resident_id", "a Chinese identity number or card", false},
}

// Where words of a request count, in tokens. Scripts that write no spaces have a
// token for each character.
const (
	askWindow     = 12
	askWindowChar = 25
	notWindow     = 3
	notWindowChar = 6
	pictureWindow = 8
)

// An askCue is a word of a request, in one of its readings.
type askCue struct {
	meaning
	first, end int32
}

type askScratch struct {
	cues []askCue
	keep []askCue
}

// asks looks for requests: a word that asks and a secret in one clause, and
// nothing there that says never, a part, in person or on a page of yours.
func (c *Checker) asks(s *scratch, rep *Report) {
	a := &s.ask
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
		return cmp.Or(cmp.Compare(x.first, y.first), cmp.Compare(y.end, x.end), cmp.Compare(x.role, y.role))
	})
	// Of a phrase inside a longer one only the longer speaks: the PIN of "PIN
	// code and address" is none.
	a.keep = a.keep[:0]
	var widest askCue
	for _, q := range a.cues {
		if widest.end > q.end || widest.end == q.end && widest.first < q.first {
			continue
		}
		if q.end > widest.end {
			widest = q
		}
		a.keep = append(a.keep, q)
	}
	var seen uint32 // kinds reported: one finding each is enough
	for i := 0; i < len(a.keep); {
		j := i + 1
		for j < len(a.keep) && !(a.keep[j].role == askWord && a.keep[j].value == turn) && !clauseEnds(&s.buf, a.keep[j-1].first, a.keep[j].first) {
			j++
		}
		c.clause(s, a.keep[i:j], &seen, rep)
		i = j
	}
}

// clauseSigns are what stands anywhere in a clause, as sets of languages.
type clauseSigns struct {
	never, part, secure, chat uint64
	link                      bool
}

// clause reports what one clause asks for.
func (c *Checker) clause(s *scratch, cues []askCue, seen *uint32, rep *Report) {
	var signs clauseSigns
	asked := false
	for _, q := range cues {
		bit := uint64(1) << q.lang
		switch {
		case q.role == reply:
			signs.chat |= bit
		case q.role == secret || q.role == document:
			asked = true
		case q.role != askWord:
		case q.value == chat:
			signs.chat |= bit
		case q.value == link:
			signs.link = true
		case q.value == never:
			signs.never |= bit
		case q.value == part:
			signs.part |= bit
		case q.value == secure:
			signs.secure |= bit
		}
	}
	if !asked {
		return
	}
	for i, q := range cues {
		if q.role != secret && q.role != document || *seen>>q.value&1 != 0 {
			continue
		}
		act, pictured, ok := c.act(s, cues, i, &signs)
		if !ok {
			continue
		}
		*seen |= 1 << q.value
		place, span := s.place(int(s.buf.Tokens()[q.first].Start), int(s.buf.Tokens()[q.end-1].End))
		f := Finding{Rule: askRule, Kind: askedKinds[q.value].kind, Place: place, Span: span, Why: whyAsk(q, act, pictured), Confidence: Likely}
		if signs.link && act != reply { // template review refuses these, the policy does not say
			f.Severity = policy.Warn
			f.Why += " It is to go by a link, not into the chat."
		}
		rep.Findings = append(rep.Findings, f)
	}
}

// act is the closest word that asks for the secret cues[i].
func (c *Checker) act(s *scratch, cues []askCue, i int, signs *clauseSigns) (act role, pictured, ok bool) {
	q := cues[i]
	window, notNear := int32(askWindow), int32(notWindow)
	if s.buf.Tokens()[q.first].Kind == text.Char {
		window, notNear = askWindowChar, notWindowChar
	}
	best := window + 1
	person := best
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
		if d < 0 {
			return true
		}
		if p.role == askWord {
			switch {
			case p.value == picture && d <= pictureWindow:
				pictures |= 1 << p.lang
			case p.value == inPerson && p.lang == q.lang:
				person = min(person, d)
			}
			return true
		}
		if p.role < send || p.role > reply || d >= best {
			return true
		}
		own := uint64(1) << p.lang
		reads := readings(cues, k)
		switch {
		case behind && c.lex.askAfter&own == 0:
		case p.lang != q.lang && c.lex.askAnyone&(1<<q.lang) == 0: // English words stand in every language
		case signs.never&reads != 0:
		case signs.part&reads != 0 && !askedKinds[q.value].whole:
		case p.role == enter && signs.chat&reads == 0:
		case p.role != reply && signs.secure&reads != 0 && signs.chat&reads == 0:
		case p.role != reply && signs.link && q.role == secret:
		case denied(cues, p, reads, notNear):
		default:
			best, act = d, p.role
		}
		return true
	}
	for k := i - 1; k >= 0 && look(k); k-- {
	}
	for k := i + 1; k < len(cues) && look(k); k++ {
	}
	if best > window || person < best && act != reply {
		return 0, false, false
	}
	// A paper is asked for when it is to be sent, or when a picture of it is.
	if q.role == document && pictures == 0 && act != send && act != reply {
		return 0, false, false
	}
	return act, pictures != 0, true
}

// readings are the languages in which the word cues[k] asks: "share" is English
// and Indonesian, and a "never" of either language denies it.
func readings(cues []askCue, k int) (langs uint64) {
	same := func(i int) bool { return cues[i].first == cues[k].first && cues[i].end == cues[k].end }
	for i := k; i >= 0 && same(i); i-- {
		langs |= 1 << cues[i].lang
	}
	for i := k; i < len(cues) && same(i); i++ {
		langs |= 1 << cues[i].lang
	}
	return langs
}

// denied reports whether a "not" of one of the languages stands right before an act.
func denied(cues []askCue, act askCue, langs uint64, within int32) bool {
	k, _ := slices.BinarySearchFunc(cues, act.first-within-text.MaxWords, func(q askCue, at int32) int { return cmp.Compare(q.first, at) })
	for ; k < len(cues) && cues[k].first < act.first; k++ {
		q := cues[k]
		if q.role == askWord && q.value == not && langs>>q.lang&1 != 0 && q.end <= act.first && act.first-q.end < within {
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
		list := false
		for k := start; k < end; {
			ch, n := utf8.DecodeRune(out[k:end])
			switch ch {
			case '!', '?', ';', '…', '。', '；', '؟', '؛', '।':
				return true
			case ':':
				list = true
			case '\n':
				if !list && !bulleted(out[k+1:end]) {
					return true
				}
			case '.':
				if k+1 < end && (out[k+1] == ' ' || out[k+1] == '\n' || out[k+1] == '.') && !shortened(out[ts[i-1].Start:start], ts[i-1].Kind) {
					return true
				}
			}
			k += n
		}
	}
	return false
}

func bulleted(b []byte) bool {
	for _, ch := range string(b) {
		switch ch {
		case '-', '*', '•', '·', '–', '—':
			return true
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
