package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// maxIndex bounds the index of a button or card. Meta registers at most ten
// of either; the rules say what is wrong below this, above it the body is no
// sound body.
const maxIndex = 999

// ParseFilled reads the "template" object of a send body. Faults are an
// [*Error] with line and field. Members Meta may add are passed over: the bytes
// that are sent are the app's own, this is only what the rules look at. The
// language stays as written, since it is what Meta will compare.
func ParseFilled(b []byte) (Filled, error) {
	r, root, err := read(b)
	if err != nil {
		return Filled{}, err
	}
	var f Filled
	err = r.known(root, func(key string, v []byte) (bool, error) {
		switch key {
		case "name":
			return r.text(v, &f.Name)
		case "language":
			return true, r.known(v, func(key string, v []byte) (bool, error) {
				if key != "code" {
					return false, nil
				}
				return r.text(v, &f.Language)
			})
		case "components":
			f.Parts, err = r.parts(v, 0)
			return true, err
		}
		return false, nil
	})
	switch {
	case err != nil:
		return Filled{}, err
	case f.Name == "":
		return Filled{}, in("name", r.fault(root, ErrMissing))
	case f.Language == "":
		return Filled{}, in("language.code", r.fault(root, ErrMissing))
	}
	return f, nil
}

// known reads an object member by member; what take does not take is only
// checked. A null counts as absent.
func (r *reader) known(raw []byte, take func(key string, v []byte) (bool, error)) error {
	return r.members(raw, func(key string, v []byte) error {
		if null(v) {
			return nil
		}
		if took, err := take(key, v); took || err != nil {
			return err
		}
		return r.sound(v, 1)
	})
}

func (r *reader) parts(raw []byte, depth int) ([]Part, error) {
	if depth > 1 {
		return nil, r.fault(raw, fmt.Errorf("%w: cards within cards", ErrDepth))
	}
	var all []Part
	err := r.entries(raw, func(v []byte) error {
		p := Part{Index: -1}
		err := r.known(v, func(key string, v []byte) (took bool, err error) {
			switch key {
			case "type":
				return r.lower(v, &p.Type)
			case "sub_type":
				return r.lower(v, &p.Sub)
			case "index":
				p.Index, err = r.index(v)
				return true, err
			case "parameters":
				p.Values, err = r.values(v)
				return true, err
			case "cards":
				p.Cards, err = r.filledCards(v, depth)
				return true, err
			}
			return false, nil
		})
		if err == nil && p.Type == "" {
			err = in("type", r.fault(v, ErrMissing))
		}
		all = append(all, p)
		return err
	})
	return all, err
}

func (r *reader) index(raw []byte) (int, error) {
	n, err := r.number(raw, true)
	if err == nil && (n < 0 || n > maxIndex) {
		err = r.fault(raw, fmt.Errorf("%w: want 0 to %d", ErrRange, maxIndex))
	}
	return int(n), err
}

func (r *reader) filledCards(raw []byte, depth int) ([]FilledCard, error) {
	var all []FilledCard
	err := r.entries(raw, func(v []byte) error {
		c := FilledCard{Index: -1}
		err := r.known(v, func(key string, v []byte) (took bool, err error) {
			switch key {
			case "card_index":
				c.Index, err = r.index(v)
				return true, err
			case "components":
				c.Parts, err = r.parts(v, depth+1)
				return true, err
			}
			return false, nil
		})
		all = append(all, c)
		return err
	})
	return all, err
}

func (r *reader) values(raw []byte) ([]Value, error) {
	var all []Value
	err := r.entries(raw, func(v []byte) error {
		value, err := r.value(v)
		all = append(all, value)
		return err
	})
	return all, err
}

