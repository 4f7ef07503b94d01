package text

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want, why string }{
		{"Pistolet À VENDRE", "pistolet a vendre", "case and accents"},
		{"ＧＬＯＣＫ", "glock", "full width"},
		{"𝐆𝗅𝓸𝔠𝕜", "glock", "mathematical letters"},
		{"ⓖⓛⓞⓒⓚ 🅖🅛🅞🅒🅚", "glock glock", "enclosed letters, white and black"},
		{"ɢʟᴏᴄᴋ", "glock", "small capitals"},
		{"g\u200bl\u2060o\u00adc\ufeffk", "glock", "characters nobody sees"},
		{"\u202eglock\u202c", "glock", "direction marks"},
		{"glоck", "glock", "a Cyrillic o in a Latin word"},
		{"gl\u200bоck", "glock", "the same behind a zero-width space"},
		{"пиcтолет", "пистолет", "a Latin c in a Cyrillic word"},
		{"пистолет", "пистолет", "a word of one script is itself"},
		{"как ok", "как ok", "two words of one script each"},
		{"gυn", "gun", "a Greek upsilon"},
		{"жgun", "жgun", "neither can pass for the other"},
		{"٤١١١ ۱۲ ४१ ๑ ４", "4111 12 41 1 4", "digits of every script"},
		{"4️⃣1️⃣ ① ❷ ⑶ ⒋ ⁵₆", "41 1 2 3 4 56", "keycaps, enclosed and raised digits"},
		{"مُسَدَّس ـــ مـسدس", "مسدس  مسدس", "vowel marks and tatweel"},
		{"أسلحة إطلاق", "اسلحه اطلاق", "letters that vary by keyboard"},
		{"हिन्दी पिस्तौल", "हिन्दी पिस्तौल", "vowel signs stay"},
		{"ज़ीरो पाँच", "जीरो पांच", "nukta and nasal are written either way"},
		{"İSTANBUL ısı", "istanbul isi", "Turkish i with and without dot"},
		{"Straße Łódź Køb", "strasse lodz kob", "letters without a decomposition"},
		{"ﬁre", "fire", "a ligature"},
		{"a\xff\xfeb", "ab", "broken UTF-8"},
		{"非常 が", "非常 か\u3099", "voicing marks are kept, decomposed"},
		{"총기", "총기", "Hangul stays whole"},
	} {
		require.Equal(t, c.want, Fold(c.in), c.why)
	}
}

func TestOrigin(t *testing.T) {
	for _, c := range []struct{ in, find, want, why string }{
		{"Buy a GLOCK now", "glock", "GLOCK", "ASCII"},
		{"ação: pistola à venda", "pistola", "pistola", "accents before it"},
		{"ação: pistola à venda", "a venda", "à venda", "an accent in it"},
		{"x 𝐆𝗅𝓸𝔠𝕜 y", "glock", "𝐆𝗅𝓸𝔠𝕜", "four bytes become one"},
		{"x g\u200bl\u200bock\u200b y", "glock", "g\u200bl\u200bock", "what is dropped behind it stays out"},
		{"ﬁre arms", "ire", "ﬁre", "half a ligature is the whole of it"},
		{"e\u0301tui", "e", "e\u0301", "an accent goes with its letter"},
		{"ab glоck, glock", "glock", "glоck", "a turned look-alike"},
		{"ж glоck", "glock", "glоck", "behind other Cyrillic"},
	} {
		var b Buffer
		b.Add("first part é")
		b.Add(c.in)
		i := strings.LastIndex(string(b.Bytes()[:b.PartEnd(1)]), "\n") + 1
		at := strings.Index(string(b.Bytes()[i:]), c.find) + i
		part, start, end := b.Origin(at, at+len(c.find))
		require.Equal(t, 1, part, c.why)
		require.Equal(t, c.want, c.in[start:end], c.why)
	}
}

func tokensOf(s string) (words []string) {
	var b Buffer
	b.Add(s)
	for _, t := range b.Tokens() {
		words = append(words, string(b.Bytes()[t.Start:t.End]))
	}
	return words
}

func TestTokens(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
		why  string
	}{
		{"AK-47, ak47", []string{"ak", "47", "ak", "47"}, "letters and digits part"},
		{"R$ 1.200,50", []string{"r", "$", "1", "200", "50"}, "currency signs are tokens"},
		{"₹500/-", []string{"₹", "500"}, "a sign and its number"},
		{"出售手枪", []string{"出", "售", "手", "枪"}, "Han is read by the character"},
		{"ปืน", []string{"ปื", "น"}, "Thai by the character with its marks"},
		{"पिस्तौल बिक्री", []string{"पिस्तौल", "बिक्री"}, "signs belong to the word"},
		{"l'arme", []string{"l", "arme"}, "an apostrophe parts"},
		{"20 %", []string{"20", "%"}, "a per cent sign is a token"},
		{"🔫💥", []string{"🔫", "💥"}, "emoji one by one"},
		{"\u0301 .", nil, "a mark alone is nothing"},
	} {
		require.Equal(t, c.want, tokensOf(c.in), c.why)
	}
}

