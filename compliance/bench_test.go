package compliance_test

import (
	"context"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/content"
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

// The whole walk in memory: look up, judge, enter, record, deliver, settle.
func BenchmarkDo(b *testing.B) {
	s := newShop(b, nil)
	m := notice(asha)
	deliver := func(context.Context) (compliance.Ack, error) { return compliance.Ack{Message: "wamid.x"}, nil }
	b.ReportAllocs()
	for b.Loop() {
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
