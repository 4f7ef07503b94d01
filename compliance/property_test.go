package compliance_test

import (
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/replay"
)

// caseFiles are the cases of the repository, as material for properties that
// hold for every message in every circumstance.
func caseFiles(t *testing.T) (names []string) {
	t.Helper()
	err := filepath.WalkDir("../testdata/cases", func(p string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".json") && !strings.HasSuffix(p, ".golden.json") {
			names = append(names, p)
		}
		return err
	})
	require.NoError(t, err)
	require.Greater(t, len(names), 100, "properties need material")
	if testing.Short() {
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		names = names[:60]
	}
	return names
}

func readCase(t *testing.T, name string) replay.Case {
	t.Helper()
	raw, err := os.ReadFile(name)
	require.NoError(t, err)
	c, err := replay.ReadCase(raw)
	require.NoError(t, err, name)
	return c
}

// Making a fact unknown never makes an Allow of what was none.
func TestUnknownNeverAllows(t *testing.T) {
	held := 0
	for _, name := range caseFiles(t) {
		c := readCase(t, name)
		if slices.ContainsFunc(c.Given, func(e replay.Event) bool { return e.Send != nil || e.Call != nil }) {
			continue // what was sent before would be held too, and then uses nothing up
		}
		known, err := c.Run(t.Context(), replay.WithPrepared(ready()))
		require.NoError(t, err, name)
		if known.Verdict != compliance.Deny && known.Verdict != compliance.Undecided {
			continue
		}
		held++
		for _, fact := range []string{"consent", "window", "template", "account"} {
			if slices.Contains(c.Unknown, fact) {
				continue
			}
			less := c
			less.Unknown = append(slices.Clone(c.Unknown), fact)
			d, err := less.Run(t.Context(), replay.WithPrepared(ready()))
			if err != nil {
				continue // what came before could not be written down: nothing is sent on it
			}
			require.False(t, d.Verdict.Leaves(), "%s: %s became %s when %s became unknown", name, known.Verdict, d.Verdict, fact)
		}
	}
	require.Greater(t, held, 10, "properties need material")
}

// appGate answers for an app's own rule with whatever it is told to.
type appGate struct{ do func(*compliance.Results) }

func (appGate) Name() string                                      { return "acme" }
func (appGate) Rules() []policy.ID                                { return []policy.ID{"acme/own"} }
func (g appGate) Judge(_ *compliance.Case, r *compliance.Results) { g.do(r) }

// Adding a rule never turns a Deny into an Allow, whatever the rule says.
func TestAddingARuleNeverAllows(t *testing.T) {
	own := policy.Rule{ID: "acme/own", Area: "permission", Phase: policy.Send, Check: policy.Gate, Title: "An app's own rule", Why: "The app says so.", Fix: "Ask the app.",
		Editions: []policy.Edition{{Severity: policy.Block, Cites: []policy.Citation{{Source: "Acme handbook"}}}}}
	more, err := book().With(own)
	require.NoError(t, err)
	moreReady, err := compliance.Prepare(more)
	require.NoError(t, err)
	gates := map[string]appGate{
		"clear":        {func(r *compliance.Results) { r.Clear(0) }},
		"out of scope": {func(r *compliance.Results) { r.OutOfScope(0) }},
		"broken":       {func(r *compliance.Results) { r.Break(0, compliance.Break{}) }},
		"silent":       {func(*compliance.Results) {}},
		"panicking":    {func(*compliance.Results) { panic("the app's mistake") }},
	}
	for i, name := range caseFiles(t) {
		if i%7 != 0 && !strings.Contains(name, "optout") {
			continue // each gate over a part of the material
		}
		c := readCase(t, name)
		if slices.ContainsFunc(c.Given, func(e replay.Event) bool { return e.Send != nil || e.Call != nil }) {
			continue // the rule would change what was sent before
		}
		before, err := c.Run(t.Context(), replay.WithPrepared(ready()))
		require.NoError(t, err, name)
		for how, g := range gates {
			after, err := c.Run(t.Context(), replay.WithPrepared(moreReady), replay.WithSender(compliance.WithGate(g)))
			require.NoError(t, err, name)
			switch how {
			case "clear", "out of scope":
				require.Equal(t, before.Verdict, after.Verdict, "%s with a rule that is %s", name, how)
			case "broken":
				if before.Verdict == compliance.Undecided && before.Violations[0].Rule == "message-malformed" {
					continue // nothing can be said about what is no message
				}
				require.Contains(t, []compliance.Verdict{compliance.Deny, compliance.Passed}, after.Verdict, "%s with a rule that is broken", name)
			default:
				require.NotEqual(t, compliance.Allow, after.Verdict, "%s with a gate that is %s", name, how)
				if before.Verdict == compliance.Deny {
					require.Equal(t, compliance.Deny, after.Verdict, "%s: a definite no stays no", name)
				}
			}
		}
	}
}

func TestNewRefusesARuleNobodyAnswersFor(t *testing.T) {
	own := policy.Rule{ID: "acme/own", Area: "permission", Phase: policy.Send, Check: policy.Gate, Title: "An app's own rule", Why: "The app says so.", Fix: "Ask the app.",
		Editions: []policy.Edition{{Severity: policy.Block, Cites: []policy.Citation{{Source: "Acme handbook"}}}}}
	more, err := book().With(own)
	require.NoError(t, err)
	_, err = compliance.New(compliance.Config{Business: business(), Stores: compliance.MemoryStores(), Rules: more})
	require.ErrorContains(t, err, "acme/own")
	require.ErrorContains(t, err, "no gate answers for it")
}

