package compliance_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/compliancetest"
	"github.com/waguard/waguard/compliance/journal"
	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// impatient has what is slow given up soon. A part that works may be slow as well, on
// a busy machine, so it is for tests of slow parts alone.
var impatient = compliance.WithLookupBudget(20 * time.Millisecond)

// misbehave is a way for a part to be of no use.
var misbehave = map[string]func(context.Context) error{
	"broken":    func(context.Context) error { return errors.New("it broke") },
	"panicking": func(context.Context) error { panic("it panicked") },
	"slow":      func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
}

type badConsent struct {
	optin.Store
	do func(context.Context) error
}

func (b badConsent) Events(ctx context.Context, _ []party.Handle) (optin.History, error) {
	return optin.History{}, b.do(ctx)
}

type badEnter struct {
	optin.Store
	do func(context.Context) error
}

func (b badEnter) Enter(ctx context.Context, _ optin.Flight) error { return b.do(ctx) }

type badWindows struct {
	window.Store
	do func(context.Context) error
}

func (b badWindows) Marks(ctx context.Context, _ window.Place) ([]window.Mark, error) {
	return nil, b.do(ctx)
}

type badLinks struct {
	party.Links
	do func(context.Context) error
}

func (b badLinks) Known(ctx context.Context, _ []party.Handle) (party.Known, error) {
	return party.Known{}, b.do(ctx)
}

type badCatalog struct {
	template.Catalog
	do func(context.Context) error
}

func (b badCatalog) Find(ctx context.Context, _ template.Ref) (template.Definition, bool, error) {
	return template.Definition{}, false, b.do(ctx)
}

type badAccount struct {
	compliance.AccountStore
	do func(context.Context) error
}

func (b badAccount) News(ctx context.Context, _ party.Line) ([]compliance.AccountNews, error) {
	return nil, b.do(ctx)
}

type badPace struct {
	pace.Store
	do func(context.Context) error
}

func (b badPace) Read(ctx context.Context, _ pace.Who) (pace.State, error) {
	return pace.State{}, b.do(ctx)
}

type badSpend struct {
	pace.Store
	do func(context.Context) error
}

func (b badSpend) Apply(ctx context.Context, _ pace.Who, _ time.Time, _ pace.Act) (pace.Room, error) {
	return pace.Room{}, b.do(ctx)
}

type badJournal struct {
	journal.Journal
	do func(context.Context) error
}

func (b badJournal) Append(ctx context.Context, _ ...journal.Entry) error { return b.do(ctx) }

// A broken, slow or panicking part never lets a message through.
func TestAPartThatFailsKeepsTheMessageIn(t *testing.T) {
	parts := []struct {
		name   string
		change func(*compliance.Stores, func(context.Context) error)
		sends  []string // the messages whose answer depends on it
	}{
		{"consent", func(s *compliance.Stores, do func(context.Context) error) { s.Consent = badConsent{s.Consent, do} }, []string{"offer", "reply", "call"}},
		{"flight", func(s *compliance.Stores, do func(context.Context) error) { s.Consent = badEnter{s.Consent, do} }, []string{"offer", "reply", "call"}},
		{"window", func(s *compliance.Stores, do func(context.Context) error) { s.Windows = badWindows{s.Windows, do} }, []string{"offer", "reply", "call"}},
		{"links", func(s *compliance.Stores, do func(context.Context) error) { s.Links = badLinks{s.Links, do} }, []string{"offer", "reply", "call"}},
		{"template", func(s *compliance.Stores, do func(context.Context) error) { s.Templates = badCatalog{s.Templates, do} }, []string{"offer"}},
		{"account", func(s *compliance.Stores, do func(context.Context) error) { s.Account = badAccount{s.Account, do} }, []string{"offer", "reply", "call"}},
		{"pace", func(s *compliance.Stores, do func(context.Context) error) { s.Pace = badPace{s.Pace, do} }, []string{"offer", "reply"}},
		{"spending", func(s *compliance.Stores, do func(context.Context) error) { s.Pace = badSpend{s.Pace, do} }, []string{"offer", "reply"}},
		{"journal", func(s *compliance.Stores, do func(context.Context) error) { s.Journal = badJournal{s.Journal, do} }, []string{"offer", "reply", "call"}},
	}
	messages := map[string]compliance.Message{
		"offer": offer(asha), "reply": reply(asha, "Thanks for asking!"),
		"call": {Kind: compliance.Call, Type: "call", From: line, To: asha},
	}
	prepare := func(t *testing.T, s *shop) {
		// both parts of the pair are prepared through the sound stores
		sound, err := compliance.New(compliance.Config{Business: business(), Stores: s.stores, Key: make([]byte, 32)}, compliance.WithPrepared(ready()), compliance.WithClock(s.clock.Now))
		require.NoError(t, err)
		_, err = sound.Inbox().Receive(context.Background(),
			compliance.Wrote{ID: "w1", Line: line, From: asha, At: noon, Type: "text", Text: "hello"},
			compliance.CallAnswer{ID: "c1", Line: line, From: asha, At: noon, Granted: true, Permanent: true})
		require.NoError(t, err)
	}
	for _, p := range parts {
		for how, do := range misbehave {
			if how == "slow" && (p.name == "flight" || p.name == "spending" || p.name == "journal") {
				continue // bounded by the caller's context, below
			}
			for _, m := range p.sends {
				t.Run(p.name+" "+how+", "+m, func(t *testing.T) {
					s := newShop(t, func(st *compliance.Stores) { p.change(st, do) }, impatient)
					prepare(t, s)
					_, err := s.Do(context.Background(), messages[m], compliancetest.Forbidden(t).Deliver)
					require.ErrorIs(t, err, compliance.ErrUndecided)
					var refused *compliance.Refusal
					require.ErrorAs(t, err, &refused)
					require.NotEmpty(t, refused.Decisions[0].Unknowns, "it says what is not known")
				})
			}
		}
	}
	for m := range messages {
		t.Run("nothing wrong, "+m, func(t *testing.T) {
			s := newShop(t, nil)
			prepare(t, s)
			_, err := s.Do(context.Background(), messages[m], (&compliancetest.Transport{}).Deliver)
			require.NoError(t, err, "the same message leaves when every part works, so the cases above prove something")
		})
	}
}

