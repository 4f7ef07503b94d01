package compliancetest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/waguard/waguard/compliance/replay"
)

// flowExpect is what a person wrote should come of a flow.
type flowExpect struct {
	Why   string                    `json:"why"`
	Sends map[string]*replay.Expect `json:"sends"` // by id of the send or call
}

const expectExt = ".expect.json"

func (r *runner) flows(t *testing.T) {
	root := filepath.Join(r.dir, "flows")
	names, err := files(root, func(p string) bool { return strings.HasSuffix(p, ".jsonl") || strings.HasSuffix(p, expectExt) })
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		base, timeline := strings.CutSuffix(name, ".jsonl")
		if !timeline {
			if _, err := os.Stat(strings.TrimSuffix(name, expectExt) + ".jsonl"); err != nil {
				t.Errorf("%s: expected without a timeline", filepath.Base(name))
			}
			continue
		}
		t.Run(filepath.Base(base), func(t *testing.T) { r.flow(t, name, base+expectExt) })
	}
}

func (r *runner) flow(t *testing.T, name, expect string) {
	raw, err := os.ReadFile(expect)
	if err != nil {
		t.Fatal(err)
	}
	var x flowExpect
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&x); err != nil {
		t.Fatal(err)
	}
	if x.Why == "" || len(x.Sends) == 0 {
		t.Fatal("a flow says why it is there and what to expect of its sends")
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := replay.NewWorld(r.opts...)
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range replay.Read(f) {
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.Apply(t.Context(), e)
		if err != nil {
			t.Fatalf("line %d: %v", e.Line, err)
		}
		if v == nil {
			continue
		}
		want, ok := x.Sends[v.ID]
		if !ok {
			t.Errorf("line %d: nothing is expected of %q", e.Line, v.ID)
			continue
		}
		delete(x.Sends, v.ID)
		if err := want.Check(&v.Decision); err != nil {
			t.Errorf("%s (line %d), %s:\n%v", v.ID, e.Line, x.Why, err)
		}
	}
	for id := range x.Sends {
		t.Errorf("%s is expected and not in the timeline", id)
	}
	r.ran++
}

func itoa(n int) string { return strconv.Itoa(n) }
