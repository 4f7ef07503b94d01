package compliance

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/text"
	"github.com/waguard/waguard/optin"
)

// consentGate: nobody is written to or called who did not agree, and nobody
// who said stop. It knows three things that hold apart: what the person agreed
// to, what the person stopped, and WhatsApp's own switch for marketing.
type consentGate struct {
	switchScope optin.PlatformScope // how far WhatsApp's own marketing switch reaches
	screen      *category.Screen    // notices promotion in a confirmation
	states      byEdition[*wordSet] // words of a wording that says that messages will come
}

const (
	ruleOptIn = iota
	ruleInboundNoOptIn
	ruleContactSource
	ruleImplicit
	ruleScope
	ruleNamesBusiness
	ruleNamesWhatsApp
	ruleStates
	ruleEvidence
	rulePerCategory
	ruleUsername
	ruleOptOut
	ruleOptOutCategory
	ruleUserStopped
	ruleResume
	ruleCallOptIn
	ruleCallSeparate
)

func (consentGate) Name() string { return "consent" }

func (consentGate) Rules() []policy.ID {
	return []policy.ID{
		ruleOptIn:          "optin-required",
		ruleInboundNoOptIn: "optin-inbound-is-not-optin",
		ruleContactSource:  "contact-source-own",
		ruleImplicit:       "optin-implicit-basis",
		ruleScope:          "optin-category-scope",
		ruleNamesBusiness:  "optin-names-business",
		ruleNamesWhatsApp:  "optin-names-whatsapp",
		ruleStates:         "optin-states-communication",
		ruleEvidence:       "optin-evidence-held",
		rulePerCategory:    "optin-per-category",
		ruleUsername:       "contact-username-allowed",
		ruleOptOut:         "optout-honored",
		ruleOptOutCategory: "optout-category-honored",
		ruleUserStopped:    "user-stopped-marketing",
		ruleResume:         "user-resume-not-reoptin",
		ruleCallOptIn:      "call-optin-required",
		ruleCallSeparate:   "call-optin-separate",
	}
}

// ConfirmWithin is how long after a stop made on WhatsApp one free-form
// message may confirm it (after 47 CFR 64.1200(a)(12), five minutes).
const ConfirmWithin = 5 * time.Minute

func (g consentGate) Judge(c *Case, r *Results) {
	m := c.Message
	if m.Group != "" {
		// a group is nobody's consent; its window is the group's own
		for n := range ruleCallSeparate + 1 {
			r.OutOfScope(n)
		}
		return
	}
	r.Clear(ruleUsername)
	if m.To.Phone == "" {
		r.note(ruleUsername) // the id behind a username is all there is, and counts as given
	}
	if yes, ok := c.Business.Attests["contact-source-own"]; ok && !yes {
		r.Break(ruleContactSource, Break{Where: "business.attests"})
	}
	s, ok := c.Consent.Get()
	if !ok {
		if !c.Consent.IsAbsent() {
			r.Fail("consent", c.Consent.Cause(), ruleOptOut, ruleOptIn, ruleOptOutCategory, ruleUserStopped,
				ruleInboundNoOptIn, ruleContactSource, ruleNamesBusiness, ruleNamesWhatsApp, ruleStates, ruleResume, ruleCallOptIn)
			r.OutOfScope(ruleImplicit, ruleScope, ruleEvidence, rulePerCategory, ruleCallSeparate)
			return
		}
		s = &optin.Standing{}
	}
	g.stops(c, s, r)
	switch {
	case m.Kind == Call:
		g.call(c, s, r)
	case m.proactive():
		g.agreed(c, s, r)
		r.OutOfScope(ruleCallOptIn, ruleCallSeparate)
	default:
		// a reply inside the window needs no opt-in
		r.OutOfScope(ruleOptIn, ruleInboundNoOptIn, ruleContactSource, ruleImplicit, ruleScope, ruleNamesBusiness,
			ruleNamesWhatsApp, ruleStates, ruleEvidence, rulePerCategory, ruleCallOptIn, ruleCallSeparate)
	}
}

