package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the example shows is what the ledger promises.
func TestLedger(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, filepath.Join(t.TempDir(), "consent.db")))
	shown := out.String()
	rest := shown
	for _, want := range []struct{ line, why string }{
		{"line 4 duplicate", "a repeat on a list changes nothing"},
		{"line 5 refused: mobile is no phone number", "what is wrong is told in the list's own words"},
		{"an offer is sent", "who agreed gets offers"},
		{"an offer is held by optout-category-honored", "who stopped does not"},
		{"an offer is sent", "who agreed anew does"},
		{"recorded by help desk", "the audit names who did it"},
		{"after:  agreed: marketing; stopped: marketing", "and what it changed"},
		{"on 10 November? stopped true", "what held on any day"},
		{"3 events under 1 handle", "all that is held"},
		{"1 would go, 1 are in force and stay", "a purge leaves what is in force"},
		{"an intern tries: refused", "not everybody may erase"},
		{"the privacy desk: 3 events are gone, 1 keyed digest stays", "what stays of a person"},
		{"the person is still stopped: true", "an old list brings nobody back"},
		{"The journal is whole: 5 entries", "three times an offer was asked about; two were sent and settled"},
	} {
		before, after, found := strings.Cut(rest, want.line)
		require.True(t, found, "%s: %q does not follow; shown:\n%s", want.why, want.line, shown)
		_, rest = before, after
	}
}
