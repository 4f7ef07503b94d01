// Package wire turns the bodies a provider takes and gives into what this
// library judges.
//
//	body of a send ──▶ CloudAPI, TwilioForm, … ──▶ compliance.Message
//	a client's type ──▶ Describe, DescribeAs ──▶ (its JSON is such a body)
//	a whole HTTP call ──▶ Provider.Read ──▶ (method, path and headers say which)
//	answer ──▶ Response, Ack, Provider.Answer ──▶ compliance.Ack
//	answer to GET call_permissions ──▶ CallPermission ──▶ compliance.CallPermission
//
// A decoder reads and never writes: the bytes that are sent are the app's own.
// What it has to get right is who is addressed, what kind of message it is, and
// every text a person will read, each with the place it stands in. So it reads
// by what it knows of the format and passes over nothing else: a string under a
// name nobody has heard of counts as text, a type nobody has heard of makes the
// message malformed, and a malformed message is held.
//
// Places are paths into the body: "text.body", "image.caption",
// "interactive.header", "interactive.body", "interactive.footer",
// "interactive.action.buttons.0.title",
// "interactive.action.sections.1.rows.0.description",
// "contacts.0.name.formatted_name". What wraps a text and says nothing itself
// ("text" under header, body and footer, "reply" of a button) is left out of the
// path. The values of a template are in Message.Template and are read where the
// template is rendered; what no rendering shows, such as a media link, is under
// "template.components.…".
//
// Each provider is one file: its [Provider], which knows hosts and paths, and
// its decoders, each a function of type [Decoder].
//
//	provider    sends                                        decoder
//	Meta        /{number}/messages, /marketing_messages      CloudAPI
//	            /{number}/calls                              CloudAPICall
//	360dialog   /messages                                    CloudAPI
//	Twilio      /Accounts/{sid}/Messages.json                TwilioForm, TwilioParams
//	Infobip     /whatsapp/1/message/{kind}                   InfobipBody(kind)
//	            /messages-api/1/messages                     InfobipMessages
//	Gupshup     /wa/api/v1/msg, /wa/api/v1/template/msg      GupshupForm, GupshupTemplateForm
//	            /partner/app/{id}/v3/message                 CloudAPI
//	Vonage      /v1/messages                                 VonageBody
//
// Providers other than Meta name the sending number in the body, and where no
// line is told that number is Message.From.Number, with a plus; a Sender finds
// its phone_number_id where the Business lists both. Twilio and Gupshup name
// templates by ids of their own: see [WithContents].
package wire
