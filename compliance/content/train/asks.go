package main

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
)

// How requests are fitted; found by cross-validation.
const (
	askEpochs  = 24
	askRate    = .4
	askRidge   = 1e-6
	askDrop    = .5 // of the features of a request, each time it is looked at
	askBesides = .5 // of a text's weight, for more that it asks for
	askSettle  = 4  // epochs in which what the phrases take for the request is believed to be it
	askAmid    = .5 // of a text's weight, for the same amid an everyday message
)

// askAlarms is the share of texts of the corpus that ask for nothing on which a request may be
// reported.
const askAlarms = .025

// An asking is a text that asks for what has no place in a chat, or does not.
type asking struct {
	Sample
	asks  bool
	amid  string              // the text with an everyday message before or behind it; else empty
	views [2]content.AskClues // with its language said, and not
}

// loadAsks reads the texts of requests, and takes the harmless ones of the others.
func loadAsks(dir string, corpus []Sample) (all []*asking, err error) {
	for _, lang := range languages {
		if err := lines(filepath.Join(dir, "content", "ask", lang+".jsonl"), func(l line) {
			all = append(all, &asking{Sample: Sample{Lang: lang, Text: l.Text, From: "ask", Weight: weightCorpus}, asks: l.Kind == "ask"})
		}); err != nil {
			return nil, err
		}
		plainAsks[lang].texts(func(text string, asks bool) {
			all = append(all, &asking{Sample: Sample{Lang: lang, Text: text, From: "plain", Weight: weightCorpus}, asks: asks})
		})
	}
	for _, s := range corpus {
		if !s.offers() && (s.From == "content" || s.From == "category" || s.From == "optin") {
			s.Weight = weightOrdinary
			all = append(all, &asking{Sample: s})
		}
	}
	return append(all, amidOthers(all, corpus)...), nil
}

// amidOthers are copies of the texts that train, each amid an everyday message: what else a
// message is about does not tell whether it asks.
func amidOthers(all []*asking, corpus []Sample) (copies []*asking) {
	everyday := map[string][]string{} // by language
	for _, s := range corpus {
		if s.Class == "ordinary" && s.From == "content" && !s.Held() && len(s.Text) < 300 {
			everyday[s.Lang] = append(everyday[s.Lang], s.Text)
		}
	}
	for _, s := range all {
		others := everyday[s.Lang]
		if s.From != "ask" && s.From != "plain" || s.Held() || len(others) == 0 {
			continue
		}
		rnd := rand.New(rand.NewPCG(uint64(s.hash()), 7))
		first, last := s.Text, others[rnd.IntN(len(others))]
		if rnd.IntN(2) == 0 {
			first, last = last, first
		}
		c := *s
		c.amid = first + []string{" ", "\n"}[rnd.IntN(2)] + last
		c.Weight *= askAmid
		copies = append(copies, &c)
	}
	return copies
}

// seeAsks looks at what may be asked for in the texts, and leaves out those of the corpus in
// which nothing may, and those whose phrases ask: nobody has looked whether they do.
func seeAsks(c *content.Checker, all []*asking) []*asking {
	var readers sync.WaitGroup
	for n := range runtime.GOMAXPROCS(0) {
		readers.Go(func() {
			for i := n; i < len(all); i += runtime.GOMAXPROCS(0) {
				s := all[i]
				texts := []content.Text{{Place: "body", Words: cmp.Or(s.amid, s.Text)}}
				s.views[0] = c.AskClues(texts, language.Make(s.Lang))
				s.views[1] = c.AskClues(texts, language.Und)
			}
		})
	}
	readers.Wait()
	return slices.DeleteFunc(all, func(s *asking) bool {
		return s.From != "ask" && s.From != "plain" && (s.said() || len(s.views[0].Things) == 0)
	})
}

func said(c content.AskClue) bool { return c.Said }

// said reports whether the phrases alone take the text for a request.
func (s *asking) said() bool { return s.views[0].Form || slices.ContainsFunc(s.views[0].Things, said) }

