package journal

import (
	"context"
	"encoding/json"
	"iter"
	"time"
)

// An Entry is one line of the journal. Body is canonical JSON made by the
// caller; it names people by keyed digest only and holds no message text.
type Entry struct {
	ID     string          `json:"id"`
	At     time.Time       `json:"at"`
	Kind   string          `json:"kind"`   // decision, outcome, learned, unreadable, stop, waiver, ...
	Digest string          `json:"digest"` // of the person concerned, keyed; may be empty
	Body   json.RawMessage `json:"body"`
}

// A Link is an Entry in its place in a writer's chain.
type Link struct {
	Entry
	Writer string `json:"writer"`
	Seq    uint64 `json:"seq"`  // from 1, without gaps per writer
	Prev   string `json:"prev"` // Hash of the entry before, empty for the first
	Hash   string `json:"hash"` // SHA-256 over writer, seq, prev and entry, hex
}

// A Journal appends entries in order and reads them back. An Append that
// returned nil is durable as far as the journal is. Implementations are safe
// for concurrent use. The conformance kit is journaltest.
type Journal interface {
	Append(ctx context.Context, entries ...Entry) error
	Links(ctx context.Context) iter.Seq2[Link, error] // by writer, then seq
}
