package compliance_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/echo"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
)

const complaint = "On Tuesday the blue trolley that we bought from you broke in two, and a whole week of shopping rolled down the stairs."

// listening is a shop whose customers' words are listened to. Both of them have
// written within the window.
func listening(t *testing.T) *shop {
	t.Helper()
	x, err := echo.New()
	require.NoError(t, err)
	s := newShop(t, nil, compliance.WithEchoes(x))
	_, err = s.Inbox().Receive(t.Context(),
		compliance.Wrote{ID: "wamid.a", Line: line, From: asha, At: noon.Add(-time.Hour), Type: "text", Text: complaint},
		compliance.Wrote{ID: "wamid.b", Line: line, From: ben, At: noon.Add(-time.Hour), Type: "text", Text: "Is the walker any good?"})
	require.NoError(t, err)
	return s
}

func answer(to party.Party, words string, from ...compliance.Lineage) compliance.Message {
	return compliance.Message{Kind: compliance.Freeform, Type: "text", From: line, To: to, Lineage: from,
		Texts: []compliance.Text{{Place: "text.body", Words: words}}}
}

func broken(d compliance.Decision, id policy.ID) (where string, yes bool) {
	for _, v := range d.Violations {
		if v.Rule == id {
			return v.Where, true
		}
	}
	return "", false
}

func TestWordsOfOneCustomerDoNotGoToAnother(t *testing.T) {
	const rule = "no-cross-customer-sharing"
	s := listening(t)
	d := s.Check(t.Context(), answer(ben, "Another customer told us: "+complaint))
	where, yes := broken(d, rule)
	require.True(t, yes)
	require.Equal(t, "text.body", where)
	require.Equal(t, compliance.Deny, d.Verdict)

	d = s.Check(t.Context(), answer(asha, "You wrote: "+complaint))
	require.Equal(t, compliance.Allow, d.Verdict, "their own words")
	const own = "It is a sturdy trolley with wide wheels, and we have sold it for six years now without a fault."
	for _, to := range []party.Party{asha, ben} {
		_, err := s.Do(t.Context(), answer(to, own), func(context.Context) (compliance.Ack, error) { return compliance.Ack{Message: "wamid.out"}, nil })
		require.NoError(t, err, "the business may write the same to everybody")
	}

	_, err := s.Ledger().Erase(t.Context(), optin.Erase{Party: asha})
	require.NoError(t, err)
	_, yes = broken(s.Check(t.Context(), answer(ben, complaint)), rule)
	require.False(t, yes, "what somebody wrote is forgotten with them")
}

func TestWhereATextCameFrom(t *testing.T) {
	const rule = "no-cross-customer-sharing"
	user := party.Party{User: "GB.13491208655302741918"}
	s := listening(t)
	require.NoError(t, s.stores.Links.Join(t.Context(), party.Join{ID: "j", Handles: append(ben.Handles(), user.Handles()...), At: noon.Add(-time.Hour)}))
	for _, c := range []struct {
		why   string
		from  party.Party
		where string
	}{
		{"somebody else's", asha, "image"},
		{"their own", ben, ""},
		{"their own, under another name of theirs", user, ""},
	} {
		where, _ := broken(s.Check(t.Context(), answer(ben, "Here it is.", compliance.Lineage{From: c.from, Place: "image"})), rule)
		require.Equal(t, c.where, where, c.why)
	}

	blind := newShop(t, func(st *compliance.Stores) { st.Consent = failing{st.Consent} })
	d := blind.Check(t.Context(), answer(ben, "Here it is.", compliance.Lineage{From: user}))
	require.NotEqual(t, compliance.Allow, d.Verdict, "who cannot be told apart is not taken for the same person")
}

// failing is a consent store that cannot be read.
type failing struct{ optin.Store }

func (failing) Events(context.Context, []party.Handle) (optin.History, error) {
	return optin.History{}, fmt.Errorf("out of order")
}