// Any shuffle and any repetition of what the platform tells gives one state.
func TestHistoryInAnyOrderGivesOneState(t *testing.T) {
	at := func(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }
	who := party.Party{Phone: "+447700900123", User: "GB.91827364554637281900"}
	newPhone := party.Party{Phone: "+447700900789"}
	events := []compliance.Event{
		compliance.Wrote{ID: "w1", Line: line, From: who, At: at(1), Type: "text", Text: "hello, is the coat back?"},
		compliance.Wrote{ID: "w2", Line: line, From: party.Party{Phone: who.Phone}, At: at(2), Type: "text", Text: "STOP"},
		compliance.Wrote{ID: "w3", Line: line, From: party.Party{User: who.User}, At: at(3), Type: "image"},
		compliance.Preferred{ID: "p1", Line: line, Who: party.Party{User: who.User}, At: at(4), Stop: true},
		compliance.Preferred{ID: "p2", Line: line, Who: party.Party{User: who.User}, At: at(5), Stop: false},
		compliance.Reported{ID: "s1", Line: line, To: ben, At: at(6), Status: "failed", Codes: []int{131050}},
		compliance.Reported{ID: "s2", Line: line, To: ben, At: at(7), Status: "failed", Codes: []int{131047}},
		compliance.Wrote{ID: "w4", Line: line, From: ben, At: at(5), Type: "text", Text: "thanks"},
		compliance.Called{ID: "c1", Line: line, With: ben, At: at(8), ByCustomer: true, State: "connect"},
		compliance.Moved{ID: "m1", Line: line, From: party.Party{Phone: who.Phone}, To: newPhone, At: at(9)},
		compliance.AccountNews{ID: "a1", Line: party.Line{Account: "A1"}, Kind: compliance.Restricted, Type: "RESTRICTED_UTILITY_TEMPLATES", At: at(2), Until: at(400)},
		compliance.AccountNews{ID: "a2", Line: party.Line{Account: "A1"}, Kind: compliance.Reinstated, At: at(3)},
		compliance.Nothing{ID: "n1", Field: "flows", Why: "not ours"},
	}
	ask := []compliance.Message{
		offer(who), notice(who), reply(who, "Yes, in blue."), reply(party.Party{User: who.User}, "Yes, in blue."),
		offer(ben), reply(ben, "You are welcome."), offer(newPhone), reply(newPhone, "Hello."),
	}
	var want []compliance.Verdict
	rng := rand.New(rand.NewPCG(7, 11))
	for round := range 60 {
		s := newShop(t, nil)
		s.clock.Set(at(60))
		list := slices.Clone(events)
		if round > 0 {
			list = append(list, list[rng.IntN(len(list))], list[rng.IntN(len(list))])
			rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		for len(list) > 0 {
			n := min(1+rng.IntN(4), len(list))
			_, err := s.Inbox().Receive(context.Background(), list[:n]...)
			require.NoError(t, err)
			list = list[n:]
		}
		var got []compliance.Verdict
		for _, m := range ask {
			got = append(got, s.Check(context.Background(), m).Verdict)
		}
		if round == 0 {
			want = got
			require.Equal(t, compliance.Deny, want[0], "an offer after STOP")
			require.Equal(t, compliance.Allow, want[3], "a reply in the window a later picture opened")
			continue
		}
		require.Equal(t, want, got, "round %d", round)
	}
}

// What the webhooks of the flows about calls and windows leave behind does not
// depend on the order they come in, nor on repeats: every send and call of a flow
// is judged alike at its end, whichever way it was told.
func TestFlowsToldInAnyOrder(t *testing.T) {
	names, err := filepath.Glob("../testdata/flows/*.jsonl")
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(13, 17))
	tried := 0
	for _, name := range names {
		if !slices.ContainsFunc([]string{"call-", "window-", "free-entry-", "price-", "failed-131047"}, func(p string) bool {
			return strings.HasPrefix(filepath.Base(name), p)
		}) {
			continue
		}
		var before, webhooks, asked []replay.Event
		f, err := os.Open(name)
		require.NoError(t, err)
		for e, err := range replay.Read(f) {
			require.NoError(t, err, name)
			switch {
			case e.Webhook != nil:
				webhooks = append(webhooks, e)
			case e.Send != nil || e.Call != nil:
				asked = append(asked, e)
			case e.Result == nil:
				before = append(before, e)
			}
		}
		require.NoError(t, f.Close())
		if len(webhooks) < 2 {
			continue
		}
		tried++
		end := asked[len(asked)-1].At
		var want []compliance.Decision
		for round := range 6 {
			w, err := replay.NewWorld(replay.WithPrepared(ready()))
			require.NoError(t, err)
			list := slices.Clone(webhooks)
			if round > 0 {
				list = append(list, list[rng.IntN(len(list))], list[rng.IntN(len(list))])
				rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			}
			for _, e := range append(slices.Clone(before), list...) {
				if e.Webhook != nil {
					e.At = end
				}
				_, err := w.Apply(t.Context(), e)
				require.NoError(t, err, name)
			}
			var got []compliance.Decision
			for _, e := range asked {
				m, err := w.Message(e)
				require.NoError(t, err, name)
				got = append(got, w.Sender().Explain(t.Context(), m))
			}
			if round == 0 {
				want = got
				continue
			}
			require.Equal(t, want, got, "%s, round %d", name, round)
		}
	}
	require.Greater(t, tried, 15, "properties need material")
}
