package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// A prior is what a feature weighs for a class before any text was read. There are
// too few texts for every name of every thing: words that stand in a rule's lists
// begin in its favour, its excuses in favour of none, and the texts take back what
// was too much.
type prior map[uint32]map[int]float64

// What words of a list begin with; found by cross-validation.
const (
	priorGoods   = 2
	priorWeak    = 1.5
	priorTopic   = 1.5
	priorExcuses = 1
	priorPart    = .3 // of that, a word of a phrase that has several
)

func priorOf(book *policy.Book, rules []policy.ID, topics string) (prior, error) {
	p := prior{}
	for n, id := range rules {
		i, _ := book.Index(id)
		if t := book.Rule(i).Text; t != nil {
			for _, lex := range t.Languages {
				p.add(n+1, priorGoods, slices.Concat(lex.Goods, lex.Alone))
				p.add(n+1, priorWeak, slices.Concat(lex.Weak, lex.Sells))
				p.add(0, priorExcuses, lex.Excuses)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(topics, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		var t struct {
			Topics map[policy.ID][]string `json:"topics"`
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, &t); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for n, id := range rules {
			p.add(n+1, priorTopic, t.Topics[id])
		}
	}
	return p, nil
}

// add gives phrases a weight for a class, unless they have a greater one.
func (p prior) add(class int, weight float64, phrases []string) {
	give := func(w float64, keys ...uint32) {
		for _, k := range keys {
			if p[k] == nil {
				p[k] = map[int]float64{}
			}
			p[k][class] = max(p[k][class], w)
		}
	}
	for _, phrase := range phrases {
		stem, isStem := strings.CutSuffix(phrase, "*")
		keys := content.WordFeatures(stem)
		switch last := len(keys) - 1; {
		case last < 0:
		case strings.Contains(stem, " "):
			give(weight, keys[last])
			give(weight*priorPart, keys[:last]...)
		default:
			give(weight, keys...)
			if isStem && utf8.RuneCountInString(stem) >= content.PieceRunes {
				give(weight, content.WordFeatures(stem + "zzzzzzz")[0]) // any word that begins like it
			}
		}
	}
}
