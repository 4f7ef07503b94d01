package policy

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// A reading is one rule file being read: the bytes, the way to the value at the
// cursor, and what was wrong. encoding/json alone would stop at the first
// mistake, take the last of two equal keys, ignore the case of a key and not
// say which line it is on; a person mending a rule file needs all four.
//
// Most files are without a mistake, so where each field stands is worked out only
// when a problem asks.
type reading struct {
	data     string // strings without escapes are parts of it
	pos      int
	way      []step
	broken   bool           // data holds U+FFFD, or an escape that may stand for it
	at       map[string]int // path of a field → offset of its value; see places
	placing  bool           // at is being filled
	bad      map[string]bool
	problems []Problem
	file     string
	list     []string // the list being read
}

// A step leads from a value to one it holds: by key, or by its place in a list.
type step struct {
	key   string
	index int // -1 beside a key
}

// errSyntax ends a reading of what is no JSON.
var errSyntax = errors.New("not JSON")

// read fills r from data. The problems are in the reading, none twice for one
// field.
func (d *reading) read(r *Rule) {
	if !utf8.ValidString(d.data) {
		d.report(invalidUTF8(d.data), "", "invalid UTF-8")
		return
	}
	d.broken = strings.Contains(d.data, "\uFFFD") || strings.Contains(d.data, `\u`)
	if d.whole(func() { d.value(reflect.ValueOf(r).Elem()) }) {
		return
	}
	*r, d.problems, d.bad = Rule{}, nil, nil // nothing else counts in what is no JSON
	off, err := len(d.data), json.Unmarshal([]byte(d.data), new(json.RawMessage))
	if s := new(json.SyntaxError); errors.As(err, &s) {
		off = max(0, min(off, int(s.Offset)-1))
	} else if err == nil {
		err = errSyntax // not reached: all that is read is JSON, and all JSON is read
	}
	d.report(off, "", err.Error())
}

// whole reports whether value reads all of data.
func (d *reading) whole(value func()) (ok bool) {
	defer func() {
		if e := recover(); e != nil && e != any(errSyntax) {
			panic(e)
		}
	}()
	d.pos, d.way = 0, d.way[:0]
	value()
	d.space()
	return d.pos == len(d.data)
}

// report notes a problem at a byte of the file, once per path.
func (d *reading) report(off int, path, msg string) {
	if d.placing || d.bad[path] {
		return
	}
	if d.bad == nil {
		d.bad = map[string]bool{}
	}
	d.bad[path] = true
	line := 1 + strings.Count(d.data[:min(off, len(d.data))], "\n")
	d.problems = append(d.problems, Problem{File: d.file, Line: line, Field: path, Msg: msg})
}

// reportAt notes a problem with a field by its path. Where the field, or what
// holds it, could not even be read, that has been said already.
func (d *reading) reportAt(path, msg string) {
	for p := path; ; p = parent(p) {
		if d.bad[p] {
			return
		}
		if p == "" {
			break
		}
	}
	d.report(d.offset(path), path, msg)
}

// offset is where a field stands, or what holds it.
func (d *reading) offset(path string) int {
	if d.at == nil {
		d.at, d.placing = map[string]int{}, true
		d.whole(func() { d.skip() })
		d.placing = false
	}
	off, ok := d.at[path]
	for p := path; !ok && p != ""; off, ok = d.at[p] {
		p = parent(p)
	}
	return off
}

func (d *reading) placed(path string) bool {
	_, ok := d.at[path]
	return ok
}

// path is the way to the value at the cursor.
func (d *reading) path() string {
	var b strings.Builder
	for i, s := range d.way {
		switch {
		case s.index >= 0:
			fmt.Fprintf(&b, "[%d]", s.index)
		case i > 0:
			b.WriteString("." + s.key)
		default:
			b.WriteString(s.key)
		}
	}
	return b.String()
}

// parent is the path of what holds a field: "editions[0].severity" is held by
// "editions[0]", that by "editions", that by "".
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

