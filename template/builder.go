package template

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/waguard/waguard/category"
)

// A Builder writes a definition part by part, with the examples Meta wants in
// the shape it wants them. It judges nothing itself: what is wrong with the
// outcome is what a [Linter] says, so a mistake here has the same name as one in
// a file. The zero Builder is of no category and no name; begin with
// [NewBuilder]. It is not safe for concurrent use.
type Builder struct {
	d    Definition
	card int // -1: no card is open
}

// NewBuilder begins a template of a category, name and language.
func NewBuilder(c category.Category, name, language string) *Builder {
	return &Builder{d: Definition{Category: c, Ref: Ref{Name: name, Language: language}}, card: -1}
}

// members is what goes into Extra.
type members map[string]any

func (m members) extra() map[string]json.RawMessage {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]json.RawMessage, len(m))
	for k, v := range m {
		b, err := json.Marshal(v)
		if err != nil { // of strings, numbers and lists of them there is none
			b = []byte("null")
		}
		out[k] = b
	}
	return out
}

// target is the list of components that is written to: the template's, or the
// open card's.
func (b *Builder) target() *[]Component {
	if b.card >= 0 {
		if k := b.d.component("CAROUSEL"); k != nil && b.card < len(k.Cards) {
			return &k.Cards[b.card].Components
		}
	}
	return &b.d.Components
}

func (b *Builder) add(c Component) *Builder {
	all := b.target()
	*all = append(*all, c)
	return b
}

// text adds a text with examples for its placeholders, in the order in which
// they first appear, whether they have numbers or names.
func (b *Builder) text(kind, key, text string, examples []string) *Builder {
	c := Component{Type: kind, Text: text}
	if kind == "HEADER" {
		c.Format = "TEXT"
	}
	marks, _ := marksOf(text)
	names, named := asked(marks)
	if named && b.d.Format == "" {
		b.d.Format = "NAMED"
	}
	switch {
	case len(examples) == 0:
	case named:
		type sample struct {
			Name    string `json:"param_name"`
			Example string `json:"example"`
		}
		list := []sample{}
		for i, e := range examples {
			s := sample{Example: e}
			if i < len(names) {
				s.Name = names[i]
			}
			list = append(list, s)
		}
		c.Extra = members{"example": members{key + "_named_params": list}}.extra()
	case key == "body_text":
		c.Extra = members{"example": members{key: [][]string{examples}}}.extra()
	default:
		c.Extra = members{"example": members{key: examples}}.extra()
	}
	return b.add(c)
}

// Header adds a header of text.
func (b *Builder) Header(text string, examples ...string) *Builder {
	return b.text("HEADER", "header_text", text, examples)
}

// Media adds a header of format IMAGE, VIDEO, GIF or DOCUMENT, with the handle
// of an uploaded sample.
func (b *Builder) Media(format, handle string) *Builder {
	c := Component{Type: "HEADER", Format: strings.ToUpper(format)}
	if handle != "" {
		c.Extra = members{"example": members{"header_handle": []string{handle}}}.extra()
	}
	return b.add(c)
}

// Location adds a header that shows a place; which one is said with each send.
func (b *Builder) Location() *Builder { return b.add(Component{Type: "HEADER", Format: "LOCATION"}) }

// Body adds the body, with one example for each placeholder in the order in
// which they first appear. Named placeholders make the template NAMED.
func (b *Builder) Body(text string, examples ...string) *Builder {
	return b.text("BODY", "body_text", text, examples)
}

// Code adds the body of an authentication template, whose words are Meta's, and
// the line that says when the code ends; no line with zero minutes.
func (b *Builder) Code(minutes int, warnNotToShare bool) *Builder {
	b.add(Component{Type: "BODY", Extra: members{"add_security_recommendation": warnNotToShare}.extra()})
	if minutes != 0 {
		b.add(Component{Type: "FOOTER", Extra: members{"code_expiration_minutes": minutes}.extra()})
	}
	return b
}

// Footer adds the footer.
func (b *Builder) Footer(text string) *Builder { return b.add(Component{Type: "FOOTER", Text: text}) }

// Button adds a button of any type; the other methods are for the usual ones.
func (b *Builder) Button(k Button) *Builder {
	all := b.target()
	c := find(*all, "BUTTONS")
	if c == nil {
		*all = append(*all, Component{Type: "BUTTONS"})
		c = &(*all)[len(*all)-1]
	}
	c.Buttons = append(c.Buttons, k)
	return b
}

// QuickReply adds a button that answers with its label.
func (b *Builder) QuickReply(label string) *Builder {
	return b.Button(Button{Type: "QUICK_REPLY", Text: label})
}

// URL adds a button that opens an address, with an example where it ends in a
// placeholder.
func (b *Builder) URL(label, address string, example ...string) *Builder {
	k := Button{Type: "URL", Text: label, URL: address}
	if len(example) > 0 {
		k.Extra = members{"example": example}.extra()
	}
	return b.Button(k)
}

// Phone adds a button that calls a number.
func (b *Builder) Phone(label, number string) *Builder {
	return b.Button(Button{Type: "PHONE_NUMBER", Text: label, Phone: number})
}

