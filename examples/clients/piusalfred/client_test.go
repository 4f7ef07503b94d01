package piusalfred_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/piusalfred/whatsapp/message"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/wire"
	"github.com/waguard/waguard/examples/clients/piusalfred"
	"github.com/waguard/waguard/examples/clients/shop"
)

func build(t *testing.T, to string, opts ...message.Option) *message.Message {
	t.Helper()
	m, err := message.New(to, opts...)
	require.NoError(t, err)
	return m
}

func text(t *testing.T, to, words string) *message.Message {
	return build(t, to, message.WithTextMessage(&message.Text{Body: words}))
}

func notice(t *testing.T, to string) *message.Message {
	return build(t, to, message.WithTemplateMessage(&message.Template{Name: "order_shipped", Language: &message.TemplateLanguage{Code: "en", Policy: "deterministic"},
		Components: []*message.TemplateComponent{{Type: message.TemplateComponentTypeBody, Parameters: []*message.TemplateParameter{
			{Type: message.TemplateParameterTypeText, Text: "Asha"}, {Type: message.TemplateParameterTypeText, Text: "#123"}}}}}))
}

// messages are of every make this client has a function for.
func messages(t *testing.T, to string) map[string]*message.Message {
	return map[string]*message.Message{
		"text":     text(t, to, "Yes, it left today."),
		"template": notice(t, to),
		"image":    build(t, to, message.WithImage(&message.Image{Link: "https://shop.example.com/1.jpg", Caption: "The coat in blue"})),
		"document": build(t, to, message.WithDocument(&message.Document{Link: "https://shop.example.com/1.pdf", Caption: "Your invoice", Filename: "invoice.pdf"})),
		"location": build(t, to, message.WithLocationMessage(&message.Location{Latitude: 51.5, Longitude: -0.12, Name: "Example Shop", Address: "1 High Street"})),
		"reaction": build(t, to, message.WithReaction(&message.Reaction{MessageID: "wamid.in1", Emoji: "👍"})),
		"buttons": build(t, to, message.WithInteractiveReplyButtons(&message.InteractiveReplyButtonsRequest{
			Body: "Tomorrow OK?", Buttons: []*message.InteractiveReplyButton{{ID: "y", Title: "Yes"}}})),
		"url": build(t, to, message.WithInteractiveCTAURLButton(&message.InteractiveCTARequest{
			DisplayText: "Track", URL: "https://shop.example.com/t/1", Body: "Your parcel"})),
		"call permission": build(t, to, message.WithInteractiveMessage(message.NewInteractiveCallPermissionRequest("May we call you about your order?"))),
	}
}

// A door says with which http.Client, and wrapped in what, a message leaves.
type door func(*compliancetest.Recorder) (*http.Client, func(piusalfred.Send) piusalfred.Send)

// send sends one message and returns what reached the server.
func send(t *testing.T, d door, m *message.Message) ([]wire.Request, error) {
	t.Helper()
	r := compliancetest.NewRecorder(t, wire.Meta())
	hc, wrap := d(r)
	c, err := piusalfred.New(hc, r.URL, "made-up", shop.Line.Number)
	require.NoError(t, err)
	f := piusalfred.Send(c.SendMessage)
	if wrap != nil {
		f = wrap(f)
	}
	_, err = f(t.Context(), m)
	return r.Calls(), err
}

func bare(*compliancetest.Recorder) (*http.Client, func(piusalfred.Send) piusalfred.Send) {
	return http.DefaultClient, nil
}

func open(t *testing.T) *shop.Shop {
	t.Helper()
	s, err := shop.Open()
	require.NoError(t, err)
	return s
}

