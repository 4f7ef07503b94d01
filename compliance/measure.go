package compliance

import (
	"time"

	"github.com/waguard/waguard/compliance/pace"
)

// A Measure is what a business asks of itself: how often and when its marketing
// goes out. The platform publishes no such numbers, so there are no defaults, and the
// rules frequency-cap and quiet-hours are out of scope until an app sets its own.
type Measure struct {
	// Caps are how many marketing messages one person gets in a stretch of time.
	// All of them hold: one a day, and four in thirty days.
	Caps []MarketingCap `json:"caps,omitempty" validate:"max=8,dive"`
	// Hours are when marketing may go out, by the recipient's own clock; from 8 in
	// the morning to 9 in the evening is what many keep. Where several time zones
	// come into question, all of them have to agree, and where none is known the
	// message is undecided unless it says one (Message.Zone).
	Hours *pace.Hours `json:"hours,omitempty"`
}

// A MarketingCap is a number of messages in any so many hours.
type MarketingCap struct {
	Messages int `json:"messages" validate:"min=1,max=500"`
	Hours    int `json:"hours" validate:"min=1,max=8784"`
}

func (m *Measure) caps() []pace.Cap {
	if len(m.Caps) == 0 {
		return nil
	}
	caps := make([]pace.Cap, len(m.Caps))
	for i, c := range m.Caps {
		caps[i] = pace.Cap{Messages: c.Messages, Period: time.Duration(c.Hours) * time.Hour}
	}
	return caps
}

func (m *Measure) clone() Measure {
	c := Measure{Caps: append([]MarketingCap(nil), m.Caps...)}
	if m.Hours != nil {
		h := *m.Hours
		c.Hours = &h
	}
	return c
}
