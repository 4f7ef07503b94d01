package compliance

import (
	"context"
	"slices"

	"github.com/waguard/waguard/compliance/echo"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
)

// sharingGate: what one customer wrote or sent does not go to another. It knows
// what the app says of where a text came from ([Message.Lineage]), and what an
// index of echoes noticed ([WithEchoes]). With neither it has nothing to say.
type sharingGate struct{}

const ruleSharing = 0

func (sharingGate) Name() string       { return "sharing" }
func (sharingGate) Rules() []policy.ID { return []policy.ID{ruleSharing: "no-cross-customer-sharing"} }

func (sharingGate) Judge(c *Case, r *Results) {
	m := c.Message
	attested, declared := c.Business.Attests["no-cross-customer-sharing"]
	switch {
	case declared && !attested:
		r.Break(ruleSharing, Break{Where: "business.attests"})
	case m.Kind == Call || !declared && len(m.Lineage) == 0 && !c.Echo.Looked:
		r.OutOfScope(ruleSharing)
		return
	default:
		r.Clear(ruleSharing)
	}
	if c.Echo.Found {
		r.Break(ruleSharing, Break{Where: c.Echo.Where, Span: c.Echo.Span})
	}
	for i := range m.Lineage {
		from := &m.Lineage[i]
		where := from.Place
		if where == "" {
			where = "lineage"
		}
		same, known := c.same(from.From)
		switch {
		case !known:
			r.Fail("consent", c.Consent.Cause(), ruleSharing)
		case !same:
			r.Break(ruleSharing, Break{Where: where})
		}
	}
}

// same reports whether a party is the recipient, as far as links know; known is
// false when they could not be asked. A group is nobody.
func (c *Case) same(p party.Party) (same, known bool) {
	if c.Message.Group != "" || p.IsZero() {
		return false, true
	}
	hs := p.Handles()
	to := c.recipient()
	if slices.ContainsFunc(hs, func(h party.Handle) bool { return slices.Contains(to, h) }) {
		return true, true
	}
	return false, !c.Consent.IsUnknown()
}

// recipient is every handle the recipient is known by.
func (c *Case) recipient() []party.Handle {
	if s, ok := c.Consent.Get(); ok && len(s.Handles) > 0 {
		return s.Handles
	}
	return append(c.Message.To.Handles(), c.Message.Also.Handles()...)
}

// An Echo is where words of another customer were noticed.
type Echo struct {
	Looked, Found bool
	Where         string
	Span          policy.Span
}

// WithEchoes has an index listen to what customers write and the business sends,
// and holds messages in which words of one customer would go to another (rule
// no-cross-customer-sharing). The index lives in this process: several processes
// that serve the same customers each know what they heard themselves.
func WithEchoes(x *echo.Index) Option { return func(s *Sender) { s.echoes = x } }

// forgetEchoes lets an erasure reach the index.
type forgetEchoes struct{ x *echo.Index }

func (f forgetEchoes) Forget(_ context.Context, hs []party.Handle) error {
	f.x.Forget(hs)
	return nil
}

// listen looks for words of others in texts.
func (s *Sender) listen(c *Case, texts []Text) Echo {
	out := Echo{Looked: true}
	to := c.recipient()
	for i := range texts {
		if span, found := s.echoes.Check(to, texts[i].Words); found {
			out.Found, out.Where, out.Span = true, texts[i].Place, policy.Span{Start: span[0], End: span[1]}
			break
		}
	}
	return out
}
