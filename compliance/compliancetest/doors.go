package compliancetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/httpguard"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/replay"
	"github.com/waguard/waguard/compliance/wire"
	"github.com/waguard/waguard/template"
)

// A Letter is what is about to be sent, as the bytes a client would write to
// the Cloud API.
type Letter struct {
	Body     []byte
	Line     party.Line
	Endpoint string // messages, marketing_messages or calls
	Origin   compliance.Origin
	Media    []template.Media // what the app knows of its files
}

// told is what neither bytes nor address say.
func (l Letter) told() []wire.Option {
	return []wire.Option{wire.WithOrigin(l.Origin), wire.WithMedia(l.Media...)}
}

// Options say of the message what its bytes do not.
func (l Letter) Options() []wire.Option {
	opts := l.told()
	if l.Endpoint == "marketing_messages" {
		opts = append(opts, wire.WithEndpoint(l.Endpoint))
	}
	return opts
}

// Decode is the decoder for where it goes.
func (l Letter) Decode() wire.Decoder {
	if l.Endpoint == "calls" {
		return wire.CloudAPICall
	}
	return wire.CloudAPI
}

// A Door is a way for a message to reach a Sender. It hands the letter in and
// returns what the app would get: nil when it was sent.
type Door func(ctx context.Context, s *compliance.Sender, l Letter) error

// ByDo decodes the letter and calls [compliance.Sender.DoAll].
func ByDo(ctx context.Context, s *compliance.Sender, l Letter) error {
	ms, err := l.Decode()(l.Body, l.Line, l.Options()...)
	var unread *wire.Error
	if errors.As(err, &unread) {
		ms = []compliance.Message{{From: l.Line, Malformed: unread.Cause()}}
	} else if err != nil {
		return err
	}
	_, err = s.DoAll(ctx, ms, func(context.Context) (compliance.Ack, error) { return compliance.Ack{}, nil })
	return err
}

// ByWrap wraps a client whose requests are the bytes themselves.
func ByWrap(ctx context.Context, s *compliance.Sender, l Letter) error {
	send := compliance.Wrap(s, wire.DescribeAs[json.RawMessage](l.Decode(), l.Line, l.Options()...),
		func(context.Context, json.RawMessage) (string, error) { return "{}", nil }, wire.Ack[string])
	_, err := send(ctx, l.Body)
	return err
}

// ByGuard posts the letter through an [httpguard.Guard].
func ByGuard(ctx context.Context, s *compliance.Sender, l Letter) error {
	g, err := httpguard.New(s, httpguard.Over(answering(`{}`)),
		httpguard.At(httpguard.Endpoint{Provider: wire.Meta(), Line: httpguard.From(l.Line), Opts: l.told()}))
	if err != nil {
		return err
	}
	return post(ctx, g, l)
}

// ByWrapAndGuard is both, with the guard asking for the ticket: what is sent
// was judged once.
func ByWrapAndGuard(ctx context.Context, s *compliance.Sender, l Letter) error {
	g, err := httpguard.New(s, httpguard.Over(answering(`{}`)), httpguard.RequireTicket(),
		httpguard.At(httpguard.Endpoint{Provider: wire.Meta(), Line: httpguard.From(l.Line)}))
	if err != nil {
		return err
	}
	send := compliance.Wrap(s, wire.DescribeAs[json.RawMessage](l.Decode(), l.Line, l.Options()...),
		func(ctx context.Context, _ json.RawMessage) (string, error) { return "{}", post(ctx, g, l) }, wire.Ack[string])
	_, err = send(ctx, l.Body)
	return err
}

func post(ctx context.Context, rt http.RoundTripper, l Letter) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://graph.facebook.com/v25.0/0/"+l.Endpoint, bytes.NewReader(l.Body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := rt.RoundTrip(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// answering is a RoundTripper that answers everything alike.
type answering string

func (a answering) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(a))), Request: req}, nil
}

// Through adds a door of the app's own to those of [Doors].
func Through(name string, d Door) Option {
	return func(c *config) { c.doors = append(c.doors, namedDoor{name, d}) }
}

// Only limits [Doors] to the cases a function wants, by their path below
// "cases". It is asked for each once, in order.
func Only(want func(path string) bool) Option { return func(c *config) { c.only = want } }

type namedDoor struct {
	name string
	door Door
}

