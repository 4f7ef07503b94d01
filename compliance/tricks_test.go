package compliance

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTricks(t *testing.T) {
	button := func(label, url string) []Text {
		return []Text{{Place: "body", Words: "Hello"}, {Place: "button.0", Words: label}, {Place: "button.0.url", Words: url}}
	}
	for _, c := range []struct {
		why   string
		texts []Text
		want  []string
	}{
		{"a plain text", []Text{{Words: "Your order 12 left our warehouse. Track it at https://shop.example/t/12 today."}}, nil},
		{"a label that names its own site", button("shop.example", "https://www.shop.example/t"), nil},
		{"or one above it", button("Visit shop.example", "https://track.shop.example/t"), nil},
		{"or one below", button("track.shop.example", "https://shop.example"), nil},
		{"or none", button("Track v1.2", "https://shop.example/t"), nil},
		{"or a place with a point in it", button("St.Gallen", "https://shop.example/t"), nil},
		{"another site", button("bank.example", "https://elsewhere.test/login"), []string{trickLabel}},
		{"another site in a sentence", button("Go to www.bank.example/login!", "https://elsewhere.test/"), []string{trickLabel}},
		{"one that only ends alike", button("bank.example", "https://notbank.example/"), []string{trickLabel}},
		{"interactive messages call the label otherwise", []Text{{Place: "interactive.action.parameters.display_text", Words: "bank.example"},
			{Place: "interactive.action.parameters.url", Words: "https://elsewhere.test"}}, []string{trickLabel}},
		{"a site before an @", []Text{{Words: "Log in: https://bank.example@elsewhere.test/"}}, []string{trickAddress}},
		{"an @ in the path is none", []Text{{Words: "https://video.example/@channel"}}, nil},
		{"a Cyrillic a in a Latin name", []Text{{Words: "https://p\u0430ypal.example/x"}}, []string{trickScripts}},
		{"a Cyrillic name", []Text{{Words: "https://\u043f\u0440\u0438\u043c\u0435\u0440.example/x"}}, nil},
		{"text that is turned", []Text{{Words: "file \u202egpj.exe"}}, []string{trickTurn}},
		{"the marks of Arabic and Hebrew are none", []Text{{Words: "\u200f\u0645\u0631\u062d\u0628\u0627\u200f, \u2067abc\u2069"}}, nil},
		{"a space nobody sees inside a word", []Text{{Words: "v\u200bi\u200ba\u200bgra"}}, []string{trickUnseen}},
		{"where no spaces are put it says where to break", []Text{{Words: "\u0e2a\u0e27\u0e31\u0e2a\u200b\u0e14\u0e35"}}, nil},
		{"joined emoji", []Text{{Words: "👩\u200d👧 — “hello”"}}, nil},
		{"a mark at the beginning", []Text{{Words: "\ufeffHello"}}, nil},
	} {
		var got []string
		for _, f := range tricks(c.texts, nil) {
			got = append(got, f.Kind)
			for _, text := range c.texts {
				if text.Place == f.Place {
					require.True(t, f.Span.Start < f.Span.End && f.Span.End <= len(text.Words), c.why)
				}
			}
		}
		require.Equal(t, c.want, got, c.why)
	}
}

func FuzzTricks(f *testing.F) {
	f.Add("bank.example", "https://elsewhere.test/")
	f.Add("v\u200bi", "https://a@b")
	f.Fuzz(func(t *testing.T, label, url string) {
		for _, found := range tricks([]Text{{Place: "button.0", Words: label}, {Place: "button.0.url", Words: url}}, nil) {
			words := label
			if found.Place == "button.0.url" {
				words = url
			}
			require.True(t, found.Span.Start < found.Span.End && found.Span.End <= len(words))
		}
	})
}

func BenchmarkTricksNone(b *testing.B) {
	texts := []Text{{Place: "body", Words: "Hello Asha — your order 12 left our warehouse today. Track it at https://shop.example/t/12, and write to us if anything is wrong."}}
	b.ReportAllocs()
	for b.Loop() {
		if tricks(texts, nil) != nil {
			b.Fatal("found")
		}
	}
}
