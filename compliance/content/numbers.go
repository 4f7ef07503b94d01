package content

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/waguard/waguard/internal/text"
)

// minDigits is the fewest digits of any identifier, a card's security code; a
// message with fewer is not looked at.
const minDigits = 3

// Scores of the decision model. A number starts with what its structure proves, and
// the words around it add to that or take from it.
const (
	scoreA          = 0.90
	scoreF          = 0.50
	scoreFGrouped   = 0.85
	scoreC          = 0.20
	labelBefore     = +0.6 // directly before the number
	labelNear       = +0.3 // in the sentence
	otherBefore     = -0.7
	otherNear       = -0.3
	oddGroups       = -0.3 // grouped as nobody prints it: a date and a time, or somebody hiding
	clock           = -0.5 // and with a colon in it: 22/04/2026 00:57 - 06:02
	blockAt, warnAt = 0.8 - epsilon, 0.5 - epsilon

	epsilon = 1e-9 // sums of the above are meant exactly
)

// Where words count: directly before a number, and around it.
const (
	directTokens = 2
	otherTokens  = 4 // words that say nothing between a number and what else it is
	nearTokens   = 6
	farTokens    = 12 // for a label that only words which say nothing part from the number
	nearBefore   = 40 // bytes
	nearAfter    = 20
)

// A group is digits without a separator in them: a number token, or one
// spelled-out digit.
type group struct {
	from, to   int32 // folded bytes
	first, end int32 // tokens
	at         int32 // its digits in numberScratch.digits
	n          int32
	spoken     bool
	tainted    bool // part of a longer word: an order code, hex
}

type numberScratch struct {
	groups []group
	digits []byte
	widths []int
	alike  []stretch // by group of a run
	spoken []text.Hit
	near   []byWord
	chunks []group  // around a number
	marks  []uint64 // where each holds letters, a bit a byte
	claims []claim
	routes []claim // banks and cards, that others stand beside
	taken  []bool
	heard  []bool // detectors of which a label stands in the message
	hints  uint32 // the hints in it
	named  bool   // any label stands in it
}

// numbers looks for identifiers among the digits of a message. roles are those that its
// phrases have.
func (c *Checker) numbers(s *scratch, roles uint32, rep *Report) {
	ns := &s.numbers
	ns.claims = ns.claims[:0]
	c.hear(s, roles)
	c.group(s, roles)
	out := s.buf.Bytes()
	gs := ns.groups
	for i := 0; i < len(gs); {
		j := i + 1
		for j < len(gs) && (runsOn(out, &gs[j-1], &gs[j]) || series(s, &gs[j-1], &gs[j])) {
			j++
		}
		c.run(s, i, j)
		i = j
	}
	c.strands(s)
	c.strips(s)
	c.tracks(s)
	if len(ns.claims) > 0 {
		c.settle(s, rep)
	}
}

// hear notes which detectors have a label in the message.
func (c *Checker) hear(s *scratch, roles uint32) {
	ns := &s.numbers
	ns.heard = slices.Grow(ns.heard[:0], len(c.detectors))[:len(c.detectors)]
	clear(ns.heard)
	ns.hints, ns.named = 0, false
	if roles&(1<<label|1<<hints) == 0 {
		return
	}
	for _, h := range s.hits[:s.plain] {
		if c.lex.roles(h.Phrase)&(1<<label|1<<hints) == 0 {
			continue
		}
		for _, m := range c.lex.meanings(h.Phrase) {
			switch m.role {
			case label:
				ns.heard[m.rule], ns.named = true, true
			case hints:
				ns.hints |= 1 << m.value
			}
		}
	}
}

