package optin_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

var (
	noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	anna = party.Party{Phone: "+447700900123"}
	both = party.Party{Phone: "+447700900123", User: "GB.Ab12"}
	user = party.Party{User: "GB.Ab12"}
	next = party.Party{Phone: "+447700900456"}
)

func minute(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }

func handle(p party.Party) party.Handle { return p.Handles()[0] }

// links is the least a party.Links can be: joins that hold until a move of
// one of their handles.
type links struct {
	mu    sync.Mutex
	joins []party.Join
	moves []party.Move
	err   error
	known func() // called before Known answers, without the lock
}

func (l *links) Join(_ context.Context, js ...party.Join) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.joins = append(l.joins, js...)
	return l.err
}

func (l *links) Move(_ context.Context, ms ...party.Move) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range ms {
		if !slices.ContainsFunc(l.moves, func(o party.Move) bool { return o.ID == m.ID }) {
			l.moves = append(l.moves, m)
		}
	}
	return l.err
}

func (l *links) Known(_ context.Context, hs []party.Handle) (party.Known, error) {
	if l.known != nil {
		l.known()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	k := party.Known{Handles: slices.Clone(hs)}
	for range l.joins {
		for _, j := range l.joins {
			cut := func(h party.Handle) bool {
				return slices.ContainsFunc(l.moves, func(m party.Move) bool { return m.From == h && !j.At.After(m.At) })
			}
			whole := slices.DeleteFunc(slices.Clone(j.Handles), cut)
			if slices.ContainsFunc(whole, func(h party.Handle) bool { return slices.Contains(k.Handles, h) }) {
				for _, h := range whole {
					if !slices.Contains(k.Handles, h) {
						k.Handles = append(k.Handles, h)
					}
				}
			}
		}
	}
	for _, m := range l.moves {
		if slices.Contains(k.Handles, m.From) || slices.Contains(k.Handles, m.To) {
			k.Moves = append(k.Moves, m)
		}
	}
	return k, l.err
}

func clock() time.Time { return minute(1000) }

// open returns a ledger over an empty store, with links and a clock.
func open(opts ...optin.LedgerOption) (*optin.Ledger, *optin.Memory, *links) {
	store, known := optin.NewMemory(), &links{}
	return optin.NewLedger(store, append([]optin.LedgerOption{optin.WithLinks(known), optin.WithNow(clock)}, opts...)...), store, known
}

func grantOf(id string, p party.Party, at int, purposes ...optin.Purpose) optin.Grant {
	return optin.Grant{ID: id, Party: p, At: minute(at), Purposes: purposes, Evidence: optin.Evidence{Source: optin.WebForm}}
}

func stopped(t *testing.T, l *optin.Ledger, p party.Party, purpose optin.Purpose) bool {
	t.Helper()
	s, err := l.Standing(t.Context(), p, minute(900))
	require.NoError(t, err)
	_, on := s.StoppedFor(purpose)
	return on
}

func consent(t *testing.T, l *optin.Ledger, p party.Party, purpose optin.Purpose) optin.Level {
	t.Helper()
	s, err := l.Standing(t.Context(), p, minute(900))
	require.NoError(t, err)
	return s.Consent(purpose).Level
}

func TestWrongRecordsAreToldWhole(t *testing.T) {
	l := optin.NewLedger(optin.NewMemory()) // no clock
	early := minute(0)
	for _, c := range []struct {
		why  string
		do   func() error
		want []string
	}{
		{"a grant that lacks everything", func() error { return l.Grant(t.Context(), optin.Grant{}) },
			[]string{"id is missing", "party names nobody", "at is missing", "received is missing", "evidence.source is unknown"}},
		{"everything in a grant is wrong", func() error {
			return l.Grant(t.Context(), optin.Grant{ID: strings.Repeat("i", 513), Party: party.Party{Phone: "447700900123", User: "a b", Parent: "\xff"},
				Purposes: []optin.Purpose{"Marketing", "", optin.Purpose(strings.Repeat("x", 65)), "ok-1_2.3", "süß"},
				At:       minute(1), Received: minute(1), Line: party.Line{Number: "\n"}, Actor: "\xff",
				Evidence: optin.Evidence{Source: "telepathy", Wording: strings.Repeat("w", 4097), Proof: "\xff", Expires: &early}})
		}, []string{"id is longer than 512 bytes", "party.phone is not a phone number in E.164 form with its plus",
			"party.user holds spaces or control characters", "party.parent is not valid UTF-8",
			"purposes[0] is not 1 to 64 of a-z, 0-9, hyphen, underscore and dot", "purposes[1] is not 1 to 64 of a-z, 0-9, hyphen, underscore and dot",
			"purposes[2] is not 1 to 64 of a-z, 0-9, hyphen, underscore and dot", "purposes[4] is not 1 to 64 of a-z, 0-9, hyphen, underscore and dot",
			"evidence.source is unknown", "evidence.wording is longer than 4096 bytes", "evidence.proof is not valid UTF-8",
			"evidence.expires is not after the grant", "line.number holds control characters", "actor is not valid UTF-8"}},
		{"a stop that lacks everything", func() error { _, err := l.Revoke(t.Context(), optin.Revoke{}); return err },
			[]string{"party names nobody", "at is missing", "received is missing"}},
		{"a stop said nowhere we know", func() error {
			_, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: noon, Received: noon, Channel: "fax"})
			return err
		}, []string{"channel is unknown"}},
		{"milliseconds taken for seconds", func() error {
			_, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: time.Unix(noon.UnixMilli(), 0), Received: noon})
			return err
		}, []string{"at lies outside the years 2000 to 9999"}},
		{"events that are none", func() error { _, err := l.Record(t.Context(), optin.Event{}); return err },
			[]string{"id is missing", "kind is unknown", "handles name nobody", "at is missing", "received is missing"}},
		{"handles that are none", func() error {
			_, err := l.Record(t.Context(), optin.Event{ID: "e", Kind: optin.Ended, At: noon, Received: noon, Channel: "fax", Handles: []party.Handle{
				{Scheme: party.User}, {Scheme: "email", Value: "a@b"}, {Scheme: party.User, Value: strings.Repeat("u", 257)},
				{Scheme: party.Phone, Value: "+0447700900123"}, {Scheme: party.Phone, Value: "+44 770090012"}, {Scheme: party.Phone, Value: "+1234567890123456"}}})
			return err
		}, []string{"handles[0] is empty", "handles[1] has an unknown scheme", "handles[2] is longer than 256 bytes",
			"handles[3] is not a phone number in E.164 form with its plus", "handles[4] is not a phone number in E.164 form with its plus",
			"handles[5] is not a phone number in E.164 form with its plus", "channel is unknown"}},
		{"more than anybody needs", func() error {
			_, err := l.Record(t.Context(), optin.Event{ID: "e", Kind: optin.Revoked, At: noon, Received: noon,
				Handles: slices.Repeat(anna.Handles(), 1025), Purposes: slices.Repeat([]optin.Purpose{"a"}, 65)})
			return err
		}, []string{"handles are more than 1024", "purposes are more than 64"}},
		{"a grant without evidence", func() error {
			_, err := l.Record(t.Context(), optin.Event{ID: "e", Kind: optin.Granted, Handles: anna.Handles(), At: noon, Received: noon})
			return err
		}, []string{"evidence is missing"}},
		{"nobody is asked about", func() error { _, err := l.Standing(t.Context(), party.Party{}, noon); return err },
			[]string{"party names nobody"}},
		{"a number that is none would never be found", func() error {
			_, err := l.Standing(t.Context(), party.Party{Phone: "07700 900123"}, noon)
			return err
		}, []string{"party.phone is not a phone number in E.164 form with its plus"}},
		{"a flight without anything", func() error { return l.Enter(t.Context(), optin.Flight{}) },
			[]string{"id is missing", "handles name nobody", "entered is missing"}},
		{"a flight that expires as it enters", func() error {
			return l.Enter(t.Context(), optin.Flight{ID: "f", Handles: anna.Handles(), Entered: noon, Expires: noon})
		}, []string{"expires is not after entered"}},
		{"a move to nowhere", func() error { return l.Moved(t.Context(), party.Move{From: handle(anna), To: handle(user)}) },
			[]string{"id is missing", "to is of another scheme than from", "at is missing", "received is missing"}},
		{"a move to the same", func() error {
			return l.Moved(t.Context(), party.Move{ID: "m", From: handle(anna), To: handle(anna), At: noon})
		}, []string{"to is the same as from"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			var wrong *optin.RecordError
			require.ErrorAs(t, c.do(), &wrong)
			var got []string
			for _, p := range wrong.Problems {
				got = append(got, p.Field+" "+p.Msg)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			require.NotContains(t, wrong.Error(), "7700", "no phone number in an error")
		})
	}
	err := l.Grant(t.Context(), optin.Grant{ID: "form-1", Party: anna, At: noon, Received: noon})
	require.EqualError(t, err, `optin: record "form-1": evidence.source is unknown`)
}

