package category_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
)

func reader(t testing.TB, opts ...category.Option) *category.Reader {
	t.Helper()
	r, err := category.NewReader(opts...)
	require.NoError(t, err)
	return r
}

func TestMinimalPairs(t *testing.T) {
	r := reader(t)
	for _, c := range []struct {
		lang, body string
		want       category.Category
		why        string
	}{
		{"en", "Your order {{1}} has shipped. Tracking number {{2}}.", category.Utility, "one order on its way"},
		{"en", "Your order {{1}} has shipped. Enjoy 10% off your next purchase with code NEXT10.", category.Marketing, "one promotional clause makes it marketing"},
		{"en", "Refund of {{1}} for order {{2}} has been processed.", category.Utility, "a refund"},
		{"en", "Sorry for the delay. We added a $5 credit to your account to spend on your next order.", category.Marketing, "goodwill nobody asked for"},
		{"en", "Your appointment on {{1}} at {{2}} is confirmed.", category.Utility, "an appointment that exists"},
		{"en", "Time for your next check-up, {{1}}! Book a visit today.", category.Marketing, "no appointment exists"},
		{"en", "{{1}} is your verification code. Do not share it.", category.Authentication, "a one-time code"},
		{"en", "Log in to see your offers, {{1}}!", category.Marketing, "a log-in that sells is no code"},
		{"en", "You left items in your cart. Complete your purchase now.", category.Marketing, "retargeting"},
		{"es", "Tu pedido {{1}} ha sido enviado. Número de guía: {{2}}.", category.Utility, "an order in Spanish"},
		{"es", "Tu pedido {{1}} ha sido enviado. Aprovecha 20% de descuento en tu próxima compra.", category.Marketing, "mixed in Spanish"},
		{"ar", "تم خصم مبلغ {{1}} من حسابك المنتهي بـ {{2}}.", category.Utility, "debited, not discounted"},
		{"ar", "خصم 50% على كل المنتجات، تسوق الآن!", category.Marketing, "discounted"},
		{"tr", "Faturanız hazır, faturayı indir butonuna basın. Tutar {{1}}.", category.Utility, "indir is to download"},
		{"tr", "Tüm ürünlerde %30 indirim, kaçırmayın!", category.Marketing, "indirim is a discount"},
		{"zh", "尾号{{1}}的账户扣款{{2}}元，余额{{3}}元。", category.Utility, "a debit, not a discount"},
		{"de", "Ihre Zahlung {{1}} zu Rechnung {{2}} ist eingegangen.", category.Utility, "a payment"},
		{"hi", "Aapka order {{1}} bhej diya gaya hai. Tracking: {{2}}", category.Utility, "Hindi in Latin letters"},
		{"ru", "Никому не сообщайте код {{1}}. Код подтверждения действует {{2}} минут.", category.Authentication, "a code in Russian"},
	} {
		got := r.Read(category.Draft{Lang: c.lang, Body: c.body})
		require.Equal(t, c.want, got.Category, "%s: %s %+v", c.why, c.body, got)
	}
}

