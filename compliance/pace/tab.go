package pace

import (
	"cmp"
	"slices"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// A Tab is what was sent to one person and what the platform answered, as long as
// it still counts. It holds what happened and nothing that was worked out from
// it, so that what was kept under two handles of one person can be put together.
// Times are Unix microseconds.
type Tab struct {
	Spent   []Spent `json:"spent,omitempty"`   // oldest first
	Owed    []Owed  `json:"owed,omitempty"`    // what messages that are no longer on the tab left unpaid
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
	Pair      int64  `json:"pair,omitempty"`  // what it took of the pair rate; 0: nothing, or it stands in Owed
	Slot      int64  `json:"slot,omitempty"`  // where the person is counted as reached; 0: they are not
	Tally     string `json:"tally,omitempty"` // and in which tally
	Holds     int    `json:"holds,omitempty"` // flights of that name under way
	Kept      bool   `json:"kept,omitempty"`  // one of them left
}

// An Owed says until when a number is paying back messages to the person that
// followed each other so closely that the bucket was never empty.
type Owed struct {
	Number string `json:"number"`
	Due    int64  `json:"due"`
}

// A Note is one answer of the platform.
type Note struct {
	ID     string `json:"id"`
	Number string `json:"number,omitempty"` // empty: of every line
	At     int64  `json:"at"`
	Until  int64  `json:"until,omitempty"` // of a refusal: it is not kept longer for its own sake
}

// Bounds of a tab: of more messages than that the oldest are let go, and of
// answers those that made no wait longer, before the oldest.
const (
	maxSpent = 1024
	maxNotes = 16
)

// usualPush and usualRest are the waits after answers by the built-in rules. A tab
// knows no others, and needs them only to tell which answers it can do without.
var (
	usualPush = Rate{Retry: 4}.backoff()
	usualRest = Backoff{First: 24 * time.Hour, Growth: 2, Longest: refusedLife / 2, Forget: refusedLife / 2}
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
		return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Value, b.Value))
	})
}

// Pour adds what another tab of the same person holds.
func (t *Tab) Pour(o Tab) {
	for _, s := range o.Spent {
		if i := t.find(s.Name, s.At); i >= 0 {
			own := &t.Spent[i]
			own.Until = max(own.Until, s.Until)
			own.Holds, own.Kept = own.Holds+s.Holds, own.Kept || s.Kept
			if s.Slot > own.Slot {
				own.Slot, own.Tally = s.Slot, s.Tally
			}
			if own.Ref == "" {
				own.Ref = s.Ref
			}
			continue
		}
		t.Spent = append(t.Spent, s)
	}
	slices.SortStableFunc(t.Spent, func(a, b Spent) int { return cmp.Compare(a.At, b.At) })
	for _, d := range o.Owed {
		t.owe(d.Number, d.Due)
	}
	for _, n := range o.Pushed {
		t.Pushed = noted(t.Pushed, n, usualPush)
	}
	for _, n := range o.Refused {
		t.Refused = noted(t.Refused, n, usualRest)
	}
}

func hasNote(list []Note, id string) bool {
	return slices.ContainsFunc(list, func(n Note) bool { return n.ID == id })
}

// noted puts a note into its place, once.
func noted(list []Note, n Note, usual Backoff) []Note {
	if hasNote(list, n.ID) {
		return list
	}
	at := len(list)
	for at > 0 && list[at-1].At > n.At {
		at--
	}
	list = slices.Insert(list, at, n)
	if len(list) > maxNotes {
		i := usual.spare(list)
		list = slices.Delete(list, i, i+1)
	}
	return list
}

// NameLife is how long a name stands for one message: what is spent under it a day
// later is another.
const NameLife = 24 * time.Hour

// find returns where the message is that had a name at an instant, or -1.
func (t *Tab) find(name string, at int64) int {
	if name == "" {
		return -1
	}
	for i := len(t.Spent) - 1; i >= 0; i-- {
		if s := &t.Spent[i]; s.Name == name && max(at-s.At, s.At-at) < NameLife.Microseconds() {
			return i
		}
	}
	return -1
}

// Clone copies a tab, so that what is kept and what was handed out share nothing.
func (t *Tab) Clone() Tab {
	return Tab{slices.Clone(t.Spent), slices.Clone(t.Owed), slices.Clone(t.Pushed), slices.Clone(t.Refused)}
}

