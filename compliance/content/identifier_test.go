package content_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// numberRules are the rules of shared identifiers.
var numberRules = []policy.ID{"data-full-card-number", "data-financial-account-number", "data-personal-id-number", "data-sensitive-identifier"}

// An identified is one identifier found.
type identified struct {
	kind, words string
	sev         policy.Severity
}

func identify(c *content.Checker, text string) (all []identified) {
	var rep content.Report
	c.Check([]content.Text{{Place: "body", Words: text}}, language.Und, &rep)
	for _, f := range rep.Findings {
		if slices.Contains(numberRules, f.Rule) {
			all = append(all, identified{f.Kind, text[f.Span.Start:f.Span.End], f.Severity})
		}
	}
	return all
}

// held leaves out what is only noted: banks, companies, doubts.
func held(all []identified) []identified {
	return slices.DeleteFunc(all, func(i identified) bool { return i.sev == policy.Note })
}

func TestIdentifiers(t *testing.T) {
	c := builtin(t)
	for _, v := range vectors {
		for _, form := range []string{"%s: %s", "Your %s is %s.", "%s number %s", "Hello,\n%s\n%s\nThank you"} {
			for _, n := range strings.Split(v.valid, ";") {
				text := fmt.Sprintf(form, v.label, n)
				got := identify(c, text)
				require.Len(t, got, 1, text)
				require.Equal(t, v.kind, got[0].kind, text)
				require.Equal(t, n, got[0].words, text)
				require.NotEqual(t, policy.Warn, got[0].sev, "%s: a label and a sound number are certain", text)
			}
			for _, n := range strings.Split(v.invalid, ";") {
				text := fmt.Sprintf(form, v.label, n)
				require.Empty(t, identify(c, text), text)
			}
		}
	}
}

// TestIdentifiersAsWritten holds the detectors to what businesses write, and to
// what looks like it. The first word is the kind, or none.
func TestIdentifiersAsWritten(t *testing.T) {
	c := builtin(t)
	for _, line := range strings.Split(strings.TrimSpace(written), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		kind, text, _ := strings.Cut(line, " ")
		text = strings.ReplaceAll(text, "⏎", "\n")
		// the words that have to be found stand in «marks»
		before, rest, marked := strings.Cut(text, "«")
		want, after, _ := strings.Cut(rest, "»")
		if marked {
			text = before + want + after
		}
		got := held(identify(c, text))
		if kind == "none" {
			if len(got) > 0 {
				t.Errorf("%q: found %v", text, got)
			}
			continue
		}
		if len(got) != 1 || got[0].kind != kind || got[0].words != want {
			t.Errorf("%q: want %s %q, found %v", text, kind, want, got)
		}
	}
}

// Each account is held against every bank code that stands in the message.
func TestAccountsAtTwoBanks(t *testing.T) {
	c := builtin(t)
	for text, want := range map[string][]string{
		"БИК 044525225, счёт 40817810938045678901. Второй: БИК 044525974, счёт 40817810200017654321": {"40817810938045678901", "40817810200017654321"},
		"БИК 044525225, счёт 40817810938045678901. Второй: БИК 044525974, счёт 40817810200017654325": {"40817810938045678901"},
	} {
		var got []string
		for _, f := range held(identify(c, text)) {
			require.Equal(t, "ru_bank_account", f.kind)
			got = append(got, f.words)
		}
		require.Equal(t, want, got, text)
	}
}

func TestIdentifierWeights(t *testing.T) {
	c := builtin(t)
	for _, v := range []struct {
		text string
		want policy.Severity
		why  string
	}{
		{"CVV 123", policy.Block, "the rule warns, a security code is raised"},
		{"NHS number 999 250 6814", policy.Block, "so is a health number"},
		{"CPF 615.848.598-57", 0, "as the rule says"},
		{"CPF 61584859857", 0, "named, so its grouping does not count"},
		{"Aadhaar linked for renewal next month: 773453760025", policy.Warn, "its word stands in the sentence only"},
		{"7734 5376 0025", policy.Note, "grouped like an Aadhaar, and nothing says so"},
		{"453-87-8334", policy.Note, "grouped like a social security number, and nothing says so"},
		{"GSTIN 07PYPPS6865V1ZC", policy.Note, "a company"},
		{"IFSC HDFC0001234", policy.Note, "a bank"},
	} {
		got := identify(c, v.text)
		require.Len(t, got, 1, v.text)
		require.Equal(t, v.want, got[0].sev, "%s: %s", v.why, v.text)
	}
}

