package template

import (
	"iter"
	"time"

	"github.com/waguard/waguard/compliance/policy"
)

// longCoupons is when coupon codes grew from 15 to 20 characters (changelog).
var longCoupons = time.Date(2025, 12, 3, 0, 0, 0, 0, time.UTC)

// Limits of Meta's components page and send reference (2026 editions), in
// characters, which are counted as code points: Meta says "characters" and does
// not say which.
const (
	maxHeader   = 60
	maxBody     = 1024
	maxLoneBody = 32768 // of a template whose only component is the body: changelog of 2022-10-06, not restated since
	maxOffer    = 600   // body beside a limited-time offer
	maxCard     = 160   // body of a card, and of a single-product template
	maxFooter   = 60
	maxURL      = 2000
	maxCoupon   = 20 // since 2025-12-03; 15 before, and still 15 beside a limited-time offer
	maxOfferTag = 15
	maxCode     = 15  // each value of an authentication template
	maxSpaces   = 4   // in a row, within a value
	maxPayload  = 512 // of a voice call button

	maxSections = 10
	maxProducts = 30
	maxSection  = 24 // title

	minTTL, maxTTL     = 1, 43200 // minutes a voice call button works
	minCards, maxCards = 2, 10
)

// rule is a row of the table below.
type rule uint8

const (
	paramCount rule = iota
	paramStyle
	paramType
	paramUnexpected
	headerMedia
	paramWhitespace
	paramEmpty
	renderedLength
	suffixEncoded
	buttonIndex
	authLength
	authContent
	authDuplicated
	copyLength
	copyCharset
	carouselCount
	carouselBody
	offerExpiry
	mpmSections
	voiceTTL
	voicePayload
	offerURL
	libraryType
	mediaSize
	gifElsewhere
	approved
	categoryPending
	qualityLow
)

// table is every rule this package answers for, and what to do when it is
// broken. Why it is broken depends on the case and stands where it is found.
var table = [...]struct {
	ID  policy.ID
	Fix string
}{
	paramCount:      {"send-param-count", "give one value for every placeholder of the registered text"},
	paramStyle:      {"send-param-style", "give parameter_name exactly as registered for a template with named parameters, and none for one with numbered parameters"},
	paramType:       {"send-param-type", "send a parameter of the type the template was registered with"},
	paramUnexpected: {"send-param-unexpected", "leave out the parameters of parts that are registered without any"},
	headerMedia:     {"send-header-media-required", "send the header's image, video, document, location or product with every message"},
	paramWhitespace: {"send-param-whitespace", "put the value on one line, with no tab and at most four spaces in a row"},
	paramEmpty:      {"send-param-empty", "give a value, or use a template without this placeholder"},
	renderedLength:  {"send-rendered-length", "shorten the values"},
	suffixEncoded:   {"send-url-suffix-encoded", "percent-encode the value, for example with url.QueryEscape or url.PathEscape"},
	buttonIndex:     {"send-button-index", "give index and sub_type as the button is registered, counting from zero"},
	authLength:      {"auth-param-length", "send the code alone, in at most 15 characters"},
	authContent:     {"auth-param-content", "send the code alone"},
	authDuplicated:  {"auth-code-duplicated", "send the same code as body parameter and as text of the url button"},
	copyLength:      {"btn-copy-code-length", "use a shorter code"},
	copyCharset:     {"btn-copy-code-charset", "use letters A to Z and digits only"},
	carouselCount:   {"carousel-send-count", "send one card for every registered card, each card_index once"},
	carouselBody:    {"carousel-card-body-length", "shorten the card's values"},
	offerExpiry:     {"lto-expiry", "send expiration_time_ms: the end of the offer in milliseconds since 1970, later than now"},
	mpmSections:     {"mpm-sections", "send one to ten sections with at most 30 products in all, each title at most 24 characters"},
	voiceTTL:        {"voice-call-ttl", "give ttl_minutes from 1 to 43200"},
	voicePayload:    {"voice-call-payload", "shorten the payload to 512 characters"},
	offerURL:        {"lto-url-required", "fill the url button at index 1 beside a copy-code button and at index 0 without one; register the offer anew where it has no url button there"},
	libraryType:     {"send-library-param-type", "write the value as its kind: an amount as a number with its currency, a date as a date, a number in digits alone"},
	mediaSize:       {"header-media-size", "shrink the file: pictures to 5 MB, videos to 16 MB, documents to 100 MB"},
	gifElsewhere:    {"header-gif-marketing-api", "send it over the marketing_messages endpoint as an MP4 of at most 3.5 MB, or use a video header"},
	approved:        {"template-approved", ""}, // depends on the status
	categoryPending: {"life-category-pending", "plan for the announced category: its price, its consent and its limits"},
	qualityLow:      {"life-quality-low", "send it less, to people who asked for it, or reword it before Meta pauses it"},
}

// Rules lists the ids [Check], [CheckMedia], [CheckStatus] and [CheckLifecycle]
// answer for.
func Rules() iter.Seq[policy.ID] {
	return func(yield func(policy.ID) bool) {
		for i := range table {
			if !yield(table[i].ID) {
				return
			}
		}
	}
}

// A Problem is one rule that is broken. It names the place, never the words.
type Problem struct {
	Rule policy.ID

	// Where is "template" or a part of it: template.body, template.body.2 (the
	// second value, counted from one like {{2}}), template.button.0 and
	// template.card.0 (counted from zero like index and card_index),
	// template.card.0.body.1.
	Where string

	// Span is the bytes meant of the value at Where; zero: all of it, or no
	// value.
	Span policy.Span

	// Severity is set where the case weighs less than the rule; zero: the
	// rule's own.
	Severity policy.Severity

	Why string

	// Prevents is what happens otherwise: Meta's error code, or a few words;
	// empty where Meta says neither.
	Prevents string

	Fix string
}
