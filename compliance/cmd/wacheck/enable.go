package main

import (
	"fmt"
	"strings"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/replay"
)

// enabled reads a list of rules that are written switched off, or of whole
// areas such as law, and makes a book in which they are on.
func enabled(list string) ([]replay.Option, error) {
	if list == "" {
		return nil, nil
	}
	book, err := policy.Builtin()
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		next, err := book.EnableArea(name)
		if err != nil {
			if next, err = book.Enable(policy.ID(name)); err != nil {
				return nil, fmt.Errorf("-enable: %q is neither an area with rules that are switched off nor such a rule (wacheck rules law-gdpr-demonstrate shows one)", name)
			}
		}
		book = next
	}
	ready, err := compliance.Prepare(book)
	if err != nil {
		return nil, err
	}
	return []replay.Option{replay.WithPrepared(ready)}, nil
}
