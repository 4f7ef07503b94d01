package template

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Run is a stretch of words a person sees in one style.
type Run struct {
	Words                      string
	Bold, Italic, Strike, Mono bool
	Value                      bool // came from a parameter
}

// Runs cuts a text into its styles, as WhatsApp shows them: *bold*, _italic_,
// ~struck~, ```mono``` and `mono`. A mark counts where it touches the words it
// encloses and no letter or digit outside, and on one line; three back-ticks go
// over lines. Marks that count are left out of the words, all others stay. (The
// marks are common knowledge of WhatsApp; Meta's template pages name them without
// these rules.)
func (t *Text) Runs() []Run {
	styles := make([]style, len(t.Words))
	(&marker{text: t.Words, styles: styles}).mark(0, len(t.Words), 0)
	for _, v := range t.Values {
		for i := max(0, v[0]); i < min(v[1], len(styles)); i++ {
			styles[i] |= filled
		}
	}
	var runs []Run
	for from := 0; from < len(styles); {
		to := from + 1
		for to < len(styles) && styles[to] == styles[from] {
			to++
		}
		if s := styles[from]; s&marked == 0 {
			runs = append(runs, Run{t.Words[from:to], s&bold != 0, s&italic != 0, s&strike != 0, s&mono != 0, s&filled != 0})
		}
		from = to
	}
	return runs
}

// style is how one byte is shown.
type style uint8

const (
	bold style = 1 << iota
	italic
	strike
	mono
	filled
	marked // a mark itself, which is not shown
)

type marker struct {
	text   string
	styles []style
}

var marks = map[byte]style{'*': bold, '_': italic, '~': strike}

// mark finds the marks between two places and styles what they enclose.
func (m *marker) mark(from, to int, s style) {
	none := map[byte]int{} // from here to there is no closing mark of this sort
	for i := from; i < to; i++ {
		m.styles[i] |= s
		if m.text[i] == '`' {
			n := 1
			for i+n < to && n < 3 && m.text[i+n] == '`' {
				n++
			}
			end := -1
			if n != 2 && none[byte(n)] <= i {
				if end = m.fence(i+n, to, n); end < 0 {
					none[byte(n)] = to
					if line := strings.IndexByte(m.text[i:to], '\n'); n == 1 && line >= 0 {
						none[byte(n)] = i + line
					}
				}
			}
			if end < 0 { // no pair: the back-ticks are words, all of them
				for j := i + 1; j < i+n; j++ {
					m.styles[j] |= s
				}
				i += n - 1
				continue
			}
			m.hide(i, n)
			for j := i + n; j < end; j++ {
				m.styles[j] |= s | mono
			}
			m.hide(end, n)
			i = end + n - 1
			continue
		}
		bit, ok := marks[m.text[i]]
		if !ok || s&bit != 0 || !m.opens(i, to) || none[m.text[i]] > i {
			continue
		}
		j := m.close(i, to)
		if j < 0 {
			line := strings.IndexByte(m.text[i:to], '\n')
			if line < 0 {
				line = to - i
			}
			none[m.text[i]] = i + line
			continue
		}
		m.hide(i, 1)
		m.mark(i+1, j, s|bit)
		m.hide(j, 1)
		i = j
	}
}

// fence finds so many back-ticks, and no more, after at least one character: three
// anywhere, one before the line ends.
func (m *marker) fence(from, to, n int) int {
	for i := from; i < to; {
		if n == 1 && m.text[i] == '\n' {
			return -1
		}
		if m.text[i] != '`' {
			i++
			continue
		}
		run := i
		for i < to && m.text[i] == '`' {
			i++
		}
		if run > from && i-run == n {
			return run
		}
	}
	return -1
}

func (m *marker) hide(at, n int) {
	for i := at; i < at+n; i++ {
		m.styles[i] |= marked
	}
}

// opens reports whether a mark touches words on its right and none on its left.
func (m *marker) opens(i, to int) bool {
	left, _ := utf8.DecodeLastRuneInString(m.text[:i])
	if i > 0 && wordly(left) || i+1 >= to {
		return false
	}
	right, _ := utf8.DecodeRuneInString(m.text[i+1 : to])
	return !unicode.IsSpace(right) && m.text[i+1] != m.text[i]
}

// close finds the mark that ends what i began, on the same line.
func (m *marker) close(i, to int) int {
	for j := i + 2; j < to && m.text[j] != '\n'; j++ {
		if m.text[j] != m.text[i] {
			continue
		}
		left, _ := utf8.DecodeLastRuneInString(m.text[:j])
		right, n := utf8.DecodeRuneInString(m.text[j+1:])
		if !unicode.IsSpace(left) && (n == 0 || !wordly(right)) {
			return j
		}
	}
	return -1
}

func wordly(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Mask stands for a value where it is not to be read.
const Mask = "•••"

// Masked is texts without their values, for logs: each is [Mask], whatever its
// length. The texts given stay as they are.
func Masked(texts []Text) []Text {
	out := slices.Clone(texts)
	for i := range out {
		t := &out[i]
		if len(t.Values) == 0 {
			continue
		}
		var b strings.Builder
		values := make([][2]int, 0, len(t.Values))
		from := 0
		for _, v := range t.Values {
			if v[0] < from || v[1] > len(t.Words) {
				continue // the one before it held it
			}
			b.WriteString(t.Words[from:v[0]])
			values = append(values, [2]int{b.Len(), b.Len() + len(Mask)})
			b.WriteString(Mask)
			from = v[1]
		}
		b.WriteString(t.Words[from:])
		t.Words, t.Values = b.String(), values
	}
	return out
}
