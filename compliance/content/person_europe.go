package content

import "strings"

// europe are the identity numbers of Europe and of Australia and New Zealand.
var europe = []kind{
	{name: "gb_nino", says: "a British national insurance number", class: personID, tier: tierA, odds: 0.0086, prints: "AA 99 99 99 A|AA999999A|AA 999999 A|AA-99-99-99-A|AA99 99 99A|AA 999 999 A", valid: nino, how: upper},
	{name: "ie_pps", says: "an Irish PPS number", class: personID, tier: tierF, odds: 0.038, prints: "9999999A|9999999AA|9999999 A|9999999 AA", valid: pps, how: upper | needed},
	{name: "au_tfn", says: "an Australian tax file number", class: personID, tier: tierC, odds: 0.091, prints: "999 999 999|999-999-999", valid: tfn},
	{name: "nz_ird", says: "a New Zealand IRD number", class: personID, tier: tierC, odds: 0.015, prints: "999-999-999|99-999-999|999 999 999|99 999 999", valid: ird},

	{name: "es_dni", says: "a Spanish DNI", class: personID, tier: tierF, odds: 0.038, prints: "99999999A|99999999-A|99.999.999-A|99.999.999A", valid: dni, how: upper, in: "id tax"},
	{name: "es_nie", says: "a Spanish NIE", class: personID, tier: tierA, odds: 4.5e-3, prints: "A9999999A|A-9999999-A|A-9999999A|A9999999-A|A 9999999 A|A-9.999.999-A", valid: nie, how: upper, in: "id tax"},
	{name: "pt_nif", says: "a Portuguese NIF", class: personID, tier: tierC, odds: 0.03, prints: "999 999 999|999.999.999|999999999", valid: func(id []byte) bool { return nif(id) && (id[0] <= 3 || id[0] == 4 && id[1] == 5) }, in: "tax"},
	{name: "pt_nif", says: "a Portuguese company number", class: orgID, tier: tierR, odds: 0.04, prints: "999 999 999|999.999.999|999999999", valid: func(id []byte) bool { return nif(id) && (id[0] == 5 || id[0] == 6 || id[0] >= 8) }},
	{name: "fr_nir", says: "a French social security number", class: personID, tier: tierF, odds: 4.9e-3, prints: "9 99 99 9X 999 999 99|9.99.99.9X.999.999.99|9-99-99-9X-999-999-99|9 99 99 9X 999 999-99", valid: nir},
	{name: "it_codice_fiscale", says: "an Italian codice fiscale", class: personID, tier: tierA, odds: 1e-4, prints: "AAAAAAXXAXXAXXXA|AAA AAA XXAXX AXXXA|AAA AAA XXAXXAXXXA|AAAAAA XXAXX AXXXA", valid: codiceFiscale, in: "tax id"},
	{name: "de_steuer_id", says: "a German tax identification number", class: personID, tier: tierF, loose: tierC, odds: 3.3e-3, prints: "99 999 999 999|99/999/999/999", valid: steuerID, in: "tax"},
	{name: "de_personalausweis", says: "a German identity card number", class: personID, tier: tierF, odds: 6.7e-3, prints: "AXXXXXXXX9|AXXXXXXXX 9", valid: ausweis, how: upper | needed, in: "id"},
	{name: "de_personalausweis", says: "a German identity card number", class: personID, tier: tierC, odds: 0.3, prints: "AXXXXXXXX", valid: ausweisForm, how: upper | touching},
	{name: "de_rvnr", says: "a German pension insurance number", class: personID, tier: tierA, odds: 7e-4, prints: "99 999999 A 999|99999999A999|99 999999 A999|99999999 A 999|99-999999-A-999", valid: rvnr, how: upper},
	{name: "at_svnr", says: "an Austrian social insurance number", class: personID, tier: tierF, odds: 3.8e-3, prints: "9999 999999|9999-999999", valid: svnr},
	{name: "ch_ahv", says: "a Swiss AHV number", class: personID, tier: tierA, odds: 9.4e-5, prints: "999.9999.9999.99|9999999999999|999 9999 9999 99|999-9999-9999-99", valid: func(id []byte) bool { return value(id[:3]) == 756 && gs1(id) }},
	{name: "nl_bsn", says: "a Dutch BSN", class: personID, tier: tierC, odds: 0.091, prints: "999999999|9999 99 999|9999.99.999|999 999 999|999.999.999", valid: func(id []byte) bool { return wsum(id, 9, 8, 7, 6, 5, 4, 3, 2, -1)%11 == 0 }},
	{name: "be_nrn", says: "a Belgian national register number", class: personID, tier: tierA, odds: 5.1e-4, prints: "99.99.99-999.99|99999999999|99 99 99 999 99|999999-999-99|999999 999 99|999999-999.99", valid: nrn},
	{name: "gr_amka", says: "a Greek AMKA", class: personID, tier: tierC, odds: 3.6e-3, prints: "99999999999|999999 99999|999999-99999", valid: func(id []byte) bool { return dmy(id) && luhn(id) }},
	{name: "hr_oib", says: "a Croatian OIB", class: personID, tier: tierC, odds: 0.1, prints: "99999999999", valid: mod11_10},

	{name: "se_personnummer", says: "a Swedish personnummer", class: personID, tier: tierF, odds: 7.2e-3, prints: "999999-9999|99999999-9999", valid: personnummer},
	{name: "se_personnummer", says: "a Swedish personnummer", class: personID, tier: tierC, odds: 7.2e-3, prints: "9999999999|999999999999|99999999 9999|999999 9999", valid: personnummer},
	{name: "no_fnr", says: "a Norwegian fødselsnummer", class: personID, tier: tierA, odds: 9.6e-4, prints: "999999 99999|99999999999|999999-99999", valid: fnr},
	{name: "dk_cpr", says: "a Danish CPR number", class: personID, tier: tierF, loose: tierC, odds: 0.036, prints: "999999-9999", valid: func(id []byte) bool { return dmy(id) }, how: needed},
	{name: "fi_hetu", says: "a Finnish henkilötunnus", class: personID, tier: tierA, loose: tierC, odds: 9.3e-4, prints: "999999-999X|999999A999X", valid: hetu},
	{name: "ee_isikukood", says: "an Estonian isikukood", class: personID, tier: tierF, odds: 1.7e-3, prints: "99999999999", valid: baltic, how: needed},
	{name: "lt_asmens_kodas", says: "a Lithuanian asmens kodas", class: personID, tier: tierF, odds: 1.7e-3, prints: "99999999999", valid: baltic, how: needed},
	{name: "pl_pesel", says: "a Polish PESEL", class: personID, tier: tierC, odds: 8.4e-3, prints: "99999999999", valid: pesel},
	{name: "cz_sk_rc", says: "a Czech or Slovak rodné číslo", class: personID, tier: tierF, loose: tierC, odds: 0.011, prints: "999999/9999", valid: rodneCislo},
	{name: "cz_sk_rc", says: "a Czech or Slovak rodné číslo", class: personID, tier: tierC, odds: 0.02, prints: "999999/999", valid: rodneCislo},
	{name: "ro_cnp", says: "a Romanian CNP", class: personID, tier: tierF, odds: 1.5e-3, prints: "9999999999999|9 999999 999999|9 99 99 99 99 999 9", valid: cnp, how: needed},
	{name: "bg_egn", says: "a Bulgarian EGN", class: personID, tier: tierC, odds: 8.4e-3, prints: "9999999999", valid: egn},
	{name: "ru_snils", says: "a Russian SNILS", class: personID, tier: tierA, loose: tierC, odds: 0.01, prints: "999-999-999 99|999-999-999-99", valid: snils},
	{name: "ru_inn", says: "a Russian INN of a person", class: personID, tier: tierC, odds: 0.01, prints: "999999999999|9999 9999 9999|9999 999999 99", valid: inn, in: "tax"},
	{name: "ru_passport", says: "a Russian passport", class: personID, tier: tierC, odds: 1, prints: "99 99 999999|9999 999999|9999999999|9999-999999|9999/999999|99 99 99 99 99|99 99 999 999|9999 no 999999|9999 n 999999|9999 номер 999999|9999, номер 999999|99 99 no 999999|99 99 номер 999999", how: touching},
	{name: "ua_rnokpp", says: "a Ukrainian taxpayer number", class: personID, tier: tierC, odds: 0.09, prints: "9999999999", valid: func(id []byte) bool {
		return (wsum(id, -1, 5, 7, 9, 4, 6, 10, 5, 7)%11+11)%11%10 == int(id[9])
	}},
}

