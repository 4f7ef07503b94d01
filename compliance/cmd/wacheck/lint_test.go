package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/template"
)

const (
	goodTemplate = `{"name":"order_shipped","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"Your order {{1}} has shipped and will be delivered tomorrow.","example":{"body_text":[["1234"]]}}]}`
	badTemplate  = `{"name":"order_shipped","language":"en","category":"UTILITY","components":[{"type":"HEADER","format":"TEXT","text":"Caf\u00e9 *order*"},{"type":"BODY","text":"Your order has shipped on {{1}}","example":{"body_text":[["5 May"]]}}]}`
	warnTemplate = `{"name":"order_shipped","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"Your order  {{1}} has shipped and will be delivered tomorrow.","example":{"body_text":[["1234"]]}}]}`
)

func TestLintIsTheContract(t *testing.T) {
	out, errs, code := wacheck(t, `{"id":"a","template":`+badTemplate+"}\n"+goodTemplate+"\n{\"id\":7,\"template\":"+warnTemplate+"}\n", "lint", "-json")
	require.Equal(t, blocking, code, errs)
	got := objects(t, out)
	require.Len(t, got, 3, "one object out for one in, in order")
	require.Equal(t, "a", got[0]["id"])
	require.Equal(t, map[string]any{"rule": "header-text-plain", "severity": "error", "where": "components[0].text", "span": []any{6.0, 7.0},
		"why": "the header holds a formatting mark", "prevents": "2388047/2388072", "fix": "Remove the formatting, the line break or the emoji."}, got[0]["problems"].([]any)[0])
	require.Equal(t, "var-trailing", got[0]["problems"].([]any)[1].(map[string]any)["rule"])
	require.Equal(t, []any{}, got[1]["problems"], "a clean template has an empty list, not none")
	require.Equal(t, "7", got[2]["id"])
	require.Equal(t, "warning", got[2]["problems"].([]any)[0].(map[string]any)["severity"])
	for i := range got {
		for _, p := range got[i]["problems"].([]any) {
			require.NotContains(t, p.(map[string]any)["rule"], "unique", "lines are templates by themselves")
		}
	}
	_, _, code = wacheck(t, warnTemplate, "lint", "-json")
	require.Equal(t, clean, code, "a warning blocks nothing")
	_, _, code = wacheck(t, warnTemplate, "lint", "-json", "-strict")
	require.Equal(t, blocking, code)
	_, _, code = wacheck(t, warnTemplate, "lint", "-json", "-strict", "-without", "body-double-space")
	require.Equal(t, clean, code)
}

func TestLintReadsEveryForm(t *testing.T) {
	pretty := strings.ReplaceAll(badTemplate, ",", ",\n ")
	for why, c := range map[string]struct {
		in    string
		count int
	}{
		"bare": {badTemplate, 1}, "over several lines": {pretty, 1}, "a line each": {badTemplate + "\n\n" + badTemplate, 2},
		"an export": {`{"data":[` + pretty + "," + goodTemplate + `],"paging":{}}`, 2}, "a list": {`[` + badTemplate + `]`, 1},
		"exports, a line each": {`{"data":[` + badTemplate + `]}` + "\n" + `{"data":[` + goodTemplate + `]}`, 2},
		"a later field":        {strings.Replace(badTemplate, `"name"`, `"new_thing":{"a":[1]},"name"`, 1), 1}, "nothing": {"", 0},
	} {
		out, errs, code := wacheck(t, c.in, "lint", "-json")
		require.Empty(t, errs, why)
		require.Len(t, objects(t, out), c.count, why)
		if c.count > 0 {
			require.Equal(t, blocking, code, why)
		}
	}
}

func TestLintOfAnAccountLooksAmongTemplates(t *testing.T) {
	twice := goodTemplate + "," + goodTemplate
	out, _, code := wacheck(t, `{"data":[`+twice+`]}`, "lint", "-json")
	require.Equal(t, blocking, code)
	got := objects(t, out)
	require.Empty(t, got[0]["problems"])
	require.Contains(t, out, "tpl-name-language-unique")
	require.Contains(t, out, "body-duplicate")
	out, _, _ = wacheck(t, goodTemplate+"\n"+goodTemplate, "lint", "-json", "-set")
	require.Contains(t, out, "tpl-name-language-unique")

	dir := t.TempDir()
	for _, name := range []string{"a.json", "b.json", "notes.txt"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(goodTemplate), 0o600))
	}
	out, _, code = wacheck(t, "", "lint", dir)
	require.Equal(t, blocking, code, "a folder is one account's")
	require.Contains(t, out, "b.json:1:")
	require.Contains(t, out, "2 templates: 2 errors, 0 warnings, 0 pieces of advice")
}

