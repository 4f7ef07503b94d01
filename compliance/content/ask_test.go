package content_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// asked are the findings of the rule against asking, with the words they cover.
func asked(t testing.TB, c *content.Checker, words string, lang language.Tag) (fs []content.Finding, covered []string) {
	t.Helper()
	var rep content.Report
	c.Check([]content.Text{{Place: "body", Words: words}}, lang, &rep)
	require.Empty(t, rep.Failed)
	for _, f := range rep.Findings {
		if f.Rule == "data-request-sensitive" {
			fs = append(fs, f)
			covered = append(covered, words[f.Span.Start:f.Span.End])
		}
	}
	return fs, covered
}

// TestAsk shows what the phrases alone make of a message.
func TestAsk(t *testing.T) {
	c := unweighed(t)
	for _, v := range []struct {
		words string
		want  []string // kind, words, kind, words
		why   string
	}{
		{"Please send your card number", []string{"card_pan", "card number"}, "an act and a secret"},
		{"Please send your CVV and PIN", []string{"card_cvv", "CVV", "card_pin", "PIN"}, "one finding a kind"},
		{"Send your PIN. Send your PIN!", []string{"card_pin", "PIN"}, "once is enough"},
		{"Your card number is safe", nil, "nobody asks"},
		{"Send us a mail. Your card number is safe", nil, "another sentence"},
		{"Never send your card number", nil, "denied"},
		{"We never ask for your PIN. Now send your card number", []string{"card_pan", "card number"}, "denied for its own sentence only"},
		{"We never ask for your PIN but send your card number", []string{"card_pan", "card number"}, "or its own clause"},
		{"Don't worry, send your card number", []string{"card_pan", "card number"}, "not the act is denied"},
		{"Send the last 4 digits of your card number", nil, "a part"},
		{"Send the last 4 digits of your card number and the CVV", []string{"card_cvv", "CVV"}, "no part of a CVV may be asked for"},
		{"Enter your password", nil, "where, nobody says"},
		{"Enter your password below", []string{"password", "password"}, "in the chat"},
		{"Send your card number in the app", nil, "a place of the business"},
		{"Send your card number here, not in the app", []string{"card_pan", "card number"}, "the chat outweighs it"},
		{"Reply with: \n- card number\n- name", []string{"card_pan", "card number"}, "a list belongs to its head"},
		{"Bring your passport", nil, "in person"},
		{"Send a photo of your passport", []string{"passport_number", "passport"}, "a picture of a paper"},
		{"Send your gift card number", nil, "another card"},
		{"Share your order ID", nil, "an order"},
		{"S e n d your ＣＡＲＤ  number", []string{"card_pan", "ＣＡＲＤ  number"}, "written so as not to be found"},
		{"Did you get the verification code? Send it over", []string{"otp_code", "verification code"}, "the clause before says what"},
		{"Your passport is ready. Send it", []string{"passport_number", "passport"}, "whatever that clause is about"},
		{"Never tell your PIN. Send it", nil, "denied there"},
		{"CVV please", []string{"card_cvv", "CVV"}, "a plea and no verb"},
		{"Please keep your CVV safe", nil, "a plea elsewhere"},
		{"Thanks. And the CVV?", []string{"card_cvv", "CVV"}, "a question that goes on"},
		{"Thanks. And the CVV is safe.", nil, "no question"},
		{"I'll charge it now, card number and expiry?", []string{"card_pan", "card number and expiry"}, "a name and a question mark"},
		{"Okay, photo of your ID?", []string{"person_id", "ID"}, "a picture of a paper"},
		{"Is this your card number?", nil, "a question about it"},
		{"Password forgotten?", nil, "a question about a word that is typed everywhere"},
		{"The payment did not go through, send your card number", []string{"card_pan", "card number"}, "a comma ends what is denied"},
		{"Do not call, and do not send your card number", nil, "denied once more"},
		{"Name:\nCard number:\nExpiry:", []string{"card_pan", "Card number"}, "a form"},
		{"Name: / Card number: / Expiry:", []string{"card_pan", "Card number"}, "in one line"},
		{"Passport number: ____", []string{"passport_number", "Passport number"}, "a line to write on"},
		{"Name: Ann\nCard number: **** 4242\nExpiry: 12/30", nil, "a form filled in"},
		{"Card number:\n**** 4242", nil, "filled in below"},
		{"Name:\nAnn Lee\nCard number:\nVisa ending in 4242", nil, "below, in words"},
		{"Card number:\n{{1}}\nExpiry:\n{{2}}", nil, "to be filled in by the sender"},
		{"Card number (16 digits)", []string{"card_pan", "Card number"}, "the label of a field"},
		{"Enter your card number", []string{"card_pan", "card number"}, "nothing says it is elsewhere"},
		{"Open our website. Enter your card number", nil, "the sentence before does"},
		{"To log in enter the security code {{1}}", nil, "a code that is given"},
		{"Take a picture of your card and send it", []string{"card_pan", "card"}, "an act hides no name inside it"},
		{"Send the card to our shop", nil, "the thing itself"},
		{"Give the OTP to the driver", nil, "in person"},
		{"Please send card no. and CVV", []string{"card_pan", "card no", "card_cvv", "CVV"}, "a dot that ends no sentence"},
	} {
		fs, words := asked(t, c, v.words, language.English)
		var got []string
		for i, f := range fs {
			require.NotEmpty(t, f.Why)
			got = append(got, f.Kind, words[i])
		}
		require.Equal(t, v.want, got, "%s: %q", v.why, v.words)
	}
}

