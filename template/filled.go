package template

import (
	"context"
	"encoding/json"
	"iter"
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
// takes and returns. [ParseDefinition] reads it and MarshalJSON writes it;
// words of Meta's enumerations are upper case in it. The account is no part of
// that form and is set by whoever knows it.
type Definition struct {
	ID         string
	Ref        Ref
	Status     Status
	Category   category.Category
	Format     string // POSITIONAL or NAMED
	Components []Component
	Quality    string // GREEN, YELLOW, RED, UNKNOWN or empty
	TTL        int    // message_send_ttl_seconds; 0: not set

	// Next is the category Meta announced and the instant it takes effect;
	// NextAt is zero when Meta named none.
	Next   category.Category
	NextAt time.Time

	// Reason is Meta's word for why the status is what it is
	// ("INVALID_FORMAT", "NONE").
	Reason string

	// Flagged is set while Meta counts the template as at risk. It can still
	// be sent. Only webhooks tell; the Graph API has no such member.
	Flagged bool

	// AsOf is the instant of which the catalog has the definition; zero outside of
	// one.
	AsOf time.Time

	// Since is when a webhook told of the Status, and Notice the word beside it
	// (FIRST_PAUSE, SECOND_PAUSE, RATE_LIMITING_PAUSE); zero and empty where only
	// a definition has it. See [Definition.Resumes].
	Since  time.Time
	Notice string

	// Was is the category before the last change a webhook told of, which was at
	// Moved; Unknown and zero where none did. Meta hears an appeal for 60 days
	// from then.
	Was   category.Category
	Moved time.Time

	// Stale is set when a webhook told of other words after the definition was
	// read. Header, body, footer and the labels and addresses of buttons are then
	// those it told; the rest has to be fetched again.
	Stale bool

	// Extra holds the members this package does not read, and those whose
	// value says nothing (null, "") or is a word it does not know (a category
	// from before 2022), so that they are written again.
	Extra map[string]json.RawMessage
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
	Extra   map[string]json.RawMessage // as in Definition: example, limited_time_offer, code_expiration_minutes, ...
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
type Card struct {
	Components []Component
	Extra      map[string]json.RawMessage
}

// Filled is a template with values, as the send body carries it.
type Filled struct {
	Name     string
	Language string // as it is sent: Meta finds no template under "en-GB"
	Parts    []Part
}

// IsZero reports whether no template is named.
func (f Filled) IsZero() bool { return f.Name == "" && f.Language == "" && len(f.Parts) == 0 }

// A Part holds the values for one component. Words are lower case, as the send
// body has them.
type Part struct {
	Type   string // header, body, button, carousel, limited_time_offer, ...
	Sub    string // sub_type of a button: quick_reply, url, copy_code, flow, ...
	Index  int    // of a button; -1 when the body gave none
	Values []Value
	Cards  []FilledCard
}

// A FilledCard holds the values for one carousel card.
type FilledCard struct {
	Index int // card_index, from zero; -1 when the body gave none: the order counts
	Parts []Part
}

// A Value is one parameter.
type Value struct {
	Type string // text, currency, date_time, image, video, document, location, payload, coupon_code, action, ...
	Name string // parameter_name of a named parameter
	Text string // what a reader sees: text, fallback_value, payload, coupon code, file name, place, section titles
	Link string // media link
	// Raw is the JSON value of the member the type names: of an action the
	// object with its sections, of a limited_time_offer the object with its
	// expiration_time_ms, of ttl_minutes the number. Nil for text, payload and
	// coupon_code.
	Raw json.RawMessage
}

// A Catalog knows which templates are registered. Find answers from what Put
// (the Graph API, as of an instant) and Apply (webhooks) have told. Its duties,
// which templatetest checks by number:
//
//  1. A definition comes back whole, with every member it was put with.
//  2. A template nobody put is found=false and no error; a breakdown is an
//     error and never "not found".
//  3. Of two definitions the younger counts, in whatever order they came.
//  4. Of two pieces of news about the same thing (status, category, announced
//     category, quality) the younger counts, in whatever order they came; of
//     news and definition too. [Fold] says what that comes to.
//  5. The same news again changes nothing.
//  6. News reaches a template by its own id, or by account, name and language.
//  7. News that comes before the definition is kept, and counts against an
//     older definition and not against a younger one.
//  8. An announced category stands beside the one in effect until the change is
//     done; other news does not wipe it out.
//  9. Empty fields of a Change say nothing.
//  10. News about another template id never touches a template that has taken
//     over the name.
//  11. Languages compare in Meta's underscore form ("en-US" is "en_US"); there
//     is no falling back to another language.
//  12. Without an account Find looks in all of them: one hit is the answer, two
//     are an error that is ErrAmbiguous. A template put without an account
//     answers for every account that has none of that name and language.
//  13. One Put or one Apply is all or nothing. A definition without name or
//     language, a Change without Template and without name and language, and
//     either without an instant, are refused.
//  14. A cancelled context returns its error.
//  15. Put keeps copies. What Find returns may share memory with the catalog and
//     with other callers, and is not written to.
//  16. Implementations are safe for concurrent use.
//  17. Definitions lists every template Find knows, as Find would answer now, by
//     account, name and language; of one account those put without an account
//     too; without an account all. A listing that is broken off holds nothing up,
//     and a breakdown is an error and never a short list.
//  18. News of other words changes header, body, footer and buttons of an older
//     definition, which is Stale until a younger one is put.
//  19. The instant and notice of a status, and the category before a change, stay
//     with it when a younger definition says the same.
type Catalog interface {
	Find(ctx context.Context, r Ref) (d Definition, found bool, err error)
	Put(ctx context.Context, at time.Time, defs ...Definition) error // as of an instant, from the Graph API
	Apply(ctx context.Context, changes ...Change) error              // from webhooks
	Definitions(ctx context.Context, account string) iter.Seq2[Definition, error]
}

// A Change is news about one template. Empty fields say nothing.
type Change struct {
	ID       string // of the news, for repeats
	Ref      Ref    // by name and language, or
	Template string // by the template's own id
	At       time.Time
	Status   Status // also the webhook's events that are no status: FLAGGED, REINSTATED, UNARCHIVED, LOCKED
	Reason   string
	Category category.Category // in effect now
	Next     category.Category // announced
	NextAt   time.Time
	Quality  string

	Was    category.Category `json:",omitzero"` // before Category, in the news that the change is done
	Notice string            `json:",omitzero"` // the word beside a status: FIRST_PAUSE, SECOND_PAUSE, RATE_LIMITING_PAUSE, UNPAUSE
	Words  *Words            `json:",omitzero"` // other words than the definition's
}

// Words are what a webhook tells of a template whose components changed. Empty
// texts say that there is none. Of buttons Meta tells those that open an address
// or call a number.
type Words struct {
	Header, Body, Footer string
	Buttons              []Button `json:",omitzero"`
}

// A Text is words a person will read, with the place they stand.
type Text struct {
	Place string // "header", "body", "footer", "button.0", "card.1.body"
	Words string
	// Values are the byte ranges of Words that came from parameters.
	Values [][2]int
}
