// Package infobip guards github.com/infobip/infobip-api-go-client/v3. Version
// 3.2.0 has no calls for /whatsapp/1/message: it sends to WhatsApp through the
// Messages API, one request to several people.
package infobip

import (
	"context"
	"net/http"

	"github.com/infobip/infobip-api-go-client/v3/pkg/infobip"
	"github.com/infobip/infobip-api-go-client/v3/pkg/infobip/api"
	"github.com/infobip/infobip-api-go-client/v3/pkg/infobip/models/messagesapi"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

// Send sends a request of the Messages API.
type Send = func(context.Context, *messagesapi.Request) (*messagesapi.MessageResponse, error)

// New makes a client that sends through an http.Client. host is the account's
// own: "made0up.api.infobip.com".
func New(hc *http.Client, host, key string) (*api.APIClient, Send) {
	cfg := infobip.NewConfiguration()
	cfg.Host, cfg.HTTPClient = host, hc
	c := api.NewAPIClient(cfg)
	return c, func(ctx context.Context, r *messagesapi.Request) (*messagesapi.MessageResponse, error) {
		ctx = context.WithValue(ctx, infobip.ContextAPIKeys, map[string]infobip.APIKey{"APIKeyHeader": {Key: key}})
		res, _, err := c.MessagesAPI.SendMessagesApiMessage(ctx).Request(*r).Execute()
		return res, err
	}
}

// Wrap guards a Send.
func Wrap(s *compliance.Sender, send Send) Send {
	return compliance.Wrap(s, Describe(), send, wire.AckAs[*messagesapi.MessageResponse](wire.Infobip()))
}

// Describe reads a request by its JSON, which is what the client writes.
func Describe() func(*messagesapi.Request) ([]compliance.Message, error) {
	return wire.DescribeAs[*messagesapi.Request](wire.InfobipMessages, party.Line{})
}

// Guard is the http.Client that guards whatever the client sends to WhatsApp.
func Guard(s *compliance.Sender, over http.RoundTripper, opts ...httpguard.Option) (*http.Client, error) {
	g, err := httpguard.New(s, append([]httpguard.Option{httpguard.Over(over), httpguard.PassOtherChannels()}, opts...)...)
	if err != nil {
		return nil, err
	}
	return g.Client(), nil
}