func TestStructureDecides(t *testing.T) {
	r := reader(t)
	order := "Your order {{1}} has shipped. Tracking number {{2}}."
	for _, c := range []struct {
		d    category.Draft
		want category.Category
		cue  string
		why  string
	}{
		{category.Draft{Body: "{{1}}", Buttons: []category.Button{{Type: "OTP"}}}, category.Authentication, "otp-button", "OTP buttons are for authentication alone"},
		{category.Draft{Buttons: []category.Button{{Type: "otp"}}}, category.Authentication, "otp-button", "authentication bodies are Meta's own and not in the draft"},
		{category.Draft{Body: order, Components: []string{"CAROUSEL"}}, category.Marketing, "carousel", "carousels are marketing only"},
		{category.Draft{Body: order, Components: []string{"ADD_SECURITY_RECOMMENDATION"}}, category.Authentication, "code-member", "only codes are not to be shared by Meta's own words"},
		{category.Draft{Body: order, Components: []string{"code_expiration_minutes"}}, category.Authentication, "code-member", "and only codes run out"},
		{category.Draft{Body: order, Components: []string{"limited_time_offer"}}, category.Marketing, "limited-time-offer", "so are limited-time offers"},
		{category.Draft{Body: order, Buttons: []category.Button{{Type: "COPY_CODE"}}}, category.Marketing, "coupon-code", "a copied code is a coupon"},
		{category.Draft{Body: order, Buttons: []category.Button{{Type: "CATALOG"}}}, category.Marketing, "catalog", "catalogs sell"},
		{category.Draft{Body: order, Buttons: []category.Button{{Type: "MPM"}}}, category.Marketing, "multi-product", "so do product lists"},
		{category.Draft{Body: order, HeaderFormat: "PRODUCT"}, category.Marketing, "product-header", "and product headers"},
	} {
		got := r.Read(c.d)
		require.Equal(t, c.want, got.Category, c.why)
		require.True(t, got.Sure, c.why)
		require.Equal(t, c.cue, got.Reasons[0].Cue, c.why)
	}
	code := r.Read(category.Draft{Lang: "en", Body: "{{1}} is your verification code. Do not share this code.", Buttons: []category.Button{{Type: "COPY_CODE", Text: "Copy code"}}})
	require.Equal(t, category.Authentication, code.Category, "a copied sign-in code is no coupon")
}

func TestNothingIsNothing(t *testing.T) {
	r := reader(t)
	require.Equal(t, category.Reading{}, r.Read(category.Draft{}), "an empty draft says nothing")
	require.Equal(t, category.Reading{}, r.Read(category.Draft{Body: " \n.."}))
}

func TestBeyondTheLimitsIsNeverSure(t *testing.T) {
	r := reader(t)
	got := r.Read(category.Draft{Lang: "en", Body: "Huge sale, shop now! " + strings.Repeat("save ", category.MaxText)})
	require.Equal(t, category.Marketing, got.Category)
	require.False(t, got.Sure, "the rest was not read")
}

func TestReasonsNameTheWords(t *testing.T) {
	d := category.Draft{Lang: "en", Body: "Your order {{1}} has shipped. Get 10% off next time.", Buttons: []category.Button{{Type: "URL", Text: "Shop now", URL: "https://example.com/shop"}}}
	got := reader(t).Read(d)
	require.Equal(t, category.Marketing, got.Category)
	var words []string
	for _, x := range got.Reasons {
		text := d.Text(x.Where)
		require.LessOrEqual(t, x.Span[0], x.Span[1])
		require.LessOrEqual(t, x.Span[1], len(text))
		if x.For == category.Marketing {
			words = append(words, strings.ToLower(text[x.Span[0]:x.Span[1]]))
		}
	}
	require.Contains(t, words, "% off")
	require.Contains(t, got.Suggestion, "mixed content is marketing")
	require.Contains(t, got.Suggestion, `"% off"`)
}

func TestPercentOffStandsWhereItIs(t *testing.T) {
	for _, c := range []struct {
		d     category.Draft
		where string
	}{
		{category.Draft{Lang: "en", Body: "Get 20% off all shoes this weekend.", Footer: "Example Shop"}, "body"},
		{category.Draft{Lang: "en", Body: "Our summer discount has begun, see you soon.", Footer: "20% until Sunday"}, "footer"},
	} {
		i := slices.IndexFunc(reader(t).Read(c.d).Reasons, func(x category.Reason) bool { return x.Cue == "percent-off" })
		require.GreaterOrEqual(t, i, 0, c.where)
		require.Equal(t, c.where, reader(t).Read(c.d).Reasons[i].Where)
	}
}

func TestOptions(t *testing.T) {
	d := category.Draft{Lang: "en", Body: "Your order {{1}} has shipped and arrives on {{2}}."}
	require.Equal(t, category.Utility, reader(t).Read(d).Category)
	require.Equal(t, category.Marketing, reader(t, category.WithUtilityFloor(1)).Read(d).Category, "nothing is certain")
	require.False(t, reader(t, category.WithSureness(1)).Read(d).Sure)
	for _, o := range []category.Option{category.WithUtilityFloor(2), category.WithSureness(-1), category.WithModel([]byte("x"))} {
		_, err := category.NewReader(o)
		require.Error(t, err)
	}
	_, err := category.NewReader(category.WithModel(nil))
	require.ErrorIs(t, err, category.ErrModel)
	_, err = category.AppendModel(nil, nil, 1)
	require.ErrorIs(t, err, category.ErrModel)
}

