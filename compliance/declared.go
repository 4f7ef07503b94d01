package compliance

import (
	"slices"

	"github.com/waguard/waguard/compliance/policy"
)

// declared decides a rule from what the business says of itself, once per
// sheet: attested true is clear, attested false is broken, not attested is
// noted and listed by [Sender.Undeclared]. A rule that names verticals in its
// parameters speaks only when one of them is declared, and is then broken when
// nothing was attested: the business that needs it has to say so.
func (j *Judge) declared(r *Results, i int, rule *policy.Rule) {
	b := j.business
	if rule.Check == policy.Vertical {
		if !j.owned(r, i, rule) {
			r.statuses[i] = policy.Clear
		}
		return
	}
	needed := false
	verticals, speaks, err := policy.Param[[]string](r.sheet.Edition(i), "verticals")
	if err != nil {
		r.statuses[i] = policy.Failed
		return
	}
	if speaks {
		needed = slices.ContainsFunc(verticals, b.Sells)
		if !needed {
			r.statuses[i] = policy.OutOfScope
			return
		}
	}
	switch attested, ok := b.attested(rule); {
	case ok && attested:
		r.statuses[i] = policy.Clear
	case ok:
		r.breaks(i, Break{Where: "business.attests"})
	case needed:
		r.breaks(i, Break{Where: "business.attests", Why: rule.Why + " The declared vertical needs it attested, and it is not."})
	default:
		r.statuses[i] = policy.Noted
	}
}

// owned breaks a rule that the business breaks by its own word: by being of one of
// the verticals the rule names, or, where the rule is about who it is, by declaring that
// it does not comply.
func (j *Judge) owned(r *Results, i int, rule *policy.Rule) bool {
	for _, v := range rule.Verticals {
		if j.business.Sells(v) {
			r.breaks(i, Break{Where: "business.verticals", Kind: v, Why: ownVertical(rule, v)})
			return true
		}
	}
	if attested, ok := j.business.attested(rule); ok && !attested && (rule.Check == policy.Vertical || rule.Area == "identity") {
		r.breaks(i, Break{Where: "business.attests"})
		return true
	}
	return false
}

// ownVertical stands in for the why of a rule about words.
func ownVertical(rule *policy.Rule, v string) string {
	if rule.Check != policy.Lexical {
		return ""
	}
	return "The business declares itself of a kind that the policy bars as such (" + v + "), whatever this message says."
}

// attested looks a rule up under its id and its aliases.
func (b *Business) attested(rule *policy.Rule) (yes, ok bool) {
	if yes, ok = b.Attests[rule.ID]; ok {
		return yes, ok
	}
	for _, a := range rule.Aliases {
		if yes, ok = b.Attests[a]; ok {
			return yes, ok
		}
	}
	return false, false
}

// A declarer is a gate some of whose rules the business's own word decides: it
// lists those that the business left open.
type declarer interface{ undeclared(*Business) []policy.ID }

// Undeclared lists the rules in force that only a declaration can decide, or
// that one would settle, and that the business has left open, in the order of
// the book.
func (j *Judge) Undeclared(s policy.Sheet) []policy.ID {
	b := j.bench(s)
	var gates []policy.ID
	for _, g := range j.gates {
		if d, ok := g.Gate.(declarer); ok {
			gates = append(gates, d.undeclared(j.business)...)
		}
	}
	var open []policy.ID
	for i, rule := range j.book.All() {
		if _, said := j.business.attested(rule); said || !s.InForce(i) {
			continue
		}
		if rule.Check == policy.Declared && b.statuses[i] == policy.Noted || slices.Contains(gates, rule.ID) {
			open = append(open, rule.ID)
		}
	}
	return open
}