func TestNothingIsRecordedOfABadBatch(t *testing.T) {
	l, store, _ := open()
	good := optin.Event{ID: "e", Kind: optin.Revoked, Handles: anna.Handles(), At: noon}
	_, err := l.Record(t.Context(), good, optin.Event{ID: "f"})
	require.Error(t, err)
	h, err := store.Events(t.Context(), anna.Handles())
	require.NoError(t, err)
	require.Empty(t, h.Events)
}

func TestTimes(t *testing.T) {
	l, store, _ := open(optin.WithActor("signup-service"))
	east := time.FixedZone("", 3600)
	g := grantOf("g", anna, 0)
	g.At = minute(5000).In(east) // another machine's clock, ahead of ours
	require.NoError(t, l.Grant(t.Context(), g))
	_, err := l.Revoke(t.Context(), optin.Revoke{ID: "r", Party: anna})
	require.NoError(t, err)
	h, err := store.Events(t.Context(), anna.Handles())
	require.NoError(t, err)
	require.Len(t, h.Events, 2)
	for _, e := range h.Events {
		require.Equal(t, clock(), e.At, "nothing happens after we learned of it: a time from the future counts from receipt")
		require.Equal(t, clock(), e.Received)
		require.Equal(t, "signup-service", e.Actor)
	}
	s, err := l.Standing(t.Context(), anna, clock())
	require.NoError(t, err)
	_, on := s.Stopped()
	require.True(t, on)
}

