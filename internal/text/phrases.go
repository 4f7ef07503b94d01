package text

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of [Compile].
const (
	MaxPhrases = 1 << 20
	MaxWords   = 24 // tokens of one phrase

	maxForms = 4096 // ways one phrase can be matched, when starred words overlap others
)

// Phrases finds any number of phrases in a text in one pass. It never changes
// and is safe for concurrent use.
//
// Phrases are folded like the text they are looked for in. The time of [Phrases.Find]
// grows with the length of the text and the number of hits, and hardly with
// the number of phrases.
type Phrases struct {
	words vocabulary
	n     int // phrases

	// The automaton over symbols, after Aho and Corasick. State 0 is the
	// start; its steps are an array, those of the others one hash table.
	states []state // breadth first, siblings in order of symbol, and one more behind the last
	first  []int32 // by symbol
	steps  []int32 // states by parent and symbol, open addressing; 0 is free
	mask   uint32
	found  []ending // phrases that end in a state, one run a state
}

type state struct {
	from int32  // the state before it
	sym  int32  // the symbol that leads here from there
	fail int32  // the longest other state this one ends with; of a lower number
	run  uint32 // twice where its run in found begins; odd when a step leads on
}

// An ending is a phrase and how many tokens it has, which is how deep the state lies.
type ending uint32

func endingOf(phrase int32, depth int) ending { return ending(phrase)<<8 | ending(depth) }
func (e ending) phrase() int32                { return int32(e >> 8) }
func (e ending) size() int32                  { return int32(e & 0xFF) }

// endings are the phrases that end in a state.
func (p *Phrases) endings(s int32) []ending {
	return p.found[p.states[s].run>>1 : p.states[s+1].run>>1]
}

// A Hit is one phrase found: its number in the list it was compiled from, and
// the tokens it covers, from First up to but not including End.
type Hit struct {
	Phrase     int32
	First, End int32
	Hidden     bool // the text had to be read another way to see it
}

// ErrPhrase is the cause of every error of [Compile].
var ErrPhrase = errors.New("phrase cannot be matched")

// Compile makes an automaton of phrases. A phrase is written the plain way; a
// star at the end of a token, as in "hunting rifle*", lets the token go on. A
// phrase without any letter, digit or symbol is an error, and so is one beyond
// the limits; the error wraps [ErrPhrase] and names its place in the list. A
// phrase that stands twice is found twice.
func Compile(phrases []string) (*Phrases, error) { return CompileForms(phrases, nil) }

// CompileForms is Compile for phrases whose words are also written in other
// forms, with an article in front of them, say. forms lists the others of a
// folded word; nil is none. Starred words have no others.
func CompileForms(phrases []string, forms func(word string) []string) (*Phrases, error) {
	if len(phrases) > MaxPhrases {
		return nil, fmt.Errorf("text: %w: more than %d of them", ErrPhrase, MaxPhrases)
	}
	p := &Phrases{n: len(phrases)}
	split := make([][]int, len(phrases)) // each phrase as numbers of words
	var entries []entry
	number := make(map[entry]int, len(phrases))
	var b Buffer
	for i, ph := range phrases {
		b.Reset()
		b.Add(ph)
		ts := b.Tokens()
		if len(ts) == 0 || len(ts) > MaxWords {
			return nil, fmt.Errorf("text: phrase %d: %w: %d tokens, want 1 to %d", i, ErrPhrase, len(ts), MaxWords)
		}
		for _, t := range ts {
			e := entry{word: string(b.out[t.Start:t.End]), prefix: int(t.End) < len(b.out) && b.out[t.End] == '*'}
			n, ok := number[e]
			if !ok {
				n = len(entries)
				number[e] = n
				entries = append(entries, e)
			}
			split[i] = append(split[i], n)
		}
	}
	readings, err := p.words.number(entries, forms)
	if err != nil {
		return nil, err
	}
	if err := p.link(split, readings); err != nil {
		return nil, err
	}
	return p, nil
}

