package template_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/template"
)

// A lintCase is a template, or several of one account, with what is to be found
// in the last, written by hand.
type lintCase struct {
	Why       string              `json:"why"`
	Template  json.RawMessage     `json:"template"`
	Templates []json.RawMessage   `json:"templates"`
	Deleted   []template.Deletion `json:"deleted"`
	At        time.Time           `json:"at"`
	Problems  []lintWant          `json:"problems"`
}

type lintWant struct {
	Rule     policy.ID   `json:"rule"`
	Severity string      `json:"severity"`
	Where    string      `json:"where"`
	Span     policy.Span `json:"span"`
}

const lintCases = "../testdata/lint"

func (c lintCase) why() string { return c.Why }

// firearms stands for the content rules, which are a package above this one:
// it finds one word.
func firearms(words, _ string) []policy.Violation {
	i := strings.Index(words, "rifles")
	if i < 0 {
		return nil
	}
	return []policy.Violation{
		{Rule: "goods-firearms", Severity: policy.Block, Span: policy.Span{Start: i, End: i + len("rifles")}, Why: "firearms are offered"},
		{Rule: "regulated-age-18", Severity: policy.Block, Why: "a condition of a regulated good, which is not told here"},
	}
}

// byModel reports whether a rule rests on what package category reads in the
// words. That reading changes with its model, so such rules are held by
// themselves, without spans, and all others without it.
func byModel(rule string) bool {
	return strings.HasPrefix(rule, "cat-") && rule != "cat-marketing-component" && rule != "cat-marketing-optout" || rule == "auth-content-elsewhere"
}

func TestLintCases(t *testing.T) {
	content := template.WithContent(firearms)
	linter, err := template.NewLinter(content, template.WithReader(nil), template.WithScreen(nil))
	require.NoError(t, err)
	reading, err := template.NewLinter(content)
	require.NoError(t, err)
	files, err := filepath.Glob(lintCases + "/*/*.json")
	require.NoError(t, err)
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file)) + "/" + strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			c := readCase[lintCase](t, file)
			l, rule := linter, filepath.Base(filepath.Dir(file))
			switch {
			case byModel(rule):
				l = reading
			case len(c.Deleted) > 0:
				l, err = template.NewLinter(content, template.WithDeletions(c.At, c.Deleted...))
				require.NoError(t, err)
			}
			var defs []template.Definition
			for _, raw := range append(c.Templates, c.Template) {
				if raw != nil {
					d, err := template.ParseDraft(raw)
					require.NoError(t, err)
					defs = append(defs, d)
				}
			}
			got := []lintWant{}
			for _, p := range l.LintAll(defs)[len(defs)-1] {
				require.NotEmpty(t, p.Why)
				require.NotEmpty(t, p.Fix)
				require.NotEmpty(t, p.Prevents)
				w := lintWant{p.Rule, p.Severity.String(), p.Where, p.Span}
				if byModel(rule) {
					if w.Span = (policy.Span{}); rule != string(p.Rule) {
						continue
					}
				}
				got = append(got, w)
			}
			if diff := cmp.Diff(c.Problems, got); diff != "" {
				t.Errorf("%s\n(-written +found)\n%s", c.Why, diff)
			}
		})
	}
}

// TestLintCensus holds the linter, the rule book and the cases to each other.
func TestLintCensus(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	linted := map[policy.ID]bool{}
	severities := map[template.LintSeverity]policy.Severity{template.LintError: policy.Block, template.LintWarning: policy.Warn, template.LintAdvice: policy.Note}
	for r := range template.LintRules() {
		require.False(t, linted[r.ID], "%s stands twice", r.ID)
		linted[r.ID] = true
		i, ok := book.Index(r.ID)
		require.True(t, ok, "%s is not in the rule book", r.ID)
		rule := book.Rule(i)
		require.Equal(t, rule.Editions[len(rule.Editions)-1].Severity, severities[r.Severity], "%s weighs the same here and in the book", r.ID)
		require.Contains(t, rule.Prevents, r.Prevents, "%s prevents the same here and in the book", r.ID)
		require.Contains(t, []policy.Phase{policy.Create, policy.Send}, rule.Phase, r.ID)
		bothWays(t, lintCases, r.ID, func(file string) bool {
			return slices.ContainsFunc(readCase[lintCase](t, file).Problems, func(w lintWant) bool { return w.Rule == r.ID })
		})
	}
	for _, r := range book.All() {
		if r.Phase == policy.Create {
			require.True(t, linted[r.ID], "%s is a rule of creation, and nobody judges it", r.ID)
		}
	}
	for _, dir := range must(filepath.Glob(lintCases + "/*")) {
		if base := filepath.Base(dir); !strings.HasSuffix(base, ".md") {
			require.True(t, linted[policy.ID(base)], "%s holds cases of no rule", dir)
		}
	}
}
