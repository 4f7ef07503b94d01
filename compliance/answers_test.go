package compliance_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

func TestAnAnswerToSeveralPeopleSaysNothingOfEach(t *testing.T) {
	s := newShop(t, nil, compliance.Observe())
	ctx := context.Background()
	_, err := s.DoAll(ctx, []compliance.Message{offer(asha), offer(ben)}, func(context.Context) (compliance.Ack, error) {
		return compliance.Ack{Message: "w1", WaID: strings.TrimPrefix(asha.Phone, "+"), Codes: []int{131050}}, nil
	})
	require.NoError(t, err)
	known, err := s.stores.Links.Known(ctx, ben.Handles())
	require.NoError(t, err)
	require.Len(t, known.Handles, 1, "two strangers are not one person")
	st, err := s.Ledger().Standing(ctx, ben, noon)
	require.NoError(t, err)
	_, _, stopped := st.PlatformStop(line)
	require.False(t, stopped, "whose stop it was is not told")
}

func TestACategoryNobodyKnowsIsNoYes(t *testing.T) {
	s := newShop(t, nil)
	ctx := context.Background()
	d, err := template.ParseDefinition([]byte(`{"id":"9","name":"old","language":"en","status":"APPROVED","category":"SHIPPING_UPDATE","components":[{"type":"BODY","text":"Coats are 20% off."}]}`))
	require.NoError(t, err)
	d.Ref.Account = "A1"
	require.NoError(t, s.Inbox().Templates(ctx, noon, d))
	_, err = s.Do(ctx, compliance.Message{Kind: compliance.Template, Type: "template", From: line, To: asha, Template: template.Filled{Name: "old", Language: "en"}},
		compliancetest.Forbidden(t).Deliver)
	require.ErrorIs(t, err, compliance.ErrUndecided)
}

func TestAConfirmationUnderWayIsTheOne(t *testing.T) {
	s := newShop(t, nil)
	s.writes(t, "w1", asha, "STOP")
	s.clock.Advance(time.Minute)
	done := reply(asha, "You will get no more messages from us.")
	_, err := s.Do(context.Background(), done, func(ctx context.Context) (compliance.Ack, error) {
		require.Equal(t, compliance.Deny, s.Check(ctx, done).Verdict, "while the first is under way")
		return compliance.Ack{}, context.DeadlineExceeded
	})
	require.Error(t, err)
	require.Equal(t, compliance.Deny, s.Check(context.Background(), done).Verdict, "a first whose outcome is not known may have arrived")
}

// meanwhile is a window store in which something happens just before a reply is noted.
type meanwhile struct {
	window.Store
	do func()
}

func (m *meanwhile) Note(ctx context.Context, marks ...window.Mark) error {
	if do := m.do; do != nil && marks[0].Kind == window.Replied {
		m.do = nil
		do()
	}
	return m.Store.Note(ctx, marks...)
}

func TestOfTwoConfirmationsAtOnceOneLeaves(t *testing.T) {
	var late meanwhile
	s := newShop(t, func(st *compliance.Stores) { late.Store = st.Windows; st.Windows = &late })
	s.writes(t, "w1", asha, "STOP")
	s.clock.Advance(time.Minute)
	ctx, done, sent := context.Background(), reply(asha, "You will get no more messages from us."), &compliancetest.Transport{}
	late.do = func() {
		_, err := s.Do(ctx, done, sent.Deliver)
		require.NoError(t, err)
	}
	_, err := s.Do(ctx, done, compliancetest.Forbidden(t).Deliver)
	require.ErrorIs(t, err, compliance.ErrUndecided, "it was judged before the other was noted")
	require.ErrorContains(t, err, "somebody else was quicker")
	require.Equal(t, 1, sent.Count())
}

// A stop has one confirmation: one that was held back with others has used none up,
// and one that left against the rules has.
func TestAConfirmationIsOneThatLeft(t *testing.T) {
	s := newShop(t, nil)
	s.writes(t, "w1", asha, "STOP")
	s.clock.Advance(time.Minute)
	ctx, done := context.Background(), reply(asha, "You will get no more messages from us.")
	_, err := s.DoAll(ctx, []compliance.Message{offer(ben), done}, compliancetest.Forbidden(t).Deliver)
	require.ErrorIs(t, err, compliance.ErrDenied)
	require.Equal(t, compliance.Allow, s.Check(ctx, done).Verdict, "ben never agreed to the offer, so neither left")

	s = newShop(t, nil, compliance.Observe())
	s.writes(t, "w1", asha, "STOP")
	s.clock.Advance(time.Minute)
	_, err = s.Do(ctx, reply(asha, "Come back for 20% off: https://example.com"), (&compliancetest.Transport{}).Deliver)
	require.NoError(t, err)
	require.Equal(t, compliance.Deny, s.Check(ctx, done).Verdict, "one reply went out already")
}

