package party

import (
	"context"
	"time"
)

// Links remembers which handles are one person. Implementations are safe for
// concurrent use; repeats of an ID change nothing; an error never means "not
// known". The conformance kit is linkstest.
type Links interface {
	// Join records that the handles were one person at an instant.
	Join(ctx context.Context, joins ...Join) error

	// Move records that a person went from one handle to another of the same
	// scheme (a new number, a new BSUID). Joins of the old handle that are not
	// younger than the move no longer hold.
	Move(ctx context.Context, moves ...Move) error

	// Known returns every handle that is the same person as one of hs, hs
	// included, and the moves that touch any of them, oldest first.
	Known(ctx context.Context, hs []Handle) (Known, error)
}

// A Join is one observation of several handles on one person.
type Join struct {
	ID      string // of the event it was learned from
	Handles []Handle
	At      time.Time
}

// A Move is one change of handle.
type Move struct {
	ID       string
	From, To Handle
	At       time.Time
}

// Known is what Links has to say about a person.
type Known struct {
	Handles []Handle
	Moves   []Move
}
