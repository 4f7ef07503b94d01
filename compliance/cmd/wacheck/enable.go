package main

import (
	"fmt"
	"strings"
	"sync"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/compliance/replay"
)

// prepared is the built-in book made ready, once for all that is read: making it
// ready takes longer than judging some thousand messages.
var prepared = sync.OnceValues(func() (*compliance.Prepared, error) { return compliance.Prepare(nil) })

// enabled reads a list of rules that are written switched off, or of whole
// areas such as law, and makes a book in which they are on.
func enabled(list string) ([]replay.Option, error) {
	ready, err := prepared()
	if err != nil {
		return nil, err
	}
	if list == "" {
		return []replay.Option{replay.WithPrepared(ready)}, nil
	}
	book := ready.Book()
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
	if ready, err = compliance.Prepare(book); err != nil {
		return nil, err
	}
	return []replay.Option{replay.WithPrepared(ready)}, nil
}