// TestAskNotOwnAccount: the account of the business, to pay into, is given and
// not asked for.
func TestAskNotOwnAccount(t *testing.T) {
	c := builtin(t)
	for _, words := range []string{
		"Please send the payment to IBAN DE00 and reply with the receipt",
		"Envíe el pago a la CLABE de abajo y mande su comprobante",
		"Envie o valor para a chave Pix da loja e mande o comprovante",
		"Aap is account number par payment karke screenshot bhejo",
		"Kirim pembayaran ke rekening di bawah lalu kirim buktinya",
		"أرسل المبلغ على رقم الحساب التالي وأرسل الإيصال",
		"Envoyez le virement sur ce RIB et le justificatif",
		"Überweisen Sie an folgende IBAN und senden Sie uns den Beleg",
		"Invia il bonifico all'IBAN indicato e mandaci la ricevuta",
		"IBAN numarasına ödeme yapıp dekontu gönderin",
		"Отправьте оплату на номер карты ниже и пришлите чек",
		"请转账到以下银行账号并发送截图",
	} {
		_, covered := asked(t, c, words, language.Und)
		require.Empty(t, covered, words)
	}
	_, covered := asked(t, c, "Please send your IBAN so that we can pay to your account", language.English)
	require.NotEmpty(t, covered, "the reader's own account is asked for")
}

// TestAskHomonyms: words that are names of secrets in another sense, another
// language or with another accent. No phrase takes them for one; where they are weighed, too,
// nearly none.
func TestAskHomonyms(t *testing.T) {
	c, phrases := builtin(t), unweighed(t)
	var taken share
	for _, v := range []struct{ lang, words, why string }{
		{"es", "Mándenos la talla del niño", "no NINO, the British insurance number"},
		{"es", "Mándame una foto de la carne", "no carné"},
		{"es", "Envíanos tu foto del Fun Run", "no Chilean RUN"},
		{"en", "Can I get a tin of beans?", "no tax identification number"},
		{"ru", "Инна, пришлите адрес доставки", "a name, no ИНН"},
		{"ar", "أرسل لنا تفاصيل الإقامة في الفندق", "a stay, no residence permit"},
		{"ar", "يرجى إرسال صورة فستان شيك", "chic, no cheque"},
		{"pt", "Qual é o número completo da casa?", "of a house"},
		{"fr", "Quel est le numéro complet de la rue ?", "in a street"},
		{"it", "Qual è la parola chiave del concorso?", "a keyword"},
		{"id", "Kirim user ID dan server game kamu", "of a game"},
		{"tr", "Kapı şifresini yazar mısınız?", "of a door"},
		{"hi", "अपना पैन इंडिया ऑफर देखें और हमें बताएं", "all over India"},
		{"de", "Pass bitte auf und schick uns ein Foto vom Schaden", "take care"},
		{"zh", "请发一下公交卡照片", "a bus card"},
		{"zh", "请提供身份证后四位数", "the last four digits"},
		{"en", "Please send the password for the wifi", "of a guest network"},
		{"en", "Reply with your student number's last three digits", "of another number"},
		{"en", "Just drop your pin", "a place on the map"},
		{"pt", "O que conta é a sua opinião", "no \"em que conta?\""},
		{"es", "Cuéntanos qué te llegó dañado", "no \"¿qué código te llegó?\""},
		{"ar", "توثيق العلامة الزرقا لأي حساب خلال يوم", "for any account"},
		{"de", "Welches Konto passt zu Ihnen?", "what a bank sells"},
		{"es", "Responda con un día o pase con su DNI antes del jueves", "in person, with a name that is English too"},
		{"hi", "ओटीपी राइडर को बताएं", "to the courier, who is in person though harmless too"},
		{"hi", "Loyalty card ki photo bhej dijiye", "of a shop"},
		{"de", "Ihre Kartendaten liegen uns schon vor, Sie müssen nichts schicken", "nothing to send"},
		{"pt", "CNH suspensa? Fale com nosso advogado", "a question about it"},
		{"fr", "Le partage d'identifiants est contraire au règlement", "forbidden"},
		{"tr", "Randevunuza kimlik ve 2 fotoğrafla gelmeniz yeterlidir", "come with it"},
		{"ru", "Реквизиты прежние, ждём оплату", "those of the business, as before"},
		{"zh", "发票抬头需要修改吗?请提供税号", "of a company"},
		{"it", "La banca informa: nuovo IBAN attivo dal primo del mese", "informs, which asks in Portuguese"},
		{"hi", "Pickup 4:15, driver Mohan, OTP gaadi me batana", "in the car, as before"},
	} {
		_, covered := asked(t, phrases, v.words, language.MustParse(v.lang))
		require.Empty(t, covered, "%s: %s", v.why, v.words)
		_, covered = asked(t, c, v.words, language.MustParse(v.lang))
		if taken.count(len(covered) > 0); len(covered) > 0 {
			t.Logf("taken for a request: %s: %s", v.why, v.words)
		}
	}
	require.LessOrEqual(t, taken.n, 1, "of %d", taken.of)
	for _, v := range []struct{ lang, words, why string }{
		{"es", "Escríbanos el número correcto de la tarjeta", "a word between the two of a name"},
		{"es", "¿Me da su contraseña de banca en línea?", "its own place does not make it secure"},
		{"de", "Geben Sie mir bitte Ihr Onlinebanking-Passwort", "nor there"},
		{"de", "Teilen Sie uns bitte die Passnummern aller Reisenden mit", "several"},
		{"fr", "Indiquez-nous les numéros de passeport de tous les voyageurs", "several"},
		{"ar", "ما هي كلمة المرور؟", "what is"},
		{"de", "Auf welches Konto sollen wir überweisen?", "a question that is act and name in one"},
		{"pt", "Em que conta quer receber o reembolso?", "the same"},
		{"en", "Your IBAN would be appreciated", "behind its name"},
		{"en", "Please send your NINO", "the British insurance number"},
	} {
		_, covered := asked(t, c, v.words, language.MustParse(v.lang))
		require.NotEmpty(t, covered, "%s: %s", v.why, v.words)
	}
}

