package category

// A Draft is what is known of a template: its words and its structure. Only
// Body is needed. Placeholders are written as in the template, {{1}} or
// {{order_id}}.
type Draft struct {
	Lang         string // as Meta writes it ("pt_BR") or BCP 47 ("pt-BR"); empty: any of the twelve
	Name         string // the template's name; weak evidence
	HeaderFormat string // TEXT, IMAGE, VIDEO, GIF, DOCUMENT, LOCATION or PRODUCT; empty: TEXT if Header is set
	Header       string
	Body         string
	Footer       string
	Buttons      []Button
	Components   []string // Meta's names of further components (CAROUSEL, LIMITED_TIME_OFFER …) and of members codes have (ADD_SECURITY_RECOMMENDATION, CODE_EXPIRATION_MINUTES)
}

// A Button is one button of a template. Type is Meta's name for it: URL,
// QUICK_REPLY, PHONE_NUMBER, COPY_CODE, OTP, FLOW, CATALOG, MPM …
type Button struct {
	Type, Text, URL string
}

// Limits of what is read. A draft beyond them is read as far as they go, and
// the reading is not sure. They are far above Meta's own (a body holds 1,024
// characters, a template ten buttons).
const (
	MaxText    = 8 << 10 // bytes of one text
	MaxButtons = 16
)

// clip is s cut to n bytes.
func clip(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	return s[:n], true
}

// same reports whether s is upper, in either case.
func same(s, upper string) bool { return len(s) == len(upper) && equalFold(upper, s) }
