package content_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/text"
)

const typical = "Hi Maria, your order 48213 has shipped and should arrive on Thursday between 2 and 4 pm. You can follow the parcel with the link below or reply to this message if you would like to change the address. Our shop on Green Street is open until eight tonight, and the new autumn catalogue is out. Thank you."

var clean = map[string]string{
	"en":    "Hi Maria, this is a reminder of your appointment with Dr Stone on Thursday 12 March at 10:30. Please come ten minutes early and bring the form that we sent you last week. If you cannot make it, reply to this message and we will find another time for you. Parking is behind the building. See you soon.",
	"order": typical,
	"pt":    "Olá Maria, o seu pedido 48213 já saiu para entrega e deve chegar na quinta-feira entre 14h e 16h. Você pode acompanhar a encomenda pelo endereço abaixo ou responder a esta mensagem se quiser trocar o endereço. A nossa loja fica aberta até às oito da noite, e o catálogo já está disponível.",
	"hi":    "नमस्ते मारिया, आपका ऑर्डर 48213 भेज दिया गया है और गुरुवार को दोपहर तक पहुँच जाएगा। पता बदलने के लिए इस संदेश का उत्तर दें।",
	"ru":    "Здравствуйте, Мария! Ваш заказ 48213 отправлен и придёт в четверг до шести вечера. Чтобы изменить адрес, ответьте на это сообщение.",
	"ar":    "مرحبا مريم، طلبك رقم 48213 في الطريق ويصل يوم الخميس قبل السادسة مساء. لتغيير العنوان أرسل ردا على هذه الرسالة.",
	"zh":    "您好，您的订单48213已经发货，预计星期四下午送达。如需更改地址，请直接回复本消息。我们的新款秋装目录已经上线，欢迎到店选购。",
	// what a shop announces
	"news": "Hello Sam, the new summer dresses have just arrived in our shop: cotton and linen, sizes 8 to 18, from 25 pounds. Come by on Saturday and try them on, coffee is on us. Buy two and get 20% off the second one. Order online at www.example.com or reply to this message and we set your size aside. See you soon.",
	// twelve digits and more, so that numbers are looked at too
	"numbers": "Your order 48213 of 25/11/2026 left with tracking 3482 1193 0021 at 14:30. Call +1 202 555 0143 or +44 7700 900123 if it is late, and have invoice 2026-0004821 at hand.",
}

func BenchmarkCheckClean(b *testing.B) {
	c := builtin(b)
	run := func(name, words string) {
		texts := []content.Text{{Place: "body", Words: words}}
		b.Run(name, func(b *testing.B) {
			var rep content.Report
			b.ReportAllocs()
			b.SetBytes(int64(len(words)))
			for b.Loop() {
				rep.Findings = rep.Findings[:0]
				c.Check(texts, language.English, &rep)
			}
			if len(rep.Findings) > 0 {
				b.Fatal("not clean")
			}
			weighed := 0.
			if c.Clues(texts, language.English).Signs != 0 {
				weighed = 1
			}
			b.ReportMetric(weighed, "weighed")
		})
	}
	for _, name := range []string{"en", "order", "news", "pt", "hi", "ru", "ar", "zh", "numbers"} {
		run(name, clean[name])
	}
	for _, size := range []int{1 << 10, 4 << 10, 64 << 10} {
		run(fmt.Sprintf("en/%dKiB", size>>10), strings.Repeat(typical+"\n", size/len(typical)+1)[:size])
	}
}

// BenchmarkCheckCorpus reads what businesses send every day, thousands of texts one after the
// other: no word of one is still at hand because the message before was the same. The texts in
// which nothing is found are told apart by whether they are weighed. A time is that of one text.
func BenchmarkCheckCorpus(b *testing.B) {
	c := builtin(b)
	type message struct {
		texts []content.Text
		lang  language.Tag
	}
	var rep content.Report
	kinds := map[string][]message{}
	for _, lang := range languages {
		for _, s := range samples(b, lang) {
			m := message{[]content.Text{{Place: "body", Words: s.Text}}, language.MustParse(lang)}
			rep.Findings = rep.Findings[:0]
			if c.Check(m.texts, m.lang, &rep); s.Class != "ordinary" || len(rep.Findings) > 0 {
				continue
			}
			kinds["all"] = append(kinds["all"], m)
			kind := "gated"
			if c.Clues(m.texts, m.lang).Signs != 0 {
				kind = "weighed"
			}
			kinds[kind] = append(kinds[kind], m)
		}
	}
	for _, kind := range []string{"all", "gated", "weighed"} {
		all := kinds[kind]
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		size := 0
		for _, m := range all {
			size += len(m.texts[0].Words)
		}
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(size / len(all)))
			for i := 0; b.Loop(); i++ {
				m := &all[i%len(all)]
				rep.Findings = rep.Findings[:0]
				c.Check(m.texts, m.lang, &rep)
			}
			b.ReportMetric(float64(len(all)), "texts")
		})
	}
}

