package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/content"
)

func wacheck(t *testing.T, in string, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), &env{in: strings.NewReader(in), out: &o, err: &e}, args)
	return o.String(), e.String(), code
}

// objects reads JSON Lines into maps, so that a test sees what a program would.
func objects(t *testing.T, out string) (list []map[string]any) {
	t.Helper()
	for line := range strings.Lines(out) {
		var m map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &m), line)
		list = append(list, m)
	}
	return list
}

func TestContentIsTheContract(t *testing.T) {
	out, _, code := wacheck(t, `{"id":"a","text":"We charged your card 4111 1111 1111 1111 today."}
{"id":"b","text":"See you on Monday."}
`, "content", "-json")
	require.Equal(t, blocking, code)
	got := objects(t, out)
	require.Len(t, got, 2, "one object out for one in, in order")
	require.Equal(t, "a", got[0]["id"])
	f := got[0]["findings"].([]any)[0].(map[string]any)
	require.Equal(t, "data-full-card-number", f["rule"])
	require.Equal(t, "card_pan", f["kind"])
	require.Equal(t, "block", f["severity"])
	require.Equal(t, []any{21.0, 40.0}, f["span"])
	require.NotEmpty(t, f["why"])
	require.Equal(t, "certain", f["confidence"])
	require.NotEmpty(t, f["fix"])
	require.Equal(t, []any{}, got[1]["findings"], "clean text has an empty list, not none")
}

func TestIntentIsTheContract(t *testing.T) {
	out, _, code := wacheck(t, `{"id":"a","text":"STOP"}
{"id":"b","text":"cancel my order please"}
{"id":"c","text":"no more offers please"}
`, "intent", "-json")
	require.Equal(t, clean, code, "what a customer wrote blocks nothing")
	got := objects(t, out)
	require.Equal(t, "certain", got[0]["level"])
	require.Equal(t, "all", got[0]["scope"])
	require.Equal(t, []any{0.0, 4.0}, got[0]["span"])
	require.Equal(t, "none", got[1]["level"])
	require.NotContains(t, got[1], "scope", "no scope for none and ask")
	require.Equal(t, "marketing", got[2]["scope"])
}

func TestALineThatCannotBeReadIsNeverSkipped(t *testing.T) {
	for _, cmd := range []string{"content", "intent"} {
		out, _, code := wacheck(t, "{\"id\":\"a\",\"text\":\"hello\"}\nnot json\n{\"id\":\"c\",\"text\":7}\n{\"id\":\"d\"}\n{\"id\":\"e\",\"text\":\"hello\"}\n", cmd, "-json")
		require.Equal(t, failed, code, cmd)
		got := objects(t, out)
		require.Len(t, got, 5, "%s: the rest is still processed", cmd)
		require.Contains(t, got[1]["error"], "line 2: ")
		require.Equal(t, "c", got[2]["id"], "the id is echoed where it can be read")
		require.Contains(t, got[2]["error"], "line 3: ")
		require.Contains(t, got[3]["error"], "text: missing")
		require.NotContains(t, got[4], "error")
	}
}

