package sqlstore

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

func mariaWording() wording {
	const schemaName = "CONCAT('waguard ', MD5(DATABASE()))"
	return wording{
		rebind:   mariaWords,
		classify: classifyMaria,
		conflict: func(err error) bool { return mariaCode(err) == 1213 },
		params:   3600,
		longest:  512,
		spread:   true,
		typed:    "SELECT scheme, value FROM waguard_bond WHERE FALSE UNION ",
		seed:     "(?, ?)",
		setup: []string{fmt.Sprintf("SET SESSION sql_mode = 'STRICT_ALL_TABLES', SESSION tx_isolation = 'READ-COMMITTED',"+
			" SESSION autocommit = 0, SESSION innodb_lock_wait_timeout = %d, SESSION idle_transaction_timeout = %d", patienceSeconds, idleSeconds)},
		begin:  func(string) string { return "" }, // the first statement does
		lock:   "SELECT 1 FROM waguard_secret WHERE scope = ? AND name = 'key' FOR UPDATE",
		server: true,
		schemaTable: "CREATE TABLE IF NOT EXISTS waguard_schema (" +
			"version BIGINT NOT NULL PRIMARY KEY, name VARBINARY(255) NOT NULL) ENGINE = InnoDB",
		// Every CREATE commits what was before it, so no transaction can hold a
		// migration together; its statements can be run again instead.
		schemaLock: "SELECT GET_LOCK(" + schemaName + ", 60)",
		schemaEnd:  "DO RELEASE_LOCK(" + schemaName + ")",
		schemaUndo: "DO RELEASE_LOCK(" + schemaName + ")",
	}
}

var (
	conflictUpdate = regexp.MustCompile(`ON CONFLICT \([a-z_, ]+\) DO UPDATE SET`)
	excluded       = regexp.MustCompile(`\bexcluded\.([a-z_]+)`)
)

// mariaWords spells what is to become of a row that is there already. INSERT
// IGNORE would also cut a text to its column's size; a session lets none pass
// that is longer.
func mariaWords(query string) string {
	const once = " ON CONFLICT DO NOTHING"
	if strings.Contains(query, once) {
		return strings.Replace(strings.Replace(query, once, "", 1), "INSERT INTO", "INSERT IGNORE INTO", 1)
	}
	query = conflictUpdate.ReplaceAllString(query, "ON DUPLICATE KEY UPDATE")
	return excluded.ReplaceAllString(query, "VALUES($1)")
}

var mariaError = regexp.MustCompile(`^Error ([0-9]+)(?: \([0-9A-Z]{5}\))?: `)

// mariaCode finds the server's error number. The driver keeps it in a field
// that only its own package can name, and begins the text with it.
func mariaCode(err error) int {
	for ; err != nil; err = errors.Unwrap(err) {
		if m := mariaError.FindStringSubmatch(err.Error()); m != nil {
			n, _ := strconv.Atoi(m[1])
			return n
		}
	}
	return 0
}

// classifyMaria reads the error number, https://mariadb.com/kb/en/mariadb-error-codes/.
func classifyMaria(err error) (Class, bool) {
	switch mariaCode(err) {
	case 0:
		return cutOff(err)
	case 1205, 1213, 1020, 1637: // lock wait, deadlock, changed since it was read, too many transactions
		return Busy, true
	case 1290, 1792, 1836: // --read-only, a transaction that may not write, read-only mode
		return ReadOnly, true
	case 1021, 1114, 1037, 1038, 1041, 3: // disk, table, memory
		return Full, true
	case 1033, 1034, 1194, 1195, 1712: // table or index damaged
		return Corrupt, true
	case 1022, 1048, 1062, 1169, 1264, 1366, 1406, 1451, 1452, 1557, 1586, 1644, 4025: // keys, data, a trigger's own word
		return Constraint, true
	case 1317, 1969: // interrupted, max_statement_time
		return Cancelled, true
	case 1040, 1203, 1226: // too many connections, of one user, of one account
		return Exhausted, true
	case 1053, 1077, 1078, 1079, 1158, 1159, 1160, 1161, 1184, 1152, 1927, 1047: // shutting down, network, killed, not part of the cluster
		return Lost, true
	}
	return Other, true
}
