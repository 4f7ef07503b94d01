package pace

import "time"

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

// Until is when marketing to a person may be tried again after the platform held
// some back: zero where it never did.
func (b Backoff) Until(t *Tab) time.Time { return instant(b.until(t.Refused, "")) }
