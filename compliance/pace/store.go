package pace

import (
	"context"
	"errors"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// Who says what is asked for: a person under every handle known, and the tally that
// people are counted in, by its name; empty for none.
type Who struct {
	Handles []party.Handle
	Tally   string
}

// ErrNobody is returned for a Who without handles.
var ErrNobody = errors.New("pace: nobody is named")

// A Store keeps tabs and tallies. It knows nothing of rates and caps: what an
// act does is worked out by [State.Apply]. Its duties, which pacetest checks by
// number:
//
//  1. What was applied comes back, with times to the microsecond.
//  2. Somebody nobody knows has the zero Tab, and no error; a breakdown is an
//     error, never "nothing spent".
//  3. A person has one tab, whichever of their handles is named and in which order.
//     Tabs that lie under several of the handles named are poured together: what
//     was spent under each counts, once.
//  4. Nobody comes between the reading and the writing of an act: of callers who
//     spend at once no more get through than there is room for.
//  5. An act that changes nothing is not written, and its Room comes back.
//  6. A tally is one for everybody who is counted in it, and changes with the tab
//     or not at all. Tallies of other names know nothing of it.
//  7. Handles compare byte for byte, scheme and value both; people who share none
//     know nothing of each other.
//  8. A cancelled context returns its error, and nothing is kept.
//  9. What a returned call kept is seen by every call that begins after it.
//     Implementations are safe for concurrent use.
//  10. Tabs of which nothing counts any more ([Tab.Ends]) may go, others may not.
//  11. Nobody (no handles) is [ErrNobody].
//  12. What is handed out is the caller's own: changing it changes nothing kept.
//  13. It is a [party.Forgetter]: the tab under a handle that is forgotten is gone.
//  14. Where the store has a Close, every call after it fails.
type Store interface {
	// Read returns the state that bears on a person.
	Read(ctx context.Context, w Who) (State, error)

	// Apply changes it. The Room is that of the act.
	Apply(ctx context.Context, w Who, at time.Time, a Act) (Room, error)

	party.Forgetter
}
