package compliance

import (
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/template"
)

// messageGate looks at what is about to leave as such: is it a sound message,
// on the right endpoint, of a type and to an address the platform takes.
type messageGate struct {
	blocked byEdition[[]string] // places
	rest    byEdition[aWhile]   // after the platform's word about one person
	direct  directLimits
}

const (
	ruleMalformed = iota
	ruleEndpoint
	ruleDirectType
	ruleDirectCategory
	ruleIdentifier
	ruleAuthPhone
	ruleUnreachable
)

func (messageGate) Name() string { return "message" }

func (messageGate) Rules() []policy.ID {
	return []policy.ID{
		ruleMalformed:      "message-malformed",
		ruleEndpoint:       "endpoint-mismatch",
		ruleDirectType:     "direct-send-type",
		ruleDirectCategory: "send-direct-category",
		ruleIdentifier:     "identifier-not-accepted",
		ruleAuthPhone:      "auth-recipient-phone",
		ruleUnreachable:    "recipient-unreachable",
	}
}

func (g messageGate) Judge(c *Case, r *Results) {
	if c.TwoFold {
		r.malformed(ruleMalformed, "to and recipient are known to be two people")
	} else {
		r.Clear(ruleMalformed)
	}
	g.endpoint(c, r)
	g.direct.judge(c, r)
	g.address(c, r)
	g.reach(c, r)
}

// reach: nobody in a blocked country and nothing of a business in one, and for a
// while nobody to whom the platform said that nothing is delivered. An open window
// shows that replies are, unless the business itself has blocked the person.
func (g messageGate) reach(c *Case, r *Results) {
	edition := r.Edition(ruleUnreachable)
	blocked := g.blocked.in(edition)
	if c.Place != "" && slices.Contains(blocked, c.Place) {
		r.Break(ruleUnreachable, Break{Where: "to", Kind: c.Place})
		return
	}
	for _, iso := range [...]string{c.home(), c.Business.Country} { // a number abroad moves no business
		if slices.Contains(blocked, iso) {
			r.Break(ruleUnreachable, Break{Where: "from", Kind: iso, Why: "WhatsApp serves no business of this country.", Fix: "Use another channel."})
			return
		}
	}
	reach, ok := c.Reach.Get()
	rest := g.rest.in(edition).duration()
	switch {
	case ok && reach.Blocked && c.Now.Before(reach.Since.Add(rest)):
		r.Break(ruleUnreachable, Break{Where: "to", Clears: reach.Since.Add(rest), Why: "The platform said that you have blocked this person (130403), and they have not written since.",
			Fix: "Leave them out, or take the block back; it is known to be over when they write."})
	case ok && reach.Refused && c.Message.proactive() && c.Now.Before(reach.Since.Add(rest)):
		r.Break(ruleUnreachable, Break{Where: "to", Clears: reach.Since.Add(rest), Why: "The platform said that nothing is delivered to this recipient, and they have not written since."})
	case c.Reach.IsUnknown():
		r.failBeside("window", c.Reach.Cause(), ruleUnreachable)
	default:
		r.Clear(ruleUnreachable)
	}
}

// unsound says what is wrong with the message itself, "" for nothing.
func unsound(m *Message) string {
	switch {
	case m.Malformed != "":
		return m.Malformed
	case m.Kind == 0 || m.Kind > Pass:
		return "kind is not set"
	case m.Group == "" && m.To.IsZero():
		return "to is missing"
	case m.Group != "" && !m.To.IsZero():
		return "to names a person and group a group"
	case m.Group != "" && !m.Also.IsZero():
		return "also names a person beside a group"
	case m.Group != "" && m.Kind == Call:
		return "a group cannot be called"
	case m.From.Number == "":
		return "from.number is missing"
	case m.Kind == Template && (m.Template.Name == "" || m.Template.Language == ""):
		return "template.name or template.language is missing"
	case m.Kind != Template && !m.Template.IsZero():
		return "template is set on a message that is none"
	case m.Endpoint != "" && m.Endpoint != "messages" && m.Endpoint != "marketing_messages":
		return "endpoint is unknown"
	}
	return ""
}

// malformed is a message nobody could judge: held, and not because it breaks
// anything.
func (r *Results) malformed(n int, why string) {
	if !r.InForce(n) {
		r.unknowns = append(r.unknowns, Unknown{What: "message", Cause: why})
		return
	}
	i := r.index[n]
	rule, edition := r.sheet.Book().Rule(i), r.sheet.Edition(i)
	r.raise(i, policy.Failed)
	r.unknowns = append(r.unknowns, Unknown{What: "message", Cause: why})
	r.found = append(r.found, policy.Violation{Rule: rule.ID, Severity: policy.Block, Failed: true, Where: "message",
		Why: why, Fix: rule.Fix, Since: edition.From, Cites: edition.Cites})
}