// number lays out the vocabulary and gives out symbols. Words that are readings
// of the same entries, such as the forms of one word, share a symbol; there is one
// more for all further tokens with a starred beginning. It returns, per entry, the
// symbols that are a reading of it.
func (v *vocabulary) number(entries []entry, forms func(word string) []string) ([][]int32, error) {
	type written struct {
		entry
		of int // what it is a reading of
	}
	all := make([]written, 0, len(entries))
	for i, e := range entries {
		all = append(all, written{e, i})
		if forms == nil || e.prefix {
			continue
		}
		for _, f := range forms(e.word) {
			all = append(all, written{entry{word: f}, i})
		}
	}
	slices.SortStableFunc(all, func(a, b written) int { return strings.Compare(a.word, b.word) })
	sorted := make([]entry, len(all))
	for k := range all {
		sorted[k] = all[k].entry
	}
	if len(sorted) > maxEnds {
		return nil, fmt.Errorf("text: %w: more than %d words in all", ErrPhrase, maxEnds)
	}
	v.lay(sorted)
	readings := make([][]int32, len(entries))
	symbols := map[string]int32{} // by what it is a reading of
	next := int32(1)
	give := func(of []int, shared bool) int32 {
		var name []byte
		if shared {
			for _, i := range of {
				name = binary.AppendUvarint(name, uint64(i))
			}
			if sym, ok := symbols[string(name)]; ok {
				return sym
			}
			symbols[string(name)] = next
		}
		for _, i := range of {
			readings[i] = append(readings[i], next)
		}
		next++
		return next - 1
	}
	var open, exact []int // open: starred entries that the word at hand begins with, shortest first
	for k := 0; k < len(sorted); {
		word, node := sorted[k].word, sorted[k].node
		open = slices.DeleteFunc(open, func(i int) bool { return !strings.HasPrefix(word, entries[i].word) })
		exact = exact[:0]
		starred := false
		for ; k < len(sorted) && sorted[k].word == word; k++ {
			if i := all[k].of; sorted[k].prefix {
				starred = true
				open = append(open, i)
			} else if !slices.Contains(exact, i) {
				exact = append(exact, i)
			}
		}
		if len(exact) > 0 {
			slices.Sort(exact)
			v.end(node).whole = give(append(exact, open...), forms != nil)
		}
		if starred {
			v.end(node).prefix = give(open, false)
		}
	}
	return readings, nil
}

// An edge is a step while the automaton is built.
type edge struct{ from, sym, to int32 }

// link builds the automaton over symbols.
func (p *Phrases) link(split [][]int, readings [][]int32) error {
	type key struct{ from, sym int32 }
	steps := make(map[key]int32, 2*len(split))
	var edges []edge       // of all states, each after its parent
	ends := [][]int32{nil} // phrases by the state they end in
	top := int32(0)
	forms := make([]int32, 0, 8)
	for i, words := range split {
		forms = append(forms[:0], 0)
		for _, w := range words {
			var next []int32
			if len(forms)*len(readings[w]) > maxForms {
				return fmt.Errorf("text: phrase %d: %w: starred tokens can be read in more than %d ways", i, ErrPhrase, maxForms)
			}
			for _, from := range forms {
				for _, sym := range readings[w] {
					top = max(top, sym)
					to, ok := steps[key{from, sym}]
					if !ok {
						to = int32(len(ends))
						steps[key{from, sym}] = to
						edges = append(edges, edge{from, sym, to})
						ends = append(ends, nil)
					}
					next = append(next, to)
				}
			}
			forms = append(forms[:0], next...)
		}
		for _, s := range forms {
			ends[s] = append(ends[s], int32(i))
		}
	}
	p.number(edges, ends, top)
	return nil
}

