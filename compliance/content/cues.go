package content

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/text/language"
)

//go:embed cues/*.json
var cueFiles embed.FS

//go:embed labels/*.json
var labelFiles embed.FS

// A cueSet is how one language sells and how it talks of things without
// selling them. All text rules share it; what only one trade says stands in that
// rule's own file.
type cueSet struct {
	Lang     string   `json:"lang"`
	Sell     []string `json:"sell"`     // sell, buy, for sale, we stock
	Price    []string `json:"price"`    // price, discount, instalments
	Currency []string `json:"currency"` // counts as a price beside a number, which then is no other number
	Money    []string `json:"money"`    // slang and abbreviations: a price, too, but the number may be another
	Order    []string `json:"order"`    // order now, reply, write to us
	Stock    []string `json:"stock"`    // in stock, just arrived
	Deliver  []string `json:"deliver"`  // discreet, shipped to your door
	Unit     []string `json:"unit"`     // per box, wholesale, pack of
	Measure  []string `json:"measure"`  // kg, tablets, pairs; counts as a unit beside a number
	Talk     []string `json:"talk"`     // news, museum, film, game, law, training, "we do not sell"
	Deny     []string `json:"deny"`     // we do not sell, is forbidden, beware of; the model weighs it
}

// A labelSet is what stands by a number and tells what it is, and how a
// language speaks digits.
type labelSet struct {
	Lang   string              `json:"lang"`
	Kinds  map[string][]string `json:"kinds"`  // words for an identifier, by kind or by family of kinds
	Others []string            `json:"others"` // words for numbers that are none: order, tracking, phone

	Capitals map[string][]string `json:"capitals"` // like kinds, for words that mean something else in small letters
	Hints    map[string][]string `json:"hints"`    // what a message is about, where a label alone does not say
	Fillers  []string            `json:"fillers"`  // words between a label and its number that say nothing

	Digits [][]string `json:"digits"` // words for 0 to 9
	Double []string   `json:"double"`
	Triple []string   `json:"triple"`
}

//go:embed topics/*.json
var topicFiles embed.FS

// A topicSet is what a language says around the things a rule is about: their
// makes, parts, sorts, measures and nicknames, and what is done with them. One such word says
// nothing; the model weighs how many there are, and beside what.
type topicSet struct {
	Lang   string              `json:"lang"`
	Topics map[string][]string `json:"topics"` // by rule
}

// maxData bounds one embedded or given data file.
const maxData = 256 << 10

// readAll reads every file of a folder into a value of its own, strictly: what
// is unknown, doubled or left over is an error that names the file.
func readAll[T any](fsys fs.FS, dir string, lang func(T) string) ([]T, error) {
	files, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	var all []T
	for _, f := range files {
		name := path.Join(dir, f.Name())
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("content: %w", err)
		}
		var v T
		if err := readStrict(data, &v); err != nil {
			return nil, fmt.Errorf("content: %s: %w", name, err)
		}
		if want := strings.TrimSuffix(f.Name(), ".json"); lang(v) != want {
			return nil, fmt.Errorf("content: %s: lang is %q, but the file is named for %q", name, lang(v), want)
		}
		if _, err := language.Parse(lang(v)); err != nil {
			return nil, fmt.Errorf("content: %s: lang %q is no language tag", name, lang(v))
		}
		all = append(all, v)
	}
	return all, nil
}

func readStrict(data []byte, v any) error {
	if len(data) > maxData {
		return fmt.Errorf("larger than %d KiB", maxData>>10)
	}
	if err := noTwins(data); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("line %d: %w", 1+bytes.Count(data[:d.InputOffset()], []byte("\n")), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the object")
	}
	return nil
}

// noTwins refuses objects with the same key twice, of which encoding/json would
// silently take the last.
func noTwins(data []byte) error {
	type level struct {
		keys  map[string]bool // nil in a list
		value bool            // the next token is a value
	}
	var open []level
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		line := func() int { return 1 + bytes.Count(data[:d.InputOffset()], []byte("\n")) }
		if err != nil {
			return fmt.Errorf("line %d: %w", line(), err)
		}
		in := len(open) > 0 && open[len(open)-1].keys != nil
		if s, ok := t.(string); ok && in && !open[len(open)-1].value {
			if open[len(open)-1].keys[s] {
				return fmt.Errorf("line %d: %q stands there twice", line(), s)
			}
			open[len(open)-1].keys[s] = true
			open[len(open)-1].value = true
			continue
		}
		switch t {
		case json.Delim('{'):
			open = append(open, level{keys: map[string]bool{}})
			continue
		case json.Delim('['):
			open = append(open, level{})
			continue
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
		if len(open) > 0 {
			open[len(open)-1].value = false
		}
	}
}
