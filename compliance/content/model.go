package content

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/waguard/waguard/compliance/policy"
	"github.com/waguard/waguard/internal/concept"
)

//go:embed model_gen.bin
var builtinModel []byte

// ErrModel is the cause of every error about a model's bytes.
var ErrModel = errors.New("not a model this package reads")

// A model weighs what a message holds against every rule it was trained for. It
// is linear, so that what moved it can be named; only at what may be a request a layer looks
// again.
//
// Features are of two sorts. Words, their neighbours and pieces, concepts, their pairs, and
// what crosses them with the rules spoken of, have a weight for
// each class: the rules, and one for none of them. What the phrase rules saw of
// one rule has one set of weights for all rules, so that a rule
// with few texts to learn from, and a language with few, is weighed like the others.
type model struct {
	classes []policy.ID // of classes 1 and up; 0 is none
	ties    [tieSigns]float32
	signs   [64]row // of signs of a message
	scale   float32 // of weights

	// Features of words, in the order of their keys, with free ones between them: each stands
	// where the first bits of its key say, or as soon behind as there is room. The last is free.
	features []feature
	shift    int      // bits of a key that come behind those
	rows     []byte   // as they are stored: number of weights, class and value of each
	full     []uint64 // rows of many weights: a byte for each class, its value and 128
	words    int      // of a full row

	grams     []byte // int8s by bucket; none in a model that does not weigh them
	gramScale float32
	gate      []byte // int8s by bucket; none lets everything pass
	gateLeast float32
	asks      askModel

	marks Marks   // how much each mark speaks for an offer
	find  float32 // what they have to come to
	sure  float32
}

// A feature is where the row of a key begins: in rows, or in full.
type feature struct{ key, row uint32 }

const (
	isFull     = 1 << 31 // it begins in full
	fewestFull = 12      // weights of a full row
)

// A row are the weights of a feature: class, value, class, value.
type row []byte

// addTo adds them up by class, four at a time.
func (r row) addTo(sums *[maxClasses]int32) {
	for ; len(r) >= 8; r = r[8:] {
		w := binary.LittleEndian.Uint64(r)
		sums[w%maxClasses] += int32(int8(w >> 8))
		sums[w>>16%maxClasses] += int32(int8(w >> 24))
		sums[w>>32%maxClasses] += int32(int8(w >> 40))
		sums[w>>48%maxClasses] += int32(int8(w >> 56))
	}
	for ; len(r) > 1; r = r[2:] {
		sums[r[0]%maxClasses] += int32(int8(r[1]))
	}
}

const modelMagic = "waguard content 6\n"

// A Weights is a model before it is written down.
type Weights struct {
	Rules      []policy.ID          // classes 1 and up
	Ties       []float64            // by sign; see [Clues]
	Words      map[uint32][]float64 // by feature: none, then the rules
	Grams      []float64            // by bucket; nil is none
	Gate       []float64            // by bucket; nil lets everything pass
	GateLeast  float64              // what words have to come to
	Asks       AskWeights
	Marks      []float64 // by mark; see [Marks]
	Find, Sure float64
}

