package window_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/window"
)

// conversation is an ordinary one: the customer wrote, the business answered.
func conversation(n int) []window.Mark {
	p := alice
	p.Handles = []party.Handle{{Scheme: party.Phone, Value: "+4477009" + strconv.Itoa(100000+n)}}
	id := strconv.Itoa(n)
	return []window.Mark{
		{ID: "wrote:" + id, Kind: window.Wrote, Place: p, At: noon, Received: noon},
		{ID: "sent:" + id, Kind: window.Replied, Place: p, At: noon.Add(time.Minute), Received: noon.Add(time.Minute)},
		{ID: "call:" + id, Kind: window.Called, Place: p, At: noon.Add(time.Hour), Received: noon.Add(time.Hour)},
	}
}

func BenchmarkStateAt(b *testing.B) {
	marks, now, r := conversation(0), noon.Add(2*time.Hour), window.DefaultRules()
	b.ReportAllocs()
	for b.Loop() {
		if s := window.StateAt(marks, now, r); !s.Open {
			b.Fatal("closed")
		}
	}
}

func BenchmarkStateAtFreeEntryPoint(b *testing.B) {
	marks := append(conversation(0), window.Mark{ID: "ad:0", Kind: window.Ad, Place: alice, At: noon, Received: noon})
	now, r := noon.Add(2*time.Hour), window.DefaultRules()
	b.ReportAllocs()
	for b.Loop() {
		if s := window.StateAt(marks, now, r); s.FreeUntil.IsZero() {
			b.Fatal("not free")
		}
	}
}

func full(b *testing.B, n int) *window.Memory {
	b.Helper()
	m := window.NewMemory()
	for i := range n {
		if err := m.Note(context.Background(), conversation(i)...); err != nil {
			b.Fatal(err)
		}
	}
	return m
}

func BenchmarkMemoryMarks(b *testing.B) {
	const n = 100_000
	m, ctx := full(b, n), context.Background()
	places := make([]window.Place, 1024)
	for i := range places {
		places[i] = conversation(i * 97 % n)[0].Place
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if ms, err := m.Marks(ctx, places[i%len(places)]); err != nil || len(ms) != 3 {
			b.Fatal(len(ms), err)
		}
		i++
	}
}

// One conversation looked up under 1, 2 and 3 handles that are linked: it was
// noted under all of them, as webhooks that name the phone and the ids do.
func BenchmarkMemoryMarksLinked(b *testing.B) {
	const n = 10_000
	for _, handles := range []int{1, 2, 3} {
		b.Run("handles="+strconv.Itoa(handles), func(b *testing.B) {
			m, ctx := window.NewMemory(), context.Background()
			places := make([]window.Place, n)
			for i := range places {
				id := strconv.Itoa(i)
				marks := conversation(i)
				for k := range marks {
					marks[k].Place.Handles = append(marks[k].Place.Handles,
						party.Handle{Scheme: party.User, Value: "GB.13491208655302741" + id}, party.Handle{Scheme: party.Parent, Value: "GB.ENT.9081726" + id})[:handles]
				}
				if err := m.Note(ctx, marks...); err != nil {
					b.Fatal(err)
				}
				places[i] = marks[0].Place
			}
			w := window.New(m)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if s, err := w.State(ctx, places[i%n], noon.Add(2*time.Hour)); err != nil || !s.Open {
					b.Fatal(s, err)
				}
				i++
			}
		})
	}
}

// A conversation with a busy day of calls behind it.
func BenchmarkCallsAt(b *testing.B) {
	marks := []window.Mark{{ID: "callanswer:1", Kind: window.CallsAllowed, Place: alice, At: noon, Received: noon}}
	for i := range 100 {
		id, at := "wacid"+strconv.Itoa(i), noon.Add(time.Duration(i)*10*time.Minute)
		for prefix, k := range map[string]window.Kind{"placed:": window.CallPlaced, "rang:": window.CallRang, "answered:": window.Answered} {
			marks = append(marks, window.Mark{ID: prefix + id, Kind: k, Place: alice, At: at, Received: at})
		}
	}
	now, r := noon.Add(17*time.Hour), window.DefaultCallRules()
	for name, ms := range map[string][]window.Mark{"calls=0": conversation(0)[:2], "calls=1": marks[:4], "calls=100": marks} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if c := window.CallsAt(ms, now, r); c.Permanent != (len(ms) > 2) {
					b.Fatalf("%+v", c)
				}
			}
		})
	}
}

func BenchmarkMemoryNote(b *testing.B) {
	m, ctx := full(b, 1000), context.Background()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		k := conversation(i % 1000)[0]
		k.ID, k.At = "again:"+strconv.Itoa(i), noon.Add(time.Duration(i)*time.Millisecond)
		k.Received = k.At
		if err := m.Note(ctx, k); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
