package compliancetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/waguard/waguard/compliance"
	"github.com/waguard/waguard/compliance/party"
	"github.com/waguard/waguard/compliance/wire"
)

// A Recorder is a server on this machine that stands in for a provider: it
// keeps every call that reaches it and answers as the provider does to a send
// that went well. It is safe for concurrent use.
type Recorder struct {
	*httptest.Server

	// Answer makes another answer, by the number of the call from 1; nil, or a
	// status of 0, is a send that went well.
	Answer func(n int, r wire.Request) (status int, body string)

	provider wire.Provider
	mu       sync.Mutex
	calls    []wire.Request
}

// NewRecorder starts a Recorder, which ends with the test.
func NewRecorder(tb testing.TB, p wire.Provider) *Recorder {
	tb.Helper()
	r := &Recorder{provider: p}
	r.Server = httptest.NewServer(http.HandlerFunc(r.serve))
	tb.Cleanup(r.Close)
	return r
}

// Calls are those that came, in order.
func (r *Recorder) Calls() []wire.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]wire.Request(nil), r.calls...)
}

func (r *Recorder) serve(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, wire.MaxSize+1))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	call := wire.Request{Method: req.Method, URL: req.URL, Header: req.Header.Clone(), Body: body}
	r.mu.Lock()
	r.calls = append(r.calls, call)
	n := len(r.calls)
	r.mu.Unlock()
	status, answer := 0, ""
	if r.Answer != nil {
		status, answer = r.Answer(n, call)
	}
	if status == 0 {
		status, answer = wentWell(r.provider.Name, n, body)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

// wentWell is what a provider answers to its n-th send.
func wentWell(provider string, n int, body []byte) (int, string) {
	id := strconv.Itoa(n)
	switch provider {
	case "twilio":
		return http.StatusCreated, `{"sid":"SM` + id + `","status":"queued","error_code":null}`
	case "infobip":
		return http.StatusOK, `{"bulkId":"b-` + id + `","messages":[{"messageId":"m-` + id + `","status":{"groupId":1,"groupName":"PENDING","id":26,"name":"PENDING_ACCEPTED","description":"accepted"},"destination":"0"}]}`
	case "gupshup":
		return http.StatusAccepted, `{"status":"submitted","messageId":"g-` + id + `"}`
	case "vonage":
		return http.StatusAccepted, `{"message_uuid":"u-` + id + `"}`
	}
	var m struct {
		To string `json:"to"`
	}
	_ = json.Unmarshal(body, &m)
	return http.StatusOK, fmt.Sprintf(`{"messaging_product":"whatsapp","contacts":[{"input":%q,"wa_id":%q}],"messages":[{"id":"wamid.out%s"}]}`,
		m.To, strings.TrimPrefix(m.To, "+"), id)
}

// Drift says how what an app describes a request as differs from what its
// client wrote of it, and nil when it does not: a message that is described as
// one thing and sent as another is judged as what it is not. The line is the
// one the app describes with.
func Drift[Req any](describe func(Req) ([]compliance.Message, error), req Req, written wire.Request, p wire.Provider, line party.Line, opts ...wire.Option) error {
	told, err := describe(req)
	if err != nil {
		return fmt.Errorf("describe: %w", err)
	}
	read, err := p.Read(written, line, opts...)
	if err != nil {
		return fmt.Errorf("what was written: %w", err)
	}
	want, err := json.MarshalIndent(read, "", "  ")
	if err != nil {
		return err
	}
	got, err := json.MarshalIndent(told, "", "  ")
	if err != nil {
		return err
	}
	if !bytes.Equal(want, got) {
		return fmt.Errorf("described (+) and written (-) differ:\n%s", firstDifference(want, got))
	}
	return nil
}
