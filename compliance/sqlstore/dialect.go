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

// SQLite is version 3.35 or later, with any database/sql driver whose errors
// tell SQLite's result code by a Code method. Foreign keys are not used; a busy
// timeout and WAL mode are the opener's choice, and recommended.
const SQLite Dialect = "sqlite"

// wording is what the rest of the package asks of a Dialect.
type wording struct {
	begin       string                        // a transaction that may write from its first statement
	schemaTable string                        // creates waguard_schema where it is missing
	rebind      func(query string) string     // from ? placeholders
	classify    func(err error) (Class, bool) // of a driver's error
	params      int                           // placeholders a statement may have
}

func (d Dialect) wording() (wording, error) {
	switch d {
	case SQLite:
		return wording{
			begin: "BEGIN IMMEDIATE",
			schemaTable: "CREATE TABLE IF NOT EXISTS waguard_schema (" +
				"version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)",
			rebind:   func(q string) string { return q },
			classify: classifySQLite,
			params:   999, // the limit of builds before 3.32
		}, nil
	}
	return wording{}, errors.New("sqlstore: open: no dialect, or an unknown one")
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
