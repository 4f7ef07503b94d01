package category

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

//go:embed model_gen.bin
var builtin []byte

// ErrModel is the cause of every error about a model's bytes.
var ErrModel = errors.New("not a model this package reads")

// A model file is the magic, then a float32 temperature and a float32 scale,
// then int16 weights, one per class for each bucket. Numbers are little endian.
const (
	modelMagic = "waguard category 2\n"
	classes    = 3
	modelSize  = len(modelMagic) + 8 + buckets*classes*2
)

type model struct {
	weights     []byte // as they stand in the file
	scale       float64
	temperature float64
}

func readModel(b []byte) (*model, error) {
	if len(b) != modelSize || string(b[:len(modelMagic)]) != modelMagic {
		return nil, fmt.Errorf("category: %w: %d bytes, want %d that begin with %q", ErrModel, len(b), modelSize, modelMagic)
	}
	b = b[len(modelMagic):]
	m := &model{
		temperature: float64(math.Float32frombits(binary.LittleEndian.Uint32(b))),
		scale:       float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4:]))),
		weights:     b[8:],
	}
	if !(m.temperature > 0 && m.temperature < 100) || !(m.scale > 0 && m.scale < 1) {
		return nil, fmt.Errorf("category: %w: temperature or scale out of range", ErrModel)
	}
	return m, nil
}

// AppendModel appends the bytes of a model: for each of [Buckets] buckets the
// weights of marketing, utility and authentication. Weights are rounded to 16
// bits. It is for whoever trains one.
func AppendModel(dst []byte, weights [][3]float64, temperature float64) ([]byte, error) {
	if len(weights) != buckets {
		return nil, fmt.Errorf("category: %w: %d buckets, want %d", ErrModel, len(weights), buckets)
	}
	top := 1e-6
	for i := range weights {
		for _, w := range weights[i] {
			top = max(top, math.Abs(w))
		}
	}
	scale := float32(top / math.MaxInt16)
	dst = append(dst, modelMagic...)
	dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(float32(temperature)))
	dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(scale))
	for i := range weights {
		for _, w := range weights[i] {
			q := min(max(math.RoundToEven(w/float64(scale)), -math.MaxInt16), math.MaxInt16)
			dst = binary.LittleEndian.AppendUint16(dst, uint16(int16(q)))
		}
	}
	return dst, nil
}

// Buckets is the number of features a model weighs.
const Buckets = buckets

// of are the weights of a bucket.
func (m *model) of(bucket uint32) (w [classes]int16) {
	b := m.weights[bucket*(classes*2):][:classes*2]
	for c := range w {
		w[c] = int16(binary.LittleEndian.Uint16(b[2*c:]))
	}
	return w
}

// score is the probability of each class.
func (m *model) score(s *scratch) (p [classes]float64) {
	var sums [groups][classes]int64
	for _, x := range s.spots {
		w := m.of(x.bucket)
		g := &sums[x.group]
		for c := range classes {
			g[c] += int64(w[c])
		}
	}
	top := math.Inf(-1)
	for c := range classes {
		for g := range groups {
			p[c] += float64(sums[g][c]) * s.weight[g]
		}
		p[c] *= m.scale / m.temperature
		top = max(top, p[c])
	}
	total := 0.0
	for c := range classes {
		p[c] = math.Exp(p[c] - top)
		total += p[c]
	}
	for c := range classes {
		p[c] /= total
	}
	return p
}

// leans is how far one spot moves the reading from class b towards class a.
func (m *model) leans(s *scratch, x spot, a, b int) float64 {
	w := m.of(x.bucket)
	return float64(int(w[a])-int(w[b])) * s.weight[x.group] * m.scale / m.temperature
}

// leanings are how far the spots of each token do, all together.
func (m *model) leanings(s *scratch, a, b int) []float64 {
	s.leans = slices.Grow(s.leans[:0], len(s.tokens))[:len(s.tokens)]
	clear(s.leans)
	for _, x := range s.spots {
		if x.token >= 0 {
			w := m.of(x.bucket)
			s.leans[x.token] += float64(int(w[a])-int(w[b])) * s.weight[x.group]
		}
	}
	for i := range s.leans {
		s.leans[i] *= m.scale / m.temperature
	}
	return s.leans
}
