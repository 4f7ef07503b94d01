package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/waguard/waguard/optin"
)

func TestExp(t *testing.T) {
	for x := -60.0; x <= 0; x += 0.0137 {
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-13*want {
			t.Fatalf("exp(%v) = %v, want %v", x, got, want)
		}
	}
}

// Two texts that share nothing must come apart, and the same data must make the
// same weights.
func TestFit(t *testing.T) {
	r, err := optin.NewReader(optin.IntentModel(nil))
	if err != nil {
		t.Fatal(err)
	}
	texts := []Text{
		{Text: "please stop messaging me", Lang: "en", Level: optin.IntentCertain, Scope: optin.ScopeAll},
		{Text: "where is my parcel today", Lang: "en", Level: optin.IntentNone},
	}
	w := fit(samples(r, texts))
	for i := range texts {
		p := softmax(sum(w, r.Features(nil, texts[i].Text, "en")))
		for c := range p {
			if c != int(texts[i].Class()) && p[c] >= p[texts[i].Class()] {
				t.Errorf("%q: class %d is as likely as the one it was fitted to", texts[i].Text, c)
			}
		}
	}
	again := fit(samples(r, texts))
	for i := range w {
		if w[i] != again[i] {
			t.Fatalf("bucket %d came out otherwise the second time", i)
		}
	}
}

func TestVariants(t *testing.T) {
	x := &Text{Text: "please stop messaging me", Lang: "en", Level: optin.IntentCertain, Scope: optin.ScopeAll}
	vs := variants(x, nil)
	if len(vs) != 4 || vs[0].text != x.Text || vs[0].weight != textWeight {
		t.Fatalf("want the text, two with a word less and one mistyped, got %v", vs)
	}
	for _, v := range vs[1:3] {
		if n := len(strings.Fields(v.text)); n != 3 {
			t.Errorf("%q has %d words, want one less than 4", v.text, n)
		}
	}
}

func TestLoadStrict(t *testing.T) {
	dir := t.TempDir()
	for _, b := range batches {
		if err := os.MkdirAll(filepath.Join(dir, b), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, b, "en.jsonl"), []byte(`{"text":"x","lang":"en","level":"none","why":"w","more":1}`), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "en.jsonl:1") {
		t.Fatalf("an unknown field gave %v, want an error with the place", err)
	}
}
