package main

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

const folds = 5

// A verdict is what a model that never saw a text says of it: for each rule how far
// it stands above none, and what its marks come to.
type verdict struct {
	sample *Sample
	margin []float32 // by rule
	marks  content.Marks
	found  []int // classes that the phrases found
	near   []int // those that it is much like
	most   int   // the class that it is most like
	seen   bool  // the model looked at it
	size   int   // in words
	plain  bool  // the phrases make it a plain offer
	sum    float64
	gate   float64 // what its words come to at the gate
	term   bool    // and it need not pass it
}

type verdicts []verdict

// A fitted is what is learnt of some texts.
type fitted struct {
	rules       *regression
	grams, gate *logistic
}

// fitTo fits to the samples that are for it.
func fitTo(data []Sample, which func(*Sample) bool, vocab *vocabulary, p prior, conduct []bool) (f fitted) {
	var parts sync.WaitGroup
	parts.Go(func() { f.grams = fitGrams(data, which) })
	parts.Go(func() { f.gate = fitGate(data, which) })
	f.rules = fit(data, which, vocab, p, conduct)
	parts.Wait()
	return f
}

// crossValidate has each text judged by what is fitted to the other folds, and fits to all
// of them besides. Examples of rules always train and are not judged.
func crossValidate(training []Sample, p prior, conduct []bool) (all verdicts, whole fitted) {
	vocab := vocabularyOf(training, p)
	vocab.know(training)
	turns := make(chan struct{}, runtime.GOMAXPROCS(0)) // more at once take memory, and save nothing
	inTurn := func(which func(*Sample) bool) fitted {
		turns <- struct{}{}
		defer func() { <-turns }()
		return fitTo(training, which, vocab, p, conduct)
	}
	var jobs sync.WaitGroup
	jobs.Go(func() { whole = inTurn(func(*Sample) bool { return true }) })
	parts := make([]verdicts, folds)
	for k := range folds {
		jobs.Go(func() {
			f := inTurn(func(s *Sample) bool { return s.From == "rules" || s.Fold() != k })
			for i := range training {
				if s := &training[i]; s.From != "rules" && s.Fold() == k {
					v := f.rules.judge(s, f.grams)
					v.gate, v.term = f.gate.sum(s.views[0].Gate), s.views[0].Term
					parts[k] = append(parts[k], v)
				}
			}
		})
	}
	jobs.Wait()
	return slices.Concat(parts...), whole
}

func (r *regression) judge(s *Sample, grams *logistic) verdict {
	view := &s.views[0]
	v := verdict{sample: s, seen: view.Signs != 0, size: view.Size}
	if !v.seen {
		return v
	}
	z := make([]float32, r.classes)
	r.sum(z, view)
	for _, m := range z[1:] {
		v.margin = append(v.margin, m-z[0])
	}
	v.marks = content.MarksOf(v.margin, view.Ties, r.conduct, view.Signs, view.Size, float32(grams.sum(view.Grams)))
	v.most = 1 + slices.Index(v.margin, slices.Max(v.margin))
	for n, signs := range view.Ties {
		if signs&(1<<content.TieFound) != 0 {
			v.found = append(v.found, n+1)
			if v.margin[n] >= v.margin[v.most-1]-content.NearFirst {
				v.near = append(v.near, n+1)
			}
			v.plain = v.plain || content.Plain(signs, v.size) && view.Signs&content.Excusing == 0
		}
	}
	return v
}

// thresholds are sums of marks; see content.Weights.
type thresholds struct{ find, sure float64 }

// classes are what is reported with some thresholds.
func (v *verdict) classes(th thresholds) []int {
	least := th.find
	if v.plain {
		least -= content.PlainGives
	}
	switch {
	case !v.seen || v.sum < least:
		return nil
	case v.size < content.MeantWords && len(v.near) == 0:
		return v.found
	case len(v.near) > 0:
		return v.near
	}
	return []int{v.most}
}

// alarmsAllowed is the share of texts without an offer on which a rule is reported that
// thresholds may come to.
const alarmsAllowed = .0175

