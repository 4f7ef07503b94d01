package content

import "math/bits"

// Marks are what decides whether a message offers anything at all, whichever rule it
// breaks. The margins of the model say which rule the words are most like; how far
// that is to be trusted depends on what else stands in the message, and is learnt from
// texts that the margins' own weights had not seen.
type Marks [marks]float32

// A message is marked by
const (
	markFirst  = iota // the margin of the rule its words are most like
	markSecond        // and of the next two
	markThird
	markOver  // how far the first margin is beyond each of marginSteps
	markFound = markOver + len(marginSteps)
	markClear = markFound + 1        // phrases make it clear
	markSize  = markFound + 2        // how long it is, in doublings
	markRules = markFound + 3        // how many rules anything speaks for
	markDeed  = markFound + 4        // the rule its words are most like is one of conduct
	markFirm  = markFound + 5        // and something is refused or forbidden: threats and insults do so, too
	markTies  = markFound + 6        // signs of the rule its words are most like
	markSigns = markTies + tieSigns  // signs of the message
	markBoth  = markSigns + signBias // the first margin, where the sign is
	markGrams = markBoth + signBias  // what the grams come to, and that again above nothing
	marks     = markGrams + 3        // the last is always there
)

var marginSteps = [...]float32{0, 2, 4}

// MarkCount is how many marks there are.
const MarkCount = marks

// Margins beyond these tell no more, and a few rules are as many as many.
const (
	leastMargin = -8
	mostMargin  = 12
	mostFound   = 3
	mostRules   = 8
	mostGrams   = 8
)

// MarksOf marks a message by the margin and the ties of each rule, which of them are
// of conduct, the signs of the message, its size in words, and what its grams come to. It
// is for whoever trains a model.
func MarksOf(margins []float32, ties []uint64, conduct []bool, signs uint64, size int, grams float32) (m Marks) {
	m.of(margins, ties, conduct, signs, size, grams)
	return m
}

// of fills m in and returns the rule that the words are most like.
func (m *Marks) of(margins []float32, ties []uint64, conduct []bool, signs uint64, size int, grams float32) (first int) {
	clear(m[:])
	top := [3]float32{leastMargin, leastMargin, leastMargin}
	found, rules := 0, 0
	for n, v := range margins {
		if ties[n] != 0 {
			rules++
		}
		if ties[n]&(1<<tieFound) != 0 {
			found++
			if ties[n]&ClearTies != 0 {
				m[markClear] = 1
			}
		}
		switch {
		case v > top[0]:
			first = n
			top[0], top[1], top[2] = v, top[0], top[1]
		case v > top[1]:
			top[1], top[2] = v, top[1]
		case v > top[2]:
			top[2] = v
		}
	}
	for i, v := range top {
		m[markFirst+i] = min(v, mostMargin)
	}
	for i, step := range marginSteps {
		m[markOver+i] = max(m[markFirst]-step, 0)
	}
	m[markFound] = float32(min(found, mostFound))
	m[markSize] = float32(bits.Len(uint(size)))
	m[markRules] = float32(min(rules, mostRules))
	if conduct[first] {
		m[markDeed] = 1
		if signs&(1<<signDeny) != 0 {
			m[markFirm] = 1
		}
	}
	for s := ties[first]; s != 0; s &= s - 1 {
		m[markTies+bits.TrailingZeros64(s)] = 1
	}
	for s := signs &^ (1 << signBias); s != 0; s &= s - 1 {
		n := bits.TrailingZeros64(s)
		m[markSigns+n] = 1
		m[markBoth+n] = m[markFirst]
	}
	m[markGrams] = max(min(grams, mostGrams), -mostGrams)
	m[markGrams+1] = max(m[markGrams], 0)
	m[marks-1] = 1
	return first
}

// weigh is what marks come to with weights.
func (m *Marks) weigh(w *Marks) (sum float32) {
	for i, v := range m {
		if v != 0 {
			sum += float32(v * w[i])
		}
	}
	return sum
}
