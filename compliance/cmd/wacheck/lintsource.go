package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/template"
)

type writer = io.Writer

// maxInput bounds one file of templates, in bytes. A full account of 6,000
// templates comes to some 20 MB.
const maxInput = 256 << 20

func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	if err == nil && len(b) > maxInput {
		err = fmt.Errorf("larger than %d MiB", maxInput>>20)
	}
	return b, err
}

func readAllFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := readAll(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

// replaceFile writes a file anew, whole or not at all.
func replaceFile(name string, content []byte) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	t, err := os.CreateTemp(filepath.Dir(name), ".wacheck-*")
	if err != nil {
		return err
	}
	defer os.Remove(t.Name()) // is gone when all went well
	_, err = t.Write(content)
	if err = errors.Join(err, t.Chmod(info.Mode().Perm()), t.Close()); err != nil {
		return err
	}
	return os.Rename(t.Name(), name)
}

// A source is one text with templates in it.
type source struct {
	name    string
	content []byte
	items   []item
	export  bool // one account's: what the Graph API lists
	lines   []int
}

// An item is one template of a source.
type item struct {
	id   string
	raw  []byte
	from int // in the content
	err  error
}

// newSource finds the templates of a text: one template, one wrapped as
// {"id","template"}, an export {"data":[…]} or a list, or any of these a line.
func newSource(name string, content []byte) *source {
	s := &source{name: name, content: content, lines: []int{0}}
	for i, b := range content {
		if b == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	trimmed := bytes.TrimSpace(content)
	if json.Valid(trimmed) {
		s.value(trimmed, bytes.Index(content, trimmed[:1]))
		return s
	}
	ends := append(s.lines[1:len(s.lines):len(s.lines)], len(content))
	one := json.Valid([]byte(firstLine(trimmed)))
	if !one && len(trimmed) > 0 && bytes.Count(trimmed, []byte("\n{")) == 0 {
		// One text of several lines with a fault in it, and no JSON Lines.
		_, err := template.ParseDraft(trimmed)
		s.fail(0, err)
		return s
	}
	for i, from := range s.lines {
		line := content[from:ends[i]]
		part := bytes.TrimSpace(line)
		if len(part) == 0 {
			continue
		}
		at := from + bytes.Index(line, part[:1])
		switch {
		case len(part) > maxLine:
			s.items = append(s.items, item{from: at, err: fmt.Errorf("line %d: longer than %d bytes", i+1, maxLine)})
		case !json.Valid(part):
			s.items = append(s.items, item{from: at, err: fmt.Errorf("line %d: not JSON", i+1)})
		default:
			s.value(part, at)
		}
	}
	return s
}

func firstLine(b []byte) string {
	line, _, _ := strings.Cut(string(b[:min(len(b), maxLine)]), "\n")
	return line
}

func (s *source) fail(from int, err error) {
	line := s.line(from)
	var e *template.Error
	if errors.As(err, &e) {
		err = fmt.Errorf("line %d: %s", line+e.Line-1, told(e))
	} else {
		err = fmt.Errorf("line %d: %w", line, err)
	}
	s.items = append(s.items, item{from: from, err: err})
}

func told(e *template.Error) string {
	field := e.Field
	if field == "" {
		field = "the text"
	}
	return field + " " + e.Err.Error()
}

// inFile is a fault of one template with its line in the file.
func (l *linting) inFile(s *source, it *item, err error) error {
	var e *template.Error
	if errors.As(err, &e) {
		return fmt.Errorf("line %d: %s", s.line(it.from)+e.Line-1, told(e))
	}
	return fmt.Errorf("line %d: %w", s.line(it.from), err)
}

// value takes one JSON value that is valid.
func (s *source) value(raw []byte, from int) {
	switch raw[0] {
	case '[':
		s.export = true
		s.list(raw, from)
	case '{':
		data, at, ok := member(raw, "data")
		if ok && data[0] == '[' {
			s.export = true
			s.list(data, from+at)
			return
		}
		it := item{raw: raw, from: from}
		if inner, at, ok := member(raw, "template"); ok && inner[0] == '{' {
			it.raw, it.from = inner, from+at
			it.id = idOf(raw)
		}
		s.items = append(s.items, it)
	default:
		s.items = append(s.items, item{from: from, err: fmt.Errorf("line %d: no template: a JSON object belongs here", s.line(from))})
	}
}

func (s *source) list(raw []byte, from int) {
	d := json.NewDecoder(bytes.NewReader(raw))
	_, _ = d.Token() // [
	for d.More() {
		var v json.RawMessage
		if d.Decode(&v) != nil {
			return // was valid as a whole
		}
		at := from + int(d.InputOffset()) - len(v)
		if v[0] != '{' {
			s.items = append(s.items, item{from: at, err: fmt.Errorf("line %d: no template: a JSON object belongs here", s.line(at))})
			continue
		}
		it := item{raw: v, from: at}
		if inner, in, ok := member(v, "template"); ok && inner[0] == '{' {
			it.raw, it.from, it.id = inner, at+in, idOf(v)
		}
		s.items = append(s.items, it)
	}
}

// idOf is a wrapper's id, which may be a number.
func idOf(raw []byte) string {
	v, _, ok := member(raw, "id")
	if !ok {
		return ""
	}
	var id string
	if json.Unmarshal(v, &id) != nil {
		id = string(v)
	}
	return id
}

// member finds a member of a valid object: its value, and where that begins.
func member(raw []byte, name string) (value []byte, at int, ok bool) {
	_, value, at, ok = entry(raw, name)
	return value, at, ok
}

// entry is member, with where the name begins.
func entry(raw []byte, name string) (key int, value []byte, at int, ok bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return 0, nil, 0, false
	}
	for d.More() {
		before := int(d.InputOffset())
		t, err := d.Token()
		if err != nil {
			return 0, nil, 0, false
		}
		var v json.RawMessage
		if d.Decode(&v) != nil {
			return 0, nil, 0, false
		}
		if t == name {
			return before + bytes.IndexByte(raw[before:], '"'), v, int(d.InputOffset()) - len(v), true
		}
	}
	return 0, nil, 0, false
}

