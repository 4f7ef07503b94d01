package optin

import (
	"context"
	"fmt"

	"github.com/waguard/waguard/compliance/party"
)

// A Deed is something not everybody may do.
type Deed string

const (
	DoImport  Deed = "import"
	DoExport  Deed = "export"
	DoErase   Deed = "erase"
	DoPurge   Deed = "purge"
	DoRegrant Deed = "regrant" // record an opt-in that lifts a stop
	DoWaive   Deed = "waive"   // set a rule aside; asked by whoever lets rules be waived
)

// An Action is a Deed about to be done.
type Action struct {
	Do    Deed
	Actor string      // who, if known
	Party party.Party // to whom, if one person
	ID    string      // of the record, or the rule to waive
}

// An ActionError is an action that was not allowed. It unwraps to what the
// authoriser said.
type ActionError struct {
	Do    Deed
	Actor string
	ID    string
	Err   error
}

func (e *ActionError) Error() string {
	s := "optin: " + string(e.Do)
	if e.ID != "" {
		s += fmt.Sprintf(" %q", e.ID)
	}
	if e.Actor != "" {
		s += fmt.Sprintf(" by %q", e.Actor)
	}
	return s + " is not allowed: " + e.Err.Error()
}

// Unwrap returns what the authoriser said.
func (e *ActionError) Unwrap() error { return e.Err }

// WithAuthoriser has every [Deed] asked about before it is done. An error
// refuses it, as an *[ActionError], and nothing is done. Without an authoriser
// all is allowed to whoever holds the Ledger. Asking whether a grant lifts a
// stop costs one look-up for each grant.
func WithAuthoriser(may func(context.Context, Action) error) LedgerOption {
	return func(g *Ledger) { g.authorise = may }
}

// Authorise asks whether an action is allowed; see [WithAuthoriser].
func (l *Ledger) Authorise(ctx context.Context, a Action) error {
	a.Actor = l.actorOf(ctx, a.Actor)
	return l.may(ctx, a)
}

func (l *Ledger) may(ctx context.Context, a Action) error {
	if l.authorise == nil {
		return nil
	}
	if err := l.authorise(ctx, a); err != nil {
		return &ActionError{Do: a.Do, Actor: a.Actor, ID: a.ID, Err: err}
	}
	return nil
}

// mayGrant asks about an agreement that lifts a stop in force. h is what is on
// record under its handles.
func (l *Ledger) mayGrant(ctx context.Context, e *Event, h History) error {
	if l.authorise == nil || !e.Kind.agrees() {
		return nil
	}
	s := StandingAt(h, e.Received, e.Handles...)
	purposes := e.Purposes
	if e.Kind == Confirmed {
		for i := range h.Events {
			if o := &h.Events[i]; o.Kind == Requested && o.ID == e.Ref {
				purposes = o.Purposes
			}
		}
	}
	if len(purposes) == 0 { // lifts stops of topics too
		purposes = append(classes[:classCalls:classCalls], topics(h.Events)...)
	}
	for _, p := range purposes {
		if stop, on := s.StoppedFor(p); on && e.At.After(stop.At) {
			return l.may(ctx, Action{Do: DoRegrant, Actor: l.actorOf(ctx, e.Actor), Party: partyOf(e.Handles), ID: e.ID})
		}
	}
	return nil
}

// partyOf is the first of each handle.
func partyOf(hs []party.Handle) (p party.Party) {
	for _, h := range hs {
		switch {
		case h.Scheme == party.Phone && p.Phone == "":
			p.Phone = h.Value
		case h.Scheme == party.User && p.User == "":
			p.User = h.Value
		case h.Scheme == party.Parent && p.Parent == "":
			p.Parent = h.Value
		}
	}
	return p
}

type actorKey struct{}

// WithActorContext names who acts, for all that is recorded with the context
// and names no Actor itself.
func WithActorContext(ctx context.Context, actor string) context.Context {
	return context.WithValue(ctx, actorKey{}, actor)
}

// actorOf is who acts: as the record says, else the context, else the ledger.
func (l *Ledger) actorOf(ctx context.Context, given string) string {
	if given != "" {
		return given
	}
	if a, _ := ctx.Value(actorKey{}).(string); a != "" {
		return a
	}
	return l.actor
}
