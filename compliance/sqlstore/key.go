package sqlstore

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// KeySize is the length of a Key's secret in bytes.
const KeySize = 32

// A Key seals and opens; see [Sealed]. It never is stored in the database.
// Printing a Key shows its id alone.
type Key struct {
	ID     string // up to 32 letters, digits, points and hyphens; it stands before everything it sealed
	Secret []byte // KeySize random bytes; no password
}

// String names the key.
func (k Key) String() string { return "key " + k.ID }

// GoString names the key.
func (k Key) GoString() string { return k.String() }

// Format names the key, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// MarshalText refuses: a key is not to end up in a log.
func (k Key) MarshalText() ([]byte, error) {
	return nil, errors.New("sqlstore: keys are not written")
}

func validKeyID(id string) bool {
	if id == "" || len(id) > 32 {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.':
		default:
			return false
		}
	}
	return true
}

// maxKeys is how many keys one database may have at a time.
const maxKeys = 64

func checkKeys(keys []Key) error {
	if len(keys) == 0 {
		return errors.New("sqlstore: sealed: no keys")
	}
	if len(keys) > maxKeys {
		return fmt.Errorf("sqlstore: sealed: more than %d keys", maxKeys)
	}
	ids := map[string]bool{}
	for i, k := range keys {
		switch {
		case !validKeyID(k.ID):
			return fmt.Errorf("sqlstore: sealed: key %d: its id has to be 1 to 32 letters, digits, points and hyphens", i+1)
		case ids[k.ID]:
			return fmt.Errorf("sqlstore: sealed: key %s is there twice", k.ID)
		case len(k.Secret) != KeySize:
			return fmt.Errorf("sqlstore: sealed: key %s: its secret has to be %d bytes", k.ID, KeySize)
		}
		ids[k.ID] = true
	}
	return nil
}

// ReadKeys reads keys from a file, newest first, a line each: the id, white
// space, and the secret in standard base64. Empty lines and lines that begin
// with # are left out. An error tells the line and never what is in it.
//
//	printf '2026-11 %s\n' "$(head -c 32 /dev/urandom | base64)"
func ReadKeys(r io.Reader) ([]Key, error) {
	var keys []Key
	lines := bufio.NewScanner(io.LimitReader(r, maxKeyFile+1))
	lines.Buffer(nil, maxKeyFile+2)
	read := 0
	for n := 1; lines.Scan(); n++ {
		if read += len(lines.Bytes()) + 1; read > maxKeyFile {
			return nil, fmt.Errorf("sqlstore: keys: more than %d bytes", maxKeyFile)
		}
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) != 2 {
			return nil, fmt.Errorf("sqlstore: keys: line %d: is no id and secret", n)
		}
		secret, err := base64.StdEncoding.Strict().DecodeString(fields[1])
		if err != nil || len(secret) != KeySize {
			return nil, fmt.Errorf("sqlstore: keys: line %d: the secret is no %d bytes in base64", n, KeySize)
		}
		keys = append(keys, Key{ID: fields[0], Secret: secret})
		if err := checkKeys(keys); err != nil {
			return nil, fmt.Errorf("sqlstore: keys: line %d: %s", n, strings.TrimPrefix(err.Error(), "sqlstore: sealed: "))
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("sqlstore: keys: %w", err)
	}
	if len(keys) == 0 {
		return nil, errors.New("sqlstore: keys: none are there")
	}
	return keys, nil
}

const maxKeyFile = 16 << 10
