package template

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// buttonTypes are the types Meta's pages mention, on creation or in webhooks,
// and whether the label is the author's to write.
var buttonTypes = map[string]bool{
	"QUICK_REPLY": true, "URL": true, "PHONE_NUMBER": true, "FLOW": true, "VOICE_CALL": true,
	"COPY_CODE": false, "OTP": false, "CATALOG": false, "MPM": false, "SPM": false, "REQUEST_CONTACT_INFO": false,
	"ORDER_DETAILS": false, "EXTENSION": false, "POSTBACK": false, "REMINDER": false, "SEND_LOCATION": false,
}

func (c *linting) buttons(all []Button, at spot) {
	card := at.card >= 0
	var quick, links, phones, codes, otps, alone int
	groups, was := 0, false // runs of quick replies
	for i := range all {
		b, here := &all[i], at.ofButton(i)
		wantsLabel, known := buttonTypes[b.Type]
		if !known {
			wantsLabel, known = buttonTypes[strings.ToUpper(b.Type)]
		}
		if !known {
			c.tell(tplComponentUnknown, here.at("type"), policy.Span{}, "the button is of a type Meta's pages do not list")
			continue
		}
		reply := is(b.Type, "QUICK_REPLY")
		if reply && !was {
			groups++
		}
		was = reply
		switch {
		case reply:
			quick++
		case b.OTP():
			otps++
			c.otp(b, here)
		case is(b.Type, "URL"):
			links++
			c.link(b, here)
		case is(b.Type, "PHONE_NUMBER"):
			phones++
			c.phone(b, here)
		case is(b.Type, "COPY_CODE"):
			codes++
			c.coupon(b, here)
		case is(b.Type, "CATALOG"), is(b.Type, "MPM"):
			alone++
		case is(b.Type, "FLOW"):
			c.flow(b, here)
		}
		c.label(b, wantsLabel, all[:i], here)
	}
	n := len(all)
	most := func(r lintRule, count, limit int, what string) {
		if count > limit {
			c.tell(r, at, policy.Span{}, "there are "+counted(count, what)+", and "+counted(limit, what)+" at most")
		}
	}
	most(btnTotalMax, n, maxButtons, "button")
	if !card { // a card takes two at all: carousel-card-buttons
		most(btnQuickReplyMax, quick, maxButtons, "quick reply button")
		most(btnUrlMax, links, maxLinks, "link button")
		most(btnPhoneMax, phones, 1, "phone button")
	}
	most(btnCopyCodeMax, codes, 1, "copy-code button")
	if groups > 1 {
		c.tell(btnGrouping, at, policy.Span{}, "other buttons stand between quick replies")
	}
	if alone > 0 && n > 1 {
		c.tell(btnExclusiveCatalogMpm, at, policy.Span{}, "a catalogue or multi-product button stands beside another")
	}
	if !card && !c.auth {
		switch {
		case n > fewOnDesktop:
			c.tell(btnDesktopVisibility, at, policy.Span{}, fmt.Sprintf("there are %d buttons, and desktop shows templates of %d at most", n, fewOnDesktop))
		case quick > 0 && quick < n:
			c.tell(btnDesktopVisibility, at, policy.Span{}, "quick replies stand beside other buttons, which desktop does not show")
		}
	}
	if c.auth && otps > 0 && n > 1 {
		c.tell(authOtpButtonRequired, at, policy.Span{}, "other buttons stand beside the one-time code button")
	}
}

func (c *linting) label(b *Button, wanted bool, before []Button, at spot) {
	at = at.at("text")
	if strings.TrimSpace(b.Text) == "" {
		if wanted && !b.OTP() {
			c.tell(btnLabelRequired, at, policy.Span{}, "the button has no label")
		}
		return
	}
	c.length(btnLabelLength, b.Text, maxLabel, "the label", at)
	if b.OTP() && c.registered {
		return // Meta's own words
	}
	if marks, _ := marksOf(b.Text); len(marks) > 0 {
		c.tell(btnLabelCharset, at, marks[0].span(), "the label holds a placeholder, which no label can").raise(LintError)
	} else if span, odd := oddInLabel(b.Text); odd {
		c.tell(btnLabelCharset, at, span, "the label holds a character that is no letter, digit or space")
	}
	for i := range before {
		if strings.EqualFold(strings.TrimSpace(before[i].Text), strings.TrimSpace(b.Text)) {
			c.tell(btnLabelDuplicate, at, policy.Span{}, "another button has this label")
			return
		}
	}
}