// pushLife is how long an answer about the pair rate is kept at least: longer than
// the longest wait it leads to, and the quiet after which a new row begins.
const pushLife = time.Hour

// pushed is when the last of those answers counts no more; 0 where there are none.
func (t *Tab) pushed() (end int64) {
	for i := range t.Pushed {
		end = max(end, t.Pushed[i].At+pushLife.Microseconds())
	}
	return end
}

// refusedLife is how long a refusal is kept at least: the longest wait it leads to
// by the built-in rules, a week, and the week after it in which another one would
// be of the same row.
const refusedLife = 14 * 24 * time.Hour

// rested is when the last of the refusals counts no more; 0 where there are none.
// They go together, as those about the pair rate do: how long a wait is depends on
// the ones before it.
func (t *Tab) rested() (end int64) {
	for i := range t.Refused {
		n := &t.Refused[i]
		end = max(end, n.Until, n.At+refusedLife.Microseconds())
	}
	return end
}

// LastRefused is when the platform held back marketing to the person last; zero
// where nothing of it is kept.
func (t *Tab) LastRefused() time.Time {
	if len(t.Refused) == 0 {
		return time.Time{}
	}
	return instant(t.Refused[len(t.Refused)-1].At)
}

// Ends is when nothing of the tab counts any more: the zero instant of Unix time
// for one that is empty.
func (t *Tab) Ends() time.Time {
	end := t.rested()
	for i := range t.Spent {
		end = max(end, t.Spent[i].Until)
	}
	for i := range t.Owed {
		end = max(end, t.Owed[i].Due)
	}
	return time.UnixMicro(max(end, t.pushed())).UTC()
}

// pairLife is how long a message can give back what it took of the pair rate, and
// how long it is kept at least.
const pairLife = 5 * time.Minute

// trim lets go of what no longer counts. What old messages have left to pay back
// is added up in Owed: it outlives them where the next one came before it was paid.
func (t *Tab) trim(now int64) {
	kept := t.Spent[:0]
	for i := range t.Spent {
		s := t.Spent[i]
		whole := s.Until > now && len(t.Spent)-i <= maxSpent
		if s.Pair > 0 && (!whole || s.At+pairLife.Microseconds() <= now) {
			t.owe(s.Number, charge(t.owed(s.Number), s.At, s.Pair))
			s.Pair = 0
		}
		if whole {
			kept = append(kept, s)
		}
	}
	clear(t.Spent[len(kept):])
	t.Spent = kept
	t.Owed = slices.DeleteFunc(t.Owed, func(d Owed) bool { return d.Due <= now })
	if t.pushed() <= now {
		t.Pushed = nil
	}
	if t.rested() <= now {
		t.Refused = nil
	}
}

func (t *Tab) owed(number string) int64 {
	for i := range t.Owed {
		if t.Owed[i].Number == number {
			return t.Owed[i].Due
		}
	}
	return 0
}

// owe keeps the later of two dues.
func (t *Tab) owe(number string, due int64) {
	for i := range t.Owed {
		if d := &t.Owed[i]; d.Number == number {
			d.Due = max(d.Due, due)
			return
		}
	}
	t.Owed = append(t.Owed, Owed{number, due})
}

// due is when everything a number sent to the person will have been paid back,
// and what the platform asked for besides: after it answered that it was too much
// the bucket is as good as full until the wait is over.
func (t *Tab) due(number string, r Rate) int64 {
	due := t.owed(number)
	full, from := int64(0), int64(0)
	if len(t.Pushed) > 0 {
		if end := r.backoff().until(t.Pushed, number); end != 0 {
			full, from = r.full(end), end
		}
	}
	for i := range t.Spent {
		s := &t.Spent[i]
		if s.Number != number || s.Pair == 0 {
			continue
		}
		if s.At >= from {
			due = max(due, full)
		}
		due = charge(due, s.At, s.Pair)
	}
	return max(due, full)
}

func (t *Tab) empty() bool {
	return len(t.Spent) == 0 && len(t.Owed) == 0 && len(t.Pushed) == 0 && len(t.Refused) == 0
}

// slot is where the person stands in a tally: 0 for nowhere.
func (t *Tab) slot(tally string) (newest int64) {
	for i := range t.Spent {
		if s := &t.Spent[i]; s.Tally == tally {
			newest = max(newest, s.Slot)
		}
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
