package template

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/policy"
)

// codes are the languages Meta takes templates in: its list of 2025-11-04.
const codes = `af ar ar_AE ar_EG ar_LB ar_MA ar_QA az be_BY bg bn bn_IN ca cs da de de_AT de_CH el en en_AE en_AU en_CA en_GB en_GH en_IE en_IN en_JM
	en_MY en_NZ en_QA en_SG en_UG en_US en_ZA es es_AR es_CL es_CO es_CR es_DO es_EC es_ES es_HN es_MX es_PA es_PE es_UY et fa fi fil fr fr_BE fr_CA
	fr_CH fr_CI fr_MA ga gu ha he hi hr hu id it ja ka kk kn ko ky_KG lo lt lv mk ml mr ms nb nl nl_BE pa pl prs_AF ps_AF pt_BR pt_PT ro ru rw_RW si_LK
	sk sl sq sr sv sw ta te th tr uk ur uz vi zh_CN zh_HK zh_TW zu`

// Languages lists the language codes Meta takes templates in, as of its list of
// 2025-11-04. A newer list is set with [WithLanguages].
func Languages() iter.Seq[string] { return strings.FieldsSeq(codes) }

func supported() map[string]bool {
	m := make(map[string]bool, 111)
	for c := range Languages() {
		m[c] = true
	}
	return m
}

func (c *linting) language(s string) {
	at := root.at("language")
	switch {
	case s == "":
		c.tell(tplLanguageSupported, at, policy.Span{}, "no language is given")
	case !c.languages[s]:
		if meant := c.meant(s); meant != "" {
			p := c.tell(tplLanguageSupported, at, policy.Span{}, "the code is written in another way than Meta writes it")
			p.Fix = "Write " + meant + "."
			c.edit(p, Edit{Span: policy.Span{Start: 0, End: len(s)}, New: meant})
			return
		}
		p := c.tell(tplLanguageSupported, at, policy.Span{}, "the code is not on Meta's list")
		if near := c.nearest(s); near != "" {
			p.Fix = "Use a code of the list: " + near + "."
		}
	}
}

// meant is the code on the list that differs in hyphen and case alone.
func (c *linting) meant(s string) string {
	for code := range c.languages {
		if strings.EqualFold(code, Language(s)) {
			return code
		}
	}
	return ""
}

// others are codes people write for languages Meta lists under another one.
var others = map[string]string{"no": "nb", "nn": "nb", "tl": "fil", "iw": "he", "in": "id", "zh_Hans": "zh_CN", "zh_Hant": "zh_TW"}

// nearest lists the codes of the same language.
func (c *linting) nearest(s string) string {
	if code := others[Language(s)]; c.languages[code] {
		return code
	}
	var near []string
	for code := range c.languages {
		if base(code) == strings.ToLower(base(Language(s))) {
			near = append(near, code)
		}
	}
	slices.Sort(near)
	return strings.Join(near, ", ")
}

// base is the language of a code, without its country.
func base(code string) string {
	if i := strings.IndexAny(code, "_-"); i >= 0 {
		return code[:i]
	}
	return code
}

// script is a set of writing systems.
type script uint32

const (
	latin script = 1 << iota
	cyrillic
	arabic
	hebrew
	greek
	georgian
	devanagari
	bengali
	gurmukhi
	gujarati
	tamil
	telugu
	kannada
	malayalam
	sinhala
	thai
	lao
	han
	kana
	hangul
	otherScript
)

// tables gives the writing systems beside Latin, the first letters of the
// alphabets first, since they are the likeliest.
var tables = [...]struct {
	is    script
	table *unicode.RangeTable
}{
	{cyrillic, unicode.Cyrillic}, {arabic, unicode.Arabic}, {devanagari, unicode.Devanagari}, {han, unicode.Han}, {kana, unicode.Hiragana}, {kana, unicode.Katakana},
	{hangul, unicode.Hangul}, {greek, unicode.Greek}, {hebrew, unicode.Hebrew}, {bengali, unicode.Bengali}, {tamil, unicode.Tamil}, {telugu, unicode.Telugu},
	{kannada, unicode.Kannada}, {malayalam, unicode.Malayalam}, {gujarati, unicode.Gujarati}, {gurmukhi, unicode.Gurmukhi}, {sinhala, unicode.Sinhala},
	{thai, unicode.Thai}, {lao, unicode.Lao}, {georgian, unicode.Georgian},
}

