package category

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/concept"
	"github.com/waguard/waguard/internal/text"
)

// storedWords are the cues of all languages, compiled ahead of time; the cue files
// themselves are not needed at run time.
//
//go:generate go test -run TestStoredWords -write
//go:embed words_gen.bin
var storedWords []byte

const wordsMagic = "waguard cues 1\n"

var errStored = errors.New("category: words_gen.bin is damaged: run go generate ./category")

// builtinWords are read once: they never change.
var builtinWords = sync.OnceValues(func() (*words, error) { return readWords(storedWords) })

// words are what both readers look for.
type words struct {
	lexicon lexicon
	screen  screenWords
}

// A lexicon finds the signs of all languages in one pass.
type lexicon struct {
	phrases   *text.Phrases
	sign      []int16 // of each phrase; harmlessSign excuses what it covers
	language  []uint8 // of each phrase, a place in languages
	languages []string
	bases     []language.Base // of each of the languages
	english   uint8
	concepts  *concept.Table
}

// screenWords are the words of promotion, and from number harmless on the phrases
// that excuse what they cover.
type screenWords struct {
	phrases  *text.Phrases
	harmless int
}

// append appends what readWords reads:
//
//	magic
//	languages   how many, then each tag behind its length
//	runs        how many, then for each its language, one more than its sign, how many phrases
//	phrases     of the lexicon
//	harmless    the screen's first harmless phrase
//	phrases     of the screen
//
// A run is phrases of one language and one sign, which follow each other.
func (w *words) append(dst []byte) []byte {
	l := &w.lexicon
	dst = append(dst, wordsMagic...)
	dst = binary.AppendUvarint(dst, uint64(len(l.languages)))
	for _, tag := range l.languages {
		dst = binary.AppendUvarint(dst, uint64(len(tag)))
		dst = append(dst, tag...)
	}
	var runs []byte
	count := 0
	for i := 0; i < len(l.sign); count++ {
		n := 1
		for i+n < len(l.sign) && l.sign[i+n] == l.sign[i] && l.language[i+n] == l.language[i] {
			n++
		}
		runs = binary.AppendUvarint(runs, uint64(l.language[i]))
		runs = binary.AppendUvarint(runs, uint64(l.sign[i]+1))
		runs = binary.AppendUvarint(runs, uint64(n))
		i += n
	}
	dst = binary.AppendUvarint(dst, uint64(count))
	dst = append(dst, runs...)
	dst = l.phrases.Append(dst)
	dst = binary.AppendUvarint(dst, uint64(w.screen.harmless))
	return w.screen.phrases.Append(dst)
}

func readWords(b []byte) (*words, error) {
	b, ok := bytes.CutPrefix(b, []byte(wordsMagic))
	number := func() int {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > text.MaxPhrases {
			ok, b = false, nil
			return 0
		}
		b = b[n:]
		return int(v)
	}
	w := &words{}
	l := &w.lexicon
	for range min(number(), anyLanguage) {
		n := number()
		if n > len(b) {
			return nil, errStored
		}
		tag := string(b[:n])
		b = b[n:]
		base, err := language.ParseBase(tag)
		if err != nil {
			return nil, errStored
		}
		if tag == "en" {
			l.english = uint8(len(l.languages))
		}
		l.languages, l.bases = append(l.languages, tag), append(l.bases, base)
	}
	for range number() {
		of, sg, n := number(), number()-1, number()
		if of >= len(l.languages) || sg >= len(signs) || len(l.sign)+n > text.MaxPhrases || !ok {
			return nil, errStored
		}
		for range n {
			l.sign, l.language = append(l.sign, int16(sg)), append(l.language, uint8(of))
		}
	}
	var err error
	if l.phrases, b, err = text.Read(b); err != nil {
		return nil, fmt.Errorf("%w: %w", errStored, err)
	}
	w.screen.harmless = number()
	if w.screen.phrases, b, err = text.Read(b); err != nil {
		return nil, fmt.Errorf("%w: %w", errStored, err)
	}
	if !ok || len(b) > 0 || l.phrases.Len() != len(l.sign) {
		return nil, errStored
	}
	if l.concepts, err = concept.Builtin(); err != nil {
		return nil, fmt.Errorf("category: %w", err)
	}
	return w, nil
}

// languageOf is the place of a language tag in languages, by its first subtag.
func (l *lexicon) languageOf(tag string) uint8 {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	i := slices.IndexFunc(l.languages, func(s string) bool { return strings.EqualFold(s, tag) })
	if i < 0 {
		return anyLanguage
	}
	return uint8(i)
}

// anyLanguage stands for no known language: all of them count.
const anyLanguage = 255
