package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/sqlstore"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/optin"
)

// openLedger opens the ledger in a database file, sealed where keys name a file.
// Only make makes a file that is not there: to export from a mistyped name would
// tell that nothing is held.
func openLedger(path, keys string, make bool, actor string) (*optin.Ledger, func() error, error) {
	if path == "" {
		return nil, nil, errors.New("-db FILE: the database has to be named")
	}
	if !make {
		if _, err := os.Stat(path); err != nil {
			return nil, nil, fmt.Errorf("-db: %w", err)
		}
	}
	db, err := openStores(path, keys)
	if err != nil {
		return nil, nil, err
	}
	s := db.Stores()
	l := optin.NewLedger(s.Consent, optin.WithLinks(s.Links), optin.WithKey(s.Key), optin.AlsoForget("windows", s.Windows), optin.AlsoForget("pace", s.Pace), optin.WithNow(time.Now), optin.WithActor(actor))
	return l, db.Close, nil
}

// openDB opens the stores in a database file that is there.
func openDB(path, keys string) (*sqlstore.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("-db: %w", err)
	}
	return openStores(path, keys)
}

func openStores(path, keys string) (*sqlstore.DB, error) {
	opts, err := sealed(keys)
	if err != nil {
		return nil, err
	}
	return sqlite.Open(path, opts...)
}

// sealed reads the keys of a database.
func sealed(path string) ([]sqlite.Option, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("-keys: %w", err)
	}
	defer f.Close()
	keys, err := sqlstore.ReadKeys(f)
	if err != nil {
		return nil, fmt.Errorf("-keys: %s: %w", path, err)
	}
	return []sqlite.Option{sqlite.With(sqlstore.Sealed(keys...))}, nil
}

// person reads how a person is named on the command line: a phone with its
// plus, a BSUID or a parent BSUID.
func person(args []string) (party.Party, error) {
	var p party.Party
	for _, a := range args {
		var err error
		switch {
		case strings.HasPrefix(a, "+"):
			p.Phone, err = party.ParsePhone(a)
		case len(a) > 3 && strings.HasPrefix(a[2:], ".ENT."):
			p.Parent, err = party.ParseParent(a)
		default:
			p.User, err = party.ParseUser(a)
		}
		if err != nil {
			return party.Party{}, err
		}
	}
	if p.IsZero() {
		return p, errors.New("nobody is named: give a phone with its plus, or a BSUID")
	}
	if len(p.Handles()) != len(args) {
		return p, errors.New("one person at a time")
	}
	return p, nil
}

// pairs is a flag that may come several times: name=value.
type pairs [][2]string

func (p *pairs) String() string { return "" }

func (p *pairs) Set(s string) error {
	name, value, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return errors.New("is no name=value")
	}
	*p = append(*p, [2]string{name, value})
	return nil
}

// words is a flag that may come several times.
type words []string

func (w *words) String() string { return "" }

func (w *words) Set(s string) error {
	*w = append(*w, s)
	return nil
}