func TestLintTellsWhatItCannotRead(t *testing.T) {
	out, _, code := wacheck(t, goodTemplate+"\nnot json\n{\"id\":\"c\",\"template\":{\"components\":[{\"type\":7}]}}\n"+goodTemplate+"\n", "lint", "-json")
	require.Equal(t, failed, code)
	got := objects(t, out)
	require.Len(t, got, 4)
	require.Equal(t, "line 2: not JSON", got[1]["error"])
	require.Equal(t, "c", got[2]["id"])
	require.Contains(t, got[2]["error"], "line 3: components[0].type")
	require.Contains(t, got[3], "problems", "the rest is still looked at")

	out, _, code = wacheck(t, "{\n \"name\": \"x\",\n \"components\": 7\n}", "lint", "-json")
	require.Equal(t, failed, code)
	require.Contains(t, objects(t, out)[0]["error"], "line 3: components")
	_, errs, code := wacheck(t, "{\n \"name\": \"x\"\n \"language\": \"en\"\n}", "lint")
	require.Equal(t, failed, code)
	require.Contains(t, errs, "standard input: line 3: ")
	for why, args := range map[string][]string{"no such file": {"nowhere.json"}, "no such rule": {"-without", "body-lenght"}, "two forms": {"-json", "-sarif"}, "an empty folder": {t.TempDir()}} {
		_, errs, code := wacheck(t, "", append([]string{"lint"}, args...)...)
		require.Equal(t, failed, code, why)
		require.NotEmpty(t, errs, why)
	}
}

func TestLintAtATerminal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.json")
	require.NoError(t, os.WriteFile(file, []byte("{\"template\":\n  "+badTemplate+"\n}"), 0o600))
	out, _, code := wacheck(t, "", "lint", "-without", "var-trailing", file)
	require.Equal(t, blocking, code)
	column := len("  ") + strings.Index(strings.Replace(badTemplate, `\u00e9`, "123456", 1), "*order*") + 1
	require.Equal(t, `error[header-text-plain]: the header holds a formatting mark
  --> `+file+`:2:`+itoa(column)+` components[0].text (order_shipped en)
     |
   2 | Café *order*
     |      ^
   = prevents: 2388047/2388072
   = fix: Remove the formatting, the line break or the emoji.

1 template: 1 error, 0 warnings, 0 pieces of advice
`, out)
	evil := strings.Replace(goodTemplate, "order_shipped", "a\\u001b[31mb", 1)
	out, _, _ = wacheck(t, evil, "lint")
	require.NotContains(t, out, "\x1b", "nothing in a file controls the terminal")
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestLintExcerptsAreShort(t *testing.T) {
	long := strings.Replace(goodTemplate, "Your order {{1}}", strings.Repeat("Your order has shipped. ", 20)+"您的订单 order  {{1}}", 1)
	out, _, _ := wacheck(t, long, "lint", "-without", "tpl-language-matches-text")
	require.Contains(t, out, "body-double-space")
	for line := range strings.Lines(out) {
		require.Less(t, len([]rune(line)), 200)
	}
}

func TestLintFindsWhatPoliciesBar(t *testing.T) {
	offer := strings.Replace(goodTemplate, "Your order {{1}} has shipped and will be delivered tomorrow.", "We sell AK-47 assault rifles and ammunition: order {{1}} of them today.", 1)
	out, _, code := wacheck(t, offer, "lint", "-json")
	require.Equal(t, blocking, code)
	require.Contains(t, out, `"rule":"pol-commerce"`)
	require.NotContains(t, out, "goods-", "the linter speaks of templates by its own rules")
}

