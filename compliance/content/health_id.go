package content

// health are the numbers under which health services know people.
var health = []kind{
	{name: "gb_nhs", says: "an NHS number", class: healthID, tier: tierC, odds: 0.091, prints: "999 999 9999|999-999-9999", valid: nhs, in: "health"},
	{name: "us_mbi", says: "a US Medicare number", class: healthID, tier: tierF, odds: 0.22, prints: "9AX9-AX9-AA99", valid: mbi, how: upper, in: "health"},
	{name: "au_medicare", says: "an Australian Medicare number", class: healthID, tier: tierF, loose: tierC, odds: 0.045, prints: "9999 99999 9|9999-99999-9|9999 99999 9-9|9999 99999 9/9|9999 99999 9 9", valid: medicare, in: "health"},
	{name: "de_kvnr", says: "a German health insurance number", class: healthID, tier: tierC, odds: 0.1, prints: "A999999999|A 999 999 999|A 999999999|A999 999 999", valid: kvnr, in: "health"},
	{name: "br_cns", says: "a Brazilian health card number", class: healthID, tier: tierC, odds: 0.046, prints: "999 9999 9999 9999|999999999999999|999.9999.9999.9999", valid: cns, in: "health"},
	{name: "ca_health_card", says: "a Canadian health card number", class: healthID, tier: tierC, odds: 1, prints: "9999-999-999-AA|9999 999 999 AA|9999-999-999|9999 999 999|9999999999AA|9999999999|AAAA 9999 9999|AAAA99999999|999999999", how: touching},
}

func nhs(id []byte) bool {
	c := 11 - wsum(id, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
	if c == 11 {
		c = 0
	}
	return c == int(id[9])
}

// mbi is the pattern of the Medicare beneficiary identifier: letters without S, L,
// O, I, B and Z.
func mbi(id []byte) bool {
	for i, form := range "NAXDAXDAADD" {
		v := id[i]
		isLetter := v > 9
		switch v {
		case letter('S'), letter('L'), letter('O'), letter('I'), letter('B'), letter('Z'):
			return false
		}
		if form == 'A' && !isLetter || (form == 'D' || form == 'N') && isLetter || form == 'N' && v == 0 {
			return false
		}
	}
	return true
}

// medicare has an issue number after its check digit, and often the number of a
// person on the card.
func medicare(id []byte) bool {
	return id[0] >= 2 && id[0] <= 6 && wsum(id, 1, 3, 7, 9, 1, 3, 7, 9)%10 == int(id[8]) && id[9] != 0
}

func kvnr(id []byte) bool {
	n := id[0] - 9
	spelled := [10]byte{n / 10, n % 10}
	copy(spelled[2:], id[1:9])
	return digitSums(spelled[:], 1, 2, 1, 2, 1, 2, 1, 2, 1, 2)%10 == int(id[9])
}

func cns(id []byte) bool {
	return oneOf(int(id[0]), 1, 2, 7, 9) && wsum(id, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)%11 == 0
}
