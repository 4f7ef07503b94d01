package content

import (
	"bytes"
	"errors"
	"testing/fstest"

	"github.com/waguard/waguard/compliance/policy"
)

// Unproved compiles without running the examples, to list all that fail.
func Unproved(book *policy.Book) (*Checker, error) {
	c, _, err := compile(book, nil)
	if err != nil {
		return nil, err
	}
	if err := c.learn(); err != nil {
		return nil, err
	}
	return c, nil
}

// ReadModel says what is wrong with a model's bytes.
func ReadModel(b []byte) error {
	_, err := readModel(b)
	return err
}

// Held is how many bytes of text the memory has room for that the next message is read in.
func (c *Checker) Held() int {
	s := c.scratch.Get().(*scratch)
	defer c.scratch.Put(s)
	return cap(s.buf.Bytes())
}

// Prove runs the examples of one rule and tells every one that does not hold.
func (c *Checker) Prove(r *policy.Rule) (errs []error) { return c.prove(r) }

// Phrases are all phrases a Checker of the book listens to.
func Phrases(book *policy.Book) ([]string, error) {
	b, err := listWords(book, detectors())
	if err != nil {
		return nil, err
	}
	return b.list, nil
}

// ReadCues reads one cue file of that content, named for the language sv.
func ReadCues(data string) error {
	_, err := readAll(fstest.MapFS{"cues/sv.json": {Data: []byte(data)}}, "cues", func(c cueSet) string { return c.Lang })
	return err
}

// DigitWords are the words for digits with every value they have.
func DigitWords(book *policy.Book) (map[string]map[uint8]bool, error) {
	b, err := listWords(book, detectors())
	if err != nil {
		return nil, err
	}
	words := map[string]map[uint8]bool{}
	for i, ms := range b.meanings {
		for _, m := range ms {
			if m.role != digit {
				continue
			}
			if words[b.list[i]] == nil {
				words[b.list[i]] = map[uint8]bool{}
			}
			words[b.list[i]][m.value] = true
		}
	}
	return words, nil
}

// StoredLexicon is what lexicon_gen.bin should hold for a book, whose examples must
// hold.
func StoredLexicon(book *policy.Book) ([]byte, error) {
	ds := detectors()
	w, err := compileWords(book, ds)
	if err != nil {
		return nil, err
	}
	src := sourceOf(book, ds)
	b := src.append(nil, w)
	var c *Checker
	var proved bool
	WithWords(b, func() { c, proved, err = compile(book, nil) })
	if err != nil {
		return nil, err
	}
	if again := src.append(nil, lexicons{c.lex, c.wanting.lex}); !bytes.Equal(again, b) {
		return nil, errors.New("what is read is not what was stored")
	}
	if !proved {
		return nil, errors.New("the words of the book are not those that were stored")
	}
	for _, r := range book.All() {
		if errs := c.prove(r); len(errs) > 0 {
			return nil, errs[0]
		}
	}
	return b, nil
}

// Ready reports whether the words of a book are read from lexicon_gen.bin.
func Ready(book *policy.Book) (bool, error) {
	_, ok, err := sourceOf(book, detectors()).stored()
	return ok, err
}

// WithWords runs f with other bytes in place of lexicon_gen.bin.
func WithWords(b []byte, f func()) {
	defer func(was []byte) { builtinWords = was }(builtinWords)
	builtinWords = b
	f()
}

// What everyday things leave in the signs of a message and in those of a rule's ties.
const (
	SignThings       = signThings
	SignThingOffered = signThingOffered
	TieBeside        = tieBeside
	TieGuised        = tieGuised
)

// What evidence leaves there.
const (
	SignPrice  = signPrice
	SignUnit   = signUnit
	SignBare   = signBare
	SignSell   = signSell
	SignDeny   = signDeny
	TieFree    = tieFree
	TieOffered = tieOffered
	TieHidden  = tieHidden
	PlainWords = plainWords
)