// TestOneIdentifierOneFinding says which of several readings is taken.
func TestOneIdentifierOneFinding(t *testing.T) {
	c := builtin(t)
	for _, v := range []struct{ text, kind, why string }{
		{"IBAN DE89 3704 0044 0532 0130 00", "iban", "its digits are no account of another kind"},
		{"account DE89 3704 0044 0532 0130 00", "iban", "even where only the word account stands by it"},
		{"GSTIN 07PYPPS6865V1ZC", "in_gstin", "the PAN inside it is its own"},
		{"CPF 615.848.598-57", "br_cpf", "the label decides between kinds of eleven digits"},
		{"СНИЛС 17918952128", "ru_snils", "here too"},
		{"card 4111 1111 1111 1111", "card_pan", "and between a card and four groups of four"},
	} {
		got := identify(c, v.text)
		require.Len(t, got, 1, v.text)
		require.Equal(t, v.kind, got[0].kind, v.why)
	}
	got := identify(c, "CPF 615.848.598-57, IBAN GB82 WEST 1234 5698 7654 32, card 4111 1111 1111 1111, CVV 123")
	require.Len(t, got, 4, "but everything that stands there is told, in order")
	require.Equal(t, "br_cpf", got[0].kind)
	require.Equal(t, "card_cvv", got[3].kind)
}

