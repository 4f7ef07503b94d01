package template

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/policy"
)

var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// Definitions the cases fill. Only the components stand here.
const (
	plainBody   = `[{"type":"BODY","text":"Hi {{1}}, order {{2}} left."},{"type":"FOOTER","text":"Example Shop"}]`
	namedBody   = `[{"type":"BODY","text":"Hi {{first}}, order {{order}} left."}]`
	staticBody  = `[{"type":"HEADER","format":"TEXT","text":"News"},{"type":"BODY","text":"We moved."}]`
	imageHeader = `[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"We moved."}]`
	gifHeader   = `[{"type":"HEADER","format":"GIF"},{"type":"BODY","text":"We moved."}]`
	placeHeader = `[{"type":"HEADER","format":"LOCATION"},{"type":"BODY","text":"We moved."}]`
	textHeader  = `[{"type":"HEADER","format":"TEXT","text":"Order {{1}}"},{"type":"BODY","text":"It left."}]`
	loneBody    = `[{"type":"BODY","text":"Dear {{1}}."}]`
	twoButtons  = `[{"type":"BODY","text":"Sale."},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Stop"},{"type":"URL","text":"Shop","url":"https://shop.example.com/{{1}}"}]}]`
	fixedURL    = `[{"type":"BODY","text":"Sale."},{"type":"BUTTONS","buttons":[{"type":"URL","text":"Shop","url":"https://shop.example.com/"},{"type":"PHONE_NUMBER","text":"Call","phone_number":"+12025550123"}]}]`
	code        = `[{"type":"BODY"},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}]`
	codeRead    = `[{"type":"BODY","text":"*{{1}}* is your verification code."},{"type":"BUTTONS","buttons":[{"type":"URL","text":"Copy","url":"https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"}]}]`
	coupon      = `[{"type":"BODY","text":"Sale."},{"type":"BUTTONS","buttons":[{"type":"COPY_CODE","example":"SALE25"}]}]`
	offer       = `[{"type":"LIMITED_TIME_OFFER","limited_time_offer":{"text":"Soon over","has_expiration":true}},{"type":"BODY","text":"Sale for {{1}}."},{"type":"BUTTONS","buttons":[{"type":"COPY_CODE"},{"type":"URL","text":"Shop","url":"https://shop.example.com/"}]}]`
	library     = `[{"type":"BODY","text":"Pay {{1}} until {{2}}, please."}],"body_param_types":["AMOUNT","DATE"]`
	endless     = `[{"type":"LIMITED_TIME_OFFER","limited_time_offer":{"text":"For you","has_expiration":false}},{"type":"BODY","text":"Sale."},{"type":"BUTTONS","buttons":[{"type":"URL","text":"Shop","url":"https://shop.example.com/"}]}]`
	carousel    = `[{"type":"BODY","text":"Two ideas."},{"type":"CAROUSEL","cards":[
		{"components":[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"A rose for {{1}}"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"More"}]}]},
		{"components":[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"A tulip for {{1}}"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"More"}]}]}]}]`
	goods = `[{"type":"BODY","text":"Goods."},{"type":"CAROUSEL","cards":[
		{"components":[{"type":"HEADER","format":"PRODUCT"},{"type":"BUTTONS","buttons":[{"type":"SPM","text":"View"}]}]},
		{"components":[{"type":"HEADER","format":"PRODUCT"},{"type":"BUTTONS","buttons":[{"type":"SPM","text":"View"}]}]}]}]`
	single  = `[{"type":"HEADER","format":"PRODUCT"},{"type":"BODY","text":"{{1}} is here."},{"type":"BUTTONS","buttons":[{"type":"SPM","text":"View"}]}]`
	many    = `[{"type":"BODY","text":"Goods."},{"type":"BUTTONS","buttons":[{"type":"MPM","text":"View items"}]}]`
	flow    = `[{"type":"BODY","text":"Book."},{"type":"BUTTONS","buttons":[{"type":"FLOW","text":"Book"}]}]`
	voice   = `[{"type":"BODY","text":"Call us."},{"type":"BUTTONS","buttons":[{"type":"VOICE_CALL","text":"Call"}]}]`
	request = `[{"type":"BODY","text":"May we call about {{1}}?"},{"type":"CALL_PERMISSION_REQUEST"}]`
	novelty = `[{"type":"BODY","text":"New."},{"type":"ALBUM"},{"type":"BUTTONS","buttons":[{"type":"HOLOGRAM"}]}]`
)

func text(values ...string) string {
	var all []string
	for _, v := range values {
		all = append(all, fmt.Sprintf(`{"type":"text","text":%q}`, v))
	}
	return strings.Join(all, ",")
}

func component(kind string, values string) string {
	return fmt.Sprintf(`{"type":%q,"parameters":[%s]}`, kind, values)
}

func body(values ...string) string { return component("body", text(values...)) }

func button(sub string, index int, values string) string {
	return fmt.Sprintf(`{"type":"button","sub_type":%q,"index":%d,"parameters":[%s]}`, sub, index, values)
}

func param(kind, raw string) string { return fmt.Sprintf(`{"type":%q,%q:%s}`, kind, kind, raw) }

const image = `{"type":"image","image":{"id":"1"}}`

func card(n int, parts ...string) string {
	return fmt.Sprintf(`{"card_index":%d,"components":[%s]}`, n, strings.Join(parts, ","))
}

func cards(all ...string) string {
	return `{"type":"carousel","cards":[` + strings.Join(all, ",") + `]}`
}

func product() string { return component("header", param("product", `{"product_retailer_id":"1"}`)) }

func sections(n, products int, title string) string {
	var all []string
	for range n {
		items := strings.TrimSuffix(strings.Repeat(`{"product_retailer_id":"1"},`, products), ",")
		all = append(all, fmt.Sprintf(`{"title":%q,"product_items":[%s]}`, title, items))
	}
	return param("action", `{"sections":[`+strings.Join(all, ",")+`]}`)
}

