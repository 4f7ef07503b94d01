package wire

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
	"github.com/waguard/waguard/template"
)

// Infobip is its WhatsApp API, POST /whatsapp/1/message/{type}, and its Messages
// API for all channels, POST /messages-api/1/messages (Infobip, API reference,
// read 2026-11; infobip-api-go-client v3.2.0 has only the second).
func Infobip() Provider {
	const messages = "/whatsapp/1/message/"
	return Provider{Name: "infobip", Hosts: []string{"api.infobip.com", "*.api.infobip.com"}, Answer: answerInfobip, Refusal: refuseInfobip,
		Route: func(method, path string) (Route, bool) {
			if method != http.MethodPost {
				return Route{}, false
			}
			if len(path) > len(messages) && strings.EqualFold(path[:len(messages)], messages) {
				kind := strings.ToLower(path[len(messages):])
				return Route{Name: shownKind(kind), Decode: InfobipBody(kind), Type: typeJSON}, true
			}
			if _, ok := segments(path, "/messages-api/1/messages"); ok {
				return Route{Name: "messages-api", Decode: InfobipMessages, Type: typeJSON}, true
			}
			if _, ok := segments(path, "/messages-api/1/events"); ok {
				return Route{Name: "events", Decode: infobipEvents, Type: typeJSON}, true
			}
			if _, ok := segments(path, "/whatsapp/1/senders/*/message/*/read"); ok {
				return Route{Name: "read"}, true
			}
			return Route{}, false
		}}
}

// infobipKinds are the endpoints of the WhatsApp API, with the wire type Meta
// has for what they send.
var infobipKinds = map[string]string{
	"text": "text", "image": "image", "document": "document", "video": "video", "audio": "audio", "sticker": "sticker",
	"location": "location", "contact": "contacts", "template": "template",
	"interactive/buttons": "interactive/button", "interactive/list": "interactive/list",
	"interactive/product": "interactive/product", "interactive/multi-product": "interactive/product_list",
	"interactive/flow": "interactive/flow", "interactive/location-request": "interactive/location_request_message",
	"interactive/url-button": "interactive/cta_url", "interactive/voice-button": "interactive/voice_call",
	"interactive/call-permission-request": "interactive/call_permission_request",
	"interactive/media-carousel":          "interactive/carousel",
	"interactive/order-details":           "interactive/order_details", "interactive/order-status": "interactive/order_status",
}

func shownKind(kind string) string {
	if _, ok := infobipKinds[kind]; ok {
		return kind
	}
	return "message"
}

// InfobipBody reads the body of one endpoint of Infobip's WhatsApp API, named as
// in its path: "text", "interactive/buttons", "template". A template call goes
// to several people, and gives a Message for each. Faults are as with
// [CloudAPI]; a kind nobody has heard of is malformed. What asks to leave later,
// at a set time, within the hours of a delivery window or slowly, is held, since
// what is true now need not be true then.
func InfobipBody(kind string) Decoder {
	return func(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error) {
		root, err := parse(body)
		if err != nil {
			return nil, err
		}
		one := func(v jsondoc.Value, at string) []compliance.Message {
			d := decoder{m: &compliance.Message{From: line}, at: at}
			if d.object(v, "") {
				d.later(v)
				d.infobip(v, kind)
			}
			return d.finish(opts)
		}
		if kind != "template" {
			return one(root, ""), nil
		}
		return several(root, line, opts, one), nil
	}
}

// several reads the messages of a call, or says in one that there are none.
func several(root jsondoc.Value, line party.Line, opts []Option, one func(v jsondoc.Value, at string) []compliance.Message) (all []compliance.Message) {
	d := decoder{m: &compliance.Message{From: line}}
	list := root.Get("messages")
	switch {
	case !d.object(root, ""), !d.list(list, "messages"):
	case list.Len() > maxMessages:
		d.bad("messages", list, errTooMany)
	default:
		for i, v := range list.Elements() {
			all = append(all, one(v, "messages."+strconv.Itoa(i)+".")...)
		}
		if len(all) == 0 || !d.later(root) && !d.slowed(root, list) {
			return all // what is for other channels may leave when it likes
		}
	}
	return d.finish(opts)
}

