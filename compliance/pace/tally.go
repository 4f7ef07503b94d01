package pace

import "time"

// Day is how long a person counts to the platform's messaging limit: the different
// people to whom messages outside a service window are delivered in a moving day,
// by all numbers of a portfolio together (Meta, Messaging limits, 2026-05-21).
const Day = 24 * time.Hour

// slotLength is how fine the day moves. A person counts until the quarter of an
// hour in which they were reached last is a day old, so at most that much longer
// than the platform counts them.
const slotLength = 15 * time.Minute

func slotOf(at int64) int64 { return at / slotLength.Microseconds() }

// firstSlot is the oldest slot that still counts at an instant.
func firstSlot(at int64) int64 { return slotOf(at - Day.Microseconds()) }

// A Tally counts the people a portfolio reached in the last day, by the slot in
// which each of them was reached last. It names nobody.
type Tally struct {
	Name   string `json:"-"`
	First  int64  `json:"first,omitempty"` // slot of the first count
	Counts []int  `json:"counts,omitempty"`
}

// People is how many different people were reached in the day before an instant.
func (t *Tally) People(at time.Time) int { return t.people(micro(at)) }

func (t *Tally) people(at int64) (n int) {
	for i := max(0, firstSlot(at)-t.First); i < int64(len(t.Counts)); i++ {
		n += t.Counts[i]
	}
	return n
}

// Ends is when nobody in the tally counts any more.
func (t *Tally) Ends() time.Time {
	return time.UnixMicro((t.First+int64(len(t.Counts)))*slotLength.Microseconds() + Day.Microseconds()).UTC()
}

// opens is the instant at which fewer people than the limit are counted.
func (t *Tally) opens(at int64, limit int) int64 {
	n := t.people(at)
	for i := max(0, firstSlot(at)-t.First); i < int64(len(t.Counts)); i++ {
		if n < limit {
			break
		}
		n -= t.Counts[i]
		if n < limit {
			return (t.First+i+1)*slotLength.Microseconds() + Day.Microseconds()
		}
	}
	return at
}

// move takes a person from one slot to another; 0 is none.
func (t *Tally) move(from, to, at int64) {
	if from == to {
		return
	}
	if gone := firstSlot(at) - t.First; gone > 0 {
		t.Counts = append([]int(nil), t.Counts[min(gone, int64(len(t.Counts))):]...)
		t.First += gone
	}
	if i := from - t.First; from != 0 && i >= 0 && i < int64(len(t.Counts)) && t.Counts[i] > 0 {
		t.Counts[i]--
	}
	i := to - t.First
	if to == 0 || i < 0 {
		return
	}
	if n := i + 1 - int64(len(t.Counts)); n > 0 {
		t.Counts = append(t.Counts, make([]int, n)...)
	}
	t.Counts[i]++
}
