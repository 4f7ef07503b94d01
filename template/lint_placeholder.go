package template

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/policy"
)

// A mark is a placeholder as written, sound or not.
type mark struct {
	start, end int    // braces included
	token      string // without surrounding space
	number     int    // of a positional one; -1 for a name
}

// A torn is a run of braces that makes no placeholder.
type torn struct {
	span policy.Span
	why  string
}

// maxMarks bounds how many placeholders and stray braces of one text are told.
const maxMarks = 256

// marksOf finds the placeholders of a text and the braces that make none.
func marksOf(s string) (marks []mark, stray []torn) {
	if strings.IndexByte(s, '{') < 0 && strings.IndexByte(s, '}') < 0 {
		return nil, nil
	}
	for i := 0; i < len(s) && len(marks) < maxMarks && len(stray) < maxMarks; {
		next := strings.IndexAny(s[i:], "{}")
		if next < 0 {
			break
		}
		start := i + next
		open := run(s, start)
		after := start + open
		if s[start] == '}' {
			stray = append(stray, torn{policy.Span{Start: start, End: after}, "braces close that were never opened"})
			i = after
			continue
		}
		stop := strings.IndexAny(s[after:], "{}\n")
		if stop < 0 || s[after+stop] != '}' {
			stray = append(stray, torn{policy.Span{Start: start, End: after}, "braces open and are never closed"})
			i = after
			continue
		}
		inner := strings.TrimSpace(s[after : after+stop])
		closed := run(s, after+stop)
		end := after + stop + closed
		span := policy.Span{Start: start, End: end}
		switch {
		case open != 2 || closed != 2:
			stray = append(stray, torn{span, fmt.Sprintf("%s open and %s close, where two of each belong", braces(open), braces(closed))})
		case inner == "":
			stray = append(stray, torn{span, "the placeholder names nothing"})
		default:
			marks = append(marks, mark{start, end, inner, numberOf(inner)})
		}
		i = end
	}
	return marks, stray
}

func braces(n int) string {
	if n == 1 {
		return "one brace"
	}
	return strconv.Itoa(n) + " braces"
}

// run is how often the byte at i is repeated.
func run(s string, i int) int {
	n := 1
	for i+n < len(s) && s[i+n] == s[i] {
		n++
	}
	return n
}

// numberOf is the number of a positional placeholder, and -1 for a name.
func numberOf(token string) int {
	for i := range len(token) {
		if notDigit(rune(token[i])) {
			return -1
		}
	}
	n, err := strconv.Atoi(token)
	if err != nil {
		return 1 << 30
	}
	return n
}

func (m mark) span() policy.Span { return policy.Span{Start: m.start, End: m.end} }

// placeholders checks the placeholders of a text by themselves.
func (c *linting) placeholders(s string, at spot) []mark {
	marks, stray := marksOf(s)
	for _, t := range stray {
		c.tell(varBracesBalanced, at, t.span, t.why)
	}
	seen, told := 0, false // positional: the highest so far
	for i, m := range marks {
		inner := s[m.start+2 : m.end-2]
		if j := strings.IndexAny(m.token, "#$%"); j >= 0 || strings.ContainsFunc(m.token, unicode.IsSpace) {
			c.tell(varTokenCharset, at, m.span(), "the placeholder holds a space or one of # $ %")
			continue
		} else if inner != m.token {
			p := c.tell(varTokenCharset, at, m.span(), "the placeholder holds a space beside its name")
			c.edit(p, Edit{Span: m.span(), New: "{{" + m.token + "}}"})
		}
		if m.number < 0 {
			c.parameterName(s, marks[:i], m, at)
			continue
		}
		switch {
		case told:
		case m.number == seen+1 && m.token[0] != '0':
			seen++
		case m.number >= 1 && m.number <= seen && m.token[0] != '0': // stands twice
		case seen == 0 && !hasOne(marks):
			told = true
			c.tell(varPositionalFromOne, at, m.span(), "the first number is "+clipToken(m.token)+" and not 1")
		default:
			told = true
			c.tell(varPositionalSequential, at, m.span(), "the number is "+clipToken(m.token)+" where "+strconv.Itoa(seen+1)+" comes next")
		}
	}
	return marks
}

func hasOne(marks []mark) bool {
	for _, m := range marks {
		if m.token == "1" {
			return true
		}
	}
	return false
}

// clipToken is a number as shown: digits from outside can be many.
func clipToken(token string) string { return token[:min(len(token), 12)] }

