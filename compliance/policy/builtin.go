package policy

import (
	"embed"
	"io/fs"
)

//go:embed rules
var builtin embed.FS

// Builtin is the rule book this release carries: one file a rule, under
// rules/<area>. Each call reads the files again and returns a book of its own.
func Builtin() (*Book, error) {
	sub, err := fs.Sub(builtin, "rules")
	if err != nil {
		return nil, err
	}
	rules, err := Load(sub)
	if err != nil {
		return nil, err
	}
	b := &Book{rules: rules, was: map[ID][]Severity{}, waivers: map[ID]Waiver{}, enabled: map[ID]bool{}}
	return b.settle(true) // Load has checked them
}
