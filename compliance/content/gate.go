package content

import (
	"math"

	"github.com/waguard/waguard/internal/text"
)

// The gate lets much of what businesses write every day go by before it is weighed: a
// message without any term, whose words are those of harmless messages. It looks at words
// one by one, so that it costs next to nothing. Of what the weighing would find a little is
// lost here; how little is set and measured by whoever trains it (testdata/content/folds.txt).
const (
	GateBuckets = 1 << gateBits
	gateBits    = 18

	fewWords = 8
	seedGate = 0x6C8E9CF5
)

// GateValue is how much one word of n counts. It is for whoever trains a model.
func GateValue(n int) float64 { return 1 / math.Sqrt(float64(max(n, fewWords))) }

// gateBucket is that of a word; numbers are all alike.
func gateBucket(word []byte) uint32 {
	h := uint32(seedGate)
	if word[0] < '0' || word[0] > '9' {
		h = hashOf(h, word)
	}
	return h * 0x85EBCA77 >> (32 - gateBits)
}

// gateWeight is what a word weighs at the gate.
func (m *model) gateWeight(word []byte) int32 {
	return int32(int8(m.gate[gateBucket(word)]))
}

// passes reports whether a message is worth weighing: by all of it above the footer, or by
// any part that says more than a button does.
func (m *model) passes(b *text.Buffer, texts []Text) bool {
	ts := b.Tokens()
	if len(m.gate) == 0 || len(ts) == 0 {
		return len(ts) > 0
	}
	enough := func(sum int64, n int) bool {
		return float32(sum)*float32(GateValue(n)) >= m.gateLeast
	}
	all, part := int64(0), int64(0)
	n, inPart := 0, 0
	at, border := 0, b.PartEnd(0)
	below := footer(texts, 0)
	for i := range ts {
		for int(ts[i].Start) > border {
			if inPart >= fewWords && enough(part, inPart) {
				return true
			}
			at++
			border, below = b.PartEnd(at), footer(texts, at)
			part, inPart = 0, 0
		}
		if below {
			continue
		}
		w := int64(b.Weight(i))
		all, part = all+w, part+w
		n, inPart = n+1, inPart+1
	}
	return n > 0 && (enough(all, n) || inPart >= fewWords && enough(part, inPart))
}
