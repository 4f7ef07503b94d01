// Command ledger follows one person through an opt-in ledger in a SQLite file:
// imported from a list, stopped by e-mail, agreed again, audited, exported,
// erased, and still left alone when an old list brings them back.
//
//	list ──Import──▶ granted ──Revoke──▶ stopped ──Grant──▶ granted ──Erase──▶ a keyed digest, stopped
//	                    │                   │                  │                        │
//	                    └────── Standing, Audit: what held, since when, by whose hand ──┘
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
)

func main() {
	file := flag.String("db", "", "SQLite `file` to keep (default: one in a temporary folder, removed at the end)")
	flag.Parse()
	if err := start(*file); err != nil {
		fmt.Fprintln(os.Stderr, "ledger:", err)
		os.Exit(1)
	}
}

func start(file string) error {
	if file == "" {
		dir, err := os.MkdirTemp("", "waguard-ledger-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		file = filepath.Join(dir, "consent.db")
	}
	return run(context.Background(), os.Stdout, file)
}

// The list a shop kept before it had a ledger. Its last row is a number that is
// none, and the one before repeats the first.
const list = `mobile,opt_in_source,opt_in_date,wording,business_name,locale,proof,topics
+447700900123,website,2026-05-03T10:00:00Z,I agree to get offers from Example Shop on WhatsApp.,Example Shop,en,form/8812,marketing
+447700900456,in store,2026-05-04T16:20:00Z,I agree to get offers from Example Shop on WhatsApp.,Example Shop,en,paper/17,marketing
+447700900123,website,2026-05-03T10:00:00Z,I agree to get offers from Example Shop on WhatsApp.,Example Shop,en,form/8812,marketing
07700 900789,website,2026-05-05T09:00:00Z,I agree to get offers from Example Shop on WhatsApp.,Example Shop,en,form/8813,marketing
`

var (
	asha = party.Party{Phone: "+447700900123"}
	line = party.Line{Account: "100200300400500", Number: "200300400500600"}
)

func day(month time.Month, d, hour int) time.Time {
	return time.Date(2026, month, d, hour, 0, 0, 0, time.UTC)
}

// errNotYours is what this shop's own permissions say.
var errNotYours = errors.New("only the privacy desk erases")

// shop is a Sender with its ledger, and a clock the example moves.
type shop struct {
	out   io.Writer
	now   time.Time
	guard *compliance.Sender
	sent  int
}

func run(ctx context.Context, out io.Writer, file string) error {
	db, err := sqlite.Open(file)
	if err != nil {
		return err
	}
	defer db.Close()
	s := &shop{out: out, now: day(time.November, 1, 9)}
	s.guard, err = compliance.New(compliance.Config{
		Business: compliance.Business{Name: "Example Shop", Country: "GB", Surface: compliance.Platform,
			Numbers:       []compliance.Number{{ID: line.Number, Phone: "+442079460123", Account: line.Account}},
			Contacts:      compliance.Contacts{Support: "help desk", Email: "help@example.com"},
			PrivacyPolicy: "https://shop.example.com/privacy"},
		Stores: db.Stores(),
	}, compliance.WithClock(func() time.Time { return s.now }), compliance.WithLedger(optin.WithAuthoriser(mayDo)))
	if err != nil {
		return err
	}
	offer, err := template.ParseDefinition([]byte(`{"id":"1","name":"autumn_teas","language":"en","status":"APPROVED","category":"MARKETING",
		"components":[{"type":"BODY","text":"Our autumn teas are here, with a tenth off until Sunday."},{"type":"FOOTER","text":"Reply STOP to opt out"}]}`))
	if err != nil {
		return err
	}
	offer.Ref.Account = line.Account
	if err := s.guard.Inbox().Templates(ctx, s.now, offer); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{s.imports, s.stops, s.agreesAgain, s.audits, s.exports, s.retains, s.erases, s.comesBack} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	sum, err := journal.Verify(db.Stores().Journal.Links(ctx))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe journal is whole: %d entries, each chained to the one before.\n", sum.Links)
	return nil
}

// mayDo is asked before imports, exports, erasures and agreements that lift a
// stop.
func mayDo(_ context.Context, a optin.Action) error {
	if a.Do == optin.DoErase && a.Actor != "privacy desk" {
		return errNotYours
	}
	return nil
}

func (s *shop) head(what string) {
	fmt.Fprintf(s.out, "\n%s  %s\n", s.now.Format(time.DateOnly), what)
}

func (s *shop) imports(ctx context.Context) error {
	s.head("a list is imported")
	report, err := s.guard.Ledger().Import(ctx, strings.NewReader(list), optin.ImportOptions{
		Kind: optin.OptIns, Actor: "import of May", Map: map[string]string{"mobile": "phone", "topics": "purposes"},
		Each: func(r optin.ImportRow) error {
			fmt.Fprintf(s.out, "  line %d %s", r.Line, r.Result)
			for _, p := range r.Problems {
				fmt.Fprintf(s.out, ": %s %s", p.Field, p.Msg)
			}
			fmt.Fprintln(s.out)
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "  %d rows: %d accepted, %d duplicate, %d refused\n", report.Rows, report.Accepted, report.Duplicate, report.Refused)
	return s.offer(ctx)
}

// offer sends an offer, or is told why not.
func (s *shop) offer(ctx context.Context) error {
	m := compliance.Message{Kind: compliance.Template, From: line, To: asha, Template: template.Filled{Name: "autumn_teas", Language: "en"}}
	_, err := s.guard.Do(ctx, m, func(context.Context) (compliance.Ack, error) {
		s.sent++
		return compliance.Ack{Message: fmt.Sprintf("wamid.%d", s.sent)}, nil
	})
	var held *compliance.Refusal
	switch {
	case errors.As(err, &held):
		for _, v := range held.Decisions[0].Violations {
			if v.Severity == policy.Block {
				fmt.Fprintf(s.out, "  an offer is held by %s: %s\n", v.Rule, v.Why)
			}
		}
		return nil
	case err != nil:
		return err
	}
	fmt.Fprintln(s.out, "  an offer is sent")
	return nil
}

func (s *shop) stops(ctx context.Context) error {
	s.now = day(time.November, 9, 11)
	s.head("the person writes an e-mail: no more offers, please")
	stopped, err := s.guard.Ledger().Revoke(optin.WithActorContext(ctx, "help desk"),
		optin.Revoke{Party: asha, Channel: optin.Email, Purposes: []optin.Purpose{optin.Marketing}, At: day(time.November, 9, 10)})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "  recorded: %v; under way when it came: %d\n", stopped.Added, len(stopped.InFlight))
	return s.offer(ctx)
}

func (s *shop) agreesAgain(ctx context.Context) error {
	s.now = day(time.November, 16, 11)
	s.head("the person ticks the box on the web site again")
	err := s.guard.Ledger().Grant(optin.WithActorContext(ctx, "web site"), optin.Grant{
		ID: "form-9001", Party: asha, Purposes: []optin.Purpose{optin.Marketing},
		Evidence: optin.Evidence{Source: optin.WebForm, Wording: "I agree to get offers from Example Shop on WhatsApp.", Version: "v4",
			Locale: "en", BusinessName: "Example Shop", Given: optin.Typed, Act: optin.Ticked, Surface: "/account", Proof: "form/9001"},
	})
	if err != nil {
		return err
	}
	return s.offer(ctx)
}

func (s *shop) audits(ctx context.Context) error {
	s.now = day(time.November, 20, 9)
	s.head("an auditor asks: who did what, and what changed?")
	for change, err := range s.guard.Ledger().Audit(ctx, asha, s.now) {
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "  %s, recorded by %s\n      before: %s\n      after:  %s\n", change.Reason, change.Actor, change.Before, change.After)
	}
	then, err := s.guard.Ledger().Standing(ctx, asha, day(time.November, 10, 0))
	if err != nil {
		return err
	}
	_, stopped := then.StoppedFor(optin.Marketing)
	fmt.Fprintf(s.out, "  and on 10 November? stopped %v: %s\n", stopped, then.Explain())
	return nil
}

func (s *shop) exports(ctx context.Context) error {
	s.head("the person asks what is held about them")
	d, err := s.guard.Ledger().Export(ctx, asha, s.now)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "  %d events under %d handle, with their evidence\n", len(d.Events), len(d.Handles))
	return nil
}

