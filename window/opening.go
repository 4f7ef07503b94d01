package window

import (
	"context"
	"fmt"
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
	CallsRefused    // a request for permission declined
	CallsWithdrawn  // permission taken back, by the customer or by WhatsApp, or the platform said (138006) that there is none

	// Whether messages reach the person at all; see [ReachAt]. Neither opens. The
	// ids of these marks are a word, a colon and the id of the message.
	Unreachable // the platform said that nothing is delivered to them (131026)
	Reached     // a message of ours was delivered to them

	// What was done about calls. What stands behind the first colon of the ID
	// of these, and of Answered, names the call or the request: marks that
	// share it speak of the same one.
	CallsAsked    // the business asked for permission to call
	CallPlaced    // the business placed a call
	CallRang      // the platform told of a call of the business, answered or not
	CallMissed    // the customer did not take a call of the business
	CallTaken     // the business took a call of the customer
	CallUndone    // the platform refused the request or call of this name: it did not happen
	RequestsSpent // the platform said (138009) that no more requests may be sent; counts for CallDay
	WeekSpent     // the same, as it told when asked, where it counts for CallRequestWeek
	CallsSpent    // the platform said (138012) that no more calls may connect; counts for CallDay

	Free // the platform priced a message as free entry point; At is FreeEntryPointWindow before the end it told

	Blocked // the platform said (130403) that the business itself has blocked them; see [ReachAt]
	Unsent  // what the business sent under this name did not arrive, or goes by another; At is that of its Replied; see [Left]

	kinds // how many there are, the zero Kind with them
)

var kindNames = [kinds]string{Wrote: "wrote", Stopped: "stopped", Called: "called", Answered: "answered", Ad: "ad", Replied: "replied", Closed: "closed",
	CallsAllowed: "calls-allowed", CallsAllowedFor: "calls-allowed-for", CallsRefused: "calls-refused", CallsWithdrawn: "calls-withdrawn",
	Unreachable: "unreachable", Reached: "reached",
	CallsAsked: "calls-asked", CallPlaced: "call-placed", CallRang: "call-rang", CallMissed: "call-missed", CallTaken: "call-taken", CallUndone: "call-undone",
	RequestsSpent: "requests-spent", WeekSpent: "week-spent", CallsSpent: "calls-spent", Free: "free", Blocked: "blocked", Unsent: "unsent"}

// String names the kind, for people.
func (k Kind) String() string {
	if k < kinds && kindNames[k] != "" {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Kinds are all kinds of marks, in the order of their numbers.
func Kinds() []Kind {
	all := make([]Kind, 0, kinds-1)
	for k := Wrote; k < kinds; k++ {
		all = append(all, k)
	}
	return all
}

// A Keep says which marks of a kind can still matter in a conversation: those
// no older than For beside the youngest of the kind, and the Last youngest
// whatever their age.
type Keep struct {
	For  time.Duration
	Last int
}

// Keep says which marks of this kind a store keeps. Openings and words of
// permission matter only as the youngest of their kind; what is counted over
// days is kept for [Lookback]. Calls that were not taken are counted in a row,
// however long that takes, and each may be told of twice.
func (k Kind) Keep() Keep {
	switch k {
	case Ad, Replied, Unsent, Answered, CallsAsked, CallPlaced, CallRang, CallTaken, CallUndone:
		return Keep{For: Lookback, Last: 1}
	case CallMissed:
		return Keep{For: Lookback, Last: 2 * maxUnanswered}
	}
	return Keep{Last: 1}
}

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
//  2. An id noted twice is noted once, while its mark is kept; one that a
//     younger mark let go is new again.
//  3. Nothing noted is an empty list and no error; a breakdown is an error.
//  4. An older mark never replaces a younger one of its kind, in whatever
//     order they come; the marks of each kind under each handle that
//     [Kind.Keep] names are always there.
//  5. Handles, groups and lines compare byte for byte. Line.Account is not
//     part of the key. Marks takes any number of handles.
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
