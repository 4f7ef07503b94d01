package wire

import (
	"strconv"

	"github.com/waguard/waguard/internal/jsondoc"
)

// interactive reads an interactive message: header, body and footer, and under
// action whatever a person can read there.
func (d *decoder) interactive(v jsondoc.Value) {
	const at = "interactive"
	t := d.need(v.Get("type"), "interactive.type")
	if t == "" {
		return
	}
	if jsondoc.Plain(t) {
		d.m.Type = at + "/" + t
	}
	needBody := true
	switch t {
	case "button", "list", "cta_url", "flow", "location_request_message", "address_message",
		"voice_call", "request_contact_info", "contact_request":
	case "carousel":
	case "call_permission_request":
		d.m.CallRequest = true
		needBody = false
	case "product":
		d.m.Commerce = true
		needBody = false
	case "product_list", "catalog_message", "order_details", "order_status":
		d.m.Commerce = true
	default:
		d.unknown("interactive.type", t, v.Get("type"))
	}
	d.framed(v, at, needBody)
	action := v.Get("action")
	if !d.object(action, "interactive.action") {
		return
	}
	switch t {
	case "button":
		if buttons := action.Get("buttons"); d.list(buttons, "interactive.action.buttons") {
			for i, b := range buttons.Elements() {
				if r := b.Get("reply"); !r.None() {
					d.need(r.Get("title"), "interactive.action.buttons["+strconv.Itoa(i)+"].reply.title")
				}
			}
		}
	case "list":
		d.list(action.Get("sections"), "interactive.action.sections")
	case "cta_url":
		d.need(action.At("parameters", "url"), "interactive.action.parameters.url")
	case "carousel":
		d.list(action.Get("cards"), "interactive.action.cards")
	}
	d.action(action, at+".action")
}

// framed reads header, body and footer of a message or of a carousel card.
func (d *decoder) framed(v jsondoc.Value, at string, needBody bool) {
	d.header(v.Get("header"), at+".header")
	if body := v.Get("body"); needBody || !body.None() {
		if d.object(body, at+".body") {
			words := d.text(body.Get("text"), at+".body.text")
			if words == "" && needBody {
				d.bad(at+".body.text", body, ErrMissing)
			}
			d.add(at+".body", words)
		}
	}
	if footer := v.Get("footer"); !footer.None() && d.object(footer, at+".footer") {
		d.add(at+".footer", d.text(footer.Get("text"), at+".footer.text"))
	}
}

func (d *decoder) header(v jsondoc.Value, at string) {
	if v.None() || !d.object(v, at) {
		return
	}
	for key, x := range v.Members() {
		if key == "text" {
			d.add(at, d.text(x, at+".text"))
			continue
		}
		if !noWords(key) {
			d.leaves(x, at+"."+jsondoc.Name(key), noWords)
		}
	}
}

// action reads what stands under action. Everything that is no id and no word
// of an enumeration is text; data for a Flow and values of an address are the
// app's own members, so there everything is.
func (d *decoder) action(v jsondoc.Value, at string) {
	for key, x := range v.Members() {
		place := at + "." + jsondoc.Name(key)
		switch key {
		case "name": // says which action it is
		case "catalog_id", "product_retailer_id", "thumbnail_product_retailer_id":
			d.m.Commerce = d.m.Commerce || !x.None()
		case "buttons":
			for i, b := range x.Elements() {
				if d.object(b, "interactive.action.buttons["+strconv.Itoa(i)+"]") {
					d.button(b, place+"."+strconv.Itoa(i))
				}
			}
		case "cards":
			for i, c := range x.Elements() {
				d.card(c, place+"."+strconv.Itoa(i), i)
			}
		case "parameters":
			if !x.None() {
				d.object(x, at+".parameters")
			}
			for k, p := range x.Members() {
				in := place + "." + jsondoc.Name(k)
				switch k {
				case "flow_action_payload":
					d.leaves(p.Get("data"), in+".data", nil)
				case "values", "saved_addresses", "validation_errors":
					d.leaves(p, in, nil)
				case "thumbnail_product_retailer_id", "product_retailer_id", "catalog_id":
					d.m.Commerce = d.m.Commerce || !p.None()
				default:
					if !noWords(k) {
						d.leaves(p, in, noWords)
					}
				}
			}
		default:
			if !noWords(key) {
				d.leaves(x, place, noWords)
			}
		}
	}
}

func (d *decoder) button(b jsondoc.Value, at string) {
	for key, x := range b.Members() {
		switch {
		case key == "reply":
			d.leaves(x, at, noWords)
		case !noWords(key):
			d.leaves(x, at+"."+jsondoc.Name(key), noWords)
		}
	}
}

func (d *decoder) card(c jsondoc.Value, at string, i int) {
	if !d.object(c, "interactive.action.cards["+strconv.Itoa(i)+"]") {
		return
	}
	if c.Get("type").String() == "product" {
		d.m.Commerce = true
	}
	d.framed(c, at, false)
	d.action(c.Get("action"), at+".action")
}
