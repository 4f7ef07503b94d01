package pace_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/pace"
)

func zones(t testing.TB, names ...string) (zs []*time.Location) {
	for _, n := range names {
		z, err := time.LoadLocation(n)
		require.NoError(t, err)
		zs = append(zs, z)
	}
	return zs
}

func hours(t testing.TB, from, until string) pace.Hours {
	f, err := pace.ParseClock(from)
	require.NoError(t, err)
	u, err := pace.ParseClock(until)
	require.NoError(t, err)
	return pace.Hours{From: f, Until: u}
}

func TestHours(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		require.NoError(t, err)
		return v
	}
	for _, c := range []struct {
		why         string
		from, until string
		zones       []string
		at          string
		open        bool
		next        string
	}{
		{"in the middle of the day", "08:00", "21:00", []string{"Europe/London"}, "2026-11-20T12:00:00Z", true, "2026-11-20T12:00:00Z"},
		{"at the beginning", "08:00", "21:00", []string{"Europe/London"}, "2026-11-20T08:00:00Z", true, "2026-11-20T08:00:00Z"},
		{"a second before it", "08:00", "21:00", []string{"Europe/London"}, "2026-11-20T07:59:59Z", false, "2026-11-20T08:00:00Z"},
		{"at the end it is over", "08:00", "21:00", []string{"Europe/London"}, "2026-11-20T21:00:00Z", false, "2026-11-21T08:00:00Z"},
		{"summer time", "08:00", "21:00", []string{"Europe/London"}, "2026-07-20T07:30:00Z", true, "2026-07-20T07:30:00Z"},
		{"over midnight, late", "20:00", "02:00", []string{"UTC"}, "2026-11-20T23:00:00Z", true, "2026-11-20T23:00:00Z"},
		{"over midnight, early", "20:00", "02:00", []string{"UTC"}, "2026-11-20T01:59:00Z", true, "2026-11-20T01:59:00Z"},
		{"over midnight, by day", "20:00", "02:00", []string{"UTC"}, "2026-11-20T02:00:00Z", false, "2026-11-20T20:00:00Z"},
		{"the whole day to its end", "09:00", "24:00", []string{"UTC"}, "2026-11-20T23:59:59Z", true, "2026-11-20T23:59:59Z"},
		{"half hours in India", "09:00", "18:00", []string{"Asia/Kolkata"}, "2026-11-20T03:29:00Z", false, "2026-11-20T03:30:00Z"},
		{"two zones, and one sleeps", "08:00", "21:00", []string{"America/New_York", "Pacific/Honolulu"}, "2026-11-20T13:30:00Z", false, "2026-11-20T18:00:00Z"},
		{"two zones, and both are awake", "08:00", "21:00", []string{"America/New_York", "Pacific/Honolulu"}, "2026-11-20T18:00:00Z", true, "2026-11-20T18:00:00Z"},
		{"two zones, and the other has gone to bed", "08:00", "21:00", []string{"America/New_York", "Pacific/Honolulu"}, "2026-11-21T02:00:00Z", false, "2026-11-21T18:00:00Z"},
		{"zones that are never awake together", "09:00", "10:00", []string{"Europe/London", "Asia/Tokyo"}, "2026-11-20T09:00:00Z", false, ""},
		{"a beginning that the clock leaps over", "01:30", "05:00", []string{"Europe/London"}, "2026-03-29T00:45:00Z", false, "2026-03-29T01:30:00Z"},
		{"nothing is known of where they are", "08:00", "21:00", nil, "2026-11-20T12:00:00Z", false, ""},
	} {
		open, next := hours(t, c.from, c.until).Open(at(c.at), zones(t, c.zones...))
		require.Equal(t, c.open, open, c.why)
		if c.next == "" {
			require.Zero(t, next, c.why)
		} else {
			require.Equal(t, at(c.next), next, c.why)
		}
	}
	open, _ := pace.Hours{}.Open(noon, nil)
	require.True(t, open, "no hours, no limit")
}

func TestClock(t *testing.T) {
	for _, s := range []string{"00:00", "08:00", "23:59", "24:00"} {
		c, err := pace.ParseClock(s)
		require.NoError(t, err)
		require.Equal(t, s, c.String())
	}
	for _, s := range []string{"", "8:00", "08:0", "24:01", "12:60", "ab:cd", "08-00", "08:00:00", "-1:00"} {
		_, err := pace.ParseClock(s)
		require.Error(t, err, s)
	}
}

// Whatever is taken for a time of day is written back as it was read.
func FuzzParseClock(f *testing.F) {
	for _, s := range []string{"08:00", "24:00", "24:01", "8:00", "12:60", "ab:cd", "", "２１:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := pace.ParseClock(s); err == nil && c.String() != s {
			t.Errorf("%q came back as %q", s, c)
		}
	})
}
