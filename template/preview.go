package template

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode"
)

// A Medium is where a [Preview] is read. The zero Medium is plain text.
type Medium uint8

const (
	Plain    Medium = iota // the words alone, without marks and control characters
	Terminal               // with bold, italic, struck and underlined (values) by ANSI codes
	HTML                   // escaped, with strong, em, s, code, and mark for values
)

// Preview is a template with its values as a person will read it, each text on
// lines of its own: header, body, footer, buttons in brackets, cards one after the
// other. With masked no value stands in it, which is what a log is for. What is
// missing stays visible as its placeholder.
//
// The words of one-time codes and of buttons whose labels are fixed are Meta's, and
// where a definition has none a wording in its language stands for them (English,
// and the eleven other languages package category reads; else English); Meta's own
// may differ. Errors are those of [Render].
func Preview(d *Definition, f *Filled, m Medium, masked bool) (string, error) {
	stand := d.clone()
	stand.fixedWords()
	texts, err := Render(&stand, f)
	if err != nil {
		return "", err
	}
	if masked {
		texts = Masked(texts)
	}
	p := previewing{medium: m}
	p.open(stand.Ref.Language)
	card := ""
	for i := range texts {
		t := &texts[i]
		place := t.Place
		if rest, ok := strings.CutPrefix(place, "card."); ok {
			n, of, _ := strings.Cut(rest, ".")
			if place = of; n != card {
				card = n
				p.card(n)
			}
		}
		if kind, _, _ := strings.Cut(place, "."); kind == "button" {
			p.button(t, strings.HasSuffix(place, ".url") || strings.HasSuffix(place, ".value"))
		} else {
			p.text(kind, t)
		}
	}
	p.shut()
	return p.b.String(), nil
}

type previewing struct {
	b      strings.Builder
	medium Medium
	inCard bool
}

// rtl are the languages that are written from right to left.
var rtl = map[string]bool{"ar": true, "fa": true, "he": true, "ps": true, "prs": true, "ur": true}

func (p *previewing) open(language string) {
	if p.medium == HTML {
		dir := "ltr"
		if rtl[base(language)] {
			dir = "rtl"
		}
		fmt.Fprintf(&p.b, "<div class=\"template\" lang=%q dir=%q>\n", html.EscapeString(strings.ReplaceAll(language, "_", "-")), dir)
	}
}

func (p *previewing) shut() {
	if p.medium == HTML {
		if p.inCard {
			p.b.WriteString("</div>\n")
		}
		p.b.WriteString("</div>\n")
	}
}

func (p *previewing) card(n string) {
	if p.medium != HTML {
		i, _ := strconv.Atoi(n)
		fmt.Fprintf(&p.b, "-- %d --\n", i+1)
		return
	}
	if p.inCard {
		p.b.WriteString("</div>\n")
	}
	p.inCard = true
	p.b.WriteString("<div class=\"card\">\n")
}

func (p *previewing) text(kind string, t *Text) {
	runs := t.Runs()
	if kind == "header" {
		for i := range runs {
			runs[i].Bold = true // as the app shows it
		}
	}
	if p.medium == HTML {
		fmt.Fprintf(&p.b, "<p class=%q>", kind)
		p.runs(runs)
		p.b.WriteString("</p>\n")
		return
	}
	p.runs(runs)
	p.b.WriteByte('\n')
}

func (p *previewing) button(t *Text, more bool) {
	runs := []Run{}
	at := 0
	for _, v := range t.Values { // labels and addresses have no marks
		runs = append(runs, Run{Words: t.Words[at:v[0]]}, Run{Words: t.Words[v[0]:v[1]], Value: true})
		at = v[1]
	}
	runs = append(runs, Run{Words: t.Words[at:]})
	switch {
	case p.medium == HTML && more:
		p.b.WriteString("<p class=\"address\">")
		p.runs(runs)
		p.b.WriteString("</p>\n")
	case p.medium == HTML:
		p.b.WriteString("<p class=\"button\">")
		p.runs(runs)
		p.b.WriteString("</p>\n")
	case more:
		p.b.WriteString("    ")
		p.runs(runs)
		p.b.WriteByte('\n')
	default:
		p.b.WriteString("[ ")
		p.runs(runs)
		p.b.WriteString(" ]\n")
	}
}

func (p *previewing) runs(all []Run) {
	for i := range all {
		r := &all[i]
		switch p.medium {
		case HTML:
			p.html(r)
		case Terminal:
			p.terminal(r)
		default:
			p.b.WriteString(harmless(r.Words))
		}
	}
}

func (p *previewing) html(r *Run) {
	var shut []string
	for _, e := range [...]struct {
		on  bool
		tag string
	}{{r.Bold, "strong"}, {r.Italic, "em"}, {r.Strike, "s"}, {r.Mono, "code"}, {r.Value, "mark"}} {
		if e.on {
			p.b.WriteString("<" + e.tag + ">")
			shut = append(shut, "</"+e.tag+">")
		}
	}
	p.b.WriteString(strings.ReplaceAll(html.EscapeString(harmless(r.Words)), "\n", "<br>\n"))
	for i := len(shut) - 1; i >= 0; i-- {
		p.b.WriteString(shut[i])
	}
}

