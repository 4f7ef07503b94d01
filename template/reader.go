package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxSize is the largest JSON text [ParseDefinition] and [ParseFilled] read,
// and the longest text [Render] makes, in bytes. A template is a few thousand
// bytes; the limit is there so that nothing from outside can take memory at will.
const MaxSize = 256 << 10

// maxDepth bounds how deep JSON may nest. The deepest form Meta prints (a
// carousel's button parameters) has nine levels.
const maxDepth = 64

// maxEntries bounds the components, buttons, cards and parameters in one list.
// Meta allows ten of most; a body of 1,024 characters has room for 204 values.
const maxEntries = 256

// What can be wrong with a JSON text; see [Error].
var (
	ErrSize      = fmt.Errorf("is larger than %d bytes", MaxSize)
	ErrSyntax    = errors.New("is no valid JSON")
	ErrDuplicate = errors.New("stands twice in one object")
	ErrType      = errors.New("has the wrong type")
	ErrMissing   = errors.New("is missing")
	ErrRange     = errors.New("is out of range")
	ErrDepth     = fmt.Errorf("nests deeper than %d levels", maxDepth)
)

// An Error is a fault in a JSON text: the line, the field and what is wrong
// there. It never carries the text itself.
type Error struct {
	Line  int    // from 1
	Field string // "components[1].buttons[0].type"; empty: the text as a whole
	Err   error  // one of the errors above, perhaps with a word more
}