// group lists the groups of digits. Spelled-out digits count only when there are
// eight or more: a few are just words.
func (c *Checker) group(s *scratch, roles uint32) {
	ns := &s.numbers
	ns.groups, ns.digits, ns.spoken = ns.groups[:0], ns.digits[:0], ns.spoken[:0]
	ts, out := s.buf.Tokens(), s.buf.Bytes()
	if roles&(1<<digit|1<<times) != 0 {
		for _, h := range s.hits {
			if c.lex.roles(h.Phrase)&(1<<digit|1<<times) != 0 && h.End == h.First+1 && !h.Hidden {
				ns.spoken = append(ns.spoken, h)
			}
		}
		if len(ns.spoken) < 8 {
			ns.spoken = ns.spoken[:0]
		}
	}
	k := 0
	repeat := 1
	for i := range ts {
		t := &ts[i]
		if len(ns.spoken) == 0 && t.Kind != text.Number {
			continue
		}
		for k < len(ns.spoken) && int(ns.spoken[k].First) < i {
			k++
		}
		g := group{from: t.Start, to: t.End, first: int32(i), end: int32(i + 1), at: int32(len(ns.digits))}
		switch {
		case t.Kind == text.Number:
			for _, d := range out[t.Start:t.End] {
				ns.digits = append(ns.digits, d-'0')
			}
			g.tainted = asciiLetter(out, int(t.Start)-1) && !c.labelEnds(s, i) && !numero(ts, out, i) || asciiLetter(out, int(t.End))
			repeat = 1
		case k < len(ns.spoken) && int(ns.spoken[k].First) == i:
			value, n := c.spoken(ns.spoken[k].Phrase)
			if n > 1 {
				repeat = n
				continue
			}
			for range repeat {
				ns.digits = append(ns.digits, value)
			}
			if repeat > 1 { // "double four" begins at the double
				g.first--
				g.from = ts[i-1].Start
			}
			repeat = 1
			g.spoken = true
		default:
			repeat = 1
			continue
		}
		g.n = int32(len(ns.digits)) - g.at
		ns.groups = append(ns.groups, g)
	}
}

// numero reports whether a token stands right behind a numero sign, which folding makes letters of:
// "паспорт №4004648047".
func numero(ts []text.Token, out []byte, i int) bool {
	return i > 0 && ts[i-1].End == ts[i].Start && string(out[ts[i-1].Start:ts[i-1].End]) == "no"
}

func asciiLetter(b []byte, i int) bool { return i >= 0 && i < len(b) && 'a' <= b[i] && b[i] <= 'z' }

// around are the plain hits that end by tokens first to end: the hits come in
// the order of their ends, so that a long text is not searched for each number.
func (s *scratch) around(first, end int32) []text.Hit {
	byEnd := func(h text.Hit, end int32) int { return int(h.End - end) }
	lo, _ := slices.BinarySearchFunc(s.hits[:s.plain], first-farTokens, byEnd)
	hi, _ := slices.BinarySearchFunc(s.hits[:s.plain], end+nearAfter+text.MaxWords, byEnd)
	return s.hits[lo:hi]
}

// labelEnds reports whether a label of some identifier ends right before token i.
func (c *Checker) labelEnds(s *scratch, i int) bool {
	for _, h := range s.around(int32(i), int32(i)) {
		if int(h.End) == i && c.lex.roles(h.Phrase)&(1<<label) != 0 {
			return true
		}
	}
	return false
}

// spoken is the digit a word stands for, or how often it repeats the next.
func (c *Checker) spoken(phrase int32) (value byte, repeat int) {
	for _, m := range c.lex.meanings(phrase) {
		switch m.role {
		case digit:
			return m.value, 1
		case times:
			return 0, int(m.value)
		}
	}
	return 0, 1
}

// runsOn reports whether two groups may belong to one number: nothing but one
// to three separators between them, and no sign that a new thing begins.
func runsOn(out []byte, a, b *group) bool {
	if a.tainted || b.tainted || a.end != b.first {
		return false
	}
	between := out[a.to:b.from]
	if len(between) == 0 {
		return a.spoken || b.spoken
	}
	lines, marks := 0, 0
	last := rune(0)
	masked := false
	for _, r := range string(between) {
		switch r {
		case '\n':
			lines++
		case ' ', '\t', '\r', '-', '.', '·', '•', '∙', '⋅', '・', ',', '/', '\\', '|', ':', ';', '_', '*', '~', '`', '(', ')', '[', ']', '{', '}', '<', '>', '、', '،':
		default:
			return false
		}
		if r == last && (r == '*' || r == '•' || r == '_' || r == '·') {
			masked = true
		}
		last = r
		marks++
	}
	if marks > 3 || lines > 1 || masked {
		return false
	}
	if a.spoken || b.spoken {
		return true
	}
	even := a.n == b.n && (a.n == 3 || a.n == 4)
	if lines > 0 || bytes.HasPrefix(between, []byte(", ")) || bytes.HasPrefix(between, []byte(". ")) || bytes.Contains(between, []byte(" / ")) {
		return even
	}
	return true
}

