// Command templates keeps a catalog in step with Meta for a few weeks of a shop's
// life: a listing of the Graph API, a template submitted, webhooks that pause one,
// move another to marketing and reword a third, an edit in WhatsApp Manager that
// nobody told, and what there is to know after each.
//
//	Graph API ──graph.Sync──▶ ┐
//	webhooks ──webhook────▶ Inbox ──▶ Catalog, Acts, Outcomes ──▶ Check, Advice, Confusion
//	the app  ──Submitted──▶ ┘
//
// The API and the webhooks are this program's own: nothing leaves it.
package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/webhook"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/template/graph"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "templates:", err)
		os.Exit(1)
	}
}

const (
	account = "100200300400500"
	secret  = "the app's secret"
)

var (
	asha = party.Party{Phone: "+447700900123"}
	line = party.Line{Account: account, Number: "200300400500600"}
)

func day(d, hour int) time.Time { return time.Date(2026, time.November, d, hour, 0, 0, 0, time.UTC) }

// shop is a Sender with a clock the example moves, and Meta's side of it.
type shop struct {
	out    io.Writer
	now    time.Time
	guard  *compliance.Sender
	stores compliance.Stores
	hook   http.Handler
	meta   *meta
	client *graph.Client
}

// meta is the Graph API as far as this example asks it: pages of templates.
type meta struct{ pages []string }

func (m *meta) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := 0
	fmt.Sscan(r.URL.Query().Get("after"), &n)
	paging := "{}"
	if n+1 < len(m.pages) {
		paging = fmt.Sprintf(`{"cursors":{"after":"%d"},"next":"https://graph.facebook.com/"}`, n+1)
	}
	fmt.Fprintf(w, `{"data":[%s],"paging":%s}`, m.pages[n], paging)
}

// What Meta holds on the first day, over two pages.
const (
	shipped = `{"id":"1","name":"order_shipped","language":"en","status":"APPROVED","category":"UTILITY","message_send_ttl_seconds":3600,
		"components":[{"type":"BODY","text":"Your order {{1}} has shipped and arrives on {{2}}.","example":{"body_text":[["A-17","5 May"]]}}]}`
	survey = `{"id":"2","name":"order_survey","language":"en","status":"APPROVED","category":"UTILITY",
		"components":[{"type":"BODY","text":"Order {{1}} was delivered. Did everything arrive as it should?","example":{"body_text":[["A-17"]]}}]}`
	teas = `{"id":"3","name":"autumn_teas","language":"en","status":"APPROVED","category":"MARKETING",
		"components":[{"type":"BODY","text":"Our autumn teas are here, with a tenth off until Sunday."},{"type":"FOOTER","text":"Reply STOP to opt out"}]}`
)

func run(ctx context.Context, out io.Writer) error {
	s := &shop{out: out, now: day(2, 9), stores: compliance.MemoryStores(), meta: &meta{pages: []string{shipped + "," + survey, teas}}}
	var err error
	s.guard, err = compliance.New(compliance.Config{
		Business: compliance.Business{Name: "Example Shop", Country: "GB", Surface: compliance.Platform,
			Numbers:       []compliance.Number{{ID: line.Number, Phone: "+442079460123", Account: account}},
			Contacts:      compliance.Contacts{Support: "help desk", Email: "help@example.com"},
			PrivacyPolicy: "https://shop.example.com/privacy"},
		Stores: s.stores,
	}, compliance.WithClock(func() time.Time { return s.now }))
	if err != nil {
		return err
	}
	err = s.guard.Ledger().Grant(ctx, optin.Grant{ID: "form-1", Party: asha, At: s.now.Add(-time.Hour), Purposes: []optin.Purpose{optin.Utility},
		Evidence: optin.Evidence{Source: optin.WebForm, Wording: "Write to me about my orders on WhatsApp.", BusinessName: "Example Shop", Locale: "en"}})
	if err != nil {
		return err
	}
	s.hook = webhook.Handler(s.guard.Inbox(), webhook.CloudAPI{Secret: []byte(secret), VerifyToken: "token"}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	api := httptest.NewServer(s.meta)
	defer api.Close()
	if s.client, err = graph.New(api.Client(), api.URL, account, "token"); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{s.begins, s.submits, s.pauses, s.moves, s.rewords, s.fetches} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return s.figures(ctx)
}

func (s *shop) head(what string) {
	fmt.Fprintf(s.out, "\n%s  %s\n", s.now.Format(time.DateOnly), what)
}

// sync reads the listing as of now.
func (s *shop) sync(ctx context.Context) error {
	r, err := s.client.Sync(ctx, s.guard.Inbox().Catalog(), s.now)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "  read %d templates on %d pages, %d gone, %d unreadable\n", r.Put, r.Pages, len(r.Gone), len(r.Failed))
	return nil
}

