package concept

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/text"
)

var write = flag.Bool("write", false, "write words_gen.bin anew")

var languages = []string{"en", "es", "pt", "hi", "id", "ar", "fr", "de", "it", "tr", "ru", "zh"}

// compile makes what words_gen.bin holds, and the name of each concept.
func compile(t testing.TB) (data []byte, names []string) {
	numbers := map[string]Concept{}
	type reading struct {
		hash    uint32
		concept Concept
	}
	at := map[reading]int{}
	var all []entry
	var b text.Buffer
	for n, lang := range languages {
		f, err := os.Open(filepath.Join("words", lang+".tsv"))
		require.NoError(t, err)
		defer f.Close()
		seen := map[string]bool{}
		sc := bufio.NewScanner(f)
		for line := 1; sc.Scan(); line++ {
			name, words, ok := strings.Cut(sc.Text(), "\t")
			require.True(t, ok && name != "" && words != "", "%s.tsv:%d: want a concept, a tab and words", lang, line)
			require.False(t, seen[name], "%s.tsv:%d: %s stands there twice", lang, line, name)
			seen[name] = true
			if numbers[name] == 0 {
				names = append(names, name)
				numbers[name] = Concept(len(names))
			}
			for w := range strings.SplitSeq(words, ",") {
				seed := uint32(seedWhole)
				if stem, ok := strings.CutSuffix(w, "*"); ok {
					seed, w = seedStem, stem
				}
				b.Reset()
				b.Add(w)
				ts := b.Tokens()
				if len(ts) == 0 {
					continue // a sign that folding drops
				}
				r := reading{hashOf(seed, b.Bytes()[ts[0].Start:ts[len(ts)-1].End]), numbers[name]}
				i, had := at[r]
				if !had {
					i = len(all)
					at[r] = i
					all = append(all, entry{r.hash, r.concept, 0})
				}
				all[i].languages |= 1 << n
			}
		}
		require.NoError(t, sc.Err())
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(a.hash, b.hash) })
	data = append([]byte(magic), byte(len(languages)))
	for _, l := range languages {
		data = append(data, l...)
		data = append(data, '\n')
	}
	for _, e := range all {
		data = binary.LittleEndian.AppendUint32(data, e.hash)
		data = binary.LittleEndian.AppendUint16(data, uint16(e.concept))
		data = binary.LittleEndian.AppendUint16(data, e.languages)
	}
	return data, names
}

// TestStored holds words_gen.bin against the lists.
func TestStored(t *testing.T) {
	data, _ := compile(t)
	if *write {
		require.NoError(t, os.WriteFile("words_gen.bin", data, 0o644))
		return
	}
	require.Equal(t, data, stored, "the lists have changed: run go generate ./internal/concept")
}

func TestEach(t *testing.T) {
	_, names := compile(t)
	table, err := Builtin()
	require.NoError(t, err)
	for _, c := range []struct{ lang, text, want, why string }{
		{"en", "We buy old gold", "we buy old gold", "whole words"},
		{"es", "Compramos oro", "buy gold", "a verb by its stem"},
		{"de", "Wir kaufen Gold", "we purchase gold", "the whole of a word before a stem of it"},
		{"ar", "والسعر", "rate", "an article and an \"and\" before the word"},
		{"zh", "购买黄金", "buy gold", "words without spaces"},
		{"ru", "Купите золото", "buy gold", "Cyrillic"},
		{"en", "Xyzzy 44", "", "nobody knows the word, and numbers stand for nothing"},
	} {
		var b text.Buffer
		b.Add(c.text)
		var got []string
		table.Each(&b, language.MustParseBase(c.lang), new(Memo), func(c Concept, _ int) { got = append(got, names[c-1]) })
		require.Equal(t, c.want, strings.Join(got, " "), "%s: %s", c.text, c.why)
	}
}

// TestGift holds words that mean different things in different languages.
func TestGift(t *testing.T) {
	table, err := Builtin()
	require.NoError(t, err)
	of := func(lang string) (c Concept) {
		var b text.Buffer
		b.Add("gift")
		table.Each(&b, language.MustParseBase(lang), new(Memo), func(x Concept, _ int) { c = x })
		return c
	}
	require.NotZero(t, of("en"))
	require.NotEqual(t, of("en"), of("de"), "it is a present in English and a poison in German")
}

func TestDamaged(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing":      nil,
		"another file": []byte("waguard content 3\n"),
		"no languages": []byte(magic),
		"cut":          stored[:len(stored)-3],
		"no such one":  []byte(magic + "\x01q!\n12345678"),
		"out of order": []byte(magic + "\x01en\n\x02\x00\x00\x00\x01\x00\x01\x00\x01\x00\x00\x00\x01\x00\x01\x00"),
	} {
		_, err := read(b)
		require.ErrorIs(t, err, errStored, name)
	}
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(stored); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEach(b *testing.B) {
	table, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	const typical = "Hi Maria, your order 48213 has shipped and should arrive on Thursday between 2 and 4 pm. Reply to this message to change the address."
	var buf text.Buffer
	buf.Add(typical)
	english := language.MustParseBase("en")
	var memo Memo
	b.ReportAllocs()
	b.SetBytes(int64(len(typical)))
	n := 0
	for b.Loop() {
		table.Each(&buf, english, &memo, func(Concept, int) { n++ })
	}
}
