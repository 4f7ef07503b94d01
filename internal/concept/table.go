package concept

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/bits"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/text"
)

//go:generate go test -run TestStored -write
//go:embed words_gen.bin
var stored []byte

// A Concept is the number of one, from 1 up; 0 is none.
type Concept uint16

// A Table knows what words stand for. It never changes and is safe for concurrent use.
type Table struct {
	languages []language.Base
	entries   []entry  // by hash, and for one hash the likeliest first
	slots     []uint32 // open addressing: one more than where a hash begins in entries, and above it some bits of the hash; 0 is free
	width     int      // bits of the former
}

// An entry says that a word stands for a concept in some languages.
type entry struct {
	hash      uint32 // of the folded word
	concept   Concept
	languages uint16 // bit n is the n-th language
}

const magic = "waguard concepts 1\n"

var errStored = errors.New("concept: words_gen.bin is damaged: run go generate ./internal/concept")

var builtin = sync.OnceValues(func() (*Table, error) { return read(stored) })

// Builtin is the table of the words in this package.
func Builtin() (*Table, error) { return builtin() }

// Sum tells the tables of different words apart: what was learnt with one is of no use with
// another.
func Sum() uint32 { return crc32.ChecksumIEEE(stored) }

func read(b []byte) (*Table, error) {
	b, ok := bytes.CutPrefix(b, []byte(magic))
	if !ok || len(b) == 0 {
		return nil, errStored
	}
	t := &Table{}
	count := int(b[0])
	b = b[1:]
	for range count {
		tag, rest, ok := bytes.Cut(b, []byte{'\n'})
		base, err := language.ParseBase(string(tag))
		if !ok || err != nil {
			return nil, errStored
		}
		t.languages, b = append(t.languages, base), rest
	}
	if len(t.languages) > 16 || len(b) == 0 || len(b)%8 != 0 {
		return nil, errStored
	}
	n := len(b) / 8
	size := 16
	for size < 2*n {
		size *= 2
	}
	t.entries, t.slots, t.width = make([]entry, n), make([]uint32, size), bits.Len(uint(n))
	mask := uint32(size - 1)
	for i := range t.entries {
		e := entry{binary.LittleEndian.Uint32(b[8*i:]), Concept(binary.LittleEndian.Uint16(b[8*i+4:])), binary.LittleEndian.Uint16(b[8*i+6:])}
		t.entries[i] = e
		if i > 0 && e.hash == t.entries[i-1].hash {
			continue
		}
		if i > 0 && e.hash < t.entries[i-1].hash {
			return nil, fmt.Errorf("%w: entry %d is out of order", errStored, i)
		}
		k := slot(e.hash) & mask
		for t.slots[k] != 0 {
			k = (k + 1) & mask
		}
		t.slots[k] = uint32(i+1) | e.hash<<t.width
	}
	return t, nil
}

func slot(hash uint32) uint32 { return hash * 0x9E3779B1 >> 7 }

const (
	seedWhole = 0x2545F491
	seedStem  = 0x7FEB352D
	prime     = 16777619

	leastStem  = 2 // letters of the shortest stem that is looked for
	mostSingle = 4 // characters of a word, in scripts without spaces
)

func hashOf(h uint32, b []byte) uint32 {
	for _, c := range b {
		h = (h ^ uint32(c)) * prime
	}
	return h
}

// lookUp is what a hash stands for in one of the languages.
func (t *Table) lookUp(hash uint32, languages uint16) Concept {
	mask, low := uint32(len(t.slots)-1), uint32(1)<<t.width-1
	for i := slot(hash) & mask; t.slots[i] != 0; i = (i + 1) & mask {
		if (t.slots[i]^hash<<t.width)&^low != 0 {
			continue // as most are; entries lie far away
		}
		at := t.slots[i]&low - 1
		if t.entries[at].hash != hash {
			continue
		}
		for _, e := range t.entries[at:] {
			if e.hash != hash {
				break
			}
			if e.languages&languages != 0 {
				return e.concept
			}
		}
		break
	}
	return 0
}

// plain is what a word stands for: by the whole of it, else by its longest known stem.
func (t *Table) plain(word []byte, languages uint16) Concept {
	if c := t.lookUp(hashOf(seedWhole, word), languages); c != 0 {
		return c
	}
	var best Concept
	h, letters := uint32(seedStem), 0
	for i, b := range word {
		h = (h ^ uint32(b)) * prime
		if i+1 == len(word) || utf8.RuneStart(word[i+1]) {
			if letters++; letters >= leastStem {
				if c := t.lookUp(h, languages); c != 0 {
					best = c
				}
			}
		}
	}
	return best
}

// What Arabic writes as one word with the word behind it, longest first, or before it.
var (
	fronts = [...]string{"وال", "بال", "كال", "فال", "لل", "ال", "و", "ف", "ب", "ل", "ك", ""}
	backs  = [...]string{"", "كم", "ها", "هم", "نا", "ات", "ون", "ين", "ه", "ك", "ي"}
)

// leastInner is how many bytes have to be left of an Arabic word: three letters.
const leastInner = 6

// of is what a word stands for, without what Arabic joins to it if need be.
func (t *Table) of(word []byte, languages uint16) Concept {
	c := t.plain(word, languages)
	if c != 0 || word[0] < 0xD8 || word[0] > 0xDB {
		return c
	}
	for _, front := range fronts {
		inner, ok := bytes.CutPrefix(word, []byte(front))
		if !ok {
			continue
		}
		for _, back := range backs {
			if rest, ok := bytes.CutSuffix(inner, []byte(back)); ok && len(rest) >= leastInner && len(rest) < len(word) {
				if c := t.plain(rest, languages); c != 0 {
					return c
				}
			}
		}
	}
	return 0
}

// languagesOf are the bits to look in for a language: its own, English for one that
// the table has no words of, and all where nobody knows.
func (t *Table) languagesOf(lang language.Base) uint16 {
	if lang == (language.Base{}) {
		return ^uint16(0)
	}
	english := uint16(0)
	for n, l := range t.languages {
		if l == lang {
			return 1 << n
		}
		if l.String() == "en" {
			english = 1 << n
		}
	}
	return english
}

// A Memo remembers words that were looked up in one table.
type Memo struct{ words text.Memo[known] }

// A known is what a word stands for in some languages.
type known struct {
	concept   Concept
	languages uint16
}

func (m *Memo) of(t *Table, word []byte, languages uint16) Concept {
	v, ok := m.words.At(word)
	switch {
	case v == nil:
		return t.of(word, languages)
	case !ok || v.languages != languages:
		*v = known{t.of(word, languages), languages}
	}
	return v.concept
}

// Each tells the concepts of a text in a language (the zero Base where nobody knows) in
// order, with the first of the tokens that stand for it.
func (t *Table) Each(b *text.Buffer, lang language.Base, m *Memo, tell func(c Concept, token int)) {
	languages := t.languagesOf(lang)
	ts, out := b.Tokens(), b.Bytes()
	for i := 0; i < len(ts); {
		c, n := Concept(0), 1
		switch ts[i].Kind {
		case text.Word:
			c = m.of(t, out[ts[i].Start:ts[i].End], languages)
		case text.Char:
			end := i + 1
			for end < len(ts) && end-i < mostSingle && ts[end].Kind == text.Char && ts[end].Start == ts[end-1].End {
				end++
			}
			for ; end > i; end-- {
				if c = t.lookUp(hashOf(seedWhole, out[ts[i].Start:ts[end-1].End]), languages); c != 0 {
					n = end - i
					break
				}
			}
		}
		if c != 0 {
			tell(c, i)
		}
		i += n
	}
}