// run looks at groups i to j, which stand in a row: at all of them, and at
// those that begin and end at the edge of a group.
func (c *Checker) run(s *scratch, i, j int) {
	ns := &s.numbers
	gs := ns.groups[i:j]
	ns.stretch(gs)
	for from := range gs {
		size := 0
		widths := ns.widths[:0]
		for to := from + 1; to <= len(gs); to++ {
			if size += int(gs[to-1].n); size > c.wide {
				break
			}
			widths = append(widths, int(gs[to-1].n))
			ns.widths = widths
			whole := to-from == len(gs)
			list := c.digits[size]
			if !ns.named {
				list = c.digitsBare[size]
			}
			for _, n := range list {
				d := &c.detectors[n]
				if c.worth(s, n) && (whole || c.fits(s, d, gs, from, to, widths)) {
					c.candidate(s, n, gs[from:to], widths, whole)
				}
			}
		}
	}
}

// A stretch are groups of one width in a row: those from one up to another of a run.
type stretch struct{ from, to int32 }

// stretch notes the stretch that each group of a run is in.
func (ns *numberScratch) stretch(gs []group) {
	ns.alike = slices.Grow(ns.alike[:0], len(gs))[:len(gs)]
	for from := 0; from < len(gs); {
		to := from + 1
		for to < len(gs) && gs[to].n == gs[from].n {
			to++
		}
		for k := from; k < to; k++ {
			ns.alike[k] = stretch{int32(from), int32(to)}
		}
		from = to
	}
}

// worth reports whether a detector can come to anything in this message: what
// is nothing without a label is not looked for where no label stands.
func (c *Checker) worth(s *scratch, n int16) bool {
	return c.bare[n] || s.numbers.heard[n]
}

// fits reports whether groups from to to can be cut out of a longer run: they
// are printed the canonical way and do not just begin in the middle of more
// groups of that width, as keys and prepaid codes are printed; or a label may
// still speak for them.
func (c *Checker) fits(s *scratch, d *detector, gs []group, from, to int, widths []int) bool {
	if to-from == 1 {
		return true
	}
	if !d.grouped(widths) {
		return true // candidate asks for a label
	}
	w := gs[from].n
	alike := s.numbers.alike
	lo, hi := int(alike[from].from), to
	if to < len(gs) && gs[to].n == w {
		hi = int(alike[to].to)
	}
	if lo == from && hi == to {
		return true
	}
	return (hi-lo)%(to-from) == 0 && (from-lo)%(to-from) == 0 || from == lo && c.labelled(s, d, gs[from].first)
}

func (s *scratch) widths(gs []group) []int {
	w := s.numbers.widths[:0]
	for i := range gs {
		w = append(w, int(gs[i].n))
	}
	s.numbers.widths = w
	return w
}

// labelled reports whether a label of the detector stands directly before a token.
func (c *Checker) labelled(s *scratch, d *detector, first int32) bool {
	for _, h := range s.around(first, first) {
		if h.End <= first && first-h.End <= directTokens && c.lex.roles(h.Phrase)&(1<<label) != 0 {
			for _, m := range c.lex.meanings(h.Phrase) {
				if m.role == label && c.detectors[m.rule].kind == d.kind {
					return true
				}
			}
		}
	}
	return false
}