// later holds what is to leave at another time than now: at a set one, or when the
// hours of a delivery window are next open. It is told for the whole call or for one
// message, and where Infobip's APIs for other channels have it is read here too.
// Whose clock the hours of a window are by is not said, so not even one that is
// open now is known to be.
func (d *decoder) later(v jsondoc.Value) bool {
	for _, at := range [...]struct {
		v     jsondoc.Value
		field string
	}{{v.At("options", "schedule"), "options.schedule."}, {v.Get("schedule"), "schedule."}, {v.Get("options"), "options."}, {v, ""}} {
		for _, key := range [...]string{"sendAt", "deliveryTimeWindow"} {
			if x := at.v.Get(key); !empty(x) {
				d.bad(at.field+key, x, errLater)
				return true
			}
		}
	}
	return false
}

// slowed holds a call whose last message would leave more than a minute after it
// was judged, by the speed it asks for.
func (d *decoder) slowed(root, list jsondoc.Value) bool {
	const field = "options.schedule.sendingSpeedLimit"
	limit := root.At("options", "schedule", "sendingSpeedLimit")
	if limit.None() {
		return false
	}
	minutes := map[string]int64{"": 1, "MINUTE": 1, "HOUR": 60, "DAY": 24 * 60}[limit.Get("timeUnit").String()]
	amount, ok := limit.Get("amount").Int()
	if !ok || amount <= 0 || minutes == 0 {
		d.bad(field, limit, fmt.Errorf("%w: want an amount and a unit of time", ErrType))
		return true
	}
	n := int64(0)
	for _, m := range list.Elements() {
		n += int64(max(1, m.Get("destinations").Len()))
	}
	if n*minutes > amount {
		d.bad(field, limit, errLater)
		return true
	}
	return false
}

func (d *decoder) infobip(v jsondoc.Value, kind string) {
	m := d.m
	m.Kind = compliance.Freeform
	if to := d.need(v.Get("to"), "to"); to != "" {
		m.To.Phone = d.digits(to, v.Get("to"), "to")
	}
	d.from(v.Get("from"), "from")
	m.Reply = d.text(v.At("context", "messageId"), "context.messageId")
	m.Type = infobipKinds[kind]
	c := v.Get("content")
	if !d.object(c, "content") {
		return
	}
	needs := ""
	switch kind {
	case "template":
		m.Kind = compliance.Template
		d.infobipTemplate(c)
		return
	case "text":
		needs = "text"
	case "image", "document", "video", "audio", "sticker":
		needs = "mediaUrl"
	case "location", "interactive/call-permission-request":
	case "contact":
		if cards := c.Get("contacts"); d.list(cards, "content.contacts") {
			for i, card := range cards.Elements() {
				for key, x := range card.Members() {
					if key == "name" || key == "org" || key == "addresses" || key == "urls" {
						d.leaves(x, "content.contacts."+strconv.Itoa(i)+"."+key, sortOfInfobipCard)
					}
				}
			}
		}
		return
	case "interactive/product", "interactive/multi-product", "interactive/order-details", "interactive/order-status":
		m.Commerce = true
	case "interactive/buttons", "interactive/list", "interactive/flow", "interactive/location-request",
		"interactive/url-button", "interactive/voice-button", "interactive/media-carousel":
		if d.object(c.Get("body"), "content.body") {
			d.need(c.At("body", "text"), "content.body.text")
		}
	default:
		m.Type = ""
		d.bad("the kind of the path", v, ErrUnknown)
	}
	m.CallRequest = kind == "interactive/call-permission-request"
	if needs != "" {
		d.need(c.Get(needs), "content."+needs)
	}
	if !c.At("action", "catalogId").None() {
		m.Commerce = true
	}
	d.leaves(c, "content", infobipSilent)
	d.leaves(c.At("action", "flowActionPayload", "data"), "content.action.flowActionPayload.data", nil)
	// the address of a button is read, that of media is not shown
	if u := c.At("action", "url"); u.Kind() == jsondoc.String {
		d.add("content.action.url", u.String())
	}
	for i, card := range c.At("action", "cards").Elements() {
		for _, key := range [...]string{"action", "button"} {
			d.add("content.action.cards."+strconv.Itoa(i)+"."+key+".url", card.At(key, "url").String())
		}
	}
}

