package compliance

import (
	"fmt"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/window"
)

// A Charge is whether a message costs something. The zero Charge is not known.
type Charge uint8

const (
	ChargeUnknown   Charge = iota // for this kind of message, or with what is known
	Unbilled                      // free
	Billed                        // charged for itself, when delivered
	PerConversation               // charged with others of 24 hours, as all were before July 2025
)

var charges = [...]string{"unknown", "free", "charged", "per-conversation"}

// String returns unknown, free, charged or per-conversation.
func (c Charge) String() string {
	if int(c) < len(charges) {
		return charges[c]
	}
	return fmt.Sprintf("Charge(%d)", uint8(c))
}

// MarshalText writes the charge as its word.
func (c Charge) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a charge; an unknown word is an error.
func (c *Charge) UnmarshalText(b []byte) error {
	for i, w := range charges {
		if w == string(b) {
			*c = Charge(i)
			return nil
		}
	}
	*c = ChargeUnknown
	return fmt.Errorf("compliance: unknown charge %q", b)
}

// A Price is the class a message is charged in, by the platform's rules of the
// day: never an amount, never a reason to hold or to let go, and no bill. What is
// billed is what the platform says in its status webhooks.
type Price struct {
	Charge Charge `json:"charge"`
	// Rule is what decides it: free-entry-point, service, utility-in-window,
	// template, direct-send, conversation.
	Rule string `json:"rule"`
	// Since is the day from which that rule holds in this form, UTC; the
	// platform bills by the account's own time zone.
	Since string `json:"since,omitempty"`
	// Unconfirmed says what is disputed or cannot be seen from here; empty:
	// nothing is.
	Unconfirmed string `json:"unconfirmed,omitempty"`
}

// IsZero reports whether nothing is told.
func (p Price) IsZero() bool { return p == Price{} }

// String is the charge and its rule: "charged (service)".
func (p Price) String() string {
	if p.IsZero() {
		return ""
	}
	return p.Charge.String() + " (" + p.Rule + ")"
}

const (
	// ServiceFreeStart is the day from which service conversations were free
	// without limit, and PerMessagePricingStart the one on which charges per
	// conversation ended (both Meta, "Pricing", 2026-09-10). ServiceChargeStart is
	// the one from which free-form messages, and utility templates in an open
	// window, are charged (Meta, "Upcoming pricing updates for Meta Business
	// Agent, service and utility messages", 2026-08-25).
	ServiceFreeStart       = "2024-11-01"
	PerMessagePricingStart = "2025-07-01"
	ServiceChargeStart     = "2026-10-01"
)

// What a Price leaves open.
const (
	openFreeEntry = "the platform also wants the customer to have come by its Android or iOS app, which no webhook tells"
	openService   = "whether the first 1,000 delivered service messages of a number in a month are free: sources disagree"
)

// priceClass is what a message is, for its price.
type priceClass uint8

const (
	pricedService priceClass = iota
	pricedUtility
	pricedOther // marketing, authentication
)

// A priceRow is one line of the timeline: from a day on, messages of a class are
// charged so, where inWindow is set only while the customer service window is
// open.
type priceRow struct {
	from     time.Time
	class    priceClass
	inWindow bool
	price    Price
}

// prices is the timeline, youngest first; the first row that fits decides. The
// free entry point stands above it.
var prices = []priceRow{
	{on(ServiceChargeStart), pricedService, true, Price{Billed, "service", ServiceChargeStart, openService}},
	{on(ServiceChargeStart), pricedUtility, true, Price{Billed, "utility-in-window", ServiceChargeStart, ""}},
	{on(PerMessagePricingStart), pricedUtility, true, Price{Unbilled, "utility-in-window", PerMessagePricingStart, ""}},
	{on(PerMessagePricingStart), pricedUtility, false, Price{Billed, "template", PerMessagePricingStart, ""}},
	{on(PerMessagePricingStart), pricedOther, false, Price{Billed, "template", PerMessagePricingStart, ""}},
	{on(ServiceFreeStart), pricedService, true, Price{Unbilled, "service", ServiceFreeStart, ""}},
	{time.Time{}, pricedService, true, Price{PerConversation, "conversation", "", ""}},
	{time.Time{}, pricedUtility, false, Price{PerConversation, "conversation", "", ""}},
	{time.Time{}, pricedOther, false, Price{PerConversation, "conversation", "", ""}},
}

var perMessage = on(PerMessagePricingStart)

func on(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err) // never: the days are those above
	}
	return t
}

// priceOf finds the class a message is charged in: zero for calls, for groups,
// for a category that is not known, and where the window is not.
func priceOf(c *Case) Price {
	m := c.Message
	class := pricedOther
	switch {
	case m.Group != "":
		return Price{} // groups have prices of their own
	case m.Kind == Freeform:
		class = pricedService
	case m.Kind != Template && m.Kind != Direct:
		return Price{}
	default:
		switch categoryOf(c) {
		case category.Utility:
			class = pricedUtility
		case category.Marketing, category.Authentication:
		default:
			return Price{}
		}
	}
	w, ok := c.Window.Get()
	if !ok {
		return Price{}
	}
	if !c.Now.Before(perMessage) {
		if p := freeEntry(w, c.Now); !p.IsZero() {
			return p
		}
	} else if !w.FreeUntil.IsZero() || !w.FreeReplyBy.IsZero() {
		return Price{} // what a free entry point meant for conversations is not told here
	}
	open := w.Open || w.Margin
	for i := range prices {
		row := &prices[i]
		if row.class != class || row.inWindow && !open || c.Now.Before(row.from) {
			continue
		}
		p := row.price
		if m.Kind == Direct && p.Rule == "template" {
			p.Rule = "direct-send"
		}
		return p
	}
	return Price{}
}

// freeEntry: within the free entry point everything is free, and so is the reply
// that begins it.
func freeEntry(w *window.State, now time.Time) Price {
	if !now.Before(w.FreeUntil) && !now.Before(w.FreeReplyBy) {
		return Price{}
	}
	p := Price{Unbilled, "free-entry-point", PerMessagePricingStart, openFreeEntry}
	if w.FreeTold && now.Before(w.FreeUntil) {
		p.Unconfirmed = ""
	}
	return p
}

// holdsUntil is until when waiting would not change that a message is allowed, as
// far as the window or the permission it needs goes: zero where neither ends by
// itself.
func holdsUntil(c *Case) time.Time {
	switch c.Message.Kind {
	case Freeform:
		if w, ok := c.Window.Get(); ok && w.Open {
			return w.SafeUntil
		}
	case Call:
		if p, ok := c.Calls.Get(); ok && p.State == window.CallsTemporary {
			return p.Until
		}
	}
	return time.Time{}
}
