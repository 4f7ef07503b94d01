// Package whatsmeow guards go.mau.fi/whatsmeow, which drives a WhatsApp account
// over a socket of its own. There is no HTTP call per message and so no place
// for an HTTP guard: its SendMessage is wrapped. It knows no templates and
// nobody enforces a window on it; what the business may do is policy all the
// same.
package whatsmeow

import (
	"context"
	"fmt"
	"strings"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
)

// A Client is what of *whatsmeow.Client sends.
type Client interface {
	SendMessage(ctx context.Context, to types.JID, message *waE2E.Message, extra ...whatsmeow.SendRequestExtra) (whatsmeow.SendResponse, error)
}

var _ Client = (*whatsmeow.Client)(nil)

// A Request is what SendMessage takes.
type Request struct {
	To      types.JID
	Message *waE2E.Message
	Extra   []whatsmeow.SendRequestExtra
}

// A Number finds the phone number behind a privacy id (…@lid); a whatsmeow
// store has them in Store.LIDs. ok false holds the message.
type Number func(lid types.JID) (phone types.JID, ok bool)

// Wrap guards a client's SendMessage. number may be nil.
func Wrap(s *compliance.Sender, c Client, line party.Line, number Number) func(context.Context, Request) (whatsmeow.SendResponse, error) {
	return compliance.Wrap(s, Describe(line, number),
		func(ctx context.Context, r Request) (whatsmeow.SendResponse, error) {
			return c.SendMessage(ctx, r.To, r.Message, r.Extra...)
		},
		func(r whatsmeow.SendResponse) compliance.Ack { return compliance.Ack{Message: r.ID} })
}

// Describe says what a request sends: to whom, and every text a person reads.
// A kind of message it does not know is malformed, and held.
func Describe(line party.Line, number Number) func(Request) ([]compliance.Message, error) {
	return func(r Request) ([]compliance.Message, error) {
		d := describer{m: compliance.Message{From: line, Kind: compliance.Freeform}}
		d.to(r.To, number)
		if r.Message == nil {
			d.bad("message is missing")
		} else {
			d.message(r.Message.ProtoReflect())
		}
		if d.m.Type == "" {
			d.bad("message is empty")
		}
		return []compliance.Message{d.m}, nil
	}
}

type describer struct {
	m     compliance.Message
	depth int
}

func (d *describer) bad(why string) {
	if d.m.Malformed == "" {
		d.m.Malformed = why
	}
}

func (d *describer) to(to types.JID, number Number) {
	if to.Server == types.HiddenUserServer {
		phone, ok := types.JID{}, false
		if number != nil {
			phone, ok = number(to)
		}
		if !ok {
			d.bad("to is a privacy id whose number is not known")
			return
		}
		to = phone
	}
	switch to.Server {
	case types.DefaultUserServer:
		phone, err := party.ParsePhone("+" + to.User)
		if err != nil {
			d.bad("to is no phone number")
		}
		d.m.To.Phone = phone
	case types.GroupServer:
		d.m.Group = to.String()
	default:
		d.bad("to is neither a person nor a group")
	}
}

// kinds are the messages whose strings are known to be all a person reads of
// them, with the wire type the rules know them by. An empty type wraps another
// message.
var kinds = map[protoreflect.Name]string{
	"conversation": "text", "extendedTextMessage": "text",
	"imageMessage": "image", "videoMessage": "video", "ptvMessage": "video", "audioMessage": "audio",
	"documentMessage": "document", "stickerMessage": "sticker", "lottieStickerMessage": "",
	"locationMessage": "location", "liveLocationMessage": "location",
	"contactMessage": "contacts", "contactsArrayMessage": "contacts", "reactionMessage": "reaction",
	"pollCreationMessage": "poll", "pollCreationMessageV2": "poll", "pollCreationMessageV3": "poll",
	"ephemeralMessage": "", "viewOnceMessage": "", "viewOnceMessageV2": "", "documentWithCaptionMessage": "", "editedMessage": "",
}

