package compliance

import (
	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
)

// Prepared is a rule book made ready: what matches text is compiled, and the
// words of stops are loaded. It is immutable, safe for concurrent use, and
// shared by as many Senders as there are, which then cost next to nothing.
type Prepared struct {
	book    *policy.Book
	checker *content.Checker
	reader  *optin.IntentReader
	screen  *category.Screen
	likes   *likenesses
}

// Prepare makes a book ready; nil is the built-in book. It fails where an
// example of a text rule does not hold. The options are those of the reader that
// tells what category words look like, such as [category.WithSureness].
func Prepare(book *policy.Book, opts ...category.Option) (*Prepared, error) {
	p := &Prepared{book: book}
	var err error
	if p.book == nil {
		if p.book, err = policy.Builtin(); err != nil {
			return nil, err
		}
	}
	if p.checker, err = content.Compile(p.book); err != nil {
		return nil, err
	}
	if p.reader, err = optin.NewReader(); err != nil {
		return nil, err
	}
	if p.screen, err = category.NewScreen(); err != nil {
		return nil, err
	}
	words, err := category.NewReader(opts...)
	if err != nil {
		return nil, err
	}
	p.likes, err = newLikenesses(p.book, words, p.screen)
	return p, err
}

// Book is the book that was prepared.
func (p *Prepared) Book() *policy.Book { return p.book }

// WithPrepared takes a book that is ready already; Config.Rules is then not
// looked at.
func WithPrepared(p *Prepared) Option { return func(s *Sender) { s.prepared = p } }