func sortOfInfobipCard(key string) bool { return key == "type" || key == "countryCode" }

// infobipSilent names the members nobody is shown, and those that are read on
// their own.
func infobipSilent(key string) bool {
	switch key {
	case "type", "id", "mediaUrl", "thumbnailUrl", "imageUrl", "url", "catalogId", "productRetailerId", "productRetailerIds",
		"productId", "productIds", "retailerId", "flowId", "flowToken", "flowActionPayload", "flowMessageVersion", "flowAction", "token", "mode", "screen",
		"latitude", "longitude", "referenceId", "currency", "currencyCode", "countryCode", "country", "orderStatus", "status",
		"key", "keyType", "pixDynamicCode", "postbackData", "payload", "paymentLink", "identifier":
		return true
	}
	return false
}

// infobipTemplate: the values by component. A header or button of a kind
// nobody knows holds the message.
func (d *decoder) infobipTemplate(c jsondoc.Value) {
	f := &d.m.Template
	d.m.Type = "template"
	f.Name, f.Language = d.need(c.Get("templateName"), "content.templateName"), template.Language(d.need(c.Get("language"), "content.language"))
	d.m.Locale = locale(f.Language)
	data := c.Get("templateData")
	if !d.object(data, "content.templateData") {
		return
	}
	const at = "content.templateData"
	f.Parts = d.infobipParts(data, at)
	if cards := data.At("carousel", "cards"); !cards.None() && d.list(cards, at+".carousel.cards") {
		p := template.Part{Type: "carousel", Index: -1}
		for i, card := range cards.Elements() {
			p.Cards = append(p.Cards, template.FilledCard{Index: i, Parts: d.infobipParts(card, at+".carousel.cards["+strconv.Itoa(i)+"]")})
		}
		f.Parts = append(f.Parts, p)
	}
}

func (d *decoder) infobipParts(data jsondoc.Value, at string) (parts []template.Part) {
	if h := data.Get("header"); !h.None() && d.object(h, at+".header") {
		if v, ok := d.infobipHeader(h, at+".header"); ok {
			parts = append(parts, template.Part{Type: "header", Index: -1, Values: []template.Value{v}})
		}
	}
	body := data.Get("body")
	if marks := body.Get("placeholders"); !marks.None() {
		p := template.Part{Type: "body", Index: -1}
		switch marks.Kind() {
		case jsondoc.Array:
			for i, v := range marks.Elements() {
				p.Values = append(p.Values, template.Value{Type: "text", Text: d.text(v, at+".body.placeholders["+strconv.Itoa(i)+"]")})
			}
		case jsondoc.Object: // named ones
			for name, v := range marks.Members() {
				p.Values = append(p.Values, template.Value{Type: "text", Name: name, Text: d.text(v, at+".body.placeholders."+jsondoc.Name(name))})
			}
		default:
			d.bad(at+".body.placeholders", marks, fmt.Errorf("%w: want an array", ErrType))
		}
		parts = append(parts, p)
	}
	for i, b := range data.Get("buttons").Elements() {
		field := at + ".buttons[" + strconv.Itoa(i) + "]"
		p := template.Part{Type: "button", Index: i}
		v := template.Value{Type: "text", Text: d.text(b.Get("parameter"), field+".parameter")}
		switch t := d.need(b.Get("type"), field+".type"); t {
		case "QUICK_REPLY":
			p.Sub, v.Type = "quick_reply", "payload"
		case "URL":
			p.Sub = "url"
		case "COPY_CODE":
			p.Sub, v.Type = "copy_code", "coupon_code"
		case "CATALOG", "MULTI_PRODUCT":
			p.Sub, d.m.Commerce = "catalog", true
			if t == "MULTI_PRODUCT" {
				p.Sub = "mpm"
			}
			v = template.Value{Type: "action", Text: titles(b), Raw: append([]byte(nil), b.Raw()...)}
		case "FLOW":
			p.Sub = "flow"
			v = template.Value{Type: "action", Raw: append([]byte(nil), b.Raw()...)}
			d.leaves(b, "content.templateData.buttons."+strconv.Itoa(i), infobipSilent)
		case "":
		default:
			d.bad(field+".type", b, ErrUnknown)
		}
		p.Values = []template.Value{v}
		parts = append(parts, p)
	}
	return parts
}

