package templatetest_test

import (
	"testing"

	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/template/templatetest"
)

// A catalog of one's own is proved in its own tests. This is the whole of
// such a test.
func ExampleRun() {
	test := func(t *testing.T) {
		templatetest.Run(t, func(testing.TB) template.Catalog { return template.NewMemory() })
	}
	_ = test // go test calls it
	// Output:
}