// AppendModel appends the bytes of a model. Weights are rounded to 8 bits, and
// those that round to nothing are left out. It is for whoever trains one.
func AppendModel(dst []byte, w *Weights) ([]byte, error) {
	if len(w.Rules) == 0 || slices.ContainsFunc(w.Rules, func(id policy.ID) bool { return len(id) > math.MaxUint8 }) || len(w.Rules) >= maxClasses || len(w.Ties) != tieSigns || len(w.Marks) != marks || len(w.Grams) != 0 && len(w.Grams) != GramBuckets || len(w.Gate) != 0 && len(w.Gate) != GateBuckets || len(w.Asks.Buckets) != 0 && len(w.Asks.Buckets) != AskBuckets || len(w.Asks.Grams) != 0 && len(w.Asks.Grams) != GramBuckets || len(w.Asks.Buckets) != 0 && !w.Asks.Layer.Fits() {
		return nil, fmt.Errorf("content: %w: %d rules, %d ties, %d marks, %d grams, a gate of %d and %d of requests", ErrModel, len(w.Rules), len(w.Ties), len(w.Marks), len(w.Grams), len(w.Gate), len(w.Asks.Buckets))
	}
	top := 1e-6
	keys := make([]uint32, 0, len(w.Words))
	for k, row := range w.Words {
		if k == 0 || len(row) != len(w.Rules)+1 {
			return nil, fmt.Errorf("content: %w: feature %d has %d weights", ErrModel, k, len(row))
		}
		keys = append(keys, k)
		for _, v := range row {
			top = max(top, math.Abs(v))
		}
	}
	slices.Sort(keys)
	scale := float32(top / math.MaxInt8)
	float := func(v float64) { dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(float32(v))) }
	dst = append(dst, modelMagic...)
	dst = binary.LittleEndian.AppendUint32(dst, concept.Sum())
	dst = append(dst, byte(len(w.Rules)))
	for _, id := range w.Rules {
		dst = append(dst, byte(len(id)))
		dst = append(dst, id...)
	}
	for _, v := range slices.Concat([]float64{w.Find, w.Sure, float64(scale)}, w.Ties, w.Marks) {
		float(v)
	}
	table := func(weights []float64) (scale float64) {
		for _, v := range weights {
			scale = max(scale, math.Abs(v)/math.MaxInt8)
		}
		scale = float64(float32(scale))
		if float(scale); scale == 0 {
			return 0
		}
		for _, v := range weights {
			dst = append(dst, byte(int8(max(min(math.RoundToEven(v/scale), math.MaxInt8), -math.MaxInt8))))
		}
		return scale
	}
	table(w.Grams)
	if scale := table(w.Gate); scale > 0 {
		float(w.GateLeast / scale)
	}
	if scale := table(w.Asks.Buckets); scale > 0 {
		float(w.Asks.Bias)
		float(w.Asks.Least)
		table(w.Asks.Grams)
		l := &w.Asks.Layer
		dst = append(dst, byte(l.Units))
		table(l.In)
		for _, v := range slices.Concat(slices.Concat(l.Sums[:]...), l.Out, l.Plain[:]) {
			float(v)
		}
	}
	at := len(dst)
	dst = binary.LittleEndian.AppendUint32(dst, 0)
	n := uint32(0)
	for _, k := range keys {
		head := len(dst)
		dst = binary.LittleEndian.AppendUint32(dst, k)
		dst = append(dst, 0)
		for c, v := range w.Words[k] {
			if q := int8(math.RoundToEven(v / float64(scale))); q != 0 {
				dst = append(dst, byte(c), byte(q))
				dst[head+4]++
			}
		}
		if dst[head+4] == 0 {
			dst = dst[:head]
			continue
		}
		n++
	}
	if n > maxFeatures {
		return nil, fmt.Errorf("content: %w: %d features, want at most %d", ErrModel, n, maxFeatures)
	}
	binary.LittleEndian.PutUint32(dst[at:], n)
	return dst, nil
}

const (
	maxClasses  = 64
	maxFeatures = 1 << 20
)

