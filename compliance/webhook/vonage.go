package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/internal/jsondoc"
)

// Vonage reads the webhooks of Vonage's Messages API for WhatsApp: one inbound
// message or one status each (Vonage, Messages API reference, read 2026-11). The
// zero value trusts nobody: set Check, to [VonageToken] where webhooks are
// signed. It is safe for concurrent use.
type Vonage struct {
	Check    Check
	MaxBytes int64 // of a body; 0: DefaultMaxBytes
}

// Limit implements [Provider].
func (p *Vonage) Limit() int64 {
	if p.MaxBytes > 0 {
		return p.MaxBytes
	}
	return DefaultMaxBytes
}

// Open implements [Provider].
func (p *Vonage) Open(r *http.Request, body []byte, _ time.Time) ([]compliance.Event, error) {
	if err := p.Check.run(r, body); err != nil {
		return nil, err
	}
	return p.Parse(body)
}

// VonageToken checks the bearer token of Vonage's signed webhooks: a JWT under
// HMAC-SHA256 with the account's signature secret, whose payload_hash is the
// SHA-256 of the raw body. Several secrets are accepted while the secret is being
// changed. A token that has run out at now is refused, and one that does not
// vouch for the body; its age alone is no reason, since what comes again does no
// harm. now is time.Now where it is nil.
func VonageToken(now func() time.Time, secrets ...[]byte) Check {
	if now == nil {
		now = time.Now
	}
	return func(r *http.Request, body []byte) error {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			return ErrUnsigned
		}
		return verifyToken(token, body, now(), secrets)
	}
}

func verifyToken(token string, body []byte, now time.Time, secrets [][]byte) error {
	const longest = 8 << 10
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(token) > longest {
		return ErrSignature
	}
	var raw [3][]byte
	for i, p := range parts {
		b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(p, "="))
		if err != nil {
			return ErrSignature
		}
		raw[i] = b
	}
	known, fits := false, false
	for _, s := range secrets {
		if len(s) == 0 {
			continue
		}
		known = true
		h := hmac.New(sha256.New, s)
		h.Write([]byte(parts[0] + "." + parts[1]))
		if hmac.Equal(h.Sum(nil), raw[2]) {
			fits = true
		}
	}
	if !known {
		return ErrNoSecret
	}
	var head struct {
		Alg string `json:"alg"`
	}
	var claims struct {
		Hash string  `json:"payload_hash"`
		Exp  float64 `json:"exp"`
	}
	if !fits || json.Unmarshal(raw[0], &head) != nil || head.Alg != "HS256" || json.Unmarshal(raw[1], &claims) != nil {
		return ErrSignature
	}
	sum := sha256.Sum256(body)
	want := hex.EncodeToString(sum[:])
	if subtle.ConstantTimeCompare([]byte(strings.ToLower(claims.Hash)), []byte(want)) != 1 {
		return ErrSignature
	}
	if claims.Exp != 0 && float64(now.Unix()) >= claims.Exp {
		return ErrSignature
	}
	return nil
}

// Parse reads a body; see [CloudAPI.Parse]. It does not ask the Check. What is
// about another channel than WhatsApp teaches nothing.
func (p *Vonage) Parse(body []byte) ([]compliance.Event, error) {
	root, err := document(body, p.Limit())
	if err != nil {
		return nil, err
	}
	c := vonage{collector{provider: "vonage"}}
	id := root.Get("message_uuid").String()
	switch {
	case !c.whole(root, ""):
	case root.Get("channel").String() == "":
		return nil, ErrEnvelope
	case root.Get("channel").String() != "whatsapp":
		c.nothing(root, "of another channel than WhatsApp")
	case id == "" || !printable(id):
		c.unreadable(root, "message_uuid", errMissing)
	case !root.Get("status").None():
		c.reported(root, id)
	case !root.Get("message_type").None():
		c.wrote(root, id)
	default:
		c.nothing(root, "neither a message nor a status")
	}
	return c.done()
}

type vonage struct{ collector }

// vonageTypes are Vonage's words for what a customer wrote, in Meta's.
var vonageTypes = map[string]string{"text": "text", "image": "image", "video": "video", "audio": "audio", "file": "document",
	"sticker": "sticker", "location": "location", "contact": "contacts", "button": "button", "order": "order", "reaction": "reaction",
	"unsupported": "unsupported"}

func (c *vonage) wrote(v jsondoc.Value, id string) {
	who, line, at, ok := c.sides(v, "", "timestamp", "from", "to")
	if !ok {
		return
	}
	e := compliance.Wrote{ID: id, Line: line, From: who, At: at, Reply: word(v.At("context", "message_uuid")),
		Ad: v.At("whatsapp", "referral", "source_type").String() == "ad"}
	switch typ := v.Get("message_type").String(); typ {
	case "reply":
		// a button or a row of a list: a row has a description
		e.Type = "interactive/button_reply"
		if !v.At("reply", "description").None() {
			e.Type = "interactive/list_reply"
		}
		e.Text, e.Payload = v.At("reply", "title").String(), v.At("reply", "id").String()
	default:
		if e.Type, ok = vonageTypes[typ]; !ok {
			c.nothing(v, "a message type this version does not know, so it opens nothing")
			return
		}
		switch typ {
		case "text":
			e.Text = v.Get("text").String()
		case "image", "video", "file":
			e.Text = v.At(typ, "caption").String()
		case "button":
			e.Text, e.Payload = v.At("button", "text").String(), v.At("button", "payload").String()
		case "order":
			e.Text = v.At("order", "text").String()
		}
	}
	c.emit(e)
}

// vonageStatuses are those that say what became of a message, in Meta's words.
var vonageStatuses = map[string]string{"submitted": "sent", "delivered": "delivered", "read": "read", "rejected": "failed", "undeliverable": "failed"}

func (c *vonage) reported(v jsondoc.Value, id string) {
	word, ok := vonageStatuses[v.Get("status").String()]
	if !ok {
		c.nothing(v, "a status this version does not know")
		return
	}
	who, line, at, ok := c.sides(v, "", "timestamp", "to", "from")
	if !ok {
		return
	}
	e := compliance.Reported{ID: id, Line: line, To: who, At: at, Status: word, Provider: "vonage"}
	if word == "failed" {
		// the code stands after the # of its page, or for a title
		_, fragment, _ := strings.Cut(v.At("error", "type").String(), "#")
		for _, s := range [...]string{fragment, v.At("error", "title").ID()} {
			if n, err := strconv.Atoi(s); err == nil && n > 0 && n < 1<<31 {
				e.Codes = []int{n}
				break
			}
		}
		if words := v.At("error", "detail").String(); len(words) <= maxDetails {
			e.Details = words
		}
	}
	c.emit(e)
}
