package compliance

import (
	"context"

	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// Stores is everything a Sender reads and an Inbox writes. Every field but
// Atomic is needed.
type Stores struct {
	Consent   optin.Store
	Windows   window.Store
	Links     party.Links
	Templates template.Catalog
	Account   AccountStore
	Journal   journal.Journal

	// Atomic runs fn so that everything it writes through the stores with
	// the context it is given is kept or dropped as one. Nil: each write
	// stands alone, as in memory.
	Atomic func(ctx context.Context, fn func(context.Context) error) error

	// Key is the secret the stores keep for prints and suppression; used when
	// Config.Key is empty. SQL stores make and keep one.
	Key []byte
}
