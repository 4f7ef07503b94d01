package optin_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

func TestAStoryTellsJoinsMovesAndPartings(t *testing.T) {
	ctx := context.Background()
	links := party.NewMemory()
	l := optin.NewLedger(optin.NewMemory(), optin.WithLinks(links))
	phone, user, parent := party.Handle{Scheme: party.Phone, Value: "+447700900123"}, party.Handle{Scheme: party.User, Value: "GB.1"}, party.Handle{Scheme: party.Parent, Value: "GB.ENT.1"}
	ev := optin.Evidence{Source: optin.WebForm, Version: "v4"}
	grant := func(id string, p party.Party, d int, purposes ...optin.Purpose) {
		require.NoError(t, l.Grant(ctx, optin.Grant{ID: id, Party: p, Purposes: purposes, At: day(5, d), Received: day(5, d), Evidence: ev}))
	}
	grant("g1", party.Party{Phone: phone.Value}, 1, optin.Marketing)
	require.NoError(t, links.Join(ctx, party.Join{ID: "j1", Handles: []party.Handle{phone, user}, At: day(5, 2)}))
	grant("g2", party.Party{User: user.Value, Phone: phone.Value}, 3, optin.Utility)
	_, err := l.Revoke(ctx, optin.Revoke{ID: "r1", Party: party.Party{User: user.Value}, Purposes: []optin.Purpose{optin.Marketing}, At: day(5, 4), Received: day(5, 4), Channel: optin.Letter})
	require.NoError(t, err)
	grant("g3", party.Party{User: user.Value, Phone: phone.Value}, 5, optin.Marketing)
	require.NoError(t, links.Join(ctx, party.Join{ID: "j2", Handles: []party.Handle{user, parent}, At: day(5, 6)}))

	tell := func(p party.Party, d int) string {
		s, err := l.Explain(ctx, p, day(5, d))
		require.NoError(t, err)
		return s.String()
	}
	require.Equal(t, `known as GB.1, parent GB.ENT.1, +447700900123
  2026-05-01 09:00:00 granted for marketing by web-form v4, under +447700900123
  2026-05-02 09:00:00 joined +447700900123, GB.1 (j1)
* 2026-05-03 09:00:00 granted for utility by web-form v4, under +447700900123, GB.1
  2026-05-04 09:00:00 stopped for marketing by letter, under GB.1, +447700900123
* 2026-05-05 09:00:00 granted for marketing by web-form v4, under +447700900123, GB.1
  2026-05-06 09:00:00 joined parent GB.ENT.1, GB.1 (j2)
so at 2026-05-07 09:00:00: agreed: marketing, utility`, tell(party.Party{User: user.Value}, 7))
	require.NotContains(t, tell(party.Party{User: user.Value}, 4), "g3", "what came later is not told")
	require.NotContains(t, tell(party.Party{User: user.Value}, 4), "j2")

	// the number turns out to be somebody else's
	part := party.Move{ID: "p1", From: phone, At: day(5, 8)}
	_, err = l.Revoke(ctx, optin.Revoke{ID: "r2", Party: party.Party{Phone: phone.Value}, At: day(5, 7), Received: day(5, 7), Channel: optin.Email})
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, l.Moved(ctx, part))
	}
	theirs, err := l.Standing(ctx, party.Party{User: user.Value}, day(5, 9))
	require.NoError(t, err)
	_, stopped := theirs.Stopped()
	require.True(t, stopped, "the stop stays with the person")
	other, err := l.Standing(ctx, party.Party{Phone: phone.Value}, day(5, 9))
	require.NoError(t, err)
	_, stopped = other.Stopped()
	require.True(t, stopped, "and with the number")
	require.Equal(t, []party.Handle{phone}, other.Handles)
	require.Equal(t, optin.NoConsent, other.Consent(optin.Utility).Level, "what was agreed under it has ended")
	require.Contains(t, tell(party.Party{Phone: phone.Value}, 9), "  2026-05-08 09:00:00 left +447700900123 (p1)\n")
	require.Contains(t, tell(party.Party{User: user.Value}, 9), "joined +447700900123, GB.1, which +447700900123 left since (j1)")
}

// A stop written under one handle alone before it was linked is carried to all
// the others when they part.
func TestPartingCarriesAStopOfOneHandle(t *testing.T) {
	ctx := context.Background()
	links := party.NewMemory()
	l := optin.NewLedger(optin.NewMemory(), optin.WithLinks(links))
	phone, user := party.Handle{Scheme: party.Phone, Value: "+447700900123"}, party.Handle{Scheme: party.User, Value: "GB.1"}
	_, err := l.Revoke(ctx, optin.Revoke{ID: "r", Party: party.Party{Phone: phone.Value}, At: day(5, 1), Received: day(5, 1), Channel: optin.Email})
	require.NoError(t, err)
	require.NoError(t, links.Join(ctx, party.Join{ID: "j", Handles: []party.Handle{phone, user}, At: day(5, 2)}))
	require.NoError(t, l.Moved(ctx, party.Move{ID: "p", From: phone, At: day(5, 3)}))
	s, err := l.Standing(ctx, party.Party{User: user.Value}, day(5, 4))
	require.NoError(t, err)
	_, stopped := s.Stopped()
	require.True(t, stopped)
}

func TestAStoryIsForThoseWhoMay(t *testing.T) {
	no := errors.New("no")
	l := optin.NewLedger(optin.NewMemory(), optin.WithAuthoriser(func(_ context.Context, a optin.Action) error {
		if a.Do == optin.DoExport {
			return no
		}
		return nil
	}))
	_, err := l.Explain(context.Background(), party.Party{Phone: "+447700900123"}, day(5, 1))
	require.ErrorIs(t, err, no)
	_, err = l.Explain(context.Background(), party.Party{}, day(5, 1))
	require.Error(t, err)

	free := optin.NewLedger(optin.NewMemory())
	s, err := free.Explain(context.Background(), party.Party{Phone: "+447700900123"}, day(5, 1))
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(s.String(), ": nothing"), s)
	raw, err := json.Marshal(s)
	require.NoError(t, err)
	require.Contains(t, string(raw), `"entries":[]`)
}
