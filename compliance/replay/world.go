package replay

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/webhook"
	"github.com/waguard/waguard/compliance/wire"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
)

// A World is where a history happens: one business, its Sender and Inbox over
// stores in memory, and a clock that stands at the event being applied. It is
// for one goroutine.
type World struct {
	sender *compliance.Sender
	stores compliance.Stores
	clock  time.Time
	number string          // phone_number_id last seen in a webhook
	sends  map[string]sent // by id of the event
	wamids map[string]sent // by what a result said
}

type sent struct {
	message compliance.Message
	at      time.Time
	id      string // of the Decision, under which the Sender keeps what it sent
}

// An Option changes how a World is made.
type Option func(*config)

type config struct {
	book     *policy.Book
	edition  time.Time
	unknown  []string
	business *compliance.Business
	opts     []compliance.Option
}

// WithRules judges by another book than the built-in one.
func WithRules(b *policy.Book) Option { return func(c *config) { c.book = b } }

// WithPrepared judges by a book that is ready already.
func WithPrepared(p *compliance.Prepared) Option {
	return func(c *config) { c.opts = append(c.opts, compliance.WithPrepared(p)) }
}

// WithEdition judges by the rules in force on a day; facts keep their own times.
func WithEdition(t time.Time) Option { return func(c *config) { c.edition = t } }

// WithBusiness sets the profile that holds until a timeline brings its own.
func WithBusiness(b compliance.Business) Option { return func(c *config) { c.business = &b } }

// WithUnknown makes facts unknown: consent, window, template, account.
func WithUnknown(facts ...string) Option { return func(c *config) { c.unknown = facts } }

// WithSender passes options to the Sender.
func WithSender(opts ...compliance.Option) Option {
	return func(c *config) { c.opts = append(c.opts, opts...) }
}

// NewWorld makes an empty World.
func NewWorld(opts ...Option) (*World, error) {
	var c config
	for _, o := range opts {
		o(&c)
	}
	w := &World{sends: map[string]sent{}, wamids: map[string]sent{}, stores: compliance.MemoryStores()}
	w.stores.Templates = oneAccount{w.stores.Templates}
	w.stores.Journal = silent{}
	w.stores.Acts, w.stores.Outcomes = nil, nil
	stores := w.stores
	for _, f := range c.unknown {
		switch f {
		case "consent":
			stores.Consent = brokenConsent{stores.Consent}
		case "window":
			stores.Windows = brokenWindows{stores.Windows}
		case "template":
			stores.Templates = brokenTemplates{stores.Templates}
		case "account":
			stores.Account = brokenAccount{stores.Account}
		default:
			return nil, fmt.Errorf("replay: unknown: %q is no fact (consent, window, template, account)", f)
		}
	}
	w.stores = stores
	n := 0
	sopts := append([]compliance.Option{
		compliance.WithClock(func() time.Time { return w.clock }),
		compliance.WithIDs(func() string { n++; return "d" + strconv.Itoa(n) }),
		compliance.WithLookupBudget(0),
	}, c.opts...)
	if !c.edition.IsZero() {
		sopts = append(sopts, compliance.WithRulesAt(c.edition))
	}
	s, err := compliance.New(compliance.Config{Business: compliance.Business{Name: "not told"}, Stores: stores, Key: []byte("a replay keeps nothing"), Rules: c.book}, sopts...)
	if err != nil {
		return nil, err
	}
	b := compliance.Business{}
	if c.business != nil {
		b = *c.business
	}
	w.sender, err = s.WithBusiness(b)
	return w, err
}

// Sender is the Sender of this World, as it stands after the events applied.
func (w *World) Sender() *compliance.Sender { return w.sender }

// A Verdict is what came of a send or a call.
type Verdict struct {
	ID       string
	At       time.Time
	Decision compliance.Decision
}

// Apply lets one event happen. It returns a Verdict for a send and a call, and
// nil for the others. A send that is allowed counts as delivered at once.
func (w *World) Apply(ctx context.Context, e Event) (*Verdict, error) {
	w.clock = e.At
	switch {
	case e.Business != nil:
		s, err := w.sender.WithBusiness(*e.Business)
		if err == nil {
			w.sender = s
		}
		return nil, err
	case e.Grant != nil:
		return nil, w.grant(ctx, e)
	case e.Revoke != nil:
		who, err := e.Revoke.Party.party()
		if err != nil {
			return nil, err
		}
		if err := w.join(ctx, e, who); err != nil {
			return nil, err
		}
		_, err = w.sender.Ledger().Revoke(ctx, optin.Revoke{ID: w.id(e, "revoke"), Party: who, Purposes: e.Revoke.Purposes,
			At: e.At, Received: e.At, Channel: e.Revoke.Channel})
		return nil, err
	case e.Template != nil:
		d, err := template.ParseDefinition(e.Template)
		if err != nil {
			return nil, err
		}
		return nil, w.sender.Inbox().Templates(ctx, e.At, d)
	case e.Webhook != nil:
		return nil, w.webhook(ctx, e)
	case e.Result != nil:
		return nil, w.result(ctx, e)
	case e.Send != nil, e.Call != nil:
		m, err := w.Message(e)
		if err != nil {
			return nil, err
		}
		return w.judge(ctx, e, m)
	}
	return nil, errors.New("replay: an event in which nothing happens")
}

func (w *World) id(e Event, kind string) string {
	return kind + ":" + strconv.Itoa(e.Line) + ":" + e.At.Format(time.RFC3339Nano)
}

// join: what a timeline tells about one person under several handles is told
// by the app, and links them.
func (w *World) join(ctx context.Context, e Event, who party.Party) error {
	if hs := who.Handles(); len(hs) > 1 {
		return w.stores.Links.Join(ctx, party.Join{ID: w.id(e, "told"), Handles: hs, At: e.At})
	}
	return nil
}