func TestContentReadsWhatItSaysItRead(t *testing.T) {
	long := strings.Repeat("word ", content.DefaultLimit/5) + "more"
	const offer = "Glock 19 for sale, $500"
	for _, c := range []struct {
		why, in string
		args    []string
		code    int
		line    int // of the output
		want    string
	}{
		{"a text that is too long to be looked at is not clean", `{"id":"l","text":"` + long + `"}` + "\n" + `{"id":"m","text":"hi"}`, nil, failed, 0, `{"id":"l","error":"line 1: text: 1048576 bytes or more"}`},
		{"nor where a country is named", `{"id":"l","text":"` + long + `"}`, []string{"-country", "BR"}, failed, 0, `{"id":"l","error":"line 1: text: 1048576 bytes or more"}`},
		{"the rest is still read", `{"id":"l","text":"` + long + `"}` + "\n" + `{"id":"m","text":"hi"}`, nil, failed, 1, `{"id":"m","findings":[]}`},
		{"the mark of an editor is no part of the first line", "\uFEFF" + `{"id":"b","text":"hi"}`, nil, clean, 0, `{"id":"b","findings":[]}`},
		{"a list is no object", `["hi"]`, nil, failed, 0, `{"error":"line 1: a JSON array where an object belongs"}`},
	} {
		out, errs, code := wacheck(t, c.in, append([]string{"content", "-json"}, c.args...)...)
		require.Equal(t, c.code, code, "%s: %s", c.why, errs)
		lines := strings.Split(out, "\n")
		require.Greater(t, len(lines), c.line, c.why)
		require.Equal(t, c.want, lines[c.line], c.why)
	}
	out, _, _ := wacheck(t, "\uFEFF"+offer, "content")
	require.Contains(t, out, "1: block goods-firearms (firearm), certain\n   "+offer+"\n   ^")
	require.Contains(t, out, "\n   fix: ")

	out, errs, code := wacheck(t, "{{1}}, "+offer+"\n{name}: hi\n{\n{ \"text\": \""+offer+"\"}\n", "content")
	require.Equal(t, blocking, code, "a text may begin with a brace: %s", errs)
	require.Contains(t, out, "{{1}}, "+offer)
	require.Contains(t, out, "2: nothing found\n3: nothing found\n4: block goods-firearms")
	_, errs, code = wacheck(t, "{\"text\": 1}\n{\"text\":\n{}\n", "content")
	require.Equal(t, failed, code, "what begins as an object has to be one")
	require.Equal(t, 3, strings.Count(errs, "wacheck: line "), errs)

	for _, c := range []struct {
		why  string
		args []string
	}{
		{"a country by its name", []string{"-country", "Brazil"}},
		{"no country of its own", []string{"-country", "EU"}},
		{"GB is the code", []string{"-country", "UK"}},
		{"licensed where?", []string{"-licence", "alcohol"}},
		{"permitted where?", []string{"-permission", "gambling"}},
	} {
		_, errs, code := wacheck(t, "hello", append([]string{"content"}, c.args...)...)
		require.Equal(t, failed, code, c.why)
		require.Contains(t, errs, "-country", c.why)
	}
}

func TestContentInACountry(t *testing.T) {
	const wine = "Wine 20% off, order now"
	for _, c := range []struct {
		why  string
		args []string
		want []string
	}{
		{"no country, no exception", nil, []string{"goods-alcohol"}},
		{"every condition is met", []string{"-country", "br", "-licence", "alcohol", "-adults"}, nil},
		{"the age is missing", []string{"-country", "BR", "-licence", "alcohol"}, []string{"goods-alcohol", "regulated-age-18"}},
		{"no exception in that country", []string{"-country", "SA", "-licence", "alcohol", "-adults"}, []string{"goods-alcohol", "regulated-country-alcohol"}},
	} {
		out, errs, _ := wacheck(t, `{"id":"w","text":"`+wine+`"}`, append([]string{"content", "-json"}, c.args...)...)
		var rules []string
		for _, f := range objects(t, out)[0]["findings"].([]any) {
			rules = append(rules, f.(map[string]any)["rule"].(string))
		}
		require.Equal(t, c.want, rules, "%s: %s", c.why, errs)
	}
}

const timeline = `{"at":"2026-11-25T08:00:00Z","business":{"name":"Example Shop","country":"GB","numbers":[{"id":"n1","phone":"+442079460000","account":"a1"}],"contacts":{"support":"x","email":"help@example.com"},"privacy_policy":"https://shop.example.com/privacy"}}
{"at":"2026-11-25T08:01:00Z","grant":{"party":{"phone":"+447700900123"},"purposes":["marketing"],"source":"web-form","wording":"Example Shop may send me offers on WhatsApp","business_name":"Example Shop"}}
{"at":"2026-11-25T08:02:00Z","template":{"id":"1","name":"sale","language":"en","status":"APPROVED","category":"MARKETING","components":[{"type":"BODY","text":"Hi {{1}}, the sale is on."}]}}
{"at":"2026-11-25T08:03:00Z","id":"s1","send":{"messaging_product":"whatsapp","to":"+447700900123","type":"template","template":{"name":"sale","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"text","text":"Asha"}]}]}}}
{"at":"2026-11-25T08:04:00Z","id":"s2","send":{"messaging_product":"whatsapp","to":"+447700900123","type":"text","text":{"body":"hello"}}}
{"at":"2026-11-25T08:05:00Z","revoke":{"party":{"phone":"+447700900123"},"purposes":[],"channel":"email"}}
{"at":"2026-11-25T08:06:00Z","id":"s3","send":{"messaging_product":"whatsapp","to":"+447700900123","type":"template","template":{"name":"sale","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"text","text":"Asha"}]}]}}}
{"at":"2026-11-25T08:07:00Z","id":"s4","send":{"messaging_product":"whatsapp","type":"text","text":{"body":"hello"}}}
{"at":"2026-11-25T08:08:00Z","id":"s5","send":{"messaging_product":"whatsapp","status":"read","message_id":"wamid.x"}}
`

