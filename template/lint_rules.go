package template

import (
	"fmt"
	"iter"

	"github.com/waguard/waguard/compliance/policy"
)

// LintSeverity is how much a problem of a definition weighs. The zero value is
// none.
type LintSeverity uint8

const (
	_           LintSeverity = iota
	LintAdvice               // would be better otherwise
	LintWarning              // likely rejection, another price or trouble in delivery
	LintError                // Meta refuses it
)

var lintSeverities = [...]string{LintAdvice: "advice", LintWarning: "warning", LintError: "error"}

// String returns error, warning or advice.
func (s LintSeverity) String() string {
	if s > 0 && int(s) < len(lintSeverities) {
		return lintSeverities[s]
	}
	return fmt.Sprintf("LintSeverity(%d)", uint8(s))
}

// MarshalText writes the severity as its word.
func (s LintSeverity) MarshalText() ([]byte, error) {
	if s == 0 || int(s) >= len(lintSeverities) {
		return nil, fmt.Errorf("template: no severity %d", uint8(s))
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads error, warning or advice.
func (s *LintSeverity) UnmarshalText(b []byte) error {
	for i, w := range lintSeverities {
		if w != "" && w == string(b) {
			*s = LintSeverity(i)
			return nil
		}
	}
	return fmt.Errorf("template: unknown severity %q (error, warning or advice)", b)
}

// A LintRule is one demand on a definition. The rule book has the same rules,
// with their dates and sources, in phase create.
type LintRule struct {
	ID       policy.ID
	Severity LintSeverity
	Prevents string // what happens otherwise: Meta's error code, or a few words
	Title    string // what is demanded
	Why      string
	Fix      string
}

// LintRules lists the rules a [Linter] answers for.
func LintRules() iter.Seq[LintRule] {
	return func(yield func(LintRule) bool) {
		for _, r := range lintTable {
			if !yield(r) {
				return
			}
		}
	}
}

// Limits of Meta's pages for what is registered, beside those in rules.go.
const (
	maxName        = 512
	maxShortBody   = 550 // providers' number; Meta prints none
	maxEmoji       = 10  // likewise
	maxLines       = 5
	maxBreaks      = 2
	maxButtons     = 10
	maxLinks       = 2
	maxLabel       = 25
	fewOnDesktop   = 3
	maxNumber      = 20 // characters of a phone number
	maxOfferText   = 16
	minWords       = 3 // per placeholder: senders' number; Meta prints none
	minLife        = 1 // minutes a code works
	maxLife        = 90
	ownLife        = 10 // minutes when nothing is said
	maxApps        = 5
	maxPackage     = 224
	hashLength     = 11
	maxCardButtons = 2
	nameLock       = 30 // days
)

// lintRule is a row of the table below.
type lintRule uint8

const (
	tplNameCharset lintRule = iota
	tplNameLength
	tplNameLanguageUnique
	tplNameLockedAfterDelete
	tplLanguageSupported
	tplLanguageMatchesText
	tplCategoryValid
	tplCategoryLegacy
	tplAllowCategoryChangeRemoved
	tplParameterFormatValid
	tplParameterFormatMixed
	tplComponentDuplicate
	tplBodyRequired
	tplComponentUnknown
	varBracesBalanced
	varTokenCharset
	varNamedCharset
	varNamedUnique
	varPositionalFromOne
	varPositionalSequential
	varLeading
	varTrailing
	varAdjacent
	varDensity
	varOnlyBody
	varExampleMissing
	varExampleShape
	varHeaderMax
	varFooterForbidden
	varExampleRealistic
	headerTextLength
	headerTextPlain
	headerFormatValid
	headerMediaHandleMissing
	headerGifMarketingApi
	bodyLengthMax
	bodyLength550
	bodyEmojiMax
	bodyBlankLines
	bodyDuplicate
	bodyDoubleSpace
	bodyFold
	footerLength
	footerLtoForbidden
	btnTotalMax
	btnQuickReplyMax
	btnUrlMax
	btnPhoneMax
	btnCopyCodeMax
	btnGrouping
	btnLabelLength
	btnLabelRequired
	btnLabelCharset
	btnLabelDuplicate
	btnDesktopVisibility
	btnUrlLength
	btnUrlVariableEnd
	btnUrlScheme
	btnUrlWhatsappLink
	btnUrlShortener
	btnPhoneLength
	btnPhoneLeadingZero
	btnCopyCodeLength
	btnCopyCodeCategory
	btnOtpCategory
	btnExclusiveCatalogMpm
	btnFlowSource
	authNoCustomText
	authOtpButtonRequired
	authCodeExpirationRange
	authSupportedAppsCount
	authPackageName
	authSignatureHash
	authZeroTapTerms
	authContentElsewhere
	authTtlVsExpiry
	ttlRange
	ltoCategory
	ltoTextLength
	ltoBodyLength
	ltoHeaderFormat
	ltoUrlRequired
	carouselCategory
	carouselCardCount
	carouselUniform
	carouselCardBodyLength
	carouselCardButtons
	callPermissionExclusive
	locationHeaderCategory
	catUtilityPromotional
	catUtilityUnspecific
	catMixedContent
	catSurveyGeneric
	catRetargeting
	catMarketingComponent
	catMarketingOptout
	polSensitiveIdentifier
	polThreat
	polScam
	polCommerce
)

// lintTable is every rule the linter answers for.
var lintTable = [...]LintRule{
	tplNameCharset:                {"tpl-name-charset", LintError, "100", "A template's name is lower-case letters, digits and underscores", "Meta refuses names with any other character.", "Write the name in a to z, 0 to 9 and underscore."},
	tplNameLength:                 {"tpl-name-length", LintError, "100", "A template's name has 1 to 512 characters", "Meta refuses a template without a name or with a longer one.", "Give a name of at most 512 characters."},
	tplNameLanguageUnique:         {"tpl-name-language-unique", LintError, "100/2388024", "One template for each name and language in an account", "The account already has a template of this name in this language, and Meta takes no second one.", "Choose another name, or edit the template that is there."},
	tplNameLockedAfterDelete:      {"tpl-name-locked-after-delete", LintError, "create failure", "The name of a deleted approved template rests for 30 days", "An approved template of this name was deleted less than 30 days ago; until then Meta takes no new one by that name.", "Choose another name, or wait out the 30 days."},
	tplLanguageSupported:          {"tpl-language-supported", LintError, "100, 132001", "The language is one Meta supports, in underscore form", "Meta knows a fixed list of language codes, in one spelling; another is refused, and no send would find it.", "Use a code of the list, such as en_US or pt_BR."},
	tplLanguageMatchesText:        {"tpl-language-matches-text", LintWarning, "rejection", "The words are in the language the template is registered in", "Reviewers reject templates whose text is in another language than the one they were submitted under.", "Register the text under its own language, or translate it."},
	tplCategoryValid:              {"tpl-category-valid", LintError, "100", "The category is MARKETING, UTILITY or AUTHENTICATION", "Meta takes no template without one of its three categories.", "Set category to MARKETING, UTILITY or AUTHENTICATION."},
	tplCategoryLegacy:             {"tpl-category-legacy", LintError, "100", "No category from before the three of today", "The old categories ended with version 14 of the Graph API.", "Choose UTILITY for what belongs to a transaction or request, MARKETING for the rest."},
	tplAllowCategoryChangeRemoved: {"tpl-allow-category-change-removed", LintWarning, "silent no-op", "allow_category_change is no longer sent", "Since April 2025 the member does nothing: a utility template judged promotional is approved as marketing either way.", "Remove allow_category_change and read the category from Meta's answer."},
	tplParameterFormatValid:       {"tpl-parameter-format-valid", LintError, "100", "parameter_format is NAMED or POSITIONAL", "Meta knows two styles of placeholders.", "Set parameter_format to NAMED or POSITIONAL, or leave it out for numbered placeholders."},
	tplParameterFormatMixed:       {"tpl-parameter-format-mixed", LintError, "INVALID_FORMAT", "One style of placeholders in a template", "A template has numbered placeholders or named ones, as parameter_format says; it cannot have both.", "Number all placeholders, or name them all and set parameter_format to NAMED."},
	tplComponentDuplicate:         {"tpl-component-duplicate", LintError, "100", "At most one header, body, footer and list of buttons", "Meta takes each of these once.", "Merge the components or drop one."},
	tplBodyRequired:               {"tpl-body-required", LintError, "100", "A template has a body", "Every template has exactly one body, with text unless it is an authentication template.", "Add a BODY component with text."},
	tplComponentUnknown:           {"tpl-component-unknown", LintWarning, "100", "Components and buttons are of types Meta lists", "The type is none of those Meta documents, so the template is likely to be refused.", "Check the spelling of the type."},
	varBracesBalanced:             {"var-braces-balanced", LintError, "INVALID_FORMAT", "A placeholder stands in two braces on each side", "Meta rejects templates with braces that do not pair up or placeholders that name nothing.", "Write placeholders as {{1}} or {{first_name}}."},
	varTokenCharset:               {"var-token-charset", LintError, "INVALID_FORMAT", "No space, #, $ or % inside a placeholder", "Meta rejects placeholders that hold such characters.", "Write the number or name alone between the braces."},
	varNamedCharset:               {"var-named-charset", LintError, "100", "Named placeholders are lower-case letters and underscores", "Meta takes names of lower-case letters and underscores; digits it does not mention.", "Use lower-case letters and underscores, as in {{order_id}}."},
	varNamedUnique:                {"var-named-unique", LintError, "100", "Each named placeholder stands once", "Meta refuses a text that has two placeholders of one name.", "Give each placeholder a name of its own."},
	varPositionalFromOne:          {"var-positional-from-one", LintError, "INVALID_FORMAT", "Numbered placeholders begin at {{1}}", "Meta rejects texts whose first placeholder is not {{1}}.", "Number the placeholders from 1."},
	varPositionalSequential:       {"var-positional-sequential", LintError, "INVALID_FORMAT", "Numbered placeholders follow one another", "Meta rejects texts whose placeholders skip a number or stand out of order.", "Number the placeholders 1, 2, 3 in the order in which they stand."},
	varLeading:                    {"var-leading", LintError, "2388299", "The body does not begin with a placeholder", "Meta refuses to create a template whose body begins with a placeholder.", "Put a word before the first placeholder."},
	varTrailing:                   {"var-trailing", LintError, "2388299", "The body does not end with a placeholder", "Meta refuses to create a template whose body ends with a placeholder; a full stop after it does not help.", "Put a word after the last placeholder."},
	varAdjacent:                   {"var-adjacent", LintError, "INVALID_FORMAT", "Text stands between two placeholders", "Meta rejects templates whose placeholders touch.", "Put at least one word between the placeholders."},
	varDensity:                    {"var-density", LintWarning, "2388293", "Enough fixed words for the number of placeholders", "Meta refuses templates with too many placeholders for their length.", "Add fixed words, about three for each placeholder, or use fewer placeholders."},
	varOnlyBody:                   {"var-only-body", LintWarning, "forced MARKETING", "The body says something besides its placeholders", "A body that is nothing but placeholders is unclear, and Meta treats what is unclear as marketing.", "Write the fixed part of the message into the body."},
	varExampleMissing:             {"var-example-missing", LintError, "100/rejection", "Each placeholder has one example value", "Meta needs an example for each placeholder, at creation and at every edit.", "Give one example value for each placeholder."},
	varExampleShape:               {"var-example-shape", LintError, "100", "Examples have the shape Meta wants", "Header examples are a list, body examples a list in a list, named ones a list of objects; another shape is refused.", "Write header_text as [\"a\"], body_text as [[\"a\",\"b\"]], named examples as [{\"param_name\":\"…\",\"example\":\"…\"}]."},
	varHeaderMax:                  {"var-header-max", LintError, "100/2388047", "At most one placeholder in the header", "Meta takes one placeholder in a text header.", "Keep one placeholder and move the others to the body."},
	varFooterForbidden:            {"var-footer-forbidden", LintWarning, "2388073", "No placeholder in the footer", "The components page gives footers no placeholders, and senders see them refused; two other pages say they are supported.", "Write the footer out in full."},
	varExampleRealistic:           {"var-example-realistic", LintWarning, "rejection", "Examples look like real values", "Reviewers read the template with its examples; a stand-in tells them nothing and draws a rejection.", "Give a made-up value of the kind that will be sent."},
	headerTextLength:              {"header-text-length", LintError, "2388040", "The header has at most 60 characters", "Meta refuses longer headers.", "Shorten the header."},
	headerTextPlain:               {"header-text-plain", LintError, "2388047/2388072", "The header is plain text on one line", "Meta refuses headers with formatting marks, line breaks or emoji.", "Remove the formatting, the line break or the emoji."},
	headerFormatValid:             {"header-format-valid", LintError, "100", "The header's format is one Meta takes there", "A header is TEXT with text, IMAGE, VIDEO, GIF, DOCUMENT, LOCATION or, for products, PRODUCT; a carousel card takes only media or a product.", "Set format to one that is allowed there."},
	headerMediaHandleMissing:      {"header-media-handle-missing", LintError, "100", "A media header has an example file", "Meta reviews a media header by the example uploaded with it, and takes none without.", "Upload a sample and give its handle as example.header_handle."},
	headerGifMarketingApi:         {"header-gif-marketing-api", LintWarning, "fallback to video", "A GIF header only over the Marketing Messages API", "Elsewhere people see an ordinary video in its place.", "Send this template through the marketing endpoint with an MP4 of at most 3.5 MB, or use a video header."},
	bodyLengthMax:                 {"body-length-max", LintError, "2388040", "The body has at most 1,024 characters", "Meta refuses longer bodies.", "Shorten the body."},
	bodyLength550:                 {"body-length-550", LintWarning, "2388040", "The body has at most 550 characters", "Providers report that bodies over 550 characters are refused; Meta says only that the limit varies.", "Shorten the body to 550 characters."},
	bodyEmojiMax:                  {"body-emoji-max", LintWarning, "2388040/reject", "At most ten emoji in the body", "Meta limits emoji without a number; providers report ten.", "Keep the emoji that say something, ten at most."},
	bodyBlankLines:                {"body-blank-lines", LintWarning, "2388072", "At most one blank line in a row", "Bodies with more than two line breaks in a row are rejected.", "Leave at most one blank line between paragraphs."},
	bodyDuplicate:                 {"body-duplicate", LintError, "rejection", "No other template has the same body and footer", "Meta rejects a template that repeats the words of another one.", "Reword it, or use the template that is there."},
	bodyDoubleSpace:               {"body-double-space", LintWarning, "2388072", "No runs of spaces or tabs in the body", "Bodies with such runs are rejected.", "Put one space between words."},
	bodyFold:                      {"body-fold", LintAdvice, "hidden CTA", "A marketing body of at most five lines", "WhatsApp folds longer marketing messages behind \"read more\".", "Put what matters into the first five lines."},
	footerLength:                  {"footer-length", LintError, "2388040", "The footer has at most 60 characters", "Meta refuses longer footers.", "Shorten the footer."},
	footerLtoForbidden:            {"footer-lto-forbidden", LintError, "100", "No footer beside a limited-time offer", "Meta takes no footer in a limited-time offer template.", "Remove the footer, or move its words to the body."},
	btnTotalMax:                   {"btn-total-max", LintError, "100", "At most ten buttons", "Meta refuses more.", "Keep ten buttons at most."},
	btnQuickReplyMax:              {"btn-quick-reply-max", LintError, "100", "At most ten quick replies", "Meta refuses more.", "Keep ten quick replies at most."},
	btnUrlMax:                     {"btn-url-max", LintError, "100", "At most two link buttons", "Meta refuses more.", "Keep two link buttons at most."},
	btnPhoneMax:                   {"btn-phone-max", LintError, "100", "At most one phone button", "Meta refuses more.", "Keep one phone button."},
	btnCopyCodeMax:                {"btn-copy-code-max", LintError, "100", "At most one copy-code button", "Meta refuses more.", "Keep one copy-code button."},
	btnGrouping:                   {"btn-grouping", LintError, "100", "Quick replies stand together", "Meta refuses quick replies with other buttons between them as an invalid combination.", "Put all quick replies before, or all after, the other buttons."},
	btnLabelLength:                {"btn-label-length", LintError, "2388040", "A button's label has at most 25 characters", "Meta refuses longer labels.", "Shorten the label."},
	btnLabelRequired:              {"btn-label-required", LintError, "100", "A button has a label", "Meta takes no button without a label, except those whose label is its own.", "Give the button a text."},
	btnLabelCharset:               {"btn-label-charset", LintWarning, "100", "A button's label is letters, digits and spaces", "Two of Meta's pages allow no other characters in labels, and other samples of Meta's hold some.", "Write the label in letters, digits and spaces; no placeholder can stand there."},
	btnLabelDuplicate:             {"btn-label-duplicate", LintWarning, "100", "Buttons have different labels", "Two buttons with one label cannot be told apart in the answer, and have been refused.", "Give each button a label of its own."},
	btnDesktopVisibility:          {"btn-desktop-visibility", LintWarning, "not shown on desktop", "The buttons are seen on desktop too", "Four buttons or more, or quick replies beside other types, are not shown on WhatsApp for desktop.", "Use at most three buttons of one kind, or say in the body what desktop users should do."},
	btnUrlLength:                  {"btn-url-length", LintError, "100", "A link has at most 2,000 characters", "Meta refuses longer links.", "Shorten the link."},
	btnUrlVariableEnd:             {"btn-url-variable-end", LintError, "100", "At most one placeholder in a link, at its end", "Meta takes a placeholder only as the last thing of a link.", "Move the placeholder to the end of the link, and keep one."},
	btnUrlScheme:                  {"btn-url-scheme", LintWarning, "rejection", "A link is https with a fixed host", "Links without https, without a host, or with a host that comes from a placeholder draw a rejection.", "Write the link as https://host/… with the placeholder in the path."},
	btnUrlWhatsappLink:            {"btn-url-whatsapp-link", LintWarning, "100", "No link to WhatsApp itself", "Buttons that lead to wa.me or api.whatsapp.com are refused.", "Link to a page of your own, or use a phone or quick-reply button."},
	btnUrlShortener:               {"btn-url-shortener", LintWarning, "rejection", "No link shortener", "Reviewers reject links that hide where they lead.", "Link to your own domain."},
	btnPhoneLength:                {"btn-phone-length", LintError, "100", "A phone number has at most 20 characters", "Meta refuses a phone button without a number or with a longer one.", "Give the number as +, country code and number."},
	btnPhoneLeadingZero:           {"btn-phone-leading-zero", LintWarning, "wrong number", "No zero after the country code", "Meta strips a zero that follows the country code, so another number than the one meant may be called.", "Leave out the zero; where the country keeps it, test the button."},
	btnCopyCodeLength:             {"btn-copy-code-length", LintError, "100/132018", "A coupon code fits the copy-code button", "Meta refuses codes over 20 characters, beside a limited-time offer over 15.", "Use a shorter code."},
	btnCopyCodeCategory:           {"btn-copy-code-category", LintWarning, "100", "A copy-code button belongs into marketing", "One of Meta's pages lists the button for utility templates; the coupon page and a provider know it for marketing alone.", "Submit it as MARKETING, or say the code in the body."},
	btnOtpCategory:                {"btn-otp-category", LintError, "100", "One-time code buttons only in authentication templates", "Meta takes such a button in no other category.", "Use category AUTHENTICATION, or another button."},
	btnExclusiveCatalogMpm:        {"btn-exclusive-catalog-mpm", LintError, "100", "A catalogue or multi-product button stands alone", "Neither can be combined with another button.", "Remove the other buttons."},
	btnFlowSource:                 {"btn-flow-source", LintError, "100", "A Flow button names one Flow", "Meta wants exactly one of flow_id, flow_name and flow_json.", "Give one of flow_id, flow_name and flow_json."},
	authNoCustomText:              {"auth-no-custom-text", LintError, "100", "An authentication template has no words of its own", "Meta writes body and footer of such templates itself, and takes no header.", "Leave out header and text; use add_security_recommendation and code_expiration_minutes."},
	authOtpButtonRequired:         {"auth-otp-button-required", LintError, "100", "An authentication template has a one-time code button", "Meta takes it with exactly that button and no other.", "Add one OTP button: copy code, one-tap or zero-tap."},
	authCodeExpirationRange:       {"auth-code-expiration-range", LintError, "100", "code_expiration_minutes is from 1 to 90", "Meta refuses other values.", "Set code_expiration_minutes from 1 to 90."},
	authSupportedAppsCount:        {"auth-supported-apps-count", LintError, "100", "One to five apps for one-tap and zero-tap", "The button hands the code to an app, and Meta takes one to five of them.", "List one to five apps in supported_apps."},
	authPackageName:               {"auth-package-name", LintError, "100", "package_name is an Android package name", "Meta checks the form: two parts or more, each beginning with a letter, at most 224 characters.", "Give the application id of the app, such as com.example.app."},
	authSignatureHash:             {"auth-signature-hash", LintError, "100", "signature_hash has exactly 11 characters", "Meta checks the form of the app's signing key hash.", "Compute the hash with the SMS Retriever tools; it has 11 characters of A-Z, a-z, 0-9, +, / and =."},
	authZeroTapTerms:              {"auth-zero-tap-terms", LintError, "100", "zero_tap_terms_accepted is true for zero-tap", "Meta creates a zero-tap template only when its terms are accepted.", "Read the terms and set zero_tap_terms_accepted to true."},
	authContentElsewhere:          {"auth-content-elsewhere", LintError, "REJECTED INCORRECT_CATEGORY, no appeal", "One-time codes only in authentication templates", "The words hand over a one-time code. Meta rejects such templates in other categories, and hears no appeal.", "Make it an AUTHENTICATION template, with Meta's own wording."},
	authTtlVsExpiry:               {"auth-ttl-vs-expiry", LintWarning, "stale codes", "A code is not delivered after it has expired", "The message may arrive when its code no longer works.", "Set message_send_ttl_seconds to no more than the lifetime of the code."},
	ttlRange:                      {"ttl-range", LintError, "100", "message_send_ttl_seconds is within its category's range", "Meta refuses other values.", "Use 30 to 900 s for authentication, 30 to 43,200 s for utility, 43,200 to 2,592,000 s for marketing, or -1 for 30 days in the first two."},
	ltoCategory:                   {"lto-category", LintError, "100", "A limited-time offer is marketing", "Meta takes the component in no other category.", "Set category to MARKETING."},
	ltoTextLength:                 {"lto-text-length", LintError, "2388040", "An offer's text has at most 16 characters", "Meta refuses an offer without text or with a longer one.", "Shorten limited_time_offer.text to 16 characters."},
	ltoBodyLength:                 {"lto-body-length", LintError, "2388040", "The body beside an offer has at most 600 characters", "Meta refuses longer ones.", "Shorten the body to 600 characters."},
	ltoHeaderFormat:               {"lto-header-format", LintError, "100", "The header beside an offer is a picture or video", "Meta takes no other header there.", "Use an IMAGE or VIDEO header, or none."},
	ltoUrlRequired:                {"lto-url-required", LintError, "100/132012", "A limited-time offer carries its link button in the right position", "An offer needs a link button; beside a copy-code button it comes second.", "Add a URL button, after the COPY_CODE button when there is one."},
	carouselCategory:              {"carousel-category", LintError, "100", "A carousel is marketing", "Meta takes carousels in no other category.", "Set category to MARKETING."},
	carouselCardCount:             {"carousel-card-count", LintError, "100", "A carousel has two to ten cards", "Meta refuses other numbers.", "Register two to ten cards."},
	carouselUniform:               {"carousel-uniform", LintError, "100", "All cards of a carousel are built alike", "Meta wants the same components, header format and buttons on each card, and a body on all or none.", "Give every card the components of the first."},
	carouselCardBodyLength:        {"carousel-card-body-length", LintError, "2388040", "A card's body has at most 160 characters", "Meta refuses longer ones.", "Shorten the card's body."},
	carouselCardButtons:           {"carousel-card-buttons", LintError, "100", "A card has one or two buttons: quick reply, link or phone", "Meta refuses other numbers and types.", "Give each card one or two QUICK_REPLY, URL or PHONE_NUMBER buttons."},
	callPermissionExclusive:       {"call-permission-exclusive", LintError, "100", "A call permission request stands alone", "Meta takes no buttons, carousel or offer beside it.", "Remove the other interactive components, or ask for permission in a template of its own."},
	locationHeaderCategory:        {"location-header-category", LintError, "100", "A location header is utility or marketing", "Meta takes it in no authentication template.", "Remove the header or change the category."},
	catUtilityPromotional:         {"cat-utility-promotional", LintWarning, "recategory, penalties", "A utility template does not promote", "Words of promotion make a template marketing for Meta, at marketing prices, and repeated misuse costs the right to utility templates.", "Take the words out, or submit the template as MARKETING."},
	catUtilityUnspecific:          {"cat-utility-unspecific", LintWarning, "recategory", "A utility template is about something of the reader's", "Utility is about this person's order, account or request, or one of a closed list of essential matters; nothing here says so.", "Name the order, account, appointment or request the message belongs to, or submit it as MARKETING."},
	catMixedContent:               {"cat-mixed-content", LintWarning, "recategory", "Utility and promotion do not share a template", "A single promotional clause turns a transactional message into marketing.", "Split it: the transaction as UTILITY, the promotion as MARKETING."},
	catSurveyGeneric:              {"cat-survey-generic", LintWarning, "recategory", "A survey names the order or visit it asks about", "Only surveys about a named order or interaction are utility.", "Name the order, visit or conversation, or submit it as MARKETING."},
	catRetargeting:                {"cat-retargeting", LintWarning, "recategory", "No reminder of a purchase that was not made", "Carts, saved searches, unfinished applications and renewals with an incentive are marketing, even when people asked for the reminder.", "Submit it as MARKETING."},
	catMarketingComponent:         {"cat-marketing-component", LintError, "100", "Marketing components only in marketing templates", "Carousels, limited-time offers, catalogues and products are marketing alone.", "Set category to MARKETING or remove the component."},
	catMarketingOptout:            {"cat-marketing-optout", LintAdvice, "quality", "A marketing template shows the way out", "People who find no way to stop messages block the number instead, which costs quality.", "Add a quick reply or a footer that tells how to stop."},
	polSensitiveIdentifier:        {"pol-sensitive-identifier", LintError, "ABUSIVE_CONTENT", "A template does not ask for card, account or identity numbers", "Meta rejects templates that ask for full numbers of cards, accounts or identity documents, or for pictures of them.", "Ask for the last four digits, or collect the number outside WhatsApp."},
	polThreat:                     {"pol-threat", LintError, "ABUSIVE_CONTENT", "A template does not threaten or shame", "Meta rejects threats, of legal steps too, and public shaming.", "Say what is due and whom to speak to; leave out what would happen otherwise."},
	polScam:                       {"pol-scam", LintWarning, "SCAM", "A template does not read like a scam", "Prizes nobody entered for and fees that release money are how scams read, and are rejected as such.", "Say who you are, why you write and what it is about, and ask for no money up front."},
	polCommerce:                   {"pol-commerce", LintError, "PROMOTIONAL/132007", "A template offers nothing Meta's policies bar", "Meta rejects templates that offer prohibited goods or services, and refuses their sends.", "Take the offer out, or show that you are licensed for it where Meta allows that."},
}
