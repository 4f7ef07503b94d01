package content

// documents are passports and driving licences, the strips for machines apart.
var documents = []kind{
	{name: "passport_mrz", says: "the machine-readable lines of a passport or identity card", class: personID, tier: tierA, odds: 1e-6, valid: noDigits},
	{name: "passport_number", says: "a passport number", class: personID, tier: tierC, odds: 1.3, how: touching | upper,
		prints: "999999999|99999999|9999999|A99999999|A9999999|AA999999|AA9999999|99AA99999|AAA999999|99 9999999|A 9999999|A 99999999|AA 9999999|AA 999999|A9999999A|AXXXXXXXX|A999999|AA99999", valid: mostlyDigits},
	{name: "driver_license", says: "a British driving licence", class: personID, tier: tierF, odds: 1e-3, how: needed, in: "license",
		prints: "AXXXX999999XXXXX|AXXXX999999XXXAA|AXXXX 999999 XXXXX|AXXXX-999999-XXXXX", valid: gbLicence},
	{name: "driver_license", says: "a driving licence", class: personID, tier: tierC, odds: 1.4, how: touching | upper, in: "license",
		prints: sizes(6, 16) + "|A999999|A9999999|A99999999|A999999999|A9999999999|A99999999999|A999999999999|A9999999999999|A99999999999999|" +
			"AA999999|AA9999999|AA999999999|AA9999999A|AXXXXXXXXA|AXXXXXXXXXX|AA9999999999999|AA99 99999999999|AA-9999999999999|AA99-99999999999|AA-99-9999-9999999|AA99 9999 9999999|AA9999999AA|99AA99999|" +
			"99999999A|9999-9999-999999|9999-9999-9999|99 99 999999|9999 999999|99 AA 999999|A99-99-999999|A99-99-9999-9|A999-9999-9999|A999-999-99-999-9|A9999-99999-99999|999 999 999|99 999 999", valid: mostlyDigits},
}

// mostlyDigits keeps words out of the loosest shapes: half are digits, or it is a
// German serial number with one at least; and Indonesian phones, which stand behind the
// name of a licence, SIM A, on the signs of driving schools.
func mostlyDigits(id []byte) bool {
	if len(id) >= 10 && len(id) <= 13 && id[0] == 0 && id[1] == 8 {
		return false
	}
	digits := 0
	for _, v := range id {
		if v <= 9 {
			digits++
		}
	}
	return (digits >= 4 && digits >= len(id)/2 || digits >= 1 && germanSerial(id)) && !ascending(id)
}

// germanSerial tells the serial numbers of German passports, which draw from the
// letters of the identity cards.
func germanSerial(id []byte) bool {
	if len(id) != 9 || id[0] <= 9 {
		return false
	}
	for _, v := range id {
		if v > 9 && !germanLetter(v) {
			return false
		}
	}
	return true
}

// ascending tells 12345678, which forms show for any number.
func ascending(id []byte) bool {
	for i := range id[1:] {
		if id[i] > 9 || id[i+1] > 9 || (id[i]+1)%10 != id[i+1] {
			return false
		}
	}
	return true
}

// gbLicence is five letters of the surname filled up with nines, a date with the sex
// in its month, two initials or a nine, and three more.
func gbLicence(id []byte) bool {
	for i, v := range id[1:5] {
		if v <= 9 && (v != 9 || i+1 < 4 && id[i+2] != 9 && id[i+2] <= 9) {
			return false
		}
	}
	m := value(id[6:8])
	if m > 50 {
		m -= 50
	}
	return day(value(id[8:10]), m) && id[11] > 9 != (id[11] == 9) && (id[12] > 9 || id[12] == 9) && id[14] > 9 && id[15] > 9
}

// noDigits stands for what is not read from digits but by a scan of its own.
func noDigits([]byte) bool { return false }
