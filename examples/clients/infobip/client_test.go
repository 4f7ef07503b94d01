package infobip_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/infobip/infobip-api-go-client/v3/pkg/infobip/api"
	"github.com/infobip/infobip-api-go-client/v3/pkg/infobip/models/messagesapi"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
	"github.com/waguard/waguard/examples/clients/infobip"
	"github.com/waguard/waguard/examples/clients/shop"
)

func to(phones ...string) (all []messagesapi.MessageDestination) {
	for _, p := range phones {
		all = append(all, messagesapi.MessageDestination{ToDestination: messagesapi.NewToDestination(strings.TrimPrefix(p, "+"))})
	}
	return all
}

var sender = strings.TrimPrefix(shop.Number, "+")

func request(inner ...messagesapi.RequestMessagesInner) *messagesapi.Request {
	return messagesapi.NewRequest(inner)
}

func ordinary(content messagesapi.MessageContent, channel messagesapi.OutboundMessageChannel, phones ...string) *messagesapi.Request {
	return request(messagesapi.RequestMessagesInner{Message: messagesapi.NewMessage(channel, sender, to(phones...), content)})
}

func text(words string, phones ...string) *messagesapi.Request {
	return ordinary(messagesapi.MessageContent{Body: messagesapi.MessageBody{MessageTextBody: messagesapi.NewMessageTextBody(words)}},
		messagesapi.OUTBOUNDMESSAGECHANNEL_WHATSAPP, phones...)
}

func notice(phones ...string) *messagesapi.Request {
	language := "en"
	t := messagesapi.NewTemplate("order_shipped")
	t.Language = &language
	body := messagesapi.NewTemplateTextBody()
	body.AdditionalProperties = map[string]any{"1": "Asha", "2": "#123"}
	m := messagesapi.NewTemplateMessage(messagesapi.OUTBOUNDTEMPLATECHANNEL_WHATSAPP, sender, to(phones...), *t)
	m.Content = &messagesapi.TemplateMessageContent{Body: &messagesapi.TemplateBody{TemplateTextBody: body}}
	return request(messagesapi.RequestMessagesInner{TemplateMessage: m})
}

func messages(phones ...string) map[string]*messagesapi.Request {
	button := messagesapi.MessageButton{MessageReplyButton: messagesapi.NewMessageReplyButton("Yes")}
	link := messagesapi.MessageButton{MessageOpenUrlButton: messagesapi.NewMessageOpenUrlButton("Track", "https://shop.example.com/t/1")}
	body := messagesapi.MessageBody{MessageTextBody: messagesapi.NewMessageTextBody("Tomorrow OK?")}
	return map[string]*messagesapi.Request{
		"text":     text("Yes, it left today.", phones...),
		"template": notice(phones...),
		"buttons":  ordinary(messagesapi.MessageContent{Body: body, Buttons: []messagesapi.MessageButton{button}}, messagesapi.OUTBOUNDMESSAGECHANNEL_WHATSAPP, phones...),
		"url":      ordinary(messagesapi.MessageContent{Body: body, Buttons: []messagesapi.MessageButton{link}}, messagesapi.OUTBOUNDMESSAGECHANNEL_WHATSAPP, phones...),
		"document": ordinary(messagesapi.MessageContent{Body: messagesapi.MessageBody{MessageDocumentBody: messagesapi.NewMessageDocumentBody("https://shop.example.com/1.pdf")}}, messagesapi.OUTBOUNDMESSAGECHANNEL_WHATSAPP, phones...),
	}
}

func open(t *testing.T) *shop.Shop {
	t.Helper()
	s, err := shop.Open()
	require.NoError(t, err)
	return s
}

func send(t *testing.T, s *shop.Shop, wrap, guard bool, r *messagesapi.Request, opts ...httpguard.Option) ([]wire.Request, error) {
	t.Helper()
	rec := compliancetest.NewRecorder(t, wire.Infobip())
	over := shop.Reroute{To: rec.URL}
	hc := &http.Client{Transport: over}
	if guard {
		var err error
		hc, err = infobip.Guard(s.Sender, over, opts...)
		require.NoError(t, err)
	}
	_, f := infobip.New(hc, "made0up.api.infobip.com", "made-up")
	if wrap {
		f = infobip.Wrap(s.Sender, f)
	}
	_, err := f(t.Context(), r)
	return rec.Calls(), err
}

func TestSameBytes(t *testing.T) {
	for name, r := range messages(shop.Asha) {
		want, err := send(t, nil, false, false, r)
		require.NoError(t, err)
		for _, d := range []struct {
			name        string
			wrap, guard bool
			opts        []httpguard.Option
		}{{"wrap", true, false, nil}, {"guard", false, true, nil}, {"both", true, true, []httpguard.Option{httpguard.RequireTicket()}}} {
			s := open(t)
			got, err := send(t, s, d.wrap, d.guard, r, d.opts...)
			require.NoError(t, err, "%s by %s", name, d.name)
			require.Len(t, got, 1)
			require.Equal(t, string(want[0].Body), string(got[0].Body), "%s by %s", name, d.name)
			require.Equal(t, want[0].Header, got[0].Header, "%s by %s", name, d.name)
			require.Len(t, s.Decisions(), 1, "%s by %s: judged once", name, d.name)
		}
	}
}

func TestNoDrift(t *testing.T) {
	for name, r := range messages(shop.Asha, shop.Clara) {
		written, err := send(t, nil, false, false, r)
		require.NoError(t, err)
		require.NoError(t, compliancetest.Drift(infobip.Describe(), r, written[0], wire.Infobip(), party.Line{}), name)
		ms, err := infobip.Describe()(r)
		require.NoError(t, err)
		require.Len(t, ms, 2, "%s: one message for each destination", name)
	}
}

func TestRefusalsNeverReachTheServer(t *testing.T) {
	for _, c := range []struct {
		why  string
		r    *messagesapi.Request
		rule string
		held []int
	}{
		{"no window is open", text("Hello", shop.Stranger), "template-only-initiation", []int{0}},
		{"a stop was said", notice(shop.Clara), "optout-honored", []int{0}},
		{"of three people one has stopped, and one never agreed", notice(shop.Asha, shop.Clara, shop.Stranger), "optout-honored", []int{1, 2}},
	} {
		got, err := send(t, open(t), true, false, c.r)
		require.ErrorIs(t, err, compliance.ErrDenied, c.why)
		require.ErrorContains(t, err, c.rule, c.why)
		require.Empty(t, got, c.why)

		got, err = send(t, open(t), false, true, c.r)
		var refused *httpguard.Refusal
		require.ErrorAs(t, err, &refused, c.why)
		require.Equal(t, c.held, refused.Held, c.why)
		require.ErrorContains(t, err, c.rule, c.why)
		require.Empty(t, got, c.why)
	}
	got, err := send(t, open(t), false, true, text("Hello", shop.Stranger), httpguard.AnswerRefusals())
	var answered *api.GenericOpenAPIError
	require.ErrorAs(t, err, &answered, "an answered refusal is an error of the client's own kind")
	require.Contains(t, answered.Model().(messagesapi.ApiError).Description, "template-only-initiation")
	require.Empty(t, got)
}

func TestOtherChannels(t *testing.T) {
	sms := ordinary(messagesapi.MessageContent{Body: messagesapi.MessageBody{MessageTextBody: messagesapi.NewMessageTextBody("Your code is 1234")}},
		messagesapi.OUTBOUNDMESSAGECHANNEL_SMS, shop.Stranger)
	got, err := send(t, open(t), false, true, sms)
	require.NoError(t, err)
	require.Len(t, got, 1)
}
