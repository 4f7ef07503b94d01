package outcome_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/outcome"
)

// The table of the package comment is printed from the one the code runs on.
func TestThePackageCommentDrawsTheTable(t *testing.T) {
	raw, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	want := draw()
	require.Contains(t, string(raw), want, "the table in doc.go has to be\n%s", want)
}

func draw() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "answer\tclass\tof\twait\tteaches")
	for _, r := range outcome.Builtin().Rows() {
		var said []string
		for _, c := range r.Codes {
			said = append(said, fmt.Sprint(c))
		}
		for _, s := range r.Ranges {
			said = append(said, fmt.Sprintf("%d–%d", s[0], s[1]))
		}
		for i, h := range r.HTTP {
			if i == 0 {
				said = append(said, fmt.Sprintf("HTTP %d", h))
				continue
			}
			said = append(said, fmt.Sprint(h))
		}
		if r.Provider != "meta" {
			said[0] = r.Provider + " " + said[0]
		}
		if same := len(r.Codes) == 1 && r.Codes[0] == 100 && len(r.Text) > 0; same {
			said = append(said, `"`+r.Text[0]+`"`)
		}
		o := r.Outcome
		wait := "-"
		if o.Wait(1) > 0 {
			wait = strings.NewReplacer("h0m0s", "h", "m0s", "m").Replace(o.Wait(1).String())
			if o.Grows > 0 {
				wait += fmt.Sprintf(" × %g", o.Grows)
			}
		}
		effect := string(o.Effect)
		if effect == "" {
			effect = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", strings.Join(said, ", "), o.Class, o.Of, wait, effect)
	}
	_ = w.Flush()
	var out strings.Builder
	for line := range strings.Lines(b.String()) {
		out.WriteString(strings.TrimRight("//\t"+line, " \n") + "\n")
	}
	return out.String()
}
