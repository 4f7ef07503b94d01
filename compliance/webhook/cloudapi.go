package webhook

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
)

// Bounds of a webhook (Meta, "Webhooks overview", 2026): up to 1,000 updates
// and 3 MB a request. Items are counted generously, so that no honest body is
// refused and no other takes memory at will.
const (
	DefaultMaxBytes = 3 << 20
	MaxItems        = 10_000
)

// Why a body is no webhook.
var (
	ErrTooLarge = errors.New("webhook: the body is too large")
	ErrNotJSON  = errors.New("webhook: the body is no valid JSON")
	ErrEnvelope = errors.New("webhook: the body is no WhatsApp webhook")
)

// CloudAPI reads the webhooks of Meta's Cloud API, and of providers that pass
// them on unchanged. The zero value parses bodies and trusts nobody: without a
// secret no signature fits, without a token no handshake succeeds.
type CloudAPI struct {
	// Secret is the app secret bodies are signed with. Secrets are further
	// ones that are accepted too, while the secret is being changed.
	Secret  []byte
	Secrets [][]byte

	VerifyToken string // of the handshake
	MaxBytes    int64  // of a body; 0: DefaultMaxBytes

	// Numbers gives the phone_number_id of a display phone number (digits).
	// One webhook, phone_number_quality_update, names a number by nothing
	// else; without an entry here its word about the number is left out.
	Numbers map[string]string
}

// Verify checks the signature of a raw body; see [Verify].
func (c *CloudAPI) Verify(body []byte, header string) error {
	return verify(append([][]byte{c.Secret}, c.Secrets...), body, header)
}

// Open implements [Provider].
func (c *CloudAPI) Open(r *http.Request, body []byte, received time.Time) ([]compliance.Event, error) {
	if err := c.Verify(body, r.Header.Get(SignatureHeader)); err != nil {
		return nil, err
	}
	return c.Parse(body, received)
}

// Limit implements [Provider].
func (c *CloudAPI) Limit() int64 {
	if c.MaxBytes > 0 {
		return c.MaxBytes
	}
	return DefaultMaxBytes
}

