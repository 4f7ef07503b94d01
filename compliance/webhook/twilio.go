package webhook

import (
	"crypto/hmac"
	"crypto/sha1" // Twilio signs with it
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
)

// TwilioHeader carries Twilio's signature of a webhook.
const TwilioHeader = "X-Twilio-Signature"

// ErrNotForm says that a body is no form.
var ErrNotForm = errors.New("webhook: the body is no form")

// Twilio reads Twilio's webhooks for WhatsApp: what customers write, and status
// callbacks (Twilio OpenAPI, 2026-04-14). The zero value trusts nobody. It is
// safe for concurrent use and must not be copied once used.
//
// Twilio's forms carry no time, so the time of receipt counts. A repeat keeps the
// time of the first receipt for as long as this process remembers it (the last
// 65,536 messages), so that it opens no window anew. To another process, or after a
// restart, a repeat that comes when the person has written again since is a message
// of its own: it keeps the window open for a day from then.
type Twilio struct {
	// Token is the auth token of the account that webhooks are signed with.
	// Tokens are further ones that are accepted too, while the token is changed.
	Token  []byte
	Tokens [][]byte

	// URL is the address as Twilio was told it, with its query: it is part of
	// what is signed. Empty: https, the host and the path of the request, which is
	// right only where nothing on the way changes them.
	URL string

	MaxBytes int64 // of a body; 0: 1 MiB

	firsts firsts
}

const twilioMax = 1 << 20

// Limit implements [Provider].
func (t *Twilio) Limit() int64 {
	if t.MaxBytes > 0 {
		return t.MaxBytes
	}
	return twilioMax
}

// Open implements [Provider].
func (t *Twilio) Open(r *http.Request, body []byte, received time.Time) ([]compliance.Event, error) {
	form, err := readForm(body, t.Limit())
	if err != nil {
		return nil, err
	}
	address := t.URL
	if address == "" {
		address = "https://" + r.Host + r.URL.RequestURI()
	}
	if err := t.verify(address, form, r.Header.Get(TwilioHeader)); err != nil {
		return nil, err
	}
	return t.parse(form, received), nil
}

// Verify checks the signature of a form that was sent to an address: the base64
// HMAC-SHA1, under the auth token, of the address and of every name and value in
// the order of the names, in constant time. Twilio signs the address with and
// without its standard port; both fit.
func (t *Twilio) Verify(address string, body []byte, header string) error {
	form, err := readForm(body, t.Limit())
	if err != nil {
		return err
	}
	return t.verify(address, form, header)
}

func (t *Twilio) verify(address string, form url.Values, header string) error {
	if header == "" {
		return ErrUnsigned
	}
	given, err := base64.StdEncoding.DecodeString(header)
	if err != nil || len(given) != sha1.Size {
		return ErrSignature
	}
	var signed strings.Builder
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := slices.Clone(form[name])
		slices.Sort(values)
		for _, v := range slices.Compact(values) {
			signed.WriteString(name)
			signed.WriteString(v)
		}
	}
	known, fits := false, false
	for _, token := range append([][]byte{t.Token}, t.Tokens...) {
		if len(token) == 0 {
			continue // an empty key would let anybody sign
		}
		known = true
		for _, a := range spellings(address) {
			h := hmac.New(sha1.New, token)
			h.Write([]byte(a))
			h.Write([]byte(signed.String()))
			if hmac.Equal(h.Sum(nil), given) {
				fits = true
			}
		}
	}
	switch {
	case !known:
		return ErrNoSecret
	case !fits:
		return ErrSignature
	}
	return nil
}

// spellings are an address as it is, and with or without the standard port.
func spellings(address string) []string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return []string{address}
	}
	port := map[string]string{"https": "443", "http": "80"}[u.Scheme]
	host := u.Host
	switch {
	case port == "":
		return []string{address}
	case u.Port() == "":
		host += ":" + port
	case u.Port() == port:
		host = strings.TrimSuffix(host, ":"+port)
	default:
		return []string{address}
	}
	return []string{address, strings.Replace(address, "://"+u.Host, "://"+host, 1)}
}

// maxPairs bounds a form; Twilio's have some thirty.
const maxPairs = 1000

