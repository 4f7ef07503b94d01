package compliance

import "github.com/waguard/waguard/compliance/policy"

// honestGate looks for what no honest message holds: addresses, labels and
// characters that show a reader something else than what is there. Whether plain
// words mislead, and whether a message surprises, it cannot know; that is the
// business's to declare. How often somebody is written to is for repeat-contact
// and frequency-cap, and what the platform noted of the account for
// account-not-restricted.
type honestGate struct{}

const ruleHonest = 0

func (honestGate) Name() string       { return "honest" }
func (honestGate) Rules() []policy.ID { return []policy.ID{ruleHonest: "no-deception-spam"} }

func (honestGate) Judge(c *Case, r *Results) {
	if c.Message.Kind == Call {
		r.OutOfScope(ruleHonest)
		return
	}
	if c.Content.IsUnknown() {
		r.Fail("content", c.Content.Cause(), ruleHonest)
		return
	}
	r.Clear(ruleHonest)
	if yes, ok := c.Business.Attests["no-deception-spam"]; ok && !yes {
		r.Break(ruleHonest, Break{Where: "business.attests", Why: "The business declares that its messages may confuse, deceive, swamp or surprise."})
	}
	report, read := c.Content.Get()
	for _, t := range c.Tricks {
		if t.Kind == trickUnseen || t.Kind == trickTurn {
			if read && len(report.Findings) > 0 {
				continue // words written so as not to be found: they were, and say so
			}
		}
		r.Break(ruleHonest, Break{Where: t.Place, Span: t.Span, Kind: t.Kind, Why: trickWhy[t.Kind]})
	}
}
