//go:build unix

package servertest_test

import (
	"io"
	"log"
	"os"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/waguard/waguard/compliance/sqlstore/servertest"
	"github.com/waguard/waguard/compliance/sqlstore/sqlstoretest"
)

func TestMain(m *testing.M) {
	_ = mysql.SetLogger(log.New(io.Discard, "", 0)) // what it says is in the errors too
	code := sqlstoretest.Main(m, servertest.Reach)
	servertest.Stop()
	os.Exit(code)
}

func TestPostgres(t *testing.T) { sqlstoretest.Kits(t, servertest.Postgres(t).Scope) }

func TestMariaDB(t *testing.T) { sqlstoretest.Kits(t, servertest.MariaDB(t).Scope) }

func TestPostgresSealing(t *testing.T) { sqlstoretest.Sealing(t, servertest.Postgres(t).Fresh) }

func TestMariaDBSealing(t *testing.T) { sqlstoretest.Sealing(t, servertest.MariaDB(t).Fresh) }
