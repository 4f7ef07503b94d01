package policy

import (
	"slices"
	"time"
)

// A Sheet is the book as it stands at one instant: which rules are in force,
// in which edition, how heavily they weigh, and which are waived. It is a small
// value, cheap to copy and safe for concurrent use. Rules are numbered as in
// the book.
//
// The zero Sheet belongs to no book: nothing is in force on it, which is no
// permission to send. Whoever judges by a Sheet refuses one whose Book is nil.
type Sheet struct {
	core *sheet
	at   time.Time
}

// sheet is what all instants between two boundaries share.
type sheet struct {
	book     *Book
	editions []*Edition // nil where the rule is not in force
	waivers  []*Waiver  // nil where none counts
}

// At is the sheet for an instant. It allocates nothing: the book was cut at
// every instant where something changes when it was made.
func (b *Book) At(t time.Time) Sheet {
	k, found := slices.BinarySearchFunc(b.bounds, t, time.Time.Compare)
	if found {
		k++ // an edition is in force from its first instant on
	}
	return Sheet{b.sheets[k], t}
}

// Book is the book the sheet was taken from; nil for the zero Sheet.
func (s Sheet) Book() *Book {
	if s.core == nil {
		return nil
	}
	return s.core.book
}

// At is the instant the sheet was asked for.
func (s Sheet) At() time.Time { return s.at }

// Same reports whether nothing changes between two instants of one book, so
// that what was worked out for one sheet holds for the other.
func (s Sheet) Same(o Sheet) bool { return s.core == o.core }

// InForce reports whether rule i is in force: it has an edition at this
// instant and is not switched off. A waived rule is in force all the same.
func (s Sheet) InForce(i int) bool { return s.Edition(i) != nil }

// Edition is the edition of rule i in force, with the severity of the book; nil
// when none is. It must not be written to.
func (s Sheet) Edition(i int) *Edition {
	if s.core == nil {
		return nil
	}
	return s.core.editions[i]
}

// Severity is how heavily rule i weighs; zero when it is not in force.
func (s Sheet) Severity(i int) Severity {
	if e := s.Edition(i); e != nil {
		return e.Severity
	}
	return 0
}

// Waived is the waiver of rule i that counts at this instant, if there is one.
// A waiver counts while the instant is before its end.
func (s Sheet) Waived(i int) (Waiver, bool) {
	if s.core == nil || s.core.waivers[i] == nil {
		return Waiver{}, false
	}
	return *s.core.waivers[i], true
}

// Overridden reports whether the app itself set the severity of rule i
// ([Book.Raise]). A mechanism that weighs some cases heavier by a parameter of
// the edition then takes the sheet's severity for all of them.
func (s Sheet) Overridden(i int) bool {
	return s.core != nil && s.core.book.was[s.core.book.rules[i].ID] != nil
}

// cut finds the instants where something changes and fills one sheet for each
// stretch between them.
func (b *Book) cut() {
	b.bounds = nil
	for _, r := range b.rules {
		for _, e := range r.Editions {
			if !e.From.IsZero() {
				b.bounds = append(b.bounds, e.From.Time)
			}
			if !e.Until.IsZero() {
				b.bounds = append(b.bounds, e.Until.Time)
			}
		}
	}
	for _, w := range b.waivers {
		b.bounds = append(b.bounds, w.Until)
	}
	slices.SortFunc(b.bounds, time.Time.Compare)
	b.bounds = slices.CompactFunc(b.bounds, time.Time.Equal)

	b.sheets = make([]*sheet, 0, len(b.bounds)+1)
	b.sheets = append(b.sheets, b.sheetFor(time.Time{}))
	for _, t := range b.bounds {
		b.sheets = append(b.sheets, b.sheetFor(t))
	}
}

func (b *Book) sheetFor(t time.Time) *sheet {
	s := &sheet{book: b, editions: make([]*Edition, len(b.rules)), waivers: make([]*Waiver, len(b.rules))}
	for i := range b.rules {
		r := &b.rules[i]
		if r.Off && !b.enabled[r.ID] {
			continue
		}
		for k := range r.Editions {
			if r.Editions[k].In(t) {
				s.editions[i] = &r.Editions[k]
				break
			}
		}
	}
	for _, w := range b.waivers {
		if t.Before(w.Until) {
			s.waivers[b.index[w.Rule]] = &w
		}
	}
	return s
}
