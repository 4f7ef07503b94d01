package compliance_test

import (
	"testing"

	"github.com/waguard/waguard/compliance/compliancetest"
)

// TestPolicyCases runs every case and flow of the library and counts them
// against the rule book.
func TestPolicyCases(t *testing.T) {
	if testing.Short() {
		t.Skip("more than a thousand cases, one after another; run without -short")
	}
	compliancetest.Run(t, "../testdata")
}