// aside are the members of a message that carry keys and settings.
var aside = map[protoreflect.Name]bool{"messageContextInfo": true, "senderKeyDistributionMessage": true}

func (d *describer) message(m protoreflect.Message) {
	if d.depth++; d.depth > 8 {
		d.bad("message nests too deep")
		return
	}
	if len(m.GetUnknown()) > 0 {
		d.bad("message has members that are not known")
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		name := f.Name()
		kind, known := kinds[name]
		switch {
		case aside[name]:
		case name == "protocolMessage":
			d.protocol(v.Message())
		case !known:
			d.bad(fmt.Sprintf("message kind %s is unknown", name))
		case kind == "":
			inner := v.Message()
			d.message(inner.Get(inner.Descriptor().Fields().ByName("message")).Message())
		default:
			if d.m.Type != "" {
				d.bad("message is of two kinds")
			}
			d.m.Type = kind
			if f.Kind() == protoreflect.StringKind {
				d.text(string(name), v.String())
			} else {
				d.strings(v.Message(), string(name))
			}
		}
		return true
	})
}

// protocol: an edit is a message, deleting one is none, and all else is not
// known.
func (d *describer) protocol(m protoreflect.Message) {
	p := m.Interface().(*waE2E.ProtocolMessage)
	switch p.GetType() {
	case waE2E.ProtocolMessage_REVOKE:
		d.m.Kind, d.m.Type = compliance.Pass, "revoke"
	case waE2E.ProtocolMessage_MESSAGE_EDIT:
		if p.EditedMessage == nil {
			d.bad("message edits nothing")
			return
		}
		d.message(p.EditedMessage.ProtoReflect())
	default:
		d.bad("message kind protocolMessage is unknown")
	}
}

// silent are strings nobody is shown: where media lie, and of what type.
var silent = map[protoreflect.Name]bool{"URL": true, "mimetype": true, "directPath": true, "thumbnailDirectPath": true, "staticURL": true,
	"metadataURL": true, "qrURL": true, "groupingKey": true, "videoContentURL": true, "key": true}

// strings keeps every string below a message; a field nobody has heard of
// counts as text. Of what the message quotes nothing is kept: the words are not
// the business's.
func (d *describer) strings(m protoreflect.Message, place string) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		at := place + "." + string(f.Name())
		switch {
		case silent[f.Name()] || f.IsMap():
		case f.Name() == "vcard":
			d.card(at, v.String())
		case f.Name() == "contextInfo":
			c := v.Message().Interface().(*waE2E.ContextInfo)
			d.m.Reply = c.GetStanzaID()
			if ad := c.GetExternalAdReply(); ad != nil {
				d.text(at+".externalAdReply.title", ad.GetTitle())
				d.text(at+".externalAdReply.body", ad.GetBody())
			}
		case f.IsList():
			for i := range v.List().Len() {
				x := v.List().Get(i)
				switch f.Kind() {
				case protoreflect.StringKind:
					d.text(fmt.Sprintf("%s.%d", at, i), x.String())
				case protoreflect.MessageKind:
					d.strings(x.Message(), fmt.Sprintf("%s.%d", at, i))
				}
			}
		case f.Kind() == protoreflect.StringKind:
			if d.m.Type != "reaction" { // an emoji
				d.text(at, v.String())
			}
		case f.Kind() == protoreflect.MessageKind:
			d.strings(v.Message(), at)
		}
		return true
	})
}

func (d *describer) text(place, words string) {
	if words != "" {
		d.m.Texts = append(d.m.Texts, compliance.Text{Place: place, Words: words})
	}
}

// card keeps of a vCard what it says in words; the numbers on it are what it is
// for.
func (d *describer) card(place, vcard string) {
	for line := range strings.Lines(vcard) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		name, _, _ = strings.Cut(name, ";")
		switch strings.ToUpper(name) {
		case "N", "FN", "ORG", "TITLE", "NOTE", "ADR", "URL", "NICKNAME":
			if ok {
				d.text(place+"."+strings.ToLower(name), strings.ReplaceAll(value, ";", " "))
			}
		}
	}
}
