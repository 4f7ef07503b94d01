package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/webhook"
)

// printer stands for the inbox of a Sender.
type printer struct{}

func (printer) Receive(_ context.Context, events ...compliance.Event) (compliance.Learned, error) {
	for _, e := range events {
		if w, ok := e.(compliance.Wrote); ok {
			fmt.Println("applied:", w.Type, w.Text)
		}
	}
	return compliance.Learned{Applied: len(events)}, nil
}

const written = `{"object":"whatsapp_business_account","entry":[{"id":"100200300400500","changes":[{"field":"messages","value":{
	"metadata":{"phone_number_id":"200300400500600"},
	"messages":[{"from":"447700900123","id":"wamid.A1","timestamp":"1795168800","type":"text","text":{"body":"STOP"}}]}}]}]}`

func ExampleHandler() {
	secret := []byte("made-up-app-secret")
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		learned, _ := webhook.LearnedFrom(r.Context())
		fmt.Println("then the app hears of it:", learned.Applied)
	})
	mux := http.NewServeMux()
	// in an app the first argument is sender.Inbox()
	mux.Handle("/whatsapp", webhook.Handler(printer{}, webhook.CloudAPI{Secret: secret, VerifyToken: "made-up-token"}, next))
	server := httptest.NewServer(mux)
	defer server.Close()

	h := hmac.New(sha256.New, secret)
	h.Write([]byte(written))
	for _, signature := range []string{"sha256=" + hex.EncodeToString(h.Sum(nil)), "sha256=00"} {
		r, err := http.NewRequest(http.MethodPost, server.URL+"/whatsapp", strings.NewReader(written))
		if err != nil {
			fmt.Println(err)
			return
		}
		r.Header.Set(webhook.SignatureHeader, signature)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(res.StatusCode)
		_ = res.Body.Close()
	}
	// Output:
	// applied: text STOP
	// then the app hears of it: 1
	// 200
	// 401
}

func ExampleCloudAPI_Parse() {
	var c webhook.CloudAPI
	events, err := c.Parse([]byte(written), time.Date(2026, 11, 20, 10, 0, 1, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range events {
		switch e := e.(type) {
		case compliance.Wrote:
			fmt.Println(e.ID, e.At.Format(time.TimeOnly), e.Text)
		case compliance.Unreadable:
			fmt.Println(e.Where, e.Err)
		}
	}
	// Output: wamid.A1 10:00:00 STOP
}

func ExampleVerify() {
	err := webhook.Verify([]byte("made-up-app-secret"), []byte(`{"entry":[]}`), "sha256="+strings.Repeat("0", 64))
	fmt.Println(err)
	// Output: webhook: the signature does not fit the body
}

func ExampleLearnedFrom() {
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		learned, ok := webhook.LearnedFrom(r.Context())
		if !ok {
			return // not behind webhook.Handler
		}
		for _, ask := range learned.Asks {
			fmt.Println("ask about", ask.Message)
		}
	})
	next(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil))
	// Output:
}

func ExampleCloudAPI_Verify() {
	c := webhook.CloudAPI{Secret: []byte("new"), Secrets: [][]byte{[]byte("old")}} // while the secret is being changed
	h := hmac.New(sha256.New, []byte("old"))
	h.Write([]byte(written))
	fmt.Println(c.Verify([]byte(written), "sha256="+hex.EncodeToString(h.Sum(nil))))
	// Output: <nil>
}
