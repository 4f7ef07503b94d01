package compliance

import (
	"context"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// Stores is everything a Sender reads and an Inbox writes. Every field but
// Acts, Outcomes, Atomic and Key is needed.
type Stores struct {
	Consent   optin.Store
	Windows   window.Store
	Links     party.Links
	Templates template.Catalog
	Account   AccountStore
	Pace      pace.Store
	Journal   journal.Journal

	// Acts keeps what the app did with its templates, which quotas and the
	// archive go by, and Outcomes what Meta decided of their category beside what
	// the words look like. Nothing is refused for want of them; nil: not kept.
	Acts     template.Acts
	Outcomes category.Outcomes

	// Atomic runs fn so that everything it writes through the stores with
	// the context it is given is kept or dropped as one. Nil: each write
	// stands alone, as in memory.
	Atomic func(ctx context.Context, fn func(context.Context) error) error

	// Key is the secret the stores keep for prints and suppression; used when
	// Config.Key is empty. SQL stores make and keep one.
	Key []byte
}
