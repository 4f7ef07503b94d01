// Package linkstest checks that an implementation of [party.Links] keeps its
// duties. A store calls it from one of its own tests:
//
//	func TestLinks(t *testing.T) {
//		linkstest.Run(t, func(t *testing.T) party.Links { return openEmpty(t) })
//	}
//
// The duties are those of the comment on party.Links, by number, one subtest
// each. Each is a plain function that returns what it found, so the kit can be
// tried on stores that are wrong on purpose; its own tests do that for every
// duty.
package linkstest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/waguard/waguard/compliance/party"
)

// A Duty is one promise of party.Links.
type Duty struct {
	Number int
	Says   string // what is promised, in a few words

	// Check looks for a breach. fresh opens an empty store, a new one on every
	// call. ErrNotApplicable means that the store has nothing the duty is about.
	Check func(ctx context.Context, fresh func() party.Links) error
}

// ErrNotApplicable is the answer of a duty that does not concern a store.
var ErrNotApplicable = errors.New("linkstest: not applicable")

// Duties returns the duties in order.
func Duties() []Duty {
	return []Duty{
		{1, "what was learned comes back whole and in order", whole},
		{2, "an id stored twice is stored once", once},
		{3, "not known is no error", unknown},
		{4, "joins reach on", reach},
		{5, "a move takes its old handle out of the joins that are not younger", ends},
		{6, "known does not reach across a move, and names it", across},
		{7, "the order of arrival is of no consequence", order},
		{8, "handles compare byte for byte", bytewise},
		{9, "malformed is refused, and nothing of the call is kept", refused},
		{10, "a cancelled context returns its error, and nothing of the call is kept", cancelled},
		{11, "what a returned call stored is seen, also among many callers", concurrent},
		{12, "after Close every call fails", closed},
		{13, "who is forgotten is nowhere named, and others are as if they had never met", forgotten},
		{14, "how a person came to be known can be told", history},
	}
}

// Run checks every duty. open returns an empty store that stays open until the
// test ends; it is called several times, also within one duty, and no two of its
// stores may share what they keep.
func Run(t *testing.T, open func(t *testing.T) party.Links) {
	t.Helper()
	for _, d := range Duties() {
		t.Run(fmt.Sprintf("duty %d: %s", d.Number, d.Says), func(t *testing.T) {
			switch err := d.Check(t.Context(), func() party.Links { return open(t) }); err {
			case nil:
			case ErrNotApplicable:
				t.Skip("does not concern this store")
			default:
				t.Error(err)
			}
		})
	}
}
