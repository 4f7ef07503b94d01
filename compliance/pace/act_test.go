package pace_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
)

var (
	noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	pair = pace.Rate{Interval: 6 * time.Second, Burst: 45, Retry: 4}
)

const number = "106540352242922"

func after(seconds float64) time.Time {
	return noon.Add(time.Duration(seconds * float64(time.Second)))
}

func message(name string) *pace.Spend { return &pace.Spend{Name: name, Number: number, Pair: pair} }

func marketing(name string, caps ...pace.Cap) *pace.Spend {
	return &pace.Spend{Name: name, Number: number, Marketing: true, Caps: caps}
}

func TestABurstBorrowsFromTheTimeToCome(t *testing.T) {
	var s pace.State
	for i := range 45 {
		room, changed := s.Apply(noon, message(fmt.Sprint(i)))
		require.True(t, room.Enough() && changed, "message %d of a burst", i+1)
	}
	room, changed := s.Apply(noon, message("46"))
	require.False(t, changed)
	require.Equal(t, after(6), room.Pair, "one is paid back after six seconds")
	_, changed = s.Apply(after(5.999999), message("46"))
	require.False(t, changed)
	_, changed = s.Apply(after(6), message("46"))
	require.True(t, changed)
	room, _ = s.Apply(after(6), message("47"))
	require.Equal(t, after(12), room.Pair)

	w := message("47")
	require.True(t, s.Room(after(270+6), w).Enough())
	w.Number = "another"
	require.True(t, s.Room(after(6), w).Enough(), "the pair is of one number and one person")
}

func TestGivingBack(t *testing.T) {
	full := func() (s pace.State) {
		for i := range 45 {
			s.Apply(noon, message(fmt.Sprint(i)))
		}
		return s
	}
	open := func(s *pace.State, at time.Time) bool {
		w := message("next")
		return s.Room(at, w).Enough()
	}
	s := full()
	require.False(t, open(&s, noon))
	_, changed := s.Apply(noon, pace.Back{Name: "7"})
	require.True(t, changed)
	require.True(t, open(&s, noon))
	_, changed = s.Apply(noon, pace.Back{Name: "7"})
	require.False(t, changed, "once given back it is not given back again")

	s = full()
	s.Apply(noon, pace.Settled{Name: "7", Ref: "w7"})
	s.Apply(noon, pace.Back{Name: "7"})
	require.False(t, open(&s, noon), "what left is not given back")
	s.Apply(noon, pace.Back{Ref: "w8", Failed: true})
	require.False(t, open(&s, noon), "of another nothing is")
	s.Apply(noon, pace.Back{Ref: "w7", Failed: true})
	require.True(t, open(&s, noon), "but the platform may say that it did not deliver it")

	// what was paid back by time is not given back on top of it
	s = pace.State{}
	s.Apply(noon, message("a"))
	for i := range 45 {
		s.Apply(after(100), message(fmt.Sprint(i)))
	}
	s.Apply(after(100), pace.Back{Name: "a"})
	require.False(t, open(&s, after(100)))
}

func TestANameIsSpentOnce(t *testing.T) {
	day := pace.Cap{Messages: 1, Period: 24 * time.Hour}
	var s pace.State
	spend := func(at time.Time, name string) bool {
		room, _ := s.Apply(at, marketing(name, day))
		return room.Enough()
	}
	require.True(t, spend(noon, "k"))
	require.True(t, spend(after(1), "k"), "a repeat under the same name")
	require.False(t, spend(after(1), "other"))
	s.Apply(after(1), pace.Back{Name: "k"})
	require.False(t, spend(after(1), "other"), "the first is still under way")
	s.Apply(after(2), pace.Back{Name: "k"})
	require.True(t, spend(after(2), "other"), "neither left")

	s = pace.State{}
	spend(noon, "k")
	spend(noon, "k")
	s.Apply(noon, pace.Settled{Name: "k", Ref: "w"})
	s.Apply(noon, pace.Back{Name: "k"})
	require.False(t, spend(noon, "other"), "one of the two left")
	require.Len(t, s.Tab.Spent, 1)

	s = pace.State{}
	spend(noon, "k")
	spend(noon, "k")
	s.Apply(noon, pace.Back{Name: "k", Ref: "w", Failed: true})
	require.False(t, spend(noon, "other"), "one failed before it was settled, and the other is under way")
	s.Apply(noon, pace.Settled{Name: "k", Ref: "v"})
	require.False(t, spend(noon, "other"), "and arrived")
}

