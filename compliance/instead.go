package compliance

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/template"
)

// How long a listing of an account's approved templates serves, and of how many
// accounts one is kept. It only makes a refusal more helpful: whether the
// template may be sent is judged when it is.
const (
	shelfTime = time.Minute
	maxShelf  = 16
)

// shelves remembers what an account's catalog lists as approved.
type shelves struct {
	mu   sync.Mutex
	kept map[string]shelf // by account
}

type shelf struct {
	at    time.Time
	index *template.Index
}

// forget drops what is remembered, because the catalog was told something.
func (s *shelves) forget() {
	s.mu.Lock()
	clear(s.kept)
	s.mu.Unlock()
}

// approved lists the approved templates of an account.
func (s *shelves) approved(ctx context.Context, c template.Catalog, account string, now time.Time) (*template.Index, error) {
	s.mu.Lock()
	have, ok := s.kept[account]
	s.mu.Unlock()
	if age := now.Sub(have.at); ok && age >= 0 && age < shelfTime {
		return have.index, nil
	}
	var defs []template.Definition
	for d, err := range c.Definitions(ctx, account) {
		if err != nil {
			return nil, err
		}
		if template.CheckStatus(&d) == nil {
			defs = append(defs, d)
		}
	}
	have = shelf{now, template.NewIndex(defs)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil || len(s.kept) >= maxShelf {
		s.kept = map[string]shelf{}
	}
	s.kept[account] = have
	return have.index, nil
}

// instead looks for templates that could say what the window does not let a
// free-form message say. It finds none where anything fails: a refusal stands
// without them.
func (s *Sender) instead(ctx context.Context, m *Message, c *Case) (found []template.Candidate) {
	defer func() {
		if recover() != nil {
			found = nil
		}
	}()
	w, ok := c.Window.Get()
	if !ok && !c.Window.IsAbsent() || ok && w.Open || m.Group != "" {
		return nil
	}
	index, err := s.shelves.approved(ctx, s.stores.Templates, m.From.Account, c.Now)
	if err != nil || index.Len() == 0 {
		return nil
	}
	wish := template.Wish{Words: wordsOf(m.Texts)}
	if !m.Locale.IsRoot() {
		wish.Language = m.Locale.String()
	}
	if like := s.prepared.likes.ofTexts(m.Texts, m.Locale).Own; like.Sure {
		wish.Category = like.Category
	}
	all := index.Candidates(wish, c.Now)
	for _, k := range all {
		switch {
		case k.Category == category.Authentication && m.To.Phone == "": // goes to numbers alone
		case k.Category == category.Marketing && c.Place == "US": // would not arrive
		default:
			found = append(found, k)
		}
	}
	return found
}

// wordsOf is the body of a message: header and footer are seldom what matters.
func wordsOf(texts []Text) string {
	words := make([]string, 0, len(texts))
	for i := range texts {
		if place := texts[i].Place; !strings.HasPrefix(place, "button") && !strings.HasPrefix(place, "header") && !strings.HasPrefix(place, "footer") {
			words = append(words, texts[i].Words)
		}
	}
	return strings.Join(words, " ")
}

// maxNamed is how many templates a refusal names where none is the one.
const maxNamed = 3

// sendInstead says which template to send, and "" where there is none.
func sendInstead(all []template.Candidate) string {
	if len(all) == 0 {
		return ""
	}
	name := func(c *template.Candidate) string {
		return fmt.Sprintf("%s (%s, %s)", c.Ref.Name, c.Ref.Language, lower(c.Category))
	}
	switch best := &all[0]; {
	case best.Filled != nil:
		return "The approved template " + name(best) + " says these very words."
	case best.Alike >= template.Alike:
		return "The approved template " + name(best) + " says much the same."
	}
	var names []string
	for i := range all[:min(len(all), maxNamed)] {
		names = append(names, name(&all[i]))
	}
	if len(all) > maxNamed {
		names = append(names, "and "+itoa(len(all)-maxNamed)+" more")
	}
	return "Approved and filled by texts alone: " + strings.Join(names, ", ") + "."
}

// fixOf is the fix of rule n, with what else there is to say.
func (r *Results) fixOf(n int, more string) string {
	if more == "" || r.index[n] < 0 {
		return ""
	}
	return strings.TrimSpace(r.sheet.Book().Rule(r.index[n]).Fix + " " + more)
}