// An askFit is a logistic regression over what may be asked for. A text asks when the
// likeliest of it does.
type askFit struct {
	weights []float64 // by bucket
	bias    float64
	grams   *logistic // of the text as a whole
}

func (m *askFit) sum(c *content.AskClue) float64 {
	of := func(keys []uint32) (sum float64) {
		for _, k := range keys {
			sum += m.weights[content.AskBucket(k)]
		}
		return sum
	}
	z := float64(content.AskStrong*of(c.Strong)) + of(c.Weak)
	return float64(z*content.AskValue(len(c.Strong), len(c.Weak))) + m.bias
}

// most is what the likeliest comes to, and which it is.
func (m *askFit) most(clues []content.AskClue) (sum float64, at int) {
	sum = math.Inf(-1)
	for i := range clues {
		if z := m.sum(&clues[i]); z > sum {
			sum, at = z, i
		}
	}
	return sum, at
}

// fitAsks fits by AdaGrad. Of a text that asks only the likeliest learns to, of the others
// all learn not to.
func fitAsks(texts []*asking) *askFit {
	m := &askFit{weights: make([]float64, content.AskBuckets)}
	h := make([]float64, content.AskBuckets)
	hb := 0.0
	rnd := rand.New(rand.NewPCG(3, 4))
	var strong, weak []uint32
	thin := func(kept, keys []uint32) []uint32 {
		for _, k := range keys {
			if rnd.Float64() >= askDrop {
				kept = append(kept, content.AskBucket(k))
			}
		}
		return kept
	}
	learn := func(c *content.AskClue, want, weight float64) {
		strong, weak = thin(strong[:0], c.Strong), thin(weak[:0], c.Weak)
		z := 0.0
		for _, b := range strong {
			z += m.weights[b]
		}
		z = float64(z * content.AskStrong)
		for _, b := range weak {
			z += m.weights[b]
		}
		value := content.AskValue(len(c.Strong), len(c.Weak)) / (1 - askDrop)
		e := float64((chance(float64(z*value)+m.bias) - want) * weight)
		hb += float64(e * e)
		m.bias -= float64(askRate*e) / (math.Sqrt(hb) + 1e-3)
		move := func(buckets []uint32, value float64) {
			for _, b := range buckets {
				d := float64(e*value) + float64(askRidge*m.weights[b])
				h[b] += float64(d * d)
				m.weights[b] -= float64(askRate*d) / (math.Sqrt(h[b]) + 1e-3)
			}
		}
		move(strong, content.AskStrong*value)
		move(weak, value)
	}
	order := slices.Clone(texts)
	for epoch := range askEpochs {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, s := range order {
			clues := s.views[epoch%2].Things
			if len(clues) == 0 {
				continue
			}
			if !s.asks {
				for i := range clues {
					learn(&clues[i], 0, s.Weight/math.Sqrt(float64(len(clues))))
				}
				continue
			}
			// What the phrases take for a request in a text that makes one is one, too.
			_, at := m.most(clues)
			for i := range clues {
				if clues[i].Said && i != at {
					learn(&clues[i], 1, s.Weight*askBesides)
				}
			}
			if epoch >= askSettle || !slices.ContainsFunc(clues, said) || clues[at].Said {
				learn(&clues[at], 1, s.Weight)
			}
		}
	}
	return m
}

// gramsCount is how much letters count beside what is said around a name; found by
// cross-validation.
const gramsCount = 1.2

// fitAskGrams weighs letters in a row.
func fitAskGrams(texts []*asking) *logistic {
	var examples []example
	for _, s := range texts {
		examples = append(examples, example{s.views[0].Grams, s.asks, s.Weight})
	}
	l := logisticPlan{buckets: content.GramBuckets, value: content.GramValue, epochs: 12, seed: 6, biased: true}.fit(examples)
	for k := range l.weights {
		l.weights[k] *= gramsCount
	}
	return l
}