func element(raw []byte, n int) (value []byte, at int, ok bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return nil, 0, false
	}
	for i := 0; d.More(); i++ {
		var v json.RawMessage
		if d.Decode(&v) != nil {
			return nil, 0, false
		}
		if i == n {
			return v, int(d.InputOffset()) - len(v), true
		}
	}
	return nil, 0, false
}

// locate follows a member path as far as it goes: the value met last, and
// whether that is the path's end.
func locate(raw []byte, path string) (value []byte, at int, whole bool) {
	value = raw
	for path != "" {
		var next []byte
		var n int
		var ok bool
		if path[0] == '[' {
			digits, rest, _ := strings.Cut(path[1:], "]")
			i, err := strconv.Atoi(digits)
			if err != nil {
				return value, at, false
			}
			next, n, ok = element(value, i)
			path = strings.TrimPrefix(rest, ".")
		} else {
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			next, n, ok = member(value, path[:end])
			path = strings.TrimPrefix(path[end:], ".")
		}
		if !ok {
			return value, at, false
		}
		value, at = next, at+n
	}
	return value, at, true
}

// textAt is the string a place names.
func (s *source) textAt(it *item, where string) (string, bool) {
	v, _, whole := locate(it.raw, where)
	var text string
	if !whole || v[0] != '"' || json.Unmarshal(v, &text) != nil {
		return "", false
	}
	return text, true
}

// A region is where something stands in a file, counted from one, columns in
// code points.
type region struct{ line, column, endLine, endColumn int }

