package content

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/policy"
)

// Rows with few weights and with many, and features nobody learnt, come to what a plain sum
// of them comes to, however many there are; so does a model that learnt nothing.
func TestMargins(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, c := range []struct{ classes, features int }{{2, 0}, {2, 40}, {14, 300}, {32, 2000}, {33, 2000}, {64, 600}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			w := &Weights{Ties: make([]float64, tieSigns), Marks: make([]float64, marks), Words: map[uint32][]float64{}}
			for n := range c.classes - 1 {
				w.Rules = append(w.Rules, policy.ID(fmt.Sprint("acme/", n)))
			}
			var keys []uint32
			for n := range c.features {
				k := key(rng.Uint32())
				weights := make([]float64, c.classes)
				for range rng.IntN(2 * c.classes) {
					weights[rng.IntN(c.classes)] = float64(rng.IntN(255) - 127)
				}
				weights[n%c.classes] = 127 * float64(1-n%2*2) // so that one stands for one
				w.Words[k] = weights
				keys = append(keys, k)
			}
			b, err := AppendModel(nil, w)
			require.NoError(t, err)
			m, err := readModel(b)
			require.NoError(t, err)
			var s scratch
			want := make([]int64, c.classes)
			for n := range 1500 {
				k := key(rng.Uint32())
				if n%3 > 0 && len(keys) > 0 {
					k = keys[rng.IntN(len(keys))]
				}
				s.features.spots = append(s.features.spots, spot{k, nowhere})
				for class, v := range w.Words[k] {
					want[class] += int64(v)
					require.Equal(t, int8(v), m.weight(k, uint8(class)))
				}
			}
			m.margins(&s)
			v := s.features.value() * m.scale
			for class, got := range s.features.margins[1:] {
				require.Equal(t, float32(want[class+1])*v-float32(want[0])*v, got)
			}
		})
	}
}
