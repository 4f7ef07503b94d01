package text

import "unicode/utf8"

// Limits of a hashtag that is read as words in a row.
const (
	maxTag     = 48 // bytes
	maxTagWord = 5  // words
	minTagWord = 3  // letters of the first and the last word; others have two at least
)

// hashtag reads the word of a hashtag that nobody asked about as words in a row (#buyglock19,
// #glockforsale), the fewest there can be, all of them of the vocabulary. Elsewhere words that run
// together are left: languages compound them.
func (p *Phrases) hashtag(b *Buffer, i int) {
	t := b.tokens[i]
	word := b.out[t.Start:t.End]
	if len(word) > maxTag {
		return
	}
	type step struct {
		words uint8 // that lead here; 0 is none
		from  uint8
		sym   int32
	}
	var ways [maxTag + 1]step
	for from := range word {
		if from > 0 && (ways[from].words == 0 || ways[from].words == maxTagWord) {
			continue
		}
		at := p.words.cells[0]
		for k, c := range word[from:] {
			at = p.words.cells[at.base+uint32(c)]
			if byte(at.node) != c {
				break
			}
			e := p.words.ends[at.end()]
			to := from + k + 1
			if e.whole == 0 && e.prefix == 0 || to-from < 2 || (from == 0 || to == len(word)) && utf8.RuneCount(word[from:to]) < minTagWord {
				continue
			}
			words := ways[from].words + 1
			lead := func(to int, sym int32) {
				if w := &ways[to]; w.words == 0 || words < w.words {
					*w = step{words, uint8(from), sym}
				}
			}
			if e.whole != 0 {
				lead(to, e.whole)
			} else if lead(to, e.prefix); to < len(word) && word[to] == 's' {
				lead(to+1, e.prefix)
			}
		}
	}
	n := int(ways[len(word)].words)
	if n < 2 {
		return
	}
	first := len(b.aliases)
	for range n {
		b.aliases = append(b.aliases, alias{int32(i), int32(i), 0})
	}
	for at, k := len(word), first+n-1; at > 0; k-- {
		b.aliases[k].sym = ways[at].sym
		at = int(ways[at].from)
	}
	b.aliases[first+n-1].end = int32(i + 1)
}
