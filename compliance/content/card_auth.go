package content

import "bytes"

// cardSecrets are what opens a card, beside its number. Three or four digits say
// nothing by themselves: the word has to touch them.
var cardSecrets = []kind{
	{name: "card_cvv", says: "a card security code", class: cardAuth, tier: tierC, odds: 1, prints: "999|9999", how: touching, pair: securityCode},
	{name: "card_pin", says: "the PIN of a card", class: cardAuth, tier: tierC, odds: 1, prints: "9999|99999|999999", how: touching, pair: ofCardOrBank},
	{name: "card_expiry", says: "the expiry date of a card", class: cardAuth, tier: tierC, odds: 0.1, prints: "99/99|99/9999|99-99|99-9999|99 / 99|99 / 9999", valid: expiry, how: touching, pair: besideCard},
	{name: "card_track", says: "the magnetic stripe of a card", class: cardAuth, tier: tierA, valid: noDigits},
}

// securityCode asks for the word; four digits are printed on American Express alone,
// and are more often a code for logging in.
func securityCode(c *Checker, s *scratch, cl *claim) bool {
	return cl.words.label >= labelBefore && (cl.size == 3 || c.hinted(s, hintAmex, cl) || c.beside(s, cl, "card_pan"))
}

// ofCardOrBank keeps parcel lockers, meetings, SIM cards and postal codes out.
func ofCardOrBank(c *Checker, s *scratch, cl *claim) bool {
	return cl.words.label >= labelBefore && (c.hinted(s, hintCard, cl) || c.hinted(s, hintBank, cl))
}

// besideCard: a month alone is no secret.
func besideCard(c *Checker, s *scratch, cl *claim) bool {
	return cl.words.label >= labelBefore && c.beside(s, cl, "card_pan")
}

func expiry(id []byte) bool {
	y := value(id[2:])
	return oneOf(value(id[:2]), 1, 12) && oneOf(y, 20, 49, 2020, 2049)
}

// maxTrack is how long the longer of the two tracks is at most.
const maxTrack = 79

// tracks looks for what a magnetic stripe holds: %B, a number and ^, or a
// semicolon, a number, = and a date (ISO/IEC 7813).
func (c *Checker) tracks(s *scratch) {
	out := s.buf.Bytes()
	n := c.track
	if n < 0 || bytes.IndexByte(out, '^') < 0 && bytes.IndexByte(out, '=') < 0 {
		return
	}
	ns := &s.numbers
	for i := range ns.groups {
		g := &ns.groups[i]
		if len(ns.claims) >= maxClaims {
			return
		}
		if g.n < 12 || g.n > 19 || int(g.to) >= len(out) || g.from == 0 {
			continue
		}
		from, to := int(g.from), int(g.to)
		one := from >= 2 && out[from-1] == 'b' && out[from-2] == '%' && out[to] == '^'
		two := out[from-1] == ';' && out[to] == '=' && to+4 < len(out) && digits(out[to+1:to+5])
		if _, ok := readPAN(ns.digits[g.at:g.at+g.n], nil); !ok || !one && !two {
			continue
		}
		if one {
			from -= 2
		} else {
			from--
		}
		for to < len(out) && to-from < maxTrack && out[to] > ' ' && out[to] != '?' {
			to++
		}
		if to < len(out) && out[to] == '?' {
			to++
		}
		ns.claims = append(ns.claims, claim{detector: n, from: int32(from), to: int32(to), first: g.first, end: g.end, at: g.at, size: g.n, score: scoreA, odds: 0, whole: true, words: words{label: labelBefore}})
	}
}

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
