package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/waguard/waguard/compliance/policy"
)

// How many of a rule's terms in one language are offered, and refused, in plain frames.
const (
	framesOffered = 10
	framesRefused = 4
)

// cueWords are the lists of a cue file that frames are made of.
type cueWords struct {
	Sell, Price, Order, Deny []string
}

// plainFrames are the plainest offers there are, a term of a rule beside words that sell, and
// the plainest refusals. People write less plainly in the corpus than shops do, and what
// a phrase makes clear is not to be doubted for that. They train and are not counted.
func plainFrames(book *policy.Book, rules []policy.ID, cues string) (all []Sample, err error) {
	for _, lang := range languages {
		var c cueWords
		data, err := os.ReadFile(filepath.Join(cues, lang+".json"))
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, &c); err != nil {
			return nil, fmt.Errorf("cues/%s.json: %w", lang, err)
		}
		sell, price, order, deny := plain(c.Sell), plain(c.Price), plain(c.Order), plain(c.Deny)
		for n, id := range rules {
			i, _ := book.Index(id)
			t := book.Rule(i).Text
			if t.Conduct {
				continue
			}
			goods := plain(t.Languages[lang].Goods)
			slices.SortFunc(goods, func(a, b string) int { return int(pick(a, 1<<30)) - int(pick(b, 1<<30)) })
			for k, g := range goods[:min(framesOffered+framesRefused, len(goods))] {
				s := Sample{ID: string(id), Lang: lang, From: "rules", Class: "offer", Want: []int{n + 1}, Weight: weightExamples}
				amount := 5 * (1 + pick(g, 40))
				switch {
				case k >= framesOffered:
					s.Text, s.Class, s.Want, s.Weight = one(deny, g)+" "+g+".", "mention", nil, weightExamples
				case k%3 == 0:
					s.Text = fmt.Sprintf("%s %s, %s %d.", g, one(sell, g), one(price, g), amount)
				case k%3 == 1:
					s.Text = fmt.Sprintf("%s: %d, %s.", g, amount, one(order, g))
				default:
					s.Text = fmt.Sprintf("%s %s! %s", one(sell, g), g, one(order, g))
				}
				all = append(all, s)
			}
		}
	}
	return all, nil
}

// plain leaves out what goes on in any way.
func plain(words []string) (out []string) {
	for _, w := range words {
		if !strings.Contains(w, "*") {
			out = append(out, w)
		}
	}
	return out
}

// pick draws one of n for a word, always the same.
func pick(word string, n int) int {
	h := fnv.New32a()
	h.Write([]byte(word))
	return int(h.Sum32()>>1) % n
}

func one(words []string, word string) string {
	if len(words) == 0 {
		return ""
	}
	return words[pick(word, len(words))]
}
