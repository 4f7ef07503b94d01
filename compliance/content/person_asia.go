package content

// asia are the identity numbers of South, East and South-East Asia.
var asia = []kind{
	{name: "in_aadhaar", says: "an Aadhaar number", class: personID, tier: tierC, odds: 0.08, prints: "9999 9999 9999|9999-9999-9999", valid: aadhaar, how: noted},
	{name: "in_aadhaar_vid", says: "an Aadhaar virtual ID", class: personID, tier: tierC, odds: 0.08, prints: "9999 9999 9999 9999|9999-9999-9999-9999", valid: func(id []byte) bool { return id[0] >= 2 && verhoeff(id) }},
	{name: "in_pan", says: "an Indian PAN", class: personID, tier: tierF, loose: tierC, odds: 0.04, prints: "AAAAA9999A", valid: func(id []byte) bool { return id[3] == letter('P') && value(id[5:9]) > 0 }, how: upper},
	{name: "in_pan", says: "an Indian PAN", class: personID, tier: tierC, odds: 0.46, prints: "AAAAA9999A|AAAAA 9999 A", valid: func(id []byte) bool { return holder(id[3]) && value(id[5:9]) > 0 }, how: upper},
	{name: "in_voter_epic", says: "an Indian voter number", class: personID, tier: tierC, odds: 0.1, prints: "AAA9999999|AAA 9999999|AAA/9999999", valid: func(id []byte) bool { return luhn(id[3:]) }, in: "id"},
	{name: "pk_cnic", says: "a Pakistani CNIC", class: personID, tier: tierF, loose: tierC, odds: 0.72, prints: "99999-9999999-9", valid: func(id []byte) bool { return id[0] >= 1 && id[0] <= 8 && id[12] != 0 }},
	{name: "bd_nid", says: "a Bangladeshi NID", class: personID, tier: tierC, odds: 1.2, prints: "9999999999|9999999999999|99999999999999999|999 999 9999", how: touching},
	{name: "lk_nic", says: "a Sri Lankan NIC", class: personID, tier: tierC, odds: 0.5, prints: "999999999A|999999999999", valid: lkNIC, how: touching},

	{name: "cn_resident_id", says: "a Chinese resident identity number", class: personID, tier: tierA, odds: 1.5e-5, prints: "99999999999999999X|999999 99999999 999X|999999-99999999-999X|999999 9999 9999 999X", valid: chineseID},
	{name: "hk_hkid", says: "a Hong Kong identity number", class: personID, tier: tierA, loose: tierC, odds: 0.028, prints: "A999999(X)|AA999999(X)|A999999 (X)|AA999999 (X)", valid: hkid, in: "id"},
	{name: "tw_id", says: "a Taiwanese identity number", class: personID, tier: tierF, odds: 0.04, prints: "A999999999", valid: taiwanID, how: needed, in: "id"},
	{name: "kr_rrn", says: "a Korean resident number", class: personID, tier: tierA, loose: tierC, odds: 0.019, prints: "999999-9999999", valid: rrn},
	{name: "jp_my_number", says: "a Japanese individual number", class: personID, tier: tierC, odds: 0.1, prints: "9999 9999 9999|9999-9999-9999", valid: myNumber},
	{name: "sg_nric_fin", says: "a Singaporean NRIC or FIN", class: personID, tier: tierA, odds: 7.3e-3, prints: "A9999999A|A 9999999 A|A-9999999-A", valid: nric, how: upper, in: "id"},
	{name: "my_mykad", says: "a Malaysian MyKad number", class: personID, tier: tierF, loose: tierC, odds: 0.031, prints: "999999-99-9999", valid: mykad},
	{name: "id_nik", says: "an Indonesian NIK", class: personID, tier: tierC, odds: 0.027, prints: "9999999999999999|9999 9999 9999 9999|999999 999999 9999|999999.999999.9999|99.99.99.999999.9999|99 99 99 999999 9999", valid: nik},
	{name: "th_id", says: "a Thai identity number", class: personID, tier: tierF, loose: tierC, odds: 0.08, prints: "9-9999-99999-99-9|9 9999 99999 99 9", valid: func(id []byte) bool {
		return id[0] >= 1 && id[0] <= 8 && (11-wsum(id, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11)%10 == int(id[12])
	}, in: "id"},
	{name: "vn_cccd", says: "a Vietnamese CCCD", class: personID, tier: tierC, odds: 0.016, prints: "999999999999|999 999 999 999|9999 9999 9999", valid: cccd},
	{name: "ph_philsys", says: "a PhilSys number", class: personID, tier: tierC, odds: 1, prints: "9999-9999-9999-9999|9999 9999 9999 9999|999999999999|9999-9999-9999", how: touching},
	{name: "ph_tin", says: "a Philippine TIN", class: personID, tier: tierC, odds: 1, prints: "999-999-999|999-999-999-999|999 999 999|999 999 999 999", how: touching},
	{name: "ph_sss", says: "a Philippine SSS number", class: personID, tier: tierC, odds: 1, prints: "99-9999999-9|9999999999", how: touching},
	{name: "ph_umid", says: "a Philippine UMID number", class: personID, tier: tierC, odds: 1, prints: "9999-9999999-9|999999999999", how: touching},
}

func aadhaar(id []byte) bool {
	palindrome := true
	for i := range 6 {
		palindrome = palindrome && id[i] == id[11-i]
	}
	return id[0] >= 2 && !palindrome && verhoeff(id)
}

// holder is the fourth letter of a PAN: what sort of taxpayer it names.
func holder(v byte) bool {
	for _, c := range "ABCEFGHJKLPT" {
		if letter(byte(c)) == v {
			return true
		}
	}
	return false
}

func lkNIC(id []byte) bool {
	d := 0
	if len(id) == 12 {
		if y := value(id[:4]); y < 1900 || y > 2030 {
			return false
		}
		d = value(id[4:7])
	} else {
		if id[9] != letter('V') && id[9] != letterX {
			return false
		}
		d = value(id[2:5])
	}
	return oneOf(d, 1, 366, 501, 866)
}

func chineseID(id []byte) bool {
	y := value(id[6:10])
	if !oneOf(value(id[:2]), 11, 15, 21, 23, 31, 37, 41, 46, 50, 54, 61, 65, 71, 71, 81, 83) || y < 1850 || y > 2100 || !day(value(id[12:14]), value(id[10:12])) {
		return false
	}
	c := "10X98765432"[wsum(id, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11]
	return c == 'X' && id[17] == letterX || c != 'X' && c-'0' == id[17]
}

func hkid(id []byte) bool {
	sum, w := 0, len(id)
	if len(id) == 8 {
		sum = 9 * 36 // a blank in front
	}
	for _, v := range id[:len(id)-1] {
		sum += int(v) * w
		w--
	}
	return (11-sum%11)%11 == int(id[len(id)-1])
}

func taiwanID(id []byte) bool {
	if id[1] != 1 && id[1] != 2 && id[1] != 8 && id[1] != 9 {
		return false
	}
	codes := [26]int{10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33}
	n := codes[id[0]-10]
	return (n/10+9*(n%10)+wsum(id[1:], 8, 7, 6, 5, 4, 3, 2, 1, 1))%10 == 0
}

// rrn has had no check digit that holds since October 2020.
func rrn(id []byte) bool { return ymd(id) && id[6] >= 1 && id[6] <= 8 }

func myNumber(id []byte) bool {
	c := 11 - wsum(id, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11
	if c >= 10 {
		c = 0
	}
	return c == int(id[11])
}

func nric(id []byte) bool {
	sum := wsum(id[1:], 2, 7, 6, 5, 4, 3, 2)
	switch id[0] {
	case letter('S'):
		return letter("JZIHGFEDCBA"[sum%11]) == id[8]
	case letter('T'):
		return letter("JZIHGFEDCBA"[(sum+4)%11]) == id[8]
	case letter('F'):
		return letter("XWUTRQPNMLK"[sum%11]) == id[8]
	case letter('G'):
		return letter("XWUTRQPNMLK"[(sum+4)%11]) == id[8]
	case letter('M'):
		return letter("KLJNPQRTUWX"[10-(sum+3)%11]) == id[8]
	}
	return false
}

func mykad(id []byte) bool {
	return ymd(id) && oneOf(value(id[6:8]), 1, 16, 21, 68, 71, 72, 74, 79, 82, 93, 98, 99)
}

func nik(id []byte) bool {
	d := value(id[6:8])
	if d > 40 {
		d -= 40
	}
	return oneOf(value(id[:2]), 11, 19, 21, 21, 31, 36, 51, 53, 61, 65, 71, 76, 81, 82, 91, 96) &&
		day(d, value(id[8:10])) && value(id[2:4]) > 0 && value(id[4:6]) > 0 && value(id[12:]) > 0
}

// vietnam are the province codes of identity numbers.
var vietnam = [...]byte{1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96}

func cccd(id []byte) bool {
	for _, p := range vietnam {
		if value(id[:3]) == int(p) {
			return id[3] <= 3
		}
	}
	return false
}
