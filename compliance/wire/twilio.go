package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/internal/jsondoc"
	"github.com/waguard/waguard/template"
)

// Twilio is the Programmable Messaging API: POST
// /2010-04-01/Accounts/{AccountSid}/Messages.json with a form ("Message
// resource", twilio-go v1.31.0). Conversations, Studio and Verify send too, and
// are endpoints whose bodies are not known.
func Twilio() Provider {
	return Provider{Name: "twilio", Hosts: []string{"api.twilio.com", "*.twilio.com"}, Answer: answerTwilio, Refusal: refuseTwilio,
		Route: func(method, path string) (Route, bool) {
			if method != http.MethodPost {
				return Route{}, false
			}
			for _, p := range [...]string{"/2010-04-01/Accounts/*/Messages.json", "/2010-04-01/Accounts/*/Messages"} {
				if _, ok := segments(path, p); ok {
					return Route{Name: "Messages", Decode: TwilioForm, Type: typeForm}, true
				}
			}
			if _, ok := segments(path, "/v2/Indicators/Typing.json"); ok {
				return Route{Name: "Typing", Type: typeForm}, true
			}
			return Route{}, false
		}}
}

// TwilioForm reads the form of a Twilio message. A message to an address
// without "whatsapp:" is [ErrChannel]. Without a line the sender is the number
// in From, with its plus, or the MessagingServiceSid: behind that Twilio picks
// the number, whose windows are not known by the service's name, so where a
// service has one number tell its line.
//
// A ContentSid is a template under an id of Twilio's own: [WithContents] says
// which. Faults are as with [CloudAPI]. A message with SendAt is held, since
// what is true now need not be true then.
func TwilioForm(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error) {
	f, err := parseForm(body, "MediaUrl", "PersistentAction")
	if err != nil {
		return nil, err
	}
	return twilio(f, line, opts)
}

// TwilioParams reads the same out of the JSON of twilio-go's
// CreateMessageParams, whose members are named as those of the form; see
// [DescribeAs].
func TwilioParams(body []byte, line party.Line, opts ...Option) ([]compliance.Message, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	f := form{values: map[string][]string{}}
	for name, v := range root.Members() {
		values := []string{v.String()}
		switch v.Kind() {
		case jsondoc.Null:
			continue
		case jsondoc.Array:
			values = nil
			for _, x := range v.Elements() {
				values = append(values, x.String())
			}
		case jsondoc.Bool, jsondoc.Number:
			values[0] = string(v.Raw())
		}
		f.names = append(f.names, name)
		f.values[name] = values
	}
	return twilio(f, line, opts)
}

func twilio(f form, line party.Line, opts []Option) ([]compliance.Message, error) {
	m := compliance.Message{From: line, Kind: compliance.Freeform, Type: "text"}
	d := decoder{m: &m}
	var none jsondoc.Value
	to := f.get("To")
	number, whatsapp := strings.CutPrefix(to, "whatsapp:")
	switch {
	case whatsapp:
		m.To.Phone = d.phone(number, none, "To")
	case to == "":
		d.bad("To", none, ErrMissing)
	case strings.HasPrefix(strings.ToLower(strings.TrimSpace(to)), "whatsapp:"):
		d.bad("To", none, ErrUnknown) // a spelling Twilio may still take
	default:
		return nil, &Error{Field: "To", Line: 1, Err: ErrChannel}
	}
	d.sender(f)
	sid, words := f.get("ContentSid"), f.get("Body")
	media, action := f.values["MediaUrl"], f.values["PersistentAction"]
	switch {
	case sid != "":
		m.Kind, m.Type = compliance.Template, "template"
		m.Template = template.Filled{Name: sid}
		d.variables(f.get("ContentVariables"))
	case len(media) > 0:
		m.Type = "media"
	case len(action) > 0:
		m.Type = "location"
	case words == "":
		d.bad("Body", none, ErrMissing)
	}
	d.add("Body", words)
	for i, a := range action {
		if _, label, ok := strings.Cut(a, "|"); ok {
			d.add("PersistentAction."+strconv.Itoa(i), label)
		}
	}
	for _, name := range [...]string{"SendAt", "ScheduleType"} {
		if f.get(name) != "" {
			d.bad(name, none, errLater)
		}
	}
	return d.finish(opts), nil
}

// errLater: what is judged now and sent in some days would leave after a stop.
var errLater = errors.New("leaves the sending to a later time, and it is judged now")

func (d *decoder) sender(f form) {
	if d.m.From.Number != "" {
		return
	}
	if number, ok := strings.CutPrefix(f.get("From"), "whatsapp:"); ok {
		d.m.From.Number = number
		return
	}
	d.m.From.Number = f.get("MessagingServiceSid")
}

// variables reads {"1":"Asha","2":"#123"}: the values of a content, by number
// where they have one.
func (d *decoder) variables(raw string) {
	if raw == "" {
		return
	}
	var none jsondoc.Value
	root, err := parse([]byte(raw))
	if err != nil || root.Kind() != jsondoc.Object {
		d.bad("ContentVariables", none, fmt.Errorf("%w: want an object of strings", ErrType))
		return
	}
	var values []template.Value
	for name, v := range root.Members() {
		text, ok := v.Text()
		if v.Kind() == jsondoc.Number {
			text, ok = string(v.Raw()), true
		}
		if !ok {
			d.bad("ContentVariables", none, fmt.Errorf("%w: want an object of strings", ErrType))
		}
		values = append(values, template.Value{Type: "text", Name: name, Text: text})
	}
	slices.SortStableFunc(values, func(a, b template.Value) int {
		if x, y := len(a.Name), len(b.Name); counted(a.Name) && counted(b.Name) && x != y {
			return x - y
		}
		return strings.Compare(a.Name, b.Name)
	})
	d.m.Template.Parts = []template.Part{{Type: "body", Index: -1, Values: values}}
}

// likeMeta are the codes of Twilio that Meta has under another number ("Error
// and warning dictionary", read 2026-11): outside the window, and not delivered
// by Meta's own choice. 63032 is Meta's experiment, and none of these.
var likeMeta = map[int]int{63016: 131047, 63049: 131049, 63024: 131026, 63032: 130472}

func answerTwilio(status int, body []byte) compliance.Ack {
	a := compliance.Ack{HTTP: status, Provider: "twilio"}
	root, err := parse(body)
	if err != nil {
		return a
	}
	a.Message = root.Get("sid").String()
	for _, name := range [...]string{"error_code", "code"} {
		if code, ok := root.Get(name).Int(); ok && code != 0 {
			a.Codes = append(a.Codes, int(code))
			if meta, ok := likeMeta[int(code)]; ok {
				a.Codes = append(a.Codes, meta)
			}
		}
	}
	if len(a.Codes) > 0 {
		said(&a, root.Get("message"), root.Get("error_message"))
	}
	return a
}

func refuseTwilio(code int, id, why string) []byte {
	b, _ := json.Marshal(struct {
		Code     int    `json:"code"`
		Message  string `json:"message"`
		MoreInfo string `json:"more_info"`
		Status   int    `json:"status"`
	}{code, why, "decision " + id, http.StatusForbidden})
	return b
}
