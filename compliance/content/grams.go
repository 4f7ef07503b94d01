package content

import (
	"math"
	"unicode/utf8"

	"github.com/waguard/waguard/internal/text"
)

// Grams are one to four letters in a row, within what stands between two spaces, whose
// beginning and end count as letters. Words that no text taught still share grams with
// words that some did: the endings of a language, the parts of its compounds, the way a
// script hides one. Each has one weight, for an offer of whatever rule; grams whose
// hashes fall together share it.
const (
	GramBuckets = 1 << gramBits
	gramBits    = 18
	gramRunes   = 4

	fewGrams  = 60 // fewer count as many, so that a short text is not shouted down by one word
	manyGrams = 1200
)

// GramValue is how much one gram of n counts. In a long text what is said once more, or
// said of something else, adds no certainty. It is for whoever trains a model.
func GramValue(n int) float64 {
	if n > manyGrams {
		return math.Sqrt(manyGrams) / float64(n)
	}
	return 1 / math.Sqrt(float64(max(n, fewGrams)))
}

// eachGram tells the bucket of each gram of what stands above a footer. What stands
// between the same two spaces again and again tells no more.
func eachGram(b *text.Buffer, texts []Text, tell func(bucket uint32)) {
	var said [1 << 10]uint8 // how often, by the last bits of a hash
	out := b.Bytes()
	at := 0
	for part := range b.Parts() {
		end := min(b.PartEnd(part), len(out))
		if footer(texts, part) {
			at = end
			continue
		}
		for at < end {
			h := uint32(seedGram)
			from := at
			for ; at < end && out[at] > ' '; at++ {
				h = (h ^ uint32(out[at])) * 16777619
			}
			if n := &said[(h^h>>16)%uint32(len(said))]; at > from && *n < oftenEnough {
				*n++
				gramsOf(out[from:at], tell)
			}
			at++
		}
		at = end
	}
}

// gramsOf tells those of letters without a space.
func gramsOf(s []byte, tell func(bucket uint32)) {
	const border = 1
	var h [gramRunes]uint32 // of the last one, two, three and four letters
	n := 0                  // so many letters
	next := func(r uint32) {
		n++
		for k := min(n, gramRunes) - 1; k > 0; k-- {
			h[k] = (h[k-1] + r) * 0x9E3779B1
			h[k] ^= h[k] >> 15
			tell(h[k] * 0x85EBCA77 >> (32 - gramBits))
		}
		h[0] = r * 0xC2B2AE3D
		if r != border {
			tell(h[0] * 0x85EBCA77 >> (32 - gramBits))
		}
	}
	next(border)
	for i := 0; i < len(s); {
		r, w := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, w = utf8.DecodeRune(s[i:])
		}
		i += w
		next(uint32(r) + border + 1)
	}
	next(border)
}

// gramSum is what the grams of a message come to.
func (m *model) gramSum(b *text.Buffer, texts []Text) float32 {
	if len(m.grams) == 0 {
		return 0
	}
	sum, n := int64(0), 0
	eachGram(b, texts, func(k uint32) {
		sum += int64(int8(m.grams[k]))
		n++
	})
	return float32(sum) * m.gramScale * float32(GramValue(n))
}
