package text

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const english = "Hi Maria, your order 48213 has shipped and should arrive on Thursday between 2 and 4 pm. You can follow the parcel with the link below or reply to this message if you would like to change the address. Our shop on Green Street is open until eight tonight, and the new autumn catalogue is out. Thank you."
const portuguese = "Olá Maria, o seu pedido 48213 já saiu para entrega e deve chegar na quinta-feira entre 14h e 16h. Você pode acompanhar a encomenda pelo endereço abaixo ou responder a esta mensagem se quiser trocar o endereço. A nossa loja fica aberta até às oito da noite, e o catálogo de outono já está disponível."
const hindi = "नमस्ते मारिया, आपका ऑर्डर 48213 भेज दिया गया है और गुरुवार को दोपहर तक पहुँच जाएगा। पता बदलने के लिए इस संदेश का उत्तर दें।"
const russian = "Здравствуйте, Мария! Ваш заказ 48213 отправлен и придёт в четверг до шести вечера. Чтобы изменить адрес, ответьте на это сообщение."
const chinese = "您好，您的订单48213已经发货，预计星期四下午送达。如需更改地址，请直接回复本消息。我们的新款秋装目录已经上线，欢迎到店选购。"

func BenchmarkFold(b *testing.B) {
	for _, c := range []struct{ name, s string }{{"en", english}, {"pt", portuguese}, {"hi", hindi}, {"ru", russian}, {"zh", chinese}} {
		b.Run(c.name, func(b *testing.B) {
			var buf Buffer
			b.ReportAllocs()
			b.SetBytes(int64(len(c.s)))
			for b.Loop() {
				buf.Reset()
				buf.Add(c.s)
			}
		})
	}
	b.Run("en/xtext", func(b *testing.B) {
		fold := cases.Fold()
		b.SetBytes(int64(len(english)))
		for b.Loop() {
			fold.String(norm.NFKC.String(english))
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	var buf Buffer
	buf.Add(english)
	b.ReportAllocs()
	b.SetBytes(int64(len(english)))
	for b.Loop() {
		buf.read = false
		buf.Tokens()
	}
}

// phraseList is n phrases of one to three words, many of which share words.
func phraseList(n int) []string {
	rng := rand.New(rand.NewPCG(7, 7))
	words := make([]string, n)
	for i := range words {
		var w []byte
		for range 3 + rng.IntN(8) {
			w = append(w, "etaoinshrdlucmfwypvbgk"[rng.IntN(22)])
		}
		words[i] = string(w)
	}
	list := make([]string, n)
	for i := range list {
		var ws []string
		for range 1 + rng.IntN(3) {
			ws = append(ws, words[rng.IntN(n)])
		}
		list[i] = strings.Join(ws, " ")
		if rng.IntN(10) == 0 {
			list[i] += "*"
		}
	}
	return list
}

func BenchmarkFind(b *testing.B) {
	hostile := map[string]func(n int, list []string) string{
		"spaced":    func(n int, _ []string) string { return strings.Repeat("a ", n/2) },
		"stretched": func(n int, _ []string) string { return strings.Repeat("a", n) },
		"leet":      func(n int, _ []string) string { return strings.Repeat("a1b@", n/4) },
		"phrases": func(n int, list []string) string {
			return (strings.Repeat(strings.Join(list[:500], " "), 1+n/4000) + strings.Repeat(" ", n))[:n]
		},
	}
	for _, n := range []int{1000, 20000} {
		list := phraseList(n)
		p, err := Compile(list)
		if err != nil {
			b.Fatal(err)
		}
		run := func(name, s string) {
			b.Run(fmt.Sprintf("%s/%dk", name, n/1000), func(b *testing.B) {
				var buf Buffer
				var hits []Hit
				b.ReportAllocs()
				b.SetBytes(int64(len(s)))
				for b.Loop() {
					buf.Reset()
					buf.Add(s)
					hits = p.Find(hits[:0], &buf)
				}
			})
		}
		run("typical", english)
		for name, make := range hostile {
			for _, size := range []int{1 << 10, 4 << 10, 64 << 10} {
				run(fmt.Sprintf("%s/%dKiB", name, size>>10), make(size, list))
			}
		}
		b.Logf("%d phrases: %d KiB", n, p.size()>>10)
	}
}

func (p *Phrases) size() int {
	return len(p.words.cells)*8 + len(p.words.ends)*8 + len(p.states)*16 + len(p.pairs.bits)*8 + (len(p.steps)+len(p.found)+len(p.first))*4
}

func BenchmarkCompile20k(b *testing.B) {
	list := phraseList(20000)
	for b.Loop() {
		if _, err := Compile(list); err != nil {
			b.Fatal(err)
		}
	}
}
