package compliance

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/echo"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// Config holds what cannot be guessed. A field that is missing makes New fail
// and say which.
type Config struct {
	Business Business
	Stores   Stores
	Key      []byte       // secret for prints and suppression, at least 16 bytes; nil: that of the stores, else one that ends with this Sender, which durable stores cannot do with
	Rules    *policy.Book // nil: the built-in book
}

// A Sender judges every message before the app's own client sends it. It is
// safe for concurrent use.
type Sender struct {
	business Business
	stores   Stores
	prepared *Prepared
	judge    *Judge
	ledger   *optin.Ledger
	windows  *window.Windows
	inbox    *Inbox
	printer  *printer
	paces    *paces
	atlas    *atlas
	desks    *sync.Pool
	shelves  *shelves
	used     *used
	tickets  *tickets

	callRules callRules

	now        func() time.Time
	newID      func() string
	observe    bool
	budget     time.Duration
	flight     time.Duration
	onDecision func(context.Context, *Decision)
	settings
}

// settings are what options choose, before New builds the parts from them.
type settings struct {
	gates       []Gate
	windowOpts  []window.Option
	ledgerOpts  []optin.LedgerOption
	opens       map[string]bool
	switchScope optin.PlatformScope
	sent        func(context.Context, string) (Message, bool, error)
	rulesAt     time.Time
	echoes      *echo.Index
	media       func(context.Context, template.Media) (template.Media, error)
}

// An Option changes what has a sound default.
type Option func(*Sender)

// WithClock sets the clock; the default is time.Now. It is read once per
// message and once per received batch.
func WithClock(now func() time.Time) Option { return func(s *Sender) { s.now = now } }

// WithIDs sets the source of decision ids; the default is 16 random bytes in hex.
func WithIDs(id func() string) Option { return func(s *Sender) { s.newID = id } }

// Observe delivers whatever the verdict. Decisions are made and recorded as
// always, with Enforced false: for the first weeks, to see what would be held.
func Observe() Option { return func(s *Sender) { s.observe = true } }

// WithGate adds a gate for rules of the app's own (ids with a prefix and a slash).
func WithGate(g ...Gate) Option { return func(s *Sender) { s.gates = append(s.gates, g...) } }

// WithLookupBudget bounds the look-up of facts for one message; the default is
// two seconds. What is not known by then is unknown.
func WithLookupBudget(d time.Duration) Option { return func(s *Sender) { s.budget = d } }

// WithFlightTime sets after how long a flight that nobody left counts as lost;
// the default is two minutes. It has to be longer than a delivery can take.
func WithFlightTime(d time.Duration) Option { return func(s *Sender) { s.flight = d } }

// WithWindow passes options to the service window (length, margin).
func WithWindow(opts ...window.Option) Option {
	return func(s *Sender) { s.windowOpts = append(s.windowOpts, opts...) }
}

// WithLedger passes options to the opt-in ledger.
func WithLedger(opts ...optin.LedgerOption) Option {
	return func(s *Sender) { s.ledgerOpts = append(s.ledgerOpts, opts...) }
}

// WithStopPerLine reads a Stop pressed in WhatsApp's own marketing switch as one
// for the line it was pressed on. The default reads it as one for the whole
// business: Meta's pages say both, and this is the careful reading.
func WithStopPerLine() Option { return func(s *Sender) { s.switchScope = optin.PerLine } }

// WithOpeners says of message types whether they open the service window, for
// those where Meta does not: "reaction", "unsupported", "unknown", "edit",
// "interactive/call_permission_reply". The default for all of them is no.
func WithOpeners(opens map[string]bool) Option {
	return func(s *Sender) { s.opens = opens }
}

// WithSent lets the Inbox ask what was sent under a wamid, when a status says that
// it failed: a status names no template, and what it says about one is learned
// only so. The app keeps its messages, or what of them it needs; ok is false for a
// wamid it does not know, and an error makes the webhook come again.
func WithSent(find func(ctx context.Context, wamid string) (m Message, ok bool, err error)) Option {
	return func(s *Sender) { s.sent = find }
}

// WithRulesAt judges by the rules in force at another instant than that of the
// message: what would an older or a coming edition say? All facts keep their
// own times.
func WithRulesAt(t time.Time) Option { return func(s *Sender) { s.rulesAt = t } }

// WithMedia asks for the size and type of each file in a template's header that a
// message does not tell ([Message.Media]): of an uploaded one the Graph API knows
// both under its id. It is called within the look-up budget and must be safe for
// concurrent use. When it fails, header-media-size cannot be judged and the message
// stays in; what it does not know it leaves zero.
func WithMedia(find func(context.Context, template.Media) (template.Media, error)) Option {
	return func(s *Sender) { s.media = find }
}

