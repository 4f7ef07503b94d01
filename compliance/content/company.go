package content

// companies are the numbers of companies. They are public, and told as a note.
var companies = []kind{
	{name: "br_cnpj", says: "a Brazilian CNPJ", class: orgID, tier: tierR, odds: 0.01, prints: "XX.XXX.XXX/XXXX-99", valid: cnpj, how: noted | upper},
	{name: "in_gstin", says: "an Indian GSTIN", class: orgID, tier: tierR, odds: 1.5e-4, prints: "99AAAAA9999AXAX", valid: gstin, how: noted | upper},
	{name: "mx_rfc", says: "a Mexican company RFC", class: orgID, tier: tierR, odds: 9e-4, prints: "AAA999999XXX|AAA-999999-XXX|AAA 999999 XXX", valid: rfc, how: noted | upper, in: "tax"},
	{name: "ar_cuit", says: "an Argentine company CUIT", class: orgID, tier: tierR, odds: 8.8e-3, prints: "99-99999999-9", valid: func(id []byte) bool { return cuit(id) && oneOf(value(id[:2]), 30, 30, 33, 34) }, how: noted},
	{name: "pe_ruc", says: "a Peruvian company RUC", class: orgID, tier: tierR, odds: 5.1e-3, prints: "99999999999", valid: func(id []byte) bool { return value(id[:2]) == 20 && ruc(id) }},
	{name: "co_nit", says: "a Colombian NIT", class: orgID, tier: tierR, odds: 0.09, prints: "999.999.999-9|999999999-9|9.999.999.999-9|9999999999-9", valid: nit},
	{name: "ru_inn", says: "a Russian company INN", class: orgID, tier: tierR, odds: 0.09, prints: "9999999999", valid: func(id []byte) bool {
		return value(id[:2]) > 0 && wsum(id, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == int(id[9])
	}},
	{name: "cn_uscc", says: "a Chinese company number", class: orgID, tier: tierR, odds: 1e-3, prints: "XX999999XXXXXXXXXX", valid: uscc, how: upper},
}

// cnpj reads the letters that numbers given out since July 2026 may hold: a character
// counts as its ASCII code less 48.
func cnpj(id []byte) bool {
	sum := func(n int, weights ...int) (sum int) {
		for i, w := range weights {
			v := int(id[i])
			if v > 9 {
				v += 7
			}
			sum += v * w
		}
		if sum %= 11; sum < 2 {
			return 0
		}
		return 11 - sum
	}
	return sum(12, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) == int(id[12]) && sum(13, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) == int(id[13])
}

func gstin(id []byte) bool {
	if s := value(id[:2]); !(s >= 1 && s <= 38 || s == 97 || s == 99) || id[13] != letter('Z') {
		return false
	}
	sum := 0
	for i, v := range id[:14] {
		p := int(v) * (1 + i%2)
		sum += p/36 + p%36
	}
	return (36-sum%36)%36 == int(id[14])
}

func nit(id []byte) bool {
	w := [...]int{3, 7, 13, 17, 19, 23, 29, 37, 41, 43}
	sum, n := 0, len(id)-1
	for i := range n {
		sum += int(id[n-1-i]) * w[i]
	}
	c := sum % 11
	if c > 1 {
		c = 11 - c
	}
	return c == int(id[n]) && id[0] != 0
}

// uscc is the unified social credit code (GB 32100-2015): base 31 without I, O, S,
// V and Z, weights powers of three.
func uscc(id []byte) bool {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	sum, w := 0, 1
	for i, v := range id {
		n := -1
		for k := range len(alphabet) {
			if c := alphabet[k]; c <= '9' && c-'0' == v || c > '9' && letter(c) == v {
				n = k
			}
		}
		if n < 0 {
			return false
		}
		if i == 17 {
			return (31-sum%31)%31 == n
		}
		sum += n * w
		w = w * 3 % 31
	}
	return false
}
