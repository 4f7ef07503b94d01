package window

import "fmt"

// A CallState is where permission to call one person from one line stands. The
// zero state is no permission.
type CallState uint8

const (
	CallsUnasked   CallState = iota // nothing was said, and no request is open
	CallsRequested                  // asked, and not answered yet
	CallsTemporary                  // allowed for seven days
	CallsPermanent                  // allowed until taken back
	CallsDeclined                   // the customer said no to a request
	CallsRevoked                    // there was a permission, or could have been, and it was taken back
	CallsLapsed                     // a temporary permission ran out

	// CallsAsBefore stands in the table for what was before the request: one
	// that nobody answered leaves nothing behind.
	CallsAsBefore CallState = 0xfe
)

var callStates = [...]string{"unasked", "requested", "temporary", "permanent", "declined", "revoked", "lapsed"}

// String returns the state as the package documentation draws it.
func (s CallState) String() string {
	if int(s) < len(callStates) {
		return callStates[s]
	}
	if s == CallsAsBefore {
		return "as before"
	}
	return fmt.Sprintf("CallState(%d)", uint8(s))
}

// Allowed reports whether a call may be placed in this state.
func (s CallState) Allowed() bool { return s == CallsTemporary || s == CallsPermanent }

// A CallEvent is what moves a CallState.
type CallEvent uint8

const (
	CallEventAsked      CallEvent = iota + 1 // a request went out
	CallEventAllowedFor                      // the customer allowed calls for seven days
	CallEventAllowed                         // the customer allowed calls for good
	CallEventDeclined                        // the customer said no to a request
	CallEventWithdrawn                       // taken back by the customer or by WhatsApp, or 138006
	CallEventUnanswered                      // the fourth call in a row that the customer did not take
	CallEventTimeUp                          // seven days are over: of a permission, or of a request
)

var callEvents = [...]string{"", "asked", "allowed for 7 days", "allowed for good", "declined", "withdrawn", "4 calls in a row not taken", "7 days over"}

// String returns the event as the package documentation draws it.
func (e CallEvent) String() string {
	if int(e) < len(callEvents) && e > 0 {
		return callEvents[e]
	}
	return fmt.Sprintf("CallEvent(%d)", uint8(e))
}

// A CallStep is one row of the table of states: what an event does in a state.
type CallStep struct {
	From CallState
	On   CallEvent
	To   CallState
}

// anyState stands in the table for every state.
const anyState CallState = 0xff

// callSteps is the whole of it: what is not here changes nothing. The youngest
// word of the customer counts whatever was before, so that a lost or late
// webhook spoils nothing that is said later.
var callSteps = []CallStep{
	{CallsUnasked, CallEventAsked, CallsRequested},
	{CallsRequested, CallEventAsked, CallsRequested}, // a newer request ends the older one
	{CallsDeclined, CallEventAsked, CallsRequested},
	{CallsRevoked, CallEventAsked, CallsRequested},
	{CallsLapsed, CallEventAsked, CallsRequested},
	{anyState, CallEventAllowedFor, CallsTemporary},
	{anyState, CallEventAllowed, CallsPermanent},
	{anyState, CallEventDeclined, CallsDeclined},
	{anyState, CallEventWithdrawn, CallsRevoked},
	{CallsTemporary, CallEventUnanswered, CallsRevoked},
	{CallsPermanent, CallEventUnanswered, CallsRevoked},
	{CallsTemporary, CallEventTimeUp, CallsLapsed},
	{CallsRequested, CallEventTimeUp, CallsAsBefore},
}

// CallSteps is the table of states, a row for every state and event that
// changes something.
func CallSteps() []CallStep {
	var all []CallStep
	for _, step := range callSteps {
		if step.From != anyState {
			all = append(all, step)
			continue
		}
		for s := range CallState(len(callStates)) {
			all = append(all, CallStep{s, step.On, step.To})
		}
	}
	return all
}

// On returns the state after an event, and whether the table has a row for it.
func (s CallState) On(e CallEvent) (CallState, bool) {
	for i := range callSteps {
		if step := &callSteps[i]; step.On == e && (step.From == s || step.From == anyState) {
			return step.To, true
		}
	}
	return s, false
}
