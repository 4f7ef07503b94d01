// Command quickstart wraps a real WhatsApp client and shows what leaves and
// what is held, with the rule, the reason and the fix.
//
// The client is github.com/piusalfred/whatsapp, pointed at a server on this
// machine that answers in the shape of the Cloud API, so nothing leaves it.
// Consent, windows and the journal are kept in one SQLite file.
package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/piusalfred/whatsapp/config"
	"github.com/piusalfred/whatsapp/message"
	whttp "github.com/piusalfred/whatsapp/pkg/http"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/compliance/webhook"
	"github.com/waguard/waguard/compliance/wire"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
)

func main() {
	file := flag.String("db", "", "SQLite `file` to keep (default: one in a temporary folder, removed at the end)")
	flag.Parse()
	if err := start(*file); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func start(file string) error {
	if file == "" {
		dir, err := os.MkdirTemp("", "waguard-quickstart-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		file = filepath.Join(dir, "consent.db")
	}
	return run(context.Background(), os.Stdout, file, time.Now())
}

const (
	account   = "100200300400500"
	number    = "200300400500600"
	secret    = "quickstart-app-secret"
	agreed    = "+447700900123" // opted in on a web form
	stranger  = "+447700900456" // never did
	firstName = "Asha"
)

// shop is the example's own service: a client, its guarded form, and a clock
// that the example can move.
type shop struct {
	out    io.Writer
	now    time.Time
	guard  *compliance.Sender
	send   func(context.Context, *message.Message) (*message.Response, error)
	hook   http.Handler
	wamids int
	step   int
}

func run(ctx context.Context, out io.Writer, file string, start time.Time) error {
	db, err := sqlite.Open(file)
	if err != nil {
		return err
	}
	defer db.Close()
	var requests atomic.Int64
	api := cloudAPI(&requests)
	defer api.Close()

	s := &shop{out: out, now: start.UTC().Truncate(time.Second)}
	if err := s.build(ctx, db.Stores(), api.URL); err != nil {
		return err
	}
	if err := s.day(ctx); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%d messages reached the Cloud API.\n", requests.Load())
	return s.audit(ctx, db.Stores().Journal)
}

// build is all the set-up an app needs: a client, a profile, a Sender, a wrap
// and a webhook handler.
func (s *shop) build(ctx context.Context, stores compliance.Stores, url string) error {
	client, err := message.NewBaseClient(whttp.NewSender[message.Message](), config.ReaderFunc(func(context.Context) (*config.Config, error) {
		return &config.Config{BaseURL: url, APIVersion: "v25.0", AccessToken: "none needed here", PhoneNumberID: number}, nil
	}))
	if err != nil {
		return err
	}

	s.guard, err = compliance.New(compliance.Config{
		Business: compliance.Business{
			Name: "Example Shop", Country: "GB", Surface: compliance.Platform,
			Numbers:       []compliance.Number{{ID: number, Phone: "+12025550199", Account: account}},
			Contacts:      compliance.Contacts{Support: "help desk", Email: "help@example.com", Website: "https://shop.example.com"},
			PrivacyPolicy: "https://shop.example.com/privacy",
			Escalation:    []compliance.Escalation{compliance.HumanAgent},
		},
		Stores: stores,
	}, compliance.WithClock(func() time.Time { return s.now }))
	if err != nil {
		return err
	}
	line := party.Line{Account: account, Number: number}
	s.send = compliance.Wrap(s.guard, wire.Describe[*message.Message](line), client.SendMessage, wire.Ack[*message.Response])
	s.hook = webhook.Handler(s.guard.Inbox(), webhook.CloudAPI{Secret: []byte(secret), VerifyToken: "quickstart"}, nil)

	sale, err := template.ParseDefinition([]byte(`{"id":"1","name":"spring_sale","language":"en","status":"APPROVED","category":"MARKETING",
		"components":[{"type":"BODY","text":"Hi {{1}}, our spring collection is here and everything is 20% off until Sunday.",
		"example":{"body_text":[["Asha"]]}},{"type":"FOOTER","text":"Reply STOP to opt out"}]}`))
	if err != nil {
		return err
	}
	sale.Ref.Account = account
	return s.guard.Inbox().Templates(ctx, s.now, sale)
}

// day is what happens, one readable line a step.
func (s *shop) day(ctx context.Context) error {
	who, err := party.New(agreed, "", "")
	if err != nil {
		return err
	}
	err = s.guard.Ledger().Grant(ctx, optin.Grant{
		ID: "form-8812", Party: who, Purposes: []optin.Purpose{optin.Marketing}, At: s.now,
		Evidence: optin.Evidence{Source: optin.WebForm, BusinessName: "Example Shop", Locale: "en-GB", Version: "v4",
			Wording: "Yes, Example Shop may send me offers on WhatsApp.", Proof: "forms/8812"},
	})
	if err != nil {
		return err
	}
	s.say("opt-in recorded", "a web form, wording v4, for marketing")

	steps := []func() error{
		func() error { return s.try(ctx, "offer to somebody who agreed", sale(agreed)) },
		func() error { return s.try(ctx, "offer to somebody who did not", sale(stranger)) },
		func() error {
			return s.try(ctx, "free-form message, no window open", text(agreed, "How did you like the coat?"))
		},
		func() error { return s.receive(ctx, "Hi, do you have the coat in blue?") },
		func() error {
			return s.try(ctx, "reply inside the window", text(agreed, "Yes, in blue and in green. Shall we keep one for you?"))
		},
		func() error {
			return s.try(ctx, "reply with a card number in it", text(agreed, "Thanks, we charged your card 4111 1111 1111 1111."))
		},
		func() error { s.wait(25 * time.Hour); return nil },
		func() error {
			return s.try(ctx, "reply after the window closed", text(agreed, "Still interested in the coat?"))
		},
		func() error { return s.receive(ctx, "STOP") },
		func() error { return s.try(ctx, "offer after the stop", sale(agreed)) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func text(to, words string) *message.Message {
	m, _ := message.New(to, message.WithTextMessage(&message.Text{Body: words}))
	return m
}

func sale(to string) *message.Message {
	m, _ := message.New(to, message.WithTemplateMessage(&message.Template{
		Name: "spring_sale", Language: &message.TemplateLanguage{Code: "en", Policy: "deterministic"},
		Components: []*message.TemplateComponent{{Type: message.TemplateComponentTypeBody,
			Parameters: []*message.TemplateParameter{{Type: message.TemplateParameterTypeText, Text: firstName}}}},
	}))
	return m
}

// try sends through the guarded client and tells what came of it.
func (s *shop) try(ctx context.Context, what string, m *message.Message) error {
	res, err := s.send(ctx, m)
	var refused *compliance.Refusal
	switch {
	case errors.As(err, &refused):
		d := refused.Decisions[0]
		for _, v := range d.Violations {
			if v.Severity == policy.Block {
				s.say(what, "held", string(v.Rule), v.Why, "fix: "+v.Fix)
			}
		}
		for _, u := range d.Unknowns {
			s.say(what, "held", u.What+" unknown", u.Cause)
		}
		return nil
	case err != nil:
		return err
	}
	s.say(what, "sent", res.Messages[0].ID)
	return nil
}

// receive delivers a signed webhook, as the platform would.
func (s *shop) receive(ctx context.Context, words string) error {
	s.wamids++
	s.wait(time.Minute)
	digits := strings.TrimPrefix(agreed, "+")
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{"id": account,
		"changes": []any{map[string]any{"field": "messages", "value": map[string]any{"messaging_product": "whatsapp",
			"metadata": map[string]any{"display_phone_number": "12025550199", "phone_number_id": number},
			"contacts": []any{map[string]any{"wa_id": digits, "profile": map[string]any{"name": firstName}}},
			"messages": []any{map[string]any{"from": digits, "id": "wamid.in" + strconv.Itoa(s.wamids),
				"timestamp": strconv.FormatInt(s.now.Unix(), 10), "type": "text", "text": map[string]any{"body": words}}}}}}}}})
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/whatsapp", bytes.NewReader(body))
	req.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	rec := httptest.NewRecorder()
	s.hook.ServeHTTP(rec, req)
	if rec.Code != http.StatusOK {
		return fmt.Errorf("webhook answered %d: %s", rec.Code, rec.Body)
	}
	s.say("webhook: the customer wrote", strconv.Quote(words))
	return nil
}

func (s *shop) wait(d time.Duration) {
	s.now = s.now.Add(d)
	if d > time.Hour {
		s.say("time passes", d.String())
	}
}

func (s *shop) say(what string, parts ...string) {
	s.step++
	fmt.Fprintf(s.out, "%2d. %-35s %s\n", s.step, what, strings.Join(parts, " | "))
}

// audit lists the journal and verifies its chain.
func (s *shop) audit(ctx context.Context, j journal.Journal) error {
	fmt.Fprintln(s.out, "\nJournal:")
	for l, err := range j.Links(ctx) {
		if err != nil {
			return err
		}
		var d struct {
			Verdict string `json:"verdict"`
			Outcome string `json:"outcome"`
			Kind    string `json:"kind"`
		}
		if err := json.Unmarshal(l.Body, &d); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "  %3d  %s  %-9s %-10s %s…\n", l.Seq, l.At.UTC().Format(time.RFC3339), l.Kind, d.Verdict+d.Outcome+d.Kind, l.Hash[:12])
	}
	sum, err := journal.Verify(j.Links(ctx))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Chain verified: %d entries.\n", sum.Links)
	return nil
}

// cloudAPI is a server on this machine that answers as the Cloud API does.
func cloudAPI(requests *atomic.Int64) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			To string `json:"to"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.URL.Path != "/v25.0/"+number+"/messages" {
			http.Error(w, `{"error":{"message":"bad request","type":"OAuthException","code":100}}`, http.StatusBadRequest)
			return
		}
		n := requests.Add(1)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"messaging_product":"whatsapp","contacts":[{"input":%q,"wa_id":%q}],"messages":[{"id":"wamid.out%d"}]}`,
			body.To, strings.TrimPrefix(body.To, "+"), n)
	}))
}
