package compliance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/shape"
)

// Surface is the product a business sends with.
type Surface string

const (
	Platform Surface = "platform" // WhatsApp Business Platform, the API
	App      Surface = "app"      // WhatsApp Business app
)

// A Business is what a sender says of itself: who it is, what it sells, which
// licences it holds and what it attests. It is the one input nobody else can
// give, so it is written down and checked once, not guessed.
type Business struct {
	Name          string             `json:"name,omitempty" validate:"max=512"`
	Country       string             `json:"country,omitempty" validate:"omitempty,iso3166_1_alpha2"`   // ISO 3166 alpha-2
	Surface       Surface            `json:"surface,omitempty" validate:"omitempty,oneof=platform app"` // empty: platform, since the app has no API
	Numbers       []Number           `json:"numbers,omitempty" validate:"max=10000,dive"`
	Contacts      Contacts           `json:"contacts,omitzero"`
	PrivacyPolicy string             `json:"privacy_policy,omitempty" validate:"omitempty,http_url,max=2048"`
	Escalation    []Escalation       `json:"escalation,omitempty" validate:"dive,oneof=human-agent phone email web store form"`
	Verticals     []string           `json:"verticals,omitempty" validate:"max=100,dive,required,lowercase,max=64"`
	Licences      []Licence          `json:"licences,omitempty" validate:"max=10000,dive"`
	Permissions   []Permission       `json:"permissions,omitempty" validate:"max=1000,dive"`
	Attests       map[policy.ID]bool `json:"attests,omitempty" validate:"max=1000"`
}

// A Number is one business phone number.
type Number struct {
	ID        string `json:"id" validate:"required,max=64"` // phone_number_id
	Phone     string `json:"phone,omitempty" validate:"omitempty,e164"`
	Account   string `json:"account,omitempty" validate:"max=64"`   // WhatsApp Business Account id
	Portfolio string `json:"portfolio,omitempty" validate:"max=64"` // business portfolio the account is in; empty: the one unnamed
}

// Contacts are what the business profile shows. Policy §1 wants a support
// contact and at least one of e-mail, website and phone.
type Contacts struct {
	Support string `json:"support,omitempty" validate:"max=512"`
	Email   string `json:"email,omitempty" validate:"omitempty,email,max=254"`
	Website string `json:"website,omitempty" validate:"omitempty,http_url,max=2048"`
	Phone   string `json:"phone,omitempty" validate:"max=32"`
}

// Escalation is a way from automation to a person (policy §2 lists these six).
type Escalation string

const (
	HumanAgent Escalation = "human-agent"
	ByPhone    Escalation = "phone"
	ByEmail    Escalation = "email"
	ByWeb      Escalation = "web"
	InStore    Escalation = "store"
	ByForm     Escalation = "form"
)

// A Licence allows a regulated vertical in a place for a time.
type Licence struct {
	Vertical string     `json:"vertical" validate:"required,lowercase,max=64"`
	Place    string     `json:"place" validate:"required,iso3166_1_alpha2"`
	Number   string     `json:"number,omitempty" validate:"max=128"`
	From     policy.Day `json:"from,omitzero"`
	Until    policy.Day `json:"until,omitzero"` // the last day it holds
}

// ValidAt reports whether the licence holds at an instant; its last day counts
// until midnight UTC.
func (l Licence) ValidAt(t time.Time) bool {
	return !t.Before(l.From.Time) && (l.Until.IsZero() || t.Before(l.Until.AddDate(0, 0, 1)))
}

// A Permission is Meta's own leave for a vertical in a place.
type Permission struct {
	By       string `json:"by" validate:"required,oneof=meta"`
	Vertical string `json:"vertical" validate:"required,lowercase,max=64"`
	Place    string `json:"place" validate:"required,iso3166_1_alpha2"`
}

// A BusinessError lists every problem of a Business at once.
type BusinessError struct{ Problems []string }

func (e *BusinessError) Error() string {
	return "compliance: business: " + strings.Join(e.Problems, "; ")
}

// maxBusiness bounds the JSON form of a Business, in bytes.
const maxBusiness = 1 << 20

// ParseBusiness reads the JSON form of a Business, strictly: unknown members
// are errors. The result is checked as by [Business.Validate].
func ParseBusiness(b []byte) (Business, error) {
	var biz Business
	if len(b) > maxBusiness {
		return biz, &BusinessError{[]string{fmt.Sprintf("%d bytes are more than %d", len(b), maxBusiness)}}
	}
	if err := strictJSON(b, &biz); err != nil {
		return Business{}, &BusinessError{[]string{err.Error()}}
	}
	return biz, biz.Validate()
}

// strictJSON decodes one JSON value and nothing after it, with known members only.
func strictJSON(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		var typ *json.UnmarshalTypeError
		if errors.As(err, &typ) {
			return fmt.Errorf("%s: a JSON %s where a %s belongs", typ.Field, typ.Value, typ.Type)
		}
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the JSON value")
	}
	return nil
}

// Validate checks the form of a Business: what is missing or malformed, all of
// it, as a *[BusinessError]. What a sound Business breaks of the policy is for
// the rules to say.
func (b *Business) Validate() error {
	var ps []string
	for _, p := range shape.New().Check(b) {
		ps = append(ps, strings.TrimSpace(p.Field+" "+p.Msg))
	}
	seen := map[string]int{}
	for i, n := range b.Numbers {
		if j, dup := seen[n.ID]; dup {
			ps = append(ps, fmt.Sprintf("numbers[%d].id is that of numbers[%d]", i, j))
		}
		seen[n.ID] = i
	}
	for i, l := range b.Licences {
		if !l.Until.IsZero() && l.Until.Before(l.From.Time) {
			ps = append(ps, fmt.Sprintf("licences[%d].until is before its from", i))
		}
	}
	if ps != nil {
		return &BusinessError{ps}
	}
	return nil
}

// clone is a copy that shares nothing.
func (b *Business) clone() Business {
	c := *b
	c.Numbers, c.Escalation, c.Verticals = slices.Clone(b.Numbers), slices.Clone(b.Escalation), slices.Clone(b.Verticals)
	c.Licences, c.Permissions, c.Attests = slices.Clone(b.Licences), slices.Clone(b.Permissions), maps.Clone(b.Attests)
	return c
}

// Sells reports whether a vertical is declared.
func (b *Business) Sells(vertical string) bool { return slices.Contains(b.Verticals, vertical) }

// Line returns the line of a phone_number_id, with the account it belongs to
// when the Business lists it. A listed phone number ("+12025550199"), which is
// what providers other than Meta name, is the same line as its id.
func (b *Business) Line(number string) party.Line {
	for _, n := range b.Numbers {
		if n.ID == number || n.Phone == number && number != "" {
			return party.Line{Account: n.Account, Number: n.ID}
		}
	}
	return party.Line{Number: number}
}

// Portfolio names the business portfolio of an account. Accounts for which none
// is named, listed or not, share the unnamed one: a business has one portfolio
// unless it says otherwise.
func (b *Business) Portfolio(account string) string {
	for _, n := range b.Numbers {
		if n.Account == account && n.Portfolio != "" {
			return n.Portfolio
		}
	}
	return ""
}

// Siblings lists the accounts of the portfolio that an account is in, as far as
// the Business lists them, the account itself first.
func (b *Business) Siblings(account string) []string {
	all := []string{account}
	portfolio := b.Portfolio(account)
	for _, n := range b.Numbers {
		if n.Account != "" && b.Portfolio(n.Account) == portfolio && !slices.Contains(all, n.Account) {
			all = append(all, n.Account)
		}
	}
	return all
}
