package text

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever a memo remembers, what it says of a word is what would be worked out, for words
// that begin alike, that share a place, and that lie at the very end of their memory.
func TestMemo(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var m Memo[string]
	worked := 0
	of := func(word []byte) string {
		return m.Of(word, func(w []byte) string { worked++; return string(w) })
	}
	words := make([][]byte, 3*memoWords)
	for i := range words {
		words[i] = bytes.Repeat([]byte("a"), 1+rng.IntN(memoBytes+4))
		for k := range min(4, len(words[i])) {
			words[i][rng.IntN(len(words[i]))] = byte('a' + k + rng.IntN(20))
		}
	}
	for range 3 * len(words) {
		w := words[rng.IntN(len(words))]
		text := append(bytes.Clone(w), "what follows is no part of it"...)
		require.Equal(t, string(w), of(text[:len(w)]))
		require.Equal(t, string(w), of(text[:len(w):len(w)]))
	}
	again := append([]byte("again"), make([]byte, memoBytes)...)[:5]
	of(again)
	worked = 0
	of(again)
	require.Zero(t, worked, "a word that was just worked out")
}
