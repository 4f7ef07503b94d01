package sqlite_test

import (
	"os"
	"testing"

	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/compliance/sqlstore/sqlstoretest"
)

func TestKill(t *testing.T) {
	sqlstoretest.Kill(t, fresh, func(path string) (*sqlstore.DB, error) { return sqlite.Open(path) })
}

// The same on a sealed file. What sealing changes is of little matter here, so
// it runs when somebody asks for the long run.
func TestKillSealed(t *testing.T) {
	if os.Getenv("WAGUARD_KILLS") == "" {
		t.Skip("WAGUARD_KILLS says how many processes to kill")
	}
	place := func(t testing.TB) sqlstoretest.Place { return fresh(t).Sealed(key("a")) }
	sqlstoretest.Kill(t, place, func(path string) (*sqlstore.DB, error) { return sqlite.Open(path, sealed(key("a"))) })
}