// thresholds are those that find the most offers with few enough alarms.
func (vs verdicts) thresholds() thresholds {
	best, most := 16., -1
	for f := -160; f <= 160; f++ {
		th := thresholds{find: float64(f) / 20}
		k := vs.tally(th, func(*Sample) bool { return true })
		if found := k.plain.n + k.evaded.n; float64(k.alarms.n) <= alarmsAllowed*float64(k.alarms.of) && found > most {
			most, best = found, th.find
		}
	}
	return thresholds{find: best, sure: best + 2}
}

type share struct{ n, of int }

func (s *share) count(yes bool) {
	s.of++
	if yes {
		s.n++
	}
}

func (s share) String() string {
	if s.of == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d %.1f%%", s.n, s.of, 100*float64(s.n)/float64(s.of))
}

type tally struct{ plain, evaded, exact, phrases, alarms, hard, elsewhere share }

// tally counts; alarms are those on the corpus.
func (vs verdicts) tally(th thresholds, which func(*Sample) bool) (k tally) {
	for i := range vs {
		v := &vs[i]
		if !which(v.sample) {
			continue
		}
		got := v.classes(th)
		switch s := v.sample; {
		case s.offers():
			if s.Class == "evaded" {
				k.evaded.count(len(got) > 0)
			} else {
				k.plain.count(len(got) > 0)
			}
			k.exact.count(slices.ContainsFunc(s.Want, func(c int) bool { return slices.Contains(got, c) }))
			k.phrases.count(len(v.found) > 0)
		case s.From != "content":
			k.elsewhere.count(len(got) > 0)
		default:
			k.alarms.count(len(got) > 0)
			if s.Class == "hard" || s.Class == "mention" {
				k.hard.count(len(got) > 0)
			}
		}
	}
	return k
}

// report is a table by language of what cross-validation came to.
func (vs verdicts) report(th thresholds, training, held, size int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d training texts in %d folds, %d held back; model of %d bytes; sum of marks: find %.3f\n\n", training, folds, held, size, th.find)
	fmt.Fprintf(&b, "%-5s %18s %18s %18s %18s %16s %16s %16s\n", "", "offers", "evaded", "by the very rule", "by phrases alone", "alarms", "of them hard", "elsewhere")
	for _, l := range append(slices.Clone(languages), "all") {
		k := vs.tally(th, func(s *Sample) bool { return l == "all" || s.Lang == l })
		fmt.Fprintf(&b, "%-5s %18v %18v %18v %18v %16v %16v %16v\n", l, k.plain, k.evaded, k.exact, k.phrases, k.alarms, k.hard, k.elsewhere)
	}
	lost, corpus, elsewhere := vs.gated(th)
	fmt.Fprintf(&b, "\nThe gate lets go by, before they are weighed: %v of the harmless texts, %v of those from elsewhere, and %v of the offers found.\n", corpus, elsewhere, lost)
	return b.String()
}

// printWrong lists what was misjudged, the surest first.
func (vs verdicts) printWrong(rules []policy.ID, th thresholds) {
	name := func(cs []int) (ids []policy.ID) {
		for _, c := range cs {
			ids = append(ids, rules[c-1])
		}
		return ids
	}
	top := func(v *verdict) float64 {
		if !v.seen {
			return math.Inf(-1)
		}
		return v.sum
	}
	var wrong []*verdict
	for i := range vs {
		if got := vs[i].classes(th); (len(got) > 0) != vs[i].sample.offers() {
			wrong = append(wrong, &vs[i])
		}
	}
	slices.SortStableFunc(wrong, func(a, b *verdict) int { return cmp.Compare(top(b), top(a)) })
	for _, v := range wrong {
		fmt.Printf("%-14s %-8s %6.2f seen %v want %v phrases %v got %v: %s\n", v.sample.ID, v.sample.Class, top(v), v.seen, name(v.sample.Want), name(v.found), name(v.classes(th)), v.sample.Text)
	}
}
