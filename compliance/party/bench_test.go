package party_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

func BenchmarkPlace(b *testing.B) {
	for _, phone := range []string{"+12025550123", "+447700900123", "+5531987654321", "+79123456789"} {
		b.Run(phone, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				party.Place(phone)
			}
		})
	}
}

func BenchmarkZones(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		party.Zones("+12025550123")
	}
}

func BenchmarkParsePhone(b *testing.B) {
	for _, c := range []struct{ name, in string }{
		{"canonical", "+447700900123"},
		{"punctuated", "+44 7700-900.123"},
		{"brazil-old", "+553187654321"},
		{"refused", "07700 900123"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.in)))
			for b.Loop() {
				_, _ = party.ParsePhone(c.in)
			}
		})
	}
}

func BenchmarkParseUser(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = party.ParseUser("GB.91800000000001")
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = party.New("+447700900123", "GB.91800000000001", "GB.ENT.91800000000002")
	}
}

// BenchmarkKnown asks a store of many people about one of them, by phone.
func BenchmarkKnown(b *testing.B) {
	const people = 100_000
	for linked := 1; linked <= 3; linked++ {
		b.Run(fmt.Sprintf("%d-linked", linked), func(b *testing.B) {
			m := party.NewMemory()
			ask := make([][]party.Handle, people)
			for i := range people {
				hs := []party.Handle{
					{Scheme: party.Phone, Value: fmt.Sprintf("+4477%08d", i)},
					{Scheme: party.User, Value: fmt.Sprintf("GB.%014d", i)},
					{Scheme: party.Parent, Value: fmt.Sprintf("GB.ENT.%014d", i)},
				}[:linked]
				ask[i] = hs[:1]
				if err := m.Join(b.Context(), party.Join{ID: hs[0].Value, Handles: hs, At: time.Unix(1, 0)}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				k, err := m.Known(b.Context(), ask[i*7919%people])
				if err != nil || len(k.Handles) != linked {
					b.Fatal(len(k.Handles), err)
				}
				i++
			}
		})
	}
}

func BenchmarkKnownParallel(b *testing.B) {
	m := party.NewMemory()
	hs := []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}, {Scheme: party.User, Value: "GB.1"}}
	if err := m.Join(b.Context(), party.Join{ID: "j", Handles: hs, At: time.Unix(1, 0)}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := m.Known(b.Context(), hs[:1]); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkJoin(b *testing.B) {
	m := party.NewMemory()
	hs := []party.Handle{{Scheme: party.Phone, Value: "+447700900123"}, {Scheme: party.User, Value: "GB.1"}}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		if err := m.Join(b.Context(), party.Join{ID: fmt.Sprint(i), Handles: hs, At: time.Unix(int64(i), 0)}); err != nil {
			b.Fatal(err)
		}
	}
}
