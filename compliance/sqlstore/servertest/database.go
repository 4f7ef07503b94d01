//go:build unix

package servertest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlstoretest"
)

// A Server is a PostgreSQL or MariaDB that tests may make databases on.
type Server struct {
	dialect sqlstore.Dialect
	driver  string
	admin   *sql.DB
	in      func(database string) string // the data source name of a database

	mu     sync.Mutex
	shared *sql.DB // where scopes are made
}

type once struct {
	sync.Once
	s   *Server
	err error
}

// One for tests, which outlives the processes it serves, and one for
// benchmarks, which as it is installed outlives a power cut.
var postgres, mariadb [2]once

// Postgres is the PostgreSQL server of this process.
func Postgres(t testing.TB) *Server {
	t.Helper()
	return get(t, "PostgreSQL", &postgres, newPostgres)
}

// MariaDB is the MariaDB server of this process.
func MariaDB(t testing.TB) *Server {
	t.Helper()
	return get(t, "MariaDB", &mariadb, newMariaDB)
}

func get(t testing.TB, name string, of *[2]once, make func(durable bool) (*Server, error)) *Server {
	t.Helper()
	o := &of[0]
	_, durable := t.(*testing.B)
	if durable {
		o = &of[1]
	}
	o.Do(func() { o.s, o.err = make(durable) })
	if o.err != nil {
		missing(t, name, o.err)
	}
	return o.s
}

func newPostgres(durable bool) (*Server, error) {
	base := os.Getenv("WAGUARD_POSTGRES")
	if base == "" {
		var err error
		if base, err = startPostgres(durable); err != nil {
			return nil, err
		}
	}
	u, err := url.Parse(base)
	if err != nil {
		return nil, errors.New("WAGUARD_POSTGRES is no URL")
	}
	s := &Server{dialect: sqlstore.PostgreSQL, driver: "pgx", in: func(database string) string {
		to := *u
		to.Path = "/" + database
		return to.String()
	}}
	s.admin, err = sql.Open(s.driver, base)
	return s, err
}

func startPostgres(durable bool) (string, error) {
	const installed = "/usr/lib/postgresql/*/bin"
	initdb, err := find("initdb", installed, "/usr/pgsql-*/bin")
	if err != nil {
		return "", err
	}
	as, err := someone("postgres")
	if err != nil {
		return "", err
	}
	dir, err := place(as)
	if err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	cmd, log := command(as, dir, initdb, "-D", data, "-A", "trust", "-U", "waguard", "-E", "UTF8", "--locale=C", "--no-sync")
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("initdb: %w: %s", err, log)
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	dsn := "postgres://waguard@127.0.0.1:" + port + "/postgres?sslmode=disable"
	args := []string{"-D", data, "-k", dir, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=400"}
	if !durable {
		args = append(args, "-c", "fsync=off")
	}
	return dsn, launch(as, dir, ready("pgx", dsn), filepath.Join(filepath.Dir(initdb), "postgres"), args...)
}

func newMariaDB(durable bool) (*Server, error) {
	base := os.Getenv("WAGUARD_MARIADB")
	if base == "" {
		var err error
		if base, err = startMariaDB(durable); err != nil {
			return nil, err
		}
	}
	c, err := mysql.ParseDSN(base)
	if err != nil {
		return nil, errors.New("WAGUARD_MARIADB is no data source name")
	}
	s := &Server{dialect: sqlstore.MariaDB, driver: "mysql", in: func(database string) string {
		to := c.Clone()
		to.DBName = database
		return to.FormatDSN()
	}}
	s.admin, err = sql.Open(s.driver, base)
	return s, err
}

func startMariaDB(durable bool) (string, error) {
	server, err := find("mariadbd", "/usr/sbin")
	if err != nil {
		return "", err
	}
	install, err := find("mariadb-install-db", "/usr/bin")
	if err != nil {
		return "", err
	}
	as, err := someone("mysql")
	if err != nil {
		return "", err
	}
	dir, err := place(as)
	if err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	cmd, log := command(as, dir, install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db")
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("mariadb-install-db: %w: %s", err, log)
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	dsn := "root@tcp(127.0.0.1:" + port + ")/"
	args := []string{"--no-defaults", "--datadir=" + data, "--socket=" + filepath.Join(dir, "s"), "--pid-file=" + filepath.Join(dir, "pid"),
		"--port=" + port, "--bind-address=127.0.0.1", "--max-connections=400", "--skip-name-resolve"}
	if !durable {
		args = append(args, "--innodb-flush-log-at-trx-commit=2", "--innodb-doublewrite=0")
	}
	return dsn, launch(as, dir, ready("mysql", dsn), server, args...)
}

// freePort finds one that nobody listens on.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

func ready(driver, dsn string) func(context.Context) error {
	return func(ctx context.Context) error {
		db, err := sql.Open(driver, dsn)
		if err != nil {
			return err
		}
		defer db.Close()
		return db.PingContext(ctx)
	}
}

func unique() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b)
	return "waguard_" + hex.EncodeToString(b)
}

// create makes an empty database.
func (s *Server) create(t testing.TB) string {
	t.Helper()
	name := unique()
	if _, err := s.admin.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatalf("creating a database: %v", err)
	}
	return name
}

// Fresh makes a database for one test.
func (s *Server) Fresh(t testing.TB) sqlstoretest.Place {
	t.Helper()
	name := s.create(t)
	t.Cleanup(func() {
		if _, err := s.admin.Exec("DROP DATABASE " + name); err != nil {
			t.Errorf("dropping the database: %v", err)
		}
	})
	return s.at(name)
}

// Scope makes a place of its own in a database that others use too: it is
// quickly made.
func (s *Server) Scope(t testing.TB) sqlstoretest.Place {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shared == nil {
		pool, err := sql.Open(s.driver, s.in(s.create(t)))
		if err != nil {
			t.Fatal(err)
		}
		pool.SetMaxIdleConns(16)
		s.shared = pool
	}
	scope := sqlstore.WithScope(unique())
	return sqlstoretest.Place{Dialect: s.dialect, Open: func(opts ...sqlstore.Option) (*sqlstore.DB, error) {
		return sqlstore.Open(context.Background(), s.shared, s.dialect, append([]sqlstore.Option{scope}, opts...)...)
	}}
}

func (s *Server) at(database string) sqlstoretest.Place {
	dsn := s.in(database)
	return sqlstoretest.Place{
		Dialect: s.dialect,
		Reach:   s.driver + " " + dsn,
		Open: func(opts ...sqlstore.Option) (*sqlstore.DB, error) {
			pool, err := sql.Open(s.driver, dsn)
			if err != nil {
				return nil, err
			}
			pool.SetMaxIdleConns(8)
			db, err := sqlstore.Open(context.Background(), pool, s.dialect, append(opts, sqlstore.Owned())...)
			if err != nil {
				return nil, errors.Join(err, pool.Close())
			}
			return db, nil
		},
		Pool: func(t testing.TB) *sql.DB {
			t.Helper()
			pool, err := sql.Open(s.driver, dsn)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { pool.Close() })
			return pool
		},
	}
}

// Reach opens the stores of a Place by its Reach.
func Reach(reach string) (*sqlstore.DB, error) {
	driver, dsn, _ := strings.Cut(reach, " ")
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	dialect := map[string]sqlstore.Dialect{"pgx": sqlstore.PostgreSQL, "mysql": sqlstore.MariaDB}[driver]
	db, err := sqlstore.Open(context.Background(), pool, dialect, sqlstore.Owned())
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}