func TestGrantIsIdempotent(t *testing.T) {
	l, store, _ := open()
	for range 2 {
		require.NoError(t, l.Grant(t.Context(), grantOf("form-1", anna, 1)))
	}
	h, err := store.Events(t.Context(), anna.Handles())
	require.NoError(t, err)
	require.Len(t, h.Events, 1)

	var wrong *optin.RecordError
	require.ErrorAs(t, l.Grant(t.Context(), grantOf("form-1", next, 1)), &wrong, "an id that somebody else's grant has is told, not swallowed")
	require.Equal(t, optin.NoConsent, consent(t, l, next, optin.Utility))
}

func TestRevokeIsNeverLostBehindAnID(t *testing.T) {
	l, _, known := open()
	require.NoError(t, known.Join(t.Context(), party.Join{ID: "j", Handles: []party.Handle{handle(next), {Scheme: party.User, Value: "GB.Next"}}, At: noon}))
	for _, p := range []party.Party{anna, next} {
		done, err := l.Revoke(t.Context(), optin.Revoke{ID: "unsubscribe", Party: p, At: minute(1)})
		require.NoError(t, err)
		require.True(t, done.Added)
		done, err = l.Revoke(t.Context(), optin.Revoke{ID: "unsubscribe", Party: p, At: minute(1)})
		require.NoError(t, err)
		require.False(t, done.Added, "said again, it is there already")
	}
	require.True(t, stopped(t, l, anna, ""))
	require.True(t, stopped(t, l, next, ""))
	require.True(t, stopped(t, l, party.Party{User: "GB.Next"}, ""))
}