// lateJournal is a journal that is of no use from the delivery on.
type lateJournal struct {
	journal.Journal
	do func(context.Context) error
}

func (o lateJournal) Append(ctx context.Context, es ...journal.Entry) error {
	if es[0].Kind != "decision" {
		return o.do(ctx)
	}
	return o.Journal.Append(ctx, es...)
}

// What the platform answered is kept whatever became of the journal: a stop above all.
func TestAJournalThatFailsAfterADeliveryLosesNoStop(t *testing.T) {
	ready() // outside, where time is real
	for how, do := range misbehave {
		t.Run(how, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t, func(s *compliance.Stores) { s.Journal = lateJournal{s.Journal, do} })
				ctx := context.Background()
				rc, err := s.Do(ctx, offer(asha), func(context.Context) (compliance.Ack, error) {
					return compliance.Ack{Message: "w1", Codes: []int{131050}}, nil
				})
				require.NoError(t, err, "deliver failed nowhere")
				require.Error(t, rc.Unsettled)
				st, err := s.Ledger().Standing(ctx, asha, noon)
				require.NoError(t, err)
				_, _, stopped := st.PlatformStop(line)
				require.True(t, stopped)
				require.Equal(t, compliance.Deny, s.Check(ctx, offer(asha)).Verdict)
				done, err := s.Ledger().Revoke(ctx, optin.Revoke{Party: asha, At: noon, Channel: optin.Email})
				require.NoError(t, err)
				require.Empty(t, done.InFlight, "the flight was left")
			})
		})
	}
}

func TestSlowWritesAreBoundByTheCaller(t *testing.T) {
	for _, change := range []func(*compliance.Stores){
		func(s *compliance.Stores) { s.Consent = badEnter{s.Consent, misbehave["slow"]} },
		func(s *compliance.Stores) { s.Journal = badJournal{s.Journal, misbehave["slow"]} },
	} {
		s := newShop(t, change, impatient)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := s.Do(ctx, offer(asha), compliancetest.Forbidden(t).Deliver)
		require.ErrorIs(t, err, compliance.ErrUndecided)
	}
}

// The zero values of everything refuse.
func TestZeroValuesRefuse(t *testing.T) {
	s := newShop(t, nil)
	for why, m := range map[string]compliance.Message{
		"the zero message":              {},
		"no kind":                       {From: line, To: asha},
		"nobody":                        {Kind: compliance.Freeform, Type: "text", From: line},
		"no line":                       {Kind: compliance.Freeform, Type: "text", To: asha},
		"a template without a name":     {Kind: compliance.Template, From: line, To: asha},
		"a person and a group at once":  {Kind: compliance.Freeform, From: line, To: asha, Group: "g1"},
		"a direct send of no category":  {Kind: compliance.Direct, Type: "text", From: line, To: asha},
		"a body that could not be read": {Kind: compliance.Freeform, Type: "text", From: line, To: asha, Malformed: "text.body is missing"},
	} {
		_, err := s.Do(context.Background(), m, compliancetest.Forbidden(t).Deliver)
		require.Error(t, err, why)
	}
	var v compliance.Verdict
	require.Equal(t, compliance.Undecided, v)
	require.False(t, v.Leaves())
	require.Error(t, v.UnmarshalText([]byte("allowed")), "an unknown word is no verdict")
}
