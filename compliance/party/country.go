package party

// countries is ISO 3166-1 alpha-2 as of 2026 (249 codes), and after it three codes that
// are not in it but name places with numbers of their own: AC and TA, which ISO
// reserves, and XK, which libphonenumber and Unicode CLDR use for Kosovo.
const countries = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ" +
	"CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGY" +
	"HKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZ" +
	"NANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZ" +
	"TCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW" +
	"ACTAXK"

// countryBits has the second letters of countries by their first, A being bit 0.
var countryBits = func() (bits [26]uint32) {
	for i := 0; i < len(countries); i += 2 {
		bits[countries[i]-'A'] |= 1 << (countries[i+1] - 'A')
	}
	return bits
}()

// isCountry reports whether two bytes are a country code in capitals.
func isCountry(cc string) bool {
	a, b := cc[0]-'A', cc[1]-'A'
	return a < 26 && b < 26 && countryBits[a]&(1<<b) != 0
}
