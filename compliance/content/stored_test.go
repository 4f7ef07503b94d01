package content_test

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

var write = flag.Bool("write", false, "write lexicon_gen.bin anew from the built-in book and the lists")

// TestStoredLexicon compiles the words of the built-in book, proves the examples, and
// holds the file against that, byte for byte.
func TestStoredLexicon(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	want, err := content.StoredLexicon(book)
	require.NoError(t, err)
	if *write {
		require.NoError(t, os.WriteFile("lexicon_gen.bin", want, 0o644))
		return
	}
	have, err := os.ReadFile("lexicon_gen.bin")
	require.NoError(t, err)
	if !bytes.Equal(want, have) {
		t.Fatal("lexicon_gen.bin is not what the rules and lists make: run go generate ./compliance/content")
	}
	ready, err := content.Ready(book)
	require.NoError(t, err)
	require.True(t, ready)
}

// A book with one other word in one rule is compiled by itself, and so is the built-in
// book when the file is of another.
func TestBookWithOtherWords(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	as, err := content.Ready(book) // unless the file is stale, which TestStoredLexicon says
	require.NoError(t, err)
	raised, err := book.Raise("goods-firearms", policy.Note)
	require.NoError(t, err)
	ready, err := content.Ready(raised)
	require.NoError(t, err)
	require.Equal(t, as, ready, "how heavily a rule weighs is no matter of words")

	extended, err := book.Extend("goods-firearms", map[string]policy.Lexicon{"en": {Goods: []string{"boomrod*"}}},
		policy.Examples{Match: []policy.Example{{Lang: "en", Text: "Boomrods for sale, $50", Why: "an offer"}}})
	require.NoError(t, err)
	ready, err = content.Ready(extended)
	require.NoError(t, err)
	require.False(t, ready)
	c, err := content.Compile(extended)
	require.NoError(t, err)
	var rep content.Report
	c.Check([]content.Text{{Place: "body", Words: "Our boomrods are for sale again, only $50 each, order now and we deliver"}}, language.English, &rep)
	require.True(t, slices.ContainsFunc(rep.Findings, func(f content.Finding) bool { return f.Rule == "goods-firearms" }))

	wrong, err := book.Extend("goods-firearms", map[string]policy.Lexicon{"en": {Goods: []string{"boomrod*"}}},
		policy.Examples{Clear: []policy.Example{{Lang: "en", Text: "Boomrods for sale, $50", Why: "an offer all the same"}}})
	require.NoError(t, err)
	_, err = content.Compile(wrong)
	require.ErrorAs(t, err, new(*content.ExampleError), "its examples are run")

	_, err = content.Compile(book, content.WithLimit(16))
	require.ErrorContains(t, err, "longer than the limit", "an example proved within another limit proves nothing")

	small, err := policy.NewBook([]policy.Rule{rule(nil)})
	require.NoError(t, err)
	ready, err = content.Ready(small)
	require.NoError(t, err)
	require.False(t, ready)
}

// TestDamagedLexicon cuts and changes the file: an error that names it.
func TestDamagedLexicon(t *testing.T) {
	small := bookOf(t, rule(nil))
	b, err := content.StoredLexicon(small)
	require.NoError(t, err)
	places := 200
	if testing.Short() {
		places = 10
	}
	for i := 0; i < len(b); i += 1 + len(b)/places {
		content.WithWords(b[:i], func() {
			_, err := content.Compile(small)
			if i < 50 {
				require.NoError(t, err, "no digest, so the words are compiled")
			} else {
				require.ErrorContains(t, err, "lexicon_gen.bin", "cut after %d bytes", i)
			}
		})
		if i < 50 {
			continue
		}
		changed := bytes.Clone(b)
		changed[i] ^= 0x40
		content.WithWords(changed, func() {
			_, err := content.Compile(small)
			require.ErrorContains(t, err, "lexicon_gen.bin", "byte %d changed", i)
		})
	}
}
