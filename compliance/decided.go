package compliance

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/template"
)

// Templates tells the catalog what the Graph API returned, as of an instant, and
// keeps what Meta decided of each category beside what its words look like, where
// the stores have Outcomes. It is all or nothing where they have Atomic.
func (in *Inbox) Templates(ctx context.Context, at time.Time, defs ...template.Definition) error {
	return in.atomic(ctx, func(ctx context.Context) error {
		if err := in.s.stores.Templates.Put(ctx, at, defs...); err != nil {
			return err
		}
		var all []category.Outcome
		for i := range defs {
			if d := &defs[i]; reviewed(d.Status) {
				all = in.decided(all, d, d.Category, d.Next, category.Listed, at)
			}
		}
		return in.outcomes(ctx, all)
	})
}

// Submitted tells what Meta answered to the creation of a template: its id, status
// and category, which may be another than was asked for. The definition as it was
// sent is kept with the app's own acts, so that quotas and what differs from it
// later can be told; at is the instant before the request was made. It returns
// the definition as the catalog has it from now on.
func (in *Inbox) Submitted(ctx context.Context, at time.Time, d template.Definition, answer []byte) (template.Definition, error) {
	got, err := template.ParseDefinition(answer)
	if err != nil {
		return d, fmt.Errorf("compliance: the answer to a creation: %w", err)
	}
	if got.ID == "" {
		return d, fault("the answer to a creation holds no id")
	}
	held := d
	held.ID, held.Status = got.ID, got.Status
	if got.Category != category.Unknown {
		held.Category = got.Category
	}
	err = in.atomic(ctx, func(ctx context.Context) error {
		if err := in.s.stores.Templates.Put(ctx, at, held); err != nil {
			return err
		}
		if acts := in.s.stores.Acts; acts != nil {
			if err := acts.Note(ctx, template.Act{ID: "submitted:" + got.ID, Kind: template.Submitted, Ref: d.Ref, At: at, Definition: &d}); err != nil {
				return err
			}
		}
		return in.outcomes(ctx, in.decided(nil, &held, got.Category, 0, category.Created, at, d.Category))
	})
	return held, err
}

// Did keeps what the app did with a template, with what the catalog says of its
// status at that time: an edit (with the definition as it was sent), a deletion,
// an appeal. The catalog has an edited template as under review, and a deleted one
// as deleted, until Meta says otherwise, so the instant is that before the request
// was made. What a Sender delivers it keeps by itself.
func (in *Inbox) Did(ctx context.Context, a template.Act) error {
	return in.atomic(ctx, func(ctx context.Context) error {
		d, found, err := in.s.stores.Templates.Find(ctx, a.Ref)
		if err != nil {
			return err
		}
		if a.Status == "" && found {
			a.Status = d.Status
		}
		if err := a.Check(); err != nil {
			return err
		}
		switch {
		case a.Kind == template.Edited && a.Definition != nil && found:
			d.Components, d.Status, d.Reason = a.Definition.Components, template.Pending, ""
			d.Since, d.Notice = time.Time{}, ""
			if a.Definition.Category != category.Unknown {
				d.Category = a.Definition.Category
			}
			if a.Definition.TTL != 0 {
				d.TTL = a.Definition.TTL
			}
			err = in.s.stores.Templates.Put(ctx, a.At, d)
		case a.Kind == template.Removed:
			err = in.s.stores.Templates.Apply(ctx, template.Change{ID: a.ID, Ref: a.Ref, Template: d.ID, At: a.At, Status: template.Deleted})
		}
		if err != nil || in.s.stores.Acts == nil {
			return err
		}
		return in.s.stores.Acts.Note(ctx, a)
	})
}

// Catalog is the Sender's catalog for those who bring it in step, such as package
// template/graph: what is put and applied there passes through the Inbox, which
// keeps what Meta decided.
func (in *Inbox) Catalog() template.Catalog { return inboxCatalog{in.s.stores.Templates, in} }

type inboxCatalog struct {
	template.Catalog
	in *Inbox
}

func (c inboxCatalog) Put(ctx context.Context, at time.Time, defs ...template.Definition) error {
	return c.in.Templates(ctx, at, defs...)
}

