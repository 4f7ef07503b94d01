package compliance

import (
	"fmt"
	"slices"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/policy"
)

// Pace is how much a person, and everybody together, was sent of late.
type Pace struct {
	pace.State
	Name       string // what a message with a key of the app's own spends under; empty without
	InWindow   bool   // a service window is open; looked up where it matters
	Unanswered int    // marketing of this number since the person last wrote or called; looked up where it matters
	Unread     error  // why the window is not known, where it matters
}

// paces are the numbers of the rules about pace, and how a message is measured by
// them. A Sender spends by what the gate judges by.
type paces struct {
	book     *policy.Book
	index    [ruleRepeat + 1]int
	pair     byEdition[pace.Rate]
	cooldown byEdition[pace.Backoff]
	never    byEdition[[]string]      // places where trying again is of no use
	barred   byEdition[time.Duration] // for how long an answer from there is believed
	repeat   byEdition[int]
	unheard  byEdition[time.Duration] // in which messages without an answer are counted
	remember time.Duration            // the longest of them
	breaker  byEdition[time.Duration] // for how long a bad quality is believed
	grades   byEdition[[]string]
}

const (
	rulePair = iota
	ruleCooldown
	ruleCap
	rulePortfolio
	ruleBreaker
	ruleRepeat
)

func (*paces) rules() []policy.ID {
	return []policy.ID{
		rulePair:      "pair-rate",
		ruleCooldown:  "marketing-cooldown",
		ruleCap:       "frequency-cap",
		rulePortfolio: "portfolio-limit",
		ruleBreaker:   "quality-breaker",
		ruleRepeat:    "repeat-contact",
	}
}

func newPaces(book *policy.Book) (*paces, error) {
	p := &paces{book: book}
	for n, id := range p.rules() {
		p.index[n] = -1
		if i, ok := book.Index(id); ok {
			p.index[n] = i
		}
	}
	interval, err := params[int](book, "pair-rate", "interval_seconds")
	if err != nil {
		return nil, err
	}
	burst, err := params[int](book, "pair-rate", "burst")
	if err != nil {
		return nil, err
	}
	retry, err := params[int](book, "pair-rate", "retry_base_seconds")
	if err != nil {
		return nil, err
	}
	p.pair = each(book, "pair-rate", func(e *policy.Edition) pace.Rate {
		return pace.Rate{Interval: time.Duration(interval.in(e)) * time.Second, Burst: burst.in(e), Retry: retry.in(e)}
	})
	var whiles [6]byEdition[aWhile]
	for i, of := range [...]struct {
		rule policy.ID
		name string
	}{{"marketing-cooldown", "cooldown"}, {"marketing-cooldown", "longest"}, {"marketing-cooldown", "forget"}, {"repeat-contact", "window"}, {"quality-breaker", "window"}, {"marketing-cooldown", "never_for"}} {
		if whiles[i], err = params[aWhile](book, of.rule, of.name); err != nil {
			return nil, err
		}
	}
	growth, err := params[int](book, "marketing-cooldown", "growth")
	if err != nil {
		return nil, err
	}
	p.cooldown = each(book, "marketing-cooldown", func(e *policy.Edition) pace.Backoff {
		return pace.Backoff{First: whiles[0].in(e).duration(), Growth: growth.in(e), Longest: whiles[1].in(e).duration(), Forget: whiles[2].in(e).duration()}
	})
	p.unheard = each(book, "repeat-contact", func(e *policy.Edition) time.Duration { return whiles[3].in(e).duration() })
	p.remember = slices.Max(append(p.unheard.value, 0))
	p.breaker = each(book, "quality-breaker", func(e *policy.Edition) time.Duration { return whiles[4].in(e).duration() })
	p.barred = each(book, "marketing-cooldown", func(e *policy.Edition) time.Duration { return whiles[5].in(e).duration() })
	if p.never, err = params[[]string](book, "marketing-cooldown", "never"); err != nil {
		return nil, err
	}
	if p.repeat, err = params[int](book, "repeat-contact", "messages"); err != nil {
		return nil, err
	}
	p.grades, err = params[[]string](book, "quality-breaker", "quality")
	return p, err
}

