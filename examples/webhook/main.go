// Command webhook is a server that takes WhatsApp's webhooks and keeps what they
// teach in one SQLite file: stops, windows, links, templates, restrictions, and
// what became of messages.
//
//	Meta   ──POST /whatsapp──▶ signature ─▶ events ─▶ Inbox ─▶ the app's own handler ─▶ 200
//	Twilio ──POST /twilio────▶     "           "        "              "
//	app    ──GET  /may?phone=+44…──▶ may this person be written to now, and why not
//
// Secrets come from the environment, several of Meta's while the app secret is
// being changed:
//
//	WAGUARD_APP_SECRETS=new,old WAGUARD_VERIFY_TOKEN=… WAGUARD_TWILIO_TOKEN=… WAGUARD_TWILIO_URL=https://… go run ./examples/webhook -db consent.db
//
// Without an app secret it makes one up and prints a signed request to try.
package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/outcome"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/compliance/webhook"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "`address` to listen on")
	file := flag.String("db", "", "SQLite `file` to keep (default: one in a temporary folder, removed at the end)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *addr, *file, os.Stdout, nil); err != nil {
		fmt.Fprintln(os.Stderr, "webhook:", err)
		os.Exit(1)
	}
}

const number = "200300400500600"

// keys are the secrets of the providers.
type keys struct {
	app       [][]byte
	verify    string
	twilio    []byte
	twilioURL string
	made      bool // no secret was given: made up for this run
}

func fromEnvironment() keys {
	k := keys{verify: os.Getenv("WAGUARD_VERIFY_TOKEN"), twilio: []byte(os.Getenv("WAGUARD_TWILIO_TOKEN")), twilioURL: os.Getenv("WAGUARD_TWILIO_URL")}
	for _, s := range strings.Split(os.Getenv("WAGUARD_APP_SECRETS"), ",") {
		if s != "" {
			k.app = append(k.app, []byte(s))
		}
	}
	if len(k.app) == 0 {
		k.app, k.made = [][]byte{[]byte(rand.Text())}, true
	}
	return k
}

