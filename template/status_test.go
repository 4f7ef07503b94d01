package template_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/template"
)

func TestPauses(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		why     string
		notice  string
		resumes time.Duration // 0: not by itself
		says    string
	}{
		{"the first lasts three hours", "FIRST_PAUSE", 3 * time.Hour, "2026-11-20T12:00:00Z"},
		{"the second six", "SECOND_PAUSE", 6 * time.Hour, "disabled if it happens again"},
		{"one for pacing ends by a call alone", "RATE_LIMITING_PAUSE", 0, "does not end by itself"},
		{"nobody said which", "", 0, "3 or 6 hours"},
	} {
		d := template.Fold(template.Definition{Ref: template.Ref{Name: "sale", Language: "en"}, Status: template.Approved}, at.Add(-time.Hour),
			[]template.Change{{Ref: template.Ref{Name: "sale", Language: "en"}, At: at, Status: template.Paused, Notice: c.notice}})
		resumes, ok := d.Resumes()
		require.Equal(t, c.resumes > 0, ok, c.why)
		if ok {
			require.Equal(t, at.Add(c.resumes), resumes, c.why)
		}
		p := template.CheckStatus(&d)
		require.NotNil(t, p, "%s: a pause is waited out, not counted down: only Meta's word ends it", c.why)
		require.Contains(t, p.Fix, c.says, c.why)
	}
	loose := template.Definition{Status: template.Paused, Notice: "FIRST_PAUSE"}
	_, ok := loose.Resumes()
	require.False(t, ok, "since when is not known")
}