// Times for the end of an offer.
var (
	later  = param("limited_time_offer", fmt.Sprintf(`{"expiration_time_ms":%d}`, now.UnixMilli()+1))
	atOnce = param("limited_time_offer", fmt.Sprintf(`{"expiration_time_ms":%d}`, now.UnixMilli()))
	micros = param("limited_time_offer", fmt.Sprintf(`{"expiration_time_ms":%d}`, now.Add(time.Hour).UnixMicro()))
	secs   = param("limited_time_offer", fmt.Sprintf(`{"expiration_time_ms":%d}`, now.Unix()+3600))
)

type sendCase struct {
	rule policy.ID
	why  string
	def  string
	cat  string // of the template; MARKETING when empty
	send []string
	want []string // rule@place; nil: clear
}

func x(s string, n int) string { return strings.Repeat(s, n) }

var sendCases = []sendCase{
	{"send-param-count", "one value for two placeholders", plainBody, "", []string{body("Asha")}, []string{"send-param-count@template.body"}},
	{"send-param-count", "three values for two placeholders", plainBody, "", []string{body("Asha", "7", "8")}, []string{"send-param-count@template.body"}},
	{"send-param-count", "no body part at all", plainBody, "", nil, []string{"send-param-count@template.body"}},
	{"send-param-count", "as many as there are", plainBody, "", []string{body("Asha", "7")}, nil},
	{"send-param-count", "named, one is missing", namedBody, "", []string{component("body", `{"type":"text","parameter_name":"first","text":"Asha"}`)}, []string{"send-param-count@template.body"}},
	{"send-param-count", "an address takes one value", twoButtons, "", []string{button("url", 1, text("a", "b"))}, []string{"send-param-count@template.button.1"}},
	{"send-param-count", "an address lacks its value", twoButtons, "", nil, []string{"send-param-count@template.button.1"}},
	{"send-param-count", "a coupon button lacks its code", coupon, "", nil, []string{"send-param-count@template.button.0"}},
	{"send-param-count", "a card's body lacks its value", carousel, "", []string{cards(
		card(0, component("header", image), body("Asha")), card(1, component("header", image)))}, []string{"send-param-count@template.card.1.body"}},
	{"send-param-count", "the code is missing from the body", code, "AUTHENTICATION", []string{button("url", 0, text("1234"))}, []string{"send-param-count@template.body"}},
	{"send-param-count", "two images for one header", imageHeader, "", []string{component("header", image+","+image)}, []string{"send-param-count@template.header"}},

	{"send-param-style", "numbers where names are registered", namedBody, "", []string{body("Asha", "7")}, []string{"send-param-style@template.body.1"}},
	{"send-param-style", "names where numbers are registered", plainBody, "", []string{component("body", `{"type":"text","parameter_name":"first","text":"Asha"},{"type":"text","text":"7"}`)}, []string{"send-param-style@template.body.1"}},
	{"send-param-style", "a misspelt name is one cause, not also a missing value", namedBody, "", []string{component("body", `{"type":"text","parameter_name":"first","text":"Asha"},{"type":"text","parameter_name":"ordr","text":"7"}`)}, []string{"send-param-style@template.body.2"}},
	{"send-param-style", "the same name twice", namedBody, "", []string{component("body", `{"type":"text","parameter_name":"first","text":"Asha"},{"type":"text","parameter_name":"first","text":"7"}`)}, []string{"send-param-style@template.body.2"}},
	{"send-param-style", "names may come in any order", namedBody, "", []string{component("body", `{"type":"text","parameter_name":"order","text":"7"},{"type":"text","parameter_name":"first","text":"Asha"}`)}, nil},
	{"send-param-style", "a template with names has a numbered address all the same", `[{"type":"BODY","text":"Hi {{first}}."},{"type":"BUTTONS","buttons":[{"type":"URL","url":"https://shop.example.com/{{1}}"}]}]`, "",
		[]string{component("body", `{"type":"text","parameter_name":"first","text":"Asha"}`), button("url", 0, text("7"))}, nil},

	{"send-param-type", "a video for an image header", imageHeader, "", []string{component("header", `{"type":"video","video":{"id":"1"}}`)}, []string{"send-param-type@template.header"}},
	{"send-param-type", "an image for a text header", textHeader, "", []string{component("header", image)}, []string{"send-param-type@template.header.1"}},
	{"send-param-type", "an image in a body", loneBody, "", []string{component("body", image)}, []string{"send-param-type@template.body.1"}},
	{"send-param-type", "a text for a coupon", coupon, "", []string{button("copy_code", 0, text("SALE"))}, []string{"send-param-type@template.button.0"}},
	{"send-param-type", "a text for a Flow", flow, "", []string{button("flow", 0, text("x"))}, []string{"send-param-type@template.button.0"}},
	{"send-param-type", "a text for a call button", voice, "", []string{button("voice_call", 0, text("x"))}, []string{"send-param-type@template.button.0"}},
	{"send-param-type", "a text for an offer", offer, "", []string{body("Asha"), component("limited_time_offer", text("x")), button("copy_code", 0, param("coupon_code", `"A1"`))}, []string{"send-param-type@template.limited_time_offer"}},
	{"send-param-type", "an amount and a date stand for text", plainBody, "", []string{component("body", param("currency", `{"fallback_value":"$5","code":"USD","amount_1000":5000}`)+","+param("date_time", `{"fallback_value":"3 March"}`))}, nil},
	{"send-param-type", "a GIF header is sent as a video", gifHeader, "", []string{component("header", `{"type":"video","video":{"id":"1"}}`)}, nil},

	{"send-param-unexpected", "a value for a text without placeholders", staticBody, "", []string{body("Asha")}, []string{"send-param-unexpected@template.body"}},
	{"send-param-unexpected", "a value for a fixed header", staticBody, "", []string{component("header", text("x"))}, []string{"send-param-unexpected@template.header"}},
	{"send-param-unexpected", "a header the template does not have", loneBody, "", []string{component("header", image), body("Asha")}, []string{"send-param-unexpected@template.header"}},
	{"send-param-unexpected", "a suffix for a fixed address", fixedURL, "", []string{button("url", 0, text("x"))}, []string{"send-param-unexpected@template.button.0"}},
	{"send-param-unexpected", "a value for a phone button", fixedURL, "", []string{button("phone_number", 1, text("x"))}, []string{"send-param-unexpected@template.button.1"}},
	{"send-param-unexpected", "a button the template does not have", loneBody, "", []string{body("Asha"), button("url", 0, text("x"))}, []string{"send-param-unexpected@template.button.0"}},
	{"send-param-unexpected", "the body filled twice", loneBody, "", []string{body("Asha"), body("Ben")}, []string{"send-param-unexpected@template.body"}},
	{"send-param-unexpected", "a request to call takes nothing", request, "UTILITY", []string{body("order 7"), component("call_permission_request", text("x"))}, []string{"send-param-unexpected@template.call_permission_request"}},
	{"send-param-unexpected", "cards the template does not have", loneBody, "", []string{body("Asha"), cards(card(0))}, []string{"send-param-unexpected@template.carousel"}},
	{"send-param-unexpected", "an offer the template does not have", loneBody, "", []string{body("Asha"), component("limited_time_offer", later)}, []string{"send-param-unexpected@template.limited_time_offer"}},
	{"send-param-unexpected", "parts without values are no parameters", staticBody, "", []string{component("header", ""), component("body", "")}, nil},
	{"send-param-unexpected", "what Meta added since is passed over", novelty, "", []string{component("album", text("x")), button("hologram", 0, text("x"))}, nil},
	{"send-param-unexpected", "a tap target needs no component", staticBody, "", []string{component("tap_target_configuration", param("tap_target_configuration", `[{"url":"https://shop.example.com","title":"x"}]`))}, nil},

	{"send-header-media-required", "the header's image was left out", imageHeader, "", nil, []string{"send-header-media-required@template.header"}},
	{"send-header-media-required", "a product header without product", single, "", []string{body("A lamp")}, []string{"send-header-media-required@template.header"}},
	{"send-header-media-required", "an image without a member of its name", imageHeader, "", []string{component("header", `{"type":"image"}`)}, []string{"send-header-media-required@template.header"}},
	{"send-header-media-required", "an image that is null", imageHeader, "", []string{component("header", param("image", `null`))}, []string{"send-header-media-required@template.header"}},
	{"send-header-media-required", "an image without id and link", imageHeader, "", []string{component("header", param("image", `{}`))}, []string{"send-header-media-required@template.header"}},
	{"send-header-media-required", "an empty link", imageHeader, "", []string{component("header", param("image", `{"link":"","id":null}`))}, []string{"send-header-media-required@template.header"}},
	{"send-header-media-required", "a video without anything for a GIF", gifHeader, "", []string{component("header", param("video", `{}`))}, []string{"send-header-media-required@template.header"}},
	{"send-header-media-required", "a place without coordinates", placeHeader, "", []string{component("header", param("location", `{"name":"Shop"}`))}, []string{"send-header-media-required@template.header"}},
	{"send-header-media-required", "a place with one coordinate", placeHeader, "", []string{component("header", param("location", `{"latitude":51.5}`))}, []string{"send-header-media-required@template.header"}},
	{"send-header-media-required", "a product that is not named", single, "", []string{component("header", param("product", `{}`)), body("A lamp")}, []string{"send-header-media-required@template.header"}},
	{"send-header-media-required", "an image by link", imageHeader, "", []string{component("header", param("image", `{"link":"https://shop.example.com/a.jpg"}`))}, nil},
	{"send-header-media-required", "an id written as a number", imageHeader, "", []string{component("header", param("image", `{"id":7}`))}, nil},
	{"send-header-media-required", "a place on the equator and the meridian, as numbers and as texts", placeHeader, "", []string{component("header", param("location", `{"latitude":0,"longitude":"0"}`))}, nil},
	{"send-header-media-required", "the image is there", imageHeader, "", []string{component("header", image)}, nil},
	{"send-header-media-required", "a format Meta added since", `[{"type":"HEADER","format":"COLLECTION"}]`, "", nil, nil},

	{"send-param-whitespace", "a line break", loneBody, "", []string{body("Asha\nBen")}, []string{"send-param-whitespace@template.body.1"}},
	{"send-param-whitespace", "a tab", loneBody, "", []string{body("Asha\tBen")}, []string{"send-param-whitespace@template.body.1"}},
	{"send-param-whitespace", "five spaces", loneBody, "", []string{body("Asha" + x(" ", 5) + "Ben")}, []string{"send-param-whitespace@template.body.1"}},
	{"send-param-whitespace", "four spaces are allowed, twice too", loneBody, "", []string{body("A" + x(" ", 4) + "B" + x(" ", 4) + "C")}, nil},
	{"send-param-whitespace", "the fallback of a date is printed as it is", loneBody, "", []string{component("body", param("date_time", `{"fallback_value":"3\nMarch"}`))}, []string{"send-param-whitespace@template.body.1"}},

	{"send-param-empty", "an empty value", loneBody, "", []string{body("")}, []string{"send-param-empty@template.body.1"}},
	{"send-param-empty", "only spaces, and many: one cause", loneBody, "", []string{body(x(" ", 9) + "\n")}, []string{"send-param-empty@template.body.1"}},
	{"send-param-empty", "a text parameter without text", loneBody, "", []string{component("body", `{"type":"text"}`)}, []string{"send-param-empty@template.body.1"}},
	{"send-param-empty", "an empty suffix", twoButtons, "", []string{button("url", 1, text(""))}, []string{"send-param-empty@template.button.1"}},
	{"send-param-empty", "an empty payload", twoButtons, "", []string{button("quick_reply", 0, param("payload", `""`)), button("url", 1, text("a"))}, []string{"send-param-empty@template.button.0"}},
	{"send-param-empty", "an empty coupon", coupon, "", []string{button("copy_code", 0, param("coupon_code", `" "`))}, []string{"send-param-empty@template.button.0"}},
	{"send-param-empty", "one character is a value", loneBody, "", []string{body("0")}, nil},

	{"send-rendered-length", "a body over 1,024 characters", plainBody, "", []string{body(x("ä", 1007), "7")}, []string{"send-rendered-length@template.body"}},
	{"send-rendered-length", "a body of just 1,024 characters, in more bytes", plainBody, "", []string{body(x("ä", 1006), "7")}, nil},
	{"send-rendered-length", "a header over 60", textHeader, "", []string{component("header", text(x("x", 55)))}, []string{"send-rendered-length@template.header"}},
	{"send-rendered-length", "a header of 60", textHeader, "", []string{component("header", text(x("x", 54)))}, nil},
	{"send-rendered-length", "a body beside an offer over 600", offer, "", []string{body(x("x", 591)), component("limited_time_offer", later), button("copy_code", 0, param("coupon_code", `"A1"`))}, []string{"send-rendered-length@template.body"}},
	{"send-rendered-length", "the body of a single product over 160", single, "", []string{product(), body(x("x", 152))}, []string{"send-rendered-length@template.body"}},
	{"send-rendered-length", "an address over 2,000", twoButtons, "", []string{button("url", 1, text(x("x", 1976)))}, []string{"send-rendered-length@template.button.1"}},
	{"send-rendered-length", "an address of 2,000", twoButtons, "", []string{button("url", 1, text(x("x", 1975)))}, nil},
	{"send-rendered-length", "a body alone over 1,024 is a warning", loneBody, "", []string{body(x("x", 1019))}, []string{"send-rendered-length@template.body warn"}},
	{"send-rendered-length", "a body alone over 32,768", loneBody, "", []string{body(x("x", 32763))}, []string{"send-rendered-length@template.body"}},
	{"send-rendered-length", "the length of a text that lacks a value is nobody's to judge", plainBody, "", []string{body(x("x", 2000))}, []string{"send-param-count@template.body"}},

	{"send-url-suffix-encoded", "a space", twoButtons, "", []string{button("url", 1, text("a b"))}, []string{"send-url-suffix-encoded@template.button.1"}},
	{"send-url-suffix-encoded", "a colon", twoButtons, "", []string{button("url", 1, text("a:b"))}, []string{"send-url-suffix-encoded@template.button.1"}},
	{"send-url-suffix-encoded", "a letter that is not ASCII", twoButtons, "", []string{button("url", 1, text("caf\u00e9"))}, []string{"send-url-suffix-encoded@template.button.1"}},
	{"send-url-suffix-encoded", "a percent sign that encodes nothing", twoButtons, "", []string{button("url", 1, text("50%"))}, []string{"send-url-suffix-encoded@template.button.1"}},
	{"send-url-suffix-encoded", "encoded", twoButtons, "", []string{button("url", 1, text("a%20b/caf%C3%A9?x=1&y=2#z"))}, nil},

	{"send-button-index", "one button off: not also a missing value", twoButtons, "", []string{button("url", 0, text("a"))}, []string{"send-button-index@template.button.0"}},
	{"send-button-index", "no such button", twoButtons, "", []string{button("url", 2, text("a"))}, []string{"send-button-index@template.button.2"}},
	{"send-button-index", "no index", twoButtons, "", []string{`{"type":"button","sub_type":"url","parameters":[` + text("a") + `]}`}, []string{"send-button-index@template.button.0"}},
	{"send-button-index", "the same index twice", twoButtons, "", []string{button("url", 1, text("a")), button("url", 1, text("b"))}, []string{"send-button-index@template.button.1"}},
	{"send-button-index", "another type at the right index", twoButtons, "", []string{button("flow", 0, param("action", `{}`)), button("url", 1, text("a"))}, []string{"send-button-index@template.button.0"}},
	{"send-button-index", "as registered", twoButtons, "", []string{button("quick_reply", 0, param("payload", `"x"`)), button("URL", 1, text("a"))}, nil},

	{"auth-param-length", "a code of 16 characters, told once", code, "AUTHENTICATION", []string{body(x("1", 16)), button("url", 0, text(x("1", 16)))}, []string{"auth-param-length@template.body.1"}},
	{"auth-param-length", "a code of 15 characters", code, "AUTHENTICATION", []string{body(x("1", 15)), button("url", 0, text(x("1", 15)))}, nil},
	{"auth-param-content", "an address", code, "AUTHENTICATION", []string{body("bit.ly/a1"), button("url", 0, text("bit.ly/a1"))}, []string{"auth-param-content@template.body.1"}},
	{"auth-param-content", "an address in another script", code, "AUTHENTICATION", []string{body("пример.рф"), button("url", 0, text("пример.рф"))}, []string{"auth-param-content@template.body.1"}},
	{"auth-param-content", "www and a single letter", code, "AUTHENTICATION", []string{body("www.x"), button("url", 0, text("www.x"))}, []string{"auth-param-content@template.body.1"}},
	{"auth-param-content", "a dot between digits, or before one letter", code, "AUTHENTICATION", []string{body("12.34 a.b"), button("url", 0, text("12.34 a.b"))}, nil},
	{"auth-param-content", "an emoji", code, "AUTHENTICATION", []string{body("12\u2705"), button("url", 0, text("12\u2705"))}, []string{"auth-param-content@template.body.1"}},
	{"auth-param-content", "an image", code, "AUTHENTICATION", []string{component("body", image), button("url", 0, text("1234"))}, []string{"auth-param-content@template.body.1"}},
	{"auth-param-content", "Meta's own sample code holds a dollar sign", code, "AUTHENTICATION", []string{body("J$FpnYnP"), button("url", 0, text("J$FpnYnP"))}, nil},
	{"auth-param-content", "elsewhere an address is a value like any", loneBody, "UTILITY", []string{body("bit.ly/a1")}, nil},
	{"auth-code-duplicated", "the code stands in the body alone", code, "AUTHENTICATION", []string{body("1234")}, []string{"auth-code-duplicated@template.button.0"}},
	{"auth-code-duplicated", "a button part without the code", code, "AUTHENTICATION", []string{body("1234"), button("url", 0, "")}, []string{"auth-code-duplicated@template.button.0"}},
	{"auth-code-duplicated", "two codes", code, "AUTHENTICATION", []string{body("1234"), button("url", 0, text("4321"))}, []string{"auth-code-duplicated@template.button.0"}},
	{"auth-code-duplicated", "two codes, button read back as an address, category unknown", codeRead, "ALERT_UPDATE", []string{body("1234"), button("url", 0, text("4321"))}, []string{"auth-code-duplicated@template.button.0"}},
	{"auth-code-duplicated", "one code, button read back as an address", codeRead, "AUTHENTICATION", []string{body("1234"), button("url", 0, text("1234"))}, nil},
	{"auth-code-duplicated", "the button's index is what is wrong", code, "AUTHENTICATION", []string{body("1234"), button("url", 1, text("1234"))}, []string{"send-button-index@template.button.1"}},

	{"btn-copy-code-length", "21 characters", coupon, "", []string{button("copy_code", 0, param("coupon_code", `"`+x("A", 21)+`"`))}, []string{"btn-copy-code-length@template.button.0"}},
	{"btn-copy-code-length", "20 characters", coupon, "", []string{button("copy_code", 0, param("coupon_code", `"`+x("A", 20)+`"`))}, nil},
	{"btn-copy-code-length", "16 characters beside an offer", offer, "", []string{body("Asha"), component("limited_time_offer", later), button("copy_code", 0, param("coupon_code", `"`+x("A", 16)+`"`))}, []string{"btn-copy-code-length@template.button.0"}},
	{"btn-copy-code-charset", "a hyphen", coupon, "", []string{button("copy_code", 0, param("coupon_code", `"SALE-25"`))}, []string{"btn-copy-code-charset@template.button.0"}},
	{"btn-copy-code-charset", "a letter that is not ASCII", coupon, "", []string{button("copy_code", 0, param("coupon_code", `"S\u00c4LE"`))}, []string{"btn-copy-code-charset@template.button.0"}},
	{"btn-copy-code-charset", "letters and digits", coupon, "", []string{button("copy_code", 0, param("coupon_code", `"Sale25"`))}, nil},

	{"carousel-send-count", "one card of two", carousel, "", []string{cards(card(0, component("header", image), body("Asha")))}, []string{"carousel-send-count@template.carousel"}},
	{"carousel-send-count", "no cards", carousel, "", nil, []string{"carousel-send-count@template.carousel"}},
	{"carousel-send-count", "the same card twice", carousel, "", []string{cards(card(0, component("header", image), body("Asha")), card(0, component("header", image), body("Asha")))}, []string{"carousel-send-count@template.card.0"}},
	{"carousel-send-count", "a card there is not", carousel, "", []string{cards(card(0, component("header", image), body("Asha")), card(2, component("header", image), body("Asha")))}, []string{"carousel-send-count@template.card.2"}},
	{"carousel-send-count", "both cards", carousel, "", []string{cards(card(1, component("header", image), body("Asha")), card(0, component("header", image), body("Asha"), button("quick_reply", 0, param("payload", `"a"`))))}, nil},
	{"carousel-send-count", "cards without an index count in order", carousel, "", []string{cards(`{"components":[`+component("header", image)+`,`+body("Asha")+`]}`, `{"components":[`+component("header", image)+`,`+body("Asha")+`]}`)}, nil},
	{"carousel-send-count", "products: two are registered, three may be sent", goods, "", []string{cards(card(0, product()), card(1, product()), card(2, product()))}, nil},
	{"carousel-send-count", "products: eleven", goods, "", []string{cards(card(0, product()), card(1, product()), card(2, product()), card(3, product()), card(4, product()), card(5, product()), card(6, product()), card(7, product()), card(8, product()), card(9, product()), card(10, product()))}, []string{"carousel-send-count@template.carousel"}},
	{"carousel-card-body-length", "a card's body over 160", carousel, "", []string{cards(card(0, component("header", image), body(x("x", 150))), card(1, component("header", image), body("Asha")))}, []string{"carousel-card-body-length@template.card.0.body"}},
	{"carousel-card-body-length", "a card's body of 160", carousel, "", []string{cards(card(0, component("header", image), body(x("x", 149))), card(1, component("header", image), body("Asha")))}, nil},

	{"lto-expiry", "no end", offer, "", []string{body("Asha"), button("copy_code", 0, param("coupon_code", `"A1"`))}, []string{"lto-expiry@template.limited_time_offer"}},
	{"lto-expiry", "ends at this very instant", offer, "", []string{body("Asha"), component("limited_time_offer", atOnce), button("copy_code", 0, param("coupon_code", `"A1"`))}, []string{"lto-expiry@template.limited_time_offer"}},
	{"lto-expiry", "in seconds", offer, "", []string{body("Asha"), component("limited_time_offer", secs), button("copy_code", 0, param("coupon_code", `"A1"`))}, []string{"lto-expiry@template.limited_time_offer"}},
	{"lto-expiry", "in microseconds", offer, "", []string{body("Asha"), component("limited_time_offer", micros), button("copy_code", 0, param("coupon_code", `"A1"`))}, []string{"lto-expiry@template.limited_time_offer"}},
	{"lto-expiry", "no number", offer, "", []string{body("Asha"), component("limited_time_offer", param("limited_time_offer", `{"expiration_time_ms":"soon"}`)), button("copy_code", 0, param("coupon_code", `"A1"`))}, []string{"lto-expiry@template.limited_time_offer"}},
	{"lto-expiry", "a millisecond is left", offer, "", []string{body("Asha"), component("limited_time_offer", later), button("copy_code", 0, param("coupon_code", `"A1"`))}, nil},
	{"lto-expiry", "an offer that has no end", endless, "", nil, nil},

	{"lto-url-required", "no url button", `[{"type":"LIMITED_TIME_OFFER","limited_time_offer":{"text":"For you","has_expiration":false}},{"type":"BODY","text":"Sale."}]`, "", nil, []string{"lto-url-required@template.button.0"}},
	{"lto-url-required", "the url button before the code", `[{"type":"LIMITED_TIME_OFFER","limited_time_offer":{"text":"For you","has_expiration":false}},{"type":"BODY","text":"Sale."},{"type":"BUTTONS","buttons":[{"type":"URL","text":"Shop","url":"https://shop.example.com/"},{"type":"COPY_CODE"}]}]`, "", []string{button("copy_code", 1, param("coupon_code", `"A1"`))}, []string{"lto-url-required@template.button.0"}},
	{"lto-url-required", "the url filled where the code is", `[{"type":"LIMITED_TIME_OFFER","limited_time_offer":{"text":"For you","has_expiration":false}},{"type":"BODY","text":"Sale."},{"type":"BUTTONS","buttons":[{"type":"COPY_CODE"},{"type":"URL","text":"Shop","url":"https://shop.example.com/{{1}}"}]}]`, "", []string{button("url", 0, text("a"))}, []string{"lto-url-required@template.button.0"}},
	{"lto-url-required", "the url button alone", endless, "", nil, nil},

	{"send-library-param-type", "words for an amount", library, "UTILITY", []string{body("a lot", "5 May")}, []string{"send-library-param-type@template.body.1"}},
	{"send-library-param-type", "a blank amount is a blank value", library, "UTILITY", []string{body(" ", "5 May")}, []string{"send-param-empty@template.body.1"}},
	{"send-library-param-type", "as declared", library, "UTILITY", []string{body("$12.50", "5 May")}, nil},

	{"mpm-sections", "none", many, "", nil, []string{"mpm-sections@template.button.0"}},
	{"mpm-sections", "an action without sections", many, "", []string{button("mpm", 0, param("action", `{"thumbnail_product_retailer_id":"1"}`))}, []string{"mpm-sections@template.button.0"}},
	{"mpm-sections", "eleven sections", many, "", []string{button("mpm", 0, sections(11, 1, "x"))}, []string{"mpm-sections@template.button.0"}},
	{"mpm-sections", "31 products", many, "", []string{button("mpm", 0, sections(1, 31, "x"))}, []string{"mpm-sections@template.button.0"}},
	{"mpm-sections", "no products", many, "", []string{button("mpm", 0, sections(1, 0, "x"))}, []string{"mpm-sections@template.button.0"}},
	{"mpm-sections", "a title of 25 characters", many, "", []string{button("mpm", 0, sections(1, 1, x("x", 25)))}, []string{"mpm-sections@template.button.0"}},
	{"mpm-sections", "ten sections, 30 products, titles of 24", many, "", []string{button("mpm", 0, sections(10, 3, x("x", 24)))}, nil},

	{"voice-call-ttl", "zero", voice, "", []string{button("voice_call", 0, param("ttl_minutes", `0`))}, []string{"voice-call-ttl@template.button.0"}},
	{"voice-call-ttl", "over thirty days", voice, "", []string{button("voice_call", 0, param("ttl_minutes", `43201`))}, []string{"voice-call-ttl@template.button.0"}},
	{"voice-call-ttl", "thirty days, as a string", voice, "", []string{button("voice_call", 0, param("ttl_minutes", `"43200"`))}, nil},
	{"voice-call-payload", "513 characters", voice, "", []string{button("voice_call", 0, param("payload", `"`+x("x", 513)+`"`))}, []string{"voice-call-payload@template.button.0"}},
	{"voice-call-payload", "512 characters", voice, "", []string{button("voice_call", 0, param("payload", `"`+x("x", 512)+`"`))}, nil},
}