// purposeOf is what a person has to have agreed to.
func purposeOf(k category.Category) optin.Purpose {
	switch k {
	case category.Marketing:
		return optin.Marketing
	case category.Utility:
		return optin.Utility
	case category.Authentication:
		return optin.Authentication
	}
	return ""
}

func (g consentGate) stops(c *Case, s *optin.Standing, r *Results) {
	m := c.Message
	k := categoryOf(c)
	purpose := purposeOf(k)
	if m.Kind == Call {
		purpose = optin.Calls
	}
	r.Clear(ruleOptOut)
	if !m.proactive() {
		r.OutOfScope(ruleOptOutCategory, ruleUserStopped, ruleResume)
		if stop, stopped := s.Stopped(); stopped {
			g.afterStop(c, stop, r)
		}
		return
	}
	r.Clear(ruleOptOutCategory, ruleUserStopped, ruleResume)
	stop, stopped := s.Stopped()
	if purpose != "" {
		// who stopped everything and then asked for one thing gets that
		stop, stopped = s.StoppedFor(purpose)
	}
	switch {
	case stopped && len(stop.Purposes) == 0:
		r.Break(ruleOptOut, Break{Where: "consent", Why: "This person said stop " + said(stop.Channel, stop.At) + "."})
	case stopped:
		r.Break(ruleOptOutCategory, Break{Where: "consent", Kind: string(purpose),
			Why: "This person stopped " + string(purpose) + " " + said(stop.Channel, stop.At) + "."})
	case purpose == optin.Marketing && s.Suppressed():
		r.Break(ruleOptOutCategory, Break{Where: "consent", Kind: string(purpose),
			Why: "This person wrote something that is likely a stop, so marketing is held until somebody has asked.",
			Fix: "Ask the person whether they want to stop, and record the answer as a grant or a revoke."})
	}
	if stopped && k == category.Marketing && resumed(s, stop.At) {
		r.Break(ruleResume, Break{Where: "consent"})
	}
	if k == category.Unknown && m.Kind == Template {
		if _, found := c.Template.Get(); found {
			// a category nobody here knows could be marketing
			r.Fail("template category", fault("not one of the three"), ruleOptOutCategory, ruleUserStopped)
		}
		if c.Template.IsUnknown() {
			r.Fail("template", c.Template.Cause(), ruleOptOutCategory, ruleUserStopped)
		}
		return
	}
	if k == category.Marketing {
		if at, _, on := s.PlatformStop(m.From, g.switchScope); on {
			r.Break(ruleUserStopped, Break{Where: "consent", Why: "This person pressed Stop for this business's marketing in WhatsApp on " + day(at) + "."})
		}
	}
}

// afterStop: a full stop ends everything proactive. Free-form replies are
// allowed again only in a window opened by a later message that is itself no
// stop, but for one confirmation.
func (g consentGate) afterStop(c *Case, stop optin.Stop, r *Results) {
	b := Break{Where: "consent", Why: "This person said stop " + said(stop.Channel, stop.At) + "."}
	w, ok := c.Window.Get()
	if !ok {
		if c.Window.IsAbsent() {
			r.Break(ruleOptOut, b)
		} else {
			r.Fail("window", c.Window.Cause(), ruleOptOut)
		}
		return
	}
	if w.Reply.After(stop.At) {
		return
	}
	if stop.OnWhatsApp && !w.Replied.After(stop.At) && !c.Now.Before(stop.At) && c.Now.Sub(stop.At) < ConfirmWithin && g.confirms(c.Message) {
		return
	}
	b.Why += " They have written nothing since that asks for an answer."
	r.Break(ruleOptOut, b)
}

// confirms is the instant of the stop that a free-form message may leave after only
// because it confirms it; zero for every other message.
func (c *Case) confirms() time.Time {
	s, ok := c.Consent.Get()
	w, known := c.Window.Get()
	if !ok || !known || c.Message.Kind != Freeform || c.Message.Group != "" {
		return time.Time{}
	}
	if stop, stopped := s.Stopped(); stopped && !w.Reply.After(stop.At) {
		return stop.At
	}
	return time.Time{}
}

