package sqlstore

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"errors"
	"slices"
	"strings"
)

// What waguard_secret holds of a scope:
//
//	key          the key for prints, digests and tickets, 32 bytes;
//	             of a sealed one that and the key of look-ups, sealed
//	check <id>   of a sealed one, what tells each key that sealed something
const (
	keyName     = "key"
	checkPrefix = "check "

	secretSize = 32
)

// readSecrets fetches the secrets of the scope. Not found are those of a scope
// that is new, or that does not know yet the key that is to seal.
func (db *DB) readSecrets(ctx context.Context, s *session) (found bool, err error) {
	db.key = nil
	rows := map[string]string{}
	err = s.query(ctx, func(r *sql.Rows) error {
		var name, value string
		err := r.Scan(&name, &value)
		rows[name] = value
		return err
	}, "SELECT name, value FROM waguard_secret WHERE scope = ?", db.scope)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	refuse := func(key string, err error) (bool, error) {
		return false, &SealError{Table: secrets.table, Key: key, Err: err}
	}
	key := rows[keyName]
	switch sealed := len(key) > secretSize; {
	case len(key) < secretSize:
		return false, errors.New("the key of the database is damaged")
	case sealed && db.seal == nil:
		return refuse("", ErrSealed)
	case !sealed && db.seal != nil:
		return refuse("", ErrPlain)
	case !sealed:
		db.key = []byte(key)
		return true, nil
	}
	for name, value := range rows {
		id, isCheck := strings.CutPrefix(name, checkPrefix)
		if !isCheck {
			continue
		}
		i := slices.IndexFunc(db.seal.keys, func(k *sealingKey) bool { return k.id == id })
		switch {
		case i < 0:
			return refuse(id, ErrUnknownKey)
		case subtle.ConstantTimeCompare([]byte(db.seal.keys[i].check), []byte(value)) != 1:
			return refuse(id, ErrWrongKey)
		}
	}
	both, err := db.seal.unlock(secrets, key, keyName)
	if err != nil {
		return false, err
	}
	if len(both) != 2*secretSize {
		return refuse("", ErrTampered)
	}
	db.key = []byte(both[:secretSize])
	db.seal.lookUpWith([]byte(both[secretSize:]))
	_, known := rows[checkPrefix+db.seal.keys[0].id]
	return known, nil
}

// makeSecrets makes what readSecrets did not find.
func (db *DB) makeSecrets(ctx context.Context, s *session) error {
	add := func(name string, value []byte) error {
		_, err := s.exec(ctx, "INSERT INTO waguard_secret (scope, name, value) VALUES (?, ?, ?)", db.scope, name, value)
		return err
	}
	if db.key == nil {
		both := make([]byte, 2*secretSize)
		if _, err := rand.Read(both); err != nil {
			return err
		}
		db.key = both[:secretSize:secretSize]
		if db.seal == nil {
			return add(keyName, db.key)
		}
		db.seal.lookUpWith(both[secretSize:])
		if err := add(keyName, []byte(db.seal.lock(secrets, string(both), keyName))); err != nil {
			return err
		}
	}
	return add(checkPrefix+db.seal.keys[0].id, []byte(db.seal.keys[0].check))
}
