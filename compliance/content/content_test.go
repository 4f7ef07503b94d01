package content_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

func builtin(t testing.TB) *content.Checker {
	t.Helper()
	book, err := policy.Builtin()
	require.NoError(t, err)
	c, err := content.Compile(book)
	require.NoError(t, err)
	return c
}

// rule is a text rule that is sound but for what a test changes in it.
func rule(change func(*policy.Rule)) policy.Rule {
	r := policy.Rule{
		ID: "acme/fireworks", Area: "goods", Phase: policy.Send, Title: "No fireworks", Why: "Shops may not.", Fix: "Leave them out.",
		Check:    policy.Lexical,
		Editions: []policy.Edition{{Severity: policy.Block, Cites: []policy.Citation{{Source: "house rules"}}}},
		Text: &policy.Text{Kind: "firework", Languages: map[string]policy.Lexicon{"en": {
			Goods: []string{"firework*"}, Weak: []string{"rocket*"}, Excuses: []string{"rocket salad", "firework display"}}}},
		Examples: &policy.Examples{
			Match: []policy.Example{{Lang: "en", Text: "Fireworks for sale", Why: "an offer"}},
			Clear: []policy.Example{{Lang: "en", Text: "Rocket salad for sale, $2", Why: "a salad"}},
		},
	}
	if change != nil {
		change(&r)
	}
	return r
}

func bookOf(t testing.TB, rs ...policy.Rule) *policy.Book {
	t.Helper()
	b, err := policy.NewBook(rs)
	require.NoError(t, err)
	return b
}

// The examples hold to the letter for the phrases alone, which Compile proves. The
// model is to agree: it may outweigh a phrase in one example of 200 at most.
func TestBuiltinExamples(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	c, err := content.Unproved(book)
	require.NoError(t, err)
	examples, outweighed := 0, 0
	for _, r := range book.All() {
		if r.Examples != nil {
			examples += len(r.Examples.Match) + len(r.Examples.Clear)
		}
		for _, err := range c.Prove(r) {
			t.Log(err)
			outweighed++
		}
	}
	require.LessOrEqual(t, outweighed, examples/200, "of %d", examples)
}

func TestCompileRefuses(t *testing.T) {
	_, err := content.Compile(bookOf(t, rule(func(r *policy.Rule) {
		r.Examples.Clear = append(r.Examples.Clear, policy.Example{Lang: "en", Text: "Buy fireworks, $5", Why: "wrong"})
	})))
	var e *content.ExampleError
	require.ErrorAs(t, err, &e)
	require.Equal(t, content.ExampleError{Rule: "acme/fireworks", Side: "clear", N: 1, Lang: "en", Found: true}, *e)
	require.NotContains(t, err.Error(), "Buy", "errors hold no words")

	_, err = content.Compile(bookOf(t, rule(func(r *policy.Rule) {
		r.Examples.Match[0].Text = "We went to the fireworks"
	})))
	require.ErrorAs(t, err, &e)
	require.False(t, e.Found)

	_, err = content.Compile(bookOf(t, rule(func(r *policy.Rule) {
		r.Check, r.Text, r.Examples = policy.Identifier, nil, nil
	})))
	require.ErrorContains(t, err, "acme/fireworks", "nobody detects it")

	_, err = content.Compile(bookOf(t, rule(func(r *policy.Rule) {
		l := r.Text.Languages["en"]
		l.Excuses = append(l.Excuses, strings.Repeat("long ", 25))
		r.Text.Languages["en"] = l
	})))
	require.EqualError(t, err, "content: rule acme/fireworks: text.languages.en.excuses: phrase 2, counted from 0, \"long long long long long long long long \": phrase cannot be matched: 25 words, want 1 to 24")

	book, err := bookOf(t, rule(nil)).Extend("acme/fireworks", map[string]policy.Lexicon{"en": {Goods: []string{"*rocket"}}}, policy.Examples{})
	require.NoError(t, err)
	_, err = content.Compile(book)
	require.ErrorContains(t, err, `text.languages.en.goods: phrase`)
	require.ErrorContains(t, err, `"*rocket": phrase cannot be matched: a star that ends no word`, "whoever adds words does not know how many there are")

	_, err = content.Compile(bookOf(t, rule(nil)), content.WithLimit(0))
	require.Error(t, err, "nothing could be read")
}

func TestRules(t *testing.T) {
	ids := slices.Collect(builtin(t).Rules())
	require.Contains(t, ids, policy.ID("goods-firearms"))
	require.Contains(t, ids, policy.ID("data-full-card-number"))
	c, err := content.Compile(bookOf(t, rule(nil)))
	require.NoError(t, err)
	require.Equal(t, []policy.ID{"acme/fireworks"}, slices.Collect(c.Rules()))
	var rep content.Report
	c.Check([]content.Text{{Place: "body", Words: "4111111111111111"}}, language.Und, &rep)
	require.Empty(t, rep.Findings, "a detector whose rule is not in the book does not speak")
}

