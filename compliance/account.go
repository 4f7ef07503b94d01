package compliance

import (
	"context"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// NewsKind is what happened to an account or number.
type NewsKind string

const (
	Restricted NewsKind = "restricted" // Type says what is barred, Until when it ends (zero: unknown)
	Disabled   NewsKind = "disabled"   // nothing leaves until reinstated
	Disabling  NewsKind = "disabling"  // announced, not yet in effect
	Reinstated NewsKind = "reinstated" // everything before is lifted, or with a Type what has that type or cause
	Warned     NewsKind = "warned"     // a violation notice without a restriction
	Reviewed   NewsKind = "reviewed"   // Type is APPROVED, REJECTED, PENDING, DEFERRED
	Quality    NewsKind = "quality"    // Type is GREEN, YELLOW, RED, UNKNOWN
	Limit      NewsKind = "limit"      // Count is the messaging limit, -1 without limit; it is the portfolio's
	// NumberBarred: the platform answered that this number or account may not
	// send; Type is its error code. It holds until a Reinstated of that Type, or
	// of everything. 131064 says that a cap is used up and 139200 that Direct Send
	// is barred: they move those ladders alone.
	NumberBarred NewsKind = "number-barred"
	// Connection is the status of a number as the Graph API gives it: CONNECTED,
	// DISCONNECTED, UNVERIFIED, PENDING, FLAGGED, RESTRICTED.
	Connection NewsKind = "connection"
	// Health is can_send_message of health_status, as the Graph API gives it:
	// AVAILABLE, LIMITED, BLOCKED.
	Health NewsKind = "health"
	// Verification is business_verification_status of the portfolio, as the Graph
	// API gives it in capitals: VERIFIED, NOT_VERIFIED, PENDING, REJECTED, ...
	Verification NewsKind = "verification"
)

// AccountNews is one thing learned about a business account or number.
type AccountNews struct {
	ID       string     `json:"id"`
	Line     party.Line `json:"line"` // Number empty: the whole account
	Kind     NewsKind   `json:"kind"`
	Type     string     `json:"type,omitempty"`  // restriction or violation type, Meta's word
	Cause    string     `json:"cause,omitempty"` // violation type behind a restriction, Meta's word
	At       time.Time  `json:"at"`
	Received time.Time  `json:"received"`
	Until    time.Time  `json:"until,omitzero"`
	Count    int        `json:"count,omitempty"`

	// Portfolio says that it is about the portfolio that Line belongs to: the
	// Inbox notes it for every account that the Business lists in it. Limits are
	// always the portfolio's, and so is verification.
	Portfolio bool `json:"portfolio,omitempty"`
}

// An AccountStore keeps news per account. Its duties:
//
//  1. What was noted comes back whole, times in UTC to the microsecond.
//  2. An id noted twice is noted once.
//  3. Nothing known is an empty list and no error; a breakdown is an error.
//  4. News of a line are those of its account, and those without an account
//     that name its number. A line without an account gets the news of every
//     account: what it belongs to is not known, and unknown is never yes.
//  5. They come in the order (At, ID).
//  6. One Note is all or nothing; a cancelled context is an error.
//  7. After Close every call fails.
//  8. What a returned Note stored is in every News that begins after it, once,
//     whoever else notes meanwhile.
//  9. News without an id or an instant are refused, and with them what is noted
//     beside them.
//
// Implementations are safe for concurrent use.
type AccountStore interface {
	Note(ctx context.Context, news ...AccountNews) error
	News(ctx context.Context, l party.Line) ([]AccountNews, error)
}

// Account is what stands against an account and its numbers at an instant, and
// what was last heard of their quality, their limit and the business's
// verification. [AccountAt] works it out.
type Account struct {
	Bars   []Bar   // what weighs on some message
	States []State // where each track stands, what weighs nothing included
	Known  bool    // something was ever learned about it

	ratings  []Rating // the newest of each number
	tier     Tier
	verified string
}

// A Rating is the quality of a number as it was last heard: GREEN, YELLOW, RED,
// or UNKNOWN where the platform has none (NA on the wire). It looks at the last
// seven days (Meta, messaging limits, 2026-05-21), and a number that got none
// since is heard of no more.
type Rating struct {
	Number string // empty: every number of the account
	Grade  string
	At     time.Time
	News   string // id of the news it comes from
}

// A Tier is a messaging limit as it was last heard: how many different people
// messages may reach outside their windows in a moving 24 hours. It is that of
// the portfolio, shared by all its numbers (since 2025-10-07; Meta, messaging
// limits, 2026-05-21).
type Tier struct {
	People int // -1: no limit
	At     time.Time
	News   string // id of the news it comes from
}

// Unlimited reports whether the platform set no limit.
func (t Tier) Unlimited() bool { return t.People < 0 }

// Quality returns the quality of a number, and whether any was heard.
func (a *Account) Quality(number string) (r Rating, ok bool) {
	for i := range a.ratings {
		if n := &a.ratings[i]; (n.Number == "" || n.Number == number) && (!ok || n.At.After(r.At)) {
			r, ok = *n, true
		}
	}
	return r, ok
}

// Limit returns the messaging limit of the portfolio, and whether any was
// heard.
func (a *Account) Limit() (Tier, bool) { return a.tier, a.tier.News != "" }

// Verification returns how far the platform has verified the business, in
// Meta's word, and whether anything was heard.
func (a *Account) Verification() (word string, ok bool) { return a.verified, a.verified != "" }

// rated keeps the newest quality of each number; news come in the order of
// their times.
func (a *Account) rated(n *AccountNews) {
	r := Rating{Number: n.Line.Number, Grade: n.Type, At: n.At, News: n.ID}
	if r.Grade == "NA" {
		r.Grade = "UNKNOWN"
	}
	for i := range a.ratings {
		if old := &a.ratings[i]; old.Number == r.Number {
			if !r.At.Before(old.At) {
				*old = r
			}
			return
		}
	}
	a.ratings = append(a.ratings, r)
}

// forEach is news for every account it is about: that of the portfolio goes to
// all of the portfolio's accounts, so that a look-up of one finds it.
func (b *Business) forEach(n AccountNews) []AccountNews {
	if n.Kind != Limit && n.Kind != Verification && !n.Portfolio || n.Line.Account == "" {
		return []AccountNews{n}
	}
	n.Portfolio, n.Line.Number = true, ""
	all := []AccountNews{n}
	for _, account := range b.Siblings(n.Line.Account)[1:] {
		sibling := n
		sibling.ID, sibling.Line = n.ID+":"+account, party.Line{Account: account}
		all = append(all, sibling)
	}
	return all
}
