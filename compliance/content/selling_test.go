package content_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// TestSelling reads what stands beside a term, and what is only part of something longer.
func TestSelling(t *testing.T) {
	c := builtin(t)
	rule := textRuleOf(t, "goods-alcohol")
	const (
		price, unit, bare   = 1 << content.SignPrice, 1 << content.SignUnit, 1 << content.SignBare
		sell, deny          = 1 << content.SignSell, 1 << content.SignDeny
		free, offered, none = 1 << content.TieFree, 1 << content.TieOffered, 0
	)
	for _, x := range []struct {
		lang, words  string
		has, hasNot  uint64 // signs of the message
		term, noTerm uint64 // and of the rule
		why          string
	}{
		{"en", "Whisky R350 at the counter", price, bare, free | offered, none, "an abbreviation of a currency counts beside a number"},
		{"en", "Whisky 3 bottles at the counter", unit, price, free, offered, "a measure beside a number is a quantity, and no price"},
		{"en", "The whisky stands beside those bottles", none, unit | price | bare, none, offered, "a measure without a number is none"},
		{"en", "Whisky at the counter, 90", bare, price, free, offered, "a number that ends what is said may be a price"},
		{"en", "Whisky, 12 of them, at the counter", none, bare | price, free, offered, "a number that goes on is none"},
		{"en", "Whisky at the counter, open till 18:30", none, bare, none, offered, "a time is no price"},
		{"en", "We do not sell whisky here", deny, sell, none, free | offered, "the selling in a refusal is no evidence"},
		{"de", "Wir verkaufen kein Bier, bitte nicht fragen", deny, none, none, free | offered, "the same in German"},
		{"de", "Wir verkaufen keinen Whisky, bitte nicht fragen", deny, none, none, free | offered, "and with another ending"},
		{"en", "Whisky glasses for sale, 9 € each", sell | price, none, none, free | offered, "an everyday thing is named after it"},
	} {
		clues := c.Clues([]content.Text{{Place: "body", Words: x.words}}, language.MustParse(x.lang))
		require.Equal(t, x.has, clues.Signs&x.has, "%s: %s", x.words, x.why)
		require.Zero(t, clues.Signs&x.hasNot, "%s: %s", x.words, x.why)
		require.Equal(t, x.term, clues.Ties[rule]&x.term, "%s: %s", x.words, x.why)
		require.Zero(t, clues.Ties[rule]&x.noTerm, "%s: %s", x.words, x.why)
	}
}

// TestRefusedByName holds that what is refused right before its name is not found by phrases, and
// that a word of another language, or one within a phrase of selling, names nothing.
func TestRefusedByName(t *testing.T) {
	c := builtin(t)
	for _, x := range []struct{ lang, words, why string }{
		{"en", "We do not sell whisky, order our lemonade now, 3 € a bottle", "refused, and something else is for sale"},
		{"ar", "لا نبيع الخمور. للطلبات الأخرى تواصل معنا.", "refused in Arabic"},
		{"zh", "本店不出售香烟，请联系我们订购其他商品", "refused in Chinese, where the words that offer outright are part of the refusal"},
		{"de", "Apfelessig und Weißweinessig, 3 € pro Flasche, auf Lager", "a German stock, and no beer"},
		{"es", "Vestido de novia talla 8, precio especial 3,500 pesos, reserva tu cita", "a Spanish date, and no Turkish cheetah"},
	} {
		var rep content.Report
		c.Check([]content.Text{{Place: "body", Words: x.words}}, language.MustParse(x.lang), &rep)
		require.Empty(t, rep.Findings, "%s: %s", x.words, x.why)
	}
}

func TestPlain(t *testing.T) {
	const clear = 1 << (12 + 4) // a name beside evidence of two kinds
	for _, x := range []struct {
		ties uint64
		size int
		want bool
		why  string
	}{
		{clear, 5, false, "something speaks against the term"},
		{clear | 1<<content.TieOffered, content.PlainWords, true, "nothing does, and there is little else"},
		{clear | 1<<content.TieOffered, content.PlainWords + 1, false, "there may be more to it"},
		{clear | 1<<content.TieHidden, 60, true, "nobody disguises a word by accident"},
		{1<<content.TieHidden | 1<<content.TieOffered, 5, false, "nothing makes it clear"},
	} {
		require.Equal(t, x.want, content.Plain(x.ties, x.size), x.why)
	}
}

// textRuleOf is the number of a rule among the text rules, in the order of the book.
func textRuleOf(t *testing.T, id policy.ID) int {
	book, err := policy.Builtin()
	require.NoError(t, err)
	n := 0
	for _, r := range book.All() {
		if r.ID == id {
			return n
		}
		if r.Check == policy.Lexical {
			n++
		}
	}
	t.Fatalf("no rule %s", id)
	return -1
}
