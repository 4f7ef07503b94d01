package policy

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Causes of a refused change to a book; see [RuleError].
var (
	ErrUnknownRule = errors.New("no such rule in this book")
	ErrTaken       = errors.New("the id or an alias is taken by another rule")
	ErrUnwaivable  = errors.New("may be neither waived nor lowered")
	ErrNotOff      = errors.New("is not one of the rules that are switched off")
)

// A RuleError says which rule a change to a book failed on.
type RuleError struct {
	Rule ID
	Err  error
}

func (e *RuleError) Error() string { return fmt.Sprintf("policy: rule %s: %v", e.Rule, e.Err) }

// Unwrap gives the cause.
func (e *RuleError) Unwrap() error { return e.Err }

// A Book is a set of rules together with what an app decided about them: rules
// of its own, severities, waivers, and which of the switched-off rules it wants.
//
// A Book never changes; each decision makes a new one. It is safe for
// concurrent use. The rules it hands out are its own and must not be written to.
type Book struct {
	rules   []Rule            // sorted by id, severities as in this book
	index   map[ID]int        // ids and aliases
	was     map[ID][]Severity // severities before Raise, per edition
	waivers map[ID]Waiver
	enabled map[ID]bool
	bounds  []time.Time // instants at which any rule or waiver begins or ends
	sheets  []*sheet    // sheets[k] holds from bounds[k-1] until bounds[k]
	digest  func() string
}

// A Change is a severity an app set.
type Change struct {
	Rule ID         `json:"rule"`
	Was  []Severity `json:"was"` // per edition, as the rule was written
	Now  Severity   `json:"now"` // of every edition in this book
}

// Looser reports whether the change weighs any edition less than it was
// written to.
func (c Change) Looser() bool { return c.Now < slices.Max(c.Was) }

// NewBook makes a book of rules, whether they were loaded or written in Go. It
// refuses rules that [Load] would refuse, with a [*LoadError], and ids or
// aliases that come twice.
func NewBook(sets ...[]Rule) (*Book, error) {
	b := &Book{was: map[ID][]Severity{}, waivers: map[ID]Waiver{}, enabled: map[ID]bool{}}
	for _, set := range sets {
		for _, r := range set {
			b.rules = append(b.rules, r.clone())
		}
	}
	return b.settle(false)
}