// candidate weighs one number, and lays claim to it when it may weigh enough.
func (c *Checker) candidate(s *scratch, n int16, gs []group, widths []int, whole bool) {
	ns := &s.numbers
	d := &c.detectors[n]
	last := &gs[len(gs)-1]
	id := ns.digits[gs[0].at : last.at+last.n]
	from, to := int(gs[0].from), int(last.to)
	print := -1
	if d.table {
		print = d.printed(s.buf.Bytes()[from:to])
		if print < 0 && !ns.heard[n] && d.loose != tierA {
			return // without a label it counts as printed, or not at all
		}
	}
	r, ok := d.read(id, widths)
	if !ok || len(ns.claims) >= maxClaims {
		return
	}
	spoken := false
	for k := range gs {
		if gs[k].tainted {
			return
		}
		spoken = spoken || gs[k].spoken
	}
	grouped := d.grouped(widths)
	irregular := len(gs) > 1 && !grouped && !gs[0].spoken && !uniform(widths)
	if d.table {
		if grouped = print >= 0; !grouped {
			r.tier = d.loose
		}
		r.first = print == 0
	}
	cl := claim{detector: n, from: int32(from), to: int32(to), first: gs[0].first, end: last.end, at: gs[0].at, size: int32(len(id)),
		odds: d.odds, scheme: r.scheme, whole: whole, spoken: spoken, pending: d.pair != nil}
	switch c.edges(s, gs[0].first, last.end, from, to, id, gs) {
	case edgeNo:
		return
	case edgeLink:
		cl.link = true
	}
	score := scoreC
	switch r.tier {
	case tierA:
		score = scoreA
	case tierF:
		if score = scoreF; grouped {
			score = scoreFGrouped
		}
	}
	w := c.around(s, n, gs[0].first, last.end, from, to)
	if d.class == account && d.odds <= 1e-4 && grouped {
		w.other = 0 // no claim or order has the check digits of an IBAN by chance
	}
	if irregular && !whole && w.label == 0 {
		return
	}
	if d.table {
		if !c.sound(s, d, &cl, &r, &w, grouped) {
			return
		}
	} else if r.tier == tierC && w.label == 0 {
		return
	}
	score += w.label + w.other
	if irregular && d.odds > 1e-4 {
		score += oddGroups
		if bytes.IndexByte(s.buf.Bytes()[from:to], ':') >= 0 {
			score += clock
		}
	}
	cl.words, cl.score = w, score
	ns.claims = append(ns.claims, cl)
}

func uniform(widths []int) bool {
	for _, w := range widths[1:] {
		if w != widths[0] {
			return false
		}
	}
	return true
}

type edge uint8

const (
	edgeFree edge = iota
	edgeNo        // the number is part of something else
	edgeLink      // it stands in a link, named as a card
)

// edges looks at what touches a number: a plus sign of a phone, a currency or a
// unit, an address it is part of.
func (c *Checker) edges(s *scratch, first, end int32, from, to int, id []byte, gs []group) edge {
	out := s.buf.Bytes()
	k := from
	for k > 0 && (out[k-1] == '(' || out[k-1] == ' ') && from-k < 2 {
		k--
	}
	if k > 0 && out[k-1] == '+' && len(id) <= 15 {
		return edgeNo
	}
	if from > 0 && out[from-1] == '@' {
		return edgeNo
	}
	// The word without spaces that the number begins in.
	w := from
	for w > 0 && out[w-1] > ' ' && from-w < 512 {
		w--
	}
	before := out[w:from]
	e := to
	for e < len(out) && out[e] > ' ' && e-to < 64 {
		e++
	}
	if address(before) || bytes.HasPrefix(out[to:e], []byte("@")) {
		if q := bytes.LastIndexAny(before, "?&"); q >= 0 {
			for _, name := range [...]string{"card", "pan", "cc", "cardnumber", "card_number", "cardno", "card_no", "ccnumber"} {
				if string(before[q+1:]) == name+"=" {
					return edgeLink
				}
			}
		}
		return edgeNo
	}
	ts := s.buf.Tokens()
	for _, h := range s.around(first, end) {
		if c.lex.roles(h.Phrase)&(1<<currency) == 0 || !slices.ContainsFunc(c.lex.meanings(h.Phrase), isCurrency) {
			continue
		}
		if ts[h.First].Kind == text.Word && !amount(out, id, gs) {
			continue
		}
		// a sign before a number is that number's own, if it touches it or stands behind a comma
		next := h.First == end && number(ts, int(h.End)) && (bytes.IndexByte(out[to:ts[h.First].Start], ',') >= 0 ||
			ts[h.First].Kind != text.Word && ts[h.End-1].End == ts[h.End].Start && int(ts[h.First].Start) > to)
		if h.End == first || h.First == end && !next {
			return edgeNo
		}
	}
	return edgeFree
}

