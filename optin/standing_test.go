package optin

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
)

var (
	noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	tel  = party.Handle{Scheme: party.Phone, Value: "+447700900123"}
	usr  = party.Handle{Scheme: party.User, Value: "GB.Ab12"}
)

// minute returns an instant n minutes after noon.
func minute(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }

type tweak func(*Event)

func under(hs ...party.Handle) tweak { return func(e *Event) { e.Handles = hs } }
func purposes(ps ...Purpose) tweak   { return func(e *Event) { e.Purposes = ps } }
func by(c Channel) tweak             { return func(e *Event) { e.Channel = c } }
func from(s Source) tweak            { return func(e *Event) { e.Evidence = &Evidence{Source: s, Version: "v4"} } }
func on(number string) tweak         { return func(e *Event) { e.Line.Number = number } }
func until(n int) tweak {
	return func(e *Event) { t := minute(n); e.Evidence.Expires = &t }
}

// waits is how long a request waits, and of which request a confirmation is.
func waits(n int) tweak       { return func(e *Event) { e.Until = minute(n) } }
func of(request string) tweak { return func(e *Event) { e.Ref = request } }

// ev is an event of the given minute, under the phone unless told otherwise.
func ev(kind Kind, n int, tweaks ...tweak) Event {
	e := Event{ID: fmt.Sprintf("%s-%d", kind, n), Kind: kind, Handles: []party.Handle{tel}, At: minute(n), Received: minute(n)}
	if kind == Granted || kind == Requested {
		e.Evidence = &Evidence{Source: WebForm, Version: "v4"}
	}
	for _, t := range tweaks {
		t(&e)
	}
	return e
}

func standing(n int, events ...Event) Standing { return StandingAt(History{Events: events}, minute(n)) }

// sums tells what a Standing says in the fewest words: level and stop for
// messages as a whole, each named purpose, and a topic.
func sums(s Standing) map[Purpose]string {
	got := map[Purpose]string{}
	for _, p := range append(classes[:], "news") {
		name := p
		if p == "" {
			name = "messages"
		}
		got[name] = s.Consent(p).Level.String()
		if _, stopped := s.StoppedFor(p); stopped {
			got[name] += ", stopped"
		}
	}
	return got
}

