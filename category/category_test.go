package category_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
)

func TestCategoryNamesBothWays(t *testing.T) {
	for _, c := range []category.Category{category.Marketing, category.Utility, category.Authentication, category.Service} {
		got, ok := category.Parse(c.String())
		require.True(t, ok)
		require.Equal(t, c, got)
	}
	got, ok := category.Parse("utility")
	require.True(t, ok, "requests may be lower case")
	require.Equal(t, category.Utility, got)
	_, ok = category.Parse("ALERT_UPDATE")
	require.False(t, ok, "categories of before 2022 are none of the three")
	var c category.Category
	require.Error(t, c.UnmarshalText([]byte("promo")))
	require.NoError(t, c.UnmarshalText(nil))
	require.Equal(t, category.Unknown, c)
}

func TestScreenNoticesPromotion(t *testing.T) {
	s, err := category.NewScreen()
	require.NoError(t, err)
	for _, c := range []struct {
		text string
		want bool
		why  string
	}{
		{"You are off the list. Our summer sale starts on Friday!", true, "an advertisement behind a confirmation"},
		{"You have been unsubscribed and will get no more messages.", false, "a confirmation"},
		{"Ya no recibirás mensajes. Aprovecha nuestras rebajas.", true, "the same in Spanish"},
		{"Ya no recibirás más mensajes nuestros.", false, "a confirmation in Spanish"},
		{"Você não receberá mais mensagens.", false, "a confirmation in Portuguese"},
		{"Sie wurden abgemeldet. Jetzt kaufen und sparen!", true, "a German buying call"},
		{"Вы отписаны, больше сообщений не будет.", false, "a confirmation in Russian"},
		{"您已退订。限时优惠，马上抢购！", true, "a Chinese offer"},
		{"आपको अब संदेश नहीं मिलेंगे।", false, "a confirmation in Hindi"},
		{"We received your application for the job offer.", false, "a false friend"},
		{"ＤＩＳＣＯＵＮＴ for you", true, "full width"},
	} {
		_, got := s.Promotes(c.text)
		require.Equal(t, c.want, got, "%s: %s", c.why, c.text)
	}
}

func ExampleScreen_Promotes() {
	s, err := category.NewScreen()
	if err != nil {
		panic(err)
	}
	words := "Your parcel is here. Shop now and save."
	span, yes := s.Promotes(words)
	fmt.Println(yes, words[span[0]:span[1]])
	// Output: true Shop now
}

func ExampleParse() {
	c, ok := category.Parse("utility")
	fmt.Println(c, ok)
	// Output: UTILITY true
}

func BenchmarkPromotes(b *testing.B) {
	s, err := category.NewScreen()
	if err != nil {
		b.Fatal(err)
	}
	words := "Your order 8812 left our warehouse today and arrives on Friday between nine and twelve. You can follow it with the number we sent you by e-mail."
	b.ReportAllocs()
	b.SetBytes(int64(len(words)))
	for b.Loop() {
		s.Promotes(words)
	}
}
