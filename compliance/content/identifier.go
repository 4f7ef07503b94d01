package content

import (
	"slices"
	"strings"

	"github.com/waguard/waguard/compliance/policy"
)

// A detector knows one kind of identifier. To add a kind, write its structure
// and checksum, list it in detectors or in one of the tables detectors draws
// from, and give its words to labels/<lang>.json. Finding the digits, and weighing
// what stands by them, is the same for all.
type detector struct {
	kind string
	rule policy.ID
	name string // in sentences: "a payment card number"

	// read says whether digits can be this identifier, and how sure their
	// structure alone makes it. groups are the widths of the printed groups,
	// one group for digits without separators. Letters are 10 to 35.
	read func(digits []byte, groups []int) (reading, bool)

	// grouped reports whether the groups are a way this identifier is printed.
	grouped func(groups []int) bool

	min, max int // digits

	family
	on bool // its rule is in the book
}

func detectors() []detector {
	pan := cardPAN()
	pan.odds, pan.checked = 0.03, true
	all := []detector{pan}
	for _, ks := range [...][]kind{cardSecrets, accounts, americas, europe, asia, africa, documents, health, companies} {
		for _, k := range ks {
			all = append(all, k.detector())
		}
	}
	return all
}

// A tier says how much a valid structure proves by itself.
type tier uint8

const (
	tierC tier = iota + 1 // nothing: a label has to stand by it
	tierF                 // enough in its canonical print, else it needs a label
	tierA                 // enough
	tierR                 // nothing wrong with it: told as a note
)

// A reading is what a detector makes of digits.
type reading struct {
	tier   tier
	scheme string // in sentences: "visa", "elo or visa"
	first  bool   // printed the first of the ways in its table
}

// A class decides which rule a kind comes under and how heavy it is.
type class uint8

const (
	card     class = iota
	cardAuth       // a code that opens a card
	account        // a bank account
	personID       // what a state knows one person by
	healthID       // what a health service knows one person by
	alias          // a name that stands for an account
	orgID          // what a state knows a company by
	routing        // a bank; beside a number it makes that an account
	nClasses = iota
)

var classRules = [nClasses]policy.ID{
	card:     "data-full-card-number",
	cardAuth: "data-sensitive-identifier",
	account:  "data-financial-account-number",
	personID: "data-personal-id-number",
	healthID: "data-sensitive-identifier",
	alias:    "data-financial-account-number",
	orgID:    "data-personal-id-number",
	routing:  "data-financial-account-number",
}

// A kind is a row of the tables of identifiers.
type kind struct {
	name  string // stable: it is part of what the tool prints
	says  string // in sentences
	class class

	tier  tier
	loose tier // grouped otherwise than prints; zero: as tier

	// odds is the share of random strings of this shape that pass. Of two
	// kinds that fit equally well the rarer is taken.
	odds float64

	// prints are the ways it is written, parted by bars: 9 stands for a digit, A
	// for a letter, X for either, everything else for itself.
	prints string

	valid func(id []byte) bool // nil: the shape is all there is

	in  string // families of labels, by spaces: "id tax"
	how trait

	// pair, if any, says whether what else the message holds makes it one.
	pair func(c *Checker, s *scratch, cl *claim) bool
}

// A trait is what sets a kind apart.
type trait uint16

const (
	noted    trait = 1 << iota // without a label it is told as a note, when printed the first way
	touching                   // without check digits, so the label has to touch it
	upper                      // without a label it has to be in capitals
	wordy                      // its label may stand anywhere in the sentence, at full weight
	silent                     // it only makes an account of the number beside it
	needed                     // whatever its tier, a label or a pair has to stand by it
	unproven                   // valid tells it from something else, and proves nothing
)

// family is what the tables add to a detector.
type family struct {
	class   class
	tier    tier
	loose   tier
	odds    float64
	prints  []string
	labels  []string // families of labels it listens to
	how     trait
	checked bool
	pair    func(*Checker, *scratch, *claim) bool
	table   bool
}