// titles are the words a product button shows.
func titles(b jsondoc.Value) string {
	var words []string
	for _, s := range b.Get("sections").Elements() {
		if t := s.Get("title").String(); t != "" {
			words = append(words, t)
		}
	}
	return strings.Join(words, "\n")
}

func (d *decoder) infobipHeader(h jsondoc.Value, at string) (v template.Value, ok bool) {
	t := strings.ToLower(d.need(h.Get("type"), at+".type"))
	switch t {
	case "":
		return v, false
	case "text":
		return template.Value{Type: t, Text: d.text(h.Get("placeholder"), at+".placeholder")}, true
	case "image", "video", "document":
		v = template.Value{Type: t, Link: d.text(h.Get("mediaUrl"), at+".mediaUrl"), Text: d.text(h.Get("filename"), at+".filename")}
		if v.Link == "" {
			v.Link = d.text(h.Get("url"), at+".url")
		}
	case "location":
		v = template.Value{Type: t, Text: strings.Trim(d.text(h.Get("name"), at+".name")+"\n"+d.text(h.Get("address"), at+".address"), "\n")}
	default:
		d.bad(at+".type", h, ErrUnknown)
		return v, false
	}
	v.Raw = append([]byte(nil), h.Raw()...)
	return v, true
}

// InfobipMessages reads the body of Infobip's Messages API: for every message
// and every destination on WhatsApp one Message. Those for other channels are
// passed over, and a call with nothing else is [ErrChannel]; failover may come
// back to WhatsApp in forms of its own, so a message with one is held, and so is
// what asks to leave later.
func InfobipMessages(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	all := several(root, line, opts, func(v jsondoc.Value, at string) (ms []compliance.Message) {
		d := decoder{m: &compliance.Message{From: line}, at: at}
		if !d.object(v, "") {
			return d.finish(opts)
		}
		if f := v.Get("failover"); f.Len() > 0 {
			d.bad("failover", f, errors.New("may send what is not read here"))
			return d.finish(opts)
		}
		channel := d.need(v.Get("channel"), "channel")
		to := v.Get("destinations")
		if channel == "" || !d.list(to, "destinations") {
			return d.finish(opts)
		}
		d.later(v)
		d.unified(v)
		for i, dest := range to.Elements() {
			field := "destinations[" + strconv.Itoa(i) + "]"
			for _, x := range reach(dest, channel) {
				m, e := *d.m, decoder{at: at, fault: d.fault}
				e.m, m.Texts = &m, slices.Clip(m.Texts)
				if number := e.need(x, field+".to"); number != "" {
					m.To.Phone = e.digits(number, x, field+".to")
				}
				ms = append(ms, e.finish(opts)...)
			}
		}
		return ms
	})
	if all == nil {
		return nil, &Error{Field: "channel", Line: 1, Err: ErrChannel}
	}
	return all, nil
}

// reach are the numbers a destination has on WhatsApp: its own when that is
// the channel of the message, and those under byChannel. Which of them is taken
// where both stand is not documented, so both are judged. Channels are compared
// in either case, so that no spelling of WhatsApp counts as another one.
func reach(dest jsondoc.Value, channel string) (all []jsondoc.Value) {
	by, to := dest.Get("byChannel"), dest.Get("to")
	for _, c := range by.Elements() {
		if strings.EqualFold(c.Get("channel").String(), "WHATSAPP") {
			all = append(all, c.Get("to"))
		}
	}
	if strings.EqualFold(channel, "WHATSAPP") && (by.None() || !to.None()) {
		all = append(all, to)
	}
	return all
}

// unifiedTypes are the bodies of the Messages API that WhatsApp has.
var unifiedTypes = map[string]string{"TEXT": "text", "IMAGE": "image", "VIDEO": "video", "DOCUMENT": "document", "STICKER": "sticker",
	"LOCATION": "location", "CONTACT": "contacts", "LIST": "interactive/list", "CAROUSEL": "interactive/carousel",
	"PRODUCT": "interactive/product_list", "FLOW": "interactive/flow", "ORDER_REQUEST": "interactive/order_details",
	"ORDER_STATUS": "interactive/order_status", "RICH_LINK": "rich_link", "MIXED": "mixed"}

