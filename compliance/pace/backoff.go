package pace

import (
	"math"
	"time"
)

// A Backoff says how long to wait after refusals: First after the first, Growth
// times as long after each one that came when the wait before it was over, at
// most Longest. A refusal during a wait is of a message that was under way, and
// starts the wait again without making it longer. One that comes Forget after a
// wait was over is the first of a new row.
type Backoff struct {
	First   time.Duration
	Growth  int
	Longest time.Duration
	Forget  time.Duration
}

// until is the end of the wait, 0 where nothing was refused. Notes are oldest first.
func (b Backoff) until(notes []Note, of string) (end int64) {
	wait := time.Duration(0)
	for i := range notes {
		n := &notes[i]
		if n.Number != of {
			continue
		}
		switch {
		case wait == 0 || n.At >= end+b.Forget.Microseconds():
			wait = b.First
		case n.At >= end:
			wait = min(wait*time.Duration(max(b.Growth, 1)), b.Longest)
		}
		end = max(end, n.At+wait.Microseconds())
	}
	return end
}

// spare is where the note stands that a wait can best do without: of those that
// came during one, and so made it no longer, the one that followed another of its
// number soonest, though not the newest, which the wait counts from. Where none
// came during a wait it is the oldest.
func (b Backoff) spare(notes []Note) (at int) {
	least := int64(math.MaxInt64)
	last := map[string]int64{}
	for i, n := range notes[:len(notes)-1] {
		if gap := n.At - last[n.Number]; n.At < b.until(notes[:i], n.Number) && gap < least {
			at, least = i, gap
		}
		last[n.Number] = n.At
	}
	return at
}

// Until is when marketing to a person may be tried again after the platform held
// some back: zero where it never did.
func (b Backoff) Until(t *Tab) time.Time { return instant(b.until(t.Refused, "")) }
