package content_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// cards are the findings of the card rule, as the words they cover.
func cards(c *content.Checker, texts ...string) (found []string, sev []policy.Severity) {
	var ts []content.Text
	for i, s := range texts {
		ts = append(ts, content.Text{Place: fmt.Sprint(i), Words: s})
	}
	var rep content.Report
	c.Check(ts, language.Und, &rep)
	for _, f := range rep.Findings {
		if f.Rule == "data-full-card-number" {
			var n int
			fmt.Sscan(f.Place, &n)
			found = append(found, texts[n][f.Span.Start:f.Span.End])
			sev = append(sev, f.Severity)
		}
	}
	return found, sev
}

func TestCardNumbers(t *testing.T) {
	c := builtin(t)
	for _, v := range []struct{ scheme, valid, invalid string }{
		{"visa", "4111111111111111 4242424242424242 4012888888881881", "4111111111111112 424242424242424 7000000000000070"},
		{"mastercard", "5555555555554444 2223003122003222 2720990000000007", "5555555555554445 222300312200322 2721000000000079"},
		{"amex", "378282246310005 371449635398431 378734493671000", "378282246310006 37144963539843 350000000000071"},
		{"discover", "6011111111111117 6011000990139424 6445644564456445", "6011111111111118 601100099013942"},
		{"jcb", "3530111333300000 3566002020360505 3569990010095841", "3530111333300001 356600202036050 3590000000000075"},
		{"unionpay", "6200000000000005 6243030000000001 6205500000000000004", "6200000000000006 624303000000000 7000000000000000078"},
		{"rupay", "6073849700004947 5085000000000015 8200000000000019", "6073849700004948 508500000000001 5070000000000079"},
		{"elo", "5066991111111118 6362970000457013 6500310000000013", "5066991111111119 636297000045701"},
		{"hipercard", "6062828888666688 6062825624254001 6370950000000013", "6062828888666689 606282562425400"},
		{"mir", "2200000000000004 2201382000000013 2200000000000053", "2200000000000005 220138200000001"},
		{"troy", "9792030000000000 9792020000000001 9792010000000010", "9792030000000001 979202000000000 9793000000000077"},
		{"verve", "5060990580000217499 5061020000000000094 5061460410120223210", "5060990580000217490 506102000000000009"},
		{"maestro", "6759649826438453 6304000000000000 6761000000000006", "6759649826438454 7018000000000070"},
	} {
		for _, n := range strings.Fields(v.valid) {
			found, sev := cards(c, "Your number is "+n+".")
			require.Equal(t, []string{n}, found, v.scheme)
			require.Zero(t, sev[0], "%s %s is weighed as the rule says", v.scheme, n)
		}
		for _, n := range strings.Fields(v.invalid) {
			found, _ := cards(c, "Your number is "+n+".")
			require.Empty(t, found, "%s: %s", v.scheme, n)
		}
	}
	for _, n := range strings.Fields("30569309025904 38520000023237 36006666333344") {
		found, _ := cards(c, "Card "+n)
		require.Equal(t, []string{n}, found, "diners are read beside a label")
		grouped := n[:4] + " " + n[4:10] + " " + n[10:]
		found, _ = cards(c, grouped)
		require.Equal(t, []string{grouped}, found, "and in their own grouping")
	}
	for _, n := range strings.Fields("30569309025905 3852000002323 31000000000078") {
		found, _ := cards(c, "Card "+n)
		require.Empty(t, found)
	}
}

