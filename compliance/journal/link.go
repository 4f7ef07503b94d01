package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"time"
	"unicode/utf8"
)

// Limits of one Entry. A decision with every rule broken has a body of some
// tens of kilobytes.
const (
	MaxID   = 1024        // bytes of an id, a kind, a digest or a writer
	MaxBody = 1 << 20     // bytes of a body, compact
	MaxLine = 2 * 1 << 20 // bytes of one line of a file
)

// An EntryError says why an Entry was refused. It holds the id and never the
// body.
type EntryError struct {
	ID     string
	Reason string
}

func (e *EntryError) Error() string {
	if e.ID == "" {
		return "journal: entry: " + e.Reason
	}
	return "journal: entry " + e.ID + ": " + e.Reason
}

// Normal returns the entry as journals keep and hash it: At in UTC to the
// microsecond, Body compact with <, > and & escaped as encoding/json does, an
// absent Body as null. An entry that cannot be kept is refused with an
// [*EntryError].
func (e Entry) Normal() (Entry, error) {
	switch {
	case e.ID == "":
		return Entry{}, &EntryError{Reason: "it has no id"}
	case len(e.ID) > MaxID || !utf8.ValidString(e.ID):
		return Entry{}, &EntryError{Reason: "its id is too long or no UTF-8"}
	case e.Kind == "" || len(e.Kind) > MaxID || !utf8.ValidString(e.Kind):
		return Entry{}, &EntryError{e.ID, "its kind is missing, too long or no UTF-8"}
	case len(e.Digest) > MaxID || !utf8.ValidString(e.Digest):
		return Entry{}, &EntryError{e.ID, "its digest is too long or no UTF-8"}
	case e.At.IsZero():
		return Entry{}, &EntryError{e.ID, "it has no time"}
	case len(e.Body) > 2*MaxBody:
		return Entry{}, &EntryError{e.ID, "its body is too large"}
	case !utf8.Valid(e.Body):
		return Entry{}, &EntryError{e.ID, "its body is no UTF-8"}
	}
	e.At = e.At.UTC().Truncate(time.Microsecond)
	if y := e.At.Year(); y < 1 || y > 9999 {
		return Entry{}, &EntryError{e.ID, "its time is out of range"}
	}
	if len(e.Body) == 0 {
		e.Body = nil // marshals as null
	}
	body, err := json.Marshal(e.Body) // compacts and escapes, as marshalling a Link does
	if err != nil {
		return Entry{}, &EntryError{e.ID, "its body is no JSON"}
	}
	if len(body) > MaxBody {
		return Entry{}, &EntryError{e.ID, "its body is too large"}
	}
	e.Body = body
	return e, nil
}

// Next makes the link that follows prev in a writer's chain; the zero Link
// stands before the first. The entry has to be normal.
func (prev Link) Next(writer string, e Entry) Link {
	l := Link{Entry: e, Writer: writer, Seq: prev.Seq + 1, Prev: prev.Hash}
	l.Hash = l.Sum()
	return l
}

// Sum computes the hash of a link: SHA-256, in hex, over these fields in
// order, each behind its length as 8 bytes, big endian:
//
//	"waguard journal 1", writer, seq (8 bytes, big endian), prev, id,
//	at (microseconds since 1970, 8 bytes, big endian), kind, digest, body
func (l Link) Sum() string {
	buf := make([]byte, 0, 256+len(l.Body))
	field := func(s string) {
		buf = binary.BigEndian.AppendUint64(buf, uint64(len(s)))
		buf = append(buf, s...)
	}
	number := func(n uint64) {
		buf = binary.BigEndian.AppendUint64(buf, 8)
		buf = binary.BigEndian.AppendUint64(buf, n)
	}
	field("waguard journal 1")
	field(l.Writer)
	number(l.Seq)
	field(l.Prev)
	field(l.ID)
	number(uint64(l.At.UnixMicro()))
	field(l.Kind)
	field(l.Digest)
	buf = binary.BigEndian.AppendUint64(buf, uint64(len(l.Body)))
	buf = append(buf, l.Body...)
	sum := sha256.Sum256(buf)
	return hex.EncodeToString(sum[:])
}
