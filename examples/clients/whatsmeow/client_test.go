package whatsmeow_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	meow "go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/examples/clients/shop"
	"github.com/waguard/waguard/examples/clients/whatsmeow"
)

// socket stands in for a connected client, which cannot be had without an
// account: it keeps what SendMessage is given.
type socket struct{ sent []whatsmeow.Request }

func (s *socket) SendMessage(_ context.Context, to types.JID, m *waE2E.Message, extra ...meow.SendRequestExtra) (meow.SendResponse, error) {
	s.sent = append(s.sent, whatsmeow.Request{To: to, Message: m, Extra: extra})
	return meow.SendResponse{ID: "3EB0made0up"}, nil
}

func jid(phone string) types.JID { return types.NewJID(phone[1:], types.DefaultUserServer) }

func text(words string) *waE2E.Message { return &waE2E.Message{Conversation: proto.String(words)} }

func open(t *testing.T) *shop.Shop {
	t.Helper()
	s, err := shop.Open()
	require.NoError(t, err)
	return s
}

// TestWhatLeavesIsWhatWasGiven: the message and its extras reach the client as
// they are.
func TestWhatLeavesIsWhatWasGiven(t *testing.T) {
	s, c := open(t), &socket{}
	send := whatsmeow.Wrap(s.Sender, c, shop.Line, nil)
	r := whatsmeow.Request{To: jid(shop.Asha), Message: text("Yes, it left today."), Extra: []meow.SendRequestExtra{{ID: "3EB0mine"}}}
	before, err := proto.Marshal(r.Message)
	require.NoError(t, err)
	res, err := send(t.Context(), r)
	require.NoError(t, err)
	require.Equal(t, "3EB0made0up", res.ID)
	require.Len(t, c.sent, 1)
	require.Equal(t, r.To, c.sent[0].To)
	require.Same(t, r.Message, c.sent[0].Message)
	after, err := proto.Marshal(c.sent[0].Message)
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.Equal(t, "3EB0mine", c.sent[0].Extra[0].ID)
	require.Len(t, s.Decisions(), 1)
}

func TestRefusalsNeverReachTheClient(t *testing.T) {
	for _, c := range []struct {
		why  string
		r    whatsmeow.Request
		rule string
		as   error
	}{
		{"no window is open", whatsmeow.Request{To: jid(shop.Stranger), Message: text("Hello")}, "template-only-initiation", compliance.ErrDenied},
		{"a stop was said, and no window is open", whatsmeow.Request{To: jid(shop.Clara), Message: text("Hello")}, "template-only-initiation", compliance.ErrDenied},
		{"words that never leave", whatsmeow.Request{To: jid(shop.Asha), Message: &waE2E.Message{ImageMessage: &waE2E.ImageMessage{Caption: proto.String("We charged 4111 1111 1111 1111.")}}}, "data-full-card-number", compliance.ErrDenied},
		{"a kind nobody has heard of", whatsmeow.Request{To: jid(shop.Asha), Message: &waE2E.Message{InvoiceMessage: &waE2E.InvoiceMessage{Note: proto.String("x")}}}, "invoiceMessage is unknown", compliance.ErrUndecided},
		{"a privacy id whose number is not known", whatsmeow.Request{To: types.NewJID("1234", types.HiddenUserServer), Message: text("Hello")}, "privacy id", compliance.ErrUndecided},
		{"a broadcast list", whatsmeow.Request{To: types.StatusBroadcastJID, Message: text("Hello")}, "neither a person nor a group", compliance.ErrUndecided},
		{"nothing", whatsmeow.Request{To: jid(shop.Asha)}, "message is missing", compliance.ErrUndecided},
		{"an empty message", whatsmeow.Request{To: jid(shop.Asha), Message: &waE2E.Message{}}, "message is empty", compliance.ErrUndecided},
	} {
		client := &socket{}
		_, err := whatsmeow.Wrap(open(t).Sender, client, shop.Line, nil)(t.Context(), c.r)
		require.ErrorIs(t, err, c.as, c.why)
		require.ErrorContains(t, err, c.rule, c.why)
		require.NotContains(t, err.Error(), "7700", c.why)
		require.Empty(t, client.sent, c.why)
	}
}

