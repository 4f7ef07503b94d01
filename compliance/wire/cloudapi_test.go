package wire_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/waguard/waguard/category"
	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

func one(t *testing.T, body string, opts ...wire.Option) compliance.Message {
	t.Helper()
	ms, err := wire.CloudAPI([]byte(body), line, opts...)
	require.NoError(t, err)
	require.Len(t, ms, 1)
	require.Equal(t, line, ms[0].From)
	return ms[0]
}

// TestNoBody holds what is an error and no Message: nothing of it can be judged.
func TestNoBody(t *testing.T) {
	for _, c := range []struct {
		why, body string
		err       error
		field     string
		line      int
	}{
		{"a body that was cut off is not read as what is left of it", "{\"to\":\"+447700900123\",\n\"type\":", wire.ErrSyntax, "", 2},
		{"an empty body says nothing", "", wire.ErrSyntax, "", 1},
		{"of two recipients nobody knows which one Meta takes", "{\"to\":\"+447700900123\",\n\"to\":\"+447700900456\"}", wire.ErrDuplicate, "to", 2},
		{"of two texts nobody knows which one is sent", `{"text":{"body":"a","body":"b"}}`, wire.ErrDuplicate, "text.body", 1},
		{"broken UTF-8 is no text that could be checked", "{\"text\":{\"body\":\"\xff\"}}", wire.ErrUTF8, "text.body", 1},
		{"size is bounded", `{"x":"` + strings.Repeat("a", wire.MaxSize) + `"}`, wire.ErrSize, "", 1},
		{"depth is bounded", `{"x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, wire.ErrDepth, "x" + strings.Repeat("[0]", 64), 1},
	} {
		ms, err := wire.CloudAPI([]byte(c.body), line)
		require.Nil(t, ms, c.why)
		require.ErrorIs(t, err, c.err, c.why)
		var e *wire.Error
		require.True(t, errors.As(err, &e), c.why)
		require.Equal(t, c.field, e.Field, c.why)
		require.Equal(t, c.line, e.Line, c.why)
		require.NotContains(t, err.Error(), "4477", c.why)
	}
}

// TestMalformed holds what is JSON and no sound message: a Message that says so.
func TestMalformed(t *testing.T) {
	const to = `"to":"+447700900123",`
	for _, c := range []struct{ why, body, want string }{
		{"a list is no message", `[]`, "the body has the wrong type: want an object"},
		{"null is what a nil request marshals to", `null`, "the body has the wrong type: want an object"},
		{"nobody to send to", `{"type":"text","text":{"body":"x"}}`, "to is missing"},
		{"a number is no phone number", `{"to":447700900123,"type":"text","text":{"body":"x"}}`, "to has the wrong type: want a string"},
		{"a national number is no full number", `{"to":"07700900123","type":"text","text":{"body":"x"}}`, "to is no phone number: "},
		{"an id belongs into recipient", `{"to":"GB.918","type":"text","text":{"body":"x"}}`, "to is no phone number: "},
		{"an id has a form", `{"recipient":"GB.9-1","type":"text","text":{"body":"x"}}`, "recipient is no user id: "},
		{"Meta takes no other kind of recipient", `{` + to + `"recipient_type":"list","type":"text","text":{"body":"x"}}`, `recipient_type "list" is unknown`},
		{"a group has an id", `{"recipient_type":"group","type":"text","text":{"body":"x"}}`, "to is missing"},
		{"no type and no text", `{` + to + `"image":{"id":"1"}}`, "type is missing"},
		{"a type of next year", `{` + to + `"type":"poll","poll":{}}`, `type "poll" is unknown`},
		{"a type could be anything, so it is not repeated", `{` + to + `"type":"Call +44 7700"}`, "type is unknown"},
		{"no payload", `{` + to + `"type":"text"}`, "text is missing"},
		{"no words", `{` + to + `"type":"text","text":{}}`, "text.body is missing"},
		{"no words again", `{` + to + `"type":"text","text":{"body":""}}`, "text.body is missing"},
		{"words are a string", `{` + to + `"type":"text","text":{"body":5}}`, "text.body has the wrong type: want a string"},
		{"a payload is an object", `{` + to + `"type":"text","text":"hello"}`, "text has the wrong type: want an object"},
		{"media is by link or id", `{` + to + `"type":"image","image":{"caption":"x"}}`, "image.link is missing"},
		{"no cards", `{` + to + `"type":"contacts","contacts":[]}`, "contacts is missing"},
		{"a card without a name", `{` + to + `"type":"contacts","contacts":[{}]}`, "contacts[0].name is missing"},
		{"a reaction to nothing", `{` + to + `"type":"reaction","reaction":{"emoji":"👍"}}`, "reaction.message_id is missing"},
		{"an interactive message of no kind", `{` + to + `"type":"interactive","interactive":{"body":{"text":"x"}}}`, "interactive.type is missing"},
		{"an interactive message of next year", `{` + to + `"type":"interactive","interactive":{"type":"slider","body":{"text":"x"},"action":{}}}`, `interactive.type "slider" is unknown`},
		{"no body", `{` + to + `"type":"interactive","interactive":{"type":"button","action":{"buttons":[{"type":"reply","reply":{"id":"1","title":"Yes"}}]}}}`, "interactive.body is missing"},
		{"no action", `{` + to + `"type":"interactive","interactive":{"type":"button","body":{"text":"x"}}}`, "interactive.action is missing"},
		{"no buttons", `{` + to + `"type":"interactive","interactive":{"type":"button","body":{"text":"x"},"action":{}}}`, "interactive.action.buttons is missing"},
		{"a button without a label", `{` + to + `"type":"interactive","interactive":{"type":"button","body":{"text":"x"},"action":{"buttons":[{"type":"reply","reply":{"id":"1"}}]}}}`, "interactive.action.buttons[0].reply.title is missing"},
		{"a button that is no object", `{` + to + `"type":"interactive","interactive":{"type":"button","body":{"text":"x"},"action":{"buttons":["y"]}}}`, "interactive.action.buttons[0] has the wrong type: want an object"},
		{"a button that leads nowhere", `{` + to + `"type":"interactive","interactive":{"type":"cta_url","body":{"text":"x"},"action":{"name":"cta_url","parameters":{}}}}`, "interactive.action.parameters.url is missing"},
		{"a template without a name", `{` + to + `"type":"template","template":{"language":{"code":"en"}}}`, "template.name is missing"},
		{"a template without a language", `{` + to + `"type":"template","template":{"name":"x"}}`, "template.language.code is missing"},
		{"a value that is no string", `{` + to + `"type":"template","template":{"name":"x","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"text","text":5}]}]}}`, "template.components[0].parameters[0].text has the wrong type: want a string"},
		{"a category of next year", `{` + to + `"type":"text","text":{"body":"x"},"category":"news"}`, `category "news" is unknown`},
		{"another product than WhatsApp", `{"messaging_product":"sms",` + to + `"type":"text","text":{"body":"x"}}`, `messaging_product "sms" is unknown`},
		{"a message dressed as a read receipt", `{"status":"read","message_id":"wamid.1",` + to + `"text":{"body":"x"}}`, "to stands beside status"},
		{"a receipt for nothing", `{"status":"read"}`, "message_id is missing"},
		{"a receipt of another kind", `{"status":"sent","message_id":"wamid.1"}`, `status "sent" is unknown`},
	} {
		m := one(t, c.body)
		require.True(t, strings.HasPrefix(m.Malformed, c.want), "%s: got %q", c.why, m.Malformed)
		require.NotContains(t, m.Malformed, "7700", c.why)
	}
}

// TestReading holds the turns a body can take that no sample shows.
func TestReading(t *testing.T) {
	const to = `"to":"+447700900123",`
	for _, c := range []struct {
		why, body string
		check     func(*testing.T, compliance.Message)
	}{
		{"a type is judged as such, whatever status says beside it", `{"status":"read","message_id":"wamid.1",` + to + `"type":"text","text":{"body":"x"}}`,
			func(t *testing.T, m compliance.Message) { require.Equal(t, compliance.Freeform, m.Kind) }},
		{"without a type Meta sends a text", `{` + to + `"text":{"body":"x"}}`,
			func(t *testing.T, m compliance.Message) { require.Equal(t, "text", m.Type) }},
		{"null is absent, as clients write it", `{` + to + `"type":"text","text":{"body":"x"},"template":null,"context":null,"recipient":null,"category":null}`,
			func(t *testing.T, m compliance.Message) { require.Equal(t, compliance.Freeform, m.Kind) }},
		{"punctuation goes, as Meta lets it", `{"to":"+44 (7700) 900-123","type":"text","text":{"body":"x"}}`,
			func(t *testing.T, m compliance.Message) { require.Equal(t, "+447700900123", m.To.Phone) }},
		{"digits that are a full number are one", `{"to":"447700900123","type":"text","text":{"body":"x"}}`,
			func(t *testing.T, m compliance.Message) { require.Equal(t, "+447700900123", m.To.Phone) }},
		{"both forms of a Brazilian mobile are one person", `{"to":"+55 11 6123-4567","type":"text","text":{"body":"x"}}`,
			func(t *testing.T, m compliance.Message) { require.Equal(t, "+5511961234567", m.To.Phone) }},
		{"a parent id", `{"recipient":"GB.ENT.5566","type":"text","text":{"body":"x"}}`,
			func(t *testing.T, m compliance.Message) {
				require.Equal(t, party.Party{Parent: "GB.ENT.5566"}, m.To)
			}},
		{"a number as recipient beside to", `{` + to + `"recipient":"+447700900456","type":"text","text":{"body":"x"}}`,
			func(t *testing.T, m compliance.Message) {
				require.Equal(t, party.Party{Phone: "+447700900456"}, m.Also)
			}},
		{"marketing is a category Direct Send does not take; the rule says so", `{` + to + `"type":"text","text":{"body":"x"},"category":"MARKETING"}`,
			func(t *testing.T, m compliance.Message) {
				require.Equal(t, compliance.Direct, m.Kind)
				require.Equal(t, category.Marketing, m.Category)
			}},
		{"a template keeps its kind beside a category", `{` + to + `"type":"template","template":{"name":"x","language":{"code":"pt_BR"}},"category":"utility"}`,
			func(t *testing.T, m compliance.Message) {
				require.Equal(t, compliance.Template, m.Kind)
				require.Equal(t, language.BrazilianPortuguese, m.Locale)
			}},
		{"a product card makes a carousel commerce", `{` + to + `"type":"interactive","interactive":{"type":"carousel","body":{"text":"x"},"action":{"cards":[{"type":"product","action":{"catalog_id":"1","product_retailer_id":"2"}}]}}}`,
			func(t *testing.T, m compliance.Message) { require.True(t, m.Commerce) }},
		{"a catalogue button makes a template commerce", `{` + to + `"type":"template","template":{"name":"x","language":{"code":"en"},"components":[{"type":"button","sub_type":"catalog","index":0,"parameters":[{"type":"action","action":{"thumbnail_product_retailer_id":"1"}}]}]}}`,
			func(t *testing.T, m compliance.Message) { require.True(t, m.Commerce) }},
		{"the items of an order are read, its ids are not", `{` + to + `"type":"interactive","interactive":{"type":"order_details","body":{"text":"Pay here"},"action":{"name":"review_and_pay","parameters":{"reference_id":"r-1","currency":"BRL","order":{"status":"pending","items":[{"retailer_id":"sku-1","name":"Two mugs","amount":{"value":100,"offset":100}}],"tax":{"description":"VAT"}},"payment_settings":[{"type":"pix_dynamic_code","pix_dynamic_code":{"code":"000201","merchant_name":"Example Ltd","key":"39580525000189","key_type":"CNPJ"}}]}}}}`,
			func(t *testing.T, m compliance.Message) {
				require.True(t, m.Commerce)
				require.Equal(t, []string{"Pay here", "Two mugs", "VAT", "Example Ltd"}, wordsOf(m))
			}},
		{"a member Meta adds next year is read as words", `{` + to + `"type":"interactive","interactive":{"type":"list","body":{"text":"x"},"action":{"button":"y","sections":[{"rows":[{"id":"1","title":"a","subtitle":"new words"}]}]}}}`,
			func(t *testing.T, m compliance.Message) { require.Contains(t, wordsOf(m), "new words") }},
		{"the file name in a header is shown", `{` + to + `"type":"interactive","interactive":{"type":"button","header":{"type":"document","document":{"link":"https://shop.example.com/a","filename":"offer.pdf"}},"body":{"text":"x"},"action":{"buttons":[{"type":"reply","reply":{"id":"1","title":"Yes"}}]}}}`,
			func(t *testing.T, m compliance.Message) {
				require.Equal(t, "interactive.header.document.filename", m.Texts[0].Place)
				require.Equal(t, "interactive.action.buttons.0.title", m.Texts[2].Place)
			}},
		{"a template parameter nobody knows is read", `{` + to + `"type":"template","template":{"name":"x","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"poem","poem":{"line":"roses"}}]}]}}`,
			func(t *testing.T, m compliance.Message) {
				require.Equal(t, []compliance.Text{{Place: "template.components.0.parameters.0.poem.line", Words: "roses"}}, m.Texts)
			}},
		{"clients write null and nothing where they have no value", `{` + to + `"type":"template","template":{"name":"x","language":{"code":"en_US","policy":""},"components":[{"type":"body","index":0,"parameters":[{"type":"text","text":"A","currency":null,"image":null}]},{"type":"button","sub_type":"quick_reply","index":0,"parameters":null}]}}`,
			func(t *testing.T, m compliance.Message) { require.Equal(t, "A", m.Template.Parts[0].Values[0].Text) }},
		{"an empty member is none", `{` + to + `"recipient":"","status":"","category":"","recipient_type":"","type":"text","text":{"body":"x"}}`,
			func(t *testing.T, m compliance.Message) { require.Equal(t, compliance.Freeform, m.Kind) }},
		{"also in a read receipt", `{"to":"","recipient":"","type":"","status":"read","message_id":"wamid.1","text":null}`,
			func(t *testing.T, m compliance.Message) { require.Equal(t, compliance.Pass, m.Kind) }},
		{"and of a Flow that is none", `{` + to + `"type":"interactive","interactive":{"type":"cta_url","action":{"name":"cta_url","parameters":{"display_text":"Track","url":"https://shop.example.com","flow_message_version":"","flow_cta":"","flow_action_payload":null}},"body":{"text":"x"}}}`,
			func(t *testing.T, m compliance.Message) {
				require.Equal(t, []string{"x", "Track", "https://shop.example.com"}, wordsOf(m))
			}},
		{"a pin is in a group, whatever the kind of recipient says", `{"recipient_type":"individual","to":"Y2FwaV9ncm91cDp4","type":"pin","pin":{"type":"pin","message_id":"wamid.1"}}`,
			func(t *testing.T, m compliance.Message) { require.Equal(t, compliance.Pass, m.Kind) }},
		{"a member with an empty name is one", `{"":{},` + to + `"type":"text","text":{"body":"x"}}`,
			func(t *testing.T, m compliance.Message) { require.Equal(t, []string{"x"}, wordsOf(m)) }},
	} {
		t.Run(c.why, func(t *testing.T) {
			m := one(t, c.body)
			require.Empty(t, m.Malformed)
			c.check(t, m)
		})
	}
}

func wordsOf(m compliance.Message) (all []string) {
	for _, x := range m.Texts {
		all = append(all, x.Words)
	}
	return all
}

func TestOptions(t *testing.T) {
	m := one(t, `{"to":"+447700900123","type":"text","text":{"body":"x"}}`, wire.WithEndpoint("marketing_messages"),
		wire.WithOrigin(compliance.Human), wire.WithLocale(language.German), wire.WithKey("k"))
	require.Equal(t, "marketing_messages", m.Endpoint)
	require.Equal(t, compliance.Human, m.Origin)
	require.Equal(t, language.German, m.Locale)
	require.Equal(t, "k", m.Key)
}

func TestCalls(t *testing.T) {
	for _, c := range []struct {
		why, body string
		kind      compliance.Kind
		malformed string
	}{
		{"placing a call", `{"to":"+447700900123","action":"connect"}`, compliance.Call, ""},
		{"placing a call to an id", `{"recipient":"GB.918","action":"connect"}`, compliance.Call, ""},
		{"answering one is no message", `{"call_id":"wacid.1","action":"accept"}`, compliance.Pass, ""},
		{"ending one is no message", `{"call_id":"wacid.1","action":"terminate"}`, compliance.Pass, ""},
		{"nobody to call", `{"action":"connect"}`, compliance.Call, "to is missing"},
		{"an action of next year is no pass", `{"to":"+447700900123","action":"barge_in"}`, compliance.Call, `action "barge_in" is unknown`},
		{"no action", `{"to":"+447700900123"}`, compliance.Call, "action is missing"},
	} {
		ms, err := wire.CloudAPICall([]byte(c.body), line)
		require.NoError(t, err, c.why)
		require.Equal(t, c.kind, ms[0].Kind, c.why)
		require.Equal(t, c.malformed, ms[0].Malformed, c.why)
	}
}

// request stands for a client's own message type.
type request struct {
	To   string            `json:"to"`
	Type string            `json:"type"`
	Text map[string]string `json:"text,omitempty"`
}

type response struct {
	Contacts []struct {
		WaID string `json:"wa_id"`
	} `json:"contacts"`
	Messages []struct {
		ID string `json:"id"`
	} `json:"messages"`
}

func TestDescribe(t *testing.T) {
	r := request{To: "+447700900123", Type: "text", Text: map[string]string{"body": "hello"}}
	want, err := wire.Describe[request](line)(r)
	require.NoError(t, err)
	require.Equal(t, "hello", want[0].Texts[0].Words)

	body, err := json.Marshal(r)
	require.NoError(t, err)
	for _, got := range []func() ([]compliance.Message, error){
		func() ([]compliance.Message, error) { return wire.Describe[*request](line)(&r) },
		func() ([]compliance.Message, error) { return wire.Describe[[]byte](line)(body) },
		func() ([]compliance.Message, error) { return wire.Describe[json.RawMessage](line)(body) },
		func() ([]compliance.Message, error) { return wire.Describe[string](line)(string(body)) },
	} {
		ms, err := got()
		require.NoError(t, err)
		require.Equal(t, want, ms)
	}
	ms, err := wire.Describe[*request](line)(nil)
	require.NoError(t, err)
	require.NotEmpty(t, ms[0].Malformed, "a nil request is no message")
	_, err = wire.Describe[chan int](line)(nil)
	var e *wire.Error
	require.ErrorAs(t, err, &e, "what has no JSON cannot be described")
}

// What the front door is written like has to compile.
var _ = func(s *compliance.Sender, send func(context.Context, *request) (*response, error)) func(context.Context, *request) (*response, error) {
	return compliance.Wrap(s, wire.Describe[*request](line), send, wire.Ack)
}

func TestAck(t *testing.T) {
	a := wire.Ack(&response{Messages: []struct {
		ID string `json:"id"`
	}{{"wamid.1"}, {"wamid.2"}}})
	require.Equal(t, "wamid.1", a.Message)
	require.Equal(t, []string{"wamid.2"}, a.Others)
	require.Zero(t, wire.Ack((*response)(nil)), "a nil answer says nothing")
	require.Zero(t, wire.Ack("<html>"), "nor does what is no JSON")
	require.Zero(t, wire.Ack(func() {}), "nor what cannot be JSON")
	_, err := wire.Response([]byte("<html>"))
	require.ErrorIs(t, err, wire.ErrSyntax)
	_, err = wire.Response([]byte(`"ok"`))
	require.ErrorIs(t, err, wire.ErrType)
	a, err = wire.Response([]byte(`{"contacts":[{"wa_id":"447700900123"},{"wa_id":"447700900456"}],"messages":[{"id":"wamid.1"}]}`))
	require.NoError(t, err)
	require.Empty(t, a.WaID, "with two recipients nobody knows whose it is")
	a, err = wire.Response([]byte(`{"errors":[{"code":131047},{"code":"131056"}]}`))
	require.NoError(t, err)
	require.Equal(t, []int{131047, 131056}, a.Codes)
	a, err = wire.Response([]byte(`{"messaging_product":"whatsapp","calls":[{"id":"wacid.1"}],"success":true}`))
	require.NoError(t, err)
	require.Equal(t, "wacid.1", a.Message, "what a call is known by")
}

func seeds(f *testing.F, prefix string) {
	files, err := filepath.Glob(filepath.Join(samples, prefix+"*.json"))
	require.NoError(f, err)
	for _, name := range files {
		b, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(b)
	}
}

// FuzzCloudAPI: a body comes to an error or to one Message, and what is neither
// malformed nor a pass names somebody, has a kind and a type.
func FuzzCloudAPI(f *testing.F) {
	seeds(f, "out_")
	f.Fuzz(func(t *testing.T, b []byte) {
		ms, err := wire.CloudAPI(b, line)
		if err != nil {
			var e *wire.Error
			if ms != nil || !errors.As(err, &e) || e.Line < 1 {
				t.Fatalf("%v %v", ms, err)
			}
			return
		}
		m := ms[0]
		if m.Malformed == "" && m.Kind != compliance.Pass &&
			(m.Kind == 0 || m.Type == "" || m.To.IsZero() == (m.Group == "")) {
			t.Fatalf("a message nobody could judge: %+v", m)
		}
		if m.Kind == compliance.Template && m.Malformed == "" && (m.Template.Name == "" || m.Template.Language == "") {
			t.Fatal("a template without a name")
		}
	})
}

func FuzzResponse(f *testing.F) {
	seeds(f, "resp_")
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := wire.Response(b)
		if err != nil && (a.Message != "" || a.Codes != nil) {
			t.Fatal("an answer and an error")
		}
	})
}

func BenchmarkCloudAPI(b *testing.B) {
	for _, name := range []string{"out_text", "out_interactive_list", "out_template_marketing", "out_template_carousel"} {
		body, err := os.ReadFile(filepath.Join(samples, name+".json"))
		require.NoError(b, err)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, err := wire.CloudAPI(body, line); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDescribe(b *testing.B) {
	describe := wire.Describe[*request](line)
	r := &request{To: "+447700900123", Type: "text", Text: map[string]string{"body": "Your table for two is held until 19:30."}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := describe(r); err != nil {
			b.Fatal(err)
		}
	}
}
