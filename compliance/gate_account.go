package compliance

import (
	"strings"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// accountGate: nothing leaves that the platform has barred the account or the
// number from. What is only announced or only a notice is told.
type accountGate struct{}

const ruleAccount = 0

func (accountGate) Name() string       { return "account" }
func (accountGate) Rules() []policy.ID { return []policy.ID{ruleAccount: "account-not-restricted"} }

func (accountGate) Judge(c *Case, r *Results) {
	a, ok := c.Account.Get()
	if !ok {
		if c.Account.IsAbsent() {
			r.Clear(ruleAccount)
			return
		}
		r.Fail("account", c.Account.Cause(), ruleAccount)
		return
	}
	r.Clear(ruleAccount)
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

// weigh says what a bar means for this message: zero for nothing.
func weigh(b *Bar, c *Case) policy.Severity {
	if b.Number != "" && b.Number != c.Message.From.Number {
		return 0
	}
	m := c.Message
	switch b.Kind {
	case Disabled, NumberBarred:
		return policy.Block
	case Disabling, Warned:
		return policy.Warn
	case Reviewed:
		return policy.Block
	case Restricted:
		utility := categoryOf(c) == category.Utility
		switch b.Type {
		case "RESTRICTED_BIZ_INITIATED_MESSAGING":
			if m.Kind == Template || m.Kind == Direct {
				return policy.Block
			}
		case "RESTRICTED_CUSTOMER_INITIATED_MESSAGING":
			if m.Kind == Freeform {
				return policy.Block
			}
		case "RESTRICTED_BUSINESS_INITIATED_CALLING", "RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING":
			if m.Kind == Call {
				return policy.Block
			}
		case utilityBan:
			if utility {
				return policy.Block
			}
		case utilityCap:
			// a cap, not a ban: sends pass until the platform answers 131064
			if utility {
				return policy.Warn
			}
		case "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES":
			if m.Kind == Direct && utility {
				if strings.HasSuffix(b.Cause, "_RATE_LIMIT") {
					return policy.Warn
				}
				return policy.Block
			}
		case "RESTRICTED_ADD_PHONE_NUMBER_ACTION", "RESTRICTED_USER_INITIATED_CALLING",
			"RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN":
			return 0
		default:
			// a restriction nobody here knows: read it as one on this message
			return policy.Block
		}
	}
	return 0
}

func barWhy(b *Bar) string {
	var s string
	switch b.Kind {
	case Disabled:
		s = "The account is disabled."
	case NumberBarred:
		s = "The platform answered that this account or number may not send."
	case Disabling:
		s = "The platform announced that the account will be disabled."
	case Warned:
		s = "The platform noted a violation (" + b.Type + ")."
	case Reviewed:
		s = "The account's review was rejected."
	default:
		s = "The account is under restriction (" + b.Type + ")"
		if b.Until.IsZero() {
			return s + "."
		}
		return s + " until " + b.Until.UTC().Format(time.RFC3339) + "."
	}
	return s
}