// told brings a webhook in, signed as Meta signs it.
func (s *shop) told(ctx context.Context, field, value string) error {
	body := fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":%q,"time":%d,"changes":[{"field":%q,"value":%s}]}]}`, account, s.now.Unix(), field, value)
	req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/whatsapp", bytes.NewReader(body))
	req.Header.Set("X-Hub-Signature-256", signature(body))
	res := httptest.NewRecorder()
	s.hook.ServeHTTP(res, req)
	if res.Code != http.StatusOK {
		return fmt.Errorf("the webhook was answered %d", res.Code)
	}
	return nil
}

// signature is Meta's over a body.
func signature(body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(body)
	return "sha256=" + hex.EncodeToString(h.Sum(nil))
}

// tries says what would become of a message with a template.
func (s *shop) tries(ctx context.Context, name string, values ...string) {
	f := template.Filled{Name: name, Language: "en"}
	if len(values) > 0 {
		f.Parts = []template.Part{{Type: "body", Index: -1}}
		for _, v := range values {
			f.Parts[0].Values = append(f.Parts[0].Values, template.Value{Type: "text", Text: v})
		}
	}
	d := s.guard.Check(ctx, compliance.Message{Kind: compliance.Template, Type: "template", From: line, To: asha, Template: f})
	fmt.Fprintf(s.out, "  %s to Asha: %s", name, d.Verdict)
	for _, v := range d.Violations {
		if v.Severity != policy.Block {
			continue
		}
		fmt.Fprintf(s.out, ", %s", v.Rule)
		if v.Prevents != "" {
			fmt.Fprintf(s.out, " (Meta: %s)", v.Prevents)
		}
	}
	fmt.Fprintln(s.out)
}

// advises prints what a person should know.
func (s *shop) advises(ctx context.Context) error {
	all, err := s.guard.Advice(ctx, account)
	for _, a := range all {
		name := a.Ref.Name
		if name == "" {
			name = "the account"
		}
		fmt.Fprintf(s.out, "  %s: %s\n", name, a.Why)
	}
	return err
}

func (s *shop) begins(ctx context.Context) error {
	s.head("the listing is read")
	if err := s.sync(ctx); err != nil {
		return err
	}
	s.tries(ctx, "order_shipped", "A-17", "Monday")
	free := compliance.Message{Kind: compliance.Freeform, Type: "text", From: line, To: asha,
		Texts: []compliance.Text{{Place: "text.body", Words: "Your order A-17 has shipped and arrives on Monday."}}}
	d := s.guard.Check(ctx, free)
	fmt.Fprintf(s.out, "  the same words without a template: %s\n  %s\n", d.Verdict, d.Violations[0].Fix)
	return s.advises(ctx)
}

func (s *shop) submits(ctx context.Context) error {
	s.now = day(3, 9)
	s.head("a template is submitted as utility, and Meta answers that it is marketing")
	d := template.NewBuilder(category.Utility, "back_in_stock", "en").
		Body("The tea you looked for, {{1}}, is on our shelves again.", "Darjeeling").Definition()
	d.Ref.Account = account
	problems, err := template.Lint(&d)
	if err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Fprintf(s.out, "  lint: %s[%s] %s\n", p.Severity, p.Rule, p.Why)
	}
	shelf, err := s.guard.Shelf(ctx, account)
	if err != nil {
		return err
	}
	for _, p := range shelf.CheckCreate(1, s.now) {
		fmt.Fprintf(s.out, "  before it: %s\n", p.Why)
	}
	held, err := s.guard.Inbox().Submitted(ctx, s.now, d, []byte(`{"id":"4","status":"APPROVED","category":"MARKETING"}`))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "  the catalog has it as %s, %s\n", held.Category, held.Status)
	return s.advises(ctx)
}