func TestCardsAsWritten(t *testing.T) {
	c := builtin(t)
	for _, v := range []struct{ text, want, why string }{
		{"４１１１ １１１１ １１１１ １１１１", "４１１１ １１１１ １１１１ １１１１", "full width"},
		{"٤١١١١١١١١١١١١١١١", "٤١١١١١١١١١١١١١١١", "Arabic digits"},
		{"रकम ४१११ ११११ ११११ ११११", "४१११ ११११ ११११ ११११", "Devanagari digits"},
		{"4111\u200b1111\u200b1111\u200b1111", "4111\u200b1111\u200b1111\u200b1111", "zero-width spaces"},
		{"4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1", "4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1", "one by one"},
		{"it is four one one one, one one one one, one one one one, one one one one ok", "four one one one, one one one one, one one one one, one one one one", "spelled out"},
		{"four triple one, one one one one one one one one one one one one", "four triple one, one one one one one one one one one one one one", "spelled with triple"},
		{"cuatro uno uno uno uno uno uno uno uno uno uno uno uno uno uno uno", "cuatro uno uno uno uno uno uno uno uno uno uno uno uno uno uno uno", "Spanish"},
		{"四一一一 一一一一 一一一一 一一一一", "四一一一 一一一一 一一一一 一一一一", "Chinese"},
		{"4 two 4 two 4 two 4 two 4 two 4 two 4 two 4 two", "4 two 4 two 4 two 4 two 4 two 4 two 4 two 4 two", "mixed"},
		{"четыре один один один один один один один один один один один один один один один", "четыре один один один один один один один один один один один один один один один", "Russian"},
		{"*4111* *1111* *1111* *1111*", "4111* *1111* *1111* *1111", "bold in a chat"},
		{"4111.1111.1111.1111", "4111.1111.1111.1111", "stops"},
		{"4111/1111/1111/1111", "4111/1111/1111/1111", "slashes"},
		{"4111 1111\n1111 1111", "4111 1111\n1111 1111", "over two lines"},
		{"24/11/2026 14:30 4111 1111 1111 1111", "4111 1111 1111 1111", "behind a date and a time"},
		{"3782 822463 10005", "3782 822463 10005", "as American Express prints it"},
		{"card no. 4111 1111 1111 1111 12/28 123", "4111 1111 1111 1111", "with expiry and code behind it"},
		{"order 48213 was paid with card 4111111111111111", "4111111111111111", "the closer label counts"},
		{"卡号4111111111111111。", "4111111111111111", "no space around it"},
		{"visa4111111111111111", "4111111111111111", "the label touches it"},
		{"Number:\n4111111111111111", "4111111111111111", "a label on a line of its own"},
		{"4️⃣1️⃣1️⃣1️⃣ 1111 1111 1111", "4️⃣1️⃣1️⃣1️⃣ 1111 1111 1111", "keycaps"},
		{"❹①①① 1111 1111 1111", "❹①①① 1111 1111 1111", "digits in circles"},
	} {
		found, _ := cards(c, v.text)
		require.Equal(t, []string{v.want}, found, v.why)
	}
}