// confirms reports whether a free-form message can be the one confirmation of
// a stop: it offers nothing and leads nowhere. Words of promotion, links,
// prices and reductions are not let pass.
func (g consentGate) confirms(m *Message) bool {
	if m.Commerce {
		return false
	}
	for _, t := range m.Texts {
		if strings.ContainsAny(t.Words, "%€$£₹¥") || strings.Contains(t.Words, "://") || strings.Contains(t.Words, "www.") {
			return false
		}
		if _, promotes := g.screen.Promotes(t.Words); promotes {
			return false
		}
	}
	return true
}

// resumed reports whether the person pressed Resume in WhatsApp after an instant.
func resumed(s *optin.Standing, after time.Time) bool {
	for reason := range s.Reasons() {
		if reason.Kind == optin.PlatformResumed && reason.At.After(after) {
			return true
		}
	}
	return false
}

// agreed: proactive messages need an active opt-in that covers their category.
func (g consentGate) agreed(c *Case, s *optin.Standing, r *Results) {
	k := categoryOf(c)
	purpose := purposeOf(k)
	known := purpose != ""
	if !known {
		purpose = optin.Utility // while the template is not known, any agreement to messages will do
	}
	got := s.Consent(purpose)
	r.Clear(ruleOptIn, ruleInboundNoOptIn, ruleContactSource, ruleImplicit, ruleScope)
	switch got.Level {
	case optin.NoConsent:
		switch {
		case got.NoOptIn == optin.InboundMessage && r.InForce(ruleInboundNoOptIn):
			r.Break(ruleInboundNoOptIn, Break{Where: "consent.source"})
		case got.NoOptIn == optin.PurchasedList && r.InForce(ruleContactSource):
			r.Break(ruleContactSource, Break{Where: "consent.source"})
		default:
			if got.NoOptIn == optin.ImpliedBuy {
				r.Break(ruleImplicit, Break{Where: "consent.source"})
			}
			if _, stopped := s.Stopped(); !stopped { // a stop has said it already
				r.Break(ruleOptIn, Break{Where: "consent"})
			}
		}
		r.OutOfScope(ruleNamesBusiness, ruleNamesWhatsApp, ruleStates, ruleEvidence, rulePerCategory)
		return
	case optin.OtherPurposes:
		if _, stopped := s.StoppedFor(purpose); known && !stopped {
			b := Break{Where: "consent.purposes", Kind: string(purpose)}
			if k == category.Marketing {
				// the one place where our default is stricter than Meta's
				// "should"; an app that set the severity itself has the word
				if !r.overridden(ruleScope) {
					b.Severity = policy.Block
				}
				b.Why = "This person agreed to messages, but not to marketing."
			}
			r.Break(ruleScope, b)
		}
	}
	g.evidence(c, got, r)
}

// evidence looks at what is on record about the grant that is relied on.
func (g consentGate) evidence(c *Case, got optin.Consent, r *Results) {
	r.Clear(ruleEvidence, rulePerCategory)
	e := got.Evidence
	if e == nil {
		r.Break(ruleEvidence, Break{Where: "consent.evidence"})
		r.OutOfScope(ruleNamesBusiness, ruleNamesWhatsApp, ruleStates)
		return
	}
	if e.Source == "" || e.Wording == "" {
		r.Break(ruleEvidence, Break{Where: "consent.evidence"})
	}
	if len(got.Purposes) > 1 {
		r.Break(rulePerCategory, Break{Where: "consent.purposes"})
	}
	name := c.Business.Name
	switch {
	case name == "" || e.Wording == "" && e.BusinessName == "":
		r.OutOfScope(ruleNamesBusiness)
	case says(e.Wording, name) || e.BusinessName != "" && (says(e.BusinessName, name) || says(name, e.BusinessName) || says(e.Wording, e.BusinessName)):
		r.Clear(ruleNamesBusiness)
	default:
		r.Break(ruleNamesBusiness, Break{Where: "consent.wording"})
	}
	switch {
	case e.Wording == "" || !r.InForce(ruleNamesWhatsApp):
		r.OutOfScope(ruleNamesWhatsApp)
	case says(e.Wording, "whatsapp"):
		r.Clear(ruleNamesWhatsApp)
	default:
		r.Break(ruleNamesWhatsApp, Break{Where: "consent.wording"})
	}
	g.stated(e, r)
}

