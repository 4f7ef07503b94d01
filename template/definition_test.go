package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/category"
)

func files(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", pattern))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	all := map[string][]byte{}
	for _, n := range names {
		b, err := os.ReadFile(n)
		require.NoError(t, err)
		all[strings.TrimSuffix(filepath.Base(n), ".json")] = b
	}
	return all
}

func parse(t testing.TB, b []byte) *Definition {
	t.Helper()
	d, err := ParseDefinition(b)
	require.NoError(t, err)
	return &d
}

// plainJSON sorts keys and takes spacing out, and keeps every digit.
func plainJSON(t testing.TB, b []byte) string {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	out, err := json.Marshal(v)
	require.NoError(t, err)
	return string(out)
}

func TestDefinitionComesBackByteForByte(t *testing.T) {
	for name, b := range files(t, "definitions/*.json") {
		t.Run(name, func(t *testing.T) {
			d := parse(t, b)
			out, err := d.MarshalJSON()
			require.NoError(t, err)
			require.Equal(t, plainJSON(t, b), plainJSON(t, out))
			again, err := parse(t, out).MarshalJSON()
			require.NoError(t, err)
			require.Equal(t, string(out), string(again), "writing what was written and read")
		})
	}
}

func TestParseDefinition(t *testing.T) {
	d := parse(t, files(t, "definitions/marketing_read.json")["marketing_read"])
	require.Equal(t, "550011223344", d.ID)
	require.Equal(t, Ref{Name: "spring_sale", Language: "en"}, d.Ref)
	require.Equal(t, Approved, d.Status)
	require.Equal(t, "NONE", d.Reason)
	require.Equal(t, category.Marketing, d.Category)
	require.Equal(t, category.Utility, d.Next, "correct_category is an announcement")
	require.Equal(t, "NAMED", d.Format)
	require.Equal(t, "GREEN", d.Quality)
	require.Len(t, d.Components, 4)
	require.Equal(t, "https://shop.example.com/{{1}}", d.Components[3].Buttons[0].URL)
	require.Contains(t, d.Components[3].Buttons[0].Extra, "app_deep_link")
	require.Contains(t, d.Extra, "health_status")

	cases := []struct {
		why, in string
		check   func(t *testing.T, d *Definition)
	}{
		{"create accepts lower case, reads are upper case", `{"category":"utility","status":"approved","parameter_format":"named","components":[{"type":"header","format":"text"},{"type":"buttons","buttons":[{"type":"quick_reply"}]}]}`,
			func(t *testing.T, d *Definition) {
				require.Equal(t, category.Utility, d.Category)
				require.Equal(t, Approved, d.Status)
				require.Equal(t, "NAMED", d.Format)
				require.Equal(t, "HEADER", d.Components[0].Type)
				require.Equal(t, "TEXT", d.Components[0].Format)
				require.Equal(t, "QUICK_REPLY", d.Components[1].Buttons[0].Type)
			}},
		{"webhooks print a hyphen, the API an underscore", `{"language":"en-US"}`, func(t *testing.T, d *Definition) { require.Equal(t, "en_US", d.Ref.Language) }},
		{"ids are integers in webhooks", `{"id":550011223344}`, func(t *testing.T, d *Definition) { require.Equal(t, "550011223344", d.ID) }},
		{"a category from before 2022 is kept as a word", `{"category":"SHIPPING_UPDATE"}`, func(t *testing.T, d *Definition) {
			require.Equal(t, category.Unknown, d.Category)
			require.JSONEq(t, `"SHIPPING_UPDATE"`, string(d.Extra["category"]))
		}},
		{"service is no category of a template", `{"category":"SERVICE"}`, func(t *testing.T, d *Definition) { require.Equal(t, category.Unknown, d.Category) }},
		{"a re-categorised template has its TTL reset to null", `{"message_send_ttl_seconds":null}`, func(t *testing.T, d *Definition) { require.Zero(t, d.TTL) }},
		{"-1 stands for thirty days", `{"message_send_ttl_seconds":-1}`, func(t *testing.T, d *Definition) { require.Equal(t, -1, d.TTL) }},
		{"the instant of an announced change, as the webhook names it", `{"category_update_timestamp":1795255200}`, func(t *testing.T, d *Definition) { require.True(t, time.Unix(1795255200, 0).Equal(d.NextAt)) }},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) { c.check(t, parse(t, []byte(c.in))) })
	}
}

