package httpguard_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

var (
	line  = party.Line{Account: "A1", Number: "200300400500600"}
	asha  = party.Party{Phone: "+447700900123"} // agreed, and wrote an hour ago
	ben   = party.Party{Phone: "+447700900456"} // nobody knows
	clara = party.Party{Phone: "+447700900789"} // agreed, and has stopped
)

var ready = sync.OnceValue(func() *compliance.Prepared {
	p, err := compliance.Prepare(nil)
	if err != nil {
		panic(err)
	}
	return p
})

// shop is a Sender over memory stores, with every Decision it made.
type shop struct {
	*compliance.Sender
	stores compliance.Stores
	clock  *compliancetest.Clock
	mu     sync.Mutex
	made   []compliance.Decision
}

func newShop(tb testing.TB, opts ...compliance.Option) *shop {
	tb.Helper()
	s := &shop{stores: compliance.MemoryStores(), clock: compliancetest.NewClock(noon)}
	opts = append([]compliance.Option{compliance.WithPrepared(ready()), compliance.WithClock(s.clock.Now),
		compliance.OnDecision(func(_ context.Context, d *compliance.Decision) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.made = append(s.made, *d)
		})}, opts...)
	var err error
	s.Sender, err = compliance.New(compliance.Config{Stores: s.stores, Key: make([]byte, 32), Business: compliance.Business{
		Name: "Example Shop", Country: "GB", Surface: compliance.Platform,
		Numbers:       []compliance.Number{{ID: line.Number, Phone: "+12025550199", Account: line.Account}},
		Contacts:      compliance.Contacts{Support: "help desk", Email: "help@example.com"},
		PrivacyPolicy: "https://shop.example.com/privacy",
		Escalation:    []compliance.Escalation{compliance.HumanAgent},
	}}, opts...)
	require.NoError(tb, err)
	ctx := context.Background()
	for i, who := range []party.Party{asha, clara} {
		require.NoError(tb, s.Ledger().Grant(ctx, optin.Grant{ID: "form-" + string(rune('a'+i)), Party: who, At: noon.Add(-2 * time.Hour),
			Purposes: []optin.Purpose{optin.Marketing, optin.Utility},
			Evidence: optin.Evidence{Source: optin.WebForm, Wording: "Example Shop may write to me on WhatsApp.", BusinessName: "Example Shop", Locale: "en-GB", Version: "4"}}))
	}
	_, err = s.Ledger().Revoke(ctx, optin.Revoke{ID: "stop-1", Party: clara, At: noon.Add(-time.Hour), Channel: optin.Email})
	require.NoError(tb, err)
	_, err = s.Inbox().ReceiveAt(ctx, noon.Add(-time.Hour), compliance.Wrote{ID: "wamid.in1", Line: line, From: asha, At: noon.Add(-time.Hour), Type: "text", Text: "Is my order on its way?"})
	require.NoError(tb, err)
	d, err := template.ParseDefinition([]byte(`{"id":"1","name":"order_shipped","language":"en","status":"APPROVED","category":"UTILITY",
		"components":[{"type":"BODY","text":"Hi {{1}}, your order {{2}} left our warehouse today.","example":{"body_text":[["Asha","#1"]]}}]}`))
	require.NoError(tb, err)
	d.Ref.Account = line.Account
	require.NoError(tb, s.Inbox().Templates(ctx, noon.Add(-time.Hour), d))
	return s
}

func (s *shop) decisions() []compliance.Decision {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]compliance.Decision(nil), s.made...)
}

// A network stands in for what is below the guard: it keeps what reaches it and
// answers in the shape of the Cloud API.
type network struct {
	mu     sync.Mutex
	got    []sent
	status int
	body   string
	err    error
}

type sent struct {
	req  *http.Request
	body string
}

func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		_ = req.Body.Close()
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.got = append(n.got, sent{req, string(body)})
	if n.err != nil {
		return nil, n.err
	}
	status, answer := n.status, n.body
	if status == 0 {
		status = http.StatusOK
	}
	if answer == "" {
		answer = `{"messaging_product":"whatsapp","contacts":[{"input":"+447700900123","wa_id":"447700900123"}],"messages":[{"id":"wamid.out1"}]}`
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: req}, nil
}

func (n *network) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.got)
}

func newGuard(tb testing.TB, s *shop, n http.RoundTripper, opts ...httpguard.Option) *httpguard.Guard {
	tb.Helper()
	g, err := httpguard.New(s.Sender, append([]httpguard.Option{httpguard.Over(n)}, opts...)...)
	require.NoError(tb, err)
	return g
}

const messages = "https://graph.facebook.com/v25.0/200300400500600/messages"

// text is a free-form message of the Cloud API.
func text(to party.Party, words string) string {
	return `{"messaging_product":"whatsapp","to":"` + to.Phone + `","type":"text","text":{"body":"` + words + `"}}`
}

// A tracked body tells whether it was closed, and how much was read of it.
type tracked struct {
	io.Reader
	mu     sync.Mutex
	read   int
	closed bool
}

func (b *tracked) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.read += n
	return n, err
}

func (b *tracked) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return nil
}

func (b *tracked) state() (read int, closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.read, b.closed
}

func post(tb testing.TB, address, body string) *http.Request {
	tb.Helper()
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	require.NoError(tb, err)
	req.Header.Set("Content-Type", "application/json")
	return req
}

func form(tb testing.TB, address string, values url.Values) *http.Request {
	tb.Helper()
	req := post(tb, address, values.Encode())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

func twilio(to party.Party, words string) url.Values {
	return url.Values{"To": {"whatsapp:" + to.Phone}, "From": {"whatsapp:+12025550199"}, "Body": {words}}
}

const twilioURL = "https://api.twilio.com/2010-04-01/Accounts/ACmade0up/Messages.json"