// endpoint: /marketing_messages takes marketing templates and nothing else.
func (messageGate) endpoint(c *Case, r *Results) {
	m := c.Message
	if m.Endpoint != "marketing_messages" {
		d, ok := c.Template.Get()
		switch {
		case m.Kind != Template:
			r.OutOfScope(ruleEndpoint)
		case ok && capped(d), c.answered(barEndpointOnly, m):
			r.Break(ruleEndpoint, Break{Where: "endpoint", Why: "A template with a price cap goes through the marketing endpoint only (131061)."})
		case categoryOf(c) == category.Marketing && c.answered(barMarketing, nil):
			r.Break(ruleEndpoint, Break{Where: "endpoint", Why: "The platform answered that this account sends marketing through the marketing endpoint only (131063)."})
		case c.Template.IsUnknown():
			r.Fail("template", c.Template.Cause(), ruleEndpoint)
		default:
			r.Clear(ruleEndpoint)
		}
		return
	}
	if m.Kind != Template {
		r.Break(ruleEndpoint, Break{Where: "endpoint", Why: "The marketing endpoint takes marketing templates only, and this is no template."})
		return
	}
	if c.Template.IsUnknown() {
		r.Fail("template", c.Template.Cause(), ruleEndpoint)
		return
	}
	if k := categoryOf(c); k != category.Unknown && k != category.Marketing {
		r.Break(ruleEndpoint, Break{Where: "endpoint", Why: "The marketing endpoint takes marketing templates only, and this template's category is " + strings.ToLower(k.String()) + "."})
		return
	}
	if until, yes := c.answeredUntil(barEndpointNever, m); yes {
		r.Break(ruleEndpoint, Break{Where: "endpoint", Clears: until, Why: "The platform answered that the marketing endpoint does not take this template (131055, 134100, 134102).",
			Fix: "Send it to the ordinary endpoint, and fetch its category again."})
		return
	}
	r.Clear(ruleEndpoint)
}

// address: authentication goes to phone numbers only, and a template with a
// price cap does not go to a BSUID (both 131062).
func (messageGate) address(c *Case, r *Results) {
	m := c.Message
	if m.To.Phone != "" || m.Group != "" || m.Kind != Template && m.Kind != Direct {
		r.OutOfScope(ruleAuthPhone, ruleIdentifier)
		return
	}
	if m.Kind == Template && c.Template.IsUnknown() {
		r.Fail("template", c.Template.Cause(), ruleAuthPhone, ruleIdentifier)
		return
	}
	if categoryOf(c) == category.Authentication {
		r.Break(ruleAuthPhone, Break{Where: "to"})
		r.OutOfScope(ruleIdentifier)
		return
	}
	r.Clear(ruleAuthPhone)
	if d, ok := c.Template.Get(); ok && m.Kind == Template && capped(d) {
		r.Break(ruleIdentifier, Break{Where: "to"})
		return
	}
	if m.Kind == Template && c.answered(barPhoneOnly, m) {
		r.Break(ruleIdentifier, Break{Where: "to", Why: "The platform answered that this template does not go to a user id (131062)."})
		return
	}
	r.Clear(ruleIdentifier)
}

// answered reports whether the platform answered something about the account, or
// about the template of a message, that still stands.
func (c *Case) answered(typ string, of *Message) bool {
	_, yes := c.answeredUntil(typ, of)
	return yes
}

// named is how the news of an account name the template of a message.
func (m *Message) named() string {
	if m.Kind == Direct {
		return m.Shape.Template
	}
	return templateKey(m)
}

// answeredUntil also says when it will be asked again; zero: only when somebody
// takes it back.
func (c *Case) answeredUntil(typ string, of *Message) (time.Time, bool) {
	a, ok := c.Account.Get()
	if !ok {
		return time.Time{}, false // the account's own rule tells what is not known
	}
	for i := range a.Bars {
		if b := &a.Bars[i]; b.Track == TrackRestriction && b.Type == typ && (of == nil || b.Cause == of.named()) {
			return b.Until, true
		}
	}
	return time.Time{}, false
}

// capped reports whether a template carries a price cap. optimization_spec
// replaced bid_spec, which is not supported after 2026-07-31.
func capped(d *template.Definition) bool {
	for _, k := range [2]string{"bid_spec", "optimization_spec"} {
		if v := d.Extra[k]; len(v) > 0 && string(v) != "null" {
			return true
		}
	}
	return false
}

// placeOf is where a message goes: by the number, else by the BSUID.
func placeOf(p party.Party) string {
	if p.Phone != "" {
		iso, _ := party.Place(p.Phone)
		return iso
	}
	if p.User != "" {
		iso, _ := party.PlaceOfUser(p.User)
		return iso
	}
	return ""
}
