package jsondoc

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// What can be wrong with a text.
var (
	ErrSize      = errors.New("is too large")
	ErrSyntax    = errors.New("is no valid JSON")
	ErrDepth     = errors.New("nests too deep")
	ErrDuplicate = errors.New("stands twice in one object")
	ErrUTF8      = errors.New("is no valid UTF-8")
)

// maxDepth bounds how deep a text may nest before it is a fault. The deepest body
// Meta documents (a template carousel inside a standby echo) has about fifteen
// levels. What nests as deep as maxStack is no text at all, since reading it takes
// stack; encoding/json stops there too.
const (
	maxDepth = 64
	maxStack = 10_000
)

// An Error is why a text could not be parsed at all.
type Error struct {
	Line int // from 1
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: the text %v", e.Line, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// A Fault is something wrong with one value of a text that is JSON otherwise.
type Fault struct {
	offset uint32
	Err    error // ErrDuplicate, ErrUTF8 or ErrDepth
}

// A Doc is a parsed text.
type Doc struct {
	src    []byte
	nodes  []node
	faults []Fault // by offset
}

// A node is one value. Its children follow it; next skips over them.
type node struct {
	start, end       uint32 // of the value
	keyStart, keyEnd uint32 // of the member name, quotes included; 0, 0: no member
	next             uint32 // index of the next sibling, 0: none
	count            uint32 // of children
	kind             Kind
	plain            bool // of a string: what stands between the quotes is the string
	plainKey         bool
}

// Parse reads a text of at most limit bytes.
func Parse(src []byte, limit int) (*Doc, error) {
	if len(src) > limit {
		return nil, &Error{Line: 1, Err: ErrSize}
	}
	p := parser{src: src}
	p.nodes = make([]node, 0, len(src)/16+8)
	p.space()
	if err := p.value(0); err != nil {
		return nil, p.fail(err)
	}
	if p.space(); p.pos < len(src) {
		return nil, p.fail(ErrSyntax)
	}
	return &Doc{src: src, nodes: p.nodes, faults: p.faults}, nil
}

type parser struct {
	src    []byte
	pos    int
	nodes  []node
	faults []Fault
}

func (p *parser) fail(err error) error {
	return &Error{Line: 1 + bytes.Count(p.src[:min(p.pos, len(p.src))], []byte{'\n'}), Err: err}
}

func (p *parser) fault(at int, err error) {
	p.faults = append(p.faults, Fault{uint32(at), err})
}

func (p *parser) space() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\n', '\t', '\r':
			p.pos++
		default:
			return
		}
	}
}

// peek is the byte at the cursor, 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

// value reads the value at the cursor into a new node.
func (p *parser) value(depth int) error {
	switch depth {
	case maxDepth + 1:
		p.fault(p.pos, ErrDepth)
	case maxStack:
		return ErrDepth
	}
	me := len(p.nodes)
	p.nodes = append(p.nodes, node{start: uint32(p.pos)})
	var err error
	kind, plain := Absent, false
	switch c := p.peek(); {
	case c == '{':
		kind, err = Object, p.object(me, depth)
	case c == '[':
		kind, err = Array, p.array(me, depth)
	case c == '"':
		kind = String
		plain, err = p.str()
	case c == '-' || '0' <= c && c <= '9':
		kind, err = Number, p.number()
	case c == 't':
		kind, err = Bool, p.word("true")
	case c == 'f':
		kind, err = Bool, p.word("false")
	case c == 'n':
		kind, err = Null, p.word("null")
	default:
		err = ErrSyntax
	}
	n := &p.nodes[me]
	n.kind, n.plain, n.end = kind, plain, uint32(p.pos)
	return err
}

func (p *parser) word(w string) error {
	if !bytes.HasPrefix(p.src[p.pos:], []byte(w)) {
		return ErrSyntax
	}
	p.pos += len(w)
	return nil
}

// many is from how many members on an object's keys are kept in a map: below,
// comparing them one by one is faster; above, somebody may be trying us.
const many = 24