// OnDecision is called with every Decision of Do and DoAll, before anything
// leaves: the one hook for metrics and traces. It must not keep the Decision.
func OnDecision(fn func(context.Context, *Decision)) Option {
	return func(s *Sender) { s.onDecision = fn }
}

// New builds a Sender. It fails when something is missing, when the Business is
// malformed, and when the book holds a rule that nobody answers for.
func New(c Config, opts ...Option) (*Sender, error) {
	s := &Sender{business: c.Business.clone(), stores: c.Stores, shelves: &shelves{}, used: &used{},
		now: time.Now, newID: randomID, budget: 2 * time.Second, flight: 2 * time.Minute}
	s.atlas, s.tickets = &atlas{}, newTickets()
	s.desks = &sync.Pool{New: func() any { return new(desk) }}
	for _, o := range opts {
		o(s)
	}
	if missing := c.missing(); missing != nil {
		return nil, fmt.Errorf("compliance: config: missing %s", strings.Join(missing, ", "))
	}
	if err := c.Business.Validate(); err != nil {
		return nil, err
	}
	key := c.Key
	if len(key) == 0 {
		key = c.Stores.Key
	}
	if len(key) == 0 {
		key = make([]byte, 32)
		if _, err := rand.Read(key); err != nil {
			return nil, fmt.Errorf("compliance: key: %w", err)
		}
	}
	if len(key) < 16 {
		return nil, errors.New("compliance: config: key is shorter than 16 bytes")
	}
	s.printer = newPrinter(key)

	var err error
	if s.prepared == nil {
		if s.prepared, err = Prepare(c.Rules); err != nil {
			return nil, err
		}
	}
	if s.callRules, err = newCallRules(s.prepared.book); err != nil {
		return nil, err
	}
	if s.paces, err = newPaces(s.prepared.book); err != nil {
		return nil, err
	}
	gates, err := builtinGates(s.prepared.book, slices.Collect(s.prepared.checker.Rules()), s.prepared.screen, s.switchScope, s.paces)
	if err != nil {
		return nil, err
	}
	s.gates = append(gates, s.gates...)
	if s.judge, err = NewJudge(s.prepared.book, &s.business, s.gates...); err != nil {
		return nil, err
	}
	s.windows = window.New(s.stores.Windows, s.windowOpts...)
	s.ledger = optin.NewLedger(s.stores.Consent,
		append([]optin.LedgerOption{optin.WithLinks(s.stores.Links), optin.WithNow(s.now), optin.WithKey(key),
			optin.AlsoForget("windows", s.stores.Windows), optin.AlsoForget("pace", s.stores.Pace)}, s.ledgerOpts...)...)
	if s.echoes != nil {
		optin.AlsoForget("echoes", forgetEchoes{s.echoes})(s.ledger)
	}
	s.inbox = &Inbox{s}
	return s, nil
}

func (c *Config) missing() (fields []string) {
	for _, f := range []struct {
		name string
		ok   bool
	}{
		{"Business.Name", c.Business.Name != ""},
		{"Stores.Consent", c.Stores.Consent != nil},
		{"Stores.Windows", c.Stores.Windows != nil},
		{"Stores.Links", c.Stores.Links != nil},
		{"Stores.Templates", c.Stores.Templates != nil},
		{"Stores.Account", c.Stores.Account != nil},
		{"Stores.Pace", c.Stores.Pace != nil},
		{"Stores.Journal", c.Stores.Journal != nil},
	} {
		if !f.ok {
			fields = append(fields, f.name)
		}
	}
	return fields
}

func randomID() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // never: since Go 1.24 crypto/rand.Read does not fail
	}
	return hex.EncodeToString(b[:])
}

// Ledger is the opt-in ledger over the Sender's stores.
func (s *Sender) Ledger() *optin.Ledger { return s.ledger }

// Inbox applies what is learned from outside to the Sender's stores.
func (s *Sender) Inbox() *Inbox { return s.inbox }

// Business is what the Sender was told about its business, as a copy.
func (s *Sender) Business() *Business {
	b := s.business.clone()
	return &b
}

// WithBusiness returns a Sender over the same stores and rules with another
// profile: what the business says of itself has changed.
func (s *Sender) WithBusiness(b Business) (*Sender, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	n := *s
	n.business = b.clone()
	var err error
	if n.judge, err = NewJudge(n.prepared.book, &n.business, n.gates...); err != nil {
		return nil, err
	}
	n.inbox = &Inbox{&n}
	return &n, nil
}

// Rules is the book it judges by.
func (s *Sender) Rules() *policy.Book { return s.prepared.book }

