package template

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/waguard/waguard/category"
)

// A Shelf is what is known of one business account's templates: the definitions,
// and what the app did with them. It says what an act would come to before it is
// done ([Shelf.CheckCreate], [Shelf.CheckEdit], [Shelf.CheckDelete]) and what a
// person should know ([Shelf.Advice]). None of that stops a send. Its methods are
// pure, look at no clock, and are safe for concurrent use as long as nobody
// writes to the fields.
//
// What the app did elsewhere, such as in WhatsApp Manager, is not known here:
// quotas are at most what is told, and may be less.
type Shelf struct {
	Account     string
	Definitions []Definition
	Acts        []Act // in the order of their instants
	Limit       int   // templates the account may hold; 0: 250, or 6,000 where it holds more
}

// NewShelf reads what is known of an account from its stores. Acts may be nil.
func NewShelf(ctx context.Context, account string, c Catalog, acts Acts) (*Shelf, error) {
	s := &Shelf{Account: account}
	for d, err := range c.Definitions(ctx, account) {
		if err != nil {
			return nil, err
		}
		s.Definitions = append(s.Definitions, d)
	}
	if acts == nil {
		return s, nil
	}
	for a, err := range acts.Acts(ctx, account) {
		if err != nil {
			return nil, err
		}
		s.Acts = append(s.Acts, a)
	}
	return s, nil
}

// held is the definition of a name and language, or nil.
func (s *Shelf) held(r Ref) *Definition {
	for i := range s.Definitions {
		if d := &s.Definitions[i]; d.Ref.Name == r.Name && Language(d.Ref.Language) == Language(r.Language) {
			return d
		}
	}
	return nil
}

func (a *Act) of(r Ref) bool { return a.Ref.Name == r.Name && a.Ref.Language == Language(r.Language) }

// parted gives for each template a shelf of its acts alone: an account has thousands
// of templates and more acts, and who looks at all of them goes through the acts once.
func (s *Shelf) parted() func(Ref) *Shelf {
	acts := map[Ref][]Act{}
	for _, a := range s.Acts {
		r := Ref{Name: a.Ref.Name, Language: a.Ref.Language}
		acts[r] = append(acts[r], a)
	}
	return func(r Ref) *Shelf {
		return &Shelf{Account: s.Account, Acts: acts[Ref{Name: r.Name, Language: Language(r.Language)}]}
	}
}

// count is how many templates there are, and how many there may be.
func (s *Shelf) count() (n, limit int) {
	for i := range s.Definitions {
		if s.Definitions[i].Status != Deleted {
			n++
		}
	}
	switch limit = s.Limit; {
	case limit > 0:
	case n > unverified:
		limit = verified
	default:
		limit = unverified
	}
	return n, limit
}

// created is how many templates were created in the hour before an instant, and
// when the first of as many as are allowed leaves it.
func (s *Shelf) created(now time.Time) (n int, free time.Time) {
	var at []time.Time
	for i := range s.Acts {
		if a := &s.Acts[i]; a.Kind == Submitted && a.At.After(now.Add(-time.Hour)) && !a.At.After(now) {
			at = append(at, a.At)
		}
	}
	if n = len(at); n >= createsAnHour {
		free = at[n-createsAnHour].Add(time.Hour)
	}
	return n, free
}

// CheckCreate reports what creating so many more templates at an instant would
// come to: the hourly rate and the limit of the account. What is wrong with the
// definitions themselves a [Linter] says; see [Shelf.Deletions] for locked names.
func (s *Shelf) CheckCreate(more int, now time.Time) []Problem {
	var all []Problem
	if n, _ := s.created(now); n+more > createsAnHour {
		all = append(all, lifeProblem(createRate, "account", fmt.Sprintf("%d templates were created in the last hour, %d more are to be, and %d an hour are allowed", n, more, createsAnHour)))
	}
	if n, limit := s.count(); n+more > limit {
		all = append(all, lifeProblem(templateLimit, "account", fmt.Sprintf("the account holds %d templates, each language for itself, and %d are allowed", n, limit)))
	}
	return all
}

// CheckEdit reports what an edit of the template of this name and language would
// come to: whether its status allows one, the quota of approved templates, a
// category that cannot be edited, and what of it the edit leaves out.
func (s *Shelf) CheckEdit(edited *Definition, now time.Time) []Problem {
	d := s.held(edited.Ref)
	if d == nil {
		return []Problem{lifeProblem(editStatus, "template", "the catalog has no template of this name and language")}
	}
	var all []Problem
	status := Status(strings.ToUpper(string(d.Status)))
	switch status {
	case Approved, Rejected, Paused:
	case "":
		return []Problem{lifeProblem(editStatus, "template", "nobody has told the template's status")}
	default:
		all = append(all, lifeProblem(editStatus, "template", "the template is "+string(status)+", and only approved, rejected and paused ones can be edited"))
	}
	if status == Approved {
		if edited.Category != category.Unknown && edited.Category != d.CategoryAt(now) {
			all = append(all, lifeProblem(editCategory, "category", "the template is approved as "+d.CategoryAt(now).String()+", and the edit says "+edited.Category.String()))
		}
		if left, next := s.Edits(d.Ref, now); left == 0 {
			all = append(all, lifeProblem(editQuota, "template", "an approved template can be edited once in 24 hours and ten times in 30 days; the next edit is possible from "+next.UTC().Format(time.RFC3339)))
		}
	}
	return append(all, omitted(d.Components, edited.Components, "components")...)
}

