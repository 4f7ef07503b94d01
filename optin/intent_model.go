package optin

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/waguard/waguard/internal/concept"
)

//go:embed intent_model_gen.bin
var builtinIntentModel []byte

// ErrIntentModel is the cause of every error about a model's bytes.
var ErrIntentModel = errors.New("not a model this package reads")

// IntentClass is what the model parts texts into.
type IntentClass uint8

const (
	IntentClassNone      IntentClass = iota // about something else
	IntentClassAsk                          // unclear
	IntentClassStart                        // wants messages again
	IntentClassStop                         // a stop of everything or of one topic
	IntentClassMarketing                    // a stop of advertising alone
	intentClasses
)

// IntentClasses is the number of classes, IntentBuckets the number of features
// a model weighs.
const (
	IntentClasses = int(intentClasses)
	IntentBuckets = 1 << 18
)

// A model file is the magic, the sum of the concepts it was trained with, a float32
// scale, then int16 weights, one per class for each bucket. Numbers are little endian.
const (
	intentMagic     = "waguard intent 2\n"
	intentModelSize = len(intentMagic) + 4 + 4 + IntentBuckets*IntentClasses*2
)

// An intentModel is a linear second opinion beside the words and the grammar:
// it has seen whole sentences, and leans towards the class they had.
type intentModel struct {
	weights [][IntentClasses]int16
	scale   float64
}

var builtinModel = sync.OnceValues(func() (*intentModel, error) { return readIntentModel(builtinIntentModel) })

func readIntentModel(b []byte) (*intentModel, error) {
	if len(b) != intentModelSize || string(b[:len(intentMagic)]) != intentMagic {
		return nil, fmt.Errorf("optin: %w: %d bytes, want %d that begin with %q", ErrIntentModel, len(b), intentModelSize, intentMagic)
	}
	b = b[len(intentMagic):]
	if binary.LittleEndian.Uint32(b) != concept.Sum() {
		return nil, fmt.Errorf("optin: %w: it was trained with other concepts; go run -C optin/train . makes it again", ErrIntentModel)
	}
	b = b[4:]
	m := &intentModel{scale: float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), weights: make([][IntentClasses]int16, IntentBuckets)}
	if !(m.scale > 0 && m.scale < 1) {
		return nil, fmt.Errorf("optin: %w: scale out of range", ErrIntentModel)
	}
	b = b[4:]
	for i := range m.weights {
		for c := range m.weights[i] {
			m.weights[i][c] = int16(binary.LittleEndian.Uint16(b[(i*IntentClasses+c)*2:]))
		}
	}
	return m, nil
}

// AppendIntentModel appends the bytes of a model: for each of [IntentBuckets]
// buckets a weight per [IntentClass]. Weights are rounded to 16 bits. It is for
// whoever trains one.
func AppendIntentModel(dst []byte, weights [][IntentClasses]float64) ([]byte, error) {
	if len(weights) != IntentBuckets {
		return nil, fmt.Errorf("optin: %w: %d buckets, want %d", ErrIntentModel, len(weights), IntentBuckets)
	}
	top := 1e-6
	for i := range weights {
		for _, w := range weights[i] {
			top = max(top, math.Abs(w))
		}
	}
	scale := float32(top / math.MaxInt16)
	dst = append(dst, intentMagic...)
	dst = binary.LittleEndian.AppendUint32(dst, concept.Sum())
	dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(scale))
	for i := range weights {
		for _, w := range weights[i] {
			q := min(max(math.RoundToEven(w/float64(scale)), -math.MaxInt16), math.MaxInt16)
			dst = binary.LittleEndian.AppendUint16(dst, uint16(int16(q)))
		}
	}
	return dst, nil
}

// An IntentFeature is one thing the model sees of a text: a bucket and how much
// it counts.
type IntentFeature struct {
	Bucket uint32
	Value  float32
}

// Features appends what the model sees of a text, for training one.
func (r *IntentReader) Features(dst []IntentFeature, text, langHint string) []IntentFeature {
	s := r.pool.Get().(*scan)
	text = head(text)
	r.lex.look(s, r.lex.scan(s, text, langHint))
	for g, spots := range s.spots {
		v := float32(groupWeight(g, len(spots)))
		for _, b := range spots {
			dst = append(dst, IntentFeature{b, v})
		}
	}
	s.buf.Reset()
	r.pool.Put(s)
	return dst
}

