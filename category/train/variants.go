package main

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/category"
)

// A sample is one variant of a frame, as features.
type sample struct {
	features []category.Feature
	class    int
	weight   float64
}

// greetings and closings go with every category, so they must weigh nothing.
var greetings = map[string][]string{
	"en": {"Hi {{1}}, ", "Hello {{1}}! ", "Dear {{1}}, ", "Dear customer, "},
	"es": {"Hola {{1}}, ", "¡Hola, {{1}}! ", "Estimado cliente: "},
	"pt": {"Olá {{1}}, ", "Oi, {{1}}! ", "Prezado cliente, "},
	"hi": {"नमस्ते {{1}}, ", "प्रिय {{1}}, ", "Namaste {{1}}, ", "Hi {{1}}, "},
	"id": {"Halo {{1}}, ", "Hai Kak {{1}}, ", "Yth. {{1}}, "},
	"ar": {"مرحباً {{1}}، ", "عزيزي {{1}}، ", "أهلاً {{1}}، "},
	"fr": {"Bonjour {{1}}, ", "Cher client, "},
	"de": {"Hallo {{1}}, ", "Guten Tag {{1}}, ", "Sehr geehrte Damen und Herren, "},
	"it": {"Ciao {{1}}, ", "Gentile {{1}}, ", "Gentile cliente, "},
	"tr": {"Merhaba {{1}}, ", "Sayın {{1}}, ", "Değerli müşterimiz, "},
	"ru": {"Здравствуйте, {{1}}! ", "Уважаемый {{1}}, ", "Добрый день, {{1}}! "},
	"zh": {"您好，{{1}}！", "尊敬的{{1}}，", "親愛的客戶，"},
}

var closings = map[string][]string{
	"en": {" Thank you!", " Thank you for choosing {{9}}.", " Team {{9}}", " Questions? Reply to this message."},
	"es": {" ¡Gracias!", " Gracias por confiar en {{9}}.", " Atentamente, {{9}}"},
	"pt": {" Obrigado!", " Obrigado por escolher a {{9}}.", " Equipe {{9}}"},
	"hi": {" धन्यवाद!", " धन्यवाद, टीम {{9}}", " Dhanyavaad!"},
	"id": {" Terima kasih.", " Terima kasih telah memilih {{9}}.", " Salam, {{9}}"},
	"ar": {" شكراً لك.", " شكراً لاختيارك {{9}}.", " فريق {{9}}"},
	"fr": {" Merci !", " Merci de votre confiance.", " L'équipe {{9}}"},
	"de": {" Vielen Dank!", " Viele Grüße, Ihr {{9}}-Team", " Danke für Ihr Vertrauen."},
	"it": {" Grazie!", " Grazie per aver scelto {{9}}.", " Il team {{9}}"},
	"tr": {" Teşekkür ederiz.", " Bizi tercih ettiğiniz için teşekkürler.", " {{9}} ekibi"},
	"ru": {" Спасибо!", " Спасибо, что выбрали {{9}}.", " Команда {{9}}"},
	"zh": {"谢谢！", "感谢您选择{{9}}。", "{{9}}團隊敬上"},
}

// variants is how many variants of a frame are trained on.
const variants = 7

// Each utility frame is also put together with so many marketing ones.
const (
	mixed       = 2
	mixedWeight = 0.2
)

// samples makes variants of frames. Each is drawn by its frame's own seed, so
// that adding one frame changes no other.
func samples(r *category.Reader, frames []Frame) []sample {
	var utility, marketing = byLanguage(frames, category.Utility), byLanguage(frames, category.Marketing)
	var out []sample
	add := func(d category.Draft, c category.Category, weight float64) {
		out = append(out, sample{r.Features(nil, d), int(c) - 1, weight})
	}
	for i := range frames {
		f := &frames[i]
		rnd := rand.New(rand.NewPCG(uint64(f.draw()), 20261125))
		add(f.Draft(), f.Category, 1)
		for k := range variants {
			d := f.Draft()
			vary(&d, f.Lang, rnd)
			if k%3 == 2 {
				d.Lang = "" // nobody said which language it is
			}
			add(d, f.Category, 1)
		}
		// A utility text and any marketing text of the same language, put
		// together, are marketing: that is what mixed content means.
		if f.Category == category.Utility {
			for range mixed {
				other := pick(marketing[f.Lang], rnd)
				if other == nil || len(other.Body) >= 320 {
					continue
				}
				d := f.Draft()
				d.Body = f.Body + " " + other.Body
				if rnd.IntN(2) == 0 {
					d.Buttons = other.Draft().Buttons
				}
				add(d, category.Marketing, mixedWeight)
			}
		}
		// Two utility texts are still utility: length alone says nothing.
		if f.Category == category.Utility && rnd.IntN(2) == 0 {
			if other := pick(utility[f.Lang], rnd); other != nil {
				d := f.Draft()
				d.Body = f.Body + "\n" + other.Body
				add(d, category.Utility, 0.5)
			}
		}
	}
	return out
}

func byLanguage(frames []Frame, c category.Category) map[string][]*Frame {
	m := map[string][]*Frame{}
	for i := range frames {
		if f := &frames[i]; f.Category == c {
			m[f.Lang] = append(m[f.Lang], f)
		}
	}
	return m
}

func pick[T any](list []T, rnd *rand.Rand) (none T) {
	if len(list) == 0 {
		return none
	}
	return list[rnd.IntN(len(list))]
}

// vary changes what does not change the category: greeting, closing, the form
// of the placeholders, a few words, the structure around the body.
func vary(d *category.Draft, lang string, rnd *rand.Rand) {
	if rnd.IntN(3) == 0 && !strings.HasPrefix(d.Body, "{{") {
		d.Body = pick(greetings[lang], rnd) + d.Body
	}
	if rnd.IntN(3) == 0 {
		d.Body += pick(closings[lang], rnd)
	}
	if rnd.IntN(3) == 0 {
		d.Body = thin(d.Body, rnd)
	}
	switch rnd.IntN(6) {
	case 0:
		d.Buttons = nil
	case 1:
		d.HeaderFormat, d.Header = "", ""
	case 2:
		d.Footer = ""
	case 3:
		d.Body = fill(d.Body, rnd)
	}
	if rnd.IntN(8) == 0 {
		d.Body = strings.ReplaceAll(d.Body, "!", ".")
	}
}

// thin leaves out words here and there; in a text without spaces, characters.
func thin(body string, rnd *rand.Rand) string {
	words := strings.Split(body, " ")
	if len(words) < 6 && utf8.RuneCountInString(body) > 20 {
		words = strings.Split(body, "")
		return strings.Join(drop(words, 20, rnd), "")
	}
	return strings.Join(drop(words, 9, rnd), " ")
}

func drop(words []string, every int, rnd *rand.Rand) []string {
	kept := words[:0]
	for _, w := range words {
		if strings.ContainsAny(w, "{}1234567890") || rnd.IntN(every) != 0 {
			kept = append(kept, w)
		}
	}
	return kept
}

// fill puts values where placeholders were, as authors show them in examples.
func fill(body string, rnd *rand.Rand) string {
	values := []string{"A-20418", "48213", "12/03", "14:30", "1,250.00", "Ana", "Delta", "7731"}
	for i := 1; i <= 9; i++ {
		body = strings.ReplaceAll(body, "{{"+string(rune('0'+i))+"}}", pick(values, rnd))
	}
	return body
}
