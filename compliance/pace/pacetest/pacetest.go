// Package pacetest holds a [pace.Store] to its duties, by number.
//
//	func TestStore(t *testing.T) {
//		pacetest.Run(t, func(t testing.TB) pace.Store { return mystore.Open(t) })
//	}
//
// A store that can be closed should be an io.Closer, or what is opened should
// embed one; duty 14 is skipped for others.
package pacetest

import (
	"context"
	"testing"

	"github.com/waguard/waguard/compliance/pace"
)

// A Duty is one thing every store has to do. The numbers are those in the
// documentation of [pace.Store].
type Duty struct {
	Number int
	Name   string
	// Check tries it on stores that open makes; each is empty and its own.
	Check func(ctx context.Context, open func() pace.Store) error
}

// Run checks every duty on fresh stores.
func Run(t *testing.T, open func(t testing.TB) pace.Store) {
	t.Helper()
	for _, d := range Duties() {
		t.Run(d.Name, func(t *testing.T) {
			if err := d.Check(t.Context(), func() pace.Store { return open(t) }); err != nil {
				t.Errorf("duty %d: %v", d.Number, err)
			}
		})
	}
}

// Duties lists what is checked, in order of number.
func Duties() []Duty {
	return []Duty{
		{1, "what was applied comes back whole", comesBack},
		{2, "nobody known has an empty tab", nobodyKnown},
		{3, "a person has one tab under every handle", oneTab},
		{3, "tabs of one person are poured together", poured},
		{4, "no more get through than there is room for", noMoreThanRoom},
		{4, "giving back and spending at once", spendAndGiveBack},
		{5, "what finds no room is not kept", notKept},
		{6, "one tally for everybody", oneTally},
		{6, "tally and tab change together", tallyWithTab},
		{7, "handles compare byte for byte", byteForByte},
		{8, "a cancelled context keeps nothing", cancelled},
		{9, "what was kept is seen", seen},
		{10, "what counts does not go", staysWhileItCounts},
		{11, "no handles is nobody", noHandles},
		{12, "what is handed out is the caller's own", callersOwn},
		{13, "who is forgotten has no tab", forgotten},
		{14, "after close every call fails", closed},
	}
}