func TestLintFixKeepsTheFormOfTheFile(t *testing.T) {
	const in = "{\n  \"name\" : \"order_shipped\",\n  \"language\": \"en-US\",   \"category\":\"utility\",\n  \"allow_category_change\": true,\n" +
		"  \"components\": [{\"type\":\"body\",\"text\":\"Caf\\u00e9 \\ud83d\\ude00  {{ 1 }} has\\n\\n\\n\\nshipped and will be delivered tomorrow.\",\"example\":{\"body_text\":[[\"1234\"]]}}]\n}\n"
	const want = "{\n  \"name\" : \"order_shipped\",\n  \"language\": \"en_US\",   \"category\":\"utility\",\n  " +
		"\"components\": [{\"type\":\"body\",\"text\":\"Caf\\u00e9 \\ud83d\\ude00 {{1}} has\\n\\nshipped and will be delivered tomorrow.\",\"example\":{\"body_text\":[[\"1234\"]]}}]\n}\n"
	file := filepath.Join(t.TempDir(), "t.json")
	require.NoError(t, os.WriteFile(file, []byte(in), 0o640))
	_, errs, code := wacheck(t, "", "lint", "-fix", file)
	require.Equal(t, clean, code)
	require.Contains(t, errs, "mended")
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, want, string(got))
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), info.Mode().Perm())
	_, errs, _ = wacheck(t, "", "lint", "-fix", file)
	require.NotContains(t, errs, "mended", "a second time there is nothing to mend")

	out, _, _ := wacheck(t, in, "lint", "-fix")
	require.Equal(t, want, out, "standard input is written mended")
	last := `{"name":"x","language":"en","category":"UTILITY","components":[],"allow_category_change":true}`
	out, _, _ = wacheck(t, last, "lint", "-fix")
	require.Equal(t, strings.Replace(last, `,"allow_category_change":true`, "", 1), out, "the comma before the last member goes with it")
}

func TestLintSARIF(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.jsonl")
	require.NoError(t, os.WriteFile(file, []byte(badTemplate+"\nnot json\n"), 0o600))
	out, _, code := wacheck(t, "", "lint", "-sarif", file)
	require.Equal(t, failed, code)
	var log struct {
		Schema  string `json:"$schema"`
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name  string
					Rules []struct{ ID string }
				}
			}
			Invocations []struct {
				ExecutionSuccessful        bool
				ToolExecutionNotifications []struct{ Message struct{ Text string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           map[string]int
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &log))
	require.Equal(t, "2.1.0", log.Version)
	run := log.Runs[0]
	require.Equal(t, "wacheck", run.Tool.Driver.Name)
	require.False(t, run.Invocations[0].ExecutionSuccessful)
	require.Contains(t, run.Invocations[0].ToolExecutionNotifications[0].Message.Text, "line 2: not JSON")
	require.NotEmpty(t, run.Results)
	for _, r := range run.Results {
		require.Equal(t, r.RuleID, run.Tool.Driver.Rules[r.RuleIndex].ID)
		require.Contains(t, []string{"error", "warning", "note"}, r.Level)
		require.NotEmpty(t, r.Message.Text)
	}
	at := run.Results[0].Locations[0].PhysicalLocation
	require.Equal(t, filepath.ToSlash(file), at.ArtifactLocation.URI)
	column := strings.Index(badTemplate, "*order*") + 1
	require.Equal(t, map[string]int{"startLine": 1, "startColumn": column, "endLine": 1, "endColumn": column + 1}, at.Region)

	out, _, code = wacheck(t, goodTemplate, "lint", "-sarif")
	require.Equal(t, clean, code)
	require.Contains(t, out, `"results": []`, "a clean run has an empty list")
}

func FuzzLintSource(f *testing.F) {
	for _, s := range []string{goodTemplate, badTemplate + "\n" + goodTemplate, `{"data":[` + badTemplate + `]}`, "[1,{}]", "{\"template\":{}}\nx", ""} {
		f.Add([]byte(s))
	}
	l := newLinting(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		s := newSource("x", b)
		for i := range s.items {
			it := &s.items[i]
			require.True(t, it.from >= 0 && it.from <= len(b))
			if it.err == nil {
				require.Equal(t, string(it.raw), string(b[it.from:it.from+len(it.raw)]))
			}
		}
		mended := l.mend(b)
		require.Equal(t, len(s.items), len(newSource("x", mended).items), "mending loses no template")
		require.Equal(t, string(mended), string(l.mend(mended)))
	})
}

func newLinting(t testing.TB) *linting {
	linter, err := template.NewLinter()
	require.NoError(t, err)
	return &linting{linter: linter}
}