func TestMarshalDefinitionSetFieldsWin(t *testing.T) {
	d := parse(t, []byte(`{"category":"ALERT_UPDATE","quality_score":{"score":"GREEN","date":1}}`))
	d.Category, d.Quality = category.Utility, "RED"
	out, err := d.MarshalJSON()
	require.NoError(t, err)
	require.JSONEq(t, `{"category":"UTILITY","quality_score":{"score":"RED","date":1}}`, string(out))

	out, err = Definition{}.MarshalJSON()
	require.NoError(t, err)
	require.Equal(t, "{}", string(out))

	bad := Definition{Components: []Component{{Type: "BODY", Extra: map[string]json.RawMessage{"example": json.RawMessage("{")}}}}
	_, err = bad.MarshalJSON()
	require.ErrorIs(t, err, ErrSyntax, "Extra from the app's own hand is not written unread")
	require.ErrorContains(t, err, "components[0].example")
}

func TestParseErrors(t *testing.T) {
	deep := strings.Repeat("[", 80) + strings.Repeat("]", 80)
	definition := func(b []byte) error { _, err := ParseDefinition(b); return err }
	filled := func(b []byte) error { _, err := ParseFilled(b); return err }
	cases := []struct {
		why, in string
		parse   func([]byte) error
		is      error
		field   string
		line    int
	}{
		{"no text", "", definition, ErrSyntax, "", 1},
		{"broken off, on its third line", "{\n\"name\": \"x\",\n", definition, ErrSyntax, "", 3},
		{"two values", "{} {}", definition, ErrSyntax, "", 1},
		{"bytes that are no text", "{\"name\":\"\xff\"}", definition, ErrSyntax, "", 1},
		{"not an object", "[]", definition, ErrType, "", 1},
		{"too large", `{"name":"` + strings.Repeat("x", MaxSize) + `"}`, definition, ErrSize, "", 1},
		{"a key twice", "{\"name\":\"x\",\n\"name\":\"y\"}", definition, ErrDuplicate, "name", 2},
		{"a key twice, once escaped", `{"name":"x","n\u0061me":"y"}`, definition, ErrDuplicate, "name", 1},
		{"a key twice in a member that is only kept", `{"components":[{"type":"BODY","example":{"a":[{"b":1,"b":2}]}}]}`, definition, ErrDuplicate, "components[0].example.a[0].b", 1},
		{"a key twice among many", `{"a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0,"h":0,"i":0,"j":0,"k":0,"l":0,"m":0,"n":0,"o":0,"p":0,"q":0,"r":0,"a":0}`, definition, ErrDuplicate, "a", 1},
		{"a wrong type, deep down", "{\"components\":[\n{\"type\":\"BUTTONS\",\"buttons\":[{\"type\":7}]}]}", definition, ErrType, "components[0].buttons[0].type", 2},
		{"no type", `{"components":[{"text":"x"}]}`, definition, ErrMissing, "components[0].type", 1},
		{"a button without type", `{"components":[{"type":"BUTTONS","buttons":[{}]}]}`, definition, ErrMissing, "components[0].buttons[0].type", 1},
		{"cards within cards", `{"components":[{"type":"CAROUSEL","cards":[{"components":[{"type":"CAROUSEL","cards":[{"components":[]}]}]}]}]}`, definition, ErrDepth, "components[0].cards[0].components[0].cards[0].components", 1},
		{"nested past reason", `{"x":` + deep + `}`, definition, ErrDepth, "x" + strings.Repeat("[0]", 64), 1},
		{"half a second", `{"message_send_ttl_seconds":1.5}`, definition, ErrType, "message_send_ttl_seconds", 1},
		{"a TTL no machine holds", `{"message_send_ttl_seconds":99999999999}`, definition, ErrRange, "message_send_ttl_seconds", 1},
		{"more components than any template has", `{"components":[` + strings.Repeat(`{"type":"BODY"},`, maxEntries) + `{"type":"BODY"}]}`, definition, ErrRange, "components[256]", 1},
		{"a key that could be anything is not repeated", `{"Asha +44 7700 900123":0,"Asha +44 7700 900123":0}`, definition, ErrDuplicate, "(member)", 1},

		{"no name", `{"language":{"code":"en"}}`, filled, ErrMissing, "name", 1},
		{"no language", `{"name":"x","language":{}}`, filled, ErrMissing, "language.code", 1},
		{"a language that is a string", `{"name":"x","language":"en"}`, filled, ErrType, "language", 1},
		{"a part without type", `{"name":"x","language":{"code":"en"},"components":[{"parameters":[]}]}`, filled, ErrMissing, "components[0].type", 1},
		{"a parameter without type", `{"name":"x","language":{"code":"en"},"components":[{"type":"body","parameters":[{"text":"x"}]}]}`, filled, ErrMissing, "components[0].parameters[0].type", 1},
		{"a number for a text", `{"name":"x","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"text","text":7}]}]}`, filled, ErrType, "components[0].parameters[0].text", 1},
		{"an index that is a word", `{"name":"x","language":{"code":"en"},"components":[{"type":"button","index":"one"}]}`, filled, ErrType, "components[0].index", 1},
		{"an index below zero", `{"name":"x","language":{"code":"en"},"components":[{"type":"button","index":-1}]}`, filled, ErrRange, "components[0].index", 1},
		{"more parts than any send has", `{"name":"x","language":{"code":"en"},"components":[` + strings.Repeat(`{"type":"button"},`, maxEntries) + `{"type":"button"}]}`, filled, ErrRange, "components[256]", 1},
		{"a key twice in a parameter", `{"name":"x","language":{"code":"en"},"components":[{"type":"header","parameters":[{"type":"image","image":{"id":"1","id":"2"}}]}]}`, filled, ErrDuplicate, "components[0].parameters[0].image.id", 1},
		{"a key twice in a Flow's data", `{"name":"x","language":{"code":"en"},"components":[{"type":"button","parameters":[{"type":"action","action":{"flow_action_data":{"a":1,"a":2}}}]}]}`, filled, ErrDuplicate, "components[0].parameters[0].action.flow_action_data.a", 1},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) {
			err := c.parse([]byte(c.in))
			require.ErrorIs(t, err, c.is)
			var e *Error
			require.True(t, errors.As(err, &e))
			require.Equal(t, c.field, e.Field)
			require.Equal(t, c.line, e.Line)
			require.True(t, strings.HasPrefix(err.Error(), "template: line "))
		})
	}
}