func TestStanding(t *testing.T) {
	type want map[Purpose]string
	all := func(s string) want {
		w := want{}
		for _, p := range append(classes[:], "news") {
			w[p] = s
		}
		w["messages"] = w[""]
		delete(w, "")
		return w
	}
	with := func(w want, s string, ps ...Purpose) want {
		for _, p := range ps {
			w[p] = s
		}
		return w
	}
	const none, other, general, isNamed, stopped = "none", "other-purposes", "general", "named", ", stopped"
	for _, c := range []struct {
		why    string
		events []Event
		want   want
	}{
		{"nobody known has agreed to nothing and is not stopped", nil, all(none)},
		{"a grant without purposes is a general opt-in to messages, not to calls",
			[]Event{ev(Granted, 1)}, with(all(general), other, Calls)},
		{"a grant that names purposes covers those and no other",
			[]Event{ev(Granted, 1, purposes(Marketing, "news"))}, with(all(other), isNamed, Marketing, "news")},
		{"a grant for calls alone counts for calls alone",
			[]Event{ev(Granted, 1, purposes(Calls))}, with(all(none), isNamed, Calls)},
		{"calls beside something else leave a message purpose that was not named as other",
			[]Event{ev(Granted, 1, purposes(Calls, Utility))}, with(all(other), isNamed, Calls, Utility)},
		{"the first microsecond of an expiry is past it",
			[]Event{ev(Granted, 1, until(100))}, all(none)},
		{"a grant is active until its expiry",
			[]Event{ev(Granted, 1, until(101))}, with(all(general), other, Calls)},
		{"a message of theirs is no opt-in", []Event{ev(Granted, 1, from(InboundMessage))}, all(none)},
		{"a purchase is no opt-in", []Event{ev(Granted, 1, from(ImpliedBuy))}, all(none)},
		{"a bought list is no opt-in", []Event{ev(Granted, 1, from(PurchasedList))}, all(none)},
		{"a bought list beside an opt-in takes nothing away",
			[]Event{ev(Granted, 1), ev(Granted, 2, from(PurchasedList))}, with(all(general), other, Calls)},
		{"a grant without evidence is none", []Event{ev(Granted, 1, func(e *Event) { e.Evidence = nil })}, all(none)},
		{"a source nobody knows is no opt-in", []Event{ev(Granted, 1, from("telepathy"))}, all(none)},
		{"what happens later does not count yet", []Event{ev(Granted, 101)}, all(none)},

		{"a stop of everything ends everything, calls too",
			[]Event{ev(Granted, 1), ev(Revoked, 2)}, with(all(general+stopped), other+stopped, Calls)},
		{"people who never agreed can stop", []Event{ev(Revoked, 2)}, all(none + stopped)},
		{"a stop that names a purpose ends that",
			[]Event{ev(Granted, 1), ev(Revoked, 2, purposes(Marketing))},
			with(with(all(general), other, Calls), general+stopped, Marketing)},
		{"a later general grant lifts a full stop for messages, not for calls",
			[]Event{ev(Granted, 1), ev(Revoked, 2), ev(Granted, 3)}, with(all(general), other+stopped, Calls)},
		{"a later grant lifts what it names, and the rest stays stopped",
			[]Event{ev(Granted, 1), ev(Revoked, 2), ev(Granted, 3, purposes(Utility))},
			with(with(all(general+stopped), other+stopped, Calls), isNamed, Utility)},
		{"a later general grant lifts a stop that names a purpose",
			[]Event{ev(Revoked, 2, purposes(Marketing)), ev(Granted, 3)}, with(all(general), other, Calls)},
		{"a general grant does not lift a stop of calls",
			[]Event{ev(Revoked, 2, purposes(Calls)), ev(Granted, 3)}, with(all(general), other+stopped, Calls)},
		{"of a grant and a stop at one instant the stop wins",
			[]Event{ev(Granted, 2), ev(Revoked, 2)}, with(all(general+stopped), other+stopped, Calls)},
		{"what is no opt-in lifts nothing",
			[]Event{ev(Revoked, 2), ev(Granted, 3, from(InboundMessage))}, all(none + stopped)},
		{"a grant lifts a stop for as long as it is valid",
			[]Event{ev(Granted, 1), ev(Revoked, 2), ev(Granted, 3, until(50))}, with(all(general+stopped), other+stopped, Calls)},

		{"START brings back what was there before the stop",
			[]Event{ev(Granted, 1, purposes(Utility)), ev(Revoked, 2), ev(Restarted, 3)}, with(all(other), isNamed, Utility)},
		{"START without an earlier grant brings nothing", []Event{ev(Revoked, 2), ev(Restarted, 3)}, all(none)},
		{"a stop said twice is one stop for START",
			[]Event{ev(Granted, 1), ev(Revoked, 2), ev(Revoked, 3), ev(Restarted, 4)}, with(all(general), other, Calls)},
		{"START brings never more: marketing was stopped before the full stop",
			[]Event{ev(Granted, 1), ev(Revoked, 2, purposes(Marketing)), ev(Revoked, 3), ev(Restarted, 4)},
			with(with(all(general), other, Calls), general+stopped, Marketing)},
		{"START said twice brings never more either",
			[]Event{ev(Granted, 1), ev(Revoked, 2, purposes(Marketing)), ev(Revoked, 3), ev(Restarted, 4), ev(Restarted, 5)},
			with(with(all(general), other, Calls), general+stopped, Marketing)},
		{"START undoes a stop of marketing alone",
			[]Event{ev(Granted, 1), ev(Revoked, 2, purposes(Marketing)), ev(Restarted, 3)}, with(all(general), other, Calls)},
		{"START brings back a partly lifted stop as it was",
			[]Event{ev(Granted, 1), ev(Revoked, 2), ev(Granted, 3, purposes(Utility)), ev(Revoked, 4), ev(Restarted, 5)},
			with(with(all(general+stopped), other+stopped, Calls), isNamed, Utility)},
		{"a stop wins over START at one instant",
			[]Event{ev(Granted, 1), ev(Revoked, 2), ev(Restarted, 2)}, with(all(general+stopped), other+stopped, Calls)},

		{"agreements end with the number", []Event{ev(Granted, 1), ev(Ended, 2)}, all(none)},
		{"an agreement of the instant it ends is ended", []Event{ev(Granted, 2), ev(Ended, 2)}, all(none)},
		{"the next owner may agree", []Event{ev(Granted, 1), ev(Ended, 2), ev(Granted, 3)}, with(all(general), other, Calls)},
		{"an end of some purposes leaves the others",
			[]Event{ev(Granted, 1, purposes(Utility, Marketing)), ev(Ended, 2, purposes(Marketing))}, with(all(other), isNamed, Utility)},
		{"stops do not end with agreements", []Event{ev(Revoked, 1), ev(Ended, 2)}, all(none + stopped)},
		{"START brings no agreement back that has ended",
			[]Event{ev(Granted, 1), ev(Revoked, 2), ev(Ended, 3), ev(Restarted, 4)}, all(none)},
		{"what was asked for and not confirmed is no consent", []Event{ev(Requested, 1, waits(200))}, all(none)},
		{"confirmed in time it is what was asked for",
			[]Event{ev(Requested, 1, waits(200), purposes(Marketing)), ev(Confirmed, 2, of("requested-1"))}, with(all(other), isNamed, Marketing)},
		{"a general request becomes a general opt-in",
			[]Event{ev(Requested, 1, waits(200)), ev(Confirmed, 2, of("requested-1"))}, with(all(general), other, Calls)},
		{"the last microsecond is in time",
			[]Event{ev(Requested, 1, waits(3)), ev(Confirmed, 2, of("requested-1"), func(e *Event) { e.At = minute(3).Add(-time.Microsecond) })}, with(all(general), other, Calls)},
		{"at its end a request is over", []Event{ev(Requested, 1, waits(3)), ev(Confirmed, 3, of("requested-1"))}, all(none)},
		{"a confirmation of nothing counts for nothing", []Event{ev(Confirmed, 2, of("requested-1"))}, all(none)},
		{"nor does one that brings its own evidence",
			[]Event{ev(Confirmed, 2, of("requested-1"), func(e *Event) { e.Evidence, e.Purposes = &Evidence{Source: WebForm}, []Purpose{Marketing} })}, all(none)},
		{"nor one before its request", []Event{ev(Requested, 5, waits(200)), ev(Confirmed, 2, of("requested-1"))}, all(none)},
		{"request and confirmation of one instant", []Event{ev(Confirmed, 1, of("requested-1")), ev(Requested, 1, waits(200))}, with(all(general), other, Calls)},
		{"somebody else's confirmation counts for nobody",
			[]Event{ev(Requested, 1, waits(200), under(tel)), ev(Confirmed, 2, of("requested-1"), under(usr))}, all(none)},
		{"a confirmation lifts an earlier stop, as a grant does",
			[]Event{ev(Revoked, 1), ev(Requested, 2, waits(200)), ev(Confirmed, 3, of("requested-2"))}, with(all(general), other+stopped, Calls)},
		{"a stop withdraws what was asked for before",
			[]Event{ev(Requested, 1, waits(200)), ev(Revoked, 2), ev(Confirmed, 3, of("requested-1"))}, all(none + stopped)},
		{"a stop of something else does not",
			[]Event{ev(Requested, 1, waits(200), purposes(Utility)), ev(Revoked, 2, purposes(Marketing)), ev(Confirmed, 3, of("requested-1"))},
			with(with(all(other), isNamed, Utility), other+stopped, Marketing)},
		{"a link clicked again after a stop lifts nothing",
			[]Event{ev(Requested, 1, waits(200)), ev(Confirmed, 2, of("requested-1")), ev(Revoked, 3), ev(Confirmed, 4, of("requested-1"))},
			with(all(general+stopped), other+stopped, Calls)},
		{"the next owner of a number confirms nothing the last one asked for",
			[]Event{ev(Requested, 1, waits(200)), ev(Ended, 2), ev(Confirmed, 3, of("requested-1"))}, all(none)},
		{"a confirmed agreement expires as the request said",
			[]Event{ev(Requested, 1, waits(200), until(50)), ev(Confirmed, 2, of("requested-1"))}, all(none)},
		{"a request from a bought list confirms nothing",
			[]Event{ev(Requested, 1, waits(200), from(PurchasedList)), ev(Confirmed, 2, of("requested-1"))}, all(none)},

		{"a number that was bought is no opt-in, whatever the form", []Event{ev(Granted, 1, func(e *Event) { e.Evidence.Given = Bought })}, all(none)},
		{"a box that was ticked already is no opt-in", []Event{ev(Granted, 1, func(e *Event) { e.Evidence.Act = PreTicked })}, all(none)},
		{"a word nobody knows is no opt-in", []Event{ev(Granted, 1, func(e *Event) { e.Evidence.Act = "mumbled" })}, all(none)},
		{"a number the person typed and a box they ticked are one",
			[]Event{ev(Granted, 1, func(e *Event) { e.Evidence.Given, e.Evidence.Act = Typed, Ticked })}, with(all(general), other, Calls)},

		{"erased, everything is stopped and nothing agreed", []Event{ev(Granted, 1), ev(Erased, 2)}, all(none + stopped)},
		{"an old list brings nothing back", []Event{ev(Erased, 2), ev(Granted, 1)}, all(none + stopped)},
		{"START brings nothing back either", []Event{ev(Granted, 1), ev(Erased, 2), ev(Restarted, 3)}, all(none + stopped)},
		{"an opt-in after the erasure counts", []Event{ev(Erased, 2), ev(Granted, 3)}, with(all(general), other+stopped, Calls)},
		{"WhatsApp's own switch is another thing", []Event{ev(Granted, 1), ev(PlatformStopped, 2)}, with(all(general), other, Calls)},

		{"a stop under one handle binds all", []Event{ev(Granted, 1, under(tel, usr)), ev(Revoked, 2, under(tel))},
			with(all(general+stopped), other+stopped, Calls)},
		{"a grant under one handle does not lift a stop under two",
			[]Event{ev(Revoked, 2, under(tel, usr)), ev(Granted, 3, under(usr))}, with(all(general+stopped), other+stopped, Calls)},
		{"a grant under all handles lifts all that it covers",
			[]Event{ev(Revoked, 2, under(tel)), ev(Revoked, 3, under(usr)), ev(Granted, 4, under(tel, usr))}, with(all(general), other+stopped, Calls)},
		{"grants under each handle lift the stop under each",
			[]Event{ev(Revoked, 2, under(tel, usr)), ev(Granted, 3, under(tel)), ev(Granted, 4, under(usr))}, with(all(general), other+stopped, Calls)},
		{"a handle under which nobody agreed is no no",
			[]Event{ev(Granted, 1, under(tel)), ev(Revoked, 2, under(tel, usr), purposes(Marketing))},
			with(with(all(general), other, Calls), general+stopped, Marketing)},
		{"of two agreements the lesser counts",
			[]Event{ev(Granted, 1, under(tel)), ev(Granted, 2, under(usr), purposes(Utility))}, with(with(all(other), general, Utility), other, Calls)},
		{"what ended under one handle is gone",
			[]Event{ev(Granted, 1, under(tel)), ev(Ended, 2, under(usr))}, all(none)},
	} {
		t.Run(c.why, func(t *testing.T) {
			got := want(sums(standing(100, c.events...)))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestConsentTellsWhatItRestsOn(t *testing.T) {
	s := standing(100, ev(Granted, 1, from(QR)), ev(Granted, 2, purposes(Marketing), from(Flow)))
	got := s.Consent(Marketing)
	require.Equal(t, Consent{Level: Named, Event: "granted-2", At: minute(2), Source: Flow,
		Purposes: []Purpose{Marketing}, Evidence: &Evidence{Source: Flow, Version: "v4"}}, got)
	require.Equal(t, "granted-1", s.Consent(Utility).Event, "the newest grant that covers the purpose")

	s = standing(100, ev(Granted, 1, from(ImpliedBuy)), ev(Granted, 2, from(PurchasedList)))
	require.Equal(t, PurchasedList, s.Consent(Utility).NoOptIn, "the newest record that is no opt-in is told")

	s = standing(100, ev(Granted, 1, until(60)))
	require.Equal(t, Consent{Expired: minute(60)}, s.Consent(Utility), "why there is none any more is told")
}

func TestStopTellsWhereItWasSaid(t *testing.T) {
	s := standing(100, ev(Granted, 1), ev(Revoked, 2, by(Email)), ev(Revoked, 3, by(WhatsApp), on("1055")))
	stop, stopped := s.Stopped()
	require.True(t, stopped)
	require.Equal(t, Stop{Event: "revoked-3", At: minute(3), Channel: WhatsApp, OnWhatsApp: true, Line: party.Line{Number: "1055"}}, stop)

	s = standing(100, ev(Revoked, 3, purposes(Marketing)))
	_, stopped = s.Stopped()
	require.False(t, stopped, "a stop that names a purpose is no stop of everything")
}

func TestPlatformSwitch(t *testing.T) {
	a, b := party.Line{Number: "a"}, party.Line{Number: "b"}
	type switches struct{ business, a, b bool }
	for _, c := range []struct {
		why    string
		events []Event
		want   switches
	}{
		{"nothing pressed", nil, switches{}},
		{"a stop on one line holds for the business, or that line", []Event{ev(PlatformStopped, 1, on("a"))}, switches{true, true, false}},
		{"the newest press decides", []Event{ev(PlatformStopped, 1, on("a")), ev(PlatformResumed, 2, on("a"))}, switches{}},
		{"a stop wins a tie", []Event{ev(PlatformResumed, 1, on("a")), ev(PlatformStopped, 1, on("a"))}, switches{true, true, false}},
		{"per line, a resume elsewhere does not count", []Event{ev(PlatformStopped, 1, on("a")), ev(PlatformResumed, 2, on("b"))}, switches{false, true, false}},
		{"a stop of an unknown line counts on each", []Event{ev(PlatformStopped, 1)}, switches{true, true, true}},
		{"a grant does not turn it", []Event{ev(PlatformStopped, 1, on("a")), ev(Granted, 2), ev(Restarted, 3)}, switches{true, true, false}},
		{"a resume under one handle leaves the other",
			[]Event{ev(PlatformStopped, 1, on("a"), under(tel, usr)), ev(PlatformResumed, 2, on("a"), under(usr))}, switches{true, true, false}},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := standing(100, c.events...)
			var got switches
			_, _, got.business = s.PlatformStop(b)
			_, _, got.a = s.PlatformStop(a, PerLine)
			_, _, got.b = s.PlatformStop(b, PerLine)
			require.Equal(t, c.want, got)
		})
	}
	s := standing(100, ev(Granted, 1), ev(Revoked, 2), ev(PlatformStopped, 3), ev(PlatformResumed, 4))
	_, stopped := s.Stopped()
	require.True(t, stopped, "Resume never lifts the person's own stop")
	at, ref, pressed := standing(100, ev(PlatformStopped, 3, func(e *Event) { e.Ref = "wamid.x" })).PlatformStop(a)
	require.True(t, pressed)
	require.Equal(t, minute(3), at)
	require.Equal(t, "wamid.x", ref)
}

func TestSuppressed(t *testing.T) {
	for _, c := range []struct {
		why    string
		events []Event
		want   bool
	}{
		{"likely words hold marketing", []Event{ev(Granted, 1), ev(Suppressed, 2)}, true},
		{"an earlier grant does not resolve it", []Event{ev(Suppressed, 2), ev(Granted, 1)}, true},
		{"nor does one of the same instant", []Event{ev(Suppressed, 2), ev(Granted, 2)}, true},
		{"a later general grant does", []Event{ev(Suppressed, 2), ev(Granted, 3)}, false},
		{"one for marketing does", []Event{ev(Suppressed, 2), ev(Granted, 3, purposes(Marketing))}, false},
		{"one for something else does not", []Event{ev(Suppressed, 2), ev(Granted, 3, purposes(Utility))}, true},
		{"what is no opt-in does not", []Event{ev(Suppressed, 2), ev(Granted, 3, from(InboundMessage))}, true},
		{"START does", []Event{ev(Suppressed, 2), ev(Restarted, 3)}, false},
		{"a restart of something else does not", []Event{ev(Suppressed, 2), ev(Restarted, 3, purposes(Utility))}, true},
		{"Resume does not", []Event{ev(Suppressed, 2), ev(PlatformResumed, 3)}, true},
		{"held under one handle, held", []Event{ev(Suppressed, 2, under(tel, usr)), ev(Granted, 3, under(tel))}, true},
	} {
		t.Run(c.why, func(t *testing.T) { require.Equal(t, c.want, standing(100, c.events...).Suppressed()) })
	}
}

func TestAsks(t *testing.T) {
	for _, c := range []struct {
		why    string
		events []Event
		want   bool
	}{
		{"START of somebody who never agreed", []Event{ev(Restarted, 1)}, true},
		{"START after a stop and no grant", []Event{ev(Revoked, 1), ev(Restarted, 2)}, true},
		{"START with a grant to go back to", []Event{ev(Granted, 1), ev(Revoked, 2), ev(Restarted, 3)}, false},
		{"asked and agreed", []Event{ev(Restarted, 1), ev(Granted, 2)}, false},
		{"stopped again", []Event{ev(Restarted, 1), ev(Revoked, 2)}, false},
		{"never said START", []Event{ev(Revoked, 1)}, false},
		{"START after an erasure", []Event{ev(Granted, 1), ev(Erased, 2), ev(Restarted, 3)}, true},
		{"erased after START", []Event{ev(Restarted, 1), ev(Erased, 2)}, false},
		{"agreed to calls alone", []Event{ev(Granted, 1, purposes(Calls)), ev(Restarted, 2)}, true},
	} {
		t.Run(c.why, func(t *testing.T) { require.Equal(t, c.want, standing(100, c.events...).Asks()) })
	}
}

func TestOnlyHandlesAskedAboutCount(t *testing.T) {
	h := History{Events: []Event{ev(Revoked, 1, under(tel, usr)), ev(Granted, 2, under(usr))}}
	_, stopped := StandingAt(h, minute(100), usr).Stopped()
	require.False(t, stopped, "the person moved away from the phone; what is under the id they kept counts")
	_, stopped = StandingAt(h, minute(100), usr, tel).Stopped()
	require.True(t, stopped)
}

func TestStandingOfThePastLetsNothingIn(t *testing.T) {
	h := History{Version: 7, Events: []Event{ev(Granted, 1), ev(Revoked, 10)}}
	require.EqualValues(t, uint64(NoEntry), StandingAt(h, minute(9)).Version, "a stop was said since")
	require.EqualValues(t, 7, StandingAt(h, minute(10)).Version)
	h.Events[1] = ev(Granted, 10)
	require.EqualValues(t, 7, StandingAt(h, minute(9)).Version, "a later grant takes nothing away")
}

func TestWithStopsOf(t *testing.T) {
	a := StandingAt(History{Version: 3, Events: []Event{ev(Granted, 1)}}, minute(100), tel)
	b := StandingAt(History{Version: 4, Events: []Event{ev(Revoked, 2, under(usr)), ev(Suppressed, 3, under(usr)), ev(PlatformStopped, 4, under(usr))}}, minute(100), usr)
	both := a.WithStopsOf(b)
	_, stopped := both.Stopped()
	require.True(t, stopped)
	require.True(t, both.Suppressed())
	_, _, pressed := both.PlatformStop(party.Line{})
	require.True(t, pressed)
	require.Equal(t, General, both.Consent(Utility).Level, "agreement stays that of the first")
	require.EqualValues(t, 7, both.Version)
	require.Equal(t, []party.Handle{tel, usr}, both.Handles)
	require.Equal(t, NoConsent, b.WithStopsOf(a).Consent(Utility).Level)

	_, stopped = a.Stopped()
	require.False(t, stopped, "the one it was made from is as before")
	require.EqualValues(t, 3, a.WithStopsOf(a).Version, "the same person twice")
	ab := StandingAt(History{Version: 9}, minute(100), tel, usr)
	require.EqualValues(t, 9, a.WithStopsOf(ab).Version)
	require.EqualValues(t, 9, ab.WithStopsOf(a).Version)
	past := StandingAt(History{Version: 9, Events: []Event{ev(Revoked, 200, under(usr))}}, minute(100), usr)
	require.EqualValues(t, uint64(NoEntry), a.WithStopsOf(past).Version)
}

func TestExplain(t *testing.T) {
	s := standing(100,
		ev(Granted, 1, purposes(Marketing, "news")), ev(Revoked, 2, by(Email)), ev(Granted, 3, from(PurchasedList)),
		ev(Restarted, 4, by(WhatsApp)), ev(PlatformStopped, 5), ev(PlatformResumed, 6), ev(Suppressed, 7, by(WhatsApp)), ev(Ended, 8), ev(Granted, 101))
	require.Equal(t, "granted 2026-06-01 for marketing, news by web-form v4; stopped 2026-06-01 by email; "+
		"granted 2026-06-01 by purchased-list v4, which is no opt-in; restarted 2026-06-01 by whatsapp; "+
		"stopped in WhatsApp's own switch 2026-06-01; resumed in WhatsApp's own switch 2026-06-01; "+
		"marketing suppressed 2026-06-01 by whatsapp; ended 2026-06-01", s.Explain())
	require.Equal(t, "nothing on record", Standing{}.Explain())
	var got []string
	for r := range s.Reasons() {
		got = append(got, r.Event)
	}
	require.Equal(t, []string{"granted-1", "revoked-2", "granted-3", "restarted-4", "platform-stopped-5", "platform-resumed-6", "suppressed-7", "ended-8"}, got)
	for r := range s.Reasons() {
		require.Equal(t, "granted-1", r.Event)
		break
	}
	long := ev(Granted, 1)
	long.Evidence.Version = "I agree to receive messages from the bakery"
	require.Equal(t, "granted 2026-06-01 by web-form", standing(100, long).Explain(), "a version that is a text is not told")
}

// choices are the events properties are tried with.
func choices(n int) []Event {
	var list []Event
	for _, hs := range [][]party.Handle{{tel}, {usr}, {tel, usr}} {
		list = append(list,
			ev(Granted, n, under(hs...)), ev(Granted, n, under(hs...), purposes(Marketing)), ev(Granted, n, under(hs...), purposes(Calls, "news")),
			ev(Granted, n, under(hs...), until(50)), ev(Granted, n, under(hs...), from(InboundMessage)),
			ev(Revoked, n, under(hs...)), ev(Revoked, n, under(hs...), purposes(Marketing)), ev(Revoked, n, under(hs...), purposes(Utility, "news")),
			ev(Restarted, n, under(hs...)), ev(Restarted, n, under(hs...), purposes(Marketing)),
			ev(PlatformStopped, n, under(hs...), on("a")), ev(PlatformResumed, n, under(hs...), on("b")), ev(PlatformResumed, n, under(hs...), on("a")),
			ev(Suppressed, n, under(hs...)), ev(Ended, n, under(hs...)), ev(Ended, n, under(hs...), purposes(Marketing)),
			ev(Requested, n, under(hs...), waits(60)), ev(Requested, n, under(hs...), waits(3), purposes(Utility)),
			ev(Confirmed, n, under(hs...), of("asked")), ev(Erased, n, under(hs...)),
		)
	}
	return list
}

// story makes up events, some at the same instants, each with its own id.
func story(r *rand.Rand, length int) []Event {
	var events []Event
	for i := range length {
		list := choices(r.IntN(8))
		e := list[r.IntN(len(list))]
		e.ID = fmt.Sprintf("%s.%d", e.ID, i)
		if e.Kind == Requested { // some are asked for under the same id
			e.ID = "asked"
			if slices.ContainsFunc(events, func(o Event) bool { return o.ID == e.ID }) {
				continue
			}
		}
		events = append(events, e)
	}
	return events
}

var whole2 = cmp.AllowUnexported(Standing{}, reading{}, answer{})

func TestOrderAndRepeatsDoNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		events := append(story(r, r.IntN(7)), ev(Granted, 1, under(usr)))
		want := standing(100, slices.SortedFunc(slices.Values(events), byTime)...)
		shuffled := append(slices.Clone(events), events[r.IntN(len(events))], events[r.IntN(len(events))])
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		before := slices.Clone(shuffled)
		got := standing(100, shuffled...)
		if diff := cmp.Diff(want, got, whole2); diff != "" {
			t.Fatalf("events %v (-in order +shuffled)\n%s", events, diff)
		}
		require.Equal(t, before, shuffled, "the events given stay as they were")
	}
}

