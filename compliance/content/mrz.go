package content

import (
	"bytes"
	"slices"

	"github.com/waguard/waguard/internal/text"
)

// strips looks for the machine-readable lines of passports and identity cards
// (ICAO Doc 9303): the second line of two, or three lines.
func (c *Checker) strips(s *scratch) {
	out := s.buf.Bytes()
	if c.strip < 0 || bytes.Count(out, []byte("<")) < 5 {
		return
	}
	ns := &s.numbers
	var back [3][2]int // the last lines, newest first
	for i := 0; i < len(out); {
		if !ofStrip(out[i]) {
			i++
			continue
		}
		from := i
		for i < len(out) && ofStrip(out[i]) {
			i++
		}
		back[2], back[1], back[0] = back[1], back[0], [2]int{from, i}
		line := out[from:i]
		start, lines := from, 1
		switch {
		case (len(line) == 44 || len(line) == 36) && secondLine(line):
			if p := back[1]; p[1]-p[0] == len(line) && from-p[1] <= 2 && bytes.IndexByte(out[p[0]:p[1]], '<') >= 0 {
				start, lines = p[0], 2
			}
		case len(line) == 30 && back[2][1] > 0 && cardLines(out[back[2][0]:back[2][1]], out[back[1][0]:back[1][1]]):
			start, lines = back[2][0], 3
		case len(line) == 30 && cardSecond(line): // the middle line alone, or the last is missing
		default:
			continue
		}
		first, end := s.tokens(start, i)
		if first < end && len(ns.claims) < maxClaims {
			ns.claims = append(ns.claims, claim{detector: c.strip, from: int32(start), to: int32(i), first: first, end: end, size: int32(len(line) * lines),
				score: scoreA, odds: 1e-6, whole: true, letters: true, words: words{label: labelBefore}})
		}
	}
}

func ofStrip(c byte) bool { return c == '<' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' }

// tokens are those that lie in a range of folded bytes.
func (s *scratch) tokens(from, to int) (first, end int32) {
	ts := s.buf.Tokens()
	k, _ := slices.BinarySearchFunc(ts, from, func(t text.Token, from int) int { return int(t.Start) - from })
	first = int32(k)
	for end = first; end < int32(len(ts)) && int(ts[end].End) <= to; {
		end++
	}
	return first, end
}

// stripCheck holds a check digit against the parts it covers; < counts as nothing.
func stripCheck(check byte, parts ...[]byte) bool {
	sum, i := 0, 0
	for _, p := range parts {
		for _, c := range p {
			v := 0
			switch {
			case '0' <= c && c <= '9':
				v = int(c - '0')
			case 'a' <= c && c <= 'z':
				v = int(c-'a') + 10
			}
			sum += v * [3]int{7, 3, 1}[i%3]
			i++
		}
	}
	return check == byte('0'+sum%10)
}

// secondLine is the second line of a passport (44) or of a card with two lines (36).
func secondLine(l []byte) bool {
	if !stripCheck(l[9], l[:9]) || !stripCheck(l[19], l[13:19]) || !stripCheck(l[27], l[21:27]) || !digits(l[21:27]) {
		return false
	}
	if len(l) == 36 {
		return stripCheck(l[35], l[:10], l[13:20], l[21:35])
	}
	if !stripCheck(l[42], l[28:42]) && l[42] != '<' {
		return false
	}
	return stripCheck(l[43], l[:10], l[13:20], l[21:43])
}

// cardSecond is the second of three lines; its last digit covers the first line too.
func cardSecond(l []byte) bool {
	return len(l) == 30 && digits(l[:6]) && digits(l[8:14]) && stripCheck(l[6], l[:6]) && stripCheck(l[14], l[8:14]) &&
		(l[7] == 'm' || l[7] == 'f' || l[7] == 'x' || l[7] == '<') && bytes.Count(l, []byte("<")) >= 5
}

func cardLines(one, two []byte) bool {
	return len(one) == 30 && cardSecond(two) && stripCheck(one[14], one[5:14]) && stripCheck(two[29], one[5:30], two[:7], two[8:15], two[18:29])
}
