package content

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/policy"
)

//go:embed model_gen.bin
var builtinModel []byte

// ErrModel is the cause of every error about a model's bytes.
var ErrModel = errors.New("not a model this package reads")

// A model weighs what a message holds against every rule it was trained for. It
// is linear, so that what moved it can be named.
//
// Features are of two sorts. Words, their neighbours and pieces have a weight for
// each class: the rules, and one for none of them. What the phrase rules saw of
// one rule has one set of weights for all rules, so that a rule
// with few texts to learn from, and a language with few, is weighed like the others.
type model struct {
	classes   []policy.ID // of classes 1 and up; 0 is none
	ties      [tieSigns]float32
	keys      []uint32 // open addressing over features; 0 is free
	rows      []uint32 // by key: where its row begins in weights; the row ends where count says
	counts    []uint8
	weights   []weightOf
	scale     float32         // of weights
	concepts  []conceptEntry  // by hash
	languages []language.Base // of their bits

	conceptSlots []uint32 // open addressing over concepts; 0 is free, else one more than where a hash begins

	grams []int8 // by bucket; none in a model that does not weigh them

	gramScale float32
	marks     Marks   // how much each mark speaks for an offer
	find      float32 // what they have to come to
	sure      float32
}

type weightOf struct {
	class uint8
	value int8
}

const modelMagic = "waguard content 3\n"

// A Weights is a model before it is written down.
type Weights struct {
	Rules      []policy.ID          // classes 1 and up
	Ties       []float64            // by sign; see [Clues]
	Words      map[uint32][]float64 // by feature: none, then the rules
	Concepts   []Concept            // what words stand for
	Languages  []string             // of the bits of Concepts
	Grams      []float64            // by bucket; nil is none
	Marks      []float64            // by mark; see [Marks]
	Find, Sure float64
}