func define(t testing.TB, components, cat string) *Definition {
	t.Helper()
	if cat == "" {
		cat = "MARKETING"
	}
	return parse(t, fmt.Appendf(nil, `{"name":"t","language":"en","status":"APPROVED","category":%q,"components":%s}`, cat, components)) // a case may bring further members after its components
}

func send(t testing.TB, parts ...string) *Filled {
	t.Helper()
	return fill(t, []byte(`{"name":"t","language":{"code":"en"},"components":[`+strings.Join(parts, ",")+`]}`))
}

func TestCheck(t *testing.T) {
	for _, c := range sendCases {
		t.Run(string(c.rule)+"/"+c.why, func(t *testing.T) {
			var got []string
			for _, p := range Check(define(t, c.def, c.cat), send(t, c.send...), now) {
				found := string(p.Rule) + "@" + p.Where
				if p.Severity != 0 {
					found += " " + p.Severity.String()
				}
				got = append(got, found)
				require.NotEmpty(t, p.Why)
				require.NotEmpty(t, p.Fix)
				require.NotContains(t, p.Why, "Asha", "a problem never carries the words")
			}
			require.Equal(t, c.want, got)
		})
	}
}

// TestEveryRuleHasCases keeps the cases complete: each rule has one that breaks
// it and one that is in its scope and clear.
func TestEveryRuleHasCases(t *testing.T) {
	breaks, clears := map[policy.ID]bool{}, map[policy.ID]bool{}
	for _, c := range sendCases {
		if c.want == nil {
			clears[c.rule] = true
		}
		for _, w := range c.want {
			id, _, _ := strings.Cut(w, "@")
			breaks[policy.ID(id)] = true
		}
	}
	elsewhere := []policy.ID{"template-approved", "life-category-pending", "life-quality-low",
		"header-media-size", "header-gif-marketing-api"} // TestCheckStatus, TestCheckLifecycle, TestCheckMedia
	seen := map[policy.ID]bool{}
	for id := range Rules() {
		require.False(t, seen[id], "%s stands twice in the table", id)
		seen[id] = true
		if !slices.Contains(elsewhere, id) {
			require.True(t, breaks[id], "no case breaks %s", id)
			require.True(t, clears[id], "no case is clear of %s", id)
		}
	}
	for id := range breaks {
		require.True(t, seen[id], "%s is not among Rules", id)
	}
}

