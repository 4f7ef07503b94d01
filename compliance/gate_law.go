package compliance

import (
	"slices"
	"time"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/window"
)

// lawGate looks at consent and stops by the laws of where the person is. Its
// rules are switched off until an app enables them ([policy.Book.Enable]), and
// warn: which law binds a business is for its lawyers to say.
type lawGate struct {
	places   [ruleConfirmOnce + 1]byEdition[[]string]
	purpose  byEdition[*wordSet] // of a wording that names one
	withdraw byEdition[*wordSet] // of a wording that says how to withdraw
	days     byEdition[int]      // in which a stop is carried out
	minutes  byEdition[int]      // in which a stop may be confirmed
	confirms func(*Message) bool
}

const (
	ruleDemonstrate = iota
	ruleErase
	rulePurpose
	ruleNotice
	ruleRevokeDays
	ruleRevokeAll
	ruleConfirmOnce
)

func (lawGate) Name() string { return "law" }

func (lawGate) Rules() []policy.ID {
	return []policy.ID{
		ruleDemonstrate: "law-gdpr-demonstrate",
		ruleErase:       "law-gdpr-erase-keep-suppression",
		rulePurpose:     "law-lgpd-purpose",
		ruleNotice:      "law-india-dpdp-notice",
		ruleRevokeDays:  "law-us-revoke-10bd",
		ruleRevokeAll:   "law-us-revoke-all",
		ruleConfirmOnce: "law-us-confirm-once",
	}
}

func newLawGate(book *policy.Book, confirms func(*Message) bool) (g lawGate, err error) {
	g.confirms = confirms
	for n, id := range g.Rules() {
		if g.places[n], err = params[[]string](book, id, "places"); err != nil {
			return g, err
		}
	}
	if g.purpose, err = wordSets(book, "law-lgpd-purpose", "purposes"); err != nil {
		return g, err
	}
	if g.withdraw, err = wordSets(book, "law-india-dpdp-notice", "withdrawals"); err != nil {
		return g, err
	}
	if g.days, err = params[int](book, "law-us-revoke-10bd", "business_days"); err != nil {
		return g, err
	}
	g.minutes, err = params[int](book, "law-us-confirm-once", "minutes")
	return g, err
}

// binds reports whether a rule is enabled and speaks about people where the
// recipient is. Where that is not known nobody can say, and nothing is held.
func (g *lawGate) binds(n int, c *Case, r *Results) bool {
	e := r.Edition(n)
	if e == nil || !r.InForce(n) || c.Message.Group != "" || !slices.Contains(g.places[n].in(e), c.Place) {
		r.OutOfScope(n)
		return false
	}
	return true
}

func (g lawGate) Judge(c *Case, r *Results) {
	var bound [len(g.places)]bool
	any := false
	for n := range bound {
		bound[n] = g.binds(n, c, r)
		any = any || bound[n]
	}
	if !any {
		return
	}
	s, ok := c.Consent.Get()
	if !ok && !c.Consent.IsAbsent() {
		for n := range bound {
			if bound[n] {
				r.Fail("consent", c.Consent.Cause(), n)
			}
		}
		return
	}
	if !ok {
		s = &optin.Standing{}
	}
	if bound[ruleErase] {
		g.erase(s, r)
	}
	if bound[ruleConfirmOnce] {
		g.confirmation(c, s, r)
	}
	if !c.Message.proactive() {
		for _, n := range [...]int{ruleDemonstrate, rulePurpose, ruleNotice, ruleRevokeDays, ruleRevokeAll} {
			r.OutOfScope(n)
		}
		return
	}
	purpose := purposeOf(categoryOf(c))
	if c.Message.Kind == Call {
		purpose = optin.Calls
	}
	g.agreement(s.Consent(purpose), bound[:], r)
	if bound[ruleRevokeDays] {
		r.Clear(ruleRevokeDays)
		if stop, on := s.StoppedFor(purpose); on && c.Now.After(businessDaysAfter(stop.At, g.days.in(r.Edition(ruleRevokeDays)))) {
			r.Break(ruleRevokeDays, Break{Where: "consent", Why: "This person said stop " + said(stop.Channel, stop.At) +
				", and the time the law gives for carrying it out is over."})
		}
	}
	if bound[ruleRevokeAll] {
		r.Clear(ruleRevokeAll)
		if _, on := s.StoppedFor(purpose); !on {
			for _, p := range [...]optin.Purpose{optin.Marketing, optin.Utility, optin.Authentication, optin.Calls} {
				if stop, other := s.StoppedFor(p); other && p != purpose {
					r.Break(ruleRevokeAll, Break{Where: "consent", Kind: string(p),
						Why: "This person stopped " + string(p) + " " + said(stop.Channel, stop.At) + "; under this rule that covers all kinds of messages."})
					break
				}
			}
		}
	}
}

