package compliance

import (
	"time"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/template"
)

// Kind is what a Message is, for the rules. The zero Kind is undecided and
// never leaves.
type Kind uint8

const (
	_        Kind = iota
	Freeform      // an ordinary message, possible only inside the customer service window
	Template      // a registered template
	Direct        // Direct Send: an ordinary body with a category, sent without a template
	Call          // a business-initiated call
	Pass          // on the messages endpoint but no message: read receipt, typing, pin
)

// Origin is who wrote the words.
type Origin uint8

const (
	OriginUnknown Origin = iota
	Human
	Automation
)

// A Text is words a person will read, and where.
type Text = content.Text

// A Message describes what is about to leave: for judging, not for sending.
// The bytes sent are the app's own.
type Message struct {
	Key  string // the app's own name for the message: repeats of it are charged once, for a day
	From party.Line
	To   party.Party
	Also party.Party // a second addressee beside To ("recipient" beside "to"): stops of both count

	Group    string // group id; To is then empty
	Kind     Kind   // zero refuses
	Type     string // the type on the wire: "text", "interactive/button", "template"
	Template template.Filled
	Category category.Category // of a Direct Send
	Texts    []Text            // every text in it, in the order a person meets them; without the template's own
	Commerce bool              // carries a catalogue, product, order or payment
	Origin   Origin
	Locale   language.Tag
	Zone     string // IANA time zone the recipient is in, where the app knows it for certain
	Lineage  []Lineage

	// Media is what the app knows of the files in the message, their size and type:
	// no body says them. See [WithMedia] for who asks the platform instead.
	Media []template.Media

	Shape Shape // of a Direct Send, beside its words

	// CallRequest marks a message that asks for permission to call. Of a
	// template its definition says so, whatever is set here.
	CallRequest bool
	// Endpoint is "messages" or "marketing_messages"; empty is "messages".
	Endpoint string
	// Reply is the wamid this message answers, if any.
	Reply string

	// Malformed says why a body was no sound message ("text.body is missing").
	// It makes the Decision Undecided with rule message-malformed.
	Malformed string
}

// Shape is how a Direct Send is built, as far as its words do not show it. The
// zero Shape is a message without buttons or a medium in its header.
type Shape struct {
	Header   string        // medium in the header: image, video, document; empty: text or none
	Buttons  []string      // as on the wire, in their order: reply, url, ...
	Template string        // name that the template it makes is to have; empty: the platform's choice
	TTL      time.Duration // how long the platform may try to deliver it; 0: its default, below 0: its longest
}

// Lineage says which conversation a text or media of this message came from.
type Lineage struct {
	From  party.Party
	Place string
}