// unified reads one message of the Messages API, without its destinations.
func (d *decoder) unified(v jsondoc.Value) {
	m := d.m
	m.Kind = compliance.Freeform
	d.from(v.Get("sender"), "sender")
	c := v.Get("content")
	if t := v.Get("template"); !t.None() {
		m.Kind, m.Type = compliance.Template, "template"
		if d.object(t, "template") {
			m.Template.Name, m.Template.Language = d.need(t.Get("templateName"), "template.templateName"), template.Language(d.need(t.Get("language"), "template.language"))
			m.Locale = locale(m.Template.Language)
		}
		if !c.None() && d.object(c, "content") {
			m.Template.Parts = d.unifiedParts(c)
		}
		return
	}
	if !d.object(c, "content") || !d.object(c.Get("body"), "content.body") {
		return
	}
	t := d.need(c.At("body", "type"), "content.body.type")
	known := false
	if m.Type, known = unifiedTypes[t]; !known && t != "" {
		d.bad("content.body.type", c.At("body", "type"), ErrUnknown)
	}
	switch t {
	case "TEXT":
		d.need(c.At("body", "text"), "content.body.text")
	case "PRODUCT", "ORDER_REQUEST", "ORDER_STATUS":
		m.Commerce = true
	case "RICH_LINK": // redirectUrl is read as any other member
		d.add("content.body.url", c.At("body", "url").String())
	}
	d.leaves(c, "content", infobipSilent)
	d.leaves(c.At("body", "action", "payload", "data"), "content.body.action.payload.data", nil)
	buttons := c.Get("buttons")
	if buttons.Len() > 0 && (m.Type == "text" || m.Type == "image" || m.Type == "video" || m.Type == "document") {
		m.Type = "interactive/button"
	}
	for i, b := range buttons.Elements() {
		switch b.Get("type").String() {
		case "OPEN_URL":
			m.Type = "interactive/cta_url"
		case "REQUEST_LOCATION":
			m.Type = "interactive/location_request_message"
		}
		d.add("content.buttons."+strconv.Itoa(i)+".url", b.Get("url").String())
	}
	for i, card := range c.At("body", "cards").Elements() {
		for j, b := range card.Get("buttons").Elements() {
			d.add("content.body.cards."+strconv.Itoa(i)+".buttons."+strconv.Itoa(j)+".url", b.Get("url").String())
		}
	}
}

// unifiedParts: placeholders are members with a number for a name.
func (d *decoder) unifiedParts(c jsondoc.Value) (parts []template.Part) {
	part := func(v jsondoc.Value, name, at string) {
		if v.None() || !d.object(v, at) {
			return
		}
		p := template.Part{Type: name, Index: -1}
		switch t := d.need(v.Get("type"), at+".type"); t {
		case "TEXT", "":
			for key, x := range v.Members() {
				if key == "type" {
					continue
				}
				val := template.Value{Type: "text", Name: key, Text: d.text(x, at+"."+jsondoc.Name(key))}
				if counted(key) {
					val.Name = ""
				}
				p.Values = append(p.Values, val)
			}
		case "CAROUSEL":
			p.Type = "carousel"
			for i, card := range v.Get("cards").Elements() {
				p.Cards = append(p.Cards, template.FilledCard{Index: i, Parts: d.unifiedCard(card, at+".cards["+strconv.Itoa(i)+"]")})
			}
		default:
			if h, ok := d.infobipHeader(v, at); ok {
				p.Values = []template.Value{h}
			}
		}
		parts = append(parts, p)
	}
	part(c.Get("header"), "header", "content.header")
	part(c.Get("body"), "body", "content.body")
	return append(parts, d.unifiedButtons(c.Get("buttons"), "content.buttons")...)
}

func (d *decoder) unifiedCard(card jsondoc.Value, at string) (parts []template.Part) {
	if h := card.Get("header"); !h.None() && d.object(h, at+".header") {
		if v, ok := d.infobipHeader(h, at+".header"); ok {
			parts = append(parts, template.Part{Type: "header", Index: -1, Values: []template.Value{v}})
		}
	}
	p := template.Part{Type: "body", Index: -1}
	for key, x := range card.Get("body").Members() {
		v := template.Value{Type: "text", Name: key, Text: d.text(x, at+".body."+jsondoc.Name(key))}
		if counted(key) {
			v.Name = ""
		}
		p.Values = append(p.Values, v)
	}
	if p.Values != nil {
		parts = append(parts, p)
	}
	return append(parts, d.unifiedButtons(card.Get("buttons"), at+".buttons")...)
}

