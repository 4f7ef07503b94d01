package template

import (
	"bytes"
	"encoding/json"
	"iter"
	"strconv"
	"strings"
	"unicode"

	"github.com/waguard/waguard/category"
)

// A Difference is one thing in which what Meta holds is other than what the app
// submitted. It names the place and never the words.
type Difference struct {
	Where string // the member path of what was submitted: "category", "components[1].text"
	Why   string
}

// Differences compares a definition as it was submitted with the one Meta holds.
// What Meta writes itself (ids, status, the words of one-time codes, fixed labels),
// what it writes otherwise (case, the order of components, one-time code buttons as
// addresses, phone numbers) and examples are no differences. Nil: none.
func Differences(submitted, held *Definition) []Difference {
	c := drifting{}
	if submitted.Category != category.Unknown && submitted.Category != held.Category {
		c.tell(root.at("category"), "submitted as "+submitted.Category.String()+", and Meta has "+orUnknown(held.Category.String()))
	}
	if formatOf(submitted) != formatOf(held) {
		c.tell(root.at("parameter_format"), "the placeholders are of another style")
	}
	if submitted.TTL != held.TTL && submitted.TTL != 0 {
		c.tell(root.at("message_send_ttl_seconds"), "submitted as "+strconv.Itoa(submitted.TTL)+" seconds, and Meta has "+strconv.Itoa(held.TTL))
	}
	c.components(submitted.Components, held.Components, root)
	return c.found
}

func formatOf(d *Definition) string {
	if d.Format == "" {
		return "POSITIONAL"
	}
	return strings.ToUpper(d.Format)
}

type drifting struct{ found []Difference }

func (c *drifting) tell(at spot, why string) {
	c.found = append(c.found, Difference{at.String(), why})
}

func (c *drifting) components(submitted, held []Component, in spot) {
	for i := range submitted {
		s, at := &submitted[i], in.component(i)
		h := find(held, s.Type)
		if h == nil {
			c.tell(at, "Meta has no "+strings.ToLower(s.Type)+" component")
			continue
		}
		if is(s.Type, "HEADER") && format(s) != format(h) {
			c.tell(at.at("format"), "submitted as "+format(s)+", and Meta has "+format(h))
		}
		if s.Text != "" && s.Text != h.Text {
			c.tell(at.at("text"), "Meta has other words")
		}
		for _, key := range [...]string{"add_security_recommendation", "code_expiration_minutes", "limited_time_offer"} {
			if v, ok := s.Extra[key]; ok && !sameJSON(v, h.Extra[key]) {
				c.tell(at.at(key), "Meta has another value")
			}
		}
		c.buttons(s.Buttons, h.Buttons, at)
		if len(s.Cards) != len(h.Cards) {
			c.tell(at.at("cards"), "submitted with "+counted(len(s.Cards), "card")+", and Meta has "+strconv.Itoa(len(h.Cards)))
			continue
		}
		for j := range s.Cards {
			c.components(s.Cards[j].Components, h.Cards[j].Components, at.ofCard(j))
		}
	}
	for i := range held {
		if find(submitted, held[i].Type) == nil {
			c.tell(in.at("components"), "Meta has a "+strings.ToLower(held[i].Type)+" component, and none was submitted")
		}
	}
}

func format(k *Component) string {
	if k.Format == "" {
		return "TEXT"
	}
	return strings.ToUpper(k.Format)
}

func (c *drifting) buttons(submitted, held []Button, at spot) {
	if len(submitted) != len(held) {
		c.tell(at.at("buttons"), "submitted with "+counted(len(submitted), "button")+", and Meta has "+strconv.Itoa(len(held)))
		return
	}
	for i := range submitted {
		s, h, here := &submitted[i], &held[i], at.ofButton(i)
		switch {
		case s.OTP() && h.OTP(): // written as OTP and read as URL, with labels of Meta's
		case !is(s.Type, h.Type):
			c.tell(here.at("type"), "submitted as "+strings.ToUpper(s.Type)+", and Meta has "+strings.ToUpper(h.Type))
		default:
			if s.Text != "" && s.Text != h.Text && !fixedLabel(s) {
				c.tell(here.at("text"), "Meta has another label")
			}
			if s.URL != h.URL {
				c.tell(here.at("url"), "Meta has another address")
			}
			if digits(s.Phone) != digits(h.Phone) {
				c.tell(here.at("phone_number"), "Meta has another number, perhaps without the zero after the country code")
			}
		}
	}
}

// fixedLabel reports whether Meta writes the button's label itself.
func fixedLabel(b *Button) bool {
	switch strings.ToUpper(b.Type) {
	case "CATALOG", "MPM", "SPM", "COPY_CODE", "REQUEST_CONTACT_INFO":
		return true
	}
	return false
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// sameJSON compares two values whatever the order of their members.
func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return bytes.Equal(a, b)
	}
	ax, err1 := json.Marshal(x)
	by, err2 := json.Marshal(y)
	return err1 == nil && err2 == nil && bytes.Equal(ax, by)
}

// Drift lists the templates of which Meta holds other than the app submitted
// last, as far as acts tell: somebody changed them elsewhere, or Meta did.
func (s *Shelf) Drift() iter.Seq2[Ref, []Difference] {
	return func(yield func(Ref, []Difference) bool) {
		alone := s.parted()
		for i := range s.Definitions {
			d := &s.Definitions[i]
			sub := alone(d.Ref).submitted(d.Ref)
			if sub == nil || d.Status == Deleted {
				continue
			}
			if all := Differences(sub, d); len(all) > 0 && !yield(d.Ref, all) {
				return
			}
		}
	}
}

// submitted is the definition that was created or edited last, or nil.
func (s *Shelf) submitted(r Ref) *Definition {
	for i := len(s.Acts) - 1; i >= 0; i-- {
		if a := &s.Acts[i]; a.Definition != nil && a.of(r) {
			return a.Definition
		}
	}
	return nil
}