// writing is how each language is written; those not listed, in Latin letters.
// Languages of South Asia are often written in Latin letters as well.
var writing = map[string]script{
	"ar": arabic, "fa": arabic, "ps": arabic, "prs": arabic, "ur": arabic | latin | devanagari, "he": hebrew, "el": greek, "ka": georgian,
	"be": cyrillic, "bg": cyrillic, "ky": cyrillic, "mk": cyrillic, "ru": cyrillic, "uk": cyrillic, "kk": cyrillic | latin, "sr": cyrillic | latin, "uz": cyrillic | latin, "az": cyrillic | latin,
	"hi": devanagari | latin, "mr": devanagari | latin, "bn": bengali | latin, "pa": gurmukhi | latin | arabic, "gu": gujarati | latin, "ta": tamil | latin,
	"te": telugu | latin, "kn": kannada | latin, "ml": malayalam | latin, "si": sinhala | latin, "ha": latin | arabic, "ms": latin | arabic,
	"th": thai, "lo": lao, "zh": han, "ja": han | kana, "ko": hangul | han,
}

func scriptOf(r rune) script {
	if r < 0x250 || r >= 0x1E00 && r < 0x1F00 {
		return latin
	}
	for _, t := range tables {
		if unicode.Is(t.table, r) {
			return t.is
		}
	}
	return otherScript
}

// Thresholds of tpl-language-matches-text. They are set so that brand names and
// borrowed words raise nothing; shorter texts are not judged.
const (
	fewLetters   = 12 // below: too short to tell
	foreignShare = 70 // percent of the letters in writing the language does not have
	fewCommon    = 4  // common words of another language
)

// matches compares the words with the language they are registered under: by
// their writing, and by the commonest words of nine languages in Latin letters.
func (c *linting) matches() {
	lang := strings.ToLower(base(c.d.Ref.Language))
	body := -1
	own, other := 0, 0
	counts := make([]int, len(c.words.tongues))
	want := writing[lang]
	if want == 0 {
		want = latin
	}
	for i := range c.d.Components {
		k := &c.d.Components[i]
		if !is(k.Type, "BODY") && !is(k.Type, "HEADER") {
			continue
		}
		if is(k.Type, "BODY") {
			body = i
		}
		marks, _ := marksOf(k.Text)
		s := masked(k.Text, marks)
		for _, r := range s {
			if !unicode.IsLetter(r) {
				continue
			}
			if got := scriptOf(r); got&want != 0 || got == otherScript {
				own++
			} else {
				other++
			}
		}
		c.words.count(counts, s)
	}
	if lang == "" || body < 0 {
		return
	}
	at := root.component(body).at("text")
	if n := own + other; n >= fewLetters && other*100 >= n*foreignShare {
		c.tell(tplLanguageMatchesText, at, policy.Span{}, "most letters are of a script the language "+base(c.d.Ref.Language)+" is not written in")
		return
	}
	if lang == "ms" {
		lang = "id" // they share their commonest words
	}
	mine, listed := c.words.tongue[lang]
	if !listed && want&latin == 0 || !listed && want == latin {
		return // of the other languages in Latin letters too little is known
	}
	score := 0
	if listed {
		score = counts[mine]
	}
	for i, n := range counts {
		if (!listed || i != mine) && n >= fewCommon && n > 2*score+1 && (listed || c.words.tongues[i] == "en") {
			c.tell(tplLanguageMatchesText, at, policy.Span{}, "the words look like "+c.words.tongues[i]+", and the language is "+c.d.Ref.Language)
			return
		}
	}
}

// count adds up the common words of each language in a text.
func (l *lexicon) count(counts []int, s string) {
	start := -1
	for i, r := range s + " " {
		if unicode.IsLetter(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 && i-start <= l.longest {
			word := s[start:i]
			mask, ok := l.common[word]
			if !ok {
				if r, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(r) {
					mask = l.common[strings.ToLower(word)]
				}
			}
			for t := range counts {
				if mask&(1<<t) != 0 {
					counts[t]++
				}
			}
		}
		start = -1
	}
}
