package outcome_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/outcome"
)

// TestEveryCode holds the class of every code the platform and the providers
// document, written down apart from the table.
func TestEveryCode(t *testing.T) {
	for class, codes := range map[outcome.Class][]int{
		outcome.Never: {0, 3, 10, 33, 100, 190, 200, 250, 299, 130403, 130472, 130497, 131005, 131008, 131009, 131021, 131026, 131047,
			131050, 131051, 131052, 131053, 131055, 131061, 131062, 131063, 134011, 134100, 134102, 135000, 137000, 139200,
			138000, 138001, 138003, 138006, 138013, 138015, 138017, 138018, 63016, 63014, 63050, 63024, 63032, 63062, 63021},
		outcome.RetryAfter: {1, 2, 4, 613, 80007, 130429, 131000, 131016, 131056, 131057, 131064, 132069, 133004, 134101,
			138002, 138005, 63018, 63017},
		outcome.CoolDown:    {131049, 138009, 138012, 63049},
		outcome.FixTemplate: {132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 132021, 132068, 63040, 63041, 63042},
		outcome.StopNumber:  {368, 131031, 131037, 131042, 131045, 131048, 133005, 133010, 133015, 133016, 138014},
	} {
		for _, code := range codes {
			o, ok := outcome.Builtin().Code(code)
			require.True(t, ok, code)
			require.Equal(t, class, o.Class, "%d: %s", code, o.Means)
			require.Equal(t, code, o.Code)
		}
	}
	for _, code := range []int{5, 133017, 131999, 300, -1} {
		_, ok := outcome.Builtin().Code(code)
		require.False(t, ok, "%d is in no table", code)
	}
}

func TestRows(t *testing.T) {
	for i, r := range outcome.Builtin().Rows() {
		o := r.Outcome
		require.NotEmpty(t, o.Cites, i)
		for _, c := range o.Cites {
			require.NotEmpty(t, c.URL, i)
			require.False(t, c.Read.IsZero(), i)
		}
		for _, s := range []string{o.Means, o.Do} {
			require.True(t, strings.HasSuffix(s, "."), "%d: %q is a sentence", i, s)
		}
		if o.Own {
			require.NotZero(t, o.After, i)
		}
		if o.Class == outcome.Never || o.Class == outcome.FixTemplate {
			require.Zero(t, o.Wait(1), "%d: what never goes has no time to wait for", i)
		}
	}
}

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		why   string
		a     outcome.Answer
		class outcome.Class
		code  int
		eff   outcome.Effect
	}{
		{"a rate limit comes as HTTP 400: the code decides", outcome.Answer{HTTP: 400, Codes: []int{130429}}, outcome.RetryAfter, 130429, ""},
		{"and where the code is lost, its words", outcome.Answer{HTTP: 400, Text: "Rate limit hit"}, outcome.RetryAfter, 0, ""},
		{"the longer phrase counts", outcome.Answer{HTTP: 400, Text: "(Business, consumer) pair rate limit hit"}, outcome.RetryAfter, 0, outcome.PairSlowed},
		{"and among phrases the one about spam", outcome.Answer{Text: "Spam rate limit hit"}, outcome.StopNumber, 0, outcome.NumberSlowed},
		{"a code inside the text", outcome.Answer{HTTP: 400, Text: "(#131056) (Business Account, Consumer Account) pair rate limit hit"}, outcome.RetryAfter, 131056, outcome.PairSlowed},
		{"a number in the text that is no code", outcome.Answer{Text: "order (#12a) and (#)"}, outcome.Unknown, 0, ""},
		{"a bare 400 is a refusal", outcome.Answer{HTTP: 400}, outcome.Never, 0, ""},
		{"a bare 429", outcome.Answer{HTTP: 429}, outcome.RetryAfter, 0, ""},
		{"a bare 503 may have gone out", outcome.Answer{HTTP: 503}, outcome.RetryAfter, 0, ""},
		{"an unknown code keeps the shape", outcome.Answer{HTTP: 400, Codes: []int{199999}}, outcome.Never, 0, ""},
		{"its words do not overrule it", outcome.Answer{Codes: []int{199999}, Text: "rate limit hit"}, outcome.Unknown, 0, ""},
		{"nothing at all", outcome.Answer{}, outcome.Unknown, 0, ""},
		{"of several codes the gravest", outcome.Answer{Codes: []int{131056, 131049, 368, 132015}}, outcome.StopNumber, 368, outcome.AccountBarred},
		{"100 is a wrong request", outcome.Answer{Codes: []int{100}, Text: "Invalid parameter"}, outcome.Never, 100, ""},
		{"unless the words say Direct Send", outcome.Answer{Codes: []int{100}, Text: "Requires Direct Send, which isn't enabled"}, outcome.Never, 100, outcome.DirectSendOff},
		{"an opt-out", outcome.Answer{Codes: []int{131050}}, outcome.Never, 131050, outcome.MarketingStopped},
		{"Twilio's 63016 closes the window", outcome.Answer{Provider: "twilio", HTTP: 400, Codes: []int{63016}}, outcome.Never, 63016, outcome.WindowClosed},
		{"the experiment is no opt-out", outcome.Answer{Provider: "twilio", Codes: []int{63032}}, outcome.Never, 63032, ""},
		{"a provider that passes Meta's codes on", outcome.Answer{Provider: "360dialog", Codes: []int{131047}}, outcome.Never, 131047, outcome.WindowClosed},
		{"Gupshup's small numbers count for Gupshup", outcome.Answer{Provider: "gupshup", Codes: []int{1012}}, outcome.Never, 1012, outcome.MarketingStopped},
		{"a small code of another provider is not Meta's", outcome.Answer{Provider: "infobip", Codes: []int{4}}, outcome.Unknown, 0, ""},
		{"360dialog has none of its own", outcome.Answer{Provider: "360dialog", Codes: []int{368}}, outcome.StopNumber, 368, outcome.AccountBarred},
		{"our own guard's refusal, in a provider's shape", outcome.Answer{Provider: "twilio", HTTP: 403, Codes: []int{990001}}, outcome.Never, 990001, ""},
		{"and one that could not be decided", outcome.Answer{HTTP: 403, Codes: []int{990002}}, outcome.RetryAfter, 990002, ""},
		{"a span of codes", outcome.Answer{Provider: "gupshup", Codes: []int{1006}}, outcome.Never, 1006, ""},
		{"and for nobody else", outcome.Answer{Codes: []int{1012}}, outcome.Unknown, 0, ""},
	} {
		o := outcome.Builtin().Classify(c.a)
		require.Equal(t, c.class, o.Class, c.why)
		require.Equal(t, c.code, o.Code, c.why)
		require.Equal(t, c.eff, o.Effect, c.why)
	}
}

