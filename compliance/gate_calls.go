package compliance

import (
	"slices"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
)

// callGate: a business places a call only with the customer's permission, and
// not at all from a number of a barred country.
type callGate struct{ barred byEdition[[]string] }

const (
	ruleCallPermission = iota
	ruleCallCountry
)

func (callGate) Name() string { return "calls" }

func (callGate) Rules() []policy.ID {
	return []policy.ID{ruleCallPermission: "call-permission-granted", ruleCallCountry: "call-country-barred"}
}

func (g callGate) Judge(c *Case, r *Results) {
	if c.Message.Kind != Call {
		r.OutOfScope(ruleCallPermission, ruleCallCountry)
		return
	}
	if iso := g.home(c); slices.Contains(g.barred.in(r.Edition(ruleCallCountry)), iso) {
		r.Break(ruleCallCountry, Break{Where: "from", Kind: iso})
	} else {
		r.Clear(ruleCallCountry)
	}
	p, ok := c.Calls.Get()
	switch {
	case ok && p.Allowed:
		r.Clear(ruleCallPermission)
	case ok && !p.Until.IsZero():
		r.Break(ruleCallPermission, Break{Where: "calls", Why: "The customer's permission to call has run out."})
	case ok && !p.Since.IsZero():
		r.Break(ruleCallPermission, Break{Where: "calls", Why: "The customer declined calls or took the permission back."})
	case ok || c.Calls.IsAbsent():
		r.Break(ruleCallPermission, Break{Where: "calls"})
	default:
		r.Fail("window", c.Calls.Cause(), ruleCallPermission)
	}
}

// home is the country of the business number; the country of the business
// stands in where the number is not listed.
func (callGate) home(c *Case) string {
	for _, n := range c.Business.Numbers {
		if n.ID == c.Message.From.Number && n.Phone != "" {
			if iso, ok := party.Place(n.Phone); ok {
				return iso
			}
		}
	}
	return c.Business.Country
}
