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
// returned nil is durable as far as the journal is. Its duties, which
// journaltest checks by number:
//
//  1. What was appended comes back whole: times in UTC to the microsecond, the
//     body as [Entry.Normal] makes it. The same id may come more than once.
//  2. The entries of one Append stand together and in their order, and those
//     of a later Append behind them. Seq counts from 1 without gaps.
//  3. The chain holds: [Verify] finds nothing wrong.
//  4. Nothing appended is no links and no error; appending nothing is no error.
//  5. One Append is all or nothing: an entry that Normal refuses keeps the
//     others out too.
//  6. A cancelled context is an error, and nothing is appended.
//  7. Entries appended at the same time are all there, each once.
//  8. What callers do with their slices afterwards changes nothing.
//  9. Reading may stop early and start again, and appending while somebody
//     reads neither waits for the reader nor breaks the chain.
//  10. After Close every call fails.
//  11. What was appended before Close is there after opening again, and the
//     same writer's chain goes on. (Only where a journal outlives its process.)
//
// Implementations are safe for concurrent use.
type Journal interface {
	Append(ctx context.Context, entries ...Entry) error
	Links(ctx context.Context) iter.Seq2[Link, error] // by writer, then seq
}