func TestWait(t *testing.T) {
	pair, _ := outcome.Builtin().Code(131056)
	for failed, want := range map[int]time.Duration{0: 4 * time.Second, 1: 4 * time.Second, 2: 16 * time.Second, 3: 64 * time.Second, 60: 7 * 24 * time.Hour} {
		require.Equal(t, want, pair.Wait(failed), "after %d tries", failed)
	}
	capped, _ := outcome.Builtin().Code(131049)
	require.Equal(t, 24*time.Hour, capped.Wait(1))
	require.False(t, capped.Again(), "it never goes again by itself")
	require.True(t, pair.Again())
	stopped, _ := outcome.Builtin().Code(131050)
	require.Zero(t, stopped.Wait(1))
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		why, body string
		want      outcome.Answer
	}{
		{"the Cloud API", `{"error":{"message":"(#131056) pair","type":"OAuthException","code":131056,"error_data":{"messaging_product":"whatsapp","details":"too many"}}}`, outcome.Answer{Codes: []int{131056}}},
		{"a failed status", `{"status":"failed","errors":[{"code":131049,"title":"x"},{"code":131000}]}`, outcome.Answer{Codes: []int{131049, 131000}}},
		{"Twilio", `{"code":63016,"message":"Failed to send freeform message","more_info":"https://x","status":400}`, outcome.Answer{Codes: []int{63016}, HTTP: 400}},
		{"a form turned into JSON", `{"ErrorCode":"63016","MessageStatus":"undelivered"}`, outcome.Answer{Codes: []int{63016}}},
		{"a client's error type", `{"Code":131047,"Message":"Re-engagement message","StatusCode":400}`, outcome.Answer{Codes: []int{131047}, HTTP: 400}},
		{"an error inside an error", `{"Err":{"Error":{"code":190}}}`, outcome.Answer{Codes: []int{190}}},
		{"a list", `[1,2]`, outcome.Answer{}},
		{"nothing", ``, outcome.Answer{}},
		{"too deep to be an error", strings.Repeat(`{"error":`, 9) + `{"code":190}` + strings.Repeat(`}`, 9), outcome.Answer{}},
	} {
		got := outcome.Read([]byte(c.body))
		got.Text = ""
		require.ElementsMatch(t, c.want.Codes, got.Codes, c.why)
		require.Equal(t, c.want.HTTP, got.HTTP, c.why)
	}
	require.Equal(t, "502 Bad Gateway", outcome.Read([]byte("502 Bad Gateway")).Text)
	for range 20 {
		a := outcome.Read([]byte(`{"message":"m","title":"t","code":100,"error_code":190,"cause":{"code":10}}`))
		require.Equal(t, outcome.Answer{Codes: []int{10, 100, 190}, Text: "m\nt"}, a, "one answer is read in one way")
	}
	require.Zero(t, outcome.Read(make([]byte, 2<<20)))
}