func TestCheckMedia(t *testing.T) {
	const mb = 1 << 20
	header := func(format string) string {
		return `[{"type":"HEADER","format":"` + format + `"},{"type":"BODY","text":"Hi."}]`
	}
	shows := func(typ, what string) string {
		return component("header", `{"type":"`+typ+`","`+typ+`":{`+what+`}}`)
	}
	id, link := `"id":"7"`, `"link":"https://shop.example.com/a.jpg"`
	for _, c := range []struct {
		why, def, send string
		known          []Media
		marketing      bool
		want           []string
	}{
		{"nothing is known", header("IMAGE"), shows("image", id), nil, false, nil},
		{"another file is known", header("IMAGE"), shows("image", id), []Media{{ID: "8", Bytes: 90 * mb}}, false, nil},
		{"five megabytes of either sort", header("IMAGE"), shows("image", id), []Media{{ID: "7", Bytes: 5e6}}, false, nil},
		{"more than five of one sort", header("IMAGE"), shows("image", id), []Media{{ID: "7", Bytes: 5e6 + 1}}, false, []string{"header-media-size@template.header warn"}},
		{"more than five of both", header("IMAGE"), shows("image", id), []Media{{ID: "7", Bytes: 5*mb + 1}}, false, []string{"header-media-size@template.header"}},
		{"a video of sixteen", header("VIDEO"), shows("video", id), []Media{{ID: "7", Bytes: 16e6, Type: "video/mp4"}}, false, nil},
		{"a document of a hundred and one", header("DOCUMENT"), shows("document", id), []Media{{ID: "7", Bytes: 101 * mb}}, false, []string{"header-media-size@template.header"}},
		{"by link", header("IMAGE"), shows("image", link), []Media{{Link: "https://shop.example.com/a.jpg", Bytes: 6 * mb}}, false, []string{"header-media-size@template.header"}},
		{"another type", header("IMAGE"), shows("image", id), []Media{{ID: "7", Type: "image/webp"}}, false, []string{"send-param-type@template.header"}},
		{"the type with a parameter", header("VIDEO"), shows("video", id), []Media{{ID: "7", Type: "video/MP4; codecs=avc1"}}, false, nil},
		{"the ending of a link", header("VIDEO"), shows("video", `"link":"https://shop.example.com/a.MOV#t=1"`), nil, false, []string{"send-param-type@template.header warn"}},
		{"the type beats the ending", header("VIDEO"), shows("video", `"link":"https://shop.example.com/a.mov"`), []Media{{Link: "https://shop.example.com/a.mov", Type: "video/mp4"}}, false, nil},
		{"a GIF elsewhere", header("GIF"), shows("gif", id), nil, false, []string{"header-gif-marketing-api@template.header"}},
		{"a GIF where it belongs", header("GIF"), shows("gif", id), []Media{{ID: "7", Bytes: 3e6}}, true, nil},
		{"a GIF that is too large for one", header("GIF"), shows("gif", id), []Media{{ID: "7", Bytes: 4e6}}, true, []string{"header-gif-marketing-api@template.header"}},
		{"in a card", `[{"type":"BODY","text":"Hi."},{"type":"CAROUSEL","cards":[{"components":[{"type":"HEADER","format":"IMAGE"}]},{"components":[{"type":"HEADER","format":"IMAGE"}]}]}]`,
			`{"type":"carousel","cards":[{"card_index":1,"components":[` + shows("image", id) + `]}]}`, []Media{{ID: "7", Bytes: 6 * mb}}, false, []string{"header-media-size@template.card.1.header"}},
	} {
		f := send(t, c.send)
		var got []string
		for _, p := range CheckMedia(define(t, c.def, ""), f, c.known, c.marketing) {
			found := string(p.Rule) + "@" + p.Where
			if p.Severity != 0 {
				found += " " + p.Severity.String()
			}
			got = append(got, found)
		}
		require.Equal(t, c.want, got, c.why)
		require.Len(t, Files(f), 1, c.why)
	}
}

