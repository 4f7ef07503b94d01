package policy

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// A reading is one rule file being read: the bytes, where each field stood,
// and what was wrong with it. encoding/json alone would stop at the first
// mistake, take the last of two equal keys, ignore the case of a key and not
// say which line it is on; a person mending a rule file needs all four.
type reading struct {
	data     []byte
	pos      int
	at       map[string]int // path of a field → offset of its value
	bad      map[string]bool
	problems []Problem
	file     string
}

// read fills r from data. The problems are in the reading, none twice for one
// field.
func (d *reading) read(r *Rule) {
	if i := invalidUTF8(d.data); i >= 0 {
		d.report(i, "", "invalid UTF-8")
		return
	}
	if err := json.Unmarshal(d.data, new(json.RawMessage)); err != nil {
		off := len(d.data)
		if s := new(json.SyntaxError); errors.As(err, &s) {
			off = max(0, min(off, int(s.Offset)-1))
		}
		d.report(off, "", err.Error())
		return
	}
	d.at = map[string]int{}
	d.value(reflect.ValueOf(r).Elem(), "")
}

// report notes a problem at a byte of the file, once per path.
func (d *reading) report(off int, path, msg string) {
	if d.bad[path] {
		return
	}
	if d.bad == nil {
		d.bad = map[string]bool{}
	}
	d.bad[path] = true
	line := 1 + bytes.Count(d.data[:min(off, len(d.data))], []byte("\n"))
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
	off, ok := d.at[path]
	for p := path; !ok; off, ok = d.at[p] {
		p = parent(p)
	}
	d.report(off, path, msg)
}

// parent is the path of what holds a field: "editions[0].severity" is held by
// "editions[0]", that by "editions", that by "".
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

func child(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// value reads the JSON value at the cursor into dst, which is of one of the
// kinds the types in rule.go are made of. The text is known to be valid JSON.
func (d *reading) value(dst reflect.Value, path string) {
	d.space()
	start := d.pos
	d.at[path] = start
	if d.data[start] == 'n' {
		d.skip(path)
		d.report(start, path, "null says nothing; leave the field out")
		return
	}
	switch t := dst.Type(); {
	case reads(t):
		raw := d.skip(path)
		if t != reflect.TypeFor[json.RawMessage]() && raw[0] != '"' {
			d.report(start, path, "want a string, not "+kind(raw[0]))
			return
		}
		if err := json.Unmarshal(raw, dst.Addr().Interface()); err != nil {
			d.report(start, path, strings.TrimPrefix(err.Error(), "policy: "))
		}
	case t.Kind() == reflect.Pointer:
		p := reflect.New(t.Elem())
		d.value(p.Elem(), path)
		dst.Set(p)
	case t.Kind() == reflect.Struct:
		if !d.opens('{', "an object", path) {
			return
		}
		fields := fieldsOf(t)
		d.object(path, func(key string, off int) {
			i, ok := fields[key]
			if !ok {
				d.report(off, child(path, key), "unknown field")
				d.skip(child(path, key))
				return
			}
			d.value(dst.Field(i), child(path, key))
		})
	case t.Kind() == reflect.Map:
		if !d.opens('{', "an object", path) {
			return
		}
		dst.Set(reflect.MakeMap(t))
		d.object(path, func(key string, _ int) {
			v := reflect.New(t.Elem()).Elem()
			d.value(v, child(path, key))
			dst.SetMapIndex(reflect.ValueOf(key), v)
		})
	case t.Kind() == reflect.Slice:
		if !d.opens('[', "a list", path) {
			return
		}
		d.array(func(i int) {
			v := reflect.New(t.Elem()).Elem()
			d.value(v, fmt.Sprintf("%s[%d]", path, i))
			dst.Set(reflect.Append(dst, v))
		})
	case t.Kind() == reflect.Bool:
		raw := d.skip(path)
		if err := json.Unmarshal(raw, dst.Addr().Interface()); err != nil {
			d.report(start, path, "want true or false, not "+kind(raw[0]))
		}
	default: // a string; ID, Phase and Check are strings too
		raw := d.skip(path)
		if raw[0] != '"' {
			d.report(start, path, "want a string, not "+kind(raw[0]))
			return
		}
		s := unquote(raw)
		if strings.ContainsRune(s, utf8.RuneError) {
			d.report(start, path, "holds U+FFFD, the mark of broken text")
			return
		}
		dst.SetString(s)
	}
}

// reads reports whether a type reads itself.
func reads(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// fieldsOf maps the JSON names of a struct to its fields.
func fieldsOf(t reflect.Type) map[string]int {
	m := make(map[string]int, t.NumField())
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		m[name] = i
	}
	return m
}

// opens reports whether the value at the cursor starts with c, and passes over
// it with a problem when it does not.
func (d *reading) opens(c byte, want, path string) bool {
	if d.data[d.pos] == c {
		return true
	}
	start := d.pos
	d.report(start, path, "want "+want+", not "+kind(d.data[start]))
	d.skip(path)
	return false
}

// object walks the members of the object at the cursor; each must leave the
// cursor behind its value. A key that comes twice is reported and passed over.
func (d *reading) object(path string, member func(key string, off int)) {
	var seen []string
	d.pos++
	for d.space(); d.data[d.pos] != '}'; d.space() {
		off := d.pos
		key := unquote(d.skip(path))
		d.space()
		d.pos++ // the colon
		if slices.Contains(seen, key) {
			d.report(off, child(path, key), "stands there twice")
			d.skip(child(path, key))
		} else {
			seen = append(seen, key)
			member(key, off)
		}
		if d.space(); d.data[d.pos] == ',' {
			d.pos++
		}
	}
	d.pos++
}

// array walks the elements of the array at the cursor.
func (d *reading) array(element func(i int)) {
	d.pos++
	i := 0
	for d.space(); d.data[d.pos] != ']'; d.space() {
		element(i)
		i++
		if d.space(); d.data[d.pos] == ',' {
			d.pos++
		}
	}
	d.pos++
}

// skip passes over one value and returns its bytes. Keys that come twice are
// reported at any depth.
func (d *reading) skip(path string) []byte {
	d.space()
	start := d.pos
	switch d.data[d.pos] {
	case '{':
		d.object(path, func(key string, _ int) { d.skip(child(path, key)) })
	case '[':
		d.array(func(i int) { d.skip(fmt.Sprintf("%s[%d]", path, i)) })
	case '"':
		for d.pos++; d.data[d.pos] != '"'; d.pos++ {
			if d.data[d.pos] == '\\' {
				d.pos++
			}
		}
		d.pos++
	default:
		for d.pos < len(d.data) && !bytes.ContainsRune([]byte(" \t\r\n,]}"), rune(d.data[d.pos])) {
			d.pos++
		}
	}
	return d.data[start:d.pos]
}

func (d *reading) space() {
	for d.pos < len(d.data) && bytes.IndexByte([]byte(" \t\r\n"), d.data[d.pos]) >= 0 {
		d.pos++
	}
}

// unquote is the string a valid JSON string stands for.
func unquote(raw []byte) string {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return string(raw) // not reached: the whole file was valid JSON
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
func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}
