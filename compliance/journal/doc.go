// Package journal keeps what was decided, so that it can be shown later and so
// that a change to it is noticed.
//
//	Entry ──▶ Append ──▶ Link{writer, seq, prev, hash} ──▶ Links ──▶ Verify
//
//	      seq 1              seq 2              seq 3
//	   ┌──────────┐       ┌──────────┐       ┌──────────┐
//	   │ prev  "" │   ┌──▶│ prev     │   ┌──▶│ prev     │     one chain
//	   │ entry    │   │   │ entry    │   │   │ entry    │     per writer
//	   │ hash ────┼───┘   │ hash ────┼───┘   │ hash     │
//	   └──────────┘       └──────────┘       └──────────┘
//
// Every writer (a process, a host, a database scope) has a chain of its own:
// each link holds the hash of the one before. Changing, dropping, swapping or
// inserting a link in the middle breaks the chain, and [Verify] says where. A
// chain does not show by itself that its last links were cut off; keep the
// [Head] of an earlier [Summary] elsewhere and hand it to Verify, and that
// shows too.
//
// The hash is SHA-256 over a fixed encoding of the link (see [Link.Sum]), not
// over the bytes on disk, so that a link keeps its hash through JSON, SQL and
// back. The body is compact JSON for the same reason; [Entry.Normal] makes it.
//
// # File
//
// [OpenFile] keeps the journal of one writer as JSON Lines: one Link a line.
// Append returns after the file is synced. Appends that come at the same time
// share one write and one sync. A crash can leave the last line half written;
// opening the file again reads up to it, moves the torn bytes to a file beside
// it and goes on. Anything else that does not fit is an error, a [*ChainError],
// and nothing is repaired. [Read] reads such a file strictly, [Export] writes
// one from any Journal.
//
// [Memory] is a Journal for tests and dry runs. Durable journals in a database
// are in the package sqlstore.
package journal
