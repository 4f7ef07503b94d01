package text

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Limits of [Compile].
const (
	MaxPhrases = 1 << 20
	MaxWords   = 24 // tokens of one phrase

	maxForms = 4096 // ways one phrase can be matched, when starred words overlap others
)

// Phrases finds any number of phrases in a text in one pass. But for [Phrases.Weigh] it
// never changes and is safe for concurrent use.
//
// Phrases are folded like the text they are looked for in. The time of [Phrases.Find]
// grows with the length of the text and the number of hits, and hardly with
// the number of phrases.
type Phrases struct {
	words vocabulary
	n     int // phrases

	// The automaton over symbols, after Aho and Corasick. State 0 is the
	// start; its steps are an array, those of a state that many follow a hash table.
	states []state  // breadth first, siblings in order of symbol, and one more behind the last
	first  []int32  // by symbol
	steps  []int32  // two places for each state: there one of its siblings is found by symbol; 0 is free
	found  []ending // phrases that end in a state, one run a state
	pairs  pairs

	weigh func(word []byte) int32
	memos sync.Pool // of *Memo[known], of words
}

// A known is what is known of a word by itself.
type known struct {
	sym      int32 // or, negative, that of the word it may stand for; see [Phrases.guise]
	weight   int32
	from, to uint32 // the phrases that it alone is, in found; of a word without a symbol, to is the cell where it ends, if longer ones go on there
}

// Weigh has [Phrases.Find] work out a weight of each word along with its phrases; see
// [Buffer.Weight]. While it is called nothing else is.
func (p *Phrases) Weigh(weight func(word []byte) int32) { p.weigh, p.memos = weight, sync.Pool{} }

// Weight is that of a token, once phrases that weigh words have been looked for.
func (b *Buffer) Weight(token int) int32 { return b.known[token].weight }

type state struct {
	sym  int32  // the symbol that leads here from the state before
	fail int32  // the longest other state this one ends with; of a lower number
	run  uint32 // where its run in found begins
	next uint32 // where the states begin that follow it
}

// few is how many states that follow one are looked through, and not looked up.
const few = 8

// An ending is a phrase and how many tokens it has, which is how deep the state lies.
type ending uint32

func endingOf(phrase int32, depth int) ending { return ending(phrase)<<8 | ending(depth) }
func (e ending) phrase() int32                { return int32(e >> 8) }
func (e ending) size() int32                  { return int32(e & 0xFF) }

