package template

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLibraryKinds(t *testing.T) {
	for kind, texts := range map[string]struct{ fit, not []string }{
		"NUMBER":       {[]string{"17", "٣٤"}, []string{"17 8", "n17", "1.7"}},
		"PHONE NUMBER": {[]string{"+44 20 7946 0123", "(020) 7946-0123"}, []string{"call us", "0123 ext 5", "+"}},
		"AMOUNT":       {[]string{"12", "$12.50", "1.234,50 €", "EUR 12", "12 USD", "-3.00", "₹ 1,00,000", "Rs. 500", "CHF 1'000.00"}, []string{"free", "12 to 15", "a lot of money 12", "$"}},
		"EMAIL":        {[]string{"help@harbourtea.example", "a.b+c@x.co.example"}, []string{"help", "help@harbourtea", "a b@x.example", "a@b@c.example", "@x.example", "a@.example"}},
		"DATE":         {[]string{"5 May 2027", "2027-05-05", "05/05/27", "5 de mayo", "२०२७-०५-०५"}, []string{"tomorrow", "https://x.example/5", "5@6"}},
		"ADDRESS":      {[]string{"12 High Street, London", "東京都千代田区1-1"}, []string{"12345", "a@b.example"}},
		"TEXT":         {[]string{"Asha", "A-17"}, []string{"—", "!!!"}},
		"COLOUR":       {[]string{"anything"}, nil},
	} {
		for _, s := range texts.fit {
			require.True(t, fits(kind, s), "%s %q", kind, s)
		}
		for _, s := range texts.not {
			require.False(t, fits(kind, s), "%s %q", kind, s)
		}
	}
}

func FuzzLibraryKinds(f *testing.F) {
	f.Add("AMOUNT", "1.234,50 €")
	f.Add("EMAIL", "a@")
	f.Add("DATE", "5")
	f.Fuzz(func(_ *testing.T, kind, s string) {
		if s != "" {
			fits(kind, s)
		}
	})
}