func TestEmojis(t *testing.T) {
	for s, c := range map[string]struct {
		want int
		why  string
	}{
		"✅🎉◾":        {3, "shown as pictures by themselves"},
		"✓★♪☐➔✗❖":    {0, "plain characters that stand among them"},
		"▶️↗️ℹ️™️©️": {5, "plain characters that the mark makes pictures"},
		"▶↗ℹ™©":      {0, "the same without it"},
		"✅️":         {1, "a picture with the mark all the same"},
		"1️⃣2⃣":      {2, "key caps, with and without the picture form"},
		"☝🏽👍🏽":       {2, "a skin tone belongs to the hand, and makes a plain one a picture"},
		"👩‍❤️‍👨":     {1, "a picture of three, joined"},
		"🇩🇪🇫🇷":       {2, "two letters are a flag"},
		"\ufe0f":     {0, "a mark behind nothing"},
	} {
		require.Equal(t, c.want, emojis(s), c.why)
	}
}

func TestCheckSpans(t *testing.T) {
	cases := []struct {
		why, def, cat, value, want string
	}{
		{"the run of spaces", loneBody, "", "Asha      Ben", "      "},
		{"the tab", loneBody, "", "é\tBen", "\t"},
		{"the address", code, "AUTHENTICATION", "go bit.ly/a1", "bit.ly"},
		{"the emoji", code, "AUTHENTICATION", "é😀", "😀"},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) {
			parts := []string{body(c.value)}
			if c.cat == "AUTHENTICATION" {
				parts = append(parts, button("url", 0, text(c.value)))
			}
			got := Check(define(t, c.def, c.cat), send(t, parts...), now)
			require.Len(t, got, 1)
			require.Equal(t, c.want, c.value[got[0].Span.Start:got[0].Span.End])
		})
	}
}

