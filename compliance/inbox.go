package compliance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/window"
)

// An Inbox applies what is learned from outside: it is the one writer of
// consent, windows, links, templates and account, as the Sender is their
// reader. It is safe for concurrent use.
type Inbox struct{ s *Sender }

// Learned is what a batch of events meant for the app.
type Learned struct {
	Stops      []Heard        // stops that are recorded, with the sends still under way
	Asks       []Heard        // words that may be a stop: somebody should ask
	Restarts   []Heard        // people who want messages again
	Unreadable []Unreadable   // items that could not be read; journalled, and nothing else was held up by them
	Redirects  []Redirect     // people who asked for goods the policy bars: answer elsewhere
	Moved      []Moved        // people who changed number or id
	Parted     []Parted       // handles that are nobody's any more, as the app told
	Failed     []Failed       // messages that did not arrive, and what that means for the next one
	Flights    []optin.Flight // all sends under way for people who stopped
	Applied    int            // events that were applied
	Skipped    int            // events that teach nothing
}

// Heard is one customer's words about receiving messages, without the words.
type Heard struct {
	Message  string // wamid
	From     party.Party
	Line     party.Line
	At       time.Time
	Level    optin.IntentLevel
	Scope    optin.IntentScope
	Topic    string
	Why      string
	InFlight []optin.Flight
}

// Receive applies events, all of them or on an error none (where the stores
// have Atomic; in memory an error leaves what was applied before it, and
// applying the batch again is harmless). Events may come late, repeated and in
// any order: their own times decide.
//
// Once Receive has returned without an error, no message that was not judged
// with its stops in view is entered, and those entered before are in Flights.
func (in *Inbox) Receive(ctx context.Context, events ...Event) (Learned, error) {
	return in.receive(ctx, in.s.now().UTC(), events)
}

// ReceiveAt is Receive for events that were received at another time than now,
// as when a history is replayed.
func (in *Inbox) ReceiveAt(ctx context.Context, received time.Time, events ...Event) (Learned, error) {
	return in.receive(ctx, received.UTC(), events)
}

