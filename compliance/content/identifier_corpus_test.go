package content_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// identifierRules are the rules for what is shared, by the class of the sample.
var identifierRules = map[string]policy.ID{
	"card":      "data-full-card-number",
	"card_auth": "data-sensitive-identifier",
	"account":   "data-financial-account-number",
	"person_id": "data-personal-id-number",
	"health_id": "data-sensitive-identifier",
}

type identifierSample struct {
	Lang  string `json:"lang"`
	Kind  string `json:"kind"`
	Class string `json:"class"` // one of identifierRules, or clear
	Text  string `json:"text"`
}

type identifierTally struct{ found, named, of, alarms, clear int }

// TestIdentifierCorpus is TestCorpus for identifiers that are shared in full: an
// identifier is found when its rule is broken, whatever the kind is called; a note
// is no alarm.
func TestIdentifierCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of texts, one after another; run without -short")
	}
	c := builtin(t)
	files, err := fs.Glob(os.DirFS(filepath.Join("..", "..", "testdata")), "content/identifiers/*.jsonl")
	require.NoError(t, err)
	require.Len(t, files, len(languages)+1)
	var all identifierTally
	kinds := map[string]*identifierTally{}
	for _, file := range files {
		var n identifierTally
		for _, s := range lines[identifierSample](t, file) {
			rule, known := identifierRules[s.Class]
			require.True(t, known || s.Class == "clear", "%s: class %q", file, s.Class)
			broken, named := shared(t, c, s)
			got := slices.Contains(broken, rule)
			if !known {
				got = len(broken) > 0
			}
			if tuned(s.Text) {
				if got != known {
					t.Logf("tune %s %s %s: %v: %q", s.Lang, s.Class, s.Kind, broken, s.Text)
				}
				continue
			}
			k := kinds[s.Kind]
			if k == nil {
				k = &identifierTally{}
				kinds[s.Kind] = k
			}
			for _, n := range [...]*identifierTally{&n, &all, k} {
				n.add(known, got, slices.Contains(named, s.Kind))
			}
		}
		t.Logf("%-6s found %3d/%3d, by that name %3d   false alarms %d/%d", strings.TrimSuffix(filepath.Base(file), ".jsonl"), n.found, n.of, n.named, n.alarms, n.clear)
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		n := kinds[kind]
		t.Logf("%-22s found %3d/%3d, by that name %3d   false alarms %d/%d", kind, n.found, n.of, n.named, n.alarms, n.clear)
	}
	recall, alarms := float64(all.found)/float64(all.of), float64(all.alarms)/float64(all.clear)
	t.Logf("all    found %d/%d (%.1f %%), by that name %d   false alarms %d/%d (%.2f %%)", all.found, all.of, 100*recall, all.named, all.alarms, all.clear, 100*alarms)
	require.GreaterOrEqual(t, recall, 0.985, "recall on the held-out half")
	require.LessOrEqual(t, alarms, 0.005, "false alarms on the held-out half")
}

func (n *identifierTally) add(known, got, named bool) {
	switch {
	case !known:
		n.clear++
		if got {
			n.alarms++
		}
	default:
		n.of++
		if got {
			n.found++
		}
		if named {
			n.named++
		}
	}
}

// shared are the rules a text breaks by what it shares, and the kinds found.
func shared(t testing.TB, c *content.Checker, s identifierSample) (broken []policy.ID, named []string) {
	t.Helper()
	var rep content.Report
	c.Check([]content.Text{{Place: "body", Words: s.Text}}, language.MustParse(s.Lang), &rep)
	require.Empty(t, rep.Failed)
	for _, f := range rep.Findings {
		if strings.HasPrefix(string(f.Rule), "data-") && f.Rule != "data-request-sensitive" {
			named = append(named, f.Kind)
			if f.Severity != policy.Note {
				broken = append(broken, f.Rule)
			}
		}
	}
	return broken, named
}
