package window

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReachAt(t *testing.T) {
	named := func(m Mark, id string) Mark { m.ID = id; return m }
	for _, c := range []struct {
		why   string
		marks []Mark
		after time.Duration
		want  Reach
	}{
		{"nothing is known", []Mark{did(Wrote, 0)}, time.Hour, Reach{}},
		{"the platform said no", []Mark{did(Unreachable, 0)}, time.Hour, Reach{Refused: true, Since: at(0)}},
		{"what is still to come does not count", []Mark{did(Unreachable, 2*time.Hour)}, time.Hour, Reach{}},
		{"they wrote an hour before: it was about the message", []Mark{did(Wrote, 0), did(Unreachable, time.Hour)}, 2 * time.Hour, Reach{Since: at(time.Hour)}},
		{"the last instant of that day", []Mark{did(Wrote, 0), did(Unreachable, time.Hour)}, day - time.Nanosecond, Reach{Since: at(time.Hour)}},
		{"a day after they wrote it counts", []Mark{did(Wrote, 0), did(Unreachable, time.Hour)}, day, Reach{Refused: true, Since: at(time.Hour)}},
		{"they wrote since", []Mark{did(Unreachable, 0), did(Wrote, time.Hour)}, 2 * time.Hour, Reach{Since: at(0)}},
		{"a stop is a sign of life too", []Mark{did(Unreachable, 0), did(Stopped, time.Hour)}, 2 * time.Hour, Reach{Since: at(0)}},
		{"at the same instant the no counts", []Mark{did(Unreachable, 0), did(Reached, 0)}, time.Hour, Reach{Refused: true, Since: at(0)}},
		{"another message was delivered since", []Mark{did(Unreachable, 0), did(Reached, time.Hour)}, 2 * time.Hour, Reach{Since: at(0)}},
		{"another was delivered before", []Mark{did(Reached, 0), did(Unreachable, time.Hour)}, 2 * time.Hour, Reach{Refused: true, Since: at(time.Hour)}},
		{"the same message was delivered to another device before", []Mark{named(did(Reached, 0), "delivered:m1"), named(did(Unreachable, time.Hour), "131026:m1")}, 2 * time.Hour, Reach{Since: at(time.Hour)}},
		{"we blocked them, which only somebody who wrote can be", []Mark{did(Wrote, 0), did(Blocked, time.Hour)}, 2 * time.Hour, Reach{Refused: true, Blocked: true, Since: at(time.Hour)}},
		{"whoever is blocked cannot write: the block is over", []Mark{did(Wrote, 0), did(Blocked, time.Hour), did(Wrote, 2*time.Hour)}, 3 * time.Hour, Reach{Since: at(time.Hour)}},
		{"the block is over, too, when something arrived", []Mark{did(Blocked, 0), did(Reached, time.Hour)}, 2 * time.Hour, Reach{Since: at(0)}},
		{"a later refusal that is excused excuses no block", []Mark{did(Wrote, 0), did(Blocked, time.Hour), did(Unreachable, 2*time.Hour)}, 3 * time.Hour, Reach{Refused: true, Blocked: true, Since: at(time.Hour)}},
		{"a block that is over excuses no later refusal", []Mark{did(Blocked, 0), did(Reached, time.Hour), did(Unreachable, 2*time.Hour)}, 3 * time.Hour, Reach{Refused: true, Since: at(2 * time.Hour)}},
		{"what we sent is no sign", []Mark{did(Unreachable, 0), did(Replied, time.Hour)}, 2 * time.Hour, Reach{Refused: true, Since: at(0)}},
	} {
		if d := cmp.Diff(c.want, ReachAt(c.marks, at(c.after))); d != "" {
			t.Errorf("%s: -want +got:\n%s", c.why, d)
		}
	}
}

// Any order of the same marks gives the same Reach.
func TestReachInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		marks := make([]Mark, 1+r.IntN(8))
		for i := range marks {
			marks[i] = did(Kinds()[r.IntN(len(Kinds()))], time.Duration(r.IntN(50))*time.Hour)
		}
		want := ReachAt(marks, at(40*time.Hour))
		r.Shuffle(len(marks), func(i, j int) { marks[i], marks[j] = marks[j], marks[i] })
		if got := ReachAt(marks, at(40*time.Hour)); got != want {
			t.Fatalf("%+v, and shuffled %+v", want, got)
		}
	}
}
