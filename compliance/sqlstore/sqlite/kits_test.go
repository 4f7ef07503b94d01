package sqlite_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/compliance/sqlstore/sqlstoretest"
)

func TestMain(m *testing.M) {
	os.Exit(sqlstoretest.Main(m, func(path string) (*sqlstore.DB, error) { return sqlite.Open(path) }))
}

// open makes stores in a new file. Commits are not synced: what a kit asks does
// not depend on it.
func open(t testing.TB, opts ...sqlite.Option) *sqlstore.DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "waguard.db"), append([]sqlite.Option{sqlite.SyncLess()}, opts...)...)
}

// place is a new file, opened with options.
func place(t testing.TB, opts ...sqlite.Option) sqlstoretest.Place {
	t.Helper()
	path := filepath.Join(t.TempDir(), "waguard.db")
	return sqlstoretest.Place{
		Dialect: sqlstore.SQLite,
		Reach:   path,
		Open: func(stores ...sqlstore.Option) (*sqlstore.DB, error) {
			return sqlite.Open(path, append(opts, sqlite.With(stores...))...)
		},
		Pool: func(t testing.TB) *sql.DB { return beside(t, path) },
	}
}

func fresh(t testing.TB) sqlstoretest.Place { t.Helper(); return place(t, sqlite.SyncLess()) }

func TestKits(t *testing.T) { sqlstoretest.Kits(t, fresh) }

func TestStores(t *testing.T) { sqlstoretest.Stores(t, fresh) }

func TestOrder(t *testing.T) { sqlstoretest.Order(t, place(t)) }

func TestSealing(t *testing.T) { sqlstoretest.Sealing(t, fresh) }

// kinds are the two ways a database is kept.
var kinds = []struct {
	name string
	opts []sqlite.Option
}{
	{"plain", nil},
	{"sealed", []sqlite.Option{sealed(key("2026-11"), key("2025-06"))}},
}

func key(id string) sqlstore.Key { return sqlstoretest.Key(id) }

func sealed(keys ...sqlstore.Key) sqlite.Option { return sqlite.With(sqlstore.Sealed(keys...)) }

func eachKind(t *testing.T, run func(t *testing.T, opts []sqlite.Option)) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) { run(t, k.opts) })
	}
}
