package template

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
)

var (
	// ErrAmbiguous is returned by Find when no account was given and several
	// have a template of that name and language.
	ErrAmbiguous = errors.New("template: several accounts have a template of this name and language")

	// ErrIncomplete is returned by Put and Apply for what says too little: no
	// name or language, no instant.
	ErrIncomplete = errors.New("template: says too little")
)

// Memory is a [Catalog] in memory, safe for concurrent use. It keeps one entry
// per template and the youngest news about each, also for templates that were
// not put yet; Meta's own limit of 6,000 templates an account is what bounds it.
type Memory struct {
	mu    sync.RWMutex
	names map[key]*namesakes
	ids   map[string]*news      // by the template's own id
	where map[string]*namesakes // and where the definition of that id is
}

type key struct{ name, language string }

// namesakes are the templates of one name and language, by account.
type namesakes struct {
	entries map[string]*entry
	byName  map[string]*news // told by name alone
	byBoth  map[string]*news // told by name and id: counts where the definition has no id
}

type entry struct {
	given Definition
	at    time.Time
	own   news // what definitions without an id said
	now   Definition
}

// NewMemory returns an empty catalog.
func NewMemory() *Memory {
	return &Memory{names: map[key]*namesakes{}, ids: map[string]*news{}, where: map[string]*namesakes{}}
}

// Find returns the template as it is known now. See [Catalog].
func (m *Memory) Find(ctx context.Context, r Ref) (Definition, bool, error) {
	if err := ctx.Err(); err != nil {
		return Definition{}, false, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	same := m.names[key{r.Name, Language(r.Language)}]
	if same == nil {
		return Definition{}, false, nil
	}
	if e := same.entries[r.Account]; e != nil && (r.Account != "" || len(same.entries) == 1) {
		return e.now, true, nil
	}
	if r.Account != "" {
		if e := same.entries[""]; e != nil {
			return e.now, true, nil
		}
		return Definition{}, false, nil
	}
	switch len(same.entries) {
	case 0:
		return Definition{}, false, nil
	case 1:
		for _, e := range same.entries {
			return e.now, true, nil
		}
	}
	return Definition{}, false, ErrAmbiguous
}

// Put adds definitions as the Graph API had them at an instant. See [Catalog].
func (m *Memory) Put(ctx context.Context, at time.Time, defs ...Definition) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if at.IsZero() {
		return fmt.Errorf("%w: the definitions have no instant", ErrIncomplete)
	}
	for i := range defs {
		if defs[i].Ref.Name == "" || defs[i].Ref.Language == "" {
			return fmt.Errorf("%w: definition %d has no name or no language", ErrIncomplete, i)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range defs {
		m.put(defs[i].clone(), at.UTC())
	}
	return nil
}

func (m *Memory) put(d Definition, at time.Time) {
	d.Ref.Language = Language(d.Ref.Language)
	same := m.namesakes(key{d.Ref.Name, d.Ref.Language})
	e := same.entries[d.Ref.Account]
	if e == nil {
		e = &entry{}
		same.entries[d.Ref.Account] = e
	}
	said := &e.own
	if d.ID != "" {
		said = about(m.ids, d.ID)
		m.where[d.ID] = same
	}
	said.snapshot(&d, at)
	if !at.Before(e.at) {
		e.given, e.at = d, at
	}
	m.renew(same)
}

// Apply takes over news from webhooks. See [Catalog].
func (m *Memory) Apply(ctx context.Context, changes ...Change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for i := range changes {
		c := &changes[i]
		if c.Template == "" && (c.Ref.Name == "" || c.Ref.Language == "") {
			return fmt.Errorf("%w: change %d names no template", ErrIncomplete, i)
		}
		if c.At.IsZero() {
			return fmt.Errorf("%w: change %d has no instant", ErrIncomplete, i)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range changes {
		m.apply(changes[i])
	}
	return nil
}

func (m *Memory) apply(c Change) {
	c.At = c.At.UTC()
	if c.Words != nil {
		w := *c.Words
		w.Buttons = slices.Clone(w.Buttons)
		c.Words = &w
	}
	if c.Template != "" {
		about(m.ids, c.Template).change(&c)
	}
	if c.Ref.Name != "" && c.Ref.Language != "" {
		same := m.namesakes(key{c.Ref.Name, Language(c.Ref.Language)})
		told := same.byName
		if c.Template != "" {
			told = same.byBoth
		}
		about(told, c.Ref.Account).change(&c)
		m.renew(same)
	}
	if same := m.where[c.Template]; same != nil && c.Template != "" {
		m.renew(same)
	}
}

func (m *Memory) namesakes(k key) *namesakes {
	same := m.names[k]
	if same == nil {
		same = &namesakes{entries: map[string]*entry{}, byName: map[string]*news{}, byBoth: map[string]*news{}}
		m.names[k] = same
	}
	return same
}

// renew puts the news onto the definitions again.
func (m *Memory) renew(same *namesakes) {
	for account, e := range same.entries {
		var n news
		if e.given.ID != "" {
			n.and(m.ids[e.given.ID])
		} else {
			n.and(&e.own)
			join(&n, same.byBoth, account)
		}
		join(&n, same.byName, account)
		e.now = n.onto(e.given)
		e.now.AsOf = e.at
	}
}

func join(n *news, told map[string]*news, account string) {
	for of, other := range told {
		if sameAccount(of, account) {
			n.and(other)
		}
	}
}

func about[K comparable](m map[K]*news, k K) *news {
	n := m[k]
	if n == nil {
		n = &news{}
		m[k] = n
	}
	return n
}

// Definitions lists the templates as known when the listing began. See [Catalog].
func (m *Memory) Definitions(ctx context.Context, account string) iter.Seq2[Definition, error] {
	return func(yield func(Definition, error) bool) {
		m.mu.RLock()
		var all []Definition
		for _, same := range m.names {
			for of, e := range same.entries {
				if account == "" || of == account || of == "" && same.entries[account] == nil {
					all = append(all, e.now)
				}
			}
		}
		m.mu.RUnlock()
		slices.SortFunc(all, compareRefs)
		for _, d := range all {
			if err := ctx.Err(); err != nil {
				yield(Definition{}, err)
				return
			}
			if !yield(d, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil && len(all) == 0 {
			yield(Definition{}, err)
		}
	}
}

func compareRefs(a, b Definition) int {
	return cmp.Or(cmp.Compare(a.Ref.Account, b.Ref.Account), cmp.Compare(a.Ref.Name, b.Ref.Name), cmp.Compare(a.Ref.Language, b.Ref.Language))
}
