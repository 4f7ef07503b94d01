package wire

import (
	"strconv"

	"github.com/waguard/waguard/internal/jsondoc"
)

// leaves keeps every string in a value, with the path that leads to it. It is
// how new fields of Meta's are read before anybody has heard of them: what is
// not known to be no text counts as text.
func (d *decoder) leaves(v jsondoc.Value, place string, skip func(key string) bool) {
	switch v.Kind() {
	case jsondoc.String:
		d.add(place, v.String())
	case jsondoc.Object:
		for key, x := range v.Members() {
			if skip == nil || !skip(key) {
				d.leaves(x, place+"."+jsondoc.Name(key), skip)
			}
		}
	case jsondoc.Array:
		for i, x := range v.Elements() {
			d.leaves(x, place+"."+strconv.Itoa(i), skip)
		}
	}
}

// contacts: a card shows names, organisation, addresses and links. Numbers and
// e-mail addresses on it are what it is for, and are not words.
func (d *decoder) contacts(cards jsondoc.Value) {
	for i, c := range cards.Elements() {
		place := "contacts." + strconv.Itoa(i)
		if !d.object(c, "contacts["+strconv.Itoa(i)+"]") {
			return
		}
		name := c.Get("name")
		if d.object(name, "contacts["+strconv.Itoa(i)+"].name") {
			d.leaves(name, place+".name", nil)
		}
		d.leaves(c.Get("org"), place+".org", nil)
		d.leaves(c.Get("addresses"), place+".addresses", sortOfCard)
		d.leaves(c.Get("urls"), place+".urls", sortOfCard)
	}
}

func sortOfCard(key string) bool { return key == "type" || key == "country_code" }

// components keeps what of a template's values nobody sees rendered: media
// links, and the strings of parameters that the template package does not
// read. What a person reads of the others comes out of template.Render.
func (d *decoder) components(parts jsondoc.Value, place string) {
	for i, c := range parts.Elements() {
		at := place + "." + strconv.Itoa(i)
		switch c.Get("sub_type").String() {
		case "catalog", "mpm", "spm", "order_details", "order_status",
			"CATALOG", "MPM", "SPM", "ORDER_DETAILS", "ORDER_STATUS":
			d.m.Commerce = true
		}
		for j, p := range c.Get("parameters").Elements() {
			d.parameter(p, at+".parameters."+strconv.Itoa(j))
		}
		for j, card := range c.Get("cards").Elements() {
			d.components(card.Get("components"), at+".cards."+strconv.Itoa(j)+".components")
		}
	}
}

func (d *decoder) parameter(p jsondoc.Value, place string) {
	t := p.Get("type").String()
	v := p.Get(t)
	place += "." + jsondoc.Name(t)
	switch t {
	case "text", "payload", "coupon_code", "currency", "date_time", "location",
		"tap_target_configuration", "ttl_minutes", "limited_time_offer":
	case "image", "video", "gif", "document":
		d.add(place+".link", v.Get("link").String())
	case "product":
		d.m.Commerce = true
	case "action":
		for key, x := range v.Members() {
			switch key {
			case "flow_action_data": // rendered
			case "sections", "thumbnail_product_retailer_id", "product_retailer_id", "catalog_id":
				d.m.Commerce = true
			case "order_details", "order_status":
				d.m.Commerce = true
				d.leaves(x, place+"."+key, noWords)
			default:
				d.leaves(x, place+"."+jsondoc.Name(key), noWords)
			}
		}
	default:
		d.leaves(v, place, noWords)
	}
}

// noWords names the members whose strings are ids, words of an enumeration or
// codes, and are not shown.
func noWords(key string) bool {
	switch key {
	case "type", "id", "status", "mode", "currency", "country",
		"flow_id", "flow_name", "flow_token", "flow_message_version", "flow_action",
		"catalog_id", "product_retailer_id", "retailer_id", "thumbnail_product_retailer_id",
		"reference_id", "payment_type", "payment_configuration", "country_of_origin",
		"code", "key", "key_type", "digitable_line", "payload", "screen", "link":
		return true
	}
	return false
}
