package replay

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/optin"
	"github.com/waguard/waguard/template"
)

// MaxLine bounds one line of a timeline, in bytes. A webhook may be 3 MB.
const MaxLine = 4 << 20

// An Event is one line of a timeline: an instant and exactly one of the rest.
type Event struct {
	At   time.Time
	ID   string // of a send, call or result
	Line int    // in the input, from 1

	Business *compliance.Business
	Grant    *Grant
	Revoke   *Revoke
	Template json.RawMessage
	Webhook  json.RawMessage
	Send     json.RawMessage
	Call     *Call
	Result   *Result

	PhoneNumberID string           // beside send
	Endpoint      string           // beside send: messages or marketing_messages
	Origin        string           // beside send: human or automation
	Media         []template.Media // beside send: what the app knows of its files
}

// A Grant is an opt-in as timelines write it.
type Grant struct {
	Party        Party           `json:"party"`
	Purposes     []optin.Purpose `json:"purposes"`
	Source       optin.Source    `json:"source"`
	Wording      string          `json:"wording"`
	BusinessName string          `json:"business_name"`
	Locale       string          `json:"locale"`
	Proof        string          `json:"proof"`
	AgeOK        *bool           `json:"age_ok"`
	Country      string          `json:"country"`
}

// A Revoke is an opt-out as timelines write it; no purposes means all.
type Revoke struct {
	Party    Party           `json:"party"`
	Purposes []optin.Purpose `json:"purposes"`
	Channel  optin.Channel   `json:"channel"`
}

// A Call is a business-initiated call about to be placed.
type Call struct {
	Party         Party  `json:"party"`
	PhoneNumberID string `json:"phone_number_id"`
}