// oddInLabel finds the first character that is no letter, digit or space. An
// apostrophe or hyphen within a word belongs to the word.
func oddInLabel(s string) (policy.Span, bool) {
	before := ' '
	for i, r := range s {
		n := max(1, utf8.RuneLen(r))
		switch {
		case unicode.In(r, unicode.L, unicode.M, unicode.N), r == ' ', r == 0xA0, r == 0x200C, r == 0x200D:
		case (r == '\'' || r == '’' || r == '-') && unicode.IsLetter(before) && startsLetter(s[min(i+n, len(s)):]):
		default:
			return policy.Span{Start: i, End: min(i+n, len(s))}, true
		}
		before = r
	}
	return policy.Span{}, false
}

func startsLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// link checks a button that opens an address.
func (c *linting) link(b *Button, at spot) {
	s, here := b.URL, at.at("url")
	if strings.TrimSpace(s) == "" {
		c.tell(btnUrlScheme, here, policy.Span{}, "the button has no address").raise(LintError)
		return
	}
	c.length(btnUrlLength, s, maxURL, "the address", here)
	marks := c.placeholders(s, here)
	for i, m := range marks {
		if m.number < 0 { // a numbered one may stand beside named texts
			c.style(marks[i:i+1], here)
		}
	}
	switch {
	case len(marks) > 1:
		c.tell(btnUrlVariableEnd, here, marks[1].span(), "the address has "+counted(len(marks), "placeholder")+", and one is allowed")
	case len(marks) == 1 && marks[0].end != len(s):
		c.tell(btnUrlVariableEnd, here, marks[0].span(), "the address goes on after its placeholder")
	}
	host := strings.TrimPrefix(c.address(s, marks, here), "www.")
	scheme, _, _ := strings.Cut(s, "://")
	switch {
	case is(scheme, "whatsapp"), host == "wa.me", host == "api.whatsapp.com", host == "chat.whatsapp.com", host == "web.whatsapp.com":
		c.tell(btnUrlWhatsappLink, here, policy.Span{}, "the address leads to WhatsApp itself")
	case shorteners[host]:
		c.tell(btnUrlShortener, here, policy.Span{}, "the address is that of a link shortener")
	}
	if len(marks) > 0 {
		c.buttonExample(b, at, "address")
	}
}

// address checks scheme and host and returns the host.
func (c *linting) address(s string, marks []mark, at spot) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		c.tell(btnUrlScheme, at, policy.Span{}, "the address does not begin with https://")
		return hostOf(s)
	}
	if !strings.EqualFold(scheme, "https") {
		c.tell(btnUrlScheme, at, policy.Span{Start: 0, End: len(scheme)}, "the address is not https")
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	start := len(scheme) + 3
	for _, m := range marks {
		if m.start < start+end {
			c.tell(btnUrlScheme, at, m.span(), "a placeholder stands where the host is")
			return ""
		}
	}
	host := hostOf(rest)
	switch {
	case host == "":
		c.tell(btnUrlScheme, at, policy.Span{}, "the address has no host")
	case !strings.Contains(host, "."):
		c.tell(btnUrlScheme, at, policy.Span{}, "the host has no domain")
	}
	return host
}

// hostOf is the host of an address without its scheme, in lower case and without
// the dot that may end it; "" where there is none.
func hostOf(s string) string {
	if end := strings.IndexAny(s, "/?#"); end >= 0 {
		s = s[:end]
	}
	u, err := url.Parse("https://" + s)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}

