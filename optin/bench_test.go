package optin_test

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
)

// number is the phone handle of contact n.
func number(n int) party.Handle {
	return party.Handle{Scheme: party.Phone, Value: "+44" + strconv.Itoa(7_000_000_000+n)}
}

// filled returns a store of n contacts, each with one grant and all of its
// evidence, and how many bytes a contact takes.
func filled(b *testing.B, n int) (*optin.Memory, float64) {
	b.Helper()
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var ms runtime.MemStats
		runtime.ReadMemStats(&ms)
		return ms.HeapAlloc
	}
	before := heap()
	m := optin.NewMemory()
	for i := range n {
		at := noon.Add(time.Duration(i) * time.Millisecond)
		_, err := m.Append(context.Background(), optin.Event{
			ID: "form-" + strconv.Itoa(i), Kind: optin.Granted, Handles: []party.Handle{number(i)},
			Purposes: []optin.Purpose{optin.Marketing, optin.Utility}, At: at, Received: at.Add(time.Second),
			Evidence: &optin.Evidence{Source: optin.WebForm, Wording: "I agree to receive messages from the bakery on WhatsApp.",
				Version: "v4", Locale: "en-GB", BusinessName: "The bakery", Surface: "checkout", Proof: "crm:" + strconv.Itoa(i), Country: "GB"},
			Actor: "form-server",
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	each := float64(heap()-before) / float64(n)
	runtime.KeepAlive(m)
	return m, each
}

// BenchmarkMemory is what one contact costs and how long a look-up takes, by
// the number of contacts. Contacts are looked up all over the place, so most of
// the time at a million is waiting for memory.
func BenchmarkMemory(b *testing.B) {
	sizes := []int{10_000, 1_000_000, 10_000_000}
	if testing.Short() {
		sizes = sizes[:2] // ten million take 2 GB
	}
	for _, n := range sizes {
		m, each := filled(b, n)
		names := make([][]party.Handle, 1<<16)
		for i := range names {
			names[i] = []party.Handle{number(i * 7919 % n)}
		}
		b.Run(fmt.Sprintf("Events of one contact/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Events(context.Background(), names[1]); err != nil {
					b.Fatal(err)
				}
			}
		})
		strangers := []party.Handle{number(n + 1)}
		b.Run(fmt.Sprintf("Events/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				h, err := m.Events(context.Background(), names[i&(1<<16-1)])
				if err != nil || len(h.Events) != 1 {
					b.Fatal(err, len(h.Events))
				}
				i++
			}
			b.ReportMetric(each, "B/contact")
		})
		b.Run(fmt.Sprintf("Events of a stranger/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Events(context.Background(), strangers); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("Ledger.Standing/%d", n), func(b *testing.B) {
			l := optin.NewLedger(m)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				s, err := l.Standing(context.Background(), party.Party{Phone: names[i&(1<<16-1)][0].Value}, minute(100_000))
				if err != nil || s.Consent(optin.Marketing).Level != optin.Named {
					b.Fatal(err)
				}
				i++
			}
		})
		b.Run(fmt.Sprintf("Enter and Leave/%d", n), func(b *testing.B) {
			f := optin.Flight{ID: "f", Handles: names[1], Version: 1, Entered: noon, Expires: minute(1)}
			b.ReportAllocs()
			for b.Loop() {
				if err := m.Enter(context.Background(), f); err != nil {
					b.Fatal(err)
				}
				if err := m.Leave(context.Background(), "f"); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("Append/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				e := optin.Event{ID: "stop-" + strconv.Itoa(n) + "-" + strconv.Itoa(i), Kind: optin.Revoked, Handles: names[i&(1<<16-1)],
					At: noon, Received: noon, Channel: optin.Email}
				if _, err := m.Append(context.Background(), e); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
		if err := m.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEnterLeaveParallel is the same from all processors at once, each
// with people of its own.
func BenchmarkEnterLeaveParallel(b *testing.B) {
	m := optin.NewMemory()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		hs := []party.Handle{number(int(time.Now().UnixNano() % 1e6))}
		f := optin.Flight{ID: hs[0].Value, Handles: hs, Entered: noon, Expires: minute(1)}
		for pb.Next() {
			if err := m.Enter(context.Background(), f); err != nil {
				b.Error(err)
				return
			}
			if err := m.Leave(context.Background(), f.ID); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkStandingAt is the working out alone, by how much there is on
// record, and BenchmarkStanding the questions a send asks of it.
func BenchmarkStandingAt(b *testing.B) {
	for _, n := range []int{1, 3, 10, 100} {
		h := history(b, n)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			hs := both.Handles()
			b.ReportAllocs()
			for b.Loop() {
				if s := optin.StandingAt(h, minute(1000), hs...); !s.Known() {
					b.Fatal("nothing known")
				}
			}
		})
	}
}

func BenchmarkStanding(b *testing.B) {
	s := optin.StandingAt(history(b, 3), minute(1000), both.Handles()...)
	b.ReportAllocs()
	for b.Loop() {
		_, full := s.Stopped()
		_, part := s.StoppedFor(optin.Marketing)
		_, _, pressed := s.PlatformStop(party.Line{Number: "105"})
		if s.Consent(optin.Marketing).Level == optin.NoConsent && !full && !part && !pressed && !s.Suppressed() {
			b.Fatal("nothing known")
		}
	}
}

func history(b *testing.B, n int) optin.History {
	b.Helper()
	m := optin.NewMemory()
	l := optin.NewLedger(m, optin.WithNow(clock))
	for i := range n {
		var err error
		if i%2 == 0 {
			err = l.Grant(context.Background(), grantOf(fmt.Sprint("g", i), both, i))
		} else {
			_, err = l.Revoke(context.Background(), optin.Revoke{Party: both, At: minute(i), Purposes: []optin.Purpose{optin.Marketing}})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	h, err := m.Events(context.Background(), both.Handles())
	if err != nil {
		b.Fatal(err)
	}
	return h
}

// BenchmarkLedger is recording, checks and all.
func BenchmarkLedger(b *testing.B) {
	b.Run("Grant", func(b *testing.B) {
		l := optin.NewLedger(optin.NewMemory(), optin.WithNow(clock))
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			if err := l.Grant(context.Background(), grantOf(strconv.Itoa(i), party.Party{Phone: number(i).Value}, 1)); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("Revoke", func(b *testing.B) {
		l := optin.NewLedger(optin.NewMemory(), optin.WithNow(clock))
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			if _, err := l.Revoke(context.Background(), optin.Revoke{Party: party.Party{Phone: number(i).Value}, At: noon}); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
}

// BenchmarkStandingLinked is what a send asks of a person known under one, two and
// three handles, and stopped under the last of them, asked by the first.
func BenchmarkStandingLinked(b *testing.B) {
	for linked := 1; linked <= 3; linked++ {
		b.Run(strconv.Itoa(linked), func(b *testing.B) {
			ctx := context.Background()
			links := party.NewMemory()
			l := optin.NewLedger(optin.NewMemory(), optin.WithNow(clock), optin.WithLinks(links))
			hs := party.Party{Phone: number(1).Value, User: "GB.91800000000001", Parent: "GB.ENT.91800000000002"}.Handles()[:linked]
			if err := l.Grant(ctx, grantOf("g", party.Party{Phone: hs[0].Value}, 1)); err != nil {
				b.Fatal(err)
			}
			if _, err := l.Record(ctx, optin.Event{ID: "r", Kind: optin.Revoked, Handles: hs[linked-1:], At: minute(2), Received: minute(2), Channel: optin.Web}); err != nil {
				b.Fatal(err)
			}
			if err := links.Join(ctx, party.Join{ID: "j", Handles: hs, At: minute(3)}); err != nil {
				b.Fatal(err)
			}
			who := party.Party{Phone: hs[0].Value}
			b.ReportAllocs()
			for b.Loop() {
				s, err := l.Standing(ctx, who, minute(1000))
				if _, stopped := s.Stopped(); err != nil || !stopped || len(s.Handles) != linked {
					b.Fatal(s.Handles, err)
				}
			}
		})
	}
}