// CopyCode adds a button that copies a coupon code.
func (b *Builder) CopyCode(example string) *Builder {
	return b.Button(Button{Type: "COPY_CODE", Extra: members{"example": example}.extra()})
}

// Flow adds a button that opens a Flow.
func (b *Builder) Flow(label, id string) *Builder {
	return b.Button(Button{Type: "FLOW", Text: label, Extra: members{"flow_id": id}.extra()})
}

// Catalog adds the button that opens the catalogue.
func (b *Builder) Catalog() *Builder { return b.Button(Button{Type: "CATALOG", Text: "View catalog"}) }

// Products adds the button that shows several products; which is said with each
// send.
func (b *Builder) Products() *Builder { return b.Button(Button{Type: "MPM", Text: "View items"}) }

// Product adds a header that shows one product, which is said with each send.
func (b *Builder) Product() *Builder { return b.add(Component{Type: "HEADER", Format: "PRODUCT"}) }

// ViewProduct adds the button of one product.
func (b *Builder) ViewProduct() *Builder { return b.Button(Button{Type: "SPM", Text: "View"}) }

// VoiceCall adds a button that calls the business on WhatsApp, for so many minutes
// after the message; zero: as long as Meta takes, seven days.
func (b *Builder) VoiceCall(label string, minutes int) *Builder {
	k := Button{Type: "VOICE_CALL", Text: label}
	if minutes != 0 {
		k.Extra = members{"ttl_minutes": minutes}.extra()
	}
	return b.Button(k)
}

// ContactInfo adds the button by which a person shares their number.
func (b *Builder) ContactInfo() *Builder { return b.Button(Button{Type: "REQUEST_CONTACT_INFO"}) }

// Library makes the template a copy of one of Meta's library, whose words are
// Meta's; nothing else is written then. See [Definition.SetLibraryTypes].
func (b *Builder) Library(name string) *Builder {
	return b.member(members{"library_template_name": name})
}

// member adds members of the template as a whole.
func (b *Builder) member(m members) *Builder {
	if b.d.Extra == nil {
		b.d.Extra = map[string]json.RawMessage{}
	}
	for k, v := range m.extra() {
		b.d.Extra[k] = v
	}
	return b
}

// An App is an Android app a one-time code may be handed to.
type App struct {
	Package string `json:"package_name"`
	Hash    string `json:"signature_hash"`
}

// OTP adds the one-time code button: COPY_CODE, ONE_TAP or ZERO_TAP, with the
// apps for the last two. ZERO_TAP accepts Meta's terms for it.
func (b *Builder) OTP(kind string, apps ...App) *Builder {
	m := members{"otp_type": strings.ToUpper(kind)}
	if len(apps) > 0 {
		m["supported_apps"] = apps
	}
	if is(kind, "ZERO_TAP") {
		m["zero_tap_terms_accepted"] = true
	}
	return b.Button(Button{Type: "OTP", Extra: m.extra()})
}

// Offer adds a limited-time offer.
func (b *Builder) Offer(text string, expires bool) *Builder {
	return b.add(Component{Type: "LIMITED_TIME_OFFER",
		Extra: members{"limited_time_offer": members{"text": text, "has_expiration": expires}}.extra()})
}

// CallPermission adds the request for permission to call.
func (b *Builder) CallPermission() *Builder {
	return b.add(Component{Type: "CALL_PERMISSION_REQUEST"})
}

// Card opens the next card of the carousel, which what follows is part of. Write
// the template's own body first.
func (b *Builder) Card() *Builder {
	k := b.d.component("CAROUSEL")
	if k == nil {
		b.d.Components = append(b.d.Components, Component{Type: "CAROUSEL"})
		k = &b.d.Components[len(b.d.Components)-1]
	}
	k.Cards = append(k.Cards, Card{})
	b.card = len(k.Cards) - 1
	return b
}

// TTL sets for how many seconds delivery is tried.
func (b *Builder) TTL(seconds int) *Builder {
	b.d.TTL = seconds
	if seconds == 0 {
		b.member(members{"message_send_ttl_seconds": 0})
	}
	return b
}

// Definition is what has been written so far, a copy.
func (b *Builder) Definition() Definition { return b.d.clone() }

// Build is what has been written, if a Linter finds no error in it: then the
// problems that are none are left to be read with [Linter.Lint]. Else the error is
// a [*LintFailure] with all of them.
func (b *Builder) Build(l *Linter) (Definition, error) {
	d := b.Definition()
	all := l.Lint(&d)
	for i := range all {
		if all[i].Severity == LintError {
			return Definition{}, &LintFailure{Problems: all}
		}
	}
	return d, nil
}

// A LintFailure is a definition Meta would refuse.
type LintFailure struct{ Problems []LintProblem }

// Error names the first error and how many there are.
func (f *LintFailure) Error() string {
	n, first := 0, ""
	for i := range f.Problems {
		if p := &f.Problems[i]; p.Severity == LintError {
			if n++; n == 1 {
				first = p.Where + ": " + p.Why + " (" + string(p.Rule) + ")"
			}
		}
	}
	if n > 1 {
		return "template: " + first + ", and " + strconv.Itoa(n-1) + " more"
	}
	return fmt.Sprintf("template: %s", first)
}
