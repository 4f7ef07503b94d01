package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/webhook"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
	"github.com/waguard/waguard/window"
)

// prepared is the built-in book, made ready once for all the Senders of a test.
var prepared = sync.OnceValue(func() *compliance.Prepared {
	p, err := compliance.Prepare(nil)
	if err != nil {
		panic(err)
	}
	return p
})

// world is a Sender over stores of its own, with a clock that stands where the
// test puts it.
type world struct {
	*compliance.Sender
	stores compliance.Stores
	now    time.Time
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{stores: compliance.MemoryStores(), now: at}
	var err error
	w.Sender, err = compliance.New(compliance.Config{Stores: w.stores, Key: []byte("made-up-key-0123456789"),
		Business: compliance.Business{Name: "Example Ltd", Country: "GB", Surface: compliance.Platform,
			Numbers: []compliance.Number{{ID: "200300400500600", Phone: "+12025550199", Account: "100200300400500"}}}},
		compliance.WithPrepared(prepared()), compliance.WithClock(func() time.Time { return w.now }))
	require.NoError(t, err)
	return w
}

// history is one webhook a line, as events: every sample of every provider, and a
// conversation around a stop beside them.
func history(t testing.TB) (all [][]compliance.Event, people []party.Party) {
	t.Helper()
	var c webhook.CloudAPI
	add := func(body []byte) {
		if !strings.Contains(string(body), `"time"`) {
			// what comes without a time happened when it was received, and
			// then its order is all there is
			body = []byte(strings.Replace(string(body), `"changes"`, `"time":1795168800,"changes"`, -1))
		}
		events, err := c.Parse(body, received)
		require.NoError(t, err)
		all = append(all, events)
	}
	for _, name := range inbound(t) {
		add(sample(t, name))
	}
	for i, s := range providers(t) {
		// each is another message, as the ids of a true history are
		s.Form = maps.Clone(s.Form)
		if s.Form["MessageSid"] != "" {
			s.Form["MessageSid"] = fmt.Sprintf("SM%d", i)
		}
		s.JSON = bytes.ReplaceAll(s.JSON, []byte("0123456789ab"), fmt.Appendf(nil, "%012d", i))
		all = append(all, s.parse(t, at))
	}
	for i, words := range []string{"Hello", "STOP", "Do you open on Sunday?", "START", "stop promotions", "unsubscribe me"} {
		add([]byte(strings.ReplaceAll(talk(fmt.Sprintf(`"contacts":[{"wa_id":"447700900777","user_id":"GB.777"}],"messages":[{"from":"447700900777","from_user_id":"GB.777","id":"wamid.h%d","timestamp":"%d","type":"text","text":{"body":"%s"}}]`,
			i, at.Unix()+int64(i)*3600, words)), `"2"`, `"200300400500600"`)))
	}
	for i, status := range []string{"sent", "delivered", "read", "failed"} {
		add([]byte(strings.ReplaceAll(talk(fmt.Sprintf(`"statuses":[{"id":"wamid.o%d","status":"%s","timestamp":"%d","recipient_id":"447700900777","errors":[{"code":131026}]}]`,
			i/2, status, at.Unix()+int64(i)*60)), `"2"`, `"200300400500600"`)))
	}
	seen := map[party.Party]bool{}
	for _, events := range all {
		for _, e := range events {
			var p party.Party
			switch e := e.(type) {
			case compliance.Wrote:
				p = e.From
			case compliance.Reported:
				p = e.To
			case compliance.Moved:
				p = e.To
			case compliance.Preferred:
				p = e.Who
			case compliance.CallAnswer:
				p = e.From
			}
			if !p.IsZero() && !seen[p] {
				seen[p] = true
				people = append(people, p)
			}
		}
	}
	return all, people
}

