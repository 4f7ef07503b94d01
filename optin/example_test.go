package optin_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

func day(month time.Month, n int) time.Time { return time.Date(2026, month, n, 9, 0, 0, 0, time.UTC) }

// Somebody signs up on a form, and stops by e-mail a month later.
func Example() {
	ctx := context.Background()
	ledger := optin.NewLedger(optin.NewMemory(), optin.WithNow(func() time.Time { return day(7, 1) }))
	who := party.Party{Phone: "+447700900123"}

	err := ledger.Grant(ctx, optin.Grant{
		ID: "form-8812", Party: who, At: day(5, 3),
		Purposes: []optin.Purpose{optin.Marketing, optin.Utility},
		Evidence: optin.Evidence{
			Source: optin.WebForm, Version: "v4", Locale: "en-GB", BusinessName: "The Bakery",
			Wording: "I agree to receive offers and order updates from The Bakery.",
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := ledger.Revoke(ctx, optin.Revoke{Party: who, At: day(6, 9), Channel: optin.Email}); err != nil {
		fmt.Println(err)
		return
	}

	for _, at := range []time.Time{day(6, 1), day(7, 1)} {
		s, err := ledger.Standing(ctx, who, at)
		if err != nil {
			fmt.Println(err) // could not be found out: not a "no", and no "yes" either
			return
		}
		_, stopped := s.StoppedFor(optin.Marketing)
		fmt.Println(at.Format(time.DateOnly), s.Consent(optin.Marketing).Level, stopped)
		fmt.Println(s.Explain())
	}
	// Output:
	// 2026-06-01 named false
	// granted 2026-05-03 for marketing, utility by web-form v4
	// 2026-07-01 named true
	// granted 2026-05-03 for marketing, utility by web-form v4; stopped 2026-06-09 by email
}

// Everything that is wrong with a record is told at once.
func ExampleLedger_Grant() {
	ledger := optin.NewLedger(optin.NewMemory())
	err := ledger.Grant(context.Background(), optin.Grant{
		ID: "form-8813", At: day(5, 3), Received: day(5, 3),
		Purposes: []optin.Purpose{"Special Offers"},
		Evidence: optin.Evidence{Source: "a friend told us"},
	})
	var wrong *optin.RecordError
	if errors.As(err, &wrong) {
		for _, p := range wrong.Problems {
			fmt.Println(p.Field, p.Msg)
		}
	}
	// Output:
	// party names nobody
	// purposes[0] is not 1 to 64 of a-z, 0-9, hyphen, underscore and dot
	// evidence.source is unknown
}

// A send and a stop meet: whichever comes first, none of them is unaware of
// the other.
func ExampleLedger_Revoke() {
	ctx := context.Background()
	ledger := optin.NewLedger(optin.NewMemory(), optin.WithNow(func() time.Time { return day(6, 9) }))
	who := party.Party{Phone: "+447700900123"}
	s, _ := ledger.Standing(ctx, who, day(6, 9))
	flight := optin.Flight{ID: "send-1", Handles: s.Handles, Version: s.Version, Entered: day(6, 9), Expires: day(6, 10)}
	fmt.Println("before the stop:", ledger.Enter(ctx, flight))

	stopped, err := ledger.Revoke(ctx, optin.Revoke{Party: who, Channel: optin.Phone})
	fmt.Println("recorded:", stopped.Added, err)
	for _, f := range stopped.InFlight {
		fmt.Println("under way:", f.ID)
	}

	flight.ID = "send-2"
	fmt.Println("after it:", errors.Is(ledger.Enter(ctx, flight), optin.ErrMoved))
	fmt.Println("settled:", ledger.Leave(ctx, "send-1"))
	// Output:
	// before the stop: <nil>
	// recorded: true <nil>
	// under way: send-1
	// after it: true
	// settled: <nil>
}

// What the Inbox learns is recorded as events.
func ExampleLedger_Record() {
	ctx := context.Background()
	ledger := optin.NewLedger(optin.NewMemory(), optin.WithNow(func() time.Time { return day(6, 9) }))
	who := party.Party{User: "GB.13491208655302741918"}
	line := party.Line{Number: "106540352242922"}
	done, err := ledger.Record(ctx,
		optin.Event{ID: "wamid.1", Kind: optin.Revoked, Handles: who.Handles(), At: day(6, 1), Channel: optin.WhatsApp, Line: line},
		optin.Event{ID: "wamid.2", Kind: optin.Restarted, Handles: who.Handles(), At: day(6, 2), Channel: optin.WhatsApp, Line: line},
		optin.Event{ID: "prefs.1", Kind: optin.PlatformStopped, Handles: who.Handles(), At: day(6, 3), Line: line},
	)
	fmt.Println(done.Added, err)
	s, _ := ledger.Standing(ctx, who, day(6, 9))
	_, stopped := s.Stopped()
	_, _, pressed := s.PlatformStop(line)
	fmt.Println("stopped:", stopped, "ask for an opt-in:", s.Asks(), "WhatsApp's own switch:", pressed)
	// Output:
	// 3 <nil>
	// stopped: false ask for an opt-in: true WhatsApp's own switch: true
}

// A stop follows a person to their new number. An agreement does not.
func ExampleLedger_Moved() {
	ctx := context.Background()
	ledger := optin.NewLedger(optin.NewMemory(), optin.WithNow(func() time.Time { return day(6, 9) }))
	before, after := party.Party{Phone: "+447700900123"}, party.Party{Phone: "+447700900456"}
	_ = ledger.Grant(ctx, optin.Grant{ID: "form-1", Party: before, At: day(5, 1), Evidence: optin.Evidence{Source: optin.QR}})
	_, _ = ledger.Revoke(ctx, optin.Revoke{Party: before, At: day(5, 2), Purposes: []optin.Purpose{optin.Marketing}})
	fmt.Println(ledger.Moved(ctx, party.Move{ID: "change-1", From: before.Handles()[0], To: after.Handles()[0], At: day(6, 1)}))
	s, _ := ledger.Standing(ctx, after, day(6, 9))
	_, stopped := s.StoppedFor(optin.Marketing)
	fmt.Println("marketing stopped:", stopped, "agreed to utility:", s.Consent(optin.Utility).Level)
	// Output:
	// <nil>
	// marketing stopped: true agreed to utility: none
}

// StandingAt needs no store: it works out what a list of events comes to.
func ExampleStandingAt() {
	who := party.Party{Phone: "+447700900123"}.Handles()
	events := []optin.Event{
		{ID: "2", Kind: optin.Revoked, Handles: who, At: day(6, 2), Channel: optin.SMS},
		{ID: "1", Kind: optin.Granted, Handles: who, At: day(6, 1), Evidence: &optin.Evidence{Source: optin.Paper}},
		{ID: "3", Kind: optin.Granted, Handles: who, At: day(6, 3), Purposes: []optin.Purpose{optin.Utility}, Evidence: &optin.Evidence{Source: optin.IVR}},
	}
	s := optin.StandingAt(optin.History{Events: events}, day(6, 9))
	for _, p := range []optin.Purpose{optin.Marketing, optin.Utility} {
		stop, stopped := s.StoppedFor(p)
		fmt.Println(p, s.Consent(p).Level, stopped, stop.Channel)
	}
	// Output:
	// marketing general true sms
	// utility named false
}

func ExampleStanding_Reasons() {
	who := party.Party{Phone: "+447700900123"}.Handles()
	s := optin.StandingAt(optin.History{Events: []optin.Event{
		{ID: "form-1", Kind: optin.Granted, Handles: who, At: day(6, 1), Evidence: &optin.Evidence{Source: optin.Checkbox}},
		{ID: "mail-7", Kind: optin.Revoked, Handles: who, At: day(6, 2), Purposes: []optin.Purpose{"newsletter"}, Channel: optin.Email},
	}}, day(6, 9))
	for r := range s.Reasons() {
		fmt.Println(r.Event, "-", r)
	}
	// Output:
	// form-1 - granted 2026-06-01 by checkbox
	// mail-7 - stopped 2026-06-02 for newsletter by email
}

func ExampleMemory() {
	store := optin.NewMemory()
	fmt.Println(store.Close())
	_, err := store.Events(context.Background(), nil)
	fmt.Println(err)
	// Output:
	// <nil>
	// optin: the store is closed
}

// Who a person is taken for, what joined their handles, what moved, and what the
// standing rests on (marked with a star).
func ExampleLedger_Explain() {
	ctx := context.Background()
	links := party.NewMemory()
	ledger := optin.NewLedger(optin.NewMemory(), optin.WithLinks(links))
	old, user := party.Handle{Scheme: party.Phone, Value: "+447700900123"}, party.Handle{Scheme: party.User, Value: "GB.1"}
	evidence := optin.Evidence{Source: optin.WebForm, Version: "v4", Locale: "en-GB", BusinessName: "The Bakery", Wording: "I agree."}

	err := errors.Join(
		ledger.Grant(ctx, optin.Grant{ID: "form-1", Party: party.Party{Phone: old.Value}, At: day(5, 3), Received: day(5, 3), Evidence: evidence}),
		links.Join(ctx, party.Join{ID: "wrote:wamid.1", Handles: []party.Handle{old, user}, At: day(5, 10)}),
	)
	_, stopped := ledger.Revoke(ctx, optin.Revoke{ID: "mail-7", Party: party.Party{User: user.Value}, At: day(6, 9), Received: day(6, 9), Channel: optin.Email})
	moved := ledger.Moved(ctx, party.Move{ID: "wamid.2", From: old, To: party.Handle{Scheme: party.Phone, Value: "+447700900456"}, At: day(6, 20)})
	story, failed := ledger.Explain(ctx, party.Party{Phone: "+447700900456"}, day(7, 1))
	fmt.Println(story, errors.Join(err, stopped, moved, failed))
	// Output:
	// known as +447700900456
	//   2026-05-03 09:00:00 granted by web-form v4, under +447700900123
	//   2026-05-10 09:00:00 joined +447700900123, GB.1, which +447700900123 left since (wrote:wamid.1)
	//   2026-06-09 09:00:00 stopped by email, under GB.1, +447700900123
	// * 2026-06-09 09:00:00 stopped by email, under +447700900456
	//   2026-06-20 09:00:00 moved from +447700900123 to +447700900456 (wamid.2)
	// so at 2026-07-01 09:00:00: stopped: messages, marketing, utility, authentication, calls <nil>
}

// A form that has people tell which column is what offers these.
func ExampleDraftFields() {
	var first []string
	for name := range optin.DraftFields() {
		if first = append(first, name); len(first) == 4 {
			break
		}
	}
	fmt.Println(first)
	// Output: [id phone wa_id user]
}