func TestCheck(t *testing.T) {
	c, err := content.Compile(bookOf(t, rule(nil)))
	require.NoError(t, err)
	for _, v := range []struct {
		texts []string // the first is the body
		want  []string
		why   string
	}{
		{[]string{"Fireworks! They were loud."}, nil, "a mention"},
		{[]string{"Fireworks for sale"}, []string{"Fireworks"}, "one clear sign"},
		{[]string{"Fireworks, reply to us"}, nil, "one faint sign"},
		{[]string{"Fireworks, order a dozen, reply to us"}, []string{"Fireworks"}, "two faint signs"},
		{[]string{"Rockets for sale"}, nil, "a weak word needs two clear signs"},
		{[]string{"Rockets for sale, $5"}, []string{"Rockets"}, "and has them"},
		{[]string{"Fireworks", "Buy now"}, []string{"Fireworks"}, "the offer stands in a button"},
		{[]string{"Buy now, $5", "Rocket", "Fire"}, []string{"Rocket"}, "reported where the term stands"},
		{[]string{"Rocket salad for sale, $5, and rockets"}, []string{"rockets"}, "an excuse covers its own words only"},
		{[]string{"f i r e w o r k s, reply"}, []string{"f i r e w o r k s"}, "hiding is a faint sign too"},
		{[]string{"Tickets for the fireworks display, $5"}, nil, "the display, not the goods"},
		{[]string{"Fireworks are prohibited at the $5 concert"}, nil, "spoken of, not offered"},
		{[]string{"Fireworks for sale $5, order now, museum of news"}, []string{"Fireworks"}, "an excuse beside them does not outweigh everything"},
	} {
		var texts []content.Text
		for _, w := range v.texts {
			texts = append(texts, content.Text{Place: w, Words: w})
		}
		var rep content.Report
		c.Check(texts, language.English, &rep)
		var got []string
		for _, f := range rep.Findings {
			got = append(got, f.Place[f.Span.Start:f.Span.End])
			require.Equal(t, "firework", f.Kind)
			require.NotEmpty(t, f.Why)
		}
		require.Equal(t, v.want, got, "%s: %q", v.why, v.texts)
	}
}

// TestHint says what a known language changes: goods of another language than
// that, or English, need more.
// Conduct trades nothing: whom a word is aimed at counts, close by, and no sign
// of an offer.
func TestConduct(t *testing.T) {
	c, err := content.Compile(bookOf(t, rule(func(r *policy.Rule) {
		r.ID, r.Text.Conduct = "acme/manners", true
		r.Text.Languages = map[string]policy.Lexicon{"en": {
			Goods: []string{"muppet*"}, Sells: []string{"you"}, Excuses: []string{"muppet show"}, Alone: []string{"get lost"}}}
		r.Examples = &policy.Examples{
			Match: []policy.Example{{Lang: "en", Text: "You muppet", Why: "to his face"}},
			Clear: []policy.Example{{Lang: "en", Text: "Muppets", Why: "nobody's face"}},
		}
	})))
	require.NoError(t, err)
	for _, x := range []struct {
		texts []string
		found bool
		why   string
	}{
		{[]string{"You are such a muppet"}, true, "aimed at the reader"},
		{[]string{"Muppets for sale, $5 each, order now"}, false, "selling is not aiming"},
		{[]string{"You will find all of our opening hours and prices beside the muppet"}, false, "too far off"},
		{[]string{"Muppet", "Thank you"}, false, "another text of the message"},
		{[]string{"You missed the Muppet Show"}, false, "an excuse that holds the word"},
		{[]string{"Get lost"}, true, "plain words need nothing"},
		{[]string{"y0u m.u.p.p.e.t"}, true, "written so as not to be found"},
	} {
		var rep content.Report
		var texts []content.Text
		for _, w := range x.texts {
			texts = append(texts, content.Text{Place: "body", Words: w})
		}
		c.Check(texts, language.English, &rep)
		require.Equal(t, x.found, len(rep.Findings) > 0, "%s: %q", x.why, x.texts)
	}
}

func TestHint(t *testing.T) {
	c := builtin(t)
	fires := func(text, lang string) bool {
		var rep content.Report
		c.Check([]content.Text{{Place: "body", Words: text}}, language.MustParse(lang), &rep)
		return len(rep.Findings) > 0
	}
	require.True(t, fires("Fusil à vendre", "fr"))
	require.True(t, fires("Vend carabine, prix en mp", "und"))
	require.False(t, fires("Mitra kommt heute, 20 € Eintritt", "de"), "an Italian gun, and a name")
	require.True(t, fires("Glock 19 zu verkaufen", "de"), "a maker belongs to every language")
}

func TestWhyNamesTheEvidence(t *testing.T) {
	c := builtin(t)
	var rep content.Report
	c.Check([]content.Text{{Place: "body", Words: "G l o c k 19 for sale, $450, order now"}}, language.English, &rep)
	require.Len(t, rep.Findings, 1)
	why := rep.Findings[0].Why
	for _, part := range []string{"not to be found", "buying or selling", "a price", "order"} {
		require.Contains(t, why, part)
	}
	require.NotContains(t, strings.ToLower(why), "glock")
}

