package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/waguard/waguard/category"
)

func TestExpIsExp(t *testing.T) {
	for x := -60.0; x <= 0; x += 0.0137 {
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-13*want {
			t.Fatalf("exp(%v) is %v, want %v", x, got, want)
		}
	}
	if exp(-1000) != 0 {
		t.Fatal("what is too small is nothing")
	}
}

func TestFitLearns(t *testing.T) {
	f := func(b uint32) []category.Feature {
		return []category.Feature{{Bucket: 0, Value: 1}, {Bucket: b, Value: 1}}
	}
	var data []sample
	for range 50 {
		data = append(data, sample{f(5), 0, 1}, sample{f(6), 1, 1}, sample{f(7), 2, 1})
	}
	w := fit(data)
	for class, b := range []uint32{5, 6, 7} {
		if p := softmax(sum(w, f(b))); p[class] < 0.6 {
			t.Errorf("bucket %d gives class %d only %v", b, class, p[class])
		}
	}
}

func TestLoadIsStrict(t *testing.T) {
	for why, line := range map[string]string{
		"unknown field":  `{"id":"a","frame":"a","body":"x","rule":"r","category":"UTILITY","lnag":"en"}`,
		"no category":    `{"id":"a","frame":"a","body":"x","rule":"r"}`,
		"wrong category": `{"id":"a","frame":"a","body":"x","rule":"r","category":"PROMO"}`,
		"no rule":        `{"id":"a","frame":"a","body":"x","category":"UTILITY"}`,
		"twice":          `{"id":"a","frame":"a","body":"x","rule":"r","category":"UTILITY"}` + "\n" + `{"id":"a","frame":"a","body":"x","rule":"r","category":"UTILITY"}`,
		"nothing":        "",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "en.jsonl"), []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(dir); err == nil {
			t.Errorf("%s: no error", why)
		}
	}
}
