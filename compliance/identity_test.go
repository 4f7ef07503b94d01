package compliance_test

import (
	"context"
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

// told lists the journal's words about handles, in order.
func (s *shop) told(tb testing.TB) (events []string, handles [][]string) {
	tb.Helper()
	for l, err := range s.stores.Journal.Links(context.Background()) {
		require.NoError(tb, err)
		var body struct {
			Event   string   `json:"event"`
			Handles []string `json:"handles"`
		}
		if l.Kind == "learned" && json.Unmarshal(l.Body, &body) == nil && (body.Event == "joined" || body.Event == "parted" || body.Event == "moved") {
			events, handles = append(events, body.Event), append(handles, body.Handles)
		}
	}
	return events, handles
}

func TestAMergeAndASplitAreJournalled(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, nil)
	both := party.Party{Phone: asha.Phone, User: "GB.1"}
	for _, id := range []string{"w1", "w2", "w1"} { // seen again is no news
		s.writes(t, id, both, "hello")
	}
	events, handles := s.told(t)
	require.Equal(t, []string{"joined"}, events)
	require.Len(t, handles[0], 2)

	s.clock.Advance(time.Hour)
	part := compliance.Parted{ID: "desk-4", Handle: party.Handle{Scheme: party.Phone, Value: asha.Phone}, At: s.clock.Now()}
	l, err := s.Inbox().Receive(ctx, part)
	require.NoError(t, err)
	require.Equal(t, []compliance.Parted{part}, l.Parted)
	events, parted := s.told(t)
	require.Equal(t, []string{"joined", "parted"}, events)
	require.Equal(t, handles[0][:1], parted[1], "under the digest the handle always has")
	k, err := s.stores.Links.Known(ctx, party.Party{User: "GB.1"}.Handles())
	require.NoError(t, err)
	require.Len(t, k.Handles, 1)

	_, err = s.Inbox().Receive(ctx, compliance.Wrote{ID: "w0", Line: line, From: both, At: noon.Add(-time.Hour), Type: "text", Text: "hello"})
	require.NoError(t, err)
	events, _ = s.told(t)
	require.Len(t, events, 2, "a sighting from before the parting joins nobody")

	for _, e := range []compliance.Event{compliance.Parted{ID: "x"}, compliance.Linked{ID: "x", Who: asha, At: noon}, compliance.Linked{ID: "x", At: noon}} {
		l, err := s.Inbox().Receive(ctx, e)
		require.NoError(t, err)
		require.Len(t, l.Unreadable, 1, "%T names nobody, and holds nothing up", e)
	}
}

// Links that know somebody under far too many handles hold up neither that
// person's stop nor what stands beside it.
func TestSomebodyOfManyHandlesHoldsUpNobody(t *testing.T) {
	s := newShop(t, nil)
	for i := range 1100 {
		require.NoError(t, s.stores.Links.Join(t.Context(), party.Join{ID: strconv.Itoa(i), Handles: party.Party{Phone: asha.Phone, User: "GB." + strconv.Itoa(i)}.Handles(), At: noon.Add(-time.Hour)}))
	}
	require.Equal(t, compliance.Allow, s.Check(t.Context(), offer(asha)).Verdict)
	l, err := s.Inbox().Receive(t.Context(),
		compliance.Wrote{ID: "w1", Line: line, From: ben, At: noon, Type: "text", Text: "STOP"},
		compliance.Reported{ID: "wamid.1", Line: line, To: asha, At: noon, Status: "failed", Codes: []int{131000}},
		compliance.Wrote{ID: "w2", Line: line, From: asha, At: noon, Type: "text", Text: "STOP"})
	require.NoError(t, err)
	require.Len(t, l.Stops, 2)
	require.Empty(t, l.Unreadable)
	require.Equal(t, compliance.Deny, s.Check(t.Context(), offer(party.Party{User: "GB.1099"})).Verdict)
}

// What the app knows of two handles makes the stricter consent win at once.
func TestTheAppTellsThatTwoAreOne(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, nil)
	user := party.Party{User: "GB.1"}
	_, err := s.Ledger().Revoke(ctx, optin.Revoke{Party: user, At: noon.Add(-time.Minute), Channel: optin.Web})
	require.NoError(t, err)
	require.Equal(t, compliance.Allow, s.Check(ctx, offer(asha)).Verdict)
	_, err = s.Inbox().Receive(ctx, compliance.Linked{ID: "crm-1", Who: asha, Also: user, At: noon})
	require.NoError(t, err)
	require.Equal(t, compliance.Deny, s.Check(ctx, offer(asha)).Verdict)
	story, err := s.Ledger().Explain(ctx, asha, noon)
	require.NoError(t, err)
	require.Contains(t, story.String(), "joined "+asha.Phone+", GB.1 (linked:crm-1)")

	_, err = s.Inbox().Receive(ctx, compliance.Parted{ID: "crm-2", Handle: user.Handles()[0], At: noon.Add(time.Second)})
	require.NoError(t, err)
	s.clock.Advance(time.Minute)
	require.Equal(t, compliance.Deny, s.Check(ctx, offer(asha)).Verdict, "a stop of somebody who was taken for one stays until they agree again")
}

// A parent id that changes takes its stops along, as a number does.
func TestAParentIDThatChanges(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, nil)
	old, fresh := party.Party{User: "GB.1", Parent: "GB.ENT.1"}, party.Party{User: "GB.2", Parent: "GB.ENT.2"}
	_, err := s.Ledger().Revoke(ctx, optin.Revoke{Party: party.Party{Parent: old.Parent}, At: noon.Add(-time.Hour), Channel: optin.Web})
	require.NoError(t, err)
	_, err = s.Inbox().Receive(ctx, compliance.Moved{ID: "m1", Line: line, From: old, To: fresh, At: noon.Add(-time.Minute)})
	require.NoError(t, err)
	for _, p := range []party.Party{{User: "GB.2"}, {Parent: "GB.ENT.2"}} {
		st, err := s.Ledger().Standing(ctx, p, noon)
		require.NoError(t, err)
		_, stopped := st.Stopped()
		require.True(t, stopped, p)
	}
}
