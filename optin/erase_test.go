package optin_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

var secret = []byte("0123456789abcdef0123456789abcdef")

func TestEraseForgetsThePersonAndNotTheirStop(t *testing.T) {
	l, store, known := open(optin.WithKey(secret))
	require.NoError(t, known.Join(t.Context(), party.Join{ID: "j", Handles: both.Handles(), At: minute(0)}))
	g := grantOf("form-1", both, 10)
	g.Evidence.Wording, g.Evidence.Proof = "a wording of Anna's own", "crm:anna"
	require.NoError(t, l.Grant(t.Context(), g))
	require.NoError(t, l.Grant(t.Context(), grantOf("form-2", next, 10)))
	s, err := l.Standing(t.Context(), anna, minute(20))
	require.NoError(t, err)
	before := optin.Flight{ID: "f", Handles: s.Handles, Version: s.Version, Entered: minute(20), Expires: minute(2000)}
	require.NoError(t, l.Enter(t.Context(), before))

	done, err := l.Erase(t.Context(), optin.Erase{Party: anna, At: minute(100), Actor: "desk"})
	require.NoError(t, err)
	require.Equal(t, 1, done.Events)
	require.Equal(t, 2, done.Handles, "under every name links know")
	require.Len(t, done.InFlight, 1)
	require.Equal(t, []string{"links"}, done.Kept)
	require.ErrorIs(t, l.Enter(t.Context(), optin.Flight{ID: "late", Handles: s.Handles, Version: s.Version, Entered: minute(101), Expires: minute(200)}), optin.ErrMoved)

	h, err := store.Events(t.Context(), both.Handles())
	require.NoError(t, err)
	require.Empty(t, h.Events)
	d, err := l.Export(t.Context(), anna, minute(200))
	require.NoError(t, err)
	require.Empty(t, d.Events)
	require.Len(t, d.Suppressions, 2)
	require.Equal(t, "desk", d.Suppressions[0].Actor)
	b, err := json.Marshal(d.Suppressions)
	require.NoError(t, err)
	require.NotContains(t, string(b), "7700900123", "what is kept names nobody")
	require.Equal(t, optin.General, consent(t, l, next, optin.Utility), "others are as they were")

	for _, p := range []party.Party{anna, user, both} {
		require.True(t, stopped(t, l, p, ""))
		require.True(t, stopped(t, l, p, optin.Calls))
	}
	const old = "phone,opt_in_date\n+447700900123,2026-05-03T10:00:00Z\n"
	r, err := l.Import(t.Context(), strings.NewReader(old), optin.ImportOptions{Kind: optin.OptIns})
	require.NoError(t, err)
	require.Equal(t, 1, r.Accepted)
	require.True(t, stopped(t, l, anna, ""), "an old list brings nobody back")
	require.Equal(t, optin.NoConsent, consent(t, l, anna, optin.Marketing))
	require.NoError(t, l.Grant(t.Context(), grantOf("form-1", both, 500)), "ids of what was erased are free")
	require.False(t, stopped(t, l, anna, ""), "an act of the person after the erasure counts")
	require.Equal(t, optin.General, consent(t, l, both, optin.Marketing))
}

func TestErasedWithoutTheKeyIsAnError(t *testing.T) {
	l, store, _ := open(optin.WithKey(secret))
	_, err := l.Erase(t.Context(), optin.Erase{Party: anna})
	require.NoError(t, err)
	for _, c := range []struct {
		why  string
		opts []optin.LedgerOption
		err  error
	}{
		{"no key", nil, optin.ErrNoKey},
		{"another key", []optin.LedgerOption{optin.WithKey([]byte("another"))}, optin.ErrWrongKey},
	} {
		t.Run(c.why, func(t *testing.T) {
			l := optin.NewLedger(store, append(c.opts, optin.WithNow(clock))...)
			_, err := l.Standing(t.Context(), anna, minute(900))
			require.ErrorIs(t, err, c.err, "who was erased cannot be told: not \"not stopped\"")
			_, err = l.Standing(t.Context(), next, minute(900))
			require.ErrorIs(t, err, c.err)
			_, err = l.Erase(t.Context(), optin.Erase{Party: next})
			require.ErrorIs(t, err, c.err, "two keys in one store would lose those of one")
		})
	}
	plain := struct{ optin.Store }{store}
	_, err = optin.NewLedger(plain, optin.WithKey(secret), optin.WithNow(clock)).Erase(t.Context(), optin.Erase{Party: anna})
	require.ErrorIs(t, err, optin.ErrNoEraser)
	_, err = optin.NewLedger(plain, optin.WithKey(secret)).Standing(t.Context(), anna, minute(1))
	require.ErrorIs(t, err, optin.ErrNoEraser)
	_, err = l.Erase(t.Context(), optin.Erase{})
	require.EqualError(t, err, "optin: record: party names nobody")
}