func readModel(b []byte) (*model, error) {
	r := reader{b: b}
	if string(r.take(len(modelMagic))) != modelMagic {
		return nil, fmt.Errorf("content: %w: it does not begin with %q", ErrModel, modelMagic)
	}
	if sum := r.uint32(); !r.short && sum != concept.Sum() {
		return nil, fmt.Errorf("content: %w: it was trained with other concepts; go run -C compliance/content/train . makes it again", ErrModel)
	}
	m := &model{classes: make([]policy.ID, int(r.byte())+1)}
	for c := range m.classes[1:] {
		m.classes[c+1] = policy.ID(r.take(int(r.byte())))
	}
	for _, v := range []*float32{&m.find, &m.sure, &m.scale} {
		*v = r.float()
	}
	for i := range m.ties {
		m.ties[i] = r.float()
	}
	for i := range m.marks {
		m.marks[i] = r.float()
	}
	table := func(size int) (t []byte, scale float32) {
		if scale = r.float(); scale > 0 {
			t = r.take(size)
		}
		return t, scale
	}
	m.grams, m.gramScale = table(GramBuckets)
	if m.gate, _ = table(GateBuckets); len(m.gate) > 0 {
		m.gateLeast = r.float()
	}
	if m.asks.weights, m.asks.scale = table(AskBuckets); len(m.asks.weights) > 0 {
		m.asks.bias, m.asks.least = r.float(), r.float()
		m.asks.grams, m.asks.gramScale = table(GramBuckets)
		l := &m.asks.layer
		if l.units = int(r.byte()); l.units == 0 || l.units > mostUnits {
			return nil, fmt.Errorf("content: %w: a second look of %d units", ErrModel, l.units)
		}
		if l.in, l.scale = table(BagBuckets * l.units); len(l.in) == 0 {
			l.in = make([]byte, BagBuckets*l.units) // nothing that it holds says anything
		}
		l.out = make([]float32, l.units)
		for k := range l.sums {
			l.sums[k] = make([]float32, l.units)
		}
		for _, row := range append(l.sums[:len(l.sums):len(l.sums)], l.out, l.plain[:]) {
			for i := range row {
				row[i] = r.float()
			}
		}
	}
	n := r.uint32()
	if r.short || len(m.classes) > maxClasses || n > maxFeatures || !(m.find <= m.sure) || !(m.scale > 0) {
		return nil, fmt.Errorf("content: %w: its head is damaged", ErrModel)
	}
	m.shift = 31 - bits.Len32(n+n/4) // room for at least a quarter more than there are
	m.rows, m.words = r.b, (len(m.classes)+15)/16*2
	m.features = make([]feature, 1<<(31-m.shift)+manyBehind)
	m.full = make([]uint64, 0, int(n)/6*m.words) // about a sixth are
	last, place, end := uint32(0), 0, 0
	for range n {
		at := end + 4
		if at >= len(m.rows) {
			return nil, errEnds
		}
		k, size := binary.LittleEndian.Uint32(m.rows[end:]), 2*int(m.rows[at])
		if end = at + 1 + size; end > len(m.rows) || k <= last {
			return nil, errEnds
		}
		last = k
		weights := row(m.rows[at+1 : end])
		for i := 0; i < len(weights); i += 2 {
			if int(weights[i]) >= len(m.classes) {
				return nil, fmt.Errorf("content: %w: a weight of a class there is not", ErrModel)
			}
		}
		if k < firstKey {
			if k <= uint32(len(m.signs)) {
				m.signs[k-1] = weights
			}
			continue
		}
		f := feature{k, uint32(at)}
		if len(weights) >= 2*fewestFull {
			f.row = isFull | uint32(len(m.full))
			m.fill(weights)
		}
		if place = max(place, m.place(k)); place+1 == len(m.features) { // only keys that are no hashes crowd there
			m.features = append(m.features, make([]feature, manyBehind)...)
		}
		m.features[place] = f
		place++
	}
	if rest := len(m.rows) - end; rest > 0 {
		return nil, fmt.Errorf("content: %w: %d bytes follow it", ErrModel, rest)
	}
	return m, nil
}

var errEnds = fmt.Errorf("content: %w: it ends within a feature, or they are out of order", ErrModel)

// firstKey is the least key of a feature that is no sign; see key.
const firstKey = 1 << 31

// manyBehind is how many features are made room for behind where the last key may point.
const manyBehind = 64

// place is where the feature of a key stands at the earliest.
func (m *model) place(k uint32) int { return int(k &^ firstKey >> m.shift) }

// feature is that of a key, and whether there is one. It stands at the place or behind it.
func (m *model) feature(k uint32, place int) (f feature, ok bool) {
	for f = m.features[place]; f.key-1 < k-1; f = m.features[place] { // a free one has the key 0
		place++
	}
	return f, f.key == k
}

// nothing is a full row without a weight: 128 in each byte.
const nothing = 0x8080808080808080

// fill appends a full row.
func (m *model) fill(weights row) {
	var full [maxClasses / 8]uint64
	for ; len(weights) > 1; weights = weights[2:] {
		class, value := weights[0]%maxClasses, uint64(weights[1])
		full[class/8] ^= value << (class % 8 * 8)
	}
	for _, w := range full[:m.words] {
		m.full = append(m.full, w^nothing)
	}
}

