package window

import (
	"context"
	"time"
)

const (
	// CustomerServiceWindow is how long a business may write freely after the
	// customer wrote or called; each such event starts it anew. Source: Meta,
	// "Service messages" (send-messages), edition of 2026-05-21.
	CustomerServiceWindow = 24 * time.Hour

	// FreeEntryPointReplyDeadline is how soon a business has to reply to a
	// customer who came through an ad or page button, for the free entry point
	// to begin. Source: Meta, "Pricing", edition of 2026-09-10.
	FreeEntryPointReplyDeadline = 24 * time.Hour

	// FreeEntryPointWindow is how long messages are free after that reply. It
	// does not lengthen the customer service window. Source: Meta, "Pricing",
	// edition of 2026-09-10.
	FreeEntryPointWindow = 72 * time.Hour

	// SafetyMargin is how long before the end sends are refused unless
	// [Margin] says otherwise. It is this library's choice: Meta does not say
	// which instant its 24 hours count from.
	SafetyMargin = time.Minute
)

// Rules are the lengths a State is worked out with. With the zero Rules no
// window is ever open; [DefaultRules] are those of the platform.
type Rules struct {
	Length time.Duration // of the customer service window
	Margin time.Duration // before its end, in which sends are refused; below zero counts as zero
}

// DefaultRules are [CustomerServiceWindow] and [SafetyMargin].
func DefaultRules() Rules {
	return Rules{Length: CustomerServiceWindow, Margin: SafetyMargin}
}

// An Option changes the Rules of [New].
type Option func(*Rules)

// Length sets how long the window is. The platform goes by its own 24 hours
// whatever is set here, so only a shorter one makes sense.
func Length(d time.Duration) Option { return func(r *Rules) { r.Length = d } }

// Margin sets how long before the end sends are refused; zero is none.
func Margin(d time.Duration) Option { return func(r *Rules) { r.Margin = d } }

// Windows answers from a Store. It holds nothing but the Store and the Rules
// and is safe for concurrent use.
type Windows struct {
	store Store
	rules Rules
}

// New makes a Windows over a store, with [DefaultRules] unless options say
// otherwise.
func New(store Store, opts ...Option) *Windows {
	w := &Windows{store: store, rules: DefaultRules()}
	for _, o := range opts {
		o(&w.rules)
	}
	return w
}

// Rules returns the lengths that are in use.
func (w *Windows) Rules() Rules { return w.rules }

// State reads a conversation and works out what holds at an instant. An error
// of the store is returned as it is; it never looks like a closed window.
func (w *Windows) State(ctx context.Context, p Place, at time.Time) (State, error) {
	marks, err := w.store.Marks(ctx, p)
	if err != nil {
		return State{}, err
	}
	return StateAt(marks, at, w.rules), nil
}

// StateAt works out what holds at an instant from marks in hand.
func (w *Windows) StateAt(marks []Mark, at time.Time) State {
	return StateAt(marks, at, w.rules)
}
