package text

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrStored is the cause of every error of [Read].
var ErrStored = errors.New("not stored phrases")

// Append appends phrases in a form that [Read] makes ready far faster than
// [Compile] compiles them. It is for lists that are compiled ahead of time, in the
// release that reads them: the form is not kept from one to the next.
//
//	number of phrases
//	cells     free ones too; each used one with its label, its base as the way from the last one
//	states    breadth first: how many follow, the symbol, what ends there
func (p *Phrases) Append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(p.n))
	dst = p.words.append(dst)
	dst = binary.AppendUvarint(dst, uint64(len(p.first)))
	dst = binary.AppendUvarint(dst, uint64(len(p.states)))
	dst = binary.AppendUvarint(dst, uint64(len(p.found)))
	kids := make([]uint32, len(p.states))
	for _, st := range p.states[1 : len(p.states)-1] {
		kids[st.from]++
	}
	last := int32(0)
	for s := range p.states[:len(p.states)-1] {
		st, ends := p.states[s], p.endings(int32(s))
		head := kids[s]<<3 | uint32(min(len(ends), manyEnd))
		if st.fail != p.shortest(&st) {
			head |= ownFail
		}
		dst = binary.AppendUvarint(dst, uint64(head))
		if s > 0 {
			sym := st.sym
			if before := p.states[s-1]; s > 1 && before.from == st.from {
				sym -= before.sym
			}
			dst = binary.AppendUvarint(dst, uint64(sym))
		}
		if head&ownFail != 0 {
			dst = binary.AppendUvarint(dst, uint64(st.fail))
		}
		if len(ends) >= manyEnd {
			dst = binary.AppendUvarint(dst, uint64(len(ends)))
		}
		for _, e := range ends {
			dst = binary.AppendVarint(dst, int64(e.phrase()-last))
			last = e.phrase()
		}
	}
	return dst
}

// The head of a stored state: how many phrases end there, whether it fails to
// another state than most do, and above that how many states follow.
const (
	manyEnd = 3 // so many or more; the number itself follows
	ownFail = 4
)

// shortest is where most states fail to: the one of their last symbol alone.
func (p *Phrases) shortest(st *state) int32 {
	if st.from == 0 {
		return 0
	}
	return p.first[st.sym]
}

func (v *vocabulary) append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(v.cells)))
	dst = binary.AppendUvarint(dst, uint64(len(v.ends)))
	last := int64(0)
	for i, c := range v.cells {
		if i > 0 {
			dst = append(dst, c.label())
			if c.node == 0 {
				continue
			}
		}
		e := v.ends[c.end()]
		head := uint64(0)
		if c.base != 0 {
			way := int64(c.base) - last
			head = (uint64(way<<1^way>>63) + 1) << 2
			last = int64(c.base)
		}
		if e.whole != 0 {
			head |= hasWhole
		}
		if e.prefix != 0 {
			head |= hasPrefix
		}
		dst = binary.AppendUvarint(dst, head)
		for _, sym := range []int32{e.whole, e.prefix} {
			if sym != 0 {
				dst = binary.AppendUvarint(dst, uint64(sym))
			}
		}
	}
	return dst
}

// The head of a stored cell.
const (
	hasWhole  = 1
	hasPrefix = 2
)

// Read makes phrases of what [Phrases.Append] appended, and returns the bytes
// behind them. Damaged bytes are an error that wraps [ErrStored], or phrases that
// find something else; they never make [Phrases.Find] panic or run on.
func Read(b []byte) (*Phrases, []byte, error) {
	r := &stored{b: b}
	p := &Phrases{n: r.count(MaxPhrases)}
	p.words.read(r)
	symbols := r.count(len(r.b) + 1)
	p.read(r, symbols)
	if r.bad {
		return nil, nil, fmt.Errorf("text: %w", ErrStored)
	}
	for _, e := range p.words.ends {
		if uint32(e.whole) >= uint32(symbols) || uint32(e.prefix) >= uint32(symbols) {
			return nil, nil, fmt.Errorf("text: %w: a symbol of no state", ErrStored)
		}
	}
	return p, r.b[r.at:], nil
}

