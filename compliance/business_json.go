package compliance

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// maxBusiness bounds the JSON form of a Business, in bytes.
const maxBusiness = 1 << 20

// ParseBusiness reads the JSON form of a Business, strictly: members that are
// unknown, there twice or of the wrong type are errors, and what can be read is
// checked as by [Business.Validate]. Everything that is wrong comes at once, as a
// *[BusinessError].
func ParseBusiness(b []byte) (Business, error) {
	var biz Business
	r := jsonReader{}
	switch {
	case len(b) > maxBusiness:
		r.report("", fmt.Sprintf("%d bytes are more than %d", len(b), maxBusiness))
	case !json.Valid(b):
		var v json.RawMessage
		err := json.Unmarshal(b, &v)
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			r.report("", fmt.Sprintf("is no JSON: %v, at byte %d", syntax, syntax.Offset))
		} else {
			r.report("", "is no JSON")
		}
	default:
		r.read("", b, reflect.ValueOf(&biz).Elem())
		for _, p := range biz.problems() {
			if !r.reported(p.Field) {
				r.problems = append(r.problems, p)
			}
		}
	}
	if r.problems != nil {
		return Business{}, &BusinessError{r.problems}
	}
	return biz, nil
}

// A jsonReader fills a value and goes on after what it cannot read.
type jsonReader struct{ problems []BusinessProblem }

func (r *jsonReader) report(field, reason string) {
	r.problems = append(r.problems, BusinessProblem{field, reason})
}

// reported tells whether something was said of a field, or of what it is in.
func (r *jsonReader) reported(field string) bool {
	for _, p := range r.problems {
		if rest, ok := strings.CutPrefix(field, p.Field); ok && (rest == "" || rest[0] == '.' || rest[0] == '[' || p.Field == "") {
			return true
		}
	}
	return false
}

func (r *jsonReader) read(field string, raw []byte, v reflect.Value) {
	if raw = bytes.TrimSpace(raw); string(raw) == "null" {
		return // as if it were not there
	}
	if u, ok := v.Addr().Interface().(json.Unmarshaler); ok {
		if u.UnmarshalJSON(raw) != nil {
			r.report(field, `is no date like "2027-12-31"`)
		}
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		r.read(field, raw, v.Elem())
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		var text string
		if json.Unmarshal(raw, &text) != nil || u.UnmarshalText([]byte(text)) != nil {
			r.report(field, `is no time of day like "08:00"`)
		}
		return
	}
	want := map[reflect.Kind]string{reflect.Struct: "object", reflect.Map: "object", reflect.Slice: "list", reflect.String: "string",
		reflect.Bool: "truth value", reflect.Int: "number"}[v.Kind()]
	if got := jsonKind(raw); got != want {
		r.report(field, "is a JSON "+got+" where a "+want+" belongs")
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		r.members(field, raw, func(name string, raw []byte) bool {
			for i := range v.NumField() {
				tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
				if tag == name {
					r.read(join(field, name), raw, v.Field(i))
					return true
				}
			}
			return false
		})
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		r.members(field, raw, func(name string, raw []byte) bool {
			e := reflect.New(v.Type().Elem()).Elem()
			before := len(r.problems)
			if r.read(join(field, name), raw, e); len(r.problems) == before {
				v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), e)
			}
			return true
		})
	case reflect.Slice:
		var list []json.RawMessage
		_ = json.Unmarshal(raw, &list) // a sound list: the whole was looked at
		v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
		for i, raw := range list {
			r.read(fmt.Sprintf("%s[%d]", field, i), raw, v.Index(i))
		}
	case reflect.Int:
		if json.Unmarshal(raw, v.Addr().Interface()) != nil {
			r.report(field, "is no whole number")
		}
	default:
		_ = json.Unmarshal(raw, v.Addr().Interface()) // of the right kind, as was seen
	}
}

// members goes through an object. set says whether it knows a member.
func (r *jsonReader) members(field string, raw []byte, set func(name string, raw []byte) bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	_, _ = d.Token() // the brace
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		name, _ := t.(string)
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				r.report(field, "cannot be read")
			}
			return
		}
		at := join(field, name)
		switch {
		case seen[name]:
			r.report(at, "is there twice")
		case !set(name, value):
			r.report(at, "is not known")
		}
		seen[name] = true
	}
}

// maxName bounds a member's name in a field path.
const maxName = 64

func join(field, name string) string {
	if len(name) > maxName {
		name = name[:maxName]
	}
	if field == "" {
		return name
	}
	return field + "." + name
}

func jsonKind(raw []byte) string {
	switch raw[0] {
	case '{':
		return "object"
	case '[':
		return "list"
	case '"':
		return "string"
	case 't', 'f':
		return "truth value"
	}
	return "number"
}
