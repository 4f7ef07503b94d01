package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// A Sample is one text and what it breaks.
type Sample struct {
	ID, Lang, Text string
	Class          string // offer, evaded, hard, mention, ordinary; see testdata/content/README.md
	From           string // the folder it comes from, or "rules"
	Want           []int  // classes; none is left out
	Not            int    // with no Want: the rule it is known not to break; 0: it breaks none
	Weight         float64

	around []content.Text // what stands around a template's body: header, footer, buttons
	views  []view
}

// A view is what the model sees of a sample when it is read in some language.
type view struct {
	content.Clues
	ids   []int32 // of what were Words, then of Signs, in the vocabulary
	words int     // how many of ids are words
}

// Held tells the fifth that nothing may be trained on; the same texts are held out
// of mending word lists.
func (s *Sample) Held() bool {
	if s.From == "rules" {
		return false // examples stand in the rule's own file, beside its words
	}
	h := s.hash()
	return h%10 < 4 && h&1 == 1
}

// Fold parts the training texts for cross-validation.
func (s *Sample) Fold() int { return int(s.hash()>>8) % folds }

func (s *Sample) hash() uint32 {
	h := fnv.New32a()
	h.Write([]byte(s.Text))
	return h.Sum32()
}

func (s *Sample) offers() bool { return len(s.Want) > 0 }

// Weights of texts by where they come from. The examples in a rule's file were
// written with its words in view, and would make phrases look better than they are.
const (
	weightCorpus   = 1
	weightExamples = .3
	weightOrdinary = .5
)

var languages = []string{"en", "es", "pt", "hi", "id", "ar", "fr", "de", "it", "tr", "ru", "zh"}

// Rules are those that words decide, in the order of the book. The place in it is
// the class less one.
func Rules(book *policy.Book) (ids []policy.ID) {
	for _, r := range book.All() {
		if r.Check == policy.Lexical {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Load reads the texts with what they break.
func Load(dir string, book *policy.Book, rules []policy.ID) (all []Sample, err error) {
	for _, lang := range languages {
		add := func(l line) {
			s := Sample{ID: l.ID, Lang: lang, Text: l.Text, Class: l.Class, From: "content", Weight: weightCorpus}
			known := len(l.Rules) == 0
			for _, id := range l.Rules {
				n := slices.Index(rules, id)
				if n >= 0 {
					s.Want = append(s.Want, n+1)
				}
				known = known || n >= 0 || l.Class != "offer" && l.Class != "evaded"
			}
			if known {
				all = append(all, s)
			}
		}
		if err := lines(filepath.Join(dir, "content", lang+".jsonl"), add); err != nil {
			return nil, err
		}
		if err := lines(filepath.Join(dir, "content", "new", lang+".jsonl"), add); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, set := range []string{"category", "optin", "content/ask"} {
			if err := lines(filepath.Join(dir, set, lang+".jsonl"), func(l line) {
				if l.Kind == "ask" {
					return // barred by another rule, and much like a fraud
				}
				all = append(all, Sample{ID: fmt.Sprintf("%s/%s %s", set, lang, l.ID), Lang: lang, Text: l.Text + l.Body, around: l.around(), Class: "ordinary", From: set, Weight: weightOrdinary})
			}); err != nil {
				return nil, err
			}
		}
	}
	for n, id := range rules {
		i, _ := book.Index(id)
		ex := book.Rule(i).Examples
		if ex == nil {
			continue
		}
		for _, e := range ex.Match {
			all = append(all, Sample{ID: string(id), Lang: e.Lang, Text: e.Text, Class: "offer", From: "rules", Want: []int{n + 1}, Weight: weightExamples})
		}
		for _, e := range ex.Clear {
			all = append(all, Sample{ID: string(id), Lang: e.Lang, Text: e.Text, Class: "hard", From: "rules", Not: n + 1, Weight: weightExamples})
		}
	}
	return all, nil
}

type line struct {
	ID    string      `json:"id"`
	Text  string      `json:"text"`
	Body  string      `json:"body"`
	Rules []policy.ID `json:"rules"`
	Class string      `json:"class"`
	Kind  string      `json:"kind"` // of a text of content/ask

	// of a template
	Header  string `json:"header"`
	Footer  string `json:"footer"`
	Buttons []struct {
		Text string `json:"text"`
		URL  string `json:"url"`
	} `json:"buttons"`
}

func (l *line) around() (texts []content.Text) {
	add := func(place, words string) {
		if words != "" {
			texts = append(texts, content.Text{Place: place, Words: words})
		}
	}
	add("header", l.Header)
	add("footer", l.Footer)
	for i, b := range l.Buttons {
		add(fmt.Sprintf("button.%d", i), b.Text)
		add(fmt.Sprintf("button.%d.url", i), b.URL)
	}
	return texts
}

func lines(name string, add func(line)) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		var l line
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
		add(l)
	}
	return sc.Err()
}

// see looks at every text with its language said and not said, at templates
// with what stands around them, and at some texts of the corpus with a footer behind them
// or with what stands around a template: no part of a message may be taken for innocence.
func see(c *content.Checker, all []Sample) {
	frames := map[string][][]content.Text{} // by language: what stands around templates
	for i := range all {
		if s := &all[i]; len(s.around) > 0 && s.From == "category" {
			frames[s.Lang] = append(frames[s.Lang], s.around)
		}
	}
	var readers sync.WaitGroup
	for n := range runtime.GOMAXPROCS(0) {
		readers.Go(func() {
			for i := n; i < len(all); i += runtime.GOMAXPROCS(0) {
				all[i].see(c, frames[all[i].Lang])
			}
		})
	}
	readers.Wait()
}

// see looks at one text. frames are what stands around templates in its language.
func (s *Sample) see(c *content.Checker, frames [][]content.Text) {
	look := func(lang language.Tag, texts ...content.Text) {
		s.views = append(s.views, view{Clues: c.Clues(texts, lang)})
	}
	lang, body := language.Make(s.Lang), content.Text{Place: "body", Words: s.Text}
	look(lang, body)
	look(language.Und, body)
	s.views[1].Grams, s.views[1].Gate = nil, nil // the same again
	if len(s.around) > 0 {
		look(lang, append([]content.Text{body}, s.around...)...)
	}
	if s.From != "content" {
		return
	}
	if len(frames) > 0 && s.hash()>>20%5 == 1 {
		look(lang, append([]content.Text{body}, frames[int(s.hash()>>12)%len(frames)]...)...)
	}
	if fs := footers[s.Lang]; len(fs) > 0 && s.hash()>>20%5 == 0 {
		body.Words += " " + fs[int(s.hash()>>16)%len(fs)]
		look(lang, body)
	}
}