func TestCheckSeveral(t *testing.T) {
	d := define(t, `[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Hi {{1}}, {{2}}"},{"type":"BUTTONS","buttons":[{"type":"URL","url":"https://shop.example.com/{{1}}"}]}]`, "")
	var got []string
	for _, p := range Check(d, send(t, body("a\nb", "c\nd"), button("url", 0, text("a b"))), now) {
		got = append(got, string(p.Rule)+"@"+p.Where)
	}
	require.Equal(t, []string{
		"send-header-media-required@template.header",
		"send-param-whitespace@template.body.1",
		"send-param-whitespace@template.body.2",
		"send-url-suffix-encoded@template.button.0",
	}, got, "every cause at its own place")
}

func TestCheckAllocatesNothingWhenClean(t *testing.T) {
	d, f := pair(t, "marketing_read", "marketing")
	require.Empty(t, Check(d, f, now))
	require.Zero(t, testing.AllocsPerRun(100, func() { Check(d, f, now) }))

	d, f = define(t, imageHeader, ""), send(t, component("header", image))
	require.Empty(t, Check(d, f, now))
	require.Zero(t, testing.AllocsPerRun(100, func() { Check(d, f, now) }), "the media's id is read from raw JSON")
}

func TestCheckStatus(t *testing.T) {
	cases := []struct {
		status Status
		why    string // a word of the reason, "" when it can be sent
		fix    string
	}{
		{"APPROVED", "", ""},
		{"approved", "", ""},
		{"", "nobody has told", "Graph API"},
		{"PENDING", "reviewing", "wait"},
		{"REJECTED", "rejected", "appeal"},
		{"PAUSED", "paused", "unpause"},
		{"DISABLED", "disabled", "review"},
		{"IN_APPEAL", "under appeal", "wait"},
		{"PENDING_DELETION", "being deleted", "30 days"},
		{"DELETED", "deleted", "30 days"},
		{"ARCHIVED", "archived", "28 days"},
		{"LIMIT_EXCEEDED", "at its limit", "delete"},
		{"SOMETHING_NEW", "none that can be sent", "approved"},
	}
	for _, c := range cases {
		t.Run(string(c.status), func(t *testing.T) {
			p := CheckStatus(&Definition{Status: c.status})
			if c.why == "" {
				require.Nil(t, p)
				return
			}
			require.NotNil(t, p)
			require.EqualValues(t, "template-approved", p.Rule)
			require.Equal(t, "template", p.Where)
			require.Contains(t, p.Why, c.why)
			require.Contains(t, p.Fix, c.fix)
		})
	}
	require.Contains(t, CheckStatus(&Definition{Status: Rejected, Reason: "INVALID_FORMAT"}).Why, "(reason INVALID_FORMAT)")
	require.NotContains(t, CheckStatus(&Definition{Status: Rejected, Reason: "call +44 7700 900123"}).Why, "44", "only a plain word is repeated")
}

