package sqlite_test

import (
	"testing"

	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/compliance/sqlstore/sqlstoretest"
)

func TestKill(t *testing.T) {
	sqlstoretest.Kill(t, fresh, func(path string) (*sqlstore.DB, error) { return sqlite.Open(path) })
}
