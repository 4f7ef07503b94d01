package optin

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// A Story is how a person came to stand as they do: which handles are theirs and
// what joined them, what moved, and what they said, in the order it happened. It
// names the person; its texts are for whoever may see that.
type Story struct {
	At       time.Time      `json:"at"`
	Handles  []party.Handle `json:"handles"` // under which they are known
	Entries  []Entry        `json:"entries"`
	Standing string         `json:"standing"` // in words
}

// What an Entry of a Story tells, beside the kinds of events.
const (
	Joined = "joined" // the handles were seen on one person; At is the first time
	Moved  = "moved"  // from the first handle to the second
	Parted = "parted" // the person left the handle for nobody knows what
)

// An Entry is one thing a Story tells.
type Entry struct {
	At      time.Time      `json:"at"`             // zero: joined before that was kept
	What    string         `json:"what"`           // Joined, Moved, Parted, or the word of an event's Kind
	ID      string         `json:"id,omitempty"`   // of the join, the move, the event
	Handles []party.Handle `json:"handles"`        // that it is about
	Left    []party.Handle `json:"left,omitempty"` // of a join: those that are nobody of it any more
	Reason  *Reason        `json:"reason,omitempty"`
	Bears   bool           `json:"bears,omitempty"` // the standing rests on it
}

// Explain tells how a person came to stand as they do at an instant. What was
// said under handles they moved away from is told too, and bears on nothing: the
// stops among it were carried along. Without links, or with links that are no
// [party.Historian], nothing is told of joins.
func (l *Ledger) Explain(ctx context.Context, who party.Party, at time.Time) (Story, error) {
	var ps problems
	if ps.party(who); len(ps) > 0 {
		return Story{}, ps.err("")
	}
	if err := l.may(ctx, Action{Do: DoExport, Actor: l.actorOf(ctx, ""), Party: who}); err != nil {
		return Story{}, err
	}
	hs, h, err := l.everywhere(ctx, who.Handles())
	if err != nil {
		return Story{}, err
	}
	s := StandingAt(h, at, hs...)
	story := Story{At: at.UTC(), Handles: hs, Entries: []Entry{}, Standing: summary(s)}
	if err := l.tellLinks(ctx, &story); err != nil {
		return Story{}, err
	}
	earlier, err := l.earlier(ctx, hs)
	if err != nil {
		return Story{}, err
	}
	if s.of != nil {
		bears := s.of.bearing()
		for i := range s.of.events {
			story.tell(&s.of.events[i], bears[i])
		}
	}
	for i := range earlier {
		if e := &earlier[i]; !e.At.After(at) && !slices.ContainsFunc(h.Events, func(o Event) bool { return o.ID == e.ID }) {
			story.tell(e, false)
		}
	}
	// at one instant joins and moves come first, and last what counts; otherwise
	// as it took effect
	slices.SortStableFunc(story.Entries, func(a, b Entry) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.order(), b.order()))
	})
	return story, nil
}

// tellLinks adds what joined the handles, and what moved.
func (l *Ledger) tellLinks(ctx context.Context, story *Story) error {
	if l.links == nil {
		return nil
	}
	known, err := l.links.Known(ctx, story.Handles)
	if err != nil {
		return fmt.Errorf("optin: looking up links: %w", err)
	}
	for _, m := range known.Moves {
		e := Entry{At: m.At, What: Moved, ID: m.ID, Handles: []party.Handle{m.From, m.To}}
		if m.Parts() {
			e.What, e.Handles = Parted, e.Handles[:1]
		}
		if !m.At.After(story.At) {
			story.Entries = append(story.Entries, e)
		}
	}
	teller, ok := l.links.(party.Historian)
	if !ok {
		return nil
	}
	// and of a number they had, what was seen while it was theirs
	until := map[party.Handle]time.Time{}
	hs := slices.Clone(story.Handles)
	for _, m := range known.Moves {
		if !slices.Contains(story.Handles, m.From) && m.At.After(until[m.From]) {
			until[m.From] = m.At
			hs = append(hs, m.From)
		}
	}
	bonds, err := teller.Bonds(ctx, hs)
	if err != nil {
		return fmt.Errorf("optin: looking up links: %w", err)
	}
	for _, b := range bonds {
		theirs := slices.ContainsFunc(b.Handles, func(h party.Handle) bool {
			return slices.Contains(story.Handles, h) || !b.First.After(until[h]) && !until[h].IsZero()
		})
		if theirs && !b.First.After(story.At) {
			story.Entries = append(story.Entries, Entry{At: b.First, What: Joined, ID: b.ID, Handles: b.Handles, Left: b.Left})
		}
	}
	return nil
}

