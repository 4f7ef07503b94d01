package policy

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// TestSettled holds what folds to itself at first sight against x/text, for every
// character: alone, and next to others.
func TestSettled(t *testing.T) {
	fold := cases.Fold()
	n := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !settled(r) {
			continue
		}
		n++
		s := string(r)
		require.Equal(t, s, fold.String(norm.NFKC.String(s)), "%U", r)
		p := norm.NFKC.PropertiesString(s)
		require.True(t, p.BoundaryBefore() || r == 0x94D && p.CCC() == 9, "%U goes with what stands before it", r)
	}
	require.Greater(t, n, 20_000)
	for term, want := range map[string]bool{
		"gun": true, "ak-47 (new)": true, "fogos de artifício": true, "пистолет*": true, "بندقية": true, "हिन्दी": true, "手枪": true,
		"Gun": false, "two  spaces": false, " front": false, "back ": false, "tab\tbed": false, "Ä": false, "ﬁre": false, "ड़": false, "": false,
	} {
		require.Equal(t, want, folded(term), "%q", term)
	}
}