// A name stands for one message for a day: an app that names every issue of its
// newsletter alike is charged for each.
func TestANameIsAnotherMessageAfterADay(t *testing.T) {
	month := pace.Cap{Messages: 2, Period: 30 * 24 * time.Hour}
	var s pace.State
	spend := func(at time.Time) bool {
		room, _ := s.Apply(at, marketing("newsletter", month))
		return room.Enough()
	}
	day := 24 * time.Hour
	require.True(t, spend(noon))
	require.True(t, spend(noon.Add(day-time.Microsecond)), "the same, late")
	require.Len(t, s.Tab.Spent, 1)
	require.True(t, spend(noon.Add(day)), "another, within the cap")
	require.Len(t, s.Tab.Spent, 2)
	require.False(t, spend(noon.Add(2*day)), "and one more is beyond it")
	w := marketing("newsletter", month)
	require.False(t, s.Room(noon.Add(2*day), w).Enough())

	s.Apply(noon.Add(day), pace.Settled{Name: "newsletter", Ref: "w2"})
	s.Tab.Spent[0].Ref, s.Tab.Spent[0].Kept, s.Tab.Spent[0].Holds = "w1", true, 0
	failed := pace.State{Tab: s.Tab.Clone()}
	failed.Apply(noon.Add(2*day), pace.Back{Name: "newsletter", Ref: "w1", Failed: true})
	require.Len(t, failed.Tab.Spent, 1, "of two of a name the one that failed is given back")
	require.Equal(t, "w2", failed.Tab.Spent[0].Ref)

	var other pace.State
	other.Apply(noon.Add(time.Hour), marketing("newsletter", month))
	other.Apply(noon.Add(5*day), marketing("newsletter", month))
	s.Tab.Pour(other.Tab)
	require.Len(t, s.Tab.Spent, 3, "poured together, what was within a day of each other is one")
}

func TestPouringLosesNothing(t *testing.T) {
	// one name under two handles of a person, before links know them to be one
	spend := marketing("k", pace.Cap{Messages: 1, Period: 24 * time.Hour})
	counted := marketing("k", pace.Cap{Messages: 1, Period: 24 * time.Hour})
	counted.People = 10
	var first, second pace.State
	second.Tally.Name = "portfolio"
	first.Apply(noon, spend)
	second.Apply(noon, counted)
	second.Apply(noon, pace.Settled{Name: "k", Ref: "w"})
	second.Tab.Pour(first.Tab)
	first.Tab.Pour(second.Tab)
	first.Tally = second.Tally

	require.Len(t, first.Tab.Spent, 1)
	require.Equal(t, second.Tab.Spent[0].Ref, first.Tab.Spent[0].Ref, "the platform's name for it is known under either handle")
	require.Equal(t, 1, first.Tally.People(noon))
	one := first.Tab.Spent[0]
	first.Tab.Spent[0].Holds = 0
	_, changed := first.Apply(noon, pace.Back{Ref: "w", Failed: true})
	require.True(t, changed, "so what was not delivered is found by it: %+v", one)
	require.Zero(t, first.Tally.People(noon), "and the person is no longer counted as reached")
}

func TestACapCountsAMovingPeriod(t *testing.T) {
	two, week := pace.Cap{Messages: 2, Period: 24 * time.Hour}, pace.Cap{Messages: 3, Period: 7 * 24 * time.Hour}
	var s pace.State
	day := func(d float64) time.Time { return noon.Add(time.Duration(d * 24 * float64(time.Hour))) }
	try := func(d float64, name string) time.Time {
		room, _ := s.Apply(day(d), marketing(name, two, week))
		return room.Cap
	}
	require.Zero(t, try(0, "a"))
	require.Zero(t, try(0.5, "b"))
	require.Equal(t, day(1), try(0.6, "c"), "the oldest of two leaves the day first")
	s.Apply(day(0.6), message("no marketing"))
	require.Zero(t, try(1, "c"), "at exactly a day it is out")
	require.Equal(t, day(7), try(1.5, "d"), "the longer of two waits")
	require.Equal(t, day(7), try(6.9, "d"))
	require.Zero(t, try(7, "d"))
}