func (s *shop) pauses(ctx context.Context) error {
	s.now = day(5, 10)
	s.head("a webhook: the survey is paused for the first time")
	err := s.told(ctx, "message_template_status_update", `{"event":"PAUSED","reason":"NONE","message_template_id":2,"message_template_name":"order_survey",
		"message_template_language":"en","message_template_category":"UTILITY","other_info":{"title":"FIRST_PAUSE","description":"…"}}`)
	if err != nil {
		return err
	}
	s.tries(ctx, "order_survey", "A-17")
	d, _, err := s.stores.Templates.Find(ctx, template.Ref{Account: account, Name: "order_survey", Language: "en"})
	if err != nil {
		return err
	}
	if at, ok := d.Resumes(); ok {
		fmt.Fprintf(s.out, "  it should come back at %s\n", at.Format(time.TimeOnly))
	}
	s.now = day(5, 13)
	if err := s.told(ctx, "message_template_status_update", `{"event":"APPROVED","reason":"NONE","message_template_id":2,"message_template_name":"order_survey",
		"message_template_language":"en","message_template_category":"UTILITY","other_info":{"title":"UNPAUSE"}}`); err != nil {
		return err
	}
	s.tries(ctx, "order_survey", "A-17")
	return nil
}

func (s *shop) moves(ctx context.Context) error {
	s.now = day(10, 9)
	s.head("a webhook: the shipping notice is marketing from now on")
	if err := s.told(ctx, "template_category_update", `{"message_template_id":1,"message_template_name":"order_shipped","message_template_language":"en-US",
		"previous_category":"UTILITY","new_category":"MARKETING"}`); err != nil {
		return err
	}
	s.tries(ctx, "order_shipped", "A-17", "Monday")
	return s.advises(ctx)
}

func (s *shop) rewords(ctx context.Context) error {
	s.now = day(12, 9)
	s.head("a webhook: somebody changed the survey in WhatsApp Manager")
	if err := s.told(ctx, "message_template_components_update", `{"message_template_id":2,"message_template_name":"order_survey","message_template_language":"en",
		"message_template_element":"Order {{1}} was delivered to {{2}}. Did everything arrive as it should?"}`); err != nil {
		return err
	}
	s.tries(ctx, "order_survey", "A-17")
	s.tries(ctx, "order_survey", "A-17", "your door")
	return nil
}

func (s *shop) fetches(ctx context.Context) error {
	s.now = day(13, 9)
	s.head("the listing is read again: the teas were deleted elsewhere")
	s.meta.pages = []string{
		shippedAs("MARKETING") + `,{"id":"2","name":"order_survey","language":"en","status":"APPROVED","category":"UTILITY","components":[{"type":"BODY",
			"text":"Order {{1}} was delivered to {{2}}. Did everything arrive as it should?","example":{"body_text":[["A-17","your door"]]}}]}`,
		`{"id":"4","name":"back_in_stock","language":"en","status":"APPROVED","category":"MARKETING","components":[{"type":"BODY",
			"text":"The tea you looked for, {{1}}, is back on our shelves.","example":{"body_text":[["Darjeeling"]]}}]}`}
	if err := s.sync(ctx); err != nil {
		return err
	}
	return s.advises(ctx)
}

// shippedAs is the shipping notice after its category changed: its time-to-live went
// with it.
func shippedAs(category string) string {
	var m map[string]any
	_ = json.Unmarshal([]byte(shipped), &m) // it stands above
	m["category"] = category
	delete(m, "message_send_ttl_seconds")
	b, _ := json.Marshal(m)
	return string(b)
}

func (s *shop) figures(ctx context.Context) error {
	s.head("what Meta decided, beside what the words look like")
	var c category.Confusion
	if err := c.AddLatest(s.stores.Outcomes.Outcomes(ctx, account)); err != nil {
		return err
	}
	_, err := fmt.Fprint(s.out, c.String())
	return err
}
