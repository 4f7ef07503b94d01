package sqlstore

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// whole is a time as it is kept: UTC, to the microsecond.
func whole(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

func micro(t time.Time) int64     { return whole(t).UnixMicro() }
func fromMicro(n int64) time.Time { return time.UnixMicro(n).UTC() }

// sound reports whether texts come back as they are: JSON and most databases
// keep UTF-8 only.
func sound(texts ...string) bool {
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return false
		}
	}
	return true
}

// encode writes a body. Raw JSON in it keeps its bytes: no escaping for HTML.
func encode(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}
