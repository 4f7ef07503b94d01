package sqlstore

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"syscall"
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

var dialects = []Dialect{SQLite, PostgreSQL, MariaDB}

// Migrations are numbered from 1 without gaps, so that one number says which
// have run, and every table in them has the scope first in its key.
func TestMigrations(t *testing.T) {
	for _, d := range dialects {
		all, err := d.migrations()
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range all {
			if m.version != i+1 || len(m.statements) == 0 {
				t.Errorf("%s: migration %s: number %d, want %d; %d statements", d, m.name, m.version, i+1, len(m.statements))
			}
			for _, s := range m.statements {
				bare := strings.Replace(s, "IF NOT EXISTS ", "", 1)
				if strings.HasPrefix(bare, "CREATE TABLE") && (!strings.Contains(s, "PRIMARY KEY (scope, ") || !strings.HasPrefix(bare, "CREATE TABLE waguard_")) {
					t.Errorf("%s: a table without the scope first in its key, or of another's name: %.40s", d, s)
				}
				if d == MariaDB && bare == s && !strings.Contains(s, " MODIFY COLUMN ") {
					t.Errorf("a statement that cannot be run again after a migration ended half way: %.40s", s)
				}
			}
		}
	}
}

// The package's statements fit every dialect because all have the same tables:
// names of tables, columns, keys and indexes, in the same order, migration by
// migration.
func TestEveryDialectHasTheSameTables(t *testing.T) {
	types := regexp.MustCompile(`(?m)^((?:    |ALTER TABLE [a-z_]+ ADD COLUMN )[a-z_]+ +)(TEXT|INTEGER|BIGINT|BLOB|BYTEA|BOOLEAN|TINYINT|LONGBLOB|VARBINARY\(\d+\))( COLLATE "C")?`)
	shape := func(d Dialect) (all []string) {
		migrations, err := d.migrations()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range migrations {
			all = append(all, m.name)
			for _, s := range m.statements {
				if d == MariaDB && strings.Contains(s, " MODIFY COLUMN ") {
					continue // of a column that has a size there only
				}
				s = types.ReplaceAllString(strings.Replace(s, "IF NOT EXISTS ", "", 1), "${1}type")
				all = append(all, strings.NewReplacer(" WITHOUT ROWID", "", " ENGINE = InnoDB ROW_FORMAT = DYNAMIC", "").Replace(s))
			}
		}
		return all
	}
	for _, d := range dialects[1:] {
		if diff := cmp.Diff(shape(SQLite), shape(d)); diff != "" {
			t.Errorf("-sqlite +%s:\n%s", d, diff)
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

type state string

func (s state) Error() string    { return "driver: state " + string(s) }
func (s state) SQLState() string { return string(s) }

func TestServersErrorsAreToldApart(t *testing.T) {
	maria := func(code string) error { return errors.New("Error " + code + ": in the server's own words") }
	all := []error{ErrBusy, ErrReadOnly, ErrFull, ErrCorrupt, ErrConstraint, ErrClosed, ErrLost, ErrExhausted}
	for _, c := range []struct {
		dialect Dialect
		why     string
		err     error
		is      error
	}{
		{PostgreSQL, "serialization failure", state("40001"), ErrBusy},
		{PostgreSQL, "deadlock", state("40P01"), ErrBusy},
		{PostgreSQL, "lock timeout", state("55P03"), ErrBusy},
		{PostgreSQL, "a standby", state("25006"), ErrReadOnly},
		{PostgreSQL, "disk full", state("53100"), ErrFull},
		{PostgreSQL, "too many connections", state("53300"), ErrExhausted},
		{PostgreSQL, "unique violation", state("23505"), ErrConstraint},
		{PostgreSQL, "a zero byte in a text", state("22021"), ErrConstraint},
		{PostgreSQL, "shutting down", state("57P01"), ErrLost},
		{PostgreSQL, "starting up", state("57P03"), ErrLost},
		{PostgreSQL, "idle in a transaction for too long", state("25P03"), ErrLost},
		{PostgreSQL, "connection failure", state("08006"), ErrLost},
		{PostgreSQL, "damaged index", state("XX002"), ErrCorrupt},
		{PostgreSQL, "no such table", state("42P01"), nil},
		{PostgreSQL, "the driver gave the connection up", errors.New("conn closed"), ErrLost},
		{MariaDB, "deadlock", maria("1213 (40001)"), ErrBusy},
		{MariaDB, "lock timeout", maria("1205 (HY000)"), ErrBusy},
		{MariaDB, "read-only", maria("1290 (HY000)"), ErrReadOnly},
		{MariaDB, "table full", maria("1114 (HY000)"), ErrFull},
		{MariaDB, "too many connections", maria("1040 (08004)"), ErrExhausted},
		{MariaDB, "duplicate key", maria("1062 (23000)"), ErrConstraint},
		{MariaDB, "duplicate key, of an older driver", maria("1062"), ErrConstraint},
		{MariaDB, "killed", maria("1927 (70100)"), ErrLost},
		{MariaDB, "shutting down", maria("1053 (08S01)"), ErrLost},
		{MariaDB, "damaged table", maria("1034 (HY000)"), ErrCorrupt},
		{MariaDB, "no such table", maria("1146 (42S02)"), nil},
		{MariaDB, "the driver gave the connection up", errors.New("invalid connection"), ErrLost},
		{PostgreSQL, "refused", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, ErrLost},
		{MariaDB, "cut off", io.ErrUnexpectedEOF, ErrLost},
		{MariaDB, "the pool's word for a broken connection", driver.ErrBadConn, ErrLost},
		{PostgreSQL, "something else", errors.New("something else"), nil},
	} {
		t.Run(string(c.dialect)+" "+c.why, func(t *testing.T) {
			words, err := c.dialect.wording()
			if err != nil {
				t.Fatal(err)
			}
			db := &DB{words: words}
			got := db.fail(t.Context(), "test", fmt.Errorf("wrapped: %w", c.err))
			for _, is := range all {
				if errors.Is(got, is) != (is == c.is) {
					t.Errorf("%v is %v: %v, want %v", got, is, errors.Is(got, is), c.is)
				}
			}
			if !errors.Is(got, c.err) {
				t.Errorf("%v no longer holds the driver's own error", got)
			}
		})
	}
}

func TestStatementsAreRespelt(t *testing.T) {
	const once = "INSERT INTO a (b) VALUES (?), (?) ON CONFLICT DO NOTHING RETURNING b"
	const newer = "INSERT INTO a (b, c) VALUES (?, ?) ON CONFLICT (b, c) DO UPDATE SET c = a.c + excluded.c, d = excluded.d"
	for _, c := range []struct {
		why, got, want string
	}{
		{"numbered", postgresWords(once), "INSERT INTO a (b) VALUES ($1), ($2) ON CONFLICT DO NOTHING RETURNING b"},
		{"typed", postgresWords("SELECT 1 WHERE at = -9223372036854775808 AND b = ?"), "SELECT 1 WHERE at = '-9223372036854775808'::bigint AND b = $1"},
		{"ignored", mariaWords(once), "INSERT IGNORE INTO a (b) VALUES (?), (?) RETURNING b"},
		{"updated", mariaWords(newer), "INSERT INTO a (b, c) VALUES (?, ?) ON DUPLICATE KEY UPDATE c = a.c + VALUES(c), d = VALUES(d)"},
		{"left alone", mariaWords("SELECT b FROM a WHERE b = ?"), "SELECT b FROM a WHERE b = ?"},
	} {
		if c.got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.why, c.got, c.want)
		}
	}
}

func TestChunksCoverEverythingOnce(t *testing.T) {
	sizes := map[int]bool{}
	for _, n := range []int{0, 1, 2, 3, 7, 64, 65, 127, 128, 192, 1000, 4097} {
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
	large := 0
	for size := range sizes {
		if size > small {
			large++
		}
	}
	if large > 2 {
		t.Errorf("%d different sizes would be %d different statements", len(sizes), len(sizes))
	}
	stop := errors.New("stop")
	if err := chunks(3, 1, 100, func(int, int) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an error is swallowed: %v", err)
	}
}

// What comes after a key is the same, spelt out or not.
func TestAfter(t *testing.T) {
	short, args := wording{}.after([]string{"a", "b"}, []any{1, 2})
	if short != "(a, b) > (?, ?)" || !slices.Equal(args, []any{1, 2}) {
		t.Errorf("got %s %v", short, args)
	}
	long, args := wording{spread: true}.after([]string{"a", "b", "c"}, []any{1, 2, 3})
	if long != "(a > ? OR a = ? AND b > ? OR a = ? AND b = ? AND c > ?)" || !slices.Equal(args, []any{1, 1, 2, 1, 2, 3}) {
		t.Errorf("got %s %v", long, args)
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