func (p *previewing) terminal(r *Run) {
	codes := ""
	for _, e := range [...]struct {
		on   bool
		code string
	}{{r.Bold, "1"}, {r.Italic, "3"}, {r.Value, "4"}, {r.Strike, "9"}, {r.Mono, "2"}} {
		if e.on {
			codes += ";" + e.code
		}
	}
	words := harmless(r.Words)
	if codes == "" {
		p.b.WriteString(words)
		return
	}
	p.b.WriteString("\x1b[" + codes[1:] + "m" + words + "\x1b[0m")
}

// harmless takes out what a terminal or a page would obey.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return -1
		}
		return r
	}, s)
}

// codeWords is a wording for one-time codes: the code, the warning, the minutes (%d)
// and the label of the button. They are this library's own words: Meta writes its
// own in every language it takes, and the Graph API's preview returns them.
var codeWords = map[string][4]string{
	"en": {"*{{1}}* is your verification code.", " For your security, do not share this code.", "This code expires in %d minutes.", "Copy code"},
	"es": {"*{{1}}* es tu código de verificación.", " Por tu seguridad, no lo compartas.", "Este código caduca en %d minutos.", "Copiar código"},
	"pt": {"*{{1}}* é o seu código de verificação.", " Para sua segurança, não compartilhe este código.", "Este código expira em %d minutos.", "Copiar código"},
	"fr": {"*{{1}}* est votre code de vérification.", " Pour votre sécurité, ne le partagez pas.", "Ce code expire dans %d minutes.", "Copier le code"},
	"de": {"*{{1}}* ist dein Bestätigungscode.", " Gib diesen Code zu deiner Sicherheit nicht weiter.", "Dieser Code läuft in %d Minuten ab.", "Code kopieren"},
	"it": {"*{{1}}* è il tuo codice di verifica.", " Per la tua sicurezza, non condividerlo.", "Questo codice scade tra %d minuti.", "Copia codice"},
	"id": {"*{{1}}* adalah kode verifikasi Anda.", " Demi keamanan, jangan bagikan kode ini.", "Kode ini kedaluwarsa dalam %d menit.", "Salin kode"},
	"tr": {"Doğrulama kodunuz: *{{1}}*.", " Güvenliğiniz için bu kodu paylaşmayın.", "Bu kodun süresi %d dakika içinde dolar.", "Kodu kopyala"},
	"ru": {"*{{1}}* — ваш код подтверждения.", " Никому не сообщайте этот код.", "Срок действия кода: %d мин.", "Скопировать код"},
	"ar": {"رمز التحقق الخاص بك هو *{{1}}*.", " حفاظًا على أمانك، لا تشارك هذا الرمز.", "تنتهي صلاحية هذا الرمز خلال %d دقائق.", "نسخ الرمز"},
	"hi": {"*{{1}}* आपका सत्यापन कोड है.", " सुरक्षा के लिए यह कोड किसी से साझा न करें.", "यह कोड %d मिनट में समाप्त हो जाएगा.", "कोड कॉपी करें"},
	"zh": {"*{{1}}* 是您的验证码。", "为了您的安全，请勿分享此验证码。", "此验证码将在 %d 分钟后失效。", "复制验证码"},
}

// labels stand for those Meta fixes.
var labels = map[string]string{"CATALOG": "View catalog", "MPM": "View items", "SPM": "View", "COPY_CODE": "Copy offer code", "REQUEST_CONTACT_INFO": "Share contact info"}

// fixedWords puts a wording where Meta's own stands in the message and none in the
// definition.
func (d *Definition) fixedWords() {
	words, ok := codeWords[base(d.Ref.Language)]
	if !ok {
		words = codeWords["en"]
	}
	auth := d.authentication()
	var fill func(all []Component)
	fill = func(all []Component) {
		for i := range all {
			k := &all[i]
			switch {
			case auth && is(k.Type, "BODY") && k.Text == "":
				k.Text = words[0]
				if yes := k.Extra["add_security_recommendation"]; len(yes) > 0 && yes[0] == 't' {
					k.Text += words[1]
				}
			case auth && is(k.Type, "FOOTER") && k.Text == "":
				if n, ok := whole(k.Extra["code_expiration_minutes"]); ok {
					k.Text = fmt.Sprintf(words[2], n)
				}
			}
			for j := range k.Buttons {
				b := &k.Buttons[j]
				switch {
				case b.Text != "":
				case b.OTP():
					b.Text = words[3]
				default:
					b.Text = labels[strings.ToUpper(b.Type)]
				}
			}
			for j := range k.Cards {
				fill(k.Cards[j].Components)
			}
		}
	}
	fill(d.Components)
}
