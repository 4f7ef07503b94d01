package template

import (
	"context"
	"strconv"
	"testing"
)

func BenchmarkCheck(b *testing.B) {
	for _, c := range []struct{ name, definition, send string }{
		{"utility", "utility_read", "utility"},
		{"marketing", "marketing_read", "marketing"},
		{"authentication", "authentication_read", "authentication"},
	} {
		b.Run(c.name, func(b *testing.B) {
			d, f := pair(b, c.definition, c.send)
			b.ReportAllocs()
			for b.Loop() {
				if Check(d, f, now) != nil {
					b.Fatal("not clean")
				}
			}
		})
	}
}

func BenchmarkRender(b *testing.B) {
	for _, c := range []struct{ name, definition, send string }{
		{"utility", "utility_read", "utility"},
		{"marketing", "marketing_read", "marketing"},
	} {
		b.Run(c.name, func(b *testing.B) {
			d, f := pair(b, c.definition, c.send)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Render(d, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseFilled(b *testing.B) {
	in := files(b, "send/marketing.json")["marketing"]
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseFilled(in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseDefinition(b *testing.B) {
	in := files(b, "definitions/marketing_read.json")["marketing_read"]
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseDefinition(in); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAdvice looks at as many templates as an account may hold.
func BenchmarkAdvice(b *testing.B) {
	var s Shelf
	for i := range verified {
		r := Ref{Name: "t" + strconv.Itoa(i), Language: "en"}
		s.Definitions = append(s.Definitions, Definition{Ref: r, Status: Approved})
		for n := range 5 {
			s.Acts = append(s.Acts, Act{ID: strconv.Itoa(5*i + n), Kind: Edited, Ref: r, At: now.AddDate(0, 0, -n)})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(s.Advice(now)) == 0 {
			b.Fatal("nothing is told")
		}
	}
}

func BenchmarkMemoryFind(b *testing.B) {
	m, ctx := NewMemory(), context.Background()
	d, _ := pair(b, "marketing_read", "marketing")
	d.Ref.Account = "100200300400500"
	if err := m.Put(ctx, now, *d); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok, err := m.Find(ctx, d.Ref); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}