func TestAnAnswerOfThePlatformPushesThePair(t *testing.T) {
	var s pace.State
	push := func(at float64, id string) {
		s.Apply(after(at), pace.Pushed{ID: id, Number: number})
	}
	next := func(at float64) time.Time {
		w := message("next")
		return s.Room(after(at), w).Pair
	}
	push(0, "p1")
	require.Equal(t, after(1), next(0), "4^0 seconds")
	push(0, "p1")
	require.Equal(t, after(1), next(0), "told twice")
	push(0.5, "p2")
	require.Equal(t, after(1.5), next(0.5), "of one that was under way")
	push(2, "p3")
	require.Equal(t, after(6), next(2), "4^1 seconds after one that had waited")
	push(7, "p4")
	require.Equal(t, after(23), next(7), "4^2")
	require.Zero(t, next(23))
	s.Apply(after(23), message("m"))
	require.Equal(t, after(29), next(23), "the bucket is as good as full")
	push(23+3600, "p5")
	require.Equal(t, after(23+3601), next(23+3600), "long after, a new row begins")
}

// A pair that is pushed each time its wait is over waits ever longer, however long
// that goes on.
func TestARowOfPushesKeepsItsLength(t *testing.T) {
	var s pace.State
	at := noon
	for i := range 30 {
		s.Apply(at, pace.Pushed{ID: fmt.Sprint(i), Number: number})
		next := s.Room(at, message("next")).Pair
		if i >= 6 {
			require.Equal(t, at.Add(20*time.Minute), next, "after %v", at.Sub(noon))
		}
		at = next
	}
	require.LessOrEqual(t, len(s.Tab.Pushed), 16)
	s.Apply(at.Add(time.Hour), message("later"))
	require.Empty(t, s.Tab.Pushed, "and goes as a whole")
}

// However many answers of messages that were under way come within a wait, it
// stays as long as the row before it made it, under one handle and under two.
func TestAnswersWithinAWaitPushOutNoneBeforeIt(t *testing.T) {
	b := pace.Backoff{First: 24 * time.Hour, Growth: 2, Longest: 7 * 24 * time.Hour, Forget: 7 * 24 * time.Hour}
	var one, other pace.State
	last := noon
	for i, h := range []int{0, 24, 72, 168} {
		last = noon.Add(time.Duration(h) * time.Hour)
		one.Apply(last, pace.Refused{ID: fmt.Sprint("row-", i)})
	}
	require.Equal(t, last.Add(7*24*time.Hour), b.Until(&one.Tab), "the fourth of a row")
	for i := range 300 {
		s := &one
		if i%2 == 1 {
			s = &other
		}
		s.Apply(last.Add(time.Duration(i)*20*time.Minute), pace.Refused{ID: fmt.Sprint("under-way-", i)})
	}
	last = last.Add(298 * 20 * time.Minute)
	require.Equal(t, last.Add(7*24*time.Hour), b.Until(&one.Tab))
	one.Tab.Pour(other.Tab)
	last = last.Add(20 * time.Minute)
	require.Equal(t, last, one.Tab.LastRefused())
	require.Equal(t, last.Add(7*24*time.Hour), b.Until(&one.Tab), "poured together")
	require.LessOrEqual(t, len(one.Tab.Refused), 16)

	var s pace.State
	for i, at := range []float64{0, 1, 5, 21, 85, 341} {
		s.Apply(after(at), pace.Pushed{ID: fmt.Sprint("row-", i), Number: number})
	}
	for i := range 100 {
		s.Apply(after(342+float64(i)), pace.Pushed{ID: fmt.Sprint("under-way-", i), Number: number})
		s.Apply(after(342+float64(i)), pace.Pushed{ID: fmt.Sprint("other-", i), Number: "another"})
	}
	require.GreaterOrEqual(t, s.Room(after(442), message("next")).Pair, after(441+256), "not a second, as after a first one")
	require.LessOrEqual(t, len(s.Tab.Pushed), 16)
}