func TestEraseReachesEarlierNumbersAndSparesTheirNextOwners(t *testing.T) {
	l, store, _ := open(optin.WithKey(secret))
	require.NoError(t, l.Grant(t.Context(), grantOf("old", anna, 1)))
	_, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(5), Purposes: []optin.Purpose{optin.Marketing}})
	require.NoError(t, err)
	require.NoError(t, l.Moved(t.Context(), party.Move{ID: "m", From: handle(anna), To: handle(next), At: minute(10)}))
	require.NoError(t, l.Grant(t.Context(), grantOf("successor", anna, 20)))
	done, err := l.Erase(t.Context(), optin.Erase{Party: next, At: minute(100)})
	require.NoError(t, err)
	require.Equal(t, 3, done.Events, "the carried stop, and what was said under the number before")
	h, err := store.Events(t.Context(), anna.Handles())
	require.NoError(t, err)
	var ids []string
	for _, e := range h.Events {
		ids = append(ids, e.Kind.String())
	}
	require.Equal(t, []string{"ended", "granted"}, ids, "what is the next owner's, and that agreements ended, stays")
	require.Equal(t, optin.General, consent(t, l, anna, optin.Marketing), "who agreed after the stop that was erased")
	require.False(t, stopped(t, l, anna, optin.Marketing))
	require.True(t, stopped(t, l, next, ""))
}

func TestTheSwitchOutlivesAnErasure(t *testing.T) {
	l, _, _ := open(optin.WithKey(secret))
	_, err := l.Record(t.Context(), optin.Event{ID: "p", Kind: optin.PlatformStopped, Handles: anna.Handles(), At: minute(1)})
	require.NoError(t, err)
	pressed := func() bool {
		s, err := l.Standing(t.Context(), anna, minute(900))
		require.NoError(t, err)
		_, _, on := s.PlatformStop(party.Line{Number: "1"}, optin.PerLine)
		return on
	}
	for i := range 2 { // the second of somebody who is known by digest alone
		_, err = l.Erase(t.Context(), optin.Erase{Party: anna, At: minute(10 + i)})
		require.NoError(t, err)
		require.True(t, pressed())
	}
	require.NoError(t, l.Grant(t.Context(), grantOf("g", anna, 20)))
	require.True(t, pressed(), "an agreement does not turn it")
	_, err = l.Record(t.Context(), optin.Event{ID: "r", Kind: optin.PlatformResumed, Handles: anna.Handles(), At: minute(30)})
	require.NoError(t, err)
	require.False(t, pressed())
	_, err = l.Erase(t.Context(), optin.Erase{Party: anna, At: minute(40)})
	require.NoError(t, err)
	require.False(t, pressed(), "it stood at resumed")
}

