// Package sqlstoretest holds the stores of package sqlstore to what they
// promise, on any database: the kits of all stores, what only several stores in
// one database can get wrong, and the order of a stop and a send across
// processes.
//
//	func TestMain(m *testing.M) { os.Exit(sqlstoretest.Main(m, reach)) }
//	func TestKits(t *testing.T)   { sqlstoretest.Kits(t, fresh) }
//	func TestStores(t *testing.T) { sqlstoretest.Stores(t, fresh) }
//	func TestOrder(t *testing.T)  { sqlstoretest.Order(t, fresh(t)) }
package sqlstoretest

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/optin"
)

// A Place is an empty database that can be opened many times, as several
// processes do.
type Place struct {
	Dialect sqlstore.Dialect

	// Reach says where it is, for [Main] of another process.
	Reach string

	// Open opens the stores in it.
	Open func(opts ...sqlstore.Option) (*sqlstore.DB, error)

	// Pool opens it without the stores, as the app does.
	Pool func(t testing.TB) *sql.DB
}

// Sealed is the same place, opened with keys.
func (p Place) Sealed(keys ...sqlstore.Key) Place {
	plain := p.Open
	p.Open = func(opts ...sqlstore.Option) (*sqlstore.DB, error) {
		return plain(append([]sqlstore.Option{sqlstore.Sealed(keys...)}, opts...)...)
	}
	return p
}

// Key makes a key of its id. It is nobody's secret.
func Key(id string) sqlstore.Key {
	secret := sha256.Sum256([]byte(id))
	return sqlstore.Key{ID: id, Secret: secret[:]}
}

// open opens the stores and closes them with the test.
func (p Place) open(t testing.TB, opts ...sqlstore.Option) *sqlstore.DB {
	t.Helper()
	db, err := p.Open(opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

var day = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func handle(n int) party.Handle {
	return party.Handle{Scheme: party.Phone, Value: fmt.Sprintf("+4477009%05d", n)}
}

func stop(id string, hs ...party.Handle) optin.Event {
	return optin.Event{ID: id, Kind: optin.Revoked, Handles: hs, At: day, Received: day, Channel: optin.WhatsApp}
}

func grant(id string, h party.Handle) optin.Event {
	return optin.Event{ID: id, Kind: optin.Granted, Handles: []party.Handle{h}, Purposes: []optin.Purpose{optin.Marketing},
		At: day, Received: day, Channel: optin.Web,
		Evidence: &optin.Evidence{Source: optin.WebForm, Wording: "Send me news on WhatsApp", BusinessName: "Example Ltd", Locale: "en"}}
}

func entry(id string) journal.Entry {
	return journal.Entry{ID: id, At: day, Kind: "decision", Digest: "5f2c", Body: []byte(`{"verdict":"allow"}`)}
}
