package compliance

import (
	"hash/maphash"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/template"
)

// A Likeness is what category the words of a message look like to package
// category. It is a prediction: Meta decides.
type Likeness struct {
	// Own is the reading of a template's own words; of a message without a
	// template, of all its words.
	Own category.Reading

	// Filled is the reading with the values in it, made where one of them holds
	// words of promotion, or a percent sign that makes the whole marketing for
	// sure; else Own. Where and Span are the place of those words.
	Filled category.Reading
	Where  string
	Span   policy.Span

	// WayOut reports whether the words say how to stop such messages.
	WayOut bool
}

// maxLikenesses is how many templates are remembered; an account holds 6,000 at
// most, and sends with few of them at a time.
const maxLikenesses = 4096

// likenesses remembers how the templates in use read: a definition's own words
// are read once and not for every send. Entries go by a digest of the words, so
// that a definition that was edited is another one.
type likenesses struct {
	reader *category.Reader
	screen *category.Screen
	out    byEdition[*wordSet] // words that say how to stop

	seed  maphash.Seed
	mu    sync.RWMutex
	known map[uint64]ownWords
}

type ownWords struct {
	reading category.Reading
	wayOut  bool
}

func newLikenesses(book *policy.Book, reader *category.Reader, screen *category.Screen) (*likenesses, error) {
	l := &likenesses{reader: reader, screen: screen, seed: maphash.MakeSeed(), known: map[uint64]ownWords{}}
	var err error
	l.out, err = wordSets(book, "optout-instructions", "says")
	return l, err
}

// digest is of all that a reading of the definition depends on.
func (l *likenesses) digest(d *template.Definition) uint64 {
	var h maphash.Hash
	h.SetSeed(l.seed)
	put := func(s string) {
		h.WriteString(s)
		h.WriteByte(0xff) // stands in no UTF-8
	}
	put(d.Ref.Language)
	put(d.Ref.Name)
	for i := range d.Components {
		k := &d.Components[i]
		put(k.Type)
		put(k.Format)
		put(k.Text)
		put(string(k.Extra["add_security_recommendation"]))
		put(string(k.Extra["code_expiration_minutes"]))
		for j := range k.Buttons {
			put(k.Buttons[j].Type)
			put(k.Buttons[j].Text)
			put(k.Buttons[j].URL)
		}
	}
	return h.Sum64()
}

// own is how a definition's own words read.
func (l *likenesses) own(d *template.Definition) ownWords {
	key := l.digest(d)
	l.mu.RLock()
	w, ok := l.known[key]
	l.mu.RUnlock()
	if ok {
		return w
	}
	draft := d.Draft()
	if readable(draft.Lang) {
		w.reading = l.reader.Read(draft)
	}
	texts := []string{draft.Header, draft.Body, draft.Footer}
	for _, b := range draft.Buttons {
		texts = append(texts, b.Text)
	}
	w.wayOut = l.saysHowToStop(texts)
	l.mu.Lock()
	if len(l.known) >= maxLikenesses {
		clear(l.known)
	}
	l.known[key] = w
	l.mu.Unlock()
	return w
}

// saysHowToStop looks in the words of the newest edition: which words tell a way
// out is no matter of the day.
func (l *likenesses) saysHowToStop(texts []string) bool {
	if len(l.out.value) == 0 {
		return false
	}
	newest := l.out.value[len(l.out.value)-1]
	for _, t := range texts {
		if t != "" && newest.in(t) {
			return true
		}
	}
	return false
}

// readable reports whether package category knows a template's language.
func readable(tag string) bool {
	if tag == "" {
		return true
	}
	t, err := language.Parse(strings.ReplaceAll(tag, "_", "-"))
	if err != nil {
		return false
	}
	base, _ := t.Base()
	switch base.String() {
	case "en", "es", "pt", "hi", "id", "ar", "fr", "de", "it", "tr", "ru", "zh":
		return true
	}
	return false
}

// ofTemplate is how a template reads, filled with what stands in texts.
func (l *likenesses) ofTemplate(d *template.Definition, texts []Text) Likeness {
	own := l.own(d)
	out := Likeness{Own: own.reading, Filled: own.reading, WayOut: own.wayOut}
	percent := out
	for i := range texts {
		t := &texts[i]
		for _, v := range t.Values {
			span, promotes := l.screen.Promotes(t.Words[v[0]:v[1]])
			if !promotes {
				if n := strings.IndexAny(t.Words[v[0]:v[1]], "%％٪"); n >= 0 && percent.Where == "" {
					percent.Where, percent.Span = t.Place, policy.Span{Start: v[0] + n, End: v[1]}
				}
				continue
			}
			out.Where, out.Span = t.Place, policy.Span{Start: v[0] + span[0], End: v[0] + span[1]}
			if readable(d.Ref.Language) {
				out.Filled = l.reader.Read(filledDraft(d, texts))
			}
			return out
		}
	}
	if percent.Where == "" || own.reading.Category == category.Marketing || !readable(d.Ref.Language) {
		return out
	}
	// A percent sign may be a discount's or a tax's: only words beside it tell.
	percent.Filled = l.reader.Read(filledDraft(d, texts))
	if f := &percent.Filled; f.Category == category.Marketing && f.Sure && named(f) {
		return percent
	}
	return out
}

// filledDraft is a definition's draft with the words as a person will read them.
func filledDraft(d *template.Definition, texts []Text) category.Draft {
	draft := d.Draft()
	for i := range texts {
		switch t := &texts[i]; t.Place {
		case "header":
			draft.Header = t.Words
		case "body":
			draft.Body = t.Words
		case "footer":
			draft.Footer = t.Words
		}
	}
	return draft
}

// ofTexts is how the words of a message without a template read.
func (l *likenesses) ofTexts(texts []Text, locale language.Tag) Likeness {
	var body strings.Builder
	all := make([]string, 0, len(texts))
	for i := range texts {
		if body.Len() > 0 {
			body.WriteByte('\n')
		}
		body.WriteString(texts[i].Words)
		all = append(all, texts[i].Words)
	}
	draft := category.Draft{Body: body.String()}
	if !locale.IsRoot() {
		draft.Lang = locale.String()
	}
	out := Likeness{WayOut: l.saysHowToStop(all)}
	if readable(draft.Lang) {
		out.Own = l.reader.Read(draft)
	}
	out.Filled = out.Own
	return out
}
