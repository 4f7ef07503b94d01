package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/waguard/waguard/category"
)

// ParseDefinition reads a template as the Graph API takes it (create) or
// returns it (read). Faults are an [*Error] with line and field.
//
// Nothing is lost: [Definition.MarshalJSON] writes every member again. Enumeration
// words come out in upper case and the language in underscore form, because
// Meta prints both ways ("utility" on create, "UTILITY" on read, "en-US" in
// webhooks) and the rest of this package compares one. A category this library
// does not know is Unknown, its word kept in Extra.
func ParseDefinition(b []byte) (Definition, error) {
	r, root, err := read(b)
	if err != nil {
		return Definition{}, err
	}
	var d Definition
	err = r.fields(root, &d.Extra, func(key string, v []byte) (bool, error) {
		switch key {
		case "id":
			return r.id(v, &d.ID)
		case "name":
			return r.text(v, &d.Ref.Name)
		case "language":
			took, err := r.text(v, &d.Ref.Language)
			d.Ref.Language = Language(d.Ref.Language)
			return took, err
		case "status":
			return r.upper(v, (*string)(&d.Status))
		case "rejected_reason":
			return r.text(v, &d.Reason)
		case "category":
			return r.category(v, &d.Category)
		case "correct_category":
			return r.category(v, &d.Next)
		case "category_update_timestamp":
			n, err := r.number(v, false)
			if err != nil || n <= 0 || n > maxUnix {
				return false, err
			}
			d.NextAt = time.Unix(n, 0).UTC()
			return true, nil
		case "parameter_format":
			return r.upper(v, &d.Format)
		case "message_send_ttl_seconds":
			n, err := r.number(v, false)
			if err == nil && int64(int32(n)) != n {
				return false, r.fault(v, ErrRange)
			}
			d.TTL = int(n)
			return n != 0, err
		case "quality_score":
			return r.quality(v, &d)
		case "components":
			d.Components, err = r.components(v, 0)
			return len(d.Components) > 0, err
		}
		return false, nil
	})
	if err != nil {
		return Definition{}, err
	}
	return d, nil
}

// maxUnix is the end of the year 9999, the last RFC 3339 can write.
const maxUnix = 253402300799

// Language returns a language code in Meta's underscore form: webhooks print
// "en-US" where the API has "en_US".
func Language(code string) string { return strings.ReplaceAll(code, "-", "_") }

func (r *reader) category(raw []byte, into *category.Category) (bool, error) {
	var word string
	if took, err := r.text(raw, &word); !took {
		return false, err
	}
	// Service is a category of messages and of no template.
	if c, ok := category.Parse(word); ok && c != category.Service {
		*into = c
		return true, nil
	}
	return false, nil
}

// quality reads quality_score, an object of which only the score is ours. The
// whole object stays in Extra when there is more to it.
func (r *reader) quality(raw []byte, d *Definition) (bool, error) {
	if raw[0] != '{' {
		return false, nil
	}
	more := false
	err := r.members(raw, func(key string, v []byte) error {
		if key != "score" || null(v) {
			more = true
			return nil
		}
		_, err := r.upper(v, &d.Quality)
		return err
	})
	return !more && d.Quality != "", err
}

func (r *reader) components(raw []byte, depth int) ([]Component, error) {
	if depth > 1 {
		return nil, r.fault(raw, fmt.Errorf("%w: cards within cards", ErrDepth))
	}
	var all []Component
	err := r.entries(raw, func(v []byte) error {
		var c Component
		err := r.fields(v, &c.Extra, func(key string, v []byte) (took bool, err error) {
			switch key {
			case "type":
				return r.upper(v, &c.Type)
			case "format":
				return r.upper(v, &c.Format)
			case "text":
				return r.text(v, &c.Text)
			case "buttons":
				c.Buttons, err = r.buttons(v)
				return len(c.Buttons) > 0, err
			case "cards":
				c.Cards, err = r.cards(v, depth)
				return len(c.Cards) > 0, err
			}
			return false, nil
		})
		if err == nil && c.Type == "" {
			err = in("type", r.fault(v, ErrMissing))
		}
		all = append(all, c)
		return err
	})
	return all, err
}

func (r *reader) buttons(raw []byte) ([]Button, error) {
	var all []Button
	err := r.entries(raw, func(v []byte) error {
		var b Button
		err := r.fields(v, &b.Extra, func(key string, v []byte) (bool, error) {
			switch key {
			case "type":
				return r.upper(v, &b.Type)
			case "text":
				return r.text(v, &b.Text)
			case "url":
				return r.text(v, &b.URL)
			case "phone_number":
				return r.text(v, &b.Phone)
			}
			return false, nil
		})
		if err == nil && b.Type == "" {
			err = in("type", r.fault(v, ErrMissing))
		}
		all = append(all, b)
		return err
	})
	return all, err
}

