package compliance

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/window"
)

// A Judge decides Cases by one rule book, for one business. It is immutable
// and safe for concurrent use.
//
// Merging is this and no more: a blocking rule that is broken is Deny, since a
// definite no stays no whatever else is unknown; otherwise a blocking rule in
// force that failed or that nobody judged is Undecided; otherwise Allow.
type Judge struct {
	book     *policy.Book
	business *Business
	gates    []boundGate
	ready    atomic.Pointer[bench]

	malformed [1]int // where message-malformed stands in the book, -1 for nowhere
	scratch   sync.Pool
}

type boundGate struct {
	Gate
	index []int
}

// bench is what holds for every message under one sheet: the statuses to start
// from, what the business breaks by itself, and which rules have to be judged.
type bench struct {
	sheet    policy.Sheet
	statuses []policy.Status
	found    []policy.Violation
	waived   []policy.ID
	must     []int
}

// NewJudge binds gates to a book. A rule of the send phase whose check is built
// and which no gate answers for is an error, and so is a rule with two gates.
func NewJudge(book *policy.Book, business *Business, gates ...Gate) (*Judge, error) {
	j := &Judge{book: book, business: business}
	j.scratch.New = func() any { return &Results{statuses: make([]policy.Status, book.Len())} }
	j.malformed[0] = -1
	if i, ok := book.Index("message-malformed"); ok {
		j.malformed[0] = i
	}
	covered := make([]string, book.Len())
	for _, g := range gates {
		b := boundGate{Gate: g}
		for _, id := range g.Rules() {
			i, ok := book.Index(id)
			if !ok {
				b.index = append(b.index, -1)
				continue
			}
			if covered[i] != "" {
				return nil, fmt.Errorf("compliance: rule %s: gates %s and %s both answer for it", id, covered[i], g.Name())
			}
			covered[i] = g.Name()
			b.index = append(b.index, i)
		}
		j.gates = append(j.gates, b)
	}
	for i, r := range book.All() {
		switch r.Check {
		case policy.Gate, policy.Lexical, policy.Identifier:
			if covered[i] == "" && r.Phase == policy.Send {
				return nil, fmt.Errorf("compliance: rule %s: no gate answers for it", r.ID)
			}
		}
	}
	return j, nil
}

// bench returns what holds under a sheet, made once per sheet.
func (j *Judge) bench(s policy.Sheet) *bench {
	if b := j.ready.Load(); b != nil && b.sheet.Same(s) {
		return b
	}
	b := &bench{sheet: s, statuses: make([]policy.Status, j.book.Len())}
	r := &Results{sheet: s, statuses: b.statuses}
	for i, rule := range j.book.All() {
		if !s.InForce(i) {
			b.statuses[i] = policy.NotInForce
			continue
		}
		if rule.Phase != policy.Send {
			b.statuses[i] = policy.OutOfScope
			continue
		}
		switch rule.Check {
		case policy.Declared, policy.Vertical:
			j.declared(r, i, rule)
			if b.statuses[i] == policy.Failed && s.Severity(i) == policy.Block {
				b.must = append(b.must, i)
			}
		case policy.None:
		case policy.Lexical:
			// what the business says of itself counts beside the words
			j.owned(r, i, rule)
			fallthrough
		default:
			if s.Severity(i) == policy.Block {
				b.must = append(b.must, i)
			}
		}
	}
	b.found, b.waived = slices.Clip(r.found), slices.Clip(r.waived)
	j.ready.Store(b)
	return b
}

// Decide judges a Case. It reads nothing but the Case, and allocates nothing
// when there is nothing to report.
func (j *Judge) Decide(c *Case) Decision {
	return j.decide(c, false)
}

// Explain judges like Decide and lists what became of every rule in the book.
func (j *Judge) Explain(c *Case) Decision { return j.decide(c, true) }

