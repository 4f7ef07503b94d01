package content_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/rangetable"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// offered are plain offers, the name of the thing standing for %s.
var offered = []struct {
	lang, message, name string
	rule                policy.ID
}{
	{"en", "2 for 1 on %s 19, reply to order, $450 each", "glock", "goods-firearms"},
	{"en", "New %s flavours in stock, 3 for £25, DM to order", "vape", "goods-tobacco"},
	{"es", "Vendo %s a 20 euros la botella, envío a domicilio, escríbeme", "whisky", "goods-alcohol"},
	{"pt", "Vendo %s original, R$ 80 a caixa, entrego hoje, chama no zap", "cigarro", "goods-tobacco"},
	{"id", "Jual %s murah, 50 ribu per bungkus, kirim ke alamat, order sekarang", "rokok", "goods-tobacco"},
	{"fr", "%s à vendre, 20 € la bouteille, livraison ce soir, commandez ici", "vodka", "goods-alcohol"},
	{"de", "%s zu verkaufen, 25 € die Flasche, sofort lieferbar, jetzt bestellen", "whisky", "goods-alcohol"},
	{"it", "Vendo %s a 30 euro, consegna a domicilio, scrivimi per ordinare", "sigarette", "goods-tobacco"},
	{"tr", "Satılık %s, şişesi 300 lira, kapıda ödeme, hemen sipariş verin", "viski", "goods-alcohol"},
	{"hi", "%s बिक्री के लिए, 500 रुपये, घर पर डिलीवरी, अभी ऑर्डर करें", "whisky", "goods-alcohol"},
	{"ru", "Продам %s, 900 рублей бутылка, доставка сегодня, пишите", "водка", "goods-alcohol"},
	{"ar", "%s للبيع بسعر 50 دينار، توصيل للبيت، اطلب الآن", "ويسكي", "goods-alcohol"},
	{"zh", "出售%s，每瓶200元，送货上门，私信下单", "威士忌", "goods-alcohol"},
}

// between puts something between letters.
func between(what string) func(string) string {
	return func(name string) string { return strings.Join(strings.Split(name, ""), what) }
}

// letters replaces some of them.
func letters(pairs ...string) func(string) string {
	return strings.NewReplacer(pairs...).Replace
}

// shifted moves small Latin letters to another row of them.
func shifted(to rune) func(string) string {
	return func(name string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return to + r - 'a'
			}
			return r
		}, name)
	}
}

// inside replaces some letters behind the first.
func inside(pairs ...string) func(string) string {
	return func(name string) string { return name[:1] + letters(pairs...)(name[1:]) }
}

// flagged writes small Latin letters as those that flags are made of.
func flagged(name string) string { return shifted('🇦')(name) }

// escaped writes each letter in a format.
func escaped(format string) func(string) string {
	return func(name string) string {
		var b strings.Builder
		for _, r := range name {
			fmt.Fprintf(&b, format, r)
		}
		return b.String()
	}
}

// turned writes a name upside down, so that it runs backwards.
func turned(name string) string {
	rs := []rune(letters("a", "ɐ", "b", "q", "c", "ɔ", "d", "p", "e", "ǝ", "f", "ɟ", "g", "ƃ", "h", "ɥ", "i", "ᴉ", "k", "ʞ", "n", "u", "p", "d", "r", "ɹ", "t", "ʇ", "u", "n", "v", "ʌ", "w", "ʍ", "y", "ʎ")(name))
	slices.Reverse(rs)
	return string(rs)
}

