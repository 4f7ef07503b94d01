package template

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// linter leaves the model of package category out: it changes, and what rests on
// it is held by the cases.
func linter(t testing.TB, opts ...LintOption) *Linter {
	t.Helper()
	l, err := NewLinter(append([]LintOption{WithReader(nil)}, opts...)...)
	require.NoError(t, err)
	return l
}

func rulesOf(all []LintProblem) (ids []string) {
	for _, p := range all {
		ids = append(ids, string(p.Rule))
	}
	return ids
}

// clean is a template with nothing wrong.
const clean = `{"name":"order_shipped","language":"en","category":"UTILITY","components":[
	{"type":"BODY","text":"Hi {{1}}, your order {{2}} has shipped and will reach you on {{3}} as planned.","example":{"body_text":[["Asha","1234","5 May"]]}}]}`

func TestNothingIsWrongWithWhatMetaWrites(t *testing.T) {
	l := linter(t)
	odd := []string{"special_create"} // has one of everything that is wrong
	for name, b := range files(t, "definitions/*.json") {
		if slices.Contains(odd, name) {
			continue
		}
		d, err := ParseDefinition(b)
		require.NoError(t, err)
		for _, p := range l.Lint(&d) {
			require.NotEqual(t, LintError, p.Severity, "%s: %s at %s: %s", name, p.Rule, p.Where, p.Why)
		}
	}
	d, err := ParseDefinition([]byte(clean))
	require.NoError(t, err)
	require.Nil(t, l.Lint(&d), "nothing found is nil")
}

func TestLintOptions(t *testing.T) {
	bad := strings.Replace(clean, `"order_shipped"`, `"Order Shipped"`, 1)
	bad = strings.Replace(bad, "Hi {{1}}", "Hi  {{1}}", 1)
	for _, c := range []struct {
		why  string
		opts []LintOption
		want map[string]LintSeverity
	}{
		{"as it is", nil, map[string]LintSeverity{"tpl-name-charset": LintError, "body-double-space": LintWarning}},
		{"strict makes warnings errors", []LintOption{WithStrict()}, map[string]LintSeverity{"tpl-name-charset": LintError, "body-double-space": LintError}},
		{"a rule left out", []LintOption{WithoutLint("tpl-name-charset")}, map[string]LintSeverity{"body-double-space": LintWarning}},
		{"a newer list of languages", []LintOption{WithLanguages("en_ZW")}, map[string]LintSeverity{"tpl-name-charset": LintError, "body-double-space": LintWarning, "tpl-language-supported": LintError}},
	} {
		_, found, err := linter(t, c.opts...).LintJSON([]byte(bad))
		require.NoError(t, err)
		got := map[string]LintSeverity{}
		for _, p := range found {
			got[string(p.Rule)] = p.Severity
		}
		require.Equal(t, c.want, got, c.why)
	}
}

func TestStrictReachesMilderCases(t *testing.T) {
	bold := strings.Replace(clean, "Hi {{1}}", "*{{1}}*", 1)
	_, found, err := linter(t).LintJSON([]byte(bold))
	require.NoError(t, err)
	require.Equal(t, LintWarning, found[0].Severity)
	_, found, err = linter(t, WithStrict()).LintJSON([]byte(bold))
	require.NoError(t, err)
	require.Equal(t, LintError, found[0].Severity)
}