// AppendModel appends the bytes of a model. Weights are rounded to 8 bits, and
// those that round to nothing are left out. It is for whoever trains one.
func AppendModel(dst []byte, w *Weights) ([]byte, error) {
	if len(w.Rules) == 0 || len(w.Rules) >= maxClasses || len(w.Ties) != tieSigns || len(w.Marks) != marks || len(w.Grams) != 0 && len(w.Grams) != GramBuckets {
		return nil, fmt.Errorf("content: %w: %d rules, %d ties, %d marks and %d grams", ErrModel, len(w.Rules), len(w.Ties), len(w.Marks), len(w.Grams))
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
	dst = append(dst, byte(len(w.Rules)))
	for _, id := range w.Rules {
		dst = append(dst, byte(len(id)))
		dst = append(dst, id...)
	}
	dst = append(dst, byte(len(w.Languages)))
	for _, l := range w.Languages {
		dst = append(dst, byte(len(l)))
		dst = append(dst, l...)
	}
	es := entriesOf(w.Concepts)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(es)))
	for _, e := range es {
		dst = binary.LittleEndian.AppendUint32(dst, e.hash)
		dst = binary.LittleEndian.AppendUint16(dst, e.concept)
		dst = binary.LittleEndian.AppendUint16(dst, e.languages)
	}
	for _, v := range slices.Concat([]float64{w.Find, w.Sure, float64(scale)}, w.Ties, w.Marks) {
		float(v)
	}
	most := 0.0
	for _, v := range w.Grams {
		most = max(most, math.Abs(v))
	}
	gramScale := float64(float32(most / math.MaxInt8))
	float(gramScale)
	for _, v := range w.Grams {
		dst = append(dst, byte(int8(math.RoundToEven(v/max(gramScale, 1e-9)))))
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
	m := &model{classes: make([]policy.ID, int(r.byte())+1)}
	for c := range m.classes[1:] {
		m.classes[c+1] = policy.ID(r.take(int(r.byte())))
	}
	if err := m.readConcepts(&r); err != nil {
		return nil, err
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
	if m.gramScale = r.float(); m.gramScale > 0 {
		for _, b := range r.take(GramBuckets) {
			m.grams = append(m.grams, int8(b))
		}
	}
	n := r.uint32()
	if r.short || len(m.classes) > maxClasses || n > maxFeatures || !(m.find <= m.sure) || !(m.scale > 0) {
		return nil, fmt.Errorf("content: %w: its head is damaged", ErrModel)
	}
	size := 16
	for size < 2*int(n) {
		size *= 2
	}
	m.keys, m.rows, m.counts = make([]uint32, size), make([]uint32, size), make([]uint8, size)
	m.weights = make([]weightOf, 0, len(r.b)/2)
	for range n {
		k := r.uint32()
		row := r.take(2 * int(r.byte()))
		if k == 0 || r.short {
			return nil, fmt.Errorf("content: %w: it ends within a feature", ErrModel)
		}
		i := m.slot(k)
		m.keys[i], m.rows[i], m.counts[i] = k, uint32(len(m.weights)), uint8(len(row)/2)
		for ; len(row) > 0; row = row[2:] {
			if int(row[0]) >= len(m.classes) {
				return nil, fmt.Errorf("content: %w: a weight of a class there is not", ErrModel)
			}
			m.weights = append(m.weights, weightOf{row[0], int8(row[1])})
		}
	}
	if len(r.b) > 0 {
		return nil, fmt.Errorf("content: %w: %d bytes follow it", ErrModel, len(r.b))
	}
	return m, nil
}

// readConcepts reads what words stand for.
func (m *model) readConcepts(r *reader) error {
	for range r.byte() {
		l, err := language.ParseBase(string(r.take(int(r.byte()))))
		if err != nil {
			return fmt.Errorf("content: %w: a language: %w", ErrModel, err)
		}
		m.languages = append(m.languages, l)
	}
	n := r.uint32()
	if r.short || n > maxFeatures || len(m.languages) > 16 {
		return fmt.Errorf("content: %w: its concepts are damaged", ErrModel)
	}
	b := r.take(8 * int(n))
	if r.short || n == 0 {
		return nil // what follows says that it ended
	}
	size := 16
	for size < 2*int(n) {
		size *= 2
	}
	m.concepts, m.conceptSlots = make([]conceptEntry, n), make([]uint32, size)
	last := uint32(0)
	for i := range m.concepts {
		e := conceptEntry{binary.LittleEndian.Uint32(b[8*i:]), binary.LittleEndian.Uint16(b[8*i+4:]), binary.LittleEndian.Uint16(b[8*i+6:])}
		m.concepts[i] = e
		switch {
		case i > 0 && e.hash < last:
			return fmt.Errorf("content: %w: its concepts are out of order", ErrModel)
		case i > 0 && e.hash == last:
			continue
		}
		last = e.hash
		k := e.hash * 0x9E3779B1 >> 7 & uint32(size-1)
		for m.conceptSlots[k] != 0 {
			k = (k + 1) & uint32(size-1)
		}
		m.conceptSlots[k] = uint32(i + 1)
	}
	return nil
}

// slot is where key k stands, or would.
func (m *model) slot(k uint32) int {
	mask := uint32(len(m.keys) - 1)
	i := k * 0x9E3779B1 >> 7 & mask
	for m.keys[i] != 0 && m.keys[i] != k {
		i = (i + 1) & mask
	}
	return int(i)
}

// row are the weights of a feature; none when nobody learnt it.
func (m *model) row(k uint32) []weightOf {
	i := m.slot(k)
	at := m.rows[i]
	return m.weights[at : at+uint32(m.counts[i])]
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

func (r *reader) float() float32 { return math.Float32frombits(r.uint32()) }

// margins puts into s how far each class stands above none.
func (m *model) margins(s *scratch) {
	f := &s.features
	f.sums = append(f.sums[:0], make([]int32, len(m.classes))...)
	f.margins = append(f.margins[:0], make([]float32, len(m.classes))...)
	for _, x := range f.spots {
		for _, w := range m.row(x.key) {
			f.sums[w.class] += int32(w.value)
		}
	}
	v := f.value() * m.scale
	for c := range f.sums {
		f.margins[c] = float32(f.sums[c]) * v
		f.sums[c] = 0
	}
	for signs := f.signs; signs != 0; signs &= signs - 1 {
		for _, w := range m.row(uint32(1 + bits.TrailingZeros64(signs))) {
			f.sums[w.class] += int32(w.value)
		}
	}
	for c := range f.sums {
		f.margins[c] += float32(f.sums[c]) * signValue * m.scale
	}
	for c := 1; c < len(f.margins); c++ {
		f.margins[c] -= f.margins[0]
	}
}
