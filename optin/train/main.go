// Command train makes the model that gives optin.IntentReader a second opinion
// beside its words and grammar.
//
//	testdata/optin/**/*.jsonl, and templates ─▶ texts ─▶ variants ─▶ features ─▶ regression ─▶ intent_model_gen.bin
//
// It is run in the repository as
//
//	go run -C optin/train .          write the model and the figures
//	go run -C optin/train . -check   make both again and compare, byte for byte
//
// Texts that only evaluate are left out; see Text.Held. Features are made from
// the word lists and the concepts of internal/concept, so a changed list asks for a new model. Nothing here depends
// on the clock, on the order of a map, on the number of processors or on fused
// multiplication, so that every machine makes the same bytes.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/waguard/waguard/optin"
)

func main() {
	check := flag.Bool("check", false, "compare with the files that are there instead of writing them")
	root := flag.String("root", "../..", "the repository's `directory`")
	wrong := flag.String("wrong", "", "list the training texts of a `language` that the other folds read wrong")
	flag.Parse()
	if err := run(*root, *check, *wrong); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(root string, check bool, wrong string) error {
	texts, err := Load(filepath.Join(root, "testdata", "optin"))
	if err != nil {
		return err
	}
	reader, err := optin.NewReader(optin.IntentModel(nil))
	if err != nil {
		return err
	}
	var training []Text
	for _, t := range texts {
		if !t.Held() {
			training = append(training, t)
		}
	}
	f, err := crossValidate(reader, training)
	if err != nil {
		return err
	}
	if wrong != "" {
		f.printWrong(wrong)
	}
	model, err := optin.AppendIntentModel(nil, fit(samples(reader, training)))
	if err != nil {
		return err
	}
	report := []byte(f.report(len(training), len(texts)-len(training)))
	fmt.Print(string(report))
	for _, out := range []struct {
		path string
		data []byte
	}{
		{filepath.Join(root, "optin", "intent_model_gen.bin"), model},
		{filepath.Join(root, "testdata", "optin", "folds.txt"), report},
	} {
		if !check {
			if err := os.WriteFile(out.path, out.data, 0o644); err != nil {
				return err
			}
			continue
		}
		have, err := os.ReadFile(out.path)
		if err != nil {
			return err
		}
		if !bytes.Equal(have, out.data) {
			return fmt.Errorf("%s is not what the texts make; run without -check", out.path)
		}
	}
	return nil
}
