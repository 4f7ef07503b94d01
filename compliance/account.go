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
	Reinstated NewsKind = "reinstated" // everything before is lifted
	Warned     NewsKind = "warned"     // a violation notice without a restriction
	Reviewed   NewsKind = "reviewed"   // Type is APPROVED, REJECTED, PENDING, DEFERRED
	Quality    NewsKind = "quality"    // Type is GREEN, YELLOW, RED, UNKNOWN
	Limit      NewsKind = "limit"      // Count is the messaging limit, -1 without limit; it is the portfolio's
	// NumberBarred: the platform answered that this number or account may not
	// send; Type is its error code. It holds until a Reinstated of that Type, or
	// of everything. 131064 says that a cap is used up, and holds with the cap.
	NumberBarred NewsKind = "number-barred"
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
	// always the portfolio's.
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
//
// Implementations are safe for concurrent use.
type AccountStore interface {
	Note(ctx context.Context, news ...AccountNews) error
	News(ctx context.Context, l party.Line) ([]AccountNews, error)
}

// Account is what stands against an account and its numbers at an instant, and
// what was last heard of their quality and their limit.
type Account struct {
	Bars  []Bar
	Known bool // something was ever learned about it

	ratings []Rating // the newest of each number
	tier    Tier
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

// A Bar is one restriction or warning in force.
type Bar struct {
	Kind   NewsKind
	Type   string
	Cause  string
	Number string    // empty: the whole account
	Until  time.Time // zero: until lifted
	News   string    // id of the news it comes from
}

// AccountAt works out what stands at an instant from the news of an account.
// News come in any order: their own times decide, and at the same time a bar
// counts before its lifting.
func AccountAt(news []AccountNews, at time.Time) Account {
	var a Account
	for i := range news {
		n := &news[i]
		if n.At.After(at) {
			continue
		}
		a.Known = true
		switch n.Kind {
		case NumberBarred:
			if n.Type == itoa(codeCapped) {
				continue
			}
		case Quality:
			a.rated(n)
			continue
		case Limit:
			if !n.At.Before(a.tier.At) {
				a.tier = Tier{People: n.Count, At: n.At, News: n.ID}
			}
			continue
		case Restricted, Disabled, Disabling, Warned:
		case Reviewed:
			if n.Type != "REJECTED" {
				continue
			}
		default:
			continue
		}
		if !n.Until.IsZero() && !at.Before(n.Until) && n.Kind != Disabling {
			continue
		}
		kind := n.Kind
		if kind == Disabling && !n.Until.IsZero() && !at.Before(n.Until) {
			kind = Disabled // the announced day has come
		}
		if lifted(news, n, at) {
			continue
		}
		until := n.Until
		if n.Kind == Disabling {
			until = time.Time{}
		}
		typ := n.Type
		if typ == utilityCap && usedUp(news, n, at) {
			typ = utilityBan
		}
		a.Bars = append(a.Bars, Bar{Kind: kind, Type: typ, Cause: n.Cause, Number: n.Line.Number, Until: until, News: n.ID})
	}
	return a
}

const (
	utilityCap = "RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING" // sends pass until 131064
	utilityBan = "RESTRICTED_UTILITY_TEMPLATES"
)

// usedUp reports whether the platform answered that a cap was reached.
func usedUp(news []AccountNews, limit *AccountNews, at time.Time) bool {
	for i := range news {
		n := &news[i]
		if n.Kind == NumberBarred && n.Type == itoa(codeCapped) && !n.At.Before(limit.At) && !n.At.After(at) {
			return true
		}
	}
	return false
}

// lifted reports whether something younger took a bar back: a reinstatement of
// everything or of this type, or an approving review.
func lifted(news []AccountNews, bar *AccountNews, at time.Time) bool {
	for i := range news {
		n := &news[i]
		if !n.At.After(bar.At) || n.At.After(at) {
			continue
		}
		if n.Line.Number != "" && n.Line.Number != bar.Line.Number || n.Line.Account != bar.Line.Account && bar.Line.Account != "" {
			continue // it speaks of another
		}
		switch {
		case n.Kind == Reinstated && (n.Type == "" || n.Type == bar.Type || n.Type == bar.Cause):
			return true
		case n.Kind == Reviewed && n.Type == "APPROVED" && bar.Kind == Reviewed:
			return true
		}
	}
	return false
}

// forEach is news for every account it is about: that of the portfolio goes to
// all of the portfolio's accounts, so that a look-up of one finds it.
func (b *Business) forEach(n AccountNews) []AccountNews {
	if n.Kind != Limit && !n.Portfolio || n.Line.Account == "" {
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
