package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/compliance/sqlstore/sqlstoretest"
)

// open makes stores in a new file. Commits are not synced: what a kit asks does
// not depend on it.
func open(t testing.TB, opts ...sqlite.Option) *sqlstore.DB {
	t.Helper()
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "waguard.db"), append([]sqlite.Option{sqlite.SyncLess()}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// fresh is a new file.
func fresh(t testing.TB) sqlstoretest.Place {
	t.Helper()
	path := filepath.Join(t.TempDir(), "waguard.db")
	return sqlstoretest.Place{
		Dialect: sqlstore.SQLite,
		Reach:   path,
		Open: func(opts ...sqlstore.Option) (*sqlstore.DB, error) {
			return sqlite.Open(path, sqlite.SyncLess(), sqlite.With(opts...))
		},
		Pool: func(t testing.TB) *sql.DB { return beside(t, path) },
	}
}

func TestKits(t *testing.T) { sqlstoretest.Kits(t, fresh) }

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
