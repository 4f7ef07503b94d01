package template

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/policy"
)

// buttons compares the buttons filled with the buttons registered.
func (c *checker) buttons(all []Button, parts []Part, in place) {
	for i := range parts {
		p := &parts[i]
		if !is(p.Type, "button") {
			continue
		}
		at := in.of("button").at(max(0, p.Index))
		switch {
		case p.Index < 0:
			c.broken(buttonIndex, at, policy.Span{}, "the button's index was not given")
		case p.Index >= len(all):
			c.broken(buttonIndex, at, policy.Span{}, "the template has "+counted(len(all), "button")+", and none at this index")
		case filledBy(parts, p.Index) != p:
			c.broken(buttonIndex, at, policy.Span{}, "the button is filled twice")
		case c.offer && is(p.Sub, "url") && !is(p.Sub, all[p.Index].sub()):
			c.broken(offerURL, at, policy.Span{}, "beside a limited-time offer the url button has another index")
		case !is(p.Sub, all[p.Index].sub()):
			c.broken(buttonIndex, at, policy.Span{}, "the button is registered as "+strings.ToUpper(all[p.Index].Type)+", and is filled as another type")
		default:
			c.button(&all[p.Index], p.Values, at)
		}
	}
	for i := range all {
		if b := &all[i]; filledBy(parts, i) == nil && !c.misplaced(all, parts, b) {
			c.button(b, nil, in.of("button").at(i))
		}
	}
}

// offerButton checks that the offer's template has its url button where Meta wants
// it: first, or second beside a copy-code button.
func (c *checker) offerButton(all []Component, in place) {
	var buttons []Button
	if k := find(all, "BUTTONS"); k != nil {
		buttons = k.Buttons
	}
	want := 0
	for i := range buttons {
		if is(buttons[i].Type, "COPY_CODE") {
			want = 1
		}
	}
	for i := range buttons {
		if is(buttons[i].Type, "URL") {
			if i != want {
				c.broken(offerURL, in.of("button").at(i), policy.Span{}, fmt.Sprintf("the offer's url button is registered at index %d, and Meta takes it at %d", i, want))
			}
			return
		}
	}
	c.broken(offerURL, in.of("button").at(want), policy.Span{}, "the template has a limited-time offer and no url button")
}

func filledBy(parts []Part, index int) *Part {
	for i := range parts {
		if is(parts[i].Type, "button") && parts[i].Index == index {
			return &parts[i]
		}
	}
	return nil
}

// misplaced reports whether a part meant for this sort of button stands under
// an index where it does not belong: then that is what is wrong.
func (c *checker) misplaced(all []Button, parts []Part, b *Button) bool {
	for i := range parts {
		p := &parts[i]
		if is(p.Type, "button") && is(p.Sub, b.sub()) &&
			(p.Index < 0 || p.Index >= len(all) || !is(p.Sub, all[p.Index].sub())) {
			return true
		}
	}
	return false
}

// button checks the values of one button; there may be none.
func (c *checker) button(b *Button, values []Value, at place) {
	switch strings.ToUpper(b.Type) {
	case "OTP":
		c.suffix(b, values, at)
	case "URL":
		switch {
		case b.Dynamic() || b.OTP():
			c.suffix(b, values, at)
		case len(values) > 0:
			c.broken(paramUnexpected, at, policy.Span{}, "the button's address has no placeholder, and a value was given")
		}
	case "COPY_CODE":
		if c.one(values, "coupon_code", true, at) {
			c.coupon(values[0].Text, at)
		}
	case "QUICK_REPLY":
		if c.one(values, "payload", false, at) && strings.TrimSpace(values[0].Text) == "" {
			c.broken(paramEmpty, at, policy.Span{}, "the payload is blank")
		}
	case "FLOW", "CATALOG":
		c.one(values, "action", false, at)
	case "MPM":
		switch {
		case len(values) == 0:
			c.broken(mpmSections, at, policy.Span{}, "the button shows products, and no sections were given")
		case c.one(values, "action", true, at):
			c.sections(values[0].Raw, at)
		}
	case "VOICE_CALL":
		c.voice(values, at)
	case "PHONE_NUMBER", "SPM", "REQUEST_CONTACT_INFO":
		if len(values) > 0 {
			c.broken(paramUnexpected, at, policy.Span{}, "the button takes no parameters, and "+valuesGiven(len(values)))
		}
	}
}

// one reports whether there is one value and of the type wanted. None is a
// problem only where one is needed.
func (c *checker) one(values []Value, want string, needed bool, at place) bool {
	switch {
	case len(values) == 0 && !needed:
		return false
	case len(values) != 1:
		c.broken(paramCount, at, policy.Span{}, "the button takes one parameter, and "+valuesGiven(len(values)))
		return false
	case !is(values[0].Type, want):
		c.broken(paramType, at, policy.Span{}, "the button takes a parameter of type "+want+", and another type was given")
		return false
	}
	return true
}

