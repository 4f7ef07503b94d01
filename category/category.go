package category

import "fmt"

// Category is one of Meta's template categories. The zero Category is unknown.
type Category uint8

const (
	Unknown Category = iota
	Marketing
	Utility
	Authentication
	Service // no template: an ordinary reply inside the customer service window
)

var names = [...]string{"", "MARKETING", "UTILITY", "AUTHENTICATION", "SERVICE"}

// String returns the upper-case name Meta uses, and "" for Unknown.
func (c Category) String() string {
	if int(c) < len(names) {
		return names[c]
	}
	return fmt.Sprintf("Category(%d)", uint8(c))
}

// Parse reads a category name in either case; ok is false for any other word.
func Parse(s string) (c Category, ok bool) {
	for i, n := range names {
		if n != "" && len(n) == len(s) && equalFold(n, s) {
			return Category(i), true
		}
	}
	return Unknown, false
}

func equalFold(upper, s string) bool {
	for i := 0; i < len(s); i++ {
		b := s[i]
		if 'a' <= b && b <= 'z' {
			b -= 'a' - 'A'
		}
		if b != upper[i] {
			return false
		}
	}
	return true
}

// MarshalText writes the upper-case name.
func (c Category) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a category name in either case; an empty text is Unknown.
func (c *Category) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*c = Unknown
		return nil
	}
	v, ok := Parse(string(b))
	if !ok {
		return fmt.Errorf("category: unknown category %q", b)
	}
	*c = v
	return nil
}
