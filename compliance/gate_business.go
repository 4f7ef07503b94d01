package compliance

import "github.com/waguard/waguard/compliance/policy"

// businessGate looks at what the business shows of itself: its profile, its
// privacy policy, and for automation the way to a person. What is not declared
// at all is left open (see [Sender.Undeclared]); what is declared and not
// enough is told.
type businessGate struct{}

const (
	ruleEscalation = iota
	ruleContacts
	rulePrivacy
)

func (businessGate) Name() string { return "business" }

func (businessGate) Rules() []policy.ID {
	return []policy.ID{
		ruleEscalation: "automation-escalation-path",
		ruleContacts:   "profile-support-contact",
		rulePrivacy:    "privacy-policy-published",
	}
}

func (businessGate) Judge(c *Case, r *Results) {
	b := c.Business
	attested := func(n int, id policy.ID) bool {
		yes, ok := b.Attests[id]
		if ok && yes {
			r.Clear(n)
		} else if ok {
			r.Break(n, Break{Where: "business.attests"})
		}
		return ok
	}

	switch {
	case c.Message.Origin != Automation || c.Message.Kind == Call:
		r.OutOfScope(ruleEscalation)
	case len(b.Escalation) > 0:
		r.Clear(ruleEscalation)
	case !attested(ruleEscalation, "automation-escalation-path"):
		r.Break(ruleEscalation, Break{Where: "business.escalation"})
	}

	switch k := b.Contacts; {
	case k.Support != "" && (k.Email != "" || k.Website != "" || k.Phone != ""):
		r.Clear(ruleContacts)
	case k != Contacts{}:
		r.Break(ruleContacts, Break{Where: "business.contacts"})
	case !attested(ruleContacts, "profile-support-contact"):
		r.note(ruleContacts)
	}

	switch {
	case b.PrivacyPolicy != "":
		r.Clear(rulePrivacy)
	case !attested(rulePrivacy, "privacy-policy-published"):
		r.note(rulePrivacy)
	}
}

// note marks a rule that a declaration could decide and none was given.
func (r *Results) note(n int) { r.set(n, policy.Noted) }
