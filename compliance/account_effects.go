package compliance

import (
	"slices"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// An effect says what a state weighs on: replies, templates, templates of the
// utility category, Direct Send, Direct Send of the utility category, and calls.
// Zero is nothing.
type effect struct {
	track                                                  Track
	states                                                 []string
	typ                                                    string // of a restriction; empty: any
	reply, template, utility, direct, directUtility, calls policy.Severity
}

const (
	block = policy.Block
	warn  = policy.Warn
)

// effects is the whole table: of the rows for a track and a state the first that
// names the type decides, and a state without a row weighs nothing. A restriction
// that nobody here knows is read as one on every message.
var effects = []effect{
	{TrackAccount, in("disabled"), "", block, block, block, block, block, block},
	{TrackAccount, in("to-be-disabled"), "", warn, warn, warn, warn, warn, warn},
	{TrackNotice, in("noted"), "", warn, warn, warn, warn, warn, warn},
	{TrackReview, in("rejected"), "", block, block, block, block, block, block},
	{TrackRestriction, in("restricted"), "RESTRICTED_BIZ_INITIATED_MESSAGING", 0, block, block, block, block, 0},
	{TrackRestriction, in("restricted"), "RESTRICTED_CUSTOMER_INITIATED_MESSAGING", block, 0, 0, 0, 0, 0},
	{TrackRestriction, in("restricted"), "RESTRICTED_BUSINESS_INITIATED_CALLING", 0, 0, 0, 0, 0, block},
	{TrackRestriction, in("restricted"), "RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING", 0, 0, 0, 0, 0, block},
	{TrackRestriction, in("restricted"), "RESTRICTED_ADD_PHONE_NUMBER_ACTION", 0, 0, 0, 0, 0, 0},
	{TrackRestriction, in("restricted"), "RESTRICTED_USER_INITIATED_CALLING", 0, 0, 0, 0, 0, 0},
	{TrackRestriction, in("restricted"), "RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN", 0, 0, 0, 0, 0, 0},
	{TrackRestriction, in("restricted"), barCountry, block, block, block, block, block, block}, // of people in that country
	{TrackRestriction, in("restricted"), barDirectSendOff, 0, 0, 0, block, block, 0},
	{TrackRestriction, in("restricted"), barSpam, 0, block, block, block, block, 0},
	{TrackRestriction, in("restricted"), barMarketing, 0, 0, 0, 0, 0, 0}, // these five are for the rules about endpoints and addresses
	{TrackRestriction, in("restricted"), barPhoneOnly, 0, 0, 0, 0, 0, 0},
	{TrackRestriction, in("restricted"), barEndpointOnly, 0, 0, 0, 0, 0, 0},
	{TrackRestriction, in("restricted"), barEndpointNever, 0, 0, 0, 0, 0, 0},
	{TrackRestriction, in("restricted"), barDirectName, 0, 0, 0, 0, 0, 0},
	{TrackRestriction, in("restricted"), "", block, block, block, block, block, block},
	{TrackUtility, in("capped"), "", 0, 0, warn, 0, warn, 0},
	{TrackUtility, in("used-up", "suspended", "suspended-again"), "", 0, 0, block, 0, block, 0},
	{TrackDirect, in("capped"), "", 0, 0, 0, 0, warn, 0},
	{TrackDirect, in("used-up", "struck", "struck-again", "offboarded"), "", 0, 0, 0, 0, block, 0},
	{TrackAnswer, in("barred"), "", block, block, block, block, block, block},
	{TrackConnection, in("restricted"), "", warn, block, block, block, block, warn},
	{TrackConnection, in("cut-off"), "", block, block, block, block, block, block},
	{TrackHealth, in("limited"), "", warn, warn, warn, warn, warn, warn},
	{TrackHealth, in("blocked"), "", block, block, block, block, block, block},
}

func effectOf(t Track, state, typ string) *effect {
	for i := range effects {
		if e := &effects[i]; e.track == t && slices.Contains(e.states, state) && (e.typ == "" || e.typ == typ) {
			return e
		}
	}
	return nil
}

// on says what the effect weighs on a message: zero for nothing.
func (e *effect) on(m *Message, c category.Category) policy.Severity {
	if e == nil {
		return 0
	}
	switch {
	case m.Kind == Freeform:
		return e.reply
	case m.Kind == Template && c == category.Utility:
		return e.utility
	case m.Kind == Template:
		return e.template
	case m.Kind == Direct && c == category.Utility:
		return e.directUtility
	case m.Kind == Direct:
		return e.direct
	case m.Kind == Call:
		return e.calls
	}
	return 0
}
