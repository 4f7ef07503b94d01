package window_test

import (
	"context"
	"fmt"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/window"
)

func Example() {
	ctx := context.Background()
	store := window.NewMemory()
	windows := window.New(store)

	customer := window.Place{
		Line:    party.Line{Number: "106540352242922"},
		Handles: []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}},
	}
	wrote := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	err := store.Note(ctx, window.Mark{ID: "wamid.HBgL", Kind: window.Wrote, Place: customer, At: wrote, Received: wrote.Add(time.Second)})
	if err != nil {
		fmt.Println(err)
		return
	}

	for _, after := range []time.Duration{time.Hour, 24*time.Hour - 30*time.Second, 24 * time.Hour} {
		s, err := windows.State(ctx, customer, wrote.Add(after))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("after %v: open %v, margin %v\n", after, s.Open, s.Margin)
	}
	// Output:
	// after 1h0m0s: open true, margin false
	// after 23h59m30s: open false, margin true
	// after 24h0m0s: open false, margin false
}

func ExampleNew() {
	// No margin, for a business that measured how the platform counts.
	w := window.New(window.NewMemory(), window.Margin(0))
	fmt.Println(w.Rules().Length, w.Rules().Margin)
	// Output: 24h0m0s 0s
}

// A customer comes through an ad, the business replies an hour later: messages
// are free for 72 hours from the reply, and the window closes after 24 all the
// same.
func ExampleStateAt() {
	came := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	replied := came.Add(time.Hour)
	marks := []window.Mark{
		{ID: "sent:1", Kind: window.Replied, At: replied, Received: replied},
		{ID: "ad:1", Kind: window.Ad, At: came, Received: came},
	}
	s := window.StateAt(marks, came.Add(30*time.Hour), window.DefaultRules())
	fmt.Println("open:", s.Open)
	fmt.Println("closed at:", s.ClosesAt)
	fmt.Println("free until:", s.FreeUntil)
	// Output:
	// open: false
	// closed at: 2026-11-21 09:00:00 +0000 UTC
	// free until: 2026-11-23 10:00:00 +0000 UTC
}

func ExampleState_Predict() {
	wrote := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	marks := []window.Mark{{ID: "wrote:1", Kind: window.Wrote, At: wrote, Received: wrote}}
	s := window.StateAt(marks, wrote, window.DefaultRules())
	fmt.Println(s.Predict(wrote.Add(23 * time.Hour)).For)
	fmt.Println(s.Predict(wrote.Add(25 * time.Hour)).Open)
	// Output:
	// 59m0s
	// false
}

func ExampleState_Words() {
	wrote := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	marks := []window.Mark{{ID: "wrote:1", Kind: window.Wrote, At: wrote, Received: wrote}}
	now := wrote.Add(23*time.Hour + 19*time.Minute)
	fmt.Println(window.StateAt(marks, now, window.DefaultRules()).Words(now))
	// Output: closes in 40 min
}

func ExampleCallsAt() {
	said := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	marks := []window.Mark{{ID: "callanswer:1", Kind: window.CallsAllowedFor, At: said, Received: said}}
	for _, after := range []time.Duration{6 * 24 * time.Hour, 7 * 24 * time.Hour} {
		c := window.CallsAt(marks, said.Add(after), window.DefaultCallRules())
		fmt.Println(c.Allowed, c.State)
	}
	// Output:
	// true temporary
	// false lapsed
}

// What the table of states does not list changes nothing.
func ExampleCallState_On() {
	s := window.CallsUnasked
	for _, e := range []window.CallEvent{window.CallEventAsked, window.CallEventAllowed, window.CallEventTimeUp, window.CallEventUnanswered} {
		s, _ = s.On(e)
		fmt.Println(e, "→", s)
	}
	// Output:
	// asked → requested
	// allowed for good → permanent
	// 7 days over → permanent
	// 4 calls in a row not taken → revoked
}

func ExampleCallSteps() {
	for _, step := range window.CallSteps() {
		if step.From == window.CallsTemporary && !step.To.Allowed() {
			fmt.Println(step.On, "→", step.To)
		}
	}
	// Output:
	// declined → declined
	// withdrawn → revoked
	// 4 calls in a row not taken → revoked
	// 7 days over → lapsed
}

// Stores keep of each kind what can still matter.
func ExampleKind_Keep() {
	fmt.Println(window.Wrote.Keep().Last, window.CallsAsked.Keep().For)
	// Output: 1 168h0m0s
}

func ExampleMark_Normal() {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	m := window.Mark{ID: "wamid.HBgL", Kind: window.Wrote, At: now.Add(time.Hour), Received: now,
		Place: window.Place{Line: party.Line{Number: "106540352242922"}, Group: "Y2FwaV9ncm91cDox"}}
	m, err := m.Normal()
	fmt.Println(m.At, err)
	_, err = window.Mark{ID: "wamid.HBgM", At: now, Received: now}.Normal()
	fmt.Println(err)
	// Output:
	// 2026-11-20 09:00:00 +0000 UTC <nil>
	// window: mark wamid.HBgM: it is of no known kind
}

func ExampleReachAt() {
	said := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	marks := []window.Mark{{ID: "131026:wamid.HBgL", Kind: window.Unreachable, At: said, Received: said}}
	fmt.Println(window.ReachAt(marks, said.Add(time.Hour)).Refused)
	wrote := said.Add(2 * time.Hour)
	marks = append(marks, window.Mark{ID: "wrote:wamid.HBgM", Kind: window.Wrote, At: wrote, Received: wrote})
	fmt.Println(window.ReachAt(marks, wrote.Add(time.Hour)).Refused)
	// Output:
	// true
	// false
}
