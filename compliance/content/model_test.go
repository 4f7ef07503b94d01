package content_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// small is a model of one rule that takes every word for an offer.
func small(t testing.TB) []byte {
	t.Helper()
	w := &content.Weights{Rules: []policy.ID{"acme/fireworks"}, Ties: make([]float64, content.TieSigns), Marks: make([]float64, content.MarkCount),
		Words: map[uint32][]float64{}, Grams: make([]float64, content.GramBuckets), Gate: make([]float64, content.GateBuckets), GateLeast: -1, Find: 0, Sure: 1}
	for _, k := range content.WordFeatures("our rockets fly high over the sea") {
		w.Words[k] = []float64{-1, 2}
	}
	for i := range w.Marks {
		w.Marks[i] = .1
	}
	w.Grams[7], w.Gate[7] = 1, 1
	b, err := content.AppendModel(nil, w)
	require.NoError(t, err)
	return b
}

// TestDamagedModel cuts and changes a model: an error, or a model that reads texts.
func TestDamagedModel(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of models, one after another; run without -short")
	}
	book, b := bookOf(t, rule(nil)), small(t)
	_, err := content.Compile(book, content.WithModel(b))
	require.NoError(t, err)
	for i := 0; i < len(b); i += 1 + i/64 {
		require.ErrorIs(t, content.ReadModel(b[:i]), content.ErrModel, "cut after %d bytes", i)
		changed := bytes.Clone(b)
		changed[i] ^= 0xFF
		if err := content.ReadModel(changed); err != nil || i%16 != 0 {
			if err != nil {
				require.ErrorIs(t, err, content.ErrModel, "byte %d changed", i)
			}
			continue
		}
		c, err := content.Compile(book, content.WithModel(changed))
		require.NoError(t, err)
		var rep content.Report
		c.Check([]content.Text{{Place: "body", Words: "Our rockets fly high over the sea, order now"}}, language.English, &rep)
	}
	_, err = content.Compile(book, content.WithModel(append(bytes.Clone(b), 0)))
	require.ErrorIs(t, err, content.ErrModel, "a byte follows it")
	for _, v := range []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
		at := bytes.Index(b, []byte("acme/fireworks")) + len("acme/fireworks")
		changed := bytes.Clone(b)
		binary.LittleEndian.PutUint32(changed[at:], math.Float32bits(v))
		_, err = content.Compile(book, content.WithModel(changed))
		require.ErrorIs(t, err, content.ErrModel, "%v is no weight", v)
	}
}

// A caller may do what it likes with the bytes it gave.
func TestModelIsCopied(t *testing.T) {
	b := small(t)
	c, err := content.Compile(bookOf(t, rule(nil)), content.WithModel(b))
	require.NoError(t, err)
	clear(b)
	var rep content.Report
	c.Check([]content.Text{{Place: "body", Words: "our rockets fly high over the sea"}}, language.English, &rep)
	require.NotEmpty(t, rep.Findings)
}

// A book without rules of words has nothing to weigh.
func TestBookOfIdentifiers(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	var rules []policy.Rule
	for _, r := range book.All() {
		if r.Check == policy.Identifier {
			rules = append(rules, *r)
		}
	}
	c, err := content.Compile(bookOf(t, rules...))
	require.NoError(t, err)
	var rep content.Report
	c.Check([]content.Text{{Place: "body", Words: "Glock 19, brand new, $450, order now. Card 4111 1111 1111 1111"}}, language.English, &rep)
	require.NotEmpty(t, rep.Findings)
	for _, f := range rep.Findings {
		require.True(t, strings.HasPrefix(string(f.Rule), "data-"), "%s", f.Rule)
	}
}

// What a rule of an app's own finds hides nothing that the built-in rules mean.
func TestOwnRuleBesideMeaning(t *testing.T) {
	const offer = "The green stuff is back in town, 3.5 g from 40, dm for the menu, discreet drop off tonight"
	find := func(c *content.Checker, words string) (ids []policy.ID) {
		var rep content.Report
		c.Check([]content.Text{{Place: "body", Words: words}}, language.English, &rep)
		for _, f := range rep.Findings {
			ids = append(ids, f.Rule)
		}
		return ids
	}
	require.Contains(t, find(builtin(t), offer), policy.ID("goods-drugs-illicit"))
	book, err := policy.Builtin()
	require.NoError(t, err)
	book, err = book.With(rule(func(r *policy.Rule) {
		r.Text.Languages["en"] = policy.Lexicon{Alone: []string{"acmezon"}}
		r.Examples = &policy.Examples{Match: []policy.Example{{Lang: "en", Text: "Ask for acmezon", Why: "the name"}}, Clear: []policy.Example{{Lang: "en", Text: "Ask for more", Why: "no name"}}}
	}))
	require.NoError(t, err)
	c, err := content.Compile(book)
	require.NoError(t, err)
	got := find(c, offer+" acmezon")
	require.True(t, slices.Contains(got, "goods-drugs-illicit") && slices.Contains(got, "acme/fireworks"), "%v", got)
}

// What stands around an offer is no reason to let it go by.
func TestPartsHideNothing(t *testing.T) {
	c := builtin(t)
	const offer = "The green stuff is back in town, 3.5 g from 40, dm for the menu, discreet drop off tonight"
	for _, parts := range [][]content.Text{
		{{Place: "body", Words: offer}, {Place: "footer", Words: "Reply STOP to opt out."}},
		{{Place: "header", Words: "News from us"}, {Place: "body", Words: offer}, {Place: "button.0", Words: "Contact support"}},
		{{Place: "header", Words: "Your weekly update"}, {Place: "body", Words: offer}, {Place: "footer", Words: "Reply STOP to opt out."}, {Place: "button.0", Words: "See more"}},
	} {
		var rep content.Report
		c.Check(parts, language.English, &rep)
		require.True(t, slices.ContainsFunc(rep.Findings, func(f content.Finding) bool { return f.Rule == "goods-drugs-illicit" }), "%d parts", len(parts))
	}
}
