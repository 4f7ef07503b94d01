package optin

import (
	"context"
	"errors"

	"github.com/waguard/waguard/compliance/party"
)

// ErrMoved is returned by Enter when consent changed since the version seen.
var ErrMoved = errors.New("optin: consent changed since it was looked up")

// A Store keeps events and flights and knows nothing of what they mean. Its
// duties, which optintest checks by number:
//
//  1. What was appended comes back whole, times in UTC to the microsecond.
//  2. An id stored twice is stored once, also when two callers race; the
//     first one stays.
//  3. Nobody on record is an empty History and no error; a breakdown is an
//     error and never an empty History.
//  4. No event is dropped, merged or overtaken; Events come in the order
//     (At, ID).
//  5. Handles compare byte for byte.
//  6. A cancelled context returns promptly with its error, and nothing half
//     appended shows: one Append is all or nothing.
//  7. After Close every call fails.
//  8. Every Append that adds an event raises the version of each of its
//     handles. History.Version is the sum over the handles asked for.
//  9. Enter fails with ErrMoved when the sum over the flight's handles is no
//     longer Flight.Version; check and entry are one step. The same flight
//     id entered again is the same flight.
//  10. Append returns the flights open under any handle of the events it was
//     given (also of events already stored), as of the same step: a flight
//     entered before is in it, one entered after has seen the new version. A
//     flight whose Expires is not after the youngest Received is not open.
//  11. Leave of an unknown flight is no error.
//
// Implementations are safe for concurrent use.
type Store interface {
	Append(ctx context.Context, events ...Event) (Appended, error)
	Events(ctx context.Context, handles []party.Handle) (History, error)
	Enter(ctx context.Context, f Flight) error
	Leave(ctx context.Context, id string) error
}

// A Joiner is a [Store] that also keeps links, and looks both up in one step.
type Joiner interface {
	Store

	// Joined returns the handles with those that links know them to be joined
	// with, and what is on record under all of them. For links that are not the
	// store's own, or more handles than it takes in one step, it fails with
	// [errors.ErrUnsupported], and both have to be asked.
	Joined(ctx context.Context, links party.Links, handles []party.Handle) ([]party.Handle, History, error)
}

// Appended is what Append did.
type Appended struct {
	Added   int      // events that were not there before
	Flights []Flight // under way for the people concerned, by id
}

// A History is what is on record under a set of handles.
type History struct {
	Events  []Event // an event under several of the handles comes once
	Version uint64
	Erased  bool // people were erased from the store: [Eraser] Suppressed has to be asked too
}