// keep is how long it has to be remembered that the platform held marketing to
// somebody in a place back, empty for one that is not known: until the longest wait
// and the quiet after it are over, by whichever edition, and where trying again is
// of no use until the answer is no longer believed.
func (p *paces) keep(place string) (d time.Duration) {
	for _, b := range p.cooldown.value {
		d = max(d, b.Longest+b.Forget)
	}
	for _, places := range p.never.value {
		if place == "" || slices.Contains(places, place) {
			d = max(d, slices.Max(p.barred.value))
		}
	}
	return d
}

// each works out a value for every edition of a rule.
func each[T any](book *policy.Book, id policy.ID, of func(*policy.Edition) T) (b byEdition[T]) {
	i, ok := book.Index(id)
	if !ok {
		return b
	}
	rule := book.Rule(i)
	for k := range rule.Editions {
		e := &rule.Editions[k]
		b.from, b.value = append(b.from, e.From), append(b.value, of(e))
	}
	return b
}

// edition is the edition of a rule that is in force for a case, or nil.
func (p *paces) edition(c *Case, n int) *policy.Edition {
	if p.index[n] < 0 || c.Rules.Book() != p.book || !c.Rules.InForce(p.index[n]) {
		return nil
	}
	return c.Rules.Edition(p.index[n])
}

// paced reports whether a message is one that pace is kept of: messages to a
// person. Calls have limits of their own, and a group is no pair.
func (m *Message) paced() bool {
	return m.Group == "" && (m.Kind == Freeform || m.Kind == Template || m.Kind == Direct)
}

// wish is what a message would use up, by the rules in force.
func (p *paces) wish(c *Case) pace.Spend {
	w := pace.Spend{Number: c.Message.From.Number, Pair: p.pair.in(p.edition(c, rulePair)), Marketing: categoryOf(c) == category.Marketing}
	known, ok := c.Pace.Get()
	if ok {
		w.Name = known.Name
	}
	if w.Marketing {
		if p.edition(c, ruleCap) != nil {
			w.Caps = c.Business.Pace.caps()
		}
		w.Keep = p.remember
	}
	if ok && !known.InWindow {
		w.People = p.limit(c)
	}
	return w
}

// limit is how many people the portfolio may reach in a day, 0 where that does not
// bear on the message: it answers somebody, or no limit was heard of.
func (p *paces) limit(c *Case) int {
	if p.edition(c, rulePortfolio) == nil || c.Message.Kind == Freeform {
		return 0
	}
	a, ok := c.Account.Get()
	if !ok {
		return 0
	}
	if tier, heard := a.Limit(); heard && !tier.Unlimited() {
		return tier.People
	}
	return 0
}

// paceGate: how much, and how fast. It judges what is on the tab; a Sender spends
// after it, and comes back to it where somebody else was quicker.
type paceGate struct{ *paces }

func (paceGate) Name() string         { return "pace" }
func (g paceGate) Rules() []policy.ID { return g.rules() }

func (g paceGate) Judge(c *Case, r *Results) {
	if !c.Message.paced() {
		r.OutOfScope(rulePair, ruleCooldown, ruleCap, rulePortfolio, ruleBreaker, ruleRepeat)
		return
	}
	p, ok := c.Pace.Get()
	if !ok && c.Pace.IsAbsent() {
		p, ok = &Pace{}, true
	}
	if !ok {
		r.Fail("pace", c.Pace.Cause(), rulePair)
	}
	var room pace.Room
	if ok {
		w := g.wish(c)
		room = p.Room(c.Now, &w)
		r.Clear(rulePair)
		if !room.Pair.IsZero() {
			r.Break(rulePair, Break{Where: "pace", Clears: room.Pair})
		}
	}
	g.portfolio(c, p, room, r)
	switch categoryOf(c) {
	case category.Marketing:
		g.quality(c, r)
		if !ok {
			r.Fail("pace", c.Pace.Cause(), ruleCooldown, ruleRepeat)
			g.capped(c, func() { r.Fail("pace", c.Pace.Cause(), ruleCap) }, r)
			return
		}
		g.marketing(c, p, room, r)
	case category.Unknown:
		if c.Message.Kind == Template && c.Template.IsUnknown() {
			r.Fail("template", c.Template.Cause(), ruleCooldown, ruleBreaker, ruleRepeat)
			g.capped(c, func() { r.Fail("template", c.Template.Cause(), ruleCap) }, r)
			return
		}
		fallthrough
	default:
		r.OutOfScope(ruleCooldown, ruleCap, ruleBreaker, ruleRepeat)
	}
}

