package sqlstore

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"strings"
	"sync"

	"github.com/waguard/waguard/compliance/party"
)

// Errors of sealed databases, to ask for with errors.Is. None says anything of
// what was sealed; a [*SealError] tells the table and the id of the key.
var (
	ErrSealed     = errors.New("sqlstore: the database is sealed, and no keys were given")
	ErrPlain      = errors.New("sqlstore: the database is not sealed, and keys were given")
	ErrUnknownKey = errors.New("sqlstore: something is sealed with a key that was not given")
	ErrWrongKey   = errors.New("sqlstore: a key is not the one the database knows by its id")
	ErrTampered   = errors.New("sqlstore: a sealed value was changed, or is not in its place")
)

// A SealError is a value that could not be opened, or a key that does not fit.
type SealError struct {
	Table string // "waguard_consent"; that of the keys is waguard_secret
	Key   string // id of the key, where there is one
	Err   error  // one of the errors above
}

func (e *SealError) Error() string {
	s := e.Err.Error() + " (" + e.Table
	if e.Key != "" {
		s += ", key " + e.Key
	}
	return s + ")"
}

// Unwrap returns the cause.
func (e *SealError) Unwrap() error { return e.Err }

// Sealed has everything that names a person, or could, sealed with AES-256-GCM
// before it reaches the database, and looked up by keyed hash. The first key
// seals, all of them open. The package documentation says what is not sealed,
// and how keys are changed.
//
// A scope is sealed from its first Open on, or never. Every process that opens
// it needs every key the database knows.
func Sealed(keys ...Key) Option {
	return func(db *DB) { db.seal = &sealer{given: keys} }
}

// A place is a column of which every value is sealed. What else stands in the
// row is bound to the value: a value moved to another row does not open, nor
// does one whose row was changed.
type place struct {
	table, column string
	key           []string // the primary key after scope
	more          []string // what else is bound
	where         string   // rows that hold nothing to seal are not in it
}

// Handles and ids in the columns named here are keyed hashes already.
var (
	eventBody    = &place{table: "waguard_consent", column: "body", key: []string{"scheme", "value", "at", "id"}, where: "id <> ''"}
	eraseActor   = &place{table: "waguard_suppressed", column: "actor", key: []string{"digest"}, more: []string{"at", "switched"}}
	flightBody   = &place{table: "waguard_flight", column: "body", key: []string{"id"}, more: []string{"expires"}}
	markBody     = &place{table: "waguard_mark", column: "handles", key: []string{"number", "scheme", "value", "id"}, more: []string{"kind", "at", "received", "account"}}
	bondHandle   = &place{table: "waguard_bond", column: "handle", key: []string{"scheme", "value", "bond"}}
	bondOrigin   = &place{table: "waguard_bond", column: "origin", key: []string{"scheme", "value", "bond"}, more: []string{"began"}, where: "origin <> ''"}
	moveBody     = &place{table: "waguard_move", column: "body", key: []string{"id"}, more: []string{"scheme", "from_value", "to_value", "at"}}
	templateNews = &place{table: "waguard_template_news", column: "body", key: []string{"digest"}, more: []string{"template", "name", "language", "at"}}
	paceBody     = &place{table: "waguard_pace", column: "body", key: []string{"scheme", "value"}, more: []string{"ends"}}
	newsBody     = &place{table: "waguard_account_news", column: "body", key: []string{"id"}, more: []string{"account", "number", "at"}}
	linkBody     = &place{table: "waguard_journal", column: "body", key: []string{"writer", "seq"}, more: []string{"id", "at"}}
	secrets      = &place{table: "waguard_secret", column: "value", key: []string{"name"}}

	sealedPlaces = []*place{eventBody, eraseActor, flightBody, markBody, bondHandle, bondOrigin, moveBody, templateNews, newsBody, paceBody, linkBody}
)

// A sealer seals what goes into the database and opens what comes out. The nil
// sealer leaves everything as it is.
type sealer struct {
	given []Key
	scope string
	keys  []*sealingKey // the first seals
	macs  sync.Pool     // of hash.Hash, keyed for look-ups
}

// A sealingKey is a Key made ready. Every table of every scope has a key of its
// own, derived from it: nonces are random, and 2^32 values may be sealed under
// one such key (NIST SP 800-38D, section 8.3).
type sealingKey struct {
	id     string
	prefix string // of everything it sealed
	check  string // tells the key from another of the same id
	tables map[string]cipher.AEAD
}

// ready derives what is derived from the keys.
func (s *sealer) ready(scope string) error {
	s.scope = scope
	if err := checkKeys(s.given); err != nil {
		return err
	}
	for _, k := range s.given {
		ready := &sealingKey{id: k.ID, prefix: "$" + k.ID + "$", tables: map[string]cipher.AEAD{}}
		for _, p := range append([]*place{secrets}, sealedPlaces...) {
			derived, err := derive(k.Secret, "seal", scope, p.table)
			if err != nil {
				return err
			}
			block, err := aes.NewCipher(derived)
			if err != nil {
				return err
			}
			if ready.tables[p.table], err = cipher.NewGCM(block); err != nil {
				return err
			}
		}
		check, err := derive(k.Secret, "check", scope, "")
		if err != nil {
			return err
		}
		ready.check = base64.RawStdEncoding.EncodeToString(check)
		s.keys = append(s.keys, ready)
	}
	s.given = nil
	return nil
}