func find(t testing.TB, phrases []string, parts ...string) (found []string) {
	p, err := Compile(phrases)
	require.NoError(t, err)
	var b Buffer
	for _, s := range parts {
		b.Add(s)
	}
	for _, h := range p.Find(nil, &b) {
		ts := b.Tokens()
		_, start, end := b.Origin(int(ts[h.First].Start), int(ts[h.End-1].End))
		w := parts[b.Part(int(ts[h.First].Start))][start:end]
		if h.Hidden {
			w = "hidden " + w
		}
		found = append(found, w)
	}
	return found
}

func TestFind(t *testing.T) {
	guns := []string{"glock", "rifle*", "hunting rifle", "hunting rifle* for sale", "for sale", "手枪", "gun", "pistol", "assault", "boot", "пистолет"}
	for _, c := range []struct {
		in   []string
		want []string
		why  string
	}{
		{[]string{"Glock begun glocks"}, []string{"Glock"}, "whole tokens"},
		{[]string{"Hunting rifles for sale"}, []string{"rifles", "Hunting rifles for sale", "for sale"}, "overlaps are all told, the longest of those that end together first"},
		{[]string{"hunting rifle"}, []string{"hunting rifle", "rifle"}, "a whole token is a reading of the starred one too"},
		{[]string{"riflescope"}, []string{"riflescope"}, "a star lets the token go on"},
		{[]string{"hunting", "rifle"}, []string{"rifle"}, "nothing runs over two parts"},
		{[]string{"买手枪吗"}, []string{"手枪"}, "inside a run without spaces"},
		{[]string{"g l o c k"}, []string{"hidden g l o c k"}, "written apart"},
		{[]string{"buy a g.l.o.c.k now"}, []string{"hidden g.l.o.c.k"}, "with stops, behind another single letter"},
		{[]string{"pis.tol gl*ock"}, []string{"hidden pis.tol", "hidden gl*ock"}, "broken by a mark"},
		{[]string{"gl0ck r1fle p1st0l @ssault gl0ck19"}, []string{"hidden gl0ck", "hidden r1fle", "hidden p1st0l", "hidden ssault", "hidden gl0ck"}, "digits for letters"},
		{[]string{"Glooooock guuun booot"}, []string{"hidden Glooooock", "hidden guuun", "hidden booot"}, "drawn out"},
		{[]string{"gl0ck f0r sale"}, []string{"hidden gl0ck", "hidden f0r sale"}, "a phrase may hide in part"},
		{[]string{"u g k x 12 b2b www 1000 ...."}, nil, "nothing hidden"},
		{[]string{"g l 0 c k 5 0 0"}, []string{"hidden g l 0 c k"}, "written apart, with a digit for a letter"},
		{[]string{"пист0лет пистолееет"}, []string{"hidden пист0лет", "hidden пистолееет"}, "the same in Cyrillic"},
		{[]string{"@ssault $pistol"}, []string{"hidden ssault", "pistol"}, "a sign for the first letter"},
		{[]string{"begin g u n s"}, []string{"hidden g u n"}, "a run is cut into the words it holds"},
		{[]string{"gu.nner"}, nil, "but not inside of what is written together"},
		{[]string{"g\nl\no\nc\nk", "g\n l \no\r\nc\nk"}, []string{"hidden g\nl\no\nc\nk", "hidden g\n l \no\r\nc\nk"}, "letters on lines of their own"},
		{[]string{"g", "u", "n"}, nil, "but not over two parts"},
		{[]string{"x g\nu\nn", "gu\nn"}, nil, "nor where a line holds more"},
		{[]string{"g🔥l🔥o🔥c🔥k g 🔥 u 🔥 n pis💥tol 💥g💥u💥n💥"}, []string{"hidden g🔥l🔥o🔥c🔥k", "hidden g 🔥 u 🔥 n", "hidden pis💥tol", "hidden g💥u💥n"}, "emoji between letters"},
		{[]string{"pis 💥 tol", "g💥💥un"}, nil, "but not between words"},
		{[]string{"🇬🇱🇴🇨🇰 🇬 🇺 🇳"}, []string{"hidden 🇬🇱🇴🇨🇰", "hidden 🇬 🇺 🇳"}, "letters that flags are made of"},
		{[]string{"🇵🇮🇸🇹🇴🇱"}, []string{"hidden 🇵🇮🇸🇹🇴🇱"}, "of which two are no country"},
		{[]string{"🇬🇺🇳🇱", "🇫🇷🇩🇪 🇬🇧", "🇧🇴🇴🇹"}, []string{"hidden 🇧🇴🇴🇹"}, "flags stay flags"},
		{[]string{"ԍӏосk ԍӏоск ꓖꓡꓳꓚꓗ ᏀᏞᎾᏟᏦ Ꮐlock ցlօck"}, []string{"ԍӏосk", "hidden ԍӏоск", "hidden ꓖꓡꓳꓚꓗ", "hidden ᏀᏞᎾᏟᏦ", "Ꮐlock", "ցlօck"}, "look-alikes of other scripts"},
		{[]string{"купил ԍӏоск"}, nil, "but not among words of that script"},
		{[]string{"ƃlock ɹifle ʞɔolƃ ʇlnɐssɐ"}, []string{"hidden ƃlock", "hidden ɹifle", "hidden ʞɔolƃ", "hidden ʇlnɐssɐ"}, "turned letters, and words that run backwards"},
		{[]string{"6|0(k gl0(k glo(k"}, []string{"hidden 6|0(k", "hidden gl0(k", "hidden glo(k"}, "a bracket for a c"},
		{[]string{"rifle(s) glo(k) gun(((", "(glock)"}, []string{"rifle", "gun", "glock"}, "but not where it closes"},
		{[]string{"ggllooocckk bboooott"}, []string{"hidden ggllooocckk", "hidden bboooott"}, "every letter doubled"},
		{[]string{"&#103;lock g&#x6C;ock %67lock gl%6fck %67%6c%6F%63%6b &#103;&#108;&#111;&#99;&#107;"}, []string{"hidden 103;lock", "hidden g&#x6C;ock", "hidden 67lock", "hidden gl%6fck", "hidden 67%6c%6F%63%6b", "hidden 103;&#108;&#111;&#99;&#107"}, "escapes"},
		{[]string{"100%67 g&amp;l &#; &#999999999; %zzlock"}, nil, "but not what is none"},
		{[]string{"#glockforsale #pistolglock19"}, []string{"hidden glockforsale", "hidden glockforsale", "hidden pistolglock", "hidden pistolglock"}, "words in a row of a hashtag"},
		{[]string{"buy glo ck now, pis tol", "gl\nock pi stol", "пис толет"}, []string{"hidden glo ck", "hidden pis tol", "hidden pi stol", "hidden пис толет"}, "a word that a space parts"},
		{[]string{"g lock gl  ock gl, ock pistol glock for ck", "glo", "ck"}, []string{"pistol", "glock"}, "but no more than that"},
		{[]string{"glockforsale #glocken #glockx"}, nil, "but not elsewhere, nor with a rest"},
	} {
		require.ElementsMatch(t, c.want, find(t, guns, c.in...), "%s: %q", c.why, c.in)
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct {
		in  []string
		why string
	}{
		{[]string{"gun", " ., "}, "nothing to match"},
		{[]string{strings.Repeat("a ", MaxWords+1)}, "too long"},
		{[]string{"*gun"}, "a star in front"},
		{[]string{"pay * for it"}, "a star by itself"},
		{[]string{"gun**"}, "more than one"},
	} {
		_, err := Compile(c.in)
		require.ErrorIs(t, err, ErrPhrase, c.why)
		require.NotContains(t, err.Error(), "a a", "no words in errors")
	}
	_, err := Compile(nil)
	require.NoError(t, err, "nothing to look for is found nowhere")
	require.Empty(t, find(t, nil, "anything"))
}

// TestFindAgainstPlainSearch holds the automaton against looking for every
// phrase at every token.
func TestFindAgainstPlainSearch(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	letters := "abc"
	word := func() string {
		var w []byte
		for range 1 + rng.IntN(3) {
			w = append(w, letters[rng.IntN(len(letters))])
		}
		return string(w)
	}
	for range 300 {
		var phrases []string
		for range 1 + rng.IntN(40) {
			var ws []string
			for range 1 + rng.IntN(4) {
				w := word()
				if rng.IntN(5) == 0 {
					w += "*"
				}
				ws = append(ws, w)
			}
			phrases = append(phrases, strings.Join(ws, " "))
		}
		var text []string
		for range 30 {
			text = append(text, word())
		}
		p, err := Compile(phrases)
		require.NoError(t, err)
		var b Buffer
		b.Add(strings.Join(text, "  ,, "))
		var got, want []Hit
		for _, h := range p.Find(nil, &b) {
			if !h.Hidden {
				got = append(got, h)
			}
		}
		for i := range text {
			for n, ph := range phrases {
				ws := strings.Fields(ph)
				if i+len(ws) > len(text) {
					continue
				}
				ok := true
				for k, w := range ws {
					if w, star := strings.CutSuffix(w, "*"); star && !strings.HasPrefix(text[i+k], w) || !star && text[i+k] != w {
						ok = false
					}
				}
				if ok {
					want = append(want, Hit{Phrase: int32(n), First: int32(i), End: int32(i + len(ws))})
				}
			}
		}
		order := func(a, b Hit) int {
			return slices.Compare([]int32{a.First, a.End, a.Phrase}, []int32{b.First, b.End, b.Phrase})
		}
		slices.SortFunc(got, order)
		slices.SortFunc(want, order)
		require.Equal(t, want, got)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Buy a Glock", "glоck ﬁre \u200b", "a\xffb", "ﷺ", "がｶﾞ", "４１١١", "жя glоck пиcт", "e\u0301\u0301",
		"🇬🇱🇴🇨🇰 🇫🇷🇩🇪", "g\nl\no\nc\nk", "g🔥l🔥o🔥c🔥k", "ԍӏоск ꓖꓡꓳꓚꓗ", "ʞɔolƃ", "6|0(k", "ggllooocckk", "&#103;lock %67lock", "#glockforsale19", "glo ck пис толет"} {
		f.Add(s, s)
	}
	p, err := Compile([]string{"glock", "rifle*", "for sale", "手枪", "🔫", "пистолет*"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		var b Buffer
		b.Add(one)
		b.Add(two)
		if !utf8.Valid(b.Bytes()) {
			t.Fatalf("%q folds to broken UTF-8", one)
		}
		parts := []string{one, two}
		last, lastPart := 0, 0
		for i := range len(b.Bytes()) + 1 {
			part, start, end := b.Origin(i, min(i+3, len(b.Bytes())))
			src := parts[part]
			if part < lastPart || part == lastPart && start < last || end < start || end > len(src) {
				t.Fatalf("origin of %d in %q/%q: part %d [%d,%d) after part %d %d", i, one, two, part, start, end, lastPart, last)
			}
			for _, at := range []int{start, end} {
				if at < len(src) && !utf8.RuneStart(src[at]) && utf8.ValidString(src) {
					t.Fatalf("origin of %d in %q is inside a character", i, src)
				}
			}
			last, lastPart = start, part
		}
		ts := b.Tokens()
		at := int32(0)
		for _, tok := range ts {
			if tok.Start < at || tok.End <= tok.Start || int(tok.End) > len(b.Bytes()) {
				t.Fatalf("tokens of %q out of order: %v", one, ts)
			}
			at = tok.End
		}
		for _, h := range p.Find(nil, &b) {
			if h.First < 0 || h.End <= h.First || int(h.End) > len(ts) {
				t.Fatalf("hit out of range: %+v", h)
			}
		}
		if once, twice := Fold(one), Fold(Fold(one)); once != twice {
			t.Fatalf("%q folds to %q and then to %q", one, once, twice)
		}
	})
}

func FuzzCompile(f *testing.F) {
	f.Add("glock\nrifle*\nfor sale", "rifles for sale")
	f.Fuzz(func(t *testing.T, list, s string) {
		p, err := Compile(strings.Split(list, "\n"))
		if err != nil {
			return
		}
		var b Buffer
		b.Add(s)
		p.Find(nil, &b)
	})
}

func ExampleFold() {
	fmt.Println(Fold("ＧＬО\u200bСK à ₹٥٠٠"))
	// Output: glock a ₹500
}

func ExamplePhrases_Find() {
	p, err := Compile([]string{"hunting rifle*", "for sale"})
	if err != nil {
		panic(err)
	}
	words := "Hunting RIFLES: f-o-r sale!"
	var b Buffer
	b.Add(words)
	ts := b.Tokens()
	for _, h := range p.Find(nil, &b) {
		_, start, end := b.Origin(int(ts[h.First].Start), int(ts[h.End-1].End))
		fmt.Println(h.Phrase, words[start:end], h.Hidden)
	}
	// Output:
	// 0 Hunting RIFLES false
	// 1 f-o-r sale true
}

func TestForms(t *testing.T) {
	front := func(w string) []string {
		if w == "gun" || w == "sale" {
			return []string{"the" + w, "and" + w}
		}
		return nil
	}
	p, err := CompileForms([]string{"gun sale", "gun", "thegun shop", "an*"}, front)
	require.NoError(t, err)
	for words, want := range map[string][]int32{
		"gun sale":       {1, 0},
		"thegun andsale": {1, 0, 3},
		"andgun thesale": {1, 3, 0}, // a form can be the reading of a starred word, too
		"thegun shop":    {1, 2},    // and a word of another phrase
		"begun sales":    nil,
	} {
		var b Buffer
		b.Add(words)
		var got []int32
		for _, h := range p.Find(nil, &b) {
			got = append(got, h.Phrase)
		}
		slices.Sort(got)
		slices.Sort(want)
		require.Equal(t, want, got, words)
	}
}
