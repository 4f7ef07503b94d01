package outcome

import (
	"fmt"
	"math"
	"time"

	"github.com/waguard/waguard/compliance/policy"
)

// Class is what an answer means for sending again. The zero Class is Unknown and
// is to be read as a refusal.
type Class uint8

const (
	Unknown     Class = iota // nothing here can read it: do not loop
	RetryAfter               // the same message may go again, after a while
	Never                    // sent again it ends the same way
	CoolDown                 // leave this person out for a while
	FixTemplate              // mend the template, or stop using it
	StopNumber               // stop sending from this number or account
)

var classes = [...]string{"unknown", "retry-after", "never", "cool-down", "fix-template", "stop-number"}

// String returns the word of the table: unknown, retry-after, never, cool-down,
// fix-template or stop-number.
func (c Class) String() string {
	if int(c) < len(classes) {
		return classes[c]
	}
	return fmt.Sprintf("Class(%d)", uint8(c))
}

// MarshalText writes the class as its word.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the word of a class.
func (c *Class) UnmarshalText(b []byte) error {
	for i, w := range classes {
		if w == string(b) {
			*c = Class(i)
			return nil
		}
	}
	return fmt.Errorf("outcome: unknown class %q", b)
}

// Subject is whom or what an outcome is about.
type Subject string

const (
	Message  Subject = "message"
	Person   Subject = "person"
	Template Subject = "template"
	Number   Subject = "number"
	Account  Subject = "account"
)

// Effect is what an outcome teaches. The Inbox writes it down for the next send,
// but for IdentityChanged, which is the app's to look into. Of an outcome without
// an effect, as of that one, the app hears in Failed of what the Inbox learned:
// Class says whether it may go again, and Do what to do.
type Effect string

const (
	WindowClosed          Effect = "window-closed"           // no service window was open then
	MarketingStopped      Effect = "marketing-stopped"       // the person stopped this business's marketing
	MarketingRest         Effect = "marketing-rest"          // the platform withheld marketing from the person
	PairSlowed            Effect = "pair-slowed"             // a number wrote too fast to the person
	PersonUnreachable     Effect = "person-unreachable"      // nothing is delivered to the person
	IdentityChanged       Effect = "identity-changed"        // the person's identity key is another
	CountryBarred         Effect = "country-barred"          // the account may not message people of that country
	AccountBarred         Effect = "account-barred"          // nothing leaves from the account
	NumberSlowed          Effect = "number-slowed"           // the spam limit of the number is reached
	UtilityCapped         Effect = "utility-capped"          // the cap on utility is used up
	DirectSendBarred      Effect = "direct-send-barred"      // Direct Send is refused to the account
	DirectSendOff         Effect = "direct-send-off"         // Direct Send is not enabled for the account
	DirectNameTaken       Effect = "direct-name-taken"       // the name given to a Direct Send is that of another template
	MarketingElsewhere    Effect = "marketing-elsewhere"     // the account sends marketing on the marketing endpoint alone
	TemplatePaused        Effect = "template-paused"         // the template is paused
	TemplateDisabled      Effect = "template-disabled"       // the template is disabled
	TemplateMarketingOnly Effect = "template-marketing-only" // the template goes through the marketing endpoint alone
	TemplateOrdinaryOnly  Effect = "template-ordinary-only"  // the marketing endpoint does not take the template
	TemplatePhoneOnly     Effect = "template-phone-only"     // the template does not go to a user id
)

var effects = map[Effect]bool{"": true, WindowClosed: true, MarketingStopped: true, MarketingRest: true, PairSlowed: true, PersonUnreachable: true,
	IdentityChanged: true, CountryBarred: true, AccountBarred: true, NumberSlowed: true, UtilityCapped: true, DirectSendBarred: true,
	DirectSendOff: true, MarketingElsewhere: true, TemplatePaused: true, TemplateDisabled: true, TemplateMarketingOnly: true, TemplatePhoneOnly: true, TemplateOrdinaryOnly: true, DirectNameTaken: true}

// An Outcome is what one answer means. The zero Outcome is Unknown.
type Outcome struct {
	Code   int           // that decided; 0 where a text or an HTTP status did
	Class  Class         // what it means for sending again
	Of     Subject       // whom or what it is about
	After  time.Duration // the first wait, with RetryAfter, CoolDown and StopNumber; zero: nobody says
	Grows  float64       // factor of each further wait; 0: they stay the same
	Own    bool          // the wait is this library's: the provider names none
	Maybe  bool          // the message may have gone out all the same
	Effect Effect        // what it teaches; empty: nothing
	Means  string        // in a sentence
	Do     string        // what to do about it
	Note   string        // what is unconfirmed about it
	Cites  []policy.Citation
}

// longest bounds a wait: what is still refused then is worth a look.
const longest = 7 * 24 * time.Hour

// Wait is how long to wait before the next try, after so many that failed (1 for
// the first): After, times Grows for every further one, at most a week. It is
// zero where nobody says, and where the same message never goes.
func (o Outcome) Wait(failed int) time.Duration {
	if o.Class != RetryAfter && o.Class != CoolDown && o.Class != StopNumber || o.After <= 0 {
		return 0
	}
	if o.Grows <= 1 || failed <= 1 {
		return min(o.After, longest)
	}
	d := float64(o.After) * math.Pow(o.Grows, float64(failed-1))
	if d > float64(longest) {
		return longest
	}
	return time.Duration(d)
}

// Again reports whether the same message may go again by itself, after a wait.
func (o Outcome) Again() bool { return o.Class == RetryAfter }
