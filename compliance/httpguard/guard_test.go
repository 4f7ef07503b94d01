package httpguard_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
	"github.com/waguard/waguard/template"
)

func TestASendIsJudgedByItsBytes(t *testing.T) {
	for _, c := range []struct {
		why  string
		req  func() *http.Request
		rule string // "": it leaves
	}{
		{"a reply in the open window", func() *http.Request { return post(t, messages, text(asha, "Yes, it left today.")) }, ""},
		{"nobody wrote", func() *http.Request { return post(t, messages, text(ben, "Hello")) }, "template-only-initiation"},
		{"words that never leave", func() *http.Request { return post(t, messages, text(asha, "We charged 4111 1111 1111 1111.")) }, "data-full-card-number"},
		{"a template after a stop", func() *http.Request {
			return post(t, messages, `{"messaging_product":"whatsapp","to":"`+clara.Phone+`","type":"template","template":{"name":"order_shipped","language":{"code":"en"},
				"components":[{"type":"body","parameters":[{"type":"text","text":"Clara"},{"type":"text","text":"#1"}]}]}}`)
		}, "optout-honored"},
		{"a template on the marketing endpoint", func() *http.Request {
			return post(t, strings.Replace(messages, "/messages", "/marketing_messages", 1), `{"messaging_product":"whatsapp","to":"`+asha.Phone+`","type":"template","template":{"name":"order_shipped","language":{"code":"en"},
				"components":[{"type":"body","parameters":[{"type":"text","text":"Asha"},{"type":"text","text":"#1"}]}]}}`)
		}, "endpoint-mismatch"},
		{"another provider, the same number", func() *http.Request { return form(t, twilioURL, twilio(asha, "Yes, it left today.")) }, ""},
		{"and the same window", func() *http.Request { return form(t, twilioURL, twilio(ben, "Hello")) }, "template-only-initiation"},
		{"a raw object of Meta's inside another provider's", func() *http.Request {
			return post(t, "https://api.nexmo.com/v1/messages", `{"channel":"whatsapp","message_type":"custom","to":"447700900456","from":"12025550199","custom":{"type":"text","text":{"body":"Hello"}}}`)
		}, "template-only-initiation"},
	} {
		t.Run(c.why, func(t *testing.T) {
			s, n := newShop(t), &network{}
			res, err := newGuard(t, s, n).RoundTrip(c.req())
			if c.rule == "" {
				require.NoError(t, err)
				require.Equal(t, http.StatusOK, res.StatusCode)
				require.Equal(t, 1, n.count())
				return
			}
			require.Zero(t, n.count(), "a refusal never reaches the network")
			var refused *httpguard.Refusal
			require.ErrorAs(t, err, &refused)
			require.ErrorIs(t, err, compliance.ErrDenied)
			require.NotErrorIs(t, err, compliance.ErrUndecided)
			require.Contains(t, err.Error(), c.rule)
			require.NotContains(t, err.Error(), "7700")
			require.Len(t, refused.Decisions(), 1)
		})
	}
}

// A provider's webhook and its sends name the number by its digits, Meta's by an
// id; it is one line, with one window.
func TestOneNumberUnderTwoNames(t *testing.T) {
	s, n := newShop(t), &network{body: `{"sid":"SM1"}`}
	_, err := s.Inbox().ReceiveAt(t.Context(), noon, compliance.Wrote{ID: "SMin1", Line: party.Line{Number: "+12025550199"}, From: ben, At: noon, Type: "text", Text: "Hello"})
	require.NoError(t, err)
	g := newGuard(t, s, n)
	_, err = g.RoundTrip(form(t, twilioURL, twilio(ben, "Hello, how can we help?")))
	require.NoError(t, err)
	_, err = g.RoundTrip(post(t, messages, text(ben, "Anything else?")))
	require.NoError(t, err)
	_, err = g.RoundTrip(post(t, strings.Replace(messages, "200300400500600", "999", 1), text(ben, "Hello")))
	require.ErrorIs(t, err, compliance.ErrDenied, "another number is another window")
}

