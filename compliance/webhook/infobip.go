package webhook

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
)

// Infobip reads Infobip's webhooks for WhatsApp: inbound messages, delivery
// reports and seen reports, each a list of results (Infobip, "WhatsApp inbound
// messages", read 2026-11). Infobip leaves it to the app how requests are vouched
// for, most often with an Authorization header: see [SharedSecret]. The zero
// value trusts nobody. It is safe for concurrent use.
type Infobip struct {
	Check    Check
	Number   string // of the business ("+12025550199"), for reports that do not name it
	MaxBytes int64  // of a body; 0: DefaultMaxBytes
}

// Limit implements [Provider].
func (p *Infobip) Limit() int64 {
	if p.MaxBytes > 0 {
		return p.MaxBytes
	}
	return DefaultMaxBytes
}

// Open implements [Provider].
func (p *Infobip) Open(r *http.Request, body []byte, _ time.Time) ([]compliance.Event, error) {
	if err := p.Check.run(r, body); err != nil {
		return nil, err
	}
	return p.Parse(body)
}

// Parse reads a body; see [CloudAPI.Parse]. It does not ask the Check.
func (p *Infobip) Parse(body []byte) ([]compliance.Event, error) {
	root, err := document(body, p.Limit())
	if err != nil {
		return nil, err
	}
	results := root.Get("results")
	if results.Kind() != jsondoc.Array {
		return nil, ErrEnvelope
	}
	c := infobip{collector{provider: "infobip"}, p.Number}
	for i, v := range results.Elements() {
		where := "results[" + strconv.Itoa(i) + "]"
		if c.whole(v, where) {
			c.item(v, where)
		}
		if c.tooMany {
			break
		}
	}
	return c.done()
}

type infobip struct {
	collector
	number string
}

func (c *infobip) item(v jsondoc.Value, where string) {
	id := v.Get("messageId").String()
	switch {
	case id == "" || !printable(id):
		c.unreadable(v, where+".messageId", errMissing)
	case v.Get("message").Kind() == jsondoc.Object:
		if kind := v.Get("integrationType").String(); kind != "" && kind != "WHATSAPP" {
			c.nothing(v, "of another channel than WhatsApp")
			return
		}
		c.wrote(v, id, where)
	case !v.Get("seenAt").None():
		c.reported(v, id, where, "read", "seenAt")
	case v.Get("status").Kind() == jsondoc.Object:
		switch strings.ToUpper(v.At("status", "groupName").String()) {
		case "DELIVERED":
			c.reported(v, id, where, "delivered", "doneAt")
		case "UNDELIVERABLE", "EXPIRED", "REJECTED":
			c.reported(v, id, where, "failed", "doneAt")
		default:
			c.nothing(v, "a report on the way to the platform")
		}
	default:
		c.nothing(v, "neither a message nor a report")
	}
}

// infobipTypes are Infobip's words for what a customer wrote, in Meta's.
var infobipTypes = map[string]string{"TEXT": "text", "IMAGE": "image", "VIDEO": "video", "AUDIO": "audio", "VOICE": "audio",
	"DOCUMENT": "document", "STICKER": "sticker", "LOCATION": "location", "CONTACT": "contacts", "BUTTON": "button", "ORDER": "order",
	"REACTION": "reaction", "UNSUPPORTED": "unsupported", "INTERACTIVE_BUTTON_REPLY": "interactive/button_reply",
	"INTERACTIVE_LIST_REPLY": "interactive/list_reply", "INTERACTIVE_FLOW_REPLY": "interactive/nfm_reply"}

func (c *infobip) wrote(v jsondoc.Value, id, where string) {
	who, line, at, ok := c.sides(v, where, "receivedAt", "from", "to")
	if !ok {
		return
	}
	m := v.Get("message")
	typ, ok := infobipTypes[strings.ToUpper(m.Get("type").String())]
	if !ok {
		c.nothing(v, "a message type this version does not know, so it opens nothing")
		return
	}
	e := compliance.Wrote{ID: id, Line: line, From: who, At: at, Type: typ, Reply: word(m.At("context", "id")),
		Ad: strings.EqualFold(m.At("referral", "sourceType").String(), "ad")}
	switch typ {
	case "text", "order":
		e.Text = m.Get("text").String()
	case "image", "video", "document":
		e.Text = m.Get("caption").String()
	case "button":
		e.Text, e.Payload = m.Get("text").String(), m.Get("payload").String()
	case "interactive/button_reply", "interactive/list_reply":
		e.Text, e.Payload = m.Get("title").String(), m.Get("id").String()
	}
	c.emit(e)
}

func (c *infobip) reported(v jsondoc.Value, id, where, word, when string) {
	at, ok := stamp(v.Get(when))
	if !ok {
		c.unreadable(v, where+"."+when, errTime)
		return
	}
	who, bad := read(v.Get("to").ID(), "", "")
	line, nobody := businessNumber(v.Get("from"))
	if nobody && c.number != "" {
		line, nobody = party.Line{Number: c.number}, false
	}
	switch {
	case bad || who.IsZero():
		c.unreadable(v, where+".to", errHandle)
		return
	case nobody:
		c.unreadable(v, where+".from", errNoNumber)
		return
	case who.Phone == c.number:
		// a seen report may name both the other way round
		if who, bad = read(v.Get("from").ID(), "", ""); bad || who.IsZero() {
			c.unreadable(v, where+".from", errHandle)
			return
		}
		line.Number = c.number
	}
	e := compliance.Reported{ID: id, Line: line, To: who, At: at, Status: word, Provider: "infobip"}
	if code, ok := v.At("error", "id").Int(); ok && word == "failed" && code > 0 && code < 1<<31 {
		e.Codes = []int{int(code)}
		if words := v.At("error", "description").String(); len(words) <= maxDetails {
			e.Details = words
		}
	}
	c.emit(e)
}