// value reads one parameter: {"type":"image","image":{…}}. The type may come
// after the member it names, so that is read last.
func (r *reader) value(raw []byte) (Value, error) {
	var v Value
	err := r.known(raw, func(key string, m []byte) (bool, error) {
		switch key {
		case "type":
			return r.lower(m, &v.Type)
		case "parameter_name":
			return r.text(m, &v.Name)
		}
		return false, nil
	})
	if err != nil {
		return v, err
	}
	if v.Type == "" {
		return v, in("type", r.fault(raw, ErrMissing))
	}
	err = r.members(raw, func(key string, m []byte) error {
		if key != v.Type || null(m) {
			return nil
		}
		return r.payload(m, &v)
	})
	return v, err
}

// payload reads the member a parameter's type names.
func (r *reader) payload(raw []byte, v *Value) error {
	switch v.Type {
	case "text", "payload", "coupon_code":
		_, err := r.text(raw, &v.Text)
		return err
	}
	v.Raw = bytes.Clone(raw)
	var words []string // what a person may read, in order
	word := func(raw []byte) (bool, error) {
		var s string
		took, err := r.text(raw, &s)
		if took {
			words = append(words, s)
		}
		return true, err
	}
	var err error
	switch v.Type {
	case "currency", "date_time":
		err = r.known(raw, func(key string, m []byte) (bool, error) {
			if key != "fallback_value" {
				return false, nil
			}
			return word(m)
		})
	case "image", "video", "gif", "document":
		err = r.known(raw, func(key string, m []byte) (bool, error) {
			switch key {
			case "link":
				return r.text(m, &v.Link)
			case "filename", "caption":
				return word(m)
			}
			return false, nil
		})
	case "location":
		err = r.known(raw, func(key string, m []byte) (bool, error) {
			if key != "name" && key != "address" {
				return false, nil
			}
			return word(m)
		})
	case "action":
		err = r.known(raw, func(key string, m []byte) (bool, error) {
			switch key {
			case "flow_action_data":
				return true, r.leaves(m, &words, 1)
			case "sections":
				return true, r.titles(m, word)
			}
			return false, nil
		})
	case "tap_target_configuration":
		err = r.titles(raw, word)
	default:
		return r.sound(raw, 1)
	}
	v.Text = strings.Join(words, "\n")
	return err
}

// titles reads the title of every object in an array.
func (r *reader) titles(raw []byte, word func([]byte) (bool, error)) error {
	return r.elements(raw, func(_ int, v []byte) error {
		return r.known(v, func(key string, m []byte) (bool, error) {
			if key != "title" {
				return false, nil
			}
			return word(m)
		})
	})
}

// leaves collects every string in a value: a Flow shows what it is given.
func (r *reader) leaves(raw []byte, words *[]string, depth int) error {
	if depth > maxDepth {
		return r.fault(raw, ErrDepth)
	}
	switch raw[0] {
	case '"':
		*words = append(*words, unquote(raw))
	case '{':
		return r.members(raw, func(_ string, v []byte) error { return r.leaves(v, words, depth+1) })
	case '[':
		return r.elements(raw, func(_ int, v []byte) error { return r.leaves(v, words, depth+1) })
	}
	return nil
}

// part returns what of a raw JSON object stands under a key, or nil. It is for
// values that have been read once, or come from the app's own hand, and allocates
// nothing, since most sends name their media by an id that stands in such a value.
func part(raw json.RawMessage, key string) (found json.RawMessage) {
	if !json.Valid(raw) {
		return nil
	}
	i := space(raw, 0)
	if raw[i] != '{' {
		return nil
	}
	for i = space(raw, i+1); raw[i] != '}'; {
		end := value(raw, i)
		name := raw[i:end]
		i = space(raw, space(raw, end)+1) // behind the colon
		end = value(raw, i)
		if string(name[1:len(name)-1]) == key || bytes.IndexByte(name, '\\') >= 0 && unquote(name) == key {
			found = raw[i:end]
		}
		if i = space(raw, end); raw[i] == ',' {
			i = space(raw, i+1)
		}
	}
	return found
}
