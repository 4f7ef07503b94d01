package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the example shows is what the catalog promises.
func TestTemplates(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	shown := out.String()
	rest := shown
	for _, want := range []struct{ line, why string }{
		{"read 3 templates on 2 pages", "the listing has pages"},
		{"order_shipped to Asha: allow", "an approved utility template to who agreed"},
		{"The approved template order_shipped (en, utility) says these very words", "the window is closed, and a template says it"},
		{"lint: warning[cat-utility-unspecific]", "the linter saw it coming"},
		{"the catalog has it as MARKETING", "the category of the answer"},
		{"a review can be asked for until 2027-01-02", "sixty days"},
		{"template-approved (Meta: 132015)", "a paused template is not sent, and the code it spares is named"},
		{"it should come back at 13:00:00", "the first pause lasts three hours"},
		{"order_survey to Asha: allow", "Meta said that it is back"},
		{"order_shipped to Asha: deny, optin-category-scope", "who agreed to notices did not agree to marketing"},
		{"time-to-live of 3600 seconds went", "a change of category resets it"},
		{"send-param-count (Meta: 132000)", "the new words take two values"},
		{"order_survey to Asha: allow", "and are sent with two"},
		{"read 3 templates on 2 pages, 1 gone", "what the listing has no more is deleted"},
		{"its name rests until 2026-12-13", "thirty days"},
		{"other than what was submitted last", "somebody changed it elsewhere"},
		{"MARKETING                 2          0", "what was predicted as marketing is"},
		{"UTILITY                   1          1", "and one that was not seen coming"},
	} {
		before, after, found := strings.Cut(rest, want.line)
		require.True(t, found, "%s: %q does not follow; shown:\n%s", want.why, want.line, shown)
		_, rest = before, after
	}
}
