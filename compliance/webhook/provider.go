package webhook

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
)

// A Provider opens the webhooks of one provider: it checks that a request came
// from there, and reads it into events. *[CloudAPI], *[Relay], *[Twilio],
// *[Infobip] and *[Vonage] are providers; an app may bring its own.
type Provider interface {
	// Open verifies a request, whose whole body is given beside it, and reads it.
	// Without a right signature it fails with an error that matches ErrNoSecret,
	// ErrUnsigned or ErrSignature, and with no webhook of the provider with any
	// other; what stands in a webhook and cannot be read is an event
	// ([compliance.Unreadable]) and no error.
	Open(r *http.Request, body []byte, received time.Time) ([]compliance.Event, error)
	// Limit is the largest body, in bytes, that is read at all.
	Limit() int64
}

var (
	_ Provider = (*CloudAPI)(nil)
	_ Provider = (*Relay)(nil)
	_ Provider = (*Twilio)(nil)
	_ Provider = (*Infobip)(nil)
	_ Provider = (*Vonage)(nil)
)

// A Check tells whether a request comes from who it says, for providers whose
// manner of signing is the app's to know. It gets the raw body; what it fails
// with should match [ErrUnsigned] or [ErrSignature]. A nil Check trusts nobody.
type Check func(r *http.Request, body []byte) error

func (c Check) run(r *http.Request, body []byte) error {
	if c == nil {
		return ErrNoSecret
	}
	return c(r, body)
}

// SharedSecret is a Check for providers that send a header which the app chose
// ("Authorization", "X-Webhook-Key"): one of the values has to stand there.
// Several are accepted while the value is being changed; the comparison takes the
// same time whatever fits. A secret in a header does not protect the body, so it
// is only as good as the TLS in front of it.
func SharedSecret(header string, values ...string) Check {
	sums := make([][sha256.Size]byte, 0, len(values))
	for _, v := range values {
		if v != "" {
			sums = append(sums, sha256.Sum256([]byte(v)))
		}
	}
	return func(r *http.Request, _ []byte) error {
		given := r.Header.Get(header)
		switch {
		case len(sums) == 0:
			return ErrNoSecret
		case given == "":
			return ErrUnsigned
		}
		sum, fits := sha256.Sum256([]byte(given)), 0
		for i := range sums {
			fits |= subtle.ConstantTimeCompare(sums[i][:], sum[:])
		}
		if fits != 1 {
			return ErrSignature
		}
		return nil
	}
}

// Relay reads Meta's own webhooks where a provider passes them on and vouches
// for them in a manner of its own (360dialog, Gupshup's V3).
type Relay struct {
	API   CloudAPI // how to read; its secrets and token are not used
	Check Check
}

// Open implements [Provider].
func (p *Relay) Open(r *http.Request, body []byte, received time.Time) ([]compliance.Event, error) {
	if err := p.Check.run(r, body); err != nil {
		return nil, err
	}
	return p.API.Parse(body, received)
}

// Limit implements [Provider].
func (p *Relay) Limit() int64 { return p.API.Limit() }

// status is the HTTP status that tells a provider why its request was refused.
func status(err error) int {
	switch {
	case errors.Is(err, ErrTooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, ErrNoSecret), errors.Is(err, ErrUnsigned), errors.Is(err, ErrSignature):
		return http.StatusUnauthorized
	}
	return http.StatusBadRequest
}

// document reads a JSON body whose top says everything once.
func document(body []byte, limit int64) (jsondoc.Value, error) {
	if int64(len(body)) > limit {
		return jsondoc.Value{}, ErrTooLarge
	}
	d, err := jsondoc.Parse(body, len(body))
	if err != nil {
		return jsondoc.Value{}, fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	root := d.Root()
	if root.Kind() != jsondoc.Object {
		return root, ErrEnvelope
	}
	return root, nil
}

// A collector makes events out of the items of a provider whose webhooks are a
// list of them, or one.
type collector struct {
	provider string
	events   []compliance.Event
	tooMany  bool
}

func (c *collector) emit(e compliance.Event) {
	if len(c.events) >= MaxItems {
		c.tooMany = true
		return
	}
	c.events = append(c.events, e)
}

// unreadable gives up on an item, or on a part of it.
func (c *collector) unreadable(v jsondoc.Value, where string, err error) {
	c.emit(compliance.Unreadable{ID: digest(v, c.provider, where), Where: where, Err: err})
}

func (c *collector) nothing(v jsondoc.Value, why string) {
	c.emit(compliance.Nothing{ID: digest(v, c.provider), Field: c.provider, Why: why})
}

// whole reports whether an item can be read at all: an object that says
// everything once.
func (c *collector) whole(v jsondoc.Value, where string) bool {
	if err := v.Fault(); err != nil {
		_, path := v.FaultAt()
		c.unreadable(v, join(where, path), Fault(err.Error()))
		return false
	}
	if v.Kind() != jsondoc.Object {
		c.unreadable(v, where, errShape)
		return false
	}
	return true
}

// sides reads what messages and statuses say alike, each by the member it stands
// in: when it was, the person, and the number of the business.
func (c *collector) sides(v jsondoc.Value, where, when, person, business string) (who party.Party, line party.Line, at time.Time, ok bool) {
	fail := func(member string, err error) (party.Party, party.Line, time.Time, bool) {
		c.unreadable(v, join(where, member), err)
		return party.Party{}, party.Line{}, time.Time{}, false
	}
	if at, ok = stamp(v.Get(when)); !ok {
		return fail(when, errTime)
	}
	who, bad := read(v.Get(person).ID(), "", "")
	if bad || who.IsZero() {
		return fail(person, errHandle)
	}
	if line, bad = businessNumber(v.Get(business)); bad {
		return fail(business, errNoNumber)
	}
	return who, line, at, true
}

func (c *collector) done() ([]compliance.Event, error) {
	if c.tooMany {
		return nil, ErrTooLarge
	}
	return c.events, nil
}

// stamp reads a time as providers write it: RFC 3339, or without the colon in
// its zone.
func stamp(v jsondoc.Value) (time.Time, bool) {
	s := v.String()
	if len(s) > 40 {
		return time.Time{}, false
	}
	for _, form := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999-0700"} {
		if t, err := time.Parse(form, s); err == nil && t.Unix() > 0 && t.Unix() <= maxUnix {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// businessNumber is the line of a number of the business, with its plus: that is
// how providers other than Meta name it; see [compliance.Business.Line].
func businessNumber(v jsondoc.Value) (l party.Line, bad bool) {
	p, err := party.ParseWaID(strings.TrimPrefix(v.ID(), "+"))
	return party.Line{Number: p}, err != nil || p == ""
}