// endings are the phrases that end in a state.
func (p *Phrases) endings(s int32) []ending {
	return p.found[p.states[s].run:p.states[s+1].run]
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

// PhraseIn says why [Compile] would not take what a buffer holds, in an error that
// wraps [ErrPhrase] and has no words of it; nil is that it would, in a list within its limits.
func PhraseIn(b *Buffer) error {
	ts := b.Tokens()
	if len(ts) == 0 || len(ts) > MaxWords {
		return fmt.Errorf("%w: %d words, want 1 to %d", ErrPhrase, len(ts), MaxWords)
	}
	stars := bytes.Count(b.out, []byte("*"))
	for _, t := range ts {
		if int(t.End) < len(b.out) && b.out[t.End] == '*' {
			stars--
		}
	}
	if stars != 0 {
		return fmt.Errorf("%w: a star that ends no word", ErrPhrase)
	}
	return nil
}

// Compile makes an automaton of phrases. A phrase is written the plain way; a
// star at the end of a token, as in "hunting rifle*", lets the token go on. A star
// elsewhere is an error, and so is a phrase without any letter, digit or symbol, and
// one beyond the limits; the error wraps [ErrPhrase] and names its place in the list. A
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
	split := make([]int32, 0, 3*len(phrases)) // the phrases as numbers of words, one behind the other
	ends := make([]int32, len(phrases))       // where in split each ends
	var entries []entry
	number := make(map[string]int32, len(phrases)) // by word, with its star
	var b Buffer
	for i, ph := range phrases {
		b.Reset()
		b.Add(ph)
		if err := PhraseIn(&b); err != nil {
			return nil, fmt.Errorf("text: phrase %d: %w", i, err)
		}
		for _, t := range b.Tokens() {
			end, prefix := t.End, int(t.End) < len(b.out) && b.out[t.End] == '*'
			if prefix {
				end++
			}
			n, ok := number[string(b.out[t.Start:end])]
			if !ok {
				n = int32(len(entries))
				word := string(b.out[t.Start:end])
				number[word] = n
				entries = append(entries, entry{word: word[:t.End-t.Start], prefix: prefix})
			}
			split = append(split, n)
		}
		ends[i] = int32(len(split))
	}
	readings, err := p.words.number(entries, forms)
	if err != nil {
		return nil, err
	}
	if err := p.link(split, ends, readings); err != nil {
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
		of  int // what it is a reading of
		seq int
	}
	all := make([]written, 0, len(entries))
	for i, e := range entries {
		all = append(all, written{e, i, len(all)})
		if forms == nil || e.prefix {
			continue
		}
		for _, f := range forms(e.word) {
			all = append(all, written{entry{word: f}, i, len(all)})
		}
	}
	slices.SortFunc(all, func(a, b written) int {
		if c := strings.Compare(a.word, b.word); c != 0 {
			return c
		}
		return a.seq - b.seq
	})
	sorted := make([]entry, len(all))
	for k := range all {
		sorted[k] = all[k].entry
	}
	if len(sorted) > maxEnds {
		return nil, fmt.Errorf("text: %w: more than %d words in all", ErrPhrase, maxEnds)
	}
	v.lay(sorted)
	readings := make([][]int32, len(entries))
	symbols := map[string]int32{}         // by what it is a reading of
	single := make([]int32, len(entries)) // the same where that is one entry
	next := int32(1)
	var name []byte
	give := func(of []int, shared bool) int32 {
		switch {
		case shared && len(of) == 1:
			if sym := single[of[0]]; sym != 0 {
				return sym
			}
			single[of[0]] = next
		case shared:
			name = name[:0]
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
		stars := false
		for ; k < len(sorted) && sorted[k].word == word; k++ {
			if i := all[k].of; sorted[k].prefix {
				stars = true
				open = append(open, i)
			} else if !slices.Contains(exact, i) {
				exact = append(exact, i)
			}
		}
		if len(exact) > 0 {
			slices.Sort(exact)
			v.end(node).whole = give(append(exact, open...), forms != nil)
		}
		if stars {
			v.end(node).prefix = give(open, false)
			v.cells[node].node |= starred
		}
	}
	return readings, nil
}

// A tree is the automaton while it grows: states in the order they came, each after
// the one it is reached from.
type tree struct {
	nodes []node  // the first is the start
	table []int32 // nodes by where they come from, open addressing; 0 is free
}

type node struct{ from, sym int32 }

// next is where a symbol leads from a node, to a new one when nothing led there.
func (t *tree) next(n node) int32 {
	if 2*len(t.nodes) >= len(t.table) {
		t.table = make([]int32, max(64, 2*len(t.table)))
		for i := 1; i < len(t.nodes); i++ {
			t.table[t.slot(t.nodes[i])] = int32(i)
		}
	}
	h := t.slot(n)
	if t.table[h] == 0 {
		t.table[h] = int32(len(t.nodes))
		t.nodes = append(t.nodes, n)
	}
	return t.table[h]
}

// slot is where a node stands in the table, or would.
func (t *tree) slot(n node) uint32 {
	mask := uint32(len(t.table) - 1)
	h := uint32(pairHash(n.from, n.sym)>>32) & mask
	for t.table[h] != 0 && t.nodes[t.table[h]] != n {
		h = (h + 1) & mask
	}
	return h
}

// link builds the automaton over symbols.
func (p *Phrases) link(split, ends []int32, readings [][]int32) error {
	t := tree{nodes: make([]node, 1, 2*len(ends)+1)}
	var last []node // the states phrases end in; sym is the phrase
	var forms, next []int32
	from := int32(0)
	for i, end := range ends {
		forms = append(forms[:0], 0)
		for _, w := range split[from:end] {
			if len(forms)*len(readings[w]) > maxForms {
				return fmt.Errorf("text: phrase %d: %w: starred tokens can be read in more than %d ways", i, ErrPhrase, maxForms)
			}
			next = next[:0]
			for _, s := range forms {
				for _, sym := range readings[w] {
					next = append(next, t.next(node{s, sym}))
				}
			}
			forms, next = next, forms
		}
		for _, s := range forms {
			last = append(last, node{s, int32(i)})
		}
		from = end
	}
	p.number(t.nodes, last)
	return nil
}

// byFrom are the numbers of nodes by where they come from, and where each run ends:
// run n begins where run n-1 ends.
func byFrom(nodes []node, states int) (sorted, ends []int32) {
	ends = make([]int32, states+1)
	for _, n := range nodes {
		ends[n.from+1]++
	}
	for s := range states {
		ends[s+1] += ends[s]
	}
	sorted = make([]int32, len(nodes))
	for i, n := range nodes {
		sorted[ends[n.from]] = int32(i)
		ends[n.from]++
	}
	return sorted, ends
}

// number gives the states of a tree their final numbers, breadth first, and links them.
// last are the states that phrases end in.
func (p *Phrases) number(nodes, last []node) {
	kids, kidsEnd := byFrom(nodes[1:], len(nodes))
	endings, endingsEnd := byFrom(last, len(nodes))
	run := func(sorted, ends []int32, s int32) []int32 {
		if s == 0 {
			return sorted[:ends[0]]
		}
		return sorted[ends[s-1]:ends[s]]
	}
	top := int32(0)
	old := make([]int32, 1, len(nodes)) // by new number
	p.states = make([]state, 1, len(nodes)+1)
	p.found = make([]ending, 0, len(last))
	depth, level := 0, 1 // states below level are no deeper than depth
	for s := 0; s < len(old); s++ {
		if s == level {
			depth, level = depth+1, len(old)
		}
		p.states[s].run, p.states[s].next = uint32(len(p.found)), uint32(len(p.states))
		for _, i := range run(endings, endingsEnd, old[s]) {
			p.found = append(p.found, endingOf(last[i].sym, depth))
		}
		follow := run(kids, kidsEnd, old[s])
		slices.SortFunc(follow, func(a, b int32) int { return int(nodes[a+1].sym - nodes[b+1].sym) })
		for _, i := range follow {
			sym := nodes[i+1].sym
			top = max(top, sym)
			p.states = append(p.states, state{sym: sym})
			old = append(old, i+1)
		}
	}
	p.states = append(p.states, state{run: uint32(len(p.found)), next: uint32(len(p.states))})
	p.first = make([]int32, top+1)
	p.index()
	before := 0
	for s := 1; s < len(p.states)-1; s++ {
		if before = p.before(s, before); before != 0 {
			p.states[s].fail = p.step(p.states[before].fail, p.states[s].sym)
		}
	}
}

// before is the state before s, which is not before that of an earlier one.
func (p *Phrases) before(s, ofEarlier int) int {
	for s >= int(p.states[ofEarlier+1].next) {
		ofEarlier++
	}
	return ofEarlier
}

// index fills what finds a state by the one before it and the symbol.
func (p *Phrases) index() {
	for k := p.states[0].next; k < p.states[1].next; k++ {
		p.first[p.states[k].sym] = int32(k)
	}
	p.pair()
	p.steps = make([]int32, 2*len(p.states))
	for s := 1; s < len(p.states)-1; s++ {
		from, to := p.states[s].next, p.states[s+1].next
		if to-from <= few {
			continue
		}
		for k := from; k < to; k++ {
			h := place(from, to, p.states[k].sym)
			for p.steps[h] != 0 {
				if h++; h == 2*to {
					h = 2 * from
				}
			}
			p.steps[h] = int32(k)
		}
	}
}

// place is where the state that a symbol leads to is looked for at first among the places of
// the states from and up to to. They lie together, so that filling them takes hardly any time.
func place(from, to uint32, sym int32) uint32 {
	return 2*from + uint32(uint64(uint32(sym)*0x9E3779B1)*uint64(2*(to-from))>>32)
}

// step is where symbol sym leads from a state.
func (p *Phrases) step(s, sym int32) int32 {
	for s != 0 {
		from, to := p.states[s].next, p.states[s+1].next
		if to-from > few {
			for h := place(from, to, sym); p.steps[h] != 0; {
				if k := p.steps[h]; p.states[k].sym == sym {
					return k
				}
				if h++; h == 2*to {
					h = 2 * from
				}
			}
		} else {
			for k := from; k < to; k++ {
				if p.states[k].sym == sym {
					return int32(k)
				}
			}
		}
		s = p.states[s].fail
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
	wideText := p.know(b)
	begun := b.begun[:0]
	part, border := 0, b.PartEnd(0)
	// Most words go on with nothing that was begun. The state that one begins by itself is then
	// not looked up: lone is its symbol, and s is 0.
	s, lone := int32(0), int32(0)
	deep := int32(p.states[1].next)
	for i := range b.known {
		for int(ts[i].Start) > border {
			part++
			border = b.PartEnd(part)
			s, lone = 0, 0
		}
		w := &b.known[i]
		switch {
		case w.sym <= 0:
			s, lone = 0, 0
			if w.sym < 0 || w.to != 0 && p.goesOn(b, i) {
				begun = append(begun, int32(i))
			}
			continue
		case s == 0 && !p.pairs.may(lone, w.sym):
		case s == 0:
			s = p.step(p.first[lone], w.sym)
		default:
			s = p.step(s, w.sym)
		}
		if s < deep {
			s, lone = 0, w.sym
			for _, e := range p.found[w.from:w.to] {
				hits = append(hits, Hit{Phrase: e.phrase(), First: int32(i), End: int32(i + 1)})
			}
			continue
		}
		for h := s; h != 0; h = p.states[h].fail {
			for _, e := range p.endings(h) {
				hits = append(hits, Hit{Phrase: e.phrase(), First: int32(i+1) - e.size(), End: int32(i + 1)})
			}
		}
	}
	long := stretched(out) || wideText && stretchedWide(out)
	if b.begun = begun; long || len(begun) > 0 || len(b.odd) > 0 {
		hits = p.findHidden(hits, b, long)
	}
	return hits
}

// know notes what is known of the tokens one by one, and whether any word begins beyond
// ASCII.
func (p *Phrases) know(b *Buffer) (wide bool) {
	memo, _ := p.memos.Get().(*Memo[known])
	if memo == nil {
		memo = new(Memo[known])
	}
	defer p.memos.Put(memo)
	ts, out := b.tokens, b.out
	all := slices.Grow(b.known[:0], len(ts))[:len(ts)]
	for i := range ts {
		t := &ts[i]
		wide = wide || t.Kind == Word && out[t.Start] >= utf8.RuneSelf
		word := out[t.Start:t.End]
		if w, ok := memo.At(word); ok {
			all[i] = *w
		} else {
			all[i] = p.knownOf(word)
			if w != nil {
				*w = all[i]
			}
		}
	}
	b.known = all
	return wide
}

func (p *Phrases) knownOf(word []byte) (w known) {
	if w.sym = p.words.find(word); w.sym != 0 {
		if s := p.first[w.sym]; s != 0 {
			w.from, w.to = p.states[s].run, p.states[s+1].run
		}
	} else {
		w.sym, w.to = -p.guise(word), p.begins(word)
	}
	if p.weigh != nil {
		w.weight = p.weigh(word)
	}
	return w
}

// Len is the number of phrases.
func (p *Phrases) Len() int { return p.n }
