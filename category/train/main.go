// Command train makes the model that category.Read uses.
//
//	testdata/category/*.jsonl ─▶ frames ─▶ variants ─▶ features ─▶ regression ─▶ temperature ─▶ model_gen.bin
//
// It is run in the repository as
//
//	go run -C category/train .          write the model and the figures
//	go run -C category/train . -check   make both again and compare, byte for byte
//
// Frames are parted by a hash of their name into those that train and those
// that only evaluate; see Frame.Held. Nothing here depends on the clock, on the
// order of a map, on the number of processors or on fused multiplication, so
// that every machine makes the same bytes.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/waguard/waguard/category"
)

func main() {
	check := flag.Bool("check", false, "compare with the files that are there instead of writing them")
	root := flag.String("root", "../..", "the repository's `directory`")
	wrong := flag.Bool("wrong", false, "list the training frames that the other folds get wrong")
	flag.Parse()
	if err := run(*root, *check, *wrong); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(root string, check, wrong bool) error {
	frames, err := Load(filepath.Join(root, "testdata", "category"))
	if err != nil {
		return err
	}
	empty, err := category.AppendModel(nil, make([][3]float64, category.Buckets), 1)
	if err != nil {
		return err
	}
	reader, err := category.NewReader(category.WithModel(empty))
	if err != nil {
		return err
	}
	var training []Frame
	for _, f := range frames {
		if !f.Held() {
			training = append(training, f)
		}
	}
	folds := crossValidate(reader, training)
	temperature := folds.temperature()
	model, err := category.AppendModel(nil, fit(samples(reader, training)), temperature)
	if err != nil {
		return err
	}
	if wrong {
		folds.printWrong(temperature)
	}
	report := []byte(folds.report(temperature, len(training), len(frames)-len(training)))
	fmt.Print(string(report))
	for _, out := range []struct {
		path string
		data []byte
	}{
		{filepath.Join(root, "category", "model_gen.bin"), model},
		{filepath.Join(root, "testdata", "category", "folds.txt"), report},
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
			return fmt.Errorf("%s is not what the frames make; run without -check", out.path)
		}
	}
	return nil
}