func TestEveryRecipientIsJudgedAndTheRefusalNamesWhich(t *testing.T) {
	one := func(to string) string {
		return `{"from":"12025550199","to":"` + to + `","content":{"templateName":"order_shipped","templateData":{"body":{"placeholders":["A","#1"]}},"language":"en"}}`
	}
	s, n := newShop(t), &network{body: `{"messages":[{"messageId":"m-1","status":{"groupId":1,"id":7}}]}`}
	g := newGuard(t, s, n)
	const address = "https://x1.api.infobip.com/whatsapp/1/message/template"
	_, err := g.RoundTrip(post(t, address, `{"messages":[`+one("447700900123")+`,`+one("447700900789")+`,`+one("447700900456")+`]}`))
	var refused *httpguard.Refusal
	require.ErrorAs(t, err, &refused)
	require.Equal(t, []int{1, 2}, refused.Held, "the second has stopped, the third never agreed")
	require.Len(t, refused.Decisions(), 3)
	require.Contains(t, err.Error(), "(message 2)")
	require.Zero(t, n.count(), "all of them, or none")

	_, err = g.RoundTrip(post(t, address, `{"messages":[`+one("447700900123")+`]}`))
	require.NoError(t, err)
	require.Equal(t, 1, n.count())
}

func TestWithRequireTicketOnlyTheSenderSends(t *testing.T) {
	s, n := newShop(t), &network{}
	g := newGuard(t, s, n, httpguard.RequireTicket())
	send := func(ctx context.Context, to party.Party, words string) error {
		_, err := g.RoundTrip(post(t, messages, text(to, words)).WithContext(ctx))
		return err
	}
	require.ErrorIs(t, send(t.Context(), asha, "Hello"), httpguard.ErrNoTicket, "past the Sender")
	require.ErrorIs(t, send(t.Context(), asha, "Hello"), compliance.ErrUndecided)
	require.Empty(t, s.decisions(), "and nothing was judged")

	var kept context.Context
	_, err := s.Do(t.Context(), reply(asha, "Hello"), func(ctx context.Context) (compliance.Ack, error) {
		kept = ctx
		require.NoError(t, send(ctx, asha, "Hello"), "inside the deliver call")
		require.NoError(t, send(ctx, asha, "Hello"), "and once more, as a client that tries again does")
		require.ErrorIs(t, send(ctx, ben, "Hello"), httpguard.ErrNoTicket, "a ticket is for its recipients only")
		_, err := g.RoundTrip(post(t, messages, `{"to":"`+asha.Phone+`","type":"template","template":{"name":"order_shipped","language":{"code":"en"}}}`).WithContext(ctx))
		require.ErrorIs(t, err, httpguard.ErrNoTicket, "and for what was judged: a reply is no leave for a template")
		_, err = g.RoundTrip(post(t, messages, `{"to":"`+asha.Phone+`","type":"poll"}`).WithContext(ctx))
		require.ErrorIs(t, err, httpguard.ErrNoTicket, "what cannot be read is covered by nothing")
		return compliance.Ack{Message: "wamid.1"}, nil
	})
	require.NoError(t, err)
	require.ErrorIs(t, send(kept, asha, "Hello"), httpguard.ErrNoTicket, "the call is over, and its ticket with it")
	require.Equal(t, 2, n.count())
	require.Len(t, s.decisions(), 1, "one message, one Decision, however often the client tried")

	func() {
		defer func() { _ = recover() }()
		_, _ = s.Do(t.Context(), reply(asha, "Hello"), func(ctx context.Context) (compliance.Ack, error) { kept = ctx; panic("client") })
	}()
	require.ErrorIs(t, send(kept, asha, "Hello"), httpguard.ErrNoTicket, "a panic ends the call too")
}

func TestATicketOfAnotherSenderCoversNothing(t *testing.T) {
	s, other, n := newShop(t), newShop(t), &network{}
	g := newGuard(t, s, n, httpguard.RequireTicket())
	_, err := other.Do(t.Context(), reply(asha, "Hello"), func(ctx context.Context) (compliance.Ack, error) {
		_, err := g.RoundTrip(post(t, messages, text(asha, "Hello")).WithContext(ctx))
		return compliance.Ack{}, err
	})
	require.ErrorIs(t, err, httpguard.ErrNoTicket)
	require.Zero(t, n.count())
}

// A client that drops the context: the ticket is found by what the bytes say.
func TestADroppedContextIsFoundByItsDigest(t *testing.T) {
	s, n := newShop(t), &network{body: `{"sid":"SM1","status":"queued"}`}
	g := newGuard(t, s, n, httpguard.RequireTicket())
	drop := func(to party.Party, words string) error {
		_, err := g.RoundTrip(form(t, twilioURL, twilio(to, words)))
		return err
	}
	send := compliance.Wrap(s.Sender, wire.DescribeAs[string](wire.TwilioForm, party.Line{}),
		func(_ context.Context, body string) (string, error) {
			require.NoError(t, drop(asha, "Hello"))
			require.NoError(t, drop(asha, "Hello"), "tried again: the same ticket")
			require.ErrorIs(t, drop(asha, "Hello again"), httpguard.ErrNoTicket, "another text is another message")
			require.ErrorIs(t, drop(ben, "Hello"), httpguard.ErrNoTicket)
			return `{"sid":"SM1"}`, nil
		}, wire.AckAs[string](wire.Twilio()))
	_, err := send(t.Context(), twilio(asha, "Hello").Encode())
	require.NoError(t, err)
	require.Len(t, s.decisions(), 1)
	require.ErrorIs(t, drop(asha, "Hello"), httpguard.ErrNoTicket, "no call runs now")
}

