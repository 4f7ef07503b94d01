package template

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func fill(t testing.TB, b []byte) *Filled {
	t.Helper()
	f, err := ParseFilled(b)
	require.NoError(t, err)
	return &f
}

func TestParseFilled(t *testing.T) {
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	want := map[string]Filled{
		"authentication": {Name: "login_code", Language: "en", Parts: []Part{
			{Type: "body", Index: -1, Values: []Value{{Type: "text", Text: "482913"}}},
			{Type: "button", Sub: "url", Index: 0, Values: []Value{{Type: "text", Text: "482913"}}},
		}},
		"call_permission": {Name: "may_we_call", Language: "en", Parts: []Part{
			{Type: "body", Index: -1, Values: []Value{{Type: "text", Text: "order 123"}}},
		}},
		"carousel": {Name: "two_ideas", Language: "en", Parts: []Part{
			{Type: "body", Index: -1, Values: []Value{{Type: "text", Text: "Asha"}}},
			{Type: "carousel", Index: -1, Cards: []FilledCard{{Index: 0, Parts: []Part{
				{Type: "header", Index: -1, Values: []Value{{Type: "image", Raw: raw(`{"id":"880011223344560"}`)}}},
				{Type: "button", Sub: "quick_reply", Index: 0, Values: []Value{{Type: "payload", Text: "more-0"}}},
			}}}},
		}},
		"marketing": {Name: "spring_sale", Language: "en", Parts: []Part{
			{Type: "header", Index: -1, Values: []Value{{Type: "image", Link: "https://shop.example.com/b.jpg", Raw: raw(`{"link":"https://shop.example.com/b.jpg"}`)}}},
			{Type: "body", Index: -1, Values: []Value{{Type: "text", Name: "first_name", Text: "Asha"}}},
			{Type: "button", Sub: "url", Index: 0, Values: []Value{{Type: "text", Text: "sale?u=1"}}},
			{Type: "button", Sub: "quick_reply", Index: 1, Values: []Value{{Type: "payload", Text: "STOP-PROMOS"}}},
		}},
		"utility": {Name: "order_shipped", Language: "en", Parts: []Part{
			{Type: "body", Index: -1, Values: []Value{{Type: "text", Text: "Asha"}, {Type: "text", Text: "#123"}}},
		}},
		"lto": {Name: "trip_offer", Language: "en_US", Parts: []Part{
			{Type: "header", Index: -1, Values: []Value{{Type: "image", Raw: raw(`{"id":"880011223344561"}`)}}},
			{Type: "body", Index: -1, Values: []Value{
				{Type: "text", Text: "Asha"},
				{Type: "currency", Text: "$20.50", Raw: raw(`{"fallback_value":"$20.50","code":"USD","amount_1000":20500}`)},
			}},
			{Type: "limited_time_offer", Index: -1, Values: []Value{{Type: "limited_time_offer", Raw: raw(`{"expiration_time_ms":1798562800000}`)}}},
			{Type: "button", Sub: "copy_code", Index: 0, Values: []Value{{Type: "coupon_code", Text: "TRIP25"}}},
			{Type: "button", Sub: "url", Index: 1, Values: []Value{{Type: "text", Text: "trips?id=7"}}},
			{Type: "tap_target_configuration", Index: -1, Values: []Value{{Type: "tap_target_configuration", Text: "Our shop", Raw: raw(`[{"url":"https://shop.example.com/","title":"Our shop"}]`)}}},
		}},
		"mpm": {Name: "picked_for_you", Language: "en_US", Parts: []Part{
			{Type: "header", Index: -1, Values: []Value{{Type: "text", Text: "Asha"}}},
			{Type: "button", Sub: "mpm", Index: 0, Values: []Value{{Type: "action", Text: "For the garden\nFor the balcony", Raw: raw(
				`{"thumbnail_product_retailer_id":"sku-1","sections":[{"title":"For the garden","product_items":[{"product_retailer_id":"sku-1"},{"product_retailer_id":"sku-2"}]},{"title":"For the balcony","product_items":[{"product_retailer_id":"sku-3"}]}]}`)}}},
		}},
		"location_flow": {Name: "pick_up", Language: "de", Parts: []Part{
			{Type: "header", Index: -1, Values: []Value{{Type: "location", Text: "Shop\n1 Example Street", Raw: raw(`{"latitude":"52.5","longitude":"13.4","name":"Shop","address":"1 Example Street"}`)}}},
			{Type: "body", Index: -1, Values: []Value{{Type: "date_time", Name: "day", Text: "3 March", Raw: raw(`{"fallback_value":"3 March"}`)}}},
			{Type: "button", Sub: "flow", Index: 0, Values: []Value{{Type: "action", Text: "Hello\n9:00\n10:00", Raw: raw(`{"flow_token":"unused","flow_action_data":{"greeting":"Hello","slots":["9:00","10:00"],"count":2}}`)}}},
			{Type: "button", Sub: "voice_call", Index: 1, Values: []Value{{Type: "ttl_minutes", Raw: raw(`"60"`)}, {Type: "payload", Text: "desk"}}},
		}},
	}
	sameJSON := cmp.Comparer(func(a, b json.RawMessage) bool {
		return len(a) == len(b) || a != nil && b != nil && plainJSON(t, a) == plainJSON(t, b)
	})
	got := files(t, "send/*.json")
	for name, b := range got {
		t.Run(name, func(t *testing.T) {
			f := fill(t, b)
			if w, written := want[name]; written {
				require.Empty(t, cmp.Diff(w, *f, sameJSON))
			}
		})
	}
	for name := range want {
		_, there := got[name]
		require.True(t, there, name)
	}

	// forms of sends with the template they are for, by their names
	for send, definition := range map[string]string{"catalog": "catalog_create", "spm": "spm_read", "product_carousel": "product_carousel_create",
		"voice_call": "voice_call_create", "document_named": "document_named_create", "coupon": "coupon_create", "gif": "gif_create"} {
		d := parse(t, files(t, "definitions/"+definition+".json")[definition])
		got := Check(d, fill(t, got[send]), now)
		if send == "coupon" { // an amount and a date for one placeholder
			require.Len(t, got, 1)
			require.Equal(t, "send-param-count", string(got[0].Rule))
			continue
		}
		require.Empty(t, got, send)
	}
}

