// Package shop is the business that the client examples share: a Sender over
// stores in memory, somebody who agreed and wrote an hour ago, somebody who
// agreed and has stopped since, and somebody nobody knows.
package shop

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
)

// Line is the business number the examples send from, which the providers that
// do not know its id call by Number.
var Line = party.Line{Account: "100200300400500", Number: "200300400500600"}

// Number is its phone number.
const Number = "+12025550199"

// People of the examples.
const (
	Asha     = "+447700900123" // agreed to notices and offers, and wrote an hour ago
	Clara    = "+447700900789" // agreed, and has stopped
	Stranger = "+447700900456" // nobody knows them
)

// Now is when the examples happen.
var Now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// A Shop is a Sender that counts its Decisions.
type Shop struct {
	*compliance.Sender

	mu        sync.Mutex
	decisions []compliance.Decision
}

// prepared is the rule book made ready, once for all shops of a process.
var prepared = sync.OnceValues(func() (*compliance.Prepared, error) { return compliance.Prepare(nil) })

// Open makes a Shop with its people and its template.
func Open() (*Shop, error) {
	ready, err := prepared()
	if err != nil {
		return nil, err
	}
	s := &Shop{}
	s.Sender, err = compliance.New(compliance.Config{
		Stores: compliance.MemoryStores(),
		Business: compliance.Business{
			Name: "Example Shop", Country: "GB", Surface: compliance.Platform,
			Numbers:       []compliance.Number{{ID: Line.Number, Phone: Number, Account: Line.Account}},
			Contacts:      compliance.Contacts{Support: "help desk", Email: "help@example.com"},
			PrivacyPolicy: "https://shop.example.com/privacy",
			Escalation:    []compliance.Escalation{compliance.HumanAgent},
		},
	}, compliance.WithPrepared(ready), compliance.WithClock(func() time.Time { return Now }), compliance.OnDecision(s.note))
	if err != nil {
		return nil, err
	}
	return s, s.people(context.Background())
}

func (s *Shop) note(_ context.Context, d *compliance.Decision) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.decisions = append(s.decisions, *d)
}

// Decisions are those made so far.
func (s *Shop) Decisions() []compliance.Decision {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]compliance.Decision(nil), s.decisions...)
}

func (s *Shop) people(ctx context.Context) error {
	for i, phone := range []string{Asha, Clara} {
		err := s.Ledger().Grant(ctx, optin.Grant{ID: "form-" + string(rune('1'+i)), Party: party.Party{Phone: phone}, At: Now.Add(-48 * time.Hour),
			Purposes: []optin.Purpose{optin.Utility, optin.Marketing},
			Evidence: optin.Evidence{Source: optin.WebForm, BusinessName: "Example Shop", Locale: "en-GB", Version: "v4",
				Wording: "Yes, Example Shop may send me notices and offers on WhatsApp."}})
		if err != nil {
			return err
		}
	}
	_, err := s.Ledger().Revoke(ctx, optin.Revoke{ID: "mail-1", Party: party.Party{Phone: Clara}, At: Now.Add(-24 * time.Hour), Channel: optin.Email})
	if err != nil {
		return err
	}
	wrote := Now.Add(-time.Hour)
	_, err = s.Inbox().ReceiveAt(ctx, wrote, compliance.Wrote{ID: "wamid.in1", Line: Line, From: party.Party{Phone: Asha}, At: wrote, Type: "text", Text: "Is my order on its way?"})
	if err != nil {
		return err
	}
	d, err := template.ParseDefinition([]byte(`{"id":"1","name":"order_shipped","language":"en","status":"APPROVED","category":"UTILITY",
		"components":[{"type":"BODY","text":"Hi {{1}}, your order {{2}} left our warehouse today.","example":{"body_text":[["Asha","#1"]]}}]}`))
	if err != nil {
		return err
	}
	d.Ref.Account = Line.Account
	return s.Inbox().Templates(ctx, Now.Add(-72*time.Hour), d)
}

// Reroute is a RoundTripper that sends every request to another server, for
// clients that cannot be told where their API is. It stands below a guard,
// which sees the address the client wrote.
type Reroute struct {
	To   string // base of the server
	Base http.RoundTripper
}

// RoundTrip sends a copy of the request to the other server.
func (r Reroute) RoundTrip(req *http.Request) (*http.Response, error) {
	to, err := url.Parse(r.To)
	if err != nil {
		return nil, err
	}
	out := req.Clone(req.Context())
	out.URL.Scheme, out.URL.Host, out.Host = to.Scheme, to.Host, ""
	base := r.Base
	if base == nil {
		base = http.DefaultTransport
	}
	return base.RoundTrip(out)
}
