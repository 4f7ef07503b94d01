package window

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const week = 7 * day

// call is a mark about the call or request of a name.
func call(k Kind, name string, d time.Duration) Mark {
	m := did(k, d)
	m.ID = fmt.Sprintf("%d:%s", k, name)
	return m
}

func missed(times ...time.Duration) (ms []Mark) {
	for _, d := range times {
		ms = append(ms, call(CallMissed, d.String(), d))
	}
	return ms
}

func times(ds ...time.Duration) (ts []time.Time) {
	for _, d := range ds {
		ts = append(ts, at(d))
	}
	return ts
}

func TestCallsAt(t *testing.T) {
	temporary := Calls{State: CallsTemporary, Allowed: true, Since: at(0), Until: at(week)}
	permanent := Calls{State: CallsPermanent, Allowed: true, Permanent: true, Since: at(0)}
	with := func(c Calls, change func(*Calls)) Calls { change(&c); return c }
	and := func(m Mark, ms ...Mark) []Mark { return append(ms, m) }
	for _, c := range []struct {
		why   string
		marks []Mark
		after time.Duration
		want  Calls
	}{
		{"nobody said anything", []Mark{did(Wrote, 0)}, time.Hour, Calls{}},
		{"allowed for good", []Mark{did(CallsAllowed, 0)}, 400 * day, permanent},
		{"allowed for a week, the last instant", []Mark{did(CallsAllowedFor, 0)}, week - time.Nanosecond, temporary},
		{"at exactly a week it is over", []Mark{did(CallsAllowedFor, 0)}, week, Calls{State: CallsLapsed, Since: at(0), Until: at(week)}},
		{"a yes after it ran out", []Mark{did(CallsAllowedFor, -2*week), did(CallsAllowedFor, 0)}, time.Hour, temporary},
		{"a newer yes counts from itself", []Mark{did(CallsAllowedFor, -3*day), did(CallsAllowedFor, 0)}, 6 * day, temporary},
		{"taken back", []Mark{did(CallsAllowed, 0), did(CallsWithdrawn, time.Hour)}, 2 * time.Hour, Calls{State: CallsRevoked, Since: at(time.Hour)}},
		{"declined a new request, which ends the old yes too", []Mark{did(CallsAllowed, 0), did(CallsRefused, time.Hour)}, 2 * time.Hour, Calls{State: CallsDeclined, Since: at(time.Hour)}},
		{"the youngest word counts, not the last noted", []Mark{did(CallsAllowed, 0), did(CallsRefused, -time.Hour)}, 2 * time.Hour, permanent},
		{"at the same instant the no counts", []Mark{did(CallsRefused, 0), did(CallsAllowed, 0)}, time.Hour, Calls{State: CallsDeclined, Since: at(0)}},
		{"at the same instant the shorter yes counts", []Mark{did(CallsAllowed, 0), did(CallsAllowedFor, 0)}, time.Hour, temporary},
		{"what is still to come does not count", []Mark{did(CallsAllowed, time.Hour)}, 0, Calls{}},

		{"asked", []Mark{call(CallsAsked, "r", 0)}, time.Hour, Calls{State: CallsRequested, Until: at(week), Asked: times(0)}},
		{"asked and answered", []Mark{call(CallsAsked, "r", -time.Hour), did(CallsAllowed, 0)}, time.Hour, with(permanent, func(c *Calls) { c.Asked = times(-time.Hour) })},
		{"asked and answered in one second", []Mark{did(CallsAllowed, 0), call(CallsAsked, "r", 0)}, time.Hour, with(permanent, func(c *Calls) { c.Asked = times(0) })},
		{"a request that nobody answered is over after a week, and no longer counts", []Mark{call(CallsAsked, "r", 0)}, week, Calls{}},
		{"and leaves what was before it", []Mark{did(CallsRefused, 0), call(CallsAsked, "r", day), call(CallsAsked, "s", 2*day)}, week + 2*day, Calls{State: CallsDeclined, Since: at(0)}},
		{"a second request ends the first", []Mark{call(CallsAsked, "r", 0), call(CallsAsked, "s", 2*day)}, week, Calls{State: CallsRequested, Until: at(week + 2*day), Asked: times(2 * day)}},
		{"asked again after a no", []Mark{did(CallsRefused, 0), call(CallsAsked, "r", time.Hour)}, 2 * time.Hour, Calls{State: CallsRequested, Since: at(0), Until: at(week + time.Hour), Asked: times(time.Hour)}},
		{"asked again after it was taken back", []Mark{did(CallsWithdrawn, 0), call(CallsAsked, "r", time.Hour)}, 2 * time.Hour, Calls{State: CallsRequested, Since: at(0), Until: at(week + time.Hour), Asked: times(time.Hour)}},
		{"asked again after it ran out", []Mark{did(CallsAllowedFor, 0), call(CallsAsked, "r", week)}, week + time.Hour, Calls{State: CallsRequested, Since: at(0), Until: at(2 * week), Asked: times(week)}},
		{"a request while calls are allowed takes nothing away", []Mark{did(CallsAllowedFor, 0), call(CallsAsked, "r", time.Hour)}, 2 * time.Hour, with(temporary, func(c *Calls) { c.Asked = times(time.Hour) })},
		{"one request told twice counts once", []Mark{call(CallsAsked, "r", 0), call(CallsAsked, "r", 0)}, time.Hour, Calls{State: CallsRequested, Until: at(week), Asked: times(0)}},
		{"a request the platform refused was none", []Mark{call(CallsAsked, "r", 0), call(CallUndone, "r", time.Second)}, time.Hour, Calls{}},
		{"a refusal of another takes nothing away", []Mark{call(CallsAsked, "r", 0), call(CallUndone, "s", time.Second)}, time.Hour, Calls{State: CallsRequested, Until: at(week), Asked: times(0)}},
		{"the youngest request comes first", []Mark{call(CallsAsked, "r", 0), call(CallsAsked, "s", day)}, 2 * day, Calls{State: CallsRequested, Until: at(week + day), Asked: times(day, 0)}},
		{"a call of ours that connected resets the requests", []Mark{call(CallsAsked, "r", 0), call(Answered, "c", time.Hour)}, 2 * time.Hour,
			Calls{State: CallsRequested, Until: at(week), Connected: times(time.Hour)}},
		{"and so does a call of theirs that we took", []Mark{call(CallsAsked, "r", 0), call(CallTaken, "c", time.Hour)}, 2 * time.Hour, Calls{State: CallsRequested, Until: at(week)}},
		{"a call of theirs that we did not take resets nothing", []Mark{call(CallsAsked, "r", 0), call(Called, "c", time.Hour)}, 2 * time.Hour,
			Calls{State: CallsRequested, Until: at(week), Asked: times(0)}},
		{"nor does a call of ours whose outcome nobody told", []Mark{call(CallsAsked, "r", 0), call(CallPlaced, "c", time.Hour)}, 2 * time.Hour,
			Calls{State: CallsRequested, Until: at(week), Asked: times(0), Connected: times(time.Hour)}},
		{"a request after the call counts", []Mark{call(CallTaken, "c", 0), call(CallsAsked, "r", time.Hour)}, 2 * time.Hour, Calls{State: CallsRequested, Until: at(week + time.Hour), Asked: times(time.Hour)}},
		{"the platform's word about requests", []Mark{did(RequestsSpent, 0)}, day - time.Nanosecond, Calls{AskAgain: at(day)}},
		{"holds for a day", []Mark{did(RequestsSpent, 0)}, day, Calls{}},
		{"what it tells of a week", []Mark{did(WeekSpent, 0)}, week - time.Nanosecond, Calls{AskAgain: at(week)}},
		{"holds for a week", []Mark{did(WeekSpent, 0)}, week, Calls{}},
		{"the later end of two", []Mark{did(WeekSpent, -5*day), did(RequestsSpent, 0)}, time.Hour, Calls{AskAgain: at(2 * day)}},
		{"a call before it was said changes nothing", []Mark{{ID: "requests:x", Kind: WeekSpent, Place: place, At: at(-5 * day), Received: at(0)}, call(CallTaken, "c", -day)}, time.Hour, Calls{AskAgain: at(2 * day)}},
		{"or until a call connects", []Mark{did(RequestsSpent, 0), call(CallTaken, "c", time.Hour)}, 2 * time.Hour, Calls{}},

		{"one call in a row", and(did(CallsAllowed, 0), missed(time.Hour)...), 2 * time.Hour, with(permanent, func(c *Calls) { c.Unanswered = 1 })},
		{"three in a row", and(did(CallsAllowed, 0), missed(1*day, 9*day, 20*day)...), 21 * day, with(permanent, func(c *Calls) { c.Unanswered = 3 })},
		{"four in a row end a permanent permission", and(did(CallsAllowed, 0), missed(1*day, 9*day, 20*day, 21*day)...), 21 * day,
			Calls{State: CallsRevoked, Since: at(21 * day), Unanswered: 4}},
		{"and a temporary one", and(did(CallsAllowedFor, 0), missed(1, 2, 3, 4)...), time.Hour, Calls{State: CallsRevoked, Since: at(4), Unanswered: 4}},
		{"not if one of them was taken", append(and(did(CallsAllowed, 0), missed(1*day, 2*day, 3*day, 5*day)...), call(Answered, "c", 4*day)), 5 * day,
			with(permanent, func(c *Calls) { c.Unanswered = 1 })},
		{"a call rejected and told of as ended counts once", []Mark{did(CallsAllowed, 0), {ID: "rejected:c", Kind: CallMissed, Place: place, At: at(1), Received: at(1)}, {ID: "missed:c", Kind: CallMissed, Place: place, At: at(2), Received: at(2)}},
			time.Hour, with(permanent, func(c *Calls) { c.Unanswered = 1 })},
		{"a call that was taken in the end was not missed", []Mark{did(CallsAllowed, 0), call(CallMissed, "c", 1), call(Answered, "c", 2)}, time.Hour, with(permanent, func(c *Calls) { c.Connected = times(2) })},
		{"a yes begins the row anew", append(missed(1, 2, 3), did(CallsAllowed, 4), call(CallMissed, "c", 5)), time.Hour,
			Calls{State: CallsPermanent, Allowed: true, Permanent: true, Since: at(4), Unanswered: 1}},
		{"also after the row had ended a permission", append(and(did(CallsAllowed, 0), missed(1, 2, 3, 4)...), did(CallsAllowedFor, 5)), time.Hour,
			Calls{State: CallsTemporary, Allowed: true, Since: at(5), Until: at(week + 5)}},
		{"a call that is taken after the row shows that the permission held", append(and(did(CallsAllowed, 0), missed(1, 2, 3, 4)...), call(Answered, "c", 5)), time.Hour,
			with(permanent, func(c *Calls) { c.Connected = times(5) })},
		{"calls whose outcome was never told are no row", []Mark{did(CallsAllowed, 0), call(CallPlaced, "a", 1), call(CallPlaced, "b", 2), call(CallRang, "c", 3), call(CallPlaced, "d", 4)}, 2 * day, permanent},

		{"a call that was placed may have connected", []Mark{did(CallsAllowed, 0), call(CallPlaced, "c", time.Hour)}, 2 * time.Hour, with(permanent, func(c *Calls) { c.Connected = times(time.Hour) })},
		{"until it is told that it was not taken", []Mark{did(CallsAllowed, 0), call(CallPlaced, "c", time.Hour), call(CallMissed, "c", time.Hour+time.Minute)}, 2 * time.Hour, with(permanent, func(c *Calls) { c.Unanswered = 1 })},
		{"one that the platform refused was none", []Mark{did(CallsAllowed, 0), call(CallPlaced, "c", time.Hour), call(CallUndone, "c", time.Hour)}, 2 * time.Hour, permanent},
		{"placed, rang, taken: one call", []Mark{did(CallsAllowed, 0), call(CallPlaced, "c", time.Hour), call(CallRang, "c", time.Hour+1), call(Answered, "c", time.Hour+2)}, 2 * time.Hour, with(permanent, func(c *Calls) { c.Connected = times(time.Hour + 2) })},
		{"placed under a name of ours and told of under its own: one call", []Mark{did(CallsAllowed, 0), call(CallPlaced, "ours", time.Hour), call(CallRang, "wacid", time.Hour-time.Second), call(Answered, "wacid", time.Hour+time.Minute)},
			2 * time.Hour, with(permanent, func(c *Calls) { c.Connected = times(time.Hour + time.Minute) })},
		{"the same if it was not taken", []Mark{did(CallsAllowed, 0), call(CallPlaced, "ours", time.Hour), call(CallMissed, "wacid", time.Hour+time.Minute)}, 2 * time.Hour, with(permanent, func(c *Calls) { c.Unanswered = 1 })},
		{"two placed and one told of are two", []Mark{did(CallsAllowed, 0), call(CallPlaced, "one", time.Hour), call(CallPlaced, "two", time.Hour+5*time.Minute), call(Answered, "wacid", time.Hour+6*time.Minute)},
			2 * time.Hour, with(permanent, func(c *Calls) { c.Connected = times(time.Hour+6*time.Minute, time.Hour) })},
		{"what is told an hour later is another call", []Mark{did(CallsAllowed, 0), call(CallPlaced, "ours", time.Hour), call(Answered, "wacid", 2*time.Hour)}, 3 * time.Hour,
			with(permanent, func(c *Calls) { c.Connected = times(2*time.Hour, time.Hour) })},
		{"a connected call counts for a day", []Mark{did(CallsAllowed, 0), call(Answered, "c", time.Hour)}, day + time.Hour - time.Nanosecond, with(permanent, func(c *Calls) { c.Connected = times(time.Hour) })},
		{"and no longer", []Mark{did(CallsAllowed, 0), call(Answered, "c", time.Hour)}, day + time.Hour, permanent},
		{"the platform's word about calls", []Mark{did(CallsAllowed, 0), did(CallsSpent, time.Hour)}, 2 * time.Hour, with(permanent, func(c *Calls) { c.CallAgain = at(day + time.Hour) })},
		{"a clock that runs ahead is clamped to receipt", []Mark{{ID: "ahead", Kind: CallsAllowedFor, Place: place, At: at(time.Hour), Received: at(0)}}, 6 * day, temporary},
	} {
		t.Run(c.why, func(t *testing.T) {
			if d := cmp.Diff(c.want, CallsAt(c.marks, at(c.after), DefaultCallRules())); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestCallRules(t *testing.T) {
	marks := append(missed(1, 2, 3, 4), did(CallsAllowedFor, 0), call(CallsAsked, "r", -day))
	if c := CallsAt(marks, at(day), CallRules{Temporary: 2 * day, Request: day, Unanswered: 10}); c.State != CallsTemporary || !c.Until.Equal(at(2*day)) {
		t.Errorf("with ten calls in a row and two days: %+v", c)
	}
	if c := CallsAt(marks, at(day), CallRules{Temporary: week}); c.State != CallsTemporary {
		t.Errorf("with no row that ends a permission: %+v", c)
	}
	if c := CallsAt(marks, at(day), CallRules{}); c.Allowed {
		t.Errorf("the zero rules allow: %+v", c)
	}
}

// life makes marks as a conversation has them: calls that are placed, told of
// and taken or not, requests and answers, some of them refused.
func life(r *rand.Rand) []Mark {
	var ms []Mark
	now := time.Duration(0)
	add := func(k Kind, name string, later time.Duration) { ms = append(ms, call(k, name, now+later)) }
	for i := 0; i <= r.IntN(30) || len(ms) == 0; i++ {
		now += time.Duration(r.IntN(3*24*60)) * time.Minute
		name := fmt.Sprint("n", i)
		switch r.IntN(8) {
		case 0, 1, 2, 3:
			if r.IntN(3) > 0 {
				add(CallPlaced, name, 0)
			}
			if r.IntN(3) == 0 {
				name += "wacid" // the client told no id
			}
			if r.IntN(2) == 0 {
				add(CallRang, name, time.Second)
			}
			switch r.IntN(8) {
			case 0:
				add(CallUndone, name, time.Second)
			case 1, 2:
				add(Answered, name, time.Minute)
			case 3, 4, 5:
				add(CallMissed, name, time.Minute)
			}
		case 4:
			add([]Kind{CallsAllowed, CallsAllowedFor, CallsRefused, CallsWithdrawn}[r.IntN(4)], name, 0)
		case 5, 6:
			add(CallsAsked, name, 0)
			if r.IntN(4) == 0 {
				add(CallUndone, name, time.Second)
			}
		default:
			add([]Kind{CallTaken, Called, RequestsSpent, WeekSpent, CallsSpent}[r.IntN(5)], name, 0)
		}
	}
	return ms
}

// Any order of the same marks, with repeats among them, gives the same Calls,
// and so does a store that drops what Keep lets it.
func TestCallsInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	seen := map[CallState]int{}
	for range 3000 {
		marks := life(r)
		when := marks[len(marks)-1].At.Add(time.Duration(r.IntN(10*24*60)) * time.Minute)
		want := CallsAt(marks, when, DefaultCallRules())
		seen[want.State]++
		again := append(append([]Mark{}, marks...), marks[:r.IntN(len(marks)+1)]...)
		r.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		if d := cmp.Diff(want, CallsAt(again, when, DefaultCallRules())); d != "" {
			t.Fatalf("marks %+v at %s, -want +shuffled:\n%s", marks, when, d)
		}
		m := NewMemory()
		if err := m.Note(t.Context(), again...); err != nil {
			t.Fatal(err)
		}
		kept, err := m.Marks(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, CallsAt(kept, when, DefaultCallRules())); d != "" {
			t.Fatalf("%d of the marks %+v are kept at %s, -want +kept:\n%s", len(kept), marks, when, d)
		}
	}
	for s := range CallState(len(callStates)) {
		if seen[s] == 0 {
			t.Errorf("no life ended %s: the property is not tried on it", s)
		}
	}
}

// The table in the package documentation is the one that runs.
func TestDocumentationDrawsTheTable(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(doc), "//	state      on                          becomes\n")
	if !found {
		t.Fatal("the documentation draws no table")
	}
	drawn, _, _ := strings.Cut(rest, "//\n")
	var want strings.Builder
	for _, step := range callSteps {
		from := "any"
		if step.From != anyState {
			from = step.From.String()
		}
		fmt.Fprintf(&want, "//	%-9s  %-26s  %s\n", from, step.On, step.To)
	}
	if d := cmp.Diff(want.String(), drawn); d != "" {
		t.Errorf("-table +documentation:\n%s", d)
	}
}

// Every state can be reached and, but for the last word of somebody who wants
// no calls, left; no event does two things in one state.
func TestCallStepsAreATable(t *testing.T) {
	to := map[CallState]bool{CallsUnasked: true}
	seen := map[[2]any]bool{}
	for _, step := range CallSteps() {
		if step.To != CallsAsBefore {
			to[step.To] = true
		}
		if key := [2]any{step.From, step.On}; seen[key] {
			t.Errorf("%s on %s stands twice", step.From, step.On)
		} else {
			seen[key] = true
		}
		if got, ok := step.From.On(step.On); !ok || got != step.To {
			t.Errorf("%s on %s is %s, and the table says %s", step.From, step.On, got, step.To)
		}
	}
	for s := range CallState(len(callStates)) {
		if !to[s] {
			t.Errorf("no way leads to %s", s)
		}
	}
	if got, ok := CallsPermanent.On(CallEventTimeUp); ok || got != CallsPermanent {
		t.Errorf("a permanent permission becomes %s with time", got)
	}
	if s := CallsAsBefore.String(); s != "as before" {
		t.Error(s)
	}
	if s := Kind(99).String() + Kind(0).String() + CallsAsked.String(); s != "Kind(99)Kind(0)calls-asked" {
		t.Error(s)
	}
	for _, k := range Kinds() {
		if strings.HasPrefix(k.String(), "Kind(") {
			t.Errorf("kind %d has no name", k)
		}
	}
	if s := CallState(99).String() + CallEvent(99).String(); s != "CallState(99)CallEvent(99)" {
		t.Error(s)
	}
}