func (j *Judge) decide(c *Case, explain bool) Decision {
	d := Decision{At: c.Now, Enforced: true, Book: j.book.Digest()}
	if c.Message.Kind == Pass && c.Message.Malformed == "" {
		d.Verdict = Passed
		return d
	}
	if c.Rules.Book() != j.book {
		d.Unknowns = []Unknown{{What: "rules", Cause: "the sheet is of another book"}}
		return d
	}
	b := j.bench(c.Rules)
	r := j.scratch.Get().(*Results)
	r.sheet, r.found, r.unknowns, r.waived = c.Rules, r.found[:0], nil, nil
	copy(r.statuses, b.statuses)
	r.found = append(r.found, b.found...)
	r.waived = append(r.waived, b.waived...)
	must := b.must
	if why := unsound(c.Message); why != "" {
		// nothing else can be said about what is no message
		j.unsound(why, r)
		must = nil
	} else {
		for i := range j.gates {
			j.run(&j.gates[i], c, r)
		}
	}

	denied, undecided := false, len(r.unknowns) > 0
	for k := range r.found {
		v := &r.found[k]
		denied = denied || v.Severity == policy.Block && !v.Failed
	}
	for _, i := range must {
		switch r.statuses[i] {
		case policy.NotRun:
			undecided = true
			rule, edition := j.book.Rule(i), c.Rules.Edition(i)
			r.unknowns = append(r.unknowns, Unknown{What: "rule " + string(rule.ID), Cause: "not judged"})
			r.found = append(r.found, policy.Violation{Rule: rule.ID, Severity: policy.Block, Failed: true, Where: "rule",
				Why: "nobody judged it", Fix: "mend the gate that answers for it", Since: edition.From, Cites: edition.Cites})
		case policy.Failed:
			undecided = true
		}
	}
	switch {
	case denied:
		d.Verdict = Deny
	case undecided:
		d.Verdict = Undecided
	default:
		d.Verdict = Allow
	}
	if len(r.found) > 0 {
		d.Violations = slices.Clone(r.found)
		policy.Sort(d.Violations)
	}
	d.Unknowns, d.Waived = r.unknowns, r.waived
	slices.Sort(d.Waived)
	if d.Verdict == Deny && !undecided {
		d.RetryAt = retryAt(c, d.Violations)
	}
	if d.Verdict == Allow {
		d.Until, d.Price = holdsUntil(c), priceOf(c)
	}
	if explain {
		for i, rule := range j.book.All() {
			d.Statuses = append(d.Statuses, RuleStatus{rule.ID, r.statuses[i]})
		}
	}
	r.unknowns, r.waived = nil, nil
	j.scratch.Put(r)
	return d
}

// unsound reports a message that is none, and drops what the business breaks
// by itself: that was not asked.
func (j *Judge) unsound(why string, r *Results) {
	r.found, r.waived = r.found[:0], r.waived[:0]
	r.index = j.malformed[:]
	r.malformed(0, why)
}

// run lets one gate judge. A gate that panics judged none of its rules.
func (j *Judge) run(g *boundGate, c *Case, r *Results) {
	r.index = g.index
	defer func() {
		if recover() != nil {
			r.index = g.index
			ns := make([]int, len(g.index))
			for n := range ns {
				ns[n] = n
			}
			r.Fail("gate "+g.Name(), errPanic, ns...)
		}
	}()
	g.Judge(c, r)
}

// retryAt is the earliest instant at which waiting alone would make the send
// allowed: zero when some cause does not pass with time, or when the window or
// the permission it needs would have ended by then.
func retryAt(c *Case, vs []policy.Violation) (at time.Time) {
	for i := range vs {
		if v := &vs[i]; v.Severity == policy.Block {
			if v.Clears.IsZero() {
				return time.Time{}
			}
			if v.Clears.After(at) {
				at = v.Clears
			}
		}
	}
	at = wakes(c, at)
	if c.Message.Kind == Call {
		if p, ok := c.Calls.Get(); ok && p.State == window.CallsTemporary && !at.Before(p.Until) {
			return time.Time{}
		}
	}
	if c.Message.Kind == Freeform {
		if w, ok := c.Window.Get(); !ok || !at.Before(w.SafeUntil) {
			return time.Time{}
		}
	}
	return at
}
