package content

import "github.com/waguard/waguard/compliance/policy"

// Unproved compiles without running the examples, to list all that fail.
func Unproved(book *policy.Book) (*Checker, error) {
	return compile(book, nil)
}

// Prove runs the examples of one rule and tells every one that does not hold.
func (c *Checker) Prove(r *policy.Rule) (errs []error) { return c.prove(r) }

// Phrases are all phrases a Checker listens to.
func Phrases(c *Checker) []string { return c.lex.list }