// Two calls for the same message are counted: the end of one does not take the
// ticket of the other.
func TestTicketsAreCounted(t *testing.T) {
	s, n := newShop(t), &network{}
	g := newGuard(t, s, n, httpguard.RequireTicket())
	drop := func() error {
		_, err := g.RoundTrip(post(t, messages, text(asha, "Hello")))
		return err
	}
	_, err := s.Do(t.Context(), reply(asha, "Hello"), func(context.Context) (compliance.Ack, error) {
		_, err := s.Do(t.Context(), reply(asha, "Hello"), func(context.Context) (compliance.Ack, error) {
			return compliance.Ack{}, drop()
		})
		require.NoError(t, err)
		return compliance.Ack{}, drop()
	})
	require.NoError(t, err)
	require.ErrorIs(t, drop(), httpguard.ErrNoTicket)
	require.Equal(t, 2, n.count())
}

func reply(to party.Party, words string) compliance.Message {
	return compliance.Message{Kind: compliance.Freeform, Type: "text", From: line, To: to, Texts: []compliance.Text{{Place: "text.body", Words: words}}}
}

// Under Do or Wrap a guard that needs no ticket does not judge a second time:
// one message is one Decision and one charge.
func TestWhatWasJudgedIsNotJudgedAgain(t *testing.T) {
	s, n := newShop(t), &network{}
	g := newGuard(t, s, n)
	send := compliance.Wrap(s.Sender, wire.Describe[string](line), func(ctx context.Context, body string) (string, error) {
		res, err := g.RoundTrip(post(t, messages, body).WithContext(ctx))
		if err != nil {
			return "", err
		}
		b, err := io.ReadAll(res.Body)
		return string(b), err
	}, wire.Ack[string])
	answer, err := send(t.Context(), text(asha, "Hello"))
	require.NoError(t, err)
	require.Contains(t, answer, "wamid.out1")
	require.Len(t, s.decisions(), 1)

	_, err = s.Do(t.Context(), reply(asha, "Hello"), func(ctx context.Context) (compliance.Ack, error) {
		_, err := g.RoundTrip(post(t, messages, text(ben, "Hello")).WithContext(ctx))
		require.ErrorIs(t, err, compliance.ErrDenied, "somebody else is judged on their own")
		return compliance.Ack{}, nil
	})
	require.NoError(t, err)
}

func TestAnAnsweredRefusalHasTheProvidersShape(t *testing.T) {
	for _, c := range []struct {
		provider string
		req      func() *http.Request
		shape    []string // path to the words
	}{
		{"meta", func() *http.Request { return post(t, messages, text(ben, "Hello")) }, []string{"error", "message"}},
		{"360dialog", func() *http.Request {
			return post(t, "https://waba-v2.360dialog.io/messages", text(ben, "Hello"))
		}, []string{"error", "message"}},
		{"twilio", func() *http.Request { return form(t, twilioURL, twilio(ben, "Hello")) }, []string{"message"}},
		{"infobip", func() *http.Request {
			return post(t, "https://x1.api.infobip.com/whatsapp/1/message/text", `{"from":"12025550199","to":"447700900456","content":{"text":"Hello"}}`)
		}, []string{"requestError", "serviceException", "text"}},
		{"gupshup", func() *http.Request {
			return form(t, "https://api.gupshup.io/wa/api/v1/msg", map[string][]string{"channel": {"whatsapp"}, "source": {"12025550199"}, "destination": {"447700900456"}, "message": {`{"type":"text","text":"Hello"}`}})
		}, []string{"message"}},
		{"vonage", func() *http.Request {
			return post(t, "https://api.nexmo.com/v1/messages", `{"channel":"whatsapp","message_type":"text","to":"447700900456","from":"12025550199","text":"Hello"}`)
		}, []string{"detail"}},
	} {
		s, n := newShop(t), &network{}
		g := newGuard(t, s, n, httpguard.AnswerRefusals(), httpguard.At(httpguard.Endpoint{Provider: wire.Dialog360(), Line: httpguard.From(line)}))
		client := g.Client()
		client.Timeout = time.Minute // wraps the body, which the reasons survive
		res, err := client.Do(c.req())
		require.NoError(t, err, c.provider)
		require.Equal(t, http.StatusForbidden, res.StatusCode, c.provider)
		require.Zero(t, n.count(), c.provider)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.EqualValues(t, len(body), res.ContentLength)
		var v any
		require.NoError(t, json.Unmarshal(body, &v))
		for _, k := range c.shape {
			v = v.(map[string]any)[k]
		}
		require.Contains(t, v, "template-only-initiation", c.provider)
		require.Contains(t, string(body), s.decisions()[0].ID, "the Decision can be found")
		refused, ok := httpguard.RefusalOf(res)
		require.True(t, ok, c.provider)
		require.Equal(t, c.provider, refused.Provider)
		require.ErrorIs(t, refused, compliance.ErrDenied)
	}
	_, ok := httpguard.RefusalOf(&http.Response{Request: post(t, messages, "")})
	require.False(t, ok, "an answer of the provider is no refusal of ours")
	_, ok = httpguard.RefusalOf(nil)
	require.False(t, ok)
}