func (p *parser) object(me, depth int) error {
	var seen map[string]struct{}
	last := 0
	p.pos++
	p.space()
	if p.peek() == '}' {
		p.pos++
		return nil
	}
	for {
		if p.peek() != '"' {
			return ErrSyntax
		}
		keyStart := p.pos
		plain, err := p.str()
		if err != nil {
			return err
		}
		keyEnd := p.pos
		p.space()
		if p.peek() != ':' {
			return ErrSyntax
		}
		p.pos++
		p.space()
		child := len(p.nodes)
		if err := p.value(depth + 1); err != nil {
			return err
		}
		n := &p.nodes[child]
		n.keyStart, n.keyEnd, n.plainKey = uint32(keyStart), uint32(keyEnd), plain
		if p.twice(me, child, &seen) {
			// the fault comes after those inside the value: keep them in order
			p.insertFault(int(n.start), ErrDuplicate)
		}
		if last != 0 {
			p.nodes[last].next = uint32(child)
		}
		last = child
		p.nodes[me].count++
		p.space()
		switch p.peek() {
		case ',':
			p.pos++
			p.space()
		case '}':
			p.pos++
			return nil
		default:
			return ErrSyntax
		}
	}
}

// twice reports whether the key of a new child is already there.
func (p *parser) twice(me, child int, seen *map[string]struct{}) bool {
	d := Doc{src: p.src, nodes: p.nodes}
	if p.nodes[me].count < many {
		for i, k := me+1, uint32(0); k < p.nodes[me].count; i, k = int(p.nodes[i].next), k+1 {
			if d.sameKey(i, child) {
				return true
			}
			if p.nodes[i].next == 0 {
				break
			}
		}
		return false
	}
	if *seen == nil {
		*seen = make(map[string]struct{}, 2*many)
		for i, k := me+1, uint32(0); k < p.nodes[me].count; i, k = int(p.nodes[i].next), k+1 {
			(*seen)[d.key(i)] = struct{}{}
		}
	}
	key := d.key(child)
	_, twice := (*seen)[key]
	(*seen)[key] = struct{}{}
	return twice
}

func (p *parser) insertFault(at int, err error) {
	p.fault(at, err)
	for i := len(p.faults) - 1; i > 0 && p.faults[i-1].offset > p.faults[i].offset; i-- {
		p.faults[i-1], p.faults[i] = p.faults[i], p.faults[i-1]
	}
}

func (p *parser) array(me, depth int) error {
	last := 0
	p.pos++
	p.space()
	if p.peek() == ']' {
		p.pos++
		return nil
	}
	for {
		child := len(p.nodes)
		if err := p.value(depth + 1); err != nil {
			return err
		}
		if last != 0 {
			p.nodes[last].next = uint32(child)
		}
		last = child
		p.nodes[me].count++
		p.space()
		switch p.peek() {
		case ',':
			p.pos++
			p.space()
		case ']':
			p.pos++
			return nil
		default:
			return ErrSyntax
		}
	}
}

// str reads the string at the cursor; plain is false when it has escapes or
// broken UTF-8 in it.
func (p *parser) str() (plain bool, err error) {
	start := p.pos
	plain, ascii := true, true
	for p.pos++; p.pos < len(p.src); {
		switch c := p.src[p.pos]; {
		case c == '"':
			p.pos++
			if !ascii && !utf8.Valid(p.src[start:p.pos]) {
				p.fault(start, ErrUTF8)
				plain = false
			}
			return plain, nil
		case c == '\\':
			plain = false
			if err := p.escape(); err != nil {
				return false, err
			}
		case c < 0x20:
			return false, ErrSyntax
		default:
			if c >= utf8.RuneSelf {
				ascii = false
			}
			p.pos++
		}
	}
	return false, ErrSyntax
}

func (p *parser) escape() error {
	p.pos++
	switch p.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		p.pos++
		return nil
	case 'u':
		p.pos++
		for range 4 {
			if _, ok := hex(p.peek()); !ok {
				return ErrSyntax
			}
			p.pos++
		}
		return nil
	}
	return ErrSyntax
}

func hex(c byte) (rune, bool) {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0'), true
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}

func (p *parser) number() error {
	if p.peek() == '-' {
		p.pos++
	}
	if p.peek() == '0' {
		p.pos++
	} else if !p.digits() {
		return ErrSyntax
	}
	if p.peek() == '.' {
		p.pos++
		if !p.digits() {
			return ErrSyntax
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.pos++
		if c := p.peek(); c == '+' || c == '-' {
			p.pos++
		}
		if !p.digits() {
			return ErrSyntax
		}
	}
	return nil
}

func (p *parser) digits() bool {
	from := p.pos
	for c := p.peek(); '0' <= c && c <= '9'; c = p.peek() {
		p.pos++
	}
	return p.pos > from
}
