package compliance

import (
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// A Case is everything a message is judged by: the message, the facts that
// were looked up, and the rules in force. Judging it is a pure function, so a
// Case that is kept can be judged again and gives the same Decision.
type Case struct {
	Now      time.Time
	Message  *Message
	Business *Business
	Rules    policy.Sheet

	Consent  Fact[optin.Standing] // of To, and of Also
	Window   Fact[window.State]   // of the line with To, or with the group; of a template only its price depends on it
	Calls    Fact[window.Calls]   // permission to call and what is used up, of the line and To; for calls and requests
	Reach    Fact[window.Reach]   // whether messages reach To; of a reply only a block by the business counts
	Template Fact[template.Definition]
	Account  Fact[Account]
	Pace     Fact[Pace]             // what To, and everybody, was sent of late
	Media    Fact[[]template.Media] // of a template's header files; absent, or not looked at, where nobody can tell
	Content  Fact[content.Report]   // of every text a person will read
	Category Fact[Likeness]         // what category the words look like

	// Instead are approved templates that could say what a free-form message may
	// not, its window being closed: the likest first. Advice, and no fact anything
	// is decided by.
	Instead []template.Candidate

	Tricks  []Trick          // what in the words shows a reader something else than what is there
	Echo    Echo             // words of other customers, where an index listens
	Place   string           // where the recipient is, ISO 3166 alpha-2; empty when not known
	Zones   []*time.Location // where the recipient may be; filled for marketing, nil when not known
	TwoFold bool             // To and Also are known to be two people
}

// category is what the message counts as: the catalog's word for a template,
// the caller's for a Direct Send, Unknown while the template is not known.
func categoryOf(c *Case) category.Category {
	switch c.Message.Kind {
	case Template:
		if d, ok := c.Template.Get(); ok {
			return d.CategoryAt(c.Now)
		}
	case Direct:
		return c.Message.Category
	}
	return category.Unknown
}

// asksForCalls reports whether the message asks for permission to call, which
// for a template its definition says, and whether that is known.
func (c *Case) asksForCalls() (asks, known bool) {
	m := c.Message
	if m.CallRequest || m.Kind != Template {
		return m.CallRequest, true
	}
	d, ok := c.Template.Get()
	return ok && template.NeedsCallPermission(d), ok || c.Template.IsAbsent()
}

// proactive reports whether the business starts the contact with this message.
func (m *Message) proactive() bool { return m.Kind == Template || m.Kind == Direct || m.Kind == Call }