// state is everything that can be seen of a world at an instant: what is known of
// every person, the account and the templates, and what would become of a message
// of every kind to each of them.
func (w *world) state(t testing.TB, people []party.Party, when time.Time) string {
	t.Helper()
	ctx := context.Background()
	w.now = when
	line := w.Business().Line("200300400500600")
	var b strings.Builder
	for _, p := range people {
		known, err := w.stores.Links.Known(ctx, p.Handles())
		require.NoError(t, err)
		slices.SortFunc(known.Handles, func(a, b party.Handle) int { return strings.Compare(a.Scheme+a.Value, b.Scheme+b.Value) })
		fmt.Fprintf(&b, "%v is %v\n", p, known.Handles)
		marks, err := w.stores.Windows.Marks(ctx, window.Place{Line: line, Handles: known.Handles})
		require.NoError(t, err)
		fmt.Fprintf(&b, "%v window %+v calls %+v reach %+v\n", p, window.StateAt(marks, when, window.DefaultRules()), window.CallsAt(marks, when, window.DefaultCallRules()), window.ReachAt(marks, when))
		for kind, m := range map[string]compliance.Message{
			"reply":    {Kind: compliance.Freeform, Type: "text", Texts: []compliance.Text{{Place: "text.body", Words: "Yes, from ten."}}},
			"direct":   {Kind: compliance.Direct, Type: "text", Category: category.Utility, Texts: []compliance.Text{{Place: "text.body", Words: "Your order 12 left today."}}},
			"template": {Kind: compliance.Template, Type: "template", Template: template.Filled{Name: "spring_sale", Language: "en_US"}},
			"call":     {Kind: compliance.Call, Type: "call"},
		} {
			m.From, m.To = line, p
			d := w.Check(ctx, m)
			rules := []string{d.Verdict.String()}
			for _, v := range d.Violations {
				rules = append(rules, fmt.Sprintf("%s %s %s %s", v.Rule, v.Severity, v.Where, v.Clears))
			}
			slices.Sort(rules)
			fmt.Fprintf(&b, "%v %s %v\n", p, kind, rules)
		}
	}
	news, err := w.stores.Account.News(ctx, line)
	require.NoError(t, err)
	account, err := json.Marshal(compliance.AccountAt(news, when))
	require.NoError(t, err)
	fmt.Fprintf(&b, "account %s\n", account)
	lines := strings.Split(b.String(), "\n")
	slices.Sort(lines) // maps come in any order
	return strings.Join(lines, "\n")
}

// differ are the lines that only one of two states has.
func differ(in, shuffled string) string {
	a, b := strings.Split(in, "\n"), strings.Split(shuffled, "\n")
	var out strings.Builder
	for _, l := range a {
		if !slices.Contains(b, l) {
			out.WriteString("in order: " + l + "\n")
		}
	}
	for _, l := range b {
		if !slices.Contains(a, l) {
			out.WriteString("shuffled: " + l + "\n")
		}
	}
	return out.String()
}

