package compliance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// errPanic is the cause when a part panicked. What it panicked with may hold
// anything, so it is not told.
var errPanic = fault("panicked")

// fault is an error whose cause may be told.
type fault string

func (f fault) Error() string { return "compliance: " + string(f) }
func (f fault) Cause() string { return string(f) }

// look gathers the facts about one message. A store that fails or panics makes
// its fact unknown, and the others are still looked up, so that a definite no
// is not lost behind an unrelated failure.
func (s *Sender) look(ctx context.Context, m *Message, d *desk) {
	c := &d.Case
	if s.budget > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.budget)
		defer cancel()
	}
	if m.Kind == Pass || m.Malformed != "" {
		return
	}
	if m.Kind == Template {
		c.Template = safely(func() (Fact[template.Definition], error) {
			d, found, err := s.stores.Templates.Find(ctx, template.Ref{Account: m.From.Account, Name: m.Template.Name, Language: m.Template.Language})
			if err != nil || !found {
				return Absent[template.Definition](), err
			}
			return Known(d), nil
		})
	} else {
		c.Template = Absent[template.Definition]()
	}
	c.Account = safely(func() (Fact[Account], error) {
		news, err := s.stores.Account.News(ctx, m.From)
		if err != nil || len(news) == 0 {
			return Absent[Account](), err
		}
		return Known(AccountAt(news, c.Now)), nil
	})
	if m.Group == "" && !m.To.IsZero() {
		s.lookPerson(ctx, m, c)
	} else {
		c.Consent = Absent[optin.Standing]()
	}
	c.Place = placeOf(m.To)
	s.lookConversation(ctx, m, c)
	if categoryOf(c) == category.Marketing {
		c.Zones = s.atlas.zones(m)
	}
	c.Pace = safely(func() (Fact[Pace], error) { return s.lookPace(ctx, m, c) })
	if m.Kind == Freeform {
		c.Instead = s.instead(ctx, m, c)
	}
	c.Media = Absent[[]template.Media]()
	if len(m.Media) > 0 || s.media != nil {
		c.Media = safely(func() (Fact[[]template.Media], error) { return s.files(ctx, m) })
	}
	c.Content = safely(func() (Fact[content.Report], error) { return s.read(m, d) })
	c.Tricks = tricks(d.words(m), nil)
	if s.echoes != nil {
		c.Echo = s.listen(c, d.words(m))
	}
	c.Category = safely(func() (Fact[Likeness], error) { return s.likeness(m, d) })
}

// files says what is known of the files in a template's headers.
func (s *Sender) files(ctx context.Context, m *Message) (Fact[[]template.Media], error) {
	known := m.Media
	if s.media != nil && m.Kind == Template {
		known = slices.Clone(known)
		for _, f := range template.Files(&m.Template) {
			told := slices.ContainsFunc(m.Media, func(k template.Media) bool {
				return k.ID != "" && k.ID == f.ID || k.Link != "" && k.Link == f.Link
			})
			if told {
				continue
			}
			got, err := s.media(ctx, f)
			if err != nil {
				return Absent[[]template.Media](), err
			}
			got.ID, got.Link = f.ID, f.Link
			known = append(known, got)
		}
	}
	if len(known) == 0 {
		return Absent[[]template.Media](), nil
	}
	return Known(known), nil
}

// lookPerson finds what the person agreed to, under every handle known.
func (s *Sender) lookPerson(ctx context.Context, m *Message, c *Case) {
	c.Consent = safely(func() (Fact[optin.Standing], error) {
		st, err := s.ledger.Standing(ctx, m.To, c.Now)
		if err != nil {
			return Absent[optin.Standing](), err
		}
		if m.Also.IsZero() {
			return Known(st), nil
		}
		also, err := s.ledger.Standing(ctx, m.Also, c.Now)
		if err != nil {
			return Absent[optin.Standing](), err
		}
		c.TwoFold, err = s.twoPeople(ctx, m.To, m.Also)
		return Known(st.WithStopsOf(also)), err
	})
}

// twoPeople reports whether links tell two parties apart: both are known
// under other handles and share none.
func (s *Sender) twoPeople(ctx context.Context, a, b party.Party) (bool, error) {
	ka, err := s.stores.Links.Known(ctx, a.Handles())
	if err != nil {
		return false, err
	}
	kb, err := s.stores.Links.Known(ctx, b.Handles())
	if err != nil {
		return false, err
	}
	for _, x := range ka.Handles {
		for _, y := range kb.Handles {
			if x == y {
				return false, nil
			}
		}
	}
	return len(ka.Handles) > len(a.Handles()) || len(kb.Handles) > len(b.Handles()), nil
}

