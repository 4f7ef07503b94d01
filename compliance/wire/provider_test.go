package wire_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
	"github.com/waguard/waguard/template"
)

// A sample is one call of a client to a provider, with what a person wrote
// should come of it: the kinds of its messages, or an error.
type sample struct {
	Why     string            `json:"why"`
	Expect  any               `json:"expect"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Form    map[string]any    `json:"form"`
	JSON    json.RawMessage   `json:"json"`
	Status  int               `json:"status"` // of an answer
}

func (s sample) request(t testing.TB) wire.Request {
	u, err := url.Parse(s.URL)
	require.NoError(t, err)
	r := wire.Request{Method: s.Method, URL: u, Header: http.Header{}}
	for k, v := range s.Headers {
		r.Header.Set(k, v)
	}
	switch {
	case s.Form != nil:
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		q := url.Values{}
		for k, v := range s.Form {
			switch v := v.(type) {
			case string:
				q.Set(k, v)
			case []any:
				for _, x := range v {
					q.Add(k, x.(string))
				}
			}
		}
		r.Body = []byte(q.Encode())
	case s.JSON != nil:
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		r.Body = s.JSON
	}
	return r
}

// eachSample runs over the samples of every provider.
func eachSample(t *testing.T, answers bool, run func(t *testing.T, p wire.Provider, s sample, golden string)) {
	for _, p := range wire.Providers() {
		files, err := filepath.Glob(filepath.Join(samples, p.Name, "*.json"))
		require.NoError(t, err)
		require.NotEmpty(t, files, p.Name)
		for _, f := range files {
			name := filepath.Base(f)
			if strings.HasPrefix(name, "answer_") != answers {
				continue
			}
			t.Run(p.Name+"/"+strings.TrimSuffix(name, ".json"), func(t *testing.T) {
				run(t, p, readSample(t, f), "../"+p.Name+"/golden/"+name)
			})
		}
	}
}

func readSample(t testing.TB, file string) (s sample) {
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &s))
	require.NotEmpty(t, s.Why)
	return s
}

// contents are what the samples' own ids stand for.
func contents(id string) (wire.Content, bool) {
	switch id {
	case "HXorder", "order":
		return wire.Content{Template: template.Ref{Name: "order_shipped", Language: "en"}, Places: map[string]string{"3": "button.0"}}, true
	case "HXlist":
		return wire.Content{Type: "interactive/list", Texts: []compliance.Text{{Place: "body", Words: "Hi {{1}}, when?"}, {Place: "rows.0", Words: "9:00"}}}, true
	}
	return wire.Content{}, false
}

// TestProviders reads every sample call as a guard would.
func TestProviders(t *testing.T) {
	eachSample(t, false, func(t *testing.T, p wire.Provider, s sample, name string) {
		r := s.request(t)
		require.True(t, p.Serves(r.URL.Hostname()), "the host is none of %s", p.Name)
		ms, err := p.Read(r, party.Line{}, wire.WithContents(contents))
		if err != nil {
			var e *wire.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, s.Expect, "error: "+e.Cause(), s.Why)
			return
		}
		var got []any
		for _, m := range ms {
			require.NotContains(t, m.Malformed, "7700")
			if m.Malformed != "" {
				got = append(got, "malformed: "+m.Malformed)
			} else {
				got = append(got, kindOf(m))
			}
		}
		require.Equal(t, s.Expect, got, s.Why)
		golden(t, name, ms)
	})
}

// TestProviderAnswers reads every sample answer.
func TestProviderAnswers(t *testing.T) {
	eachSample(t, true, func(t *testing.T, p wire.Provider, s sample, name string) {
		a := p.Answer(s.Status, s.JSON)
		require.Equal(t, s.Status, a.HTTP)
		if p.Name == "meta" {
			require.Empty(t, a.Provider)
		} else {
			require.Equal(t, p.Name, a.Provider)
		}
		var got []any
		if a.Message != "" {
			got = append(got, "wamid")
		}
		if a.WaID != "" {
			got = append(got, "wa_id")
		}
		if n := len(a.Others); n > 0 {
			got = append(got, "others "+strconv.Itoa(n))
		}
		for _, c := range a.Codes {
			got = append(got, "code "+strconv.Itoa(c))
		}
		if got == nil {
			got = append(got, "nothing")
		}
		require.Equal(t, s.Expect, got, s.Why)
		if s.Status >= 400 && p.Name != "meta" && p.Name != "360dialog" {
			require.NotEmpty(t, a.Details, "the provider's words about it")
		}
		require.Equal(t, compliance.Ack{HTTP: s.Status, Provider: a.Provider}, p.Answer(s.Status, []byte("<html>")), "a page is no answer")
	})
}

// TestRefusals: a refusal reads, by the provider's own reader, as a refusal.
func TestRefusals(t *testing.T) {
	for _, p := range wire.Providers() {
		b := p.Refusal(990001, "d-1", "not sent")
		require.True(t, json.Valid(b), p.Name)
		require.Contains(t, string(b), "not sent", p.Name)
		require.Contains(t, string(b), "d-1", p.Name)
		a := p.Answer(http.StatusForbidden, b)
		require.Empty(t, a.Message, p.Name)
		if p.Name != "infobip" { // whose errors have no codes
			require.Equal(t, []int{990001}, a.Codes, p.Name)
		}
	}
}

// TestNewMembersAreRead: whatever is added to a body that is read member by
// member counts as words until it is known to be none.
func TestNewMembersAreRead(t *testing.T) {
	for _, c := range []struct {
		why    string
		decode wire.Decoder
		body   string
		place  string
	}{
		{"Infobip", wire.InfobipBody("text"), `{"from":"12025550199","to":"447700900123","content":{"text":"a","subtitle":"new words"}}`, "content.subtitle"},
		{"Infobip, Messages API", wire.InfobipMessages, `{"messages":[{"channel":"WHATSAPP","sender":"1","destinations":[{"to":"447700900123"}],"content":{"body":{"type":"TEXT","text":"a"},"banner":{"text":"new words"}}}]}`, "messages.0.content.banner.text"},
		{"Gupshup", wire.GupshupForm, "channel=whatsapp&destination=447700900123&message=" + url.QueryEscape(`{"type":"text","text":"a","subtitle":"new words"}`), "message.subtitle"},
		{"Vonage", wire.VonageBody, `{"channel":"whatsapp","to":"447700900123","from":"1","message_type":"image","image":{"url":"https://shop.example.com","alt":"new words"}}`, "image.alt"},
	} {
		ms, err := c.decode([]byte(c.body), party.Line{})
		require.NoError(t, err, c.why)
		require.Empty(t, ms[0].Malformed, c.why)
		require.True(t, slices.ContainsFunc(ms[0].Texts, func(x compliance.Text) bool { return x.Place == c.place && x.Words == "new words" }), "%s: %v", c.why, ms[0].Texts)
	}
}

// TestNoSpellingIsAnotherChannel: what may reach somebody on WhatsApp is judged,
// since an app may let other channels through unread.
func TestNoSpellingIsAnotherChannel(t *testing.T) {
	unified := func(channel, dest string) string {
		return `{"messages":[{"channel":"` + channel + `","sender":"12025550199","destinations":[` + dest + `],"content":{"body":{"type":"TEXT","text":"a"}}}]}`
	}
	const form = "destination=447700900123&source=12025550199&message=%7B%22type%22%3A%22text%22%2C%22text%22%3A%22a%22%7D&channel="
	for _, c := range []struct {
		why    string
		decode wire.Decoder
		body   string
		want   []string // whom it reaches; nil: nobody on WhatsApp
	}{
		{"a channel in small letters", wire.InfobipMessages, unified("WhatsApp", `{"to":"447700900123"}`), []string{"+447700900123"}},
		{"a destination by its channel", wire.InfobipMessages, unified("SMS", `{"byChannel":[{"channel":"whatsapp","to":"447700900123"}]}`), []string{"+447700900123"}},
		{"its own number beside one of another channel", wire.InfobipMessages, unified("WHATSAPP", `{"to":"447700900123","byChannel":[{"channel":"SMS","to":"447700900456"}]}`), []string{"+447700900123"}},
		{"its own number beside another of the channel", wire.InfobipMessages, unified("WHATSAPP", `{"to":"447700900123","byChannel":[{"channel":"WHATSAPP","to":"447700900456"}]}`),
			[]string{"+447700900456", "+447700900123"}},
		{"one of another channel alone", wire.InfobipMessages, unified("WHATSAPP", `{"byChannel":[{"channel":"SMS","to":"447700900456"}]}`), nil},
		{"another channel", wire.InfobipMessages, unified("SMS", `{"to":"447700900123"}`), nil},
		{"Gupshup's in capitals", wire.GupshupForm, form + "WhatsApp", []string{"+447700900123"}},
		{"another of Gupshup's", wire.GupshupForm, form + "sms", nil},
	} {
		ms, err := c.decode([]byte(c.body), line)
		if c.want == nil {
			require.ErrorIs(t, err, wire.ErrChannel, c.why)
			continue
		}
		require.NoError(t, err, c.why)
		var got []string
		for _, m := range ms {
			require.Empty(t, m.Malformed, c.why)
			got = append(got, m.To.Phone)
		}
		require.Equal(t, c.want, got, c.why)
	}
}

// TestTwilioParams: what twilio-go's own type says is what its form says.
func TestTwilioParams(t *testing.T) {
	form := "Body=Hello&To=whatsapp%3A%2B447700900123&From=whatsapp%3A%2B12025550199&MediaUrl=https%3A%2F%2Fshop.example.com%2F1.jpg&ValidityPeriod=60"
	params := `{"PathAccountSid":null,"To":"whatsapp:+447700900123","From":"whatsapp:+12025550199","Body":"Hello","MediaUrl":["https://shop.example.com/1.jpg"],"ValidityPeriod":60,"ForceDelivery":true}`
	want, err := wire.TwilioForm([]byte(form), party.Line{})
	require.NoError(t, err)
	got, err := wire.TwilioParams([]byte(params), party.Line{})
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// TestForms holds what no form can be: nothing of it is judged.
func TestForms(t *testing.T) {
	const to = "To=whatsapp%3A%2B447700900123&"
	for _, c := range []struct {
		why, body string
		err       error
	}{
		{"of two recipients nobody knows which one is taken", to + "To=whatsapp%3A%2B447700900456&Body=x", wire.ErrDuplicate},
		{"of two texts nobody knows which one is sent", to + "Body=x&Body=y", wire.ErrDuplicate},
		{"a broken escape can be read in two ways", to + "Body=%zz", wire.ErrEncoding},
		{"a semicolon parts pairs for some servers", to + "Body=x;Body=y", wire.ErrEncoding},
		{"broken UTF-8 is no text that could be checked", to + "Body=%ff", wire.ErrUTF8},
		{"size is bounded", to + "Body=" + strings.Repeat("a", wire.MaxSize), wire.ErrSize},
		{"so is the number of pairs", to + strings.Repeat("MediaUrl=a&", 1100), wire.ErrSize},
	} {
		ms, err := wire.TwilioForm([]byte(c.body), line)
		require.Nil(t, ms, c.why)
		require.ErrorIs(t, err, c.err, c.why)
		require.NotContains(t, err.Error(), "7700", c.why)
	}
}

// TestRoutes: no spelling of a send is taken for something else, and no path
// that can be read in two ways is taken at all.
func TestRoutes(t *testing.T) {
	for _, c := range []struct {
		why      string
		provider wire.Provider
		method   string
		url      string
		name     string // "": no route
	}{
		{"letters in either case", wire.Meta(), "POST", "https://graph.facebook.com/V25.0/1/MESSAGES", "messages"},
		{"a slash at the end", wire.Meta(), "POST", "https://graph.facebook.com/v25.0/1/messages/", "messages"},
		{"only POST sends", wire.Meta(), "GET", "https://graph.facebook.com/v25.0/1/messages", ""},
		{"a batch holds what is not read", wire.Meta(), "POST", "https://graph.facebook.com/v25.0", ""},
		{"the root takes batches too", wire.Meta(), "POST", "https://graph.facebook.com", ""},
		{"an escape", wire.Meta(), "POST", "https://graph.facebook.com/v25.0/1/mess%61ges", ""},
		{"an empty segment", wire.Meta(), "POST", "https://graph.facebook.com/v25.0//1/messages", ""},
		{"a way up", wire.Meta(), "POST", "https://graph.facebook.com/v25.0/2/../1/messages", ""},
		{"a kind in capitals", wire.Infobip(), "POST", "https://x.api.infobip.com/WhatsApp/1/Message/Text", "text"},
		{"a kind nobody knows is still a send", wire.Infobip(), "POST", "https://x.api.infobip.com/whatsapp/1/message/interactive/poll", "message"},
		{"Gupshup", wire.Gupshup(), "POST", "https://api.gupshup.io/WA/api/v1/msg", "msg"},
		{"Vonage", wire.Vonage(), "POST", "https://api.nexmo.com/V1/messages", "messages"},
	} {
		u, err := url.Parse(c.url)
		require.NoError(t, err)
		path, ok := wire.Path(u)
		if !ok {
			require.Empty(t, c.name, c.why)
			continue
		}
		r, ok := c.provider.Route(c.method, path)
		require.Equal(t, c.name != "", ok, c.why)
		require.Equal(t, c.name, r.Name, c.why)
	}
	require.True(t, wire.Infobip().Serves("a1b2.API.infobip.com"))
	require.False(t, wire.Infobip().Serves("api.infobip.com.example.com"))
	require.False(t, wire.Infobip().Serves(".api.infobip.com"))
}

// TestMediaTypes: a body is read as what it says it is, once and uncompressed,
// since a provider that reads it as something else may find another message.
func TestMediaTypes(t *testing.T) {
	u, _ := url.Parse("https://graph.facebook.com/v25.0/1/messages")
	body := []byte(`{"to":"+447700900123","type":"text","text":{"body":"x"}}`)
	for _, c := range []struct {
		why    string
		header http.Header
		ok     bool
	}{
		{"JSON", http.Header{"Content-Type": {"application/json"}}, true},
		{"in the one charset there is", http.Header{"Content-Type": {"application/json; charset=UTF-8"}}, true},
		{"in another charset", http.Header{"Content-Type": {"application/json; charset=utf-16"}}, false},
		{"a form", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, false},
		{"nothing told", http.Header{}, false},
		{"told twice", http.Header{"Content-Type": {"application/json", "text/plain"}}, false},
		{"compressed", http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, false},
	} {
		_, err := wire.Meta().Read(wire.Request{Method: "POST", URL: u, Header: c.header, Body: body}, line)
		if c.ok {
			require.NoError(t, err, c.why)
		} else {
			require.ErrorIs(t, err, wire.ErrHeader, c.why)
		}
	}
}

// fuzz holds any decoder to its duties: an error or Messages, and what is
// neither malformed nor a pass names somebody, has a kind and a type.
func fuzz(f *testing.F, provider, prefix string, decode wire.Decoder) {
	files, err := filepath.Glob(filepath.Join(samples, provider, prefix+"*.json"))
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, name := range files {
		if s := readSample(f, name); s.URL != "" {
			f.Add(s.request(f).Body)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		ms, err := decode(b, line, wire.WithContents(contents))
		if err != nil {
			if e, ok := err.(*wire.Error); ms != nil || !ok || e.Line < 1 {
				t.Fatalf("%v %v", ms, err)
			}
			return
		}
		if len(ms) == 0 {
			t.Fatal("neither an error nor a message")
		}
		for _, m := range ms {
			if m.Malformed == "" && m.Kind != compliance.Pass && (m.Kind == 0 || m.Type == "" || m.To.IsZero() == (m.Group == "")) {
				t.Fatalf("a message nobody could judge: %+v", m)
			}
			if m.Kind == compliance.Template && m.Malformed == "" && m.Template.Name == "" {
				t.Fatal("a template without a name")
			}
		}
	})
}

func FuzzTwilioForm(f *testing.F)          { fuzz(f, "twilio", "", wire.TwilioForm) }
func FuzzTwilioParams(f *testing.F)        { fuzz(f, "vonage", "", wire.TwilioParams) }
func FuzzInfobipText(f *testing.F)         { fuzz(f, "infobip", "", wire.InfobipBody("text")) }
func FuzzInfobipFlow(f *testing.F)         { fuzz(f, "infobip", "", wire.InfobipBody("interactive/flow")) }
func FuzzInfobipTemplate(f *testing.F)     { fuzz(f, "infobip", "", wire.InfobipBody("template")) }
func FuzzInfobipMessages(f *testing.F)     { fuzz(f, "infobip", "unified", wire.InfobipMessages) }
func FuzzGupshupForm(f *testing.F)         { fuzz(f, "gupshup", "", wire.GupshupForm) }
func FuzzGupshupTemplateForm(f *testing.F) { fuzz(f, "gupshup", "template", wire.GupshupTemplateForm) }
func FuzzVonageBody(f *testing.F)          { fuzz(f, "vonage", "", wire.VonageBody) }
func FuzzCloudAPICall(f *testing.F)        { fuzz(f, "meta", "", wire.CloudAPICall) }

// FuzzAnswers: no answer of any provider, whatever it holds, is more than an
// Ack.
func FuzzAnswers(f *testing.F) {
	for _, p := range wire.Providers() {
		files, err := filepath.Glob(filepath.Join(samples, p.Name, "answer_*.json"))
		require.NoError(f, err)
		for _, name := range files {
			f.Add([]byte(readSample(f, name).JSON))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, p := range wire.Providers() {
			if a := p.Answer(200, b); a.HTTP != 200 || !json.Valid(b) && a.Message != "" {
				t.Fatalf("%s: %+v", p.Name, a)
			}
		}
	})
}
