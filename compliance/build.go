package compliance

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/waguard/waguard/compliance/pace"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/policy"
)

// A BusinessBuilder writes a Business down step by step. Nothing fails on the
// way: [BusinessBuilder.Build] tells all that is wrong at once, each with the
// place it has in the JSON form. The zero BusinessBuilder is usable once it is
// named; it is not safe for concurrent use.
type BusinessBuilder struct {
	b    Business
	book *policy.Book
	bad  []BusinessProblem
}

// NewBusiness begins a Business with the name people know it by.
func NewBusiness(name string) *BusinessBuilder {
	return &BusinessBuilder{b: Business{Name: name}}
}

func (d *BusinessBuilder) wrong(field, reason string) {
	d.bad = append(d.bad, BusinessProblem{field, reason})
}

// Country is where the business is, ISO 3166 alpha-2.
func (d *BusinessBuilder) Country(iso string) *BusinessBuilder { d.b.Country = iso; return d }

// OnApp says that it sends with the WhatsApp Business app; the default is the
// Business Platform.
func (d *BusinessBuilder) OnApp() *BusinessBuilder { d.b.Surface = App; return d }

// Number adds a business phone number: its phone_number_id, the number as a
// person writes it internationally, and the id of its WhatsApp Business Account.
func (d *BusinessBuilder) Number(id, phone, account string) *BusinessBuilder {
	if phone != "" {
		e164, err := party.ParsePhone(phone)
		if err != nil {
			d.wrong(fmt.Sprintf("numbers[%d].phone", len(d.b.Numbers)), "is no phone number with its plus")
		}
		phone = e164
	}
	d.b.Numbers = append(d.b.Numbers, Number{ID: id, Phone: phone, Account: account})
	return d
}

// Portfolio names the business portfolio of an account whose numbers were added
// before.
func (d *BusinessBuilder) Portfolio(account, portfolio string) *BusinessBuilder {
	found := false
	for i := range d.b.Numbers {
		if d.b.Numbers[i].Account == account && account != "" {
			d.b.Numbers[i].Portfolio, found = portfolio, true
		}
	}
	if !found {
		d.wrong("numbers", "have none of the account a portfolio is named for")
	}
	return d
}

// Contacts are what the business profile shows.
func (d *BusinessBuilder) Contacts(c Contacts) *BusinessBuilder { d.b.Contacts = c; return d }

// PrivacyPolicy is where the privacy policy is published.
func (d *BusinessBuilder) PrivacyPolicy(url string) *BusinessBuilder {
	d.b.PrivacyPolicy = url
	return d
}

// Escalation adds ways from automation to a person.
func (d *BusinessBuilder) Escalation(ways ...Escalation) *BusinessBuilder {
	d.b.Escalation = append(d.b.Escalation, ways...)
	return d
}

// Sells adds verticals: what the business deals in or is, in the words of the
// rules ("alcohol", "government", "ai-provider").
func (d *BusinessBuilder) Sells(verticals ...string) *BusinessBuilder {
	d.b.Verticals = append(d.b.Verticals, verticals...)
	return d
}

// Licence adds a licence for a vertical in a place. Days are as in "2027-12-31";
// an empty from or until is open, and the last day counts.
func (d *BusinessBuilder) Licence(vertical, place, number, from, until string) *BusinessBuilder {
	l := Licence{Vertical: vertical, Place: place, Number: number}
	at := fmt.Sprintf("licences[%d].", len(d.b.Licences))
	l.From, l.Until = d.day(at+"from", from), d.day(at+"until", until)
	d.b.Licences = append(d.b.Licences, l)
	return d
}

// Permission adds Meta's own leave for a vertical in a place.
func (d *BusinessBuilder) Permission(vertical, place string) *BusinessBuilder {
	d.b.Permissions = append(d.b.Permissions, Permission{By: "meta", Vertical: vertical, Place: place})
	return d
}

// AtMost caps the marketing messages one person gets in any so many hours. Several
// caps hold together.
func (d *BusinessBuilder) AtMost(messages, hours int) *BusinessBuilder {
	d.b.Pace.Caps = append(d.b.Pace.Caps, MarketingCap{messages, hours})
	return d
}

// Awake are the hours in which marketing may go out, by the recipient's own clock:
// Awake("08:00", "21:00").
func (d *BusinessBuilder) Awake(from, until string) *BusinessBuilder {
	h := &pace.Hours{}
	for _, c := range [...]struct {
		field, text string
		to          *pace.Clock
	}{{"from", from, &h.From}, {"until", until, &h.Until}} {
		if c.to.UnmarshalText([]byte(c.text)) != nil {
			d.wrong("pace.hours."+c.field, `is no time of day like "08:00"`)
		}
	}
	d.b.Pace.Hours = h
	return d
}

// Attest declares that rules are complied with, by id.
func (d *BusinessBuilder) Attest(rules ...policy.ID) *BusinessBuilder { return d.attest(true, rules) }

// Admit declares that rules are not complied with: they are broken until that
// changes.
func (d *BusinessBuilder) Admit(rules ...policy.ID) *BusinessBuilder { return d.attest(false, rules) }

func (d *BusinessBuilder) attest(yes bool, rules []policy.ID) *BusinessBuilder {
	if d.b.Attests == nil {
		d.b.Attests = map[policy.ID]bool{}
	}
	for _, id := range rules {
		if said, there := d.b.Attests[id]; there && said != yes {
			d.wrong("attests."+string(id), "is declared both ways")
		}
		d.b.Attests[id] = yes
	}
	return d
}

// For has the declarations compared with the rules of a book: one about no rule
// is a mistake.
func (d *BusinessBuilder) For(book *policy.Book) *BusinessBuilder { d.book = book; return d }

// Build returns the Business, or everything that is wrong with it as one
// *[BusinessError].
func (d *BusinessBuilder) Build() (Business, error) {
	b := d.b.clone()
	all := slices.Clone(d.bad)
	more := b.problems()
	if b.Name == "" {
		more = append(more, BusinessProblem{"name", "is missing"})
	}
	for i, l := range b.Licences {
		if !b.Sells(l.Vertical) {
			more = append(more, BusinessProblem{fmt.Sprintf("licences[%d].vertical", i), "is none of the verticals"})
		}
	}
	for i, p := range b.Permissions {
		if !b.Sells(p.Vertical) {
			more = append(more, BusinessProblem{fmt.Sprintf("permissions[%d].vertical", i), "is none of the verticals"})
		}
	}
	if d.book != nil {
		var e *BusinessError
		if errors.As(b.Check(d.book), &e) {
			more = append(more, e.Problems...)
		}
	}
	for _, p := range more {
		if !slices.ContainsFunc(all, func(o BusinessProblem) bool { return o.Field == p.Field }) {
			all = append(all, p) // one word about a place is enough
		}
	}
	if all != nil {
		return Business{}, &BusinessError{all}
	}
	return b, nil
}

func (d *BusinessBuilder) day(field, s string) (day policy.Day) {
	if s == "" {
		return day
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		d.wrong(field, "is no date like \"2027-12-31\"")
	}
	return policy.Day{Time: t}
}
