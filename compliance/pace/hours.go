package pace

import (
	"fmt"
	"time"
)

// Hours are the hours of a day in which something may be sent, by a clock on the
// wall: from From, and up to but not at Until. Where Until is not later than From
// they reach over midnight. The zero Hours allow every hour.
type Hours struct {
	From  Clock `json:"from"`
	Until Clock `json:"until"`
}

// A Clock is a time of day, in minutes after midnight.
type Clock int

// ParseClock reads "08:00"; "24:00" is the end of the day.
func ParseClock(s string) (Clock, error) {
	if len(s) != 5 || s[2] != ':' {
		return 0, fmt.Errorf("pace: %.16q is no time of day such as 08:00", s)
	}
	var n [4]int
	for i, k := range [4]int{0, 1, 3, 4} {
		if s[k] < '0' || s[k] > '9' {
			return 0, fmt.Errorf("pace: %.16q is no time of day such as 08:00", s)
		}
		n[i] = int(s[k] - '0')
	}
	h, m := 10*n[0]+n[1], 10*n[2]+n[3]
	if h > 24 || m > 59 || h == 24 && m > 0 {
		return 0, fmt.Errorf("pace: %.16q is no time of day", s)
	}
	return Clock(60*h + m), nil
}

// String writes the time of day as ParseClock reads it.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// UnmarshalText reads a time of day as ParseClock does.
func (c *Clock) UnmarshalText(b []byte) (err error) {
	*c, err = ParseClock(string(b))
	return err
}

// MarshalText writes it as String does.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// in reports whether the hours hold at an instant in one zone.
func (h Hours) in(at time.Time, zone *time.Location) bool {
	hour, minute, _ := at.In(zone).Clock()
	now := Clock(60*hour + minute)
	if h.Until > h.From {
		return h.From <= now && now < h.Until
	}
	return h.From <= now || now < h.Until
}

// opens is the next instant after one at which the hours begin in a zone. Where the
// clock is put forward over the beginning, that is the beginning as the clock
// stood before.
func (h Hours) opens(at time.Time, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	for day := d; ; day++ {
		begin := time.Date(y, m, day, 0, int(h.From), 0, 0, zone)
		for try := 0; try < 180 && !h.in(begin, zone); try++ {
			begin = begin.Add(time.Minute)
		}
		if begin.After(at) {
			return begin
		}
	}
}

// lookAhead is how far Open looks for an instant that suits every zone. Zones
// that have none within some days never have.
const lookAhead = 4 * 24 * time.Hour

// Open reports whether the hours hold at an instant in every one of the zones: of
// somebody of whom only the country is known nobody can say in which of its zones
// they are, so all have to agree. Where they do not, next is when they all do;
// zero for never. Without zones nothing is known, and nothing is open.
func (h Hours) Open(at time.Time, zones []*time.Location) (open bool, next time.Time) {
	if h == (Hours{}) {
		return true, time.Time{}
	}
	if len(zones) == 0 {
		return false, time.Time{}
	}
	end := at.Add(lookAhead)
	for t := at; t.Before(end); {
		later := t
		for _, z := range zones {
			if !h.in(t, z) {
				if o := h.opens(t, z); o.After(later) {
					later = o
				}
			}
		}
		if later.Equal(t) {
			return t.Equal(at), t.UTC()
		}
		t = later
	}
	return false, time.Time{}
}
