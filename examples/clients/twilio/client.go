// Package twilio guards github.com/twilio/twilio-go. Its CreateMessage takes no
// context, so a guard below a wrapped client finds the ticket by what the
// message says.
package twilio

import (
	"context"
	"net/http"

	api "github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	openapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

// Send is the client's CreateMessage with a context before it.
type Send = func(context.Context, *openapi.CreateMessageParams) (*openapi.ApiV2010Message, error)

// New makes a client that sends through an http.Client.
func New(hc *http.Client, account, token string) *api.RestClient {
	base := &client.Client{Credentials: client.NewCredentials(account, token), HTTPClient: hc}
	base.SetAccountSid(account)
	return api.NewRestClientWithParams(api.ClientParams{Client: base})
}

// Wrap guards the client's CreateMessage. contents say which templates its
// ContentSids are.
func Wrap(s *compliance.Sender, c *api.RestClient, contents func(sid string) (wire.Content, bool)) Send {
	return compliance.Wrap(s, Describe(contents),
		func(_ context.Context, p *openapi.CreateMessageParams) (*openapi.ApiV2010Message, error) {
			return c.Api.CreateMessage(p)
		}, wire.AckAs[*openapi.ApiV2010Message](wire.Twilio()))
}

// Describe reads the parameters of a message. The number it leaves from is the
// one in From, which the Business lists beside its id.
func Describe(contents func(sid string) (wire.Content, bool)) func(*openapi.CreateMessageParams) ([]compliance.Message, error) {
	return wire.DescribeAs[*openapi.CreateMessageParams](wire.TwilioParams, party.Line{}, wire.WithContents(contents))
}

// Guard is the http.Client that guards whatever the client sends, SMS apart.
func Guard(s *compliance.Sender, contents func(sid string) (wire.Content, bool), over http.RoundTripper, opts ...httpguard.Option) (*http.Client, error) {
	opts = append([]httpguard.Option{httpguard.Over(over), httpguard.PassOtherChannels(),
		httpguard.At(httpguard.Endpoint{Provider: wire.Twilio(), Opts: []wire.Option{wire.WithContents(contents)}})}, opts...)
	g, err := httpguard.New(s, opts...)
	if err != nil {
		return nil, err
	}
	return g.Client(), nil
}
