package content_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

func builtin(t testing.TB) *content.Checker {
	t.Helper()
	book, err := policy.Builtin()
	require.NoError(t, err)
	c, err := content.Compile(book)
	require.NoError(t, err)
	return c
}

func TestCompileBuiltin(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	c, err := content.Unproved(book)
	require.NoError(t, err)
	for _, r := range book.All() {
		for _, err := range c.Prove(r) {
			t.Error(err)
		}
	}
}
