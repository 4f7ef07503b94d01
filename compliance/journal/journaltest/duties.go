package journaltest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/waguard/waguard/compliance/journal"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 123456000, time.UTC)

func entry(id string) journal.Entry {
	return journal.Entry{ID: id, At: noon, Kind: "decision", Digest: "5f2c", Body: json.RawMessage(`{"verdict":"deny","n":1.50}`)}
}

// names are the ids e0, e1, ...
func names(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint("e", i)
	}
	return out
}

func read(ctx context.Context, j journal.Journal) ([]journal.Link, error) {
	var out []journal.Link
	for l, err := range j.Links(ctx) {
		if err != nil {
			return out, fmt.Errorf("reading: %w", err)
		}
		out = append(out, l)
	}
	return out, nil
}

// holds checks the ids of all links, in order, and the chain.
func holds(ctx context.Context, j journal.Journal, want ...string) error {
	links, err := read(ctx, j)
	if err != nil {
		return err
	}
	var got []string
	for i, l := range links {
		got = append(got, l.ID)
		if l.Seq != uint64(i+1) {
			return fmt.Errorf("link %d has seq %d", i+1, l.Seq)
		}
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("the journal holds %q, want %q", got, want)
	}
	if _, err := journal.Verify(j.Links(ctx)); err != nil {
		return fmt.Errorf("verifying: %w", err)
	}
	return nil
}

func comesBackWhole(ctx context.Context, open func() journal.Journal) error {
	entries := []journal.Entry{
		entry("plain"),
		{ID: "zone", At: noon.In(time.FixedZone("+05:30", 19800)).Add(789), Kind: "outcome", Body: json.RawMessage(" { \"a\" : [ 1 , 2 ] } ")},
		{ID: "marks", At: noon, Kind: "learned", Body: json.RawMessage(`{"why":"a < b & c > d \u2028 'é' 𝄞","n":1e400,"z":1.0,"a":null}`)},
		{ID: "empty", At: noon, Kind: "learned"},
		{ID: "plain", At: noon, Kind: "outcome", Digest: "\"quoted\"\n", Body: json.RawMessage(`"same id again"`)},
		{ID: "long " + strings.Repeat("i", 900), At: noon, Kind: "decision", Body: json.RawMessage(`"` + strings.Repeat("b", 200_000) + `"`)},
	}
	j := open()
	if err := j.Append(ctx, entries...); err != nil {
		return fmt.Errorf("appending: %w", err)
	}
	links, err := read(ctx, j)
	if err != nil {
		return err
	}
	if len(links) != len(entries) {
		return fmt.Errorf("%d links, want %d", len(links), len(entries))
	}
	for i, l := range links {
		want, err := entries[i].Normal()
		if err != nil {
			return err
		}
		if l.ID != want.ID || l.Kind != want.Kind || l.Digest != want.Digest || l.At != want.At || !bytes.Equal(l.Body, want.Body) {
			return fmt.Errorf("entry %.20q came back changed", want.ID)
		}
		if l.Writer == "" {
			return fmt.Errorf("entry %.20q has no writer", want.ID)
		}
	}
	return nil
}

func keepsOrder(ctx context.Context, open func() journal.Journal) error {
	j := open()
	ids := []string{"z", "a", "m", "b", "y", "c"}
	younger := entry("z")
	younger.At = noon.Add(time.Hour) // order is that of appending, not of time
	if err := j.Append(ctx, younger, entry("a"), entry("m")); err != nil {
		return fmt.Errorf("appending: %w", err)
	}
	if err := j.Append(ctx, entry("b")); err != nil {
		return fmt.Errorf("appending: %w", err)
	}
	if err := j.Append(ctx, entry("y"), entry("c")); err != nil {
		return fmt.Errorf("appending: %w", err)
	}
	links, err := read(ctx, j)
	if err != nil {
		return err
	}
	var got []string
	for i, l := range links {
		got = append(got, l.ID)
		if l.Seq != uint64(i+1) {
			return fmt.Errorf("link %d has seq %d", i+1, l.Seq)
		}
	}
	if !slices.Equal(got, ids) {
		return fmt.Errorf("the journal holds %q, want %q", got, ids)
	}
	return nil
}

func chainHolds(ctx context.Context, open func() journal.Journal) error {
	j := open()
	for _, id := range names(5) {
		if err := j.Append(ctx, entry(id), entry(id+"/outcome")); err != nil {
			return fmt.Errorf("appending: %w", err)
		}
	}
	sum, err := journal.Verify(j.Links(ctx))
	if err != nil {
		return fmt.Errorf("verifying: %w", err)
	}
	if sum.Links != 10 || len(sum.Heads) != 1 {
		return fmt.Errorf("%d links by %d writers, want 10 by 1", sum.Links, len(sum.Heads))
	}
	if err := j.Append(ctx, entry("more")); err != nil {
		return fmt.Errorf("appending: %w", err)
	}
	if _, err := journal.Verify(j.Links(ctx), sum.Heads...); err != nil {
		return fmt.Errorf("verifying against the earlier head: %w", err)
	}
	return nil
}

func emptyIsEmpty(ctx context.Context, open func() journal.Journal) error {
	j := open()
	if err := holds(ctx, j); err != nil {
		return err
	}
	if err := j.Append(ctx); err != nil {
		return fmt.Errorf("appending nothing: %w", err)
	}
	return holds(ctx, j)
}