func FuzzParseDefinition(f *testing.F) {
	for _, b := range files(f, "definitions/*.json") {
		f.Add(b)
	}
	f.Add([]byte(`{"components":[{"type":"BODY","text":"{{{1}} {{a}}"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := ParseDefinition(b)
		if err != nil {
			var e *Error
			require.ErrorAs(t, err, &e)
			return
		}
		out, err := d.MarshalJSON()
		require.NoError(t, err)
		if len(out) > MaxSize {
			return
		}
		again, err := ParseDefinition(out)
		require.NoError(t, err)
		twice, err := again.MarshalJSON()
		require.NoError(t, err)
		require.Equal(t, string(out), string(twice))
		_, err = Render(&d, &Filled{})
		if err != nil {
			require.True(t, errors.Is(err, ErrSize) || errors.Is(err, ErrRange), "%v", err)
		}
		Check(&d, &Filled{}, time.Unix(0, 0))
		CheckMedia(&d, &Filled{}, nil, false)
		require.Empty(t, Differences(&again, &again), "nothing differs from itself")
		now := time.Unix(1795000000, 0)
		shelf := Shelf{Definitions: []Definition{again}, Acts: []Act{{ID: "1", Kind: Submitted, Ref: d.Ref, At: now.AddDate(-2, 0, 0), Definition: &d}}}
		shelf.CheckEdit(&d, now)
		for _, a := range shelf.Advice(now) {
			require.NotEmpty(t, a.Why)
			require.NotEmpty(t, a.Fix)
		}
		Candidates([]Definition{again}, Wish{Words: "Your order 17 has shipped."}, now)
		before, err := json.Marshal(again)
		require.NoError(t, err)
		reworded(again.Components, &Words{Header: "a", Body: "b", Footer: "c", Buttons: []Button{{Type: "URL", Text: "d", URL: "e"}}})
		after, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(before), string(after), "other words are put into a copy")
	})
}
