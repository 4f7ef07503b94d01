package webhook_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/webhook"
)

const providerSamples = "../../testdata/webhook"

// a providerSample is one webhook of another provider, with the events expected
// of it.
type providerSample struct {
	Why    string            `json:"why"`
	Form   map[string]string `json:"form"`
	JSON   json.RawMessage   `json:"json"`
	Expect []string          `json:"expect"`

	provider, name string
}

func (s *providerSample) body() []byte {
	if s.Form == nil {
		return s.JSON
	}
	v := url.Values{}
	for k, x := range s.Form {
		v.Set(k, x)
	}
	return []byte(v.Encode())
}

func (s *providerSample) parse(t testing.TB, at time.Time) []compliance.Event {
	t.Helper()
	var events []compliance.Event
	var err error
	switch s.provider {
	case "twilio":
		events, err = new(webhook.Twilio).Parse(s.body(), at)
	case "infobip":
		events, err = new(webhook.Infobip).Parse(s.body())
	case "vonage":
		events, err = new(webhook.Vonage).Parse(s.body())
	}
	require.NoError(t, err, s.name)
	return events
}

func providers(t testing.TB) (all []providerSample) {
	t.Helper()
	for _, p := range []string{"twilio", "infobip", "vonage"} {
		files, err := filepath.Glob(filepath.Join(providerSamples, p, "*.json"))
		require.NoError(t, err)
		require.NotEmpty(t, files, p)
		for _, f := range files {
			b, err := os.ReadFile(f)
			require.NoError(t, err)
			s := providerSample{provider: p, name: p + "/" + strings.TrimSuffix(filepath.Base(f), ".json")}
			require.NoError(t, json.Unmarshal(b, &s), f)
			require.NotEmpty(t, s.Why, f)
			all = append(all, s)
		}
	}
	return all
}

func TestProviders(t *testing.T) {
	for _, s := range providers(t) {
		t.Run(s.name, func(t *testing.T) {
			events := s.parse(t, received)
			var got []string
			for _, e := range events {
				got = append(got, kindOf(e))
				require.NotEmpty(t, idOf(t, e))
			}
			require.Equal(t, s.Expect, got, s.Why)
			golden(t, "../../webhook/"+filepath.Dir(s.name)+"/golden/"+filepath.Base(s.name)+".json", events)
			again := s.parse(t, received)
			require.Equal(t, len(events), len(again))
			for i := range events {
				require.Equal(t, idOf(t, events[i]), idOf(t, again[i]), "a repeat has the same ids")
			}
		})
	}
}

// TestTwilioSamples reads the two forms that are among the samples of the wire.
func TestTwilioSamples(t *testing.T) {
	for name, want := range map[string]string{"other_twilio_inbound.json": "Wrote button", "other_twilio_status.json": "Reported failed 63016"} {
		var s providerSample
		require.NoError(t, json.Unmarshal(sample(t, name), &s))
		s.provider = "twilio"
		events := s.parse(t, received)
		require.Len(t, events, 1)
		require.Equal(t, want, kindOf(events[0]))
		require.Equal(t, received, map[bool]func() time.Time{
			true:  func() time.Time { return events[0].(compliance.Wrote).At },
			false: func() time.Time { return events[0].(compliance.Reported).At },
		}[strings.HasPrefix(want, "Wrote")](), "no time in the form: the time of receipt")
	}
}