func TestReceiptsAndTypingPass(t *testing.T) {
	s, n := newShop(t), &network{body: `{"success":true}`}
	g := newGuard(t, s, n, httpguard.RequireTicket())
	for _, req := range []*http.Request{
		post(t, messages, `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.in1"}`),
		post(t, messages, `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.in1","typing_indicator":{"type":"text"}}`),
		form(t, "https://messaging.twilio.com/v2/Indicators/Typing.json", map[string][]string{"messageId": {"SM1"}, "channel": {"whatsapp"}}),
		post(t, "https://x1.api.infobip.com/whatsapp/1/senders/12025550199/message/m-1/read", ""),
	} {
		_, err := g.RoundTrip(req)
		require.NoError(t, err)
	}
	require.Equal(t, 4, n.count())
	require.Empty(t, s.decisions())
	_, err := g.RoundTrip(post(t, messages, `{"status":"read","message_id":"wamid.in1","to":"+447700900456","text":{"body":"x"}}`))
	require.Error(t, err, "a message dressed as a receipt")
	require.Equal(t, 4, n.count())
}

func TestOtherEndpointsPassOnlyByTheList(t *testing.T) {
	for _, c := range []struct {
		why, method, url string
		header           string
		pass             bool
	}{
		{"listed", "GET", "https://graph.facebook.com/v25.0/100/message_templates?limit=10", "", true},
		{"listed with its host", "POST", "https://graph.facebook.com/v25.0/200/media", "", true},
		{"everything below", "GET", "https://files.example.com/a/b/c", "", true},
		{"another method", "DELETE", "https://graph.facebook.com/v25.0/100/message_templates", "", false},
		{"another path", "GET", "https://graph.facebook.com/v25.0/100/phone_numbers", "", false},
		{"a longer one", "GET", "https://graph.facebook.com/v25.0/100/message_templates/more", "", false},
		{"another host", "POST", "https://graph.example.com/v25.0/200/media", "", false},
		{"another method in the query", "GET", "https://graph.facebook.com/v25.0/100/message_templates?method=post", "", false},
		{"another method in a header", "GET", "https://graph.facebook.com/v25.0/100/message_templates", "POST", false},
		{"a path that can be read in two ways", "GET", "https://files.example.com/a/../../v25.0/1/messages", "", false},
		{"an escape", "GET", "https://files.example.com/a%2Fb", "", false},
		{"a batch of calls", "POST", "https://graph.facebook.com/", "", false},
		{"a host nobody named", "POST", "https://example.org/hook", "", false},
	} {
		s, n := newShop(t), &network{}
		g := newGuard(t, s, n, httpguard.Pass("GET /*/*/message_templates", "POST graph.facebook.com/*/*/media", "GET *.example.com/**"))
		body := &tracked{Reader: strings.NewReader("anything")}
		req, err := http.NewRequest(c.method, c.url, body)
		require.NoError(t, err)
		if c.header != "" {
			req.Header.Set("X-HTTP-Method-Override", c.header)
		}
		_, err = g.RoundTrip(req)
		require.Equal(t, c.pass, err == nil, c.why)
		_, closed := body.state()
		require.True(t, closed, c.why)
		if c.pass {
			require.Same(t, req, n.got[0].req, "%s: passed as it is", c.why)
			continue
		}
		require.Zero(t, n.count(), c.why)
		require.ErrorIs(t, err, compliance.ErrUndecided, c.why)
	}
}