// With adds an app's own rules. Their ids carry a prefix and a slash
// ("acme/no-sunday"), so that none can collide with a rule of a later release.
func (b *Book) With(rules ...Rule) (*Book, error) {
	var errs []error
	next := b.copy()
	for _, r := range rules {
		if !strings.Contains(string(r.ID), "/") {
			errs = append(errs, &RuleError{r.ID, errors.New(`a rule of an app carries a prefix, like "acme/no-sunday"`)})
		}
		next.rules = append(next.rules, r.clone())
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return next.settle(false)
}

// Extend adds an app's own words to a text rule, by language: goods the rule does
// not name, offers its trade makes, and excuses for what the app itself says all
// day. The examples show why, and are run with the rule's own when the words are
// compiled. The words are part of [Book.Digest].
func (b *Book) Extend(id ID, words map[string]Lexicon, ex Examples) (*Book, error) {
	next, err := b.flip([]ID{id}, func(next *Book, r *Rule) error {
		if r.Text == nil {
			return &RuleError{r.ID, errors.New("it matches no words")}
		}
		i, _ := next.Index(r.ID)
		n := r.clone()
		for tag, add := range words {
			l := n.Text.Languages[tag]
			n.Text.Languages[tag] = Lexicon{
				Goods: append(l.Goods, add.Goods...), Weak: append(l.Weak, add.Weak...), Sells: append(l.Sells, add.Sells...),
				Excuses: append(l.Excuses, add.Excuses...), Alone: append(l.Alone, add.Alone...), Strict: append(l.Strict, add.Strict...),
			}
		}
		if n.Examples == nil {
			n.Examples = &Examples{}
		}
		n.Examples.Match = append(n.Examples.Match, ex.Match...)
		n.Examples.Clear = append(n.Examples.Clear, ex.Clear...)
		next.rules[i] = n
		return nil
	})
	if err != nil {
		return nil, err
	}
	return next.settle(false)
}

// Raise sets the severity of every edition of a rule, up or down. The change is
// listed by [Book.Changes], also when it sets what the rule had: a mechanism
// that weighs some cases heavier than the rule's own severity follows the app
// once the app has spoken ([Sheet.Overridden]). Lowering a rule that is
// Unwaivable is refused with [ErrUnwaivable].
func (b *Book) Raise(id ID, s Severity) (*Book, error) {
	i, ok := b.Index(id)
	if !ok {
		return nil, &RuleError{id, ErrUnknownRule}
	}
	if s < Note || s > Block {
		return nil, &RuleError{id, fmt.Errorf("no severity %d", uint8(s))}
	}
	next := b.copy()
	r := &next.rules[i]
	if next.was[r.ID] == nil {
		for _, e := range r.Editions {
			next.was[r.ID] = append(next.was[r.ID], e.Severity)
		}
	}
	if r.Unwaivable && s < slices.Max(next.was[r.ID]) {
		return nil, &RuleError{r.ID, ErrUnwaivable}
	}
	r.Editions = slices.Clone(r.Editions)
	for k := range r.Editions {
		r.Editions[k].Severity = s
	}
	return next.done(), nil
}

// Waive sets rules aside until a date, on somebody's word. A second waiver of a
// rule replaces the first. Every waiver that cannot be is told, and then none
// is taken.
func (b *Book) Waive(ws ...Waiver) (*Book, error) {
	var errs []error
	next := b.copy()
	for _, w := range ws {
		i, ok := b.Index(w.Rule)
		if !ok {
			errs = append(errs, &RuleError{w.Rule, ErrUnknownRule})
			continue
		}
		w.Rule = b.rules[i].ID
		w.Until = w.Until.UTC().Round(0)
		if b.rules[i].Unwaivable {
			errs = append(errs, &RuleError{w.Rule, ErrUnwaivable})
		}
		if strings.TrimSpace(w.Reason) == "" {
			errs = append(errs, &RuleError{w.Rule, errors.New("a waiver needs a reason")})
		}
		if strings.TrimSpace(w.Owner) == "" {
			errs = append(errs, &RuleError{w.Rule, errors.New("a waiver needs an owner")})
		}
		if w.Until.IsZero() {
			errs = append(errs, &RuleError{w.Rule, errors.New("a waiver needs an end date")})
		}
		next.waivers[w.Rule] = w
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return next.done(), nil
}

// Enable puts rules that are written switched off in force. A rule that is on
// already stays on.
func (b *Book) Enable(ids ...ID) (*Book, error) {
	return b.flip(ids, func(next *Book, r *Rule) error {
		if r.Off {
			next.enabled[r.ID] = true
		}
		return nil
	})
}

// EnableArea enables every switched-off rule of an area: EnableArea("law") asks
// for all law profiles.
func (b *Book) EnableArea(area string) (*Book, error) {
	var ids []ID
	for _, r := range b.rules {
		if r.Area == area && r.Off {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("policy: area %q has no rule that is switched off", area)
	}
	return b.Enable(ids...)
}

// Disable takes back Enable. Rules that are not written switched off cannot be
// disabled ([ErrNotOff]); they can be waived, with a reason and an end.
func (b *Book) Disable(ids ...ID) (*Book, error) {
	return b.flip(ids, func(next *Book, r *Rule) error {
		if !r.Off {
			return &RuleError{r.ID, ErrNotOff}
		}
		delete(next.enabled, r.ID)
		return nil
	})
}

func (b *Book) flip(ids []ID, set func(*Book, *Rule) error) (*Book, error) {
	var errs []error
	next := b.copy()
	for _, id := range ids {
		i, ok := b.Index(id)
		if !ok {
			errs = append(errs, &RuleError{id, ErrUnknownRule})
		} else if err := set(next, &b.rules[i]); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return next.done(), nil
}

// Len is the number of rules.
func (b *Book) Len() int { return len(b.rules) }

// Rule is the i-th rule in order of id, with the severities of this book.
func (b *Book) Rule(i int) *Rule { return &b.rules[i] }

// Index finds a rule by its id or an alias.
func (b *Book) Index(id ID) (int, bool) {
	i, ok := b.index[id]
	return i, ok
}

// All walks the rules in order of id.
func (b *Book) All() iter.Seq2[int, *Rule] {
	return func(yield func(int, *Rule) bool) {
		for i := range b.rules {
			if !yield(i, &b.rules[i]) {
				return
			}
		}
	}
}

// Changes lists the severities an app set, in order of rule id.
func (b *Book) Changes() []Change {
	var cs []Change
	for _, id := range slices.Sorted(maps.Keys(b.was)) {
		cs = append(cs, Change{id, slices.Clone(b.was[id]), b.rules[b.index[id]].Editions[0].Severity})
	}
	return cs
}

// Waivers lists the waivers in order of rule id, those that have ended too.
func (b *Book) Waivers() []Waiver {
	return slices.SortedFunc(maps.Values(b.waivers), func(x, y Waiver) int { return cmp.Compare(x.Rule, y.Rule) })
}

// Enabled lists the switched-off rules an app has enabled, in order of id.
func (b *Book) Enabled() []ID { return slices.Sorted(maps.Keys(b.enabled)) }

// Digest is a SHA-256, in hex, over the rules and everything an app decided
// about them. Two books with one digest judge alike; the order in which rules
// and decisions came does not count.
func (b *Book) Digest() string { return b.digest() }

// copy is a book to change before anybody sees it. What the two share is never
// written.
func (b *Book) copy() *Book {
	return &Book{
		rules:   slices.Clone(b.rules),
		was:     maps.Clone(b.was),
		waivers: maps.Clone(b.waivers),
		enabled: maps.Clone(b.enabled),
		index:   b.index,
	}
}

// settle checks a book that got rules and numbers them.
func (b *Book) settle(checked bool) (*Book, error) {
	slices.SortStableFunc(b.rules, func(x, y Rule) int { return cmp.Compare(x.ID, y.ID) })
	if err := b.number(checked); err != nil {
		return nil, err
	}
	return b.done(), nil
}

// done computes what follows from the rules and the decisions about them.
func (b *Book) done() *Book {
	b.cut()
	b.digest = sync.OnceValue(b.sum)
	return b
}

// number fills the index and refuses what is not sound. Rules that were checked
// when they were loaded are not checked again.
func (b *Book) number(checked bool) error {
	var problems []Problem
	for i := range b.rules {
		if checked {
			break
		}
		r := &b.rules[i]
		seen := map[string]bool{}
		check(r, func(field, msg string) {
			if !seen[field] {
				seen[field] = true
				problems = append(problems, Problem{File: "rule " + string(r.ID), Field: field, Msg: msg})
			}
		})
	}
	if len(problems) > 0 {
		return &LoadError{problems}
	}
	var errs []error
	b.index = make(map[ID]int, len(b.rules))
	claim := func(i int, id ID) {
		if _, ok := b.index[id]; ok {
			errs = append(errs, &RuleError{b.rules[i].ID, fmt.Errorf("%w: %s", ErrTaken, id)})
			return
		}
		b.index[id] = i
	}
	for i, r := range b.rules {
		claim(i, r.ID)
	}
	for i, r := range b.rules {
		for _, a := range r.Aliases {
			claim(i, a)
		}
	}
	return errors.Join(errs...)
}

// sum computes the digest over a form in which equal books are equal bytes.
func (b *Book) sum() string {
	rules := make([]Rule, len(b.rules))
	for i, r := range b.rules {
		rules[i] = r.clone()
		for _, e := range rules[i].Editions {
			for name, raw := range e.Params {
				e.Params[name] = plain(raw)
			}
		}
	}
	form, err := json.Marshal(struct {
		Rules   []Rule
		Changes []Change
		Waivers []Waiver
		Enabled []ID
	}{rules, b.Changes(), b.Waivers(), b.Enabled()})
	if err != nil {
		panic("policy: a settled book has no JSON form: " + err.Error()) // the check refused every value without one
	}
	h := sha256.Sum256(form)
	return hex.EncodeToString(h[:])
}

// plain writes a parameter with sorted keys and no spaces.
func plain(raw json.RawMessage) json.RawMessage {
	var v any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber() // a number is digest as it was written
	if dec.Decode(&v) != nil {
		return raw
	}
	out, err := json.Marshal(v)
	if err != nil {
		return raw
	}
	return out
}

// clone is a rule that shares no memory with r.
func (r Rule) clone() Rule {
	r.Inputs = slices.Clone(r.Inputs)
	r.Aliases = slices.Clone(r.Aliases)
	r.Verticals = slices.Clone(r.Verticals)
	r.Editions = slices.Clone(r.Editions)
	for i := range r.Editions {
		e := &r.Editions[i]
		e.Cites = slices.Clone(e.Cites)
		e.Params = maps.Clone(e.Params)
		for name, raw := range e.Params {
			e.Params[name] = slices.Clone(raw)
		}
	}
	if r.Text != nil {
		t := *r.Text
		t.Languages = maps.Clone(t.Languages)
		for tag, l := range t.Languages {
			t.Languages[tag] = Lexicon{slices.Clone(l.Goods), slices.Clone(l.Weak), slices.Clone(l.Sells), slices.Clone(l.Excuses), slices.Clone(l.Alone), slices.Clone(l.Strict)}
		}
		r.Text = &t
	}
	if r.Examples != nil {
		r.Examples = &Examples{slices.Clone(r.Examples.Match), slices.Clone(r.Examples.Clear)}
	}
	return r
}
