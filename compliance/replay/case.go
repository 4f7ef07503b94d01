package replay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/policy"
)

// A Case is one message in its circumstances, with what should come of it.
type Case struct {
	Why     string   // the reason the case is there
	Given   []Event  // what happened before
	Unknown []string // facts that cannot be found out: consent, window, template, account
	Event   Event    // the send or call
	Expect  *Expect
}

// Expect is what a person wrote should come of a case. No tool rewrites it.
type Expect struct {
	Verdict compliance.Verdict `json:"verdict"`
	// Rules are the ids found, warnings and notes included, in any order.
	Rules []policy.ID `json:"rules"`
	// Clear are rules that have to be in scope and find nothing.
	Clear   []policy.ID `json:"clear,omitempty"`
	RetryAt time.Time   `json:"retry_at,omitzero"`
	// Price is the class it is charged in, as "charged (service)", and Until
	// until when what it needs lasts; not looked at where they are not told.
	Price string    `json:"price,omitempty"`
	Until time.Time `json:"until,omitzero"`
}

// ReadCase reads the JSON form of a Case, strictly.
func ReadCase(b []byte) (c Case, err error) {
	if len(b) > MaxLine {
		return c, fmt.Errorf("replay: case longer than %d bytes", MaxLine)
	}
	m, err := members(b)
	if err != nil {
		return c, fmt.Errorf("replay: case: %w", err)
	}
	event := map[string]json.RawMessage{}
	for _, k := range sorted(m) {
		raw := m[k]
		var err error
		switch k {
		case "why":
			err = strict(raw, &c.Why)
		case "unknown":
			err = strict(raw, &c.Unknown)
		case "expect":
			c.Expect = &Expect{}
			err = strict(raw, c.Expect)
		case "given":
			c.Given, err = readGiven(raw)
		case "at", "id", "send", "call", "phone_number_id", "endpoint", "origin", "media":
			event[k] = raw
		default:
			err = errors.New("unknown")
		}
		if err != nil {
			return c, fmt.Errorf("replay: case: %s: %w", k, err)
		}
	}
	raw, err := json.Marshal(event)
	if err != nil {
		return c, fmt.Errorf("replay: case: %w", err)
	}
	if c.Event, err = parseEvent(raw); err != nil {
		return c, fmt.Errorf("replay: case: %w", err)
	}
	if c.Event.Send == nil && c.Event.Call == nil {
		return c, errors.New("replay: case: neither send nor call")
	}
	return c, nil
}

func readGiven(raw json.RawMessage) ([]Event, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil, errors.New("a list of timeline events belongs here")
	}
	events := make([]Event, 0, len(items))
	for i, item := range items {
		e, err := parseEvent(item)
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		e.Line = i + 1
		events = append(events, e)
	}
	return events, nil
}

// World makes the World of the case: what is given has happened, and the clock
// stands at the send or call.
func (c *Case) World(ctx context.Context, opts ...Option) (*World, error) {
	w, err := NewWorld(append(slices.Clone(opts), WithUnknown(c.Unknown...))...)
	if err != nil {
		return nil, err
	}
	for _, e := range c.Given {
		if _, err := w.Apply(ctx, e); err != nil {
			return nil, fmt.Errorf("replay: given[%d]: %w", e.Line-1, err)
		}
	}
	w.clock = c.Event.At
	return w, nil
}

// Run judges the case and returns its Decision, with the status of every rule.
func (c *Case) Run(ctx context.Context, opts ...Option) (compliance.Decision, error) {
	w, err := c.World(ctx, opts...)
	if err != nil {
		return compliance.Decision{}, err
	}
	m, err := w.Message(c.Event)
	if err != nil {
		return compliance.Decision{}, err
	}
	return w.sender.Explain(ctx, m), nil
}

// Check compares a Decision with what was expected and says what differs.
func (x *Expect) Check(d *compliance.Decision) error {
	var errs []error
	if d.Verdict != x.Verdict {
		errs = append(errs, fmt.Errorf("verdict is %s, expected %s", d.Verdict, x.Verdict))
	}
	found, want := map[policy.ID]bool{}, map[policy.ID]bool{}
	for _, v := range d.Violations {
		found[v.Rule] = true
	}
	for _, id := range x.Rules {
		want[id] = true
		if !found[id] {
			errs = append(errs, fmt.Errorf("%s was expected and not found", id))
		}
	}
	for _, v := range d.Violations {
		if !want[v.Rule] {
			errs = append(errs, fmt.Errorf("%s was found and not expected (%s: %s)", v.Rule, v.Where, v.Why))
			want[v.Rule] = true
		}
	}
	for _, id := range x.Clear {
		if s := statusOf(d, id); s != policy.Clear {
			errs = append(errs, fmt.Errorf("%s is %s, expected clear", id, s))
		}
	}
	if !x.RetryAt.IsZero() && !x.RetryAt.Equal(d.RetryAt) {
		errs = append(errs, fmt.Errorf("retry_at is %s, expected %s", d.RetryAt.Format(time.RFC3339), x.RetryAt.Format(time.RFC3339)))
	}
	if x.Price != "" && x.Price != d.Price.String() {
		errs = append(errs, fmt.Errorf("price is %q, expected %q", d.Price, x.Price))
	}
	if !x.Until.IsZero() && !x.Until.Equal(d.Until) {
		errs = append(errs, fmt.Errorf("until is %s, expected %s", d.Until.Format(time.RFC3339), x.Until.Format(time.RFC3339)))
	}
	return errors.Join(errs...)
}

func statusOf(d *compliance.Decision, id policy.ID) policy.Status {
	for _, s := range d.Statuses {
		if s.Rule == id {
			return s.Status
		}
	}
	return policy.NotRun
}