// Features come in groups, and how much one counts falls with how many its
// group has, so that length alone moves nothing.
const (
	groupShape    = iota // how long, asked, how many words nobody listed
	groupRoles           // what the words do, in order
	groupWords           // the words themselves
	groupLetters         // runs of letters in them
	groupConcepts        // what the words of all languages share, alone and in pairs
	groupBeside          // the same, beside what the words around do
	intentGroups
)

func groupWeight(group, n int) float64 {
	if group == groupShape || n == 0 {
		return 1
	}
	return 1 / math.Sqrt(float64(n))
}

const (
	seedShape   = 0x9E3779B1
	seedRole    = 0x85EBCA77
	seedRoles   = 0xC2B2AE3D
	seedWord    = 0x27D4EB2F
	seedPair    = 0x165667B1
	seedSkip    = 0xD3A2646C
	seedListed  = 0xFD7046C5
	seedLetters = 0xB55A4F09
	seedConcept = 0x1B873593
	seedMeant   = 0xCC9E2D51
	seedBefore  = 0x52DCE729
	seedBehind  = 0x38495AB5
)

func mixHash(a, b uint32) uint32 {
	h := (a ^ (b*0x9E3779B1 + 0x7F4A7C15 + a<<6 + a>>2)) * 0x85EBCA6B
	return h ^ h>>13
}

