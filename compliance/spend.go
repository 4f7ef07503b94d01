package compliance

import (
	"context"
	"errors"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/outcome"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
)

// errSpent says that somebody else was quicker: there was room when the message was
// judged, and there is none now.
var errSpent = fault("somebody else was quicker")

// A spending is what one flight took, or is about to.
type spending struct {
	who  pace.Who
	what pace.Spend
	at   time.Time // zero: nothing was spent
}

// tally names the people a line's portfolio reached.
func (s *Sender) tally(line party.Line) string {
	return "portfolio:" + s.business.Portfolio(line.Account)
}

// key is what a message with a key of the app's own spends under.
func (s *Sender) key(m *Message) string {
	if m.Key == "" {
		return ""
	}
	return s.printer.sum("key", m.Key)
}

// lookPace reads what the person, and where a limit is known everybody, was sent
// of late. It spends nothing.
func (s *Sender) lookPace(ctx context.Context, m *Message, c *Case) (Fact[Pace], error) {
	if !m.paced() || m.To.IsZero() {
		return Absent[Pace](), nil
	}
	who := pace.Who{Handles: m.To.Handles()}
	if st, ok := c.Consent.Get(); ok {
		who.Handles = st.Handles // with those that links know
	}
	limit := s.paces.limit(c)
	if limit > 0 {
		who.Tally = s.tally(m.From)
	}
	state, err := s.stores.Pace.Read(ctx, who)
	if err != nil {
		return Absent[Pace](), err
	}
	p := Pace{State: state, Name: s.key(m)}
	e := s.paces.edition(c, ruleRepeat)
	most, since := s.paces.repeat.in(e), c.Now.Add(-s.paces.unheard.in(e))
	if most > 0 && categoryOf(c) == category.Marketing {
		p.Unanswered = state.Tab.Marketing(m.From.Number, since)
	}
	if limit <= 0 && (most <= 0 || p.Unanswered < most) {
		return Known(p), nil
	}
	w, ok := c.Window.Get()
	if !ok {
		p.Unread = c.Window.Cause()
		return Known(p), nil
	}
	p.InWindow = w.Open
	if w.OpenedAt.After(since) {
		p.Unanswered = min(p.Unanswered, state.Tab.Marketing(m.From.Number, w.OpenedAt))
	}
	return Known(p), nil
}

// measure works out what a judged message will use up.
func (s *Sender) measure(f *flight, c *Case) {
	if !f.message.paced() {
		return
	}
	w := s.paces.wish(c)
	if w.Pair == (pace.Rate{}) && !w.Marketing && w.People == 0 {
		return // a book without these rules
	}
	keep := s.flight + time.Minute
	if f.message.Key != "" {
		w.Name = s.key(&f.message)
		keep = max(keep, pace.NameLife)
	} else {
		w.Name = f.id
	}
	w.Keep = max(w.Keep, keep)
	p, ok := c.Pace.Get()
	// what the judge saw and let pass (a waiver, a lowered severity, observe mode)
	// leaves, and is spent
	w.Forced = s.observe || ok && !p.Room(c.Now, &w).Enough()
	f.spending = spending{what: w}
	if w.People > 0 {
		f.spending.who.Tally = s.tally(f.message.From)
	}
}

// spend takes what a message uses up, before it is recorded.
func (s *Sender) spend(ctx context.Context, f *flight, now time.Time) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	if f.spending.what.Name == "" {
		return nil
	}
	f.spending.who.Handles = f.handles
	room, err := s.stores.Pace.Apply(ctx, f.spending.who, now, &f.spending.what)
	if err != nil {
		if f.message.Key == "" {
			f.spending.at = now // it may have been kept, and is then given back
		}
		return err
	}
	if !room.Enough() && !f.spending.what.Forced {
		return errSpent
	}
	f.spending.at = now
	return nil
}

// giveBack gives back what a message spent that did not leave.
func (s *Sender) giveBack(ctx context.Context, f *flight) error {
	if f.spending.at.IsZero() {
		return nil
	}
	f.spending.at = time.Time{}
	_, err := s.stores.Pace.Apply(ctx, f.spending.who, s.now().UTC(), pace.Back{Name: f.spending.what.Name})
	return err
}

