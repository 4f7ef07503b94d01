package content

// africa are the identity numbers of the Middle East and Africa, with Turkey.
var africa = []kind{
	{name: "tr_tckn", says: "a Turkish identity number", class: personID, tier: tierC, odds: 9e-3, prints: "99999999999|999 999 999 99|999 99 999 999", valid: tckn, in: "id"},
	{name: "il_id", says: "an Israeli identity number", class: personID, tier: tierC, odds: 0.1, prints: "99999999-9|999999999|9-9999999-9", valid: luhn, in: "id"},
	{name: "ae_emirates_id", says: "an Emirates ID", class: personID, tier: tierA, odds: 1.3e-6, prints: "999-9999-9999999-9|999 9999 9999999 9|999999999999999", valid: func(id []byte) bool { return emirates(id) && luhn(id) }, in: "id"},
	{name: "ae_emirates_id", says: "an Emirates ID", class: personID, tier: tierC, odds: 1e-3, prints: "999-9999-9999999-9", valid: emirates},
	{name: "sa_national_id", says: "a Saudi national or resident ID", class: personID, tier: tierC, odds: 0.02, prints: "9999999999", valid: func(id []byte) bool { return (id[0] == 1 || id[0] == 2) && luhn(id) }, in: "id"},
	{name: "eg_national_id", says: "an Egyptian national ID", class: personID, tier: tierF, odds: 1.3e-3, prints: "99999999999999|9 999999 99 99999|9 99 99 99 99 9999 9", valid: egypt, how: needed, in: "id"},
	{name: "kw_civil_id", says: "a Kuwaiti civil ID", class: personID, tier: tierC, odds: 3e-3, prints: "999999999999", valid: kuwait, in: "id"},
	{name: "bh_cpr", says: "a Bahraini CPR number", class: personID, tier: tierC, odds: 0.12, prints: "999999999", valid: func(id []byte) bool { return value(id[2:4]) >= 1 && value(id[2:4]) <= 12 }, how: touching},
	{name: "qa_qid", says: "a Qatari QID", class: personID, tier: tierC, odds: 0.2, prints: "99999999999", valid: func(id []byte) bool { return id[0] == 2 || id[0] == 3 }, how: touching},
	{name: "om_id", says: "an Omani civil ID", class: personID, tier: tierC, odds: 1, prints: "99999999|9999999", how: touching},
	{name: "za_id", says: "a South African ID number", class: personID, tier: tierA, loose: tierF, odds: 8.4e-4, prints: "999999 9999 999|999999-9999-999|999999 9999 99 9|999999 9999 9 9 9", valid: southAfrica, in: "id"},
	{name: "ng_nin", says: "a Nigerian NIN", class: personID, tier: tierC, odds: 1, prints: "99999999999|9999 9999 999|9999-9999-999|999 9999 9999", how: touching},
	{name: "ng_bvn", says: "a Nigerian BVN", class: personID, tier: tierC, odds: 0.01, prints: "99999999999|2299 9999 999|9999 9999 999", valid: func(id []byte) bool { return id[0] == 2 && id[1] == 2 }},
	{name: "ke_national_id", says: "a Kenyan national ID", class: personID, tier: tierC, odds: 1, prints: "99999999|9999999|999999999", how: touching},
	{name: "ke_kra_pin", says: "a Kenyan KRA PIN", class: personID, tier: tierF, odds: 0.077, prints: "A999999999A", valid: func(id []byte) bool { return id[0] == letter('A') }, how: upper | needed},
	{name: "gh_card", says: "a Ghana Card number", class: personID, tier: tierA, odds: 1e-5, prints: "AAA-999999999-9|AAA9999999999|AAA 999999999 9", valid: func(id []byte) bool { return id[0] == letter('G') && id[1] == letter('H') && id[2] == letter('A') }},
}

func tckn(id []byte) bool {
	odd := int(id[0] + id[2] + id[4] + id[6] + id[8])
	even := int(id[1] + id[3] + id[5] + id[7])
	sum := 0
	for _, d := range id[:10] {
		sum += int(d)
	}
	return id[0] != 0 && (7*odd-even+100)%10 == int(id[9]) && sum%10 == int(id[10])
}

func emirates(id []byte) bool {
	y := value(id[3:7])
	return value(id[:3]) == 784 && y >= 1900 && y <= 2030
}

// egypt has a check digit whose formula was never published.
func egypt(id []byte) bool {
	return (id[0] == 2 || id[0] == 3) && ymd(id[1:]) && oneOf(value(id[7:9]), 1, 4, 11, 19, 21, 29, 31, 35, 88, 88)
}

func kuwait(id []byte) bool {
	return (id[0] == 2 || id[0] == 3) && ymd(id[1:]) && 11-wsum(id, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11 == int(id[11])
}

func southAfrica(id []byte) bool { return ymd(id) && id[10] <= 2 && luhn(id) }
