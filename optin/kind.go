package optin

import "fmt"

var kinds = [...]string{
	Granted: "granted", Revoked: "revoked", Restarted: "restarted", PlatformStopped: "platform-stopped",
	PlatformResumed: "platform-resumed", Suppressed: "suppressed", Ended: "ended",
	Requested: "requested", Confirmed: "confirmed", Erased: "erased",
}

func (k Kind) known() bool { return k > 0 && int(k) < len(kinds) }

// String returns the kind's word, as in its JSON form.
func (k Kind) String() string {
	if !k.known() {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return kinds[k]
}

// MarshalText writes the kind's word. The zero Kind has none.
func (k Kind) MarshalText() ([]byte, error) {
	if !k.known() {
		return nil, fmt.Errorf("optin: event kind %d has no text form", k)
	}
	return []byte(kinds[k]), nil
}

// UnmarshalText reads a kind's word; an unknown word is an error.
func (k *Kind) UnmarshalText(b []byte) error {
	for i, w := range kinds {
		if w != "" && w == string(b) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("optin: unknown event kind (%d bytes)", len(b))
}

// stops reports whether events of this kind can take something away from
// what may be sent.
func (k Kind) stops() bool {
	return k == Revoked || k == PlatformStopped || k == Suppressed || k == Ended || k == Erased
}

// agrees reports whether events of this kind are about an agreement that was
// given or asked for.
func (k Kind) agrees() bool { return k == Granted || k == Requested || k == Confirmed }

// optIn reports whether an event is an agreement that can stand as an opt-in.
func (e *Event) optIn() bool {
	return (e.Kind == Granted || e.Kind == Confirmed) && e.Evidence != nil && e.Evidence.optIn()
}

// optIn reports whether consent can rest on the evidence. A word nobody knows
// is none: unknown is never yes.
func (e *Evidence) optIn() bool {
	return e.Source.known() && e.Source.OptIn() && e.Given.sound() && e.Act.sound()
}

// noOptIn names why consent cannot rest on the evidence, as a source.
func (e *Evidence) noOptIn() Source {
	if e.Source.OptIn() && (e.Given == FromOthers || e.Given == Bought || e.Given == Collected) {
		return PurchasedList
	}
	return e.Source
}

// sound reports whether a number given in this way may be written to; the empty
// Given is not known and says nothing against it.
func (g Given) sound() bool {
	switch g {
	case "", Typed, Spoken, Written, Messaged, OnAccount, OtherGiven:
		return true
	}
	return false
}

func (g Given) known() bool { return g.sound() || g == FromOthers || g == Bought || g == Collected }

// sound reports whether the act is an affirmative one, or not known.
func (a Act) sound() bool {
	switch a {
	case "", Ticked, Pressed, Sent, Said, Signed, Scanned, OtherAct:
		return true
	}
	return false
}

func (a Act) known() bool { return a.sound() || a == PreTicked || a == Silence }

func (s Source) known() bool {
	switch s {
	case WebForm, Checkbox, QR, BySMS, IVR, AtTheDesk, Paper, Thread, Flow, InAppSignup, Import, OtherSource,
		InboundMessage, ImpliedBuy, PurchasedList:
		return true
	}
	return false
}

func (c Channel) known() bool {
	switch c {
	case WhatsApp, Email, Phone, SMS, Web, InPerson, Letter, Other:
		return true
	}
	return false
}

// covers reports whether an event is about a purpose. The empty purpose
// stands for messages as a whole. A grant that names nothing is about all
// messages and not about calls; anything else that names nothing is about
// everything.
func (e *Event) covers(p Purpose) bool {
	if len(e.Purposes) == 0 {
		return !e.Kind.agrees() || p != Calls
	}
	for _, q := range e.Purposes {
		if q == p {
			return true
		}
	}
	return false
}
