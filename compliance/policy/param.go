package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Param reads a parameter of an edition into the type its mechanism wants. It
// reports false when the edition has no such parameter, and an error when the
// parameter is there and does not fit, fields unknown to T included.
func Param[T any](e *Edition, name string) (T, bool, error) {
	var v T
	if e == nil {
		return v, false, nil
	}
	raw, ok := e.Params[name]
	if !ok {
		return v, false, nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		var zero T
		return zero, true, fmt.Errorf("policy: parameter %q: %w", name, err)
	}
	return v, true, nil
}