func TestParseFilledKeepsNothingOfItsInput(t *testing.T) {
	b := []byte(`{"name":"x","language":{"code":"en"},"components":[{"type":"header","parameters":[{"type":"image","image":{"id":"1"}}]}]}`)
	f := fill(t, b)
	for i := range b {
		b[i] = '#'
	}
	require.JSONEq(t, `{"id":"1"}`, string(f.Parts[0].Values[0].Raw), "the caller may use its buffer again")
}

func FuzzParseFilled(f *testing.F) {
	for _, b := range files(f, "send/*.json") {
		f.Add(b)
	}
	defs := []*Definition{}
	for _, b := range files(f, "definitions/*.json") {
		defs = append(defs, parse(f, b))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := ParseFilled(b)
		if err != nil {
			var e *Error
			require.ErrorAs(t, err, &e)
			return
		}
		for _, d := range defs {
			seen := map[Problem]bool{}
			for _, p := range Check(d, &v, time.Unix(1795000000, 0)) {
				p.Why, p.Fix, p.Span.Start, p.Span.End = "", "", 0, 0
				require.False(t, seen[p], "%s at %s twice", p.Rule, p.Where)
				seen[p] = true
			}
			CheckMedia(d, &v, []Media{{ID: "880011223344558", Bytes: 1 << 30, Type: "image/gif"}}, false)
			v.Name, v.Language = "", ""
			if _, err := Preview(d, &v, HTML, true); err != nil {
				require.True(t, errors.Is(err, ErrSize) || errors.Is(err, ErrRange), "%v", err)
			}
			texts, err := Render(d, &v)
			if err != nil {
				require.True(t, errors.Is(err, ErrSize) || errors.Is(err, ErrRange), "%v", err)
			}
			for _, x := range texts {
				for _, span := range x.Values {
					require.True(t, 0 <= span[0] && span[0] <= span[1] && span[1] <= len(x.Words))
				}
			}
		}
	})
}
