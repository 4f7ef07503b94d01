package category

import (
	"sync"

	"github.com/waguard/waguard/internal/text"
)

// A Screen notices words of promotion in twelve languages. It is quick and
// coarse: a hit says that a text has to be looked at as marketing, no hit says
// little. It is immutable and safe for concurrent use.
type Screen struct {
	screenWords
	buffers sync.Pool
}

type screenBuffer struct {
	text.Buffer
	hits []text.Hit
}

// NewScreen makes the built-in words ready.
func NewScreen() (*Screen, error) {
	w, err := builtinWords()
	if err != nil {
		return nil, err
	}
	s := &Screen{screenWords: w.screen}
	s.buffers.New = func() any { return new(screenBuffer) }
	return s, nil
}

// Promotes reports whether a text holds a word of promotion that no harmless
// phrase covers, and where: half-open bytes of the text.
func (s *Screen) Promotes(words string) (span [2]int, yes bool) {
	b := s.buffers.Get().(*screenBuffer)
	defer s.buffers.Put(b)
	b.Reset()
	b.Add(words)
	b.hits = s.phrases.Find(b.hits[:0], &b.Buffer)
	tokens := b.Tokens()
	for _, h := range b.hits {
		if int(h.Phrase) >= s.harmless || s.covered(b.hits, h) {
			continue
		}
		_, start, end := b.Origin(int(tokens[h.First].Start), int(tokens[h.End-1].End))
		return [2]int{start, end}, true
	}
	return span, false
}

func (s *Screen) covered(hits []text.Hit, h text.Hit) bool {
	for _, x := range hits {
		if int(x.Phrase) >= s.harmless && x.First <= h.First && x.End >= h.End {
			return true
		}
	}
	return false
}
