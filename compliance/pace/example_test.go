package pace_test

import (
	"context"
	"fmt"
	"time"

	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
)

// Two messages at once, and one in ten seconds: the third waits. What does not
// leave is given back.
func Example() {
	ctx, store := context.Background(), pace.NewMemory()
	who := pace.Who{Handles: []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}}}
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	send := func(name string) {
		room, err := store.Apply(ctx, who, at, &pace.Spend{Name: name, Number: "106540352242922", Pair: pace.Rate{Interval: 10 * time.Second, Burst: 2}})
		switch {
		case err != nil:
			fmt.Println(name, err)
		case room.Enough():
			fmt.Println(name, "may leave")
		default:
			fmt.Println(name, "not before", room.Pair.Format(time.TimeOnly))
		}
	}
	send("first")
	send("second")
	send("third")
	_, err := store.Apply(ctx, who, at, pace.Back{Name: "second"})
	fmt.Println("given back", err)
	send("third")
	// Output:
	// first may leave
	// second may leave
	// third not before 12:00:10
	// given back <nil>
	// third may leave
}

func ExampleHours_Open() {
	var zones []*time.Location
	for _, name := range party.ZonesOf("BR") {
		z, err := time.LoadLocation(name)
		if err != nil {
			fmt.Println(err)
			return
		}
		zones = append(zones, z)
	}
	day := pace.Hours{From: 8 * 60, Until: 21 * 60}
	open, next := day.Open(time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC), zones)
	fmt.Println(open, next)
	// Output: false 2026-11-20 13:00:00 +0000 UTC
}

func ExampleState_Room() {
	var s pace.State
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	weekly := []pace.Cap{{Messages: 1, Period: 7 * 24 * time.Hour}}
	s.Apply(at, &pace.Spend{Name: "monday", Marketing: true, Caps: weekly})
	room := s.Room(at.Add(time.Hour), &pace.Spend{Name: "tuesday", Marketing: true, Caps: weekly})
	fmt.Println(room.Enough(), room.Cap)
	// Output: false 2026-11-27 12:00:00 +0000 UTC
}

// Marketing to a person rests after the platform held some back, and twice as long
// when it did so again.
func ExampleBackoff_Until() {
	rest := pace.Backoff{First: 24 * time.Hour, Growth: 2, Longest: 7 * 24 * time.Hour, Forget: 30 * 24 * time.Hour}
	var s pace.State
	for i, at := range []time.Time{time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} {
		s.Apply(at, pace.Refused{ID: fmt.Sprint(i)})
		fmt.Println(rest.Until(&s.Tab).Format(time.DateTime))
	}
	// Output:
	// 2026-11-21 12:00:00
	// 2026-11-24 12:00:00
}