func (s *shop) retains(ctx context.Context) error {
	s.head("what would go, were evidence kept for 150 days?")
	done, err := s.guard.Ledger().Purge(ctx, optin.Purge{DryRun: true, Periods: []optin.Period{{Keep: 150 * 24 * time.Hour}}})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "  of %d agreements %d are past their period; %d would go, %d are in force and stay\n", done.Examined, done.Past, done.Gone, done.InForce)
	return nil
}

func (s *shop) erases(ctx context.Context) error {
	s.now = day(time.November, 25, 15)
	s.head("the person asks to be forgotten")
	_, err := s.guard.Ledger().Erase(optin.WithActorContext(ctx, "an intern"), optin.Erase{Party: asha})
	if !errors.Is(err, errNotYours) {
		return fmt.Errorf("an intern erased somebody: %w", err)
	}
	fmt.Fprintf(s.out, "  an intern tries: refused, %v\n", errNotYours)
	gone, err := s.guard.Ledger().Erase(optin.WithActorContext(ctx, "privacy desk"), optin.Erase{Party: asha})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "  the privacy desk: %d events are gone, %d keyed digest stays\n", gone.Events, gone.Handles)
	return nil
}

func (s *shop) comesBack(ctx context.Context) error {
	s.now = day(time.December, 2, 9)
	s.head("somebody imports the old list again")
	report, err := s.guard.Ledger().Import(ctx, strings.NewReader(list), optin.ImportOptions{
		Kind: optin.OptIns, Actor: "import of May", Map: map[string]string{"mobile": "phone", "topics": "purposes"}})
	if err != nil {
		return err
	}
	standing, err := s.guard.Ledger().Standing(ctx, asha, s.now)
	if err != nil {
		return err
	}
	_, stopped := standing.Stopped()
	fmt.Fprintf(s.out, "  %d accepted, %d duplicate; the person is still stopped: %v\n", report.Accepted, report.Duplicate, stopped)
	if !stopped {
		return errors.New("an erased person came back with an old list")
	}
	n, err := s.guard.Ledger().WriteBlocked(ctx, io.Discard, optin.CSV, s.now)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "  entries on the suppression list: %d\n", n)
	return nil
}