func TestParse(t *testing.T) {
	const head = `{"sources":{"x":{"source":"X","url":"https://x.example","read":"2026-11-21"}},"outcomes":[`
	const good = `{"codes":[1],"class":"never","of":"message","means":"It is so.","do":"Mend it.","cites":["x"]}`
	for _, c := range []struct{ why, body, err string }{
		{"not JSON", `{`, "unexpected EOF"},
		{"an unknown member", head + `{"code":1}]}`, "unknown field"},
		{"an unknown class", head + strings.Replace(good, "never", "maybe", 1) + `]}`, "unknown class"},
		{"no class", head + strings.Replace(good, `"class":"never",`, "", 1) + `]}`, "class"},
		{"about nothing", head + strings.Replace(good, `"message"`, `"weather"`, 1) + `]}`, "of"},
		{"an effect nobody writes down", head + strings.Replace(good, `"codes"`, `"effect":"boom","codes"`, 1) + `]}`, "effect"},
		{"no code", head + strings.Replace(good, `[1]`, `[]`, 1) + `]}`, "recognised by nothing"},
		{"a code that stands twice", head + good + "," + good + `]}`, "outcomes[1]: codes: 1 stands above"},
		{"a source that is none", head + strings.Replace(good, `["x"]`, `["y"]`, 1) + `]}`, "cites"},
		{"no source", head + strings.Replace(good, `["x"]`, `[]`, 1) + `]}`, "cites"},
		{"a wait that is none", head + strings.Replace(good, `"codes"`, `"after":"soon","codes"`, 1) + `]}`, "after"},
		{"growth from nothing", head + strings.Replace(good, `"codes"`, `"grows":2,"codes"`, 1) + `]}`, "grows"},
		{"words in capitals", head + strings.Replace(good, `"codes"`, `"text":["Rate"],"codes"`, 1) + `]}`, "lower case"},
		{"nothing to do", head + strings.Replace(good, `"Mend it."`, `""`, 1) + `]}`, "means, do"},
	} {
		_, err := outcome.Parse([]byte(c.body))
		require.ErrorContains(t, err, c.err, c.why)
	}
	table, err := outcome.Parse([]byte(head + good + `]}`))
	require.NoError(t, err)
	require.Equal(t, outcome.Never, table.Classify(outcome.Answer{Codes: []int{1}}).Class)
}

// FuzzRead: whatever an answer holds, it is read or passed over.
func FuzzRead(f *testing.F) {
	for _, s := range []string{`{"error":{"code":1,"message":"(#2) x"}}`, `{"errors":[{}]}`, `"(#131056)"`, `{"data":{"error":{"Code":"3"}}}`, `(#99999999999)`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		o := outcome.Builtin().Classify(outcome.Read(b))
		if o.Wait(3) < 0 {
			t.Fatal("a wait below zero")
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	t := outcome.Builtin()
	a := outcome.Answer{HTTP: 400, Codes: []int{131056}, Text: "(#131056) pair rate limit hit"}
	b.ReportAllocs()
	for b.Loop() {
		if t.Classify(a).Class != outcome.RetryAfter {
			b.Fatal("another class")
		}
	}
}

func ExampleTable_Classify() {
	o := outcome.Builtin().Classify(outcome.Answer{HTTP: 400, Codes: []int{131056}})
	fmt.Println(o.Class, "of the", o.Of, "after", o.Wait(1), "then", o.Wait(2))
	o = outcome.Builtin().Classify(outcome.Answer{Codes: []int{131050}})
	fmt.Println(o.Class, o.Effect)
	// Output:
	// retry-after of the person after 4s then 16s
	// never marketing-stopped
}

func ExampleRead() {
	a := outcome.Read([]byte(`{"code":63016,"message":"outside the allowed window","status":400}`))
	fmt.Println(a.Codes, a.HTTP, outcome.Builtin().Classify(a).Effect)
	// Output: [63016] 400 window-closed
}

func ExampleParse() {
	_, err := outcome.Parse([]byte(`{"outcomes":[{"codes":[1]}]}`))
	fmt.Println(err)
	// Output: outcome: outcomes[0]: class: is missing
}

// Tries that are too fast for a person wait longer each time.
func ExampleOutcome_Wait() {
	o := outcome.Builtin().Classify(outcome.Answer{Codes: []int{131056}})
	for failed := 1; failed <= 3; failed++ {
		fmt.Println(o.Again(), o.Wait(failed))
	}
	// Output:
	// true 4s
	// true 16s
	// true 1m4s
}