// A stop has one confirmation, and one that certainly did not arrive was none.
func TestAConfirmationThatDidNotArriveIsNone(t *testing.T) {
	for _, c := range []struct {
		why   string
		ack   compliance.Ack
		later []compliance.Reported
		want  compliance.Verdict
	}{
		{"it was refused", compliance.Ack{HTTP: 400, Codes: []int{131056}}, nil, compliance.Allow},
		{"it may have gone out", compliance.Ack{HTTP: 500, Codes: []int{131000}}, nil, compliance.Deny},
		{"it was accepted", compliance.Ack{Message: "m1"}, nil, compliance.Deny},
		{"it failed after that", compliance.Ack{Message: "m1"}, []compliance.Reported{{Status: "failed", Codes: []int{131056}}}, compliance.Allow},
		{"it failed, and nobody said why", compliance.Ack{Message: "m1"}, []compliance.Reported{{Status: "failed"}}, compliance.Deny},
		{"it failed on one device and reached another", compliance.Ack{Message: "m1"}, []compliance.Reported{{Status: "failed", Codes: []int{131026}}, {Status: "delivered"}}, compliance.Deny},
		{"the other way round", compliance.Ack{Message: "m1"}, []compliance.Reported{{Status: "delivered"}, {Status: "failed", Codes: []int{131026}}}, compliance.Deny},
		{"another message failed", compliance.Ack{Message: "m1"}, []compliance.Reported{{ID: "m0", Status: "failed", Codes: []int{131026}}}, compliance.Deny},
	} {
		s := newShop(t, nil)
		s.writes(t, "w1", asha, "STOP")
		s.clock.Advance(time.Minute)
		ctx, done := context.Background(), reply(asha, "You will get no more messages from us.")
		_, err := s.Do(ctx, done, func(context.Context) (compliance.Ack, error) { return c.ack, nil })
		require.NoError(t, err, c.why)
		for _, e := range c.later {
			s.clock.Advance(time.Second)
			if e.ID == "" {
				e.ID = "m1"
			}
			e.Line, e.To, e.At = line, asha, s.clock.Now()
			s.hears(t, e)
		}
		s.clock.Advance(14 * time.Second)
		require.Equal(t, c.want, s.Check(ctx, done).Verdict, c.why)
	}
}

func TestNewsOfAnotherAccountLiftsNothing(t *testing.T) {
	news := []compliance.AccountNews{
		{ID: "1", Line: party.Line{Account: "A1"}, Kind: compliance.Disabled, At: noon},
		{ID: "2", Line: party.Line{Account: "A2"}, Kind: compliance.Reinstated, At: noon.Add(time.Hour)},
	}
	require.Len(t, compliance.AccountAt(news, noon.Add(2*time.Hour)).Bars, 1)
	news[1].Line.Account = "A1"
	require.Empty(t, compliance.AccountAt(news, noon.Add(2*time.Hour)).Bars)
}

func TestNewsFromTheFutureCountsNow(t *testing.T) {
	s := newShop(t, nil)
	_, err := s.Inbox().Receive(context.Background(), compliance.AccountNews{ID: "1", Line: party.Line{Account: "A1"}, Kind: compliance.Disabled, At: noon.Add(time.Minute)})
	require.NoError(t, err)
	require.Equal(t, compliance.Deny, s.Check(context.Background(), offer(asha)).Verdict, "the platform's clock runs ahead of ours")
}

func TestAnEventThatNamesNobodyHoldsNoStopUp(t *testing.T) {
	s := newShop(t, nil)
	l, err := s.Inbox().Receive(context.Background(),
		compliance.Reported{ID: "s1", Line: line, At: noon, Status: "failed", Codes: []int{131047}},
		compliance.Wrote{ID: "w1", Line: line, From: asha, At: noon, Type: "text", Text: "STOP"})
	require.NoError(t, err)
	require.Len(t, l.Unreadable, 1)
	require.Len(t, l.Stops, 1)
	require.Equal(t, 1, l.Applied)
}

func TestAHookThatPanicsLeavesNoFlightBehind(t *testing.T) {
	s := newShop(t, nil, compliance.OnDecision(func(context.Context, *compliance.Decision) { panic("metrics") }))
	require.Panics(t, func() { _, _ = s.Do(context.Background(), offer(asha), compliancetest.Forbidden(t).Deliver) })
	stopped, err := s.Ledger().Revoke(context.Background(), optin.Revoke{Party: asha, At: noon, Channel: optin.Email})
	require.NoError(t, err)
	require.Empty(t, stopped.InFlight)
}

func TestTheJournalNamesNobody(t *testing.T) {
	s := newShop(t, nil)
	// as Meta makes them: the digits of the recipient stand in a wamid
	const wamid = "wamid.HBgMNDQ3NzAwOTAwMTIzFQIAERgS"
	s.writes(t, wamid, asha, "STOP")
	s.writes(t, "w2", ben, "hello")
	_, err := s.Do(context.Background(), reply(ben, "Hello!"), func(context.Context) (compliance.Ack, error) { return compliance.Ack{Message: wamid}, nil })
	require.NoError(t, err)
	_, err = s.DoAll(context.Background(), []compliance.Message{reply(ben, "Hello!"), offer(ben)}, compliancetest.Forbidden(t).Deliver)
	require.Error(t, err)
	var kinds []string
	for l, err := range s.stores.Journal.Links(context.Background()) {
		require.NoError(t, err)
		raw, err := json.Marshal(l)
		require.NoError(t, err)
		require.NotContains(t, string(raw), "HBgMNDQ3NzAw")
		require.NotContains(t, string(raw), "447700900")
		if l.Kind == "outcome" {
			kinds = append(kinds, string(l.Body))
		}
	}
	require.Contains(t, strings.Join(kinds, " "), "withheld", "an allowed message that did not leave is said not to have")
}

func TestTheBusinessIsTheSendersOwn(t *testing.T) {
	b := business()
	b.Verticals = []string{"retail"}
	s, err := compliance.New(compliance.Config{Business: b, Stores: compliance.MemoryStores()}, compliance.WithPrepared(ready()))
	require.NoError(t, err)
	b.Verticals[0] = "political"
	s.Business().Verticals[0] = "political"
	require.Equal(t, "retail", s.Business().Verticals[0])
}
