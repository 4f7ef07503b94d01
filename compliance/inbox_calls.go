package compliance

import (
	"context"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance/outcome"
	"github.com/waguard/waguard/window"
)

// Error codes of the platform about calls (Meta, Calling API reference and
// troubleshooting, 2025-12).
const (
	codeNoCallPermission = 138006 // the customer gave no permission, or no longer
	codeRequestsSpent    = 138009 // as many requests were sent as may be
	codeCallsSpent       = 138012 // as many calls connected as may
	codeCallsPaused      = 138014 // calls of this number are paused for quality
	codeCallsPermanent   = 138017 // a request, and the customer allows calls for good
)

// callPause is how long calls are paused for quality: 7 days (Meta, Calling API
// overview, 2026-03-10).
const callPause = 7 * 24 * time.Hour

// ringTime is how long before its pick-up, or its end where nobody took it, a
// call of the customer is taken to have begun where only that is told. It is
// this library's choice: a call rings for a minute or so.
const ringTime = time.Minute

// callMark is what an event of a call says of the conversation, zero for
// nothing. One of ours that ended
// without being picked up was not taken, whatever ended it: the platform's words
// for that are UNCONFIRMED, and this is the careful reading.
func callMark(e Called) window.Kind {
	if e.ByCustomer {
		switch {
		case e.State != "ended":
			return window.Called
		case e.Connected:
			return window.CallTaken
		}
		return 0
	}
	switch e.State {
	case "connect", "ringing":
		return window.CallRang
	case "accepted":
		return window.Answered
	case "rejected":
		return window.CallMissed
	case "ended":
		if e.Connected {
			return window.Answered
		}
		return window.CallMissed
	}
	return 0
}

func (b *batch) called(ctx context.Context, e Called) error {
	if err := b.join(ctx, "call:"+e.ID, e.With, e.At); err != nil {
		return err
	}
	at := e.At
	if e.Connected && !e.Began.IsZero() {
		at = e.Began
	}
	if e.ByCustomer && e.State == "ended" {
		// a call of the customer counts however it ends, and its beginning may be lost
		if err := b.note(ctx, "called:"+e.ID, window.Called, e.Line, e.With, "", b.clamp(at).Add(-ringTime)); err != nil {
			return err
		}
	}
	k := callMark(e)
	if k == 0 {
		return nil
	}
	return b.note(ctx, e.State+":"+e.ID, k, e.Line, e.With, "", at)
}

func (b *batch) callAnswer(ctx context.Context, e CallAnswer) error {
	if err := b.join(ctx, "callanswer:"+e.ID, e.From, e.At); err != nil {
		return err
	}
	k, at := allowed(e.Granted, e.Permanent, e.At, e.Until)
	if k == window.CallsWithdrawn && e.Request != "" && !e.Automatic {
		k = window.CallsRefused
	}
	return b.note(ctx, "callanswer:"+e.ID, k, e.Line, e.From, "", at)
}

// allowed is the mark of a permission and when it counts from. One that ends
// earlier than usual is kept as one that was given earlier: a refusal in between
// then counts, which is the careful way round.
func allowed(granted, permanent bool, at, until time.Time) (window.Kind, time.Time) {
	switch {
	case !granted:
		return window.CallsWithdrawn, at
	case permanent:
		return window.CallsAllowed, at
	}
	if given := until.Add(-window.CallPermissionTemporary); !until.IsZero() && given.Before(at) {
		at = given
	}
	return window.CallsAllowedFor, at
}