// Whatever was said before and is said after: with an erasure in between never
// more is allowed than with a stop of everything in its place.
func TestErasingNeverAllowsMore(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	people := []party.Party{anna, user, both}
	say := func(t *testing.T, ls []*optin.Ledger, n int, id string) {
		p := people[r.IntN(len(people))]
		var ps []optin.Purpose
		if r.IntN(2) == 0 {
			ps = []optin.Purpose{[]optin.Purpose{optin.Marketing, optin.Utility, optin.Calls, "news"}[r.IntN(4)]}
		}
		e := optin.Event{ID: id, Handles: p.Handles(), Purposes: ps, At: minute(n), Received: minute(n)}
		switch e.Kind = []optin.Kind{optin.Granted, optin.Granted, optin.Revoked, optin.Restarted, optin.PlatformStopped, optin.PlatformResumed, optin.Suppressed, optin.Ended}[r.IntN(8)]; e.Kind {
		case optin.Granted:
			e.Evidence = &optin.Evidence{Source: optin.WebForm}
		}
		for _, l := range ls {
			_, err := l.Record(t.Context(), e)
			require.NoError(t, err)
		}
	}
	for range 1000 {
		erased, _, le := open(optin.WithKey(secret))
		kept, _, lk := open(optin.WithKey(secret))
		if r.IntN(2) == 0 {
			for _, l := range []*links{le, lk} {
				require.NoError(t, l.Join(t.Context(), party.Join{ID: "j", Handles: both.Handles(), At: minute(0)}))
			}
		}
		ls := []*optin.Ledger{erased, kept}
		for i := range r.IntN(5) {
			say(t, ls, 1+i, fmt.Sprint("before", i))
		}
		_, err := erased.Erase(t.Context(), optin.Erase{Party: both, At: minute(50)})
		require.NoError(t, err)
		_, err = kept.Revoke(t.Context(), optin.Revoke{Party: both, At: minute(50)})
		require.NoError(t, err)
		for i := range r.IntN(4) {
			say(t, ls, 51+i, fmt.Sprint("after", i))
		}
		for _, p := range people {
			a, err := erased.Standing(t.Context(), p, minute(900))
			require.NoError(t, err)
			b, err := kept.Standing(t.Context(), p, minute(900))
			require.NoError(t, err)
			for _, purpose := range []optin.Purpose{"", optin.Marketing, optin.Utility, optin.Authentication, optin.Calls, "news"} {
				_, on := a.StoppedFor(purpose)
				_, was := b.StoppedFor(purpose)
				if was && !on {
					t.Fatalf("%q is no longer stopped\nerased: %s\nkept:   %s", purpose, a.Explain(), b.Explain())
				}
				if is, was := a.Consent(purpose).Level, b.Consent(purpose).Level; is >= optin.General && was < optin.General {
					t.Fatalf("%q is %s, was %s\nerased: %s\nkept:   %s", purpose, is, was, a.Explain(), b.Explain())
				}
			}
			_, _, on := a.PlatformStop(party.Line{})
			_, _, was := b.PlatformStop(party.Line{})
			require.False(t, was && !on, "the switch")
		}
	}
}

func TestMemoryErasesInPlace(t *testing.T) {
	m := optin.NewMemory()
	l := optin.NewLedger(m, optin.WithKey(secret), optin.WithNow(clock))
	for i := range 3000 {
		require.NoError(t, l.Grant(t.Context(), grantOf(fmt.Sprint("g", i), party.Party{Phone: number(i).Value}, i%100)))
	}
	for i := 0; i < 3000; i += 3 {
		_, err := l.Erase(t.Context(), optin.Erase{Party: party.Party{Phone: number(i).Value}})
		require.NoError(t, err)
	}
	require.Equal(t, 2000, count(t, m))
	for i := range 3000 {
		h, err := m.Events(t.Context(), []party.Handle{number(i)})
		require.NoError(t, err)
		require.Equal(t, i%3 == 0, len(h.Events) == 0, i)
	}
}

