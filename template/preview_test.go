package template

import (
	"html"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRuns(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{ // want: words with B I S M V before them
		{"plain", "Hello", "[Hello]"},
		{"bold", "a *b c* d", "[a ][B:b c][ d]"},
		{"italic, struck, mono", "_a_ ~b~ ```c\nd``` `e`", "[I:a][ ][S:b][ ][M:c\nd][ ][M:e]"},
		{"one in another", "*a _b_ c*", "[B:a ][BI:b][B: c]"},
		{"no mark within a word", "snake_case_name 3*4*5", "[snake_case_name 3*4*5]"},
		{"a mark must touch", "* a* b *c *", "[* a* b *c *]"},
		{"no mark over lines", "*a\nb*", "[*a\nb*]"},
		{"no pair", "*a `b ```c", "[*a `b ```c]"},
		{"no pair on this line, and one on the next", "a `b\n`c`", "[a `b\n][M:c]"},
		{"punctuation may follow", "*a*, *b*!", "[B:a][, ][B:b][!]"},
		{"marks in mono are words", "```*a*```", "[M:*a*]"},
		{"a mark beside a value", "*\x00Asha\x00* is here", "[BV:Asha][ is here]"},
		{"two of one sort", "**a**", "[*][B:a][*]"},
		{"any script", "*您好* _مرحبا_", "[B:您好][ ][I:مرحبا]"},
	} {
		text := Text{}
		for i, part := range strings.Split(c.in, "\x00") {
			from := len(text.Words)
			if text.Words += part; i%2 == 1 {
				text.Values = append(text.Values, [2]int{from, len(text.Words)})
			}
		}
		got := ""
		for _, r := range text.Runs() {
			style := ""
			for _, s := range []struct {
				on bool
				c  string
			}{{r.Bold, "B"}, {r.Italic, "I"}, {r.Strike, "S"}, {r.Mono, "M"}, {r.Value, "V"}} {
				if s.on {
					style += s.c
				}
			}
			if style != "" {
				style += ":"
			}
			got += "[" + style + r.Words + "]"
		}
		require.Equal(t, c.want, got, c.why)
	}
}

func preview(t *testing.T, definition, filled string, m Medium, masked bool) string {
	t.Helper()
	f := fill(t, []byte(filled))
	f.Name, f.Language = "", ""
	s, err := Preview(parse(t, []byte(definition)), f, m, masked)
	require.NoError(t, err)
	return s
}

func TestPreview(t *testing.T) {
	const order = `{"name":"o","language":"en","category":"UTILITY","components":[{"type":"HEADER","format":"TEXT","text":"Order {{1}}"},
		{"type":"BODY","text":"Hello *{{1}}*,\nyour order has <shipped>."},{"type":"FOOTER","text":"Example Shop"},
		{"type":"BUTTONS","buttons":[{"type":"URL","text":"Track","url":"https://shop.example.com/{{1}}"},{"type":"QUICK_REPLY","text":"Thanks"}]}]}`
	const values = `{"name":"o","language":{"code":"en"},"components":[{"type":"header","parameters":[{"type":"text","text":"A-17"}]},
		{"type":"body","parameters":[{"type":"text","text":"Asha\u001b[31m"}]},{"type":"button","sub_type":"url","index":0,"parameters":[{"type":"text","text":"t17"}]}]}`
	require.Equal(t, "Order A-17\nHello Asha[31m,\nyour order has <shipped>.\nExample Shop\n[ Track ]\n    https://shop.example.com/t17\n[ Thanks ]\n", preview(t, order, values, Plain, false))
	masked := preview(t, order, values, Plain, true)
	require.Equal(t, "Order •••\nHello •••,\nyour order has <shipped>.\nExample Shop\n[ Track ]\n    https://shop.example.com/•••\n[ Thanks ]\n", masked)
	require.NotContains(t, masked, "Asha")
	require.Contains(t, preview(t, order, values, Terminal, false), "Hello \x1b[1;4mAsha[31m\x1b[0m,", "bold, underlined for the value, and its own codes taken out")
	page := preview(t, order, values, HTML, false)
	require.Contains(t, page, `<div class="template" lang="en" dir="ltr">`)
	require.Contains(t, page, `<p class="body">Hello <strong><mark>Asha[31m</mark></strong>,<br>`)
	require.Contains(t, page, "&lt;shipped&gt;")
	require.Contains(t, preview(t, order, `{"name":"o","language":{"code":"en"}}`, Plain, false), "Order {{1}}", "what is missing stays visible")

	for language, says := range map[string]string{"pt_BR": "é o seu código", "ar": "رمز التحقق", "zh_TW": "验证码", "sw": "is your verification code"} {
		code := `{"name":"c","language":"` + language + `","category":"AUTHENTICATION","components":[{"type":"BODY","add_security_recommendation":true},{"type":"FOOTER","code_expiration_minutes":5},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}]}`
		got := preview(t, code, `{"name":"c","language":{"code":"`+language+`"},"components":[{"type":"body","parameters":[{"type":"text","text":"4711"}]},{"type":"button","sub_type":"url","index":0,"parameters":[{"type":"text","text":"4711"}]}]}`, HTML, true)
		require.Contains(t, html.UnescapeString(got), says, language)
		require.NotContains(t, got, "4711", "a code is masked everywhere")
		require.Equal(t, language == "ar", strings.Contains(got, `dir="rtl"`), language)
		require.Contains(t, got, "5", "the minutes")
	}

	cards := string(files(t, "definitions/carousel_create.json")["carousel_create"])
	got := preview(t, cards, `{"name":"x","language":{"code":"en"}}`, Plain, true)
	require.Contains(t, got, "-- 1 --")
	require.Contains(t, got, "-- 2 --")
	page = preview(t, cards, `{"name":"x","language":{"code":"en"}}`, HTML, true)
	require.Equal(t, strings.Count(page, "<div"), strings.Count(page, "</div>"))
}

func FuzzRuns(f *testing.F) {
	for _, s := range []string{"a *b* _c_ ~d~ ```e``` `f`", "*_~*_~", "```", "** * *a", "*a\n*b*"} {
		f.Add(s, 1, 3)
	}
	f.Fuzz(func(t *testing.T, s string, from, to int) {
		x := Text{Words: s}
		if 0 <= from && from <= to && to <= len(s) {
			x.Values = [][2]int{{from, to}}
		}
		n := 0
		for _, r := range x.Runs() {
			require.NotEmpty(t, r.Words)
			n += len(r.Words)
		}
		require.LessOrEqual(t, n, len(s))
		m := Masked([]Text{x})
		if len(x.Values) > 0 && from < to {
			require.Equal(t, s[:from]+Mask+s[to:], m[0].Words)
		}
	})
}

func BenchmarkPreview(b *testing.B) {
	d := parse(b, files(b, "definitions/marketing_read.json")["marketing_read"])
	f := fill(b, files(b, "send/marketing.json")["marketing"])
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Preview(d, f, HTML, true); err != nil {
			b.Fatal(err)
		}
	}
}