func TestAStopIsNotLostBehindItsOwnID(t *testing.T) {
	stop := func(at int, purposes ...optin.Purpose) optin.Event {
		return optin.Event{ID: "e", Kind: optin.Revoked, Handles: anna.Handles(), At: minute(at), Purposes: purposes}
	}
	kind := func(e optin.Event, k optin.Kind, line string) optin.Event {
		e.Kind, e.Line.Number = k, line
		return e
	}
	grant := func(at int) optin.Event {
		return optin.Event{ID: "g", Kind: optin.Granted, Handles: anna.Handles(), At: minute(at), Evidence: &optin.Evidence{Source: optin.WebForm}}
	}
	other := func(e optin.Event, id string) optin.Event { e.ID = id; return e }
	for _, c := range []struct {
		why    string
		before []optin.Event
		say    optin.Event
		added  int
		holds  func(optin.Standing) bool
		want   bool
	}{
		{"a webhook that comes twice", []optin.Event{stop(1)}, stop(1), 0, messages, true},
		{"twice, with its purposes in another order", []optin.Event{stop(1, optin.Marketing, "news")}, stop(1, "news", optin.Marketing), 0, marketing, true},
		{"less than the one on record", []optin.Event{stop(1)}, stop(1, optin.Marketing), 0, marketing, true},
		{"everything, after marketing alone", []optin.Event{stop(1, optin.Marketing)}, stop(1), 1, messages, true},
		{"a further purpose", []optin.Event{stop(1, "news")}, stop(1, "news", optin.Marketing), 1, marketing, true},
		{"again after a grant", []optin.Event{stop(1), grant(2)}, stop(3), 1, messages, true},
		{"and that again", []optin.Event{stop(1), grant(2), stop(3)}, stop(3), 0, messages, true},
		{"the first one again, after a grant", []optin.Event{stop(1), grant(2)}, stop(1), 0, messages, false},
		{"dated before the one on record, so that START after both leaves it in force", []optin.Event{stop(5), other(kind(stop(6), optin.Restarted, ""), "start")},
			stop(2, optin.Marketing), 1, marketing, true},
		{"marketing held again after a grant", []optin.Event{kind(stop(1), optin.Suppressed, ""), grant(2)},
			kind(stop(3), optin.Suppressed, ""), 1, optin.Standing.Suppressed, true},
		{"the platform's Stop on a second line", []optin.Event{kind(stop(1), optin.PlatformStopped, "1")},
			kind(stop(1), optin.PlatformStopped, "2"), 1, pressedOn("2"), true},
		{"and on a third", []optin.Event{kind(stop(1), optin.PlatformStopped, "1"), kind(stop(1), optin.PlatformStopped, "2")},
			kind(stop(1), optin.PlatformStopped, "3"), 1, pressedOn("3"), true},
		{"START that comes twice, the second time without its own time, lifts no later stop",
			[]optin.Event{kind(stop(1), optin.Restarted, ""), other(stop(2), "stop")}, kind(stop(3), optin.Restarted, ""), 0, messages, true},
	} {
		l, _, _ := open()
		for _, e := range c.before {
			_, err := l.Record(t.Context(), e)
			require.NoError(t, err, c.why)
		}
		done, err := l.Record(t.Context(), c.say)
		require.NoError(t, err, c.why)
		require.Equal(t, c.added, done.Added, c.why)
		s, err := l.Standing(t.Context(), anna, minute(900))
		require.NoError(t, err, c.why)
		require.Equal(t, c.want, c.holds(s), c.why)
	}

	l, _, _ := open()
	both := []optin.Event{stop(1, optin.Marketing), stop(1)}
	done, err := l.Record(t.Context(), both...)
	require.NoError(t, err)
	require.Equal(t, 2, done.Added, "two of one id in one call are two")
	done, err = l.Record(t.Context(), both...)
	require.NoError(t, err)
	require.Zero(t, done.Added)

	var wrong *optin.RecordError
	_, err = l.Record(t.Context(), kind(stop(3), optin.Ended, ""))
	require.ErrorAs(t, err, &wrong, "an end of grants behind the id of something else is told")
}

func messages(s optin.Standing) bool { _, on := s.Stopped(); return on }

func marketing(s optin.Standing) bool { _, on := s.StoppedFor(optin.Marketing); return on }

func pressedOn(line string) func(optin.Standing) bool {
	return func(s optin.Standing) bool {
		_, _, on := s.PlatformStop(party.Line{Number: line}, optin.PerLine)
		return on
	}
}

func TestRevokeWithoutID(t *testing.T) {
	l, store, _ := open()
	r := optin.Revoke{Party: anna, At: minute(1), Channel: optin.Email, Purposes: []optin.Purpose{optin.Marketing, optin.Utility}}
	for _, c := range []struct {
		why    string
		change func(*optin.Revoke)
		added  bool
	}{
		{"the first", func(*optin.Revoke) {}, true},
		{"the same again", func(*optin.Revoke) {}, false},
		{"the same in another order", func(r *optin.Revoke) { r.Purposes = []optin.Purpose{optin.Utility, optin.Marketing} }, false},
		{"received again later", func(r *optin.Revoke) { r.Received = minute(50) }, false},
		{"said at another time", func(r *optin.Revoke) { r.At = minute(2) }, true},
		{"said elsewhere", func(r *optin.Revoke) { r.Channel = optin.SMS }, true},
		{"of everything", func(r *optin.Revoke) { r.Purposes = nil }, true},
		{"by somebody else", func(r *optin.Revoke) { r.Party = next }, true},
	} {
		r := r
		c.change(&r)
		done, err := l.Revoke(t.Context(), r)
		require.NoError(t, err, c.why)
		require.Equal(t, c.added, done.Added, c.why)
	}
	h, err := store.Events(t.Context(), anna.Handles())
	require.NoError(t, err)
	require.Len(t, h.Events, 4)
	require.Equal(t, optin.Email, h.Events[0].Channel)
	require.NotContains(t, h.Events[0].ID, "7700", "an id names nobody")
}