// erase: of a person who stopped everything no agreement is kept, with what it
// says of them.
func (lawGate) erase(s *optin.Standing, r *Results) {
	r.Clear(ruleErase)
	if _, stopped := s.Stopped(); !stopped {
		return
	}
	for reason := range s.Reasons() {
		if reason.Source != "" {
			r.Break(ruleErase, Break{Where: "consent"})
			return
		}
	}
}

// agreement looks at the record of the agreement that is relied on.
func (g *lawGate) agreement(got optin.Consent, bound []bool, r *Results) {
	if got.Level == optin.NoConsent || got.Evidence == nil {
		// nothing is relied on; the rules of consent say so
		r.OutOfScope(ruleDemonstrate, rulePurpose, ruleNotice)
		return
	}
	e := got.Evidence
	if bound[ruleDemonstrate] {
		r.Clear(ruleDemonstrate)
		for _, f := range [...]struct{ field, value string }{{"wording", e.Wording + e.Version}, {"proof", e.Proof}} {
			if f.value == "" {
				r.Break(ruleDemonstrate, Break{Where: "consent." + f.field})
			}
		}
	}
	if bound[rulePurpose] {
		r.Clear(rulePurpose)
		if w := g.purpose.in(r.Edition(rulePurpose)); len(got.Purposes) == 0 && w != nil && !w.in(e.Wording) {
			r.Break(rulePurpose, Break{Where: "consent.wording"})
		}
	}
	if bound[ruleNotice] {
		r.Clear(ruleNotice)
		if w := g.withdraw.in(r.Edition(ruleNotice)); w != nil && !w.in(e.Wording) {
			r.Break(ruleNotice, Break{Where: "consent.wording"})
		}
	}
}

// confirmation: the first free-form message after a stop said on WhatsApp, soon
// and without selling.
func (g *lawGate) confirmation(c *Case, s *optin.Standing, r *Results) {
	stop, stopped := s.Stopped()
	if c.Message.Kind != Freeform || !stopped || !stop.OnWhatsApp {
		r.OutOfScope(ruleConfirmOnce)
		return
	}
	w, ok := c.Window.Get()
	if !ok && c.Window.IsAbsent() {
		w, ok = &window.State{}, true
	}
	switch {
	case !ok:
		r.Fail("window", c.Window.Cause(), ruleConfirmOnce)
	case w.Reply.After(stop.At):
		r.OutOfScope(ruleConfirmOnce) // the person has written again, and is answered
	case w.Replied.After(stop.At), !g.confirms(c.Message),
		c.Now.Sub(stop.At) >= time.Duration(g.minutes.in(r.Edition(ruleConfirmOnce)))*time.Minute:
		r.Break(ruleConfirmOnce, Break{Where: "consent"})
	default:
		r.Clear(ruleConfirmOnce)
	}
}

// businessDaysAfter is the end of the n-th day after an instant that is neither
// Saturday nor Sunday, in UTC. Holidays are not known, and counted as working
// days: the day it names is never too late.
func businessDaysAfter(at time.Time, n int) time.Time {
	d := at.UTC().Truncate(24 * time.Hour)
	for n > 0 {
		d = d.AddDate(0, 0, 1)
		if wd := d.Weekday(); wd != time.Saturday && wd != time.Sunday {
			n--
		}
	}
	return d.AddDate(0, 0, 1)
}