func BenchmarkCheckHostile(b *testing.B) {
	c := builtin(b)
	for _, h := range []struct{ name, unit, before, after string }{
		{name: "offers", unit: "glock price buy "},
		{name: "excused", unit: "glock museum "},
		{name: "unsold", unit: "glock "},
		{name: "cards", unit: "4111111111111111 "},
		{name: "fours", unit: "4111 "},
		{name: "labelled", unit: "card1card order "},
		{name: "ones", unit: "1 "},
		{name: "spoken", unit: "four one "},
		{name: "spaced", unit: "g l "},
		{name: "barred", unit: "glock whisky vape puppy casino loan buy old gold "},
		{name: "noted", unit: "12345678 as your passport "},
		{name: "denied", unit: "不", after: "卡号"},
		{name: "unasked", unit: "card number ", before: "in this chat ", after: "bring"},
		{name: "questions", unit: "and the card number ", before: "never ", after: "?"},
		{name: "unasked/short", unit: "cvv ", before: "in this chat "},
		{name: "bullets", unit: "\n", before: "send", after: "- card number"},
		{name: "fields", unit: "x:,", after: "card number:"},
		{name: "hints", unit: "card number (", before: "the ", after: "4)"},
		{name: "strips", unit: "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n"},
		{name: "stripes", unit: ";4111111111111111=2512"},
	} {
		for _, size := range []int{1 << 10, 4 << 10, 64 << 10} {
			s := h.before + strings.Repeat(h.unit, size/len(h.unit)) + h.after
			texts := []content.Text{{Place: "body", Words: s}}
			b.Run(fmt.Sprintf("%s/%dKiB", h.name, size>>10), func(b *testing.B) {
				var rep content.Report
				b.ReportAllocs()
				b.SetBytes(int64(len(s)))
				for b.Loop() {
					rep.Findings = rep.Findings[:0]
					c.Check(texts, language.Und, &rep)
				}
			})
		}
	}
}

func builtinPhrases(b *testing.B) []string {
	book, err := policy.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	phrases, err := content.Phrases(book)
	if err != nil {
		b.Fatal(err)
	}
	return phrases
}

// BenchmarkPhrases reads the same clean texts, one of each language, with more and more of
// the built-in phrases, drawn evenly from all lists. A text costs little more with many.
func BenchmarkPhrases(b *testing.B) {
	all := builtinPhrases(b)
	texts := slices.Sorted(maps.Values(clean))
	size := 0
	for _, words := range texts {
		size += len(words)
	}
	for _, n := range []int{1_000, 5_000, 20_000, len(all)} {
		some := make([]string, n)
		for i := range some {
			some[i] = all[i*len(all)/n]
		}
		p, err := text.Compile(some)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			var buf text.Buffer
			var hits []text.Hit
			b.ReportAllocs()
			b.SetBytes(int64(size))
			for b.Loop() {
				for _, words := range texts {
					buf.Reset()
					buf.Add(words)
					hits = p.Find(hits[:0], &buf)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(texts)), "ns/text")
		})
	}
}

// BenchmarkCompile makes a Checker of the built-in book, whose words are stored compiled,
// and of one with a word more, whose words are not.
func BenchmarkCompile(b *testing.B) {
	book, err := policy.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	extended, err := book.Extend("goods-firearms", map[string]policy.Lexicon{"en": {Goods: []string{"boomrod*"}}}, policy.Examples{})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		book *policy.Book
	}{{"builtin", book}, {"extended", extended}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := content.Compile(c.book); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(heap(func() any {
				checker, err := content.Compile(c.book)
				if err != nil {
					b.Fatal(err)
				}
				return checker
			}), "MB-held")
		})
	}
}

// heap is how many megabytes of memory what make returns holds.
func heap(make func() any) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // what a pool holds goes with the second
	runtime.ReadMemStats(&before)
	v := make()
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(v)
	return (float64(after.HeapAlloc) - float64(before.HeapAlloc)) / 1e6
}
