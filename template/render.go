package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrOther is returned by [Render] for values that are meant for another
// template.
var ErrOther = errors.New("template: the values name another template")

// Render puts values into a template and returns the words a person will read,
// with the place each stands in, in the order they are met:
//
//	header, body, footer, limited_time_offer, tap_target, button.0,
//	card.0.header, card.0.body, card.0.button.0, ...
//
// The label of button 0 is at button.0, its address (suffix filled in) at
// button.0.url, and words its parameter shows (coupon code, section titles, data
// of a Flow) at button.0.value. Of media the file name is shown, of a location
// name and address, of an amount or a date the fallback, which is what Meta
// prints.
//
// A placeholder without a value stays visible; [Check] is what reports it. The
// wording of an authentication template is Meta's, in the template's language;
// where the definition has none, the English wording stands for it. Texts
// without placeholders are the definition's own strings. What is put together
// may come to [MaxSize] bytes; more is an error that is ErrSize.
func Render(d *Definition, f *Filled) ([]Text, error) {
	if f.Name != "" && d.Ref.Name != "" && f.Name != d.Ref.Name ||
		f.Language != "" && d.Ref.Language != "" && Language(f.Language) != Language(d.Ref.Language) {
		return nil, ErrOther
	}
	r := renderer{auth: d.authentication(), texts: make([]Text, 0, room(d.Components))}
	r.components(d.Components, f.Parts, "")
	if r.err != nil {
		return nil, r.err
	}
	return r.texts, nil
}

// room is how many texts a template mostly comes to.
func room(all []Component) int {
	n := len(all)
	for i := range all {
		n += 2 * len(all[i].Buttons)
		for j := range all[i].Cards {
			n += room(all[i].Cards[j].Components)
		}
	}
	return n
}

// maxTexts bounds what a hostile pair of definition and values can be made to
// come to. Ten cards with two buttons each come to 60.
const maxTexts = 4096

type renderer struct {
	auth  bool
	texts []Text
	made  int // bytes put together so far
	err   error
}

func (r *renderer) add(place, words string, values [][2]int) {
	if len(r.texts) == maxTexts {
		r.err = fmt.Errorf("template: more than %d texts: %w", maxTexts, ErrRange)
	} else if words != "" {
		r.texts = append(r.texts, Text{Place: place, Words: words, Values: values})
	}
}

// filled adds words that came from a value as a whole.
func (r *renderer) filled(place, words string) {
	r.add(place, words, [][2]int{{0, len(words)}})
}

func (r *renderer) components(all []Component, parts []Part, in string) {
	for i := range all {
		c := &all[i]
		switch {
		case is(c.Type, "HEADER"):
			r.header(c, partOf(parts, "header"), in)
		case is(c.Type, "BODY"):
			r.text(in+"body", bodyText(c, r.auth), partOf(parts, "body"))
		case is(c.Type, "FOOTER"):
			r.text(in+"footer", footerText(c, r.auth), partOf(parts, "footer"))
		case is(c.Type, "LIMITED_TIME_OFFER"):
			r.add(in+"limited_time_offer", offerText(c), nil)
		case is(c.Type, "BUTTONS"):
			for j := range c.Buttons {
				r.button(&c.Buttons[j], j, parts, in)
			}
		case is(c.Type, "CAROUSEL"):
			r.cards(c, partOf(parts, "carousel"), in)
		}
	}
	if p := partOf(parts, "tap_target_configuration"); p != nil {
		for i := range p.Values {
			r.filled(in+"tap_target", p.Values[i].Text)
		}
	}
}

func (r *renderer) header(c *Component, p *Part, in string) {
	if is(c.Format, "TEXT") || c.Format == "" {
		r.text(in+"header", c.Text, p)
		return
	}
	if p != nil {
		for i := range p.Values {
			r.filled(in+"header", p.Values[i].Text)
		}
	}
}

func (r *renderer) text(place, text string, p *Part) {
	var values []Value
	if p != nil {
		values = p.Values
	}
	_, named := demand(text)
	words, spans := r.fill(place, text, values, named)
	r.add(place, words, spans)
}

