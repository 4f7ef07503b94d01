package template

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/policy"
)

// TestLifeNumbers holds the numbers of the code to those of the rule book.
func TestLifeNumbers(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	for _, c := range []struct {
		rule  policy.ID
		param string
		want  int
	}{
		{"life-archive-soon", "idle_months", idleMonths}, {"life-archive-soon", "archive_months", archiveMonths}, {"life-archive-soon", "delete_days", deleteDays},
		{"life-create-rate", "per_hour", createsAnHour}, {"life-edit-quota", "per_day", editsADay}, {"life-edit-quota", "per_30_days", editsAMonth},
		{"life-template-limit", "unverified", unverified}, {"life-template-limit", "verified", verified}, {"life-category-pending", "appeal_days", appealDays},
		{"life-delete-by-name", "name_locked_days", nameLock},
	} {
		i, ok := book.Index(c.rule)
		require.True(t, ok)
		rule := book.Rule(i)
		v, found, err := policy.Param[int](&rule.Editions[len(rule.Editions)-1], c.param)
		require.NoError(t, err)
		require.True(t, found, "%s %s", c.rule, c.param)
		require.Equal(t, c.want, v, "%s %s: change template/life.go with it", c.rule, c.param)
	}
}