func TestLinksJoinWhatOnePersonSays(t *testing.T) {
	l, _, known := open()
	require.NoError(t, l.Grant(t.Context(), grantOf("g", both, 1)))
	require.NoError(t, known.Join(t.Context(), party.Join{ID: "j", Handles: both.Handles(), At: noon}))
	_, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(2), Channel: optin.Email})
	require.NoError(t, err)
	require.True(t, stopped(t, l, user, ""), "a stop under the phone binds a send to the BSUID")

	require.NoError(t, l.Grant(t.Context(), grantOf("g2", user, 3)))
	require.True(t, stopped(t, l, user, ""), "a grant under the BSUID alone does not lift it")
	require.NoError(t, l.Grant(t.Context(), grantOf("g3", both, 4)))
	require.False(t, stopped(t, l, user, ""), "one under all handles does")

	done, err := l.Record(t.Context(),
		optin.Event{ID: "p", Kind: optin.PlatformStopped, Handles: user.Handles(), At: minute(5)},
		optin.Event{ID: "s", Kind: optin.Suppressed, Handles: user.Handles(), At: minute(6), Channel: optin.WhatsApp})
	require.NoError(t, err)
	require.Equal(t, 2, done.Added)
	known.joins = nil // were the link lost, the phone would still know
	s, err := l.Standing(t.Context(), anna, minute(900))
	require.NoError(t, err)
	_, _, pressed := s.PlatformStop(party.Line{})
	require.True(t, pressed)
	require.True(t, s.Suppressed())
}

func TestStopAndStartOfOnePersonUnderOneName(t *testing.T) {
	l, _, known := open()
	require.NoError(t, known.Join(t.Context(), party.Join{ID: "j", Handles: both.Handles(), At: noon}))
	require.NoError(t, l.Grant(t.Context(), grantOf("g", anna, 1)))
	_, err := l.Record(t.Context(), optin.Event{ID: "stop", Kind: optin.Revoked, Handles: user.Handles(), At: minute(2), Channel: optin.WhatsApp})
	require.NoError(t, err)
	require.True(t, stopped(t, l, anna, ""))
	_, err = l.Record(t.Context(), optin.Event{ID: "start", Kind: optin.Restarted, Handles: user.Handles(), At: minute(3), Channel: optin.WhatsApp})
	require.NoError(t, err)
	require.False(t, stopped(t, l, anna, ""), "who could say STOP under a name can say START under it")
	require.Equal(t, optin.General, consent(t, l, anna, optin.Utility))
}

func TestStopsFollowAMove(t *testing.T) {
	move := party.Move{ID: "m1", From: handle(anna), To: handle(next), At: minute(100)}
	l, store, known := open()
	require.NoError(t, known.Join(t.Context(), party.Join{ID: "j", Handles: both.Handles(), At: noon}))
	require.NoError(t, l.Grant(t.Context(), grantOf("g", anna, 1)))
	_, err := l.Record(t.Context(),
		optin.Event{ID: "s1", Kind: optin.Revoked, Handles: anna.Handles(), Purposes: []optin.Purpose{optin.Marketing}, At: minute(2), Channel: optin.Email},
		optin.Event{ID: "s2", Kind: optin.PlatformStopped, Handles: anna.Handles(), At: minute(3), Ref: "wamid.1"},
		optin.Event{ID: "s3", Kind: optin.Revoked, Handles: anna.Handles(), Purposes: []optin.Purpose{"news"}, At: minute(4)},
		optin.Event{ID: "s4", Kind: optin.Suppressed, Handles: anna.Handles(), At: minute(5)},
		optin.Event{ID: "s5", Kind: optin.Revoked, Handles: anna.Handles(), Purposes: []optin.Purpose{optin.Utility}, At: minute(6)})
	require.NoError(t, err)
	require.NoError(t, l.Grant(t.Context(), grantOf("g2", both, 7, optin.Utility)))

	for range 3 { // repeats are harmless
		require.NoError(t, l.Moved(t.Context(), move))
	}
	s, err := l.Standing(t.Context(), next, minute(900))
	require.NoError(t, err)
	for p, want := range map[optin.Purpose]bool{"": false, optin.Marketing: true, "news": true, optin.Utility: false} {
		_, got := s.StoppedFor(p)
		require.Equal(t, want, got, "%s under the new number", p)
	}
	stop, _ := s.StoppedFor(optin.Marketing)
	require.Equal(t, minute(2), stop.At, "with the time it was said")
	require.Equal(t, "s1", stop.Ref)
	_, ref, pressed := s.PlatformStop(party.Line{})
	require.True(t, pressed)
	require.Equal(t, "wamid.1", ref)
	require.True(t, s.Suppressed())
	require.Equal(t, optin.NoConsent, s.Consent(optin.Utility).Level, "agreements do not follow")
	require.Equal(t, optin.NoConsent, consent(t, l, anna, optin.Utility), "and the old number's end")
	h, err := store.Events(t.Context(), next.Handles())
	require.NoError(t, err)
	require.Len(t, h.Events, 4)

	// A stop said before the move and heard after it.
	done, err := l.Revoke(t.Context(), optin.Revoke{ID: "letter", Party: anna, At: minute(99), Channel: optin.Letter})
	require.NoError(t, err)
	require.True(t, done.Added)
	require.True(t, stopped(t, l, next, ""))
	require.True(t, stopped(t, l, anna, ""))
}