func TestReadsAlikeFromManyGoroutines(t *testing.T) {
	r := reader(t)
	d := category.Draft{Lang: "fr", Body: "Votre commande {{1}} est expédiée. Profitez de -10 % sur la prochaine."}
	want := r.Read(d)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if diff := cmp.Diff(want, r.Read(d)); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	wg.Wait()
}

func ExampleReader_Read() {
	r, err := category.NewReader()
	if err != nil {
		panic(err)
	}
	d := category.Draft{Lang: "en", Body: "Your order {{1}} has shipped. Enjoy 10% off your next purchase."}
	got := r.Read(d)
	fmt.Println(got.Category, got.Sure)
	for _, x := range got.Reasons {
		if x.Cue == "discount" {
			fmt.Println(x.For, x.Cue, d.Text(x.Where)[x.Span[0]:x.Span[1]])
		}
	}
	// Output:
	// MARKETING true
	// MARKETING discount % off
}

func ExampleNewReader() {
	// A team that would rather have a person look at more templates.
	r, err := category.NewReader(category.WithUtilityFloor(0.8), category.WithSureness(0.95))
	if err != nil {
		panic(err)
	}
	got := r.Read(category.Draft{Lang: "pt_BR", Body: "{{1}} é o seu código de verificação. Não compartilhe."})
	fmt.Println(got.Category)
	// Output: AUTHENTICATION
}

func ExampleWithModel() {
	// A model that weighs nothing: every category is as likely.
	b, err := category.AppendModel(nil, make([][3]float64, category.Buckets), 1)
	if err != nil {
		panic(err)
	}
	r, err := category.NewReader(category.WithModel(b))
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.2f\n", r.Read(category.Draft{Body: "Hello"}).Probability.Utility)
	// Output: 0.33
}

func FuzzRead(f *testing.F) {
	f.Add("en", "Hi {{1}}", "Your order {{order_id}} has shipped, 10% off", "Reply STOP", "Shop", "https://example.com/a/{{1}}")
	f.Add("ar", "", "تم خصم مبلغ {{1}}", "", "عرض", "")
	f.Add("zh_HK", "{{", "}}{{1}}{{2", "\xff\xfe", "️", "://")
	r, err := category.NewReader()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, lang, header, body, footer, label, url string) {
		d := category.Draft{Lang: lang, Name: label, Header: header, Body: body, Footer: footer, Buttons: []category.Button{{Type: "URL", Text: label, URL: url}}}
		got := r.Read(d)
		if got.Category != category.Unknown {
			p := got.Probability
			if s := p.Marketing + p.Utility + p.Authentication; s < 0.999 || s > 1.001 {
				t.Fatalf("probabilities add up to %v", s)
			}
		}
		for _, x := range got.Reasons {
			if x.Span[0] < 0 || x.Span[1] < x.Span[0] || x.Span[1] > len(d.Text(x.Where)) {
				t.Fatalf("%+v lies outside of its text", x)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	r := reader(b)
	list := frames(b, "../testdata/category")
	drafts, size := make([]category.Draft, len(list)), 0
	for i := range list {
		drafts[i] = list[i].draft()
		size += len(list[i].Header) + len(list[i].Body) + len(list[i].Footer)
	}
	b.ReportAllocs()
	b.SetBytes(int64(size / len(list)))
	i := 0
	for b.Loop() {
		r.Read(drafts[i%len(drafts)])
		i++
	}
}

func BenchmarkReadLong(b *testing.B) {
	r := reader(b)
	d := category.Draft{Lang: "en", Body: strings.Repeat("Your order {{1}} has shipped and arrives on Friday, the driver calls before. ", 12), Footer: "Reply STOP to end",
		Buttons: []category.Button{{Type: "URL", Text: "Track", URL: "https://example.com/track/{{1}}"}}}
	b.ReportAllocs()
	b.SetBytes(int64(len(d.Body)))
	for b.Loop() {
		r.Read(d)
	}
}
