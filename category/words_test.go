package category

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/text"
)

var write = flag.Bool("write", false, "write words_gen.bin anew from the cue files")

// TestStoredWords compiles the cue files and holds words_gen.bin against that, byte for byte.
func TestStoredWords(t *testing.T) {
	lists, err := loadCues()
	require.NoError(t, err)
	w, err := compile(lists)
	require.NoError(t, err)
	want := w.append(nil)
	if *write {
		require.NoError(t, os.WriteFile("words_gen.bin", want, 0o644))
		return
	}
	if !bytes.Equal(want, storedWords) {
		t.Fatal("words_gen.bin is not what the cue files make: run go generate ./category, then go run -C category/train .")
	}
	have, err := builtinWords()
	require.NoError(t, err)
	require.Equal(t, w.lexicon.sign, have.lexicon.sign)
	require.Equal(t, w.lexicon.language, have.lexicon.language)
	require.Equal(t, w.lexicon.bases, have.lexicon.bases)
	require.Equal(t, w.lexicon.english, have.lexicon.english)
	require.Equal(t, want, have.append(nil))
}

func TestDamagedWords(t *testing.T) {
	for n := range 64 {
		_, err := readWords(storedWords[:n*len(storedWords)/64])
		require.ErrorIs(t, err, errStored)
	}
	_, err := readWords(append(bytes.Clone(storedWords), 0))
	require.ErrorIs(t, err, errStored, "more behind the end")
}

func BenchmarkReadWords(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := readWords(storedWords); err != nil {
			b.Fatal(err)
		}
	}
}

// cueList is one language's words: those of promotion the Screen looks for, the
// harmless phrases some of them stand in ("job offer"), and the signs.
type cueList struct {
	Language string              `json:"language"`
	Price    []string            `json:"price"`
	Urge     []string            `json:"urge"`
	WinBack  []string            `json:"win_back"`
	Greet    []string            `json:"greet"`
	Harmless []string            `json:"harmless"`
	Signs    map[string][]string `json:"signs"`
}

// loadCues reads every language's cue file, strictly, in the order of their names.
func loadCues() ([]cueList, error) {
	files, err := filepath.Glob("cues/*.json")
	if err != nil {
		return nil, err
	}
	lists := make([]cueList, len(files))
	for i, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&lists[i]); err != nil {
			return nil, fmt.Errorf("category: %s: %w", name, err)
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("category: %s: more than one value", name)
		}
	}
	return lists, nil
}

// compile makes words of cue lists.
func compile(lists []cueList) (*words, error) {
	number := map[string]int{}
	for i, s := range signs {
		number[s.name] = i
	}
	w := &words{}
	l := &w.lexicon
	var phrases, promote, harmless []string
	for k, list := range lists {
		l.languages = append(l.languages, list.Language)
		l.bases = append(l.bases, language.MustParseBase(list.Language))
		if list.Language == "en" {
			l.english = uint8(k)
		}
		add := func(s int, words []string) {
			for _, w := range words {
				phrases = append(phrases, w)
				l.sign = append(l.sign, int16(s))
				l.language = append(l.language, uint8(k))
			}
		}
		add(harmlessSign, list.Harmless)
		rows := map[string][]string{"price-row": list.Price, "urge-row": list.Urge, "winback-row": list.WinBack, "greet-row": list.Greet}
		for name := range list.Signs {
			if n, ok := number[name]; !ok || rows[signs[n].name] != nil {
				return nil, fmt.Errorf("category: cues of %s: no sign %q", list.Language, name)
			}
		}
		for n, s := range signs { // in their order, so that every process numbers the phrases alike
			add(n, list.Signs[s.name])
			add(n, rows[s.name])
		}
		promote = slices.Concat(promote, list.Price, list.Urge, list.WinBack, list.Greet)
		harmless = append(harmless, list.Harmless...)
	}
	w.screen.harmless = len(promote)
	var err error
	if l.phrases, err = text.Compile(phrases); err != nil {
		return nil, fmt.Errorf("category: %w", err)
	}
	if w.screen.phrases, err = text.Compile(append(promote, harmless...)); err != nil {
		return nil, fmt.Errorf("category: %w", err)
	}
	return w, nil
}