func (w *World) grant(ctx context.Context, e Event) error {
	g := e.Grant
	who, err := g.Party.party()
	if err != nil {
		return err
	}
	if err := w.join(ctx, e, who); err != nil {
		return err
	}
	return w.sender.Ledger().Grant(ctx, optin.Grant{ID: w.id(e, "grant"), Party: who, Purposes: g.Purposes, At: e.At, Received: e.At,
		Evidence: optin.Evidence{Source: g.Source, Wording: g.Wording, BusinessName: g.BusinessName, Locale: g.Locale,
			Proof: g.Proof, AgeOK: g.AgeOK, Country: g.Country}})
}

func (w *World) webhook(ctx context.Context, e Event) error {
	api := webhook.CloudAPI{Numbers: w.numbers()}
	events, err := api.Parse(e.Webhook, e.At)
	if err != nil {
		return err
	}
	for _, ev := range events {
		switch ev := ev.(type) {
		case compliance.Wrote:
			w.number = ev.Line.Number
		case compliance.Reported:
			w.number = ev.Line.Number
		}
	}
	for i, ev := range events {
		switch ev := ev.(type) {
		case compliance.Called:
			if s, sent := w.wamids[ev.ID]; sent {
				ev.ID = s.id
				events[i] = ev
			}
		case compliance.Reported:
			// a late word about a send of this timeline also speaks of its template
			if s, sent := w.wamids[ev.ID]; sent {
				ev.ID, ev.Of = s.id, &s.message
				events[i] = ev
			}
		}
	}
	learned, err := w.sender.Inbox().ReceiveAt(ctx, e.At, events...)
	if err != nil {
		return err
	}
	for _, u := range learned.Unreadable {
		return fmt.Errorf("webhook: %s: %w", u.Where, u.Err)
	}
	return nil
}

// numbers are the business's own, as people see them: some webhooks name no id.
func (w *World) numbers() map[string]string {
	ids := map[string]string{}
	for _, n := range w.sender.Business().Numbers {
		if n.Phone != "" {
			ids[strings.TrimPrefix(n.Phone, "+")] = n.ID
		}
	}
	return ids
}

// line is the business side of a send that may not name it: the number told,
// else the first one the business lists, else the one webhooks speak of.
func (w *World) line(id string) party.Line {
	switch numbers := w.sender.Business().Numbers; {
	case id != "":
	case len(numbers) > 0:
		id = numbers[0].ID
	case w.number != "":
		id = w.number
	default:
		id = "unlisted"
	}
	return w.sender.Business().Line(id)
}

// Message describes what a send or call event is about to send, and from which
// line.
func (w *World) Message(e Event) (compliance.Message, error) {
	if e.Call != nil {
		who, err := e.Call.Party.party()
		return compliance.Message{Kind: compliance.Call, Type: "call", To: who, From: w.line(e.Call.PhoneNumberID)}, err
	}
	line := w.line(e.PhoneNumberID)
	ms, err := wire.CloudAPI(e.Send, line)
	if err != nil {
		// JSON, and no sound message: judged as such
		why := err.Error()
		if e := (*wire.Error)(nil); errors.As(err, &e) {
			why = e.Cause()
		}
		ms = []compliance.Message{{From: line, Malformed: why}}
	}
	if len(ms) != 1 {
		return compliance.Message{}, fmt.Errorf("replay: a send of %d messages", len(ms))
	}
	m := ms[0]
	m.Endpoint, m.Media = e.Endpoint, e.Media
	switch e.Origin {
	case "human":
		m.Origin = compliance.Human
	case "automation":
		m.Origin = compliance.Automation
	}
	return m, nil
}

func (w *World) judge(ctx context.Context, e Event, m compliance.Message) (*Verdict, error) {
	var refused *compliance.Refusal
	r, err := w.sender.Do(ctx, m, func(context.Context) (compliance.Ack, error) { return compliance.Ack{}, nil })
	switch {
	case errors.As(err, &refused):
		return &Verdict{e.ID, e.At, refused.Decisions[0]}, nil
	case err != nil:
		return nil, err
	}
	if e.ID != "" {
		w.sends[e.ID] = sent{m, e.At, r.Decision.ID}
	}
	return &Verdict{e.ID, e.At, r.Decision}, nil
}

// result ties what the API answered to the send it answers.
func (w *World) result(ctx context.Context, e Event) error {
	s, ok := w.sends[e.Result.ID]
	if !ok {
		return nil // of a send that was held, or not in this timeline
	}
	ack, err := wire.Response(e.Result.Body)
	if err != nil {
		return err
	}
	if ack.Message != "" {
		w.wamids[ack.Message] = s
	}
	ack.Message = s.id
	_, err = w.sender.Inbox().Answered(ctx, e.At, s.message, ack)
	return err
}

// oneAccount: a timeline's templates name no account, and its webhooks do.
type oneAccount struct{ template.Catalog }

func (c oneAccount) Find(ctx context.Context, r template.Ref) (template.Definition, bool, error) {
	r.Account = ""
	return c.Catalog.Find(ctx, r)
}

func (c oneAccount) Put(ctx context.Context, at time.Time, defs ...template.Definition) error {
	for i := range defs {
		defs[i].Ref.Account = ""
	}
	return c.Catalog.Put(ctx, at, defs...)
}

func (c oneAccount) Apply(ctx context.Context, changes ...template.Change) error {
	for i := range changes {
		changes[i].Ref.Account = ""
	}
	return c.Catalog.Apply(ctx, changes...)
}

// silent is the journal of a World, which keeps nothing.
type silent struct{ journal.Journal }

func (silent) Append(context.Context, ...journal.Entry) error { return nil }
