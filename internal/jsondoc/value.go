package jsondoc

import (
	"bytes"
	"iter"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind is the sort of a value.
type Kind uint8

const (
	Absent Kind = iota // no such member
	Null
	Bool
	Number
	String
	Object
	Array
)

// A Value is one value of a document. The zero Value is absent; asking it for
// anything gives absent again, so a path can be walked without looking.
type Value struct {
	d *Doc
	i int
}

// Root is the whole text as a value.
func (d *Doc) Root() Value { return Value{d, 0} }

// Kind is the sort of the value.
func (v Value) Kind() Kind {
	if v.d == nil {
		return Absent
	}
	return v.node().kind
}

// None reports whether there is nothing: no member, or null.
func (v Value) None() bool { return v.Kind() <= Null }

func (v Value) node() *node { return &v.d.nodes[v.i] }

// Get is a member of an object, the first of its name.
func (v Value) Get(key string) Value {
	if v.Kind() != Object {
		return Value{}
	}
	n := v.node()
	for i, k := v.i+1, uint32(0); k < n.count; k++ {
		if v.d.keyIs(i, key) {
			return Value{v.d, i}
		}
		i = int(v.d.nodes[i].next)
	}
	return Value{}
}

// At walks a path of members.
func (v Value) At(keys ...string) Value {
	for _, k := range keys {
		v = v.Get(k)
	}
	return v
}

// Len is how many members or elements there are.
func (v Value) Len() int {
	if v.d == nil {
		return 0
	}
	return int(v.node().count)
}

// Members lists the members of an object; none of anything else.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.Kind() != Object {
			return
		}
		for i, k := v.i+1, v.Len(); k > 0; k-- {
			if !yield(v.d.key(i), Value{v.d, i}) {
				return
			}
			i = int(v.d.nodes[i].next)
		}
	}
}

// Elements lists the elements of an array; none of anything else.
func (v Value) Elements() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		if v.Kind() != Array {
			return
		}
		n := v.Len()
		for i, k := v.i+1, 0; k < n; k++ {
			if !yield(k, Value{v.d, i}) {
				return
			}
			i = int(v.d.nodes[i].next)
		}
	}
}

// Text is the string a value is; ok is false for anything else. What is broken
// UTF-8 or half a surrogate pair reads as U+FFFD.
func (v Value) Text() (s string, ok bool) {
	if v.Kind() != String {
		return "", false
	}
	n := v.node()
	return v.d.unquote(n.start, n.end, n.plain), true
}

// String is the string a value is, "" for anything else.
func (v Value) String() string { s, _ := v.Text(); return s }

// ID is an identifier: Meta writes them as strings and, in some webhooks, as
// whole numbers. Other values, and numbers no identifier looks like, give "".
func (v Value) ID() string {
	if v.Kind() == Number {
		raw := v.Raw()
		if len(raw) <= 20 && len(bytes.Trim(raw, "0123456789")) == 0 {
			return string(raw)
		}
		return ""
	}
	return v.String()
}

