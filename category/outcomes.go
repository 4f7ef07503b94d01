package category

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"
)

// ErrIncomplete is returned for an outcome that says too little to be kept: no
// template, no decider, no instant, or no decision.
var ErrIncomplete = errors.New("category: an outcome says too little")

// Outcomes keeps what Meta decided beside what was predicted, for the figures of
// one's own templates. Its duties, which categorytest checks by number:
//
//  1. An outcome comes back as it was noted, its instant in UTC to the microsecond.
//  2. Of one account, template, language and decider the youngest stays, in
//     whatever order they came.
//  3. Nothing noted is an empty list and no error; a breakdown is an error and
//     never a short list.
//  4. Outcomes lists those of an account, and without an account all, by account,
//     template, language and decider.
//  5. One Note is all or nothing; what is incomplete is refused with ErrIncomplete.
//  6. A cancelled context returns its error.
//
// Implementations are safe for concurrent use.
type Outcomes interface {
	Note(ctx context.Context, all ...Outcome) error
	Outcomes(ctx context.Context, account string) iter.Seq2[Outcome, error]
}

// Check reports what an outcome says too little of, as ErrIncomplete; stores
// call it.
func (o *Outcome) Check() error {
	if o.Template == "" || o.By == "" || o.At.IsZero() || o.Decided < Marketing || o.Decided > Authentication {
		return ErrIncomplete
	}
	return nil
}

// CompareOutcomes is the order of a listing: by account, template, language and
// decider. Of equal ones a store keeps the youngest.
func CompareOutcomes(a, b Outcome) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Template, b.Template), cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.By, b.By))
}

// AddLatest counts one outcome for each template and language of an account: the
// youngest decision about the template itself, or what the predictor said of a
// sample where Meta decided nothing yet. It stops at the first error and returns
// it; nothing is counted then.
func (c *Confusion) AddLatest(all iter.Seq2[Outcome, error]) error {
	type of struct{ account, template, lang string }
	latest := map[of]Outcome{}
	for o, err := range all {
		if err != nil {
			return err
		}
		key := of{o.Account, o.Template, o.Lang}
		if was, ok := latest[key]; !ok || decides(o, was) {
			latest[key] = o
		}
	}
	for _, o := range latest {
		c.Add(o)
	}
	return nil
}

// decides reports whether o is to count rather than was.
func decides(o, was Outcome) bool {
	if (o.By == Sampled) != (was.By == Sampled) {
		return was.By == Sampled
	}
	return o.At.After(was.At)
}

// OutcomesMemory is an [Outcomes] in memory.
type OutcomesMemory struct {
	mu  sync.RWMutex
	all []Outcome // in the order of a listing
}

// NewOutcomes returns an empty one.
func NewOutcomes() *OutcomesMemory { return &OutcomesMemory{} }

// Note keeps outcomes. See [Outcomes].
func (m *OutcomesMemory) Note(ctx context.Context, all ...Outcome) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for i := range all {
		if err := all[i].Check(); err != nil {
			return err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range all {
		o.At = o.At.UTC().Truncate(time.Microsecond)
		i, there := slices.BinarySearchFunc(m.all, o, CompareOutcomes)
		switch {
		case !there:
			m.all = slices.Insert(m.all, i, o)
		case !o.At.Before(m.all[i].At):
			m.all[i] = o
		}
	}
	return nil
}

// Outcomes lists what was noted. See [Outcomes].
func (m *OutcomesMemory) Outcomes(ctx context.Context, account string) iter.Seq2[Outcome, error] {
	return func(yield func(Outcome, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(Outcome{}, err)
			return
		}
		m.mu.RLock()
		all := slices.Clone(m.all)
		m.mu.RUnlock()
		for _, o := range all {
			if (account == "" || o.Account == account) && !yield(o, nil) {
				return
			}
		}
	}
}