func (s *source) line(at int) int {
	lo, hi := 0, len(s.lines)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; s.lines[mid] <= at {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo + 1
}

func (s *source) position(at int) (line, column int) {
	line = s.line(at)
	return line, 1 + utf8.RuneCount(s.content[s.lines[line-1]:at])
}

// region is where a problem stands in the file: the words meant, else the value
// at its place, else the nearest thing around it.
func (s *source) region(it *item, p problem) (r region) {
	v, at, whole := locate(it.raw, p.Where)
	from, to := it.from+at, it.from+at+len(v)
	switch {
	case whole && v[0] == '"' && p.Span.End > p.Span.Start:
		to = from + inString(v, p.Span.End)
		from += inString(v, p.Span.Start)
	case v[0] == '{' || v[0] == '[': // the beginning is enough
		to = from + 1
	}
	r.line, r.column = s.position(from)
	r.endLine, r.endColumn = s.position(to)
	return r
}

// inString is where the n-th byte of a string's text stands in its JSON form,
// quotes included.
func inString(raw []byte, n int) int {
	i := 1
	for n > 0 && i < len(raw)-1 {
		if raw[i] != '\\' {
			i++
			n--
			continue
		}
		size := 2
		if raw[i+1] == 'u' {
			size = 6
			if i+12 < len(raw) && raw[i+6] == '\\' && (raw[i+2] == 'd' || raw[i+2] == 'D') {
				size = 12 // two halves of one character
			}
		}
		var text string
		_ = json.Unmarshal([]byte(`"`+string(raw[i:i+size])+`"`), &text) // was valid as a whole
		n -= max(1, len(text))
		i += size
	}
	return i
}

// mend makes the edits of every template in a text, which keeps its form
// otherwise. A text that cannot be read is left as it is.
func (l *linting) mend(content []byte) []byte {
	for range 8 { // an edit can uncover another
		s := newSource("", content)
		var edits []textEdit
		for i := range s.items {
			it := &s.items[i]
			if it.err != nil {
				continue
			}
			_, found, err := l.linter.LintJSON(it.raw)
			if err != nil {
				continue
			}
			for _, p := range found {
				if p.Edit != nil {
					edits = appendEdit(edits, it, p)
				}
			}
		}
		mended := applyEdits(content, edits)
		if bytes.Equal(mended, content) {
			return content
		}
		content = mended
	}
	return content
}

type textEdit struct {
	from, to int
	with     string
}

func appendEdit(all []textEdit, it *item, p template.LintProblem) []textEdit {
	if p.Edit.Remove {
		key, v, at, ok := entry(it.raw, p.Where)
		if !ok {
			return all
		}
		end := at + len(v)
		// The comma after it goes too, or else the one before it.
		if rest := bytes.TrimLeft(it.raw[end:], " \t\r\n"); rest[0] == ',' {
			end = len(it.raw) - len(rest) + 1
			end += len(it.raw[end:]) - len(bytes.TrimLeft(it.raw[end:], " \t\r\n"))
		} else if before := bytes.TrimRight(it.raw[:key], " \t\r\n"); before[len(before)-1] == ',' {
			key = len(before) - 1
		}
		return append(all, textEdit{it.from + key, it.from + end, ""})
	}
	v, at, whole := locate(it.raw, p.Where)
	if !whole || v[0] != '"' {
		return all
	}
	with := jsonText(p.Edit.New)
	return append(all, textEdit{it.from + at + inString(v, p.Edit.Span.Start), it.from + at + inString(v, p.Edit.Span.End), with})
}

// jsonText is a text as it stands between the quotes of a JSON string.
func jsonText(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	quoted := strings.TrimSuffix(b.String(), "\n")
	return quoted[1 : len(quoted)-1]
}

// applyEdits makes edits from the last to the first; one that reaches into
// another waits for the next round.
func applyEdits(content []byte, edits []textEdit) []byte {
	out := content
	for until := len(content); ; {
		best := -1
		for i, e := range edits {
			if e.to <= until && e.from < until && (best < 0 || e.from > edits[best].from) {
				best = i
			}
		}
		if best < 0 {
			return out
		}
		e := edits[best]
		out = append(append(append([]byte{}, out[:e.from]...), e.with...), out[e.to:]...)
		until = e.from
	}
}

// excerpt prints the line of a text a span stands in, with marks beneath it.
func (l *linting) excerpt(w writer, gutter, text string, span policy.Span, colour string) {
	start, end := span.Start, min(span.End, len(text))
	if end <= start {
		start, end = 0, len(text)
	}
	from := strings.LastIndexByte(text[:start], '\n') + 1
	to := len(text)
	if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
		to = start + i
	}
	stop := min(end, max(to, start))
	const around = 60
	head, tail := "", ""
	if n := utf8.RuneCountInString(text[from:start]); n > around {
		for range n - around {
			_, size := utf8.DecodeRuneInString(text[from:])
			from += size
		}
		head = "…"
	}
	if utf8.RuneCountInString(text[start:to]) > around+20 {
		to = start
		for range around + 20 {
			_, size := utf8.DecodeRuneInString(text[to:])
			to += size
		}
		tail, stop = "…", min(stop, to)
	}
	blank := strings.Repeat(" ", len(gutter))
	fmt.Fprintf(w, "%s |\n%s | %s%s%s\n", blank, gutter, head, shown(text[from:to]), tail)
	fmt.Fprintf(w, "%s | %s%s\n", blank, strings.Repeat(" ", columns(head+text[from:start])), l.paint(colour, strings.Repeat("^", max(1, columns(text[start:stop])))))
}

// shown is a text fit for a terminal: what controls one is replaced.
func shown(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return '→'
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return '·'
		}
		return r
	}, s)
}

// columns is how wide a text is at a terminal: ideographs and pictures take two.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r == 0x200D || r == 0xFE0F || r >= 0x300 && r < 0x370:
		case r >= 0x1100 && r <= 0x115F, r >= 0x2E80 && r <= 0xA4CF, r >= 0xAC00 && r <= 0xD7A3, r >= 0xF900 && r <= 0xFAFF,
			r >= 0xFF00 && r <= 0xFF60, r >= 0x1F300 && r <= 0x1FAFF, r >= 0x20000 && r <= 0x3FFFD:
			n += 2
		default:
			n++
		}
	}
	return n
}
