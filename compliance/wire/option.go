package wire

import (
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/template"
)

// A Decoder reads the body of one provider's send call: what is about to leave
// from a line. One call may go to several people. Every decoder of this package
// has this form, so that a door takes any of them.
type Decoder func(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error)

var (
	_ Decoder = CloudAPI
	_ Decoder = CloudAPICall
	_ Decoder = TwilioForm
	_ Decoder = TwilioParams
	_ Decoder = InfobipMessages
	_ Decoder = GupshupForm
	_ Decoder = GupshupTemplateForm
	_ Decoder = VonageBody
)

// An Option says of a message what its body does not.
type Option func(*compliance.Message)

// WithEndpoint names the endpoint the body goes to: "messages", the default, or
// "marketing_messages".
func WithEndpoint(name string) Option { return func(m *compliance.Message) { m.Endpoint = name } }

// WithOrigin says who wrote the words.
func WithOrigin(o compliance.Origin) Option { return func(m *compliance.Message) { m.Origin = o } }

// WithLocale says what language the words are in. Without it a template's is
// that of its language code, and any other message's is not known.
func WithLocale(tag language.Tag) Option { return func(m *compliance.Message) { m.Locale = tag } }

// WithMedia says what is known of the files in the message; see
// compliance.Message.Media.
func WithMedia(files ...template.Media) Option {
	return func(m *compliance.Message) { m.Media = files }
}

// WithKey sets the key under which a repeat counts as the same message.
func WithKey(key string) Option { return func(m *compliance.Message) { m.Key = key } }
