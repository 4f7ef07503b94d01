package policy

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSeverityText(t *testing.T) {
	for _, s := range []Severity{Note, Warn, Block} {
		b, err := s.MarshalText()
		require.NoError(t, err)
		var back Severity
		require.NoError(t, back.UnmarshalText(b))
		require.Equal(t, s, back)
	}
	for _, s := range []Severity{0, Block + 1} {
		_, err := s.MarshalText()
		require.Error(t, err, "what is no severity has no word: %s", s)
	}
	var s Severity
	for _, word := range []string{"", "Block", "error"} {
		require.Error(t, s.UnmarshalText([]byte(word)), "%q is refused", word)
	}
}

func TestConfidenceText(t *testing.T) {
	for c, word := range map[Confidence]string{Possible: "possible", Likely: "likely", Certain: "certain"} {
		b, err := json.Marshal(Violation{Rule: "goods-drugs", Severity: Block, Confidence: c})
		require.NoError(t, err)
		require.Contains(t, string(b), `"confidence":"`+word+`"`)
		var back Violation
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, c, back.Confidence)
	}
	b, err := json.Marshal(Violation{Rule: "pair-rate", Severity: Block})
	require.NoError(t, err)
	require.NotContains(t, string(b), "confidence", "where nothing is guessed nothing is said")
	for _, c := range []Confidence{Unrated, Certain + 1} {
		_, err := c.MarshalText()
		require.Error(t, err, "what does not say has no word: %s", c)
	}
	for _, word := range []string{"", "unrated", "Certain", "sure"} {
		require.Error(t, new(Confidence).UnmarshalText([]byte(word)), "%q is refused", word)
	}
	require.Less(t, Possible, Likely)
	require.Less(t, Likely, Certain)
}

func TestStatusText(t *testing.T) {
	for s := NotRun; s <= Failed; s++ {
		b, err := s.MarshalText()
		require.NoError(t, err)
		var back Status
		require.NoError(t, back.UnmarshalText(b))
		require.Equal(t, s, back)
	}
	require.Error(t, new(Status).UnmarshalText([]byte("fine")))
	require.Less(t, Clear, Noted, "whatever found something is above clear")
	require.Less(t, Blocked, Failed, "not knowing is worse than any finding")
}

func TestFound(t *testing.T) {
	for s, want := range map[Severity]Status{Note: Noted, Warn: Warned, Block: Blocked, 0: Failed} {
		require.Equal(t, want, s.Found(), "a rule without a severity cannot be judged")
	}
}

func TestDayJSON(t *testing.T) {
	b, err := json.Marshal(DayOf(2026, 9, 23))
	require.NoError(t, err)
	require.Equal(t, `"2026-09-23"`, string(b))
	var d Day
	require.NoError(t, json.Unmarshal(b, &d))
	require.True(t, d.Equal(DayOf(2026, 9, 23).Time))
	for _, bad := range []string{`"23.9.2026"`, `20260923`, `"2026-09-23T00:00:00Z"`, `"2026-13-01"`} {
		require.Error(t, json.Unmarshal([]byte(bad), &d), bad)
	}
	b, err = json.Marshal(Day{})
	require.NoError(t, err)
	require.Equal(t, "null", string(b), "an open end has no date")
}

func TestSpanJSON(t *testing.T) {
	b, err := json.Marshal(Span{3, 9})
	require.NoError(t, err)
	require.Equal(t, "[3,9]", string(b))
	var s Span
	require.NoError(t, json.Unmarshal(b, &s))
	require.Equal(t, Span{3, 9}, s)
	require.Error(t, json.Unmarshal([]byte(`"3-9"`), &s))
}