// buttonExample checks the example of a button that takes one value.
func (c *linting) buttonExample(b *Button, at spot, what string) {
	here := at.at("example")
	raw := b.Extra["example"]
	if len(raw) == 0 || null(raw) {
		c.tell(varExampleMissing, here, policy.Span{}, "the "+what+" takes a value, and has no example")
		return
	}
	values, nested, ok := valuesOf(raw)
	switch {
	case !ok || nested:
		c.tell(varExampleShape, here, policy.Span{}, "the example is no list of texts")
	case len(values) != 1:
		c.tell(varExampleMissing, here, policy.Span{}, "the "+what+" takes one value, and the example has "+counted(len(values), "value"))
	default:
		c.realistic(values[0], "", here)
	}
}

// shorteners are public services that hide where a link leads.
var shorteners = func() map[string]bool {
	m := map[string]bool{}
	for _, h := range strings.Fields(`adf.ly bit.do bit.ly bitly.com bl.ink buff.ly clck.ru cutt.ly dub.sh goo.gl goo.su is.gd j.mp kutt.it lnkd.in
		n9.cl ow.ly ppt.cc qr.ae rb.gy rebrand.ly reurl.cc s.id short.gy short.io shorte.st shorturl.at shrtco.de snip.ly soo.gd surl.li t.co t.ly t.cn
		tiny.cc tiny.one tinyurl.com tr.im trib.al u.to urlzs.com v.gd vk.cc vo.la wa.link x.gd zpr.io`) {
		m[h] = true
	}
	return m
}()

func (c *linting) phone(b *Button, at spot) {
	s, here := b.Phone, at.at("phone_number")
	if strings.TrimSpace(s) == "" {
		c.tell(btnPhoneLength, here, policy.Span{}, "the button has no number")
		return
	}
	c.length(btnPhoneLength, s, maxNumber, "the number", here)
	digits, from := make([]byte, 0, len(s)), make([]int, 0, len(s))
	for i := range len(s) {
		if !notDigit(rune(s[i])) {
			digits, from = append(digits, s[i]), append(from, i)
		}
	}
	if len(digits) > 2 && s[0] != '+' && digits[0] == '0' && digits[1] == '0' { // in place of the plus
		digits, from = digits[2:], from[2:]
	}
	// Meta's own samples leave the plus away. A number that begins with a zero has no
	// country code.
	if n := callingCode(string(digits)); n < len(digits) && digits[0] != '0' && digits[n] == '0' {
		c.tell(btnPhoneLeadingZero, here, policy.Span{Start: from[n], End: from[n] + 1}, "a zero follows the country code")
	}
}

// callingCode is how many digits of a number are its country code: one in the
// zones of +1 and +7, two where the ITU gave two, three elsewhere (E.164 list of
// assigned codes).
func callingCode(digits string) int {
	if digits == "" {
		return 0
	}
	if digits[0] == '1' || digits[0] == '7' {
		return 1
	}
	two := digits[:min(2, len(digits))]
	if strings.Contains(" 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ", " "+two+" ") {
		return 2
	}
	return 3
}

func (c *linting) coupon(b *Button, at spot) {
	if c.d.Category == category.Utility {
		c.tell(btnCopyCodeCategory, at.at("type"), policy.Span{}, "a copy-code button stands in a utility template")
	}
	here := at.at("example")
	raw := b.Extra["example"]
	if len(raw) == 0 || null(raw) {
		c.tell(varExampleMissing, here, policy.Span{}, "the button has no example code").lower(LintWarning)
		return
	}
	values, nested, ok := valuesOf(raw)
	if !ok || nested {
		c.tell(varExampleShape, here, policy.Span{}, "the example is no code")
		return
	}
	limit, beside := maxCoupon, "the code"
	if c.d.component("LIMITED_TIME_OFFER") != nil {
		limit, beside = maxOfferTag, "the code beside an offer"
	}
	for _, v := range values {
		c.length(btnCopyCodeLength, v, limit, beside, here)
	}
}

func (c *linting) flow(b *Button, at spot) {
	n := 0
	for _, key := range [...]string{"flow_id", "flow_name", "flow_json"} {
		if raw := b.Extra[key]; len(raw) > 0 && !null(raw) && string(raw) != `""` {
			n++
		}
	}
	if n != 1 {
		c.tell(btnFlowSource, at, policy.Span{}, fmt.Sprintf("the button names its Flow in %d ways, and one is right", n))
	}
}
