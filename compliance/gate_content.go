package compliance

import (
	"errors"
	"slices"

	"github.com/waguard/waguard/compliance/policy"
)

// contentGate turns what the content checker found into rule results. It
// answers for whatever rules the checker was compiled with.
type contentGate struct {
	rules []policy.ID
	num   map[policy.ID]int
}

func newContentGate(ids []policy.ID) *contentGate {
	g := &contentGate{rules: ids, num: make(map[policy.ID]int, len(ids))}
	for n, id := range ids {
		g.num[id] = n
	}
	return g
}

func (g *contentGate) Name() string       { return "content" }
func (g *contentGate) Rules() []policy.ID { return g.rules }

var errNotRun = errors.New("compliance: the check did not run")

func (g *contentGate) Judge(c *Case, r *Results) {
	report, ok := c.Content.Get()
	if !ok && !c.Content.IsAbsent() {
		what := "content"
		if c.Message.Kind == Template && c.Template.IsUnknown() {
			what = "template" // there is nothing to read for want of it: one cause
		}
		for n := range g.rules {
			r.Fail(what, c.Content.Cause(), n)
		}
		return
	}
	if !ok || c.Message.Kind == Call {
		for n := range g.rules {
			r.OutOfScope(n)
		}
		return
	}
	for n := range g.rules {
		r.Clear(n)
	}
	for _, id := range report.Failed {
		if n, ok := g.num[id]; ok {
			r.Fail("content", errNotRun, n)
		}
	}
	for i := range report.Findings {
		f := &report.Findings[i]
		n, ok := g.num[f.Rule]
		if !ok || regulated(f.Rule) != "" && exempt(c, regulated(f.Rule)) {
			continue
		}
		if f.Rule == ruleHealth && mayTellHealth(c) {
			continue
		}
		severity, speaks := f.Severity, true
		if !c.Message.Commerce && !f.Strict {
			severity, speaks = plain(r, n, severity)
		}
		if !speaks {
			continue
		}
		r.Break(n, Break{Severity: severity, Kind: f.Kind, Where: f.Place, Span: f.Span, Confidence: policy.Confidence(f.Confidence), Why: f.Why, Fix: f.Fix})
	}
}

// plain is what a rule about commerce features makes of a message without
// one: the severity its edition names "plain", but none above its own. It has nothing to
// say when the edition names none. Other rules are the same everywhere.
func plain(r *Results, n int, severity policy.Severity) (policy.Severity, bool) {
	book, i := r.sheet.Book(), r.index[n]
	if !slices.Contains(book.Rule(i).Inputs, "commerce") {
		return severity, true
	}
	lower, ok, err := policy.Param[policy.Severity](r.sheet.Edition(i), "plain")
	if err != nil {
		return severity, true // not to be read: as beside a commerce feature
	}
	return min(lower, r.sheet.Severity(i)), ok
}