// Int is a whole number, written as one or as a string of digits.
func (v Value) Int() (int64, bool) {
	raw := v.Raw()
	switch v.Kind() {
	case Number:
	case String:
		raw = raw[1 : len(raw)-1]
	default:
		return 0, false
	}
	if len(raw) > 20 {
		return 0, false
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	return n, err == nil && raw[0] != '+'
}

// True reports whether the value is true.
func (v Value) True() bool { return v.Kind() == Bool && v.Raw()[0] == 't' }

// Raw is the value as it stands in the text.
func (v Value) Raw() []byte {
	if v.d == nil {
		return nil
	}
	n := v.node()
	return v.d.src[n.start:n.end:n.end]
}

// Line is the line a value stands on, from 1; 0 for an absent one.
func (v Value) Line() int {
	if v.d == nil {
		return 0
	}
	return 1 + bytes.Count(v.d.src[:v.node().start], []byte{'\n'})
}

// Fault is the first fault in the value; nil for none.
func (v Value) Fault() error {
	if i := v.fault(); i >= 0 {
		return v.d.faults[i].Err
	}
	return nil
}

func (v Value) fault() int {
	if v.d == nil || len(v.d.faults) == 0 {
		return -1
	}
	n := v.node()
	i := sort.Search(len(v.d.faults), func(i int) bool { return v.d.faults[i].offset >= n.start })
	if i < len(v.d.faults) && v.d.faults[i].offset < n.end {
		return i
	}
	return -1
}

// FaultAt is the value the first fault in v is about, and its path from v.
func (v Value) FaultAt() (Value, string) {
	i := v.fault()
	if i < 0 {
		return Value{}, ""
	}
	off := v.d.faults[i].offset
	var b strings.Builder
	for {
		at, child := -1, v.i+1
		for k := 0; k < v.Len(); k++ {
			n := &v.d.nodes[child]
			if n.first() <= off && off < n.end {
				at = k
				break
			}
			child = int(n.next)
		}
		if at < 0 {
			return v, b.String()
		}
		if v.Kind() == Array {
			b.WriteString("[" + strconv.Itoa(at) + "]")
		} else {
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(Name(v.d.key(child)))
		}
		v = Value{v.d, child}
		if v.node().start >= off { // of the value itself, or of its key
			return v, b.String()
		}
	}
}

// first is where a value begins, its member name included.
func (n *node) first() uint32 {
	if n.keyEnd > 0 {
		return n.keyStart
	}
	return n.start
}

// Name is a key or a word from outside as errors may show it: a short plain
// word, or "(member)". Anything may stand in a key, also what must not be logged.
func Name(key string) string {
	if !Plain(key) {
		return "(member)"
	}
	return key
}

// Plain reports whether a word looks like one of a wire format: letters and
// underscores, the first no capital, not long.
func Plain(word string) bool {
	if word == "" || len(word) > 48 || 'A' <= word[0] && word[0] <= 'Z' {
		return false
	}
	for i := range len(word) {
		if c := word[i]; c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

func (d *Doc) key(i int) string {
	n := &d.nodes[i]
	return d.unquote(n.keyStart, n.keyEnd, n.plainKey)
}

func (d *Doc) keyIs(i int, key string) bool {
	n := &d.nodes[i]
	if n.plainKey {
		return string(d.src[n.keyStart+1:n.keyEnd-1]) == key
	}
	return d.key(i) == key
}

func (d *Doc) sameKey(i, j int) bool {
	a, b := &d.nodes[i], &d.nodes[j]
	if a.plainKey && b.plainKey {
		return bytes.Equal(d.src[a.keyStart:a.keyEnd], d.src[b.keyStart:b.keyEnd])
	}
	return d.key(i) == d.key(j)
}

func (d *Doc) unquote(start, end uint32, plain bool) string {
	raw := d.src[start+1 : end-1]
	if plain {
		return string(raw)
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		c := raw[i]
		if c != '\\' {
			if c < utf8.RuneSelf {
				out = append(out, c)
				i++
				continue
			}
			r, n := utf8.DecodeRune(raw[i:])
			out = utf8.AppendRune(out, r)
			i += n
			continue
		}
		i++
		switch raw[i] {
		case 'u':
			r := unit(raw[i+1:])
			i += 5
			if utf16.IsSurrogate(r) {
				if i+6 <= len(raw) && raw[i] == '\\' && raw[i+1] == 'u' {
					if both := utf16.DecodeRune(r, unit(raw[i+2:])); both != utf8.RuneError {
						out = utf8.AppendRune(out, both)
						i += 6
						continue
					}
				}
				r = utf8.RuneError
			}
			out = utf8.AppendRune(out, r)
			continue
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		default:
			c = raw[i]
		}
		out = append(out, c)
		i++
	}
	return string(out)
}

// unit is the UTF-16 code unit of four hex digits.
func unit(b []byte) (r rune) {
	for _, c := range b[:4] {
		h, _ := hex(c)
		r = r<<4 | h
	}
	return r
}
