package optintest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

// limit is how long one duty may take: enough for a slow server, short enough
// to notice a store that hangs.
const limit = time.Minute

// Run checks every duty of an optin.Store. open returns a fresh, empty store
// for each; it may use t.Cleanup to give it back.
func Run(t *testing.T, open func(t *testing.T) optin.Store) {
	t.Helper()
	for _, d := range slices.Concat(duties, optional) {
		t.Run(fmt.Sprintf("%d %s", d.number, d.name), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			err := d.check(ctx, open(t))
			if errors.Is(err, errNotAsked) {
				t.Skip(err)
			}
			if err != nil {
				t.Errorf("duty %d of optin.Store is broken: %v", d.number, err)
			}
		})
	}
}

// A duty is one promise, or a side of one.
type duty struct {
	number int
	name   string
	check  func(ctx context.Context, s optin.Store) error
}

// errNotAsked: the store does not offer what the duty is about.
var errNotAsked = errors.New("the store does not offer this")

var duties = []duty{
	{1, "whole", comesBackWhole},
	{1, "times", timesInUTC},
	{1, "unshared", nothingShared},
	{2, "once", storedOnce},
	{2, "once in one call", storedOnceInOneCall},
	{2, "once in a race", storedOnceInRace},
	{3, "nobody", nobodyIsEmpty},
	{3, "breakdown", breakdownIsError},
	{4, "order", inOrder},
	{4, "all", allThere},
	{4, "all in a race", allThereInRace},
	{5, "bytes", byteForByte},
	{6, "cancelled", cancelled},
	{6, "all or nothing", allOrNothing},
	{6, "interrupted", interrupted},
	{7, "closed", closed},
	{8, "raised", versionRaised},
	{8, "sum", versionSum},
	{9, "moved", enterMoved},
	{9, "again", enterAgain},
	{9, "race", enterRace},
	{10, "open", flightsOpen},
	{10, "expired", flightsExpired},
	{10, "left", flightsLeft},
	{11, "unknown", leaveUnknown},
}

// start is the instant the examples of the duties happen at.
var start = time.Date(2026, 5, 3, 10, 0, 0, 123456000, time.UTC)

// phone returns one of a thousand handles from a range set apart for fiction
// (Ofcom: 07700 900000 to 900999).
func phone(n int) party.Handle {
	return party.Handle{Scheme: party.Phone, Value: fmt.Sprintf("+44770090%04d", n)}
}

func user(v string) party.Handle { return party.Handle{Scheme: party.User, Value: v} }

// stop is a minimal event.
func stop(id string, after time.Duration, hs ...party.Handle) optin.Event {
	at := start.Add(after)
	return optin.Event{ID: id, Kind: optin.Revoked, Handles: hs, At: at, Received: at, Channel: optin.Email}
}

// grant is an event with every field set.
func grant(id string, after time.Duration, hs ...party.Handle) optin.Event {
	yes := true
	expires := start.AddDate(2, 0, 0)
	return optin.Event{
		ID: id, Kind: optin.Granted, Handles: hs, Purposes: []optin.Purpose{optin.Marketing, "newsletter"},
		At: start.Add(after), Received: start.Add(after + 1500*time.Millisecond),
		Channel: optin.Web, Line: party.Line{Account: "wa 1", Number: "1055"},
		Evidence: &optin.Evidence{
			Source: optin.WebForm, Wording: "Ja, schickt mir Neuigkeiten: ‘süß’ \U0001f36a\n\"zitiert\"", Version: "v4", Locale: "de-AT",
			BusinessName: "Zuckerbäckerei", Surface: "checkout", Proof: "crm:" + id, Country: "AT", Given: optin.Typed, Act: optin.Ticked, AgeOK: &yes, Expires: &expires,
		},
		Actor: "form-server", Ref: "ref:" + id,
	}
}

func flight(id string, version uint64, hs ...party.Handle) optin.Flight {
	return optin.Flight{ID: id, Handles: hs, Version: version, Entered: start, Expires: start.Add(time.Hour)}
}

