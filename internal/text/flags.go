package text

// countries are the pairs of regional indicators that make a flag, by their first letter. Others stand for themselves.
var countries = func() (t [26]uint32) {
	const pairs = "acadaeafagaialamaoaqarasatauawaxazbabbbdbebfbgbhbibjblbmbnbobqbrbsbtbvbwbybzcacccdcfcgchcickclcmcncocpcrcucvcwcxcyczdedgdjdkdmdodzeaeceeegeheresetfifjfkfmfofrgagbgdgegfggghgiglgmgngpgqgrgsgtgugwgyhkhmhnhrhthuicidieiliminioiqirisitjejmjojpkekgkhkikmknkpkrkwkykzlalblclilklrlsltlulvlymamcmdmemfmgmhmkmlmmmnmompmqmrmsmtmumvmwmxmymznancnenfngninlnonpnrnunzompapepfpgphpkplpmpnprpsptpwpyqarerorsrurwsasbscsdsesgshsisjskslsmsnsosrssstsvsxsysztatctdtftgthtjtktltmtntotrtttvtwtzuaugumunusuyuzvavcvevgvivnvuwfwsxkyeytzazmzweu"
	for i := 0; i < len(pairs); i += 2 {
		t[pairs[i]-'a'] |= 1 << (pairs[i+1] - 'a')
	}
	return t
}()

// indicator is the letter that a folded symbol is as a regional indicator; 0 is none.
func indicator(b []byte) byte {
	if len(b) == 4 && b[0] == 0xF0 && b[1] == 0x9F && b[2] == 0x87 && b[3] >= 0xA6 {
		return 'a' + b[3] - 0xA6
	}
	return 0
}

// indicator is that of a token.
func (b *Buffer) indicator(i int) byte {
	t := b.tokens[i]
	return indicator(b.out[t.Start:t.End])
}

// flags is the token behind the flags that begin at token i; i where the indicators there are no
// row of flags, and so letters.
func (b *Buffer) flags(i int) int {
	j := i
	for ; j+1 < len(b.tokens) && j-i < maxRun; j += 2 {
		x, y := b.indicator(j), b.indicator(j+1)
		if j > i && (x == 0 || b.tokens[j].Start != b.tokens[j-1].End) {
			break
		}
		if y == 0 || b.tokens[j+1].Start != b.tokens[j].End || countries[x-'a']>>(y-'a')&1 == 0 {
			return i
		}
	}
	if j-i < maxRun && j < len(b.tokens) && j > i && b.indicator(j) != 0 && b.tokens[j].Start == b.tokens[j-1].End {
		return i // one more, which has no other
	}
	return j
}
