package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/policy"
)

// otp checks a one-time code button.
func (c *linting) otp(b *Button, at spot) {
	if !c.auth {
		c.tell(btnOtpCategory, at.at("type"), policy.Span{}, "a one-time code button stands in a template that is not AUTHENTICATION")
	}
	if !is(b.Type, "OTP") {
		return // as read back: Meta does not return the rest
	}
	kind := wordOf(b.Extra["otp_type"])
	if !is(kind, "COPY_CODE") && !is(kind, "ONE_TAP") && !is(kind, "ZERO_TAP") {
		c.tell(tplComponentUnknown, at.at("otp_type"), policy.Span{}, "the one-time code button is of none of the three types")
	}
	if raw, ok := b.Extra["zero_tap_terms_accepted"]; is(kind, "ZERO_TAP") && (!ok || string(raw) != "true") {
		c.tell(authZeroTapTerms, at.at("zero_tap_terms_accepted"), policy.Span{}, "the button is zero-tap, and its terms are not accepted")
	}
	c.length(btnLabelLength, wordOf(b.Extra["autofill_text"]), maxLabel, "the label", at.at("autofill_text"))
	c.apps(b, kind, at)
}

type app struct {
	Package *string `json:"package_name"`
	Hash    *string `json:"signature_hash"`
}

// apps checks whom one-tap and zero-tap hand the code to. An app may stand in
// the button itself, the form of before 2025.
func (c *linting) apps(b *Button, kind string, at spot) {
	handsOver := is(kind, "ONE_TAP") || is(kind, "ZERO_TAP")
	raw, listed := b.Extra["supported_apps"]
	if !listed || null(raw) {
		if _, own := b.Extra["package_name"]; own {
			c.app(app{textIn(b.Extra, "package_name"), textIn(b.Extra, "signature_hash")}, at, "")
		} else if handsOver {
			c.tell(authSupportedAppsCount, at.at("supported_apps"), policy.Span{}, "the button lists no app")
		}
		return
	}
	var all []app
	if bytes.TrimSpace(raw)[0] != '[' || json.Unmarshal(raw, &all) != nil {
		c.tell(authSupportedAppsCount, at.at("supported_apps"), policy.Span{}, "supported_apps is no list of apps")
		return
	}
	if n := len(all); n > maxApps || n == 0 {
		c.tell(authSupportedAppsCount, at.at("supported_apps"), policy.Span{}, fmt.Sprintf("the button lists %d apps, and one to %d are allowed", n, maxApps))
	}
	for i, a := range all {
		c.app(a, at, "supported_apps["+strconv.Itoa(i)+"].")
	}
}

func textIn(m map[string]json.RawMessage, key string) *string {
	raw, ok := m[key]
	if !ok {
		return nil
	}
	s := wordOf(raw)
	return &s
}

func (c *linting) app(a app, at spot, prefix string) {
	switch here := at.at(prefix + "package_name"); {
	case a.Package == nil:
		c.tell(authPackageName, here, policy.Span{}, "the app has no package_name")
	case utf8.RuneCountInString(*a.Package) > maxPackage:
		c.tell(authPackageName, here, policy.Span{}, fmt.Sprintf("the name has more than %d characters", maxPackage))
	case !packageName(*a.Package):
		c.tell(authPackageName, here, policy.Span{}, "the name is not two or more parts of letters, digits and underscores, each beginning with a letter")
	}
	switch here := at.at(prefix + "signature_hash"); {
	case a.Hash == nil:
		c.tell(authSignatureHash, here, policy.Span{}, "the app has no signature_hash")
	case utf8.RuneCountInString(*a.Hash) != hashLength:
		c.tell(authSignatureHash, here, policy.Span{}, fmt.Sprintf("the hash has %d characters, and %d are right", utf8.RuneCountInString(*a.Hash), hashLength))
	case strings.ContainsFunc(*a.Hash, func(r rune) bool {
		return r >= utf8.RuneSelf || !letterOrDigit(byte(r)) && r != '+' && r != '/' && r != '='
	}):
		c.tell(authSignatureHash, here, policy.Span{}, "the hash holds a character that is no letter, digit, +, / or =")
	}
}

func packageName(s string) bool {
	parts := strings.Split(s, ".")
	for _, p := range parts {
		if p == "" || !letter(p[0]) {
			return false
		}
		for i := range len(p) {
			if !letterOrDigit(p[i]) && p[i] != '_' {
				return false
			}
		}
	}
	return len(parts) >= 2
}
