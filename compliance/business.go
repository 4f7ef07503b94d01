package compliance

import (
	"fmt"
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
// give, so it is written down and checked once, not guessed. [ParseBusiness] reads
// its JSON form, [NewBusiness] builds one step by step.
//
// Verticals are in the words of the rules. Some decide by themselves: political,
// political-services, security-forces, mlm, payday-loans, p2p-lending,
// debt-collection and bail-bonds are barred whatever is sent; government, news,
// ai-provider and gambling bring rules of their own. Alcohol, otc and gambling have
// the exceptions that need licences. Any other word is kept and decides nothing.
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
	Pace          Measure            `json:"pace,omitzero"`
}

// A Number is one business phone number. No two of a Business have the same id, and
// no two the same phone.
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
type BusinessError struct{ Problems []BusinessProblem }

// A BusinessProblem is one thing that is wrong with a Business. It names the
// place and never the value.
type BusinessProblem struct {
	Field  string // path in the words of the JSON form: "licences[0].place"; empty: the whole
	Reason string
}

func (p BusinessProblem) String() string { return strings.TrimSpace(p.Field + " " + p.Reason) }

func (e *BusinessError) Error() string {
	words := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		words[i] = p.String()
	}
	return "compliance: business: " + strings.Join(words, "; ")
}

// Validate checks the form of a Business: what is missing or malformed, all of
// it, as a *[BusinessError]. What a sound Business breaks of the policy is for
// the rules to say.
func (b *Business) Validate() error {
	if ps := b.problems(); ps != nil {
		return &BusinessError{ps}
	}
	return nil
}

func (b *Business) problems() (ps []BusinessProblem) {
	report := func(field, reason string, args ...any) {
		ps = append(ps, BusinessProblem{field, fmt.Sprintf(reason, args...)})
	}
	for _, p := range shape.New().Check(b) {
		report(p.Field, "%s", p.Msg)
	}
	numbers, phones, portfolios := map[string]int{}, map[string]int{}, map[string]int{}
	for i, n := range b.Numbers {
		if j, dup := numbers[n.ID]; dup {
			report(fmt.Sprintf("numbers[%d].id", i), "is that of numbers[%d]", j)
		}
		numbers[n.ID] = i
		if n.Phone != "" { // a line told by it would be either of the two
			if j, dup := phones[n.Phone]; dup {
				report(fmt.Sprintf("numbers[%d].phone", i), "is that of numbers[%d]", j)
			}
			phones[n.Phone] = i
		}
		if n.Account == "" || n.Portfolio == "" {
			continue
		}
		if j, there := portfolios[n.Account]; there && b.Numbers[j].Portfolio != n.Portfolio {
			report(fmt.Sprintf("numbers[%d].portfolio", i), "is another than that of numbers[%d], which is of the same account", j)
		}
		portfolios[n.Account] = i
	}
	for i, l := range b.Licences {
		if !l.Until.IsZero() && l.Until.Before(l.From.Time) {
			report(fmt.Sprintf("licences[%d].until", i), "is before its from")
		}
	}
	if h := b.Pace.Hours; h != nil && h.From == h.Until {
		report("pace.hours.until", "is the same as from")
	}
	return ps
}

// Check looks for what a book cannot make sense of: declarations about rules it
// does not hold. It is for whoever writes a Business down; a Sender takes what
// its book does not speak of for nothing. Problems come as a *[BusinessError], in
// the order of the ids.
func (b *Business) Check(book *policy.Book) error {
	var ps []BusinessProblem
	for _, id := range slices.Sorted(maps.Keys(b.Attests)) {
		if _, ok := book.Index(id); !ok {
			ps = append(ps, BusinessProblem{"attests." + string(id), "is no rule of this book"})
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
	c.Pace = b.Pace.clone()
	return c
}

// Sells reports whether a vertical is declared.
func (b *Business) Sells(vertical string) bool { return slices.Contains(b.Verticals, vertical) }

// Line returns the line of a phone_number_id, with the account it belongs to
// when the Business lists it. A listed phone number ("+12025550199"), which is
// what providers other than Meta name, is the same line as its id.
func (b *Business) Line(number string) party.Line {
	l, _ := b.listed(number)
	return l
}

func (b *Business) listed(number string) (l party.Line, ok bool) {
	for _, n := range b.Numbers {
		if n.ID == number || n.Phone == number && number != "" {
			return party.Line{Account: n.Account, Number: n.ID}, true
		}
	}
	return party.Line{Number: number}, false
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
