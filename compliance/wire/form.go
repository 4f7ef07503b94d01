package wire

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// A form is a body of name=value pairs, read strictly: of two values for one
// name nobody knows which one a provider takes, so only names that are lists may
// come twice.
type form struct {
	names  []string
	values map[string][]string
}

// maxPairs bounds a form. The longest send of a provider has some thirty.
const maxPairs = 1000

func parseForm(body []byte, lists ...string) (form, error) {
	f := form{values: map[string][]string{}}
	if len(body) > MaxSize {
		return f, &Error{Line: 1, Err: ErrSize}
	}
	for n, pair := range strings.Split(string(body), "&") {
		if pair == "" {
			continue
		}
		if n >= maxPairs {
			return f, &Error{Line: 1, Err: ErrSize}
		}
		k, v, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(k)
		value, verr := url.QueryUnescape(v)
		if err != nil || verr != nil || strings.Contains(pair, ";") {
			return f, &Error{Field: shown(name), Line: 1, Err: ErrEncoding}
		}
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return f, &Error{Field: shown(name), Line: 1, Err: ErrUTF8}
		}
		if _, twice := f.values[name]; twice && !slices.Contains(lists, name) {
			return f, &Error{Field: shown(name), Line: 1, Err: fmt.Errorf("%w of pairs", ErrDuplicate)}
		} else if !twice {
			f.names = append(f.names, name)
		}
		f.values[name] = append(f.values[name], value)
	}
	return f, nil
}

// get is the value of a name, "" for none.
func (f form) get(name string) string {
	if v := f.values[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// shown is a name from outside as errors may show it.
func shown(name string) string {
	if name == "" || len(name) > 48 {
		return "(member)"
	}
	for i := range len(name) {
		if c := name[i] | 0x20; c != '.' && c != '_'|0x20 && (c < 'a' || c > 'z') {
			return "(member)"
		}
	}
	return name
}
