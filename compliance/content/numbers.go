package content

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/text"
)

// minDigits is the fewest digits of any identifier; a message with fewer is
// not looked at.
const minDigits = 12

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
	nearTokens   = 6
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
	spoken []text.Hit
	near   []cue
	found  int
}

// numbers looks for identifiers among the digits of a message.
func (c *Checker) numbers(s *scratch, digits int, rep *Report) {
	ns := &s.numbers
	ns.found = 0
	c.group(s)
	out := s.buf.Bytes()
	gs := ns.groups
	for i := 0; i < len(gs); {
		j := i + 1
		for j < len(gs) && runsOn(out, &gs[j-1], &gs[j]) {
			j++
		}
		c.run(s, i, j, rep)
		i = j
	}
}

// group lists the groups of digits. Spelled-out digits count only when there are
// eight or more: a few are just words.
func (c *Checker) group(s *scratch) {
	ns := &s.numbers
	ns.groups, ns.digits, ns.spoken = ns.groups[:0], ns.digits[:0], ns.spoken[:0]
	ts, out := s.buf.Tokens(), s.buf.Bytes()
	for _, h := range s.hits {
		if c.lex.roles[h.Phrase]&(1<<digit|1<<times) != 0 && h.End == h.First+1 && !h.Hidden {
			ns.spoken = append(ns.spoken, h)
		}
	}
	if len(ns.spoken) < 8 {
		ns.spoken = ns.spoken[:0]
	}
	k := 0
	repeat := 1
	for i := range ts {
		for k < len(ns.spoken) && int(ns.spoken[k].First) < i {
			k++
		}
		t := &ts[i]
		g := group{from: t.Start, to: t.End, first: int32(i), end: int32(i + 1), at: int32(len(ns.digits))}
		switch {
		case t.Kind == text.Number:
			for _, d := range out[t.Start:t.End] {
				ns.digits = append(ns.digits, d-'0')
			}
			g.tainted = asciiLetter(out, int(t.Start)-1) && !c.labelEnds(s, i) || asciiLetter(out, int(t.End))
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

func asciiLetter(b []byte, i int) bool { return i >= 0 && i < len(b) && 'a' <= b[i] && b[i] <= 'z' }

// around are the plain hits that end near tokens first to end: the hits come in
// the order of their ends, so that a long text is not searched for each number.
func (s *scratch) around(first, end int32) []text.Hit {
	byEnd := func(h text.Hit, end int32) int { return int(h.End - end) }
	lo, _ := slices.BinarySearchFunc(s.hits[:s.plain], first-nearTokens, byEnd)
	hi, _ := slices.BinarySearchFunc(s.hits[:s.plain], end+nearAfter+text.MaxWords, byEnd)
	return s.hits[lo:hi]
}

// labelEnds reports whether a label of some identifier ends right before token i.
func (c *Checker) labelEnds(s *scratch, i int) bool {
	for _, h := range s.around(int32(i), int32(i)) {
		if int(h.End) == i && c.lex.roles[h.Phrase]&(1<<label) != 0 {
			return true
		}
	}
	return false
}

// spoken is the digit a word stands for, or how often it repeats the next.
func (c *Checker) spoken(phrase int32) (value byte, repeat int) {
	for _, m := range c.lex.meanings[phrase] {
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

// run looks at groups i to j, which stand in a row.
func (c *Checker) run(s *scratch, i, j int, rep *Report) {
	ns := &s.numbers
	gs := ns.groups[i:j]
	total := 0
	for k := range gs {
		total += int(gs[k].n)
	}
	for n := range c.detectors {
		d := &c.detectors[n]
		if !d.on || total < d.min {
			continue
		}
		if total <= d.max && c.candidate(s, d, n, gs, true, rep) {
			continue
		}
		if len(gs) == 1 {
			continue // never a part of unbroken digits
		}
		for from := 0; from < len(gs); {
			next := from + 1
			size := 0
			for to := from + 1; to <= len(gs); to++ {
				if size += int(gs[to-1].n); size > d.max {
					break
				}
				if size < d.min || to-from == len(gs) || !c.fits(s, d, gs, from, to) {
					continue
				}
				if c.candidate(s, d, n, gs[from:to], false, rep) {
					next = to
					break
				}
			}
			from = next
		}
	}
}

// fits reports whether groups from to to can be cut out of a longer run: they
// are printed the canonical way and do not just begin in the middle of more
// groups of that width, as keys and prepaid codes are printed; or a label may
// still speak for them.
func (c *Checker) fits(s *scratch, d *detector, gs []group, from, to int) bool {
	if to-from == 1 {
		return true
	}
	if !d.grouped(s.widths(gs[from:to])) {
		return true // candidate asks for a label
	}
	w := gs[from].n
	lo, hi := from, to
	for lo > 0 && gs[lo-1].n == w {
		lo--
	}
	for hi < len(gs) && gs[hi].n == w {
		hi++
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
		if h.End <= first && first-h.End <= directTokens && c.lex.roles[h.Phrase]&(1<<label) != 0 {
			for _, m := range c.lex.meanings[h.Phrase] {
				if m.role == label && c.detectors[m.rule].kind == d.kind {
					return true
				}
			}
		}
	}
	return false
}

// candidate weighs one number, and reports it when it weighs enough. It tells
// whether it did.
func (c *Checker) candidate(s *scratch, d *detector, n int, gs []group, whole bool, rep *Report) bool {
	ns := &s.numbers
	last := &gs[len(gs)-1]
	digits := ns.digits[gs[0].at : last.at+last.n]
	widths := s.widths(gs)
	r, ok := d.read(digits, widths)
	if !ok {
		return false
	}
	grouped := d.grouped(widths)
	irregular := len(gs) > 1 && !grouped && !gs[0].spoken && !uniform(widths)
	from, to := int(gs[0].from), int(last.to)
	for k := range gs {
		if gs[k].tainted {
			return false
		}
	}
	link := false
	switch c.edges(s, gs[0].first, last.end, from, to, len(digits)) {
	case edgeNo:
		return false
	case edgeLink:
		link = true
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
	if (r.tier == tierC || irregular && !whole) && w.label == 0 {
		return false
	}
	score += w.label + w.other
	if irregular {
		score += oddGroups
		if bytes.IndexByte(s.buf.Bytes()[from:to], ':') >= 0 {
			score += clock
		}
	}
	sev := policy.Severity(0)
	switch {
	case link:
		sev = policy.Note
	case score >= blockAt:
	case score >= warnAt:
		sev = policy.Warn
	default:
		return false
	}
	if ns.found++; ns.found > maxOfOneRule {
		return true
	}
	place, span := s.place(from, to)
	rep.Findings = append(rep.Findings, Finding{Rule: d.rule, Kind: d.kind, Severity: sev, Place: place, Span: span, Why: whyNumber(d, r, len(digits), gs, w, link)})
	return true
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
func (c *Checker) edges(s *scratch, first, end int32, from, to, digits int) edge {
	out := s.buf.Bytes()
	k := from
	for k > 0 && (out[k-1] == '(' || out[k-1] == ' ') && from-k < 2 {
		k--
	}
	if k > 0 && out[k-1] == '+' && digits <= 15 {
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
		if c.lex.roles[h.Phrase]&(1<<currency) == 0 {
			continue
		}
		// a sign behind a comma, before a number, is that number's own
		next := h.First == end && number(ts, int(h.End)) && bytes.IndexByte(out[to:ts[h.First].Start], ',') >= 0
		if h.End == first || h.First == end && !next {
			return edgeNo
		}
	}
	return edgeFree
}

// address reports whether what stands before a number, without a space, makes it
// part of a link or a mail address.
func address(before []byte) bool {
	if bytes.Contains(before, []byte("://")) || bytes.HasPrefix(before, []byte("www.")) || bytes.IndexByte(before, '@') > 0 {
		return true
	}
	dot := bytes.IndexByte(before, '.')
	return dot > 0 && asciiLetter(before, dot-1) && asciiLetter(before, dot+1) && bytes.IndexByte(before[dot:], '/') > 0
}

// words are what stands by a number, as scores.
type words struct{ label, other float64 }

// around reads the words by a number. Of a label and another word before it the
// closer counts.
func (c *Checker) around(s *scratch, n int, first, end int32, from, to int) (w words) {
	ts := s.buf.Tokens()
	near := s.numbers.near[:0]
	for _, h := range s.around(first, end) {
		roles := c.lex.roles[h.Phrase]
		if roles&(1<<label|1<<other) == 0 || h.First < end && first < h.End {
			continue
		}
		before := h.End <= first
		if before && (first-h.End > nearTokens || from-int(ts[h.End-1].End) > nearBefore || parted(&s.buf, h.End, first)) ||
			!before && (int(ts[h.First].Start)-to > nearAfter || parted(&s.buf, end, h.First)) {
			continue
		}
		for _, m := range c.lex.meanings[h.Phrase] {
			if m.role == other || m.role == label && int(m.rule) == n {
				near = append(near, cue{role: m.role, first: h.First, end: h.End})
			}
		}
	}
	s.numbers.near = near
	closest := int32(directTokens + 1)
	direct := role(0)
	for i, q := range near {
		if swallowed(near, i) {
			continue
		}
		if q.role == label {
			w.label = max(w.label, labelNear)
		} else {
			w.other = min(w.other, otherNear)
		}
		if d := first - q.end; d >= 0 && d <= directTokens && (d < closest || d == closest && q.role == other) {
			closest, direct = d, q.role
		}
	}
	switch direct {
	case label:
		w = words{label: labelBefore}
	case other:
		w.other = otherBefore
	}
	return w
}

// swallowed reports whether a longer phrase holds this one: the card of "gift
// card" is no payment card.
func swallowed(near []cue, i int) bool {
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
				abbreviated := ts[i-1].End-ts[i-1].Start <= 3
				if k+1 < len(between) && between[k+1] == ' ' && !abbreviated {
					return true
				}
			}
		}
	}
	return false
}

func whyNumber(d *detector, r reading, n int, gs []group, w words, link bool) string {
	shape := fmt.Sprintf("%d digits with the issuer range, length and check digit of %s (%s)", n, d.name, r.scheme)
	switch {
	case link:
		return shape + ", in a link that names it so."
	case slices.ContainsFunc(gs, func(g group) bool { return g.spoken }):
		return shape + ", written out in words."
	case w.label >= labelBefore:
		return shape + ", and named so right before."
	case w.label > 0 && w.other < 0:
		return shape + "; words near it speak for it and against it."
	case w.label > 0:
		return shape + ", and words near it say so."
	case w.other < 0:
		return shape + ", though words near it name another number."
	}
	return shape + "."
}