// TestDescribe: every text a person reads, with where it stands.
func TestDescribe(t *testing.T) {
	for _, c := range []struct {
		why   string
		m     *waE2E.Message
		kind  string
		texts map[string]string
	}{
		{"a text with a link preview", &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("See https://shop.example.com"), Title: proto.String("Example Shop"), Description: proto.String("Coats"), MatchedText: proto.String("https://shop.example.com")}},
			"text", map[string]string{"extendedTextMessage.text": "See https://shop.example.com", "extendedTextMessage.title": "Example Shop", "extendedTextMessage.description": "Coats", "extendedTextMessage.matchedText": "https://shop.example.com"}},
		{"a document: its address is not shown", &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{URL: proto.String("https://mmg.example.com/x"), FileName: proto.String("invoice.pdf"), Caption: proto.String("Your invoice"), Mimetype: proto.String("application/pdf")}},
			"document", map[string]string{"documentMessage.fileName": "invoice.pdf", "documentMessage.caption": "Your invoice"}},
		{"a document that wraps one", &waE2E.Message{DocumentWithCaptionMessage: &waE2E.FutureProofMessage{Message: &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{Caption: proto.String("Your invoice")}}}},
			"document", map[string]string{"documentMessage.caption": "Your invoice"}},
		{"a place", &waE2E.Message{LocationMessage: &waE2E.LocationMessage{Name: proto.String("Example Shop"), Address: proto.String("1 High Street")}},
			"location", map[string]string{"locationMessage.name": "Example Shop", "locationMessage.address": "1 High Street"}},
		{"a card: its numbers are what it is for", &waE2E.Message{ContactMessage: &waE2E.ContactMessage{DisplayName: proto.String("Asha Example"), Vcard: proto.String("BEGIN:VCARD\nFN:Asha Example\nORG:Example Ltd\nTEL;type=CELL:+12025550199\nEND:VCARD")}},
			"contacts", map[string]string{"contactMessage.displayName": "Asha Example", "contactMessage.vcard.fn": "Asha Example", "contactMessage.vcard.org": "Example Ltd"}},
		{"a poll", &waE2E.Message{PollCreationMessageV3: &waE2E.PollCreationMessage{Name: proto.String("When?"), Options: []*waE2E.PollCreationMessage_Option{{OptionName: proto.String("Monday")}}}},
			"poll", map[string]string{"pollCreationMessageV3.name": "When?", "pollCreationMessageV3.options.0.optionName": "Monday"}},
		{"an emoji is no text", &waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{Text: proto.String("👍"), Key: &waCommon.MessageKey{ID: proto.String("3EB0")}}}, "reaction", nil},
		{"an edit is a message", &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), EditedMessage: text("Hello you")}}, "text", map[string]string{"conversation": "Hello you"}},
	} {
		ms, err := whatsmeow.Describe(shop.Line, nil)(whatsmeow.Request{To: jid(shop.Asha), Message: c.m})
		require.NoError(t, err, c.why)
		require.Empty(t, ms[0].Malformed, c.why)
		require.Equal(t, c.kind, ms[0].Type, c.why)
		got := map[string]string{}
		for _, x := range ms[0].Texts {
			got[x.Place] = x.Words
		}
		if c.texts == nil {
			c.texts = map[string]string{}
		}
		require.Equal(t, c.texts, got, c.why)
	}
	ms, err := whatsmeow.Describe(shop.Line, nil)(whatsmeow.Request{To: jid(shop.Asha), Message: &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_REVOKE.Enum()}}})
	require.NoError(t, err)
	require.Equal(t, compliance.Pass, ms[0].Kind, "deleting a message is none")

	found := func(types.JID) (types.JID, bool) { return jid(shop.Asha), true }
	ms, err = whatsmeow.Describe(shop.Line, found)(whatsmeow.Request{To: types.NewJID("1234", types.HiddenUserServer), Message: text("Hello")})
	require.NoError(t, err)
	require.Equal(t, shop.Asha, ms[0].To.Phone)
	ms, err = whatsmeow.Describe(shop.Line, nil)(whatsmeow.Request{To: types.NewJID("1203630000", types.GroupServer), Message: text("Hello")})
	require.NoError(t, err)
	require.Equal(t, "1203630000@g.us", ms[0].Group)
}