func (r *reader) cards(raw []byte, depth int) ([]Card, error) {
	var all []Card
	err := r.entries(raw, func(v []byte) error {
		var c Card
		err := r.fields(v, &c.Extra, func(key string, v []byte) (took bool, err error) {
			if key != "components" {
				return false, nil
			}
			c.Components, err = r.components(v, depth+1)
			return len(c.Components) > 0, err
		})
		all = append(all, c)
		return err
	})
	return all, err
}

// UnmarshalJSON is [ParseDefinition].
func (d *Definition) UnmarshalJSON(b []byte) error {
	p, err := ParseDefinition(b)
	if err == nil {
		*d = p
	}
	return err
}

// MarshalJSON writes the template in the Graph API's form, Extra included. A
// field that is set wins over a member of the same name in Extra. Next and
// NextAt are written as correct_category and category_update_timestamp, the
// names Meta's webhook gives them, to the second.
func (d Definition) MarshalJSON() ([]byte, error) {
	var o object
	o.text("id", d.ID)
	o.text("name", d.Ref.Name)
	o.text("language", d.Ref.Language)
	o.text("status", string(d.Status))
	o.text("rejected_reason", d.Reason)
	o.text("category", d.Category.String())
	o.text("correct_category", d.Next.String())
	if !d.NextAt.IsZero() {
		o.raw("category_update_timestamp", strconv.AppendInt(nil, d.NextAt.Unix(), 10))
	}
	o.text("parameter_format", d.Format)
	if d.TTL != 0 {
		o.raw("message_send_ttl_seconds", strconv.AppendInt(nil, int64(d.TTL), 10))
	}
	if d.Quality != "" {
		o.raw("quality_score", d.qualityScore())
	}
	list(&o, "components", d.Components, writeComponent)
	return o.close(d.Extra)
}

func (d *Definition) qualityScore() []byte {
	score := map[string]json.RawMessage{}
	_ = json.Unmarshal(d.Extra["quality_score"], &score) // absent or no object: the score stands alone
	if score == nil {
		score = map[string]json.RawMessage{}
	}
	score["score"] = quote(d.Quality)
	var o object
	b, _ := o.close(score) // values were valid when they were read
	return b
}

func writeComponent(c *Component) ([]byte, error) {
	var o object
	o.text("type", c.Type)
	o.text("format", c.Format)
	o.text("text", c.Text)
	list(&o, "buttons", c.Buttons, writeButton)
	list(&o, "cards", c.Cards, writeCard)
	return o.close(c.Extra)
}

func writeButton(b *Button) ([]byte, error) {
	var o object
	o.text("type", b.Type)
	o.text("text", b.Text)
	o.text("url", b.URL)
	o.text("phone_number", b.Phone)
	return o.close(b.Extra)
}

func writeCard(c *Card) ([]byte, error) {
	var o object
	list(&o, "components", c.Components, writeComponent)
	return o.close(c.Extra)
}

// An object is a JSON object being written: fields in the order a person
// expects them, the rest by name.
type object struct {
	buf   bytes.Buffer
	wrote []string
	err   error
}

func (o *object) raw(key string, v []byte) {
	sep := byte(',')
	if o.buf.Len() == 0 {
		sep = '{'
	}
	o.buf.WriteByte(sep)
	o.buf.Write(quote(key))
	o.buf.WriteByte(':')
	if err := json.Compact(&o.buf, v); err != nil && o.err == nil {
		o.err = &Error{Line: 1, Field: nameOf(key), Err: ErrSyntax}
	}
	o.wrote = append(o.wrote, key)
}

func (o *object) text(key, s string) {
	if s != "" {
		o.raw(key, quote(s))
	}
}

func list[T any](o *object, key string, all []T, write func(*T) ([]byte, error)) {
	if len(all) == 0 {
		return
	}
	buf := []byte{'['}
	for i := range all {
		b, err := write(&all[i])
		if err != nil {
			if o.err == nil {
				o.err = in(key, in(index(i), err))
			}
			return
		}
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, b...)
	}
	o.raw(key, append(buf, ']'))
}

func (o *object) close(extra map[string]json.RawMessage) ([]byte, error) {
	for _, key := range slices.Sorted(maps.Keys(extra)) {
		if !contains(o.wrote, key) {
			o.raw(key, extra[key])
		}
	}
	if o.err != nil {
		return nil, o.err
	}
	if o.buf.Len() == 0 {
		o.buf.WriteByte('{')
	}
	o.buf.WriteByte('}')
	return o.buf.Bytes(), nil
}

func quote(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // a URL stays readable
	_ = e.Encode(s)        // a string always encodes
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}
