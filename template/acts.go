package template

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
)

// An ActKind is what the app did with a template. The zero ActKind is none and
// is refused.
type ActKind string

const (
	Submitted  ActKind = "submitted"  // created at Meta, with the definition as it was sent
	Edited     ActKind = "edited"     // likewise
	Removed    ActKind = "removed"    // asked Meta to delete it
	Used       ActKind = "used"       // sent a message with it
	Appealed   ActKind = "appealed"   // asked for a review
	Unarchived ActKind = "unarchived" // took it out of the archive
	Unpaused   ActKind = "unpaused"   // ended a pause
)

// An Act is something the app did with a template. Neither the Graph API nor
// webhooks tell of it again, and quotas, locked names and the archive go by it.
type Act struct {
	ID   string // the same act again has the same id
	Kind ActKind
	Ref  Ref
	At   time.Time

	// Status is what the catalog said at that time: edits of approved templates
	// count against a quota, those of rejected and paused ones do not. Empty
	// counts.
	Status Status `json:",omitzero"`

	// Definition is what was submitted, and nil for acts that submit none. It is
	// not written to.
	Definition *Definition `json:",omitzero"`
}

// Acts keeps what the app did. Its duties, which templatetest checks by number:
//
//  1. An act comes back whole, times in UTC to the microsecond, the definition
//     with the account of the act.
//  2. Of one id the youngest act stays, in whatever order they came.
//  3. Nobody did anything: an empty list and no error; a breakdown is an error
//     and never a short list.
//  4. Acts lists those of an account and those without an account, and without
//     an account all, by (At, ID).
//  5. One Note is all or nothing. An act without an id, a kind, an instant, a
//     name or a language is refused with ErrIncomplete.
//  6. A cancelled context returns its error.
//
// Implementations are safe for concurrent use.
type Acts interface {
	Note(ctx context.Context, acts ...Act) error
	Acts(ctx context.Context, account string) iter.Seq2[Act, error]
}

// Check reports what an act says too little of, as ErrIncomplete; stores call it.
func (a *Act) Check() error {
	switch {
	case a.ID == "":
		return fmt.Errorf("%w: an act has no id", ErrIncomplete)
	case a.Kind == "":
		return fmt.Errorf("%w: an act has no kind", ErrIncomplete)
	case a.At.IsZero():
		return fmt.Errorf("%w: an act has no instant", ErrIncomplete)
	case a.Ref.Name == "" || a.Ref.Language == "":
		return fmt.Errorf("%w: an act has no name or no language", ErrIncomplete)
	}
	return nil
}

// UsedOf is the act of having sent with a template. There is one for each
// template, the last.
func UsedOf(r Ref, at time.Time) Act {
	r.Language = Language(r.Language)
	return Act{ID: "used:" + r.Account + "/" + r.Name + "/" + r.Language, Kind: Used, Ref: r, At: at}
}

// ActsMemory is an [Acts] in memory.
type ActsMemory struct {
	mu   sync.RWMutex
	acts map[string]Act
}

// NewActs returns an empty one.
func NewActs() *ActsMemory { return &ActsMemory{acts: map[string]Act{}} }

// Note keeps acts. See [Acts].
func (m *ActsMemory) Note(ctx context.Context, acts ...Act) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for i := range acts {
		if err := acts[i].Check(); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range acts {
		a.At = a.At.UTC().Truncate(time.Microsecond)
		a.Ref.Language = Language(a.Ref.Language)
		if a.Definition != nil {
			d := a.Definition.clone()
			d.Ref.Account, d.Ref.Language = a.Ref.Account, Language(d.Ref.Language)
			a.Definition = &d
		}
		if was, ok := m.acts[a.ID]; !ok || !a.At.Before(was.At) {
			m.acts[a.ID] = a
		}
	}
	return nil
}

// Acts lists what was noted. See [Acts].
func (m *ActsMemory) Acts(ctx context.Context, account string) iter.Seq2[Act, error] {
	return func(yield func(Act, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(Act{}, err)
			return
		}
		m.mu.RLock()
		var all []Act
		for _, a := range m.acts {
			if sameAccount(a.Ref.Account, account) {
				all = append(all, a)
			}
		}
		m.mu.RUnlock()
		slices.SortFunc(all, func(a, b Act) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
		for _, a := range all {
			if !yield(a, nil) {
				return
			}
		}
	}
}