// callPermission: the API's own word about a permission stands from the instant
// it was given.
func (b *batch) callPermission(ctx context.Context, e CallPermission) error {
	at := b.clamp(e.At)
	id := b.in.s.printer.party(e.With) + ":" + at.Format(time.RFC3339Nano)
	if err := b.join(ctx, "permission:"+id, e.With, at); err != nil {
		return err
	}
	k, since := allowed(e.Granted, e.Permanent, at, e.Until)
	if err := b.note(ctx, "permission:"+id, k, e.Line, e.With, "", since); err != nil {
		return err
	}
	// a mark of these kinds bars for a day or a week: it is put so long before
	// the end
	if e.AskAgain.After(at) {
		k, long := window.RequestsSpent, window.CallDay
		if e.AskAgain.Sub(at) > long {
			k, long = window.WeekSpent, window.CallRequestWeek
		}
		if err := b.note(ctx, "requests:"+id, k, e.Line, e.With, "", e.AskAgain.Add(-long)); err != nil {
			return err
		}
	}
	if e.CallAgain.After(at) {
		return b.note(ctx, "calls:"+id, window.CallsSpent, e.Line, e.With, "", e.CallAgain.Add(-window.CallDay))
	}
	return nil
}

// sent: what the business sent past this Sender is a reply, and a request for
// permission to call counts as one.
func (b *batch) sent(ctx context.Context, e Sent) error {
	if err := b.note(ctx, "sent:"+e.ID, window.Replied, e.Line, e.To, "", e.At); err != nil {
		return err
	}
	if e.Type != "interactive/call_permission_request" {
		return nil
	}
	return b.note(ctx, "asked:"+e.ID, window.CallsAsked, e.Line, e.To, "", e.At)
}

// callRefused keeps what a refusal teaches about calls.
func (b *batch) callRefused(ctx context.Context, e Reported, code int) error {
	var k window.Kind
	switch code {
	case codeNoCallPermission:
		k = window.CallsWithdrawn
	case codeRequestsSpent:
		k = window.RequestsSpent
	case codeCallsSpent:
		k = window.CallsSpent
	case codeCallsPermanent:
		k = window.CallsAllowed
	case codeCallsPaused:
		at := b.clamp(e.At)
		return b.in.s.stores.Account.Note(ctx, AccountNews{ID: itoa(code) + ":" + e.ID, Line: e.Line, Kind: Restricted,
			Type: "RESTRICTED_BUSINESS_INITIATED_CALLING", Cause: itoa(code), At: at, Received: b.received, Until: at.Add(callPause)})
	default:
		return nil
	}
	return b.note(ctx, itoa(code)+":"+e.ID, k, e.Line, e.To, "", e.At)
}

// undo takes back a request for permission, or a call, that failed, and that the
// business wrote where that is certain. Only what is on record is taken back: a
// failure that overtakes the answer to its own send leaves the request counted,
// which is the careful way round.
func (b *batch) undo(ctx context.Context, e Reported, o outcome.Outcome) error {
	if e.Group != "" || e.To.IsZero() {
		return nil
	}
	known, err := b.in.s.stores.Links.Known(ctx, e.To.Handles())
	if err != nil {
		return err
	}
	marks, err := b.in.s.stores.Windows.Marks(ctx, window.Place{Line: e.Line, Handles: known.Handles})
	if err != nil {
		return err
	}
	made, unsent := false, []window.Mark(nil)
	for i := range marks {
		k := &marks[i]
		prefix, name, _ := strings.Cut(k.ID, ":")
		switch {
		case name == "" || name != e.ID && name != e.flight:
		case k.Kind == window.Reached:
			return nil // on another device
		case prefix == "asked", prefix == "placed":
			made = true
		case k.Kind == window.Replied && len(e.Codes) > 0 && !o.Maybe:
			unsent = append(unsent, window.Mark{ID: "unsent:" + name, Kind: window.Unsent, Place: k.Place, At: k.At, Received: b.received})
		}
	}
	if len(unsent) > 0 {
		if err := b.in.s.stores.Windows.Note(ctx, unsent...); err != nil {
			return err
		}
	}
	if !made {
		return nil
	}
	return b.note(ctx, "failed:"+e.ID, window.CallUndone, e.Line, e.To, "", e.At)
}