func TestASendIsJudgedThoughListed(t *testing.T) {
	s, n := newShop(t), &network{}
	g := newGuard(t, s, n, httpguard.Pass("* /**"))
	_, err := g.RoundTrip(post(t, messages, text(ben, "Hello")))
	require.ErrorIs(t, err, compliance.ErrDenied)
	_, err = g.RoundTrip(post(t, "https://graph.facebook.com/V25.0/200300400500600/Messages/", text(ben, "Hello")))
	require.ErrorIs(t, err, compliance.ErrDenied, "in any spelling")
	require.Zero(t, n.count())
}

func TestTheHostHeaderNamesTheHost(t *testing.T) {
	s, n := newShop(t), &network{}
	g := newGuard(t, s, n, httpguard.Pass("* files.example.com/**"))
	req := post(t, "https://files.example.com/v25.0/1/messages", text(ben, "Hello"))
	req.Host = "graph.facebook.com"
	_, err := g.RoundTrip(req)
	require.ErrorIs(t, err, compliance.ErrUndecided)
	require.Zero(t, n.count())
}

func TestConfiguredEndpoints(t *testing.T) {
	s, n := newShop(t), &network{}
	g := newGuard(t, s, n,
		httpguard.At(httpguard.Endpoint{Provider: wire.Dialog360(), Line: httpguard.From(line)},
			httpguard.Endpoint{Provider: wire.Meta(), URL: "http://127.0.0.1:9/graph/"},
			httpguard.Endpoint{Provider: wire.Twilio(), URL: "http://127.0.0.1:9/", Opts: []wire.Option{wire.WithContents(func(id string) (wire.Content, bool) {
				return wire.Content{Template: template.Ref{Name: "order_shipped", Language: "en"}}, id == "HX1"
			})}}))
	for _, req := range []*http.Request{
		post(t, "https://waba-v2.360dialog.io/messages", text(asha, "Hello")),
		post(t, "http://127.0.0.1:9/graph/v25.0/200300400500600/messages", text(asha, "Hello")),
		form(t, "http://127.0.0.1:9/2010-04-01/Accounts/AC1/Messages.json", map[string][]string{"To": {"whatsapp:" + asha.Phone}, "From": {"whatsapp:+12025550199"},
			"ContentSid": {"HX1"}, "ContentVariables": {`{"1":"Asha","2":"#1"}`}}),
		post(t, messages, text(asha, "Hello")), // the public hosts stay
	} {
		_, err := g.RoundTrip(req)
		require.NoError(t, err, req.URL)
	}
	require.Equal(t, 4, n.count())
	_, err := g.RoundTrip(post(t, "http://127.0.0.1:10/graph/v25.0/200300400500600/messages", text(asha, "Hello")))
	require.ErrorIs(t, err, wire.ErrEndpoint, "another port is another server")
	_, err = newGuard(t, s, n).RoundTrip(post(t, "https://waba-v2.360dialog.io/messages", text(asha, "Hello")))
	require.ErrorIs(t, err, compliance.ErrUndecided, "without a line nobody knows whose window it is")
}

// A pattern for any method is none for a spelling of POST that the routes do not know.
func TestASendInSmallLettersDoesNotPass(t *testing.T) {
	n := &network{}
	g := newGuard(t, newShop(t), n, httpguard.Pass("* graph.facebook.com/**"))
	for _, method := range []string{"post", "Post"} {
		req, err := http.NewRequest(method, messages, strings.NewReader(text(ben, "Hello")))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		_, err = g.RoundTrip(req)
		require.ErrorIs(t, err, compliance.ErrUndecided, method)
	}
	require.Zero(t, n.count())
	req, err := http.NewRequest(http.MethodGet, messages, nil)
	require.NoError(t, err)
	_, err = g.RoundTrip(req)
	require.NoError(t, err, "and passes what is listed")
}