// hidings are the ways to write a name so as not to be found.
var hidings = []struct {
	name string
	hide func(string) string
	only *unicode.RangeTable // of names in this script; nil is any
}{
	{"as it is", func(s string) string { return s }, nil},
	{"capitals", strings.ToUpper, nil},
	{"digits for letters", letters("o", "0", "i", "1", "e", "3", "a", "4"), unicode.Latin},
	{"signs for letters", letters("a", "@", "i", "!", "s", "$"), unicode.Latin},
	{"Cyrillic look-alikes", letters("a", "а", "e", "е", "o", "о", "c", "с", "p", "р", "k", "к", "i", "і"), unicode.Latin},
	{"Greek look-alikes", letters("o", "ο", "a", "α", "k", "κ", "v", "ν", "i", "ι"), unicode.Latin},
	{"Latin look-alikes", letters("о", "o", "а", "a", "е", "e", "к", "k"), unicode.Cyrillic},
	{"zero width", between("\u200b"), nil},
	{"joiners", between("\u2060"), nil},
	{"soft hyphens", between("\u00ad"), nil},
	{"spaced", between(" "), nil},
	{"dotted", between("."), nil},
	{"dashed", between("-"), nil},
	{"underscored", between("_"), nil},
	{"starred", between("*"), nil},
	{"stretched", letters("a", "aaa", "e", "eee", "i", "iii", "o", "ooo", "о", "ооо"), nil},
	{"full width", shifted('ａ'), unicode.Latin},
	{"mathematical", shifted('𝗮'), unicode.Latin},
	{"circled", shifted('ⓐ'), unicode.Latin},
	{"struck through", between("\u0336"), unicode.Latin},
	{"accents", letters("a", "à", "e", "ë", "i", "í", "o", "õ"), unicode.Latin},
	{"negative squared", shifted('🅰'), unicode.Latin},
	{"squared", letters("a", "🄰", "c", "🄲", "e", "🄴", "g", "🄶", "i", "🄸", "k", "🄺", "o", "🄾", "s", "🅂"), unicode.Latin},
	{"letters of flags", flagged, unicode.Latin},
	{"letters of flags, apart", func(name string) string { return between(" ")(flagged(name)) }, unicode.Latin},
	{"letters on lines", func(name string) string { return "\n" + between("\n")(name) + "\n" }, nil},
	{"emoji between", between("🔥"), spaced},
	{"emoji and spaces between", between(" 🔥 "), spaced},
	{"an emoji in it", func(name string) string { rs := []rune(name); return string(rs[:2]) + "💥" + string(rs[2:]) }, unicode.Latin},
	{"a bracket", inside("c", "("), unicode.Latin},
	{"brackets, bars and digits", inside("c", "(", "l", "|", "o", "0", "g", "6", "a", "4"), unicode.Latin},
	{"Lisu look-alikes", letters("a", "ꓮ", "c", "ꓚ", "d", "ꓓ", "e", "ꓰ", "g", "ꓖ", "h", "ꓧ", "i", "ꓲ", "k", "ꓗ", "l", "ꓡ", "o", "ꓳ", "p", "ꓑ", "r", "ꓣ", "s", "ꓢ", "t", "ꓔ", "v", "ꓦ", "w", "ꓪ", "y", "ꓬ"), unicode.Latin},
	{"Cherokee look-alikes", letters("a", "Ꭺ", "c", "Ꮯ", "d", "Ꭰ", "e", "Ꭼ", "g", "Ꮐ", "h", "Ꮋ", "i", "Ꭵ", "k", "Ꮶ", "l", "Ꮮ", "o", "Ꮎ", "p", "Ꮲ", "r", "Ꭱ", "s", "Ꮪ", "t", "Ꭲ", "v", "Ꮩ", "w", "Ꮃ", "y", "Ꭹ"), unicode.Latin},
	{"Cyrillic look-alikes alone", letters("a", "а", "c", "с", "d", "ԁ", "e", "е", "g", "ԍ", "h", "һ", "i", "і", "k", "к", "l", "ӏ", "o", "о", "p", "р", "s", "ѕ", "t", "т", "v", "ѵ", "w", "ԝ", "y", "у"), unicode.Latin},
	{"doubled", func(name string) string {
		var b strings.Builder
		for _, r := range name {
			b.WriteString(string([]rune{r, r}))
		}
		return b.String()
	}, unicode.Latin},
	{"escapes of HTML", escaped("&#%d;"), unicode.Latin},
	{"hexadecimal ones", escaped("&#x%X;"), unicode.Latin},
	{"escapes of addresses", escaped("%%%x"), unicode.Latin},
	{"one escape", letters("c", "&#99;", "o", "&#111;", "i", "&#105;", "a", "&#97;"), unicode.Latin},
	{"turned", turned, unicode.Latin},
	{"a hashtag", func(name string) string { return "#buy" + name + "online" }, unicode.Latin},
}

// spaced are the scripts that part words by spaces. Emoji between characters of another are not
// seen through.
var spaced = rangetable.Merge(unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Devanagari)

