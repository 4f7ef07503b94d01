// Package servertest runs the kits of package sqlstoretest on real PostgreSQL
// and MariaDB servers. It is of use to tests only.
//
// [Postgres] and [MariaDB] start a server of the installed programs (Debian:
// apt-get install postgresql mariadb-server) in a directory of its own, for this
// process and on the loopback interface only, and as an unprivileged user where
// the tests run as root, because neither server wants to. [Stop] ends it. Two
// variables name a server that runs already instead:
//
//	WAGUARD_POSTGRES=postgres://user:password@host:5432/postgres
//	WAGUARD_MARIADB='user:password@tcp(host:3306)/'
//
// The user has to be allowed to create databases; each test makes one, and
// drops it. Where there is no server, tests are skipped, and with
// WAGUARD_SERVERS=require they fail instead.
package servertest
