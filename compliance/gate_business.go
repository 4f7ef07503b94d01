package compliance

import (
	"slices"

	"github.com/waguard/waguard/compliance/policy"
)

// businessGate looks at what the business shows of itself: its profile, its
// privacy policy, for automation the way to a person, and for a provider of
// artificial intelligence the places where that may be the main thing. What is not declared
// at all is left open (see [Sender.Undeclared]); what is declared and not
// enough is told.
type businessGate struct {
	aiPlaces byEdition[[]string] // where the terms let AI be the main thing
}

const (
	ruleEscalation = iota
	ruleContacts
	rulePrivacy
	ruleAI
)

func (businessGate) Name() string { return "business" }

func (businessGate) Rules() []policy.ID {
	return []policy.ID{
		ruleEscalation: "automation-escalation-path",
		ruleContacts:   "profile-support-contact",
		rulePrivacy:    "privacy-policy-published",
		ruleAI:         "ai-provider-primary",
	}
}

func (g businessGate) Judge(c *Case, r *Results) {
	b := c.Business
	// the business's own word counts before what it lists
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
	case attested(ruleEscalation, "automation-escalation-path"):
	case len(b.Escalation) > 0:
		r.Clear(ruleEscalation)
	default:
		r.Break(ruleEscalation, Break{Where: "business.escalation"})
	}

	switch k := b.Contacts; {
	case attested(ruleContacts, "profile-support-contact"):
	case k.Support != "" && (k.Email != "" || k.Website != "" || k.Phone != ""):
		r.Clear(ruleContacts)
	case k != Contacts{}:
		r.Break(ruleContacts, Break{Where: "business.contacts"})
	default:
		r.note(ruleContacts)
	}

	switch {
	case attested(rulePrivacy, "privacy-policy-published"):
	case b.PrivacyPolicy != "":
		r.Clear(rulePrivacy)
	default:
		r.note(rulePrivacy)
	}

	switch {
	case !b.Sells("ai-provider"):
		r.OutOfScope(ruleAI)
	case c.Place != "" && slices.Contains(g.aiPlaces.in(r.Edition(ruleAI)), c.Place):
		r.Clear(ruleAI)
	case attested(ruleAI, "ai-provider-primary"):
	default:
		r.Break(ruleAI, Break{Where: "business.verticals", Kind: "ai-provider"})
	}
}

func (businessGate) undeclared(b *Business) (open []policy.ID) {
	if len(b.Escalation) == 0 {
		open = append(open, "automation-escalation-path")
	}
	if b.Contacts == (Contacts{}) {
		open = append(open, "profile-support-contact")
	}
	if b.PrivacyPolicy == "" {
		open = append(open, "privacy-policy-published")
	}
	return open
}

// note marks a rule that a declaration could decide and none was given.
func (r *Results) note(n int) { r.set(n, policy.Noted) }
