package window

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/waguard/waguard/compliance/party"
)

var (
	t0    = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	place = Place{Line: party.Line{Number: "106540352242922"}, Handles: []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}}}
)

func at(d time.Duration) time.Time { return t0.Add(d) }

func did(k Kind, d time.Duration) Mark {
	return Mark{ID: strconv.Itoa(int(k)) + "@" + d.String(), Kind: k, Place: place, At: at(d), Received: at(d + 30*time.Second)}
}

const day = 24 * time.Hour

func TestStateAt(t *testing.T) {
	opened := func(by Kind, d time.Duration) State { // an open window, opened after d by no stop
		return State{Open: true, Ever: true, By: by, OpenedAt: at(d), ClosesAt: at(d + day), SafeUntil: at(d + day - time.Minute),
			Reply: at(d), ReplyOpen: true}
	}
	shut := func(s State) State { s.Open, s.ReplyOpen = false, false; return s }
	with := func(s State, change func(*State)) State { change(&s); return s }
	waits := func(s State, d time.Duration) State { s.FreeReplyBy = at(d); return s } // for the first reply
	named := func(m Mark, id string) Mark { m.ID = id; return m }
	refused := []Mark{did(Ad, 0), named(did(Replied, time.Hour), "sent:m1"), named(did(Unsent, time.Hour), "unsent:m1")}
	for _, c := range []struct {
		why   string
		marks []Mark
		after time.Duration
		rules Rules
		want  State
	}{
		{"nothing happened: no window was ever open", nil, 0, DefaultRules(), State{}},
		{"a message opens", []Mark{did(Wrote, 0)}, time.Hour, DefaultRules(), opened(Wrote, 0)},
		{"open from the very instant", []Mark{did(Wrote, 0)}, 0, DefaultRules(), opened(Wrote, 0)},
		{"before it happened it does not count", []Mark{did(Wrote, 0)}, -time.Second, DefaultRules(), State{}},
		{"a call opens", []Mark{did(Called, 0)}, time.Hour, DefaultRules(), opened(Called, 0)},
		{"an accepted call opens", []Mark{did(Answered, 0)}, time.Hour, DefaultRules(), opened(Answered, 0)},
		{"our own message opens nothing", []Mark{did(Replied, 0)}, time.Hour, DefaultRules(), State{Replied: at(0)}},
		{"a refusal of the platform opens nothing", []Mark{did(Closed, 0)}, time.Hour, DefaultRules(), State{}},
		{"a permission to call opens nothing", []Mark{did(CallsAllowed, 0), did(CallsAllowedFor, 0), did(CallsRefused, 0), did(CallsWithdrawn, 0)}, time.Hour, DefaultRules(), State{}},
		{"nor does asking for it, a call nobody took, nor taking theirs", []Mark{did(CallsAsked, 0), did(CallPlaced, 0), did(CallRang, 0), did(CallMissed, 0), did(CallTaken, 0)}, time.Hour, DefaultRules(), State{}},
		{"nor what the platform answered about calls", []Mark{did(CallUndone, 0), did(RequestsSpent, 0), did(CallsSpent, 0)}, time.Hour, DefaultRules(), State{}},
		{"a stop opens too, yet is nothing to reply to", []Mark{did(Stopped, 0)}, time.Hour, DefaultRules(),
			State{Open: true, Ever: true, By: Stopped, OpenedAt: at(0), ClosesAt: at(day), SafeUntil: at(day - time.Minute)}},
		{"a message after a stop is one to reply to", []Mark{did(Stopped, 0), did(Wrote, time.Hour)}, 2 * time.Hour, DefaultRules(), opened(Wrote, time.Hour)},
		{"a stop after a message leaves the message as Reply", []Mark{did(Wrote, 0), did(Stopped, time.Hour)}, 2 * time.Hour, DefaultRules(),
			with(opened(Stopped, time.Hour), func(s *State) { s.Reply = at(0) })},
		{"at the same instant the stop is what opened", []Mark{did(Wrote, 0), did(Stopped, 0)}, time.Hour, DefaultRules(), opened(Stopped, 0)},
		{"and an ad tells more than the message it came with", []Mark{did(Wrote, 0), did(Ad, 0)}, time.Hour, DefaultRules(), waits(opened(Ad, 0), day)},
		{"the newest opening counts, not the last noted", []Mark{did(Wrote, 5*time.Hour), did(Wrote, 0)}, 6 * time.Hour, DefaultRules(), opened(Wrote, 5*time.Hour)},
		{"last instant before the margin", []Mark{did(Wrote, 0)}, day - time.Minute - time.Nanosecond, DefaultRules(), opened(Wrote, 0)},
		{"first instant of the margin", []Mark{did(Wrote, 0)}, day - time.Minute, DefaultRules(), with(shut(opened(Wrote, 0)), func(s *State) { s.Margin = true })},
		{"last instant of the margin", []Mark{did(Wrote, 0)}, day - time.Nanosecond, DefaultRules(), with(shut(opened(Wrote, 0)), func(s *State) { s.Margin = true })},
		{"at exactly 24 hours it is closed", []Mark{did(Wrote, 0)}, day, DefaultRules(), shut(opened(Wrote, 0))},
		{"without a margin the last nanosecond is open", []Mark{did(Wrote, 0)}, day - time.Nanosecond, Rules{Length: day},
			with(opened(Wrote, 0), func(s *State) { s.SafeUntil = s.ClosesAt })},
		{"without a margin 24 hours are closed all the same", []Mark{did(Wrote, 0)}, day, Rules{Length: day},
			with(shut(opened(Wrote, 0)), func(s *State) { s.SafeUntil = s.ClosesAt })},
		{"a negative margin lengthens nothing", []Mark{did(Wrote, 0)}, day, Rules{Length: day, Margin: -time.Hour},
			with(shut(opened(Wrote, 0)), func(s *State) { s.SafeUntil = s.ClosesAt })},
		{"zero rules never open", []Mark{did(Wrote, 0)}, 0, Rules{},
			with(shut(opened(Wrote, 0)), func(s *State) { s.ClosesAt, s.SafeUntil = at(0), at(0) })},
		{"a margin longer than the window leaves no safe time", []Mark{did(Wrote, 0)}, 0, Rules{Length: time.Minute, Margin: time.Hour},
			with(shut(opened(Wrote, 0)), func(s *State) { s.ClosesAt, s.SafeUntil, s.Margin = at(time.Minute), at(0), true })},
		{"a clock that runs ahead is clamped to receipt", []Mark{{ID: "ahead", Kind: Wrote, Place: place, At: at(time.Hour), Received: at(0)}}, time.Minute, DefaultRules(), opened(Wrote, 0)},
		{"131047 after the opening closes", []Mark{did(Wrote, 0), did(Closed, time.Hour)}, 2 * time.Hour, DefaultRules(),
			with(shut(opened(Wrote, 0)), func(s *State) { s.ClosesAt, s.SafeUntil = at(time.Hour), at(time.Hour) })},
		{"131047 at the instant of the opening closes", []Mark{did(Wrote, 0), did(Closed, 0)}, time.Hour, DefaultRules(),
			with(shut(opened(Wrote, 0)), func(s *State) { s.ClosesAt, s.SafeUntil = at(0), at(0) })},
		{"131047 before the opening says nothing about it", []Mark{did(Closed, -time.Second), did(Wrote, 0)}, time.Hour, DefaultRules(), opened(Wrote, 0)},
		{"131047 later than the instant has not happened", []Mark{did(Wrote, 0), did(Closed, 2*time.Hour)}, time.Hour, DefaultRules(), opened(Wrote, 0)},
		{"131047 after the natural end changes nothing", []Mark{did(Wrote, 0), did(Closed, 2*day)}, 3 * day, DefaultRules(), shut(opened(Wrote, 0))},
		{"after 131047 the next message opens again", []Mark{did(Wrote, 0), did(Closed, time.Hour), did(Wrote, 2*time.Hour)}, 3 * time.Hour, DefaultRules(), opened(Wrote, 2*time.Hour)},
		{"a reply a day later does not open, only the price changes", []Mark{did(Ad, 0), did(Replied, time.Hour)}, 25 * time.Hour, DefaultRules(),
			with(shut(opened(Ad, 0)), func(s *State) { s.Replied, s.FreeUntil = at(time.Hour), at(73*time.Hour) })},
		{"an ad without a reply is not free, but the first reply is", []Mark{did(Ad, 0)}, time.Hour, DefaultRules(), waits(opened(Ad, 0), day)},
		{"until 24 hours after it", []Mark{did(Ad, 0)}, day, DefaultRules(), shut(opened(Ad, 0))},
		{"a reply at exactly 24 hours is too late", []Mark{did(Ad, 0), did(Replied, day)}, day, DefaultRules(),
			with(shut(opened(Ad, 0)), func(s *State) { s.Replied = at(day) })},
		{"a reply just inside 24 hours is in time", []Mark{did(Ad, 0), did(Replied, day-time.Second)}, day, DefaultRules(),
			with(shut(opened(Ad, 0)), func(s *State) { s.Replied, s.FreeUntil = at(day-time.Second), at(4*day-time.Second) })},
		{"the first reply counts, later ones do not lengthen", []Mark{did(Replied, 20*time.Hour), did(Ad, 0), did(Replied, time.Hour)}, 21 * time.Hour, DefaultRules(),
			with(opened(Ad, 0), func(s *State) { s.Replied, s.FreeUntil = at(20*time.Hour), at(73*time.Hour) })},
		{"a reply that did not arrive is none", refused, 2 * time.Hour, DefaultRules(), waits(opened(Ad, 0), day)},
		{"the next one is the first", append(refused[:3:3], named(did(Replied, 3*time.Hour), "sent:m2")), 4 * time.Hour, DefaultRules(),
			with(opened(Ad, 0), func(s *State) { s.Replied, s.FreeUntil = at(3*time.Hour), at(75*time.Hour) })},
		{"one that another device took arrived", append(refused[:3:3], named(did(Reached, 90*time.Minute), "delivered:m1")), 2 * time.Hour, DefaultRules(),
			with(opened(Ad, 0), func(s *State) { s.Replied, s.FreeUntil = at(time.Hour), at(73*time.Hour) })},
		{"and had not before it was told", append(refused[:3:3], named(did(Reached, 90*time.Minute), "delivered:m1")), 80 * time.Minute, DefaultRules(), waits(opened(Ad, 0), day)},
		{"a message from before the ad is no reply", []Mark{did(Replied, -time.Hour), did(Ad, 0)}, time.Hour, DefaultRules(),
			with(waits(opened(Ad, 0), day), func(s *State) { s.Replied = at(-time.Hour) })},
		{"at exactly 72 hours from the reply it is over", []Mark{did(Ad, 0), did(Replied, time.Hour)}, 73 * time.Hour, DefaultRules(),
			with(shut(opened(Ad, 0)), func(s *State) { s.Replied = at(time.Hour) })},
		{"a second ad starts free messages anew", []Mark{did(Ad, 0), did(Replied, time.Hour), did(Ad, 2*day), did(Replied, 2*day+time.Hour)}, 2*day + 2*time.Hour, DefaultRules(),
			with(opened(Ad, 2*day), func(s *State) { s.Replied, s.FreeUntil = at(2*day+time.Hour), at(5*day+time.Hour) })},
		{"a second ad, not yet replied to, while the first is free", []Mark{did(Ad, 0), did(Replied, time.Hour), did(Ad, 2*day)}, 2*day + time.Hour, DefaultRules(),
			with(waits(opened(Ad, 2*day), 3*day), func(s *State) { s.Replied, s.FreeUntil = at(time.Hour), at(3*day+time.Hour) })},
		{"the platform's own word needs no ad", []Mark{did(Wrote, 0), did(Free, time.Hour)}, 2 * time.Hour, DefaultRules(),
			with(opened(Wrote, 0), func(s *State) { s.FreeUntil, s.FreeTold = at(73*time.Hour), true })},
		{"and ends when it said", []Mark{did(Wrote, 0), did(Free, time.Hour)}, 73 * time.Hour, DefaultRules(), shut(opened(Wrote, 0))},
		{"it stands for what is worked out of the same reply", []Mark{did(Ad, 0), did(Replied, time.Hour), did(Free, time.Hour-3*time.Second)}, 2 * time.Hour, DefaultRules(),
			with(opened(Ad, 0), func(s *State) {
				s.Replied, s.FreeUntil, s.FreeTold = at(time.Hour), at(73*time.Hour-3*time.Second), true
			})},
		{"and not for a later one", []Mark{did(Ad, 0), did(Replied, time.Hour), did(Free, time.Hour), did(Ad, 2*day), did(Replied, 2*day+time.Hour)}, 2*day + 2*time.Hour, DefaultRules(),
			with(opened(Ad, 2*day), func(s *State) { s.Replied, s.FreeUntil = at(2*day+time.Hour), at(5*day+time.Hour) })},
		{"it opens nothing", []Mark{did(Free, 0)}, time.Hour, DefaultRules(), State{FreeUntil: at(72 * time.Hour), FreeTold: true}},
	} {
		t.Run(c.why, func(t *testing.T) {
			got := StateAt(c.marks, at(c.after), c.rules)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

// Any order of the same marks, with repeats among them, gives the same State.
func TestOrderAndRepeatsDoNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		marks := make([]Mark, 1+r.IntN(10))
		for i := range marks {
			marks[i] = did(Kinds()[r.IntN(len(Kinds()))], time.Duration(r.IntN(200))*30*time.Minute)
		}
		when := at(time.Duration(r.IntN(250)) * 30 * time.Minute)
		want := StateAt(marks, when, DefaultRules())
		again := append(append([]Mark{}, marks...), marks[:r.IntN(len(marks)+1)]...)
		r.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		if got := StateAt(again, when, DefaultRules()); got != want {
			t.Fatalf("marks %+v at %s: %+v, and shuffled %+v", marks, when, want, got)
		}
	}
}

// More opening marks never close a window, and a State is never open outside
// the platform's own 24 hours.
func TestOpenMeansWithinTheLengthOfAnOpening(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		marks := make([]Mark, 1+r.IntN(6))
		for i := range marks {
			marks[i] = did(Kinds()[r.IntN(len(Kinds()))], time.Duration(r.IntN(4000))*time.Minute)
		}
		when := at(time.Duration(r.IntN(5000)) * time.Minute)
		s := StateAt(marks, when, DefaultRules())
		within := false
		for _, m := range marks {
			if m.Kind.opens() && !m.At.After(when) && when.Before(m.At.Add(CustomerServiceWindow-SafetyMargin)) {
				within = true
			}
		}
		if s.Open && !within {
			t.Fatalf("open at %s without an opening in the 24 hours before: %+v", when, marks)
		}
		if s.Open != (s.Ever && when.Before(s.SafeUntil)) || s.ReplyOpen && !s.Open {
			t.Fatalf("a state contradicts itself at %s: %+v", when, s)
		}
	}
}

func TestPredict(t *testing.T) {
	s := StateAt([]Mark{did(Ad, 0), did(Replied, time.Hour)}, at(2*time.Hour), DefaultRules())
	for _, c := range []struct {
		why   string
		after time.Duration
		want  Outlook
	}{
		{"while open: time left", 23 * time.Hour, Outlook{Open: true, For: 59 * time.Minute, Free: 50 * time.Hour}},
		{"in the margin: no time left", day - time.Minute, Outlook{Free: 49*time.Hour + time.Minute}},
		{"after the end only the price is left", 25 * time.Hour, Outlook{Free: 48 * time.Hour}},
		{"and then nothing", 80 * time.Hour, Outlook{}},
		{"before the opening nothing was open", -time.Hour, Outlook{Free: 74 * time.Hour}},
	} {
		if d := cmp.Diff(c.want, s.Predict(at(c.after))); d != "" {
			t.Errorf("%s: -want +got:\n%s", c.why, d)
		}
	}
	if got := (State{}).Predict(t0); got != (Outlook{}) {
		t.Errorf("a window that never opened is predicted to be %+v", got)
	}
}

func TestWords(t *testing.T) {
	s := StateAt([]Mark{did(Wrote, 0)}, at(0), DefaultRules())
	for after, want := range map[time.Duration]string{
		-time.Minute:                 "never opened",
		0:                            "closes in 23 h 59 min",
		day - 61*time.Second:         "closes in less than a minute",
		day - 41*time.Minute:         "closes in 40 min",
		22*time.Hour - time.Minute:   "closes in 2 h",
		day - time.Minute:            "closes within the safety margin",
		day:                          "closed less than a minute ago",
		day + 3*time.Hour:            "closed 3 h ago",
		10*day + 3*time.Hour:         "closed 9 days ago",
		2*day + 90*time.Minute + 1e9: "closed 25 h 30 min ago",
	} {
		if got := s.Words(at(after)); got != want {
			t.Errorf("after %s: %q, want %q", after, got, want)
		}
	}
	if got := (State{}).Words(t0); got != "never opened" {
		t.Error(got)
	}
}
