package sqlstoretest

import (
	"io"
	"testing"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/category/categorytest"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/journal/journaltest"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/pace/pacetest"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/party/linkstest"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/optin/optintest"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/template/templatetest"
	"github.com/waguard/waguard/window"
	"github.com/waguard/waguard/window/windowtest"
)

// Kits runs the kit of every store, with what is kept in the clear and sealed.
// fresh makes a place for each of some hundred checks: where making a database
// takes long, a scope of its own in one that is there already will do.
func Kits(t *testing.T, fresh func(t testing.TB) Place) {
	t.Run("plain", func(t *testing.T) { kits(t, fresh) })
	t.Run("sealed", func(t *testing.T) {
		if testing.Short() {
			t.Skip("the same again, with keys")
		}
		kits(t, func(t testing.TB) Place { return fresh(t).Sealed(Key("2026-11"), Key("2025-06")) })
	})
}

func kits(t *testing.T, fresh func(t testing.TB) Place) {
	open := func(t testing.TB) *sqlstore.DB { return fresh(t).open(t) }
	t.Run("consent", func(t *testing.T) {
		optintest.Run(t, func(t *testing.T) optin.Store {
			db := open(t)
			s := db.Stores().Consent
			return struct {
				optin.Eraser
				io.Closer
			}{s.(optin.Eraser), db}
		})
	})
	t.Run("windows", func(t *testing.T) {
		windowtest.Run(t, func(t testing.TB) window.Store {
			db := open(t)
			return struct {
				window.Store
				io.Closer
			}{db.Stores().Windows, db}
		})
	})
	t.Run("links", func(t *testing.T) {
		linkstest.Run(t, func(t *testing.T) party.Links {
			db := open(t)
			links := db.Stores().Links
			return struct {
				party.Links
				party.Forgetter
				party.Historian
				io.Closer
			}{links, links.(party.Forgetter), links.(party.Historian), db}
		})
	})
	t.Run("templates", func(t *testing.T) {
		templatetest.Run(t, func(t testing.TB) template.Catalog { return open(t).Stores().Templates })
	})
	t.Run("acts", func(t *testing.T) {
		templatetest.RunActs(t, func(t testing.TB) template.Acts { return open(t).Stores().Acts })
	})
	t.Run("outcomes", func(t *testing.T) {
		categorytest.Run(t, func(t testing.TB) category.Outcomes { return open(t).Stores().Outcomes })
	})
	t.Run("account", func(t *testing.T) {
		compliancetest.AccountStore(t, func(t *testing.T) compliance.AccountStore {
			db := open(t)
			return struct {
				compliance.AccountStore
				io.Closer
			}{db.Stores().Account, db}
		})
	})
	t.Run("pace", func(t *testing.T) {
		pacetest.Run(t, func(t testing.TB) pace.Store {
			db := open(t)
			return struct {
				pace.Store
				io.Closer
			}{db.Stores().Pace, db}
		})
	})
	t.Run("journal", func(t *testing.T) {
		journaltest.Run(t, func(t testing.TB) journal.Journal {
			db := open(t)
			return closingJournal{db.Stores().Journal, db}
		})
		place := fresh(t)
		journaltest.RunDurable(t, func(string) (journal.Journal, error) {
			db, err := place.Open()
			if err != nil {
				return nil, err
			}
			return closingJournal{db.Stores().Journal, db}, nil
		})
	})
}

type closingJournal struct {
	journal.Journal
	io.Closer
}
