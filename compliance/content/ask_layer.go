package content

import (
	"bytes"
	"math"
	"slices"

	"github.com/waguard/waguard/internal/text"
)

// An askLayer looks at a message as a whole once a request may stand in it: at what its words
// stand for, the words of a request among them, marks, and which of these follow each other.
// What an act, a thing and a route mean together no sum over them can say, so it has one
// hidden layer; a request has to come to as much with it as without its letters before.
type askLayer struct {
	in    []byte // int8s by bucket and unit; none in a model without it
	scale float32
	dense [AskDense][AskUnits]float32
	out   [AskUnits]float32
	plain [AskDense]float32 // past the units
}

const (
	// AskUnits is the number of hidden units of an [AskLayer].
	AskUnits = 16
	// AskDense is the number of sums it sees besides; see [AskSums].
	AskDense = 6

	askBagBits = 16
	askBagMost = 120 // tokens that are looked at
	fewAskBag  = 20

	// AskBagBuckets is the number of buckets of what a message holds.
	AskBagBuckets = 1 << askBagBits
)

// An AskLayer are the weights of a second look at a message.
type AskLayer struct {
	In    []float64 // by bucket, then unit; nil is none
	Dense [AskDense][AskUnits]float64
	Out   [AskUnits]float64
	Plain [AskDense]float64
}

// AskSums are what a layer sees of the sums before it: of the likeliest thing that may be asked
// for and of the next, of the letters, whether phrases take one for a request, how many there
// are, and one. It is for whoever trains a model.
func AskSums(first, next, grams float64, said bool, things int) (x [AskDense]float64) {
	x = [AskDense]float64{max(first, -20) / 5, max(next, -20) / 5, grams / 5, 0, float64(min(things, 10)) / 5, 1}
	if said {
		x[3] = 1
	}
	return x
}

// AskBagValue is how much one of n buckets counts.
func AskBagValue(n int) float64 { return 2 / math.Sqrt(float64(max(n, fewAskBag))) }

// Seeds of what a bag holds.
const (
	seedBagConcept = 0xA54FF53A + iota
	seedBagCue
	seedBagMark
	seedBagPair
)

// askBag is what a message holds, in buckets, each once.
func (c *Checker) askBag(s *scratch) []uint16 {
	a := &s.ask
	ts, out := s.buf.Tokens(), s.buf.Bytes()
	bag, here, before := a.bag[:0], a.here[:0], a.before[:0]
	k := 0 // the first cue that may reach a token
	for i := range min(len(ts), askBagMost) {
		here = here[:0]
		if w := uint32(a.concepts[i]); w != 0 {
			here = append(here, mix(seedBagConcept, w))
		}
		for k < len(a.keep) && a.keep[k].first+text.MaxWords <= int32(i) {
			k++
		}
		for n := k; n < len(a.keep) && a.keep[n].first <= int32(i); n++ {
			q := &a.keep[n]
			if int32(i) >= q.end {
				continue
			}
			h := mix(mix(seedBagCue, q.sort()), uint32(q.value))
			if base := c.lex.langs[q.lang]; base != a.hint && base != anyLanguage {
				h = mix(h, 1)
			}
			here = append(here, h)
		}
		from := 0
		if i > 0 {
			from = int(ts[i-1].End)
		}
		here = bagMarks(here, out[from:ts[i].Start], 0)
		if i == len(ts)-1 {
			here = bagMarks(here, out[ts[i].End:], uint32(len(askMarks)))
		}
		for _, h := range here {
			bag = append(bag, bagBucket(h))
			for _, b := range before {
				bag = append(bag, bagBucket(mix(mix(seedBagPair, b), h)))
			}
		}
		if len(here) > 0 {
			here, before = before, here
		}
	}
	slices.Sort(bag)
	bag = slices.Compact(bag)
	a.bag, a.here, a.before = bag, here, before
	return bag
}

func bagBucket(h uint32) uint16 { return uint16(h * 0x85EBCA77 >> (32 - askBagBits)) }

func bagMarks(here []uint32, gap []byte, at uint32) []uint32 {
	if len(gap) == 1 && gap[0] == ' ' {
		return here
	}
	for n, set := range askMarks {
		if bytes.ContainsAny(gap, set) {
			here = append(here, mix(seedBagMark, at+uint32(n)))
		}
	}
	return here
}

// sum is what the layer makes of a message.
func (l *askLayer) sum(bag []uint16, x [AskDense]float64) float32 {
	var sums [AskUnits]int32
	for _, b := range bag {
		row := (*[AskUnits]byte)(l.in[int(b)*AskUnits:])
		for u := range row {
			sums[u] += int32(int8(row[u]))
		}
	}
	value := l.scale * float32(AskBagValue(len(bag)))
	z := float32(0)
	for u := range sums {
		h := float32(sums[u]) * value
		for k := range x {
			h += float32(x[k]) * l.dense[k][u]
		}
		z += max(h, 0) * l.out[u]
	}
	for k := range x {
		z += float32(x[k]) * l.plain[k]
	}
	return z
}
