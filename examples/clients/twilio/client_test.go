package twilio_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twilio/twilio-go/client"
	openapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
	"github.com/waguard/waguard/examples/clients/shop"
	"github.com/waguard/waguard/examples/clients/twilio"
	"github.com/waguard/waguard/template"
)

func text(to, words string) *openapi.CreateMessageParams {
	p := &openapi.CreateMessageParams{}
	p.SetTo("whatsapp:" + to)
	p.SetFrom("whatsapp:" + shop.Number)
	p.SetBody(words)
	return p
}

func notice(to string) *openapi.CreateMessageParams {
	p := &openapi.CreateMessageParams{}
	p.SetTo("whatsapp:" + to)
	p.SetFrom("whatsapp:" + shop.Number)
	p.SetContentSid("HXmade0up")
	p.SetContentVariables(`{"1":"Asha","2":"#123"}`)
	return p
}

func contents(sid string) (wire.Content, bool) {
	return wire.Content{Template: template.Ref{Name: "order_shipped", Language: "en"}}, sid == "HXmade0up"
}

func open(t *testing.T) *shop.Shop {
	t.Helper()
	s, err := shop.Open()
	require.NoError(t, err)
	return s
}

// send sends through one door: wrapped, guarded, both, or neither.
func send(t *testing.T, s *shop.Shop, wrap, guard bool, p *openapi.CreateMessageParams, opts ...httpguard.Option) ([]wire.Request, *openapi.ApiV2010Message, error) {
	t.Helper()
	r := compliancetest.NewRecorder(t, wire.Twilio())
	var rt http.RoundTripper = shop.Reroute{To: r.URL}
	hc := &http.Client{Transport: rt}
	if guard {
		var err error
		hc, err = twilio.Guard(s.Sender, contents, rt, opts...)
		require.NoError(t, err)
	}
	c := twilio.New(hc, "ACmade0up", "made0up")
	if wrap {
		res, err := twilio.Wrap(s.Sender, c, contents)(t.Context(), p)
		return r.Calls(), res, err
	}
	res, err := c.Api.CreateMessage(p)
	return r.Calls(), res, err
}

func messages(to string) map[string]*openapi.CreateMessageParams {
	media := text(to, "The coat in blue")
	media.SetMediaUrl([]string{"https://shop.example.com/1.jpg"})
	place := text(to, "Here we are")
	place.SetPersistentAction([]string{"geo:51.5,-0.12|Example Shop"})
	timed := text(to, "Yes, it left today.")
	timed.SetValidityPeriod(60)
	timed.SetProvideFeedback(true)
	return map[string]*openapi.CreateMessageParams{"text": text(to, "Yes, it left today."), "media": media, "location": place, "with numbers": timed, "template": notice(to)}
}

// TestSameBytes: what leaves through a door is what the client would have sent
// without one. Its context is lost in this client, so with both doors the
// ticket is found by what the message says.
func TestSameBytes(t *testing.T) {
	for name, p := range messages(shop.Asha) {
		want, _, err := send(t, nil, false, false, p)
		require.NoError(t, err)
		for _, d := range []struct {
			name        string
			wrap, guard bool
			opts        []httpguard.Option
		}{{"wrap", true, false, nil}, {"guard", false, true, nil}, {"both", true, true, []httpguard.Option{httpguard.RequireTicket()}}} {
			s := open(t)
			got, res, err := send(t, s, d.wrap, d.guard, p, d.opts...)
			require.NoError(t, err, "%s by %s", name, d.name)
			require.Len(t, got, 1)
			require.Equal(t, string(want[0].Body), string(got[0].Body), "%s by %s", name, d.name)
			require.Equal(t, want[0].Header, got[0].Header, "%s by %s", name, d.name)
			require.Equal(t, "SM1", *res.Sid)
			require.Len(t, s.Decisions(), 1, "%s by %s: judged once", name, d.name)
		}
	}
}

func TestNoDrift(t *testing.T) {
	for name, p := range messages(shop.Asha) {
		written, _, err := send(t, nil, false, false, p)
		require.NoError(t, err)
		require.NoError(t, compliancetest.Drift(twilio.Describe(contents), p, written[0], wire.Twilio(), party.Line{}, wire.WithContents(contents)), name)
	}
}

func TestRefusalsNeverReachTheServer(t *testing.T) {
	unmapped := notice(shop.Asha)
	unmapped.SetContentSid("HXunknown")
	for _, c := range []struct {
		why  string
		p    *openapi.CreateMessageParams
		rule string
		as   error
	}{
		{"no window is open", text(shop.Stranger, "Hello"), "template-only-initiation", compliance.ErrDenied},
		{"a stop was said", notice(shop.Clara), "optout-honored", compliance.ErrDenied},
		{"a content nobody mapped", unmapped, "template.language is missing", compliance.ErrUndecided},
	} {
		for _, wrap := range []bool{true, false} {
			got, _, err := send(t, open(t), wrap, !wrap, c.p)
			require.ErrorIs(t, err, c.as, c.why)
			require.ErrorContains(t, err, c.rule, c.why)
			require.Empty(t, got, c.why)
		}
	}
	got, _, err := send(t, open(t), false, true, text(shop.Stranger, "Hello"), httpguard.AnswerRefusals())
	var answered *client.TwilioRestError
	require.ErrorAs(t, err, &answered, "an answered refusal is an error of the client's own kind")
	require.Equal(t, httpguard.CodeDenied, answered.Code)
	require.Empty(t, got)
}

// TestSMS: the same client's SMS are none of the guard's.
func TestSMS(t *testing.T) {
	p := &openapi.CreateMessageParams{}
	p.SetTo(shop.Stranger)
	p.SetFrom(shop.Number)
	p.SetBody("Your code is 1234")
	got, _, err := send(t, open(t), false, true, p)
	require.NoError(t, err)
	require.Len(t, got, 1)
}