func nino(id []byte) bool {
	a, b := 'A'+id[0]-10, 'A'+id[1]-10
	has := func(list string, c byte) bool {
		for i := range len(list) {
			if list[i] == c {
				return true
			}
		}
		return false
	}
	return !has("DFIQUV", a) && !has("DFIQUVO", b) && id[8] <= letter('D') && !listed("BG GB KN NK NT TN ZZ ", id)
}

func pps(id []byte) bool {
	sum := wsum(id, 8, 7, 6, 5, 4, 3, 2)
	if len(id) == 9 {
		switch id[8] {
		case letter('A'), letter('B'), letter('H'):
			sum += 9 * int(id[8]-9)
		case letter('W'), letter('T'), letter('X'):
		default:
			return false
		}
	}
	if sum %= 23; sum == 0 {
		return id[7] == letter('W')
	}
	return int(id[7]) == sum+9
}

func tfn(id []byte) bool { return wsum(id, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 == 0 }

// ird accepts numbers up to 200 million: the published bound of 150 million
// gives way as they run out.
func ird(id []byte) bool {
	n := value(id)
	if n < 10_000_000 || n > 200_000_000 {
		return false
	}
	body, check := id[:len(id)-1], int(id[len(id)-1])
	first, second := []int{3, 2, 7, 6, 5, 4, 3, 2}, []int{7, 4, 3, 2, 5, 2, 7, 6}
	c := (11 - wsum(body, first[8-len(body):]...)%11) % 11
	if c == 10 {
		c = (11 - wsum(body, second[8-len(body):]...)%11) % 11
	}
	return c == check
}

func dni(id []byte) bool { return mod23(value(id[:8])) == id[8] }

func nie(id []byte) bool {
	return id[0] >= letterX && id[0] <= letterX+2 && mod23(int(id[0]-letterX)*10_000_000+value(id[1:8])) == id[8]
}

func nif(id []byte) bool {
	c := 11 - wsum(id, 9, 8, 7, 6, 5, 4, 3, 2)%11
	if c >= 10 {
		c = 0
	}
	return c == int(id[8]) && id[0] != 0
}

// nir reads the Corsican departments 2A and 2B as 19 and 18.
func nir(id []byte) bool {
	sex, month := id[0], value(id[3:5])
	if sex == 0 || sex == 5 || sex == 6 || sex > 8 || !oneOf(month, 1, 12, 20, 42, 50, 99) {
		return false
	}
	n := 0
	for i, d := range id[:13] {
		if d > 9 {
			if i != 6 || id[5] != 2 || d > letter('B') {
				return false
			}
			n = n/10*10 + 1 // 2A counts as 19, 2B as 18
			d = 9 - (d - 10)
		}
		n = 10*n + int(d)
	}
	return 97-n%97 == value(id[13:15])
}

// codiceFiscale reads the digits that are swapped for letters when two people would
// share one.
func codiceFiscale(id []byte) bool {
	odd := [36]byte{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	sum := 0
	for i, v := range id[:15] {
		switch {
		case i%2 == 0:
			sum += int(odd[v])
		case v > 9:
			sum += int(v) - 10
		default:
			sum += int(v)
		}
	}
	if sum%26+10 != int(id[15]) {
		return false
	}
	for _, i := range [...]int{6, 7, 9, 10, 12, 13, 14} {
		if id[i] > 9 && omocodia(id[i]) > 9 {
			return false
		}
	}
	month := -1
	for i, c := range "ABCDEHLMPRST" {
		if letter(byte(c)) == id[8] {
			month = i + 1
		}
	}
	d := int(omocodia(id[9]))*10 + int(omocodia(id[10]))
	if d > 40 {
		d -= 40
	}
	return month > 0 && day(d, month)
}

// omocodia is the digit that a swapped letter stands for, or 10.
func omocodia(v byte) byte {
	if v <= 9 {
		return v
	}
	for i, c := range "LMNPQRSTUV" {
		if letter(byte(c)) == v {
			return byte(i)
		}
	}
	return 10
}

func steuerID(id []byte) bool {
	if id[0] == 0 || !mod11_10(id) {
		return false
	}
	var count [10]int
	for _, d := range id[:10] {
		count[d]++
	}
	twice, thrice, none := 0, 0, 0
	for _, n := range count {
		switch {
		case n == 0:
			none++
		case n == 2:
			twice++
		case n == 3:
			thrice++
		case n > 3:
			return false
		}
	}
	for i := range 8 {
		if id[i] == id[i+1] && id[i] == id[i+2] {
			return false
		}
	}
	return twice+thrice == 1 && none <= 2
}

// germanLetter reports whether German identity cards and passports draw a letter for
// their numbers: no vowels, nothing that looks like a digit.
func germanLetter(v byte) bool {
	return strings.IndexByte("CFGHJKLMNPRTVWXYZ", 'A'+v-10) >= 0
}

// ausweisForm is the shape of the numbers of German identity cards; without the check
// digit they need two others not to be a word.
func ausweisForm(id []byte) bool { return ausweisDigits(id) >= 2 }

// ausweisDigits counts the digits of a number in that shape, or is -1.
func ausweisDigits(id []byte) (digits int) {
	for i, v := range id[:9] {
		switch {
		case v > 9:
			if !germanLetter(v) {
				return -1
			}
		case i == 0:
			return -1
		default:
			digits++
		}
	}
	return digits
}

func ausweis(id []byte) bool { return ausweisDigits(id) >= 1 && icao731(id[:9]) == int(id[9]) }

func rvnr(id []byte) bool {
	d := value(id[2:4])
	if d > 50 {
		d -= 50
	}
	if !day(d, value(id[4:6])) {
		return false
	}
	n := id[8] - 9
	spelled := [12]byte{id[0], id[1], id[2], id[3], id[4], id[5], id[6], id[7], n / 10, n % 10, id[9], id[10]}
	return digitSums(spelled[:], 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)%10 == int(id[11])
}

func svnr(id []byte) bool {
	m := value(id[6:8])
	return id[0] != 0 && (m > 12 && m <= 15 || day(value(id[4:6]), m)) && value(id[4:6]) >= 1 && value(id[4:6]) <= 31 &&
		wsum(id, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6)%11 == int(id[3])
}

func nrn(id []byte) bool {
	n, m, d := value(id[:9]), value(id[2:4]), value(id[4:6])
	if serial := value(id[6:9]); serial == 0 || serial > 998 || m > 12 || d > 31 || m > 0 && d > 0 && !day(d, m) {
		return false
	}
	check := value(id[9:])
	return 97-n%97 == check || 97-(2_000_000_000+n)%97 == check
}

func personnummer(id []byte) bool {
	if len(id) == 12 {
		if c := value(id[:2]); c < 18 || c > 20 {
			return false
		}
		id = id[2:]
	}
	d := value(id[4:6])
	if d > 60 {
		d -= 60
	}
	return day(d, value(id[2:4])) && luhn(id)
}

func fnr(id []byte) bool {
	d := value(id[:2])
	if d > 40 {
		d -= 40
	}
	return day(d, value(id[2:4])) && wsum(id, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1)%11 == 0 && wsum(id, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0
}

func hetu(id []byte) bool {
	if !dmy(id) {
		return false
	}
	var n int
	rest := id[6:]
	if len(id) == 11 { // with a letter for the century
		if s := id[6]; s > letter('F') && (s < letter('U') || s > letter('Y')) {
			return false
		}
		rest = id[7:]
	}
	for _, v := range rest[:3] {
		n = 10*n + int(v)
	}
	if n < 2 || n > 899 {
		return false
	}
	const signs = "0123456789ABCDEFHJKLMNPRSTUVWXY"
	c := signs[(value(id[:6])*1000+n)%31]
	return c <= '9' && c-'0' == rest[3] || c > '9' && letter(c) == rest[3]
}

func baltic(id []byte) bool {
	if id[0] < 1 || id[0] > 6 || !ymd(id[1:]) {
		return false
	}
	c := wsum(id, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11
	if c == 10 {
		c = wsum(id, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10
	}
	return c == int(id[10])
}

func pesel(id []byte) bool {
	return day(value(id[4:6]), value(id[2:4])%20) && (10-wsum(id, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)%10)%10 == int(id[10])
}

// rodneCislo has no check digit in its nine-digit form, given out until 1953.
func rodneCislo(id []byte) bool {
	m := value(id[2:4])
	switch {
	case m > 70:
		m -= 70
	case m > 50:
		m -= 50
	case m > 20:
		m -= 20
	}
	if !day(value(id[4:6]), m) {
		return false
	}
	return len(id) == 9 || value(id)%11 == 0 || value(id[:9])%11 == 10 && id[9] == 0
}

func cnp(id []byte) bool {
	c := wsum(id, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11
	if c == 10 {
		c = 1
	}
	return c == int(id[12]) && id[0] != 0 && ymd(id[1:]) && oneOf(value(id[7:9]), 1, 48, 51, 52, 70, 70, 80, 83)
}

func egn(id []byte) bool {
	m := value(id[2:4])
	if m > 40 {
		m -= 40
	} else if m > 20 {
		m -= 20
	}
	return day(value(id[4:6]), m) && wsum(id, 2, 4, 8, 5, 10, 9, 7, 3, 6)%11%10 == int(id[9])
}

func snils(id []byte) bool {
	return value(id[:9]) > 1_001_998 && wsum(id, 9, 8, 7, 6, 5, 4, 3, 2, 1)%101%100 == value(id[9:])
}

func inn(id []byte) bool {
	return value(id[:2]) > 0 && wsum(id, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == int(id[10]) &&
		wsum(id, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 == int(id[11])
}