func TestLintWithoutAReaderOfCategories(t *testing.T) {
	sale := strings.Replace(clean, "as planned", "for free, with a coupon", 1)
	_, found, err := linter(t).LintJSON([]byte(sale))
	require.NoError(t, err)
	require.Equal(t, []string{"cat-utility-promotional"}, rulesOf(found), "the screen still notices words")
	_, found, err = linter(t, WithScreen(nil)).LintJSON([]byte(sale))
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestContentFindingsAreTranslated(t *testing.T) {
	for rule, want := range map[policy.ID][]string{
		"goods-firearms": {"pol-commerce"}, "finance-payday": {"pol-commerce"}, "data-request-sensitive": {"pol-sensitive-identifier"},
		"data-full-card-number": nil, "regulated-age-18": nil, "acme/own": nil,
	} {
		for weight, severity := range map[policy.Severity]LintSeverity{policy.Block: LintError, policy.Warn: LintWarning} {
			l := linter(t, WithContent(func(string, string) []policy.Violation {
				return []policy.Violation{{Rule: rule, Severity: weight, Span: policy.Span{Start: 0, End: 2}}}
			}))
			_, found, err := l.LintJSON([]byte(clean))
			require.NoError(t, err)
			require.Equal(t, want, rulesOf(found), rule)
			for _, p := range found {
				require.Equal(t, severity, p.Severity, rule)
				require.Equal(t, policy.Span{Start: 0, End: 2}, p.Span)
				require.NotEmpty(t, p.Why)
			}
		}
	}
}

func TestALicensableGoodIsAWarning(t *testing.T) {
	_, found, err := linter(t, WithContent(func(string, string) []policy.Violation {
		return []policy.Violation{{Rule: "goods-alcohol", Severity: policy.Block}}
	})).LintJSON([]byte(clean))
	require.NoError(t, err)
	require.Equal(t, LintWarning, found[0].Severity, "whether a licence covers it is not in the template")
}

func TestFixMendsWhatNeedsNoAnswer(t *testing.T) {
	const in = `{"name":"Order Shipped","language":"en-us","category":"UTILITY","allow_category_change":true,"new_member":7,"components":[
		{"type":"BODY","text":"Hi  {{ 1 }},\tyour order {{2 }} has shipped.\n \n\n\nIt will reach you on {{3}}   as planned.","example":{"body_text":[["Asha","1234","5 May"]]}}]}`
	d, err := ParseDraft([]byte(in))
	require.NoError(t, err)
	before := d.clone()
	mended, left := linter(t).Fix(&d)
	require.Equal(t, before, d, "what was given is not touched")
	require.Equal(t, "Hi {{1}}, your order {{2}} has shipped.\n\nIt will reach you on {{3}} as planned.", mended.Components[0].Text)
	require.Equal(t, "en_US", mended.Ref.Language)
	require.NotContains(t, mended.Extra, "allow_category_change")
	require.Contains(t, mended.Extra, "new_member", "what is not known stays")
	require.Equal(t, []string{"tpl-name-charset"}, rulesOf(left), "the name is the app's to change: it sends by it")
}

func TestNothingIsFixedInACleanTemplate(t *testing.T) {
	d, err := ParseDraft([]byte(clean))
	require.NoError(t, err)
	mended, left := linter(t).Fix(&d)
	require.Equal(t, d, mended)
	require.Empty(t, left)
}

func TestLintAllLooksAcrossAccountsNot(t *testing.T) {
	d, err := ParseDraft([]byte(clean))
	require.NoError(t, err)
	other := d.clone()
	other.Ref.Account = "100200300400501"
	for i, found := range linter(t).LintAll([]Definition{d, other}) {
		require.Empty(t, found, i)
	}
}

func TestDeletions(t *testing.T) {
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		why  string
		gone []Deletion
		want bool
	}{
		{"none told", nil, false},
		{"the later of two counts", []Deletion{{"order_shipped", at.AddDate(0, 0, -1)}, {"order_shipped", at.AddDate(0, 0, -40)}}, true},
		{"another name", []Deletion{{"order_shipped_2", at}}, false},
	} {
		_, found, err := linter(t, WithDeletions(at, c.gone...)).LintJSON([]byte(clean))
		require.NoError(t, err)
		require.Equal(t, c.want, len(found) == 1, c.why)
	}
}

func TestBuilderMakesWhatMetaTakes(t *testing.T) {
	l := linter(t)
	for why, b := range map[string]*Builder{
		"positional": NewBuilder(category.Utility, "order_shipped", "en").Header("Order {{1}}", "1234").
			Body("Hi {{1}}, your order {{2}} has shipped and will reach you on {{3}} as planned.", "Asha", "1234", "5 May").
			Footer("Example Ltd").URL("Track order", "https://shop.example.com/t/{{1}}", "1234").Phone("Call us", "+12025550123").TTL(3600),
		"named": NewBuilder(category.Utility, "order_shipped", "en").
			Body("Hi {{first_name}}, your order {{order_id}} has shipped and will reach you soon.", "Asha", "1234"),
		"code": NewBuilder(category.Authentication, "login_code", "pt_BR").Code(5, true).OTP("ONE_TAP", App{"com.example.app", "K8a/AINcGX7"}),
		"zero": NewBuilder(category.Authentication, "login_code", "pt_BR").Code(0, false).OTP("ZERO_TAP", App{"com.example.app", "K8a/AINcGX7"}),
		"offer": NewBuilder(category.Marketing, "spring_sale", "en").Media("image", "4::aW").Offer("Ends Sunday", true).
			Body("Our spring sale has begun: all shoes are 25% off until Sunday.").CopyCode("SHOES25").URL("Stop promotions", "https://shop.example.com/stop"),
		"cards": NewBuilder(category.Marketing, "two_ideas", "en").Body("Two ideas for your table, picked for you this week.").
			Card().Media("IMAGE", "4::aW").Body("A rose").QuickReply("Stop promotions").
			Card().Media("IMAGE", "4::aX").Body("A tulip").QuickReply("Stop promotions"),
		"call":  NewBuilder(category.Utility, "may_we_call", "en").Body("May we call you about your order {{1}} to arrange the delivery you asked for?", "1234").CallPermission(),
		"flow":  NewBuilder(category.Utility, "change_date", "en").Location().Body("Your appointment on {{1}} is confirmed. Choose another date below if you need to.", "5 May").Flow("Change date", "123"),
		"shop":  NewBuilder(category.Marketing, "catalogue", "en").Body("Our new catalogue is here: have a look at what spring brings.").Footer("Reply STOP to opt out").Catalog(),
		"items": NewBuilder(category.Marketing, "for_your_table", "en").Body("We put some things together that go with your last visit.").Footer("Reply STOP to opt out").Products(),
		"item":  NewBuilder(category.Marketing, "one_teapot", "en").Product().Body("The teapot you asked about is here.").Footer("Reply STOP to opt out").ViewProduct(),
		"goods": NewBuilder(category.Marketing, "two_teapots", "en").Body("Two teapots, picked for you by our potter. Reply STOP to opt out.").
			Card().Product().ViewProduct().Card().Product().ViewProduct(),
		"voice":   NewBuilder(category.Utility, "call_us", "en").Body("Your support request {{1}} needs a word with you: call us when it suits you.", "4711").VoiceCall("Call us", 1440),
		"number":  NewBuilder(category.Utility, "your_number", "en").Body("We need a number to reach you about your support request {{1}} while you travel.", "4711").ContactInfo(),
		"library": NewBuilder(category.Utility, "payment_due", "en").Library("payment_due_1"),
	} {
		d, err := b.Build(l)
		require.NoError(t, err, why)
		require.Empty(t, l.Lint(&d), why)
		raw, err := json.Marshal(d)
		require.NoError(t, err)
		again, err := ParseDefinition(raw)
		require.NoError(t, err, why)
		require.Equal(t, d, again, "%s: what is built is what is read", why)
	}
}

