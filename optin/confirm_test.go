package optin_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

func requestOf(id string, p party.Party, at, until int, purposes ...optin.Purpose) optin.Request {
	return optin.Request{Grant: grantOf(id, p, at, purposes...), Until: minute(until)}
}

func TestDoubleOptIn(t *testing.T) {
	for _, c := range []struct {
		why     string
		do      func(l *optin.Ledger) error
		err     error
		agreed  bool
		pending bool
	}{
		{"asked and not answered", func(*optin.Ledger) error { return nil }, nil, false, true},
		{"confirmed in time", func(l *optin.Ledger) error {
			return l.Confirm(t.Context(), optin.Confirm{Request: "r", Party: anna, At: minute(20)})
		}, nil, true, false},
		{"confirmed twice", func(l *optin.Ledger) error {
			if err := l.Confirm(t.Context(), optin.Confirm{Request: "r", Party: anna, At: minute(20)}); err != nil {
				return err
			}
			return l.Confirm(t.Context(), optin.Confirm{Request: "r", Party: anna, At: minute(20)})
		}, nil, true, false},
		{"confirmed from WhatsApp, where they go by more names", func(l *optin.Ledger) error {
			return l.Confirm(t.Context(), optin.Confirm{Request: "r", Party: both, At: minute(20)})
		}, nil, true, false},
		{"too late", func(l *optin.Ledger) error {
			return l.Confirm(t.Context(), optin.Confirm{Request: "r", Party: anna, At: minute(950)})
		}, optin.ErrLapsed, false, true},
		{"by somebody else", func(l *optin.Ledger) error {
			return l.Confirm(t.Context(), optin.Confirm{Request: "r", Party: next, At: minute(20)})
		}, optin.ErrNoRequest, false, true},
		{"of another request", func(l *optin.Ledger) error {
			return l.Confirm(t.Context(), optin.Confirm{Request: "s", Party: anna, At: minute(20)})
		}, optin.ErrNoRequest, false, true},
		{"after a stop", func(l *optin.Ledger) error {
			if _, err := l.Revoke(t.Context(), optin.Revoke{Party: anna, At: minute(15)}); err != nil {
				return err
			}
			return l.Confirm(t.Context(), optin.Confirm{Request: "r", Party: anna, At: minute(20)})
		}, optin.ErrLapsed, false, false},
	} {
		t.Run(c.why, func(t *testing.T) {
			l, _, _ := open()
			require.NoError(t, l.Request(t.Context(), requestOf("r", anna, 10, 940, optin.Marketing)))
			require.ErrorIs(t, c.do(l), c.err)
			s, err := l.Standing(t.Context(), anna, minute(900))
			require.NoError(t, err)
			require.Equal(t, c.agreed, s.Consent(optin.Marketing).Level == optin.Named)
			p, pending := s.Pending(optin.Marketing)
			require.Equal(t, c.pending, pending)
			if pending {
				require.Equal(t, "r", p.Event)
				require.Equal(t, minute(940), p.Until)
			}
			_, pending = s.Pending(optin.Utility)
			require.False(t, pending, "nobody asked for that")
			if c.agreed {
				require.Equal(t, optin.WebForm, s.Consent(optin.Marketing).Source, "what was shown is with the request")
			}
			s, err = l.Standing(t.Context(), anna, minute(940))
			require.NoError(t, err)
			_, pending = s.Pending(optin.Marketing)
			require.False(t, pending, "at its end nothing waits any more")
		})
	}
}

func TestWrongRequestsAreTold(t *testing.T) {
	l, _, _ := open()
	require.EqualError(t, l.Request(t.Context(), requestOf("r", anna, 10, 10)), `optin: record "r": until is not after the request`)
	require.EqualError(t, l.Confirm(t.Context(), optin.Confirm{}), "optin: record: request is missing; party names nobody")
	_, err := l.Record(t.Context(), optin.Event{ID: "e", Kind: optin.Erased, Handles: anna.Handles()})
	require.Error(t, err, "an erasure is not recorded but done")
	_, err = l.Record(t.Context(), optin.Event{ID: "e", Kind: optin.Confirmed, Handles: anna.Handles(), Evidence: &optin.Evidence{Source: optin.Paper}})
	require.EqualError(t, err, `optin: record "e": evidence of a confirmation, and its purposes, are those of its request; ref is missing: the id of the request`)
	_, err = l.Record(t.Context(), optin.Event{ID: "e", Kind: optin.Revoked, Handles: anna.Handles(), Until: minute(3)})
	require.Error(t, err)
}

func TestAConfirmedAgreementMovesAlone(t *testing.T) {
	l, _, _ := open(optin.CarryGrants())
	require.NoError(t, l.Request(t.Context(), requestOf("r", anna, 10, 940)))
	require.NoError(t, l.Confirm(t.Context(), optin.Confirm{Request: "r", Party: anna, At: minute(20)}))
	require.NoError(t, l.Moved(t.Context(), party.Move{ID: "m", From: handle(anna), To: handle(next), At: minute(30)}))
	require.Equal(t, optin.General, consent(t, l, next, optin.Utility))
	require.Equal(t, optin.NoConsent, consent(t, l, anna, optin.Utility))
}

// A form asks, a link in a message to the person confirms.
func ExampleLedger_Confirm() {
	ctx := context.Background()
	ledger := optin.NewLedger(optin.NewMemory(), optin.WithNow(func() time.Time { return day(6, 1) }))
	who := party.Party{Phone: "+447700900123"}
	_ = ledger.Request(ctx, optin.Request{
		Grant: optin.Grant{ID: "form-1", Party: who, At: day(5, 3), Purposes: []optin.Purpose{optin.Marketing}, Evidence: optin.Evidence{Source: optin.WebForm}},
		Until: day(5, 5),
	})
	s, _ := ledger.Standing(ctx, who, day(5, 4))
	p, waits := s.Pending(optin.Marketing)
	fmt.Println(s.Consent(optin.Marketing).Level, waits, p.Until.Format(time.DateOnly))

	fmt.Println(ledger.Confirm(ctx, optin.Confirm{Request: "form-1", Party: who, At: day(5, 6)}))
	fmt.Println(ledger.Confirm(ctx, optin.Confirm{Request: "form-1", Party: who, At: day(5, 4)}))
	s, _ = ledger.Standing(ctx, who, day(6, 1))
	fmt.Println(s.Consent(optin.Marketing).Level)
	// Output:
	// none true 2026-05-05
	// optin: the request has expired, or the person stopped since; ask again
	// <nil>
	// named
}
