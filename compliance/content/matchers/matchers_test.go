package matchers

import (
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	anknown "github.com/anknown/ahocorasick"
	cloudflare "github.com/cloudflare/ahocorasick"
	petar "github.com/petar-dambovaliev/aho-corasick"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/text"
)

// texts are ordinary messages, and one that offers what is barred.
var texts = []string{
	"Hi Maria, your order 48213 has shipped and should arrive on Thursday between 2 and 4 pm. You can follow the parcel with the link below or reply to this message if you would like to change the address. Thank you.",
	"Olá Maria, o seu pedido 48213 já saiu para entrega e deve chegar na quinta-feira entre 14h e 16h. Você pode acompanhar a encomenda pelo endereço abaixo.",
	"Здравствуйте, Мария! Ваш заказ 48213 отправлен и придёт в четверг до шести вечера. Чтобы изменить адрес, ответьте на это сообщение.",
	"مرحبا مريم، طلبك رقم 48213 في الطريق ويصل يوم الخميس قبل السادسة مساء. لتغيير العنوان أرسل ردا على هذه الرسالة.",
	"您好，您的订单48213已经发货，预计星期四下午送达。如需更改地址，请直接回复本消息。",
	"New in: a hunting rifle and two pistols, brand new in box, cash on delivery. Write to us for the price list.",
}

// wordsOfRules are the words of all text rules of the built-in book, folded, without the
// stars and each once.
func wordsOfRules(tb testing.TB) []string {
	tb.Helper()
	book, err := policy.Builtin()
	if err != nil {
		tb.Fatal(err)
	}
	all := map[string]bool{}
	for _, r := range book.All() {
		if r.Text == nil {
			continue
		}
		for _, l := range r.Text.Languages {
			for _, w := range slices.Concat(l.Goods, l.Weak, l.Sells, l.Alone, l.Strict, l.Excuses) {
				all[strings.Join(strings.Fields(text.Fold(strings.ReplaceAll(w, "*", ""))), " ")] = true
			}
		}
	}
	delete(all, "")
	return slices.Sorted(maps.Keys(all))
}

// evenly are n of the words, drawn evenly.
func evenly(words []string, n int) []string {
	some := make([]string, n)
	for i := range some {
		some[i] = words[i*len(words)/n]
	}
	return some
}

// A matcher is made of phrases and tells how many places of a text they stand at.
type matcher struct {
	name string
	most int // phrases it can be made of here; 0 is any number
	make func(tb testing.TB, phrases []string) (find func(s string) int)
}

// folds says that the matcher takes texts as they are written.
func (m *matcher) folds() bool { return m.name == "waguard" }

var matchers = []matcher{
	{"waguard", 0, func(tb testing.TB, phrases []string) func(string) int {
		p, err := text.Compile(phrases)
		if err != nil {
			tb.Fatal(err)
		}
		var b text.Buffer
		var hits []text.Hit
		return func(s string) int {
			b.Reset()
			b.Add(s)
			hits = p.Find(hits[:0], &b)
			return len(hits)
		}
	}},
	// Each of its nodes holds two arrays of 256 pointers: 20000 phrases would take a gigabyte
	// and more. It tells each phrase once.
	{"cloudflare", 5_000, func(_ testing.TB, phrases []string) func(string) int {
		m := cloudflare.NewStringMatcher(phrases)
		return func(s string) int { return len(m.Match([]byte(s))) }
	}},
	{"petar-dambovaliev", 0, func(_ testing.TB, phrases []string) func(string) int {
		b := petar.NewAhoCorasickBuilder(petar.Opts{MatchKind: petar.StandardMatch})
		m := b.Build(phrases)
		return func(s string) int {
			n := 0
			for it := m.IterOverlapping(s); it.Next() != nil; {
				n++
			}
			return n
		}
	}},
	{"anknown", 0, func(tb testing.TB, phrases []string) func(string) int {
		runes := make([][]rune, len(phrases))
		for i, p := range phrases {
			runes[i] = []rune(p)
		}
		m := new(anknown.Machine)
		if err := m.Build(runes); err != nil {
			tb.Fatal(err)
		}
		return func(s string) int { return len(m.MultiPatternSearch([]rune(s), false)) }
	}},
	// One alternation of all phrases, as whole words.
	{"regexp", 0, func(tb testing.TB, phrases []string) func(string) int {
		alts := make([]string, len(phrases))
		for i, p := range phrases {
			alts[i] = regexp.QuoteMeta(p)
		}
		re, err := regexp.Compile(`(?:^|[^\pL\pM\pN])(?:` + strings.Join(alts, "|") + `)(?:$|[^\pL\pM\pN])`)
		if err != nil {
			tb.Fatal(err)
		}
		return func(s string) int { return len(re.FindAllStringIndex(s, -1)) }
	}},
}

// TestMatchers holds that all matchers find what is there: the benchmark compares like
// with like.
func TestMatchers(t *testing.T) {
	phrases := []string{"cash on delivery", "hunting rifle", "pistols"}
	for _, m := range matchers {
		find := m.make(t, phrases)
		for i, s := range texts {
			want := 0
			if i == len(texts)-1 {
				want = len(phrases)
			}
			if !m.folds() {
				s = text.Fold(s)
			}
			if got := find(s); got != want {
				t.Errorf("%s finds %d in text %d, want %d", m.name, got, i, want)
			}
		}
	}
}

func BenchmarkMatchers(b *testing.B) {
	words := wordsOfRules(b)
	folded := make([]string, len(texts))
	size := 0
	for i, s := range texts {
		folded[i] = text.Fold(s)
		size += len(s)
	}
	for _, n := range []int{1_000, 5_000, 20_000, len(words)} {
		phrases := evenly(words, n)
		for _, m := range matchers {
			if m.most > 0 && n > m.most {
				continue
			}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.GC()
			runtime.ReadMemStats(&before)
			find := m.make(b, phrases)
			runtime.GC()
			runtime.GC()
			runtime.ReadMemStats(&after)
			read := folded
			if m.folds() {
				read = texts
			}
			b.Run(m.name+"/"+strconv.Itoa(n), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(size))
				for b.Loop() {
					for _, s := range read {
						find(s)
					}
				}
				b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/1e6, "MB-held")
			})
		}
	}
}
