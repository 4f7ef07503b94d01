package content

// americas are the identity numbers of North, Central and South America.
var americas = []kind{
	{name: "us_ssn", says: "a US social security number", class: personID, tier: tierC, odds: 0.89, prints: "999-99-9999|999 99 9999|999.99.9999", valid: ssn, how: noted},
	{name: "us_itin", says: "a US taxpayer number", class: personID, tier: tierC, odds: 0.044, prints: "999-99-9999|999 99 9999", valid: itin, in: "tax"},
	{name: "ca_sin", says: "a Canadian social insurance number", class: personID, tier: tierC, odds: 0.079, prints: "999-999-999|999 999 999", valid: sin},

	{name: "br_cpf", says: "a Brazilian CPF", class: personID, tier: tierA, loose: tierC, odds: 0.01, prints: "999.999.999-99", valid: cpf, in: "tax id"},
	{name: "br_cpf", says: "a Brazilian CPF", class: personID, tier: tierC, odds: 0.01, prints: "999999999-99|999 999 999-99", valid: cpf, in: "tax id"},
	{name: "br_rg", says: "a Brazilian RG", class: personID, tier: tierC, odds: 0.09, prints: "99.999.999-X|99999999-X|9.999.999-X", valid: rg},
	{name: "br_cnh", says: "a Brazilian driving licence", class: personID, tier: tierC, odds: 0.0101, prints: "99999999999", valid: cnh, in: "license"},

	{name: "mx_curp", says: "a Mexican CURP", class: personID, tier: tierA, odds: 1.4e-5, prints: "AAAA999999AAAAAAX9", valid: curp},
	{name: "mx_rfc", says: "a Mexican RFC", class: personID, tier: tierF, odds: 9e-4, prints: "AAAA999999XXX|AAAA-999999-XXX|AAAA 999999 XXX", valid: rfc, how: upper, in: "tax"},

	{name: "ar_cuit", says: "an Argentine CUIT or CUIL", class: personID, tier: tierF, odds: 8.8e-3, prints: "99-99999999-9|99 99999999 9", valid: func(id []byte) bool { return cuit(id) && oneOf(value(id[:2]), 20, 20, 23, 27) }},
	{name: "ar_dni", says: "an Argentine DNI", class: personID, tier: tierC, odds: 1.05, prints: "99.999.999|99999999|9.999.999|9999999", how: touching},
	{name: "cl_rut", says: "a Chilean RUT", class: personID, tier: tierF, loose: tierC, odds: 0.082, prints: "99.999.999-X|9.999.999-X", valid: func(id []byte) bool { return rut(id) && value(id[:len(id)-1]) < 50_000_000 }},
	{name: "cl_rut", says: "a Chilean RUT", class: personID, tier: tierC, odds: 0.082, prints: "99999999-X|9999999-X", valid: func(id []byte) bool { return rut(id) && value(id[:len(id)-1]) < 50_000_000 }},
	{name: "cl_rut", says: "a Chilean company RUT", class: orgID, tier: tierR, odds: 0.083, prints: "99.999.999-X", valid: func(id []byte) bool { return rut(id) && value(id[:len(id)-1]) >= 50_000_000 }},
	{name: "co_cedula", says: "a Colombian cédula", class: personID, tier: tierC, odds: 0.85, prints: "9.999.999.999|99.999.999|9999999999|99999999|9.999.999|9999999|999.999|999999", valid: func(id []byte) bool { return len(id) < 10 || id[0] == 1 }, how: touching},
	{name: "pe_dni", says: "a Peruvian DNI", class: personID, tier: tierC, odds: 1, prints: "99999999|99999999-X", valid: peDNI, how: touching},
	{name: "pe_ruc", says: "a Peruvian RUC", class: personID, tier: tierC, odds: 5.1e-3, prints: "99999999999", valid: func(id []byte) bool { return ruc(id) && oneOf(value(id[:2]), 10, 10, 15, 17) }},
	{name: "ec_cedula", says: "an Ecuadorian cédula", class: personID, tier: tierF, loose: tierC, odds: 0.015, prints: "999999999-9", valid: ecuador},
	{name: "uy_ci", says: "a Uruguayan identity number", class: personID, tier: tierC, odds: 0.09, prints: "9999999-9|999999-9", valid: uruguay},
	{name: "uy_ci", says: "a Uruguayan identity number", class: personID, tier: tierF, loose: tierC, odds: 0.09, prints: "9.999.999-9|999.999-9", valid: uruguay},
}

// ssn tells areas, groups and serials that are never issued, and numbers printed
// in advertisements and forms.
func ssn(id []byte) bool {
	area, n := value(id[:3]), value(id)
	return area != 0 && area != 666 && area < 900 && value(id[3:5]) != 0 && value(id[5:]) != 0 &&
		n != 78051120 && n != 219099999 && n != 457555462 && n != 123456789
}

