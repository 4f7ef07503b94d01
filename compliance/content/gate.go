package content

import (
	"math"

	"github.com/waguard/waguard/internal/text"
)

// The gate lets most of what businesses write every day go by before it is weighed: a
// message without any term, whose words are those of harmless messages. It looks at words
// one by one, so that it costs next to nothing, and lets go only of what the weighing
// would let go of as well: how rarely it errs is measured by whoever trains it, see
// testdata/content/folds.txt.
const (
	GateBuckets = 1 << gateBits
	gateBits    = 16

	fewWords = 8
)

// GateValue is how much one word of n counts. It is for whoever trains a model.
func GateValue(n int) float64 { return 1 / math.Sqrt(float64(max(n, fewWords))) }

// gateBucket is that of a token; numbers are all alike.
func gateBucket(t *text.Token, out []byte) uint32 {
	h := uint32(seedHead)
	if t.Kind != text.Number {
		h = hashOf(h, out[t.Start:t.End])
	}
	return h * 0x85EBCA77 >> (32 - gateBits)
}

// passes reports whether a message is worth weighing.
func (m *model) passes(b *text.Buffer) bool {
	ts := b.Tokens()
	if len(m.gate) == 0 || len(ts) == 0 {
		return len(ts) > 0
	}
	out, sum := b.Bytes(), int32(0)
	for i := range ts {
		sum += int32(int8(m.gate[gateBucket(&ts[i], out)]))
	}
	return float32(sum)*float32(GateValue(len(ts))) >= m.gateLeast
}