// Parse reads a body that was received at an instant into events, in the order
// they stand in it. Every item comes to something: an event, a
// [compliance.Nothing] that says why it teaches nothing, or a
// [compliance.Unreadable] that says where it could not be read; what stands
// beside an unreadable item is read. Only a body that is no webhook is an error,
// and then there are no events: ErrTooLarge, ErrNotJSON or ErrEnvelope.
//
// Events carry the platform's own times; received stands in only for news of
// accounts and templates that come without one. Ids are those of the platform,
// or a digest of the item, so a repeated webhook gives the same ids.
//
// Parse does not check the signature; see [CloudAPI.Verify]. It is safe for
// concurrent use.
func (c *CloudAPI) Parse(body []byte, received time.Time) ([]compliance.Event, error) {
	if int64(len(body)) > c.Limit() {
		return nil, ErrTooLarge
	}
	d, err := jsondoc.Parse(body, len(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	root := d.Root()
	entries := root.Get("entry")
	if object := root.Get("object"); entries.Kind() != jsondoc.Array ||
		!object.None() && object.String() != "whatsapp_business_account" {
		return nil, ErrEnvelope
	}
	p := parser{c: c, received: received.UTC(), place: spot{entry: -1}}
	if p.faulty(root, "object", "entry") {
		return p.events, nil
	}
	for i, e := range entries.Elements() {
		p.entry(e, i)
	}
	if p.tooMany {
		return nil, fmt.Errorf("%w: more than %d items", ErrTooLarge, MaxItems)
	}
	return p.events, nil
}

// A parser turns one body into events.
type parser struct {
	c        *CloudAPI
	received time.Time
	events   []compliance.Event
	tooMany  bool

	// where we are
	account string
	told    time.Time // entry.time; zero: the body has none
	field   string
	line    party.Line
	place   spot
	people  map[string]contact // contacts of the change, by wa_id and by user id
	standby bool
}

func (p *parser) entry(e jsondoc.Value, i int) {
	p.place = spot{entry: i, change: -1}
	if e.Kind() != jsondoc.Object {
		p.unreadable(e, "", errShape)
		return
	}
	if p.faulty(e, "id", "time", "changes") {
		return
	}
	p.account = word(e.Get("id"))
	p.told = time.Time{}
	if t, ok := instant(e.Get("time")); ok {
		p.told = t
	}
	changes := e.Get("changes")
	if changes.Kind() != jsondoc.Array {
		p.unreadable(e, "changes", errMissing)
		return
	}
	for j, ch := range changes.Elements() {
		p.place = spot{entry: i, change: j}
		p.change(ch)
	}
}

func (p *parser) change(ch jsondoc.Value) {
	if p.faulty(ch, "field", "value") {
		return
	}
	p.field = ch.Get("field").String()
	value := ch.Get("value")
	p.people, p.standby, p.line = nil, false, party.Line{Account: p.account}
	switch {
	case p.field == "":
		p.unreadable(ch, "field", errMissing)
		return
	case value.Kind() != jsondoc.Object:
		p.unreadable(ch, "value", errMissing)
		return
	}
	switch p.field {
	case "messages":
		p.conversation(value, "value")
	case "standby":
		// the same, one level deeper: another app holds the thread, and what
		// the customer writes is still what the customer writes
		p.standby = true
		p.conversation(value, "value", "standby")
	case "calls":
		p.calls(value)
	case "user_preferences":
		p.preferences(value)
	case "user_id_update":
		p.idUpdates(value)
	case "smb_message_echoes":
		p.number(value)
		p.echoes(value.Get("message_echoes"), "value.message_echoes")
	case "account_update":
		p.whole(value, p.accountUpdate)
	case "account_review_update":
		p.whole(value, p.review)
	case "phone_number_quality_update":
		p.whole(value, p.numberQuality)
	case "business_capability_update":
		p.whole(value, p.capability)
	case "message_template_status_update", "message_template_quality_update",
		"template_category_update", "template_correct_category_detection", "message_template_components_update":
		p.whole(value, p.template)
	default:
		p.nothing(value, "", p.field, ignored(p.field))
	}
}

// ignored says why a field teaches nothing.
func ignored(field string) string {
	switch field {
	case "messaging_handovers":
		return "who holds the thread changes no consent, window or limit"
	case "history", "smb_app_state_sync":
		return "what was before the number came to the platform opens no window"
	case "account_alerts", "account_settings_update", "automatic_events", "business_username_update",
		"business_username_updates", "flows", "partner_solutions", "payment_configuration_update",
		"phone_number_name_update", "security",
		"group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update":
		return "says nothing about people, windows, templates or restrictions"
	}
	return "a field this version does not know"
}

// whole runs read on a value that is one item.
func (p *parser) whole(v jsondoc.Value, read func(jsondoc.Value)) {
	p.place.list = "value"
	p.place.item = -1
	if err := v.Fault(); err != nil {
		_, path := v.FaultAt()
		p.unreadable(v, path, Fault(err.Error()))
		return
	}
	read(v)
}

// number reads which of the business's numbers a change is about.
func (p *parser) number(value jsondoc.Value) {
	p.line = party.Line{Account: p.account}
	if m := value.Get("metadata"); m.Fault() == nil {
		p.line.Number = word(m.Get("phone_number_id"))
	}
	p.place.list, p.place.item = "value", -1
}

// items runs read on every element of a list: each stands for itself.
func (p *parser) items(list jsondoc.Value, place string, read func(jsondoc.Value)) {
	if list.None() {
		return
	}
	p.place.list, p.place.item = place, -1
	if list.Kind() != jsondoc.Array {
		p.unreadable(list, "", errShape)
		return
	}
	for i, v := range list.Elements() {
		p.place.list, p.place.item = place, i
		switch err := v.Fault(); {
		case err != nil:
			_, path := v.FaultAt()
			p.unreadable(v, path, Fault(err.Error()))
		case v.Kind() != jsondoc.Object:
			p.unreadable(v, "", errShape)
		case p.line.Number == "":
			p.unreadable(v, "", errNoNumber)
		default:
			read(v)
		}
		if p.tooMany {
			return
		}
	}
}

// faulty reports, as an unreadable item, that one of the members of an object
// stands in it twice: it could mean either.
func (p *parser) faulty(v jsondoc.Value, keys ...string) bool {
	if v.Fault() == nil {
		return false
	}
	for _, key := range keys {
		n := 0
		for k := range v.Members() {
			if k == key {
				n++
			}
		}
		if n > 1 {
			p.unreadable(v, key, Fault(jsondoc.ErrDuplicate.Error()))
			return true
		}
	}
	return false
}

func (p *parser) emit(e compliance.Event) {
	if len(p.events) >= MaxItems {
		p.tooMany = true
		return
	}
	p.events = append(p.events, e)
}

// at is the time of news that may come without one.
func (p *parser) at() time.Time {
	if p.told.IsZero() {
		return p.received
	}
	return p.told
}

// maxUnix is the end of the year 9999.
const maxUnix = 253402300799

// instant reads seconds since 1970, which Meta writes as a string in some
// places and as a number in others.
func instant(v jsondoc.Value) (time.Time, bool) {
	n, ok := v.Int()
	if !ok || n <= 0 || n > maxUnix {
		return time.Time{}, false
	}
	return time.Unix(n, 0).UTC(), true
}