// fill puts values for placeholders. Without a placeholder to fill the text is
// returned as it is.
func (r *renderer) fill(place, text string, values []Value, named bool) (string, [][2]int) {
	if len(values) == 0 {
		return text, nil
	}
	size, n := len(text), 0
	for x := (scanner{text: text}); x.next(); {
		if i := pick(x.token, named, values); i >= 0 {
			size += len(values[i].Text) - (x.end - x.start)
			n++
		}
	}
	if n == 0 {
		return text, nil
	}
	if r.made += size; r.made > MaxSize {
		r.err = fmt.Errorf("template: what %s comes to %w", place, ErrSize)
		return "", nil
	}
	var b strings.Builder
	b.Grow(size)
	spans := make([][2]int, 0, n)
	from := 0
	for x := (scanner{text: text}); x.next(); {
		i := pick(x.token, named, values)
		if i < 0 {
			continue
		}
		b.WriteString(text[from:x.start])
		at := b.Len()
		b.WriteString(values[i].Text)
		spans = append(spans, [2]int{at, b.Len()})
		from = x.end
	}
	b.WriteString(text[from:])
	return b.String(), spans
}

var buttonPlaces = [...]string{"button.0", "button.1", "button.2", "button.3", "button.4", "button.5", "button.6", "button.7", "button.8", "button.9"}

func (r *renderer) button(b *Button, i int, parts []Part, in string) {
	place := ""
	if i < len(buttonPlaces) {
		place = buttonPlaces[i]
	} else {
		place = "button." + strconv.Itoa(i)
	}
	place = in + place
	r.add(place, b.Text, nil)
	var values []Value
	for j := range parts {
		if is(parts[j].Type, "button") && parts[j].Index == i {
			values = parts[j].Values
			break
		}
	}
	switch {
	case b.OTP(): // the code already stands in the body
	case is(b.Type, "URL"):
		words, spans := r.fill(place+".url", b.URL, firstOf(values), false)
		r.add(place+".url", words, spans)
	default:
		for j := range values {
			if v := &values[j]; !is(v.Type, "payload") && v.Text != "" { // a payload is never shown
				r.filled(place+".value", v.Text)
			}
		}
	}
}

// firstOf keeps the one value an address takes.
func firstOf(values []Value) []Value { return values[:min(1, len(values))] }

func (r *renderer) cards(c *Component, p *Part, in string) {
	if p == nil {
		for i := range c.Cards {
			r.components(c.Cards[i].Components, nil, in+"card."+strconv.Itoa(i)+".")
		}
		return
	}
	for i := 0; i < len(p.Cards) && r.err == nil; i++ {
		n := cardIndex(p.Cards, i)
		if card := cardFor(c, n); card != nil {
			r.components(card.Components, p.Cards[i].Parts, in+"card."+strconv.Itoa(n)+".")
		}
	}
}

// cardIndex is the place of the i-th card sent.
func cardIndex(cards []FilledCard, i int) int {
	if cards[i].Index >= 0 {
		return cards[i].Index
	}
	return i
}

// cardFor is the card the definition has at a place. A product carousel is
// registered with two cards and sent with up to ten of the same make.
func cardFor(c *Component, n int) *Card {
	if n < len(c.Cards) {
		return &c.Cards[n]
	}
	if products(c) {
		return &c.Cards[len(c.Cards)-1]
	}
	return nil
}

// products reports whether a carousel is one of products.
func products(c *Component) bool {
	if len(c.Cards) == 0 {
		return false
	}
	h := find(c.Cards[0].Components, "HEADER")
	return h != nil && is(h.Format, "PRODUCT")
}

func footerText(c *Component, auth bool) string {
	if c.Text != "" || !auth {
		return c.Text
	}
	var minutes int
	if raw, ok := c.Extra["code_expiration_minutes"]; ok && json.Unmarshal(raw, &minutes) == nil {
		return "This code expires in " + strconv.Itoa(minutes) + " minutes."
	}
	return ""
}

func offerText(c *Component) string {
	var offer struct{ Text string }
	_ = json.Unmarshal(c.Extra["limited_time_offer"], &offer) // no offer: no words
	return offer.Text
}
