package compliancetest

import (
	"sync"
	"time"
)

// A Clock stands still until it is moved. The zero Clock stands at the zero
// time. It is safe for concurrent use.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock makes a Clock that stands at an instant.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now is where the clock stands; pass it to compliance.WithClock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set moves the clock to an instant.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// Advance moves the clock by a while.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
