package party

import "strings"

// bsuidLength is the length of a BSUID after its country prefix (Meta, "Business-scoped
// user IDs").
const bsuidLength = 128

// maxUser is the length of the longest value of a handle, a parent BSUID.
const maxUser = len("CC.ENT.") + bsuidLength

// A UserError says why something is no BSUID, parent BSUID or username. It
// never quotes it.
type UserError struct {
	Scheme string // [User], [Parent] or "username"
	Reason string
}

func (e *UserError) Error() string { return "party: " + e.Scheme + ": " + e.Reason }

// ParseUser reads a business-scoped user id: the ISO 3166 alpha-2 code of a
// country in capitals, a dot, and 1 to 128 ASCII letters and digits. Case
// counts. It is returned as it is; errors are of type *[UserError].
func ParseUser(s string) (string, error) { return parseUser(User, s, 3) }

// ParseParent reads a parent BSUID: as a BSUID, with "ENT." after the country
// prefix.
func ParseParent(s string) (string, error) {
	if len(s) > 3 && !strings.HasPrefix(s[3:], "ENT.") {
		return "", &UserError{Parent, "no ENT. after the country prefix"}
	}
	return parseUser(Parent, s, 7)
}

func parseUser(scheme, s string, prefix int) (string, error) {
	bad := func(why string) (string, error) { return "", &UserError{scheme, why} }
	switch {
	case s == "":
		return bad("empty")
	case len(s) < 3 || s[2] != '.':
		return bad("no country prefix: two capitals and a dot")
	case !isCountry(s[:2]):
		return bad("its prefix is no ISO 3166 country code in capitals")
	case len(s) <= prefix:
		return bad("nothing after the prefix")
	case len(s) > prefix+bsuidLength:
		return bad("more than 128 characters after the prefix")
	case scheme == User && strings.HasPrefix(s[3:], "ENT."):
		return bad("it is a parent BSUID")
	}
	for i := prefix; i < len(s); i++ {
		if c := s[i]; !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			return bad("a character that is neither an ASCII letter nor a digit")
		}
	}
	return s, nil
}

// PlaceOfUser returns the country a BSUID or parent BSUID begins with, as Meta
// knew it when the id was made; ok is false for anything else.
func PlaceOfUser(bsuid string) (iso string, ok bool) {
	if len(bsuid) > 3 && bsuid[2] == '.' && isCountry(bsuid[:2]) {
		return bsuid[:2], true
	}
	return "", false
}

// ParseUsername reads a WhatsApp username by Meta's rules for it and returns it
// in lower case: 3 to 35 of a-z, 0-9, dot and underscore, at least one letter, no
// dot first, last or doubled, not beginning with www, not ending like a web
// address. Meta names .com, .in and .html and does not say where that list ends;
// here it is every country's domain, the oldest general ones and .html, so what
// passes may still be refused by Meta. A username is a label a person can
// change: it is no [Handle].
func ParseUsername(s string) (string, error) {
	bad := func(why string) (string, error) { return "", &UserError{"username", why} }
	switch {
	case len(s) < 3:
		return bad("shorter than 3 characters")
	case len(s) > 35:
		return bad("longer than 35 characters")
	}
	letter := false
	for i := range len(s) {
		switch c := s[i] | 0x20; {
		case 'a' <= c && c <= 'z':
			letter = true
		case s[i] >= '0' && s[i] <= '9', s[i] == '_':
		case s[i] == '.':
			if i == 0 || i == len(s)-1 || s[i-1] == '.' {
				return bad("a dot first, last or doubled")
			}
		default:
			return bad("a character that is neither a letter a-z, a digit, a dot nor an underscore")
		}
	}
	s = strings.ToLower(s)
	switch {
	case !letter:
		return bad("no letter in it")
	case strings.HasPrefix(s, "www"):
		return bad("begins with www")
	}
	if i := strings.LastIndexByte(s, '.'); i >= 0 && isDomain(s[i+1:]) {
		return bad("ends like a web address")
	}
	return s, nil
}

func isDomain(end string) bool {
	switch end {
	case "com", "net", "org", "edu", "gov", "mil", "int", "arpa", "info", "biz", "mobi", "app", "dev", "shop", "store", "online", "site", "xyz", "html", "htm", "eu", "uk":
		return true
	}
	return len(end) == 2 && isCountry(strings.ToUpper(end))
}
