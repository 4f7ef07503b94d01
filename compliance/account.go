package compliance

import (
	"context"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// NewsKind is what happened to an account or number.
type NewsKind string

const (
	Restricted   NewsKind = "restricted"    // Type says what is barred, Until when it ends (zero: unknown)
	Disabled     NewsKind = "disabled"      // nothing leaves until reinstated
	Disabling    NewsKind = "disabling"     // announced, not yet in effect
	Reinstated   NewsKind = "reinstated"    // everything before is lifted
	Warned       NewsKind = "warned"        // a violation notice without a restriction
	Reviewed     NewsKind = "reviewed"      // Type is APPROVED, REJECTED, PENDING, DEFERRED
	Quality      NewsKind = "quality"       // Type is GREEN, YELLOW, RED, UNKNOWN
	Limit        NewsKind = "limit"         // Count is the messaging limit, -1 without limit
	NumberBarred NewsKind = "number-barred" // the platform answered that this number or account may not send
)

// AccountNews is one thing learned about a business account or number.
type AccountNews struct {
	ID       string     `json:"id"`
	Line     party.Line `json:"line"` // Number empty: the whole account
	Kind     NewsKind   `json:"kind"`
	Type     string     `json:"type,omitempty"` // restriction or violation type, Meta's word
	At       time.Time  `json:"at"`
	Received time.Time  `json:"received"`
	Until    time.Time  `json:"until,omitzero"`
	Count    int        `json:"count,omitempty"`
}

// An AccountStore keeps news per account. Implementations are safe for
// concurrent use; an id noted twice is noted once; an error never means
// "nothing known". The conformance kit is compliancetest.AccountStore.
type AccountStore interface {
	Note(ctx context.Context, news ...AccountNews) error
	// News returns what is known about the account, its numbers and news
	// without an account that names the number, by (At, ID).
	News(ctx context.Context, l party.Line) ([]AccountNews, error)
}