// TestIdentifierRates puts sound numbers into sentences of twelve languages, in
// several prints and scripts, and numbers that are none into others, and logs
// how often each side is right.
func TestIdentifierRates(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of texts, one after another; run without -short")
	}
	c := builtin(t)
	rng := rand.New(rand.NewPCG(2026, 12))
	pick := func(l ...string) string { return l[rng.IntN(len(l))] }
	digits := func(n int) string { return randomDigits(rng, n) }
	letters := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('A' + rng.IntN(26))
		}
		return string(b)
	}
	mixed := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[rng.IntN(36)]
		}
		return string(b)
	}
	scripts := []string{"٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "۰۱۲۳۴۵۶۷۸۹"}
	frames := []string{"%s: %s", "%s %s", "Hi Ana, your %s %s is on our file.", "Le confirmamos %s %s, gracias.", "Confirmamos %s: %s no cadastro.", "आपका %s %s दर्ज है।", "%s Anda: %s terdaftar.",
		"%s: %s مسجل لدينا", "Votre %s est %s.", "Ihre %s lautet %s.", "Il suo %s è %s.", "%s numaranız %s kayıtlı.", "Ваш %s: %s указан в анкете.", "您的%s是%s，请核对。", "*%s:* %s", "%s\n%s", "Name: Asha Example\n%s: %s\nStatus: verified"}
	const n = 20000
	missed, weak := 0, 0
	for range n {
		v := vectors[rng.IntN(len(vectors))]
		s := pick(strings.Split(v.valid, ";")...)
		if rng.IntN(3) == 0 {
			s = pick(strings.ReplaceAll(s, " ", "\u00a0"), strings.ReplaceAll(s, "-", "–"), strings.ReplaceAll(s, " ", "-"))
		}
		if rng.IntN(4) == 0 {
			ds := []rune(scripts[rng.IntN(len(scripts))])
			s = strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return ds[r-'0']
				}
				return r
			}, s)
		}
		text := fmt.Sprintf(frames[rng.IntN(len(frames))], v.label, s)
		got := identify(c, text)
		i := slices.IndexFunc(got, func(i identified) bool { return i.kind == v.kind && i.words == s })
		switch {
		case i < 0:
			if missed++; missed < 25 {
				t.Logf("missed %s %q: %v", v.kind, text, got)
			}
		case got[i].sev == policy.Warn:
			if weak++; weak < 8 {
				t.Logf("only warned %s %q", v.kind, text)
			}
		}
	}
	t.Logf("identifiers: %d of %d found (%.2f %%), %d of them with a warning only", n-missed, n, 100*float64(n-missed)/n, weak)
	require.Less(t, missed, n/100, "at most one in a hundred is missed")

	contexts := []string{"Hi, %s is ready for pickup.", "%s", "Your reference is %s", "Order %s shipped", "Pedido %s enviado", "Call us on %s", "Tracking: %s", "订单号%s已发货", "Заказ %s готов", "طلبك رقم %s جاهز", "Sipariş no %s",
		"Votre commande %s est expédiée", "Ihre Bestellung %s ist unterwegs", "Il suo ordine %s è partito", "Pesanan %s sudah dikirim", "आपका ऑर्डर %s भेज दिया गया", "Your appointment at the bank branch is confirmed, ref %s.",
		"Your customer account %s has been updated", "Ticket %s: your passport photo is ready", "La factura %s ya está disponible", "Invoice %s for your policy, total 120.00", "Bring your ID card and quote %s at the desk", "Your card was charged, receipt %s"}
	grouped := func(sep string, w ...int) string {
		var g []string
		for _, n := range w {
			g = append(g, digits(n))
		}
		return strings.Join(g, sep)
	}
	benign := []struct {
		name string
		make func() string
	}{
		{"phones with plus", func() string {
			return pick("+91 98", "+55 11 9", "+1 202 555 ", "+49 151", "+62 812 ", "+971 50 ", "+7 916 ", "+86 138", "+966 5", "+90 532 ") + digits(7)
		}},
		{"phones as dialled", func() string {
			return pick("("+digits(2)+") 9"+digits(4)+"-"+digits(4), "("+digits(3)+") "+grouped("-", 3, 4), grouped("-", 3, 3, 4), "0"+grouped(" ", 4, 6), grouped(" ", 2, 2, 2, 2, 2), "8 ("+digits(3)+") "+grouped("-", 3, 2, 2), grouped(" ", 5, 5), "1"+digits(10))
		}},
		{"order numbers", func() string { return digits(6 + rng.IntN(15)) }},
		{"order codes", func() string {
			return pick(letters(2)+digits(8), letters(3)+digits(7), letters(1)+digits(9), "OD"+digits(14), mixed(8), mixed(10), mixed(12), letters(3)+"-"+digits(3)+"-"+digits(4), "#"+digits(8), letters(4)+digits(6), "INV-"+digits(4)+"-"+digits(6), mixed(4)+"-"+mixed(4)+"-"+mixed(4), digits(7)+letters(1))
		}},
		{"timestamps", func() string {
			return pick(fmt.Sprint(1700000000+rng.IntN(100000000)), fmt.Sprint(1700000000000+rng.Int64N(100000000000)), fmt.Sprintf("2026%02d%02d", 1+rng.IntN(12), 1+rng.IntN(28)),
				fmt.Sprintf("2026%02d%02d%02d%02d%02d", 1+rng.IntN(12), 1+rng.IntN(28), rng.IntN(24), rng.IntN(60), rng.IntN(60)), fmt.Sprintf("%02d/%02d/2026 %02d:%02d", 1+rng.IntN(28), 1+rng.IntN(12), rng.IntN(24), rng.IntN(60)))
		}},
		{"amounts", func() string {
			return pick("$"+digits(3)+".50", "R$ 1."+digits(3)+",00", "€ "+digits(4), digits(3)+" EUR", "₹"+digits(5), "Rp "+grouped(".", 3, 3, 3), grouped(".", 2, 3, 3)+" COP")
		}},
		{"tracking, in groups", func() string {
			return pick(grouped(" ", 4, 4, 4), grouped("-", 4, 4, 4), grouped(" ", 3, 3, 3, 2), grouped(" ", 3, 3, 3), grouped(" ", 3, 3, 4), grouped(" ", 4, 4, 4, 2), grouped(" ", 4, 4, 4, 4, 4), grouped("-", 6, 5), grouped(" ", 5, 4, 3))
		}},
		{"postal S10", func() string { return letters(2) + digits(9) + letters(2) }},
		{"IMEI", func() string { return "IMEI " + luhnDigits("35"+digits(12)) }},
	}
	for _, b := range benign {
		alarms, notes := 0, 0
		const n = 4000
		for range n {
			s := fmt.Sprintf(contexts[rng.IntN(len(contexts))], b.make())
			all := identify(c, s)
			if h := held(slices.Clone(all)); len(h) > 0 {
				if alarms++; alarms < 5 {
					t.Logf("  %s: %q: %v", b.name, s, h)
				}
			} else if len(all) > 0 {
				notes++
			}
		}
		t.Logf("%-20s %.2f in 1,000 taken for an identifier, %.2f noted", b.name, 1000*float64(alarms)/n, 1000*float64(notes)/n)
		require.LessOrEqual(t, float64(alarms)/n, 0.005, b.name)
	}
}
