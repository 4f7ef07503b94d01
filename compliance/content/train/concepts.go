package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/waguard/waguard/compliance/content"
)

// loadConcepts reads concepts/<lang>.tsv: a concept, a tab, and the words that stand for it.
// Concepts are numbered in the order in which they first stand there.
func loadConcepts(dir string) (all []content.Concept, err error) {
	numbers := map[string]uint16{}
	at := map[content.Concept]int{} // without languages
	for n, lang := range languages {
		name := filepath.Join(dir, lang+".tsv")
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		defer f.Close()
		sc := bufio.NewScanner(f)
		for line := 1; sc.Scan(); line++ {
			concept, words, ok := strings.Cut(sc.Text(), "\t")
			if !ok {
				return nil, fmt.Errorf("%s:%d: no tab", name, line)
			}
			if numbers[concept] == 0 {
				numbers[concept] = uint16(len(numbers) + 1)
			}
			for w := range strings.SplitSeq(words, ",") {
				if w = strings.TrimSpace(w); w == "" {
					continue
				}
				c := content.Concept{Word: w, Number: numbers[concept]}
				i, had := at[c]
				if !had {
					i = len(all)
					at[c] = i
					all = append(all, c)
				}
				all[i].Languages |= 1 << n
			}
		}
		if err := sc.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
}
