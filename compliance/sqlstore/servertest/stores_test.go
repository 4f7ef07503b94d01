//go:build unix

package servertest_test

import (
	"testing"

	"github.com/waguard/waguard/compliance/sqlstore/servertest"
	"github.com/waguard/waguard/compliance/sqlstore/sqlstoretest"
)

func TestStoresOnPostgres(t *testing.T) {
	sqlstoretest.Stores(t, servertest.Postgres(t).Fresh)
}

func TestStoresOnMariaDB(t *testing.T) {
	sqlstoretest.Stores(t, servertest.MariaDB(t).Fresh)
}

func TestOrderOnPostgres(t *testing.T) {
	sqlstoretest.Order(t, servertest.Postgres(t).Fresh(t))
}

func TestOrderOnMariaDB(t *testing.T) {
	sqlstoretest.Order(t, servertest.MariaDB(t).Fresh(t))
}