func allOrNothing(ctx context.Context, open func() journal.Journal) error {
	for why, spoil := range map[string]func(*journal.Entry){
		"without an id":            func(e *journal.Entry) { e.ID = "" },
		"without a kind":           func(e *journal.Entry) { e.Kind = "" },
		"without a time":           func(e *journal.Entry) { e.At = time.Time{} },
		"with a body cut short":    func(e *journal.Entry) { e.Body = json.RawMessage(`{"a":`) },
		"with two bodies":          func(e *journal.Entry) { e.Body = json.RawMessage(`{} {}`) },
		"with a body of no UTF-8":  func(e *journal.Entry) { e.Body = json.RawMessage("\"\xff\"") },
		"with an id of no UTF-8":   func(e *journal.Entry) { e.ID = "\xff" },
		"with an id without end":   func(e *journal.Entry) { e.ID = strings.Repeat("x", journal.MaxID+1) },
		"with a body without end":  func(e *journal.Entry) { e.Body = json.RawMessage(`"` + strings.Repeat("x", journal.MaxBody) + `"`) },
		"with a digest of no UTF8": func(e *journal.Entry) { e.Digest = "\xff" },
	} {
		j := open()
		bad := entry("bad")
		spoil(&bad)
		if err := j.Append(ctx, entry("e0")); err != nil {
			return fmt.Errorf("appending: %w", err)
		}
		if err := j.Append(ctx, entry("good"), bad, entry("good too")); err == nil {
			return fmt.Errorf("an entry %s was taken", why)
		}
		if err := holds(ctx, j, "e0"); err != nil {
			return fmt.Errorf("beside an entry %s: %w", why, err)
		}
		if err := j.Append(ctx, entry("e1")); err != nil {
			return fmt.Errorf("appending after an entry %s: %w", why, err)
		}
		if err := holds(ctx, j, "e0", "e1"); err != nil {
			return fmt.Errorf("after an entry %s: %w", why, err)
		}
	}
	return nil
}

func cancelled(ctx context.Context, open func() journal.Journal) error {
	j := open()
	if err := j.Append(ctx, entry("e0")); err != nil {
		return fmt.Errorf("appending: %w", err)
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := j.Append(over, entry("e1")); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("appending with a cancelled context gives %v", err)
	}
	if _, err := read(over, j); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("reading with a cancelled context gives %v", err)
	}
	return holds(ctx, j, "e0")
}

func concurrent(ctx context.Context, open func() journal.Journal) error {
	j := open()
	const writers, each = 8, 25
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				id := fmt.Sprintf("w%d-%02d", w, i)
				errs[w] = errors.Join(errs[w], j.Append(ctx, entry(id+"a"), entry(id+"b")))
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	links, err := read(ctx, j)
	if err != nil {
		return err
	}
	var want []string
	for w := range writers {
		for i := range each {
			want = append(want, fmt.Sprintf("w%d-%02da", w, i), fmt.Sprintf("w%d-%02db", w, i))
		}
	}
	var got []string
	for i, l := range links {
		got = append(got, l.ID)
		if i%2 == 1 && l.ID != strings.TrimSuffix(links[i-1].ID, "a")+"b" {
			return fmt.Errorf("%s stands behind %s: another append came between", l.ID, links[i-1].ID)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		return fmt.Errorf("%d links after concurrent appends, want each of %d once", len(got), len(want))
	}
	if _, err := journal.Verify(j.Links(ctx)); err != nil {
		return fmt.Errorf("verifying: %w", err)
	}
	return nil
}

func keepsItsOwn(ctx context.Context, open func() journal.Journal) error {
	j := open()
	e := entry("e0")
	if err := j.Append(ctx, e); err != nil {
		return fmt.Errorf("appending: %w", err)
	}
	copy(e.Body, `{"verdict":"pass"`)
	for round := range 2 {
		links, err := read(ctx, j)
		if err != nil {
			return err
		}
		if len(links) != 1 || string(links[0].Body) != string(entry("").Body) {
			return fmt.Errorf("a caller's change reached the journal (reading %d)", round+1)
		}
		copy(links[0].Body, `{"verdict":"pass"`)
	}
	return nil
}

func readsFreely(ctx context.Context, open func() journal.Journal) error {
	j := open()
	for _, id := range names(6) {
		if err := j.Append(ctx, entry(id)); err != nil {
			return fmt.Errorf("appending: %w", err)
		}
	}
	seq := j.Links(ctx)
	for round := range 2 {
		n := 0
		for l, err := range seq {
			if err != nil {
				return fmt.Errorf("reading: %w", err)
			}
			if want := fmt.Sprint("e", n); l.ID != want {
				return fmt.Errorf("reading for the %d. time gives %s, want %s", round+1, l.ID, want)
			}
			if n++; n == 3 {
				break
			}
		}
	}
	// Append with a reader in the middle of its range: with a time limit, so
	// that a journal that waits for its reader fails instead of hanging.
	limited, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	n := 0
	for _, err := range j.Links(limited) {
		if err != nil {
			return fmt.Errorf("reading: %w", err)
		}
		if n++; n == 2 {
			if err := j.Append(limited, entry("e6")); err != nil {
				return fmt.Errorf("appending while somebody reads: %w", err)
			}
		}
	}
	if n != 6 && n != 7 {
		return fmt.Errorf("a reader met %d links, want the 6 there were or 7 with the new one", n)
	}
	return holds(ctx, j, names(7)...)
}

func closed(ctx context.Context, open func() journal.Journal) error {
	j := open()
	c, ok := j.(io.Closer)
	if !ok {
		return nil
	}
	if err := j.Append(ctx, entry("e0")); err != nil {
		return fmt.Errorf("appending: %w", err)
	}
	if err := c.Close(); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	if err := j.Append(ctx, entry("e1")); err == nil {
		return errors.New("appending succeeds after Close")
	}
	if _, err := read(ctx, j); err == nil {
		return errors.New("reading succeeds after Close")
	}
	return nil
}
