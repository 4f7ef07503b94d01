package content

import "bytes"

// accounts are bank accounts and what points to the bank of one. Most have no
// check digits anybody may compute, so they are known by their bank code, or by
// what the sentence says.
var accounts = []kind{
	{name: "iban", says: "an IBAN", class: account, tier: tierA, odds: 2e-5, prints: ibanPrints(), valid: iban, in: "account"},
	{name: "mx_clabe", says: "a Mexican CLABE", class: account, tier: tierF, odds: 0.01, prints: "999 999 99999999999 9|999-999-99999999999-9|999999999999999999", valid: clabe, in: "account", how: needed},
	{name: "ar_cbu", says: "an Argentine CBU or CVU", class: account, tier: tierF, odds: 0.01, prints: "99999999 99999999999999|99999999-99999999999999|9999999999999999999999", valid: cbu, in: "account", how: needed},
	{name: "nz_bank_account", says: "a New Zealand bank account", class: account, tier: tierF, odds: 0.38, prints: "99-9999-9999999-99|99-9999-9999999-999|99 9999 9999999 99|99 9999 9999999 999", valid: nzAccount},
	{name: "ru_bank_account", says: "a Russian bank account", class: account, tier: tierF, odds: 0.01, prints: "99999 99999 99999 99999|99999 999 9 99999999999|99999 999 9 9999 9999999|99999.999.9.99999999999|99999999999999999999", valid: ruPersonal, in: "account", how: needed, pair: besideBIK},
	{name: "ru_bank_account", says: "a Russian bank account", class: account, tier: tierC, odds: 0.5, prints: "99999 99999 99999 99999|99999 999 9 99999999999|99999999999999999999", valid: ruAccount, in: "account", pair: besideBIK},
	{name: "gb_bank_account", says: "a British bank account", class: account, tier: tierC, odds: 0.2, prints: "99999999", in: "account", how: needed, pair: besideSortCode},
	{name: "au_bank_account", says: "an Australian bank account", class: account, tier: tierC, odds: 0.2, prints: "99999|999999|9999999|99999999|999999999|9999999999|999 999|99 9999|9999 9999|999 999 999", in: "account", how: needed, pair: besideBSB},
	{name: "us_bank_account", says: "a US bank account", class: account, tier: tierC, odds: 0.3, prints: sizes(4, 17), in: "account", how: needed, pair: besideABA},
	{name: "ng_nuban", says: "a Nigerian bank account", class: account, tier: tierC, odds: 0.35, prints: "9999999999|999 999 9999|9999 999 999", in: "account", how: needed, pair: besideNigerianBank},
	{name: "in_bank_account", says: "an Indian bank account", class: account, tier: tierC, odds: 0.4, prints: sizes(9, 18) + "|9999 9999 9999|9999 9999 9999 9999|999 999 999 999", in: "account", how: needed, pair: besideIFSC},
	{name: "br_bank_account", says: "a Brazilian bank account", class: account, tier: tierC, odds: 0.25, prints: "99999-X|999999-X|9999999-X|99999999-X|999999999-X|9999999999-X|99.999-X|999.999-X|9.999.999-X", how: needed, pair: besideAgencia},
	{name: "bank_account_generic", says: "a bank account number", class: account, tier: tierC, odds: 0.9, prints: sizes(7, 19) + "|9999-99-9999999999|9999 99 9999999999|9999 9999 9999|9999 9999 9999 9999|999-99-99999-9|999-9-99999-9|99999 99999 99999999999 99|9999 9999 99|999 999 9999|999-999999-99|999-999999-999|999-9999999-9-99|999-99999999-9-99|999-999-999|9999-9999-9999", valid: undated, in: "account", how: needed | unproven, pair: besideBankWords},
	{name: "bank_account_generic", says: "a Spanish bank account", class: account, tier: tierC, odds: 0.9, prints: "9999-9999-99-9999999999|9999 9999 99 9999999999", valid: func(id []byte) bool { return !ruAccount(id) }, in: "account", how: needed | unproven, pair: besideBankWords},
	{name: "bank_account_generic", says: "a Polish bank account", class: account, tier: tierF, odds: 0.01, prints: "99 9999 9999 9999 9999 9999 9999|99999999999999999999999999", valid: polish, in: "account", how: needed},

	{name: "us_aba_routing", says: "a US bank routing number", class: routing, tier: tierR, odds: 0.038, prints: "999999999|9999-9999-9|9999 9999 9", valid: aba},
	{name: "in_ifsc", says: "an Indian bank branch code", class: routing, tier: tierR, odds: 1e-3, prints: "AAAA9XXXXXX", valid: ifsc, how: noted | upper},
	{name: "gb_sort_code", says: "a British sort code", class: routing, tier: tierR, odds: 0.9, prints: "99-99-99|99 99 99|999999", how: touching},
	{name: "au_bsb", says: "an Australian BSB", class: routing, tier: tierR, odds: 0.9, prints: "999-999|999 999|999999", how: touching},
	{name: "ru_bik", says: "a Russian bank code", class: routing, tier: tierR, odds: 0.02, prints: "999999999", valid: bik},
	{name: "br_agencia", says: "a Brazilian bank branch", class: routing, tier: tierR, odds: 1, prints: "9999|9999-X|999", how: touching | silent},
}