func TestBuilderMistakesAreLintProblems(t *testing.T) {
	d, err := NewBuilder(category.Marketing, "Sale", "en").Body("{{1}} is here").Build(linter(t))
	var f *LintFailure
	require.ErrorAs(t, err, &f)
	require.Zero(t, d)
	require.Contains(t, err.Error(), "name: ")
	require.Contains(t, err.Error(), "tpl-name-charset")
	require.Subset(t, rulesOf(f.Problems), []string{"tpl-name-charset", "var-leading", "var-example-missing"})
	_, err = NewBuilder(category.Utility, "x", "en").Body("Your order {{1}} and {{2}} have shipped and are on their way.", "1234").TTL(0).Build(linter(t))
	require.ErrorAs(t, err, &f)
	require.ElementsMatch(t, []string{"ttl-range", "var-example-missing"}, rulesOf(f.Problems))
}

func TestSeverityWords(t *testing.T) {
	for _, s := range []LintSeverity{LintAdvice, LintWarning, LintError} {
		b, err := s.MarshalText()
		require.NoError(t, err)
		var again LintSeverity
		require.NoError(t, again.UnmarshalText(b))
		require.Equal(t, s, again)
	}
	_, err := LintSeverity(0).MarshalText()
	require.Error(t, err, "the zero severity is none")
	var s LintSeverity
	require.Error(t, s.UnmarshalText([]byte("fatal")))
	require.Equal(t, "LintSeverity(9)", LintSeverity(9).String())
}

// checkSpans holds that every problem points into the text it names.
func checkSpans(t *testing.T, d *Definition, all []LintProblem) {
	t.Helper()
	for _, p := range all {
		require.NotEmpty(t, p.Rule)
		require.NotZero(t, p.Severity)
		require.True(t, p.Span.Start >= 0 && p.Span.Start <= p.Span.End, p.Rule)
		if s := textAt(d, p.Where); s != nil {
			require.LessOrEqual(t, p.Span.End, len(*s), "%s at %s", p.Rule, p.Where)
		}
	}
}

func FuzzLint(f *testing.F) {
	for _, name := range []string{"utility_read", "marketing_read", "carousel_create", "lto_create", "special_create", "authentication_create"} {
		f.Add(files(f, "definitions/"+name+".json")[name])
	}
	f.Add([]byte(clean))
	f.Add([]byte(`{"name":"","language":"zh-CN","components":[{"type":"BODY","text":"{{1}}}{{{a b}}{\n\n\n  {{2}}","example":{"body_text":[[1]]}},{"type":"BUTTONS","buttons":[{"type":"URL","url":"https://{{1}}?{{"},{"type":"PHONE_NUMBER","phone_number":"+0"}]}]}`))
	l, err := NewLinter()
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, b []byte) {
		d, found, err := l.LintJSON(b)
		if err != nil {
			return
		}
		checkSpans(t, &d, found)
		mended, left := l.Fix(&d)
		checkSpans(t, &mended, left)
		twice, _ := l.Fix(&mended)
		if len(left) < maxProblems {
			require.Equal(t, mended, twice, "mending is done once")
		}
	})
}
