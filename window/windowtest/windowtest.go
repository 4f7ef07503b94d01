// Package windowtest holds a [window.Store] to its duties, by number.
//
//	func TestStore(t *testing.T) {
//		windowtest.Run(t, func(t testing.TB) window.Store { return mystore.Open(t) })
//	}
//
// A store that can be closed should be an io.Closer, or what is opened should
// embed one; duty 7 is skipped for others, and duty 8 for stores that are no
// party.Forgetter.
package windowtest

import (
	"context"
	"testing"

	"github.com/waguard/waguard/window"
)

// A Duty is one thing every store has to do. The numbers are those in the
// documentation of [window.Store].
type Duty struct {
	Number int
	Name   string
	// Check tries it on stores that open makes; each is empty and its own.
	Check func(ctx context.Context, open func() window.Store) error
}

// Run checks every duty on fresh stores.
func Run(t *testing.T, open func(t testing.TB) window.Store) {
	t.Helper()
	for _, d := range Duties() {
		t.Run(d.Name, func(t *testing.T) {
			err := d.Check(t.Context(), func() window.Store { return open(t) })
			if err != nil {
				t.Errorf("duty %d: %v", d.Number, err)
			}
		})
	}
}

// Duties lists what is checked, in order of number.
func Duties() []Duty {
	return []Duty{
		{1, "what was noted comes back whole", comesBackWhole},
		{1, "what callers do with their slices changes nothing", keepsItsOwn},
		{2, "an id noted twice is noted once", notedOnce},
		{3, "nothing noted is an empty list", emptyIsEmpty},
		{4, "the youngest of each kind stays in any order", youngestStays},
		{4, "what is counted over days stays", countedStay},
		{4, "what is counted in a row stays", lastStay},
		{4, "the state is that of all marks in any order", sameState},
		{5, "names compare byte for byte", byteForByte},
		{5, "the account is no part of the key", accountIsNoKey},
		{5, "several handles are united", handlesUnite},
		{6, "one note is all or nothing", allOrNothing},
		{6, "a cancelled context is an error", cancelled},
		{6, "concurrent notes are all there", concurrent},
		{7, "after close every call fails", closed},
		{8, "who is forgotten is nowhere named", forgotten},
	}
}
