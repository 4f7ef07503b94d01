package content

import (
	"testing/fstest"

	"github.com/waguard/waguard/compliance/policy"
)

// Unproved compiles without running the examples, to list all that fail.
func Unproved(book *policy.Book) (*Checker, error) {
	c, err := compile(book, nil)
	if err != nil {
		return nil, err
	}
	if err := c.learn(); err != nil {
		return nil, err
	}
	return c, nil
}

// Prove runs the examples of one rule and tells every one that does not hold.
func (c *Checker) Prove(r *policy.Rule) (errs []error) { return c.prove(r) }

// Phrases are all phrases a Checker listens to.
func Phrases(c *Checker) []string { return c.lex.list }

// ReadCues reads one cue file of that content, named for the language sv.
func ReadCues(data string) error {
	_, err := readAll(fstest.MapFS{"cues/sv.json": {Data: []byte(data)}}, "cues", func(c cueSet) string { return c.Lang })
	return err
}

// DigitWords are the words for digits with every value they have.
func DigitWords(c *Checker) map[string]map[uint8]bool {
	words := map[string]map[uint8]bool{}
	for i, ms := range c.lex.meanings {
		for _, m := range ms {
			if m.role != digit {
				continue
			}
			if words[c.lex.list[i]] == nil {
				words[c.lex.list[i]] = map[uint8]bool{}
			}
			words[c.lex.list[i]][m.value] = true
		}
	}
	return words
}
