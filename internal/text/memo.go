package text

import "encoding/binary"

// A Memo remembers what was worked out of words of late, for whom words always come to the
// same. Most of what people write are the same few words, and to know one again takes a
// part of the time that anything done letter by letter does. The zero Memo is ready. It is
// not safe for concurrent use.
type Memo[T any] [memoWords]struct {
	head, tail uint64 // the word itself, filled up with zeros
	value      T
}

const (
	memoWords = 1 << memoBits
	memoBits  = 12 // some 100 KB a memo, of which each processor has a few
	memoBytes = 16 // of the longest word that is remembered
)

// heads and tails are what is left of 16 bytes that begin with a word of so many.
var heads, tails = func() (heads, tails [memoBytes + 1]uint64) {
	for n := range heads {
		heads[n], tails[n] = 1<<(8*min(n, 8))-1, 1<<(8*max(n-8, 0))-1
	}
	return heads, tails
}()

// Of is what a word comes to, worked out by work unless it is remembered. The word has no
// byte that is zero.
func (m *Memo[T]) Of(word []byte, work func(word []byte) T) T {
	v, known := m.At(word)
	if known {
		return *v
	}
	w := work(word)
	if v != nil {
		*v = w
	}
	return w
}

// At is where the value of a word is remembered, and whether it is; if not, what is put
// there will be. Words that are too long have no place: nil.
func (m *Memo[T]) At(word []byte) (v *T, known bool) {
	n := len(word)
	if n > memoBytes || cap(word) < memoBytes {
		return nil, false
	}
	b := word[:memoBytes] // bytes behind the word, too, which are then cleared
	head, tail := binary.LittleEndian.Uint64(b)&heads[n], binary.LittleEndian.Uint64(b[8:])&tails[n]
	x := &m[(head+tail*0xC2B2AE3D27D4EB4F)*0x9E3779B97F4A7C15>>(64-memoBits)]
	if x.head == head && x.tail == tail {
		return &x.value, true
	}
	x.head, x.tail = head, tail
	return &x.value, false
}
