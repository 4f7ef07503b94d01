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

// eachGramWord tells what stands between spaces, above a footer, and has grams. What stands
// there again and again tells no more.
func eachGramWord(b *text.Buffer, texts []Text, tell func(word []byte)) {
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
				tell(out[from:at])
			}
			at++
		}
		at = end
	}
}

// gramRoom is where grams are put until they are told, many at a time.
type gramRoom [256]uint32

// gramsOf tells the buckets of those of letters without a space: with each letter the four, three and two
// it is the last of, and itself.
func gramsOf(s []byte, room *gramRoom, tell func(buckets []uint32)) {
	const border = 1
	n := 0                                                    // of room
	one, two, three := border*gramFirst, uint32(0), uint32(0) // hashes of so many letters, those before
	for i, letter := 0, 1; i <= len(s); letter++ {            // a border stands before the first and behind the last
		r := uint32(border)
		if i == len(s) {
			i++
		} else if c := s[i]; c < utf8.RuneSelf {
			r += uint32(c) + 1
			i++
		} else {
			c, w := utf8.DecodeRune(s[i:])
			r += uint32(c) + 1
			i += w
		}
		if n > len(room)-gramRunes {
			tell(room[:n])
			n = 0
		}
		four := gramMore(three, r)
		three = gramMore(two, r)
		two = gramMore(one, r)
		one = r * gramFirst
		if letter > 2 {
			room[n] = gramBucket(four)
			n++
		}
		if letter > 1 {
			room[n] = gramBucket(three)
			n++
		}
		room[n], room[n+1] = gramBucket(two), gramBucket(one)
		n += 2
	}
	tell(room[:n-1]) // the last border is no gram by itself
}

const gramFirst = uint32(0xC2B2AE3D)

// gramMore is the hash of letters and one more.
func gramMore(h, r uint32) uint32 {
	h = (h + r) * 0x9E3779B1
	return h ^ h>>15
}

func gramBucket(h uint32) uint32 { return h * 0x85EBCA77 >> (32 - gramBits) }

// A gramTotal is what grams come to.
type gramTotal struct {
	sum int64
	n   int
}

// gramSum is what the grams of a message come to, given the weight of each bucket. The memo is
// of these weights alone.
func (s *scratch) gramSum(weights []byte, scale float32, memo *text.Memo[gramTotal]) float32 {
	if len(weights) == 0 {
		return 0
	}
	w := (*[GramBuckets]byte)(weights)
	of := func(word []byte) (all gramTotal) {
		gramsOf(word, &s.grams, func(buckets []uint32) {
			sum := int64(0)
			for _, k := range buckets {
				sum += int64(int8(w[k%GramBuckets]))
			}
			all.sum, all.n = all.sum+sum, all.n+len(buckets)
		})
		return all
	}
	var all gramTotal
	eachGramWord(&s.buf, s.texts, func(word []byte) {
		t := memo.Of(word, of)
		all.sum, all.n = all.sum+t.sum, all.n+t.n
	})
	return float32(all.sum) * scale * float32(GramValue(all.n))
}
