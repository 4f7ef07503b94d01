package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCategoryIsTheContract(t *testing.T) {
	out, errs, code := wacheck(t, `{"id":"a","lang":"en","body":"Our summer sale is on! Save up to 50% today.","buttons":[{"type":"URL","text":"Shop now","url":"https://example.com/sale"}]}
{"id":"b","lang":"en","body":"Your order {{1}} has shipped. Tracking number: {{2}}.","category":"UTILITY"}
{"id":"c","body":"x","buttons":[{"type":"OTP","text":"Copy code"}]}
`, "category", "-json")
	require.Equal(t, clean, code, errs)
	got := objects(t, out)
	require.Len(t, got, 3, "one object out for one in, in order")
	require.Equal(t, "MARKETING", got[0]["category"])
	require.Equal(t, "UTILITY", got[1]["category"])
	require.Equal(t, "AUTHENTICATION", got[2]["category"])
	p := got[0]["probability"].(map[string]any)
	require.InDelta(t, 1, p["MARKETING"].(float64)+p["UTILITY"].(float64)+p["AUTHENTICATION"].(float64), 1e-9)
	require.Equal(t, true, got[0]["sure"])
	r := got[0]["reasons"].([]any)[0].(map[string]any)
	for _, k := range []string{"cue", "for", "where", "span"} {
		require.Contains(t, r, k)
	}
	require.Len(t, r["span"], 2)
}

func TestCategoryDeclaredWronglyBlocks(t *testing.T) {
	_, _, code := wacheck(t, `{"body":"Flash sale! 50% off everything, shop now with code SAVE50.","lang":"en","category":"utility"}`, "category", "-json")
	require.Equal(t, blocking, code)
}

func TestCategoryLinesThatCannotBeRead(t *testing.T) {
	out, _, code := wacheck(t, "{\"id\":\"a\"}\nhello\n{\"id\":\"c\",\"body\":7}\n{\"id\":\"d\",\"body\":\"x\",\"category\":\"PROMO\"}\n{\"id\":\"e\",\"body\":\"Your order {{1}} has shipped.\"}\n", "category", "-json")
	require.Equal(t, failed, code)
	got := objects(t, out)
	require.Len(t, got, 5)
	require.Contains(t, got[0]["error"], "line 1: body: missing")
	require.Contains(t, got[1]["error"], "line 2: ")
	require.Equal(t, "c", got[2]["id"])
	require.Contains(t, got[3]["error"], "category: want")
	require.NotContains(t, got[4], "error", "the rest is still processed")
}

func TestCategoryAtATerminal(t *testing.T) {
	out, _, _ := wacheck(t, "Our summer sale is on! Shop now and save.\n", "category")
	require.True(t, strings.HasPrefix(out, "1: MARKETING"), out)
	require.Contains(t, out, "^^^")
	require.Contains(t, out, "For utility, leave out")
}
