package template

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

// formats checks what components mean for each other and for the category.
func (c *linting) formats() {
	c.styles()
	d := c.d
	var offer, carousel, request int = -1, -1, -1
	var buttons *Component
	at := -1
	for i := range d.Components {
		switch k := &d.Components[i]; {
		case is(k.Type, "LIMITED_TIME_OFFER"):
			offer = i
		case is(k.Type, "CAROUSEL"):
			carousel = i
		case is(k.Type, "CALL_PERMISSION_REQUEST"):
			request = i
		case is(k.Type, "BUTTONS") && buttons == nil:
			buttons, at = k, i
		}
	}
	other := d.Category == category.Utility || d.Category == category.Authentication
	if offer >= 0 {
		if other {
			c.tell(ltoCategory, root.component(offer), policy.Span{}, "a limited-time offer stands in a template of category "+d.Category.String())
		}
		c.besideOffer(buttons, at, offer)
	}
	if carousel >= 0 && other {
		c.tell(carouselCategory, root.component(carousel), policy.Span{}, "a carousel stands in a template of category "+d.Category.String())
	}
	if request >= 0 && (buttons != nil || carousel >= 0 || offer >= 0) {
		c.tell(callPermissionExclusive, root.component(request), policy.Span{}, "a call permission request stands beside another interactive component")
	}
	if c.auth && (buttons == nil || !hasOTP(buttons)) {
		where := root.at("components")
		if at >= 0 {
			where = root.component(at)
		}
		c.tell(authOtpButtonRequired, where, policy.Span{}, "the template has no one-time code button")
	}
	if d.Category == category.Utility {
		c.marketingComponent()
	}
}

func hasOTP(k *Component) bool {
	for i := range k.Buttons {
		if k.Buttons[i].OTP() {
			return true
		}
	}
	return false
}

// marketingComponent finds what only a marketing template may have.
func (c *linting) marketingComponent() {
	tell := func(at spot, what string) {
		c.tell(catMarketingComponent, at, policy.Span{}, what+" stands in a utility template")
	}
	for i := range c.d.Components {
		k, at := &c.d.Components[i], root.component(i)
		switch {
		case is(k.Type, "CAROUSEL"):
			tell(at, "a carousel")
		case is(k.Type, "LIMITED_TIME_OFFER"):
			tell(at, "a limited-time offer")
		case is(k.Type, "HEADER") && is(k.Format, "PRODUCT"):
			tell(at.at("format"), "a product")
		}
		for j := range k.Buttons {
			switch b := &k.Buttons[j]; {
			case is(b.Type, "CATALOG"):
				tell(at.ofButton(j).at("type"), "a catalogue button")
			case is(b.Type, "MPM"), is(b.Type, "SPM"):
				tell(at.ofButton(j).at("type"), "a product button")
			}
		}
	}
}

func (c *linting) offerText(k *Component, at spot) {
	var offer struct {
		Text string `json:"text"`
	}
	at = at.at("limited_time_offer.text")
	if raw := k.Extra["limited_time_offer"]; len(raw) > 0 && raw[0] == '{' {
		_ = json.Unmarshal(raw, &offer) // a text of another type is no text
	}
	if strings.TrimSpace(offer.Text) == "" {
		c.tell(ltoTextLength, at, policy.Span{}, "the offer has no text")
		return
	}
	c.length(ltoTextLength, offer.Text, maxOfferText, "the offer's text", at)
}

// besideOffer checks header and buttons of a limited-time offer.
func (c *linting) besideOffer(buttons *Component, at, offer int) {
	for i := range c.d.Components {
		if k := &c.d.Components[i]; is(k.Type, "HEADER") && !is(k.Format, "IMAGE") && !is(k.Format, "VIDEO") {
			c.tell(ltoHeaderFormat, root.component(i).at("format"), policy.Span{}, "the header beside an offer is no picture and no video")
		}
	}
	link, code := -1, -1
	if buttons != nil {
		for i := range buttons.Buttons {
			switch b := &buttons.Buttons[i]; {
			case is(b.Type, "URL") && link < 0:
				link = i
			case is(b.Type, "COPY_CODE") && code < 0:
				code = i
			}
		}
	}
	switch want := code + 1; {
	case link < 0:
		where := root.component(offer)
		if buttons != nil {
			where = root.component(at)
		}
		c.tell(ltoUrlRequired, where, policy.Span{}, "the offer has no link button")
	case code > 0:
		c.tell(ltoUrlRequired, root.component(at).ofButton(code), policy.Span{}, "the copy-code button does not come first")
	case link != want:
		c.tell(ltoUrlRequired, root.component(at).ofButton(link), policy.Span{}, fmt.Sprintf("the link button stands at index %d, and belongs at %d", link, want))
	}
}

func (c *linting) carousel(k *Component, at spot) {
	n := len(k.Cards)
	if n < minCards || n > maxCards {
		c.tell(carouselCardCount, at.at("cards"), policy.Span{}, fmt.Sprintf("the carousel has %s, and %d to %d are allowed", counted(n, "card"), minCards, maxCards))
	}
	for i := range k.Cards {
		card, here := &k.Cards[i], at.ofCard(i)
		c.components(card.Components, here)
		if find(card.Components, "HEADER") == nil {
			c.tell(headerFormatValid, here, policy.Span{}, "a card has a picture, a video or a product as its header, and this one has none")
		}
		c.cardButtons(card.Components, here)
		if i > 0 {
			if why := unlike(k.Cards[0].Components, card.Components); why != "" {
				c.tell(carouselUniform, here, policy.Span{}, why)
			}
		}
	}
}

func (c *linting) cardButtons(all []Component, at spot) {
	n, odd := 0, ""
	goods := false
	for i := range all {
		goods = goods || is(all[i].Type, "HEADER") && is(all[i].Format, "PRODUCT")
		for j := range all[i].Buttons {
			b := &all[i].Buttons[j]
			n++
			if !is(b.Type, "QUICK_REPLY") && !is(b.Type, "URL") && !is(b.Type, "PHONE_NUMBER") && !is(b.Type, "SPM") {
				odd = "a card has a button that is no quick reply, link or phone"
			}
		}
	}
	switch {
	case n == 0 || n > maxCardButtons:
		c.tell(carouselCardButtons, at, policy.Span{}, "the card has "+counted(n, "button")+", and one or two are right")
	case odd != "":
		c.tell(carouselCardButtons, at, policy.Span{}, odd)
	case !goods && hasButton(all, "SPM"):
		c.tell(carouselCardButtons, at, policy.Span{}, "the card has a product button and no product")
	}
}

// unlike tells in what two cards differ, and "" when they are built alike.
func unlike(a, b []Component) string {
	if len(a) != len(b) {
		return "the card has other components than the first"
	}
	for i := range a {
		other := find(b, a[i].Type)
		switch {
		case other == nil:
			return "the card has other components than the first"
		case is(a[i].Type, "BODY") && (strings.TrimSpace(a[i].Text) == "") != (strings.TrimSpace(other.Text) == ""):
			return "one card has a body and another none"
		case !is(a[i].Format, other.Format):
			return "the card's header has another format than the first card's"
		case len(a[i].Buttons) != len(other.Buttons):
			return "the card has another number of buttons than the first"
		}
		for j := range a[i].Buttons {
			if !is(a[i].Buttons[j].Type, other.Buttons[j].Type) {
				return "the card's buttons are of other types than the first card's"
			}
		}
	}
	return ""
}
