package compliance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/policy"
)

func bookWords(t testing.TB, id policy.ID, name string, at time.Time) *wordSet {
	t.Helper()
	book, err := policy.Builtin()
	require.NoError(t, err)
	sets, err := wordSets(book, id, name)
	require.NoError(t, err)
	i, ok := book.Index(id)
	require.True(t, ok)
	book, err = book.Enable(id)
	if err != nil {
		require.ErrorIs(t, err, policy.ErrNotOff)
		book, _ = policy.Builtin()
	}
	w := sets.in(book.At(at).Edition(i))
	require.NotNil(t, w)
	return w
}

// What people are shown when they opt in, and what they are shown that is no
// opt-in at all, in the languages whose words the rule knows.
func TestWordingsThatStateCommunication(t *testing.T) {
	w := bookWords(t, "optin-states-communication", "says", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	for _, states := range []string{
		"Yes, keep me posted about my order.",
		"Harbour Tea may contact me on this number.",
		"Text me deals",
		"Acepto que Harbour Tea me escriba por aquí.",
		"Quiero recibir novedades de Harbour Tea",
		"Aceito receber avisos sobre o meu pedido.",
		"Concordo em ser contatada; podem entrar em contato comigo.",
		"मैं हार्बर टी से ऑर्डर के अपडेट पाने के लिए सहमत हूँ।",
		"Haan, mujhe order ke update bhejo",
		"Saya setuju dihubungi oleh Harbour Tea.",
		"أوافق على تلقي رسائل من هاربر تي.",
		"J'accepte que Harbour Tea m'écrive au sujet de ma commande.",
		"Ich möchte Neuigkeiten von Harbour Tea bekommen.",
		"Acconsento a ricevere comunicazioni da Harbour Tea.",
		"Harbour Tea'nin bana kampanya mesajı göndermesini kabul ediyorum.",
		"Согласна получать уведомления о заказе от Harbour Tea.",
		"我同意接收港湾茶的订单通知。",
		"お得な情報の配信を希望します。",
		"할인 소식을 받겠습니다.",
		"Ik wil berichten over mijn bestelling.",
		"Zgadzam się na powiadomienia o zamówieniu.",
		"Jag vill ha nyheter och erbjudanden från Harbour Tea.",
		"Tôi đồng ý nhận thông báo về đơn hàng.",
		"ฉันยินยอมให้ติดต่อเกี่ยวกับคำสั่งซื้อ",
		"আমি অর্ডারের আপডেট পেতে সম্মত।",
		"میں آرڈر کی اطلاع پانے پر راضی ہوں۔",
		"Nakubali kupokea taarifa za oda yangu.",
	} {
		require.True(t, w.in(states), states)
	}
	for _, silent := range []string{
		"I accept the terms and conditions of Harbour Tea.",
		"My contact details may be stored by Harbour Tea.",
		"I have read the privacy policy and agree to the processing of my personal information.",
		"Acepto la política de privacidad de Harbour Tea.",
		"Li e aceito os termos de uso da Harbour Tea.",
		"मैं हार्बर टी की नियम और शर्तें स्वीकार करता हूँ।",
		"Saya menerima syarat dan ketentuan Harbour Tea.",
		"أوافق على الشروط والأحكام الخاصة بهاربر تي.",
		"J'accepte les conditions générales de Harbour Tea.",
		"Ich akzeptiere die AGB von Harbour Tea.",
		"Ho letto l'informativa sulla privacy di Harbour Tea.",
		"Harbour Tea kişisel bilgilerimin işlenmesini kabul ediyorum.",
		"Согласен на обработку персональных данных.",
		"我已阅读并同意用户协议和个人信息保护政策。",
		"利用規約に同意します。",
		"개인정보 처리방침에 동의합니다.",
		"Ik ga akkoord met de algemene voorwaarden.",
		"Akceptuję regulamin sklepu.",
		"Jag godkänner köpvillkoren.",
		"Tôi đồng ý với điều khoản sử dụng.",
		"ฉันยอมรับเงื่อนไขการใช้งาน",
		"Nakubali masharti na vigezo.",
	} {
		require.False(t, w.in(silent), silent)
	}
	require.True(t, w.speaks(""), "nobody recorded the language")
	require.True(t, w.speaks("pt-BR"))
	require.False(t, w.speaks("ka"), "Georgian words are not known")
}

func TestWordingsThatNameAPurpose(t *testing.T) {
	w := bookWords(t, "law-lgpd-purpose", "purposes", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	for words, names := range map[string]bool{
		"Aceito receber ofertas da Harbour Tea.":              true,
		"Quero acompanhar minha entrega pelo WhatsApp.":       true,
		"Aceito receber códigos de acesso da Harbour Tea.":    true,
		"Aceito receber mensagens da Harbour Tea.":            false,
		"Autorizo o uso dos meus dados pela Harbour Tea.":     false,
		"I agree to get order messages from Harbour Tea.":     true,
		"Acepto mensajes de Harbour Tea, sobre lo que quiera": false,
	} {
		require.Equal(t, names, w.in(words), words)
	}
}

func TestWordingsThatSayHowToWithdraw(t *testing.T) {
	w := bookWords(t, "law-india-dpdp-notice", "withdrawals", time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC))
	for words, says := range map[string]bool{
		"Send me offers. Reply STOP at any time.":                               true,
		"आप कभी भी अपनी सहमति वापस ले सकते हैं।":                                true,
		"You can withdraw this consent under Settings as easily as you gave it": true,
		"Send me offers.": false,
		"मुझे ऑफ़र भेजें।":                false,
		"Band kar sakte hain jab chahein": true,
	} {
		require.Equal(t, says, w.in(words), words)
	}
}

func TestBusinessDays(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		require.NoError(t, err)
		return at
	}
	for _, c := range []struct{ why, from, end string }{
		{"two whole weeks from a Monday", "2026-11-02T15:00:00Z", "2026-11-17T00:00:00Z"},
		{"a Friday: the weekend does not count", "2026-11-06T15:00:00Z", "2026-11-21T00:00:00Z"},
		{"a Saturday counts from Monday on", "2026-11-07T01:00:00Z", "2026-11-21T00:00:00Z"},
	} {
		require.Equal(t, day(c.end), businessDaysAfter(day(c.from), 10), c.why)
	}
}