// put appends events that have to be new.
func put(ctx context.Context, s optin.Store, events ...optin.Event) error {
	done, err := s.Append(ctx, events...)
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if done.Added != len(events) {
		return fmt.Errorf("append of %d new events says %d were added", len(events), done.Added)
	}
	return nil
}

func get(ctx context.Context, s optin.Store, hs ...party.Handle) (optin.History, error) {
	h, err := s.Events(ctx, hs)
	if err != nil {
		return h, fmt.Errorf("events: %w", err)
	}
	return h, nil
}

// want reads the history of handles and compares it with events, in order.
func want(ctx context.Context, s optin.Store, hs []party.Handle, events ...optin.Event) error {
	h, err := get(ctx, s, hs...)
	if err != nil {
		return err
	}
	if got, exp := ids(h.Events), ids(events); !slices.Equal(got, exp) {
		return fmt.Errorf("the events under %v are %q, not %q", hs, got, exp)
	}
	for i := range events {
		if err := same(h.Events[i], events[i]); err != nil {
			return fmt.Errorf("event %q came back with %w", events[i].ID, err)
		}
	}
	return nil
}

func ids(events []optin.Event) []string {
	list := []string{}
	for i := range events {
		list = append(list, events[i].ID)
	}
	return list
}

// same compares two events, times to the microsecond.
func same(got, exp optin.Event) error {
	for _, f := range []struct {
		name     string
		got, exp time.Time
	}{{"At", got.At, exp.At}, {"Received", got.Received, exp.Received}} {
		if err := sameTime(f.name, f.got, f.exp); err != nil {
			return err
		}
	}
	got.At, got.Received = exp.At, exp.Received
	if got.Until.IsZero() != exp.Until.IsZero() {
		return fmt.Errorf("an Until of %v, not %v", got.Until, exp.Until)
	}
	if !exp.Until.IsZero() {
		if err := sameTime("Until", got.Until, exp.Until); err != nil {
			return err
		}
		got.Until = exp.Until
	}
	switch {
	case (got.Evidence == nil) != (exp.Evidence == nil):
		return errors.New("evidence where there was none, or none where there was")
	case got.Evidence != nil:
		g, e := *got.Evidence, *exp.Evidence
		if (g.Expires == nil) != (e.Expires == nil) {
			return errors.New("an expiry where there was none, or none where there was")
		}
		if g.Expires != nil {
			if err := sameTime("Evidence.Expires", *g.Expires, *e.Expires); err != nil {
				return err
			}
			g.Expires = e.Expires
		}
		if !reflect.DeepEqual(g, e) {
			return fmt.Errorf("evidence %+v, not %+v", g, e)
		}
		got.Evidence = exp.Evidence
	}
	if len(got.Purposes) == 0 && len(exp.Purposes) == 0 {
		got.Purposes = exp.Purposes
	}
	if !reflect.DeepEqual(got, exp) {
		return fmt.Errorf("%+v, not %+v", got, exp)
	}
	return nil
}

func sameTime(name string, got, exp time.Time) error {
	if d := got.Sub(exp); d <= -time.Microsecond || d >= time.Microsecond {
		return fmt.Errorf("%s %v, not %v", name, got, exp)
	}
	if got.Location() != time.UTC {
		return fmt.Errorf("%s in %v, not in UTC", name, got.Location())
	}
	return nil
}

// sameFlights compares flights, in order.
func sameFlights(got []optin.Flight, exp ...optin.Flight) error {
	if len(got) != len(exp) {
		return fmt.Errorf("%d flights are returned, not %d", len(got), len(exp))
	}
	for i := range exp {
		g, e := got[i], exp[i]
		if err := sameTime("Entered", g.Entered, e.Entered); err != nil {
			return fmt.Errorf("flight %q came back with %w", e.ID, err)
		}
		if err := sameTime("Expires", g.Expires, e.Expires); err != nil {
			return fmt.Errorf("flight %q came back with %w", e.ID, err)
		}
		if g.Entered, g.Expires = e.Entered, e.Expires; !reflect.DeepEqual(g, e) {
			return fmt.Errorf("a flight came back as %+v, not %+v", g, e)
		}
	}
	return nil
}