// suffix checks the value that ends a button's address.
func (c *checker) suffix(b *Button, values []Value, at place) {
	code := c.auth || b.OTP()
	if code && len(values) == 0 {
		return // the code is missing from the button: auth-code-duplicated says so
	}
	if !c.one(values, "text", true, at) {
		return
	}
	text := values[0].Text
	switch {
	case strings.TrimSpace(text) == "":
		c.broken(paramEmpty, at, policy.Span{}, "the value is blank")
	case code:
	default:
		if span, ok := unencoded(text); !ok {
			c.broken(suffixEncoded, at, span, "the value ends an address, and a character of it is not percent-encoded")
		}
		if len(b.URL)+len(text) > maxURL {
			c.length(b.URL, values, false, at, maxURL, renderedLength)
		}
	}
}

// unencoded finds the first character that cannot stand in an address as it
// is. Meta names space, colon, bar and whatever is not ASCII; the others are
// those RFC 3986 leaves out, and a percent sign that encodes nothing.
func unencoded(s string) (policy.Span, bool) {
	for i := 0; i < len(s); i++ {
		b := s[i]
		switch {
		case b >= utf8.RuneSelf:
			_, n := utf8.DecodeRuneInString(s[i:])
			return policy.Span{Start: i, End: i + n}, false
		case b <= ' ' || b == 0x7f || strings.IndexByte("\"<>\\^`{|}:", b) >= 0,
			b == '%' && (i+2 >= len(s) || !hex(s[i+1]) || !hex(s[i+2])):
			return policy.Span{Start: i, End: i + 1}, false
		}
	}
	return policy.Span{}, true
}

func hex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F'
}

func (c *checker) coupon(code string, at place) {
	if strings.TrimSpace(code) == "" {
		c.broken(paramEmpty, at, policy.Span{}, "the code is blank")
		return
	}
	limit, beside := maxCoupon, ""
	switch {
	case c.offer:
		limit, beside = maxOfferTag, " beside a limited-time offer"
	case c.at.Before(longCoupons):
		limit = maxOfferTag
	}
	if n := utf8.RuneCountInString(code); n > limit {
		c.broken(copyLength, at, policy.Span{}, fmt.Sprintf("the code has %d characters, and %d are allowed%s", n, limit, beside))
	}
	for i, r := range code {
		if r >= utf8.RuneSelf || !letterOrDigit(byte(r)) {
			c.broken(copyCharset, at, policy.Span{Start: i, End: i + utf8.RuneLen(r)}, "the code holds a character that is no letter and no digit")
			return
		}
	}
}

func letterOrDigit(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// sections checks what a multi-product button shows.
func (c *checker) sections(raw json.RawMessage, at place) {
	var action struct {
		Sections []struct {
			Title    string            `json:"title"`
			Products []json.RawMessage `json:"product_items"`
		} `json:"sections"`
	}
	if json.Unmarshal(raw, &action) != nil || len(action.Sections) == 0 {
		c.broken(mpmSections, at, policy.Span{}, "the button shows products, and no sections were given")
		return
	}
	products := 0
	for i := range action.Sections {
		products += len(action.Sections[i].Products)
	}
	switch n := len(action.Sections); {
	case n > maxSections:
		c.broken(mpmSections, at, policy.Span{}, fmt.Sprintf("there are %d sections, and %d are allowed", n, maxSections))
		return
	case products > maxProducts:
		c.broken(mpmSections, at, policy.Span{}, fmt.Sprintf("there are %d products, and %d are allowed", products, maxProducts))
		return
	case products == 0:
		c.broken(mpmSections, at, policy.Span{}, "the sections hold no products")
		return
	}
	for i := range action.Sections {
		if n := utf8.RuneCountInString(action.Sections[i].Title); n > maxSection {
			c.broken(mpmSections, at, policy.Span{}, fmt.Sprintf("the title of section %d has %d characters, and %d are allowed", i, n, maxSection))
			return
		}
	}
}

// voice checks the parameters of a call button.
func (c *checker) voice(values []Value, at place) {
	for i := range values {
		v := &values[i]
		switch {
		case is(v.Type, "ttl_minutes"):
			raw := v.Raw
			if raw == nil {
				raw = json.RawMessage(v.Text)
			}
			if n, ok := whole(raw); !ok || n < minTTL || n > maxTTL {
				c.broken(voiceTTL, at, policy.Span{}, "ttl_minutes is not from "+strconv.Itoa(minTTL)+" to "+strconv.Itoa(maxTTL))
			}
		case is(v.Type, "payload"):
			if n := utf8.RuneCountInString(v.Text); n > maxPayload {
				c.broken(voicePayload, at, policy.Span{}, fmt.Sprintf("the payload has %d characters, and %d are allowed", n, maxPayload))
			}
		default:
			c.broken(paramType, at, policy.Span{}, "the button takes ttl_minutes and payload, and another type was given")
		}
	}
}