func TestPurge(t *testing.T) {
	type periods = []optin.Period
	hour := func(n int) time.Duration { return time.Duration(n) * time.Hour }
	for _, c := range []struct {
		why     string
		periods periods
		inForce bool
		want    optin.Purged
		gone    []string
	}{
		{"nothing is said, nothing goes", nil, false, optin.Purged{Examined: 5}, nil},
		{"what is in force stays", periods{{Keep: hour(1)}}, false, optin.Purged{Examined: 5, Past: 5, Gone: 3, InForce: 2}, []string{"lapsed", "older", "stopped"}},
		{"unless it is to go too", periods{{Keep: hour(1)}}, true, optin.Purged{Examined: 5, Past: 5, Gone: 5}, []string{"force", "lapsed", "older", "paper", "stopped"}},
		{"the longest period that fits holds", periods{{Keep: hour(1)}, {Source: optin.WebForm, Keep: hour(1000)}}, true, optin.Purged{Examined: 5, Past: 1, Gone: 1}, []string{"paper"}},
		{"by source", periods{{Source: optin.Paper, Keep: hour(1)}}, true, optin.Purged{Examined: 5, Past: 1, Gone: 1}, []string{"paper"}},
		{"by purpose", periods{{Purpose: optin.Utility, Keep: hour(1)}}, false, optin.Purged{Examined: 5, Past: 1, Gone: 1}, []string{"lapsed"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			l, store, _ := open(optin.WithKey(secret))
			require.NoError(t, l.Grant(t.Context(), grantOf("older", anna, 1)))
			require.NoError(t, l.Grant(t.Context(), grantOf("force", anna, 2)))
			paper := grantOf("paper", next, 3)
			paper.Evidence.Source = optin.Paper
			require.NoError(t, l.Grant(t.Context(), paper))
			lapsed := grantOf("lapsed", party.Party{Phone: "+447700900789"}, 3, optin.Utility)
			end := minute(4)
			lapsed.Evidence.Expires = &end
			require.NoError(t, l.Grant(t.Context(), lapsed))
			who := party.Party{Phone: "+447700900790"}
			require.NoError(t, l.Grant(t.Context(), grantOf("stopped", who, 5)))
			require.NoError(t, record(t, l, optin.Event{ID: "end", Kind: optin.Ended, Handles: who.Handles(), At: minute(6)}))
			_, err := l.Revoke(t.Context(), optin.Revoke{Party: who, At: minute(7)})
			require.NoError(t, err)
			all := count(t, store)

			p := optin.Purge{Periods: c.periods, InForce: c.inForce, DryRun: true}
			dry, err := l.Purge(t.Context(), p)
			require.NoError(t, err)
			require.Equal(t, all, count(t, store))
			var gone []string
			p.DryRun, p.Each = false, func(x optin.Expired) error {
				if x.Gone {
					gone = append(gone, x.Event)
				}
				return nil
			}
			done, err := l.Purge(t.Context(), p)
			require.NoError(t, err)
			require.Equal(t, c.want, done)
			dry.DryRun = false
			require.Equal(t, done, dry, "a dry run says what would go")
			require.ElementsMatch(t, c.gone, gone)
			require.Equal(t, all-len(gone), count(t, store))
			require.True(t, stopped(t, l, who, ""), "a stop never goes")
		})
	}
	l, _, _ := open()
	_, err := l.Purge(t.Context(), optin.Purge{Periods: periods{{Source: "telepathy"}}})
	require.EqualError(t, err, "optin: record: periods[0].keep is not a length of time; periods[0].source is unknown")
}

func TestPurgeNeverAllowsMore(t *testing.T) {
	l, store, known := open()
	require.NoError(t, known.Join(t.Context(), party.Join{ID: "j", Handles: both.Handles(), At: minute(0)}))
	require.NoError(t, l.Grant(t.Context(), grantOf("wide", anna, 600)))
	require.NoError(t, l.Grant(t.Context(), grantOf("narrow", user, 1, optin.Utility)))
	require.Equal(t, optin.OtherPurposes, consent(t, l, both, optin.Marketing))
	done, err := l.Purge(t.Context(), optin.Purge{Periods: []optin.Period{{Keep: time.Hour}}, At: minute(650), InForce: true})
	require.NoError(t, err)
	require.Equal(t, optin.Purged{Examined: 2, Past: 1, Guards: 1}, done, "without the narrow agreement the wide one would hold for all")
	require.Equal(t, 2, count(t, store))
}

