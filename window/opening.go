package window

import (
	"context"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// Kind is what a Mark says about a conversation. The zero Kind is refused.
type Kind uint8

const (
	_        Kind = iota
	Wrote         // the customer wrote; opens
	Stopped       // the customer wrote, and what they wrote was a stop; opens
	Called        // the customer called, answered or not; opens
	Answered      // the customer accepted our call; opens
	Ad            // the customer wrote through an ad or page button; opens, and may start free messages
	Replied       // the business sent something
	Closed        // the platform said (131047) that no window was open at this instant

	// What the customer said about being called is kept beside the openings,
	// because it too belongs to a line and a person. None of these opens.
	CallsAllowed    // calls allowed until taken back
	CallsAllowedFor // calls allowed for CallPermissionTemporary (7 days)
	CallsRefused    // declined, taken back, or withdrawn by WhatsApp

	// Whether messages reach the person at all; see [ReachAt]. Neither opens. The
	// ids of these marks are a word, a colon and the id of the message.
	Unreachable // the platform said that nothing is delivered to them (131026, 130403)
	Reached     // a message of ours was delivered to them
)

// A Place is one conversation: a line with a person, or a line with a group.
type Place struct {
	Line    party.Line
	Handles []party.Handle // of the person; empty for a group
	Group   string
}

// A Mark is one event of a conversation, at the platform's own time.
type Mark struct {
	ID       string
	Kind     Kind
	Place    Place
	At       time.Time // when it happened, clamped to Received
	Received time.Time
}

// A Store keeps, per line and handle (or group) and kind, the marks that can
// still matter. Its duties, which windowtest checks by number:
//
//  1. What was noted comes back whole, times in UTC to the microsecond and At
//     no later than Received, as [Mark.Normal] makes it.
//  2. An id noted twice is noted once.
//  3. Nothing noted is an empty list and no error; a breakdown is an error.
//  4. An older mark never replaces a younger one of its kind, in whatever
//     order they come; the youngest mark of each kind under each handle is
//     always there, except for Ad and Replied, where all marks of the 7 days
//     before the youngest are there.
//  5. Handles, groups and lines compare byte for byte. Line.Account is not
//     part of the key.
//  6. One Note is all or nothing: a mark that Normal refuses keeps the others
//     out too. A cancelled context is an error.
//  7. After Close every call fails.
//  8. Where it is a [party.Forgetter], every mark that names one of the handles
//     goes, under all handles it names.
//
// Implementations are safe for concurrent use.
type Store interface {
	Note(ctx context.Context, marks ...Mark) error
	Marks(ctx context.Context, p Place) ([]Mark, error)
}
