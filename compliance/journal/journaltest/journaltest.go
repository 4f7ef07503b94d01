// Package journaltest holds a [journal.Journal] to its duties, by number.
//
//	func TestJournal(t *testing.T) {
//		journaltest.Run(t, func(t testing.TB) journal.Journal { return mine.Open(t) })
//		journaltest.RunDurable(t, func(path string) (journal.Journal, error) { return mine.OpenFile(path) })
//	}
//
// A journal that can be closed should be an io.Closer; duty 10 is skipped for
// others.
package journaltest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"github.com/waguard/waguard/compliance/journal"
)

// A Duty is one thing every journal has to do. The numbers are those in the
// documentation of [journal.Journal].
type Duty struct {
	Number int
	Name   string
	// Check tries it on journals that open makes; each is empty and its own.
	Check func(ctx context.Context, open func() journal.Journal) error
}

// Run checks duties 1 to 10 on fresh journals.
func Run(t *testing.T, open func(t testing.TB) journal.Journal) {
	t.Helper()
	for _, d := range Duties() {
		t.Run(d.Name, func(t *testing.T) {
			if err := d.Check(t.Context(), func() journal.Journal { return open(t) }); err != nil {
				t.Errorf("duty %d: %v", d.Number, err)
			}
		})
	}
}

// RunDurable checks duty 11: open is called several times with one path, in a
// directory of its own, and always for the same writer. What it returns has to
// be an io.Closer.
func RunDurable(t *testing.T, open func(path string) (journal.Journal, error)) {
	t.Helper()
	t.Run("what was appended outlives Close", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "journal")
		if err := Durable(t.Context(), func() (journal.Journal, error) { return open(path) }); err != nil {
			t.Errorf("duty 11: %v", err)
		}
	})
}

// Duties lists duties 1 to 10, in order of number.
func Duties() []Duty {
	return []Duty{
		{1, "what was appended comes back whole", comesBackWhole},
		{2, "entries keep their order", keepsOrder},
		{3, "the chain holds", chainHolds},
		{4, "nothing appended is no links", emptyIsEmpty},
		{5, "one append is all or nothing", allOrNothing},
		{6, "a cancelled context is an error", cancelled},
		{7, "concurrent appends are all there", concurrent},
		{8, "what callers do with their slices changes nothing", keepsItsOwn},
		{9, "reading stops early, starts again and holds nobody up", readsFreely},
		{10, "after close every call fails", closed},
	}
}

// Durable checks duty 11 on what open returns, each time the same journal.
func Durable(ctx context.Context, open func() (journal.Journal, error)) error {
	for round := range 3 {
		j, err := open()
		if err != nil {
			return fmt.Errorf("opening for the %d. time: %w", round+1, err)
		}
		if err := holds(ctx, j, names(4*round)...); err != nil {
			return fmt.Errorf("after opening for the %d. time: %w", round+1, err)
		}
		for _, id := range names(4 * (round + 1))[4*round:] {
			if err := j.Append(ctx, entry(id)); err != nil {
				return fmt.Errorf("appending: %w", err)
			}
		}
		if err := holds(ctx, j, names(4*(round+1))...); err != nil {
			return err
		}
		c, ok := j.(io.Closer)
		if !ok {
			return errors.New("a durable journal cannot be closed")
		}
		if err := c.Close(); err != nil {
			return fmt.Errorf("closing: %w", err)
		}
	}
	return nil
}