func TestAuditTellsFromWhatToWhat(t *testing.T) {
	l, _, _ := open(optin.WithActor("server"))
	ctx := optin.WithActorContext(t.Context(), "desk 4")
	require.NoError(t, l.Grant(t.Context(), grantOf("g", anna, 1, optin.Marketing)))
	_, err := l.Revoke(ctx, optin.Revoke{ID: "s", Party: anna, At: minute(2), Channel: optin.Phone})
	require.NoError(t, err)
	g := grantOf("h", anna, 3)
	g.Actor = "form"
	require.NoError(t, l.Grant(ctx, g))
	want := []string{
		"server: g nothing -> agreed: marketing",
		"desk 4: s agreed: marketing -> agreed: marketing; stopped: messages, marketing, utility, authentication, calls",
		"form: h agreed: marketing; stopped: messages, marketing, utility, authentication, calls -> agreed: messages in general; stopped: calls",
	}
	tell := func(list iter.Seq2[optin.Change, error]) (got []string) {
		for c, err := range list {
			require.NoError(t, err)
			got = append(got, fmt.Sprintf("%s: %s %s -> %s", c.Actor, c.Event, c.Before, c.After))
		}
		return got
	}
	require.Equal(t, want, tell(l.Audit(t.Context(), anna, minute(900))))
	require.Equal(t, want, tell(l.AuditAll(t.Context())))
	require.Empty(t, tell(l.Audit(t.Context(), next, minute(900))))
	_, err = optin.NewLedger(struct{ optin.Store }{optin.NewMemory()}).Purge(t.Context(), optin.Purge{At: minute(1)})
	require.ErrorIs(t, err, optin.ErrNoEraser)
	for _, err := range optin.NewLedger(struct{ optin.Store }{optin.NewMemory()}).AuditAll(t.Context()) {
		require.ErrorIs(t, err, optin.ErrNoLister)
	}
}

func TestBlocked(t *testing.T) {
	l, _, _ := open(optin.WithKey(secret))
	other := party.Party{Phone: "+447700900789"}
	require.NoError(t, l.Grant(t.Context(), grantOf("g", anna, 1)))
	for i, r := range []optin.Revoke{
		{ID: "lifted", Party: next, At: minute(1)},
		{ID: "said before", Party: anna, At: minute(2), Channel: optin.Email},
		{ID: "said again", Party: anna, At: minute(3), Channel: optin.Phone},
		{ID: "partly", Party: other, At: minute(4), Purposes: []optin.Purpose{optin.Marketing}},
	} {
		_, err := l.Revoke(t.Context(), r)
		require.NoError(t, err, i)
	}
	require.NoError(t, l.Grant(t.Context(), grantOf("h", next, 5, optin.Marketing, optin.Utility, optin.Authentication, optin.Calls)))
	require.NoError(t, record(t, l, optin.Event{ID: "switch", Kind: optin.PlatformStopped, Handles: next.Handles(), At: minute(6), Channel: optin.WhatsApp}))
	_, err := l.Erase(t.Context(), optin.Erase{Party: user, At: minute(7)})
	require.NoError(t, err)

	var out strings.Builder
	n, err := l.WriteBlocked(t.Context(), &out, optin.CSV, minute(900))
	require.NoError(t, err)
	require.Equal(t, 5, n)
	lines := strings.Split(out.String(), "\n")
	require.Equal(t, "phone,user,parent,purposes,opted_out_at,channel,kind,event,digest", lines[0])
	require.Contains(t, lines, "+447700900123,,,,2026-06-01T12:03:00Z,phone,revoked,said again,")
	require.Contains(t, lines, "+447700900789,,,marketing,2026-06-01T12:04:00Z,other,revoked,partly,")
	require.Contains(t, lines, "+447700900456,,,,2026-06-01T12:01:00Z,other,revoked,lifted,", "still in force for messages that name no purpose")
	require.Contains(t, lines, "+447700900456,,,marketing,2026-06-01T12:06:00Z,whatsapp,platform-stopped,switch,")
	require.NotContains(t, out.String(), "said before", "a stop said twice is one entry")

	fresh, _, _ := open()
	rows, _, err := told(t, fresh, out.String(), optin.ImportOptions{Kind: optin.OptOuts})
	require.NoError(t, err)
	require.Equal(t, "6 refused; phone names nobody", rows[4], "somebody known by digest alone cannot be read back")
	require.True(t, stopped(t, fresh, anna, ""))

	out.Reset()
	n, err = l.WriteBlocked(t.Context(), &out, optin.JSONLines, minute(900))
	require.NoError(t, err)
	require.Equal(t, 5, n)
	for line := range strings.Lines(out.String()) {
		var b optin.Blocked
		require.NoError(t, json.Unmarshal([]byte(line), &b))
	}
	_, err = l.WriteBlocked(t.Context(), &out, optin.DetectFormat, minute(900))
	require.Error(t, err)
}

