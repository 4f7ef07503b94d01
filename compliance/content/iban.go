package content

import (
	"strings"
)

// ibanTable holds the countries of the SWIFT IBAN registry, release 101: length
// and national part, n for digits, a for letters, c for either. The second list
// is in use without being registered; of those only the length is known.
const ibanTable = `
AD24 4n+4n+12c AE23 3n+16n AL28 8n+16c AT20 5n+11n AZ28 4a+20c BA20 3n+3n+8n+2n BE16 3n+7n+2n BG22 4a+4n+2n+8c
BH22 4a+14c BI27 5n+5n+11n+2n BR29 8n+5n+10n+1a+1c BY28 4c+4n+16c CH21 5n+12c CR22 4n+14n CY28 3n+5n+16c CZ24 4n+16n
DE22 8n+10n DJ27 5n+5n+11n+2n DK18 4n+9n+1n DO28 4c+20n EE20 2n+14n EG29 4n+4n+17n ES24 4n+4n+1n+1n+10n FI18 3n+11n
FK18 2a+12n FO18 4n+9n+1n FR27 5n+5n+11c+2n GB22 4a+6n+8n GE22 2a+16n GI23 4a+15c GL18 4n+9n+1n GR27 3n+4n+16c
GT28 4c+20c HN28 4a+20n HR21 7n+10n HU28 3n+4n+1n+15n+1n IE22 4a+6n+8n IL23 3n+3n+13n IQ23 4a+3n+12n
IS26 4n+2n+6n+10n IT27 1a+5n+5n+12c JO30 4a+4n+18c KW30 4a+22c KZ20 3n+13c LB28 4n+20c LC32 4a+24c LI21 5n+12c
LT20 5n+11n LU20 3n+13c LV21 4a+13c LY25 3n+3n+15n MC27 5n+5n+11c+2n MD24 2c+18c ME22 3n+13n+2n MK19 3n+10c+2n
MN20 4n+12n MR27 5n+5n+11n+2n MT31 4a+5n+18c MU30 4a+2n+2n+12n+3n+3a NI28 4a+20n NL18 4a+10n NO15 4n+6n+1n OM23 3n+16c
PK24 4a+16c PL28 8n+16n PS29 4a+21c PT25 4n+4n+11n+2n QA29 4a+21c RO24 4a+16c RS22 3n+13n+2n RU33 9n+5n+15c SA24 2n+18c
SC31 4a+2n+2n+16n+3a SD18 2n+12n SE24 3n+16n+1n SI19 5n+8n+2n SK24 4n+6n+10n SM27 1a+5n+5n+12c SO23 4n+3n+12n
ST25 4n+4n+11n+2n SV28 4a+20n TL23 3n+14n+2n TN24 2n+3n+13n+2n TR26 5n+1n+16c UA29 6n+19c VA22 3n+15n VG24 4a+16n
XK20 4n+10n+2n YE30 4a+4n+18c
AO25 BF28 BJ28 CF27 CG27 CI28 CM27 CV25 DZ26 GA27 GQ27 GW25 IR26 KM27 MA28 MG27 ML28 MZ25 NE28 SN28 TD27 TG28`

// An ibanForm is one country's IBAN: the letters and digits it asks for, in places
// from the start.
type ibanForm struct {
	size          int
	letter, digit uint64
}

var ibans = func() map[[2]byte]ibanForm {
	all := map[[2]byte]ibanForm{}
	var last [2]byte
	for _, f := range strings.Fields(ibanTable) {
		if 'A' <= f[0] && f[0] <= 'Z' {
			last = [2]byte{f[0] - 'A' + 10, f[1] - 'A' + 10}
			all[last] = ibanForm{size: int(f[2]-'0')*10 + int(f[3]-'0')}
			continue
		}
		form, at := all[last], 4
		for _, part := range strings.Split(f, "+") {
			n := 0
			for _, c := range part[:len(part)-1] {
				n = 10*n + int(c-'0')
			}
			for ; n > 0; n-- {
				switch part[len(part)-1] {
				case 'a':
					form.letter |= 1 << at
				case 'n':
					form.digit |= 1 << at
				}
				at++
			}
		}
		if at != form.size {
			panic("content: the parts of an IBAN do not add up to its length")
		}
		all[last] = form
	}
	return all
}()

// iban is ISO 13616: a country of the table, its length and pattern, and MOD 97-10
// over the number with its first four characters moved to the end.
func iban(id []byte) bool {
	form, ok := ibans[[2]byte{id[0], id[1]}]
	if !ok || form.size != len(id) {
		return false
	}
	for i, v := range id {
		if v > 9 && form.digit>>i&1 != 0 || v <= 9 && form.letter>>i&1 != 0 {
			return false
		}
	}
	var turned [longest]byte
	n := copy(turned[:], id[4:])
	n += copy(turned[n:], id[:4])
	return mod97(turned[:n]) == 1
}

// ibanPrints are the lengths IBANs have, whole and in fours.
func ibanPrints() string {
	var all []string
	for n := 15; n <= 33; n++ {
		whole := "AA99" + strings.Repeat("X", n-4)
		fours := ""
		for rest := whole; rest != ""; {
			k := min(4, len(rest))
			fours += " " + rest[:k]
			rest = rest[k:]
		}
		all = append(all, whole, fours[1:], strings.ReplaceAll(fours[1:], " ", "-"), strings.ReplaceAll(fours[1:], " ", "."))
	}
	return strings.Join(all, "|")
}