// allowed lists what a Standing allows, each a thing a stop could take away.
func allowed(s Standing) []string {
	var list []string
	for _, p := range append(classes[:], "news") {
		_, stopped := s.StoppedFor(p)
		if !stopped {
			list = append(list, "not stopped "+string(p))
		}
		if level := s.Consent(p).Level; level >= General {
			list = append(list, "agreed "+string(p))
		}
	}
	if !s.Suppressed() {
		list = append(list, "not suppressed")
	}
	for _, l := range []string{"a", "b"} {
		if _, _, on := s.PlatformStop(party.Line{Number: l}); !on {
			list = append(list, "switch "+l)
		}
		if _, _, on := s.PlatformStop(party.Line{Number: l}, PerLine); !on {
			list = append(list, "switch on line "+l)
		}
	}
	return list
}

func checkNoMore(t *testing.T, events []Event, stop Event) {
	t.Helper()
	before := allowed(standing(100, events...))
	for _, a := range allowed(standing(100, append(slices.Clone(events), stop)...)) {
		if !slices.Contains(before, a) {
			t.Fatalf("adding %s at %v made more allowed: %s\nbefore: %s\nafter:  %s", stop.ID, stop.At, a,
				standing(100, events...).Explain(), standing(100, append(slices.Clone(events), stop)...).Explain())
		}
	}
}

