package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/window"
)

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "waguard")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	db, err := sqlite.Open(filepath.Join(dir, "consent.db"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()

	ctx, s := context.Background(), db.Stores() // goes into compliance.Config as it is
	customer := party.Handle{Scheme: party.Phone, Value: "+447700900123"}
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	done, err := s.Consent.Append(ctx, optin.Event{ID: "mail-17", Kind: optin.Revoked, Handles: []party.Handle{customer},
		At: now, Received: now, Channel: optin.Email})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("added:", done.Added, "under way:", len(done.Flights))
	h, err := s.Consent.Events(ctx, []party.Handle{customer})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(h.Events[0].ID, h.Events[0].Channel)
	// Output:
	// added: 1 under way: 0
	// mail-17 email
}

// One database can serve many businesses, each under a scope of its own.
func ExampleWith() {
	dir, err := os.MkdirTemp("", "waguard")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	db, err := sqlite.Open(filepath.Join(dir, "all.db"), sqlite.With(sqlstore.WithScope("bakery"), sqlstore.WithWriter("host-1")))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	fmt.Println(len(db.Stores().Key))
	// Output: 32
}

// A sealed database shows nobody to who copies it. Keys come from where the app
// keeps its secrets; here from a file with a line for each, newest first.
func Example_sealed() {
	dir, err := os.MkdirTemp("", "waguard")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path, ctx := filepath.Join(dir, "consent.db"), context.Background()
	file := "2026-11 bmV2ZXIgdGFrZSBhIGtleSBmcm9tIGFuIGV4YW1wbGU=\n"
	open := func() (*sqlstore.DB, error) {
		keys, err := sqlstore.ReadKeys(strings.NewReader(file))
		if err != nil {
			return nil, err
		}
		return sqlite.Open(path, sqlite.With(sqlstore.Sealed(keys...)))
	}
	db, err := open()
	if err != nil {
		fmt.Println(err)
		return
	}
	customer := party.Handle{Scheme: party.Phone, Value: "+447700900123"}
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	_, err = db.Stores().Consent.Append(ctx, optin.Event{ID: "mail-17", Kind: optin.Revoked, Handles: []party.Handle{customer},
		At: now, Received: now, Channel: optin.Email})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(db.Close())
	_, err = sqlite.Open(path)
	fmt.Println(errors.Is(err, sqlstore.ErrSealed))
	bytes, err := os.ReadFile(path)
	fmt.Println("in the file:", strings.Contains(string(bytes), "447700900123"), err)

	// Half a year later: a new key before the old one.
	file = "2027-05 ZXhhbXBsZXMgYXJlIG5vIHBsYWNlIGZvciBzZWNyZXQ=\n" + file
	db, err = open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	done, err := db.Reseal(ctx, nil)
	fmt.Println("sealed anew:", done.Values, "not needed any more:", done.Dropped, err)
	h, err := db.Stores().Consent.Events(ctx, []party.Handle{customer})
	fmt.Println(h.Events[0].ID, err)
	// Output:
	// <nil>
	// true
	// in the file: false <nil>
	// sealed anew: 1 not needed any more: [2026-11] <nil>
	// mail-17 <nil>
}

// Everything written inside is kept or dropped as one.
func Example_atomic() {
	dir, err := os.MkdirTemp("", "waguard")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	db, err := sqlite.Open(filepath.Join(dir, "consent.db"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()

	s := db.Stores()
	group := window.Place{Line: party.Line{Number: "106540352242922"}, Group: "Y2FwaV9ncm91cDox"}
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	err = db.Atomic(context.Background(), func(ctx context.Context) error {
		if err := s.Windows.Note(ctx, window.Mark{ID: "wamid.1", Kind: window.Wrote, Place: group, At: now, Received: now}); err != nil {
			return err
		}
		return fmt.Errorf("something else went wrong")
	})
	fmt.Println(err)
	marks, err := s.Windows.Marks(context.Background(), group)
	fmt.Println(len(marks), err)
	// Output:
	// something else went wrong
	// 0 <nil>
}

// An app that has a database already gives its own handle. Its tables stay as
// they are, and the handle stays open.
func Example_ownHandle() {
	dir, err := os.MkdirTemp("", "waguard")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	pool, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "app.db")+"?_busy_timeout=5000&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	ctx := context.Background()
	db, err := sqlstore.Open(ctx, pool, sqlstore.SQLite)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	stores := db.Stores()
	err = stores.Journal.Append(ctx, journal.Entry{ID: "d-1", At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Kind: "decision"})
	fmt.Println(err)
	sum, err := journal.Verify(stores.Journal.Links(ctx))
	fmt.Println(sum.Links, sum.Heads[0].Writer, err)
	// Output:
	// <nil>
	// 1 main <nil>
}