// row is a row that is not full.
func (m *model) row(at uint32) row {
	return row(m.rows[at+1:][:2*int(m.rows[at])])
}

// weight is what a feature weighs for a class.
func (m *model) weight(key uint32, class uint8) int8 {
	f, ok := m.feature(key, m.place(key))
	switch {
	case !ok:
	case f.row&isFull != 0:
		return int8(m.full[f.row&^isFull+uint32(class/8)]>>(class%8*8)) ^ -128
	default:
		for r := m.row(f.row); len(r) > 1; r = r[2:] {
			if r[0] == class {
				return int8(r[1])
			}
		}
	}
	return 0
}

// A reader takes a model's bytes apart and remembers that they ran out.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.b, r.short = nil, true
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// float reads a number; what is none is damage.
func (r *reader) float() float32 {
	v := math.Float32frombits(r.uint32())
	if v-v != 0 {
		r.short = true
	}
	return v
}

// margins puts into s how far each class stands above none.
func (m *model) margins(s *scratch) {
	f := &s.features
	var sums [maxClasses]int32
	m.ask(f)
	for _, at := range f.rows {
		m.row(at).addTo(&sums)
	}
	m.addFull(&sums, f.full)
	f.margins = f.margins[:0]
	v := f.value() * m.scale
	for _, sum := range sums[:len(m.classes)] {
		f.margins = append(f.margins, float32(sum)*v)
	}
	clear(sums[:])
	for signs := f.signs; signs != 0; signs &= signs - 1 {
		m.signs[bits.TrailingZeros64(signs)].addTo(&sums)
	}
	for c := range f.margins {
		f.margins[c] += float32(float32(sums[c]) * signValue * m.scale)
	}
	for c := 1; c < len(f.margins); c++ {
		f.margins[c] -= f.margins[0]
	}
}

// ask finds the rows of the features of a message. They lie all over tables larger than a
// cache, so that one after the other each would be waited for: in every step something of
// all of them is asked for before the first is needed.
func (m *model) ask(f *featureScratch) {
	n := len(f.spots)
	rows, full := slices.Grow(f.rows[:0], n)[:n], slices.Grow(f.full[:0], n)[:n]
	touched := uint32(0)
	for _, x := range f.spots {
		touched += m.features[m.place(x.key)].key
	}
	ofRows, ofFull := 0, 0
	for _, x := range f.spots {
		y, ok := m.feature(x.key, m.place(x.key))
		if !ok {
			continue
		}
		// Half of them are full, and nobody can guess which: both lists are written to,
		// and one grows.
		begin := y.row &^ isFull
		rows[ofRows], full[ofFull] = begin, begin
		isRow := 1 - int(y.row>>31)
		ofRows, ofFull = ofRows+isRow, ofFull+1-isRow
	}
	f.rows, f.full = rows[:ofRows], full[:ofFull]
	for _, begin := range f.rows {
		touched += uint32(m.rows[begin])
	}
	f.touched = touched // of no meaning, but work whose outcome nobody keeps is not done
}

// addFull adds up full rows, given where they begin, sixteen classes at a time: sums of bytes
// in halves of 16 bits, which 256 rows do not fill.
func (m *model) addFull(sums *[maxClasses]int32, begins []uint32) {
	const half = 0x00FF00FF00FF00FF
	all := m.full
	for len(begins) > 0 {
		rows := begins[:min(256, len(begins))]
		begins = begins[len(rows):]
		for w := 0; w < m.words; w += 2 {
			var even0, odd0, even1, odd1 uint64
			for _, begin := range rows {
				x := all[int(begin)+w:][:2]
				even0 += x[0] & half
				odd0 += x[0] >> 8 & half
				even1 += x[1] & half
				odd1 += x[1] >> 8 & half
			}
			for c := 0; c < 8; c += 2 {
				for i, sum := range [...]uint64{even0, odd0, even1, odd1} {
					sums[8*w+8*(i/2)+c+i%2] += int32(uint16(sum>>(8*c))) - 128*int32(len(rows))
				}
			}
		}
	}
}