// amount reports whether a number beside a word for a currency may be a sum of money.
// It is none with letters in it, nor where it is printed as cards are, in fours or as
// 4-6-5, or with hyphens as accounts are, a long group before others: what stands by
// those is a word as any other, "cada mes", "cuenta en soles". One space or hyphen has
// to part all of it: behind a dot or a comma stand cents, of whatever width, and a date
// in front of a sum is parted from it by something else than its own parts are.
func amount(out, id []byte, gs []group) bool {
	if slices.Max(id) > 9 {
		return false
	}
	n := len(gs)
	if n < 3 {
		return true
	}
	mark := string(out[gs[0].to:gs[1].from])
	fours, long := true, false
	for k := range gs[:n-1] {
		if string(out[gs[k].to:gs[k+1].from]) != mark {
			return true
		}
		fours = fours && gs[k].n == 4
		long = long || gs[k].n > 4
	}
	last := gs[n-1].n
	switch {
	case mark != " " && mark != "-":
		return true
	case n >= 4 && fours && last <= 4, n == 3 && gs[0].n == 4 && gs[1].n == 6 && (last == 4 || last == 5):
		return false
	}
	return mark == " " || !long
}

func isCurrency(m meaning) bool { return m.role == currency && m.value != slang }

// address reports whether what stands before a number, without a space, makes it
// part of a link or a mail address.
func address(before []byte) bool {
	if bytes.Contains(before, []byte("://")) || bytes.HasPrefix(before, []byte("www.")) || bytes.IndexByte(before, '@') > 0 {
		return true
	}
	dot := bytes.IndexByte(before, '.')
	return dot > 0 && asciiLetter(before, dot-1) && asciiLetter(before, dot+1) && bytes.IndexByte(before[dot:], '/') > 0
}

// A byWord is a label, or a word for another number, that stands by one.
type byWord struct {
	role       role
	first, end int32
	empty      bool // it only says whose number it is
}

// words are what stands by a number, as scores.
type words struct {
	label, other float64
	gap          int32 // words between the number and the label before it, number, is and the like aside
}

// around reads the words by a number. Of a label and another word before it the
// closer counts.
func (c *Checker) around(s *scratch, n int16, first, end int32, from, to int) (w words) {
	ts, out := s.buf.Tokens(), s.buf.Bytes()
	near := s.numbers.near[:0]
	for _, h := range s.around(first, end) {
		roles := c.lex.roles(h.Phrase)
		if roles&(1<<label|1<<other) == 0 || h.First < end && first < h.End {
			continue
		}
		before := h.End <= first
		if before && (first-h.End > farTokens || wider(out, int(ts[h.End-1].End), from, nearBefore) || parted(&s.buf, h.End, first)) ||
			!before && (wider(out, to, int(ts[h.First].Start), nearAfter) || parted(&s.buf, end, h.First)) {
			continue
		}
		q := byWord{first: h.First, end: h.End}
		for _, m := range c.lex.meanings(h.Phrase) {
			switch {
			case m.role == label && m.rule == n && (m.value != capital || s.capitals(int(ts[h.First].Start), int(ts[h.End-1].End))):
				q.role = label
			case m.role == other && q.role == 0:
				q.role = other
			}
		}
		if q.role != 0 {
			q.empty = h.End == h.First+1 && c.fillers(s, h.First, h.End) == 1
			near = append(near, q)
		}
	}
	s.numbers.near = near
	closest, gap, direct := int32(-1), int32(0), role(0)
	for i, q := range near {
		if swallowed(near, i) || q.role == other && q.empty && behindLabel(near, q) {
			continue
		}
		if by := first-q.end <= nearTokens; by && q.role == label {
			w.label = max(w.label, labelNear)
		} else if by {
			w.other = min(w.other, otherNear)
		} else if q.role == other {
			continue
		}
		if q.end > first || q.end < closest || q.end == closest && q.role == label {
			continue
		}
		d := first - q.end
		if q.role == label {
			d -= c.idle(s, n, q.end, first)
		} else if n := c.fillers(s, q.end, first); n == d && d <= otherTokens {
			d = 0 // "your booking on file is"
		}
		if d <= directTokens {
			closest, gap, direct = q.end, d, q.role
		}
	}
	if direct == 0 {
		direct = c.namedBehind(s, n, near, first, end, to)
	}
	switch direct {
	case label:
		w = words{label: labelBefore, gap: gap}
	case other:
		w.other = otherBefore
	}
	return w
}