func TestRefusalsOfMarketing(t *testing.T) {
	b := pace.Backoff{First: 24 * time.Hour, Growth: 2, Longest: 7 * 24 * time.Hour, Forget: 7 * 24 * time.Hour}
	var s pace.State
	hours := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	require.Zero(t, b.Until(&s.Tab))
	for _, c := range []struct {
		at, until int
		why       string
	}{
		{0, 24, "a day at least"},
		{1, 25, "of one that was under way"},
		{25, 25 + 48, "tried again at once, and refused again: twice as long"},
		{73, 73 + 96, "and again"},
		{170, 170 + 168, "a week at most"},
		{600, 624, "long after, a new row"},
	} {
		s.Apply(hours(c.at), pace.Refused{ID: fmt.Sprint(c.at)})
		require.Equal(t, hours(c.until), b.Until(&s.Tab), c.why)
	}
	require.Equal(t, hours(600+14*24), s.Tab.Ends(), "as long as another one would be of the same row")
}

// A refusal counts as long as it can hold something back, and then it is gone.
func TestRefusalsGoWhenTheirRowIsOver(t *testing.T) {
	b := pace.Backoff{First: 24 * time.Hour, Growth: 2, Longest: 7 * 24 * time.Hour, Forget: 7 * 24 * time.Hour}
	days := func(d int) time.Time { return noon.AddDate(0, 0, d) }
	var s pace.State
	for _, d := range []int{0, 7, 15} {
		s.Apply(days(d), pace.Refused{ID: fmt.Sprint(d)})
	}
	require.Len(t, s.Tab.Refused, 3, "the first of a row stays with the last of it")
	require.Equal(t, days(15+4), b.Until(&s.Tab), "it is the third in a row, though the first is more than a fortnight old")
	s.Apply(days(28), message("m1"))
	require.Len(t, s.Tab.Refused, 3)
	require.Equal(t, days(15), s.Tab.LastRefused())
	s.Apply(days(29), message("m2"))
	require.Empty(t, s.Tab.Refused)
	require.Zero(t, s.Tab.LastRefused())
	require.Zero(t, b.Until(&s.Tab))

	s.Apply(days(30), pace.Refused{ID: "kept", Keep: 90 * 24 * time.Hour})
	s.Apply(days(119), message("m3"))
	require.Len(t, s.Tab.Refused, 1, "whoever keeps it longer says so")
	s.Apply(days(120), pace.Refused{ID: "next"})
	require.Len(t, s.Tab.Refused, 1, "another row begins without the one before")

	old := pace.Tab{Refused: []pace.Note{{ID: "r", At: noon.UnixMicro()}}}
	require.Equal(t, days(14), old.Ends(), "one that was kept before lives were written down")
}

func TestPeopleAreCountedOnce(t *testing.T) {
	var tally pace.Tally
	tabs := map[string]*pace.Tab{}
	act := func(at time.Time, who string, a pace.Act) pace.Room {
		if tabs[who] == nil {
			tabs[who] = &pace.Tab{}
		}
		s := pace.State{Tab: *tabs[who], Tally: tally}
		room, _ := s.Apply(at, a)
		*tabs[who], tally = s.Tab, s.Tally
		return room
	}
	spend := func(at time.Time, who, name string) time.Time {
		return act(at, who, &pace.Spend{Name: name, Number: number, People: 2}).Reach
	}
	require.Zero(t, spend(noon, "asha", "a1"))
	require.Zero(t, spend(after(60), "asha", "a2"))
	require.Equal(t, 1, tally.People(after(60)))
	require.Zero(t, spend(after(3600), "ben", "b1"))
	require.Equal(t, after(24*3600+15*60), spend(after(3600), "carol", "c1"), "asha was reached in the quarter after noon")
	require.Zero(t, spend(after(7200), "asha", "a3"), "who is counted costs nothing more")
	require.Equal(t, after(25*3600+15*60), spend(after(7200), "carol", "c1"), "and is counted from then")
	require.Equal(t, 2, tally.People(after(7200)))

	act(after(7200), "ben", pace.Back{Name: "b1"})
	require.Equal(t, 1, tally.People(after(7200)), "what did not leave reached nobody")
	act(after(7200), "asha", pace.Back{Name: "a3"})
	require.Equal(t, 1, tally.People(after(7200)), "asha was reached before")
	require.Zero(t, spend(after(7200), "carol", "c1"))
	require.Equal(t, 2, tally.People(after(7200)))
	require.Equal(t, 1, tally.People(after(24*3600+16*60)))
	require.Equal(t, 0, tally.People(after(40*3600)))
}

