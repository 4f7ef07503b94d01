package template

import (
	"context"
	"encoding/json"
	"time"

	"github.com/waguard/waguard/category"
)

// A Ref names a template within a business account.
type Ref struct {
	Account  string
	Name     string
	Language string // as Meta writes it, underscore form
}

// Status is Meta's status of a template, upper case; the set is open.
type Status string

const (
	Approved        Status = "APPROVED"
	Pending         Status = "PENDING"
	Rejected        Status = "REJECTED"
	Paused          Status = "PAUSED"
	Disabled        Status = "DISABLED"
	InAppeal        Status = "IN_APPEAL"
	PendingDeletion Status = "PENDING_DELETION"
	Deleted         Status = "DELETED"
	Archived        Status = "ARCHIVED"
	LimitExceeded   Status = "LIMIT_EXCEEDED"
)

// A Definition is a template as registered with Meta: what the Graph API
// returns, with unknown fields kept.
type Definition struct {
	ID         string
	Ref        Ref
	Status     Status
	Category   category.Category
	Format     string // POSITIONAL or NAMED
	Components []Component
	Quality    string // GREEN, YELLOW, RED, UNKNOWN or empty
	TTL        int    // message_send_ttl_seconds; 0: not set

	// Next is the category Meta announced and the instant it takes effect.
	Next   category.Category
	NextAt time.Time

	Extra map[string]json.RawMessage // members this package does not read
}

// CategoryAt is the category that counts at an instant: an announced change
// counts from its effective instant on.
func (d *Definition) CategoryAt(t time.Time) category.Category {
	if d.Next != category.Unknown && !d.NextAt.IsZero() && !t.Before(d.NextAt) {
		return d.Next
	}
	return d.Category
}

// A Component is one part of a definition.
type Component struct {
	Type    string // HEADER, BODY, FOOTER, BUTTONS, CAROUSEL, LIMITED_TIME_OFFER, CALL_PERMISSION_REQUEST, ...
	Format  string // of a HEADER: TEXT, IMAGE, VIDEO, GIF, DOCUMENT, LOCATION, PRODUCT
	Text    string
	Buttons []Button
	Cards   []Card
	Extra   map[string]json.RawMessage
}

// A Button is one button of a definition.
type Button struct {
	Type  string // QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE, OTP, FLOW, CATALOG, MPM, SPM, VOICE_CALL, REQUEST_CONTACT_INFO, ...
	Text  string
	URL   string
	Phone string
	Extra map[string]json.RawMessage
}

// A Card is one card of a carousel.
type Card struct{ Components []Component }

// Filled is a template with values, as the send body carries it.
type Filled struct {
	Name     string
	Language string
	Parts    []Part
}

// IsZero reports whether no template is named.
func (f Filled) IsZero() bool { return f.Name == "" && f.Language == "" && len(f.Parts) == 0 }

// A Part holds the values for one component.
type Part struct {
	Type   string // header, body, button, carousel, limited_time_offer, ...
	Sub    string // sub_type of a button
	Index  int    // of a button; -1 when the body gave none
	Values []Value
	Cards  []FilledCard
}

// A FilledCard holds the values for one carousel card.
type FilledCard struct {
	Index int
	Parts []Part
}

// A Value is one parameter.
type Value struct {
	Type string // text, currency, date_time, image, video, document, location, payload, coupon_code, action, ...
	Name string // parameter_name of a named parameter
	Text string // what a reader sees: text, fallback_value, payload, coupon code, file name
	Link string // media link
	Raw  json.RawMessage
}

// A Catalog knows which templates are registered. Implementations are safe
// for concurrent use; an error never means "not found"; older news never
// replaces younger. The conformance kit is templatetest.
type Catalog interface {
	Find(ctx context.Context, r Ref) (d Definition, found bool, err error)
	Put(ctx context.Context, at time.Time, defs ...Definition) error // as of an instant, from the Graph API
	Apply(ctx context.Context, changes ...Change) error              // from webhooks
}

// A Change is news about one template. Empty fields say nothing.
type Change struct {
	ID       string // of the news, for repeats
	Ref      Ref    // by name and language, or
	Template string // by the template's own id
	At       time.Time
	Status   Status
	Reason   string
	Category category.Category // in effect now
	Next     category.Category // announced
	NextAt   time.Time
	Quality  string
}

// A Text is words a person will read, with the place they stand.
type Text struct {
	Place string // "header", "body", "footer", "button.0", "card.1.body"
	Words string
	// Values are the byte ranges of Words that came from parameters.
	Values [][2]int
}
