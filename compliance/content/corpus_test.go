package content_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
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

// A sample is one line of testdata/content/<lang>.jsonl.
type sample struct {
	ID    string      `json:"id"`
	Lang  string      `json:"lang"`
	Text  string      `json:"text"`
	Rules []policy.ID `json:"rules"` // what it breaks
	Class string      `json:"class"`
	Why   string      `json:"why"`
}

// classes are the sorts of samples: whether something is offered, and whether
// it is hidden.
var classes = map[string]struct{ offers, evades bool }{
	"offer": {offers: true}, "evaded": {offers: true, evades: true},
	"mention": {}, "hard": {}, "ordinary": {}, "card": {}, "masked": {},
}

// heldOut tells the fifth that nothing may be tuned on.
func heldOut(text string) bool {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()%10 < 4 && h.Sum32()&1 == 1
}

// tuned tells the half of the identifiers whose mistakes are shown and mended.
func tuned(text string) bool {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()&1 == 0
}

func lines[T any](t testing.TB, path ...string) (all []T) {
	t.Helper()
	name := filepath.Join(append([]string{"..", "..", "testdata"}, path...)...)
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var v T
		require.NoError(t, json.Unmarshal(sc.Bytes(), &v), name)
		all = append(all, v)
	}
	require.NoError(t, sc.Err())
	return all
}

func samples(t testing.TB, lang string) []sample {
	all := lines[sample](t, "content", lang+".jsonl")
	if _, err := os.Stat(filepath.Join("..", "..", "testdata", "content", "new", lang+".jsonl")); err == nil {
		all = append(all, lines[sample](t, "content", "new", lang+".jsonl")...)
	}
	for _, s := range all {
		class, ok := classes[s.Class]
		require.True(t, ok, "%s: class %q", s.ID, s.Class)
		require.Equal(t, lang, s.Lang, s.ID)
		require.False(t, class.offers && len(s.Rules) == 0, "%s offers nothing", s.ID)
	}
	return all
}

var languages = []string{"en", "es", "pt", "hi", "id", "ar", "fr", "de", "it", "tr", "ru", "zh"}

// A share is so many of so many.
type share struct{ n, of int }

func (s *share) count(yes bool) {
	s.of++
	if yes {
		s.n++
	}
}

func (s share) rate() float64 { return float64(s.n) / float64(max(s.of, 1)) }

func (s share) String() string {
	if s.of == 0 {
		return "–"
	}
	return fmt.Sprintf("%d/%d (%.1f %%)", s.n, s.of, 100*s.rate())
}

// A score is what became of the samples of one language, or all.
type score struct {
	plain, evaded       share // the very rule is found
	plainAny, evadedAny share // some rule is found, so the message does not go out
	ordinary, hard      share // a rule is found where none is broken
}

func (a *score) add(b *score) {
	for _, p := range []struct{ a, b *share }{{&a.plain, &b.plain}, {&a.evaded, &b.evaded}, {&a.plainAny, &b.plainAny},
		{&a.evadedAny, &b.evadedAny}, {&a.ordinary, &b.ordinary}, {&a.hard, &b.hard}} {
		p.a.n += p.b.n
		p.a.of += p.b.of
	}
}

// A ruleScore is what became of one rule.
type ruleScore struct {
	found, evaded   share
	right           share // of the findings of this rule, those on texts that break it
	alarms, instead int   // findings where nothing is broken, and where another rule is
}

// goodsRules are the rules that words decide.
func goodsRules(t testing.TB) map[policy.ID]bool {
	book, err := policy.Builtin()
	require.NoError(t, err)
	ids := map[policy.ID]bool{}
	for _, r := range book.All() {
		if r.Check == policy.Lexical {
			ids[r.ID] = true
		}
	}
	return ids
}