// Undeclared lists the rules in force now that only a declaration can decide
// and that the business has left open.
func (s *Sender) Undeclared() []policy.ID { return s.judge.Undeclared(s.prepared.book.At(s.now())) }

// Check judges without sending, entering or recording anything. It says what
// Do would have said at this instant.
func (s *Sender) Check(ctx context.Context, m Message) Decision {
	return s.dry(ctx, m, s.judge.Decide)
}

// Explain is Check with the status of every rule.
func (s *Sender) Explain(ctx context.Context, m Message) Decision {
	return s.dry(ctx, m, s.judge.Explain)
}

func (s *Sender) dry(ctx context.Context, m Message, judge func(*Case) Decision) Decision {
	d := s.desks.Get().(*desk)
	d.message = m
	d.Case = s.newCase(&d.message, s.now().UTC())
	s.look(ctx, &d.message, d)
	out := judge(&d.Case)
	out.Enforced = !s.observe
	s.tidy(d)
	return out
}

// A desk is where one message is worked on; desks are used again, so that the
// common way of a message leaves no garbage behind.
type desk struct {
	Case
	message Message
	texts   []Text
	report  content.Report
}

// words are the texts a person will read, once they have been looked up.
func (d *desk) words(m *Message) []Text {
	if len(d.texts) > 0 {
		return d.texts
	}
	return m.Texts
}

// tidy puts a desk back without anything on it.
func (s *Sender) tidy(d *desk) {
	clear(d.texts)
	*d = desk{texts: d.texts[:0], report: content.Report{Findings: d.report.Findings[:0], Failed: d.report.Failed[:0]}}
	s.desks.Put(d)
}

// whole is a line with its account, where the business lists it. A line told by its
// phone has the number's id, beside an account, too: what is known of a number is
// kept under that.
func (s *Sender) whole(line party.Line) party.Line {
	if line.Number == "" || line.Account != "" && line.Number[0] != '+' {
		return line
	}
	known := s.business.Line(line.Number)
	if line.Account != "" {
		known.Account = line.Account
	}
	return known
}

func (s *Sender) newCase(m *Message, now time.Time) Case {
	m.From = s.whole(m.From)
	at := now
	if !s.rulesAt.IsZero() {
		at = s.rulesAt
	}
	return Case{Now: now, Message: m, Business: &s.business, Rules: s.prepared.book.At(at)}
}

// Do judges a message and, when it may leave, lets deliver send it.
//
// The error is a *[Refusal] when it did not leave, a *[DeliveryError] when it
// was allowed and deliver failed, and nil once deliver returned nil: what could
// not be settled afterwards is told in [Receipt.Unsettled], since an error would
// make apps send twice. A panic of deliver is settled and then goes on.
func (s *Sender) Do(ctx context.Context, m Message, deliver func(context.Context) (Ack, error)) (Receipt, error) {
	rs, err := s.DoAll(ctx, []Message{m}, deliver)
	if len(rs) == 1 {
		return rs[0], err
	}
	return Receipt{}, err
}

// DoAll is Do for messages that leave in one call of the client: all of them,
// or when one is refused none.
func (s *Sender) DoAll(ctx context.Context, ms []Message, deliver func(context.Context) (Ack, error)) ([]Receipt, error) {
	if len(ms) == 0 {
		return nil, errors.New("compliance: nothing to send")
	}
	now := s.now().UTC() // one instant for them all
	flights := make([]flight, len(ms))
	for i := range ms {
		flights[i] = flight{id: s.newID(), message: ms[i]}
	}
	handed := false
	defer func() {
		if !handed { // also when a hook of the app panicked
			for i := range flights {
				s.abandon(ctx, &flights[i])
			}
		}
	}()
	leaves := true
	for i := range flights {
		s.clear(ctx, &flights[i], now)
		f := &flights[i]
		leaves = leaves && (f.decision.Verdict.Leaves() || s.observe)
		if leaves && !f.confirms.IsZero() && unsound(&f.message) == "" {
			if err := s.confirm(ctx, f); err != nil {
				f.unknown("window", err)
				leaves = s.observe
			}
		}
	}
	for i := range flights {
		f := &flights[i]
		err := s.record(ctx, f)
		f.recorded = err == nil
		if err != nil && f.decision.Verdict == Allow {
			f.unknown("journal", err)
			leaves = leaves && s.observe
		}
		if s.onDecision != nil {
			s.onDecision(ctx, &f.decision)
		}
	}
	if !leaves {
		err := &Refusal{}
		rs := make([]Receipt, len(flights))
		for i := range flights {
			rs[i].Decision = flights[i].decision
			err.Decisions = append(err.Decisions, flights[i].decision)
		}
		return rs, err
	}
	handed = true
	return s.deliver(ctx, flights, deliver)
}
