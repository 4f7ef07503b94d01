package window

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCallsAt(t *testing.T) {
	week := 7 * day
	for _, c := range []struct {
		why   string
		marks []Mark
		after time.Duration
		want  Calls
	}{
		{"nobody said anything", []Mark{did(Wrote, 0)}, time.Hour, Calls{}},
		{"allowed for good", []Mark{did(CallsAllowed, 0)}, 400 * day, Calls{Allowed: true, Permanent: true, Since: at(0)}},
		{"allowed for a week, the last instant", []Mark{did(CallsAllowedFor, 0)}, week - time.Nanosecond, Calls{Allowed: true, Since: at(0), Until: at(week)}},
		{"at exactly a week it is over", []Mark{did(CallsAllowedFor, 0)}, week, Calls{Since: at(0), Until: at(week)}},
		{"taken back", []Mark{did(CallsAllowed, 0), did(CallsRefused, time.Hour)}, 2 * time.Hour, Calls{Since: at(time.Hour)}},
		{"the youngest word counts, not the last noted", []Mark{did(CallsAllowed, time.Hour), did(CallsRefused, 0)}, 2 * time.Hour, Calls{Allowed: true, Permanent: true, Since: at(time.Hour)}},
		{"at the same instant the no counts", []Mark{did(CallsRefused, 0), did(CallsAllowed, 0)}, time.Hour, Calls{Since: at(0)}},
		{"at the same instant the shorter yes counts", []Mark{did(CallsAllowed, 0), did(CallsAllowedFor, 0)}, time.Hour, Calls{Allowed: true, Since: at(0), Until: at(week)}},
		{"what is still to come does not count", []Mark{did(CallsAllowed, time.Hour)}, 0, Calls{}},
	} {
		if d := cmp.Diff(c.want, CallsAt(c.marks, at(c.after))); d != "" {
			t.Errorf("%s: -want +got:\n%s", c.why, d)
		}
	}
}