func (e *Error) Error() string {
	field := e.Field
	if field == "" {
		field = "the text"
	}
	return fmt.Sprintf("template: line %d: %s %v", e.Line, field, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// A reader walks one JSON text. Values are handed about as slices of src: the
// place of a slice in src follows from its capacity.
type reader struct{ src []byte }

// read checks the text as a whole and returns it as one value.
func read(b []byte) (*reader, []byte, error) {
	r := &reader{src: b}
	switch {
	case len(b) > MaxSize:
		return nil, nil, &Error{Line: 1, Err: ErrSize}
	case !utf8.Valid(b):
		return nil, nil, &Error{Line: 1, Err: fmt.Errorf("%w: not UTF-8", ErrSyntax)}
	case !json.Valid(b):
		e := &Error{Line: 1, Err: ErrSyntax}
		var syntax *json.SyntaxError
		var any json.RawMessage
		if errors.As(json.Unmarshal(b, &any), &syntax) {
			e.Line = 1 + bytes.Count(b[:min(int(syntax.Offset), len(b))], []byte{'\n'})
		}
		return nil, nil, e
	}
	i := space(b, 0)
	return r, b[i:value(b, i)], nil
}

func (r *reader) fault(at []byte, err error) error {
	offset := max(0, min(cap(r.src)-cap(at), len(r.src)))
	return &Error{Line: 1 + bytes.Count(r.src[:offset], []byte{'\n'}), Err: err}
}

// in puts a member name or an index before the field of an error.
func in(step string, err error) error {
	var e *Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	if e.Field != "" && e.Field[0] != '[' {
		step += "."
	}
	e.Field = step + e.Field
	return err
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// members calls fn for every member of an object.
func (r *reader) members(raw []byte, fn func(key string, v []byte) error) error {
	if raw[0] != '{' {
		return r.fault(raw, fmt.Errorf("%w: want an object", ErrType))
	}
	var few [16]string
	seen := few[:0]
	var many map[string]bool // for objects a person would not write
	for i := space(raw, 1); raw[i] != '}'; {
		end := value(raw, i)
		name := raw[i:end]
		key := unquote(name)
		i = space(raw, end) // :
		i = space(raw, i+1) // value
		end = value(raw, i)
		switch {
		case many != nil:
			if many[key] {
				return in(nameOf(key), r.fault(name, ErrDuplicate))
			}
			many[key] = true
		case contains(seen, key):
			return in(nameOf(key), r.fault(name, ErrDuplicate))
		case len(seen) == cap(seen):
			many = map[string]bool{key: true}
			for _, k := range seen {
				many[k] = true
			}
		default:
			seen = append(seen, key)
		}
		if err := fn(key, raw[i:end]); err != nil {
			return in(nameOf(key), err)
		}
		i = space(raw, end)
		if raw[i] == ',' {
			i = space(raw, i+1)
		}
	}
	return nil
}

// elements calls fn for every element of an array.
func (r *reader) elements(raw []byte, fn func(i int, v []byte) error) error {
	if raw[0] != '[' {
		return r.fault(raw, fmt.Errorf("%w: want an array", ErrType))
	}
	n := 0
	for i := space(raw, 1); raw[i] != ']'; n++ {
		end := value(raw, i)
		if err := fn(n, raw[i:end]); err != nil {
			return in(index(n), err)
		}
		i = space(raw, end)
		if raw[i] == ',' {
			i = space(raw, i+1)
		}
	}
	return nil
}

// entries is elements for lists that are short in every sound text.
func (r *reader) entries(raw []byte, fn func(v []byte) error) error {
	return r.elements(raw, func(i int, v []byte) error {
		if i == maxEntries {
			return r.fault(v, fmt.Errorf("%w: want at most %d", ErrRange, maxEntries))
		}
		return fn(v)
	})
}

// sound looks for duplicate keys and undue depth in a value that is kept raw.
func (r *reader) sound(raw []byte, depth int) error {
	if depth > maxDepth {
		return r.fault(raw, ErrDepth)
	}
	switch raw[0] {
	case '{':
		return r.members(raw, func(_ string, v []byte) error { return r.sound(v, depth+1) })
	case '[':
		return r.elements(raw, func(_ int, v []byte) error { return r.sound(v, depth+1) })
	}
	return nil
}

// keep checks a value and puts a copy of it, without its spacing, into extra.
func (r *reader) keep(extra *map[string]json.RawMessage, key string, raw []byte) error {
	if err := r.sound(raw, 1); err != nil {
		return err
	}
	if *extra == nil {
		*extra = map[string]json.RawMessage{}
	}
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return r.fault(raw, ErrSyntax)
	}
	(*extra)[key] = b.Bytes()
	return nil
}

// fields reads an object member by member. A member that take did not take,
// because it does not know it or because its value says nothing, goes to extra.
func (r *reader) fields(raw []byte, extra *map[string]json.RawMessage, take func(key string, v []byte) (bool, error)) error {
	return r.members(raw, func(key string, v []byte) error {
		if !null(v) {
			if took, err := take(key, v); took || err != nil {
				return err
			}
		}
		return r.keep(extra, key, v)
	})
}

// text reads a string; took is false for an empty one.
func (r *reader) text(raw []byte, into *string) (took bool, err error) {
	if raw[0] != '"' {
		return false, r.fault(raw, fmt.Errorf("%w: want a string", ErrType))
	}
	*into = unquote(raw)
	return *into != "", nil
}

// upper and lower read a word of one of Meta's enumerations, which are written
// in either case.
func (r *reader) upper(raw []byte, into *string) (bool, error) {
	took, err := r.text(raw, into)
	*into = strings.ToUpper(*into)
	return took, err
}

func (r *reader) lower(raw []byte, into *string) (bool, error) {
	took, err := r.text(raw, into)
	*into = strings.ToLower(*into)
	return took, err
}

// id reads an identifier: a string in the API, an integer in webhooks.
func (r *reader) id(raw []byte, into *string) (bool, error) {
	if '0' <= raw[0] && raw[0] <= '9' && len(raw) <= 20 && bytes.IndexFunc(raw, notDigit) < 0 {
		*into = string(raw)
		return true, nil
	}
	return r.text(raw, into)
}

// number reads an integer, written as one or, where Meta allows it, as a string.
func (r *reader) number(raw []byte, quoted bool) (int64, error) {
	s := string(raw)
	if quoted && raw[0] == '"' {
		s = unquote(raw)
	} else if raw[0] != '-' && notDigit(rune(raw[0])) {
		return 0, r.fault(raw, fmt.Errorf("%w: want a whole number", ErrType))
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, r.fault(raw, fmt.Errorf("%w: want a whole number", ErrType))
	}
	return n, nil
}

func notDigit(c rune) bool { return c < '0' || c > '9' }

func null(raw []byte) bool { return raw[0] == 'n' }

func contains(keys []string, key string) bool {
	for _, k := range keys {
		if k == key {
			return true
		}
	}
	return false
}

// nameOf is a key as errors may show it: a short plain word, or that it is none.
// Keys come from outside and could carry anything.
func nameOf(key string) string {
	if len(key) == 0 || len(key) > 48 {
		return "(member)"
	}
	for _, c := range []byte(key) {
		if c != '_' && (c < 'a' || c > 'z') {
			return "(member)"
		}
	}
	return key
}

func unquote(raw []byte) string {
	inner := raw[1 : len(raw)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	var s string
	_ = json.Unmarshal(raw, &s) // the text was valid as a whole
	return s
}

// space returns the first index at or after i that is no white space.
func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// value returns the end of the value that begins at i. The text is valid.
func value(b []byte, i int) int {
	switch b[i] {
	case '"':
		for i++; b[i] != '"'; i++ {
			if b[i] == '\\' {
				i++
			}
		}
		return i + 1
	case '{', '[':
		depth := 0
		for ; ; i++ {
			switch b[i] {
			case '"':
				i = value(b, i) - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
	}
	for i < len(b) && !bytes.ContainsRune([]byte(",]} \n\t\r"), rune(b[i])) {
		i++
	}
	return i
}