// stated: the wording says that the person agrees to be written to. A wording in
// a language whose words are not known is noted, and held by nobody.
func (g consentGate) stated(e *optin.Evidence, r *Results) {
	w := g.states.in(r.Edition(ruleStates))
	switch {
	case e.Wording == "" || w == nil:
		r.OutOfScope(ruleStates) // that no wording is on record is told by ruleEvidence
	case w.in(e.Wording):
		r.Clear(ruleStates)
	case !w.speaks(e.Locale):
		r.note(ruleStates)
	default:
		r.Break(ruleStates, Break{Where: "consent.wording"})
	}
}

// call: agreement to calls is asked for apart from messages. The permission a
// customer grants inside WhatsApp is such an agreement.
func (consentGate) call(c *Case, s *optin.Standing, r *Results) {
	r.OutOfScope(ruleOptIn, ruleInboundNoOptIn, ruleContactSource, ruleImplicit, ruleScope, ruleNamesBusiness,
		ruleNamesWhatsApp, ruleStates, ruleEvidence, rulePerCategory)
	r.Clear(ruleCallOptIn, ruleCallSeparate)
	got := s.Consent(optin.Calls)
	if p, ok := c.Calls.Get(); got.Level != optin.Named && ok && p.Allowed {
		return
	}
	if got.Level != optin.Named && c.Calls.IsUnknown() {
		// the permission in WhatsApp would do, and it is not known
		r.Fail("window", c.Calls.Cause(), ruleCallOptIn)
		r.OutOfScope(ruleCallSeparate)
		return
	}
	if got.Level != optin.Named {
		if _, stopped := s.StoppedFor(optin.Calls); !stopped {
			r.Break(ruleCallOptIn, Break{Where: "consent"})
		}
		r.OutOfScope(ruleCallSeparate)
		return
	}
	if len(got.Purposes) > 1 {
		r.Break(ruleCallSeparate, Break{Where: "consent.purposes"})
	}
}

// says reports whether a text names something as words of their own, whatever
// the case or the way an accent is written. The quick way does not allocate: it
// runs for every template.
func says(words, name string) bool {
	if name == "" {
		return false
	}
	if says, ascii := saysASCII(words, name); says || ascii {
		return says
	}
	says, _ := saysASCII(text.Fold(words), text.Fold(name))
	return says
}

func saysASCII(words, name string) (says, ascii bool) {
	for i := 0; i+len(name) <= len(words); i++ {
		if strings.EqualFold(words[i:i+len(name)], name) && edge(words[:i], true) && edge(words[i+len(name):], false) {
			return true, true
		}
	}
	for _, s := range [2]string{words, name} {
		for i := range len(s) {
			if s[i] >= utf8.RuneSelf {
				return false, false
			}
		}
	}
	return false, true
}

// edge reports whether no letter or digit runs on beyond a match. Scripts that
// write without spaces have no such edge, so their letters do not count.
func edge(rest string, before bool) bool {
	r, n := utf8.DecodeRuneInString(rest)
	if before {
		r, n = utf8.DecodeLastRuneInString(rest)
	}
	return n == 0 || !unicode.IsLetter(r) && !unicode.IsDigit(r) || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

func said(ch optin.Channel, at time.Time) string {
	if ch == "" {
		return "on " + day(at)
	}
	return "by " + string(ch) + " on " + day(at)
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
