package party

// oneForm maps the forms in which WhatsApp shows one subscriber to one of them.
// The wa_id of an account keeps the form its number had when the account was
// made, so sends, webhooks and responses disagree for years (Cloud API, "Phone
// numbers": not a bug). s is a plus and digits.
//
//   - Brazil: mobiles got a ninth digit, a 9 in front, between 2012 and 2016.
//     +55 DD XXXXXXXX with X from 6 up is the old form; the new one is kept.
//     From 2 to 5 it is a landline, which has no other form.
//   - Mexico: 1 stood before mobiles dialled from abroad until 2019; it is dropped.
//     No area begins with 0 or 1.
//   - Argentina: 9 stands before mobiles dialled from abroad. Mobiles and
//     landlines share one numbering space, so dropping it confuses nobody.
func oneForm(s string) string {
	switch {
	case len(s) == 13 && s[1:3] == "55" && s[3] != '0' && s[4] != '0' && s[5] >= '6':
		return s[:5] + "9" + s[5:]
	case len(s) == 14 && s[1:4] == "521" && s[4] >= '2':
		return "+52" + s[4:]
	case len(s) == 14 && s[1:4] == "549" && s[4] != '0':
		return "+54" + s[4:]
	}
	return s
}

// Forms lists the wa_id forms, digits without plus, under which WhatsApp may
// show a number: the canonical one first, then the other where there is one
// (Brazilian mobiles, Mexico, Argentina). Which of them an account has cannot be
// told from the number; responses and webhooks tell. What [ParsePhone] would
// refuse has no forms.
func Forms(phone string) []string {
	p, err := ParsePhone(phone)
	if err != nil {
		return nil
	}
	d := p[1:]
	switch {
	case len(d) == 13 && d[:2] == "55" && d[4] == '9' && oneForm("+"+d[:4]+d[5:]) == p:
		return []string{d, d[:4] + d[5:]}
	case len(d) == 12 && d[:2] == "52" && d[2] >= '2':
		return []string{d, "521" + d[2:]}
	case len(d) == 12 && d[:2] == "54" && d[2] != '0':
		return []string{d, "549" + d[2:]}
	}
	return []string{d}
}