func (c inboxCatalog) Apply(ctx context.Context, changes ...template.Change) error {
	events := make([]Event, len(changes))
	for i := range changes {
		events[i] = TemplateNews{changes[i]}
	}
	_, err := c.in.Receive(ctx, events...)
	return err
}

// atomic runs what tells the catalog something, all of it or none where the stores
// can.
func (in *Inbox) atomic(ctx context.Context, fn func(context.Context) error) error {
	defer in.s.shelves.forget()
	if in.s.stores.Atomic == nil {
		return fn(ctx)
	}
	return in.s.stores.Atomic(ctx, fn)
}

// reviewed reports whether a template has been through Meta's review, so that its
// category is Meta's word and no longer the app's.
func reviewed(s template.Status) bool {
	switch template.Status(strings.ToUpper(string(s))) {
	case template.Approved, template.Paused, template.Disabled, template.Archived:
		return true
	}
	return false
}

// decided adds what Meta decided of a template beside what its words look like. An
// announced category is what Meta holds the template for.
func (in *Inbox) decided(all []category.Outcome, d *template.Definition, now, next category.Category, by category.Decider, at time.Time, declared ...category.Category) []category.Outcome {
	if in.s.stores.Outcomes == nil {
		return all
	}
	if next != category.Unknown {
		now = next
	}
	read := in.s.prepared.likes.own(d).reading
	o := read.Outcome(d.Ref.Name, template.Language(d.Ref.Language), now, by, at)
	o.Account = d.Ref.Account
	if len(declared) > 0 {
		o.Declared = declared[0]
	}
	if o.Check() != nil {
		return all // nobody decided
	}
	return append(all, o)
}

func (in *Inbox) outcomes(ctx context.Context, all []category.Outcome) error {
	if len(all) == 0 {
		return nil
	}
	return in.s.stores.Outcomes.Note(ctx, all...)
}

// templateNews applies what a webhook told of a template.
func (b *batch) templateNews(ctx context.Context, e TemplateNews) error {
	e.At = b.clamp(e.At)
	if err := b.in.s.stores.Templates.Apply(ctx, e.Change); err != nil {
		return err
	}
	b.in.s.shelves.forget()
	// Every status webhook repeats the category; only with an approval it is new.
	if b.in.s.stores.Outcomes == nil || e.Was == category.Unknown && e.Next == category.Unknown && e.Status != template.Approved {
		return nil
	}
	d, found, err := b.in.s.stores.Templates.Find(ctx, e.Ref)
	if err != nil || !found {
		return err
	}
	return b.in.outcomes(ctx, b.in.decided(nil, &d, e.Category, e.Next, category.Recorded, e.At))
}

// used remembers on which day a template was last noted as sent with: once a day
// is enough for what goes by months.
type used struct {
	mu   sync.Mutex
	days map[template.Ref]int64
}

// maxUsed is how many templates are remembered; an account holds 6,000 at most.
const maxUsed = 8192

// today reports whether a template was noted on this day already.
func (u *used) today(r template.Ref, at time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.days[r] == dayOf(at)
}

func (u *used) note(r template.Ref, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.days == nil || len(u.days) >= maxUsed {
		u.days = map[template.Ref]int64{}
	}
	u.days[r] = dayOf(at)
}

func dayOf(t time.Time) int64 { return t.Unix()/86400 + 1 } // never 0, which is none

// use keeps that a message was sent with a template.
func (s *Sender) use(ctx context.Context, m *Message, at time.Time) error {
	if m.Kind != Template || s.stores.Acts == nil {
		return nil
	}
	r := template.Ref{Account: m.From.Account, Name: m.Template.Name, Language: template.Language(m.Template.Language)}
	if r.Name == "" || r.Language == "" || s.used.today(r, at) {
		return nil
	}
	if err := s.stores.Acts.Note(ctx, template.UsedOf(r, at)); err != nil {
		return err
	}
	s.used.note(r, at)
	return nil
}

// Shelf is what is known of an account's templates, for what an edit or a deletion
// would come to and for what a person should know; see [template.Shelf].
func (s *Sender) Shelf(ctx context.Context, account string) (*template.Shelf, error) {
	return template.NewShelf(ctx, account, s.stores.Templates, s.stores.Acts)
}
