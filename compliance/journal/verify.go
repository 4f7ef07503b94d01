package journal

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"time"
)

// A ChainError says where a journal is not what was written.
type ChainError struct {
	Writer string // empty when the line could not be read
	Seq    uint64 // of the link, as it says itself; of the one expected when it is missing
	Line   int    // of the file, from 1; 0 when the links do not come from one
	Reason string
}

func (e *ChainError) Error() string {
	where := ""
	if e.Line > 0 {
		where = fmt.Sprintf("line %d: ", e.Line)
	}
	if e.Writer != "" {
		where += fmt.Sprintf("writer %q, seq %d: ", e.Writer, e.Seq)
	}
	return "journal: " + where + e.Reason
}

// A Head is the last link of a chain, or an earlier one that was written down
// elsewhere to hold the chain to.
type Head struct {
	Writer string `json:"writer"`
	Seq    uint64 `json:"seq"`
	Hash   string `json:"hash"`
}

// A Summary is what a journal holds.
type Summary struct {
	Links       uint64
	Heads       []Head    // one per writer, in order of name
	First, Last time.Time // earliest and latest At; zero when there are no links
}

// Verify checks every writer's chain: that it begins at 1, has no gap and no
// repeat, that every link holds the hash of the one before and its own, and
// that entries are in the form they were hashed in. The chains of several
// writers may be mixed. Heads known from earlier have to be in their chains;
// that shows when the end of a chain was cut off.
//
// The first thing wrong ends it with a [*ChainError]. An error of the sequence
// is returned as it is. The Summary covers what was sound until then.
func Verify(links iter.Seq2[Link, error], known ...Head) (Summary, error) {
	v := verifier{heads: map[string]Link{}, known: known}
	for l, err := range links {
		if err != nil {
			return v.summary(), err
		}
		if err := v.add(&l); err != nil {
			return v.summary(), err
		}
	}
	for _, h := range v.known {
		if last := v.heads[h.Writer]; last.Seq < h.Seq {
			return v.summary(), &ChainError{Writer: h.Writer, Seq: last.Seq + 1,
				Reason: fmt.Sprintf("the chain ends before the head known from earlier, %d", h.Seq)}
		}
	}
	return v.summary(), nil
}

type verifier struct {
	heads map[string]Link // last link per writer, without its body
	known []Head
	sum   Summary
}

// add checks one link against the one before it.
func (v *verifier) add(l *Link) error {
	wrong := func(reason string) error { return &ChainError{Writer: l.Writer, Seq: l.Seq, Reason: reason} }
	prev := v.heads[l.Writer]
	switch {
	case l.Writer == "":
		return wrong("a link names no writer")
	case l.Seq > prev.Seq+1:
		return wrong(fmt.Sprintf("%d is missing before it", prev.Seq+1))
	case l.Seq <= prev.Seq:
		return wrong(fmt.Sprintf("it comes after %d", prev.Seq))
	case l.Prev != prev.Hash:
		return wrong("it does not follow the link before it")
	}
	normal, err := l.Entry.Normal()
	if err != nil {
		return wrong("the entry is not sound")
	}
	if _, offset := l.At.Zone(); offset != 0 || !normal.At.Equal(l.At) || !bytes.Equal(normal.Body, l.Body) {
		return wrong("the entry is not in the form it was hashed in")
	}
	if l.Hash != l.Sum() {
		return wrong("its hash is not that of its content")
	}
	for _, h := range v.known {
		if h.Writer == l.Writer && h.Seq == l.Seq && h.Hash != l.Hash {
			return wrong("it is another link than the head known from earlier")
		}
	}
	head := *l
	head.Body = nil
	v.heads[l.Writer] = head
	v.sum.Links++
	if v.sum.First.IsZero() || l.At.Before(v.sum.First) {
		v.sum.First = l.At
	}
	if l.At.After(v.sum.Last) {
		v.sum.Last = l.At
	}
	return nil
}

func (v *verifier) summary() Summary {
	s := v.sum
	for _, l := range v.heads {
		s.Heads = append(s.Heads, Head{l.Writer, l.Seq, l.Hash})
	}
	slices.SortFunc(s.Heads, func(a, b Head) int { return bytes.Compare([]byte(a.Writer), []byte(b.Writer)) })
	return s
}