func (in *Inbox) receive(ctx context.Context, received time.Time, events []Event) (Learned, error) {
	var l Learned
	apply := func(ctx context.Context) error {
		l = Learned{}
		b := batch{in: in, received: received, learned: &l}
		for i, e := range events {
			err := b.apply(ctx, e)
			var refused *optin.RecordError
			if errors.Is(err, errNobody) || errors.As(err, &refused) {
				// what stands beside it may be a stop, and must not wait for it
				l.Applied--
				err = b.apply(ctx, Unreadable{ID: itoa(i), Where: fmt.Sprintf("event %d (%T)", i, e), Err: err})
			}
			if err != nil {
				return fmt.Errorf("compliance: inbox: event %d (%T): %w", i, e, err)
			}
		}
		if len(b.entries) > 0 {
			return in.s.stores.Journal.Append(ctx, b.entries...)
		}
		return nil
	}
	run := in.s.stores.Atomic
	if run == nil {
		run = func(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
	}
	if err := run(ctx, apply); err != nil {
		return Learned{}, err
	}
	return l, nil
}

// batch is the work on one call of Receive.
type batch struct {
	in       *Inbox
	received time.Time
	learned  *Learned
	entries  []journal.Entry
}

func (b *batch) apply(ctx context.Context, e Event) error {
	b.learned.Applied++
	if e != nil {
		e = e.lined(b.in.s.whole)
	}
	switch e := e.(type) {
	case Wrote:
		return b.wrote(ctx, e)
	case Called:
		return b.called(ctx, e)
	case CallAnswer:
		return b.callAnswer(ctx, e)
	case CallPermission:
		return b.callPermission(ctx, e)
	case Preferred:
		return b.preferred(ctx, e)
	case Reported:
		return b.reported(ctx, e)
	case Sent:
		return b.sent(ctx, e)
	case TemplateNews:
		return b.templateNews(ctx, e)
	case AccountNews:
		e.At, e.Received = b.clamp(e.At), b.received
		return b.in.s.stores.Account.Note(ctx, b.in.s.business.forEach(e)...)
	case Moved:
		return b.moved(ctx, e)
	case Linked:
		return b.linked(ctx, e)
	case Parted:
		return b.parted(ctx, e)
	case Unreadable:
		b.learned.Unreadable = append(b.learned.Unreadable, e)
		b.learned.Applied--
		cause := "unreadable"
		if e.Err != nil {
			cause = causeOf(e.Err)
		}
		return b.tell("unreadable", "unreadable:"+e.ID+":"+e.Where, b.received, party.Party{}, map[string]string{"where": e.Where, "cause": cause})
	case Nothing:
		b.learned.Applied--
		b.learned.Skipped++
		return nil
	}
	return errors.New("compliance: an event of a kind nobody here knows")
}

// tell puts something learned into the journal.
func (b *batch) tell(kind, id string, at time.Time, who party.Party, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	b.entries = append(b.entries, journal.Entry{ID: kind + ":" + b.in.s.printer.wamid(id), At: at, Kind: kind, Digest: b.in.s.printer.party(who), Body: raw})
	return nil
}

// clamp keeps times from the future to the moment of receipt.
func (b *batch) clamp(at time.Time) time.Time {
	if at.After(b.received) {
		return b.received
	}
	return at.UTC()
}

func (b *batch) note(ctx context.Context, id string, k window.Kind, l party.Line, who party.Party, group string, at time.Time) error {
	p := window.Place{Line: l, Group: group}
	if group == "" {
		if p.Handles = who.Handles(); len(p.Handles) == 0 {
			return errNobody
		}
	}
	return b.in.s.stores.Windows.Note(ctx, window.Mark{ID: id, Kind: k, Place: p, At: b.clamp(at), Received: b.received})
}

var errNobody = fault("an event names nobody")

// join keeps that the handles of a party were seen on one person.
func (b *batch) join(ctx context.Context, id string, who party.Party, at time.Time) error {
	return b.joined(ctx, id, who.Handles(), at)
}

// joined keeps that handles were seen on one person, and journals it where they
// were not known to be one.
func (b *batch) joined(ctx context.Context, id string, hs []party.Handle, at time.Time) error {
	if len(hs) < 2 {
		return nil
	}
	links := b.in.s.stores.Links
	one, err := oneParty(ctx, links, hs)
	if err != nil {
		return err
	}
	if err := links.Join(ctx, party.Join{ID: id, Handles: hs, At: b.clamp(at)}); err != nil || one {
		return err
	}
	if one, err = oneParty(ctx, links, hs); err != nil || !one {
		return err // too old a sighting to join anybody
	}
	return b.told("joined:"+id, id, "joined", b.clamp(at), hs)
}

// oneParty reports whether handles are known to be one person.
func oneParty(ctx context.Context, links party.Links, hs []party.Handle) (bool, error) {
	k, err := links.Known(ctx, hs[:1])
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(hs, func(h party.Handle) bool { return !slices.Contains(k.Handles, h) }), nil
}

// told journals what became of handles: each by its digest, so that whoever has
// the key and a handle finds what joined and parted it.
func (b *batch) told(entry, by, event string, at time.Time, hs []party.Handle) error {
	digests := make([]string, len(hs))
	for i, h := range hs {
		digests[i] = b.in.s.printer.handle(h)
	}
	raw, err := json.Marshal(map[string]any{"event": event, "handles": digests, "by": b.in.s.printer.wamid(by)})
	if err != nil {
		return err
	}
	b.entries = append(b.entries, journal.Entry{ID: "learned:" + b.in.s.printer.wamid(entry), At: at, Kind: "learned", Digest: digests[0], Body: raw})
	return nil
}

// linked: the app knows that handles are one person.
func (b *batch) linked(ctx context.Context, e Linked) error {
	hs := e.Who.Handles()
	for _, h := range e.Also.Handles() {
		if !slices.Contains(hs, h) {
			hs = append(hs, h)
		}
	}
	if len(hs) < 2 {
		return errNobody
	}
	return b.joined(ctx, "linked:"+e.ID, hs, e.At)
}

// parted: a person has a handle no longer, and where they went nobody knows.
func (b *batch) parted(ctx context.Context, e Parted) error {
	m := party.Move{ID: "parted:" + e.ID, From: e.Handle, At: b.clamp(e.At)}
	if err := m.Validate(); err != nil {
		return errNobody
	}
	if err := b.in.s.ledger.Moved(ctx, m); err != nil {
		return err
	}
	b.learned.Parted = append(b.learned.Parted, e)
	return b.told(m.ID, e.ID, "parted", m.At, []party.Handle{e.Handle})
}

// opens says which message types open the service window. The ones Meta does
// not settle do not, unless the app says so (see [WithOpeners]).
func (b *batch) opens(typ string) bool {
	if yes, ok := b.in.s.opens[typ]; ok {
		return yes
	}
	switch typ {
	case "text", "image", "video", "audio", "document", "sticker", "location", "contacts", "order", "button":
		return true
	case "interactive/call_permission_reply":
		return false
	}
	// a tap, a Flow, and whatever else a person answers with
	return strings.HasPrefix(typ, "interactive")
}

func (b *batch) wrote(ctx context.Context, e Wrote) error {
	if e.From.IsZero() {
		return errNobody
	}
	if err := b.join(ctx, "wrote:"+e.ID, e.From, e.At); err != nil {
		return err
	}
	for i, p := range e.Links {
		all := append(e.From.Handles(), p.Handles()...)
		if err := b.joined(ctx, "told:"+e.ID+":"+itoa(i), all, e.At); err != nil {
			return err
		}
	}
	if x := b.in.s.echoes; x != nil && e.Text != "" {
		x.Heard(e.From.Handles(), e.Text)
	}
	heard := b.in.hear(e)
	if b.opens(e.Type) {
		k := window.Wrote
		if heard.Level == optin.IntentCertain {
			k = window.Stopped
		}
		if err := b.note(ctx, "wrote:"+e.ID, k, e.Line, e.From, e.Group, e.At); err != nil {
			return err
		}
		if e.Ad && e.Group == "" {
			if err := b.note(ctx, "ad:"+e.ID, window.Ad, e.Line, e.From, "", e.At); err != nil {
				return err
			}
		}
	}
	if err := b.heard(ctx, heard); err != nil {
		return err
	}
	return b.redirect(ctx, e)
}

// hear reads a customer's words, or the button they pressed.
func (in *Inbox) hear(e Wrote) Heard {
	h := Heard{Message: e.ID, From: e.From, Line: e.Line, At: e.At, Level: optin.IntentNone}
	var r optin.Intent
	switch {
	case e.Type == "button", e.Type == "interactive/button_reply", e.Type == "interactive/list_reply":
		r = in.s.prepared.reader.ReadButton(e.Payload, e.Text, "")
	case e.Text != "":
		r = in.s.prepared.reader.Read(e.Text, "")
	default:
		return h
	}
	if r.Level == optin.IntentStart && r.Lang == "" {
		r.Level, r.Scope = optin.IntentAsk, "" // no word says so, and what was stopped stays so until somebody has asked
	}
	h.Level, h.Scope, h.Topic, h.Why = r.Level, r.Scope, r.Topic, r.Why
	return h
}

func (b *batch) heard(ctx context.Context, h Heard) error {
	ev := optin.Event{Handles: h.From.Handles(), At: b.clamp(h.At), Received: b.received, Channel: optin.WhatsApp, Line: h.Line, Ref: h.Message}
	switch h.Level {
	case optin.IntentCertain:
		ev.ID, ev.Kind = "stop:"+h.Message, optin.Revoked
		switch h.Scope {
		case optin.ScopeMarketing:
			ev.Purposes = []optin.Purpose{optin.Marketing}
		case optin.ScopeTopic:
			// a topic in the customer's words is seldom the app's name for
			// it: marketing is held with it, so that nothing goes too far
			ev.Purposes = []optin.Purpose{optin.Marketing}
		}
	case optin.IntentLikely:
		ev.ID, ev.Kind = "likely:"+h.Message, optin.Suppressed
	case optin.IntentAsk:
		b.learned.Asks = append(b.learned.Asks, h)
		return nil
	case optin.IntentStart:
		ev.ID, ev.Kind = "start:"+h.Message, optin.Restarted
	default:
		return nil
	}
	done, err := b.in.s.ledger.Record(ctx, ev)
	if err != nil {
		return err
	}
	h.InFlight = done.Flights
	switch h.Level {
	case optin.IntentCertain:
		b.learned.Stops = append(b.learned.Stops, h)
		b.learned.Flights = append(b.learned.Flights, done.Flights...)
	case optin.IntentLikely:
		b.learned.Asks = append(b.learned.Asks, h)
	case optin.IntentStart:
		b.learned.Restarts = append(b.learned.Restarts, h)
	}
	return b.consent(ev, h.From, string(h.Scope))
}

// consent journals an event of the ledger: what kind, when, and for whom by
// digest. A repeat of the event writes the same entry id.
func (b *batch) consent(ev optin.Event, who party.Party, scope string) error {
	return b.tell("learned", ev.ID, ev.At, who, struct {
		Event string        `json:"event"`
		Kind  optin.Kind    `json:"kind"`
		At    time.Time     `json:"at"`
		Scope string        `json:"scope,omitempty"`
		Via   optin.Channel `json:"channel,omitempty"`
	}{b.in.s.printer.wamid(ev.ID), ev.Kind, ev.At, scope, ev.Channel})
}

func (b *batch) preferred(ctx context.Context, e Preferred) error {
	if err := b.join(ctx, "preferred:"+e.ID, e.Who, e.At); err != nil {
		return err
	}
	ev := optin.Event{ID: "preferred:" + e.ID, Kind: optin.PlatformResumed, Handles: e.Who.Handles(),
		At: b.clamp(e.At), Received: b.received, Channel: optin.WhatsApp, Line: e.Line, Ref: e.ID}
	if e.Stop {
		ev.Kind = optin.PlatformStopped
	}
	done, err := b.in.s.ledger.Record(ctx, ev)
	if err != nil {
		return err
	}
	if e.Stop {
		b.learned.Stops = append(b.learned.Stops, Heard{Message: e.ID, From: e.Who, Line: e.Line, At: e.At,
			Level: optin.IntentCertain, Scope: optin.ScopeMarketing, Why: "WhatsApp's own marketing switch", InFlight: done.Flights})
		b.learned.Flights = append(b.learned.Flights, done.Flights...)
	}
	return b.consent(ev, e.Who, "marketing")
}

// reported: what became of a message of ours. A handle the platform named is
// kept; a message that reached the person shows that messages do.
func (b *batch) reported(ctx context.Context, e Reported) error {
	if e.Group == "" {
		if err := b.join(ctx, "status:"+e.ID+":"+e.Status, e.To, e.At); err != nil {
			return err
		}
	}
	if e.FreeEntry && !e.Until.IsZero() && e.Group == "" && !e.To.IsZero() {
		if err := b.note(ctx, "free:"+e.ID, window.Free, e.Line, e.To, "", e.Until.Add(-window.FreeEntryPointWindow)); err != nil {
			return err
		}
	}
	switch e.Status {
	case "delivered", "read", "played":
		if e.Group == "" && !e.To.IsZero() {
			return b.note(ctx, e.Status+":"+e.ID, window.Reached, e.Line, e.To, "", e.At)
		}
	case "failed":
		if e.Of == nil && b.in.s.sent != nil {
			m, ok, err := b.in.s.sent(ctx, e.ID)
			if err != nil {
				return err
			}
			if ok {
				e.Of = &m
			}
		}
		return b.failed(ctx, e, e.Of)
	}
	return nil
}

// moved: stops follow a person to a new number or id; grants, windows and
// call permission stay behind.
func (b *batch) moved(ctx context.Context, e Moved) error {
	pairs := [][2]party.Handle{}
	add := func(scheme, from, to string) {
		if from != "" && to != "" && from != to {
			pairs = append(pairs, [2]party.Handle{{Scheme: scheme, Value: from}, {Scheme: scheme, Value: to}})
		}
	}
	add(party.Phone, e.From.Phone, e.To.Phone)
	add(party.User, e.From.User, e.To.User)
	add(party.Parent, e.From.Parent, e.To.Parent)
	if len(pairs) == 0 {
		return errNobody
	}
	if err := b.join(ctx, "movedto:"+e.ID, e.To, e.At); err != nil {
		return err
	}
	for i, p := range pairs {
		m := party.Move{ID: "moved:" + e.ID + ":" + itoa(i), From: p[0], To: p[1], At: b.clamp(e.At)}
		// the ledger records the move itself: it has to read what is linked
		// to the old handle before the move cuts it
		if err := b.in.s.ledger.Moved(ctx, m); err != nil {
			return err
		}
	}
	b.learned.Moved = append(b.learned.Moved, e)
	return b.tell("learned", "moved:"+e.ID, b.clamp(e.At), e.From, map[string]string{"event": "moved", "to": b.in.s.printer.party(e.To)})
}

// Answered applies what the API answered to a message: the handles it knows the
// person by, and what its error codes say about the person, the window, the
// template and the account. A Sender does so by itself with what deliver
// returns; it is for answers that come another way.
func (in *Inbox) Answered(ctx context.Context, received time.Time, m Message, ack Ack) (Learned, error) {
	received = received.UTC()
	if err := in.answered(ctx, received, &m, ack); err != nil {
		return Learned{}, err
	}
	return in.learn(ctx, received, m, ack, "")
}

// learn takes in what an answer teaches. Of a message of this Sender, whose flight
// is told, what it spent is settled already.
func (in *Inbox) learn(ctx context.Context, received time.Time, m Message, ack Ack, flight string) (Learned, error) {
	id := ack.Message
	if id == "" {
		id = "unnamed:" + in.s.printer.message(&m) + ":" + received.Format(time.RFC3339Nano)
	}
	var events []Event
	if also := ack.also(m.To); m.Group == "" && !also.IsZero() && !m.To.IsZero() {
		events = append(events, Linked{ID: "ack:" + id, Who: m.To, Also: also, At: received})
	}
	if len(ack.Codes) > 0 {
		events = append(events, Reported{ID: id, Line: m.From, To: m.To, Group: m.Group, At: received, Status: "failed",
			Codes: ack.Codes, Details: ack.Details, HTTP: ack.HTTP, Provider: ack.Provider, Of: &m, flight: flight})
	}
	if len(events) == 0 {
		return Learned{}, nil
	}
	return in.receive(ctx, received, events)
}

// also are the handles that an answer adds to those a message went to.
func (a Ack) also(to party.Party) (p party.Party) {
	if phone, err := party.ParseWaID(a.WaID); a.WaID != "" && err == nil && phone != to.Phone {
		p.Phone = phone
	}
	if user, err := party.ParseUser(a.User); a.User != "" && err == nil && user != to.User {
		p.User = user
	}
	return p
}
