package template

import (
	"strconv"
	"strings"
)

// A spot is a place within a definition; it becomes words only when needed.
type spot struct {
	comp, card, sub, button int // -1: none
	field                   string
}

var root = spot{-1, -1, -1, -1, ""}

func (s spot) at(field string) spot {
	s.field = field
	return s
}

// component is the i-th component at this level: of the template, or of a card.
func (s spot) component(i int) spot {
	if s.card >= 0 {
		s.sub = i
	} else {
		s.comp = i
	}
	return s
}

func (s spot) ofCard(i int) spot {
	s.card = i
	return s
}

func (s spot) ofButton(i int) spot {
	s.button = i
	return s
}

// String writes the place as the Graph API's member path:
// components[1].cards[0].components[2].buttons[0].url
func (s spot) String() string {
	var b strings.Builder
	step := func(name string, i int) {
		if i < 0 {
			return
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(name)
		b.WriteByte('[')
		b.WriteString(strconv.Itoa(i))
		b.WriteByte(']')
	}
	step("components", s.comp)
	step("cards", s.card)
	step("components", s.sub)
	step("buttons", s.button)
	if s.field != "" {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s.field)
	}
	return b.String()
}

// textAt is the text a place names, or nil when it names none of those an edit
// can change.
func textAt(d *Definition, where string) *string {
	switch where {
	case "name":
		return &d.Ref.Name
	case "language":
		return &d.Ref.Language
	}
	all := d.Components
	for {
		i, rest, ok := stepInto(where, "components")
		if !ok || i >= len(all) {
			return nil
		}
		c := &all[i]
		if rest == "text" {
			return &c.Text
		}
		if j, rest, ok := stepInto(rest, "buttons"); ok && j < len(c.Buttons) {
			switch rest {
			case "text":
				return &c.Buttons[j].Text
			case "url":
				return &c.Buttons[j].URL
			case "phone_number":
				return &c.Buttons[j].Phone
			}
			return nil
		}
		j, rest, ok := stepInto(rest, "cards")
		if !ok || j >= len(c.Cards) {
			return nil
		}
		all, where = c.Cards[j].Components, rest
	}
}

// stepInto reads "name[3].rest".
func stepInto(path, name string) (i int, rest string, ok bool) {
	path, ok = strings.CutPrefix(path, name+"[")
	if !ok {
		return 0, "", false
	}
	digits, rest, ok := strings.Cut(path, "]")
	i, err := strconv.Atoi(digits)
	return i, strings.TrimPrefix(rest, "."), ok && err == nil && i >= 0
}
