package compliance

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/window"
)

// A flight is one message on its way through a Sender.
type flight struct {
	id       string
	message  Message
	decision Decision
	entered  bool
	recorded bool
	handles  []party.Handle
	asks     bool // for permission to call
	spending spending
}

// tries is how often a message is looked up and judged again because consent
// moved meanwhile.
const tries = 3

// clear judges a message and enters its flight. The flight is entered after
// judging, with the consent version that was judged: it fails when a stop came
// between, and then everything is looked up again. So a flight that is open
// when a stop commits is in the stop's receipt, and one entered later has been
// judged with the stop in view.
func (s *Sender) clear(ctx context.Context, f *flight, now time.Time) {
	for try := range tries {
		if try > 0 {
			now = s.now().UTC() // a stop that came between is later than the first instant
		}
		d := s.desks.Get().(*desk)
		d.Case = s.newCase(&f.message, now)
		s.look(ctx, &f.message, d)
		f.decision = s.judge.Decide(&d.Case)
		f.asks, _ = d.asksForCalls()
		f.decision.ID = f.id
		f.decision.Enforced = !s.observe
		if s.echoes != nil && f.decision.Verdict == Allow {
			for _, t := range d.words(&f.message) {
				s.echoes.Said(t.Words)
			}
		}
		st, ok := d.Consent.Get()
		var version uint64
		if ok {
			f.handles, version = st.Handles, st.Version
		}
		s.measure(f, &d.Case)
		s.tidy(d)
		if !f.decision.Verdict.Leaves() && !s.observe || f.message.Group != "" || f.message.Kind == Pass {
			return
		}
		if !ok {
			return // only in observe mode: an unknown consent is no yes
		}
		err := s.enter(ctx, f, version, now)
		if err == nil {
			f.entered = true
			if err = s.spend(ctx, f, now); err == nil {
				return
			}
			if !spent(err) {
				f.unknown("pace", err)
				return
			}
			if err := s.leave(ctx, f); err != nil {
				f.unknown("flight", err)
				return
			}
			continue
		}
		if !moved(err) {
			f.unknown("flight", err)
			return
		}
	}
	f.unknown("flight", fault("consent or pace kept changing"))
}

// leave takes a flight back that was entered in vain.
func (s *Sender) leave(ctx context.Context, f *flight) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	if err = s.ledger.Leave(ctx, f.id); err == nil {
		f.entered = false
	}
	return err
}

func (s *Sender) enter(ctx context.Context, f *flight, version uint64, now time.Time) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	return s.ledger.Enter(ctx, optin.Flight{ID: f.id, Handles: f.handles, Version: version, Entered: now, Expires: now.Add(s.flight)})
}

func (f *flight) unknown(what string, err error) {
	if f.decision.Verdict == Allow {
		f.decision.Verdict = Undecided
	}
	f.decision.Unknowns = append(f.decision.Unknowns, Unknown{What: what, Cause: causeOf(err)})
}

// replies notes that the business is about to write, before it does: a stop
// has one confirmation, and one whose outcome is not known may have arrived.
func (s *Sender) replies(ctx context.Context, f *flight) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	m := &f.message
	place := window.Place{Line: m.From, Handles: m.To.Handles(), Group: m.Group}
	return s.stores.Windows.Note(ctx, window.Mark{ID: "sent:" + f.id, Kind: window.Replied, Place: place, At: f.decision.At, Received: f.decision.At})
}

// record writes the decision before anything leaves.
func (s *Sender) record(ctx context.Context, f *flight) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	f.decision.Print = s.printer.message(&f.message)
	body, err := json.Marshal(&f.decision)
	if err != nil {
		return err
	}
	return s.stores.Journal.Append(ctx, journal.Entry{ID: f.id, At: f.decision.At, Kind: "decision", Digest: s.printer.person(&f.message), Body: body})
}

// abandon leaves the flight of a message that does not go, and where the
// journal says it may, adds that it did not. Both are done as well as they can
// be: a flight that cannot be left expires by itself.
func (s *Sender) abandon(ctx context.Context, f *flight) {
	defer func() { _ = recover() }()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if f.entered {
		_ = s.ledger.Leave(ctx, f.id)
	}
	_ = s.giveBack(ctx, f)
	if f.recorded && f.decision.Verdict.Leaves() {
		_ = s.stores.Journal.Append(ctx, journal.Entry{ID: f.id + "/outcome", At: s.now().UTC(), Kind: "outcome",
			Digest: s.printer.person(&f.message), Body: json.RawMessage(`{"outcome":"withheld"}`)})
	}
}