// unweighed goes by phrases alone.
func unweighed(t testing.TB) *content.Checker {
	t.Helper()
	book, err := policy.Builtin()
	require.NoError(t, err)
	model, err := content.AppendModel(nil, &content.Weights{Rules: []policy.ID{"none"}, Ties: make([]float64, content.TieSigns), Marks: make([]float64, content.MarkCount)})
	require.NoError(t, err)
	c, err := content.Compile(book, content.WithModel(model))
	require.NoError(t, err)
	return c
}

func TestAskByLinkWarns(t *testing.T) {
	c := builtin(t)
	fs, _ := asked(t, c, "Please upload a copy of your passport: https://forms.example.com/kyc", language.English)
	require.Len(t, fs, 1)
	require.Equal(t, policy.Warn, fs[0].Severity, "a paper, by a link")
	fs, _ = asked(t, c, "Please send your card number: https://pay.example.com/1", language.English)
	require.Empty(t, fs, "a page of the business is where to ask")
	fs, _ = asked(t, c, "Please send your card number", language.English)
	require.Zero(t, fs[0].Severity)
}

func TestAskAcrossTexts(t *testing.T) {
	c := builtin(t)
	var rep content.Report
	c.Check([]content.Text{{Place: "header", Words: "Please send"}, {Place: "body", Words: "Your card number is safe"}}, language.English, &rep)
	require.Empty(t, rep.Findings, "a request does not run from one text into the next")
}

type askSample struct {
	Kind string `json:"kind"` // ask, clear
	Of   string `json:"of"`   // what is asked for, or why it is clear; older texts do not say
	Text string `json:"text"`
}

// askFigures are what became of texts that ask, and of those that do not.
type askFigures struct{ recall, alarms share }

func (f *askFigures) count(t testing.TB, c *content.Checker, s askSample, lang language.Tag) {
	require.Contains(t, []string{"ask", "clear"}, s.Kind)
	found, _ := asked(t, c, s.Text, lang)
	if s.Kind == "ask" {
		f.recall.count(len(found) > 0)
	} else {
		f.alarms.count(len(found) > 0)
	}
}

func (f *askFigures) add(g *askFigures) {
	f.recall.n, f.recall.of = f.recall.n+g.recall.n, f.recall.of+g.recall.of
	f.alarms.n, f.alarms.of = f.alarms.n+g.alarms.n, f.alarms.of+g.alarms.of
}

func (f *askFigures) row(name string) string {
	return fmt.Sprintf("| %s | %v | %v |", name, f.recall, f.alarms)
}