// Whoever is on a list of stops is stopped where it is read, under every handle.
func TestBlockedReadsBack(t *testing.T) {
	l, _, known := open(optin.WithKey(secret))
	second := party.Party{Phone: "+447700900789"}
	require.NoError(t, known.Join(t.Context(), party.Join{ID: "j", Handles: append(both.Handles(), second.Handles()...), At: minute(0)}))
	for _, r := range []optin.Revoke{
		{Party: both, At: minute(1), Channel: optin.Email}, // stands under the second phone too
		{Party: next, At: minute(2), Purposes: []optin.Purpose{optin.Marketing, "newsletter"}},
	} {
		_, err := l.Revoke(t.Context(), r)
		require.NoError(t, err)
	}
	for _, f := range []optin.ImportFormat{optin.CSV, optin.JSONLines} {
		var out strings.Builder
		n, err := l.WriteBlocked(t.Context(), &out, f, minute(900))
		require.NoError(t, err)
		require.Equal(t, 2, n, "a row more than there are entries")
		fresh, _, _ := open()
		rows, _, err := told(t, fresh, out.String(), optin.ImportOptions{Kind: optin.OptOuts})
		require.NoError(t, err)
		require.Len(t, rows, 3)
		for _, row := range rows {
			require.Contains(t, row, "accepted", out.String())
		}
		for _, who := range []party.Party{anna, user, second} {
			require.True(t, stopped(t, fresh, who, optin.Utility), "%v %v", f, who)
		}
		require.True(t, stopped(t, fresh, next, optin.Marketing))
		require.True(t, stopped(t, fresh, next, "newsletter"))
		require.False(t, stopped(t, fresh, next, optin.Utility), "no more than they asked for")
	}
}

func TestDraft(t *testing.T) {
	d := optin.Draft{Phone: "0171 1234567", At: "yesterday", Source: "Shop", Purposes: "marketing, general", Country: "Wales", AgeOK: "perhaps", Agreed: "no"}
	_, err := d.Grant(optin.Notation{Names: map[string]string{"phone": "Handynummer", "at": "Datum"}}, minute(0))
	var wrong *optin.RecordError
	require.ErrorAs(t, err, &wrong)
	var fields []string
	for _, p := range wrong.Problems {
		fields = append(fields, p.Field)
	}
	require.Equal(t, []string{"Handynummer", "purposes", "Datum", "source", "age_ok", "agreed", "country"}, fields, "all at once, each once, in the caller's names")
	require.NotContains(t, err.Error(), "Wales", "and without what was in them")

	d = optin.Draft{Phone: " +44 7700 900123 ", At: "2026-05-03T10:00:00Z", Source: "Website", Locale: "en_GB", Country: "gb", Given: "Typed", Act: "ticked", AgeOK: "Y"}
	g, err := d.Grant(optin.Notation{}, minute(0))
	require.NoError(t, err)
	again, err := d.Grant(optin.Notation{}, minute(5))
	require.NoError(t, err)
	require.Equal(t, g.ID, again.ID, "the same form twice is one opt-in")
	require.Equal(t, anna, g.Party)
	require.Equal(t, optin.WebForm, g.Evidence.Source)
	l, _, _ := open()
	require.NoError(t, l.Grant(t.Context(), g))
	require.Error(t, d.Set("fax", "1"))
	require.NoError(t, d.Set("phone", "+447700900456"))
	other, err := d.Request(optin.Notation{}, minute(0), minute(60*24*365))
	require.NoError(t, err)
	require.NotEqual(t, g.ID, other.ID)
	_, err = d.Request(optin.Notation{}, minute(0), time.Time{})
	require.Error(t, err)
	v, err := (&optin.Draft{User: "GB.Ab12", Channel: "email", Purposes: "all"}).Revoke(optin.Notation{}, minute(0))
	require.NoError(t, err)
	require.Equal(t, optin.Email, v.Channel)
	require.Equal(t, minute(0), v.At)
	require.Nil(t, v.Purposes)
}

