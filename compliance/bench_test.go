package compliance_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/window"
)

// cleanCase is an allowed template message with every fact in hand.
func cleanCase(b *testing.B, s *shop) (*compliance.Judge, *compliance.Case) {
	b.Helper()
	biz := business()
	checker, err := content.Compile(book())
	if err != nil {
		b.Fatal(err)
	}
	j, err := compliance.BuiltinJudge(book(), &biz, checker)
	if err != nil {
		b.Fatal(err)
	}
	st, err := s.Ledger().Standing(context.Background(), asha, noon)
	if err != nil {
		b.Fatal(err)
	}
	m := offer(asha)
	return j, &compliance.Case{Now: noon, Message: &m, Business: &biz, Rules: book().At(noon), Place: "GB",
		Consent: compliance.Known(st), Window: compliance.Absent[window.State](), Calls: compliance.Absent[window.Calls](), Reach: compliance.Absent[window.Reach](),
		Template: compliance.Known(definition(b, "sale", "MARKETING", "Hi {{1}}, all coats are 20% off this week.")),
		Account:  compliance.Absent[compliance.Account](), Pace: compliance.Absent[compliance.Pace](), Content: compliance.Known(content.Report{})}
}

// Aim (design): at most 1 µs and no allocation for a clean Allow.
func BenchmarkJudge(b *testing.B) {
	j, c := cleanCase(b, newShop(b, nil))
	if d := j.Decide(c); d.Verdict != compliance.Allow {
		b.Fatal(d.Verdict, d.Violations, d.Unknowns)
	}
	b.ReportAllocs()
	for b.Loop() {
		j.Decide(c)
	}
}

// Aim (design): at most 5 µs and 10 allocations for a template message.
func BenchmarkCheckTemplate(b *testing.B) {
	s := newShop(b, nil, compliance.WithLookupBudget(0))
	m := offer(asha)
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Check(context.Background(), m); d.Verdict != compliance.Allow {
			b.Fatal(d.Verdict)
		}
	}
}

func BenchmarkCheckReply(b *testing.B) {
	s := newShop(b, nil, compliance.WithLookupBudget(0))
	s.writes(b, "w1", asha, "hello")
	m := reply(asha, "Thanks for asking! The blue coat is back in stock in every size, and we can keep one for you until Saturday at the shop in the High Street.")
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Check(context.Background(), m); d.Verdict != compliance.Allow {
			b.Fatal(d.Verdict)
		}
	}
}

// A reply to somebody who is known under 1, 2 and 3 handles, and wrote under the
// last of them.
func BenchmarkCheckLinked(b *testing.B) {
	handles := []party.Handle{{Scheme: party.Phone, Value: asha.Phone}, {Scheme: party.User, Value: "GB.91827364554637281900"}, {Scheme: party.User, Value: "GB.81726354453627189001"}}
	for n := 1; n <= len(handles); n++ {
		b.Run("handles="+strconv.Itoa(n), func(b *testing.B) {
			s := newShop(b, nil, compliance.WithLookupBudget(0))
			if n > 1 {
				if err := s.stores.Links.Join(context.Background(), party.Join{ID: "j", Handles: handles[:n], At: noon}); err != nil {
					b.Fatal(err)
				}
			}
			who := party.Party{Phone: asha.Phone}
			if n > 1 {
				who = party.Party{User: handles[n-1].Value}
			}
			s.writes(b, "w1", who, "hello")
			m := reply(asha, "Thanks for asking!")
			b.ReportAllocs()
			for b.Loop() {
				if d := s.Check(context.Background(), m); d.Verdict != compliance.Allow {
					b.Fatal(d.Verdict)
				}
			}
		})
	}
}

// A call to somebody with a busy day of calls behind it.
func BenchmarkCheckCall(b *testing.B) {
	for _, n := range []int{1, 90} {
		b.Run("calls="+strconv.Itoa(n), func(b *testing.B) {
			s := newShop(b, nil, compliance.WithLookupBudget(0))
			events := []compliance.Event{compliance.CallAnswer{ID: "p", Line: line, From: asha, At: noon.Add(-2 * time.Hour), Granted: true, Permanent: true}}
			for i := range n {
				at := noon.Add(time.Duration(i-n) * time.Minute)
				events = append(events, compliance.Called{ID: strconv.Itoa(i), Line: line, With: asha, At: at, State: "accepted"})
			}
			if _, err := s.Inbox().Receive(context.Background(), events...); err != nil {
				b.Fatal(err)
			}
			m := compliance.Message{Kind: compliance.Call, Type: "call", From: line, To: asha}
			b.ReportAllocs()
			for b.Loop() {
				if d := s.Check(context.Background(), m); d.Verdict != compliance.Allow {
					b.Fatal(d.Verdict, d.Violations)
				}
			}
		})
	}
}

// The whole walk in memory: look up, judge, enter, spend, record, deliver, settle.
func BenchmarkDo(b *testing.B) {
	s := newShop(b, nil)
	m := notice(asha)
	deliver := func(context.Context) (compliance.Ack, error) { return compliance.Ack{Message: "wamid.x"}, nil }
	b.ReportAllocs()
	for b.Loop() {
		s.clock.Advance(6 * time.Second) // what the pair rate lets through
		if _, err := s.Do(context.Background(), m, deliver); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInboxReceive(b *testing.B) {
	s := newShop(b, nil)
	ids := make([]string, 1<<16)
	for i := range ids {
		ids[i] = "wamid." + time.Duration(i).String()
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		_, err := s.Inbox().Receive(context.Background(), compliance.Wrote{ID: ids[i%len(ids)], Line: line, From: asha, At: noon, Type: "text", Text: "is the coat still there?"})
		if err != nil {
			b.Fatal(err)
		}
		i++
	}
}