// value reads the JSON value at the cursor into dst, which is of one of the
// kinds the types in rule.go are made of.
func (d *reading) value(dst reflect.Value) {
	c := d.peek()
	start := d.pos
	if c == 'n' {
		d.skip()
		d.report(start, d.path(), "null says nothing; leave the field out")
		return
	}
	switch t := dst.Type(); {
	case t == reflect.TypeFor[[]string]():
		if d.opens('[', "a list") {
			d.strings(dst.Addr().Interface().(*[]string))
		}
	case reads(t):
		raw := d.skip()
		if t != reflect.TypeFor[json.RawMessage]() && raw[0] != '"' {
			d.report(start, d.path(), "want a string, not "+kind(raw[0]))
			return
		}
		if err := json.Unmarshal([]byte(raw), dst.Addr().Interface()); err != nil {
			d.report(start, d.path(), strings.TrimPrefix(err.Error(), "policy: "))
		}
	case t.Kind() == reflect.Pointer:
		p := reflect.New(t.Elem())
		d.value(p.Elem())
		dst.Set(p)
	case t.Kind() == reflect.Struct:
		if !d.opens('{', "an object") {
			return
		}
		names := fields[t]
		d.object(func(key string, off int) {
			i, ok := names[key]
			if !ok {
				d.report(off, d.path(), "unknown field")
				d.skip()
				return
			}
			d.value(dst.Field(i))
		})
	case t.Kind() == reflect.Map:
		if !d.opens('{', "an object") {
			return
		}
		dst.Set(reflect.MakeMap(t))
		d.object(func(key string, _ int) {
			v := reflect.New(t.Elem()).Elem()
			d.value(v)
			dst.SetMapIndex(reflect.ValueOf(key), v)
		})
	case t.Kind() == reflect.Slice:
		if !d.opens('[', "a list") {
			return
		}
		d.array(func() {
			dst.Grow(1)
			dst.SetLen(dst.Len() + 1)
			d.value(dst.Index(dst.Len() - 1))
		})
	case t.Kind() == reflect.Bool:
		raw := d.skip()
		if err := json.Unmarshal([]byte(raw), dst.Addr().Interface()); err != nil {
			d.report(start, d.path(), "want true or false, not "+kind(raw[0]))
		}
	default: // a string; ID, Phase and Check are strings too
		if s, ok := d.string(); ok {
			dst.SetString(s)
		}
	}
}

// strings reads the list at the cursor: nearly all of a book are lists of words.
func (d *reading) strings(dst *[]string) {
	d.list = d.list[:0]
	d.array(func() {
		s, _ := d.string()
		d.list = append(d.list, s)
	})
	*dst = slices.Clone(d.list)
}

// string reads the string at the cursor, or reports that it is none.
func (d *reading) string() (string, bool) {
	c := d.peek()
	start := d.pos
	raw := d.skip()
	switch {
	case c == 'n':
		d.report(start, d.path(), "null says nothing; leave the field out")
		return "", false
	case c != '"':
		d.report(start, d.path(), "want a string, not "+kind(c))
		return "", false
	}
	s := unquote(raw)
	if d.broken && strings.ContainsRune(s, utf8.RuneError) {
		d.report(start, d.path(), "holds U+FFFD, the mark of broken text")
		return "", false
	}
	return s, true
}

// reads reports whether a type reads itself.
func reads(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// fields maps the JSON names of the structs in rule.go to their fields.
var fields = func() map[reflect.Type]map[string]int {
	all := map[reflect.Type]map[string]int{}
	for _, t := range []reflect.Type{
		reflect.TypeFor[Rule](), reflect.TypeFor[Edition](), reflect.TypeFor[Citation](), reflect.TypeFor[Text](),
		reflect.TypeFor[Lexicon](), reflect.TypeFor[Examples](), reflect.TypeFor[Example](),
	} {
		all[t] = map[string]int{}
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			all[t][name] = i
		}
	}
	return all
}()

// opens reports whether the value at the cursor starts with c, and passes over
// it with a problem when it does not.
func (d *reading) opens(c byte, want string) bool {
	if d.data[d.pos] == c {
		return true
	}
	d.report(d.pos, d.path(), "want "+want+", not "+kind(d.data[d.pos]))
	d.skip()
	return false
}

// maxDepth is how deep encoding/json reads.
const maxDepth = 10_000

