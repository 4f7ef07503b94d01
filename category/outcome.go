package category

import (
	"fmt"
	"iter"
	"strings"
	"time"
)

// Decider says how an [Outcome] became known. The zero Decider is unknown.
type Decider string

const (
	Created  Decider = "create-response" // what the answer to creating the template said
	Recorded Decider = "webhook"         // template_category_update
	Listed   Decider = "listing"         // the Graph API's list of templates
	Sampled  Decider = "message-samples" // Meta's own predictor, see package oracle
)

// An Outcome is what Meta decided of a template next to what was predicted. It
// holds no words.
type Outcome struct {
	Account   string    `json:"account,omitempty"` // the business account, where it is known
	Template  string    `json:"template"`          // its name or id
	Lang      string    `json:"lang,omitempty"`
	Declared  Category  `json:"declared,omitempty"` // what was asked for
	Predicted Category  `json:"predicted"`
	Sure      bool      `json:"sure"`
	Decided   Category  `json:"decided"`
	By        Decider   `json:"by"`
	At        time.Time `json:"at,omitzero"`
}

// Outcome puts what Meta decided beside the reading.
func (r *Reading) Outcome(template, lang string, decided Category, by Decider, at time.Time) Outcome {
	return Outcome{Template: template, Lang: lang, Predicted: r.Category, Sure: r.Sure, Decided: decided, By: by, At: at}
}

// A Confusion counts outcomes: how often each category was predicted, and what
// Meta decided then. The zero Confusion is empty. It is not safe for concurrent
// use.
type Confusion struct {
	counts   [classes + 1][classes + 1]int // predicted, decided; 0 is Unknown
	sure     int
	sureHits int
}

// Add counts one outcome. One that was not decided for one of the three
// categories is not counted.
func (c *Confusion) Add(o Outcome) {
	if o.Decided < Marketing || o.Decided > Authentication || o.Predicted > Authentication {
		return
	}
	c.counts[o.Predicted][o.Decided]++
	if o.Sure {
		c.sure++
		if o.Predicted == o.Decided {
			c.sureHits++
		}
	}
}

// AddAll counts many.
func (c *Confusion) AddAll(os iter.Seq[Outcome]) {
	for o := range os {
		c.Add(o)
	}
}

// Count is how often predicted met decided.
func (c *Confusion) Count(predicted, decided Category) int {
	if int(predicted) > classes || int(decided) > classes {
		return 0
	}
	return c.counts[predicted][decided]
}

// Total is how many outcomes were counted.
func (c *Confusion) Total() (n int) {
	for p := range c.counts {
		for _, k := range c.counts[p] {
			n += k
		}
	}
	return n
}

// Accuracy is the share that was predicted as decided; 0 of none.
func (c *Confusion) Accuracy() float64 {
	hits := 0
	for k := Marketing; k <= Authentication; k++ {
		hits += c.counts[k][k]
	}
	return share(hits, c.Total())
}

// Precision is, of what was predicted as a category, the share that was decided
// so. That of Utility is the one that costs.
func (c *Confusion) Precision(k Category) float64 {
	all := 0
	for d := range c.counts[0] {
		all += c.Count(k, Category(d))
	}
	return share(c.Count(k, k), all)
}

// Recall is, of what was decided as a category, the share that was predicted so.
func (c *Confusion) Recall(k Category) float64 {
	all := 0
	for p := range c.counts {
		all += c.Count(Category(p), k)
	}
	return share(c.Count(k, k), all)
}

// Sure is the share of readings that were sure, and the share of those that were
// right.
func (c *Confusion) Sure() (sure, right float64) {
	return share(c.sure, c.Total()), share(c.sureHits, c.sure)
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// String draws the counts, a line for each predicted category.
func (c *Confusion) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-16s %10s %10s %15s\n", "predicted", "MARKETING", "UTILITY", "AUTHENTICATION")
	for p := range c.counts {
		name := Category(p).String()
		if name == "" {
			if c.counts[0] == [classes + 1]int{} {
				continue
			}
			name = "(nothing to read)"
		}
		fmt.Fprintf(&b, "%-16s %10d %10d %15d\n", name, c.counts[p][Marketing], c.counts[p][Utility], c.counts[p][Authentication])
	}
	return b.String()
}