func hashWord(seed uint32, b []byte) uint32 {
	h := seed ^ 2166136261
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

func (s *scan) spot(group int, h uint32) {
	h ^= h >> 16
	h *= 0x7FEB352D
	h ^= h >> 15
	s.spots[group] = append(s.spots[group], h&(IntentBuckets-1))
}

// size puts a number into one of a few bins.
func size(n int) uint32 { return uint32(min(bits.Len(uint(n)), 6)) }

// look fills s.spots with what the model sees of the text scanned. The roles
// are those of one language: the likeliest.
func (l *lexicon) look(s *scan, lang int) {
	for g := range s.spots {
		s.spots[g] = s.spots[g][:0]
	}
	l.lookWords(s)
	unknown, asked := 0, false
	s.items = s.items[:0]
	if lang >= 0 {
		l.gather(s, lang)
		unknown, asked = s.lookRoles()
	}
	l.lookConcepts(s, lang)
	s.spot(groupShape, mixHash(seedShape, 0))
	s.spot(groupShape, mixHash(seedShape, 16+size(len(s.toks))))
	s.spot(groupShape, mixHash(seedShape, 32+size(unknown)))
	s.spot(groupShape, mixHash(seedShape, 64+size(unknown)*8+size(len(s.items))))
	if asked {
		s.spot(groupShape, mixHash(seedShape, 1))
	}
	if bytes.IndexByte(s.buf.Bytes(), '"') >= 0 {
		s.spot(groupShape, mixHash(seedShape, 2))
	}
	for g, spots := range s.spots { // said again and again, it says no more
		slices.Sort(spots)
		s.spots[g] = slices.Compact(spots)
	}
}

// lookWords notes words, neighbours and runs of letters.
func (l *lexicon) lookWords(s *scan) {
	before, last := uint32(0), uint32(0)
	for i := range s.toks {
		t := &s.toks[i]
		w := s.words[t.fs:t.fe]
		if t.sep == sepStop {
			before, last = 0, 0
		}
		h := hashWord(seedWord, w)
		if t.n > 0 {
			h = mixHash(seedListed, uint32(l.entHash[t.ids[0]]))
		}
		s.spot(groupWords, h)
		s.spot(groupWords, mixHash(last^seedPair, h))
		if before != 0 {
			s.spot(groupWords, mixHash(before^seedSkip, h))
		}
		before, last = last, h
		s.letters(w)
	}
}

// nearby is how many items further a role is still seen together with a concept.
const nearby = 3

// lookConcepts notes what the words stand for in any language, alone, in pairs, and beside
// the roles of the words around them.
func (l *lexicon) lookConcepts(s *scan, lang int) {
	var base language.Base
	if lang >= 0 {
		base = l.bases[lang]
	}
	ts := s.buf.Tokens()
	before, last, at := uint32(0), uint32(0), 0
	l.concepts.Each(&s.buf, base, &s.memo, func(c concept.Concept, token int) {
		s.spot(groupConcepts, mixHash(seedConcept, uint32(c)))
		s.spot(groupConcepts, mixHash(mixHash(seedMeant, last), uint32(c)))
		if before != 0 {
			s.spot(groupConcepts, mixHash(mixHash(seedSkip, before), uint32(c)))
		}
		before, last = last, uint32(c)
		for at < len(s.items)-1 && s.toks[s.items[at].hi-1].be <= ts[token].Start {
			at++
		}
		for i := max(0, at-nearby); i < min(len(s.items), at+nearby+1); i++ {
			seed := uint32(seedBefore)
			if i > at {
				seed = seedBehind
			}
			for m := s.items[i].roles &^ (isFill | isAnd); m != 0 && i != at; m &= m - 1 {
				s.spot(groupBeside, mixHash(seed+uint32(bits.TrailingZeros64(uint64(m)))<<8, uint32(c)))
			}
		}
	})
}

// letters notes the runs of three and four letters of a word, its ends
// included.
func (s *scan) letters(w []byte) {
	var a, b, c uint32
	a, b, c = 1, 1, 1
	n := 0
	for i := 0; ; {
		d := uint32(1)
		if i < len(w) {
			r, k := utf8.DecodeRune(w[i:])
			d, i = uint32(r), i+k
			n++
		} else {
			i++
		}
		if n >= 2 {
			h := mixHash(mixHash(seedLetters^b, c), d)
			s.spot(groupLetters, h)
			if n >= 3 {
				s.spot(groupLetters, mixHash(h, a))
			}
		}
		a, b, c = b, c, d
		if i > len(w) {
			return
		}
	}
}

// lookRoles notes what the listed words do, alone, in pairs and in threes.
func (s *scan) lookRoles() (unknown int, asked bool) {
	var seen role
	first, second := uint32(1), uint32(1)
	prev := role(0)
	for i := range s.items {
		it := &s.items[i]
		if it.sep == sepStop {
			first, second, prev = 1, 1, 0
		}
		asked = asked || it.asked
		r := it.roles
		if r == 0 {
			unknown++
		}
		seen |= r
		if r&^(isFill|isAnd) == 0 && r != 0 {
			continue
		}
		sig := hashRole(r)
		s.spot(groupRoles, mixHash(seedRoles, sig))
		s.spot(groupRoles, mixHash(mixHash(seedRoles, second), sig))
		s.spot(groupRoles, mixHash(mixHash(mixHash(seedRoles, first), second), sig))
		for m := prev; m != 0; m &= m - 1 {
			for n := r; n != 0; n &= n - 1 {
				s.spot(groupRoles, mixHash(seedRole+uint32(bits.TrailingZeros64(uint64(m)))<<8, uint32(bits.TrailingZeros64(uint64(n)))))
			}
		}
		first, second = second, sig
		if r != 0 {
			prev = r
		}
	}
	for m := seen; m != 0; m &= m - 1 {
		s.spot(groupRoles, mixHash(seedRole, uint32(bits.TrailingZeros64(uint64(m)))))
	}
	return unknown, asked
}

func hashRole(r role) uint32 { return uint32(r) ^ uint32(r>>32)*0x9E3779B1 }

// opinion is how likely each class is.
func (m *intentModel) opinion(s *scan) (p [IntentClasses]float64) {
	for g, spots := range s.spots {
		var sum [IntentClasses]int64
		for _, b := range spots {
			w := &m.weights[b]
			for c := range sum {
				sum[c] += int64(w[c])
			}
		}
		v := groupWeight(g, len(spots)) * m.scale
		for c := range p {
			p[c] += float64(sum[c]) * v
		}
	}
	top := max(p[0], p[1], p[2], p[3], p[4])
	total := 0.0
	for c := range p {
		p[c] = math.Exp(p[c] - top)
		total += p[c]
	}
	for c := range p {
		p[c] /= total
	}
	return p
}