// enter steps into a value that the one at the cursor holds.
func (d *reading) enter(s step) {
	if len(d.way) == maxDepth {
		panic(errSyntax)
	}
	d.way = append(d.way, s)
}

func (d *reading) leave() { d.way = d.way[:len(d.way)-1] }

// object walks the members of the object at the cursor; each must leave the
// cursor behind its value. A key that comes twice is reported and passed over.
func (d *reading) object(member func(key string, off int)) {
	var few [16]string
	seen := few[:0]
	d.pos++
	if d.peek() == '}' {
		d.pos++
		return
	}
	for {
		if d.peek() != '"' {
			panic(errSyntax)
		}
		off := d.pos
		key := unquote(d.skip())
		if d.peek() != ':' {
			panic(errSyntax)
		}
		d.pos++
		d.enter(step{key, -1})
		if slices.Contains(seen, key) {
			d.report(off, d.path(), "stands there twice")
			d.skip()
		} else {
			seen = append(seen, key)
			member(key, off)
		}
		d.leave()
		if !d.more('}') {
			return
		}
	}
}

// array walks the elements of the array at the cursor.
func (d *reading) array(element func()) {
	d.pos++
	if d.peek() == ']' {
		d.pos++
		return
	}
	d.enter(step{index: 0})
	for {
		element()
		if !d.more(']') {
			break
		}
		d.way[len(d.way)-1].index++
	}
	d.leave()
}

// more passes over the comma behind a value, or over the end of what holds it.
func (d *reading) more(end byte) bool {
	switch c := d.peek(); c {
	case ',', end:
		d.pos++
		return c == ','
	}
	panic(errSyntax)
}

// skip passes over one value and returns its bytes. Keys that come twice are
// reported at any depth.
func (d *reading) skip() string {
	c := d.peek()
	start := d.pos
	if d.placing {
		if p := d.path(); !d.placed(p) {
			d.at[p] = start
		}
	}
	switch c {
	case '{':
		d.object(func(string, int) { d.skip() })
	case '[':
		d.array(func() { d.skip() })
	case '"':
		d.pos++
		for d.pos < len(d.data) && d.data[d.pos] != '"' {
			if d.data[d.pos] < ' ' {
				panic(errSyntax)
			}
			if d.data[d.pos] == '\\' {
				d.escape()
			}
			d.pos++
		}
		if d.pos >= len(d.data) {
			panic(errSyntax)
		}
		d.pos++
	default:
		for d.pos < len(d.data) && strings.IndexByte(" \t\r\n,]}", d.data[d.pos]) < 0 {
			d.pos++
		}
		if !json.Valid([]byte(d.data[start:d.pos])) {
			panic(errSyntax)
		}
	}
	return d.data[start:d.pos]
}

// escape passes over a backslash and all but the last byte of what it escapes.
func (d *reading) escape() {
	d.pos++
	if d.pos >= len(d.data) || strings.IndexByte(`"\/bfnrtu`, d.data[d.pos]) < 0 {
		panic(errSyntax)
	}
	if d.data[d.pos] != 'u' {
		return
	}
	for range 4 {
		d.pos++
		if d.pos >= len(d.data) || strings.IndexByte("0123456789abcdefABCDEF", d.data[d.pos]) < 0 {
			panic(errSyntax)
		}
	}
}

// peek is the first byte of what comes next.
func (d *reading) peek() byte {
	d.space()
	if d.pos >= len(d.data) {
		panic(errSyntax)
	}
	return d.data[d.pos]
}

func (d *reading) space() {
	for d.pos < len(d.data) {
		switch d.data[d.pos] {
		case ' ', '\t', '\r', '\n':
			d.pos++
		default:
			return
		}
	}
}

// unquote is the string that a valid JSON string stands for.
func unquote(raw string) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	var s string
	if err := json.Unmarshal([]byte(raw), &s); err != nil {
		panic(errSyntax) // not reached: skip has looked at the escapes
	}
	return s
}

// kind names the sort of JSON value that begins with c.
func kind(c byte) string {
	switch c {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	}
	return "a number"
}

// invalidUTF8 is the offset of the first byte that is no UTF-8, or -1.
func invalidUTF8(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}
