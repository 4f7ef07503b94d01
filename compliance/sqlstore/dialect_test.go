package sqlstore

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/waguard/waguard/compliance/party"
)

func TestSplit(t *testing.T) {
	got := split("-- a comment; with a semicolon\nCREATE TABLE a (\n    b TEXT -- in line\n);\n\nCREATE INDEX c\n  ON a (b);\r\n")
	want := []string{"CREATE TABLE a (\n    b TEXT -- in line\n)", "CREATE INDEX c\n  ON a (b)"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// Migrations are numbered from 1 without gaps, so that one number says which
// have run, and every table in them has the scope first in its key.
func TestMigrations(t *testing.T) {
	all, err := SQLite.migrations()
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range all {
		if m.version != i+1 || len(m.statements) == 0 {
			t.Errorf("migration %s: number %d, want %d; %d statements", m.name, m.version, i+1, len(m.statements))
		}
		for _, s := range m.statements {
			if strings.HasPrefix(s, "CREATE TABLE") && (!strings.Contains(s, "PRIMARY KEY (scope, ") || !strings.HasPrefix(s, "CREATE TABLE waguard_")) {
				t.Errorf("a table without the scope first in its key, or of another's name: %.40s", s)
			}
		}
	}
}

func TestDialectsAreKnown(t *testing.T) {
	for _, d := range []Dialect{"", "oracle"} {
		if _, err := d.wording(); err == nil {
			t.Errorf("dialect %q is taken", d)
		}
	}
}

type code int

func (c code) Error() string { return fmt.Sprint("driver: code ", int(c)) }
func (c code) Code() int     { return int(c) }

func TestErrorsAreToldApart(t *testing.T) {
	words, err := SQLite.wording()
	if err != nil {
		t.Fatal(err)
	}
	db := &DB{words: words}
	for _, c := range []struct {
		code int
		is   error
	}{
		{5, ErrBusy}, {517, ErrBusy}, {6, ErrBusy}, // 517: SQLITE_BUSY_SNAPSHOT
		{8, ErrReadOnly}, {13, ErrFull}, {11, ErrCorrupt}, {26, ErrCorrupt}, {1555, ErrConstraint}, {2067, ErrConstraint},
	} {
		err := db.fail(t.Context(), "test", fmt.Errorf("wrapped: %w", code(c.code)))
		var e *Error
		if !errors.Is(err, c.is) || !errors.Is(err, code(c.code)) || !errors.As(err, &e) || e.Op != "test" {
			t.Errorf("code %d is %v, want %v", c.code, err, c.is)
		}
	}
	for _, is := range []error{ErrBusy, ErrReadOnly, ErrFull, ErrCorrupt, ErrConstraint, ErrClosed} {
		if err := db.fail(t.Context(), "test", code(1)); errors.Is(err, is) {
			t.Errorf("a plain SQL error passes for %v", is)
		}
	}
}

func TestChunksCoverEverythingOnce(t *testing.T) {
	sizes := map[int]bool{}
	for _, n := range []int{0, 1, 2, 3, 7, 64, 127, 128, 1000, 4097} {
		at := 0
		err := chunks(n, 7, 999, func(from, to int) error {
			if from != at || to <= from || (to-from)*7 > 999 {
				t.Fatalf("%d rows: stretch %d to %d after %d", n, from, to, at)
			}
			at = to
			sizes[to-from] = true
			return nil
		})
		if err != nil || at != n {
			t.Errorf("%d rows: %d covered, %v", n, at, err)
		}
	}
	if len(sizes) > 8 {
		t.Errorf("%d different sizes would be %d different statements", len(sizes), len(sizes))
	}
	stop := errors.New("stop")
	if err := chunks(3, 1, 100, func(int, int) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an error is swallowed: %v", err)
	}
}

func TestListed(t *testing.T) {
	if got := listed("(?)", 3); got != "(?), (?), (?)" {
		t.Errorf("got %q", got)
	}
}

// bondOf names sets, not their texts run together.
func TestBondsAreTheirHandles(t *testing.T) {
	hs := distinct([]party.Handle{{Scheme: "a", Value: "bc"}, {Scheme: "d", Value: "e"}, {Scheme: "a", Value: "bc"}})
	if len(hs) != 2 {
		t.Fatalf("%d handles, want 2", len(hs))
	}
	other := []party.Handle{{Scheme: "ab", Value: "c"}, {Scheme: "d", Value: "e"}}
	if bondOf(hs) == bondOf(other) {
		t.Error("two sets have one name")
	}
	slices.SortFunc(hs, byName)
	if bondOf(hs) != bondOf([]party.Handle{{Scheme: "a", Value: "bc"}, {Scheme: "d", Value: "e"}}) {
		t.Error("one set has two names")
	}
}