func TestStopsOfTheNextOwnerStayWithTheNumber(t *testing.T) {
	l, _, _ := open()
	require.NoError(t, l.Moved(t.Context(), party.Move{ID: "m1", From: handle(anna), To: handle(next), At: minute(100)}))
	_, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(101)})
	require.NoError(t, err)
	require.True(t, stopped(t, l, anna, ""))
	require.False(t, stopped(t, l, next, ""))
}

func TestStopsReachTheEndOfAChainOfMoves(t *testing.T) {
	l, _, _ := open()
	third := party.Party{Phone: "+447700900789"}
	require.NoError(t, l.Moved(t.Context(), party.Move{ID: "m1", From: handle(anna), To: handle(next), At: minute(100)}))
	require.NoError(t, l.Moved(t.Context(), party.Move{ID: "m2", From: handle(next), To: handle(third), At: minute(200)}))
	_, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(50)})
	require.NoError(t, err)
	require.True(t, stopped(t, l, third, ""))
}

func TestAFullStopLeftForCallsIsNarrowed(t *testing.T) {
	l, _, _ := open()
	_, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(1)})
	require.NoError(t, err)
	require.NoError(t, l.Grant(t.Context(), grantOf("g", anna, 2)))
	require.NoError(t, l.Moved(t.Context(), party.Move{ID: "m1", From: handle(anna), To: handle(next), At: minute(100)}))
	require.False(t, stopped(t, l, next, ""), "what was lifted does not come back with the move")
	require.True(t, stopped(t, l, next, optin.Calls))
}

func TestCarryGrants(t *testing.T) {
	l, _, _ := open(optin.CarryGrants())
	require.NoError(t, l.Grant(t.Context(), grantOf("g0", anna, 1)))
	_, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(2)})
	require.NoError(t, err)
	require.NoError(t, l.Grant(t.Context(), grantOf("g1", anna, 3, optin.Utility)))
	lapsed := minute(50)
	g := grantOf("g2", anna, 4, optin.Marketing)
	g.Evidence.Expires = &lapsed
	require.NoError(t, l.Grant(t.Context(), g))
	for range 2 {
		require.NoError(t, l.Moved(t.Context(), party.Move{ID: "m1", From: handle(anna), To: handle(next), At: minute(100)}))
	}
	require.Equal(t, optin.Named, consent(t, l, next, optin.Utility))
	require.False(t, stopped(t, l, next, optin.Utility))
	require.True(t, stopped(t, l, next, optin.Marketing), "the stop comes along as far as it stood")
	require.Equal(t, optin.NoConsent, consent(t, l, anna, optin.Utility), "whoever has the old number now never agreed")
}

// A stop that is being written while the person moves is found by one side or
// the other, wherever the other one gets in between.
func TestAStopRacesAMove(t *testing.T) {
	for step := range 6 {
		l, _, known := open()
		n := 0
		known.known = func() {
			if n == step {
				known.known = nil
				require.NoError(t, l.Moved(t.Context(), party.Move{ID: "m", From: handle(anna), To: handle(next), At: minute(100)}))
			}
			n++
		}
		_, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(50)})
		require.NoError(t, err)
		if known.known != nil {
			continue // fewer look-ups than that
		}
		require.True(t, stopped(t, l, next, ""), "move before look-up %d of the stop", step)
	}
	for round := range 50 {
		l, _, _ := open()
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(50)}) })
		wg.Go(func() {
			_ = l.Moved(t.Context(), party.Move{ID: "m", From: handle(anna), To: handle(next), At: minute(100)})
		})
		wg.Wait()
		require.True(t, stopped(t, l, next, ""), "round %d", round)
	}
}

