package text

import "slices"

// A vocabulary maps tokens to symbols. It is a trie over bytes in one array
// (a double array): the child of a node on byte c is the cell c behind the node's
// base, if that cell bears c as its label. No two nodes share a base. Nothing else keeps
// look-ups of unknown words this short, and most words are unknown.
type vocabulary struct {
	cells []cell // the root is cell 0, and the 255 behind it are free: a node with base 0 has no child
	ends  []end  // of the nodes at which a token ends; the first is of none
}

type cell struct {
	base uint32
	node uint32 // the label, whether a starred token ends here, and above that the place in ends; 0 is free
}

func (c cell) label() byte { return byte(c.node) }
func (c cell) end() uint32 { return c.node >> endShift }

const (
	starred  = 1 << 8
	endShift = 9
	maxEnds  = 1<<(32-endShift) - 1
)

// An end holds symbols: of a token that ends at a node, and of every token that
// goes on from there, when a starred token ends there. 0 is no symbol.
type end struct{ whole, prefix int32 }

// find is the symbol of a token; 0 for a token nobody asked about.
func (v *vocabulary) find(token []byte) int32 {
	cells := v.cells
	at, prefix := cells[0], int32(0)
	for _, c := range token {
		at = cells[at.base+uint32(c)]
		if at.node&(starred|0xFF) != uint32(c) { // the end of what is known, or of a starred token
			if byte(at.node) != c {
				return prefix
			}
			prefix = v.ends[at.node>>endShift].prefix
		}
	}
	if w := v.ends[at.node>>endShift].whole; w != 0 {
		return w
	}
	return prefix
}

// longest is the longest token that b begins with, and its symbol.
func (v *vocabulary) longest(b []byte) (n int, sym int32) {
	at := v.cells[0]
	for i, c := range b {
		at = v.cells[at.base+uint32(c)]
		if byte(at.node) != c {
			break
		}
		if e := v.ends[at.node>>endShift]; e.whole != 0 {
			n, sym = i+1, e.whole
		} else if e.prefix != 0 {
			n, sym = i+1, e.prefix
		}
	}
	return n, sym
}

// end is the end of a node, made when it has none.
func (v *vocabulary) end(node uint32) *end {
	c := &v.cells[node]
	if c.end() == 0 {
		c.node |= uint32(len(v.ends)) << endShift
		v.ends = append(v.ends, end{})
	}
	return &v.ends[c.end()]
}

// An entry is one token of the vocabulary while it is built.
type entry struct {
	word   string
	prefix bool // starred
	node   uint32
}

// lay builds the double array for entries, which are sorted by word and do not
// repeat but for the star, and notes each one's node.
func (v *vocabulary) lay(entries []entry) {
	free := uint32(256) // no free cell below this one
	var taken []uint64  // bases that are
	grow := func(n uint32) {
		for uint32(len(v.cells)) < n {
			v.cells = append(v.cells, cell{})
		}
		for len(taken)*64 < len(v.cells) {
			taken = append(taken, 0)
		}
	}
	grow(2 * 256)
	v.ends = make([]end, 1)
	type span struct {
		node        uint32
		lo, hi, len int
	}
	work := []span{{0, 0, len(entries), 0}} // depth first: the letters of one word lie close together
	var bytes []byte
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		bytes = bytes[:0]
		i := s.lo
		for ; i < s.hi && len(entries[i].word) == s.len; i++ {
			entries[i].node = s.node
		}
		first := i
		for ; i < s.hi; i++ {
			if c := entries[i].word[s.len]; len(bytes) == 0 || bytes[len(bytes)-1] != c {
				bytes = append(bytes, c)
			}
		}
		if len(bytes) == 0 {
			continue
		}
		for int(free) < len(v.cells) && v.cells[free].node != 0 {
			free++
		}
		base := free - uint32(bytes[0])
		tries := 0
	search:
		for ; ; base++ {
			if tries++; tries == 64 {
				free = base + uint32(bytes[0]) // what is free below is too scattered to be worth the search
			}
			grow(base + 256)
			if taken[base/64]>>(base%64)&1 != 0 {
				continue
			}
			for _, c := range bytes {
				if v.cells[base+uint32(c)].node != 0 {
					continue search
				}
			}
			break
		}
		taken[base/64] |= 1 << (base % 64)
		v.cells[s.node].base = base
		lo := first
		for _, c := range bytes {
			hi := lo
			for hi < s.hi && entries[hi].word[s.len] == c {
				hi++
			}
			t := base + uint32(c)
			v.cells[t].node = uint32(c)
			work = append(work, span{t, lo, hi, s.len + 1})
			lo = hi
		}
	}
	// Every node can be stepped from on any byte: the array reaches a whole
	// alphabet behind the last base.
	top := uint32(0)
	for _, c := range v.cells {
		top = max(top, c.base)
	}
	v.cells = slices.Clone(v.cells[:top+256])
}
