package content

import "slices"

// cardPAN finds payment card numbers: issuer range, length and check digit.
// The ranges are those the schemes and acquirers publish; a check digit
// alone would take every tenth number for a card.
func cardPAN() detector {
	return detector{kind: "card_pan", rule: "data-full-card-number", name: "a payment card number",
		read: readPAN, grouped: panGroups, min: 12, max: 19}
}

// An issuer is a range of first digits. Digits are compared as many as lo has.
type issuer struct {
	scheme string
	lo, hi int
	sizes  []int
	tier   tier
	weak   []int // sizes at which it is of tier C
}

var (
	sixteen = []int{16}
	to19    = []int{16, 17, 18, 19}
	loose   = []int{12, 13, 14, 15, 16, 17, 18, 19}
)

// issuers are in the order in which a scheme is named: the narrow ranges of
// national schemes before the wide ones they lie in.
var issuers = slices.Concat(
	ranges("elo", sixteen, tierA, nil, 401178, 401179, 431274, 431274, 438935, 438935, 451416, 451416, 457393, 457393, 457631, 457632,
		504175, 504175, 506699, 506778, 509000, 509999, 627780, 627780, 636297, 636297, 636368, 636368, 650031, 650033, 650035, 650051,
		650405, 650439, 650485, 650538, 650541, 650598, 650700, 650718, 650720, 650727, 650901, 650978, 651652, 651679, 655000, 655019, 655021, 655058),
	ranges("hipercard", []int{13, 16, 19}, tierA, []int{13}, 606282, 606282, 384100, 384100, 384140, 384140, 384160, 384160,
		637095, 637095, 637568, 637568, 637599, 637599, 637609, 637609, 637612, 637612),
	ranges("verve", []int{16, 18, 19}, tierA, nil, 506099, 506198, 507865, 507964, 650002, 650027),
	ranges("naranja", sixteen, tierF, nil, 589562, 589562),
	ranges("cabal", sixteen, tierF, nil, 589657, 589657, 604201, 604219),
	ranges("lankapay", sixteen, tierF, nil, 357111, 357111),
	ranges("mir", to19, tierA, []int{17}, 2200, 2204),
	ranges("mastercard", sixteen, tierA, nil, 51, 55, 2221, 2720),
	ranges("visa", []int{13, 16, 18, 19}, tierA, []int{13}, 4, 4),
	ranges("amex", []int{15}, tierA, nil, 34, 34, 37, 37),
	ranges("troy", sixteen, tierA, nil, 9792, 9792),
	ranges("jcb", to19, tierA, []int{17, 18, 19}, 3528, 3589),
	ranges("unionpay", to19, tierA, []int{17}, 62, 62, 81, 81),
	ranges("discover", to19, tierA, []int{17, 18, 19}, 6011, 6011, 644, 649, 65, 65),
	ranges("diners", []int{14, 16, 17, 18, 19}, tierF, []int{16, 17, 18, 19}, 300, 305, 3095, 3095, 36, 36, 38, 38, 39, 39),
	ranges("rupay", sixteen, tierA, nil, 60, 60, 81, 82, 508, 508),
	ranges("dankort", sixteen, tierF, nil, 5019, 5019),
	ranges("bancontact", []int{16, 17}, tierF, []int{17}, 6703, 6703),
	ranges("mada", sixteen, tierF, nil, 9682, 9682),
	ranges("meeza", sixteen, tierF, nil, 5078, 5078),
	ranges("uzcard", sixteen, tierF, nil, 8600, 8600, 5614, 5614),
	ranges("humo", sixteen, tierF, nil, 9860, 9860),
	ranges("napas", []int{16, 19}, tierF, nil, 9704, 9704),
	ranges("borica or paypak", sixteen, tierF, nil, 2205, 2205),
	ranges("maestro", loose, tierA, []int{12, 13, 14, 15, 17}, 5018, 5018, 5020, 5020, 5038, 5038, 5893, 5893, 6304, 6304, 6759, 6759, 6761, 6763),
	ranges("maestro", loose, tierC, nil, 50, 50, 56, 58, 67, 67),
)

func ranges(scheme string, sizes []int, t tier, weak []int, bounds ...int) (is []issuer) {
	for i := 0; i < len(bounds); i += 2 {
		is = append(is, issuer{scheme, bounds[i], bounds[i+1], sizes, t, weak})
	}
	return is
}

// byFirst are the places in issuers by the first two digits of a number, so
// that most numbers are told apart at once.
var byFirst = func() (t [100][]*issuer) {
	for i := range issuers {
		is := &issuers[i]
		lo, hi := is.lo, is.hi
		for lo >= 100 {
			lo, hi = lo/10, hi/10
		}
		if lo < 10 {
			lo, hi = lo*10, hi*10+9
		}
		for n := lo; n <= hi; n++ {
			t[n] = append(t[n], is)
		}
	}
	return t
}()

func (is *issuer) issued(digits []byte) bool {
	n, size := 0, 1
	for lim := is.lo; lim >= 10; lim /= 10 {
		size++
	}
	for _, d := range digits[:size] {
		n = 10*n + int(d)
	}
	return is.lo <= n && n <= is.hi && slices.Contains(is.sizes, len(digits))
}

func readPAN(digits []byte, _ []int) (r reading, ok bool) {
	if !varied(digits) {
		return r, false
	}
	legacy := digits[0] == 6 && digits[1] == 2 && len(digits) >= 16 // some old debit cards carry no check digit
	valid := luhn(digits)
	if !valid && !legacy {
		return r, false
	}
	for _, is := range byFirst[10*digits[0]+digits[1]] {
		if !is.issued(digits) {
			continue
		}
		t := is.tier
		if !valid || slices.Contains(is.weak, len(digits)) {
			t = tierC
		}
		switch {
		case !ok:
			r, ok = reading{tier: t, scheme: is.scheme}, true
		case t > r.tier: // the surest reading decides, the narrowest names it
			r.tier = t
		}
	}
	return r, ok
}

// panGroups are the ways card numbers are embossed and printed.
func panGroups(g []int) bool {
	for _, p := range [...][]int{{4, 4, 4, 4}, {4, 6, 5}, {4, 6, 4}, {4, 4, 4, 2}, {4, 4, 4, 4, 3}, {4, 4, 4, 4, 2}, {6, 13}, {4, 4, 5}, {8, 8}, {6, 10}} {
		if slices.Equal(g, p) {
			return true
		}
	}
	return false
}

// varied reports whether the digits are no placeholder of one digit alone.
func varied(digits []byte) bool {
	for _, d := range digits[1:] {
		if d != digits[0] {
			return true
		}
	}
	return false
}