// trainAsks fits to what trains. What it says of the fit comes from cross-validation.
func trainAsks(all []*asking) (w content.AskWeights, report string) {
	training := slices.DeleteFunc(slices.Clone(all), func(s *asking) bool { return s.Held() })
	var fits [folds + 1]*askFit
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	var jobs sync.WaitGroup
	for k := range fits {
		jobs.Go(func() {
			turns <- struct{}{}
			others := slices.DeleteFunc(slices.Clone(training), func(s *asking) bool { return s.Fold() == k })
			fits[k] = fitAsks(others)
			fits[k].grams = fitAskGrams(others)
			<-turns
		})
	}
	jobs.Wait()
	// The second look learns from sums of fits that have not seen the text.
	unseen := func(s *asking) *askFit { return fits[s.Fold()] }
	var sights [folds + 1]*sight
	for k := range sights {
		jobs.Go(func() {
			turns <- struct{}{}
			others := slices.DeleteFunc(slices.Clone(training), func(s *asking) bool { return s.Fold() == k })
			sights[k] = fitTwins(looks(others, unseen), [...]float64{5, 0, 5, 0, 0, -5}) // the sums as they are
			<-turns
		})
	}
	jobs.Wait()
	sums := make([]float64, len(training))
	var clear []float64
	for i, s := range training {
		sums[i] = unseen(s).score(s, sights[s.Fold()])
		if !s.asks && s.From == "ask" && s.amid == "" {
			clear = append(clear, sums[i])
		}
	}
	slices.Sort(clear)
	least := clear[len(clear)-1-int(askAlarms*float64(len(clear)))]
	var b strings.Builder
	fmt.Fprintf(&b, "\n%d texts for requests that train, some amid others; a request comes to %.3f\n\n", len(training), least)
	fmt.Fprintf(&b, "%-5s %18s %18s %16s %16s\n", "", "requests", "by phrases alone", "alarms", "on the corpus")
	for _, l := range append(slices.Clone(languages), "all") {
		var found, phrases, alarms, corpus share
		for i, s := range training {
			if s.amid != "" || s.From == "plain" || l != "all" && s.Lang != l {
				continue
			}
			switch got := sums[i] > least; {
			case s.asks:
				found.count(got)
				phrases.count(s.said())
			case s.From == "ask":
				alarms.count(got)
			default:
				corpus.count(got)
			}
		}
		fmt.Fprintf(&b, "%-5s %18v %18v %16v %16v\n", l, found, phrases, alarms, corpus)
	}
	whole := fits[folds]
	return content.AskWeights{Buckets: whole.weights, Grams: whole.grams.weights, Layer: sights[folds].Layer, Bias: whole.bias, Least: least}, b.String()
}

// looks are the texts with the sums of fits that have not seen them.
func looks(texts []*asking, unseen func(*asking) *askFit) (all []looked) {
	for _, s := range texts {
		if len(s.views[0].Things) == 0 || s.views[0].Form {
			continue
		}
		m := unseen(s)
		l := looked{yes: s.asks, weight: s.Weight}
		for n := range l.bags {
			v := &s.views[n]
			if len(v.Things) == 0 {
				v = &s.views[0]
			}
			l.bags[n], l.sums[n] = v.Bag, m.sums(v)
		}
		all = append(all, l)
	}
	return all
}

// sums are what a layer sees of a message besides.
func (m *askFit) sums(c *content.AskClues) [content.LayerSums]float64 {
	first, next := math.Inf(-1), math.Inf(-1)
	for i := range c.Things {
		if z := m.sum(&c.Things[i]); z > first {
			first, next = z, first
		} else if z > next {
			next = z
		}
	}
	return content.AskSums(first, next, m.grams.sum(c.Grams), slices.ContainsFunc(c.Things, said), len(c.Things))
}

// score is what a text comes to at a second look.
func (m *askFit) score(s *asking, second *sight) float64 {
	v := &s.views[0]
	switch {
	case v.Form:
		return math.Inf(1)
	case len(v.Things) == 0:
		return math.Inf(-1)
	}
	return second.score(v.Bag, m.sums(v))
}
