package compliance

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/optin"
)

// Verdict is the answer to "may this leave?". The zero Verdict is no.
type Verdict uint8

const (
	Undecided Verdict = iota // could not be found out: not sent, worth asking again later
	Deny                     // broken: not sent
	Allow                    // may leave now
	Passed                   // on the messages endpoint, but no message: nothing to judge
)

var verdicts = [...]string{"undecided", "deny", "allow", "pass"}

// String returns undecided, deny, allow or pass.
func (v Verdict) String() string {
	if int(v) < len(verdicts) {
		return verdicts[v]
	}
	return fmt.Sprintf("Verdict(%d)", uint8(v))
}

// MarshalText writes the verdict as its word.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads a verdict; an unknown word is an error and leaves Undecided.
func (v *Verdict) UnmarshalText(b []byte) error {
	for i, w := range verdicts {
		if w == string(b) {
			*v = Verdict(i)
			return nil
		}
	}
	*v = Undecided
	return fmt.Errorf("compliance: unknown verdict %q", b)
}

// Leaves reports whether a message with this verdict may be delivered.
func (v Verdict) Leaves() bool { return v == Allow || v == Passed }

// A Decision is what was judged about one message at one instant, and why. It
// is evidence, never a ticket: nothing takes an old Decision as permission.
type Decision struct {
	ID         string             `json:"id,omitempty"`
	At         time.Time          `json:"at"`
	Verdict    Verdict            `json:"verdict"`
	Enforced   bool               `json:"enforced"` // false in observe mode: delivered whatever the verdict
	Violations []policy.Violation `json:"violations,omitempty"`
	Unknowns   []Unknown          `json:"unknowns,omitempty"`
	Waived     []policy.ID        `json:"waived,omitempty"`
	RetryAt    time.Time          `json:"retry_at,omitzero"` // when waiting alone would have made it allowed
	Until      time.Time          `json:"until,omitzero"`    // of an Allow: until when the window or permission it needs lasts, half-open; zero: no end is known
	Price      Price              `json:"price,omitzero"`    // of an Allow: the class it is charged in; information, never a reason
	Statuses   []RuleStatus       `json:"statuses,omitempty"`
	Book       string             `json:"book,omitempty"`  // digest of the rule book
	Print      string             `json:"print,omitempty"` // keyed digest of the described message
}

// An Unknown is something that could not be found out. Cause says what kind of
// failure it was, never a person or a text.
type Unknown struct {
	What  string `json:"what"` // consent, window, template, account, links, content, gate consent, ...
	Cause string `json:"cause"`
}

// A RuleStatus is what became of one rule.
type RuleStatus struct {
	Rule   policy.ID     `json:"rule"`
	Status policy.Status `json:"status"`
}

var (
	// ErrDenied is matched by a Refusal in which a rule was broken.
	ErrDenied = errors.New("compliance: denied")
	// ErrUndecided is matched by a Refusal in which something could not be found out.
	ErrUndecided = errors.New("compliance: undecided")
)

// A Refusal says that a message was not sent, or with DoAll that none was.
type Refusal struct{ Decisions []Decision }

// Error names the rules, their fixes and the time to try again, and nothing
// that was in the message.
func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString("compliance: not sent")
	for i := range r.Decisions {
		d := &r.Decisions[i]
		if d.Verdict.Leaves() {
			continue
		}
		fmt.Fprintf(&b, ": %s", d.Verdict)
		if len(r.Decisions) > 1 {
			fmt.Fprintf(&b, " (message %d)", i+1)
		}
		for _, v := range d.Violations {
			if v.Severity == policy.Block {
				fmt.Fprintf(&b, ": %s: %s", v.Rule, v.Why)
			}
		}
		for _, u := range d.Unknowns {
			fmt.Fprintf(&b, ": %s unknown: %s", u.What, u.Cause)
		}
		if !d.RetryAt.IsZero() {
			fmt.Fprintf(&b, " (not before %s)", d.RetryAt.UTC().Format(time.RFC3339))
		}
	}
	return b.String()
}

// Is matches ErrDenied when any Decision is Deny, else ErrUndecided.
func (r *Refusal) Is(target error) bool {
	denied := false
	for i := range r.Decisions {
		denied = denied || r.Decisions[i].Verdict == Deny
	}
	return target == ErrDenied && denied || target == ErrUndecided && !denied
}

// A DeliveryError says that the message was allowed and the client failed. It
// wraps the client's own error.
type DeliveryError struct {
	Decision Decision
	Err      error
}

func (e *DeliveryError) Error() string {
	return "compliance: allowed, but not delivered: " + e.Err.Error()
}
func (e *DeliveryError) Unwrap() error { return e.Err }

// An Ack is what the platform answered to a send.
type Ack struct {
	Message string   // wamid
	WaID    string   // the recipient's wa_id, digits, when the platform told it
	User    string   // the recipient's BSUID, when the platform told it
	Status  string   // message_status of a template: accepted, held_for_quality_assessment, paused
	Codes   []int    // error codes, when the answer was a refusal
	Details string   // the platform's own words about them, English; read by Classify and kept nowhere
	Others  []string // further wamids of one call

	// HTTP is the status of the HTTP answer; 0 when it was not told.
	HTTP int
	// Provider says whose ids and codes these are: "twilio", "infobip", ...;
	// empty for Meta's own. A code that Meta has too stands in Codes in both forms.
	Provider string
}

// A Receipt is what a caller gets for a message that left.
type Receipt struct {
	Decision Decision
	Ack      Ack
	// Unsettled is set when the message left but its outcome could not be
	// recorded. It is no error: an error would make apps send twice.
	Unsettled error
}

// Stopped is what a stop achieved, with the sends still under way.
type Stopped = optin.Stopped
