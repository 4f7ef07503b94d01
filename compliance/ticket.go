package compliance

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/waguard/waguard/compliance/party"
)

// A Ticket travels in the context of a deliver call. It shows a door further
// down the line that these messages were judged, by which decisions. It holds
// while that call runs, and for the recipients of its messages only, to each the
// kind of message that was judged, and from no other of the business's numbers.
type Ticket struct {
	Decisions []string

	from   *tickets
	listed func(number string) (party.Line, bool) // the line of a number, where the Business lists it
	people []recipient
	over   atomic.Bool
}

type recipient struct {
	handles []party.Handle
	group   string
	kind    Kind
	number  string // that was judged: the phone_number_id where the Business lists it
}

// Covers reports whether the deliver call is still running and every one of
// these messages goes to one of its recipients and is of the kind that was
// judged for them: a reply in an open window is no leave for a template, nor for a
// reply from another number, whose window is its own. A number the Business does
// not list may be the provider's name for the one that was judged. What could not
// be read as a message is covered by nothing.
func (t *Ticket) Covers(ms []Message) bool {
	if t.over.Load() || len(ms) == 0 {
		return false
	}
	for i := range ms {
		m := &ms[i]
		from, listed := t.listed(m.From.Number)
		if m.Malformed != "" || !slices.ContainsFunc(t.people, func(r recipient) bool { return r.is(m) && (!listed || r.number == from.Number) }) {
			return false
		}
	}
	return true
}

// is: every handle of the message is one of the recipient's. A second
// addressee counts as one of them.
func (r recipient) is(m *Message) bool {
	if m.Kind != r.kind {
		return false
	}
	if m.Group != "" || r.group != "" {
		return m.Group == r.group && m.To.IsZero()
	}
	if m.To.IsZero() {
		return false
	}
	for _, who := range [...]party.Party{m.To, m.Also} {
		for _, h := range who.Handles() {
			if !slices.Contains(r.handles, h) {
				return false
			}
		}
	}
	return true
}

type ticketKey struct{}

// TicketFrom returns the ticket of the deliver call that ctx belongs to, which
// may be over.
func TicketFrom(ctx context.Context) (*Ticket, bool) {
	t, ok := ctx.Value(ticketKey{}).(*Ticket)
	return t, ok
}

// Ticketed reports whether messages that were read off the wire leave in a
// deliver call of this Sender: under the ticket of ctx, or where the client
// between drops the context, under tickets of calls that run now for messages
// of the same description. A call that is tried again by the client is covered
// each time, and charged once.
func (s *Sender) Ticketed(ctx context.Context, ms []Message) bool {
	if t, ok := TicketFrom(ctx); ok && t.from == s.tickets {
		return t.Covers(ms)
	}
	if len(ms) == 0 || !s.tickets.any() {
		return false
	}
	for i := range ms {
		m := ms[i]
		m.From = s.whole(m.From)
		if m.Malformed != "" || !s.tickets.live(s.printer.message(&m)) {
			return false
		}
	}
	return true
}

// tickets are those of the deliver calls that run now, by the print of each
// message. Two calls for the same message are counted as two.
type tickets struct {
	mu     sync.Mutex
	prints map[string]int
}

func newTickets() *tickets { return &tickets{prints: map[string]int{}} }

// issue makes the ticket of a deliver call that begins.
func (ts *tickets) issue(fs []flight, b *Business) *Ticket {
	t := &Ticket{Decisions: make([]string, len(fs)), from: ts, listed: b.listed, people: make([]recipient, len(fs))}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for i := range fs {
		m := &fs[i].message
		line, _ := t.listed(m.From.Number)
		t.Decisions[i] = fs[i].id
		t.people[i] = recipient{handles: append(m.To.Handles(), m.Also.Handles()...), group: m.Group, kind: m.Kind, number: line.Number}
		ts.prints[fs[i].decision.Print]++
	}
	return t
}

// end takes a ticket back.
func (ts *tickets) end(t *Ticket, fs []flight) {
	t.over.Store(true)
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for i := range fs {
		p := fs[i].decision.Print
		if ts.prints[p]--; ts.prints[p] <= 0 {
			delete(ts.prints, p)
		}
	}
}

func (ts *tickets) live(print string) bool {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return ts.prints[print] > 0
}

func (ts *tickets) any() bool {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return len(ts.prints) > 0
}

// under hands messages to the client while their ticket holds.
func (s *Sender) under(ctx context.Context, fs []flight, send func(context.Context) (Ack, error)) (Ack, error) {
	t := s.tickets.issue(fs, &s.business)
	defer s.tickets.end(t, fs)
	return send(context.WithValue(ctx, ticketKey{}, t))
}
