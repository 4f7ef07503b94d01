package party

import (
	"strings"
	"unicode"
)

// Lengths of an E.164 number without its plus: at most 15 digits (ITU-T E.164
// section 6.2); the shortest numbers in use, of Niue and Tokelau, have 7.
const (
	minDigits = 7
	maxDigits = 15
)

// maxPhone bounds what is read as a phone number, in bytes, punctuation and all.
const maxPhone = 64

// A PhoneError says why something is no phone number. Reason is one of a fixed
// set of sentences, fit for counting; it never quotes the number.
type PhoneError struct{ Reason string }

func (e *PhoneError) Error() string { return "party: phone: " + e.Reason }

// Reasons of a [PhoneError].
const (
	noPhone     = "empty"
	longPhone   = "too long to be a phone number"
	noPlus      = "no plus: Meta would prepend the business's own country code"
	zeroZero    = "starts with 00: write the plus, 00 is dialled in some countries only"
	latePlus    = "a plus that is not at the start"
	trunkParen  = "(0) is not dialled from abroad: leave it out"
	letters     = "a letter in it"
	otherDigits = "digits of another script: Meta documents 0 to 9 only"
	strange     = "a character that is neither digit, space, hyphen, parenthesis nor dot"
	fewDigits   = "fewer than 7 digits"
	manyDigits  = "more than the 15 digits of E.164"
	noSuchCode  = "no country has this calling code"
	trunkZero   = "a 0 after the calling code, where no number of that country begins with 0"
	waNoDigits  = "a wa_id is digits and nothing else"
)

// ParsePhone reads a phone number in international form and returns its
// canonical form: E.164 with the plus, and for Brazil, Mexico and Argentina the
// one form that all wa_id forms of the number share (see [Forms]).
//
// Spaces, hyphens, parentheses and dots are dropped, as Meta's send endpoint
// does (Cloud API, "Phone numbers"); nothing else is. The plus is needed:
// without it Meta prepends the calling code of the business. Digits of other
// scripts are refused and not folded, for the bytes sent are the caller's own
// and Meta says nothing of reading them. The calling code has to exist; that
// the number is in service is not looked at, nor is its exact length.
//
// Errors are of type *[PhoneError]. A number that is canonical already is
// returned as it is, without allocating.
func ParsePhone(s string) (string, error) {
	if isPlain(s) {
		return canonical(s)
	}
	digits, why := strip(s)
	if why != "" {
		return "", &PhoneError{why}
	}
	return canonical(digits)
}

// ParseWaID reads the digits by which webhooks and responses name a phone
// (wa_id, from, recipient_id) and returns the canonical form as [ParsePhone]
// does. It does not take a plus or punctuation: Meta writes none.
func ParseWaID(s string) (string, error) {
	switch {
	case s == "":
		return "", &PhoneError{noPhone}
	case len(s) > maxDigits:
		return "", &PhoneError{manyDigits}
	case !isDigits(s):
		return "", &PhoneError{waNoDigits}
	}
	return canonical("+" + s)
}

// isPlain reports whether s is a plus and digits, no more than there can be.
func isPlain(s string) bool {
	return s != "" && s[0] == '+' && len(s) <= 1+maxDigits && isDigits(s[1:])
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// strip takes the punctuation out and leaves a plus and digits.
func strip(s string) (digits, why string) {
	if len(s) > maxPhone {
		return "", longPhone
	}
	if s == "" || strings.Trim(s, " ") == "" {
		return "", noPhone
	}
	if strings.Contains(s, "(0)") {
		return "", trunkParen
	}
	var buf [1 + maxDigits]byte
	out := append(buf[:0], '+')
	plus := false
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			if len(out) == len(buf) {
				return "", manyDigits
			}
			out = append(out, byte(r))
		case r == '+':
			if plus || len(out) > 1 {
				return "", latePlus
			}
			plus = true
		case r == ' ', r == '-', r == '(', r == ')', r == '.':
		case unicode.IsLetter(r):
			return "", letters
		case unicode.IsDigit(r):
			return "", otherDigits
		default:
			return "", strange
		}
	}
	if !plus {
		if strings.HasPrefix(string(out), "+00") {
			return "", zeroZero
		}
		return "", noPlus
	}
	return string(out), ""
}

// canonical checks a plus with digits and brings it to its one form.
func canonical(s string) (string, error) {
	if why := checkDigits(s[1:]); why != "" {
		return "", &PhoneError{why}
	}
	return oneForm(s), nil
}

func checkDigits(d string) string {
	switch {
	case len(d) < minDigits:
		return fewDigits
	case len(d) > maxDigits:
		return manyDigits
	}
	n, zero := callingCode(d)
	switch {
	case n == 0:
		return noSuchCode
	case d[n] == '0' && d[n+1] != '0' && !zero:
		// one 0 is the prefix dialled at home; more of them are a number
		// made up for documentation, which is nobody's mistake
		return trunkZero
	}
	return ""
}

// callingCode returns how many of the digits are the calling code, 0 when there
// is no such code, and whether a national number may begin with 0 under it.
func callingCode(d string) (n int, zero bool) {
	c := codes[int(d[0]-'0')*100+int(d[1]-'0')*10+int(d[2]-'0')] - '0'
	return int(c & 3), c&4 != 0
}
