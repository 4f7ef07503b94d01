package content

import "math"

// An askModel weighs what is said around the name of something that must not be asked for, and
// the letters of the message as a whole: is the reader asked for it. These sums are linear; what
// a layer makes of them and of the rest of the message has the last word.
type askModel struct {
	weights []byte // int8s by bucket; none in a model that does not weigh requests
	scale   float32
	bias    float32
	least   float32 // what all has to come to

	grams     []byte // int8s by bucket
	gramScale float32
	layer     layer
}

const (
	askBits    = 18
	fewAskKeys = 40

	// AskBuckets is the number of weights of an [AskWeights].
	AskBuckets = 1 << askBits
)

// An AskWeights is what a model has to say of requests.
type AskWeights struct {
	Buckets []float64 // of keys of an [AskClue]; nil leaves requests to their phrases alone
	Grams   []float64
	Layer   Layer
	Bias    float64
	Least   float64 // what a request has to come to
}

// AskBucket is the bucket of a key. It is for whoever trains a model.
func AskBucket(key uint32) uint32 { return key * 0x85EBCA77 >> (32 - askBits) }

// AskStrong is how often a strong key counts.
const AskStrong = 3

// AskValue is how much one key counts, of so many strong and weak ones. It is for whoever
// trains a model.
func AskValue(strong, weak int) float64 {
	return 2 / math.Sqrt(float64(max(AskStrong*strong+weak, fewAskKeys)))
}

// sum is what the features of one thing that may be asked for come to.
func (m *askModel) sum(keys askKeys) float32 {
	weights := (*[AskBuckets]byte)(m.weights)
	of := func(keys []uint32) (sum int32) {
		for _, k := range keys {
			sum += int32(int8(weights[AskBucket(k)%AskBuckets]))
		}
		return sum
	}
	sum := AskStrong*of(keys.strong) + of(keys.weak)
	return float32(sum)*m.scale*float32(AskValue(len(keys.strong), len(keys.weak))) + m.bias
}
