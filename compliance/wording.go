package compliance

import (
	"maps"
	"slices"
	"sync"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/text"
)

// A wordSet tells whether a wording says something: that messages will come,
// what they are for, how to stop them. It knows the words of some languages, and
// finds them in whatever language a wording is said to be.
type wordSet struct {
	phrases *text.Phrases
	langs   []language.Base
}

// reading is what one look takes; wordings are looked at on every send.
type reading struct {
	buf  text.Buffer
	hits []text.Hit
}

var readings = sync.Pool{New: func() any { return new(reading) }}

func newWordSet(byLanguage map[string][]string) (*wordSet, error) {
	w := &wordSet{}
	var all []string
	for _, tag := range slices.Sorted(maps.Keys(byLanguage)) {
		t, err := language.Parse(tag)
		if err != nil {
			return nil, err
		}
		base, _ := t.Base()
		w.langs = append(w.langs, base)
		all = append(all, byLanguage[tag]...)
	}
	var err error
	w.phrases, err = text.Compile(all)
	return w, err
}

// in reports whether a wording holds any of the words.
func (w *wordSet) in(wording string) bool {
	r := readings.Get().(*reading)
	r.buf.Reset()
	r.buf.Add(wording)
	r.hits = w.phrases.Find(r.hits[:0], &r.buf)
	found := len(r.hits) > 0
	readings.Put(r)
	return found
}

// speaks reports whether the words of a locale's language are known. A wording
// whose locale nobody recorded is taken to be in one of them.
func (w *wordSet) speaks(locale string) bool {
	if locale == "" {
		return true
	}
	t, err := language.Parse(locale)
	if err != nil {
		return true
	}
	base, _ := t.Base()
	return slices.Contains(w.langs, base)
}

// wordSets compiles a parameter that lists words by language, once for each
// edition.
func wordSets(book *policy.Book, id policy.ID, name string) (sets byEdition[*wordSet], err error) {
	lists, err := params[map[string][]string](book, id, name)
	if err != nil {
		return sets, err
	}
	sets.from = lists.from
	for _, l := range lists.value {
		w, err := newWordSet(l)
		if err != nil {
			return sets, err
		}
		sets.value = append(sets.value, w)
	}
	return sets, nil
}