// Doors runs the cases under a folder, laid out as for [Run], through every
// door, each in a world of its own, and fails where one comes to another
// Decision than the dry run does: Do, Wrap, the HTTP guard, the two together,
// and the timeline of the command line. So no door has a policy of its own.
func Doors(t *testing.T, dir string, opts ...Option) {
	t.Helper()
	c := configured(t, opts)
	r := &runner{config: c, enabled: map[policy.ID][]replay.Option{}}
	names, err := files(filepath.Join(dir, "cases"), func(p string) bool { return strings.HasSuffix(p, ".json") && !strings.HasSuffix(p, goldenExt) })
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatalf("no cases under %s: what is not there proves nothing", dir)
	}
	doors := append([]namedDoor{{"do", ByDo}, {"wrap", ByWrap}, {"guard", ByGuard}, {"wrap and guard", ByWrapAndGuard}}, c.doors...)
	for _, name := range names {
		rel, _ := filepath.Rel(filepath.Join(dir, "cases"), name)
		if rel = filepath.ToSlash(rel); c.only != nil && !c.only(rel) {
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		cs, err := replay.ReadCase(raw)
		if err != nil {
			t.Fatalf("%s: %v", rel, err)
		}
		opts := r.opts
		if id, ok := ruleOf(rel); ok {
			if i, ok := r.book.Index(id); ok {
				if opts, err = r.optsFor(r.book.Rule(i)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := sameDecisions(t.Context(), &cs, opts, doors); err != nil {
			t.Errorf("%s (%s): %v", rel, cs.Why, err)
		}
	}
}

// sameDecisions judges a case dry, and then through each door.
func sameDecisions(ctx context.Context, c *replay.Case, opts []replay.Option, doors []namedDoor) error {
	dry, err := c.Run(ctx, opts...)
	if err != nil {
		return err
	}
	want := plain(dry)
	print := ""
	try := func(name string, run func(w *replay.World) error) error {
		var made []compliance.Decision
		w, err := c.World(ctx, append(append([]replay.Option(nil), opts...), replay.WithSender(
			compliance.OnDecision(func(_ context.Context, d *compliance.Decision) { made = append(made, *d) })))...)
		if err != nil {
			return err
		}
		made = nil // those of what is given
		err = run(w)
		if made == nil && err == nil && dry.Verdict == compliance.Passed {
			return nil // a guard lets receipts through without asking
		}
		if len(made) != 1 {
			return fmt.Errorf("%s: %d Decisions were made: %v", name, len(made), err)
		}
		if left := made[0].Verdict.Leaves(); left != (err == nil) {
			return fmt.Errorf("%s: the verdict is %s, and what came back is %v", name, made[0].Verdict, err)
		}
		if got := plain(made[0]); !bytes.Equal(want, got) {
			return fmt.Errorf("%s: not the Decision of the dry run:\n%s", name, firstDifference(want, got))
		}
		switch {
		case len(dry.Unknowns) > 0 && dry.Unknowns[0].What == "message": // there may be no line to print
		case print == "":
			print = made[0].Print
		case print != made[0].Print:
			return fmt.Errorf("%s: another description than the first door's", name)
		}
		return nil
	}
	for _, d := range doors {
		if err := try(d.name, func(w *replay.World) error {
			l, err := letter(w, c.Event)
			if err != nil {
				return err
			}
			return d.door(ctx, w.Sender(), l)
		}); err != nil {
			return err
		}
	}
	return try("timeline", func(w *replay.World) error {
		v, err := w.Apply(ctx, c.Event)
		if err != nil || v.Decision.Verdict.Leaves() {
			return err
		}
		return &compliance.Refusal{Decisions: []compliance.Decision{v.Decision}}
	})
}

// letter is the send or call of an event, as bytes.
func letter(w *replay.World, e replay.Event) (l Letter, err error) {
	m, err := w.Message(e)
	if err != nil {
		return l, err
	}
	l = Letter{Body: e.Send, Line: m.From, Endpoint: "messages", Origin: m.Origin, Media: m.Media}
	if e.Endpoint != "" {
		l.Endpoint = e.Endpoint
	}
	if e.Call != nil {
		l.Endpoint = "calls"
		to := m.To.User
		if to == "" {
			to = m.To.Parent
		}
		l.Body, err = json.Marshal(struct {
			Product   string `json:"messaging_product"`
			To        string `json:"to,omitempty"`
			Recipient string `json:"recipient,omitempty"`
			Action    string `json:"action"`
		}{"whatsapp", m.To.Phone, to, "connect"})
	}
	return l, err
}

// plain is a Decision without what names it and without what only one way of
// asking tells.
func plain(d compliance.Decision) []byte {
	d.ID, d.Print, d.Statuses = "", "", nil
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	_ = enc.Encode(d) // strings and numbers only
	return buf.Bytes()
}
