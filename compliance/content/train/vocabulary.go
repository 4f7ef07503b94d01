package main

import (
	"math/bits"
	"slices"
)

// A vocabulary numbers the features that stand in enough texts, or in the prior.
type vocabulary struct {
	index map[uint32]int32
	keys  []uint32
}

func vocabularyOf(data []Sample, p prior) *vocabulary {
	type standing struct{ texts, last int } // in so many, and in which last
	features := map[uint32]standing{}
	for i := range data {
		for _, v := range data[i].views[:1] {
			for _, k := range v.Words {
				if f := features[k]; f.texts == 0 || f.last != i {
					features[k] = standing{f.texts + 1, i}
				}
			}
		}
	}
	for n := range 64 {
		features[uint32(n+1)] = standing{texts: rarest}
	}
	for k := range p {
		features[k] = standing{texts: rarest}
	}
	t := &vocabulary{index: map[uint32]int32{}}
	for k, f := range features {
		if f.texts >= rarest {
			t.keys = append(t.keys, k)
		}
	}
	slices.Sort(t.keys)
	for i, k := range t.keys {
		t.index[k] = int32(i)
	}
	return t
}

// know notes the numbers of each view's features, those of words first. Unknown ones are
// left out.
func (t *vocabulary) know(data []Sample) {
	for i := range data {
		for n := range data[i].views {
			v := &data[i].views[n]
			v.ids = make([]int32, 0, len(v.Words)+bits.OnesCount64(v.Signs))
			for _, k := range v.Words {
				if id, ok := t.index[k]; ok {
					v.ids = append(v.ids, id)
				}
			}
			v.words = len(v.ids)
			for signs := v.Signs; signs != 0; signs &= signs - 1 {
				v.ids = append(v.ids, t.index[uint32(1+bits.TrailingZeros64(signs))])
			}
			v.Words = nil
		}
	}
}
