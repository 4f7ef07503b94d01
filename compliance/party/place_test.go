package party

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPlace(t *testing.T) {
	for _, c := range []struct{ phone, iso, why string }{
		{"+12025550123", "US", "an area code of Washington"},
		{"+16135550123", "CA", "an area code of Ottawa, under the same +1"},
		{"+17875550123", "PR", "Puerto Rico has codes of its own and is not judged as US"},
		{"+19395550123", "PR", "the second one of Puerto Rico"},
		{"+16715550123", "GU", "Guam"},
		{"+16845550123", "AS", "American Samoa"},
		{"+16705550123", "MP", "Northern Mariana Islands"},
		{"+13405550123", "VI", "US Virgin Islands"},
		{"+12845550123", "VG", "British Virgin Islands"},
		{"+12685550123", "AG", "Caribbean"},
		{"+12645550123", "AI", "Caribbean"},
		{"+12465550123", "BB", "Caribbean"},
		{"+14415550123", "BM", "Bermuda"},
		{"+12425550123", "BS", "Caribbean"},
		{"+17675550123", "DM", "Caribbean"},
		{"+18095550123", "DO", "first of three"},
		{"+18295550123", "DO", "second of three"},
		{"+18495550123", "DO", "third of three"},
		{"+14735550123", "GD", "Caribbean"},
		{"+18765550123", "JM", "first of two"},
		{"+16585550123", "JM", "second of two"},
		{"+18695550123", "KN", "Caribbean"},
		{"+13455550123", "KY", "Caribbean"},
		{"+17585550123", "LC", "Caribbean"},
		{"+16645550123", "MS", "Caribbean"},
		{"+17215550123", "SX", "Caribbean"},
		{"+16495550123", "TC", "Caribbean"},
		{"+18685550123", "TT", "Caribbean"},
		{"+17845550123", "VC", "Caribbean"},
		{"+18005550123", "", "toll-free is no place"},
		{"+18885550123", "", "toll-free is no place"},
		{"+19005550123", "", "premium is no place"},
		{"+15005550123", "", "personal numbers are no place"},
		{"+12115550123", "", "211 is a service, no area"},
		{"+19995550123", "", "an area code nobody has"},
		{"+1202555012", "", "a digit short: the area code cannot be trusted"},
		{"+120255501234", "", "a digit too many"},
		{"+79123456789", "RU", "mobile"},
		{"+74951234567", "RU", "Moscow"},
		{"+77012345678", "KZ", "Kazakhstan shares +7"},
		{"+447700900123", "GB", "set aside for drama: examples use it"},
		{"+441632960123", "GB", "set aside for drama"},
		{"+442079460123", "GB", "London"},
		{"+441481256789", "GG", "Guernsey"},
		{"+441534456789", "JE", "Jersey"},
		{"+441624756789", "IM", "Isle of Man"},
		{"+447781123456", "GG", "Guernsey mobile"},
		{"+4740612345", "NO", "Norway"},
		{"+4779123456", "SJ", "Svalbard"},
		{"+61212345678", "AU", "Sydney"},
		{"+61891641234", "CX", "Christmas Island"},
		{"+61891621234", "CC", "Cocos Islands"},
		{"+212650123456", "MA", "Morocco"},
		{"+262692123456", "RE", "Réunion"},
		{"+262639012345", "YT", "Mayotte"},
		{"+29051234", "SH", "Saint Helena"},
		{"+2908999", "TA", "Tristan da Cunha"},
		{"+358412345678", "FI", "Finland"},
		{"+358181234567", "AX", "Åland"},
		{"+390612345678", "IT", "Rome"},
		{"+390669812345", "VA", "the Vatican, inside the code of Rome"},
		{"+393123456789", "IT", "mobile"},
		{"+590690001234", "GP", "Guadeloupe"},
		{"+59995181234", "CW", "Curaçao"},
		{"+5993181234", "BQ", "Bonaire"},
		{"+596696201234", "MQ", "Martinique"},
		{"+594694201234", "GF", "French Guiana"},
		{"+5511987654321", "BR", "Brazil, one place"},
		{"+525512345678", "MX", "Mexico, one place"},
		{"+38343201234", "XK", "Kosovo has +383"},
		{"+80012345678", "", "international freephone"},
		{"+870773111632", "", "Inmarsat"},
		{"+883510012345", "", "international networks"},
		{"+210123456789", "", "no such calling code"},
		{"+447", "", "too short"},
		{"447700900123", "", "no plus"},
		{"", "", "nothing"},
		{"+44 7700 900123", "", "not canonical"},
	} {
		iso, ok := Place(c.phone)
		require.Equal(t, c.iso, iso, "%s: %s", c.phone, c.why)
		require.Equal(t, c.iso != "", ok, "%s: %s", c.phone, c.why)
	}
}

func TestZones(t *testing.T) {
	for _, c := range []struct {
		phone string
		zones []string
		why   string
	}{
		{"+12125550123", []string{"America/New_York"}, "an area code of one zone"},
		{"+442079460123", []string{"Europe/London"}, "one zone"},
		{"+819012345678", []string{"Asia/Tokyo"}, "one zone"},
		{"+74951234567", []string{"Europe/Moscow"}, "by city"},
		{"+6491234567", []string{"Pacific/Auckland"}, "not the Chatham Islands"},
		{"+80012345678", nil, "worldwide"},
		{"+210123456789", nil, "no such code"},
		{"12125550123", nil, "no plus"},
	} {
		require.Equal(t, c.zones, Zones(c.phone), "%s: %s", c.phone, c.why)
	}
	require.Greater(t, len(Zones("+18005550123")), 5, "toll-free: anywhere under +1")
	z := Zones("+12125550123")
	z[0] = "mine"
	require.Equal(t, []string{"America/New_York"}, Zones("+12125550123"), "what is returned is the caller's own")
	z = ZonesOf("JP")
	z[0] = "mine"
	require.Equal(t, []string{"Asia/Tokyo"}, ZonesOf("JP"), "so is this")
}