func TestAddingAStopNeverAllowsMore(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		events := story(r, r.IntN(8))
		list := slices.DeleteFunc(choices(r.IntN(9)), func(e Event) bool { return !e.Kind.stops() })
		stop := list[r.IntN(len(list))]
		stop.ID += ".added"
		checkNoMore(t, events, stop)
	}
}

// Every short story under one handle, with every stop at every place.
func TestAddingAStopNeverAllowsMoreExhaustively(t *testing.T) {
	moves := func(n int) []Event {
		return []Event{ev(Granted, n), ev(Granted, n, purposes(Utility)), ev(Revoked, n), ev(Revoked, n, purposes(Marketing)), ev(Restarted, n)}
	}
	var tell func(events []Event)
	tell = func(events []Event) {
		for n := range len(events) + 1 {
			for k, stop := range []Event{ev(Revoked, 2*n+1), ev(Revoked, 2*n+1, purposes(Marketing))} {
				stop.ID = fmt.Sprint("added-", k)
				checkNoMore(t, events, stop)
			}
		}
		if len(events) < 4 {
			for _, e := range moves(2 * (len(events) + 1)) {
				tell(append(slices.Clip(events), e))
			}
		}
	}
	tell(nil)
}

func TestAnswersDoNotAllocate(t *testing.T) {
	s := standing(100, ev(Granted, 1, under(tel, usr)), ev(Revoked, 2, purposes(Marketing)), ev(PlatformStopped, 3), ev(Suppressed, 4))
	both := s.WithStopsOf(s)
	for _, s := range []Standing{s, both} {
		require.Zero(t, testing.AllocsPerRun(100, func() {
			for _, p := range classes {
				s.Consent(p)
				s.StoppedFor(p)
			}
			s.Consent("news")
			s.StoppedFor("news")
			s.Stopped()
			s.Suppressed()
			s.PlatformStop(party.Line{Number: "a"})
			s.PlatformStop(party.Line{Number: "a"}, PerLine)
			s.Asks()
		}))
	}
}
