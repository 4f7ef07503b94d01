package text

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// ErrStored is the cause of every error of [Read].
var ErrStored = errors.New("not stored phrases")

// Append appends phrases in a form that [Read] makes ready far faster than
// [Compile] compiles them. It is for lists that are compiled ahead of time, in the
// release that reads them: the form is not kept from one to the next.
//
//	number of phrases
//	cells     how many bytes they take; then all, free ones too: each used one with its label, its base as the way from the last one
//	states    breadth first: how many follow, the symbol, what ends there
func (p *Phrases) Append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(p.n))
	words := p.words.append(nil)
	dst = append(binary.AppendUvarint(dst, uint64(len(words))), words...)
	dst = binary.AppendUvarint(dst, uint64(len(p.first)))
	dst = binary.AppendUvarint(dst, uint64(len(p.states)))
	dst = binary.AppendUvarint(dst, uint64(len(p.found)))
	last, before := int32(0), 0
	for s := range p.states[:len(p.states)-1] {
		st, ends := p.states[s], p.endings(int32(s))
		before = p.before(s, before)
		head := (p.states[s+1].next-st.next)<<3 | uint32(min(len(ends), manyEnd))
		if st.fail != p.shortest(&st, before) {
			head |= ownFail
		}
		dst = binary.AppendUvarint(dst, uint64(head))
		if s > 0 {
			sym := st.sym
			if s > int(p.states[before].next) {
				sym -= p.states[s-1].sym // that of a sibling
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
func (p *Phrases) shortest(st *state, before int) int32 {
	if before == 0 {
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
	words := &stored{b: r.take(r.count(len(r.b)))}
	read := make(chan struct{})
	go func() { // both take about as long
		p.words.read(words)
		close(read)
	}()
	symbols := r.count(len(r.b) + 1)
	p.read(r, symbols)
	if <-read; r.bad || words.bad || words.at < len(words.b) {
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
	if cells < 256 || ends < 1 || ends > maxEnds {
		r.bad = true
	}
	if r.bad {
		return
	}
	v.cells = make([]cell, cells)
	v.ends = make([]end, ends)
	b, at := r.b, r.at
	last, n := int32(0), uint32(0)
	for i := range v.cells {
		c := &v.cells[i]
		if i > 0 {
			if at >= len(b) {
				r.bad = true
				return
			}
			label := b[at]
			if at++; label == 0 {
				continue
			}
			c.node = uint32(label)
		}
		var head uint32
		if at < len(b) && b[at] < 0x80 { // as nearly all are
			head, at = uint32(b[at]), at+1
		} else {
			head, at = uvarint(b, at)
		}
		if way := head >> 2; way != 0 {
			way--
			last += int32(way>>1) ^ -int32(way&1)
			if last < 0 || int(last) > cells-256 {
				r.bad = true
				return
			}
			c.base = uint32(last)
		}
		if head&(hasWhole|hasPrefix) == 0 {
			continue
		}
		if n++; int(n) >= ends {
			r.bad = true
			return
		}
		e := &v.ends[n]
		var sym uint32
		if head&hasWhole != 0 {
			sym, at = uvarint(b, at)
			e.whole = int32(sym)
		}
		if head&hasPrefix != 0 {
			sym, at = uvarint(b, at)
			e.prefix = int32(sym)
			c.node |= starred
		}
		c.node |= n << endShift
	}
	r.reach(at)
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
	p.found = make([]ending, found)
	p.first = make([]int32, symbols)
	all := p.states[:states-1]
	next, depth, level := 1, int32(0), 1 // states below level are no deeper than depth
	before := 0
	phrase, n := int32(0), 0
	b, at := r.b, r.at
	for s := range all {
		if s == level {
			depth, level = depth+1, next
		}
		st := &all[s]
		var head, v uint32
		if at < len(b) && b[at] < 0x80 { // as nearly all are
			head, at = uint32(b[at]), at+1
		} else {
			head, at = uvarint(b, at)
		}
		kids := int(head >> 3)
		if s == next || depth > MaxWords || kids > len(all)-next {
			r.bad = true
			return
		}
		st.run, st.next = uint32(n), uint32(next)
		next += kids
		if s > 0 {
			v, at = uvarint(b, at)
			if before = p.before(s, before); s > int(all[before].next) {
				v += uint32(all[s-1].sym) // that of a sibling
			}
			if v >= uint32(symbols) {
				r.bad = true
				return
			}
			st.sym = int32(v)
			if before == 0 {
				p.first[v] = int32(s)
			} else {
				st.fail = p.first[v]
			}
		}
		if head&ownFail != 0 {
			v, at = uvarint(b, at)
			st.fail = int32(v)
		}
		if st.fail >= int32(max(s, 1)) {
			r.bad = true
			return
		}
		k := head & manyEnd
		if k == manyEnd {
			k, at = uvarint(b, at)
		}
		if int(k) > found-n {
			r.bad = true
			return
		}
		for range k {
			v, at = uvarint(b, at)
			phrase += int32(v>>1) ^ -int32(v&1)
			if uint32(phrase) >= uint32(p.n) {
				r.bad = true
				return
			}
			p.found[n] = endingOf(phrase, int(depth))
			n++
		}
	}
	r.reach(at)
	if next != len(all) || n != found {
		r.bad = true
		return
	}
	p.states[states-1] = state{run: uint32(n), next: uint32(next)}
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

// reach goes on at a place, which lies behind the end where the bytes ran out.
func (r *stored) reach(at int) {
	if r.at = at; at > len(r.b) {
		r.at, r.bad = len(r.b), true
	}
}

// take are the next n bytes.
func (r *stored) take(n int) []byte {
	at := r.at
	if r.reach(at + n); r.bad {
		return nil
	}
	return r.b[at:r.at]
}

// count is a number of at most that many. What is counted has a byte at least, so
// that nothing is made room for that cannot follow.
func (r *stored) count(most int) int {
	n, at := uvarint(r.b, r.at)
	if r.reach(at); int(n) > most {
		r.bad = true
		return 0
	}
	return int(n)
}

// uvarint is the number below 1<<31 that stands at a place, and the place behind it:
// behind the end of b where there is none. Up to four bytes are read at once, without
// a guess how many they are.
func uvarint(b []byte, at int) (uint32, int) {
	if at+4 > len(b) {
		return uvarintSlow(b, at)
	}
	w := binary.LittleEndian.Uint32(b[at:])
	last := ^w & 0x80808080
	if last == 0 {
		return uvarintSlow(b, at)
	}
	w &= last ^ (last - 1) // what stands up to the first byte without a high bit
	return w&0x7F | w>>1&(0x7F<<7) | w>>2&(0x7F<<14) | w>>3&(0x7F<<21), at + 1 + bits.TrailingZeros32(last)/8
}

func uvarintSlow(b []byte, at int) (uint32, int) {
	if at < len(b) {
		if v, n := binary.Uvarint(b[at:]); n > 0 && v < 1<<31 {
			return uint32(v), at + n
		}
	}
	return 0, len(b) + 1
}
