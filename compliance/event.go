package compliance

import (
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/template"
)

// An Event is one thing learned from outside: by a webhook, by the answer to
// a send, or told by the app. [Inbox.Receive] applies it.
type Event interface {
	// lined is the event with its line as the Business lists it: providers other
	// than Meta name a number as people do, and no account.
	lined(as listing) Event
}

type listing func(party.Line) party.Line

// Wrote: a customer wrote on a line (or in a group).
type Wrote struct {
	ID      string // wamid
	Line    party.Line
	From    party.Party
	Group   string
	At      time.Time
	Type    string        // as on the wire: text, button, interactive/button_reply, image, reaction, unsupported, ...
	Text    string        // what a person would read of it: body, caption, button title
	Payload string        // of a button or list row
	Ad      bool          // came through an ad or page button
	Reply   string        // wamid it answers
	Standby bool          // seen while another app held the thread
	Links   []party.Party // other handles this message ties to From (an answer to request_contact_info)
}

// Called: something happened to a call.
type Called struct {
	ID         string // wacid
	Line       party.Line
	With       party.Party
	At         time.Time
	ByCustomer bool      // direction
	State      string    // connect, ringing, accepted, rejected, ended
	Connected  bool      // with State ended: both sides talked
	Began      time.Time // with Connected: when it was picked up; zero: At
}

// CallAnswer: a customer answered a request for permission to call, or
// granted or withdrew it by other means.
type CallAnswer struct {
	ID        string
	Line      party.Line
	From      party.Party
	At        time.Time
	Granted   bool
	Permanent bool
	Until     time.Time // of a temporary grant
	Automatic bool
	Request   string // wamid or wacid it answers, if any
}

// CallPermission: what the API answered when it was asked for the permission to
// call a person (GET call_permissions). It mends what a lost webhook left wrong.
type CallPermission struct {
	Line      party.Line
	With      party.Party
	At        time.Time // of the answer
	Granted   bool
	Permanent bool
	Until     time.Time // of a temporary one
	// AskAgain and CallAgain are until when no further request or call is
	// allowed because as many were made as may be; zero: not so.
	AskAgain, CallAgain time.Time
}

// Preferred: a customer used WhatsApp's own marketing switch.
type Preferred struct {
	ID   string
	Line party.Line
	Who  party.Party
	At   time.Time
	Stop bool // false: resume
}

// Reported: a status of a message we sent.
type Reported struct {
	ID        string // wamid
	Line      party.Line
	To        party.Party
	Group     string
	At        time.Time
	Status    string // sent, delivered, read, played, failed
	Codes     []int  // with failed
	Details   string // with failed: the platform's own words, English; kept nowhere
	HTTP      int    // with failed: status of the answer that said so; 0 for a webhook
	Provider  string // whose codes they are; empty: Meta's own
	Template  string // id of the template a Direct Send was matched to or made
	FreeEntry bool   // priced as free entry point
	Until     time.Time

	// Of is the message itself, where whoever tells it knows: a status names
	// none, and what it says about a template is lost without.
	Of *Message

	flight string // of a message of this Sender that its answer speaks of: what it spent was given back already
}

// Sent: the business sent something that did not pass through this Sender
// (the phone app, another app on the thread).
type Sent struct {
	ID   string
	Line party.Line
	To   party.Party
	At   time.Time
	Type string // as on the wire; interactive messages with their own: interactive/call_permission_request
}

// TemplateNews: a template changed.
type TemplateNews struct{ template.Change }

// Moved: a person went from one number or id to another.
type Moved struct {
	ID       string
	Line     party.Line
	From, To party.Party
	At       time.Time
}

// Linked: the app knows that handles are one person: a customer signed in with
// one and is on file under the other. Every stop and every agreement under one of
// them counts for all.
type Linked struct {
	ID        string
	Who, Also party.Party
	At        time.Time
}

// Parted: the app knows that a handle is this person's no more, and not where
// they went: a number that was given to somebody else, or two people who were
// taken for one. Stops stay on both sides, agreements under the handle end.
type Parted struct {
	ID     string
	Handle party.Handle
	At     time.Time
}

// Unreadable: an item that could not be read. It is journalled, and what
// stands beside it still applies.
type Unreadable struct {
	ID    string
	Where string // "entry[0].changes[1].value.messages[0].timestamp"
	Err   error
}

// Nothing: an item that was read and teaches nothing.
type Nothing struct {
	ID    string
	Field string // webhook field or message type
	Why   string
}

func (e Wrote) lined(as listing) Event          { e.Line = as(e.Line); return e }
func (e Called) lined(as listing) Event         { e.Line = as(e.Line); return e }
func (e CallAnswer) lined(as listing) Event     { e.Line = as(e.Line); return e }
func (e CallPermission) lined(as listing) Event { e.Line = as(e.Line); return e }
func (e Preferred) lined(as listing) Event      { e.Line = as(e.Line); return e }
func (e Reported) lined(as listing) Event       { e.Line = as(e.Line); return e }
func (e Sent) lined(as listing) Event           { e.Line = as(e.Line); return e }
func (e TemplateNews) lined(listing) Event      { return e }
func (e AccountNews) lined(as listing) Event    { e.Line = as(e.Line); return e }
func (e Moved) lined(as listing) Event          { e.Line = as(e.Line); return e }
func (e Linked) lined(listing) Event            { return e }
func (e Parted) lined(listing) Event            { return e }
func (e Unreadable) lined(listing) Event        { return e }
func (e Nothing) lined(listing) Event           { return e }
