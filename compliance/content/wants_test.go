package content_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// TestWants holds what is found of what customers ask for to a floor, and what is
// found in harmless questions to a ceiling. Who wrote the words wrote the texts:
// they show that each language works, and not how much is found of what people
// really write.
func TestWants(t *testing.T) {
	f, err := os.Open("../../testdata/content/wants/texts.jsonl")
	require.NoError(t, err)
	defer f.Close()
	c := builtin(t)
	asks, found, harmless, alarms := 0, 0, 0, 0
	langs := map[string]int{}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var text struct {
			ID, Lang, Text string
			Rules          []policy.ID
		}
		require.NoError(t, json.Unmarshal(sc.Bytes(), &text))
		var got []policy.ID
		for _, w := range c.Wants(text.Text, language.Und, nil) {
			require.True(t, w.Span.End <= len(text.Text) && w.Span.Start < w.Span.End, text.ID)
			if !slices.Contains(got, w.Rule) {
				got = append(got, w.Rule)
			}
		}
		if len(text.Rules) == 0 {
			if harmless++; len(got) > 0 {
				alarms++
				t.Logf("%s: %v in a harmless question", text.ID, got)
			}
			continue
		}
		if asks++; slices.Contains(got, text.Rules[0]) {
			found++
			langs[text.Lang]++
		} else {
			t.Logf("%s: %v, want %v", text.ID, got, text.Rules)
		}
	}
	t.Logf("%d of %d found, %d of %d harmless ones too", found, asks, alarms, harmless)
	require.GreaterOrEqual(t, found*100, asks*90)
	require.LessOrEqual(t, alarms*100, harmless*5)
	require.Len(t, langs, 12)
}

func TestWantsOfWhatIsNoGoods(t *testing.T) {
	c := builtin(t)
	for why, words := range map[string]string{
		"conduct is no goods":                  "do you sell insults, you idiot",
		"what only commerce features may not":  "how much is a Netflix subscription?",
		"nothing is asked for":                 "My father used to smoke cigarettes.",
		"empty":                                "",
		"an excuse covers it":                  "do you have a glue gun?",
		"words nobody reads are not asked for": string(make([]byte, content.DefaultLimit+1)),
	} {
		require.Empty(t, c.Wants(words, language.Und, nil), why)
	}
}

func BenchmarkWantsNothing(b *testing.B) {
	c := builtin(b)
	b.ReportAllocs()
	for b.Loop() {
		c.Wants("Hi, where is my order? It should have come yesterday.", language.Und, nil)
	}
}

func BenchmarkWants(b *testing.B) {
	c := builtin(b)
	b.ReportAllocs()
	var found []content.Finding
	for b.Loop() {
		found = c.Wants("Hi, do you have any cigarettes? Two packs of Marlboro please", language.Und, found[:0])
	}
}
