package text

import "slices"

// A vocabulary maps tokens to symbols. It is a trie over bytes in one array
// (a double array): the child of node s on byte c is cells[s].base + c, if that
// cell names s as its parent. Nothing else keeps look-ups of unknown words this
// short, and most words are unknown.
type vocabulary struct {
	cells []cell
	// symbols of a node: of a token that ends there, and of every token that
	// goes on from there, when a starred token ends there. 0 is no symbol.
	ends []nodeSymbols
}

type cell struct {
	base, parent int32
}

type nodeSymbols struct{ whole, prefix int32 }

// find is the symbol of a token; 0 for a token nobody asked about.
func (v *vocabulary) find(token []byte) int32 {
	s, prefix := int32(0), int32(0)
	for _, c := range token {
		t := v.cells[s].base + int32(c)
		if v.cells[t].parent != s+1 {
			return prefix
		}
		s = t
		if p := v.ends[s].prefix; p != 0 {
			prefix = p
		}
	}
	if w := v.ends[s].whole; w != 0 {
		return w
	}
	return prefix
}

// longest is the longest token that b begins with, and its symbol.
func (v *vocabulary) longest(b []byte) (n int, sym int32) {
	s := int32(0)
	for i, c := range b {
		t := v.cells[s].base + int32(c)
		if v.cells[t].parent != s+1 {
			break
		}
		s = t
		if e := v.ends[s]; e.whole != 0 {
			n, sym = i+1, e.whole
		} else if e.prefix != 0 {
			n, sym = i+1, e.prefix
		}
	}
	return n, sym
}

// An entry is one token of the vocabulary while it is built.
type entry struct {
	word   string
	prefix bool // starred
	node   int32
}

// lay builds the double array for entries, which are sorted by word and do not
// repeat but for the star, and notes each one's node.
func (v *vocabulary) lay(entries []entry) {
	free := int32(1) // no free cell below this one
	grow := func(n int32) {
		for int32(len(v.cells)) < n {
			v.cells = append(v.cells, cell{})
		}
	}
	grow(257)
	type span struct {
		node        int32
		lo, hi, len int
	}
	work := []span{{0, 0, len(entries), 0}}
	var bytes []byte
	for len(work) > 0 {
		s := work[0]
		work = work[1:]
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
		for int(free) < len(v.cells) && v.cells[free].parent != 0 {
			free++
		}
		base := max(free-int32(bytes[0]), 0)
		tries := 0
	search:
		for ; ; base++ {
			if tries++; tries == 64 {
				free = base + int32(bytes[0]) // what is free below is too scattered to be worth the search
			}
			grow(base + 257)
			for _, c := range bytes {
				if t := base + int32(c); t == 0 || v.cells[t].parent != 0 {
					continue search
				}
			}
			break
		}
		v.cells[s.node].base = base
		lo := first
		for _, c := range bytes {
			hi := lo
			for hi < s.hi && entries[hi].word[s.len] == c {
				hi++
			}
			t := base + int32(c)
			v.cells[t].parent = s.node + 1
			work = append(work, span{t, lo, hi, s.len + 1})
			lo = hi
		}
	}
	// Every node can be stepped from on any byte without a bounds check in mind.
	top := int32(0)
	for _, c := range v.cells {
		top = max(top, c.base)
	}
	grow(top + 256)
	v.cells = slices.Clip(v.cells)
	v.ends = make([]nodeSymbols, len(v.cells))
}