// polish is an IBAN whose country is left out, as it is within Poland.
func polish(id []byte) bool {
	var whole [28]byte
	whole[0], whole[1] = letter('P'), letter('L')
	copy(whole[2:], id)
	return iban(whole[:])
}

// undated reports whether digits are no date, with the day or the year first: an account
// is credited on one more often than it has such a number.
func undated(id []byte) bool {
	if len(id) != 8 {
		return true
	}
	dayFirst := dmy(id) && oneOf(value(id[4:]), 1900, 2099)
	yearFirst := ymd(id[2:]) && oneOf(value(id[:4]), 1900, 2099)
	return !dayFirst && !yearFirst
}

// clabe is the Mexican interbank key: bank, place, account, check digit with the
// weights 3, 7, 1, each product taken by itself.
func clabe(id []byte) bool {
	sum := 0
	for i, d := range id[:17] {
		sum += int(d) * [3]int{3, 7, 1}[i%3] % 10
	}
	return (10-sum%10)%10 == int(id[17]) && mexicanBank(value(id[:3]))
}

// mexicanBank tells the ranges bank codes are given from: banks, development
// banks, brokers, and the electronic money of 6xx and 7xx.
func mexicanBank(n int) bool {
	return oneOf(n, 1, 2, 6, 9, 12, 14, 19, 19, 21, 22, 30, 30, 32, 32, 36, 37, 42, 44, 58, 62, 72, 72, 102, 103, 106, 106, 108, 108, 110, 110,
		112, 113, 116, 116, 124, 124, 126, 141, 143, 160, 166, 168, 600, 606, 608, 608, 610, 611, 613, 623, 626, 638, 640, 640, 642, 642, 646, 648,
		649, 653, 655, 656, 659, 659, 661, 661, 670, 670, 677, 677, 680, 685, 688, 688, 699, 699, 703, 703, 706, 706, 710, 710, 714, 715, 720, 723, 727, 734, 738, 738, 812, 812, 814, 814, 901, 903)
}

// cbu is the Argentine key: two blocks, each with a check digit of its own.
func cbu(id []byte) bool {
	return (10-wsum(id, 7, 1, 3, 9, 7, 1, 3)%10)%10 == int(id[7]) &&
		(10-wsum(id[8:], 3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3)%10)%10 == int(id[21])
}

func nzAccount(id []byte) bool {
	return oneOf(value(id[:2]), 1, 4, 6, 6, 8, 9, 10, 31, 33, 33, 35, 35, 38, 38, 88, 88)
}