// A form that stops somebody and has no date is a stop each time it comes in,
// or the second one would be lost as a repeat of the first.
func TestDraftWithoutDateStopsAgain(t *testing.T) {
	l, _, _ := open()
	form := optin.Draft{Phone: anna.Phone, Channel: "email"}
	for _, c := range []struct {
		why   string
		at    int
		added bool
	}{
		{"the first", 0, true},
		{"the same once more", 0, false},
		{"one after the person agreed anew", 20, true},
	} {
		if c.at > 0 {
			require.NoError(t, l.Grant(t.Context(), grantOf("g", anna, 10)))
			require.False(t, stopped(t, l, anna, ""))
		}
		v, err := form.Revoke(optin.Notation{}, minute(c.at))
		require.NoError(t, err)
		done, err := l.Revoke(t.Context(), v)
		require.NoError(t, err)
		require.Equal(t, c.added, done.Added, c.why)
		require.True(t, stopped(t, l, anna, ""), c.why)
	}
}

func TestGaps(t *testing.T) {
	full := optin.Evidence{Source: optin.WebForm, Wording: "w", Version: "1", Locale: "en", BusinessName: "b", Given: optin.Typed, Act: optin.Ticked, Surface: "s", Proof: "p"}
	require.Empty(t, full.Gaps())
	var must int
	for _, g := range (&optin.Evidence{Source: optin.WebForm}).Gaps() {
		if g.Must {
			must++
		}
	}
	require.Equal(t, 4, must)
}

func ExampleLedger_Erase() {
	ctx := context.Background()
	ledger := optin.NewLedger(optin.NewMemory(), optin.WithKey(secret), optin.WithNow(func() time.Time { return day(7, 1) }))
	who := party.Party{Phone: "+447700900123"}
	form := optin.Grant{ID: "form-1", Party: who, At: day(5, 3), Evidence: optin.Evidence{Source: optin.WebForm}}
	_ = ledger.Grant(ctx, form)

	done, err := ledger.Erase(ctx, optin.Erase{Party: who, At: day(6, 1)})
	fmt.Println(done.Events, "event gone,", done.Handles, "handle suppressed", err)
	_ = ledger.Grant(ctx, form) // somebody still had the old list
	s, _ := ledger.Standing(ctx, who, day(7, 1))
	_, stopped := s.Stopped()
	fmt.Println(stopped)
	// Output:
	// 1 event gone, 1 handle suppressed <nil>
	// true
}

func ExampleLedger_Purge() {
	ctx := context.Background()
	ledger := optin.NewLedger(optin.NewMemory(), optin.WithNow(func() time.Time { return day(7, 1) }))
	who := party.Party{Phone: "+447700900123"}
	_ = ledger.Grant(ctx, optin.Grant{ID: "form-1", Party: who, At: day(1, 3), Evidence: optin.Evidence{Source: optin.WebForm}})
	_, _ = ledger.Revoke(ctx, optin.Revoke{Party: who, At: day(2, 1)})
	_ = ledger.Grant(ctx, optin.Grant{ID: "form-2", Party: who, At: day(3, 3), Evidence: optin.Evidence{Source: optin.WebForm}})
	done, err := ledger.Purge(ctx, optin.Purge{
		Periods: []optin.Period{{Keep: 30 * 24 * time.Hour}}, DryRun: true,
		Each: func(x optin.Expired) error { fmt.Printf("%s %q\n", x.Event, x.Kept); return nil },
	})
	fmt.Println(done.Gone, "of", done.Examined, "would go", err)
	// Output:
	// form-1 ""
	// form-2 "it is in force"
	// 1 of 2 would go <nil>
}

