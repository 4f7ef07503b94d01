package sqlite_test

import (
	"io"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/journal/journaltest"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/party/linkstest"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/optin/optintest"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/template/templatetest"
	"github.com/waguard/waguard/window"
	"github.com/waguard/waguard/window/windowtest"
)

// open makes stores in a new file. Commits are not synced: what a kit asks does
// not depend on it.
func open(t testing.TB, opts ...sqlite.Option) *sqlstore.DB {
	t.Helper()
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "waguard.db"), append([]sqlite.Option{sqlite.SyncLess()}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func TestConsent(t *testing.T) {
	optintest.Run(t, func(t *testing.T) optin.Store {
		db := open(t)
		return struct {
			optin.Store
			io.Closer
		}{db.Stores().Consent, db}
	})
}

func TestWindows(t *testing.T) {
	windowtest.Run(t, func(t testing.TB) window.Store {
		db := open(t)
		return struct {
			window.Store
			io.Closer
		}{db.Stores().Windows, db}
	})
}

func TestLinks(t *testing.T) {
	linkstest.Run(t, func(t *testing.T) party.Links {
		db := open(t)
		return struct {
			party.Links
			io.Closer
		}{db.Stores().Links, db}
	})
}

func TestTemplates(t *testing.T) {
	templatetest.Run(t, func(t testing.TB) template.Catalog { return open(t).Stores().Templates })
}

func TestAccount(t *testing.T) {
	compliancetest.AccountStore(t, func(t *testing.T) compliance.AccountStore {
		db := open(t)
		return struct {
			compliance.AccountStore
			io.Closer
		}{db.Stores().Account, db}
	})
}

type closingJournal struct {
	journal.Journal
	io.Closer
}

func TestJournal(t *testing.T) {
	journaltest.Run(t, func(t testing.TB) journal.Journal {
		db := open(t)
		return closingJournal{db.Stores().Journal, db}
	})
	journaltest.RunDurable(t, func(path string) (journal.Journal, error) {
		db, err := sqlite.Open(path)
		if err != nil {
			return nil, err
		}
		return closingJournal{db.Stores().Journal, db}, nil
	})
}
