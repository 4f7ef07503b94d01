package policy

import (
	"encoding/json"
	"fmt"
	"time"
)

// Severity is how much a broken rule weighs. The zero value is no severity and
// is refused by the loader.
type Severity uint8

const (
	_     Severity = iota
	Note           // told, nothing more
	Warn           // told, and worth mending before somebody else finds it
	Block          // the message stays in
)

var severities = [...]string{Note: "note", Warn: "warn", Block: "block"}

// String returns note, warn or block.
func (s Severity) String() string {
	if int(s) < len(severities) && s > 0 {
		return severities[s]
	}
	return fmt.Sprintf("Severity(%d)", uint8(s))
}

// MarshalText writes the severity as its word.
func (s Severity) MarshalText() ([]byte, error) {
	if s == 0 || int(s) >= len(severities) {
		return nil, fmt.Errorf("policy: no severity %d", uint8(s))
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads note, warn or block.
func (s *Severity) UnmarshalText(b []byte) error {
	for i, w := range severities {
		if w != "" && w == string(b) {
			*s = Severity(i)
			return nil
		}
	}
	return fmt.Errorf("policy: unknown severity %q (note, warn or block)", b)
}

// Confidence is how sure a finding about words is. It is ordered, the surest last.
// The zero value is that of a finding that does not say.
type Confidence uint8

const (
	Unrated  Confidence = iota
	Possible            // the words together mean it, and no phrase names it; or digits that fit, and little else
	Likely              // a phrase and what stands around it, or a number that its label names
	Certain             // phrase and message agree clearly, or the number can hardly be anything else
)

var confidences = [...]string{Possible: "possible", Likely: "likely", Certain: "certain"}

// String returns possible, likely or certain, and unrated for the zero value.
func (c Confidence) String() string {
	switch {
	case c == Unrated:
		return "unrated"
	case int(c) < len(confidences):
		return confidences[c]
	}
	return fmt.Sprintf("Confidence(%d)", uint8(c))
}

// MarshalText writes the confidence as its word. One that does not say has none.
func (c Confidence) MarshalText() ([]byte, error) {
	if c == Unrated || int(c) >= len(confidences) {
		return nil, fmt.Errorf("policy: no confidence %d", uint8(c))
	}
	return []byte(c.String()), nil
}

// UnmarshalText reads possible, likely or certain.
func (c *Confidence) UnmarshalText(b []byte) error {
	for i, w := range confidences {
		if w != "" && w == string(b) {
			*c = Confidence(i)
			return nil
		}
	}
	return fmt.Errorf("policy: unknown confidence %q (possible, likely or certain)", b)
}

// Status is what became of one rule for one message. It is ordered: anything
// above Clear found something, Failed could not find out.
type Status uint8

const (
	NotRun     Status = iota // nobody judged it
	OutOfScope               // it does not speak about this message
	NotInForce               // no edition at this instant, or switched off
	Clear                    // it spoke and found nothing
	Noted
	Warned
	Blocked
	Failed // it spoke and could not be judged
)

var statuses = [...]string{"not run", "out of scope", "not in force", "clear", "noted", "warned", "blocked", "failed"}

// String returns the status in words.
func (s Status) String() string {
	if int(s) < len(statuses) {
		return statuses[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// MarshalText writes the status in words.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a status in words.
func (s *Status) UnmarshalText(b []byte) error {
	for i, w := range statuses {
		if w == string(b) {
			*s = Status(i)
			return nil
		}
	}
	return fmt.Errorf("policy: unknown status %q", b)
}

// Found is the status of a rule of this severity that was broken.
func (s Severity) Found() Status {
	switch s {
	case Note:
		return Noted
	case Warn:
		return Warned
	case Block:
		return Blocked
	}
	return Failed
}

// Phase is the moment a rule speaks.
type Phase string

const (
	Send      Phase = "send"      // about to leave
	Create    Phase = "create"    // a template is written or edited
	Lifecycle Phase = "lifecycle" // a template or account over time
	Inbound   Phase = "inbound"   // something a customer wrote
)

// Check names how a rule is decided.
type Check string

const (
	None       Check = "none"       // not built: comes out as not run, holds nothing
	Declared   Check = "declared"   // by the business's own word (attests)
	Vertical   Check = "vertical"   // by the business's declared verticals
	Lexical    Check = "text"       // by the words of the rule file
	Identifier Check = "identifier" // by the identifier detectors
	Gate       Check = "gate"       // by a gate that answers for this id
)

// A Day is a date at midnight UTC; the zero Day means "open".
type Day struct{ time.Time }

// DayOf makes a Day.
func DayOf(y int, m time.Month, d int) Day { return Day{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)} }

// MarshalJSON writes "2006-01-02".
func (d Day) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(d.Format(time.DateOnly))
}

// UnmarshalJSON reads "2006-01-02" and nothing else.
func (d *Day) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("policy: a date is a string like \"2026-09-23\"")
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return fmt.Errorf("policy: %q is no date like \"2026-09-23\"", s)
	}
	d.Time = t
	return nil
}

// MarshalJSON writes [start,end].
func (s Span) MarshalJSON() ([]byte, error) { return json.Marshal([2]int{s.Start, s.End}) }

// UnmarshalJSON reads [start,end].
func (s *Span) UnmarshalJSON(b []byte) error {
	var p [2]int
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	s.Start, s.End = p[0], p[1]
	return nil
}
