package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"

	"github.com/waguard/waguard/optin"
)

// A Text is one labelled text of testdata/optin.
type Text struct {
	Text  string            `json:"text"`
	Lang  string            `json:"lang"`
	Level optin.IntentLevel `json:"level"`
	Scope optin.IntentScope `json:"scope"`
	Why   string            `json:"why"`
	batch string
}

func (t *Text) hash() uint32 {
	h := fnv.New32a()
	h.Write([]byte(t.Text))
	return h.Sum32()
}

// Held reports whether a text only evaluates: the odd half of the first texts,
// as testdata/optin/README.md says, and a quarter of the tuning batch.
func (t *Text) Held() bool {
	switch t.batch {
	case ".":
		return t.hash()%2 == 1
	case "tune":
		return t.hash()%4 == 1
	}
	return false
}

// Fold is the part of the cross-validation a training text is in.
func (t *Text) Fold() int {
	x := t.hash()
	x ^= x >> 16
	x *= 0x7FEB352D
	return int((x ^ x>>15) % folds)
}

// Class is what the model should say of it.
func (t *Text) Class() optin.IntentClass {
	switch {
	case t.Level == optin.IntentAsk:
		return optin.IntentClassAsk
	case t.Level == optin.IntentStart:
		return optin.IntentClassStart
	case t.Level == optin.IntentNone:
		return optin.IntentClassNone
	case t.Scope == optin.ScopeMarketing:
		return optin.IntentClassMarketing
	}
	return optin.IntentClassStop
}

// batches are the directories of texts that train.
var batches = []string{".", "fresh", "fresh2", "fresh3", "tune", "fresh4", "tune2", "fresh5", "fresh6", "hands", "hands2", "hands3", "hands4", "hands5", "answers"}

// templates is the batch of what businesses write themselves, which is no stop whatever it
// says of stopping: of testdata/category every footer, and a part of the bodies by their hash.
const templates = "templates"

// Load reads every batch, strictly, in the order of the files' names.
func Load(dir string) ([]Text, error) {
	var all []Text
	for _, batch := range batches {
		err := eachLine(filepath.Join(dir, batch), func(line []byte) error {
			d := json.NewDecoder(bytes.NewReader(line))
			d.DisallowUnknownFields()
			t := Text{batch: batch}
			if err := d.Decode(&t); err != nil {
				return err
			}
			all = append(all, t)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	err := eachLine(filepath.Join(dir, "..", "category"), func(line []byte) error {
		var f struct{ Lang, Body, Footer string }
		if err := json.Unmarshal(line, &f); err != nil {
			return err
		}
		none := Text{Lang: f.Lang, Level: optin.IntentNone, batch: templates}
		if none.Text = f.Body; none.hash()%4 == 0 {
			all = append(all, none)
		}
		if none.Text = f.Footer; none.Text != "" {
			all = append(all, none)
		}
		return nil
	})
	return all, err
}

// eachLine tells the lines of the .jsonl files in a directory, of which there has to be one.
func eachLine(dir string, tell func(line []byte) error) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no texts in %s", dir)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		sc := bufio.NewScanner(bytes.NewReader(b))
		for n := 1; sc.Scan(); n++ {
			if err := tell(sc.Bytes()); err != nil {
				return fmt.Errorf("%s:%d: %w", name, n, err)
			}
		}
		if err := sc.Err(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