// TestEvasions writes the name in each offer in every way there is to hide it.
func TestEvasions(t *testing.T) {
	c := builtin(t)
	for _, o := range offered {
		for _, h := range hidings {
			if h.only != nil && !unicode.Is(h.only, []rune(o.name)[0]) {
				continue
			}
			message := fmt.Sprintf(o.message, h.hide(o.name))
			var rep content.Report
			c.Check([]content.Text{{Place: "body", Words: message}}, language.MustParse(o.lang), &rep)
			assert.True(t, slices.ContainsFunc(rep.Findings, func(f content.Finding) bool { return f.Rule == o.rule }), "%s, %s: %s", o.lang, h.name, message)
		}
	}
}

// TestHalves parts names by a space. A half that is a word by itself hides the name well.
func TestHalves(t *testing.T) {
	c := builtin(t)
	for _, x := range []struct {
		lang, message string
		rule          policy.ID
	}{
		{"ru", "Продам Виа гра, 900 рублей, доставка сегодня, пишите", "goods-drugs-prescription"},
		{"ru", "Продам рту ть, 900 рублей, доставка сегодня, пишите", "goods-hazardous"},
		{"en", "Fresh whis ky, $20 the bottle, order now, free delivery", "goods-alcohol"},
		{"de", "Zig aretten zu verkaufen, 25 € die Stange, jetzt bestellen", "goods-tobacco"},
	} {
		var rep content.Report
		c.Check([]content.Text{{Place: "body", Words: x.message}}, language.MustParse(x.lang), &rep)
		assert.True(t, slices.ContainsFunc(rep.Findings, func(f content.Finding) bool { return f.Rule == x.rule }), x.message)
	}
}

// TestNotEvasions has texts that look as if they hid something, and are as people write them.
func TestNotEvasions(t *testing.T) {
	c := builtin(t)
	for _, x := range []struct{ lang, message, why string }{
		{"en", "We ship to 🇻🇦🇵🇪 and 🇫🇷🇩🇪🇬🇧, from $5, order now", "flags in a row, whose letters make a word"},
		{"en", "Sizes in stock:\nS\nM\nL\nOrder for $20", "letters on lines"},
		{"en", "Sale 🔥 now 🔥 on 🔥 all 🔥 shoes, $20, order today", "emoji between words"},
		{"ru", "Рот и нос: спрей 200 рублей, заказать и купить можно сегодня, доставка бесплатно", "Russian words of letters that all look Latin"},
		{"ru", "Сок, тесто, кекс и торт: заказать, 500 рублей, доставка сегодня", "the same"},
		{"en", "See our menu(s) and option(s), item(s) from $5, order at https://shop.example/a%20b%2Fc&d=1", "brackets that close, and an address"},
		{"de", "Neu: #Sommerkollektion #Glockenspiel #Winterreifen, 20 €, jetzt bestellen", "compounds in hashtags"},
		{"en", "Order #48213 &amp; #48214: 50% off, $20 each, 2(3) left", "numbers behind such signs"},
	} {
		var rep content.Report
		c.Check([]content.Text{{Place: "body", Words: x.message}}, language.MustParse(x.lang), &rep)
		for _, f := range rep.Findings {
			assert.NotContains(t, f.Why, "so as not to be found", "%s: %s", x.why, x.message)
		}
	}
}

// TestSplit has what offers and what is offered stand in different parts of a message.
func TestSplit(t *testing.T) {
	c := builtin(t)
	for _, o := range offered {
		before, after, _ := strings.Cut(o.message, "%s")
		for name, parts := range map[string][]content.Text{
			"the name in the header": {{Place: "header", Words: o.name}, {Place: "body", Words: before + after}},
			"the name on a button":   {{Place: "body", Words: before + after}, {Place: "button.0", Words: o.name}},
			"the offer on a button":  {{Place: "body", Words: before + o.name}, {Place: "button.0", Words: after}},
		} {
			var rep content.Report
			c.Check(parts, language.MustParse(o.lang), &rep)
			assert.True(t, slices.ContainsFunc(rep.Findings, func(f content.Finding) bool { return f.Rule == o.rule }), "%s, %s: %s", o.lang, name, o.message)
		}
	}
}
