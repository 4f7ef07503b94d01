package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/waguard/waguard/compliance/webhook"
)

// lines is what the server prints, for reading while it runs.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.b.Write(p) }
func (l *lines) String() string              { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }

func TestServer(t *testing.T) {
	t.Setenv("WAGUARD_APP_SECRETS", "new-secret,old-secret")
	t.Setenv("WAGUARD_VERIFY_TOKEN", "made-up-token")
	t.Setenv("WAGUARD_TWILIO_TOKEN", "made-up-twilio-token")
	t.Setenv("WAGUARD_TWILIO_URL", "https://shop.example.com/twilio")
	ctx, cancel := context.WithCancel(t.Context())
	var out lines
	up, ended := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		ended <- serve(ctx, "localhost:0", filepath.Join(t.TempDir(), "consent.db"), &out, func(a net.Addr) { up <- a })
	}()
	var base string
	select {
	case a := <-up:
		base = "http://" + a.String()
	case err := <-ended:
		t.Fatal(err)
	}

	get := func(path string) (int, string) {
		res, err := http.Get(base + path)
		require.NoError(t, err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, string(b)
	}
	post := func(secret, item, list string) int {
		body := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"100200300400500","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"%s"},"%s":[%s]}}]}]}`, number, list, item)
		h := hmac.New(sha256.New, []byte(secret))
		h.Write([]byte(body))
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/whatsapp", strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set(webhook.SignatureHeader, "sha256="+hex.EncodeToString(h.Sum(nil)))
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer res.Body.Close()
		return res.StatusCode
	}
	wrote := func(id, words string) string {
		return fmt.Sprintf(`{"from":"447700900123","id":"%s","timestamp":"%d","type":"text","text":{"body":"%s"}}`, id, time.Now().Unix(), words)
	}

	status, body := get("/whatsapp?hub.mode=subscribe&hub.verify_token=made-up-token&hub.challenge=1158201444")
	require.Equal(t, 200, status)
	require.Equal(t, "1158201444", body, "the handshake")

	_, body = get("/may?phone=%2B447700900123")
	require.JSONEq(t, `{"reply":{"verdict":"deny","rules":["template-only-initiation"]}}`, body, "nobody wrote yet")

	require.Equal(t, 401, post("another secret", wrote("wamid.0", "Hello"), "messages"))
	require.Equal(t, 200, post("old-secret", wrote("wamid.1", "Do you open on Sunday?"), "messages"), "while the secret changes both fit")
	require.Equal(t, 200, post("new-secret", wrote("wamid.1", "Do you open on Sunday?"), "messages"), "and a repeat is welcome")
	_, body = get("/may?phone=%2B447700900123")
	require.JSONEq(t, `{"reply":{"verdict":"allow","rules":[]}}`, body, "the window is open")

	require.Equal(t, 200, post("new-secret", `{"id":"wamid.x"},`+wrote("wamid.2", "STOP"), "messages"), "a stop beside what cannot be read")
	require.Equal(t, 200, post("new-secret", fmt.Sprintf(`{"id":"wamid.out1","status":"failed","timestamp":"%d","recipient_id":"447700900456","errors":[{"code":131049}]}`, time.Now().Unix()), "statuses"))

	form := url.Values{"MessageSid": {"SM1"}, "From": {"whatsapp:+447700900789"}, "To": {"whatsapp:+12025550199"}, "Body": {"Hello"}}
	h := hmac.New(sha1.New, []byte("made-up-twilio-token"))
	h.Write([]byte("https://shop.example.com/twilio"))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		h.Write([]byte(name + form.Get(name)))
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/twilio", strings.NewReader(form.Encode()))
	require.NoError(t, err)
	r.Header.Set(webhook.TwilioHeader, base64.StdEncoding.EncodeToString(h.Sum(nil)))
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, 200, res.StatusCode)
	_, body = get("/may?phone=%2B447700900789")
	require.JSONEq(t, `{"reply":{"verdict":"allow","rules":[]}}`, body, "Twilio's number is the line the business lists")
	status, _ = get("/may?phone=nobody")
	require.Equal(t, 400, status)

	cancel()
	require.NoError(t, <-ended)
	shown := out.String()
	for _, want := range []string{"refused /whatsapp: 401", "stop recorded (all): wamid.2", "could not read entry[0].changes[0].value.messages[0]",
		"failed (131049): wamid.out1: leave this person out for 24h0m0s"} {
		require.Contains(t, shown, want)
	}
	require.NotContains(t, shown, "4477009", "no numbers in the log")
}

func TestTryIt(t *testing.T) {
	line := tryIt(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}, []byte("s"), time.Unix(1795168800, 0))
	_, body, _ := strings.Cut(line, "-d '")
	body, _, _ = strings.Cut(body, "'\n")
	_, signature, _ := strings.Cut(line, webhook.SignatureHeader+": ")
	signature, _, _ = strings.Cut(signature, "'")
	require.NoError(t, webhook.Verify([]byte("s"), []byte(body), signature), "what is printed is signed")
}