// settleSpending says that a message left, or by the answer that it did not. What
// the platform calls it is kept where it can still matter: a message that a cap, a
// limit or a key of the app's own counts may be reported as failed much later. What
// is spent of the pair rate alone is paid back before that.
func (s *Sender) settleSpending(ctx context.Context, f *flight, ack *Ack, wamid string) error {
	w := &f.spending.what
	switch {
	case f.spending.at.IsZero():
		return nil
	case ack != nil && len(ack.Codes) > 0 && !ack.outcome().Maybe:
		return s.giveBack(ctx, f)
	case w.Marketing || w.People > 0 || f.message.Key != "":
		_, err := s.stores.Pace.Apply(ctx, f.spending.who, s.now().UTC(), pace.Settled{Name: w.Name, Ref: s.printer.wamid(wamid)})
		return err
	}
	return nil
}

// outcome is what an answer with error codes means.
func (a *Ack) outcome() outcome.Outcome {
	return outcome.Builtin().Classify(outcome.Answer{Provider: a.Provider, Codes: a.Codes, HTTP: a.HTTP, Text: a.Details})
}

// answered keeps what the platform calls a message that the app knows by a key and
// that was answered another way than through Do.
func (in *Inbox) answered(ctx context.Context, received time.Time, m *Message, ack Ack) error {
	if !m.paced() || m.To.IsZero() || m.Key == "" || ack.Message == "" || len(ack.Codes) > 0 {
		return nil
	}
	hs, err := in.s.known(ctx, m.To)
	if err != nil {
		return err
	}
	_, err = in.s.stores.Pace.Apply(ctx, pace.Who{Handles: hs}, received, pace.Settled{Name: in.s.key(m), Ref: in.s.printer.wamid(ack.Message)})
	return err
}

// unspend gives back what a message spent that the platform says it did not
// deliver. It is found by its key, its flight, or what the platform calls it.
func (b *batch) unspend(ctx context.Context, e Reported, m *Message, o outcome.Outcome) error {
	if e.flight != "" || e.Group != "" || e.To.IsZero() || e.ID == "" || len(e.Codes) == 0 || o.Maybe || m != nil && !m.paced() {
		return nil
	}
	back := pace.Back{Name: e.ID, Ref: b.in.s.printer.wamid(e.ID), Failed: true}
	if m != nil && m.Key != "" {
		back.Name = b.in.s.key(m)
	}
	return b.pace(ctx, e, b.received, back)
}

// pace puts something on the tab of the person a report is about.
func (b *batch) pace(ctx context.Context, e Reported, at time.Time, a pace.Act) error {
	s := b.in.s
	hs, err := s.known(ctx, e.To)
	if err != nil {
		return err
	}
	_, err = s.stores.Pace.Apply(ctx, pace.Who{Handles: hs, Tally: s.tally(s.whole(e.Line))}, at, a)
	return err
}

// slowed: the platform says that a number wrote too fast to a person.
func (b *batch) slowed(ctx context.Context, id string, e Reported) error {
	if e.Group != "" || e.To.IsZero() {
		return nil
	}
	return b.pace(ctx, e, b.clamp(e.At), pace.Pushed{ID: b.in.s.printer.wamid(id), Number: e.Line.Number})
}

// rests: the platform held marketing to a person back.
func (b *batch) rests(ctx context.Context, id string, e Reported) error {
	if e.Group != "" || e.To.IsZero() {
		return nil
	}
	if err := b.pace(ctx, e, b.clamp(e.At), pace.Refused{ID: b.in.s.printer.wamid(id), Keep: b.in.s.paces.keep(placeOf(e.To))}); err != nil {
		return err
	}
	return b.tell("learned", id, b.clamp(e.At), e.To, map[string]any{"message": b.in.s.printer.wamid(e.ID), "effect": outcome.MarketingRest})
}

// known are all handles of a party.
func (s *Sender) known(ctx context.Context, who party.Party) ([]party.Handle, error) {
	k, err := s.stores.Links.Known(ctx, who.Handles())
	return k.Handles, err
}

func spent(err error) bool { return errors.Is(err, errSpent) }