// lookConversation reads the marks of a conversation once, for what the message
// needs of them: the window, calls, and whether messages arrive.
func (s *Sender) lookConversation(ctx context.Context, m *Message, c *Case) {
	asks, _ := c.asksForCalls()
	one := m.Group == "" && !m.To.IsZero()
	calls := one && (m.Kind == Call || asks)
	open := m.Kind == Freeform || one && m.Kind != Call // for its price, where it needs no window
	var marks Fact[[]window.Mark]
	if open || one {
		marks = safely(func() (Fact[[]window.Mark], error) {
			ms, err := s.marks(ctx, m, c)
			return Known(ms), err
		})
	}
	c.Window = of(&marks, open, func(ms []window.Mark) window.State { return s.windows.StateAt(ms, c.Now) })
	c.Reach = of(&marks, one, func(ms []window.Mark) window.Reach { return window.ReachAt(ms, c.Now) })
	c.Calls = of(&marks, calls, func(ms []window.Mark) window.Calls { return window.CallsAt(ms, c.Now, s.callRules.at(c.Rules)) })
}

// of works a fact out of the marks: absent where it is not needed, unknown where
// the marks are.
func of[T any](marks *Fact[[]window.Mark], needed bool, work func([]window.Mark) T) Fact[T] {
	if !needed {
		return Absent[T]()
	}
	ms, ok := marks.Get()
	if !ok {
		return UnknownFact[T](marks.Cause())
	}
	return Known(work(*ms))
}

// marks reads the conversation of a message, under every handle that is the
// same person, or of its group.
func (s *Sender) marks(ctx context.Context, m *Message, c *Case) ([]window.Mark, error) {
	p := window.Place{Line: m.From, Group: m.Group}
	if st, ok := c.Consent.Get(); ok && m.Group == "" && m.Also.IsZero() {
		p.Handles = st.Handles // looked up a moment ago
	} else if m.Group == "" {
		k, err := s.stores.Links.Known(ctx, m.To.Handles())
		if err != nil {
			return nil, err
		}
		p.Handles = k.Handles
	}
	return s.stores.Windows.Marks(ctx, p)
}

// read checks the words: those of the message, and for a template the text a
// person will read, with the values in it.
func (s *Sender) read(m *Message, desk *desk) (Fact[content.Report], error) {
	texts := m.Texts
	if m.Kind == Template {
		d, ok := desk.Template.Get()
		if !ok && desk.Template.IsUnknown() {
			return Absent[content.Report](), fmt.Errorf("compliance: template: %w", desk.Template.Cause())
		}
		if ok {
			rendered, err := template.Render(d, &m.Template)
			if err != nil {
				return Absent[content.Report](), err
			}
			for _, t := range rendered {
				desk.texts = append(desk.texts, Text{Place: t.Place, Words: t.Words, Values: t.Values})
			}
			desk.texts = append(desk.texts, texts...)
			texts = desk.texts
		}
	}
	if len(texts) == 0 {
		return Absent[content.Report](), nil
	}
	s.prepared.checker.Check(texts, m.Locale, &desk.report)
	return Known(desk.report), nil
}

// likeness reads what category the words look like. Replies were held to none
// but by the ban that ended in 2021.
func (s *Sender) likeness(m *Message, d *desk) (Fact[Likeness], error) {
	likes := s.prepared.likes
	switch m.Kind {
	case Template:
		def, ok := d.Template.Get()
		if !ok {
			if d.Template.IsUnknown() {
				return Absent[Likeness](), fmt.Errorf("compliance: template: %w", d.Template.Cause())
			}
			return Absent[Likeness](), nil
		}
		return Known(likes.ofTemplate(def, d.texts)), nil
	case Direct:
		return Known(likes.ofTexts(m.Texts, m.Locale)), nil
	case Freeform:
		if i, ok := d.Rules.Book().Index("promo-ban-2020"); ok && d.Rules.InForce(i) && len(m.Texts) > 0 {
			return Known(likes.ofTexts(m.Texts, m.Locale)), nil
		}
	}
	return Absent[Likeness](), nil
}

// safely turns an error or a panic of a part into an unknown fact.
func safely[T any](find func() (Fact[T], error)) (f Fact[T]) {
	defer func() {
		if recover() != nil {
			f = UnknownFact[T](errPanic)
		}
	}()
	f, err := find()
	if err != nil {
		return UnknownFact[T](err)
	}
	return f
}

// settleTime bounds each thing that is due after a delivery, when the caller's
// own context no longer counts.
const settleTime = 10 * time.Second

// moved reports whether asking again can help.
func moved(err error) bool { return errors.Is(err, optin.ErrMoved) }
