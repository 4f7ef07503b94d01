package content

import "math"

// A layer looks at a message a second time, once something in it may be asked for: at what its words
// stand for, the words of a request among them, marks, numbers, and which of these follow each
// other. What an act, a thing and a route mean together no sum can say, so it has one hidden
// layer.
type layer struct {
	units int
	in    []byte // int8s by bucket, then unit
	scale float32
	sums  [LayerSums][]float32 // of what came before, by unit
	out   []float32
	plain [LayerSums]float32 // past the units
}

const (
	// LayerSums is the number of sums a [Layer] sees besides; the last is always one.
	LayerSums = 6

	// BagBuckets is the number of buckets of what a message holds.
	BagBuckets = 1 << bagBits

	bagBits    = 16
	bagTokens  = 120 // that are looked at
	fewInBag   = 20
	mostUnits  = 32
	leastOfSum = -20 // below it a sum says no more
)

// A Layer are the weights of a second look, before they are written down.
type Layer struct {
	Units int                  // 1 to 32
	In    []float64            // by bucket, then unit
	Sums  [LayerSums][]float64 // by sum, then unit
	Out   []float64            // by unit
	Plain [LayerSums]float64   // of the sums, past the units
}

// Fits reports whether there are as many weights as its units ask for.
func (l *Layer) Fits() bool {
	for _, w := range l.Sums {
		if len(w) != l.Units {
			return false
		}
	}
	return l.Units > 0 && l.Units <= mostUnits && len(l.In) == BagBuckets*l.Units && len(l.Out) == l.Units
}

// BagValue is how much one of n buckets counts. It is for whoever trains a model.
func BagValue(n int) float64 { return 2 / math.Sqrt(float64(max(n, fewInBag))) }

// AskSums are what a layer sees of a request: what the likeliest thing that may be asked for comes
// to, and the next, what letters come to, whether phrases take one for a request, and how many
// there are. It is for whoever trains a model.
func AskSums(first, next, grams float64, said bool, things int) (x [LayerSums]float64) {
	x = [LayerSums]float64{max(first, leastOfSum) / 5, max(next, leastOfSum) / 5, grams / 5, 0, float64(min(things, 10)) / 5, 1}
	if said {
		x[3] = 1
	}
	return x
}

// look is what the layer makes of a message.
func (l *layer) look(bag []uint16, x [LayerSums]float64) float32 {
	var room [mostUnits]int32
	units := room[:l.units]
	for _, b := range bag {
		row := l.in[int(b)*l.units:][:l.units]
		for u := range units {
			units[u] += int32(int8(row[u]))
		}
	}
	value := l.scale * float32(BagValue(len(bag)))
	z := float32(0)
	for u, n := range units {
		h := float32(n) * value
		for k := range x {
			h += float32(x[k]) * l.sums[k][u]
		}
		z += max(h, 0) * l.out[u]
	}
	for k := range x {
		z += float32(x[k]) * l.plain[k]
	}
	return z
}
