// Package shape checks the shape of values that come in at the edges: profiles,
// evidence, import rows. It is the one place that uses validator/v10. Values
// never leave it: a Problem names a field and what is wrong with it.
package shape

import (
	"errors"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"
)

// A Problem is one field that is not as it should be.
type Problem struct {
	Field string // path in the words of the JSON form: "licences[0].place"
	Msg   string
}

// A Checker validates structs by their `validate` tags. It is safe for
// concurrent use and costs a few microseconds a struct, so it belongs at the
// edges and never on the way of a message.
type Checker struct{ v *validator.Validate }

// New makes a Checker that names fields as their JSON form does.
func New() *Checker {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || name == "" {
			return f.Name
		}
		return name
	})
	return &Checker{v}
}

// Check returns every problem of a struct, in the order of its fields.
func (c *Checker) Check(s any) []Problem {
	err := c.v.Struct(s)
	if err == nil {
		return nil
	}
	var bad validator.ValidationErrors
	if !errors.As(err, &bad) {
		return []Problem{{Msg: "is no value that can be checked"}}
	}
	ps := make([]Problem, 0, len(bad))
	for _, e := range bad {
		_, path, ok := strings.Cut(e.Namespace(), ".")
		if !ok {
			path = e.Field()
		}
		ps = append(ps, Problem{Field: path, Msg: words(e.Tag(), e.Param())})
	}
	return ps
}

// words puts a validation tag into the caller's terms, without the value.
func words(tag, param string) string {
	switch tag {
	case "required":
		return "is missing"
	case "iso3166_1_alpha2":
		return "is no ISO 3166 country code of two letters"
	case "email":
		return "is no e-mail address"
	case "http_url", "url":
		return "is no http or https address"
	case "e164":
		return "is no phone number with its plus"
	case "oneof":
		return "must be one of " + param
	case "max":
		return "is longer than " + param
	case "min":
		return "is shorter than " + param
	case "lowercase":
		return "must be in lower case"
	case "numeric":
		return "must be digits"
	case "bcp47_language_tag":
		return "is no language tag"
	}
	if param != "" {
		return "breaks " + tag + "=" + param
	}
	return "breaks " + tag
}
