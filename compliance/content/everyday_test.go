package content_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/compliance/content"
)

// TestEverydayThings reads messages that name harmless things, and terms that are part of
// their names.
func TestEverydayThings(t *testing.T) {
	c := builtin(t)
	for _, x := range []struct {
		lang, text              string
		things                  int // 3 is more
		offered, beside, guised bool
		why                     string
	}{
		{"en", "Glock 19, €450", 0, false, false, false, "nothing harmless is named"},
		{"de", "Whisky, die Flasche 30 Euro", 0, false, false, false, "a term alone, in German"},
		{"en", "Sofa and bookshelf for sale, €120", 2, true, false, false, "two, with their price"},
		{"de", "Sofa und Bücherregal zu verkaufen, 120 Euro", 2, true, false, false, "the same in German"},
		{"en", "Vodka pasta, €5 a jar", 1, true, true, false, "a term beside a dish"},
		{"en", "Beer and pasta, €12", 1, true, false, false, "a dish that stands apart from it"},
		{"en", "Tufting gun, €90", 1, true, true, true, "a tool named after what is barred"},
		{"fr", "Glace rhum raisin, 9 euros", 1, true, true, true, "and an ice cream, in French"},
		{"es", "Apuestas deportivas con bono, 20 euros", 0, false, false, false, "a sport in the name of what is barred is no harmless thing"},
		{"en", "Beer mug, €9", 1, true, false, false, "an excuse of the rule takes the term out before"},
	} {
		clues := c.Clues([]content.Text{{Place: "body", Words: x.text}}, language.MustParse(x.lang))
		things := 0
		for n := range 3 {
			if clues.Signs>>(content.SignThings+n)&1 == 1 {
				things = n + 1
			}
		}
		var ties uint64
		for _, signs := range clues.Ties {
			ties |= signs
		}
		assert.Equal(t, x.things, things, "%s: %s", x.text, x.why)
		assert.Equal(t, x.offered, clues.Signs>>content.SignThingOffered&1 == 1, "%s: %s", x.text, x.why)
		assert.Equal(t, x.beside, ties>>content.TieBeside&1 == 1, "%s: %s", x.text, x.why)
		assert.Equal(t, x.guised, ties>>content.TieGuised&1 == 1, "%s: %s", x.text, x.why)
	}
}

// TestSaidAgain has a message say the same over and over: no feature counts it more than twice.
func TestSaidAgain(t *testing.T) {
	c := builtin(t)
	see := func(text string) content.Clues {
		return c.Clues([]content.Text{{Place: "body", Words: text}}, language.English)
	}
	const line = "Glock 19, 450 dollars, reply to order. "
	twice, often := see(line+line), see(strings.Repeat(line, 50))
	require.Equal(t, len(twice.Grams), len(often.Grams))
	counts := map[uint32]int{}
	for _, k := range often.Words {
		counts[k]++
		require.LessOrEqual(t, counts[k], 2)
	}
}
