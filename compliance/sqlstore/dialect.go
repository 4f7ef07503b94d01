package sqlstore

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed schema
var schemaFiles embed.FS

// A Dialect is what differs between databases: placeholders, wording, types,
// locking and how errors are told apart. The zero Dialect is refused.
type Dialect string

const (
	// SQLite is version 3.35 or later, with any database/sql driver whose errors
	// tell SQLite's result code by a Code method. Foreign keys are not used; a busy
	// timeout and WAL mode are the opener's choice, and recommended.
	SQLite Dialect = "sqlite"

	// PostgreSQL is version 12 or later, with any driver whose errors tell the
	// SQLSTATE by an SQLState method, and that takes several statements in one
	// text where there are no arguments: pgx (stdlib) and lib/pq do. The database
	// should be encoded in UTF8.
	PostgreSQL Dialect = "postgres"

	// MariaDB is version 10.5 or later, with github.com/go-sql-driver/mysql.
	MariaDB Dialect = "mariadb"
)

// wording is what the rest of the package asks of a Dialect. Statements are
// written as SQLite and PostgreSQL both take them, with ? for arguments.
type wording struct {
	rebind   func(query string) string     // into the dialect's own words
	classify func(err error) (Class, bool) // of a driver's error
	conflict func(err error) bool          // two transactions got in each other's way: done over, it may work
	params   int                           // placeholders a statement may have
	longest  int                           // bytes a key may have; 0: any number
	spread   bool                          // a comparison of rows of keys reads them all: it is spelt out
	typed    string                        // before rows of keys that are arguments, where those have no type of their own
	seed     string                        // such a row, of a scheme and a value
	guesses  bool                          // without figures of the tables it takes a scope for telling, and reads all of it: order and index are told

	// A connection that writes.
	setup  []string                  // what it is told first; it then never goes back to the pool
	begin  func(scope string) string // a transaction that may write from its first statement
	lock   string                    // keeps other writers of the scope (an argument) out until it is over, where begin does not
	aborts bool                      // a failed statement ends the transaction, and COMMIT does not say so
	server bool                      // a statement can be left without an answer
	queue  bool                      // a writer that waits for another process asks again and again, see writer.turn

	// Migrations.
	schemaTable string // creates waguard_schema where it is missing
	schemaBegin string // keeps other processes out
	schemaLock  string // the same, as a query that gives 1
	schemaEnd   string // lets them in again, and keeps what was done
	schemaUndo  string // lets them in again
}

// walk joins a table to those before it, which are read first.
func (w *wording) walk() string {
	if w.guesses {
		return " CROSS JOIN "
	}
	return " JOIN "
}

// by names the index a table is read by.
func (w *wording) by(index string) string {
	if w.guesses {
		return " INDEXED BY " + index
	}
	return ""
}

func (d Dialect) wording() (wording, error) {
	switch d {
	case SQLite:
		return sqliteWording(), nil
	case PostgreSQL:
		return postgresWording(), nil
	case MariaDB:
		return mariaWording(), nil
	}
	return wording{}, errors.New("sqlstore: open: no dialect, or an unknown one")
}

func sqliteWording() wording {
	return wording{
		rebind:      func(q string) string { return q },
		classify:    classifySQLite,
		conflict:    func(error) bool { return false },
		params:      999, // the limit of builds before 3.32
		seed:        "(?, ?)",
		guesses:     true,
		begin:       func(string) string { return "BEGIN IMMEDIATE" },
		queue:       true,
		schemaTable: "CREATE TABLE IF NOT EXISTS waguard_schema (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)",
		schemaBegin: "BEGIN IMMEDIATE",
		schemaEnd:   "COMMIT",
		schemaUndo:  "ROLLBACK",
	}
}

// classifySQLite reads the primary result code, https://sqlite.org/rescode.html.
func classifySQLite(err error) (Class, bool) {
	var coded interface{ Code() int }
	if !errors.As(err, &coded) {
		return 0, false
	}
	switch coded.Code() & 0xff {
	case 5, 6:
		return Busy, true
	case 8:
		return ReadOnly, true
	case 13:
		return Full, true
	case 11, 26:
		return Corrupt, true
	case 19:
		return Constraint, true
	case 9:
		return Cancelled, true
	}
	return Other, true
}

// A migration is one file under schema/<dialect>/.
type migration struct {
	version    int
	name       string
	statements []string
}

// migrations lists the files of a dialect; their names begin with their number.
func (d Dialect) migrations() ([]migration, error) {
	dir := "schema/" + string(d)
	files, err := fs.ReadDir(schemaFiles, dir)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: schema: %w", err)
	}
	var all []migration
	for _, f := range files {
		m := migration{name: strings.TrimSuffix(f.Name(), ".sql")}
		if _, err := fmt.Sscanf(m.name, "%04d_", &m.version); err != nil {
			return nil, fmt.Errorf("sqlstore: schema: %s has no number", f.Name())
		}
		text, err := fs.ReadFile(schemaFiles, dir+"/"+f.Name())
		if err != nil {
			return nil, fmt.Errorf("sqlstore: schema: %w", err)
		}
		m.statements = split(string(text))
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b migration) int { return a.version - b.version })
	return all, nil
}

// split cuts a file into its statements: one ends with a semicolon at the end
// of a line. Comments have lines of their own.
func split(text string) []string {
	var all []string
	var one strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \r\n")
		if line == "" || strings.HasPrefix(line, "--") {
			continue
		}
		one.WriteString(line)
		one.WriteByte('\n')
		if strings.HasSuffix(line, ";") {
			all = append(all, strings.TrimSuffix(strings.TrimSpace(one.String()), ";"))
			one.Reset()
		}
	}
	return all
}
