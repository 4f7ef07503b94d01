package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance/sqlstore/sqlite"
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

	out, _, _ = wacheck(t, `{"id":"f","components":[{"type":"BODY","text":"Your order has shipped."}]}`+"\n", "category", "-json")
	require.Contains(t, objects(t, out)[0]["error"], "header, body, footer and buttons", "a template of the Graph API is told its form")
}

func TestCategoryAtATerminal(t *testing.T) {
	out, _, _ := wacheck(t, "Our summer sale is on! Shop now and save.\n", "category")
	require.True(t, strings.HasPrefix(out, "1: MARKETING"), out)
	require.Contains(t, out, "^^^")
	require.Contains(t, out, "For utility, leave out")
}

func TestCategoryReport(t *testing.T) {
	const listing = `{"data":[
 {"id":"1","name":"shipped","language":"en","status":"APPROVED","category":"UTILITY","components":[{"type":"BODY","text":"Your order {{1}} has shipped and arrives on {{2}}."}]},
 {"id":"2","name":"sale","language":"en","status":"APPROVED","category":"MARKETING","components":[{"type":"BODY","text":"Our winter sale has begun: 30% off everything until Sunday."}]},
 {"id":"3","name":"hidden_sale","language":"en","status":"APPROVED","category":"UTILITY","correct_category":"MARKETING","components":[{"type":"BODY","text":"Order {{1}} has shipped."}]}
]}`
	out, errs, code := wacheck(t, listing, "category", "-report")
	require.Equal(t, 0, code, errs)
	require.Contains(t, out, "3 templates")
	require.Contains(t, out, "accuracy 0.667", "what Meta announced counts, not what the listing still says")
	require.Contains(t, out, "of those predicted utility 0.500 are")

	out, _, code = wacheck(t, `{"id":"a","lang":"en","body":"Our winter sale has begun: 30% off everything until Sunday.","category":"MARKETING"}
{"id":"b","lang":"en","body":"Hello"}
{"id":"c"}
`, "category", "-report", "-json")
	require.Equal(t, 2, code, "a line that cannot be read is told")
	require.Contains(t, out, `"template":"a"`)
	require.NotContains(t, out, `"template":"b"`, "nobody said what Meta decided")
	require.Contains(t, out, `"error":"line 3: body: missing"`)
	require.NotContains(t, out, "winter sale", "outcomes hold no words")
}

// At a terminal the reasons stand in the text, in the colour of what they speak
// for; elsewhere, and with NO_COLOR, there is no colour, and marks beneath.
func TestCategoryInColour(t *testing.T) {
	var out bytes.Buffer
	in := "{\"lang\":\"en\",\"header\":\"Order \\u001b[31m news\",\"body\":\"Your order {{1}} has shipped. Use code SAVE20 for 20% off next time!\"}\n"
	code := run(context.Background(), &env{in: strings.NewReader(in), out: &out, err: &out, colour: true}, []string{"category"})
	require.Equal(t, clean, code)
	lines := strings.Split(out.String(), "\n")
	var body string
	for _, l := range lines {
		if strings.HasPrefix(l, "   body: ") {
			body = l
		}
	}
	require.Contains(t, body, yellow, "words that promote are marketing's colour")
	require.Contains(t, body, green, "words of an order are utility's")
	require.Equal(t, "   body: Your order {{1}} has shipped. Use code SAVE20 for 20% off next time!", uncoloured(body), "the words stand as they are")
	require.NotContains(t, out.String(), "^^", "no marks beneath")
	require.NotContains(t, out.String(), "\x1b[31m news", "what is in a draft does not control the terminal")

	out.Reset()
	run(context.Background(), &env{in: strings.NewReader(in), out: &out, err: &out}, []string{"category"})
	require.NotContains(t, out.String(), "\x1b")
	require.Contains(t, out.String(), "^^")
}

// A character device stands for a terminal, and a file for none.
func TestColoured(t *testing.T) {
	device, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer device.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer file.Close()
	require.True(t, coloured(device, ""))
	require.False(t, coloured(device, "1"), "NO_COLOR")
	require.False(t, coloured(file, ""), "no terminal")
}

func uncoloured(s string) string {
	return strings.NewReplacer(red, "", yellow, "", green, "", blue, "", plain, "").Replace(s)
}

func TestCategoryReportOfALedger(t *testing.T) {
	file := filepath.Join(t.TempDir(), "consent.db")
	db, err := sqlite.Open(file)
	require.NoError(t, err)
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	require.NoError(t, db.Stores().Outcomes.Note(context.Background(),
		category.Outcome{Account: "1", Template: "sale", Lang: "en", Predicted: category.Marketing, Sure: true, Decided: category.Marketing, By: category.Created, At: at},
		category.Outcome{Account: "1", Template: "shipped", Lang: "en", Predicted: category.Utility, Sure: true, Decided: category.Utility, By: category.Created, At: at},
		category.Outcome{Account: "1", Template: "shipped", Lang: "en", Predicted: category.Utility, Sure: true, Decided: category.Marketing, By: category.Recorded, At: at.Add(time.Hour)},
		category.Outcome{Account: "2", Template: "other", Lang: "en", Predicted: category.Utility, Decided: category.Utility, By: category.Listed, At: at}))
	require.NoError(t, db.Close())

	out, errs, code := wacheck(t, "", "category", "-report", "-db", file, "-account", "1")
	require.Equal(t, clean, code, errs)
	require.Contains(t, out, "2 templates")
	require.Contains(t, out, "accuracy 0.500", "what Meta decided last counts")
	out, _, code = wacheck(t, "", "category", "-report", "-json", "-db", file)
	require.Equal(t, clean, code)
	require.Len(t, objects(t, out), 4, "with -json every outcome")
	for why, args := range map[string][]string{"no such file": {"-report", "-db", file + "x"}, "no report": {"-db", file}, "files beside it": {"-report", "-db", file, "x.json"}} {
		_, errs, code := wacheck(t, "", append([]string{"category"}, args...)...)
		require.Equal(t, failed, code, why)
		require.NotEmpty(t, errs, why)
	}
}
