package compliance

import (
	"context"
	"errors"
	"time"

	"github.com/waguard/waguard/compliance/policy"
)

// A Gate answers for some rules. Judge is pure: it looks at the Case and
// nothing else, and says of every one of its rules what became of it, one of
// [Results.OutOfScope], Clear, Break and Fail. A rule it says nothing about
// was not judged, and a blocking rule that was not judged keeps the message in.
type Gate interface {
	Name() string
	Rules() []policy.ID // in the order of the numbers that Results takes
	Judge(c *Case, r *Results)
}

// Results collects what a gate finds. Rules are named by their number in the
// gate's Rules. A number whose rule the book does not hold, or that is not in
// force, is accepted and means nothing.
type Results struct {
	sheet    policy.Sheet
	index    []int // of the gate at work: number to index in the book, -1 for none
	statuses []policy.Status
	found    []policy.Violation
	unknowns []Unknown
	waived   []policy.ID
}

// InForce reports whether rule n is in the book and in force.
func (r *Results) InForce(n int) bool { return r.index[n] >= 0 && r.sheet.InForce(r.index[n]) }

// Edition returns the edition of rule n that is in force, or nil.
func (r *Results) Edition(n int) *policy.Edition {
	if r.index[n] < 0 {
		return nil
	}
	return r.sheet.Edition(r.index[n])
}

// overridden reports whether the app itself set the severity of rule n.
func (r *Results) overridden(n int) bool {
	return r.index[n] >= 0 && r.sheet.Overridden(r.index[n])
}

// OutOfScope says that the rules do not speak about this message.
func (r *Results) OutOfScope(ns ...int) {
	for _, n := range ns {
		r.set(n, policy.OutOfScope)
	}
}

// Clear says that the rules spoke and found nothing.
func (r *Results) Clear(ns ...int) {
	for _, n := range ns {
		r.set(n, policy.Clear)
	}
}

// A Break is one way in which a rule was broken. Empty Why and Fix stand for
// the rule's own.
type Break struct {
	Severity   policy.Severity // zero: that of the edition in force
	Kind       string
	Where      string
	Span       policy.Span
	Confidence policy.Confidence // zero: nothing is guessed
	Why, Fix   string
	Prevents   string    // empty: the rule's own
	Clears     time.Time // when waiting alone would lift it; zero: never
}

// Break says that rule n is broken.
func (r *Results) Break(n int, b Break) {
	if r.InForce(n) {
		r.breaks(r.index[n], b)
	}
}

func (r *Results) breaks(i int, b Break) {
	rule, edition := r.sheet.Book().Rule(i), r.sheet.Edition(i)
	if b.Severity == 0 {
		b.Severity = r.sheet.Severity(i)
	}
	if _, waived := r.sheet.Waived(i); waived {
		r.raise(i, policy.Noted)
		for _, id := range r.waived {
			if id == rule.ID {
				return
			}
		}
		r.waived = append(r.waived, rule.ID)
		return
	}
	r.raise(i, b.Severity.Found())
	for k := range r.found {
		if v := &r.found[k]; v.Rule == rule.ID && v.Where == b.Where && v.Span == b.Span {
			return // one cause, one finding
		}
	}
	if b.Why == "" {
		b.Why = rule.Why
	}
	if b.Fix == "" {
		b.Fix = rule.Fix
	}
	if b.Prevents == "" {
		b.Prevents = rule.Prevents
	}
	r.found = append(r.found, policy.Violation{
		Rule: rule.ID, Severity: b.Severity, Kind: b.Kind, Where: b.Where, Span: b.Span, Confidence: b.Confidence,
		Why: b.Why, Fix: b.Fix, Prevents: b.Prevents, Clears: b.Clears, Since: edition.From, Cites: edition.Cites,
	})
}

// Fail says that rules could not be judged because what is not known. One
// finding, under the first of them, stands for them all.
func (r *Results) Fail(what string, cause error, ns ...int) {
	told := false
	for _, u := range r.unknowns {
		told = told || u.What == what
	}
	for _, n := range ns {
		if !r.InForce(n) {
			continue
		}
		i := r.index[n]
		if _, waived := r.sheet.Waived(i); waived {
			r.raise(i, policy.Noted)
			continue
		}
		r.raise(i, policy.Failed)
		if told || r.sheet.Severity(i) != policy.Block {
			continue
		}
		told = true
		rule, edition := r.sheet.Book().Rule(i), r.sheet.Edition(i)
		why := causeOf(cause)
		r.unknowns = append(r.unknowns, Unknown{What: what, Cause: why})
		r.found = append(r.found, policy.Violation{
			Rule: rule.ID, Severity: policy.Block, Failed: true, Where: what,
			Why: "could not be judged: " + what + " unknown (" + why + ")",
			Fix: "mend what keeps the " + what + " from being read, then send again", Since: edition.From, Cites: edition.Cites,
		})
	}
}

// failBeside is Fail for a rule of little weight: beside a certain no it is not
// told, since nobody would mend a look-up to hear the same no.
func (r *Results) failBeside(what string, cause error, n int) {
	for i := range r.found {
		if v := &r.found[i]; v.Severity == policy.Block && !v.Failed && r.InForce(n) {
			r.raise(r.index[n], policy.Failed)
			return
		}
	}
	r.Fail(what, cause, n)
}

func (r *Results) set(n int, s policy.Status) {
	if i := r.index[n]; i >= 0 && r.statuses[i] != policy.NotInForce && r.statuses[i] < s {
		r.statuses[i] = s
	}
}

// raise never lowers: a rule broken in one place stays broken.
func (r *Results) raise(i int, s policy.Status) {
	if r.statuses[i] < s || r.statuses[i] == policy.NotInForce {
		r.statuses[i] = s
	}
}

// causeOf puts an error into words that name no person and no text. Errors of
// stores may quote keys, so only their kind is told.
func causeOf(err error) string {
	var coded interface{ Cause() string }
	switch {
	case err == nil, errors.Is(err, errNotLooked):
		return "not looked up"
	case errors.Is(err, context.DeadlineExceeded):
		return "took too long"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.As(err, &coded):
		return coded.Cause()
	}
	return "failed"
}