// A Result is what the API answered to a send.
type Result struct {
	ID     string          `json:"id"`
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

// A Party names a person, at least under one handle.
type Party struct {
	Phone  string `json:"phone"`
	User   string `json:"user"`
	Parent string `json:"parent"`
}

func (p Party) party() (party.Party, error) { return party.New(p.Phone, p.User, p.Parent) }

// A LineError is a line that cannot be read. ID is echoed when it could be.
type LineError struct {
	Line int
	ID   string
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

// Read yields the events of a timeline. A line that cannot be read yields a
// *[LineError], and the lines after it are still read. Empty lines are passed
// over. Reading stops for good when the input itself fails.
func Read(r io.Reader) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for line, err := range lines(r) {
			if err != nil {
				yield(Event{Line: line.n}, &LineError{Line: line.n, Err: err})
				return
			}
			if line.long {
				if !yield(Event{Line: line.n}, &LineError{Line: line.n, Err: fmt.Errorf("longer than %d bytes", MaxLine)}) {
					return
				}
				continue
			}
			e, err := parseEvent(line.b)
			e.Line = line.n
			if err != nil {
				err = &LineError{Line: line.n, ID: e.ID, Err: err}
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

type line struct {
	n    int
	b    []byte
	long bool
}

// lines yields the non-empty lines of an input; one that is too long is
// yielded without its text, so that the others are not lost behind it.
func lines(r io.Reader) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		br := bufio.NewReaderSize(r, 64<<10)
		for n := 1; ; n++ {
			var b []byte
			long := false
			var err error
			for {
				var part []byte
				part, err = br.ReadSlice('\n')
				if long = long || len(b)+len(part) > MaxLine; !long {
					b = append(b, part...)
				}
				if !errors.Is(err, bufio.ErrBufferFull) {
					break
				}
			}
			if err != nil && err != io.EOF {
				yield(line{n: n}, err)
				return
			}
			if long {
				if !yield(line{n: n, long: true}, nil) {
					return
				}
			} else if b = bytes.TrimSpace(b); len(b) > 0 {
				if !yield(line{n: n, b: b}, nil) {
					return
				}
			}
			if err == io.EOF {
				return
			}
		}
	}
}

// eventKeys are the members of which a line has exactly one.
var eventKeys = []string{"business", "grant", "revoke", "template", "webhook", "send", "result", "call"}

func parseEvent(b []byte) (e Event, err error) {
	m, err := members(b)
	if err != nil {
		return e, err
	}
	e.ID = idOf(m)
	var kind string
	for _, k := range eventKeys {
		if _, ok := m[k]; ok {
			if kind != "" {
				return e, fmt.Errorf("%s and %s in one event", kind, k)
			}
			kind = k
		}
	}
	if kind == "" {
		return e, fmt.Errorf("none of %s", strings.Join(eventKeys, ", "))
	}
	beside := map[string]any{"at": &e.At}
	switch kind {
	case "send":
		beside["id"], beside["phone_number_id"] = &e.ID, &e.PhoneNumberID
		beside["endpoint"], beside["origin"] = &e.Endpoint, &e.Origin
		beside["media"] = &e.Media
	case "call":
		beside["id"] = &e.ID
	}
	for _, k := range sorted(m) {
		if k == kind {
			continue
		}
		to, ok := beside[k]
		if !ok {
			return e, fmt.Errorf("%s: unknown beside %s", k, kind)
		}
		if err := strict(m[k], to); err != nil {
			return e, fmt.Errorf("%s: %w", k, err)
		}
	}
	if e.At.IsZero() {
		return e, errors.New("at: missing")
	}
	e.At = e.At.UTC()
	if err := e.read(kind, m[kind]); err != nil {
		return e, fmt.Errorf("%s: %w", kind, err)
	}
	return e, nil
}

// read decodes the one member that says what happened.
func (e *Event) read(kind string, raw json.RawMessage) error {
	switch kind {
	case "business":
		b, err := compliance.ParseBusiness(raw)
		e.Business = &b
		return err
	case "grant":
		e.Grant = &Grant{}
		if err := strict(raw, e.Grant); err != nil {
			return err
		}
		_, err := e.Grant.Party.party()
		return err
	case "revoke":
		e.Revoke = &Revoke{}
		if err := strict(raw, e.Revoke); err != nil {
			return err
		}
		_, err := e.Revoke.Party.party()
		return err
	case "call":
		e.Call = &Call{}
		if err := strict(raw, e.Call); err != nil {
			return err
		}
		_, err := e.Call.Party.party()
		return err
	case "result":
		e.Result = &Result{}
		err := strict(raw, e.Result)
		e.ID = e.Result.ID
		return err
	case "template":
		e.Template = raw
		return object(raw)
	case "webhook":
		e.Webhook = raw
		return object(raw)
	case "send":
		e.Send = raw
		switch e.Endpoint {
		case "", "messages", "marketing_messages":
		default:
			return errors.New("endpoint is messages or marketing_messages")
		}
		switch e.Origin {
		case "", "human", "automation":
		default:
			return errors.New("origin is human or automation")
		}
	}
	return nil
}

func object(raw json.RawMessage) error {
	if len(raw) == 0 || raw[0] != '{' {
		return errors.New("a JSON object belongs here")
	}
	return nil
}

// idOf reads the id of a line that may not be sound otherwise, so that an
// error can name it.
func idOf(m map[string]json.RawMessage) string {
	var id string
	if raw, ok := m["id"]; ok && json.Unmarshal(raw, &id) == nil {
		return id
	}
	return ""
}

// members splits a JSON object, and refuses a key that stands twice: which of
// the two was meant cannot be known.
func members(b []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(b) {
		return nil, errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	t, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if t != json.Delim('{') {
		return nil, errors.New("a JSON object belongs on each line")
	}
	m := map[string]json.RawMessage{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return m, fmt.Errorf("not JSON: %w", err)
		}
		k, _ := t.(string)
		if _, twice := m[k]; twice {
			return m, fmt.Errorf("%s: stands twice", k)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return m, fmt.Errorf("%s: not JSON: %w", k, err)
		}
		m[k] = raw
	}
	if _, err := d.Token(); err != nil {
		return m, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return m, errors.New("something follows the JSON object")
	}
	return m, nil
}

// strict decodes a value with known members only.
func strict(raw json.RawMessage, to any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(to)
	var typ *json.UnmarshalTypeError
	if errors.As(err, &typ) {
		where := ""
		if typ.Field != "" {
			where = typ.Field + ": "
		}
		return fmt.Errorf("%sa JSON %s where another type belongs", where, typ.Value)
	}
	return err
}

func sorted(m map[string]json.RawMessage) []string {
	ks := make([]string, 0, len(m))
	for k := range m {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	return ks
}