// namedBehind is what a number is called by the words right behind it, as in "we
// noted 12345678 as your ID number", or in brackets, as in "12345678 (ID number)": as
// much worth as a word before it. A name that a number follows is the name of that one.
func (c *Checker) namedBehind(s *scratch, n int16, near []byWord, first, end int32, to int) role {
	ts, out := s.buf.Tokens(), s.buf.Bytes()
	if c.opens(s, n, near, first, end, to) {
		return label
	}
	if c.detectors[n].class != cardAuth { // 123456 (PIN) is a code for logging in
		for i, q := range near {
			if e := int(ts[q.end-1].End); q.first == end && e < len(out) && out[e] == ')' && opening(out[to:ts[q.first].Start]) && !swallowed(near, i) {
				return q.role
			}
		}
	}
	if s.numbers.hints>>hintAs&1 == 0 {
		return 0
	}
	for i, q := range near {
		if q.first <= end || q.first-end > nearTokens || swallowed(near, i) || bytes.ContainsAny(out[to:ts[q.first].Start], "\n,;:()/") {
			continue
		}
		if int(q.end) < len(ts) && (number(ts, int(q.end)) || bytes.IndexByte(out[ts[q.end-1].End:ts[q.end].Start], ':') >= 0) {
			continue
		}
		as, rest := false, q.first-end-c.fillers(s, end, q.first)
		for _, h := range s.around(q.first, q.first) {
			if h.First < end || h.End > q.first || c.lex.roles(h.Phrase)&(1<<hints) == 0 {
				continue
			}
			for _, m := range c.lex.meanings(h.Phrase) {
				if m.role == hints && m.value == uint8(hintAs) {
					as = true
					rest -= h.End - h.First - c.fillers(s, h.First, h.End)
				}
			}
		}
		if as && rest <= 0 {
			return q.role
		}
	}
	return 0
}

// opens reports whether a number begins what is said, but for the name of a bank, and its
// label stands right behind it: "46758646-5001 nolu hesap". Only what has check digits, accounts and
// papers are told that way: "84930211 ID'li sipariş" is an order.
func (c *Checker) opens(s *scratch, n int16, near []byWord, first, end int32, to int) bool {
	d := &c.detectors[n]
	if !d.checked && d.class != account && d.kind != "passport_number" && d.kind != "driver_license" {
		return false
	}
	ts, out := s.buf.Tokens(), s.buf.Bytes()
	i := slices.IndexFunc(near, func(q byWord) bool {
		return q.role == label && q.first >= end && q.first-end <= directTokens && c.fillers(s, end, q.first) == q.first-end
	})
	if i < 0 || bytes.ContainsAny(out[to:ts[near[i].first].Start], "\n,;:()/") {
		return false
	}
	q := near[i]
	if int(q.end) < len(ts) && (number(ts, int(q.end)) || bytes.IndexByte(out[ts[q.end-1].End:ts[q.end].Start], ':') >= 0) {
		return false
	}
	if slices.ContainsFunc(near, func(o byWord) bool { return o.role == other && o.first <= q.end && q.first <= o.end }) {
		return false // of a "customer account", of an "account order"
	}
	rest := q.end // what has no check digits has to be all that is said of it
	for !d.checked && int(rest) < len(ts) && c.idle(s, n, q.end, rest+1) == rest+1-q.end {
		rest++
	}
	if !d.checked && int(rest) < len(ts) && string(out[ts[rest-1].End:ts[rest].Start]) == " " {
		return false // "hesap destek hattı"
	}
	begin := first
	for begin > 0 && first-begin <= nearTokens && !bytes.ContainsAny(out[ts[begin-1].End:ts[begin].Start], "\n:") && !parted(&s.buf, begin, begin) {
		begin--
	}
	return first-begin <= nearTokens && c.idle(s, n, begin, first) == first-begin
}