func readForm(body []byte, limit int64) (url.Values, error) {
	if int64(len(body)) > limit {
		return nil, ErrTooLarge
	}
	if strings.Count(string(body), "&") > maxPairs {
		return nil, fmt.Errorf("%w: more than %d pairs", ErrTooLarge, maxPairs)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || len(form) == 0 {
		return nil, ErrNotForm // its own words would quote the body
	}
	return form, nil
}

// Parse reads a form that was received at an instant; see [CloudAPI.Parse]. It
// checks no signature. What is about another channel than WhatsApp teaches
// nothing.
func (t *Twilio) Parse(body []byte, received time.Time) ([]compliance.Event, error) {
	form, err := readForm(body, t.Limit())
	if err != nil {
		return nil, err
	}
	return t.parse(form, received), nil
}

func (t *Twilio) parse(form url.Values, received time.Time) []compliance.Event {
	f := twilioForm{form, received.UTC()}
	id, from, to := f.get("MessageSid"), f.get("From"), f.get("To")
	if id == "" {
		id = f.get("SmsSid")
	}
	if id == "" || !printable(id) {
		return f.unreadable("", "MessageSid", errMissing)
	}
	for _, name := range [...]string{"MessageSid", "From", "To", "Body", "WaId", "ButtonPayload", "ButtonText", "MessageStatus", "ErrorCode"} {
		if len(form[name]) > 1 {
			return f.unreadable(id, name, Fault("stands in the form twice"))
		}
	}
	if !strings.HasPrefix(from, "whatsapp:") || !strings.HasPrefix(to, "whatsapp:") {
		return []compliance.Event{compliance.Nothing{ID: id, Field: "twilio", Why: "of another channel than WhatsApp"}}
	}
	said := f.get("MessageStatus")
	inbound := said == "" || said == "received"
	if business := map[bool]string{true: "To", false: "From"}[inbound]; !f.number(business) {
		return f.unreadable(id, business, errNoNumber)
	}
	if inbound {
		return f.wrote(id, t.firsts.of("m:"+id, f.received))
	}
	return f.reported(id, said, t.firsts.of(said+":"+id, f.received))
}

type twilioForm struct {
	form     url.Values
	received time.Time
}

func (f twilioForm) get(name string) string { return f.form.Get(name) }

func (f twilioForm) unreadable(id, where string, err error) []compliance.Event {
	if id == "" {
		sum := sha256.Sum256([]byte(f.form.Encode()))
		id = "webhook:" + hex.EncodeToString(sum[:16])
	}
	return []compliance.Event{compliance.Unreadable{ID: id, Where: where, Err: err}}
}

// party reads "whatsapp:+447700900123"; a user id may stand there too.
func (f twilioForm) party(name string) (party.Party, bool) {
	address := strings.TrimPrefix(f.get(name), "whatsapp:")
	wa, user := address, ""
	if len(wa) > 2 && wa[2] == '.' {
		wa, user = "", wa
	}
	who, bad := read(wa, user, "")
	return who, !bad && !who.IsZero()
}

// number reports whether a number that can be one of the business stands there.
func (f twilioForm) number(name string) bool {
	_, err := party.ParseWaID(strings.TrimPrefix(f.line(name).Number, "+"))
	return err == nil
}

// line is the business number, as Twilio names it; see [compliance.Business.Line].
func (f twilioForm) line(name string) party.Line {
	return party.Line{Number: strings.TrimPrefix(f.get(name), "whatsapp:")}
}

func (f twilioForm) wrote(id string, at time.Time) []compliance.Event {
	who, ok := f.party("From")
	if !ok {
		return f.unreadable(id, "From", errHandle)
	}
	e := compliance.Wrote{ID: id, Line: f.line("To"), From: who, At: at, Text: f.get("Body"), Reply: f.get("OriginalRepliedMessageSid"),
		Ad: f.get("ReferralSourceType") == "ad" || f.get("ReferralCtwaClid") != ""}
	media, _, _ := strings.Cut(f.get("MediaContentType0"), ";")
	kind, _, _ := strings.Cut(media, "/")
	switch {
	case f.get("ButtonText") != "" || f.get("ButtonPayload") != "":
		e.Type, e.Payload = "button", f.get("ButtonPayload")
		if label := f.get("ButtonText"); label != "" {
			e.Text = label
		}
	case f.get("ListId") != "" || f.get("ListTitle") != "":
		e.Type, e.Payload, e.Text = "interactive/list_reply", f.get("ListId"), f.get("ListTitle")
	case media == "image/webp":
		e.Type = "sticker"
	case kind == "image", kind == "video", kind == "audio":
		e.Type = kind
	case media == "text/vcard", media == "text/x-vcard":
		e.Type, e.Text = "contacts", ""
	case f.get("NumMedia") != "" && f.get("NumMedia") != "0":
		e.Type = "document"
	case f.get("Latitude") != "" && f.get("Longitude") != "":
		e.Type, e.Text = "location", "" // what stands in Body is the name of the place
	case e.Text != "":
		e.Type = "text"
	default:
		e.Type = "unsupported"
	}
	return []compliance.Event{e}
}

// twilioStatuses are those that say what became of a message, in Meta's words.
var twilioStatuses = map[string]string{"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed", "undelivered": "failed"}

func (f twilioForm) reported(id, said string, at time.Time) []compliance.Event {
	word, ok := twilioStatuses[said]
	if !ok {
		return []compliance.Event{compliance.Nothing{ID: id, Field: "twilio", Why: "a status on the way to the platform"}}
	}
	who, ok := f.party("To")
	if !ok {
		return f.unreadable(id, "To", errHandle)
	}
	e := compliance.Reported{ID: id, Line: f.line("From"), To: who, At: at, Status: word, Provider: "twilio"}
	if code := f.get("ErrorCode"); code != "" && word == "failed" {
		n, err := strconv.Atoi(code)
		if err != nil {
			return append(f.unreadable(id, "ErrorCode", errShape), e)
		}
		e.Codes = []int{n}
		if words := f.get("ErrorMessage"); len(words) <= maxDetails {
			e.Details = words
		}
	}
	return []compliance.Event{e}
}

// firsts remembers when something was first received, of the last so many.
type firsts struct {
	mu   sync.Mutex
	at   map[string]time.Time
	ring []string
	next int
}

const firstsKept = 1 << 16

func (f *firsts) of(id string, received time.Time) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at, ok := f.at[id]; ok {
		if received.Before(at) {
			f.at[id] = received
			return received
		}
		return at
	}
	if f.at == nil {
		f.at = map[string]time.Time{}
	}
	if len(f.ring) < firstsKept {
		f.ring = append(f.ring, id)
	} else {
		delete(f.at, f.ring[f.next])
		f.ring[f.next] = id
		f.next = (f.next + 1) % firstsKept
	}
	f.at[id] = received
	return received
}