// Edits is how many edits of an approved template are left at an instant, of what
// is known here, and when there is one again; zero when there is one now.
func (s *Shelf) Edits(r Ref, now time.Time) (left int, next time.Time) {
	var day, month []time.Time
	for i := range s.Acts {
		a := &s.Acts[i]
		if a.Kind != Edited || !a.of(r) || a.At.After(now) || a.Status != "" && !is(string(a.Status), string(Approved)) {
			continue
		}
		if a.At.After(now.Add(-24 * time.Hour)) {
			day = append(day, a.At)
		}
		if a.At.After(now.Add(-editMonth)) {
			month = append(month, a.At)
		}
	}
	if left = min(editsADay-len(day), editsAMonth-len(month)); left > 0 {
		return left, time.Time{}
	}
	if n := len(day); n >= editsADay {
		next = day[n-editsADay].Add(24 * time.Hour)
	}
	if n := len(month); n >= editsAMonth {
		if free := month[n-editsAMonth].Add(editMonth); free.After(next) {
			next = free
		}
	}
	return 0, next
}

// omitted reports what stands in the components held and not in those of an
// edit, which replaces them all.
func omitted(held, edited []Component, at string) (all []Problem) {
	for i := range held {
		k := &held[i]
		e := find(edited, k.Type)
		if e == nil {
			all = append(all, lifeProblem(editPartial, at, "the template has a "+strings.ToLower(k.Type)+" component, and the edit leaves it out"))
			continue
		}
		where := at
		for j := range edited {
			if &edited[j] == e {
				where = at + "[" + strconv.Itoa(j) + "]"
			}
		}
		if _, had := k.Extra["example"]; had && asksAnything(e) && null(orNull(e.Extra["example"])) {
			all = append(all, lifeProblem(editPartial, where, "the text has placeholders, and the edit gives no example"))
		}
		if n := len(k.Buttons) - len(e.Buttons); n > 0 {
			all = append(all, lifeProblem(editPartial, where+".buttons", "the template has "+counted(len(k.Buttons), "button")+", and the edit "+strconv.Itoa(len(e.Buttons))))
		}
		if n := len(k.Cards) - len(e.Cards); n > 0 {
			all = append(all, lifeProblem(editPartial, where+".cards", "the template has "+counted(len(k.Cards), "card")+", and the edit "+strconv.Itoa(len(e.Cards))))
			continue
		}
		for j := range k.Cards {
			all = append(all, omitted(k.Cards[j].Components, e.Cards[j].Components, where+".cards["+strconv.Itoa(j)+"].components")...)
		}
	}
	return all
}

// asksAnything reports whether a component needs an example: a text with
// placeholders, or a media header.
func asksAnything(k *Component) bool {
	if n, _ := demand(k.Text); n > 0 {
		return true
	}
	return is(k.Type, "HEADER") && (is(k.Format, "IMAGE") || is(k.Format, "VIDEO") || is(k.Format, "GIF") || is(k.Format, "DOCUMENT"))
}

func orNull(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
}

// CheckDelete reports what a deletion would come to: by name alone it takes every
// language with it. The id is the template's own (hsm_id), empty where none is to
// be given.
func (s *Shelf) CheckDelete(name, id string) []Problem {
	if id != "" {
		return nil
	}
	var languages []string
	for i := range s.Definitions {
		if d := &s.Definitions[i]; d.Ref.Name == name && d.Status != Deleted {
			languages = append(languages, d.Ref.Language)
		}
	}
	switch len(languages) {
	case 1:
		return nil
	case 0:
		return []Problem{lifeProblem(deleteByName, "name", "a deletion by name takes every language with it, and the catalog knows none of them")}
	}
	return []Problem{lifeProblem(deleteByName, "name", "a deletion by name takes every language with it: "+strings.Join(languages, ", "))}
}

// locks reports whether a deleted template's name rests, by the acts on it: what the
// app removed in another status than approved, and has not created again since, leaves
// its name free.
func (s *Shelf) locks() bool {
	for i := len(s.Acts) - 1; i >= 0; i-- {
		switch a := &s.Acts[i]; a.Kind {
		case Removed:
			return a.Status == "" || is(string(a.Status), string(Approved))
		case Submitted:
			return true
		}
	}
	return true
}

// Deletions are the templates that were deleted while approved, as far as is
// known: their names rest for 30 days, which [WithDeletions] tells a Linter. A
// template whose status before is not known counts.
func (s *Shelf) Deletions() []Deletion {
	var all []Deletion
	for i := range s.Acts {
		if a := &s.Acts[i]; a.Kind == Removed && (a.Status == "" || is(string(a.Status), string(Approved))) {
			all = append(all, Deletion{a.Ref.Name, a.At})
		}
	}
	alone := s.parted()
	for i := range s.Definitions {
		d := &s.Definitions[i]
		if (d.Status == Deleted || d.Status == PendingDeletion) && !d.Since.IsZero() && alone(d.Ref).locks() {
			all = append(all, Deletion{d.Ref.Name, d.Since})
		}
	}
	return all
}