func (k kind) detector() detector {
	d := detector{kind: k.name, rule: classRules[k.class], name: k.says, min: 99,
		family: family{class: k.class, tier: k.tier, loose: k.loose, odds: k.odds, labels: strings.Fields(k.in), how: k.how, checked: k.valid != nil && k.how&unproven == 0, pair: k.pair, table: true}}
	if d.loose == 0 {
		d.loose = k.tier
	}
	var groups [][]int
	for _, p := range strings.Split(k.prints, "|") {
		d.prints = append(d.prints, p)
		groups = append(groups, widthsOf(p))
		n := len(compact(p))
		d.min, d.max = min(d.min, n), max(d.max, n)
	}
	d.grouped = func(g []int) bool {
		return slices.ContainsFunc(groups, func(p []int) bool { return slices.Equal(p, g) })
	}
	d.read = func(id []byte, _ []int) (reading, bool) {
		if !varied(id) || k.valid != nil && !k.valid(id) {
			return reading{}, false
		}
		return reading{tier: k.tier}, true
	}
	return d
}

func place(c byte) bool { return c == '9' || c == 'A' || c == 'X' }

// compact is a print without its separators.
func compact(print string) string {
	return strings.Map(func(r rune) rune {
		if place(byte(r)) {
			return r
		}
		return -1
	}, print)
}

func widthsOf(print string) (g []int) {
	n := 0
	for i := range len(print) {
		if place(print[i]) {
			n++
		} else if n > 0 {
			g, n = append(g, n), 0
		}
	}
	if n > 0 {
		g = append(g, n)
	}
	return g
}

// printed tells which of its prints a folded text is, from 0, or -1.
func (d *detector) printed(out []byte) int {
	for i, p := range d.prints {
		if fitsPrint(out, p) {
			return i
		}
	}
	return -1
}

func fitsPrint(out []byte, print string) bool {
	if len(out) != len(print) {
		return false
	}
	for i, c := range out {
		digit, letter := '0' <= c && c <= '9', 'a' <= c && c <= 'z'
		switch print[i] {
		case '9':
			if !digit {
				return false
			}
		case 'A':
			if !letter {
				return false
			}
		case 'X':
			if !digit && !letter {
				return false
			}
		default:
			if c != print[i] {
				return false
			}
		}
	}
	return true
}

// A shape is the letters and digits a print asks for, as bits from its first
// character on.
type shape struct {
	detector      int16
	letter, digit uint64
}

// shapes are the detectors by the length of what they read: those of digits alone,
// and those with letters.
func (c *Checker) shapes() {
	c.strip, c.track = -1, -1
	c.bare = make([]bool, len(c.detectors))
	for n := range c.detectors {
		d := &c.detectors[n]
		if !d.on {
			continue
		}
		switch d.kind {
		case "passport_mrz":
			c.strip = int16(n)
			continue
		case "card_track":
			c.track = int16(n)
			continue
		}
		c.bare[n] = !d.table || d.how&noted != 0 || d.tier >= tierF && d.tier != tierR && d.how&needed == 0
		if !d.table {
			for size := d.min; size <= d.max; size++ {
				c.digits[size] = append(c.digits[size], int16(n))
			}
			continue
		}
		seen := map[string]bool{}
		for _, p := range d.prints {
			p = compact(p)
			if seen[p] {
				continue
			}
			seen[p] = true
			sh := shape{detector: int16(n)}
			for i := range len(p) {
				switch p[i] {
				case 'A':
					sh.letter |= 1 << i
				case '9':
					sh.digit |= 1 << i
				}
			}
			if sh.letter == 0 && !slices.Contains(c.digits[len(p)], int16(n)) {
				c.digits[len(p)] = append(c.digits[len(p)], int16(n))
			}
			if sh.digit != 1<<len(p)-1 {
				c.mixed[len(p)] = append(c.mixed[len(p)], sh)
			}
		}
	}
	for size := range c.digits {
		for _, n := range c.digits[size] {
			c.wide = size
			if c.bare[n] {
				c.digitsBare[size] = append(c.digitsBare[size], n)
			}
		}
		for _, sh := range c.mixed[size] {
			if c.bare[sh.detector] {
				c.mixedBare[size] = append(c.mixedBare[size], sh)
			}
		}
	}
	some := func(shapes []shape) bool { return len(shapes) > 0 }
	c.mixedFrom, c.mixedBareFrom = slices.IndexFunc(c.mixed[:], some), slices.IndexFunc(c.mixedBare[:], some)
}

// longest is the length of the longest identifier that is not a line of a
// document: an IBAN.
const longest = 34