// derive is HKDF (RFC 5869) with SHA-256.
func derive(secret []byte, use, scope, table string) ([]byte, error) {
	info := appendText(appendText(appendText([]byte("waguard sqlstore 1 "), use), scope), table)
	return hkdf.Key(sha256.New, secret, nil, string(info), 32)
}

// lookUpWith sets the key of the hashes that stand for handles and ids. It is
// random, made once for a scope, and kept sealed: the hashes do not change with
// the keys.
func (s *sealer) lookUpWith(key []byte) {
	key = append([]byte(nil), key...)
	s.macs.New = func() any { return hmac.New(sha256.New, key) }
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// bind writes down the row a value belongs to.
func (s *sealer) bind(p *place, row []any) []byte {
	b := make([]byte, 0, 192)
	b = appendText(appendText(appendText(b, s.scope), p.table), p.column)
	for _, v := range row {
		switch v := v.(type) {
		case string:
			b = appendText(append(b, 't'), v)
		case []byte:
			b = appendText(append(b, 't'), string(v))
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, 'n'), uint64(v))
		case int:
			b = binary.BigEndian.AppendUint64(append(b, 'n'), uint64(v))
		case bool:
			n := uint64(0)
			if v {
				n = 1
			}
			b = binary.BigEndian.AppendUint64(append(b, 'n'), n)
		default: // of a driver that gives a number as something else: it will not open
			b = fmt.Append(append(b, '?'), v)
		}
	}
	return b
}

// lock seals a value of a row; row holds the columns that place names, in order.
func (s *sealer) lock(p *place, plain string, row ...any) string {
	if s == nil {
		return plain
	}
	k := s.keys[0]
	aead := k.tables[p.table]
	n := aead.NonceSize()
	b := make([]byte, n, n+len(plain)+aead.Overhead())
	_, _ = rand.Read(b) // never fails
	b = aead.Seal(b, b, []byte(plain), s.bind(p, row))
	out := make([]byte, 0, len(k.prefix)+base64.RawStdEncoding.EncodedLen(len(b)))
	return string(base64.RawStdEncoding.AppendEncode(append(out, k.prefix...), b))
}

// unlock opens what lock sealed.
func (s *sealer) unlock(p *place, text string, row ...any) (string, error) {
	if s == nil {
		return text, nil
	}
	plain, _, err := s.unlockBy(p, text, row)
	return plain, err
}

// unlockBy also tells the key.
func (s *sealer) unlockBy(p *place, text string, row []any) (string, *sealingKey, error) {
	id, sealed, ok := strings.Cut(strings.TrimPrefix(text, "$"), "$")
	if !ok || text[0] != '$' || !validKeyID(id) {
		return "", nil, &SealError{Table: p.table, Err: ErrTampered}
	}
	for _, k := range s.keys {
		if k.id != id {
			continue
		}
		aead := k.tables[p.table]
		b, err := base64.RawStdEncoding.Strict().DecodeString(sealed)
		if err != nil || len(b) < aead.NonceSize() || base64.RawStdEncoding.EncodedLen(len(b)) != len(sealed) { // it skips line ends
			return "", nil, &SealError{Table: p.table, Key: id, Err: ErrTampered}
		}
		nonce, b := b[:aead.NonceSize()], b[aead.NonceSize():]
		if b, err = aead.Open(b[:0], nonce, b, s.bind(p, row)); err != nil {
			return "", nil, &SealError{Table: p.table, Key: id, Err: ErrTampered}
		}
		return string(b), k, nil
	}
	return "", nil, &SealError{Table: p.table, Key: id, Err: ErrUnknownKey}
}

// lookUpSize is how much of a hash is kept: that two of eight billion handles
// have the same has a probability of about 2^-79.
const lookUpSize = 18

// look is what stands in a column for texts that are looked up. Of what the use
// tells apart, equal texts have different hashes.
func (s *sealer) look(use string, texts ...string) string {
	mac := s.macs.Get().(hash.Hash)
	defer s.macs.Put(mac)
	mac.Reset()
	b := appendText(make([]byte, 0, 128), use)
	for _, t := range texts {
		b = appendText(b, t)
	}
	mac.Write(b)
	var sum [sha256.Size]byte
	return base64.RawStdEncoding.EncodeToString(mac.Sum(sum[:0])[:lookUpSize])
}

// id is how an id stands in a column: ids of WhatsApp messages hold the phone
// number of who wrote them, in base64.
func (s *sealer) id(of, id string) string {
	if s == nil || id == "" {
		return id
	}
	return s.look(of, id)
}

// handle is how a handle stands in a column.
func (s *sealer) handle(h party.Handle) party.Handle {
	if s == nil || h == (party.Handle{}) {
		return h
	}
	return party.Handle{Scheme: h.Scheme, Value: s.look("handle", h.Scheme, h.Value)}
}

func (s *sealer) handles(hs []party.Handle) []party.Handle {
	if s == nil {
		return hs
	}
	out := make([]party.Handle, len(hs))
	for i, h := range hs {
		out[i] = s.handle(h)
	}
	return out
}
