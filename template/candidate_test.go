package template

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
)

func approvedBody(name, language string, c category.Category, body string, more ...Component) Definition {
	return Definition{Ref: Ref{Name: name, Language: language}, Status: Approved, Category: c, Components: append([]Component{{Type: "BODY", Text: body}}, more...)}
}

func TestCandidates(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	shipped := approvedBody("order_shipped", "en_US", category.Utility, "Your order {{1}} has shipped and arrives on {{2}}.", Component{Type: "FOOTER", Text: "The shop"})
	named := approvedBody("named", "en", category.Utility, "Hello {{first_name}}, your order {{order_id}} has shipped.")
	shelf := []Definition{
		approvedBody("sale", "en_US", category.Marketing, "Our sale has begun, with ten percent off every coat."),
		approvedBody("versandt", "de", category.Utility, "Ihre Bestellung {{1}} ist unterwegs."),
		approvedBody("picture", "en_US", category.Utility, "Your order {{1}} has shipped and arrives on {{2}}.", Component{Type: "HEADER", Format: "IMAGE"}),
		approvedBody("track", "en_US", category.Utility, "Your order {{1}} has shipped and arrives on {{2}}.", Component{Type: "BUTTONS", Buttons: []Button{{Type: "URL", Text: "Track", URL: "https://example.com/{{1}}"}}}),
		shipped, named,
		{Ref: Ref{Name: "paused", Language: "en_US"}, Status: Paused, Category: category.Utility, Components: shipped.Components},
		{Ref: Ref{Name: "stale", Language: "en_US"}, Status: Approved, Category: category.Utility, Components: shipped.Components, Stale: true},
	}
	names := func(cs []Candidate) (all []string) {
		for _, c := range cs {
			all = append(all, c.Ref.Name)
		}
		return all
	}

	got := Candidates(shelf, Wish{Language: "en-US", Category: category.Utility, Words: "Your order  A-17 has shipped and arrives on 5 May."}, at)
	require.Equal(t, []string{"order_shipped", "named"}, names(got), "approved, utility, English, and filled by texts in the body")
	require.NotNil(t, got[0].Filled)
	require.Equal(t, []Value{{Type: "text", Text: "A-17"}, {Type: "text", Text: "5 May"}}, got[0].Filled.Parts[0].Values)
	require.Empty(t, Check(&shipped, got[0].Filled, at))
	require.Nil(t, got[1].Filled)
	require.Greater(t, got[0].Alike, got[1].Alike)

	got = Candidates(shelf, Wish{Language: "en", Words: "Hello Asha, your order A-17 has shipped."}, at)
	require.Equal(t, "named", got[0].Ref.Name)
	require.Equal(t, "first_name", got[0].Filled.Parts[0].Values[0].Name)
	require.Equal(t, "Asha", got[0].Filled.Parts[0].Values[0].Text)
	require.Contains(t, names(got), "sale", "no category is wanted: utility and marketing both")

	require.Equal(t, []string{"versandt"}, names(Candidates(shelf, Wish{Words: "Ihre Bestellung 17 ist schon unterwegs."}, at)),
		"no language: only what shares its words")
	require.Empty(t, Candidates(shelf, Wish{Language: "fr", Words: "Votre commande est partie."}, at))
	require.Empty(t, Candidates(shelf, Wish{Category: category.Authentication, Language: "en", Words: "Your code is 123."}, at))

	late := shipped
	late.Next, late.NextAt = category.Marketing, at
	require.Empty(t, Candidates([]Definition{late}, Wish{Language: "en", Category: category.Utility, Words: "Your order 1 has shipped."}, at), "an announced change counts from its instant")
}

// BenchmarkCandidates looks among as many templates as an account may hold.
func BenchmarkCandidates(b *testing.B) {
	var all []Definition
	words := strings.Fields("order parcel refund invoice ticket table flight visit booking payment has was is will be shipped moved paid ready sent due on to from your")
	for i := range 6000 {
		body := "Your"
		for j := range 12 {
			body += " " + words[(i*7+j*(i%13+1))%len(words)]
		}
		all = append(all, approvedBody(fmt.Sprint("t", i), "en_US", category.Utility, body+" {{1}} today."))
	}
	x := NewIndex(all)
	b.ReportAllocs()
	for b.Loop() {
		if got := x.Candidates(Wish{Language: "en", Category: category.Utility, Words: "Your order A-17 has shipped and arrives on 5 May."}, time.Unix(1, 0)); len(got) == 0 {
			b.Fatal("none")
		}
	}
}

func TestUnfill(t *testing.T) {
	for _, c := range []struct {
		why, text, words string
		values           []string
		ok               bool
	}{
		{"no placeholder", "Your order has shipped.", "Your order has\nshipped.", nil, true},
		{"other words", "Your order has shipped.", "Your order has arrived.", nil, false},
		{"at the end", "Your code is {{1}}", "Your code is 17 a", []string{"17 a"}, true},
		{"at the start", "{{1}} is here", "Asha is here", []string{"Asha"}, true},
		{"nothing for it", "Dear {{1}}, hello", "Dear , hello", nil, false},
		{"twice the same", "{{1}} and {{1}}!", "A and A!", []string{"A"}, true},
		{"twice, and not the same", "{{1}} and {{1}}!", "A and B!", nil, false},
		{"out of order", "{{2}} for {{1}}.", "Tea for Asha.", []string{"Asha", "Tea"}, true},
		{"touching", "a {{1}}{{2}} b", "a xy b", nil, false},
		{"words go on", "Your order has shipped.", "Your order has shipped. Bye", nil, false},
	} {
		values, ok := unfill(c.text, c.words)
		require.Equal(t, c.ok, ok, c.why)
		var got []string
		for _, v := range values {
			got = append(got, v.Text)
		}
		if ok {
			require.Equal(t, c.values, got, c.why)
		}
	}
}

func FuzzUnfill(f *testing.F) {
	f.Add("Your order {{1}} has shipped and arrives on {{2}}.", "Your order A-17 has shipped and arrives on 5 May.")
	f.Add("{{a}} and {{a}}!", "A and A!")
	f.Add("{{1}}", "")
	f.Fuzz(func(t *testing.T, text, words string) {
		values, ok := unfill(text, words)
		if !ok {
			return
		}
		d := Definition{Ref: Ref{Name: "t", Language: "en"}, Components: []Component{{Type: "BODY", Text: oneLine(text)}}}
		texts, err := Render(&d, &Filled{Parts: []Part{{Type: "body", Values: values}}})
		if err != nil || oneLine(text) == "" {
			return
		}
		require.Len(t, texts, min(1, len(oneLine(words))))
		if len(texts) > 0 {
			require.Equal(t, oneLine(words), texts[0].Words, "what is found says the words again")
		}
	})
}
