package compliance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// A finding about words says in the Decision how sure it is, and keeps the message
// in all the same; what is no guess says nothing.
func TestAViolationTellsHowSureItIs(t *testing.T) {
	for c := content.Unrated; c <= content.Certain; c++ {
		require.Equal(t, c.String(), policy.Confidence(c).String(), "the levels of a finding are those of a violation")
	}
	s := newShop(t, nil)
	s.writes(t, "in-1", asha, "Hello?")
	d := s.Check(t.Context(), reply(asha, "We charged your card 4111 1111 1111 1111 today."))
	require.Equal(t, compliance.Deny, d.Verdict)
	sure := map[policy.ID]policy.Confidence{}
	for _, v := range d.Violations {
		sure[v.Rule] = v.Confidence
	}
	require.NotZero(t, sure["data-full-card-number"])

	for _, v := range s.Check(t.Context(), reply(ben, "Hello")).Violations {
		require.Zero(t, v.Confidence, "%s is known and not guessed", v.Rule)
	}
	require.NotEmpty(t, s.Check(t.Context(), reply(ben, "Hello")).Violations)
}
