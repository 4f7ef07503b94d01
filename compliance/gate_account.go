package compliance

import (
	"fmt"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/policy"
)

// accountGate: nothing leaves that the platform has barred the account or the
// number from. What is only announced or only a notice is told.
type accountGate struct {
	callLimit byEdition[int] // the messaging limit calls need
}

const (
	ruleAccount = iota
	ruleVerified
)

func (accountGate) Name() string { return "account" }

func (accountGate) Rules() []policy.ID {
	return []policy.ID{ruleAccount: "account-not-restricted", ruleVerified: "business-verified"}
}

func (g accountGate) Judge(c *Case, r *Results) {
	a, ok := c.Account.Get()
	verified(c, a, r)
	if !ok {
		if c.Account.IsAbsent() {
			r.Clear(ruleAccount)
			return
		}
		r.Fail("account", c.Account.Cause(), ruleAccount)
		return
	}
	r.Clear(ruleAccount)
	g.limit(c, a, r)
	// one cause, one finding: the heaviest bar, and of those the one that
	// lasts longest
	var worst *Bar
	var weight policy.Severity
	for i := range a.Bars {
		b := &a.Bars[i]
		switch w := weigh(b, c); {
		case w == 0 || w < weight:
		case w > weight || !worst.Until.IsZero() && (b.Until.IsZero() || b.Until.After(worst.Until)):
			worst, weight = b, w
		}
	}
	if worst != nil && r.overridden(ruleAccount) {
		weight = 0 // the app said how much this weighs
	}
	if worst != nil {
		r.Break(ruleAccount, Break{Severity: weight, Where: "account", Kind: worst.Type, Clears: worst.Until, Why: barWhy(worst)})
	}
}

// limit: calls of the business need a portfolio of some standing. A limit that
// was never heard of is none that is too low.
func (g accountGate) limit(c *Case, a *Account, r *Results) {
	tier, heard := a.Limit()
	if least := g.callLimit.in(r.Edition(ruleAccount)); c.Message.Kind == Call && heard && !tier.Unlimited() && tier.People < least {
		r.Break(ruleAccount, Break{Where: "account.limit",
			Why: fmt.Sprintf("Calls need a messaging limit of at least %d, and that of the portfolio is %d; the platform answers 138015.", least, tier.People),
			Fix: "Grow the limit: verify the business, and keep quality up while half of it is used. Until then let the customer call."})
	}
}

func (accountGate) undeclared(*Business) []policy.ID { return []policy.ID{"business-verified"} }

// verified: what the platform said of the business's verification counts before
// what the business attests.
func verified(c *Case, a *Account, r *Results) {
	if a != nil {
		if word, heard := a.Verification(); heard && word == "VERIFIED" {
			r.Clear(ruleVerified)
			return
		} else if heard {
			r.Break(ruleVerified, Break{Where: "account", Kind: word})
			return
		}
	}
	switch yes, ok := c.Business.Attests["business-verified"]; {
	case ok && yes:
		r.Clear(ruleVerified)
	case ok:
		r.Break(ruleVerified, Break{Where: "business.attests"})
	case c.Account.IsUnknown():
		r.Fail("account", c.Account.Cause(), ruleVerified)
	default:
		r.note(ruleVerified)
	}
}

// weigh says what a bar means for this message: zero for nothing.
func weigh(b *Bar, c *Case) policy.Severity {
	if b.Number != "" && b.Number != c.Message.From.Number {
		return 0
	}
	if b.Type == barCountry && b.Cause != c.Place {
		return 0
	}
	return effectOf(b.Track, b.State, b.Type).on(c.Message, categoryOf(c))
}

func barWhy(b *Bar) string {
	switch b.Track {
	case TrackAccount:
		if b.State == "to-be-disabled" {
			return "The platform announced that the account will be disabled."
		}
		return "The account is disabled."
	case TrackAnswer:
		return "The platform answered that this account or number may not send."
	case TrackReview:
		return "The account's review was rejected."
	case TrackConnection:
		return "The number is not connected as it should be (" + b.Type + ")."
	case TrackHealth:
		return "The platform calls this number's health " + strings.ToLower(b.Type) + "."
	}
	switch b.Type {
	case barCountry:
		return "What this account sells may not be messaged to people in " + b.Cause + " (130497)."
	case barSpam:
		return "The platform answered that this number reached its spam limit (131048), because too many people blocked or reported it. What the business starts rests for a day."
	case barDirectSendOff:
		return "The platform answered that Direct Send is not enabled for this account."
	}
	if b.State == "noted" {
		return "The platform noted a violation (" + b.Type + ")."
	}
	s := "The account is under restriction (" + b.Type + ")"
	if b.State == "used-up" {
		s = "The platform answered that the account's cap on utility messages is used up (" + b.Type + ")"
	}
	if b.Until.IsZero() {
		return s + "."
	}
	return s + " until " + b.Until.UTC().Format(time.RFC3339) + "."
}