func opening(b []byte) bool { return string(b) == "(" || string(b) == " (" }

// wider reports whether more characters than n lie between two places.
func wider(out []byte, from, to, n int) bool {
	return to-from > n && utf8.RuneCount(out[from:to]) > n
}

// fillers counts the words between two tokens that say nothing: number, is, your.
func (c *Checker) fillers(s *scratch, from, to int32) (n int32) {
	ts, out := s.buf.Tokens(), s.buf.Bytes()
	for i := from; i < to; i++ {
		if c.lex.fillers[string(out[ts[i].Start:ts[i].End])] {
			n++
		}
	}
	return n
}

// idle counts the words between a label and a number that take nothing from it: those
// that say nothing, and those the label is about anyway. Between an account and its
// digits stands the name of the bank, between a code and its digits the card or the bank.
func (c *Checker) idle(s *scratch, detector int16, from, to int32) int32 {
	about := uint32(1 << hintBank)
	switch c.detectors[detector].class {
	case account:
	case cardAuth:
		about |= 1 << hintCard
	default:
		return c.fillers(s, from, to)
	}
	if s.numbers.hints&about == 0 {
		return c.fillers(s, from, to)
	}
	said := uint32(0) // a bit a token
	for _, h := range s.around(to, to) {
		if h.First < from || h.End > to || c.lex.roles(h.Phrase)&(1<<hints) == 0 {
			continue
		}
		for _, m := range c.lex.meanings(h.Phrase) {
			if m.role == hints && about>>m.value&1 == 1 {
				said |= (1<<(h.End-h.First) - 1) << (h.First - from)
			}
		}
	}
	n := int32(0)
	for i := from; i < to; i++ {
		if said>>(i-from)&1 != 0 || c.fillers(s, i, i+1) == 1 {
			n++
		}
	}
	return n
}

// behindLabel reports whether a word like "customer" only says whose label it was:
// "the customer's passport", "DNI del cliente".
func behindLabel(near []byWord, q byWord) bool {
	for _, p := range near {
		if p.role == label && p.end <= q.first && q.first-p.end <= directTokens {
			return true
		}
	}
	return false
}

// swallowed reports whether a longer phrase holds this one: the card of "gift
// card" is no payment card.
func swallowed(near []byWord, i int) bool {
	q := near[i]
	for k, p := range near {
		if k != i && p.first <= q.first && q.end <= p.end && p.end-p.first > q.end-q.first {
			return true
		}
	}
	return false
}

// parted reports whether a sentence ends between two tokens. A line break ends
// none, for labels often stand on a line of their own; the end of a text does.
func parted(b *text.Buffer, from, to int32) bool {
	out, ts := b.Bytes(), b.Tokens()
	for i := max(from, 1); i <= to && int(i) < len(ts); i++ {
		if b.Part(int(ts[i-1].Start)) != b.Part(int(ts[i].Start)) {
			return true
		}
		between := out[ts[i-1].End:ts[i].Start]
		for k, ch := range string(between) {
			switch ch {
			case '!', '?', '。', '।', '؟':
				return true
			case '.':
				if k+1 < len(between) && between[k+1] == ' ' && !abbreviated(out[ts[i-1].Start:ts[i-1].End]) {
					return true
				}
			}
		}
	}
	return false
}

// abbreviated reports whether a stop behind a word is more likely its own than the
// end of a sentence: behind three letters, behind what is known to be cut short, and
// behind what ends in a short number, as IdNr. and Kontonr. do. It is three bytes: in
// Hindi, Chinese, Russian or Arabic a word of three letters, or of one, ends sentences
// all the time.
func abbreviated(word []byte) bool {
	switch string(word) {
	case "acct", "tarj", "fisc", "сч", "тел", "नं", "सं", "क्र":
		return true
	}
	return len(word) <= 3 || bytes.HasSuffix(word, []byte("nr"))
}
