//go:build unix

package servertest_test

import (
	"testing"

	"github.com/waguard/waguard/compliance/sqlstore/servertest"
	"github.com/waguard/waguard/compliance/sqlstore/sqlstoretest"
)

func TestPostgresKill(t *testing.T) {
	sqlstoretest.Kill(t, func(t testing.TB) sqlstoretest.Place { return servertest.Postgres(t).Fresh(t) }, servertest.Reach)
}

func TestMariaDBKill(t *testing.T) {
	sqlstoretest.Kill(t, func(t testing.TB) sqlstoretest.Place { return servertest.MariaDB(t).Fresh(t) }, servertest.Reach)
}
