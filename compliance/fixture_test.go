package compliance_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

var (
	line = party.Line{Account: "A1", Number: "N1"}
	asha = party.Party{Phone: "+447700900123"}
	ben  = party.Party{Phone: "+447700900456"}
)

func business() compliance.Business {
	return compliance.Business{
		Name: "Example Shop", Country: "GB", Surface: compliance.Platform,
		Numbers:       []compliance.Number{{ID: "N1", Phone: "+442079460000", Account: "A1"}},
		Contacts:      compliance.Contacts{Support: "help desk", Email: "help@example.com"},
		PrivacyPolicy: "https://shop.example.com/privacy",
		Escalation:    []compliance.Escalation{compliance.HumanAgent},
	}
}

// ready is the built-in book, made ready once: the tests make many Senders.
var ready = sync.OnceValue(func() *compliance.Prepared {
	p, err := compliance.Prepare(nil)
	if err != nil {
		panic(err)
	}
	return p
})

func book() *policy.Book { return ready().Book() }

// shop is a Sender over memory stores with a clock that stands at noon, one
// person who agreed to each thing apart, and two templates.
type shop struct {
	*compliance.Sender
	stores compliance.Stores
	clock  *compliancetest.Clock
}

func newShop(tb testing.TB, change func(*compliance.Stores), opts ...compliance.Option) *shop {
	tb.Helper()
	s := &shop{stores: compliance.MemoryStores(), clock: compliancetest.NewClock(noon)}
	opts = append([]compliance.Option{compliance.WithPrepared(ready()), compliance.WithClock(s.clock.Now)}, opts...)
	seed, err := compliance.New(compliance.Config{Business: business(), Stores: s.stores, Key: make([]byte, 32)}, opts...)
	require.NoError(tb, err)
	ctx := context.Background()
	for _, p := range []optin.Purpose{optin.Marketing, optin.Utility, optin.Calls} {
		require.NoError(tb, seed.Ledger().Grant(ctx, optin.Grant{ID: "form-" + string(p), Party: asha, At: noon.Add(-time.Hour),
			Purposes: []optin.Purpose{p}, Evidence: evidence()}))
	}
	require.NoError(tb, seed.Inbox().Templates(ctx, noon.Add(-time.Hour), definition(tb, "sale", "MARKETING", "Hi {{1}}, all coats are 20% off this week."),
		definition(tb, "shipped", "UTILITY", "Your order {{1}} left our warehouse today.")))
	if change == nil {
		s.Sender = seed
		return s
	}
	changed := s.stores
	change(&changed)
	s.Sender, err = compliance.New(compliance.Config{Business: business(), Stores: changed, Key: make([]byte, 32)}, opts...)
	require.NoError(tb, err)
	return s
}

func evidence() optin.Evidence {
	return optin.Evidence{Source: optin.WebForm, Wording: "Example Shop may write to me on WhatsApp.", BusinessName: "Example Shop", Locale: "en-GB", Version: "4"}
}

func definition(tb testing.TB, name, category, body string) template.Definition {
	tb.Helper()
	d, err := template.ParseDefinition([]byte(`{"id":"` + name + `","name":"` + name + `","language":"en","status":"APPROVED","category":"` + category +
		`","components":[{"type":"BODY","text":"` + body + `","example":{"body_text":[["x"]]}}]}`))
	require.NoError(tb, err)
	d.Ref.Account = "A1"
	return d
}

func filled(name, value string) template.Filled {
	return template.Filled{Name: name, Language: "en", Parts: []template.Part{{Type: "body", Index: -1, Values: []template.Value{{Type: "text", Text: value}}}}}
}

func offer(to party.Party) compliance.Message {
	return compliance.Message{Kind: compliance.Template, Type: "template", From: line, To: to, Template: filled("sale", "Asha")}
}

func notice(to party.Party) compliance.Message {
	return compliance.Message{Kind: compliance.Template, Type: "template", From: line, To: to, Template: filled("shipped", "8812")}
}

func reply(to party.Party, words string) compliance.Message {
	return compliance.Message{Kind: compliance.Freeform, Type: "text", From: line, To: to, Texts: []compliance.Text{{Place: "text.body", Words: words}}}
}

// writes lets a customer write, at the time the clock shows.
func (s *shop) writes(tb testing.TB, id string, who party.Party, words string) compliance.Learned {
	tb.Helper()
	l, err := s.Inbox().Receive(context.Background(), compliance.Wrote{ID: id, Line: line, From: who, At: s.clock.Now(), Type: "text", Text: words})
	require.NoError(tb, err)
	return l
}