func (d *decoder) unifiedButtons(buttons jsondoc.Value, at string) (parts []template.Part) {
	for i, b := range buttons.Elements() {
		p := template.Part{Type: "button", Index: i}
		var v template.Value
		switch t := d.need(b.Get("type"), at+"["+strconv.Itoa(i)+"].type"); t {
		case "QUICK_REPLY":
			p.Sub, v = "quick_reply", template.Value{Type: "payload", Text: b.Get("postbackData").String()}
		case "OPEN_URL":
			p.Sub, v = "url", template.Value{Type: "text", Text: b.Get("suffix").String()}
		case "COPY_CODE":
			p.Sub, v = "copy_code", template.Value{Type: "coupon_code", Text: b.Get("code").String()}
		case "CATALOG", "MULTI_PRODUCT":
			p.Sub, d.m.Commerce = "catalog", true
			if t == "MULTI_PRODUCT" {
				p.Sub = "mpm"
			}
			v = template.Value{Type: "action", Text: titles(b), Raw: append([]byte(nil), b.Raw()...)}
		case "FLOW":
			p.Sub, v = "flow", template.Value{Type: "action", Raw: append([]byte(nil), b.Raw()...)}
			d.leaves(b, at+"."+strconv.Itoa(i), infobipSilent)
		case "PHONE_NUMBER", "":
			continue // registered with the template, and without a value
		default:
			d.bad(at+"["+strconv.Itoa(i)+"].type", b, ErrUnknown)
		}
		p.Values = []template.Value{v}
		parts = append(parts, p)
	}
	return parts
}

// infobipEvents: the Messages API takes typing indicators as events.
func infobipEvents(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	m := compliance.Message{From: line, Kind: compliance.Pass, Type: "typing_indicator"}
	d := decoder{m: &m}
	if events := root.Get("events"); d.list(events, "events") {
		for i, e := range events.Elements() {
			field := "events[" + strconv.Itoa(i) + "].event"
			if s := d.need(e.Get("event"), field); s != "" && s != "TYPING_STARTED" && s != "TYPING_STOPPED" {
				m.Kind = 0
				d.bad(field, e, ErrUnknown)
			}
		}
	}
	return d.finish(opts), nil
}

// answerInfobip reads both APIs' answers. A message whose status is of the
// groups undeliverable, expired or rejected (2, 4, 5) was not sent, whatever the
// HTTP status says.
func answerInfobip(status int, body []byte) compliance.Ack {
	a := compliance.Ack{HTTP: status, Provider: "infobip"}
	root, err := parse(body)
	if err != nil {
		return a
	}
	read := func(i int, v jsondoc.Value) {
		id := v.Get("messageId").String()
		if i == 0 {
			a.Message = id
		} else if id != "" {
			a.Others = append(a.Others, id)
		}
		s := v.Get("status")
		if group, ok := s.Get("groupId").Int(); ok && (group == 2 || group == 4 || group == 5) {
			if code, ok := s.Get("id").Int(); ok {
				a.Codes = append(a.Codes, int(code))
			}
			said(&a, s.Get("description"))
		}
	}
	said(&a, root.At("requestError", "serviceException", "text"), root.Get("description"))
	if list := root.Get("messages"); !list.None() {
		for i, v := range list.Elements() {
			read(i, v)
		}
	} else {
		read(0, root)
	}
	return a
}

// refuseInfobip has the members of both APIs' errors: the WhatsApp API's
// requestError, and beside it those of the Messages API.
func refuseInfobip(code int, id, why string) []byte {
	return encode(map[string]any{
		"requestError": map[string]any{"serviceException": map[string]any{"messageId": "FORBIDDEN", "text": why, "code": code}},
		"errorCode":    "E" + itoa(code), "description": why, "action": "decision " + id, "violations": []any{}, "resources": []any{}})
}