func signTwilio(token, address string, form url.Values) string {
	names := []string{}
	for n := range form {
		names = append(names, n)
	}
	slices.Sort(names)
	h := hmac.New(sha1.New, []byte(token))
	h.Write([]byte(address))
	for _, n := range names {
		h.Write([]byte(n + form.Get(n)))
	}
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func TestTwilioSignature(t *testing.T) {
	// a published pair of Twilio's own libraries
	form := url.Values{"CallSid": {"CA1234567890ABCDE"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"}, "Caller": {"+14158675309"}}
	const address, published = "https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="
	body := []byte(form.Encode())
	tw := webhook.Twilio{Token: []byte("12345")}
	require.NoError(t, tw.Verify(address, body, published))
	for _, c := range []struct {
		why             string
		tokens          []string
		address, header string
		body            []byte
		err             error
	}{
		{"while the token changes both fit", []string{"new", "12345"}, address, published, body, nil},
		{"with the standard port", []string{"12345"}, "https://mycompany.com:443/myapp.php?foo=1&bar=2", published, body, nil},
		{"signed with the port, asked without", []string{"12345"}, address, signTwilio("12345", "https://mycompany.com:443/myapp.php?foo=1&bar=2", form), body, nil},
		{"another port", []string{"12345"}, "https://mycompany.com:8443/myapp.php?foo=1&bar=2", published, body, webhook.ErrSignature},
		{"another path", []string{"12345"}, "https://mycompany.com/myapp.php", published, body, webhook.ErrSignature},
		{"another token", []string{"54321"}, address, published, body, webhook.ErrSignature},
		{"one value changed", []string{"12345"}, address, published, []byte(strings.Replace(string(body), "1234", "1235", 1)), webhook.ErrSignature},
		{"one name more", []string{"12345"}, address, published, append(bytes.Clone(body), "&X=1"...), webhook.ErrSignature},
		{"no header", []string{"12345"}, address, "", body, webhook.ErrUnsigned},
		{"no base64", []string{"12345"}, address, "!!!", body, webhook.ErrSignature},
		{"too short", []string{"12345"}, address, "RSOY", body, webhook.ErrSignature},
		{"without a token anybody could sign", nil, address, signTwilio("", address, form), body, webhook.ErrNoSecret},
		{"no form", []string{"12345"}, address, published, []byte("%zz"), webhook.ErrNotForm},
		{"too many pairs", []string{"12345"}, address, published, bytes.Repeat([]byte("a=1&"), 2000), webhook.ErrTooLarge},
	} {
		tw := webhook.Twilio{}
		for _, x := range c.tokens {
			tw.Tokens = append(tw.Tokens, []byte(x))
		}
		if err := tw.Verify(c.address, c.body, c.header); c.err == nil {
			require.NoError(t, err, c.why)
		} else {
			require.ErrorIs(t, err, c.err, c.why)
		}
	}
}

func TestTwilioRepeatsKeepTheirTime(t *testing.T) {
	var tw webhook.Twilio
	body := []byte("MessageSid=SM1&From=whatsapp%3A%2B447700900123&To=whatsapp%3A%2B12025550199&Body=hello")
	first, err := tw.Parse(body, received)
	require.NoError(t, err)
	again, err := tw.Parse(body, received.Add(30*time.Hour))
	require.NoError(t, err)
	require.Equal(t, first, again, "a repeat opens no window anew")
	earlier, err := tw.Parse(body, received.Add(-time.Second))
	require.NoError(t, err)
	require.Equal(t, received.Add(-time.Second), earlier[0].(compliance.Wrote).At, "of two receipts the earlier counts")
}

func token(secret []byte, claims string) string {
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + enc.EncodeToString([]byte(claims))
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(signed))
	return signed + "." + enc.EncodeToString(h.Sum(nil))
}

func TestVonageToken(t *testing.T) {
	body := []byte(`{"channel":"whatsapp"}`)
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	secret := []byte("made-up-signature-secret")
	now := func() time.Time { return received }
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"payload_hash":"`+hash+`"}`)) + "."
	for _, c := range []struct {
		why, header string
		secrets     [][]byte
		err         error
	}{
		{"signed, and for this body", "Bearer " + token(secret, `{"iat":1,"payload_hash":"`+hash+`"}`), [][]byte{secret}, nil},
		{"while the secret changes", "Bearer " + token(secret, `{"payload_hash":"`+hash+`"}`), [][]byte{[]byte("new"), secret}, nil},
		{"not yet run out", "Bearer " + token(secret, fmt.Sprintf(`{"exp":%d,"payload_hash":"%s"}`, received.Unix()+1, hash)), [][]byte{secret}, nil},
		{"run out", "Bearer " + token(secret, fmt.Sprintf(`{"exp":%d,"payload_hash":"%s"}`, received.Unix(), hash)), [][]byte{secret}, webhook.ErrSignature},
		{"for another body", "Bearer " + token(secret, `{"payload_hash":"00"}`), [][]byte{secret}, webhook.ErrSignature},
		{"for no body", "Bearer " + token(secret, `{}`), [][]byte{secret}, webhook.ErrSignature},
		{"under another secret", "Bearer " + token([]byte("other"), `{"payload_hash":"`+hash+`"}`), [][]byte{secret}, webhook.ErrSignature},
		{"under none at all", "Bearer " + none, [][]byte{secret}, webhook.ErrSignature},
		{"no token", "", [][]byte{secret}, webhook.ErrUnsigned},
		{"another manner", "Basic abc", [][]byte{secret}, webhook.ErrUnsigned},
		{"two parts", "Bearer a.b", [][]byte{secret}, webhook.ErrSignature},
		{"no base64", "Bearer !.!.!", [][]byte{secret}, webhook.ErrSignature},
		{"without a secret anybody could sign", "Bearer " + token(nil, `{"payload_hash":"`+hash+`"}`), [][]byte{nil}, webhook.ErrNoSecret},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		if c.header != "" {
			r.Header.Set("Authorization", c.header)
		}
		err := webhook.VonageToken(now, c.secrets...)(r, body)
		if c.err == nil {
			require.NoError(t, err, c.why)
		} else {
			require.ErrorIs(t, err, c.err, c.why)
		}
	}
}

func TestSharedSecret(t *testing.T) {
	for _, c := range []struct {
		why, header string
		values      []string
		err         error
	}{
		{"it stands there", "App made-up", []string{"App made-up"}, nil},
		{"while it changes", "App made-up", []string{"App new", "App made-up"}, nil},
		{"another", "App other", []string{"App made-up"}, webhook.ErrSignature},
		{"none", "", []string{"App made-up"}, webhook.ErrUnsigned},
		{"an empty one is none", "x", []string{""}, webhook.ErrNoSecret},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		if c.header != "" {
			r.Header.Set("Authorization", c.header)
		}
		err := webhook.SharedSecret("Authorization", c.values...)(r, nil)
		if c.err == nil {
			require.NoError(t, err, c.why)
		} else {
			require.ErrorIs(t, err, c.err, c.why)
		}
	}
}

// TestHandlerOf serves every provider through the same door.
func TestHandlerOf(t *testing.T) {
	const address = "https://app.example.com/hooks?shop=1"
	tw := &webhook.Twilio{Token: []byte("made-up-token"), URL: address, MaxBytes: 4096}
	form := url.Values{"MessageSid": {"SM1"}, "From": {"whatsapp:+447700900123"}, "To": {"whatsapp:+12025550199"}, "Body": {"STOP"}}
	ib := &webhook.Infobip{Check: webhook.SharedSecret("Authorization", "App made-up")}
	vo := &webhook.Vonage{Check: webhook.VonageToken(nil, []byte("s"))}
	relay := &webhook.Relay{Check: webhook.SharedSecret("D360-Api-Key", "made-up")}
	infobip := []byte(`{"results":[{"messageId":"m","from":"447700900123","to":"12025550199","integrationType":"WHATSAPP","receivedAt":"2026-11-20T10:00:00.000+0000","message":{"type":"TEXT","text":"STOP"}}]}`)
	vonage := []byte(`{"channel":"whatsapp","message_uuid":"u","from":"447700900123","to":"12025550199","timestamp":"2026-11-20T10:00:00Z","message_type":"text","text":"STOP"}`)
	sum := sha256.Sum256(vonage)
	for _, c := range []struct {
		why     string
		p       webhook.Provider
		method  string
		body    []byte
		header  [2]string
		status  int
		applied int
	}{
		{"Twilio, signed", tw, "POST", []byte(form.Encode()), [2]string{webhook.TwilioHeader, signTwilio("made-up-token", address, form)}, 200, 1},
		{"Twilio, unsigned", tw, "POST", []byte(form.Encode()), [2]string{}, 401, 0},
		{"Twilio, signed by another", tw, "POST", []byte(form.Encode()), [2]string{webhook.TwilioHeader, signTwilio("other", address, form)}, 401, 0},
		{"Twilio, too large", tw, "POST", bytes.Repeat([]byte("a"), 5000), [2]string{}, 413, 0},
		{"Twilio, no form", tw, "POST", []byte(""), [2]string{}, 400, 0},
		{"Infobip, vouched for", ib, "POST", infobip, [2]string{"Authorization", "App made-up"}, 200, 1},
		{"Infobip, not vouched for", ib, "POST", infobip, [2]string{"Authorization", "App other"}, 401, 0},
		{"Infobip, not JSON", ib, "POST", []byte("{"), [2]string{"Authorization", "App made-up"}, 400, 0},
		{"Infobip, no results", ib, "POST", []byte("{}"), [2]string{"Authorization", "App made-up"}, 400, 0},
		{"Infobip without a Check", &webhook.Infobip{}, "POST", infobip, [2]string{"Authorization", "App made-up"}, 401, 0},
		{"Vonage, signed", vo, "POST", vonage, [2]string{"Authorization", "Bearer " + token([]byte("s"), `{"payload_hash":"`+hex.EncodeToString(sum[:])+`"}`)}, 200, 1},
		{"Vonage, unsigned", vo, "POST", vonage, [2]string{}, 401, 0},
		{"Vonage, of no channel", &webhook.Vonage{Check: relay.Check}, "POST", []byte("{}"), [2]string{"D360-Api-Key", "made-up"}, 400, 0},
		{"Meta's own JSON, passed on", relay, "POST", sample(t, "in_text_stop.json"), [2]string{"D360-Api-Key", "made-up"}, 200, 1},
		{"passed on by nobody known", relay, "POST", sample(t, "in_text_stop.json"), [2]string{}, 401, 0},
		{"there is no handshake", tw, "GET", nil, [2]string{}, 403, 0},
	} {
		in := &inbox{}
		r := httptest.NewRequest(c.method, "/hooks?hub.mode=subscribe&hub.verify_token=&hub.challenge=1", bytes.NewReader(c.body))
		if c.header[0] != "" {
			r.Header.Set(c.header[0], c.header[1])
		}
		w := httptest.NewRecorder()
		webhook.HandlerOf(in, c.p, nil, webhook.WithClock(func() time.Time { return received })).ServeHTTP(w, r)
		require.Equal(t, c.status, w.Code, c.why)
		require.Len(t, in.events, c.applied, c.why)
	}
}

// TestTwilioAddressOfTheRequest: without a URL the request's own is signed.
func TestTwilioAddressOfTheRequest(t *testing.T) {
	form := url.Values{"MessageSid": {"SM1"}, "From": {"whatsapp:+447700900123"}, "To": {"whatsapp:+12025550199"}, "Body": {"hi"}}
	tw := &webhook.Twilio{Token: []byte("made-up-token")}
	r := httptest.NewRequest(http.MethodPost, "/hooks?shop=1", strings.NewReader(form.Encode()))
	r.Header.Set(webhook.TwilioHeader, signTwilio("made-up-token", "https://example.com/hooks?shop=1", form))
	in := &inbox{}
	w := httptest.NewRecorder()
	webhook.HandlerOf(in, tw, nil).ServeHTTP(w, r)
	require.Equal(t, 200, w.Code)
	require.Len(t, in.events, 1)
}

// TestProvidersReachTheLineOfTheBusiness: a number named as people write it is
// the line the business lists.
func TestProvidersReachTheLineOfTheBusiness(t *testing.T) {
	in := newInbox(t)
	for _, s := range providers(t) {
		l, err := in.ReceiveAt(context.Background(), received, s.parse(t, received)...)
		require.NoError(t, err, s.name)
		switch s.name {
		case "twilio/stop", "infobip/stop-beside-unreadable", "infobip/button", "vonage/stop", "vonage/button":
			require.Len(t, l.Stops, 1, s.name)
		}
	}
}

func FuzzTwilio(f *testing.F) {
	in := newInbox(f)
	for _, s := range providers(f) {
		if s.provider == "twilio" {
			f.Add(s.body())
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		applies(t, in, func() ([]compliance.Event, error) { return new(webhook.Twilio).Parse(b, received) })
	})
}

func FuzzInfobip(f *testing.F) {
	in := newInbox(f)
	for _, s := range providers(f) {
		if s.provider == "infobip" {
			f.Add(s.body())
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		applies(t, in, func() ([]compliance.Event, error) { return new(webhook.Infobip).Parse(b) })
	})
}

func FuzzVonage(f *testing.F) {
	in := newInbox(f)
	for _, s := range providers(f) {
		if s.provider == "vonage" {
			f.Add(s.body())
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		applies(t, in, func() ([]compliance.Event, error) { return new(webhook.Vonage).Parse(b) })
	})
}

func FuzzVonageToken(f *testing.F) {
	f.Add("a.b.c", []byte("x"))
	f.Add(token([]byte("s"), `{"payload_hash":"x"}`), []byte("x"))
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header["Authorization"] = []string{"Bearer " + header}
		if webhook.VonageToken(nil, []byte("a secret nobody guesses"))(r, body) == nil {
			t.Fatal("believed")
		}
	})
}

// applies: whatever comes in is refused, or made of events that name somebody and
// that the inbox can keep.
func applies(t *testing.T, in *compliance.Inbox, parse func() ([]compliance.Event, error)) {
	t.Helper()
	events, err := parse()
	if err != nil {
		if events != nil {
			t.Fatal("events and an error")
		}
		return
	}
	if _, err := in.ReceiveAt(context.Background(), received, events...); err != nil {
		t.Fatalf("%v: %#v", err, events)
	}
	for _, e := range events {
		if idOf(t, e) == "" {
			t.Fatalf("no id: %#v", e)
		}
		switch e := e.(type) {
		case compliance.Wrote:
			if e.From.IsZero() || e.At.IsZero() || e.Line.Number == "" {
				t.Fatalf("%#v", e)
			}
		case compliance.Reported:
			if e.To.IsZero() || e.At.IsZero() || e.Line.Number == "" {
				t.Fatalf("%#v", e)
			}
		}
	}
}

func ExampleHandlerOf() {
	twilio := &webhook.Twilio{Token: []byte("made-up-token"), URL: "https://app.example.com/twilio"}
	mux := http.NewServeMux()
	mux.Handle("/twilio", webhook.HandlerOf(printer{}, twilio, nil)) // in an app: sender.Inbox()

	form := url.Values{"MessageSid": {"SM1"}, "From": {"whatsapp:+447700900123"}, "To": {"whatsapp:+12025550199"}, "Body": {"STOP"}}
	r := httptest.NewRequest(http.MethodPost, "/twilio", strings.NewReader(form.Encode()))
	r.Header.Set(webhook.TwilioHeader, signTwilio("made-up-token", "https://app.example.com/twilio", form))
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	fmt.Println(w.Code)
	// Output:
	// applied: text STOP
	// 200
}

func ExampleSharedSecret() {
	infobip := &webhook.Infobip{Check: webhook.SharedSecret("Authorization", "App made-up")}
	r := httptest.NewRequest(http.MethodPost, "/infobip", nil)
	_, err := infobip.Open(r, []byte(`{"results":[]}`), time.Time{})
	fmt.Println(err)
	// Output: webhook: the body is not signed
}

func ExampleInfobip_Parse() {
	var infobip webhook.Infobip
	events, err := infobip.Parse([]byte(`{"results":[{"messageId":"m-1","from":"447700900123","to":"12025550199","receivedAt":"2026-11-20T10:00:00.000+0000","message":{"type":"TEXT","text":"STOP"}}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(kindOf(events[0]))
	// Output: Wrote text
}

func ExampleVonage_Parse() {
	var vonage webhook.Vonage
	events, err := vonage.Parse([]byte(`{"channel":"whatsapp","message_uuid":"u-1","from":"12025550199","to":"447700900123","timestamp":"2026-11-20T10:00:00Z","status":"read"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(kindOf(events[0]))
	// Output: Reported read
}

func ExampleRelay() {
	relay := &webhook.Relay{Check: webhook.SharedSecret("X-Hook-Key", "made-up")}
	r := httptest.NewRequest(http.MethodPost, "/360dialog", nil)
	r.Header.Set("X-Hook-Key", "made-up")
	events, err := relay.Open(r, []byte(written), received)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(kindOf(events[0]))
	// Output: Wrote text
}

func ExampleVonageToken() {
	vonage := &webhook.Vonage{Check: webhook.VonageToken(nil, []byte("made-up-signature-secret"))}
	r := httptest.NewRequest(http.MethodPost, "/vonage", nil)
	r.Header.Set("Authorization", "Bearer made.up.token")
	_, err := vonage.Open(r, []byte(`{}`), time.Time{})
	fmt.Println(err)
	// Output: webhook: the signature does not fit the body
}

func ExampleTwilio_Verify() {
	twilio := webhook.Twilio{Token: []byte("12345")}
	err := twilio.Verify("https://mycompany.com/myapp.php?foo=1&bar=2",
		[]byte("CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"), "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
	fmt.Println(err)
	// Output: <nil>
}

func ExampleTwilio_Parse() {
	var twilio webhook.Twilio
	events, err := twilio.Parse([]byte("MessageSid=SM1&From=whatsapp%3A%2B12025550199&To=whatsapp%3A%2B447700900123&MessageStatus=undelivered&ErrorCode=63016"),
		time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range events {
		if r, ok := e.(compliance.Reported); ok {
			fmt.Println(r.Status, r.Codes)
		}
	}
	// Output: failed [63016]
}
