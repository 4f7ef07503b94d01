package main

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/optin"
)

// What a text is worth to the regression; found by cross-validation.
const (
	textWeight     = 1
	variantWeight  = 0.3
	templateWeight = 0.3
)

// A variant is a text with something gone or mistyped, so that the model does
// not lean on a single word, nor on the words' having been understood.
type variant struct {
	text, hint string
	weight     float64
}

func samples(r *optin.IntentReader, texts []Text) []sample {
	var out []sample
	key := keywords(texts)
	for i := range texts {
		t := &texts[i]
		if t.batch == templates {
			out = append(out, sample{r.Features(nil, t.Text, t.Lang), t.Class(), templateWeight})
			continue
		}
		for _, v := range variants(t, key[t.Lang]) {
			out = append(out, sample{r.Features(nil, v.text, v.hint), t.Class(), v.weight})
		}
	}
	return out
}

// keywords are, by language, the words of stops and starts so short that any of
// them may be all it takes.
func keywords(texts []Text) map[string]map[string]bool {
	key := map[string]map[string]bool{}
	for i := range texts {
		t := &texts[i]
		if key[t.Lang] == nil {
			key[t.Lang] = map[string]bool{}
		}
		if w := pieces(t.Text); t.Level != optin.IntentNone && len(w) <= 3 {
			for _, v := range w {
				key[t.Lang][bare(v)] = true
			}
		}
	}
	return key
}

func bare(w string) string { return strings.ToLower(strings.Trim(w, ".,!?")) }

// pieces are a text's words; where words are not parted, pairs of characters.
func pieces(s string) []string {
	w := strings.Fields(s)
	if len(w) > 1 || utf8.RuneCountInString(s) < 5 || len(s) == utf8.RuneCountInString(s) {
		return w
	}
	var out []string
	r := []rune(s)
	for i := 0; i < len(r); i += 2 {
		out = append(out, string(r[i:min(i+2, len(r))]))
	}
	return out
}

// variants are the text itself, one of its words where it is about something
// else, twice the text less a word, and once with two letters swapped and no
// language given.
func variants(t *Text, key map[string]bool) []variant {
	out := []variant{{t.Text, t.Lang, textWeight}}
	rnd := rand.New(rand.NewPCG(uint64(t.hash()), 3))
	w := pieces(t.Text)
	if t.Level == optin.IntentNone {
		if v := w[rnd.IntN(len(w))]; !key[bare(v)] {
			out = append(out, variant{v, t.Lang, variantWeight})
		}
	}
	if len(w) > 3 {
		between := ""
		if strings.Contains(strings.TrimSpace(t.Text), " ") {
			between = " "
		}
		for range 2 {
			k := rnd.IntN(len(w))
			out = append(out, variant{strings.Join(w[:k], between) + between + strings.Join(w[k+1:], between), t.Lang, variantWeight})
		}
	}
	if r := []rune(t.Text); len(r) > 8 {
		k := 1 + rnd.IntN(len(r)-2)
		r[k], r[k+1] = r[k+1], r[k]
		out = append(out, variant{string(r), "", variantWeight})
	}
	return out
}