// Whatever is spent, settled and given back in whichever order, of what leaves no
// stretch of time holds more than the burst and what it pays back.
func TestNoInterleavingLetsMoreThanTheBurstThrough(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		rate := pace.Rate{Interval: time.Duration(1+r.IntN(6)) * time.Second, Burst: 1 + r.IntN(6)}
		var s pace.State
		left := map[string]time.Time{}
		var open []string
		at := noon
		for step := range 200 {
			at = at.Add(time.Duration(r.IntN(2000)) * time.Millisecond * time.Duration(r.IntN(2)))
			if len(open) > 0 && r.IntN(3) == 0 {
				i := r.IntN(len(open))
				name := open[i]
				open = slices.Delete(open, i, i+1)
				if r.IntN(2) == 0 {
					s.Apply(at, pace.Back{Name: name})
					delete(left, name)
				} else {
					s.Apply(at, pace.Settled{Name: name})
				}
				continue
			}
			name := fmt.Sprint(step)
			room, _ := s.Apply(at, &pace.Spend{Name: name, Number: number, Pair: rate})
			if room.Enough() {
				left[name] = at
				open = append(open, name)
			}
		}
		var times []time.Time
		for _, t := range left {
			times = append(times, t)
		}
		slices.SortFunc(times, time.Time.Compare)
		for i := range times {
			for j := i; j < len(times); j++ {
				most := rate.Burst + int(times[j].Sub(times[i])/rate.Interval)
				require.LessOrEqual(t, j-i+1, most, "seed %d, %v", seed, rate)
			}
		}
	}
}

func TestConcurrentSpendsInMemory(t *testing.T) {
	m := pace.NewMemory()
	who := pace.Who{Handles: []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}}}
	var mu sync.Mutex
	through := 0
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 40 {
				name := fmt.Sprintf("%d/%d", g, i)
				room, err := m.Apply(t.Context(), who, noon, message(name))
				if err != nil || !room.Enough() {
					continue
				}
				if i%5 == 0 {
					_, err = m.Apply(t.Context(), who, noon, pace.Back{Name: name})
					assert.NoError(t, err)
					continue
				}
				mu.Lock()
				through++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Equal(t, 45, through)
}

func TestTabsThatAreOverGo(t *testing.T) {
	m := pace.NewMemory()
	for i := range 5000 {
		who := pace.Who{Handles: []party.Handle{{Scheme: party.Phone, Value: fmt.Sprintf("+4477009%05d", i)}}}
		_, err := m.Apply(t.Context(), who, noon.Add(time.Duration(i)*time.Second), message("m"))
		require.NoError(t, err)
	}
	require.Less(t, m.Len(), 2500, "those of an hour ago count no more")
	m = pace.NewMemory()
	for i := range 5000 {
		who := pace.Who{Handles: []party.Handle{{Scheme: party.Phone, Value: fmt.Sprintf("+4477009%05d", i)}}}
		_, err := m.Apply(t.Context(), who, noon.Add(time.Duration(i)*time.Hour), pace.Refused{ID: "r"})
		require.NoError(t, err)
	}
	require.Less(t, m.Len(), 2500, "and of those to whom marketing was held back weeks ago nothing is kept")
}

func BenchmarkReserve(b *testing.B) {
	m := pace.NewMemory()
	who := pace.Who{Handles: []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}}}
	w := &pace.Spend{Name: "flight", Number: number, Pair: pair}
	at := noon
	b.ReportAllocs()
	for b.Loop() {
		at = at.Add(6 * time.Second)
		if room, err := m.Apply(b.Context(), who, at, w); err != nil || !room.Enough() {
			b.Fatal(room, err)
		}
		if _, err := m.Apply(b.Context(), who, at, pace.Back{Name: "flight"}); err != nil {
			b.Fatal(err)
		}
	}
}
