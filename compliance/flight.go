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
	asks     bool      // for permission to call
	confirms time.Time // the stop that it is the one confirmation of
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
		f.confirms = d.confirms()
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

// confirm notes that the one confirmation of a stop is about to leave, before it
// does: one whose outcome is not known may have arrived. Of two that were judged
// at once the one that is noted last sees the other.
func (s *Sender) confirm(ctx context.Context, f *flight) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	m := &f.message
	place := window.Place{Line: m.From, Handles: m.To.Handles()}
	own := window.Mark{ID: "sent:" + f.id, Kind: window.Replied, Place: place, At: f.decision.At, Received: f.decision.At}
	if err := s.stores.Windows.Note(ctx, own); err != nil {
		return err
	}
	place.Handles = f.handles
	marks, err := s.stores.Windows.Marks(ctx, place)
	if err != nil {
		return err
	}
	for _, k := range window.Left(marks, s.now()) {
		if k.Kind == window.Replied && k.ID != own.ID && k.At.After(f.confirms) {
			return errSpent
		}
	}
	return nil
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
	_ = after(ctx,
		func(ctx context.Context) error {
			if !f.entered {
				return nil
			}
			return s.ledger.Leave(ctx, f.id)
		},
		func(ctx context.Context) error { return s.giveBack(ctx, f) },
		func(ctx context.Context) error {
			if !f.recorded || !f.decision.Verdict.Leaves() {
				return nil
			}
			return s.stores.Journal.Append(ctx, journal.Entry{ID: f.id + "/outcome", At: s.now().UTC(), Kind: "outcome",
				Digest: s.printer.person(&f.message), Body: json.RawMessage(`{"outcome":"withheld"}`)})
		})
}

// after does what is due once it is known what became of a message. None of it
// depends on the caller's context, which may well be over by now, and none on
// the rest: a journal that fails, hangs or panics does not lose the stop that the
// platform answered with.
func after(ctx context.Context, steps ...func(context.Context) error) error {
	errs := make([]error, len(steps))
	for i, do := range steps {
		errs[i] = func() (err error) {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
			defer cancel()
			defer func() {
				if recover() != nil {
					err = errPanic
				}
			}()
			return do(ctx)
		}()
	}
	return errors.Join(errs...)
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

// settle leaves the flight, writes what came of it and keeps what it teaches.
func (s *Sender) settle(ctx context.Context, fs []flight, i int, outcome string, ack Ack) error {
	f := &fs[i]
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
	alone := len(fs) == 1 && len(ack.Others) == 0 // else it is not told which of several people an answer speaks of
	steps := []func(context.Context) error{
		func(ctx context.Context) error {
			return s.stores.Journal.Append(ctx, journal.Entry{ID: f.id + "/outcome", At: at, Kind: "outcome", Digest: s.printer.person(&f.message), Body: body})
		},
		func(ctx context.Context) error {
			if !f.entered {
				return nil
			}
			return s.ledger.Leave(ctx, f.id)
		},
		func(ctx context.Context) error {
			if !alone {
				return s.settleSpending(ctx, f, nil, wamid)
			}
			return s.settleSpending(ctx, f, &ack, wamid)
		},
	}
	if f.message.Kind != Pass {
		if outcome == "delivered" && len(ack.Codes) == 0 {
			steps = append(steps, func(ctx context.Context) error { return s.mark(ctx, f, at, wamid) },
				func(ctx context.Context) error { return s.use(ctx, &f.message, f.decision.At) })
		}
		if alone {
			steps = append(steps, func(ctx context.Context) error {
				_, err := s.inbox.learn(ctx, at, f.message, ack, f.id)
				return err
			})
		}
	}
	return after(ctx, steps...)
}

// mark keeps that the business wrote, called or asked for permission to call.
func (s *Sender) mark(ctx context.Context, f *flight, at time.Time, wamid string) error {
	id := wamid
	if id == "" {
		id = f.id
	}
	if ms := f.marks(id, at); len(ms) > 0 {
		return s.stores.Windows.Note(ctx, ms...)
	}
	return nil
}

// marks are what a delivery adds to the conversation. The confirmation of a stop
// was noted before it left, see confirm, and goes on under the platform's name.
func (f *flight) marks(id string, received time.Time) (ms []window.Mark) {
	m := &f.message
	add := func(id string, k window.Kind) {
		ms = append(ms, window.Mark{ID: id, Kind: k, At: f.decision.At, Received: received,
			Place: window.Place{Line: m.From, Handles: m.To.Handles(), Group: m.Group}})
	}
	switch m.Kind {
	case Call:
		add("placed:"+id, window.CallPlaced)
	default:
		add("sent:"+id, window.Replied)
	}
	if !f.confirms.IsZero() && id != f.id {
		add("unsent:"+f.id, window.Unsent)
	}
	if f.asks && m.Group == "" {
		add("asked:"+id, window.CallsAsked)
	}
	return ms
}

func itoa(n int) string { return strconv.Itoa(n) }
