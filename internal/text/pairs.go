package text

// pairs tell of two symbols whether phrases may begin with them. They know all that do, and
// deny most others: what follows a word is seldom what a phrase goes on with, and to look for it
// takes far longer.
type pairs struct {
	bits  []uint64
	shift int
}

const pairBits = 8 // for each pair, so that one in some ten others is not denied

func (p *pairs) may(first, second int32) bool {
	h := pairHash(first, second) >> p.shift
	return p.bits[h/64]>>(h%64)&1 != 0
}

func pairHash(first, second int32) uint64 {
	return (uint64(uint32(first))<<32 | uint64(uint32(second))) * 0x9E3779B97F4A7C15
}

// pair fills the pairs.
func (p *Phrases) pair() {
	from, to := p.states[0].next, p.states[1].next // states of one symbol
	n := 6
	for 1<<n < pairBits*(p.states[to].next-to) {
		n++
	}
	p.pairs = pairs{make([]uint64, 1<<n/64), 64 - n}
	for s := from; s < to; s++ {
		for k := p.states[s].next; k < p.states[s+1].next; k++ {
			h := pairHash(p.states[s].sym, p.states[k].sym) >> p.pairs.shift
			p.pairs.bits[h/64] |= 1 << (h % 64)
		}
	}
}