func TestReplayIsTheContract(t *testing.T) {
	out, errs, code := wacheck(t, timeline, "replay", "-json")
	require.Equal(t, blocking, code, errs)
	got := objects(t, out)
	require.Len(t, got, 5, "one line per send, in order")
	verdicts, rules := map[string]any{}, map[string]string{}
	for _, v := range got {
		id := v["id"].(string)
		verdicts[id] = v["verdict"]
		for _, f := range v["findings"].([]any) {
			f := f.(map[string]any)
			if f["severity"] == "block" {
				rules[id] = f["rule"].(string) + " " + f["status"].(string)
			}
		}
	}
	require.Equal(t, map[string]any{"s1": "allow", "s2": "deny", "s3": "deny", "s4": "undecided", "s5": "pass"}, verdicts)
	require.Equal(t, map[string]string{"s2": "template-only-initiation broken", "s3": "optout-honored broken", "s4": "message-malformed failed"}, rules)
	require.Equal(t, "2026-11-25T08:03:00Z", got[0]["at"])

	_, _, code = wacheck(t, timeline+"{\"at\":\"2026-11-25T09:00:00Z\",\"id\":\"x\",\"sent\":{}}\n", "replay", "-json")
	require.Equal(t, failed, code, "an unknown key is an error line")
}

func TestReplayTellsARuleOnceAPlace(t *testing.T) {
	three := strings.Replace(timeline, `"type":"text","text":{"body":"hello"}}}`, `"type":"text","text":{"body":"4111 1111 1111 1111, 4242 4242 4242 4242 and 5555 5555 5555 4444"}}}`, 1)
	for _, args := range [][]string{{"replay", "-json"}, {"replay"}} {
		out, errs, _ := wacheck(t, three, args...)
		require.Equal(t, 1, strings.Count(out, "data-full-card-number"), "%s%s", out, errs)
	}
}

func TestReplayByAnOlderEdition(t *testing.T) {
	grant := strings.Replace(timeline, " on WhatsApp", "", 1)
	out, _, _ := wacheck(t, grant, "replay", "-json", "-edition", "2023-06-01")
	require.Contains(t, out, "optin-names-whatsapp", "until November 2024 the wording had to name WhatsApp")
	out, _, _ = wacheck(t, grant, "replay", "-json")
	require.NotContains(t, out, "optin-names-whatsapp")
}

func TestCheckPrintsTheDecision(t *testing.T) {
	const c = `{"why":"nobody agreed","given":[],"at":"2026-11-25T08:00:00Z","id":"c1","send":{"messaging_product":"whatsapp","to":"+447700900123","type":"text","text":{"body":"hello"}},"expect":{"verdict":"deny","rules":["template-only-initiation"]}}`
	out, errs, code := wacheck(t, c, "check", "-json")
	require.Equal(t, blocking, code, errs)
	got := objects(t, out)
	require.Equal(t, "deny", got[0]["verdict"])
	require.Equal(t, "c1", got[0]["id"])
	_, errs, code = wacheck(t, strings.Replace(c, `"verdict":"deny"`, `"verdict":"allow"`, 1), "check", "-json")
	require.Equal(t, failed, code)
	require.Contains(t, errs, "verdict is deny, expected allow", "expect is compared")
}

func TestCheckTellsThePrice(t *testing.T) {
	const c = `{"why":"they wrote","given":[{"at":"2026-11-25T07:00:00Z","webhook":{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"2"},"messages":[{"from":"447700900123","id":"wamid.1","timestamp":"1795590000","type":"text","text":{"body":"hello"}}]}}]}]}}],"at":"2026-11-25T08:00:00Z","id":"c1","send":{"messaging_product":"whatsapp","to":"+447700900123","type":"text","text":{"body":"Hello!"}}}`
	out, errs, code := wacheck(t, c, "check", "-json")
	require.Equal(t, clean, code, errs)
	price := objects(t, out)[0]["price"].(map[string]any)
	require.Equal(t, "charged", price["charge"])
	require.Equal(t, "service", price["rule"])
	require.Equal(t, "2026-11-26T06:59:00Z", objects(t, out)[0]["until"])
	out, _, _ = wacheck(t, c, "check")
	require.Contains(t, out, "can wait 22h59m0s, until 2026-11-26T06:59:00Z")
	require.Contains(t, out, "price: charged (service), since 2026-10-01; unconfirmed: ")
	out, _, _ = wacheck(t, strings.Replace(c, "08:00:00Z", "09:30:00Z", 1), "check")
	require.Contains(t, out, "can wait 21h29m0s")
}