func ExampleLedger_Audit() {
	ctx := optin.WithActorContext(context.Background(), "desk 4")
	ledger := optin.NewLedger(optin.NewMemory(), optin.WithNow(func() time.Time { return day(7, 1) }))
	who := party.Party{Phone: "+447700900123"}
	_ = ledger.Grant(ctx, optin.Grant{ID: "form-1", Party: who, At: day(5, 3), Purposes: []optin.Purpose{optin.Marketing}, Evidence: optin.Evidence{Source: optin.Paper}})
	_, _ = ledger.Revoke(ctx, optin.Revoke{Party: who, At: day(6, 9), Purposes: []optin.Purpose{optin.Marketing}, Channel: optin.Letter})
	for c, err := range ledger.Audit(ctx, who, day(7, 1)) {
		fmt.Println(c.Reason, "|", c.Actor, "|", c.Before, "->", c.After, err)
	}
	// Output:
	// granted 2026-05-03 for marketing by paper | desk 4 | nothing -> agreed: marketing <nil>
	// stopped 2026-06-09 for marketing by letter | desk 4 | agreed: marketing -> agreed: marketing; stopped: marketing <nil>
}

func ExampleWithAuthoriser() {
	ledger := optin.NewLedger(optin.NewMemory(), optin.WithKey(secret), optin.WithNow(func() time.Time { return day(7, 1) }),
		optin.WithAuthoriser(func(_ context.Context, a optin.Action) error {
			if a.Do == optin.DoErase && a.Actor != "privacy officer" {
				return errors.New("ask the privacy officer")
			}
			return nil
		}))
	ctx := optin.WithActorContext(context.Background(), "desk 4")
	_, err := ledger.Erase(ctx, optin.Erase{Party: party.Party{Phone: "+447700900123"}})
	fmt.Println(err)
	// Output:
	// optin: erase by "desk 4" is not allowed: ask the privacy officer
}

func ExampleDraft() {
	form := optin.Draft{Phone: "07700 900123", At: "2026-05-03T10:00:00Z", Source: "web-form", Country: "UK", Act: "ticked"}
	_, err := form.Grant(optin.Notation{Names: map[string]string{"phone": "mobile", "country": "land"}}, day(5, 3))
	var wrong *optin.RecordError
	if errors.As(err, &wrong) {
		for _, p := range wrong.Problems {
			fmt.Println(p.Field, p.Msg)
		}
	}
	// Output:
	// mobile is no phone number: no plus: Meta would prepend the business's own country code
	// at lies after the record was received
	// land is no ISO 3166 country code of two letters
}

func record(t *testing.T, l *optin.Ledger, e optin.Event) error {
	t.Helper()
	_, err := l.Record(t.Context(), e)
	return err
}

// forgetter is a store beside the ledger that knows people by their handles.
type forgetter struct {
	asked []party.Handle
	err   error
}

func (f *forgetter) Forget(_ context.Context, hs []party.Handle) error {
	f.asked = append(f.asked, hs...)
	return f.err
}

func TestEraseReachesTheStoresBeside(t *testing.T) {
	known, windows := party.NewMemory(), &forgetter{err: errors.New("disk full")}
	l := optin.NewLedger(optin.NewMemory(), optin.WithLinks(known), optin.WithNow(clock), optin.WithKey(secret),
		optin.AlsoForget("windows", windows), optin.AlsoForget("a cache", struct{}{}))
	require.NoError(t, known.Join(t.Context(), party.Join{ID: "j", Handles: both.Handles(), At: minute(0)}))
	require.NoError(t, l.Grant(t.Context(), grantOf("form-1", anna, 10)))

	_, err := l.Erase(t.Context(), optin.Erase{Party: anna, At: minute(100)})
	require.ErrorIs(t, err, windows.err, "what could not be forgotten is told")
	require.ElementsMatch(t, both.Handles(), windows.asked, "under every name links know")

	windows.err, windows.asked = nil, nil
	done, err := l.Erase(t.Context(), optin.Erase{Party: anna, At: minute(101)})
	require.NoError(t, err)
	require.ElementsMatch(t, both.Handles(), windows.asked, "said again, it finds all names again: the links forget last")
	require.Equal(t, []string{"a cache"}, done.Kept, "what cannot forget is named")
	k, err := known.Known(t.Context(), anna.Handles())
	require.NoError(t, err)
	require.Equal(t, anna.Handles(), k.Handles)
}