func (c *linting) parameterName(s string, before []mark, m mark, at spot) {
	digit, bad := false, false
	for i, r := range m.token {
		switch {
		case r == '_' || 'a' <= r && r <= 'z':
		case '0' <= r && r <= '9' && i > 0:
			digit = true
		default:
			bad = true
		}
	}
	switch {
	case bad:
		c.tell(varNamedCharset, at, m.span(), "the name holds a character that is no lower-case letter and no underscore")
	case digit:
		c.tell(varNamedCharset, at, m.span(), "the name holds a digit, which Meta's page does not mention").lower(LintWarning)
	}
	for _, b := range before {
		if b.token == m.token {
			c.tell(varNamedUnique, at, m.span(), "the name stands in this text before")
			return
		}
	}
}

// edges checks how placeholders stand in a body.
func (c *linting) edges(s string, marks []mark, at spot) {
	if len(marks) == 0 {
		return
	}
	first, last := marks[0], marks[len(marks)-1]
	lead, trail := s[:first.start], s[last.end:]
	switch {
	case strings.TrimSpace(lead) == "":
		c.tell(varLeading, at, first.span(), "the body begins with a placeholder")
	case !strings.ContainsFunc(lead, says):
		c.tell(varLeading, at, first.span(), "nothing but punctuation stands before the first placeholder").lower(LintWarning)
	}
	if !strings.ContainsFunc(trail, says) {
		why := "the body ends with a placeholder"
		if strings.TrimSpace(trail) != "" {
			why = "nothing but punctuation stands after the last placeholder"
		}
		c.tell(varTrailing, at, last.span(), why)
	}
	for i := 1; i < len(marks); i++ {
		between := s[marks[i-1].end:marks[i].start]
		span := policy.Span{Start: marks[i-1].start, End: marks[i].end}
		switch {
		case strings.TrimSpace(between) == "":
			c.tell(varAdjacent, at, span, "nothing stands between two placeholders")
		case !strings.ContainsFunc(between, unicode.IsLetter) && !strings.ContainsFunc(between, unicode.IsNumber):
			c.tell(varAdjacent, at, span, "no word stands between two placeholders").lower(LintWarning)
		}
	}
	words, any := fixedWords(s, marks)
	switch n := len(marks); {
	case !any:
		c.tell(varOnlyBody, at, policy.Span{}, "the body has no word besides its placeholders")
	case (words + n - 1) < minWords*n:
		c.tell(varDensity, at, policy.Span{}, fmt.Sprintf("%s stand beside %s; %d would be enough", counted(words, "fixed word"), counted(n, "placeholder"), (minWords-1)*n+1))
	}
}

// says reports whether a character is more than punctuation or space: a
// letter, a digit or a symbol such as an emoji, but no formatting mark.
func says(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || r >= utf8.RuneSelf && unicode.IsSymbol(r)
}

// fixedWords counts the words beside the placeholders; letters tells whether
// there is any letter or digit at all. In scripts without spaces two
// ideographs, or four letters, count as a word: Meta does not say how it
// counts them.
func fixedWords(s string, marks []mark) (words int, any bool) {
	quarters := 0 // of a word, in scripts without spaces
	from := 0
	count := func(part string) {
		in := false
		for _, r := range part {
			switch {
			case r < utf8.RuneSelf && !letterOrDigit(byte(r)), r >= utf8.RuneSelf && !unicode.In(r, unicode.L, unicode.N, unicode.M):
				if r != '\'' && r != '’' && r != '-' { // within a word
					in = false
				}
			case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
				quarters, any, in = quarters+2, true, false
			case unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
				quarters, any, in = quarters+1, true, false
			case !in:
				words, in, any = words+1, true, true
			}
		}
	}
	for _, m := range marks {
		count(s[from:m.start])
		from = m.end
	}
	count(s[from:])
	return words + quarters/4, any
}

// masked is the text with its placeholders blanked out, byte for byte.
func masked(s string, marks []mark) string {
	if len(marks) == 0 {
		return s
	}
	b := []byte(s)
	for _, m := range marks {
		for i := m.start; i < m.end; i++ {
			b[i] = ' '
		}
	}
	return string(b)
}

// asked lists the values a text takes: distinct numbers or names, in order.
func asked(marks []mark) (names []string, named bool) {
	for i, m := range marks {
		named = named || m.number < 0
		if !contains(names, m.token) {
			names = append(names, marks[i].token)
		}
	}
	return names, named
}
