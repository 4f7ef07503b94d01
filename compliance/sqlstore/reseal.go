package sqlstore

import (
	"context"
	"database/sql"
	"strings"
)

// resealBatch is how many values one transaction of Reseal seals anew.
const resealBatch = 200

// Resealed is what Reseal did.
type Resealed struct {
	Values  int      // sealed anew
	Dropped []string // ids of keys that nothing is sealed with any more: the app need not give them again
}

// Reseal opens what other keys sealed and seals it with the first key, in
// batches between which everybody else can write. It can be called at any time,
// by any process, and again after it broke off: what was done stays done. When
// it returns nil, nothing is sealed with another key.
//
// Each told, where it is not nil, is called after every batch with what was done
// so far; an error it returns ends the call.
//
// Before a key is made the first one, every process has to know it, as a later
// one. While another process still seals with an old key, that key is not
// dropped for long: it comes back with the next Open of that process.
func (db *DB) Reseal(ctx context.Context, each func(Resealed) error) (Resealed, error) {
	var done Resealed
	if db.seal == nil {
		return done, &Error{Op: "reseal", Err: &SealError{Table: secrets.table, Err: ErrPlain}}
	}
	for {
		before := done.Values
		for _, p := range sealedPlaces {
			if err := db.reseal(ctx, p, &done, each); err != nil {
				return done, err
			}
		}
		if done.Values == before {
			break // a whole pass found nothing: nobody sealed with an old key meanwhile
		}
	}
	var dropped []string
	err := db.write(ctx, "reseal: keys", func(s *session) (err error) {
		dropped, err = db.resealSecrets(s)
		return err
	})
	if err == nil {
		done.Dropped = dropped
	}
	return done, err
}

// reseal goes through one column in the order of its key.
func (db *DB) reseal(ctx context.Context, p *place, done *Resealed, each func(Resealed) error) error {
	var after []any
	for {
		n, last := 0, after
		err := db.write(ctx, "reseal: "+p.table, func(s *session) (err error) {
			n, last, err = db.resealSome(s, p, after)
			return err
		})
		if err != nil {
			return err
		}
		if n == 0 && last == nil {
			return nil
		}
		after = last
		done.Values += n
		if each != nil {
			if err := each(*done); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return db.fail(ctx, "reseal", err)
		}
	}
}

// resealSome seals the next few values anew, and returns the key of the last
// one; nil where there was none.
func (db *DB) resealSome(s *session, p *place, after []any) (n int, last []any, err error) {
	ctx := context.Background()
	prefix := db.seal.keys[0].prefix
	columns := append(append([]string{}, p.key...), p.more...)
	where, args := "scope = ? AND SUBSTR("+p.column+", 1, ?) <> ?", []any{db.scope, len(prefix), prefix}
	if p.where != "" {
		where += " AND " + p.where
	}
	if after != nil {
		next, key := db.words.after(p.key, after)
		where, args = where+" AND "+next, append(args, key...)
	}
	type value struct {
		row    []any
		sealed string
	}
	var values []value
	err = s.query(ctx, func(rows *sql.Rows) error {
		v := value{row: make([]any, len(columns))}
		into := make([]any, 0, len(columns)+1)
		for i := range v.row {
			into = append(into, &v.row[i])
		}
		if err := rows.Scan(append(into, &v.sealed)...); err != nil {
			return err
		}
		for i := range v.row {
			if b, ok := v.row[i].([]byte); ok {
				v.row[i] = string(b)
			}
		}
		values = append(values, v)
		return nil
	}, "SELECT "+strings.Join(columns, ", ")+", "+p.column+" FROM "+p.table+" WHERE "+where+
		" ORDER BY "+strings.Join(p.key, ", ")+" LIMIT ?", append(args, resealBatch)...)
	if err != nil {
		return 0, nil, err
	}
	// What somebody else changed meanwhile is left to the next pass.
	update := "UPDATE " + p.table + " SET " + p.column + " = ? WHERE scope = ? AND " + strings.Join(p.key, " = ? AND ") + " = ? AND " + p.column + " = ?"
	for _, v := range values {
		plain, err := db.seal.unlock(p, v.sealed, v.row...)
		if err != nil {
			return 0, nil, err
		}
		last = v.row[:len(p.key)]
		args := append([]any{long(db.seal.lock(p, plain, v.row...)), db.scope}, last...)
		changed, err := s.exec(ctx, update, append(args, long(v.sealed))...)
		if err != nil {
			return 0, nil, err
		}
		n += int(changed)
	}
	return n, last, nil
}

// resealSecrets does the same for the secrets of the scope, and forgets the
// keys that are not needed any more.
func (db *DB) resealSecrets(s *session) (dropped []string, err error) {
	ctx, first := context.Background(), db.seal.keys[0]
	var sealed string
	err = s.query(ctx, func(rows *sql.Rows) error { return rows.Scan(&sealed) },
		"SELECT value FROM waguard_secret WHERE scope = ? AND name = ?", db.scope, keyName)
	if err != nil {
		return nil, err
	}
	both, err := db.seal.unlock(secrets, sealed, keyName)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(sealed, first.prefix) {
		if _, err := s.exec(ctx, "UPDATE waguard_secret SET value = ? WHERE scope = ? AND name = ?",
			[]byte(db.seal.lock(secrets, both, keyName)), db.scope, keyName); err != nil {
			return nil, err
		}
	}
	for _, k := range db.seal.keys[1:] {
		n, err := s.exec(ctx, "DELETE FROM waguard_secret WHERE scope = ? AND name = ?", db.scope, checkPrefix+k.id)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			dropped = append(dropped, k.id)
		}
	}
	return dropped, nil
}