func TestOrderOfAStopAndASend(t *testing.T) {
	l, _, known := open()
	require.NoError(t, known.Join(t.Context(), party.Join{ID: "j", Handles: both.Handles(), At: noon}))
	require.NoError(t, l.Grant(t.Context(), grantOf("g", both, 1)))
	s, err := l.Standing(t.Context(), user, minute(10))
	require.NoError(t, err)
	flight := func(id string) optin.Flight {
		return optin.Flight{ID: id, Handles: s.Handles, Version: s.Version, Entered: minute(10), Expires: minute(2000)}
	}
	require.NoError(t, l.Enter(t.Context(), flight("f1")))
	require.NoError(t, l.Enter(t.Context(), flight("f2")))
	require.NoError(t, l.Leave(t.Context(), "f1"))
	done, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(11)})
	require.NoError(t, err)
	require.True(t, done.Added)
	require.Len(t, done.InFlight, 1)
	require.Equal(t, "f2", done.InFlight[0].ID)
	require.ErrorIs(t, l.Enter(t.Context(), flight("f3")), optin.ErrMoved)

	s, err = l.Standing(t.Context(), user, minute(10)) // the instant the message was stamped, before the stop
	require.NoError(t, err)
	_, on := s.Stopped()
	require.False(t, on, "at that instant nothing was stopped")
	require.ErrorIs(t, l.Enter(t.Context(), flight("f4")), optin.ErrMoved, "and still nothing enters on it")
}

// A link that is learned while a stop is being written brings the stop to the
// other handle, and the sends under way there into the answer.
func TestAStopRacesALink(t *testing.T) {
	l, _, known := open()
	for _, f := range []optin.Flight{{ID: "b", Handles: anna.Handles()}, {ID: "a", Handles: user.Handles()}, {ID: "c", Handles: next.Handles()}} {
		f.Entered, f.Expires = noon, minute(2000)
		require.NoError(t, l.Enter(t.Context(), f))
	}
	n := 0
	known.known = func() {
		if n++; n == 2 { // the first look-up is behind, the stop is written
			known.joins = []party.Join{{ID: "j", Handles: both.Handles(), At: noon}}
		}
	}
	done, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(1)})
	require.NoError(t, err)
	require.Len(t, done.InFlight, 2)
	require.Equal(t, "a", done.InFlight[0].ID)
	require.Equal(t, "b", done.InFlight[1].ID)
	known.joins, known.known = nil, nil
	require.True(t, stopped(t, l, user, ""))
}

// busy is a store beside which a further handle of the person is learned with
// every write.
type busy struct {
	*optin.Memory
	links *links
}

func (b busy) Append(ctx context.Context, events ...optin.Event) (optin.Appended, error) {
	n := len(b.links.joins)
	_ = b.links.Join(ctx, party.Join{ID: fmt.Sprint(n), Handles: []party.Handle{handle(anna), {Scheme: party.User, Value: fmt.Sprint("GB.", n)}}, At: noon})
	return b.Memory.Append(ctx, events...)
}

func TestAStopThatIsNeverCompleteIsAnError(t *testing.T) {
	known := &links{}
	l := optin.NewLedger(busy{optin.NewMemory(), known}, optin.WithLinks(known), optin.WithNow(clock))
	done, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(1)})
	require.ErrorContains(t, err, "kept changing")
	require.True(t, done.Added)
	require.True(t, stopped(t, l, anna, ""), "it is on record all the same")
}