// marketing: what the platform held back, what the app caps, and what nobody
// answers.
func (g paceGate) marketing(c *Case, p *Pace, room pace.Room, r *Results) {
	r.Clear(ruleCooldown)
	e := r.Edition(ruleCooldown)
	if until := g.cooldown.in(e).Until(&p.Tab); !until.IsZero() {
		switch {
		case slices.Contains(g.never.in(e), c.Place) && c.Now.Before(p.Tab.LastRefused().Add(g.barred.in(e))):
			r.Break(ruleCooldown, Break{Where: "pace", Kind: c.Place, Why: "The platform delivers no marketing templates to numbers of this country, and has answered so (131049). Waiting does not change it.",
				Fix: "Leave this person out of marketing on WhatsApp, or answer inside a window they open."})
		case c.Now.Before(until):
			r.Break(ruleCooldown, Break{Where: "pace", Clears: until})
		}
	}
	g.capped(c, func() {
		r.Clear(ruleCap)
		if !room.Cap.IsZero() {
			r.Break(ruleCap, Break{Where: "pace", Clears: room.Cap})
		}
	}, r)
	r.Clear(ruleRepeat)
	most := g.repeat.in(r.Edition(ruleRepeat))
	attested, said := c.Business.Attests["repeat-contact"]
	switch {
	case said && !attested:
		r.Break(ruleRepeat, Break{Where: "business.attests"})
	case most <= 0 || p.Unanswered < most:
	case p.Unread != nil:
		r.Fail("window", p.Unread, ruleRepeat)
	default:
		r.Break(ruleRepeat, Break{Where: "pace", Why: fmt.Sprintf("This person got %d marketing messages from this number of late and answered none. "+
			"Repeated unwanted contact is a form of spam, and the platform counts blocks and reports.", p.Unanswered)})
	}
}

// capped judges the app's own cap where it has one.
func (paceGate) capped(c *Case, judge func(), r *Results) {
	if len(c.Business.Pace.Caps) == 0 {
		r.OutOfScope(ruleCap)
		return
	}
	judge()
}

// portfolio: a message that starts a contact outside a window reaches one more
// person of those the limit allows.
func (g paceGate) portfolio(c *Case, p *Pace, room pace.Room, r *Results) {
	switch {
	case c.Message.Kind == Freeform:
		r.OutOfScope(rulePortfolio)
	case c.Account.IsUnknown():
		r.Fail("account", c.Account.Cause(), rulePortfolio)
	case g.limit(c) <= 0:
		r.OutOfScope(rulePortfolio)
	case p == nil:
		r.Fail("pace", c.Pace.Cause(), rulePortfolio)
	case p.Unread != nil:
		r.Fail("window", p.Unread, rulePortfolio)
	case !room.Reach.IsZero():
		r.Break(rulePortfolio, Break{Where: "account", Clears: room.Reach})
	default:
		r.Clear(rulePortfolio)
	}
}

// quality: a number that is badly thought of has marketing rest.
func (g paceGate) quality(c *Case, r *Results) {
	if c.Account.IsUnknown() {
		r.Fail("account", c.Account.Cause(), ruleBreaker)
		return
	}
	a, ok := c.Account.Get()
	if !ok {
		r.OutOfScope(ruleBreaker)
		return
	}
	rated, heard := a.Quality(c.Message.From.Number)
	if !heard {
		r.OutOfScope(ruleBreaker)
		return
	}
	r.Clear(ruleBreaker)
	e := r.Edition(ruleBreaker)
	if until := rated.At.Add(g.breaker.in(e)); slices.Contains(g.grades.in(e), rated.Grade) && c.Now.Before(until) {
		r.Break(ruleBreaker, Break{Where: "account", Kind: rated.Grade, Clears: until})
	}
}
