// Command train makes the model that content.Checker weighs messages with.
//
//	testdata/content/*.jsonl, and what is ordinary elsewhere ─▶ clues ─▶ regression ─▶ margins ─┬▶ marks ─▶ threshold ─▶ model_gen.bin
//	                                                                  ├▶ grams ─────────────────┘              ▲
//	                                                                  └▶ gate ─────────────────────────────────┤
//	testdata/content/ask/*.jsonl, and what is harmless above ─▶ what may be asked for ─▶ requests ──────────────┘
//
// It is run in the repository as
//
//	go run -C compliance/content/train .          write the model and the figures
//	go run -C compliance/content/train . -check   make both again and compare, byte for byte
//
// Texts are parted by a hash into those that train and those that only evaluate;
// see Sample.Held. Nothing here depends on the clock, on the order of a map, on the
// number of processors or on fused multiplication, so that every machine makes the
// same bytes.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

func main() {
	check := flag.Bool("check", false, "compare with the files that are there instead of writing them")
	root := flag.String("root", "../../..", "the repository's `directory`")
	wrong := flag.Bool("wrong", false, "list the training texts that the other folds get wrong")
	flag.Parse()
	if err := run(*root, *check, *wrong); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(root string, check, wrong bool) error {
	book, err := policy.Builtin()
	if err != nil {
		return err
	}
	rules := Rules(book)
	empty, err := content.AppendModel(nil, &content.Weights{Rules: rules, Ties: make([]float64, content.TieSigns), Marks: make([]float64, content.MarkCount), Find: 1e6, Sure: 1e6})
	if err != nil {
		return err
	}
	checker, err := content.Compile(book, content.WithModel(empty))
	if err != nil {
		return err
	}
	all, err := Load(filepath.Join(root, "testdata"), book, rules)
	if err != nil {
		return err
	}
	frames, err := plainFrames(book, rules, filepath.Join(root, "compliance", "content", "cues"))
	if err != nil {
		return err
	}
	all = append(all, frames...)
	askings, err := loadAsks(filepath.Join(root, "testdata"), all)
	if err != nil {
		return err
	}
	asks, askReport := trainAsks(seeAsks(checker, askings))
	var training []Sample
	for _, s := range all {
		if !s.Held() {
			training = append(training, s)
		}
	}
	see(checker, training)
	p, err := priorOf(book, rules, filepath.Join(root, "compliance", "content", "topics"))
	if err != nil {
		return err
	}
	conduct := make([]bool, len(rules))
	for n, id := range rules {
		i, _ := book.Index(id)
		conduct[n] = book.Rule(i).Text.Conduct
	}
	verdicts, fitted := crossValidate(training, p, conduct)
	marks := verdicts.weighMarks()
	th := verdicts.thresholds()
	w := fitted.rules.publish(rules, fitted.grams.weights, marks, th)
	if least := verdicts.gateLeast(th); !math.IsInf(least, 0) {
		w.Gate, w.GateLeast = fitted.gate.weights, least
	}
	w.Asks = asks
	model, err := content.AppendModel(nil, w)
	if err != nil {
		return err
	}
	if wrong {
		verdicts.printWrong(rules, th)
	}
	report := []byte(verdicts.report(th, len(training), len(all)-len(training), len(model)) + askReport)
	fmt.Print(string(report))
	for _, out := range []struct {
		path string
		data []byte
	}{
		{filepath.Join(root, "compliance", "content", "model_gen.bin"), model},
		{filepath.Join(root, "testdata", "content", "folds.txt"), report},
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
