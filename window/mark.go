package window

import (
	"slices"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/party"
)

// Limits of what one Mark may carry. They are far above what the platform
// hands out and keep a broken caller from filling a store.
const (
	maxID      = 1024 // bytes of an id, a group, a line or a handle's value
	maxHandles = 16   // of one person; to read there may be as many as links know
)

// A MarkError says why a Mark or a Place was refused. It names the mark by its
// id and never holds a handle.
type MarkError struct {
	ID     string // of the mark; empty when a Place alone was refused
	Reason string
}

func (e *MarkError) Error() string {
	if e.ID == "" {
		return "window: " + e.Reason
	}
	return "window: mark " + e.ID + ": " + e.Reason
}

// Normal returns the mark as stores keep it: times in UTC to the microsecond,
// At no later than Received, handles each once and the caller's own no more.
// A mark that says too little to be kept is refused with a [*MarkError].
func (m Mark) Normal() (Mark, error) {
	reason := ""
	switch {
	case m.ID == "":
		return Mark{}, &MarkError{Reason: "a mark has no id"}
	case len(m.ID) > maxID:
		return Mark{}, &MarkError{Reason: "the id of a mark is too long"}
	case m.Kind < Wrote || m.Kind >= kinds:
		reason = "it is of no known kind"
	case m.At.IsZero():
		reason = "it has no time"
	case m.Received.IsZero():
		reason = "it has no time of receipt"
	case len(m.Place.Handles) > maxHandles:
		reason = "the place has too many handles"
	}
	if reason == "" {
		reason = m.Place.fault()
	}
	if reason != "" {
		return Mark{}, &MarkError{ID: m.ID, Reason: reason}
	}
	m.Received = m.Received.UTC().Truncate(time.Microsecond)
	m.At = m.At.UTC().Truncate(time.Microsecond)
	if m.At.After(m.Received) {
		m.At = m.Received
	}
	m.Place.Handles = distinct(m.Place.Handles)
	return m, nil
}

// Check reports as a [*MarkError] what keeps a Place from naming one
// conversation: it needs a line, and either handles or a group.
func (p Place) Check() error {
	if reason := p.fault(); reason != "" {
		return &MarkError{Reason: reason}
	}
	return nil
}

func (p Place) fault() string {
	switch {
	case p.Line.Number == "":
		return "the place has no line number"
	case p.Group == "" && len(p.Handles) == 0:
		return "the place names neither a person nor a group"
	case p.Group != "" && len(p.Handles) > 0:
		return "the place names both a person and a group"
	case len(p.Group) > maxID || len(p.Line.Number) > maxID || len(p.Line.Account) > maxID:
		return "the place has a name that is too long"
	}
	for _, h := range p.Handles {
		if h.Scheme == "" || h.Value == "" {
			return "the place has an empty handle"
		}
		if len(h.Scheme) > maxID || len(h.Value) > maxID {
			return "the place has a handle that is too long"
		}
	}
	return ""
}

// about names the call or the request that a mark speaks of.
func (m *Mark) about() string {
	_, name, _ := strings.Cut(m.ID, ":")
	return name
}

// happened is when a mark counts as having happened.
func (m *Mark) happened() time.Time {
	if m.At.After(m.Received) && !m.Received.IsZero() {
		return m.Received
	}
	return m.At
}

func distinct(hs []party.Handle) []party.Handle {
	if len(hs) == 0 {
		return nil
	}
	out := make([]party.Handle, 0, len(hs))
	for _, h := range hs {
		if !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}
