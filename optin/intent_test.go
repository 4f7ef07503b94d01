package optin_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"github.com/waguard/waguard/optin"
)

func newReader(t testing.TB, opts ...optin.IntentOption) *optin.IntentReader {
	t.Helper()
	r, err := optin.NewReader(opts...)
	require.NoError(t, err)
	return r
}

func TestIntentRead(t *testing.T) {
	r := newReader(t)
	for _, c := range []struct {
		why, text, hint string
		level           optin.IntentLevel
		scope           optin.IntentScope
		span            string
	}{
		{"nothing written", "", "", optin.IntentNone, "", ""},
		{"only punctuation", "?!…", "", optin.IntentNone, "", ""},
		{"full width letters", "ＳＴＯＰ", "", optin.IntentCertain, optin.ScopeAll, "ＳＴＯＰ"},
		{"zero-width characters inside", "S\u200bT\u200dO\u2060P", "", optin.IntentCertain, optin.ScopeAll, "S\u200bT\u200dO\u2060P"},
		{"Cyrillic letters for Latin ones", "ЅТОР", "", optin.IntentCertain, optin.ScopeAll, "ЅТОР"},
		{"mathematical letters", "𝐒𝐓𝐎𝐏", "", optin.IntentCertain, optin.ScopeAll, "𝐒𝐓𝐎𝐏"},
		{"a digit for a letter", "ST0P", "", optin.IntentCertain, optin.ScopeAll, "ST0P"},
		{"letters apart", "s t o p", "en", optin.IntentCertain, optin.ScopeAll, "s t o p"},
		{"stretched", "stoooooop!!!", "", optin.IntentCertain, optin.ScopeAll, "stoooooop"},
		{"one letter missing", "unsubscrbe me", "", optin.IntentCertain, optin.ScopeAll, "unsubscrbe me"},
		{"two letters swapped", "unsubscirbe", "", optin.IntentCertain, optin.ScopeAll, "unsubscirbe"},
		{"US word alone", "Revoke", "", optin.IntentCertain, optin.ScopeAll, "Revoke"},
		{"US word with an order", "cancel my order", "", optin.IntentNone, "", ""},
		{"a stop sign alone", "🛑", "", optin.IntentLikely, optin.ScopeAll, "🛑"},
		{"a stop sign beside the word", "🛑 STOP ✋", "", optin.IntentCertain, optin.ScopeAll, ""},
		{"the hint is wrong", "não me mande mais mensagem", "en", optin.IntentCertain, optin.ScopeAll, ""},
		{"the hint is unknown", "please stop messaging me", "tlh", optin.IntentCertain, optin.ScopeAll, ""},
		{"a full language tag", "baja", "es-AR", optin.IntentCertain, optin.ScopeAll, "baja"},
		{"words inside a link", "https://example.com/unsubscribe/stop", "", optin.IntentNone, "", ""},
		{"traditional characters", "請不要再發訊息給我", "", optin.IntentCertain, optin.ScopeAll, ""},
		{"two scripts in one text", "please मुझे message mat bhejo", "", optin.IntentCertain, optin.ScopeAll, ""},
		{"start after stop by mistake", "I sent STOP by mistake, please resubscribe me", "", optin.IntentStart, optin.ScopeAll, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			in := r.Read(c.text, c.hint)
			require.Equal(t, c.level, in.Level, in.Why)
			require.Equal(t, c.scope, in.Scope)
			if c.span != "" {
				require.Equal(t, c.span, c.text[in.Span[0]:in.Span[1]])
			}
		})
	}
}

func TestIntentTopic(t *testing.T) {
	in := newReader(t).Read("Please stop the weekly Recipes", "en")
	require.Equal(t, optin.ScopeTopic, in.Scope)
	require.Equal(t, "Recipes", in.Topic, "the customer's own spelling")
}

func TestIntentSizeLimit(t *testing.T) {
	r := newReader(t)
	long := strings.Repeat("ж ", optin.MaxIntentBytes) // many times the limit
	require.Equal(t, optin.IntentCertain, r.Read("stop messaging me. "+long, "en").Level, "said within the limit")
	require.Equal(t, optin.IntentNone, r.Read(long+"stop messaging me", "en").Level, "said after it")
}