// However many handles links know somebody under, their stop is written, holds
// under every one of them, and goes along when they are parted or move on.
func TestAStopOfSomebodyOfManyHandles(t *testing.T) {
	alias := func(i int) party.Party { return party.Party{User: fmt.Sprint("GB.", i)} }
	for _, c := range []struct {
		why     string
		n       int // of user ids seen with one phone
		written int // handles of the stop
	}{
		{"as many as a stop is widened to", 99, 100},
		{"one more than that", 100, 1},
		{"more than an event may name", 2000, 1},
	} {
		t.Run(c.why, func(t *testing.T) {
			ctx, store, known := t.Context(), optin.NewMemory(), party.NewMemory()
			l := optin.NewLedger(store, optin.WithLinks(known), optin.WithNow(clock))
			for i := range c.n {
				require.NoError(t, known.Join(ctx, party.Join{ID: fmt.Sprint(i), Handles: []party.Handle{handle(anna), handle(alias(i))}, At: noon}))
			}
			_, err := l.Revoke(ctx, optin.Revoke{ID: "stop", Party: anna, At: minute(1)})
			require.NoError(t, err)
			h, err := store.Events(ctx, anna.Handles())
			require.NoError(t, err)
			require.Len(t, h.Events, 1)
			require.Len(t, h.Events[0].Handles, c.written)
			require.True(t, stopped(t, l, alias(c.n-1), ""))

			late := optin.Revoke{ID: "late", Party: anna, At: minute(2), Purposes: []optin.Purpose{"news"}}
			require.NoError(t, l.Moved(ctx, party.Move{ID: "m", From: handle(anna), To: handle(next), At: minute(3)}))
			_, err = l.Revoke(ctx, late)
			require.NoError(t, err)
			require.True(t, stopped(t, l, next, ""), "what was said before the move")
			h, err = store.Events(ctx, next.Handles())
			require.NoError(t, err)
			require.True(t, slices.ContainsFunc(h.Events, func(e optin.Event) bool { return e.ID == "late" }), "and what is told after it")
			require.NoError(t, l.Moved(ctx, party.Move{ID: "p", From: handle(alias(0)), At: minute(4)}))
		})
	}
}

// broken fails in every call.
type broken struct{ err error }

func (b broken) Append(context.Context, ...optin.Event) (optin.Appended, error) {
	return optin.Appended{}, b.err
}
func (b broken) Events(context.Context, []party.Handle) (optin.History, error) {
	return optin.History{}, b.err
}
func (b broken) Enter(context.Context, optin.Flight) error { return b.err }
func (b broken) Leave(context.Context, string) error       { return b.err }

func TestABreakdownIsAnErrorAndNeverAnAnswer(t *testing.T) {
	down := errors.New("connection refused")
	sound := func() optin.Store { return optin.NewMemory() }
	for _, c := range []struct {
		why   string
		store optin.Store
		links *links
	}{
		{"the store is down", broken{down}, &links{}},
		{"the links are down", sound(), &links{err: down}},
	} {
		l := optin.NewLedger(c.store, optin.WithLinks(c.links), optin.WithNow(clock))
		s, err := l.Standing(t.Context(), anna, noon)
		require.ErrorIs(t, err, down, c.why)
		require.Zero(t, s, c.why)
		_, err = l.Revoke(t.Context(), optin.Revoke{Party: anna})
		require.ErrorIs(t, err, down, c.why)
		_, err = l.Record(t.Context(), optin.Event{ID: "e", Kind: optin.Restarted, Handles: anna.Handles()})
		require.ErrorIs(t, err, down, c.why)
		require.ErrorIs(t, l.Moved(t.Context(), party.Move{ID: "m", From: handle(anna), To: handle(next), At: noon}), down, c.why)
	}
	l := optin.NewLedger(broken{down}, optin.WithNow(clock))
	require.ErrorIs(t, l.Grant(t.Context(), grantOf("g", anna, 1)), down)
	require.ErrorIs(t, l.Enter(t.Context(), optin.Flight{ID: "f", Handles: anna.Handles(), Entered: noon, Expires: minute(1)}), down)
	require.ErrorIs(t, l.Leave(t.Context(), "f"), down)
}

func TestKindsHaveWords(t *testing.T) {
	for k := optin.Granted; k <= optin.Ended; k++ {
		b, err := k.MarshalText()
		require.NoError(t, err)
		require.Equal(t, k.String(), string(b))
		var got optin.Kind
		require.NoError(t, got.UnmarshalText(b))
		require.Equal(t, k, got)
	}
	_, err := optin.Kind(0).MarshalText()
	require.Error(t, err, "the zero Kind has no form")
	var k optin.Kind
	require.Error(t, k.UnmarshalText(nil))
	require.Error(t, k.UnmarshalText([]byte("Granted")))
	require.Equal(t, "Kind(99)", optin.Kind(99).String())
	require.Equal(t, "none other-purposes general named Level(?)", fmt.Sprint(optin.NoConsent, optin.OtherPurposes, optin.General, optin.Named, optin.Level(9)))
}
