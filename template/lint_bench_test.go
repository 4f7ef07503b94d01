package template

import "testing"

func BenchmarkLint(b *testing.B) {
	l, err := NewLinter()
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"utility_read", "marketing_read", "carousel_create", "special_create"} {
		b.Run(name, func(b *testing.B) {
			d, err := ParseDefinition(files(b, "definitions/"+name+".json")[name])
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				l.Lint(&d)
			}
		})
	}
}

func BenchmarkNewLinter(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewLinter(); err != nil {
			b.Fatal(err)
		}
	}
}