// TestSameBytes: what leaves through a door is what the client would have sent
// without one, header by header.
func TestSameBytes(t *testing.T) {
	for name, m := range messages(t, shop.Asha) {
		want, err := send(t, bare, m)
		require.NoError(t, err)
		for door, through := range map[string]func(*shop.Shop) door{
			"wrap": wrapped, "guard": guarded, "both": both,
		} {
			s := open(t)
			got, err := send(t, through(s), m)
			if name == "call permission" { // a request nobody agreed to, which is a rule's to say
				continue
			}
			require.NoError(t, err, "%s by %s", name, door)
			require.Len(t, got, 1)
			require.Equal(t, string(want[0].Body), string(got[0].Body), "%s by %s", name, door)
			require.Equal(t, want[0].Header, got[0].Header, "%s by %s", name, door)
			require.Equal(t, want[0].URL.String(), got[0].URL.String())
			require.Len(t, s.Decisions(), 1, "%s by %s: judged once", name, door)
		}
	}
}

func wrapped(s *shop.Shop) door {
	return func(*compliancetest.Recorder) (*http.Client, func(piusalfred.Send) piusalfred.Send) {
		return http.DefaultClient, func(f piusalfred.Send) piusalfred.Send {
			return compliance.Wrap(s.Sender, piusalfred.Describe(shop.Line), f, wire.Ack[*message.Response])
		}
	}
}

func guarded(s *shop.Shop) door {
	return func(r *compliancetest.Recorder) (*http.Client, func(piusalfred.Send) piusalfred.Send) {
		hc, err := piusalfred.Guard(s.Sender, r.URL, http.DefaultTransport)
		if err != nil {
			panic(err)
		}
		return hc, nil
	}
}

func both(s *shop.Shop) door {
	return func(r *compliancetest.Recorder) (*http.Client, func(piusalfred.Send) piusalfred.Send) {
		hc, err := piusalfred.Guard(s.Sender, r.URL, http.DefaultTransport, httpguard.RequireTicket())
		if err != nil {
			panic(err)
		}
		_, wrap := wrapped(s)(r)
		return hc, wrap
	}
}

// TestNoDrift: what is described is what is written, for every make.
func TestNoDrift(t *testing.T) {
	for name, m := range messages(t, shop.Asha) {
		written, err := send(t, bare, m)
		require.NoError(t, err)
		require.NoError(t, compliancetest.Drift(piusalfred.Describe(shop.Line), m, written[0], wire.Meta(), shop.Line), name)
	}
}

// TestRefusalsNeverReachTheServer: a closed window and a stop, by each door.
func TestRefusalsNeverReachTheServer(t *testing.T) {
	for _, c := range []struct {
		why  string
		m    *message.Message
		rule string
	}{
		{"no window is open", text(t, shop.Stranger, "Hello"), "template-only-initiation"},
		{"a stop was said", notice(t, shop.Clara), "optout-honored"},
		{"nobody agreed", notice(t, shop.Stranger), "optin-required"},
		{"words that never leave", text(t, shop.Asha, "We charged 4111 1111 1111 1111."), "data-full-card-number"},
	} {
		for door, through := range map[string]func(*shop.Shop) door{
			"wrap": wrapped, "guard": guarded, "both": both,
		} {
			got, err := send(t, through(open(t)), c.m)
			require.ErrorIs(t, err, compliance.ErrDenied, "%s by %s", c.why, door)
			require.ErrorContains(t, err, c.rule, "%s by %s", c.why, door)
			require.Empty(t, got, "%s by %s", c.why, door)
		}
	}
}

// TestNobodyWalksAround: with a ticket required, the client's other functions
// send nothing past the Sender.
func TestNobodyWalksAround(t *testing.T) {
	s := open(t)
	r := compliancetest.NewRecorder(t, wire.Meta())
	hc, err := piusalfred.Guard(s.Sender, r.URL, http.DefaultTransport, httpguard.RequireTicket())
	require.NoError(t, err)
	c, err := piusalfred.New(hc, r.URL, "made-up", shop.Line.Number)
	require.NoError(t, err)
	_, err = c.SendText(context.Background(), message.NewRequest(shop.Asha, &message.Text{Body: "Hello"}))
	require.ErrorIs(t, err, httpguard.ErrNoTicket)
	require.Empty(t, r.Calls())
	_, err = piusalfred.Wrap(s.Sender, c, shop.Line)(t.Context(), text(t, shop.Asha, "Hello"))
	require.NoError(t, err)
	require.Len(t, r.Calls(), 1)
}
