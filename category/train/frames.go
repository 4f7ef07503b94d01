package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"

	"github.com/waguard/waguard/category"
)

// A Frame is one template written for this project, and Meta's category for it.
type Frame struct {
	ID           string            `json:"id"`
	Frame        string            `json:"frame"`
	Lang         string            `json:"lang"`
	HeaderFormat string            `json:"header_format"`
	Header       string            `json:"header"`
	Body         string            `json:"body"`
	Footer       string            `json:"footer"`
	Buttons      []button          `json:"buttons"`
	Category     category.Category `json:"category"`
	Rule         string            `json:"rule"`
}

type button struct {
	Type string `json:"type"`
	Text string `json:"text"`
	URL  string `json:"url"`
}

// Draft is the frame as the reader takes it.
func (f *Frame) Draft() category.Draft {
	d := category.Draft{Lang: f.Lang, HeaderFormat: f.HeaderFormat, Header: f.Header, Body: f.Body, Footer: f.Footer}
	for _, b := range f.Buttons {
		d.Buttons = append(d.Buttons, category.Button(b))
	}
	return d
}

// Held reports whether a frame only evaluates: every fifth by a hash of its
// name, so that whatever was made from one frame is on one side.
func (f *Frame) Held() bool { return f.draw()%5 == 0 }

// Fold is the part of the cross-validation a training frame is in.
func (f *Frame) Fold() int { return int(f.draw() / 5 % folds) }

func (f *Frame) draw() uint32 {
	h := fnv.New32a()
	h.Write([]byte(f.Frame))
	x := h.Sum32() // the last letters of a name reach the upper bits late
	x ^= x >> 16
	x *= 0x7FEB352D
	return x ^ x>>15
}

// Load reads the frames of every language, strictly, in the order of the file names.
func Load(dir string) ([]Frame, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var frames []Frame
	seen := map[string]bool{}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(bytes.NewReader(raw))
		for n := 1; lines.Scan(); n++ {
			var f Frame
			d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
			d.DisallowUnknownFields()
			if err := d.Decode(&f); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
			if f.Frame == "" || f.Body == "" || f.Rule == "" || f.Category < category.Marketing || f.Category > category.Authentication {
				return nil, fmt.Errorf("%s:%d: frame, body, rule or category is missing", name, n)
			}
			if seen[f.ID] {
				return nil, fmt.Errorf("%s:%d: id %s stands twice", name, n, f.ID)
			}
			seen[f.ID] = true
			frames = append(frames, f)
		}
		if err := lines.Err(); err != nil {
			return nil, err
		}
	}
	if len(frames) == 0 {
		return nil, fmt.Errorf("no frames in %s", dir)
	}
	return frames, nil
}