func itin(id []byte) bool {
	return id[0] == 9 && oneOf(value(id[3:5]), 50, 65, 70, 88, 90, 92, 94, 99)
}

func sin(id []byte) bool { return id[0] != 0 && id[0] != 8 && luhn(id) }

func cpf(id []byte) bool {
	a := 10 * wsum(id, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11 % 10
	b := 10 * wsum(id, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11 % 10
	return a == int(id[9]) && b == int(id[10])
}

// rg is the check digit of São Paulo and Rio de Janeiro; other states have no
// common rule. Ten is written X.
func rg(id []byte) bool {
	body, check := id[:len(id)-1], id[len(id)-1]
	sum := 0
	for i, d := range body {
		sum += int(d) * (i + 10 - len(body))
	}
	if len(body) == 7 { // older numbers lack the leading zero
		sum = 0
		for i, d := range body {
			sum += int(d) * (i + 3)
		}
		c := (11 - sum%11) % 11
		return c == 10 && check == letterX || c < 10 && c == int(check)
	}
	c := (11 - wsum(body, 2, 3, 4, 5, 6, 7, 8, 9)%11) % 11
	return c == 10 && check == letterX || c < 10 && c == int(check)
}

const letterX = 'X' - 'A' + 10

func cnh(id []byte) bool {
	a := wsum(id, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11
	carry := 0
	if a >= 10 {
		a, carry = 0, 2
	}
	b := wsum(id, 1, 2, 3, 4, 5, 6, 7, 8, 9)%11 - carry
	if b < 0 {
		b += 11
	}
	if b >= 10 {
		b = 0
	}
	return a == int(id[9]) && b == int(id[10])
}

// mexicanStates are the codes of the CURP, NE for the foreign-born.
const mexicanStates = "AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS NE "

func curp(id []byte) bool {
	if !ymd(id[4:10]) || id[10] != letter('H') && id[10] != letter('M') && id[10] != letterX || !listed(mexicanStates, id[11:13]) {
		return false
	}
	for _, v := range id[13:16] {
		if v == letter('A') || v == letter('E') || v == letter('I') || v == letter('O') || v == letter('U') {
			return false
		}
	}
	sum := 0
	for i, v := range id[:17] {
		n := int(v)
		if v > letter('N') { // Ñ stands between N and O
			n++
		}
		sum += n * (18 - i)
	}
	return (10-sum%10)%10 == int(id[17])
}

func letter(c byte) byte { return c - 'A' + 10 }

// listed reports whether two letters are in a list of codes parted by spaces.
func listed(codes string, id []byte) bool {
	for i := 0; i+1 < len(codes); i += 3 {
		if letter(codes[i]) == id[0] && letter(codes[i+1]) == id[1] {
			return true
		}
	}
	return false
}

// rfc is the tax key of a person (13) or a company (12).
func rfc(id []byte) bool {
	n := len(id)
	if !ymd(id[n-9:n-3]) || id[n-3] == 0 || id[n-3] > letter('V') || id[n-2] == 0 || id[n-1] > letter('A') {
		return false
	}
	sum, weight := 0, 13
	if n == 12 {
		sum, weight = 37*13, 12 // a blank in front
	}
	for _, v := range id[:n-1] {
		d := int(v)
		if v > letter('N') { // & stands between N and O
			d++
		}
		sum += d * weight
		weight--
	}
	c := (11 - sum%11) % 11
	return c == int(id[n-1])
}

func cuit(id []byte) bool {
	c := 11 - wsum(id, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11
	if c == 11 {
		c = 0
	}
	if c == 10 {
		c = 9
	}
	return c == int(id[10])
}

func rut(id []byte) bool {
	sum, w := 0, 2
	for i := len(id) - 2; i >= 0; i-- {
		if id[i] > 9 {
			return false
		}
		sum += int(id[i]) * w
		if w++; w > 7 {
			w = 2
		}
	}
	c, check := 11-sum%11, int(id[len(id)-1])
	return c == 11 && check == 0 || c == 10 && check == 'K'-'A'+10 || c < 10 && c == check
}

func peDNI(id []byte) bool {
	if len(id) == 8 {
		return true
	}
	n := wsum(id, 3, 2, 7, 6, 5, 4, 3, 2) % 11
	return id[8] == "65432110987"[n]-'0' || id[8] == letter("KJIHGFEDCBA"[n])
}

func ruc(id []byte) bool {
	return (11-wsum(id, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11)%10 == int(id[10])
}

func ecuador(id []byte) bool {
	p := value(id[:2])
	return (p >= 1 && p <= 24 || p == 30) && id[2] <= 5 && luhn(id)
}

func uruguay(id []byte) bool {
	w := []int{2, 9, 8, 7, 6, 3, 4}
	n := len(id) - 1
	return (10-wsum(id[:n], w[7-n:]...)%10)%10 == int(id[n])
}