func TestTooLongIsNotClean(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	c, err := content.Compile(book, content.WithLimit(4096))
	require.NoError(t, err)
	var rep content.Report
	c.Check([]content.Text{{Words: strings.Repeat("a", 3000)}, {Words: strings.Repeat("a", 3000)}}, language.Und, &rep)
	require.ElementsMatch(t, slices.Collect(c.Rules()), rep.Failed)
}

func TestCleanTextAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	c := builtin(t)
	var rep content.Report
	for name, words := range clean {
		texts := []content.Text{{Place: "body", Words: words}}
		c.Check(texts, language.Und, &rep)
		require.Empty(t, rep.Findings, name)
		require.Zero(t, testing.AllocsPerRun(100, func() { c.Check(texts, language.English, &rep) }), name)
	}
}

func TestHugeMessageIsNotKept(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector drops what is pooled")
	}
	c := builtin(t)
	var rep content.Report
	for _, unit := range []string{"glock price buy ", "a ", "4111 ", "手"} { // terms, words, numbers, characters
		texts := []content.Text{{Place: "body", Words: strings.Repeat(unit, 1<<19/len(unit))}}
		c.Check(texts, language.English, &rep)
		c.Wants(texts[0].Words, language.English, nil)
		require.Less(t, c.Held(), 1<<18, unit)
	}
}

func TestConcurrently(t *testing.T) {
	c := builtin(t)
	texts := append(samples(t, "en")[:20:20], samples(t, "hi")[:20]...) // read once: reading takes a thousand times as long as checking
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			var rep content.Report
			for range 50 {
				for _, s := range texts {
					rep.Findings = rep.Findings[:0]
					c.Check([]content.Text{{Place: "body", Words: s.Text}}, language.Und, &rep)
					for _, f := range rep.Findings {
						if f.Span.End > len(s.Text) || f.Span.Start >= f.Span.End {
							t.Error("a span of another text")
						}
					}
				}
			}
		})
	}
	wg.Wait()
}

func FuzzCheck(f *testing.F) {
	c := builtin(f)
	f.Add("Glock for sale $5", "4111 1111 1111 1111")
	f.Add("g l o c k ٤١١١ ١١١١", "١١١١ ١١١١ four one one")
	f.Add("出售手枪", "\xff\xfe 卡号4111111111111111")
	f.Add("\u0435\u0301Glосk 🔫 500€", "double four triple one")
	f.Add("🇬🇱🇴🇨🇰 g\nl\no\nc\nk for sale $5", "g🔥l🔥o🔥c🔥k 6|0(k ggllooocckk")
	f.Add("ԍӏоск ꓖꓡꓳꓚꓗ ʞɔolƃ for sale $5", "&#103;lock %67lock #buyglock19")
	f.Fuzz(func(t *testing.T, one, two string) {
		texts := []content.Text{{Place: "0", Words: one}, {Place: "1", Words: two}}
		var rep content.Report
		c.Check(texts, language.Und, &rep)
		for _, fd := range rep.Findings {
			words := one
			if fd.Place == "1" {
				words = two
			}
			if fd.Span.Start < 0 || fd.Span.Start >= fd.Span.End || fd.Span.End > len(words) {
				t.Fatalf("span %v of %d bytes", fd.Span, len(words))
			}
			for _, at := range []int{fd.Span.Start, fd.Span.End} {
				if at < len(words) && !utf8.RuneStart(words[at]) && utf8.ValidString(words) {
					t.Fatalf("span %v inside a character", fd.Span)
				}
			}
			if fd.Rule == "" || fd.Why == "" {
				t.Fatal("a finding without a rule or a reason")
			}
		}
	})
}

func TestDataFiles(t *testing.T) {
	for _, c := range []struct {
		json string
		want string
		why  string
	}{
		{`{"lang": "sv", "sell": ["a"], "sel": ["b"]}`, "sel", "an unknown field"},
		{"{\"lang\": \"xx\",\n\"sell\": [\"a\"],\n\"sell\": [\"b\"]}", "line 3", "a key twice"},
		{`{"lang": "sv"} {}`, "follows", "a second object"},
		{`{"lang": "yy"}`, "named for", "another language than the file"},
		{`{"lang": "sv", "sell": "a"}`, "sell", "no list"},
	} {
		err := content.ReadCues(c.json)
		require.ErrorContains(t, err, c.want, c.why)
		require.ErrorContains(t, err, "cues/sv.json", "names the file")
	}
	require.NoError(t, content.ReadCues(`{"lang": "sv", "sell": ["a"]}`))
}

// TestDigitWords holds that no word stands for two digits, whatever the language.
func TestDigitWords(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	words, err := content.DigitWords(book)
	require.NoError(t, err)
	require.NotEmpty(t, words)
	for word, digits := range words {
		require.Len(t, digits, 1, "%q", word)
	}
}