func (v *vocabulary) read(r *stored) {
	cells, ends := r.count(len(r.b)+1), r.count(len(r.b)+1)
	if cells < 256 || ends > maxEnds {
		r.bad = true
	}
	if r.bad {
		return
	}
	v.cells = make([]cell, cells)
	v.ends = make([]end, 1, max(ends, 1))
	last := int64(0)
	for i := range v.cells {
		c := &v.cells[i]
		if i > 0 {
			label := r.byte()
			if label == 0 {
				continue
			}
			c.node = uint32(label)
		}
		head := r.uvarint()
		if way := head >> 2; way != 0 {
			way--
			last += int64(way>>1) ^ -int64(way&1)
			if last < 0 || last > int64(cells-256) {
				r.bad = true
				return
			}
			c.base = uint32(last)
		}
		if head&(hasWhole|hasPrefix) == 0 {
			continue
		}
		if len(v.ends) == cap(v.ends) {
			r.bad = true
			return
		}
		var e end
		if head&hasWhole != 0 {
			e.whole = int32(r.uvarint())
		}
		if head&hasPrefix != 0 {
			e.prefix = int32(r.uvarint())
		}
		c.node |= uint32(len(v.ends)) << labelBits
		v.ends = append(v.ends, e)
	}
}

func (p *Phrases) read(r *stored, symbols int) {
	states, found := r.count(len(r.b)+2), r.count(len(r.b)+1)
	if states < 2 || symbols < 1 || found > maxFound {
		r.bad = true
	}
	if r.bad {
		return
	}
	p.states = make([]state, states)
	p.found = make([]ending, 0, found)
	p.first = make([]int32, symbols)
	next, depth, level := 1, 0, 1 // states below level are no deeper than depth
	phrase := int64(0)
	for s := range p.states[:states-1] {
		if s == level {
			depth, level = depth+1, next
		}
		if s == next || depth > MaxWords {
			r.bad = true
			return
		}
		st := &p.states[s]
		head := r.uvarint()
		kids := int(head >> 3)
		if kids > states-1-next {
			r.bad = true
			return
		}
		st.run = uint32(len(p.found)) << 1
		if kids > 0 {
			st.run |= inner
		}
		for k := range p.states[next : next+kids] {
			p.states[next+k].from = int32(s)
		}
		next += kids
		if s > 0 {
			sym := int(r.uvarint())
			if before := &p.states[s-1]; s > 1 && before.from == st.from {
				sym += int(before.sym)
			}
			if sym >= symbols {
				r.bad = true
				return
			}
			st.sym = int32(sym)
			if st.from == 0 {
				p.first[sym] = int32(s)
			} else {
				st.fail = p.first[sym]
			}
		}
		if head&ownFail != 0 {
			st.fail = int32(r.uvarint())
		}
		if uint32(st.fail) >= uint32(max(s, 1)) {
			r.bad = true
			return
		}
		n := int(head & manyEnd)
		if n == manyEnd {
			n = int(r.uvarint())
		}
		if n > found-len(p.found) {
			r.bad = true
			return
		}
		for range n {
			way := r.uvarint()
			phrase += int64(way>>1) ^ -int64(way&1)
			if uint64(phrase) >= uint64(p.n) {
				r.bad = true
				return
			}
			p.found = append(p.found, endingOf(int32(phrase), depth))
		}
	}
	if next != states-1 {
		r.bad = true
		return
	}
	p.states[states-1].run = uint32(len(p.found)) << 1
	p.index()
}

// maxFound is how many endings a state can number.
const maxFound = 1<<31 - 1

// stored is bytes being read. They are bad once they end too early or say what
// cannot be.
type stored struct {
	b   []byte
	at  int
	bad bool
}

func (r *stored) byte() byte {
	if r.at < len(r.b) {
		r.at++
		return r.b[r.at-1]
	}
	r.bad = true
	return 0
}

// uvarint is a number below 1<<31.
func (r *stored) uvarint() uint32 {
	if r.at < len(r.b) && r.b[r.at] < 0x80 {
		r.at++
		return uint32(r.b[r.at-1])
	}
	return r.long()
}

func (r *stored) long() uint32 {
	v, n := binary.Uvarint(r.b[r.at:])
	if n <= 0 || v >= 1<<31 {
		r.bad = true
		return 0
	}
	r.at += n
	return uint32(v)
}

// count is a number of at most that many. What is counted has a byte at least, so
// that nothing is made room for that cannot follow.
func (r *stored) count(most int) int {
	n := int(r.uvarint())
	if n > most {
		r.bad = true
		return 0
	}
	return n
}
