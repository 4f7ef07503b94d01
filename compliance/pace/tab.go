package pace

import (
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// A Tab is what was sent to one person and what the platform answered, as long as
// it still counts. It holds what happened and nothing that was worked out from
// it, so that what was kept under two handles of one person can be put together.
// Times are Unix microseconds.
type Tab struct {
	Spent   []Spent `json:"spent,omitempty"`   // oldest first
	Pushed  []Note  `json:"pushed,omitempty"`  // the pair rate was exceeded, as the platform sees it; oldest first
	Refused []Note  `json:"refused,omitempty"` // marketing the platform held back; oldest first
}

// A Spent is one message on a tab.
type Spent struct {
	Name      string `json:"name"`          // the message's own name, or that of its flight
	Ref       string `json:"ref,omitempty"` // what the platform calls it, once known
	Number    string `json:"number"`        // phone_number_id it went out from
	At        int64  `json:"at"`
	Until     int64  `json:"until"` // nothing is kept of it from then on
	Marketing bool   `json:"marketing,omitempty"`
	Slot      int64  `json:"slot,omitempty"`  // where the person is counted as reached; 0: they are not
	Holds     int    `json:"holds,omitempty"` // flights of that name under way
	Kept      bool   `json:"kept,omitempty"`  // one of them left
}

// A Note is one answer of the platform.
type Note struct {
	ID     string `json:"id"`
	Number string `json:"number,omitempty"` // empty: of every line
	At     int64  `json:"at"`
}

// Bounds of a tab: of more messages than that the oldest are let go, and of
// refusals the newest are enough.
const (
	maxSpent = 1024
	maxNotes = 16
)

func micro(t time.Time) int64 { return t.UnixMicro() }

func instant(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// Under is the handle a tab lies under: the least of the person's by scheme and
// value, whichever of them a caller names and in whichever order. A person who
// was first met under another has a tab there too until the next write pours
// it in.
func Under(handles []party.Handle) party.Handle {
	return slices.MinFunc(handles, func(a, b party.Handle) int {
		if c := strings.Compare(a.Scheme, b.Scheme); c != 0 {
			return c
		}
		return strings.Compare(a.Value, b.Value)
	})
}

// Pour adds what another tab of the same person holds.
func (t *Tab) Pour(o Tab) {
	for _, s := range o.Spent {
		if i := t.find(s.Name); i >= 0 {
			own := &t.Spent[i]
			own.Until, own.Slot = max(own.Until, s.Until), max(own.Slot, s.Slot)
			own.Holds, own.Kept = own.Holds+s.Holds, own.Kept || s.Kept
			continue
		}
		t.Spent = append(t.Spent, s)
	}
	slices.SortStableFunc(t.Spent, func(a, b Spent) int { return compare(a.At, b.At) })
	for _, n := range o.Pushed {
		t.Pushed, _ = noted(t.Pushed, n)
	}
	for _, n := range o.Refused {
		t.Refused, _ = noted(t.Refused, n)
	}
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// noted puts a note into its place, once.
func noted(list []Note, n Note) (out []Note, added bool) {
	for i := range list {
		if list[i].ID == n.ID {
			return list, false
		}
	}
	at := len(list)
	for at > 0 && list[at-1].At > n.At {
		at--
	}
	list = slices.Insert(list, at, n)
	return list[max(0, len(list)-maxNotes):], true
}

// find returns where a name is on the tab, or -1.
func (t *Tab) find(name string) int {
	if name == "" {
		return -1
	}
	for i := len(t.Spent) - 1; i >= 0; i-- {
		if t.Spent[i].Name == name {
			return i
		}
	}
	return -1
}

// Clone copies a tab, so that what is kept and what was handed out share nothing.
func (t *Tab) Clone() Tab {
	return Tab{slices.Clone(t.Spent), slices.Clone(t.Pushed), slices.Clone(t.Refused)}
}

// pushLife is how long an answer about the pair rate is kept: longer than the
// longest wait it leads to.
const pushLife = time.Hour

// Ends is when nothing of the tab counts any more: the zero time for never, and
// the zero instant of Unix time for one that is empty.
func (t *Tab) Ends() time.Time {
	if len(t.Refused) > 0 {
		return time.Time{}
	}
	end := int64(0)
	for i := range t.Spent {
		end = max(end, t.Spent[i].Until)
	}
	for i := range t.Pushed {
		end = max(end, t.Pushed[i].At+pushLife.Microseconds())
	}
	return time.UnixMicro(end).UTC()
}

// trim lets go of what no longer counts.
func (t *Tab) trim(now int64) {
	old := 0
	for i := range t.Spent {
		if t.Spent[i].Until <= now {
			old++
		}
	}
	if old > 0 {
		t.Spent = slices.DeleteFunc(t.Spent, func(s Spent) bool { return s.Until <= now })
	}
	if n := len(t.Spent) - maxSpent; n > 0 {
		t.Spent = slices.Delete(t.Spent, 0, n)
	}
	if len(t.Pushed) > 0 {
		t.Pushed = slices.DeleteFunc(t.Pushed, func(n Note) bool { return n.At+pushLife.Microseconds() <= now })
	}
}

// slot is where the person stands in the tally: 0 for nowhere.
func (t *Tab) slot() (newest int64) {
	for i := range t.Spent {
		newest = max(newest, t.Spent[i].Slot)
	}
	return newest
}

// Marketing counts the marketing messages a number sent to the person after an
// instant.
func (t *Tab) Marketing(number string, after time.Time) (n int) {
	from := micro(after)
	for i := range t.Spent {
		if s := &t.Spent[i]; s.Marketing && s.Number == number && s.At > from {
			n++
		}
	}
	return n
}