// TestCorpus reads the samples of every language, with the language said and
// without, and logs how often each rule is right of the held-out texts, as tables for
// testdata/content/README.md. Mistakes on the rest are logged in full, for
// mending; those of the held-out texts are only counted.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of texts, one after another; run without -short")
	}
	c := builtin(t)
	rules := goodsRules(t)
	find := func(text string, lang language.Tag) (ids []policy.ID) {
		var rep content.Report
		c.Check([]content.Text{{Place: "body", Words: text}}, lang, &rep)
		require.Empty(t, rep.Failed)
		for _, f := range rep.Findings {
			if rules[f.Rule] && !slices.Contains(ids, f.Rule) {
				ids = append(ids, f.Rule)
			}
		}
		return ids
	}
	said, unsaid, tuned := map[string]*score{}, score{}, score{}
	byRule := map[policy.ID]*ruleScore{}
	for id := range rules {
		byRule[id] = &ruleScore{}
	}
	for _, lang := range languages {
		k := &score{}
		said[lang] = k
		for _, s := range samples(t, lang) {
			var want []policy.ID
			for _, id := range s.Rules {
				if rules[id] {
					want = append(want, id)
				}
			}
			class := classes[s.Class]
			if class.offers && len(want) == 0 {
				continue // no rule reads words for it
			}
			judge := func(k *score, got []policy.ID) {
				exact := slices.ContainsFunc(want, func(id policy.ID) bool { return slices.Contains(got, id) })
				switch {
				case class.evades:
					k.evaded.count(exact)
					k.evadedAny.count(len(got) > 0)
				case class.offers:
					k.plain.count(exact)
					k.plainAny.count(len(got) > 0)
				case s.Class == "ordinary" || s.Class == "card" || s.Class == "masked":
					k.ordinary.count(len(got) > 0)
				default:
					k.hard.count(len(got) > 0)
				}
			}
			got := find(s.Text, language.MustParse(lang))
			if !heldOut(s.Text) {
				judge(&tuned, got)
				if len(want) == 0 && len(got) > 0 || len(want) > 0 && !slices.ContainsFunc(want, func(id policy.ID) bool { return slices.Contains(got, id) }) {
					t.Logf("tune %s %s: want %v, found %v: %s", s.ID, s.Class, want, got, s.Text)
				}
				continue
			}
			judge(k, got)
			judge(&unsaid, find(s.Text, language.Und))
			for _, id := range want {
				r := byRule[id]
				if class.evades {
					r.evaded.count(slices.Contains(got, id))
				} else {
					r.found.count(slices.Contains(got, id))
				}
			}
			for _, id := range got {
				r := byRule[id]
				ok := slices.Contains(want, id)
				r.right.count(ok)
				switch {
				case ok:
				case len(want) == 0:
					r.alarms++
				default:
					r.instead++
				}
			}
		}
	}

	var b strings.Builder
	row := func(name string, k *score) {
		fmt.Fprintf(&b, "| %s | %v | %v | %v | %v | %v | %v |\n", name, k.plain, k.plainAny, k.evaded, k.evadedAny, k.ordinary, k.hard)
	}
	b.WriteString("\n| | offers, by the rule | by any | evaded, by the rule | by any | alarms, ordinary | alarms, hard and mention |\n|---|---|---|---|---|---|---|\n")
	all := &score{}
	for _, lang := range languages {
		row(lang, said[lang])
		all.add(said[lang])
	}
	row("all", all)
	row("all, language not said", &unsaid)
	row("(the rest)", &tuned)
	b.WriteString("\n| rule | offers found | evaded found | precision | alarms | in place of another |\n|---|---|---|---|---|---|\n")
	for _, id := range slices.SortedFunc(maps.Keys(byRule), func(a, b policy.ID) int { return cmp.Compare(a, b) }) {
		r := byRule[id]
		fmt.Fprintf(&b, "| %s | %v | %v | %v | %d | %d |\n", id, r.found, r.evaded, r.right, r.alarms, r.instead)
	}
	t.Log(b.String())
	require.GreaterOrEqual(t, all.plainAny.rate(), 0.78, "offers found of the held-out texts")
	require.GreaterOrEqual(t, all.evadedAny.rate(), 0.92, "evaded offers found of the held-out texts")
	require.LessOrEqual(t, all.ordinary.rate(), 0.01, "alarms on ordinary texts of the held-out texts")
	require.LessOrEqual(t, all.hard.rate(), 0.02, "alarms on hard texts of the held-out texts")
}

