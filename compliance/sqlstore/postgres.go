package sqlstore

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// patience is how long a writer waits for another one, and how long a process
// that has stopped in the middle of a transaction keeps the others waiting.
const (
	patienceSeconds = 5
	idleSeconds     = 60
)

func postgresWording() wording {
	schemaLock := "SELECT pg_advisory_xact_lock(" + lockKey("schema", "") + ")"
	return wording{
		rebind:   postgresWords,
		classify: classifyPostgres,
		conflict: func(err error) bool { s := sqlState(err); return s == "40001" || s == "40P01" },
		params:   3600,
		longest:  512,
		seed:     `(?::text COLLATE "C", ?::text COLLATE "C")`,
		// The lock comes before anything is read: at READ COMMITTED every later
		// statement then sees what the one before us committed.
		begin: func(scope string) string {
			return fmt.Sprintf("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = '%ds';"+
				" SET LOCAL idle_in_transaction_session_timeout = '%ds'; SELECT pg_advisory_xact_lock(%s)",
				patienceSeconds, idleSeconds, lockKey("write", scope))
		},
		aborts: true,
		server: true,
		schemaTable: "CREATE TABLE IF NOT EXISTS waguard_schema (" +
			"version BIGINT NOT NULL PRIMARY KEY, name TEXT COLLATE \"C\" NOT NULL)",
		schemaBegin: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = '60s'; " + schemaLock,
		schemaEnd:   "COMMIT",
		schemaUndo:  "ROLLBACK",
	}
}

// lockKey is the number of an advisory lock of ours. Two of one number would
// only wait for each other.
func lockKey(what, scope string) string {
	sum := sha256.Sum256([]byte("waguard " + what + " " + scope))
	return strconv.FormatInt(int64(binary.BigEndian.Uint64(sum[:8])), 10)
}

// postgresWords numbers the placeholders. The smallest number has to be typed:
// as it stands it is a negated numeric, and no index of numbers is of use to it.
func postgresWords(query string) string {
	query = strings.ReplaceAll(query, "-9223372036854775808", "'-9223372036854775808'::bigint")
	var b strings.Builder
	n := 0
	for {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		query = after
	}
}

func sqlState(err error) string {
	var coded interface{ SQLState() string }
	if errors.As(err, &coded) {
		return coded.SQLState()
	}
	return ""
}

// classifyPostgres reads the SQLSTATE,
// https://www.postgresql.org/docs/current/errcodes-appendix.html.
func classifyPostgres(err error) (Class, bool) {
	state := sqlState(err)
	switch state {
	case "":
		return cutOff(err)
	case "40001", "40P01", "55P03": // serialization, deadlock, lock timeout
		return Busy, true
	case "25006": // a standby, or default_transaction_read_only
		return ReadOnly, true
	case "57014": // statement timeout, or cancelled by hand
		return Cancelled, true
	case "53300": // too many connections
		return Exhausted, true
	case "25P03", "57P05", "57P01", "57P02", "57P03": // idle for too long, shutting down, crashed, starting up
		return Lost, true
	}
	switch state[:2] {
	case "08":
		return Lost, true
	case "22", "23": // data, constraints
		return Constraint, true
	case "53": // disk full, out of memory
		return Full, true
	case "XX": // data or index corrupted, internal error
		return Corrupt, true
	}
	return Other, true
}
