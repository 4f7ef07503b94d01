// Package piusalfred guards github.com/piusalfred/whatsapp, a client of the
// Cloud API whose message type is the body it writes.
package piusalfred

import (
	"context"
	"net/http"

	"github.com/piusalfred/whatsapp/config"
	"github.com/piusalfred/whatsapp/message"
	whttp "github.com/piusalfred/whatsapp/pkg/http"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

// Send is the client's own SendMessage.
type Send = func(context.Context, *message.Message) (*message.Response, error)

// New makes a client that sends through an http.Client.
func New(hc *http.Client, base, token, number string) (*message.BaseClient, error) {
	return message.NewBaseClient(whttp.NewSender[message.Message](whttp.WithCoreClientHTTPClient[message.Message](hc)),
		config.ReaderFunc(func(context.Context) (*config.Config, error) {
			return &config.Config{BaseURL: base, APIVersion: "v25.0", AccessToken: token, PhoneNumberID: number}, nil
		}))
}

// Wrap guards the client's SendMessage, which every message goes through.
func Wrap(s *compliance.Sender, client *message.BaseClient, line party.Line) Send {
	return compliance.Wrap(s, Describe(line), client.SendMessage, wire.Ack[*message.Response])
}

// Describe reads a message by its JSON, which is what the client writes.
func Describe(line party.Line) func(*message.Message) ([]compliance.Message, error) {
	return wire.Describe[*message.Message](line)
}

// Guard is the http.Client that guards whatever the client sends. base is where
// its API is, over the RoundTripper that sends.
func Guard(s *compliance.Sender, base string, over http.RoundTripper, opts ...httpguard.Option) (*http.Client, error) {
	opts = append([]httpguard.Option{httpguard.Over(over), httpguard.At(httpguard.Endpoint{Provider: wire.Meta(), URL: base})}, opts...)
	g, err := httpguard.New(s, opts...)
	if err != nil {
		return nil, err
	}
	return g.Client(), nil
}
