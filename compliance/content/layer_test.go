package content_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
	"github.com/waguard/waguard/compliance/policy"
)

// weighedAsks is a model that knows of requests what is given.
func weighedAsks(asks content.AskWeights) ([]byte, error) {
	return content.AppendModel(nil, &content.Weights{Rules: []policy.ID{"none"}, Ties: make([]float64, content.TieSigns), Marks: make([]float64, content.MarkCount), Asks: asks})
}

// The second look has the last word: whatever the sums come to, it drops them or lets them stand,
// and what it sees is the message as a whole.
func TestSecondLook(t *testing.T) {
	book, err := policy.Builtin()
	require.NoError(t, err)
	asks := content.AskWeights{Buckets: make([]float64, content.AskBuckets), Bias: 1}
	asks.Buckets[0] = 1e-3 // a table of nothing is none
	_, err = weighedAsks(asks)
	require.ErrorIs(t, err, content.ErrModel, "requests without a second look")

	first := func(c *content.Checker, words string) bool {
		fs, _ := asked(t, c, words, language.English)
		return len(fs) > 0
	}
	const units = 2
	asks.Layer = content.Layer{Units: units, In: make([]float64, content.BagBuckets*units), Out: make([]float64, units)}
	for k := range asks.Layer.Sums {
		asks.Layer.Sums[k] = make([]float64, units)
	}
	compile := func() *content.Checker {
		b, err := weighedAsks(asks)
		require.NoError(t, err)
		c, err := content.Compile(book, content.WithModel(b))
		require.NoError(t, err)
		return c
	}
	const words = "Please send your card number"
	clues := compile().AskClues([]content.Text{{Place: "body", Words: words}}, language.English)
	require.NotEmpty(t, clues.Bag, "it holds words that stand for something")
	require.IsIncreasing(t, clues.Bag, "each once")
	for _, b := range clues.Bag {
		asks.Layer.In[int(b)*units] = 1
	}
	for _, v := range []struct {
		out, plain float64
		words      string
		want       bool
		why        string
	}{
		{0, 1, words, true, "the sums stand"},
		{-9, 1, words, false, "what the message holds speaks against it"},
		{-9, 1, words + " 4111 1111 1111 1111", true, "a number behind a name: the phrases decide"},
		{0, -9, words, false, "the sums speak against it"},
		{9, -1, words, true, "what the message holds outweighs them"},
	} {
		asks.Layer.Out[0], asks.Layer.Plain[content.LayerSums-1] = v.out, v.plain
		require.Equal(t, v.want, first(compile(), v.words), v.why)
	}
}
