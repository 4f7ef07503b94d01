// Package echo notices when words that one customer wrote are about to go to
// another.
//
//	a customer writes ──Heard──▶ runs of words, hashed ──▶ Index: whose they are
//	the business writes ──Said──▶ its own from then on          │
//	about to be sent ──Check──▶ a run that is somebody else's ◀─┘
//
// An Index keeps no words: only hashes, under a seed of its own that lives as
// long as it does, of runs of some words ([RunWords]). A run counts as somebody's
// when nobody else wrote it and the business did not: what many people write
// ("when will my order arrive, please"), what the business said first, and what
// is quoted of it, is nobody's. Shorter runs than that are not looked at, nor
// texts told in other words, nor what stands behind the first 16 KiB of a text.
//
// It is a net, kept in the memory of one process, and forgets the oldest runs
// first. What an app knows about where a text came from it says in
// compliance.Message.Lineage, which needs no net.
package echo

import (
	"errors"
	"hash/maphash"
	"slices"
	"sync"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/text"
)

const (
	// RunWords is how many words in a row are taken together. Of scripts that
	// are written without spaces it is twice as many characters.
	RunWords = 8

	// DefaultSize is how many runs an Index keeps unless told otherwise. A
	// hundred thousand runs are some ten thousand messages, and take about 8 MB.
	DefaultSize = 100_000

	maxText = 16 << 10 // bytes of one text that are looked at
)

// An Index remembers whose words are whose. It is safe for concurrent use.
type Index struct {
	seed maphash.Seed
	size int

	mu    sync.Mutex
	owner map[uint64]uint64 // by run; 0: nobody's
	ring  []uint64          // runs in the order they came
	next  int

	buffers sync.Pool
}

// An Option of an Index.
type Option func(*Index)

// WithSize sets how many runs are kept. Memory is bounded by it: about 80 bytes a
// run.
func WithSize(runs int) Option { return func(x *Index) { x.size = runs } }

// New makes an empty Index.
func New(opts ...Option) (*Index, error) {
	x := &Index{seed: maphash.MakeSeed(), size: DefaultSize}
	for _, o := range opts {
		o(x)
	}
	if x.size < 1 {
		return nil, errors.New("echo: an index that keeps no runs notices nothing")
	}
	x.owner = make(map[uint64]uint64)
	x.buffers.New = func() any { return new(text.Buffer) }
	return x, nil
}

// Heard notes what a customer wrote, given every handle that is known of them. It is
// kept under one of them, the phone number if there is one; a run that is kept under
// another stays theirs.
func (x *Index) Heard(from []party.Handle, words string) {
	if len(from) == 0 {
		return
	}
	own := x.person(from)
	x.runs(words, func(run uint64, _, _ int) bool {
		x.mu.Lock()
		if owner, known := x.owner[run]; !known {
			x.keep(run, own[0])
		} else if !slices.Contains(own, owner) {
			x.owner[run] = 0 // two people write it: it is nobody's
		}
		x.mu.Unlock()
		return true
	})
}

// Said notes what the business wrote. Runs that are a customer's stay theirs:
// answering with somebody's words does not make them the business's own.
func (x *Index) Said(words string) {
	x.runs(words, func(run uint64, _, _ int) bool {
		x.mu.Lock()
		if _, known := x.owner[run]; !known {
			x.keep(run, 0)
		}
		x.mu.Unlock()
		return true
	})
}

// Check looks for a run that is a customer's, and of nobody among to, and
// returns its place: half-open bytes of words.
func (x *Index) Check(to []party.Handle, words string) (span [2]int, found bool) {
	own := x.person(to)
	x.runs(words, func(run uint64, start, end int) bool {
		x.mu.Lock()
		owner := x.owner[run]
		x.mu.Unlock()
		if owner != 0 && !slices.Contains(own, owner) {
			span, found = [2]int{start, end}, true
		}
		return !found
	})
	return span, found
}

// Forget drops every run that is a person's.
func (x *Index) Forget(handles []party.Handle) {
	own := x.person(handles)
	x.mu.Lock()
	defer x.mu.Unlock()
	for run, owner := range x.owner {
		if owner != 0 && slices.Contains(own, owner) {
			x.owner[run] = 0
		}
	}
}

// person is what a person is known by: a hash of each handle, the phone number first
// however the handles were listed.
func (x *Index) person(hs []party.Handle) []uint64 {
	out := make([]uint64, 0, len(hs))
	for _, h := range hs {
		var m maphash.Hash
		m.SetSeed(x.seed)
		m.WriteString(h.Scheme)
		m.WriteByte(0xff)
		m.WriteString(h.Value)
		out = append(out, m.Sum64()|1) // 0 is nobody
		if h.Scheme == party.Phone {
			last := len(out) - 1
			out[0], out[last] = out[last], out[0]
		}
	}
	return out
}

// keep adds a run, in the place of the oldest one when there is no more room.
func (x *Index) keep(run, who uint64) {
	if len(x.ring) < x.size {
		x.ring = append(x.ring, run)
	} else {
		delete(x.owner, x.ring[x.next])
		x.ring[x.next] = run
		x.next = (x.next + 1) % x.size
	}
	x.owner[run] = who
}

// runs calls with every run of a text and its place, until told to stop. Symbols and
// emoji are no words, and are passed over.
func (x *Index) runs(words string, each func(run uint64, start, end int) bool) {
	if len(words) > maxText {
		words = words[:maxText]
	}
	b := x.buffers.Get().(*text.Buffer)
	defer x.buffers.Put(b)
	b.Reset()
	b.Add(words)
	ts := slices.DeleteFunc(b.Tokens(), func(t text.Token) bool { return t.Kind == text.Symbol })
	folded := b.Bytes()
	for i := range ts {
		// A character of Han or Thai weighs half a word.
		end, weight := i, 0
		for ; end < len(ts) && weight < 2*RunWords; end++ {
			if ts[end].Kind == text.Char {
				weight++
			} else {
				weight += 2
			}
		}
		if weight < 2*RunWords {
			return
		}
		var m maphash.Hash
		m.SetSeed(x.seed)
		for _, t := range ts[i:end] {
			m.Write(folded[t.Start:t.End])
			m.WriteByte(' ')
		}
		_, from, to := b.Origin(int(ts[i].Start), int(ts[end-1].End))
		if !each(m.Sum64(), from, to) {
			return
		}
	}
}
