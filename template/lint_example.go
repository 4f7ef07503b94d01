package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/waguard/waguard/compliance/policy"
)

// examples compares a text's placeholders with the example beside it. The kind
// is header_text, a flat list, or body_text, a list in a list.
func (c *linting) examples(k *Component, kind string, marks []mark, at spot) {
	if len(marks) == 0 {
		return
	}
	names, named := asked(marks)
	if !named {
		for i, n := range names {
			if n != strconv.Itoa(i+1) {
				return // the numbers are wrong, and what they ask for is not known
			}
		}
	}
	here := at.at("example")
	raw := k.Extra["example"]
	if len(raw) == 0 || null(raw) {
		c.tell(varExampleMissing, here, policy.Span{}, "no example is given, and the text has "+counted(len(names), "placeholder"))
		return
	}
	var by map[string]json.RawMessage
	if raw[0] != '{' || json.Unmarshal(raw, &by) != nil {
		c.tell(varExampleShape, here, policy.Span{}, "example is no object with a member "+kind)
		return
	}
	if named {
		c.namedExamples(by, kind, names, here)
		return
	}
	list := by[kind]
	if len(list) == 0 || null(list) {
		if _, other := by[kind+"_named_params"]; other {
			c.tell(varExampleShape, here.at("example."+kind+"_named_params"), policy.Span{}, "the placeholders are numbered, and the examples named")
		} else {
			c.tell(varExampleMissing, here, policy.Span{}, "example has no member "+kind)
		}
		return
	}
	here = here.at("example." + kind)
	values, nested, ok := valuesOf(list)
	switch {
	case !ok:
		c.tell(varExampleShape, here, policy.Span{}, kind+" is no list of texts")
		return
	case kind == "header_text" && (nested || list[0] == '"'):
		c.tell(varExampleShape, here, policy.Span{}, "header_text is no flat list")
		return
	case kind == "body_text" && !nested && len(names) > 1:
		c.tell(varExampleShape, here, policy.Span{}, "body_text is no list in a list")
		return
	case len(values) != len(names):
		c.tell(varExampleMissing, here, policy.Span{}, fmt.Sprintf("the text has %s, and the example %s", counted(len(names), "placeholder"), counted(len(values), "value")))
	}
	prefix := here.field
	if nested {
		prefix += "[0]"
	}
	for i, v := range values {
		name := ""
		if i < len(names) {
			name = names[i]
		}
		if field := prefix + "[" + strconv.Itoa(i) + "]"; list[0] == '"' {
			c.realistic(v, name, here)
		} else {
			c.realistic(v, name, here.at(field))
		}
	}
}

// valuesOf reads a text, a list of texts, or the first of a list of lists.
func valuesOf(raw json.RawMessage) (values []string, nested, ok bool) {
	if raw[0] == '"' {
		return []string{wordOf(raw)}, false, true
	}
	if raw[0] != '[' {
		return nil, false, false
	}
	if inner := bytes.TrimLeft(raw[1:], " \n\t\r"); len(inner) > 0 && inner[0] == '[' {
		var lists [][]string
		if json.Unmarshal(raw, &lists) != nil || len(lists) == 0 {
			return nil, true, false
		}
		return lists[0], true, true
	}
	return values, false, json.Unmarshal(raw, &values) == nil
}

func (c *linting) namedExamples(by map[string]json.RawMessage, kind string, names []string, here spot) {
	key := kind + "_named_params"
	raw := by[key]
	if len(raw) == 0 || null(raw) {
		if _, other := by[kind]; other {
			c.tell(varExampleShape, here.at("example."+kind), policy.Span{}, "the placeholders are named, and the examples a plain list")
		} else {
			c.tell(varExampleMissing, here, policy.Span{}, "example has no member "+key)
		}
		return
	}
	here = here.at("example." + key)
	var all []struct {
		Name    string  `json:"param_name"`
		Example *string `json:"example"`
	}
	if json.Unmarshal(raw, &all) != nil {
		c.tell(varExampleShape, here, policy.Span{}, key+" is no list of objects with param_name and example")
		return
	}
	given := map[string]bool{}
	for i, e := range all {
		at := here.at(here.field + "[" + strconv.Itoa(i) + "]")
		switch {
		case e.Name == "" || e.Example == nil:
			c.tell(varExampleShape, at, policy.Span{}, "the entry lacks param_name or example")
		case !contains(names, e.Name):
			c.tell(varExampleShape, at.at(at.field+".param_name"), policy.Span{}, "no placeholder of the text has this name")
		default:
			c.realistic(*e.Example, e.Name, at.at(at.field+".example"))
		}
		given[e.Name] = true
	}
	missing := 0
	for _, n := range names {
		if !given[n] {
			missing++
		}
	}
	if missing > 0 {
		c.tell(varExampleMissing, here, policy.Span{}, fmt.Sprintf("%s of %d have no example", counted(missing, "placeholder"), len(names)))
	}
}

// standIns are words nobody would send.
var standIns = [...]string{"test", "testing", "tests", "example", "sample", "placeholder", "variable", "string", "dummy", "foo", "bar", "foobar", "asdf", "qwerty",
	"lorem", "lorem ipsum", "todo", "tbd", "null", "undefined", "none", "n/a", "abc", "abcd", "value", "text"}

// realistic checks that an example looks like a value.
func (c *linting) realistic(v, name string, at spot) {
	word := strings.ToLower(strings.TrimSpace(v))
	bare := strings.TrimRight(word, "0123456789 _-")
	switch {
	case word == "":
		c.tell(varExampleMissing, at, policy.Span{}, "the example is blank")
	case strings.Contains(v, "{{"):
		c.tell(varExampleRealistic, at, policy.Span{}, "the example is a placeholder itself")
	case numberOf(name) < 0 && strings.EqualFold(word, name):
		c.tell(varExampleRealistic, at, policy.Span{}, "the example is the placeholder's name")
	case isAny(word, standIns[:]), bare != "" && isAny(bare, standIns[:10]), repeated(word):
		c.tell(varExampleRealistic, at, policy.Span{}, "the example is a stand-in")
	}
}

// repeated reports whether a word is one letter or mark over and over.
func repeated(s string) bool {
	if len(s) < 2 || !notDigit(rune(s[0])) {
		return false
	}
	for i := range len(s) {
		if s[i] != s[0] || s[i] >= 0x80 {
			return false
		}
	}
	return len(s) > 2 || s == "xx"
}

// handle checks that a media header has an example file.
func (c *linting) handle(k *Component, at spot) {
	var by map[string]json.RawMessage
	if raw := k.Extra["example"]; len(raw) > 0 && raw[0] == '{' {
		_ = json.Unmarshal(raw, &by) // was valid when it was read
	}
	if raw := by["header_handle"]; len(raw) > 0 && !null(raw) {
		values, nested, ok := valuesOf(raw)
		if !ok || nested || raw[0] == '"' {
			c.tell(varExampleShape, at.at("example.header_handle"), policy.Span{}, "header_handle is no flat list of handles")
			return
		}
		for _, v := range values {
			if strings.TrimSpace(v) != "" {
				return
			}
		}
	}
	c.tell(headerMediaHandleMissing, at.at("example"), policy.Span{}, "the header is "+k.Format+", and has no example.header_handle")
}