// ruPersonal are the accounts of persons; ruAccount those of anybody. The third
// group is the currency.
func ruPersonal(id []byte) bool {
	return ruAccount(id) && (id[0] == 4 && id[1] == 0 && id[2] == 8 || id[0] == 4 && id[1] == 2 && id[2] == 3)
}

func ruAccount(id []byte) bool {
	return id[0] >= 2 && id[0] <= 4 && oneOf(value(id[5:8]), 810, 810, 840, 840, 978, 978, 156, 156, 643, 643, 398, 398, 826, 826, 756, 756, 392, 392, 933, 933, 974, 974, 949, 949, 784, 784)
}

// aba is the US routing number: the Federal Reserve district, and the weights
// 3, 7, 1.
func aba(id []byte) bool {
	return wsum(id, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0 && oneOf(value(id[:2]), 0, 12, 21, 32, 61, 72, 80, 80)
}

func ifsc(id []byte) bool { return id[4] == 0 && (id[5] <= 9 || id[6] <= 9) }

func bik(id []byte) bool { return id[0] == 0 && id[1] <= 4 }

// What stands beside an account, and how far off it may, in bytes of folded text.
const pairReach = 80

func besideABA(c *Checker, s *scratch, cl *claim) bool {
	if c.beside(s, cl, "us_aba_routing") {
		return true
	}
	return cl.size >= 6 && cl.words.label >= labelNear && c.hinted(s, hintUS, cl)
}

func besideSortCode(c *Checker, s *scratch, cl *claim) bool { return c.beside(s, cl, "gb_sort_code") }
func besideBSB(c *Checker, s *scratch, cl *claim) bool      { return c.beside(s, cl, "au_bsb") }

func besideNigerianBank(c *Checker, s *scratch, cl *claim) bool {
	return cl.words.label > 0 && c.hinted(s, hintNG, cl)
}

// besideIFSC asks for a branch code or a label. A bare "account no." is used by
// shops and utilities too, so it counts for long numbers only, where nothing
// speaks of those.
func besideIFSC(c *Checker, s *scratch, cl *claim) bool {
	if c.beside(s, cl, "in_ifsc") {
		return true
	}
	if cl.words.label < labelBefore {
		return false
	}
	return c.hinted(s, hintIN, cl) || cl.size >= 11 && !c.hinted(s, hintUtility, cl) && !c.hinted(s, hintBank, cl)
}

func besideAgencia(c *Checker, s *scratch, cl *claim) bool {
	dashed := bytes.IndexByte(s.buf.Bytes()[cl.from:cl.to], '-') >= 0
	return dashed && cl.words.label >= labelNear && (c.beside(s, cl, "br_agencia") || c.hinted(s, hintBank, cl))
}

func besideBankWords(c *Checker, s *scratch, cl *claim) bool {
	return cl.words.label >= labelBefore && c.hinted(s, hintBank, cl) && !c.hinted(s, hintUtility, cl)
}

// besideBIK checks the account against the bank codes, where there are any: weights
// 7, 1, 3 over the last three digits of the code and the account.
func besideBIK(c *Checker, s *scratch, cl *claim) bool {
	account, codes := wsum(s.numbers.id(cl), 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1), false
	for i := range s.numbers.claims {
		o := &s.numbers.claims[i]
		if c.detectors[o.detector].kind != "ru_bik" {
			continue
		}
		if codes = true; (wsum(s.numbers.id(o)[6:], 7, 1, 3)+account)%10 == 0 {
			return true
		}
	}
	return !codes && cl.words.label > 0
}

// sizes are prints of digits alone, from so many to so many.
func sizes(from, to int) (prints string) {
	for n := from; n <= to; n++ {
		if prints != "" {
			prints += "|"
		}
		for range n {
			prints += "9"
		}
	}
	return prints
}
