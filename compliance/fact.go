package compliance

import "errors"

// A Fact is something a rule may need to know: known, known to be absent, or
// unknown with a cause. Its zero value is unknown, and unknown is never yes.
type Fact[T any] struct {
	value T
	state factState
	cause error
}

type factState uint8

const (
	unknown factState = iota
	absent
	known
)

// errNotLooked is the cause of a Fact that nobody filled in.
var errNotLooked = errors.New("compliance: not looked up")

// Known makes a fact that was found.
func Known[T any](v T) Fact[T] { return Fact[T]{value: v, state: known} }

// Absent makes a fact that was looked for and is not there.
func Absent[T any]() Fact[T] { return Fact[T]{state: absent} }

// UnknownFact makes a fact that could not be found out, with the cause.
func UnknownFact[T any](cause error) Fact[T] { return Fact[T]{cause: cause} }

// Get returns the value and whether it is known.
func (f *Fact[T]) Get() (*T, bool) {
	if f.state != known {
		return nil, false
	}
	return &f.value, true
}

// IsAbsent reports whether it was looked for and is not there.
func (f *Fact[T]) IsAbsent() bool { return f.state == absent }

// IsUnknown reports whether it could not be found out.
func (f *Fact[T]) IsUnknown() bool { return f.state == unknown }

// Cause is why an unknown fact is unknown, and nil for the others.
func (f *Fact[T]) Cause() error {
	if f.state != unknown {
		return nil
	}
	if f.cause == nil {
		return errNotLooked
	}
	return f.cause
}
