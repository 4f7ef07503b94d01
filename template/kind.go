package template

import (
	"encoding/json"
	"strings"

	"github.com/waguard/waguard/category"
)

// is compares words of Meta's enumerations, which come in either case.
func is(word, want string) bool { return word == want || strings.EqualFold(word, want) }

// OTP reports whether the button carries a one-time code. Such buttons are
// submitted as OTP and read back as URL with an address of WhatsApp's own.
func (b *Button) OTP() bool {
	return is(b.Type, "OTP") || is(b.Type, "URL") && strings.HasPrefix(b.URL, "https://www.whatsapp.com/otp/")
}

// Dynamic reports whether the button's address ends in a placeholder.
func (b *Button) Dynamic() bool {
	x := scanner{text: b.URL}
	return is(b.Type, "URL") && x.next()
}

// sub is the sub_type a send body fills the button with.
func (b *Button) sub() string {
	if is(b.Type, "OTP") {
		return "url"
	}
	return b.Type
}

// NeedsCallPermission reports whether sending the template asks the person for
// permission to call them, which counts against the limits on such requests.
func NeedsCallPermission(d *Definition) bool {
	return d.component("CALL_PERMISSION_REQUEST") != nil
}

// Commerce reports whether the template shows or sells goods inside WhatsApp:
// a catalogue, products, order details.
func (d *Definition) Commerce() bool {
	for _, key := range [...]string{"display_format", "sub_category"} {
		if raw, ok := d.Extra[key]; ok {
			var word string
			if json.Unmarshal(raw, &word) == nil && is(word, "ORDER_DETAILS") {
				return true
			}
		}
	}
	return commerce(d.Components)
}

func commerce(all []Component) bool {
	for i := range all {
		c := &all[i]
		if is(c.Type, "HEADER") && is(c.Format, "PRODUCT") {
			return true
		}
		for j := range c.Buttons {
			switch strings.ToUpper(c.Buttons[j].Type) {
			case "CATALOG", "MPM", "SPM", "ORDER_DETAILS":
				return true
			}
		}
		for j := range c.Cards {
			if commerce(c.Cards[j].Components) {
				return true
			}
		}
	}
	return false
}

func (d *Definition) component(kind string) *Component { return find(d.Components, kind) }

func find(all []Component, kind string) *Component {
	for i := range all {
		if is(all[i].Type, kind) {
			return &all[i]
		}
	}
	return nil
}

func partOf(parts []Part, kind string) *Part {
	for i := range parts {
		if is(parts[i].Type, kind) {
			return &parts[i]
		}
	}
	return nil
}

// codeBody stands for the body of an authentication template. Meta keeps the
// wording, in the template's language; a definition in the create form has none.
const (
	codeBody   = "*{{1}}* is your verification code."
	codeSecret = codeBody + " For your security, do not share this code."
)

// bodyText is the registered text of a body.
func bodyText(c *Component, auth bool) string {
	if c.Text != "" || !auth {
		return c.Text
	}
	if yes := c.Extra["add_security_recommendation"]; len(yes) > 0 && yes[0] == 't' {
		return codeSecret
	}
	return codeBody
}

// authentication reports whether the template carries a one-time code: by its
// category, or by a button no other category may have.
func (d *Definition) authentication() bool {
	if d.Category == category.Authentication {
		return true
	}
	if c := d.component("BUTTONS"); c != nil {
		for i := range c.Buttons {
			if c.Buttons[i].OTP() {
				return true
			}
		}
	}
	return false
}