// A number that runs from one text into the next is found in each, so that whoever masks
// what was found leaves none of it.
func TestNumbersOverTexts(t *testing.T) {
	c := builtin(t)
	for _, v := range []struct {
		texts, masked []string
		why           string
	}{
		{[]string{"Paid with 4111 1111", "1111 1111, thanks"}, []string{"Paid with #### ####", "#### ####, thanks"}, "a card"},
		{[]string{"4111", "1111", "1111", "1111"}, []string{"####", "####", "####", "####"}, "over four texts"},
		{[]string{"CPF 529.982.", "247-25"}, []string{"CPF ###.###.", "###-##"}, "a CPF"},
		{[]string{"IBAN DE89 3704 0044", "0532 0130 00"}, []string{"IBAN #### #### ####", "#### #### ##"}, "with letters"},
		{[]string{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"},
			[]string{strings.Repeat("#", 44), strings.Repeat("#", 44)}, "the lines of a passport"},
	} {
		var texts []content.Text
		for i, words := range v.texts {
			texts = append(texts, content.Text{Place: fmt.Sprintf("button.%d", i), Words: words})
		}
		var rep content.Report
		c.Check(texts, language.English, &rep)
		require.Len(t, rep.Findings, len(texts), v.why)
		var masked []string
		for _, m := range content.Redact(texts, rep.Findings, '#') {
			masked = append(masked, m.Words)
		}
		require.Equal(t, v.masked, masked, v.why)
	}
}

// A list of cards, as long as a message can hold, is masked to the last.
func TestManyNumbers(t *testing.T) {
	c := builtin(t)
	texts := []content.Text{{Place: "body", Words: strings.Repeat("4111 1111 1111 1111,\n", 4096/21)}}
	var rep content.Report
	c.Check(texts, language.English, &rep)
	require.Len(t, rep.Findings, 4096/21)
	require.Equal(t, strings.Repeat("#### #### #### ####,\n", 4096/21), content.Redact(texts, rep.Findings, '#')[0].Words)
}

func TestConfidenceOfNumbers(t *testing.T) {
	c := builtin(t)
	for _, v := range []struct {
		text string
		want content.Confidence
		why  string
	}{
		{"Your card number is 4111 1111 1111 1111", content.Certain, "it fits, and is named"},
		{"CPF 529.982.247-25", content.Certain, "the same of another kind"},
		{"4111 1111 1111 1111", content.Likely, "it fits, and nothing names it"},
		{"your CVV is 123", content.Likely, "named, but any three digits fit"},
		{"For your order of yesterday we have seen 4111111111111111", content.Possible, "another number is spoken of"},
	} {
		var rep content.Report
		c.Check([]content.Text{{Place: "body", Words: v.text}}, language.English, &rep)
		require.Len(t, rep.Findings, 1, v.why)
		require.Equal(t, v.want, rep.Findings[0].Confidence, v.why)
	}
}

func TestSizesInReasons(t *testing.T) {
	c := builtin(t)
	for words, want := range map[string]string{
		"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10":     "88 characters",
		"I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<": "90 characters",
		"L898902C36UTO7408122F1204159ZE184226B<<<<<10":                                                   "44 characters",
	} {
		var rep content.Report
		c.Check([]content.Text{{Place: "body", Words: words}}, language.Und, &rep)
		require.Len(t, rep.Findings, 1, words)
		require.Contains(t, rep.Findings[0].Why, want, "line breaks are not counted")
	}
}

// A magnetic stripe ends where one can at most, whatever follows it without a space.
func TestStripeEnds(t *testing.T) {
	c := builtin(t)
	for _, words := range []string{";4111111111111111=2512" + strings.Repeat("x", 200), "%B4111111111111111^" + strings.Repeat("é", 200)} {
		var rep content.Report
		c.Check([]content.Text{{Place: "body", Words: words}}, language.Und, &rep)
		require.Len(t, rep.Findings, 1)
		f := rep.Findings[0]
		require.Equal(t, "card_track", f.Kind)
		require.True(t, utf8.ValidString(words[:f.Span.End]), "on a rune boundary")
		require.LessOrEqual(t, utf8.RuneCountInString(words[f.Span.Start:f.Span.End]), 80)
	}
}

func TestNoCards(t *testing.T) {
	c := builtin(t)
	for _, v := range []struct{ text, why string }{
		{"411111******1111", "masked"},
		{"4111 11** **** 1111", "masked"},
		{"**** 1111", "masked"},
		{"xxxx-xxxx-xxxx-1111", "masked"},
		{"card •••• •••• •••• 4242", "masked"},
		{"Your card 4242 42xx xxxx 4242 was charged", "masked"},
		{"card ending in 1111, total 12345678", "truncated"},
		{"order 4111111111111111", "an order number"},
		{"Tracking number: 4111111111111111", "a tracking number"},
		{"Sendungsnummer 4111111111111111", "German tracking"},
		{"订单号4111111111111111", "Chinese order"},
		{"gift card number 4111111111111111", "a gift card"},
		{"+4915123456784 call", "a phone"},
		{"4915123456784", "a German mobile that passes as a short visa"},
		{"4006381333931", "an EAN-13"},
		{"sent at 1732480000000", "milliseconds"},
		{"20261125143000", "a timestamp"},
		{"490154203237518 IMEI", "an IMEI"},
		{"IMEI 3530111333300000", "an IMEI with its label"},
		{"35190812345678901234550010000012341123456785", "an invoice key of 44 digits"},
		{"3519 0812 3456 7890 1234 5500 1000 0012 3411 2345 6785", "the same in groups"},
		{"34191.79001 01043.510047 91020.150008 5 95840000026000", "a boleto"},
		{"https://example.com/o/4111111111111111", "in a link"},
		{"example.com/track/4111111111111111", "in a link without a scheme"},
		{"4111111111111111@example.com", "in an address"},
		{"1Z4111111111111111", "part of a code"},
		{"9f4111111111111111ab", "hex"},
		{"550e8400-e29b-41d4-a716-446655440000", "a UUID"},
		{"$4111111111111111", "an amount"},
		{"4111111111111111 USD", "an amount"},
		{"4444 4444 4444 4444", "one digit"},
		{"1234 5678 9012 3456", "ascending"},
		{"0000 0000 0000 0000", "a placeholder"},
		{"1234 5678 9012 3456 7890", "a prepaid token in fours"},
		{"12 34, 56 78 and 90 12, 34 56", "several small numbers"},
		{"one of two for three, four or five? six seven eight nine times", "number words in a sentence"},
		{"123456 is your code. It expires in 10 minutes. 123456789", "a code"},
	} {
		found, _ := cards(c, v.text)
		require.Empty(t, found, "%s: %s", v.why, v.text)
	}
}

func TestCardWeights(t *testing.T) {
	c := builtin(t)
	for _, v := range []struct {
		text string
		want policy.Severity
		why  string
	}{
		{"https://pay.example.com/?card=4111111111111111", policy.Note, "in a query that names it"},
		{"For your order of yesterday we have seen 4111111111111111", policy.Warn, "another number is spoken of nearby"},
		{"41 1111 1111 11 1111", policy.Warn, "grouped as nobody prints it"},
		{"card 41 1111 1111 11 1111", 0, "but named"},
	} {
		_, sev := cards(c, v.text)
		require.Equal(t, []policy.Severity{v.want}, sev, v.why)
	}
}

// luhnDigits appends the check digit.
func luhnDigits(d string) string {
	sum := 0
	for i := range d {
		n := int(d[len(d)-1-i] - '0')
		if i%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return d + fmt.Sprint((10-sum%10)%10)
}

func randomDigits(rng *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + rng.IntN(10))
	}
	return string(b)
}