// The request is never changed, what is sent are its bytes, and its body is
// closed whatever comes of it.
func TestTheRequestIsNotChangedAndItsBodyClosed(t *testing.T) {
	for _, c := range []struct {
		why, body string
		length    int64
		leaves    bool
	}{
		{"sent", text(asha, "Hello"), 0, true},
		{"sent, of no told length", text(asha, "Hello"), -1, true},
		{"refused", text(ben, "Hello"), 0, false},
		{"not understood", "<html>", 0, false},
		{"shorter than it says", text(asha, "Hello"), 4000, false},
		{"larger than is read", text(asha, "Hello"), wire.MaxSize + 1, false},
	} {
		s, n := newShop(t), &network{}
		g := newGuard(t, s, n)
		body := &tracked{Reader: strings.NewReader(c.body)}
		req, err := http.NewRequest(http.MethodPost, messages, body)
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer made-up")
		req.ContentLength = c.length
		before, header := *req, req.Header.Clone()
		_, err = g.RoundTrip(req)
		require.Equal(t, c.leaves, err == nil, "%s: %v", c.why, err)
		_, closed := body.state()
		require.True(t, closed, c.why)
		require.Equal(t, header, req.Header, c.why)
		require.Same(t, body, req.Body, c.why)
		require.Equal(t, before.URL, req.URL, c.why)
		require.Equal(t, c.length, req.ContentLength, c.why)
		require.Nil(t, req.GetBody, c.why)
		if c.leaves {
			require.Equal(t, c.body, n.got[0].body, c.why)
			require.Equal(t, header, n.got[0].req.Header, c.why)
			require.Equal(t, c.length, n.got[0].req.ContentLength, c.why)
			require.NotSame(t, req, n.got[0].req, c.why)
		}
	}
	s, n := newShop(t), &network{}
	req := post(t, messages, text(asha, "Hello")) // with GetBody, as http.NewRequest makes it
	_, err := newGuard(t, s, n).RoundTrip(req)
	require.NoError(t, err)
	again, err := n.got[0].req.GetBody()
	require.NoError(t, err)
	b, _ := io.ReadAll(again)
	require.Equal(t, text(asha, "Hello"), string(b), "a body that can be had again still can")
}

// early is a RoundTripper that answers before it has read the body, as a server may.
type early struct{}

func (e early) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}")), Request: req}, nil
}

// What leaves unread, in observe mode, keeps its body until whoever sends it is done.
func TestABodyThatLeavesIsNotClosedForItsReader(t *testing.T) {
	s := newShop(t, compliance.Observe())
	body := &tracked{Reader: strings.NewReader("anything")}
	req, err := http.NewRequest(http.MethodPost, "https://example.org/hook", body)
	require.NoError(t, err)
	res, err := newGuard(t, s, early{}).RoundTrip(req)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode)
	_, closed := body.state()
	require.False(t, closed, "it is the RoundTripper's, which may still read it")

	for _, opts := range [][]httpguard.Option{nil, {httpguard.RequireTicket()}, {httpguard.AnswerRefusals()}} {
		body := &tracked{Reader: strings.NewReader("anything")}
		req, err := http.NewRequest(http.MethodPost, "https://graph.facebook.com/v25.0/1/unheard_of", body)
		require.NoError(t, err)
		_, _ = newGuard(t, newShop(t), early{}, opts...).RoundTrip(req)
		_, closed := body.state()
		require.True(t, closed, "what is refused is closed")
	}
}

// endless is a body that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte(" "), len(p))), nil }

func TestStreamingBodiesAreBounded(t *testing.T) {
	s, n := newShop(t), &network{}
	g := newGuard(t, s, n)
	body := &tracked{Reader: endless{}}
	req, err := http.NewRequest(http.MethodPost, messages, body)
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	_, err = g.RoundTrip(req)
	require.ErrorIs(t, err, wire.ErrSize)
	require.ErrorIs(t, err, compliance.ErrUndecided)
	read, closed := body.state()
	require.LessOrEqual(t, read, wire.MaxSize+bytes.MinRead)
	require.True(t, closed)

	told := &tracked{Reader: endless{}}
	req, _ = http.NewRequest(http.MethodPost, messages, told)
	req.ContentLength = wire.MaxSize + 1
	_, err = g.RoundTrip(req)
	require.ErrorIs(t, err, wire.ErrSize)
	read, closed = told.state()
	require.Zero(t, read, "what says it is too long is not read at all")
	require.True(t, closed)

	upload := &tracked{Reader: strings.NewReader(strings.Repeat("x", 2*wire.MaxSize))}
	req, _ = http.NewRequest(http.MethodPost, "https://graph.facebook.com/v25.0/200/media", upload)
	_, err = newGuard(t, s, n, httpguard.Pass("POST /*/*/media")).RoundTrip(req)
	require.NoError(t, err)
	require.Len(t, n.got[0].body, 2*wire.MaxSize, "what passes by the list is not read and has no bound")
}

