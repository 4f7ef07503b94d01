package content

// The check digit formulas identifiers share. An id is written as values: 0 to 9
// for digits, 10 to 35 for the letters A to Z, separators left out.

// luhn is the check digit formula of ISO/IEC 7812-1, annex B.
func luhn(id []byte) bool {
	sum := 0
	for i := range id {
		d := int(id[len(id)-1-i])
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// verhoeff is the check over the dihedral group of order ten (J. Verhoeff, Error
// Detecting Decimal Codes, 1969); the check digit is the last.
func verhoeff(id []byte) bool {
	c := byte(0)
	for i := range id {
		c = dihedral(c, turns[i%8][id[len(id)-1-i]])
	}
	return c == 0
}

// dihedral is the product of two elements of the group: 0 to 4 are turns, 5 to
// 9 are turns of the mirrored pentagon.
func dihedral(a, b byte) byte {
	switch {
	case a < 5 && b < 5:
		return (a + b) % 5
	case a < 5:
		return 5 + (a+b-5)%5
	case b < 5:
		return 5 + (a-b)%5
	}
	return (5 + a - b) % 5
}

// turns are the powers of the permutation the places are spread with.
var turns = func() (p [8][10]byte) {
	p[0] = [10]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	p[1] = [10]byte{1, 5, 7, 6, 2, 8, 3, 0, 9, 4}
	for i := 2; i < 8; i++ {
		for d := range p[i] {
			p[i][d] = p[1][p[i-1][d]]
		}
	}
	return p
}()

// mod97 is the remainder of the whole number by 97, letters spelled as two digits
// (ISO 7064, MOD 97-10).
func mod97(id []byte) int {
	n := 0
	for _, v := range id {
		if v > 9 {
			n *= 10
		}
		n = (10*n + int(v)) % 97
	}
	return n
}

// mod11_10 is the hybrid system of ISO 7064 whose check digit is the last.
func mod11_10(id []byte) bool {
	p := 10
	for _, d := range id[:len(id)-1] {
		if p = (p + int(d)) % 10; p == 0 {
			p = 10
		}
		p = 2 * p % 11
	}
	return (11-p)%10 == int(id[len(id)-1])
}

// wsum is the sum of the leading digits times their weights.
func wsum(id []byte, weights ...int) (sum int) {
	for i, w := range weights {
		sum += w * int(id[i])
	}
	return sum
}

// digitSums is wsum with the digits of each product added up.
func digitSums(id []byte, weights ...int) (sum int) {
	for i, w := range weights {
		n := w * int(id[i])
		sum += n/10 + n%10
	}
	return sum
}

// icao731 is the check digit of machine-readable documents (ICAO Doc 9303, part 3).
func icao731(id []byte) int {
	sum := 0
	for i, v := range id {
		sum += int(v) * [3]int{7, 3, 1}[i%3]
	}
	return sum % 10
}

// gs1 is the check digit of trade item numbers.
func gs1(id []byte) bool {
	sum := 0
	for i, d := range id {
		sum += int(d) * (1 + 2*((len(id)-1-i)%2))
	}
	return sum%10 == 0
}

// mod23 is the letter of Spanish identity numbers.
func mod23(number int) byte { return "TRWAGMYFPDXBNJZSQVHLCKE"[number%23] - 'A' + 10 }

func value(id []byte) (n int) {
	for _, d := range id {
		n = 10*n + int(d)
	}
	return n
}

// day reports whether a day of a month can be. Years are not told apart: 29
// February always can.
func day(d, m int) bool {
	return m >= 1 && m <= 12 && d >= 1 && d <= [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m-1]
}

// ymd and dmy read six digits.
func ymd(id []byte) bool { return day(value(id[4:6]), value(id[2:4])) }
func dmy(id []byte) bool { return day(value(id[:2]), value(id[2:4])) }

// oneOf reports whether n lies in one of the ranges, given as pairs.
func oneOf(n int, bounds ...int) bool {
	for i := 0; i < len(bounds); i += 2 {
		if bounds[i] <= n && n <= bounds[i+1] {
			return true
		}
	}
	return false
}
