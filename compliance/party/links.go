package party

import (
	"context"
	"fmt"
	"time"
)

// Links remembers which handles are one person. It keeps what was observed and
// nothing else; who that makes one person is worked out when it is asked. Its
// duties, which linkstest checks by number:
//
//  1. What was learned comes back whole: every handle once, in the order
//     (Scheme, Value); every move with its id, both ends and its time in UTC
//     to the microsecond, in the order (At, ID).
//  2. An id stored twice is stored once, also when two callers race; the
//     first one stays. Joins and moves count their ids apart.
//  3. A handle nobody joined is its own only company and no error; asking
//     for nobody is an empty Known. A breakdown is an error, never "not known".
//  4. Joins reach on: who was joined to A and to B joins A and B, over any
//     number of joins and from whichever end it is asked.
//  5. A move takes its old handle out of every join that is not younger (At
//     not after the move's At): the handle is nobody of that join any more.
//     What else the join names stays joined, for nothing spoke against that;
//     younger joins and those of the new handle hold. A move to the zero Handle
//     does the same: the person left the handle for nobody knows what.
//  6. Known does not reach across a move: the two ends are one person, but not
//     at one time, and what of the old end still counts is for the caller to
//     say. It gives the moves from or to any of its handles.
//  7. The order of arrival is of no consequence: the same joins and moves in
//     any order, in one call or many, give the same Known.
//  8. Handles compare byte for byte, scheme and value both.
//  9. What [Join.Validate] or [Move.Validate] refuses is refused with that
//     error, and nothing of the call is kept: one call is all or nothing.
//  10. A cancelled context returns promptly with its error, and nothing of the
//     call is kept.
//  11. What a returned call stored is in every Known that begins after it.
//     Implementations are safe for concurrent use.
//  12. Where the store has a Close, every call after it fails.
//  13. Where it is a [Forgetter], it keeps that duty.
//  14. Where it is a [Historian], it keeps that duty.
type Links interface {
	// Join records that the handles were one person at an instant.
	Join(ctx context.Context, joins ...Join) error

	// Move records that a person went from one handle to another of the same
	// scheme (a new number, a new BSUID). Joins that are not younger than the
	// move no longer hold for the old handle.
	Move(ctx context.Context, moves ...Move) error

	// Known returns every handle that is the same person as one of hs, hs
	// included, and the moves that touch any of them, oldest first.
	Known(ctx context.Context, hs []Handle) (Known, error)
}

// A Forgetter is a store that knows people by their handles and can forget them.
// Its duty, which the kits check of those that have it: after Forget nothing that
// names one of the handles can be read, under whichever handle it is asked, and
// all else is as if it had never been told. Of Links every join and move that
// names one of them goes. One call is all or nothing; handles nobody knows are no
// error. Ids of what was forgotten may stay taken: they name events and nobody.
type Forgetter interface {
	Forget(ctx context.Context, handles []Handle) error
}

// A Join is one observation of several handles on one person.
type Join struct {
	ID      string // of the event it was learned from; one event that teaches two joins numbers them
	Handles []Handle
	At      time.Time
}

// A Move is one change of handle. With a zero To the person no longer has the
// handle, and nobody knows what they have instead: a number that went to somebody
// else, or two people who were taken for one.
type Move struct {
	ID       string
	From, To Handle
	At       time.Time
}

// Parts reports whether the move leads nowhere.
func (m Move) Parts() bool { return m.To == Handle{} }

// Known is what Links has to say about a person.
type Known struct {
	Handles []Handle
	Moves   []Move
}

// Bounds of what Links takes. A webhook names three handles of a person and
// their new ones at most; values are phone numbers and BSUIDs.
const (
	maxID      = 512
	maxHandles = 16
)

// A LinkError is a Join or a Move that says nothing that could be kept.
type LinkError struct {
	What   string // "join" or "move"
	ID     string // its id, if it has one
	Reason string
}

func (e *LinkError) Error() string { return fmt.Sprintf("party: %s %q: %s", e.What, e.ID, e.Reason) }

// Validate reports, as a *[LinkError], what keeps a join from being kept: no
// id, no time, no handle or a malformed one. One handle alone is no news and no
// error.
func (j Join) Validate() error {
	bad := func(why string) error { return &LinkError{"join", clip(j.ID), why} }
	switch {
	case j.ID == "":
		return bad("no id")
	case len(j.ID) > maxID:
		return bad("the id is too long")
	case j.At.IsZero():
		return bad("no time")
	case len(j.Handles) == 0:
		return bad("no handles")
	case len(j.Handles) > maxHandles:
		return bad("too many handles")
	}
	for _, h := range j.Handles {
		if why := h.malformed(); why != "" {
			return bad(why)
		}
	}
	return nil
}

// Validate reports, as a *[LinkError], what keeps a move from being kept: no
// id, no time, a malformed handle, ends of different schemes, or no change.
func (m Move) Validate() error {
	bad := func(why string) error { return &LinkError{"move", clip(m.ID), why} }
	switch {
	case m.ID == "":
		return bad("no id")
	case len(m.ID) > maxID:
		return bad("the id is too long")
	case m.At.IsZero():
		return bad("no time")
	case m.From.malformed() != "":
		return bad("from: " + m.From.malformed())
	case m.Parts():
	case m.To.malformed() != "":
		return bad("to: " + m.To.malformed())
	case m.From.Scheme != m.To.Scheme:
		return bad("from and to are of different schemes")
	case m.From == m.To:
		return bad("from and to are the same handle")
	}
	return nil
}

// malformed looks at the form alone: whether a phone is canonical is settled
// where it is parsed, and a store takes schemes it has not heard of.
func (h Handle) malformed() string {
	switch {
	case h.Scheme == "":
		return "a handle without a scheme"
	case h.Value == "":
		return "a handle without a value"
	case len(h.Scheme) > 32 || len(h.Value) > maxUser:
		return "a handle that is too long"
	}
	return ""
}

func clip(id string) string { return id[:min(len(id), 64)] }
