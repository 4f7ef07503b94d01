package compliance

import (
	"time"

	"github.com/waguard/waguard/compliance/policy"
)

// windowGate: free-form messages need an open customer service window.
type windowGate struct{}

const (
	ruleWindow = iota
	ruleInitiation
)

func (windowGate) Name() string { return "window" }

func (windowGate) Rules() []policy.ID {
	return []policy.ID{ruleWindow: "service-window-24h", ruleInitiation: "template-only-initiation"}
}

func (windowGate) Judge(c *Case, r *Results) {
	if c.Message.Kind != Freeform {
		r.OutOfScope(ruleWindow, ruleInitiation)
		return
	}
	w, ok := c.Window.Get()
	if !ok {
		if c.Window.IsAbsent() {
			r.Clear(ruleWindow)
			r.Break(ruleInitiation, Break{Where: "window", Fix: r.fixOf(ruleInitiation, sendInstead(c.Instead))})
			return
		}
		r.Fail("window", c.Window.Cause(), ruleWindow, ruleInitiation)
		return
	}
	switch {
	case w.Open:
		r.Clear(ruleWindow, ruleInitiation)
	case !w.Ever:
		r.Clear(ruleWindow)
		why := "This person never wrote or called on this number, so no customer service window was ever open."
		if c.Message.Group != "" {
			why = "Nobody in this group ever wrote to this number, so the group's customer service window was never open."
		}
		r.Break(ruleInitiation, Break{Where: "window", Why: why, Fix: r.fixOf(ruleInitiation, sendInstead(c.Instead))})
	default:
		r.Clear(ruleInitiation)
		why := "The customer service window closed at " + w.ClosesAt.UTC().Format(time.RFC3339) + "."
		if c.Now.Before(w.ClosesAt) {
			why = "The customer service window closes at " + w.ClosesAt.UTC().Format(time.RFC3339) + ", inside the safety margin."
		}
		r.Break(ruleWindow, Break{Where: "window", Why: why, Fix: r.fixOf(ruleWindow, sendInstead(c.Instead))})
	}
}