// number gives the states their final numbers, breadth first, and links them. The
// edges are those of a tree, top is the highest symbol.
func (p *Phrases) number(edges []edge, ends [][]int32, top int32) {
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.sym, b.sym)) })
	runs := make([]int32, len(ends)+1) // where the edges of each state begin
	for _, e := range edges {
		runs[e.from+1]++
	}
	for s := range ends {
		runs[s+1] += runs[s]
	}
	old := make([]int32, 1, len(ends)) // by new number
	p.states = make([]state, 1, len(ends)+1)
	depth, level := 0, 1 // states below level are no deeper than depth
	for s := 0; s < len(old); s++ {
		if s == level {
			depth, level = depth+1, len(old)
		}
		kids := edges[runs[old[s]]:runs[old[s]+1]]
		p.states[s].run = uint32(len(p.found)) << 1
		if len(kids) > 0 {
			p.states[s].run |= inner
		}
		for _, ph := range ends[old[s]] {
			p.found = append(p.found, endingOf(ph, depth))
		}
		for _, e := range kids {
			p.states = append(p.states, state{from: int32(s), sym: e.sym})
			old = append(old, e.to)
		}
	}
	p.states = append(p.states, state{run: uint32(len(p.found)) << 1})
	p.first = make([]int32, top+1)
	p.index()
	for s := range p.states[:len(p.states)-1] {
		if st := &p.states[s]; st.from != 0 {
			st.fail = p.step(p.states[st.from].fail, st.sym)
		}
	}
}

// index fills what finds a state by its parent and symbol.
func (p *Phrases) index() {
	s, end := int32(1), int32(len(p.states)-1)
	for ; s < end && p.states[s].from == 0; s++ {
		p.first[p.states[s].sym] = s
	}
	size := uint32(4)
	for size < 2*uint32(end-s) {
		size *= 2
	}
	p.mask = size - 1
	p.steps = make([]int32, size)
	for ; s < end; s++ {
		h := hash(p.states[s].from, p.states[s].sym) & p.mask
		for p.steps[h] != 0 {
			h = (h + 1) & p.mask
		}
		p.steps[h] = s
	}
}

func hash(from, sym int32) uint32 {
	h := (uint64(uint32(from))<<32 | uint64(uint32(sym))) * 0x9E3779B97F4A7C15
	return uint32(h >> 32)
}

// inner is the bit of a state's run that says that steps lead on from it.
const inner = 1

// step is where symbol sym leads from a state.
func (p *Phrases) step(s, sym int32) int32 {
	for s != 0 {
		st := &p.states[s]
		if st.run&inner != 0 {
			for h := hash(s, sym) & p.mask; p.steps[h] != 0; h = (h + 1) & p.mask {
				to := p.steps[h]
				if t := &p.states[to]; t.from == s && t.sym == sym {
					return to
				}
			}
		}
		s = st.fail
	}
	return p.first[sym]
}

// Find appends every occurrence of every phrase to hits, in the order in which
// they end, those that were written plainly before the hidden ones. A phrase
// does not run over the border of two parts. Find allocates only when hits or
// the buffer has to grow.
func (p *Phrases) Find(hits []Hit, b *Buffer) []Hit {
	ts := b.Tokens()
	out := b.out
	part, border := 0, b.PartEnd(0)
	s := int32(0)
	wideText := false
	for i := range ts {
		t := &ts[i]
		wideText = wideText || t.Kind == Word && out[t.Start] >= utf8.RuneSelf
		for int(t.Start) > border {
			part++
			border = b.PartEnd(part)
			s = 0
		}
		sym := p.words.find(out[t.Start:t.End])
		if sym == 0 {
			s = 0
			continue
		}
		s = p.step(s, sym)
		for h := s; h != 0; h = p.states[h].fail {
			for _, e := range p.endings(h) {
				hits = append(hits, Hit{Phrase: e.phrase(), First: int32(i+1) - e.size(), End: int32(i + 1)})
			}
		}
	}
	long := stretched(out) || wideText && stretchedWide(out)
	if long || len(b.odd) > 0 {
		hits = p.findHidden(hits, b, long)
	}
	return hits
}

// Len is the number of phrases.
func (p *Phrases) Len() int { return p.n }
