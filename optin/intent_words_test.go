package optin

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadWordListStrict(t *testing.T) {
	for _, c := range []struct{ why, in, want string }{
		{"unknown field", "{\"lang\":\"xx\",\n\"word\":{}}", `line 2: unknown field "word"`},
		{"unknown role", `{"lang":"xx","words":{"shout":["stop"]}}`, `unknown role "shout"`},
		{"field twice", `{"lang":"xx","lang":"yy"}`, `"lang" is there twice`},
		{"role twice", `{"lang":"xx","words":{"verb":["a"],"verb":["b"]}}`, `"verb" is there twice`},
		{"not an object", `[]`, "want an object"},
		{"more after it", `{"lang":"xx","words":{"verb":["a"]}} {}`, "text after"},
		{"no language", `{"words":{"verb":["a"]}}`, "missing"},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := readWordList([]byte(c.in))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestBuildLexiconRefusesEmptyPhrase(t *testing.T) {
	_, err := buildLexicon(nil, []*wordList{{lang: "eo", words: map[string][]string{"verb": {"--"}}}})
	require.ErrorContains(t, err, `"eo", verb`)
}

func TestOneEdit(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
		why  string
	}{
		{"unsubscrbe", "unsubscribe", true, "one missing"},
		{"unsubscriibe", "unsubscribe", true, "one too many"},
		{"unsubscribr", "unsubscribe", true, "one changed"},
		{"unsubscirbe", "unsubscribe", true, "two swapped"},
		{"insubscribe", "unsubscribe", false, "another first letter is another word"},
		{"unsubscr", "unsubscribe", false, "three missing"},
		{"отпиште", "отпишите", true, "letters of two bytes"},
	} {
		require.Equal(t, c.want, oneEdit([]byte(c.a), c.b), c.why)
	}
}
