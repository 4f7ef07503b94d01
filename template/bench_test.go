package template

import (
	"context"
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