// TestAnyOrderGivesOneState: a webhook may come late, twice and in any order, for
// seven days. Whatever the order and the repeats, the same is known afterwards.
func TestAnyOrderGivesOneState(t *testing.T) {
	all, people := history(t)
	last := at
	for _, events := range all {
		for _, e := range events {
			if w, ok := e.(compliance.Wrote); ok && w.At.After(last) {
				last = w.At
			}
		}
	}
	run := func(order []int) *world {
		w := newWorld(t)
		for k, i := range order {
			// each is received after all of it happened, some of it days later
			w.now = last.Add(time.Duration(k+1) * 7 * 24 * time.Hour / time.Duration(len(order)+1))
			_, err := w.Inbox().Receive(context.Background(), all[i]...)
			require.NoError(t, err)
		}
		return w
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	first := run(order)
	instants := []time.Time{last.Add(time.Minute), last.Add(30 * time.Hour), last.Add(9 * 24 * time.Hour)}
	var want []string
	for _, when := range instants {
		want = append(want, first.state(t, people, when))
	}
	times := 24
	if testing.Short() {
		times = 4
	}
	r := rand.New(rand.NewPCG(7, 8))
	for n := range times {
		again := append(slices.Clone(order), order[:r.IntN(len(order))]...)
		r.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		w := run(again)
		for i, when := range instants {
			if got := w.state(t, people, when); got != want[i] {
				t.Fatalf("shuffle %d, seen at %s:\n%s", n, when, differ(want[i], got))
			}
		}
	}
}

// TestAnyHistoryInAnyOrder: the same of made-up histories, in which everything
// happens at its own time. Where people change numbers in them, or name another
// handle each time, what is told late may leave more of them stopped than what is
// told in order with all handles known, and never fewer: an event carries the
// handles that were known when it was recorded, and the strictest of them counts.
func TestAnyHistoryInAnyOrder(t *testing.T) {
	line := party.Line{Account: "100200300400500", Number: "200300400500600"}
	people := []party.Party{{Phone: "+447700900901", User: "GB.901"}, {Phone: "+447700900902", User: "GB.902"}, {Phone: "+447700900903"}}
	words := []string{"Hello", "STOP", "START", "unsubscribe me please", "stop promotions", "Do you open on Sunday?"}
	// made tells a history twice: with all handles of everybody, and with now and
	// then one missing
	made := func(r *rand.Rand, moves bool) (whole, partly []compliance.Event) {
		for i := range 30 {
			p := people[r.IntN(len(people))]
			id, when := fmt.Sprintf("e%d", i), at.Add(time.Duration(i)*37*time.Minute)
			kind, word, yes, no := r.IntN(9), words[r.IntN(len(words))], r.IntN(2) == 0, r.IntN(2) == 0
			code := []int{131026, 131047, 131050, 130429}[r.IntN(4)]
			event := func(p party.Party) compliance.Event {
				switch {
				case kind < 4:
					return compliance.Wrote{ID: id, Line: line, From: p, At: when, Type: "text", Text: word, Ad: yes}
				case kind == 4:
					return compliance.Preferred{ID: id, Line: line, Who: p, At: when, Stop: yes}
				case kind == 5:
					return compliance.Reported{ID: id, Line: line, To: p, At: when, Status: "failed", Codes: []int{code}}
				case kind == 6:
					return compliance.Reported{ID: id, Line: line, To: p, At: when, Status: "delivered"}
				case kind == 7:
					return compliance.CallAnswer{ID: id, Line: line, From: p, At: when, Granted: yes, Permanent: no}
				case moves:
					return compliance.Moved{ID: id, Line: line, From: party.Party{Phone: p.Phone}, To: party.Party{Phone: fmt.Sprintf("+4477009009%d", 10+i)}, At: when}
				}
				return compliance.Called{ID: id, Line: line, With: p, At: when, ByCustomer: true, State: "connect"}
			}
			whole = append(whole, event(p))
			switch {
			case r.IntN(3) == 0:
				p.User = ""
			case p.User != "" && r.IntN(3) == 0 && !moves:
				p.Phone = ""
			}
			partly = append(partly, event(p))
		}
		return whole, partly
	}
	run := func(all []compliance.Event) *world {
		w := newWorld(t)
		for k, e := range all {
			w.now = at.Add(20*time.Hour + time.Duration(k)*time.Minute)
			_, err := w.Inbox().Receive(context.Background(), e)
			require.NoError(t, err)
		}
		return w
	}
	shuffled := func(r *rand.Rand, all []compliance.Event) []compliance.Event {
		again := append(slices.Clone(all), all[:r.IntN(len(all))]...)
		r.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		return again
	}
	when := at.Add(26 * time.Hour)
	for seed := range uint64(8) {
		for _, moves := range []bool{false, true} {
			r := rand.New(rand.NewPCG(seed, 11))
			whole, partly := made(r, moves)
			everybody := slices.Clone(people)
			for _, e := range whole {
				if m, ok := e.(compliance.Moved); ok {
					everybody = append(everybody, m.To)
				}
			}
			first := run(whole)
			want := first.state(t, everybody, when)
			for range 4 {
				if w := run(shuffled(r, whole)); !moves {
					require.Equal(t, want, w.state(t, everybody, when), "seed %d", seed)
				}
				w := run(shuffled(r, partly))
				for _, p := range everybody {
					in, err := first.Ledger().Standing(context.Background(), p, when)
					require.NoError(t, err)
					late, err := w.Ledger().Standing(context.Background(), p, when)
					require.NoError(t, err)
					for _, purpose := range []optin.Purpose{optin.Marketing, optin.Utility, optin.Calls} {
						_, stopped := in.StoppedFor(purpose)
						_, still := late.StoppedFor(purpose)
						require.True(t, still || !stopped, "seed %d: %v is stopped for %s in order, and not when told late", seed, p, purpose)
					}
				}
			}
		}
	}
}