func TestABodyThatBreaksOrHangs(t *testing.T) {
	s, n := newShop(t), &network{}
	g := newGuard(t, s, n)
	broke := errors.New("disk: 447700900123 unreadable")
	req, _ := http.NewRequest(http.MethodPost, messages, io.MultiReader(strings.NewReader("{"), broken{broke}))
	_, err := g.RoundTrip(req)
	require.ErrorIs(t, err, broke)
	require.ErrorIs(t, err, compliance.ErrUndecided)
	require.NotContains(t, err.Error(), "7700", "what a client's error says is not repeated")

	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe() // nobody writes
	defer w.Close()
	req, _ = http.NewRequestWithContext(ctx, http.MethodPost, messages, r)
	time.AfterFunc(10*time.Millisecond, cancel)
	_, err = g.RoundTrip(req)
	require.Error(t, err, "a client that hangs up ends the reading")
	require.Zero(t, n.count())
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func TestWhatCannotBeReadIsUndecidedAndInTheJournal(t *testing.T) {
	for _, c := range []struct {
		why string
		req func() *http.Request
	}{
		{"no JSON", func() *http.Request { return post(t, messages, "<html>") }},
		{"a type of next year", func() *http.Request { return post(t, messages, `{"to":"+447700900123","type":"poll","poll":{}}`) }},
		{"two recipients", func() *http.Request {
			return post(t, messages, `{"to":"+447700900123","to":"+447700900456","type":"text","text":{"body":"x"}}`)
		}},
		{"another media type", func() *http.Request { return form(t, messages, map[string][]string{"to": {"+447700900123"}}) }},
		{"parameters in the query", func() *http.Request { return post(t, messages+"?to=%2B447700900456", text(asha, "Hello")) }},
		{"compressed", func() *http.Request {
			r := post(t, messages, text(asha, "Hello"))
			r.Header.Set("Content-Encoding", "gzip")
			return r
		}},
		{"an SMS", func() *http.Request {
			return form(t, twilioURL, map[string][]string{"To": {"+447700900123"}, "From": {"+12025550199"}, "Body": {"x"}})
		}},
		{"no body", func() *http.Request {
			r, _ := http.NewRequest(http.MethodPost, messages, nil)
			r.Header.Set("Content-Type", "application/json")
			return r
		}},
		{"an address that is no endpoint", func() *http.Request { return post(t, "https://graph.facebook.com/v25.0", `{"batch":[]}`) }},
	} {
		s, n := newShop(t), &network{}
		_, err := newGuard(t, s, n).RoundTrip(c.req())
		require.ErrorIs(t, err, compliance.ErrUndecided, c.why)
		require.NotErrorIs(t, err, compliance.ErrDenied, c.why)
		require.Zero(t, n.count(), c.why)
		require.Len(t, s.decisions(), 1, c.why)
		require.Equal(t, compliance.Undecided, s.decisions()[0].Verdict, c.why)
		require.EqualValues(t, "message-malformed", s.decisions()[0].Violations[0].Rule, c.why)

		s, n = newShop(t, compliance.Observe()), &network{}
		_, err = newGuard(t, s, n).RoundTrip(c.req())
		require.NoError(t, err, "%s: observing holds nothing", c.why)
		require.Equal(t, 1, n.count(), c.why)
	}
}

func TestOtherChannelsPassByChoice(t *testing.T) {
	s, n := newShop(t), &network{}
	g := newGuard(t, s, n, httpguard.PassOtherChannels())
	_, err := g.RoundTrip(form(t, twilioURL, map[string][]string{"To": {"+447700900456"}, "From": {"+12025550199"}, "Body": {"x"}}))
	require.NoError(t, err)
	require.Equal(t, "Body=x&From=%2B12025550199&To=%2B447700900456", n.got[0].body)
	require.Empty(t, s.decisions())
	_, err = g.RoundTrip(form(t, twilioURL, twilio(ben, "x")))
	require.ErrorIs(t, err, compliance.ErrDenied, "WhatsApp is judged all the same")
}

// What the provider answers comes back as it is, and teaches.
func TestAnswersComeBackAndTeach(t *testing.T) {
	s := newShop(t)
	n := &network{status: http.StatusBadRequest, body: `{"error":{"message":"(#131047) Re-engagement message","code":131047}}`}
	g := newGuard(t, s, n)
	res, err := g.RoundTrip(post(t, messages, text(asha, "Hello")))
	require.NoError(t, err, "a refusal of the provider is its answer, not our error")
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, n.body, string(b))
	require.NoError(t, res.Body.Close())
	s.clock.Advance(time.Minute)
	_, err = g.RoundTrip(post(t, messages, text(asha, "Hello again")))
	require.ErrorIs(t, err, compliance.ErrDenied, "131047 has closed the window we believed open")

	down := errors.New("connection refused")
	s = newShop(t)
	_, err = newGuard(t, s, &network{err: down}).RoundTrip(post(t, messages, text(asha, "Hello")))
	require.Equal(t, down, err, "an error of the network comes back untouched")

	s, n = newShop(t), &network{body: strings.Repeat("x", wire.MaxSize+5)}
	res, err = newGuard(t, s, n).RoundTrip(post(t, messages, text(asha, "Hello")))
	require.NoError(t, err)
	b, err = io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Len(t, b, wire.MaxSize+5, "an answer longer than is read is whole")
}

