package template

import (
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// pair reads a definition and the values for it from testdata.
func pair(t testing.TB, definition, send string) (*Definition, *Filled) {
	t.Helper()
	return parse(t, files(t, "definitions/"+definition+".json")[definition]), fill(t, files(t, "send/"+send+".json")[send])
}

func TestRender(t *testing.T) {
	cases := []struct {
		why, definition, send string
		want                  []Text
	}{
		{"named values, an address with its suffix, a payload nobody reads", "marketing_read", "marketing", []Text{
			{"body", "Hi Asha, our spring sale is on & <everything> is 25% off.", [][2]int{{3, 7}}},
			{"footer", "Not interested? Tap Stop promotions", nil},
			{"button.0", "Shop", nil},
			{"button.0.url", "https://shop.example.com/sale?u=1", [][2]int{{25, 33}}},
			{"button.1", "Stop promotions", nil},
		}},
		{"numbered values", "utility_read", "utility", []Text{
			{"body", "Hi Asha, your order #123 has left our warehouse.", [][2]int{{3, 7}, {20, 24}}},
		}},
		{"Meta's wording where the definition has none", "authentication_create", "authentication", []Text{
			{"body", "*482913* is your verification code. For your security, do not share this code.", [][2]int{{1, 7}}},
			{"footer", "This code expires in 5 minutes.", nil},
			{"button.0", "Copy Code", nil},
		}},
		{"the code's own address is nothing to read", "authentication_read", "authentication", []Text{
			{"body", "*482913* is your verification code. For your security, do not share this code.", [][2]int{{1, 7}}},
			{"footer", "This code expires in 5 minutes.", nil},
			{"button.0", "Copy code", nil},
		}},
		{"only the cards sent are read, and a card without its value shows the placeholder", "carousel_create", "carousel", []Text{
			{"body", "Hello Asha, two ideas for you.", [][2]int{{6, 10}}},
			{"card.0.body", "A rose, {{1}} each", nil},
			{"card.0.button.0", "More", nil},
		}},
		{"an amount prints its fallback; offer, coupon and tap target are read", "lto_create", "lto", []Text{
			{"limited_time_offer", "Expiring offer!", nil},
			{"body", "Good news, Asha! Trips from $20.50 until it ends.", [][2]int{{11, 15}, {28, 34}}},
			{"button.0.value", "TRIP25", [][2]int{{0, 6}}},
			{"button.1", "Book now", nil},
			{"button.1.url", "https://trips.example.com/trips?id=7", [][2]int{{26, 36}}},
			{"tap_target", "Our shop", [][2]int{{0, 8}}},
		}},
		{"section titles are read", "special_create", "mpm", []Text{
			{"header", "For Asha", [][2]int{{4, 8}}},
			{"body", "Picked for you: 🌱 \"green\" \a things.\nSee below.", nil},
			{"button.0", "View items", nil},
			{"button.0.value", "For the garden\nFor the balcony", [][2]int{{0, 30}}},
		}},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) {
			d, f := pair(t, c.definition, c.send)
			got, err := Render(d, f)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(c.want, got))
		})
	}
}

func TestRenderFills(t *testing.T) {
	cases := []struct {
		why, text string
		values    []Value
		want      string
	}{
		{"no value leaves the placeholder", "Hi {{1}} and {{2}}.", []Value{{Text: "A"}}, "Hi A and {{2}}."},
		{"a name nobody gave", "Hi {{first}} {{last}}.", []Value{{Name: "last", Text: "B"}}, "Hi {{first}} B."},
		{"the same placeholder twice", "{{1}}, {{1}}!", []Value{{Text: "A"}}, "A, A!"},
		{"out of order", "{{2}} {{1}}", []Value{{Text: "A"}, {Text: "B"}}, "B A"},
		{"a value that looks like a placeholder is not filled again", "{{1}} {{2}}", []Value{{Text: "{{2}}"}, {Text: "B"}}, "{{2}} B"},
		{"braces around a placeholder", "{{{1}}}", []Value{{Text: "A"}}, "{A}"},
		{"braces that are none", "{{}} {{ }} {1} }} {{", []Value{{Text: "A"}}, "{{}} {{ }} {1} }} {{"},
		{"spaces inside", "{{ 1 }}", []Value{{Text: "A"}}, "A"},
		{"zero is a name", "{{0}}", []Value{{Name: "0", Text: "A"}}, "A"},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) {
			d := &Definition{Components: []Component{{Type: "BODY", Text: c.text}}}
			got, err := Render(d, &Filled{Parts: []Part{{Type: "body", Values: c.values}}})
			require.NoError(t, err)
			require.Len(t, got, 1)
			require.Equal(t, c.want, got[0].Words)
			for _, span := range got[0].Values {
				require.Contains(t, []string{c.values[0].Text, c.values[len(c.values)-1].Text}, got[0].Words[span[0]:span[1]])
			}
		})
	}
}

func TestRenderRefuses(t *testing.T) {
	d := &Definition{Ref: Ref{Name: "a", Language: "en_US"}, Components: []Component{{Type: "BODY", Text: strings.Repeat("{{1}} ", 200)}}}
	_, err := Render(d, &Filled{Name: "b", Language: "en_US"})
	require.ErrorIs(t, err, ErrOther, "another name")
	_, err = Render(d, &Filled{Name: "a", Language: "de"})
	require.ErrorIs(t, err, ErrOther, "another language")
	_, err = Render(d, &Filled{Name: "a", Language: "en-US"})
	require.NoError(t, err, "a hyphen is the same language")
	_, err = Render(d, &Filled{Parts: []Part{{Type: "body", Values: []Value{{Type: "text", Text: strings.Repeat("x", 10_000)}}}}})
	require.ErrorIs(t, err, ErrSize, "200 times 10,000 bytes")

	products := &Definition{Components: []Component{{Type: "CAROUSEL", Cards: []Card{{Components: []Component{
		{Type: "HEADER", Format: "PRODUCT"}, {Type: "BODY", Text: "a"}, {Type: "FOOTER", Text: "b"},
	}}}}}}
	_, err = Render(products, &Filled{Parts: []Part{{Type: "carousel", Cards: make([]FilledCard, 5000)}}})
	require.ErrorIs(t, err, ErrRange, "more texts than a message has")
}

func TestRenderSharesFixedText(t *testing.T) {
	d := &Definition{Components: []Component{{Type: "BODY", Text: "nothing to fill"}}}
	got, err := Render(d, &Filled{})
	require.NoError(t, err)
	require.Equal(t, unsafe.StringData(d.Components[0].Text), unsafe.StringData(got[0].Words), "no copy is made")
}