func TestCheckLifecycle(t *testing.T) {
	at := now
	cases := []struct {
		why  string
		d    Definition
		want []policy.ID
	}{
		{"nothing is coming", Definition{Category: category.Utility, Quality: "GREEN"}, nil},
		{"a change is announced", Definition{Category: category.Utility, Next: category.Marketing, NextAt: at.Add(time.Second)}, []policy.ID{"life-category-pending"}},
		{"it is in effect", Definition{Category: category.Utility, Next: category.Marketing, NextAt: at}, nil},
		{"announced without an instant", Definition{Category: category.Utility, Next: category.Marketing}, []policy.ID{"life-category-pending"}},
		{"announced is what it is", Definition{Category: category.Utility, Next: category.Utility}, nil},
		{"yellow", Definition{Quality: "YELLOW"}, []policy.ID{"life-quality-low"}},
		{"red, and a change", Definition{Quality: "red", Next: category.Marketing}, []policy.ID{"life-category-pending", "life-quality-low"}},
		{"flagged", Definition{Flagged: true}, []policy.ID{"life-quality-low"}},
		{"new", Definition{Quality: "UNKNOWN"}, nil},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) {
			var got []policy.ID
			for _, p := range CheckLifecycle(&c.d, at) {
				got = append(got, p.Rule)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestKinds(t *testing.T) {
	require.True(t, NeedsCallPermission(define(t, request, "UTILITY")))
	require.False(t, NeedsCallPermission(define(t, voice, "")), "a call button asks for nothing")
	for why, c := range map[string]struct {
		d    *Definition
		want bool
	}{
		"many products":      {define(t, many, ""), true},
		"a single product":   {define(t, single, ""), true},
		"a product carousel": {define(t, goods, ""), true},
		"a catalog":          {define(t, `[{"type":"BUTTONS","buttons":[{"type":"CATALOG"}]}]`, ""), true},
		"order details":      {parse(t, []byte(`{"display_format":"order_details"}`)), true},
		"order status":       {parse(t, []byte(`{"sub_category":"ORDER_STATUS"}`)), false},
		"a coupon":           {define(t, coupon, ""), false},
	} {
		require.Equal(t, c.want, c.d.Commerce(), why)
	}
}
