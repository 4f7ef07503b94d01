package template_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/policy"
)

// readCase reads a case strictly, and that it says why it is there.
func readCase[C interface{ why() string }](t *testing.T, file string) (c C) {
	t.Helper()
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&c), file)
	require.NotEmpty(t, c.why(), "%s: a case says why", file)
	return c
}

// bothWays holds that a rule has cases that break it and cases that are clear, each
// called so, in the folder named for it.
func bothWays(t *testing.T, dir string, id policy.ID, breaks func(file string) bool) {
	t.Helper()
	broken, clear := 0, 0
	for _, file := range must(filepath.Glob(filepath.Join(dir, string(id), "*.json"))) {
		switch base := filepath.Base(file); {
		case strings.HasPrefix(base, "breaking"):
			require.True(t, breaks(file), "%s does not break the rule", file)
			broken++
		case strings.HasPrefix(base, "clear"):
			require.False(t, breaks(file), "%s is not clear", file)
			clear++
		default:
			t.Errorf("%s is called neither breaking nor clear", file)
		}
	}
	require.Positive(t, broken, "%s has no case that breaks it", id)
	require.Positive(t, clear, "%s has no case that is clear", id)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
