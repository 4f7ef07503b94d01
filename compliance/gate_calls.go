package compliance

import (
	"fmt"
	"slices"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/window"
)

// callGate: a business places a call only with the customer's permission, only
// so often, and not at all from a number of a barred country. And it asks for
// the permission only so often.
type callGate struct {
	barred          byEdition[[]string]
	warn            byEdition[int] // calls in a row not taken
	connected       byEdition[int] // in 24 hours
	perDay, perWeek byEdition[int] // requests
}

const (
	ruleCallPermission = iota
	ruleCallCountry
	ruleCallConnected
	ruleCallRequest
)

func (callGate) Name() string { return "calls" }

func (callGate) Rules() []policy.ID {
	return []policy.ID{
		ruleCallPermission: "call-permission-granted",
		ruleCallCountry:    "call-country-barred",
		ruleCallConnected:  "call-connected-limit",
		ruleCallRequest:    "call-request-limit",
	}
}

func newCallGate(book *policy.Book) (g callGate, err error) {
	if g.barred, err = params[[]string](book, "call-country-barred", "places"); err != nil {
		return g, err
	}
	for _, p := range []struct {
		into *byEdition[int]
		rule policy.ID
		name string
	}{
		{&g.warn, "call-permission-granted", "unanswered_warn"},
		{&g.connected, "call-connected-limit", "per_24h"},
		{&g.perDay, "call-request-limit", "per_24h"},
		{&g.perWeek, "call-request-limit", "per_7d"},
	} {
		if *p.into, err = params[int](book, p.rule, p.name); err != nil {
			return g, err
		}
	}
	return g, nil
}

func (g callGate) Judge(c *Case, r *Results) {
	g.request(c, r)
	if c.Message.Kind != Call {
		r.OutOfScope(ruleCallPermission, ruleCallCountry, ruleCallConnected)
		return
	}
	if iso := c.home(); slices.Contains(g.barred.in(r.Edition(ruleCallCountry)), iso) {
		r.Break(ruleCallCountry, Break{Where: "from", Kind: iso})
	} else {
		r.Clear(ruleCallCountry)
	}
	p, ok := c.Calls.Get()
	if !ok {
		if !c.Calls.IsAbsent() {
			r.Fail("window", c.Calls.Cause(), ruleCallPermission, ruleCallConnected)
			return
		}
		p = &window.Calls{}
	}
	g.permission(p, r)
	g.used(c, p, r)
}

func (g callGate) permission(p *window.Calls, r *Results) {
	if p.Allowed {
		r.Clear(ruleCallPermission)
		if n := g.warn.in(r.Edition(ruleCallPermission)); n > 0 && p.Unanswered >= n {
			r.Break(ruleCallPermission, Break{Severity: policy.Warn, Where: "calls.unanswered",
				Why: fmt.Sprintf("%d calls in a row were not taken. WhatsApp asks the customer whether to change the permission, and takes it back after a few more.", p.Unanswered),
				Fix: "Write first and agree on a time, or wait for the customer to call."})
		}
		return
	}
	b := Break{Where: "calls"}
	switch p.State {
	case window.CallsLapsed:
		b.Why = "The customer's permission to call has run out."
	case window.CallsDeclined:
		b.Why = "The customer declined calls."
	case window.CallsRevoked:
		b.Why = "The customer does not allow calls, or no longer."
		if p.Unanswered > 0 {
			b.Why = fmt.Sprintf("WhatsApp takes the permission to call back after %d calls in a row that were not taken.", p.Unanswered)
		}
	case window.CallsRequested:
		b.Why = "The customer was asked for permission to call and has not answered."
	}
	r.Break(ruleCallPermission, b)
}

// used: so many connected calls in a moving 24 hours.
func (g callGate) used(c *Case, p *window.Calls, r *Results) {
	r.Clear(ruleCallConnected)
	b := Break{Where: "calls.connected", Clears: p.CallAgain}
	if n := g.connected.in(r.Edition(ruleCallConnected)); n > 0 && len(p.Connected) >= n {
		if end := p.Connected[n-1].Add(window.CallDay); end.After(b.Clears) {
			b.Clears = end
		}
		b.Why = fmt.Sprintf("%d calls to this customer connected in the last 24 hours, or may have, and %d are allowed.", len(p.Connected), n)
	}
	if b.Clears.After(c.Now) {
		r.Break(ruleCallConnected, b)
	}
}

// request: so many requests for permission in a day and in a week.
func (g callGate) request(c *Case, r *Results) {
	asks, known := c.asksForCalls()
	switch {
	case !known:
		r.Fail("template", c.Template.Cause(), ruleCallRequest)
		return
	case !asks || c.Message.Group != "":
		r.OutOfScope(ruleCallRequest)
		return
	}
	p, ok := c.Calls.Get()
	if !ok {
		if !c.Calls.IsAbsent() {
			r.Fail("window", c.Calls.Cause(), ruleCallRequest)
			return
		}
		p = &window.Calls{}
	}
	r.Clear(ruleCallRequest)
	if p.Permanent {
		r.Break(ruleCallRequest, Break{Severity: policy.Warn, Where: "calls",
			Why: "This customer allows calls for good already; the platform answers 138017.", Fix: "Place the call."})
	}
	b := Break{Where: "calls.requests", Clears: p.AskAgain}
	e := r.Edition(ruleCallRequest)
	for _, limit := range []struct {
		n     int
		span  time.Duration
		words string
	}{{g.perDay.in(e), window.CallDay, "24 hours"}, {g.perWeek.in(e), window.CallRequestWeek, "7 days"}} {
		if limit.n == 0 || len(p.Asked) < limit.n {
			continue
		}
		if end := p.Asked[limit.n-1].Add(limit.span); end.After(c.Now) && end.After(b.Clears) {
			b.Clears = end
			b.Why = fmt.Sprintf("This customer was asked for permission to call in the last %s, and %d in that time is all the platform takes.", limit.words, limit.n)
		}
	}
	if b.Clears.After(c.Now) {
		r.Break(ruleCallRequest, b)
	}
}

// home is the country of the business number; the country of the business
// stands in where the number is not listed.
func (c *Case) home() string {
	for _, n := range c.Business.Numbers {
		if n.ID == c.Message.From.Number && n.Phone != "" {
			if iso, ok := party.Place(n.Phone); ok {
				return iso
			}
		}
	}
	return c.Business.Country
}

// callRules are the figures of the book that calls are worked out with.
type callRules struct {
	temporary  byEdition[aWhile]
	unanswered byEdition[int]
}

func newCallRules(book *policy.Book) (c callRules, err error) {
	if c.temporary, err = params[aWhile](book, "call-permission-granted", "temporary"); err != nil {
		return c, err
	}
	c.unanswered, err = params[int](book, "call-permission-granted", "unanswered_revoke")
	return c, err
}

// at are those in force; the platform's of today stand in where the book has
// none.
func (c *callRules) at(s policy.Sheet) window.CallRules {
	r := window.DefaultCallRules()
	i, ok := s.Book().Index("call-permission-granted")
	if !ok {
		return r
	}
	e := s.Edition(i)
	if d := c.temporary.in(e).duration(); d > 0 {
		r.Temporary = d
	}
	if n := c.unanswered.in(e); n > 0 {
		r.Unanswered = n
	}
	return r
}
