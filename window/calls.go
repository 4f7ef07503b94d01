package window

import "time"

// CallPermissionTemporary is how long a temporary permission to call lasts,
// counted from the customer's approval (Meta, user call permissions, 2026-06-26).
const CallPermissionTemporary = 7 * 24 * time.Hour

// Calls is whether a business may place a call to a person from a line.
// Expiry of a temporary permission comes without news, so it is computed.
type Calls struct {
	Allowed   bool
	Permanent bool
	Since     time.Time // when the customer last said yes or no; zero: never
	Until     time.Time // end of a temporary permission, half-open; zero: none
}

// CallsAt reads the permission out of the marks of a conversation: the
// youngest word counts, and a no counts before a yes of the same instant.
func CallsAt(marks []Mark, at time.Time) Calls {
	var c Calls
	var last *Mark
	for i := range marks {
		m := &marks[i]
		if m.Kind < CallsAllowed || m.Kind > CallsRefused || m.At.After(at) {
			continue
		}
		if last == nil || m.At.After(last.At) || m.At.Equal(last.At) && m.Kind > last.Kind {
			last = m
		}
	}
	if last == nil {
		return c
	}
	c.Since = last.At
	switch last.Kind {
	case CallsAllowed:
		c.Allowed, c.Permanent = true, true
	case CallsAllowedFor:
		c.Until = last.At.Add(CallPermissionTemporary)
		c.Allowed = at.Before(c.Until)
	}
	return c
}