// serve runs the server until ctx ends. ready, if any, is told the address.
func serve(ctx context.Context, addr, file string, out io.Writer, ready func(net.Addr)) error {
	if file == "" {
		dir, err := os.MkdirTemp("", "waguard-webhook-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		file = filepath.Join(dir, "consent.db")
	}
	db, err := sqlite.Open(file)
	if err != nil {
		return err
	}
	defer db.Close()
	guard, err := compliance.New(compliance.Config{Stores: db.Stores(), Business: compliance.Business{
		Name: "Example Shop", Country: "GB", Surface: compliance.Platform,
		Numbers:  []compliance.Number{{ID: number, Phone: "+12025550199", Account: "100200300400500"}},
		Contacts: compliance.Contacts{Email: "help@example.com"}, PrivacyPolicy: "https://example.com/privacy",
	}})
	if err != nil {
		return err
	}
	secrets := fromEnvironment()
	app := newApp(guard, log.New(out, "", 0))
	defer app.close()

	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: routes(guard, secrets, app), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second}
	fmt.Fprintf(out, "listening on http://%s\n", listener.Addr())
	if secrets.made {
		fmt.Fprintf(out, "no WAGUARD_APP_SECRETS: this made-up request is signed with a secret of this run\n\n%s\n\n", tryIt(listener.Addr(), secrets.app[0], time.Now()))
	}
	if ready != nil {
		ready(listener.Addr())
	}
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(end) // what is under way ends; what is not comes again
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func routes(guard *compliance.Sender, k keys, app *app) http.Handler {
	refused := webhook.OnRefused(func(r *http.Request, status int, err error) {
		app.log.Printf("refused %s: %d: %v", r.URL.Path, status, err)
	})
	mux := http.NewServeMux()
	mux.Handle("/whatsapp", webhook.Handler(guard.Inbox(),
		webhook.CloudAPI{Secrets: k.app, VerifyToken: k.verify}, http.HandlerFunc(app.heard), refused))
	if len(k.twilio) > 0 {
		mux.Handle("/twilio", webhook.HandlerOf(guard.Inbox(), &webhook.Twilio{Token: k.twilio, URL: k.twilioURL}, http.HandlerFunc(app.heard), refused))
	}
	mux.HandleFunc("GET /may", app.may)
	return mux
}

// An app is what stands behind the door: here it writes down what it hears, and
// answers whether a person may be written to.
type app struct {
	guard *compliance.Sender
	log   *log.Logger
	work  chan compliance.Learned
	done  chan struct{}
}

func newApp(guard *compliance.Sender, l *log.Logger) *app {
	a := &app{guard: guard, log: l, work: make(chan compliance.Learned, 1024), done: make(chan struct{})}
	go func() {
		defer close(a.done)
		for l := range a.work {
			a.act(l)
		}
	}()
	return a
}

func (a *app) close() {
	close(a.work)
	<-a.done
}

// heard is the app's own handler, behind the door: what the webhook taught is in
// the stores already. It answers at once and leaves the work to somebody else.
func (a *app) heard(w http.ResponseWriter, r *http.Request) {
	if learned, ok := webhook.LearnedFrom(r.Context()); ok {
		select {
		case a.work <- learned:
		default:
			a.log.Print("too much to do: this one is in the stores, and nobody acts on it")
		}
	}
	w.WriteHeader(http.StatusOK)
}

// act is what an app does with what it hears. Ids name messages; words, numbers
// and names stay out of the log.
func (a *app) act(l compliance.Learned) {
	for _, s := range l.Stops {
		a.log.Printf("stop recorded (%s): %s; %d sends are under way", s.Scope, s.Message, len(s.InFlight))
	}
	for _, ask := range l.Asks {
		a.log.Printf("may be a stop, somebody should ask: %s", ask.Message)
	}
	for _, u := range l.Unreadable {
		a.log.Printf("could not read %s: %v", u.Where, u.Err)
	}
	for _, f := range l.Failed {
		switch o := f.Outcome; o.Class {
		case outcome.RetryAfter:
			a.log.Printf("failed (%d): %s may go again after %s", o.Code, f.Message, o.Wait(1))
		case outcome.CoolDown:
			a.log.Printf("failed (%d): %s: leave this %s out for %s", o.Code, f.Message, o.Of, o.Wait(1))
		default:
			a.log.Printf("failed (%d): %s: %s: %s", o.Code, f.Message, o.Class, o.Do)
		}
	}
}

// may says whether a reply could leave to a phone number now.
func (a *app) may(w http.ResponseWriter, r *http.Request) {
	phone, err := party.ParsePhone(r.URL.Query().Get("phone"))
	if err != nil {
		http.Error(w, "phone: "+err.Error(), http.StatusBadRequest)
		return
	}
	type answer struct {
		Verdict compliance.Verdict `json:"verdict"`
		Rules   []policy.ID        `json:"rules"`
	}
	ask := func(m compliance.Message) answer {
		m.From, m.To, m.Type = party.Line{Number: number}, party.Party{Phone: phone}, "text"
		d := a.guard.Check(r.Context(), m)
		out := answer{d.Verdict, []policy.ID{}}
		for _, v := range d.Violations {
			if v.Severity == policy.Block {
				out.Rules = append(out.Rules, v.Rule)
			}
		}
		return out
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]answer{
		"reply": ask(compliance.Message{Kind: compliance.Freeform, Texts: []compliance.Text{{Place: "text.body", Words: "Thanks for writing!"}}}),
	})
}

// tryIt is a command line that sends a signed webhook.
func tryIt(to net.Addr, secret []byte, now time.Time) string {
	body := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"100200300400500","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"%s"},`+
		`"messages":[{"from":"447700900123","id":"wamid.made-up-%d","timestamp":"%d","type":"text","text":{"body":"Do you open on Sunday?"}}]}}]}]}`, number, now.Unix(), now.Unix())
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(body))
	return fmt.Sprintf("curl -i http://%s/whatsapp -H '%s: sha256=%s' -d '%s'\ncurl 'http://%s/may?phone=%%2B447700900123'",
		to, webhook.SignatureHeader, hex.EncodeToString(h.Sum(nil)), body, to)
}
