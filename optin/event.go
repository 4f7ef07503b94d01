package optin

import (
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// A Purpose is what somebody agreed to be contacted for. Beside the four named
// here an app may use topics of its own ("newsletter"), in lower case.
type Purpose string

const (
	Marketing      Purpose = "marketing"
	Utility        Purpose = "utility"
	Authentication Purpose = "authentication"
	Calls          Purpose = "calls"
)

// Kind is what an Event did. The zero Kind is refused.
type Kind uint8

const (
	_               Kind = iota
	Granted              // the person opted in
	Revoked              // the person stopped: everything, or the purposes named
	Restarted            // the person wrote START: standing from before their own stop comes back
	PlatformStopped      // the person pressed Stop in WhatsApp's own marketing switch
	PlatformResumed      // and pressed Resume
	Suppressed           // words that are likely a stop: marketing is held until somebody has asked
	Ended                // grants end without a wish of the person (the number went to somebody else)
	Requested            // an opt-in that waits for its confirmation, and is none until then
	Confirmed            // the person confirmed the request named by Ref
	Erased               // everything held was erased: worked out from a Suppression, never recorded
)

// A Channel is where a person said stop.
type Channel string

const (
	WhatsApp Channel = "whatsapp"
	Email    Channel = "email"
	Phone    Channel = "phone"
	SMS      Channel = "sms"
	Web      Channel = "web"
	InPerson Channel = "in-person"
	Letter   Channel = "letter"
	Other    Channel = "other"
)

// A Source is how consent was given. The last three are no opt-in; records of
// them are kept and reported as such.
type Source string

const (
	WebForm        Source = "web-form"
	Checkbox       Source = "checkbox"
	QR             Source = "qr"
	BySMS          Source = "sms"
	IVR            Source = "ivr"
	AtTheDesk      Source = "in-person"
	Paper          Source = "paper"
	Thread         Source = "whatsapp-thread"
	Flow           Source = "flow"
	InAppSignup    Source = "in-app-signup"
	Import         Source = "import"
	OtherSource    Source = "other"
	InboundMessage Source = "inbound-message"
	ImpliedBuy     Source = "implied-purchase"
	PurchasedList  Source = "purchased-list"
)

// OptIn reports whether consent can come from this source at all.
func (s Source) OptIn() bool {
	return s != InboundMessage && s != ImpliedBuy && s != PurchasedList
}

// Given is how the business came by the number or user name. WhatsApp wants it
// given by the person (Business Messaging Policy, section 1); the last three are
// not, and no opt-in stands on them.
type Given string

const (
	Typed      Given = "typed"       // by the person, into a form or an app
	Spoken     Given = "spoken"      // by the person, on the phone or at a desk
	Written    Given = "written"     // by the person, on paper
	Messaged   Given = "messaged"    // the person wrote first, and WhatsApp named them
	OnAccount  Given = "account"     // kept since the person gave it for an account of theirs
	OtherGiven Given = "other"       // by the person in another way
	FromOthers Given = "third-party" // somebody else passed it on
	Bought     Given = "bought"      // with a list
	Collected  Given = "collected"   // scraped or guessed
)

// An Act is what the person did to agree. The last two are no affirmative act
// (Regulation (EU) 2016/679, recital 32), and no opt-in stands on them.
type Act string

const (
	Ticked    Act = "ticked"     // an empty box
	Pressed   Act = "pressed"    // a button that said what it does
	Sent      Act = "sent"       // a word or a message
	Said      Act = "said"       // yes, aloud
	Signed    Act = "signed"     // on paper or glass
	Scanned   Act = "scanned"    // a code that said what it does
	OtherAct  Act = "other"      // another clear act
	PreTicked Act = "pre-ticked" // a box that was ticked already
	Silence   Act = "silence"    // nothing
)

// Evidence is what can be shown later about a grant. [Evidence.Gaps] tells what
// an audit would miss.
type Evidence struct {
	Source       Source     `json:"source"`
	Wording      string     `json:"wording,omitempty"`       // the exact text the person agreed to
	Version      string     `json:"version,omitempty"`       // of that text
	Locale       string     `json:"locale,omitempty"`        // BCP 47 tag it was shown in
	BusinessName string     `json:"business_name,omitempty"` // the name it showed
	Given        Given      `json:"given,omitempty"`         // how the number or user name was given
	Act          Act        `json:"act,omitempty"`           // what the person did
	Surface      string     `json:"surface,omitempty"`       // form, page, desk, campaign
	Proof        string     `json:"proof,omitempty"`         // where the record lies (a key, never the record)
	Country      string     `json:"country,omitempty"`       // ISO 3166 alpha-2 the person was in
	AgeOK        *bool      `json:"age_ok,omitempty"`        // of legal age, attested; nil: not asked
	Expires      *time.Time `json:"expires,omitempty"`
}

// An Event is one entry of the ledger. Events are only ever added.
type Event struct {
	ID       string         `json:"id"` // the same id again is the same event
	Kind     Kind           `json:"kind"`
	Handles  []party.Handle `json:"handles"`            // every handle known when it happened
	Purposes []Purpose      `json:"purposes,omitempty"` // none: all messages (a grant without purposes does not cover calls)
	At       time.Time      `json:"at"`                 // when it happened, UTC
	Received time.Time      `json:"received"`           // when we learned of it, UTC
	Channel  Channel        `json:"channel,omitempty"`
	Line     party.Line     `json:"line,omitzero"` // where on WhatsApp, if there
	Evidence *Evidence      `json:"evidence,omitempty"`
	Actor    string         `json:"actor,omitempty"`
	Ref      string         `json:"ref,omitempty"`  // wamid or other key of what caused it; of a Confirmed, the id of its request
	Until    time.Time      `json:"until,omitzero"` // of a Requested: a confirmation at this instant is too late
}

// A Flight is one message under way: entered before it leaves, left when its
// outcome is known.
type Flight struct {
	ID      string         `json:"id"`
	Handles []party.Handle `json:"handles"`
	Version uint64         `json:"version"` // of the handles' consent, as the sender saw it
	Entered time.Time      `json:"entered"`
	Expires time.Time      `json:"expires"` // after this a flight nobody left counts as lost
}