func TestRulesListsTheBook(t *testing.T) {
	out, _, code := wacheck(t, "", "rules", "-json")
	require.Equal(t, clean, code)
	got := objects(t, out)
	require.Greater(t, len(got), 113)
	ids := map[string]bool{}
	for _, r := range got {
		for _, k := range []string{"id", "area", "phase", "title", "severity", "from", "until", "check", "cites", "aliases"} {
			require.Contains(t, r, k)
		}
		ids[r["id"].(string)] = true
	}
	require.True(t, ids["service-window-24h"])

	out, _, _ = wacheck(t, "", "rules", "-json", "-at", "2023-06-01")
	require.Contains(t, out, `"optin-names-whatsapp"`)
	out, _, _ = wacheck(t, "", "rules", "-json", "-at", "2026-06-01")
	require.NotContains(t, out, `"optin-names-whatsapp"`)

	out, _, code = wacheck(t, "", "rules", "optout-honored")
	require.Equal(t, clean, code)
	require.Contains(t, out, "in force")
	_, errs, code := wacheck(t, "", "rules", "optout-honoured")
	require.Equal(t, failed, code)
	require.Contains(t, errs, `no rule "optout-honoured"`)

	file := filepath.Join(t.TempDir(), "business.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"name":"Example Shop","attests":{"docs-followed":true}}`), 0o600))
	out, _, code = wacheck(t, "", "rules", "-json", "-undeclared", file)
	require.Equal(t, clean, code)
	require.Contains(t, out, `"data-consents-secured"`)
	require.NotContains(t, out, `"docs-followed"`)
}

func TestUsage(t *testing.T) {
	for why, args := range map[string][]string{"no command": nil, "unknown command": {"judge"}, "unknown flag": {"intent", "-fast"},
		"no such file": {"replay", "nowhere.jsonl"}, "no date": {"rules", "-at", "yesterday"}} {
		_, errs, code := wacheck(t, "", args...)
		require.Equal(t, failed, code, why)
		require.NotEmpty(t, errs, why)
	}
	out, _, code := wacheck(t, "", "help")
	require.Equal(t, clean, code)
	require.Contains(t, out, "replay")
}

func TestAtATerminalPeopleReadIt(t *testing.T) {
	out, _, _ := wacheck(t, "STOP\nwhere is my parcel?\n", "intent")
	require.Contains(t, out, "1: certain (all)")
	require.Contains(t, out, "^^^^")
	out, _, code := wacheck(t, "We charged your card 4111 1111 1111 1111 today.\nSee you on Monday.\n", "content")
	require.Equal(t, blocking, code)
	require.Contains(t, out, "data-full-card-number (card_pan)")
	require.Contains(t, out, "2: nothing found")
	out, _, _ = wacheck(t, timeline, "replay")
	require.Contains(t, out, "s3  deny")
	require.Contains(t, out, "fix: ")
}

func TestEnable(t *testing.T) {
	const generic = `{"at":"2026-11-01T10:00:00Z","business":{"name":"Harbour Tea","country":"BR","surface":"platform"}}
{"at":"2026-11-02T10:00:00Z","grant":{"party":{"phone":"+5511912345678"},"source":"web-form","wording":"Aceito receber mensagens da Harbour Tea.","business_name":"Harbour Tea"}}
{"at":"2026-11-02T12:00:00Z","template":{"id":"1","name":"order_update","language":"en","status":"APPROVED","category":"UTILITY","components":[{"type":"BODY","text":"Your order has left our warehouse."}]}}
{"at":"2026-11-20T09:00:00Z","id":"s","send":{"messaging_product":"whatsapp","to":"+5511912345678","type":"template","template":{"name":"order_update","language":{"code":"en"}}}}
`
	out, _, _ := wacheck(t, generic, "replay", "-json")
	require.NotContains(t, out, "law-lgpd-purpose", "off until it is asked for")
	for _, list := range []string{"law", "law-uae-dncr, law-lgpd-purpose"} {
		out, errs, code := wacheck(t, generic, "replay", "-json", "-enable", list)
		require.Contains(t, out, "law-lgpd-purpose", errs)
		require.Equal(t, 0, code, "it warns")
	}
	_, errs, code := wacheck(t, generic, "replay", "-enable", "lex")
	require.Equal(t, 2, code)
	require.Contains(t, errs, `"lex" is neither an area`)
}