// TestCardRates generates cards and numbers that are none, in the sentences and
// prints they come in, and logs how often each side is right.
func TestCardRates(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of texts, one after another; run without -short")
	}
	c := builtin(t)
	rng := rand.New(rand.NewPCG(2026, 11))
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	prefixes := map[string]int{"4": 16, "51": 16, "55": 16, "2221": 16, "2720": 16, "34": 15, "37": 15, "6011": 16, "65": 16, "3528": 16, "3589": 16, "62": 16, "6304": 16, "2200": 16, "9792": 16, "5067": 16, "606282": 16, "50610": 19, "60": 16, "6759": 16}
	keys := []string{"4", "51", "55", "2221", "2720", "34", "37", "6011", "65", "3528", "3589", "62", "6304", "2200", "9792", "606282", "50610", "60", "6759"}
	group := func(d, sep string) string {
		if len(d) == 15 {
			return d[:4] + sep + d[4:10] + sep + d[10:]
		}
		var g []string
		for len(d) > 4 {
			g, d = append(g, d[:4]), d[4:]
		}
		return strings.Join(append(g, d), sep)
	}
	scripts := []string{"٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "۰۱۲۳۴۵۶۷۸۹", "০১২৩৪৫৬৭৮৯"}
	sentences := []string{"Your card is %s, keep it safe.", "%s", "Use %s to pay", "Confirmamos el pago con tarjeta %s", "O número do cartão é %s", "कार्ड नंबर %s है", "رقم البطاقة %s", "Карта %s привязана", "您的卡号是%s", "Kartu %s aktif", "Carte %s enregistrée", "Ihre Kreditkarte %s", "Kart no: %s", "La sua carta %s", "Send it: %s\nThanks"}
	const n = 4000
	missed := 0
	for range n {
		p := keys[rng.IntN(len(keys))]
		d := luhnDigits(p + randomDigits(rng, prefixes[p]-len(p)-1))
		s := pick(d, group(d, " "), group(d, "-"), group(d, "."), group(d, "\u00a0"), group(d, "\u200b"), strings.Join(strings.Split(d, ""), " "))
		if rng.IntN(4) == 0 {
			digits := []rune(scripts[rng.IntN(len(scripts))])
			s = strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return digits[r-'0']
				}
				return r
			}, s)
		}
		text := strings.Replace(sentences[rng.IntN(len(sentences))], "%s", s, 1)
		if found, _ := cards(c, text); len(found) != 1 || found[0] != s {
			if missed++; missed < 4 {
				t.Logf("missed %q: %q", text, found)
			}
		}
	}
	benign := map[string]func() string{
		"order, labelled": func() string {
			return pick("Order ", "Pedido ", "Заказ № ", "订单号 ", "Sipariş no: ") + randomDigits(rng, 16)
		},
		"tracking, labelled": func() string {
			return pick("Tracking number ", "Rastreio: ", "Resi ", "Sendungsnummer ") + randomDigits(rng, 12+rng.IntN(9))
		},
		"phone with plus": func() string {
			return "Call +" + pick("1202555", "4477009", "5511987", "9198765", "49151234") + randomDigits(rng, 6)
		},
		"phone bare":       func() string { return pick("4915", "4916", "4917", "447", "919", "5511") + randomDigits(rng, 9) },
		"milliseconds":     func() string { return fmt.Sprint(1700000000000 + rng.Int64N(100000000000)) },
		"IMEI, labelled":   func() string { return "IMEI " + luhnDigits("35"+randomDigits(rng, 12)) },
		"IMEI bare":        func() string { return luhnDigits("35" + randomDigits(rng, 12)) },
		"EAN-13":           func() string { return "40" + randomDigits(rng, 11) },
		"invoice key":      func() string { return "35" + randomDigits(rng, 42) },
		"prepaid in fours": func() string { return group(randomDigits(rng, 20), " ") },
		"date and time": func() string {
			return fmt.Sprintf("%02d/%02d/2026 %02d:%02d - %02d:%02d, %d EUR", 1+rng.IntN(28), 1+rng.IntN(12), rng.IntN(24), rng.IntN(60), rng.IntN(24), rng.IntN(60), 10+rng.IntN(90))
		},
		"random 16, bare": func() string { return randomDigits(rng, 16) },
	}
	t.Logf("cards: %d of %d found (%.2f %%)", n-missed, n, 100*float64(n-missed)/n)
	require.Less(t, missed, n/100, "at most one card in a hundred is missed")
	limits := map[string]float64{"random 16, bare": 0.05}
	for _, name := range []string{"order, labelled", "tracking, labelled", "phone with plus", "phone bare", "milliseconds", "IMEI, labelled", "IMEI bare", "EAN-13", "invoice key", "prepaid in fours", "date and time", "random 16, bare"} {
		false16 := 0
		const n = 3000
		for range n {
			s := benign[name]()
			if found, _ := cards(c, s); len(found) > 0 {
				if false16++; false16 < 3 {
					t.Logf("  %s: %q", name, s)
				}
			}
		}
		t.Logf("%-20s %d of %d taken for a card (%.2f %%)", name, false16, n, 100*float64(false16)/n)
		require.LessOrEqual(t, float64(false16)/n, limits[name]+0.002, name)
	}
}