// What the tries of a client are charged: under a ticket one message, judged
// here each of them, and under a key of the app's own one again.
func TestWhatTriesAreCharged(t *testing.T) {
	charged := func(s *shop) int {
		state, err := s.stores.Pace.Read(t.Context(), pace.Who{Handles: asha.Handles()})
		require.NoError(t, err)
		return len(state.Tab.Spent)
	}
	tries := func(ctx context.Context, s *shop, g *httpguard.Guard) error {
		for range 3 {
			req := post(t, messages, text(asha, "Hello")).WithContext(ctx)
			req.Header.Set("Idempotency-Key", "order-1")
			if _, err := g.RoundTrip(req); err != nil {
				return err
			}
			s.clock.Advance(time.Minute) // past the pair rate
		}
		return nil
	}
	s := newShop(t)
	_, err := s.Do(t.Context(), reply(asha, "Hello"), func(ctx context.Context) (compliance.Ack, error) {
		return compliance.Ack{Message: "wamid.1"}, tries(ctx, s, newGuard(t, s, &network{}, httpguard.RequireTicket()))
	})
	require.NoError(t, err)
	require.Equal(t, 1, charged(s), "under a ticket")

	s = newShop(t)
	_, err = s.Do(t.Context(), reply(asha, "Hello"), func(context.Context) (compliance.Ack, error) {
		return compliance.Ack{Message: "wamid.1"}, tries(context.Background(), s, newGuard(t, s, &network{}, httpguard.RequireTicket()))
	})
	require.NoError(t, err)
	require.Equal(t, 1, charged(s), "under a ticket found by its digest")

	s = newShop(t)
	require.NoError(t, tries(t.Context(), s, newGuard(t, s, &network{})))
	require.Equal(t, 3, charged(s), "each on its own")

	s = newShop(t)
	require.NoError(t, tries(t.Context(), s, newGuard(t, s, &network{}, httpguard.Keyed(func(r *http.Request) string { return r.Header.Get("Idempotency-Key") }))))
	require.Equal(t, 1, charged(s), "under one key")
}

func TestConfigurationThatCannotBe(t *testing.T) {
	s := newShop(t)
	for _, c := range []struct {
		why string
		opt httpguard.Option
	}{
		{"no RoundTripper", httpguard.Over(nil)},
		{"no provider", httpguard.At(httpguard.Endpoint{})},
		{"no URL", httpguard.At(httpguard.Endpoint{Provider: wire.Meta(), URL: "graph.facebook.com"})},
		{"a base with a query", httpguard.At(httpguard.Endpoint{Provider: wire.Meta(), URL: "https://example.com/?x=1"})},
		{"a base that walks", httpguard.At(httpguard.Endpoint{Provider: wire.Meta(), URL: "https://example.com/a/../b"})},
		{"no method", httpguard.Pass("/v25.0/1/media")},
		{"no path", httpguard.Pass("GET graph.facebook.com")},
		{"a method in small letters", httpguard.Pass("get /a")},
		{"a star within a host", httpguard.Pass("GET graph.*.com/a")},
		{"a path that nothing matches", httpguard.Pass("GET /a b")},
	} {
		_, err := httpguard.New(s.Sender, c.opt)
		require.Error(t, err, c.why)
		require.Contains(t, err.Error(), "httpguard: ", c.why)
	}
	_, err := httpguard.New(nil)
	require.Error(t, err)
}

func TestConcurrentUse(t *testing.T) {
	s, n := newShop(t), &network{}
	g := newGuard(t, s, n)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				if _, err := g.RoundTrip(post(t, messages, text(asha, "Hello"))); err != nil {
					t.Error(err)
				}
				if _, err := g.RoundTrip(post(t, messages, text(ben, "Hello"))); err == nil {
					t.Error("let through")
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, 20, n.count())
}