// deliver hands the messages to the app's client and settles what came of it.
func (s *Sender) deliver(ctx context.Context, fs []flight, send func(context.Context) (Ack, error)) (rs []Receipt, err error) {
	rs = make([]Receipt, len(fs))
	var ack Ack
	outcome := "panicked"
	defer func() {
		for i := range fs {
			rs[i].Decision, rs[i].Ack = fs[i].decision, ack
			rs[i].Unsettled = s.settle(ctx, fs, i, outcome, ack)
		}
	}()
	ack, err = s.under(ctx, fs, send)
	if err != nil {
		outcome = "failed"
		if len(ack.Codes) == 0 {
			// most clients tell what the platform answered by their error alone
			told := readError(err)
			ack.Codes, ack.Details = told.Codes, told.Text
			if ack.HTTP == 0 {
				ack.HTTP = told.HTTP
			}
		}
		return rs, &DeliveryError{Decision: fs[0].decision, Err: err}
	}
	outcome = "delivered"
	return rs, nil
}

// settle leaves the flight and writes what came of it. It does not depend on
// the caller's context, which may well be over by now.
func (s *Sender) settle(ctx context.Context, fs []flight, i int, outcome string, ack Ack) (err error) {
	f := &fs[i]
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	at := s.now().UTC()
	wamid := ack.Message
	if i > 0 {
		wamid = "" // of several messages each has its own, or none is told
		if i <= len(ack.Others) {
			wamid = ack.Others[i-1]
		}
	}
	body, err := json.Marshal(struct {
		Outcome string `json:"outcome"`
		Message string `json:"message,omitempty"`
		Status  string `json:"status,omitempty"`
		Codes   []int  `json:"codes,omitempty"`
	}{outcome, s.printer.wamid(wamid), ack.Status, ack.Codes})
	if err != nil {
		return err
	}
	var errs []error
	errs = append(errs, s.stores.Journal.Append(ctx, journal.Entry{ID: f.id + "/outcome", At: at, Kind: "outcome", Digest: s.printer.person(&f.message), Body: body}))
	if f.entered {
		errs = append(errs, s.ledger.Leave(ctx, f.id))
	}
	if alone := len(fs) == 1 && len(ack.Others) == 0; alone {
		errs = append(errs, s.settleSpending(ctx, f, &ack, wamid))
	} else { // which of several people a refusal speaks of is not told
		errs = append(errs, s.settleSpending(ctx, f, nil, wamid))
	}
	if f.message.Kind != Pass {
		errs = append(errs, s.learn(ctx, f, at, outcome, ack, wamid, len(fs) == 1))
	}
	return errors.Join(errs...)
}

// learn keeps what an answer to a send teaches: that the business wrote, called
// or asked for permission to call, which handles the platform knows the person
// by, and what its error codes say.
func (s *Sender) learn(ctx context.Context, f *flight, at time.Time, outcome string, ack Ack, wamid string, alone bool) error {
	m := &f.message
	var sent error
	if outcome == "delivered" && len(ack.Codes) == 0 {
		id := wamid
		if id == "" {
			id = f.id
		}
		if ms := f.marks(id, at); len(ms) > 0 {
			sent = s.stores.Windows.Note(ctx, ms...)
		}
		sent = errors.Join(sent, s.use(ctx, m, f.decision.At))
	}
	if !alone || len(ack.Others) > 0 {
		return sent // which of several people an answer speaks of is not told
	}
	ack.Message = wamid
	_, err := s.inbox.learn(ctx, at, *m, ack, true)
	return errors.Join(sent, err)
}

// marks are what a delivery adds to the conversation. That the business wrote is
// noted of a free-form message before it leaves; see replies.
func (f *flight) marks(id string, received time.Time) (ms []window.Mark) {
	m := &f.message
	add := func(prefix string, k window.Kind) {
		ms = append(ms, window.Mark{ID: prefix + id, Kind: k, At: f.decision.At, Received: received,
			Place: window.Place{Line: m.From, Handles: m.To.Handles(), Group: m.Group}})
	}
	switch m.Kind {
	case Call:
		add("placed:", window.CallPlaced)
	case Freeform:
	default:
		add("sent:", window.Replied)
	}
	if f.asks && m.Group == "" {
		add("asked:", window.CallsAsked)
	}
	return ms
}

func itoa(n int) string { return strconv.Itoa(n) }