func TestIntentButton(t *testing.T) {
	r := newReader(t)
	for _, c := range []struct {
		why, payload, title string
		level               optin.IntentLevel
		scope               optin.IntentScope
	}{
		{"a payload of two words", "STOP-PROMOS", "", optin.IntentCertain, optin.ScopeMarketing},
		{"snake case", "opt_out_marketing", "", optin.IntentCertain, optin.ScopeMarketing},
		{"camel case", "unsubscribeNewsletter", "", optin.IntentCertain, optin.ScopeTopic},
		{"one word", "UNSUBSCRIBE", "Darme de baja", optin.IntentCertain, optin.ScopeAll},
		{"a row of a list", "row-9", "Stop all messages", optin.IntentCertain, optin.ScopeAll},
		{"only the title says it", "btn_7", "Não quero mais receber", optin.IntentCertain, optin.ScopeAll},
		{"a stop of something else", "STOP_ORDER_1187", "Cancel order", optin.IntentNone, ""},
		{"a title that only the model would read", "", "Keep me posted on new arrivals", optin.IntentNone, ""},
		{"an ordinary button", "btn_yes", "Yes, please", optin.IntentNone, ""},
		{"a start", "OPT_IN", "Subscribe", optin.IntentStart, optin.ScopeAll},
		{"payload and title disagree", "UNSUBSCRIBE", "Subscribe me again", optin.IntentAsk, ""},
		{"nothing", "", "", optin.IntentNone, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			in := r.ReadButton(c.payload, c.title, "")
			require.Equal(t, c.level, in.Level, in.Why)
			require.Equal(t, c.scope, in.Scope)
			require.Zero(t, in.Span)
		})
	}
}

func TestIntentJSON(t *testing.T) {
	b, err := json.Marshal(newReader(t).Read("no more ads", "en"))
	require.NoError(t, err)
	require.JSONEq(t, `{"level":"certain","scope":"marketing","why":"does not want the messages","span":[0,7],"lang":"en"}`, string(b))
	_, err = json.Marshal(optin.Intent{})
	require.Error(t, err, "a reading that never happened has no form")
	var l optin.IntentLevel
	require.NoError(t, l.UnmarshalText([]byte("likely")))
	require.Equal(t, optin.IntentLikely, l)
	require.Error(t, l.UnmarshalText([]byte("maybe")))
}

func TestIntentLanguages(t *testing.T) {
	_, err := optin.NewReader(optin.IntentLanguages("tlh"))
	require.ErrorContains(t, err, `"tlh"`)
	r := newReader(t, optin.IntentLanguages("es"))
	require.Equal(t, []string{"es"}, r.Languages())
	require.Equal(t, optin.IntentCertain, r.Read("STOP", "").Level, "shared words stay")
	require.Equal(t, optin.IntentNone, r.Read("хватит мне писать", "ru").Level)
}

func TestIntentConcurrent(t *testing.T) {
	r := newReader(t)
	texts := readLabelled(t, "fresh")
	want := make([]optin.Intent, len(texts))
	for i, l := range texts {
		want[i] = r.Read(l.Text, l.Lang)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, l := range texts {
				if got := r.Read(l.Text, l.Lang); got != want[i] {
					t.Errorf("text %d read differently beside others", i)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzIntentRead(f *testing.F) {
	r, err := optin.NewReader()
	require.NoError(f, err)
	for i, l := range readLabelled(f, "") {
		if i%40 == 0 {
			f.Add(l.Text, l.Lang)
		}
	}
	f.Add("s t\u200b o p \xff\xfe", "")
	f.Add("'''", "fr")
	f.Fuzz(func(t *testing.T, text, lang string) {
		in := r.Read(text, lang)
		if in.Span[0] < 0 || in.Span[0] > in.Span[1] || in.Span[1] > len(text) {
			t.Fatalf("span %v outside %d bytes", in.Span, len(text))
		}
		for _, at := range in.Span {
			if at < len(text) && !utf8.RuneStart(text[at]) && utf8.ValidString(text) {
				t.Fatalf("span %v parts a character", in.Span)
			}
		}
		if (in.Level >= optin.IntentLikely) != (in.Scope != "") {
			t.Fatalf("level %v with scope %q", in.Level, in.Scope)
		}
		if in.Scope == optin.ScopeTopic && !strings.Contains(text, in.Topic) {
			t.Fatal("topic is not in the text")
		}
		if _, err := in.Level.MarshalText(); err != nil {
			t.Fatal(err)
		}
		r.ReadButton(text, lang, "")
	})
}

func BenchmarkIntentRead(b *testing.B) {
	r := newReader(b)
	for _, c := range []struct{ name, text, lang string }{
		{"word", "STOP", ""},
		{"sentence", "Hi, please stop sending me messages, I moved away. Thanks", "en"},
		{"ordinary", "Hello, I would like to change my delivery address to the new flat, is that still possible today?", "en"},
		{"ordinary-no-hint", "Hello, I would like to change my delivery address to the new flat, is that still possible today?", ""},
		{"hindi", "मेरा ऑर्डर अभी तक नहीं आया, कृपया बताएं कब तक पहुंचेगा", "hi"},
		{"chinese", "你好，我的快递还没到，请问什么时候能送到？", "zh"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.text)))
			for b.Loop() {
				r.Read(c.text, c.lang)
			}
		})
	}
	b.Run("labelled", func(b *testing.B) {
		texts := readLabelled(b, "")
		n, i := 0, 0
		for _, l := range texts {
			n += len(l.Text)
		}
		b.SetBytes(int64(n / len(texts)))
		b.ReportAllocs()
		for b.Loop() {
			r.Read(texts[i%len(texts)].Text, "")
			i++
		}
	})
}

func BenchmarkNewReader(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = optin.NewReader()
	}
}
