package template

import (
	"strconv"
	"strings"
)

// maxPlaceholders is how many placeholders of one text are looked at. A body of
// 1,024 characters has room for 204; what is beyond is plain text.
const maxPlaceholders = 256

// maxToken is the longest name between braces, in bytes.
const maxToken = 128

// A scanner finds the placeholders of a text: {{1}} or {{first_name}}.
type scanner struct {
	text       string
	from, seen int

	start, end int    // of the placeholder found, braces included
	token      string // what stands between the braces
}

func (x *scanner) next() bool {
	for x.seen < maxPlaceholders {
		i := strings.Index(x.text[x.from:], "{{")
		if i < 0 {
			return false
		}
		x.start = x.from + i
		rest := x.text[x.start+2:]
		rest = rest[:min(len(rest), maxToken+2)]
		j := strings.Index(rest, "}}")
		token := ""
		if j >= 0 {
			token = strings.TrimSpace(rest[:j])
		}
		if token == "" || strings.ContainsAny(token, "{}\n") {
			x.from = x.start + 1 // "{{{1}}" holds a placeholder one byte on
			continue
		}
		x.token, x.end = token, x.start+2+j+2
		x.from = x.end
		x.seen++
		return true
	}
	return false
}

// ordinal is the number of a positional placeholder, and 0 for a name.
func ordinal(token string) int {
	if len(token) > 3 {
		return 0
	}
	n, err := strconv.Atoi(token)
	if err != nil || n < 1 || notDigit(rune(token[0])) {
		return 0
	}
	return n
}

// demand is what a text asks for: how many values, and whether by name. One
// name among the placeholders makes them all names: Meta registers no mixture.
func demand(text string) (count int, named bool) {
	highest := 0
	for x := (scanner{text: text}); x.next(); {
		if n := ordinal(x.token); n > 0 {
			highest = max(highest, n)
		} else {
			named = true
		}
		if !strings.Contains(text[:x.start], text[x.start:x.end]) {
			count++
		}
	}
	if !named {
		count = highest // {{1}} … {{3}} takes three, whatever stands in the text
	}
	return count, named
}

// pick is the value a placeholder stands for, or -1.
func pick(token string, named bool, values []Value) int {
	if !named {
		if n := ordinal(token); n <= len(values) {
			return n - 1
		}
		return -1
	}
	for i := range values {
		if values[i].Name == token {
			return i
		}
	}
	return -1
}