// TestFresh reads texts that no model was ever trained on: what testers wrote who had not seen
// the checker.
func TestFresh(t *testing.T) {
	if testing.Short() {
		t.Skip("counts, and checks nothing that the cases do not; run without -short")
	}
	c := builtin(t)
	rules := goodsRules(t)
	for _, batch := range []struct {
		name, about    string
		offers, alarms float64
	}{
		{"o-", "all rules", 0.93, 0.01},
		{"z-", "health alone", 0.7, 0.03},
		{"za-", "health alone, by another", 0.7, 0.03},
	} {
		var plain, exact, evaded, ordinary, hard, alarms share
		for _, lang := range languages {
			for _, s := range lines[sample](t, "content", "fresh", lang+".jsonl") {
				if !strings.HasPrefix(s.ID, batch.name) {
					continue
				}
				var rep content.Report
				c.Check([]content.Text{{Place: "body", Words: s.Text}}, language.MustParse(lang), &rep)
				found := slices.ContainsFunc(rep.Findings, func(f content.Finding) bool { return rules[f.Rule] })
				switch class := classes[s.Class]; {
				case class.evades:
					evaded.count(found)
				case class.offers:
					plain.count(found)
					exact.count(slices.ContainsFunc(rep.Findings, func(f content.Finding) bool { return slices.Contains(s.Rules, f.Rule) }))
				default:
					alarms.count(found)
					if s.Class == "ordinary" {
						ordinary.count(found)
					} else {
						hard.count(found)
					}
				}
			}
		}
		t.Logf("%s: offers %v, by the rule %v, evaded %v, alarms %v: ordinary %v, hard and mention %v", batch.name, plain, exact, evaded, alarms, ordinary, hard)
		require.GreaterOrEqual(t, plain.rate(), batch.offers, "offers, %s", batch.about)
		if evaded.of > 0 {
			require.GreaterOrEqual(t, evaded.rate(), 0.98, "evaded offers, %s", batch.about)
		}
		require.LessOrEqual(t, alarms.rate(), batch.alarms, "alarms, %s", batch.about)
	}
}

// TestCorpusElsewhere reads what other tests hold of ordinary messages: templates
// of many trades, what customers write, and what is asked of them. Most of what is found in
// the templates is near a line: a salary paid early, a wine club, a personal loan.
func TestCorpusElsewhere(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of texts, one after another; run without -short")
	}
	c := builtin(t)
	rules := goodsRules(t)
	type words struct {
		Text string `json:"text"`
		Body string `json:"body"`
		Kind string `json:"kind"`
	}
	for _, set := range []string{"category", "optin", "content/ask"} {
		var alarms share
		for _, lang := range languages {
			for _, w := range lines[words](t, set, lang+".jsonl") {
				if w.Kind == "ask" {
					continue // barred by another rule, and much like a fraud
				}
				text := w.Text + w.Body
				var rep content.Report
				c.Check([]content.Text{{Place: "body", Words: text}}, language.MustParse(lang), &rep)
				i := slices.IndexFunc(rep.Findings, func(f content.Finding) bool { return rules[f.Rule] })
				if heldOut(text) {
					alarms.count(i >= 0)
				} else if i >= 0 {
					t.Logf("tune %s %s: found %s: %s", set, lang, rep.Findings[i].Rule, text)
				}
			}
		}
		t.Logf("%s: alarms %v", set, alarms)
		require.LessOrEqual(t, alarms.rate(), 0.015, set)
	}
}