func (s *Story) tell(e *Event, bears bool) {
	why := reasonOf(e)
	s.Entries = append(s.Entries, Entry{At: e.At, What: e.Kind.String(), ID: e.ID, Handles: e.Handles, Reason: &why, Bears: bears})
}

func (e *Entry) order() int {
	switch {
	case e.Reason == nil:
		return 0
	case !e.Bears:
		return 1
	}
	return 2
}

// bearing tells of each event whether the standing rests on it: the stops in
// force, in every layer, the agreements that are active, and what holds.
func (r *reading) bearing() []bool {
	on := make([]bool, len(r.events)+1)
	strands := make([]strand, len(r.handles))
	keep := func(c *course) {
		on[c.base], on[c.named], on[c.full], on[c.grant] = true, true, true, true
	}
	follow(strands, r.events, r.handles, r.at, "")
	for i := range strands {
		s := &strands[i]
		on[s.held] = true
		if s.platform != 0 && r.events[s.platform-1].Kind == PlatformStopped {
			on[s.platform] = true
		}
		for k := range s.courses {
			keep(&s.courses[k])
		}
	}
	for _, topic := range topics(r.events) {
		clear(strands)
		follow(strands, r.events, r.handles, r.at, topic)
		for i := range strands {
			keep(&strands[i].courses[0])
		}
	}
	return on[1:]
}

// String tells the story in lines, those the standing rests on marked with a
// star, and last what holds.
func (s Story) String() string {
	var b strings.Builder
	b.WriteString("known as " + listed(s.Handles) + "\n")
	for i := range s.Entries {
		b.WriteString(s.Entries[i].String() + "\n")
	}
	b.WriteString("so at " + s.At.UTC().Format(time.DateTime) + ": " + s.Standing)
	return b.String()
}

// String tells the entry in one line.
func (e Entry) String() string {
	var b strings.Builder
	b.WriteString("  ")
	if e.Bears {
		b.Reset()
		b.WriteString("* ")
	}
	if e.At.IsZero() {
		b.WriteString("before that was kept")
	} else {
		b.WriteString(e.At.UTC().Format(time.DateTime))
	}
	b.WriteByte(' ')
	switch {
	case e.Reason != nil:
		if e.Reason.Kind.known() {
			b.WriteString(deeds[e.Reason.Kind])
		} else {
			b.WriteString(e.What)
		}
		e.Reason.writeRest(&b)
		b.WriteString(", under " + listed(e.Handles))
	case e.What == Moved && len(e.Handles) == 2:
		b.WriteString("moved from " + name(e.Handles[0]) + " to " + name(e.Handles[1]))
	case e.What == Parted:
		b.WriteString("left " + listed(e.Handles))
	default:
		b.WriteString(e.What + " " + listed(e.Handles))
		if len(e.Left) > 0 {
			b.WriteString(", which " + listed(e.Left) + " left since")
		}
	}
	if e.ID != "" && e.Reason == nil {
		b.WriteString(" (" + e.ID + ")")
	}
	return b.String()
}

// name is a handle as people know it.
func name(h party.Handle) string {
	if h.Scheme == party.Parent {
		return "parent " + h.Value
	}
	return h.Value
}

func listed(hs []party.Handle) string {
	var b strings.Builder
	for i, h := range hs {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name(h))
	}
	return b.String()
}