// TestAskCorpus reads the held-out fifth of requests, which nothing is trained on, with the
// language said and not, and tells figures by language and by what is asked for.
func TestAskCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of texts, one after another; run without -short")
	}
	c := builtin(t)
	var all, und askFigures
	of := map[string]*askFigures{}
	t.Log("| | recall | false alarms |")
	for _, lang := range languages {
		var f askFigures
		for _, s := range lines[askSample](t, "content", "ask", lang+".jsonl") {
			if !heldOut(s.Text) {
				continue
			}
			f.count(t, c, s, language.MustParse(lang))
			und.count(t, c, s, language.Und)
			if s.Of != "" {
				if of[s.Of] == nil {
					of[s.Of] = &askFigures{}
				}
				of[s.Of].count(t, c, s, language.MustParse(lang))
			}
		}
		t.Log(f.row(lang))
		all.add(&f)
	}
	t.Log(all.row("all"))
	t.Log(und.row("all, language not said"))
	for _, name := range slices.Sorted(maps.Keys(of)) {
		t.Log(of[name].row(name))
	}
	require.GreaterOrEqual(t, all.recall.rate(), 0.75, "recall, most of it of oblique requests")
	require.LessOrEqual(t, all.alarms.rate(), 0.035, "false alarms, most of them near doubles of requests")
}

// TestAskFresh reads what testers wrote who had not seen the checker; nothing is trained on it.
func TestAskFresh(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of texts, one after another; run without -short")
	}
	c := builtin(t)
	var all askFigures
	t.Log("| | recall | false alarms |")
	for _, lang := range languages {
		var f askFigures
		for _, s := range lines[askSample](t, "content", "ask", "fresh", lang+".jsonl") {
			f.count(t, c, s, language.MustParse(lang))
		}
		t.Log(f.row(lang))
		all.add(&f)
	}
	t.Log(all.row("all"))
	require.GreaterOrEqual(t, all.recall.rate(), 0.85, "recall")
	require.LessOrEqual(t, all.alarms.rate(), 0.02, "false alarms")
}

// TestAskOnOtherTexts: what customers write to stop, and what businesses write
// about goods, asks for nothing. A customer who asks where the code is that never came may be
// taken for one who wants it.
func TestAskOnOtherTexts(t *testing.T) {
	c := builtin(t)
	var alarms share
	for _, pattern := range []string{"optin/*.jsonl", "optin/fresh*/*.jsonl", "content/*.jsonl"} {
		files, err := fs.Glob(os.DirFS(filepath.Join("..", "..", "testdata")), pattern)
		require.NoError(t, err)
		for _, file := range files {
			for _, s := range lines[askSample](t, file) {
				found, _ := asked(t, c, s.Text, language.Und)
				if alarms.count(len(found) > 0); len(found) > 0 {
					t.Logf("%s: %s: %s", file, found[0].Kind, s.Text)
				}
			}
		}
	}
	require.Greater(t, alarms.of, 1000)
	t.Log(alarms)
	require.LessOrEqual(t, alarms.rate(), 0.005)
}

// TestAskCleanAllocatesNothing reads texts with every part of a request in them
// and none made.
func TestAskCleanAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	c := builtin(t)
	var rep content.Report
	for _, words := range []string{
		"Never share your PIN or send your card number in a chat. Please bring your passport and tell us the last 4 digits of your account number.",
		"Никому не сообщайте пароль и код из СМС. Возьмите паспорт с собой.",
		"请勿提供验证码。请告诉我卡号后四位。",
	} {
		texts := []content.Text{{Place: "body", Words: words}}
		c.Check(texts, language.Und, &rep)
		require.Empty(t, rep.Findings)
		require.Zero(t, testing.AllocsPerRun(100, func() { c.Check(texts, language.Und, &rep) }))
	}
}

func TestAskFiles(t *testing.T) {
	for _, v := range []struct{ json, want, why string }{
		{`{"lang": "sv", "sned": ["a"]}`, "sned", "an unknown field"},
		{"{\"lang\": \"sv\",\n\"send\": [\"a\"],\n\"send\": [\"b\"]}", "line 3", "a key twice"},
		{`{"lang": "yy"}`, "named for", "another language than the file"},
		{`{"lang": "sv", "secrets": {"shoe_size": ["a"]}}`, "shoe_size", "a kind nobody knows"},
	} {
		err := content.ReadAsks(v.json)
		require.ErrorContains(t, err, v.want, v.why)
		require.ErrorContains(t, err, "asks/sv.json", "names the file")
	}
	require.NoError(t, content.ReadAsks(`{"lang": "sv", "send": ["a"], "secrets": {"iban": ["b"]}}`))
}
