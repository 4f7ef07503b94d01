package compliance_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/outcome"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/window"
)

// blocks are the rules that hold a message.
func blocks(d compliance.Decision) (ids []policy.ID) {
	for _, v := range d.Violations {
		if v.Severity == policy.Block {
			ids = append(ids, v.Rule)
		}
	}
	return ids
}

// TestFailedStatuses: a status that comes late teaches as much as an answer, in
// the codes of whichever provider sent it.
func TestFailedStatuses(t *testing.T) {
	for _, c := range []struct {
		why      string
		codes    []int
		provider string
		class    outcome.Class
		offer    []policy.ID // what then holds an offer
		notice   []policy.ID
		reply    []policy.ID // in a window that was open
	}{
		{"a stop of marketing", []int{131050}, "", outcome.Never, []policy.ID{"user-stopped-marketing"}, nil, nil},
		{"the same from Twilio", []int{63014}, "twilio", outcome.Never, []policy.ID{"user-stopped-marketing"}, nil, nil},
		{"no window", []int{131047}, "", outcome.Never, nil, nil, []policy.ID{"service-window-24h"}},
		{"the same from Twilio", []int{63016}, "twilio", outcome.Never, nil, nil, []policy.ID{"service-window-24h"}},
		{"in both spellings", []int{63016, 131047}, "twilio", outcome.Never, nil, nil, []policy.ID{"service-window-24h"}},
		{"the account", []int{368}, "", outcome.StopNumber, []policy.ID{"account-not-restricted"}, []policy.ID{"account-not-restricted"}, []policy.ID{"account-not-restricted"}},
		{"the spam limit of the number", []int{131048}, "", outcome.StopNumber, []policy.ID{"account-not-restricted"}, []policy.ID{"account-not-restricted"}, nil},
		{"an experiment, of which only the app is told", []int{130472}, "", outcome.Never, nil, nil, nil},
		{"a code nobody knows", []int{199999}, "", outcome.Unknown, nil, nil, nil},
		{"no code", nil, "", outcome.Unknown, nil, nil, nil},
		{"a rate limit is about the moment", []int{130429}, "", outcome.RetryAfter, nil, nil, nil},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := newShop(t, nil)
			ctx := context.Background()
			s.writes(t, "w1", asha, "Do you open on Sunday?")
			s.clock.Advance(time.Minute)
			l, err := s.Inbox().Receive(ctx, compliance.Reported{ID: "m1", Line: line, To: asha, At: s.clock.Now(), Status: "failed", Codes: c.codes, Provider: c.provider})
			require.NoError(t, err)
			require.Len(t, l.Failed, 1, "the app is told")
			require.Equal(t, c.class, l.Failed[0].Outcome.Class)
			require.Equal(t, "m1", l.Failed[0].Message)
			s.clock.Advance(time.Minute)
			for what, want := range map[string][]policy.ID{"offer": c.offer, "notice": c.notice, "reply": c.reply} {
				m := map[string]compliance.Message{"offer": offer(asha), "notice": notice(asha), "reply": reply(asha, "Yes, from ten.")}[what]
				require.Equal(t, want, blocks(s.Check(ctx, m)), what)
			}
		})
	}
}

// TestUnreachable: where the platform delivers nothing to a person, what the
// business starts is held, and what is not known is no yes.
func TestUnreachable(t *testing.T) {
	s := newShop(t, nil)
	ctx := context.Background()
	failed := compliance.Reported{ID: "m1", Line: line, To: asha, At: noon, Status: "failed", Codes: []int{63024}, Provider: "twilio"}
	_, err := s.Inbox().Receive(ctx, failed)
	require.NoError(t, err)
	s.clock.Advance(time.Hour)
	for _, m := range []compliance.Message{offer(asha), notice(asha)} {
		d := s.Check(ctx, m)
		require.Equal(t, []policy.ID{"recipient-unreachable"}, blocks(d))
		require.Equal(t, noon.Add(30*24*time.Hour), d.RetryAt)
	}
	require.Empty(t, blocks(s.Check(ctx, notice(ben)))[1:], "nobody else is held by it") // ben never agreed

	broken := newShop(t, func(st *compliance.Stores) {
		st.Windows = badWindows{st.Windows, misbehave["broken"]}
	})
	require.Equal(t, compliance.Undecided, broken.Check(ctx, offer(asha)).Verdict)
}

// TestClientErrorTeaches: a client that tells the platform's code by its error
// alone teaches the same as one that hands over the answer.
func TestClientErrorTeaches(t *testing.T) {
	s := newShop(t, nil)
	ctx := context.Background()
	s.writes(t, "w1", asha, "Do you open on Sunday?")
	s.clock.Advance(time.Minute)
	r, err := s.Do(ctx, reply(asha, "Yes, from ten."), func(context.Context) (compliance.Ack, error) {
		return compliance.Ack{}, &graphError{131047, "Re-engagement message"}
	})
	require.Error(t, err)
	require.Equal(t, []int{131047}, r.Ack.Codes)
	require.NoError(t, r.Unsettled)
	require.Equal(t, outcome.WindowClosed, compliance.Classify(compliance.Answer{Ack: r.Ack, Err: err}).Effect)
	s.clock.Advance(time.Minute)
	require.Equal(t, []policy.ID{"service-window-24h"}, blocks(s.Check(ctx, reply(asha, "Yes, from ten."))))
}

// TestDeliveredIsNoted: what arrived shows that messages arrive.
func TestDeliveredIsNoted(t *testing.T) {
	s := newShop(t, nil)
	ctx := context.Background()
	_, err := s.Inbox().Receive(ctx, compliance.Reported{ID: "m1", Line: line, To: asha, At: noon, Status: "read"})
	require.NoError(t, err)
	marks, err := s.stores.Windows.Marks(ctx, window.Place{Line: line, Handles: asha.Handles()})
	require.NoError(t, err)
	require.Len(t, marks, 1)
	require.Equal(t, window.Reached, marks[0].Kind)
}

// TestLateStatusOfATemplate: with the app's word about what it sent, a status that
// comes late speaks of its template too.
func TestLateStatusOfATemplate(t *testing.T) {
	ctx := context.Background()
	failed := compliance.Reported{ID: "m1", Line: line, To: asha, At: noon, Status: "failed", Codes: []int{132015}}
	alone := newShop(t, nil)
	_, err := alone.Inbox().Receive(ctx, failed)
	require.NoError(t, err)
	require.Equal(t, compliance.Allow, alone.Check(ctx, offer(asha)).Verdict, "which template it was nobody said")

	asked := ""
	s := newShop(t, nil, compliance.WithSent(func(_ context.Context, wamid string) (compliance.Message, bool, error) {
		asked = wamid
		return offer(asha), wamid == "m1", nil
	}))
	_, err = s.Inbox().Receive(ctx, failed)
	require.NoError(t, err)
	require.Equal(t, "m1", asked)
	require.Equal(t, []policy.ID{"template-approved"}, blocks(s.Check(ctx, offer(asha))), "it is paused")
	require.Empty(t, blocks(s.Check(ctx, notice(asha))), "and no other")

	broken := newShop(t, nil, compliance.WithSent(func(context.Context, string) (compliance.Message, bool, error) {
		return compliance.Message{}, false, errors.New("it broke")
	}))
	_, err = broken.Inbox().Receive(ctx, failed)
	require.Error(t, err, "so that the webhook comes again")
}
